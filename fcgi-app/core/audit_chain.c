/*
 * Making the chain over the audit log; see the header.
 */
#include "core/audit_chain.h"

#include "codec/json.h"
#include "store/job.h"
#include "store/lease.h"
#include "sys/crypto.h"

#define LEASE_S     30
#define MINUTE_US   (60 * US_PER_S)
#define SAY_US      (30 * US_PER_S)
#define START_IDS   20000 /* looked behind each second and at the start */
#define LAG_IDS     5000
#define LAG_MAX     10000
#define LINKS_BYTES (CHAIN_BATCH * 160)

/* ---- hashing -------------------------------------------------------------------------- */

static void add_number(struct buf *b, int64_t v)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		buf_char(b, (char)((uint64_t)v >> shift & 0xFF));
}

static void add_i64(struct buf *b, int64_t v)
{
	buf_char(b, v == COLUMN_NULL ? 'n' : 'i');
	if (v != COLUMN_NULL)
		add_number(b, v);
}

static void add_text(struct buf *b, struct str s)
{
	buf_char(b, 's');
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_char(b, (char)(s.n >> shift & 0xFF));
	buf_add(b, s);
}

enum rc chain_hash(const uint8_t prev[CHAIN_HASH_SIZE], int64_t seq, int64_t hashed_at,
		   const struct chain_row *row, struct buf *scratch, uint8_t ret[CHAIN_HASH_SIZE],
		   struct error *e)
{
	struct buf *b = scratch;

	b->n = 0;
	buf_add(b, str_make((const char *)prev, CHAIN_HASH_SIZE));
	add_number(b, seq);
	add_number(b, hashed_at);
	add_i64(b, row->id);
	add_i64(b, row->at);
	add_i64(b, row->actor_id);
	add_text(b, row->request_id);
	add_text(b, row->action);
	add_i64(b, row->branch_id);
	add_text(b, row->object);
	add_i64(b, row->object_id);
	add_text(b, row->detail);
	if (!buf_ok(b))
		return ERROR_MEMORY(e);
	return crypto_sha256(buf_str(b), ret, e);
}

static struct secret secret_of(const uint8_t key[32])
{
	return secret_make(str_make((const char *)key, 32));
}

enum rc chain_key_derive(const uint8_t server_key[32], struct chain_key *ret, struct error *e)
{
	uint8_t id[CRYPTO_SHA256_SIZE];
	struct chain_key key;

	TRY(crypto_hmac_sha256(secret_of(server_key), STR("muster audit chain: seals"), key.key,
			       e));
	TRY(crypto_hmac_sha256(secret_of(key.key), STR("name of this key"), id, e));
	memcpy(key.id, id, sizeof key.id);
	*ret = key;
	return RC_OK;
}

enum rc chain_seal(const struct chain_key *key, int64_t seq, const uint8_t hash[CHAIN_HASH_SIZE],
		   uint8_t ret[CHAIN_HASH_SIZE], struct error *e)
{
	char text[8 + CHAIN_HASH_SIZE];

	for (int i = 0; i < 8; i++)
		text[i] = (char)((uint64_t)seq >> (56 - 8 * i) & 0xFF);
	memcpy(text + 8, hash, CHAIN_HASH_SIZE);
	return crypto_hmac_sha256(secret_of(key->key), str_make(text, sizeof text), ret, e);
}

/* ---- a batch ---------------------------------------------------------------------------- */

struct batch {
	struct core *c;
	const struct chain_key *key;
	const struct chain_row *rows;
	size_t n;
};

static void add_hex(struct json_out *o, struct arena *a, const uint8_t *bytes, size_t n)
{
	struct buf hex;

	buf_init(&hex, a, n * 2, n * 2);
	buf_hex(&hex, bytes, n);
	json_out_str(o, buf_ok(&hex) ? buf_str(&hex) : (struct str){ 0 });
}

/* [seq, audit_id, hash, seal, key_id] */
static enum rc add_link(struct json_out *o, const struct batch *b, size_t i, int64_t seq,
			const uint8_t hash[CHAIN_HASH_SIZE], struct error *e)
{
	uint8_t seal[CHAIN_HASH_SIZE];

	json_out_array(o);
	json_out_i64(o, seq);
	json_out_i64(o, b->rows[i].id);
	add_hex(o, b->c->arena, hash, CHAIN_HASH_SIZE);
	if (i + 1 == b->n) {
		TRY(chain_seal(b->key, seq, hash, seal, e));
		add_hex(o, b->c->arena, seal, sizeof seal);
		add_hex(o, b->c->arena, b->key->id, sizeof b->key->id);
	} else {
		json_out_null(o);
		json_out_null(o);
	}
	json_out_array_end(o);
	return RC_OK;
}

