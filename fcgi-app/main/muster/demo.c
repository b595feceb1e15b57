/*
 * muster demo: loads the demo data of DESIGN 4 into an empty database.
 *
 * People and groups come from sql/demo/people.sql; schedules, completions, notes and
 * files go through the same rules as everything else, as the people they belong to and
 * at the time they would have happened.  Given the day, every load is the same but for
 * the random parts of codes and ids.
 */
#include "core/schedule/schedule.h"
#include "core/session/completion.h"
#include "core/session/note.h"
#include "core/session/session.h"
#include "core/upload/attachment.h"
#include "core/upload/review.h"
#include "main/muster/cmd.h"
#include "main/muster/demo_attendance.h"
#include "main/muster/demo_claims.h"
#include "main/muster/demo_requests.h"
#include "store/account.h"
#include "store/migrate.h"
#include "sys/crypto.h"
#include "sys/files.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define DAYS_BEFORE 30
#define DAYS_AFTER  60
#define CLASH_AFTER 20
#define FILE_BYTES  65536
#define HOUR        3600

static const char usage[] =
	"usage: muster [--config FILE] demo [--sql DIR]\n\n"
	"Loads the demo data of DIR (sql/demo) into an empty database, as db_owner_user: people,\n"
	"courses, schedules from 30 days ago to 60 days ahead, and what happened so far.  Every "
	"demo\n"
	"account has the password \"password\" and works only while the server listens on "
	"loopback.\n";

/* Accounts and people have the same numbers; sql/demo/people.sql fixes them. */
enum { DEMO_ADMIN = 1, DEMO_BRANCH_ADMIN = 2, DEMO_TEACHER = 3, DEMO_EMPLOYEE = 13 };

struct demo {
	struct core c;
	struct who who;
	struct files files;
	const char *dir; /* sql/demo */
	int32_t today;
	int64_t now_us;
	int n_past; /* sessions told so far; picks what happens in the next */
};

/* ---- people ------------------------------------------------------------------------------- */

static void act_as(struct demo *d, int64_t account_id, int64_t at_us)
{
	d->who = (struct who){ .role = account_id == DEMO_ADMIN          ? ROLE_SUPER_ADMIN
				       : account_id == DEMO_BRANCH_ADMIN ? ROLE_BRANCH_ADMIN
				       : account_id == DEMO_EMPLOYEE     ? ROLE_EMPLOYEE
									 : ROLE_FACULTY,
			       .account_id = account_id,
			       .person_id = account_id,
			       .branch_id = account_id == DEMO_ADMIN ? COLUMN_NULL : 1,
			       .name = STR("Demo"),
			       .zone = STR("UTC") };
	d->c.who = &d->who;
	d->c.now_us = at_us < d->now_us ? at_us : d->now_us;
}

static enum rc read_file(struct demo *d, const char *name, struct str *ret, struct error *e)
{
	struct str path = arena_printf(d->c.arena, "%s/%s", d->dir, name);
	char *bytes = arena_alloc(d->c.arena, FILE_BYTES);
	char *path_cz = path.p ? str_cz(d->c.arena, path) : NULL;
	ssize_t n;
	int fd;

	if (!bytes || !path_cz)
		return ERROR_MEMORY(e);
	fd = open(path_cz, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, bytes, FILE_BYTES);
	if (fd >= 0)
		close(fd);
	if (n < 0 || n == FILE_BYTES)
		return ERROR(e, RC_DEPENDENCY, REASON_UNEXPECTED, "%s cannot be read", path_cz);
	*ret = str_make(bytes, (size_t)n);
	return RC_OK;
}

/* One file of statements, with the variables it may use before it. */
static enum rc run_script(struct demo *d, const char *name, const char *hash, struct error *e)
{
	char day[11], now[28];
	struct str text, script;

