/*
 * Imports: upload, columns, dry run, confirm, progress, report, undo.
 *
 * One address shows an import in whatever state it is; what is under way is asked for each
 * second by htmx, and without scripts by a refresh of the page.
 */
#include "pages/imports.h"

#include "codec/csv.h"
#include "core/people/branch.h"
#include "core/rights.h"
#include "pages/imports_view.h"
#include "view/tpl_pages_import.h"
#include "view/tpl_pages_import_progress.h"
#include "view/tpl_pages_imports.h"
#include "web/worker.h"

#define PAGE_MAX   1000000
#define CSV_STEP   1000
#define FIELD_NAME 20

static const char *const kind_names[] = { "people", "enrolments", "attendance", NULL };

/* ---- the list, and taking a file ---------------------------------------------------------------
 */

struct imports_in {
	int64_t page, branch;
	int kind;
	struct str done;
};
FIELDS(imports_fields, imports_in, FIELD(TEXT, imports_in, done, QUERY),
       FIELD(INT, imports_in, page, QUERY, .min = 1, .max = PAGE_MAX, .fallback = 1));
FIELDS(imports_add_fields, imports_in,
       FIELD(CHOICE, imports_in, kind, FORM, .words = kind_names, .required = true),
       FIELD(ID, imports_in, branch, FORM));

static const struct form_field add_form[] = { { "file", "i-file", N_("File") },
					      { "kind", "i-kind", N_("What is in the file") },
					      { "branch", "i-branch", N_("Branch") } };

/* A super admin says for which branch; others have theirs. */
static enum rc fill_branches(struct req *q, int64_t chosen, struct view_imports *v, struct error *e)
{
	const struct branch_info_row *read;
	struct view_import_choice *rows;
	size_t n;

	if (q->who.role != ROLE_SUPER_ADMIN)
		return RC_OK;
	TRY(branch_all(&q->core, false, &read, &n, e));
	rows = ARENA_ARRAY(q->core.arena, n, struct view_import_choice);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct view_import_choice){ read[i].id, read[i].name,
						       read[i].id == chosen || n == 1 };
	v->branches = rows;
	v->n_branches = n;
	return RC_OK;
}

static enum rc fill_list(struct page *p, int64_t page, struct view_imports *v, struct error *e)
{
	const struct import_info *read;
	struct view_import_line *rows;
	size_t n;

	TRY(import_list(p->core, (page - 1) * IMPORTS_PAGE_ROWS, IMPORTS_PAGE_ROWS + 1, &read, &n,
			e));
	if (n > IMPORTS_PAGE_ROWS)
		v->next = arena_printf(p->arena, "/admin/imports?page=%lld", (long long)page + 1);
	if (page > 1)
		v->prev = arena_printf(p->arena, "/admin/imports?page=%lld", (long long)page - 1);
	v->n_rows = n < IMPORTS_PAGE_ROWS ? n : IMPORTS_PAGE_ROWS;
	rows = ARENA_ARRAY(p->arena, n, struct view_import_line);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < v->n_rows; i++)
		rows[i] = imports_line(p, &read[i]);
	v->rows = rows;
	return RC_OK;
}

static enum rc init_page(struct page *p, struct req *q, struct str title, const char *current,
			 struct error *e)
{
	TRY(page_init(p, q, title, e));
	p->view.nav = NAV_INSTITUTION;
	p->view.area = AREA_IMPORTS;
	p->view.nav_current = str_from(current);
	p->view.has_htmx = true;
	return RC_OK;
}

