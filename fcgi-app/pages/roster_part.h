/*
 * The people of a section or course, as a part of its page: list, choosing, adding.
 */
#ifndef PAGES_ROSTER_PART_H
#define PAGES_ROSTER_PART_H

#include "pages/org_part.h"
#include "web/field.h"

/* What the address, or a refused form, asks for. */
struct roster_look {
	enum member_kind kind;
	int64_t group_id, branch_id;
	struct str zone; /* of the branch */
	struct str path; /* of the group's page */
	struct str show, q, find;
	int64_t page;
	struct field_list picked; /* "7.2", or ids of people of ROSTER_FORM_ADD */
	struct str day;           /* as typed; empty: today */
	int64_t to_id;
	enum roster_form form; /* the refused one */
	struct roster_fault fault;
};

/* failed: what the roster's own forms were refused for, else no error. */
enum rc roster_view_fill(struct page *p, const struct roster_look *look, const struct error *failed,
			 struct view_roster *ret, struct error *e) MUST_CHECK;

/* "7.2" to id and revision; a field error "people" for anything else. */
enum rc roster_picks(struct arena *a, const struct field_list *list, const struct roster_pick **ret,
		     size_t *ret_n, struct error *e) MUST_CHECK;
/* Ids of people; likewise. */
enum rc roster_people(struct arena *a, const struct field_list *list, const int64_t **ret,
		      size_t *ret_n, struct error *e) MUST_CHECK;
bool roster_verb_from(struct str name, enum roster_verb *ret);

#endif
