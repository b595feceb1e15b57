/*
 * Attendance as contract 000 knows it, against a real database: its window, mode and place, opening
 * and confirming, marks, suspicions, QR codes, and whose marks count in its lists of people.
 */
#include "core/attendance/smart.h"
#include "core/attendance/smart_people.h"
#include "store/school_case.h"

#include <stdio.h>

#define MINUTE (60 * US_PER_S)

static int fresh(void **state)
{
	(void)state;
	pupils_reset(&school);
	school_reset(&school);
	return 0;
}

static struct core *as(enum school_person who)
{
	return school_as(&school, who);
}

static struct core *pupil(int64_t person)
{
	static struct who who;
	struct core *c = as(SCHOOL_TEACHER);

	who = (struct who){ .role = ROLE_STUDENT,
			    .account_id = SCHOOL_STUDENT,
			    .person_id = person,
			    .branch_id = 1,
			    .zone = STR("UTC") };
	c->who = &who;
	return c;
}

/* 11:30 to 13:00, now 12:00. */
static struct smart_session created(const struct smart_in *in)
{
	struct smart_session s;
	struct error e;

	EXPECT(smart_create(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, in, &s, &e), RC_OK);
	return s;
}

static void test_the_window_and_what_is_changed(void **state)
{
	const struct smart_in plain = { 0 },
			      place = { .has_mode = true,
					.mode = SMART_HYBRID,
					.has_window = true,
					.window_min = 20,
					.has_asks_place = true,
					.asks_place = true,
					.has_latitude = true,
					.has_longitude = true,
					.latitude_e7 = 488566000,
					.longitude_e7 = 23522000,
					.has_radius = true,
					.radius_m = 60 },
			      other = { .has_mode = true, .mode = SMART_TEAMS_AUTO };
	struct smart_session s, seen;
	struct error e;

	(void)state;
	EXPECT(smart_session_get(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, &s, &e), RC_OK);
	assert_false(s.is_there);
	EXPECT(smart_create(as(SCHOOL_COLLEAGUE), SCHOOL_NOW_LIVE, &plain, &s, &e), RC_NOT_FOUND);
	s = created(&place);
	assert_int_equal(s.window_min, 20);
	assert_true(s.is_active && s.asks_place && s.has_place);
	assert_int_equal(s.place.latitude_e7, 488566000);
	/* Opened late: as long after now. */
	assert_int_equal(s.row.closes_at, SCHOOL_NOW + 20 * MINUTE);
	assert_int_equal(s.row.opens_at, SCHOOL_NOW);
	EXPECT(smart_create(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, &plain, &seen, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_ATTENDANCE_EXISTS);
	EXPECT(smart_change(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, &other, &seen, &e), RC_OK);
	assert_true(str_eq(seen.mode, STR("teams_auto")));
	assert_int_equal(seen.window_min, 20);
	assert_true(seen.asks_place);
	EXPECT(smart_change(as(SCHOOL_COLLEAGUE), SCHOOL_NOW_LIVE, &other, &seen, &e),
	       RC_NOT_FOUND);
}

static void test_activate_confirm_and_again(void **state)
{
	struct smart_session s;
	struct error e;

	(void)state;
	EXPECT(smart_activate(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, &s, &e), RC_OK);
	assert_true(s.is_active);
	assert_int_equal(s.confirmed_at, NO_TIME);
	EXPECT(smart_activate(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, &s, &e), RC_OK);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM attendance_session"), 1);
	EXPECT(smart_confirm(as(SCHOOL_COLLEAGUE), SCHOOL_NOW_LIVE, &s, &e), RC_NOT_FOUND);
	pupils_flagged(&school, s.row.attendance_id, 101);
	EXPECT(smart_confirm(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, &s, &e), RC_OK);
	assert_int_equal(s.confirmed_at, SCHOOL_NOW);
	/* Who waits for a decision is not absent. */
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM attendance_record WHERE status ="
				" 'absent'"),
			 PUPILS - 1);
	EXPECT(smart_activate(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, &s, &e), RC_OK);
	assert_true(s.is_active);
	assert_int_equal(s.confirmed_at, NO_TIME);
}

