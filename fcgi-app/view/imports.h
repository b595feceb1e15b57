/*
 * Views of the pages of imports.
 */
#ifndef VIEW_IMPORTS_H
#define VIEW_IMPORTS_H

#include "core/import/import.h"
#include "core/wall.h"
#include "view/page.h"

/* An import as one line. */
struct view_import_line {
	const struct import_info *i;
	struct str kind, state; /* words */
	struct wall at;         /* when it was uploaded, the viewer's time */
	bool is_waiting;        /* for a decision */
	bool is_working, is_failed, is_done;
};

struct view_import_choice {
	int64_t id;
	struct str name;
	bool is_chosen;
};

struct view_imports {
	const struct view_page *page;
	struct view_errors errors;
	struct view_field_error file_error, branch_error;
	bool is_enrolments, is_attendance, is_dropped;
	const struct view_import_choice *branches; /* of a super admin */
	size_t n_branches;
	const struct view_import_line *rows;
	size_t n_rows;
	struct str prev, next; /* addresses; empty: none */
};

struct view_import_option {
	struct str value, label;
	bool is_chosen;
};
struct view_import_column {
	struct str name; /* in the file */
	int64_t number;  /* from 1 */
	const struct view_import_option *options;
	size_t n_options;
	bool is_ignored;
};
struct view_import_problem {
	int64_t row;
	struct str field, value, text;
};
struct view_import_kept {
	int64_t row, person_id; /* COLUMN_NULL: gone */
	struct str name, code, did;
};

struct view_import {
	const struct view_page *page;
	struct view_import_line line;
	struct view_errors errors;
	struct view_field_error column_error, ignored_error, why_error;
	struct str why;     /* as sent */
	struct str working; /* what is going on; empty: nothing */
	struct str failure; /* sentence */
	const struct view_import_column *columns;
	size_t n_columns;
	bool has_ignored, is_ignored_ok, is_changed;
	const struct view_import_problem *problems;
	size_t n_problems;
	int64_t n_all_problems, from, to;
	bool is_cut; /* more than the CSV file holds */
	const struct view_import_kept *kept;
	size_t n_kept;
	struct str prev, next;
	int64_t n_good; /* rows that will be, or were, created or changed */
};

#endif
