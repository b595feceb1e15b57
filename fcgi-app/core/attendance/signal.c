/*
 * The table of the judgement, and what single signals say.  Must not know: requests,
 * the database, the clock.
 */
#include "core/attendance/signal.h"

#include "base/num.h"
#include "codec/json.h"

#include <arpa/inet.h>
#include <math.h>
#include <stdio.h>

#define EARTH_M        6371000.0
#define DEGREES_TO_RAD (3.14159265358979323846 / 180)
#define DEGREES_DIGITS 20 /* longest text of degrees that is read */

static const char *const level_names[POLICY_LEVEL__MAX] = { "off", "flag", "must" };
static const char *const kind_names[SIGNAL__MAX] = { "code",    "place", "network", "photo",
						     "browser", "speed", "repeat",  "clock" };
static const char *const verdict_names[SIGNAL_VERDICT__MAX] = { "pass", "unsure", "missing", "fail",
								"pending" };
static const char *const decision_names[DECISION__MAX] = { "approved", "flagged", "rejected" };

static int word_index(struct str s, const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		if (str_eq(s, str_from(names[i])))
			return i;
	return -1;
}

const char *policy_level_name(enum policy_level l)
{
	BUG((unsigned)l >= POLICY_LEVEL__MAX);
	return level_names[l];
}

enum policy_level policy_level_from(struct str s)
{
	int i = word_index(s, level_names, POLICY_LEVEL__MAX);

	BUG(i < 0);
	return (enum policy_level)i;
}

const char *signal_name(enum signal_kind k)
{
	BUG((unsigned)k >= SIGNAL__MAX);
	return kind_names[k];
}

const char *signal_verdict_name(enum signal_verdict v)
{
	BUG((unsigned)v >= SIGNAL_VERDICT__MAX);
	return verdict_names[v];
}

const char *decision_name(enum decision d)
{
	BUG((unsigned)d >= DECISION__MAX);
	return decision_names[d];
}

void signals_add(struct signals *s, struct signal one)
{
	BUG(s->n >= SIGNALS_MAX);
	s->v[s->n++] = one;
}

/* ---- the table ---------------------------------------------------------------------------- */

