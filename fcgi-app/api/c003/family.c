/*
 * Errors of contract 003: see family.h.  Texts are the framework's, English.
 */
#include "api/c003/family.h"

#include "api/fastapi.h"
#include "base/num.h"
#include "codec/header.h"
#include "web/worker.h"

const char *const c003_prefixes[] = { "/api/auth/",      "/api/students",   "/api/teachers",
				      "/api/dep-batch",  "/api/sections",   "/api/courses",
				      "/api/sessions",   "/api/attendance", "/api/users",
				      "/api/enrolments", "/api/device",     NULL };

enum rc c003_refuse(struct resp *r, int status, struct str text)
{
	struct json_out o = resp_json(r);

	r->status = status;
	json_out_object(&o);
	json_out_key_str(&o, "detail", text);
	json_out_object_end(&o);
	return RC_OK;
}

/* ---- who ------------------------------------------------------------------------------- */

static bool is_refresh(const struct req *q)
{
	return str_eq(q->path, STR("/api/auth/refresh"));
}

/* SimpleJWT's two forms: one for a token in the body, one for that of the header. */
static void refuse_token(const struct req *q, struct resp *r)
{
	struct json_out o = resp_json(r);

	json_out_object(&o);
	json_out_key_cz(&o, "detail",
			is_refresh(q) ? "Token is invalid or expired"
				      : "Given token not valid for any token type");
	json_out_key_cz(&o, "code", "token_not_valid");
	if (!is_refresh(q)) {
		json_out_key_array(&o, "messages");
		json_out_object(&o);
		json_out_key_cz(&o, "token_class", "AccessToken");
		json_out_key_cz(&o, "token_type", "access");
		json_out_key_cz(&o, "message", "Token is invalid or expired");
		json_out_object_end(&o);
		json_out_array_end(&o);
	}
	json_out_object_end(&o);
}

/* The union of 000 and 003 at the door they share (contracts 0.3). */
static void refuse_credentials(struct resp *r)
{
	struct json_out o = resp_json(r);

	json_out_object(&o);
	json_out_key_cz(&o, "detail", "No active account found with the given credentials");
	json_out_key_bool(&o, "success", false);
	json_out_key_cz(&o, "error", "Invalid email or password.");
	json_out_key_cz(&o, "message", "Invalid credentials");
	json_out_key_i64(&o, "status_code", 401);
	json_out_object_end(&o);
}

static void refuse_who(const struct req *q, struct resp *r, const struct error *e)
{
	resp_header(r, "WWW-Authenticate", STR("Bearer realm=\"api\""));
	if (e->reason == REASON_CREDENTIALS)
		refuse_credentials(r);
	else if (e->reason == REASON_DEVICE_KEY)
		(void)c003_refuse(r, 401, STR("Invalid device credentials."));
	else if (e->reason == REASON_SIGN_IN)
		(void)c003_refuse(r, 401, STR("Authentication credentials were not provided."));
	else
		refuse_token(q, r);
}

/* ---- fields ----------------------------------------------------------------------------- */

/* core's names of fields as 003 calls them. */
static const char *name_of(const char *field)
{
	static const char *const names[][2] = {
		{ "given_name", "first_name" }, { "family_name", "last_name" }, { "title", "name" },
		{ "parent", "dep_batch_id" },   { "branch", "branch_id" },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq(str_from(field), str_from(names[i][0])))
			return names[i][1];
	return field;
}

static const struct field *field_of(const struct req *q, const char *name)
{
	for (size_t i = 0; q->fields && i < q->fields->n; i++)
		if (str_eq(str_from(q->fields->v[i].name), str_from(name)))
			return &q->fields->v[i];
	return NULL;
}

/* A field that must be filled in: not sent, null, or empty. */
static const char *required_text(const struct req *q, const char *name)
{
	const enum json_kind kind = json_kind(json_member(q->json, name));

	if (kind == JSON_KIND_NULL)
		return "This field may not be null.";
	return req_has(q, name) ? "This field may not be blank." : "This field is required.";
}

static struct str counted_text(const struct req *q, const struct field_error *fe)
{
	static const struct {
		enum reason reason;
		const char *before, *after;
	} texts[] = {
		{ REASON_TOO_LONG, "Ensure this field has no more than ", " characters." },
		{ REASON_TOO_SHORT, "Ensure this field has at least ", " characters." },
		{ REASON_TOO_SMALL, "Ensure this value is greater than or equal to ", "." },
		{ REASON_TOO_LARGE, "Ensure this value is less than or equal to ", "." },
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (texts[i].reason == fe->reason)
			return arena_printf(&q->worker->arena, "%s%lld%s", texts[i].before,
					    (long long)fe->arg, texts[i].after);
	return (struct str){ 0 };
}

static bool is_number(struct str s)
{
	int64_t n;

	return num_i64(s, INT64_MIN, INT64_MAX, &n);
}

static struct str choice_text(const struct req *q, const char *name)
{
	const struct field *f = field_of(q, name);
	const struct str sent = req_raw(q, name);
	struct arena *a = &q->worker->arena;

