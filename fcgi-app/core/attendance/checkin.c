/*
 * The one transaction of check-ins: lock, facts, decide, write.
 *
 * The transaction may run again (a deadlock, or another one was faster with a unique key), so it
 * starts from the callers' structs each time.  What two items of one batch do to each
 * other, the later one sees as if the earlier had been stored before.
 */
#include "core/attendance/checkin.h"

#include "core/attendance/checkin_row.h"
#include "sys/crypto.h"

static const char *const path_names[CHECKIN_PATH__MAX] = { "form",   "qr",      "json",
							   "device", "teacher", "import" };

const char *checkin_path_name(enum checkin_path p)
{
	BUG((unsigned)p >= CHECKIN_PATH__MAX);
	return path_names[p];
}

#define RUNS_MAX      6 /* another one was faster: again */
#define NONCE_MAX     128
#define BROWSER_BYTES 32

/* ---- within one batch ---- */

static bool same_student(const struct checkin_item *a, const struct checkin_item *b)
{
	return a->f.attendance_id == b->f.attendance_id && a->f.person_id == b->f.person_id;
}

/* What the earlier one did, the later one finds. */
static void show_to(const struct checkin_item *done, struct checkin_item *later)
{
	bool same_browser = later->in->browser_hash.n &&
			    str_eq(later->in->browser_hash, done->in->browser_hash);

	if (!done->is_kept)
		return;
	if (done->in->receipt && later->in->receipt &&
	    memcmp(done->in->receipt->id, later->in->receipt->id, RECEIPT_ID_BYTES) == 0)
		later->f.receipt_person_id = done->f.person_id;
	if (done->result->decision == DECISION_REJECTED)
		return;
	if (same_browser && done->f.attendance_id == later->f.attendance_id &&
	    !same_student(done, later))
		later->f.n_browser++;
	if (!same_student(done, later))
		return;
	if (done->has_record) {
		later->f.record_id = 0; /* it gets its id when it is written */
		later->f.record_status = str_from(mark_name(done->result->mark));
		later->f.record_method = str_from(checkin_path_name(done->in->path));
		later->f.record_at = done->happened_at;
	} else {
		later->f.open_attempt_id = 0;
	}
}

static enum rc decide_all(struct checkin_batch *b, struct error *e)
{
	for (size_t i = 0; i < b->n; i++)
		b->items[i].f = b->items[i].read;
	for (size_t i = 0; i < b->n; i++) {
		struct checkin_item *it = &b->items[i];

		if (it->same_as != i) {
			it->is_kept = it->has_record = it->lapses = it->gives_way = false;
			continue;
		}
		TRY(checkin_decide(it, b->c->now_us, e));
		for (size_t k = i + 1; k < b->n; k++)
			show_to(it, &b->items[k]);
	}
	return RC_OK;
}

static enum rc batch_tx(struct store *s, void *arg, struct error *e)
{
	struct checkin_batch *b = arg;

	b->has_lost = false;
	TRY(checkin_gather(b, s, e));
	/* Each round settles one of them at least. */
	for (bool again = true; again;) {
		TRY(decide_all(b, e));
		TRY(checkin_gather_unsure(b, s, &again, e));
	}
	TRY(checkin_name_other_rooms(b, s, e));
	return checkin_write(b, s, e);
}

/* ---- the batch ---- */

/* The client's nonce, hashed, so that any text will do; or the one of ours that lies there. */
static enum rc take_nonce(struct checkin_item *it, struct error *e)
{
	uint8_t digest[CRYPTO_SHA256_SIZE];
	struct str nonce = str_sub(it->in->nonce, 0, NONCE_MAX);

	if (!nonce.n)
		return RC_OK;
	TRY(crypto_sha256(nonce, digest, e));
	memcpy(it->nonce, digest, sizeof it->nonce);
	return RC_OK;
}

static size_t first_of_nonce(const struct checkin_batch *b, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (b->in[k]->actor->account_id == b->in[i]->actor->account_id &&
		    memcmp(b->items[k].nonce, b->items[i].nonce, sizeof b->items[k].nonce) == 0)
			return k;
	return i;
}

static enum rc begin(struct checkin_batch *b, struct error *e)
{
	uint8_t nonces[CHECKIN_BATCH_MAX][sizeof b->items->nonce];

	crypto_random(nonces, b->n * sizeof nonces[0]);
	b->items = ARENA_ARRAY(b->c->arena, b->n, struct checkin_item);
	if (!b->items)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < b->n; i++) {
		struct checkin_item *it = &b->items[i];

		BUG(b->in[i]->browser_hash.n && b->in[i]->browser_hash.n != BROWSER_BYTES);
		it->in = b->in[i];
		it->result = &b->results[i];
		it->session = checkin_asked_session(b->in[i]);
		it->person = checkin_asked_person(b->in[i]);
		memcpy(it->nonce, nonces[i], sizeof it->nonce);
		TRY(take_nonce(it, e));
		it->same_as = first_of_nonce(b, i);
	}
	return RC_OK;
}

static void copy_repeats(struct checkin_batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		if (b->items[i].same_as == i)
			continue;
		b->results[i] = b->results[b->items[i].same_as];
		b->results[i].is_repeat = true;
	}
}

/* The unique keys decide between two that came at one instant; the slower one looks again. */
static bool was_slower(const struct error *e)
{
	return e->rc == RC_CONFLICT &&
	       (e->reason == REASON_CHANGED || store_is_duplicate(e, "attendance_attempt_nonce") ||
		store_is_duplicate(e, "attendance_attempt_receipt"));
}

enum rc checkin_submit_many(struct core *c, const struct checkin_in *const *in, size_t n,
			    struct checkin_result *results, struct error *e)
{
	struct checkin_batch b = { .c = c, .in = in, .results = results, .n = n };
	struct error mine;
	enum rc rc;

	BUG(n < 1 || n > CHECKIN_BATCH_MAX);
	TRY(begin(&b, e));
	for (int run = 0;; run++) {
		error_init(&mine);
		rc = store_tx(c->db, batch_tx, &b, &mine);
		if (rc == RC_OK)
			break;
		if (!was_slower(&mine) || run == RUNS_MAX) {
			*e = mine;
			return rc;
		}
		b.is_again = true;
	}
	copy_repeats(&b);
	return RC_OK;
}

enum rc checkin_prepare(struct core *c, struct checkin_in *in, struct error *e)
{
	struct error mine;
	int64_t step;
	enum rc rc;

	in->actor = c->who;
	in->request_id = c->request_id;
	if (in->attendance_id || in->receipt || in->token.n || !in->code.n)
		return RC_OK;
	error_init(&mine);
	rc = checkin_find(c, in->code, in->token, &in->attendance_id, &step, &mine);
	if (rc == RC_OK || rc == RC_INVALID)
		return RC_OK;
	*e = mine;
	return rc;
}

enum rc checkin_outcome(const struct checkin_result *r, struct error *e)
{
	if (r->rc == RC_OK)
		return RC_OK;
	ERROR(e, r->rc, r->reason, "attendance %lld, person %lld", (long long)r->attendance_id,
	      (long long)r->person_id);
	e->arg = r->arg;
	return r->rc;
}

enum rc checkin_submit(struct core *c, struct checkin_in *in, struct checkin_result *ret,
		       struct error *e)
{
	const struct checkin_in *one = in;

	TRY(checkin_prepare(c, in, e));
	TRY(checkin_submit_many(c, &one, 1, ret, e));
	return checkin_outcome(ret, e);
}
