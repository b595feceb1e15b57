/*
 * Signing in, sessions, passwords, accounts and their audit rows, on a real database
 * and a clock that is moved by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/audit.h"
#include "core/identity/account.h"
#include "core/identity/auth.h"
#include "core/identity/password.h"
#include "store/account.h"
#include "store/db_fixture.h"

#include <stdio.h>

#define START_US INT64_C(1795168200000000)
#define PASSWORD "correct horse 7"

static struct db_fixture fixture;
static const struct who nobody = { .role = ROLE_NONE };

struct world {
	struct core c;
	struct arena settings;
	struct shm *shm;
};

static void expect_at(enum rc rc, enum rc want, const struct error *e, int line)
{
	if (rc != want)
		fail_msg("line %d: %s instead of %s: %s", line, rc_name(rc), rc_name(want),
			 rc == RC_OK ? "" : e->detail);
}
#define EXPECT(call, want) expect_at((call), (want), &e, __LINE__)

static const struct config *load(struct arena *a)
{
	char memory[] = "MUSTER_ARGON2_MEMORY_KIB=8192", time[] = "MUSTER_ARGON2_TIME=1";
	char *env[] = { memory, time, NULL };
	struct config_problems problems;
	const struct config *config;
	struct error e;

	EXPECT(config_load(a, NULL, env, &config, &problems, &e), RC_OK);
	return config;
}

static int64_t create(struct core *c, enum role role, const char *username, const char *email)
{
	struct error e;
	int64_t id = 0;

	EXPECT(account_create(c,
			      &(struct account_in){ .role = role,
						    .username = str_from(username),
						    .email = str_from(email),
						    .given_name = STR("Given"),
						    .family_name = STR("Fämily"),
						    .password = secret_make(STR(PASSWORD)) },
			      &id, &e),
	       RC_OK);
	return id;
}

static int set_up(void **state)
{
	static struct world w;
	struct error e;

	db_fixture_open(&fixture);
	arena_init(&w.settings, 1 << 20, 0);
	if (shm_new(1024, 2, &w.shm, &e) != RC_OK)
		return 1;
	w.c = (struct core){ .db = db_fixture_store(&fixture),
			     .arena = &fixture.arena,
			     .config = load(&w.settings),
			     .shm = w.shm,
			     .request_id = STR_INIT("00112233445566778899aabbccddeeff"),
			     .now_us = START_US,
			     .who = &nobody };
	create(&w.c, ROLE_SUPER_ADMIN, "root", "root@school.example");
	create(&w.c, ROLE_FACULTY, "Teacher.1", "Teacher@School.Example");
	create(&w.c, ROLE_BRANCH_ADMIN, "admin", "");
	create(&w.c, ROLE_STUDENT, "pupil", "");
	*state = &w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	store_close(w->c.db);
	shm_free(w->shm);
	arena_clear(&w->settings);
	db_fixture_close(&fixture);
	return 0;
}

static enum rc try_sign_in(struct core *c, const char *name, const char *password, unsigned roles,
			   struct sign_in *ret, struct error *e)
{
	return auth_sign_in(c,
			    &(struct sign_in_in){ .name = str_from(name),
						  .password = secret_make(str_from(password)),
						  .roles = roles,
						  .address = STR("198.51.100.7"),
						  .user_agent = STR("Test/1") },
			    ret, e);
}

static void sign_in(struct core *c, const char *name, struct sign_in *ret)
{
	struct error e;

	EXPECT(try_sign_in(c, name, PASSWORD, 0, ret, &e), RC_OK);
}

static const struct {
	const char *name, *password;
	unsigned roles;
	enum rc rc;
} doors[] = {
	{ "teacher.1", PASSWORD, 0, RC_OK },
	{ "  TEACHER.1\t", PASSWORD, 0, RC_OK },
	{ "teacher@school.example", PASSWORD, 0, RC_OK },
	{ "TEACHER@SCHOOL.EXAMPLE", PASSWORD, ROLE_BIT(ROLE_FACULTY), RC_OK },
	{ "pupil", PASSWORD, ROLE_BIT(ROLE_STUDENT), RC_OK },
	{ "teacher.1", PASSWORD, ROLE_BIT(ROLE_STUDENT), RC_NOT_SIGNED_IN },
	{ "pupil", PASSWORD, ROLE_BIT(ROLE_SUPER_ADMIN), RC_NOT_SIGNED_IN },
	{ "pupil", PASSWORD, ROLE_BIT(ROLE_DEVICE), RC_NOT_SIGNED_IN },
	{ "teacher.1", "Correct horse 7", 0, RC_NOT_SIGNED_IN },
	{ "teacher.1", "", 0, RC_NOT_SIGNED_IN },
	{ "teacher", PASSWORD, 0, RC_NOT_SIGNED_IN },
	{ "", PASSWORD, 0, RC_NOT_SIGNED_IN },
	{ "\xFF\xFE", PASSWORD, 0, RC_NOT_SIGNED_IN },
	{ "teacher.1' OR '1'='1", PASSWORD, 0, RC_NOT_SIGNED_IN },
};

static void test_doors(void **state)
{
	struct core *c = &((struct world *)*state)->c;

	for (size_t i = 0; i < ARRAY_LEN(doors); i++) {
		struct sign_in s;
		struct error e;
		c->now_us += 400 * US_PER_S;
		const enum rc rc =
			try_sign_in(c, doors[i].name, doors[i].password, doors[i].roles, &s, &e);
		if (rc != doors[i].rc)
			fail_msg("door %zu: %s", i, rc_name(rc));
		if (rc != RC_OK)
			assert_int_equal(e.reason, REASON_CREDENTIALS);
		arena_reset(&fixture.arena);
	}
}

static void test_who(void **state)
{
	struct core *c = &((struct world *)*state)->c;
	struct sign_in s;
	struct who w;
	struct error e;

	sign_in(c, "teacher.1", &s);
	assert_int_equal(s.max_age_s, 0);
	const int64_t before = store_n_statements(c->db);
	EXPECT(auth_session(c, str_from(s.token), &w, &e), RC_OK);
	assert_int_equal(store_n_statements(c->db) - before, 1);
	assert_int_equal(w.role, ROLE_FACULTY);
	assert_true(str_eq(w.name, STR("Given Fämily")));
	assert_true(str_eq(w.username, STR("teacher.1")));
	assert_true(str_eq(w.email, STR("teacher@school.example")));
	assert_true(str_eq(w.zone, STR("UTC")));
	assert_int_equal(strlen(w.csrf), 64);
	assert_string_equal(w.csrf, s.who.csrf);
	assert_true(w.person_id != COLUMN_NULL && w.branch_id != COLUMN_NULL);
	assert_true(w.has_shortcuts && w.language.n == 0 && w.theme == THEME_SYSTEM);
	assert_int_equal(w.version, 1);
	/* Each role's own version. */
	db_fixture_exec(&fixture,
			"UPDATE person SET version = 10; UPDATE branch SET version = 20; "
			"INSERT INTO branch (name, zone, version) VALUES ('B', 'UTC', 3)");
	EXPECT(auth_session(c, str_from(s.token), &w, &e), RC_OK);
	assert_int_equal(w.version, 10);
	sign_in(c, "root", &s);
	assert_int_equal(s.who.version, 23);
	assert_true(s.who.branch_id == COLUMN_NULL);
	sign_in(c, "admin", &s);
	assert_int_equal(s.who.version, 20);
	assert_true(s.who.branch_id > 0);
	/* A branch admin who lost the branch sees nothing, not everything. */
	db_fixture_exec(
		&fixture,
		"UPDATE account SET branch_id = NULL, person_id = NULL WHERE username = 'admin'");
	EXPECT(auth_session(c, str_from(s.token), &w, &e), RC_OK);
	assert_int_equal(w.branch_id, 0);
	db_fixture_exec(&fixture,
			"UPDATE account SET branch_id = 1, person_id = 3 WHERE username = 'admin'");
	/* A name and no person. */
	assert_true(str_eq(w.name, STR("admin")));
}