	TRY(read_file(d, name, &text, e));
	script = arena_printf(d->c.arena,
			      "SET @hash = '%s', @today = DATE '%s', @now = '%.19s';\n%.*s", hash,
			      day_format(d->today, day).p, us_format_iso(d->now_us, now).p,
			      STR_ARG(text));
	if (!script.p)
		return ERROR_MEMORY(e);
	return migrate_script(d->c.db, name, script, e);
}

static enum rc load_people(struct demo *d, struct error *e)
{
	const struct config *config = d->c.config;
	struct password_cost cost = { (uint32_t)config->argon2_memory_kib,
				      (uint32_t)config->argon2_time };
	char hash[CRYPTO_HASH_SIZE];

	TRY(password_hash(cost, NULL, secret_make(STR("password")), hash, e));
	return run_script(d, "people.sql", hash, e);
}

/* ---- schedules ------------------------------------------------------------------------------- */

static const struct {
	int64_t class_id;
	int32_t start_tod;
	const char *room;
} courses[] = { { 1, 9 * HOUR, "A112" }, { 3, 11 * HOUR, "B204" }, { 2, 14 * HOUR, "Lab 1" } };

static enum rc load_schedules(struct demo *d, struct error *e)
{
	struct schedule_effect effect;
	int64_t id;

	act_as(d, DEMO_BRANCH_ADMIN, d->now_us - (DAYS_BEFORE + 5) * US_PER_DAY);
	for (size_t i = 0; i < ARRAY_LEN(courses); i++) {
		struct schedule_in in = {
			.class_id = courses[i].class_id,
			.course_id = (int64_t)i + 1,
			.teacher_id = DEMO_TEACHER + (int64_t)i,
			.room = str_from(courses[i].room),
			.rule = { .kind = RECURRENCE_DAILY,
				  .from_day = d->today - DAYS_BEFORE,
				  .to_day = d->today + DAYS_AFTER },
			.start_tod = courses[i].start_tod,
			.end_tod = courses[i].start_tod + 90 * 60,
			.subject_ids = arena_printf(d->c.arena, "[%zu]", i + 1),
			.notes = STR(
				"Every day of the term, so that there is always something to see."),
		};

		TRY(schedule_create(&d->c, &in, &id, &effect, e));
	}
	return run_script(d, "topics.sql", "", e);
}

/* ---- what happened ------------------------------------------------------------------------------
 */

static const int late_min[] = { 0, 4, 2, 11, 0, 18, 3, 6, 1, 0, 9, 2, 0 };
static const int over_min[] = { 0, -2, 5, 0, 12, -6, 3, 0, 0, -25, 1 };

static const char *const covered[] = {
	"All planned topics. Exercises 1 to 4 set as reading for next time.",
	"Half of the slides; the rest on Monday.\nQuiz announced.",
	"Recap of last week, then the lab. Two groups finished early and helped the others.",
	"",
	"Guest from industry for the first half hour.\r\nDiscussion was lively.",
	"Sections 4.1 to 4.3. Résumé en français distribué. ملخص الدرس متاح أيضًا.",
};

static const struct {
	enum note_type type;
	const char *text;
} remarks[] = {
	{ NOTE_GENERAL, "Room was changed at short notice; a sign at the door helped." },
	{ NOTE_FOLLOWUP,
	  "Send the recording and the three exercises to those who missed the start." },
	{ NOTE_ISSUE, "The projector failed for the first 15 minutes; started on the whiteboard." },
	{ NOTE_ACHIEVEMENT,
	  "One group found a defect in the lab application that was not planted. 🎉" },
	{ NOTE_GENERAL, "学生的问题很好：下次先复习索引。" },
	{ NOTE_FOLLOWUP, "Вернуть проверенные работы группе до четверга." },
};

