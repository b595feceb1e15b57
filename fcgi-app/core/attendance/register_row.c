/*
 * The state of a student, and writing an act.  See register_row.h.
 */
#include "core/attendance/register_row.h"

#include "core/event/event.h"
#include "core/wall.h"
#include "store/excuse.h"
#include "sys/crypto.h"

#define STATE_MAX 8800              /* bytes of a state's JSON */
#define ITEMS_MAX ((size_t)8 << 20) /* of an act's */
#define VERSIONS  4096              /* changes of one record that are told apart */

/* ---- states --------------------------------------------------------------------------------- */

struct register_state register_state_of(const struct register_fact *f)
{
	struct register_state s = { .mark = mark_from(f->status),
				    .late_s = COLUMN_NULL,
				    .attempt_id = COLUMN_NULL,
				    .set_by = COLUMN_NULL };

	s.open_attempt_id = f->open_attempt_id == COLUMN_NULL ? 0 : f->open_attempt_id;
	s.excuse_id = f->excuse_id == COLUMN_NULL ? 0 : f->excuse_id;
	if (s.mark == MARK_NONE)
		return s;
	s.method = f->method;
	s.happened_at = f->happened_at;
	s.late_s = f->late_s;
	s.remark = f->remark;
	s.attempt_id = f->attempt_id;
	s.set_by = f->set_by;
	return s;
}

static void put_number(struct json_out *o, const char *key, int64_t v)
{
	if (v != COLUMN_NULL)
		json_out_key_i64(o, key, v);
}

enum rc register_state_write(const struct register_state *s, struct arena *a, struct str *ret,
			     struct error *e)
{
	struct json_out o;
	struct buf b;

	*ret = (struct str){ NULL, 0 };
	if (s->mark == MARK_NONE && !s->open_attempt_id && !s->excuse_id)
		return RC_OK;
	buf_init(&b, a, 160, STATE_MAX);
	json_out_init(&o, &b);
	json_out_object(&o);
	if (s->mark != MARK_NONE) {
		json_out_key_cz(&o, "status", mark_name(s->mark));
		json_out_key_str(&o, "method", s->method);
		json_out_key_i64(&o, "happened_at", s->happened_at);
		put_number(&o, "late_s", s->late_s);
		if (s->remark.p)
			json_out_key_str(&o, "remark", s->remark);
		put_number(&o, "attempt", s->attempt_id);
		put_number(&o, "by", s->set_by);
	}
	if (s->open_attempt_id)
		json_out_key_i64(&o, "open", s->open_attempt_id);
	if (s->excuse_id)
		json_out_key_i64(&o, "excuse", s->excuse_id);
	json_out_object_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&b);
	return RC_OK;
}

static int64_t number_of(const struct json_t *root, const char *key, int64_t none)
{
	int64_t v;

	return json_as_i64(json_member(root, key), INT64_MIN + 1, INT64_MAX, &v) ? v : none;
}

enum rc register_state_read(struct str json, struct arena *a, struct register_state *ret,
			    struct error *e)
{
	struct register_state s = { .late_s = COLUMN_NULL,
				    .attempt_id = COLUMN_NULL,
				    .set_by = COLUMN_NULL };
	struct json_t *root;
	struct str word;

	*ret = s;
	if (!json.p)
		return RC_OK;
	TRY(json_read(json, STATE_MAX, a, &root, e));
	if (json_as_str(json_member(root, "status"), &word))
		s.mark = mark_from(word);
	if (json_as_str(json_member(root, "method"), &word))
		s.method = word;
	if (json_as_str(json_member(root, "remark"), &word))
		s.remark = word;
	s.happened_at = number_of(root, "happened_at", NO_TIME);
	s.late_s = number_of(root, "late_s", COLUMN_NULL);
	s.attempt_id = number_of(root, "attempt", COLUMN_NULL);
	s.set_by = number_of(root, "by", COLUMN_NULL);
	s.open_attempt_id = number_of(root, "open", 0);
	s.excuse_id = number_of(root, "excuse", 0);
	*ret = s;
	return RC_OK;
}

