/*
 * The step of the position.
 */
#include "base/num.h"
#include "pages/check_in_step.h"
#include "view/tpl_pages_check_in_location.h"

struct place_in {
	struct str lat, lon, acc;
	bool skip, go;
};
FIELDS(check_in_place_fields, place_in, FIELD(RAW, place_in, lat, FORM, .max = 40),
       FIELD(RAW, place_in, lon, FORM, .max = 40), FIELD(RAW, place_in, acc, FORM, .max = 40),
       FIELD(BOOL, place_in, skip, FORM), FIELD(BOOL, place_in, go, FORM));

#define MAP_X    170
#define MAP_Y    95
#define MAP_ZONE 52 /* radius of the allowed circle */
#define MAP_EDGE 12

static int64_t on_map(int64_t middle, double metres, int64_t radius_m, int64_t size)
{
	double at = (double)middle + metres * MAP_ZONE / (double)(radius_m > 0 ? radius_m : 1);

	if (at < MAP_EDGE)
		return MAP_EDGE;
	return at > (double)(size - MAP_EDGE) ? size - MAP_EDGE : (int64_t)at;
}

static void fill_position(const struct checkin_open *o, const struct flow *f,
			  struct view_check_in_place *v)
{
	struct place east = { o->place.latitude_e7, f->place.longitude_e7 };
	struct place north = { f->place.latitude_e7, o->place.longitude_e7 };
	double distance = place_distance_m(o->place, f->place);
	double dx = place_distance_m(o->place, east), dy = place_distance_m(o->place, north);
	double accuracy = f->accuracy_dm < 0 ? -1 : (double)f->accuracy_dm / 10;

	v->has_position = true;
	v->distance_m = (int64_t)distance;
	v->accuracy_m = f->accuracy_dm < 0 ? -1 : (f->accuracy_dm + 5) / 10;
	v->verdict = place_judge(distance, accuracy, o->radius_m);
	v->x = on_map(MAP_X, f->place.longitude_e7 < o->place.longitude_e7 ? -dx : dx, o->radius_m,
		      2LL * MAP_X);
	v->y = on_map(MAP_Y, f->place.latitude_e7 > o->place.latitude_e7 ? -dy : dy, o->radius_m,
		      2LL * MAP_Y);
}

/* failed: NULL when it is shown for the first time. */
static enum rc show_place(struct req *q, struct resp *r, const struct checkin_open *o,
			  const struct flow *f, const struct error *failed, struct error *e)
{
	struct view_check_in_place v = { .room = o->room,
					 .evidence_days = o->evidence_days,
					 .radius_m = o->radius_m,
					 .accuracy_m = -1 };
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(flow_view(&p, q, o, FLOW_PLACE, "/check-in/location", &v.in, e));
	if (f->place_state == FLOW_PLACE_GIVEN)
		fill_position(o, f, &v);
	if (failed) {
		r->status = 422;
		v.in.errors.text =
			reason_sentence(p.arena, p.lang, check_in_reason(failed), failed->arg);
	}
	tpl_pages_check_in_location(&t, &v);
	return RC_OK;
}

enum rc page_check_in_place(struct req *q, struct resp *r, struct error *e)
{
	struct checkin_open o;
	struct flow f;
	bool has_flow;

	TRY(check_in_flow_open(q, r, &f, &o, &has_flow, e));
	if (!has_flow)
		return RC_OK;
	if (!flow_asks_place(&o)) {
		resp_redirect(r, STR("/check-in/selfie"));
		return RC_OK;
	}
	return show_place(q, r, &o, &f, NULL, e);
}

/* "12.5" as 125; "" is not stated. */
static bool read_accuracy(struct str s, int64_t *ret_dm)
{
	struct str whole;
	int64_t metres, tenths = 0;

	*ret_dm = -1;
	if (s.n == 0)
		return true;
	if (!str_split(&s, '.', &whole) || !num_i64(whole, 0, 1000000, &metres) ||
	    whole.p[0] == '-')
		return false;
	if (s.p && (s.n == 0 || !num_i64(str_sub(s, 0, 1), 0, 9, &tenths)))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]))
			return false;
	*ret_dm = metres * 10 + tenths;
	return true;
}

enum rc check_in_position(struct str lat, struct str lon, struct str acc, struct place *ret,
			  int64_t *ret_accuracy_dm, struct error *e)
{
	if (lat.n == 0 || lon.n == 0)
		return ERROR(e, RC_INVALID, REASON_PLACE_MISSING, "no position");
	if (!place_parse_degrees(lat, 90, &ret->latitude_e7) ||
	    !place_parse_degrees(lon, 180, &ret->longitude_e7) ||
	    !read_accuracy(acc, ret_accuracy_dm))
		return ERROR(e, RC_INVALID, REASON_NOT_A_PLACE, "position that cannot be");
	return RC_OK;
}

static enum rc take_place(const struct place_in *in, struct flow *f, struct error *e)
{
	struct place place;
	int64_t accuracy_dm;

	TRY(check_in_position(in->lat, in->lon, in->acc, &place, &accuracy_dm, e));
	f->place = place;
	f->accuracy_dm = accuracy_dm;
	f->place_state = FLOW_PLACE_GIVEN;
	return RC_OK;
}

static enum rc send_place(struct req *q, struct resp *r, const struct checkin_open *o,
			  struct flow *f, struct error *e)
{
	struct place_in in;

	TRY(req_read(q, &in, e));
	if (in.skip)
		f->place_state = FLOW_PLACE_REFUSED;
	if (in.skip || (in.go && f->place_state == FLOW_PLACE_GIVEN))
		return check_in_go_on(q, r, o, f, e);
	TRY(take_place(&in, f, e));
	/* The student sees it before it is used. */
	TRY(flow_keep(q, r, f, e));
	resp_redirect(r, STR("/check-in/location"));
	return RC_OK;
}

enum rc page_check_in_place_send(struct req *q, struct resp *r, struct error *e)
{
	struct checkin_open o;
	struct error failed;
	struct flow f;
	bool has_flow;
	enum rc rc;

	TRY(check_in_flow_open(q, r, &f, &o, &has_flow, e));
	if (!has_flow)
		return RC_OK;
	rc = send_place(q, r, &o, &f, e);
	if (rc != RC_INVALID)
		return rc;
	failed = *e;
	error_init(e);
	return show_place(q, r, &o, &f, &failed, e);
}
