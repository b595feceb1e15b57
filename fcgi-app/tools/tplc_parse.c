/*
 * Parser of tplc: tags to a tree.  Recursive, at most TPLC_DEPTH_MAX deep.
 * A list of nodes ends at a tag that its caller knows: {{else}}, {{:x}}, {{/x}}.
 */
#include "tools/tplc.h"

struct parser {
	struct tplc *c;
	struct tplc_tokens *tokens;
	struct tplc_scope scope;
	int depth;
};

static struct tplc_node *parse_list(struct parser *p);

static struct tplc_node *new_node(struct parser *p, enum tplc_kind kind, struct tplc_pos pos)
{
	struct tplc_node *node = TPLC_NEW(p->c, struct tplc_node);

	node->kind = kind;
	node->pos = pos;
	return node;
}

static const struct tplc_token *peek(const struct parser *p)
{
	const struct tplc_tokens *tokens = p->tokens;

	return tokens->at < tokens->n ? &tokens->v[tokens->at] : NULL;
}

static struct tplc_cursor cursor(struct parser *p, const struct tplc_token *tag)
{
	return (struct tplc_cursor){ p->c, &p->scope, tag->text, 0, tag->pos };
}

/* The tag begins with this word and nothing that would make it longer. */
static bool is_word(struct str tag, const char *word)
{
	size_t n = strlen(word);

	return str_starts(tag, str_from(word)) &&
	       (tag.n == n || !(ascii_is_alnum(tag.p[n]) || strchr("_.-", tag.p[n])));
}

/* Ends the list of its block. */
static bool is_list_end(struct str tag)
{
	return tag.n > 0 &&
	       (tag.p[0] == '/' || tag.p[0] == ':' || is_word(tag, "else") || is_word(tag, "elif"));
}

/* Takes the next tag when it is exactly this. */
static bool take_tag(struct parser *p, const char *text)
{
	const struct tplc_token *tag = peek(p);

	if (!tag || !tag->is_tag || !str_eq(tag->text, str_from(text)))
		return false;
	p->tokens->at++;
	return true;
}

static void expect_close(struct parser *p, struct tplc_pos open, const char *close)
{
	const struct tplc_token *tag = peek(p);

	if (p->c->failed || take_tag(p, close))
		return;
	if (tag)
		tplc_error(p->c, tag->pos, "{{%.*s}} where {{%s}} of line %d is due",
			   STR_ARG(utf8_prefix(tag->text, 30)), close, open.line);
	else
		tplc_error(p->c, open, "{{%s}} is missing", close);
}

/* Where the list just read ends: at the next tag. */
static struct tplc_pos end_of_list(const struct parser *p, struct tplc_pos otherwise)
{
	const struct tplc_token *tag = peek(p);

	return tag ? tag->pos : otherwise;
}

/* ---- if, each ------------------------------------------------------------------ */

/* k stands behind #if or elif.  The closing tag is left to the caller. */
static struct tplc_node *parse_if(struct parser *p, struct tplc_cursor *k)
{
	struct tplc_node *node = new_node(p, TPLC_IF, k->pos);
	const struct tplc_token *tag;

	node->expr = tplc_condition(k);
	tplc_expect_end(k);
	node->body = parse_list(p);
	node->body_end = end_of_list(p, k->pos);
	tag = peek(p);
	if (p->c->failed || !tag)
		return node;
	if (is_word(tag->text, "elif")) {
		struct tplc_cursor next = cursor(p, tag);

		p->tokens->at++;
		tplc_ident(&next);
		/* A long chain is no deep nesting for people, but it is for the stack. */
		if (++p->depth > TPLC_DEPTH_MAX) {
			tplc_error(p->c, tag->pos, "too many blocks within blocks");
			return node;
		}
		node->otherwise = parse_if(p, &next);
		node->otherwise->is_elif = true;
		p->depth--;
	} else if (take_tag(p, "else")) {
		node->otherwise = parse_list(p);
	}
	node->otherwise_end = end_of_list(p, k->pos);
	return node;
}

static struct tplc_node *parse_each(struct parser *p, struct tplc_cursor *k)
{
	struct tplc_node *node = new_node(p, TPLC_EACH, k->pos);
	struct tplc_scope *scope = &p->scope;

