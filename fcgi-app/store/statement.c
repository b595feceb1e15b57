/*
 * Runs prepared statements: preparing, parameters, fetching.
 *
 * Rows are fetched unbuffered, straight into the caller's arena.  Every result is
 * read to its end or the connection is closed, so that the next statement never meets
 * what is left of the last.  Many sets of parameters go by Connector/C's array binding, which asks
 * for each set with a callback.
 */
#include "store/db.h"

#include "base/heap.h"
#include "sys/clock.h"

#include <errmsg.h>
#include <mysqld_error.h>

#define FIRST_ROWS  64
#define MAX_REPEATS 3

struct call {
	const struct statement *st;
	const struct param *params;
	size_t n_params, n_sets, max_rows; /* n_sets 0: one, not as an array */
	struct arena *a;
	char *rows; /* results, st->row_size each */
	size_t n_rows, cap;
	int64_t affected, insert_id;
};

static struct prepared **bucket(struct store *s, const struct statement *st)
{
	return &s->buckets[((uintptr_t)st / sizeof *st) % STORE_BUCKETS];
}

void db_prepared_free(struct prepared *p)
{
	if (p == NULL)
		return;
	if (p->stmt != NULL)
		mysql_stmt_close(p->stmt);
	heap_free(p->binds);
	heap_free(p->times);
	heap_free(p->lengths);
	heap_free(p->indicators);
	heap_free(p->types);
	heap_free(p);
}

static struct prepared *prepared_new(const struct statement *st)
{
	struct prepared *p = HEAP_NEW(struct prepared);

	if (p == NULL)
		return NULL;
	p->st = st;
	p->n_params = strlen(st->params);
	p->binds = heap_new(p->n_params * sizeof *p->binds);
	p->times = heap_new(p->n_params * sizeof *p->times);
	p->lengths = heap_new(p->n_params * sizeof *p->lengths);
	p->indicators = heap_new(p->n_params);
	p->types = heap_new(st->n_columns * sizeof *p->types);
	if (p->binds == NULL || p->times == NULL || p->lengths == NULL || p->indicators == NULL ||
	    p->types == NULL) {
		db_prepared_free(p);
		return NULL;
	}
	return p;
}

/* MariaDB tells the columns of INSERT ... RETURNING with the first result. */
static bool is_returning(const struct statement *st)
{
	return st->n_columns > 0 && str_starts(str_from(st->sql), STR("INSERT"));
}

static enum rc take_columns(struct prepared *p, struct error *e)
{
	TRY(statement_compare_columns(p->st, p->stmt, e));
	for (size_t i = 0; i < p->st->n_columns; i++)
		p->types[i] = p->stmt->fields[i].type;
	p->has_columns = true;
	return RC_OK;
}

static enum rc prepare(struct store *s, struct prepared *p, struct error *e)
{
	const struct statement *st = p->st;

	p->stmt = mysql_stmt_init(s->my);
	if (p->stmt == NULL)
		return ERROR_MEMORY(e);
	if (mysql_stmt_prepare(p->stmt, st->sql, strlen(st->sql)) != 0) {
		const unsigned code = mysql_stmt_errno(p->stmt);
		return db_fail(s, st->name, code, mysql_stmt_sqlstate(p->stmt),
			       mysql_stmt_error(p->stmt), e);
	}
	TRY(statement_compare_params(st, p->stmt, e));
	if (!is_returning(st))
		TRY(take_columns(p, e));
	p->target.st = st;
	mysql_stmt_attr_set(p->stmt, STMT_ATTR_CB_USER_DATA, &p->target);
	void (*take)(void *, unsigned, unsigned char **) = row_take_value;
	void *callback;
	memcpy(&callback, &take, sizeof callback);
	mysql_stmt_attr_set(p->stmt, STMT_ATTR_CB_RESULT, callback);
	return RC_OK;
}

enum rc db_prepared(struct store *s, const struct statement *st, struct prepared **ret,
		    struct error *e)
{
	struct prepared **head = bucket(s, st);

