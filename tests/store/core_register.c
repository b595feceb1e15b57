/*
 * The register against a real database: marks, the rest, undo, conflicts, the lock date, two
 * teachers at once.
 */
#include "store/register.h"
#include "store/school_case.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

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

/* Every row of the session but ids, versions and times of writing, as one number. */
static int64_t digest(void)
{
	return NUMBER("SELECT CAST(CONV(LEFT(MD5(GROUP_CONCAT(CONCAT_WS('|', person_id, status,"
		      " method, happened_at, COALESCE(late_s, 'n'), COALESCE(remark, 'null'),"
		      " COALESCE(attempt_id, 'n'), COALESCE(set_by, 'n')) ORDER BY person_id"
		      " SEPARATOR '#')), 15), 16, 10) AS SIGNED) AS n FROM attendance_record");
}

static int64_t open_attempts(void)
{
	return NUMBER("SELECT CAST(COALESCE(SUM(id * id), 0) AS SIGNED) AS n FROM"
		      " attendance_attempt WHERE decided_state = 'open'");
}

/* ---- marks ------------------------------------------------------------------------------------
 */

static void test_a_mark_and_its_provenance(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct register_list l = list_of(c);
	struct register_mark m = mark_of(101, 0, MARK_LATE);
	struct register_done done;
	struct error e;

	(void)state;
	assert_int_equal(l.n_rows, PUPILS);
	assert_int_equal(l.n[MARK_NONE], PUPILS);
	assert_true(str_eq(l.rows[0].family_name, STR("Family01")));
	assert_true(str_eq(l.rows[0].section_name, STR("A")));
	assert_true(l.rows[0].is_expected);
	m.has_remark = true;
	m.remark = STR(" came \"by\" bike <3 \\ é ");
	EXPECT(register_set(c, session_id, &m, 1, STR(""), &done, &e), RC_OK);
	assert_int_equal(done.n_changed, 1);
	assert_int_equal(strlen(done.act), 32);
	struct register_row row = now_of(101);
	assert_int_equal(row.mark, MARK_LATE);
	assert_int_equal(row.late_s, 1800); /* 12:00, planned at 11:30 */
	assert_int_equal(row.happened_at, SCHOOL_NOW);
	assert_true(str_eq(row.method, STR("teacher")));
	assert_true(str_eq(row.set_by_name, STR("Leyla Aydın")));
	assert_true(str_eq(row.remark, STR("came \"by\" bike <3 \\ é")));
	/* The same again is no change. */
	m.version = row.version;
	EXPECT(register_set(c, session_id, &m, 1, STR(""), &done, &e), RC_OK);
	assert_int_equal(done.n_changed, 0);
	assert_string_equal(done.act, "");
	m.has_late = true;
	m.late_min = 12;
	EXPECT(register_set(c, session_id, &m, 1, STR(""), &done, &e), RC_OK);
	assert_int_equal(now_of(101).late_s, 720);
	/* Present is not late, and the time of coming stays. */
	c->now_us += US_PER_S;
	m = mark_of(101, REGISTER_ANY, MARK_PRESENT);
	EXPECT(register_set(c, session_id, &m, 1, STR(""), &done, &e), RC_OK);
	row = now_of(101);
	assert_int_equal(row.late_s, COLUMN_NULL);
	assert_int_equal(row.happened_at, SCHOOL_NOW);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM outbox WHERE type ="
				" 'attendance.marked' AND person_id = 101"
				" AND JSON_VALUE(payload, '$.student') = 101"
				" AND JSON_VALUE(payload, '$.record') IS NOT NULL"),
			 3);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM audit_log WHERE action ="
				" 'attendance.marked' AND object = 'attendance'"),
			 3);
}

static void test_a_remark_leaves_where_the_mark_came_from(void **state)
{
	struct register_mark m = mark_of(101, REGISTER_ANY, MARK_PRESENT);
	struct register_row row;

	(void)state;
	db_fixture_exec(&school.f,
			"INSERT INTO attendance_record (attendance_id, person_id, status, method,"
			" happened_at, attempt_id, updated_at) SELECT id, 101, 'present', 'qr',"
			" '2026-11-20 11:31:00', 77, '2026-11-20 11:31:00' FROM"
			" attendance_session");
	m.has_remark = true;
	m.remark = STR("without books");
	assert_int_equal(set_as(SCHOOL_TEACHER, m).n_changed, 1);
	row = now_of(101);
	assert_true(str_eq(row.method, STR("qr")));
	assert_int_equal(row.set_by_name.n, 0);
	assert_int_equal(NUMBER("SELECT attempt_id AS n FROM attendance_record"), 77);
	m.remark = STR("");
	assert_int_equal(set_as(SCHOOL_TEACHER, m).n_changed, 1);
	assert_int_equal(now_of(101).remark.n, 0);
}

