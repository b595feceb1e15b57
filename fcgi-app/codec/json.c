/*
 * Reading JSON with jansson, bounded before it starts: a first pass over the
 * bytes counts levels and values, because jansson allocates from the heap and
 * not from the arena.  The arena releases the tree at its reset.
 *
 * Details of errors never quote the text: it may hold a password.
 */
#include "codec/json.h"

#include <jansson.h>

/* Over the limits?  Needs no valid JSON: only strings must be told from the rest. */
static bool exceeds_limits(struct str text)
{
	size_t depth = 0, n_values = 1;
	bool in_string = false;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
			continue;
		}
		switch (c) {
		case '"':
			in_string = true;
			break;
		case '{':
		case '[':
			if (++depth > JSON_DEPTH_MAX)
				return true;
			n_values++;
			break;
		case '}':
		case ']':
			depth -= depth > 0;
			break;
		case ',':
			n_values++;
			break;
		default:
			break;
		}
	}
	return n_values > JSON_VALUES_MAX;
}

static void release(void *tree)
{
	json_decref(tree);
}

enum rc json_read(struct str text, size_t max_bytes, struct arena *a, struct json_t **ret,
		  struct error *e)
{
	json_error_t at;
	json_t *tree;

	if (text.n > max_bytes)
		return ERROR(e, RC_TOO_BIG, REASON_BODY_TOO_BIG, "json: %zu bytes, at most %zu",
			     text.n, max_bytes);
	/* jansson reads on behind a zero byte after a number (RFC 8259, 2: it is no white space).
	 */
	if (str_find_char(text, '\0') != SIZE_MAX)
		return ERROR(e, RC_INVALID, REASON_BODY_MALFORMED, "json: a zero byte");
	if (exceeds_limits(text))
		return ERROR(e, RC_INVALID, REASON_BODY_MALFORMED, "json: too deep or too many");
	tree = json_loadb(text.n ? text.p : "", text.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL,
			  &at);
	if (!tree && json_error_code(&at) == json_error_out_of_memory)
		return ERROR_MEMORY(e);
	if (!tree)
		return ERROR(e, RC_INVALID, REASON_BODY_MALFORMED, "json: error %d at byte %d",
			     (int)json_error_code(&at), at.position);
	if (!arena_on_end(a, release, tree)) {
		json_decref(tree);
		return ERROR_MEMORY(e);
	}
	*ret = tree;
	return RC_OK;
}

enum json_kind json_kind(const struct json_t *v)
{
	if (!v)
		return JSON_KIND_ABSENT;
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return JSON_KIND_OBJECT;
	case JSON_ARRAY:
		return JSON_KIND_ARRAY;
	case JSON_STRING:
		return JSON_KIND_STRING;
	case JSON_INTEGER:
		return JSON_KIND_INTEGER;
	case JSON_REAL:
		return JSON_KIND_REAL;
	case JSON_TRUE:
	case JSON_FALSE:
		return JSON_KIND_BOOL;
	case JSON_NULL:
		break;
	}
	return JSON_KIND_NULL;
}

struct json_t *json_member(const struct json_t *v, const char *key)
{
	return json_object_get(v, key);
}

size_t json_items(const struct json_t *v)
{
	return json_array_size(v);
}

struct json_t *json_item(const struct json_t *v, size_t i)
{
	return json_array_get(v, i);
}

bool json_as_str(const struct json_t *v, struct str *ret)
{
	if (!json_is_string(v))
		return false;
	*ret = str_make(json_string_value(v), json_string_length(v));
	return true;
}

bool json_as_i64(const struct json_t *v, int64_t min, int64_t max, int64_t *ret)
{
	if (!json_is_integer(v) || json_integer_value(v) < min || json_integer_value(v) > max)
		return false;
	*ret = json_integer_value(v);
	return true;
}

bool json_as_bool(const struct json_t *v, bool *ret)
{
	if (!json_is_boolean(v))
		return false;
	*ret = json_is_true(v);
	return true;
}

bool json_as_double(const struct json_t *v, double *ret)
{
	if (!json_is_number(v))
		return false;
	*ret = json_number_value(v);
	return true;
}

/* ---- flattening -------------------------------------------------------------------- */

static int dump_into(const char *p, size_t n, void *data)
{
	struct buf *b = data;

	buf_add(b, str_make(p, n));
	return buf_ok(b) ? 0 : -1;
}

static bool dump_value(const json_t *v, struct arena *a, struct str *ret)
{
	struct buf b;

	buf_init(&b, a, 64, SIZE_MAX / 2);
	if (json_dump_callback(v, dump_into, &b, JSON_COMPACT | JSON_ENCODE_ANY) || !buf_ok(&b))
		return false;
	*ret = buf_str(&b);
	return true;
}

static enum rc pair_add(struct pairs *pairs, struct str name, const json_t *v, struct arena *a,
			struct error *e)
{
	struct pair *pair = &pairs->v[pairs->n];

	if (json_is_null(v))
		return RC_OK;
	pair->name = name;
	if (!json_as_str(v, &pair->value) && !dump_value(v, a, &pair->value))
		return ERROR_MEMORY(e);
	pairs->n++;
	return RC_OK;
}

static size_t count_pairs(const json_t *object)
{
	size_t n = 0;

	for (void *i = json_object_iter((json_t *)(uintptr_t)object); i;
	     i = json_object_iter_next((json_t *)(uintptr_t)object, i)) {
		const json_t *v = json_object_iter_value(i);

		n += json_is_array(v) ? json_array_size(v) : 1;
	}
	return n;
}

enum rc json_to_pairs(const struct json_t *v, struct arena *a, size_t max_pairs, struct pairs *ret,
		      struct error *e)
{
	/* jansson's iterators take no const, though they change nothing. */
	json_t *object = (json_t *)(uintptr_t)v;
	struct pairs pairs = { NULL, 0 };
	size_t n = count_pairs(v);

	if (!json_is_object(v))
		return ERROR(e, RC_INVALID, REASON_BODY_MALFORMED, "json: not an object");
	if (n > max_pairs)
		return ERROR(e, RC_TOO_BIG, REASON_TOO_MUCH, "json: %zu values, at most %zu", n,
			     max_pairs);
	pairs.v = ARENA_ARRAY(a, n, struct pair);
	if (!pairs.v)
		return ERROR_MEMORY(e);
	for (void *i = json_object_iter(object); i; i = json_object_iter_next(object, i)) {
		const json_t *value = json_object_iter_value(i);
		struct str name = str_from(json_object_iter_key(i));

		if (!json_is_array(value))
			TRY(pair_add(&pairs, name, value, a, e));
		for (size_t k = 0; k < json_array_size(value); k++)
			TRY(pair_add(&pairs, name, json_array_get(value, k), a, e));
	}
	*ret = pairs;
	return RC_OK;
}
