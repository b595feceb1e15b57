/*
 * The chain of hashes over the audit log: making it, and proving it.
 *
 * Each link holds SHA-256 over the hash before it and all stored columns of one row, in
 * the order in which rows were read; the last link of each batch also holds a seal, an
 * HMAC under a key derived from the server's, so that the database alone cannot make
 * one.  Links are added in one transaction per batch, behind the newest link that this
 * transaction sees: two writers collide at the number, so a crash or a second leader
 * leaves a valid chain.  What it proves and what not: docs/security.md.
 *
 * Rows may become visible after rows with higher ids (long transactions, several nodes).
 * So nothing is remembered as "the last id": each round looks for rows without a link
 * among the newest 20,000 ids, and once a minute among those of the last ten minutes and in
 * a further slice of the whole log, so that nothing is ever forgotten.
 */
#ifndef CORE_AUDIT_CHAIN_H
#define CORE_AUDIT_CHAIN_H

#include "base/buf.h"
#include "core/core.h"
#include "store/audit_chain.h"

#define CHAIN_JOB   "audit_chain" /* lease and job_status */
#define CHAIN_BATCH 1000          /* links of one transaction */
#define CHAIN_SLICE 50000         /* ids of one look at the whole log */
#define CHAIN_MARKS 11            /* minutes remembered, and the one that runs */
#define CHAIN_KEYS  8

/* ---- hashing -------------------------------------------------------------------------- */

/*
 * The hash of a link: SHA-256 over prev, then seq and hashed_at as 8 bytes each (big
 * endian), then the row's columns in the order of struct chain_row: 'i' and 8 bytes,
 * 's', 4 bytes of length and the bytes, or 'n' for NULL.  scratch: any buffer, is emptied.
 */
enum rc chain_hash(const uint8_t prev[CHAIN_HASH_SIZE], int64_t seq, int64_t hashed_at,
		   const struct chain_row *row, struct buf *scratch, uint8_t ret[CHAIN_HASH_SIZE],
		   struct error *e) MUST_CHECK;

/* A key of seals and the name it has in the database. */
struct chain_key {
	uint8_t key[32];
	uint8_t id[CHAIN_KEY_ID_SIZE];
};
/* From 32 bytes as in server_key_file: one key must not serve two purposes. */
enum rc chain_key_derive(const uint8_t server_key[32], struct chain_key *ret,
			 struct error *e) MUST_CHECK;
enum rc chain_seal(const struct chain_key *key, int64_t seq, const uint8_t hash[CHAIN_HASH_SIZE],
		   uint8_t ret[CHAIN_HASH_SIZE], struct error *e) MUST_CHECK;

/* ---- making it (muster-jobs) ------------------------------------------------------------ */

/* What a process remembers between rounds.  Zero-initialise. */
struct chain_state {
	int64_t marks[CHAIN_MARKS]; /* newest hashed id at each of the last minutes, oldest first */
	int64_t minute;             /* of marks' last, monotonic; 0: not begun */
	int64_t slice_id;           /* the whole log is looked through from here */
	int64_t resume_id;          /* a round stopped behind this id; 0: it was done */
	int64_t slice_minute, lease_us, said_us;
};
struct chain_round {
	int64_t n;      /* rows hashed */
	int64_t n_late; /* of them found by the look at the whole log */
	bool is_more;   /* there is more to do at once */
};
/*
 * One round: at most `batches` transactions, each under the lease.  RC_BUSY while another
 * process has it (also when it added the same rows first).  holder: 32 bytes.  Resets c->arena.
 */
enum rc chain_round(struct core *c, struct chain_state *state, struct str holder, int batches,
		    struct chain_round *ret, struct error *e) MUST_CHECK;

/* How far behind the chain is, for monitors: the newest rows only, counted up to 10,000. */
struct chain_lag {
	int64_t n;         /* rows not hashed */
	int64_t oldest_at; /* NO_TIME: none */
};
enum rc chain_lag(struct core *c, struct chain_lag *ret, struct error *e) MUST_CHECK;

/* ---- proving it (muster verify-audit) ----------------------------------------------------- */

enum chain_fault {
	CHAIN_WHOLE,
	CHAIN_ROW_ALTERED,   /* its row is not what was hashed */
	CHAIN_ROW_DELETED,   /* its row is gone */
	CHAIN_LINK_DELETED,  /* the number is missing in the chain */
	CHAIN_LINK_INSERTED, /* the chain goes on without it */
	CHAIN_REORDERED,     /* it stands in another one's place */
	CHAIN_SEAL_WRONG,    /* hashes fit, the seal does not: the chain was made anew */
	CHAIN_SEAL_MISSING,  /* the newest link, or a whole batch, has none */
	CHAIN_KEY_UNKNOWN,   /* sealed under a key that was not given */
	CHAIN_NOTED_WRONG,   /* another hash was noted elsewhere for this number */
	CHAIN_NOTED_MISSING, /* the chain ends before the number that was noted */
	CHAIN_FAULT__MAX
};

struct chain_check {
	int64_t from_seq;                  /* 1: everything; else the link before it is believed */
	struct chain_key keys[CHAIN_KEYS]; /* the server's, and former ones */
	size_t n_keys;
	int64_t noted_seq; /* 0: no head was noted elsewhere */
	uint8_t noted_hash[CHAIN_HASH_SIZE];
	/* Told now and then; NULL: nobody. */
	void (*progress)(void *arg, int64_t done, int64_t total);
	void *arg;
};
struct chain_report {
	enum chain_fault fault;
	int64_t seq, audit_id; /* of the first bad link; audit_id 0: not known */
	int64_t n_links;       /* that were found good */
	int64_t head_seq;      /* 0: the chain is empty */
	uint8_t head_hash[CHAIN_HASH_SIZE];
	int64_t n_late;          /* hashed over an hour after they happened: no fault, but told */
	int64_t tail_n, tail_at; /* rows of the log without a link, and the oldest of them */
};
/*
 * Walks the chain as it was at the start.  RC_OK also when a fault was found.  RC_NOT_FOUND:
 * from_seq is beyond the head, or the link before it is missing.
 */
enum rc chain_verify(struct core *c, const struct chain_check *check, struct chain_report *ret,
		     struct error *e) MUST_CHECK;

/* The newest link's number and hash, when its seal is ours; seq 0: there is none yet. */
enum rc chain_head(struct core *c, const struct chain_check *check, struct chain_report *ret,
		   struct error *e) MUST_CHECK;

#endif
