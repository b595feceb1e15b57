/*
 * The review of uploads, against a real database: the queue, who may, every door to the
 * bytes of a quarantined file, and two admins at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/schedule/schedule.h"
#include "core/session/completion.h"
#include "core/upload/attachment.h"
#include "core/upload/review.h"
#include "store/session_fixture.h"
#include "sys/crypto.h"

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

/* A file of the teacher's; its bytes do not matter here. */
static int64_t add_to(int64_t occurrence_id, const char *name, const char *mime)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct stored_file stored = { .type = filetype_by_mime(str_from(mime)), .size = 10 };
	struct error e;
	int64_t id;

	error_init(&e);
	stored.extension = filetype_extension(str_from(name));
	crypto_random_id(stored.id);
	EXPECT(attachment_add(c, occurrence_id, &stored, str_from(name), STR(""), &id, &e), RC_OK);
	return id;
}

static int64_t add(const char *name, const char *mime)
{
	return add_to(SCHOOL_PAST, name, mime);
}

static size_t count(struct core *c, enum review_state state)
{
	struct review_query q = { .state = state, .from_day = NO_DAY, .to_day = NO_DAY };
	struct review_list l;
	struct error e;

	error_init(&e);
	EXPECT(review_list(c, &q, &l, &e), RC_OK);
	assert_int_equal(l.total, l.n_rows);
	return l.n_rows;
}

static enum rc decide(struct core *c, int64_t id, int64_t version, enum review_decision d,
		      const char *reason, struct review_done *ret, struct error *e)
{
	const struct review_choice one = { id, version };

	error_init(e);
	return review_decide(c, &one, 1, d, str_from(reason), ret, e);
}

static void test_a_file_goes_through_all_states(void **state)
{
	int64_t id = add("slides.pdf", "application/pdf");
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct attachment_row a;
	struct review_row row;
	struct review_done done;
	struct error e;

	(void)state;
	error_init(&e);
	EXPECT(review_get(c, id, &row, &e), RC_OK);
	assert_int_equal(row.state, REVIEW_WAITING);
	assert_int_equal(row.reviewed_at, NO_TIME);
	assert_int_equal(row.class, FILE_CLASS_PDF);
	assert_int_equal(row.sha256.n, 64);
	assert_true(str_eq(row.course_code, STR("DB-220")));
	/* Waiting keeps nobody from it. */
	EXPECT(attachment_get(school_as(&school, SCHOOL_EMPLOYEE), id, &a, &e), RC_OK);
	c = school_as(&school, SCHOOL_ADMIN);
	EXPECT(decide(c, id, row.version, REVIEW_APPROVE, "", &done, &e), RC_OK);
	assert_int_equal(done.n_done, 1);
	EXPECT(review_get(c, id, &row, &e), RC_OK);
	assert_int_equal(row.state, REVIEW_APPROVED);
	assert_int_equal(row.reviewed_at, SCHOOL_NOW);
	assert_int_equal(count(c, REVIEW_APPROVED), 1);
	EXPECT(decide(c, id, row.version, REVIEW_REOPEN, "", &done, &e), RC_OK);
	assert_int_equal(count(c, REVIEW_WAITING), 1);
	EXPECT(decide(c, id, 0, REVIEW_QUARANTINE, " \t", &done, &e), RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_REASON_MISSING);
	EXPECT(decide(c, id, 0, REVIEW_QUARANTINE, "Personal data", &done, &e), RC_OK);
	EXPECT(review_get(c, id, &row, &e), RC_OK);
	assert_int_equal(row.state, REVIEW_QUARANTINED);
	assert_true(str_eq(row.reason, STR("Personal data")));
	EXPECT(decide(c, id, row.version, REVIEW_APPROVE, "", &done, &e), RC_OK);
	EXPECT(review_get(c, id, &row, &e), RC_OK);
	assert_int_equal(row.reason.n, 0);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM audit_log WHERE action"
						" IN ('file.approved', 'file.quarantined',"
						" 'file.reopened') AND branch_id = 1"),
			 4);
}

