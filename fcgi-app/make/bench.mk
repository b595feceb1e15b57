# The responder of the bare limits (tests/bench/bare.c), on our own transport.
$(OUT)/tests/bench/bare: $(OUT)/tests/bench/bare.o $(LAYER_LIBS)
	@$(CC) $(LDFLAGS) -o $@ $< -Wl,--start-group $(LAYER_LIBS) -Wl,--end-group $(LIBS)

.PHONY: bench-programs
bench-programs: $(OUT)/tests/bench/bare
