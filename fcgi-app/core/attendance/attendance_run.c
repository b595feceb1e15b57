/*
 * What happens to an open attendance session: extend, pause, change, close, reopen, delete.
 *
 * Each is one transaction of the frame in attendance_row.h.
 */
#include "core/attendance/attendance_row.h"
#include "core/event/notify.h"
#include "core/session/change.h"
#include "store/occurrence.h"
#include "store/tally.h"
#include "sys/crypto.h"

#define MINUTE_US   (60 * US_PER_S)
#define REASON_MAX_ 500
#define DUE_AT_ONCE 100
#define ACT_BYTES   16

struct act {
	struct core *c;
	int64_t id, version, minutes;
	struct str reason;
	const char *why; /* closing: "person", "time", "confirmed" */
	const struct attendance_open_in *in;
	struct attendance_closed closed;
};

static bool is_closed(const struct attendance_stored *r)
{
	return str_eq(r->state, STR("closed"));
}

static enum rc need_open(const struct attendance_stored *r, struct error *e)
{
	if (is_closed(r))
		return ERROR(e, RC_CONFLICT, REASON_ATTENDANCE_CLOSED, "attendance %lld",
			     (long long)r->id);
	return RC_OK;
}

static enum rc begin_open(struct act *a, struct store *s, struct attendance_stored *r,
			  struct error *e)
{
	TRY(attendance_begin(a->c, s, a->id, a->version, ACTION_ATTENDANCE_WORK, r, e));
	return need_open(r, e);
}

static enum rc finish(struct act *a, struct store *s, const struct attendance_stored *r,
		      const char *action, const char *key, int64_t n, struct error *e)
{
	struct audit_detail d;

	/* The lists of sessions show it. */
	if (r->occurrence_id != COLUMN_NULL)
		TRY(occurrence_touch(s, r->branch_id, r->class_id, r->teacher_id, e));
	TRY(attendance_write(s, r, a->c->now_us, e));
	audit_detail_begin(&d, a->c->arena);
	if (key)
		json_out_key_i64(&d.o, key, n);
	return attendance_end(a->c, s, r, action, &d, e);
}

static enum rc clean_reason(struct act *a, struct str reason, struct error *e)
{
	TRY(text_clean(a->c->arena, reason, REASON_MAX_, "reason", &a->reason, e));
	if (!a->reason.n)
		return ERROR_FIELD(e, "reason", REASON_REASON_MISSING, 0);
	return RC_OK;
}

/* ---- extend, pause, resume ------------------------------------------------------------------- */

static enum rc extend_tx(struct store *s, void *arg, struct error *e)
{
	struct act *a = arg;
	struct attendance_stored r;

	TRY(begin_open(a, s, &r, e));
	if (r.closes_at < a->c->now_us)
		r.closes_at = a->c->now_us;
	r.closes_at += a->minutes * MINUTE_US;
	return finish(a, s, &r, "attendance.extended", "minutes", a->minutes, e);
}

enum rc attendance_extend(struct core *c, int64_t id, int64_t version, int64_t minutes,
			  struct error *e)
{
	struct act a = { .c = c, .id = id, .version = version, .minutes = minutes };

	if (minutes < 1)
		return ERROR_FIELD(e, "minutes", REASON_TOO_SMALL, 1);
	if (minutes > 240)
		return ERROR_FIELD(e, "minutes", REASON_TOO_LARGE, 240);
	return store_tx(c->db, extend_tx, &a, e);
}

static enum rc pause_tx(struct store *s, void *arg, struct error *e)
{
	struct act *a = arg;
	struct attendance_stored r;

	TRY(begin_open(a, s, &r, e));
	if (str_eq(r.state, STR("paused")))
		return RC_OK;
	r.state = STR("paused");
	return finish(a, s, &r, "attendance.paused", NULL, 0, e);
}

enum rc attendance_pause(struct core *c, int64_t id, int64_t version, struct error *e)
{
	return store_tx(c->db, pause_tx, &(struct act){ .c = c, .id = id, .version = version }, e);
}

static enum rc resume_tx(struct store *s, void *arg, struct error *e)
{
	struct act *a = arg;
	struct attendance_stored r;

	TRY(begin_open(a, s, &r, e));
	if (str_eq(r.state, STR("open")))
		return RC_OK;
	r.state = STR("open");
	return finish(a, s, &r, "attendance.resumed", NULL, 0, e);
}

