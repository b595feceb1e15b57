/*
 * One operation: what is asked, what is answered.
 */
#include "api/openapi/writer.h"

#include "web/field.h"

static const char *const who[MAY__MAX] = {
	[MAY_PUBLIC] = "For anyone.",    [MAY_SIGNED_IN] = "For whoever is signed in.",
	[MAY_STAFF] = "For staff.",      [MAY_ADMIN] = "For admins.",
	[MAY_STUDENT] = "For students.", [MAY_DEVICE] = "For devices, by their key.",
};

static bool has_field(const struct fields *f, struct str name)
{
	for (size_t i = 0; f && i < f->n; i++)
		if (str_eq(str_from(f->v[i].name), name))
			return true;
	return false;
}

/* A misspelt name would say nothing. */
static void check_names(struct openapi *d, const struct route *row, const struct fields *f,
			const char *list)
{
	struct str rest = str_from(list), name;

	while (rest.n && str_split(&rest, ' ', &name))
		if (name.n && !has_field(f, name))
			openapi_wrong(d, "its doc names a field that its table lacks",
				      row->pattern);
}

static const char *const contracts[FAMILY__MAX] = {
	[FAMILY_000] = "000", [FAMILY_001] = "001", [FAMILY_002] = "002",
	[FAMILY_003] = "003", [FAMILY_004] = "004",
};

/* "003", "003 list": for calls of rows that share a path. */
static const char *word_of(struct openapi *d, const struct route *row, const char *word, bool alone)
{
	const char *contract = contracts[row->family];
	struct str s;

	if (alone)
		return row->doc->calls ? word : NULL;
	s = arena_printf(d->arena, "%s%s%s", contract ? contract : "", row->doc->calls ? " " : "",
			 word);
	return s.p ? s.p : "";
}

static void collect(struct openapi *d, const struct route *row, enum method m, bool is_alone,
		    struct openapi_calls *ret)
{
	const struct route_doc *doc = row->doc;
	struct doc_call alone[2] = { { "", doc->summary, row->fields, doc->only, doc->required,
				       doc->body, doc->answers, doc->file },
				     { .word = NULL } };

	for (const struct doc_call *c = doc->calls ? doc->calls : alone; c->word; c++) {
		const struct fields *f = c->fields ? c->fields : row->fields;

		if (ret->n == OPENAPI_CALLS_MAX || !c->summary || !c->answers ||
		    !c->answers[0].status) {
			openapi_wrong(d, "its doc lacks a summary or answers", row->pattern);
			return;
		}
		check_names(d, row, f, c->only);
		check_names(d, row, f, c->required);
		ret->answers[ret->n] = c->answers;
		ret->in[ret->n++] = (struct openapi_input){
			.fields = f,
			.only = c->only,
			.required = c->required,
			.file = c->file,
			.file_may_lack = doc->file_may_lack,
			.body = c->body,
			.word = word_of(d, row, c->word, is_alone),
			.summary = c->summary,
			.is_partial = row->family == FAMILY_003 && m == METHOD_PATCH,
			.by_query = !openapi_is_change(m) || doc->is_bytes,
		};
	}
}

/* ---- parameters ---------------------------------------------------------------------- */

static void begin_parameter(struct json_out *o, struct str name, const char *in, bool required)
{
	json_out_object(o);
	json_out_key_str(o, "name", name);
	json_out_key_cz(o, "in", in);
	json_out_key_bool(o, "required", required);
}

/* The first field of that name outside the body, in any call. */
static const struct field *find_parameter(const struct openapi_calls *c, struct str name,
					  size_t *ret_call)
{
	for (size_t k = 0; k < c->n; k++)
		for (size_t i = 0; c->in[k].fields && i < c->in[k].fields->n; i++) {
			const struct field *f = &c->in[k].fields->v[i];

			if (openapi_reads(&c->in[k], i) && !openapi_is_of_body(&c->in[k], f) &&
			    str_eq(str_from(f->name), name)) {
				*ret_call = k;
				return f;
			}
		}
	return NULL;
}