static void test_input_is_checked(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct register_mark two[2] = { mark_of(101, 0, MARK_LATE), mark_of(101, 0, MARK_NONE) };
	struct register_done done;
	char text[1300];
	struct error e;

	(void)state;
	EXPECT(register_set(c, session_id, two, 2, STR(""), &done, &e), RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_REPEATED);
	two[0].has_late = true;
	two[0].late_min = 601;
	EXPECT(register_set(c, session_id, two, 1, STR(""), &done, &e), RC_INVALID);
	assert_string_equal(e.fields[0].field, "late_min");
	two[0].late_min = -1;
	EXPECT(register_set(c, session_id, two, 1, STR(""), &done, &e), RC_INVALID);
	two[0].late_min = 600;
	two[0].has_remark = true;
	memset(text, '<', sizeof text);
	two[0].remark = str_make(text, 301);
	EXPECT(register_set(c, session_id, two, 1, STR(""), &done, &e), RC_INVALID);
	assert_string_equal(e.fields[0].field, "remark");
	/* The longest there is, each sign of which grows in JSON. */
	two[0].remark = str_make(text, 300);
	EXPECT(register_set(c, session_id, two, 1, STR(""), &done, &e), RC_OK);
	assert_int_equal(now_of(101).remark.n, 300);
	EXPECT(register_undo(c, session_id, str_from(done.act), &done, &e), RC_OK);
	EXPECT(register_undo(c, session_id, str_from(done.act), &done, &e), RC_OK);
	assert_int_equal(now_of(101).remark.n, 300);
	EXPECT(register_set(c, session_id, two, 1, str_make(text, 501), &done, &e), RC_INVALID);
	assert_string_equal(e.fields[0].field, "why");
	EXPECT(register_set(c, session_id, NULL, 0, STR(""), &done, &e), RC_OK);
	assert_int_equal(done.n_changed, 0);
	EXPECT(register_rest(c, session_id, MARK_NONE, STR(""), &done, &e), RC_INVALID);
	EXPECT(register_undo(c, session_id, STR("nonsense"), &done, &e), RC_NOT_FOUND);
}

static void test_who_may_stand_in_it(void **state)
{
	static const int64_t strangers[] = { PUPIL_PARIS, SCHOOL_COLLEAGUE, 999 };
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct register_done done;
	struct register_mark m;
	struct error e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(strangers); i++) {
		m = mark_of(strangers[i], 0, MARK_PRESENT);
		EXPECT(register_set(c, session_id, &m, 1, STR(""), &done, &e), RC_INVALID);
		assert_string_equal(e.fields[0].field, "person_id");
		assert_int_equal(e.fields[0].reason, REASON_NOT_A_CHOICE);
	}
	/* A walk-in of the branch, and one whose enrolment begins tomorrow. */
	m = mark_of(PUPIL_ALONE, 0, MARK_PRESENT);
	EXPECT(register_set(c, session_id, &m, 1, STR(""), &done, &e), RC_OK);
	m = mark_of(PUPIL_LATER, 0, MARK_PRESENT);
	EXPECT(register_set(c, session_id, &m, 1, STR(""), &done, &e), RC_OK);
	assert_false(now_of(PUPIL_ALONE).is_expected);
	assert_false(now_of(PUPIL_LATER).is_expected);
	assert_true(now_of(101).is_expected);
}

