/*
 * Deciding flagged attempts, the verifier's answers, guests and excuses, against a real database.
 */
#include "store/school_case.h"

#include <pthread.h>
#include <stdio.h>

static int64_t session_id;

static int fresh(void **state)
{
	(void)state;
	pupils_reset(&school);
	school_reset(&school);
	session_id = pupils_attendance(&school);
	db_fixture_exec(&school.f, "DELETE FROM outbox; DELETE FROM audit_log");
	return 0;
}

/* ---- seeing -----------------------------------------------------------------------------------
 */

static struct register_list list_of(struct core *c)
{
	struct register_list l = { 0 };
	struct attendance s;
	struct error e;

	EXPECT(attendance_get(c, session_id, &s, &e), RC_OK);
	EXPECT(register_get(c, &s, &l, &e), RC_OK);
	return l;
}

static const struct register_row *row_of(const struct register_list *l, int64_t person_id)
{
	for (size_t i = 0; i < l->n_rows; i++)
		if (l->rows[i].person_id == person_id)
			return &l->rows[i];
	fail_msg("person %lld is not in the register", (long long)person_id);
	return NULL;
}

static struct register_row now_of(int64_t person_id)
{
	struct register_list l = list_of(school_as(&school, SCHOOL_TEACHER));

	return *row_of(&l, person_id);
}

static struct register_mark mark_of(int64_t person_id, int64_t version, enum mark m)
{
	return (struct register_mark){ .person_id = person_id, .version = version, .mark = m };
}

static struct register_done set_as(enum school_person who, struct register_mark m)
{
	struct register_done done = { 0 };
	struct error e;

	EXPECT(register_set(school_as(&school, who), session_id, &m, 1, STR(""), &done, &e), RC_OK);
	return done;
}

static int64_t open_attempts(void)
{
	return NUMBER("SELECT CAST(COALESCE(SUM(id * id), 0) AS SIGNED) AS n FROM"
		      " attendance_attempt WHERE decided_state = 'open'");
}

static void mark(int64_t person_id, enum mark m)
{
	set_as(SCHOOL_TEACHER, mark_of(person_id, REGISTER_ANY, m));
}

static void close_it(void)
{
	struct attendance_closed closed;
	struct error e;

	EXPECT(attendance_close(school_as(&school, SCHOOL_TEACHER), session_id, "person", &closed,
				&e),
	       RC_OK);
}

static enum rc decide(int64_t attempt, bool accept, const char *why, struct error *e)
{
	error_init(e);
	return register_decide(school_as(&school, SCHOOL_TEACHER), attempt, accept, str_from(why),
			       e);
}

static enum rc undo_last(struct error *e)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct register_done done;
	char act[33];

	error_init(e);
	TRY(register_last_act(c, session_id, act, e));
	return register_undo(c, session_id, str_from(act), &done, e);
}

/* ---- deciding ---------------------------------------------------------------------------------
 */

