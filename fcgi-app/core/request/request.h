/*
 * Requests: what a teacher asks for, and an admin decides.
 *
 *   pending → approved | rejected | question (asked back) | withdrawn
 *   question → pending (answered) | approved | rejected | withdrawn
 *   approved ↔ rejected by an admin, again
 *
 * Faculty and employees ask, and see their own; admins see and decide those of their branch.
 * Approving makes the session, the series (a schedule) or single days of it in the same
 * transaction; over a clash only when the admin says so, which is logged.  A class that is not
 * known leaves the request to be settled by an admin instead.  Taking an approval back cancels
 * what was made, but for what was held.  Two who decide at once: the second is told.
 */
#ifndef CORE_REQUEST_H
#define CORE_REQUEST_H

#include "core/core.h"
#include "core/schedule/clash.h"
#include "core/schedule/recurrence.h"
#include "core/session/session_make.h"
#include "store/request.h"

#define REQUEST_TITLE_MAX    200
#define REQUEST_KIND_MAX     50
#define REQUEST_CLASS_MAX    100 /* contract 000 */
#define REQUEST_NOTES_MAX    5000
#define REQUEST_TEXT_MAX     2000 /* responses, questions, answers */
#define REQUEST_SERIES_DAYS  366  /* first to last day */
#define REQUEST_SESSIONS_MAX 200  /* of one request */
#define REQUEST_AHEAD_DAYS   730
#define REQUEST_PAGE         20
#define REQUEST_BULK_MAX     50

enum request_state {
	REQUEST_PENDING,
	REQUEST_QUESTION, /* an admin asked back */
	REQUEST_APPROVED,
	REQUEST_REJECTED,
	REQUEST_WITHDRAWN,
	REQUEST_STATE__MAX
};
/* "pending", "question", …: as stored, and in addresses. */
const char *request_state_name(enum request_state s);
bool request_state_from(struct str name, enum request_state *ret) MUST_CHECK;

enum request_kind {
	REQUEST_COURSE,
	REQUEST_TD,
	REQUEST_TP,
	REQUEST_EXAM,
	REQUEST_WORKSHOP,
	REQUEST_KIND__MAX
};
/* "course", "td", …; NULL-terminated, in the order of the enum. */
extern const char *const request_kinds[];

struct request {
	struct request_stored row;
	enum request_state state;
	bool is_series;
	enum recurrence recurrence; /* of a series */
	bool is_own;                /* the viewer asked for it */
	bool may_decide;            /* approve, reject; ask back while it waits */
	bool may_withdraw, may_answer;
	bool is_past; /* its last day is over: it can no longer be approved */
};

/* ---- asking ---------------------------------------------------------------------------------- */

/*
 * Fields: "title" (REQUIRED, TOO_LONG, NOT_TEXT), "kind" (TOO_LONG, NOT_TEXT), "course"
 * (NOT_YOUR_COURSE), "group" (REQUIRED, NOT_A_CHOICE, TOO_LONG, NOT_TEXT), "date" (REQUIRED, PAST,
 * TOO_FAR_AHEAD), "start" (REQUIRED, PAST), "end" (REQUIRED, END_BEFORE_START), "room"
 * (NOT_A_CHOICE), "notes" (TOO_LONG, NOT_TEXT), "until" (REQUIRED, END_BEFORE_START,
 * RANGE_TOO_LONG, NO_OCCURRENCE, TOO_MANY_SESSIONS), "weekdays" (NO_WEEKDAY), "day_of_month"
 * (NOT_A_DATE, NO_SUCH_DAY).
 */
struct request_in {
	struct str title, kind, notes;
	int64_t course_id, room_id; /* 0: none */
	int64_t class_id;           /* 0: as class_name says, which may be of none */
	struct str class_name;
	bool finds_course; /* without course_id: the one course of the viewer that the class takes
			    */
	int32_t day;       /* NO_DAY: not given; of a series the first that may be one */
	int32_t start_tod, end_tod;
	bool is_series;
	enum recurrence recurrence;
	int32_t until_day;
	unsigned weekdays; /* weekly: bit 0 Sunday .. bit 6 Saturday */
	int day_of_month;  /* monthly */
};

/* What is to be said before it is sent. */
struct request_plan {
	struct session_make_plan make;
	const int32_t *days;
	size_t n_days, n_closed; /* closed: of a series, days that are left out */
	bool knows_class;
};
/* Faculty and employees; RC_DENIED for all others.  Changes nothing. */
enum rc request_check(struct core *c, const struct request_in *in, struct request_plan *ret,
		      struct error *e) MUST_CHECK;
/* Clashes do not keep it from being sent: the admin sees them beside it. */
enum rc request_send(struct core *c, const struct request_in *in, int64_t *ret_id,
		     struct error *e) MUST_CHECK;

/* What a form may offer the viewer. */
struct request_choices {
	const struct request_choice_row *courses, *classes;
	size_t n_courses, n_classes;
	const struct room_stored *rooms;
	size_t n_rooms;
	int32_t today;
};
enum rc request_choices(struct core *c, struct request_choices *ret, struct error *e) MUST_CHECK;
/*
 * An earlier one of the viewer as the beginning of a new one: the same weekday, at the earliest
 * tomorrow, and a series as long as it was.
 */
enum rc request_again(struct core *c, int64_t id, struct request_in *ret,
		      struct error *e) MUST_CHECK;

/* By who asked, while it waits.  Conflict CHANGED, REQUEST_DECIDED. */
enum rc request_withdraw(struct core *c, int64_t id, int64_t version, struct error *e) MUST_CHECK;
/* The answer to a question; then it waits again.  Field "text" (REQUIRED, TOO_LONG, NOT_TEXT). */
enum rc request_answer(struct core *c, int64_t id, int64_t version, struct str text,
		       struct error *e) MUST_CHECK;
