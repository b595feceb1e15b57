/*
 * The people of a section or course as a part of its page; see roster_part.h.
 */
#include "pages/roster_part.h"

#include "base/num.h"
#include "codec/url.h"
#include "core/wall.h"

#define FOUND_MAX   50
#define ADDRESS_MAX 1024

static const struct form_field form_fields[] = {
	{ "people", "people", N_("Students") },
	{ "day", "r-day", N_("Day") },
	{ "to", "r-to", N_("To section") },
};
static const struct form_field add_fields[] = {
	{ "people", "add", N_("Students") },
	{ "day", "a-day", N_("First day") },
};
static const struct form_field whole_fields[] = {
	{ "to", "w-to", N_("Section") },
	{ "day", "w-day", N_("First day") },
};
/* By form: its fields, and the ids of what is said of its day and section. */
static const struct {
	const struct form_field *fields;
	size_t n;
	const char *day, *to;
} forms[] = {
	[ROSTER_FORM_CHANGE] = { form_fields, ARRAY_LEN(form_fields), "r-day-e", "r-to-e" },
	[ROSTER_FORM_ADD] = { add_fields, ARRAY_LEN(add_fields), "a-day-e", "r-to-e" },
	[ROSTER_FORM_WHOLE] = { whole_fields, ARRAY_LEN(whole_fields), "w-day-e", "w-to-e" },
};

static const char *const show_names[ROSTER_SHOW__MAX] = {
	[ROSTER_NOW] = "now",
	[ROSTER_PENDING] = "pending",
	[ROSTER_EVER] = "ever",
};

static enum roster_show show_from(const struct roster_look *look)
{
	for (enum roster_show s = 0; s < ROSTER_SHOW__MAX; s++)
		if (str_eq(look->show, str_from(show_names[s])) &&
		    (s != ROSTER_PENDING || look->kind == MEMBER_COURSE))
			return s;
	return ROSTER_NOW;
}

bool roster_verb_from(struct str name, enum roster_verb *ret)
{
	static const char *const names[ROSTER__MAX] = { "end", "move", "approve", "reject" };

	for (enum roster_verb v = 0; v < ROSTER__MAX; v++) {
		if (str_eq(name, str_from(names[v]))) {
			*ret = v;
			return true;
		}
	}
	return false;
}

enum rc roster_picks(struct arena *a, const struct field_list *list, const struct roster_pick **ret,
		     size_t *ret_n, struct error *e)
{
	struct roster_pick *picks = ARENA_ARRAY(a, list->n, struct roster_pick);

	if (!picks)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < list->n; i++) {
		struct str rest = list->v[i], id = { NULL, 0 };

		if (!str_split(&rest, '.', &id) || !num_i64(id, 1, INT64_MAX, &picks[i].id) ||
		    !num_i64(rest, 1, INT32_MAX, &picks[i].revision))
			return ERROR_FIELD(e, "people", REASON_NOT_A_CHOICE, 0);
	}
	*ret = picks;
	*ret_n = list->n;
	return RC_OK;
}

enum rc roster_people(struct arena *a, const struct field_list *list, const int64_t **ret,
		      size_t *ret_n, struct error *e)
{
	int64_t *people = ARENA_ARRAY(a, list->n, int64_t);

	if (!people)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < list->n; i++)
		if (!num_i64(list->v[i], 1, INT64_MAX, &people[i]))
			return ERROR_FIELD(e, "people", REASON_NOT_A_CHOICE, 0);
	*ret = people;
	*ret_n = list->n;
	return RC_OK;
}

/* ---- the view ------------------------------------------------------------------------------ */