static void test_accepting_and_rejecting(void **state)
{
	int64_t first = pupils_flagged(&school, session_id, 101),
		second = pupils_flagged(&school, session_id, 102), before = open_attempts();
	const struct checkin_attempt *rows;
	struct register_row row;
	struct error e;
	size_t n;

	(void)state;
	EXPECT(register_flagged(school_as(&school, SCHOOL_TEACHER), session_id, &rows, &n, &e),
	       RC_OK);
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].id, first);
	assert_int_equal(rows[0].reason, REASON_PHOTO_UNCHECKED);
	assert_int_equal(rows[0].signals.n, 2);
	assert_true(str_eq(rows[0].student_code, STR("S0001")));
	EXPECT(decide(first, true, "I saw her", &e), RC_OK);
	row = now_of(101);
	assert_int_equal(row.mark, MARK_PRESENT);
	/* As it came, at the time it came. */
	assert_true(str_eq(row.method, STR("form")));
	assert_int_equal(row.happened_at, SCHOOL_NOW - 29 * 60 * US_PER_S);
	assert_true(str_eq(row.set_by_name, STR("Leyla Aydın")));
	assert_int_equal(
		NUMBER("SELECT COUNT(*) AS n FROM attendance_attempt t JOIN"
		       " attendance_record r ON r.attempt_id = t.id WHERE t.decided_state"
		       " = 'approved' AND t.decided_by = 1 AND t.decided_why = 'I saw her'"),
		1);
	EXPECT(decide(second, false, "", &e), RC_OK);
	row = now_of(102);
	assert_int_equal(row.mark, MARK_NONE);
	assert_int_equal(row.open_attempt_id, 0);
	/* Twice is once. */
	EXPECT(decide(first, false, "", &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_ALREADY_DECIDED);
	EXPECT(decide(second, true, "", &e), RC_CONFLICT);
	EXPECT(decide(second + 1000, true, "", &e), RC_NOT_FOUND);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM audit_log WHERE action ="
				" 'attendance.decided' AND JSON_VALUE(detail, '$.attempt') > 0"),
			 2);
	/* Both can be taken back, the last one first. */
	EXPECT(undo_last(&e), RC_OK);
	assert_int_equal(now_of(102).open_attempt_id, second);
	EXPECT(undo_last(&e), RC_OK);
	assert_int_equal(now_of(101).mark, MARK_NONE);
	assert_int_equal(open_attempts(), before);
}

static void test_who_may_decide(void **state)
{
	int64_t id = pupils_flagged(&school, session_id, 101);
	const struct checkin_attempt *rows;
	struct error e;
	size_t n;

	(void)state;
	EXPECT(register_decide(school_as(&school, SCHOOL_COLLEAGUE), id, true, STR(""), &e),
	       RC_NOT_FOUND);
	EXPECT(register_decide(school_as(&school, SCHOOL_OTHER_ADMIN), id, true, STR(""), &e),
	       RC_NOT_FOUND);
	EXPECT(register_decide(school_as(&school, SCHOOL_STUDENT), id, true, STR(""), &e),
	       RC_DENIED);
	EXPECT(register_flagged(school_as(&school, SCHOOL_STUDENT), session_id, &rows, &n, &e),
	       RC_DENIED);
	assert_int_equal(now_of(101).open_attempt_id, id);
	EXPECT(register_decide(school_as(&school, SCHOOL_EMPLOYEE), id, true, STR(""), &e), RC_OK);
}

static void test_a_mark_settles_and_an_attempt_after_it_waits(void **state)
{
	int64_t id = pupils_flagged(&school, session_id, 101);
	struct error e;

	(void)state;
	mark(101, MARK_ABSENT);
	EXPECT(decide(id, true, "", &e), RC_CONFLICT);
	/* One that came after the mark: accepting it is the newer word, and can be taken back. */
	id = pupils_flagged(&school, session_id, 101);
	EXPECT(decide(id, false, "", &e), RC_OK);
	assert_int_equal(now_of(101).mark, MARK_ABSENT);
	EXPECT(undo_last(&e), RC_OK);
	EXPECT(decide(id, true, "", &e), RC_OK);
	assert_int_equal(now_of(101).mark, MARK_PRESENT);
	EXPECT(undo_last(&e), RC_OK);
	assert_int_equal(now_of(101).mark, MARK_ABSENT);
	assert_true(str_eq(now_of(101).method, STR("teacher")));
	/* Who is in stays as they came. */
	mark(101, MARK_LATE);
	id = pupils_flagged(&school, session_id, 101);
	EXPECT(decide(id, true, "", &e), RC_OK);
	assert_int_equal(now_of(101).mark, MARK_LATE);
	assert_int_equal(open_attempts(), 0);
}

