/*
 * Personal evidence.  See evidence.h.
 */
#include "core/attendance/evidence.h"

#include "codec/json.h"

#define LABEL       STR("attempt evidence 1")
#define PLACE       STR("place")
#define ADDRESS     STR("address")
#define PLAIN_MAX   (EVIDENCE_SEALED_MAX - CRYPTO_SEAL_OVERHEAD)
#define ADDRESS_MAX 45

enum rc evidence_key_read(const struct core *c, struct evidence_key *ret, struct error *e)
{
	uint8_t server_key[32];
	enum rc rc;

	TRY(config_server_key(c->config, server_key, e));
	rc = crypto_derive(secret_make(str_make((const char *)server_key, sizeof server_key)),
			   LABEL, ret->bytes, e);
	crypto_wipe(server_key, sizeof server_key);
	return rc;
}

static enum rc seal(const struct evidence_key *key, struct arena *a, struct str kind,
		    struct str plain, struct str *ret, struct error *e)
{
	const size_t n = plain.n + CRYPTO_SEAL_OVERHEAD;
	uint8_t *out = arena_alloc(a, n);

	if (!out)
		return ERROR_MEMORY(e);
	TRY(crypto_seal(key->bytes, kind, plain, out, e));
	*ret = str_make((const char *)out, n);
	return RC_OK;
}

static enum rc open_as(const struct evidence_key *key, struct arena *a, struct str kind,
		       struct str sealed, struct str *ret, struct error *e)
{
	uint8_t *out = arena_alloc(a, sealed.n);

	if (!out)
		return ERROR_MEMORY(e);
	TRY(crypto_open(key->bytes, kind, sealed, out, e));
	*ret = str_make((const char *)out, sealed.n - CRYPTO_SEAL_OVERHEAD);
	return RC_OK;
}

enum rc evidence_seal_place(const struct evidence_key *key, struct arena *a, struct place place,
			    double accuracy_m, struct str *ret_sealed, struct error *e)
{
	struct json_out o;
	struct buf b;

	buf_init(&b, a, 96, PLAIN_MAX);
	json_out_init(&o, &b);
	json_out_object(&o);
	json_out_key_i64(&o, "lat", place.latitude_e7);
	json_out_key_i64(&o, "lon", place.longitude_e7);
	if (accuracy_m >= 0) {
		json_out_key(&o, STR("acc"));
		json_out_double(&o, accuracy_m);
	}
	json_out_object_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	return seal(key, a, PLACE, buf_str(&b), ret_sealed, e);
}

enum rc evidence_seal_address(const struct evidence_key *key, struct arena *a, struct str address,
			      struct str *ret_sealed, struct error *e)
{
	BUG(address.n > ADDRESS_MAX);
	return seal(key, a, ADDRESS, address, ret_sealed, e);
}

enum rc evidence_open_place(const struct evidence_key *key, struct arena *a, struct str sealed,
			    struct place *ret, double *ret_accuracy_m, struct error *e)
{
	const int64_t limit = INT64_C(180) * PLACE_E7;
	int64_t latitude, longitude;
	double accuracy_m = -1;
	struct json_t *root;
	struct str plain;

	TRY(open_as(key, a, PLACE, sealed, &plain, e));
	TRY(json_read(plain, PLAIN_MAX, a, &root, e));
	if (!json_as_i64(json_member(root, "lat"), -limit, limit, &latitude) ||
	    !json_as_i64(json_member(root, "lon"), -limit, limit, &longitude))
		return ERROR(e, RC_INVALID, REASON_UNEXPECTED, "sealed, but no place");
	if (!json_as_double(json_member(root, "acc"), &accuracy_m))
		accuracy_m = -1;
	*ret = (struct place){ (int32_t)latitude, (int32_t)longitude };
	*ret_accuracy_m = accuracy_m;
	return RC_OK;
}

enum rc evidence_open_address(const struct evidence_key *key, struct arena *a, struct str sealed,
			      struct str *ret_address, struct error *e)
{
	return open_as(key, a, ADDRESS, sealed, ret_address, e);
}
