/*
 * The route table: who may do what at which address, in one place.
 *
 * Rows are grouped by family; the router checks the table at start.
 */
#include "main/muster-app/app.h"

#include "api/c000/door.h"
#include "api/c000/family.h"
#include "api/c001/c001.h"
#include "api/c002/c002.h"
#include "api/c002/door.h"
#include "api/c002/student.h"
#include "api/c002/teacher.h"
#include "api/c002/webhook.h"
#include "api/c003/c003.h"
#include "api/c004/c004.h"
#include "api/check_in.h"
#include "api/health.h"
#include "api/metrics.h"
#include "api/openapi/openapi.h"
#include "api/put.h"
#include "api/tus/tus.h"
#include "pages/account.h"
#include "pages/attendance.h"
#include "pages/audit.h"
#include "pages/branches.h"
#include "pages/check_in.h"
#include "pages/claims.h"
#include "pages/closures.h"
#include "pages/complete.h"
#include "pages/console.h"
#include "pages/devices.h"
#include "pages/docs.h"
#include "pages/error.h"
#include "pages/file.h"
#include "pages/groups.h"
#include "pages/imports.h"
#include "pages/marks.h"
#include "pages/move.h"
#include "pages/notifications.h"
#include "pages/oversight.h"
#include "pages/people.h"
#include "pages/policies.h"
#include "pages/registrations.h"
#include "pages/requests.h"
#include "pages/reviews.h"
#include "pages/rooms.h"
#include "pages/running.h"
#include "pages/schedules.h"
#include "pages/session.h"
#include "pages/sessions.h"
#include "pages/sessions_admin.h"
#include "pages/sign_in.h"
#include "pages/student.h"
#include "pages/units.h"
#include "pages/verify.h"

/* Where muster-live answers; asked only by who goes past nginx. */
static enum rc live_row(struct req *q, struct resp *r, struct error *e)
{
	(void)r;
	return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "%.*s is muster-live's", STR_ARG(q->path));
}
/* A connect packet and what polling adds; muster-live says what it thinks of it. */
#define LIVE_BODY_MAX (1024 * 1024)

