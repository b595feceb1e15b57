/*
 * Following attendance live; see presence.h.
 */
#include "core/attendance/presence.h"

#include "codec/json.h"
#include "core/attendance/attendance_row.h"
#include "core/attendance/checkin.h"
#include "core/attendance/register.h"
#include "core/event/event.h"
#include "core/rights.h"
#include "sys/crypto.h"

#include <stdlib.h>
#include <unistd.h>

#define CONNECTION_MAX 40
#define GATEWAY_N      16
#define PAIRS_BYTES    ((size_t)1 << 20)

/* ---- what an occurrence is ------------------------------------------------------------------ */

static int64_t or_zero(int64_t id)
{
	return id == COLUMN_NULL ? 0 : id;
}

enum rc presence_find(struct core *c, int64_t occurrence_id, struct presence_target *ret,
		      struct error *e)
{
	struct presence_look l;
	struct subject subject;

	TRY(presence_look_at(c->db, occurrence_id, c->who->person_id, c->arena, &l, e));
	subject = (struct subject){ .branch_id = l.branch_id,
				    .teacher_id = l.teacher_id,
				    .owner_id = COLUMN_NULL,
				    .is_class_staff = l.is_staff > 0 };
	*ret = (struct presence_target){
		.occurrence_id = l.occurrence_id,
		.branch_id = l.branch_id,
		.attendance_id = or_zero(l.attendance_id),
		.course_id = or_zero(l.course_id),
		.teacher_id = or_zero(l.teacher_id),
		.is_active = l.attendance_id != COLUMN_NULL && !str_eq(l.state, STR("closed")) &&
			     l.opens_at <= c->now_us && c->now_us < l.closes_at,
		.may_work = rights_allow(c->who, ACTION_ATTENDANCE_WORK, &subject),
	};
	return RC_OK;
}

/* ---- the gateway ----------------------------------------------------------------------------- */

/* The same for each start of the gateway of one installation on one machine. */
static enum rc gateway_of(const struct core *c, struct str *ret, struct error *e)
{
	uint8_t hash[CRYPTO_SHA256_SIZE];
	struct buf b;
	char host[256];

	if (gethostname(host, sizeof host) != 0)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "gethostname");
	host[sizeof host - 1] = '\0';
	TRY(crypto_sha256(arena_printf(c->arena, "%s\n%.*s", host, STR_ARG(c->config->run_dir)),
			  hash, e));
	buf_init(&b, c->arena, GATEWAY_N, GATEWAY_N);
	buf_hex(&b, hash, GATEWAY_N / 2);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&b);
	return RC_OK;
}

enum rc presence_lease(struct core *c, struct error *e)
{
	struct str gateway;

	TRY(gateway_of(c, &gateway, e));
	return presence_renew(c->db, gateway, c->now_us + PRESENCE_LEASE_US, e);
}

enum rc presence_reset(struct core *c, struct error *e)
{
	struct str gateway;

	TRY(gateway_of(c, &gateway, e));
	return presence_clear(c->db, gateway, c->now_us, e);
}

/* ---- coming and going ------------------------------------------------------------------------ */

struct moving {
	struct core *c;
	struct presence_new row;
	const struct presence_held *held; /* what was joined; or one, to be joined */
	size_t n;
	int64_t n_left;
};

static enum rc tell(struct core *c, struct store *s, enum event_type type,
		    const struct presence_held *h, struct error *e)
{
	const struct event_new event = {
		.type = type,
		.branch_id = h->branch_id,
		.attendance_id = h->attendance_id,
		.payload = arena_printf(c->arena,
					"{\"attendance\":%lld,\"student\":%lld,\"account\":%lld}",
					(long long)h->attendance_id, (long long)h->person_id,
					(long long)c->who->account_id),
	};

	if (!event.payload.p)
		return ERROR_MEMORY(e);
	return event_add(c, s, &event, e);
}

static enum rc put_tx(struct store *s, void *arg, struct error *e)
{
	struct moving *m = arg;

	for (size_t i = 0; i < m->n; i++) {
		m->row.attendance_id = m->held[i].attendance_id;
		TRY(presence_put(s, &m->row, e));
		TRY(tell(m->c, s, EVENT_ATTENDANCE_JOINED, &m->held[i], e));
	}
	return RC_OK;
}

