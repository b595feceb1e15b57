/*
 * Names that mean the same wherever they stand, with examples from the demo data; and what the
 * other files share about words.
 */
#include "api/openapi/writer.h"

/* A name alone gives an example; in JSON. */
static const struct openapi_word words[] = {
	{ "access_token", "\"eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl\"", NULL },
	{ "accuracy", "12.5", NULL },
	{ "actual_end_time", "\"10:30\"", NULL },
	{ "actual_start_time", "\"09:00\"", NULL },
	{ "attachment_id", "1", "Id of an attachment." },
	{ "batch_id", "1", NULL },
	{ "batch_title", "\"CS-2026-A\"", NULL },
	{ "branch_id", "1", "Id of a branch." },
	{ "code", "\"DS0001\"", NULL },
	{ "completion_code", "\"SESSION-20261120-0900-K7Q2M\"",
	  "At most 100 characters, unique; made when empty." },
	{ "completion_id", "1000000001", "Id of a completion." },
	{ "course_id", "1", "Id of a course." },
	{ "description", "\"Slides of week 10\"", NULL },
	{ "device_id", "\"DEV-01\"", NULL },
	{ "email", "\"demo_teacher_1@demo.muster.example\"", NULL },
	{ "end_date", "\"2026-12-20\"", NULL },
	{ "end_time", "\"10:30\"", NULL },
	{ "faculty_id", "1", NULL },
	{ "faculty_name", "\"Demo Teacher 1\"", NULL },
	{ "file_name", "\"slides.pdf\"", NULL },
	{ "first_name", "\"Demo\"", NULL },
	{ "last_name", "\"Teacher 1\"", NULL },
	{ "latitude", "48.2082", NULL },
	{ "longitude", "16.3738", NULL },
	{ "mime_type", "\"application/pdf\"", NULL },
	{ "name", "\"Software Engineering\"", NULL },
	{ "note_id", "1", "Id of a note." },
	{ "note_text", "\"Bring cables\"", NULL },
	{ "notes", "\"Chapter 4\"", NULL },
	{ "occurrence_id", "1", "Id of a dated session." },
	{ "password", "\"password\"", NULL },
	{ "reason", "\"Ill, the office knows\"", NULL },
	{ "schedule_id", "1", "Id of a schedule." },
	{ "start_date", "\"2026-11-20\"", NULL },
	{ "start_time", "\"09:00\"", NULL },
	{ "student_code", "\"DS0001\"", NULL },
	{ "title", "\"Software Engineering\"", NULL },
	{ "username", "\"demo_teacher_1\"", NULL },
};

const struct openapi_word *openapi_word(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eq(str_from(words[i].name), str_from(name)))
			return &words[i];
	return NULL;
}

const struct openapi_missing openapi_missing[] = {
	{ "000", "POST /api/auth/login/facial, POST /api/auth/enroll, /api/facial/...",
	  "Faces are not recognised: a photo is kept and a person decides." },
	{ "000", "POST /api/smart-attendance/teams/sync", "Answers 501, as the original does." },
	{ "000", "POST /api/notifications, /api/notifications/user/{id}, /api/notifications/test",
	  "Notifications come of what happens, and are one's own." },
	{ "000", "/api/student/feedbacks, /api/trainer/session-notes",
	  "Notes of sessions are at the 004 door." },
	{ "000",
	  "/api/admin/users, /api/admin/search, /api/admin/dashboard/..., "
	  "/api/admin/analytics/..., "
	  "POST and DELETE of /api/admin/students and trainers, /api/users in the shape of 000",
	  "The contract names no shape for the screens; people are made at the resources of 003, "
	  "which a "
	  "token of 000 may use, or on the pages." },
	{ "000", "/ws", "Live changes are asked for, not sent." },
	{ "001", "/graphql", "Not in the seed; the data are at the other doors." },
	{ "001", "messages, conversations and calls over /socket.io/",
	  "Of its chat, not of attendance." },
	{ "002", "the institution's own sign-in", "Accounts are local." },
	{ "003",
	  "/api/devices/{id}/restart, /api/devices/{id}/metrics, /api/stats/..., "
	  "/api/attendance/export, /api/sessions/{id}/capture",
	  "Its client asks for them; the original never had them." },
	{ "004", "api/attendance.php",
	  "Of the original's neighbour, not of the session tracker; nothing answers there." },
};
const size_t openapi_n_missing = ARRAY_LEN(openapi_missing);

void openapi_wrong(struct openapi *d, const char *what, const char *where)
{
	if (!d->wrong.n)
		d->wrong = arena_printf(d->arena, "%s: %s", where, what);
}

bool openapi_has_word(const char *list, const char *name)
{
	struct str rest = str_from(list), word;

	while (rest.n && str_split(&rest, ' ', &word))
		if (str_eq(word, str_from(name)))
			return true;
	return false;
}
