/*
 * SQL of one account's notifications: list, counts, reading, preferences, and their end.
 *
 * Every statement names the account, so that nobody's row is reached by its id alone.
 */
#ifndef STORE_INBOX_H
#define STORE_INBOX_H

#include "store/store.h"

struct inbox_stored {
	int64_t id;
	struct str kind;
	int64_t entity_id;
	struct str params; /* JSON object */
	int64_t created_at, read_at;
};
struct inbox_filter {
	int64_t account_id;
	bool is_unread;  /* those only */
	struct str kind; /* empty: any */
	bool by_time;    /* the newest first; else unread ones, then the newest */
};
enum rc inbox_rows(struct store *s, const struct inbox_filter *f, size_t limit, size_t offset,
		   struct arena *a, const struct inbox_stored **ret_rows, size_t *ret_n,
		   struct error *e) MUST_CHECK;
/* newest_id: of all kinds, 0 without any. */
struct inbox_counts {
	int64_t n_all, n_unread, newest_id;
};
/* Of the kind of the filter, but for newest_id. */
enum rc inbox_count(struct store *s, const struct inbox_filter *f, struct arena *a,
		    struct inbox_counts *ret, struct error *e) MUST_CHECK;
enum rc inbox_one(struct store *s, int64_t account_id, int64_t id, struct arena *a,
		  struct inbox_stored *ret, struct error *e) MUST_CHECK;
/* Those of them that are unread, up to an id. */
enum rc inbox_mark(struct store *s, int64_t account_id, int64_t id, int64_t now_at,
		   struct error *e) MUST_CHECK;
enum rc inbox_mark_all(struct store *s, int64_t account_id, int64_t up_to_id, int64_t now_at,
		       int64_t *ret_n, struct error *e) MUST_CHECK;
enum rc inbox_remove(struct store *s, int64_t account_id, int64_t id, int64_t *ret_n,
		     struct error *e) MUST_CHECK;

struct inbox_preference {
	struct str kind;
	int64_t is_on;
};
enum rc inbox_preferences(struct store *s, int64_t account_id, struct arena *a,
			  const struct inbox_preference **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;
/* items: JSON array of {"k": kind, "on": 0 or 1}. */
enum rc inbox_preferences_put(struct store *s, int64_t account_id, struct str items, int64_t now_at,
			      struct error *e) MUST_CHECK;

/* Up to `limit` that were read before, and that were written before and never read. */
enum rc inbox_expire_read(struct store *s, int64_t before_at, size_t limit, int64_t *ret_n,
			  struct error *e) MUST_CHECK;
enum rc inbox_expire_unread(struct store *s, int64_t before_at, size_t limit, int64_t *ret_n,
			    struct error *e) MUST_CHECK;

#endif
