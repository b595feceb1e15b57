/*
 * create, update, complete, cancel.
 *
 * The states are core's: what a status means there is one of its calls.  What is not
 * sent is not changed; the clock of the server decides, so `completed_at` and
 * `completed_by` are not read.
 */
#include "api/c004/door.h"
#include "api/c004/render.h"
#include "api/c004/session.h"
#include "api/c004/target.h"
#include "core/schedule/schedule.h"
#include "core/session/code.h"

/* What stands as the reason of a cancellation when the client gives none. */
#define REASON_UNSAID "Cancelled"

enum status { STATUS_NONE, STATUS_PENDING, STATUS_COMPLETED, STATUS_CANCELLED };
static const char *const status_words[] = { "", "pending", "completed", "cancelled", NULL };

struct change_in {
	int64_t id, occurrence_id;
	struct str schedule_id, batch_id, faculty_id, employee_id;
	int32_t actual_start_time, actual_end_time;
	struct str completion_code, notes, reason;
	enum status status;
};
/* Which of them must be there depends on the action. */
FIELDS(c004_change_fields, change_in, FIELD(ID, change_in, id, ANY),
       FIELD(ID, change_in, occurrence_id, ANY), FIELD(TEXT, change_in, schedule_id, ANY),
       FIELD(TEXT, change_in, batch_id, ANY), FIELD(TEXT, change_in, faculty_id, ANY),
       FIELD(TEXT, change_in, employee_id, ANY), FIELD(TOD, change_in, actual_start_time, ANY),
       FIELD(TOD, change_in, actual_end_time, ANY),
       FIELD(TEXT, change_in, completion_code, ANY, .max = CODE_MAX_CHARS),
       FIELD(LONG_TEXT, change_in, notes, ANY, .max = COMPLETION_NOTES_MAX),
       FIELD(TEXT, change_in, reason, ANY, .max = COMPLETION_REASON_MAX),
       FIELD(CHOICE, change_in, status, ANY, .words = status_words));

static enum rc required(const char *field, struct error *e)
{
	return ERROR_FIELD(e, field, REASON_REQUIRED, 0);
}

/* What was sent, over what the completion has (NULL: none). */
static struct completion_in merge(const struct req *q, const struct change_in *in,
				  const struct completion_row *row)
{
	struct completion_in all = { .actual_start = in->actual_start_time,
				     .actual_end = in->actual_end_time,
				     .code = in->completion_code,
				     .notes = in->notes };

	if (!row)
		return all;
	if (all.actual_start == NO_DAY)
		all.actual_start = row->actual_start_time;
	if (all.actual_end == NO_DAY)
		all.actual_end = row->actual_end_time;
	if (!all.code.n)
		all.code = row->completion_code;
	if (!req_has(q, "notes"))
		all.notes = row->notes;
	return all;
}

/* A session that is completed already is edited, as the original does. */
static enum rc complete_target(struct req *q, const struct c004_target *t,
			       const struct change_in *in, struct completion_result *ret,
			       struct error *e)
{
	const struct completion_row *row = c004_target_live(t);
	struct completion_in all = merge(q, in, row);

	TRY(c004_target_need_live(t, e));
	all.occurrence_id = t->occurrence_id;
	if (!row || !str_eq(c004_status(row->state), STR("completed")))
		return completion_complete(&q->core, &all, ret, e);
	all.version = row->version;
	return completion_edit(&q->core, &all, ret, e);
}

static enum rc cancel_occurrence(struct req *q, int64_t occurrence_id, struct str reason,
				 struct error *e)
{
	return completion_cancel(&q->core, occurrence_id, 0, reason.n ? reason : STR(REASON_UNSAID),
				 e);
}

/* ---- create ---------------------------------------------------------------------------- */

/* schedule_id and batch_id are the occurrence's own; where it has none, none is needed. */
static enum rc check_own(struct str sent, const char *field, int64_t own, struct error *e)
{
	int64_t id;

	TRY(c004_optional_id(sent, field, &id, e));
	if (id == own)
		return RC_OK;
	return id == COLUMN_NULL ? required(field, e)
				 : ERROR_FIELD(e, field, REASON_NOT_A_CHOICE, 0);
}

/*
 * The accounts it is made for.  Only an admin may name somebody else; for the
 * others core puts the one who asks, whatever they send.
 */
static enum rc take_account(struct req *q, struct str sent, const char *field, int64_t *ret_account,
			    struct error *e)
{
	int64_t account, person;
	enum rc rc;

	TRY(c004_optional_id(sent, field, &account, e));
	if (!who_is_admin(&q->who))
		account = COLUMN_NULL;
	if (account != COLUMN_NULL) {
		rc = schedule_person_of_account(&q->core, account, &person, e);
		if (rc == RC_NOT_FOUND)
			return ERROR_FIELD(e, field, REASON_NOT_A_CHOICE, 0);
		TRY(rc);
	}
	*ret_account = account;
	return RC_OK;
}

static enum rc create_as(struct req *q, const struct change_in *in,
			 const struct completion_create_in *create, struct completion_result *ret,
			 struct error *e)
{
	bool names_nobody =
		create->faculty_account == COLUMN_NULL && create->employee_account == COLUMN_NULL;
	struct completion_in complete = create->in;

	if (in->status != STATUS_COMPLETED || !names_nobody)
		TRY(completion_create(&q->core, create, ret, e));
	if (in->status == STATUS_COMPLETED) {
		if (!names_nobody)
			complete.code = ret->code;
		return completion_complete(&q->core, &complete, ret, e);
	}
	if (in->status == STATUS_CANCELLED)
		return cancel_occurrence(q, create->in.occurrence_id, in->reason, e);
	return RC_OK;
}

