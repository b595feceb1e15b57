/*
 * Notes and files of a session, and the sweeper, against a real database.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/session/completion.h"
#include "core/session/note.h"
#include "core/sweep.h"
#include "core/upload/attachment.h"
#include "store/session_fixture.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct school school;
static struct files files;
static char folder[] = "/tmp/muster-note-XXXXXX";
static char upload[64], spool[64];

static void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail);
}
#define EXPECT(call, want) expect_at((call), (want), &e, __LINE__)

/* What a form without a due date gives. */
#define IN(kind, what) (&(struct note_in){ .type = (kind), .text = (what), .due_day = NO_DAY })

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
	return 0;
}

static void test_a_note_makes_the_completion_and_counts(void **state)
{
	struct core *c = school_as(&school, SCHOOL_EMPLOYEE);
	const struct note_row *rows;
	struct session_detail d;
	struct error e;
	int64_t id;
	size_t n;

	(void)state;
	EXPECT(note_add(c, SCHOOL_NEXT_WEEK,
			IN(NOTE_FOLLOWUP, STR(" Bring \xF0\x9F\x93\x9A\r\nplease ")), &id, &e),
	       RC_OK);
	EXPECT(session_get(c, SCHOOL_NEXT_WEEK, &d, &e), RC_OK);
	assert_int_equal(d.row.n_notes, 1);
	assert_int_equal(d.row.state, SESSION_PLANNED);
	assert_int_equal(d.row.version, 2);
	EXPECT(note_list(c, SCHOOL_NEXT_WEEK, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	assert_true(str_eq(rows[0].text, STR("Bring \xF0\x9F\x93\x9A\nplease")));
	assert_true(rows[0].may_edit);
	assert_int_equal(rows[0].updated_at, NO_TIME);
	EXPECT(note_list(school_as(&school, SCHOOL_TEACHER), SCHOOL_NEXT_WEEK, &rows, &n, &e),
	       RC_OK);
	assert_false(rows[0].may_edit);
	EXPECT(note_edit(school_as(&school, SCHOOL_TEACHER), id, IN(NOTE_ISSUE, STR("x")), &e),
	       RC_DENIED);
	EXPECT(note_edit(school_as(&school, SCHOOL_COLLEAGUE), id, IN(NOTE_ISSUE, STR("x")), &e),
	       RC_NOT_FOUND);
	EXPECT(note_edit(school_as(&school, SCHOOL_EMPLOYEE), id, IN(NOTE_ISSUE, STR("x")), &e),
	       RC_OK);
	EXPECT(note_delete(school_as(&school, SCHOOL_TEACHER), id, &e), RC_DENIED);
	EXPECT(note_delete(school_as(&school, SCHOOL_ADMIN), id, &e), RC_OK);
	EXPECT(note_delete(school_as(&school, SCHOOL_ADMIN), id, &e), RC_NOT_FOUND);
	EXPECT(session_get(c, SCHOOL_NEXT_WEEK, &d, &e), RC_OK);
	assert_int_equal(d.row.n_notes, 0);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM note"
						" WHERE deleted_by = 4"),
			 1);
}

static void test_texts_at_their_limits(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	size_t n = 1 << 20;
	char *text = malloc(n);
	struct error e;
	int64_t id;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < n; i += 4)
		memcpy(text + i, "\xF0\x9F\x93\x9A", 4);
	EXPECT(note_add(c, SCHOOL_PAST, IN(NOTE_GENERAL, str_make(text, NOTE_TEXT_MAX * 4)), &id,
			&e),
	       RC_OK);
	error_init(&e);
	EXPECT(note_add(c, SCHOOL_PAST, IN(NOTE_GENERAL, str_make(text, NOTE_TEXT_MAX * 4 + 4)),
			&id, &e),
	       RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_TOO_LONG);
	assert_int_equal(e.fields[0].arg, NOTE_TEXT_MAX);
	error_init(&e);
	EXPECT(note_add(c, SCHOOL_PAST, IN(NOTE_GENERAL, str_make(text, n)), &id, &e), RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_TOO_LONG);
	error_init(&e);
	EXPECT(note_add(c, SCHOOL_PAST, IN(NOTE_GENERAL, STR(" \r\n\t")), &id, &e), RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_EMPTY_NOTE);
	error_init(&e);
	EXPECT(note_add(c, SCHOOL_PAST, IN(NOTE_GENERAL, STR("a\0b")), &id, &e), RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_NOT_TEXT);
	error_init(&e);
	EXPECT(note_add(c, SCHOOL_PAST, IN(NOTE_GENERAL, STR("\xC0\xAF")), &id, &e), RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_NOT_TEXT);
	EXPECT(completion_cancel(c, SCHOOL_NEXT_WEEK, 0, STR("No"), &e), RC_OK);
	EXPECT(note_add(c, SCHOOL_NEXT_WEEK, IN(NOTE_GENERAL, STR("a")), &id, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_ALREADY_CANCELLED);
	free(text);
}