static void test_who_may_work_on_it(void **state)
{
	static const struct {
		enum school_person who;
		enum rc rc;
	} cases[] = { { SCHOOL_TEACHER, RC_OK },
		      { SCHOOL_EMPLOYEE, RC_OK },
		      { SCHOOL_STAFF_TEACHER, RC_OK },
		      { SCHOOL_ADMIN, RC_OK },
		      { SCHOOL_SUPER, RC_OK },
		      { SCHOOL_COLLEAGUE, RC_NOT_FOUND },
		      { SCHOOL_OTHER_ADMIN, RC_NOT_FOUND },
		      { SCHOOL_STUDENT, RC_DENIED } };
	const struct register_change *history;
	int64_t record, attendance, person;
	struct register_done done;
	struct register_mark m;
	char act[33];
	struct error e;
	size_t n;

	(void)state;
	set_as(SCHOOL_TEACHER, mark_of(102, 0, MARK_PRESENT));
	record = NUMBER("SELECT id AS n FROM attendance_record");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct core *c = school_as(&school, cases[i].who);
		enum mark to = i % 2 ? MARK_PRESENT : MARK_ABSENT;

		m = mark_of(101, REGISTER_ANY, to);
		EXPECT(register_set(c, session_id, &m, 1, STR(""), &done, &e), cases[i].rc);
		EXPECT(register_rest(c, session_id, MARK_ABSENT, STR(""), &done, &e), cases[i].rc);
		EXPECT(register_last_act(c, session_id, act, &e), cases[i].rc);
		EXPECT(register_history(c, session_id, 101, &history, &n, &e), cases[i].rc);
		EXPECT(register_of_record(c, record, &attendance, &person, &e), cases[i].rc);
		assert_true(cases[i].rc != RC_OK || (attendance == session_id && person == 102));
	}
	EXPECT(register_of_record(school_as(&school, SCHOOL_SUPER), record + 1000, &attendance,
				  &person, &e),
	       RC_NOT_FOUND);
}

/* ---- conflicts --------------------------------------------------------------------------------
 */

static void test_two_teachers_lose_nothing(void **state)
{
	struct register_mark marks[2] = { mark_of(101, 0, MARK_ABSENT),
					  mark_of(102, 0, MARK_ABSENT) };
	struct register_done done;
	int64_t version;
	struct error e;

	(void)state;
	/* Both looked at an empty register; the first marks 101. */
	set_as(SCHOOL_STAFF_TEACHER, mark_of(101, 0, MARK_PRESENT));
	EXPECT(register_set(school_as(&school, SCHOOL_TEACHER), session_id, marks, 2, STR(""),
			    &done, &e),
	       RC_OK);
	assert_int_equal(done.n_changed, 1);
	assert_int_equal(done.n_conflicts, 1);
	assert_int_equal(done.conflict_person_id, 101);
	assert_int_equal(done.conflict_mark, MARK_PRESENT);
	assert_true(str_eq(done.conflict_by, STR("Sam Staff")));
	assert_int_equal(now_of(101).mark, MARK_PRESENT);
	assert_int_equal(now_of(102).mark, MARK_ABSENT);
	/* Both wanted the same: no conflict. */
	done = set_as(SCHOOL_TEACHER, mark_of(101, 0, MARK_PRESENT));
	assert_int_equal(done.n_conflicts + done.n_changed, 0);
	/* Gone and come again is not what it was, although it looks the same. */
	version = now_of(101).version;
	set_as(SCHOOL_STAFF_TEACHER, mark_of(101, version, MARK_NONE));
	done = set_as(SCHOOL_TEACHER, mark_of(101, version, MARK_ABSENT));
	assert_int_equal(done.n_conflicts, 1);
	assert_int_equal(done.conflict_mark, MARK_NONE);
	assert_true(str_eq(done.conflict_by, STR("Sam Staff")));
	set_as(SCHOOL_STAFF_TEACHER, mark_of(101, 0, MARK_PRESENT));
	done = set_as(SCHOOL_TEACHER, mark_of(101, version, MARK_ABSENT));
	assert_int_equal(done.n_conflicts, 1);
}

struct racer {
	struct core c;
	struct arena a;
	enum mark mark;
	struct register_done done;
	enum rc rc;
};

static void *race(void *arg)
{
	struct racer *r = arg;
	struct register_mark marks[PUPILS];
	struct error e;

	for (int i = 0; i < PUPILS; i++)
		marks[i] = mark_of(PUPIL_FIRST + (r->mark == MARK_LATE ? i : PUPILS - 1 - i), 0,
				   r->mark);
	error_init(&e);
	r->rc = register_set(&r->c, session_id, marks, PUPILS, STR(""), &r->done, &e);
	return NULL;
}

