/*
 * The answers of an operation, and how its families refuse.
 */
#include "api/openapi/writer.h"

#include "web/field.h"

struct str openapi_header_name(const char *text)
{
	struct str all = str_from(text);
	size_t colon = str_find(all, STR(": "));

	return colon == SIZE_MAX ? all : str_sub(all, 0, colon);
}

void openapi_header_rest(struct openapi *d, const char *text)
{
	struct str name = openapi_header_name(text);

	if (text[name.n])
		json_out_key_cz(&d->o, "description", text + name.n + strlen(": "));
	json_out_key(&d->o, STR("schema"));
	json_out_raw(&d->o, STR("{\"type\":\"string\"}"));
	json_out_object_end(&d->o);
}

/* Every answer of one status, over all calls, and how a family's failures look there. */
struct status {
	const struct doc_schema *schemas[OPENAPI_CALLS_MAX + 1];
	const char *words[OPENAPI_CALLS_MAX + 1];
	size_t n;
	const char *about, *type, *or_type;
	bool is_good;
};

static void look(const struct openapi_calls *c, int status, struct status *ret)
{
	*ret = (struct status){ 0 };
	for (size_t k = 0; k < c->n; k++)
		for (const struct doc_answer *a = c->answers[k]; a->status; a++) {
			if (a->status != status)
				continue;
			if (!ret->about)
				ret->about = a->about;
			ret->type = a->type ? a->type : ret->type;
			ret->or_type = a->or_type ? a->or_type : ret->or_type;
			if (a->schema) {
				ret->words[ret->n] = c->in[k].word;
				ret->schemas[ret->n++] = a->schema;
			}
		}
	ret->is_good = status < 400;
}

static void add_failure(const struct openapi_family *f, int status, struct status *s)
{
	if (f->always_200 && status == 200) {
		s->words[s->n] = "refused";
		s->schemas[s->n++] = f->error;
	}
}

static void answer_examples(struct openapi *d, const struct status *s)
{
	if (s->n == 1) {
		json_out_key(&d->o, STR("example"));
		openapi_example(d, s->schemas[0]);
		return;
	}
	json_out_key_object(&d->o, "examples");
	for (size_t i = 0; i < s->n; i++) {
		struct str word = s->words[i] ? str_from(s->words[i]) : STR("answer");

		json_out_key(&d->o, word);
		json_out_object(&d->o);
		json_out_key(&d->o, STR("value"));
		openapi_example(d, s->schemas[i]);
		json_out_object_end(&d->o);
	}
	json_out_object_end(&d->o);
}

static bool is_among(const struct status *s, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (s->schemas[k] == s->schemas[i])
			return true;
	return false;
}

static void content(struct openapi *d, const struct status *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += !is_among(s, i);
	json_out_key_object(&d->o, "content");
	json_out_key_object(&d->o, s->type ? s->type : "application/json");
	if (n) {
		json_out_key(&d->o, STR("schema"));
		if (n > 1) {
			json_out_object(&d->o);
			json_out_key_array(&d->o, "anyOf");
		}
		for (size_t i = 0; i < s->n; i++)
			if (!is_among(s, i))
				openapi_schema(d, s->schemas[i]);
		if (n > 1) {
			json_out_array_end(&d->o);
			json_out_object_end(&d->o);
		}
		answer_examples(d, s);
	}
	json_out_object_end(&d->o);
	if (s->or_type) {
		json_out_key_object(&d->o, s->or_type);
		json_out_object_end(&d->o);
	}
	json_out_object_end(&d->o);
}

static void answer(struct openapi *d, const struct route_doc *doc, struct str key,
		   const struct status *s)
{
	json_out_key(&d->o, key);
	json_out_object(&d->o);
	json_out_key_cz(&d->o, "description", s->about ? s->about : "As the contract has it.");
	if (s->is_good && doc->says) {
		json_out_key_object(&d->o, "headers");
		for (size_t i = 0; doc->says[i]; i++) {
			json_out_key(&d->o, openapi_header_name(doc->says[i]));
			json_out_object(&d->o);
			openapi_header_rest(d, doc->says[i]);
		}
		json_out_object_end(&d->o);
	}
	if (s->n || s->type)
		content(d, s);
	json_out_object_end(&d->o);
}

enum refused { REFUSED, REFUSED_WHO, REFUSED_ORIGIN, REFUSED_FIELDS };

static const struct doc_schema *refused_schema(const struct openapi_family *f, enum refused what)
{
	const struct doc_schema *schemas[] = { [REFUSED] = f->error,
					       [REFUSED_WHO] = f->unauthorized,
					       [REFUSED_ORIGIN] = f->forbidden,
					       [REFUSED_FIELDS] = f->invalid };

	return schemas[what] ? schemas[what] : f->error;
}

/* A refusal the families have a shape for, unless the row says its own. */
static void refusal(struct openapi *d, const struct openapi_calls *c, int status, const char *about,
		    enum refused what)
{
	struct status s;

	look(c, status, &s);
	if (s.n || s.about)
		return;
	s = (struct status){ .about = about };
	for (size_t i = 0; i < c->n_rows; i++) {
		const struct openapi_family *f = &openapi_families[c->rows[i]->family];

		s.type = f->error_type;
		s.words[s.n] = c->n_rows > 1 ? f->tag : NULL;
		s.schemas[s.n++] = refused_schema(f, what);
	}
	answer(d, c->rows[0]->doc, status ? arena_printf(d->arena, "%d", status) : STR("default"),
	       &s);
}

static bool reads_fields(const struct openapi_calls *c)
{
	for (size_t k = 0; k < c->n; k++)
		if (c->in[k].body || (c->in[k].fields && c->in[k].fields->n))
			return true;
	return false;
}

void openapi_answers(struct openapi *d, const struct route *row, enum method m,
		     const struct openapi_calls *c)
{
	const struct openapi_family *f = &openapi_families[row->family];
	struct status s;

	json_out_key_object(&d->o, "responses");
	for (int status = 100; status < 600; status++) {
		look(c, status, &s);
		if (!s.about && !s.n)
			continue;
		add_failure(f, status, &s);
		if (!s.is_good && !s.type)
			s.type = f->error_type;
		answer(d, row->doc, arena_printf(d->arena, "%d", status), &s);
	}
	if (row->may != MAY_PUBLIC)
		refusal(d, c, 401, "Nobody is signed in.", REFUSED_WHO);
	else if (row->csrf == CSRF_NONE && !f->always_200)
		refusal(d, c, 401, "What was sent signs nobody in.", REFUSED_WHO);
	if (f->forbidden && openapi_is_change(m) && row->csrf == CSRF_FORM)
		refusal(d, c, 403, "Without the CSRF token, or from elsewhere.", REFUSED_ORIGIN);
	for (size_t i = 0; i < c->n_rows && reads_fields(c); i++) {
		int invalid = openapi_families[c->rows[i]->family].invalid_status;

		if (invalid)
			refusal(d, c, invalid, "A field is missing or wrong.", REFUSED_FIELDS);
	}
	refusal(d, c, 0, "Any other refusal.", REFUSED);
	json_out_object_end(&d->o);
}
