/*
 * Proving the chain over the audit log; see audit_chain.h.
 */
#include "core/audit_chain.h"

#include "sys/crypto.h"

#define STEP       4000  /* links of one read */
#define TAIL_STEP  50000 /* ids of one look for rows without a link */
#define LATE_US    (3600 * US_PER_S)
#define SCRATCH    65536
#define WORK_BYTES ((size_t)64 << 20)

struct walk {
	struct core *c;
	const struct chain_check *check;
	struct chain_report *r;
	struct arena work;
	struct buf scratch;              /* of chain_hash, in c->arena */
	int64_t head_seq;                /* as it was at the start */
	int64_t since_seal;              /* links behind the last seal */
	uint8_t before[CHAIN_HASH_SIZE]; /* the hash before the link at hand */
};

static struct chain_row row_of(const struct chain_pair *p)
{
	return (struct chain_row){ p->audit_id,  p->at,     p->actor_id,  p->request_id, p->action,
				   p->branch_id, p->object, p->object_id, p->detail };
}

static bool same(struct str stored, const uint8_t hash[CHAIN_HASH_SIZE])
{
	return stored.n == CHAIN_HASH_SIZE && memcmp(stored.p, hash, CHAIN_HASH_SIZE) == 0;
}

/* Whether `row` of another link would give the stored hash of `link` here. */
static enum rc would_fit(struct walk *w, const uint8_t *before, const struct chain_pair *link,
			 const struct chain_pair *row, bool *ret, struct error *e)
{
	struct chain_row r = row_of(row);
	uint8_t hash[CHAIN_HASH_SIZE];

	*ret = false;
	if (row->row_id == COLUMN_NULL)
		return RC_OK;
	TRY(chain_hash(before, link->seq, link->hashed_at, &r, &w->scratch, hash, e));
	*ret = same(link->hash, hash);
	return RC_OK;
}

/*
 * Names what happened at v[0], whose hash is wrong: the rows of its neighbours tell.  It
 * was hashed as another number when the chain goes on without it.
 */
static enum rc name_fault(struct walk *w, const struct chain_pair *v, size_t n, struct error *e)
{
	struct chain_pair moved;
	bool fits = false;

	w->r->fault = CHAIN_ROW_ALTERED;
	for (size_t i = 1; i < n && !fits; i++)
		TRY(would_fit(w, w->before, &v[0], &v[i], &fits, e));
	if (fits) {
		w->r->fault = CHAIN_REORDERED;
		return RC_OK;
	}
	if (n < 2)
		return RC_OK;
	moved = v[1];
	moved.seq = v[0].seq;
	TRY(would_fit(w, w->before, &moved, &moved, &fits, e));
	if (fits)
		w->r->fault = CHAIN_LINK_INSERTED;
	return RC_OK;
}

static const struct chain_key *key_of(const struct chain_check *check, struct str id)
{
	for (size_t i = 0; i < check->n_keys; i++)
		if (id.n == CHAIN_KEY_ID_SIZE &&
		    memcmp(id.p, check->keys[i].id, CHAIN_KEY_ID_SIZE) == 0)
			return &check->keys[i];
	return NULL;
}

static enum rc check_seal(const struct chain_check *check, int64_t seq, struct str hash,
			  struct str seal, struct str key_id, enum chain_fault *ret,
			  struct error *e)
{
	const struct chain_key *key = key_of(check, key_id);
	uint8_t mac[CHAIN_HASH_SIZE];

	*ret = CHAIN_KEY_UNKNOWN;
	if (!key || hash.n != CHAIN_HASH_SIZE)
		return RC_OK;
	TRY(chain_seal(key, seq, (const uint8_t *)hash.p, mac, e));
	*ret = seal.n == CHAIN_HASH_SIZE && crypto_equal(seal.p, mac, sizeof mac)
		       ? CHAIN_WHOLE
		       : CHAIN_SEAL_WRONG;
	return RC_OK;
}

static enum rc check_link(struct walk *w, const struct chain_pair *v, size_t n, int64_t seq,
			  struct error *e)
{
	struct chain_report *r = w->r;
	bool fits;

	r->seq = seq;
	r->audit_id = 0;
	if (n == 0 || v[0].seq != seq) {
		r->fault = CHAIN_LINK_DELETED;
		return RC_OK;
	}
	r->audit_id = v[0].audit_id;
	if (v[0].row_id == COLUMN_NULL) {
		r->fault = CHAIN_ROW_DELETED;
		return RC_OK;
	}
	TRY(would_fit(w, w->before, &v[0], &v[0], &fits, e));
	if (!fits)
		return name_fault(w, v, n, e);
	w->since_seal++;
	if (v[0].seal.p) {
		TRY(check_seal(w->check, seq, v[0].hash, v[0].seal, v[0].key_id, &r->fault, e));
		w->since_seal = 0;
	} else if (seq == w->head_seq || w->since_seal > CHAIN_BATCH) {
		r->fault = CHAIN_SEAL_MISSING;
	}
	if (r->fault == CHAIN_WHOLE && seq == w->check->noted_seq &&
	    !same(v[0].hash, w->check->noted_hash))
		r->fault = CHAIN_NOTED_WRONG;
	if (r->fault != CHAIN_WHOLE)
		return RC_OK;
	if (v[0].hashed_at - v[0].at > LATE_US)
		r->n_late++;
	memcpy(w->before, v[0].hash.p, CHAIN_HASH_SIZE);
	r->n_links++;
	return RC_OK;
}

