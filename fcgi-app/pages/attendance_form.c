/*
 * Opening with settings, and changing them.
 *
 * Times are minutes: from the planned start for "late", from now for the end, so that nobody has
 * to do sums, and no zone comes in.
 */
#include "pages/attendance_form.h"

#include "base/num.h"
#include "pages/attendance.h"
#include "view/tpl_pages_attendance_settings.h"

#define LATE_MIN_MAX 240
#define OPEN_MIN_MAX 720
#define US_PER_MIN   (60 * US_PER_S)

static const char *const level_words[] = { "off", "flag", "must", NULL };

struct settings_in {
	int64_t id, version, late, open, radius;
	bool custom;
	int code, place, network, photo, browser;
	struct str latitude, longitude;
};
#define LEVEL_FIELD(name) FIELD(CHOICE, settings_in, name, FORM, .words = level_words)
#define SETTINGS_FIELDS                                                                            \
	FIELD(ID, settings_in, id, PATH),                                                          \
		FIELD(INT, settings_in, version, FORM, .min = 0, .max = INT32_MAX),                \
		FIELD(BOOL, settings_in, custom, FORM), LEVEL_FIELD(code), LEVEL_FIELD(place),     \
		LEVEL_FIELD(network), LEVEL_FIELD(photo), LEVEL_FIELD(browser),                    \
		FIELD(INT, settings_in, late, FORM, .min = 0, .max = LATE_MIN_MAX,                 \
		      .fallback = -1),                                                             \
		FIELD(INT, settings_in, open, FORM, .min = 1, .max = OPEN_MIN_MAX, .fallback = 0), \
		FIELD(TEXT, settings_in, latitude, FORM),                                          \
		FIELD(TEXT, settings_in, longitude, FORM),                                         \
		FIELD(INT, settings_in, radius, FORM, .min = 10, .max = 1000, .fallback = 0)
FIELDS(attendance_open_fields, settings_in, SETTINGS_FIELDS);
FIELDS(attendance_settings_fields, settings_in, SETTINGS_FIELDS);

static const struct form_field settings_form_fields[] = {
	{ "late", "a-late", N_("Late from") },
	{ "late_at", "a-late", N_("Late from") },
	{ "open", "a-open", N_("Closes") },
	{ "closes_at", "a-open", N_("Closes") },
	{ "opens_at", "a-open", N_("Opens") },
	{ "latitude", "a-lat", N_("Latitude") },
	{ "longitude", "a-lon", N_("Longitude") },
	{ "radius", "a-radius", N_("Metres around it") },
	{ "radius_m", "a-radius", N_("Metres around it") },
};

/* ---- drawing -------------------------------------------------------------------------------- */

static enum rc fill_levels(struct page *p, const enum policy_level level[SIGNAL__MAX],
			   struct view_attendance_form *f, struct error *e)
{
	static const struct {
		enum signal_kind kind;
		const char *name, *label, *hint;
	} texts[] = {
		{ SIGNAL_CODE, "code", N_("Code on the screen"),
		  N_("It changes every few seconds: who types it sees the screen.") },
		{ SIGNAL_PLACE, "place", N_("Location"),
		  N_("Needs the place of the room. Indoors it is good to some 50 metres.") },
		{ SIGNAL_NETWORK, "network", N_("Network"),
		  N_("Whether the phone is on the network of the institution.") },
		{ SIGNAL_PHOTO, "photo", N_("Photo"),
		  N_("A picture that you compare. It is removed after some weeks.") },
		{ SIGNAL_BROWSER, "browser", N_("Device"),
		  N_("Whether one phone checks in several students.") },
	};
	struct view_level *out = ARENA_ARRAY(p->arena, ARRAY_LEN(texts), struct view_level);

	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		out[i] = (struct view_level){ texts[i].name, page_text(p, texts[i].label),
					      page_text(p, texts[i].hint), level[texts[i].kind] };
	f->levels = out;
	f->n_levels = ARRAY_LEN(texts);
	f->late_error.id = "a-late-e";
	f->open_error.id = "a-open-e";
	f->latitude_error.id = "a-lat-e";
	f->longitude_error.id = "a-lon-e";
	f->radius_error.id = "a-radius-e";
	return RC_OK;
}

static struct str number(struct arena *a, int64_t n)
{
	return arena_printf(a, "%lld", (long long)n);
}

/* "48.8566" */
static struct str degrees(struct arena *a, int32_t e7)
{
	int64_t v = e7 < 0 ? -(int64_t)e7 : e7;

	return arena_printf(a, "%s%lld.%07lld", e7 < 0 ? "-" : "", (long long)(v / PLACE_E7),
			    (long long)(v % PLACE_E7));
}

enum rc attendance_form_new(struct page *p, const struct policy *policy,
			    struct view_attendance_form *ret, struct error *e)
{
	enum policy_level level[SIGNAL__MAX] = { 0 };

