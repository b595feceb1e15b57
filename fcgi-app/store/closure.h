/*
 * Closures, and the sessions they cancel and bring back.
 *
 * branch_id COLUMN_NULL: of the whole institution, so of every branch.  "Untouched" is a
 * scheduled session without a completion that nobody moved.
 */
#ifndef STORE_CLOSURE_H
#define STORE_CLOSURE_H

#include "store/store.h"

struct closure_stored {
	int64_t id, branch_id, version;
	struct str branch_name, name; /* branch_name empty: the institution */
	int32_t from_date, to_date;
	int64_t n_cancelled; /* sessions it cancels now */
};
enum rc closure_read(struct store *s, int64_t id, struct arena *a, struct closure_stored *ret,
		     struct error *e) MUST_CHECK;
enum rc closure_lock(struct store *s, int64_t id, struct arena *a, struct error *e) MUST_CHECK;
/* Live ones that end from `from` on (past: before it), by date.  branch_id 0: of all. */
enum rc closure_rows(struct store *s, int64_t branch_id, int32_t from, bool past, size_t limit,
		     struct arena *a, const struct closure_stored **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;

struct closure_span {
	int64_t id;
	struct str name;
	int32_t from_date, to_date;
};
/* Live ones of a branch, and of the institution, that touch from..to, by first day. */
enum rc closure_spans(struct store *s, int64_t branch_id, int32_t from, int32_t to, struct arena *a,
		      const struct closure_span **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;

enum rc closure_insert(struct store *s, const struct closure_stored *c, int64_t account_id,
		       int64_t now_at, int64_t *ret_id, struct error *e) MUST_CHECK;
/* Also tells what it cancelled its name. */
enum rc closure_write(struct store *s, const struct closure_stored *c, struct error *e) MUST_CHECK;
enum rc closure_end(struct store *s, int64_t id, int64_t now_at, struct error *e) MUST_CHECK;

/* What falls on a span of days. */
struct closure_count {
	int64_t n_untouched, n_kept; /* kept: with a completion, or moved there */
};
enum rc closure_counts(struct store *s, int64_t branch_id, int32_t from, int32_t to,
		       struct arena *a, struct closure_count *ret, struct error *e) MUST_CHECK;

/* Raises the versions of the branches, and of who holds or shares a session of those days. */
enum rc closure_touch(struct store *s, int64_t branch_id, int32_t from, int32_t to,
		      struct error *e) MUST_CHECK;
struct closure_session {
	int64_t id;
};
/* Cancels what is untouched on its days; ret_n: how many. */
enum rc closure_cancel(struct store *s, const struct closure_stored *c, int64_t now_at,
		       int64_t *ret_n, struct error *e) MUST_CHECK;
/* What it cancelled at `at`. */
enum rc closure_cancelled(struct store *s, int64_t id, int64_t at, struct arena *a,
			  const struct closure_session **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;
/*
 * What `id` cancelled outside from..to (NO_DAY both: anywhere) is handed to another live closure
 * of its day; what is left of it are *ret_rows,
 */
enum rc closure_hand_on(struct store *s, int64_t id, int32_t from, int32_t to, struct arena *a,
			const struct closure_session **ret_rows, size_t *ret_n,
			struct error *e) MUST_CHECK;
/* and is scheduled again; ret_n: how many came back. */
enum rc closure_revive(struct store *s, int64_t id, int32_t from, int32_t to, int64_t *ret_n,
		       struct error *e) MUST_CHECK;

#endif
