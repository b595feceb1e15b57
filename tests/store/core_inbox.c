/*
 * One's own notifications, and those that the stream of events brings, against a real database.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/event/inbox.h"
#include "core/event/notify_stream.h"
#include "core/event/relay.h"
#include "store/attendance_fixture.h"

#include <stdio.h>

static struct school school;

static void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail);
}
#define EXPECT(call, want)  (error_init(&e), expect_at((call), (want), &e, __LINE__))
#define NUMBER(sql)         school_number(&school, sql)
#define HOLDER              STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
#define TOLD(kind, account) "SELECT COUNT(*) AS n FROM notification WHERE kind = '" kind "'" account

static int set_up(void **state)
{
	(void)state;
	school_open(&school);
	pupils_open(&school);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	school_close(&school);
	return 0;
}

static int fresh(void **state)
{
	(void)state;
	pupils_reset(&school);
	school_reset(&school);
	db_fixture_exec(&school.f, "DELETE FROM notification; DELETE FROM notification_preference;"
				   "DELETE FROM lease; UPDATE event_cursor SET seq = 0");
	return 0;
}

/* ---- one's own ------------------------------------------------------------------------------ */

/* Five of the teacher (ids 1 to 5, 2 and 4 read) and one of the colleague (id 6). */
static void add_rows(void)
{
	db_fixture_exec(
		&school.f,
		"INSERT INTO notification (id, account_id, kind, entity_id, params, created_at,"
		" read_at) SELECT seq, IF(seq = 6, 2, 1), IF(seq = 5, 'session.moved',"
		" 'session.cancelled'), seq, '{\"title\":\"Plans\"}', '2026-11-20 11:00:00',"
		" IF(seq IN (2, 4), '2026-11-20 11:30:00', NULL) FROM seq_1_to_6");
}

static void test_the_list_has_unread_ones_first(void **state)
{
	static const int64_t order[] = { 5, 3, 1, 4, 2 };
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct inbox_query q = { .page = 1, .per_page = 50 };
	struct inbox list;
	struct error e;

	(void)state;
	add_rows();
	EXPECT(inbox_list(c, &q, &list, &e), RC_OK);
	assert_int_equal(list.n, 5);
	assert_int_equal(list.total, 5);
	assert_int_equal(list.n_unread, 3);
	assert_int_equal(list.newest_id, 5);
	assert_false(list.is_more);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(list.items[i].id, order[i]);
	assert_int_equal(list.items[0].kind, NOTIFY_SESSION_MOVED);
	assert_true(str_eq(list.items[0].params.title, STR("Plans")));
	q = (struct inbox_query){ .page = 2, .per_page = 2, .is_unread = true };
	EXPECT(inbox_list(c, &q, &list, &e), RC_OK);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.total, 3);
	assert_false(list.is_more);
	q = (struct inbox_query){
		.page = 1, .per_page = 1, .has_kind = true, .kind = NOTIFY_SESSION_CANCELLED
	};
	EXPECT(inbox_list(c, &q, &list, &e), RC_OK);
	assert_int_equal(list.total, 4);
	assert_int_equal(list.items[0].id, 3);
	assert_true(list.is_more);
}

static void test_a_kind_of_a_newer_program_is_left_out(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	const struct inbox_query q = { .page = 1, .per_page = 50 };
	struct inbox_item item;
	struct inbox list;
	struct error e;

	(void)state;
	add_rows();
	db_fixture_exec(&school.f, "UPDATE notification SET kind = 'moon.landed' WHERE id = 3");
	EXPECT(inbox_list(c, &q, &list, &e), RC_OK);
	assert_int_equal(list.n, 4);
	EXPECT(inbox_get(c, 3, &item, &e), RC_NOT_FOUND);
}

static void test_nobody_reaches_what_is_somebody_elses(void **state)
{
	struct core *c = school_as(&school, SCHOOL_COLLEAGUE);
	static const struct who nobody = { .role = ROLE_NONE };
	struct inbox_item item;
	struct error e;
	int64_t n;

	(void)state;
	add_rows();
	EXPECT(inbox_get(c, 1, &item, &e), RC_NOT_FOUND);
	EXPECT(inbox_read(c, 1, NULL, &e), RC_NOT_FOUND);
	EXPECT(inbox_delete(c, 1, &e), RC_NOT_FOUND);
	EXPECT(inbox_delete(c, 999, &e), RC_NOT_FOUND);
	EXPECT(inbox_read_all(c, INT64_MAX, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM notification WHERE account_id = 1"
				" AND read_at IS NULL"),
			 3);
	c->who = &nobody;
	EXPECT(inbox_unread(c, &n, &e), RC_NOT_SIGNED_IN);
	EXPECT(inbox_read_all(c, INT64_MAX, &n, &e), RC_NOT_SIGNED_IN);
}

