/*
 * What students ask of their attendance: to be excused from sessions, or to have a record
 * corrected; and what their teachers decide.
 *
 * A claim has a reason, maybe a file (a photo or a PDF, judged by its content), and one item for
 * each session, which those who work on that session decide.  An item waits → is approved,
 * rejected or withdrawn; a decision can be taken back.  Approving changes the register by the
 * same acts as any mark, so that the trail and the lock date hold for it; taking it back restores
 * what was there unless somebody changed it since.
 *
 * Students ask within claim_days of the policy after a session; corrections when it has begun.
 * The file is sealed on disk, and seen by its student and by who sees the register of one of the
 * sessions, and goes evidence_days after the last day to ask.  One transaction each, with audit row
 * and events.
 */
#ifndef CORE_CLAIM_H
#define CORE_CLAIM_H

#include "core/attendance/register.h"
#include "store/claim.h"
#include "store/excuse.h"
#include "sys/files_sealed.h"

#define CLAIM_REASON_MAX   1000 /* code points */
#define CLAIM_WHY_MAX      500
#define CLAIM_SESSIONS_MAX 50
#define CLAIM_ASKS_MAX     3 /* of one kind, about one session */
#define CLAIM_FILE_MAX     (10LL * 1024 * 1024)
#define CLAIM_PAGE         50
#define CLAIM_PICKS_MAX    100

enum claim_kind { CLAIM_EXCUSE, CLAIM_CORRECTION, CLAIM_KIND__MAX };
const char *claim_kind_name(enum claim_kind k); /* "excuse", "correction", as stored */
enum claim_state {
	CLAIM_IS_WAITING,
	CLAIM_IS_APPROVED,
	CLAIM_IS_REJECTED,
	CLAIM_IS_WITHDRAWN,
	CLAIM_STATE__MAX
};

/* ---- students ------------------------------------------------------------------------------- */

/* A session that the viewer may ask about. */
struct claim_session {
	const struct claim_target *t;
	enum mark mark;
	bool may_ask;    /* now */
	enum reason why; /* else */
	int64_t why_arg;
	int32_t last_day; /* to ask */
};
/* To be excused from: those one is expected in, in these days, by start; at most 200. */
enum rc claim_sessions(struct core *c, int32_t from_day, int32_t to_day,
		       const struct claim_session **ret_rows, size_t *ret_n,
		       struct error *e) MUST_CHECK;
/* One to be corrected, by its attendance session.  RC_NOT_FOUND when the viewer has nothing to do
 * with it. */
enum rc claim_session_of(struct core *c, int64_t attendance_id, struct claim_session *ret,
			 struct error *e) MUST_CHECK;

struct claim_file {
	int fd;                 /* readable, stays the caller's; -1: bytes alone */
	int64_t offset, length; /* within fd */
	struct str bytes;       /* the file itself, in memory or mapped */
	struct str name;        /* as the student's computer called it */
};
struct claim_in {
	enum claim_kind kind;
	const int64_t *occurrences; /* EXCUSE: 1..CLAIM_SESSIONS_MAX */
	size_t n;
	int64_t attendance_id; /* CORRECTION, or an excuse from a session on its own */
	enum mark wants;       /* CORRECTION */
	struct str reason;
	const struct claim_file *file; /* NULL: none */
};
/*
 * files may be NULL without a file.  RC_DENIED STUDENT_ONLY; RC_BUSY RATE.  Fields "sessions"
 * (CLAIM_NO_SESSION, NOT_A_CHOICE, TOO_LARGE, CLAIM_LATE, CLAIM_WAITING, CLAIM_OFTEN,
 * CLAIM_NOTHING, NOT_YET), "wants" (REQUIRED, CLAIM_NOTHING), "reason" (REQUIRED, TOO_LONG,
 * NOT_TEXT), "file" (CLAIM_FILE_BIG, CLAIM_FILE_TYPE, and those of core/upload/upload.h).
 */
enum rc claim_add(struct core *c, const struct files *files, const struct claim_in *in,
		  int64_t *ret_id, struct error *e) MUST_CHECK;

/* ---- rows ----------------------------------------------------------------------------------- */

struct claim_row {
	const struct claim_stored *s;
	enum claim_kind kind;
	enum claim_state state;
	enum mark wants, mark; /* mark: what stands now */
	bool is_locked;        /* deciding needs a reason */
	bool has_file;
};
/* The viewer's own, newest claim first, at most `limit` items. */
enum rc claim_own(struct core *c, size_t limit, const struct claim_row **ret_rows, size_t *ret_n,
		  struct error *e) MUST_CHECK;
struct claim_query {
	enum claim_show show;
	int64_t attendance_id; /* 0: any */
	int64_t page;          /* from 1; 0 is 1 */
};
/* Of the sessions the viewer works on, CLAIM_PAGE a page. */
enum rc claim_list(struct core *c, const struct claim_query *q, const struct claim_row **ret_rows,
		   size_t *ret_n, int64_t *ret_total, struct error *e) MUST_CHECK;
/* How many wait for the viewer; attendance_id 0: in all sessions.  0 for students. */
enum rc claim_waiting(struct core *c, int64_t attendance_id, int64_t *ret,
		      struct error *e) MUST_CHECK;
/* One item, for its student or who may decide it.  RC_NOT_FOUND. */
enum rc claim_get(struct core *c, int64_t item_id, struct claim_row *ret,
		  struct error *e) MUST_CHECK;

struct claim_bytes {
	struct str name, mime, class;
	struct file_sealed *bytes;
};
/* In the arena, which closes it.  RC_NOT_FOUND, FILE_GONE when its time is over. */
enum rc claim_file_open(struct core *c, const struct files *files, int64_t claim_id,
			struct claim_bytes *ret, struct error *e) MUST_CHECK;

/* ---- deciding ------------------------------------------------------------------------------- */

struct claim_pick {
	int64_t id, version; /* version 0: do not compare */
};
enum claim_verb { CLAIM_APPROVE, CLAIM_REJECT, CLAIM_REOPEN, CLAIM_VERB__MAX };
struct claim_done {
	int64_t n, n_left;  /* n_left: decided, withdrawn or changed meanwhile, or locked */
	enum reason reason; /* of the first that was left */
};
/*
 * Each in a transaction of its own.  One alone that is left is RC_CONFLICT: CLAIM_DECIDED,
 * CHANGED (of REOPEN: the mark was changed since).  RC_NOT_FOUND for what the viewer does not
 * see.  Fields "pick" (NOBODY_CHOSEN, TOO_LARGE), "why" (TOO_LONG, NOT_TEXT; REASON_MISSING after
 * the lock date, and for rejecting unless why_optional).
 */
enum rc claim_decide(struct core *c, enum claim_verb verb, const struct claim_pick *picks, size_t n,
		     struct str why, bool why_optional, struct claim_done *ret,
		     struct error *e) MUST_CHECK;
/* By its student.  RC_CONFLICT CLAIM_DECIDED. */
enum rc claim_withdraw(struct core *c, int64_t item_id, struct error *e) MUST_CHECK;

#endif
