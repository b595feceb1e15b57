/*
 * What a batch of rows of an import of people finds, does and takes back: joins over the
 * rows from..to of one import, never a query for one row.
 *
 * Each function is a sequence of statements for a transaction of the caller's, and
 * may be run again.  The rules they spell are described in core/import/import.h.
 */
#ifndef STORE_IMPORT_PEOPLE_H
#define STORE_IMPORT_PEOPLE_H

#include "store/store.h"

/* Looks up people, accounts and sections, writes what is wrong, and says what each row
 * would do.  lock: the people found, so that nobody changes their memberships meanwhile. */
enum rc import_people_check(struct store *s, int64_t id, int64_t from, int64_t to, bool lock,
			    struct arena *a, struct error *e) MUST_CHECK;
/* Does it, for the rows that were just checked. */
enum rc import_people_run(struct store *s, int64_t id, int64_t from, int64_t to,
			  struct error *e) MUST_CHECK;
/* Takes back what was done and has not been changed or used since; marks each row. */
enum rc import_people_undo(struct store *s, int64_t id, int64_t from, int64_t to,
			   struct error *e) MUST_CHECK;

#endif
