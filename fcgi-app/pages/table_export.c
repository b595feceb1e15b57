/*
 * Tables as files.
 */
#include "pages/table_export.h"

#include "codec/csv.h"

#define ROWS_AT_ONCE 200
#define BATCH_BYTES  ((size_t)4 << 20)

struct sending {
	struct table t;
	struct arena batch;
	size_t at;
	struct xlsx *x;
};

static void end_sending(void *p)
{
	struct sending *s = p;

	arena_clear(&s->batch);
}

static enum rc begin(struct req *q, struct resp *r, const struct table *t, const char *ending,
		     struct str type, struct sending **ret, struct error *e)
{
	struct sending *s = ARENA_NEW(q->core.arena, struct sending);
	struct str name = arena_printf(q->core.arena, "attachment; filename=\"%.*s.%s\"",
				       STR_ARG(t->name), ending);

	if (!s || !name.p)
		return ERROR_MEMORY(e);
	s->t = *t;
	arena_init(&s->batch, BATCH_BYTES, BATCH_BYTES / 4);
	if (!arena_on_end(q->core.arena, end_sending, s))
		return ERROR_MEMORY(e);
	r->type = type;
	r->cache = RESP_CACHE_NONE;
	resp_header(r, "Content-Disposition", name);
	*ret = s;
	return RC_OK;
}

/* ---- CSV ------------------------------------------------------------------------------------ */

static void put_cell(struct buf *b, const struct xlsx_cell *cell)
{
	char day[11];

	switch (cell->kind) {
	case XLSX_TEXT:
		csv_put(b, cell->text);
		break;
	case XLSX_NUMBER:
	case XLSX_PERCENT:
		buf_i64(b, cell->n);
		break;
	case XLSX_DAY:
		if ((int32_t)cell->n != NO_DAY)
			buf_add(b, day_format((int32_t)cell->n, day));
		break;
	case XLSX_EMPTY:
		break;
	}
}

static void put_line(struct buf *b, const struct xlsx_cell *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_char(b, ',');
		put_cell(b, &cells[i]);
	}
	BUF_LIT(b, "\r\n");
}

/* The byte order mark tells spreadsheets that it is UTF-8. */
static void put_head(struct buf *b, const struct table *t)
{
	BUF_LIT(b, "\xEF\xBB\xBF");
	for (size_t i = 0; i < t->n_columns; i++) {
		if (i)
			buf_char(b, ',');
		csv_put(b, t->heads[i]);
	}
	BUF_LIT(b, "\r\n");
}

static enum rc more_csv(void *arg, struct buf *b, bool *ret_last, struct error *e)
{
	struct xlsx_cell cells[TABLE_COLUMNS_MAX];
	struct sending *s = arg;
	size_t end = s->at + ROWS_AT_ONCE;

	if (s->at == 0)
		put_head(b, &s->t);
	arena_reset(&s->batch);
	for (; s->at < s->t.n_rows && s->at < end; s->at++) {
		memset(cells, 0, sizeof cells);
		TRY(s->t.row(s->t.arg, s->at, &s->batch, cells, e));
		put_line(b, cells, s->t.n_columns);
	}
	*ret_last = s->at >= s->t.n_rows;
	return RC_OK;
}

enum rc table_send_csv(struct req *q, struct resp *r, const struct table *t, struct error *e)
{
	struct sending *s = NULL;

	TRY(begin(q, r, t, "csv", STR("text/csv; charset=utf-8"), &s, e));
	resp_stream(r, more_csv, s);
	return RC_OK;
}

/* ---- XLSX ----------------------------------------------------------------------------------- */

static enum rc more_xlsx(void *arg, struct buf *b, bool *ret_last, struct error *e)
{
	struct sending *s = arg;

	return xlsx_read(s->x, b, RESP_PIECE, ret_last, e);
}

static enum rc write_rows(struct req *q, struct sending *s, struct error *e)
{
	struct xlsx_cell cells[TABLE_COLUMNS_MAX];

	TRY(xlsx_open(q->core.arena, s->t.sheet, s->t.widths, s->t.n_columns, &s->x, e));
	for (size_t i = 0; i < s->t.n_columns; i++)
		cells[i] = (struct xlsx_cell){ XLSX_TEXT, s->t.heads[i], 0 };
	TRY(xlsx_row(s->x, cells, s->t.n_columns, e));
	for (size_t i = 0; i < s->t.n_rows; i++) {
		if (i % ROWS_AT_ONCE == 0)
			arena_reset(&s->batch);
		memset(cells, 0, sizeof cells);
		TRY(s->t.row(s->t.arg, i, &s->batch, cells, e));
		TRY(xlsx_row(s->x, cells, s->t.n_columns, e));
	}
	return xlsx_finish(s->x, e);
}

enum rc table_send_xlsx(struct req *q, struct resp *r, const struct table *t, struct error *e)
{
	struct sending *s = NULL;

	TRY(begin(q, r, t, "xlsx",
		  STR("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), &s, e));
	TRY(write_rows(q, s, e));
	resp_stream(r, more_xlsx, s);
	return RC_OK;
}
