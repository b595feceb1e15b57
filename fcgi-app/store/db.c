/*
 * The connection: open, connect, lose, and what an error number means.
 *
 * The set-up is one statement after the handshake.  There is no automatic
 * reconnection of the library's: it would silently drop transactions, session
 * variables and prepared statements.  Details of errors carry MariaDB's message only
 * where it cannot hold anybody's data.
 */
#include "store/db.h"

#include "base/heap.h"
#include "store/sets.h"
#include "sys/clock.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <pthread.h>
#include <stdio.h>

#define RETRY_CONNECT_US     US_PER_S
#define DEFAULT_STATEMENT_MS 10000
#define DEFAULT_CONNECT_S    3
#define READ_TIMEOUT_EXTRA_S 5 /* the server's own limit comes first */
#define LOST_BY_OUR_SIDE     2014

static void library_init(void)
{
	mysql_server_init(0, NULL, NULL);
}

static bool copy_cz(struct str s, char **ret)
{
	char *p = heap_new(s.n + 1);
	if (p == NULL)
		return false;
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	*ret = p;
	return true;
}

enum rc store_open(const struct store_options *o, struct store **ret, struct error *e)
{
	static pthread_once_t once =
		PTHREAD_ONCE_INIT; /* mysql_init's own start is not thread-safe */
	const struct str texts[] = { o->socket, o->host, o->user, o->password, o->database };
	struct store *s;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (str_find_char(texts[i], '\0') != SIZE_MAX)
			return ERROR(e, RC_INVALID, REASON_UNEXPECTED,
				     "database option %zu has a zero byte", i);
	}
	pthread_once(&once, library_init);
	s = HEAP_NEW(struct store);
	if (s == NULL)
		return ERROR_MEMORY(e);
	if (!copy_cz(o->socket, &s->socket) || !copy_cz(o->host, &s->host) ||
	    !copy_cz(o->user, &s->user) || !copy_cz(o->password, &s->password) ||
	    !copy_cz(o->database, &s->database)) {
		store_close(s);
		return ERROR_MEMORY(e);
	}
	s->port = (unsigned)o->port;
	s->statement_timeout_ms =
		o->statement_timeout_ms > 0 ? o->statement_timeout_ms : DEFAULT_STATEMENT_MS;
	s->connect_timeout_s = o->connect_timeout_s > 0 ? o->connect_timeout_s : DEFAULT_CONNECT_S;
	s->is_owner = o->is_owner;
	s->on_commit = o->on_commit;
	s->on_commit_arg = o->on_commit_arg;
	*ret = s;
	return RC_OK;
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	db_drop(s);
	heap_free(s->socket);
	heap_free(s->host);
	heap_free(s->user);
	if (s->password != NULL)
		explicit_bzero(s->password, strlen(s->password));
	heap_free(s->password);
	heap_free(s->database);
	heap_free(s);
}

int64_t store_n_statements(const struct store *s)
{
	return s->n_statements;
}

int64_t store_busy_us(const struct store *s)
{
	return s->busy_us;
}

void db_drop(struct store *s)
{
	for (size_t i = 0; i < STORE_BUCKETS; i++) {
		while (s->buckets[i] != NULL) {
			struct prepared *p = s->buckets[i];
			s->buckets[i] = p->next;
			db_prepared_free(p);
		}
	}
	if (s->my != NULL)
		mysql_close(s->my);
	s->my = NULL;
}

/* Numbers after which the connection is of no more use. */
bool db_is_lost(unsigned code)
{
	switch (code) {
	case CR_CONNECTION_ERROR:
	case CR_CONN_HOST_ERROR:
	case CR_SERVER_GONE_ERROR:
	case CR_SERVER_LOST:
	case CR_COMMANDS_OUT_OF_SYNC:
	case CR_MALFORMED_PACKET:
	case CR_SERVER_LOST_EXTENDED:
	case ER_UNKNOWN_COM_ERROR: /* 1047: a Galera node outside the primary component */
	case ER_SERVER_SHUTDOWN:
	case ER_CONNECTION_KILLED:
	case ER_NET_READ_ERROR:
	case ER_NET_READ_INTERRUPTED:
	case ER_NET_ERROR_ON_WRITE:
	case ER_NET_WRITE_INTERRUPTED:
	case ER_NORMAL_SHUTDOWN:
		return true;
	default:
		return false;
	}
}

/* "… for key 'completion_code'": the name of the key, without the value before it. */
static struct str duplicate_key(const char *message)
{
	const struct str m = str_from(message);
	struct str rest = { NULL, 0 };
	size_t at = 0;

