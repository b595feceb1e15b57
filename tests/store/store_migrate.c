/*
 * Migrations, the application's rights, the snapshot, leases.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "store/db_fixture.h"
#include "store/lease.h"
#include "store/migrate.h"
#include "store/sets.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define HOLDER STR("ffffffffffffffffffffffffffffffff")
#define OTHER  STR("eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee")

static struct db_fixture fixture;
static char dir[] = "/tmp/migrate-XXXXXX";

static void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail);
}
#define EXPECT(call, want) expect_at((call), (want), &e, __LINE__)

static const char *path_of(const char *name)
{
	const struct str p = arena_printf(&fixture.arena, "%s/%s", dir, name);

	assert_non_null(p.p);
	return str_cz(&fixture.arena, p);
}

static void put(const char *name, const char *text)
{
	const int fd = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

#define FIRST                                                                                      \
	"CREATE TABLE IF NOT EXISTS schema_migration (version INT NOT NULL PRIMARY KEY, name "     \
	"VARCHAR(100) NOT NULL, checksum CHAR(64) NULL) CHARSET=utf8mb4;"                          \
	"CREATE TABLE IF NOT EXISTS lease (name VARCHAR(64) NOT NULL PRIMARY KEY, holder "         \
	"CHAR(32) "                                                                                \
	"NOT NULL, until_at DATETIME(6) NOT NULL) CHARSET=utf8mb4;"                                \
	"INSERT IGNORE INTO schema_migration (version, name) VALUES (1, 'first')"
#define SECOND                                                                                     \
	"CREATE TABLE IF NOT EXISTS two (id INT NOT NULL PRIMARY KEY);"                            \
	"INSERT IGNORE INTO schema_migration (version, name) VALUES (2, 'second');\n"

static int set_up(void **state)
{
	(void)state;
	db_fixture_open(&fixture);
	assert_non_null(mkdtemp(dir));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path_of("0001_first.sql"));
	unlink(path_of("0002_second.sql"));
	rmdir(dir);
	db_fixture_close(&fixture);
	return 0;
}

/* An owner's connection to an empty database beside the fixture's. */
static struct store *fresh_owner(const char *name)
{
	struct store_options o = db_fixture_options(&fixture);
	char sql[160];
	struct store *s;
	struct error e;

	snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s", name);
	db_fixture_exec(&fixture, sql);
	o.is_owner = true;
	o.database = STR("");
	EXPECT(store_open(&o, &s, &e), RC_OK);
	EXPECT(migrate_use_database(s, str_from(name), &e), RC_OK);
	return s;
}

struct heard {
	int n[3];
};
static void hear(void *arg, enum migrate_step step, struct str file)
{
	struct heard *h = arg;

	(void)file;
	h->n[step]++;
}

static enum rc run(struct store *s, struct heard *h, struct error *e)
{
	*h = (struct heard){ { 0 } };
	return migrate_run(s, dir, HOLDER, &fixture.arena, hear, h, e);
}

