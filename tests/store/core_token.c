/*
 * Signing in by token: what a token proves, how long, and what ends it, on a real database
 * and a clock that is moved by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/identity/account.h"
#include "core/identity/token.h"
#include "store/db_fixture.h"

#define START_US INT64_C(1795168200000000)
#define PASSWORD "correct horse 7"

static struct db_fixture fixture;
static const struct who nobody = { .role = ROLE_NONE };
static const struct token_key key = { "a key of exactly thirty-two byte" };
static const struct token_key other_key = { "another key of thirty-two bytes!" };

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

static void create(struct core *c, enum role role, const char *username)
{
	struct error e;
	int64_t id = 0;

	EXPECT(account_create(c,
			      &(struct account_in){ .role = role,
						    .username = str_from(username),
						    .given_name = STR("Given"),
						    .family_name = STR("Family"),
						    .password = secret_make(STR(PASSWORD)) },
			      &id, &e),
	       RC_OK);
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
			     .token_key = &key,
			     .request_id = STR_INIT("00112233445566778899aabbccddeeff"),
			     .now_us = START_US,
			     .who = &nobody };
	create(&w.c, ROLE_SUPER_ADMIN, "root");
	create(&w.c, ROLE_FACULTY, "teacher");
	create(&w.c, ROLE_STUDENT, "pupil");
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

static struct who sign_in(struct core *c, const char *name, enum token_family family)
{
	struct sign_in done;
	struct error e;

	EXPECT(auth_sign_in(c,
			    &(struct sign_in_in){ .name = str_from(name),
						  .password = secret_make(STR(PASSWORD)),
						  .family = family },
			    &done, &e),
	       RC_OK);
	/* There is no cookie that could be used beside it. */
	assert_int_equal(str_from(done.token).n, family == TOKEN_NONE ? CRYPTO_TOKEN_SIZE - 1 : 0);
	return done.who;
}

static struct str issue(struct core *c, const struct who *who, enum token_family family,
			enum token_use use)
{
	struct token token;
	struct error e;

	EXPECT(token_issue(c, who, family, use, &token, &e), RC_OK);
	return token.text;
}

/* What reading and then asking gives. */
static enum rc use(struct core *c, struct str token, struct who *ret, struct error *e)
{
	struct token_claims claims;

	error_init(e);
	TRY(token_read(c, token, &claims, e));
	return token_who(c, &claims, ret, e);
}

static void expect_refused(struct core *c, struct str token, enum reason reason)
{
	struct error e;
	struct who who;

	EXPECT(use(c, token, &who, &e), RC_NOT_SIGNED_IN);
	assert_int_equal(e.reason, reason);
}

static void every_family(void **state)
{
	struct world *w = *state;
	struct core *c = &w->c;

	for (int f = TOKEN_NONE + 1; f < TOKEN__MAX; f++) {
		const struct who signed_in = sign_in(c, "pupil", (enum token_family)f);
		const struct str token = issue(c, &signed_in, (enum token_family)f, TOKEN_ACCESS);
		struct token_claims claims;
		struct who who, claimed;
		struct error e;

		EXPECT(token_read(c, token, &claims, &e), RC_OK);
		assert_int_equal(claims.family, f);
		assert_false(claims.is_refresh);
		token_claims_who(c, &claims, &claimed);
		const int64_t before = store_n_statements(c->db);
		EXPECT(token_who(c, &claims, &who, &e), RC_OK);
		assert_int_equal(store_n_statements(c->db) - before, 1);
		assert_int_equal(who.account_id, signed_in.account_id);
		assert_int_equal(claimed.account_id, who.account_id);
		assert_int_equal(claimed.person_id, who.person_id);
		assert_int_equal(claimed.branch_id, who.branch_id);
		assert_int_equal(claimed.role, ROLE_STUDENT);
		assert_int_equal(claimed.web_session_id, who.web_session_id);
	}
}

static void lifetimes(void **state)
{
	static const struct {
		const char *name;
		enum token_family family;
		int64_t seconds;
	} cases[] = {
		{ "pupil", TOKEN_000, 86400 },  { "pupil", TOKEN_002, 600 },
		{ "teacher", TOKEN_002, 3600 }, { "root", TOKEN_002, 3600 },
		{ "pupil", TOKEN_003, 3600 },
	};
	struct world *w = *state;
	struct core c = w->c;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct who who;
		struct error e;

		c.now_us = START_US;
		who = sign_in(&c, cases[i].name, cases[i].family);
		const struct str token = issue(&c, &who, cases[i].family, TOKEN_ACCESS);
		c.now_us = START_US + (cases[i].seconds - 1) * US_PER_S;
		EXPECT(use(&c, token, &who, &e), RC_OK);
		c.now_us = START_US + cases[i].seconds * US_PER_S;
		expect_refused(&c, token, REASON_TOKEN);
	}
}

