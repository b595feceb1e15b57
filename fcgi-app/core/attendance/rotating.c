/*
 * Rotating codes and receipts.
 *
 * Sources: RFC 4226 (taking digits out of an HMAC; here six signs of 23, so modulo of a
 * 64-bit number: the bias is below 2^-36).
 */
#include "core/attendance/rotating.h"

#include "base/num.h"
#include "codec/base32.h"
#include "codec/base64.h"
#include "sys/crypto.h"

#define TOKEN_MAC_BYTES 8
#define TOKEN_BYTES     (5 + 5 + TOKEN_MAC_BYTES) /* id, step, signature */
#define ID_MAX          ((INT64_C(1) << 40) - 1)

int64_t rotating_step(int64_t at_us, int64_t period_s)
{
	return at_us / (period_s * US_PER_S);
}

int64_t rotating_step_ends(int64_t at_us, int64_t period_s)
{
	return (rotating_step(at_us, period_s) + 1) * period_s * US_PER_S;
}

static uint64_t read_be(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

static void write_be(uint8_t *p, size_t n, uint64_t v)
{
	for (size_t i = n; i-- > 0; v >>= 8)
		p[i] = (uint8_t)v;
}

/* what: separates the uses of one key. */
static enum rc mac_of(struct str key, char what, const uint8_t *bytes, size_t n,
		      uint8_t ret[CRYPTO_SHA256_SIZE], struct error *e)
{
	uint8_t message[32];

	BUG(key.n != ROTATING_KEY_BYTES || n >= sizeof message);
	message[0] = (uint8_t)what;
	memcpy(message + 1, bytes, n);
	return crypto_hmac_sha256(secret_make(key), str_make((const char *)message, n + 1), ret, e);
}

enum rc rotating_code(struct str key, int64_t step, char out[ROTATING_SIZE], struct error *e)
{
	static const char signs[] = ROTATING_ALPHABET;
	uint8_t bytes[8], mac[CRYPTO_SHA256_SIZE];
	uint64_t v;

	write_be(bytes, sizeof bytes, (uint64_t)step);
	TRY(mac_of(key, 'c', bytes, sizeof bytes, mac, e));
	v = read_be(mac, 8);
	for (int i = 0; i < ROTATING_SIGNS; i++, v /= sizeof signs - 1)
		out[i] = signs[v % (sizeof signs - 1)];
	out[ROTATING_SIGNS] = '\0';
	return RC_OK;
}

enum rc rotating_token(struct str key, int64_t attendance_id, int64_t step,
		       char out[ROTATING_TOKEN_MAX], struct error *e)
{
	uint8_t bytes[TOKEN_BYTES], mac[CRYPTO_SHA256_SIZE];
	struct arena a;
	struct buf b;

	BUG(attendance_id < 1 || attendance_id > ID_MAX || step < 0 || step > ID_MAX);
	write_be(bytes, 5, (uint64_t)attendance_id);
	write_be(bytes + 5, 5, (uint64_t)step);
	TRY(mac_of(key, 't', bytes, 10, mac, e));
	memcpy(bytes + 10, mac, TOKEN_MAC_BYTES);
	arena_init(&a, 4096, 0);
	buf_init(&b, &a, ROTATING_TOKEN_MAX, ROTATING_TOKEN_MAX - 1);
	base32_encode(&b, bytes, sizeof bytes);
	if (!buf_ok(&b)) {
		arena_clear(&a);
		return ERROR_MEMORY(e);
	}
	memcpy(out, b.p, b.n);
	out[b.n] = '\0';
	arena_clear(&a);
	return RC_OK;
}

bool rotating_code_clean(struct str typed, char out[ROTATING_SIZE])
{
	size_t n = 0;

	for (size_t i = 0; i < typed.n; i++) {
		char c = ascii_upper(typed.p[i]);

		if (c == ' ' || c == '-' || c == '\t')
			continue;
		if (n == ROTATING_SIGNS || !c || !strchr(ROTATING_ALPHABET, c))
			return false;
		out[n++] = c;
	}
	if (n != ROTATING_SIGNS)
		return false;
	out[n] = '\0';
	return true;
}

static bool token_bytes(struct str token, uint8_t out[TOKEN_BYTES])
{
	size_t n;

	return token.n < ROTATING_TOKEN_MAX && base32_decode(token, out, TOKEN_BYTES, &n) &&
	       n == TOKEN_BYTES;
}

bool rotating_token_read(struct str token, int64_t *ret_attendance_id, int64_t *ret_step)
{
	uint8_t bytes[TOKEN_BYTES];

	if (!token_bytes(token, bytes) || read_be(bytes, 5) == 0)
		return false;
	*ret_attendance_id = (int64_t)read_be(bytes, 5);
	*ret_step = (int64_t)read_be(bytes + 5, 5);
	return true;
}

/* Good from the begin of its step to ROTATING_OVERLAP_S after its end. */
static enum rotating_state state_of(int64_t step, int64_t period_s, int64_t at_us)
{
	int64_t ends_us = (step + 1) * period_s * US_PER_S + ROTATING_OVERLAP_S * US_PER_S;

	if (step > rotating_step(at_us, period_s))
		return ROTATING_WRONG;
	return at_us < ends_us ? ROTATING_RIGHT : ROTATING_OLD;
}

enum rc rotating_check_code(struct str key, int64_t period_s, struct str code, int64_t at_us,
			    enum rotating_state *ret, int64_t *ret_step, struct error *e)
{
	int64_t now = rotating_step(at_us, period_s);
	char clean[ROTATING_SIZE], right[ROTATING_SIZE];

	*ret = ROTATING_WRONG;
	*ret_step = 0;
	if (!rotating_code_clean(code, clean))
		return RC_OK;
	for (int64_t step = now; step >= 0 && step > now - ROTATING_OLD_STEPS; step--) {
		TRY(rotating_code(key, step, right, e));
		if (!crypto_equal(right, clean, ROTATING_SIGNS))
			continue;
		*ret = state_of(step, period_s, at_us);
		*ret_step = step;
		return RC_OK;
	}
	return RC_OK;
}

enum rc rotating_check_token(struct str key, int64_t period_s, struct str token, int64_t at_us,
			     enum rotating_state *ret, int64_t *ret_step, struct error *e)
{
	uint8_t bytes[TOKEN_BYTES], mac[CRYPTO_SHA256_SIZE];

	*ret = ROTATING_WRONG;
	*ret_step = 0;
	if (!token_bytes(token, bytes))
		return RC_OK;
	TRY(mac_of(key, 't', bytes, 10, mac, e));
	if (!crypto_equal(mac, bytes + 10, TOKEN_MAC_BYTES))
		return RC_OK;
	*ret_step = (int64_t)read_be(bytes + 5, 5);
	*ret = state_of(*ret_step, period_s, at_us);
	return RC_OK;
}

/* ---- receipts ------------------------------------------------------------------------------- */

#define RECEIPT_BYTES (RECEIPT_ID_BYTES + 3 * 8)

static enum rc receipt_mac(struct secret key, const uint8_t body[RECEIPT_BYTES],
			   struct str browser_hash, uint8_t ret[CRYPTO_SHA256_SIZE],
			   struct error *e)
{
	uint8_t message[8 + RECEIPT_BYTES + 32] = "receipt";

	BUG(browser_hash.n != 32);
	memcpy(message + 8, body, RECEIPT_BYTES);
	memcpy(message + 8 + RECEIPT_BYTES, browser_hash.p, 32);
	return crypto_hmac_sha256(key, str_make((const char *)message, sizeof message), ret, e);
}

enum rc receipt_make(struct secret server_key, const struct receipt *r, struct str browser_hash,
		     char out[RECEIPT_TEXT_MAX], struct error *e)
{
	uint8_t bytes[RECEIPT_BYTES + CRYPTO_SHA256_SIZE];
	struct arena a;
	struct buf b;

	memcpy(bytes, r->id, RECEIPT_ID_BYTES);
	write_be(bytes + 16, 8, (uint64_t)r->attendance_id);
	write_be(bytes + 24, 8, (uint64_t)r->step);
	write_be(bytes + 32, 8, (uint64_t)r->scanned_at);
	TRY(receipt_mac(server_key, bytes, browser_hash, bytes + RECEIPT_BYTES, e));
	arena_init(&a, 4096, 0);
	buf_init(&b, &a, RECEIPT_TEXT_MAX, RECEIPT_TEXT_MAX - 1);
	base64url_encode(&b, str_make((const char *)bytes, sizeof bytes));
	if (!buf_ok(&b)) {
		arena_clear(&a);
		return ERROR_MEMORY(e);
	}
	memcpy(out, b.p, b.n);
	out[b.n] = '\0';
	arena_clear(&a);
	return RC_OK;
}

enum rc receipt_read(struct secret server_key, struct str text, struct str browser_hash,
		     int64_t now_us, struct receipt *ret, struct error *e)
{
	uint8_t bytes[RECEIPT_BYTES + CRYPTO_SHA256_SIZE], mac[CRYPTO_SHA256_SIZE];
	struct receipt r;
	size_t n;

	if (browser_hash.n != 32 || text.n >= RECEIPT_TEXT_MAX ||
	    !base64url_decode(text, bytes, sizeof bytes, &n) || n != sizeof bytes)
		return ERROR(e, RC_INVALID, REASON_RECEIPT_WRONG, "malformed");
	TRY(receipt_mac(server_key, bytes, browser_hash, mac, e));
	if (!crypto_equal(mac, bytes + RECEIPT_BYTES, sizeof mac))
		return ERROR(e, RC_INVALID, REASON_RECEIPT_WRONG, "signature");
	memcpy(r.id, bytes, RECEIPT_ID_BYTES);
	r.attendance_id = (int64_t)read_be(bytes + 16, 8);
	r.step = (int64_t)read_be(bytes + 24, 8);
	r.scanned_at = (int64_t)read_be(bytes + 32, 8);
	if (r.scanned_at + RECEIPT_S * US_PER_S <= now_us)
		return ERROR(e, RC_INVALID, REASON_RECEIPT_OLD, "scanned %lld s ago",
			     (long long)((now_us - r.scanned_at) / US_PER_S));
	*ret = r;
	return RC_OK;
}