static void test_marks(void **state)
{
	struct register_mark mark = { .person_id = 101, .mark = MARK_PRESENT };
	struct smart_record_row row, again;
	struct smart_counts n;
	struct error e;

	(void)state;
	EXPECT(smart_record_set(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, &mark, false, &row, &e),
	       RC_OK);
	mark.mark = MARK_ABSENT;
	EXPECT(smart_record_set(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, &mark, false, &again, &e),
	       RC_OK);
	assert_int_equal(again.id, row.id);
	assert_true(str_eq(again.status, STR("present"))); /* who has a mark keeps it */
	EXPECT(smart_record_set(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, &mark, true, &again, &e),
	       RC_OK);
	assert_true(str_eq(again.status, STR("absent")));
	EXPECT(smart_record_set(as(SCHOOL_COLLEAGUE), SCHOOL_NOW_LIVE, &mark, true, &again, &e),
	       RC_NOT_FOUND);
	EXPECT(smart_record_get(pupil(101), row.id, &again, &e), RC_OK);
	EXPECT(smart_record_get(pupil(102), row.id, &again, &e), RC_NOT_FOUND);
	EXPECT(smart_record_get(as(SCHOOL_COLLEAGUE), row.id, &again, &e), RC_NOT_FOUND);
	EXPECT(smart_counts_get(pupil(101), 101, 0, &n, &e), RC_OK);
	assert_int_equal(n.n_absent, 1);
	assert_int_equal(n.absent_hours, 1);
	EXPECT(smart_counts_get(pupil(101), 102, 0, &n, &e), RC_DENIED);
	EXPECT(smart_counts_get(as(SCHOOL_COLLEAGUE), 101, 0, &n, &e), RC_OK);
	assert_int_equal(n.n_absent, 0); /* not of the colleague's sessions */
}

