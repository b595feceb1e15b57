/*
 * Writing what was decided of a batch: attempts, records, evidence, photos, outbox, audit.
 */
#include "core/checkin_row.h"
#include "core/event.h"
#include "core/evidence.h"
#include "sys/crypto.h"

#define PENDING_US (300 * US_PER_S)
#define ACT_BYTES  16

static void put_signals(struct checkin_writer *w, struct checkin_batch *b,
			const struct signals *signals)
{
	struct buf text;

	buf_init(&text, b->c->arena, 256, 1500);
	signals_write(signals, &text);
	if (!buf_ok(&text))
		w->b.failed = true;
	json_out_key_str(&w->o, "signals", buf_str(&text));
}

/* A receipt is used up by what counts or waits, not by a refused try. */
static bool uses_receipt(const struct checkin_item *it)
{
	return it->in->receipt && it->result->decision != DECISION_REJECTED &&
	       it->f.receipt_person_id == COLUMN_NULL;
}

static void put_attempt(struct checkin_writer *w, struct checkin_batch *b,
			const struct checkin_item *it, size_t i)
{
	const struct checkin_result *r = it->result;
	bool is_rejected = r->decision == DECISION_REJECTED;

	checkin_put_item(w, it, i, it->f.attendance_id, it->f.person_id, uses_receipt(it));
	json_out_key_cz(&w->o, "path", checkin_path_name(it->in->path));
	checkin_put_time(w, "at", it->happened_at);
	json_out_key_cz(&w->o, "decision", decision_name(r->decision));
	json_out_key_cz(&w->o, "reason", r->reason == REASON_NONE ? NULL : reason_code(r->reason));
	json_out_key_cz(&w->o, "status", is_rejected ? NULL : mark_name(r->mark));
	checkin_put_i64(w, "late_s", is_rejected ? COLUMN_NULL : it->late_s);
	put_signals(w, b, &r->signals);
	checkin_put_i64(w, "step", it->code_step);
	json_out_object_end(&w->o);
}

enum part { PART_ALL, PART_RECORDS, PART_GIVE_WAY, PART_LAPSE };

static bool is_in_part(const struct checkin_item *it, enum part part)
{
	return it->is_kept &&
	       (part == PART_ALL || (part == PART_RECORDS && it->has_record) ||
		(part == PART_GIVE_WAY && it->gives_way) || (part == PART_LAPSE && it->lapses));
}

static enum rc part_items(struct checkin_batch *b, enum part part, struct str *ret, size_t *ret_n,
			  struct error *e)
{
	struct checkin_writer w;

	checkin_writer_begin(&w, b);
	for (size_t i = 0; i < b->n; i++)
		if (is_in_part(&b->items[i], part))
			put_attempt(&w, b, &b->items[i], i);
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

static enum rc read_back(struct checkin_batch *b, struct store *s, struct str items, size_t n_items,
			 struct error *e)
{
	const struct checkin_written *rows;
	size_t n;

	TRY(checkin_written_get(s, items, n_items, b->c->arena, &rows, &n, e));
	for (size_t k = 0; k < n; k++) {
		struct checkin_item *it = &b->items[rows[k].i];

		it->result->attempt_id = rows[k].attempt_id;
		if (rows[k].record_id != COLUMN_NULL &&
		    (it->has_record || it->result->reason == REASON_ALREADY_IN))
			it->result->record_id = rows[k].record_id;
		/* Somebody else's record stands there: our view was old. */
		if (it->has_record && rows[k].record_attempt_id != rows[k].attempt_id)
			b->has_lost = true;
	}
	return RC_OK;
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

static void put_payload(struct checkin_writer *w, const char *key, const struct checkin_item *it,
			struct arena *a)
{
	const struct checkin_result *r = it->result;
	struct str text = arena_printf(a,
				       "{\"attendance\":%lld,\"student\":%lld,\"attempt\":%lld,"
				       "\"record\":%lld,\"status\":\"%s\",\"method\":\"%s\"}",
				       (long long)r->attendance_id, (long long)r->person_id,
				       (long long)r->attempt_id, (long long)r->record_id,
				       mark_name(r->mark), checkin_path_name(it->in->path));

