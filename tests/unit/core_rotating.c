/*
 * Rotating codes, QR tokens, scan receipts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/attendance/rotating.h"

#include <stdio.h>

#define KEY   STR("0123456789abcdef0123456789abcdef")
#define OTHER STR("0123456789abcdef0123456789abcdeX")
#define T0    (INT64_C(1700000100) * US_PER_S) /* a multiple of 15 s */
#define S(n)  ((n)*US_PER_S)

static enum rotating_state check(const char *code, struct str key, int64_t at_us)
{
	enum rotating_state state;
	struct error e;
	int64_t step;

	error_init(&e);
	assert_int_equal(rotating_check_code(key, 15, str_from(code), at_us, &state, &step, &e),
			 RC_OK);
	return state;
}

static void a_code_lives_for_its_step_and_a_little(void **state)
{
	char code[ROTATING_SIZE];
	struct error e;

	(void)state;
	error_init(&e);
	assert_int_equal(rotating_code(KEY, rotating_step(T0, 15), code, &e), RC_OK);
	assert_int_equal(strlen(code), ROTATING_SIGNS);
	assert_int_equal(rotating_step_ends(T0, 15), T0 + S(15));
	assert_int_equal(check(code, KEY, T0), ROTATING_RIGHT);
	assert_int_equal(check(code, KEY, T0 + S(25) - 1), ROTATING_RIGHT);
	assert_int_equal(check(code, KEY, T0 + S(25)), ROTATING_OLD);
	assert_int_equal(check(code, KEY, T0 + S(40)), ROTATING_OLD);
	/* A code of the future is no code; nor is one of another room. */
	assert_int_equal(check(code, KEY, T0 - 1), ROTATING_WRONG);
	assert_int_equal(check(code, OTHER, T0), ROTATING_WRONG);
	assert_int_equal(check(code, KEY, T0 + S(15 * ROTATING_OLD_STEPS)), ROTATING_WRONG);
}

static void codes_are_typed_as_people_type(void **state)
{
	char code[ROTATING_SIZE], typed[32], clean[ROTATING_SIZE];
	static const char *const bad[] = { "", "34679", "34679AC", "34679O", "34679\n", "3467 9" };
	struct error e;

	(void)state;
	error_init(&e);
	assert_int_equal(rotating_code(KEY, rotating_step(T0, 15), code, &e), RC_OK);
	(void)snprintf(typed, sizeof typed, " %.3s-%s ", code, code + 3);
	for (char *p = typed; *p; p++)
		*p = ascii_lower(*p);
	assert_int_equal(check(typed, KEY, T0), ROTATING_RIGHT);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(rotating_code_clean(str_from(bad[i]), clean));
}

static void a_token_names_its_session(void **state)
{
	char token[ROTATING_TOKEN_MAX];
	enum rotating_state s;
	int64_t id, step;
	struct error e;

	(void)state;
	error_init(&e);
	assert_int_equal(rotating_token(KEY, 4711, rotating_step(T0, 15), token, &e), RC_OK);
	assert_true(rotating_token_read(str_from(token), &id, &step));
	assert_int_equal(id, 4711);
	assert_int_equal(step, rotating_step(T0, 15));
	assert_int_equal(rotating_check_token(KEY, 15, str_from(token), T0 + S(24), &s, &step, &e),
			 RC_OK);
	assert_int_equal(s, ROTATING_RIGHT);
	assert_int_equal(rotating_check_token(KEY, 15, str_from(token), T0 + S(40), &s, &step, &e),
			 RC_OK);
	assert_int_equal(s, ROTATING_OLD);
	assert_int_equal(rotating_check_token(OTHER, 15, str_from(token), T0, &s, &step, &e),
			 RC_OK);
	assert_int_equal(s, ROTATING_WRONG);
	/* Each sign matters. */
	for (size_t i = 0; token[i]; i++) {
		char was = token[i];

		token[i] = was == '0' ? '1' : '0';
		assert_int_equal(rotating_check_token(KEY, 15, str_from(token), T0, &s, &step, &e),
				 RC_OK);
		assert_int_equal(s, ROTATING_WRONG);
		token[i] = was;
	}
	assert_false(rotating_token_read(STR("not-a-token"), &id, &step));
	assert_false(rotating_token_read(STR(""), &id, &step));
}

static void receipts_are_bound_to_their_browser(void **state)
{
	const struct secret key = secret_make(STR("server key of thirty-two bytes.."));
	const struct str browser = KEY, other_browser = OTHER;
	struct receipt r = { { 1, 2, 3 }, 4711, 99, T0 }, back;
	char text[RECEIPT_TEXT_MAX];
	struct error e;

	(void)state;
	error_init(&e);
	assert_int_equal(receipt_make(key, &r, browser, text, &e), RC_OK);
	assert_int_equal(receipt_read(key, str_from(text), browser, T0 + S(60), &back, &e), RC_OK);
	assert_memory_equal(back.id, r.id, sizeof r.id);
	assert_int_equal(back.attendance_id, 4711);
	assert_int_equal(back.step, 99);
	assert_int_equal(back.scanned_at, T0);
	assert_int_equal(receipt_read(key, str_from(text), other_browser, T0, &back, &e),
			 RC_INVALID);
	assert_int_equal(e.reason, REASON_RECEIPT_WRONG);
	assert_int_equal(receipt_read(secret_make(STR("another")), str_from(text), browser, T0,
				      &back, &e),
			 RC_INVALID);
	assert_int_equal(receipt_read(key, str_from(text), browser, T0 + S(RECEIPT_S), &back, &e),
			 RC_INVALID);
	assert_int_equal(e.reason, REASON_RECEIPT_OLD);
	text[3] ^= 1;
	assert_int_equal(receipt_read(key, str_from(text), browser, T0, &back, &e), RC_INVALID);
	assert_int_equal(receipt_read(key, STR("x"), browser, T0, &back, &e), RC_INVALID);
	assert_int_equal(receipt_read(key, str_from(text), STR(""), T0, &back, &e), RC_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_lives_for_its_step_and_a_little),
		cmocka_unit_test(codes_are_typed_as_people_type),
		cmocka_unit_test(a_token_names_its_session),
		cmocka_unit_test(receipts_are_bound_to_their_browser),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
