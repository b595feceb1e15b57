/*
 * Session lists, details, and the state machine, against a real database.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/session/completion.h"
#include "store/session_fixture.h"

#include <pthread.h>
#include <stdio.h>

static struct school school;

static void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail);
}
#define EXPECT(call, want) expect_at((call), (want), &e, __LINE__)

static int set_up(void **state)
{
	(void)state;
	school_open(&school);
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
	school_reset(&school);
	return 0;
}

static struct completion_in in_of(int64_t id, int64_t version)
{
	return (struct completion_in){ .occurrence_id = id,
				       .version = version,
				       .actual_start = 9 * 3600 + 240,
				       .actual_end = 10 * 3600 + 1680 };
}

static void complete(struct core *c, int64_t id, struct completion_result *ret)
{
	struct completion_in in = in_of(id, 0);
	struct error e;

	EXPECT(completion_complete(c, &in, ret, &e), RC_OK);
}

static void test_completing_fills_the_row_and_raises_versions(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct completion_in in = in_of(SCHOOL_PAST, 1);
	struct completion_result r;
	struct session_detail d;
	struct error e;

	(void)state;
	in.notes = STR("Covered \xF0\x9F\x93\x9A\r\nQuiz");
	EXPECT(completion_complete(c, &in, &r, &e), RC_OK);
	assert_int_equal(r.version, 2);
	assert_true(str_starts(r.code, STR("DB220-1119-")));
	EXPECT(session_get(c, SCHOOL_PAST, &d, &e), RC_OK);
	assert_int_equal(d.row.state, SESSION_COMPLETED);
	assert_int_equal(d.row.late_min, 4);
	assert_int_equal(d.row.over_min, -2);
	assert_int_equal(d.row.version, 2);
	assert_true(str_eq(d.notes, STR("Covered \xF0\x9F\x93\x9A\nQuiz")));
	assert_true(d.may_edit && d.may_undo && d.may_reopen && !d.may_complete && !d.may_check);
	assert_int_equal(school_number(&school, "SELECT version AS n FROM person WHERE id = 1"), 2);
	assert_int_equal(school_number(&school, "SELECT version AS n FROM person WHERE id = 3"), 2);
	assert_int_equal(school_number(&school, "SELECT version AS n FROM person WHERE id = 2"), 1);
	assert_int_equal(school_number(&school, "SELECT version AS n FROM branch WHERE id = 1"), 2);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM audit_log"
						" WHERE action = 'session.completed'"
						" AND object_id = 1 AND actor_id = 1"),
			 1);
}

/* Times before and at each limit. */
static void test_times_are_checked(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct completion_in in = in_of(SCHOOL_PAST, 1);
	struct completion_result r;
	struct error e;

	(void)state;
	in.actual_start = NO_DAY;
	in.actual_end = NO_DAY;
	error_init(&e);
	EXPECT(completion_complete(c, &in, &r, &e), RC_INVALID);
	assert_int_equal(e.n_fields, 2);
	assert_int_equal(e.fields[0].reason, REASON_REQUIRED);
	in.actual_start = in.actual_end = 3600;
	error_init(&e);
	EXPECT(completion_complete(c, &in, &r, &e), RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_END_BEFORE_START);
	in.actual_end = 3601;
	error_init(&e);
	EXPECT(completion_complete(c, &in, &r, &e), RC_OK);
	in = in_of(SCHOOL_TOO_SOON, 1);
	EXPECT(completion_complete(c, &in, &r, &e), RC_INVALID);
	assert_int_equal(e.reason, REASON_NOT_YET);
	in = in_of(SCHOOL_SOON, 1);
	error_init(&e);
	EXPECT(completion_complete(c, &in, &r, &e), RC_OK);
}

