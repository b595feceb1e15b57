/*
 * The streams of console and projector: GET /attendance/{id}/stream?view=console|screen&lang=fr
 *
 * Each is a part (live/parts.h) whose room says what is shown: "vcfr1:17" is the console of session
 * 17 in French for those who may change it, "vsen0:17" the projector without names.  Events
 * "console" and "screen" carry the texts of view/live.h.
 */
#ifndef LIVE_PAGE_ATTENDANCE_H
#define LIVE_PAGE_ATTENDANCE_H

#include "live/door.h"
#include "view/catalogue.h"

extern const struct live_door page_attendance_door;

#define PAGE_ATTENDANCE_PARTS ((size_t)4 * LANG__MAX)
/* The room of the i-th part that shows this session; text: HUB_ROOM_MAX bytes.  Its length. */
size_t page_attendance_part(int64_t attendance_id, size_t i, char *text) MUST_CHECK;
/* Renders the part named by in->event and publishes it to its room. */
call_fn page_attendance_render;

#endif
