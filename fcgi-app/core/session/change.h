/*
 * Internal to core: the frame of every change of a session.
 *
 * change_open takes the occurrence's lock inside a transaction, reads it and
 * answers whether the caller may work on it; change_close writes the audit row and
 * raises the versions of all who see it.  In between nothing else can change
 * the session.
 */
#ifndef CORE_CHANGE_H
#define CORE_CHANGE_H

#include "core/audit.h"
#include "core/rights.h"
#include "core/session/session.h"
#include "store/completion.h"
#include "store/occurrence.h"

/* How far the viewer sees.  RC_DENIED for those who see no sessions at all. */
enum rc session_seen(const struct core *c, enum occurrence_seen *ret_seen, int64_t *ret_id,
		     struct error *e) MUST_CHECK;
/* What the rights are asked about.  owner_id: account, or COLUMN_NULL. */
struct subject session_subject(const struct occurrence_row *o, int64_t owner_id);
/* One read with its rights: RC_NOT_FOUND for missing and for invisible, RC_DENIED. */
enum rc session_read(struct core *c, struct store *s, int64_t id, enum action action,
		     struct occurrence_row *ret, struct error *e) MUST_CHECK;

/* The same under the row lock, and raises the versions of all who see it; `s` is that of the
 * transaction. */
enum rc change_open(struct core *c, struct store *s, int64_t id, enum action action,
		    struct occurrence_row *ret, struct error *e) MUST_CHECK;
/* RC_CONFLICT CHANGED unless version is 0 or the row's. */
enum rc change_version(const struct occurrence_row *o, int64_t version, struct error *e) MUST_CHECK;
/* Has an admin signed it off?  Then what stands there is not changed; only adding goes on. */
bool change_is_locked(const struct occurrence_row *o);
/* RC_CONFLICT CHECKED when it is. */
enum rc change_unlocked(const struct occurrence_row *o, struct error *e) MUST_CHECK;
/* May the viewer do this to what owner_id wrote or uploaded, and is the session still open to it?
 * rights_check's errors, RC_CONFLICT CHECKED. */
enum rc change_owned(const struct core *c, const struct occurrence_row *o, enum action action,
		     int64_t owner_id, struct error *e) MUST_CHECK;
/* Makes the live completion when there is none, pending, in the viewer's name. */
enum rc change_completion(struct core *c, struct store *s, struct occurrence_row *o,
			  struct error *e) MUST_CHECK;

/* Writes the audit row (d begun and filled by the caller). */
enum rc change_close(struct core *c, struct store *s, const struct occurrence_row *o,
		     const char *action, struct audit_detail *d, struct error *e) MUST_CHECK;

/* Texts of forms: line ends to \n, blanks at both ends dropped; field errors NOT_TEXT and
 * TOO_LONG (max code points).  Looks at no more bytes than it must. */
enum rc text_clean(struct arena *a, struct str text, size_t max, const char *field, struct str *ret,
		   struct error *e) MUST_CHECK;
/* One line: controls are NOT_TEXT. */
enum rc line_clean(struct str text, size_t max, const char *field, struct str *ret,
		   struct error *e) MUST_CHECK;

#endif
