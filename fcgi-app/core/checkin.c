/*
 * The one transaction of check-ins: lock, facts, decide, write.
 *
 * The transaction may run again (a deadlock, or another one was faster with a unique key), so it
 * starts from the callers' structs each time.  What two items of one batch do to each
 * other, the later one sees as if the earlier had been stored before.
 */
#include "core/checkin.h"

#include "core/checkin_row.h"
#include "core/evidence.h"
#include "sys/crypto.h"

#define ITEM_BYTES    4096 /* of one item's JSON, generously */
#define RUNS_MAX      6    /* another one was faster: again */
#define PENDING_US    (300 * US_PER_S)
#define NONCE_MAX     128
#define ACT_BYTES     16
#define RECEIPT_HEX   (2 * RECEIPT_ID_BYTES)
#define BROWSER_BYTES 32

static const char *const path_names[CHECKIN_PATH__MAX] = { "form",   "qr",      "json",
							   "device", "teacher", "import" };

const char *checkin_path_name(enum checkin_path p)
{
	BUG((unsigned)p >= CHECKIN_PATH__MAX);
	return path_names[p];
}

struct batch {
	struct core *c;
	const struct checkin_in *const *in;
	struct checkin_result *results;
	size_t n;
	struct checkin_item *items;
	bool has_lost; /* another transaction was faster with a unique key */
};

/* ---- JSON of the items -------------------------------------------------------------------------
 */

struct writer {
	struct buf b;
	struct json_out o;
	size_t n;
};

static void writer_begin(struct writer *w, struct batch *b)
{
	w->n = 0;
	buf_init(&w->b, b->c->arena, 1024, b->n * ITEM_BYTES + 1024);
	json_out_init(&w->o, &w->b);
	json_out_array(&w->o);
}

static enum rc writer_end(struct writer *w, struct str *ret, struct error *e)
{
	json_out_array_end(&w->o);
	if (!buf_ok(&w->b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&w->b);
	return RC_OK;
}

static void put_i64(struct writer *w, const char *key, int64_t v)
{
	if (v == COLUMN_NULL || v == 0)
		json_out_key_null(&w->o, key);
	else
		json_out_key_i64(&w->o, key, v);
}

static void put_hex(struct writer *w, const char *key, const void *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *p = bytes;
	char hex[2 * EVIDENCE_SEALED_MAX];

	if (n == 0) {
		json_out_key_null(&w->o, key);
		return;
	}
	BUG(n > EVIDENCE_SEALED_MAX);
	for (size_t i = 0; i < n; i++) {
		hex[2 * i] = digits[p[i] >> 4];
		hex[2 * i + 1] = digits[p[i] & 15];
	}
	json_out_key_str(&w->o, key, str_make(hex, 2 * n));
}

static void put_time(struct writer *w, const char *key, int64_t us)
{
	char text[28];

	if (us == NO_TIME) {
		json_out_key_null(&w->o, key);
		return;
	}
	/* "2026-11-20T10:11:12.123456Z" without the letters. */
	struct str s = us_format_iso(us, text);

	text[10] = ' ';
	json_out_key_str(&w->o, key, str_sub(s, 0, 26));
}

/* The members that every statement shares: store/checkin.h. */
static void put_item(struct writer *w, const struct checkin_item *it, size_t i, int64_t session,
		     int64_t person, bool has_receipt)
{
	const struct checkin_in *in = it->in;

	json_out_object(&w->o);
	json_out_key_i64(&w->o, "i", (int64_t)i);
	put_i64(w, "a", session);
	put_i64(w, "d", in->device_id);
	put_i64(w, "p", person);
	if (in->student_code.n)
		json_out_key_str(&w->o, "c", in->student_code);
	put_i64(w, "u", in->actor->account_id);
	put_i64(w, "h", in->actor->person_id);
	put_i64(w, "w", in->is_unverified ? in->actor->web_session_id : COLUMN_NULL);
	put_hex(w, "n", it->nonce, sizeof it->nonce);
	put_hex(w, "b", in->browser_hash.p, in->browser_hash.n);
	put_hex(w, "r", has_receipt ? in->receipt->id : NULL, has_receipt ? RECEIPT_ID_BYTES : 0);
	w->n++;
}

/* A student acts for themselves; a token or receipt names its session. */
static int64_t asked_person(const struct checkin_in *in)
{
	return in->person_id != COLUMN_NULL || in->student_code.n ? in->person_id
								  : in->actor->person_id;
}

static int64_t asked_session(const struct checkin_in *in)
{
	int64_t id, step;

	if (in->attendance_id)
		return in->attendance_id;
	if (in->receipt)
		return in->receipt->attendance_id;
	return in->token.n && rotating_token_read(in->token, &id, &step) ? id : COLUMN_NULL;
}

static enum rc asked_items(struct batch *b, struct str *ret, struct error *e)
{
	struct writer w;