	for (struct prepared *p = *head; p != NULL; p = p->next) {
		if (p->st == st) {
			*ret = p;
			return RC_OK;
		}
	}
	struct prepared *p = prepared_new(st);
	if (p == NULL)
		return ERROR_MEMORY(e);
	const enum rc rc = prepare(s, p, e);
	if (rc != RC_OK) {
		db_prepared_free(p);
		return rc;
	}
	p->next = *head;
	*head = p;
	*ret = p;
	return RC_OK;
}

static enum rc stmt_fail(struct store *s, struct prepared *p, struct error *e)
{
	/* An error in the middle of a result is noted at the connection only. */
	if (mysql_stmt_errno(p->stmt) == 0 && mysql_errno(s->my) != 0)
		return db_fail(s, p->st->name, mysql_errno(s->my), mysql_sqlstate(s->my),
			       mysql_error(s->my), e);
	if (mysql_stmt_errno(p->stmt) == 0)
		return db_fail(s, p->st->name, CR_COMMANDS_OUT_OF_SYNC, NULL,
			       "failed without an error", e);
	return db_fail(s, p->st->name, mysql_stmt_errno(p->stmt), mysql_stmt_sqlstate(p->stmt),
		       mysql_stmt_error(p->stmt), e);
}

static enum rc row_failed(const struct row_target *t, struct error *e)
{
	if (t->is_no_memory)
		return ERROR_MEMORY(e);
	return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "statement %s: column %s is %s",
		     t->st->name, t->bad->name, t->why);
}

/* Room for one more row; the arena keeps the outgrown array until it is reset. */
static bool grow(struct call *c)
{
	if (c->n_rows < c->cap)
		return true;
	const size_t cap =
		c->cap == 0 ? (c->max_rows < FIRST_ROWS ? c->max_rows : FIRST_ROWS) : c->cap * 2;
	char *rows = arena_array(c->a, cap, c->st->row_size);
	if (rows == NULL)
		return false;
	if (c->n_rows > 0)
		memcpy(rows, c->rows, c->n_rows * c->st->row_size);
	c->rows = rows;
	c->cap = cap;
	return true;
}

static enum rc fetch_rows(struct store *s, struct prepared *p, struct call *c, struct error *e)
{
	struct row_target *t = &p->target;

	t->fields = p->stmt->fields;
	t->a = c->a;
	t->bad = NULL;
	t->is_no_memory = false;
	for (;;) {
		const bool is_room = c->n_rows < c->max_rows;
		if (is_room && !grow(c))
			return ERROR_MEMORY(e);
		t->row = is_room ? c->rows + c->n_rows * c->st->row_size : NULL;
		const int result = mysql_stmt_fetch(p->stmt);
		if (result == MYSQL_NO_DATA)
			return RC_OK;
		if (result != 0)
			return stmt_fail(s, p, e);
		if (t->bad != NULL)
			return row_failed(t, e);
		if (!is_room)
			return ERROR(e, RC_TOO_BIG, REASON_TOO_MUCH,
				     "statement %s: more than %zu rows", c->st->name, c->max_rows);
		c->n_rows++;
	}
}

/* A migration under a running program may have changed a column's type. */
static bool types_changed(const struct prepared *p)
{
	for (size_t i = 0; i < p->st->n_columns; i++) {
		if (p->stmt->fields[i].type != p->types[i])
			return true;
	}
	return false;
}

static enum rc read_result(struct store *s, struct prepared *p, struct call *c, struct error *e)
{
	enum rc rc;

	if (p->st->n_columns == 0) {
		c->affected = (int64_t)mysql_stmt_affected_rows(p->stmt);
		c->insert_id = (int64_t)mysql_stmt_insert_id(p->stmt);
		return RC_OK;
	}
	c->rows = NULL;
	c->n_rows = c->cap = 0;
	if (!p->has_columns) {
		rc = take_columns(p, e);
		if (rc != RC_OK) {
			db_drop(s);
			return rc;
		}
	}
	if (types_changed(p)) {
		rc = ERROR(e, RC_INTERNAL, REASON_UNEXPECTED,
			   "statement %s: a column's type has changed", p->st->name);
		db_drop(s);
		return rc;
	}
	rc = fetch_rows(s, p, c, e);
	/* After a loss p is gone with its connection. */
	if (s->my != NULL && mysql_stmt_free_result(p->stmt) != 0)
		db_drop(s);
	return rc;
}