/* Out of all lists, by an admin; what was made stays.  By who asked it is request_withdraw. */
enum rc request_delete(struct core *c, int64_t id, struct error *e) MUST_CHECK;

/* ---- looking --------------------------------------------------------------------------------- */

enum request_tab {
	REQUEST_TAB_WAITING, /* pending and asked back */
	REQUEST_TAB_APPROVED,
	REQUEST_TAB_REJECTED,
	REQUEST_TAB_WITHDRAWN,
	REQUEST_TAB_UNMADE, /* approved, and the session is still to be made */
	REQUEST_TAB_ALL,    /* but the withdrawn ones */
	REQUEST_TAB_NONE,   /* of a state that does not exist: nothing (contract 000) */
	REQUEST_TAB__MAX
};
struct request_query {
	enum request_tab tab;
	struct str search;
	int64_t branch_id, course_id, class_id; /* 0: all */
	int kind;                               /* of enum request_kind; -1: all */
	int32_t from_day, to_day;               /* NO_DAY: open */
	bool by_day;             /* by the day that is asked for, else newest first */
	bool with_withdrawn;     /* of REQUEST_TAB_ALL */
	bool skips_beside;       /* nobody looks at clashes and free rooms */
	int64_t page, page_size; /* from 1; 0: 1, REQUEST_PAGE */
};
/* What stands beside one in a list for admins. */
struct request_beside {
	const struct request_clash_row *clashes; /* one a session, kinds added up */
	size_t n_clashes;
	const struct request_room_row *rooms; /* some that are free */
	size_t n_rooms;
};
struct request_list {
	const struct request *rows;
	const struct request_beside *beside; /* of the waiting ones, for admins; else NULL */
	size_t n_rows;
	int64_t total, page, page_size;
	struct request_count_row counts; /* whatever the filters are */
};
/* Admins those of their branch, others their own.  Two statements, two more for what is beside. */
enum rc request_list(struct core *c, const struct request_query *q, struct request_list *ret,
		     struct error *e) MUST_CHECK;
/* The viewer's own whatever the role is (000 my-requests, the home page of teachers). */
enum rc request_list_own(struct core *c, const struct request_query *q, struct request_list *ret,
			 struct error *e) MUST_CHECK;
/* RC_NOT_FOUND; RC_DENIED for one of somebody else, which pages show as not found. */
enum rc request_get(struct core *c, int64_t id, struct request *ret, struct error *e) MUST_CHECK;

/* All about one, for its page. */
struct request_detail {
	struct request r;
	struct request_beside beside;
	const struct request_step_row *steps;
	size_t n_steps;
	const struct request_day_row *days;
	size_t n_days;
	const struct request_session_row *sessions; /* made for it, cancelled ones too */
	size_t n_sessions;
};
enum rc request_open(struct core *c, int64_t id, struct request_detail *ret,
		     struct error *e) MUST_CHECK;
/* Rooms of its branch that are free then; for deciding.  At most 50. */
enum rc request_rooms(struct core *c, const struct request_detail *d,
		      const struct request_room_row **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;

/* ---- deciding -------------------------------------------------------------------------------- */

enum request_decision { REQUEST_APPROVE, REQUEST_REJECT, REQUEST_ASK, REQUEST_DECISION__MAX };
/*
 * Fields: "response" (TOO_LONG, NOT_TEXT; of ASK also REQUIRED), "room" (NOT_A_CHOICE, ROOM_ENDED),
 * "group" (NOT_A_CHOICE), "days" (NOTHING_CHOSEN).
 */
struct request_decide_in {
	int64_t id, version; /* version 0: whatever it is */
	enum request_decision decision;
	struct str response;
	int64_t room_id;  /* approving: 0 as wished */
	int64_t class_id; /* approving: 0 as asked for */
	bool with_days;   /* a series: only `days` of it, as single sessions */
	const int32_t *days;
	size_t n_days;
	bool overrides; /* over clashes, closed days and rooms too small */
};
struct request_decided {
	struct request r;   /* as it is now */
	int64_t n_sessions; /* made, or cancelled */
	int64_t n_left;     /* taking back: held ones that stay */
	bool is_unchanged;  /* it was decided so already */
	bool needs_session; /* the class is not known */
};
/*
 * Conflict CHANGED (another version), CLASHES, REQUEST_PAST, REQUEST_HELD (nothing of what was made
 * can be cancelled), REQUEST_WITHDRAWN, REQUEST_DECIDED (asking back about a decided one).
 * Approving what is approved and rejecting what is rejected changes nothing, with version 0.
 */
enum rc request_decide(struct core *c, const struct request_decide_in *in,
		       struct request_decided *ret, struct error *e) MUST_CHECK;

struct request_pick {
	int64_t id, version;
};
struct request_bulk_done {
	int64_t n_done;
	int64_t n_changed; /* somebody else was first, or it was withdrawn */
	int64_t n_clash;   /* clashes, or is over: to be decided one by one */
	int64_t n_unmade;  /* of n_done: the class is not known */
};
/* One response for all; each in a transaction of its own, never over a clash.  Fields "pick"
 * (NOTHING_CHOSEN, TOO_LARGE), "response". */
enum rc request_decide_many(struct core *c, const struct request_pick *v, size_t n,
			    enum request_decision decision, struct str response,
			    struct request_bulk_done *ret, struct error *e) MUST_CHECK;

/* An approved one whose session is still to be made: makes it for that class, or (class_id 0) says
 * that none is needed any more.  Conflict CHANGED, CLASHES, REQUEST_PAST. */
enum rc request_settle(struct core *c, const struct request_decide_in *in,
		       struct request_decided *ret, struct error *e) MUST_CHECK;

#endif
