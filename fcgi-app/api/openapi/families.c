/*
 * What each family's answers look like when something goes wrong.
 */
#include "api/openapi/writer.h"

/* ---- our own ------------------------------------------------------------------------- */

static DOC_SCHEMA(problem_field, NULL, NULL, DOC(TEXT, "field"), DOC(TEXT, "reason"),
		  DOC(TEXT, "message", .about = "In the reader's language."));
static DOC_SCHEMA(problem, "Problem", "RFC 9457. `reason` is one of a closed list of codes.",
		  DOC(TEXT, "type", .value = "\"about:blank\""),
		  DOC(INT, "status", .example = "404"),
		  DOC(TEXT, "reason", .example = "\"not_found\""),
		  DOC(TEXT, "title", .about = "In the reader's language."),
		  DOC(INT, "retry_after", .optional = true, .about = "Seconds."),
		  DOC_LIST("fields", &problem_field, .optional = true),
		  DOC(TEXT, "instance", .optional = true, .about = "Id of the request."));

/* ---- 004 ----------------------------------------------------------------------------- */

static DOC_SCHEMA(failure_004, "Failure004",
		  "A refusal, with status 200. `message` is the contract's own; `errors` says "
		  "more in the reader's language.",
		  DOC(BOOL, "success", .value = "false"), DOC(TEXT, "message"),
		  DOC(MAP, "errors", .optional = true));
static DOC_SCHEMA(unauthorized_004, "Unauthorized004", "Nobody is signed in.",
		  DOC(BOOL, "status", .value = "false"),
		  DOC(TEXT, "message", .value = "\"Unauthorized\""));

/* ---- 000, 002: FastAPI ----------------------------------------------------------------- */

static DOC_SCHEMA(pydantic_error, "ValidationError", "One fault, as pydantic says it.",
		  DOC(TEXT, "type", .example = "\"missing\""),
		  DOC(ANY, "loc", .is_list = true, .example = "[\"body\",\"title\"]"),
		  DOC(TEXT, "msg", .example = "\"Field required\""), DOC(ANY, "input"),
		  DOC(ANY, "ctx", .optional = true, .example = "{}"));
static DOC_SCHEMA(invalid_002, "HTTPValidationError", NULL, DOC_LIST("detail", &pydantic_error));
static DOC_SCHEMA(detail_002, "Detail002", NULL,
		  DOC(TEXT, "detail", .example = "\"Could not validate credentials\""));
static DOC_SCHEMA(rate_002, "RateLimit002", "Status 429.",
		  DOC(TEXT, "error", .example = "\"Rate limit exceeded: 5 per 1 minute\""));
static DOC_SCHEMA_ANY(error_002, &detail_002, &rate_002);

static DOC_SCHEMA(detail_000, NULL, NULL, DOC(TEXT, "field", .example = "\"body -> title\""),
		  DOC(TEXT, "message", .example = "\"Field required\""),
		  DOC(TEXT, "type", .example = "\"missing\""));
static DOC_SCHEMA(invalid_000, "Invalid000", NULL, DOC(BOOL, "success", .value = "false"),
		  DOC(TEXT, "error", .value = "\"validation_error\""),
		  DOC(TEXT, "message", .value = "\"Invalid request data\""),
		  DOC_LIST("details", &detail_000), DOC_LIST("detail", &pydantic_error));
static DOC_SCHEMA(failure_000, "Failure000", "`message` and `detail` say the same.",
		  DOC(BOOL, "success", .value = "false"),
		  DOC(TEXT, "error", .example = "\"http_error\""),
		  DOC(TEXT, "message", .example = "\"Session not found\""),
		  DOC(INT, "status_code", .optional = true, .example = "404"),
		  DOC(ANY, "details", .optional = true),
		  DOC(TEXT, "detail", .example = "\"Session not found\""));

/* ---- 001 -------------------------------------------------------------------------------- */

static DOC_SCHEMA(message_001, "Failure001", NULL,
		  DOC(TEXT, "message", .example = "\"Invalid credentials\""));