static enum rc walk_links(struct walk *w, struct error *e)
{
	const struct chain_check *check = w->check;
	const struct chain_pair *v;
	int64_t seq = check->from_seq;
	size_t n;

	while (seq <= w->head_seq && w->r->fault == CHAIN_WHOLE) {
		arena_reset(&w->work);
		TRY(audit_chain_pairs(w->c->db, seq - 1, w->head_seq, STEP, &w->work, &v, &n, e));
		/* The last few wait for their neighbours, unless they are the last of all. */
		size_t last = n < STEP ? n : n - 8;

		if (n == 0)
			TRY(check_link(w, v, 0, seq, e));
		for (size_t i = 0; i < last && w->r->fault == CHAIN_WHOLE; i++)
			TRY(check_link(w, &v[i], n - i < 8 ? n - i : 8, seq++, e));
		if (check->progress)
			check->progress(check->arg, seq - check->from_seq,
					w->head_seq - check->from_seq + 1);
	}
	return RC_OK;
}

/*
 * Rows of the whole log that no link has.  When every link was found to have its row, as
 * many rows as links means that none is without; looking each up takes many times as long.
 */
static enum rc measure_tail(struct walk *w, struct error *e)
{
	struct chain_report *r = w->r;
	bool links_have_rows = r->fault == CHAIN_WHOLE && w->check->from_seq == 1;
	struct chain_sizes sizes;
	struct chain_ends ends;
	struct chain_tail tail;

	r->tail_at = NO_TIME;
	TRY(audit_chain_ends(w->c->db, &w->work, &ends, e));
	for (int64_t id = 0; id < ends.log_id; id += TAIL_STEP) {
		arena_reset(&w->work);
		if (links_have_rows) {
			TRY(audit_chain_sizes(w->c->db, id, id + TAIL_STEP, &w->work, &sizes, e));
			if (sizes.n_rows == sizes.n_links)
				continue;
		}
		TRY(audit_chain_tail(w->c->db, id, id + TAIL_STEP, TAIL_STEP, &w->work, &tail, e));
		r->tail_n += tail.n;
		if (tail.at != NO_TIME && (r->tail_at == NO_TIME || tail.at < r->tail_at))
			r->tail_at = tail.at;
	}
	return RC_OK;
}

/* What lies before from_seq is believed. */
static enum rc begin(struct walk *w, struct error *e)
{
	const struct chain_check *check = w->check;
	struct chain_link link;

	if (check->from_seq == 1)
		return RC_OK;
	if (check->from_seq > w->head_seq)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "the chain ends at number %lld",
			     (long long)w->head_seq);
	if (audit_chain_get(w->c->db, check->from_seq - 1, &w->work, &link, e) != RC_OK) {
		error_context(e, "the link before it");
		return e->rc;
	}
	memcpy(w->before, link.hash.p, CHAIN_HASH_SIZE);
	/* Its seal may lie anywhere in the batch that is cut in two. */
	return RC_OK;
}

static enum rc verify(struct walk *w, struct error *e)
{
	struct chain_report *r = w->r;
	struct chain_link head;
	enum rc rc = audit_chain_head(w->c->db, &w->work, &head, e);

	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return rc;
	if (rc == RC_OK) {
		w->head_seq = r->head_seq = head.seq;
		memcpy(r->head_hash, head.hash.p, CHAIN_HASH_SIZE);
	}
	TRY(begin(w, e));
	TRY(walk_links(w, e));
	if (r->fault == CHAIN_WHOLE && w->check->noted_seq > w->head_seq) {
		r->fault = CHAIN_NOTED_MISSING;
		r->seq = w->check->noted_seq;
		r->audit_id = 0;
	}
	return measure_tail(w, e);
}

enum rc chain_verify(struct core *c, const struct chain_check *check, struct chain_report *ret,
		     struct error *e)
{
	struct chain_report report = { 0 };
	struct walk w = { .c = c, .check = check, .r = &report };
	enum rc rc;

	BUG(check->from_seq < 1);
	arena_init(&w.work, WORK_BYTES, 1 << 20);
	buf_init(&w.scratch, c->arena, 1024, SCRATCH);
	rc = verify(&w, e);
	arena_clear(&w.work);
	if (rc == RC_OK)
		*ret = report;
	return rc;
}

enum rc chain_head(struct core *c, const struct chain_check *check, struct chain_report *ret,
		   struct error *e)
{
	struct chain_report report = { .tail_at = NO_TIME };
	struct chain_link head;
	enum rc rc = audit_chain_head(c->db, c->arena, &head, e);

	if (rc == RC_OK) {
		report.seq = report.head_seq = head.seq;
		report.audit_id = head.audit_id;
		memcpy(report.head_hash, head.hash.p, CHAIN_HASH_SIZE);
		report.fault = CHAIN_SEAL_MISSING;
		if (head.seal.p)
			TRY(check_seal(check, head.seq, head.hash, head.seal, head.key_id,
				       &report.fault, e));
	} else if (rc != RC_NOT_FOUND) {
		return rc;
	}
	*ret = report;
	return RC_OK;
}