static const struct {
	const char *file, *mime, *name, *description;
} files[] = {
	{ "files/slides.pdf", "application/pdf", "slides.pdf", "Slides of the session" },
	{ "files/whiteboard.png", "image/png", "whiteboard-Übersicht.png", "" },
	{ "files/handout.docx",
	  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	  "handout with all exercises of the week and the solutions of the week before.docx",
	  "Exercises" },
	{ "files/group-photo.jpg", "image/jpeg", "صورة المجموعة.jpg", "With everybody's consent" },
	{ "files/summary.wav", "audio/wav", "zusammenfassung 要約.wav", "Spoken summary" },
};

static enum rc add_file(struct demo *d, int64_t occurrence_id, size_t which, struct error *e)
{
	struct file_draft draft = { 0 };
	struct stored_file stored = { 0 };
	struct str bytes;
	int64_t id;
	enum rc rc;

	stored.type = filetype_by_mime(str_from(files[which].mime));
	stored.extension = filetype_extension(str_from(files[which].name));
	if (!stored.type)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "%s is no accepted type",
			     files[which].mime);
	TRY(read_file(d, files[which].file, &bytes, e));
	TRY(files_draft_write(&d->files, bytes, &draft, e));
	TRY(files_draft_keep(&draft, e));
	memcpy(stored.id, draft.id, sizeof stored.id);
	memcpy(stored.sha256, draft.sha256, sizeof stored.sha256);
	stored.size = draft.size;
	rc = attachment_add(&d->c, occurrence_id, &stored, str_from(files[which].name),
			    str_from(files[which].description), &id, e);
	if (rc != RC_OK) {
		struct error other;

		error_init(&other);
		if (files_delete(&d->files, str_from(stored.id), &other) != RC_OK)
			error_context(e, "and its bytes could not be removed");
	}
	return rc;
}

/* A remark; follow-ups are due a week later, and those that are due are mostly settled. */
static enum rc add_note(struct demo *d, const struct session_occurrence *o, int64_t ends_at,
			int64_t teacher, size_t i, struct error *e)
{
	size_t which = ((size_t)d->n_past + i) % ARRAY_LEN(remarks);
	bool is_follow_up = remarks[which].type == NOTE_FOLLOWUP;
	struct note_in in = { 0, remarks[which].type, str_from(remarks[which].text),
			      is_follow_up ? o->session_date + 7 : NO_DAY };
	int64_t author = i == 1 ? DEMO_EMPLOYEE : teacher, id;

	act_as(d, author, ends_at + (20 + (int64_t)i * 7) * 60 * US_PER_S);
	TRY(note_add(&d->c, o->occurrence_id, &in, &id, e));
	if (d->n_past % 6 == 3) { /* somebody looked at it again */
		act_as(d, author, ends_at + 3 * 3600 * US_PER_S);
		in.text = arena_printf(d->c.arena, "%s Told the department too.",
				       remarks[which].text);
		TRY(note_edit(&d->c, id, &in, e));
	}
	if (!is_follow_up || o->session_date + 5 >= d->today || d->n_past % 7 == 3)
		return RC_OK;
	act_as(d, author, ends_at + 4 * US_PER_DAY);
	return note_resolve(&d->c, id, 0, true, e);
}

static enum rc add_extras(struct demo *d, const struct session_occurrence *o, int64_t ends_at,
			  int64_t teacher, struct error *e)
{
	int n = d->n_past;

	for (int i = 0; i < n % 4; i++)
		TRY(add_note(d, o, ends_at, teacher, (size_t)i, e));
	act_as(d, teacher, ends_at + 50 * 60 * US_PER_S);
	for (int i = 0; n % 5 == 1 && i < 1 + n % 2; i++)
		TRY(add_file(d, o->occurrence_id, (size_t)(n / 5 + i) % ARRAY_LEN(files), e));
	return RC_OK;
}