/* ---- parameters ---- */

static enum rc bind_one(struct store *s, struct prepared *p, const struct call *c, struct error *e)
{
	for (size_t i = 0; i < c->n_params; i++)
		row_bind_param(&p->binds[i], &p->times[i], &p->lengths[i], &c->params[i]);
	if (c->n_params > 0 && mysql_stmt_bind_param(p->stmt, p->binds) != 0)
		return stmt_fail(s, p, e);
	return RC_OK;
}

/* Set number `set`, into the statement's own binds; a NULL keeps the type that was sent first. */
static void bind_set(const struct prepared *p, const struct call *c, MYSQL_BIND *binds, size_t set)
{
	const struct param *params = c->params + set * c->n_params;

	for (size_t i = 0; i < c->n_params; i++) {
		p->indicators[i] = params[i].is_null ? STMT_INDICATOR_NULL : STMT_INDICATOR_NONE;
		if (params[i].is_null)
			continue;
		my_bool *is_null = binds[i].is_null; /* the connector's own */
		row_bind_param(&binds[i], &p->times[i], &p->lengths[i], &params[i]);
		binds[i].is_null = is_null;
		binds[i].u.indicator = &p->indicators[i];
	}
}

struct many {
	const struct prepared *p;
	const struct call *c;
};

static my_bool next_set(void *user, MYSQL_BIND *binds, unsigned set)
{
	const struct many *m = user;

	bind_set(m->p, m->c, binds, set);
	return 0;
}

/* The types come from the letters: the first set may have NULLs. */
static enum rc bind_types(struct store *s, struct prepared *p, const struct call *c,
			  struct error *e)
{
	for (size_t i = 0; i < c->n_params; i++) {
		const struct param any = { .type = p->st->params[i] };

		row_bind_param(&p->binds[i], &p->times[i], &p->lengths[i], &any);
		p->binds[i].u.indicator = &p->indicators[i];
	}
	return mysql_stmt_bind_param(p->stmt, p->binds) != 0 ? stmt_fail(s, p, e) : RC_OK;
}

static bool set_attributes(MYSQL_STMT *stmt, void *user,
			   my_bool (*next)(void *, MYSQL_BIND *, unsigned), unsigned n_sets)
{
	void *callback;

	memcpy(&callback, &next, sizeof callback);
	return mysql_stmt_attr_set(stmt, STMT_ATTR_CB_USER_DATA, user) == 0 &&
	       mysql_stmt_attr_set(stmt, STMT_ATTR_CB_PARAM, callback) == 0 &&
	       mysql_stmt_attr_set(stmt, STMT_ATTR_ARRAY_SIZE, &n_sets) == 0;
}

/* 0: done. */
static int execute_many(struct prepared *p, const struct call *c)
{
	struct many m = { p, c };
	int failed;

	BUG(!set_attributes(p->stmt, &m, next_set, (unsigned)c->n_sets));
	failed = mysql_stmt_execute(p->stmt);
	BUG(!set_attributes(p->stmt, &p->target, NULL, 0));
	return failed;
}

static void check_letters(const struct prepared *p, const struct call *c)
{
	BUG(c->n_params != p->n_params);
	for (size_t i = 0; i < c->n_params * (c->n_sets ? c->n_sets : 1); i++)
		BUG(c->params[i].type != c->st->params[i % c->n_params]);
}

/* One try.  *ret_harmless: nothing can have happened but the loss of the connection. */
static enum rc attempt(struct store *s, struct call *c, bool *ret_harmless, struct error *e)
{
	const bool is_read = str_starts(str_from(c->st->sql), STR("SELECT"));
	struct prepared *p;

	*ret_harmless = false;
	TRY(db_connect(s, e));
	*ret_harmless = true;
	TRY(db_prepared(s, c->st, &p, e));
	check_letters(p, c);
	TRY(c->n_sets ? bind_types(s, p, c, e) : bind_one(s, p, c, e));
	s->n_statements++;
	if ((c->n_sets ? execute_many(p, c) : mysql_stmt_execute(p->stmt)) != 0) {
		const unsigned code = mysql_stmt_errno(p->stmt);
		*ret_harmless = is_read || code == CR_SERVER_GONE_ERROR;
		return stmt_fail(s, p, e);
	}
	*ret_harmless = is_read;
	return read_result(s, p, c, e);
}