static enum rc append(struct store *db, void *arg, struct error *e)
{
	const struct batch *b = arg;
	struct core *c = b->c;
	uint8_t hash[CHAIN_HASH_SIZE] = { 0 };
	struct chain_link head = { 0 };
	struct buf links, scratch;
	struct json_out o;
	enum rc rc = audit_chain_head(db, c->arena, &head, e);

	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return rc;
	if (rc == RC_OK)
		memcpy(hash, head.hash.p, CHAIN_HASH_SIZE);
	buf_init(&links, c->arena, LINKS_BYTES, 4 * LINKS_BYTES);
	buf_init(&scratch, c->arena, 1024, 65536);
	json_out_init(&o, &links);
	json_out_array(&o);
	for (size_t i = 0; i < b->n; i++) {
		int64_t seq = head.seq + 1 + (int64_t)i;

		TRY(chain_hash(hash, seq, c->now_us, &b->rows[i], &scratch, hash, e));
		TRY(add_link(&o, b, i, seq, hash, e));
	}
	json_out_array_end(&o);
	if (!buf_ok(&links))
		return ERROR_MEMORY(e);
	TRY(audit_chain_add(db, buf_str(&links), c->now_us, e));
	return job_succeeded(db, STR(CHAIN_JOB), (int64_t)b->n, c->now_us, e);
}

/* The lease is prolonged when a third of it is over. */
static enum rc hold_lease(struct core *c, struct chain_state *state, struct str holder,
			  struct error *e)
{
	int64_t now = clock_read_mono_us(c->clock);

	if (state->lease_us && now - state->lease_us < LEASE_S * US_PER_S / 3)
		return RC_OK;
	state->lease_us = 0;
	TRY(lease_take(c->db, STR(CHAIN_JOB), holder, LEASE_S, c->arena, e));
	state->lease_us = now;
	return RC_OK;
}

static enum rc add_batch(struct core *c, struct chain_state *state, struct str holder,
			 const struct chain_key *key, const struct chain_row *rows, size_t n,
			 struct error *e)
{
	struct batch b = { c, key, rows, n };
	enum rc rc;

	TRY(hold_lease(c, state, holder, e));
	rc = store_tx(c->db, append, &b, e);
	if (rc != RC_CONFLICT)
		return rc;
	/* Another process was faster with the same rows or numbers: nothing of ours was kept. */
	state->lease_us = 0;
	return ERROR(e, RC_BUSY, REASON_TOO_MUCH, "another process hashes the audit log");
}

/* ---- a round ----------------------------------------------------------------------------- */

struct walk {
	struct core *c;
	struct chain_state *state;
	struct str holder;
	const struct chain_key *key;
	int batches; /* left */
	struct chain_round round;
};

/* Hashes what has no link in *after_id..to_id and moves *after_id; *ret_done: nothing is left. */
static enum rc hash_between(struct walk *w, int64_t *after_id, int64_t to_id, int64_t *n,
			    bool *ret_done, struct error *e)
{
	struct core *c = w->c;
	const struct chain_row *rows;
	size_t got = CHAIN_BATCH;

	while (got == CHAIN_BATCH && w->batches > 0) {
		struct chain_state *state = w->state;

		w->batches--;
		c->now_us = clock_read_us(c->clock);
		arena_reset(c->arena);
		TRY(audit_chain_unhashed(c->db, *after_id, to_id, CHAIN_BATCH, c->arena, &rows,
					 &got, e));
		if (got == 0)
			break;
		TRY(add_batch(c, state, w->holder, w->key, rows, got, e));
		*after_id = rows[got - 1].id;
		*n += (int64_t)got;
		state->said_us = clock_read_mono_us(c->clock);
		if (*after_id > state->marks[CHAIN_MARKS - 1])
			state->marks[CHAIN_MARKS - 1] = *after_id;
	}
	*ret_done = got < CHAIN_BATCH;
	return RC_OK;
}

