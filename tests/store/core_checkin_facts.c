/*
 * The facts of check-ins: where the cheap statements for a first try answer, they say what the full
 * one says of the same data, and of what is not a first try they say nothing.  They do not look for
 * a record nor for the same nonce: core_checkin_first.c has what becomes of those.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "store/attendance_fixture.h"
#include "store/checkin.h"

#include <stdio.h>

/* People: five like the others, one from tomorrow, one in no group, one without a living token. */
enum { PEOPLE = 8, ENDED = 7 };
static const int64_t people[PEOPLE] = { 101, 102, 103, 104, 105, PUPIL_LATER, PUPIL_ALONE, 106 };
enum { TEXT_MAX = 8192 };

static struct school school;
static int64_t session_id;

static int set_up(void **state)
{
	(void)state;
	school_open(&school);
	pupils_open(&school);
	db_fixture_exec(
		&school.f,
		"INSERT INTO web_session (id, kind, family, token_hash, account_id, epoch, csrf,"
		" created_at, seen_at, expires_at, ends_at, idle_s, ended_at) SELECT 9000 + a.id,"
		" 'token', 'own', UNHEX(SHA2(CONCAT('facts', a.id), 256)), a.id, a.epoch,"
		" UNHEX(SHA2('c', 256)), '2026-11-01', '2026-11-20', '2036-12-01', '2036-12-01',"
		" 86400, IF(a.id = 106, '2026-11-19', NULL) FROM account a"
		" WHERE a.id BETWEEN 101 AND 123");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	db_fixture_exec(&school.f, "DELETE FROM web_session; DELETE FROM shared_browser");
	school_close(&school);
	return 0;
}

static int fresh(void **state)
{
	(void)state;
	db_fixture_exec(&school.f, "DELETE FROM shared_browser");
	pupils_reset(&school);
	school_reset(&school);
	session_id = pupils_attendance(&school);
	return 0;
}

/* ---- asking ------------------------------------------------------------------------------- */

/* 64 digits that name a browser, 32 a receipt. */
static void hex(char *ret, size_t n, int64_t of)
{
	snprintf(ret, n + 1, "%0*lld", (int)n, (long long)of);
}

/* Both forms of the same question, by everybody; a browser and a receipt only with `phone`. */
static void ask(bool phone, char *plain, char *full)
{
	size_t p = 1, f = 1;

	plain[0] = full[0] = '[';
	for (int i = 0; i < PEOPLE; i++) {
		const long long id = people[i];
		char b[68] = "", r[36] = "", extra[128] = "", members[160];

		hex(b, 64, id);
		hex(r, 32, id);
		if (phone)
			snprintf(extra, sizeof extra, ",\"%s\",\"%s\"", b, r);
		snprintf(members, sizeof members, phone ? ",\"b\":\"%s\",\"r\":\"%s\"" : "%.0s%.0s",
			 b, r);
		p += (size_t)snprintf(plain + p, TEXT_MAX - p, "%s[%d,%lld,%lld,%lld,%lld%s]",
				      i ? "," : "", i, (long long)session_id, id, id, 9000 + id,
				      extra);
		f += (size_t)snprintf(full + f, TEXT_MAX - f,
				      "%s{\"i\":%d,\"a\":%lld,\"p\":%lld,\"u\":%lld,\"h\":%lld,"
				      "\"w\":%lld,\"n\":\"%s\"%s}",
				      i ? "," : "", i, (long long)session_id, id, id, id, 9000 + id,
				      r, members);
	}
	snprintf(plain + p, TEXT_MAX - p, "]");
	snprintf(full + f, TEXT_MAX - f, "]");
}

/* clang-format off */
#define NUMBERS(X)                                                                                 \
	X(i) X(attendance_id) X(branch_id) X(occurrence_id) X(teacher_id) X(opens_at) X(late_at)   \
	X(closes_at) X(starts_at) X(deleted_at) X(latitude_e7) X(longitude_e7) X(radius_m)         \
	X(code_period_s) X(max_tries) X(evidence_days) X(person_id) X(person_branch_id)            \
	X(is_expected) X(record_id) X(record_at) X(open_attempt_id) X(n_failed) X(last_step)       \
	X(again_id) X(again_attendance_id) X(again_person_id) X(again_at) X(again_record_id)       \
	X(receipt_person_id) X(n_browser) X(is_browser_shared) X(is_alive) X(is_staff)
