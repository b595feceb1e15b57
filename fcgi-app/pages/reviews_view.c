/*
 * From core's rows to what the review page shows.  All in the arena.
 */
#include "pages/reviews_view.h"

#include "core/wall.h"
#include "pages/session_view.h"

#define ADDRESS_MAX 512

struct str reviews_address(struct arena *a, const struct review_query *q, int64_t page)
{
	char day[11];
	struct buf b;

	buf_init(&b, a, 96, ADDRESS_MAX);
	buf_printf(&b, "/admin/uploads?state=%s", review_state_name(q->state));
	if (q->has_class)
		buf_printf(&b, "&kind=%s", file_class_name(q->class));
	if (q->teacher_id)
		buf_printf(&b, "&teacher=%lld", (long long)q->teacher_id);
	if (q->course_id)
		buf_printf(&b, "&course=%lld", (long long)q->course_id);
	if (q->branch_id)
		buf_printf(&b, "&branch=%lld", (long long)q->branch_id);
	if (q->from_day != NO_DAY)
		buf_printf(&b, "&from=%.*s", STR_ARG(day_format(q->from_day, day)));
	if (q->to_day != NO_DAY)
		buf_printf(&b, "&to=%.*s", STR_ARG(day_format(q->to_day, day)));
	if (page > 1)
		buf_printf(&b, "&page=%lld", (long long)page);
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

static bool is_filtered(const struct review_query *q)
{
	return q->has_class || q->teacher_id || q->course_id || q->branch_id ||
	       q->from_day != NO_DAY || q->to_day != NO_DAY;
}

/* ---- tabs and filters ----------------------------------------------------------------- */

static enum rc fill_tabs(struct page *p, const struct review_query *q, struct view_reviews *v,
			 struct error *e)
{
	static const struct catalogue_key names[REVIEW_STATE__MAX] = {
		[REVIEW_WAITING] = NC_("file", "Waiting"),
		[REVIEW_APPROVED] = NC_("file", "Approved"),
		[REVIEW_QUARANTINED] = NC_("file", "Quarantined"),
		[REVIEW_REMOVED] = NC_("file", "Removed"),
	};
	struct view_review_tab *out =
		ARENA_ARRAY(p->arena, REVIEW_STATE__MAX, struct view_review_tab);

	if (!out)
		return ERROR_MEMORY(e);
	for (enum review_state s = 0; s < REVIEW_STATE__MAX; s++) {
		struct review_query by = *q;

		by.state = s;
		out[s] = (struct view_review_tab){ catalogue_text_ctx(p->lang, names[s]),
						   reviews_address(p->arena, &by, 1),
						   s == q->state };
	}
	v->tabs = out;
	v->n_tabs = REVIEW_STATE__MAX;
	return RC_OK;
}

static enum rc fill_kinds(struct page *p, const struct review_query *q, struct view_reviews *v,
			  struct error *e)
{
	static const char *const names[FILE_CLASS__MAX] = {
		[FILE_CLASS_PDF] = N_("PDF"),      [FILE_CLASS_VIDEO] = N_("Video"),
		[FILE_CLASS_AUDIO] = N_("Audio"),  [FILE_CLASS_DOCUMENT] = N_("Documents"),
		[FILE_CLASS_IMAGE] = N_("Images"),
	};
	struct view_choice *out = ARENA_ARRAY(p->arena, FILE_CLASS__MAX, struct view_choice);

	if (!out)
		return ERROR_MEMORY(e);
	for (enum file_class c = 0; c < FILE_CLASS__MAX; c++)
		out[c] = (struct view_choice){ str_from(file_class_name(c)), page_text(p, names[c]),
					       q->has_class && q->class == c };
	v->kinds = out;
	v->n_kinds = FILE_CLASS__MAX;
	return RC_OK;
}

static const struct view_option *options_of(struct page *p, const struct review_option *from,
					    size_t n, int64_t chosen)
{
	struct view_option *out = ARENA_ARRAY(p->arena, n, struct view_option);

	for (size_t i = 0; out && i < n; i++)
		out[i] = (struct view_option){ from[i].id, from[i].name, from[i].id == chosen };
	return out;
}

static enum rc fill_options(struct page *p, const struct review_query *q, struct view_reviews *v,
			    struct error *e)
{
	struct review_options_list l;

