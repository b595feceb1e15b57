/*
 * Workbooks by libxlsxwriter, into a file of memory.
 */
#include "doc/xlsx.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define TEXT_MAX  32000 /* code points; 32,767 is what a cell takes */
#define SHEET_MAX 31

struct xlsx {
	struct arena *arena;
	lxw_workbook *book; /* NULL: finished */
	lxw_worksheet *sheet;
	lxw_format *head, *day, *percent;
	uint32_t row;
	int fd;
	off_t at;
};

static enum rc failed_errno(struct error *e, const char *what)
{
	int number = errno;

	(void)ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "%s", what);
	e->foreign = number;
	return RC_INTERNAL;
}

static void give_back(void *p)
{
	struct xlsx *x = p;

	if (x->book) {
		lxw_workbook_free(x->book);
		x->book = NULL;
	}
	if (x->fd >= 0)
		close(x->fd);
	x->fd = -1;
}

/* Without what a name of a sheet may not have. */
static char *sheet_name(struct arena *a, struct str name)
{
	struct str cut = utf8_prefix(name, SHEET_MAX);
	char *cz = str_cz(a, cut);

	for (char *c = cz; c && *c; c++)
		if (strchr("[]:*?/\\'", *c))
			*c = ' ';
	return cz && *cz ? cz : NULL;
}

static enum rc begin(struct xlsx *x, struct str sheet, struct error *e)
{
	lxw_workbook_options options = { .constant_memory = 1 };
	char path[40];

	x->fd = memfd_create("xlsx", MFD_CLOEXEC);
	if (x->fd < 0)
		return failed_errno(e, "memfd_create");
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", x->fd);
	x->book = workbook_new_opt(path, &options);
	if (!x->book)
		return ERROR_MEMORY(e);
	x->sheet = workbook_add_worksheet(x->book, sheet_name(x->arena, sheet));
	x->head = workbook_add_format(x->book);
	x->day = workbook_add_format(x->book);
	x->percent = workbook_add_format(x->book);
	if (!x->sheet || !x->head || !x->day || !x->percent)
		return ERROR_MEMORY(e);
	format_set_bold(x->head);
	format_set_num_format(x->day, "yyyy-mm-dd");
	format_set_num_format(x->percent, "0%");
	worksheet_freeze_panes(x->sheet, 1, 0);
	return RC_OK;
}

enum rc xlsx_open(struct arena *a, struct str sheet, const int *widths, size_t n_widths,
		  struct xlsx **ret, struct error *e)
{
	struct xlsx *x = ARENA_NEW(a, struct xlsx);

	if (!x)
		return ERROR_MEMORY(e);
	*x = (struct xlsx){ .arena = a, .fd = -1 };
	if (!arena_on_end(a, give_back, x))
		return ERROR_MEMORY(e);
	TRY(begin(x, sheet, e));
	for (size_t i = 0; i < n_widths; i++)
		worksheet_set_column(x->sheet, (lxw_col_t)i, (lxw_col_t)i, widths[i], NULL);
	*ret = x;
	return RC_OK;
}

static lxw_error put_text(struct xlsx *x, lxw_col_t column, struct str text)
{
	char *cz = str_cz(x->arena, utf8_prefix(text, TEXT_MAX));

	if (!cz)
		return LXW_ERROR_MEMORY_MALLOC_FAILED;
	return worksheet_write_string(x->sheet, x->row, column, cz, x->row ? NULL : x->head);
}

static lxw_error put_day(struct xlsx *x, lxw_col_t column, int32_t day)
{
	struct ymd d;
	lxw_datetime at;

	if (day == NO_DAY)
		return LXW_NO_ERROR;
	d = day_to_ymd(day);
	at = (lxw_datetime){ .year = d.year, .month = d.month, .day = d.day };
	return worksheet_write_datetime(x->sheet, x->row, column, &at, x->day);
}

static lxw_error put(struct xlsx *x, lxw_col_t column, const struct xlsx_cell *cell)
{
	switch (cell->kind) {
	case XLSX_TEXT:
		return cell->text.n ? put_text(x, column, cell->text) : LXW_NO_ERROR;
	case XLSX_NUMBER:
		return worksheet_write_number(x->sheet, x->row, column, (double)cell->n, NULL);
	case XLSX_DAY:
		return put_day(x, column, (int32_t)cell->n);
	case XLSX_PERCENT:
		return worksheet_write_number(x->sheet, x->row, column, (double)cell->n / 100,
					      x->percent);
	case XLSX_EMPTY:
		break;
	}
	return LXW_NO_ERROR;
}

static enum rc failed(lxw_error code, struct error *e)
{
	return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "xlsx: %s", lxw_strerror(code));
}

enum rc xlsx_row(struct xlsx *x, const struct xlsx_cell *cells, size_t n, struct error *e)
{
	for (size_t i = 0; i < n; i++) {
		lxw_error code = put(x, (lxw_col_t)i, &cells[i]);

		if (code != LXW_NO_ERROR)
			return failed(code, e);
	}
	x->row++;
	return RC_OK;
}

enum rc xlsx_finish(struct xlsx *x, struct error *e)
{
	lxw_error code = workbook_close(x->book);

	x->book = NULL;
	return code == LXW_NO_ERROR ? RC_OK : failed(code, e);
}

enum rc xlsx_read(struct xlsx *x, struct buf *b, size_t max, bool *ret_last, struct error *e)
{
	ssize_t n;

	if (!buf_reserve(b, max))
		return ERROR_MEMORY(e);
	n = pread(x->fd, b->p + b->n, max, x->at);
	if (n < 0)
		return failed_errno(e, "reading a workbook");
	b->n += (size_t)n;
	x->at += n;
	*ret_last = (size_t)n < max;
	return RC_OK;
}