enum rc c004_create(struct req *q, struct resp *r, struct error *e)
{
	struct completion_create_in create;
	struct completion_result done;
	struct session_detail s;
	struct change_in in;

	TRY(req_read_as(q, &c004_change_fields, &in, e));
	if (!in.occurrence_id)
		return required("occurrence_id", e);
	TRY(session_get(&q->core, in.occurrence_id, &s, e));
	TRY(check_own(in.schedule_id, "schedule_id", s.schedule_id, e));
	TRY(check_own(in.batch_id, "batch_id", s.row.class_id, e));
	create.in = merge(q, &in, NULL);
	create.in.occurrence_id = in.occurrence_id;
	TRY(take_account(q, in.faculty_id, "faculty_id", &create.faculty_account, e));
	TRY(take_account(q, in.employee_id, "employee_id", &create.employee_account, e));
	TRY(create_as(q, &in, &create, &done, e));
	return c004_say_id(r, "Session created", "id", done.completion_id);
}

/* ---- update ---------------------------------------------------------------------------- */

static struct completion_update_in update_of(const struct req *q, const struct change_in *in)
{
	return (struct completion_update_in){
		.completion_id = in->id,
		.has_start = req_has(q, "actual_start_time"),
		.has_end = req_has(q, "actual_end_time"),
		.has_code = req_has(q, "completion_code"),
		.has_notes = req_has(q, "notes"),
		.actual_start = in->actual_start_time,
		.actual_end = in->actual_end_time,
		.code = in->completion_code,
		.notes = in->notes,
	};
}

static bool has_data(const struct completion_update_in *u)
{
	return u->has_start || u->has_end || u->has_code || u->has_notes;
}

static enum rc update_data(struct req *q, const struct completion_update_in *u, struct error *e)
{
	struct completion_result done;

	return has_data(u) ? completion_update(&q->core, u, &done, e) : RC_OK;
}

/* Back to pending: an admin's, however short ago it was completed. */
static enum rc reopen(struct req *q, const struct c004_target *t, struct error *e)
{
	if (!who_is_admin(&q->who))
		return ERROR(e, RC_DENIED, REASON_ADMIN_ONLY, "back to pending");
	return completion_reopen(&q->core, t->occurrence_id, t->row->version, e);
}

static enum rc update_to_cancelled(struct req *q, const struct c004_target *t,
				   const struct change_in *in, const struct completion_update_in *u,
				   struct error *e)
{
	/* Before anything is written: only what is not completed can be cancelled. */
	if (str_eq(c004_status(t->row->state), STR("completed")))
		return ERROR(e, RC_CONFLICT, REASON_ALREADY_COMPLETED, "completion %lld",
			     (long long)in->id);
	TRY(update_data(q, u, e));
	return cancel_occurrence(q, t->occurrence_id, in->reason, e);
}

static enum rc update_status(struct req *q, const struct c004_target *t, const struct change_in *in,
			     const struct completion_update_in *u, struct error *e)
{
	bool is_same = str_eq(c004_status(t->row->state), str_from(status_words[in->status]));
	struct completion_result done;

	if (in->status == STATUS_COMPLETED)
		return complete_target(q, t, in, &done, e);
	if (in->status == STATUS_CANCELLED && !is_same)
		return update_to_cancelled(q, t, in, u, e);
	if (in->status == STATUS_PENDING && !is_same)
		TRY(reopen(q, t, e));
	return update_data(q, u, e);
}

enum rc c004_update(struct req *q, struct resp *r, struct error *e)
{
	struct completion_update_in u;
	struct c004_target t;
	struct change_in in;

	TRY(req_read_as(q, &c004_change_fields, &in, e));
	if (!in.id)
		return required("id", e);
	u = update_of(q, &in);
	TRY(c004_target_completion(&q->core, in.id, &t, e));
	if (!has_data(&u) && in.status == STATUS_NONE)
		return ERROR(e, RC_INVALID, REASON_FIELDS, "nothing to change");
	TRY(update_status(q, &t, &in, &u, e));
	return c004_say(r, true, "Session updated");
}

/* ---- complete, cancel ------------------------------------------------------------------------ */

enum rc c004_complete(struct req *q, struct resp *r, struct error *e)
{
	struct completion_result done;
	struct c004_target t;
	struct change_in in;
	struct json_out o;

	TRY(req_read_as(q, &c004_change_fields, &in, e));
	if (!in.id && !in.occurrence_id)
		return required("id", e);
	if (in.id)
		TRY(c004_target_either(&q->core, in.id, &t, e));
	else
		TRY(c004_target_occurrence(&q->core, in.occurrence_id, &t, e));
	TRY(complete_target(q, &t, &in, &done, e));
	o = c004_data(r, "Session marked completed");
	json_out_object(&o);
	json_out_key_i64(&o, "id", done.completion_id);
	json_out_key_str(&o, "completion_code", done.code);
	json_out_object_end(&o);
	return c004_end(&o);
}

enum rc c004_cancel(struct req *q, struct resp *r, struct error *e)
{
	struct c004_target t;
	struct change_in in;

	TRY(req_read_as(q, &c004_change_fields, &in, e));
	if (!in.id && !in.occurrence_id)
		return required("id", e);
	if (in.id)
		TRY(c004_target_completion(&q->core, in.id, &t, e));
	else
		TRY(c004_target_occurrence(&q->core, in.occurrence_id, &t, e));
	TRY(c004_target_need_live(&t, e));
	TRY(cancel_occurrence(q, t.occurrence_id, in.reason, e));
	return c004_say(r, true, "Session cancelled");
}
