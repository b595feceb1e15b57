/*
 * A table as a file: CSV for programs and spreadsheets, XLSX for spreadsheets.
 *
 * Rows are made one by one while the file is sent, so that memory is that of the rows'
 * source.  A cell that a spreadsheet would take for a formula gets an apostrophe in CSV, and is a
 * cell of text in XLSX.
 */
#ifndef PAGES_TABLE_EXPORT_H
#define PAGES_TABLE_EXPORT_H

#include "doc/xlsx.h"
#include "web/req.h"
#include "web/resp.h"

#define TABLE_COLUMNS_MAX 24

/* Fills the n_columns cells of row i; texts live in `a`, which is emptied now and then. */
typedef enum rc table_row(void *arg, size_t i, struct arena *a, struct xlsx_cell *cells,
			  struct error *e);
struct table {
	struct str name; /* of the file, without its ending: letters, digits, - and _ */
	struct str sheet;
	const struct str *heads; /* names of the columns */
	const int *widths;
	size_t n_columns, n_rows;
	table_row *row;
	void *arg; /* in the request's arena */
};

enum rc table_send_csv(struct req *q, struct resp *r, const struct table *t,
		       struct error *e) MUST_CHECK;
enum rc table_send_xlsx(struct req *q, struct resp *r, const struct table *t,
			struct error *e) MUST_CHECK;

#endif
