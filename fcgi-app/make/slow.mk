# What takes too long for every commit.
#
# `make check-slow`: the unit and store tests under valgrind, gcc's analyser over all
# sources, each fuzzer for SLOW_FUZZ_SECONDS, and tests/slow/requests.mjs: SLOW_REQUESTS
# mixed requests on the release build with flat memory, some of them again under the
# sanitizers and under valgrind.  About a quarter of an hour.
# `make coverage`: every test on a build that counts; the report is build/coverage.

SLOW_FUZZ_SECONDS ?= 30
SLOW_REQUESTS     ?= 100000
ANALYSED := $(wildcard $(SRC)/*/*.c $(SRC)/*/*/*.c)
ANALYSIS := $(patsubst $(SRC)/%.c,$(OUT)/analysis/%.ok,$(ANALYSED))

# gcc 12 follows no lengths and no outputs of calls, so what it says of NULL and of values not
# set is wrong here (both are looked at by valgrind and clang): leaks of descriptors, double
# closes, use after free and the rest it finds well.
$(OUT)/analysis/%.ok: $(SRC)/%.c $(GEN_HEADERS)
	@mkdir -p $(@D)
	@gcc $(CPPFLAGS) $(CSTD) -Wall -Werror -O1 -fanalyzer \
		-Wno-analyzer-use-of-uninitialized-value -Wno-analyzer-null-dereference \
		-Wno-analyzer-null-argument -c -o /dev/null $<
	@touch $@

.PHONY: analyse check-slow slow-unit coverage
analyse: $(ANALYSIS)
	@echo "  analysed $(words $(ANALYSED)) files"

check-slow:
	@$(SRC)/tools/setup.sh slow
	@$(MAKE) --no-print-directory $(JOBS) build unit-tests store-tests
	@$(MAKE) --no-print-directory $(JOBS) VARIANT=asan build
	@$(MAKE) --no-print-directory $(JOBS) analyse
	@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=$(SLOW_FUZZ_SECONDS)
	@exec node tests/slow/run.mjs --build $(BUILD) --requests $(SLOW_REQUESTS)

# Programs that run as another user write their counts, too.
coverage:
	@$(SRC)/tools/setup.sh slow
	@$(MAKE) --no-print-directory $(JOBS) VARIANT=coverage build unit-tests store-tests
	@find $(BUILD)/coverage -name '*.gcda' -delete
	@find $(BUILD)/coverage -type d -exec chmod a+rwx {} +
	@umask 0; exec node tests/slow/coverage.mjs --build $(BUILD)
