/*
 * Random numbers and digests: see crypto.h.  Password hashes are in password.c.
 */
#include "sys/crypto.h"

#include "sys/fail.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>
#include <sys/types.h>
#include <unistd.h>

/* Fits into the first-level cache beside the digest's own data. */
#define READ_SIZE (128 * 1024)

void crypto_random(void *p, size_t n)
{
	unsigned char *at = p;

	while (n > 0) {
		ssize_t got = getrandom(at, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		BUG(got <= 0);
		at += got;
		n -= (size_t)got;
	}
}

struct str crypto_random_id(char out[CRYPTO_ID_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	uint8_t bytes[16];

	crypto_random(bytes, sizeof bytes);
	for (size_t i = 0; i < sizeof bytes; i++) {
		out[2 * i] = hex[bytes[i] >> 4];
		out[2 * i + 1] = hex[bytes[i] & 15];
	}
	out[32] = '\0';
	return str_make(out, 32);
}

struct str crypto_random_token(char out[CRYPTO_TOKEN_SIZE])
{
	static const char set[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	uint8_t bytes[CRYPTO_TOKEN_SIZE - 1];

	/* A byte per character: 64 divides 256, so nothing is favoured. */
	crypto_random(bytes, sizeof bytes);
	for (size_t i = 0; i < sizeof bytes; i++)
		out[i] = set[bytes[i] & 63];
	out[CRYPTO_TOKEN_SIZE - 1] = '\0';
	return str_make(out, CRYPTO_TOKEN_SIZE - 1);
}

uint32_t crypto_random_below(uint32_t below)
{
	uint32_t v;

	BUG(below == 0);
	/* Numbers beyond the last whole multiple of `below` would favour the small ones. */
	uint32_t beyond = UINT32_MAX - UINT32_MAX % below;
	do
		crypto_random(&v, sizeof v);
	while (v >= beyond);
	return v % below;
}

static enum rc digest_failed(struct error *e)
{
	ERR_clear_error();
	return ERROR(e, RC_NO_MEMORY, REASON_UNEXPECTED, "a digest could not be computed");
}

enum rc crypto_sha256(struct str s, uint8_t ret_digest[CRYPTO_SHA256_SIZE], struct error *e)
{
	unsigned n = CRYPTO_SHA256_SIZE;

	if (EVP_Digest(s.p, s.n, ret_digest, &n, EVP_sha256(), NULL) != 1)
		return digest_failed(e);
	return RC_OK;
}

enum rc crypto_sha1(struct str s, uint8_t ret_digest[CRYPTO_SHA1_SIZE], struct error *e)
{
	unsigned n = CRYPTO_SHA1_SIZE;

	if (EVP_Digest(s.p, s.n, ret_digest, &n, EVP_sha1(), NULL) != 1)
		return digest_failed(e);
	return RC_OK;
}

static enum rc sha256_read(EVP_MD_CTX *md, int fd, int64_t offset, int64_t length, void *buffer,
			   struct error *e)
{
	while (length > 0) {
		size_t want = length < READ_SIZE ? (size_t)length : READ_SIZE;
		ssize_t got = pread(fd, buffer, want, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "file to hash");
		if (got == 0)
			return ERROR(e, RC_DEPENDENCY, REASON_UNEXPECTED,
				     "file to hash ends at %lld", (long long)offset);
		if (EVP_DigestUpdate(md, buffer, (size_t)got) != 1)
			return digest_failed(e);
		offset += got;
		length -= got;
	}
	return RC_OK;
}

enum rc crypto_sha256_file(int fd, int64_t offset, int64_t length,
			   uint8_t ret_digest[CRYPTO_SHA256_SIZE], struct error *e)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	char buffer[READ_SIZE];
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	enum rc rc;

	if (!md || EVP_DigestInit_ex(md, EVP_sha256(), NULL) != 1) {
		rc = digest_failed(e);
		goto out;
	}
	rc = sha256_read(md, fd, offset, length, buffer, e);
	if (rc != RC_OK)
		goto out;
	if (EVP_DigestFinal_ex(md, digest, NULL) != 1) {
		rc = digest_failed(e);
		goto out;
	}
	memcpy(ret_digest, digest, CRYPTO_SHA256_SIZE);
out:
	EVP_MD_CTX_free(md);
	return rc;
}

enum rc crypto_hmac_sha256(struct secret key, struct str message,
			   uint8_t ret_mac[CRYPTO_SHA256_SIZE], struct error *e)
{
	struct str k = secret_reveal(key);
	unsigned n = CRYPTO_SHA256_SIZE;

	BUG(k.n > INT32_MAX);
	if (!HMAC(EVP_sha256(), k.p ? k.p : "", (int)k.n, (const unsigned char *)message.p,
		  message.n, ret_mac, &n))
		return digest_failed(e);
	return RC_OK;
}

bool crypto_equal(const void *a, const void *b, size_t n)
{
	return n == 0 || CRYPTO_memcmp(a, b, n) == 0;
}

bool crypto_equal_str(struct str a, struct str b)
{
	return a.n == b.n && crypto_equal(a.p, b.p, a.n);
}

void crypto_wipe(void *p, size_t n)
{
	explicit_bzero(p, n);
}
