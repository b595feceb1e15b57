/*
 * Imports against a real database and a real folder: the dry run, the run, being killed in
 * the middle of either, undoing, and what may not be done to another branch.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/import/import.h"
#include "store/session_fixture.h"

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
	if (!mkdtemp(folder))
		return 1;
	snprintf(upload, sizeof upload, "%s/up", folder);
	snprintf(spool, sizeof spool, "%s/spool", folder);
	EXPECT(files_open(&files, str_from(upload), str_from(spool), 0, &e), RC_OK);
	db_fixture_exec(&school.f,
			"INSERT INTO department (id, branch_id, name) VALUES (1, 1, 'Computing'),"
			" (2, 2, 'Arts');"
			"INSERT INTO batch (id, department_id, name) VALUES (1, 1, '2026'),"
			" (2, 1, '2025'), (3, 2, '2026');"
			"INSERT INTO section (id, batch_id, name) VALUES (1, 1, 'A'), (2, 1, 'B'),"
			" (3, 2, 'A'), (4, 3, 'Far');"
			"INSERT INTO class_section (class_id, section_id) VALUES (1, 1)");
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
	db_fixture_exec(&school.f,
			"SET FOREIGN_KEY_CHECKS = 0;"
			"DELETE FROM import_error; DELETE FROM import_row; DELETE FROM import;"
			"DELETE FROM enrolment; DELETE FROM section_member;"
			"DELETE FROM account WHERE id > 8; DELETE FROM person WHERE id > 8;"
			"UPDATE class SET n_members = 0; SET FOREIGN_KEY_CHECKS = 1;"
			"INSERT INTO person (id, branch_id, given_name, family_name, student_code)"
			" VALUES (100, 1, 'Old', 'Known', 'K1'), (101, 2, 'Far', 'Away', 'F1')");
	return 0;
}

#define number(sql) school_number(&school, "SELECT COALESCE((" sql "), -1) AS n")

static enum rc add(struct core *c, enum import_kind kind, int64_t branch_id, const char *csv,
		   int64_t *ret_id, struct error *e)
{
	error_init(e);
	return import_add(c, &files,
			  &(struct import_upload){ .kind = kind,
						   .branch_id = branch_id,
						   .file_name = STR("C:\\lists\\people.csv"),
						   .fd = -1,
						   .bytes = str_from(csv) },
			  ret_id, e);
}

/* All steps of what is under way; the number of batches. */
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

static void map_as_guessed(struct core *c, int64_t id)
{
	struct import_info i;
	struct error e;

	error_init(&e);
	EXPECT(import_get(c, id, &i, &e), RC_OK);
	EXPECT(import_map(c, id, i.s.version, i.fields, i.n_columns, true, &e), RC_OK);
	steps(c, id);
}

/* Uploaded, mapped as guessed, checked. */
static int64_t checked(struct core *c, enum import_kind kind, const char *csv)
{
	struct error e;
	int64_t id;

	EXPECT(add(c, kind, 0, csv, &id, &e), RC_OK);
	map_as_guessed(c, id);
	return id;
}

static void expect_counts(struct core *c, int64_t id, const char *state, int64_t created,
			  int64_t updated, int64_t same, int64_t wrong)
{
	struct import_info i;
	struct error e;

	error_init(&e);
	EXPECT(import_get(c, id, &i, &e), RC_OK);
	if (!str_eq(i.s.state, str_from(state)) || i.s.n_created != created ||
	    i.s.n_updated != updated || i.s.n_same != same || i.s.n_wrong != wrong)
		fail_msg("%.*s (%.*s): %lld created, %lld updated, %lld same, %lld wrong",
			 STR_ARG(i.s.state), STR_ARG(i.s.failure), (long long)i.s.n_created,
			 (long long)i.s.n_updated, (long long)i.s.n_same, (long long)i.s.n_wrong);
}

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

