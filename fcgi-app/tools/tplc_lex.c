/*
 * Lexer of tplc: cuts a template into text and {{tags}}.
 *
 * A line that holds one block tag and blanks only is dropped, line end
 * included.  Views into the template; only the token array is allocated.
 */
#include "tools/tplc.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct tplc_pos tplc_advance(struct tplc_pos pos, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n') {
			pos.line++;
			pos.col = 1;
		} else {
			pos.col++;
		}
	}
	return pos;
}

/* Position of the closing }} at or after `from`, with strings skipped; SIZE_MAX when none. */
static size_t tag_end(struct str s, size_t from)
{
	bool in_string = false;

	for (size_t i = from; i < s.n; i++) {
		if (in_string && s.p[i] == '\\')
			i++;
		else if (s.p[i] == '"')
			in_string = !in_string;
		else if (!in_string && s.p[i] == '}' && i + 1 < s.n && s.p[i + 1] == '}')
			return i;
	}
	return SIZE_MAX;
}

/* A comment ends at the first }}, whatever quotes it holds. */
static size_t comment_end(struct str s, size_t from)
{
	size_t at = str_find(str_from_pos(s, from), STR("}}"));

	return at == SIZE_MAX ? SIZE_MAX : from + at;
}

static bool is_block(struct str tag)
{
	static const struct str words[] = { STR_INIT("else"), STR_INIT("elif"), STR_INIT("view"),
					    STR_INIT("body"), STR_INIT("slot") };
	size_t n = 0;

	if (tag.n == 0)
		return false;
	if (strchr("#/!>:", tag.p[0]))
		return true;
	while (n < tag.n && ascii_is_alpha(tag.p[n]))
		n++;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_eq(str_sub(tag, 0, n), words[i]))
			return n == tag.n || is_blank(tag.p[n]);
	}
	return false;
}

/* Blanks behind the last line end of s; SIZE_MAX when something else is there. */
static size_t blanks_at_end(struct str s, bool is_first)
{
	size_t n = s.n;

	while (n > 0 && is_blank(s.p[n - 1]))
		n--;
	if (n == 0 ? is_first : s.p[n - 1] == '\n')
		return s.n - n;
	return SIZE_MAX;
}

/* Blanks and line end at the start of s; SIZE_MAX when something else is there. */
static size_t blanks_at_start(struct str s, bool is_last)
{
	size_t n = 0;

	while (n < s.n && is_blank(s.p[n]))
		n++;
	if (n < s.n && s.p[n] == '\n')
		return n + 1;
	return n == s.n && is_last ? n : SIZE_MAX;
}

/*
 * Drops the lines that hold one block tag.  Decisions use the text as it was,
 * since neighbouring lines share one text token.
 */
static void drop_tag_lines(struct tplc *c, struct tplc_tokens *tokens)
{
	size_t *left = tplc_alloc(c, (tokens->n + 1) * sizeof(*left));
	size_t *right = tplc_alloc(c, (tokens->n + 1) * sizeof(*right));

	for (size_t i = 0; i < tokens->n; i++) {
		const struct tplc_token *v = tokens->v;
		bool is_first = i == 0, is_last = i + 1 == tokens->n;
		size_t before, after;

		if (!v[i].is_tag || !is_block(v[i].text))
			continue;
		/* Text and tags alternate: a text token, maybe empty, stands between two tags. */
		before = is_first ? 0 : blanks_at_end(v[i - 1].text, i == 1);
		after = is_last ? 0 : blanks_at_start(v[i + 1].text, i + 2 == tokens->n);
		if (before == SIZE_MAX || after == SIZE_MAX)
			continue;
		if (!is_first)
			right[i - 1] = before;
		if (!is_last)
			left[i + 1] = after;
	}
	for (size_t i = 0; i < tokens->n; i++) {
		struct tplc_token *k = &tokens->v[i];
		size_t n = k->text.n;

		if (k->is_tag || left[i] + right[i] == 0)
			continue;
		k->pos = tplc_advance(k->pos, str_sub(k->text, 0, left[i]));
		k->text = left[i] + right[i] >= n
				  ? STR("")
				  : str_sub(k->text, left[i], n - left[i] - right[i]);
	}
}

static size_t count_tags(struct str s)
{
	const struct str open = STR("{{");
	size_t n = 0, at;

	while ((at = str_find(s, open)) != SIZE_MAX) {
		s = str_from_pos(s, at + open.n);
		n++;
	}
	return n;
}

static void add_token(struct tplc_tokens *tokens, bool is_tag, struct str text, struct tplc_pos pos)
{
	tokens->v[tokens->n++] = (struct tplc_token){ is_tag, text, pos };
}

bool tplc_lex(struct tplc *c, struct tplc_tokens *ret)
{
	struct str s = c->text;
	struct tplc_pos pos = { 1, 1 };
	size_t at = 0;

	if (!utf8_valid(s))
		return tplc_error(c, pos, "the template is not UTF-8");
	if (s.n > 0 && memchr(s.p, '\0', s.n))
		return tplc_error(c, pos, "the template contains a zero byte");
	*ret = (struct tplc_tokens){ 0 };
	ret->v = tplc_alloc(c, (2 * count_tags(s) + 1) * sizeof(*ret->v));
	for (;;) {
		size_t open = str_find(str_from_pos(s, at), STR("{{"));
		struct str text = str_sub(s, at, open);
		size_t end;

		add_token(ret, false, text, pos);
		if (open == SIZE_MAX)
			break;
		pos = tplc_advance(pos, text);
		at += open;
		end = at + 2 < s.n && s.p[at + 2] == '!' ? comment_end(s, at + 2)
							 : tag_end(s, at + 2);
		if (end == SIZE_MAX)
			return tplc_error(c, pos, "{{ without }}");
		add_token(ret, true, str_trim(str_sub(s, at + 2, end - at - 2)), pos);
		pos = tplc_advance(pos, str_sub(s, at, end + 2 - at));
		at = end + 2;
	}
	drop_tag_lines(c, ret);
	return true;
}
