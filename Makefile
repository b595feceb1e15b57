# Muster.  `make help` lists what can be asked for.
#
# One archive per layer (DESIGN: who may include whom), so that a unit test of a
# layer links that layer and those beneath it and nothing else.
#
#   BUILD=dir      where everything that is built goes
#   VARIANT=       release | asan | tsan | clang | coverage

VARIANT ?= release
BUILD   ?= build
OUT     := $(BUILD)/$(VARIANT)
GEN     := $(BUILD)/gen
TOOLS   := $(BUILD)/tools
SRC     := fcgi-app

LAYERS   := base codec sys doc store core view web pages api jobs live
PROGRAMS := muster-app muster-scan muster-jobs muster-live muster muster-dev

CSTD     := -std=gnu17
WARN     := -Wall -Wextra -Werror -Wshadow -Wconversion -Wsign-conversion -Wformat=2 -Wvla \
            -Wundef -Wcast-qual -Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes \
            -Wswitch-enum -Wimplicit-fallthrough
HARDEN   := -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fPIE
CC_release   := gcc
CFLAGS_release := -O2 -g $(HARDEN)
LDFLAGS_release := -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack
CC_asan      := gcc
CFLAGS_asan  := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
LDFLAGS_asan := -fsanitize=address,undefined
CC_clang     := clang
CFLAGS_clang := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
LDFLAGS_clang := -pie -Wl,-z,relro,-z,now

# Data races, in what has threads: the check-in pool.
CC_tsan      := gcc
CFLAGS_tsan  := -O1 -g1 -fsanitize=thread -fno-omit-frame-pointer
LDFLAGS_tsan := -fsanitize=thread

CC_coverage      := gcc
CFLAGS_coverage  := -O0 -g --coverage -fprofile-update=atomic -fprofile-abs-path -Wno-error
LDFLAGS_coverage := --coverage

CC       := $(CC_$(VARIANT))
CPPFLAGS := -D_GNU_SOURCE -I$(SRC) -I$(GEN) $(EXTRA_CPPFLAGS)
CFLAGS   := $(CSTD) $(WARN) $(CFLAGS_$(VARIANT))
LDFLAGS  := $(LDFLAGS_$(VARIANT)) -Wl,--as-needed
MARIADB_CFLAGS := $(shell mariadb_config --include 2>/dev/null)
LIBS     := -lmariadb -lfcgi -ljansson -largon2 -lmagic -lz -lcsv -lseccomp -lqrencode -lxlsxwriter -lcrypto -lm -lpthread
CPPFLAGS += $(patsubst -I%,-isystem %,$(MARIADB_CFLAGS))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

include $(wildcard $(SRC)/make/*.mk)

# ---- layers -------------------------------------------------------------------
layer_src = $(wildcard $(SRC)/$(1)/*.c $(SRC)/$(1)/*/*.c)
layer_obj = $(patsubst $(SRC)/%.c,$(OUT)/%.o,$(call layer_src,$(1))) $(GEN_OBJ_$(1))

