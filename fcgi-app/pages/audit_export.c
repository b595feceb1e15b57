/*
 * The audit trail as a file: CSV for spreadsheets, JSON lines for programs.
 *
 * Exactly what the filters of the address find, newest first, sent in batches: memory is
 * that of one batch.  A cell that a spreadsheet would take for a formula gets an apostrophe.
 */
#include "codec/json.h"
#include "pages/audit.h"
#include "pages/audit_words.h"

enum { BATCH = 200 };
#define BATCH_BYTES ((size_t)8 << 20)

struct trail_file {
	struct page page; /* for texts */
	struct core core; /* with an arena of its own */
	struct arena batch;
	struct audit_filter filter;
	int64_t before_id, n;
	bool is_json, is_begun, is_empty;
};

static void end_export(void *p)
{
	struct trail_file *x = p;

	arena_clear(&x->batch);
}

/* ---- CSV (RFC 4180) ---------------------------------------------------------------------- */

static void add_cell(struct buf *b, struct str s)
{
	static const char formula[] = "=+-@\t\r";

	buf_char(b, '"');
	if (s.n && strchr(formula, s.p[0]))
		buf_char(b, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_char(b, '"');
		buf_char(b, s.p[i]);
	}
	buf_char(b, '"');
}

static void add_line(struct buf *b, const struct str *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_char(b, ',');
		add_cell(b, cells[i]);
	}
	BUF_LIT(b, "\r\n");
}

static struct str number(struct arena *a, int64_t n)
{
	return n == COLUMN_NULL ? (struct str){ 0 } : arena_printf(a, "%lld", (long long)n);
}

static void add_csv(const struct trail_file *x, struct buf *b, const struct audit_hit *h)
{
	struct arena *a = x->core.arena;
	char at[28];
	const struct str cells[] = {
		number(a, h->id),
		us_format_iso(h->at, at),
		h->username,
		h->given_name,
		h->family_name,
		h->action,
		audit_sentence(&x->page, h->action),
		h->object,
		number(a, h->object_id),
		h->branch_name,
		h->request_id,
		h->detail,
	};

	add_line(b, cells, ARRAY_LEN(cells));
}

/* The byte order mark tells spreadsheets that it is UTF-8. */
static void add_csv_head(struct buf *b)
{
	static const struct str names[] = {
		STR_INIT("id"),         STR_INIT("at"),          STR_INIT("username"),
		STR_INIT("given_name"), STR_INIT("family_name"), STR_INIT("action"),
		STR_INIT("text"),       STR_INIT("object"),      STR_INIT("object_id"),
		STR_INIT("branch"),     STR_INIT("request_id"),  STR_INIT("detail"),
	};

	BUF_LIT(b, "\xEF\xBB\xBF");
	add_line(b, names, ARRAY_LEN(names));
}

/* ---- JSON lines -------------------------------------------------------------------------- */

static DOC_SCHEMA(doc_line, "AuditLine", "One line of the audit trail.", DOC(INT, "id"),
		  DOC(INSTANT, "at"), DOC(INT, "actor_id", .nullable = true),
		  DOC(TEXT, "username", .nullable = true),
		  DOC(TEXT, "given_name", .nullable = true, .example = "\"Demo\""),
		  DOC(TEXT, "family_name", .nullable = true, .example = "\"Teacher 1\""),
		  DOC(TEXT, "action", .example = "\"note.add\""),
		  DOC(TEXT, "object", .example = "\"note\""), DOC(INT, "object_id"),
		  DOC(INT, "branch_id", .nullable = true),
		  DOC(TEXT, "branch", .nullable = true, .example = "\"Main campus\""),
		  DOC(TEXT, "request_id"), DOC(ANY, "detail", .example = "{}"));
const struct route_doc page_audit_jsonl_doc = {
	.summary = "The audit trail as JSON lines",
	.about = "One object a line, newest first, filtered as the page is.",
	DOC_ANSWERS(DOC_SAYS(200, "Lines.", .schema = &doc_line, .type = "application/x-ndjson")),
};

static void put_number(struct json_out *o, const char *key, int64_t n)
{
	if (n == COLUMN_NULL)
		json_out_key_null(o, key);
	else
		json_out_key_i64(o, key, n);
}

static void put_text(struct json_out *o, const char *key, struct str s)
{
	if (!s.p)
		json_out_key_null(o, key);
	else
		json_out_key_str(o, key, s);
}

