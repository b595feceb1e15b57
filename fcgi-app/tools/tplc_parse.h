/* Shared by the files of tplc's parser only. */
#ifndef TOOLS_TPLC_PARSE_H
#define TOOLS_TPLC_PARSE_H

#include "tools/tplc.h"

struct parser {
	struct tplc *c;
	struct tplc_tokens *tokens;
	struct tplc_scope scope;
	int depth;
	int slot_depth; /* of lists that a {{#slot}} ends; 0: none */
};

struct tplc_node *parse_new_node(struct parser *p, enum tplc_kind kind, struct tplc_pos pos);
/* The next token, which stays; NULL at the end. */
const struct tplc_token *parse_peek(const struct parser *p);
struct tplc_cursor parse_cursor(struct parser *p, const struct tplc_token *tag);
/* The tag begins with this word and nothing that would make it longer. */
bool parse_is_word(struct str tag, const char *word);
/* The closing tag ("/if") of a block that was opened there. */
void parse_expect_close(struct parser *p, struct tplc_pos open, const char *close);
/* Nodes up to a tag that ends a list, which stays. */
struct tplc_node *parse_list(struct parser *p);

/* In each k stands behind the first word of the tag, in parse_slot_place at it. */
void parse_call(struct parser *p, struct tplc_cursor *k, struct tplc_node *node);
struct tplc_node *parse_layout(struct parser *p, struct tplc_cursor *k);
struct tplc_node *parse_message(struct parser *p, struct tplc_cursor *k, bool is_plural,
				bool has_fragments);
struct tplc_node *parse_icon(struct parser *p, struct tplc_cursor *k);
struct tplc_node *parse_asset(struct parser *p, struct tplc_cursor *k);
struct tplc_node *parse_slot_place(struct parser *p, struct tplc_cursor *k);

#endif
