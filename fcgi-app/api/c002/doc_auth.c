/*
 * Signing in at contract 002's door, for /openapi.json.
 */
#include "api/c002/c002.h"

static const char *const roles[] = { "Student", "Teacher", NULL };

static DOC_SCHEMA(token, "Token002", NULL, DOC(TEXT, "access_token"),
		  DOC(TEXT, "token_type", .value = "\"bearer\""));
static DOC_SCHEMA(user, NULL, NULL,
		  DOC(TEXT, "user_school_number", .example = "\"demo_student_1\""),
		  DOC(TEXT, "user_full_name", .example = "\"Demo Student 1\""),
		  DOC(TEXT, "role", .words = roles));
static DOC_SCHEMA(lesson, "Lesson002", NULL,
		  DOC(TEXT, "lesson_name", .example = "\"Software Engineering\""),
		  DOC(TEXT, "teacher_name", .example = "\"Demo Teacher 1\""),
		  DOC(LOCAL, "start_time"), DOC(LOCAL, "end_time"));
static DOC_SCHEMA(signed_in, "Login002", NULL, DOC_ONE("token", &token), DOC_ONE("user", &user),
		  DOC_LIST("schedule", &lesson, .nullable = true,
			   .about = "Today's lessons of a student; null for everybody else."));

const struct route_doc c002_login_doc = {
	.summary = "Sign in, and today's lessons",
	DOC_ANSWERS(DOC_SAYS(200, "Signed in.", .schema = &signed_in)),
};
const struct route_doc c002_token_doc = {
	.summary = "A token",
	DOC_ANSWERS(DOC_SAYS(200, "Signed in.", .schema = &token)),
};
const struct route_doc c002_logout_doc = {
	.summary = "Sign out",
	DOC_ANSWERS(DOC_SAYS(204, "The token is no longer good.")),
};