static void test_tokens(void **state)
{
	static const char *const wrong[] = {
		"",
		"x",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"AAAAAAAAAAAAAAAAAAAAA'AAAAAAAAAAAAAAAAAAAAA",
	};
	struct core *c = &((struct world *)*state)->c;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct who w;
		struct error e;
		EXPECT(auth_session(c, str_from(wrong[i]), &w, &e), RC_NOT_SIGNED_IN);
		assert_int_equal(e.reason, REASON_SESSION_ENDED);
	}
}

static void test_session_times(void **state)
{
	struct core *c = &((struct world *)*state)->c;
	const int64_t idle_us = c->config->session_idle_minutes * 60 * US_PER_S;
	struct sign_in s;
	struct who w;
	struct error e;
	int64_t before;

	sign_in(c, "teacher.1", &s);
	/* Moved at most once a minute. */
	c->now_us += 59 * US_PER_S;
	before = store_n_statements(c->db);
	EXPECT(auth_session(c, str_from(s.token), &w, &e), RC_OK);
	assert_int_equal(store_n_statements(c->db) - before, 1);
	c->now_us += US_PER_S;
	before = store_n_statements(c->db);
	EXPECT(auth_session(c, str_from(s.token), &w, &e), RC_OK);
	assert_int_equal(store_n_statements(c->db) - before, 2);
	before = store_n_statements(c->db);
	EXPECT(auth_session(c, str_from(s.token), &w, &e), RC_OK);
	assert_int_equal(store_n_statements(c->db) - before, 1);
	/* Used just before the end it lives on; unused it does not. */
	c->now_us += idle_us - US_PER_S;
	EXPECT(auth_session(c, str_from(s.token), &w, &e), RC_OK);
	c->now_us += idle_us;
	EXPECT(auth_session(c, str_from(s.token), &w, &e), RC_NOT_SIGNED_IN);
	/* Used all the time it ends all the same. */
	sign_in(c, "teacher.1", &s);
	const int64_t end = c->now_us + c->config->session_max_hours * 3600 * US_PER_S;
	for (; c->now_us < end; c->now_us += idle_us / 2)
		EXPECT(auth_session(c, str_from(s.token), &w, &e), RC_OK);
	EXPECT(auth_session(c, str_from(s.token), &w, &e), RC_NOT_SIGNED_IN);
	/* Kept: the cookie's age is said, and a long pause does no harm. */
	EXPECT(auth_sign_in(c,
			    &(struct sign_in_in){ .name = STR("teacher.1"),
						  .password = secret_make(STR(PASSWORD)),
						  .keep = true },
			    &s, &e),
	       RC_OK);
	assert_int_equal(s.max_age_s, 30 * 86400);
	c->now_us += 29 * US_PER_DAY;
	EXPECT(auth_session(c, str_from(s.token), &w, &e), RC_OK);
	c->now_us += US_PER_DAY;
	EXPECT(auth_session(c, str_from(s.token), &w, &e), RC_NOT_SIGNED_IN);
}

