/*
 * Alerts and fraud detections of contract 000 (contracts.md 1.3, 1.4): two views of check-ins that
 * a person should look at, with the check-in's id.  See door.h.
 */
#include "api/c000/door.h"
#include "api/c000/family.h"
#include "api/c000/render.h"

#define NOTE_MAX 500

static const char *const severities[] = { "low", "medium", "high", "critical", NULL };

/* Views of check-ins: what each reason is called there. */
struct suspicion {
	enum reason reason;
	const char *alert, *fraud, *severity;
};
static const struct suspicion suspicions[] = {
	{ REASON_PLACE_OUT, "location_violation", "location_spoof", "high" },
	{ REASON_PLACE_SPEED, "location_violation", "location_spoof", "high" },
	{ REASON_PLACE_REPEAT, "location_violation", "location_spoof", "high" },
	{ REASON_PHOTO_FAILED, "low_confidence", "proxy_attendance", "critical" },
	{ REASON_BROWSER_SHARED, "shared_device", "proxy_attendance", "critical" },
	{ REASON_ALREADY_IN, "duplicate_checkin", "duplicate_attempt", "medium" },
};

static const struct suspicion *suspicion_of(const struct smart_checkin *c)
{
	for (size_t i = 0; i < ARRAY_LEN(suspicions); i++)
		if (suspicions[i].reason == c->reason)
			return &suspicions[i];
	return NULL;
}

/* Decided, noted, or overtaken by a mark: nothing is left to do. */
static bool is_settled(const struct smart_checkin *c)
{
	return c->settled_at != NO_TIME;
}

struct c000_alerts_in {
	int severity;
	bool unacknowledged_only;
};
FIELDS(c000_alerts_fields, c000_alerts_in,
       FIELD(CHOICE, c000_alerts_in, severity, QUERY, .words = severities, .fallback = -1),
       FIELD(BOOL, c000_alerts_in, unacknowledged_only, QUERY, .fallback = 1));

static void write_alert(struct req *q, struct json_out *o, const struct smart_checkin *c)
{
	const struct suspicion *s = suspicion_of(c);

	json_out_object(o);
	json_out_key_i64(o, "id", c->id);
	c000_key_id(o, "student_id", c->person_id);
	c000_key_id(o, "session_id", c->occurrence_id);
	json_out_key_cz(o, "alert_type", s ? s->alert : "manual_review");
	json_out_key_cz(o, "severity", "medium");
	json_out_key_str(o, "message", c000_why(q->core.arena, c));
	for (int i = 0; i < 2; i++) {
		json_out_key_object(o, i ? "metadata" : "metadata_json");
		json_out_key_i64(o, "checkin_id", c->id);
		json_out_object_end(o);
	}
	json_out_key_bool(o, "is_acknowledged", is_settled(c));
	c000_key_id(o, "acknowledged_by_user_id", c->settled_by);
	c000_key_time(o, "acknowledged_at", c->settled_at);
	c000_key_text(o, "action_taken", c->note);
	c000_key_time(o, "created_at", c->at);
	json_out_object_end(o);
}

enum rc c000_alerts(struct req *q, struct resp *r, struct error *e)
{
	const struct smart_checkin *rows;
	struct c000_alerts_in in;
	struct json_out o;
	size_t n;

	TRY(req_read(q, &in, e));
	TRY(smart_suspects(&q->core, in.unacknowledged_only, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		if (rows[i].decision == DECISION_APPROVED ||
		    (in.severity >= 0 && !str_eq(str_from(severities[in.severity]), STR("medium"))))
			continue;
		write_alert(q, &o, &rows[i]);
	}
	json_out_array_end(&o);
	return RC_OK;
}

struct c000_frauds_in {
	int severity;
	bool resolved;
};
FIELDS(c000_frauds_fields, c000_frauds_in,
       FIELD(CHOICE, c000_frauds_in, severity, QUERY, .words = severities, .fallback = -1),
       FIELD(BOOL, c000_frauds_in, resolved, QUERY));

static void write_fraud(struct req *q, struct json_out *o, const struct smart_checkin *c,
			const struct suspicion *s)
{
	json_out_object(o);
	json_out_key_i64(o, "id", c->id);
	c000_key_id(o, "student_id", c->person_id);
	c000_key_id(o, "session_id", c->occurrence_id);
	json_out_key_i64(o, "checkin_id", c->id);
	json_out_key_cz(o, "fraud_type", s->fraud);
	json_out_key_cz(o, "severity", s->severity);
	json_out_key_object(o, "evidence");
	if (c->distance_m >= 0) {
		json_out_key_i64(o, "distance_m", c->distance_m);
		json_out_key_i64(o, "allowed_m", c->allowed_m);
	}
	json_out_object_end(o);
	json_out_key_str(o, "description", c000_why(q->core.arena, c));
	json_out_key_bool(o, "is_resolved", is_settled(c));
	c000_key_id(o, "resolved_by_user_id", c->settled_by);
	c000_key_text(o, "resolution_notes", c->note);
	c000_key_time(o, "created_at", c->at);
	c000_key_time(o, "resolved_at", c->settled_at);
	json_out_object_end(o);
}

enum rc c000_frauds(struct req *q, struct resp *r, struct error *e)
{
	const struct smart_checkin *rows;
	struct c000_frauds_in in;
	struct json_out o;
	size_t n;

	TRY(req_read(q, &in, e));
	TRY(smart_suspects(&q->core, req_has(q, "resolved") && !in.resolved, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		const struct suspicion *s = suspicion_of(&rows[i]);

		if (!s || (req_has(q, "resolved") && in.resolved != is_settled(&rows[i])) ||
		    (in.severity >= 0 &&
		     !str_eq(str_from(severities[in.severity]), str_from(s->severity))))
			continue;
		write_fraud(q, &o, &rows[i], s);
	}
	json_out_array_end(&o);
	return RC_OK;
}

/* ---- settling
 * ------------------------------------------------------------------------------------ */

struct c000_settle_in {
	int64_t alert_id, fraud_id;
	struct str action_taken, resolution_notes;
};
/* The original's server reads the query, its client sends JSON. */
FIELDS(c000_acknowledge_fields, c000_settle_in,
       FIELD(ID, c000_settle_in, alert_id, PATH, .required = true),
       FIELD(LONG_TEXT, c000_settle_in, action_taken, ANY, .max = NOTE_MAX));
FIELDS(c000_resolve_fields, c000_settle_in,
       FIELD(ID, c000_settle_in, fraud_id, PATH, .required = true),
       FIELD(LONG_TEXT, c000_settle_in, resolution_notes, ANY, .max = NOTE_MAX));

enum rc c000_acknowledge(struct req *q, struct resp *r, struct error *e)
{
	struct c000_settle_in in;
	struct smart_checkin c;
	struct json_out o;

	TRY(req_read(q, &in, e));
	TRY(smart_settle(&q->core, in.alert_id, in.action_taken, &c, e));
	o = resp_json(r);
	write_alert(q, &o, &c);
	return RC_OK;
}

enum rc c000_resolve(struct req *q, struct resp *r, struct error *e)
{
	const struct suspicion *s;
	struct c000_settle_in in;
	struct smart_checkin c;
	struct json_out o;

	TRY(req_read(q, &in, e));
	TRY(smart_checkin_get(&q->core, in.fraud_id, &c, e));
	s = suspicion_of(&c);
	if (!s)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "check-in %lld is not suspicious",
			     (long long)c.id);
	TRY(smart_settle(&q->core, in.fraud_id, in.resolution_notes, &c, e));
	o = resp_json(r);
	write_fraud(q, &o, &c, s);
	return RC_OK;
}
