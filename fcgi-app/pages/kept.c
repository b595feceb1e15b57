/*
 * What was typed, kept in the page.  Only paths of this site, only forms, and
 * never a password.
 */
#include "pages/kept.h"

#include "codec/url.h"
#include "pages/page.h"
#include "view/error.h"
#include "view/tpl_pages_resend.h"

/* Names people know, and names that are never kept or never shown. */
static const struct {
	const char *name, *label;
	bool is_dropped;
} names[] = {
	{ "start", N_("Actual start"), false },
	{ "end", N_("Actual end"), false },
	{ "code", N_("Completion code"), false },
	{ "notes", N_("Notes"), false },
	{ "text", N_("Note"), false },
	{ "reason", N_("Reason"), false },
	{ "description", N_("Description"), false },
	{ "csrf_token", NULL, true },
	{ "pass", NULL, true },
	{ "password", NULL, true },
	{ "old", NULL, true },
	{ "new", NULL, true },
	{ "again", NULL, true },
};

static const char *label_of(struct str name, bool *ret_is_dropped)
{
	*ret_is_dropped = false;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!str_eq(name, str_from(names[i].name)))
			continue;
		*ret_is_dropped = names[i].is_dropped;
		return names[i].label;
	}
	return NULL;
}

static bool is_kept(const struct pair *p)
{
	bool is_dropped;

	label_of(p->name, &is_dropped);
	return !is_dropped && utf8_valid(p->name) && utf8_valid(p->value);
}

static enum rc keep_fields(struct arena *a, const struct pairs *from, struct pairs *ret,
			   struct error *e)
{
	struct pair *v = ARENA_ARRAY(a, from->n, struct pair);
	size_t n = 0;

	if (!v)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < from->n && n < KEPT_FIELDS_MAX; i++) {
		if (is_kept(&from->v[i]))
			v[n++] = from->v[i];
	}
	*ret = (struct pairs){ v, n };
	return RC_OK;
}

enum rc kept_from_request(struct req *q, struct kept *ret, struct error *e)
{
	struct kept k = { .has_files = q->n_files > 0 };

	TRY(keep_fields(q->core.arena, &q->form, &k.fields, e));
	k.to = req_local_path(q->path, STR("/"));
	*ret = k;
	return RC_OK;
}

enum rc kept_from_sign_in(struct req *q, struct kept *ret, struct error *e)
{
	struct pairs fields;
	struct kept k = { .to = req_local_path(req_raw(q, "kept_to"), (struct str){ 0 }) };

	if (k.to.n == 0) {
		*ret = k;
		return RC_OK;
	}
	TRY(form_parse(req_raw(q, "kept"), q->core.arena, KEPT_FIELDS_MAX, &fields, e));
	TRY(keep_fields(q->core.arena, &fields, &k.fields, e));
	*ret = k;
	return RC_OK;
}

struct str kept_pack(struct arena *a, const struct kept *k)
{
	struct buf b;

	buf_init(&b, a, 1024, KEPT_BYTES_MAX * 3);
	for (size_t i = 0; i < k->fields.n; i++) {
		if (i > 0)
			buf_char(&b, '&');
		url_query(&b, k->fields.v[i].name);
		buf_char(&b, '=');
		url_query(&b, k->fields.v[i].value);
	}
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

enum rc kept_list(struct req *q, const struct kept *k, const struct view_kept **ret_v,
		  size_t *ret_n, struct error *e)
{
	struct view_kept *v = ARENA_ARRAY(q->core.arena, k->fields.n, struct view_kept);
	size_t n = 0;

	if (!v)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < k->fields.n; i++) {
		bool is_dropped;
		const char *label = label_of(k->fields.v[i].name, &is_dropped);

		if (label && k->fields.v[i].value.n > 0)
			v[n++] = (struct view_kept){ req_text(q, label), k->fields.v[i].value };
	}
	*ret_v = v;
	*ret_n = n;
	return RC_OK;
}

static enum rc fill_fields(struct req *q, const struct kept *k, struct view_resend *v,
			   struct error *e)
{
	struct view_resend_field *out =
		ARENA_ARRAY(q->core.arena, k->fields.n, struct view_resend_field);

	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < k->fields.n; i++) {
		bool is_dropped;
		const char *label = label_of(k->fields.v[i].name, &is_dropped);

		out[i] = (struct view_resend_field){ .name = k->fields.v[i].name,
						     .value = k->fields.v[i].value,
						     .is_shown = label != NULL };
		if (label)
			out[i].label = req_text(q, label);
	}
	v->fields = out;
	v->n_fields = k->fields.n;
	return RC_OK;
}

enum rc kept_show(struct req *q, struct resp *r, const struct kept *k, struct str text,
		  struct error *e)
{
	struct view_resend v = { .text = text, .action = k->to, .has_files = k->has_files };
	struct tpl t = req_tpl(q, r);
	struct page p;

	v.title = req_text(q, N_("Check and send it again"));
	TRY(page_init(&p, q, v.title, e));
	TRY(fill_fields(q, k, &v, e));
	p.view.here = STR("/");
	v.page = &p.view;
	r->cache = RESP_CACHE_NONE;
	tpl_pages_resend(&t, &v);
	return RC_OK;
}
