/*
 * Reading declared fields.  Must not know: requests, routes, who asks.
 */
#include "web/field.h"

#include "base/num.h"

struct reading {
	const struct field_sources *from;
	struct arena *arena;
	struct error *e;
	enum rc rc; /* other than RC_INVALID: the end */
};

static void fault(struct reading *r, const struct field *f, enum reason reason, int64_t arg)
{
	if (f->from == FROM_PATH) {
		if (r->rc == RC_OK)
			r->rc = ERROR(r->e, RC_NOT_FOUND, REASON_NOT_FOUND, "path value %s",
				      f->name);
		return;
	}
	if (r->rc == RC_OK || r->rc == RC_INVALID)
		r->rc = ERROR_FIELD(r->e, f->name, reason, arg);
}

static bool is_forbidden(uint32_t c, bool lines)
{
	if (c == '\t' || c == '\n' || c == '\r')
		return !lines;
	return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 ||
	       (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

bool field_text_is_clean(struct str s, bool lines)
{
	if (!utf8_valid(s))
		return false;
	for (size_t at = 0; at < s.n;)
		if (is_forbidden(utf8_next(s, &at), lines))
			return false;
	return true;
}

/* ---- finding ------------------------------------------------------------------------ */

static const struct pairs *source(const struct reading *r, const struct field *f)
{
	struct str name = str_from(f->name);

	switch (f->from) {
	case FROM_PATH:
		return r->from->path;
	case FROM_QUERY:
		return r->from->query;
	case FROM_ANY:
		return pairs_find(r->from->form, name, 0) ? r->from->form : r->from->query;
	case FROM_FORM:
		break;
	}
	return r->from->form;
}

/* The one value; false when it is absent, empty or sent twice. */
static bool find(struct reading *r, const struct field *f, struct str *ret)
{
	const struct pairs *p = source(r, f);
	const struct pair *first = pairs_find(p, str_from(f->name), 0);

	if (first && pairs_count(p, first->name) > 1) {
		fault(r, f, REASON_REPEATED, 0);
		return false;
	}
	*ret = first ? first->value : (struct str){ 0 };
	if (f->type != FIELD_RAW && f->type != FIELD_LONG_TEXT)
		*ret = str_trim(*ret);
	if (ret->n)
		return true;
	if (f->required)
		fault(r, f, REASON_REQUIRED, 0);
	return false;
}

/* ---- texts --------------------------------------------------------------------------- */

static bool length_fits(struct reading *r, const struct field *f, size_t n, int64_t otherwise)
{
	int64_t max = f->max ? f->max : otherwise;

	if (n > (size_t)max)
		fault(r, f, REASON_TOO_LONG, max);
	else if (n < (size_t)f->min)
		fault(r, f, REASON_TOO_SHORT, f->min);
	else
		return true;
	return false;
}

static bool text_fits(struct reading *r, const struct field *f, struct str s)
{
	if (!field_text_is_clean(s, false)) {
		fault(r, f, REASON_NOT_TEXT, 0);
		return false;
	}
	return length_fits(r, f, utf8_length(s), FIELD_TEXT_MAX);
}

/* CR LF and lone CR become LF; blanks at the end go. */
static struct str unify_lines(struct reading *r, struct str s)
{
	size_t n = 0;
	char *p;

	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\n' ||
		       s.p[s.n - 1] == '\r'))
		s.n--;
	if (str_find_char(s, '\r') == SIZE_MAX)
		return s;
	p = arena_alloc(r->arena, s.n);
	if (!p) {
		r->rc = ERROR_MEMORY(r->e);
		return (struct str){ 0 };
	}
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\r')
			p[n++] = s.p[i];
		else if (i + 1 == s.n || s.p[i + 1] != '\n')
			p[n++] = '\n';
	}
	return str_make(p, n);
}

static void read_text(struct reading *r, const struct field *f, struct str s, struct str *ret)
{
	if (text_fits(r, f, s))
		*ret = s;
}

static void read_long_text(struct reading *r, const struct field *f, struct str s, struct str *ret)
{
	if (!field_text_is_clean(s, true)) {
		fault(r, f, REASON_NOT_TEXT, 0);
		return;
	}
	s = unify_lines(r, s);
	if (!s.n && f->required)
		fault(r, f, REASON_REQUIRED, 0);
	else if (length_fits(r, f, utf8_length(s), FIELD_LONG_TEXT_MAX))
		*ret = s;
}

/* One '@' with something on both sides, a dot in the domain, no blanks. */
static void read_email(struct reading *r, const struct field *f, struct str s, struct str *ret)
{
	size_t at = str_rfind_char(s, '@');
	struct str domain = at == SIZE_MAX ? (struct str){ 0 } : str_from_pos(s, at + 1);

	if (!text_fits(r, f, s))
		return;
	if (at == SIZE_MAX || at == 0 || str_find_char(s, '@') != at ||
	    str_find_char(s, ' ') != SIZE_MAX || str_find_char(domain, '.') == SIZE_MAX ||
	    domain.p[0] == '.' || domain.p[domain.n - 1] == '.')
		fault(r, f, REASON_NOT_AN_EMAIL, 0);
	else
		*ret = s;
}

static void read_raw(struct reading *r, const struct field *f, struct str s, struct str *ret)
{
	if (str_find_char(s, '\0') != SIZE_MAX)
		fault(r, f, REASON_NOT_TEXT, 0);
	else if (length_fits(r, f, s.n, FIELD_TEXT_MAX))
		*ret = s;
}

/* ---- the rest ------------------------------------------------------------------------ */