/* Braces of the pattern, whether a table reads them or not. */
static void path_parameters(struct openapi *d, const struct route *row,
			    const struct openapi_calls *c)
{
	struct str rest = str_from_pos(str_from(row->pattern), 1), part;

	while (rest.n && str_split(&rest, '/', &part)) {
		const struct field *f;
		size_t call;

		if (part.p[0] != '{')
			continue;
		part = str_sub(part, 1, part.n - 2);
		f = find_parameter(c, part, &call);
		begin_parameter(&d->o, part, "path", true);
		json_out_key(&d->o, STR("schema"));
		if (f) {
			openapi_field(d, f);
			json_out_key(&d->o, STR("example"));
			openapi_field_example(d, f);
		} else {
			json_out_raw(&d->o, STR("{\"type\":\"string\"}"));
		}
		json_out_object_end(&d->o);
	}
}

/* The calls a parameter belongs to, when not all. */
static void add_calls_of(struct openapi *d, const struct openapi_calls *c, const struct field *f)
{
	struct str name = str_from(f->name);
	struct buf b;
	size_t n = 0;

	buf_init(&b, d->arena, 64, 4096);
	BUF_LIT(&b, "For ");
	for (size_t k = 0; k < c->n; k++) {
		struct openapi_calls one = { .n = 1 };
		size_t at;

		one.in[0] = c->in[k];
		if (!find_parameter(&one, name, &at))
			continue;
		if (n++)
			BUF_LIT(&b, ", ");
		buf_printf(&b, "`%s`", c->in[k].word);
	}
	if (n < c->n)
		json_out_key_str(&d->o, "description", buf_str(&b));
}

static bool all_require(const struct openapi_calls *c, struct str name)
{
	for (size_t k = 0; k < c->n; k++) {
		struct openapi_calls one = { .n = 1 };
		const struct field *f;
		size_t at;

		one.in[0] = c->in[k];
		f = find_parameter(&one, name, &at);
		if (!f || !openapi_is_required(&c->in[k], f))
			return false;
	}
	return true;
}

static void query_parameters(struct openapi *d, const struct openapi_calls *c)
{
	for (size_t k = 0; k < c->n; k++)
		for (size_t i = 0; c->in[k].fields && i < c->in[k].fields->n; i++) {
			const struct field *f = &c->in[k].fields->v[i];
			size_t first;

			if (f->from == FROM_PATH || !openapi_reads(&c->in[k], i) ||
			    openapi_is_of_body(&c->in[k], f) ||
			    find_parameter(c, str_from(f->name), &first) != f || first != k)
				continue;
			begin_parameter(&d->o, str_from(f->name), "query",
					all_require(c, str_from(f->name)));
			if (c->n > 1)
				add_calls_of(d, c, f);
			json_out_key(&d->o, STR("schema"));
			openapi_field(d, f);
			json_out_object_end(&d->o);
		}
}

static void by_parameter(struct openapi *d, const struct route_doc *doc,
			 const struct openapi_calls *c)
{
	begin_parameter(&d->o, str_from(doc->by), "query", false);
	json_out_key_object(&d->o, "schema");
	json_out_key_cz(&d->o, "type", "string");
	json_out_key_array(&d->o, "enum");
	for (size_t k = 0; k < c->n; k++)
		json_out_str(&d->o, str_from(c->in[k].word));
	json_out_array_end(&d->o);
	json_out_object_end(&d->o);
	json_out_object_end(&d->o);
}

static void parameters(struct openapi *d, const struct route *row, const struct openapi_calls *c)
{
	json_out_key_array(&d->o, "parameters");
	path_parameters(d, row, c);
	if (row->doc->by)
		by_parameter(d, row->doc, c);
	query_parameters(d, c);
	for (size_t i = 0; row->doc->headers && row->doc->headers[i]; i++) {
		begin_parameter(&d->o, openapi_header_name(row->doc->headers[i]), "header", false);
		openapi_header_rest(d, row->doc->headers[i]);
	}
	json_out_array_end(&d->o);
}