/* clang-format off */
#define WEIGH(kind, verdict, level, decision, reason)                                              \
	{ SIGNAL_##kind, SIGNAL_##verdict, POLICY_##level, DECISION_##decision, REASON_##reason }
const struct signal_weigh signal_weighs[] = {
	/* What nobody could have typed by being there is refused; what was not shared is looked at. */
	WEIGH(CODE,    FAIL,    MUST, REJECTED, CODE_WRONG),
	WEIGH(CODE,    FAIL,    FLAG, FLAGGED,  CODE_WRONG),
	WEIGH(CODE,    MISSING, MUST, REJECTED, CODE_MISSING),
	WEIGH(CODE,    MISSING, FLAG, FLAGGED,  CODE_MISSING),
	WEIGH(PLACE,   FAIL,    MUST, REJECTED, PLACE_OUT),
	WEIGH(PLACE,   FAIL,    FLAG, FLAGGED,  PLACE_OUT),
	WEIGH(PLACE,   UNSURE,  MUST, FLAGGED,  PLACE_UNSURE),
	WEIGH(PLACE,   UNSURE,  FLAG, APPROVED, NONE),
	WEIGH(PLACE,   MISSING, MUST, FLAGGED,  PLACE_MISSING),
	WEIGH(PLACE,   MISSING, FLAG, APPROVED, NONE),
	WEIGH(NETWORK, FAIL,    MUST, REJECTED, NETWORK_OUT),
	WEIGH(NETWORK, FAIL,    FLAG, FLAGGED,  NETWORK_OUT),
	WEIGH(NETWORK, MISSING, MUST, REJECTED, NETWORK_OUT),
	WEIGH(NETWORK, MISSING, FLAG, FLAGGED,  NETWORK_OUT),
	WEIGH(PHOTO,   FAIL,    MUST, REJECTED, PHOTO_FAILED),
	WEIGH(PHOTO,   FAIL,    FLAG, FLAGGED,  PHOTO_FAILED),
	WEIGH(PHOTO,   MISSING, MUST, FLAGGED,  PHOTO_MISSING),
	WEIGH(PHOTO,   MISSING, FLAG, APPROVED, NONE),
	WEIGH(PHOTO,   PENDING, MUST, FLAGGED,  PHOTO_UNCHECKED),
	WEIGH(PHOTO,   PENDING, FLAG, APPROVED, NONE),
	WEIGH(BROWSER, FAIL,    MUST, REJECTED, BROWSER_SHARED),
	WEIGH(BROWSER, FAIL,    FLAG, FLAGGED,  BROWSER_SHARED),
	WEIGH(SPEED,   FAIL,    MUST, FLAGGED,  PLACE_SPEED),
	WEIGH(SPEED,   FAIL,    FLAG, FLAGGED,  PLACE_SPEED),
	WEIGH(REPEAT,  FAIL,    MUST, FLAGGED,  PLACE_REPEAT),
	WEIGH(REPEAT,  FAIL,    FLAG, FLAGGED,  PLACE_REPEAT),
	WEIGH(CLOCK,   FAIL,    MUST, FLAGGED,  DEVICE_CLOCK),
};
/* clang-format on */
const size_t signal_n_weighs = ARRAY_LEN(signal_weighs);

static enum policy_level level_of(enum signal_kind k, const enum policy_level levels[SIGNAL__MAX])
{
	if (k == SIGNAL_CLOCK)
		return POLICY_MUST;
	return levels[k == SIGNAL_SPEED || k == SIGNAL_REPEAT ? SIGNAL_PLACE : k];
}

static const struct signal_weigh *weigh(const struct signal *s, enum policy_level level)
{
	for (size_t i = 0; i < signal_n_weighs; i++) {
		const struct signal_weigh *w = &signal_weighs[i];

		if (w->kind == s->kind && w->verdict == s->verdict && w->level == level)
			return w;
	}
	return NULL;
}

enum decision signals_weigh(const struct signals *s, const enum policy_level levels[SIGNAL__MAX],
			    enum reason *ret_reason)
{
	enum decision decision = DECISION_APPROVED;

	*ret_reason = REASON_NONE;
	for (size_t i = 0; i < s->n; i++) {
		const struct signal_weigh *w = weigh(&s->v[i], level_of(s->v[i].kind, levels));

		if (w && w->decision > decision) {
			decision = w->decision;
			*ret_reason = w->reason;
		}
	}
	return decision;
}

/* ---- place ---------------------------------------------------------------------------------- */

double place_distance_m(struct place a, struct place b)
{
	const double to_rad = DEGREES_TO_RAD / PLACE_E7;
	double la = a.latitude_e7 * to_rad, lb = b.latitude_e7 * to_rad;
	double dla = sin((lb - la) / 2);
	double dlo = sin(((double)b.longitude_e7 - a.longitude_e7) * to_rad / 2);
	double h = dla * dla + cos(la) * cos(lb) * dlo * dlo;

	return 2 * EARTH_M * asin(sqrt(h < 1 ? h : 1));
}

/* Digits, one point, a sign before: what people and browsers send. */
static bool is_decimal(struct str s)
{
	size_t n_digits = 0, n_points = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (ascii_is_digit(s.p[i]))
			n_digits++;
		else if (s.p[i] == '.')
			n_points++;
		else if (i > 0 || (s.p[i] != '-' && s.p[i] != '+'))
			return false;
	}
	return n_digits > 0 && n_points <= 1;
}

static bool e7_of(double degrees, int limit, int32_t *ret)
{
	if (!isfinite(degrees) || degrees < -limit || degrees > limit)
		return false;
	*ret = (int32_t)lround(degrees * PLACE_E7);
	return true;
}

bool place_parse_degrees(struct str s, int limit, int32_t *ret_e7)
{
	struct str t = str_trim(s);
	double whole = 0, scale = 1;
	bool after_point = false, is_negative = t.n && t.p[0] == '-';

	if (t.n > DEGREES_DIGITS || !is_decimal(t))
		return false;
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] == '.') {
			after_point = true;
		} else if (ascii_is_digit(t.p[i])) {
			whole = whole * 10 + (t.p[i] - '0');
			scale *= after_point ? 10 : 1;
		}
	}
	return e7_of(is_negative ? -whole / scale : whole / scale, limit, ret_e7);
}

bool place_from_degrees(double latitude, double longitude, struct place *ret)
{
	struct place p;

	if (!e7_of(latitude, 90, &p.latitude_e7) || !e7_of(longitude, 180, &p.longitude_e7))
		return false;
	*ret = p;
	return true;
}

enum signal_verdict place_judge(double distance_m, double accuracy_m, int64_t radius_m)
{
	double radius = (double)radius_m;

	if (accuracy_m < 0)
		return distance_m <= radius ? SIGNAL_PASS : SIGNAL_UNSURE;
	if (distance_m - accuracy_m > radius)
		return SIGNAL_FAIL;
	if (distance_m + accuracy_m <= radius || (distance_m <= radius && accuracy_m <= radius))
		return SIGNAL_PASS;
	return SIGNAL_UNSURE;
}

/* ---- network -------------------------------------------------------------------------------- */

static void clear_host_bits(struct cidr *c)
{
	for (unsigned i = 0; i < sizeof c->address; i++) {
		unsigned from = i * 8;

		if (c->bits <= from)
			c->address[i] = 0;
		else if (c->bits < from + 8)
			c->address[i] &= (uint8_t)(0xFF << (from + 8 - c->bits));
	}
}

