/*
 * tplc: compiles templates (templates/README.md) to C.  Shared by its parts:
 *
 *   tplc_lex.c   text and {{tags}}, white space around block tags
 *   tplc_expr.c  the inside of a tag: paths, filters, conditions, strings
 *   tplc_parse.c tags to a tree, with the loop variables in scope (and tplc_parse_call.c)
 *   tplc_html.c  where in the HTML a value stands (and tplc_html_step.c)
 *   tplc_emit.c  the tree to C (and tplc_emit_call.c)   tplc_message.c  messages and their names
 *   tplc_url.c   which attributes hold URLs, where in a URL a value stands
 *   tplc_compile.c all of it as one function   tplc.c  files and command line
 *
 * A build-time program: may use base and codec, never view.  Memory is one
 * arena for the run.  Errors stick in struct tplc: the first one is kept,
 * every loop stops, and nothing is written.
 */
#ifndef TOOLS_TPLC_H
#define TOOLS_TPLC_H

#include "base/buf.h"

#define TPLC_DEPTH_MAX 32 /* blocks within blocks */

/* 1-based; col counts bytes. */
struct tplc_pos {
	int line, col;
};

struct tplc {
	struct arena *arena;
	struct str file; /* as shown in errors and #line: "templates/x/y.html" */
	struct str name; /* "x/y" */
	struct str text;
	/* What templates may refer to. */
	bool (*has_partial)(void *arg, struct str name);
	void *arg;
	struct str icons;   /* names, one per line */
	struct str filters; /* the text of view/format.h */
	/* The first error. */
	bool failed;
	struct tplc_pos error_pos;
	char error[256];
	/* Found while parsing. */
	struct str view;         /* struct view_<view> */
	struct str view_header;  /* file that declares it, empty when none */
	struct tplc_slot *slots; /* that this layout offers */
	bool is_layout;
	struct tplc_message *messages;
	struct tplc_names *partials; /* templates called */
};

struct tplc_names {
	struct str name;
	struct tplc_names *next;
};

