/*
 * Devices on a real database: keys, who may manage them, and what refuses one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/identity/device.h"
#include "store/db_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START_US INT64_C(1795168200000000)

static struct db_fixture fixture;

static const struct who admin = { .role = ROLE_BRANCH_ADMIN,
				  .account_id = 1,
				  .person_id = COLUMN_NULL,
				  .branch_id = 1,
				  .zone = STR_INIT("UTC") };
static const struct who other_admin = { .role = ROLE_BRANCH_ADMIN,
					.account_id = 2,
					.person_id = COLUMN_NULL,
					.branch_id = 2,
					.zone = STR_INIT("UTC") };
static const struct who super = { .role = ROLE_SUPER_ADMIN,
				  .account_id = 3,
				  .person_id = COLUMN_NULL,
				  .branch_id = COLUMN_NULL,
				  .zone = STR_INIT("UTC") };
static const struct who teacher = { .role = ROLE_FACULTY,
				    .account_id = 4,
				    .person_id = COLUMN_NULL,
				    .branch_id = 1,
				    .zone = STR_INIT("UTC") };

static void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail);
}
#define EXPECT(call, want) expect_at((error_init(&e), call), (want), &e, __LINE__)

static char key_path[] = "/tmp/muster-device-XXXXXX";

static int set_up(void **state)
{
	static struct config config;
	static struct core c;
	char text[65];
	int fd;

	db_fixture_open(&fixture);
	fd = mkstemp(key_path);
	memset(text, 'a', 64);
	if (fd < 0 || write(fd, text, 64) != 64)
		return 1;
	close(fd);
	config = (struct config){ .server_key_file = str_from(key_path),
				  .listen_address = STR_INIT("127.0.0.1"),
				  .default_zone = STR_INIT("UTC") };
	db_fixture_exec(
		&fixture,
		"INSERT INTO branch (id, name, zone) VALUES (1, 'One', 'UTC'), (2, 'Two', "
		"'UTC');"
		"INSERT INTO account (id, uuid, role, username, password_hash, branch_id) VALUES"
		" (1, 'u1', 'branch_admin', 'a1', '', 1), (2, 'u2', 'branch_admin', 'a2', '', 2),"
		" (3, 'u3', 'super_admin', 'a3', '', NULL), (4, 'u4', 'faculty', 'a4', '', 1)");
	c = (struct core){ .db = db_fixture_store(&fixture),
			   .arena = &fixture.arena,
			   .config = &config,
			   .request_id = STR_INIT("00112233445566778899aabbccddeeff"),
			   .now_us = START_US,
			   .who = &admin };
	*state = &c;
	return 0;
}

static int tear_down(void **state)
{
	struct core *c = *state;

	unlink(key_path);
	store_close(c->db);
	db_fixture_close(&fixture);
	return 0;
}

static struct str make(struct core *c, const char *code, int64_t *ret_id)
{
	struct str key;
	struct error e;

	EXPECT(device_create(c, &(struct device_in){ .branch_id = 1, .code = str_from(code) }, &key,
			     ret_id, &e),
	       RC_OK);
	return key;
}

static void keys(void **state)
{
	struct core c = *(struct core *)*state;
	struct str key, newer;
	struct who who;
	struct error e;
	int64_t id, found;

	key = make(&c, "K-1", &id);
	assert_int_equal(key.n, 43);
	EXPECT(device_authenticate(&c, STR("K-1"), key, &who, &found, &e), RC_OK);
	assert_int_equal(found, id);
	assert_int_equal(who.role, ROLE_DEVICE);
	assert_int_equal(who.branch_id, 1);
	assert_true(who.account_id > 0);
	assert_true(str_eq(who.name, STR("K-1")));
	const int64_t before = store_n_statements(c.db);
	EXPECT(device_authenticate(&c, STR("K-1"), key, &who, &found, &e), RC_OK);
	assert_int_equal(store_n_statements(c.db) - before, 1); /* seen a minute ago at most */
	EXPECT(device_authenticate(&c, STR("k-1"), key, &who, &found, &e), RC_NOT_SIGNED_IN);
	EXPECT(device_authenticate(&c, STR("K-1"), STR(""), &who, &found, &e), RC_NOT_SIGNED_IN);
	EXPECT(device_authenticate(&c, STR("K-2"), key, &who, &found, &e), RC_NOT_SIGNED_IN);
	EXPECT(device_authenticate(&c, STR(""), key, &who, &found, &e), RC_NOT_SIGNED_IN);
	assert_int_equal(e.reason, REASON_DEVICE_KEY);
	EXPECT(device_rotate(&c, id, 0, &newer, &e), RC_OK);
	EXPECT(device_authenticate(&c, STR("K-1"), key, &who, &found, &e), RC_NOT_SIGNED_IN);
	EXPECT(device_authenticate(&c, STR("K-1"), newer, &who, &found, &e), RC_OK);
}