static enum rc show_list(struct req *q, struct resp *r, const struct imports_in *in,
			 const struct error *failed, struct error *e)
{
	struct view_imports v = { .is_enrolments = in->kind == IMPORT_ENROLMENTS,
				  .is_attendance = in->kind == IMPORT_ATTENDANCE };
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(init_page(&p, q, req_text(q, N_("Imports")), "page", e));
	p.view.here = STR("/admin/imports");
	v.page = &p.view;
	v.is_dropped = str_eq(in->done, STR("dropped"));
	TRY(fill_branches(q, in->branch, &v, e));
	TRY(fill_list(&p, in->page > 0 ? in->page : 1, &v, e));
	v.errors = form_errors(p.arena, p.lang, failed, add_form, ARRAY_LEN(add_form));
	v.file_error = field_error(p.arena, p.lang, failed, "file", "i-file-e");
	v.branch_error = field_error(p.arena, p.lang, failed, "branch", "i-branch-e");
	tpl_pages_imports(&t, &v);
	return RC_OK;
}

enum rc page_imports(struct req *q, struct resp *r, struct error *e)
{
	struct imports_in in;
	struct error none;

	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	error_init(&none);
	return show_list(q, r, &in, &none, e);
}

enum rc page_imports_gate(struct req *q, struct error *e)
{
	if (rights_scope(q->who.role, ACTION_IMPORT) == SCOPE_NONE)
		return rights_branch(&q->who, ACTION_IMPORT, COLUMN_NULL, e);
	return RC_OK;
}

static enum rc take(struct req *q, const struct imports_in *in, int64_t *ret_id, struct error *e)
{
	struct import_upload up = { .kind = (enum import_kind)in->kind,
				    .branch_id = in->branch,
				    .fd = q->spool.fd };
	const struct req_file *file = NULL;

	for (size_t i = 0; i < q->n_files; i++)
		if (str_eq(q->files[i].field, STR("file")) && q->files[i].filename.n > 0)
			file = &q->files[i];
	if (!file)
		return ERROR_FIELD(e, "file", REASON_FILE_MISSING, 0);
	up.file_name = file->filename;
	up.offset = file->offset;
	up.length = file->n;
	if (up.fd < 0)
		up.bytes = req_file_bytes(q, file);
	return import_add(&q->core, q->worker->web->files, &up, ret_id, e);
}

static enum rc redirect(struct req *q, struct resp *r, int64_t id, struct error *e)
{
	struct str path = arena_printf(q->core.arena, "/admin/imports/%lld", (long long)id);

	if (!path.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, path);
	return RC_OK;
}

enum rc page_imports_add(struct req *q, struct resp *r, struct error *e)
{
	struct imports_in in;
	int64_t id;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = take(q, &in, &id, e);
	if (page_is_form_error(rc)) {
		struct error failed = *e;

		error_init(e);
		r->status = rc == RC_NO_SPACE ? 507 : 422;
		return show_list(q, r, &in, &failed, e);
	}
	TRY(rc);
	return redirect(q, r, id, e);
}

/* ---- one import
 * ---------------------------------------------------------------------------------- */

struct import_in {
	int64_t id, version, page;
	struct field_list column;
	bool ignored;
	struct str why;
};
FIELDS(import_fields, import_in, FIELD(ID, import_in, id, PATH),
       FIELD(INT, import_in, page, QUERY, .min = 1, .max = PAGE_MAX, .fallback = 1));
FIELDS(import_map_fields, import_in, FIELD(ID, import_in, id, PATH),
       FIELD(INT, import_in, version, FORM, .min = 0, .max = INT32_MAX),
       FIELD(LIST, import_in, column, FORM, .max = FIELD_NAME),
       FIELD(BOOL, import_in, ignored, FORM));
FIELDS(import_decide_fields, import_in, FIELD(ID, import_in, id, PATH),
       FIELD(INT, import_in, version, FORM, .min = 0, .max = INT32_MAX),
       FIELD(TEXT, import_in, why, FORM, .max = 2000));

static const struct form_field map_form[] = { { "column", "c-1", N_("Columns") },
					      { "ignored", "c-ignored", N_("Left out") },
					      { "why", "i-why", N_("Reason") } };

