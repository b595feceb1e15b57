/*
 * The end of personal evidence.  See evidence.h.
 */
#include "core/attendance/evidence.h"
#include "core/attendance/policy.h"
#include "store/claim.h"
#include "store/evidence.h"

struct batch {
	struct core *c;
	int64_t n;
};

static enum rc photos_tx(struct store *s, void *arg, struct error *e)
{
	struct batch *b = arg;

	return evidence_delete_photos(s, b->c->now_us, b->c->arena, &b->n, e);
}

static enum rc claims_tx(struct store *s, void *arg, struct error *e)
{
	struct batch *b = arg;

	return claim_expire_files(s, b->c->now_us, b->c->arena, &b->n, e);
}

static enum rc browsers_tx(struct store *s, void *arg, struct error *e)
{
	struct batch *b = arg;

	return evidence_forget_browsers(s, b->c->now_us, policy_built_in.evidence_days, b->c->arena,
					&b->n, e);
}

static enum rc repeat(struct core *c, enum rc (*fn)(struct store *, void *, struct error *),
		      int64_t *sum, struct error *e)
{
	struct batch b = { .c = c };

	do {
		TRY(store_tx(c->db, fn, &b, e));
		*sum += b.n;
	} while (b.n == EVIDENCE_BATCH);
	return RC_OK;
}

enum rc evidence_expire(struct core *c, bool with_browsers, struct evidence_expired *ret,
			struct error *e)
{
	struct evidence_expired done = { 0 };
	int64_t n;

	do {
		TRY(evidence_delete_sealed(c->db, c->now_us, &n, e));
		done.n_sealed += n;
	} while (n == EVIDENCE_BATCH);
	TRY(repeat(c, photos_tx, &done.n_photos, e));
	TRY(repeat(c, claims_tx, &done.n_claims, e));
	if (with_browsers)
		TRY(repeat(c, browsers_tx, &done.n_browsers, e));
	*ret = done;
	return RC_OK;
}
