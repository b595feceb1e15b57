/*
 * What is read, from the field tables: parameters and bodies.
 */
#include "api/openapi/writer.h"

#include "web/field.h"

/* A type that is not here is a text. */
static const struct {
	const char *type, *format, *pattern, *example;
} types[FIELD__MAX] = {
	[FIELD_EMAIL] = { "string", "email", NULL, "\"demo_teacher_1@demo.muster.example\"" },
	[FIELD_INT] = { "integer", NULL, NULL, "1" },
	[FIELD_ID] = { "integer", NULL, NULL, "1" },
	[FIELD_DAY] = { "string", "date", NULL, "\"2026-11-20\"" },
	[FIELD_TOD] = { "string", NULL, "^\\d{1,2}:\\d{2}(:\\d{2})?$", "\"09:30\"" },
	[FIELD_BOOL] = { "boolean", NULL, NULL, "true" },
};

bool openapi_reads(const struct openapi_input *in, size_t i)
{
	return !in->only || openapi_has_word(in->only, in->fields->v[i].name);
}

bool openapi_is_of_body(const struct openapi_input *in, const struct field *f)
{
	return f->from == FROM_FORM || (f->from == FROM_ANY && !in->by_query);
}

bool openapi_is_required(const struct openapi_input *in, const struct field *f)
{
	if (in->is_partial)
		return f->from == FROM_PATH;
	return f->required || f->from == FROM_PATH || openapi_has_word(in->required, f->name);
}

/* ---- schemas ------------------------------------------------------------------------- */

static bool is_text(const struct field *f)
{
	return !types[f->type].type || f->type == FIELD_EMAIL;
}

static int64_t text_max(const struct field *f)
{
	if (f->max)
		return f->max;
	return f->type == FIELD_LONG_TEXT ? FIELD_LONG_TEXT_MAX : FIELD_TEXT_MAX;
}

static void add_choice(struct json_out *o, const struct field *f)
{
	json_out_key_array(o, "enum");
	for (size_t i = 0; f->words[i]; i++)
		if (f->words[i][0])
			json_out_str(o, str_from(f->words[i]));
	json_out_array_end(o);
	if (!f->required && f->fallback > 0)
		json_out_key_cz(o, "default", f->words[f->fallback]);
}

static void add_bounds(struct json_out *o, const struct field *f)
{
	if (f->type == FIELD_CHOICE) {
		add_choice(o, f);
	} else if (f->type == FIELD_ID) {
		json_out_key_i64(o, "minimum", 1);
	} else if (f->type == FIELD_INT) {
		if (f->min || f->max) {
			json_out_key_i64(o, "minimum", f->min);
			json_out_key_i64(o, "maximum", f->max);
		}
		if (!f->required && f->fallback >= f->min && f->fallback <= f->max)
			json_out_key_i64(o, "default", f->fallback);
	} else if (is_text(f)) {
		if (f->min || f->required)
			json_out_key_i64(o, "minLength", f->min ? f->min : 1);
		json_out_key_i64(o, "maxLength", text_max(f));
	}
}

void openapi_field(struct openapi *d, const struct field *f)
{
	struct json_out *o = &d->o;
	const struct openapi_word *w = openapi_word(f->name);

	json_out_object(o);
	if (f->type == FIELD_LIST) {
		json_out_key_cz(o, "type", "array");
		json_out_key_i64(o, "maxItems", FIELD_LIST_MAX);
		json_out_key_object(o, "items");
		json_out_key_cz(o, "type", "string");
		json_out_object_end(o);
	} else {
		json_out_key_cz(o, "type", types[f->type].type ? types[f->type].type : "string");
		if (types[f->type].format)
			json_out_key_cz(o, "format", types[f->type].format);
		if (types[f->type].pattern)
			json_out_key_cz(o, "pattern", types[f->type].pattern);
		add_bounds(o, f);
	}
	if (w && w->about)
		json_out_key_cz(o, "description", w->about);
	json_out_object_end(o);
}

/* ---- examples ------------------------------------------------------------------------ */

static bool is_number(const char *json)
{
	return (json[0] >= '0' && json[0] <= '9') || json[0] == '-';
}

