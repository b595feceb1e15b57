/*
 * Internal to the pages of imports: filling what their templates show.
 */
#ifndef PAGES_IMPORTS_VIEW_H
#define PAGES_IMPORTS_VIEW_H

#include "pages/page.h"
#include "view/imports.h"

#define IMPORTS_PAGE_ROWS 50

struct view_import_line imports_line(const struct page *p, const struct import_info *i);
/* "First page" and so on: the word of a field, in the reader's language. */
struct str imports_field_label(const struct page *p, enum import_kind kind, enum import_field f);
/* The columns with their choices.  chosen: n_columns fields, as the form has them. */
enum rc imports_columns(struct page *p, const struct import_info *i,
			const enum import_field *chosen, struct view_import *v,
			struct error *e) MUST_CHECK;
/* Problems or kept rows of one page (from 1), and the addresses of its neighbours. */
enum rc imports_rows(struct page *p, const struct import_info *i, int64_t page,
		     struct view_import *v, struct error *e) MUST_CHECK;
/* What goes on, and how it ended. */
void imports_state(struct page *p, const struct import_info *i, struct view_import *v);
/* The name of a field in an error row; empty for the whole row. */
struct str imports_problem_field(const struct page *p, enum import_kind kind, struct str name);

#endif