static struct stored_file store_text(const char *text)
{
	struct stored_file stored = { .type = filetype_by_mime(STR("application/pdf")),
				      .extension = STR_INIT("PDF") };
	struct file_draft draft = { 0 };
	struct error e;

	EXPECT(files_draft_write(&files, str_from(text), &draft, &e), RC_OK);
	EXPECT(files_draft_keep(&draft, &e), RC_OK);
	memcpy(stored.id, draft.id, sizeof stored.id);
	memcpy(stored.sha256, draft.sha256, sizeof stored.sha256);
	stored.size = draft.size;
	return stored;
}

static void test_files_are_counted_and_kept_when_deleted(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct stored_file stored = store_text("%PDF-1.4 x");
	const struct attachment_row *rows;
	struct attachment_row row;
	struct session_detail d;
	struct error e;
	int64_t id;
	size_t n;

	(void)state;
	error_init(&e);
	EXPECT(attachment_may_add(c, SCHOOL_PAST, &e), RC_OK);
	EXPECT(attachment_may_add(school_as(&school, SCHOOL_COLLEAGUE), SCHOOL_PAST, &e),
	       RC_NOT_FOUND);
	EXPECT(attachment_may_add(school_as(&school, SCHOOL_STUDENT), SCHOOL_PAST, &e), RC_DENIED);
	c = school_as(&school, SCHOOL_TEACHER);
	error_init(&e);
	EXPECT(attachment_add(c, SCHOOL_PAST, &stored, STR("../"), STR(""), &id, &e), RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_FILE_NAME);
	EXPECT(attachment_add(c, SCHOOL_PAST, &stored, STR("../slides.PDF"), STR("Week 1"), &id,
			      &e),
	       RC_OK);
	EXPECT(session_get(c, SCHOOL_PAST, &d, &e), RC_OK);
	assert_int_equal(d.row.n_files, 1);
	EXPECT(attachment_get(school_as(&school, SCHOOL_EMPLOYEE), id, &row, &e), RC_OK);
	assert_true(str_eq(row.name, STR("slides.PDF")));
	assert_true(str_eq(row.file_id, str_from(stored.id)));
	assert_int_equal(row.class, FILE_CLASS_PDF);
	assert_int_equal(row.size, 10);
	assert_false(row.may_delete);
	EXPECT(attachment_count_download(&school.c, &row, &e), RC_OK);
	EXPECT(attachment_get_by_file(&school.c, row.file_id, &row, &e), RC_OK);
	assert_int_equal(row.n_downloads, 1);
	EXPECT(attachment_get_by_file(&school.c, STR("../../x"), &row, &e), RC_NOT_FOUND);
	EXPECT(attachment_delete(&school.c, id, &e), RC_DENIED);
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(attachment_delete(c, id, &e), RC_OK);
	EXPECT(attachment_get(c, id, &row, &e), RC_NOT_FOUND);
	assert_int_equal(e.reason, REASON_FILE_GONE);
	EXPECT(attachment_get(school_as(&school, SCHOOL_COLLEAGUE), id, &row, &e), RC_NOT_FOUND);
	assert_int_equal(e.reason, REASON_NOT_FOUND);
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(attachment_delete(c, id, &e), RC_NOT_FOUND);
	EXPECT(attachment_list(c, SCHOOL_PAST, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 0);
	EXPECT(session_get(c, SCHOOL_PAST, &d, &e), RC_OK);
	assert_int_equal(d.row.n_files, 0);
	assert_int_equal(school_number(&school, "SELECT COUNT(*) AS n FROM attachment t"
						" JOIN file f ON f.id = t.file_id"
						" WHERE t.deleted_by = 1 AND f.state = 'deleted'"),
			 1);
}

/* An admin signed for what was there: nobody changes or removes it afterwards, not even admins. */
static void test_what_is_signed_off_stays(void **state)
{
	const struct completion_in done = { .occurrence_id = SCHOOL_PAST,
					    .actual_start = 9 * 3600,
					    .actual_end = 10 * 3600 };
	static const enum school_person who[] = { SCHOOL_TEACHER, SCHOOL_ADMIN, SCHOOL_SUPER };
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct stored_file stored = store_text("%PDF-1.4 y");
	struct completion_result r;
	struct attachment_row file;
	struct note_row note;
	struct error e;
	int64_t note_id, file_id;

	(void)state;
	error_init(&e);
	EXPECT(note_add(c, SCHOOL_PAST, IN(NOTE_ISSUE, STR("the projector")), &note_id, &e), RC_OK);
	EXPECT(attachment_add(c, SCHOOL_PAST, &stored, STR("list.pdf"), STR(""), &file_id, &e),
	       RC_OK);
	EXPECT(completion_complete(c, &done, &r, &e), RC_OK);
	EXPECT(completion_check(school_as(&school, SCHOOL_ADMIN), SCHOOL_PAST, 0, &e), RC_OK);
	for (size_t i = 0; i < ARRAY_LEN(who); i++) {
		c = school_as(&school, who[i]);
		error_init(&e);
		EXPECT(note_edit(c, note_id, IN(NOTE_GENERAL, STR("x")), &e), RC_CONFLICT);
		assert_int_equal(e.reason, REASON_CHECKED);
		EXPECT(note_delete(c, note_id, &e), RC_CONFLICT);
		EXPECT(attachment_delete(c, file_id, &e), RC_CONFLICT);
		assert_int_equal(e.reason, REASON_CHECKED);
		EXPECT(note_get(c, note_id, &note, &e), RC_OK);
		assert_false(note.may_edit);
		EXPECT(attachment_get(c, file_id, &file, &e), RC_OK);
		assert_false(file.may_delete);
	}
	EXPECT(note_delete(school_as(&school, SCHOOL_COLLEAGUE), note_id, &e), RC_NOT_FOUND);
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(note_add(c, SCHOOL_PAST, IN(NOTE_FOLLOWUP, STR("repaired")), &note_id, &e), RC_OK);
	EXPECT(completion_return(school_as(&school, SCHOOL_ADMIN), SCHOOL_PAST, 0, STR("end"), &e),
	       RC_OK);
	EXPECT(attachment_delete(school_as(&school, SCHOOL_TEACHER), file_id, &e), RC_OK);
}

static enum rc settle(struct core *c, int64_t id, int64_t version, bool is_resolved,
		      struct error *e)
{
	error_init(e);
	return note_resolve(c, id, version, is_resolved, e);
}

static void test_each_earlier_text_is_kept(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	const struct note_row *rows;
	struct note_in in;
	struct error e;
	int64_t id;
	size_t n;

	(void)state;
	error_init(&e);
	EXPECT(note_add(c, SCHOOL_PAST, IN(NOTE_GENERAL, STR("one")), &id, &e), RC_OK);
	EXPECT(note_edit(c, id, IN(NOTE_GENERAL, STR(" one ")), &e), RC_OK); /* the same */
	EXPECT(note_edit(c, id, IN(NOTE_ISSUE, STR("two")), &e), RC_OK);
	c = school_as(&school, SCHOOL_ADMIN);
	EXPECT(note_edit(c, id, IN(NOTE_ISSUE, STR("three")), &e), RC_OK);
	EXPECT(note_list(c, SCHOOL_PAST, &rows, &n, &e), RC_OK);
	assert_int_equal(rows[0].n_edits, 2);
	assert_int_equal(rows[0].n_history, 2);
	assert_int_equal(rows[0].version, 3);
	assert_true(str_eq(rows[0].history[0].text, STR("one")));
	assert_int_equal(rows[0].history[0].type, NOTE_GENERAL);
	assert_true(str_eq(rows[0].history[1].text, STR("two")));
	assert_int_equal(rows[0].history[1].edited_at, SCHOOL_NOW);
	assert_false(str_eq(rows[0].history[0].editor_name, rows[0].history[1].editor_name));
	/* Two editors: the second one is told. */
	in = (struct note_in){ 2, NOTE_ISSUE, STR("late"), NO_DAY };
	EXPECT(note_edit(school_as(&school, SCHOOL_TEACHER), id, &in, &e), RC_CONFLICT);
	assert_int_equal(e.reason, REASON_CHANGED);
	/* Deleted, only admins see it, with everything it said. */
	EXPECT(note_delete(school_as(&school, SCHOOL_TEACHER), id, &e), RC_OK);
	EXPECT(note_list_deleted(school_as(&school, SCHOOL_TEACHER), SCHOOL_PAST, &rows, &n, &e),
	       RC_DENIED);
	EXPECT(note_list_deleted(school_as(&school, SCHOOL_OTHER_ADMIN), SCHOOL_PAST, &rows, &n,
				 &e),
	       RC_NOT_FOUND);
	EXPECT(note_list_deleted(school_as(&school, SCHOOL_ADMIN), SCHOOL_PAST, &rows, &n, &e),
	       RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].n_history, 2);
	assert_int_equal(rows[0].deleted_at, SCHOOL_NOW);
	assert_true(rows[0].deleter_name.n > 0);
	assert_false(rows[0].may_edit);
}

