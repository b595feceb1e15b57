/*
 * Inside of the store layer: what db.c, statement.c, row.c, verify.c, tx.c and
 * migrate.c share.  Nobody else includes this.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "store/store.h"

#include <mysql.h>

#define STORE_BUCKETS 64

/* Where the values of the row being fetched go. */
struct row_target {
	const struct statement *st;
	const MYSQL_FIELD *fields;
	char *row; /* st->row_size bytes; NULL: skip the row */
	struct arena *a;
	const struct column *bad; /* first column that did not fit */
	const char *why;
	bool is_no_memory;
};

/* A statement as prepared on the present connection. */
struct prepared {
	struct prepared *next; /* in its bucket */
	const struct statement *st;
	MYSQL_STMT *stmt;
	size_t n_params;
	MYSQL_BIND *binds;
	MYSQL_TIME *times;
	unsigned long *lengths;
	char *indicators;             /* of the parameters, when there are many rows of them */
	enum enum_field_types *types; /* of the columns when they were compared */
	bool has_columns;             /* they were */
	struct row_target target;
};

struct store {
	MYSQL *my; /* NULL: not connected */
	char *socket, *host, *user, *password, *database;
	unsigned port;
	int64_t statement_timeout_ms, connect_timeout_s;
	bool is_owner;
	int64_t retry_at_us; /* monotonic: no connect before */
	int down_foreign;    /* why the last connect failed */
	int64_t n_statements, busy_us;
	bool in_tx;
	unsigned tx_foreign; /* the error that ended the transaction; 0: it lives */
	bool tx_tells;       /* on_commit is to be called */
	void (*on_commit)(void *arg);
	void *on_commit_arg;
	struct prepared *buckets[STORE_BUCKETS];
};

/* db.c */
/* Connects when there is no connection. */
enum rc db_connect(struct store *s, struct error *e) MUST_CHECK;
/* Drops the connection and all that was prepared on it. */
void db_drop(struct store *s);
/* Makes an error of MariaDB's; closes the connection when it is of no more use.
 * what: name of the statement. */
enum rc db_fail(struct store *s, const char *what, unsigned code, const char *sqlstate,
		const char *message, struct error *e);
bool db_is_lost(unsigned code);
/* A statement without rows and parameters, our own constant text.  One round trip. */
enum rc db_query(struct store *s, const char *sql, struct error *e) MUST_CHECK;

/* statement.c */
/* The statement on the present connection, prepared when needed. */
enum rc db_prepared(struct store *s, const struct statement *st, struct prepared **ret,
		    struct error *e) MUST_CHECK;
void db_prepared_free(struct prepared *p);

/* row.c: result callback of Connector/C (STMT_ATTR_CB_RESULT); value NULL: NULL. */
void row_take_value(void *target, unsigned column, unsigned char **value);
void row_bind_param(MYSQL_BIND *bind, MYSQL_TIME *time, unsigned long *length,
		    const struct param *p);

/* verify.c */
enum rc statement_compare_params(const struct statement *st, MYSQL_STMT *stmt,
				 struct error *e) MUST_CHECK;
enum rc statement_compare_columns(const struct statement *st, MYSQL_STMT *stmt,
				  struct error *e) MUST_CHECK;

#endif