/* ---- the body ------------------------------------------------------------------------ */

enum media { MEDIA_JSON, MEDIA_FORM, MEDIA_PARTS, MEDIA__MAX };

static bool reads_body(const struct openapi_input *in)
{
	if (in->body || in->file)
		return true;
	for (size_t i = 0; in->fields && i < in->fields->n; i++)
		if (openapi_reads(in, i) && openapi_is_of_body(in, &in->fields->v[i]))
			return true;
	return false;
}

/* Every door reads forms, forms in parts and JSON alike. */
static bool goes_by(const struct openapi_input *in, enum media m)
{
	if (!reads_body(in))
		return false;
	if (m == MEDIA_PARTS)
		return in->file != NULL;
	if (m == MEDIA_FORM)
		return !in->body && (!in->file || in->file_may_lack);
	return in->body || !in->file || in->file_may_lack;
}

static void body_examples(struct openapi *d, const struct openapi_calls *c)
{
	if (c->n == 1) {
		json_out_key(&d->o, STR("example"));
		openapi_input_example(d, &c->in[0]);
		return;
	}
	json_out_key_object(&d->o, "examples");
	for (size_t k = 0; k < c->n; k++) {
		if (!goes_by(&c->in[k], MEDIA_JSON))
			continue;
		json_out_key_object(&d->o, c->in[k].word);
		json_out_key_cz(&d->o, "summary", c->in[k].summary);
		json_out_key(&d->o, STR("value"));
		openapi_input_example(d, &c->in[k]);
		json_out_object_end(&d->o);
	}
	json_out_object_end(&d->o);
}

static void media(struct openapi *d, const struct openapi_calls *c, enum media m)
{
	static const char *const names[MEDIA__MAX] = {
		[MEDIA_JSON] = "application/json",
		[MEDIA_FORM] = "application/x-www-form-urlencoded",
		[MEDIA_PARTS] = "multipart/form-data",
	};
	const struct openapi_input *fit[OPENAPI_CALLS_MAX];
	size_t n = 0;

	for (size_t k = 0; k < c->n; k++)
		if (goes_by(&c->in[k], m))
			fit[n++] = &c->in[k];
	if (!n)
		return;
	json_out_key_object(&d->o, names[m]);
	json_out_key(&d->o, STR("schema"));
	if (n > 1) {
		json_out_object(&d->o);
		json_out_key_array(&d->o, "anyOf");
	}
	for (size_t i = 0; i < n; i++)
		openapi_input_schema(d, fit[i], m == MEDIA_PARTS);
	if (n > 1) {
		json_out_array_end(&d->o);
		json_out_object_end(&d->o);
	}
	if (m == MEDIA_JSON)
		body_examples(d, c);
	json_out_object_end(&d->o);
}

static void body(struct openapi *d, const struct route *row, const struct openapi_calls *c)
{
	bool is_there = row->doc->is_bytes;

	for (size_t k = 0; k < c->n; k++)
		is_there = is_there || (!c->in[k].by_query && reads_body(&c->in[k]));
	if (!is_there)
		return;
	json_out_key_object(&d->o, "requestBody");
	json_out_key_object(&d->o, "content");
	if (row->doc->is_bytes)
		json_out_key_object(&d->o, row->doc->body_type ? row->doc->body_type
							       : "application/octet-stream"),
			json_out_object_end(&d->o);
	for (int m = 0; m < MEDIA__MAX && !row->doc->is_bytes; m++)
		media(d, c, (enum media)m);
	json_out_object_end(&d->o);
	json_out_object_end(&d->o);
}

/* ---- who ----------------------------------------------------------------------------- */