static void test_steps_and_refusals(void **state)
{
	char name[80];
	struct heard h;
	struct error e;

	(void)state;
	snprintf(name, sizeof name, "%s_m", fixture.database);
	struct store *s = fresh_owner(name);
	EXPECT(run(s, &h, &e), RC_NOT_FOUND);
	put("0001_first.sql", FIRST);
	EXPECT(run(s, &h, &e), RC_OK);
	assert_int_equal(h.n[MIGRATE_APPLIED], 1);
	put("0002_second.sql", SECOND);
	EXPECT(run(s, &h, &e), RC_OK);
	assert_true(h.n[MIGRATE_APPLIED] == 1 && h.n[MIGRATE_KNOWN] == 1);
	EXPECT(run(s, &h, &e), RC_OK);
	assert_int_equal(h.n[MIGRATE_KNOWN], 2);
	/* Changed, missing, from the future. */
	put("0002_second.sql", SECOND " ");
	EXPECT(run(s, &h, &e), RC_CONFLICT);
	assert_non_null(strstr(e.detail, "0002_second.sql has changed"));
	unlink(path_of("0002_second.sql"));
	EXPECT(run(s, &h, &e), RC_CONFLICT);
	assert_non_null(strstr(e.detail, "older than the database"));
	put("0002_second.sql", SECOND);
	put("0004_gap.sql", SECOND);
	EXPECT(run(s, &h, &e), RC_CONFLICT);
	assert_non_null(strstr(e.detail, "0003 is missing"));
	unlink(path_of("0004_gap.sql"));
	put("x.sql", SECOND);
	EXPECT(run(s, &h, &e), RC_CONFLICT);
	assert_non_null(strstr(e.detail, "x.sql"));
	unlink(path_of("x.sql"));
	/* One that fails, and one that forgets its row. */
	put("0003_bad.sql", "CREATE TABLE three (id INT NOT NULL PRIMARY KEY); SELEC 1");
	EXPECT(run(s, &h, &e), RC_INTERNAL);
	assert_int_equal(e.foreign, 1064);
	put("0003_bad.sql", "CREATE TABLE IF NOT EXISTS three (id INT NOT NULL PRIMARY KEY)");
	EXPECT(run(s, &h, &e), RC_CONFLICT);
	assert_non_null(strstr(e.detail, "does not add its row"));
	unlink(path_of("0003_bad.sql"));
	/* Another one migrates. */
	EXPECT(lease_take(s, STR("migrate"), OTHER, 60, &fixture.arena, &e), RC_OK);
	EXPECT(run(s, &h, &e), RC_BUSY);
	EXPECT(lease_end(s, STR("migrate"), OTHER, &e), RC_OK);
	EXPECT(run(s, &h, &e), RC_OK);
	store_close(s);
	snprintf(name, sizeof name, "DROP DATABASE %s_m", fixture.database);
	db_fixture_exec(&fixture, name);
}

static void test_plain_client_is_recorded(void **state)
{
	struct error e;
	struct heard h;
	char name[80];

	(void)state;
	snprintf(name, sizeof name, "%s_p", fixture.database);
	struct store *s = fresh_owner(name);
	put("0001_first.sql", FIRST);
	put("0002_second.sql", SECOND);
	EXPECT(migrate_script(s, "1", STR(FIRST), &e), RC_OK);
	EXPECT(migrate_script(s, "2", STR(SECOND), &e), RC_OK);
	EXPECT(run(s, &h, &e), RC_OK);
	assert_int_equal(h.n[MIGRATE_RECORDED], 2);
	EXPECT(run(s, &h, &e), RC_OK);
	assert_int_equal(h.n[MIGRATE_KNOWN], 2);
	store_close(s);
	snprintf(name, sizeof name, "DROP DATABASE %s_p", fixture.database);
	db_fixture_exec(&fixture, name);
}

struct grant_row {
	int64_t n;
};
static const struct column grant_row_columns[] = { COL(grant_row, n, I64, false) };
#define GRANT_STATEMENTS(ROWS, CHANGE)                                                             \
	ROWS(G_COUNT, "sss", grant_row,                                                            \
	     "SELECT COUNT(*) AS n FROM information_schema.table_privileges WHERE "                \
	     "grantee = ? AND table_schema = DATABASE() AND table_name = ? AND "                   \
	     "privilege_type LIKE ?")                                                              \
	ROWS(G_SCHEMA, "s", grant_row,                                                             \
	     "SELECT COUNT(*) AS n FROM information_schema.schema_privileges WHERE grantee = ? "   \
	     "AND table_schema = DATABASE()")
STATEMENT_SET(grant, GRANT_STATEMENTS);

static int64_t count_rights(struct str grantee, const char *table, const char *right)
{
	struct grant_row r = { -1 };
	struct error e;

	EXPECT(store_row(fixture.owner, &grant_table[G_COUNT],
			 PARAMS(P_TEXT(grantee), P_TEXT(str_from(table)), P_TEXT(str_from(right))),
			 &fixture.arena, &r, &e),
	       RC_OK);
	return r.n;
}

