/*
 * The sign-in of 001 for /openapi.json.
 */
#include "api/c001/c001.h"

#define TOKEN_EXAMPLE       "\"eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl\""
#define SAYS(STATUS, ABOUT) DOC_SAYS(STATUS, ABOUT, .schema = &message)

static const char *const roles[] = { "student", "teacher", NULL };

static DOC_SCHEMA(message, "Message001", NULL,
		  DOC(TEXT, "message", .example = "\"Logged out successfully\""));
static DOC_SCHEMA(signed_in, "Login001", NULL, DOC(UUID, "uid"),
		  DOC(TEXT, "name", .example = "\"Demo Teacher 1\""), DOC(TEXT, "email"),
		  DOC(TEXT, "role", .words = roles),
		  DOC(TEXT, "accessToken", .example = TOKEN_EXAMPLE),
		  DOC(TEXT, "refreshToken", .example = TOKEN_EXAMPLE));
static DOC_SCHEMA(access, "Token001", NULL, DOC(TEXT, "accessToken", .example = TOKEN_EXAMPLE));
static DOC_SCHEMA(refresh_body, NULL, NULL,
		  DOC(TEXT, "refreshToken", .example = TOKEN_EXAMPLE,
		      .about = "The one that signing in gave; only the last is good."));

const struct route_doc c001_register_doc = {
	.summary = "Ask for a student's account",
	.about = "The account can do nothing until an administrator approves it, whatever role is "
		 "asked for.",
	DOC_ANSWERS(SAYS(201, "It waits for an administrator."),
		    SAYS(403, "Nobody can register at the moment.")),
};
const struct route_doc c001_login_doc = {
	.summary = "Sign in",
	.about = "Contract 001, when the JSON has `email` and no `username`.",
	DOC_ANSWERS(DOC_SAYS(200, "Signed in.", .schema = &signed_in),
		    SAYS(403, "The registration waits to be approved.")),
};
const struct route_doc c001_token_doc = {
	.summary = "An access token for a refresh token",
	.about = "Contract 001, when the JSON has `refreshToken`.",
	.body = &refresh_body,
	DOC_ANSWERS(DOC_SAYS(200, "A new one.", .schema = &access),
		    SAYS(403, "It is missing, old, or of a session that ended.")),
};
const struct route_doc c001_logout_doc = {
	.summary = "Sign out",
	.about = "Ends the session of the refresh token, with its access tokens.",
	.body = &refresh_body,
	DOC_ANSWERS(SAYS(200, "Signed out."), SAYS(404, "It is not known, or has ended.")),
};
const struct route_doc c001_logout_post_doc = {
	.summary = "Sign out",
	.about = "Contract 001, when the JSON has `refreshToken`; DELETE says the same.",
	.body = &refresh_body,
	DOC_ANSWERS(SAYS(200, "Signed out."), SAYS(404, "It is not known, or has ended.")),
};