static void test_two_at_one_instant(void **state)
{
	struct racer r[2] = { { .mark = MARK_PRESENT }, { .mark = MARK_LATE } };
	pthread_t thread[2];

	(void)state;
	school_second(&school, SCHOOL_TEACHER, &r[0].c, &r[0].a);
	school_second(&school, SCHOOL_STAFF_TEACHER, &r[1].c, &r[1].a);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, race, &r[i]), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pthread_join(thread[i], NULL), 0);
		assert_int_equal(r[i].rc, RC_OK);
	}
	/* One of them did it all, the other was told of each. */
	assert_int_equal(r[0].done.n_changed + r[1].done.n_changed, PUPILS);
	assert_int_equal(r[0].done.n_conflicts + r[1].done.n_conflicts, PUPILS);
	assert_true(r[0].done.n_changed == 0 || r[1].done.n_changed == 0);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM attendance_record"), PUPILS);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM outbox"), PUPILS);
	for (int i = 0; i < 2; i++) {
		store_close(r[i].c.db);
		arena_clear(&r[i].a);
	}
}

static void *check_in(void *arg)
{
	struct racer *r = arg;
	struct checkin_in in = { .attendance_id = session_id,
				 .person_id = COLUMN_NULL,
				 .device_id = COLUMN_NULL,
				 .claimed_at = NO_TIME,
				 .accuracy_m = -1,
				 .path = CHECKIN_FORM };
	struct checkin_result result;
	struct error e;

	error_init(&e);
	r->rc = checkin_submit(&r->c, &in, &result, &e);
	return NULL;
}

/* A student checks in while the teacher marks them absent: whoever comes second is told. */
static void test_a_student_and_a_teacher_at_one_instant(void **state)
{
	struct racer r[2] = { { .rc = RC_INTERNAL }, { .mark = MARK_ABSENT } };
	struct who pupil = school.who[SCHOOL_STUDENT];
	pthread_t thread[2];
	struct register_row row;

	(void)state;
	db_fixture_exec(&school.f, "UPDATE attendance_session SET code_level = 'off'");
	pupil.account_id = pupil.person_id = 105;
	school_second(&school, SCHOOL_STUDENT, &r[0].c, &r[0].a);
	school_second(&school, SCHOOL_TEACHER, &r[1].c, &r[1].a);
	r[0].c.who = &pupil;
	assert_int_equal(pthread_create(&thread[0], NULL, check_in, &r[0]), 0);
	assert_int_equal(pthread_create(&thread[1], NULL, race, &r[1]), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pthread_join(thread[i], NULL), 0);
		store_close(r[i].c.db);
		arena_clear(&r[i].a);
	}
	assert_int_equal(r[1].rc, RC_OK);
	row = now_of(105);
	assert_int_equal(r[0].rc, RC_OK);
	if (str_eq(row.method, STR("form"))) {
		assert_int_equal(row.mark, MARK_LATE);
		assert_int_equal(r[1].done.n_conflicts, 1);
		assert_int_equal(r[1].done.conflict_person_id, 105);
		assert_int_equal(r[1].done.conflict_by.n, 0);
	} else {
		/* The student waits for the teacher's word. */
		assert_int_equal(row.mark, MARK_ABSENT);
		assert_int_not_equal(row.open_attempt_id, 0);
		assert_int_equal(r[1].done.n_conflicts, 0);
	}
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM attendance_record"), PUPILS);
	/* Its try is kept in any case. */
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM attendance_attempt"), 1);
}

/* ---- the rest ---------------------------------------------------------------------------------
 */

static void test_the_rest_touches_only_the_unmarked(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct register_done done;
	struct register_list l;
	struct error e;
	char act[33];
	int64_t before;

	(void)state;
	set_as(SCHOOL_TEACHER, mark_of(101, 0, MARK_ABSENT));
	set_as(SCHOOL_TEACHER, mark_of(102, 0, MARK_EXCUSED));
	pupils_flagged(&school, session_id, 103);
	before = digest();
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(register_rest(c, session_id, MARK_PRESENT, STR(""), &done, &e), RC_OK);
	assert_int_equal(done.n_changed, PUPILS - 3);
	l = list_of(c);
	assert_int_equal(row_of(&l, 101)->mark, MARK_ABSENT);
	assert_int_equal(row_of(&l, 102)->mark, MARK_EXCUSED);
	assert_int_equal(row_of(&l, 103)->mark, MARK_NONE);
	assert_int_equal(l.n[MARK_PRESENT], PUPILS - 3);
	assert_int_equal(l.n_flagged, 1);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM attendance_record WHERE person_id IN"
				" (121, 122, 123)"),
			 0);
	/* Undo takes back that, and nothing else. */
	EXPECT(register_last_act(c, session_id, act, &e), RC_OK);
	assert_string_equal(act, done.act);
	EXPECT(register_undo(c, session_id, str_from(act), &done, &e), RC_OK);
	assert_int_equal(done.n_changed, PUPILS - 3);
	assert_int_equal(digest(), before);
	EXPECT(register_rest(c, session_id, MARK_ABSENT, STR(""), &done, &e), RC_OK);
	EXPECT(register_rest(c, session_id, MARK_PRESENT, STR(""), &done, &e), RC_OK);
	assert_int_equal(done.n_changed, 0);
}