/* Into these, by this connection. */
static enum rc put(struct core *c, struct str connection, const struct presence_held *held,
		   size_t n, struct error *e)
{
	struct moving m = { .c = c,
			    .held = held,
			    .n = n,
			    .row = { .person_id = c->who->person_id,
				     .account_id = c->who->account_id,
				     .now_us = c->now_us,
				     .online_until = c->now_us + PRESENCE_LEASE_US,
				     .connection = connection } };

	BUG(!connection.n || connection.n > CONNECTION_MAX);
	TRY(gateway_of(c, &m.row.gateway, e));
	return store_tx(c->db, put_tx, &m, e);
}

static enum rc need_student(const struct core *c, struct error *e)
{
	if (c->who->role != ROLE_STUDENT || c->who->person_id == COLUMN_NULL)
		return ERROR(e, RC_DENIED, REASON_STUDENT_ONLY, "role %s", role_name(c->who->role));
	return RC_OK;
}

static enum rc need_enrolled(struct core *c, int64_t attendance_id, struct error *e)
{
	struct checkin_open open;
	struct error mine;
	enum rc rc;

	error_init(&mine);
	rc = checkin_open_get(c, attendance_id, &open, &mine);
	if (rc == RC_NOT_FOUND)
		return ERROR(e, RC_DENIED, REASON_NOT_ENROLLED, "attendance %lld",
			     (long long)attendance_id);
	if (rc != RC_OK)
		*e = mine;
	return rc;
}

static struct presence_joined joined_of(const struct presence_held *h)
{
	return (struct presence_joined){ .attendance_id = h->attendance_id,
					 .occurrence_id = or_zero(h->occurrence_id),
					 .course_id = or_zero(h->course_id),
					 .person_id = h->person_id };
}

enum rc presence_join(struct core *c, int64_t occurrence_id, struct str connection,
		      struct presence_joined *ret, struct error *e)
{
	struct presence_target t = { .is_active = false };
	struct presence_held held;
	struct error mine;
	enum rc rc;

	error_init(&mine);
	rc = presence_find(c, occurrence_id, &t, &mine);
	if (rc != RC_OK && rc != RC_NOT_FOUND) {
		*e = mine;
		return rc;
	}
	if (!t.is_active)
		return ERROR(e, RC_CONFLICT, REASON_ATTENDANCE_CLOSED, "occurrence %lld",
			     (long long)occurrence_id);
	TRY(need_student(c, e));
	TRY(need_enrolled(c, t.attendance_id, e));
	held = (struct presence_held){ .attendance_id = t.attendance_id,
				       .occurrence_id = t.occurrence_id,
				       .branch_id = t.branch_id,
				       .course_id = t.course_id,
				       .person_id = c->who->person_id };
	TRY(put(c, connection, &held, 1, e));
	*ret = joined_of(&held);
	return RC_OK;
}

static enum rc quit_tx(struct store *s, void *arg, struct error *e)
{
	struct moving *m = arg;

	TRY(presence_leave(s, m->held->attendance_id, m->held->person_id, m->c->now_us, &m->n_left,
			   e));
	return m->n_left ? tell(m->c, s, EVENT_ATTENDANCE_LEFT, m->held, e) : RC_OK;
}

enum rc presence_quit(struct core *c, int64_t occurrence_id, int64_t *ret_id, struct error *e)
{
	struct presence_target t;
	struct presence_held held;
	struct moving m = { .c = c, .held = &held };

	*ret_id = 0;
	TRY(need_student(c, e));
	TRY(presence_find(c, occurrence_id, &t, e));
	if (!t.attendance_id)
		return RC_OK;
	held = (struct presence_held){ .attendance_id = t.attendance_id,
				       .branch_id = t.branch_id,
				       .person_id = c->who->person_id };
	TRY(store_tx(c->db, quit_tx, &m, e));
	*ret_id = m.n_left ? t.attendance_id : 0;
	return RC_OK;
}

static enum rc gone_tx(struct store *s, void *arg, struct error *e)
{
	struct moving *m = arg;

	TRY(presence_lose(s, m->row.account_id, m->row.connection, m->c->now_us, e));
	for (size_t i = 0; i < m->n; i++)
		TRY(tell(m->c, s, EVENT_ATTENDANCE_LEFT, &m->held[i], e));
	return RC_OK;
}