static struct str address(struct arena *a, const struct roster_look *look, enum roster_show show,
			  int64_t page)
{
	struct buf b;

	buf_init(&b, a, 128, ADDRESS_MAX);
	buf_printf(&b, "%.*s?show=%s", STR_ARG(look->path), show_names[show]);
	if (look->q.n > 0) {
		BUF_LIT(&b, "&q=");
		url_query(&b, look->q);
	}
	if (page > 1)
		buf_printf(&b, "&page=%lld", (long long)page);
	BUF_LIT(&b, "#people");
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

static bool is_picked(const struct roster_look *look, int64_t id)
{
	for (size_t i = 0; i < look->picked.n; i++) {
		struct str rest = look->picked.v[i], first = { NULL, 0 };
		int64_t n;

		if (str_split(&rest, '.', &first) && num_i64(first, 1, INT64_MAX, &n) && n == id)
			return true;
	}
	return false;
}

static enum rc fill_rows(struct page *p, const struct roster_look *look, int32_t today,
			 struct view_roster *v, struct error *e)
{
	struct roster_query q = { look->kind, look->group_id, v->show, look->q, look->page };
	int64_t page = look->page > 1 ? look->page : 1;
	struct view_roster_row *rows;
	const struct roster_row *r;
	size_t n;

	TRY(roster_list(p->core, &q, &r, &n, &v->total, e));
	rows = ARENA_ARRAY(p->arena, n, struct view_roster_row);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct view_roster_row){
			.r = &r[i],
			.is_picked = look->form == ROSTER_FORM_CHANGE && is_picked(look, r[i].id),
			.is_over = r[i].to_date != NO_DAY &&
				   r[i].to_date<today, .is_ahead = r[i].from_date> today,
		};
	v->rows = rows;
	v->n_rows = n;
	v->from = (page - 1) * ROSTER_PAGE + 1;
	v->to = (page - 1) * ROSTER_PAGE + (int64_t)n;
	if (page > 1)
		v->prev = address(p->arena, look, v->show, page - 1);
	if (v->to < v->total)
		v->next = address(p->arena, look, v->show, page + 1);
	return RC_OK;
}

static enum rc fill_found(struct page *p, const struct roster_look *look, struct view_roster *v,
			  struct error *e)
{
	struct org_query q = { .kind = ORG_STUDENT,
			       .branch_id = look->branch_id,
			       .search = look->find,
			       .limit = FOUND_MAX };
	const struct org_option *o;
	struct view_found *found;
	size_t n = 0;

	v->find = look->find;
	v->is_finding = look->find.n > 0;
	if (!v->is_finding)
		return RC_OK;
	TRY(org_options(p->core, &q, &o, &n, &v->has_more_found, e));
	found = ARENA_ARRAY(p->arena, n, struct view_found);
	if (!found)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		bool picked = look->form == ROSTER_FORM_ADD && is_picked(look, o[i].id);

		found[i] = (struct view_found){ o[i].id, o[i].name, o[i].detail, picked };
		if (look->form == ROSTER_FORM_ADD && look->fault.person_id == o[i].id)
			v->fault = o[i].name;
	}
	v->found = found;
	v->n_found = n;
	return RC_OK;
}

static void fill_errors(struct page *p, const struct error *failed, struct view_roster *v)
{
	v->errors = form_errors(p->arena, p->lang, failed, forms[v->form].fields, forms[v->form].n);
	v->day_error = field_error(p->arena, p->lang, failed, "day", forms[v->form].day);
	v->to_error = field_error(p->arena, p->lang, failed, "to", forms[v->form].to);
	v->people_error = field_error(p->arena, p->lang, failed, "people", "r-people-e");
}

enum rc roster_view_fill(struct page *p, const struct roster_look *look, const struct error *failed,
			 struct view_roster *ret, struct error *e)
{
	int32_t today = core_wall(p->core, look->zone, p->core->now_us).day;
	struct view_roster v = { .path = look->path,
				 .is_course = look->kind == MEMBER_COURSE,
				 .show = show_from(look),
				 .q = look->q,
				 .day = look->day,
				 .form = look->form,
				 .fault = look->fault.name };
	char text[11];

	if (v.day.n == 0)
		v.day = arena_str(p->arena, day_format(today, text));
	fill_errors(p, failed, &v);
	TRY(fill_rows(p, look, today, &v, e));
	TRY(fill_found(p, look, &v, e));
	TRY(page_choose(p,
			&(struct org_query){ .kind = ORG_SECTION,
					     .branch_id = look->branch_id,
					     .with_id = look->to_id },
			&v.sections, e));
	*ret = v;
	return RC_OK;
}