	writer_begin(&w, b);
	for (size_t i = 0; i < b->n; i++) {
		put_item(&w, &b->items[i], i, asked_session(b->in[i]), asked_person(b->in[i]),
			 b->in[i]->receipt != NULL);
		json_out_object_end(&w.o);
	}
	return writer_end(&w, ret, e);
}

/* ---- facts -------------------------------------------------------------------------------------
 */

static enum rc take_facts(struct batch *b, struct store *s, struct str items, struct error *e)
{
	const struct checkin_facts *rows;
	size_t n;

	TRY(checkin_lock(s, items, b->n, b->c->arena, e));
	TRY(checkin_facts_get(s, items, b->n, b->c->now_us, b->c->arena, &rows, &n, e));
	if (n != b->n)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "%zu facts for %zu check-ins", n,
			     b->n);
	for (size_t i = 0; i < n; i++)
		b->items[i].f = rows[i];
	return RC_OK;
}

static bool wants_network(const struct checkin_item *it)
{
	return it->f.attendance_id != COLUMN_NULL && !str_eq(it->f.network_level, STR("off"));
}

static enum rc in_branch_network(struct batch *b, struct store *s, const struct checkin_item *it,
				 bool *ret, struct error *e)
{
	const struct checkin_network *rows;
	struct cidr address, network;
	size_t n;

	*ret = false;
	TRY(checkin_networks(s, it->f.branch_id, b->c->arena, &rows, &n, e));
	if (!cidr_parse(it->in->address, &address))
		return RC_OK;
	for (size_t i = 0; i < n && !*ret; i++)
		*ret = cidr_parse(rows[i].cidr, &network) && cidr_contains(&network, &address);
	return RC_OK;
}

/* The list of a branch is read once for a batch, as long as its items are of one address. */
static enum rc take_networks(struct batch *b, struct store *s, struct error *e)
{
	const struct checkin_item *last = NULL;

	for (size_t i = 0; i < b->n; i++) {
		struct checkin_item *it = &b->items[i];

		if (!wants_network(it))
			continue;
		if (it->f.reference_address.n) {
			it->is_in_network = network_same(it->f.reference_address, it->in->address);
			continue;
		}
		if (last && last->f.branch_id == it->f.branch_id &&
		    str_eq(last->in->address, it->in->address))
			it->is_in_network = last->is_in_network;
		else
			TRY(in_branch_network(b, s, it, &it->is_in_network, e));
		last = it;
	}
	return RC_OK;
}

static void take_place(struct checkin_item *it, const struct checkin_place *row, struct place place)
{
	if (it->n_places == CHECKIN_PLACES_MAX)
		return;
	it->places[it->n_places] = place;
	it->place_at[it->n_places] = row->learned_at;
	it->place_session[it->n_places] = row->attendance_id;
	it->n_places++;
}