static void test_renewal_and_sign_out(void **state)
{
	struct core *c = &((struct world *)*state)->c;
	struct sign_in a, b;
	const struct auth_session_row *rows;
	struct who w;
	struct error e;
	size_t n;

	sign_in(c, "root", &a);
	EXPECT(auth_sign_in(c,
			    &(struct sign_in_in){ .name = STR("root"),
						  .password = secret_make(STR(PASSWORD)),
						  .old_token = str_from(a.token) },
			    &b, &e),
	       RC_OK);
	assert_string_not_equal(a.token, b.token);
	EXPECT(auth_session(c, str_from(a.token), &w, &e), RC_NOT_SIGNED_IN);
	sign_in(c, "root", &a);
	c->who = &b.who;
	EXPECT(auth_session_list(c, &rows, &n, &e), RC_OK);
	assert_true(n >= 2);
	for (size_t i = 0; i < n; i++)
		assert_true(rows[i].is_current == (rows[i].id == b.who.web_session_id));
	EXPECT(auth_session_end(c, a.who.web_session_id, &e), RC_OK);
	EXPECT(auth_session_end(c, a.who.web_session_id, &e), RC_NOT_FOUND);
	EXPECT(auth_session(c, str_from(a.token), &w, &e), RC_NOT_SIGNED_IN);
	/* Somebody else's session is not found. */
	c->who = &nobody;
	sign_in(c, "teacher.1", &a);
	c->who = &b.who;
	EXPECT(auth_session_end(c, a.who.web_session_id, &e), RC_NOT_FOUND);
	EXPECT(auth_session(c, str_from(a.token), &w, &e), RC_OK);
	EXPECT(auth_sign_out(c, &e), RC_OK);
	EXPECT(auth_sign_out(c, &e), RC_OK);
	EXPECT(auth_session(c, str_from(b.token), &w, &e), RC_NOT_SIGNED_IN);
	/* Everywhere. */
	c->who = &nobody;
	EXPECT(auth_sign_out(c, &e), RC_NOT_SIGNED_IN);
	sign_in(c, "root", &a);
	sign_in(c, "root", &b);
	c->who = &a.who;
	EXPECT(auth_sign_out_everywhere(c, &e), RC_OK);
	c->who = &nobody;
	EXPECT(auth_session(c, str_from(a.token), &w, &e), RC_NOT_SIGNED_IN);
	EXPECT(auth_session(c, str_from(b.token), &w, &e), RC_NOT_SIGNED_IN);
}