static const char people[] =
	"\xEF\xBB\xBFStudent code;Prénom;Nom;E-mail;Username;Section;Batch;From;Shoe size\r\n"
	"N1;Zoë;New;zoe@x.example;Zoe.New;A;2026;2026-09-01;38\r\n"
	"K1;Older;;;;A;2026;2026-09-01;40\r\n"
	"N2;\"Anne; Marie\";\"O\"\"Neil\";;;;;;\r\n";

static void test_people_come_change_and_go(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	int64_t id = checked(c, IMPORT_PEOPLE, people);

	(void)state;
	expect_counts(c, id, "checked", 2, 1, 0, 0);
	assert_int_equal(number("SELECT COUNT(*) FROM person WHERE student_code LIKE 'N%'"), 0);
	run(c, id);
	expect_counts(c, id, "done", 2, 1, 0, 0);
	assert_int_equal(number("SELECT COUNT(*) FROM person WHERE branch_id = 1 AND"
				" (student_code, given_name, family_name) IN (('N1', 'Zoë', 'New'),"
				" ('N2', 'Anne; Marie', 'O\"Neil'), ('K1', 'Older', 'Known'))"),
			 3);
	assert_int_equal(number("SELECT COUNT(*) FROM account WHERE username = 'zoe.new' AND role ="
				" 'student' AND password_hash = '' AND email = 'zoe@x.example'"),
			 1);
	assert_int_equal(number("SELECT COUNT(*) FROM section_member WHERE section_id = 1 AND"
				" from_date = '2026-09-01' AND to_date IS NULL"),
			 2);
	assert_int_equal(number("SELECT n_members FROM class WHERE id = 1"), 2);
	assert_int_equal(number("SELECT COUNT(*) FROM audit_log WHERE object = 'import'"), 5);
	/* The same file again has nothing to do. */
	expect_counts(c, checked(c, IMPORT_PEOPLE, people), "checked", 0, 0, 3, 0);
	undo(c, id);
	assert_int_equal(number("SELECT n_back * 100 + n_kept FROM import WHERE state = 'undone'"),
			 300);
	assert_int_equal(number("SELECT COUNT(*) FROM person WHERE student_code LIKE 'N%'"), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM section_member"), 0);
	assert_int_equal(
		number("SELECT COUNT(*) FROM person WHERE id = 100 AND given_name = 'Old'"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM account WHERE id > 8"), 0);
	assert_int_equal(number("SELECT n_members FROM class WHERE id = 1"), 0);
}

static void test_what_was_changed_or_used_is_kept(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	const struct import_kept_row *rows;
	struct error e;
	int64_t id = checked(c, IMPORT_PEOPLE,
			     "student_code,given_name,family_name\nN1,A,One\nN2,B,Two\nN3,C,Three\n"
			     "K1,New,\n");
	size_t n;

	(void)state;
	run(c, id);
	db_fixture_exec(
		&school.f,
		"UPDATE person SET given_name = 'Edited', revision = revision + 1"
		" WHERE student_code IN ('N1', 'K1');"
		"INSERT INTO enrolment (course_id, person_id, state, from_date)"
		" SELECT 1, id, 'approved', '2026-09-01' FROM person WHERE student_code = 'N2'");
	undo(c, id);
	error_init(&e);
	EXPECT(import_kept(c, id, 0, 10, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 3);
	assert_int_equal(rows[0].row_no * 100 + rows[1].row_no * 10 + rows[2].row_no, 235);
	assert_true(str_eq(rows[0].given_name, STR("Edited")));
	assert_int_equal(number("SELECT COUNT(*) FROM person WHERE student_code LIKE 'N%'"), 2);
	assert_int_equal(number("SELECT COUNT(*) FROM person WHERE given_name = 'Edited'"), 2);
}

static const char enrolments[] = "student code,course,from,to,state\n"
				 "K1,DB-220,2026-09-01,2026-12-31,\n"
				 "K1,DB-220,2027-01-01,,pending\n";

static void test_enrolments_come_and_go(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	int64_t id = checked(c, IMPORT_ENROLMENTS, enrolments);

	(void)state;
	expect_counts(c, id, "checked", 2, 0, 0, 0);
	run(c, id);
	expect_counts(c, id, "done", 2, 0, 0, 0);
	assert_int_equal(number("SELECT COUNT(*) FROM enrolment WHERE person_id = 100 AND"
				" course_id = 1 AND (state, from_date) IN (('approved',"
				" '2026-09-01'), ('pending', '2027-01-01'))"),
			 2);
	expect_counts(c, checked(c, IMPORT_ENROLMENTS, enrolments), "checked", 0, 0, 2, 0);
	int64_t second = checked(c, IMPORT_ENROLMENTS,
				 "student code,course,from,to,state\n"
				 "K1,DB-220,2026-09-01,2026-11-30,ended\n");
	expect_counts(c, second, "checked", 0, 1, 0, 0);
	run(c, second);
	undo(c, id);
	assert_int_equal(number("SELECT COUNT(*) FROM enrolment"), 1); /* changed since: kept */
	undo(c, second);
	assert_int_equal(number("SELECT COUNT(*) FROM enrolment WHERE state = 'approved'"
				" AND to_date = '2026-12-31'"),
			 1);
}

/* ---- what is wrong with a row -----------------------------------------------------------------
 */

struct wrong {
	enum import_kind kind;
	const char *csv;
	int64_t row;
	const char *field, *reason;
};

static const struct wrong wrongs[] = {
	{ IMPORT_PEOPLE, "student_code,family_name\nN1,A\nN1,B\n", 3, "student_code",
	  "import_twice" },
	{ IMPORT_PEOPLE, "teacher_code,family_name\n\n\nT1,A\nT1,B\n", 5, "teacher_code",
	  "import_twice" },
	{ IMPORT_PEOPLE, "username,family_name\nabc,A\nABC,B\n", 3, "username", "import_twice" },
	{ IMPORT_PEOPLE, "student_code,username\nK1,\n,sam\nK1,\n", 4, "student_code",
	  "import_twice" },
	{ IMPORT_PEOPLE, "student_code,family_name\nF1,Taken\n", 2, "student_code",
	  "import_elsewhere" },
	{ IMPORT_PEOPLE, "student_code,username,family_name\nN1,paul,X\n", 2, "username",
	  "username_taken" },
	{ IMPORT_PEOPLE, "student_code,username,family_name\nK1,leyla,X\n", 2, "username",
	  "username_taken" },
	{ IMPORT_PEOPLE, "student_code,username,e-mail,name\nN1,n1,LEYLA@x.example,X\n", 2, "email",
	  "email_taken" },
	{ IMPORT_PEOPLE, "username,family_name\nada,Hacked\n", 2, "", "import_admin" },
	{ IMPORT_PEOPLE, "username,family_name\nsue,Hacked\n", 2, "", "import_admin" },
	{ IMPORT_PEOPLE, "student_code,role,name\nN1,super_admin,X\n", 2, "role", "import_role" },
	{ IMPORT_PEOPLE, "student_code,name\n,X\n", 2, "", "import_who" },
	{ IMPORT_PEOPLE, "student_code,name\nN1,\n", 2, "family_name", "required" },
	{ IMPORT_PEOPLE, "student_code,e-mail,name\nN1,a@b.example,X\n", 2, "username",
	  "required" },
	{ IMPORT_PEOPLE, "student_code,name\nN1,=HYPERLINK(1)\n", 2, "family_name",
	  "import_formula" },
	{ IMPORT_PEOPLE, "student_code,name\nN1,@SUM\n", 2, "family_name", "import_formula" },
	{ IMPORT_PEOPLE, "student_code,name\nN1,X,Y\n", 2, "", "import_extra" },
	{ IMPORT_PEOPLE, "student_code,name,email\nN1,X,nobody\n", 2, "email", "not_an_email" },
	{ IMPORT_PEOPLE, "student_code,name,username\nN1,X,a b\n", 2, "username",
	  "import_username" },
	{ IMPORT_PEOPLE, "student_code,name,section\nN1,X,C\n", 2, "section", "import_section" },
	{ IMPORT_PEOPLE, "student_code,name,section\nN1,X,Far\n", 2, "section", "import_section" },
	{ IMPORT_PEOPLE, "student_code,name,section\nN1,X,A\n", 2, "section", "import_many" },
	{ IMPORT_PEOPLE, "student_code,section,from,to\nK1,B,2026-05-02,2026-05-01\n", 2,
	  "section_to", "end_before_start" },
	{ IMPORT_PEOPLE, "student_code,section,to\nK1,B,2026-05-01\n", 2, "section_to",
	  "end_before_start" },
	{ IMPORT_PEOPLE, "student_code,section,from\nK1,B,2026-02-31\n", 2, "section_from",
	  "not_a_date" },
	{ IMPORT_PEOPLE, "student_code,section,from\nK1,B,31/12/2026\n", 2, "section_from",
	  "import_date" },
	{ IMPORT_ENROLMENTS, "student,course\nnobody,DB-220\n", 2, "student_code",
	  "import_person" },
	{ IMPORT_ENROLMENTS, "student,course\nF1,DB-220\n", 2, "student_code", "import_person" },
	{ IMPORT_ENROLMENTS, "username,course\npaul,DB-220\n", 2, "username", "import_person" },
	{ IMPORT_ENROLMENTS, "student,username,course\nK1,leyla,DB-220\n", 2, "username",
	  "import_other" },
	{ IMPORT_ENROLMENTS, "student,course\nK1,PAR-1\n", 2, "course", "import_course" },
	{ IMPORT_ENROLMENTS, "student,course\nK1,\n", 2, "course", "required" },
	{ IMPORT_ENROLMENTS, "student,course,state\nK1,DB-220,maybe\n", 2, "state",
	  "import_state" },
	{ IMPORT_ENROLMENTS,
	  "student,course,from,to\nK1,DB-220,2026-09-01,\nK1,DB-220,2027-01-01,\n", 3, "from",
	  "import_overlap_row" },
	{ IMPORT_ENROLMENTS, "student,course,from,to\nK1,DB-220,2026-09-02,2026-09-01\n", 2, "to",
	  "end_before_start" },
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
		id = checked(c, w->kind, w->csv);
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

static void test_overlap_with_what_is_there(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);

	(void)state;
	db_fixture_exec(
		&school.f,
		"INSERT INTO enrolment (course_id, person_id, state, from_date, to_date) VALUES"
		" (1, 100, 'approved', '2026-09-01', '2026-12-31');"
		"INSERT INTO section_member (section_id, person_id, from_date, to_date) VALUES"
		" (2, 100, '2026-09-01', '2026-12-31')");
	expect_counts(c,
		      checked(c, IMPORT_ENROLMENTS,
			      "student,course,from,to\nK1,DB-220,2026-12-31,2027-06-30\n"),
		      "checked", 0, 0, 0, 1);
	expect_counts(c,
		      checked(c, IMPORT_ENROLMENTS,
			      "student,course,from,to\nK1,DB-220,2027-01-01,2027-06-30\n"),
		      "checked", 1, 0, 0, 0);
	expect_counts(c, checked(c, IMPORT_PEOPLE, "student code,section,from\nK1,B,2026-10-01\n"),
		      "checked", 0, 0, 0, 1);
	/* Without a first day the present membership is meant. */
	expect_counts(c, checked(c, IMPORT_PEOPLE, "student code,section\nK1,B\n"), "checked", 0, 0,
		      1, 0);
}

/* The file says nobody has the code; somebody takes it before the run. */
static void test_the_run_looks_again(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	int64_t id = checked(c, IMPORT_PEOPLE, "student_code,name\nN1,One\nN2,Two\n");

	(void)state;
	db_fixture_exec(&school.f, "INSERT INTO person (branch_id, given_name, family_name,"
				   " student_code) VALUES (2, '', 'First', 'N1')");
	run(c, id);
	expect_counts(c, id, "done", 1, 0, 0, 1);
	assert_int_equal(number("SELECT COUNT(*) FROM import_error WHERE reason ="
				" 'import_elsewhere' AND row_no = 2"),
			 1);
}

/* ---- many rows, and being killed ---------------------------------------------------------------
 */

static char *many(int n)
{
	size_t size = (size_t)n * 40 + 100, at;
	char *csv = malloc(size);

	assert_non_null(csv);
	at = (size_t)snprintf(csv, size, "student_code,given_name,family_name,section,batch\n");
	for (int i = 0; i < n; i++)
		at += (size_t)snprintf(csv + at, size - at, "M%05d,Given %d,Family,B,2026\n", i, i);
	return csv;
}

/*
 * Whoever works is gone after each batch, and another one, with its own connection, goes on.
 */
static void test_killed_at_every_batch(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	char *csv = many(5000);
	struct import_info i;
	struct error e;
	bool more = true;
	int64_t id;

	(void)state;
	EXPECT(add(c, IMPORT_PEOPLE, 0, csv, &id, &e), RC_OK);
	free(csv);
	EXPECT(import_get(c, id, &i, &e), RC_OK);
	EXPECT(import_map(c, id, 0, i.fields, i.n_columns, true, &e), RC_OK);
	for (int phase = 0; phase < 3; phase++) {
		if (phase == 1)
			EXPECT(import_confirm(c, id, 0, STR(""), &e), RC_OK);
		if (phase == 2) {
			expect_counts(c, id, "done", 5000, 0, 0, 0);
			assert_int_equal(
				number("SELECT COUNT(*) FROM person WHERE student_code LIKE"
				       " 'M%'"),
				5000);
			assert_int_equal(number("SELECT COUNT(*) FROM section_member"), 5000);
			EXPECT(import_undo(c, id, 0, STR(""), &e), RC_OK);
		}
		for (more = true; more;) {
			struct arena arena;
			struct core other;

			arena_init(&arena, (size_t)16 << 20, 0);
			school_second(&school, SCHOOL_SUPER, &other, &arena);
			error_init(&e);
			EXPECT(import_step(&other, &files, id, &more, &e), RC_OK);
			store_close(other.db); /* in the middle of the import */
			arena_clear(&arena);
		}
	}
	assert_int_equal(number("SELECT n_back FROM import"), 5000);
	assert_int_equal(number("SELECT COUNT(*) FROM person WHERE student_code LIKE 'M%'"), 0);
}

/* ---- who may -------------------------------------------------------------------------------- */

static void test_another_branch_is_not_there(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	const struct import_info *rows;
	struct import_info i;
	struct error e;
	int64_t id = checked(c, IMPORT_PEOPLE, people), other;
	size_t n;

	(void)state;
	EXPECT(add(c, IMPORT_PEOPLE, 2, people, &other, &e), RC_INVALID);
	assert_string_equal(e.fields[0].field, "branch");
	c = school_as(&school, SCHOOL_OTHER_ADMIN);
	error_init(&e);
	EXPECT(import_get(c, id, &i, &e), RC_NOT_FOUND);
	EXPECT(import_confirm(c, id, 0, STR(""), &e), RC_NOT_FOUND);
	EXPECT(import_undo(c, id, 0, STR(""), &e), RC_NOT_FOUND);
	EXPECT(import_drop(c, id, 0, &e), RC_NOT_FOUND);
	EXPECT(import_back_to_columns(c, id, 0, &e), RC_NOT_FOUND);
	EXPECT(import_list(c, 0, 10, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 0);
	for (enum school_person who = SCHOOL_TEACHER; who < SCHOOL__MAX; who++) {
		if (who == SCHOOL_ADMIN || who == SCHOOL_OTHER_ADMIN || who == SCHOOL_SUPER)
			continue;
		c = school_as(&school, who);
		EXPECT(import_get(c, id, &i, &e), RC_DENIED);
		EXPECT(import_list(c, 0, 10, &rows, &n, &e), RC_DENIED);
		EXPECT(add(c, IMPORT_PEOPLE, 1, people, &other, &e), RC_DENIED);
		EXPECT(import_confirm(c, id, 0, STR(""), &e), RC_DENIED);
	}
	c = school_as(&school, SCHOOL_SUPER);
	EXPECT(import_get(c, id, &i, &e), RC_OK);
	EXPECT(add(c, IMPORT_PEOPLE, 0, people, &other, &e), RC_INVALID);
}

static void test_a_decision_is_taken_once(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct import_info i;
	struct error e;
	int64_t id = checked(c, IMPORT_PEOPLE, people);

	(void)state;
	error_init(&e);
	EXPECT(import_get(c, id, &i, &e), RC_OK);
	EXPECT(import_undo(c, id, 0, STR(""), &e), RC_CONFLICT);
	EXPECT(import_confirm(c, id, i.s.version - 1, STR(""), &e), RC_CONFLICT);
	EXPECT(import_confirm(c, id, i.s.version, STR(""), &e), RC_OK);
	EXPECT(import_confirm(c, id, 0, STR(""), &e), RC_CONFLICT);
	EXPECT(import_drop(c, id, 0, &e), RC_CONFLICT);
	steps(c, id);
	assert_int_equal(number("SELECT COUNT(*) FROM import WHERE file_id IS NOT NULL"), 1);
	EXPECT(import_tidy(c, &files, &e), RC_OK);
	assert_int_equal(number("SELECT COUNT(*) FROM import WHERE file_id IS NOT NULL"), 0);
}

static void test_columns(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	static const struct {
		enum import_field fields[2];
		bool ignored_ok;
		const char *field;
		enum reason reason;
	} cases[] = {
		{ { IMPORT_IGNORE, IMPORT_GIVEN_NAME }, true, "column", REASON_IMPORT_NO_WHO },
		{ { IMPORT_USERNAME, IMPORT_USERNAME }, true, "column", REASON_IMPORT_FIELD_TWICE },
		{ { IMPORT_USERNAME, IMPORT_COURSE }, true, "column", REASON_NOT_A_CHOICE },
		{ { IMPORT_USERNAME, IMPORT_IGNORE }, false, "ignored", REASON_IMPORT_IGNORED },
	};
	struct error e;
	int64_t id;

	(void)state;
	EXPECT(add(c, IMPORT_PEOPLE, 0, "a,b\nc,d\n", &id, &e), RC_OK);
	for (size_t k = 0; k < ARRAY_LEN(cases); k++) {
		error_init(&e);
		EXPECT(import_map(c, id, 0, cases[k].fields, 2, cases[k].ignored_ok, &e),
		       RC_INVALID);
		assert_string_equal(e.fields[0].field, cases[k].field);
		assert_int_equal(e.fields[0].reason, cases[k].reason);
	}
	error_init(&e);
	EXPECT(import_map(c, id, 0, cases[0].fields, 1, true, &e), RC_CONFLICT);
}

/* ---- files ------------------------------------------------------------------------------------
 */

static void test_files_that_are_refused(void **state)
{
	static const struct {
		struct str bytes;
		enum reason reason;
		int64_t arg;
	} cases[] = {
		{ STR_INIT(""), REASON_FILE_EMPTY, 0 },
		{ STR_INIT("student_code,name\n"), REASON_IMPORT_EMPTY, 0 },
		{ STR_INIT("\xFF\xFEs\0t\0u\0"), REASON_IMPORT_UTF16, 0 },
		{ STR_INIT("s\0t\0u\0,\0a\0\n\0"), REASON_IMPORT_UTF16, 0 },
		{ STR_INIT("student_code,name\nN1,Ren\xE9\n"), REASON_IMPORT_LATIN, 0 },
		{ STR_INIT("student_code,name\nN1,\"half\n"), REASON_IMPORT_QUOTE, 2 },
		{ STR_INIT("student_code,name\nN1,A\nN2,a\"b\n"), REASON_IMPORT_QUOTE, 3 },
		{ STR_INIT("student_code,name\nN1,A\n\nN2,a\0b\n"), REASON_IMPORT_NUL, 4 },
	};
	struct core *c = school_as(&school, SCHOOL_ADMIN);

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(cases); k++) {
		struct error e;
		int64_t id;

		error_init(&e);
		EXPECT(import_add(c, &files,
				  &(struct import_upload){ .kind = IMPORT_PEOPLE,
							   .fd = -1,
							   .bytes = cases[k].bytes },
				  &id, &e),
		       RC_INVALID);
		assert_string_equal(e.fields[0].field, "file");
		if (e.fields[0].reason != cases[k].reason || e.fields[0].arg != cases[k].arg)
			fail_msg("case %zu: %s %lld", k, reason_code(e.fields[0].reason),
				 (long long)e.fields[0].arg);
	}
	assert_int_equal(number("SELECT COUNT(*) FROM import"), 0);
}

static void test_too_many_rows(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	char *csv = many(IMPORT_ROWS_MAX + 1);
	struct error e;
	int64_t id;

	(void)state;
	EXPECT(add(c, IMPORT_PEOPLE, 0, csv, &id, &e), RC_INVALID);
	free(csv);
	assert_int_equal(e.fields[0].reason, REASON_IMPORT_ROWS);
	assert_int_equal(e.fields[0].arg, IMPORT_ROWS_MAX);
}

/* A file that is gone ends the import with a reason, not with a loop. */
static void test_a_lost_file_fails_the_import(void **state)
{
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct import_info i;
	struct error e;
	int64_t id;

	(void)state;
	EXPECT(add(c, IMPORT_PEOPLE, 0, people, &id, &e), RC_OK);
	db_fixture_exec(&school.f, "UPDATE import SET file_id = UNHEX(REPEAT('ab', 16))");
	EXPECT(import_get(c, id, &i, &e), RC_OK);
	EXPECT(import_map(c, id, 0, i.fields, i.n_columns, true, &e), RC_OK);
	steps(c, id);
	EXPECT(import_get(c, id, &i, &e), RC_OK);
	assert_int_equal(i.state, IMPORT_FAILED);
	assert_true(str_eq(i.s.failure, STR("file_gone")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_people_come_change_and_go, fresh),
		cmocka_unit_test_setup(test_what_was_changed_or_used_is_kept, fresh),
		cmocka_unit_test_setup(test_enrolments_come_and_go, fresh),
		cmocka_unit_test_setup(test_each_wrong_row_says_what_is_wrong, fresh),
		cmocka_unit_test_setup(test_overlap_with_what_is_there, fresh),
		cmocka_unit_test_setup(test_the_run_looks_again, fresh),
		cmocka_unit_test_setup(test_killed_at_every_batch, fresh),
		cmocka_unit_test_setup(test_another_branch_is_not_there, fresh),
		cmocka_unit_test_setup(test_a_decision_is_taken_once, fresh),
		cmocka_unit_test_setup(test_columns, fresh),
		cmocka_unit_test_setup(test_files_that_are_refused, fresh),
		cmocka_unit_test_setup(test_too_many_rows, fresh),
		cmocka_unit_test_setup(test_a_lost_file_fails_the_import, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
