/*
 * The review queue: attachments with what is known of their files and sessions, and
 * the decisions.  Rows come along an index of `file`; counts stop at a limit that the caller
 * gives.
 */
#ifndef STORE_REVIEW_H
#define STORE_REVIEW_H

#include "store/store.h"

/* What to list; empty and 0 mean all. */
struct review_filter {
	struct str review; /* "waiting", "approved", "quarantined", "removed" */
	struct str class;  /* file class; empty: all */
	int64_t branch_id, teacher_id, course_id;
	int64_t from_at, to_at; /* uploaded in [from, to); NO_TIME: open */
	bool is_newest_first;
};

struct review_stored {
	int64_t id; /* of the attachment */
	int64_t occurrence_id, branch_id;
	struct str review, name, description, class, mime, extension, sha256; /* 64 hex digits */
	int64_t size, created_at, uploaded_by;
	struct str uploader_name;
	int64_t version, reviewed_at;
	struct str reviewer_name, reason;
	struct str title, course_code, teacher_name, branch_name, zone;
	int32_t session_date, start_time;
};
/* limit and offset as in SQL. */
enum rc review_select(struct store *s, const struct review_filter *f, size_t limit, size_t offset,
		      struct arena *a, const struct review_stored **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;
/* Rows that fit, counted up to `limit`. */
enum rc review_total(struct store *s, const struct review_filter *f, size_t limit, struct arena *a,
		     int64_t *ret_n, struct error *e) MUST_CHECK;
/* ids: a JSON array of attachments; those not for review are left out. */
enum rc review_read(struct store *s, struct str ids, struct arena *a,
		    const struct review_stored **ret_rows, size_t *ret_n,
		    struct error *e) MUST_CHECK;

/* What the filters offer: branches, teachers, courses, by name; up to 1,000 of each. */
struct review_option_stored {
	struct str kind; /* "branch", "teacher", "course" */
	int64_t id;
	struct str name;
};
/* branch_id 0: of all branches. */
enum rc review_options(struct store *s, int64_t branch_id, struct arena *a,
		       const struct review_option_stored **ret_rows, size_t *ret_n,
		       struct error *e) MUST_CHECK;

struct review_locked {
	int64_t id, version;
	struct str review;
};
/* In a transaction: takes the rows' locks. */
enum rc review_lock(struct store *s, struct str ids, struct arena *a,
		    const struct review_locked **ret_rows, size_t *ret_n,
		    struct error *e) MUST_CHECK;
/*
 * Writes one decision on all of them.  state: "stored" or "quarantined"; at NO_TIME:
 * waiting again; reason: the zero view for none.
 */
enum rc review_write(struct store *s, struct str ids, struct str state, int64_t account_id,
		     int64_t at, struct str reason, struct error *e) MUST_CHECK;

#endif
