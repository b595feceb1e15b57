/*
 * Sealed positions and addresses: they come back as they were, and one is not the other.
 */
#include "core/attendance/evidence.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct evidence_key key = { { 1, 2, 3 } }, other = { { 1, 2, 4 } };

static void a_place_comes_back(void **state)
{
	static const struct {
		struct place place;
		double accuracy_m;
	} cases[] = { { { 0, 0 }, 0 },
		      { { 488566000, 23522000 }, 35.5 },
		      { { -900000000, -1800000000 }, 1e9 },
		      { { 900000000, 1800000000 }, -1 },
		      { { -1, 1 }, 0.123456789012345 } };
	struct place place;
	struct str sealed;
	double accuracy_m;
	struct arena a;
	struct error e;

	(void)state;
	arena_init(&a, 1 << 16, 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(evidence_seal_place(&key, &a, cases[i].place, cases[i].accuracy_m,
						     &sealed, &e),
				 RC_OK);
		assert_true(sealed.n <= EVIDENCE_SEALED_MAX);
		assert_int_equal(evidence_open_place(&key, &a, sealed, &place, &accuracy_m, &e),
				 RC_OK);
		assert_int_equal(place.latitude_e7, cases[i].place.latitude_e7);
		assert_int_equal(place.longitude_e7, cases[i].place.longitude_e7);
		assert_true(accuracy_m == cases[i].accuracy_m);
	}
	arena_clear(&a);
}

static void an_address_is_no_place(void **state)
{
	struct str sealed, address;
	struct place place;
	double accuracy_m;
	struct arena a;
	struct error e;

	(void)state;
	arena_init(&a, 1 << 16, 0);
	assert_int_equal(evidence_seal_address(&key, &a, STR("2001:db8::7"), &sealed, &e), RC_OK);
	assert_int_equal(evidence_open_address(&key, &a, sealed, &address, &e), RC_OK);
	assert_true(str_eq(address, STR("2001:db8::7")));
	assert_int_equal(evidence_open_place(&key, &a, sealed, &place, &accuracy_m, &e),
			 RC_INVALID);
	assert_int_equal(evidence_open_address(&other, &a, sealed, &address, &e), RC_INVALID);
	assert_int_equal(evidence_open_address(&key, &a, STR(""), &address, &e), RC_INVALID);
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_place_comes_back),
		cmocka_unit_test(an_address_is_no_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
