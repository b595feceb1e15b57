/*
 * The 000 door for /openapi.json: the rows of render.c, and what is said besides.
 */
#include "api/c000/door.h"
#include "api/c000/render.h"

static const char *const statuses[] = { "present", "absent", "late", "excused", NULL };
static const char *const decisions[] = { "approved", "flagged", "rejected", NULL };

#define SAYS(STATUS, ABOUT, OF) DOC_ANSWERS(DOC_SAYS(STATUS, ABOUT, .schema = OF))
#define MAYBE(TYPE, NAME)       DOC(TYPE, NAME, .nullable = true)

/* ---- smart attendance
 * ---------------------------------------------------------------------------- */

static DOC_SCHEMA(session, "AttendanceSession000", "`session_id` is the course session's.",
		  DOC(INT, "id"), DOC(INT, "session_id"), DOC(TEXT, "mode", .words = smart_modes),
		  DOC(INT, "checkin_window_minutes", .example = "15"),
		  DOC(BOOL, "location_verification_enabled"), MAYBE(NUMBER, "classroom_lat"),
		  MAYBE(NUMBER, "classroom_lng"), MAYBE(INT, "allowed_radius_meters"),
		  MAYBE(TEXT, "teams_meeting_id"), MAYBE(TEXT, "teams_meeting_url"),
		  DOC(BOOL, "is_active"), MAYBE(LOCAL, "activated_at"),
		  MAYBE(LOCAL, "confirmed_at"), MAYBE(LOCAL, "created_at"),
		  MAYBE(LOCAL, "updated_at"));
static DOC_SCHEMA(checkin, "SelfCheckin000",
		  "No verifier of faces is connected: the photo waits for a person.",
		  DOC(INT, "id"), MAYBE(INT, "attendance_session_id"), MAYBE(INT, "student_id"),
		  MAYBE(NUMBER, "face_confidence"), DOC(BOOL, "liveness_passed"),
		  DOC(BOOL, "location_verified"), MAYBE(NUMBER, "checkin_lat"),
		  MAYBE(NUMBER, "checkin_lng"), MAYBE(NUMBER, "distance_from_class_meters"),
		  MAYBE(TEXT, "verification_photo_path"), MAYBE(TEXT, "device_id"),
		  MAYBE(TEXT, "ip_address"), DOC(TEXT, "status", .words = decisions),
		  MAYBE(TEXT, "rejection_reason"), MAYBE(LOCAL, "created_at"));
static DOC_SCHEMA(live, "LiveSnapshot000", NULL, DOC(INT, "session_id"),
		  DOC(TEXT, "mode", .words = smart_modes), DOC(INT, "total_students_expected"),
		  DOC(INT, "total_checked_in"), DOC(INT, "pending_verification"),
		  DOC(INT, "fraud_flags_count"), DOC_LIST("recent_checkins", &checkin),
		  DOC(ANY, "recent_teams_joins", .is_list = true));
static DOC_SCHEMA(metadata, NULL, NULL, DOC(INT, "checkin_id"));
static DOC_SCHEMA(alert, "Alert000", "A check-in that somebody should look at.", DOC(INT, "id"),
		  MAYBE(INT, "student_id"), MAYBE(INT, "session_id"),
		  DOC(TEXT, "alert_type", .example = "\"location_violation\""),
		  DOC(TEXT, "severity", .example = "\"medium\""), DOC(TEXT, "message"),
		  DOC_ONE("metadata_json", &metadata), DOC_ONE("metadata", &metadata),
		  DOC(BOOL, "is_acknowledged"), MAYBE(INT, "acknowledged_by_user_id"),
		  MAYBE(LOCAL, "acknowledged_at"), MAYBE(TEXT, "action_taken"),
		  MAYBE(LOCAL, "created_at"));
static DOC_SCHEMA_LIST(alerts, &alert);
static DOC_SCHEMA(evidence, NULL, NULL, DOC(INT, "distance_m", .optional = true),
		  DOC(INT, "allowed_m", .optional = true));
