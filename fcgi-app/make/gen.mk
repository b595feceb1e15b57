# Generated C: templates by tplc, catalogues by catc.  Both tools are built for
# the machine that builds, whatever VARIANT is.
#
#   make messages         brings templates/locale/*.po up to date
#   make catalogue-check  fails when a text is not translated

HOST_CC     := gcc
HOST_CFLAGS := $(CSTD) $(WARN) -O1 -g -D_GNU_SOURCE -I$(SRC)
TPLC        := $(TOOLS)/tplc
CATC        := $(TOOLS)/catc

tool_obj     = $(patsubst $(SRC)/%.c,$(TOOLS)/obj/%.o,$(1))
TOOL_COMMON := $(wildcard $(SRC)/base/*.c) $(SRC)/codec/html.c $(SRC)/tools/tool_file.c \
               $(SRC)/tools/catc_name.c
TPLC_SRC    := $(wildcard $(SRC)/tools/tplc*.c)
CATC_SRC    := $(filter-out $(SRC)/tools/catc_name.c,$(wildcard $(SRC)/tools/catc*.c))

$(TOOLS)/obj/%.o: $(SRC)/%.c
	@mkdir -p $(@D)
	@$(HOST_CC) $(HOST_CFLAGS) -MMD -MP -c -o $@ $<
-include $(shell find $(TOOLS)/obj -name '*.d' 2>/dev/null)

$(TPLC): $(call tool_obj,$(TPLC_SRC) $(TOOL_COMMON))
	@echo "  LD    $@"
	@$(HOST_CC) -o $@ $^
$(CATC): $(call tool_obj,$(CATC_SRC) $(TOOL_COMMON))
	@echo "  LD    $@"
	@$(HOST_CC) -o $@ $^ -lgettextpo

# ---- templates ------------------------------------------------------------------
TEMPLATES  := $(sort $(shell find templates -name '*.html' 2>/dev/null))
tpl_symbol  = $(subst /,_,$(subst -,_,$(patsubst $(2)/%.html,%,$(1))))
tpl_files   = $(foreach t,$(1),$(3)/view/tpl_$(call tpl_symbol,$(t),$(2)).$(4))
TPL_C      := $(call tpl_files,$(TEMPLATES),templates,$(GEN),c)
TPL_POT    := $(TPL_C:.c=.pot)

# The header and the messages are written only when they changed: everything
# depends on the headers.
define tpl_rule
$(call tpl_files,$(1),$(2),$(3),c): $(1) $(TPLC) static/icons.txt $(SRC)/view/format.h
	@mkdir -p $$(@D)
	@echo "  TPLC  $$<"
	@$(TPLC) --root $(2) --icons static/icons.txt --filters $(SRC)/view/format.h --out $$(@D) $$<
$(call tpl_files,$(1),$(2),$(3),h) $(call tpl_files,$(1),$(2),$(3),pot): $(call tpl_files,$(1),$(2),$(3),c)
	@:
endef
$(foreach t,$(TEMPLATES),$(eval $(call tpl_rule,$(t),templates,$(GEN))))

GEN_HEADERS  += $(TPL_C:.c=.h)
GEN_OBJ_view += $(patsubst $(GEN)/%.c,$(OUT)/gen/%.o,$(TPL_C)) $(OUT)/gen/view/catalogue_gen.o

# ---- catalogues -------------------------------------------------------------------
LOCALES   := $(wildcard templates/locale/*.po)
C_TEXTS   := $(filter-out $(SRC)/tools/% $(SRC)/base/attr.h $(SRC)/view/catalogue.h,\
             $(sort $(shell find $(SRC) -name '*.[ch]')))
XGETTEXT  := xgettext --from-code=UTF-8 --language=C --keyword --keyword=N_ --keyword=NN_:1,2 --keyword=NC_:1c,2 \
             --force-po --output
# What xgettext says of plurals is a form to fill in; the languages have their own.

$(GEN)/view/c.pot: $(C_TEXTS)
	@mkdir -p $(@D)
	@$(XGETTEXT) $@ $^
	@sed -i '/^"Plural-Forms:/d' $@

$(GEN)/view/messages.pot: $(GEN)/view/c.pot $(TPL_POT)
	@msgcat --use-first --output-file=$@ $^

# The stamp keeps catalogue_gen.c as old as its content.
$(GEN)/view/catalogue.stamp: $(GEN)/view/messages.pot $(LOCALES) $(CATC)
	@echo "  CATC  $(LOCALES)"
	@$(CATC) $< $(GEN)/view/catalogue_gen.c $(LOCALES)
	@touch $@
$(GEN)/view/catalogue_gen.c: $(GEN)/view/catalogue.stamp
	@:

.PHONY: catalogue-check messages
catalogue-check: $(GEN)/view/catalogue.stamp

messages: $(GEN)/view/messages.pot
	@for po in $(LOCALES); do \
		msgmerge --quiet --update --backup=none --no-fuzzy-matching --add-location=file \
			--width=100 $$po $< || exit 1; \
		msgattrib --no-obsolete --add-location=file --width=100 --output-file=$$po $$po || exit 1; \
		echo "$$po: $$(msgattrib --untranslated --no-obsolete --no-location $$po | \
			grep -c '^msgid "..*"') to translate"; \
	done

# ---- fixtures of the unit tests -----------------------------------------------------
FIXTURE_ROOT := tests/unit/tpl
FIXTURE_GEN  := $(GEN)/tests
FIXTURES     := $(sort $(shell find $(FIXTURE_ROOT) -name '*.html' 2>/dev/null))
FIXTURE_C    := $(call tpl_files,$(FIXTURES),$(FIXTURE_ROOT),$(FIXTURE_GEN),c)
FIXTURE_OBJ  := $(patsubst $(GEN)/%.c,$(OUT)/gen/%.o,$(FIXTURE_C)) \
                $(OUT)/gen/tests/view/catalogue_gen.o
$(foreach t,$(FIXTURES),$(eval $(call tpl_rule,$(t),$(FIXTURE_ROOT),$(FIXTURE_GEN))))

# Their texts, with those of reasons and filters; the French ones from both catalogues.
$(FIXTURE_GEN)/view/c.pot: $(SRC)/base/reason.h $(SRC)/view/format.c
	@mkdir -p $(@D)
	@$(XGETTEXT) $@ $^
	@sed -i '/^"Plural-Forms:/d' $@
$(FIXTURE_GEN)/view/messages.pot: $(FIXTURE_GEN)/view/c.pot $(FIXTURE_C:.c=.pot)
	@msgcat --use-first --output-file=$@ $^
$(FIXTURE_GEN)/view/fr.po: $(FIXTURE_ROOT)/fr.po templates/locale/fr.po
	@mkdir -p $(@D)
	@msgcat --use-first --output-file=$@ $^
$(FIXTURE_GEN)/view/catalogue_gen.c: $(FIXTURE_GEN)/view/messages.pot $(FIXTURE_GEN)/view/fr.po $(CATC)
	@$(CATC) --subset $< $@ $(FIXTURE_GEN)/view/fr.po

# For the test of catc; --as-needed keeps it out of the programs.
LIBS += -lgettextpo

FIXTURE_TESTS := $(OUT)/tests/unit/view_tpl $(OUT)/tests/unit/view_catalogue
$(FIXTURE_OBJ) $(FIXTURE_TESTS:=.o): $(FIXTURE_C:.c=.h)
$(FIXTURE_OBJ) $(FIXTURE_TESTS:=.o): CPPFLAGS += -Itests -I$(FIXTURE_GEN)
$(FIXTURE_TESTS): $(FIXTURE_OBJ)
$(OUT)/tests/unit/view_catc: $(patsubst $(SRC)/%.c,$(OUT)/%.o,\
	$(filter-out $(SRC)/tools/catc.c,$(CATC_SRC)) $(SRC)/tools/catc_name.c $(SRC)/tools/tool_file.c)
$(OUT)/tests/unit/view_tplc: $(patsubst $(SRC)/%.c,$(OUT)/%.o,\
	$(filter-out $(SRC)/tools/tplc.c,$(TPLC_SRC)) $(SRC)/tools/catc_name.c $(SRC)/tools/tool_file.c)
