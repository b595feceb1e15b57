/*
 * Contract 000's events.  See c000_feed.h.
 */
#include "live/c000_feed.h"

#include "codec/json.h"
#include "codec/ws.h"

enum { DATA_MAX = 12000, PAYLOAD_MAX = 8000, NAMES_MAX = 7 };

/* What a message of that name carries, for who may have the payload. */
enum data {
	DATA_OWN, /* our payload as it is */
	DATA_MARK,
	DATA_STATS,
	DATA_STUDENT,
	DATA_SESSION,
	DATA_REQUEST_NEW,
	DATA_REQUEST,
};
struct name {
	const char *name;
	enum data data;
};
struct words {
	enum event_type type;
	struct name names[NAMES_MAX]; /* each with dots also goes with underscores */
};

static const struct words dictionary[] = {
	{ EVENT_REQUEST_CREATED, { { "session_request.created", DATA_REQUEST_NEW } } },
	{ EVENT_REQUEST_UPDATED, { { "session_request.updated", DATA_REQUEST } } },
	{ EVENT_SESSION_CREATED, { { "session.created", DATA_SESSION } } },
	{ EVENT_SESSION_MOVED, { { "session.updated", DATA_SESSION } } },
	{ EVENT_SESSION_CANCELLED,
	  { { "session.updated", DATA_SESSION }, { "session.deleted", DATA_SESSION } } },
	{ EVENT_ATTENDANCE_OPENED, { { "session.updated", DATA_SESSION } } },
	{ EVENT_ATTENDANCE_PAUSED, { { "session.updated", DATA_SESSION } } },
	{ EVENT_ATTENDANCE_RESUMED, { { "session.updated", DATA_SESSION } } },
	{ EVENT_ATTENDANCE_EXTENDED, { { "session.updated", DATA_SESSION } } },
	{ EVENT_ATTENDANCE_CHANGED, { { "session.updated", DATA_SESSION } } },
	{ EVENT_ATTENDANCE_DELETED, { { "session.updated", DATA_SESSION } } },
	{ EVENT_ATTENDANCE_CLOSED,
	  { { "session.updated", DATA_SESSION },
	    { "attendance.updated", DATA_SESSION },
	    { "student_stats_updated", DATA_SESSION },
	    { "trainer_stats_updated", DATA_SESSION } } },
	{ EVENT_ATTENDANCE_REOPENED,
	  { { "session.updated", DATA_SESSION }, { "attendance.updated", DATA_SESSION } } },
	{ EVENT_ATTENDANCE_MARKED,
	  { { "attendance.marked", DATA_MARK },
	    { "attendance.updated", DATA_MARK },
	    { "student_attendance_updated", DATA_STUDENT },
	    { "student_stats_updated", DATA_STATS } } },
	{ EVENT_ATTENDANCE_DECIDED,
	  { { "attendance.marked", DATA_MARK },
	    { "attendance.updated", DATA_MARK },
	    { "student_attendance_updated", DATA_STUDENT },
	    { "student_stats_updated", DATA_STATS } } },
	{ EVENT_ATTENDANCE_FLAGGED, { { "attendance.updated", DATA_MARK } } },
	{ EVENT_NOTIFICATION_CREATED, { { "notification.created", DATA_OWN } } },
};

static const struct words *words_of(enum event_type t)
{
	for (size_t i = 0; i < ARRAY_LEN(dictionary); i++)
		if (dictionary[i].type == t)
			return &dictionary[i];
	return NULL;
}

/* ---- data ---------------------------------------------------------------------------------- */

static void put_id(struct json_out *o, const char *key, const struct json_t *payload,
		   const char *from)
{
	int64_t v;

	if (json_as_i64(json_member(payload, from), 1, INT64_MAX, &v))
		json_out_key_i64(o, key, v);
	else
		json_out_key_null(o, key);
}

static void put_text(struct json_out *o, const char *key, const struct json_t *payload,
		     const char *from)
{
	struct str v;

	if (json_as_str(json_member(payload, from), &v))
		json_out_key_str(o, key, v);
	else
		json_out_key_null(o, key);
}

static void put_mark(struct json_out *o, const struct event *v, const struct json_t *p)
{
	char at[28];

	put_id(o, "attendance_id", p, "record");
	put_id(o, "session_id", p, "occurrence");
	put_id(o, "student_id", p, "student");
	put_text(o, "status", p, "status");
	json_out_key_str(o, "marked_at", us_format_iso(v->at, at));
}

static void put_request(struct json_out *o, const struct json_t *p, bool is_new)
{
	put_id(o, "request_id", p, "request");
	put_id(o, "trainer_id", p, "account");
	if (is_new) {
		put_text(o, "trainer_name", p, "name");
		put_text(o, "title", p, "title");
		put_text(o, "class_name", p, "class_name");
		put_text(o, "date", p, "day");
		return;
	}
	put_text(o, "status", p, "state");
	put_id(o, "reviewed_by", p, "reviewed_by");
}

