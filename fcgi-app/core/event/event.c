/*
 * Events: who may see which, their rooms, and writing them.  See event.h.
 */
#include "core/event/event.h"

#include "base/num.h"
#include "core/rights.h"
#include "store/event.h"

#include <stdio.h>

#define PAYLOAD_MAX 2000 /* code points, as the column has it */
#define PUBLIC_MAX  1000
#define AFTER_MAX   1000

static const char *const names[EVENT__MAX] = {
#define EVENT(NAME, name) [EVENT_##NAME] = name,
	EVENT_TYPES(EVENT)
#undef EVENT
};

enum {
	ADMINS = EVENT_TO_ADMINS,
	STAFF = EVENT_TO_STAFF,
	MEMBERS = EVENT_TO_MEMBERS,
	PERSON = EVENT_TO_PERSON,
	ACCOUNT = EVENT_TO_ACCOUNT,
};

/* The one place that says who is told what. */
/* clang-format off */
static const unsigned char audiences[EVENT__MAX] = {
	/* The teacher as person, who may not follow the session yet. */
	[EVENT_ATTENDANCE_OPENED]        = ADMINS | STAFF | MEMBERS | PERSON,
	[EVENT_ATTENDANCE_PAUSED]        = ADMINS | STAFF | MEMBERS | PERSON,
	[EVENT_ATTENDANCE_RESUMED]       = ADMINS | STAFF | MEMBERS | PERSON,
	[EVENT_ATTENDANCE_EXTENDED]      = ADMINS | STAFF | MEMBERS | PERSON,
	[EVENT_ATTENDANCE_CHANGED]       = ADMINS | STAFF | MEMBERS | PERSON,
	[EVENT_ATTENDANCE_CLOSED]        = ADMINS | STAFF | MEMBERS | PERSON,
	[EVENT_ATTENDANCE_REOPENED]      = ADMINS | STAFF | MEMBERS | PERSON,
	[EVENT_ATTENDANCE_DELETED]       = ADMINS | STAFF | MEMBERS | PERSON,
	/* The student; members only that the counts moved. */
	[EVENT_ATTENDANCE_MARKED]        = ADMINS | STAFF | MEMBERS | PERSON,
	[EVENT_ATTENDANCE_FLAGGED]       = ADMINS | STAFF | PERSON,
	[EVENT_ATTENDANCE_DECIDED]       = ADMINS | STAFF | MEMBERS | PERSON,
	/* Who follows it live is the staff's to see. */
	[EVENT_ATTENDANCE_JOINED]        = STAFF,
	[EVENT_ATTENDANCE_LEFT]          = STAFF,
	[EVENT_ATTENDANCE_GUEST_ADDED]   = STAFF,
	[EVENT_ATTENDANCE_GUEST_REMOVED] = STAFF,
	[EVENT_ATTENDANCE_GUEST_MERGED]  = STAFF,
	/* The account that asked. */
	[EVENT_REQUEST_CREATED]          = ADMINS | ACCOUNT,
	[EVENT_REQUEST_UPDATED]          = ADMINS | ACCOUNT,
	/* The course's students; the teacher as person. */
	[EVENT_SESSION_CREATED]          = ADMINS | MEMBERS | PERSON,
	[EVENT_SESSION_MOVED]            = ADMINS | MEMBERS | PERSON,
	[EVENT_SESSION_CANCELLED]        = ADMINS | MEMBERS | PERSON,
	/* The account that uploaded. */
	[EVENT_UPLOAD_ADDED]             = ADMINS,
	[EVENT_UPLOAD_REVIEWED]          = ADMINS | ACCOUNT,
	/* The teacher as person. */
	[EVENT_COMPLETION_MISSING]       = ADMINS | PERSON,
	[EVENT_COMPLETION_RETURNED]      = ADMINS | PERSON,
	/* The student as person, who decides as account. */
	[EVENT_EXCUSE_REQUESTED]         = ADMINS | STAFF | PERSON | ACCOUNT,
	[EVENT_EXCUSE_DECIDED]           = ADMINS | STAFF | PERSON | ACCOUNT,
	[EVENT_CORRECTION_REQUESTED]     = ADMINS | STAFF | PERSON | ACCOUNT,
	[EVENT_CORRECTION_DECIDED]       = ADMINS | STAFF | PERSON | ACCOUNT,
	[EVENT_NOTIFICATION_CREATED]     = ACCOUNT,
};
/* clang-format on */