/* ---- undo -------------------------------------------------------------------------------------
 */

static void test_undo_leaves_what_changed_since(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct register_done rest, done;
	const struct register_change *history;
	struct error e;
	char act[33];
	size_t n;

	(void)state;
	EXPECT(register_rest(c, session_id, MARK_PRESENT, STR(""), &rest, &e), RC_OK);
	set_as(SCHOOL_STAFF_TEACHER, mark_of(105, REGISTER_ANY, MARK_ABSENT));
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(register_undo(c, session_id, str_from(rest.act), &done, &e), RC_OK);
	assert_int_equal(done.n_changed, PUPILS - 1);
	assert_int_equal(done.n_conflicts, 1);
	assert_int_equal(done.conflict_person_id, 105);
	assert_int_equal(done.conflict_mark, MARK_ABSENT);
	assert_true(str_eq(done.conflict_by, STR("Sam Staff")));
	assert_int_equal(now_of(105).mark, MARK_ABSENT);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM attendance_record"), 1);
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(register_undo(c, session_id, str_from(rest.act), &done, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_UNDONE);
	EXPECT(register_last_act(c, session_id, act, &e), RC_OK);
	assert_string_equal(act, "");
	EXPECT(register_history(c, session_id, 101, &history, &n, &e), RC_OK);
	assert_int_equal(n, 2);
	assert_int_equal(history[0].new_mark, MARK_NONE);
	assert_false(history[0].is_undone);
	assert_int_equal(history[1].new_mark, MARK_PRESENT);
	assert_true(history[1].is_undone);
	assert_true(str_eq(history[1].by_name, STR("Leyla Aydın")));
}

static void test_a_mark_settles_a_waiting_attempt_and_undo_reopens_it(void **state)
{
	int64_t attempt = pupils_flagged(&school, session_id, 104), before = open_attempts();
	struct register_done done, back;
	struct core *c;
	struct error e;

	(void)state;
	assert_int_equal(now_of(104).open_attempt_id, attempt);
	/* A form that sends everybody as they are settles nothing. */
	done = set_as(SCHOOL_TEACHER, mark_of(104, 0, MARK_NONE));
	assert_int_equal(done.n_changed, 0);
	done = set_as(SCHOOL_TEACHER, mark_of(104, 0, MARK_PRESENT));
	assert_int_equal(open_attempts(), 0);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM attendance_attempt WHERE decided_state ="
				" 'lapsed' AND decided_by = 1"),
			 1);
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(register_undo(c, session_id, str_from(done.act), &back, &e), RC_OK);
	assert_int_equal(open_attempts(), before);
	assert_int_equal(now_of(104).mark, MARK_NONE);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM attendance_attempt WHERE decided_by IS"
				" NULL AND decided_at IS NULL"),
			 1);
	/* And the undoing can be undone. */
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(register_undo(c, session_id, str_from(back.act), &done, &e), RC_OK);
	assert_int_equal(now_of(104).mark, MARK_PRESENT);
	assert_int_equal(open_attempts(), 0);
}

static void test_closing_is_no_act_of_a_person(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct attendance_closed closed;
	struct register_done done;
	struct attendance s;
	struct error e;
	char act[33];

	(void)state;
	done = set_as(SCHOOL_TEACHER, mark_of(101, 0, MARK_PRESENT));
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(attendance_close(c, session_id, "person", &closed, &e), RC_OK);
	assert_int_equal(closed.n_absent, PUPILS - 1);
	EXPECT(register_last_act(c, session_id, act, &e), RC_OK);
	assert_string_equal(act, done.act);
	/* Counters of a closed session follow each correction. */
	set_as(SCHOOL_TEACHER, mark_of(102, REGISTER_ANY, MARK_LATE));
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(attendance_get(c, session_id, &s, &e), RC_OK);
	assert_int_equal(s.n_present, 1);
	assert_int_equal(s.n_late, 1);
	assert_int_equal(s.n_absent, PUPILS - 2);
	assert_int_equal(s.n_expected, PUPILS);
}

