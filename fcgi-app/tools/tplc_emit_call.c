/* Output of tplc: partials, layouts and their slots, messages. */
#include "tools/tplc_emit.h"

/* ---- partials, layouts --------------------------------------------------------------- */

static void emit_argument(struct emitter *e, const struct tplc_node *node, struct str symbol)
{
	if (node->expr.n > 0)
		buf_printf(e->out, "TPL_ARG_%.*s(%.*s)", STR_ARG(symbol), STR_ARG(node->expr));
	else
		BUF_LIT(e->out, "v");
}

void emit_partial(struct emitter *e, const struct tplc_node *node)
{
	struct str symbol = tplc_symbol(e->c, node->text);

	if (!emit_at_text(e, node->pos, "a partial"))
		return;
	emit_flush(e);
	emit_line(e, node->pos);
	buf_printf(e->out, "\ttpl_%.*s(t, ", STR_ARG(symbol));
	emit_argument(e, node, symbol);
	BUF_LIT(e->out, ");\n");
}

void emit_layout(struct emitter *e, const struct tplc_node *node)
{
	struct str symbol = tplc_symbol(e->c, node->text);

	if (!emit_at_text(e, node->pos, "a layout"))
		return;
	emit_flush(e);
	emit_line(e, node->pos);
	buf_printf(e->out, "\ttpl_%.*s(t, ", STR_ARG(symbol));
	emit_argument(e, node, symbol);
	buf_printf(e->out, ",\n\t\t&(const struct tpl_%.*s_slots){ .data = v", STR_ARG(symbol));
	for (const struct tplc_slot *s = node->slots; s; s = s->next)
		buf_printf(e->out, ",\n\t\t.%.*s = slot_%.*s", STR_ARG(s->name), STR_ARG(s->name));
	BUF_LIT(e->out, " });\n");
}

void emit_slot_place(struct emitter *e, const struct tplc_node *node)
{
	if (!emit_at_text(e, node->pos, "a slot"))
		return;
	emit_flush(e);
	emit_line(e, node->pos);
	buf_printf(e->out, "\tif (slots->%.*s)\n\t\tslots->%.*s(t, slots->data);\n",
		   STR_ARG(node->text), STR_ARG(node->text));
}

/* ---- messages -------------------------------------------------------------------------- */

static void emit_fragment(struct emitter *e, const struct tplc_slot *slot)
{
	struct html_state before = e->html;

	emit_list(e, slot->body);
	if (!e->c->failed && !html_same(&before, &e->html))
		tplc_error(e->c, slot->pos, "this part of the message ends %s",
			   html_where(&e->html));
	emit_flush(e);
	e->html = before;
}

/* The names of the holes, then the loop that fills them. */
static void emit_pieces(struct emitter *e, const struct tplc_node *node)
{
	const struct tplc_message *m = node->message;
	int id = ++e->n_names, i = 0;

	buf_printf(e->out, "\t{\n\tstatic const struct str names_%d[] = { ", id);
	if (m->plural.p)
		BUF_LIT(e->out, "STR_INIT(\"n\"), ");
	for (const struct tplc_slot *s = node->args; s; s = s->next)
		buf_printf(e->out, "STR_INIT(\"%.*s\"), ", STR_ARG(s->name));
	for (const struct tplc_slot *s = node->slots; s; s = s->next)
		buf_printf(e->out, "STR_INIT(\"%.*s\"), ", STR_ARG(s->name));
	BUF_LIT(e->out, "};\n");
	emit_line(e, node->pos);
	if (m->plural.p)
		buf_printf(e->out,
			   "\tstruct str rest_%d = message_form(&%.*s, t->lang, "
			   "(int64_t)(%.*s))->html;\n",
			   id, STR_ARG(m->symbol), STR_ARG(node->expr));
	else
		buf_printf(e->out, "\tstruct str rest_%d = %.*s.forms[t->lang][0].html;\n", id,
			   STR_ARG(m->symbol));
	buf_printf(e->out,
		   "\tint piece_%d;\n\twhile ((piece_%d = tpl_piece(t, &rest_%d, names_%d, "
		   "ARRAY_LEN(names_%d))) >= 0) {\n\tswitch (piece_%d) {\n",
		   id, id, id, id, id, id);
	if (m->plural.p) {
		buf_printf(e->out, "\tcase %d:\n", i++);
		emit_value(e, node->pos,
			   tplc_printf(e->c, "fmt_number(t, (int64_t)(%.*s))",
				       STR_ARG(node->expr)));
		BUF_LIT(e->out, "\tbreak;\n");
	}
	for (const struct tplc_slot *s = node->args; s; s = s->next) {
		buf_printf(e->out, "\tcase %d:\n", i++);
		emit_value(e, s->pos, s->expr);
		BUF_LIT(e->out, "\tbreak;\n");
	}
	for (const struct tplc_slot *s = node->slots; s; s = s->next) {
		buf_printf(e->out, "\tcase %d:\n", i++);
		emit_fragment(e, s);
		BUF_LIT(e->out, "\tbreak;\n");
	}
	BUF_LIT(e->out, "\t}\n\t}\n\t}\n");
}

void emit_message(struct emitter *e, const struct tplc_node *node)
{
	const struct tplc_message *m = node->message;
	bool has_holes = m->plural.p || node->args || node->slots;
	enum html_escape escape;

	if (!html_value(e->c, &e->html, node->pos, &escape))
		return;
	if (escape == ESCAPE_URL || escape == ESCAPE_PART) {
		tplc_error(e->c, node->pos, "a text cannot stand in a URL");
		return;
	}
	if (node->slots && !emit_at_text(e, node->pos, "a {{#t}}"))
		return;
	if (escape == ESCAPE_JSON && has_holes) {
		tplc_error(e->c, node->pos, "a text with {names} cannot stand in a JSON block");
		return;
	}
	emit_flush(e);
	if (has_holes) {
		emit_pieces(e, node);
		return;
	}
	emit_line(e, node->pos);
	buf_printf(e->out, "\t%s(t, &%.*s);\n",
		   escape == ESCAPE_JSON ? "tpl_message_json" : "tpl_message", STR_ARG(m->symbol));
}
