/*
 * SQL of reminders of missing completions.  Under the occurrence's lock.
 */
#ifndef STORE_REMINDER_H
#define STORE_REMINDER_H

#include "store/store.h"

/* *ret_at: when it was last sent; NO_TIME: never. */
enum rc reminder_get(struct store *s, int64_t occurrence_id, struct arena *a, int64_t *ret_at,
		     struct error *e) MUST_CHECK;
enum rc reminder_put(struct store *s, int64_t occurrence_id, int64_t account_id, int64_t now_at,
		     struct error *e) MUST_CHECK;

#endif
