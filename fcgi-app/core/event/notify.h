/*
 * Notifications within Muster: telling people what concerns them.
 *
 * Who changes something calls one of notify_... inside its transaction.  Each is one statement for
 * all recipients and one for their events "notification.created", never one per recipient.  Nobody
 * is told of what they did themselves (the account of c), nor what they do not want to be told.
 * Large audiences of the check-in's hot path are told by core/event/notify_stream.h instead.
 *
 * Stored are a kind and the facts its text names; view/notification.h makes title, sentence and
 * address of them, in the reader's language.
 */
#ifndef CORE_NOTIFY_H
#define CORE_NOTIFY_H

#include "core/core.h"

/* Whose kinds they are: what the preferences of a role show. */
enum { NOTIFY_FOR_ADMIN = 1, NOTIFY_FOR_TEACHER = 2, NOTIFY_FOR_STUDENT = 4 };

/*
 * X(NAME, code, what entity_id is, priority, for whom).  Codes are stored and never renamed.
 */
/* clang-format off */
#define NOTIFY_KINDS(X) \
	X(CHECKIN_OPENED, "checkin.opened", ATTENDANCE, HIGH, NOTIFY_FOR_STUDENT) \
	X(CHECKIN_FLAGGED, "checkin.flagged", ATTENDANCE, HIGH, NOTIFY_FOR_TEACHER) \
	X(CHECKIN_DECIDED, "checkin.decided", ATTENDANCE, MEDIUM, NOTIFY_FOR_STUDENT) \
	X(SESSION_CREATED, "session.created", SESSION, MEDIUM, NOTIFY_FOR_TEACHER | NOTIFY_FOR_STUDENT) \
	X(SESSION_CANCELLED, "session.cancelled", SESSION, HIGH, NOTIFY_FOR_TEACHER | NOTIFY_FOR_STUDENT) \
	X(SESSION_RESTORED, "session.restored", SESSION, HIGH, NOTIFY_FOR_TEACHER | NOTIFY_FOR_STUDENT) \
	X(SESSION_MOVED, "session.moved", SESSION, HIGH, NOTIFY_FOR_TEACHER | NOTIFY_FOR_STUDENT) \
	X(UPLOAD_REVIEWED, "upload.reviewed", SESSION, MEDIUM, NOTIFY_FOR_TEACHER) \
	X(COMPLETION_RETURNED, "completion.returned", SESSION, HIGH, NOTIFY_FOR_TEACHER) \
	X(COMPLETION_MISSING, "completion.missing", SESSION, HIGH, NOTIFY_FOR_TEACHER) \
	X(SESSION_REQUEST_CREATED, "session_request.created", SESSION_REQUEST, HIGH, NOTIFY_FOR_ADMIN) \
	X(SESSION_REQUEST_DECIDED, "session_request.decided", SESSION_REQUEST, HIGH, NOTIFY_FOR_TEACHER) \
	X(SESSION_REQUEST_ASKED, "session_request.asked", SESSION_REQUEST, HIGH, NOTIFY_FOR_TEACHER) \
	X(SESSION_REQUEST_ANSWERED, "session_request.answered", SESSION_REQUEST, MEDIUM, NOTIFY_FOR_ADMIN) \
	X(SESSION_REQUEST_WITHDRAWN, "session_request.withdrawn", SESSION_REQUEST, LOW, NOTIFY_FOR_ADMIN) \
	X(EXCUSE_REQUESTED, "excuse.requested", EXCUSE, MEDIUM, NOTIFY_FOR_TEACHER) \
	X(EXCUSE_DECIDED, "excuse.decided", EXCUSE, HIGH, NOTIFY_FOR_STUDENT) \
	X(ATTENDANCE_CONFIRMED, "attendance.confirmed", ATTENDANCE, LOW, NOTIFY_FOR_ADMIN) \
	X(CORRECTION_REQUESTED, "correction.requested", CORRECTION, MEDIUM, NOTIFY_FOR_TEACHER) \
	X(CORRECTION_DECIDED, "correction.decided", CORRECTION, HIGH, NOTIFY_FOR_STUDENT)
/* clang-format on */