static enum rc show_progress(struct req *q, struct resp *r, const struct import_info *i,
			     struct error *e)
{
	struct view_import v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(page_init(&p, q, i->s.file_name, e));
	v.page = &p.view;
	imports_state(&p, i, &v);
	if (!v.line.is_working)
		resp_header(r, "HX-Refresh", STR("true"));
	tpl_pages_import_progress(&t, &v);
	return RC_OK;
}

/* chosen: the fields as the form had them; NULL: as stored. */
static enum rc show(struct req *q, struct resp *r, const struct import_info *i,
		    const struct import_in *in, const enum import_field *chosen,
		    const struct error *failed, struct error *e)
{
	struct view_import v = { .is_ignored_ok = in->ignored };
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(init_page(&p, q, i->s.file_name, "true", e));
	p.view.here = arena_printf(p.arena, "/admin/imports/%lld", (long long)i->s.id);
	v.page = &p.view;
	imports_state(&p, i, &v);
	if (v.line.is_working)
		p.view.refreshes = true;
	TRY(imports_columns(&p, i, chosen ? chosen : i->fields, &v, e));
	if (!v.line.is_working)
		TRY(imports_rows(&p, i, in->page > 0 ? in->page : 1, &v, e));
	v.is_changed = failed->rc == RC_CONFLICT && failed->reason != REASON_ENDED;
	v.errors = form_errors(p.arena, p.lang, failed, map_form, ARRAY_LEN(map_form));
	v.column_error = field_error(p.arena, p.lang, failed, "column", "c-e");
	v.why = in->why;
	v.why_error = field_error(p.arena, p.lang, failed, "why", "i-why-e");
	v.ignored_error = field_error(p.arena, p.lang, failed, "ignored", "c-ignored-e");
	r->cache = RESP_CACHE_NONE;
	tpl_pages_import(&t, &v);
	return RC_OK;
}

enum rc page_import(struct req *q, struct resp *r, struct error *e)
{
	struct import_info i;
	struct import_in in;
	struct error none;

	TRY(req_read(q, &in, e));
	TRY(import_get(&q->core, in.id, &i, e));
	if (q->is_htmx)
		return show_progress(q, r, &i, e);
	error_init(&none);
	return show(q, r, &i, &in, NULL, &none, e);
}

/* The page again, with what was sent and why it was not taken. */
static enum rc show_again(struct req *q, struct resp *r, const struct import_in *in,
			  const enum import_field *chosen, struct error *e)
{
	struct error failed = *e;
	struct import_info i;

	error_init(e);
	TRY(import_get(&q->core, in->id, &i, e));
	r->status = failed.rc == RC_CONFLICT ? 409 : 422;
	return show(q, r, &i, in, i.state == IMPORT_UPLOADED ? chosen : NULL, &failed, e);
}

enum rc page_import_map(struct req *q, struct resp *r, struct error *e)
{
	enum import_field fields[IMPORT_COLUMNS] = { 0 };
	struct import_info i;
	struct import_in in;

	TRY(req_read(q, &in, e));
	TRY(import_get(&q->core, in.id, &i, e));
	if (in.column.n > IMPORT_COLUMNS)
		return ERROR(e, RC_INVALID, REASON_BODY_MALFORMED, "%zu columns", in.column.n);
	for (size_t k = 0; k < in.column.n; k++)
		if (!import_field_from(i.kind, in.column.v[k], &fields[k]))
			return ERROR(e, RC_INVALID, REASON_BODY_MALFORMED, "column %zu", k);
	const enum rc rc =
		import_map(&q->core, in.id, in.version, fields, in.column.n, in.ignored, e);
	if (page_is_form_error(rc))
		return show_again(q, r, &in, fields, e);
	TRY(rc);
	return redirect(q, r, in.id, e);
}

typedef enum rc decision(struct core *c, int64_t id, int64_t version, struct error *e);
typedef enum rc decision_why(struct core *c, int64_t id, int64_t version, struct str why,
			     struct error *e);