static void test_reading_one_and_all_up_to_one(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct inbox_item item;
	struct error e;
	int64_t n;

	(void)state;
	add_rows();
	EXPECT(inbox_read(c, 5, &item, &e), RC_OK);
	assert_int_equal(item.read_at, SCHOOL_NOW);
	EXPECT(inbox_read(c, 4, &item, &e), RC_OK);
	assert_true(item.read_at != SCHOOL_NOW);
	EXPECT(inbox_unread(c, &n, &e), RC_OK);
	assert_int_equal(n, 2);
	EXPECT(inbox_read_all(c, 1, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	EXPECT(inbox_read_all(c, INT64_MAX, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	EXPECT(inbox_delete(c, 5, &e), RC_OK);
	EXPECT(inbox_unread(c, &n, &e), RC_OK);
	assert_int_equal(n, 0);
}

static void test_wishes_are_kept_with_an_audit_row(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct inbox_wishes w;
	struct error e;

	(void)state;
	EXPECT(inbox_wishes(c, &w, &e), RC_OK);
	for (int k = 0; k < NOTIFY__MAX; k++)
		assert_true(w.is_on[k]);
	EXPECT(inbox_set_wishes(c, &w, &e), RC_OK);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM audit_log"), 0);
	w.is_on[NOTIFY_SESSION_MOVED] = false;
	w.is_on[NOTIFY_CHECKIN_OPENED] = false; /* of students: left alone */
	EXPECT(inbox_set_wishes(c, &w, &e), RC_OK);
	EXPECT(inbox_wishes(c, &w, &e), RC_OK);
	assert_false(w.is_on[NOTIFY_SESSION_MOVED]);
	assert_true(w.is_on[NOTIFY_CHECKIN_OPENED]);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM audit_log WHERE action ="
				" 'account.notifications' AND object_id = 1"
				" AND detail = '{\"session.moved\":false}'"),
			 1);
	w.is_on[NOTIFY_SESSION_MOVED] = true;
	EXPECT(inbox_set_wishes(c, &w, &e), RC_OK);
	EXPECT(inbox_wishes(c, &w, &e), RC_OK);
	assert_true(w.is_on[NOTIFY_SESSION_MOVED]);
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM audit_log"), 2);
}

static void test_old_ones_go(void **state)
{
	struct core *c = school_as(&school, SCHOOL_SUPER);
	struct error e;
	int64_t n;

	(void)state;
	add_rows();
	db_fixture_exec(
		&school.f,
		"UPDATE notification SET read_at = '2026-08-22 11:59:59' WHERE id = 1;"
		"UPDATE notification SET read_at = '2026-08-22 12:00:01' WHERE id = 2;"
		"UPDATE notification SET created_at = '2025-11-20 11:59:59' WHERE id IN (3, 4);"
		"UPDATE notification SET created_at = '2025-11-20 12:00:01' WHERE id = 5");
	EXPECT(inbox_expire(c, &n, &e), RC_OK);
	assert_int_equal(n, 2);
	assert_int_equal(NUMBER("SELECT CAST(SUM(id) AS SIGNED) AS n FROM notification"),
			 2 + 4 + 5 + 6);
}

/* ---- from the stream ------------------------------------------------------------------------ */

static struct notify_round read_stream(void)
{
	struct core *c = school_as(&school, SCHOOL_SUPER);
	static const struct who nobody = { .role = ROLE_NONE };
	struct notify_round round;
	struct relay_holder holder = { .name = HOLDER };
	struct relay_round relayed;
	struct error e;

	c->who = &nobody;
	EXPECT(relay_round(c, &holder, 20, &relayed, &e), RC_OK);
	EXPECT(notify_stream_round(c, 20, &round, &e), RC_OK);
	return round;
}

static void test_an_opening_tells_its_students_once(void **state)
{
	int64_t id;

	(void)state;
	db_fixture_exec(&school.f, "INSERT INTO notification_preference VALUES"
				   " (101, 'checkin.opened', 0, UTC_TIMESTAMP(6))");
	id = pupils_attendance(&school);
	assert_true(id > 0);
	assert_int_equal(read_stream().n_told, PUPILS - 1);
	assert_int_equal(NUMBER(TOLD("checkin.opened", " AND account_id IN (101, 121, 122)")), 0);
	assert_int_equal(NUMBER(TOLD("checkin.opened", " AND entity_id ="
						       " (SELECT MAX(id) FROM attendance_session)"
						       " AND JSON_VALUE(params, '$.title')"
						       " = 'Keys' AND event_seq = 1")),
			 PUPILS - 1);
	/* Each has an event of its own, which tells nobody anything more. */
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM outbox WHERE type ="
				" 'notification.created' AND audience = 'account'"
				" AND account_id BETWEEN 102 AND 120"),
			 PUPILS - 1);
	assert_int_equal(read_stream().n_told, 0);
	/* A cursor that was put back finds everything told. */
	db_fixture_exec(&school.f, "UPDATE event_cursor SET seq = 0");
	read_stream();
	assert_int_equal(NUMBER(TOLD("checkin.opened", "")), PUPILS - 1);
}

