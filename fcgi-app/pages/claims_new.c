/*
 * Asking: to be excused from one or several sessions, or to have one record corrected.
 */
#include "base/num.h"
#include "core/wall.h"
#include "pages/claims.h"
#include "pages/claims_part.h"
#include "view/tpl_pages_claim_correct.h"
#include "view/tpl_pages_claim_new.h"
#include "web/worker.h"

#define LIST_BACK  7 /* days, without being asked otherwise */
#define LIST_AHEAD 14
#define LIST_MAX   62

/* ---- the file of a form --------------------------------------------------------------------- */

static bool read_file(const struct req *q, struct claim_file *ret)
{
	for (size_t i = 0; i < q->n_files; i++) {
		const struct req_file *f = &q->files[i];

		if (!str_eq(f->field, STR("file")) || (!f->filename.n && !f->n))
			continue;
		*ret = (struct claim_file){ .fd = q->spool.fd,
					    .offset = f->offset,
					    .length = f->n,
					    .bytes = req_file_bytes(q, f),
					    .name = f->filename };
		return true;
	}
	return false;
}

static const struct form_field form_fields[] = {
	{ "sessions", "sessions", N_("Sessions") },
	{ "session", "sessions", N_("Sessions") },
	{ "wants", "wants", N_("What should stand there") },
	{ "reason", "reason", N_("Reason") },
	{ "file", "file", N_("Photo or PDF") },
};

static void fill_errors(struct page *p, struct req *q, const struct error *failed,
			struct view_claim_new *v)
{
	struct arena *a = p->arena;

	v->sessions_error = field_error(a, p->lang, failed, "sessions", "sessions-e");
	v->wants_error = field_error(a, p->lang, failed, "wants", "wants-e");
	v->reason_error = field_error(a, p->lang, failed, "reason", "reason-e");
	v->file_error = field_error(a, p->lang, failed, "file", "file-e");
	v->errors = form_errors(a, p->lang, failed, form_fields, ARRAY_LEN(form_fields));
	v->reason = req_raw(q, "reason");
}

static int status_of(const struct error *failed)
{
	switch ((int)failed->rc) {
	case RC_CONFLICT:
		return 409;
	case RC_TOO_BIG:
		return 413;
	case RC_BUSY:
		return 429;
	case RC_NO_SPACE:
		return 507;
	default:
		return 422;
	}
}

static struct view_claim_session session_view(const struct page *p, const struct status_set *set,
					      const struct claim_session *s)
{
	struct view_claim_session v = { .s = s, .mark_label = claim_mark_label(p, set, s->mark) };

	if (!s->may_ask)
		v.why = reason_sentence(p->arena, p->lang, s->why, s->why_arg);
	return v;
}

/* ---- excuses -------------------------------------------------------------------------------- */

struct excuse_in {
	int32_t from, to;
	struct field_list session;
	struct str reason;
};
FIELDS(claim_new_fields, excuse_in, FIELD(DAY, excuse_in, from, QUERY),
       FIELD(DAY, excuse_in, to, QUERY), FIELD(LIST, excuse_in, session, QUERY));
FIELDS(claim_excuse_fields, excuse_in, FIELD(DAY, excuse_in, from, FORM),
       FIELD(DAY, excuse_in, to, FORM), FIELD(LIST, excuse_in, session, FORM),
       FIELD(LONG_TEXT, excuse_in, reason, FORM));

static bool is_chosen(const struct field_list *list, int64_t id)
{
	int64_t v;

	for (size_t i = 0; i < list->n; i++)
		if (num_i64(list->v[i], 1, INT64_MAX, &v) && v == id)
			return true;
	return false;
}

/* The days that are shown: bounded, whatever was asked. */
static void fit_days(const struct req *q, struct excuse_in *in)
{
	int32_t today = core_wall(&q->core, (struct str){ 0 }, q->core.now_us).day;

	if (in->from == NO_DAY)
		in->from = in->to == NO_DAY ? today - LIST_BACK : in->to - LIST_AHEAD;
	if (in->to == NO_DAY)
		in->to = in->from + LIST_BACK + LIST_AHEAD;
	if (in->to < in->from)
		in->to = in->from;
	if (in->to - in->from > LIST_MAX)
		in->to = in->from + LIST_MAX;
}

static struct str iso(struct arena *a, int32_t day)
{
	char text[11];

	return arena_str(a, day_format(day, text));
}

static enum rc show_excuse(struct req *q, struct resp *r, struct excuse_in *in,
			   const struct error *failed, struct error *e)
{
	struct view_claim_new v = { 0 };
	struct tpl t = req_tpl(q, r);
	const struct claim_session *rows;
	struct status_set set;
	struct page p;
	size_t n;

	fit_days(q, in);
	TRY(page_init(&p, q, req_text(q, N_("Ask to be excused")), e));
	p.view.nav = NAV_ATTENDANCE;
	v.page = &p.view;
	TRY(claim_sessions(&q->core, in->from, in->to, &rows, &n, e));
	TRY(status_set_get(&q->core, &set, e));
	v.sessions = ARENA_ARRAY(p.arena, n, struct view_claim_session);
	if (!v.sessions)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		struct view_claim_session one = session_view(&p, &set, &rows[i]);

		/* What was cancelled, or where one was, needs no excuse. */
		if (rows[i].why == REASON_NOT_A_CHOICE || rows[i].mark == MARK_PRESENT)
			continue;
		one.is_chosen =
			rows[i].may_ask && is_chosen(&in->session, rows[i].t->occurrence_id);
		v.sessions[v.n_sessions++] = one;
	}
	v.from = iso(p.arena, in->from);
	v.to = iso(p.arena, in->to);
	if (failed) {
		r->status = status_of(failed);
		p.view.here = STR("/excuses/new");
		fill_errors(&p, q, failed, &v);
	}
	tpl_pages_claim_new(&t, &v);
	return RC_OK;
}

