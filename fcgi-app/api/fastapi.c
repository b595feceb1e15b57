/*
 * Faults of fields as pydantic 2 spells them; see fastapi.h.
 */
#include "api/fastapi.h"

#include "base/num.h"
#include "web/worker.h"

/* One fault in pydantic's words. */
struct fault {
	const char *type;
	struct str msg;
	const char *ctx; /* name of what ctx holds; NULL: none */
	int64_t ctx_n;
	struct str ctx_s; /* used where ctx_n is COLUMN_NULL */
};

bool fastapi_is_validation(const struct error *e)
{
	return e->rc == RC_INVALID && e->reason != REASON_METHOD && e->reason != REASON_HOST &&
	       e->reason != REASON_BODY_SHORT;
}

struct str fastapi_text(const struct req *q, const struct error *e)
{
	enum reason reason = e->reason == REASON_NONE ? REASON_UNEXPECTED : e->reason;
	struct str s = catalogue_text_n(&q->worker->arena, LANG_EN, reason_text(reason), e->arg);

	return s.p ? s : str_from(reason_text(reason));
}

struct str fastapi_denied(const struct req *q, const char *otherwise)
{
	return str_from(q->route && q->route->denied ? q->route->denied : otherwise);
}

struct str fastapi_missing(const struct req *q, const char *otherwise)
{
	return str_from(q->route && q->route->missing ? q->route->missing : otherwise);
}

/* ---- which field ------------------------------------------------------------------------- */

static const struct field *field_of(const struct req *q, const char *name)
{
	for (size_t i = 0; q->fields && i < q->fields->n; i++)
		if (str_eq(str_from(q->fields->v[i].name), str_from(name)))
			return &q->fields->v[i];
	return NULL;
}

static const char *place_of(const struct req *q, const char *name)
{
	const struct field *f = field_of(q, name);
	bool is_query = q->method == METHOD_GET || q->method == METHOD_HEAD;

	if (f && f->from == FROM_PATH)
		return "path";
	if (f && f->from == FROM_QUERY)
		return "query";
	if (f && f->from == FROM_ANY && !pairs_find(&q->form, str_from(name), 0))
		is_query = is_query || pairs_find(&q->query_pairs, str_from(name), 0);
	return is_query ? "query" : "body";
}

/* "'approved', 'rejected' or 'done'" */
static struct str words_of(const struct req *q, const char *name)
{
	const struct field *f = field_of(q, name);
	struct buf b;

	buf_init(&b, &q->worker->arena, 64, 2048);
	for (size_t i = 0; f && f->words && f->words[i]; i++) {
		if (b.n)
			buf_add(&b, f->words[i + 1] ? STR(", ") : STR(" or "));
		buf_printf(&b, "'%s'", f->words[i]);
	}
	return buf_str(&b);
}

/* ---- pydantic's words ------------------------------------------------------------------------ */

static struct str words(const struct req *q, const char *before, int64_t n, const char *after)
{
	return arena_printf(&q->worker->arena, "%s%lld%s", before, (long long)n, after);
}

static struct fault length_fault(const struct req *q, bool is_max, int64_t n)
{
	return (struct fault){
		.type = is_max ? "string_too_long" : "string_too_short",
		.msg = words(
			q, is_max ? "String should have at most " : "String should have at least ",
			n, n == 1 ? " character" : " characters"),
		.ctx = is_max ? "max_length" : "min_length",
		.ctx_n = n,
	};
}

static struct fault bound_fault(const struct req *q, bool is_max, int64_t n)
{
	return (struct fault){
		.type = is_max ? "less_than_equal" : "greater_than_equal",
		.msg = words(q,
			     is_max ? "Input should be less than or equal to "
				    : "Input should be greater than or equal to ",
			     n, ""),
		.ctx = is_max ? "le" : "ge",
		.ctx_n = n,
	};
}

static struct fault choice_fault(const struct req *q, const char *name)
{
	const struct field *f = field_of(q, name);
	struct fault fault = { .type = "literal_error", .ctx_n = COLUMN_NULL };

	if (f && f->type == FIELD_BOOL)
		return (struct fault){ .type = "bool_parsing",
				       .msg = STR("Input should be a valid boolean, unable to "
						  "interpret input") };
	fault.ctx_s = words_of(q, name);
	if (!fault.ctx_s.n)
		return (struct fault){ .type = "value_error",
				       .msg = STR("Value error, not a valid choice") };
	fault.ctx = "expected";
	fault.msg = arena_printf(&q->worker->arena, "Input should be %.*s", STR_ARG(fault.ctx_s));
	return fault;
}

static struct fault other_fault(const struct req *q, const struct field_error *fe)
{
	struct error one = { .reason = fe->reason, .arg = fe->arg };

