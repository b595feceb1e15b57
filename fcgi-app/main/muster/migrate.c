/*
 * muster migrate, muster schema
 */
#include "main/muster/cmd.h"

#include "store/migrate.h"
#include "sys/crypto.h"

#include <stdio.h>

static const char migrate_usage[] =
	"usage: muster [--config FILE] migrate [--sql DIR]\n\n"
	"Runs the migrations of DIR (sql/migrations) that have not run yet, as db_owner_user, and\n"
	"gives db_user its rights: it may read and write rows, not alter tables, and only add to\n"
	"the audit log.  Makes the database when it is missing.  Safe to run again.\n";

static const char schema_usage[] =
	"usage: muster [--config FILE] schema\n\n"
	"Prints all tables as the database has them: sql/schema.sql is made this way.  Fails when "
	"a\n"
	"table or a column lacks a comment.\n";

static void say(void *arg, enum migrate_step step, struct str file)
{
	int *n = arg;

	if (step == MIGRATE_KNOWN)
		return;
	(*n)++;
	printf("%.*s: %s\n", STR_ARG(file),
	       step == MIGRATE_APPLIED ? "applied" : "had been run by hand, recorded");
}

static enum rc migrate(struct muster *m, const char *dir, int *ret_n, struct error *e)
{
	const struct config *c = m->config;
	struct secret password = { 0 };
	char holder[CRYPTO_ID_SIZE];

	if (str_eq(c->db_user, c->db_owner_user))
		return ERROR(
			e, RC_INVALID, REASON_UNEXPECTED,
			"db_user and db_owner_user must differ: the programs may not alter tables");
	if (c->db_password_file.n > 0)
		TRY(config_secret_read(&m->arena, c->db_password_file, &password, e));
	TRY(muster_open_owner(m, e));
	TRY(migrate_run(m->store, dir, crypto_random_id(holder), &m->arena, say, ret_n, e));
	return migrate_app_user(m->store, c->db_name, c->db_user,
				c->db_socket.n > 0 ? STR("localhost") : STR("%"),
				secret_reveal(password), &m->arena, e);
}

int cmd_migrate(struct muster *m, int argc, char **argv)
{
	const char *dir = "sql/migrations";
	struct error e;
	int n = 0;

	if (muster_help(argc, argv, migrate_usage) == 0)
		return 0;
	if (argc == 3 && strcmp(argv[1], "--sql") == 0)
		dir = argv[2];
	else if (argc != 1)
		return muster_usage(migrate_usage);
	if (!muster_settings(m))
		return 1;
	error_init(&e);
	if (migrate(m, dir, &n, &e) != RC_OK)
		return muster_fail("migrate", &e);
	if (n == 0)
		printf("The database is up to date.\n");
	return 0;
}

int cmd_schema(struct muster *m, int argc, char **argv)
{
	struct error e;
	struct str sql;

	if (muster_help(argc, argv, schema_usage) == 0)
		return 0;
	if (argc != 1)
		return muster_usage(schema_usage);
	if (!muster_settings(m))
		return 1;
	error_init(&e);
	enum rc rc = muster_open_owner(m, &e);
	if (rc == RC_OK)
		rc = migrate_schema(m->store, &m->arena, &sql, &e);
	if (rc != RC_OK)
		return muster_fail("schema", &e);
	return fwrite(sql.p, 1, sql.n, stdout) == sql.n ? 0 : 1;
}