static void test_rights_of_the_application(void **state)
{
	char user[80], grantee[100], sql[400];
	struct grant_row r;
	struct error e;

	(void)state;
	snprintf(user, sizeof user, "app_%d", (int)getpid());
	snprintf(grantee, sizeof grantee, "'%s'@'localhost'", user);
	for (int round = 0; round < 2; round++) {
		EXPECT(migrate_app_user(fixture.owner, str_from(fixture.database), str_from(user),
					STR("localhost"), STR("it's \\ a \"password\""),
					&fixture.arena, &e),
		       RC_OK);
		const struct str g = str_from(grantee);
		assert_int_equal(count_rights(g, "audit_log", "%"), 2);
		assert_int_equal(count_rights(g, "audit_log", "INSERT"), 1);
		assert_int_equal(count_rights(g, "schema_migration", "%"), 1);
		assert_int_equal(count_rights(g, "account", "%"), 4);
		assert_int_equal(count_rights(g, "%", "ALTER"), 0);
		EXPECT(store_row(fixture.owner, &grant_table[G_SCHEMA], PARAMS(P_TEXT(g)),
				 &fixture.arena, &r, &e),
		       RC_OK);
		assert_int_equal(r.n, 0);
		/* What a person gave too much is taken back. */
		snprintf(sql, sizeof sql,
			 "GRANT ALL ON `%s`.* TO %s; GRANT UPDATE, DELETE ON `%s`.audit_log TO %s",
			 fixture.database, grantee, fixture.database, grantee);
		if (round == 0)
			db_fixture_exec(&fixture, sql);
	}
	struct store_options o = db_fixture_options(&fixture);
	struct store *s;
	o.user = str_from(user);
	o.password = STR("it's \\ a \"password\"");
	EXPECT(store_open(&o, &s, &e), RC_OK);
	EXPECT(store_verify(s, &e), RC_OK);
	EXPECT(store_verify(fixture.owner, &e), RC_OK);
	store_close(s);
	snprintf(sql, sizeof sql, "DROP USER %s", grantee);
	db_fixture_exec(&fixture, sql);
}

static void test_snapshot(void **state)
{
	struct str first, second;
	struct error e;

	(void)state;
	EXPECT(migrate_schema(fixture.owner, &fixture.arena, &first, &e), RC_OK);
	db_fixture_exec(&fixture,
			"INSERT INTO branch (name, zone) VALUES ('a', 'UTC'), ('b', 'UTC')");
	EXPECT(migrate_schema(fixture.owner, &fixture.arena, &second, &e), RC_OK);
	assert_true(str_eq(first, second));
	assert_true(str_find(first, STR("CREATE TABLE `occurrence`")) != SIZE_MAX);
	db_fixture_exec(&fixture,
			"CREATE TABLE zz (id INT NOT NULL PRIMARY KEY COMMENT 'x') COMMENT 'x'");
	EXPECT(migrate_schema(fixture.owner, &fixture.arena, &second, &e), RC_OK);
	db_fixture_exec(&fixture, "ALTER TABLE zz ADD secret INT NULL");
	EXPECT(migrate_schema(fixture.owner, &fixture.arena, &second, &e), RC_CONFLICT);
	assert_non_null(strstr(e.detail, "zz.secret has no comment"));
	db_fixture_exec(&fixture, "ALTER TABLE zz DROP secret, COMMENT ''");
	EXPECT(migrate_schema(fixture.owner, &fixture.arena, &second, &e), RC_CONFLICT);
	db_fixture_exec(&fixture, "DROP TABLE zz");
}

static void test_leases(void **state)
{
	struct store *s = db_fixture_store(&fixture);
	struct error e;

	(void)state;
	EXPECT(lease_take(s, STR("job"), HOLDER, 60, &fixture.arena, &e), RC_OK);
	EXPECT(lease_take(s, STR("job"), HOLDER, 60, &fixture.arena, &e), RC_OK);
	EXPECT(lease_take(s, STR("job"), OTHER, 60, &fixture.arena, &e), RC_BUSY);
	assert_true(e.retry_s >= 58 && e.retry_s <= 60);
	EXPECT(lease_take(s, STR("other job"), OTHER, 60, &fixture.arena, &e), RC_OK);
	EXPECT(lease_end(s, STR("job"), OTHER, &e), RC_OK);
	EXPECT(lease_take(s, STR("job"), OTHER, 60, &fixture.arena, &e), RC_BUSY);
	EXPECT(lease_end(s, STR("job"), HOLDER, &e), RC_OK);
	EXPECT(lease_take(s, STR("job"), OTHER, 60, &fixture.arena, &e), RC_OK);
	/* Over: anybody's. */
	db_fixture_exec(&fixture,
			"UPDATE lease SET until_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND");
	EXPECT(lease_take(s, STR("job"), HOLDER, 60, &fixture.arena, &e), RC_OK);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps_and_refusals),
		cmocka_unit_test(test_plain_client_is_recorded),
		cmocka_unit_test(test_rights_of_the_application),
		cmocka_unit_test(test_snapshot),
		cmocka_unit_test(test_leases),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