	*ret = (struct view_attendance_form){ .is_new = true };
	level[SIGNAL_CODE] = policy->code;
	level[SIGNAL_PLACE] = policy->place;
	level[SIGNAL_NETWORK] = policy->network;
	level[SIGNAL_PHOTO] = policy->photo;
	level[SIGNAL_BROWSER] = policy->browser;
	ret->late = number(p->arena, policy->late_after_s / 60);
	ret->open = number(p->arena, policy->close_after_min);
	ret->radius = number(p->arena, policy->radius_m);
	return fill_levels(p, level, ret, e);
}

static enum rc form_running(struct page *p, const struct attendance *s,
			    struct view_attendance_form *ret, struct error *e)
{
	int64_t left = s->closes_at - p->core->now_us;

	*ret = (struct view_attendance_form){ 0 };
	if (s->late_at != NO_TIME)
		ret->late = number(p->arena, (s->late_at - s->starts_at) / US_PER_MIN);
	ret->open = number(p->arena, left > 0 ? (left + US_PER_MIN - 1) / US_PER_MIN : 1);
	ret->radius = number(p->arena, s->radius_m);
	if (s->has_place) {
		ret->latitude = degrees(p->arena, s->place.latitude_e7);
		ret->longitude = degrees(p->arena, s->place.longitude_e7);
	}
	return fill_levels(p, s->level, ret, e);
}

/* What was typed, and what is wrong with it. */
static void take_failure(struct req *q, struct page *p, const struct settings_in *in,
			 const struct error *failed, struct view_attendance_form *f)
{
	const int levels[] = { in->code, in->place, in->network, in->photo, in->browser };
	struct view_level *out = ARENA_ARRAY(p->arena, f->n_levels, struct view_level);

	for (size_t i = 0; out && i < f->n_levels; i++) {
		out[i] = f->levels[i];
		if (levels[i] >= 0)
			out[i].level = (enum policy_level)levels[i];
	}
	if (out)
		f->levels = out;
	f->late = req_raw(q, "late");
	f->open = req_raw(q, "open");
	f->latitude = req_raw(q, "latitude");
	f->longitude = req_raw(q, "longitude");
	f->radius = req_raw(q, "radius");
	f->late_error = field_error(p->arena, p->lang, failed, "late", "a-late-e");
	f->open_error = field_error(p->arena, p->lang, failed, "open", "a-open-e");
	if (!f->open_error.text.n)
		f->open_error = field_error(p->arena, p->lang, failed, "closes_at", "a-open-e");
	f->latitude_error = field_error(p->arena, p->lang, failed, "latitude", "a-lat-e");
	f->longitude_error = field_error(p->arena, p->lang, failed, "longitude", "a-lon-e");
	f->radius_error = field_error(p->arena, p->lang, failed, "radius", "a-radius-e");
	f->errors = form_errors(p->arena, p->lang, failed, settings_form_fields,
				ARRAY_LEN(settings_form_fields));
}

/* ---- reading -------------------------------------------------------------------------------- */

static enum rc read_place(const struct settings_in *in, struct attendance_open_in *o,
			  struct error *e)
{
	enum rc rc = RC_OK;

	if (!in->latitude.n && !in->longitude.n)
		return RC_OK;
	if (!place_parse_degrees(in->latitude, 90, &o->place.latitude_e7))
		rc = ERROR_FIELD(e, "latitude", REASON_NOT_A_PLACE, 0);
	if (!place_parse_degrees(in->longitude, 180, &o->place.longitude_e7))
		rc = ERROR_FIELD(e, "longitude", REASON_NOT_A_PLACE, 0);
	o->has_place = rc == RC_OK;
	return rc;
}

/* starts_at: what late is counted from. */
static enum rc open_in_of(const struct req *q, const struct settings_in *in, int64_t starts_at,
			  struct attendance_open_in *o, struct error *e)
{
	o->has_levels = true;
	o->level[SIGNAL_CODE] = (enum policy_level)in->code;
	o->level[SIGNAL_PLACE] = (enum policy_level)in->place;
	o->level[SIGNAL_NETWORK] = (enum policy_level)in->network;
	o->level[SIGNAL_PHOTO] = (enum policy_level)in->photo;
	o->level[SIGNAL_BROWSER] = (enum policy_level)in->browser;
	o->never_late = in->late < 0;
	if (in->late >= 0)
		o->late_at = starts_at + in->late * US_PER_MIN;
	if (in->open > 0)
		o->closes_at = q->core.now_us + in->open * US_PER_MIN;
	o->radius_m = in->radius;
	return read_place(in, o, e);
}

static struct attendance_open_in empty_in(void)
{
	return (struct attendance_open_in){ .occurrence_id = COLUMN_NULL,
					    .branch_id = COLUMN_NULL,
					    .course_id = COLUMN_NULL,
					    .class_id = COLUMN_NULL,
					    .section_id = COLUMN_NULL,
					    .teacher_id = COLUMN_NULL,
					    .device_id = COLUMN_NULL,
					    .session_date = NO_DAY,
					    .opens_at = NO_TIME,
					    .late_at = NO_TIME,
					    .closes_at = NO_TIME };
}

/* ---- opening -------------------------------------------------------------------------------- */

