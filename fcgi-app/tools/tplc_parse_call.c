/*
 * Parser of tplc: partials, layouts and their slots, messages, icons, assets.
 */
#include "tools/tplc_parse.h"

/* ---- partials, layouts ----------------------------------------------------------- */

void parse_call(struct parser *p, struct tplc_cursor *k, struct tplc_node *node)
{
	struct tplc_names *partial = TPLC_NEW(p->c, struct tplc_names);

	node->text = tplc_template_name(k);
	if (p->c->failed)
		return;
	if (!p->c->has_partial(p->c->arg, node->text)) {
		tplc_error(p->c, k->pos, "there is no template \"%.*s\"", STR_ARG(node->text));
		return;
	}
	partial->name = node->text;
	partial->next = p->c->partials;
	if (!tplc_names_has(p->c->partials, node->text))
		p->c->partials = partial;
	if (!tplc_at_end(k))
		node->expr = tplc_path(k);
	tplc_expect_end(k);
}

static void add_slot(struct tplc *c, struct tplc_slot ***tail, struct tplc_slot slot)
{
	struct tplc_slot *s = TPLC_NEW(c, struct tplc_slot);

	*s = slot;
	**tail = s;
	*tail = &s->next;
}

static bool has_slot(const struct tplc_slot *slots, struct str name)
{
	for (; slots; slots = slots->next) {
		if (str_eq(slots->name, name))
			return true;
	}
	return false;
}

/* {{#slot name}}…{{/slot}} within a layout block. */
static void parse_slot(struct parser *p, struct tplc_node *layout, struct tplc_slot ***tail)
{
	const struct tplc_token *tag = parse_peek(p);
	struct tplc_cursor k = parse_cursor(p, tag);
	struct tplc_slot slot = { .pos = tag->pos };

	p->tokens->at++;
	tplc_take(&k, "#");
	tplc_ident(&k);
	slot.name = tplc_ident(&k);
	tplc_expect_end(&k);
	if (slot.name.n == 0)
		tplc_error(p->c, tag->pos, "the name of the slot is missing");
	if (has_slot(layout->slots, slot.name) || str_eq(slot.name, STR("body")))
		tplc_error(p->c, tag->pos, "a second slot \"%.*s\"", STR_ARG(slot.name));
	slot.body = parse_list(p);
	parse_expect_close(p, tag->pos, "/slot");
	add_slot(p->c, tail, slot);
}

struct tplc_node *parse_layout(struct parser *p, struct tplc_cursor *k)
{
	struct tplc_node *node = parse_new_node(p, TPLC_LAYOUT, k->pos), *body = NULL;
	struct tplc_slot **slots = &node->slots;
	struct tplc_node **tail = &body;

	if (p->depth > 1 || p->scope.n > 0)
		tplc_error(p->c, k->pos, "{{#layout}} cannot stand in another block");
	parse_call(p, k, node);
	p->slot_depth = p->depth + 1;
	while (!p->c->failed) {
		const struct tplc_token *tag;

		*tail = parse_list(p);
		while (*tail)
			tail = &(*tail)->next;
		tag = parse_peek(p);
		if (!tag || !tag->is_tag || !parse_is_word(tag->text, "#slot"))
			break;
		parse_slot(p, node, &slots);
	}
	p->slot_depth = 0;
	parse_expect_close(p, k->pos, "/layout");
	add_slot(p->c, &slots, (struct tplc_slot){ STR("body"), { 0 }, body, k->pos, NULL });
	return node;
}

/* {{body}} and {{slot name}} in a layout. */
struct tplc_node *parse_slot_place(struct parser *p, struct tplc_cursor *k)
{
	struct tplc_node *node = parse_new_node(p, TPLC_SLOT, k->pos);
	struct str word = tplc_ident(k);
	struct tplc_slot **tail = &p->c->slots;

	node->text = str_eq(word, STR("body")) ? word : tplc_ident(k);
	tplc_expect_end(k);
	if (node->text.n == 0)
		tplc_error(p->c, k->pos, "the name of the slot is missing");
	if (has_slot(p->c->slots, node->text))
		tplc_error(p->c, k->pos, "a second slot \"%.*s\"", STR_ARG(node->text));
	while (*tail)
		tail = &(*tail)->next;
	add_slot(p->c, &tail, (struct tplc_slot){ .name = node->text, .pos = k->pos });
	return node;
}

/* ---- messages ------------------------------------------------------------------------ */

/* name=value … behind the texts of a message. */
static void parse_arguments(struct parser *p, struct tplc_cursor *k, struct tplc_node *node)
{
	struct tplc_slot **tail = &node->args;

	while (!p->c->failed && !tplc_at_end(k)) {
		struct tplc_slot arg = { .name = tplc_ident(k), .pos = k->pos };

		if (arg.name.n == 0) {
			tplc_expect_end(k);
			return;
		}
		if (!tplc_take(k, "=")) {
			tplc_error(p->c, k->pos, "write name=value behind the text");
			return;
		}
		if (str_eq(arg.name, STR("ctx"))) {
			node->message->ctx = tplc_string(k);
			continue;
		}
		arg.expr = tplc_value(k);
		if (has_slot(node->args, arg.name))
			tplc_error(p->c, k->pos, "a second \"%.*s\"", STR_ARG(arg.name));
		add_slot(p->c, &tail, arg);
	}
}