#define TEXTS(X)                                                                                   \
	X(title) X(state) X(roster) X(code_level) X(place_level) X(network_level) X(photo_level)   \
	X(device_level) X(reference_address) X(code_key) X(student_code) X(record_status)          \
	X(record_method) X(again_decision) X(again_reason) X(again_status) X(again_signals)
/* clang-format on */

static void same(const struct checkin_facts *a, const struct checkin_facts *b)
{
#define NUMBER(m)                                                                                  \
	if (a->m != b->m)                                                                          \
		fail_msg("person %lld: " #m " is %lld plainly and %lld in full",                   \
			 (long long)b->person_id, (long long)a->m, (long long)b->m);
#define TEXT(m)                                                                                    \
	if (!str_eq(a->m, b->m) || !a->m.p != !b->m.p)                                             \
		fail_msg("person %lld: " #m " differs", (long long)b->person_id);
	NUMBERS(NUMBER)
	TEXTS(TEXT)
#undef NUMBER
#undef TEXT
}

/* Bits of those of `people` whom the plain statement answers; each is compared with the full one.
 */
static unsigned answered(enum checkin_plain kind)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	const struct checkin_facts *plain, *full;
	const struct checkin_session *sessions;
	static char plain_items[TEXT_MAX], full_items[TEXT_MAX];
	size_t n_plain, n_full, n_sessions;
	unsigned bits = 0;
	struct error e;

	error_init(&e);
	ask(kind == CHECKIN_PLAIN_PHONE, plain_items, full_items);
	assert_int_equal(checkin_lock_one(c->db, session_id, c->arena, &sessions, &n_sessions, &e),
			 RC_OK);
	assert_int_equal(n_sessions, 1);
	assert_int_equal(checkin_plain_facts(c->db, kind, str_from(plain_items), PEOPLE, sessions,
					     n_sessions, SCHOOL_NOW, c->arena, &plain, &n_plain,
					     &e),
			 RC_OK);
	assert_int_equal(checkin_facts_get(c->db, str_from(full_items), PEOPLE, SCHOOL_NOW,
					   c->arena, &full, &n_full, &e),
			 RC_OK);
	assert_int_equal(n_full, PEOPLE);
	for (size_t k = 0; k < n_plain; k++) {
		same(&plain[k], &full[plain[k].i]);
		bits |= 1U << plain[k].i;
	}
	return bits;
}

/* The first five. */
#define FIRST_TRIES 0x1fU

/* ---- what is compared ----------------------------------------------------------------------- */

static void of_a_course(void **state)
{
	(void)state;
	assert_int_equal(answered(CHECKIN_PLAIN_FIRST), FIRST_TRIES);
	assert_int_equal(answered(CHECKIN_PLAIN_PHONE), FIRST_TRIES);
	/* A session on its own, with a place and a network. */
	db_fixture_exec(&school.f, "UPDATE attendance_session SET occurrence_id = NULL,"
				   " latitude_e7 = 520000000, longitude_e7 = 130000000,"
				   " reference_address = '192.0.2.7', place_level = 'flag'");
	assert_int_equal(answered(CHECKIN_PLAIN_FIRST), FIRST_TRIES);
}

static void two_enrolments_at_once(void **state)
{
	(void)state;
	db_fixture_exec(&school.f,
			"INSERT INTO enrolment (id, course_id, person_id, state, from_date)"
			" VALUES (90001, 1, 102, 'approved', '2026-10-01'),"
			" (90002, 1, 103, 'ended', '2026-10-01')");
	assert_int_equal(answered(CHECKIN_PLAIN_FIRST), FIRST_TRIES);
	db_fixture_exec(&school.f, "DELETE FROM enrolment WHERE id IN (90001, 90002)");
}

