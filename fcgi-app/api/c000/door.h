/*
 * What the files of contract 000's door share, and its handlers.
 */
#ifndef API_C000_DOOR_H
#define API_C000_DOOR_H

#include "core/attendance/smart.h"
#include "web/doc.h"
#include "web/route.h"

struct c000_session_in {
	int64_t session_id;
};
/* {session_id} of the path; ?session_id= */
extern const struct fields c000_session_path_fields, c000_session_query_fields;

/* ---- smart attendance: smart.c
 * ------------------------------------------------------------------- */

route_handler c000_create, c000_get, c000_change, c000_live;
route_handler c000_review, c000_photo, c000_teams_sync;
extern const struct fields c000_create_fields, c000_change_fields, c000_review_fields,
	c000_checkin_fields, c000_teams_fields;

/* ---- what somebody should look at: alerts.c
 * ------------------------------------------------------ */

route_handler c000_alerts, c000_acknowledge, c000_frauds, c000_resolve;
extern const struct fields c000_alerts_fields, c000_acknowledge_fields, c000_frauds_fields,
	c000_resolve_fields;

/* ---- checking in: checkin.c
 * ---------------------------------------------------------------------- */

route_handler c000_self_checkin, c000_submit_checkin, c000_active_sessions;
extern const struct fields c000_self_checkin_fields, c000_submit_fields;
#define C000_PHOTO_BODY_MAX (11 * 1024 * 1024)

/* ---- QR codes: qr.c
 * ------------------------------------------------------------------------------- */

route_handler c000_qr_generate, c000_qr_checkin, c000_qr_verify;
extern const struct fields c000_qr_checkin_fields, c000_qr_verify_fields;

/* ---- trainers: trainer.c
 * --------------------------------------------------------------------------- */

route_handler c000_activate, c000_confirm, c000_session_attendance;
route_handler c000_trainer_stats, c000_trainer_upcoming, c000_trainer_sessions;
route_handler c000_trainer_students, c000_trainer_attendance;
extern const struct fields c000_page_fields, c000_limit_fields, c000_trainer_attendance_fields;

/* ---- students: student.c
 * ---------------------------------------------------------------------------- */

route_handler c000_student_stats, c000_student_attendance, c000_student_upcoming;
route_handler c000_student_schedule, c000_student_calendar;
route_handler c000_student_profile;
extern const struct fields c000_student_list_fields, c000_student_next_fields, c000_calendar_fields;

/* ---- justifications: justify.c
 * ----------------------------------------------------------------------- */

route_handler c000_student_absences, c000_justifications, c000_justification_add;
route_handler c000_justify, c000_justification_decide;
extern const struct fields c000_justification_fields, c000_justify_fields,
	c000_justification_decide_fields;
extern const char *const c000_justification_states[];
#define C000_NO_ABSENCE "Absence not found"

/* ---- marks: records.c
 * -------------------------------------------------------------------------------- */

route_handler c000_record_add, c000_record_change, c000_record_get, c000_records;
route_handler c000_session_records, c000_student_summary, c000_class_stats;
extern const struct fields c000_record_add_fields, c000_record_change_fields, c000_record_fields,
	c000_records_fields, c000_summary_fields, c000_class_fields;

/* ---- students, trainers, confirmed sessions: people.c, confirmed.c
 * ------------------------------- */

route_handler c000_students, c000_student, c000_student_change, c000_student_delete,
	c000_class_students, c000_admin_students, c000_admin_trainers;
route_handler c000_confirmed, c000_confirmed_details, c000_confirmed_report;
extern const struct fields c000_students_fields, c000_student_fields, c000_student_change_fields,
	c000_class_students_fields, c000_admin_students_fields, c000_admin_trainers_fields,
	c000_confirmed_fields;

/* ---- notifications: notifications.c
 * ---------------------------------------------------------------- */

