/*
 * Output of tplc: the tree as C.  Walks the tree once, with the state of the
 * HTML beside it, so that each value gets the escaper of its place.
 * Partials, layouts and messages are in tplc_emit_call.c.
 */
#include "tools/tplc_emit.h"

#include "tools/tool_file.h"

struct str tplc_symbol(struct tplc *c, struct str name)
{
	char *out = tplc_alloc(c, name.n + 1);

	for (size_t i = 0; i < name.n; i++)
		out[i] = ascii_is_alnum(name.p[i]) ? name.p[i] : '_';
	return (struct str){ out, name.n };
}

void emit_line(struct emitter *e, struct tplc_pos pos)
{
	buf_printf(e->out, "#line %d \"%.*s\"\n", pos.line, STR_ARG(e->c->file));
}

void emit_flush(struct emitter *e)
{
	if (e->literal.n == 0)
		return;
	BUF_LIT(e->out, "\tTPL_LITERAL(t, ");
	tool_c_string(e->out, buf_str(&e->literal));
	BUF_LIT(e->out, ");\n");
	e->literal.n = 0;
}

void emit_value(struct emitter *e, struct tplc_pos pos, struct str expr)
{
	static const char *const macros[] = { [ESCAPE_TEXT] = "TPL_TEXT",
					      [ESCAPE_ATTR] = "TPL_ATTR",
					      [ESCAPE_URL] = "TPL_URL",
					      [ESCAPE_PART] = "TPL_PART",
					      [ESCAPE_JSON] = "TPL_JSON" };
	enum html_escape escape;

	if (!html_value(e->c, &e->html, pos, &escape))
		return;
	emit_flush(e);
	emit_line(e, pos);
	buf_printf(e->out, "\t%s(t, %.*s);\n", macros[escape], STR_ARG(expr));
}

/* True in plain text, where another template may write. */
bool emit_at_text(struct emitter *e, struct tplc_pos pos, const char *what)
{
	if (e->c->failed)
		return false;
	if (e->html.place == HTML_TEXT)
		return true;
	return tplc_error(e->c, pos, "%s stands in text only, not %s", what, html_where(&e->html));
}

/* ---- if, each -------------------------------------------------------------------- */

/* One branch; *ret is the state of the HTML at its end. */
static void emit_branch(struct emitter *e, const struct tplc_node *body, struct tplc_pos pos,
			struct html_state *ret)
{
	emit_list(e, body);
	html_block(e->c, &e->html, pos);
	emit_flush(e);
	*ret = e->html;
}

static void emit_if(struct emitter *e, const struct tplc_node *node)
{
	struct html_state before, after, other;

	if (!html_block(e->c, &e->html, node->pos))
		return;
	emit_flush(e);
	before = e->html;
	emit_line(e, node->pos);
	buf_printf(e->out, "\tif (%.*s) {\n", STR_ARG(node->expr));
	emit_branch(e, node->body, node->body_end, &after);
	other = e->html = before;
	if (node->otherwise) {
		BUF_LIT(e->out, "\t} else {\n");
		emit_branch(e, node->otherwise, node->otherwise_end, &other);
	}
	BUF_LIT(e->out, "\t}\n");
	if (!html_join(&after, &other))
		tplc_error(e->c, node->pos,
			   "the branches of this #if end at different places: %s, %s",
			   html_where(&after), html_where(&other));
	e->html = after;
}

