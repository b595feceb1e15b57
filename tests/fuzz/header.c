/*
 * Fuzzes codec/header.h and cookie.h with one input as each of the headers.
 * Views must lie within the input; what is built must be safe to send.
 */
#include "codec/header.h"
#include "codec/cookie.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_disposition(struct str name, struct arena *a)
{
	struct str value, back;
	struct error e;
	struct buf b;
	bool is_found;

	buf_init(&b, a, 0, SIZE_MAX / 2);
	header_disposition(&b, STR("attachment"), name);
	BUG(!buf_ok(&b) || !header_value_safe(buf_str(&b)));
	BUG(header_param(buf_str(&b), STR("filename*"), a, &value, &is_found, &e) != RC_OK);
	if (is_found)
		BUG(header_ext_value(value, a, &back, &e) != RC_OK || !utf8_valid(back));
	BUG(header_param(buf_str(&b), STR("filename"), a, &value, &is_found, &e) != RC_OK ||
	    !is_found);
	BUG(str_find_char(value, '/') != SIZE_MAX || str_find_char(value, '\\') != SIZE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct str tags[] = { STR_INIT("en"), STR_INIT("fr"), STR_INIT("pt-BR") };
	struct str s = str_make((const char *)data, n), value;
	struct arena arena;
	struct error e;
	bool is_found;

	if (n > 10000)
		return 0;
	arena_init(&arena, (size_t)1 << 20, 0);
	check_disposition(s, &arena);
	BUG(header_language(s, tags, ARRAY_LEN(tags)) >= ARRAY_LEN(tags));
	if (header_etag_match(s, STR("W/\"a\"")))
		BUG(str_find(s, STR("\"a\"")) == SIZE_MAX && str_find_char(s, '*') == SIZE_MAX);
	if (cookie_find(s, STR("sid"), &value))
		BUG(value.n > n || value.p < s.p || value.p + value.n > s.p + n);
	if (header_param(s, STR("a"), &arena, &value, &is_found, &e) == RC_OK && is_found)
		BUG(value.n > n);
	if (header_ext_value(s, &arena, &value, &e) == RC_OK)
		BUG(!utf8_valid(value));
	arena_clear(&arena);
	return 0;
}