static void refreshing(void **state)
{
	struct world *w = *state;
	struct core c = w->c;
	const struct who who = sign_in(&c, "teacher", TOKEN_003);
	const struct str refresh = issue(&c, &who, TOKEN_003, TOKEN_REFRESH);
	const struct str access = issue(&c, &who, TOKEN_003, TOKEN_ACCESS);
	struct token fresh;
	struct error e;
	struct who back;

	expect_refused(&c, refresh, REASON_TOKEN); /* not to ask things with */
	EXPECT(token_refresh(&c, access, TOKEN_003, &fresh, &e), RC_NOT_SIGNED_IN);
	EXPECT(token_refresh(&c, STR("x"), TOKEN_003, &fresh, &e), RC_NOT_SIGNED_IN);
	c.now_us = START_US + 1439 * 60 * US_PER_S;
	expect_refused(&c, access, REASON_TOKEN);
	EXPECT(token_refresh(&c, refresh, TOKEN_003, &fresh, &e), RC_OK);
	EXPECT(use(&c, fresh.text, &back, &e), RC_OK);
	/* The refresh token is not changed by being used; its end is the end of the sign-in. */
	c.now_us = START_US + 1440 * 60 * US_PER_S;
	EXPECT(token_refresh(&c, refresh, TOKEN_003, &fresh, &e), RC_NOT_SIGNED_IN);
	expect_refused(&c, fresh.text, REASON_SESSION_ENDED);
}

static void ends_with_its_session(void **state)
{
	struct world *w = *state;
	struct core c = w->c;
	const struct who who = sign_in(&c, "pupil", TOKEN_002),
			 twin = sign_in(&c, "pupil", TOKEN_002);
	const struct who elsewhere = sign_in(&c, "pupil", TOKEN_003);
	const struct who other = sign_in(&c, "teacher", TOKEN_002);
	const struct str token = issue(&c, &who, TOKEN_002, TOKEN_ACCESS);
	const struct str twin_token = issue(&c, &twin, TOKEN_002, TOKEN_ACCESS);
	const struct str elsewhere_token = issue(&c, &elsewhere, TOKEN_003, TOKEN_ACCESS);
	const struct str other_token = issue(&c, &other, TOKEN_002, TOKEN_ACCESS);
	struct who back;
	struct error e;

	c.who = &who;
	EXPECT(auth_sign_out_family(&c, TOKEN_002, &e), RC_OK);
	EXPECT(auth_sign_out_family(&c, TOKEN_002, &e), RC_OK);
	expect_refused(&c, token, REASON_SESSION_ENDED);
	expect_refused(&c, twin_token, REASON_SESSION_ENDED);
	EXPECT(use(&c, elsewhere_token, &back, &e), RC_OK);
	EXPECT(use(&c, other_token, &back, &e), RC_OK);
	c.who = &elsewhere;
	EXPECT(auth_sign_out_everywhere(&c, &e), RC_OK);
	expect_refused(&c, elsewhere_token, REASON_SESSION_ENDED);
	EXPECT(use(&c, other_token, &back, &e), RC_OK);
}

static void forged(void **state)
{
	struct world *w = *state;
	struct core c = w->c;
	const struct who who = sign_in(&c, "pupil", TOKEN_003);
	struct who lie = who;
	struct error e;
	struct who back;

	c.token_key = &other_key;
	const struct str foreign = issue(&c, &who, TOKEN_003, TOKEN_ACCESS);
	c.token_key = &key;
	expect_refused(&c, foreign, REASON_TOKEN);
	/* Nobody can sign this, but if somebody could: the session is of another account. */
	lie.account_id = who.account_id - 1;
	expect_refused(&c, issue(&c, &lie, TOKEN_003, TOKEN_ACCESS), REASON_SESSION_ENDED);
	/* A cookie's session is no token's. */
	lie = sign_in(&c, "pupil", TOKEN_NONE);
	expect_refused(&c, issue(&c, &lie, TOKEN_003, TOKEN_ACCESS), REASON_SESSION_ENDED);
	EXPECT(use(&c, issue(&c, &who, TOKEN_003, TOKEN_ACCESS), &back, &e), RC_OK);
	c.token_key = NULL;
	expect_refused(&c, foreign, REASON_TOKEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_family), cmocka_unit_test(lifetimes),
		cmocka_unit_test(refreshing),   cmocka_unit_test(ends_with_its_session),
		cmocka_unit_test(forged),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