static void test_nobody_gets_the_bytes_of_a_quarantined_file(void **state)
{
	static const enum school_person who[] = { SCHOOL_TEACHER, SCHOOL_EMPLOYEE, SCHOOL_ADMIN,
						  SCHOOL_SUPER };
	int64_t id = add("list.pdf", "application/pdf");
	const struct attachment_row *rows;
	struct attachment_row a;
	struct review_done done;
	struct str file_id;
	struct core *c;
	struct error e;
	size_t n;

	(void)state;
	error_init(&e);
	EXPECT(attachment_get(school_as(&school, SCHOOL_TEACHER), id, &a, &e), RC_OK);
	file_id = a.file_id;
	EXPECT(decide(school_as(&school, SCHOOL_ADMIN), id, 0, REVIEW_QUARANTINE, "Copyright",
		      &done, &e),
	       RC_OK);
	for (size_t i = 0; i < ARRAY_LEN(who); i++) {
		bool told = who[i] != SCHOOL_EMPLOYEE;

		c = school_as(&school, who[i]);
		error_init(&e);
		EXPECT(attachment_get(c, id, &a, &e), RC_NOT_FOUND);
		assert_int_equal(e.reason, REASON_FILE_QUARANTINED);
		error_init(&e);
		EXPECT(attachment_get_by_file(c, file_id, &a, &e), RC_NOT_FOUND);
		assert_int_equal(e.reason, REASON_FILE_QUARANTINED);
		/* It is still in the list, with the reason for those who answer for it. */
		EXPECT(attachment_list(c, SCHOOL_PAST, &rows, &n, &e), RC_OK);
		assert_int_equal(n, 1);
		assert_true(rows[0].is_quarantined);
		assert_int_equal(rows[0].quarantine.n, told ? strlen("Copyright") : 0);
		assert_int_equal(rows[0].may_delete, who[i] != SCHOOL_TEACHER && told);
	}
	/* To a stranger it does not exist. */
	error_init(&e);
	EXPECT(attachment_get(school_as(&school, SCHOOL_COLLEAGUE), id, &a, &e), RC_NOT_FOUND);
	assert_int_equal(e.reason, REASON_NOT_FOUND);
	/* Its uploader cannot make it disappear; an admin can. */
	EXPECT(attachment_delete(school_as(&school, SCHOOL_TEACHER), id, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_FILE_QUARANTINED);
	EXPECT(attachment_delete(school_as(&school, SCHOOL_ADMIN), id, &e), RC_OK);
	assert_int_equal(count(school_as(&school, SCHOOL_ADMIN), REVIEW_REMOVED), 1);
	EXPECT(decide(school_as(&school, SCHOOL_ADMIN), id, 0, REVIEW_APPROVE, "", &done, &e),
	       RC_OK);
	assert_int_equal(done.n_done, 0);
	assert_int_equal(done.n_changed, 1);
}

static void test_only_those_who_review(void **state)
{
	static const struct {
		enum school_person who;
		enum rc want;
	} cases[] = {
		{ SCHOOL_TEACHER, RC_DENIED },
		{ SCHOOL_COLLEAGUE, RC_DENIED },
		{ SCHOOL_EMPLOYEE, RC_DENIED },
		{ SCHOOL_STUDENT, RC_DENIED },
		{ SCHOOL_OTHER_ADMIN, RC_NOT_FOUND },
		{ SCHOOL_ADMIN, RC_OK },
		{ SCHOOL_SUPER, RC_OK },
	};
	int64_t id = add("slides.pdf", "application/pdf"), n;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct core *c = school_as(&school, cases[i].who);
		struct review_query q = { .branch_id = 1, .from_day = NO_DAY, .to_day = NO_DAY };
		struct review_done done;
		struct review_list l;
		struct review_row row;
		struct error e;

		error_init(&e);
		EXPECT(review_list(c, &q, &l, &e), cases[i].want);
		EXPECT(review_get(c, id, &row, &e), cases[i].want);
		EXPECT(decide(c, id, 0, REVIEW_APPROVE, "", &done, &e), cases[i].want);
		if (cases[i].want == RC_OK)
			EXPECT(decide(c, id, 0, REVIEW_REOPEN, "", &done, &e), RC_OK);
	}
	{
		struct core *c = school_as(&school, SCHOOL_OTHER_ADMIN);
		struct error e;

		error_init(&e);
		assert_int_equal(count(c, REVIEW_WAITING), 0);
		EXPECT(review_count_waiting(c, 10, &n, &e), RC_OK);
		assert_int_equal(n, 0);
		EXPECT(review_count_waiting(school_as(&school, SCHOOL_TEACHER), 10, &n, &e),
		       RC_DENIED);
	}
}