static DOC_SCHEMA(fraud, "FraudDetection000", "A check-in whose reason raises suspicion.",
		  DOC(INT, "id"), MAYBE(INT, "student_id"), MAYBE(INT, "session_id"),
		  DOC(INT, "checkin_id"), DOC(TEXT, "fraud_type", .example = "\"location_spoof\""),
		  DOC(TEXT, "severity", .example = "\"high\""), DOC_ONE("evidence", &evidence),
		  DOC(TEXT, "description"), DOC(BOOL, "is_resolved"),
		  MAYBE(INT, "resolved_by_user_id"), MAYBE(TEXT, "resolution_notes"),
		  MAYBE(LOCAL, "created_at"), MAYBE(LOCAL, "resolved_at"));
static DOC_SCHEMA_LIST(frauds, &fraud);

const struct route_doc c000_create_doc = {
	.summary = "Open attendance for a session",
	.about = "From the window before its start until as long after it. 400 when it has one.",
	SAYS(201, "It, open.", &session),
};
const struct route_doc c000_get_doc = {
	.summary = "The attendance of a session",
	SAYS(200, "It.", &session),
};
const struct route_doc c000_change_doc = {
	.summary = "Change the attendance of a session",
	.about = "What is not sent stays.",
	SAYS(200, "It.", &session),
};
const struct route_doc c000_live_doc = {
	.summary = "How a session goes",
	SAYS(200, "Counts and the last ten.", &live),
};
const struct route_doc c000_alerts_doc = {
	.summary = "Check-ins to look at",
	SAYS(200, "Of the last 30 days, newest first.", &alerts),
};
const struct route_doc c000_acknowledge_doc = {
	.summary = "Somebody looked at an alert",
	.about = "`action_taken` as query or in the body. A decided check-in stays as it was "
		 "decided; one "
		 "that is not stays in the queue.",
	SAYS(200, "It.", &alert),
};
const struct route_doc c000_resolve_doc = {
	.summary = "An admin looked at a suspicious check-in",
	.about = "`resolution_notes` as query or in the body; as with alerts.",
	SAYS(200, "It.", &fraud),
};
const struct route_doc c000_frauds_doc = {
	.summary = "Suspicious check-ins",
	SAYS(200, "Of the last 30 days, at most 100, newest first.", &frauds),
};
const struct route_doc c000_review_doc = {
	.summary = "Decide a flagged check-in",
	.about = "Approving it marks the student. 400 when it was decided.",
	SAYS(200, "The check-in.", &checkin),
};
static DOC_SCHEMA(refused, NULL, NULL, DOC(BOOL, "success", .value = "false"),
		  DOC(TEXT, "error", .value = "\"http_error\""), DOC(TEXT, "message"),
		  DOC(INT, "status_code"), DOC(TEXT, "detail"));
const struct route_doc c000_photo_doc = {
	.summary = "The photo of a check-in",
	.about = "For staff of its session and its student, until its evidence expires. JPEG or "
		 "PNG.",
	DOC_ANSWERS(DOC_SAYS(200, "The picture.", .type = "image/jpeg", .or_type = "image/png"),
		    DOC_SAYS(404, "There is none, or no longer.", .schema = &refused)),
};
const struct route_doc c000_teams_sync_doc = {
	.summary = "Not offered: Teams",
	SAYS(501, "Always.", &refused),
};

/* ---- checking in
 * ----------------------------------------------------------------------------------- */

static DOC_SCHEMA(submitted, NULL, NULL, DOC(TEXT, "status", .words = decisions),
		  DOC(TEXT, "message"), MAYBE(NUMBER, "face_confidence"),
		  DOC(BOOL, "liveness_passed"), DOC(BOOL, "location_verified"),
		  DOC(INT, "checkin_id"));
