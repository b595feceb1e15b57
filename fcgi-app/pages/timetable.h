/*
 * What the pages of schedules, rooms, closures and moved sessions share.
 */
#ifndef PAGES_TIMETABLE_H
#define PAGES_TIMETABLE_H

#include "pages/org_part.h"
#include "view/timetable.h"

/* "Showing 1 to 50 of 120" with addresses `base`&page=…; base has a '?'. */
struct view_pager timetable_pager(struct page *p, struct str base, int64_t page, int64_t size,
				  size_t n_rows, int64_t total);
/* "q=lab&" for an address; empty for an empty value. */
struct str timetable_pair(struct page *p, const char *name, struct str value);
/* "branch=3&"; empty for 0. */
struct str timetable_id_pair(struct page *p, const char *name, int64_t id);

enum rc timetable_clashes(struct page *p, const struct clash_list *list, struct view_clashes *ret,
			  struct error *e) MUST_CHECK;
/* What a clock change does to a time; empty for ZONE_FIT_EXACT. */
struct str timetable_fit(struct page *p, enum zone_fit fit, struct str zone, int64_t starts_at);
/* Rooms in use as options; without branch_id 0 of one branch only. */
enum rc timetable_rooms(struct page *p, const struct room_stored *rooms, size_t n, int64_t chosen,
			struct view_options *ret, struct error *e) MUST_CHECK;
/* "Monday, Wednesday 09:00–10:30; Friday 14:00–15:30" */
struct str timetable_when(struct page *p, struct tpl *t, const struct schedule_line *line);
/* Who changed an object last, from its trail; the form of org_changed. */
enum rc timetable_changed(struct page *p, const struct error *failed, const char *object,
			  int64_t id, const struct view_changed_value *values, size_t n,
			  struct view_changed *ret, struct error *e) MUST_CHECK;

#endif
