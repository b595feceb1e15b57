/*
 * Review of uploads: the queue, and what an admin decides about a file.
 *
 * A file is waiting until an admin decides; that blocks nobody.  Approved, it stays as it is.
 * In quarantine nobody gets its bytes through any door (attachment_get says so), while
 * admins still see its facts and its uploader the reason.  Both can be taken back.  Only
 * those who review (ACTION_UPLOAD_REVIEW) get anything here: a branch admin that
 * branch, a super admin all, everybody else RC_DENIED.
 */
#ifndef CORE_REVIEW_H
#define CORE_REVIEW_H

#include "core/core.h"
#include "sys/filetype.h"

#define REVIEW_PAGE        50   /* rows of a page */
#define REVIEW_TOTAL_MAX   1000 /* counted and paged up to here; narrower filters find the rest */
#define REVIEW_REASON_MAX  500  /* code points */
#define REVIEW_CHOICES_MAX 100  /* files decided at once */

enum review_state {
	REVIEW_WAITING,
	REVIEW_APPROVED,
	REVIEW_QUARANTINED,
	REVIEW_REMOVED, /* deleted by who uploaded it or an admin */
	REVIEW_STATE__MAX
};
const char *review_state_name(enum review_state s); /* "waiting", … */

enum review_decision { REVIEW_APPROVE, REVIEW_QUARANTINE, REVIEW_REOPEN, REVIEW_DECISION__MAX };

/* Zero-initialised: all that waits, oldest first; the other states newest first. */
struct review_query {
	enum review_state state;
	bool has_class;
	enum file_class class;
	int64_t teacher_id;       /* person who holds the session; 0: all */
	int64_t course_id;        /* 0: all */
	int64_t branch_id;        /* 0: all one may see; another branch's is RC_NOT_FOUND */
	int32_t from_day, to_day; /* uploaded, in the viewer's zone, both included; NO_DAY: open */
	int64_t page;             /* from 1; 0 is 1 */
};

struct review_row {
	int64_t id; /* of the attachment: /files/{id} */
	int64_t occurrence_id, branch_id, version;
	enum review_state state;
	struct str name, description, mime, extension, sha256; /* hex */
	enum file_class class;
	int64_t size, created_at;
	int64_t uploaded_by; /* account */
	struct str uploader_name;
	int64_t reviewed_at; /* NO_TIME: waiting */
	struct str reviewer_name, reason;
	struct str title, course_code, teacher_name, branch_name, zone; /* of its session */
	int32_t day, start_tod;                                         /* in zone */
};

struct review_list {
	const struct review_row *rows;
	size_t n_rows;
	int64_t total; /* up to REVIEW_TOTAL_MAX */
	bool is_more;  /* there are more than that */
	int64_t page;
};
/* Two statements.  Field "to": END_BEFORE_START. */
enum rc review_list(struct core *c, const struct review_query *q, struct review_list *ret,
		    struct error *e) MUST_CHECK;
/* *ret_n: files that wait, of all branches the viewer reviews, up to `limit`.  One statement. */
enum rc review_count_waiting(struct core *c, size_t limit, int64_t *ret_n,
			     struct error *e) MUST_CHECK;
/* One, in any state.  RC_NOT_FOUND also for another branch's. */
enum rc review_get(struct core *c, int64_t attachment_id, struct review_row *ret,
		   struct error *e) MUST_CHECK;

struct review_option {
	int64_t id;
	struct str name;
};
struct review_options_list {
	const struct review_option *branches, *teachers, *courses;
	size_t n_branches, n_teachers, n_courses;
};
/* The choices of the filters, by name. */
enum rc review_choices(struct core *c, struct review_options_list *ret, struct error *e) MUST_CHECK;

/* A file and the version that was looked at; 0: any. */
struct review_choice {
	int64_t attachment_id, version;
};
struct review_done {
	int64_t n_done;
	int64_t n_changed; /* left alone: decided or removed by somebody else meanwhile */
};
/*
 * Decides about all of them (1..REVIEW_CHOICES_MAX) in one transaction, with an audit row
 * each ("file.approved", "file.quarantined", "file.reopened").  reason: needed
 * to quarantine, kept with it; dropped otherwise.  Fields "reason" (REASON_MISSING,
 * TOO_LONG, NOT_TEXT), "file" (REQUIRED without choices).  RC_NOT_FOUND, and nothing
 * done, when one of them does not exist or is another branch's.
 */
enum rc review_decide(struct core *c, const struct review_choice *v, size_t n,
		      enum review_decision decision, struct str reason, struct review_done *ret,
		      struct error *e) MUST_CHECK;

#endif
