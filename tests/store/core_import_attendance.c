/*
 * Imports of attendance against a real database: what the rows mean, the marks and registers they
 * make, what is wrong with each, the lock date, and that undoing leaves what was there before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/import/import.h"
#include "store/attendance_fixture.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct school school;
static struct files files;
static char folder[] = "/tmp/muster-import-XXXXXX";
static char upload[64], spool[64];

static void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail);
}
#define EXPECT(call, want) expect_at((call), (want), &e, __LINE__)

static int set_up(void **state)
{
	struct error e;

	(void)state;
	school_open(&school);
	pupils_open(&school);
	if (!mkdtemp(folder))
		return 1;
	snprintf(upload, sizeof upload, "%s/up", folder);
	snprintf(spool, sizeof spool, "%s/spool", folder);
	EXPECT(files_open(&files, str_from(upload), str_from(spool), 0, &e), RC_OK);
	return 0;
}

static int remove_path(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static int tear_down(void **state)
{
	(void)state;
	files_close(&files);
	nftw(folder, remove_path, 8, FTW_DEPTH | FTW_PHYS);
	school_close(&school);
	return 0;
}

static int fresh(void **state)
{
	(void)state;
	school_reset(&school);
	pupils_reset(&school);
	db_fixture_exec(&school.f,
			"DELETE FROM import_error; DELETE FROM import_row; DELETE FROM import;"
			"UPDATE status_set SET label = NULL, letter = NULL;"
			"INSERT INTO completion (occurrence_id, state, code, code_key) VALUES"
			" (1, 'completed', 'ab 12', 'AB 12'), (2, 'completed', '6', '6')");
	return 0;
}

#define number(sql) school_number(&school, "SELECT COALESCE((" sql "), -1) AS n")

static int steps(struct core *c, int64_t id)
{
	struct error e;
	bool more = true;
	int n = 0;

	while (more) {
		error_init(&e);
		EXPECT(import_step(c, &files, id, &more, &e), RC_OK);
		n += more;
		assert_true(n < 1000);
	}
	return n;
}

/* Uploaded, mapped as guessed, checked. */
static int64_t checked(struct core *c, const char *csv)
{
	struct import_info i;
	struct error e;
	int64_t id;

	error_init(&e);
	EXPECT(import_add(c, &files,
			  &(struct import_upload){ .kind = IMPORT_ATTENDANCE,
						   .file_name = STR("marks.csv"),
						   .fd = -1,
						   .bytes = str_from(csv) },
			  &id, &e),
	       RC_OK);
	EXPECT(import_get(c, id, &i, &e), RC_OK);
	EXPECT(import_map(c, id, 0, i.fields, i.n_columns, true, &e), RC_OK);
	steps(c, id);
	return id;
}

static void expect_counts_at(struct core *c, int64_t id, const char *state, int64_t created,
			     int64_t updated, int64_t same, int64_t wrong, int line)
{
	struct import_info i;
	struct error e;

	error_init(&e);
	EXPECT(import_get(c, id, &i, &e), RC_OK);
	if (!str_eq(i.s.state, str_from(state)) || i.s.n_created != created ||
	    i.s.n_updated != updated || i.s.n_same != same || i.s.n_wrong != wrong)
		fail_msg("line %d: %.*s (%.*s): %lld created, %lld updated, %lld same, %lld wrong",
			 line, STR_ARG(i.s.state), STR_ARG(i.s.failure), (long long)i.s.n_created,
			 (long long)i.s.n_updated, (long long)i.s.n_same, (long long)i.s.n_wrong);
}
#define expect_counts(...) expect_counts_at(__VA_ARGS__, __LINE__)

static void run(struct core *c, int64_t id)
{
	struct error e;

	error_init(&e);
	EXPECT(import_confirm(c, id, 0, STR(""), &e), RC_OK);
	steps(c, id);
}

static void undo(struct core *c, int64_t id)
{
	struct error e;

	error_init(&e);
	EXPECT(import_undo(c, id, 0, STR(""), &e), RC_OK);
	steps(c, id);
}

