/*
 * The inside of a tag: names, strings, paths with filters, conditions.
 * Results are C expressions as text; what they mean the C compiler checks.
 */
#include "tools/tool_file.h"
#include "tools/tplc.h"

static void skip_blanks(struct tplc_cursor *k)
{
	while (k->at < k->s.n && strchr(" \t\r\n", k->s.p[k->at]))
		k->at++;
}

bool tplc_at_end(struct tplc_cursor *k)
{
	skip_blanks(k);
	return k->at == k->s.n;
}

bool tplc_take(struct tplc_cursor *k, const char *symbol)
{
	struct str rest;

	skip_blanks(k);
	rest = str_from_pos(k->s, k->at);
	if (!str_starts(rest, str_from(symbol)))
		return false;
	k->at += strlen(symbol);
	return true;
}

bool tplc_expect_end(struct tplc_cursor *k)
{
	if (tplc_at_end(k))
		return true;
	return tplc_error(k->c, k->pos, "unexpected \"%.*s\"",
			  STR_ARG(utf8_prefix(str_from_pos(k->s, k->at), 20)));
}

static bool is_ident_char(char c)
{
	return ascii_is_alnum(c) || c == '_';
}

static struct str take_while(struct tplc_cursor *k, bool (*is_part)(char))
{
	size_t from = k->at;

	while (k->at < k->s.n && is_part(k->s.p[k->at]))
		k->at++;
	return str_sub(k->s, from, k->at - from);
}

struct str tplc_ident(struct tplc_cursor *k)
{
	skip_blanks(k);
	if (k->at < k->s.n && ascii_is_digit(k->s.p[k->at]))
		return (struct str){ 0 };
	return take_while(k, is_ident_char);
}

static bool is_name_char(char c)
{
	return is_ident_char(c) || c == '-' || c == '/';
}

struct str tplc_template_name(struct tplc_cursor *k)
{
	struct str name;

	skip_blanks(k);
	name = take_while(k, is_name_char);
	if (name.n == 0 || name.p[0] == '/' || name.p[name.n - 1] == '/') {
		tplc_error(k->c, k->pos, "the name of a template is missing");
		return (struct str){ 0 };
	}
	return name;
}

struct str tplc_string(struct tplc_cursor *k)
{
	char *out;
	size_t n = 0;

	if (!tplc_take(k, "\"")) {
		tplc_error(k->c, k->pos, "a \"text\" is missing");
		return (struct str){ 0 };
	}
	out = tplc_alloc(k->c, k->s.n - k->at + 1);
	for (; k->at < k->s.n; k->at++) {
		char ch = k->s.p[k->at];

		if (ch == '"') {
			k->at++;
			return (struct str){ out, n };
		}
		if (ch == '\n') {
			tplc_error(k->c, k->pos, "a \"text\" goes over the end of the line");
			return (struct str){ 0 };
		}
		if (ch == '\\') {
			k->at++;
			ch = k->at < k->s.n ? k->s.p[k->at] : '\0';
			if (ch == 'n')
				ch = '\n';
			else if (ch != '"' && ch != '\\')
				break;
		}
		out[n++] = ch;
	}
	tplc_error(k->c, k->pos, "a \"text\" with a bad \\ or without an end");
	return (struct str){ 0 };
}

static bool in_scope(const struct tplc_scope *scope, struct str name)
{
	for (size_t i = 0; i < scope->n; i++) {
		if (str_eq(scope->names[i], name))
			return true;
	}
	return false;
}

/* "row_index" for a loop variable row. */
static bool is_index(const struct tplc_scope *scope, struct str name)
{
	const struct str suffix = STR("_index");

	return str_ends(name, suffix) && in_scope(scope, str_sub(name, 0, name.n - suffix.n));
}

/* The fields behind a first name; *is_deep when there was one. */
static void path_fields(struct tplc_cursor *k, struct buf *out, bool is_pointer, bool *is_deep)
{
	*is_deep = false;
	for (;;) {
		struct str rest = str_from_pos(k->s, k->at);
		bool is_arrow = str_starts(rest, STR("->"));
		struct str field;

		if (!is_arrow && !str_starts(rest, STR(".")))
			return;
		k->at += is_arrow ? 2 : 1;
		field = tplc_ident(k);
		if (field.n == 0) {
			tplc_error(k->c, k->pos, "a field is missing");
			return;
		}
		if (is_arrow || is_pointer)
			BUF_LIT(out, "->");
		else
			buf_char(out, '.');
		buf_add(out, field);
		is_pointer = false;
		*is_deep = true;
	}
}

struct str tplc_path(struct tplc_cursor *k)
{
	struct str first = tplc_ident(k);
	struct buf out;
	bool is_deep;

	if (first.n == 0) {
		tplc_error(k->c, k->pos, "a field is missing");
		return (struct str){ 0 };
	}
	buf_init(&out, k->c->arena, 64, SIZE_MAX);
	if (str_eq(first, STR("v")) || in_scope(k->scope, first)) {
		buf_add(&out, first);
		path_fields(k, &out, true, &is_deep);
	} else if (str_eq(first, STR("slot")) && k->c->is_layout) {
		BUF_LIT(&out, "slots");
		path_fields(k, &out, true, &is_deep);
	} else if (is_index(k->scope, first)) {
		buf_add(&out, first);
	} else {
		BUF_LIT(&out, "v->");
		buf_add(&out, first);
		path_fields(k, &out, false, &is_deep);
	}
	return buf_str(&out);
}