static void put_members(struct json_out *o, const struct event *v, const struct json_t *p,
			enum data data)
{
	switch (data) {
	case DATA_MARK:
		put_mark(o, v, p);
		break;
	case DATA_STATS:
		put_id(o, "student_id", p, "student");
		put_id(o, "session_id", p, "occurrence");
		break;
	case DATA_STUDENT:
		put_id(o, "student_id", p, "student");
		put_id(o, "attendance_id", p, "record");
		break;
	case DATA_SESSION:
		put_id(o, "session_id", p, "occurrence");
		put_id(o, "attendance_session_id", p, "attendance");
		break;
	case DATA_REQUEST_NEW:
	case DATA_REQUEST:
		put_request(o, p, data == DATA_REQUEST_NEW);
		break;
	case DATA_OWN:
		break;
	}
}

/* Members get what is public as a session's, whatever the name promises of one student. */
static void put_data(struct json_out *o, const struct event *v, enum event_detail detail,
		     enum data data, const struct json_t *payload)
{
	if (detail == EVENT_FULL && data == DATA_OWN) {
		json_out_raw(o, v->payload);
		return;
	}
	json_out_object(o);
	if (detail != EVENT_TYPE_ONLY)
		put_members(o, v, payload, detail == EVENT_PUBLIC ? DATA_SESSION : data);
	json_out_object_end(o);
}

/* ---- frames -------------------------------------------------------------------------------- */

struct messages {
	struct arena *a;
	struct str parts[4 * NAMES_MAX];
	size_t n;
	bool has_failed;
};

static void add(struct messages *m, struct str type, const struct event *v,
		enum event_detail detail, enum data data, const struct json_t *payload)
{
	char *head = arena_alloc(m->a, WS_SEND_HEAD_MAX);
	struct json_out o;
	struct buf b;

	buf_init(&b, m->a, 256, DATA_MAX);
	json_out_init(&o, &b);
	json_out_object(&o);
	json_out_key_str(&o, "type", type);
	json_out_key(&o, STR("data"));
	put_data(&o, v, detail, data, payload);
	json_out_object_end(&o);
	if (!head || !buf_ok(&b)) {
		m->has_failed = true;
		return;
	}
	m->parts[m->n++] = str_make(head, ws_head_write(head, WS_TEXT, b.n));
	m->parts[m->n++] = buf_str(&b);
}

static struct str with_underscores(struct arena *a, struct str name)
{
	struct str ret = arena_str(a, name);

	for (size_t i = 0; i < ret.n; i++)
		if (ret.p[i] == '.')
			((char *)(uintptr_t)ret.p)[i] = '_';
	return ret;
}

struct frame *c000_frame(struct arena *a, const struct event *v, enum event_detail detail)
{
	const struct words *w = v->type == EVENT__MAX ? NULL : words_of(v->type);
	const struct name own = { .name = NULL, .data = DATA_OWN };
	struct messages m = { .a = a };
	struct json_t *payload = NULL;
	struct error ignored;

	error_init(&ignored);
	if (detail != EVENT_TYPE_ONLY &&
	    json_read(event_payload(v, detail), PAYLOAD_MAX, a, &payload, &ignored) != RC_OK)
		return NULL;
	for (size_t i = 0; i < NAMES_MAX && (w ? w->names[i].name != NULL : i == 0); i++) {
		const struct name *name = w ? &w->names[i] : &own;
		struct str dotted = name->name ? str_from(name->name) : v->name;

		add(&m, dotted, v, detail, name->data, payload);
		if (str_find_char(dotted, '.') != SIZE_MAX)
			add(&m, with_underscores(a, dotted), v, detail, name->data, payload);
	}
	return m.has_failed ? NULL : frame_bytes(m.parts, m.n);
}

/* Made once for each detail, whatever the number of rooms. */
static void say(struct arena *a, const struct event *v, size_t row, struct feed_batch *b)
{
	struct event_room rooms[EVENT_ROOMS_MAX];
	struct frame *frame = NULL;
	size_t n = event_rooms(v, rooms);

	for (size_t i = 0; i < n; i++) {
		/* Anybody is told of what the contract names, and of nothing else. */
		if (rooms[i].detail == EVENT_TYPE_ONLY && !words_of(v->type))
			break;
		if (i == 0 || rooms[i].detail != rooms[i - 1].detail)
			frame = c000_frame(a, v, rooms[i].detail);
		else if (frame)
			frame_ref(frame);
		feed_say(b, row, str_from(rooms[i].name), FLAVOUR_PLAIN, frame);
	}
}

/* The teacher, whose own event it is, follows a session that was opened after the connection. */
static void let_in(const struct event *v, size_t row, struct feed_batch *b)
{
	char from[EVENT_ROOM_SIZE], to[EVENT_ROOM_SIZE];

	if (v->type != EVENT_ATTENDANCE_OPENED || !(v->audience & EVENT_TO_PERSON) ||
	    !v->person_id || !v->attendance_id)
		return;
	event_room_name('p', v->person_id, from);
	event_room_name('a', v->attendance_id, to);
	feed_let_in(b, row, str_from(from), FLAVOUR_PLAIN, str_from(to));
}

enum rc c000_voice(struct core *c, const struct event *rows, size_t n, struct feed_batch *b,
		   struct error *e)
{
	(void)e;
	for (size_t i = 0; i < n && feed_is_heard(b, FLAVOUR_PLAIN); i++) {
		let_in(&rows[i], i, b);
		say(c->arena, &rows[i], i, b);
	}
	return RC_OK;
}
