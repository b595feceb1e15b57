/*
 * Events of the stream as contract 001 spells them: see c001_feed.h.
 *
 * A first walk finds what must be looked up (sessions, students, courses), few statements
 * read it, a second walk writes.  What is gone meanwhile is told to nobody.
 */
#include "live/c001_feed.h"

#include "live/c001.h"

#include <stdlib.h>

#define TOLD_EACH 6 /* at most, of one event */

struct course {
	int64_t id;
	const struct presence_active *rows;
	size_t n;
};

/* Who has joined a session and not left. */
struct online {
	int64_t id;
	const struct presence_row *rows;
	size_t n;
};

struct telling {
	struct core *c;
	struct presence_cache *known;
	const struct event *v; /* the one at hand */
	struct attendance *sessions;
	size_t n_sessions;
	const struct presence_record *records; /* by session and person */
	size_t n_records;
	struct presence_pair *pairs;
	size_t n_pairs;
	struct course *courses;
	size_t n_courses;
	struct online *online;
	size_t n_online;
	struct c001_told *told;
	size_t n_told, row;
};

/* ---- what is needed
 * ----------------------------------------------------------------------------------- */

static bool is_of_presence(enum event_type t)
{
	return t == EVENT_ATTENDANCE_JOINED || t == EVENT_ATTENDANCE_LEFT;
}

static bool is_of_student(enum event_type t)
{
	return t == EVENT_ATTENDANCE_MARKED || t == EVENT_ATTENDANCE_DECIDED || is_of_presence(t);
}

static bool is_of_course(enum event_type t)
{
	return t == EVENT_ATTENDANCE_OPENED || t == EVENT_ATTENDANCE_REOPENED ||
	       t == EVENT_ATTENDANCE_CLOSED || t == EVENT_ATTENDANCE_DELETED || is_of_presence(t);
}

static struct attendance *session_of(const struct telling *t, int64_t id)
{
	for (size_t i = 0; i < t->n_sessions; i++)
		if (t->sessions[i].id == id)
			return &t->sessions[i];
	return NULL;
}

static struct course *course_of(const struct telling *t, int64_t id)
{
	for (size_t i = 0; i < t->n_courses; i++)
		if (t->courses[i].id == id)
			return &t->courses[i];
	return NULL;
}

static bool is_told(const struct event *v)
{
	return v->attendance_id && (is_of_student(v->type) || is_of_course(v->type));
}

/* Reads the sessions, each once; those that are gone or of no occurrence are left out. */
static enum rc read_sessions(struct telling *t, const struct event *rows, size_t n, struct error *e)
{
	int64_t *ids = ARENA_ARRAY(t->c->arena, n, int64_t);
	struct attendance *found;
	size_t n_ids = 0, n_found = 0;

	if (!ids)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		if (rows[i].attendance_id && !is_of_student(rows[i].type))
			presence_forget(t->known, rows[i].attendance_id);
		while (k < n_ids && ids[k] != rows[i].attendance_id)
			k++;
		if (k == n_ids && is_told(&rows[i]))
			ids[n_ids++] = rows[i].attendance_id;
	}
	if (n_ids)
		TRY(presence_sessions(t->c, t->known, ids, n_ids, &found, &n_found, e));
	for (size_t i = 0; i < n_found; i++)
		if (found[i].occurrence_id != COLUMN_NULL)
			t->sessions[t->n_sessions++] = found[i];
	return RC_OK;
}

static enum rc need_course(struct telling *t, int64_t id, struct error *e)
{
	struct course *k = &t->courses[t->n_courses];

	if (id <= 0 || course_of(t, id))
		return RC_OK;
	k->id = id;
	t->n_courses++;
	return presence_running(t->c, id, &k->rows, &k->n, e);
}

static const struct online *online_of(const struct telling *t, int64_t id)
{
	for (size_t i = 0; i < t->n_online; i++)
		if (t->online[i].id == id)
			return &t->online[i];
	return NULL;
}