static enum rc complete(struct demo *d, const struct session_occurrence *o, int64_t ends_at,
			int64_t teacher, struct error *e)
{
	size_t n = (size_t)d->n_past;
	struct completion_in in = {
		.occurrence_id = o->occurrence_id,
		.actual_start = o->start_time + late_min[n % ARRAY_LEN(late_min)] * 60,
		.actual_end = o->end_time + over_min[n % ARRAY_LEN(over_min)] * 60,
		.notes = str_from(covered[n % ARRAY_LEN(covered)]),
	};
	struct completion_result result;

	/* Some type their own code. */
	if (n % 9 == 4)
		in.code = arena_printf(d->c.arena, "Week %02zu / session %03zu", n / 7 + 1, n);
	act_as(d, teacher, ends_at + 5 * 60 * US_PER_S);
	TRY(completion_complete(&d->c, &in, &result, e));
	TRY(add_extras(d, o, ends_at, teacher, e));
	/* Older ones are signed off. */
	if (o->session_date < d->today - 14 && n % 3 == 0) {
		act_as(d, DEMO_BRANCH_ADMIN, ends_at + 2 * US_PER_DAY);
		TRY(completion_check(&d->c, o->occurrence_id, 0, e));
	}
	return RC_OK;
}

/* What is different on some days, counted back from today, of one course each. */
static enum rc tell(struct demo *d, const struct session_occurrence *o, size_t course,
		    struct error *e)
{
	int64_t ends_at = us_from_day_tod(o->session_date, o->end_time);
	int64_t teacher = DEMO_TEACHER + (int64_t)course;
	int32_t ago = d->today - o->session_date;

	if (ago == 6 && course == 0) {
		act_as(d, DEMO_BRANCH_ADMIN, us_from_day_tod(o->session_date, 8 * HOUR));
		return completion_cancel(&d->c, o->occurrence_id, 0,
					 STR("Lab closed for maintenance"), e);
	}
	act_as(d, teacher, ends_at);
	TRY(demo_register(&d->c, o->occurrence_id, us_from_day_tod(o->session_date, o->start_time),
			  d->today - o->session_date + (int)course, e));
	if (ago == 0 || (ago == 1 && course == 0) || (ago == 3 && course == 1))
		return RC_OK; /* to complete */
	d->n_past++;
	TRY(complete(d, o, ends_at, teacher, e));
	if (ago == 4 && course == 0) {
		act_as(d, DEMO_BRANCH_ADMIN, ends_at + US_PER_DAY);
		return completion_return(&d->c, o->occurrence_id, 0,
					 STR("Please compare the times with the register."), e);
	}
	return RC_OK;
}

/* The lab goes to another time. */
static enum rc move_one(struct demo *d, const struct session_occurrence *o, int32_t day,
			int32_t start_tod, const char *room, struct error *e)
{
	struct session_move_in in = { .occurrence_id = o->occurrence_id,
				      .day = day,
				      .start_tod = start_tod,
				      .end_tod = start_tod + 90 * 60,
				      .room = str_from(room),
				      .reason = STR("The lab is being wired anew.") };

	act_as(d, DEMO_BRANCH_ADMIN, d->now_us);
	return session_move(&d->c, &in, e);
}

static enum rc load_past(struct demo *d, struct error *e)
{
	const struct session_occurrence *rows;
	size_t n;

	act_as(d, DEMO_ADMIN, d->now_us);
	TRY(session_occurrences(&d->c, SESSION_SCOPE_ALL, 5000, &rows, &n, e));
	for (size_t i = n; i-- > 0;) { /* oldest first */
		size_t course = 0;

		while (course < ARRAY_LEN(courses) - 1 &&
		       courses[course].start_tod != rows[i].start_time)
			course++;
		if (us_from_day_tod(rows[i].session_date, rows[i].end_time) < d->now_us)
			TRY(tell(d, &rows[i], course, e));
		if (rows[i].session_date == d->today + 1 && course == 2)
			TRY(move_one(d, &rows[i], d->today + 2, 16 * HOUR, "Lab 3", e));
		/* Students of B cannot be in both: a clash to look at. */
		if (rows[i].session_date == d->today + CLASH_AFTER && course == 2)
			TRY(move_one(d, &rows[i], rows[i].session_date, 11 * HOUR + 1800, "Lab 1",
				     e));
	}
	return RC_OK;
}