/* clang-format off */
const struct route muster_routes[] = {
	/* signing in */
	ROUTE(GET, "/sign-in", PUBLIC, PAGES, page_sign_in, .fields = &sign_in_look_fields),
	ROUTE(GET, "/login", PUBLIC, PAGES, page_sign_in, .fields = &sign_in_look_fields),
	ROUTE(GET, "/auth/login", PUBLIC, PAGES, page_sign_in, .fields = &sign_in_look_fields),
	ROUTE(POST, "/sign-in", PUBLIC, PAGES, page_sign_in_send, .fields = &sign_in_fields, .csrf = CSRF_NONE, .pool = POOL_SIGN_IN),
	ROUTE(POST, "/sign-in/demo", PUBLIC, PAGES, page_sign_in_demo, .csrf = CSRF_NONE),
	ROUTE(POST, "/sign-out", PUBLIC, PAGES, page_sign_out),
	ROUTE(GET, "/", SIGNED_IN, PAGES, page_home),

	ROUTE(GET, "/index.php", SIGNED_IN, PAGES, page_home),
	ROUTE(GET, "/trainer", STAFF, PAGES, page_trainer),

	/* students */
	ROUTE(GET, "/today", STUDENT, PAGES, page_today),
	ROUTE(GET, "/student", STUDENT, PAGES, page_today),
	ROUTE(GET, "/student/check-in", STUDENT, PAGES, page_today),
	ROUTE(GET, "/history", STUDENT, PAGES, page_history, .fields = &history_fields),
	ROUTE(GET, "/check-in", STUDENT, PAGES, page_check_in, .fields = &check_in_fields),
	ROUTE(POST, "/check-in", STUDENT, PAGES, page_check_in_send, .fields = &check_in_send_fields),
	ROUTE(GET, "/check-in/location", STUDENT, PAGES, page_check_in_place),
	ROUTE(POST, "/check-in/location", STUDENT, PAGES, page_check_in_place_send, .fields = &check_in_place_fields),
	ROUTE(GET, "/check-in/selfie", STUDENT, PAGES, page_check_in_photo),
	ROUTE(POST, "/check-in/selfie", STUDENT, PAGES, page_check_in_photo_send, .fields = &check_in_photo_fields,
	      .pool = POOL_SLOW, .body = BODY_FILE, .body_max = CHECK_IN_PHOTO_BODY_MAX),
	ROUTE(GET, "/check-in/open", STUDENT, PAGES, page_check_in_open, .fields = &check_in_open_fields),
	ROUTE(POST, "/check-in/open", STUDENT, PAGES, page_check_in_open_send, .fields = &check_in_open_send_fields),
	ROUTE(GET, "/check-in/{receipt}", STUDENT, PAGES, page_check_in_result, .fields = &check_in_result_fields),
	ROUTE(POST, "/check-in/{receipt}/tell", STUDENT, PAGES, page_check_in_tell, .fields = &check_in_tell_fields),
	ROUTE(GET, "/excuses", SIGNED_IN, PAGES, page_claims_own, .fields = &claims_own_fields),
	ROUTE(GET, "/excuses/new", STUDENT, PAGES, page_claim_new, .fields = &claim_new_fields),
	ROUTE(POST, "/excuses", STUDENT, PAGES, page_claim_excuse, .fields = &claim_excuse_fields,
	      .pool = POOL_SLOW, .body = BODY_FILE, .body_max = CLAIM_BODY_MAX),
	ROUTE(GET, "/corrections/new", STUDENT, PAGES, page_claim_correct, .fields = &claim_correct_fields),
	ROUTE(POST, "/corrections", STUDENT, PAGES, page_claim_correction, .fields = &claim_correction_fields,
	      .pool = POOL_SLOW, .body = BODY_FILE, .body_max = CLAIM_BODY_MAX),
	ROUTE(POST, "/excuses/{id}/withdraw", STUDENT, PAGES, page_claim_withdraw, .fields = &claim_item_fields),
	ROUTE(GET, "/excuses/{id}/file", SIGNED_IN, PAGES, page_claim_file, .fields = &claim_file_fields),
	ROUTE(GET, "/c/{token}", PUBLIC, PAGES, page_check_in_scan, .fields = &check_in_scan_fields),
	ROUTE(GET, "/student/qr-checkin", PUBLIC, PAGES, page_check_in_qr, .fields = &check_in_qr_fields),

	/* muster-live's (main/muster-live/doors.c) */
	ROUTE(GET, "/socket.io", PUBLIC, PAGES, live_row, .pool = POOL_LIVE, .body_max = LIVE_BODY_MAX),
	ROUTE(GET, "/ws", PUBLIC, PAGES, live_row, .pool = POOL_LIVE),
	ROUTE(GET, "/api/notifications/stream", PUBLIC, PAGES, live_row, .pool = POOL_LIVE),
	ROUTE(GET, "/live", SIGNED_IN, PAGES, live_row, .pool = POOL_LIVE),
	ROUTE(GET, "/admin/stream", ADMIN, PAGES, live_row, .pool = POOL_LIVE),
	ROUTE(GET, "/health/live", PUBLIC, PAGES, live_row, .pool = POOL_LIVE),
	ROUTE(GET, "/metrics/live", PUBLIC, PAGES, live_row, .pool = POOL_LIVE),
	ROUTE(GET, "/attendance/{id}/stream", STAFF, PAGES, live_row, .pool = POOL_LIVE),

	/* oversight */
	ROUTE(GET, "/admin", ADMIN, PAGES, page_overview),
	ROUTE(GET, "/admin/completions", ADMIN, PAGES, page_completions, .fields = &completions_fields),
	ROUTE(POST, "/admin/completions", ADMIN, PAGES, page_completions_act, .fields = &completions_act_fields),
	ROUTE(GET, "/admin/completions/{id}/verify", ADMIN, PAGES, page_completion_verify, .fields = &completion_verify_fields),
	ROUTE(POST, "/sessions/{id}/check", ADMIN, PAGES, page_check, .fields = &check_fields),
	ROUTE(POST, "/sessions/{id}/uncheck", ADMIN, PAGES, page_uncheck, .fields = &check_fields),
	ROUTE(GET, "/sessions/{id}/return", ADMIN, PAGES, page_return, .fields = &reason_fields),
	ROUTE(POST, "/sessions/{id}/return", ADMIN, PAGES, page_return_send, .fields = &reason_fields),
	ROUTE(GET, "/sessions/{id}/reopen", ADMIN, PAGES, page_reopen_ask, .fields = &reason_fields),

	/* one's own account */
	ROUTE(GET, "/account", SIGNED_IN, PAGES, page_account, .fields = &account_fields),
	ROUTE(POST, "/account/password", SIGNED_IN, PAGES, page_password_send, .fields = &password_fields, .pool = POOL_SIGN_IN),
	ROUTE(POST, "/account/sessions/end", SIGNED_IN, PAGES, page_sessions_end),
	ROUTE(POST, "/account/sessions/{id}/end", SIGNED_IN, PAGES, page_session_end, .fields = &account_session_fields),
	ROUTE(POST, "/preferences", SIGNED_IN, PAGES, page_preferences_send, .fields = &preferences_fields),

	/* notifications */
	ROUTE(GET, "/notifications", SIGNED_IN, PAGES, page_notifications, .fields = &notifications_fields),
	ROUTE(POST, "/notifications/read", SIGNED_IN, PAGES, page_notifications_read, .fields = &notifications_read_fields),
	ROUTE(POST, "/notifications/{id}/open", SIGNED_IN, PAGES, page_notification_open, .fields = &notification_act_fields),
	ROUTE(POST, "/notifications/{id}/read", SIGNED_IN, PAGES, page_notification_read, .fields = &notification_act_fields),
	ROUTE(POST, "/notifications/{id}/delete", SIGNED_IN, PAGES, page_notification_delete, .fields = &notification_act_fields),
	ROUTE(GET, "/account/notifications", SIGNED_IN, PAGES, page_notification_settings, .fields = &notification_settings_fields),
	ROUTE(POST, "/account/notifications", SIGNED_IN, PAGES, page_notification_settings_send, .fields = &notification_settings_send_fields),

	/* sessions */
	ROUTE(GET, "/sessions", STAFF, PAGES, page_sessions, .fields = &sessions_fields),
	ROUTE(GET, "/index.php", STAFF, PAGES, page_sessions, .fields = &sessions_fields,
	      .query_name = "page", .query_value = "session_tracking"),
	ROUTE(GET, "/sessions/{id}", STAFF, PAGES, page_session, .fields = &session_fields),
	ROUTE(GET, "/sessions/{id}/complete", STAFF, PAGES, page_complete, .fields = &complete_id_fields),
	ROUTE(POST, "/sessions/{id}/complete", STAFF, PAGES, page_complete_send, .fields = &complete_fields),
	ROUTE(GET, "/sessions/{id}/code", STAFF, PAGES, page_code_state, .fields = &code_fields),
	ROUTE(GET, "/sessions/{id}/cancel", STAFF, PAGES, page_cancel, .fields = &cancel_fields),
	ROUTE(POST, "/sessions/{id}/cancel", STAFF, PAGES, page_cancel_send, .fields = &cancel_fields),
	ROUTE(GET, "/sessions/{id}/move", STAFF, PAGES, page_move, .fields = &move_id_fields),
	ROUTE(POST, "/sessions/{id}/move", STAFF, PAGES, page_move_send, .fields = &move_fields),
	ROUTE(POST, "/sessions/{id}/move-back", STAFF, PAGES, page_move_back, .fields = &move_back_fields),
	ROUTE(POST, "/sessions/{id}/reopen", STAFF, PAGES, page_reopen_send, .fields = &reason_fields),

	/* requests for sessions */
	ROUTE(GET, "/requests", STAFF, PAGES, page_requests, .fields = &requests_fields),
	ROUTE(GET, "/trainer/session-requests", STAFF, PAGES, page_requests, .fields = &requests_fields),
	ROUTE(GET, "/requests/new", STAFF, PAGES, page_request_new, .fields = &request_new_fields),
	ROUTE(POST, "/requests", STAFF, PAGES, page_request_send, .fields = &request_send_fields),
	ROUTE(GET, "/requests/{id}", STAFF, PAGES, page_request, .fields = &request_id_fields),
	ROUTE(POST, "/requests/{id}/withdraw", STAFF, PAGES, page_request_withdraw, .fields = &request_withdraw_fields),
	ROUTE(POST, "/requests/{id}/answer", STAFF, PAGES, page_request_answer, .fields = &request_answer_fields),
	ROUTE(GET, "/admin/requests", ADMIN, PAGES, page_requests_admin, .fields = &requests_admin_fields),
	ROUTE(POST, "/admin/requests", ADMIN, PAGES, page_requests_bulk, .fields = &requests_bulk_fields),
	ROUTE(GET, "/admin/requests/{id}", ADMIN, PAGES, page_request, .fields = &request_id_fields),
	ROUTE(POST, "/admin/requests/{id}", ADMIN, PAGES, page_request_decide, .fields = &request_decide_fields),

	/* sessions made and changed directly */
	ROUTE(GET, "/admin/sessions", ADMIN, PAGES, page_sessions_admin, .fields = &sessions_admin_fields),
	ROUTE(GET, "/admin/sessions/new", ADMIN, PAGES, page_session_admin_new, .fields = &session_admin_new_fields),
	ROUTE(POST, "/admin/sessions", ADMIN, PAGES, page_session_admin_add, .fields = &session_admin_add_fields),
	ROUTE(GET, "/admin/sessions/{id}", ADMIN, PAGES, page_session_admin, .fields = &session_admin_id_fields),
	ROUTE(POST, "/admin/sessions/{id}", ADMIN, PAGES, page_session_admin_save, .fields = &session_admin_save_fields),

	/* attendance: the teacher's side */
	ROUTE(GET, "/attendance", STAFF, PAGES, page_attendance),
	ROUTE(GET, "/trainer/smart-attendance", STAFF, PAGES, page_attendance),
	ROUTE(GET, "/excuses/to-decide", STAFF, PAGES, page_claims, .fields = &claims_fields),
	ROUTE(POST, "/excuses/to-decide", STAFF, PAGES, page_claims_decide, .fields = &claims_decide_fields),
	ROUTE(GET, "/sessions/{id}/excuses", STAFF, PAGES, page_session_excuses, .fields = &session_excuses_fields),
	ROUTE(POST, "/sessions/{id}/excuses", STAFF, PAGES, page_session_excuse, .fields = &session_excuse_fields),
	ROUTE(GET, "/sessions/{id}/attendance", STAFF, PAGES, page_attendance_ask, .fields = &attendance_open_fields),
	ROUTE(POST, "/sessions/{id}/attendance", STAFF, PAGES, page_attendance_open, .fields = &attendance_open_fields),
	ROUTE(GET, "/attendance/{id}", STAFF, PAGES, page_console, .fields = &console_fields),
	ROUTE(GET, "/attendance/{id}/live", STAFF, PAGES, page_console_live, .fields = &console_fields),
	ROUTE(POST, "/attendance/{id}/marks", STAFF, PAGES, page_register_save, .fields = &register_save_fields),
	ROUTE(POST, "/attendance/{id}/undo", STAFF, PAGES, page_undo, .fields = &undo_fields),
	ROUTE(GET, "/attendance/{id}/students/{person}", STAFF, PAGES, page_register_student, .fields = &student_fields),
	ROUTE(POST, "/attendance/{id}/students/{person}", STAFF, PAGES, page_register_student_save, .fields = &student_save_fields),
	ROUTE(POST, "/attendance/{id}/attempts/{attempt}", STAFF, PAGES, page_decide, .fields = &decide_fields),
	ROUTE(GET, "/attendance/{id}/attempts/{attempt}/photo", STAFF, PAGES, page_attempt_photo, .fields = &photo_fields),
	ROUTE(POST, "/attendance/{id}/guests", STAFF, PAGES, page_guest_add, .fields = &guest_fields),
	ROUTE(POST, "/attendance/{id}/guests/{guest}/merge", STAFF, PAGES, page_guest_merge, .fields = &guest_change_fields),
	ROUTE(POST, "/attendance/{id}/guests/{guest}/remove", STAFF, PAGES, page_guest_remove, .fields = &guest_change_fields),
	ROUTE(POST, "/attendance/{id}/extend", STAFF, PAGES, page_attendance_extend, .fields = &attendance_act_fields),
	ROUTE(POST, "/attendance/{id}/pause", STAFF, PAGES, page_attendance_pause, .fields = &attendance_act_fields),
	ROUTE(POST, "/attendance/{id}/resume", STAFF, PAGES, page_attendance_resume, .fields = &attendance_act_fields),
	ROUTE(GET, "/attendance/{id}/close", STAFF, PAGES, page_attendance_close_ask, .fields = &attendance_id_fields),
	ROUTE(POST, "/attendance/{id}/close", STAFF, PAGES, page_attendance_close, .fields = &attendance_act_fields),
	ROUTE(GET, "/attendance/{id}/reopen", STAFF, PAGES, page_attendance_reopen_ask, .fields = &attendance_id_fields),
	ROUTE(POST, "/attendance/{id}/reopen", STAFF, PAGES, page_attendance_reopen, .fields = &attendance_reopen_fields),
	ROUTE(GET, "/attendance/{id}/settings", STAFF, PAGES, page_attendance_settings, .fields = &attendance_settings_fields),
	ROUTE(POST, "/attendance/{id}/settings", STAFF, PAGES, page_attendance_settings_save, .fields = &attendance_settings_fields),
	ROUTE(GET, "/attendance/{id}/screen", STAFF, PAGES, page_screen, .fields = &screen_fields),
	ROUTE(GET, "/attendance/{id}/screen/code", STAFF, PAGES, page_screen_code, .fields = &screen_fields),
	ROUTE(GET, "/sessions/{id}/register", STAFF, PAGES, page_register, .fields = &register_fields),
	ROUTE(GET, "/sessions/{id}/register.csv", STAFF, PAGES, page_register_csv, .fields = &register_fields, .pool = POOL_SLOW),
	ROUTE(GET, "/sessions/{id}/register.xlsx", STAFF, PAGES, page_register_xlsx, .fields = &register_fields, .pool = POOL_SLOW),
	ROUTE(GET, "/sessions/{id}/sheet", STAFF, PAGES, page_sheet, .fields = &register_fields),
	ROUTE(GET, "/attendance/{id}/register", STAFF, PAGES, page_register_of, .fields = &register_fields),
	ROUTE(GET, "/attendance/{id}/register.csv", STAFF, PAGES, page_register_csv_of, .fields = &register_fields, .pool = POOL_SLOW),
	ROUTE(GET, "/attendance/{id}/register.xlsx", STAFF, PAGES, page_register_xlsx_of, .fields = &register_fields, .pool = POOL_SLOW),
	ROUTE(GET, "/attendance/{id}/sheet", STAFF, PAGES, page_sheet_of, .fields = &register_fields),
	ROUTE(GET, "/courses/{id}/attendance", STAFF, PAGES, page_course_attendance, .fields = &course_attendance_fields),
	ROUTE(GET, "/courses/{id}/attendance.csv", STAFF, PAGES, page_course_attendance_csv, .fields = &course_attendance_fields, .pool = POOL_SLOW),
	ROUTE(GET, "/courses/{id}/attendance.xlsx", STAFF, PAGES, page_course_attendance_xlsx, .fields = &course_attendance_fields, .pool = POOL_SLOW),

	/* notes */
	ROUTE(POST, "/sessions/{id}/notes", STAFF, PAGES, page_note_add, .fields = &session_note_fields),
	ROUTE(GET, "/notes/{id}", STAFF, PAGES, page_note, .fields = &note_id_fields),
	ROUTE(POST, "/notes/{id}", STAFF, PAGES, page_note_edit, .fields = &note_fields),
	ROUTE(POST, "/notes/{id}/delete", STAFF, PAGES, page_note_delete, .fields = &note_id_fields),
	ROUTE(POST, "/notes/{id}/resolve", STAFF, PAGES, page_note_resolve, .fields = &note_settle_fields),
	ROUTE(POST, "/notes/{id}/reopen", STAFF, PAGES, page_note_reopen, .fields = &note_settle_fields),
	ROUTE(GET, "/follow-ups", STAFF, PAGES, page_follow_ups, .fields = &follow_ups_fields),

	/* files */
	ROUTE(POST, "/sessions/{id}/files", STAFF, PAGES, page_files_add, .fields = &files_add_fields,
	      .gate = page_files_gate, .pool = POOL_SLOW, .body = BODY_FILE, .body_max = FILES_BODY_MAX),
	ROUTE(PUT, "/sessions/{id}/files/{name}", STAFF, OWN, api_put, .fields = &put_fields, .doc = &api_put_doc,
	      .gate = api_put_gate, .pool = POOL_SLOW, .body = BODY_FILE, .body_max = UPLOAD_BODY_MAX),
	ROUTE(GET, "/files/{id}/{name}", STAFF, PAGES, page_file, .fields = &file_fields),
	ROUTE(GET, "/files/{id}/view", STAFF, PAGES, page_file_view, .fields = &file_fields),
	ROUTE(GET, "/files/{id}/row", STAFF, PAGES, page_file_row, .fields = &file_fields),
	ROUTE(GET, "/files/{id}/delete", STAFF, PAGES, page_file_ask, .fields = &file_fields),
	ROUTE(POST, "/files/{id}/delete", STAFF, PAGES, page_file_delete, .fields = &file_fields),
	ROUTE(GET, "/public/uploads/sessions/{name}", STAFF, PAGES, page_file_link, .fields = &file_link_fields),

	/* uploads */
	ROUTE(GET, "/admin/uploads", ADMIN, PAGES, page_reviews, .fields = &reviews_fields),
	ROUTE(POST, "/admin/uploads", ADMIN, PAGES, page_reviews_decide, .fields = &reviews_fields),

	/* for anyone who holds a completion code */
	ROUTE(GET, "/verify", PUBLIC, PAGES, page_verify, .fields = &verify_fields),
	ROUTE(GET, "/verify/{code}", PUBLIC, PAGES, page_verify_code, .fields = &verify_code_fields),

	/* schedules, rooms, closures */
	ROUTE(GET, "/admin/schedules", ADMIN, PAGES, page_schedules, .fields = &schedules_fields),
	ROUTE(GET, "/admin/schedules/new", ADMIN, PAGES, page_schedule_new),
	ROUTE(POST, "/admin/schedules", ADMIN, PAGES, page_schedule_save, .fields = &schedule_new_fields),
	ROUTE(GET, "/admin/schedules/{id}", ADMIN, PAGES, page_schedule, .fields = &schedule_look_fields),
	ROUTE(POST, "/admin/schedules/{id}", ADMIN, PAGES, page_schedule_save, .fields = &schedule_save_fields),
	ROUTE(GET, "/admin/schedules/{id}/end", ADMIN, PAGES, page_schedule_ask, .fields = &schedule_id_fields),
	ROUTE(POST, "/admin/schedules/{id}/end", ADMIN, PAGES, page_schedule_end, .fields = &schedule_id_fields),
	ROUTE(GET, "/admin/rooms", ADMIN, PAGES, page_rooms, .fields = &rooms_fields),
	ROUTE(GET, "/admin/rooms/new", ADMIN, PAGES, page_room_new),
	ROUTE(POST, "/admin/rooms", ADMIN, PAGES, page_room_save, .fields = &room_new_fields),
	ROUTE(GET, "/admin/rooms/{id}", ADMIN, PAGES, page_room, .fields = &room_fields),
	ROUTE(POST, "/admin/rooms/{id}", ADMIN, PAGES, page_room_save, .fields = &room_save_fields),
	ROUTE(POST, "/admin/rooms/{id}/place", ADMIN, PAGES, page_room_place, .fields = &room_place_fields),
	ROUTE(POST, "/admin/rooms/{id}/end", ADMIN, PAGES, page_room_end, .fields = &room_fields),
	ROUTE(POST, "/admin/rooms/{id}/restore", ADMIN, PAGES, page_room_restore, .fields = &room_fields),
	ROUTE(GET, "/admin/closures", ADMIN, PAGES, page_closures, .fields = &closures_fields),
	ROUTE(GET, "/admin/closures/new", ADMIN, PAGES, page_closure_new),
	ROUTE(POST, "/admin/closures", ADMIN, PAGES, page_closure_save, .fields = &closure_new_fields),
	ROUTE(GET, "/admin/closures/{id}", ADMIN, PAGES, page_closure, .fields = &closure_fields),
	ROUTE(POST, "/admin/closures/{id}", ADMIN, PAGES, page_closure_save, .fields = &closure_save_fields),
	ROUTE(POST, "/admin/closures/{id}/remove", ADMIN, PAGES, page_closure_remove, .fields = &closure_fields),

	/* how check-in is checked, and what runs */
	ROUTE(GET, "/admin/check-in", ADMIN, PAGES, page_policies, .fields = &policies_fields),
	ROUTE(POST, "/admin/check-in", ADMIN, PAGES, page_policy_save, .fields = &policy_save_fields),
	ROUTE(POST, "/admin/check-in/inherit", ADMIN, PAGES, page_policy_remove, .fields = &policy_remove_fields),
	ROUTE(POST, "/admin/networks", ADMIN, PAGES, page_network_add, .fields = &network_add_fields),
	ROUTE(POST, "/admin/networks/{id}/remove", ADMIN, PAGES, page_network_remove, .fields = &network_remove_fields),
	ROUTE(POST, "/admin/machines", ADMIN, PAGES, page_machine_add, .fields = &machine_add_fields),
	ROUTE(POST, "/admin/machines/remove", ADMIN, PAGES, page_machine_remove, .fields = &machine_remove_fields),
	ROUTE(GET, "/admin/marks", ADMIN, PAGES, page_marks, .fields = &marks_fields),
	ROUTE(POST, "/admin/marks", ADMIN, PAGES, page_marks_save, .fields = &marks_save_fields),
	ROUTE(GET, "/admin/devices", ADMIN, PAGES, page_devices, .fields = &devices_fields),
	ROUTE(GET, "/admin/devices/new", ADMIN, PAGES, page_device_new),
	ROUTE(POST, "/admin/devices", ADMIN, PAGES, page_device_add, .fields = &device_add_fields),
	ROUTE(GET, "/admin/devices/{id}", ADMIN, PAGES, page_device, .fields = &device_fields),
	ROUTE(POST, "/admin/devices/{id}", ADMIN, PAGES, page_device_save, .fields = &device_save_fields),
	ROUTE(POST, "/admin/devices/{id}/key", ADMIN, PAGES, page_device_rotate, .fields = &device_act_fields),
	ROUTE(POST, "/admin/devices/{id}/block", ADMIN, PAGES, page_device_block, .fields = &device_act_fields),
	ROUTE(POST, "/admin/devices/{id}/unblock", ADMIN, PAGES, page_device_unblock, .fields = &device_act_fields),
	ROUTE(POST, "/admin/devices/{id}/end", ADMIN, PAGES, page_device_end, .fields = &device_act_fields),
	ROUTE(GET, "/admin/attendance", ADMIN, PAGES, page_running, .fields = &running_fields),

	/* branches */
	ROUTE(GET, "/admin/branches", ADMIN, PAGES, page_branches, .fields = &branches_fields),
	ROUTE(GET, "/admin/branches/new", ADMIN, PAGES, page_branch_new),
	ROUTE(POST, "/admin/branches", ADMIN, PAGES, page_branch_save, .fields = &branch_add_fields),
	ROUTE(GET, "/admin/branches/{id}", ADMIN, PAGES, page_branch, .fields = &branch_fields),
	ROUTE(POST, "/admin/branches/{id}", ADMIN, PAGES, page_branch_save, .fields = &branch_save_fields),
	ROUTE(POST, "/admin/branches/{id}/end", ADMIN, PAGES, page_branch_end, .fields = &branch_end_fields),
	ROUTE(POST, "/admin/branches/{id}/restore", ADMIN, PAGES, page_branch_restore, .fields = &branch_end_fields),

	/* files in pieces: tus 1.0 */
	ROUTE(OPTIONS, "/uploads", PUBLIC, TUS, tus_options, .doc = &tus_options_doc, .without_database = true),
	ROUTE(POST, "/uploads", STAFF, TUS, tus_create, .doc = &tus_create_doc, .gate = tus_create_gate, .pool = POOL_SLOW,
	      .body = BODY_FILE, .body_max = UPLOAD_BODY_MAX, .is_raw = true),
	ROUTE(OPTIONS, "/uploads/{id}", PUBLIC, TUS, tus_options, .doc = &tus_options_doc, .without_database = true),
	ROUTE(GET, "/uploads/{id}", STAFF, TUS, tus_look, .fields = &tus_fields, .doc = &tus_look_doc, .takes_override = true),
	ROUTE(PATCH, "/uploads/{id}", STAFF, TUS, tus_add, .fields = &tus_fields, .doc = &tus_add_doc, .gate = tus_add_gate,
	      .pool = POOL_SLOW, .body = BODY_FILE, .body_max = UPLOAD_BODY_MAX, .is_raw = true, .takes_override = true),
	ROUTE(POST, "/uploads/{id}/discard", STAFF, PAGES, page_upload_discard, .fields = &upload_fields),
	ROUTE(DELETE, "/uploads/{id}", STAFF, TUS, tus_end, .fields = &tus_fields, .doc = &tus_end_doc, .takes_override = true),

	/* imports */
	ROUTE(GET, "/admin/imports", ADMIN, PAGES, page_imports, .fields = &imports_fields),
	ROUTE(POST, "/admin/imports", ADMIN, PAGES, page_imports_add, .fields = &imports_add_fields,
	      .gate = page_imports_gate, .pool = POOL_SLOW, .body = BODY_FILE, .body_max = IMPORTS_BODY_MAX),
	ROUTE(GET, "/admin/imports/{id}", ADMIN, PAGES, page_import, .fields = &import_fields),
	ROUTE(POST, "/admin/imports/{id}/columns", ADMIN, PAGES, page_import_map, .fields = &import_map_fields),
	ROUTE(POST, "/admin/imports/{id}/back", ADMIN, PAGES, page_import_back, .fields = &import_decide_fields),
	ROUTE(POST, "/admin/imports/{id}/run", ADMIN, PAGES, page_import_run, .fields = &import_decide_fields),
	ROUTE(POST, "/admin/imports/{id}/undo", ADMIN, PAGES, page_import_undo, .fields = &import_decide_fields),
	ROUTE(POST, "/admin/imports/{id}/drop", ADMIN, PAGES, page_import_drop, .fields = &import_decide_fields),
	ROUTE(GET, "/admin/imports/{id}/errors.csv", ADMIN, PAGES, page_import_errors_csv, .fields = &import_fields, .pool = POOL_SLOW),

	/* the audit trail */
	ROUTE(GET, "/admin/audit", ADMIN, PAGES, page_audit, .fields = &audit_fields),
	ROUTE(GET, "/admin/audit.csv", ADMIN, PAGES, page_audit_csv, .fields = &audit_fields, .pool = POOL_SLOW),
	ROUTE(GET, "/admin/audit.jsonl", ADMIN, PAGES, page_audit_jsonl, .fields = &audit_fields, .doc = &page_audit_jsonl_doc, .pool = POOL_SLOW),

	/* people and their accounts */
	ROUTE(GET, "/admin/people", ADMIN, PAGES, page_people, .fields = &people_fields),
	ROUTE(POST, "/admin/people", ADMIN, PAGES, page_person_new_send, .fields = &person_new_send_fields),
	ROUTE(GET, "/admin/people/registrations", ADMIN, PAGES, page_registrations, .fields = &registrations_fields),
	ROUTE(POST, "/admin/people/registrations/{id}/approve", ADMIN, PAGES, page_registration_approve, .fields = &registration_decide_fields),
	ROUTE(POST, "/admin/people/registrations/{id}/refuse", ADMIN, PAGES, page_registration_refuse, .fields = &registration_decide_fields),
	ROUTE(GET, "/admin/people/new", ADMIN, PAGES, page_person_new, .fields = &person_new_fields),
	ROUTE(GET, "/admin/people/{id}", ADMIN, PAGES, page_person, .fields = &person_fields),
	ROUTE(POST, "/admin/people/{id}", ADMIN, PAGES, page_person_edit_send, .fields = &person_edit_send_fields),
	ROUTE(GET, "/admin/people/{id}/edit", ADMIN, PAGES, page_person_edit, .fields = &person_edit_fields),
	ROUTE(POST, "/admin/people/{id}/end", ADMIN, PAGES, page_person_end, .fields = &person_change_fields),
	ROUTE(POST, "/admin/people/{id}/restore", ADMIN, PAGES, page_person_restore, .fields = &person_change_fields),
	ROUTE(POST, "/admin/people/{id}/remove", ADMIN, PAGES, page_person_remove, .fields = &person_change_fields),
	ROUTE(POST, "/admin/people/{id}/groups", ADMIN, PAGES, page_person_group_add, .fields = &person_member_fields),
	ROUTE(POST, "/admin/people/{id}/courses", ADMIN, PAGES, page_person_course_add, .fields = &person_member_fields),
	ROUTE(GET, "/admin/people/{id}/account", ADMIN, PAGES, page_person_account, .fields = &account_admin_fields),
	ROUTE(POST, "/admin/people/{id}/account", ADMIN, PAGES, page_person_account_send, .fields = &account_admin_send_fields),
	ROUTE(GET, "/admin/accounts/{id}", ADMIN, PAGES, page_account_admin, .fields = &account_admin_fields),
	ROUTE(POST, "/admin/accounts/{id}", ADMIN, PAGES, page_account_admin_send, .fields = &account_admin_send_fields),
	ROUTE(POST, "/admin/accounts/{id}/password", ADMIN, PAGES, page_account_admin_password, .fields = &account_admin_send_fields),
	ROUTE(POST, "/admin/accounts/{id}/disable", ADMIN, PAGES, page_account_admin_disable, .fields = &account_admin_send_fields),
	ROUTE(POST, "/admin/accounts/{id}/enable", ADMIN, PAGES, page_account_admin_enable, .fields = &account_admin_send_fields),
	ROUTE(GET, "/admin/memberships/{id}", ADMIN, PAGES, page_membership, .fields = &member_fields),
	ROUTE(POST, "/admin/memberships/{id}", ADMIN, PAGES, page_membership_send, .fields = &member_send_fields),
	ROUTE(POST, "/admin/memberships/{id}/remove", ADMIN, PAGES, page_membership_remove, .fields = &member_fields),
	ROUTE(GET, "/admin/enrolments/{id}", ADMIN, PAGES, page_enrolment, .fields = &member_fields),
	ROUTE(POST, "/admin/enrolments/{id}", ADMIN, PAGES, page_enrolment_send, .fields = &member_send_fields),
	ROUTE(POST, "/admin/enrolments/{id}/remove", ADMIN, PAGES, page_enrolment_remove, .fields = &member_fields),
	/* departments, batches, sections */
	ROUTE(GET, "/admin/groups", ADMIN, PAGES, page_groups, .fields = &groups_fields),
	ROUTE(GET, "/admin/groups/new", ADMIN, PAGES, page_group_new, .fields = &group_new_fields),
	ROUTE(POST, "/admin/groups", ADMIN, PAGES, page_group_add, .fields = &group_add_fields),
	ROUTE(GET, "/admin/groups/{kind}/{id}", ADMIN, PAGES, page_group, .fields = &group_fields),
	ROUTE(POST, "/admin/groups/{kind}/{id}", ADMIN, PAGES, page_group_save, .fields = &group_save_fields),
	ROUTE(POST, "/admin/groups/{kind}/{id}/end", ADMIN, PAGES, page_group_end, .fields = &group_end_fields),
	ROUTE(POST, "/admin/groups/{kind}/{id}/restore", ADMIN, PAGES, page_group_restore, .fields = &group_end_fields),
	ROUTE(POST, "/admin/groups/{kind}/{id}/delete", ADMIN, PAGES, page_group_delete, .fields = &group_end_fields),
	ROUTE(POST, "/admin/groups/sections/{id}/people", ADMIN, PAGES, page_group_people, .fields = &group_people_fields),
	ROUTE(POST, "/admin/groups/sections/{id}/add", ADMIN, PAGES, page_group_people_add, .fields = &group_people_add_fields),

	/* classes and courses */
	ROUTE(GET, "/admin/classes", ADMIN, PAGES, page_units, .fields = &units_fields),
	ROUTE(GET, "/admin/classes/new", ADMIN, PAGES, page_unit_new),
	ROUTE(POST, "/admin/classes", ADMIN, PAGES, page_unit_add, .fields = &unit_add_fields),
	ROUTE(GET, "/admin/classes/{id}", ADMIN, PAGES, page_unit, .fields = &unit_fields),
	ROUTE(POST, "/admin/classes/{id}", ADMIN, PAGES, page_unit_save, .fields = &unit_save_fields),
	ROUTE(POST, "/admin/classes/{id}/end", ADMIN, PAGES, page_unit_end, .fields = &unit_end_fields),
	ROUTE(POST, "/admin/classes/{id}/restore", ADMIN, PAGES, page_unit_restore, .fields = &unit_end_fields),
	ROUTE(POST, "/admin/classes/{id}/delete", ADMIN, PAGES, page_unit_delete, .fields = &unit_end_fields),
	ROUTE(GET, "/admin/courses", ADMIN, PAGES, page_units, .fields = &units_fields),
	ROUTE(GET, "/admin/courses/new", ADMIN, PAGES, page_unit_new),
	ROUTE(POST, "/admin/courses", ADMIN, PAGES, page_unit_add, .fields = &unit_add_fields),
	ROUTE(GET, "/admin/courses/{id}", ADMIN, PAGES, page_unit, .fields = &unit_fields),
	ROUTE(POST, "/admin/courses/{id}", ADMIN, PAGES, page_unit_save, .fields = &unit_save_fields),
	ROUTE(POST, "/admin/courses/{id}/end", ADMIN, PAGES, page_unit_end, .fields = &unit_end_fields),
	ROUTE(POST, "/admin/courses/{id}/restore", ADMIN, PAGES, page_unit_restore, .fields = &unit_end_fields),
	ROUTE(POST, "/admin/courses/{id}/delete", ADMIN, PAGES, page_unit_delete, .fields = &unit_end_fields),
	ROUTE(POST, "/admin/courses/{id}/people", ADMIN, PAGES, page_course_people, .fields = &unit_people_fields),
	ROUTE(POST, "/admin/courses/{id}/add", ADMIN, PAGES, page_course_people_add, .fields = &unit_people_add_fields),
	ROUTE(POST, "/admin/courses/{id}/section", ADMIN, PAGES, page_course_section, .fields = &unit_people_add_fields),

	/* seed 004.  Signed in, not staff: the door itself refuses students, in its own words. */
	ROUTE(GET, "/api/session_completion.php", SIGNED_IN, 004, c004_session, .doc = &c004_session_read_doc),
	ROUTE(POST, "/api/session_completion.php", SIGNED_IN, 004, c004_session, .doc = &c004_session_change_doc,
	      .gate = c004_session_gate, .pool = POOL_SLOW, .body = BODY_FILE, .body_max = UPLOAD_BODY_MAX),
	ROUTE(GET, "/api/schedule_batch.php", SIGNED_IN, 004, c004_schedule_batch, .doc = &c004_schedule_read_doc),
	ROUTE(POST, "/api/schedule_batch.php", SIGNED_IN, 004, c004_schedule_batch, .doc = &c004_schedule_change_doc),
	ROUTE(GET, "/api/auth.php", PUBLIC, 004, c004_auth, .doc = &c004_auth_page_doc),
	ROUTE(POST, "/api/auth.php", PUBLIC, 004, c004_auth, .csrf = CSRF_NONE, .doc = &c004_auth_doc),

#include "main/muster-app/routes_api.def"

	/* checking in */
	ROUTE(POST, "/api/v1/check-in", SIGNED_IN, OWN, api_check_in, .fields = &api_check_in_fields, .doc = &api_check_in_doc,
	      .pool = POOL_CHECK_IN, .claims_only = true),

	/* for monitors */
	ROUTE(GET, "/health", PUBLIC, OWN, api_health, .doc = &api_health_doc, .without_database = true),
	ROUTE(GET, "/health/check-in", PUBLIC, OWN, api_health_check_in, .pool = POOL_CHECK_IN, .doc = &api_health_check_in_doc, .without_database = true),
	ROUTE(GET, "/metrics", PUBLIC, OWN, api_metrics, .doc = &api_metrics_doc, .without_database = true),

	/* what programs can ask */
	ROUTE(GET, "/docs", PUBLIC, PAGES, page_docs),
	ROUTE(GET, "/redoc", PUBLIC, PAGES, page_redoc),
	ROUTE(GET, "/openapi.json", PUBLIC, OWN, api_openapi, .doc = &openapi_doc, .without_database = true),
};
/* clang-format on */