route_handler c000_notices, c000_notice_read, c000_notices_read, c000_unread;
route_handler c000_own_notices, c000_own_notice_read, c000_own_notice_delete;
route_handler c000_wishes, c000_wishes_change;
extern const struct fields c000_notices_fields, c000_notice_fields, c000_own_notices_fields,
	c000_wishes_fields;
#define C000_NO_NOTICE "Notification not found"

/* ---- requests for sessions: requests.c ---------------------------------------------------------
 */

route_handler c000_request_add, c000_my_requests, c000_all_requests, c000_request_get;
route_handler c000_request_status, c000_request_delete;
extern const struct fields c000_request_add_fields, c000_my_requests_fields,
	c000_all_requests_fields, c000_request_fields, c000_request_status_fields;

/* ---- course sessions: admin.c ------------------------------------------------------------------
 */

route_handler c000_admin_sessions, c000_admin_session_add, c000_admin_session_delete;
route_handler c000_sessions, c000_session_add;
extern const struct fields c000_admin_sessions_fields, c000_sessions_fields,
	c000_session_add_fields, c000_admin_session_path_fields, c000_admin_session_query_fields;

/* 403 and 404 of rows. */
#define C000_ONLY_ADMINS   "Only admins can access this endpoint"
#define C000_NO_STUDENT    "Student not found"
#define C000_ONLY_TRAINERS "Only trainers can access this endpoint"
#define C000_ONLY_STUDENTS "Only students can access this endpoint"
#define C000_NO_SESSION    "Session not found"
#define C000_NOT_YOURS     "Session not found or not yours"
#define C000_NO_ATTENDANCE "Attendance session not found"
#define C000_NO_PROFILE    "Student profile not found"
#define C000_NO_REQUEST    "Session request not found"

/* For /openapi.json: doc.c. */
extern const struct route_doc c000_create_doc, c000_get_doc, c000_change_doc, c000_live_doc,
	c000_alerts_doc, c000_acknowledge_doc, c000_frauds_doc, c000_resolve_doc, c000_review_doc,
	c000_photo_doc, c000_teams_sync_doc, c000_self_checkin_doc, c000_submit_checkin_doc,
	c000_active_sessions_doc, c000_qr_generate_doc, c000_qr_checkin_doc, c000_qr_verify_doc,
	c000_activate_doc, c000_confirm_doc, c000_session_attendance_doc, c000_trainer_stats_doc,
	c000_trainer_upcoming_doc, c000_trainer_sessions_doc, c000_trainer_students_doc,
	c000_trainer_attendance_doc, c000_student_stats_doc, c000_student_attendance_doc,
	c000_student_upcoming_doc, c000_student_schedule_doc, c000_student_absences_doc,
	c000_student_calendar_doc, c000_student_profile_doc, c000_record_add_doc,
	c000_record_change_doc, c000_record_get_doc, c000_records_doc, c000_session_records_doc,
	c000_student_summary_doc, c000_class_stats_doc, c000_students_doc, c000_student_doc,
	c000_student_change_doc, c000_student_delete_doc, c000_class_students_doc,
	c000_admin_students_doc, c000_admin_trainers_doc, c000_confirmed_doc,
	c000_confirmed_details_doc, c000_confirmed_report_doc, c000_notices_doc,
	c000_notice_read_doc, c000_notices_read_doc, c000_unread_doc, c000_own_notices_doc,
	c000_own_notice_read_doc, c000_own_notice_delete_doc, c000_wishes_doc,
	c000_wishes_change_doc;
/* doc_requests.c */
extern const struct route_doc c000_request_add_doc, c000_my_requests_doc, c000_all_requests_doc,
	c000_request_get_doc, c000_request_status_doc, c000_request_delete_doc,
	c000_admin_sessions_doc, c000_admin_session_add_doc, c000_admin_session_delete_doc,
	c000_sessions_doc, c000_session_add_doc;
/* doc.c, of justify.c */
extern const struct route_doc c000_justifications_doc, c000_justification_add_doc, c000_justify_doc,
	c000_justification_decide_doc;

#endif