static DOC_SCHEMA(active, NULL, NULL, DOC(INT, "id"), DOC(TEXT, "title"), DOC(TEXT, "class_name"),
		  DOC(DAY, "date"), DOC(TOD, "start_time"), DOC(TOD, "end_time"),
		  DOC(TEXT, "trainer_name"), DOC(BOOL, "is_attendance_active", .value = "true"));
static DOC_SCHEMA_LIST(actives, &active);

const struct route_doc c000_self_checkin_doc = {
	.summary = "Check in with a photo",
	.about = "The photo is JPEG or PNG of up to 10 MB; a place may be sent as form or query.",
	.file = "photo",
	SAYS(201, "Also when it is flagged.", &checkin),
};
const struct route_doc c000_submit_checkin_doc = {
	.summary = "Check in with a photo, the other way",
	.file = "photo",
	SAYS(200, "Also when it is flagged.", &submitted),
};
const struct route_doc c000_active_sessions_doc = {
	.summary = "What one can check in to now",
	SAYS(200, "Soonest first.", &actives),
};

/* ---- QR codes
 * ---------------------------------------------------------------------------------------- */

static DOC_SCHEMA(qr_in, NULL, NULL, DOC(BOOL, "success", .value = "true"),
		  DOC(INT, "attendance_id"), DOC(INT, "session_id"), DOC(LOCAL, "checked_in_at"));
static DOC_SCHEMA(qr_valid, NULL, NULL, DOC(BOOL, "valid", .value = "true"), DOC(INT, "session_id"),
		  DOC(LOCAL, "expires_at"));
static DOC_SCHEMA(qr_made, NULL, NULL, DOC(TEXT, "token"), DOC(INT, "session_id"),
		  DOC(LOCAL, "expires_at"));

const struct route_doc c000_qr_generate_doc = {
	.summary = "A QR code to check in by, good for 15 minutes",
	.about = "A picture; its token as JSON for who asks for application/json.",
	.says = (const char *const[]){ "X-QR-Token: what the picture says", NULL },
	DOC_ANSWERS(DOC_SAYS(200, "The picture, or its token.", .schema = &qr_made,
			     .or_type = "image/png")),
};
const struct route_doc c000_qr_checkin_doc = {
	.summary = "Check in by a QR code",
	SAYS(200, "Checked in.", &qr_in),
};
const struct route_doc c000_qr_verify_doc = {
	.summary = "Whether a QR code is good",
	SAYS(200, "It is.", &qr_valid),
};

/* ---- trainers
 * ------------------------------------------------------------------------------------------ */

static DOC_SCHEMA(activated, NULL, NULL, DOC(TEXT, "status", .value = "\"success\""),
		  DOC(TEXT, "message"), DOC(INT, "session_id"), DOC(LOCAL, "activated_at"),
		  DOC(BOOL, "is_active", .value = "true"));
static DOC_SCHEMA(confirmed, NULL, NULL, DOC(TEXT, "status", .value = "\"success\""),
		  DOC(TEXT, "message"), DOC(INT, "session_id"), MAYBE(LOCAL, "confirmed_at"));
static DOC_SCHEMA(register_row, NULL, NULL, MAYBE(INT, "id"), DOC(INT, "student_id"),
		  DOC(TEXT, "student_name"), DOC(TEXT, "status", .words = statuses),
		  MAYBE(NUMBER, "face_confidence"), DOC(BOOL, "liveness_passed"),
		  DOC(BOOL, "location_verified"), MAYBE(LOCAL, "checked_in_at"),
		  MAYBE(TEXT, "photo_url"));
static DOC_SCHEMA_LIST(register_rows, &register_row);
static DOC_SCHEMA(trainer_stats, NULL, NULL, DOC(INT, "total_sessions"),
		  DOC(INT, "this_week_sessions"), DOC(INT, "total_students"),
		  DOC(NUMBER, "attendance_rate"));