static enum rc need_online(struct telling *t, const struct attendance *s, struct error *e)
{
	struct online *k = &t->online[t->n_online];

	if (online_of(t, s->id))
		return RC_OK;
	k->id = s->id;
	t->n_online++;
	return presence_list(t->c, s, &k->rows, &k->n, e);
}

/* The student of an event about one: in the row, or (for staff alone) in what it says. */
static int64_t student_of(struct core *c, const struct event *v)
{
	struct json_t *root;
	struct error ignored;

	if (v->person_id)
		return v->person_id;
	error_init(&ignored);
	if (json_read(v->payload, v->payload.n + 1, c->arena, &root, &ignored) != RC_OK)
		return 0;
	return c001_id(root, "student");
}

static enum rc gather(struct telling *t, const struct event *rows, size_t n, struct error *e)
{
	TRY(read_sessions(t, rows, n, e));
	for (size_t i = 0; i < n; i++) {
		const struct event *v = &rows[i];
		const struct attendance *s = is_told(v) ? session_of(t, v->attendance_id) : NULL;

		if (s && is_of_course(v->type))
			TRY(need_course(t, s->course_id, e));
		if (s && is_of_presence(v->type))
			TRY(need_online(t, s, e));
		if (s && is_of_student(v->type))
			t->pairs[t->n_pairs++] =
				(struct presence_pair){ v->attendance_id, student_of(t->c, v) };
	}
	return t->n_pairs
		       ? presence_look_up(t->c, t->pairs, t->n_pairs, &t->records, &t->n_records, e)
		       : RC_OK;
}

static int by_pair(const void *a, const void *b)
{
	const struct presence_record *x = a, *y = b;

	if (x->attendance_id != y->attendance_id)
		return x->attendance_id < y->attendance_id ? -1 : 1;
	return x->person_id < y->person_id ? -1 : x->person_id > y->person_id;
}

static const struct presence_record *record_of(const struct telling *t)
{
	const struct presence_record key = { .attendance_id = t->v->attendance_id,
					     .person_id = student_of(t->c, t->v) };

	return t->n_records ? bsearch(&key, t->records, t->n_records, sizeof key, by_pair) : NULL;
}

/* ---- what is told
 * ---------------------------------------------------------------------------------------- */

static void tell(struct telling *t, struct str room, const char *event, struct str json,
		 bool is_more)
{
	t->told[t->n_told++] = (struct c001_told){ t->row, room, str_from(event), json, is_more };
}

static void tell_active(struct telling *t, const struct attendance *s)
{
	const struct course *k = course_of(t, s->course_id);

	if (k)
		tell(t, c001_room(t->c, 'c', k->id), "activeSessionsData",
		     c001_active(t->c, k->id, k->rows, k->n), true);
}

static void tell_marked(struct telling *t, const struct attendance *s)
{
	const struct presence_record *r = record_of(t);
	struct str by, json;
	struct c001_out out;

	if (!r)
		return;
	by = r->set_by_name.n ? r->set_by_name : c001_name(t->c, r->given_name, r->family_name);
	json = c001_updated(t->c, s, r, by, t->v->at);
	tell(t, c001_room(t->c, 'a', s->id), "attendanceUpdated", json, false);
	tell(t, c001_own_room(t->c, s->id, r->person_id), "attendanceUpdated", json, false);
	tell(t, c001_room(t->c, 'k', s->id), "attendanceUpdated",
	     c001_updated(t->c, s, NULL, STR(""), t->v->at), false);
	c001_begin(&out, t->c);
	c001_key_session_id(&out.o, s);
	c001_key_id(&out.o, "studentId", r->person_id);
	c001_key_id(&out.o, "student_id", r->person_id);
	json_out_key_cz(&out.o, "status", c001_status(r));
	tell(t, c001_room(t->c, 'p', r->person_id), "attendanceMarked", c001_end(&out), true);
}