static void test_growing_delay(void **state)
{
	static const int64_t waits[] = { 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300 };
	static const char *const names[] = { "admin", "nobody.here" };
	struct core *c = &((struct world *)*state)->c;

	for (size_t k = 0; k < ARRAY_LEN(names); k++) {
		struct sign_in s;
		struct error e;
		for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
			EXPECT(try_sign_in(c, names[k], "wrong", 0, &s, &e), RC_NOT_SIGNED_IN);
			if (waits[i] == 0)
				continue;
			c->now_us += waits[i] * US_PER_S - US_PER_S;
			EXPECT(try_sign_in(c, names[k], PASSWORD, 0, &s, &e), RC_BUSY);
			assert_int_equal(e.reason, REASON_SIGN_IN_DELAY);
			assert_int_equal(e.arg, 1);
			assert_int_equal(e.retry_s, 1);
			c->now_us += US_PER_S;
		}
		c->now_us += 300 * US_PER_S;
		EXPECT(try_sign_in(c, names[k], PASSWORD, 0, &s, &e),
		       k == 0 ? RC_OK : RC_NOT_SIGNED_IN);
	}
	/* A success forgets; so does a day. */
	for (int round = 0; round < 2; round++) {
		struct sign_in s;
		struct error e;
		for (int i = 0; i < 2; i++)
			EXPECT(try_sign_in(c, "admin", "wrong", 0, &s, &e), RC_NOT_SIGNED_IN);
		EXPECT(try_sign_in(c, "admin", PASSWORD, 0, &s, &e), RC_OK);
	}
}

static void test_rate_of_an_address(void **state)
{
	struct world *w = *state;
	struct core c = w->c;
	struct config config = *w->c.config;
	struct clock clock = { .is_fake = true, .now_us = START_US };
	struct sign_in s;
	struct error e;
	enum rc rc = RC_OK;

	config.sign_in_per_address_per_minute = 3;
	c.config = &config;
	c.clock = &clock;
	for (int i = 0; i < 3; i++) {
		c.now_us += 600 * US_PER_S;
		rc = auth_sign_in(&c,
				  &(struct sign_in_in){ .name = STR("no"),
							.password = secret_make(STR("no")),
							.address = STR("203.0.113.9") },
				  &s, &e);
		assert_int_equal(rc, RC_NOT_SIGNED_IN);
	}
	rc = auth_sign_in(&c,
			  &(struct sign_in_in){ .name = STR("no"), .address = STR("203.0.113.9") },
			  &s, &e);
	assert_int_equal(rc, RC_BUSY);
	assert_int_equal(e.reason, REASON_RATE);
	assert_true(e.retry_s >= 1);
}

