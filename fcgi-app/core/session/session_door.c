/*
 * Single sessions at contract 000's door; see session_door.h.
 */
#include "core/session/session_door.h"

#include "core/people/org.h"
#include "core/session/change.h"
#include "core/session/session_make.h"

#define LIMIT_MAX 500

enum rc session_door_list(struct core *c, struct str search, int64_t limit, int64_t skip,
			  struct session_door_list *ret, struct error *e)
{
	struct session_door_list list = { 0 };
	struct session_door_search s = { .limit = (size_t)limit, .offset = skip };
	enum occurrence_seen seen;
	int64_t seen_id;

	BUG(limit < 1 || limit > LIMIT_MAX);
	TRY(session_seen(c, &seen, &seen_id, e));
	if (!utf8_valid(search))
		return ERROR_FIELD(e, "search", REASON_NOT_TEXT, 0);
	s.search = utf8_prefix(str_trim(search), ORG_SEARCH_MAX);
	if (seen == OCCURRENCE_SEEN_BRANCH)
		s.branch_id = seen_id;
	else if (seen == OCCURRENCE_SEEN_PERSON)
		s.person_id = seen_id == COLUMN_NULL ? -1 : seen_id;
	TRY(session_door_count(c->db, &s, c->arena, &list.total, e));
	TRY(session_door_rows(c->db, &s, c->arena, &list.rows, &list.n_rows, e));
	*ret = list;
	return RC_OK;
}

static bool teaches(const struct session_door_trainer *t)
{
	return str_eq(t->role, STR("faculty")) || str_eq(t->role, STR("employee"));
}

enum rc session_door_create(struct core *c, const struct session_door_in *in,
			    struct session_door_row *ret, struct error *e)
{
	struct session_door_trainer trainer;
	struct request_subject_in ask = { .person_id = COLUMN_NULL, .class_name = in->class_name };
	struct request_subject_row subject;
	struct session_make_in make = { .course_id = in->course_id,
					.title = in->title,
					.kind = in->kind,
					.notes = in->notes,
					.room_id = in->room_id,
					.days = &in->day,
					.n_days = 1,
					.start_tod = in->start_tod,
					.end_tod = in->end_tod,
					.stops_at_warnings = !in->overrides };
	struct error mine;
	int64_t id;
	enum rc rc;

	error_init(&mine);
	rc = session_door_trainer(c->db, in->account_id, c->arena, &trainer, &mine);
	if (rc != RC_OK && rc != RC_NOT_FOUND) {
		*e = mine;
		return rc;
	}
	if (rc == RC_NOT_FOUND || !teaches(&trainer) || trainer.person_id == COLUMN_NULL ||
	    trainer.branch_id == COLUMN_NULL ||
	    rights_branch(c->who, ACTION_SESSION_CREATE, trainer.branch_id, &mine) != RC_OK)
		return ERROR_FIELD(e, "teacher", REASON_NOT_A_CHOICE, 0);
	ask.branch_id = trainer.branch_id;
	TRY(request_subject(c->db, &ask, c->arena, &subject, e));
	if (subject.class_id == COLUMN_NULL)
		return ERROR_FIELD(e, "group", REASON_NOT_A_CHOICE, 0);
	make.class_id = subject.class_id;
	make.teacher_id = trainer.person_id;
	TRY(session_create(c, &make, &id, e));
	return session_door_row(c->db, id, c->arena, ret, e);
}
