/*
 * What the pages of claims share.
 */
#include "pages/claims_part.h"

#include "core/wall.h"
#include "view/text.h"

static const char *const flash_names[CLAIM_FLASH__MAX] = {
	[CLAIM_FLASH_NONE] = "",
	[CLAIM_FLASH_ASKED] = "asked",
	[CLAIM_FLASH_WITHDRAWN] = "withdrawn",
	[CLAIM_FLASH_APPROVED] = "approved",
	[CLAIM_FLASH_REJECTED] = "rejected",
	[CLAIM_FLASH_REOPENED] = "reopened",
	[CLAIM_FLASH_EXCUSED] = "excused",
	[CLAIM_FLASH_TAKEN_BACK] = "taken-back",
};

const char *claim_flash_name(enum claim_flash f)
{
	return flash_names[f];
}

enum claim_flash claim_flash_from(struct str name)
{
	for (enum claim_flash f = CLAIM_FLASH_ASKED; f < CLAIM_FLASH__MAX; f++)
		if (str_eq(name, str_from(flash_names[f])))
			return f;
	return CLAIM_FLASH_NONE;
}

struct str claim_mark_label(const struct page *p, const struct status_set *set, enum mark mark)
{
	static const char *const words[MARK__MAX] = {
		[MARK_PRESENT] = N_("Present"),
		[MARK_LATE] = N_("Late"),
		[MARK_EXCUSED] = N_("Excused"),
		[MARK_ABSENT] = N_("Absent"),
	};

	if (mark == MARK_NONE)
		return (struct str){ 0 };
	return set->v[mark].label.n ? set->v[mark].label : page_text(p, words[mark]);
}

static struct str hm(const struct page *p, struct str zone, int64_t at)
{
	char text[6];
	struct wall w = core_wall(p->core, zone, at);

	return w.tod == NO_DAY ? (struct str){ 0 }
			       : arena_str(p->arena, tod_format_hm(w.tod, text));
}

/* "by closing", "Helen Marsh", "checked in at 09:03" */
static struct str provenance(const struct page *p, const struct claim_stored *s)
{
	if (s->record_id == COLUMN_NULL)
		return (struct str){ 0 };
	if (str_eq(s->method, STR("auto")))
		return page_text(p, N_("by closing"));
	if (str_eq(s->method, STR("import")))
		return page_text(p, N_("imported"));
	if (str_eq(s->method, STR("teacher")) || str_eq(s->method, STR("excuse")))
		return s->set_by_name;
	return TEXT_FILL(p->arena, p->lang, N_("checked in at {time}"),
			 { "time", hm(p, s->zone, s->happened_at) });
}

static enum reason reason_from(struct str code)
{
	for (enum reason r = REASON_NONE; r < REASON__MAX; r++)
		if (str_eq(code, str_from(reason_code(r))))
			return r;
	return REASON_NONE;
}

/* "09:03: This code is too old." */
static struct str attempt_text(const struct page *p, const struct claim_stored *s)
{
	struct str time, what;

	if (!s->attempt_decision.n)
		return (struct str){ 0 };
	time = hm(p, s->zone, s->attempt_at);
	what = s->attempt_reason.n
		       ? reason_sentence(p->arena, p->lang, reason_from(s->attempt_reason), 0)
		       : page_text(p, N_("The check-in was accepted."));
	return TEXT_FILL(p->arena, p->lang, N_("{time}: {what}"), { "time", time },
			 { "what", what });
}

static struct str name_of(struct arena *a, const struct claim_stored *s)
{
	struct str name =
		arena_printf(a, "%.*s %.*s", STR_ARG(s->given_name), STR_ARG(s->family_name));

	return name.p ? str_trim(name) : s->family_name;
}

struct view_claim claim_view(struct page *p, const struct status_set *set,
			     const struct claim_row *r, struct str next)
{
	const struct claim_stored *s = r->s;
	struct wall asked = core_wall(p->core, s->zone, s->created_at);
	struct wall decided = core_wall(p->core, s->zone, s->decided_at);
	struct view_claim v = {
		.c = r,
		.name = name_of(p->arena, s),
		.pick = arena_printf(p->arena, "%lld-%lld", (long long)s->id,
				     (long long)s->version),
		.wants_label = claim_mark_label(p, set, r->wants),
		.mark_label = claim_mark_label(p, set, r->mark),
		.by = provenance(p, s),
		.attempt = attempt_text(p, s),
		.next = next,
		.asked_day = asked.day,
		.asked_tod = asked.tod,
		.decided_day = decided.day,
		.decided_tod = decided.tod,
		.is_image = str_eq(s->file_class, STR("image")),
		.why_error = { .id = "why-e" },
	};

	if (s->attendance_id != COLUMN_NULL)
		v.student_href = arena_printf(p->arena, "/attendance/%lld/students/%lld",
					      (long long)s->attendance_id, (long long)s->person_id);
	if (s->occurrence_id != COLUMN_NULL)
		v.session_href =
			arena_printf(p->arena, "/sessions/%lld", (long long)s->occurrence_id);
	else if (s->attendance_id != COLUMN_NULL)
		v.session_href =
			arena_printf(p->arena, "/attendance/%lld", (long long)s->attendance_id);
	return v;
}

enum rc claims_of_attendance(struct page *p, int64_t attendance_id, const struct view_claim **ret,
			     size_t *ret_n, struct error *e)
{
	const struct claim_query query = { .show = CLAIM_SHOW_WAITING,
					   .attendance_id = attendance_id };
	struct str next = arena_printf(p->arena, "/attendance/%lld", (long long)attendance_id);
	const struct claim_row *rows;
	struct view_claim *out;
	struct status_set set;
	int64_t total;
	size_t n;

	TRY(claim_list(p->core, &query, &rows, &n, &total, e));
	TRY(status_set_get(p->core, &set, e));
	out = ARENA_ARRAY(p->arena, n, struct view_claim);
	if (!out || !next.p)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		out[i] = claim_view(p, &set, &rows[i], next);
	*ret = out;
	*ret_n = n;
	return RC_OK;
}
