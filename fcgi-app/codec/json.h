/*
 * JSON (RFC 8259): a streaming writer and a bounded reader.
 *
 * The writer appends to a struct buf, whose error is sticky.  The reader
 * stands on jansson, whose header stays inside codec: the tree is an opaque
 * `struct json_t *` that lives as long as the arena given.
 * Wrong nesting by the caller of the writer is a BUG, never input's fault.
 */
#ifndef CODEC_JSON_H
#define CODEC_JSON_H

#include "base/buf.h"
#include "base/error.h"
#include "codec/pairs.h"

#define JSON_DEPTH_MAX  32     /* of what is read and of what is written */
#define JSON_VALUES_MAX 100000 /* values in one text read */

/* ---- writing ------------------------------------------------------------------ */

struct json_out {
	struct buf *b;
	unsigned depth;
	uint32_t is_object; /* bit per open level */
	bool has_item;      /* the open level has a member: a comma is due */
	bool has_key;       /* a key was written, its value is due */
};

/* One text is one value: end with a json_out_*_end at depth 0. */
void json_out_init(struct json_out *o, struct buf *b);
void json_out_object(struct json_out *o); /* { */
void json_out_object_end(struct json_out *o);
void json_out_array(struct json_out *o); /* [ */
void json_out_array_end(struct json_out *o);
void json_out_key(struct json_out *o, struct str key);

/*
 * Values: in an array, after a key, or alone as the whole text.
 * Strings take any bytes: malformed UTF-8 becomes U+FFFD; quotes, backslash,
 * controls, '<', U+2028 and U+2029 are escaped, so that the text may stand in
 * a script element.
 */
void json_out_str(struct json_out *o, struct str v);
void json_out_i64(struct json_out *o, int64_t v);
void json_out_bool(struct json_out *o, bool v);
void json_out_null(struct json_out *o);
/* The shortest text that reads back as v; null when v is not finite. */
void json_out_double(struct json_out *o, double v);
/* One complete JSON value made elsewhere (by this writer); copied as it is. */
void json_out_raw(struct json_out *o, struct str json);

/* Key and value in one call; a cz of NULL writes null. */
void json_out_key_str(struct json_out *o, const char *key, struct str v);
void json_out_key_cz(struct json_out *o, const char *key, const char *cz);
void json_out_key_i64(struct json_out *o, const char *key, int64_t v);
void json_out_key_bool(struct json_out *o, const char *key, bool v);
void json_out_key_null(struct json_out *o, const char *key);
void json_out_key_object(struct json_out *o, const char *key);
void json_out_key_array(struct json_out *o, const char *key);

/* ---- reading ------------------------------------------------------------------ */

struct json_t; /* jansson's */

/*
 * Reads one object or array.  The tree is released when the arena is reset.
 * Malformed text and UTF-8, double names, NUL in a name, more than
 * JSON_DEPTH_MAX levels or JSON_VALUES_MAX values, integers outside int64 and
 * bytes after the end are RC_INVALID REASON_BODY_MALFORMED; more than
 * max_bytes RC_TOO_BIG REASON_BODY_TOO_BIG; RC_NO_MEMORY.  NUL in a string
 * value is kept (validators refuse it).
 */
enum rc json_read(struct str text, size_t max_bytes, struct arena *a, struct json_t **ret,
		  struct error *e) MUST_CHECK;

/* (jansson takes JSON_NULL and the like.) */
enum json_kind {
	JSON_KIND_ABSENT, /* no such member */
	JSON_KIND_NULL,
	JSON_KIND_BOOL,
	JSON_KIND_INTEGER,
	JSON_KIND_REAL,
	JSON_KIND_STRING,
	JSON_KIND_ARRAY,
	JSON_KIND_OBJECT
};

/* v may be NULL: JSON_KIND_ABSENT. */
enum json_kind json_kind(const struct json_t *v);
/* Member of an object; NULL when v is no object (or NULL) or has no such member. */
struct json_t *json_member(const struct json_t *v, const char *key);
/* Number of items of an array, 0 for anything else; item i or NULL. */
size_t json_items(const struct json_t *v);
struct json_t *json_item(const struct json_t *v, size_t i);

/*
 * Typed values: false when v is NULL or of another kind (or out of range);
 * nothing is converted.  Strings are views into the tree.
 */
bool json_as_str(const struct json_t *v, struct str *ret) MUST_CHECK;
bool json_as_i64(const struct json_t *v, int64_t min, int64_t max, int64_t *ret) MUST_CHECK;
bool json_as_bool(const struct json_t *v, bool *ret) MUST_CHECK;
bool json_as_double(const struct json_t *v, double *ret) MUST_CHECK; /* integers too */

/*
 * Flattens an object so that JSON and forms share one field reader: strings
 * as they are, numbers and booleans as text ("12", "1.5", "true"), null
 * absent, an array as its items under the same name (its nulls absent), nested
 * objects, and arrays within arrays, as compact JSON text.
 * RC_INVALID REASON_BODY_MALFORMED when v is no object, RC_TOO_BIG
 * REASON_TOO_MUCH above max_pairs, RC_NO_MEMORY.
 */
enum rc json_to_pairs(const struct json_t *v, struct arena *a, size_t max_pairs, struct pairs *ret,
		      struct error *e) MUST_CHECK;

#endif