define layer_rule
$(OUT)/lib$(1).a: $(call layer_obj,$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	@ar rcsD $$@ $$^
endef
$(foreach l,$(LAYERS),$(eval $(call layer_rule,$(l))))

$(OUT)/%.o: $(SRC)/%.c $(GEN_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/gen/%.o: $(GEN)/%.c $(GEN_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# ---- programs: main/<program>.c with the further files of main/<program>/ --------
# A program links all layers, or those named here.
LAYERS_muster-dev  := base codec sys
LAYERS_muster-scan := base codec sys
LAYERS_muster-live := base codec sys store core view live
prog_libs = $(foreach l,$(or $(LAYERS_$(1)),$(LAYERS)),$(OUT)/lib$(l).a)
prog_obj = $(patsubst $(SRC)/%.c,$(OUT)/%.o,$(SRC)/main/$(1).c $(wildcard $(SRC)/main/$(1)/*.c))
define prog_rule
$(OUT)/bin/$(1): $(call prog_obj,$(1)) $(call prog_libs,$(1))
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	@$(CC) $(LDFLAGS) -o $$@ $$(filter %.o,$$^) -Wl,--start-group $(call prog_libs,$(1)) -Wl,--end-group $(LIBS)
endef
$(foreach p,$(PROGRAMS),$(eval $(call prog_rule,$(p))))

.PHONY: programs
programs: $(foreach p,$(PROGRAMS),$(OUT)/bin/$(p))

# ---- unit and store tests: tests/unit/<layer>_<name>.c, tests/store/<name>.c --------
# A test links its layer and those listed before it.
upto_base  := base
upto_codec := base codec
upto_sys   := base codec sys
upto_doc   := base codec sys doc
upto_store := base codec sys store
upto_core  := base codec sys store core
upto_view  := base codec sys store core view
upto_web   := base codec sys store core view web
upto_pages := $(LAYERS)
upto_api   := $(LAYERS)
upto_jobs  := $(LAYERS)
upto_live  := base codec sys store core view live

UNIT_TESTS  := $(patsubst tests/unit/%.c,$(OUT)/tests/unit/%,$(wildcard tests/unit/*.c))
STORE_TESTS := $(patsubst tests/store/%.c,$(OUT)/tests/store/%,$(filter-out %_fixture.c,$(wildcard tests/store/*.c)))
test_layer   = $(firstword $(subst _, ,$(notdir $(1))))
test_libs    = $(foreach l,$(upto_$(call test_layer,$(1))),$(OUT)/lib$(l).a)

$(OUT)/tests/%.o: tests/%.c $(GEN_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS) -Itests $(CFLAGS) -MMD -MP -c -o $@ $<

define test_rule
$(1): $(1).o $(2) $(call test_libs,$(1))
	@$(CC) $(LDFLAGS) -o $$@ $$(filter %.o,$$^) -Wl,--start-group $(call test_libs,$(1)) -Wl,--end-group $(LIBS) -lcmocka
endef
$(foreach t,$(UNIT_TESTS),$(eval $(call test_rule,$(t),)))
$(foreach t,$(STORE_TESTS),$(eval $(call test_rule,$(t),$(patsubst tests/%.c,$(OUT)/tests/%.o,$(wildcard tests/store/*_fixture.c)))))

.PHONY: unit-tests store-tests
unit-tests: $(UNIT_TESTS)
store-tests: $(STORE_TESTS)

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)

# ---- what people call -----------------------------------------------------------
PORT ?= 8080
DEMO ?= 1
T    ?=
NPROC := $(shell nproc 2>/dev/null || echo 2)
# Inside a recipe only: jobs unless somebody said -j already.
JOBS  = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(NPROC))
VAR_OPTION = $(if $(VAR),--var $(abspath $(VAR)),--default-var $(CURDIR)/var)

.PHONY: help build run test check docs schema format clean setup bench

help:
	@echo "make run       installs what is missing, builds, starts everything on http://127.0.0.1:8080"
	@echo "                 PORT=8080  VAR=var (database, files, logs)  DEMO=1 (0: no demo data)"
	@echo "                 CONF=my.conf (settings of your own: another database, a certificate, ...)"
	@echo "make test      every test, in its own folder and on free ports; ends with N passed, N failed"
	@echo "                 T=name runs the files or cases whose name contains it"
	@echo "make check     the static rules: layers, banned functions, format, warnings of two compilers, ..."
	@echo "make build     programs and static files"
	@echo "make format    lays out the C files"
	@echo "make messages  brings templates/locale/*.po up to date"
	@echo "make docs      writes docs/settings.md; make schema: sql/schema.sql"
	@echo "make fuzz      each fuzzer for FUZZ_SECONDS=$(FUZZ_SECONDS)"
ifneq ($(wildcard tests/bench/run.mjs),)
	@echo "make bench     measures, side by side with the bare limits; BENCH=name"
endif
	@echo "make check-slow  what takes long: valgrind, the analyser, long fuzzing, $(SLOW_REQUESTS) mixed requests"
	@echo "make coverage  what the tests reach, file by file"
	@echo "make clean     removes what was built (not VAR)"
	@echo "variables      BUILD=$(BUILD) (where it is built)  VARIANT=release|asan|tsan|clang"

setup:
	@$(SRC)/tools/setup.sh run

build: programs static

# A second make, since the libraries that the first looked for may be new.
run:
	@$(SRC)/tools/setup.sh run
	@$(MAKE) --no-print-directory $(JOBS) build
	@exec $(OUT)/bin/muster-dev $(VAR_OPTION) --port $(PORT) --demo $(DEMO) $(if $(CONF),--conf $(abspath $(CONF))) --with-parent \
		--static $(abspath $(BUILD))/static --sql $(CURDIR)/sql --nginx $(CURDIR)/nginx

test:
	@$(SRC)/tools/setup.sh test
	@exec node tests/run.mjs --build $(BUILD) $(if $(T),--only '$(T)' --variant $(VARIANT))

check:
	@$(SRC)/tools/setup.sh test
	@exec node tests/check/run.mjs --build $(BUILD)

docs: programs
	@$(OUT)/bin/muster check-config --markdown > docs/settings.md

schema: build
	@node tests/lib/schema.mjs $(BUILD)

format:
	@find $(SRC) tests -name node_modules -prune -o -name '*.[ch]' -print | xargs clang-format -i

clean:
	@rm -rf $(BUILD)

ifneq ($(wildcard tests/bench/run.mjs),)
bench:
	@$(SRC)/tools/setup.sh test
	@$(MAKE) --no-print-directory $(JOBS) build bench-programs
	@BENCH=$(BENCH) node tests/bench/all.mjs --build $(BUILD)
endif
