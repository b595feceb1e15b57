/*
 * The functions compiled templates call: each writes one value in the form
 * its place in the HTML needs.  Appends to t->out only; errors stick there.
 */
#include "view/tpl.h"

#include "codec/html.h"
#include "codec/json.h"
#include "codec/url.h"

void tpl_capture_begin(struct tpl *t, struct tpl_capture *c, size_t max)
{
	c->outer = t->out;
	buf_init(&c->buf, t->arena, max < 1024 ? max : 1024, max);
	t->out = &c->buf;
}

struct safe_html tpl_capture_end(struct tpl *t, struct tpl_capture *c)
{
	t->out = c->outer;
	if (!buf_ok(&c->buf)) {
		t->out->failed = true;
		return (struct safe_html){ 0 };
	}
	return (struct safe_html){ buf_str(&c->buf) };
}

void tpl_text_str(struct tpl *t, struct str s)
{
	html_text(t->out, s);
}

void tpl_text_cz(struct tpl *t, const char *cz)
{
	html_text(t->out, str_from(cz));
}

void tpl_text_html(struct tpl *t, struct safe_html h)
{
	buf_add(t->out, h.html);
}

void tpl_attr_str(struct tpl *t, struct str s)
{
	html_attr(t->out, s);
}

void tpl_attr_cz(struct tpl *t, const char *cz)
{
	html_attr(t->out, str_from(cz));
}

void tpl_url_str(struct tpl *t, struct str s)
{
	html_url_attr(t->out, s);
}

void tpl_url_cz(struct tpl *t, const char *cz)
{
	html_url_attr(t->out, str_from(cz));
}

void tpl_part_str(struct tpl *t, struct str s)
{
	/* The stricter form of the two: right in path, query and fragment, and plain in HTML. */
	url_query(t->out, s);
}

void tpl_part_cz(struct tpl *t, const char *cz)
{
	url_query(t->out, str_from(cz));
}

void tpl_json_str(struct tpl *t, struct str s)
{
	struct json_out o;

	json_out_init(&o, t->out);
	json_out_str(&o, s);
}

void tpl_json_cz(struct tpl *t, const char *cz)
{
	if (cz)
		tpl_json_str(t, str_from(cz));
	else
		BUF_LIT(t->out, "null");
}

void tpl_json_bool(struct tpl *t, bool v)
{
	buf_add(t->out, v ? STR("true") : STR("false"));
}

void tpl_i64(struct tpl *t, int64_t v)
{
	buf_i64(t->out, v);
}

void tpl_u64(struct tpl *t, uint64_t v)
{
	buf_u64(t->out, v);
}

void tpl_icon(struct tpl *t, struct str class, struct str name)
{
	BUF_LIT(t->out, "<svg class=\"");
	buf_add(t->out, class);
	BUF_LIT(t->out, "\" aria-hidden=\"true\"><use href=\"");
	html_attr(t->out, t->asset_base);
	BUF_LIT(t->out, "/vendor/icons.svg#");
	buf_add(t->out, name);
	BUF_LIT(t->out, "\"/></svg>");
}

void tpl_csrf(struct tpl *t)
{
	BUF_LIT(t->out, "<input type=\"hidden\" name=\"csrf_token\" value=\"");
	html_attr(t->out, t->csrf);
	BUF_LIT(t->out, "\">");
}

void tpl_message(struct tpl *t, const struct message *m)
{
	buf_add(t->out, m->forms[t->lang][0].html);
}

void tpl_message_json(struct tpl *t, const struct message *m)
{
	tpl_json_str(t, message_text(m, t->lang));
}

static int name_index(struct str name, const struct str *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(name, names[i]))
			return (int)i;
	}
	return -1;
}

int tpl_piece(struct tpl *t, struct str *rest, const struct str *names, size_t n)
{
	size_t from = 0;

	while (from < rest->n) {
		struct str tail = str_from_pos(*rest, from);
		size_t open = str_find_char(tail, '{');
		size_t length;
		int index;

		if (open == SIZE_MAX)
			break;
		tail = str_from_pos(tail, open + 1);
		length = str_find_char(tail, '}');
		if (length == SIZE_MAX)
			break;
		index = name_index(str_sub(tail, 0, length), names, n);
		if (index >= 0) {
			buf_add(t->out, str_sub(*rest, 0, from + open));
			*rest = str_from_pos(tail, length + 1);
			return index;
		}
		from += open + 1;
	}
	buf_add(t->out, *rest);
	*rest = (struct str){ 0 };
	return -1;
}