#define WAITING_FILES 5

/* Older files are approved, one is in quarantine, the newest wait. */
static enum rc load_reviews(struct demo *d, struct error *e)
{
	struct review_query q = { .state = REVIEW_WAITING, .from_day = NO_DAY, .to_day = NO_DAY };
	struct review_choice v[REVIEW_PAGE];
	struct review_done done;
	struct review_list l;
	size_t n = 0;

	act_as(d, DEMO_BRANCH_ADMIN, d->now_us - 3600 * US_PER_S);
	TRY(review_list(&d->c, &q, &l, e));
	while (n + WAITING_FILES < l.n_rows) {
		v[n] = (struct review_choice){ l.rows[n].id, 0 };
		n++;
	}
	if (n < 2)
		return RC_OK;
	TRY(review_decide(&d->c, v, n - 1, REVIEW_APPROVE, STR(""), &done, e));
	return review_decide(&d->c, &v[n - 1], 1, REVIEW_QUARANTINE,
			     STR("Shows students who did not agree to it"), &done, e);
}

static void act_for(void *arg, int64_t account_id, int64_t at_us)
{
	act_as(arg, account_id, at_us);
}

/* ---- the command -------------------------------------------------------------------------------
 */

static enum rc need_empty(struct demo *d, struct error *e)
{
	const struct account_list_row *accounts;
	const struct branch_row *branches;
	size_t n_accounts, n_branches;

	TRY(account_select(d->c.db, 0, 1, d->c.arena, &accounts, &n_accounts, e));
	TRY(branch_list(d->c.db, 100, d->c.arena, &branches, &n_branches, e));
	if (n_accounts || n_branches)
		return ERROR(e, RC_CONFLICT, REASON_UNEXPECTED,
			     "the database has data already; the demo goes into an empty one");
	return RC_OK;
}

static enum rc load(struct muster *m, struct demo *d, struct error *e)
{
	TRY(muster_open_owner(m, e));
	d->c = muster_core(m);
	d->c.clock = NULL;
	d->now_us = clock_now_us();
	d->today = us_day(d->now_us);
	TRY(zones_new(&d->c.zones, e));
	TRY(need_empty(d, e));
	TRY(files_open(&d->files, m->config->upload_dir, m->config->spool_dir, 0, e));
	TRY(load_people(d, e));
	TRY(load_schedules(d, e));
	TRY(load_past(d, e));
	TRY(load_reviews(d, e));
	TRY(demo_requests(&d->c, d->today, d->now_us, act_for, d, e));
	act_as(d, DEMO_TEACHER + 1, d->now_us);
	TRY(demo_open_session(&d->c, &d->who, d->now_us, e));
	return demo_claims(&d->c, &d->who, d->today, DEMO_TEACHER, e);
}

int cmd_demo(struct muster *m, int argc, char **argv)
{
	struct demo d = { .dir = "sql/demo",
			  .files = {
				  .upload_fd = -1, .tmp_fd = -1, .part_fd = -1, .spool_fd = -1 } };
	struct error e;
	enum rc rc;

	if (muster_help(argc, argv, usage) == 0)
		return 0;
	if (argc == 3 && strcmp(argv[1], "--sql") == 0)
		d.dir = argv[2];
	else if (argc != 1)
		return muster_usage(usage);
	if (!muster_settings(m))
		return 1;
	error_init(&e);
	rc = load(m, &d, &e);
	if (d.files.upload_fd >= 0)
		files_close(&d.files);
	if (d.c.zones)
		zones_free(d.c.zones);
	if (rc != RC_OK)
		return muster_fail("demo", &e);
	printf("Demo data is loaded: sign in as demo_teacher_1, demo_admin_1 … with "
	       "\"password\".\n");
	return 0;
}