/* ---- the whole way --------------------------------------------------------------------------- */

static const char marks[] = "Étudiant;Séance;Statut;Minutes de retard;Remarque;Heure d’arrivée\n"
			    "S0001;1;P;;;08:58\n"
			    "S0002;1;en retard;12;bus;\n"
			    "S0003;ab 12;Retard;;;09:07\n"
			    "S0004;1;Excusée;;;\n"
			    "S0005;2;a;;;\n";

static void test_marks_of_sessions_that_were_held(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	int64_t id = checked(c, marks);

	(void)state;
	expect_counts(c, id, "checked", 5, 0, 0, 0);
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_session"), 0);
	run(c, id);
	expect_counts(c, id, "done", 5, 0, 0, 0);
	/* A register each, closed from the start; nobody else is absent. */
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_session WHERE state = 'closed'"
				" AND import_id IS NOT NULL AND n_expected = 20"
				" AND (occurrence_id, n_present, n_late, n_excused, n_absent) IN"
				" ((1, 1, 2, 1, 0), (2, 0, 0, 0, 1))"),
			 2);
	assert_int_equal(
		number("SELECT COUNT(*) FROM attendance_record r JOIN attendance_session s"
		       " ON s.id = r.attendance_id WHERE r.method = 'import' AND r.set_by = 4 AND"
		       " (s.occurrence_id, r.person_id, r.status, COALESCE(r.late_s, 0),"
		       " COALESCE(r.remark, '')) IN ((1, 101, 'present', 0, ''),"
		       " (1, 102, 'late', 720, 'bus'), (1, 103, 'late', 420, ''),"
		       " (1, 104, 'excused', 0, ''), (2, 105, 'absent', 0, ''))"),
		5);
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_record WHERE"
				" (person_id, happened_at) IN ((101, '2026-11-19 08:58:00'),"
				" (103, '2026-11-19 09:07:00'), (105, '2026-11-20 12:00:00'))"),
			 3);
	/* Written as other acts of the register: history, audit, events. */
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_change WHERE by_account = 4 AND"
				" old_row IS NULL AND why IS NULL"),
			 5);
	assert_int_equal(
		number("SELECT COUNT(*) FROM audit_log WHERE action ="
		       " 'attendance.imported' AND object = 'attendance' AND actor_id = 4"),
		2);
	assert_int_equal(number("SELECT COUNT(*) FROM outbox WHERE type = 'attendance.marked'"), 5);
	/* The same file again has nothing to do. */
	expect_counts(c, checked(c, marks), "checked", 0, 0, 5, 0);
	undo(c, id);
	assert_int_equal(number("SELECT n_back * 100 + n_kept FROM import WHERE state = 'undone'"),
			 500);
	/* As it was: no register, no record; the trail knows. */
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_session"), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_record"), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM audit_log WHERE action IN"
				" ('attendance.undone', 'attendance.removed')"),
			 4);
	expect_counts(c, checked(c, marks), "checked", 5, 0, 0, 0);
}

/* Of a course or class on a day; the start is needed only where there are several. */
static void test_sessions_by_course_class_and_day(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	int64_t id = checked(c, "username,course,class,date,start,status\n"
				"pupil101,DB-220,,2026-11-19,09:00,P\n"
				"pupil102,DB-220,,2026-11-19,,P\n"
				"pupil103,,dev-2024-a,2026-11-18,,L\n"
				"pupil104,DB-220,DEV-2024-A,2026-11-18,09:00,E\n");

	(void)state;
	expect_counts(c, id, "checked", 4, 0, 0, 0);
	run(c, id);
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_record r JOIN attendance_session s"
				" ON s.id = r.attendance_id WHERE (s.occurrence_id, r.person_id)"
				" IN ((1, 101), (1, 102), (2, 103), (2, 104))"),
			 4);
}