	for (size_t found; (found = str_find(str_from_pos(m, at), STR("for key '"))) != SIZE_MAX;) {
		at += found + sizeof("for key '") - 1;
		rest = str_from_pos(m, at);
	}
	const size_t end = str_find_char(rest, '\'');
	return end == SIZE_MAX ? rest : str_sub(rest, 0, end);
}

/* Messages of data errors quote the data, which must not come into a log. */
static bool may_show(unsigned code, const char *sqlstate)
{
	if (code == ER_DATA_TOO_LONG || code == ER_WARN_DATA_OUT_OF_RANGE ||
	    code == ER_BAD_NULL_ERROR)
		return true;
	return sqlstate == NULL ||
	       (strncmp(sqlstate, "22", 2) != 0 && strncmp(sqlstate, "23", 2) != 0 &&
		strncmp(sqlstate, "HY", 2) != 0) ||
	       code < 1000 || code >= 2000;
}

struct meaning {
	enum rc rc;
	enum reason reason;
};

static struct meaning error_meaning(unsigned code)
{
	if (db_is_lost(code))
		return (struct meaning){ RC_DEPENDENCY, REASON_DATABASE_DOWN };
	switch (code) {
	case ER_DUP_ENTRY:
	case ER_ROW_IS_REFERENCED_2:
	case ER_NO_REFERENCED_ROW_2:
	case ER_ROW_IS_REFERENCED:
	case ER_NO_REFERENCED_ROW:
		return (struct meaning){ RC_CONFLICT, REASON_CHANGED };
	case ER_LOCK_WAIT_TIMEOUT:
	case ER_LOCK_DEADLOCK:
	case ER_STATEMENT_TIMEOUT:
	case ER_QUERY_INTERRUPTED:
		return (struct meaning){ RC_BUSY, REASON_TOO_MUCH };
	case ER_DISK_FULL:
	case ER_RECORD_FILE_FULL:
		return (struct meaning){ RC_NO_SPACE, REASON_DISK_FULL };
	case ER_TRUNCATED_WRONG_VALUE_FOR_FIELD:
		return (struct meaning){ RC_INVALID, REASON_NOT_TEXT };
	case CR_OUT_OF_MEMORY:
		return (struct meaning){ RC_NO_MEMORY, REASON_TOO_MUCH };
	default:
		return (struct meaning){ RC_INTERNAL, REASON_UNEXPECTED };
	}
}

enum rc db_fail(struct store *s, const char *what, unsigned code, const char *sqlstate,
		const char *message, struct error *e)
{
	const struct meaning m = error_meaning(code);

	if (code == ER_DUP_ENTRY) {
		const struct str key = duplicate_key(message);
		error_set_at(e, __FILE__, __LINE__, m.rc, m.reason, "%s: duplicate key '%.*s'",
			     what, STR_ARG(key));
	} else {
		error_set_at(e, __FILE__, __LINE__, m.rc, m.reason, "%s: %u %s", what, code,
			     may_show(code, sqlstate) ? message
						      : "(message withheld: it quotes data)");
	}
	e->foreign = (int)code;
	if (s->in_tx && s->tx_foreign == 0 &&
	    (db_is_lost(code) || code == ER_LOCK_DEADLOCK || code == ER_LOCK_WAIT_TIMEOUT))
		s->tx_foreign = code;
	if (db_is_lost(code))
		db_drop(s);
	return m.rc;
}

bool store_is_duplicate(const struct error *e, const char *key)
{
	char end[80];

	if (e->rc != RC_CONFLICT || e->foreign != ER_DUP_ENTRY)
		return false;
	const int n = snprintf(end, sizeof end, "duplicate key '%s'", key);
	return n > 0 && (size_t)n < sizeof end &&
	       str_ends(str_from(e->detail), str_make(end, (size_t)n));
}

static bool set_options(const struct store *s, MYSQL *my)
{
	const unsigned off = 0;
	const my_bool no = 0, yes = 1;
	const unsigned connect_s = (unsigned)s->connect_timeout_s;
	const unsigned io_s =
		(unsigned)((s->statement_timeout_ms + 999) / 1000) + READ_TIMEOUT_EXTRA_S;

	return mysql_optionsv(my, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s) == 0 &&
	       mysql_optionsv(my, MYSQL_OPT_READ_TIMEOUT, &io_s) == 0 &&
	       mysql_optionsv(my, MYSQL_OPT_WRITE_TIMEOUT, &io_s) == 0 &&
	       mysql_optionsv(my, MYSQL_SET_CHARSET_NAME, "utf8mb4") == 0 &&
	       mysql_optionsv(my, MYSQL_OPT_LOCAL_INFILE, &off) == 0 &&
	       mysql_optionsv(my, MYSQL_OPT_RECONNECT, &no) == 0 &&
	       mysql_optionsv(my, MYSQL_REPORT_DATA_TRUNCATION, &yes) == 0;
}

