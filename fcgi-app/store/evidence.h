/*
 * The end of personal evidence.  Each call does at most EVIDENCE_BATCH rows and says how many.
 */
#ifndef STORE_EVIDENCE_H
#define STORE_EVIDENCE_H

#include "store/store.h"

#define EVIDENCE_BATCH 500

enum rc evidence_delete_sealed(struct store *s, int64_t now_us, int64_t *ret_n,
			       struct error *e) MUST_CHECK;
/* In a transaction: the files become 'deleted', the rows go. */
enum rc evidence_delete_photos(struct store *s, int64_t now_us, struct arena *a, int64_t *ret_n,
			       struct error *e) MUST_CHECK;
/* In a transaction: browsers of attempts older than evidence_days of their session; of
 * no_session_days where there is none. */
enum rc evidence_forget_browsers(struct store *s, int64_t now_us, int64_t no_session_days,
				 struct arena *a, int64_t *ret_n, struct error *e) MUST_CHECK;

#endif
