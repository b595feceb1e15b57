/*
 * Completion codes: PREFIX-MMDD-RRRRRRRRRRCC.
 *
 * The check.  Each letter and digit has a value, 0-9 then A-Z; the value of the i-th
 * before the check signs counts (value + 1) × WEIGHT^(n - i) modulo PRIME, and the sum,
 * as two digits in base 31, is the check.  One wrong sign changes the sum by a product of two
 * factors below the prime; a swap of neighbours by (a - b) × (WEIGHT - 1) × a power:
 * neither is 0.  A wrong check sign, or the two swapped, is another sum.  For the last random
 * sign swapped with the first check sign WEIGHT was chosen by search.
 *
 * code_check takes a text for a generated code when at most one sign or hyphen is
 * out of place, so that one slip does not turn it into free text.
 */
#include "core/session/code.h"

#include "base/time.h"

#define PRIME  953
#define WEIGHT 37

static const char signs[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
#define N_SIGNS (sizeof signs - 1)
#define N_DATE  4
#define N_CHECK 2
#define N_TAIL  (CODE_RANDOM_SIGNS + N_CHECK)
#define N_SHORT 6 /* tail of codes made before /verify was there: four random signs */

_Static_assert(N_SIGNS == 31, "the check is written in base 31");

static int value_of(char c)
{
	return ascii_is_digit(c) ? c - '0' : ascii_upper(c) - 'A' + 10;
}

/* Place among the signs, or -1. */
static int sign_of(char c)
{
	const char *at = memchr(signs, ascii_upper(c), N_SIGNS);

	return at ? (int)(at - signs) : -1;
}

/* The sum over letters and digits, everything else passed over. */
static int sum_of(struct str s)
{
	int sum = 0;

	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_alnum(s.p[i]))
			sum = (sum + value_of(s.p[i]) + 1) * WEIGHT % PRIME;
	return sum;
}

static size_t put_prefix(struct str from, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < from.n && n < CODE_PREFIX_MAX; i++)
		if (ascii_is_alnum(from.p[i]))
			out[n++] = ascii_upper(from.p[i]);
	return n;
}

struct str code_generate(struct str course, struct str class, int32_t day,
			 const uint8_t random[CODE_RANDOM_SIGNS],
			 char ret_code[CODE_GENERATED_SIZE])
{
	struct ymd d = day_to_ymd(day);
	size_t n = put_prefix(course, ret_code);
	int sum;

	if (!n)
		n = put_prefix(class, ret_code);
	if (!n)
		n = put_prefix(STR("SES"), ret_code);
	ret_code[n++] = '-';
	ret_code[n++] = (char)('0' + d.month / 10);
	ret_code[n++] = (char)('0' + d.month % 10);
	ret_code[n++] = (char)('0' + d.day / 10);
	ret_code[n++] = (char)('0' + d.day % 10);
	ret_code[n++] = '-';
	for (size_t i = 0; i < CODE_RANDOM_SIGNS; i++)
		ret_code[n++] = signs[random[i] % N_SIGNS];
	sum = sum_of(str_make(ret_code, n));
	ret_code[n++] = signs[sum / (int)N_SIGNS];
	ret_code[n++] = signs[sum % (int)N_SIGNS];
	ret_code[n] = 0;
	return str_make(ret_code, n);
}

/* How many places of the letters and digits (without hyphens) do not fit. */
static int misfits(struct str s, size_t n_tail)
{
	struct str date = str_sub(s, s.n - n_tail - N_DATE, N_DATE);
	struct str tail = str_from_pos(s, s.n - n_tail);
	int n = 0;

	for (size_t i = 0; i < date.n; i++)
		n += !ascii_is_digit(date.p[i]);
	if (!n) {
		int month = (date.p[0] - '0') * 10 + date.p[1] - '0';
		int day = (date.p[2] - '0') * 10 + date.p[3] - '0';

		n += !ymd_valid((struct ymd){ 2000, month, day });
	}
	for (size_t i = 0; i < tail.n; i++)
		n += sign_of(tail.p[i]) < 0;
	return n;
}