/* ---- the lock date ----------------------------------------------------------------------------
 */

static void test_after_the_lock_date_a_reason_is_needed(void **state)
{
	struct register_mark m = mark_of(101, REGISTER_ANY, MARK_PRESENT);
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct attendance_closed closed;
	struct register_done before, done;
	const struct register_change *history;
	struct error e;
	size_t n;

	(void)state;
	EXPECT(attendance_close(c, session_id, "person", &closed, &e), RC_OK);
	/* The last microsecond of the 13th day. */
	c->now_us = us_from_day_tod(us_day(SCHOOL_NOW) + 14, 0) - 1;
	EXPECT(register_set(c, session_id, &m, 1, STR(""), &before, &e), RC_OK);
	c->now_us++;
	m.mark = MARK_EXCUSED;
	EXPECT(register_set(c, session_id, &m, 1, STR(" "), &done, &e), RC_INVALID);
	assert_string_equal(e.fields[0].field, "why");
	assert_int_equal(e.fields[0].reason, REASON_REASON_MISSING);
	EXPECT(register_rest(c, session_id, MARK_ABSENT, STR(""), &done, &e), RC_INVALID);
	/* What was done before it cannot go without a word either. */
	EXPECT(register_undo(c, session_id, str_from(before.act), &done, &e), RC_INVALID);
	EXPECT(register_set(c, session_id, &m, 1, STR("A letter\r\ncame"), &done, &e), RC_OK);
	EXPECT(register_history(c, session_id, 101, &history, &n, &e), RC_OK);
	assert_true(str_eq(history[0].why, STR("A letter\ncame")));
	/* A slip just now may be taken back. */
	EXPECT(register_undo(c, session_id, str_from(done.act), &done, &e), RC_OK);
	c->now_us = SCHOOL_NOW;
	assert_int_equal(now_of(101).mark, MARK_PRESENT);
}

/* ---- any history ------------------------------------------------------------------------------
 */

static unsigned roll(unsigned n)
{
	static unsigned long long x = 88172645463325252ULL;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return (unsigned)(x % n);
}

/* One to five random marks, or the rest, or a clearing. */
static struct register_done any_act(struct core *c)
{
	struct register_mark marks[5];
	struct register_done done = { 0 };
	size_t n = 1 + roll(5);
	struct error e;

	if (roll(6) == 0) {
		EXPECT(register_rest(c, session_id, (enum mark)(1 + roll(4)), STR(""), &done, &e),
		       RC_OK);
		return done;
	}
	for (size_t i = 0; i < n; i++) {
		marks[i] = mark_of(PUPIL_FIRST + (int64_t)(i * 4 + roll(4)), REGISTER_ANY,
				   (enum mark)roll(MARK__MAX));
		marks[i].has_remark = roll(2);
		marks[i].remark = roll(3) ? STR("\"quoted\" \\ <b> ü") : STR("");
		marks[i].has_late = roll(2);
		marks[i].late_min = roll(600);
	}
	EXPECT(register_set(c, session_id, marks, n, STR(""), &done, &e), RC_OK);
	return done;
}

static void test_undo_restores_any_history(void **state)
{
	enum { ACTS = 40 };
	int64_t digests[ACTS + 1], attempts[ACTS + 1];
	char acts[ACTS][33];
	struct register_done done;
	struct error e;

	(void)state;
	for (int64_t p = 110; p < 116; p++)
		pupils_flagged(&school, session_id, p);
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	for (int i = 0; i < ACTS; i++) {
		digests[i] = digest();
		attempts[i] = open_attempts();
		c->now_us = SCHOOL_NOW + i * 997;
		done = any_act(c);
		memcpy(acts[i], done.act, sizeof acts[i]);
	}
	for (int i = ACTS - 1; i >= 0; i--) {
		c->now_us = SCHOOL_NOW + (2 * ACTS - i) * 997;
		if (!acts[i][0])
			continue;
		EXPECT(register_undo(c, session_id, str_from(acts[i]), &done, &e), RC_OK);
		assert_int_equal(done.n_conflicts, 0);
		assert_int_equal(digest(), digests[i]);
		assert_int_equal(open_attempts(), attempts[i]);
	}
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM attendance_record"), 0);
	/* Each change began where the one before it ended. */
	assert_int_equal(
		NUMBER("SELECT COUNT(*) AS n FROM attendance_change c JOIN"
		       " attendance_change d ON d.person_id = c.person_id AND d.id ="
		       " (SELECT MIN(x.id) FROM attendance_change x WHERE x.person_id ="
		       " c.person_id AND x.id > c.id) WHERE NOT (c.new_row <=> d.old_row)"),
		0);
}