	if (f && f->type == FIELD_BOOL)
		return STR("Must be a valid boolean.");
	if (f && f->type == FIELD_ID && !is_number(sent))
		return STR("Incorrect type. Expected pk value, received str.");
	if (str_ends(str_from(name), STR("_id")) || (f && f->type == FIELD_ID))
		return arena_printf(a, "Invalid pk \"%.*s\" - object does not exist.",
				    STR_ARG(sent));
	return arena_printf(a, "\"%.*s\" is not a valid choice.", STR_ARG(sent));
}

static const char *plain_text(enum reason reason)
{
	static const struct {
		enum reason reason;
		const char *text;
	} texts[] = {
		{ REASON_NOT_A_DATE,
		  "Date has wrong format. Use one of these formats instead: YYYY-MM-DD." },
		{ REASON_NOT_A_TIME, "Time has wrong format. Use one of these formats instead: "
				     "hh:mm[:ss[.uuuuuu]]." },
		{ REASON_NOT_AN_EMAIL, "Enter a valid email address." },
		{ REASON_NOT_TEXT, "Not a valid string." },
		{ REASON_USERNAME_TAKEN, "user with this username already exists." },
		{ REASON_EMAIL_TAKEN, "user with this email already exists." },
		{ REASON_TEACHER_CODE_TAKEN, "user with this teacher code already exists." },
		{ REASON_STUDENT_CODE_TAKEN, "student with this student code already exists." },
		{ REASON_COURSE_CODE_TAKEN, "course with this code already exists." },
		{ REASON_DEVICE_BUSY, "An active session is already bound to this device." },
		{ REASON_DEVICE_TAKEN, "device with this device id already exists." },
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (texts[i].reason == reason)
			return texts[i].text;
	return NULL;
}

static struct str text_of(const struct req *q, const struct field_error *fe, const char *name)
{
	/* A username made of the e-mail is taken by who has that. */
	const bool is_email = str_eq(str_from(name), STR("email"));
	const char *plain = plain_text(
		fe->reason == REASON_USERNAME_TAKEN && is_email ? REASON_EMAIL_TAKEN : fe->reason);
	struct error one = { .reason = fe->reason, .arg = fe->arg };
	struct str s;

	if (plain)
		return str_from(plain);
	if (fe->reason == REASON_REQUIRED)
		return str_from(required_text(q, name));
	if (fe->reason == REASON_NOT_A_NUMBER)
		return STR("A valid integer is required.");
	if (fe->reason == REASON_NOT_A_CHOICE)
		return choice_text(q, name);
	s = counted_text(q, fe);
	return s.p ? s : fastapi_text(q, &one);
}

/* {"student_code":["…"],…}; the faults of one field stand together. */
static void refuse_fields(const struct req *q, struct resp *r, const struct error *e)
{
	struct json_out o = resp_json(r);

	r->status = 400;
	json_out_object(&o);
	for (size_t i = 0; i < e->n_fields; i++) {
		const char *name = name_of(e->fields[i].field);
		bool is_first = true;

		for (size_t k = 0; k < i; k++)
			is_first = is_first &&
				   !str_eq(str_from(name_of(e->fields[k].field)), str_from(name));
		if (!is_first)
			continue;
		json_out_key_array(&o, name);
		for (size_t k = i; k < e->n_fields; k++)
			if (str_eq(str_from(name_of(e->fields[k].field)), str_from(name)))
				json_out_str(&o, text_of(q, &e->fields[k], name));
		json_out_array_end(&o);
	}
	json_out_object_end(&o);
}

/* What a pair that must be unique gets; else the reason's own sentence. */
static struct str whole_text(const struct req *q, const struct error *e)
{
	if (e->reason == REASON_NAME_TAKEN)
		return str_starts(q->path, STR("/api/sections"))
			       ? STR("The fields name, dep_batch must make a unique set.")
			       : STR("The fields dep, batch must make a unique set.");
	if (e->reason == REASON_OVERLAP)
		return STR("The fields course, student must make a unique set.");
	return fastapi_text(q, e);
}

static void refuse_whole(struct resp *r, struct str text)
{
	struct json_out o = resp_json(r);

	r->status = 400;
	json_out_object(&o);
	json_out_key_array(&o, "non_field_errors");
	json_out_str(&o, text);
	json_out_array_end(&o);
	json_out_object_end(&o);
}

/* ---- the rest ------------------------------------------------------------------------------ */

static struct str other_text(const struct req *q, const struct error *e)
{
	struct arena *a = &q->worker->arena;

	if (e->reason == REASON_METHOD)
		return arena_printf(a, "Method \"%s\" not allowed.", method_name(q->method));
	if (e->reason == REASON_CONTENT_TYPE)
		return arena_printf(a, "Unsupported media type \"%.*s\" in request.",
				    STR_ARG(header_media_type(q->content_type)));
	if (e->reason == REASON_BODY_MALFORMED)
		return STR("JSON parse error - the body is not one JSON object");
	if (e->rc == RC_DENIED && e->reason == REASON_DEVICE_BLOCKED)
		return STR("This device is blocked.");
	if (e->rc == RC_DENIED && e->reason != REASON_CSRF)
		return fastapi_denied(q, "You do not have permission to perform this action.");
	if (e->rc == RC_NOT_FOUND)
		return fastapi_missing(q, "Not found.");
	if (e->rc == RC_BUSY && e->retry_s > 0)
		return arena_printf(a, "Request was throttled. Expected available in %lld seconds.",
				    (long long)e->retry_s);
	return fastapi_text(q, e);
}

enum rc c003_error(struct req *q, struct resp *r, const struct error *e, struct error *ret_e)
{
	(void)ret_e; /* appending sticks */
	if (e->rc == RC_NOT_SIGNED_IN)
		refuse_who(q, r, e);
	else if (e->rc == RC_INVALID && e->n_fields)
		refuse_fields(q, r, e);
	else if (e->rc == RC_CONFLICT && q->method == METHOD_DELETE)
		return c003_refuse(r, 409, fastapi_text(q, e));
	else if (e->rc == RC_CONFLICT || (e->rc == RC_INVALID && r->status == 422))
		refuse_whole(r, whole_text(q, e));
	else
		return c003_refuse(r, r->status, other_text(q, e));
	return RC_OK;
}
