/*
 * What the pages of attendance share.
 */
#include "pages/attendance_part.h"

#include "core/wall.h"
#include "view/text.h"

static const char *const mark_keys[MARK__MAX] = {
	[MARK_NONE] = "n",    [MARK_PRESENT] = "p", [MARK_LATE] = "l",
	[MARK_EXCUSED] = "e", [MARK_ABSENT] = "a",
};

const char *mark_key(enum mark m)
{
	return mark_keys[m];
}

bool mark_from_key(struct str key, enum mark *ret)
{
	for (enum mark m = 0; m < MARK__MAX; m++) {
		if (str_eq(key, str_from(mark_keys[m]))) {
			*ret = m;
			return true;
		}
	}
	return false;
}

enum rc attendance_marks(struct page *p, struct view_mark ret[4], struct error *e)
{
	static const char *const labels[MARK__MAX] = {
		[MARK_NONE] = "",
		[MARK_PRESENT] = N_("Present"),
		[MARK_LATE] = N_("Late"),
		[MARK_EXCUSED] = N_("Excused"),
		[MARK_ABSENT] = N_("Absent"),
	};
	static const struct catalogue_key letters[MARK__MAX] = {
		[MARK_PRESENT] = NC_("letter of a mark", "P"),
		[MARK_LATE] = NC_("letter of a mark", "L"),
		[MARK_EXCUSED] = NC_("letter of a mark", "E"),
		[MARK_ABSENT] = NC_("letter of a mark", "A"),
	};
	struct status_set set;

	TRY(status_set_get(p->core, &set, e));
	for (enum mark m = MARK_PRESENT; m < MARK__MAX; m++) {
		const struct status_row *own = &set.v[m];

		ret[m - 1] = (struct view_mark){
			.mark = m,
			.key = mark_keys[m],
			.letter = own->letter.n ? own->letter
						: catalogue_text_ctx(p->lang, letters[m]),
			.label = own->label.n ? own->label : page_text(p, labels[m]),
		};
	}
	return RC_OK;
}

struct str attendance_mark_label(const struct view_mark marks[4], enum mark m)
{
	return m == MARK_NONE ? (struct str){ 0 } : marks[m - 1].label;
}

struct str attendance_name(struct arena *a, struct str given, struct str family)
{
	if (!given.n || !family.n)
		return given.n ? given : family;
	return arena_printf(a, "%.*s %.*s", STR_ARG(given), STR_ARG(family));
}

/* ---- where a mark comes from ---------------------------------------------------------------- */

static bool is_own_act(struct str method)
{
	return str_eq(method, STR("form")) || str_eq(method, STR("qr")) ||
	       str_eq(method, STR("json")) || str_eq(method, STR("device"));
}

static const char *method_text(struct str method, bool is_viewer)
{
	static const struct {
		const char *method, *text;
	} texts[] = {
		{ "form", N_("self, {time}") },     { "qr", N_("QR, {time}") },
		{ "json", N_("app, {time}") },      { "device", N_("scanner, {time}") },
		{ "import", N_("imported") },       { "auto", N_("by closing") },
		{ "excuse", N_("excused before") },
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (str_eq(method, str_from(texts[i].method)))
			return texts[i].text;
	return is_viewer ? N_("you, {time}") : N_("{name}, {time}");
}

/* "QR, 09:03; 18 min late; Bus delay" */
static struct str provenance(struct page *p, const struct attendance *s,
			     const struct register_row *r, int64_t late_min)
{
	int64_t at = is_own_act(r->method) ? r->happened_at : r->updated_at;
	bool is_viewer = str_eq(r->set_by_name, p->core->who->name);
	struct wall wall = core_wall(p->core, s->zone, at);
	struct str text = { 0 };
	char hm[6];
	struct buf b;

	buf_init(&b, p->arena, 64, 2048);
	if (!r->is_expected)
		buf_add(&b, page_text(p, N_("walk-in")));
	if (r->mark != MARK_NONE) {
		text = text_fill(
			p->arena, page_text(p, method_text(r->method, is_viewer)),
			(const struct text_hole[]){ { "time", tod_format_hm(wall.tod, hm) },
						    { "name", r->set_by_name } },
			2);
		if (b.n)
			BUF_LIT(&b, "; ");
		buf_add(&b, text);
	}
	if (late_min > 0) {
		BUF_LIT(&b, "; ");
		buf_add(&b,
			TEXT_FILL(p->arena, p->lang, N_("{n} min late"),
				  { "n", arena_printf(p->arena, "%lld", (long long)late_min) }));
	}
	if (r->remark.n) {
		BUF_LIT(&b, "; ");
		buf_add(&b, r->remark);
	}
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

struct view_register_row attendance_row(struct page *p, const struct attendance *s,
					const struct view_mark marks[4],
					const struct register_row *r)
{
	struct str name = attendance_name(p->arena, r->given_name, r->family_name);
	bool is_here = r->mark == MARK_PRESENT || r->mark == MARK_LATE;
	int64_t late_min = r->mark == MARK_LATE && r->late_s > 0 ? r->late_s / 60 : 0;

	return (struct view_register_row){
		.r = r,
		.name = name,
		.initials = name_initials(p->arena, name),
		.chosen = r->mark,
		.key = mark_keys[r->mark],
		.letter = r->mark == MARK_NONE ? (struct str){ 0 } : marks[r->mark - 1].letter,
		.from = arena_printf(p->arena, "%s%lld", mark_keys[r->mark], (long long)r->version),
		.by = provenance(p, s, r, late_min),
		.late_min = late_min,
		.here_tod = is_here ? core_wall(p->core, s->zone, r->happened_at).tod : NO_DAY,
	};
}

enum rc register_view_rows(struct page *p, const struct attendance *s,
			   const struct register_list *l, const struct view_mark marks[4],
			   struct view_register_row **ret, struct error *e)
{
	struct view_register_row *rows = ARENA_ARRAY(p->arena, l->n_rows, struct view_register_row);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < l->n_rows; i++) {
		rows[i] = attendance_row(p, s, marks, &l->rows[i]);
		rows[i].number = (int64_t)i + 1;
	}
	*ret = rows;
	return RC_OK;
}

/* ---- the code ------------------------------------------------------------------------------- */

bool attendance_is_live(const struct attendance *s)
{
	return s->state == ATTENDANCE_OPEN;
}

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

struct str attendance_ring(struct arena *a, int64_t n, int64_t all)
{
	int64_t tenths = all > 0 ? (n > all ? all : n) * 1000 / all : 0;

	return arena_printf(a, "%lld.%lld 100", (long long)(tenths / 10), (long long)(tenths % 10));
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