/* What stands is changed, and comes back as it was: mark, provenance, time, attempt. */
static void test_undo_restores_what_was_there(void **state)
{
	const int64_t live = pupils_attendance(&school);
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	int64_t id;

	(void)state;
	db_fixture_exec(&school.f,
			"INSERT INTO attendance_record (attendance_id, person_id, status, method,"
			" happened_at, late_s, remark, set_by, updated_at) SELECT id, 101, 'late',"
			" 'qr', '2026-11-20 11:47:00', 1020, 'ran', NULL, '2026-11-20 11:47:00'"
			" FROM attendance_session");
	(void)pupils_flagged(&school, live, 102);
	/* By the UUID of the attendance session. */
	db_fixture_exec(&school.f, "UPDATE attendance_session SET uuid ="
				   " '0b0e9a1c-7c5e-4e39-9a9e-00000000000a'");
	id = checked(c, "student,uuid,status\nS0001,0B0E9A1C-7c5e-4e39-9a9e-00000000000A,A\n"
			"S0002,3,P\nS0003,3,P\n");
	expect_counts(c, id, "checked", 2, 1, 0, 0);
	run(c, id);
	expect_counts(c, id, "done", 2, 1, 0, 0);
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_record WHERE method = 'import'"),
			 3);
	assert_int_equal(
		number("SELECT COUNT(*) FROM attendance_attempt WHERE decided_state = 'lapsed'"),
		1);
	/* A teacher changes one meanwhile: it stays, and is listed. */
	db_fixture_exec(&school.f, "UPDATE attendance_record SET status = 'excused', version = 9"
				   " WHERE person_id = 103");
	undo(c, id);
	assert_int_equal(number("SELECT n_back * 100 + n_kept FROM import"), 201);
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_record WHERE (person_id, status,"
				" method, happened_at, late_s, remark) = (101, 'late', 'qr',"
				" '2026-11-20 11:47:00', 1020, 'ran') AND set_by IS NULL"),
			 1);
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_record WHERE person_id = 102"), 0);
	assert_int_equal(
		number("SELECT COUNT(*) FROM attendance_attempt WHERE decided_state = 'open'"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_record WHERE person_id = 103"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_session"), 1);
}

/* A register of the import that somebody has used since stays, with what they did. */
static void test_a_used_register_stays(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	int64_t id = checked(c, "student,session,status\nS0001,1,P\nS0001,2,P\n");
	struct register_done done;
	struct error e;

	(void)state;
	run(c, id);
	error_init(&e);
	EXPECT(register_set(school_as(&school, SCHOOL_TEACHER),
			    number("SELECT id FROM attendance_session WHERE occurrence_id = 1"),
			    &(struct register_mark){ .person_id = 102,
						     .version = REGISTER_ANY,
						     .mark = MARK_PRESENT },
			    1, STR(""), &done, &e),
	       RC_OK);
	undo(school_as(&school, SCHOOL_ADMIN), id);
	assert_int_equal(number("SELECT n_back FROM import"), 2);
	assert_int_equal(number("SELECT MAX(occurrence_id) FROM attendance_session"), 1);
	assert_int_equal(number("SELECT CAST(SUM(person_id) AS SIGNED) FROM attendance_record"),
			 102);
}

/* ---- what is wrong with a row -----------------------------------------------------------------
 */

struct wrong {
	const char *csv;
	int64_t row;
	const char *field, *reason;
};