static void test_demo_only_on_loopback(void **state)
{
	struct world *w = *state;
	struct core c = w->c;
	struct config config = *w->c.config;
	struct sign_in s;
	struct who who;
	struct error e;

	db_fixture_exec(&fixture, "UPDATE branch SET ended_at = created_at WHERE name = 'B'");
	create(&c, ROLE_FACULTY, "demo_x", "");
	db_fixture_exec(&fixture, "UPDATE account SET is_demo = 1 WHERE username = 'demo_x'");
	sign_in(&c, "demo_x", &s);
	config.listen_address = STR("0.0.0.0");
	c.config = &config;
	EXPECT(auth_session(&c, str_from(s.token), &who, &e), RC_NOT_SIGNED_IN);
	EXPECT(try_sign_in(&c, "demo_x", PASSWORD, 0, &s, &e), RC_NOT_SIGNED_IN);
	assert_int_equal(e.reason, REASON_CREDENTIALS);
}

static void test_rehash(void **state)
{
	struct world *w = *state;
	struct core c = w->c;
	struct config config = *w->c.config;
	struct sign_in s;
	struct error e;

	config.argon2_time = 2;
	c.config = &config;
	sign_in(&c, "root", &s);
	/* Now it is of the new cost: under the old settings it is renewed again. */
	sign_in(&w->c, "root", &s);
	EXPECT(try_sign_in(&w->c, "root", "other", 0, &s, &e), RC_NOT_SIGNED_IN);
	w->c.now_us += 400 * US_PER_S;
	sign_in(&w->c, "root", &s);
}

/* Somebody changes the password while another sign-in is about to renew the hash of the old one. */
static void test_rehash_after_change(void **state)
{
	struct core *c = &((struct world *)*state)->c;
	struct account_sign_in before, after;
	struct error e;

	EXPECT(account_get_by_name(c->db, STR("pupil"), c->arena, &before, &e), RC_OK);
	EXPECT(account_raise_epoch(c->db, before.id, &e), RC_OK);
	EXPECT(account_rehash(c->db, before.id, before.epoch, STR("too late"), &e), RC_OK);
	EXPECT(account_get(c->db, before.id, c->arena, &after, &e), RC_OK);
	assert_true(str_eq(after.password_hash, before.password_hash));
	EXPECT(account_rehash(c->db, after.id, after.epoch, before.password_hash, &e), RC_OK);
	assert_int_equal(after.epoch, before.epoch + 1);
}

