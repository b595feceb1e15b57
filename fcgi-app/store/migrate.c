/*
 * Running migrations and keeping their checksums.  Users and grants are in
 * migrate_user.c, the snapshot in migrate_schema.c, the files in migrate_files.c.
 *
 * The first migration makes the tables that the rest of this file relies on (lease,
 * schema_migration); it is repeatable, so it simply runs while they are missing.
 */
#include "store/migrate.h"

#include "store/db.h"
#include "store/lease.h"
#include "store/sets.h"

#include <mysqld_error.h>
#include <stdio.h>

#define LEASE_NAME    STR("migrate")
#define LEASE_SECONDS 900

struct migrate_known {
	int64_t version;
	struct str name;
	int64_t has_checksum, is_same;
};
static const struct column migrate_known_columns[] = {
	COL(migrate_known, version, I64, false),
	COL_N(migrate_known, name, TEXT, 400, false),
	COL(migrate_known, has_checksum, I64, false),
	COL(migrate_known, is_same, I64, false),
};
struct migrate_last {
	int64_t version;
};
static const struct column migrate_last_columns[] = { COL(migrate_last, version, I64, false) };

#define MIGRATE_STATEMENTS(ROWS, CHANGE)                                                           \
	ROWS(MIGRATE_GET, "bi", migrate_known,                                                     \
	     "SELECT version, name, checksum IS NOT NULL AS has_checksum, "                        \
	     "IFNULL(checksum = SHA2(?, 256), 0) AS is_same "                                      \
	     "FROM schema_migration WHERE version = ?")                                            \
	ROWS(MIGRATE_LAST, "", migrate_last,                                                       \
	     "SELECT IFNULL(MAX(version), 0) AS version FROM schema_migration")                    \
	CHANGE(MIGRATE_RECORD, "bi",                                                               \
	       "UPDATE schema_migration SET checksum = SHA2(?, 256) WHERE version = ?")
STATEMENT_SET(migrate, MIGRATE_STATEMENTS);

static enum rc plain_fail(struct store *s, const char *what, struct error *e)
{
	return db_fail(s, what, mysql_errno(s->my), mysql_sqlstate(s->my), mysql_error(s->my), e);
}

enum rc migrate_script(struct store *owner, const char *name, struct str sql, struct error *e)
{
	BUG(!owner->is_owner);
	TRY(db_connect(owner, e));
	if (mysql_real_query(owner->my, sql.p, sql.n) != 0)
		return plain_fail(owner, name, e);
	for (;;) {
		MYSQL_RES *rows = mysql_store_result(owner->my);
		if (rows != NULL)
			mysql_free_result(rows);
		const int more = mysql_next_result(owner->my);
		if (more < 0)
			return RC_OK;
		if (more > 0)
			return plain_fail(owner, name, e);
	}
}

enum rc migrate_use_database(struct store *owner, struct str name, struct error *e)
{
	char sql[160];

	BUG(!owner->is_owner);
	for (size_t i = 0; i < name.n; i++) {
		if (!ascii_is_alnum(name.p[i]) && name.p[i] != '_')
			return ERROR(e, RC_INVALID, REASON_NOT_TEXT,
				     "a database name has letters, digits and '_' only");
	}
	if (name.n == 0 || name.n > 64)
		return ERROR(e, RC_INVALID, REASON_TOO_LONG,
			     "a database name has 1 to 64 characters");
	snprintf(sql, sizeof sql, "USE `%.*s`", STR_ARG(name));
	const enum rc rc = migrate_script(owner, "use", str_from(sql), e);
	if (rc == RC_OK || e->foreign != ER_BAD_DB_ERROR)
		return rc;
	snprintf(sql, sizeof sql,
		 "CREATE DATABASE `%.*s` CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin; USE "
		 "`%.*s`",
		 STR_ARG(name), STR_ARG(name));
	return migrate_script(owner, "create database", str_from(sql), e);
}

