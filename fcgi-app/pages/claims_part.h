/*
 * What the pages of claims share: a row for people, messages after a change.
 */
#ifndef PAGES_CLAIMS_PART_H
#define PAGES_CLAIMS_PART_H

#include "pages/page.h"
#include "view/claims.h"

const char *claim_flash_name(enum claim_flash f);
enum claim_flash claim_flash_from(struct str name); /* NONE when unknown */

/* What a mark is called; empty: none. */
struct str claim_mark_label(const struct page *p, const struct status_set *set, enum mark mark);
/* Everything but next and why; next is a path of ours. */
struct view_claim claim_view(struct page *p, const struct status_set *set,
			     const struct claim_row *r, struct str next);
/* Of the waiting ones of a session, for its console. */
enum rc claims_of_attendance(struct page *p, int64_t attendance_id, const struct view_claim **ret,
			     size_t *ret_n, struct error *e) MUST_CHECK;

#endif