const size_t muster_n_routes = ARRAY_LEN(muster_routes);

static const char *const page_prefixes[] = { "/", NULL };
/* Without a slash: nginx would send the bare "/uploads" elsewhere. */
static const char *const tus_prefixes[] = { "/uploads", NULL };
static const char *const own_prefixes[] = { "/api/", "/health", "/metrics", "/openapi.json", NULL };

void routes_families(struct web *w)
{
	w->families[FAMILY_PAGES] = (struct family){ .name = "pages",
						     .prefixes = page_prefixes,
						     .hides_denied = true,
						     .render_error = page_error_render };
	w->families[FAMILY_OWN] = (struct family){ .name = "own",
						   .prefixes = own_prefixes,
						   .hides_denied = true,
						   .is_json = true,
						   .render_error = family_problem_json,
						   .takes_tokens = true };
	w->families[FAMILY_004] = (struct family){ .name = "004",
						   .prefixes = c004_prefixes,
						   .is_json = true,
						   .render_error = c004_error };
	w->families[FAMILY_TUS] = (struct family){ .name = "tus",
						   .prefixes = tus_prefixes,
						   .hides_denied = true,
						   .is_json = true,
						   .render_error = tus_error };
	w->families[FAMILY_000] = (struct family){ .name = "000",
						   .prefixes = c000_prefixes,
						   .is_json = true,
						   .render_error = c000_error,
						   .takes_tokens = true };
	w->families[FAMILY_001] = (struct family){
		.name = "001", .is_json = true, .render_error = c001_error, .takes_tokens = true
	};
	w->families[FAMILY_002] = (struct family){ .name = "002",
						   .prefixes = c002_prefixes,
						   .is_json = true,
						   .render_error = c002_error,
						   .takes_tokens = true };
	w->families[FAMILY_003] = (struct family){ .name = "003",
						   .prefixes = c003_prefixes,
						   .is_json = true,
						   .render_error = c003_error,
						   .takes_tokens = true };
	w->hooks = (struct web_hooks){ page_form_without_session, page_form_without_token,
				       page_form_without_database };
}