/* list: the query of the list to go to; NULL: the import itself. */
static enum rc decide(struct req *q, struct resp *r, decision *fn, const char *list,
		      struct error *e)
{
	struct import_in in;

	TRY(req_read(q, &in, e));
	const enum rc rc = fn(&q->core, in.id, in.version, e);
	if (rc == RC_CONFLICT)
		return show_again(q, r, &in, NULL, e);
	TRY(rc);
	if (!list)
		return redirect(q, r, in.id, e);
	resp_redirect(r, arena_printf(q->core.arena, "/admin/imports%s", list));
	return RC_OK;
}

/* One that may need a reason. */
static enum rc decide_why(struct req *q, struct resp *r, decision_why *fn, struct error *e)
{
	struct import_in in;

	TRY(req_read(q, &in, e));
	const enum rc rc = fn(&q->core, in.id, in.version, in.why, e);
	if (page_is_form_error(rc))
		return show_again(q, r, &in, NULL, e);
	TRY(rc);
	return redirect(q, r, in.id, e);
}

enum rc page_import_back(struct req *q, struct resp *r, struct error *e)
{
	return decide(q, r, import_back_to_columns, NULL, e);
}

enum rc page_import_run(struct req *q, struct resp *r, struct error *e)
{
	return decide_why(q, r, import_confirm, e);
}

enum rc page_import_undo(struct req *q, struct resp *r, struct error *e)
{
	return decide_why(q, r, import_undo, e);
}

enum rc page_import_drop(struct req *q, struct resp *r, struct error *e)
{
	return decide(q, r, import_drop, "?done=dropped", e);
}

/* ---- errors as a file
 * ---------------------------------------------------------------------------- */

static void put_line(struct buf *b, const struct str *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		csv_put(b, cells[i]);
	}
	BUF_LIT(b, "\r\n");
}

static enum rc put_problems(struct page *p, const struct import_info *i, struct buf *b,
			    struct error *e)
{
	const struct import_problem *rows;
	size_t n = CSV_STEP;
	int64_t total = 0;

	for (int64_t at = 0; at < IMPORT_ERRORS_CSV && n == CSV_STEP; at += CSV_STEP) {
		TRY(import_problems(p->core, i->s.id, at, CSV_STEP, &rows, &n, at ? NULL : &total,
				    e));
		for (size_t k = 0; k < n; k++) {
			const struct str cells[] = {
				arena_printf(p->arena, "%lld", (long long)rows[k].row),
				imports_problem_field(p, i->kind, rows[k].field), rows[k].value,
				reason_sentence(p->arena, p->lang, rows[k].reason, rows[k].arg)
			};
			put_line(b, cells, ARRAY_LEN(cells));
		}
	}
	if (total > IMPORT_ERRORS_CSV)
		put_line(b,
			 (const struct str[]){ STR(""), STR(""), STR(""),
					       page_text(p, N_("There are more errors; these are "
							       "the first 20,000.")) },
			 4);
	return RC_OK;
}

enum rc page_import_errors_csv(struct req *q, struct resp *r, struct error *e)
{
	struct import_info i;
	struct import_in in;
	struct page p;

	TRY(req_read(q, &in, e));
	TRY(import_get(&q->core, in.id, &i, e));
	TRY(page_init(&p, q, i.s.file_name, e));
	const struct str head[] = { page_text(&p, N_("Row")), page_text(&p, N_("Field")),
				    page_text(&p, N_("Value")),
				    page_text(&p, N_("What is wrong")) };
	BUF_LIT(&r->body, "\xEF\xBB\xBF"); /* spreadsheets take it for UTF-8 then */
	put_line(&r->body, head, ARRAY_LEN(head));
	TRY(put_problems(&p, &i, &r->body, e));
	r->type = STR("text/csv; charset=utf-8");
	resp_header(r, "Content-Disposition",
		    arena_printf(q->core.arena, "attachment; filename=\"import-%lld-errors.csv\"",
				 (long long)i.s.id));
	return RC_OK;
}
