# Fuzzers: tests/fuzz/<name>.c with the seeds in tests/fuzz/corpus/<name>/.
#
# `make fuzz` runs each for FUZZ_SECONDS.  What a run finds on its own goes to a
# copy of the corpus in the build folder; an input that broke something is put
# into git by hand, as a regression test.

FUZZ_SECONDS ?= 5
FUZZ_NAMES   := $(basename $(notdir $(wildcard tests/fuzz/*.c)))
FUZZ_SRC     := $(wildcard $(SRC)/base/*.c $(SRC)/codec/*.c)
FUZZ_HEADERS := $(wildcard $(SRC)/base/*.h $(SRC)/codec/*.h)
# What one of them needs above codec.
FUZZ_SRC_jwt := $(SRC)/sys/jwt.c $(SRC)/sys/crypto.c
FUZZ_LIBS_jwt := -lcrypto
FUZZ_CFLAGS  := $(CSTD) $(WARN) -O1 -g -fno-omit-frame-pointer \
                -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined

$(OUT)/fuzz/jwt: $(FUZZ_SRC_jwt) $(SRC)/sys/jwt.h $(SRC)/sys/crypto.h

$(OUT)/fuzz/%: tests/fuzz/%.c $(FUZZ_SRC) $(FUZZ_HEADERS)
	@mkdir -p $(@D)
	@echo "  FUZZ  $<"
	@clang -D_GNU_SOURCE -I$(SRC) $(FUZZ_CFLAGS) -o $@ $< $(FUZZ_SRC) $(FUZZ_SRC_$*) -ljansson -lcsv \
		$(FUZZ_LIBS_$*)

FUZZ_RUNS := $(addprefix fuzz-,$(FUZZ_NAMES))

.PHONY: fuzz $(FUZZ_RUNS)
fuzz: $(FUZZ_RUNS)

$(FUZZ_RUNS): fuzz-%: $(OUT)/fuzz/%
	@mkdir -p $(OUT)/fuzz/corpus/$*
	@cp tests/fuzz/corpus/$*/* $(OUT)/fuzz/corpus/$*/
	@$< -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -timeout=5 -print_final_stats=1 \
		-artifact_prefix=$(OUT)/fuzz/$*- $(OUT)/fuzz/corpus/$* >$(OUT)/fuzz/$*.log 2>&1 || \
		{ tail -40 $(OUT)/fuzz/$*.log; exit 1; }
	@echo "  fuzz $*: $$(sed -n 's/stat::number_of_executed_units: *//p' $(OUT)/fuzz/$*.log) inputs"
