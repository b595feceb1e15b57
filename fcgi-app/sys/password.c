/*
 * Password hashes (argon2id): see crypto.h.
 *
 * The context interface of libargon2 is used, because it alone takes our
 * allocator.  The encoded form is the usual one ("$argon2id$v=19$m=…,t=…,p=1$
 * salt$hash"), read and written here: argon2_verify would use malloc.  Parameters
 * of a stored hash are bounded before they are obeyed.
 */
#include "sys/crypto.h"

#include "base/num.h"
#include "sys/shm.h"

#include <argon2.h>
#include <stdio.h>
#include <sys/mman.h>

#define SALT_SIZE    16
#define HASH_SIZE    32
#define PASSWORD_MAX 1024
#define GATE_WAIT_MS 5000
#define MEMORY_MAX   (1024 * 1024) /* KiB: no stored hash may ask for more */
#define TIME_MAX     64

struct password_record {
	struct password_cost cost;
	uint8_t salt[SALT_SIZE], hash[HASH_SIZE];
};

static int hash_memory_take(uint8_t **ret_p, size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return ARGON2_MEMORY_ALLOCATION_ERROR;
	*ret_p = p;
	return ARGON2_OK;
}

static void hash_memory_give(uint8_t *p, size_t n)
{
	munmap(p, n);
}

/* libargon2 takes a mutable password, though it keeps it unless a flag says otherwise. */
static enum rc password_compute(struct password_record *r, struct shm *gate, char *password,
				size_t n, struct error *e)
{
	argon2_context context = {
		.out = r->hash,
		.outlen = HASH_SIZE,
		.pwd = (uint8_t *)password,
		.pwdlen = (uint32_t)n,
		.salt = r->salt,
		.saltlen = SALT_SIZE,
		.t_cost = r->cost.time,
		.m_cost = r->cost.memory_kib,
		.lanes = 1,
		.threads = 1,
		.version = ARGON2_VERSION_13,
		.allocate_cbk = hash_memory_take,
		.free_cbk = hash_memory_give,
		.flags = ARGON2_DEFAULT_FLAGS,
	};
	unsigned slot = 0;

	if (gate)
		TRY(shm_gate_enter(gate, GATE_WAIT_MS, &slot, e));
	int result = argon2id_ctx(&context);
	if (gate)
		shm_gate_leave(gate, slot);
	if (result == ARGON2_MEMORY_ALLOCATION_ERROR)
		return ERROR(e, RC_NO_MEMORY, REASON_TOO_MUCH, "memory of a password hash: %u KiB",
			     r->cost.memory_kib);
	if (result != ARGON2_OK)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "argon2: %s",
			     argon2_error_message(result));
	return RC_OK;
}

static const char base64_set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Base64 without padding, as the encoded form wants it.  Returns the end. */
static char *base64_write(char *out, const uint8_t *bytes, size_t n)
{
	uint32_t held = 0;
	unsigned bits = 0;

	for (size_t i = 0; i < n; i++) {
		held = held << 8 | bytes[i];
		bits += 8;
		while (bits >= 6) {
			bits -= 6;
			*out++ = base64_set[held >> bits & 63];
		}
	}
	if (bits > 0)
		*out++ = base64_set[held << (6 - bits) & 63];
	*out = '\0';
	return out;
}

static bool base64_read(struct str s, uint8_t *ret_bytes, size_t n)
{
	uint32_t held = 0;
	unsigned bits = 0;
	size_t done = 0;

	if (s.n != (n * 8 + 5) / 6)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		const char *at = s.p[i] ? strchr(base64_set, s.p[i]) : NULL;

		if (!at)
			return false;
		held = held << 6 | (uint32_t)(at - base64_set);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			ret_bytes[done++] = (uint8_t)(held >> bits);
		}
	}
	return done == n;
}