static void test_after_closing(void **state)
{
	int64_t first = pupils_flagged(&school, session_id, 101),
		second = pupils_flagged(&school, session_id, 102);
	struct attendance s;
	struct error e;

	(void)state;
	close_it();
	assert_int_equal(now_of(101).mark, MARK_NONE);
	assert_int_equal(now_of(103).mark, MARK_ABSENT);
	EXPECT(decide(first, true, "", &e), RC_OK);
	EXPECT(decide(second, false, "", &e), RC_OK);
	assert_int_equal(now_of(101).mark, MARK_PRESENT);
	assert_int_equal(now_of(102).mark, MARK_ABSENT);
	assert_true(str_eq(now_of(102).method, STR("auto")));
	EXPECT(attendance_get(school_as(&school, SCHOOL_TEACHER), session_id, &s, &e), RC_OK);
	assert_int_equal(s.n_present, 1);
	assert_int_equal(s.n_absent, PUPILS - 1);
	EXPECT(undo_last(&e), RC_OK);
	assert_int_equal(now_of(102).mark, MARK_NONE);
	assert_int_equal(now_of(102).open_attempt_id, second);
	/* After the lock date, only with a reason. */
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	c->now_us += 15 * US_PER_DAY;
	EXPECT(register_decide(c, second, true, STR(""), &e), RC_INVALID);
	assert_string_equal(e.fields[0].field, "why");
	EXPECT(register_decide(c, second, true, STR("A late look"), &e), RC_OK);
}

struct racer {
	struct core c;
	struct arena a;
	int64_t attempt;
	bool accept;
	enum rc rc;
};

static void *race(void *arg)
{
	struct racer *r = arg;
	struct error e;

	error_init(&e);
	r->rc = register_decide(&r->c, r->attempt, r->accept, STR(""), &e);
	return NULL;
}

static void test_two_decide_at_one_instant(void **state)
{
	int64_t id = pupils_flagged(&school, session_id, 101);
	struct racer r[2] = { { .attempt = id, .accept = true }, { .attempt = id } };
	pthread_t thread[2];

	(void)state;
	school_second(&school, SCHOOL_TEACHER, &r[0].c, &r[0].a);
	school_second(&school, SCHOOL_ADMIN, &r[1].c, &r[1].a);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, race, &r[i]), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pthread_join(thread[i], NULL), 0);
		store_close(r[i].c.db);
		arena_clear(&r[i].a);
	}
	assert_true((r[0].rc == RC_OK && r[1].rc == RC_CONFLICT) ||
		    (r[1].rc == RC_OK && r[0].rc == RC_CONFLICT));
	assert_int_equal(now_of(101).mark, r[0].rc == RC_OK ? MARK_PRESENT : MARK_NONE);
}

static void test_a_note_decides_nothing(void **state)
{
	int64_t id = pupils_flagged(&school, session_id, 101);
	struct checkin_attempt a;
	struct error e;

	(void)state;
	EXPECT(register_note(school_as(&school, SCHOOL_COLLEAGUE), id, STR("x"), &e), RC_NOT_FOUND);
	EXPECT(register_note(school_as(&school, SCHOOL_STUDENT), id, STR("x"), &e), RC_DENIED);
	EXPECT(register_note(school_as(&school, SCHOOL_TEACHER), id + 1000, STR("x"), &e),
	       RC_NOT_FOUND);
	EXPECT(register_note(school_as(&school, SCHOOL_TEACHER), id, STR(" Asked\r\nthem "), &e),
	       RC_OK);
	assert_int_equal(now_of(101).open_attempt_id, id);
	assert_int_equal(
		NUMBER("SELECT COUNT(*) AS n FROM attendance_attempt WHERE decided_state = 'open'"
		       " AND decided_by = 1 AND decided_why = 'Asked\nthem'"),
		1);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM audit_log WHERE action ="
				" 'attendance.noted'"),
			 1);
	/* It is for staff: the attempt does not tell it. */
	EXPECT(checkin_attempt_get(school_as(&school, SCHOOL_TEACHER), id, &a, &e), RC_OK);
	assert_int_equal(a.decided_why.n, 0);
	/* A decision takes its place, and is not written over. */
	EXPECT(decide(id, false, "At home", &e), RC_OK);
	EXPECT(register_note(school_as(&school, SCHOOL_TEACHER), id, STR("Late"), &e), RC_OK);
	EXPECT(checkin_attempt_get(school_as(&school, SCHOOL_TEACHER), id, &a, &e), RC_OK);
	assert_true(str_eq(a.decided_why, STR("At home")));
}

/* ---- the verifier ------------------------------------------------------------------------------
 */