/* Earlier places of those who send one, for what is impossible and what is made up. */
static enum rc take_places(struct batch *b, struct store *s, struct error *e)
{
	const struct checkin_place *rows;
	struct evidence_key key;
	struct writer w;
	struct str items;
	struct error ignored;
	size_t n;

	writer_begin(&w, b);
	for (size_t i = 0; i < b->n; i++) {
		if (!checkin_wants_place(&b->items[i]))
			continue;
		put_item(&w, &b->items[i], i, b->items[i].f.attendance_id, b->items[i].f.person_id,
			 false);
		json_out_object_end(&w.o);
	}
	TRY(writer_end(&w, &items, e));
	if (!w.n)
		return RC_OK;
	TRY(checkin_places(s, items, w.n, b->c->arena, &rows, &n, e));
	TRY(evidence_key_read(b->c, &key, e));
	for (size_t k = 0; k < n; k++) {
		struct place place;
		double accuracy;

		/* What another key has sealed says nothing any more. */
		error_init(&ignored);
		if (evidence_open_place(&key, b->c->arena, rows[k].sealed, &place, &accuracy,
					&ignored) == RC_OK)
			take_place(&b->items[rows[k].i], &rows[k], place);
	}
	crypto_wipe(&key, sizeof key);
	return RC_OK;
}

/* ---- within one batch
 * ---------------------------------------------------------------------------- */

static bool same_student(const struct checkin_item *a, const struct checkin_item *b)
{
	return a->f.attendance_id == b->f.attendance_id && a->f.person_id == b->f.person_id;
}

/* What the earlier one did, the later one finds. */
static void show_to(const struct checkin_item *done, struct checkin_item *later)
{
	bool same_browser = later->in->browser_hash.n &&
			    str_eq(later->in->browser_hash, done->in->browser_hash);

	if (!done->is_kept)
		return;
	if (done->in->receipt && later->in->receipt &&
	    memcmp(done->in->receipt->id, later->in->receipt->id, RECEIPT_ID_BYTES) == 0)
		later->f.receipt_person_id = done->f.person_id;
	if (done->result->decision == DECISION_REJECTED)
		return;
	if (same_browser && done->f.attendance_id == later->f.attendance_id &&
	    !same_student(done, later))
		later->f.n_browser++;
	if (!same_student(done, later))
		return;
	if (done->has_record) {
		later->f.record_id = 0; /* told by what is read back */
		later->f.record_status = str_from(mark_name(done->result->mark));
		later->f.record_method = str_from(checkin_path_name(done->in->path));
		later->f.record_at = done->happened_at;
	} else {
		later->f.open_attempt_id = 0;
	}
}

static enum rc decide_all(struct batch *b, struct error *e)
{
	for (size_t i = 0; i < b->n; i++) {
		struct checkin_item *it = &b->items[i];

		if (it->same_as != i) {
			it->is_kept = it->has_record = it->lapses = it->gives_way = false;
			continue;
		}
		TRY(checkin_decide(it, b->c->now_us, e));
		for (size_t k = i + 1; k < b->n; k++)
			show_to(it, &b->items[k]);
	}
	return RC_OK;
}

/* "A wrong room's code says so": looked up only for the few that are wrong. */
static enum rc name_other_rooms(struct batch *b, struct store *s, struct error *e)
{
	for (size_t i = 0; i < b->n; i++) {
		struct checkin_item *it = &b->items[i];
		const struct checkin_key *keys;
		enum rotating_state state;
		int64_t step;
		size_t n;

		if (!it->is_kept || !it->is_code_wrong || it->result->reason != REASON_CODE_WRONG)
			continue;
		TRY(checkin_keys(s, it->f.branch_id, COLUMN_NULL, b->c->now_us, b->c->arena, &keys,
				 &n, e));
		for (size_t k = 0; k < n && it->result->reason == REASON_CODE_WRONG; k++) {
			TRY(rotating_check_code(keys[k].code_key, keys[k].code_period_s,
						it->in->code, b->c->now_us, &state, &step, e));
			if (state != ROTATING_WRONG)
				it->result->reason = REASON_CODE_OTHER_ROOM;
		}
	}
	return RC_OK;
}