static void tell_started(struct telling *t, const struct attendance *s)
{
	struct c001_out out;

	if (s->course_id <= 0 || (s->state != ATTENDANCE_OPEN && s->state != ATTENDANCE_PAUSED))
		return;
	c001_begin(&out, t->c);
	c001_key_id(&out.o, "course_id", s->course_id);
	c001_key_session_id(&out.o, s);
	c001_key_id(&out.o, "teacher_id", s->teacher_id);
	json_out_key_str(&out.o, "teacher_name", s->teacher_name);
	json_out_key_str(&out.o, "session_topic", s->title);
	json_out_key_i64(&out.o, "total_students", s->n_expected);
	c001_key_time(&out.o, "started_at", t->v->at);
	tell(t, c001_room(t->c, 'c', s->course_id), "courseSessionStarted", c001_end(&out), false);
	tell_active(t, s);
}

static struct str ended(struct telling *t, const struct attendance *s, struct str by,
			const struct presence_record *rows, size_t n)
{
	struct c001_out out;

	c001_begin(&out, t->c);
	c001_key_session_id(&out.o, s);
	c001_key_final(&out.o, s, rows, n);
	json_out_key_str(&out.o, "ended_by", by);
	c001_key_time(&out.o, "ended_at", t->v->at);
	return c001_end(&out);
}

static enum rc tell_ended(struct telling *t, const struct attendance *s, struct error *e)
{
	const struct presence_record *rows;
	struct c001_out out;
	struct str by;
	size_t n;

	TRY(presence_register(t->c, s, &rows, &n, e));
	TRY(presence_closer(t->c, s, &by, e));
	tell(t, c001_room(t->c, 'a', s->id), "attendanceSessionEnded", ended(t, s, by, rows, n),
	     false);
	tell(t, c001_room(t->c, 'k', s->id), "attendanceSessionEnded", ended(t, s, by, NULL, 0),
	     false);
	if (s->course_id <= 0)
		return RC_OK;
	c001_begin(&out, t->c);
	c001_key_id(&out.o, "course_id", s->course_id);
	c001_key_session_id(&out.o, s);
	c001_key_id(&out.o, "teacher_id", s->teacher_id);
	json_out_key_str(&out.o, "teacher_name", s->teacher_name);
	c001_key_statistics(&out.o, "final_statistics", s);
	json_out_key_str(&out.o, "ended_by", by);
	c001_key_time(&out.o, "ended_at", t->v->at);
	tell(t, c001_room(t->c, 'c', s->course_id), "courseSessionEnded", c001_end(&out), true);
	tell_active(t, s);
	return RC_OK;
}

static void key_user(struct telling *t, struct json_out *o, const struct presence_record *r)
{
	c001_key_id(o, "student_id", r->account_id);
	c001_key_id(o, "studentId", r->account_id);
	c001_key_id(o, "student_profile_id", r->person_id);
	json_out_key_str(o, "student_name", c001_name(t->c, r->given_name, r->family_name));
	if (r->student_code.n)
		json_out_key_str(o, "roll", r->student_code);
	else
		json_out_key_null(o, "roll");
	json_out_key_null(o, "profile_picture");
}

/*
 * userOnline when somebody has come, userOffline when the connection was lost; whoever left the
 * session is neither.  As it is now: who was lost and is back goes by unseen.
 */
static void tell_online(struct telling *t, const struct attendance *s,
			const struct presence_record *r, bool is_online)
{
	const struct online *k = online_of(t, s->id);
	const struct presence_row *own = NULL;
	struct c001_out out;

	c001_begin(&out, t->c);
	c001_key_session_id(&out.o, s);
	c001_key_id(&out.o, "userId", r->account_id);
	json_out_key_array(&out.o, "onlineUsers");
	for (size_t i = 0; k && i < k->n; i++) {
		if (k->rows[i].person_id == r->person_id)
			own = &k->rows[i];
		if (k->rows[i].is_online == 1)
			json_out_str(&out.o, arena_printf(t->c->arena, "%lld",
							  (long long)k->rows[i].account_id));
	}
	json_out_array_end(&out.o);
	if (own && (own->is_online == 1) == is_online)
		tell(t, c001_room(t->c, 'a', s->id), is_online ? "userOnline" : "userOffline",
		     c001_end(&out), true);
}