#define VERIFICATION "0b0e7e9c-7c43-4b5c-9f6e-0123456789ab"

static int64_t with_photo(const char *signals, const char *pending_until)
{
	int64_t id = pupils_flagged(&school, session_id, 101);
	char sql[900];

	snprintf(sql, sizeof sql,
		 "DELETE FROM attempt_photo; DELETE FROM file;"
		 "UPDATE attendance_session SET photo_level = 'must', place_level = 'flag',"
		 " code_level = 'off';"
		 "UPDATE attendance_attempt SET signals = '%s' WHERE id = %lld;"
		 "INSERT INTO file (id, sha256, size, class, mime, extension) VALUES"
		 " (REPEAT('f', 16), REPEAT('s', 32), 10, 'image', 'image/jpeg', 'jpg');"
		 "INSERT INTO attempt_photo (attempt_id, file_id, verification_id, verifier_state,"
		 " pending_until, expires_at) VALUES (%lld, REPEAT('f', 16), '" VERIFICATION "',"
		 " 'pending', '%s', '2027-01-01')",
		 signals, (long long)id, (long long)id, pending_until);
	db_fixture_exec(&school.f, sql);
	return id;
}

static const char photo_only[] = "[{\"s\":\"photo\",\"v\":\"pending\"}]";

static enum rc verify(const char *id, bool passed, const char *reason, struct error *e)
{
	struct core *c = school_as(&school, SCHOOL_STUDENT);

	/* Whoever calls is not read. */
	error_init(e);
	return register_verified(c, str_from(id), passed, str_from(reason), e);
}

static void test_a_verifier_passes(void **state)
{
	struct register_row row;
	struct error e;

	(void)state;
	with_photo(photo_only, "2026-11-20 12:00:01");
	EXPECT(verify("0b0e7e9c-7c43-4b5c-9f6e-0123456789ac", true, "", &e), RC_NOT_FOUND);
	EXPECT(verify("nonsense", true, "", &e), RC_NOT_FOUND);
	EXPECT(verify(VERIFICATION, true, "", &e), RC_OK);
	row = now_of(101);
	assert_int_equal(row.mark, MARK_PRESENT);
	assert_int_equal(row.set_by_name.n, 0);
	assert_int_equal(open_attempts(), 0);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM audit_log WHERE action ="
				" 'attendance.verified' AND actor_id IS NULL"),
			 1);
	EXPECT(verify(VERIFICATION, false, "", &e), RC_NOT_FOUND);
	assert_int_equal(now_of(101).mark, MARK_PRESENT);
}

static void test_a_verifier_fails(void **state)
{
	struct error e;

	(void)state;
	with_photo(photo_only, "2026-11-20 12:00:01");
	EXPECT(verify(VERIFICATION, false, "another face", &e), RC_OK);
	assert_int_equal(now_of(101).mark, MARK_NONE);
	assert_int_equal(open_attempts(), 0);
	assert_int_equal(
		NUMBER("SELECT COUNT(*) AS n FROM attendance_attempt t JOIN attempt_photo f"
		       " ON f.attempt_id = t.id WHERE t.decided_state = 'rejected' AND"
		       " t.reason = 'photo_failed' AND t.decided_why = 'another face' AND"
		       " t.decided_by IS NULL AND f.verifier_state = 'failed'"),
		1);
}

static void test_a_verifier_comes_late(void **state)
{
	int64_t id = with_photo(photo_only, "2026-11-20 12:00:00");
	struct error e;

	(void)state;
	EXPECT(verify(VERIFICATION, true, "", &e), RC_TIMEOUT);
	assert_int_equal(now_of(101).open_attempt_id, id);
	/* After closing as well. */
	with_photo(photo_only, "2026-11-20 12:00:00");
	close_it();
	EXPECT(verify(VERIFICATION, false, "", &e), RC_TIMEOUT);
	assert_int_equal(now_of(101).mark, MARK_NONE);
	assert_int_not_equal(now_of(101).open_attempt_id, 0);
}

