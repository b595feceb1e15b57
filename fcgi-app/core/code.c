/*
 * Completion codes: PREFIX-MMDD-RRRRCC.
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
#include "core/code.h"

#include "base/time.h"

#define PRIME  953
#define WEIGHT 37

static const char signs[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
#define N_SIGNS  (sizeof signs - 1)
#define N_DATE   4
#define N_RANDOM 4
#define N_CHECK  2
#define N_TAIL   (N_RANDOM + N_CHECK)

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

struct str code_generate(struct str course, struct str class, int32_t day, const uint8_t random[4],
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
	for (size_t i = 0; i < N_RANDOM; i++)
		ret_code[n++] = signs[random[i] % N_SIGNS];
	sum = sum_of(str_make(ret_code, n));
	ret_code[n++] = signs[sum / (int)N_SIGNS];
	ret_code[n++] = signs[sum % (int)N_SIGNS];
	ret_code[n] = 0;
	return str_make(ret_code, n);
}

/* How many places of the letters and digits (without hyphens) do not fit. */
static int misfits(struct str s)
{
	struct str date = str_sub(s, s.n - N_TAIL - N_DATE, N_DATE);
	struct str tail = str_from_pos(s, s.n - N_TAIL);
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
	return n_hyphens == 2 && n > N_DATE + N_TAIL;
}

static bool check_fits(struct str s)
{
	int sum = sum_of(str_sub(s, 0, s.n - N_CHECK));

	return signs[sum / (int)N_SIGNS] == s.p[s.n - 2] &&
	       signs[sum % (int)N_SIGNS] == s.p[s.n - 1];
}

enum code_check code_check(struct str code)
{
	char text[CODE_GENERATED_SIZE];
	size_t n, at[2], wanted[2];
	int n_misfits;
	struct str s;

	if (!take_apart(str_trim(code), text, CODE_PREFIX_MAX + N_DATE + N_TAIL, &n, at))
		return CODE_FREE;
	s = str_make(text, n);
	wanted[0] = n - N_TAIL - N_DATE;
	wanted[1] = n - N_TAIL;
	n_misfits = misfits(s);
	for (int i = 0; i < 2; i++) {
		size_t off = at[i] > wanted[i] ? at[i] - wanted[i] : wanted[i] - at[i];

		n_misfits += (int)off;
	}
	if (n_misfits > 1)
		return CODE_FREE;
	return n_misfits == 0 && check_fits(s) ? CODE_RIGHT : CODE_WRONG;
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