int64_t register_version(int64_t record_id, int64_t row_version)
{
	return record_id == COLUMN_NULL ? 0 : record_id * VERSIONS + row_version % VERSIONS;
}

/* ---- small things --------------------------------------------------------------------------- */

enum rc register_ids(const int64_t *ids, size_t n, struct arena *a, struct str *ret,
		     struct error *e)
{
	struct json_out o;
	struct buf b;

	buf_init(&b, a, n * 8 + 16, ITEMS_MAX);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		json_out_i64(&o, ids[i]);
	json_out_array_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&b);
	return RC_OK;
}

enum rc register_fact_of(struct store *s, int64_t attendance_id, int64_t person_id, struct arena *a,
			 struct register_fact *ret, struct error *e)
{
	const struct register_fact *rows;
	struct str ids;
	size_t n;

	TRY(register_ids(&person_id, 1, a, &ids, e));
	TRY(register_facts(s, attendance_id, ids, 1, a, &rows, &n, e));
	BUG(n != 1);
	*ret = rows[0];
	return RC_OK;
}

enum rc register_fits(const struct attendance_stored *session, const struct register_fact *f,
		      struct error *e)
{
	bool is_expected = f->is_expected == 1 && !str_eq(session->roster, STR("open"));

	if (is_expected || f->record_id != COLUMN_NULL ||
	    (f->is_student == 1 && f->branch_id == session->branch_id))
		return RC_OK;
	return ERROR_FIELD(e, "person_id", REASON_NOT_A_CHOICE, 0);
}

bool register_is_locked(const struct core *c, const struct attendance_stored *session, int64_t at)
{
	return str_eq(session->state, STR("closed")) &&
	       core_wall(c, session->zone, at).day >= session->session_date + session->lock_days;
}

/* ---- acts ----------------------------------------------------------------------------------- */

static struct register_turn turn_of(const struct attendance_stored *session)
{
	return (struct register_turn){ .attendance_id = session->id,
				       .branch_id = session->branch_id,
				       .is_closed = str_eq(session->state, STR("closed")) };
}

void register_begin_locked(struct register_act *act, struct core *c, struct store *s,
			   const struct attendance_stored *session, const char *action,
			   struct str why)
{
	*act = (struct register_act){
		.c = c, .s = s, .session = *session, .action = action, .method = "teacher"
	};
	act->turn = turn_of(session);
	act->why = why.n ? why : (struct str){ NULL, 0 };
	crypto_random(act->id, sizeof act->id);
	buf_init(&act->items, c->arena, 512, ITEMS_MAX);
	buf_init(&act->lapsed, c->arena, 64, ITEMS_MAX);
	buf_init(&act->opened, c->arena, 64, ITEMS_MAX);
	buf_init(&act->ended, c->arena, 64, ITEMS_MAX);
	buf_init(&act->revived, c->arena, 64, ITEMS_MAX);
}

enum rc register_begin(struct register_act *act, struct core *c, struct store *s,
		       int64_t attendance_id, const char *action, struct str why, struct error *e)
{
	struct attendance_stored session;

	TRY(attendance_begin(c, s, attendance_id, 0, ACTION_ATTENDANCE_WORK, &session, e));
	register_begin_locked(act, c, s, &session, action, why);
	if (!why.n && register_is_locked(c, &session, c->now_us))
		return ERROR_FIELD(e, "why", REASON_REASON_MISSING, 0);
	return RC_OK;
}

enum rc register_next_session(struct register_act *act, const struct attendance_stored *session,
			      struct error *e)
{
	struct register_turn *before = act->turn.before;

	if (act->turn.n) {
		before = ARENA_NEW(act->c->arena, struct register_turn);
		if (!before)
			return ERROR_MEMORY(e);
		*before = act->turn;
	}
	act->session = *session;
	act->turn = turn_of(session);
	act->turn.before = before;
	return RC_OK;
}

static void comma(struct buf *b)
{
	buf_char(b, b->n ? ',' : '[');
}

