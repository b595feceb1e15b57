/*
 * The database connection, statements and transactions.
 *
 * One struct store per thread, opened after fork; not for use by two threads.
 * All SQL is prepared, and stands in the statement table at the top of the
 * file of its aggregate (store/<aggregate>.c, see store/sets.h).  A statement is
 * prepared when it is first used on a connection, and compared there with its
 * parameter signature and row type (that of INSERT ... RETURNING with its first result); a
 * mismatch is RC_INTERNAL.  store_verify does that for all of them: the master, the tests and
 * `muster doctor` call it.
 *
 * A lost connection (2006, 2013, 2014, 2055, 1047, …) closes, and the next call
 * connects and prepares again; a call outside a transaction is tried once
 * more when nothing can have happened.  While the database is down every call
 * fails at once with RC_DEPENDENCY / REASON_DATABASE_DOWN (a connect is tried
 * at most once a second).  Nothing here logs.
 *
 * Other failures: a statement over its time is RC_BUSY/TOO_MUCH (1969), a violated
 * foreign key RC_CONFLICT/CHANGED (1451, 1452), a full disk RC_NO_SPACE, text that is
 * not UTF-8 RC_INVALID/NOT_TEXT (1366), a NULL or a length that a row type does not
 * allow RC_INTERNAL.  `foreign` of the error is MariaDB's number.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/time.h"

struct store;

struct store_options {
	struct str socket; /* path of the unix socket; empty: host and port */
	struct str host;
	int port;
	struct str user, password, database;
	int64_t statement_timeout_ms; /* max_statement_time; 0: 10 seconds */
	int64_t connect_timeout_s;    /* 0: 3 */
	bool is_owner; /* may run scripts (store/migrate.h); the operator's command */
	/* Called after each commit of a transaction in which store_tell was; NULL: nobody is told.
	 * Must neither wait nor use this connection. */
	void (*on_commit)(void *arg);
	void *on_commit_arg;
};

/*
 * Copies the options and does not connect: a program starts while the database is
 * down, and its first call says so.  RC_INVALID for an option with a zero byte, RC_NO_MEMORY.
 */
enum rc store_open(const struct store_options *o, struct store **ret, struct error *e) MUST_CHECK;
void store_close(struct store *s); /* NULL is fine */
/* One round trip. */
enum rc store_ping(struct store *s, struct error *e) MUST_CHECK;
/* Prepares every statement and compares it with its row type.  RC_INTERNAL names the first wrong
 * one. */
enum rc store_verify(struct store *s, struct error *e) MUST_CHECK;
/* Round trips so far, but for connecting and preparing: the tests count with it. */
int64_t store_n_statements(const struct store *s);
/* Microseconds spent in them: for monitors. */
int64_t store_busy_us(const struct store *s);

/*
 * Row columns.  NULL in the database gives the zero view for texts, NO_TIME,
 * NO_DAY, and COLUMN_NULL for integers; only where `null` says it may happen.
 */
#define COLUMN_NULL INT64_MIN
enum column_type {
	COLUMN_I64,   /* int64_t: any integer */
	COLUMN_TEXT,  /* struct str: CHAR, VARCHAR, TEXT, ENUM; UTF-8 */
	COLUMN_BYTES, /* struct str: BINARY, VARBINARY, BLOB */
	COLUMN_TIME,  /* int64_t: DATETIME(6), microseconds UTC */
	COLUMN_DAY,   /* int32_t: DATE, days */
	COLUMN_TOD,   /* int32_t: TIME, seconds */
};
struct column {
	const char *name;
	enum column_type type;
	size_t offset; /* in the row struct */
	size_t max;    /* texts and bytes: longest value in bytes; 0: what the arena holds */
	bool null;     /* may be NULL */
};
#define COL(row, member, type, null)                                                               \
	{                                                                                          \
#member, COLUMN_##type, offsetof(struct row, member), 0, null                      \
	}
#define COL_N(row, member, type, max, null)                                                        \
	{                                                                                          \
#member, COLUMN_##type, offsetof(struct row, member), max, null                    \
	}

/*
 * params: one letter each: i integer, s text, b bytes, t instant, d day, c
 * time of day.  NULL may be given for any.
 */
