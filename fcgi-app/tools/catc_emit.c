/* Writes the tables of view/catalogue.h. */
#include "codec/html.h"
#include "tools/catc.h"
#include "tools/catc_name.h"
#include "tools/tool_file.h"

static void emit_form(struct arena *a, struct buf *out, struct str text)
{
	struct buf html;

	buf_init(&html, a, text.n + 64, SIZE_MAX);
	html_attr(&html, text);
	BUF_LIT(out, "\t{ STR_INIT(");
	tool_c_string(out, text);
	BUF_LIT(out, "),\n\t  STR_INIT(");
	tool_c_string(out, buf_str(&html));
	BUF_LIT(out, ") },\n");
}

static void emit_forms(struct arena *a, struct buf *out, struct str lang, size_t i,
		       const struct str *forms, unsigned n)
{
	buf_printf(out, "static const struct message_form forms_%.*s_%zu[] = {\n", STR_ARG(lang),
		   i);
	for (unsigned k = 0; k < n; k++)
		emit_form(a, out, forms[k]);
	BUF_LIT(out, "};\n");
}

static void emit_message(struct arena *a, struct buf *out, const struct catc_entry *m, size_t i,
			 const struct catc_file *languages, size_t n_languages)
{
	const struct str english[] = { m->id, m->plural };
	struct buf name;

	emit_forms(a, out, STR("EN"), i, english, m->plural.p ? 2 : 1);
	for (size_t k = 0; k < n_languages; k++)
		emit_forms(a, out, languages[k].lang, i, catc_find(&languages[k], m)->forms,
			   m->plural.p ? languages[k].n_plurals : 1);
	buf_init(&name, a, 64, SIZE_MAX);
	catc_message_name(&name, m->ctx, m->id);
	buf_printf(out, "extern const struct message %.*s;\nconst struct message %.*s = {\n\t{ ",
		   STR_ARG(buf_str(&name)), STR_ARG(buf_str(&name)));
	if (m->ctx.p)
		tool_c_string(out, m->ctx);
	else
		BUF_LIT(out, "NULL");
	BUF_LIT(out, ", ");
	tool_c_string(out, m->id);
	buf_printf(out, " },\n\t{ [LANG_EN] = forms_EN_%zu", i);
	for (size_t k = 0; k < n_languages; k++)
		buf_printf(out, ", [LANG_%.*s] = forms_%.*s_%zu", STR_ARG(languages[k].lang),
			   STR_ARG(languages[k].lang), i);
	buf_printf(out, " },\n\t{ [LANG_EN] = ARRAY_LEN(forms_EN_%zu)", i);
	for (size_t k = 0; k < n_languages; k++)
		buf_printf(out, ", [LANG_%.*s] = ARRAY_LEN(forms_%.*s_%zu)",
			   STR_ARG(languages[k].lang), STR_ARG(languages[k].lang), i);
	BUF_LIT(out, " }\n};\n\n");
}

static void emit_plural(struct buf *out, struct str lang, struct str rule)
{
	buf_printf(out,
		   "\nsize_t catalogue_plural_%.*s(uint64_t n)\n{\n\treturn (size_t)(%.*s);\n}\n",
		   STR_ARG(lang), STR_ARG(rule));
}

void catc_emit(struct arena *a, const struct catc_file *messages, const struct catc_file *languages,
	       size_t n_languages, struct buf *out)
{
	BUF_LIT(out, "/* Made by catc. */\n#include \"view/catalogue.h\"\n\n");
	for (size_t i = 0; i < messages->n; i++)
		emit_message(a, out, &messages->v[i], i, languages, n_languages);
	BUF_LIT(out, "const struct message *const catalogue_messages[] = {\n");
	for (size_t i = 0; i < messages->n; i++) {
		BUF_LIT(out, "\t&");
		catc_message_name(out, messages->v[i].ctx, messages->v[i].id);
		BUF_LIT(out, ",\n");
	}
	/* An array has at least one member. */
	buf_printf(out, "\tNULL\n};\nconst size_t catalogue_n_messages = %zu;\n", messages->n);
	emit_plural(out, STR("EN"), STR("n != 1"));
	for (size_t k = 0; k < n_languages; k++)
		emit_plural(out, languages[k].lang, languages[k].plural_rule);
}