static const struct wrong wrongs[] = {
	{ "student,session,status\nnobody,1,P\n", 2, "student_code", "import_person" },
	{ "student,session,status\nS0023,1,P\n", 2, "student_code", "import_person" },
	{ "student,username,session,status\nS0001,pupil102,1,P\n", 2, "username", "import_other" },
	{ "student,session,status\n,1,P\n", 2, "", "import_who" },
	{ "student,session,status\nS0022,1,P\n", 2, "student_code", "import_not_enrolled" },
	{ "email,username,session,status\n,pupil121,1,P\n", 2, "username", "import_not_enrolled" },
	{ "student,session,status\nS0001,1,Q\n", 2, "status", "import_status" },
	{ "student,session,status\nS0001,1,\n", 2, "status", "required" },
	{ "student,session,status\nS0001,1,=P\n", 2, "status", "import_formula" },
	{ "student,session,status,remark\nS0001,1,P,@cmd\n", 2, "remark", "import_formula" },
	{ "student,session,status\nS0001,99,P\n", 2, "session", "import_session" },
	{ "student,session,status\nS0001,no-such-code,P\n", 2, "session", "import_session" },
	{ "student,session,status\nS0001,7,P\n", 2, "session", "import_session" }, /* of Paris */
	{ "student,session,status\nS0001,6,P\n", 2, "session", "import_sessions" },
	{ "student,session,status\nS0001,4,P\n", 2, "session", "import_not_over" },
	{ "student,session,status\nS0001,8,P\n", 2, "session", "import_cancelled" },
	{ "student,course,date,status\nS0001,DB-220,2026-11-20,P\n", 2, "start",
	  "import_sessions" },
	{ "student,course,date,start,status\nS0001,DB-220,2026-11-19,10:00,P\n", 2, "date",
	  "import_session" },
	{ "student,course,date,status\nS0001,PAR-1,2026-11-19,P\n", 2, "course", "import_course" },
	{ "student,class,date,status\nS0001,PAR-1,2026-11-19,P\n", 2, "class", "import_class" },
	{ "student,course,date,status\nS0001,,2026-11-19,P\n", 2, "", "import_which_session" },
	{ "student,course,date,status\nS0001,DB-220,,P\n", 2, "date", "required" },
	{ "student,course,date,status\nS0001,DB-220,19/11/2026,P\n", 2, "date", "import_date" },
	{ "student,course,date,start,status\nS0001,DB-220,2026-11-19,9,P\n", 2, "start",
	  "not_a_time" },
	{ "student,session,status\nS0001,1,P\nS0001,AB  12,A\n", 3, "student_code",
	  "import_twice" },
	{ "student,session,status,late\nS0001,1,P,5\n", 2, "minutes_late", "import_not_late" },
	{ "student,session,status,late\nS0001,1,L,601\n", 2, "minutes_late", "import_late" },
	{ "student,session,status,late\nS0001,1,L,x\n", 2, "minutes_late", "not_a_number" },
	{ "student,session,status,arrival\nS0001,1,A,09:00\n", 2, "arrival", "import_not_here" },
	{ "student,session,status\nS0005,1,A\n", 2, "status", "import_is_excused" },
};

static void test_each_wrong_row_says_what_is_wrong(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(wrongs); k++) {
		const struct wrong *w = &wrongs[k];
		const struct import_problem *rows;
		struct import_info i;
		struct error e;
		int64_t id, total;
		size_t n;

		fresh(NULL);
		db_fixture_exec(
			&school.f,
			"INSERT INTO occurrence (id, branch_id, title, session_date, start_time,"
			" end_time, zone, starts_at, ends_at, state, class_id) VALUES"
			" (7, 2, 'Far', '2026-11-19', '09:00', '10:00', 'UTC',"
			" '2026-11-19 09:00', '2026-11-19 10:00', 'scheduled', 2),"
			" (8, 1, 'Off', '2026-11-17', '09:00', '10:00', 'UTC',"
			" '2026-11-17 09:00', '2026-11-17 10:00', 'cancelled', 1);"
			"INSERT INTO excuse (occurrence_id, person_id, set_at) VALUES"
			" (1, 105, '2026-11-18')");
		id = checked(c, w->csv);
		error_init(&e);
		EXPECT(import_get(c, id, &i, &e), RC_OK);
		EXPECT(import_problems(c, id, 0, 10, &rows, &n, &total, &e), RC_OK);
		if (i.s.n_wrong != 1 || n != 1 || total != 1)
			fail_msg("case %zu: %s: %lld wrong, %zu problems, first %.*s %s", k, w->csv,
				 (long long)i.s.n_wrong, n, STR_ARG(n ? rows[0].field : STR("")),
				 n ? reason_code(rows[0].reason) : "");
		if (rows[0].row != w->row || !str_eq(rows[0].field, str_from(w->field)) ||
		    strcmp(reason_code(rows[0].reason), w->reason) != 0)
			fail_msg("case %zu: %s: row %lld, %.*s, %s", k, w->csv,
				 (long long)rows[0].row, STR_ARG(rows[0].field),
				 reason_code(rows[0].reason));
	}
}