static void emit_each(struct emitter *e, const struct tplc_node *node)
{
	struct html_state before, after, other;

	if (!html_block(e->c, &e->html, node->pos))
		return;
	emit_flush(e);
	before = e->html;
	emit_line(e, node->pos);
	buf_printf(e->out,
		   "\tfor (size_t %.*s_index = 0; %.*s_index < (size_t)(%.*s); %.*s_index++) {\n",
		   STR_ARG(node->text), STR_ARG(node->text), STR_ARG(node->count),
		   STR_ARG(node->text));
	emit_line(e, node->pos);
	buf_printf(e->out, "\tconst __typeof__(*%.*s) *%.*s = &%.*s[%.*s_index];\n\t(void)%.*s;\n",
		   STR_ARG(node->expr), STR_ARG(node->text), STR_ARG(node->expr),
		   STR_ARG(node->text), STR_ARG(node->text));
	emit_branch(e, node->body, node->body_end, &after);
	BUF_LIT(e->out, "\t}\n");
	other = e->html = before;
	if (node->otherwise) {
		emit_line(e, node->pos);
		buf_printf(e->out, "\tif ((size_t)(%.*s) == 0) {\n", STR_ARG(node->count));
		emit_branch(e, node->otherwise, node->otherwise_end, &other);
		BUF_LIT(e->out, "\t}\n");
	}
	/* The second round begins where the first ended. */
	if (!html_same(&after, &before))
		tplc_error(e->c, node->pos, "the body of this #each begins %s and ends %s",
			   html_where(&before), html_where(&after));
	else if (!html_join(&after, &other))
		tplc_error(e->c, node->pos, "the {{else}} of this #each ends %s, not %s",
			   html_where(&other), html_where(&after));
	e->html = after;
}

/* ---- the rest ---------------------------------------------------------------------------- */

static void emit_icon(struct emitter *e, const struct tplc_node *node)
{
	if (!emit_at_text(e, node->pos, "an icon"))
		return;
	emit_flush(e);
	buf_printf(e->out, "\ttpl_icon(t, STR(\"%s\"), STR(\"%.*s\"));\n",
		   node->is_dir ? "i i-dir" : "i", STR_ARG(node->text));
}

static void emit_asset(struct emitter *e, const struct tplc_node *node)
{
	enum html_escape escape;

	if (!html_value(e->c, &e->html, node->pos, &escape))
		return;
	if (escape != ESCAPE_ATTR && escape != ESCAPE_URL) {
		tplc_error(e->c, node->pos, "an asset stands at the start of an attribute");
		return;
	}
	emit_flush(e);
	BUF_LIT(e->out, "\ttpl_attr_str(t, t->asset_base);\n");
	buf_char(&e->literal, '/');
	buf_add(&e->literal, node->text);
	if (e->html.url != URL_NONE)
		e->html.url = URL_INSIDE;
}

static void emit_node(struct emitter *e, const struct tplc_node *node)
{
	switch (node->kind) {
	case TPLC_TEXT:
		html_literal(e->c, &e->html, node->pos, node->text, &e->literal);
		return;
	case TPLC_VALUE:
		emit_value(e, node->pos, node->expr);
		return;
	case TPLC_IF:
		emit_if(e, node);
		return;
	case TPLC_EACH:
		emit_each(e, node);
		return;
	case TPLC_PARTIAL:
		emit_partial(e, node);
		return;
	case TPLC_LAYOUT:
		emit_layout(e, node);
		return;
	case TPLC_SLOT:
		emit_slot_place(e, node);
		return;
	case TPLC_MESSAGE:
		emit_message(e, node);
		return;
	case TPLC_ICON:
		emit_icon(e, node);
		return;
	case TPLC_ASSET:
		emit_asset(e, node);
		return;
	case TPLC_CSRF:
		if (emit_at_text(e, node->pos, "{{csrf}}")) {
			emit_flush(e);
			BUF_LIT(e->out, "\ttpl_csrf(t);\n");
		}
		return;
	}
}

void emit_list(struct emitter *e, const struct tplc_node *node)
{
	for (; node && !e->c->failed; node = node->next)
		emit_node(e, node);
}

/* A function's body: the HTML begins and ends in text. */
static void emit_body(struct emitter *e, const struct tplc_node *node, struct tplc_pos pos)
{
	html_start(&e->html);
	emit_list(e, node);
	emit_flush(e);
	if (!e->c->failed && (e->html.place != HTML_TEXT || e->html.pre != 0))
		tplc_error(e->c, pos, "the template ends %s", html_where(&e->html));
	BUF_LIT(e->out, "}\n");
}

