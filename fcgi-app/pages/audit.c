/*
 * GET /admin/audit.  The filters are the address; the pager goes by the id of the last row
 * shown, so that no page gets slower than the first.
 */
#include "pages/audit.h"

#include "codec/url.h"
#include "core/wall.h"
#include "pages/audit_words.h"
#include "view/audit.h"
#include "view/text.h"
#include "view/tpl_pages_audit.h"
#include "view/tpl_pages_audit_results.h"

enum { PER_PAGE = 50, ADDRESS_MAX = 2048 };

FIELDS(audit_fields, audit_in, FIELD(TEXT, audit_in, actor, QUERY, .max = 80),
       FIELD(TEXT, audit_in, family, QUERY, .max = 40),
       FIELD(TEXT, audit_in, object, QUERY, .max = 20),
       FIELD(TEXT, audit_in, request, QUERY, .max = 32),
       FIELD(INT, audit_in, id, QUERY, .min = 1, .max = INT64_MAX),
       FIELD(ID, audit_in, branch, QUERY), FIELD(ID, audit_in, before, QUERY),
       FIELD(DAY, audit_in, from, QUERY), FIELD(DAY, audit_in, to, QUERY));

static const struct form_field form_fields[] = {
	{ "actor", "f-actor", N_("Username") }, { "object", "f-object", N_("Kind") },
	{ "id", "f-id", N_("Number") },         { "from", "f-from", N_("From") },
	{ "to", "f-to", N_("Until") },          { "request", "f-request", N_("Request") },
};

struct audit_query audit_query_of(const struct audit_in *in)
{
	return (struct audit_query){ .actor = in->actor,
				     .family = in->family,
				     .object = in->object,
				     .request_id = in->request,
				     .object_id = in->id,
				     .branch_id = in->branch,
				     .from_day = in->from,
				     .to_day = in->to };
}

/* ---- addresses ------------------------------------------------------------------------ */

struct address {
	struct buf b;
	char sep;
};

static void add(struct address *at, const char *name, struct str value)
{
	if (!value.n)
		return;
	buf_char(&at->b, at->sep);
	at->sep = '&';
	buf_add(&at->b, str_from(name));
	buf_char(&at->b, '=');
	url_query(&at->b, value);
}

static void add_number(struct address *at, const struct page *p, const char *name, int64_t n)
{
	if (n)
		add(at, name, arena_printf(p->arena, "%lld", (long long)n));
}

static void add_day(struct address *at, const char *name, int32_t day)
{
	char text[11];

	if (day != NO_DAY)
		add(at, name, day_format(day, text));
}

/* `path` with the filters of in; before 0: from the newest. */
static struct str address_of(const struct page *p, const char *path, const struct audit_in *in,
			     int64_t before)
{
	struct address at = { .sep = '?' };

	buf_init(&at.b, p->arena, 128, ADDRESS_MAX);
	buf_add(&at.b, str_from(path));
	add(&at, "actor", in->actor);
	add(&at, "family", in->family);
	add(&at, "object", in->object);
	add_number(&at, p, "id", in->id);
	add_number(&at, p, "branch", in->branch);
	add_day(&at, "from", in->from);
	add_day(&at, "to", in->to);
	add(&at, "request", in->request);
	add_number(&at, p, "before", before);
	return buf_ok(&at.b) ? buf_str(&at.b) : str_from(path);
}

/* ---- choices ---------------------------------------------------------------------------- */

static enum rc fill_words(struct page *p, const struct audit_in *in, struct view_audit *v,
			  struct error *e)
{
	struct view_choice *families = ARENA_ARRAY(p->arena, audit_n_families, struct view_choice);
	struct view_choice *kinds = ARENA_ARRAY(p->arena, audit_n_kinds, struct view_choice);

	if (!families || !kinds)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < audit_n_families; i++) {
		struct str code = str_from(audit_families[i].code);

		families[i] = (struct view_choice){ code, page_text(p, audit_families[i].name),
						    str_eq(code, in->family) };
	}
	for (size_t i = 0; i < audit_n_kinds; i++) {
		struct str code = str_from(audit_kinds[i].code);

		kinds[i] = (struct view_choice){ code, page_text(p, audit_kinds[i].name),
						 str_eq(code, in->object) };
	}
	v->families = families;
	v->n_families = audit_n_families;
	v->kinds = kinds;
	v->n_kinds = audit_n_kinds;
	return RC_OK;
}

