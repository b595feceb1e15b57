/*
 * Header values of tus: see tus.h.
 */
#include "codec/tus.h"

#include "base/num.h"
#include "codec/base64.h"

static enum rc bad_metadata(struct error *e, const char *what)
{
	return ERROR(e, RC_INVALID, REASON_UPLOAD_METADATA, "Upload-Metadata: %s", what);
}

static bool is_key(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return s.n > 0;
}

static enum rc add_pair(struct str part, struct arena *a, struct pairs *list, struct error *e)
{
	size_t blank = str_find_char(part, ' '), n = 0;
	struct str key = str_sub(part, 0, blank), value = { 0 };
	uint8_t *bytes;

	if (blank != SIZE_MAX)
		value = str_trim(str_from_pos(part, blank + 1));
	if (!is_key(key))
		return bad_metadata(e, "key");
	if (pairs_find(list, key, 0))
		return bad_metadata(e, "a key twice");
	if (list->n == TUS_METADATA_KEYS)
		return bad_metadata(e, "too many keys");
	bytes = arena_alloc(a, BASE64_DECODED_MAX(value.n));
	if (!bytes)
		return ERROR_MEMORY(e);
	if (!base64_decode(value, bytes, BASE64_DECODED_MAX(value.n), &n))
		return bad_metadata(e, "Base64");
	list->v[list->n++] = (struct pair){ key, str_make((const char *)bytes, n) };
	return RC_OK;
}

enum rc tus_metadata(struct str header, struct arena *a, struct pairs *ret, struct error *e)
{
	struct pairs list = { .v = ARENA_ARRAY(a, TUS_METADATA_KEYS, struct pair) };
	struct str rest = str_trim(header), part;

	if (!list.v)
		return ERROR_MEMORY(e);
	if (header.n > TUS_METADATA_MAX)
		return bad_metadata(e, "too long");
	while (!str_empty(str_trim(header)) && str_split(&rest, ',', &part))
		TRY(add_pair(str_trim(part), a, &list, e));
	*ret = list;
	return RC_OK;
}

enum rc tus_checksum(struct str header, struct tus_checksum *ret, struct error *e)
{
	static const struct {
		struct str name;
		size_t n;
	} algorithms[TUS_ALGORITHM__MAX] = {
		[TUS_SHA1] = { STR_INIT("sha1"), 20 },
		[TUS_SHA256] = { STR_INIT("sha256"), 32 },
	};
	size_t blank = str_find_char(header, ' '), n;
	struct tus_checksum c;

	for (int i = 0; blank != SIZE_MAX && i < TUS_ALGORITHM__MAX; i++) {
		if (!str_eq(str_sub(header, 0, blank), algorithms[i].name))
			continue;
		if (!base64_decode(str_from_pos(header, blank + 1), c.digest, sizeof c.digest,
				   &n) ||
		    n != algorithms[i].n)
			break;
		c.algorithm = (enum tus_algorithm)i;
		c.n = n;
		*ret = c;
		return RC_OK;
	}
	return ERROR(e, RC_INVALID, REASON_BODY_MALFORMED, "Upload-Checksum");
}

bool tus_number(struct str header, int64_t *ret)
{
	return (header.n == 0 || header.p[0] != '-') && num_i64(header, 0, INT64_MAX, ret);
}