static void test_suspicions(void **state)
{
	const struct smart_in plain = { 0 };
	struct smart_session s = created(&plain);
	int64_t id = pupils_flagged(&school, s.row.attendance_id, 101),
		other = pupils_flagged(&school, s.row.attendance_id, 102);
	const struct smart_checkin *rows;
	struct smart_checkin c;
	struct error e;
	size_t n;

	(void)state;
	db_fixture_exec(&school.f, "UPDATE attendance_attempt SET decision = 'approved',"
				   " decided_state = NULL, reason = NULL WHERE person_id = 102");
	EXPECT(smart_suspects(as(SCHOOL_TEACHER), true, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].id, id);
	EXPECT(smart_suspects(as(SCHOOL_COLLEAGUE), true, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 0);
	EXPECT(smart_suspects(as(SCHOOL_OTHER_ADMIN), true, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 0);
	EXPECT(smart_settle(as(SCHOOL_COLLEAGUE), id, STR("x"), &c, &e), RC_NOT_FOUND);
	EXPECT(smart_settle(as(SCHOOL_TEACHER), other, STR("x"), &c, &e), RC_NOT_FOUND);
	EXPECT(smart_settle(as(SCHOOL_TEACHER), id, STR("Asked"), &c, &e), RC_OK);
	assert_true(c.is_open);
	assert_int_equal(c.settled_at, SCHOOL_NOW);
	assert_true(str_eq(c.note, STR("Asked")));
	assert_int_equal(c.decided_why.n, 0);
	EXPECT(smart_suspects(as(SCHOOL_ADMIN), true, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 0);
	EXPECT(smart_suspects(as(SCHOOL_ADMIN), false, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 1);
}

/* Attempts of each kind: forty, of pupils in turn, every fourth flagged and then this or that. */
static void attempts(int64_t attendance_id)
{
	char sql[1600];

	snprintf(sql, sizeof sql,
		 "INSERT INTO attendance_attempt (attendance_id, person_id, nonce, path,"
		 " happened_at, learned_at, decision, reason, status, signals, decided_state,"
		 " decided_at) SELECT %lld, IF(n MOD 13 = 0, NULL, 101 + n MOD 20), "
		 "RANDOM_BYTES(16),"
		 " 'json', '2026-11-20 11:31:00', '2026-11-20 11:31:02',"
		 " ELT(1 + n MOD 4, 'flagged', 'approved', 'rejected', 'approved'),"
		 " CASE n MOD 4 WHEN 0 THEN ELT(1 + n MOD 3, 'place_out', 'photo_unchecked',"
		 " 'photo_failed') WHEN 2 THEN 'already_in' END, 'present', '[]',"
		 " IF(n MOD 4 = 0, ELT(1 + n DIV 4 MOD 5, 'open', 'open', 'approved', 'rejected',"
		 " 'lapsed'), NULL),"
		 " IF(n MOD 4 = 0 AND n DIV 4 MOD 5 > 1, '2026-11-20 11:40:00', NULL)"
		 " FROM (SELECT seq AS n FROM seq_1_to_40) q",
		 (long long)attendance_id);
	db_fixture_exec(&school.f, sql);
}

/* Each count asked by itself is what lists count in one statement of all. */
static void assert_counts_as_in_lists(const struct attendance *a)
{
	const struct attendance_query all = { .show = ATTENDANCE_SHOW_ALL };
	const struct attendance *rows;
	const struct attendance *r = NULL;
	struct error e;
	size_t n;

	EXPECT(attendance_list(as(SCHOOL_TEACHER), &all, &rows, &n, &e), RC_OK);
	for (size_t i = 0; i < n; i++)
		if (rows[i].id == a->id)
			r = &rows[i];
	assert_non_null(r);
	assert_int_equal(r->n_expected, a->n_expected);
	assert_int_equal(r->n_present, a->n_present);
	assert_int_equal(r->n_late, a->n_late);
	assert_int_equal(r->n_excused, a->n_excused);
	assert_int_equal(r->n_absent, a->n_absent);
	assert_int_equal(r->n_flagged, a->n_flagged);
}

/* What the snapshot says, from what is read in full elsewhere. */
static void assert_live_as_in_full(void)
{
	const struct smart_checkin *recent;
	struct register_list list;
	struct smart_session s;
	struct smart_live live;
	struct attendance a;
	int64_t n_suspects = 0;
	struct error e;
	size_t n;

	EXPECT(smart_session_get(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, &s, &e), RC_OK);
	EXPECT(attendance_get(as(SCHOOL_TEACHER), s.row.attendance_id, &a, &e), RC_OK);
	EXPECT(register_get(as(SCHOOL_TEACHER), &a, &list, &e), RC_OK);
	EXPECT(smart_recent(as(SCHOOL_TEACHER), &s, REGISTER_MARK_MAX, &recent, &n, &e), RC_OK);
	EXPECT(smart_live_get(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, 10, &live, &e), RC_OK);
	for (size_t i = 0; i < n; i++)
		n_suspects +=
			recent[i].settled_at == NO_TIME && smart_is_suspicious(recent[i].reason);
	assert_true(live.is_there);
	assert_counts_as_in_lists(&a);
	assert_int_equal(live.occurrence_id, SCHOOL_NOW_LIVE);
	assert_true(str_eq(live.mode, s.mode));
	assert_int_equal(live.n_expected, a.n_expected);
	assert_int_equal(live.n_here, list.n[MARK_PRESENT] + list.n[MARK_LATE]);
	assert_int_equal(live.n_here, a.n_present + a.n_late);
	assert_int_equal(live.n_flagged, a.n_flagged);
	assert_int_equal(live.n_suspects, n_suspects);
	assert_int_equal(live.n_latest, n < 10 ? n : 10);
	for (size_t i = 0; i < live.n_latest; i++) {
		assert_int_equal(live.latest[i].id, recent[i].id);
		assert_int_equal(live.latest[i].decision, recent[i].decision);
		assert_int_equal(live.latest[i].occurrence_id, recent[i].occurrence_id);
	}
}

static void test_the_snapshot_says_what_the_register_says(void **state)
{
	static const char *const rosters[] = {
		"roster = 'course'",
		"roster = 'course', class_id = NULL",
		"roster = 'class', class_id = 1",
		"roster = 'section', class_id = NULL, section_id = (SELECT MIN(id) FROM section)",
		"roster = 'open', section_id = NULL",
	};
	const struct smart_in plain = { 0 };
	struct register_mark mark = { .person_id = 101, .mark = MARK_PRESENT };
	struct smart_record_row row;
	struct smart_session s;
	struct smart_live live;
	struct error e;
	char sql[300];

	(void)state;
	EXPECT(smart_live_get(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, 10, &live, &e), RC_OK);
	assert_false(live.is_there);
	s = created(&plain);
	assert_live_as_in_full();
	for (enum mark m = MARK_PRESENT; m < MARK__MAX; m++) {
		mark.person_id = 101 + (int64_t)m;
		mark.mark = m;
		EXPECT(smart_record_set(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, &mark, false, &row,
					&e),
		       RC_OK);
	}
	attempts(s.row.attendance_id);
	for (size_t i = 0; i < ARRAY_LEN(rosters); i++) {
		snprintf(sql, sizeof sql, "UPDATE attendance_session SET %s", rosters[i]);
		db_fixture_exec(&school.f, sql);
		assert_live_as_in_full();
		EXPECT(smart_live_get(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, 10, &live, &e), RC_OK);
		assert_int_equal(live.n_expected > 0, i + 1 < ARRAY_LEN(rosters));
	}
	EXPECT(smart_live_get(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, 10, &live, &e), RC_OK);
	assert_int_equal(live.n_here, 2);
	assert_int_equal(live.n_flagged, NUMBER("SELECT COUNT(*) AS n FROM attendance_attempt"
						" WHERE decided_state = 'open'"));
	assert_true(live.n_suspects > 0 && live.n_suspects < live.n_flagged);
	db_fixture_exec(&school.f, "UPDATE attendance_session SET roster = 'class', class_id = 1");
	EXPECT(smart_confirm(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, &s, &e), RC_OK);
	assert_live_as_in_full();
}

/* Of the occurrence and of its attendance, as those who read it in full. */
static void test_who_sees_the_snapshot(void **state)
{
	const struct smart_in plain = { 0 };
	struct smart_live live;
	struct error e;

	(void)state;
	(void)created(&plain);
	EXPECT(smart_live_get(as(SCHOOL_ADMIN), SCHOOL_NOW_LIVE, 10, &live, &e), RC_OK);
	EXPECT(smart_live_get(as(SCHOOL_COLLEAGUE), SCHOOL_NOW_LIVE, 10, &live, &e), RC_NOT_FOUND);
	EXPECT(smart_live_get(as(SCHOOL_OTHER_ADMIN), SCHOOL_NOW_LIVE, 10, &live, &e),
	       RC_NOT_FOUND);
	EXPECT(smart_live_get(pupil(101), SCHOOL_NOW_LIVE, 10, &live, &e), RC_NOT_FOUND);
	EXPECT(smart_live_get(as(SCHOOL_ADMIN), 999999, 10, &live, &e), RC_NOT_FOUND);
	db_fixture_exec(&school.f, "UPDATE attendance_session SET teacher_id = NULL");
	EXPECT(smart_live_get(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, 10, &live, &e), RC_NOT_FOUND);
	EXPECT(smart_live_get(as(SCHOOL_ADMIN), SCHOOL_NOW_LIVE, 10, &live, &e), RC_OK);
}

static void test_qr_codes(void **state)
{
	struct smart_qr made, read;
	struct smart_session s;
	struct core *c;
	struct error e;

	(void)state;
	EXPECT(smart_qr_make(as(SCHOOL_COLLEAGUE), SCHOOL_NOW_LIVE, &made, &e), RC_NOT_FOUND);
	EXPECT(smart_qr_make(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, &made, &e), RC_OK);
	EXPECT(smart_qr_read(pupil(101), str_from(made.text), &read, &e), RC_OK);
	assert_int_equal(read.occurrence_id, SCHOOL_NOW_LIVE);
	assert_int_equal(read.expires_at, SCHOOL_NOW + SMART_QR_S * US_PER_S);
	/* Each sign of it is signed. */
	for (size_t i = 0; i < SMART_QR_SIZE - 1; i++) {
		struct smart_qr spoilt = made;

		spoilt.text[i] = spoilt.text[i] == 'A' ? 'Q' : 'A';
		EXPECT(smart_qr_read(pupil(101), str_from(spoilt.text), &read, &e), RC_INVALID);
		assert_int_equal(e.reason, REASON_CODE_WRONG);
	}
	c = pupil(101);
	c->now_us = made.expires_at;
	EXPECT(smart_qr_read(c, str_from(made.text), &read, &e), RC_INVALID);
	assert_int_equal(e.reason, REASON_CODE_OLD);
	EXPECT(smart_confirm(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, &s, &e), RC_OK);
	EXPECT(smart_qr_read(pupil(101), str_from(made.text), &read, &e), RC_INVALID);
	assert_int_equal(e.reason, REASON_CODE_OLD);
}

static void test_people(void **state)
{
	const struct smart_people_query all = { .page = 1, .page_size = 10 },
					last = { .page = 3, .page_size = 10 };
	struct smart_people_page page;
	struct smart_person_row one;
	struct register_mark mark = { .person_id = 101, .mark = MARK_ABSENT };
	struct smart_record_row row;
	struct error e;
	int64_t total;

	(void)state;
	EXPECT(smart_record_set(as(SCHOOL_TEACHER), SCHOOL_NOW_LIVE, &mark, false, &row, &e),
	       RC_OK);
	EXPECT(smart_students(as(SCHOOL_ADMIN), &all, &page, &e), RC_OK);
	assert_int_equal(page.n, 10);
	total = page.total;
	assert_int_equal(total, NUMBER("SELECT COUNT(*) AS n FROM person WHERE branch_id = 1 AND"
				       " student_code IS NOT NULL AND ended_at IS NULL"));
	EXPECT(smart_students(as(SCHOOL_ADMIN), &last, &page, &e), RC_OK);
	assert_int_equal(page.n, total - 20);
	EXPECT(smart_students(pupil(101), &all, &page, &e), RC_DENIED);
	EXPECT(smart_trainers(as(SCHOOL_TEACHER), &all, &page, &e), RC_DENIED);
	EXPECT(smart_trainers(as(SCHOOL_ADMIN), &all, &page, &e), RC_OK);
	assert_true(page.n > 0);
	/* Whose marks count: the teacher's own sessions, the student's all, the colleague's none.
	 */
	EXPECT(smart_student(as(SCHOOL_TEACHER), 101, &one, &e), RC_OK);
	assert_int_equal(one.n_absent, 1);
	EXPECT(smart_student(pupil(101), 101, &one, &e), RC_OK);
	assert_int_equal(one.n_absent, 1);
	EXPECT(smart_student(as(SCHOOL_COLLEAGUE), 101, &one, &e), RC_OK);
	assert_int_equal(one.n_absent, 0);
	EXPECT(smart_student(pupil(102), 101, &one, &e), RC_DENIED);
	EXPECT(smart_student(as(SCHOOL_ADMIN), PUPIL_PARIS, &one, &e), RC_NOT_FOUND);
	EXPECT(smart_student(as(SCHOOL_OTHER_ADMIN), PUPIL_PARIS, &one, &e), RC_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_the_window_and_what_is_changed, fresh),
		cmocka_unit_test_setup(test_activate_confirm_and_again, fresh),
		cmocka_unit_test_setup(test_marks, fresh),
		cmocka_unit_test_setup(test_suspicions, fresh),
		cmocka_unit_test_setup(test_the_snapshot_says_what_the_register_says, fresh),
		cmocka_unit_test_setup(test_who_sees_the_snapshot, fresh),
		cmocka_unit_test_setup(test_qr_codes, fresh),
		cmocka_unit_test_setup(test_people, fresh),
	};

	return cmocka_run_group_tests(tests, school_set_up, school_tear_down);
}
