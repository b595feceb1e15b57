/*
 * Looking up texts in the tables that catc made.  Constant data only; the one
 * function that allocates says so.
 */
#include "view/catalogue.h"

#include "base/buf.h"

struct language {
	struct str tag, own_name, direction;
	size_t (*plural)(uint64_t n);
};

static const struct language languages[LANG__MAX] = {
#define X(name, tag, own, dir)                                                                     \
	[LANG_##name] = { STR_INIT(tag), STR_INIT(own), STR_INIT(dir), catalogue_plural_##name },
	LANGUAGES(X)
#undef X
};

struct str lang_tag(enum lang lang)
{
	return languages[lang].tag;
}

struct str lang_own_name(enum lang lang)
{
	return languages[lang].own_name;
}

struct str lang_direction(enum lang lang)
{
	return languages[lang].direction;
}

bool lang_from_tag(struct str tag, enum lang *ret_lang)
{
	for (unsigned i = 0; i < LANG__MAX; i++) {
		if (str_eq(tag, languages[i].tag)) {
			*ret_lang = (enum lang)i;
			return true;
		}
	}
	return false;
}

struct str message_text(const struct message *m, enum lang lang)
{
	return m->forms[lang][0].text;
}

const struct message_form *message_form(const struct message *m, enum lang lang, int64_t n)
{
	uint64_t count = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	size_t i = languages[lang].plural(count);

	/* A message without plural, shown with a number, has one form. */
	if (i >= m->n_forms[lang])
		i = m->n_forms[lang] - 1;
	return &m->forms[lang][i];
}

static int key_compare(struct catalogue_key a, struct catalogue_key b)
{
	int order = strcmp(a.english, b.english);

	if (order != 0)
		return order;
	if (!a.ctx || !b.ctx)
		return (a.ctx != NULL) - (b.ctx != NULL);
	return strcmp(a.ctx, b.ctx);
}

static const struct message *find(struct catalogue_key key)
{
	size_t from = 0, to = catalogue_n_messages;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		const struct message *m = catalogue_messages[middle];
		int order = key_compare(key, m->key);

		if (order == 0)
			return m;
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

struct str catalogue_text_ctx(enum lang lang, struct catalogue_key key)
{
	const struct message *m = find(key);

	return m ? message_text(m, lang) : str_from(key.english);
}

struct str catalogue_text(enum lang lang, const char *english)
{
	return catalogue_text_ctx(lang, (struct catalogue_key){ NULL, english });
}

struct str catalogue_text_n(struct arena *a, enum lang lang, const char *english, int64_t n)
{
	const struct str hole = STR("{n}");
	const struct message *m = find((struct catalogue_key){ NULL, english });
	struct str rest = m ? message_form(m, lang, n)->text : str_from(english);
	struct buf out;
	size_t at;

	buf_init(&out, a, rest.n + 20, SIZE_MAX);
	while ((at = str_find(rest, hole)) != SIZE_MAX) {
		buf_add(&out, str_sub(rest, 0, at));
		buf_i64(&out, n);
		rest = str_from_pos(rest, at + hole.n);
	}
	buf_add(&out, rest);
	return buf_ok(&out) ? buf_str(&out) : (struct str){ 0 };
}