/* A text's example from words that say a number: in quotes. */
static void text_example(struct openapi *d, const char *json)
{
	if (json[0] == '"')
		json_out_raw(&d->o, str_from(json));
	else
		json_out_str(&d->o, str_from(json));
}

static bool is_choice(const struct field *f, const char *json)
{
	size_t n = strlen(json);

	for (size_t i = 0; f->words[i]; i++)
		if (n > 2 && str_eq(str_from(f->words[i]), str_make(json + 1, n - 2)))
			return true;
	return false;
}

void openapi_field_example(struct openapi *d, const struct field *f)
{
	const struct openapi_word *w = openapi_word(f->name);
	const char *json = w ? w->example : NULL;

	if (f->type == FIELD_CHOICE) {
		if (json && is_choice(f, json))
			json_out_raw(&d->o, str_from(json));
		else
			json_out_str(&d->o, str_from(f->words[f->words[0][0] ? 0 : 1]));
	} else if (f->type == FIELD_LIST) {
		json_out_array(&d->o);
		text_example(d, json && json[0] != '[' ? json : "1");
		json_out_array_end(&d->o);
	} else if (f->type == FIELD_INT || f->type == FIELD_ID) {
		if (json && is_number(json))
			json_out_raw(&d->o, str_from(json));
		else
			json_out_i64(&d->o, f->min > 1 ? f->min : 1);
	} else if (types[f->type].example && f->type != FIELD_EMAIL) {
		json_out_raw(&d->o, str_from(types[f->type].example));
	} else {
		text_example(d, json                  ? json
				: types[f->type].type ? types[f->type].example
						      : "\"text\"");
	}
}

/* ---- bodies -------------------------------------------------------------------------- */

static void add_required(struct openapi *d, const struct openapi_input *in, bool with_file)
{
	bool is_some = false;

	for (size_t i = 0; in->fields && i < in->fields->n; i++) {
		const struct field *f = &in->fields->v[i];

		if (!openapi_reads(in, i) || !openapi_is_of_body(in, f) ||
		    !openapi_is_required(in, f))
			continue;
		if (!is_some)
			json_out_key_array(&d->o, "required");
		is_some = true;
		json_out_str(&d->o, str_from(f->name));
	}
	if (with_file && !in->file_may_lack) {
		if (!is_some)
			json_out_key_array(&d->o, "required");
		is_some = true;
		json_out_str(&d->o, str_from(in->file));
	}
	if (is_some)
		json_out_array_end(&d->o);
}

void openapi_input_schema(struct openapi *d, const struct openapi_input *in, bool with_file)
{
	if (in->body) {
		openapi_schema(d, in->body);
		return;
	}
	json_out_object(&d->o);
	json_out_key_cz(&d->o, "type", "object");
	if (in->word)
		json_out_key_cz(&d->o, "title", in->word);
	json_out_key_object(&d->o, "properties");
	for (size_t i = 0; in->fields && i < in->fields->n; i++) {
		if (!openapi_reads(in, i) || !openapi_is_of_body(in, &in->fields->v[i]))
			continue;
		json_out_key(&d->o, str_from(in->fields->v[i].name));
		openapi_field(d, &in->fields->v[i]);
	}
	if (with_file) {
		json_out_key_object(&d->o, in->file);
		json_out_key_cz(&d->o, "type", "string");
		json_out_key_cz(&d->o, "format", "binary");
		json_out_object_end(&d->o);
	}
	json_out_object_end(&d->o);
	add_required(d, in, with_file);
	json_out_object_end(&d->o);
}

/* What must be there, and what the words have an example for. */
void openapi_input_example(struct openapi *d, const struct openapi_input *in)
{
	if (in->body) {
		openapi_example(d, in->body);
		return;
	}
	json_out_object(&d->o);
	for (size_t i = 0; in->fields && i < in->fields->n; i++) {
		const struct field *f = &in->fields->v[i];
		const struct openapi_word *w = openapi_word(f->name);

		if (!openapi_reads(in, i) || !openapi_is_of_body(in, f))
			continue;
		if (!openapi_is_required(in, f) && !(w && w->example))
			continue;
		json_out_key(&d->o, str_from(f->name));
		openapi_field_example(d, f);
	}
	json_out_object_end(&d->o);
}
