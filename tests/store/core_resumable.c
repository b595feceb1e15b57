/*
 * Uploads in pieces against a real database and a real file store: whose they are, how
 * much has arrived, that they end once, and what the sweeper takes.  Nobody judges
 * files here: finishing fails as it does while muster-scan is away.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/sweep.h"
#include "core/upload/attachment.h"
#include "core/upload/resumable.h"
#include "store/session_fixture.h"
#include "sys/files_part.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct school school;
static struct files files;
static struct config config;
static char folder[] = "/tmp/muster-resumable-XXXXXX";
static char upload[80], spool[80];

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
	config = *school.config;
	config.uploads_open_per_account = 3;
	config.disk_reserve_bytes = 0;
	school.c.config = &config;
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
	db_fixture_exec(&school.f, "DELETE FROM upload");
	school_close(&school);
	return 0;
}

static int fresh(void **state)
{
	(void)state;
	db_fixture_exec(&school.f, "DELETE FROM upload");
	school_reset(&school);
	return 0;
}

static struct str begin(struct core *c, int64_t size, struct str name)
{
	const struct resumable_in in = { .occurrence_id = SCHOOL_PAST, .size = size, .name = name };
	struct resumable u;
	struct error e;

	error_init(&e);
	EXPECT(resumable_create(c, &files, &in, &u, &e), RC_OK);
	assert_int_equal(u.offset, 0);
	return u.id;
}

static enum rc add(struct core *c, struct str id, int64_t offset, struct str bytes,
		   struct resumable *ret, struct error *e)
{
	const struct resumable_piece piece = { .offset = offset, .bytes = bytes };

	error_init(e);
	return resumable_add(c, &files, id, &piece, ret, e);
}

static int64_t arrived(struct core *c, struct str id)
{
	struct resumable u;
	struct error e;

	error_init(&e);
	EXPECT(resumable_get(c, &files, id, &u, &e), RC_OK);
	return u.offset;
}

static void test_pieces_follow_each_other(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct str id = begin(c, 10, STR("../a.pdf"));
	struct resumable u;
	struct error e;

	(void)state;
	EXPECT(add(c, id, 0, STR("abc"), &u, &e), RC_OK);
	assert_int_equal(u.offset, 3);
	assert_true(str_eq(u.name, STR("a.pdf")));
	EXPECT(add(c, id, 0, STR("abc"), &u, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_UPLOAD_OFFSET);
	EXPECT(add(c, id, 4, STR("e"), &u, &e), RC_CONFLICT);
	EXPECT(add(c, id, 3, STR("defghijk"), &u, &e), RC_TOO_BIG);
	EXPECT(add(c, id, 3, STR(""), &u, &e), RC_OK);
	EXPECT(add(c, id, 3, STR("def"), &u, &e), RC_OK);
	assert_int_equal(arrived(c, id), 6);
	EXPECT(resumable_may_add(c, &files, id, 6, 4, &e), RC_OK);
	EXPECT(resumable_may_add(c, &files, id, 6, -1, &e), RC_OK);
	EXPECT(resumable_may_add(c, &files, id, 6, 5, &e), RC_TOO_BIG);
	EXPECT(resumable_may_add(c, &files, id, 5, 1, &e), RC_CONFLICT);
}

static void test_only_who_began_it(void **state)
{
	static const enum school_person others[] = { SCHOOL_COLLEAGUE, SCHOOL_EMPLOYEE,
						     SCHOOL_ADMIN, SCHOOL_SUPER, SCHOOL_STUDENT };
	struct str id = begin(school_as(&school, SCHOOL_TEACHER), 10, STR("a.pdf"));
	const struct resumable *rows;
	struct resumable u;
	struct error e;
	size_t n;

	(void)state;
	error_init(&e);
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct core *c = school_as(&school, others[i]);

		EXPECT(resumable_get(c, &files, id, &u, &e), RC_NOT_FOUND);
		assert_int_equal(e.reason, REASON_NOT_FOUND);
		EXPECT(add(c, id, 0, STR("abc"), &u, &e), RC_NOT_FOUND);
		EXPECT(resumable_may_add(c, &files, id, 0, 3, &e), RC_NOT_FOUND);
		EXPECT(resumable_end(c, &files, id, &e), RC_NOT_FOUND);
		EXPECT(resumable_list(c, &files, SCHOOL_PAST, &rows, &n, &e), RC_OK);
		assert_int_equal(n, 0);
	}
	EXPECT(resumable_list(school_as(&school, SCHOOL_TEACHER), &files, SCHOOL_PAST, &rows, &n,
			      &e),
	       RC_OK);
	assert_int_equal(n, 1);
	EXPECT(resumable_get(&school.c, &files, STR("../../../etc/passwd"), &u, &e), RC_NOT_FOUND);
}

static void test_what_cannot_be_judged_yet_is_not_whole(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct str id = begin(c, 6, STR("a.pdf"));
	struct resumable u;
	struct error e;

	(void)state;
	EXPECT(add(c, id, 0, STR("abc"), &u, &e), RC_OK);
	EXPECT(add(c, id, 3, STR("def"), &u, &e), RC_DEPENDENCY);
	assert_int_equal(e.reason, REASON_FILE_SCAN);
	assert_int_equal(arrived(c, id), 5);
	EXPECT(add(c, id, 5, STR("x"), &u, &e), RC_CONFLICT); /* not the byte that had come */
	EXPECT(add(c, id, 5, STR("f"), &u, &e), RC_DEPENDENCY);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM attachment"), 0);
}