struct statement {
	const char *name, *params;
	const struct column *columns;
	size_t n_columns, row_size;
	const char *sql;
};

struct param {
	char type;
	bool is_null;
	int64_t i;
	struct str s;
};
#define P_I64(v)           ((struct param){ .type = 'i', .i = (v) })
#define P_I64_OR_NULL(v)   ((struct param){ .type = 'i', .i = (v), .is_null = (v) == COLUMN_NULL })
#define P_TEXT(v)          ((struct param){ .type = 's', .s = (v) })
#define P_TEXT_OR_NULL(v)  ((struct param){ .type = 's', .s = (v), .is_null = (v).p == NULL })
#define P_BYTES(v)         ((struct param){ .type = 'b', .s = (v) })
#define P_BYTES_OR_NULL(v) ((struct param){ .type = 'b', .s = (v), .is_null = (v).p == NULL })
#define P_TIME(v)          ((struct param){ .type = 't', .i = (v), .is_null = (v) == NO_TIME })
#define P_DAY(v)           ((struct param){ .type = 'd', .i = (v), .is_null = (v) == NO_DAY })
#define P_TOD(v)           ((struct param){ .type = 'c', .i = (v), .is_null = (v) == NO_DAY })
#define PARAMS(...)                                                                                \
	(const struct param[]){ __VA_ARGS__ }, ARRAY_LEN(((const struct param[]){ __VA_ARGS__ }))

/*
 * The calls of the aggregates.  `st` must be a row of a table listed in
 * store/sets.c.  Rows and their texts live in the arena.
 */
/* All rows as an array of st->row_size each; RC_TOO_BIG beyond max_rows. */
enum rc store_rows(struct store *s, const struct statement *st, const struct param *params,
		   size_t n_params, size_t max_rows, struct arena *a, void *ret_rows, size_t *ret_n,
		   struct error *e) MUST_CHECK;
/* Exactly one row into *ret_row; RC_NOT_FOUND when there is none, RC_INTERNAL when more. */
enum rc store_row(struct store *s, const struct statement *st, const struct param *params,
		  size_t n_params, struct arena *a, void *ret_row, struct error *e) MUST_CHECK;
/*
 * A change.  ret_affected (rows found, as with CLIENT_FOUND_ROWS) and
 * ret_insert_id may be NULL.  A duplicate key is RC_CONFLICT with the foreign
 * code 1062 and the key's name in the detail (store_is_duplicate tells).
 */
enum rc store_change(struct store *s, const struct statement *st, const struct param *params,
		     size_t n_params, int64_t *ret_affected, int64_t *ret_insert_id,
		     struct error *e) MUST_CHECK;
/*
 * An INSERT of as many rows as there are, in one round trip and one run of the statement, which
 * is prepared for one row (array binding): params holds n_sets times n_params.  An error is
 * that of any of them.  store_rows_of_many is for INSERT ... RETURNING: what was inserted, in the
 * order of the sets, at most one row for each.
 */
enum rc store_change_many(struct store *s, const struct statement *st, const struct param *params,
			  size_t n_params, size_t n_sets, struct error *e) MUST_CHECK;
enum rc store_rows_of_many(struct store *s, const struct statement *st, const struct param *params,
			   size_t n_params, size_t n_sets, struct arena *a, void *ret_rows,
			   size_t *ret_n, struct error *e) MUST_CHECK;
/* Was e a violation of the unique key `key` ("completion_code")? */
bool store_is_duplicate(const struct error *e, const char *key);

/*
 * Runs fn in one transaction (READ COMMITTED) and commits when it returns
 * RC_OK, else rolls back.  fn is run again with jitter, up to 8 times after
 * 1213, 3 times after 1205, 1047 or a connection lost before the commit was sent: it must
 * have no effect outside the database, and must set its outputs afresh each
 * time.  A connection lost during COMMIT is RC_DEPENDENCY: the outcome is
 * unknown.  Not nested.
 */
enum rc store_tx(struct store *s, enum rc (*fn)(struct store *s, void *arg, struct error *e),
		 void *arg, struct error *e) MUST_CHECK;

/* In a transaction: others wait for what it writes, so tell them when it is committed. */
void store_tell(struct store *s);

#endif