/* The institution's own labels go before ours. */
static void test_labels_of_the_institution(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	int64_t id;

	(void)state;
	db_fixture_exec(&school.f, "UPDATE status_set SET label = 'Anwesend', letter = 'A'"
				   " WHERE status = 'present'");
	id = checked(c, "student,session,status\nS0001,1,A\nS0002,1,anwesend\nS0003,1,absent\n");
	expect_counts(c, id, "checked", 3, 0, 0, 0);
	run(c, id);
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_record WHERE (person_id, status)"
				" IN ((101, 'present'), (102, 'present'), (103, 'absent'))"),
			 3);
	db_fixture_exec(&school.f, "UPDATE status_set SET label = NULL, letter = NULL");
}

/* ---- meanwhile, and after the lock date ------------------------------------------------------ */

static void test_a_record_that_changed_meanwhile_is_left_alone(void **state)
{
	struct core *c;
	int64_t id;

	(void)state;
	assert_true(pupils_attendance(&school) > 0);
	c = school_as(&school, SCHOOL_ADMIN);
	id = checked(c, "student,session,status\nS0001,3,A\nS0002,3,A\nS0003,3,P\nS0004,1,P\n");
	expect_counts(c, id, "checked", 4, 0, 0, 0);
	/* Two check in; somebody opens the register of the other session and marks it. */
	db_fixture_exec(&school.f,
			"INSERT INTO attendance_record (attendance_id, person_id, status, method,"
			" happened_at, updated_at) SELECT s.id, p.id, 'present', 'qr',"
			" '2026-11-20 11:59:00', '2026-11-20 11:59:00' FROM attendance_session s"
			" JOIN person p ON p.id IN (101, 103)");
	run(c, id);
	expect_counts(c, id, "done", 2, 0, 1, 1);
	assert_int_equal(number("SELECT COUNT(*) FROM import_error WHERE row_no = 2 AND reason ="
				" 'import_changed'"),
			 1);
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_record WHERE person_id = 101 AND"
				" status = 'present'"),
			 1);
}

static void test_after_the_lock_date_a_reason_is_needed(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct import_info i;
	struct error e;
	int64_t id;

	(void)state;
	db_fixture_exec(&school.f, "INSERT INTO attendance_policy (branch_id, lock_days)"
				   " VALUES (1, 2)");
	id = checked(c, "student,session,status\nS0001,1,P\nS0001,2,P\n");
	error_init(&e);
	EXPECT(import_get(c, id, &i, &e), RC_OK);
	assert_int_equal(i.s.n_locked, 1); /* of Wednesday; Thursday's is free until tomorrow */
	EXPECT(import_confirm(c, id, 0, STR(" "), &e), RC_INVALID);
	assert_string_equal(e.fields[0].field, "why");
	assert_int_equal(e.fields[0].reason, REASON_REASON_MISSING);
	error_init(&e);
	EXPECT(import_confirm(c, id, 0, STR("lists came by post"), &e), RC_OK);
	steps(c, id);
	expect_counts(c, id, "done", 2, 0, 0, 0);
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_change WHERE why ="
				" 'lists came by post'"),
			 2);
	/* The reason stands for taking it back, too. */
	undo(c, id);
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_session"), 0);
}