static bool has_filter(struct str header, struct str name)
{
	const struct str before = STR("struct str fmt_");
	size_t at;

	while ((at = str_find(header, before)) != SIZE_MAX) {
		header = str_from_pos(header, at + before.n);
		if (str_starts(header, name) && header.n > name.n && header.p[name.n] == '(')
			return true;
	}
	return false;
}

struct str tplc_value(struct tplc_cursor *k)
{
	struct str value = tplc_path(k);

	while (!k->c->failed && tplc_take(k, "|")) {
		struct str filter = tplc_ident(k);

		if (filter.n == 0 || !has_filter(k->c->filters, filter)) {
			tplc_error(k->c, k->pos, "unknown filter \"%.*s\"", STR_ARG(filter));
			return (struct str){ 0 };
		}
		value = tplc_printf(k->c, "fmt_%.*s(t, %.*s)", STR_ARG(filter), STR_ARG(value));
	}
	return value;
}

struct str tplc_rows(struct tplc_cursor *k, struct str *ret_count)
{
	struct str rows = tplc_path(k);
	size_t dot, arrow, at = 0;

	if (rows.n == 0)
		return rows;
	dot = str_rfind_char(rows, '.');
	arrow = str_rfind_char(rows, '>');
	if (dot != SIZE_MAX)
		at = dot + 1;
	if (arrow != SIZE_MAX && arrow + 1 > at)
		at = arrow + 1;
	if (at == 0)
		tplc_error(k->c, k->pos, "#each needs a field");
	*ret_count = tplc_printf(k->c, "%.*sn_%.*s", STR_ARG(str_sub(rows, 0, at)),
				 STR_ARG(str_from_pos(rows, at)));
	return rows;
}

/* An integer, a constant (its name begins with a capital), or a path. */
static struct str operand(struct tplc_cursor *k)
{
	size_t from;
	char first;

	skip_blanks(k);
	from = k->at;
	first = from < k->s.n ? k->s.p[from] : '\0';
	if (first >= 'A' && first <= 'Z')
		return tplc_ident(k);
	if (!ascii_is_digit(first) && first != '-')
		return tplc_path(k);
	k->at++;
	while (k->at < k->s.n && ascii_is_digit(k->s.p[k->at]))
		k->at++;
	if (first == '-' && k->at == from + 1)
		tplc_error(k->c, k->pos, "a number is missing");
	/* A leading zero would make it octal in C. */
	if (first == '0' && k->at > from + 1)
		tplc_error(k->c, k->pos, "a number with a leading zero");
	return str_sub(k->s, from, k->at - from);
}

static struct str text_comparison(struct tplc_cursor *k, struct str left, bool is_equal)
{
	struct str text = tplc_string(k);
	struct buf out;

	buf_init(&out, k->c->arena, 64, SIZE_MAX);
	buf_printf(&out, "%sstr_eq(TPL_STR(%.*s), STR(", is_equal ? "" : "!", STR_ARG(left));
	tool_c_string(&out, text);
	BUF_LIT(&out, "))");
	return buf_str(&out);
}

static struct str comparison(struct tplc_cursor *k)
{
	static const char *const operators[] = { "==", "!=", "<=", ">=", "<", ">" };
	struct str left = operand(k), right;

	for (size_t i = 0; i < ARRAY_LEN(operators) && !k->c->failed; i++) {
		if (!tplc_take(k, operators[i]))
			continue;
		skip_blanks(k);
		if (k->at < k->s.n && k->s.p[k->at] == '"') {
			if (i > 1)
				tplc_error(k->c, k->pos, "texts compare with == and != only");
			return text_comparison(k, left, i == 0);
		}
		right = operand(k);
		return tplc_printf(k->c, "(int64_t)(%.*s) %s (int64_t)(%.*s)", STR_ARG(left),
				   operators[i], STR_ARG(right));
	}
	return tplc_printf(k->c, "TPL_TRUE(%.*s)", STR_ARG(left));
}

static struct str alternatives(struct tplc_cursor *k, int depth);

static struct str unary(struct tplc_cursor *k, int depth)
{
	struct str inner;

	if (depth > TPLC_DEPTH_MAX) {
		tplc_error(k->c, k->pos, "the condition is nested too deeply");
		return (struct str){ 0 };
	}
	if (tplc_take(k, "!")) {
		inner = unary(k, depth + 1);
		return tplc_printf(k->c, "!(%.*s)", STR_ARG(inner));
	}
	if (!tplc_take(k, "("))
		return comparison(k);
	inner = alternatives(k, depth + 1);
	if (!tplc_take(k, ")"))
		tplc_error(k->c, k->pos, "a ) is missing");
	/* A call, since clang takes if ((a == b)) for a slip. */
	return tplc_printf(k->c, "tpl_true_bool(%.*s)", STR_ARG(inner));
}

static struct str conjunction(struct tplc_cursor *k, int depth)
{
	struct str left = unary(k, depth), right;

	while (!k->c->failed && tplc_take(k, "&&")) {
		right = unary(k, depth);
		left = tplc_printf(k->c, "%.*s && %.*s", STR_ARG(left), STR_ARG(right));
	}
	return left;
}

static struct str alternatives(struct tplc_cursor *k, int depth)
{
	struct str left = conjunction(k, depth), right;

	while (!k->c->failed && tplc_take(k, "||")) {
		right = conjunction(k, depth);
		left = tplc_printf(k->c, "(%.*s) || (%.*s)", STR_ARG(left), STR_ARG(right));
	}
	return left;
}

struct str tplc_condition(struct tplc_cursor *k)
{
	return alternatives(k, 0);
}
