/*
 * Schemas of answers, and examples that fit them.
 */
#include "api/openapi/writer.h"

static const struct {
	const char *type, *format, *pattern, *example;
} types[DOC__MAX] = {
	[DOC_TEXT] = { "string", NULL, NULL, "\"text\"" },
	[DOC_INT] = { "integer", NULL, NULL, "1" },
	[DOC_NUMBER] = { "number", NULL, NULL, "1.5" },
	[DOC_BOOL] = { "boolean", NULL, NULL, "true" },
	[DOC_DAY] = { "string", "date", NULL, "\"2026-11-20\"" },
	[DOC_TOD] = { "string", NULL, "^\\d{2}:\\d{2}:\\d{2}$", "\"09:30:00\"" },
	[DOC_HM] = { "string", NULL, "^\\d{2}:\\d{2}$", "\"09:30\"" },
	[DOC_INSTANT] = { "string", "date-time", NULL, "\"2026-11-20T09:30:00Z\"" },
	[DOC_LOCAL] = { "string", NULL,
			"^\\d{4}-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?$",
			"\"2026-11-20 09:30:00\"" },
	[DOC_UUID] = { "string", "uuid", NULL, "\"0b6f9c1e-6d0a-4a7e-9c57-2f1a3a1d9e10\"" },
	[DOC_DECIMAL] = { "string", NULL, "^-?\\d+(\\.\\d+)?$", "\"93.33\"" },
	[DOC_OBJECT] = { "object", NULL, NULL, "{}" },
	[DOC_MAP] = { "object", NULL, NULL, NULL },
	[DOC_ANY] = { NULL, NULL, NULL, "null" },
};

/* Gives whether it is to be referred to; it is kept for components/schemas then. */
static bool is_named(struct openapi *d, const struct doc_schema *s)
{
	if (!s->name)
		return false;
	for (size_t i = 0; i < d->n_named; i++) {
		if (d->named[i] == s)
			return true;
		if (str_eq(str_from(d->named[i]->name), str_from(s->name)))
			openapi_wrong(d, "two schemas have this name", s->name);
	}
	if (d->n_named == OPENAPI_SCHEMAS_MAX)
		openapi_wrong(d, "there are too many schemas", s->name);
	else
		d->named[d->n_named++] = s;
	return true;
}

/* ---- members ------------------------------------------------------------------------- */

/* "type": "string", or ["string","null"]. */
static void add_type(struct json_out *o, const char *type, bool nullable)
{
	if (!type)
		return;
	if (!nullable) {
		json_out_key_cz(o, "type", type);
		return;
	}
	json_out_key_array(o, "type");
	json_out_str(o, str_from(type));
	json_out_str(o, STR("null"));
	json_out_array_end(o);
}

static void add_words(struct json_out *o, const struct doc_member *m, bool nullable)
{
	json_out_key_array(o, "enum");
	for (size_t i = 0; m->words[i]; i++)
		json_out_str(o, str_from(m->words[i]));
	if (nullable)
		json_out_null(o);
	json_out_array_end(o);
}

static void scalar(struct openapi *d, const struct doc_member *m, bool nullable)
{
	struct json_out *o = &d->o;

	json_out_object(o);
	add_type(o, types[m->type].type, nullable);
	if (types[m->type].format)
		json_out_key_cz(o, "format", types[m->type].format);
	if (types[m->type].pattern)
		json_out_key_cz(o, "pattern", types[m->type].pattern);
	if (m->words)
		add_words(o, m, nullable);
	if (m->value) {
		json_out_key(o, STR("const"));
		json_out_raw(o, str_from(m->value));
	}
	if (m->about && !m->is_list)
		json_out_key_cz(o, "description", m->about);
	json_out_object_end(o);
}

static void map(struct openapi *d, const struct doc_member *m, bool nullable)
{
	json_out_object(&d->o);
	add_type(&d->o, "object", nullable);
	json_out_key(&d->o, STR("additionalProperties"));
	if (m->of) {
		openapi_schema(d, m->of);
	} else {
		json_out_object(&d->o);
		json_out_key_cz(&d->o, "type", "string");
		json_out_object_end(&d->o);
	}
	if (m->about)
		json_out_key_cz(&d->o, "description", m->about);
	json_out_object_end(&d->o);
}

/* A schema that may also be null, or has a sentence of its own. */
static void object(struct openapi *d, const struct doc_member *m, bool nullable)
{
	bool is_plain = !nullable && !m->about;

	if (is_plain || !m->of) {
		if (m->of)
			openapi_schema(d, m->of);
		else
			scalar(d, m, nullable);
		return;
	}
	json_out_object(&d->o);
	json_out_key_array(&d->o, "anyOf");
	openapi_schema(d, m->of);
	if (nullable) {
		json_out_object(&d->o);
		json_out_key_cz(&d->o, "type", "null");
		json_out_object_end(&d->o);
	}
	json_out_array_end(&d->o);
	if (m->about)
		json_out_key_cz(&d->o, "description", m->about);
	json_out_object_end(&d->o);
}

static void one(struct openapi *d, const struct doc_member *m, bool nullable)
{
	if (m->type == DOC_OBJECT)
		object(d, m, nullable);
	else if (m->type == DOC_MAP)
		map(d, m, nullable);
	else
		scalar(d, m, nullable);
}