static void add_json(const struct trail_file *x, struct buf *b, const struct audit_hit *h)
{
	struct json_t *ignored_tree;
	struct json_out o;
	struct error ignored;
	char at[28];

	json_out_init(&o, b);
	json_out_object(&o);
	json_out_key_i64(&o, "id", h->id);
	json_out_key_str(&o, "at", us_format_iso(h->at, at));
	put_number(&o, "actor_id", h->actor_id);
	put_text(&o, "username", h->username);
	put_text(&o, "given_name", h->given_name);
	put_text(&o, "family_name", h->family_name);
	json_out_key_str(&o, "action", h->action);
	json_out_key_str(&o, "object", h->object);
	json_out_key_i64(&o, "object_id", h->object_id);
	put_number(&o, "branch_id", h->branch_id);
	put_text(&o, "branch", h->branch_name);
	json_out_key_str(&o, "request_id", h->request_id);
	/* Somebody may have written into the table by hand: then it is a text. */
	json_out_key(&o, STR("detail"));
	error_init(&ignored);
	if (json_read(h->detail, 65536, x->core.arena, &ignored_tree, &ignored) == RC_OK)
		json_out_raw(&o, h->detail);
	else
		json_out_str(&o, h->detail);
	json_out_object_end(&o);
	buf_char(b, '\n');
}

/* ---- sending ------------------------------------------------------------------------------ */

static enum rc more(void *arg, struct buf *b, bool *ret_last, struct error *e)
{
	struct trail_file *x = arg;
	const struct audit_hit *rows;
	size_t n = 0;

	if (!x->is_begun && !x->is_json)
		add_csv_head(b);
	x->is_begun = true;
	arena_reset(&x->batch);
	if (!x->is_empty)
		TRY(audit_search(&x->core, &x->filter, x->before_id, BATCH, &rows, &n, e));
	for (size_t i = 0; i < n; i++) {
		if (x->is_json)
			add_json(x, b, &rows[i]);
		else
			add_csv(x, b, &rows[i]);
	}
	if (n)
		x->before_id = rows[n - 1].id;
	x->n += (int64_t)n;
	*ret_last = n < BATCH || x->n >= AUDIT_EXPORT_MAX;
	return RC_OK;
}

static enum rc begin(struct req *q, const struct audit_in *in, bool is_json,
		     struct trail_file **ret, struct error *e)
{
	const struct audit_query query = audit_query_of(in);
	struct trail_file *x = ARENA_NEW(q->core.arena, struct trail_file);

	if (!x)
		return ERROR_MEMORY(e);
	TRY(page_init(&x->page, q, STR(""), e));
	TRY(audit_search_filter(&q->core, &query, &x->filter, &x->is_empty, e));
	if (!x->is_empty)
		TRY(audit_search_size(&q->core, &x->filter, e));
	x->is_json = is_json;
	arena_init(&x->batch, BATCH_BYTES, BATCH_BYTES / 8);
	if (!arena_on_end(q->core.arena, end_export, x))
		return ERROR_MEMORY(e);
	x->core = q->core;
	x->core.arena = &x->batch;
	*ret = x;
	return RC_OK;
}

static enum rc send_file(struct req *q, struct resp *r, bool is_json, struct error *e)
{
	struct audit_in in;
	struct trail_file *x = NULL;
	struct str name;
	char day[11];

	if (req_read(q, &in, e) != RC_OK || begin(q, &in, is_json, &x, e) != RC_OK)
		return page_audit_refused(q, r, &in, e);
	name = arena_printf(q->core.arena, "attachment; filename=\"audit-%s.%s\"",
			    day_format(us_day(q->core.now_us), day).p, is_json ? "jsonl" : "csv");
	if (!name.p)
		return ERROR_MEMORY(e);
	r->type = is_json ? STR("application/x-ndjson; charset=utf-8")
			  : STR("text/csv; charset=utf-8");
	r->cache = RESP_CACHE_NONE;
	resp_header(r, "Content-Disposition", name);
	resp_stream(r, more, x);
	return RC_OK;
}

enum rc page_audit_csv(struct req *q, struct resp *r, struct error *e)
{
	return send_file(q, r, false, e);
}

enum rc page_audit_jsonl(struct req *q, struct resp *r, struct error *e)
{
	return send_file(q, r, true, e);
}
