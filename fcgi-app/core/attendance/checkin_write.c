/*
 * Writing what was decided of a batch: attempts, records, evidence, photos, outbox, audit.
 */
#include "core/attendance/checkin_row.h"
#include "core/attendance/evidence.h"
#include "core/event/event.h"
#include "sys/crypto.h"

#define PENDING_US (300 * US_PER_S)
#define ACT_BYTES  16

/* A receipt is used up by what counts or waits, not by a refused try. */
static bool uses_receipt(const struct checkin_item *it)
{
	return it->in->receipt && it->result->decision != DECISION_REJECTED &&
	       it->f.receipt_person_id == COLUMN_NULL;
}

static struct str signals_text(const struct signals *signals, struct arena *a)
{
	struct buf text;

	buf_init(&text, a, 256, 1500);
	signals_write(signals, &text);
	return buf_ok(&text) ? buf_str(&text) : (struct str){ 0 };
}

static struct str bytes(const void *p, size_t n)
{
	return str_make(p, n);
}

/* Nobody and no device are 0 or COLUMN_NULL. */
static int64_t or_null(int64_t v)
{
	return v == 0 ? COLUMN_NULL : v;
}

static struct checkin_attempt_new attempt_of(const struct checkin_item *it, struct arena *a)
{
	const struct checkin_result *r = it->result;
	const bool is_rejected = r->decision == DECISION_REJECTED;
	struct checkin_attempt_new v = {
		.attendance_id = it->f.attendance_id,
		.person_id = it->f.person_id,
		.actor_id = or_null(it->in->actor->account_id),
		.nonce = bytes(it->nonce, sizeof it->nonce),
		.path = str_from(checkin_path_name(it->in->path)),
		.happened_at = it->happened_at,
		.decision = str_from(decision_name(r->decision)),
		.late_s = is_rejected ? COLUMN_NULL : or_null(it->late_s),
		.signals = signals_text(&r->signals, a),
		.code_step = or_null(it->code_step),
		.browser_hash = it->in->browser_hash,
		.device_id = or_null(it->in->device_id),
	};

	if (r->reason != REASON_NONE)
		v.reason = str_from(reason_code(r->reason));
	if (!is_rejected)
		v.status = str_from(mark_name(r->mark));
	if (uses_receipt(it))
		v.receipt_id = bytes(it->in->receipt->id, RECEIPT_ID_BYTES);
	if (r->decision == DECISION_FLAGGED)
		v.decided_state = STR("open");
	return v;
}

static enum rc write_attempts(struct checkin_batch *b, struct store *s, struct error *e)
{
	struct checkin_attempt_new *v = ARENA_ARRAY(b->c->arena, b->n, struct checkin_attempt_new);
	const struct checkin_attempt_id *ids;
	size_t n = 0;

	if (!v)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < b->n; i++) {
		if (!b->items[i].is_kept)
			continue;
		v[n] = attempt_of(&b->items[i], b->c->arena);
		if (!v[n++].signals.p)
			return ERROR_MEMORY(e);
	}
	TRY(checkin_insert_attempts(s, v, n, b->c->now_us, b->c->arena, &ids, e));
	n = 0;
	for (size_t i = 0; i < b->n; i++)
		if (b->items[i].is_kept)
			b->items[i].result->attempt_id = ids[n++].id;
	return RC_OK;
}

/* ---- records ---- */

static enum rc insert_records(struct checkin_batch *b, struct store *s,
			      const struct checkin_record_id **ret, size_t *ret_n, struct error *e)
{
	struct checkin_record_new *v = ARENA_ARRAY(b->c->arena, b->n, struct checkin_record_new);
	size_t n = 0;

	if (!v)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < b->n; i++) {
		const struct checkin_item *it = &b->items[i];

		if (!it->has_record)
			continue;
		v[n++] = (struct checkin_record_new){
			.attendance_id = it->f.attendance_id,
			.person_id = it->f.person_id,
			.status = str_from(mark_name(it->result->mark)),
			.method = str_from(checkin_path_name(it->in->path)),
			.happened_at = it->happened_at,
			.late_s = or_null(it->late_s),
			.attempt_id = it->result->attempt_id,
		};
	}
	*ret_n = 0;
	return n ? checkin_insert_records(s, v, n, b->c->now_us, b->c->arena, ret, ret_n, e)
		 : RC_OK;
}

/* Somebody else's record stands where one of ours did not come back: our view was old. */
static enum rc write_records(struct checkin_batch *b, struct store *s, struct error *e)
{
	const struct checkin_record_id *ids = NULL;
	size_t n, k = 0;

	TRY(insert_records(b, s, &ids, &n, e));
	for (size_t i = 0; i < b->n && !b->has_lost; i++) {
		struct checkin_item *it = &b->items[i];

		if (!it->has_record)
			continue;
		b->has_lost = k == n || ids[k].attempt_id != it->result->attempt_id;
		if (!b->has_lost)
			it->result->record_id = ids[k++].id;
	}
	return b->has_lost ? ERROR(e, RC_CONFLICT, REASON_CHANGED, "another check-in was faster")
			   : RC_OK;
}

