/*
 * Cookies and receipts of browsers; see browser.h.
 */
#include "core/attendance/browser.h"

void browser_new(char ret[CRYPTO_TOKEN_SIZE])
{
	(void)crypto_random_token(ret);
}

void browser_nonce(char ret[CRYPTO_ID_SIZE])
{
	(void)crypto_random_id(ret);
}

enum rc browser_hash(struct core *c, struct str cookie, struct str *ret_hash, struct error *e)
{
	uint8_t *digest = arena_alloc(c->arena, CRYPTO_SHA256_SIZE);

	*ret_hash = (struct str){ 0 };
	if (!digest)
		return ERROR_MEMORY(e);
	if (cookie.n != CRYPTO_TOKEN_SIZE - 1)
		return RC_OK;
	TRY(crypto_sha256(cookie, digest, e));
	*ret_hash = str_make((const char *)digest, CRYPTO_SHA256_SIZE);
	return RC_OK;
}

enum rc browser_receipt_new(struct core *c, struct str hash, int64_t attendance_id, int64_t step,
			    struct str *ret_text, struct error *e)
{
	struct receipt r = { .attendance_id = attendance_id,
			     .step = step,
			     .scanned_at = c->now_us };
	char text[RECEIPT_TEXT_MAX];
	uint8_t key[32];
	enum rc rc;

	crypto_random(r.id, sizeof r.id);
	TRY(config_server_key(c->config, key, e));
	rc = receipt_make(secret_make(str_make((const char *)key, sizeof key)), &r, hash, text, e);
	crypto_wipe(key, sizeof key);
	TRY(rc);
	*ret_text = arena_str(c->arena, str_from(text));
	return ret_text->p ? RC_OK : ERROR_MEMORY(e);
}

enum rc browser_receipt(struct core *c, struct str hash, struct str text, struct receipt *ret,
			struct error *e)
{
	uint8_t key[32];
	enum rc rc;

	TRY(config_server_key(c->config, key, e));
	rc = receipt_read(secret_make(str_make((const char *)key, sizeof key)), text, hash,
			  c->now_us, ret, e);
	crypto_wipe(key, sizeof key);
	return rc;
}
