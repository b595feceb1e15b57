/*
 * Messages of tplc: placeholders, and the list for the translators.  The
 * names of the generated constants are in tools/catc_name.h, shared with catc.
 */
#include "tools/catc_name.h"
#include "tools/tplc.h"

bool tplc_names_has(const struct tplc_names *names, struct str name)
{
	for (; names; names = names->next) {
		if (str_eq(names->name, name))
			return true;
	}
	return false;
}

struct tplc_names *tplc_placeholders(struct tplc *c, struct tplc_pos pos, struct str text)
{
	struct tplc_names *first = NULL, **tail = &first;
	struct str name;
	size_t at = 0;

	while (catc_placeholder(text, &at, &name)) {
		struct tplc_names *n;

		if (tplc_names_has(first, name))
			continue;
		n = TPLC_NEW(c, struct tplc_names);
		n->name = name;
		*tail = n;
		tail = &n->next;
	}
	if (at != text.n)
		tplc_error(c, pos, "a { or } of the text that is no {name}");
	return first;
}

static bool same_text(struct str a, struct str b)
{
	return (a.p != NULL) == (b.p != NULL) && str_eq(a, b);
}

void tplc_message_add(struct tplc *c, struct tplc_message *m)
{
	struct tplc_message **tail = &c->messages;
	struct buf name;

	buf_init(&name, c->arena, 64, SIZE_MAX);
	catc_message_name(&name, m->ctx, m->id);
	m->symbol = buf_str(&name);
	for (; *tail; tail = &(*tail)->next) {
		if (!same_text((*tail)->ctx, m->ctx) || !str_eq((*tail)->id, m->id))
			continue;
		if (!same_text((*tail)->plural, m->plural))
			tplc_error(c, m->pos, "line %d uses this text with another plural",
				   (*tail)->pos.line);
		return;
	}
	*tail = m;
}

static void po_string(struct buf *out, const char *keyword, struct str s)
{
	buf_printf(out, "%s \"", keyword);
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];

		if (ch == '\n') {
			BUF_LIT(out, "\\n");
		} else {
			if (ch == '"' || ch == '\\')
				buf_char(out, '\\');
			buf_char(out, ch);
		}
	}
	BUF_LIT(out, "\"\n");
}

void tplc_messages_write(const struct tplc *c, struct buf *out)
{
	/* Without a header the tools would not take it for UTF-8. */
	BUF_LIT(out, "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n");
	for (const struct tplc_message *m = c->messages; m; m = m->next) {
		buf_printf(out, "\n#: %.*s:%d\n", STR_ARG(c->file), m->pos.line);
		if (m->ctx.p)
			po_string(out, "msgctxt", m->ctx);
		po_string(out, "msgid", m->id);
		if (m->plural.p) {
			po_string(out, "msgid_plural", m->plural);
			po_string(out, "msgstr[0]", STR(""));
			po_string(out, "msgstr[1]", STR(""));
		} else {
			po_string(out, "msgstr", STR(""));
		}
	}
}