enum rc attendance_resume(struct core *c, int64_t id, int64_t version, struct error *e)
{
	return store_tx(c->db, resume_tx, &(struct act){ .c = c, .id = id, .version = version }, e);
}

/* ---- change ---- */

static enum rc change_tx(struct store *s, void *arg, struct error *e)
{
	struct act *a = arg;
	const struct attendance_open_in *in = a->in;
	struct attendance_stored r;

	TRY(begin_open(a, s, &r, e));
	if (in->has_levels)
		attendance_take_levels(&r, in->level);
	if (in->has_place) {
		r.latitude_e7 = in->place.latitude_e7;
		r.longitude_e7 = in->place.longitude_e7;
	}
	if (in->radius_m)
		r.radius_m = in->radius_m;
	if (in->code_period_s)
		r.code_period_s = in->code_period_s;
	if (in->mode.n)
		r.mode = in->mode;
	if (in->opens_at != NO_TIME)
		r.opens_at = in->opens_at;
	if (in->never_late)
		r.late_at = NO_TIME;
	else if (in->late_at != NO_TIME)
		r.late_at = in->late_at;
	if (in->closes_at != NO_TIME)
		r.closes_at = in->closes_at;
	if (r.closes_at <= r.opens_at)
		return ERROR_FIELD(e, "closes_at", REASON_END_BEFORE_START, 0);
	return finish(a, s, &r, "attendance.changed", NULL, 0, e);
}

enum rc attendance_change(struct core *c, int64_t id, int64_t version,
			  const struct attendance_open_in *in, struct error *e)
{
	if (in->radius_m && (in->radius_m < 10 || in->radius_m > 1000))
		return ERROR_FIELD(e, "radius_m",
				   in->radius_m < 10 ? REASON_TOO_SMALL : REASON_TOO_LARGE,
				   in->radius_m < 10 ? 10 : 1000);
	if (in->code_period_s && (in->code_period_s < 5 || in->code_period_s > 120))
		return ERROR_FIELD(e, "code_period_s",
				   in->code_period_s < 5 ? REASON_TOO_SMALL : REASON_TOO_LARGE,
				   in->code_period_s < 5 ? 5 : 120);
	return store_tx(c->db, change_tx,
			&(struct act){ .c = c, .id = id, .version = version, .in = in }, e);
}

/* ---- close ---- */

/* A program of contract 000 confirmed the register: its admins are told, as that contract has it.
 */
static enum rc tell_confirmed(struct act *a, struct store *s, const struct attendance_stored *r,
			      struct error *e)
{
	const struct notify_new n = { .kind = NOTIFY_ATTENDANCE_CONFIRMED,
				      .branch_id = r->branch_id,
				      .entity_id = r->id,
				      .params = { .title = r->title,
						  .who = a->c->who->name,
						  .has_when = true,
						  .day = r->session_date,
						  .start = NO_DAY,
						  .end = NO_DAY } };

	return notify_admins(a->c, s, &n, e);
}

/* The session is locked, and no check-in is under way. */
static enum rc close_locked(struct act *a, struct store *s, struct attendance_stored *r,
			    struct error *e)
{
	int64_t by = a->c->who->role == ROLE_NONE ? COLUMN_NULL : a->c->who->account_id;
	uint8_t act[ACT_BYTES];

	crypto_random(act, sizeof act);
	TRY(attendance_mark_absent(s, r->id, str_make((const char *)act, sizeof act), by,
				   a->c->now_us, &a->closed.n_absent, e));
	TRY(attendance_time_out_photos(s, r->id, a->c->now_us, e));
	TRY(tally_flagged(s, r->id, a->c->arena, &a->closed.n_open, e));
	r->state = STR("closed");
	r->close_reason = str_from(a->why);
	r->closed_by = by;
	r->closed_at = a->c->now_us;
	if (r->closes_at > a->c->now_us)
		r->closes_at = a->c->now_us > r->opens_at ? a->c->now_us : r->opens_at + 1;
	if (str_eq(r->close_reason, STR("confirmed")))
		TRY(tell_confirmed(a, s, r, e));
	TRY(finish(a, s, r, "attendance.closed", "absent", a->closed.n_absent, e));
	return attendance_count(s, r->id, e);
}

static enum rc close_tx(struct store *s, void *arg, struct error *e)
{
	struct act *a = arg;
	struct attendance_stored r;

	a->closed = (struct attendance_closed){ 0 };
	TRY(attendance_begin(a->c, s, a->id, 0, ACTION_ATTENDANCE_WORK, &r, e));
	if (is_closed(&r)) {
		a->closed.was_closed = true;
		return RC_OK;
	}
	return close_locked(a, s, &r, e);
}

