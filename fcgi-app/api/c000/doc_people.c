/*
 * The 000 door for /openapi.json: the rows of people.c and confirmed.c.
 */
#include "api/c000/door.h"
#include "api/c000/render.h"

static const char *const statuses[] = { "present", "absent", "late", "excused", NULL };

#define SAYS(STATUS, ABOUT, OF) DOC_ANSWERS(DOC_SAYS(STATUS, ABOUT, .schema = OF))
#define MAYBE(TYPE, NAME)       DOC(TYPE, NAME, .nullable = true)

static DOC_SCHEMA(student, "Student000",
		  "Marks are those of the viewer's sessions. What is not kept here is null.",
		  DOC(INT, "id"), MAYBE(INT, "user_id"), MAYBE(TEXT, "student_code"),
		  DOC(TEXT, "first_name"), DOC(TEXT, "last_name"), MAYBE(TEXT, "email"),
		  MAYBE(TEXT, "class_name"), MAYBE(TEXT, "group_name"),
		  DOC(TEXT, "academic_status", .value = "\"active\""),
		  DOC(INT, "total_absence_hours"), DOC(INT, "total_late_minutes"),
		  DOC(DECIMAL, "attendance_rate"), DOC(BOOL, "alert_sent", .value = "false"),
		  DOC(BOOL, "alertsent", .value = "false"),
		  DOC(TEXT, "alert_level", .words = c000_alert_levels),
		  DOC(BOOL, "facial_data_encoded", .value = "false"), DOC(TEXT, "idStr"),
		  MAYBE(TEXT, "phone"), MAYBE(DAY, "date_of_birth"), MAYBE(TEXT, "cin_number"),
		  MAYBE(TEXT, "parent_name"), MAYBE(TEXT, "parent_email"),
		  MAYBE(TEXT, "parent_phone"), MAYBE(TEXT, "parent_relationship"),
		  MAYBE(DAY, "enrollment_date"), MAYBE(DAY, "expected_graduation"),
		  MAYBE(DAY, "last_alert_date"), MAYBE(TEXT, "profile_photo_path"),
		  MAYBE(INT, "pourcentage"), MAYBE(TEXT, "justification"), DOC(LOCAL, "created_at"),
		  DOC(LOCAL, "updated_at"));
static DOC_SCHEMA_LIST(students, &student);
static DOC_SCHEMA(student_page, NULL, NULL, DOC_LIST("students", &student), DOC(INT, "total"),
		  DOC(INT, "page"), DOC(INT, "page_size"));
static DOC_SCHEMA(listed, NULL, NULL, DOC(INT, "id"), DOC(TEXT, "name"),
		  MAYBE(TEXT, "student_code"), MAYBE(TEXT, "email"), MAYBE(TEXT, "class_name"),
		  DOC(BOOL, "facial_data_encoded", .value = "false"),
		  DOC(NUMBER, "attendance_rate"));
static DOC_SCHEMA(trainer, NULL, NULL, DOC(INT, "id"), DOC(TEXT, "name"), MAYBE(TEXT, "email"),
		  MAYBE(TEXT, "subjects"));
#define PAGE DOC(INT, "total"), DOC(INT, "total_pages"), DOC(INT, "page"), DOC(INT, "page_size")
static DOC_SCHEMA(listed_page, NULL, NULL, DOC_LIST("items", &listed), PAGE);
static DOC_SCHEMA(trainer_page, NULL, NULL, DOC_LIST("items", &trainer), PAGE);
static DOC_SCHEMA(confirmed, NULL, NULL, DOC(INT, "id"), DOC(TEXT, "title"),
		  MAYBE(TEXT, "class_name"), DOC(DAY, "date"), MAYBE(TEXT, "trainer_name"),
		  DOC(INT, "total_students"), DOC(INT, "present_count"), DOC(INT, "absent_count"),
		  MAYBE(LOCAL, "confirmed_at"));
static DOC_SCHEMA_LIST(all_confirmed, &confirmed);
static DOC_SCHEMA(detail, NULL, NULL, DOC(TEXT, "student_name"),
		  DOC(TEXT, "status", .words = statuses), MAYBE(NUMBER, "face_confidence"));
static DOC_SCHEMA_LIST(details, &detail);
static DOC_SCHEMA(report, NULL, NULL, DOC(TEXT, "csv"));

const struct route_doc c000_students_doc = {
	.summary = "Students",
	SAYS(200, "By family name.", &student_page),
};
const struct route_doc c000_student_doc = {
	.summary = "One student",
	.about = "A student: oneself.",
	SAYS(200, "The student.", &student),
};
const struct route_doc c000_student_change_doc = {
	.summary = "Change the name of a student",
	.about = "What is not sent stays; other columns of the contract are not kept here, or "
		 "belong to "
		 "enrolment.",
	SAYS(200, "The student.", &student),
};
const struct route_doc c000_student_delete_doc = {
	.summary = "Remove a student",
	.about = "Who has a history is ended, and no longer listed.",
	DOC_ANSWERS(DOC_SAYS(204, "Removed.")),
};
const struct route_doc c000_class_students_doc = {
	.summary = "The students of a class",
	SAYS(200, "By family name, at most 500.", &students),
};
const struct route_doc c000_admin_students_doc = {
	.summary = "Students, for an admin's screen",
	SAYS(200, "By family name.", &listed_page),
};
const struct route_doc c000_admin_trainers_doc = {
	.summary = "Trainers, for an admin's screen",
	SAYS(200, "By family name.", &trainer_page),
};
const struct route_doc c000_confirmed_doc = {
	.summary = "Sessions that trainers confirmed",
	SAYS(200, "The last one first.", &all_confirmed),
};
const struct route_doc c000_confirmed_details_doc = {
	.summary = "The marks of a session, by name",
	SAYS(200, "Newest first.", &details),
};
const struct route_doc c000_confirmed_report_doc = {
	.summary = "The marks of a session as CSV",
	SAYS(200, "The file as a text.", &report),
};
