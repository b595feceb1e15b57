/*
 * The text for Prometheus.  Must not know: how numbers are counted.
 *
 * Label values are constants or names of our own jobs; they are escaped all the same.
 * What cannot be known now (the database is away) is left out, not told as zero.
 */
#include "api/metrics.h"

#include "core/monitor.h"
#include "web/worker.h"

_Static_assert((int)POOL__MAX <= (int)METER_POOLS, "pools");
_Static_assert((int)FAMILY__MAX <= (int)METER_FAMILIES, "families");

const struct route_doc api_metrics_doc = {
	.summary = "Numbers for Prometheus",
	.about = "For this machine, or with the token of metrics_token_file.",
	.headers = (const char *const[]){ "Authorization: Bearer and the token", NULL },
	DOC_ANSWERS(DOC_SAYS(200, "Text format 0.0.4.", .type = "text/plain; version=0.0.4")),
};

static const char *const pools[POOL__MAX] = { [POOL_PAGES] = "pages",
					      [POOL_SLOW] = "slow",
					      [POOL_SIGN_IN] = "sign-in",
					      [POOL_CHECK_IN] = "check-in" };

static void about(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_printf(b, "# HELP muster_%s %s\n# TYPE muster_%s %s\n", name, help, name, type);
}

/* Microseconds as seconds. */
static void add_seconds(struct buf *b, int64_t us)
{
	buf_i64(b, us / US_PER_S);
	buf_char(b, '.');
	buf_digits(b, us % US_PER_S, 6);
}

/* The same without zeros at its end: "0.005", "30". */
static void add_bound(struct buf *b, int64_t us)
{
	add_seconds(b, us);
	while (b->n > 1 && b->p[b->n - 1] == '0')
		b->n--;
	if (b->p[b->n - 1] == '.')
		b->n--;
}

static void add_escaped(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_char(b, '\\');
		buf_char(b, s.p[i] == '\n' ? ' ' : s.p[i]);
	}
}

static void add_number(struct buf *b, const char *name, const char *help, const char *type,
		       int64_t n)
{
	about(b, name, type, help);
	buf_printf(b, "muster_%s %lld\n", name, (long long)n);
}

/* One line for each pool. */
static void add_pools(struct buf *b, const char *name, const char *help, const char *type,
		      const int64_t *n)
{
	about(b, name, type, help);
	for (int p = 0; p < POOL__MAX; p++)
		buf_printf(b, "muster_%s{pool=\"%s\"} %lld\n", name, pools[p], (long long)n[p]);
}

static void add_pool_seconds(struct buf *b, const char *name, const char *help, const int64_t *us)
{
	about(b, name, "counter", help);
	for (int p = 0; p < POOL__MAX; p++) {
		buf_printf(b, "muster_%s{pool=\"%s\"} ", name, pools[p]);
		add_seconds(b, us[p]);
		buf_char(b, '\n');
	}
}

/* ---- requests ------------------------------------------------------------------------- */

static void add_requests(struct buf *b, const struct web *web, const int64_t *n)
{
	about(b, "requests_total", "counter",
	      "Requests answered, by pool, family of addresses and class of status.");
	for (int p = 0; p < POOL__MAX; p++)
		for (int f = 0; f < FAMILY__MAX; f++)
			for (int s = 2; s <= METER_STATUSES; s++)
				buf_printf(b,
					   "muster_requests_total{pool=\"%s\",family=\"%s\","
					   "status=\"%dxx\"} %lld\n",
					   pools[p], web->families[f].name, s,
					   (long long)n[meter_at(p, f, s * 100)]);
}

static void add_times(struct buf *b, const int64_t *n)
{
	about(b, "request_duration_seconds", "histogram",
	      "Time from reading a request to the end of its answer.");
	for (int p = 0; p < POOL__MAX; p++) {
		const int64_t *bucket = &n[METER_TIMES + p * METER_BUCKETS];
		int64_t sum = 0;

		for (int i = 0; i < METER_BUCKETS; i++) {
			sum += bucket[i];
			buf_printf(b, "muster_request_duration_seconds_bucket{pool=\"%s\",le=\"",
				   pools[p]);
			if (i < METER_BUCKETS - 1)
				add_bound(b, meter_bounds_us[i]);
			else
				BUF_LIT(b, "+Inf");
			buf_printf(b, "\"} %lld\n", (long long)sum);
		}
		buf_printf(b, "muster_request_duration_seconds_sum{pool=\"%s\"} ", pools[p]);
		add_seconds(b, n[METER_TIME_US + p]);
		buf_printf(b, "\nmuster_request_duration_seconds_count{pool=\"%s\"} %lld\n",
			   pools[p], (long long)sum);
	}
}

static void add_errors(struct buf *b, const int64_t *n)
{
	about(b, "errors_total", "counter", "Requests that ended in an error, by its class.");
	for (int rc = RC_OK + 1; rc < RC__MAX; rc++)
		buf_printf(b, "muster_errors_total{class=\"%s\"} %lld\n", rc_name((enum rc)rc),
			   (long long)n[METER_ERRORS + rc]);
	add_number(b, "rate_limited_total", "Requests refused by a rate limit.", "counter",
		   n[METER_RATE_LIMITED]);
}

static void add_uploads(struct buf *b, const int64_t *n)
{
	about(b, "uploads_total", "counter", "Files that were uploaded, by what became of them.");
	buf_printf(b, "muster_uploads_total{result=\"stored\"} %lld\n",
		   (long long)n[METER_UPLOADS]);
	buf_printf(b, "muster_uploads_total{result=\"refused\"} %lld\n",
		   (long long)n[METER_UPLOADS_REFUSED]);
	buf_printf(b, "muster_uploads_total{result=\"failed\"} %lld\n",
		   (long long)n[METER_UPLOADS_FAILED]);
	add_number(b, "upload_bytes_total", "Bytes of the files that were stored.", "counter",
		   n[METER_UPLOAD_BYTES]);
}