static void test_password_change(void **state)
{
	static const struct {
		const char *current, *wanted, *repeat, *field;
		enum reason reason;
	} wrong[] = {
		{ PASSWORD, "", "", "new_password", REASON_REQUIRED },
		{ PASSWORD, "short 7", "short 7", "new_password", REASON_TOO_SHORT },
		{ PASSWORD, "Password123", "Password123", "new_password", REASON_PASSWORD_COMMON },
		{ PASSWORD, "00000000000", "00000000000", "new_password", REASON_PASSWORD_COMMON },
		{ PASSWORD, "56789012345", "56789012345", "new_password", REASON_PASSWORD_COMMON },
		{ PASSWORD, "TEACHER.1", "TEACHER.1", "new_password", REASON_PASSWORD_COMMON },
		{ PASSWORD, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "", "new_password",
		  REASON_NOT_TEXT },
		{ PASSWORD, PASSWORD, PASSWORD, "new_password", REASON_PASSWORD_SAME },
		{ PASSWORD, "another one 8", "another one 9", "repeat_password",
		  REASON_PASSWORD_REPEAT },
		{ "wrong", "another one 8", "another one 8", "current_password",
		  REASON_PASSWORD_WRONG },
	};
	struct core *c = &((struct world *)*state)->c;
	struct sign_in here, there;
	struct who w;
	struct error e;

	c->now_us += 400 * US_PER_S;
	sign_in(c, "teacher.1", &here);
	sign_in(c, "teacher.1", &there);
	c->who = &here.who;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		error_init(&e);
		EXPECT(password_change(c, secret_make(str_from(wrong[i].current)),
				       secret_make(str_from(wrong[i].wanted)),
				       secret_make(str_from(wrong[i].repeat)), &e),
		       RC_INVALID);
		assert_string_equal(e.fields[0].field, wrong[i].field);
		assert_int_equal(e.fields[0].reason, wrong[i].reason);
	}
	EXPECT(password_change(c, secret_make(STR(PASSWORD)), secret_make(STR("another one 8")),
			       secret_make(STR("another one 8")), &e),
	       RC_OK);
	c->who = &nobody;
	EXPECT(auth_session(c, str_from(here.token), &w, &e), RC_OK);
	EXPECT(auth_session(c, str_from(there.token), &w, &e), RC_NOT_SIGNED_IN);
	EXPECT(try_sign_in(c, "teacher.1", PASSWORD, 0, &there, &e), RC_NOT_SIGNED_IN);
	EXPECT(try_sign_in(c, "teacher.1", "another one 8", 0, &there, &e), RC_OK);
	EXPECT(account_set_password(c, STR("TEACHER.1"), secret_make(STR(PASSWORD)), &e), RC_OK);
	EXPECT(auth_session(c, str_from(there.token), &w, &e), RC_NOT_SIGNED_IN);
}

