/*
 * From attempts that wait for a person to what is read beside them.
 */
#include "view/flagged.h"

#include "core/wall.h"
#include "view/text.h"

static const char *fact_class(enum signal_verdict v)
{
	switch (v) {
	case SIGNAL_PASS:
		return "ok";
	case SIGNAL_UNSURE:
	case SIGNAL_MISSING:
	case SIGNAL_PENDING:
		return "warn";
	case SIGNAL_FAIL:
	case SIGNAL_VERDICT__MAX:
		break;
	}
	return "bad";
}

static const char *place_text(const struct signal *g)
{
	if (g->verdict == SIGNAL_MISSING)
		return N_("Location: not shared.");
	if (g->extra < 0)
		return N_("Location: {n} m away, {limit} m allowed, accuracy not stated.");
	return N_("Location: {n} m away, {limit} m allowed, accuracy {extra} m.");
}

static const char *code_text(const struct signal *g)
{
	if (g->verdict == SIGNAL_PASS)
		return N_("Code: right.");
	return g->verdict == SIGNAL_MISSING ? N_("Code: not given.") : N_("Code: not right.");
}

static const char *network_text(const struct signal *g)
{
	if (g->verdict == SIGNAL_PASS)
		return N_("Network: of the institution.");
	return N_("Network: not one of the institution.");
}

static const char *photo_text(const struct signal *g)
{
	switch (g->verdict) {
	case SIGNAL_PASS:
		return N_("Photo: matches.");
	case SIGNAL_MISSING:
		return N_("Photo: none.");
	case SIGNAL_PENDING:
	case SIGNAL_UNSURE:
		return N_("Photo: to be compared by a person.");
	case SIGNAL_FAIL:
	case SIGNAL_VERDICT__MAX:
		break;
	}
	return N_("Photo: does not match.");
}

static const char *fact_text(const struct signal *g)
{
	switch (g->kind) {
	case SIGNAL_CODE:
		return code_text(g);
	case SIGNAL_PLACE:
		return place_text(g);
	case SIGNAL_NETWORK:
		return network_text(g);
	case SIGNAL_PHOTO:
		return photo_text(g);
	case SIGNAL_BROWSER:
		return g->verdict == SIGNAL_PASS
			       ? N_("Device: used by no other student.")
			       : N_("Device: other students who used it for this session: {n}.");
	case SIGNAL_SPEED:
		return N_("Speed: {n} km/h between two check-ins.");
	case SIGNAL_REPEAT:
		return N_("Position: exactly the same as in {n} earlier sessions.");
	case SIGNAL_CLOCK:
		return N_("Clock of the device: {n} s off.");
	case SIGNAL__MAX:
		break;
	}
	return "";
}

static enum rc fill_facts(struct arena *a, enum lang lang, const struct signals *g,
			  struct view_attempt *out, struct error *e)
{
	struct view_fact *facts = ARENA_ARRAY(a, g->n, struct view_fact);

	if (!facts)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < g->n; i++) {
		const struct signal *one = &g->v[i];
		const struct text_hole holes[] = {
			{ "n", arena_printf(a, "%lld", (long long)one->n) },
			{ "limit", arena_printf(a, "%lld", (long long)one->limit) },
			{ "extra", arena_printf(a, "%lld", (long long)one->extra) },
		};

		facts[i] = (struct view_fact){ fact_class(one->verdict), one->kind,
					       text_fill(a, catalogue_text(lang, fact_text(one)),
							 holes, ARRAY_LEN(holes)) };
	}
	out->facts = facts;
	out->n_facts = g->n;
	return RC_OK;
}

enum rc flagged_view(struct core *c, enum lang lang, int64_t attendance_id, struct str zone,
		     const struct view_attempt **ret, size_t *ret_n, struct error *e)
{
	const struct checkin_attempt *rows;
	struct view_attempt *out;
	size_t n;

	TRY(register_flagged(c, attendance_id, &rows, &n, e));
	out = ARENA_ARRAY(c->arena, n, struct view_attempt);
	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		struct wall at = core_wall(c, zone, rows[i].happened_at);

		out[i] = (struct view_attempt){ .a = &rows[i],
						.day = at.day,
						.tod = at.tod,
						.has_photo = rows[i].photo_file.n > 0,
						.attendance_id = attendance_id };
		TRY(fill_facts(c->arena, lang, &rows[i].signals, &out[i], e));
	}
	*ret = out;
	*ret_n = n;
	return RC_OK;
}
