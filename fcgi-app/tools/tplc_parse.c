/*
 * Parser of tplc: tags to a tree.  Recursive, at most TPLC_DEPTH_MAX deep.
 * A list of nodes ends at a tag that its caller knows: {{else}}, {{:x}}, {{/x}}.
 */
#include "tools/tplc_parse.h"

struct tplc_node *parse_new_node(struct parser *p, enum tplc_kind kind, struct tplc_pos pos)
{
	struct tplc_node *node = TPLC_NEW(p->c, struct tplc_node);

	node->kind = kind;
	node->pos = pos;
	return node;
}

const struct tplc_token *parse_peek(const struct parser *p)
{
	const struct tplc_tokens *tokens = p->tokens;

	return tokens->at < tokens->n ? &tokens->v[tokens->at] : NULL;
}

struct tplc_cursor parse_cursor(struct parser *p, const struct tplc_token *tag)
{
	return (struct tplc_cursor){ p->c, &p->scope, tag->text, 0, tag->pos };
}

/* The tag begins with this word and nothing that would make it longer. */
bool parse_is_word(struct str tag, const char *word)
{
	size_t n = strlen(word);

	return str_starts(tag, str_from(word)) &&
	       (tag.n == n || !(ascii_is_alnum(tag.p[n]) || strchr("_.-", tag.p[n])));
}

/* Ends the list of its block. */
static bool is_list_end(struct str tag)
{
	return tag.n > 0 && (tag.p[0] == '/' || tag.p[0] == ':' || parse_is_word(tag, "else") ||
			     parse_is_word(tag, "elif"));
}

/* Takes the next tag when it is exactly this. */
static bool parse_take_tag(struct parser *p, const char *text)
{
	const struct tplc_token *tag = parse_peek(p);

	if (!tag || !tag->is_tag || !str_eq(tag->text, str_from(text)))
		return false;
	p->tokens->at++;
	return true;
}

void parse_expect_close(struct parser *p, struct tplc_pos open, const char *close)
{
	const struct tplc_token *tag = parse_peek(p);

	if (p->c->failed || parse_take_tag(p, close))
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
	const struct tplc_token *tag = parse_peek(p);

	return tag ? tag->pos : otherwise;
}

/* ---- if, each ------------------------------------------------------------------ */

/* k stands behind #if or elif.  The closing tag is left to the caller. */
static struct tplc_node *parse_if(struct parser *p, struct tplc_cursor *k)
{
	struct tplc_node *node = parse_new_node(p, TPLC_IF, k->pos);
	const struct tplc_token *tag;

	node->expr = tplc_condition(k);
	tplc_expect_end(k);
	node->body = parse_list(p);
	node->body_end = end_of_list(p, k->pos);
	tag = parse_peek(p);
	if (p->c->failed || !tag)
		return node;
	if (parse_is_word(tag->text, "elif")) {
		struct tplc_cursor next = parse_cursor(p, tag);

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
	} else if (parse_take_tag(p, "else")) {
		node->otherwise = parse_list(p);
	}
	node->otherwise_end = end_of_list(p, k->pos);
	return node;
}

static struct tplc_node *parse_each(struct parser *p, struct tplc_cursor *k)
{
	struct tplc_node *node = parse_new_node(p, TPLC_EACH, k->pos);
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
	if (parse_take_tag(p, "else"))
		node->otherwise = parse_list(p);
	node->otherwise_end = end_of_list(p, k->pos);
	parse_expect_close(p, k->pos, "/each");
	return node;
}

/* ---- tags ------------------------------------------------------------------------------ */

static struct tplc_node *parse_block(struct parser *p, struct tplc_cursor *k)
{
	struct str word;
	struct tplc_node *node;

	tplc_take(k, "#");
	word = tplc_ident(k);
	if (str_eq(word, STR("if"))) {
		node = parse_if(p, k);
		parse_expect_close(p, k->pos, "/if");
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

	if (!parse_is_word(tag, word))
		return false;
	rest = str_trim(str_from_pos(tag, strlen(word)));
	return rest.n > 0 && rest.p[0] != '|' && rest.p[0] != '.';
}

static struct tplc_node *parse_tag(struct parser *p, const struct tplc_token *tag)
{
	struct tplc_cursor k = parse_cursor(p, tag);
	struct tplc_node *node;

	if (tag->text.n == 0) {
		tplc_error(p->c, tag->pos, "an empty tag");
		return NULL;
	}
	if (tag->text.p[0] == '#')
		return parse_block(p, &k);
	if (tplc_take(&k, ">")) {
		node = parse_new_node(p, TPLC_PARTIAL, tag->pos);
		parse_call(p, &k, node);
		return node;
	}
	if (p->c->is_layout && (str_eq(tag->text, STR("body")) || is_call(tag->text, "slot")))
		return parse_slot_place(p, &k);
	if (str_eq(tag->text, STR("csrf")))
		return parse_new_node(p, TPLC_CSRF, tag->pos);
	if (is_call(tag->text, "t") || is_call(tag->text, "tn"))
		return parse_message(p, &k, tplc_ident(&k).n == 2, false);
	if (is_call(tag->text, "icon") || is_call(tag->text, "asset"))
		return tplc_ident(&k).n == 4 ? parse_icon(p, &k) : parse_asset(p, &k);
	if (is_call(tag->text, "view")) {
		tplc_error(p->c, tag->pos, "{{view}} stands once, at the start");
		return NULL;
	}
	node = parse_new_node(p, TPLC_VALUE, tag->pos);
	node->expr = tplc_value(&k);
	tplc_expect_end(&k);
	return node;
}

struct tplc_node *parse_list(struct parser *p)
{
	struct tplc_node *first = NULL, **tail = &first;
	const struct tplc_token *token;

	if (++p->depth > TPLC_DEPTH_MAX) {
		token = parse_peek(p);
		tplc_error(p->c, token ? token->pos : (struct tplc_pos){ 1, 1 },
			   "too many blocks within blocks");
	}
	while (!p->c->failed && (token = parse_peek(p)) != NULL) {
		struct tplc_node *node;

		if (token->is_tag &&
		    (is_list_end(token->text) ||
		     (p->depth == p->slot_depth && parse_is_word(token->text, "#slot"))))
			break;
		p->tokens->at++;
		if (token->is_tag && token->text.n > 0 && token->text.p[0] == '!')
			continue;
		if (!token->is_tag && token->text.n == 0)
			continue;
		if (token->is_tag) {
			node = parse_tag(p, token);
		} else {
			node = parse_new_node(p, TPLC_TEXT, token->pos);
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
	k = parse_cursor(p, tag);
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
	tag = parse_peek(&p);
	if (!c->failed && tag)
		tplc_error(c, tag->pos, "{{%.*s}} without its beginning",
			   STR_ARG(utf8_prefix(tag->text, 30)));
	return root;
}