/* As finishing does it, with a file that was judged and kept. */
static enum rc finish(struct core *c, struct str id, int64_t *ret_id, struct error *e)
{
	struct stored_file stored = { .type = filetype_by_mime(STR("application/pdf")),
				      .size = 6,
				      .extension = STR("pdf"),
				      .resumable_id = id };

	memcpy(stored.id, id.p, id.n);
	stored.id[id.n] = '\0';
	error_init(e);
	return attachment_add(c, SCHOOL_PAST, &stored, STR("a.pdf"), STR(""), ret_id, e);
}

static void test_finishing_happens_once(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct str id = begin(c, 6, STR("a.pdf")), given_up = begin(c, 6, STR("b.pdf"));
	int64_t first, second;
	struct resumable u;
	struct error e;

	(void)state;
	EXPECT(finish(c, id, &first, &e), RC_OK);
	EXPECT(finish(c, id, &second, &e), RC_OK);
	assert_int_equal(first, second);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM attachment"), 1);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM audit_log"
						" WHERE action = 'file.added'"),
			 1);
	EXPECT(resumable_get(c, &files, id, &u, &e), RC_OK);
	assert_int_equal(u.offset, 6);
	assert_int_equal(u.attachment_id, first);
	EXPECT(resumable_end(c, &files, given_up, &e), RC_OK);
	EXPECT(resumable_end(c, &files, given_up, &e), RC_NOT_FOUND);
	assert_int_equal(e.reason, REASON_UPLOAD_ENDED);
	EXPECT(finish(c, given_up, &second, &e), RC_NOT_FOUND);
	assert_int_equal(e.reason, REASON_UPLOAD_ENDED);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM attachment"), 1);
}

static void test_as_many_as_may_be_open(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	const struct resumable_in in = { .occurrence_id = SCHOOL_PAST,
					 .size = 5,
					 .name = STR("a.pdf") };
	struct resumable u;
	struct error e;

	(void)state;
	error_init(&e);
	for (int i = 0; i < 3; i++)
		begin(c, 5, STR("a.pdf"));
	EXPECT(resumable_create(c, &files, &in, &u, &e), RC_BUSY);
	assert_int_equal(e.reason, REASON_UPLOADS_OPEN);
	assert_int_equal(e.arg, 3);
	/* What has expired does not count, though nobody has swept it yet. */
	c->now_us += config.upload_open_hours * 3600 * US_PER_S;
	EXPECT(resumable_create(c, &files, &in, &u, &e), RC_OK);
}

static void count_said(void *arg, const char *kind, struct str name, int64_t age_s)
{
	int *n = arg;

	(void)name;
	(void)age_s;
	*n += strcmp(kind, "expired") == 0;
}

static bool is_there(struct str id)
{
	struct error e;
	int64_t size;

	error_init(&e);
	return files_part_size(&files, id, &size, &e) == RC_OK;
}

static void test_the_sweeper_knows_them(void **state)
{
	static const struct str orphan = STR_INIT("00112233445566778899aabbccddeeff");
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	int64_t real_us = clock_now_us(),
		after_us = (config.sweep_after_minutes + 1) * 60 * US_PER_S, attachment;
	struct str open, done, ended;
	struct sweep_report r;
	struct resumable u;
	int n_said = 0;
	const struct sweep_said said = { count_said, &n_said };
	struct error e;

	(void)state;
	error_init(&e);
	c->now_us = real_us;
	open = begin(c, 10, STR("a.pdf"));
	done = begin(c, 6, STR("b.pdf"));
	ended = begin(c, 10, STR("c.pdf"));
	EXPECT(add(c, open, 0, STR("abc"), &u, &e), RC_OK);
	EXPECT(finish(c, done, &attachment, &e), RC_OK);
	db_fixture_exec(&school.f, "UPDATE upload SET state = 'ended' WHERE name = 'c.pdf'");
	EXPECT(files_part_make(&files, orphan, 10, &e), RC_OK);
	EXPECT(sweep_run(c, &files, &said, &r, &e), RC_OK);
	assert_int_equal(r.n_temporary + r.n_uploads, 0); /* all are young */
	c->now_us = real_us + after_us;
	EXPECT(sweep_run(c, &files, &said, &r, &e), RC_OK);
	/* What no open row knows goes; the open one waits for its time. */
	assert_true(is_there(open));
	assert_false(is_there(orphan));
	assert_false(is_there(ended));
	assert_int_equal(arrived(c, open), 3);
	c->now_us = real_us + config.upload_open_hours * 3600 * US_PER_S + 1;
	EXPECT(resumable_get(c, &files, open, &u, &e), RC_NOT_FOUND);
	assert_int_equal(e.reason, REASON_UPLOAD_ENDED);
	EXPECT(sweep_run(c, &files, &said, &r, &e), RC_OK);
	assert_true(is_there(open)); /* somebody may still be at it */
	c->now_us += after_us;
	EXPECT(sweep_run(c, &files, &said, &r, &e), RC_OK);
	assert_false(is_there(open));
	assert_int_equal(r.n_uploads, 1);
	assert_int_equal(n_said, 1);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM upload"), 0);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM attachment"), 1);
	EXPECT(resumable_get(c, &files, open, &u, &e), RC_NOT_FOUND);
	assert_int_equal(e.reason, REASON_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_pieces_follow_each_other, fresh),
		cmocka_unit_test_setup(test_only_who_began_it, fresh),
		cmocka_unit_test_setup(test_what_cannot_be_judged_yet_is_not_whole, fresh),
		cmocka_unit_test_setup(test_finishing_happens_once, fresh),
		cmocka_unit_test_setup(test_as_many_as_may_be_open, fresh),
		cmocka_unit_test_setup(test_the_sweeper_knows_them, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
