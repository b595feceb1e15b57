/*
 * Check-ins of contract 000, and its QR codes.  See smart.h.
 *
 * A QR token is 32 bytes in base64url: session, end, and half an HMAC under the session's key;
 * nothing is stored for it.  It proves the same as the rotating code, for longer, since
 * that contract's trainers show a picture and not a page.
 */
#include "core/attendance/smart.h"

#include "codec/base64.h"
#include "sys/crypto.h"

#include <stdlib.h>

#define RECENT_US  ((int64_t)SMART_SUSPECT_DAYS * US_PER_DAY)
#define QR_MAC     16
#define QR_BYTES   32
#define QR_PURPOSE "000 qr"

/* ---- attempts -----------------------------------------------------------------------------------
 */

static enum reason reason_from(struct str code)
{
	for (int r = 0; code.n && r < REASON__MAX; r++)
		if (str_eq(code, str_from(reason_code((enum reason)r))))
			return (enum reason)r;
	return REASON_NONE;
}

static enum decision decision_from(const struct smart_checkin_row *r)
{
	if (str_eq(r->decided_state, STR("approved")))
		return DECISION_APPROVED;
	if (str_eq(r->decided_state, STR("rejected")))
		return DECISION_REJECTED;
	for (int d = 0; d < DECISION__MAX; d++)
		if (str_eq(r->decision, str_from(decision_name((enum decision)d))))
			return (enum decision)d;
	return DECISION_REJECTED;
}

static struct smart_checkin checkin_from(const struct smart_checkin_row *r)
{
	struct smart_checkin one = { .id = r->id,
				     .attendance_id = r->attendance_id,
				     .occurrence_id = r->occurrence_id,
				     .person_id = r->person_id,
				     .at = r->learned_at,
				     .decision = decision_from(r),
				     .is_open = str_eq(r->decided_state, STR("open")),
				     .reason = reason_from(r->reason),
				     .distance_m = SIGNAL_NONE,
				     .allowed_m = SIGNAL_NONE,
				     .note = r->decided_why,
				     .settled_by = r->decided_by,
				     .settled_at = r->decided_at };
	struct signals signals;

	if (str_eq(r->decided_state, STR("approved")) || str_eq(r->decided_state, STR("rejected")))
		one.decided_why = r->decided_why;
	signals_read(r->signals, &signals);
	for (size_t i = 0; i < signals.n; i++) {
		if (signals.v[i].kind == SIGNAL_PHOTO)
			one.has_photo = signals.v[i].verdict != SIGNAL_MISSING;
		if (signals.v[i].kind != SIGNAL_PLACE)
			continue;
		one.place_passed = signals.v[i].verdict == SIGNAL_PASS;
		one.distance_m = signals.v[i].n;
		one.allowed_m = signals.v[i].limit;
	}
	return one;
}

static enum rc checkins_from(struct core *c, const struct smart_checkin_row *rows, size_t n,
			     const struct smart_checkin **ret_rows, size_t *ret_n, struct error *e)
{
	struct smart_checkin *v = ARENA_ARRAY(c->arena, n, struct smart_checkin);

	if (!v)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		v[i] = checkin_from(&rows[i]);
	*ret_rows = v;
	*ret_n = n;
	return RC_OK;
}

enum rc smart_recent(struct core *c, const struct smart_session *s, size_t limit,
		     const struct smart_checkin **ret_rows, size_t *ret_n, struct error *e)
{
	const struct smart_checkin_row *rows;
	size_t n;

	TRY(smart_checkin_rows(c->db, s->row.attendance_id, false, (int64_t)limit, c->arena, &rows,
			       &n, e));
	return checkins_from(c, rows, n, ret_rows, ret_n, e);
}

static int newer(const void *a, const void *b)
{
	const struct smart_checkin *x = a, *y = b;

	return (x->id < y->id) - (x->id > y->id);
}

enum rc smart_latest(struct core *c, int64_t occurrence_id, int64_t attendance_id, size_t limit,
		     const struct smart_checkin **ret_rows, size_t *ret_n, struct error *e)
{
	const struct smart_checkin_row *rows;
	struct smart_checkin *v;
	size_t n;

	TRY(smart_latest_rows(c->db, attendance_id, (int64_t)limit, c->arena, &rows, &n, e));
	v = ARENA_ARRAY(c->arena, n, struct smart_checkin);
	if (!v)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		v[i] = checkin_from(&rows[i]);
		v[i].occurrence_id = occurrence_id;
	}
	if (n > 0)
		qsort(v, n, sizeof *v, newer);
	*ret_rows = v;
	*ret_n = n < limit ? n : limit;
	return RC_OK;
}

enum rc smart_checkin_get(struct core *c, int64_t attempt_id, struct smart_checkin *ret,
			  struct error *e)
{
	struct checkin_attempt seen;
	struct smart_checkin_row row;

	TRY(checkin_attempt_get(c, attempt_id, &seen, e));
	TRY(smart_checkin_row(c->db, attempt_id, c->arena, &row, e));
	*ret = checkin_from(&row);
	return RC_OK;
}

enum rc smart_suspects(struct core *c, bool only_unsettled, const struct smart_checkin **ret_rows,
		       size_t *ret_n, struct error *e)
{
	const struct smart_scope scope = smart_scope_of(c);
	const struct smart_checkin_row *rows;
	size_t n;

	TRY(smart_suspect_rows(c->db, &scope, c->now_us - RECENT_US, only_unsettled,
			       SMART_SUSPECTS_MAX, c->arena, &rows, &n, e));
	return checkins_from(c, rows, n, ret_rows, ret_n, e);
}

