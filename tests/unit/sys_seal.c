/*
 * Derived keys and sealing: what was sealed comes back, and nothing else does.
 */
#include "sys/crypto.h"

#include "base/num.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { LONGEST = 300 };

static const struct str text = STR_INIT("{\"lat\":488566000,\"lon\":23522000,\"acc\":35}");

static void key_of(const char *label, uint8_t out[CRYPTO_KEY_SIZE])
{
	struct error e;

	assert_int_equal(crypto_derive(secret_make(STR("server")), str_from(label), out, &e),
			 RC_OK);
}

static struct str bytes(const uint8_t *p, size_t n)
{
	return str_make((const char *)p, n);
}

static void comes_back(void **state)
{
	uint8_t key[CRYPTO_KEY_SIZE], plain[LONGEST], sealed[LONGEST + CRYPTO_SEAL_OVERHEAD],
		opened[LONGEST];
	struct error e;

	(void)state;
	key_of("evidence", key);
	for (size_t n = 0; n <= LONGEST; n++) {
		crypto_random(plain, n);
		assert_int_equal(crypto_seal(key, STR("place"), bytes(plain, n), sealed, &e),
				 RC_OK);
		assert_int_equal(crypto_open(key, STR("place"),
					     bytes(sealed, n + CRYPTO_SEAL_OVERHEAD), opened, &e),
				 RC_OK);
		assert_memory_equal(opened, plain, n);
	}
}

static void twice_differs(void **state)
{
	uint8_t key[CRYPTO_KEY_SIZE], a[LONGEST], b[LONGEST];
	struct error e;

	(void)state;
	key_of("evidence", key);
	assert_int_equal(crypto_seal(key, STR(""), text, a, &e), RC_OK);
	assert_int_equal(crypto_seal(key, STR(""), text, b, &e), RC_OK);
	assert_memory_not_equal(a, b, text.n + CRYPTO_SEAL_OVERHEAD);
	/* Not even the nonce or the body alone. */
	assert_memory_not_equal(a + 1, b + 1, 12);
	assert_memory_not_equal(a + 13, b + 13, text.n);
	assert_null(memmem(a, text.n + CRYPTO_SEAL_OVERHEAD, "488566000", 9));
}

static void every_changed_bit_is_seen(void **state)
{
	uint8_t key[CRYPTO_KEY_SIZE], sealed[LONGEST], opened[LONGEST] = { 0 };
	const size_t n = text.n + CRYPTO_SEAL_OVERHEAD;
	struct error e;

	(void)state;
	key_of("evidence", key);
	assert_int_equal(crypto_seal(key, STR("place"), text, sealed, &e), RC_OK);
	for (size_t bit = 0; bit < n * 8; bit++) {
		sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(crypto_open(key, STR("place"), bytes(sealed, n), opened, &e),
				 RC_INVALID);
		assert_null(memmem(opened, sizeof opened, "488566", 6));
		sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t less = 0; less < n; less++)
		assert_int_equal(crypto_open(key, STR("place"), bytes(sealed, less), opened, &e),
				 RC_INVALID);
	assert_int_equal(crypto_open(key, STR("place"), bytes(sealed, n), opened, &e), RC_OK);
}

static void another_key_or_purpose(void **state)
{
	uint8_t key[CRYPTO_KEY_SIZE], other[CRYPTO_KEY_SIZE], sealed[LONGEST], opened[LONGEST];
	const size_t n = text.n + CRYPTO_SEAL_OVERHEAD;
	struct error e;

	(void)state;
	key_of("evidence", key);
	key_of("evidences", other);
	assert_memory_not_equal(key, other, sizeof key);
	assert_int_equal(crypto_seal(key, STR("place"), text, sealed, &e), RC_OK);
	assert_int_equal(crypto_open(other, STR("place"), bytes(sealed, n), opened, &e),
			 RC_INVALID);
	assert_int_equal(crypto_open(key, STR("address"), bytes(sealed, n), opened, &e),
			 RC_INVALID);
	assert_int_equal(crypto_open(key, STR(""), bytes(sealed, n), opened, &e), RC_INVALID);
}

/* So that data sealed today can be opened by every later version. */
static void the_form_stays(void **state)
{
	static const char hex[] =
		"01000102030405060708090a0b3e62d73c8485f6fdb229af26bda3569e0b5a8aad6cd78f49bb";
	uint8_t key[CRYPTO_KEY_SIZE], sealed[(sizeof hex - 1) / 2], opened[16];
	struct error e;

	(void)state;
	key_of("evidence", key);
	assert_true(num_hex(str_from(hex), sealed, sizeof sealed));
	assert_int_equal(crypto_open(key, STR("address"), bytes(sealed, sizeof sealed), opened, &e),
			 RC_OK);
	assert_memory_equal(opened, "192.0.2.7", 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back),
		cmocka_unit_test(twice_differs),
		cmocka_unit_test(every_changed_bit_is_seen),
		cmocka_unit_test(another_key_or_purpose),
		cmocka_unit_test(the_form_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