/* Runs the call; again when nothing can have happened, never within a transaction. */
static enum rc run_tries(struct store *s, struct call *c, struct error *e)
{
	bool was_lost = false;

	if (s->in_tx && s->tx_foreign != 0) {
		const enum rc rc = ERROR(e, RC_DEPENDENCY, REASON_DATABASE_DOWN,
					 "the transaction has failed already");
		e->foreign = (int)s->tx_foreign;
		return rc;
	}
	for (int try = 1;; try++) {
		struct error failure;
		bool harmless;
		error_init(&failure);
		const enum rc rc = attempt(s, c, &harmless, &failure);
		if (rc == RC_OK)
			return RC_OK;
		const unsigned code = (unsigned)failure.foreign;
		const bool is_lost = db_is_lost(code);
		const bool again = !s->in_tx && try < MAX_REPEATS &&
				   (code == ER_LOCK_DEADLOCK || (is_lost && harmless && !was_lost));
		was_lost = was_lost || is_lost;
		if (!again) {
			*e = failure;
			return rc;
		}
	}
}

static enum rc run(struct store *s, struct call *c, struct error *e)
{
	const int64_t began_us = clock_mono_us();
	const enum rc rc = run_tries(s, c, e);

	s->busy_us += clock_mono_us() - began_us;
	return rc;
}

enum rc store_rows(struct store *s, const struct statement *st, const struct param *params,
		   size_t n_params, size_t max_rows, struct arena *a, void *ret_rows, size_t *ret_n,
		   struct error *e)
{
	struct call c = {
		.st = st, .params = params, .n_params = n_params, .max_rows = max_rows, .a = a
	};

	BUG(st->n_columns == 0 || max_rows == 0);
	TRY(run(s, &c, e));
	memcpy(ret_rows, &c.rows, sizeof c.rows);
	*ret_n = c.n_rows;
	return RC_OK;
}

enum rc store_row(struct store *s, const struct statement *st, const struct param *params,
		  size_t n_params, struct arena *a, void *ret_row, struct error *e)
{
	struct call c = { .st = st, .params = params, .n_params = n_params, .max_rows = 1, .a = a };

	BUG(st->n_columns == 0);
	const enum rc rc = run(s, &c, e);

	if (rc == RC_TOO_BIG)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "statement %s: more than one row",
			     st->name);
	if (rc != RC_OK)
		return rc;
	if (c.n_rows == 0)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "statement %s: no row", st->name);
	memcpy(ret_row, c.rows, st->row_size);
	return RC_OK;
}

enum rc store_change(struct store *s, const struct statement *st, const struct param *params,
		     size_t n_params, int64_t *ret_affected, int64_t *ret_insert_id,
		     struct error *e)
{
	struct call c = { .st = st, .params = params, .n_params = n_params };

	BUG(st->n_columns != 0);
	TRY(run(s, &c, e));
	if (ret_affected != NULL)
		*ret_affected = c.affected;
	if (ret_insert_id != NULL)
		*ret_insert_id = c.insert_id;
	return RC_OK;
}

enum rc store_change_many(struct store *s, const struct statement *st, const struct param *params,
			  size_t n_params, size_t n_sets, struct error *e)
{
	struct call c = { .st = st, .params = params, .n_params = n_params, .n_sets = n_sets };

	BUG(st->n_columns != 0 || n_params == 0 || n_sets == 0);
	return run(s, &c, e);
}

enum rc store_rows_of_many(struct store *s, const struct statement *st, const struct param *params,
			   size_t n_params, size_t n_sets, struct arena *a, void *ret_rows,
			   size_t *ret_n, struct error *e)
{
	struct call c = { .st = st,
			  .params = params,
			  .n_params = n_params,
			  .n_sets = n_sets,
			  .max_rows = n_sets,
			  .a = a };

	BUG(st->n_columns == 0 || n_params == 0 || n_sets == 0);
	TRY(run(s, &c, e));
	memcpy(ret_rows, &c.rows, sizeof c.rows);
	*ret_n = c.n_rows;
	return RC_OK;
}
