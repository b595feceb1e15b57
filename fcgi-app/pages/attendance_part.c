/*
 * What the pages of attendance share.
 */
#include "pages/attendance_part.h"

/* ---- the code ------------------------------------------------------------------------------- */

enum rc attendance_code(const struct page *p, const struct attendance *s, int64_t step,
			struct str *ret, struct str *ret_spelled, struct error *e)
{
	char code[ROTATING_SIZE];

	*ret = (struct str){ 0 };
	*ret_spelled = (struct str){ 0 };
	if (!attendance_is_live(s))
		return RC_OK;
	TRY(rotating_code(s->code_key, step, code, e));
	*ret = arena_printf(p->arena, "%.3s %.3s", code, code + 3);
	*ret_spelled = arena_printf(p->arena, "%c %c %c, %c %c %c", code[0], code[1], code[2],
				    code[3], code[4], code[5]);
	return ret->p && ret_spelled->p ? RC_OK : ERROR_MEMORY(e);
}

/* ---- finding -------------------------------------------------------------------------------- */

/* Base letters of U+00C0 to U+017F, so that "koc" finds "Koç". */
static const char folded[] = "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo/ouuuuyty"
			     "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
			     "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

static uint32_t fold(uint32_t c)
{
	if (c < 0x80)
		return (uint32_t)(unsigned char)ascii_lower((char)c);
	if (c >= 0xC0 && c < 0xC0 + sizeof folded - 1)
		return (uint32_t)(unsigned char)folded[c - 0xC0];
	/* Greek and Cyrillic capitals. */
	if ((c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F))
		return c + 0x20;
	return c;
}

static bool begins(struct str s, size_t at, struct str text)
{
	size_t i = 0;

	while (i < text.n) {
		if (at >= s.n || fold(utf8_next(s, &at)) != fold(utf8_next(text, &i)))
			return false;
	}
	return true;
}

static bool has(struct str s, struct str text)
{
	for (size_t at = 0; at < s.n; (void)utf8_next(s, &at))
		if (begins(s, at, text))
			return true;
	return false;
}

/* Each word of the text stands in one of the names or in the code. */
bool attendance_finds(const struct register_row *r, struct str text)
{
	struct str rest = text, word;

	while (str_split(&rest, ' ', &word)) {
		if (word.n && !has(r->given_name, word) && !has(r->family_name, word) &&
		    !has(r->student_code, word))
			return false;
	}
	return true;
}

/* ---- after a change ------------------------------------------------------------------------- */

static const char *const flash_names[AFLASH__MAX] = {
	[AFLASH_NONE] = "",
	[AFLASH_OPENED] = "opened",
	[AFLASH_EXTENDED] = "extended",
	[AFLASH_PAUSED] = "paused",
	[AFLASH_RESUMED] = "resumed",
	[AFLASH_CLOSED] = "closed",
	[AFLASH_WAS_CLOSED] = "was-closed",
	[AFLASH_REOPENED] = "reopened",
	[AFLASH_SET] = "set",
	[AFLASH_MARKED] = "marked",
	[AFLASH_UNDONE] = "undone",
	[AFLASH_ACCEPTED] = "accepted",
	[AFLASH_REJECTED] = "rejected",
	[AFLASH_GUEST_ADDED] = "guest-added",
	[AFLASH_GUEST_GONE] = "guest-removed",
	[AFLASH_MERGED] = "merged",
};

struct str attendance_flash_name(enum attendance_flash f)
{
	return str_from(flash_names[f]);
}

enum attendance_flash attendance_flash_from(struct str name)
{
	for (enum attendance_flash f = AFLASH_OPENED; f < AFLASH__MAX; f++)
		if (str_eq(name, str_from(flash_names[f])))
			return f;
	return AFLASH_NONE;
}

enum rc attendance_redirect(struct req *q, struct resp *r, int64_t id, enum attendance_flash done,
			    int64_t n, int64_t m, const char *act, struct error *e)
{
	struct buf b;

	buf_init(&b, q->core.arena, 128, 1024);
	buf_printf(&b, "/attendance/%lld", (long long)id);
	if (done != AFLASH_NONE)
		buf_printf(&b, "?done=%s", flash_names[done]);
	if (n > 0)
		buf_printf(&b, "&n=%lld", (long long)n);
	if (m > 0)
		buf_printf(&b, "&m=%lld", (long long)m);
	if (act && *act)
		buf_printf(&b, "&act=%s", act);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	resp_redirect(r, buf_str(&b));
	return RC_OK;
}

enum rc attendance_get_to_work(struct core *c, int64_t id, struct attendance *ret, struct error *e)
{
	TRY(attendance_get(c, id, ret, e));
	if (!ret->may_work)
		return ERROR(e, RC_DENIED, REASON_DENIED, "attendance %lld", (long long)id);
	return RC_OK;
}