/* Begins, or turns the minutes' marks on. */
static enum rc turn_marks(struct core *c, struct chain_state *state, struct error *e)
{
	int64_t minute = clock_read_mono_us(c->clock) / MINUTE_US + 1;
	struct chain_ends ends;

	if (state->minute == 0) {
		TRY(audit_chain_ends(c->db, c->arena, &ends, e));
		for (size_t i = 0; i < CHAIN_MARKS; i++)
			state->marks[i] =
				ends.hashed_id > START_IDS ? ends.hashed_id - START_IDS : 0;
		state->marks[CHAIN_MARKS - 1] = ends.hashed_id;
		state->minute = state->slice_minute = minute;
	}
	for (; state->minute < minute; state->minute++) {
		memmove(state->marks, state->marks + 1, (CHAIN_MARKS - 1) * sizeof state->marks[0]);
		state->marks[CHAIN_MARKS - 1] = state->marks[CHAIN_MARKS - 2];
	}
	return RC_OK;
}

/* Once a minute: all of the last ten, and a slice of the whole log. */
static enum rc look_behind(struct walk *w, struct error *e)
{
	struct chain_state *state = w->state;
	int64_t to = state->slice_id + CHAIN_SLICE, from = state->marks[0];
	bool is_done;

	if (state->slice_minute == state->minute)
		return RC_OK;
	TRY(hash_between(w, &from, INT64_MAX, &w->round.n, &is_done, e));
	from = state->slice_id;
	if (is_done)
		TRY(hash_between(w, &from, to, &w->round.n_late, &is_done, e));
	if (!is_done)
		return RC_OK;
	state->slice_minute = state->minute;
	state->slice_id = to > state->marks[0] ? 0 : to;
	return RC_OK;
}

static enum rc load_key(struct core *c, struct chain_key *ret, struct error *e)
{
	uint8_t server_key[32];
	enum rc rc;

	TRY(config_server_key(c->config, server_key, e));
	rc = chain_key_derive(server_key, ret, e);
	crypto_wipe(server_key, sizeof server_key);
	return rc;
}

/* The newest, each second.  What a round could not finish goes on where it stopped. */
static enum rc look_at_newest(struct walk *w, bool *ret_done, struct error *e)
{
	struct chain_state *state = w->state;
	int64_t newest = state->marks[CHAIN_MARKS - 1], from = state->marks[0];

	if (newest - START_IDS > from)
		from = newest - START_IDS;
	if (state->resume_id)
		from = state->resume_id;
	TRY(hash_between(w, &from, INT64_MAX, &w->round.n, ret_done, e));
	state->resume_id = *ret_done ? 0 : from;
	return RC_OK;
}

enum rc chain_round(struct core *c, struct chain_state *state, struct str holder, int batches,
		    struct chain_round *ret, struct error *e)
{
	struct chain_key key;
	struct walk w = {
		.c = c, .state = state, .holder = holder, .key = &key, .batches = batches
	};
	bool is_done;
	enum rc rc;

	TRY(load_key(c, &key, e));
	rc = turn_marks(c, state, e);
	if (rc == RC_OK)
		rc = look_at_newest(&w, &is_done, e);
	if (rc == RC_OK && is_done)
		rc = look_behind(&w, e);
	crypto_wipe(&key, sizeof key);
	TRY(rc);
	w.round.n += w.round.n_late;
	w.round.is_more = w.batches == 0;
	/* Alive, with nothing to do: said now and then. */
	if (clock_read_mono_us(c->clock) - state->said_us >= SAY_US) {
		TRY(job_succeeded(c->db, STR(CHAIN_JOB), 0, c->now_us, e));
		state->said_us = clock_read_mono_us(c->clock);
	}
	*ret = w.round;
	return RC_OK;
}

enum rc chain_lag(struct core *c, struct chain_lag *ret, struct error *e)
{
	struct chain_ends ends;
	struct chain_tail tail;

	TRY(audit_chain_ends(c->db, c->arena, &ends, e));
	TRY(audit_chain_tail(c->db, ends.hashed_id > LAG_IDS ? ends.hashed_id - LAG_IDS : 0,
			     INT64_MAX, LAG_MAX, c->arena, &tail, e));
	*ret = (struct chain_lag){ tail.n, tail.at };
	return RC_OK;
}
