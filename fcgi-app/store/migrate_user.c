/*
 * The application's database account and its rights.  Names and passwords cannot be
 * parameters of CREATE USER and GRANT, so they are checked or escaped here; this is
 * the only SQL text that is put together, and no request ever reaches it.
 */
#include "store/migrate.h"

#include "base/buf.h"
#include "store/db.h"
#include "store/sets.h"

#include <mysqld_error.h>

#define SQL_MAX 65536

/* 'text' with the server's own escaping. */
static void add_quoted(struct store *s, struct buf *b, struct str text)
{
	if (!buf_reserve(b, text.n * 2 + 3))
		return;
	buf_char(b, '\'');
	b->n += mysql_real_escape_string(s->my, b->p + b->n, text.p == NULL ? "" : text.p, text.n);
	buf_char(b, '\'');
}

static void add_account(struct store *s, struct buf *b, struct str user, struct str host)
{
	add_quoted(s, b, user);
	buf_char(b, '@');
	add_quoted(s, b, host);
}

static void add_user(struct store *s, struct buf *b, const char *verb, struct str user,
		     struct str host, struct str password)
{
	buf_add(b, str_from(verb));
	add_account(s, b, user, host);
	if (password.n == 0) {
		BUF_LIT(b, " IDENTIFIED VIA unix_socket;\n");
		return;
	}
	BUF_LIT(b, " IDENTIFIED BY ");
	add_quoted(s, b, password);
	BUF_LIT(b, ";\n");
}

static const char *rights_of(struct str table)
{
	if (str_eq(table, STR("audit_log")) || str_eq(table, STR("audit_chain")))
		return "SELECT, INSERT";
	if (str_eq(table, STR("schema_migration")))
		return "SELECT";
	return "SELECT, INSERT, UPDATE, DELETE";
}

/* Runs what is in b; RC_OK also for the two numbers that may be ignored. */
static enum rc step(struct store *owner, struct buf *b, unsigned fine, unsigned fine_too,
		    struct error *e)
{
	struct error failure;

	if (!buf_ok(b))
		return ERROR_MEMORY(e);
	error_init(&failure);
	const enum rc rc = migrate_script(owner, "application's user", buf_str(b), &failure);
	explicit_bzero(b->p, b->n);
	b->n = 0;
	if (rc == RC_OK || (failure.foreign != 0 && ((unsigned)failure.foreign == fine ||
						     (unsigned)failure.foreign == fine_too)))
		return RC_OK;
	*e = failure;
	return rc;
}

struct grants {
	struct store *owner;
	struct buf b;
	struct str database, user, host;
};

/* "verb rights ON table to_or_from account"; table empty: the whole database. */
static void add_grant(struct grants *g, const char *verb, const char *rights, struct str table,
		      const char *to_or_from)
{
	buf_printf(&g->b, "%s %s ON `%.*s`.", verb, rights, STR_ARG(g->database));
	if (table.n == 0)
		BUF_LIT(&g->b, "*");
	else
		buf_printf(&g->b, "`%.*s`", STR_ARG(table));
	buf_add(&g->b, str_from(to_or_from));
	add_account(g->owner, &g->b, g->user, g->host);
}

/*
 * Takes back what an older program or a person gave beyond the rule: on the whole
 * database, and on each table one by one, since REVOKE ALL wants more rights than the
 * owner of the tables may have.
 */
static enum rc set_rights(struct grants *g, const struct str *tables, size_t n, struct error *e)
{
	add_grant(g, "REVOKE", "ALL PRIVILEGES", STR(""), " FROM ");
	TRY(step(g->owner, &g->b, ER_NONEXISTING_GRANT, ER_NONEXISTING_TABLE_GRANT, e));
	for (size_t i = 0; i < n; i++) {
		add_grant(g, "GRANT", rights_of(tables[i]), tables[i], " TO ");
		TRY(step(g->owner, &g->b, 0, 0, e));
		if (strcmp(rights_of(tables[i]), "SELECT, INSERT, UPDATE, DELETE") == 0)
			continue;
		add_grant(g, "REVOKE", "UPDATE, DELETE", tables[i], " FROM ");
		TRY(step(g->owner, &g->b, ER_NONEXISTING_GRANT, ER_NONEXISTING_TABLE_GRANT, e));
	}
	return RC_OK;
}

enum rc migrate_app_user(struct store *owner, struct str database, struct str user, struct str host,
			 struct str password, struct arena *a, struct error *e)
{
	struct grants g = { .owner = owner, .database = database, .user = user, .host = host };
	const struct str *tables;
	size_t n;

	TRY(migrate_tables(owner, a, &tables, &n, e));
	TRY(db_connect(owner, e));
	buf_init(&g.b, a, 4096, SQL_MAX);
	/* An owner who may not make accounts grants to the one that an administrator made. */
	add_user(owner, &g.b, "CREATE USER IF NOT EXISTS ", user, host, password);
	add_user(owner, &g.b, "ALTER USER ", user, host, password);
	TRY(step(owner, &g.b, ER_SPECIFIC_ACCESS_DENIED_ERROR, ER_DBACCESS_DENIED_ERROR, e));
	return set_rights(&g, tables, n, e);
}
