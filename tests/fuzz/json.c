/*
 * Fuzzes codec/json.h: what is read can be flattened; any bytes written as a
 * string read back, as themselves when they were UTF-8.
 */
#include "codec/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_string(struct str s, struct arena *a)
{
	struct json_out out;
	struct json_t *tree;
	struct str back;
	struct error e;
	struct buf b;

	buf_init(&b, a, 0, SIZE_MAX / 2);
	json_out_init(&out, &b);
	json_out_array(&out);
	json_out_str(&out, s);
	json_out_array_end(&out);
	if (!buf_ok(&b))
		return;
	BUG(str_find_char(buf_str(&b), '<') != SIZE_MAX || !utf8_valid(buf_str(&b)));
	BUG(json_read(buf_str(&b), SIZE_MAX, a, &tree, &e) != RC_OK);
	BUG(!json_as_str(json_item(tree, 0), &back));
	BUG(utf8_valid(s) ? !str_eq(back, s) : !utf8_valid(back));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str text = str_make((const char *)data, n);
	struct json_t *tree;
	struct arena arena;
	struct pairs pairs;
	struct error e;

	arena_init(&arena, (size_t)4 << 20, 0);
	check_string(text, &arena);
	if (json_read(text, 10000, &arena, &tree, &e) == RC_OK) {
		BUG(json_kind(tree) != JSON_KIND_OBJECT && json_kind(tree) != JSON_KIND_ARRAY);
		if (json_to_pairs(tree, &arena, 20, &pairs, &e) == RC_OK)
			for (size_t i = 0; i < pairs.n; i++)
				BUG(!utf8_valid(pairs.v[i].value));
	}
	arena_clear(&arena);
	return 0;
}