static void test_codes_are_unique_by_their_key(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct completion_in in = in_of(SCHOOL_PAST, 1);
	struct completion_result r;
	enum code_state code;
	struct error e;

	(void)state;
	error_init(&e);
	in.code = STR("  Batch 001\t dec19 ");
	EXPECT(completion_complete(c, &in, &r, &e), RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_NOT_TEXT);
	in.code = STR("  Batch  001 dec19 ");
	error_init(&e);
	EXPECT(completion_complete(c, &in, &r, &e), RC_OK);
	assert_true(str_eq(r.code, STR("Batch  001 dec19")));
	in = in_of(SCHOOL_PAST_2, 1);
	in.code = STR("BATCH 001 DEC19");
	error_init(&e);
	EXPECT(completion_complete(c, &in, &r, &e), RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_CODE_TAKEN);
	EXPECT(code_available(c, in.code, SCHOOL_PAST_2, &code, &e), RC_OK);
	assert_int_equal(code, CODE_STATE_TAKEN);
	EXPECT(code_available(c, in.code, SCHOOL_PAST, &code, &e), RC_OK);
	assert_int_equal(code, CODE_STATE_AVAILABLE);
	EXPECT(code_available(c, STR("DB220-1119-H7VX22"), SCHOOL_PAST, &code, &e), RC_OK);
	assert_int_equal(code, CODE_STATE_CHECK);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM completion"), 1);
}