/* It was not over when the import was made: taking it back asks for the reason. */
static void test_undoing_after_the_lock_date(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	int64_t id = checked(c, "student,session,status\nS0001,1,P\n");
	struct error e;

	(void)state;
	run(c, id);
	db_fixture_exec(&school.f, "UPDATE attendance_session SET lock_days = 0");
	error_init(&e);
	EXPECT(import_undo(c, id, 0, STR(""), &e), RC_INVALID);
	assert_string_equal(e.fields[0].field, "why");
	error_init(&e);
	EXPECT(import_undo(c, id, 0, STR("wrong list"), &e), RC_OK);
	steps(c, id);
	assert_int_equal(number("SELECT n_back FROM import"), 1);
}

/* It passes between the dry run and the run: the row is left out, no register is made. */
static void test_the_lock_date_passes_meanwhile(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	int64_t id = checked(c, "student,session,status\nS0001,1,P\n");

	(void)state;
	db_fixture_exec(&school.f, "INSERT INTO attendance_policy (branch_id, lock_days)"
				   " VALUES (1, 1)");
	run(c, id);
	expect_counts(c, id, "done", 0, 0, 0, 1);
	assert_int_equal(number("SELECT COUNT(*) FROM import_error WHERE reason ="
				" 'reason_missing'"),
			 1);
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_session"), 0);
}

/* ---- many rows, columns, who may ------------------------------------------------------------- */

#define MANY_PEOPLE   60
#define MANY_SESSIONS 50

/* By student, so that each batch has rows of all sessions. */
static char *many(void)
{
	const size_t size = (size_t)MANY_PEOPLE * MANY_SESSIONS * 40 + 100;
	char *csv = malloc(size);
	size_t at;

	assert_non_null(csv);
	at = (size_t)snprintf(csv, size, "student_code,session,status\n");
	for (int p = 0; p < MANY_PEOPLE; p++)
		for (int s = 0; s < MANY_SESSIONS; s++)
			at += (size_t)snprintf(csv + at, size - at, "M%03d,%d,%c\n", p, 1000 + s,
					       "PLEA"[(p + s) % 4]);
	return csv;
}

static void test_killed_at_every_batch_and_few_statements(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	char *csv = many();
	bool more = true;
	struct error e;
	int64_t id;

	(void)state;
	db_fixture_exec(
		&school.f,
		"INSERT INTO person (id, branch_id, given_name, family_name, student_code)"
		" SELECT 500 + seq, 1, 'M', seq, CONCAT('M', LPAD(seq, 3, '0')) FROM seq_0_to_59;"
		"INSERT INTO enrolment (course_id, person_id, state, from_date)"
		" SELECT 1, 500 + seq, 'approved', '2026-09-01' FROM seq_0_to_59;"
		"INSERT INTO occurrence (id, branch_id, course_id, title, session_date, start_time,"
		" end_time, zone, starts_at, ends_at) SELECT 1000 + seq, 1, 1, 'S', '2026-11-16',"
		" '09:00', '10:00', 'UTC', '2026-11-16 09:00', '2026-11-16 10:00'"
		" FROM seq_0_to_49");
	id = checked(c, csv);
	free(csv);
	expect_counts(c, id, "checked", 3000, 0, 0, 0);
	error_init(&e);
	EXPECT(import_confirm(c, id, 0, STR(""), &e), RC_OK);
	for (int phase = 0; phase < 2; phase++) {
		for (int batch = 0; more; batch++) {
			struct arena arena;
			struct core other;

			arena_init(&arena, (size_t)16 << 20, 0);
			school_second(&school, SCHOOL_SUPER, &other, &arena);
			const int64_t before = store_n_statements(other.db);
			error_init(&e);
			EXPECT(import_step(&other, &files, id, &more, &e), RC_OK);
			/* The second batch of the run makes no register: no statement is of a row.
			 */
			if (phase == 0 && batch == 1)
				assert_true(store_n_statements(other.db) - before < 80);
			store_close(other.db); /* in the middle of the import */
			arena_clear(&arena);
		}
		more = true;
		if (phase == 1)
			break;
		expect_counts(c, id, "done", 3000, 0, 0, 0);
		assert_int_equal(number("SELECT COUNT(*) FROM attendance_record WHERE method ="
					" 'import'"),
				 3000);
		assert_int_equal(number("SELECT CAST(SUM(n_present + n_late + n_excused +"
					" n_absent) AS SIGNED) FROM attendance_session"),
				 3000);
		EXPECT(import_undo(c, id, 0, STR(""), &e), RC_OK);
	}
	assert_int_equal(number("SELECT n_back FROM import"), 3000);
	assert_int_equal(number("SELECT COUNT(*) FROM attendance_session"), 0);
	db_fixture_exec(&school.f, "DELETE FROM occurrence WHERE id >= 1000;"
				   "DELETE FROM enrolment WHERE person_id >= 500;"
				   "DELETE FROM person WHERE id >= 500");
}