static void tell_joined(struct telling *t, const struct attendance *s)
{
	const struct presence_record *r = record_of(t);
	struct c001_out out;

	if (!r)
		return;
	c001_begin(&out, t->c);
	c001_key_session_id(&out.o, s);
	key_user(t, &out.o, r);
	c001_key_time(&out.o, "joined_at", t->v->at);
	tell(t, c001_room(t->c, 'a', s->id), "studentJoinedAttendance", c001_end(&out), false);
	tell_online(t, s, r, true);
	tell_active(t, s);
}

static int64_t n_online(const struct telling *t, const struct attendance *s)
{
	const struct course *k = course_of(t, s->course_id);

	for (size_t i = 0; k && i < k->n; i++)
		if (k->rows[i].attendance_id == s->id)
			return k->rows[i].n_online;
	return 0;
}

/* The contract's event, and the one its phone app listens to. */
static void tell_left(struct telling *t, const struct attendance *s)
{
	const struct presence_record *r = record_of(t);
	struct c001_out out;
	struct str json;

	if (!r)
		return;
	c001_begin(&out, t->c);
	c001_key_session_id(&out.o, s);
	key_user(t, &out.o, r);
	c001_key_time(&out.o, "disconnected_at", t->v->at);
	json_out_key_i64(&out.o, "remaining_online_count", n_online(t, s));
	json = c001_end(&out);
	tell(t, c001_room(t->c, 'a', s->id), "studentLeftAttendance", json, false);
	tell(t, c001_room(t->c, 'a', s->id), "studentLeft", json, true);
	tell_online(t, s, r, false);
	tell_active(t, s);
}

static enum rc tell_one(struct telling *t, struct error *e)
{
	const struct attendance *s = session_of(t, t->v->attendance_id);

	if (!s)
		return RC_OK;
	if (t->v->type == EVENT_ATTENDANCE_MARKED || t->v->type == EVENT_ATTENDANCE_DECIDED)
		tell_marked(t, s);
	else if (t->v->type == EVENT_ATTENDANCE_OPENED || t->v->type == EVENT_ATTENDANCE_REOPENED)
		tell_started(t, s);
	else if (t->v->type == EVENT_ATTENDANCE_CLOSED || t->v->type == EVENT_ATTENDANCE_DELETED)
		return tell_ended(t, s, e);
	else if (t->v->type == EVENT_ATTENDANCE_JOINED)
		tell_joined(t, s);
	else if (t->v->type == EVENT_ATTENDANCE_LEFT)
		tell_left(t, s);
	return RC_OK;
}

enum rc c001_tell(struct core *c, struct presence_cache *sessions, const struct event *rows,
		  size_t n, const struct c001_told **ret, size_t *ret_n, struct error *e)
{
	struct arena *a = c->arena;
	struct telling t = { .c = c,
			     .known = sessions,
			     .sessions = ARENA_ARRAY(a, n, struct attendance),
			     .pairs = ARENA_ARRAY(a, n, struct presence_pair),
			     .courses = ARENA_ARRAY(a, n, struct course),
			     .online = ARENA_ARRAY(a, n, struct online),
			     .told = ARENA_ARRAY(a, n * TOLD_EACH, struct c001_told) };

	if (!t.sessions || !t.pairs || !t.courses || !t.online || !t.told)
		return ERROR_MEMORY(e);
	TRY(gather(&t, rows, n, e));
	for (size_t i = 0; i < n; i++) {
		t.v = &rows[i];
		t.row = i;
		TRY(tell_one(&t, e));
	}
	*ret = t.told;
	*ret_n = t.n_told;
	return RC_OK;
}