/* What was pending when it closed: contract 002 still takes its answer. */
static void test_a_verifier_answers_after_closing(void **state)
{
	struct error e;

	(void)state;
	with_photo(photo_only, "2026-11-20 13:00:00");
	close_it();
	assert_int_equal(now_of(101).mark, MARK_NONE);
	/* Its failure makes nobody absent: a person looks. */
	EXPECT(verify(VERIFICATION, false, "another face", &e), RC_OK);
	assert_int_equal(now_of(101).mark, MARK_NONE);
	assert_int_not_equal(now_of(101).open_attempt_id, 0);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM attempt_photo WHERE verifier_state ="
				" 'failed' AND verifier_reason = 'another face'"),
			 1);
	EXPECT(verify(VERIFICATION, true, "", &e), RC_NOT_FOUND);
}

static void test_a_verifier_passes_after_closing(void **state)
{
	int64_t before;
	struct error e;

	(void)state;
	with_photo(photo_only, "2026-11-20 13:00:00");
	close_it();
	before = NUMBER("SELECT n_present AS n FROM attendance_session");
	EXPECT(verify(VERIFICATION, true, "", &e), RC_OK);
	assert_int_equal(now_of(101).mark, MARK_PRESENT);
	assert_int_equal(now_of(101).open_attempt_id, 0);
	assert_int_equal(NUMBER("SELECT n_present AS n FROM attendance_session"), before + 1);
}

static void test_a_verifier_does_not_decide_what_else_is_doubtful(void **state)
{
	int64_t id = with_photo("[{\"s\":\"place\",\"v\":\"fail\",\"n\":90,\"max\":100,"
				"\"extra\":40},{\"s\":\"photo\",\"v\":\"pending\"}]",
				"2026-11-20 13:00:00");
	struct error e;

	(void)state;
	EXPECT(verify(VERIFICATION, true, "", &e), RC_OK);
	assert_int_equal(now_of(101).open_attempt_id, id);
	/* What a person decided first stands. */
	id = with_photo(photo_only, "2026-11-20 13:00:00");
	EXPECT(decide(id, false, "", &e), RC_OK);
	EXPECT(verify(VERIFICATION, true, "", &e), RC_OK);
	assert_int_equal(now_of(101).mark, MARK_NONE);
}

/* ---- guests ------------------------------------------------------------------------------------
 */

static void test_guests(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct register_list l;
	int64_t id, other;
	struct error e;

	(void)state;
	EXPECT(register_guest_add(c, session_id, STR(" "), STR("a\nb"), &id, &e), RC_INVALID);
	assert_int_equal(e.n_fields, 2);
	EXPECT(register_guest_add(c, session_id, STR("Guest One"), STR("visits"), &id, &e), RC_OK);
	EXPECT(register_guest_add(c, session_id, STR("Guest Two"), STR(""), &other, &e), RC_OK);
	l = list_of(c);
	assert_int_equal(l.n_guests, 2);
	assert_true(str_eq(l.guests[0].remark, STR("visits")));
	assert_int_equal(l.guests[0].person_id, COLUMN_NULL);
	EXPECT(register_guest_remove(school_as(&school, SCHOOL_COLLEAGUE), other, &e),
	       RC_NOT_FOUND);
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(register_guest_remove(c, other, &e), RC_OK);
	EXPECT(register_guest_remove(c, other, &e), RC_NOT_FOUND);
	EXPECT(register_guest_merge(c, other, 101, &e), RC_NOT_FOUND);
	/* The guest turns out to be a student who joins later. */
	c->now_us += US_PER_S;
	EXPECT(register_guest_merge(c, id, PUPIL_PARIS, &e), RC_INVALID);
	EXPECT(register_guest_merge(c, id, PUPIL_LATER, &e), RC_OK);
	assert_int_equal(now_of(PUPIL_LATER).mark, MARK_PRESENT);
	assert_int_equal(now_of(PUPIL_LATER).happened_at, SCHOOL_NOW);
	l = list_of(school_as(&school, SCHOOL_TEACHER));
	assert_int_equal(l.n_guests, 1);
	assert_true(str_eq(l.guests[0].merged_name, STR("Given21 Family21")));
	EXPECT(register_guest_merge(school_as(&school, SCHOOL_TEACHER), id, 102, &e), RC_CONFLICT);
	/* Who has a record keeps it. */
	mark(103, MARK_LATE);
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(register_guest_add(c, session_id, STR("Guest Three"), STR(""), &id, &e), RC_OK);
	EXPECT(register_guest_merge(c, id, 103, &e), RC_OK);
	assert_int_equal(now_of(103).mark, MARK_LATE);
}