static void put_id(struct buf *b, int64_t id)
{
	comma(b);
	buf_i64(b, id);
}

/* "2026-11-20 09:30:00.123456", as the database reads it. */
static struct str sql_time(int64_t us, char out[28])
{
	struct str s = us_format_iso(us, out);

	out[10] = ' ';
	return str_sub(s, 0, s.n - 1);
}

static void put_item(struct register_act *act, int64_t person_id, const struct register_state *to,
		     struct str old_row, struct str new_row)
{
	struct json_out o;
	char at[28];

	comma(&act->items);
	json_out_init(&o, &act->items);
	json_out_object(&o);
	json_out_key_i64(&o, "a", act->turn.attendance_id);
	json_out_key_i64(&o, "p", person_id);
	if (to->mark != MARK_NONE) {
		json_out_key_cz(&o, "status", mark_name(to->mark));
		json_out_key_str(&o, "method", to->method);
		json_out_key_str(&o, "at", sql_time(to->happened_at, at));
		put_number(&o, "late_s", to->late_s);
		if (to->remark.p)
			json_out_key_str(&o, "remark", to->remark);
		put_number(&o, "attempt", to->attempt_id);
		put_number(&o, "by", to->set_by);
	}
	if (old_row.p)
		json_out_key_str(&o, "old", old_row);
	if (new_row.p)
		json_out_key_str(&o, "new", new_row);
	json_out_object_end(&o);
}

enum rc register_put_record(struct register_act *act, int64_t person_id,
			    const struct register_state *from, const struct register_state *to,
			    struct error *e)
{
	struct str old_row, new_row;

	TRY(register_state_write(from, act->c->arena, &old_row, e));
	TRY(register_state_write(to, act->c->arena, &new_row, e));
	put_item(act, person_id, to, old_row, new_row);
	act->has_set = act->has_set || to->mark != MARK_NONE;
	act->has_removed = act->has_removed || (to->mark == MARK_NONE && from->mark != MARK_NONE);
	act->turn.person_id = person_id;
	act->turn.from = from->mark;
	act->turn.to = to->mark;
	act->turn.n_of[to->mark]++;
	act->n_sessions += !act->turn.n;
	act->turn.n++;
	act->n++;
	return RC_OK;
}

enum rc register_put(struct register_act *act, int64_t person_id, const struct register_state *from,
		     const struct register_state *to, struct error *e)
{
	if (from->open_attempt_id && from->open_attempt_id != to->open_attempt_id)
		put_id(&act->lapsed, from->open_attempt_id);
	if (to->open_attempt_id && from->open_attempt_id != to->open_attempt_id)
		put_id(&act->opened, to->open_attempt_id);
	if (from->excuse_id && from->excuse_id != to->excuse_id)
		put_id(&act->ended, from->excuse_id);
	if (to->excuse_id && from->excuse_id != to->excuse_id)
		put_id(&act->revived, to->excuse_id);
	return register_put_record(act, person_id, from, to, e);
}

static enum rc close_array(struct buf *b, struct error *e)
{
	if (b->n)
		buf_char(b, ']');
	return buf_ok(b) ? RC_OK : ERROR_MEMORY(e);
}

/* The audit row of a turn; d is begun. */
static enum rc fill_audit(const struct register_act *act, const struct register_turn *t,
			  struct str hex, struct audit_detail *d, struct audit_entry *ret,
			  struct error *e)
{
	*ret = (struct audit_entry){ .action = act->action,
				     .object = "attendance",
				     .object_id = t->attendance_id,
				     .branch_id = t->branch_id };
	json_out_key_str(&d->o, "act", hex);
	if (t->n == 1) {
		json_out_key_i64(&d->o, "student", t->person_id);
		json_out_key_cz(&d->o, "from", mark_name(t->from));
		json_out_key_cz(&d->o, "to", mark_name(t->to));
	} else {
		for (enum mark m = MARK_NONE; m < MARK__MAX; m++)
			if (t->n_of[m])
				json_out_key_i64(&d->o, m ? mark_name(m) : "unmarked", t->n_of[m]);
	}
	return audit_detail_end(d, &ret->detail, e);
}