static enum rc show_open(struct req *q, struct resp *r, const struct settings_in *in,
			 const struct error *failed, struct error *e)
{
	struct view_attendance_settings v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct session_detail d;
	struct policy policy;
	struct page p;

	TRY(session_get(&q->core, in->id, &d, e));
	TRY(page_init(&p, q, req_text(q, N_("Open attendance")), e));
	TRY(attendance_policy_of(&q->core, &d, &policy, e));
	TRY(attendance_form_new(&p, &policy, &v.form, e));
	p.view.nav = NAV_SESSIONS;
	p.view.here = arena_printf(p.arena, "/sessions/%lld/attendance", (long long)in->id);
	v.page = &p.view;
	v.d = &d;
	v.title = d.row.title;
	v.action = p.view.here;
	v.back = arena_printf(p.arena, "/sessions/%lld", (long long)in->id);
	if (failed) {
		r->status = failed->rc == RC_CONFLICT ? 409 : 422;
		if (in->custom)
			take_failure(q, &p, in, failed, &v.form);
		else
			v.form.errors = form_errors(p.arena, p.lang, failed, settings_form_fields,
						    ARRAY_LEN(settings_form_fields));
	}
	tpl_pages_attendance_settings(&t, &v);
	return RC_OK;
}

enum rc page_attendance_ask(struct req *q, struct resp *r, struct error *e)
{
	struct settings_in in = { 0 };

	TRY(req_read_as(q, &attendance_open_fields, &in, e));
	return show_open(q, r, &in, NULL, e);
}

static enum rc open_it(struct req *q, const struct settings_in *in, int64_t *ret_id,
		       struct error *e)
{
	struct attendance_open_in o = empty_in();
	struct session_detail d;

	o.occurrence_id = in->id;
	if (in->custom) {
		TRY(session_get(&q->core, in->id, &d, e));
		TRY(open_in_of(q, in, d.row.starts_at, &o, e));
	}
	return attendance_open(&q->core, &o, ret_id, e);
}

enum rc page_attendance_open(struct req *q, struct resp *r, struct error *e)
{
	struct settings_in in;
	int64_t id = 0;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = open_it(q, &in, &id, e);
	/* Somebody was faster: that is what was wanted. */
	if (rc == RC_CONFLICT && e->reason == REASON_ATTENDANCE_EXISTS && id > 0) {
		error_init(e);
		return attendance_redirect(q, r, id, AFLASH_NONE, 0, 0, NULL, e);
	}
	if (page_is_form_error(rc)) {
		struct error failed = *e;

		error_init(e);
		return show_open(q, r, &in, &failed, e);
	}
	TRY(rc);
	return attendance_redirect(q, r, id, AFLASH_OPENED, 0, 0, NULL, e);
}

/* ---- while it runs -------------------------------------------------------------------------- */

static enum rc show_settings(struct req *q, struct resp *r, const struct settings_in *in,
			     const struct error *failed, struct error *e)
{
	struct view_attendance_settings v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct attendance s;
	struct page p;

	TRY(attendance_get_to_work(&q->core, in->id, &s, e));
	if (s.state == ATTENDANCE_CLOSED)
		return ERROR(e, RC_CONFLICT, REASON_ATTENDANCE_CLOSED, "attendance %lld",
			     (long long)in->id);
	TRY(page_init(&p, q, req_text(q, N_("Settings of this check-in")), e));
	TRY(form_running(&p, &s, &v.form, e));
	p.view.nav = NAV_ATTENDANCE;
	p.view.here = arena_printf(p.arena, "/attendance/%lld/settings", (long long)in->id);
	v.page = &p.view;
	v.s = &s;
	v.title = s.title;
	v.action = p.view.here;
	v.back = arena_printf(p.arena, "/attendance/%lld", (long long)in->id);
	v.version = s.version;
	if (failed) {
		r->status = failed->rc == RC_CONFLICT ? 409 : 422;
		take_failure(q, &p, in, failed, &v.form);
	}
	tpl_pages_attendance_settings(&t, &v);
	return RC_OK;
}

enum rc page_attendance_settings(struct req *q, struct resp *r, struct error *e)
{
	struct settings_in in = { 0 };

	TRY(req_read_as(q, &attendance_settings_fields, &in, e));
	return show_settings(q, r, &in, NULL, e);
}

enum rc page_attendance_settings_save(struct req *q, struct resp *r, struct error *e)
{
	struct attendance_open_in o = empty_in();
	struct settings_in in;
	struct attendance s;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = attendance_get_to_work(&q->core, in.id, &s, e);
	if (rc == RC_OK)
		rc = open_in_of(q, &in, s.starts_at, &o, e);
	if (rc == RC_OK)
		rc = attendance_change(&q->core, in.id, in.version, &o, e);
	if (page_is_form_error(rc)) {
		struct error failed = *e;

		error_init(e);
		return show_settings(q, r, &in, &failed, e);
	}
	TRY(rc);
	return attendance_redirect(q, r, in.id, AFLASH_SET, 0, 0, NULL, e);
}
