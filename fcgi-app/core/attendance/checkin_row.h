/*
 * Internal to core: one check-in on its way through its batch.
 *
 * checkin.c gathers the facts and writes, checkin_decide.c decides; register_decide.c shows and
 * settles what it left undecided; nothing else includes this.
 */
#ifndef CORE_CHECKIN_ROW_H
#define CORE_CHECKIN_ROW_H

#include "codec/json.h"
#include "core/attendance/attendance_row.h"
#include "core/attendance/checkin.h"
#include "store/checkin.h"

#define CHECKIN_PLACES_MAX 8
/* A device whose clock is off by more is flagged; seconds. */
#define CHECKIN_CLOCK_MAX 120
/* Two places within this are compared for speed; nearer ones than this differ by chance. */
#define CHECKIN_SPEED_US (INT64_C(3600) * US_PER_S)
#define CHECKIN_SPEED_M  300

struct checkin_item {
	const struct checkin_in *in;
	struct checkin_result *result;
	struct checkin_facts read; /* as the database has them */
	struct checkin_facts f;    /* a copy: what the batch itself does is added */
	uint8_t nonce[16];
	size_t same_as; /* index of the item with the same actor and nonce; its own: none */
	int64_t session, person; /* asked for; COLUMN_NULL: not by id */
	bool has_facts;
	bool is_plain; /* by the plain question, which looked for no record and no same nonce */
	/* Facts beside the one statement. */
	bool is_in_network;
	struct place places[CHECKIN_PLACES_MAX]; /* of earlier attempts, newest first */
	int64_t place_at[CHECKIN_PLACES_MAX], place_session[CHECKIN_PLACES_MAX];
	size_t n_places;
	/* What was decided. */
	bool is_kept;                /* an attempt is written */
	bool has_record;             /* and a record */
	bool gives_way;              /* a record of closing or of an excuse gives way to it */
	bool lapses;                 /* those that wait give way to it */
	int64_t happened_at, late_s; /* late_s COLUMN_NULL: not late */
	int64_t code_step;           /* COLUMN_NULL: none */
	bool is_code_wrong;          /* typed, and of no step of this session */
};

struct checkin_batch {
	struct core *c;
	const struct checkin_in *const *in;
	struct checkin_result *results;
	size_t n;
	struct checkin_item *items;
	const struct checkin_session *sessions; /* locked */
	size_t n_sessions;
	bool is_again; /* somebody was faster: everything is asked in full */
	bool has_lost; /* another transaction was faster with a unique key */
};

/* Fills what was decided and it->result; pure.  RC_NO_MEMORY from the code's digest is its only
 * failure. */
enum rc checkin_decide(struct checkin_item *it, int64_t now_us, struct error *e) MUST_CHECK;
/* The same try again: the answer of its first time. */
void checkin_answer_again(struct checkin_item *it);
/* What a refusal's reason is to a door. */
enum rc checkin_rc(enum reason reason);
/* The stored attempt as people may see it; texts are shared. */
void checkin_attempt_fill(const struct checkin_attempt_row *row, struct checkin_attempt *ret);
/* Does a place speak at all in the session of it? */
bool checkin_wants_place(const struct checkin_item *it);

/* ---- JSON of the items: checkin_item.c ---- */

struct checkin_writer {
	struct buf b;
	struct json_out o;
	size_t n;
};

void checkin_writer_begin(struct checkin_writer *w, struct checkin_batch *b);
enum rc checkin_writer_end(struct checkin_writer *w, struct str *ret, struct error *e) MUST_CHECK;
/* null for 0 and COLUMN_NULL, for no bytes, for NO_TIME. */
void checkin_put_i64(struct checkin_writer *w, const char *key, int64_t v);
void checkin_put_hex(struct checkin_writer *w, const char *key, const void *bytes, size_t n);
void checkin_put_time(struct checkin_writer *w, const char *key, int64_t us);
/* Opens an object with the members that every statement shares; the caller adds and ends it. */
void checkin_put_item(struct checkin_writer *w, const struct checkin_item *it, size_t i,
		      int64_t session, int64_t person, bool has_receipt);
/* What is asked for before anything is known: those without facts, *ret_n of them. */
enum rc checkin_asked_items(struct checkin_batch *b, struct str *ret, size_t *ret_n,
			    struct error *e) MUST_CHECK;
/* Ids of the sessions, each once, and the first of them. */
enum rc checkin_asked_sessions(struct checkin_batch *b, struct str *ret, size_t *ret_n,
			       int64_t *ret_first, struct error *e) MUST_CHECK;
/* Those who check themselves in, for checkin_plain_facts; courses: all sessions are is_course. */
enum rc checkin_plain_items(struct checkin_batch *b, bool courses, enum checkin_plain *ret_kind,
			    struct str *ret, size_t *ret_n, struct error *e) MUST_CHECK;
/* The session and the student that somebody asks for; COLUMN_NULL: not by id. */
int64_t checkin_asked_session(const struct checkin_in *in);
int64_t checkin_asked_person(const struct checkin_in *in);

/* ---- the steps of the transaction ---- */

/* Locks the sessions and fills each item's facts: checkin_facts.c. */
enum rc checkin_gather(struct checkin_batch *b, struct store *s, struct error *e) MUST_CHECK;
/*
 * After deciding: those whose decision the plain question is not enough for are asked about in
 * full.  *ret_any: there were some, and all are to be decided again.
 */
enum rc checkin_gather_unsure(struct checkin_batch *b, struct store *s, bool *ret_any,
			      struct error *e) MUST_CHECK;
bool checkin_wants_network(const struct checkin_item *it);
/* "A wrong room's code says so". */
enum rc checkin_name_other_rooms(struct checkin_batch *b, struct store *s,
				 struct error *e) MUST_CHECK;
/* RC_CONFLICT CHANGED and has_lost: another transaction was faster: checkin_write.c. */
enum rc checkin_write(struct checkin_batch *b, struct store *s, struct error *e) MUST_CHECK;

/* RC_NOT_SIGNED_IN, RC_DENIED STUDENT_ONLY. */
enum rc checkin_need_student(const struct core *c, struct error *e) MUST_CHECK;

#endif
