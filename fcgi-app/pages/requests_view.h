/*
 * From requests to what their pages show.  Formatting and addresses only.
 */
#ifndef PAGES_REQUESTS_VIEW_H
#define PAGES_REQUESTS_VIEW_H

#include "pages/timetable.h"
#include "view/requests.h"

/* "Exam"; the text itself where it is no word of the list. */
struct str request_kind_text(const struct page *p, struct str kind);
/* The options of a select, behind its own first one. */
enum rc request_kind_choices(struct page *p, struct str chosen, const struct view_choice **ret,
			     size_t *ret_n, struct error *e) MUST_CHECK;

/* beside: NULL, or one for each. */
enum rc requests_view_rows(struct page *p, struct tpl *t, const struct request *rows,
			   const struct request_beside *beside, size_t n,
			   struct view_request_row **ret, struct error *e) MUST_CHECK;

enum request_flash request_flash_from(struct str name);
const char *request_flash_name(enum request_flash f);

/* What a plan says: clashes, free rooms, the clock. */
enum rc requests_view_check(struct page *p, const struct session_make_plan *plan,
			    struct view_request_check *ret, struct error *e) MUST_CHECK;
/* "A112, B204 (30)" */
struct str requests_view_rooms(struct page *p, const struct request_room_row *rooms, size_t n);
/* Rooms as options; `wished` comes first even when it is not free. */
enum rc requests_view_room_options(struct page *p, const struct request_room_row *rooms, size_t n,
				   int64_t wished, struct str wished_name, int64_t chosen,
				   struct view_options *ret, struct error *e) MUST_CHECK;
enum rc requests_view_choices(struct page *p, const struct request_choice_row *rows, size_t n,
			      bool with_code, int64_t chosen, struct view_options *ret,
			      struct error *e) MUST_CHECK;

#endif