	if (!text.p)
		w->b.failed = true;
	json_out_key_str(&w->o, key, text);
}

/* Members get what the statement makes of the session's id: that the counts moved. */
static void put_event(struct checkin_writer *w, const struct checkin_item *it)
{
	const struct event_new event = { .type = it->has_record ? EVENT_ATTENDANCE_MARKED
								: EVENT_ATTENDANCE_FLAGGED,
					 .attendance_id = it->f.attendance_id,
					 .person_id = it->f.person_id,
					 .public_payload = STR_INIT("{}") };

	json_out_key_cz(&w->o, "type", event_name(event.type));
	json_out_key_i64(&w->o, "to", event_audience(&event));
	json_out_key_i64(&w->o, "branch", it->f.branch_id);
	json_out_key_i64(&w->o, "attendance", it->f.attendance_id);
	json_out_key_i64(&w->o, "person", it->f.person_id);
}

static enum rc write_events(struct checkin_batch *b, struct store *s, struct error *e)
{
	struct checkin_writer w;
	struct str items;

	checkin_writer_begin(&w, b);
	for (size_t i = 0; i < b->n; i++) {
		const struct checkin_item *it = &b->items[i];

		if (!is_told(it))
			continue;
		json_out_object(&w.o);
		put_event(&w, it);
		put_payload(&w, "payload", it, b->c->arena);
		json_out_object_end(&w.o);
		w.n++;
	}
	TRY(checkin_writer_end(&w, &items, e));
	return w.n ? checkin_insert_events(s, items, b->c->now_us, e) : RC_OK;
}

static enum rc write_audit(struct checkin_batch *b, struct store *s, struct error *e)
{
	struct checkin_writer w;
	struct str items;

	checkin_writer_begin(&w, b);
	for (size_t i = 0; i < b->n; i++) {
		const struct checkin_item *it = &b->items[i];

		if (!is_told(it))
			continue;
		json_out_object(&w.o);
		json_out_key_i64(&w.o, "actor", it->in->actor->account_id);
		json_out_key_cz(&w.o, "action",
				it->has_record ? "attendance.checked_in" : "attendance.flagged");
		json_out_key_i64(&w.o, "branch", it->f.branch_id);
		json_out_key_i64(&w.o, "object", it->f.attendance_id);
		put_payload(&w, "detail", it, b->c->arena);
		json_out_object_end(&w.o);
		w.n++;
	}
	TRY(checkin_writer_end(&w, &items, e));
	return w.n ? checkin_insert_audit(s, items, b->c->request_id.p ? b->c->request_id : STR(""),
					  b->c->now_us, e)
		   : RC_OK;
}

/* A closed session's counters, where a scan before its end came after it. */
static enum rc recount(struct checkin_batch *b, struct store *s, struct error *e)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->items[i].has_record && str_eq(b->items[i].f.state, STR("closed")))
			TRY(attendance_count(s, b->items[i].f.attendance_id, e));
	return RC_OK;
}

enum rc checkin_write(struct checkin_batch *b, struct store *s, struct error *e)
{
	struct str all, records;
	size_t n, n_records;

	TRY(part_items(b, PART_ALL, &all, &n, e));
	if (!n)
		return RC_OK;
	TRY(part_items(b, PART_RECORDS, &records, &n_records, e));
	TRY(give_way(b, s, e));
	TRY(checkin_insert_attempts(s, all, b->c->now_us, e));
	if (n_records)
		TRY(checkin_insert_records(s, records, b->c->now_us, e));
	TRY(read_back(b, s, all, n, e));
	if (b->has_lost)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "another check-in was faster");
	TRY(write_evidence(b, s, e));
	TRY(write_photos(b, s, e));
	TRY(write_events(b, s, e));
	TRY(write_audit(b, s, e));
	return recount(b, s, e);
}