bool smart_is_suspicious(enum reason reason)
{
	return reason == REASON_PLACE_OUT || reason == REASON_PLACE_SPEED ||
	       reason == REASON_PLACE_REPEAT || reason == REASON_BROWSER_SHARED ||
	       reason == REASON_PHOTO_FAILED || reason == REASON_ALREADY_IN;
}

enum rc smart_settle(struct core *c, int64_t attempt_id, struct str note, struct smart_checkin *ret,
		     struct error *e)
{
	struct smart_checkin_row row;

	TRY(smart_checkin_row(c->db, attempt_id, c->arena, &row, e));
	if (row.person_id == COLUMN_NULL || row.occurrence_id == COLUMN_NULL ||
	    !(str_eq(row.decision, STR("flagged")) || smart_is_suspicious(reason_from(row.reason))))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "attempt %lld is none",
			     (long long)attempt_id);
	TRY(register_note(c, attempt_id, note, e));
	return smart_checkin_get(c, attempt_id, ret, e);
}

enum rc smart_checkin_submit(struct core *c, int64_t attendance_id, const struct smart_try *try,
			     struct checkin_result *ret, struct error *e)
{
	struct checkin_in in = {
		.actor = c->who,
		.attendance_id = attendance_id,
		.person_id = COLUMN_NULL,
		.path = try->qr_token.n ? CHECKIN_QR : CHECKIN_JSON,
		.token = try->qr_token,
		.has_place = try->has_place,
		.place = try->place,
		.accuracy_m = 0, /* that contract takes positions as exact */
		.address = try->address,
		.photo_file = try->photo_file,
		.device_id = COLUMN_NULL,
		.claimed_at = NO_TIME,
		.again = true,
		.skip_photo = try->qr_token.n > 0,
	};

	return checkin_submit(c, &in, ret, e);
}

/* ---- QR codes
 * ------------------------------------------------------------------------------------ */

static void put_i64(uint8_t *p, int64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (uint8_t)((uint64_t)v >> (56 - 8 * i));
}

static int64_t get_i64(const uint8_t *p)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

/* bytes: session and end are there already. */
static enum rc qr_mac(struct str key, const uint8_t *bytes, uint8_t out[QR_MAC], struct error *e)
{
	uint8_t message[sizeof QR_PURPOSE - 1 + QR_MAC], mac[CRYPTO_SHA256_SIZE];

	memcpy(message, QR_PURPOSE, sizeof QR_PURPOSE - 1);
	memcpy(message + sizeof QR_PURPOSE - 1, bytes, QR_MAC);
	TRY(crypto_hmac_sha256(secret_make(key), str_make((const char *)message, sizeof message),
			       mac, e));
	memcpy(out, mac, QR_MAC);
	return RC_OK;
}

static enum rc write_text(struct core *c, const uint8_t bytes[QR_BYTES], char out[SMART_QR_SIZE],
			  struct error *e)
{
	struct buf b;

	buf_init(&b, c->arena, SMART_QR_SIZE, SMART_QR_SIZE);
	base64url_encode(&b, str_make((const char *)bytes, QR_BYTES));
	if (!buf_ok(&b) || b.n != SMART_QR_SIZE - 1)
		return ERROR_MEMORY(e);
	memcpy(out, b.p, b.n);
	out[b.n] = '\0';
	return RC_OK;
}

enum rc smart_qr_make(struct core *c, int64_t occurrence_id, struct smart_qr *ret, struct error *e)
{
	struct smart_session s;
	struct attendance a;
	uint8_t bytes[QR_BYTES];

	TRY(smart_activate(c, occurrence_id, &s, e));
	TRY(attendance_get(c, s.row.attendance_id, &a, e));
	ret->attendance_id = a.id;
	ret->occurrence_id = occurrence_id;
	ret->expires_at = c->now_us + SMART_QR_S * US_PER_S;
	put_i64(bytes, a.id);
	put_i64(bytes + 8, ret->expires_at);
	TRY(qr_mac(a.code_key, bytes, bytes + 16, e));
	return write_text(c, bytes, ret->text, e);
}

static enum rc qr_wrong(struct error *e)
{
	return ERROR(e, RC_INVALID, REASON_CODE_WRONG, "not a QR code of ours");
}

/* Everything is looked at before anything is said: an unknown session answers as a wrong code. */
enum rc smart_qr_read(struct core *c, struct str text, struct smart_qr *ret, struct error *e)
{
	struct smart_key_row row;
	uint8_t bytes[QR_BYTES], mac[QR_MAC];
	struct error mine;
	size_t n;
	enum rc rc;

	if (text.n != SMART_QR_SIZE - 1 || !base64url_decode(text, bytes, sizeof bytes, &n) ||
	    n != QR_BYTES)
		return qr_wrong(e);
	error_init(&mine);
	rc = smart_key_row(c->db, get_i64(bytes), c->arena, &row, &mine);
	if (rc == RC_NOT_FOUND)
		return qr_wrong(e);
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	TRY(qr_mac(row.code_key, bytes, mac, e));
	if (!crypto_equal(mac, bytes + 16, QR_MAC))
		return qr_wrong(e);
	*ret = (struct smart_qr){ .attendance_id = row.attendance_id,
				  .occurrence_id = row.occurrence_id,
				  .expires_at = get_i64(bytes + 8) };
	memcpy(ret->text, text.p, text.n);
	if (ret->expires_at <= c->now_us || row.closes_at <= c->now_us || row.is_closed)
		return ERROR(e, RC_INVALID, REASON_CODE_OLD, "QR code is over");
	return rotating_token(row.code_key, row.attendance_id,
			      rotating_step(c->now_us, row.code_period_s), ret->rotating, e);
}