/* ---- writing ------------------------------------------------------------------------------------
 */

static void put_signals(struct writer *w, struct batch *b, const struct signals *signals)
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

static void put_attempt(struct writer *w, struct batch *b, const struct checkin_item *it, size_t i)
{
	const struct checkin_result *r = it->result;
	bool is_rejected = r->decision == DECISION_REJECTED;

	put_item(w, it, i, it->f.attendance_id, it->f.person_id, uses_receipt(it));
	json_out_key_cz(&w->o, "path", checkin_path_name(it->in->path));
	put_time(w, "at", it->happened_at);
	json_out_key_cz(&w->o, "decision", decision_name(r->decision));
	json_out_key_cz(&w->o, "reason", r->reason == REASON_NONE ? NULL : reason_code(r->reason));
	json_out_key_cz(&w->o, "status", is_rejected ? NULL : mark_name(r->mark));
	put_i64(w, "late_s", is_rejected ? COLUMN_NULL : it->late_s);
	put_signals(w, b, &r->signals);
	put_i64(w, "step", it->code_step);
	json_out_object_end(&w->o);
}

enum part { PART_ALL, PART_RECORDS, PART_GIVE_WAY, PART_LAPSE };

static bool is_in_part(const struct checkin_item *it, enum part part)
{
	return it->is_kept &&
	       (part == PART_ALL || (part == PART_RECORDS && it->has_record) ||
		(part == PART_GIVE_WAY && it->gives_way) || (part == PART_LAPSE && it->lapses));
}

static enum rc part_items(struct batch *b, enum part part, struct str *ret, size_t *ret_n,
			  struct error *e)
{
	struct writer w;

	writer_begin(&w, b);
	for (size_t i = 0; i < b->n; i++)
		if (is_in_part(&b->items[i], part))
			put_attempt(&w, b, &b->items[i], i);
	*ret_n = w.n;
	return writer_end(&w, ret, e);
}

static enum rc give_way(struct batch *b, struct store *s, struct error *e)
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

static enum rc read_back(struct batch *b, struct store *s, struct str items, size_t n_items,
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

/* ---- what goes with it
 * ---------------------------------------------------------------------------- */

static int64_t expires(const struct batch *b, const struct checkin_item *it)
{
	return b->c->now_us + it->f.evidence_days * US_PER_DAY;
}

static void put_sealed(struct writer *w, struct batch *b, const struct checkin_item *it,
		       const char *kind, struct str sealed)
{
	json_out_object(&w->o);
	json_out_key_i64(&w->o, "t", it->result->attempt_id);
	json_out_key_cz(&w->o, "kind", kind);
	put_hex(w, "sealed", sealed.p, sealed.n);
	put_time(w, "expires_at", expires(b, it));
	json_out_object_end(&w->o);
	w->n++;
}

static enum rc seal_all(struct batch *b, struct writer *w, const struct evidence_key *key,
			struct error *e)
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
		if (wants_network(it) && it->in->address.n) {
			TRY(evidence_seal_address(key, b->c->arena, it->in->address, &sealed, e));
			put_sealed(w, b, it, "address", sealed);
		}
	}
	return RC_OK;
}

static bool has_evidence(const struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->items[i].is_kept &&
		    (checkin_wants_place(&b->items[i]) || wants_network(&b->items[i])))
			return true;
	return false;
}

static enum rc write_evidence(struct batch *b, struct store *s, struct error *e)
{
	struct evidence_key key;
	struct writer w;
	struct str items;
	enum rc rc;

	if (!has_evidence(b))
		return RC_OK;
	writer_begin(&w, b);
	TRY(evidence_key_read(b->c, &key, e));
	rc = seal_all(b, &w, &key, e);
	crypto_wipe(&key, sizeof key);
	TRY(rc);
	TRY(writer_end(&w, &items, e));
	return w.n ? checkin_insert_evidence(s, items, e) : RC_OK;
}

