/*
 * Fuzzes codec/csv.h.  Whatever is fed, rows have increasing numbers and ends, fields that are
 * UTF-8 and short; and reading in pieces of the first byte's size gives the same rows.
 */
#include "codec/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct seen {
	int64_t number, end;
	uint64_t sum;
	size_t n_bytes;
};

static bool see(void *arg, const struct csv_row *row)
{
	struct seen *s = arg;

	BUG(row->number <= s->number || row->end <= s->end || (size_t)row->end > s->n_bytes);
	BUG(row->n == 0 || row->n > CSV_COLUMNS);
	s->number = row->number;
	s->end = row->end;
	for (size_t i = 0; i < row->n; i++) {
		BUG(!utf8_valid(row->fields[i]) || row->fields[i].n > CSV_FIELD_BYTES);
		for (size_t k = 0; k < row->fields[i].n; k++)
			s->sum = s->sum * 31 + (unsigned char)row->fields[i].p[k];
		s->sum = s->sum * 31 + 256;
	}
	return true;
}

static enum rc read_all(struct arena *a, struct str text, size_t step, struct seen *s)
{
	const char delimiter = csv_look(text).delimiter;
	struct csv_reader *r;
	struct error e;
	bool stopped;
	size_t at = 0, used;

	error_init(&e);
	s->n_bytes = text.n;
	if (csv_open(a,
		     &(struct csv_from){
			     .delimiter = delimiter, .max_rows = 1000, .fn = see, .arg = s },
		     &r, &e) != RC_OK)
		return RC_NO_MEMORY;
	while (at < text.n) {
		struct str piece = str_sub(text, at, step);
		enum rc rc = csv_feed(r, piece, at + piece.n == text.n, &used, &stopped, &e);

		if (rc != RC_OK)
			return rc;
		at += used;
	}
	return csv_finish(r, &e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str text = str_make((const char *)data, n);
	struct seen whole = { 0 }, pieces = { 0 };
	struct arena arena;

	arena_init(&arena, (size_t)4 << 20, 0);
	const size_t step = n > 0 ? 2 + data[0] : 2;
	const enum rc one = read_all(&arena, text, n + 1, &whole);
	const enum rc two = read_all(&arena, text, step, &pieces);
	BUG(one != two || whole.sum != pieces.sum || whole.number != pieces.number);
	struct buf b;
	buf_init(&b, &arena, n * 2 + 16, n * 2 + 16);
	csv_put(&b, text);
	BUG(!buf_ok(&b));
	arena_clear(&arena);
	return 0;
}
