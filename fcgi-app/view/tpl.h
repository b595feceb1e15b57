/*
 * What compiled templates run on.
 *
 * tplc turns templates/x/y.html into `void tpl_x_y(struct tpl *, const struct
 * view_… *)` (view/tpl_x_y.h).  A template appends to t->out and cannot fail
 * by itself: memory and size are asked once, at the end, by buf_ok(t->out).
 * Which function writes a value was decided at build time from its place in
 * the HTML; a type that does not fit the place does not compile.
 * The upper-case macros are for generated code.
 */
#ifndef VIEW_TPL_H
#define VIEW_TPL_H

#include "base/buf.h"
#include "view/catalogue.h"

struct tpl {
	struct buf *out;
	struct arena *arena; /* filters and captures live here */
	enum lang lang;
	struct str asset_base; /* "/static/<hash>", no slash at the end */
	struct str csrf;       /* token for {{csrf}} */
	/* day_short's last answer, since lists show one day on row after row; p NULL: none yet. */
	struct {
		enum lang lang;
		int32_t day;
		struct str text;
	} last_day;
};

/* HTML that needs no escaping.  Made by tpl_capture_end and SAFE_HTML only. */
struct safe_html {
	struct str html;
};
#define SAFE_HTML(literal) ((struct safe_html){ STR(literal) })

/*
 * Renders templates into a safe_html instead of t->out:
 *   tpl_capture_begin(t, &c); tpl_partials_card(t, &card); html = tpl_capture_end(t, &c);
 * max: bytes at most; more, or no memory, makes t->out fail too.
 */
struct tpl_capture {
	struct buf buf, *outer;
};
void tpl_capture_begin(struct tpl *t, struct tpl_capture *c, size_t max);
struct safe_html tpl_capture_end(struct tpl *t, struct tpl_capture *c);

/* ---- for generated code ----------------------------------------------------------- */

void tpl_text_str(struct tpl *t, struct str s);
void tpl_text_cz(struct tpl *t, const char *cz);
void tpl_text_html(struct tpl *t, struct safe_html h);
void tpl_attr_str(struct tpl *t, struct str s);
void tpl_attr_cz(struct tpl *t, const char *cz);
void tpl_url_str(struct tpl *t, struct str s); /* a whole URL, or its start */
void tpl_url_cz(struct tpl *t, const char *cz);
void tpl_part_str(struct tpl *t, struct str s); /* path segment, query name or value, fragment */
void tpl_part_cz(struct tpl *t, const char *cz);
void tpl_json_str(struct tpl *t, struct str s); /* with its quotes */
void tpl_json_cz(struct tpl *t, const char *cz);
void tpl_json_bool(struct tpl *t, bool v);
void tpl_i64(struct tpl *t, int64_t v);
void tpl_u64(struct tpl *t, uint64_t v);

void tpl_icon(struct tpl *t, struct str class, struct str name);
void tpl_csrf(struct tpl *t);

/* The text of a message, escaped for element and attribute, or as a JSON string. */
void tpl_message(struct tpl *t, const struct message *m);
void tpl_message_json(struct tpl *t, const struct message *m);
/*
 * Writes a message in pieces: up to the next {name} of the n names, whose
 * index is returned; -1 at the end.  *rest starts as the form's html.
 */
int tpl_piece(struct tpl *t, struct str *rest, const struct str *names, size_t n);

static inline void tpl_literal(struct tpl *t, const char *p, size_t n)
{
	struct buf *b = t->out;

	if (__builtin_expect(!b->failed && b->cap - b->n >= n, 1)) {
		memcpy(b->p + b->n, p, n);
		b->n += n;
	} else {
		buf_add(b, str_make(p, n));
	}
}
#define TPL_LITERAL(t, literal) tpl_literal((t), "" literal, sizeof(literal) - 1)

/* clang-format off */
#define TPL_NUMBERS \
	signed char: tpl_i64, short: tpl_i64, int: tpl_i64, long: tpl_i64, long long: tpl_i64, \
	unsigned char: tpl_u64, unsigned short: tpl_u64, unsigned: tpl_u64, \
	unsigned long: tpl_u64, unsigned long long: tpl_u64
#define TPL_TEXT(t, x) _Generic((x), struct str: tpl_text_str, char *: tpl_text_cz, \
	const char *: tpl_text_cz, struct safe_html: tpl_text_html, TPL_NUMBERS)((t), (x))
#define TPL_ATTR(t, x) _Generic((x), struct str: tpl_attr_str, char *: tpl_attr_cz, \
	const char *: tpl_attr_cz, TPL_NUMBERS)((t), (x))
#define TPL_URL(t, x) _Generic((x), struct str: tpl_url_str, char *: tpl_url_cz, \
	const char *: tpl_url_cz)((t), (x))
#define TPL_PART(t, x) _Generic((x), struct str: tpl_part_str, char *: tpl_part_cz, \
	const char *: tpl_part_cz, TPL_NUMBERS)((t), (x))
#define TPL_JSON(t, x) _Generic((x), struct str: tpl_json_str, char *: tpl_json_cz, \
	const char *: tpl_json_cz, bool: tpl_json_bool, TPL_NUMBERS)((t), (x))

/* {{#if x}}: a text that is not empty, a number that is not 0, a pointer that is not NULL. */
#define TPL_TRUE(x) _Generic((x), struct str: tpl_true_str, struct safe_html: tpl_true_html, \
	char *: tpl_true_cz, const char *: tpl_true_cz, bool: tpl_true_bool, \
	signed char: tpl_true_i64, short: tpl_true_i64, int: tpl_true_i64, long: tpl_true_i64, \
	long long: tpl_true_i64, unsigned char: tpl_true_u64, unsigned short: tpl_true_u64, \
	unsigned: tpl_true_u64, unsigned long: tpl_true_u64, unsigned long long: tpl_true_u64, \
	default: tpl_true_pointer)(x)
/* {{#if x == "text"}} */
#define TPL_STR(x) _Generic((x), struct str: tpl_same_str, char *: str_from, \
	const char *: str_from)(x)
/* clang-format on */

static inline struct str tpl_same_str(struct str s)
{
	return s;
}
static inline bool tpl_true_str(struct str s)
{
	return s.n > 0;
}
static inline bool tpl_true_html(struct safe_html h)
{
	return h.html.n > 0;
}
static inline bool tpl_true_cz(const char *cz)
{
	return cz && *cz;
}
static inline bool tpl_true_bool(bool v)
{
	return v;
}
static inline bool tpl_true_i64(int64_t v)
{
	return v != 0;
}
static inline bool tpl_true_u64(uint64_t v)
{
	return v != 0;
}
static inline bool tpl_true_pointer(const void *p)
{
	return p != NULL;
}

#endif