static DOC_SCHEMA(next, NULL, NULL, DOC(INT, "id"), DOC(TEXT, "title"), DOC(DAY, "date"),
		  DOC(TOD, "time"), DOC(TEXT, "class_name"), DOC(INT, "student_count"));
static DOC_SCHEMA_LIST(nexts, &next);
static DOC_SCHEMA(held, NULL, NULL, DOC(INT, "id"), DOC(TEXT, "title"), DOC(DAY, "date"),
		  DOC(TOD, "start_time"), DOC(TOD, "end_time"), DOC(TEXT, "class_name"),
		  DOC(INT, "students"), DOC(TEXT, "status"), DOC(BOOL, "is_active"));
static DOC_SCHEMA_LIST(helds, &held);
static DOC_SCHEMA(member, NULL, NULL, DOC(INT, "id"), DOC(TEXT, "first_name"),
		  DOC(TEXT, "last_name"), MAYBE(TEXT, "email"), DOC(TEXT, "class_name"));
static DOC_SCHEMA_LIST(members, &member);
static DOC_SCHEMA(marked, NULL, NULL, DOC(INT, "id"), MAYBE(INT, "session_id"),
		  DOC(INT, "student_id"), DOC(TEXT, "student"), MAYBE(TEXT, "email"),
		  DOC(TEXT, "session"), DOC(TEXT, "status", .words = statuses), DOC(DAY, "date"),
		  MAYBE(NUMBER, "percentage"), MAYBE(LOCAL, "marked_at"),
		  MAYBE(TEXT, "justification"));
static DOC_SCHEMA_LIST(all_marked, &marked);

const struct route_doc c000_activate_doc = {
	.summary = "Let students check in to a session",
	SAYS(200, "It is open.", &activated),
};
const struct route_doc c000_confirm_doc = {
	.summary = "Close the attendance of a session",
	.about = "Whoever has no mark and no check-in to decide is absent.",
	SAYS(200, "It is closed.", &confirmed),
};
const struct route_doc c000_session_attendance_doc = {
	.summary = "The whole class with its marks",
	SAYS(200, "By family name.", &register_rows),
};
const struct route_doc c000_trainer_stats_doc = {
	.summary = "A trainer's numbers",
	SAYS(200, "They.", &trainer_stats),
};
const struct route_doc c000_trainer_upcoming_doc = {
	.summary = "A trainer's next sessions",
	SAYS(200, "By start.", &nexts),
};
const struct route_doc c000_trainer_sessions_doc = {
	.summary = "A trainer's sessions",
	SAYS(200, "Newest first, without the confirmed ones.", &helds),
};
const struct route_doc c000_trainer_students_doc = {
	.summary = "The class of a session",
	SAYS(200, "By family name.", &members),
};
const struct route_doc c000_trainer_attendance_doc = {
	.summary = "Marks of a trainer's sessions",
	SAYS(200, "At most 200, newest first.", &all_marked),
};

/* ---- students
 * ------------------------------------------------------------------------------------------- */

static DOC_SCHEMA(student_stats, NULL, NULL, DOC(NUMBER, "attendance_rate"),
		  DOC(INT, "total_sessions"), DOC(INT, "total_classes"), DOC(INT, "present_count"),
		  DOC(INT, "absent_count"), DOC(INT, "absences"), DOC(INT, "justified_absences"),
		  MAYBE(TEXT, "next_session"), DOC(INT, "total_absence_hours"),
		  DOC(INT, "total_late_minutes"),
		  DOC(TEXT, "alert_level", .words = c000_alert_levels), MAYBE(NUMBER, "ai_score"),
		  MAYBE(TEXT, "ai_explanation"));
static DOC_SCHEMA(own_mark, NULL, NULL, DOC(INT, "id"), MAYBE(INT, "session_id"), DOC(DAY, "date"),
		  DOC(TEXT, "subject"), DOC(TEXT, "status", .words = statuses),
		  MAYBE(LOCAL, "marked_at"), DOC(INT, "late_minutes"), MAYBE(TEXT, "justification"),
		  DOC(BOOL, "justified"));
