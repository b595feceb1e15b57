/*
 * Small parts that all pages share: sentences of reasons, initials.
 */
#include "view/page.h"

struct str reason_sentence(struct arena *a, enum lang lang, enum reason reason, int64_t arg)
{
	struct str text = catalogue_text_n(a, lang, reason_text(reason), arg);

	return text.p ? text : catalogue_text(lang, reason_text(reason));
}

struct view_field_error field_error(struct arena *a, enum lang lang, const struct error *e,
				    const char *name, const char *id)
{
	struct view_field_error out = { .id = id };

	for (size_t i = 0; i < e->n_fields; i++) {
		if (strcmp(e->fields[i].field, name) == 0) {
			out.text = reason_sentence(a, lang, e->fields[i].reason, e->fields[i].arg);
			return out;
		}
	}
	return out;
}

struct view_errors form_errors(struct arena *a, enum lang lang, const struct error *e,
			       const struct form_field *fields, size_t n_fields)
{
	struct view_errors out = { .is_not_saved = true };
	enum reason reason = e->reason;

	if (e->rc == RC_OK)
		return out;
	for (size_t i = 0; i < n_fields; i++) {
		struct view_field_error field = field_error(a, lang, e, fields[i].name, NULL);

		if (field.text.n > 0 && out.n_fields < ERROR_FIELDS_MAX)
			out.fields[out.n_fields++] = (struct view_error_line){
				fields[i].input, catalogue_text(lang, fields[i].label), field.text
			};
	}
	if (out.n_fields > 0 || reason == REASON_NONE)
		reason = REASON_FIELDS;
	out.text = reason_sentence(a, lang, reason, e->arg);
	return out;
}

static struct str first_letter(struct str word)
{
	return utf8_prefix(word, 1);
}

struct str name_initials(struct arena *a, struct str name)
{
	struct str rest = name, part, first = { 0 }, last = { 0 }, out;

	while (str_split(&rest, ' ', &part)) {
		if (part.n == 0)
			continue;
		if (first.n == 0)
			first = part;
		else
			last = part;
	}
	out = arena_printf(a, "%.*s%.*s", STR_ARG(first_letter(first)),
			   STR_ARG(first_letter(last)));
	return out.p ? out : (struct str){ 0 };
}
