/*
 * Digests against published vectors, random values, password hashes, rates and
 * the gate, the last two also over processes and over a killed holder.
 */
#include "sys/crypto.h"
#include "sys/shm.h"

#include "base/num.h"
#include "base/time.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* The least argon2 takes, so that the tests are quick. */
static const struct password_cost cheap = { 64, 1 }, dearer = { 128, 1 };

static void assert_digest(const uint8_t d[32], const char *hex)
{
	uint8_t want[32];

	assert_true(num_hex(str_from(hex), want, 32));
	assert_memory_equal(d, want, 32);
}

static void digests(void **state)
{
	static const struct {
		struct str in;
		const char *hex;
	} cases[] = {
		/* FIPS 180-4 examples */
		{ STR_INIT(""),
		  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ STR_INIT("abc"),
		  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ STR_INIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	uint8_t d[32];
	struct error e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(crypto_sha256(cases[i].in, d, &e), RC_OK);
		assert_digest(d, cases[i].hex);
	}
	/* RFC 4231, cases 2 and 6 */
	assert_int_equal(crypto_hmac_sha256(secret_make(STR("Jefe")),
					    STR("what do ya want for nothing?"), d, &e),
			 RC_OK);
	assert_digest(d, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	char key[131];
	memset(key, 0xaa, sizeof key);
	assert_int_equal(
		crypto_hmac_sha256(secret_make(str_make(key, sizeof key)),
				   STR("Test Using Larger Than Block-Size Key - Hash Key First"), d,
				   &e),
		RC_OK);
	assert_digest(d, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	assert_int_equal(crypto_hmac_sha256(secret_make(STR("")), STR(""), d, &e), RC_OK);
	assert_digest(d, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void digest_of_a_file(void **state)
{
	int fd = memfd_create("t", 0);
	uint8_t d[32], want[32];
	struct error e;
	char a[1000];

	(void)state;
	/* FIPS 180-4: a million times 'a'. */
	memset(a, 'a', sizeof a);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(write(fd, a, sizeof a), (ssize_t)sizeof a);
	assert_int_equal(crypto_sha256_file(fd, 0, 1000000, d, &e), RC_OK);
	assert_digest(d, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	assert_int_equal(crypto_sha256_file(fd, 999990, 10, d, &e), RC_OK);
	assert_int_equal(crypto_sha256(STR("aaaaaaaaaa"), want, &e), RC_OK);
	assert_memory_equal(d, want, 32);
	assert_int_equal(crypto_sha256_file(fd, 1, 1000000, d, &e), RC_DEPENDENCY);
	assert_memory_equal(d, want, 32);
	close(fd);
	assert_int_equal(crypto_sha256_file(fd, 0, 1, d, &e), RC_DEPENDENCY);
	assert_int_not_equal(e.foreign, 0);
}

static void random_values(void **state)
{
	char id[CRYPTO_ID_SIZE], other[CRYPTO_ID_SIZE], token[CRYPTO_TOKEN_SIZE];
	int seen[7] = { 0 };

	(void)state;
	assert_int_equal(crypto_random_id(id).n, 32);
	crypto_random_id(other);
	assert_string_not_equal(id, other);
	assert_int_equal(strspn(id, "0123456789abcdef"), 32);
	assert_int_equal(crypto_random_token(token).n, 43);
	for (int i = 0; i < 43; i++)
		assert_true(ascii_is_alnum(token[i]) || token[i] == '-' || token[i] == '_');
	for (int i = 0; i < 7000; i++)
		seen[crypto_random_below(7)]++;
	for (int i = 0; i < 7; i++)
		assert_in_range(seen[i], 700, 1300); /* ten deviations wide */
	assert_int_equal(crypto_random_below(1), 0);
}

static void compare(void **state)
{
	(void)state;
	assert_true(crypto_equal_str(STR("abc"), STR("abc")));
	assert_false(crypto_equal_str(STR("abc"), STR("abd")));
	assert_false(crypto_equal_str(STR("abc"), STR("ab")));
	assert_true(crypto_equal_str(STR(""), STR("")));
}

static void passwords(void **state)
{
	char encoded[CRYPTO_HASH_SIZE], again[CRYPTO_HASH_SIZE], big[1025];
	struct secret right = secret_make(STR("correct horse")),
		      wrong = secret_make(STR("correct"));
	bool match, rehash;
	struct error e;

	(void)state;
	assert_int_equal(password_hash(cheap, NULL, right, encoded, &e), RC_OK);
	assert_int_equal(password_hash(cheap, NULL, right, again, &e), RC_OK);
	assert_string_not_equal(encoded, again); /* a salt of its own */
	struct str h = str_from(encoded);
	assert_true(str_starts(h, STR("$argon2id$v=19$m=64,t=1,p=1$")));
	assert_int_equal(password_verify(cheap, NULL, h, right, &match, &rehash, &e), RC_OK);
	assert_true(match && !rehash);
	assert_int_equal(password_verify(dearer, NULL, h, right, &match, &rehash, &e), RC_OK);
	assert_true(match && rehash);
	assert_int_equal(password_verify(dearer, NULL, h, wrong, &match, &rehash, &e), RC_OK);
	assert_true(!match && !rehash);
	/* Empty passwords are passwords; zero bytes count. */
	assert_int_equal(password_verify(cheap, NULL, h, secret_make(STR("")), &match, &rehash, &e),
			 RC_OK);
	assert_false(match);
	assert_int_equal(password_verify(cheap, NULL, h, secret_make(STR("correct horse\0")),
					 &match, &rehash, &e),
			 RC_OK);
	assert_false(match);
	memset(big, 'x', sizeof big);
	struct secret too_long = secret_make(str_make(big, sizeof big));
	assert_int_equal(password_hash(cheap, NULL, too_long, again, &e), RC_INVALID);
	assert_int_equal(e.reason, REASON_TOO_LONG);
	assert_int_equal(password_hash(cheap, NULL, secret_make(str_make(big, 1024)), again, &e),
			 RC_OK);
	assert_int_equal(password_verify(cheap, NULL, str_from(again), too_long, &match, &rehash,
					 &e),
			 RC_OK);
	assert_false(match);
}

static void known_hash(void **state)
{
	/* printf password | argon2 somesaltsomesalt -id -t 2 -m 12 -p 1 -l 32 -e */
	struct str h = STR("$argon2id$v=19$m=4096,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
			   "H5mZn8QsFFwntPktdbjGNtqB+DDJ+nixq94uJAZoqIk");
	bool match = false, rehash = false;
	struct error e;

	(void)state;
	assert_int_equal(password_verify(cheap, NULL, h, secret_make(STR("password")), &match,
					 &rehash, &e),
			 RC_OK);
	assert_true(match && rehash);
}

static void foreign_hashes_never_match(void **state)
{
	static const struct str cases[] = {
		STR_INIT(""),
		STR_INIT("x"),
		STR_INIT("$2y$10$abcdefghijklmnopqrstuuR4h"),
		STR_INIT("$argon2id$v=19$m=64,t=1,p=1$"),
		STR_INIT("$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AA"),
		STR_INIT("$argon2id$v=19$m=99999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
			 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
		STR_INIT("$argon2id$v=19$m=64,t=1,p=2$AAAAAAAAAAAAAAAAAAAAAA$"
			 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
		STR_INIT("$argon2i$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
			 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
		STR_INIT("$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
			 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA$"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool match = true, rehash = true;
		struct error e;

		assert_int_equal(password_verify(cheap, NULL, cases[i], secret_make(STR("")),
						 &match, &rehash, &e),
				 RC_OK);
		assert_true(!match && !rehash);
	}
}

/* The memory of a hash is given back. */
static void hash_memory_is_returned(void **state)
{
	struct password_cost real = { 19456, 2 };
	char encoded[CRYPTO_HASH_SIZE], text[64];
	int64_t before = 0, after = 0;
	struct error e;

	(void)state;
	for (int i = 0; i < 3; i++) {
		FILE *f = fopen("/proc/self/statm", "r");
		int64_t *pages = i < 2 ? &before : &after;
		assert_non_null(f);
		assert_non_null(fgets(text, sizeof text, f));
		fclose(f);
		struct str rest = str_from(text), word;
		assert_true(str_split(&rest, ' ', &word) && str_split(&rest, ' ', &word));
		assert_true(num_i64(word, 0, INT64_MAX, pages));
		assert_int_equal(password_hash(real, NULL, secret_make(STR("x")), encoded, &e),
				 RC_OK);
	}
	assert_true(after - before < 256); /* 1 MiB; a hash takes 19 */
}

#define S US_PER_S

static void rates(void **state)
{
	struct str a = STR("sign-in:198.51.100.7"), b = STR("sign-in:198.51.100.8");
	int64_t retry, t0 = INT64_C(1763632800) * S;
	struct shm *s;
	struct error e;

	(void)state;
	assert_int_equal(shm_new(1024, 2, &s, &e), RC_OK);
	for (int i = 0; i < 5; i++)
		assert_true(rate_take(s, a, 5, 60, t0 + i, &retry));
	assert_false(rate_take(s, a, 5, 60, t0 + 10 * S, &retry));
	assert_in_range(retry, 50, 62);
	assert_true(rate_take(s, b, 5, 60, t0, &retry)); /* somebody else */
	assert_int_equal(retry, 0);
	assert_true(rate_take(s, a, 5, 3600, t0, &retry)); /* another window is another count */
	/* What was announced holds: not a second before, but then. */
	assert_false(rate_take(s, a, 5, 60, t0 + 10 * S, &retry));
	assert_false(rate_take(s, a, 5, 60, t0 + (10 + retry - 1) * S, NULL));
	assert_true(rate_take(s, a, 5, 60, t0 + (10 + retry) * S, NULL));
	/* The last window still counts in part: five old ones, half passed, leave room for three.
	 */
	for (int i = 0; i < 5; i++)
		assert_true(rate_take(s, STR("c"), 5, 60, t0 + i, NULL));
	for (int i = 0; i < 3; i++)
		assert_true(rate_take(s, STR("c"), 5, 60, t0 + 90 * S, NULL));
	assert_false(rate_take(s, STR("c"), 5, 60, t0 + 90 * S, NULL));
	assert_true(rate_take(s, STR("c"), 5, 60, t0 + 300 * S, NULL)); /* long ago: forgotten */
	for (int i = 0; i < 100; i++)
		assert_true(rate_take(s, STR("d"), 0, 60, t0, NULL)); /* no limit */
	shm_free(s);
}

/* A flood of other keys does not free a busy one. */
static void busy_keys_survive_a_flood(void **state)
{
	int64_t t0 = INT64_C(1763632800) * S;
	struct shm *s;
	struct error e;

	(void)state;
	assert_int_equal(shm_new(64, 1, &s, &e), RC_OK);
	for (int i = 0; i < 10; i++)
		assert_true(rate_take(s, STR("busy"), 10, 60, t0, NULL));
	for (int i = 0; i < 5000; i++) {
		char key[16];

		snprintf(key, sizeof key, "%d", i);
		assert_true(rate_take(s, str_from(key), 10, 60, t0, NULL));
	}
	assert_false(rate_take(s, STR("busy"), 10, 60, t0, NULL));
	shm_free(s);
}

static int child_status(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* Four processes take together exactly what one may. */
static void rates_over_processes(void **state)
{
	int64_t t0 = INT64_C(1763632800) * S;
	int allowed = 0;
	pid_t pids[4];
	struct shm *s;
	struct error e;

	(void)state;
	assert_int_equal(shm_new(1024, 1, &s, &e), RC_OK);
	for (int p = 0; p < 4; p++) {
		pids[p] = fork();
		assert_true(pids[p] >= 0);
		if (pids[p] == 0) {
			int n = 0;

			for (int i = 0; i < 1000; i++)
				n += rate_take(s, STR("k"), 200, 60, t0, NULL);
			_exit(n);
		}
	}
	for (int p = 0; p < 4; p++)
		allowed += WEXITSTATUS(child_status(pids[p]));
	assert_int_equal(allowed, 200);
	shm_free(s);
}

static void gate(void **state)
{
	unsigned one, two, three;
	struct shm *s;
	struct error e;

	(void)state;
	assert_int_equal(shm_new(8, 2, &s, &e), RC_OK);
	assert_int_equal(shm_gate_enter(s, 0, &one, &e), RC_OK);
	assert_int_equal(shm_gate_enter(s, 0, &two, &e), RC_OK);
	assert_int_not_equal(one, two);
	/* The same question from a process that holds nothing. */
	pid_t pid = fork();
	if (pid == 0)
		_exit(shm_gate_enter(s, 20, &three, &e) == RC_BUSY && e.retry_s == 1 ? 0 : 1);
	assert_int_equal(child_status(pid), 0);
	shm_gate_leave(s, one);
	pid = fork();
	if (pid == 0)
		_exit(shm_gate_enter(s, 5000, &three, &e) == RC_OK ? 0 : 1); /* dies with it */
	assert_int_equal(child_status(pid), 0);
	assert_int_equal(shm_gate_enter(s, 5000, &three, &e), RC_OK);
	shm_gate_leave(s, three);
	shm_gate_leave(s, two);
	shm_free(s);
}

static void gate_of_a_killed_holder(void **state)
{
	unsigned slot;
	int ready[2];
	struct shm *s;
	struct error e;
	char c;

	(void)state;
	assert_int_equal(shm_new(8, 1, &s, &e), RC_OK);
	assert_int_equal(pipe(ready), 0);
	for (int round = 0; round < 3; round++) {
		pid_t pid = fork();

		if (pid == 0) {
			if (shm_gate_enter(s, 5000, &slot, &e) != RC_OK ||
			    write(ready[1], "x", 1) != 1)
				_exit(1);
			for (;;)
				pause();
		}
		assert_int_equal(read(ready[0], &c, 1), 1);
		kill(pid, SIGKILL);
		assert_true(WIFSIGNALED(child_status(pid)));
	}
	assert_int_equal(shm_gate_enter(s, 0, &slot, &e), RC_OK);
	shm_gate_leave(s, slot);
	close(ready[0]);
	close(ready[1]);
	shm_free(s);
}

static void hash_behind_the_gate(void **state)
{
	char encoded[CRYPTO_HASH_SIZE];
	struct secret p = secret_make(STR("x"));
	bool match, rehash;
	struct shm *s;
	struct error e;

	(void)state;
	assert_int_equal(shm_new(8, 1, &s, &e), RC_OK);
	assert_int_equal(password_hash(cheap, s, p, encoded, &e), RC_OK);
	assert_int_equal(password_verify(cheap, s, str_from(encoded), p, &match, &rehash, &e),
			 RC_OK);
	assert_true(match);
	shm_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests),
		cmocka_unit_test(digest_of_a_file),
		cmocka_unit_test(random_values),
		cmocka_unit_test(compare),
		cmocka_unit_test(passwords),
		cmocka_unit_test(known_hash),
		cmocka_unit_test(foreign_hashes_never_match),
		cmocka_unit_test(hash_memory_is_returned),
		cmocka_unit_test(rates),
		cmocka_unit_test(busy_keys_survive_a_flood),
		cmocka_unit_test(rates_over_processes),
		cmocka_unit_test(gate),
		cmocka_unit_test(gate_of_a_killed_holder),
		cmocka_unit_test(hash_behind_the_gate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
