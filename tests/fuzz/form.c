/*
 * Fuzzes codec/url.h: a form is parsed, written again and parsed again, and
 * must be the same; any bytes survive encoding and decoding.
 */
#include "codec/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_round_trip(struct str s, struct arena *a)
{
	struct str back;
	struct error e;
	struct buf b;

	buf_init(&b, a, 0, SIZE_MAX / 2);
	url_segment(&b, s);
	if (!buf_ok(&b) || url_decode(buf_str(&b), false, a, &back, &e) == RC_NO_MEMORY)
		return;
	BUG(!str_eq(back, s));
}

static void check_same(const struct pairs *pairs, struct arena *a)
{
	struct pairs again;
	struct error e;
	struct buf b;

	buf_init(&b, a, 0, SIZE_MAX / 2);
	for (size_t i = 0; i < pairs->n; i++) {
		url_query(&b, pairs->v[i].name);
		buf_char(&b, '=');
		url_query(&b, pairs->v[i].value);
		buf_char(&b, '&');
	}
	if (!buf_ok(&b) || form_parse(buf_str(&b), a, pairs->n, &again, &e) != RC_OK)
		return;
	BUG(again.n != pairs->n);
	for (size_t i = 0; i < pairs->n; i++)
		BUG(!str_eq(again.v[i].name, pairs->v[i].name) ||
		    !str_eq(again.v[i].value, pairs->v[i].value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str body = str_make((const char *)data, n);
	struct pairs pairs;
	struct arena arena;
	struct error e;

	arena_init(&arena, (size_t)4 << 20, 0);
	check_round_trip(body, &arena);
	if (form_parse(body, &arena, 50, &pairs, &e) == RC_OK) {
		BUG(pairs.n > 50);
		check_same(&pairs, &arena);
	}
	arena_clear(&arena);
	return 0;
}
