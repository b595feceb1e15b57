/*
 * The sweeper's work.
 */
#include "core/sweep.h"

#include "store/lease.h"
#include "store/sweep.h"
#include "sys/files_part.h"

#define LEASE STR("sweeper")

enum rc sweep_begin(struct core *c, struct str holder, struct error *e)
{
	return lease_take(c->db, LEASE, holder, SWEEP_LEASE_S, c->arena, e);
}

enum rc sweep_end(struct core *c, struct str holder, struct error *e)
{
	return lease_end(c->db, LEASE, holder, e);
}

struct walk {
	struct core *c;
	const struct files *files;
	const struct sweep_said *said;
	struct arena scratch; /* of one file */
	struct sweep_report report;
};

static enum rc remove_entry(struct walk *w, const struct files_entry *entry, const char *kind,
			    int64_t *n, struct error *e)
{
	TRY(files_entry_remove(w->files, entry, e));
	w->said->fn(w->said->arg, kind, entry->name, (w->c->now_us - entry->changed_us) / US_PER_S);
	(*n)++;
	return RC_OK;
}

static enum rc look_at(void *arg, const struct files_entry *entry, struct error *e)
{
	struct walk *w = arg;
	int64_t age_us = w->c->now_us - entry->changed_us;
	bool is_known;

	if (entry->place == FILES_OTHER ||
	    age_us < w->c->config->sweep_after_minutes * 60 * US_PER_S)
		return RC_OK;
	if (entry->place != FILES_KEPT && entry->place != FILES_PART)
		return remove_entry(w, entry, "temporary", &w->report.n_temporary, e);
	arena_reset(&w->scratch);
	if (entry->place == FILES_PART) {
		TRY(sweep_upload_open(w->c->db, entry->name, &w->scratch, &is_known, e));
		return is_known ? RC_OK
				: remove_entry(w, entry, "temporary", &w->report.n_temporary, e);
	}
	TRY(sweep_file_known(w->c->db, entry->name, &w->scratch, &is_known, e));
	if (is_known)
		return RC_OK;
	return remove_entry(w, entry, "unknown", &w->report.n_unknown, e);
}

/* Files this old belong to no request at work. */
static int64_t old_before(const struct core *c)
{
	return c->now_us - c->config->sweep_after_minutes * 60 * US_PER_S;
}

/* Bytes first, then the row: a crash in between removes once more, which is no error. */
static enum rc remove_deleted(struct walk *w, struct error *e)
{
	const struct sweep_file_row *rows;
	size_t n;

	do {
		arena_reset(&w->scratch);
		TRY(sweep_files_deleted(w->c->db, old_before(w->c), &w->scratch, &rows, &n, e));
		for (size_t i = 0; i < n; i++) {
			TRY(files_delete(w->files, rows[i].file_id, e));
			TRY(sweep_file_removed(w->c->db, rows[i].file_id, w->c->now_us, e));
			w->said->fn(w->said->arg, "deleted", rows[i].file_id, 0);
			w->report.n_deleted++;
		}
	} while (n == SWEEP_BATCH);
	return RC_OK;
}

/*
 * Uploads in pieces whose time is over; a while later than it was told, so that none is at work.
 * Bytes first, then the row.  What an upload became stays, and so do bytes that have a row.
 */
static enum rc remove_expired(struct walk *w, struct error *e)
{
	int64_t before = old_before(w->c);
	const struct sweep_upload_row *rows;
	size_t n;

	do {
		arena_reset(&w->scratch);
		TRY(sweep_uploads_expired(w->c->db, before, &w->scratch, &rows, &n, e));
		for (size_t i = 0; i < n; i++) {
			TRY(files_part_remove(w->files, rows[i].id, e));
			TRY(sweep_upload_removed(w->c->db, rows[i].id, e));
			if (!str_eq(rows[i].state, STR("open")))
				continue;
			w->said->fn(w->said->arg, "expired", rows[i].id, 0);
			w->report.n_uploads++;
		}
	} while (n == SWEEP_BATCH);
	return RC_OK;
}

static enum rc remove_rows(struct walk *w, struct error *e)
{
	struct store *s = w->c->db;
	int64_t n;

	do {
		TRY(sweep_sessions(s, w->c->now_us - SWEEP_KEEP_SESSION_US, &n, e));
		w->report.n_sessions += n;
	} while (n == SWEEP_BATCH);
	do {
		TRY(sweep_throttles(s, w->c->now_us - SWEEP_KEEP_TRIES_US, &n, e));
		w->report.n_tries += n;
	} while (n == SWEEP_BATCH);
	return RC_OK;
}

enum rc sweep_run(struct core *c, const struct files *files, const struct sweep_said *said,
		  struct sweep_report *ret, struct error *e)
{
	struct walk w = { .c = c, .files = files, .said = said };
	enum rc rc;

	arena_init(&w.scratch, 1 << 20, 65536);
	rc = remove_deleted(&w, e);
	if (rc == RC_OK)
		rc = remove_expired(&w, e);
	if (rc == RC_OK)
		rc = files_each(files, look_at, &w, e);
	if (rc == RC_OK)
		rc = remove_rows(&w, e);
	arena_clear(&w.scratch);
	if (rc == RC_OK)
		*ret = w.report;
	return rc;
}