static void member(struct openapi *d, const struct doc_member *m)
{
	struct doc_member item = *m;

	json_out_key(&d->o, str_from(m->name));
	if (!m->is_list) {
		one(d, m, m->nullable);
		return;
	}
	item.about = NULL;
	json_out_object(&d->o);
	add_type(&d->o, "array", m->nullable);
	json_out_key(&d->o, STR("items"));
	one(d, &item, false);
	if (m->about)
		json_out_key_cz(&d->o, "description", m->about);
	json_out_object_end(&d->o);
}

/* ---- schemas ------------------------------------------------------------------------- */

static void any_of(struct openapi *d, const struct doc_schema *s)
{
	json_out_object(&d->o);
	if (s->is_list) {
		json_out_key_cz(&d->o, "type", "array");
		json_out_key(&d->o, STR("items"));
		openapi_schema(d, s->any[0]);
	} else {
		json_out_key_array(&d->o, "anyOf");
		for (size_t i = 0; s->any[i]; i++)
			openapi_schema(d, s->any[i]);
		json_out_array_end(&d->o);
	}
	if (s->about)
		json_out_key_cz(&d->o, "description", s->about);
	json_out_object_end(&d->o);
}

static void members(struct openapi *d, const struct doc_schema *s)
{
	struct json_out *o = &d->o;
	bool is_some = false;

	json_out_object(o);
	json_out_key_cz(o, "type", "object");
	if (s->about)
		json_out_key_cz(o, "description", s->about);
	json_out_key_object(o, "properties");
	for (const struct doc_member *m = s->members; m->name; m++)
		member(d, m);
	json_out_object_end(o);
	for (const struct doc_member *m = s->members; m->name; m++) {
		if (m->optional)
			continue;
		if (!is_some)
			json_out_key_array(o, "required");
		is_some = true;
		json_out_str(o, str_from(m->name));
	}
	if (is_some)
		json_out_array_end(o);
	json_out_object_end(o);
}

static void whole(struct openapi *d, const struct doc_schema *s)
{
	if (s->is_texts_by_name)
		json_out_raw(&d->o, STR("{\"type\":\"object\",\"additionalProperties\":{\"type\":"
					"\"array\",\"items\":{\"type\":\"string\"}}}"));
	else if (s->is_null)
		json_out_raw(&d->o, STR("{\"type\":\"null\"}"));
	else if (s->any)
		any_of(d, s);
	else
		members(d, s);
}

void openapi_schema(struct openapi *d, const struct doc_schema *s)
{
	if (!is_named(d, s)) {
		whole(d, s);
		return;
	}
	json_out_object(&d->o);
	json_out_key_str(&d->o, "$ref", arena_printf(d->arena, "#/components/schemas/%s", s->name));
	json_out_object_end(&d->o);
}

void openapi_schemas(struct openapi *d)
{
	json_out_key_object(&d->o, "schemas");
	/* Writing one may name others: the list grows meanwhile. */
	for (size_t i = 0; i < d->n_named; i++) {
		json_out_key(&d->o, str_from(d->named[i]->name));
		whole(d, d->named[i]);
	}
	json_out_object_end(&d->o);
}

/* ---- examples ------------------------------------------------------------------------ */

/* Only what fits the type is taken from the words. */
static bool fits(enum doc_type type, const char *json)
{
	char c = json[0];

	if (type == DOC_TEXT)
		return c == '"';
	if (type == DOC_INT || type == DOC_NUMBER)
		return (c >= '0' && c <= '9') || c == '-';
	return false;
}

static void example_one(struct openapi *d, const struct doc_member *m)
{
	const struct openapi_word *w = openapi_word(m->name);
	const char *json = types[m->type].example;

	if (m->value)
		json = m->value;
	else if (m->words) {
		json_out_str(&d->o, str_from(m->words[0]));
		return;
	} else if (m->type == DOC_OBJECT && m->of) {
		openapi_example(d, m->of);
		return;
	} else if (m->type == DOC_MAP) {
		json_out_object(&d->o);
		json_out_key(&d->o, STR("name"));
		if (m->of)
			openapi_example(d, m->of);
		else
			json_out_str(&d->o, STR("text"));
		json_out_object_end(&d->o);
		return;
	} else if (w && w->example && fits(m->type, w->example))
		json = w->example;
	json_out_raw(&d->o, str_from(json));
}

static void example_members(struct openapi *d, const struct doc_schema *s)
{
	json_out_object(&d->o);
	for (const struct doc_member *m = s->members; m->name; m++) {
		json_out_key(&d->o, str_from(m->name));
		if (m->example) {
			json_out_raw(&d->o, str_from(m->example));
			continue;
		}
		if (m->is_list)
			json_out_array(&d->o);
		example_one(d, m);
		if (m->is_list)
			json_out_array_end(&d->o);
	}
	json_out_object_end(&d->o);
}

void openapi_example(struct openapi *d, const struct doc_schema *s)
{
	if (s->is_texts_by_name) {
		json_out_raw(&d->o, STR("{\"name\":[\"This field is required.\"]}"));
		return;
	}
	if (s->is_null) {
		json_out_null(&d->o);
		return;
	}
	if (!s->any) {
		example_members(d, s);
		return;
	}
	if (s->is_list)
		json_out_array(&d->o);
	openapi_example(d, s->any[0]);
	if (s->is_list)
		json_out_array_end(&d->o);
}