static DOC_SCHEMA_LIST(own_marks, &own_mark);
static DOC_SCHEMA(absence, NULL, NULL, DOC(INT, "id"), MAYBE(INT, "session_id"), DOC(DAY, "date"),
		  DOC(TEXT, "subject"), MAYBE(TEXT, "justification"), DOC(BOOL, "hasJustification"),
		  DOC(BOOL, "justified"));
static DOC_SCHEMA_LIST(absences, &absence);
static DOC_SCHEMA(upcoming, NULL, NULL, DOC(INT, "id"), DOC(TEXT, "subject"), DOC(DAY, "date"),
		  DOC(TOD, "time"), DOC(TEXT, "classroom"), MAYBE(TEXT, "trainer_name"));
static DOC_SCHEMA_LIST(upcomings, &upcoming);
static DOC_SCHEMA(lesson, NULL, NULL, DOC(INT, "id"), DOC(TEXT, "subject"), MAYBE(TEXT, "trainer"),
		  DOC(TEXT, "classroom"), DOC(DAY, "date"), DOC(TOD, "start_time"),
		  DOC(TOD, "end_time"), DOC(TEXT, "day"), DOC(INT, "day_of_week"));
static DOC_SCHEMA_LIST(week, &lesson);
static DOC_SCHEMA(event, NULL, NULL, DOC(INT, "id"), DOC(TEXT, "title"), DOC(DAY, "date"),
		  DOC(HM, "time"), DOC(TEXT, "location"), DOC(TEXT, "type", .value = "\"class\""),
		  MAYBE(TEXT, "description"));
static DOC_SCHEMA_LIST(events, &event);
static DOC_SCHEMA(profile, NULL, NULL, DOC(INT, "id"), DOC(TEXT, "first_name"),
		  DOC(TEXT, "last_name"), MAYBE(TEXT, "email"), MAYBE(TEXT, "phone"),
		  MAYBE(TEXT, "student_code"), MAYBE(TEXT, "class_name"),
		  DOC(NUMBER, "attendance_rate"), MAYBE(TEXT, "profile_photo_path"));

const struct route_doc c000_student_stats_doc = {
	.summary = "A student's own numbers",
	SAYS(200, "They.", &student_stats),
};
const struct route_doc c000_student_attendance_doc = {
	.summary = "A student's own marks",
	SAYS(200, "Newest first.", &own_marks),
};
const struct route_doc c000_student_upcoming_doc = {
	.summary = "A student's next sessions",
	SAYS(200, "By start.", &upcomings),
};
const struct route_doc c000_student_schedule_doc = {
	.summary = "A student's week",
	SAYS(200, "Monday to Sunday.", &week),
};
const struct route_doc c000_student_absences_doc = {
	.summary = "A student's own absences",
	SAYS(200, "Newest first.", &absences),
};
static DOC_SCHEMA(justification, NULL, NULL, DOC(INT, "id"), MAYBE(INT, "absence_id"),
		  MAYBE(INT, "session_id"), DOC(DAY, "date"), DOC(TEXT, "subject"),
		  DOC(TEXT, "reason"), DOC(TEXT, "status", .words = c000_justification_states),
		  MAYBE(TEXT, "document_name"), MAYBE(TEXT, "document_url"), MAYBE(TEXT, "comment"),
		  DOC(LOCAL, "submitted_at"), MAYBE(LOCAL, "reviewed_at"));
static DOC_SCHEMA_LIST(justifications, &justification);
static DOC_SCHEMA(handed_in, NULL, NULL, DOC(TEXT, "status", .value = "\"success\""),
		  DOC(TEXT, "message"), DOC(INT, "absence_id"));
static DOC_SCHEMA(justified, NULL, NULL, DOC(TEXT, "status", .value = "\"success\""),
		  DOC(TEXT, "message"), DOC(INT, "record_id"));