static void test_two_at_once_one_wins(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER), other;
	struct completion_in in = in_of(SCHOOL_PAST, 1);
	struct completion_result r;
	struct arena a;
	struct error e;

	(void)state;
	school_second(&school, SCHOOL_EMPLOYEE, &other, &a);
	EXPECT(completion_complete(c, &in, &r, &e), RC_OK);
	EXPECT(completion_complete(&other, &in, &r, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_ALREADY_COMPLETED);
	EXPECT(completion_edit(&other, &in, &r, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_CHANGED);
	in.version = 2;
	EXPECT(completion_edit(&other, &in, &r, &e), RC_OK);
	assert_int_equal(r.version, 3);
	store_close(other.db);
	arena_clear(&a);
}

static void test_notes_at_their_limit(void **state)
{
	static char text[(COMPLETION_NOTES_MAX + 1) * 4];
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct completion_in in = in_of(SCHOOL_PAST, 1);
	struct completion_result r;
	struct session_detail d;
	struct error e;

	(void)state;
	for (size_t i = 0; i < sizeof text; i += 4)
		memcpy(text + i, "\xF0\x9F\x93\x9A", 4);
	in.notes = str_make(text, sizeof text);
	error_init(&e);
	EXPECT(completion_complete(c, &in, &r, &e), RC_INVALID);
	assert_string_equal(e.fields[0].field, "notes");
	assert_int_equal(e.fields[0].reason, REASON_TOO_LONG);
	in.notes.n -= 4;
	EXPECT(completion_complete(c, &in, &r, &e), RC_OK);
	EXPECT(session_get(c, SCHOOL_PAST, &d, &e), RC_OK);
	assert_true(str_eq(d.notes, in.notes));
}

struct racer {
	struct core c;
	struct arena arena;
	pthread_barrier_t *start;
	int64_t occurrence_id;
	struct error e;
	enum rc rc;
};

static void *race(void *arg)
{
	struct racer *r = arg;
	struct completion_in in = in_of(SCHOOL_PAST, 1);
	struct completion_result result;

	error_init(&r->e);
	pthread_barrier_wait(r->start);
	r->rc = completion_complete(&r->c, &in, &result, &r->e);
	return NULL;
}

static void test_a_race_has_one_winner(void **state)
{
	struct racer racers[2];
	pthread_t threads[2];
	pthread_barrier_t start;

	(void)state;
	school_as(&school, SCHOOL_TEACHER);
	assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
	for (int i = 0; i < 2; i++) {
		school_second(&school, i ? SCHOOL_EMPLOYEE : SCHOOL_TEACHER, &racers[i].c,
			      &racers[i].arena);
		racers[i].start = &start;
	}
	for (int round = 0; round < 10; round++) {
		school_reset(&school);
		for (int i = 0; i < 2; i++)
			assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
		for (int i = 0; i < 2; i++)
			pthread_join(threads[i], NULL);
		const int loser = racers[0].rc == RC_OK;

		assert_int_equal(racers[!loser].rc, RC_OK);
		assert_int_equal(racers[loser].rc, RC_CONFLICT);
		assert_int_equal(racers[loser].e.reason, REASON_ALREADY_COMPLETED);
		assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM completion"), 1);
		assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM audit_log"), 1);
	}
	for (int i = 0; i < 2; i++) {
		store_close(racers[i].c.db);
		arena_clear(&racers[i].arena);
	}
	pthread_barrier_destroy(&start);
}

#define N_DEADLOCKS                                                                                \
	"SELECT CAST(VARIABLE_VALUE AS SIGNED) AS n FROM information_schema.GLOBAL_STATUS "        \
	"WHERE VARIABLE_NAME = 'INNODB_DEADLOCKS'"

static void *cancel_and_reopen(void *arg)
{
	struct racer *r = arg;

	error_init(&r->e);
	pthread_barrier_wait(r->start);
	for (int i = 0; i < 40 && r->rc == RC_OK; i++) {
		arena_reset(&r->arena);
		r->rc = completion_cancel(&r->c, r->occurrence_id, 0, STR("ill"), &r->e);
		if (r->rc == RC_OK)
			r->rc = completion_reopen(&r->c, r->occurrence_id, 0, &r->e);
	}
	return NULL;
}

/* Many sessions of a branch end at the same minute: their changes wait in turn, none fails. */
static void test_two_sessions_at_once_do_not_collide(void **state)
{
	struct racer racers[4];
	pthread_t threads[ARRAY_LEN(racers)];
	pthread_barrier_t start;
	int64_t before;

	(void)state;
	school_as(&school, SCHOOL_TEACHER);
	before = school_number(&school, N_DEADLOCKS);
	assert_int_equal(pthread_barrier_init(&start, NULL, ARRAY_LEN(racers)), 0);
	for (size_t i = 0; i < ARRAY_LEN(racers); i++) {
		school_second(&school, SCHOOL_ADMIN, &racers[i].c, &racers[i].arena);
		racers[i].start = &start;
		racers[i].occurrence_id = SCHOOL_PAST + (int64_t)i;
		racers[i].rc = RC_OK;
		assert_int_equal(pthread_create(&threads[i], NULL, cancel_and_reopen, &racers[i]),
				 0);
	}
	for (size_t i = 0; i < ARRAY_LEN(racers); i++) {
		pthread_join(threads[i], NULL);
		expect_at(racers[i].rc, RC_OK, &racers[i].e, __LINE__);
		store_close(racers[i].c.db);
		arena_clear(&racers[i].arena);
	}
	pthread_barrier_destroy(&start);
	assert_int_equal(school_number(&school, N_DEADLOCKS), before);
}

static const struct {
	enum school_person who;
	enum rc see, complete, reopen_late, check;
} roles[] = {
	{ SCHOOL_TEACHER, RC_OK, RC_OK, RC_DENIED, RC_DENIED },
	{ SCHOOL_COLLEAGUE, RC_NOT_FOUND, RC_NOT_FOUND, RC_NOT_FOUND, RC_NOT_FOUND },
	{ SCHOOL_EMPLOYEE, RC_OK, RC_OK, RC_DENIED, RC_DENIED },
	{ SCHOOL_STAFF_TEACHER, RC_OK, RC_OK, RC_DENIED, RC_DENIED },
	{ SCHOOL_ADMIN, RC_OK, RC_OK, RC_OK, RC_OK },
	{ SCHOOL_OTHER_ADMIN, RC_NOT_FOUND, RC_NOT_FOUND, RC_NOT_FOUND, RC_NOT_FOUND },
	{ SCHOOL_SUPER, RC_OK, RC_OK, RC_OK, RC_OK },
	{ SCHOOL_STUDENT, RC_DENIED, RC_DENIED, RC_DENIED, RC_DENIED },
};

static void test_who_may_do_what(void **state)
{
	struct completion_in in = in_of(SCHOOL_PAST, 0);
	struct completion_result r;
	struct session_detail d;
	struct error e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		struct core *c;

		school_reset(&school);
		c = school_as(&school, roles[i].who);
		EXPECT(session_get(c, SCHOOL_PAST, &d, &e), roles[i].see);
		EXPECT(completion_save_draft(c, &in, &r, &e), roles[i].complete);
		EXPECT(completion_complete(c, &in, &r, &e), roles[i].complete);
		if (roles[i].complete != RC_OK)
			complete(school_as(&school, SCHOOL_TEACHER), SCHOOL_PAST, &r);
		c = school_as(&school, roles[i].who);
		c->now_us += SESSION_UNDO_US + 1;
		EXPECT(completion_reopen(c, SCHOOL_PAST, 0, &e), roles[i].reopen_late);
		if (roles[i].reopen_late == RC_OK)
			complete(school_as(&school, SCHOOL_TEACHER), SCHOOL_PAST, &r);
		c = school_as(&school, roles[i].who);
		EXPECT(completion_check(c, SCHOOL_PAST, 0, &e), roles[i].check);
	}
}

