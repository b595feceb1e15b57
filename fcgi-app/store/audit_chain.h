/*
 * SQL of the chain over the audit log: reading what is not hashed yet, adding links,
 * walking them.  Nothing here changes or removes a link; the application's account may
 * not either.
 */
#ifndef STORE_AUDIT_CHAIN_H
#define STORE_AUDIT_CHAIN_H

#include "store/store.h"

#define CHAIN_HASH_SIZE   32
#define CHAIN_KEY_ID_SIZE 8

/* A row of the log as it is hashed: every stored column. */
struct chain_row {
	int64_t id, at, actor_id;
	struct str request_id, action;
	int64_t branch_id;
	struct str object;
	int64_t object_id;
	struct str detail;
};
/* Rows with after_id < id <= to_id that no link has, by id, at most limit. */
enum rc audit_chain_unhashed(struct store *s, int64_t after_id, int64_t to_id, size_t limit,
			     struct arena *a, const struct chain_row **ret_rows, size_t *ret_n,
			     struct error *e) MUST_CHECK;

/* A link.  hash, seal and key_id are bytes. */
struct chain_link {
	int64_t seq, audit_id;
	struct str hash;
	int64_t hashed_at;
	struct str seal, key_id; /* p NULL: none */
};
/* The newest link; RC_NOT_FOUND when there is none yet. */
enum rc audit_chain_head(struct store *s, struct arena *a, struct chain_link *ret,
			 struct error *e) MUST_CHECK;
/* RC_NOT_FOUND when there is no link of that number. */
enum rc audit_chain_get(struct store *s, int64_t seq, struct arena *a, struct chain_link *ret,
			struct error *e) MUST_CHECK;
/* Adds links by one statement: a JSON array of [seq, audit_id, hash, seal, key_id], bytes in
 * hex, null for none.  RC_CONFLICT when a seq or a row is taken. */
enum rc audit_chain_add(struct store *s, struct str links, int64_t hashed_at,
			struct error *e) MUST_CHECK;

/* A link with its row; row_id COLUMN_NULL: the log has no such row. */
struct chain_pair {
	int64_t seq, audit_id;
	struct str hash;
	int64_t hashed_at;
	struct str seal, key_id;
	int64_t row_id, at, actor_id;
	struct str request_id, action;
	int64_t branch_id;
	struct str object;
	int64_t object_id;
	struct str detail;
};
/* Links with after_seq < seq <= to_seq, by seq, at most limit. */
enum rc audit_chain_pairs(struct store *s, int64_t after_seq, int64_t to_seq, size_t limit,
			  struct arena *a, const struct chain_pair **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;

/* Highest ids: of the log, and of the rows that are hashed; 0 when empty. */
struct chain_ends {
	int64_t log_id, hashed_id;
};
enum rc audit_chain_ends(struct store *s, struct arena *a, struct chain_ends *ret,
			 struct error *e) MUST_CHECK;
/* Rows of the log, and links, of after_id < id <= to_id, as of one moment. */
struct chain_sizes {
	int64_t n_rows, n_links;
};
enum rc audit_chain_sizes(struct store *s, int64_t after_id, int64_t to_id, struct arena *a,
			  struct chain_sizes *ret, struct error *e) MUST_CHECK;
/* Rows with after_id < id <= to_id that no link has, counted up to limit, and the time of the
 * oldest (NO_TIME: none). */
struct chain_tail {
	int64_t n, at;
};
enum rc audit_chain_tail(struct store *s, int64_t after_id, int64_t to_id, int64_t limit,
			 struct arena *a, struct chain_tail *ret, struct error *e) MUST_CHECK;

#endif