/* ---- excuses -----------------------------------------------------------------------------------
 */

static enum rc excuse(int64_t person_id, bool excused, const char *remark, struct error *e)
{
	error_init(e);
	return register_excuse(school_as(&school, SCHOOL_TEACHER), SCHOOL_NOW_LIVE, person_id,
			       excused, str_from(remark), e);
}

static void test_an_excuse_before_the_session(void **state)
{
	struct register_done done;
	struct error e;

	(void)state;
	pupils_reset(&school);
	school_reset(&school);
	EXPECT(excuse(101, true, "Dentist", &e), RC_OK);
	EXPECT(excuse(102, true, "", &e), RC_OK);
	EXPECT(excuse(102, false, "", &e), RC_OK);
	EXPECT(excuse(PUPIL_ALONE, true, "", &e), RC_INVALID);
	assert_string_equal(e.fields[0].field, "person_id");
	EXPECT(register_excuse(school_as(&school, SCHOOL_COLLEAGUE), SCHOOL_NOW_LIVE, 103, true,
			       STR(""), &e),
	       RC_NOT_FOUND);
	session_id = pupils_attendance(&school);
	assert_int_equal(now_of(101).mark, MARK_EXCUSED);
	assert_true(str_eq(now_of(101).method, STR("excuse")));
	assert_true(str_eq(now_of(101).remark, STR("Dentist")));
	assert_int_equal(now_of(102).mark, MARK_NONE);
	/* Safe from marks in bulk. */
	EXPECT(register_rest(school_as(&school, SCHOOL_TEACHER), session_id, MARK_PRESENT, STR(""),
			     &done, &e),
	       RC_OK);
	assert_int_equal(now_of(101).mark, MARK_EXCUSED);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM audit_log WHERE action IN"
				" ('attendance.excused', 'attendance.excuse_removed')"
				" AND object = 'occurrence'"),
			 3);
}

static void test_an_excuse_while_it_runs_and_after(void **state)
{
	struct error e;

	(void)state;
	EXPECT(excuse(101, true, "Dentist", &e), RC_OK);
	assert_int_equal(now_of(101).mark, MARK_EXCUSED);
	EXPECT(excuse(101, true, "Dentist, by phone", &e), RC_OK);
	assert_true(str_eq(now_of(101).remark, STR("Dentist, by phone")));
	EXPECT(excuse(101, false, "", &e), RC_OK);
	assert_int_equal(now_of(101).mark, MARK_NONE);
	mark(102, MARK_PRESENT);
	EXPECT(excuse(102, true, "", &e), RC_OK);
	assert_int_equal(now_of(102).mark, MARK_PRESENT);
	close_it();
	assert_int_equal(now_of(103).mark, MARK_ABSENT);
	EXPECT(excuse(103, true, "Flu", &e), RC_OK);
	assert_int_equal(now_of(103).mark, MARK_EXCUSED);
	EXPECT(excuse(103, false, "", &e), RC_OK);
	assert_int_equal(now_of(103).mark, MARK_ABSENT);
	assert_true(str_eq(now_of(103).method, STR("auto")));
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	c->now_us += 15 * US_PER_DAY;
	EXPECT(register_excuse(c, SCHOOL_NOW_LIVE, 104, true, STR(""), &e), RC_INVALID);
	assert_string_equal(e.fields[0].field, "remark");
	EXPECT(register_excuse(c, SCHOOL_NOW_LIVE, 104, true, STR("Letter"), &e), RC_OK);
}

static int64_t live_excuses(int64_t person_id)
{
	char sql[200];

	snprintf(sql, sizeof sql,
		 "SELECT COUNT(*) AS n FROM excuse WHERE person_id = %lld AND ended_at IS NULL",
		 (long long)person_id);
	return NUMBER(sql);
}

