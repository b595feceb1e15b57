/*
 * Excuses and corrections of the demo data; see demo_claims.h.
 *
 * Everything goes through core, as people would have done it.
 */
#include "main/muster/demo_claims.h"

#include "core/attendance/claim.h"

enum { FIRST_STUDENT = 14, WAITS = 16, IS_APPROVED = 17, IS_CORRECTED = 18, ROWS = 100 };

static void be_student(struct core *c, struct who *who, int64_t n)
{
	*who = (struct who){ .role = ROLE_STUDENT,
			     .account_id = FIRST_STUDENT - 1 + n,
			     .person_id = FIRST_STUDENT - 1 + n,
			     .branch_id = 1,
			     .name = STR("Demo"),
			     .zone = STR("UTC") };
	c->who = who;
}

/* The first days after today in which the teacher's sessions may be asked about: up to max. */
static enum rc ask(struct core *c, int32_t today, int64_t teacher, size_t max, struct str reason,
		   int64_t *ret_claim, struct error *e)
{
	const struct claim_session *rows;
	int64_t ids[ROWS];
	struct claim_in in = { .kind = CLAIM_EXCUSE, .occurrences = ids, .reason = reason };
	size_t n;

	TRY(claim_sessions(c, today + 1, today + 4, &rows, &n, e));
	for (size_t i = 0; i < n && in.n < max; i++)
		if (rows[i].may_ask && rows[i].t->teacher_id == teacher)
			ids[in.n++] = rows[i].t->occurrence_id;
	*ret_claim = 0;
	return in.n ? claim_add(c, NULL, &in, ret_claim, e) : RC_OK;
}

static enum rc approve(struct core *c, struct who *who, int64_t student, int64_t teacher,
		       struct error *e)
{
	const struct claim_row *rows;
	struct claim_pick pick;
	struct claim_done done;
	size_t n;

	be_student(c, who, student);
	TRY(claim_own(c, ROWS, &rows, &n, e));
	if (!n)
		return RC_OK;
	pick = (struct claim_pick){ .id = rows[0].s->id };
	*who = (struct who){ .role = ROLE_FACULTY,
			     .account_id = teacher,
			     .person_id = teacher,
			     .branch_id = 1,
			     .name = STR("Demo"),
			     .zone = STR("UTC") };
	return claim_decide(c, CLAIM_APPROVE, &pick, 1, STR("Good luck"), false, &done, e);
}

/* The last session in which the student was not simply present. */
static enum rc dispute(struct core *c, int64_t person_id, struct error *e)
{
	const struct history_query q = {
		.person_id = person_id, .from_day = NO_DAY, .to_day = NO_DAY, .limit = ROWS
	};
	const struct history_row *rows;
	struct claim_in in = { .kind = CLAIM_CORRECTION,
			       .wants = MARK_PRESENT,
			       .reason = STR("I sat in the second row, my phone was empty.") };
	struct claim_session one;
	size_t n;
	int64_t id;

	TRY(history_list(c, &q, &rows, &n, e));
	for (size_t i = 0; i < n; i++) {
		if (!rows[i].is_closed || rows[i].mark == MARK_PRESENT)
			continue;
		TRY(claim_session_of(c, rows[i].attendance_id, &one, e));
		if (!one.may_ask)
			continue;
		in.attendance_id = rows[i].attendance_id;
		return claim_add(c, NULL, &in, &id, e);
	}
	return RC_OK;
}

enum rc demo_claims(struct core *c, struct who *who, int32_t today, int64_t teacher,
		    struct error *e)
{
	int64_t id;

	be_student(c, who, WAITS);
	TRY(ask(c, today, teacher, 2, STR("Visit to the prefecture, the letter is on its way."),
		&id, e));
	be_student(c, who, IS_APPROVED);
	TRY(ask(c, today, teacher, 1, STR("Final of the university league."), &id, e));
	if (id)
		TRY(approve(c, who, IS_APPROVED, teacher, e));
	be_student(c, who, IS_CORRECTED);
	return dispute(c, FIRST_STUDENT - 1 + IS_CORRECTED, e);
}
