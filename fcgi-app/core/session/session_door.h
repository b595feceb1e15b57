/*
 * Single sessions as contract 000's door keeps them: by account of the trainer and name of the
 * class, cancelled ones gone.
 */
#ifndef CORE_SESSION_DOOR_H
#define CORE_SESSION_DOOR_H

#include "core/core.h"
#include "store/session_make.h"

struct session_door_list {
	const struct session_door_row *rows;
	size_t n_rows;
	int64_t total;
};
/* Admins those of their branch, teachers those they hold; newest first.  limit 1..500. */
enum rc session_door_list(struct core *c, struct str search, int64_t limit, int64_t skip,
			  struct session_door_list *ret, struct error *e) MUST_CHECK;

struct session_door_in {
	struct str title, class_name, kind, notes;
	int64_t account_id;         /* of the trainer */
	int64_t course_id, room_id; /* 0: none */
	int32_t day, start_tod, end_tod;
	bool overrides;
};
/* By an admin, in the trainer's branch.  Fields and conflicts of session_create; "teacher" and
 * "group" NOT_A_CHOICE for an account that teaches nothing there, and a class that is not known. */
enum rc session_door_create(struct core *c, const struct session_door_in *in,
			    struct session_door_row *ret, struct error *e) MUST_CHECK;

#endif