/* The plain statement for a course's own roster says what the one for all rosters says. */
static void test_a_roster_of_enrolments_has_a_statement_of_its_own(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	const struct register_stored *plain, *full;
	size_t n_plain, n_full;
	struct error e;

	(void)state;
	db_fixture_exec(&school.f,
			"UPDATE attendance_session SET roster = 'course', class_id = NULL");
	set_as(SCHOOL_TEACHER, mark_of(101, 0, MARK_LATE));
	set_as(SCHOOL_TEACHER, mark_of(102, 0, MARK_PRESENT));
	db_fixture_exec(
		&school.f,
		"INSERT INTO attendance_record (attendance_id, person_id, status, method,"
		" happened_at, updated_at) SELECT id, 121, 'present', 'teacher', created_at,"
		" created_at FROM attendance_session; UPDATE enrolment SET state = 'ended'"
		" WHERE person_id = 103; INSERT INTO enrolment (course_id, person_id, state,"
		" from_date) SELECT course_id, 104, 'approved', from_date FROM enrolment"
		" WHERE person_id = 104 LIMIT 1");
	pupils_flagged(&school, session_id, PUPIL_ALONE);
	pupils_flagged(&school, session_id, 105);
	EXPECT(register_rows(c->db, session_id, true, c->arena, &plain, &n_plain, &e), RC_OK);
	EXPECT(register_rows(c->db, session_id, false, c->arena, &full, &n_full, &e), RC_OK);
	assert_int_equal(n_plain, PUPILS - 1 + 2);
	assert_int_equal(n_full, n_plain);
	for (size_t i = 0; i < n_full; i++) {
		assert_int_equal(plain[i].person_id, full[i].person_id);
		assert_int_equal(plain[i].is_expected, full[i].is_expected);
		assert_int_equal(plain[i].is_expected, full[i].person_id < PUPIL_LATER);
		assert_int_equal(plain[i].record_id, full[i].record_id);
		assert_int_equal(plain[i].open_attempt_id, full[i].open_attempt_id);
		assert_true(str_eq(plain[i].section_name, full[i].section_name));
		assert_true(str_eq(plain[i].set_by_name, full[i].set_by_name));
		assert_true(str_eq(plain[i].status, full[i].status));
	}
	db_fixture_exec(&school.f,
			"UPDATE enrolment SET state = 'approved' WHERE person_id = 103;"
			" DELETE FROM enrolment WHERE id = (SELECT * FROM (SELECT MAX(id) FROM"
			" enrolment WHERE person_id = 104) x)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_a_mark_and_its_provenance, fresh),
		cmocka_unit_test_setup(test_a_roster_of_enrolments_has_a_statement_of_its_own,
				       fresh),
		cmocka_unit_test_setup(test_a_remark_leaves_where_the_mark_came_from, fresh),
		cmocka_unit_test_setup(test_input_is_checked, fresh),
		cmocka_unit_test_setup(test_who_may_stand_in_it, fresh),
		cmocka_unit_test_setup(test_who_may_work_on_it, fresh),
		cmocka_unit_test_setup(test_two_teachers_lose_nothing, fresh),
		cmocka_unit_test_setup(test_two_at_one_instant, fresh),
		cmocka_unit_test_setup(test_a_student_and_a_teacher_at_one_instant, fresh),
		cmocka_unit_test_setup(test_the_rest_touches_only_the_unmarked, fresh),
		cmocka_unit_test_setup(test_undo_leaves_what_changed_since, fresh),
		cmocka_unit_test_setup(test_a_mark_settles_a_waiting_attempt_and_undo_reopens_it,
				       fresh),
		cmocka_unit_test_setup(test_closing_is_no_act_of_a_person, fresh),
		cmocka_unit_test_setup(test_after_the_lock_date_a_reason_is_needed, fresh),
		cmocka_unit_test_setup(test_undo_restores_any_history, fresh),
	};

	return cmocka_run_group_tests(tests, school_set_up, school_tear_down);
}
