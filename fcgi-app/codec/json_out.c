/*
 * Writing JSON: commas and escapes are its business, the order of calls the
 * caller's (a wrong one is a BUG).  Declared in json.h.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "codec/json.h"
#include "codec/run.h"

void json_out_init(struct json_out *o, struct buf *b)
{
	*o = (struct json_out){ .b = b };
}

static bool in_object(const struct json_out *o)
{
	return o->depth && (o->is_object >> (o->depth - 1) & 1);
}

/* Before each value: the comma that is due. */
static void begin_value(struct json_out *o)
{
	if (in_object(o)) {
		BUG(!o->has_key);
		o->has_key = false;
	} else {
		BUG(o->depth == 0 && o->has_item);
		if (o->has_item)
			buf_char(o->b, ',');
	}
	o->has_item = true;
}

static void open_level(struct json_out *o, bool is_object)
{
	begin_value(o);
	BUG(o->depth == JSON_DEPTH_MAX);
	buf_char(o->b, is_object ? '{' : '[');
	o->is_object &= ~(UINT32_C(1) << o->depth);
	o->is_object |= (uint32_t)is_object << o->depth;
	o->depth++;
	o->has_item = false;
}

static void close_level(struct json_out *o, bool is_object)
{
	BUG(o->depth == 0 || o->has_key || in_object(o) != is_object);
	buf_char(o->b, is_object ? '}' : ']');
	o->depth--;
	o->has_item = true;
}

void json_out_object(struct json_out *o)
{
	open_level(o, true);
}

void json_out_object_end(struct json_out *o)
{
	close_level(o, true);
}

void json_out_array(struct json_out *o)
{
	open_level(o, false);
}

void json_out_array_end(struct json_out *o)
{
	close_level(o, false);
}

/* ---- strings --------------------------------------------------------------------- */

enum kind { PLAIN, ESCAPED, WIDE };

static const uint8_t kinds[256] = {
	[0x00 ... 0x1F] = ESCAPED, ['"'] = ESCAPED,        ['\\'] = ESCAPED,
	['<'] = ESCAPED,           [0x80 ... 0xFF] = WIDE,
};

/* U+2028 and U+2029 end a line in older scripts. */
static bool is_line_end(struct str s, size_t at)
{
	return s.n - at >= 3 && memcmp(s.p + at, "\xE2\x80", 2) == 0 &&
	       ((unsigned char)s.p[at + 2] | 1) == 0xA9;
}

static size_t pass_wide(struct str s, size_t at)
{
	while (at < s.n && (unsigned char)s.p[at] >= 0x80) {
		size_t n = run_wide_length(s, at);

		if (n == 0 || is_line_end(s, at))
			break;
		at += n;
	}
	return at;
}

/* The escape of a byte below 0x80, in room. */
static struct str escape_of(unsigned char c, char room[6])
{
	static const char hex[] = "0123456789abcdef";
	static const char short_forms[256] = {
		['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
		['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't',
	};

	room[0] = '\\';
	room[1] = short_forms[c];
	if (room[1])
		return str_make(room, 2);
	memcpy(room + 1, "u00", 3);
	room[4] = hex[c >> 4];
	room[5] = hex[c & 15];
	return str_make(room, 6);
}

static void put_string(struct buf *b, struct str s)
{
	size_t from = 0, at = 0;

	buf_char(b, '"');
	while ((at = run_end(s, at, kinds)) < s.n) {
		unsigned char c = (unsigned char)s.p[at];
		struct str run = str_make(s.p + from, at - from);
		char room[6];

		if (c < 0x80) {
			run_put(b, run, escape_of(c, room));
			from = ++at;
			continue;
		}
		at = pass_wide(s, at);
		if (at > from + run.n)
			continue;
		if (is_line_end(s, at)) {
			run_put(b, run,
				(unsigned char)s.p[at + 2] == 0xA8 ? STR("\\u2028")
								   : STR("\\u2029"));
			at += 3;
		} else {
			run_put(b, run, STR("\xEF\xBF\xBD"));
			at++;
		}
		from = at;
	}
	if (from < s.n)
		buf_add(b, str_make(s.p + from, s.n - from));
	buf_char(b, '"');
}

void json_out_key(struct json_out *o, struct str key)
{
	BUG(!in_object(o) || o->has_key);
	if (o->has_item)
		buf_char(o->b, ',');
	put_string(o->b, key);
	buf_char(o->b, ':');
	o->has_key = true;
}

void json_out_str(struct json_out *o, struct str v)
{
	begin_value(o);
	put_string(o->b, v);
}

/* ---- other values ------------------------------------------------------------------ */

void json_out_i64(struct json_out *o, int64_t v)
{
	begin_value(o);
	buf_i64(o->b, v);
}

void json_out_bool(struct json_out *o, bool v)
{
	begin_value(o);
	buf_add(o->b, v ? STR("true") : STR("false"));
}

void json_out_null(struct json_out *o)
{
	begin_value(o);
	BUF_LIT(o->b, "null");
}

void json_out_double(struct json_out *o, double v)
{
	char text[40];

	if (!isfinite(v)) {
		json_out_null(o);
		return;
	}
	begin_value(o);
	/* 15 digits always survive, 17 always suffice. */
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(text, sizeof text, "%.*g", precision, v);
		if (strtod(text, NULL) == v)
			break;
	}
	buf_add(o->b, str_from(text));
}

void json_out_raw(struct json_out *o, struct str json)
{
	begin_value(o);
	buf_add(o->b, json);
}

/* ---- key and value ------------------------------------------------------------------- */

void json_out_key_str(struct json_out *o, const char *key, struct str v)
{
	json_out_key(o, str_from(key));
	json_out_str(o, v);
}

void json_out_key_cz(struct json_out *o, const char *key, const char *cz)
{
	json_out_key(o, str_from(key));
	if (cz)
		json_out_str(o, str_from(cz));
	else
		json_out_null(o);
}

void json_out_key_i64(struct json_out *o, const char *key, int64_t v)
{
	json_out_key(o, str_from(key));
	json_out_i64(o, v);
}

void json_out_key_bool(struct json_out *o, const char *key, bool v)
{
	json_out_key(o, str_from(key));
	json_out_bool(o, v);
}

void json_out_key_null(struct json_out *o, const char *key)
{
	json_out_key(o, str_from(key));
	json_out_null(o);
}

void json_out_key_object(struct json_out *o, const char *key)
{
	json_out_key(o, str_from(key));
	json_out_object(o);
}

void json_out_key_array(struct json_out *o, const char *key)
{
	json_out_key(o, str_from(key));
	json_out_array(o);
}