const char *event_name(enum event_type t)
{
	BUG((unsigned)t >= EVENT__MAX);
	return names[t];
}

enum event_type event_from(struct str name)
{
	for (enum event_type t = 0; t < EVENT__MAX; t++)
		if (str_eq(name, str_from(names[t])))
			return t;
	return EVENT__MAX;
}

/* ---- writing -------------------------------------------------------------------------------- */

unsigned event_audience(const struct event_new *n)
{
	unsigned audience;

	BUG((unsigned)n->type >= EVENT__MAX);
	audience = audiences[n->type];
	if (!n->attendance_id)
		audience &= ~(unsigned)STAFF;
	if (!n->public_payload.n || !(n->attendance_id || n->course_id))
		audience &= ~(unsigned)MEMBERS;
	if (!n->person_id)
		audience &= ~(unsigned)PERSON;
	if (!n->account_id)
		audience &= ~(unsigned)ACCOUNT;
	return audience;
}

static int64_t null_if_none(int64_t id)
{
	return id ? id : COLUMN_NULL;
}

enum rc event_add(struct core *c, struct store *s, const struct event_new *n, struct error *e)
{
	const struct event_row_new row = {
		.type = event_name(n->type),
		.branch_id = n->branch_id,
		.attendance_id = null_if_none(n->attendance_id),
		.course_id = null_if_none(n->course_id),
		.person_id = null_if_none(n->person_id),
		.account_id = null_if_none(n->account_id),
		.audience = event_audience(n),
		.payload = n->payload,
		.public_payload = n->public_payload.n ? n->public_payload : (struct str){ NULL, 0 },
	};

	BUG(n->attendance_id < 0 || n->course_id < 0 || n->person_id < 0 || n->account_id < 0);
	if (utf8_length(n->payload) > PAYLOAD_MAX || utf8_length(n->public_payload) > PUBLIC_MAX)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "the payload of %s has %zu bytes",
			     row.type, n->payload.n);
	return event_insert(s, &row, c->now_us, e);
}

/* ---- the stream ----------------------------------------------------------------------------- */

static int64_t none_if_null(int64_t id)
{
	return id == COLUMN_NULL ? 0 : id;
}

