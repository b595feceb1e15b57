/*
 * The snapshot of the schema: sql/schema.sql is what this prints.
 */
#include "store/migrate.h"

#include "base/buf.h"
#include "store/db.h"
#include "store/sets.h"

#include <stdio.h>

#define SNAPSHOT_MAX (1 << 20)
#define MAX_TABLES   1000

struct schema_table {
	struct str name;
};
static const struct column schema_table_columns[] = { COL(schema_table, name, TEXT, false) };
struct schema_bare {
	struct str name;
};
static const struct column schema_bare_columns[] = { COL(schema_bare, name, TEXT, true) };

#define SCHEMA_STATEMENTS(ROWS, CHANGE)                                                            \
	ROWS(SCHEMA_TABLES, "", schema_table,                                                      \
	     "SELECT table_name AS name FROM information_schema.tables "                           \
	     "WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' "                      \
	     "ORDER BY table_name")                                                                \
	ROWS(SCHEMA_BARE, "", schema_bare,                                                         \
	     "SELECT table_name AS name FROM information_schema.tables "                           \
	     "WHERE table_schema = DATABASE() AND table_comment = '' "                             \
	     "UNION ALL "                                                                          \
	     "SELECT CONCAT(table_name, '.', column_name) FROM information_schema.columns "        \
	     "WHERE table_schema = DATABASE() AND column_comment = '' "                            \
	     "ORDER BY 1 LIMIT 1")
STATEMENT_SET(schema_set, SCHEMA_STATEMENTS);

enum rc migrate_tables(struct store *owner, struct arena *a, const struct str **ret, size_t *ret_n,
		       struct error *e)
{
	struct schema_table *rows;

	_Static_assert(sizeof *rows == sizeof(struct str), "a row is its name");
	TRY(store_rows(owner, &schema_set_table[SCHEMA_TABLES], NULL, 0, MAX_TABLES, a, &rows,
		       ret_n, e));
	*ret = &rows->name;
	return RC_OK;
}

/* "… AUTO_INCREMENT=17 …" without the counter. */
static void add_without_counter(struct buf *b, struct str create)
{
	const size_t at = str_find(create, STR(" AUTO_INCREMENT="));

	if (at == SIZE_MAX) {
		buf_add(b, create);
		return;
	}
	size_t end = at + sizeof(" AUTO_INCREMENT=") - 1;
	while (end < create.n && ascii_is_digit(create.p[end]))
		end++;
	buf_add(b, str_sub(create, 0, at));
	buf_add(b, str_from_pos(create, end));
}

/* SHOW CREATE TABLE takes no parameter; the name comes from the server itself. */
static enum rc add_table(struct store *s, struct str table, struct buf *b, struct error *e)
{
	char sql[160];

	snprintf(sql, sizeof sql, "SHOW CREATE TABLE `%.*s`", STR_ARG(table));
	TRY(db_query(s, sql, e));
	MYSQL_RES *rows = mysql_store_result(s->my);
	const MYSQL_ROW row = rows == NULL ? NULL : mysql_fetch_row(rows);
	if (row != NULL) {
		BUF_LIT(b, "\n");
		add_without_counter(b, str_from(row[1]));
		BUF_LIT(b, ";\n");
	}
	if (rows != NULL)
		mysql_free_result(rows);
	return row != NULL ? RC_OK : ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "%s: no rows", sql);
}

enum rc migrate_schema(struct store *owner, struct arena *a, struct str *ret_sql, struct error *e)
{
	const struct str *tables;
	struct schema_bare bare;
	size_t n;
	struct buf b;

	const enum rc rc = store_row(owner, &schema_set_table[SCHEMA_BARE], NULL, 0, a, &bare, e);
	if (rc == RC_OK)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "%.*s has no comment",
			     STR_ARG(bare.name));
	if (rc != RC_NOT_FOUND)
		return rc;
	TRY(migrate_tables(owner, a, &tables, &n, e));
	buf_init(&b, a, 65536, SNAPSHOT_MAX);
	BUF_LIT(&b,
		"-- The schema after all migrations.  Made by `muster schema`; never edited.\n");
	for (size_t i = 0; i < n; i++)
		TRY(add_table(owner, tables[i], &b, e));
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret_sql = buf_str(&b);
	return RC_OK;
}
