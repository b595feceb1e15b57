/*
 * A register as it is read, printed and exported, found by its session or by the occurrence.
 */
#ifndef PAGES_REGISTER_PAPER_H
#define PAGES_REGISTER_PAPER_H

#include "pages/attendance_part.h"

struct register_paper {
	struct page page;
	struct attendance s;
	struct session_detail d;
	struct register_list l;
	struct view_paper v;
};

/*
 * is_occurrence: id is that of a session of the timetable.  RC_NOT_FOUND also where attendance was
 * never opened, but for a sheet (is_sheet) of an occurrence.
 */
enum rc register_paper_read(struct req *q, int64_t id, bool is_occurrence, bool is_sheet,
			    struct register_paper *ret, struct error *e) MUST_CHECK;

#endif
