/*
 * From core's rows to the teacher's console: register, flagged check-ins, guests.  The page is
 * drawn by its own address and by what failed on it.
 */
#ifndef PAGES_CONSOLE_VIEW_H
#define PAGES_CONSOLE_VIEW_H

#include "pages/attendance_part.h"

enum console_show {
	CONSOLE_ALL,
	CONSOLE_NONE,
	CONSOLE_FLAGGED,
	CONSOLE_PRESENT,
	CONSOLE_LATE,
	CONSOLE_EXCUSED,
	CONSOLE_ABSENT,
	CONSOLE_SHOW__MAX
};
/* Words of the filter, NULL-terminated: for a field table. */
extern const char *const console_show_words[];

struct console {
	struct page page;
	struct attendance s;
	struct register_list l;
	struct view_console v;
};

/* Everything but flash and errors. */
enum rc console_read(struct req *q, int64_t id, enum console_show show, struct str find,
		     struct console *ret, struct error *e) MUST_CHECK;
void console_draw(struct req *q, struct resp *r, struct console *c);
/* The flagged check-ins alone. */
enum rc console_flagged(struct console *c, struct error *e) MUST_CHECK;

#endif