static void scheme(struct openapi *d, const char *name, const char *with)
{
	json_out_object(&d->o);
	json_out_key_array(&d->o, name);
	json_out_array_end(&d->o);
	if (with) {
		json_out_key_array(&d->o, with);
		json_out_array_end(&d->o);
	}
	json_out_object_end(&d->o);
}

static void security(struct openapi *d, const struct route *row, enum method m)
{
	const struct openapi_family *f = &openapi_families[row->family];

	json_out_key_array(&d->o, "security");
	if (row->may != MAY_PUBLIC) {
		if (f->takes_token && row->may != MAY_DEVICE)
			scheme(d, "token", NULL);
		if (row->doc->takes_key || row->may == MAY_DEVICE)
			scheme(d, "deviceKey", NULL);
		if (f->takes_cookie && row->may != MAY_DEVICE)
			scheme(d, "cookie", openapi_is_change(m) ? "csrf" : NULL);
	}
	json_out_array_end(&d->o);
}

/* ---- all of it ----------------------------------------------------------------------- */

/* "get_api_students_id": unique, since method and path are. */
static struct str operation_id(struct openapi *d, const struct route *row, enum method m)
{
	struct buf b;

	buf_init(&b, d->arena, 64, 1024);
	for (const char *p = method_name(m); *p; p++)
		buf_char(&b, (char)(*p | 0x20));
	for (const char *p = row->pattern; *p; p++)
		if (ascii_is_alnum(*p))
			buf_char(&b, *p);
		else if (b.p[b.n - 1] != '_')
			buf_char(&b, '_');
	while (b.n && b.p[b.n - 1] == '_')
		b.n--;
	return buf_str(&b);
}

static void description(struct openapi *d, const struct route *row, const struct openapi_calls *c)
{
	const struct route_doc *doc = row->doc;
	struct buf b;

	buf_init(&b, d->arena, 256, 16384);
	if (doc->about)
		buf_printf(&b, "%s\n\n", doc->about);
	for (size_t k = 0; c->in[0].word && k < c->n; k++)
		buf_printf(&b, "- `%s`: %s\n", c->in[k].word, c->in[k].summary);
	buf_printf(&b, "%s%s", c->in[0].word ? "\n" : "", who[row->may]);
	json_out_key_str(&d->o, "description", buf_str(&b));
}

static void tags(struct openapi *d, const struct openapi_calls *c)
{
	json_out_key_array(&d->o, "tags");
	for (size_t i = 0; i < c->n_rows; i++) {
		const struct route *row = c->rows[i];

		json_out_str(&d->o, str_from(row->doc->tag ? row->doc->tag
							   : openapi_families[row->family].tag));
	}
	json_out_array_end(&d->o);
}

static void write(struct openapi *d, const struct openapi_calls *c, enum method m)
{
	const struct route *row = c->rows[0];

	json_out_key_str(&d->o, "operationId", operation_id(d, row, m));
	tags(d, c);
	json_out_key_cz(&d->o, "summary", row->doc->summary);
	description(d, row, c);
	parameters(d, row, c);
	if (openapi_is_change(m))
		body(d, row, c);
	openapi_answers(d, row, m, c);
	security(d, row, m);
}

void openapi_operation(struct openapi *d, const struct route *const *rows, size_t n, enum method m)
{
	struct openapi_calls *c = ARENA_NEW(d->arena, struct openapi_calls);
	bool is_alone = n == 1 || rows[0]->doc == rows[n - 1]->doc;

	json_out_object(&d->o);
	if (c) {
		c->n = c->n_rows = 0;
		for (size_t i = 0; i < n; i++) {
			c->rows[c->n_rows++] = rows[i];
			if (i == 0 || !is_alone)
				collect(d, rows[i], m, is_alone, c);
		}
	}
	if (c && c->n && rows[0]->doc->summary)
		write(d, c, m);
	else
		openapi_wrong(d, "its doc says nothing", rows[0]->pattern);
	json_out_object_end(&d->o);
}