static void test_filters_and_counts(void **state)
{
	static const struct {
		struct review_query q;
		size_t want;
	} cases[] = {
		{ { .from_day = NO_DAY, .to_day = NO_DAY }, 3 },
		{ { .from_day = NO_DAY,
		    .to_day = NO_DAY,
		    .has_class = true,
		    .class = FILE_CLASS_IMAGE },
		  1 },
		{ { .from_day = NO_DAY,
		    .to_day = NO_DAY,
		    .branch_id = 1,
		    .has_class = true,
		    .class = FILE_CLASS_PDF },
		  2 },
		{ { .from_day = NO_DAY, .to_day = NO_DAY, .teacher_id = SCHOOL_TEACHER }, 3 },
		{ { .from_day = NO_DAY, .to_day = NO_DAY, .teacher_id = SCHOOL_COLLEAGUE }, 0 },
		{ { .from_day = NO_DAY, .to_day = NO_DAY, .course_id = 1 }, 3 },
		{ { .from_day = NO_DAY,
		    .to_day = NO_DAY,
		    .course_id = 1,
		    .teacher_id = SCHOOL_TEACHER,
		    .has_class = true,
		    .class = FILE_CLASS_PDF },
		  2 },
		{ { .from_day = NO_DAY, .to_day = NO_DAY, .course_id = 99 }, 0 },
		{ { .from_day = 20777, .to_day = 20777 }, 3 },
		{ { .from_day = 20778, .to_day = NO_DAY }, 0 },
		{ { .from_day = NO_DAY, .to_day = 20776 }, 0 },
		{ { .from_day = NO_DAY, .to_day = NO_DAY, .page = 2 }, 0 },
		{ { .from_day = NO_DAY, .to_day = NO_DAY, .page = 1000000 }, 0 },
	};
	struct core *c;
	struct review_list l;
	struct error e;
	int64_t n;

	(void)state;
	add("a.pdf", "application/pdf");
	add("b.pdf", "application/pdf");
	add("c.png", "image/png");
	error_init(&e);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		EXPECT(review_list(school_as(&school, SCHOOL_SUPER), &cases[i].q, &l, &e), RC_OK);
		if (l.n_rows != cases[i].want)
			fail_msg("case %zu: %zu rows", i, l.n_rows);
	}
	c = school_as(&school, SCHOOL_ADMIN);
	EXPECT(review_list(c, &(struct review_query){ .from_day = 20778, .to_day = 20777 }, &l, &e),
	       RC_INVALID);
	EXPECT(review_count_waiting(c, 2, &n, &e), RC_OK);
	assert_int_equal(n, 2);
	EXPECT(review_count_waiting(c, 100, &n, &e), RC_OK);
	assert_int_equal(n, 3);
}

static size_t found(struct core *c, const struct review_query *q)
{
	struct review_list l;
	struct error e;

	error_init(&e);
	EXPECT(review_list(c, q, &l, &e), RC_OK);
	assert_int_equal(l.total, l.n_rows);
	return l.n_rows;
}

/* Each has an index of its own. */
static void test_every_combination_of_filters(void **state)
{
	static const int64_t branches[] = { 0, 1, 2 }, courses[] = { 0, 1, 2 },
			     teachers[] = { 0, SCHOOL_TEACHER, SCHOOL_COLLEAGUE };

	(void)state;
	add("a.pdf", "application/pdf");
	add("b.pdf", "application/pdf");
	add("c.png", "image/png");
	for (size_t i = 0; i < 3 * 3 * 3 * 3; i++) {
		struct review_query q = { .branch_id = branches[i % 3],
					  .course_id = courses[i / 3 % 3],
					  .teacher_id = teachers[i / 9 % 3],
					  .from_day = NO_DAY,
					  .to_day = NO_DAY };
		size_t class = i / 27, want = class == 0 ? 3 : class == 1 ? 2 : 0;

		q.has_class = class > 0;
		q.class = class == 1 ? FILE_CLASS_PDF : FILE_CLASS_VIDEO;
		if (q.branch_id == 2 || q.course_id == 2 || q.teacher_id == SCHOOL_COLLEAGUE)
			want = 0;
		if (found(school_as(&school, SCHOOL_SUPER), &q) != want)
			fail_msg("combination %zu: not %zu rows", i, want);
	}
}

