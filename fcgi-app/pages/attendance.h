/*
 * Opening attendance, and running it: lists, times, closing, settings.
 */
#ifndef PAGES_ATTENDANCE_H
#define PAGES_ATTENDANCE_H

#include "web/route.h"

extern const struct fields attendance_id_fields, attendance_open_fields, attendance_act_fields,
	attendance_reopen_fields, attendance_settings_fields, screen_fields, register_fields,
	course_attendance_fields;

/* GET /attendance, /trainer/smart-attendance: the running ones, or straight to the only one. */
route_handler page_attendance;
/* GET and POST /sessions/{id}/attendance: opened, by the policy or with what the form says. */
route_handler page_attendance_ask;
route_handler page_attendance_open;
/* POST /attendance/{id}/extend, /pause, /resume */
route_handler page_attendance_extend;
route_handler page_attendance_pause;
route_handler page_attendance_resume;
/* GET and POST /attendance/{id}/close, /reopen, /settings */
route_handler page_attendance_close_ask;
route_handler page_attendance_close;
route_handler page_attendance_reopen_ask;
route_handler page_attendance_reopen;
route_handler page_attendance_settings;
route_handler page_attendance_settings_save;

/* GET /attendance/{id}/screen: for the projector; /screen/code: what changes on it, as JSON. */
route_handler page_screen;
route_handler page_screen_code;

/* GET /sessions/{id}/register and /sheet, /attendance/{id}/register and /sheet: on paper; the
 * register also as .csv and .xlsx. */
route_handler page_register;
route_handler page_register_of;
route_handler page_sheet;
route_handler page_sheet_of;
route_handler page_register_csv;
route_handler page_register_csv_of;
route_handler page_register_xlsx;
route_handler page_register_xlsx_of;
/* GET /courses/{id}/attendance, .csv, .xlsx */
route_handler page_course_attendance;
route_handler page_course_attendance_csv;
route_handler page_course_attendance_xlsx;

#endif