static void test_preferences_and_trail(void **state)
{
	struct core *c = &((struct world *)*state)->c;
	const struct audit_row *rows;
	struct sign_in s;
	struct who w;
	struct error e;
	size_t n;

	sign_in(c, "root", &s);
	c->who = &s.who;
	EXPECT(account_set_preferences(c,
				       &(struct account_preferences){ .language = STR("fr"),
								      .theme = THEME_DARK },
				       &e),
	       RC_OK);
	EXPECT(auth_session(c, str_from(s.token), &w, &e), RC_OK);
	assert_true(str_eq(w.language, STR("fr")) && w.theme == THEME_DARK && !w.has_shortcuts);
	EXPECT(audit_trail(c, "account", s.who.account_id, 0, 500, &rows, &n, &e), RC_OK);
	assert_true(n >= 4);
	assert_true(str_eq(rows[0].action, STR("account.preferences")));
	assert_true(str_eq(rows[0].actor_name, STR("Given Fämily")));
	assert_true(str_eq(rows[0].request_id, c->request_id));
	assert_true(str_eq(rows[0].detail,
			   STR("{\"language\":\"fr\",\"theme\":\"dark\",\"shortcuts\":false}")));
	assert_true(str_eq(rows[1].action, STR("account.signed_in")));
	assert_int_equal(rows[1].actor_id, s.who.account_id);
	assert_true(rows[0].id > rows[1].id);
	assert_true(str_eq(rows[n - 1].action, STR("account.created")));
	assert_true(rows[n - 1].actor_id == COLUMN_NULL && rows[n - 1].actor_name.n == 0);
	const int64_t last = rows[0].id;
	EXPECT(audit_trail(c, "account", s.who.account_id, last, 2, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 2);
	assert_true(rows[0].id < last);
	c->who = &nobody;
}

static void test_accounts(void **state)
{
	static const struct {
		struct account_in in;
		const char *field;
		enum reason reason;
	} wrong[] = {
		{ { .role = ROLE_FACULTY, .username = STR_INIT("ROOT") },
		  "username",
		  REASON_USERNAME_TAKEN },
		{ { .role = ROLE_FACULTY, .username = STR_INIT("a b") },
		  "username",
		  REASON_NOT_TEXT },
		{ { .role = ROLE_FACULTY }, "username", REASON_REQUIRED },
		{ { .role = ROLE_DEVICE, .username = STR_INIT("dev") },
		  "role",
		  REASON_NOT_A_CHOICE },
		{ { .role = ROLE_FACULTY, .username = STR_INIT("n1"), .email = STR_INIT("x") },
		  "email",
		  REASON_NOT_AN_EMAIL },
		{ { .role = ROLE_FACULTY,
		    .username = STR_INIT("n1"),
		    .email = STR_INIT("Root@school.example") },
		  "email",
		  REASON_EMAIL_TAKEN },
		{ { .role = ROLE_FACULTY,
		    .username = STR_INIT("n1"),
		    .branch = STR_INIT("Nowhere") },
		  "branch",
		  REASON_NOT_A_CHOICE },
		{ { .role = ROLE_FACULTY, .username = STR_INIT("n1") },
		  "branch",
		  REASON_NOT_A_CHOICE },
		{ { .role = ROLE_FACULTY,
		    .username = STR_INIT("n1"),
		    .given_name = STR_INIT("\xFF") },
		  "given_name",
		  REASON_NOT_TEXT },
	};
	struct core *c = &((struct world *)*state)->c;
	const struct account_row *rows;
	struct sign_in s;
	struct who w;
	struct error e;
	size_t n;
	int64_t id;

	/* There are two branches by now, so that one must be named. */
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct account_in in = wrong[i].in;
		error_init(&e);
		in.password = secret_make(STR(PASSWORD));
		if (wrong[i].reason == REASON_USERNAME_TAKEN ||
		    wrong[i].reason == REASON_EMAIL_TAKEN)
			in.branch = STR("Main campus");
		EXPECT(account_create(c, &in, &id, &e), RC_INVALID);
		assert_string_equal(e.fields[0].field, wrong[i].field);
		assert_int_equal(e.fields[0].reason, wrong[i].reason);
	}
	EXPECT(account_list(c, 0, 2, &rows, &n, &e), RC_OK);
	assert_int_equal(n, 2);
	assert_true(str_eq(rows[0].username, STR("root")) &&
		    str_eq(rows[1].username, STR("teacher.1")));
	assert_true(str_eq(rows[1].role, STR("faculty")) &&
		    str_eq(rows[1].branch, STR("Main campus")));
	sign_in(c, "pupil", &s);
	EXPECT(account_disable(c, STR("pupil"), &e), RC_OK);
	EXPECT(auth_session(c, str_from(s.token), &w, &e), RC_NOT_SIGNED_IN);
	EXPECT(try_sign_in(c, "pupil", PASSWORD, 0, &s, &e), RC_NOT_SIGNED_IN);
	EXPECT(account_disable(c, STR("nope"), &e), RC_NOT_FOUND);
}

static void test_role_filter(void **state)
{
	unsigned roles = 7;

	(void)state;
	assert_true(auth_role_filter(STR("student"), &roles) && roles == ROLE_BIT(ROLE_STUDENT));
	assert_true(auth_role_filter(STR("employee_faculty"), &roles));
	assert_int_equal(roles, ROLE_BIT(ROLE_EMPLOYEE) | ROLE_BIT(ROLE_FACULTY));
	assert_true(auth_role_filter(STR("admin"), &roles));
	assert_int_equal(roles, ROLE_BIT(ROLE_SUPER_ADMIN) | ROLE_BIT(ROLE_BRANCH_ADMIN));
	assert_false(auth_role_filter(STR(""), &roles));
	assert_false(auth_role_filter(STR("Admin"), &roles));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_doors),
		cmocka_unit_test(test_who),
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_renewal_and_sign_out),
		cmocka_unit_test(test_growing_delay),
		cmocka_unit_test(test_rate_of_an_address),
		cmocka_unit_test(test_rehash),
		cmocka_unit_test(test_rehash_after_change),
		cmocka_unit_test(test_password_change),
		cmocka_unit_test(test_preferences_and_trail),
		cmocka_unit_test(test_accounts),
		cmocka_unit_test(test_session_times),
		cmocka_unit_test(test_role_filter),
		cmocka_unit_test(test_demo_only_on_loopback),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
