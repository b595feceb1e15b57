/*
 * The bare limit that `make bench` compares check-ins with: MariaDB alone, from C, writing the same
 * rows (attempt, record, outbox, audit) in the same transaction, durable, without asking
 * anything before.  Prepared statements; N rows share each of them.
 *
 *   MYSQL_PWD=… bare_check_in SOCKET USER STUDENTS SESSION ROWS CONNECTIONS SECONDS
 *
 * STUDENTS: a file, "person account" a line; row k is student k modulo their number, in session
 * SESSION + k / their number.  Prints "rows R seconds S p50_us P p99_us Q".
 */
#include "base/num.h"
#include "sys/clock.h"
#include "sys/crypto.h"

#include <mysql.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	ROWS_MAX = 32,
	COLUMNS_MAX = 6,
	SQL_MAX = 16384,
	TIMES_MAX = 1 << 20,
	STUDENTS_MAX = 1 << 16
};

struct value {
	int64_t i;
	char text[200];
	unsigned long n;
};

/* One INSERT of so many rows. */
struct insert {
	MYSQL_STMT *st;
	size_t n_columns;
	struct value v[ROWS_MAX][COLUMNS_MAX];
};

enum { ATTEMPT, RECORD, OUTBOX, AUDIT, INSERTS };

struct spec {
	const char *into, *row, *types; /* i number, s text, b bytes */
};
static const struct spec specs[INSERTS] = {
	{ "attendance_attempt (attendance_id, person_id, actor_id, nonce, path, happened_at, "
	  "learned_at, decision, status, signals)",
	  "(?, ?, ?, ?, 'json', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), 'approved', 'present', '[]')",
	  "iiib" },
	{ "attendance_record (attendance_id, person_id, status, method, happened_at, attempt_id, "
	  "updated_at)",
	  "(?, ?, 'present', 'json', UTC_TIMESTAMP(6), ?, UTC_TIMESTAMP(6))", "iii" },
	{ "outbox (at, type, branch_id, attendance_id, person_id, audience, payload, public)",
	  "(UTC_TIMESTAMP(6), 'attendance.marked', 1, ?, ?, 15, ?, ?)", "iiss" },
	{ "audit_log (at, actor_id, request_id, action, branch_id, object, object_id, detail)",
	  "(UTC_TIMESTAMP(6), ?, '', 'attendance.checked_in', 1, 'attendance', ?, ?)", "iis" },
};

struct student {
	int64_t person, account;
};

struct run {
	const char *socket, *user;
	struct student *students;
	int64_t n_students, session, rows, connections, until_us;
	_Atomic int64_t next, n_times;
	int64_t *times;
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "bare_check_in: %s: %s\n", what, why);
	_Exit(1);
}

static void query(MYSQL *db, const char *sql)
{
	if (mysql_query(db, sql) != 0)
		die(sql, mysql_error(db));
}

static void prepare(MYSQL *db, struct insert *in, const struct spec *spec, int64_t rows)
{
	static const enum enum_field_types types[128] = {
		['i'] = MYSQL_TYPE_LONGLONG, ['s'] = MYSQL_TYPE_STRING, ['b'] = MYSQL_TYPE_BLOB
	};
	MYSQL_BIND bind[ROWS_MAX * COLUMNS_MAX] = { 0 };
	char sql[SQL_MAX];
	int n = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES %s", spec->into, spec->row);

	for (int64_t i = 1; i < rows; i++)
		n += snprintf(sql + n, sizeof sql - (size_t)n, ", %s", spec->row);
	in->n_columns = strlen(spec->types);
	in->st = mysql_stmt_init(db);
	if (mysql_stmt_prepare(in->st, sql, (unsigned long)n) != 0)
		die(spec->into, mysql_stmt_error(in->st));
	for (size_t r = 0; r < (size_t)rows; r++)
		for (size_t c = 0; c < in->n_columns; c++) {
			MYSQL_BIND *b = &bind[r * in->n_columns + c];
			struct value *v = &in->v[r][c];

			b->buffer_type = types[(int)spec->types[c]];
			b->buffer = spec->types[c] == 'i' ? (void *)&v->i : v->text;
			b->buffer_length = sizeof v->text;
			b->length = &v->n;
		}
	if (mysql_stmt_bind_param(in->st, bind) != 0)
		die(spec->into, mysql_stmt_error(in->st));
}

static int64_t insert(struct insert *in)
{
	if (mysql_stmt_execute(in->st) != 0)
		die("insert", mysql_stmt_error(in->st));
	return (int64_t)mysql_stmt_insert_id(in->st);
}

static void set_text(struct value *v, const struct student *s, int64_t session, int64_t attempt)
{
	v->n = (unsigned long)snprintf(
		v->text, sizeof v->text,
		"{\"attendance\":%lld,\"student\":%lld,\"attempt\":%lld,"
		"\"record\":%lld,\"status\":\"present\",\"method\":\"json\"}",
		(long long)session, (long long)s->person, (long long)attempt, (long long)attempt);
}