static enum rc fill_branches(struct page *p, const struct audit_in *in, struct view_audit *v,
			     struct error *e)
{
	const struct audit_branch *rows;
	struct view_choice *out;
	size_t n;

	TRY(audit_search_branches(p->core, &rows, &n, e));
	out = ARENA_ARRAY(p->arena, n, struct view_choice);
	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		out[i] =
			(struct view_choice){ arena_printf(p->arena, "%lld", (long long)rows[i].id),
					      rows[i].name, rows[i].id == in->branch };
	v->branches = out;
	v->n_branches = n;
	return RC_OK;
}

/* ---- lines -------------------------------------------------------------------------------- */

static struct str actor_of(const struct page *p, const struct audit_hit *h)
{
	struct str name;

	if (h->actor_id == COLUMN_NULL)
		return page_text(p, N_("The system"));
	if (!h->given_name.n && !h->family_name.n)
		return h->username;
	name = arena_printf(p->arena, "%.*s%s%.*s", STR_ARG(h->given_name),
			    h->given_name.n && h->family_name.n ? " " : "",
			    STR_ARG(h->family_name));
	return name.p ? name : h->username;
}

static struct str object_of(const struct page *p, const struct audit_hit *h,
			    const struct audit_kind *kind)
{
	struct str n = arena_printf(p->arena, "%lld", (long long)h->object_id);

	if (kind)
		return text_fill(p->arena, page_text(p, kind->label),
				 (const struct text_hole[]){ { "n", n } }, 1);
	return arena_printf(p->arena, "%.*s %.*s", STR_ARG(h->object), STR_ARG(n));
}

static struct view_audit_line line_of(const struct page *p, const struct audit_hit *h,
				      bool shows_branch)
{
	const struct audit_kind *kind = audit_kind_of(h->object);
	struct wall at = core_wall(p->core, (struct str){ 0 }, h->at);
	struct audit_in all = { .from = NO_DAY, .to = NO_DAY };
	struct view_audit_line line = { .id = h->id,
					.day = at.day,
					.tod = at.tod,
					.text = audit_sentence(p, h->action),
					.object = object_of(p, h, kind),
					.actor = actor_of(p, h),
					.action = h->action,
					.request_id = h->request_id,
					.detail = h->detail };

	if (kind && kind->path)
		line.object_href =
			arena_printf(p->arena, "%s%lld", kind->path, (long long)h->object_id);
	if (shows_branch)
		line.branch = h->branch_name;
	all.object = h->object;
	all.id = h->object_id;
	line.trail_href = address_of(p, "/admin/audit", &all, 0);
	all = (struct audit_in){ .actor = h->username, .from = NO_DAY, .to = NO_DAY };
	if (h->actor_id != COLUMN_NULL)
		line.actor_href = address_of(p, "/admin/audit", &all, 0);
	all = (struct audit_in){ .request = h->request_id, .from = NO_DAY, .to = NO_DAY };
	if (h->request_id.n)
		line.request_href = address_of(p, "/admin/audit", &all, 0);
	return line;
}

static enum rc fill_days(struct page *p, const struct audit_hit *rows, size_t n,
			 struct view_audit *v, struct error *e)
{
	struct view_audit_line *lines = ARENA_ARRAY(p->arena, n, struct view_audit_line);
	struct view_audit_day *days = ARENA_ARRAY(p->arena, n, struct view_audit_day);
	struct view_audit_day *day = NULL;

	if (!lines || !days)
		return ERROR_MEMORY(e);
	v->days = days;
	for (size_t i = 0; i < n; i++) {
		lines[i] = line_of(p, &rows[i], v->n_branches > 1);
		if (!day || day->day != lines[i].day) {
			day = &days[v->n_days++];
			*day = (struct view_audit_day){ .day = lines[i].day, .lines = &lines[i] };
		}
		day->n_lines++;
	}
	return RC_OK;
}