	node->expr = tplc_rows(k, &node->count);
	if (!str_eq(tplc_ident(k), STR("as"))) {
		tplc_error(p->c, k->pos, "write {{#each rows as row}}");
		return node;
	}
	node->text = tplc_ident(k);
	tplc_expect_end(k);
	if (node->text.n == 0)
		tplc_error(p->c, k->pos, "write {{#each rows as row}}");
	for (size_t i = 0; i < scope->n; i++) {
		if (str_eq(scope->names[i], node->text))
			tplc_error(p->c, k->pos, "\"%.*s\" is already a loop variable",
				   STR_ARG(node->text));
	}
	if (str_eq(node->text, STR("v")) || str_eq(node->text, STR("t")) ||
	    str_eq(node->text, STR("slot")))
		tplc_error(p->c, k->pos, "\"%.*s\" cannot be a loop variable", STR_ARG(node->text));
	if (p->c->failed)
		return node;
	scope->names[scope->n++] = node->text;
	node->body = parse_list(p);
	node->body_end = end_of_list(p, k->pos);
	scope->n--;
	if (take_tag(p, "else"))
		node->otherwise = parse_list(p);
	node->otherwise_end = end_of_list(p, k->pos);
	expect_close(p, k->pos, "/each");
	return node;
}

/* ---- partials, layouts ----------------------------------------------------------- */

static void parse_call(struct parser *p, struct tplc_cursor *k, struct tplc_node *node)
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
	const struct tplc_token *tag = peek(p);
	struct tplc_cursor k = cursor(p, tag);
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
	expect_close(p, tag->pos, "/slot");
	add_slot(p->c, tail, slot);
}

static struct tplc_node *parse_layout(struct parser *p, struct tplc_cursor *k)
{
	struct tplc_node *node = new_node(p, TPLC_LAYOUT, k->pos), *body = NULL;
	struct tplc_slot **slots = &node->slots;
	struct tplc_node **tail = &body;

	if (p->depth > 1 || p->scope.n > 0)
		tplc_error(p->c, k->pos, "{{#layout}} cannot stand in another block");
	parse_call(p, k, node);
	while (!p->c->failed) {
		const struct tplc_token *tag;

		*tail = parse_list(p);
		while (*tail)
			tail = &(*tail)->next;
		tag = peek(p);
		if (!tag || !tag->is_tag || !is_word(tag->text, "#slot"))
			break;
		parse_slot(p, node, &slots);
	}
	expect_close(p, k->pos, "/layout");
	add_slot(p->c, &slots, (struct tplc_slot){ STR("body"), { 0 }, body, k->pos, NULL });
	return node;
}

/* {{body}} and {{slot name}} in a layout. */
static struct tplc_node *parse_slot_place(struct parser *p, struct tplc_cursor *k)
{
	struct tplc_node *node = new_node(p, TPLC_SLOT, k->pos);
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
		const struct tplc_token *tag = peek(p);
		struct tplc_slot slot = { 0 };
		struct tplc_cursor k;

		if (!tag || tag->text.n == 0 || tag->text.p[0] != ':')
			return;
		k = cursor(p, tag);
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

static struct tplc_node *parse_message(struct parser *p, struct tplc_cursor *k, bool is_plural,
				       bool has_fragments)
{
	struct tplc_node *node = new_node(p, TPLC_MESSAGE, k->pos);

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
		expect_close(p, k->pos, is_plural ? "/tn" : "/t");
	}
	if (!p->c->failed && node->message->id.n == 0)
		tplc_error(p->c, k->pos, "the text is empty");
	if (p->c->failed)
		return node;
	check_placeholders(p, node);
	tplc_message_add(p->c, node->message);
	return node;
}

/* ---- tags ------------------------------------------------------------------------------ */

static bool has_line(struct str lines, struct str name)
{
	struct str line;

	while (str_split(&lines, '\n', &line)) {
		if (name.n > 0 && str_eq(str_trim(line), name))
			return true;
	}
	return false;
}

static struct tplc_node *parse_icon(struct parser *p, struct tplc_cursor *k)
{
	struct tplc_node *node = new_node(p, TPLC_ICON, k->pos);
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

static struct tplc_node *parse_asset(struct parser *p, struct tplc_cursor *k)
{
	struct tplc_node *node = new_node(p, TPLC_ASSET, k->pos);

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

static struct tplc_node *parse_block(struct parser *p, struct tplc_cursor *k)
{
	struct str word;
	struct tplc_node *node;

	tplc_take(k, "#");
	word = tplc_ident(k);
	if (str_eq(word, STR("if"))) {
		node = parse_if(p, k);
		expect_close(p, k->pos, "/if");
		return node;
	}
	if (str_eq(word, STR("each")))
		return parse_each(p, k);
	if (str_eq(word, STR("layout")))
		return parse_layout(p, k);
	if (str_eq(word, STR("t")))
		return parse_message(p, k, false, true);
	if (str_eq(word, STR("tn")))
		return parse_message(p, k, true, true);
	if (str_eq(word, STR("slot")))
		tplc_error(p->c, k->pos, "{{#slot}} stands directly in a {{#layout}}");
	else
		tplc_error(p->c, k->pos, "unknown block \"#%.*s\"", STR_ARG(word));
	return NULL;
}

/* Whether the tag is this word followed by a quote or another word: "t" may also be a field. */
static bool is_call(struct str tag, const char *word)
{
	struct str rest;

	if (!is_word(tag, word))
		return false;
	rest = str_trim(str_from_pos(tag, strlen(word)));
	return rest.n > 0 && rest.p[0] != '|' && rest.p[0] != '.';
}

static struct tplc_node *parse_tag(struct parser *p, const struct tplc_token *tag)
{
	struct tplc_cursor k = cursor(p, tag);
	struct tplc_node *node;