	TRY(review_choices(p->core, &l, e));
	v->teachers = options_of(p, l.teachers, l.n_teachers, q->teacher_id);
	v->courses = options_of(p, l.courses, l.n_courses, q->course_id);
	v->branches = options_of(p, l.branches, l.n_branches, q->branch_id);
	if (!v->teachers || !v->courses || !v->branches)
		return ERROR_MEMORY(e);
	v->n_teachers = l.n_teachers;
	v->n_courses = l.n_courses;
	v->n_branches = l.n_branches;
	v->has_branches = l.n_branches > 1;
	return RC_OK;
}

/* ---- rows ------------------------------------------------------------------------------- */

static struct str href_of(struct page *p, const struct view_reviews *v, int64_t id)
{
	return arena_printf(p->arena, "%.*s&file=%lld", STR_ARG(v->action), (long long)id);
}

static struct view_review_row row_view(struct page *p, const struct view_reviews *v,
				       const struct review_row *r)
{
	struct wall at = core_wall(p->core, r->zone, r->created_at);

	return (struct view_review_row){
		.r = r,
		.badge = file_badge(p->arena, r->class, r->mime, r->name),
		.href = href_of(p, v, r->id),
		.pick = arena_printf(p->arena, "%lld-%lld", (long long)r->id,
				     (long long)r->version),
		.day = at.day,
		.tod = at.tod,
	};
}

/* The file shown beside the list, which may stand on another page of it, or in another list. */
static enum rc fill_one(struct page *p, int64_t file, struct view_review_row *rows, size_t n,
			struct view_reviews *v, struct error *e)
{
	struct view_review_row *one = n > 0 ? &rows[0] : NULL;
	struct review_row *read;
	struct wall at;

	for (size_t i = 0; i < n; i++)
		if (rows[i].r->id == file)
			one = &rows[i];
	if (file && (!one || one->r->id != file)) {
		read = ARENA_ARRAY(p->arena, 1, struct review_row);
		one = ARENA_ARRAY(p->arena, 1, struct view_review_row);
		if (!read || !one)
			return ERROR_MEMORY(e);
		TRY(review_get(p->core, file, read, e));
		*one = row_view(p, v, read);
	}
	v->one = one;
	if (!one)
		return RC_OK;
	one->is_chosen = true;
	at = core_wall(p->core, one->r->zone, one->r->reviewed_at);
	v->reviewed_day = at.day;
	v->reviewed_tod = at.tod;
	v->view_href = arena_printf(p->arena, "/files/%lld/view", (long long)one->r->id);
	for (size_t i = 0; i < n; i++) {
		if (&rows[i] != one)
			continue;
		v->prev_href = i > 0 ? rows[i - 1].href : (struct str){ 0 };
		v->next_href = i + 1 < n ? rows[i + 1].href : (struct str){ 0 };
		v->next_id = i + 1 < n ? rows[i + 1].r->id : 0;
	}
	return RC_OK;
}

static void fill_pager(struct page *p, const struct review_query *q, struct view_reviews *v)
{
	const struct review_list *l = v->list;
	int64_t before = (l->page - 1) * REVIEW_PAGE;

	v->first = l->n_rows > 0 ? before + 1 : 0;
	v->last = before + (int64_t)l->n_rows;
	if (l->page > 1)
		v->prev = reviews_address(p->arena, q, l->page - 1);
	if (v->last < l->total)
		v->next = reviews_address(p->arena, q, l->page + 1);
}

static struct str day_text(struct page *p, int32_t day)
{
	char text[11];

	return day == NO_DAY ? (struct str){ 0 } : arena_str(p->arena, day_format(day, text));
}

enum rc reviews_view_read(struct page *p, const struct review_ask *ask, struct view_reviews *ret,
			  struct error *e)
{
	const struct review_query *q = &ask->query;
	struct review_list *list = ARENA_ARRAY(p->arena, 1, struct review_list);
	struct review_query bare = { .state = q->state, .from_day = NO_DAY, .to_day = NO_DAY };
	struct view_reviews v = { .list = list, .state = q->state };
	struct view_review_row *rows;

	if (!list)
		return ERROR_MEMORY(e);
	TRY(review_list(p->core, q, list, e));
	rows = ARENA_ARRAY(p->arena, list->n_rows, struct view_review_row);
	v.action = reviews_address(p->arena, q, q->page);
	v.clear = reviews_address(p->arena, &bare, 1);
	if (!rows || !v.action.p || !v.clear.p)
		return ERROR_MEMORY(e);
	v.state_name = str_from(review_state_name(q->state));
	v.is_filtered = is_filtered(q);
	v.from = day_text(p, q->from_day);
	v.to = day_text(p, q->to_day);
	for (size_t i = 0; i < list->n_rows; i++)
		rows[i] = row_view(p, &v, &list->rows[i]);
	v.rows = rows;
	v.n_rows = list->n_rows;
	TRY(fill_one(p, ask->file, rows, list->n_rows, &v, e));
	fill_pager(p, q, &v);
	TRY(fill_tabs(p, q, &v, e));
	TRY(fill_kinds(p, q, &v, e));
	TRY(fill_options(p, q, &v, e));
	*ret = v;
	return RC_OK;
}
