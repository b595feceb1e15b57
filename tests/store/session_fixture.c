/*
 * The school of the session tests.  Every failure ends the program with a sentence.
 */
#include "store/session_fixture.h"

#include "store/sets.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char people[] =
	"INSERT INTO branch (id, name, zone) VALUES (1, 'Main campus', 'UTC'), (2, 'Paris', "
	"'Europe/Paris');"
	"INSERT INTO person (id, branch_id, given_name, family_name) VALUES"
	" (1, 1, 'Leyla', 'Aydın'), (2, 1, 'Marc', 'Fontaine'), (3, 1, 'Burak', 'Öztürk'),"
	" (4, 1, 'Ada', 'Admin'), (5, 2, 'Paul', 'Paris'), (6, 1, 'Sue', 'Super'),"
	" (7, 1, 'Stu', 'Dent'), (8, 1, 'Sam', 'Staff');"
	"INSERT INTO account (id, uuid, person_id, branch_id, role, username, email, password_hash)"
	" VALUES (1, 'u1', 1, 1, 'faculty', 'leyla', 'leyla@x.example', ''),"
	" (2, 'u2', 2, 1, 'faculty', 'marc', NULL, ''),"
	" (3, 'u3', 3, 1, 'employee', 'burak', NULL, ''),"
	" (4, 'u4', 4, 1, 'branch_admin', 'ada', NULL, ''),"
	" (5, 'u5', 5, 2, 'branch_admin', 'paul', NULL, ''),"
	" (6, 'u6', 6, NULL, 'super_admin', 'sue', NULL, ''),"
	" (7, 'u7', 7, 1, 'student', 'stu', NULL, ''),"
	" (8, 'u8', 8, 1, 'faculty', 'sam', NULL, '');"
	"INSERT INTO class (id, branch_id, name, n_members) VALUES (1, 1, 'DEV-2024-A', 30),"
	" (2, 2, 'PAR-1', 5);"
	"INSERT INTO class_staff (class_id, person_id) VALUES (1, 3), (1, 8);"
	"INSERT INTO course (id, branch_id, code, title) VALUES (1, 1, 'DB-220', 'Databases'),"
	" (2, 2, 'PAR-1', 'Paris');"
	"INSERT INTO course_teacher (course_id, person_id) VALUES (1, 1)";

static const char sessions[] =
	"SET FOREIGN_KEY_CHECKS = 0;"
	"DELETE FROM download_log; DELETE FROM attachment; DELETE FROM file; DELETE FROM "
	"note_revision;"
	"DELETE FROM note;"
	"DELETE FROM session_request_step; DELETE FROM session_request_day; DELETE FROM "
	"session_request;"
	"DELETE FROM outbox; DELETE FROM event;"
	"DELETE FROM completion; DELETE FROM occurrence; DELETE FROM schedule;"
	"DELETE FROM audit_log; UPDATE person SET version = 1; UPDATE branch SET version = 1;"
	"SET FOREIGN_KEY_CHECKS = 1;"
	"INSERT INTO occurrence (id, branch_id, course_id, class_id, teacher_id, title, room,"
	" session_date, start_time, end_time, zone, starts_at, ends_at) VALUES"
	" (1, 1, 1, 1, 1, 'Indexes', 'A112', '2026-11-19', '09:00', '10:30', 'UTC',"
	" '2026-11-19 09:00:00', '2026-11-19 10:30:00'),"
	" (2, 1, 1, 1, 1, 'Joins 100%', 'A_12', '2026-11-18', '09:00', '10:30', 'UTC',"
	" '2026-11-18 09:00:00', '2026-11-18 10:30:00'),"
	" (3, 1, 1, 1, 1, 'Keys', 'A112', '2026-11-20', '11:30', '13:00', 'UTC',"
	" '2026-11-20 11:30:00', '2026-11-20 13:00:00'),"
	" (4, 1, 1, 1, 1, 'Locks', 'A112', '2026-11-20', '12:15', '13:45', 'UTC',"
	" '2026-11-20 12:15:00', '2026-11-20 13:45:00'),"
	" (5, 1, 1, 1, 1, 'Logs', 'A112', '2026-11-20', '12:15:01', '13:45', 'UTC',"
	" '2026-11-20 12:15:01', '2026-11-20 13:45:00'),"
	" (6, 1, 1, 1, 1, 'Plans', 'A112', '2026-11-27', '09:00', '10:30', 'UTC',"
	" '2026-11-27 09:00:00', '2026-11-27 10:30:00')";

static void must(enum rc rc, const struct error *e, const char *what)
{
	if (rc == RC_OK)
		return;
	fprintf(stderr, "%s: %s: %s\n", what, rc_name(rc), e->detail);
	exit(1);
}