/* One row for each session; detail is the first one's. */
static enum rc write_audit(struct register_act *act, struct audit_detail *detail, struct error *e)
{
	struct audit_entry *entries =
		ARENA_ARRAY(act->c->arena, (size_t)act->n_sessions, struct audit_entry);
	struct audit_detail own;
	struct buf hex;
	size_t n = 0;

	buf_init(&hex, act->c->arena, 33, 33);
	buf_hex(&hex, act->id, sizeof act->id);
	if (!entries || !buf_ok(&hex))
		return ERROR_MEMORY(e);
	for (const struct register_turn *t = &act->turn; t; t = t->before) {
		if (!t->n)
			continue;
		if (!detail) {
			audit_detail_begin(&own, act->c->arena);
			detail = &own;
		}
		TRY(fill_audit(act, t, buf_str(&hex), detail, &entries[n++], e));
		detail = NULL;
	}
	return audit_add_many(act->s, act->c, entries, n, e);
}

/* The columns that lists show, of those that are closed. */
static enum rc count_closed(struct register_act *act, struct error *e)
{
	int64_t *ids = ARENA_ARRAY(act->c->arena, (size_t)act->n_sessions, int64_t);
	struct str json;
	size_t n = 0;

	if (!ids)
		return ERROR_MEMORY(e);
	for (const struct register_turn *t = &act->turn; t; t = t->before)
		if (t->n && t->is_closed)
			ids[n++] = t->attendance_id;
	if (n == 0)
		return RC_OK;
	if (n == 1)
		return attendance_count(act->s, ids[0], e);
	TRY(register_ids(ids, n, act->c->arena, &json, e));
	return attendance_count_all(act->s, json, e);
}

/* What waited for a decision has got it; everything else is a mark. */
static enum event_type type_of(const char *action)
{
	const struct str a = str_from(action);

	return str_eq(a, STR("attendance.decided")) || str_eq(a, STR("attendance.verified"))
		       ? EVENT_ATTENDANCE_DECIDED
		       : EVENT_ATTENDANCE_MARKED;
}

static enum rc write_events(struct register_act *act, const struct register_act_stored *stored,
			    struct error *e)
{
	const struct event_new event = {
		.type = type_of(act->action),
		.branch_id = act->session.branch_id,
		.attendance_id = act->session.id,
		.person_id = act->turn.person_id,
		.public_payload = STR("{}"), /* there is one; the statement writes it */
	};

	return register_events(act->s, stored, event_name(event.type), event_audience(&event),
			       buf_str(&act->items), e);
}

enum rc register_end(struct register_act *act, struct audit_detail *detail, struct error *e)
{
	const struct core *c = act->c;
	const struct register_act_stored stored = {
		.by_account = c->who->role == ROLE_NONE ? COLUMN_NULL : c->who->account_id,
		.act = str_make((const char *)act->id, sizeof act->id),
		.why = act->why,
		.at = c->now_us,
	};

	if (!act->n)
		return RC_OK;
	TRY(close_array(&act->items, e));
	TRY(close_array(&act->lapsed, e));
	TRY(close_array(&act->opened, e));
	TRY(close_array(&act->ended, e));
	TRY(close_array(&act->revived, e));
	TRY(register_write(act->s, &stored, buf_str(&act->items), act->has_removed, act->has_set,
			   e));
	if (act->lapsed.n)
		TRY(register_attempts_lapse(act->s, buf_str(&act->lapsed), stored.by_account,
					    c->now_us, e));
	if (act->opened.n)
		TRY(register_attempts_reopen(act->s, buf_str(&act->opened), e));
	if (act->ended.n)
		TRY(excuse_end(act->s, buf_str(&act->ended), stored.by_account, c->now_us, e));
	if (act->revived.n)
		TRY(excuse_revive(act->s, buf_str(&act->revived), e));
	TRY(write_events(act, &stored, e));
	TRY(count_closed(act, e));
	return write_audit(act, detail, e);
}