	if (tag->text.n == 0) {
		tplc_error(p->c, tag->pos, "an empty tag");
		return NULL;
	}
	if (tag->text.p[0] == '#')
		return parse_block(p, &k);
	if (tplc_take(&k, ">")) {
		node = new_node(p, TPLC_PARTIAL, tag->pos);
		parse_call(p, &k, node);
		return node;
	}
	if (p->c->is_layout && (str_eq(tag->text, STR("body")) || is_call(tag->text, "slot")))
		return parse_slot_place(p, &k);
	if (str_eq(tag->text, STR("csrf")))
		return new_node(p, TPLC_CSRF, tag->pos);
	if (is_call(tag->text, "t") || is_call(tag->text, "tn"))
		return parse_message(p, &k, tplc_ident(&k).n == 2, false);
	if (is_call(tag->text, "icon") || is_call(tag->text, "asset"))
		return tplc_ident(&k).n == 4 ? parse_icon(p, &k) : parse_asset(p, &k);
	if (is_call(tag->text, "view")) {
		tplc_error(p->c, tag->pos, "{{view}} stands once, at the start");
		return NULL;
	}
	node = new_node(p, TPLC_VALUE, tag->pos);
	node->expr = tplc_value(&k);
	tplc_expect_end(&k);
	return node;
}

static struct tplc_node *parse_list(struct parser *p)
{
	struct tplc_node *first = NULL, **tail = &first;
	const struct tplc_token *token;

	if (++p->depth > TPLC_DEPTH_MAX) {
		token = peek(p);
		tplc_error(p->c, token ? token->pos : (struct tplc_pos){ 1, 1 },
			   "too many blocks within blocks");
	}
	while (!p->c->failed && (token = peek(p)) != NULL) {
		struct tplc_node *node;

		if (token->is_tag &&
		    (is_list_end(token->text) || (p->depth == 2 && is_word(token->text, "#slot"))))
			break;
		p->tokens->at++;
		if (token->is_tag && token->text.n > 0 && token->text.p[0] == '!')
			continue;
		if (!token->is_tag && token->text.n == 0)
			continue;
		if (token->is_tag) {
			node = parse_tag(p, token);
		} else {
			node = new_node(p, TPLC_TEXT, token->pos);
			node->text = token->text;
		}
		if (!node)
			break;
		*tail = node;
		tail = &node->next;
	}
	p->depth--;
	return first;
}

/* {{view name "header"}} at the start. */
static void parse_view(struct parser *p)
{
	const struct tplc_token *tag = p->tokens->n > 1 ? &p->tokens->v[1] : NULL;
	struct tplc_cursor k;

	if (!tag || !is_call(tag->text, "view") || p->tokens->v[0].text.n > 0) {
		tplc_error(p->c, (struct tplc_pos){ 1, 1 },
			   "a template begins with {{view name \"view/header.h\"}}");
		return;
	}
	k = cursor(p, tag);
	tplc_ident(&k);
	p->c->view = tplc_ident(&k);
	if (p->c->view.n == 0)
		tplc_error(p->c, tag->pos, "the name of the view is missing");
	p->c->view_header = tplc_string(&k);
	for (size_t i = 0; i < p->c->view_header.n; i++) {
		char ch = p->c->view_header.p[i];

		if (!ascii_is_alnum(ch) && !strchr("_-./", ch))
			tplc_error(p->c, tag->pos,
				   "a header's name has letters, digits and -_./ only");
	}
	tplc_expect_end(&k);
	p->tokens->at = 2;
}

struct tplc_node *tplc_parse(struct tplc *c, struct tplc_tokens *tokens)
{
	struct parser p = { .c = c, .tokens = tokens };
	struct tplc_node *root;
	const struct tplc_token *tag;

	c->is_layout = str_starts(c->name, STR("layouts/"));
	parse_view(&p);
	root = parse_list(&p);
	tag = peek(&p);
	if (!c->failed && tag)
		tplc_error(c, tag->pos, "{{%.*s}} without its beginning",
			   STR_ARG(utf8_prefix(tag->text, 30)));
	return root;
}