/* ---- 003: DRF --------------------------------------------------------------------------- */

static DOC_SCHEMA(message_003, NULL, NULL, DOC(TEXT, "token_class", .example = "\"AccessToken\""),
		  DOC(TEXT, "token_type", .example = "\"access\""), DOC(TEXT, "message"));
static DOC_SCHEMA(detail_003, "Detail003", NULL, DOC(TEXT, "detail", .example = "\"Not found.\""));
static DOC_SCHEMA(unauthorized_003, "Unauthorized003",
		  "A token that does not hold is said by SimpleJWT's code; wrong credentials carry "
		  "what contract 000 reads, too.",
		  DOC(TEXT, "detail",
		      .example = "\"Authentication credentials were not provided.\""),
		  DOC(TEXT, "code", .optional = true, .example = "\"token_not_valid\""),
		  DOC_LIST("messages", &message_003, .optional = true),
		  DOC(BOOL, "success", .optional = true, .value = "false"),
		  DOC(TEXT, "error", .optional = true), DOC(TEXT, "message", .optional = true),
		  DOC(INT, "status_code", .optional = true, .example = "401"));
/* Sentences by field; one about the body as a whole stands alone. */
static const struct doc_schema texts_003 = { .is_texts_by_name = true };
static DOC_SCHEMA_ANY(invalid_003, &texts_003, &detail_003);

/* ---- all ----------------------------------------------------------------------------- */

const struct openapi_family openapi_families[FAMILY__MAX] = {
	[FAMILY_PAGES] = { .tag = "Pages",
			   .about = "Data of pages, for programs.",
			   .error = &problem,
			   .error_type = "application/problem+json",
			   .takes_cookie = true },
	[FAMILY_OWN] = { .tag = "Muster",
			 .about = "This server's own.",
			 .takes_token = true,
			 .error = &problem,
			 .error_type = "application/problem+json",
			 .forbidden = &problem,
			 .invalid_status = 422,
			 .takes_cookie = true },
	[FAMILY_004] = { .tag = "Session tracking (004)",
			 .about = "The JSON interface of session tracking: an envelope, always "
				  "with status 200 but for 401 and 403.",
			 .error = &failure_004,
			 .unauthorized = &unauthorized_004,
			 .forbidden = &failure_004,
			 .always_200 = true,
			 .takes_cookie = true },
	[FAMILY_TUS] = { .tag = "Uploads in pieces",
			 .about = "tus 1.0: a file that survives a lost network.",
			 .error = &problem,
			 .error_type = "application/problem+json",
			 .forbidden = &problem,
			 .takes_cookie = true },
	[FAMILY_000] = { .tag = "Smart attendance (000)",
			 .about = "Check-in with a photo, trainers and students. Of addresses that "
				  "another contract has too the token's family chooses.",
			 .error = &failure_000,
			 .invalid = &invalid_000,
			 .invalid_status = 422,
			 .takes_token = true,
			 .takes_cookie = true },
	[FAMILY_001] = { .tag = "Live attendance (001)",
			 .about = "Signing in for the events of /socket.io/. Which of 001 and 002 "
				  "is meant, the body says: `email` or `refreshToken` is 001.",
			 .error = &message_001,
			 .invalid_status = 400,
			 .takes_token = true,
			 .takes_cookie = true },
	[FAMILY_002] = { .tag = "Attendance with levels (002)",
			 .about = "A teacher opens attendance with one of three levels; students "
				  "attend.",
			 .error = &error_002,
			 .invalid = &invalid_002,
			 .invalid_status = 422,
			 .takes_token = true,
			 .takes_cookie = true },
	[FAMILY_003] = { .tag = "Devices and institution (003)",
			 .about = "Students, teachers, sections, courses, devices that scan. Bare "
				  "arrays; `_id` fields write.",
			 .error = &detail_003,
			 .unauthorized = &unauthorized_003,
			 .invalid = &invalid_003,
			 .invalid_status = 400,
			 .takes_token = true,
			 .takes_cookie = true },
};
