/*
 * From rows of a register to what people read.
 */
#include "view/register.h"

#include "core/attendance/presence.h"
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

enum rc attendance_marks(struct core *c, enum lang lang, struct view_mark ret[4], struct error *e)
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

	TRY(status_set_get(c, &set, e));
	for (enum mark m = MARK_PRESENT; m < MARK__MAX; m++) {
		const struct status_row *own = &set.v[m];

		ret[m - 1] = (struct view_mark){
			.mark = m,
			.key = mark_keys[m],
			.letter =
				own->letter.n ? own->letter : catalogue_text_ctx(lang, letters[m]),
			.label = own->label.n ? own->label : catalogue_text(lang, labels[m]),
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

static const char *method_text(struct str method)
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
	return N_("{name}, {time}");
}

struct str attendance_source(enum lang lang, struct str method)
{
	static const struct {
		const char *method, *text;
	} words[] = {
		{ "form", N_("Check-in page") }, { "qr", N_("QR code") },
		{ "json", N_("App") },           { "device", N_("Scanner") },
		{ "teacher", N_("Teacher") },    { "import", N_("Import") },
		{ "auto", N_("Closing") },       { "excuse", N_("Excused before") },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eq(method, str_from(words[i].method)))
			return catalogue_text(lang, words[i].text);
	return method;
}

/* "QR, 09:03; 18 min late; Bus delay" */
static struct str provenance(struct core *c, enum lang lang, const struct attendance *s,
			     const struct register_row *r, int64_t late_min)
{
	int64_t at = is_own_act(r->method) ? r->happened_at : r->updated_at;
	struct wall wall = core_wall(c, s->zone, at);
	struct str text = { 0 };
	char hm[6];
	struct buf b;

	buf_init(&b, c->arena, 64, 2048);
	if (!r->is_expected)
		buf_add(&b, catalogue_text(lang, N_("walk-in")));
	if (r->mark != MARK_NONE) {
		text = text_fill(
			c->arena, catalogue_text(lang, method_text(r->method)),
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
			TEXT_FILL(c->arena, lang, N_("{n} min late"),
				  { "n", arena_printf(c->arena, "%lld", (long long)late_min) }));
	}
	if (r->remark.n) {
		BUF_LIT(&b, "; ");
		buf_add(&b, r->remark);
	}
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

struct view_register_row attendance_row(struct core *c, enum lang lang, const struct attendance *s,
					const struct view_mark marks[4],
					const struct register_row *r)
{
	struct str name = attendance_name(c->arena, r->given_name, r->family_name);
	bool is_here = r->mark == MARK_PRESENT || r->mark == MARK_LATE;
	int64_t late_min = r->mark == MARK_LATE && r->late_s > 0 ? r->late_s / 60 : 0;

	return (struct view_register_row){
		.r = r,
		.name = name,
		.initials = name_initials(c->arena, name),
		.chosen = r->mark,
		.key = mark_keys[r->mark],
		.letter = r->mark == MARK_NONE ? (struct str){ 0 } : marks[r->mark - 1].letter,
		.from = arena_printf(c->arena, "%s%lld", mark_keys[r->mark], (long long)r->version),
		.by = provenance(c, lang, s, r, late_min),
		.late_min = late_min,
		.here_tod = is_here ? core_wall(c, s->zone, r->happened_at).tod : NO_DAY,
	};
}

static void add_presence(struct core *c, enum lang lang, struct view_register_row *row,
			 const struct presence_row *p)
{
	const struct str text = catalogue_text(lang, p->is_online == 1 ? N_("joined, online")
								       : N_("joined, not online"));

	row->by = row->by.n ? arena_printf(c->arena, "%.*s; %.*s", STR_ARG(row->by), STR_ARG(text))
			    : text;
}

/* Who follows it with an app stands beside where the mark comes from, while it runs. */
static enum rc add_present(struct core *c, enum lang lang, const struct attendance *s,
			   struct view_register_row *rows, size_t n, struct error *e)
{
	const struct presence_row *p;
	size_t n_present;

	TRY(presence_list(c, s, &p, &n_present, e));
	for (size_t k = 0; k < n_present; k++)
		for (size_t i = 0; i < n; i++)
			if (rows[i].r->person_id == p[k].person_id)
				add_presence(c, lang, &rows[i], &p[k]);
	return RC_OK;
}

enum rc register_view_rows(struct core *c, enum lang lang, const struct attendance *s,
			   const struct register_list *l, const struct view_mark marks[4],
			   struct view_register_row **ret, struct error *e)
{
	struct view_register_row *rows = ARENA_ARRAY(c->arena, l->n_rows, struct view_register_row);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < l->n_rows; i++) {
		rows[i] = attendance_row(c, lang, s, marks, &l->rows[i]);
		rows[i].number = (int64_t)i + 1;
	}
	if (s->state == ATTENDANCE_OPEN || s->state == ATTENDANCE_PAUSED)
		TRY(add_present(c, lang, s, rows, l->n_rows, e));
	*ret = rows;
	return RC_OK;
}

/* ---- how many ------------------------------------------------------------------------------ */

bool attendance_is_live(const struct attendance *s)
{
	return s->state == ATTENDANCE_OPEN;
}

struct str attendance_ring(struct arena *a, int64_t n, int64_t all)
{
	int64_t tenths = all > 0 ? (n > all ? all : n) * 1000 / all : 0;

	return arena_printf(a, "%lld.%lld 100", (long long)(tenths / 10), (long long)(tenths % 10));
}
