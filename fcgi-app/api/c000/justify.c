/*
 * Justifications of contract 000 (contracts.md 1.6); see door.h.
 *
 * A justification is an excuse that a student asks for (core/attendance/claim.h) about one absence;
 * its id is that of the item.  A path that a client names is no document: the file comes with the
 * form.
 */
#include "api/c000/door.h"
#include "api/c000/family.h"
#include "api/c000/render.h"
#include "core/attendance/claim.h"
#include "web/worker.h"

#define OWN_MAX 500

static const char *const states[CLAIM_STATE__MAX] = {
	[CLAIM_IS_WAITING] = "pending",
	[CLAIM_IS_APPROVED] = "approved",
	[CLAIM_IS_REJECTED] = "rejected",
	[CLAIM_IS_WITHDRAWN] = "withdrawn",
};
const char *const c000_justification_states[] = { "pending", "approved", "rejected", "withdrawn",
						  NULL };

static enum rc need_profile(const struct req *q, struct error *e)
{
	if (q->who.person_id != COLUMN_NULL)
		return RC_OK;
	return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "an account without a person");
}

/* ---- reading ----------------------------------------------------------------------------------
 */

/* The newest excuse that a student asked for about a session; NULL: none. */
static const struct claim_row *about(const struct claim_row *rows, size_t n, int64_t attendance_id)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].kind == CLAIM_EXCUSE && rows[i].state != CLAIM_IS_WITHDRAWN &&
		    rows[i].s->attendance_id == attendance_id)
			return &rows[i];
	return NULL;
}

enum rc c000_student_absences(struct req *q, struct resp *r, struct error *e)
{
	const struct smart_record_row *rows;
	const struct claim_row *claims;
	struct json_out o;
	size_t n, n_claims;

	TRY(need_profile(q, e));
	TRY(smart_records(&q->core, SMART_OF_PERSON, q->who.person_id, REGISTER_MARK_MAX, &rows, &n,
			  e));
	TRY(claim_own(&q->core, OWN_MAX, &claims, &n_claims, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		const struct claim_row *claim;

		if (!str_eq(rows[i].status, STR("absent")))
			continue;
		claim = about(claims, n_claims, rows[i].attendance_id);
		json_out_object(&o);
		json_out_key_i64(&o, "id", rows[i].id);
		c000_key_id(&o, "session_id", rows[i].occurrence_id);
		c000_key_day(&o, "date", rows[i].session_date);
		json_out_key_str(&o, "subject", rows[i].title);
		c000_key_text(&o, "justification", claim ? claim->s->reason : (struct str){ 0 });
		json_out_key_bool(&o, "hasJustification", claim != NULL);
		json_out_key_bool(&o, "justified", claim && claim->state == CLAIM_IS_APPROVED);
		json_out_object_end(&o);
	}
	json_out_array_end(&o);
	return RC_OK;
}

static void write_one(struct req *q, struct json_out *o, const struct claim_row *row)
{
	const struct claim_stored *s = row->s;

	json_out_object(o);
	json_out_key_i64(o, "id", s->id);
	c000_key_id(o, "absence_id", s->record_id);
	c000_key_id(o, "session_id", s->occurrence_id);
	c000_key_day(o, "date", s->session_date);
	json_out_key_str(o, "subject", s->title);
	json_out_key_str(o, "reason", s->reason);
	json_out_key_cz(o, "status", states[row->state]);
	c000_key_text(o, "document_name", s->file_name);
	c000_key_text(o, "document_url",
		      row->has_file ? arena_printf(q->core.arena, "/excuses/%lld/file",
						   (long long)s->claim_id)
				    : (struct str){ 0 });
	c000_key_text(o, "comment", s->decided_why);
	c000_key_time(o, "submitted_at", s->created_at);
	c000_key_time(o, "reviewed_at", row->state == CLAIM_IS_WAITING ? NO_TIME : s->decided_at);
	json_out_object_end(o);
}

enum rc c000_justifications(struct req *q, struct resp *r, struct error *e)
{
	const struct claim_row *rows;
	struct json_out o;
	size_t n;