static void read_int(struct reading *r, const struct field *f, struct str s, int64_t *ret)
{
	bool is_open = f->min == 0 && f->max == 0;
	int64_t v;

	if (f->type == FIELD_ID) {
		if (num_i64(s, 1, INT64_MAX, ret))
			return;
		fault(r, f, REASON_NOT_A_CHOICE, 0);
	} else if (!num_i64(s, INT64_MIN, INT64_MAX, &v)) {
		fault(r, f, REASON_NOT_A_NUMBER, 0);
	} else if (!is_open && v < f->min) {
		fault(r, f, REASON_TOO_SMALL, f->min);
	} else if (!is_open && v > f->max) {
		fault(r, f, REASON_TOO_LARGE, f->max);
	} else {
		*ret = v;
	}
}

static void read_choice(struct reading *r, const struct field *f, struct str s, int *ret)
{
	for (int i = 0; f->words[i]; i++)
		if (f->words[i][0] && str_eq(s, str_from(f->words[i]))) {
			*ret = i;
			return;
		}
	fault(r, f, REASON_NOT_A_CHOICE, 0);
}

static void read_bool(struct reading *r, const struct field *f, struct str s, bool *ret)
{
	static const char *const words[] = { "0", "off", "no", "false", "1", "on", "yes", "true" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eq_nocase(s, str_from(words[i]))) {
			*ret = i >= ARRAY_LEN(words) / 2;
			return;
		}
	fault(r, f, REASON_NOT_A_CHOICE, 0);
}

static bool is_list_item(const struct field *f, struct str name)
{
	struct str own = str_from(f->name);

	return str_eq(name, own) ||
	       (name.n == own.n + 2 && str_starts(name, own) && str_ends(name, STR("[]")));
}

static void read_list(struct reading *r, const struct field *f, struct field_list *ret)
{
	const struct pairs *p = source(r, f);
	struct str *v;
	size_t n = 0;

	if (f->from == FROM_ANY && p == r->from->query)
		for (size_t i = 0; i < r->from->form->n; i++)
			if (is_list_item(f, r->from->form->v[i].name))
				p = r->from->form;
	for (size_t i = 0; i < p->n; i++)
		n += is_list_item(f, p->v[i].name);
	if (n == 0) {
		if (f->required)
			fault(r, f, REASON_REQUIRED, 0);
		return;
	}
	if (n > FIELD_LIST_MAX) {
		r->rc = ERROR(r->e, RC_TOO_BIG, REASON_TOO_MUCH, "%zu values of %s", n, f->name);
		return;
	}
	v = ARENA_ARRAY(r->arena, n, struct str);
	if (!v) {
		r->rc = ERROR_MEMORY(r->e);
		return;
	}
	n = 0;
	for (size_t i = 0; i < p->n; i++) {
		struct str value = str_trim(p->v[i].value);

		if (!is_list_item(f, p->v[i].name) || !value.n)
			continue;
		if (!text_fits(r, f, value))
			return;
		v[n++] = value;
	}
	*ret = (struct field_list){ v, n };
}

static void set_absent(const struct field *f, char *member)
{
	switch (f->type) {
	case FIELD_INT:
	case FIELD_ID:
		*(int64_t *)(void *)member = f->fallback;
		break;
	case FIELD_CHOICE:
		*(int *)(void *)member = (int)f->fallback;
		break;
	case FIELD_BOOL:
		*(bool *)(void *)member = f->fallback != 0;
		break;
	case FIELD_DAY:
	case FIELD_TOD:
		*(int32_t *)(void *)member = NO_DAY;
		break;
	case FIELD_TEXT:
	case FIELD_LONG_TEXT:
	case FIELD_EMAIL:
	case FIELD_RAW:
	case FIELD_LIST:
	case FIELD__MAX:
		break;
	}
}

static void read_value(struct reading *r, const struct field *f, struct str s, void *member)
{
	switch (f->type) {
	case FIELD_TEXT:
		read_text(r, f, s, member);
		break;
	case FIELD_LONG_TEXT:
		read_long_text(r, f, s, member);
		break;
	case FIELD_EMAIL:
		read_email(r, f, s, member);
		break;
	case FIELD_RAW:
		read_raw(r, f, s, member);
		break;
	case FIELD_INT:
	case FIELD_ID:
		read_int(r, f, s, member);
		break;
	case FIELD_DAY:
		if (!day_parse(s, member))
			fault(r, f, REASON_NOT_A_DATE, 0);
		break;
	case FIELD_TOD:
		if (!tod_parse(s, member))
			fault(r, f, REASON_NOT_A_TIME, 0);
		break;
	case FIELD_CHOICE:
		read_choice(r, f, s, member);
		break;
	case FIELD_BOOL:
		read_bool(r, f, s, member);
		break;
	case FIELD_LIST:
	case FIELD__MAX:
		BUG(true);
	}
}

enum rc fields_read(const struct fields *f, const struct field_sources *from, struct arena *a,
		    void *in, struct error *e)
{
	struct reading r = { from, a, e, RC_OK };

	memset(in, 0, f->in_size);
	for (size_t i = 0; i < f->n; i++) {
		char *member = (char *)in + f->v[i].offset;
		struct str s;

		set_absent(&f->v[i], member);
		if (f->v[i].type == FIELD_LIST)
			read_list(&r, &f->v[i], (struct field_list *)(void *)member);
		else if (find(&r, &f->v[i], &s))
			read_value(&r, &f->v[i], s, member);
		if (r.rc != RC_OK && r.rc != RC_INVALID)
			return r.rc;
	}
	return r.rc;
}