/* "m=19456": the number behind a name. */
static bool cost_read(struct str *list, struct str name, int64_t max, uint32_t *ret)
{
	struct str part;
	int64_t v;

	if (!str_split(list, ',', &part) || !str_starts(part, name) ||
	    !num_i64(str_from_pos(part, name.n), 1, max, &v))
		return false;
	*ret = (uint32_t)v;
	return true;
}

static bool record_read(struct str encoded, struct password_record *ret)
{
	static const struct str head = STR_INIT("$argon2id$v=19$");
	struct password_record r;
	struct str rest, cost, salt, hash;
	uint32_t lanes;

	if (!str_starts(encoded, head))
		return false;
	rest = str_from_pos(encoded, head.n);
	if (!str_split(&rest, '$', &cost) || !str_split(&rest, '$', &salt) ||
	    !str_split(&rest, '$', &hash) || rest.p)
		return false;
	if (!cost_read(&cost, STR("m="), MEMORY_MAX, &r.cost.memory_kib) ||
	    !cost_read(&cost, STR("t="), TIME_MAX, &r.cost.time) ||
	    !cost_read(&cost, STR("p="), 1, &lanes) || cost.p)
		return false;
	if (r.cost.memory_kib < 8 || !base64_read(salt, r.salt, SALT_SIZE) ||
	    !base64_read(hash, r.hash, HASH_SIZE))
		return false;
	*ret = r;
	return true;
}

static void record_write(const struct password_record *r, char out[CRYPTO_HASH_SIZE])
{
	int n = snprintf(out, CRYPTO_HASH_SIZE, "$argon2id$v=19$m=%u,t=%u,p=1$", r->cost.memory_kib,
			 r->cost.time);

	BUG(n < 0 || n > 48);
	char *end = base64_write(out + n, r->salt, SALT_SIZE);
	*end++ = '$';
	base64_write(end, r->hash, HASH_SIZE);
}

enum rc password_hash(struct password_cost cost, struct shm *gate, struct secret password,
		      char ret_encoded[CRYPTO_HASH_SIZE], struct error *e)
{
	struct password_record r = { .cost = cost };
	struct str s = secret_reveal(password);
	char bytes[PASSWORD_MAX];

	BUG(cost.memory_kib < 8 || cost.memory_kib > MEMORY_MAX || cost.time < 1 ||
	    cost.time > TIME_MAX);
	if (s.n > PASSWORD_MAX) {
		error_set_at(e, __FILE__, __LINE__, RC_INVALID, REASON_TOO_LONG,
			     "password of %zu bytes", s.n);
		e->arg = PASSWORD_MAX;
		return RC_INVALID;
	}
	if (s.n > 0)
		memcpy(bytes, s.p, s.n);
	crypto_random(r.salt, SALT_SIZE);
	enum rc rc = password_compute(&r, gate, bytes, s.n, e);
	crypto_wipe(bytes, sizeof bytes);
	if (rc == RC_OK)
		record_write(&r, ret_encoded);
	return rc;
}

enum rc password_verify(struct password_cost cost, struct shm *gate, struct str encoded,
			struct secret password, bool *ret_match, bool *ret_rehash, struct error *e)
{
	struct password_record stored = { .cost = cost }, r;
	struct str s = secret_reveal(password);
	bool is_known = record_read(encoded, &stored) && s.n <= PASSWORD_MAX;
	char bytes[PASSWORD_MAX];
	size_t n = s.n < PASSWORD_MAX ? s.n : PASSWORD_MAX;

	if (n > 0)
		memcpy(bytes, s.p, n);
	r = stored;
	enum rc rc = password_compute(&r, gate, bytes, n, e);
	crypto_wipe(bytes, sizeof bytes);
	if (rc != RC_OK)
		return rc;
	*ret_match = crypto_equal(r.hash, stored.hash, HASH_SIZE) && is_known;
	*ret_rehash = *ret_match &&
		      (stored.cost.memory_kib != cost.memory_kib || stored.cost.time != cost.time);
	return RC_OK;
}
