/*
 * The resources of contract 003 for /openapi.json.
 */
#include "api/c003/c003.h"
#include "web/field.h"

/* ---- rows ---------------------------------------------------------------------------------- */

static const char *const roles[] = { "admin", "teacher", "student", "device", NULL };
static const char *const shared_roles[] = {
	"admin", "teacher", "student", "device", "trainer", NULL
};
static const char *const enrolment_states[] = { "pending", "approved", "rejected", "ended", NULL };
static const char *const device_states[] = { "online", "offline", "blocked", NULL };
static const char *const commands[] = { "IDLE", "START_CAMERA", NULL };

static DOC_SCHEMA(user, "User003", NULL, DOC(UUID, "id", .nullable = true), DOC(TEXT, "email"),
		  DOC(TEXT, "first_name"), DOC(TEXT, "last_name"),
		  DOC(TEXT, "role", .words = roles),
		  DOC(TEXT, "teacher_code", .nullable = true, .example = "\"DT01\""));
static DOC_SCHEMA(account, "Account003", NULL, DOC(UUID, "id"), DOC(TEXT, "username"),
		  DOC(TEXT, "email"), DOC(TEXT, "first_name"), DOC(TEXT, "last_name"),
		  DOC(TEXT, "role", .words = roles),
		  DOC(TEXT, "teacher_code", .nullable = true, .example = "\"DT01\""),
		  DOC(TEXT, "student_code", .nullable = true), DOC(BOOL, "is_active"));
static DOC_SCHEMA(batch, "DepBatch003", "A batch of a department.", DOC(INT, "id"),
		  DOC(TEXT, "dep", .example = "\"Computer Science\""),
		  DOC(TEXT, "batch", .example = "\"2026\""));
static DOC_SCHEMA(section, "Section003", NULL, DOC(INT, "id"),
		  DOC(TEXT, "name", .example = "\"A\""), DOC_ONE("dep_batch", &batch));
static DOC_SCHEMA(student, "Student003", NULL, DOC(INT, "id"), DOC(TEXT, "student_code"),
		  DOC(TEXT, "first_name"), DOC(TEXT, "last_name"),
		  DOC_ONE("section", &section, .nullable = true));
static DOC_SCHEMA(course, "Course003", NULL, DOC(INT, "id"), DOC(TEXT, "name"),
		  DOC(TEXT, "code", .example = "\"DEMO101\""),
		  DOC_ONE("teacher", &user, .nullable = true),
		  DOC(INT, "section_ids", .is_list = true));
static DOC_SCHEMA(enrolment_course, NULL, NULL, DOC(INT, "id"), DOC(TEXT, "name"),
		  DOC(TEXT, "code", .example = "\"DEMO101\""));
static DOC_SCHEMA(enrolment_student, NULL, NULL, DOC(INT, "id"),
		  DOC(TEXT, "student_code", .nullable = true), DOC(TEXT, "first_name"),
		  DOC(TEXT, "last_name"));
static DOC_SCHEMA(enrolment, "Enrolment003", NULL, DOC(INT, "id"),
		  DOC_ONE("course", &enrolment_course), DOC_ONE("student", &enrolment_student),
		  DOC(TEXT, "status", .words = enrolment_states),
		  DOC(DAY, "from_date", .nullable = true), DOC(DAY, "to_date", .nullable = true));
static DOC_SCHEMA(device, "Device003", NULL, DOC(INT, "id"), DOC(TEXT, "device_id"),
		  DOC(TEXT, "name", .example = "\"Scanner at the door\""),
		  DOC(TEXT, "location", .example = "\"B204\""),
		  DOC(TEXT, "ip_address", .nullable = true, .example = "\"192.0.2.7\""),
		  DOC(TEXT, "mac_address", .nullable = true),
		  DOC(TEXT, "status", .words = device_states),
		  DOC(INSTANT, "last_seen", .nullable = true),
		  DOC(INSTANT, "registered_at", .nullable = true),
		  DOC(TEXT, "device_key", .optional = true,
		      .about = "Once, when it is made or rotated."));

/* ---- the same five for each ------------------------------------------------------------------ */