#define THURSDAY 20776 /* 2026-11-19, of SCHOOL_PAST; SCHOOL_NOW is the day after */

static void test_follow_ups_are_due_settled_and_opened_again(void **state)
{
	static const struct {
		enum note_type type;
		int32_t due_day;
		enum reason want; /* REASON_NONE: taken */
		bool is_overdue;
	} cases[] = {
		{ NOTE_FOLLOWUP, NO_DAY, REASON_NONE, false },
		{ NOTE_FOLLOWUP, THURSDAY, REASON_NONE, true },
		{ NOTE_FOLLOWUP, THURSDAY + 1, REASON_NONE, false },
		{ NOTE_FOLLOWUP, THURSDAY - 1, REASON_DUE_EARLY, false },
		{ NOTE_ISSUE, THURSDAY, REASON_DUE_KIND, false },
		{ NOTE_GENERAL, THURSDAY + 9, REASON_DUE_KIND, false },
	};
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	const struct note_open *open;
	struct note_row row;
	struct error e;
	int64_t id = 0, overdue = 0, plain;
	size_t n;
	bool is_more;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct note_in in = { 0, cases[i].type, STR("Call back"), cases[i].due_day };

		error_init(&e);
		EXPECT(note_add(c, SCHOOL_PAST, &in, &id, &e),
		       cases[i].want == REASON_NONE ? RC_OK : RC_INVALID);
		if (cases[i].want != REASON_NONE) {
			assert_int_equal(e.fields[0].reason, cases[i].want);
			continue;
		}
		EXPECT(note_get(c, id, &row, &e), RC_OK);
		assert_int_equal(row.due_day, cases[i].due_day);
		assert_int_equal(row.is_overdue, cases[i].is_overdue);
		overdue = cases[i].is_overdue ? id : overdue;
	}
	error_init(&e);
	EXPECT(note_add(c, SCHOOL_PAST, IN(NOTE_ISSUE, STR("x")), &plain, &e), RC_OK);
	/* The earliest first, without a date last; of others' sessions none. */
	EXPECT(note_list_open(c, 1, &open, &n, &is_more, &e), RC_OK);
	assert_int_equal(n, 3);
	assert_false(is_more);
	assert_int_equal(open[0].id, overdue);
	assert_true(open[0].is_overdue);
	assert_int_equal(open[2].due_day, NO_DAY);
	EXPECT(note_list_open(school_as(&school, SCHOOL_COLLEAGUE), 1, &open, &n, &is_more, &e),
	       RC_OK);
	assert_int_equal(n, 0);
	EXPECT(note_list_open(school_as(&school, SCHOOL_OTHER_ADMIN), 1, &open, &n, &is_more, &e),
	       RC_OK);
	assert_int_equal(n, 0);
	EXPECT(note_list_open(school_as(&school, SCHOOL_STUDENT), 1, &open, &n, &is_more, &e),
	       RC_DENIED);
	EXPECT(settle(school_as(&school, SCHOOL_COLLEAGUE), overdue, 0, true, &e), RC_NOT_FOUND);
	EXPECT(settle(school_as(&school, SCHOOL_EMPLOYEE), plain, 0, true, &e), RC_NOT_FOUND);
	EXPECT(settle(school_as(&school, SCHOOL_EMPLOYEE), overdue, 7, true, &e), RC_CONFLICT);
	EXPECT(settle(school_as(&school, SCHOOL_EMPLOYEE), overdue, 1, true, &e), RC_OK);
	EXPECT(settle(school_as(&school, SCHOOL_EMPLOYEE), overdue, 0, true, &e), RC_CONFLICT);
	EXPECT(note_get(school_as(&school, SCHOOL_ADMIN), overdue, &row, &e), RC_OK);
	assert_int_equal(row.resolved_at, SCHOOL_NOW);
	assert_true(row.resolver_name.n > 0);
	assert_false(row.is_overdue);
	EXPECT(note_list_open(&school.c, 1, &open, &n, &is_more, &e), RC_OK);
	assert_int_equal(n, 2);
	EXPECT(settle(&school.c, overdue, 0, false, &e), RC_OK);
	EXPECT(note_list_open(school_as(&school, SCHOOL_SUPER), 1, &open, &n, &is_more, &e), RC_OK);
	assert_int_equal(n, 3);
	/* Another kind of note is not settled any more. */
	EXPECT(settle(&school.c, overdue, 0, true, &e), RC_OK);
	EXPECT(note_edit(&school.c, overdue, IN(NOTE_GENERAL, STR("Call back")), &e), RC_OK);
	EXPECT(note_get(&school.c, overdue, &row, &e), RC_OK);
	assert_int_equal(row.resolved_at, NO_TIME);
}

