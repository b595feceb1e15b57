/*
 * The items of a batch as the JSON array that store/checkin.h reads.
 */
#include "core/attendance/checkin_row.h"
#include "core/attendance/evidence.h"

#define ITEM_BYTES    4096 /* of one item's JSON, generously */
#define BROWSER_BYTES 32   /* a browser's hash; nonce and receipt are shorter */

void checkin_writer_begin(struct checkin_writer *w, struct checkin_batch *b)
{
	w->n = 0;
	buf_init(&w->b, b->c->arena, 1024, b->n * ITEM_BYTES + 1024);
	json_out_init(&w->o, &w->b);
	json_out_array(&w->o);
}

enum rc checkin_writer_end(struct checkin_writer *w, struct str *ret, struct error *e)
{
	json_out_array_end(&w->o);
	if (!buf_ok(&w->b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&w->b);
	return RC_OK;
}

void checkin_put_i64(struct checkin_writer *w, const char *key, int64_t v)
{
	if (v == COLUMN_NULL || v == 0)
		json_out_key_null(&w->o, key);
	else
		json_out_key_i64(&w->o, key, v);
}

/* 2 * n digits into hex. */
static struct str hex_of(const void *bytes, size_t n, char *hex)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *p = bytes;

	for (size_t i = 0; i < n; i++) {
		hex[2 * i] = digits[p[i] >> 4];
		hex[2 * i + 1] = digits[p[i] & 15];
	}
	return str_make(hex, 2 * n);
}

void checkin_put_hex(struct checkin_writer *w, const char *key, const void *bytes, size_t n)
{
	char hex[2 * EVIDENCE_SEALED_MAX];

	if (n == 0) {
		json_out_key_null(&w->o, key);
		return;
	}
	BUG(n > EVIDENCE_SEALED_MAX);
	json_out_key_str(&w->o, key, hex_of(bytes, n, hex));
}

void checkin_put_time(struct checkin_writer *w, const char *key, int64_t us)
{
	char text[28];

	if (us == NO_TIME) {
		json_out_key_null(&w->o, key);
		return;
	}
	/* "2026-11-20T10:11:12.123456Z" without the letters. */
	struct str s = us_format_iso(us, text);

	text[10] = ' ';
	json_out_key_str(&w->o, key, str_sub(s, 0, 26));
}

/* The members that every statement shares: store/checkin.h. */
void checkin_put_item(struct checkin_writer *w, const struct checkin_item *it, size_t i,
		      int64_t session, int64_t person, bool has_receipt)
{
	const struct checkin_in *in = it->in;

	json_out_object(&w->o);
	json_out_key_i64(&w->o, "i", (int64_t)i);
	checkin_put_i64(w, "a", session);
	checkin_put_i64(w, "d", in->device_id);
	checkin_put_i64(w, "p", person);
	if (in->student_code.n)
		json_out_key_str(&w->o, "c", in->student_code);
	checkin_put_i64(w, "u", in->actor->account_id);
	checkin_put_i64(w, "h", in->actor->person_id);
	checkin_put_i64(w, "w", in->is_unverified ? in->actor->web_session_id : COLUMN_NULL);
	checkin_put_hex(w, "n", it->nonce, sizeof it->nonce);
	checkin_put_hex(w, "b", in->browser_hash.p, in->browser_hash.n);
	checkin_put_hex(w, "r", has_receipt ? in->receipt->id : NULL,
			has_receipt ? RECEIPT_ID_BYTES : 0);
	w->n++;
}

/* A student acts for themselves; a token or receipt names its session. */
int64_t checkin_asked_person(const struct checkin_in *in)
{
	return in->person_id != COLUMN_NULL || in->student_code.n ? in->person_id
								  : in->actor->person_id;
}

int64_t checkin_asked_session(const struct checkin_in *in)
{
	int64_t id, step;

	if (in->attendance_id)
		return in->attendance_id;
	if (in->receipt)
		return in->receipt->attendance_id;
	return in->token.n && rotating_token_read(in->token, &id, &step) ? id : COLUMN_NULL;
}