/* {{:name}}… up to the closing tag. */
static void parse_fragments(struct parser *p, struct tplc_node *node)
{
	struct tplc_slot **tail = &node->slots;
	struct tplc_node *before = parse_list(p);

	if (before && (before->kind != TPLC_TEXT || before->next || str_trim(before->text).n > 0))
		tplc_error(p->c, before->pos, "{{:name}} is due behind the text of a message");
	while (!p->c->failed) {
		const struct tplc_token *tag = parse_peek(p);
		struct tplc_slot slot = { 0 };
		struct tplc_cursor k;

		if (!tag || tag->text.n == 0 || tag->text.p[0] != ':')
			return;
		k = parse_cursor(p, tag);
		p->tokens->at++;
		tplc_take(&k, ":");
		slot.name = tplc_ident(&k);
		slot.pos = tag->pos;
		tplc_expect_end(&k);
		if (has_slot(node->slots, slot.name) || has_slot(node->args, slot.name))
			tplc_error(p->c, tag->pos, "a second \"%.*s\"", STR_ARG(slot.name));
		slot.body = parse_list(p);
		add_slot(p->c, &tail, slot);
	}
}

/* Each {name} of the texts has a value and the other way round. */
static void check_placeholders(struct parser *p, struct tplc_node *node)
{
	struct tplc *c = p->c;
	const struct tplc_message *m = node->message;
	struct tplc_names *names = tplc_placeholders(c, node->pos, m->id);
	struct tplc_names *more = m->plural.p ? tplc_placeholders(c, node->pos, m->plural) : NULL;
	const struct tplc_slot *lists[] = { node->args, node->slots };
	bool has_count = m->plural.p != NULL;

	for (int pass = 0; pass < 2; pass++) {
		for (const struct tplc_names *n = pass ? more : names; n; n = n->next) {
			if (!has_slot(node->args, n->name) && !has_slot(node->slots, n->name) &&
			    !(has_count && str_eq(n->name, STR("n"))))
				tplc_error(c, node->pos, "{%.*s} has no value", STR_ARG(n->name));
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		for (const struct tplc_slot *s = lists[i]; s; s = s->next) {
			if (has_count && str_eq(s->name, STR("n")))
				tplc_error(c, node->pos, "{n} is the count and needs no value");
			if (!tplc_names_has(names, s->name) && !tplc_names_has(more, s->name))
				tplc_error(c, node->pos, "the text has no {%.*s}",
					   STR_ARG(s->name));
		}
	}
}

struct tplc_node *parse_message(struct parser *p, struct tplc_cursor *k, bool is_plural,
				bool has_fragments)
{
	struct tplc_node *node = parse_new_node(p, TPLC_MESSAGE, k->pos);

	node->message = TPLC_NEW(p->c, struct tplc_message);
	node->message->pos = k->pos;
	if (is_plural)
		node->expr = tplc_path(k);
	node->message->id = tplc_string(k);
	if (is_plural)
		node->message->plural = tplc_string(k);
	parse_arguments(p, k, node);
	if (has_fragments) {
		parse_fragments(p, node);
		parse_expect_close(p, k->pos, is_plural ? "/tn" : "/t");
	}
	if (!p->c->failed && node->message->id.n == 0)
		tplc_error(p->c, k->pos, "the text is empty");
	if (p->c->failed)
		return node;
	check_placeholders(p, node);
	tplc_message_add(p->c, node->message);
	return node;
}

/* ---- icons, assets ------------------------------------------------------------------- */

static bool has_line(struct str lines, struct str name)
{
	struct str line;

	while (str_split(&lines, '\n', &line)) {
		if (name.n > 0 && str_eq(str_trim(line), name))
			return true;
	}
	return false;
}

struct tplc_node *parse_icon(struct parser *p, struct tplc_cursor *k)
{
	struct tplc_node *node = parse_new_node(p, TPLC_ICON, k->pos);
	struct str word;

	node->text = tplc_string(k);
	word = tplc_ident(k);
	node->is_dir = word.n > 0;
	if (word.n > 0 && !str_eq(word, STR("dir")))
		tplc_error(p->c, k->pos, "write {{icon \"name\"}} or {{icon \"name\" dir}}");
	tplc_expect_end(k);
	if (!has_line(p->c->icons, node->text))
		tplc_error(p->c, k->pos, "unknown icon \"%.*s\"", STR_ARG(node->text));
	return node;
}

struct tplc_node *parse_asset(struct parser *p, struct tplc_cursor *k)
{
	struct tplc_node *node = parse_new_node(p, TPLC_ASSET, k->pos);

	node->text = tplc_string(k);
	tplc_expect_end(k);
	for (size_t i = 0; i < node->text.n; i++) {
		char ch = node->text.p[i];

		if (!ascii_is_alnum(ch) && !strchr("-_./#", ch))
			tplc_error(p->c, k->pos,
				   "an asset's name has letters, digits and -_./# only");
	}
	if (node->text.n == 0 || node->text.p[0] == '/')
		tplc_error(p->c, k->pos, "an asset's name is relative to static/");
	return node;
}
