/*
 * SQL of notifications: writing them for one and for many, reading one's own, preferences.
 *
 * Who gets one is decided by the statement: accounts that are not disabled, are no device, are
 * not the actor, and have not switched the kind off.
 */
#ifndef STORE_NOTIFY_H
#define STORE_NOTIFY_H

#include "store/store.h"

struct notify_row_new {
	struct str kind, params; /* params: JSON object */
	int64_t entity_id, branch_id;
	int64_t actor_id; /* account; 0: nobody */
	int64_t now_at;
};
/* Each writes the rows and their events "notification.created"; in the transaction of the change.
 */
enum rc notify_to_account(struct store *s, const struct notify_row_new *n, int64_t account_id,
			  struct error *e) MUST_CHECK;
enum rc notify_to_person(struct store *s, const struct notify_row_new *n, int64_t person_id,
			 struct error *e) MUST_CHECK;
/* Super admins and the admins of n->branch_id. */
enum rc notify_to_admins(struct store *s, const struct notify_row_new *n,
			 struct error *e) MUST_CHECK;
enum rc notify_to_session_staff(struct store *s, const struct notify_row_new *n,
				int64_t occurrence_id, struct error *e) MUST_CHECK;
enum rc notify_to_session_students(struct store *s, const struct notify_row_new *n,
				   int64_t occurrence_id, struct error *e) MUST_CHECK;
/*
 * Many: items is a JSON array of {"e": entity id, "a": account id or null, "p": person id or
 * null, "x": params}; n's params and entity_id are not read.
 */
enum rc notify_to_many(struct store *s, const struct notify_row_new *n, struct str items,
		       struct error *e) MUST_CHECK;
/*
 * To who holds the sessions of ids (a JSON array), staff of their classes, and their students: one
 * for each account, of its own ones among them that are not over.
 */
struct notify_sum_new {
	struct str kind;
	int64_t branch_id;           /* COLUMN_NULL: several */
	int64_t actor_id, except_id; /* accounts; 0: none */
	struct str code, text;       /* as struct notify_params has them; empty: none */
	struct str ids;
	bool has_entity; /* entity_id is the first of them; else 0 */
	int64_t now_at;
};
enum rc notify_to_sessions(struct store *s, const struct notify_sum_new *n,
			   struct error *e) MUST_CHECK;

#endif
