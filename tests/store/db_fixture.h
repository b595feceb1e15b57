/*
 * A fresh, migrated database for one test program.
 *
 * With MUSTER_TEST_DB_SOCKET the server that listens there is used, as the user named
 * by MUSTER_TEST_DB_USER or the operating system's (who must own it).  Without, a private mariadbd
 * is started in a new folder under TMPDIR and ends with the fixture; MUSTER_TEST_DB_DIR may name a
 * folder that keeps an installed data folder over runs.  Works as root and as an ordinary user.
 * Every failure ends the program with a sentence.
 */
#ifndef TESTS_DB_FIXTURE_H
#define TESTS_DB_FIXTURE_H

#include "store/store.h"

#include <sys/types.h>

struct db_server {
	char dir[64];     /* empty: not ours */
	char socket[108]; /* NUL-terminated */
	char user[64];
	pid_t pid; /* 0: not running, or not ours */
};

struct db_fixture {
	struct db_server server;
	char database[64];
	struct store *owner; /* may do everything: seeds, kills, looks */
	struct arena arena;  /* the test's; reset it between cases if you like */
};

/* Starts what is needed and migrates a database of its own (folder sql/migrations, or the one
 * MUSTER_SQL_DIR names). */
void db_fixture_open(struct db_fixture *f);
/* The same on a server of its own, which the test may kill. */
void db_fixture_open_private(struct db_fixture *f);
/* Drops the database and ends the server if it is ours. */
void db_fixture_close(struct db_fixture *f);

/* A connection with the application's settings; close it with store_close. */
struct store *db_fixture_store(const struct db_fixture *f);
/* Options of such a connection; the texts live in the fixture. */
struct store_options db_fixture_options(const struct db_fixture *f);
/* Runs statements, separated by ';', as the owner. */
void db_fixture_exec(struct db_fixture *f, const char *sql);

/* kill -9, and start it again on the same data.  Private servers only. */
void db_fixture_kill(struct db_fixture *f);
void db_fixture_restart(struct db_fixture *f);

#endif
