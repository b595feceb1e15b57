/*
 * Header values of tus 1.0 (https://tus.io/protocols/resumable-upload).
 *
 * Text in, values out; no state, and no idea of uploads.
 */
#ifndef CODEC_TUS_H
#define CODEC_TUS_H

#include "base/arena.h"
#include "base/error.h"
#include "codec/pairs.h"

#define TUS_VERSION         "1.0.0"
#define TUS_METADATA_MAX    4096 /* bytes of Upload-Metadata that are taken */
#define TUS_METADATA_KEYS   32
#define TUS_DIGEST_SIZE_MAX 32

/*
 * Upload-Metadata: "filename d29ybGQ=,confidential": keys are visible ASCII without commas,
 * each once; values are Base64 (RFC 4648 section 4) and may be missing.  An empty header has
 * no keys.  Values may hold any bytes and lie in the arena.
 * RC_INVALID UPLOAD_METADATA: syntax, a key twice, too many or too much; RC_NO_MEMORY.
 */
enum rc tus_metadata(struct str header, struct arena *a, struct pairs *ret,
		     struct error *e) MUST_CHECK;

enum tus_algorithm { TUS_SHA1, TUS_SHA256, TUS_ALGORITHM__MAX };
#define TUS_ALGORITHMS "sha1,sha256"

struct tus_checksum {
	enum tus_algorithm algorithm;
	uint8_t digest[TUS_DIGEST_SIZE_MAX];
	size_t n; /* 20 or 32 */
};
/*
 * Upload-Checksum: "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=".  RC_INVALID BODY_MALFORMED for
 * another algorithm, a digest of another length, or bad Base64.
 */
enum rc tus_checksum(struct str header, struct tus_checksum *ret, struct error *e) MUST_CHECK;

/* Upload-Length, Upload-Offset: digits only, 0 and above. */
bool tus_number(struct str header, int64_t *ret) MUST_CHECK;

#endif