static void test_undo_has_a_time_and_an_owner(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct completion_result r;
	struct session_detail d;
	struct error e;

	(void)state;
	complete(c, SCHOOL_PAST, &r);
	EXPECT(completion_reopen(school_as(&school, SCHOOL_EMPLOYEE), SCHOOL_PAST, 0, &e),
	       RC_DENIED);
	assert_int_equal(e.reason, REASON_ADMIN_ONLY);
	c = school_as(&school, SCHOOL_TEACHER);
	c->now_us = SCHOOL_NOW + SESSION_UNDO_US;
	EXPECT(completion_reopen(c, SCHOOL_PAST, 0, &e), RC_OK);
	EXPECT(session_get(c, SCHOOL_PAST, &d, &e), RC_OK);
	assert_int_equal(d.row.state, SESSION_TO_COMPLETE);
	assert_true(str_eq(d.row.code, r.code)); /* a draft keeps what was entered */
	EXPECT(completion_cancel(c, SCHOOL_PAST, d.row.version, STR("  "), &e), RC_INVALID);
	assert_int_equal(e.fields[e.n_fields - 1].reason, REASON_REASON_MISSING);
	EXPECT(completion_cancel(c, SCHOOL_PAST, d.row.version, STR("Lab closed"), &e), RC_OK);
	EXPECT(completion_cancel(c, SCHOOL_PAST, 0, STR("Lab closed"), &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_ALREADY_CANCELLED);
	EXPECT(session_get(c, SCHOOL_PAST, &d, &e), RC_OK);
	assert_int_equal(d.row.state, SESSION_CANCELLED);
	assert_true(str_eq(d.row.cancelled_by, STR("Leyla Aydın")));
	EXPECT(completion_reopen(c, SCHOOL_PAST, 0, &e), RC_OK);
}

static void test_checked_is_locked_and_returned_is_to_do(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct completion_in in = in_of(SCHOOL_PAST, 0);
	struct completion_result r;
	struct session_detail d;
	struct error e;

	(void)state;
	EXPECT(completion_check(school_as(&school, SCHOOL_ADMIN), SCHOOL_PAST, 0, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_NOT_COMPLETED);
	complete(school_as(&school, SCHOOL_TEACHER), SCHOOL_PAST, &r);
	EXPECT(completion_check(school_as(&school, SCHOOL_ADMIN), SCHOOL_PAST, 0, &e), RC_OK);
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(completion_edit(c, &in, &r, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_CHECKED);
	EXPECT(completion_reopen(c, SCHOOL_PAST, 0, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_CHECKED);
	EXPECT(completion_return(school_as(&school, SCHOOL_ADMIN), SCHOOL_PAST, 0,
				 STR("End time missing"), &e),
	       RC_OK);
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(session_get(c, SCHOOL_PAST, &d, &e), RC_OK);
	assert_int_equal(d.row.state, SESSION_RETURNED);
	assert_true(d.may_complete);
	complete(c, SCHOOL_PAST, &r);
	EXPECT(session_get(c, SCHOOL_PAST, &d, &e), RC_OK);
	assert_int_equal(d.row.state, SESSION_COMPLETED);
	assert_int_equal(d.return_reason.n, 0);
}

static void test_lists(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct session_query q = { .tab = SESSION_TAB_UPCOMING };
	struct session_cache *cache;
	struct completion_result r;
	struct session_list l;
	struct error e;
	int64_t before;

	(void)state;
	complete(c, SCHOOL_PAST, &r);
	EXPECT(completion_cancel(c, SCHOOL_NEXT_WEEK, 0, STR("Holiday"), &e), RC_OK);
	EXPECT(session_cache_new(&cache, &e), RC_OK);
	for (int pass = 0; pass < 2; pass++) {
		q = (struct session_query){ .tab = SESSION_TAB_UPCOMING };
		before = store_n_statements(c->db);
		EXPECT(session_list(c, &q, cache, &l, &e), RC_OK);
		assert_int_equal(store_n_statements(c->db) - before, 1);
		assert_int_equal(l.total, 4);
		assert_int_equal(l.n_rows, 4);
		assert_int_equal(l.rows[0].id, SCHOOL_PAST_2);
		assert_int_equal(l.rows[0].state, SESSION_TO_COMPLETE);
		assert_int_equal(l.rows[1].state, SESSION_LIVE);
		assert_int_equal(l.rows[2].state, SESSION_PLANNED);
		assert_true(l.rows[2].may_complete && !l.rows[3].may_complete);
		assert_int_equal(l.rows[0].n_enrolled, 30);
		assert_true(str_eq(l.rows[0].teacher_name, STR("Leyla Aydın")));
		assert_int_equal(l.summary.n_tab[SESSION_TAB_COMPLETED], 1);
		assert_int_equal(l.summary.n_tab[SESSION_TAB_HISTORY], 4);
		assert_int_equal(l.summary.n_today, 3);
		assert_int_equal(l.summary.n_to_complete, 1);
		assert_int_equal(l.summary.n_week, 5);
		assert_int_equal(l.summary.week_minutes, 5 * 90 - 1);
		assert_int_equal(l.summary.n_courses, 1);
		assert_true(str_eq(l.summary.courses[0].name, STR("DB-220")));
		assert_int_equal(l.summary.n_classes, 1);
		q.tab = SESSION_TAB_COMPLETED;
		before = store_n_statements(c->db);
		EXPECT(session_list(c, &q, cache, &l, &e), RC_OK);
		assert_int_equal(store_n_statements(c->db) - before, 1);
		assert_int_equal(l.total, 1);
		assert_true(str_eq(l.rows[0].code, r.code));
		assert_int_equal(l.rows[0].late_min, 4);
		q.tab = SESSION_TAB_HISTORY;
		EXPECT(session_list(c, &q, cache, &l, &e), RC_OK);
		assert_int_equal(l.total, 4);
		assert_int_equal(l.rows[0].id, SCHOOL_NEXT_WEEK);
		assert_true(str_eq(l.rows[0].cancel_reason, STR("Holiday")));
		assert_int_equal(l.n_months, 1);
		assert_int_equal(l.months[0].n, 4);
		assert_int_equal(l.months[0].n_cancelled, 1);
	}
	session_cache_free(cache);
}

static const struct {
	const char *search;
	int64_t n;
} searches[] = { { "joins", 1 },  { "JOINS 100%", 1 }, { "A_1", 1 },  { "%", 1 },
		 { "db-220", 4 }, { "dev-2024", 4 },   { "Öhne", 0 }, { "!", 0 } };

static void test_search_escapes_wildcards(void **state)
{
	struct core *c = school_as(&school, SCHOOL_EMPLOYEE);
	struct session_query q = { .tab = SESSION_TAB_HISTORY, .period = PERIOD_WEEK };
	struct session_list l;
	struct error e;

	(void)state;
	q.tab = SESSION_TAB_UPCOMING;
	q.period = PERIOD_ALL;
	for (size_t i = 0; i < ARRAY_LEN(searches); i++) {
		q.search = str_from(searches[i].search);
		EXPECT(session_list(c, &q, NULL, &l, &e), RC_OK);
		if (searches[i].n == 4)
			assert_int_equal(l.total, 6);
		else
			assert_int_equal(l.total, searches[i].n);
	}
}

static void test_scopes_sorts_and_pages(void **state)
{
	static const struct {
		enum school_person who;
		int64_t n;
	} sees[] = { { SCHOOL_TEACHER, 6 }, { SCHOOL_COLLEAGUE, 0 },   { SCHOOL_EMPLOYEE, 6 },
		     { SCHOOL_ADMIN, 6 },   { SCHOOL_OTHER_ADMIN, 0 }, { SCHOOL_SUPER, 6 } };
	struct session_query q = { .tab = SESSION_TAB_UPCOMING, .period = PERIOD_ALL };
	struct session_list l;
	struct error e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sees); i++)
		for (int sort = 0; sort < SESSION_SORT__MAX; sort++)
			for (int order = 0; order < SESSION_ORDER__MAX; order++) {
				q.sort = (enum session_sort)sort;
				q.order = (enum session_order)order;
				EXPECT(session_list(school_as(&school, sees[i].who), &q, NULL, &l,
						    &e),
				       RC_OK);
				assert_int_equal(l.total, sees[i].n);
				assert_int_equal(l.n_rows, sees[i].n);
			}
	q = (struct session_query){ .period = PERIOD_ALL, .page_size = 4, .page = 2 };
	EXPECT(session_list(school_as(&school, SCHOOL_TEACHER), &q, NULL, &l, &e), RC_OK);
	assert_int_equal(l.n_rows, 2);
	assert_int_equal(l.rows[1].id, SCHOOL_NEXT_WEEK);
	q.page = 9;
	EXPECT(session_list(&school.c, &q, NULL, &l, &e), RC_OK);
	assert_int_equal(l.n_rows, 0);
	assert_int_equal(l.total, 6);
	q = (struct session_query){ .period = PERIOD_ALL, .teacher_id = 2 };
	EXPECT(session_list(school_as(&school, SCHOOL_ADMIN), &q, NULL, &l, &e), RC_OK);
	assert_int_equal(l.total, 0);
	EXPECT(session_list(school_as(&school, SCHOOL_STUDENT), &q, NULL, &l, &e), RC_DENIED);
}

static void test_the_door_of_004(void **state)
{
	struct core *c = school_as(&school, SCHOOL_EMPLOYEE);
	const struct session_occurrence *rows;
	const struct completion_row *completions;
	struct completion_create_in create = { .in = in_of(SCHOOL_PAST, 0),
					       .faculty_account = COLUMN_NULL,
					       .employee_account = COLUMN_NULL };
	struct completion_update_in update = { .has_notes = true, .notes = STR_INIT("Later") };
	struct completion_result r, again;
	struct error e;
	size_t n;

	(void)state;
	EXPECT(session_occurrences(c, SESSION_SCOPE_ALL, 100, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 6);
	assert_int_equal(rows[0].occurrence_id, SCHOOL_NEXT_WEEK);
	EXPECT(session_occurrences(c, SESSION_SCOPE_TODAY, 100, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 3);
	EXPECT(session_occurrences(c, SESSION_SCOPE_UPCOMING, 100, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 4);
	create.faculty_account = 999; /* an employee cannot speak for others */
	EXPECT(completion_create(c, &create, &r, &e), RC_OK);
	EXPECT(completion_create(c, &create, &again, &e), RC_OK);
	assert_int_equal(school_number(&school, "SELECT faculty_id AS n FROM completion"),
			 COLUMN_NULL);
	error_init(&e);
	EXPECT(completion_create(school_as(&school, SCHOOL_ADMIN), &create, &again, &e),
	       RC_INVALID);
	assert_string_equal(e.fields[0].field, "faculty_id");
	create.faculty_account = SCHOOL_OTHER_ADMIN; /* nobody of this branch */
	error_init(&e);
	EXPECT(completion_create(school_as(&school, SCHOOL_ADMIN), &create, &again, &e),
	       RC_INVALID);
	assert_string_equal(e.fields[0].field, "faculty_id");
	create.faculty_account = COLUMN_NULL;
	create.employee_account = SCHOOL_STUDENT;
	error_init(&e);
	EXPECT(completion_create(school_as(&school, SCHOOL_ADMIN), &create, &again, &e),
	       RC_INVALID);
	assert_string_equal(e.fields[0].field, "employee_id");
	c = school_as(&school, SCHOOL_EMPLOYEE);
	assert_int_equal(r.completion_id, again.completion_id);
	update.completion_id = r.completion_id;
	EXPECT(completion_update(c, &update, &r, &e), RC_OK);
	EXPECT(completion_list(c, 100, &completions, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(completions[0].employee_id, SCHOOL_EMPLOYEE);
	assert_true(str_eq(completions[0].notes, STR("Later")));
	assert_int_equal(completions[0].actual_start_time, 9 * 3600 + 240);
	assert_true(str_eq(completions[0].employee_name, STR("Burak Öztürk")));
	EXPECT(completion_by_occurrence(school_as(&school, SCHOOL_COLLEAGUE), SCHOOL_PAST,
					&completions, &n, &e),
	       RC_NOT_FOUND);
}

static void test_last_time_and_trail(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	const struct session_trail_row *trail;
	struct completion_result r;
	struct session_detail d;
	struct session_last last;
	struct error e;
	size_t n;

	(void)state;
	complete(c, SCHOOL_PAST_2, &r);
	EXPECT(session_get(c, SCHOOL_PAST, &d, &e), RC_OK);
	EXPECT(session_last_time(c, &d, &last, &e), RC_OK);
	assert_int_equal(last.id, SCHOOL_PAST_2);
	assert_true(str_eq(last.code, r.code));
	EXPECT(session_get(c, SCHOOL_PAST_2, &d, &e), RC_OK);
	EXPECT(session_last_time(c, &d, &last, &e), RC_OK);
	assert_int_equal(last.id, 0);
	EXPECT(session_trail(c, &d, 10, &trail, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	assert_true(str_eq(trail[0].actor_name, STR("Leyla Aydın")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_completing_fills_the_row_and_raises_versions, fresh),
		cmocka_unit_test_setup(test_times_are_checked, fresh),
		cmocka_unit_test_setup(test_codes_are_unique_by_their_key, fresh),
		cmocka_unit_test_setup(test_two_at_once_one_wins, fresh),
		cmocka_unit_test_setup(test_notes_at_their_limit, fresh),
		cmocka_unit_test_setup(test_a_race_has_one_winner, fresh),
		cmocka_unit_test_setup(test_two_sessions_at_once_do_not_collide, fresh),
		cmocka_unit_test_setup(test_who_may_do_what, fresh),
		cmocka_unit_test_setup(test_undo_has_a_time_and_an_owner, fresh),
		cmocka_unit_test_setup(test_checked_is_locked_and_returned_is_to_do, fresh),
		cmocka_unit_test_setup(test_lists, fresh),
		cmocka_unit_test_setup(test_search_escapes_wildcards, fresh),
		cmocka_unit_test_setup(test_scopes_sorts_and_pages, fresh),
		cmocka_unit_test_setup(test_the_door_of_004, fresh),
		cmocka_unit_test_setup(test_last_time_and_trail, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