static void test_columns(void **state)
{
	static const struct {
		const char *head;
		enum reason reason;
	} cases[] = {
		{ "session,status", REASON_IMPORT_NO_WHO },
		{ "student,status", REASON_IMPORT_NO_SESSION },
		{ "student,course,status", REASON_IMPORT_NO_SESSION },
		{ "student,date,status", REASON_IMPORT_NO_SESSION },
		{ "student,session", REASON_IMPORT_NO_STATUS },
	};
	struct core *c = school_as(&school, SCHOOL_ADMIN);

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(cases); k++) {
		struct str csv = arena_printf(c->arena, "%s\nx\n", cases[k].head);
		struct import_info i;
		struct error e;
		int64_t id;

		error_init(&e);
		EXPECT(import_add(c, &files,
				  &(struct import_upload){
					  .kind = IMPORT_ATTENDANCE, .fd = -1, .bytes = csv },
				  &id, &e),
		       RC_OK);
		EXPECT(import_get(c, id, &i, &e), RC_OK);
		EXPECT(import_map(c, id, 0, i.fields, i.n_columns, true, &e), RC_INVALID);
		assert_int_equal(e.fields[0].reason, cases[k].reason);
	}
}

/* The table of rights gives imports to admins; another branch's does not see it. */
static void test_who_may(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	int64_t id = checked(c, "student,session,status\nS0001,1,P\n"), other;
	struct error e;

	(void)state;
	c = school_as(&school, SCHOOL_OTHER_ADMIN);
	error_init(&e);
	EXPECT(import_confirm(c, id, 0, STR(""), &e), RC_NOT_FOUND);
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(import_confirm(c, id, 0, STR(""), &e), RC_DENIED);
	EXPECT(import_add(
		       c, &files,
		       &(struct import_upload){ .kind = IMPORT_ATTENDANCE,
						.branch_id = 1,
						.fd = -1,
						.bytes = STR("student,session,status\nS1,1,P\n") },
		       &other, &e),
	       RC_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_marks_of_sessions_that_were_held, fresh),
		cmocka_unit_test_setup(test_sessions_by_course_class_and_day, fresh),
		cmocka_unit_test_setup(test_undo_restores_what_was_there, fresh),
		cmocka_unit_test_setup(test_a_used_register_stays, fresh),
		cmocka_unit_test_setup(test_each_wrong_row_says_what_is_wrong, fresh),
		cmocka_unit_test_setup(test_labels_of_the_institution, fresh),
		cmocka_unit_test_setup(test_a_record_that_changed_meanwhile_is_left_alone, fresh),
		cmocka_unit_test_setup(test_after_the_lock_date_a_reason_is_needed, fresh),
		cmocka_unit_test_setup(test_undoing_after_the_lock_date, fresh),
		cmocka_unit_test_setup(test_the_lock_date_passes_meanwhile, fresh),
		cmocka_unit_test_setup(test_killed_at_every_batch_and_few_statements, fresh),
		cmocka_unit_test_setup(test_columns, fresh),
		cmocka_unit_test_setup(test_who_may, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