enum rc event_after(struct core *c, int64_t seq, size_t limit, const struct event **ret_rows,
		    size_t *ret_n, struct error *e)
{
	const struct event_stored *stored;
	struct event *rows;
	size_t n;

	BUG(limit < 1 || limit > AFTER_MAX);
	TRY(event_rows(c->db, seq, limit, c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct event);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct event){
			.seq = stored[i].seq,
			.at = stored[i].at,
			.type = event_from(stored[i].type),
			.name = stored[i].type,
			.branch_id = stored[i].branch_id,
			.attendance_id = none_if_null(stored[i].attendance_id),
			.course_id = none_if_null(stored[i].course_id),
			.person_id = none_if_null(stored[i].person_id),
			.account_id = none_if_null(stored[i].account_id),
			.audience = (unsigned)stored[i].audience,
			.payload = stored[i].payload,
			.public_payload = stored[i].public_payload,
		};
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

enum rc event_bounds(struct core *c, int64_t *ret_first, int64_t *ret_last, struct error *e)
{
	struct event_span span;

	TRY(event_span(c->db, c->arena, &span, e));
	*ret_first = none_if_null(span.first);
	*ret_last = none_if_null(span.last);
	return RC_OK;
}

/* ---- rooms ---------------------------------------------------------------------------------- */

#define EVERY_BRANCH "b*"
#define ANYBODY      "*"

void event_room_name(char kind, int64_t id, char ret[EVENT_ROOM_SIZE])
{
	snprintf(ret, EVENT_ROOM_SIZE, "%c%lld", kind, (long long)id);
}

static void add_room(struct event_room *rooms, size_t *n, char kind, int64_t id,
		     enum event_detail detail)
{
	if (!id)
		return;
	event_room_name(kind, id, rooms[*n].name);
	rooms[(*n)++].detail = detail;
}

static void add_named(struct event_room *rooms, size_t *n, const char *name,
		      enum event_detail detail)
{
	snprintf(rooms[*n].name, EVENT_ROOM_SIZE, "%s", name);
	rooms[(*n)++].detail = detail;
}

size_t event_rooms(const struct event *v, struct event_room ret[EVENT_ROOMS_MAX])
{
	size_t n = 0;

	if (v->audience & STAFF)
		add_room(ret, &n, 'a', v->attendance_id, EVENT_FULL);
	if (v->audience & ADMINS) {
		add_room(ret, &n, 'b', v->branch_id, EVENT_FULL);
		add_named(ret, &n, EVERY_BRANCH, EVENT_FULL);
	}
	if (v->audience & PERSON)
		add_room(ret, &n, 'p', v->person_id, EVENT_FULL);
	if (v->audience & ACCOUNT)
		add_room(ret, &n, 'u', v->account_id, EVENT_FULL);
	if (v->audience & MEMBERS) {
		add_room(ret, &n, 'm', v->attendance_id, EVENT_PUBLIC);
		add_room(ret, &n, 'c', v->course_id, EVENT_PUBLIC);
	}
	if (n)
		add_named(ret, &n, ANYBODY, EVENT_TYPE_ONLY);
	BUG(n > EVENT_ROOMS_MAX);
	return n;
}

enum event_detail event_detail_of(struct str room)
{
	char kind = room.n ? room.p[0] : '*';

	if (kind == '*')
		return EVENT_TYPE_ONLY;
	return kind == 'm' || kind == 'c' ? EVENT_PUBLIC : EVENT_FULL;
}

struct str event_payload(const struct event *v, enum event_detail detail)
{
	if (detail == EVENT_FULL)
		return v->payload;
	return detail == EVENT_PUBLIC && v->public_payload.n ? v->public_payload : STR("{}");
}

/* ---- joining -------------------------------------------------------------------------------- */

static bool may_see_attendance(const struct who *w, const struct event_tie *t)
{
	const struct subject s = { .branch_id = t->branch_id,
				   .teacher_id = t->teacher_id,
				   .owner_id = COLUMN_NULL,
				   .is_class_staff = t->is_staff == 1 };

	return rights_allow(w, ACTION_ATTENDANCE_SEE, &s);
}

static bool is_admin_of(const struct who *w, int64_t branch_id)
{
	return w->role == ROLE_SUPER_ADMIN ||
	       (w->role == ROLE_BRANCH_ADMIN && w->branch_id == branch_id);
}

static enum rc joins_attendance(struct core *c, int64_t id, bool as_member, bool *ret,
				struct error *e)
{
	struct event_tie t;

	TRY(event_tie_attendance(c->db, id, c->who->person_id, c->arena, &t, e));
	*ret = may_see_attendance(c->who, &t) ||
	       (as_member && c->who->role == ROLE_STUDENT && t.is_member == 1);
	return RC_OK;
}

static enum rc joins_course(struct core *c, int64_t id, bool *ret, struct error *e)
{
	struct event_tie t;

	TRY(event_tie_course(c->db, id, c->who->person_id, c->now_us, c->arena, &t, e));
	*ret = is_admin_of(c->who, t.branch_id) ||
	       (who_is_staff(c->who) ? t.is_staff == 1
				     : c->who->role == ROLE_STUDENT && t.is_member == 1);
	return RC_OK;
}

static enum rc joins(struct core *c, char kind, int64_t id, bool *ret, struct error *e)
{
	switch (kind) {
	case 'a':
		return joins_attendance(c, id, false, ret, e);
	case 'm':
		return joins_attendance(c, id, true, ret, e);
	case 'c':
		return joins_course(c, id, ret, e);
	case 'b':
		*ret = is_admin_of(c->who, id);
		return RC_OK;
	case 'p':
		*ret = c->who->person_id == id;
		return RC_OK;
	case 'u':
		*ret = c->who->account_id == id;
		return RC_OK;
	default:
		*ret = false;
		return RC_OK;
	}
}

static bool is_signed_in(const struct who *w)
{
	return w->role != ROLE_NONE && w->role != ROLE_DEVICE;
}

enum rc event_may_join(struct core *c, struct str room, struct error *e)
{
	bool may = false;
	int64_t id;

	if (str_eq(room, STR(ANYBODY)))
		return RC_OK;
	if (str_eq(room, STR(EVERY_BRANCH)))
		may = c->who->role == ROLE_SUPER_ADMIN;
	else if (room.n && is_signed_in(c->who) &&
		 num_i64(str_from_pos(room, 1), 1, INT64_MAX, &id))
		TRY(joins(c, room.p[0], id, &may, e));
	if (!may)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "account %lld, room %.*s",
			     (long long)c->who->account_id, STR_ARG(str_sub(room, 0, 40)));
	return RC_OK;
}