#define DOC_RESOURCE(NAME, SCHEMA, ONE, MANY)                                                      \
	static DOC_SCHEMA_LIST(NAME##_list, SCHEMA);                                               \
	const struct route_doc c003_##NAME##_list_doc = {                                          \
		.summary = MANY,                                                                   \
		DOC_ANSWERS(DOC_SAYS(200, "All that one may see.", .schema = &NAME##_list)),       \
	};                                                                                         \
	const struct route_doc c003_##NAME##_create_doc = {                                        \
		.summary = ONE ": make",                                                           \
		DOC_ANSWERS(DOC_SAYS(201, "As it is now.", .schema = (SCHEMA))),                   \
	};                                                                                         \
	const struct route_doc c003_##NAME##_doc = {                                               \
		.summary = ONE,                                                                    \
		DOC_ANSWERS(DOC_SAYS(200, "As it is.", .schema = (SCHEMA))),                       \
	};                                                                                         \
	const struct route_doc c003_##NAME##_change_doc = {                                        \
		.summary = ONE ": change",                                                         \
		.about = "PATCH leaves what is not sent.",                                         \
		DOC_ANSWERS(DOC_SAYS(200, "As it is now.", .schema = (SCHEMA))),                   \
	};                                                                                         \
	const struct route_doc c003_##NAME##_delete_doc = {                                        \
		.summary = ONE ": end",                                                            \
		DOC_ANSWERS(DOC_SAYS(204, "It is ended; its history stays.")),                     \
	}

DOC_RESOURCE(student, &student, "A student", "Students");
DOC_RESOURCE(teacher, &user, "A teacher", "Teachers");
DOC_RESOURCE(user, &account, "An account", "Accounts");
DOC_RESOURCE(batch, &batch, "A batch of a department", "Batches of departments");
DOC_RESOURCE(section, &section, "A section", "Sections");
DOC_RESOURCE(course, &course, "A course", "Courses");
DOC_RESOURCE(enrolment, &enrolment, "An enrolment", "Enrolments");
DOC_RESOURCE(device, &device, "A device", "Devices");

const struct route_doc c003_register_doc = {
	.summary = "An account, with its role",
	DOC_ANSWERS(DOC_SAYS(201, "It can sign in.", .schema = &user)),
};
const struct route_doc c003_device_rotate_doc = {
	.summary = "A device: another key",
	DOC_ANSWERS(DOC_SAYS(200, "With the new key; the old one is no longer good.",
			     .schema = &device)),
};

/* The handler reads it by itself, since a missing one has an answer of its own. */
struct command_in {
	struct str device_id;
};
FIELDS(c003_device_command_fields, command_in,
       FIELD(TEXT, command_in, device_id, QUERY, .required = true));

static DOC_SCHEMA(command, "Command003", NULL, DOC(TEXT, "command", .words = commands),
		  DOC(INT, "session_id", .optional = true),
		  DOC(DAY, "date", .optional = true, .nullable = true));
static DOC_SCHEMA(unknown_device, NULL, NULL, DOC(TEXT, "detail", .example = "\"Unauthorized\""));
const struct route_doc c003_device_command_doc = {
	.summary = "What a device is to do now",
	.takes_key = true,
	.headers = (const char *const[]){ "X-Device-Key: the key of the device", NULL },
	DOC_ANSWERS(DOC_SAYS(200, "Its session that is open, or nothing.", .schema = &command),
		    DOC_SAYS(400, "Without device_id.", .schema = &command),
		    DOC_SAYS(401, "A wrong key, or no such device.", .schema = &unknown_device),
		    DOC_SAYS(403, "It is blocked.", .schema = &command)),
};

/* ---- signing in ------------------------------------------------------------------------------ */

static DOC_SCHEMA(signed_in, "SignedIn", "The tokens of 000 and of 003.", DOC(TEXT, "access_token"),
		  DOC(TEXT, "token_type", .value = "\"bearer\""), DOC(INSTANT, "expires_at"),
		  DOC(TEXT, "refresh"), DOC(TEXT, "access"), DOC_ONE("user", &user));
const struct route_doc c003_login_doc = {
	.summary = "Sign in",
	.about = "With e-mail or username. The answer serves both contracts.",
	DOC_ANSWERS(DOC_SAYS(200, "Signed in.", .schema = &signed_in)),
};
static DOC_SCHEMA(refreshed, NULL, NULL, DOC(TEXT, "access"));
const struct route_doc c003_refresh_doc = {
	.summary = "A further access token",
	DOC_ANSWERS(DOC_SAYS(200, "It takes the place of the last one.", .schema = &refreshed)),
};
static DOC_SCHEMA(me, "Me", "`id` and `role` are those of the token's contract.",
		  DOC(ANY, "id", .example = "1", .about = "A number (000) or a UUID (003)."),
		  DOC(TEXT, "email"), DOC(TEXT, "role", .words = shared_roles),
		  DOC(LOCAL, "last_login"), DOC(TEXT, "first_name"), DOC(TEXT, "last_name"),
		  DOC(TEXT, "teacher_code", .nullable = true, .example = "\"DT01\""));
