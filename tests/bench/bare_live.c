/*
 * The bare limit that `make bench` compares the live snapshot with: MariaDB alone, from C, reading
 * the records of one attendance session with their students, one prepared statement over
 * and over, rows fetched and dropped.
 *
 *   MYSQL_PWD=… bare_live SOCKET USER SESSION CONNECTIONS SECONDS
 *
 * Prints "statements N seconds S rows R", R of one statement.
 */
#include "base/num.h"
#include "sys/clock.h"

#include <mysql.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static const char sql[] =
	"SELECT p.id, p.given_name, p.family_name, p.student_code, r.id, r.version, r.status, "
	"r.method,"
	" r.happened_at, r.late_s FROM attendance_record r JOIN person p ON p.id = r.person_id"
	" WHERE r.attendance_id = ?";

struct run {
	const char *socket, *user;
	int64_t session, until_us;
	_Atomic int64_t n, rows;
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "bare_live: %s: %s\n", what, why);
	_Exit(1);
}

static int64_t read_all(MYSQL_STMT *st)
{
	int64_t rows = 0;

	if (mysql_stmt_execute(st) != 0)
		die("select", mysql_stmt_error(st));
	while (mysql_stmt_fetch(st) != MYSQL_NO_DATA)
		rows++;
	return rows;
}

static void *work(void *arg)
{
	MYSQL *db = mysql_init(NULL);
	MYSQL_BIND bind = { 0 };
	struct run *run = arg;
	MYSQL_STMT *st;

	if (!db || !mysql_real_connect(db, NULL, run->user, getenv("MYSQL_PWD"), "muster", 0,
				       run->socket, 0))
		die("connecting", db ? mysql_error(db) : "no memory");
	st = mysql_stmt_init(db);
	bind.buffer_type = MYSQL_TYPE_LONGLONG;
	bind.buffer = &run->session;
	if (mysql_stmt_prepare(st, sql, sizeof sql - 1) != 0 ||
	    mysql_stmt_bind_param(st, &bind) != 0)
		die("preparing", mysql_stmt_error(st));
	while (clock_mono_us() < run->until_us) {
		run->rows = read_all(st);
		run->n++;
	}
	mysql_stmt_close(st);
	mysql_close(db);
	return NULL;
}

int main(int argc, char **argv)
{
	int64_t connections, seconds, began;
	pthread_t threads[256];
	struct run run = { 0 };

	if (argc != 6 || !num_i64(str_from(argv[3]), 1, INT64_MAX, &run.session) ||
	    !num_i64(str_from(argv[4]), 1, 256, &connections) ||
	    !num_i64(str_from(argv[5]), 1, 3600, &seconds))
		return 2;
	run.socket = argv[1];
	run.user = argv[2];
	if (mysql_library_init(0, NULL, NULL) != 0)
		die("start", "no memory");
	began = clock_mono_us();
	run.until_us = began + seconds * 1000000;
	for (int64_t i = 0; i < connections; i++)
		if (pthread_create(&threads[i], NULL, work, &run) != 0)
			die("thread", "cannot be made");
	for (int64_t i = 0; i < connections; i++)
		pthread_join(threads[i], NULL);
	printf("statements %lld seconds %.3f rows %lld\n", (long long)run.n,
	       (double)(clock_mono_us() - began) / 1e6, (long long)run.rows);
	return 0;
}