static void set_public(struct value *v, int64_t session)
{
	v->n = (unsigned long)snprintf(v->text, sizeof v->text, "{\"attendance\":%lld}",
				       (long long)session);
}

/* Rows first … first + rows - 1 in one transaction. */
static void check_in(MYSQL *db, struct insert *in, const struct run *run, int64_t first)
{
	int64_t attempt;

	for (int64_t i = 0; i < run->rows; i++) {
		const struct student *s = &run->students[(first + i) % run->n_students];
		struct value *v = in[ATTEMPT].v[i];

		v[0].i = in[RECORD].v[i][0].i = in[OUTBOX].v[i][0].i = in[AUDIT].v[i][1].i =
			run->session + (first + i) / run->n_students;
		v[1].i = in[RECORD].v[i][1].i = in[OUTBOX].v[i][1].i = s->person;
		v[2].i = in[AUDIT].v[i][0].i = s->account;
		v[3].n = 16;
		crypto_random(v[3].text, 16);
	}
	query(db, "START TRANSACTION");
	attempt = insert(&in[ATTEMPT]);
	for (int64_t i = 0; i < run->rows; i++) {
		const struct student *s = &run->students[(first + i) % run->n_students];

		in[RECORD].v[i][2].i = attempt + i;
		set_text(&in[OUTBOX].v[i][2], s, in[OUTBOX].v[i][0].i, attempt + i);
		set_public(&in[OUTBOX].v[i][3], in[OUTBOX].v[i][0].i);
		in[AUDIT].v[i][2] = in[OUTBOX].v[i][2];
	}
	insert(&in[RECORD]);
	insert(&in[OUTBOX]);
	insert(&in[AUDIT]);
	query(db, "COMMIT");
}

static void *work(void *arg)
{
	struct insert *in = calloc(INSERTS, sizeof *in);
	MYSQL *db = mysql_init(NULL);
	struct run *run = arg;

	if (!in || !db ||
	    !mysql_real_connect(db, NULL, run->user, getenv("MYSQL_PWD"), "muster", 0, run->socket,
				0))
		die("connecting", db ? mysql_error(db) : "no memory");
	for (int i = 0; i < INSERTS; i++)
		prepare(db, &in[i], &specs[i], run->rows);
	for (int64_t began; (began = clock_mono_us()) < run->until_us;) {
		int64_t at;

		check_in(db, in, run, atomic_fetch_add(&run->next, run->rows));
		at = atomic_fetch_add(&run->n_times, 1);
		if (at < TIMES_MAX)
			run->times[at] = clock_mono_us() - began;
	}
	for (int i = 0; i < INSERTS; i++)
		mysql_stmt_close(in[i].st);
	mysql_close(db);
	free(in);
	return NULL;
}

static void read_students(struct run *run, const char *path)
{
	FILE *f = fopen(path, "r");
	long long person, account;

	run->students = calloc(STUDENTS_MAX, sizeof run->students[0]);
	if (!f || !run->students)
		die(path, "cannot be read");
	while (run->n_students < STUDENTS_MAX && fscanf(f, "%lld %lld", &person, &account) == 2)
		run->students[run->n_students++] = (struct student){ person, account };
	fclose(f);
}

static int by_size(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
	pthread_t threads[256];
	struct run run = { 0 };
	int64_t seconds, began, n;

	if (argc != 8 || !num_i64(str_from(argv[4]), 1, INT64_MAX, &run.session) ||
	    !num_i64(str_from(argv[5]), 1, ROWS_MAX, &run.rows) ||
	    !num_i64(str_from(argv[6]), 1, 256, &run.connections) ||
	    !num_i64(str_from(argv[7]), 1, 3600, &seconds))
		return 2;
	run.socket = argv[1];
	run.user = argv[2];
	read_students(&run, argv[3]);
	run.times = calloc(TIMES_MAX, sizeof run.times[0]);
	if (!run.times || !run.n_students || mysql_library_init(0, NULL, NULL) != 0)
		die("start", "no students, or no memory");
	began = clock_mono_us();
	run.until_us = began + seconds * 1000000;
	for (int64_t i = 0; i < run.connections; i++)
		if (pthread_create(&threads[i], NULL, work, &run) != 0)
			die("thread", "cannot be made");
	for (int64_t i = 0; i < run.connections; i++)
		pthread_join(threads[i], NULL);
	n = run.n_times < TIMES_MAX ? run.n_times : TIMES_MAX;
	qsort(run.times, (size_t)n, sizeof run.times[0], by_size);
	printf("rows %lld seconds %.3f p50_us %lld p99_us %lld\n", (long long)run.next,
	       (double)(clock_mono_us() - began) / 1e6, (long long)run.times[n / 2],
	       (long long)run.times[n * 99 / 100]);
	free(run.times);
	free(run.students);
	return 0;
}