const struct route_doc c003_me_doc = {
	.summary = "Who is signed in",
	DOC_ANSWERS(DOC_SAYS(200, "The account.", .schema = &me)),
};

/* ---- attendance ------------------------------------------------------------------------------ */

static const char *const marks[] = { "present", "absent", "permission", NULL };

static DOC_SCHEMA(session, "Session003", "An attendance session.", DOC(INT, "id"),
		  DOC_ONE("course", &course, .nullable = true), DOC(DAY, "date", .nullable = true),
		  DOC_ONE("created_by", &user, .nullable = true),
		  DOC(INT, "section", .nullable = true),
		  DOC(INSTANT, "created_at", .nullable = true), DOC(BOOL, "is_active"),
		  DOC(TEXT, "device_id", .nullable = true),
		  DOC(UUID, "teacher_id", .nullable = true),
		  DOC(INT, "course_id", .nullable = true));
static DOC_SCHEMA_LIST(session_list, &session);
static DOC_SCHEMA(record, "Record003", "What is recorded of one student in one session.",
		  DOC(INT, "id"), DOC_ONE("session", &session, .nullable = true),
		  DOC_ONE("student", &student), DOC(TEXT, "status", .words = marks),
		  DOC(INSTANT, "timestamp", .nullable = true),
		  DOC(TEXT, "confirmation_method", .example = "\"ai_camera\""));
static DOC_SCHEMA_LIST(record_list, &record);

const struct route_doc c003_session_list_doc = {
	.summary = "Attendance sessions",
	DOC_ANSWERS(DOC_SAYS(200, "All that one may see.", .schema = &session_list)),
};
const struct route_doc c003_session_create_doc = {
	.summary = "Open attendance",
	.about = "For a section, or by the device that stands in the room.",
	DOC_ANSWERS(DOC_SAYS(201, "It is open.", .schema = &session)),
};
const struct route_doc c003_session_doc = {
	.summary = "One attendance session",
	DOC_ANSWERS(DOC_SAYS(200, "As it is.", .schema = &session)),
};
static DOC_SCHEMA(closed, NULL, NULL,
		  DOC(TEXT, "message", .value = "\"Session closed and absentees marked\""));
const struct route_doc c003_session_close_doc = {
	.summary = "Close attendance",
	.about = "Who has neither a record nor a check-in that waits is absent. Again is fine.",
	DOC_ANSWERS(DOC_SAYS(200, "It is closed.", .schema = &closed)),
};

static DOC_SCHEMA(scanned, "Scanned003", NULL,
		  DOC(TEXT, "message", .example = "\"Attendance marked\""),
		  DOC(TEXT, "student", .example = "\"DS0001\""),
		  DOC(TEXT, "status", .words = marks), DOC(INT, "id", .optional = true),
		  DOC(INT, "session_id"), DOC(INSTANT, "timestamp", .nullable = true));
static DOC_SCHEMA(no_session, NULL, NULL, DOC(TEXT, "error", .optional = true),
		  DOC(TEXT, "detail", .example = "\"No active session found\""));
static DOC_SCHEMA(unknown_student, NULL, NULL,
		  DOC(TEXT, "detail", .example = "\"Student not found.\""),
		  DOC(TEXT, "message", .optional = true, .example = "\"Unknown face\""));
const struct route_doc c003_scan_doc = {
	.summary = "A device scanned a student",
	.about = "`student_id` is a student's number (a JSON number) or code. The device is named "
		 "by "
		 "device_id, in body or query, or by a header; its key is X-Device-Key.",
	DOC_ANSWERS(DOC_SAYS(201, "Recorded.", .schema = &scanned),
		    DOC_SAYS(200, "It was recorded before.", .schema = &scanned),
		    DOC_SAYS(403, "No session is open for it, or it is blocked.",
			     .schema = &no_session),
		    DOC_SAYS(404, "Nobody of that number or code.", .schema = &unknown_student)),
};

const struct route_doc c003_record_list_doc = {
	.summary = "Records of attendance",
	DOC_ANSWERS(DOC_SAYS(200, "All that one may see.", .schema = &record_list)),
};
const struct route_doc c003_record_doc = {
	.summary = "One record of attendance",
	DOC_ANSWERS(DOC_SAYS(200, "As it is.", .schema = &record)),
};
const struct route_doc c003_record_edit_doc = {
	.summary = "One record of attendance: another mark",
	.about = "A teacher of the session, or an admin.",
	DOC_ANSWERS(DOC_SAYS(200, "As it is now.", .schema = &record)),
};
const struct route_doc c003_record_delete_doc = {
	.summary = "One record of attendance: take away",
	DOC_ANSWERS(DOC_SAYS(204, "Unmarked again; the history stays.")),
};
