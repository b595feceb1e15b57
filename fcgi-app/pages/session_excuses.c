/*
 * Excuses of a session, entered by its teacher: before it, or after.
 */
#include "core/attendance/course_report.h"
#include "core/session/session.h"
#include "pages/claims.h"
#include "pages/claims_part.h"
#include "view/tpl_pages_session_excuses.h"

struct excuses_in {
	int64_t id, person;
	bool off;
	struct str remark, done;
};
FIELDS(session_excuses_fields, excuses_in, FIELD(ID, excuses_in, id, PATH),
       FIELD(TEXT, excuses_in, done, QUERY));
FIELDS(session_excuse_fields, excuses_in, FIELD(ID, excuses_in, id, PATH),
       FIELD(ID, excuses_in, person, FORM), FIELD(BOOL, excuses_in, off, FORM),
       FIELD(TEXT, excuses_in, remark, FORM, .max = 10000));

static const struct form_field form_fields[] = {
	{ "person", "person", N_("Student") },
	{ "person_id", "person", N_("Student") },
	{ "remark", "remark", N_("Reason") },
};

static struct str name_of(struct arena *a, struct str given, struct str family)
{
	struct str name = arena_printf(a, "%.*s %.*s", STR_ARG(given), STR_ARG(family));

	return name.p ? str_trim(name) : family;
}

static bool is_excused(const struct excuse_row *rows, size_t n, int64_t person_id)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].person_id == person_id)
			return true;
	return false;
}

static enum rc fill_people(struct page *p, int64_t chosen, const struct excuse_row *rows, size_t n,
			   struct view_session_excuses *v, struct error *e)
{
	struct view_excused_choice *people;
	const struct expected_row *expected;
	size_t n_expected;

	TRY(expected_list(p->core, v->id, &expected, &n_expected, e));
	people = ARENA_ARRAY(p->arena, n_expected, struct view_excused_choice);
	if (!people)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n_expected; i++) {
		if (is_excused(rows, n, expected[i].person_id))
			continue;
		people[v->n_people++] = (struct view_excused_choice){
			.id = expected[i].person_id,
			.name = name_of(p->arena, expected[i].given_name, expected[i].family_name),
			.is_chosen = expected[i].person_id == chosen,
		};
	}
	v->people = people;
	return RC_OK;
}

static enum rc fill_rows(struct page *p, const struct excuse_row *rows, size_t n,
			 struct view_session_excuses *v, struct error *e)
{
	struct view_excused_row *out = ARENA_ARRAY(p->arena, n, struct view_excused_row);

	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		out[i] = (struct view_excused_row){ &rows[i], name_of(p->arena, rows[i].given_name,
								      rows[i].family_name) };
	v->rows = out;
	v->n_rows = n;
	return RC_OK;
}

static enum rc show(struct req *q, struct resp *r, const struct excuses_in *in,
		    const struct error *failed, struct error *e)
{
	struct view_session_excuses v = { .id = in->id };
	struct tpl t = req_tpl(q, r);
	const struct excuse_row *rows;
	struct session_detail d;
	struct page p;
	size_t n;

	TRY(session_get(&q->core, in->id, &d, e));
	TRY(register_excuses(&q->core, in->id, &rows, &n, e));
	TRY(page_init(&p, q, req_text(q, N_("Excuses")), e));
	p.view.nav = NAV_SESSIONS;
	v.page = &p.view;
	v.title = d.row.title;
	v.day = d.row.day;
	v.start_tod = d.row.start_tod;
	v.has_begun = q->core.now_us >= d.row.starts_at;
	v.flash = claim_flash_from(in->done);
	v.person_error.id = "person-e";
	v.remark_error.id = "remark-e";
	TRY(fill_rows(&p, rows, n, &v, e));
	TRY(fill_people(&p, failed ? in->person : 0, rows, n, &v, e));
	if (failed) {
		r->status = failed->rc == RC_CONFLICT ? 409 : 422;
		p.view.here = arena_printf(p.arena, "/sessions/%lld/excuses", (long long)in->id);
		v.remark = req_raw(q, "remark");
		v.person_error = field_error(p.arena, p.lang, failed, "person", "person-e");
		if (!v.person_error.text.n)
			v.person_error =
				field_error(p.arena, p.lang, failed, "person_id", "person-e");
		v.remark_error = field_error(p.arena, p.lang, failed, "remark", "remark-e");
		v.errors =
			form_errors(p.arena, p.lang, failed, form_fields, ARRAY_LEN(form_fields));
	}
	tpl_pages_session_excuses(&t, &v);
	return RC_OK;
}

enum rc page_session_excuses(struct req *q, struct resp *r, struct error *e)
{
	struct excuses_in in;

	TRY(req_read(q, &in, e));
	return show(q, r, &in, NULL, e);
}

enum rc page_session_excuse(struct req *q, struct resp *r, struct error *e)
{
	struct excuses_in in;
	struct str path;
	enum rc rc = req_read(q, &in, e);

	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	if (rc == RC_OK && !in.person)
		rc = ERROR_FIELD(e, "person", REASON_REQUIRED, 0);
	if (rc == RC_OK)
		rc = register_excuse(&q->core, in.id, in.person, !in.off, in.remark, e);
	if (page_is_form_error(rc)) {
		const struct error failed = *e;

		error_init(e);
		in.done = (struct str){ 0 };
		return show(q, r, &in, &failed, e);
	}
	TRY(rc);
	path = arena_printf(q->core.arena, "/sessions/%lld/excuses?done=%s", (long long)in.id,
			    claim_flash_name(in.off ? CLAIM_FLASH_TAKEN_BACK
						    : CLAIM_FLASH_EXCUSED));
	if (!path.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, path);
	return RC_OK;
}