static void test_closing_settles_openings(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct attendance_closed closed;
	struct error e;
	int64_t id;

	(void)state;
	id = pupils_attendance(&school);
	read_stream();
	assert_int_equal(NUMBER(TOLD("checkin.opened", " AND read_at IS NULL")), PUPILS);
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(attendance_close(c, id, 0, &closed, &e), RC_OK);
	read_stream();
	assert_int_equal(NUMBER(TOLD("checkin.opened", " AND read_at IS NULL")), 0);
}

static void test_what_closed_meanwhile_tells_nobody(void **state)
{
	struct core *c;
	struct attendance_closed closed;
	struct error e;
	int64_t id;

	(void)state;
	id = pupils_attendance(&school);
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(attendance_close(c, id, 0, &closed, &e), RC_OK);
	assert_int_equal(read_stream().n_told, 0);
}

static void flag_event(int64_t attendance_id)
{
	char sql[300];

	snprintf(sql, sizeof sql,
		 "INSERT INTO outbox (at, type, branch_id, attendance_id, payload)"
		 " VALUES ('2026-11-20 12:00:00', 'attendance.flagged', 1, %lld, '{}')",
		 (long long)attendance_id);
	db_fixture_exec(&school.f, sql);
}

static void test_flags_tell_the_teacher_once_until_read(void **state)
{
	struct core *c;
	struct error e;
	int64_t id, attempt, n;

	(void)state;
	id = pupils_attendance(&school);
	attempt = pupils_flagged(&school, id, PUPIL_FIRST);
	read_stream();
	for (int i = 0; i < 3; i++)
		flag_event(id);
	read_stream();
	flag_event(id);
	read_stream();
	assert_int_equal(NUMBER(TOLD("checkin.flagged", "")), 1);
	assert_int_equal(NUMBER(TOLD("checkin.flagged", " AND account_id = 1")), 1);
	/* Read: the next one tells again. */
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(inbox_read_all(c, INT64_MAX, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	flag_event(id);
	read_stream();
	assert_int_equal(NUMBER(TOLD("checkin.flagged", " AND read_at IS NULL")), 1);
	/* The last one decided: nothing to read. */
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(register_decide(c, attempt, true, STR(""), &e), RC_OK);
	read_stream();
	assert_int_equal(NUMBER(TOLD("checkin.flagged", " AND read_at IS NULL")), 0);
}

static void test_a_long_stream_is_read_in_batches(void **state)
{
	struct notify_round round;
	struct core *c;
	struct error e;

	(void)state;
	db_fixture_exec(
		&school.f,
		"INSERT INTO event (seq, outbox_id, at, type, branch_id, payload,"
		" relayed_at) SELECT seq, seq, '2026-11-20 12:00:00', 'attendance.marked', 1,"
		" '{}', '2026-11-20 12:00:00' FROM seq_1_to_1200");
	c = school_as(&school, SCHOOL_SUPER);
	EXPECT(notify_stream_round(c, 2, &round, &e), RC_OK);
	assert_int_equal(round.n_events, 2 * NOTIFY_BATCH);
	assert_true(round.is_more);
	EXPECT(notify_stream_round(c, 2, &round, &e), RC_OK);
	assert_int_equal(round.n_events, 200);
	assert_false(round.is_more);
	EXPECT(notify_stream_round(c, 2, &round, &e), RC_OK);
	assert_int_equal(round.n_events, 0);
	assert_int_equal(NUMBER("SELECT seq AS n FROM event_cursor WHERE name = 'notifier'"), 1200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_the_list_has_unread_ones_first, fresh),
		cmocka_unit_test_setup(test_a_kind_of_a_newer_program_is_left_out, fresh),
		cmocka_unit_test_setup(test_nobody_reaches_what_is_somebody_elses, fresh),
		cmocka_unit_test_setup(test_reading_one_and_all_up_to_one, fresh),
		cmocka_unit_test_setup(test_wishes_are_kept_with_an_audit_row, fresh),
		cmocka_unit_test_setup(test_old_ones_go, fresh),
		cmocka_unit_test_setup(test_an_opening_tells_its_students_once, fresh),
		cmocka_unit_test_setup(test_closing_settles_openings, fresh),
		cmocka_unit_test_setup(test_what_closed_meanwhile_tells_nobody, fresh),
		cmocka_unit_test_setup(test_flags_tell_the_teacher_once_until_read, fresh),
		cmocka_unit_test_setup(test_a_long_stream_is_read_in_batches, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
