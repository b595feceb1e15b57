/*
 * Passwords that everybody tries first.  Short on purpose: the delay after wrong
 * passwords stands against longer lists.  In lower case, sorted for the reader only.
 */
#include "core/identity/password.h"

static const char *const common[] = {
	"1111111111", "11223344",   "12341234",   "1234567890", "123123123",     "1234qwer",
	"1q2w3e4r",   "1q2w3e4r5t", "1qaz2wsx",   "87654321",   "987654321",     "abc12345",
	"abcd1234",   "abcdefgh",   "access14",   "admin123",   "administrator", "adminadmin",
	"asdfasdf",   "asdfghjkl",  "attendance", "azertyui",   "baseball",      "basketball",
	"bonjour1",   "butterfly",  "changeme",   "charlie1",   "chocolate",     "computer",
	"corvette",   "dragon123",  "einstein",   "football",   "iloveyou",      "iloveyou1",
	"internet",   "jennifer",   "letmein1",   "liverpool",  "loulou123",     "marseille",
	"master123",  "michelle",   "monkey123",  "motdepasse", "muster123",     "mustermuster",
	"passw0rd",   "password",   "password1",  "password12", "password123",   "password1234",
	"p@ssw0rd",   "p@ssword",   "princess",   "q1w2e3r4",   "qazwsxedc",     "qwer1234",
	"qwerty12",   "qwerty123",  "qwertyui",   "qwertyuiop", "samantha",      "school123",
	"starwars",   "student1",   "student123", "sunshine",   "superman",      "teacher1",
	"teacher123", "test1234",   "testtest",   "trustno1",   "university",    "welcome1",
	"welcome123", "whatever",   "zaq12wsx",   "zxcvbnm1",
};

/* "aaaaaaaa", or each digit one more (or less) than the last. */
static bool is_run(struct str s)
{
	bool same = true, up = true, down = true;

	for (size_t i = 1; i < s.n; i++) {
		const int step = s.p[i] - s.p[i - 1];
		same = same && step == 0;
		up = up && (step == 1 || (s.p[i] == '0' && s.p[i - 1] == '9'));
		down = down && (step == -1 || (s.p[i] == '9' && s.p[i - 1] == '0'));
	}
	return s.n > 0 && (same || up || down);
}

bool password_is_common(struct secret password)
{
	const struct str s = secret_reveal(password);

	for (size_t i = 0; i < ARRAY_LEN(common); i++) {
		if (str_eq_nocase(s, str_from(common[i])))
			return true;
	}
	return is_run(s);
}