static void blocked(void **state)
{
	struct core c = *(struct core *)*state;
	struct device_row d;
	struct who who;
	struct error e;
	int64_t id, found;
	const struct str key = make(&c, "B-1", &id);

	EXPECT(device_block(&c, id, true, &e), RC_OK);
	EXPECT(device_block(&c, id, true, &e), RC_OK);
	EXPECT(device_authenticate(&c, STR("B-1"), key, &who, &found, &e), RC_DENIED);
	assert_int_equal(e.reason, REASON_DEVICE_BLOCKED);
	/* A wrong key does not learn that. */
	EXPECT(device_authenticate(&c, STR("B-1"), STR("x"), &who, &found, &e), RC_NOT_SIGNED_IN);
	EXPECT(device_block(&c, id, false, &e), RC_OK);
	EXPECT(device_authenticate(&c, STR("B-1"), key, &who, &found, &e), RC_OK);
	EXPECT(device_get(&c, id, &d, &e), RC_OK);
	assert_true(device_is_online(&c, &d));
	c.now_us += 301 * US_PER_S;
	assert_false(device_is_online(&c, &d));
	EXPECT(device_end(&c, id, &e), RC_OK);
	EXPECT(device_authenticate(&c, STR("B-1"), key, &who, &found, &e), RC_NOT_SIGNED_IN);
	EXPECT(device_get(&c, id, &d, &e), RC_NOT_FOUND);
	make(&c, "B-1", &found); /* the code is free again */
	assert_true(found != id);
}

static void demo_off_loopback(void **state)
{
	struct core c = *(struct core *)*state;
	struct config open = *c.config;
	struct who who;
	struct error e;
	int64_t id, found;
	const struct str key = make(&c, "D-1", &id);

	db_fixture_exec(&fixture, "UPDATE account SET is_demo = 1 WHERE id ="
				  " (SELECT account_id FROM device WHERE code = 'D-1')");
	EXPECT(device_authenticate(&c, STR("D-1"), key, &who, &found, &e), RC_OK);
	open.listen_address = STR("0.0.0.0");
	c.config = &open;
	EXPECT(device_authenticate(&c, STR("D-1"), key, &who, &found, &e), RC_NOT_SIGNED_IN);
}

static void rights(void **state)
{
	struct core c = *(struct core *)*state;
	const struct device_row *rows;
	struct device_row d;
	struct error e;
	struct str key;
	int64_t id;
	size_t n;

	make(&c, "R-1", &id);
	c.who = &other_admin;
	EXPECT(device_get(&c, id, &d, &e), RC_NOT_FOUND);
	EXPECT(device_block(&c, id, true, &e), RC_NOT_FOUND);
	EXPECT(device_rotate(&c, id, 0, &key, &e), RC_NOT_FOUND);
	EXPECT(device_end(&c, id, &e), RC_NOT_FOUND);
	EXPECT(device_get_by_code(&c, STR("R-1"), &d, &e), RC_NOT_FOUND);
	EXPECT(device_list(&c, 0, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 0);
	EXPECT(device_create(&c, &(struct device_in){ .branch_id = 1, .code = STR("R-2") }, &key,
			     &id, &e),
	       RC_INVALID);
	c.who = &super;
	EXPECT(device_list(&c, 0, &rows, &n, &e), RC_OK);
	assert_true(n > 0);
	EXPECT(device_create(&c, &(struct device_in){ .code = STR("R-2") }, &key, &id, &e),
	       RC_INVALID); /* of two branches one must be named */
	assert_string_equal(e.fields[0].field, "branch");
	c.who = &teacher;
	EXPECT(device_list(&c, 0, &rows, &n, &e), RC_DENIED);
	EXPECT(device_create(&c, &(struct device_in){ .code = STR("R-2") }, &key, &id, &e),
	       RC_DENIED);
}

static void fields(void **state)
{
	struct core c = *(struct core *)*state;
	struct device_row d;
	struct error e;
	struct str key;
	int64_t id;

	make(&c, "F-1", &id);
	EXPECT(device_create(&c, &(struct device_in){ .code = STR("F-1") }, &key, &id, &e),
	       RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_DEVICE_TAKEN);
	EXPECT(device_create(&c, &(struct device_in){ .code = STR("") }, &key, &id, &e),
	       RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_REQUIRED);
	EXPECT(device_create(&c, &(struct device_in){ .code = STR("a b") }, &key, &id, &e),
	       RC_INVALID);
	assert_int_equal(e.fields[0].reason, REASON_NOT_TEXT);
	EXPECT(device_create(&c,
			     &(struct device_in){ .code = STR("F-2"),
						  .location = STR("a\x01"
								  "b") },
			     &key, &id, &e),
	       RC_INVALID);
	make(&c, "F-3", &id);
	EXPECT(device_get(&c, id, &d, &e), RC_OK);
	EXPECT(device_change(&c, id,
			     &(struct device_in){ .code = STR("F-4"),
						  .name = STR("Door"),
						  .version = d.version },
			     &e),
	       RC_OK);
	EXPECT(device_change(&c, id,
			     &(struct device_in){ .code = STR("F-5"), .version = d.version }, &e),
	       RC_CONFLICT);
	EXPECT(device_change(&c, id, &(struct device_in){ .code = STR("F-1") }, &e), RC_INVALID);
	EXPECT(device_get_by_code(&c, STR("F-4"), &d, &e), RC_OK);
	assert_true(str_eq(d.name, STR("Door")));
	assert_int_equal(d.session_id, COLUMN_NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys),
		cmocka_unit_test(blocked),
		cmocka_unit_test(demo_off_loopback),
		cmocka_unit_test(rights),
		cmocka_unit_test(fields),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
