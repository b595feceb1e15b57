/*
 * The application's database account and its rights.  Names and passwords cannot be
 * parameters of CREATE USER and GRANT, so they are checked or escaped here; this is
 * the only SQL text that is put together, and no request ever reaches it.
 */
#include "store/migrate.h"

#include "base/buf.h"
#include "store/db.h"
#include "store/sets.h"

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
	if (str_eq(table, STR("audit_log")))
		return "SELECT, INSERT";
	if (str_eq(table, STR("schema_migration")))
		return "SELECT";
	return "SELECT, INSERT, UPDATE, DELETE";
}

enum rc migrate_app_user(struct store *owner, struct str database, struct str user, struct str host,
			 struct str password, struct arena *a, struct error *e)
{
	const struct str *tables;
	size_t n;
	struct buf b;

	TRY(migrate_tables(owner, a, &tables, &n, e));
	TRY(db_connect(owner, e));
	buf_init(&b, a, 4096, SQL_MAX);
	add_user(owner, &b, "CREATE USER IF NOT EXISTS ", user, host, password);
	add_user(owner, &b, "ALTER USER ", user, host, password);
	BUF_LIT(&b, "REVOKE ALL PRIVILEGES, GRANT OPTION FROM ");
	add_account(owner, &b, user, host);
	BUF_LIT(&b, ";\n");
	for (size_t i = 0; i < n; i++) {
		buf_printf(&b, "GRANT %s ON `%.*s`.`%.*s` TO ", rights_of(tables[i]),
			   STR_ARG(database), STR_ARG(tables[i]));
		add_account(owner, &b, user, host);
		BUF_LIT(&b, ";\n");
	}
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	const enum rc rc = migrate_script(owner, "application's user", buf_str(&b), e);
	explicit_bzero(b.p, b.n);
	return rc;
}