static bool is_mapped(const uint8_t a[16])
{
	static const uint8_t prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };

	return memcmp(a, prefix, sizeof prefix) == 0;
}

bool cidr_parse(struct str s, struct cidr *ret)
{
	char text[INET6_ADDRSTRLEN];
	struct cidr c = { .is_v6 = true };
	size_t slash = str_find_char(s, '/');
	struct str address = slash == SIZE_MAX ? s : str_sub(s, 0, slash);
	int64_t bits;

	if (!address.n || address.n >= sizeof text)
		return false;
	memcpy(text, address.p, address.n);
	text[address.n] = '\0';
	if (strlen(text) != address.n)
		return false;
	if (inet_pton(AF_INET, text, c.address) == 1)
		c.is_v6 = false;
	else if (inet_pton(AF_INET6, text, c.address) != 1)
		return false;
	bits = c.is_v6 ? 128 : 32;
	if (slash != SIZE_MAX && !num_i64(str_from_pos(s, slash + 1), 0, bits, &bits))
		return false;
	if (c.is_v6 && is_mapped(c.address) && bits >= 96) {
		memmove(c.address, c.address + 12, 4);
		memset(c.address + 4, 0, 12);
		c.is_v6 = false;
		bits -= 96;
	}
	c.bits = (uint8_t)bits;
	clear_host_bits(&c);
	*ret = c;
	return true;
}

struct str cidr_format(const struct cidr *c, char out[CIDR_TEXT_SIZE])
{
	size_t n;

	BUG(!inet_ntop(c->is_v6 ? AF_INET6 : AF_INET, c->address, out, CIDR_TEXT_SIZE));
	n = strlen(out);
	if (c->bits < (c->is_v6 ? 128 : 32))
		n += (size_t)snprintf(out + n, CIDR_TEXT_SIZE - n, "/%d", c->bits);
	return str_make(out, n);
}

bool cidr_contains(const struct cidr *c, const struct cidr *address)
{
	struct cidr cut = *address;

	if (c->is_v6 != address->is_v6 || address->bits < c->bits)
		return false;
	cut.bits = c->bits;
	clear_host_bits(&cut);
	return memcmp(cut.address, c->address, sizeof cut.address) == 0;
}

bool network_same(struct str a, struct str b)
{
	struct cidr x, y;

	if (!cidr_parse(a, &x) || !cidr_parse(b, &y))
		return false;
	x.bits = x.is_v6 ? 64 : 24;
	clear_host_bits(&x);
	return cidr_contains(&x, &y);
}

/* ---- as stored ------------------------------------------------------------------------------ */

void signals_write(const struct signals *s, struct buf *out)
{
	struct json_out o;

	json_out_init(&o, out);
	json_out_array(&o);
	for (size_t i = 0; i < s->n; i++) {
		const struct signal *one = &s->v[i];

		json_out_object(&o);
		json_out_key_cz(&o, "s", signal_name(one->kind));
		json_out_key_cz(&o, "v", signal_verdict_name(one->verdict));
		if (one->n != SIGNAL_NONE)
			json_out_key_i64(&o, "n", one->n);
		if (one->limit != SIGNAL_NONE)
			json_out_key_i64(&o, "max", one->limit);
		if (one->extra != SIGNAL_NONE)
			json_out_key_i64(&o, "extra", one->extra);
		json_out_object_end(&o);
	}
	json_out_array_end(&o);
}

static int64_t number(const struct json_t *v, const char *key)
{
	int64_t n;

	return json_as_i64(json_member(v, key), 0, INT64_MAX, &n) ? n : SIGNAL_NONE;
}

static bool read_one(const struct json_t *v, struct signal *ret)
{
	struct str kind, verdict;
	int k, d;

	if (!json_as_str(json_member(v, "s"), &kind) || !json_as_str(json_member(v, "v"), &verdict))
		return false;
	k = word_index(kind, kind_names, SIGNAL__MAX);
	d = word_index(verdict, verdict_names, SIGNAL_VERDICT__MAX);
	if (k < 0 || d < 0)
		return false;
	*ret = (struct signal){ (enum signal_kind)k, (enum signal_verdict)d, number(v, "n"),
				number(v, "max"), number(v, "extra") };
	return true;
}

void signals_read(struct str json, struct signals *ret)
{
	struct signals s = { .n = 0 };
	struct signal one;
	struct json_t *tree;
	struct arena a;
	struct error e;

	error_init(&e);
	arena_init(&a, 65536, 0);
	if (json_read(json, 2000, &a, &tree, &e) == RC_OK)
		for (size_t i = 0; i < json_items(tree) && s.n < SIGNALS_MAX; i++)
			if (read_one(json_item(tree, i), &one))
				s.v[s.n++] = one;
	arena_clear(&a);
	*ret = s;
}
