/*
 * What the pages of imports show.
 */
#include "pages/imports_view.h"

static const char *const kind_words[IMPORT__MAX] = { N_("People"), N_("Enrolments"),
						     N_("Attendance") };

static const char *const state_words[IMPORT_STATE__MAX] = {
	[IMPORT_UPLOADED] = N_("Columns to confirm"),
	[IMPORT_MAPPED] = N_("Being checked"),
	[IMPORT_CHECKED] = N_("Checked, to confirm"),
	[IMPORT_RUNNING] = N_("Being imported"),
	[IMPORT_DONE] = N_("Imported"),
	[IMPORT_FAILED] = N_("Failed"),
	[IMPORT_UNDOING] = N_("Being taken back"),
	[IMPORT_UNDONE] = N_("Taken back"),
	[IMPORT_DROPPED] = N_("Dropped"),
};

static const char *const labels[IMPORT_FIELD__MAX] = {
	[IMPORT_IGNORE] = N_("Do not import"),
	[IMPORT_GIVEN_NAME] = N_("Given name"),
	[IMPORT_FAMILY_NAME] = N_("Family name"),
	[IMPORT_STUDENT_CODE] = N_("Student code"),
	[IMPORT_TEACHER_CODE] = N_("Teacher code"),
	[IMPORT_EMAIL] = N_("E-mail"),
	[IMPORT_USERNAME] = N_("Username"),
	[IMPORT_ROLE] = N_("Role"),
	[IMPORT_DEPARTMENT] = N_("Department"),
	[IMPORT_BATCH_NAME] = N_("Batch"),
	[IMPORT_SECTION] = N_("Section"),
	[IMPORT_COURSE] = N_("Course code"),
	[IMPORT_STATE] = N_("State"),
	[IMPORT_FROM] = N_("First day"),
	[IMPORT_TO] = N_("Last day"),
	[IMPORT_SESSION] = N_("Session: number or code"),
	[IMPORT_CLASS] = N_("Class"),
	[IMPORT_DATE] = N_("Date of the session"),
	[IMPORT_START] = N_("Start of the session"),
	[IMPORT_STATUS] = N_("Status"),
	[IMPORT_LATE] = N_("Minutes late"),
	[IMPORT_REMARK] = N_("Remark"),
	[IMPORT_ARRIVAL] = N_("Time of arrival"),
};

struct view_import_line imports_line(const struct page *p, const struct import_info *i)
{
	return (struct view_import_line){
		.i = i,
		.kind = page_text(p, kind_words[i->kind]),
		.state = page_text(p, state_words[i->state]),
		.at = core_wall(p->core, STR(""), i->s.created_at),
		.is_waiting = i->state == IMPORT_UPLOADED || i->state == IMPORT_CHECKED,
		.is_working = i->state == IMPORT_MAPPED || i->state == IMPORT_RUNNING ||
			      i->state == IMPORT_UNDOING,
		.is_failed = i->state == IMPORT_FAILED,
		.is_done = i->state == IMPORT_DONE,
	};
}

struct str imports_field_label(const struct page *p, enum import_kind kind, enum import_field f)
{
	if (kind == IMPORT_PEOPLE && f == IMPORT_FROM)
		return page_text(p, N_("First day in the section"));
	if (kind == IMPORT_PEOPLE && f == IMPORT_TO)
		return page_text(p, N_("Last day in the section"));
	return page_text(p, labels[f]);
}

struct str imports_problem_field(const struct page *p, enum import_kind kind, struct str name)
{
	enum import_field f;

	return import_field_from(kind, name, &f) ? imports_field_label(p, kind, f) : STR("");
}

static enum rc fill_options(struct page *p, enum import_kind kind, enum import_field chosen,
			    struct view_import_column *column, struct error *e)
{
	struct view_import_option *options =
		ARENA_ARRAY(p->arena, IMPORT_FIELD__MAX, struct view_import_option);
	size_t n = 0;

	if (!options)
		return ERROR_MEMORY(e);
	for (enum import_field f = 0; f < IMPORT_FIELD__MAX; f++) {
		if (import_field_of(kind, f))
			options[n++] = (struct view_import_option){
				.value = str_from(import_field_name(kind, f)),
				.label = imports_field_label(p, kind, f),
				.is_chosen = f == chosen,
			};
	}
	column->options = options;
	column->n_options = n;
	column->is_ignored = chosen == IMPORT_IGNORE;
	return RC_OK;
}