static enum rc fill_rows(struct page *p, const struct audit_in *in, struct view_audit *v,
			 struct error *e)
{
	const struct audit_query query = audit_query_of(in);
	struct audit_filter filter;
	const struct audit_hit *rows;
	bool is_empty;
	size_t n = 0;

	TRY(audit_search_filter(p->core, &query, &filter, &is_empty, e));
	if (!is_empty)
		TRY(audit_search(p->core, &filter, in->before, PER_PAGE + 1, &rows, &n, e));
	if (n > PER_PAGE) {
		n = PER_PAGE;
		v->older = address_of(p, "/admin/audit", in, rows[n - 1].id);
	}
	if (in->before)
		v->newest = address_of(p, "/admin/audit", in, 0);
	return n ? fill_days(p, rows, n, v, e) : RC_OK;
}

/* ---- the page ------------------------------------------------------------------------------- */

static void fill_form(struct page *p, const struct req *q, const struct audit_in *in,
		      struct view_audit *v)
{
	struct wall now = core_wall(p->core, (struct str){ 0 }, p->core->now_us);
	int year;

	v->today = (struct view_today){ now.day, day_iso_week(now.day, &year) };
	v->actor = req_raw(q, "actor");
	v->object_id = req_raw(q, "id");
	v->from = req_raw(q, "from");
	v->to = req_raw(q, "to");
	v->request = req_raw(q, "request");
	v->is_filtered = in->actor.n || in->family.n || in->object.n || in->request.n || in->id ||
			 in->branch || in->from != NO_DAY || in->to != NO_DAY;
	if (v->is_filtered)
		v->clear = STR("/admin/audit");
	v->csv = address_of(p, "/admin/audit.csv", in, 0);
	v->jsonl = address_of(p, "/admin/audit.jsonl", in, 0);
}

static void fill_errors(struct page *p, const struct error *e, struct view_audit *v)
{
	struct {
		struct view_field_error *to;
		const char *name, *id;
	} fields[] = { { &v->actor_error, "actor", "f-actor-e" },
		       { &v->object_error, "object", "f-object-e" },
		       { &v->id_error, "id", "f-id-e" },
		       { &v->from_error, "from", "f-from-e" },
		       { &v->to_error, "to", "f-to-e" },
		       { &v->request_error, "request", "f-request-e" } };

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		*fields[i].to = field_error(p->arena, p->lang, e, fields[i].name, fields[i].id);
	v->errors = form_errors(p->arena, p->lang, e, form_fields, ARRAY_LEN(form_fields));
}

/* wrong: what is said over the form; NULL: nothing, and the rows are shown. */
static enum rc show(struct req *q, struct resp *r, const struct audit_in *in,
		    const struct error *wrong, struct error *e)
{
	struct view_audit v = { 0 };
	struct page p;
	struct tpl t;

	TRY(page_init(&p, q, req_text(q, N_("Audit trail")), e));
	TRY(fill_words(&p, in, &v, e));
	TRY(fill_branches(&p, in, &v, e));
	if (wrong)
		fill_errors(&p, wrong, &v);
	else
		TRY(fill_rows(&p, in, &v, e));
	fill_form(&p, q, in, &v);
	p.view.nav = NAV_AUDIT;
	p.view.nav_current = STR("page");
	p.view.has_htmx = true;
	v.page = &p.view;
	r->cache = RESP_CACHE_NONE;
	t = req_tpl(q, r);
	if (q->is_htmx)
		tpl_pages_audit_results(&t, &v);
	else
		tpl_pages_audit(&t, &v);
	return RC_OK;
}

enum rc page_audit_refused(struct req *q, struct resp *r, const struct audit_in *in,
			   struct error *e)
{
	const struct error wrong = *e;

	if (wrong.rc != RC_INVALID && wrong.rc != RC_TOO_BIG)
		return wrong.rc;
	error_init(e);
	r->status = 422;
	return show(q, r, in, &wrong, e);
}

enum rc page_audit(struct req *q, struct resp *r, struct error *e)
{
	struct audit_in in;

	if (req_read(q, &in, e) != RC_OK || show(q, r, &in, NULL, e) != RC_OK)
		return page_audit_refused(q, r, &in, e);
	return RC_OK;
}
