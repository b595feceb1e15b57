/*
 * Internal to core: what is derived from an occurrence, for lists and details alike.
 */
#ifndef CORE_SESSION_ROW_H
#define CORE_SESSION_ROW_H

#include "core/session/session.h"

/* state, completion_state: as stored; the latter empty without a completion. */
enum session_state session_state_of(struct str state, struct str completion_state,
				    int64_t starts_at, int64_t ends_at, int64_t now_at);
/* Whole minutes actual - planned, towards 0; COLUMN_NULL without an actual time. */
int64_t session_late_min(int32_t planned, int32_t actual);
/* Scheduled, and late enough to be completed. */
bool session_is_open(struct str state, int64_t starts_at, int64_t now_at);

#endif