enum rc imports_columns(struct page *p, const struct import_info *i,
			const enum import_field *chosen, struct view_import *v, struct error *e)
{
	struct view_import_column *columns =
		ARENA_ARRAY(p->arena, i->n_columns, struct view_import_column);

	if (!columns)
		return ERROR_MEMORY(e);
	for (size_t k = 0; k < i->n_columns; k++) {
		columns[k] = (struct view_import_column){ .name = i->columns[k],
							  .number = (int64_t)k + 1 };
		TRY(fill_options(p, i->kind, chosen[k], &columns[k], e));
		v->has_ignored = v->has_ignored || columns[k].is_ignored;
	}
	v->columns = columns;
	v->n_columns = i->n_columns;
	return RC_OK;
}

static enum rc fill_problems(struct page *p, const struct import_info *i, int64_t offset,
			     struct view_import *v, struct error *e)
{
	const struct import_problem *read;
	struct view_import_problem *rows;
	size_t n;

	TRY(import_problems(p->core, i->s.id, offset, IMPORTS_PAGE_ROWS, &read, &n,
			    &v->n_all_problems, e));
	rows = ARENA_ARRAY(p->arena, n, struct view_import_problem);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t k = 0; k < n; k++)
		rows[k] = (struct view_import_problem){
			.row = read[k].row,
			.field = imports_problem_field(p, i->kind, read[k].field),
			.value = read[k].value,
			.text = reason_sentence(p->arena, p->lang, read[k].reason, read[k].arg),
		};
	v->problems = rows;
	v->n_problems = n;
	v->is_cut = v->n_all_problems > IMPORT_ERRORS_CSV;
	return RC_OK;
}

static enum rc fill_kept(struct page *p, const struct import_info *i, int64_t offset,
			 struct view_import *v, struct error *e)
{
	const struct import_kept_row *read;
	struct view_import_kept *rows;
	size_t n;

	TRY(import_kept(p->core, i->s.id, offset, IMPORTS_PAGE_ROWS, &read, &n, e));
	rows = ARENA_ARRAY(p->arena, n, struct view_import_kept);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t k = 0; k < n; k++)
		rows[k] = (struct view_import_kept){
			.row = read[k].row_no,
			.person_id = read[k].person_id,
			.name = str_trim(arena_printf(p->arena, "%.*s %.*s",
						      STR_ARG(read[k].given_name),
						      STR_ARG(read[k].family_name))),
			.code = read[k].code,
			.did = page_text(p, str_eq(read[k].did, STR("created"))
						    ? N_("was created")
						    : N_("was changed")),
		};
	v->kept = rows;
	v->n_kept = n;
	return RC_OK;
}

static struct str page_path(struct page *p, int64_t id, int64_t page)
{
	return arena_printf(p->arena, "/admin/imports/%lld?page=%lld", (long long)id,
			    (long long)page);
}

enum rc imports_rows(struct page *p, const struct import_info *i, int64_t page,
		     struct view_import *v, struct error *e)
{
	const int64_t offset = (page - 1) * IMPORTS_PAGE_ROWS;
	int64_t total;
	size_t n;

	if (i->state == IMPORT_UNDONE) {
		TRY(fill_kept(p, i, offset, v, e));
		total = i->s.n_kept;
		n = v->n_kept;
	} else {
		TRY(fill_problems(p, i, offset, v, e));
		total = v->n_all_problems;
		n = v->n_problems;
	}
	v->from = offset + 1;
	v->to = offset + (int64_t)n;
	if (page > 1)
		v->prev = page_path(p, i->s.id, page - 1);
	if (v->to < total)
		v->next = page_path(p, i->s.id, page + 1);
	return RC_OK;
}

static struct str failure_text(struct page *p, const struct import_info *i)
{
	const int64_t arg = i->s.failure_row == COLUMN_NULL ? 0 : i->s.failure_row;

	for (enum reason r = REASON_NONE; r < REASON__MAX; r++)
		if (str_eq(i->s.failure, str_from(reason_code(r))))
			return reason_sentence(p->arena, p->lang, r, arg);
	return reason_sentence(p->arena, p->lang, REASON_UNEXPECTED, 0);
}

void imports_state(struct page *p, const struct import_info *i, struct view_import *v)
{
	v->line = imports_line(p, i);
	v->n_good = i->s.n_created + i->s.n_updated;
	if (i->state == IMPORT_FAILED)
		v->failure = failure_text(p, i);
	if (i->state == IMPORT_MAPPED)
		v->working =
			page_text(p, N_("The rows are being checked. Nothing is written yet."));
	else if (i->state == IMPORT_RUNNING)
		v->working = page_text(p, N_("The rows are being imported."));
	else if (i->state == IMPORT_UNDOING)
		v->working = page_text(p, N_("The import is being taken back."));
}
