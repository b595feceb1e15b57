/*
 * Following events: the rooms that somebody is in without asking, and catching up with what was
 * missed.  See event.h.
 */
#include "core/event/event.h"
#include "core/rights.h"
#include "store/event.h"

#include <stdio.h>

enum { OPEN_MAX = 20, COURSES_MAX = 16, PAGE = 1000 };

struct rooms {
	struct event_room *v;
	size_t n;
};

static void add(struct rooms *r, char kind, int64_t id)
{
	if (id < 1)
		return;
	BUG(r->n == EVENT_OWN_MAX);
	event_room_name(kind, id, r->v[r->n].name);
	r->v[r->n].detail = event_detail_of(str_from(r->v[r->n].name));
	r->n++;
}

static enum rc add_sessions(struct core *c, struct rooms *r, struct error *e)
{
	const struct who *w = c->who;
	const struct event_open *open;
	size_t n;

	TRY(event_open_rows(c->db, w->branch_id, w->person_id, c->now_us, OPEN_MAX, c->arena, &open,
			    &n, e));
	for (size_t i = 0; i < n; i++) {
		const struct subject s = { .branch_id = open[i].tie.branch_id,
					   .teacher_id = open[i].tie.teacher_id,
					   .owner_id = COLUMN_NULL,
					   .is_class_staff = open[i].tie.is_staff == 1 };
		bool is_staff = rights_allow(w, ACTION_ATTENDANCE_SEE, &s);

		if (is_staff)
			add(r, 'a', open[i].id);
		if (is_staff || w->role == ROLE_STUDENT)
			add(r, 'm', open[i].id);
	}
	return RC_OK;
}

static enum rc add_courses(struct core *c, struct rooms *r, struct error *e)
{
	const struct event_course *courses;
	size_t n;

	TRY(event_course_rows(c->db, c->who->person_id, c->now_us, COURSES_MAX, c->arena, &courses,
			      &n, e));
	for (size_t i = 0; i < n; i++)
		add(r, 'c', courses[i].id);
	return RC_OK;
}

enum rc event_own_rooms(struct core *c, const struct event_room **ret_rooms, size_t *ret_n,
			struct error *e)
{
	const struct who *w = c->who;
	struct rooms r = { .v = ARENA_ARRAY(c->arena, EVENT_OWN_MAX, struct event_room) };

	if (!r.v)
		return ERROR_MEMORY(e);
	if (w->role == ROLE_SUPER_ADMIN)
		r.v[r.n++] = (struct event_room){ "b*", EVENT_FULL };
	else if (w->role == ROLE_BRANCH_ADMIN)
		add(&r, 'b', w->branch_id);
	if (w->role != ROLE_NONE) {
		add(&r, 'p', w->person_id);
		add(&r, 'u', w->account_id);
	}
	/* Admins are told everything of the branch already. */
	if (!who_is_admin(w) && w->role != ROLE_NONE && w->person_id != COLUMN_NULL) {
		TRY(add_sessions(c, &r, e));
		TRY(add_courses(c, &r, e));
	}
	*ret_rooms = r.v;
	*ret_n = r.n;
	return RC_OK;
}

/* ---- catching up ---------------------------------------------------------------------------- */

static bool is_told(const struct event *v, const struct event_room *rooms, size_t n_rooms,
		    enum event_detail *ret)
{
	struct event_room told[EVENT_ROOMS_MAX];
	size_t n = event_rooms(v, told);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n_rooms; k++)
			if (strcmp(told[i].name, rooms[k].name) == 0) {
				*ret = told[i].detail;
				return true;
			}
	return false;
}

enum rc event_missed(struct core *c, int64_t seq, const struct event_room *rooms, size_t n_rooms,
		     const struct event_missed **ret_rows, size_t *ret_n, int64_t *ret_seq,
		     struct error *e)
{
	struct event_missed *missed;
	int64_t first, last;
	size_t n = 0, n_page = 0;

	*ret_rows = NULL;
	*ret_n = 0;
	TRY(event_bounds(c, &first, &last, e));
	*ret_seq = last;
	if (seq == 0 || seq == last)
		return RC_OK;
	if (seq > last || seq + 1 < first || last - seq > EVENT_CATCH_UP_MAX)
		return ERROR(e, RC_TOO_BIG, REASON_TOO_MUCH, "event %lld of %lld to %lld",
			     (long long)seq, (long long)first, (long long)last);
	missed = ARENA_ARRAY(c->arena, (size_t)(last - seq), struct event_missed);
	if (!missed)
		return ERROR_MEMORY(e);
	for (const struct event *page; seq < last; seq = page[n_page - 1].seq) {
		TRY(event_after(c, seq, PAGE, &page, &n_page, e));
		if (!n_page)
			break;
		for (size_t i = 0; i < n_page && page[i].seq <= last; i++)
			if (is_told(&page[i], rooms, n_rooms, &missed[n].detail))
				missed[n++].event = &page[i];
	}
	*ret_rows = missed;
	*ret_n = n;
	return RC_OK;
}
