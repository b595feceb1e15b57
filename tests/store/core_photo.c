/*
 * Photos of check-ins against a real database and a real file store: sealed on disk, shown again,
 * held by an attempt or swept, and gone with their bytes when their time is over.
 */
#include "core/attendance/evidence.h"
#include "core/attendance/photo.h"
#include "core/sweep.h"
#include "store/school_case.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PICTURE STR("\xFF\xD8\xFF a selfie \xFF\xD9")

static struct files files;
static char folder[] = "/tmp/muster-photo-XXXXXX";
static char upload[80], spool[80];
static int64_t session_id;

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
	pupils_reset(&school);
	school_reset(&school);
	session_id = pupils_attendance(&school);
	db_fixture_exec(&school.f,
			"UPDATE attendance_session SET photo_level = 'must',"
			" code_level = 'off', place_level = 'off', device_level = 'off'");
	return 0;
}

/* As photo_store does once muster-scan has judged it; the id that the disk knows. */
static struct str keep(struct core *c, struct str *ret_hex)
{
	struct str file;
	struct error e;
	struct buf hex;

	EXPECT(photo_keep(c, &files, PICTURE, filetype_by_mime(STR("image/jpeg")), STR("jpg"),
			  &file, &e),
	       RC_OK);
	buf_init(&hex, c->arena, CRYPTO_ID_SIZE, CRYPTO_ID_SIZE);
	buf_hex(&hex, (const uint8_t *)file.p, file.n);
	*ret_hex = buf_str(&hex);
	return file;
}

static bool is_on_disk(struct str hex)
{
	struct error e;
	int64_t size;
	int fd;

	error_init(&e);
	if (files_read(&files, hex, &fd, &size, &e) != RC_OK)
		return false;
	close(fd);
	return true;
}

static void nothing_said(void *arg, const char *kind, struct str name, int64_t age_s)
{
	(void)arg;
	(void)kind;
	(void)name;
	(void)age_s;
}

/* A sweep at the moment; what the disk calls young is by the real clock, long past it. */
static struct sweep_report sweep(int64_t at)
{
	static const struct sweep_said said = { nothing_said, NULL };
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	struct sweep_report r;
	struct error e;

	c->now_us = at;
	EXPECT(sweep_run(c, &files, &said, &r, &e), RC_OK);
	return r;
}

static int64_t submit(struct core *c, struct str file, struct checkin_result *ret)
{
	const struct who student = { .role = ROLE_STUDENT,
				     .account_id = SCHOOL_STUDENT,
				     .person_id = PUPIL_FIRST,
				     .branch_id = 1,
				     .zone = STR("UTC") };
	struct checkin_in in = { .attendance_id = session_id,
				 .person_id = COLUMN_NULL,
				 .device_id = COLUMN_NULL,
				 .claimed_at = NO_TIME,
				 .accuracy_m = -1,
				 .path = CHECKIN_FORM,
				 .nonce = STR("one try"),
				 .photo_file = file };
	struct error e;

	c->who = &student;
	EXPECT(checkin_submit(c, &in, ret, &e), RC_OK);
	return ret->attempt_id;
}

static void test_shown_again_and_sealed_on_disk(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	char stored[200];
	struct photo p;
	struct error e;
	struct str hex, file = keep(c, &hex);
	bool is_last;
	int64_t size;
	struct buf b;
	int fd;

	(void)state;
	EXPECT(files_read(&files, hex, &fd, &size, &e), RC_OK);
	assert_int_equal(read(fd, stored, sizeof stored), size);
	close(fd);
	assert_int_equal(size, PICTURE.n + CRYPTO_SEAL_OVERHEAD);
	assert_null(memmem(stored, (size_t)size, "selfie", 6));
	EXPECT(photo_open(c, &files, file, &p, &e), RC_OK);
	assert_true(str_eq(p.type, STR("image/jpeg")));
	buf_init(&b, c->arena, 100, 1000);
	EXPECT(files_sealed_read(p.bytes, &b, &is_last, &e), RC_OK);
	assert_true(is_last);
	assert_true(str_eq(buf_str(&b), PICTURE));
	/* Another key of the server opens nothing. */
	struct config other = *school.config;
	struct core elsewhere = *c;
	char path[] = "/tmp/muster-key-XXXXXX";

	fd = mkstemp(path);
	assert_int_equal(write(fd,
			       "00112233445566778899aabbccddeeff"
			       "00112233445566778899aabbccddeeff\n",
			       65),
			 65);
	close(fd);
	other.server_key_file = str_from(path);
	elsewhere.config = &other;
	EXPECT(photo_open(&elsewhere, &files, file, &p, &e), RC_OK);
	EXPECT(files_sealed_read(p.bytes, &b, &is_last, &e), RC_DEPENDENCY);
	unlink(path);
}

/* The request died between its photo and its attempt. */
static void test_a_photo_without_an_attempt_is_swept(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	int64_t old_us = school.config->sweep_after_minutes * 60 * US_PER_S;
	struct photo p;
	struct error e;
	struct str hex, file = keep(c, &hex);

	(void)state;
	assert_int_equal(sweep(SCHOOL_NOW + old_us).n_deleted, 0); /* somebody may be at it */
	assert_true(is_on_disk(hex));
	assert_int_equal(sweep(SCHOOL_NOW + old_us + 1).n_deleted, 1);
	assert_false(is_on_disk(hex));
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM file WHERE removed_at IS NULL"), 0);
	EXPECT(photo_open(school_as(&school, SCHOOL_TEACHER), &files, file, &p, &e), RC_NOT_FOUND);
}

static void test_an_attempt_holds_it_until_its_time_is_over(void **state)
{
	struct core *c = school_as(&school, SCHOOL_TEACHER);
	int64_t later = SCHOOL_NOW + 29 * US_PER_DAY, over = SCHOOL_NOW + 30 * US_PER_DAY;
	struct str hex, file = keep(c, &hex), again_hex, again = keep(c, &again_hex);
	struct checkin_result first, second;
	struct evidence_expired done;
	struct photo p;
	struct error e;

	(void)state;
	submit(c, file, &first);
	assert_int_equal(submit(c, again, &second), first.attempt_id);
	assert_int_equal(first.decision, DECISION_FLAGGED);
	/* The same try sent twice is one, and so is its photo. */
	assert_int_equal(sweep(later).n_deleted, 1);
	assert_true(is_on_disk(hex));
	assert_false(is_on_disk(again_hex));
	c = school_as(&school, SCHOOL_TEACHER);
	EXPECT(photo_open(c, &files, file, &p, &e), RC_OK);
	c->now_us = over - 1;
	EXPECT(evidence_expire(c, false, &done, &e), RC_OK);
	assert_int_equal(done.n_photos, 0);
	c->now_us = over;
	EXPECT(evidence_expire(c, false, &done, &e), RC_OK);
	assert_int_equal(done.n_photos, 1);
	assert_int_equal(sweep(over).n_deleted, 1);
	assert_false(is_on_disk(hex));
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM attempt_photo"), 0);
	EXPECT(photo_open(school_as(&school, SCHOOL_TEACHER), &files, file, &p, &e), RC_NOT_FOUND);
	/* What was decided stays. */
	assert_int_equal(NUMBER("SELECT COUNT(*) AS n FROM attendance_attempt"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_shown_again_and_sealed_on_disk, fresh),
		cmocka_unit_test_setup(test_a_photo_without_an_attempt_is_swept, fresh),
		cmocka_unit_test_setup(test_an_attempt_holds_it_until_its_time_is_over, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