static void add_workers(struct buf *b, const struct meter_sums *s)
{
	const int64_t *n = s->n;

	add_pools(b, "workers", "Workers that are there.", "gauge", s->workers);
	add_pools(b, "workers_busy", "Workers with a request at hand.", "gauge", s->busy);
	add_pools(b, "worker_starts_total", "Workers that were started.", "counter",
		  &n[METER_STARTS]);
	add_pools(b, "worker_deaths_total", "Workers that ended by themselves.", "counter",
		  &n[METER_DEATHS]);
	add_pools(b, "requests_late_total",
		  "Requests dropped because nginx had given them up already.", "counter",
		  &n[METER_LATE]);
	add_pools(b, "database_statements_total", "Round trips to the database.", "counter",
		  &n[METER_STATEMENTS]);
	add_pool_seconds(b, "database_seconds_total", "Time spent waiting for the database.",
			 &n[METER_DATABASE_US]);
}

/* ---- the rest ---------------------------------------------------------------------------- */

static void add_jobs(struct buf *b, const char *name, const char *type, const char *help,
		     const struct monitor *m, int64_t (*of)(const struct job_row *row))
{
	about(b, name, type, help);
	for (size_t i = 0; i < m->n_jobs; i++) {
		int64_t n = of(&m->jobs[i]);

		if (n < 0)
			continue;
		buf_printf(b, "muster_%s{job=\"", name);
		add_escaped(b, m->jobs[i].name);
		buf_printf(b, "\"} %lld\n", (long long)n);
	}
}

static int64_t runs_of(const struct job_row *row)
{
	return row->runs;
}

static int64_t failures_of(const struct job_row *row)
{
	return row->failures;
}

static int64_t done_of(const struct job_row *row)
{
	return row->done;
}

static int64_t success_of(const struct job_row *row)
{
	return row->succeeded_at == NO_TIME ? -1 : row->succeeded_at / US_PER_S;
}

static void add_events(struct buf *b, const struct monitor *m, int64_t now_us)
{
	int64_t age = m->events.oldest_at == NO_TIME ? 0 : now_us - m->events.oldest_at;

	add_number(b, "event_outbox_rows", "Events that wait for their place in the stream.",
		   "gauge", m->events.n);
	about(b, "event_lag_seconds", "gauge", "Age of the oldest of them, 0 without one.");
	BUF_LIT(b, "muster_event_lag_seconds ");
	add_seconds(b, age > 0 ? age : 0);
	buf_char(b, '\n');
}

static void add_chain(struct buf *b, const struct monitor *m, int64_t now_us)
{
	int64_t age = m->lag.oldest_at == NO_TIME ? 0 : now_us - m->lag.oldest_at;

	add_number(b, "audit_tail_rows", "Rows of the audit log that are not hashed yet.", "gauge",
		   m->lag.n);
	about(b, "audit_tail_age_seconds", "gauge", "Age of the oldest of them, 0 without one.");
	BUF_LIT(b, "muster_audit_tail_age_seconds ");
	add_seconds(b, age > 0 ? age : 0);
	buf_char(b, '\n');
	add_jobs(b, "job_runs_total", "counter", "Runs of a background job that ended well.", m,
		 runs_of);
	add_jobs(b, "job_failures_total", "counter", "Runs that did not.", m, failures_of);
	add_jobs(b, "job_items_total", "counter", "Things the job worked on.", m, done_of);
	add_jobs(b, "job_last_success_timestamp_seconds", "gauge",
		 "When the job last ended well, in seconds since 1970.", m, success_of);
}

static void add_build(struct buf *b, const struct web *web)
{
	about(b, "build_info", "gauge", "Always 1; the labels say what runs.");
	BUF_LIT(b, "muster_build_info{version=\"");
	add_escaped(b, web->version);
	BUF_LIT(b, "\",build=\"");
	add_escaped(b, web->build);
	BUF_LIT(b, "\"} 1\n");
}

enum rc api_metrics(struct req *q, struct resp *r, struct error *e)
{
	const struct monitor_who who = { q->address, q->forwarded, q->authorization };
	const struct web *web = q->worker->web;
	struct buf *b = &r->body;
	struct monitor m;

	TRY(monitor_allowed(&q->core, &who, e));
	monitor_look(&q->core, web->meter, web->files, &m);
	r->type = STR("text/plain; version=0.0.4; charset=utf-8");
	r->cache = RESP_CACHE_NONE;
	add_build(b, web);
	add_requests(b, web, m.counts.n);
	add_times(b, m.counts.n);
	add_errors(b, m.counts.n);
	add_uploads(b, m.counts.n);
	add_workers(b, &m.counts);
	add_number(b, "database_up", "Whether the database answered just now.", "gauge",
		   m.health.has_database);
	if (m.health.has_files) {
		add_number(b, "disk_free_bytes", "Free room of the file store.", "gauge",
			   m.health.free_bytes);
		add_number(b, "disk_reserve_bytes", "Uploads are refused when less would be left.",
			   "gauge", q->core.config->disk_reserve_bytes);
	}
	if (m.has_chain)
		add_chain(b, &m, q->core.now_us);
	if (m.has_events)
		add_events(b, &m, q->core.now_us);
	return RC_OK;
}
