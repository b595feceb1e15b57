/*
 * Which session a request of the 004 door means.
 *
 * The original's clients pass a completion's id, and in two places an occurrence's id as
 * `id` (contracts 5.2, trap 3).  A visible completion of that id always wins; only
 * where there is none, `id` is read as an occurrence.  Rows live in the arena.
 */
#ifndef API_C004_TARGET_H
#define API_C004_TARGET_H

#include "core/session/completion.h"

struct c004_target {
	int64_t occurrence_id;
	const struct completion_row *row; /* the live completion, else the newest; NULL: none */
	bool is_by_completion;            /* row is the one that was named */
};

/* By the id of a completion and nothing else.  RC_NOT_FOUND. */
enum rc c004_target_completion(struct core *c, int64_t id, struct c004_target *ret,
			       struct error *e) MUST_CHECK;
enum rc c004_target_occurrence(struct core *c, int64_t occurrence_id, struct c004_target *ret,
			       struct error *e) MUST_CHECK;
/* A completion, else an occurrence of that id. */
enum rc c004_target_either(struct core *c, int64_t id, struct c004_target *ret,
			   struct error *e) MUST_CHECK;

/* Its completion unless that is cancelled or missing: NULL. */
const struct completion_row *c004_target_live(const struct c004_target *t);
/* RC_CONFLICT ALREADY_CANCELLED for a completion that was named and is cancelled. */
enum rc c004_target_need_live(const struct c004_target *t, struct error *e) MUST_CHECK;

#endif
