/*
 * Keys for one purpose each, and sealing with them: see crypto.h.
 */
#include "sys/crypto.h"

#include <openssl/err.h>
#include <openssl/evp.h>

enum { FORM = 1, NONCE_BYTES = 12, TAG_BYTES = 16 };

_Static_assert(1 + NONCE_BYTES + TAG_BYTES == CRYPTO_SEAL_OVERHEAD, "form, nonce, tag");

enum rc crypto_derive(struct secret key, struct str label, uint8_t ret_key[CRYPTO_KEY_SIZE],
		      struct error *e)
{
	char text[80] = "muster key: ";
	size_t n = strlen(text);

	BUG(label.n == 0 || label.n > sizeof text - n);
	memcpy(text + n, label.p, label.n);
	return crypto_hmac_sha256(key, str_make(text, n + label.n), ret_key, e);
}

static enum rc failed(struct error *e)
{
	ERR_clear_error();
	return ERROR(e, RC_NO_MEMORY, REASON_UNEXPECTED, "a cipher could not be set up");
}

/* Form and context are not secret, but cannot be exchanged. */
static bool add_context(EVP_CIPHER_CTX *x, struct str context)
{
	const uint8_t form = FORM;
	int n;

	BUG(context.n > INT32_MAX);
	return EVP_CipherUpdate(x, NULL, &n, &form, 1) == 1 &&
	       (context.n == 0 ||
		EVP_CipherUpdate(x, NULL, &n, (const uint8_t *)context.p, (int)context.n) == 1);
}

static bool seal(EVP_CIPHER_CTX *x, const uint8_t *key, struct str context, struct str plain,
		 uint8_t *out)
{
	uint8_t *body = out + 1 + NONCE_BYTES;
	int n = 0, more = 0;

	out[0] = FORM;
	crypto_random(out + 1, NONCE_BYTES);
	return EVP_CipherInit_ex(x, EVP_aes_256_gcm(), NULL, key, out + 1, 1) == 1 &&
	       add_context(x, context) &&
	       (plain.n == 0 ||
		EVP_CipherUpdate(x, body, &n, (const uint8_t *)plain.p, (int)plain.n) == 1) &&
	       EVP_CipherFinal_ex(x, body + n, &more) == 1 &&
	       EVP_CIPHER_CTX_ctrl(x, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, body + plain.n) == 1;
}

enum rc crypto_seal(const uint8_t key[CRYPTO_KEY_SIZE], struct str context, struct str plain,
		    uint8_t *out, struct error *e)
{
	EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
	bool ok;

	BUG(plain.n > CRYPTO_SEAL_MAX);
	ok = x && seal(x, key, context, plain, out);
	EVP_CIPHER_CTX_free(x);
	return ok ? RC_OK : failed(e);
}

/* *ret_right: whether the tag is; false of the call: out of memory. */
static bool open_sealed(EVP_CIPHER_CTX *x, const uint8_t *key, struct str context,
			struct str sealed, uint8_t *out, bool *ret_right)
{
	const uint8_t *p = (const uint8_t *)sealed.p, *body = p + 1 + NONCE_BYTES;
	size_t body_n = sealed.n - CRYPTO_SEAL_OVERHEAD;
	uint8_t tag[TAG_BYTES];
	int n = 0, more = 0;

	memcpy(tag, body + body_n, TAG_BYTES);
	if (EVP_CipherInit_ex(x, EVP_aes_256_gcm(), NULL, key, p + 1, 0) != 1 ||
	    !add_context(x, context) ||
	    (body_n > 0 && EVP_CipherUpdate(x, out, &n, body, (int)body_n) != 1) ||
	    EVP_CIPHER_CTX_ctrl(x, EVP_CTRL_GCM_SET_TAG, TAG_BYTES, tag) != 1)
		return false;
	*ret_right = EVP_CipherFinal_ex(x, out + n, &more) == 1;
	return true;
}

enum rc crypto_open(const uint8_t key[CRYPTO_KEY_SIZE], struct str context, struct str sealed,
		    uint8_t *out, struct error *e)
{
	EVP_CIPHER_CTX *x;
	bool ok, right = false;

	if (sealed.n < CRYPTO_SEAL_OVERHEAD || sealed.n > CRYPTO_SEAL_MAX + CRYPTO_SEAL_OVERHEAD ||
	    sealed.p[0] != FORM)
		return ERROR(e, RC_INVALID, REASON_UNEXPECTED, "nothing that was sealed");
	x = EVP_CIPHER_CTX_new();
	ok = x && open_sealed(x, key, context, sealed, out, &right);
	EVP_CIPHER_CTX_free(x);
	if (!ok)
		return failed(e);
	ERR_clear_error();
	if (!right) {
		crypto_wipe(out, sealed.n - CRYPTO_SEAL_OVERHEAD);
		return ERROR(e, RC_INVALID, REASON_UNEXPECTED,
			     "sealed under another key or for another purpose, or changed");
	}
	return RC_OK;
}
