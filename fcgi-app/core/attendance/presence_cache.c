/*
 * Remembered sessions.  See presence_cache.h.
 *
 * A place for each remainder of the id; two that fall on one place in the same call, and both are
 * told of, do without: the second is asked for as if there were no cache.
 */
#include "core/attendance/presence_cache.h"

#include "base/heap.h"
#include "codec/json.h"
#include "core/attendance/attendance_row.h"
#include "store/tally.h"

#include <stdlib.h>

enum { PLACES = 256, IDS_BYTES = 64 << 10, TEXT_BYTES = 64 << 10, TEXT_KEEP = 4 << 10 };

struct known {
	struct arena arena; /* the row's texts */
	struct attendance_stored row;
	int64_t id, until_us; /* 0: nobody's */
	uint64_t call;        /* that used it last */
};
struct presence_cache {
	struct known *places[PLACES];
	uint64_t call;
	size_t n_used;
};

struct presence_cache *presence_cache_new(void)
{
	return HEAP_NEW(struct presence_cache);
}

static size_t place_of(int64_t id)
{
	return (size_t)((uint64_t)id % PLACES);
}

void presence_forget(struct presence_cache *k, int64_t attendance_id)
{
	struct known *p = k->places[place_of(attendance_id)];

	if (p && p->id == attendance_id)
		p->id = 0;
}

void presence_forget_all(struct presence_cache *k)
{
	for (size_t i = 0; i < PLACES && k->n_used; i++) {
		if (!k->places[i])
			continue;
		arena_clear(&k->places[i]->arena);
		heap_free(k->places[i]);
		k->places[i] = NULL;
		k->n_used--;
	}
}

void presence_cache_free(struct presence_cache *k)
{
	if (k)
		presence_forget_all(k);
	heap_free(k);
}

static enum rc read_one(struct core *c, int64_t id, struct arena *a, struct attendance_stored *ret,
			struct error *e)
{
	TRY(attendance_read(c->db, id, COLUMN_NULL, a, ret, e));
	if (ret->n_expected != COLUMN_NULL)
		return RC_OK;
	return attendance_tally_expected(c->db, ret, a, e);
}

static bool is_fresh(const struct known *p, int64_t id, int64_t now_us)
{
	/* A clock that was set back makes nothing fresh for longer. */
	return p->id == id && now_us < p->until_us && p->until_us - now_us <= PRESENCE_CACHE_US;
}

/* The place for a session that is not in it; NULL: somebody else's is needed, or no memory. */
static struct known *take_place(struct presence_cache *k, int64_t id)
{
	struct known **at = &k->places[place_of(id)], *p = *at;

	if (p && p->id != id && p->call == k->call)
		return NULL;
	if (!p) {
		p = HEAP_NEW(struct known);
		if (!p)
			return NULL;
		arena_init(&p->arena, TEXT_BYTES, TEXT_KEEP);
		*at = p;
		k->n_used++;
	}
	arena_reset(&p->arena);
	p->id = 0;
	return p;
}

static enum rc find(struct core *c, struct presence_cache *k, int64_t id,
		    struct attendance_stored *ret, struct error *e)
{
	struct known *p = k->places[place_of(id)];

	if (!p || !is_fresh(p, id, c->now_us)) {
		p = take_place(k, id);
		if (!p)
			return read_one(c, id, c->arena, ret, e);
		TRY(read_one(c, id, &p->arena, &p->row, e));
		p->id = id;
		p->until_us = c->now_us + PRESENCE_CACHE_US;
	}
	p->call = k->call;
	*ret = p->row;
	return RC_OK;
}

/* ---- counts ---------------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
	const struct attendance_stored *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static void take_marks(struct attendance_stored *r, const struct tally_marks *n)
{
	r->n_present = n->n_present;
	r->n_late = n->n_late;
	r->n_excused = n->n_excused;
	r->n_absent = n->n_absent;
}

/* Of those that are open, in one statement. */
static enum rc count(struct core *c, struct attendance_stored *rows, size_t n, struct error *e)
{
	static const struct tally_marks none;
	const struct tally_row *found;
	size_t n_open = 0, n_found;
	struct json_out o;
	struct buf b;

	buf_init(&b, c->arena, n * 12 + 16, IDS_BYTES);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		if (rows[i].n_present == COLUMN_NULL) {
			json_out_i64(&o, rows[i].id);
			take_marks(&rows[i], &none);
			n_open++;
		}
	json_out_array_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	if (!n_open)
		return RC_OK;
	TRY(tally_marks_of(c->db, buf_str(&b), n_open, c->arena, &found, &n_found, e));
	for (size_t i = 0; i < n_found; i++) {
		const struct attendance_stored key = { .id = found[i].attendance_id };
		struct attendance_stored *r = bsearch(&key, rows, n, sizeof key, by_id);

		BUG(!r);
		take_marks(r, &found[i].n);
	}
	return RC_OK;
}

enum rc presence_sessions(struct core *c, struct presence_cache *k, const int64_t *ids, size_t n,
			  struct attendance **ret_rows, size_t *ret_n, struct error *e)
{
	struct attendance_stored *stored = ARENA_ARRAY(c->arena, n, struct attendance_stored);
	struct attendance *rows = ARENA_ARRAY(c->arena, n, struct attendance);
	size_t found = 0;

	if (!stored || !rows)
		return ERROR_MEMORY(e);
	k->call++;
	for (size_t i = 0; i < n; i++) {
		enum rc rc = find(c, k, ids[i], &stored[found], e);

		if (rc == RC_OK)
			found++;
		else if (rc == RC_NOT_FOUND)
			error_init(e);
		else
			return rc;
	}
	if (found)
		qsort(stored, found, sizeof stored[0], by_id);
	TRY(count(c, stored, found, e));
	for (size_t i = 0; i < found; i++)
		attendance_fill(c, &stored[i], &rows[i]);
	*ret_rows = rows;
	*ret_n = found;
	return RC_OK;
}
