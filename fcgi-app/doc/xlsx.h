/*
 * A workbook of one sheet, row by row: memory of one row, the rest in unnamed files.
 *
 * Texts are cells of text, whatever they begin with, so that none is a formula.  The first row
 * is the head: bold, and it stays when the sheet scrolls.  What was opened is given back with
 * the arena.
 */
#ifndef DOC_XLSX_H
#define DOC_XLSX_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/time.h"

enum xlsx_kind {
	XLSX_TEXT,
	XLSX_NUMBER,
	XLSX_DAY,     /* n: a day; NO_DAY is empty */
	XLSX_PERCENT, /* n: hundredths of a percent are not kept: 80 is 80 % */
	XLSX_EMPTY,
};
struct xlsx_cell {
	enum xlsx_kind kind;
	struct str text; /* UTF-8; cut at 32,000 characters */
	int64_t n;
};

struct xlsx;
/* sheet: its name, cut to what spreadsheets take.  widths: of the columns, in characters. */
enum rc xlsx_open(struct arena *a, struct str sheet, const int *widths, size_t n_widths,
		  struct xlsx **ret, struct error *e) MUST_CHECK;
enum rc xlsx_row(struct xlsx *x, const struct xlsx_cell *cells, size_t n,
		 struct error *e) MUST_CHECK;
/* No more rows. */
enum rc xlsx_finish(struct xlsx *x, struct error *e) MUST_CHECK;
/* Appends the next piece of the finished file, about `max` bytes. */
enum rc xlsx_read(struct xlsx *x, struct buf *b, size_t max, bool *ret_last,
		  struct error *e) MUST_CHECK;

#endif