/* Everything a session needs, in one round trip. */
static enum rc set_session(struct store *s, MYSQL *my, struct error *e)
{
	char sql[512];
	const int n = snprintf(
		sql, sizeof sql,
		"SET NAMES utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci, "
		"sql_mode = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,NO_ZERO_IN_DATE,"
		"ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', "
		"tx_isolation = 'READ-COMMITTED', innodb_lock_wait_timeout = 3, autocommit = 1, "
		"max_statement_time = %lld.%03d",
		(long long)(s->is_owner ? 0 : s->statement_timeout_ms / 1000),
		(int)(s->is_owner ? 0 : s->statement_timeout_ms % 1000));

	BUG(n < 0 || (size_t)n >= sizeof sql);
	if (mysql_real_query(my, sql, (unsigned long)n) != 0) {
		const enum rc rc = db_fail(s, "set up", mysql_errno(my), mysql_sqlstate(my),
					   mysql_error(my), e);
		return rc == RC_BUSY ? RC_DEPENDENCY : rc;
	}
	return RC_OK;
}

/* The database cannot be used: the same answer whatever the cause, which is in the detail. */
static enum rc connect_failed(struct store *s, MYSQL *my, struct error *e)
{
	const int code = (int)mysql_errno(my);

	error_set_at(e, __FILE__, __LINE__, RC_DEPENDENCY, REASON_DATABASE_DOWN, "connect: %d %s",
		     code, mysql_error(my));
	e->foreign = code;
	s->down_foreign = code;
	s->retry_at_us = clock_mono_us() + RETRY_CONNECT_US;
	mysql_close(my);
	return RC_DEPENDENCY;
}

enum rc db_connect(struct store *s, struct error *e)
{
	MYSQL *my;

	if (s->my != NULL)
		return RC_OK;
	if (s->in_tx || clock_mono_us() < s->retry_at_us) {
		const enum rc rc = ERROR(e, RC_DEPENDENCY, REASON_DATABASE_DOWN,
					 s->in_tx ? "the connection of this transaction was lost"
						  : "not connected; the last try just failed");
		e->foreign = s->in_tx ? (int)s->tx_foreign : s->down_foreign;
		return rc;
	}
	my = mysql_init(NULL);
	if (my == NULL)
		return ERROR_MEMORY(e);
	if (!set_options(s, my)) {
		mysql_close(my);
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "connector refuses an option");
	}
	const bool by_socket = s->socket[0] != '\0';
	if (mysql_real_connect(my, by_socket ? NULL : s->host, s->user,
			       s->password[0] != '\0' ? s->password : NULL,
			       s->database[0] != '\0' ? s->database : NULL, by_socket ? 0 : s->port,
			       by_socket ? s->socket : NULL,
			       CLIENT_FOUND_ROWS | (s->is_owner ? CLIENT_MULTI_STATEMENTS : 0)) ==
	    NULL)
		return connect_failed(s, my, e);
	const enum rc rc = set_session(s, my, e);
	if (rc != RC_OK) {
		mysql_close(my);
		return rc;
	}
	s->my = my;
	return RC_OK;
}

enum rc db_query(struct store *s, const char *sql, struct error *e)
{
	TRY(db_connect(s, e));
	s->n_statements++;
	const int64_t began_us = clock_mono_us();
	const int failed = mysql_real_query(s->my, sql, strlen(sql));
	s->busy_us += clock_mono_us() - began_us;
	if (failed != 0)
		return db_fail(s, sql, mysql_errno(s->my), mysql_sqlstate(s->my),
			       mysql_error(s->my), e);
	return RC_OK;
}

enum rc store_ping(struct store *s, struct error *e)
{
	for (int try = 0;; try++) {
		TRY(db_connect(s, e));
		s->n_statements++;
		if (mysql_ping(s->my) == 0)
			return RC_OK;
		const unsigned code = mysql_errno(s->my);
		const enum rc rc =
			db_fail(s, "ping", code, mysql_sqlstate(s->my), mysql_error(s->my), e);
		if (try > 0 || !db_is_lost(code) || s->in_tx)
			return rc;
	}
}
