/*
 * The status set: look, and save all four at once.
 */
#include "pages/marks.h"

#include "core/attendance/policy.h"
#include "core/rights.h"
#include "pages/org_part.h"
#include "view/policies.h"
#include "view/tpl_pages_marks.h"

#define N_MARKS 4

struct marks_look_in {
	struct str done;
};
FIELDS(marks_fields, marks_look_in, FIELD(TEXT, marks_look_in, done, QUERY));

struct marks_in {
	struct str label_present, label_late, label_excused, label_absent;
	struct str letter_present, letter_late, letter_excused, letter_absent;
	int64_t points_present, points_late, points_excused, points_absent;
	bool counted_present, counted_late, counted_excused, counted_absent;
	int64_t version_present, version_late, version_excused, version_absent;
};
#define OF(word)                                                                                   \
	FIELD(TEXT, marks_in, label_##word, FORM, .max = 2000),                                    \
		FIELD(TEXT, marks_in, letter_##word, FORM, .max = 2000),                           \
		FIELD(INT, marks_in, points_##word, FORM, .required = true),                       \
		FIELD(BOOL, marks_in, counted_##word, FORM),                                       \
		FIELD(INT, marks_in, version_##word, FORM, .min = 0, .max = INT32_MAX)
FIELDS(marks_save_fields, marks_in, OF(present), OF(late), OF(excused), OF(absent));

static const struct form_field form_fields[] = {
#define NAMES(word, text)                                                                          \
	{ "label_" word, "m-label-" word, text }, { "letter_" word, "m-letter-" word, text },      \
	{                                                                                          \
		"points_" word, "m-points-" word, text                                             \
	}
	NAMES("present", N_("Present")),
	NAMES("late", N_("Late")),
	NAMES("excused", N_("Excused")),
	NAMES("absent", N_("Absent")),
};
static const char *const words[MARK__MAX] = {
	[MARK_PRESENT] = N_("Present"),
	[MARK_LATE] = N_("Late"),
	[MARK_EXCUSED] = N_("Excused"),
	[MARK_ABSENT] = N_("Absent"),
};

static struct str name_of(struct page *p, const char *what, const char *mark)
{
	return arena_printf(p->arena, "%s%s", what, mark);
}

static struct view_field_error error_of(struct page *p, const struct error *failed,
					const char *what, const char *id, const char *mark)
{
	struct str name = name_of(p, what, mark), at = arena_printf(p->arena, "%s%s-e", id, mark);

	return field_error(p->arena, p->lang, failed, name.p ? name.p : "", at.p ? at.p : "");
}

static struct view_mark_row row_of(struct page *p, const struct status_row *s,
				   const struct req *typed, const struct error *failed)
{
	const char *mark = mark_name(s->mark);

	return (struct view_mark_row){
		.name = mark,
		.word = page_text(p, words[s->mark]),
		.label = typed ? req_raw(typed, name_of(p, "label_", mark).p) : s->label,
		.letter = typed ? req_raw(typed, name_of(p, "letter_", mark).p) : s->letter,
		.points = typed ? req_raw(typed, name_of(p, "points_", mark).p)
				: arena_printf(p->arena, "%lld", (long long)s->points),
		.is_counted =
			typed ? req_has(typed, name_of(p, "counted_", mark).p) : s->is_counted,
		.revision = s->version,
		.label_error = error_of(p, failed, "label_", "m-label-", mark),
		.letter_error = error_of(p, failed, "letter_", "m-letter-", mark),
		.points_error = error_of(p, failed, "points_", "m-points-", mark),
	};
}

static enum rc show(struct req *q, struct resp *r, struct str done, const struct req *typed,
		    const struct error *failed, struct error *e)
{
	struct view_marks v = { .n_rows = N_MARKS };
	struct tpl t = req_tpl(q, r);
	struct status_set set;
	struct page p;

	if (rights_scope(q->core.who->role, ACTION_STATUS_MANAGE) == SCOPE_NONE)
		return ERROR(e, RC_DENIED, REASON_SUPER_ADMIN_ONLY, "role %s",
			     role_name(q->core.who->role));
	TRY(org_page_init(&p, q, req_text(q, N_("Marks")), AREA_MARKS, false, e));
	TRY(status_set_get(&q->core, &set, e));
	v.page = &p.view;
	p.view.here = STR("/admin/marks");
	v.flash.kind = org_done_from(done);
	for (size_t i = 0; i < N_MARKS; i++)
		v.rows[i] = row_of(&p, &set.v[MARK_PRESENT + i], typed, failed);
	v.errors = form_errors(p.arena, p.lang, failed, form_fields, ARRAY_LEN(form_fields));
	org_set_status(r, failed);
	tpl_pages_marks(&t, &v);
	return RC_OK;
}

enum rc page_marks(struct req *q, struct resp *r, struct error *e)
{
	struct marks_look_in in;
	struct error none;

	error_init(&none);
	TRY(req_read(q, &in, e));
	return show(q, r, in.done, NULL, &none, e);
}

static struct status_set set_of(const struct marks_in *in)
{
	return (struct status_set){ .v = {
#define ROW(MARK, word)                                                                            \
	[MARK_##MARK] = { MARK_##MARK,       in->label_##word,   in->letter_##word,                \
			  in->points_##word, in->counted_##word, in->version_##word }
					    ROW(PRESENT, present),
					    ROW(LATE, late),
					    ROW(EXCUSED, excused),
					    ROW(ABSENT, absent),
#undef ROW
				    } };
}

enum rc page_marks_save(struct req *q, struct resp *r, struct error *e)
{
	struct marks_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK) {
		struct status_set set = set_of(&in);

		rc = status_set_save(&q->core, &set, e);
	}
	if (page_is_form_error(rc)) {
		const struct error failed = org_keep(e);

		return show(q, r, STR(""), q, &failed, e);
	}
	TRY(rc);
	resp_redirect(r, STR("/admin/marks?done=saved"));
	return RC_OK;
}