enum rc page_claim_new(struct req *q, struct resp *r, struct error *e)
{
	struct excuse_in in;

	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	return show_excuse(q, r, &in, NULL, e);
}

static enum rc take_ids(struct req *q, const struct field_list *list, int64_t **ret,
			struct error *e)
{
	int64_t *ids = ARENA_ARRAY(q->core.arena, list->n, int64_t);

	if (!ids)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < list->n; i++)
		if (!num_i64(list->v[i], 1, INT64_MAX, &ids[i]))
			return ERROR_FIELD(e, "sessions", REASON_NOT_A_CHOICE, 0);
	*ret = ids;
	return RC_OK;
}

static enum rc add(struct req *q, struct claim_in *ask, struct error *e)
{
	struct claim_file file;
	int64_t id;

	if (read_file(q, &file))
		ask->file = &file;
	return claim_add(&q->core, q->worker->web->files, ask, &id, e);
}

enum rc page_claim_excuse(struct req *q, struct resp *r, struct error *e)
{
	struct claim_in ask = { .kind = CLAIM_EXCUSE };
	struct excuse_in in;
	int64_t *ids = NULL;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = take_ids(q, &in.session, &ids, e);
	if (rc == RC_OK) {
		ask.occurrences = ids;
		ask.n = in.session.n;
		ask.reason = in.reason;
		rc = add(q, &ask, e);
	}
	if (page_is_form_error(rc)) {
		const struct error failed = *e;

		error_init(e);
		return show_excuse(q, r, &in, &failed, e);
	}
	TRY(rc);
	resp_redirect(r, STR("/excuses?done=asked"));
	return RC_OK;
}

/* ---- corrections ---------------------------------------------------------------------------- */

static const char *const wants_words[] = { "present", "late", "excused", "absent", NULL };

struct correction_in {
	int64_t attendance;
	int wants;
	struct str reason;
};
FIELDS(claim_correct_fields, correction_in, FIELD(ID, correction_in, attendance, QUERY));
FIELDS(claim_correction_fields, correction_in, FIELD(ID, correction_in, attendance, FORM),
       FIELD(CHOICE, correction_in, wants, FORM, .words = wants_words),
       FIELD(LONG_TEXT, correction_in, reason, FORM));

/* wants: 0 to 3, or -1. */
static enum rc show_correction(struct req *q, struct resp *r, const struct correction_in *in,
			       const struct error *failed, struct error *e)
{
	struct view_claim_new v = { .attendance_id = in->attendance };
	struct tpl t = req_tpl(q, r);
	struct claim_session one;
	struct status_set set;
	struct page p;

	TRY(claim_session_of(&q->core, in->attendance, &one, e));
	TRY(page_init(&p, q, req_text(q, N_("Ask for a correction")), e));
	p.view.nav = NAV_ATTENDANCE;
	v.page = &p.view;
	TRY(status_set_get(&q->core, &set, e));
	v.one = session_view(&p, &set, &one);
	for (enum mark m = MARK_PRESENT; m < MARK__MAX; m++) {
		if (m == one.mark)
			continue;
		v.choices[v.n_choices++] =
			(struct view_claim_choice){ .word = mark_name(m),
						    .label = claim_mark_label(&p, &set, m),
						    .is_chosen =
							    in->wants == (int)(m - MARK_PRESENT) };
	}
	if (failed) {
		r->status = status_of(failed);
		p.view.here = STR("/excuses");
		fill_errors(&p, q, failed, &v);
	}
	tpl_pages_claim_correct(&t, &v);
	return RC_OK;
}

enum rc page_claim_correct(struct req *q, struct resp *r, struct error *e)
{
	struct correction_in in;

	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	in.wants = -1;
	if (!in.attendance) {
		resp_redirect(r, STR("/history"));
		return RC_OK;
	}
	return show_correction(q, r, &in, NULL, e);
}

enum rc page_claim_correction(struct req *q, struct resp *r, struct error *e)
{
	struct claim_in ask = { .kind = CLAIM_CORRECTION };
	struct correction_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK && !in.attendance)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no session is named");
	if (rc == RC_OK) {
		ask.attendance_id = in.attendance;
		ask.wants = in.wants < 0 ? MARK_NONE : (enum mark)(in.wants + MARK_PRESENT);
		ask.reason = in.reason;
		rc = add(q, &ask, e);
	}
	if (page_is_form_error(rc) && in.attendance) {
		const struct error failed = *e;

		error_init(e);
		return show_correction(q, r, &in, &failed, e);
	}
	TRY(rc);
	resp_redirect(r, STR("/excuses?done=asked"));
	return RC_OK;
}