enum notify_kind {
#define X(name, code, entity, priority, audience) NOTIFY_##name,
	NOTIFY_KINDS(X)
#undef X
		NOTIFY__MAX
};
enum notify_entity {
	NOTIFY_ENTITY_ATTENDANCE, /* attendance session */
	NOTIFY_ENTITY_SESSION,    /* occurrence */
	NOTIFY_ENTITY_SESSION_REQUEST,
	NOTIFY_ENTITY_EXCUSE,
	NOTIFY_ENTITY_CORRECTION,
	NOTIFY_ENTITY__MAX
};
enum notify_priority { NOTIFY_LOW, NOTIFY_MEDIUM, NOTIFY_HIGH, NOTIFY_PRIORITY__MAX };

struct notify_rule {
	const char *code;
	enum notify_entity entity;
	enum notify_priority priority;
	unsigned audience; /* NOTIFY_FOR_... */
};
const struct notify_rule *notify_rule(enum notify_kind kind);
bool notify_kind_from(struct str code, enum notify_kind *ret) MUST_CHECK;
const char *notify_entity_name(enum notify_entity entity);       /* "attendance", … */
const char *notify_priority_name(enum notify_priority priority); /* "low", "medium", "high" */
/* Is the kind one that this role is told of? */
bool notify_kind_is_for(enum notify_kind kind, enum role role);

/*
 * What a text may name.  Leave out what the kind does not say; too long ones are cut.
 */
#define NOTIFY_TITLE_MAX 120 /* code points */
#define NOTIFY_WHO_MAX   80
#define NOTIFY_TEXT_MAX  200
struct notify_params {
	struct str title;   /* of the session or the request */
	struct str who;     /* a person's name, as shown to the recipient */
	struct str code;    /* a decision: "approved", "rejected", "excused", … */
	struct str text;    /* what a person wrote: reason, response, question */
	bool has_when;      /* day, start and end are given: wall clock */
	int32_t day;        /* of the session */
	int32_t start, end; /* NO_DAY: not said */
	bool has_old;       /* likewise, before it was moved */
	int32_t old_day, old_start;
	int32_t last_day; /* of several sessions, the first of them on `day`; NO_DAY */
	int64_t n;        /* a number, 0: none */
	int64_t link_id;  /* a second id that the address needs; 0: none */
};
/* As JSON in the arena, and back.  Unknown members and wrong types are left out. */
enum rc notify_params_write(struct arena *a, const struct notify_params *p, struct str *ret_json,
			    struct error *e) MUST_CHECK;
void notify_params_read(struct arena *a, struct str json, struct notify_params *ret);

struct notify_new {
	enum notify_kind kind;
	int64_t branch_id; /* that of what it is about */
	int64_t entity_id;
	struct notify_params params;
};
/* `s` is the store as handed to the transaction's function, for all of these. */
enum rc notify_account(struct core *c, struct store *s, int64_t account_id,
		       const struct notify_new *n, struct error *e) MUST_CHECK;
/* The accounts of a person; COLUMN_NULL: nobody. */
enum rc notify_person(struct core *c, struct store *s, int64_t person_id,
		      const struct notify_new *n, struct error *e) MUST_CHECK;
/* Super admins, and the admins of n->branch_id. */
enum rc notify_admins(struct core *c, struct store *s, const struct notify_new *n,
		      struct error *e) MUST_CHECK;
/* Who holds an occurrence, and the staff of its class. */
enum rc notify_session_staff(struct core *c, struct store *s, int64_t occurrence_id,
			     const struct notify_new *n, struct error *e) MUST_CHECK;
/* Its students on its day, by course or class. */
enum rc notify_session_students(struct core *c, struct store *s, int64_t occurrence_id,
				const struct notify_new *n, struct error *e) MUST_CHECK;
/* Both. */
enum rc notify_session_all(struct core *c, struct store *s, int64_t occurrence_id,
			   const struct notify_new *n, struct error *e) MUST_CHECK;
/* Many things of one kind, each for an account, a person or both: still one statement. */
struct notify_item {
	int64_t entity_id;
	int64_t account_id; /* COLUMN_NULL: none */
	int64_t person_id;  /* likewise */
	struct notify_params params;
};
enum rc notify_many(struct core *c, struct store *s, enum notify_kind kind, int64_t branch_id,
		    const struct notify_item *items, size_t n, struct error *e) MUST_CHECK;

#endif