/* Undoes the last act of the teacher; gives the act that undoes the undoing. */
static void take_back(char ret_act[33])
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct register_done done;
	struct error e;
	char act[33];

	EXPECT(register_last_act(c, session_id, act, &e), RC_OK);
	EXPECT(register_undo(c, session_id, str_from(act), &done, &e), RC_OK);
	assert_int_equal(done.n_changed, 1);
	memcpy(ret_act, done.act, sizeof done.act);
}

static void test_undoing_an_excuse_takes_it_back_whole(void **state)
{
	struct register_done done;
	struct error e;
	char act[33];

	(void)state;
	EXPECT(excuse(101, true, "Dentist", &e), RC_OK);
	assert_int_equal(live_excuses(101), 1);
	take_back(act);
	assert_int_equal(now_of(101).mark, MARK_NONE);
	assert_int_equal(live_excuses(101), 0);
	/* And the undoing likewise. */
	EXPECT(register_undo(school_as(&school, SCHOOL_TEACHER), session_id, str_from(act), &done,
			     &e),
	       RC_OK);
	assert_int_equal(now_of(101).mark, MARK_EXCUSED);
	assert_int_equal(live_excuses(101), 1);
	/* Taking an excuse back is an act too. */
	EXPECT(excuse(101, false, "", &e), RC_OK);
	assert_int_equal(live_excuses(101), 0);
	take_back(act);
	assert_int_equal(now_of(101).mark, MARK_EXCUSED);
	assert_true(str_eq(now_of(101).remark, STR("Dentist")));
	assert_int_equal(live_excuses(101), 1);
	/* Another remark is another excuse: undone, the first one is there again. */
	EXPECT(excuse(101, true, "Doctor", &e), RC_OK);
	take_back(act);
	assert_true(str_eq(now_of(101).remark, STR("Dentist")));
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM excuse WHERE remark = 'Dentist'"
				" AND ended_at IS NULL"),
			 1);
}

static void test_other_acts_leave_the_excuse(void **state)
{
	struct error e;
	char act[33];

	(void)state;
	mark(101, MARK_PRESENT);
	/* The mark of the teacher stands, and the excuse beside it. */
	EXPECT(excuse(101, true, "Dentist", &e), RC_OK);
	assert_int_equal(now_of(101).mark, MARK_PRESENT);
	take_back(act);
	assert_int_equal(now_of(101).mark, MARK_NONE);
	assert_int_equal(live_excuses(101), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_accepting_and_rejecting, fresh),
		cmocka_unit_test_setup(test_who_may_decide, fresh),
		cmocka_unit_test_setup(test_a_mark_settles_and_an_attempt_after_it_waits, fresh),
		cmocka_unit_test_setup(test_after_closing, fresh),
		cmocka_unit_test_setup(test_two_decide_at_one_instant, fresh),
		cmocka_unit_test_setup(test_a_note_decides_nothing, fresh),
		cmocka_unit_test_setup(test_a_verifier_passes, fresh),
		cmocka_unit_test_setup(test_a_verifier_fails, fresh),
		cmocka_unit_test_setup(test_a_verifier_comes_late, fresh),
		cmocka_unit_test_setup(test_a_verifier_answers_after_closing, fresh),
		cmocka_unit_test_setup(test_a_verifier_passes_after_closing, fresh),
		cmocka_unit_test_setup(test_a_verifier_does_not_decide_what_else_is_doubtful,
				       fresh),
		cmocka_unit_test_setup(test_guests, fresh),
		cmocka_unit_test_setup(test_an_excuse_before_the_session, fresh),
		cmocka_unit_test_setup(test_an_excuse_while_it_runs_and_after, fresh),
		cmocka_unit_test_setup(test_undoing_an_excuse_takes_it_back_whole, fresh),
		cmocka_unit_test_setup(test_other_acts_leave_the_excuse, fresh),
	};

	return cmocka_run_group_tests(tests, school_set_up, school_tear_down);
}
