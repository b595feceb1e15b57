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

/* ---- 000 ----------------------------------------------------------------------------- */

static DOC_SCHEMA(failure_000, "Failure000", "`message` and `detail` say the same.",
		  DOC(BOOL, "success", .value = "false"),
		  DOC(TEXT, "error", .example = "\"http_error\""), DOC(TEXT, "message"),
		  DOC(INT, "status_code", .optional = true, .example = "404"),
		  DOC(ANY, "details", .optional = true, .nullable = true), DOC(ANY, "detail"));

/* ---- 002 ----------------------------------------------------------------------------- */

static DOC_SCHEMA(failure_002, "Failure002",
		  "`detail` is a text, or with 422 a list of fields; 429 has `error` instead.",
		  DOC(ANY, "detail", .optional = true), DOC(TEXT, "error", .optional = true));

/* ---- all ----------------------------------------------------------------------------- */

const struct openapi_family openapi_families[FAMILY__MAX] = {
	[FAMILY_PAGES] = { .tag = "Pages",
			   .about = "Data of pages, for programs.",
			   .error = &problem,
			   .error_type = "application/problem+json",
			   .takes_cookie = true },
	[FAMILY_OWN] = { .tag = "Muster",
			 .about = "This server's own.",
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
	[FAMILY_000] = { .tag = "Smart attendance (000)",
			 .about = "Check-in with a photo, trainers and students. Of addresses that "
				  "another contract has too the token's family chooses.",
			 .error = &failure_000,
			 .forbidden = &failure_000,
			 .invalid_status = 422 },
	[FAMILY_002] = { .tag = "Attendance with levels (002)",
			 .about = "A teacher opens attendance with one of three levels; students "
				  "attend.",
			 .error = &failure_002,
			 .forbidden = &failure_002,
			 .invalid_status = 422 },
	[FAMILY_TUS] = { .tag = "Uploads in pieces",
			 .about = "tus 1.0: a file that survives a lost network.",
			 .error = &problem,
			 .error_type = "application/problem+json",
			 .forbidden = &problem,
			 .takes_cookie = true },
};