/* What a file repeats of its session changes with it. */
static void test_files_follow_their_session(void **state)
{
	struct schedule_in in = { .class_id = 1,
				  .course_id = 1,
				  .teacher_id = SCHOOL_TEACHER,
				  .rule = { RECURRENCE_DAILY, 20770, 20772, 0, 0 },
				  .start_tod = 9 * 3600,
				  .end_tod = 10 * 3600 };
	struct core *c = school_as(&school, SCHOOL_ADMIN);
	struct review_query of_teacher = { .teacher_id = SCHOOL_TEACHER,
					   .from_day = NO_DAY,
					   .to_day = NO_DAY };
	struct review_query of_colleague = { .teacher_id = SCHOOL_COLLEAGUE,
					     .from_day = NO_DAY,
					     .to_day = NO_DAY };
	struct review_query of_course = { .course_id = 1, .from_day = NO_DAY, .to_day = NO_DAY };
	struct schedule_effect effect;
	struct error e;
	int64_t id;

	(void)state;
	error_init(&e);
	EXPECT(schedule_create(c, &in, &id, &effect, &e), RC_OK);
	add_to(school_number(&school, "SELECT MIN(id) AS n FROM occurrence WHERE schedule_id IS"
				      " NOT NULL"),
	       "a.pdf", "application/pdf");
	add("b.pdf", "application/pdf"); /* of another session */
	c = school_as(&school, SCHOOL_ADMIN);
	assert_int_equal(found(c, &of_teacher), 2);
	assert_int_equal(found(c, &of_course), 2);
	in.teacher_id = SCHOOL_COLLEAGUE;
	in.course_id = 0;
	in.title = STR("Exercises");
	EXPECT(schedule_update(c, id, &in, &effect, &e), RC_OK);
	assert_int_equal(effect.n_updated, 3);
	assert_int_equal(found(c, &of_teacher), 1);
	assert_int_equal(found(c, &of_colleague), 1);
	assert_int_equal(found(c, &of_course), 1);
	in.teacher_id = 0;
	EXPECT(schedule_update(c, id, &in, &effect, &e), RC_OK);
	assert_int_equal(found(c, &of_colleague), 0);
	assert_int_equal(count(c, REVIEW_WAITING), 2);
}

static void test_many_at_once_and_two_admins(void **state)
{
	struct review_choice v[3] = { { add("a.pdf", "application/pdf"), 1 },
				      { add("b.pdf", "application/pdf"), 1 },
				      { add("c.png", "image/png"), 1 } };
	struct core *c = school_as(&school, SCHOOL_SUPER);
	struct review_choice other[] = { v[0], { 999999, 0 } };
	struct review_choice many[REVIEW_CHOICES_MAX + 1] = { { 0, 0 } };
	struct review_done done;
	struct error e;

	(void)state;
	EXPECT(decide(c, v[1].attachment_id, 1, REVIEW_QUARANTINE, "Macro", &done, &e), RC_OK);
	/* The second one has looked at what was there before. */
	c = school_as(&school, SCHOOL_ADMIN);
	EXPECT(review_decide(c, v, 3, REVIEW_APPROVE, STR(""), &done, &e), RC_OK);
	assert_int_equal(done.n_done, 2);
	assert_int_equal(done.n_changed, 1);
	assert_int_equal(count(c, REVIEW_QUARANTINED), 1);
	/* One that is not there: nothing is done. */
	EXPECT(review_decide(c, other, 2, REVIEW_REOPEN, STR(""), &done, &e), RC_NOT_FOUND);
	assert_int_equal(count(c, REVIEW_APPROVED), 2);
	error_init(&e);
	EXPECT(review_decide(c, v, 0, REVIEW_APPROVE, STR(""), &done, &e), RC_INVALID);
	error_init(&e);
	EXPECT(review_decide(c, many, ARRAY_LEN(many), REVIEW_APPROVE, STR(""), &done, &e),
	       RC_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_a_file_goes_through_all_states, fresh),
		cmocka_unit_test_setup(test_nobody_gets_the_bytes_of_a_quarantined_file, fresh),
		cmocka_unit_test_setup(test_only_those_who_review, fresh),
		cmocka_unit_test_setup(test_filters_and_counts, fresh),
		cmocka_unit_test_setup(test_every_combination_of_filters, fresh),
		cmocka_unit_test_setup(test_files_follow_their_session, fresh),
		cmocka_unit_test_setup(test_many_at_once_and_two_admins, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