enum rc attendance_close(struct core *c, int64_t id, const char *reason,
			 struct attendance_closed *ret, struct error *e)
{
	struct act a = { .c = c, .id = id, .why = reason };

	TRY(store_tx(c->db, close_tx, &a, e));
	*ret = a.closed;
	return RC_OK;
}

/* By the timer: nobody's rights are asked, and the time is looked at again under the lock. */
static enum rc close_due_tx(struct store *s, void *arg, struct error *e)
{
	struct act *a = arg;
	struct attendance_stored r;

	a->closed = (struct attendance_closed){ 0 };
	TRY(attendance_lock(s, a->id, a->c->arena, e));
	TRY(attendance_read(s, a->id, COLUMN_NULL, a->c->arena, &r, e));
	if (is_closed(&r) || r.closes_at > a->c->now_us) {
		a->closed.was_closed = true;
		return RC_OK;
	}
	return close_locked(a, s, &r, e);
}

enum rc attendance_close_due(struct core *c, int64_t *ret_n, struct error *e)
{
	const int64_t *ids;
	int64_t n_closed = 0;
	size_t n;

	BUG(c->who->role != ROLE_NONE);
	TRY(attendance_due(c->db, c->now_us, DUE_AT_ONCE, c->arena, &ids, &n, e));
	for (size_t i = 0; i < n; i++) {
		struct act a = { .c = c, .id = ids[i], .why = "time" };

		TRY(store_tx(c->db, close_due_tx, &a, e));
		n_closed += !a.closed.was_closed;
	}
	*ret_n = n_closed;
	return RC_OK;
}

/* ---- reopen, delete ---- */

static enum rc reopen_tx(struct store *s, void *arg, struct error *e)
{
	struct act *a = arg;
	struct attendance_stored r;
	uint8_t act[ACT_BYTES];

	TRY(attendance_begin(a->c, s, a->id, a->version, ACTION_ATTENDANCE_REOPEN, &r, e));
	if (!is_closed(&r))
		return ERROR(e, RC_CONFLICT, REASON_ATTENDANCE_OPEN, "attendance %lld",
			     (long long)r.id);
	crypto_random(act, sizeof act);
	TRY(attendance_unmark_absent(s, r.id, str_make((const char *)act, sizeof act),
				     a->c->who->account_id, a->c->now_us, e));
	r.state = STR("open");
	r.close_reason = (struct str){ NULL, 0 };
	r.reopen_reason = a->reason;
	r.closed_by = COLUMN_NULL;
	r.closed_at = NO_TIME;
	r.closes_at = a->c->now_us + a->minutes * MINUTE_US;
	return finish(a, s, &r, "attendance.reopened", "minutes", a->minutes, e);
}

enum rc attendance_reopen(struct core *c, int64_t id, int64_t version, int64_t minutes,
			  struct str reason, struct error *e)
{
	struct act a = { .c = c, .id = id, .version = version, .minutes = minutes };
	struct error mine;
	enum rc rc;

	if (minutes < 1 || minutes > 240)
		return ERROR_FIELD(e, "minutes", minutes < 1 ? REASON_TOO_SMALL : REASON_TOO_LARGE,
				   minutes < 1 ? 1 : 240);
	TRY(clean_reason(&a, reason, e));
	error_init(&mine);
	rc = store_tx(c->db, reopen_tx, &a, &mine);
	if (rc != RC_OK && store_is_duplicate(&mine, "attendance_session_live_device"))
		return ERROR(e, RC_CONFLICT, REASON_DEVICE_BUSY, "attendance %lld", (long long)id);
	if (rc != RC_OK)
		*e = mine;
	return rc;
}

static enum rc delete_tx(struct store *s, void *arg, struct error *e)
{
	struct act *a = arg;
	struct attendance_stored r;

	TRY(attendance_begin(a->c, s, a->id, 0, ACTION_ATTENDANCE_WORK, &r, e));
	if (r.deleted_at != NO_TIME)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "deleted already");
	r.deleted_at = a->c->now_us;
	r.delete_reason = a->reason;
	return finish(a, s, &r, "attendance.deleted", NULL, 0, e);
}

enum rc attendance_delete(struct core *c, int64_t id, struct str reason, struct error *e)
{
	struct act a = { .c = c, .id = id };

	TRY(clean_reason(&a, reason, e));
	return store_tx(c->db, delete_tx, &a, e);
}