/* Who is in already by an earlier one of this batch. */
static void name_records_of_batch(struct checkin_batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct checkin_item *it = &b->items[i];

		if (!it->is_kept || it->result->reason != REASON_ALREADY_IN ||
		    it->result->record_id != 0)
			continue;
		for (size_t k = 0; k < i; k++)
			if (b->items[k].has_record &&
			    b->items[k].f.attendance_id == it->f.attendance_id &&
			    b->items[k].f.person_id == it->f.person_id)
				it->result->record_id = b->items[k].result->record_id;
	}
}

/* ---- what gives way ---- */

enum part { PART_GIVE_WAY, PART_LAPSE };

static bool is_in_part(const struct checkin_item *it, enum part part)
{
	return it->is_kept && (part == PART_GIVE_WAY ? it->gives_way : it->lapses);
}

static enum rc part_items(struct checkin_batch *b, enum part part, struct str *ret, size_t *ret_n,
			  struct error *e)
{
	struct checkin_writer w;

	checkin_writer_begin(&w, b);
	for (size_t i = 0; i < b->n; i++) {
		const struct checkin_item *it = &b->items[i];

		if (!is_in_part(it, part))
			continue;
		checkin_put_item(&w, it, i, it->f.attendance_id, it->f.person_id, false);
		json_out_object_end(&w.o);
	}
	*ret_n = w.n;
	return checkin_writer_end(&w, ret, e);
}

static enum rc give_way(struct checkin_batch *b, struct store *s, struct error *e)
{
	uint8_t act[ACT_BYTES];
	struct str items;
	size_t n;

	TRY(part_items(b, PART_GIVE_WAY, &items, &n, e));
	if (n) {
		crypto_random(act, sizeof act);
		TRY(checkin_give_way(s, items, str_make((const char *)act, sizeof act),
				     b->c->now_us, e));
	}
	TRY(part_items(b, PART_LAPSE, &items, &n, e));
	return n ? checkin_lapse(s, items, b->c->now_us, e) : RC_OK;
}

/* ---- what goes with it ---- */

static int64_t expires(const struct checkin_batch *b, const struct checkin_item *it)
{
	return b->c->now_us + it->f.evidence_days * US_PER_DAY;
}

static void put_sealed(struct checkin_writer *w, struct checkin_batch *b,
		       const struct checkin_item *it, const char *kind, struct str sealed)
{
	json_out_object(&w->o);
	json_out_key_i64(&w->o, "t", it->result->attempt_id);
	json_out_key_cz(&w->o, "kind", kind);
	checkin_put_hex(w, "sealed", sealed.p, sealed.n);
	checkin_put_time(w, "expires_at", expires(b, it));
	json_out_object_end(&w->o);
	w->n++;
}

static enum rc seal_all(struct checkin_batch *b, struct checkin_writer *w,
			const struct evidence_key *key, struct error *e)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct checkin_item *it = &b->items[i];
		struct str sealed;

		if (!it->is_kept || it->f.attendance_id == COLUMN_NULL)
			continue;
		if (checkin_wants_place(it)) {
			TRY(evidence_seal_place(key, b->c->arena, it->in->place, it->in->accuracy_m,
						&sealed, e));
			put_sealed(w, b, it, "place", sealed);
		}
		if (checkin_wants_network(it) && it->in->address.n) {
			TRY(evidence_seal_address(key, b->c->arena, it->in->address, &sealed, e));
			put_sealed(w, b, it, "address", sealed);
		}
	}
	return RC_OK;
}

static bool has_evidence(const struct checkin_batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->items[i].is_kept &&
		    (checkin_wants_place(&b->items[i]) || checkin_wants_network(&b->items[i])))
			return true;
	return false;
}

static enum rc write_evidence(struct checkin_batch *b, struct store *s, struct error *e)
{
	struct evidence_key key;
	struct checkin_writer w;
	struct str items;
	enum rc rc;

	if (!has_evidence(b))
		return RC_OK;
	checkin_writer_begin(&w, b);
	TRY(evidence_key_read(b->c, &key, e));
	rc = seal_all(b, &w, &key, e);
	crypto_wipe(&key, sizeof key);
	TRY(rc);
	TRY(checkin_writer_end(&w, &items, e));
	return w.n ? checkin_insert_evidence(s, items, e) : RC_OK;
}

static enum rc write_photos(struct checkin_batch *b, struct store *s, struct error *e)
{
	struct checkin_writer w;
	struct str items;