const struct route_doc c000_justifications_doc = {
	.summary = "What a student handed in",
	SAYS(200, "Newest first.", &justifications),
};
const struct route_doc c000_justification_add_doc = {
	.summary = "Hand in a justification of an absence",
	.about = "As JSON, or as a form with a photo or PDF of up to 10 MB as `file`.",
	.file = "file",
	.file_may_lack = true,
	SAYS(200, "It waits for the trainer.", &handed_in),
};
const struct route_doc c000_justify_doc = {
	.summary = "Justify a mark",
	.about = "A student hands in a justification; a trainer or admin excuses at once.",
	SAYS(200, "Done.", &justified),
};
const struct route_doc c000_justification_decide_doc = {
	.summary = "Decide a justification",
	.about = "Approved: absent and late become excused. 404 when nothing waits to be rejected.",
	SAYS(200, "Decided.", &justified),
};
const struct route_doc c000_student_calendar_doc = {
	.summary = "A student's month, or what comes from today on",
	SAYS(200, "At most 200, by start.", &events),
};
const struct route_doc c000_student_profile_doc = {
	.summary = "Who one is",
	SAYS(200, "The student.", &profile),
};

/* ---- marks
 * ------------------------------------------------------------------------------------------------
 */

static DOC_SCHEMA(record, "Attendance000", "A mark.", DOC(INT, "id"), MAYBE(INT, "session_id"),
		  DOC(INT, "student_id"), DOC(TEXT, "status", .words = statuses),
		  DOC(TEXT, "marked_via", .example = "\"manual\""),
		  MAYBE(NUMBER, "facial_confidence"), MAYBE(TEXT, "verification_photo_path"),
		  MAYBE(LOCAL, "marked_at"), MAYBE(LOCAL, "actual_arrival_time"),
		  DOC(INT, "late_minutes"), MAYBE(NUMBER, "percentage"),
		  MAYBE(TEXT, "justification"));
static DOC_SCHEMA_LIST(records, &record);
static DOC_SCHEMA(of_session, NULL, NULL, DOC(INT, "session_id"), DOC_LIST("records", &record),
		  DOC(INT, "count"));
static DOC_SCHEMA(summary, NULL, NULL, DOC(INT, "student_id"), DOC(INT, "total_sessions"),
		  DOC(INT, "present"), DOC(INT, "absent"), DOC(INT, "late"), DOC(INT, "excused"),
		  DOC(NUMBER, "attendance_rate"), DOC(INT, "period_days"));
static DOC_SCHEMA(class_stats, NULL, NULL, DOC(TEXT, "class"), DOC(INT, "total_records"),
		  DOC(INT, "present_count"), DOC(NUMBER, "average_attendance_rate"),
		  DOC(INT, "period_days"));

const struct route_doc c000_record_add_doc = {
	.summary = "Mark a student",
	.about = "Who has a mark keeps it, and that one is the answer.",
	SAYS(200, "The mark.", &record),
};
const struct route_doc c000_record_change_doc = {
	.summary = "Change a mark",
	SAYS(200, "The mark.", &record),
};
const struct route_doc c000_record_get_doc = {
	.summary = "One mark",
	SAYS(200, "The mark.", &record),
};
const struct route_doc c000_records_doc = {
	.summary = "Marks of a session, of a student, or of one's own sessions",
	SAYS(200, "Newest first.", &records),
};
const struct route_doc c000_session_records_doc = {
	.summary = "All marks of a session",
	SAYS(200, "Newest first.", &of_session),
};
const struct route_doc c000_student_summary_doc = {
	.summary = "A student's numbers of some days",
	SAYS(200, "They.", &summary),
};
const struct route_doc c000_class_stats_doc = {
	.summary = "A class's numbers of some days",
	.about = "404 without a mark.",
	SAYS(200, "They.", &class_stats),
};
