/*
 * Migrations, the application's database user, and the schema's snapshot.
 *
 * For the operator's command and the test fixture only.  Works on a store opened
 * with is_owner (multi statements allowed), as the account that owns the tables.
 * Files are sql/migrations/NNNN_name.sql; each adds its own row to
 * schema_migration, so that the plain client can run them too; we add the checksum.
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "store/store.h"

/*
 * Uses database `name` (1..64 letters, digits, '_'), made when missing.  The store
 * must have been opened without a database.
 */
enum rc migrate_use_database(struct store *owner, struct str name, struct error *e) MUST_CHECK;

enum migrate_step {
	MIGRATE_APPLIED,  /* ran now */
	MIGRATE_RECORDED, /* the plain client had run it: its checksum is kept from now on */
	MIGRATE_KNOWN     /* had run, unchanged */
};

/*
 * Brings the schema to the state of the folder `dir`, one file after another under a
 * lease row.  said, when not NULL, is called for each file.  RC_CONFLICT with a
 * sentence in the detail for a file that has changed since it ran, is missing, or has a
 * name out of the pattern; RC_BUSY while another one migrates.  holder: 32 random signs.
 */
enum rc migrate_run(struct store *owner, const char *dir, struct str holder, struct arena *a,
		    void (*said)(void *arg, enum migrate_step step, struct str file), void *arg,
		    struct error *e) MUST_CHECK;

/*
 * Makes the application's account, or brings it up to date: password (empty: by
 * unix socket), and these rights and no others: SELECT, INSERT, UPDATE, DELETE on
 * every table, but only SELECT and INSERT on audit_log, only SELECT on
 * schema_migration.  host: "localhost" or "%".  An owner without the right to make
 * accounts grants to the account that is there and leaves its password alone.
 */
enum rc migrate_app_user(struct store *owner, struct str database, struct str user, struct str host,
			 struct str password, struct arena *a, struct error *e) MUST_CHECK;

/*
 * The snapshot: every table as the server writes it, by name, without counters.
 * RC_CONFLICT names the first table, or column without a comment that is not plain:
 * id, name, title, …_id and ended_at explain themselves.
 */
enum rc migrate_schema(struct store *owner, struct arena *a, struct str *ret_sql,
		       struct error *e) MUST_CHECK;

/* Inside of the layer: one file's text, several statements. */
enum rc migrate_script(struct store *owner, const char *name, struct str sql,
		       struct error *e) MUST_CHECK;
/* Names of all tables, sorted. */
enum rc migrate_tables(struct store *owner, struct arena *a, const struct str **ret, size_t *ret_n,
		       struct error *e) MUST_CHECK;
struct migrate_file {
	int64_t version;
	struct str file; /* "0001_base.sql" */
	struct str name; /* "base" */
	struct str sql;
};
/* The folder's files by version: 1, 2, 3 … without gaps. */
enum rc migrate_files(const char *dir, struct arena *a, const struct migrate_file **ret,
		      size_t *ret_n, struct error *e) MUST_CHECK;

#endif
