/*
 * Internal to core: what claim*.c share: rows with their rights, and telling people.
 */
#ifndef CORE_CLAIM_ROW_H
#define CORE_CLAIM_ROW_H

#include "core/attendance/claim.h"
#include "core/rights.h"

enum claim_state claim_state_from(struct str word);
const char *claim_state_name(enum claim_state s);
struct subject claim_subject(const struct claim_stored *s);
void claim_fill(const struct core *c, const struct claim_stored *s, struct claim_row *ret);

/* In a transaction: somebody asked, or somebody decided. */
enum rc claim_tell_staff(struct core *c, struct store *s, enum claim_kind kind, int64_t claim_id,
			 const struct claim_session *rows, size_t n, struct error *e) MUST_CHECK;
enum rc claim_tell_student(struct core *c, struct store *s, const struct claim_row *r,
			   enum claim_state now, struct error *e) MUST_CHECK;

#endif
