/*
 * Flagged check-ins and guests of a session: forms of the console.
 */
#include "pages/console.h"
#include "pages/console_view.h"
#include "web/photo_send.h"

/* ---- flagged -------------------------------------------------------------------------------- */

static const char *const do_words[] = { "reject", "accept", NULL };

struct decide_in {
	int64_t id, attempt;
	int what;
	struct str why;
};
FIELDS(decide_fields, decide_in, FIELD(ID, decide_in, id, PATH),
       FIELD(ID, decide_in, attempt, PATH),
       FIELD_AS(CHOICE, decide_in, what, "do", FORM, .words = do_words, .required = true),
       FIELD(TEXT, decide_in, why, FORM, .max = 10000));

/* The attempt is one of this session. */
static enum rc check_attempt(struct core *c, int64_t id, int64_t attempt,
			     struct checkin_attempt *ret, struct error *e)
{
	TRY(checkin_attempt_get(c, attempt, ret, e));
	if (ret->attendance_id != id)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "attempt %lld of another session",
			     (long long)attempt);
	return RC_OK;
}

/* The console again, with the sentence over it. */
static enum rc show_again(struct req *q, struct resp *r, int64_t id, const struct error *failed,
			  struct error *e)
{
	static const struct form_field fields[] = { { "why", "flagged", N_("Reason") },
						    { "do", "flagged", N_("Decision") },
						    { "name", "guest", N_("Name of a guest") },
						    { "person", "guests", N_("Student") },
						    { "person_id", "guests", N_("Student") } };
	struct console c;

	TRY(console_read(q, id, CONSOLE_ALL, (struct str){ 0 }, &c, e));
	c.page.view.here = arena_printf(c.page.arena, "/attendance/%lld", (long long)id);
	r->status = failed->rc == RC_CONFLICT ? 409 : 422;
	c.v.guest = req_raw(q, "name");
	c.v.guest_error = field_error(c.page.arena, c.page.lang, failed, "name", "guest-e");
	c.v.errors = form_errors(c.page.arena, c.page.lang, failed, fields, ARRAY_LEN(fields));
	console_draw(q, r, &c);
	return RC_OK;
}

static void json_sentence(struct req *q, struct resp *r, const struct error *failed)
{
	enum reason reason = failed->n_fields ? failed->fields[0].reason : failed->reason;
	int64_t arg = failed->n_fields ? failed->fields[0].arg : failed->arg;
	struct json_out o;

	r->status = failed->rc == RC_CONFLICT ? 409 : 422;
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_str(&o, "error", reason_sentence(q->core.arena, q->lang, reason, arg));
	json_out_object_end(&o);
}

enum rc page_decide(struct req *q, struct resp *r, struct error *e)
{
	struct checkin_attempt a;
	struct decide_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = check_attempt(&q->core, in.id, in.attempt, &a, e);
	if (rc == RC_OK)
		rc = register_decide(&q->core, in.attempt, in.what == 1, in.why, e);
	if (page_is_form_error(rc)) {
		struct error failed = *e;

		error_init(e);
		if (!q->wants_json)
			return show_again(q, r, in.id, &failed, e);
		json_sentence(q, r, &failed);
		return RC_OK;
	}
	TRY(rc);
	if (q->wants_json) {
		resp_no_content(r);
		return RC_OK;
	}
	return attendance_redirect(q, r, in.id, in.what == 1 ? AFLASH_ACCEPTED : AFLASH_REJECTED, 0,
				   0, NULL, e);
}

struct photo_page_in {
	int64_t id, attempt;
};
FIELDS(photo_fields, photo_page_in, FIELD(ID, photo_page_in, id, PATH),
       FIELD(ID, photo_page_in, attempt, PATH));

enum rc page_attempt_photo(struct req *q, struct resp *r, struct error *e)
{
	struct checkin_attempt a;
	struct photo_page_in in;
	struct attendance s;

	TRY(req_read(q, &in, e));
	TRY(attendance_get_to_work(&q->core, in.id, &s, e));
	TRY(check_attempt(&q->core, in.id, in.attempt, &a, e));
	return photo_send(q, r, a.photo_file, e);
}

/* ---- guests --------------------------------------------------------------------------------- */

struct guest_in {
	int64_t id, guest, person;
	struct str name;
};
FIELDS(guest_fields, guest_in, FIELD(ID, guest_in, id, PATH),
       FIELD(TEXT, guest_in, name, FORM, .max = 10000));
FIELDS(guest_change_fields, guest_in, FIELD(ID, guest_in, id, PATH),
       FIELD(ID, guest_in, guest, PATH), FIELD(ID, guest_in, person, FORM));

enum rc page_guest_add(struct req *q, struct resp *r, struct error *e)
{
	struct guest_in in;
	int64_t guest;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = register_guest_add(&q->core, in.id, in.name, (struct str){ 0 }, &guest, e);
	if (page_is_form_error(rc)) {
		struct error failed = *e;

		error_init(e);
		return show_again(q, r, in.id, &failed, e);
	}
	TRY(rc);
	return attendance_redirect(q, r, in.id, AFLASH_GUEST_ADDED, 0, 0, NULL, e);
}

/* The guest is one of this session. */
static enum rc check_guest(struct req *q, const struct guest_in *in, struct error *e)
{
	struct register_list l;
	struct attendance s;

	TRY(attendance_get_to_work(&q->core, in->id, &s, e));
	TRY(register_get(&q->core, &s, &l, e));
	for (size_t i = 0; i < l.n_guests; i++)
		if (l.guests[i].id == in->guest)
			return RC_OK;
	return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "guest %lld", (long long)in->guest);
}

enum rc page_guest_merge(struct req *q, struct resp *r, struct error *e)
{
	struct guest_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = check_guest(q, &in, e);
	if (rc == RC_OK && in.person == 0)
		rc = ERROR_FIELD(e, "person", REASON_NOT_A_CHOICE, 0);
	if (rc == RC_OK)
		rc = register_guest_merge(&q->core, in.guest, in.person, e);
	if (page_is_form_error(rc)) {
		struct error failed = *e;

		error_init(e);
		return show_again(q, r, in.id, &failed, e);
	}
	TRY(rc);
	return attendance_redirect(q, r, in.id, AFLASH_MERGED, 0, 0, NULL, e);
}

enum rc page_guest_remove(struct req *q, struct resp *r, struct error *e)
{
	struct guest_in in;

	TRY(req_read(q, &in, e));
	TRY(check_guest(q, &in, e));
	TRY(register_guest_remove(&q->core, in.guest, e));
	return attendance_redirect(q, r, in.id, AFLASH_GUEST_GONE, 0, 0, NULL, e);
}