/* Copies letters and digits; false when there is anything but them and two hyphens. */
static bool take_apart(struct str code, char *out, size_t max, size_t *ret_n, size_t hyphens[2])
{
	size_t n = 0, n_hyphens = 0;

	for (size_t i = 0; i < code.n; i++) {
		if (code.p[i] == '-' && n_hyphens < 2)
			hyphens[n_hyphens++] = n;
		else if (ascii_is_alnum(code.p[i]) && n < max)
			out[n++] = ascii_upper(code.p[i]);
		else
			return false;
	}
	*ret_n = n;
	return n_hyphens == 2 && n > N_DATE + N_SHORT;
}

static bool check_fits(struct str s)
{
	int sum = sum_of(str_sub(s, 0, s.n - N_CHECK));

	return signs[sum / (int)N_SIGNS] == s.p[s.n - 2] &&
	       signs[sum % (int)N_SIGNS] == s.p[s.n - 1];
}

/* What a code looks like: its letters and digits, how long its tail is, what is out of place. */
struct shape {
	char text[CODE_GENERATED_SIZE];
	size_t n, n_tail;
	int n_misfits;
};

/* False when it cannot be one of ours whatever single slip was made. */
static bool shape_of(struct str code, struct shape *ret)
{
	size_t at[2], wanted[2];
	struct shape s;

	if (!take_apart(str_trim(code), s.text, CODE_PREFIX_MAX + N_DATE + N_TAIL, &s.n, at))
		return false;
	/* A hyphen out of place makes a tail of 5, 7, 11 or 13. */
	s.n_tail = s.n - at[1] > (N_SHORT + N_TAIL) / 2 ? N_TAIL : N_SHORT;
	if (s.n <= N_DATE + s.n_tail || s.n > CODE_PREFIX_MAX + N_DATE + s.n_tail)
		return false;
	s.n_misfits = misfits(str_make(s.text, s.n), s.n_tail);
	wanted[0] = s.n - s.n_tail - N_DATE;
	wanted[1] = s.n - s.n_tail;
	for (int i = 0; i < 2; i++)
		s.n_misfits += (int)(at[i] > wanted[i] ? at[i] - wanted[i] : wanted[i] - at[i]);
	*ret = s;
	return true;
}

enum code_check code_check(struct str code)
{
	struct shape s;

	if (!shape_of(code, &s) || s.n_misfits > 1)
		return CODE_FREE;
	return s.n_misfits == 0 && check_fits(str_make(s.text, s.n)) ? CODE_RIGHT : CODE_WRONG;
}

bool code_is_long(struct str code)
{
	struct shape s;

	return code_check(code) == CODE_RIGHT && shape_of(code, &s) && s.n_tail == N_TAIL;
}

struct str code_key(struct arena *a, struct str code)
{
	struct str s = str_trim(code);
	struct buf key;

	buf_init(&key, a, s.n + 1, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		bool is_blank = str_trim(str_sub(s, i, 1)).n == 0;

		if (!is_blank)
			buf_char(&key, ascii_upper(s.p[i]));
		else if (key.n && key.p[key.n - 1] != ' ')
			buf_char(&key, ' ');
	}
	return buf_ok(&key) ? buf_str(&key) : (struct str){ NULL, 0 };
}

enum rc code_clean(struct str typed, const char *field, struct str *ret_code, struct error *e)
{
	struct str s = str_trim(typed);

	if (!utf8_valid(s))
		return ERROR_FIELD(e, field, REASON_NOT_TEXT, 0);
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
			return ERROR_FIELD(e, field, REASON_NOT_TEXT, 0);
	if (utf8_length(s) > CODE_MAX_CHARS)
		return ERROR_FIELD(e, field, REASON_TOO_LONG, CODE_MAX_CHARS);
	*ret_code = s;
	return RC_OK;
}