	checkin_writer_begin(&w, b);
	for (size_t i = 0; i < b->n; i++) {
		const struct checkin_item *it = &b->items[i];
		bool is_pending = it->in->verification_id.n > 0;

		if (!it->is_kept || !it->in->photo_file.n)
			continue;
		json_out_object(&w.o);
		json_out_key_i64(&w.o, "t", it->result->attempt_id);
		checkin_put_hex(&w, "file", it->in->photo_file.p, it->in->photo_file.n);
		if (is_pending)
			json_out_key_str(&w.o, "v", it->in->verification_id);
		checkin_put_time(&w, "pending_until",
				 is_pending ? b->c->now_us + PENDING_US : NO_TIME);
		checkin_put_time(&w, "expires_at", expires(b, it));
		json_out_object_end(&w.o);
		w.n++;
	}
	TRY(checkin_writer_end(&w, &items, e));
	return w.n ? checkin_insert_photos(s, items, e) : RC_OK;
}

/* Told: what counts, and what waits for the teacher. */
static bool is_told(const struct checkin_item *it)
{
	return it->is_kept && it->result->decision != DECISION_REJECTED;
}

static struct str payload_of(const struct checkin_item *it, struct arena *a)
{
	const struct checkin_result *r = it->result;

	return arena_printf(
		a,
		"{\"attendance\":%lld,\"occurrence\":%lld,\"student\":%lld,"
		"\"attempt\":%lld,\"record\":%lld,\"status\":\"%s\",\"method\":\"%s\"}",
		(long long)r->attendance_id,
		it->f.occurrence_id == COLUMN_NULL ? 0LL : (long long)it->f.occurrence_id,
		(long long)r->person_id, (long long)r->attempt_id, (long long)r->record_id,
		mark_name(r->mark), checkin_path_name(it->in->path));
}

/* Members are told that the counts moved. */
static bool event_of(const struct checkin_item *it, struct arena *a, struct checkin_event *ret)
{
	const struct event_new event = { .type = it->has_record ? EVENT_ATTENDANCE_MARKED
								: EVENT_ATTENDANCE_FLAGGED,
					 .attendance_id = it->f.attendance_id,
					 .person_id = it->f.person_id,
					 .public_payload = STR_INIT("{}") };

	*ret = (struct checkin_event){ .type = str_from(event_name(event.type)),
				       .branch_id = it->f.branch_id,
				       .attendance_id = it->f.attendance_id,
				       .person_id = it->f.person_id,
				       .audience = event_audience(&event),
				       .payload = payload_of(it, a) };
	if (!(ret->audience & EVENT_TO_MEMBERS))
		return ret->payload.p != NULL;
	ret->public_payload =
		arena_printf(a, "{\"attendance\":%lld}", (long long)it->f.attendance_id);
	return ret->payload.p && ret->public_payload.p;
}

static struct checkin_audit audit_of(const struct checkin_item *it, struct str detail)
{
	return (struct checkin_audit){
		.actor_id = or_null(it->in->actor->account_id),
		.request_id = it->in->request_id.p ? it->in->request_id : STR(""),
		.action = it->has_record ? STR("attendance.checked_in") : STR("attendance.flagged"),
		.branch_id = it->f.branch_id,
		.attendance_id = it->f.attendance_id,
		.detail = detail,
	};
}

/* The event's payload is the audit row's detail. */
static enum rc write_events(struct checkin_batch *b, struct store *s, struct error *e)
{
	struct checkin_event *events = ARENA_ARRAY(b->c->arena, b->n, struct checkin_event);
	struct checkin_audit *audit = ARENA_ARRAY(b->c->arena, b->n, struct checkin_audit);
	size_t n = 0;

	if (!events || !audit)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < b->n; i++) {
		const struct checkin_item *it = &b->items[i];

		if (!is_told(it))
			continue;
		if (!event_of(it, b->c->arena, &events[n]))
			return ERROR_MEMORY(e);
		audit[n] = audit_of(it, events[n].payload);
		n++;
	}
	if (!n)
		return RC_OK;
	TRY(checkin_insert_events(s, events, n, b->c->now_us, b->c->arena, e));
	return checkin_insert_audit(s, audit, n, b->c->now_us, b->c->arena, e);
}

/* A closed session's counters, where a scan before its end came after it. */
static enum rc recount(struct checkin_batch *b, struct store *s, struct error *e)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->items[i].has_record && str_eq(b->items[i].f.state, STR("closed")))
			TRY(attendance_count(s, b->items[i].f.attendance_id, e));
	return RC_OK;
}

static bool has_kept(const struct checkin_batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->items[i].is_kept)
			return true;
	return false;
}

enum rc checkin_write(struct checkin_batch *b, struct store *s, struct error *e)
{
	if (!has_kept(b))
		return RC_OK;
	TRY(give_way(b, s, e));
	TRY(write_attempts(b, s, e));
	TRY(write_records(b, s, e));
	name_records_of_batch(b);
	TRY(write_evidence(b, s, e));
	TRY(write_photos(b, s, e));
	TRY(write_events(b, s, e));
	return recount(b, s, e);
}