static enum rc write_photos(struct batch *b, struct store *s, struct error *e)
{
	struct writer w;
	struct str items;

	writer_begin(&w, b);
	for (size_t i = 0; i < b->n; i++) {
		const struct checkin_item *it = &b->items[i];
		bool is_pending = it->in->verification_id.n > 0;

		if (!it->is_kept || !it->in->photo_file.n)
			continue;
		json_out_object(&w.o);
		json_out_key_i64(&w.o, "t", it->result->attempt_id);
		put_hex(&w, "file", it->in->photo_file.p, it->in->photo_file.n);
		if (is_pending)
			json_out_key_str(&w.o, "v", it->in->verification_id);
		put_time(&w, "pending_until", is_pending ? b->c->now_us + PENDING_US : NO_TIME);
		put_time(&w, "expires_at", expires(b, it));
		json_out_object_end(&w.o);
		w.n++;
	}
	TRY(writer_end(&w, &items, e));
	return w.n ? checkin_insert_photos(s, items, e) : RC_OK;
}

static const char *event_type(const struct checkin_item *it)
{
	return it->has_record ? "attendance.marked" : "attendance.flagged";
}

/* Told: what counts, and what waits for the teacher. */
static bool is_told(const struct checkin_item *it)
{
	return it->is_kept && it->result->decision != DECISION_REJECTED;
}

static void put_payload(struct writer *w, const char *key, const struct checkin_item *it,
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

static enum rc write_events(struct batch *b, struct store *s, struct error *e)
{
	struct writer w;
	struct str items;

	writer_begin(&w, b);
	for (size_t i = 0; i < b->n; i++) {
		const struct checkin_item *it = &b->items[i];

		if (!is_told(it))
			continue;
		json_out_object(&w.o);
		json_out_key_cz(&w.o, "type", event_type(it));
		json_out_key_i64(&w.o, "branch", it->f.branch_id);
		json_out_key_i64(&w.o, "attendance", it->f.attendance_id);
		json_out_key_i64(&w.o, "person", it->f.person_id);
		put_payload(&w, "payload", it, b->c->arena);
		json_out_object_end(&w.o);
		w.n++;
	}
	TRY(writer_end(&w, &items, e));
	return w.n ? checkin_insert_events(s, items, b->c->now_us, e) : RC_OK;
}

static enum rc write_audit(struct batch *b, struct store *s, struct error *e)
{
	struct writer w;
	struct str items;

	writer_begin(&w, b);
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
	TRY(writer_end(&w, &items, e));
	return w.n ? checkin_insert_audit(s, items, b->c->request_id.p ? b->c->request_id : STR(""),
					  b->c->now_us, e)
		   : RC_OK;
}

/* ---- the transaction ---------------------------------------------------------------------------
 */

/* A closed session's counters, where a scan before its end came after it. */
static enum rc recount(struct batch *b, struct store *s, struct error *e)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->items[i].has_record && str_eq(b->items[i].f.state, STR("closed")))
			TRY(attendance_count(s, b->items[i].f.attendance_id, e));
	return RC_OK;
}

static enum rc write_all(struct batch *b, struct store *s, struct error *e)
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

static enum rc batch_tx(struct store *s, void *arg, struct error *e)
{
	struct batch *b = arg;
	struct str items;

	b->has_lost = false;
	for (size_t i = 0; i < b->n; i++) {
		b->items[i].n_places = 0;
		b->items[i].is_in_network = false;
	}
	TRY(asked_items(b, &items, e));
	TRY(take_facts(b, s, items, e));
	TRY(take_networks(b, s, e));
	TRY(take_places(b, s, e));
	TRY(decide_all(b, e));
	TRY(name_other_rooms(b, s, e));
	return write_all(b, s, e);
}