static void count_said(void *arg, const char *kind, struct str name, int64_t age_s)
{
	int *n = arg;

	(void)kind;
	(void)name;
	(void)age_s;
	(*n)++;
}

static void test_the_sweeper_removes_what_nobody_knows(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct stored_file kept = store_text("kept"), gone = store_text("gone"),
			   lost = store_text("lost");
	struct file_draft draft = { 0 };
	struct sweep_report r;
	int n_said = 0, fd;
	const struct sweep_said said = { count_said, &n_said };
	int64_t kept_id, gone_id, size, real_us = clock_now_us();
	struct error e;

	(void)state;
	EXPECT(attachment_add(c, SCHOOL_PAST, &kept, STR("a.pdf"), STR(""), &kept_id, &e), RC_OK);
	EXPECT(attachment_add(c, SCHOOL_PAST, &gone, STR("b.pdf"), STR(""), &gone_id, &e), RC_OK);
	EXPECT(attachment_delete(c, gone_id, &e), RC_OK);
	EXPECT(files_draft_write(&files, STR("half"), &draft, &e), RC_OK);
	/* Everything is young: only the deleted one goes. */
	c->now_us = real_us;
	EXPECT(sweep_run(c, &files, &said, &r, &e), RC_OK);
	assert_int_equal(r.n_deleted, 1);
	assert_int_equal(r.n_unknown + r.n_temporary, 0);
	c->now_us = real_us + (c->config->sweep_after_minutes + 1) * 60 * US_PER_S;
	EXPECT(sweep_run(c, &files, &said, &r, &e), RC_OK);
	assert_int_equal(r.n_deleted, 0);
	assert_true(r.n_unknown >= 1);
	assert_int_equal(r.n_temporary, 1);
	assert_true(n_said >= 3);
	EXPECT(files_read(&files, str_from(kept.id), &fd, &size, &e), RC_OK);
	close(fd);
	EXPECT(files_read(&files, str_from(lost.id), &fd, &size, &e), RC_NOT_FOUND);
	EXPECT(files_read(&files, str_from(gone.id), &fd, &size, &e), RC_NOT_FOUND);
	files_draft_drop(&draft);
	/* One at a time. */
	EXPECT(sweep_begin(c, STR("0123456789abcdef0123456789abcdef"), &e), RC_OK);
	EXPECT(sweep_begin(c, STR("1123456789abcdef0123456789abcdef"), &e), RC_BUSY);
	EXPECT(sweep_end(c, STR("0123456789abcdef0123456789abcdef"), &e), RC_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_a_note_makes_the_completion_and_counts, fresh),
		cmocka_unit_test_setup(test_texts_at_their_limits, fresh),
		cmocka_unit_test_setup(test_files_are_counted_and_kept_when_deleted, fresh),
		cmocka_unit_test_setup(test_what_is_signed_off_stays, fresh),
		cmocka_unit_test_setup(test_each_earlier_text_is_kept, fresh),
		cmocka_unit_test_setup(test_follow_ups_are_due_settled_and_opened_again, fresh),
		cmocka_unit_test_setup(test_the_sweeper_removes_what_nobody_knows, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