static enum rc apply(struct store *s, const struct migrate_file *m, struct arena *a,
		     enum migrate_step *ret_step, struct error *e)
{
	struct migrate_known known;
	const char *file = str_cz(a, m->file);
	enum rc rc;

	if (file == NULL)
		return ERROR_MEMORY(e);
	rc = store_row(s, &migrate_table[MIGRATE_GET], PARAMS(P_BYTES(m->sql), P_I64(m->version)),
		       a, &known, e);
	if (rc == RC_OK && !str_eq(known.name, m->name))
		return ERROR(
			e, RC_CONFLICT, REASON_CHANGED,
			"migration %lld ran as '%.*s', the file is now %s: put the old one back",
			(long long)m->version, STR_ARG(known.name), file);
	if (rc == RC_OK && known.has_checksum && !known.is_same)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED,
			     "%s has changed since it ran: put it back and write a new migration",
			     file);
	if (rc == RC_OK && known.has_checksum) {
		*ret_step = MIGRATE_KNOWN;
		return RC_OK;
	}
	*ret_step = rc == RC_OK ? MIGRATE_RECORDED : MIGRATE_APPLIED;
	if (rc == RC_NOT_FOUND)
		rc = migrate_script(s, file, m->sql, e);
	if (rc != RC_OK)
		return rc;
	int64_t n;
	TRY(store_change(s, &migrate_table[MIGRATE_RECORD],
			 PARAMS(P_BYTES(m->sql), P_I64(m->version)), &n, NULL, e));
	if (n != 1)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED,
			     "%s does not add its row (%lld) to schema_migration", file,
			     (long long)m->version);
	return RC_OK;
}

static enum rc apply_all(struct store *s, const struct migrate_file *files, size_t n, bool is_fresh,
			 struct str holder, struct arena *a,
			 void (*said)(void *arg, enum migrate_step step, struct str file),
			 void *arg, struct error *e)
{
	struct migrate_last last;

	TRY(store_row(s, &migrate_table[MIGRATE_LAST], NULL, 0, a, &last, e));
	if (last.version > (int64_t)n)
		return ERROR(
			e, RC_CONFLICT, REASON_CHANGED,
			"the database has migration %lld, the folder ends at %zu: this program is "
			"older than the database",
			(long long)last.version, n);
	for (size_t i = 0; i < n; i++) {
		enum migrate_step step = MIGRATE_KNOWN;
		TRY(lease_take(s, LEASE_NAME, holder, LEASE_SECONDS, a, e));
		TRY(apply(s, &files[i], a, &step, e));
		if (said != NULL)
			said(arg, i == 0 && is_fresh ? MIGRATE_APPLIED : step, files[i].file);
	}
	return RC_OK;
}

enum rc migrate_run(struct store *owner, const char *dir, struct str holder, struct arena *a,
		    void (*said)(void *arg, enum migrate_step step, struct str file), void *arg,
		    struct error *e)
{
	const struct migrate_file *files;
	struct migrate_last last;
	struct error ignored;
	size_t n;

	TRY(migrate_files(dir, a, &files, &n, e));
	enum rc rc = store_row(owner, &migrate_table[MIGRATE_LAST], NULL, 0, a, &last, e);
	const bool is_fresh = rc != RC_OK && e->foreign == ER_NO_SUCH_TABLE;
	if (is_fresh)
		rc = migrate_script(owner, "0001", files[0].sql, e);
	if (rc != RC_OK)
		return rc;
	TRY(lease_take(owner, LEASE_NAME, holder, LEASE_SECONDS, a, e));
	rc = apply_all(owner, files, n, is_fresh, holder, a, said, arg, e);
	if (lease_end(owner, LEASE_NAME, holder, &ignored) != RC_OK && rc == RC_OK) {
		*e = ignored;
		rc = ignored.rc;
	}
	return rc;
}
