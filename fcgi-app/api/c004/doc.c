/*
 * The 004 door for /openapi.json: its actions, and the rows of render.c.
 */
#include "api/c004/c004.h"
#include "api/c004/door.h"
#include "api/c004/schedule_form.h"
#include "api/c004/session.h"

#define TRUE_SUCCESS DOC(BOOL, "success", .value = "true")
/* {"success":true,"data":…} */
#define ENVELOPE(table, OF) static DOC_SCHEMA(table, NULL, NULL, TRUE_SUCCESS, DOC_ONE("data", OF))
#define ENVELOPE_LIST(table, OF)                                                                   \
	static DOC_SCHEMA(table, NULL, NULL, TRUE_SUCCESS, DOC_LIST("data", OF))
/* {"success":true,"message":"…","data":{KEY:1}} */
#define SAID_ID(table, MESSAGE, KEY)                                                               \
	static DOC_SCHEMA(table##_data, NULL, NULL, DOC(INT, KEY));                                \
	static DOC_SCHEMA(table, NULL, NULL, TRUE_SUCCESS,                                         \
			  DOC(TEXT, "message", .value = "\"" MESSAGE "\""),                        \
			  DOC_ONE("data", &table##_data))
#define SAID(table, MESSAGE)                                                                       \
	static DOC_SCHEMA(table, NULL, NULL, TRUE_SUCCESS,                                         \
			  DOC(TEXT, "message", .value = "\"" MESSAGE "\""))
#define OK(OF)                                                                                     \
	DOC_ANSWERS(DOC_SAYS(200, "The envelope; a refusal comes with 200, too.", .schema = OF))

/* ---- rows -------------------------------------------------------------------------------- */

static const char *const states[] = { "pending", "completed", "cancelled", NULL };
static const char *const classes[] = {
	"pdf", "video", "audio", "document", "image", "other", NULL
};
static const char *const note_types[] = { "general", "followup", "issue", "achievement", NULL };
static const char *const recurrences[] = { "daily", "weekly", "monthly", NULL };
static const char *const activities[] = { "active", "inactive", NULL };

static DOC_SCHEMA(attachment, "Attachment004", NULL, DOC(INT, "id"), DOC(INT, "completion_id"),
		  DOC(TEXT, "file_name"),
		  DOC(TEXT, "file_path", .example = "\"public/uploads/sessions/0a.pdf\""),
		  DOC(TEXT, "file_type", .words = classes), DOC(TEXT, "mime_type"),
		  DOC(INT, "file_size"), DOC(INT, "uploaded_by"), DOC(TEXT, "description"),
		  DOC(INT, "download_count"), DOC(LOCAL, "created_at"), DOC(TEXT, "uploader_name"));
static DOC_SCHEMA(note, "Note004", NULL, DOC(INT, "id"), DOC(INT, "completion_id"),
		  DOC(INT, "author_id"), DOC(TEXT, "note_text"),
		  DOC(TEXT, "note_type", .words = note_types), DOC(LOCAL, "created_at"),
		  DOC(LOCAL, "updated_at"), DOC(TEXT, "author_name"),
		  DOC(TEXT, "email", .nullable = true));

#define COMPLETION_HEAD                                                                            \
	DOC(INT, "id", .example = "1000000001"), DOC(INT, "occurrence_id"),                        \
		DOC(INT, "schedule_id", .nullable = true), DOC(INT, "batch_id", .nullable = true), \
		DOC(INT, "faculty_id", .nullable = true),                                          \
		DOC(INT, "employee_id", .nullable = true),                                         \
		DOC(TOD, "actual_start_time", .nullable = true),                                   \
		DOC(TOD, "actual_end_time", .nullable = true),                                     \
		DOC(TEXT, "completion_code", .nullable = true)
#define COMPLETION_TAIL                                                                            \
	DOC(TEXT, "status", .words = states), DOC(INT, "completed_by", .nullable = true),          \
		DOC(LOCAL, "completed_at", .nullable = true), DOC(LOCAL, "created_at"),            \
		DOC(LOCAL, "updated_at"), DOC(TEXT, "batch_title", .nullable = true),              \
		DOC(DAY, "session_date"), DOC(TOD, "scheduled_start"), DOC(TOD, "scheduled_end"),  \
		DOC(INT, "attachment_count"), DOC(INT, "note_count")
#define COMPLETION_NAMES(OPTIONAL)                                                                 \
	DOC(TEXT, "completed_by_name", .nullable = true, .optional = (OPTIONAL)),                  \
		DOC(TEXT, "faculty_name", .nullable = true, .optional = (OPTIONAL)),               \
		DOC(TEXT, "employee_name", .nullable = true, .optional = (OPTIONAL))

static DOC_SCHEMA(completion, "Completion004", "As `list` gives it; the names are for admins.",
		  COMPLETION_HEAD, DOC(TEXT, "notes", .nullable = true), COMPLETION_TAIL,
		  COMPLETION_NAMES(true));
static DOC_SCHEMA(completion_whole, "CompletionWhole004",
		  "As `get` gives it: `notes` are the comments, `completion_notes` the text.",
		  COMPLETION_HEAD, DOC_LIST("attachments", &attachment), DOC_LIST("notes", &note),
		  DOC_LIST("comments", &note), DOC(TEXT, "completion_notes", .nullable = true),
		  COMPLETION_TAIL, COMPLETION_NAMES(false));
static DOC_SCHEMA(completion_of_occurrence, "CompletionOfOccurrence004",
		  "As `get_by_occurrence` gives it: `notes` stays the text.", COMPLETION_HEAD,
		  DOC_LIST("attachments", &attachment), DOC(TEXT, "notes", .nullable = true),
		  DOC_LIST("comments", &note), DOC(TEXT, "completion_notes", .nullable = true),
		  COMPLETION_TAIL, COMPLETION_NAMES(false));
static DOC_SCHEMA(occurrence, "Occurrence004", NULL, DOC(INT, "occurrence_id"),
		  DOC(INT, "schedule_id", .nullable = true), DOC(DAY, "session_date"),
		  DOC(TOD, "start_time"), DOC(TOD, "end_time"),
		  DOC(INT, "batch_id", .nullable = true),
		  DOC(TEXT, "batch_title", .nullable = true), DOC(INT, "branch_id"),
		  DOC(INT, "completion_count"),
		  DOC(TEXT, "latest_status", .words = states, .nullable = true),
		  DOC(LOCAL, "last_completed", .nullable = true));

static DOC_SCHEMA(schedule, "Schedule004", NULL, DOC(INT, "id"), DOC(INT, "branch_id"),
		  DOC(INT, "batch_branch_id"), DOC(INT, "batch_id"),
		  DOC(INT, "course_id", .nullable = true), DOC(INT, "faculty_id", .nullable = true),
		  DOC(TEXT, "recurrence", .words = recurrences), DOC(DAY, "start_date"),
		  DOC(DAY, "end_date"), DOC(INT, "day_of_week", .nullable = true),
		  DOC(TEXT, "weekdays", .nullable = true, .about = "A JSON array in a text.",
		      .example = "\"[1,3]\""),
		  DOC(INT, "day_of_month", .nullable = true), DOC(TOD, "start_time"),
		  DOC(TOD, "end_time"), DOC(TEXT, "subject_ids", .example = "\"[]\""),
		  DOC(TEXT, "student_ids", .example = "\"[]\""),
		  DOC(TEXT, "notes", .nullable = true), DOC(TEXT, "status", .words = activities),
		  DOC(LOCAL, "created_at"), DOC(TEXT, "title"), DOC(TEXT, "room"),
		  DOC(TEXT, "batch_title", .nullable = true),
		  DOC(TEXT, "faculty_name", .nullable = true),
		  DOC(TEXT, "branch_name", .nullable = true), DOC(INT, "occurrence_count"));
static DOC_SCHEMA(subject, NULL, NULL, DOC(INT, "id"), DOC(TEXT, "code"), DOC(TEXT, "title"));
static DOC_SCHEMA(person, "Person004", NULL, DOC(INT, "id", .nullable = true),
		  DOC(TEXT, "name", .example = "\"Demo Teacher 1\""),
		  DOC(TEXT, "code", .nullable = true));
static DOC_SCHEMA(meta, "BatchMeta004", "What can be chosen for a schedule of a batch.",
		  DOC_LIST("subjects", &subject), DOC_LIST("students", &person),
		  DOC_LIST("faculties", &person), DOC_LIST("employees", &person),
		  DOC_ONE("primary_faculty", &person, .nullable = true));

/* ---- api/session_completion.php ------------------------------------------------------------ */

ENVELOPE_LIST(said_list, &completion);
ENVELOPE(said_get, &completion_whole);
ENVELOPE_LIST(said_by_occurrence, &completion_of_occurrence);
ENVELOPE_LIST(said_occurrences, &occurrence);

struct scope_in {
	int scope;
};
static const char *const scopes[] = { "all", "today", "upcoming", NULL };
static FIELDS(scope_fields, scope_in, FIELD(CHOICE, scope_in, scope, QUERY, .words = scopes));
static const struct fields nothing = { 0 };

const struct route_doc c004_session_read_doc = {
	.summary = "Sessions held: reading",
	DOC_CALLS("action",
		  DOC_CALL("list", "Sessions held, newest first", .fields = &nothing,
			   OK(&said_list)),
		  DOC_CALL("get", "One, with its notes and files", .fields = &c004_get_fields,
			   OK(&said_get)),
		  DOC_CALL("get_by_occurrence", "Those of a dated session",
			   .fields = &c004_by_occurrence_fields, OK(&said_by_occurrence)),
		  DOC_CALL("occurrences", "Dated sessions one may complete",
			   .fields = &scope_fields, OK(&said_occurrences))),
};

SAID_ID(said_created, "Session created", "id");
SAID(said_updated, "Session updated");
SAID(said_cancelled, "Session cancelled");
SAID_ID(said_note, "Note added", "note_id");
SAID(said_note_deleted, "Note deleted");
SAID_ID(said_attachment, "Attachment uploaded", "attachment_id");
SAID(said_attachment_deleted, "Attachment deleted");
static DOC_SCHEMA(completed_data, NULL, NULL, DOC(INT, "id", .example = "1000000001"),
		  DOC(TEXT, "completion_code"));
static DOC_SCHEMA(said_completed, NULL, NULL, TRUE_SUCCESS,
		  DOC(TEXT, "message", .value = "\"Session marked completed\""),
		  DOC_ONE("data", &completed_data));

const struct route_doc c004_session_change_doc = {
	.summary = "Sessions held: changing",
	.about = "Without `action` it is `create`. `id` is a completion's.",
	DOC_CALLS("action",
		  DOC_CALL("create", "What happened in a dated session",
			   .fields = &c004_change_fields,
			   .only = "occurrence_id schedule_id batch_id faculty_id employee_id "
				   "actual_start_time actual_end_time completion_code notes status "
				   "reason",
			   .required = "occurrence_id", OK(&said_created)),
		  DOC_CALL("update", "Anything of one", .fields = &c004_change_fields,
			   .only = "id actual_start_time actual_end_time completion_code notes "
				   "status reason",
			   .required = "id", OK(&said_updated)),
		  DOC_CALL("complete", "With times and a code, which is made when none is sent",
			   .fields = &c004_change_fields,
			   .only = "id occurrence_id actual_start_time actual_end_time "
				   "completion_code notes",
			   OK(&said_completed)),
		  DOC_CALL("cancel", "It was not held", .fields = &c004_change_fields,
			   .only = "id occurrence_id reason", OK(&said_cancelled)),
		  DOC_CALL("add_note", "A note", .fields = &c004_note_fields, OK(&said_note)),
		  DOC_CALL("delete_note", "A note of one's own, or any for an admin",
			   .fields = &c004_note_id_fields, OK(&said_note_deleted)),
		  DOC_CALL("upload_attachment", "A file of up to 100 MB",
			   .fields = &c004_upload_fields, .file = "file", OK(&said_attachment)),
		  DOC_CALL("delete_attachment", "A file of one's own, or any for an admin",
			   .fields = &c004_attachment_fields, OK(&said_attachment_deleted))),
};

/* ---- api/schedule_batch.php ---------------------------------------------------------------- */

ENVELOPE_LIST(said_schedules, &schedule);
ENVELOPE(said_schedule, &schedule);
ENVELOPE(said_meta, &meta);

const struct route_doc c004_schedule_read_doc = {
	.summary = "Schedules: reading",
	DOC_CALLS("action",
		  DOC_CALL("list", "Schedules, newest first; of one batch, if it is named",
			   .fields = &c004_meta_fields, OK(&said_schedules)),
		  DOC_CALL("get", "One", .fields = &c004_schedule_id_fields, OK(&said_schedule)),
		  DOC_CALL("batch_meta", "What can be chosen for a batch",
			   .fields = &c004_meta_fields, OK(&said_meta))),
};

SAID_ID(said_schedule_created, "Schedule created", "id");
SAID_ID(said_schedule_updated, "Schedule updated", "id");
SAID_ID(said_schedule_deleted, "Schedule deleted", "id");

const struct route_doc c004_schedule_change_doc = {
	.summary = "Schedules: changing",
	.about = "Admins write. Without `action` it is `create`. What is not sent stays.",
	DOC_CALLS("action",
		  DOC_CALL("create", "A schedule, with its dated sessions",
			   .fields = &schedule_form_fields,
			   .only = "branch_id batch_id faculty_id faculty_ids weekdays subject_ids "
				   "student_ids recurrence status title room notes start_date "
				   "end_date start_time end_time day_of_week day_of_month",
			   .required =
				   "batch_id recurrence start_date end_date start_time end_time",
			   OK(&said_schedule_created)),
		  DOC_CALL("update", "Another rule: what happened is kept",
			   .fields = &schedule_form_fields, .required = "id",
			   OK(&said_schedule_updated)),
		  DOC_CALL("delete", "No further sessions", .fields = &c004_schedule_id_fields,
			   OK(&said_schedule_deleted))),
};

/* ---- api/auth.php -------------------------------------------------------------------------- */

static DOC_SCHEMA(signed_in, NULL, NULL, DOC(BOOL, "status", .value = "true"),
		  DOC(TEXT, "redirect", .example = "\"index.php\""), DOC(TEXT, "csrf_token"));
static DOC_SCHEMA(signed_out, NULL, NULL, DOC(BOOL, "status", .value = "true"),
		  DOC(TEXT, "redirect", .example = "\"login\""));
static DOC_SCHEMA(not_signed_in, "AuthFailure004", NULL, DOC(BOOL, "status", .value = "false"),
		  DOC(TEXT, "message", .example = "\"Invalid credentials\""));
static DOC_SCHEMA_ANY(sign_in_answer, &signed_in, &not_signed_in);
static DOC_SCHEMA_ANY(sign_out_answer, &signed_out, &not_signed_in);

const struct route_doc c004_auth_doc = {
	.summary = "Signing in and out",
	.about = "As a program: with `X-Requested-With: XMLHttpRequest`, or asking for JSON. "
		 "Otherwise a redirect. Signing in sets the cookie.",
	.headers = (const char *const[]){ "X-Requested-With: XMLHttpRequest", NULL },
	DOC_CALLS("action",
		  DOC_CALL("login", "With e-mail or username", .fields = &c004_login_fields,
			   DOC_ANSWERS(DOC_SAYS(200, "Signed in, or why not.",
						.schema = &sign_in_answer),
				       DOC_SAYS(303, "To the page, when no JSON is wanted."))),
		  DOC_CALL("logout", "Ends the session", .fields = &nothing,
			   DOC_ANSWERS(DOC_SAYS(200, "Signed out.", .schema = &sign_out_answer),
				       DOC_SAYS(303, "To the page, when no JSON is wanted.")))),
};
const struct route_doc c004_auth_page_doc = {
	.summary = "To the page where a person signs in",
	DOC_ANSWERS(DOC_SAYS(200, "When JSON is wanted: by POST only.", .schema = &not_signed_in),
		    DOC_SAYS(303, "To the page.")),
};
