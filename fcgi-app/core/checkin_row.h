/*
 * Internal to core: one check-in on its way through its batch.
 *
 * checkin.c gathers the facts and writes, checkin_decide.c decides; register_decide.c shows and
 * settles what it left undecided; nothing else includes this.
 */
#ifndef CORE_CHECKIN_ROW_H
#define CORE_CHECKIN_ROW_H

#include "core/attendance_row.h"
#include "core/checkin.h"
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
	struct checkin_facts f; /* a copy: what the batch itself does is added */
	uint8_t nonce[16];
	size_t same_as; /* index of the item with the same actor and nonce; its own: none */
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

#endif
