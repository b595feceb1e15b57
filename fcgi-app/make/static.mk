# Static files: static/ and its npm packages → $(BUILD)/static/HASH and …/<hash>/.

STATIC_SRC := $(filter-out static/node_modules/%,$(wildcard static/*.css static/*.js static/*.mjs \
              static/img/* static/icons.txt static/package-lock.json))

.PHONY: static
static: $(BUILD)/static/HASH

$(BUILD)/static/HASH: $(STATIC_SRC) static/node_modules/.from-lock.json
	@mkdir -p $(@D)
	@echo "  STATIC"
	@node static/vendor.mjs static $(@D)
	@touch $@

static/node_modules/.from-lock.json: static/package-lock.json
	@$(SRC)/tools/setup.sh run