/* The slots of the layout used, as functions of their own. */
static void emit_slots(struct emitter *e, const struct tplc_node *root)
{
	for (const struct tplc_node *node = root; node; node = node->next) {
		if (node->kind != TPLC_LAYOUT)
			continue;
		for (const struct tplc_slot *s = node->slots; s; s = s->next) {
			buf_printf(
				e->out,
				"\nstatic void slot_%.*s(struct tpl *t, const void *data)\n{\n"
				"\tconst struct view_%.*s *v = data;\n\n\t(void)v;\n\t(void)t;\n",
				STR_ARG(s->name), STR_ARG(e->c->view));
			emit_body(e, s->body, s->pos);
		}
	}
}

static void emit_includes(struct emitter *e)
{
	struct tplc *c = e->c;

	buf_printf(e->out,
		   "/* Made by tplc from %.*s. */\n#include \"view/tpl_%.*s.h\"\n\n"
		   "#include \"view/format.h\"\n",
		   STR_ARG(c->file), STR_ARG(tplc_symbol(c, c->name)));
	if (c->view_header.n > 0)
		buf_printf(e->out, "#include \"%.*s\"\n", STR_ARG(c->view_header));
	for (const struct tplc_names *n = c->partials; n; n = n->next)
		buf_printf(e->out, "#include \"view/tpl_%.*s.h\"\n",
			   STR_ARG(tplc_symbol(c, n->name)));
	buf_char(e->out, '\n');
	for (const struct tplc_message *m = c->messages; m; m = m->next)
		buf_printf(e->out, "extern const struct message %.*s;\n", STR_ARG(m->symbol));
}

static void emit_signature(struct tplc *c, struct buf *out)
{
	struct str symbol = tplc_symbol(c, c->name);

	buf_printf(out, "void tpl_%.*s(struct tpl *t, const struct view_%.*s *v", STR_ARG(symbol),
		   STR_ARG(c->view));
	if (c->is_layout)
		buf_printf(out, ",\n\tconst struct tpl_%.*s_slots *slots", STR_ARG(symbol));
	buf_char(out, ')');
}

void tplc_emit_source(struct tplc *c, const struct tplc_node *root, struct buf *out)
{
	struct emitter e = { .c = c, .out = out };

	buf_init(&e.literal, c->arena, 4096, SIZE_MAX);
	emit_includes(&e);
	emit_slots(&e, root);
	buf_char(out, '\n');
	emit_signature(c, out);
	BUF_LIT(out, "\n{\n\t(void)t;\n\t(void)v;\n");
	if (c->is_layout)
		BUF_LIT(out, "\t(void)slots;\n");
	emit_body(&e, root, (struct tplc_pos){ 1, 1 });
}

void tplc_emit_header(struct tplc *c, struct buf *out)
{
	struct str symbol = tplc_symbol(c, c->name);

	buf_printf(out,
		   "/* Made by tplc from %.*s. */\n#ifndef VIEW_TPL_%.*s_H\n"
		   "#define VIEW_TPL_%.*s_H\n\n#include \"view/tpl.h\"\n\nstruct view_%.*s;\n",
		   STR_ARG(c->file), STR_ARG(symbol), STR_ARG(symbol), STR_ARG(c->view));
	if (c->is_layout) {
		buf_printf(out,
			   "\n/* What stands at the places of the layout; NULL: nothing. */\n"
			   "struct tpl_%.*s_slots {\n\tconst void *data;\n",
			   STR_ARG(symbol));
		for (const struct tplc_slot *s = c->slots; s; s = s->next)
			buf_printf(out, "\tvoid (*%.*s)(struct tpl *t, const void *data);\n",
				   STR_ARG(s->name));
		BUF_LIT(out, "};\n");
	}
	buf_char(out, '\n');
	emit_signature(c, out);
	buf_printf(out,
		   ";\n/* A struct or a pointer to it, as the argument above. */\n"
		   "#define TPL_ARG_%.*s(x) _Generic((x), struct view_%.*s *: (x), "
		   "const struct view_%.*s *: (x), default: &(x))\n\n#endif\n",
		   STR_ARG(symbol), STR_ARG(c->view), STR_ARG(c->view));
}