/* ---- the batch
 * ----------------------------------------------------------------------------------- */

/* The client's nonce, hashed, so that any text will do; or one of ours. */
static enum rc take_nonce(struct checkin_item *it, struct error *e)
{
	uint8_t digest[CRYPTO_SHA256_SIZE];
	struct str nonce = str_sub(it->in->nonce, 0, NONCE_MAX);

	if (!nonce.n) {
		crypto_random(it->nonce, sizeof it->nonce);
		return RC_OK;
	}
	TRY(crypto_sha256(nonce, digest, e));
	memcpy(it->nonce, digest, sizeof it->nonce);
	return RC_OK;
}

static size_t first_of_nonce(const struct batch *b, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (b->in[k]->actor->account_id == b->in[i]->actor->account_id &&
		    memcmp(b->items[k].nonce, b->items[i].nonce, sizeof b->items[k].nonce) == 0)
			return k;
	return i;
}

static enum rc begin(struct batch *b, struct error *e)
{
	b->items = ARENA_ARRAY(b->c->arena, b->n, struct checkin_item);
	if (!b->items)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < b->n; i++) {
		struct checkin_item *it = &b->items[i];

		BUG(b->in[i]->browser_hash.n && b->in[i]->browser_hash.n != BROWSER_BYTES);
		it->in = b->in[i];
		it->result = &b->results[i];
		TRY(take_nonce(it, e));
		it->same_as = first_of_nonce(b, i);
	}
	return RC_OK;
}

static void copy_repeats(struct batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		if (b->items[i].same_as == i)
			continue;
		b->results[i] = b->results[b->items[i].same_as];
		b->results[i].is_repeat = true;
	}
}

/* The unique keys decide between two that came at one instant; the slower one looks again. */
static bool was_slower(const struct error *e)
{
	return e->rc == RC_CONFLICT &&
	       (e->reason == REASON_CHANGED || store_is_duplicate(e, "attendance_attempt_nonce") ||
		store_is_duplicate(e, "attendance_attempt_receipt"));
}

enum rc checkin_submit_many(struct core *c, const struct checkin_in *const *in, size_t n,
			    struct checkin_result *results, struct error *e)
{
	struct batch b = { .c = c, .in = in, .results = results, .n = n };
	struct error mine;
	enum rc rc;

	BUG(n < 1 || n > CHECKIN_BATCH_MAX);
	TRY(begin(&b, e));
	for (int run = 0;; run++) {
		error_init(&mine);
		rc = store_tx(c->db, batch_tx, &b, &mine);
		if (rc == RC_OK)
			break;
		if (!was_slower(&mine) || run == RUNS_MAX) {
			*e = mine;
			return rc;
		}
	}
	copy_repeats(&b);
	return RC_OK;
}

enum rc checkin_prepare(struct core *c, struct checkin_in *in, struct error *e)
{
	struct error mine;
	int64_t step;
	enum rc rc;

	in->actor = c->who;
	if (in->attendance_id || in->receipt || in->token.n || !in->code.n)
		return RC_OK;
	error_init(&mine);
	rc = checkin_find(c, in->code, in->token, &in->attendance_id, &step, &mine);
	if (rc == RC_OK || rc == RC_INVALID)
		return RC_OK;
	*e = mine;
	return rc;
}

enum rc checkin_outcome(const struct checkin_result *r, struct error *e)
{
	if (r->rc == RC_OK)
		return RC_OK;
	ERROR(e, r->rc, r->reason, "attendance %lld, person %lld", (long long)r->attendance_id,
	      (long long)r->person_id);
	e->arg = r->arg;
	return r->rc;
}

enum rc checkin_submit(struct core *c, struct checkin_in *in, struct checkin_result *ret,
		       struct error *e)
{
	const struct checkin_in *one = in;

	TRY(checkin_prepare(c, in, e));
	TRY(checkin_submit_many(c, &one, 1, ret, e));
	return checkin_outcome(ret, e);
}