static void add_who(struct school *s, enum school_person who, enum role role, int64_t branch_id,
		    const char *name)
{
	s->who[who] = (struct who){ .role = role,
				    .account_id = who,
				    .person_id = who,
				    .branch_id = branch_id,
				    .name = str_from(name),
				    .zone = branch_id == 2 ? STR("Europe/Paris") : STR("UTC"),
				    .version = 1 };
}

/* What seals evidence and digests values wants a key of 64 hex digits. */
static void write_server_key(struct school *s)
{
	FILE *key;
	int fd;

	snprintf(s->key_path, sizeof s->key_path, "/tmp/muster-school-key-XXXXXX");
	fd = mkstemp(s->key_path);
	key = fd < 0 ? NULL : fdopen(fd, "w");
	if (!key) {
		fprintf(stderr, "%s: no key of the server\n", s->key_path);
		exit(1);
	}
	for (int i = 0; i < 32; i++)
		fputs("5a", key);
	fclose(key);
	s->settings_kept = *s->config;
	s->settings_kept.server_key_file = str_from(s->key_path);
	s->config = &s->settings_kept;
}

void school_open(struct school *s)
{
	char *env[] = { NULL };
	struct config_problems problems;
	struct error e;

	db_fixture_open(&s->f);
	db_fixture_exec(&s->f, people);
	arena_init(&s->settings, 1 << 20, 0);
	must(config_load(&s->settings, NULL, env, &s->config, &problems, &e), &e, "settings");
	write_server_key(s);
	must(zones_new(&s->zones, &e), &e, "zones");
	add_who(s, SCHOOL_TEACHER, ROLE_FACULTY, 1, "Leyla Aydın");
	add_who(s, SCHOOL_COLLEAGUE, ROLE_FACULTY, 1, "Marc Fontaine");
	add_who(s, SCHOOL_EMPLOYEE, ROLE_EMPLOYEE, 1, "Burak Öztürk");
	add_who(s, SCHOOL_ADMIN, ROLE_BRANCH_ADMIN, 1, "Ada Admin");
	add_who(s, SCHOOL_OTHER_ADMIN, ROLE_BRANCH_ADMIN, 2, "Paul Paris");
	add_who(s, SCHOOL_SUPER, ROLE_SUPER_ADMIN, COLUMN_NULL, "Sue Super");
	add_who(s, SCHOOL_STUDENT, ROLE_STUDENT, 1, "Stu Dent");
	add_who(s, SCHOOL_STAFF_TEACHER, ROLE_FACULTY, 1, "Sam Staff");
	s->c = (struct core){ .db = db_fixture_store(&s->f),
			      .arena = &s->f.arena,
			      .config = s->config,
			      .zones = s->zones,
			      .request_id = STR_INIT("00112233445566778899aabbccddeeff") };
	must(store_verify(s->c.db, &e), &e, "statements");
}

void school_close(struct school *s)
{
	unlink(s->key_path);
	store_close(s->c.db);
	zones_free(s->zones);
	arena_clear(&s->settings);
	db_fixture_close(&s->f);
}

void school_reset(struct school *s)
{
	arena_reset(&s->f.arena);
	db_fixture_exec(&s->f, sessions);
}

struct core *school_as(struct school *s, enum school_person who)
{
	s->c.who = &s->who[who];
	s->c.now_us = SCHOOL_NOW;
	return &s->c;
}

void school_second(struct school *s, enum school_person who, struct core *ret, struct arena *a)
{
	arena_init(a, 8 << 20, 0);
	*ret = s->c;
	ret->db = db_fixture_store(&s->f);
	ret->arena = a;
	ret->who = &s->who[who];
	ret->now_us = SCHOOL_NOW;
}

struct number {
	int64_t n;
};
static const struct column number_columns[] = { COL(number, n, I64, true) };

int64_t school_number(struct school *s, const char *sql)
{
	/* store keeps prepared statements by address, so each text needs one that stays. */
	static struct statement kept[200];
	static size_t n_kept;
	struct statement *st = NULL;
	struct number row;
	struct error e;

	for (size_t i = 0; i < n_kept; i++)
		if (strcmp(kept[i].sql, sql) == 0)
			st = &kept[i];
	if (!st) {
		if (n_kept == ARRAY_LEN(kept))
			exit(1);
		st = &kept[n_kept++];
		*st =
			(struct statement){ "TEST", "", number_columns, 1, sizeof(struct number),
					    sql };
	}
	must(store_row(s->c.db, st, NULL, 0, s->c.arena, &row, &e), &e, sql);
	return row.n;
}