/* Records the first error of the run.  Returns false, so that checks may return it. */
bool tplc_error(struct tplc *c, struct tplc_pos pos, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* Memory of the run, or the end of the program. */
void *tplc_alloc(struct tplc *c, size_t n);
#define TPLC_NEW(c, type) ((type *)tplc_alloc((c), sizeof(type)))
struct str tplc_printf(struct tplc *c, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * Compiles c->text; file, name, text, has_partial, icons, filters and arena
 * are given, the rest is zero.  False: error and error_pos say why, and the
 * outputs are undefined.
 */
bool tplc_compile(struct tplc *c, struct buf *source, struct buf *header, struct buf *messages);

/* ---- lexer ------------------------------------------------------------------------ */

struct tplc_token {
	bool is_tag;
	struct str text; /* bytes of the template; a tag's without {{ }} and blanks around */
	struct tplc_pos pos;
};

struct tplc_tokens {
	struct tplc_token *v;
	size_t n, at;
};

/* False after an error. */
bool tplc_lex(struct tplc *c, struct tplc_tokens *ret);
/* The position behind the bytes of s when its first byte stands at pos. */
struct tplc_pos tplc_advance(struct tplc_pos pos, struct str s);

/* ---- inside a tag -------------------------------------------------------------------- */

struct tplc_scope {
	struct str names[TPLC_DEPTH_MAX]; /* loop variables, outermost first */
	size_t n;
};

/* A cursor over the text of one tag. */
struct tplc_cursor {
	struct tplc *c;
	const struct tplc_scope *scope;
	struct str s;
	size_t at;
	struct tplc_pos pos; /* of the tag */
};

/* Each skips blanks first; on failure the error is set and the result empty or false. */
bool tplc_at_end(struct tplc_cursor *k);
bool tplc_take(struct tplc_cursor *k, const char *symbol); /* no error when absent */
bool tplc_expect_end(struct tplc_cursor *k);
/* [A-Za-z_][A-Za-z0-9_]*; empty and no error when none is there. */
struct str tplc_ident(struct tplc_cursor *k);
/* Template name: idents with '-' joined by '/'. */
struct str tplc_template_name(struct tplc_cursor *k);
/* "…" with \" \\ \n. */
struct str tplc_string(struct tplc_cursor *k);
/* A path as a C expression: "v->a.b", "row->x". */
struct str tplc_path(struct tplc_cursor *k);
/* A path with filters, as a C expression. */
struct str tplc_value(struct tplc_cursor *k);
/* The condition of an #if, as a C expression. */
struct str tplc_condition(struct tplc_cursor *k);
/* A collection: *ret_count gets the expression of its n_ field. */
struct str tplc_rows(struct tplc_cursor *k, struct str *ret_count);

/* ---- messages ------------------------------------------------------------------------ */

struct tplc_message {
	struct tplc_pos pos;
	struct str ctx;        /* p NULL: none */
	struct str id, plural; /* plural.p NULL: none */
	struct str symbol;
	struct tplc_message *next;
};

/* {name}s of a text in order, without repeats. */
struct tplc_names *tplc_placeholders(struct tplc *c, struct tplc_pos pos, struct str text);
bool tplc_names_has(const struct tplc_names *names, struct str name);
/* Notes a use; fills in the symbol. */
void tplc_message_add(struct tplc *c, struct tplc_message *m);
/* The messages as a .pot file. */
void tplc_messages_write(const struct tplc *c, struct buf *out);

/* ---- tree ------------------------------------------------------------------------------ */

enum tplc_kind {
	TPLC_TEXT,    /* text */
	TPLC_VALUE,   /* expr */
	TPLC_IF,      /* expr; body, otherwise */
	TPLC_EACH,    /* expr, count, text = variable; body, otherwise */
	TPLC_PARTIAL, /* text = name, expr = argument or empty */
	TPLC_LAYOUT,  /* the same; slots */
	TPLC_SLOT,    /* text = name: where a layout puts a slot */
	TPLC_MESSAGE, /* message, expr = count or empty; args, slots */
	TPLC_ICON,    /* text = name, is_dir */
	TPLC_ASSET,   /* text = path */
	TPLC_CSRF
};

/* A named value of a message, or a named block of a layout or a message. */
struct tplc_slot {
	struct str name;
	struct str expr;        /* of an argument */
	struct tplc_node *body; /* of a block */
	struct tplc_pos pos;
	struct tplc_slot *next;
};

struct tplc_node {
	enum tplc_kind kind;
	struct tplc_pos pos;
	struct str text, expr, count;
	bool is_dir, is_elif;
	struct tplc_node *body, *otherwise, *next;
	struct tplc_pos body_end, otherwise_end;
	struct tplc_slot *args, *slots;
	struct tplc_message *message;
};

struct tplc_node *tplc_parse(struct tplc *c, struct tplc_tokens *tokens);

/* ---- HTML -------------------------------------------------------------------------------- */

enum html_place {
	HTML_TEXT,
	HTML_LT,     /* after < */
	HTML_MARKUP, /* <!doctype …> */
	HTML_COMMENT,
	HTML_TAG_NAME,
	HTML_END_TAG,
	HTML_IN_TAG, /* between attributes */
	HTML_ATTR_NAME,
	HTML_AFTER_NAME,   /* blanks after an attribute's name */
	HTML_BEFORE_VALUE, /* after = */
	HTML_VALUE,        /* in double quotes */
	HTML_VALUE_SINGLE,
	HTML_VALUE_BARE,
	HTML_RAW /* inside script, style, textarea, title */
};

enum html_url {
	URL_NONE,        /* not a URL */
	URL_START,       /* nothing yet */
	URL_AFTER_VALUE, /* a value began it */
	URL_SCHEME,      /* letters: a scheme or a relative path */
	URL_SLASH,       /* '/' */
	URL_HOST,        /* behind '//' */
	URL_INSIDE,      /* path, query, fragment */
	URL_MIXED        /* differs by a condition */
};

enum html_raw {
	RAW_NONE,
	RAW_TEXT, /* textarea, title: escaped as text */
	RAW_JSON, /* script type="application/json" */
	RAW_CODE  /* other scripts, which must be empty */
};

enum html_attr_kind { ATTR_PLAIN, ATTR_URL, ATTR_TYPE, ATTR_FORBIDDEN };

#define HTML_NAME_MAX 40

struct html_state {
	enum html_place place;
	enum html_url url;
	enum html_raw raw;
	enum html_attr_kind attr_kind;
	int pre;            /* open pre elements */
	int needs_blank;    /* before the next attribute */
	int is_json_type;   /* this tag has type="application/json" */
	int is_refresh;     /* this tag has http-equiv */
	int n_attrs;        /* 1 behind an attribute of this tag */
	int is_json_string; /* in a string of a JSON block */
	int n_dashes;       /* of a comment's end */
	size_t n_tag, n_attr, n_value;
	char tag[HTML_NAME_MAX];   /* lower case */
	char attr[HTML_NAME_MAX];  /* lower case */
	char value[HTML_NAME_MAX]; /* start of the value, of the end tag in raw text */
};

/* How a value is written at a place. */
enum html_escape { ESCAPE_TEXT, ESCAPE_ATTR, ESCAPE_URL, ESCAPE_PART, ESCAPE_JSON };

void html_start(struct html_state *h);
/* Goes through literal text; *out gets it with indentation dropped.  False after an error. */
bool html_literal(struct tplc *c, struct html_state *h, struct tplc_pos pos, struct str s,
		  struct buf *out);
/* A value stands here: how to escape it.  Moves the state behind it. */
bool html_value(struct tplc *c, struct html_state *h, struct tplc_pos pos, enum html_escape *ret);
/* A block begins or ends here. */
bool html_block(struct tplc *c, struct html_state *h, struct tplc_pos pos);
/* Whether two branches may meet; *a becomes what holds behind both. */
bool html_join(struct html_state *a, const struct html_state *b);
bool html_same(const struct html_state *a, const struct html_state *b);
/* For messages: "in a tag", "in the value of an attribute". */
const char *html_where(const struct html_state *h);

/* ---- output --------------------------------------------------------------------------------- */

/* "x/y-z" to "x_y_z". */
struct str tplc_symbol(struct tplc *c, struct str name);
void tplc_emit_source(struct tplc *c, const struct tplc_node *root, struct buf *out);
void tplc_emit_header(struct tplc *c, struct buf *out);

#endif
