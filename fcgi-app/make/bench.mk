# The responder of the bare limits (tests/bench/bare.c), on our own transport.
bench_libs := $(foreach l,base codec sys store core view web,$(OUT)/lib$(l).a)

$(OUT)/tests/bench/bare: $(OUT)/tests/bench/bare.o $(bench_libs)
	@$(CC) $(LDFLAGS) -o $@ $< -Wl,--start-group $(bench_libs) -Wl,--end-group $(LIBS)

# The bare limit of check-ins: the database alone.
$(OUT)/tests/bench/bare_check_in: $(OUT)/tests/bench/bare_check_in.o $(OUT)/libbase.a $(OUT)/libsys.a $(OUT)/libcodec.a
	@$(CC) $(LDFLAGS) -o $@ $< -Wl,--start-group $(OUT)/libbase.a $(OUT)/libsys.a $(OUT)/libcodec.a -Wl,--end-group $(LIBS)

.PHONY: bench-programs
$(OUT)/tests/bench/bare_live: $(OUT)/tests/bench/bare_live.o $(OUT)/libbase.a $(OUT)/libsys.a $(OUT)/libcodec.a
	@$(CC) $(LDFLAGS) -o $@ $< -Wl,--start-group $(OUT)/libbase.a $(OUT)/libsys.a $(OUT)/libcodec.a -Wl,--end-group $(LIBS)

.PHONY: bench-programs
bench-programs: $(OUT)/tests/bench/bare $(OUT)/tests/bench/bare_check_in $(OUT)/tests/bench/bare_live