	TRY(need_profile(q, e));
	TRY(claim_own(&q->core, OWN_MAX, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		if (rows[i].kind == CLAIM_EXCUSE)
			write_one(q, &o, &rows[i]);
	json_out_array_end(&o);
	return RC_OK;
}

/* ---- asking -----------------------------------------------------------------------------------
 */

struct justify_in {
	int64_t id, absence_id;
	struct str reason, justification, comment;
	int status;
};
FIELDS(c000_justification_fields, justify_in,
       FIELD(ID, justify_in, absence_id, FORM, .required = true),
       FIELD(LONG_TEXT, justify_in, reason, FORM, .max = CLAIM_REASON_MAX, .required = true));
FIELDS(c000_justify_fields, justify_in, FIELD(ID, justify_in, id, PATH, .required = true),
       FIELD(LONG_TEXT, justify_in, justification, ANY, .max = CLAIM_REASON_MAX, .required = true));

/* core's names of fields as this contract has them. */
static enum rc renamed(enum rc rc, const char *sessions, const char *reason, struct error *e)
{
	for (size_t i = 0; i < e->n_fields; i++) {
		if (str_eq(str_from(e->fields[i].field), STR("sessions")))
			e->fields[i].field = sessions;
		else if (str_eq(str_from(e->fields[i].field), STR("reason")))
			e->fields[i].field = reason;
	}
	return rc;
}

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

/* About a record of one's own. */
static enum rc ask(struct req *q, int64_t record_id, struct str reason, int64_t *ret_claim,
		   struct error *e)
{
	struct claim_in in = { .kind = CLAIM_EXCUSE, .reason = reason };
	struct smart_record_row row;
	struct claim_file file;

	TRY(smart_record_get(&q->core, record_id, &row, e));
	in.attendance_id = row.attendance_id;
	if (read_file(q, &file))
		in.file = &file;
	return claim_add(&q->core, q->worker->web->files, &in, ret_claim, e);
}

enum rc c000_justification_add(struct req *q, struct resp *r, struct error *e)
{
	struct justify_in in;
	struct json_out o;
	int64_t id;

	TRY(need_profile(q, e));
	TRY(req_read(q, &in, e));
	TRY(renamed(ask(q, in.absence_id, in.reason, &id, e), "absence_id", "reason", e));
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_cz(&o, "status", "success");
	json_out_key_cz(&o, "message", "Justification submitted");
	json_out_key_i64(&o, "absence_id", in.absence_id);
	json_out_object_end(&o);
	return RC_OK;
}

/* By those who work on the session: excused at once. */
static enum rc excuse(struct req *q, int64_t record_id, struct str remark, struct error *e)
{
	const struct register_mark mark = { .mark = MARK_EXCUSED,
					    .version = REGISTER_ANY,
					    .has_remark = remark.n > 0,
					    .remark = remark };
	struct register_mark one = mark;
	struct register_done done;
	struct smart_record_row row;

	TRY(smart_record_get(&q->core, record_id, &row, e));
	one.person_id = row.person_id;
	return register_set(&q->core, row.attendance_id, &one, 1, STR("contract 000"), &done, e);
}

static void answer(struct resp *r, const char *message, int64_t record_id)
{
	struct json_out o = resp_json(r);

	json_out_object(&o);
	json_out_key_cz(&o, "status", "success");
	json_out_key_cz(&o, "message", message);
	json_out_key_i64(&o, "record_id", record_id);
	json_out_object_end(&o);
}

enum rc c000_justify(struct req *q, struct resp *r, struct error *e)
{
	struct justify_in in;
	int64_t id;
	enum rc rc;

	TRY(req_read(q, &in, e));
	if (who_is_staff(&q->who)) {
		rc = excuse(q, in.id, in.justification, e);
		for (size_t i = 0; i < e->n_fields; i++)
			e->fields[i].field = "justification";
		TRY(rc);
		answer(r, "Attendance justified", in.id);
		return RC_OK;
	}
	TRY(renamed(ask(q, in.id, in.justification, &id, e), "id", "justification", e));
	answer(r, "Justification submitted", in.id);
	return RC_OK;
}

/* ---- deciding ---------------------------------------------------------------------------------
 */

static const char *const decisions[] = { "approved", "rejected", NULL };
FIELDS(c000_justification_decide_fields, justify_in,
       FIELD(ID, justify_in, id, PATH, .required = true),
       FIELD(CHOICE, justify_in, status, FORM, .words = decisions, .required = true),
       FIELD(TEXT, justify_in, comment, FORM, .max = CLAIM_WHY_MAX));

static enum rc decide(struct req *q, const struct justify_in *in,
		      const struct smart_record_row *row, struct error *e)
{
	struct claim_pick pick = { 0 };
	struct claim_done done;
	struct claim_row claim;
	bool approves = in->status == 0;
	enum rc rc;

	TRY(claim_latest(q->core.db, row->attendance_id, row->person_id,
			 str_from(claim_kind_name(CLAIM_EXCUSE)), q->core.arena, &pick.id, e));
	if (pick.id)
		TRY(claim_get(&q->core, pick.id, &claim, e));
	if (!pick.id || claim.state != CLAIM_IS_WAITING) {
		/* Nothing was handed in: approving excuses all the same. */
		if (!approves)
			return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no justification");
		return str_eq(row->status, STR("present")) ? RC_OK
							   : excuse(q, in->id, in->comment, e);
	}
	rc = claim_decide(&q->core, approves ? CLAIM_APPROVE : CLAIM_REJECT, &pick, 1, in->comment,
			  true, &done, e);
	for (size_t i = 0; i < e->n_fields; i++)
		e->fields[i].field = "comment";
	return rc;
}

enum rc c000_justification_decide(struct req *q, struct resp *r, struct error *e)
{
	struct smart_record_row row;
	struct justify_in in;

	TRY(req_read(q, &in, e));
	TRY(smart_record_get(&q->core, in.id, &row, e));
	TRY(decide(q, &in, &row, e));
	answer(r, in.status == 0 ? "Justification approved" : "Justification rejected", in.id);
	return RC_OK;
}