enum rc presence_gone(struct core *c, struct str connection, struct error *e)
{
	struct moving m = { .c = c,
			    .row = { .account_id = c->who->account_id, .connection = connection } };

	TRY(presence_held_by(c->db, c->who->account_id, connection, c->arena, &m.held, &m.n, e));
	return m.n ? store_tx(c->db, gone_tx, &m, e) : RC_OK;
}

enum rc presence_back(struct core *c, struct str connection, const struct presence_joined **ret,
		      size_t *ret_n, struct error *e)
{
	const struct presence_held *held;
	struct presence_joined *rows;
	size_t n = 0;

	*ret_n = 0;
	if (c->who->role != ROLE_STUDENT || c->who->person_id == COLUMN_NULL)
		return RC_OK;
	TRY(presence_last(c->db, c->who->account_id, c->now_us - PRESENCE_BACK_US, c->now_us,
			  c->arena, &held, &n, e));
	if (!n)
		return RC_OK;
	rows = ARENA_ARRAY(c->arena, n, struct presence_joined);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		TRY(need_enrolled(c, held[i].attendance_id, e));
		rows[i] = joined_of(&held[i]);
	}
	TRY(put(c, connection, held, n, e));
	*ret = rows;
	*ret_n = n;
	return RC_OK;
}

/* ---- lists ------------------------------------------------------------------------------------
 */

enum rc presence_list(struct core *c, const struct attendance *s,
		      const struct presence_row **ret_rows, size_t *ret_n, struct error *e)
{
	return presence_rows(c->db, s->id, c->now_us, c->arena, ret_rows, ret_n, e);
}

enum rc presence_active(struct core *c, int64_t course_id, const struct presence_active **ret_rows,
			size_t *ret_n, struct error *e)
{
	char room[EVENT_ROOM_SIZE];

	event_room_name('c', course_id, room);
	TRY(event_may_join(c, str_from(room), e));
	return presence_course(c->db, course_id, c->now_us, c->arena, ret_rows, ret_n, e);
}

enum rc presence_running(struct core *c, int64_t course_id, const struct presence_active **ret_rows,
			 size_t *ret_n, struct error *e)
{
	return presence_course(c->db, course_id, c->now_us, c->arena, ret_rows, ret_n, e);
}

enum rc presence_closer(struct core *c, const struct attendance *s, struct str *ret,
			struct error *e)
{
	*ret = STR("");
	return s->closed_by == COLUMN_NULL ? RC_OK
					   : presence_name(c->db, s->closed_by, c->arena, ret, e);
}

enum rc presence_look_up(struct core *c, const struct presence_pair *pairs, size_t n,
			 const struct presence_record **ret_rows, size_t *ret_n, struct error *e)
{
	struct json_out o;
	struct buf b;

	buf_init(&b, c->arena, n * 24 + 16, PAIRS_BYTES);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		json_out_object(&o);
		json_out_key_i64(&o, "a", pairs[i].attendance_id);
		json_out_key_i64(&o, "p", pairs[i].person_id);
		json_out_object_end(&o);
	}
	json_out_array_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	return presence_records(c->db, buf_str(&b), c->arena, ret_rows, ret_n, e);
}

static int by_person(const void *a, const void *b)
{
	const struct presence_record *x = a, *y = b;

	return x->person_id < y->person_id ? -1 : x->person_id > y->person_id;
}

enum rc presence_register(struct core *c, const struct attendance *s,
			  const struct presence_record **ret_rows, size_t *ret_n, struct error *e)
{
	const struct presence_record *found;
	struct presence_record *rows;
	struct register_list list;
	struct presence_pair *pairs;
	size_t n_found, n = 0;

	TRY(register_get(c, s, &list, e));
	pairs = ARENA_ARRAY(c->arena, list.n_rows, struct presence_pair);
	rows = ARENA_ARRAY(c->arena, list.n_rows, struct presence_record);
	if (!pairs || !rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < list.n_rows; i++)
		pairs[i] = (struct presence_pair){ s->id, list.rows[i].person_id };
	TRY(presence_look_up(c, pairs, list.n_rows, &found, &n_found, e));
	for (size_t i = 0; i < list.n_rows; i++) {
		const struct presence_record key = { .person_id = list.rows[i].person_id };
		const struct presence_record *r =
			n_found ? bsearch(&key, found, n_found, sizeof key, by_person) : NULL;

		if (r)
			rows[n++] = *r;
	}
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}