enum rc checkin_asked_items(struct checkin_batch *b, struct str *ret, size_t *ret_n,
			    struct error *e)
{
	struct checkin_writer w;

	checkin_writer_begin(&w, b);
	for (size_t i = 0; i < b->n; i++) {
		const struct checkin_item *it = &b->items[i];

		if (it->has_facts)
			continue;
		checkin_put_item(&w, it, i, it->session, it->person, it->in->receipt != NULL);
		json_out_object_end(&w.o);
	}
	*ret_n = w.n;
	return checkin_writer_end(&w, ret, e);
}

enum rc checkin_asked_sessions(struct checkin_batch *b, struct str *ret, size_t *ret_n,
			       int64_t *ret_first, struct error *e)
{
	struct checkin_writer w;

	checkin_writer_begin(&w, b);
	for (size_t i = 0; i < b->n; i++) {
		bool is_new = b->items[i].session != COLUMN_NULL;

		for (size_t k = 0; k < i && is_new; k++)
			is_new = b->items[k].session != b->items[i].session;
		if (!is_new)
			continue;
		json_out_i64(&w.o, b->items[i].session);
		if (w.n++ == 0)
			*ret_first = b->items[i].session;
	}
	*ret_n = w.n;
	return checkin_writer_end(&w, ret, e);
}

/* ---- the plain question ---- */

static bool is_plain(const struct checkin_item *it)
{
	return it->session != COLUMN_NULL && it->person != COLUMN_NULL &&
	       it->person == it->in->actor->person_id && !it->in->student_code.n;
}

static bool has_phone(const struct checkin_in *in)
{
	return in->browser_hash.n || in->receipt || !in->is_unverified;
}

static void put_i64(struct checkin_writer *w, int64_t v)
{
	if (v == COLUMN_NULL)
		json_out_null(&w->o);
	else
		json_out_i64(&w->o, v);
}

static void put_hex(struct checkin_writer *w, const void *bytes, size_t n)
{
	char hex[2 * BROWSER_BYTES];

	if (n == 0) {
		json_out_null(&w->o);
		return;
	}
	BUG(n > BROWSER_BYTES);
	json_out_str(&w->o, hex_of(bytes, n, hex));
}

static void put_plain(struct checkin_writer *w, const struct checkin_item *it, size_t i,
		      enum checkin_plain kind)
{
	const struct checkin_in *in = it->in;

	json_out_array(&w->o);
	json_out_i64(&w->o, (int64_t)i);
	json_out_i64(&w->o, it->session);
	json_out_i64(&w->o, it->person);
	json_out_i64(&w->o, in->actor->account_id);
	put_i64(w, in->is_unverified ? in->actor->web_session_id : COLUMN_NULL);
	if (kind == CHECKIN_PLAIN_PHONE) {
		put_hex(w, in->browser_hash.p, in->browser_hash.n);
		put_hex(w, in->receipt ? in->receipt->id : NULL,
			in->receipt ? RECEIPT_ID_BYTES : 0);
	}
	json_out_array_end(&w->o);
	w->n++;
}

enum rc checkin_plain_items(struct checkin_batch *b, bool courses, enum checkin_plain *ret_kind,
			    struct str *ret, size_t *ret_n, struct error *e)
{
	enum checkin_plain kind = courses ? CHECKIN_PLAIN_FIRST : CHECKIN_PLAIN_PHONE;
	struct checkin_writer w;

	for (size_t i = 0; i < b->n; i++)
		if (is_plain(&b->items[i]) && has_phone(b->in[i]))
			kind = CHECKIN_PLAIN_PHONE;
	checkin_writer_begin(&w, b);
	for (size_t i = 0; i < b->n; i++)
		if (is_plain(&b->items[i]))
			put_plain(&w, &b->items[i], i, kind);
	*ret_kind = kind;
	*ret_n = w.n;
	return checkin_writer_end(&w, ret, e);
}