	return (struct fault){ .type = "value_error",
			       .msg = arena_printf(&q->worker->arena, "Value error, %.*s",
						   STR_ARG(fastapi_text(q, &one))) };
}

static struct fault fault_of(const struct req *q, const struct field_error *fe)
{
	static const struct {
		enum reason reason;
		const char *type, *msg;
	} plain[] = {
		{ REASON_REQUIRED, "missing", "Field required" },
		{ REASON_FILE_MISSING, "missing", "Field required" },
		{ REASON_NOT_A_NUMBER, "int_parsing",
		  "Input should be a valid integer, unable to parse string as an integer" },
		{ REASON_NOT_A_DATE, "date_from_datetime_parsing",
		  "Input should be a valid date or datetime, invalid characters in date" },
		{ REASON_NOT_A_TIME, "time_parsing",
		  "Input should be in a valid time format, invalid characters in time" },
		{ REASON_NOT_AN_EMAIL, "value_error",
		  "value is not a valid email address: An email address must have an @-sign." },
		{ REASON_NOT_TEXT, "string_type", "Input should be a valid string" },
		{ REASON_NOT_A_UUID, "uuid_parsing", "Input should be a valid UUID" },
	};

	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		if (plain[i].reason == fe->reason)
			return (struct fault){ .type = plain[i].type,
					       .msg = str_from(plain[i].msg) };
	if (fe->reason == REASON_TOO_LONG || fe->reason == REASON_TOO_SHORT)
		return length_fault(q, fe->reason == REASON_TOO_LONG, fe->arg);
	if (fe->reason == REASON_TOO_LARGE || fe->reason == REASON_TOO_SMALL)
		return bound_fault(q, fe->reason == REASON_TOO_LARGE, fe->arg);
	if (fe->reason == REASON_NOT_A_CHOICE)
		return choice_fault(q, fe->field);
	return other_fault(q, fe);
}

/* ---- the lists --------------------------------------------------------------------------------
 */

/* What was sent at the field; for one that is missing nothing. */
static void write_input(const struct req *q, struct json_out *o, const struct field_error *fe)
{
	json_out_key(o, STR("input"));
	if (fe->reason != REASON_REQUIRED && req_has(q, fe->field))
		json_out_str(o, req_raw(q, fe->field));
	else
		json_out_null(o);
}

static void write_fault(const struct req *q, struct json_out *o, const struct field_error *fe)
{
	const struct fault f = fault_of(q, fe);

	json_out_object(o);
	json_out_key_cz(o, "type", f.type);
	json_out_key_array(o, "loc");
	json_out_str(o, str_from(place_of(q, fe->field)));
	json_out_str(o, str_from(fe->field));
	json_out_array_end(o);
	json_out_key_str(o, "msg", f.msg);
	write_input(q, o, fe);
	if (f.ctx) {
		json_out_key_object(o, "ctx");
		if (f.ctx_n == COLUMN_NULL)
			json_out_key_str(o, f.ctx, f.ctx_s);
		else
			json_out_key_i64(o, f.ctx, f.ctx_n);
		json_out_object_end(o);
	}
	json_out_object_end(o);
}

/* The body as a whole: no JSON, not an object, twice the same name. */
static void write_body_fault(struct json_out *o)
{
	json_out_object(o);
	json_out_key_cz(o, "type", "json_invalid");
	json_out_key_array(o, "loc");
	json_out_str(o, STR("body"));
	json_out_i64(o, 0);
	json_out_array_end(o);
	json_out_key_cz(o, "msg", "JSON decode error");
	json_out_key_object(o, "input");
	json_out_object_end(o);
	json_out_object_end(o);
}

void fastapi_write_list(const struct req *q, struct json_out *o, const struct error *e)
{
	json_out_array(o);
	for (size_t i = 0; i < e->n_fields; i++)
		write_fault(q, o, &e->fields[i]);
	if (!e->n_fields)
		write_body_fault(o);
	json_out_array_end(o);
}

void fastapi_write_details(const struct req *q, struct json_out *o, const struct error *e)
{
	json_out_array(o);
	for (size_t i = 0; i < e->n_fields; i++) {
		const struct fault f = fault_of(q, &e->fields[i]);

		json_out_object(o);
		json_out_key_str(o, "field",
				 arena_printf(&q->worker->arena, "%s -> %s",
					      place_of(q, e->fields[i].field), e->fields[i].field));
		json_out_key_str(o, "message", f.msg);
		json_out_key_cz(o, "type", f.type);
		json_out_object_end(o);
	}
	if (!e->n_fields) {
		json_out_object(o);
		json_out_key_cz(o, "field", "body");
		json_out_key_cz(o, "message", "JSON decode error");
		json_out_key_cz(o, "type", "json_invalid");
		json_out_object_end(o);
	}
	json_out_array_end(o);
}