static void of_other_rosters(void **state)
{
	static const char *const rosters[] = {
		"UPDATE attendance_session SET roster = 'section', section_id = 1",
		"UPDATE attendance_session SET roster = 'section', section_id = NULL",
		"UPDATE attendance_session SET roster = 'class', class_id = 1",
		"UPDATE attendance_session SET roster = 'course', class_id = 1",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rosters); i++) {
		db_fixture_exec(&school.f, rosters[i]);
		/* Who joins the course tomorrow is in the section today. */
		assert_int_equal(answered(CHECKIN_PLAIN_PHONE) & ~(1U << 5), FIRST_TRIES);
	}
	db_fixture_exec(&school.f, "UPDATE attendance_session SET roster = 'open'");
	assert_int_equal(answered(CHECKIN_PLAIN_PHONE) & FIRST_TRIES, FIRST_TRIES);
}

static void attempt(int64_t person, const char *columns, const char *values)
{
	char sql[700];

	snprintf(sql, sizeof sql,
		 "INSERT INTO attendance_attempt (attendance_id, person_id, actor_id, nonce, path,"
		 " happened_at, learned_at, decision, signals%s) VALUES (%lld, %lld, %lld,"
		 " RANDOM_BYTES(16), 'form', '2026-11-20 11:31:00', '2026-11-20 11:31:02',"
		 " 'approved', '[]'%s)",
		 columns, (long long)session_id, (long long)person, (long long)person, values);
	db_fixture_exec(&school.f, sql);
}

static void what_is_there_already(void **state)
{
	(void)state;
	attempt(101, "", "");
	assert_int_equal(answered(CHECKIN_PLAIN_FIRST), FIRST_TRIES & ~1U);
	assert_int_equal(answered(CHECKIN_PLAIN_PHONE), FIRST_TRIES & ~1U);
}

/* Locked one by one or together, a session says the same; what is none has no row. */
static void locked_together(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	const struct checkin_session *one, *many;
	size_t n_one, n_many;
	struct error e;
	char ids[80];

	(void)state;
	error_init(&e);
	snprintf(ids, sizeof ids, "[999999,%lld]", (long long)session_id);
	assert_int_equal(checkin_lock_one(c->db, session_id, c->arena, &one, &n_one, &e), RC_OK);
	assert_int_equal(checkin_lock(c->db, str_from(ids), 2, c->arena, &many, &n_many, &e),
			 RC_OK);
	assert_int_equal(n_one, 1);
	assert_int_equal(n_many, 1);
	assert_int_equal(many->id, session_id);
	assert_int_equal(many->closes_at, one->closes_at);
	assert_int_equal(many->is_course, one->is_course);
	assert_true(str_eq(many->code_key, one->code_key));
	assert_int_equal(checkin_lock_one(c->db, 999999, c->arena, &one, &n_one, &e), RC_OK);
	assert_int_equal(n_one, 0);
}

static void browsers_and_receipts(void **state)
{
	(void)state;
	/* 101's browser was 107's, 102's receipt is used, 103's browser is a named one, 104's was
	 * refused on it. */
	attempt(107, ", browser_hash", ", UNHEX(LPAD('101', 64, '0'))");
	attempt(108, ", receipt_id", ", UNHEX(LPAD('102', 32, '0'))");
	attempt(109, ", browser_hash", ", UNHEX(LPAD('104', 64, '0'))");
	db_fixture_exec(&school.f, "UPDATE attendance_attempt SET decision = 'rejected'"
				   " WHERE person_id = 109;"
				   "INSERT INTO shared_browser (branch_id, browser_hash, label)"
				   " VALUES (1, UNHEX(LPAD('103', 64, '0')), 'Library')");
	assert_int_equal(answered(CHECKIN_PLAIN_PHONE), FIRST_TRIES & ~3U);
	/* Tokens come without either. */
	assert_int_equal(answered(CHECKIN_PLAIN_FIRST), FIRST_TRIES);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, fresh)
	const struct CMUnitTest tests[] = {
		TEST(of_a_course),      TEST(two_enrolments_at_once),
		TEST(of_other_rosters), TEST(what_is_there_already),
		TEST(locked_together),  TEST(browsers_and_receipts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
