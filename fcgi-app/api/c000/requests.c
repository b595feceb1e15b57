/*
 * Session requests of contract 000 (contracts.md 1.2); see door.h.
 *
 * A question that was asked back reads as pending there, and what was withdrawn is gone.
 */
#include "api/c000/door.h"
#include "api/c000/family.h"
#include "api/c000/render.h"
#include "core/request/request.h"

#define MY_MAX     100
#define MY_LIMIT   20
#define ALL_MAX    200
#define ALL_LIMIT  50
#define NOT_OTHERS "Cannot view other trainer's requests"

/* ---- rows ------------------------------------------------------------------------------------ */

static void key_hm(struct json_out *o, const char *key, int32_t tod)
{
	char text[6];

	json_out_key_str(o, key, tod_format_hm(tod, text));
}

static const char *status_of(enum request_state s)
{
	return request_state_name(s == REQUEST_QUESTION ? REQUEST_PENDING : s);
}

static void write_request(struct json_out *o, const struct request *r)
{
	const struct request_stored *row = &r->row;

	json_out_object(o);
	json_out_key_i64(o, "id", row->id);
	json_out_key_i64(o, "trainer_id", row->account_id);
	json_out_key_str(o, "trainer_name", row->username);
	json_out_key_str(o, "trainer_email", row->email.p ? row->email : STR(""));
	json_out_key_str(o, "title", row->title);
	json_out_key_str(o, "class_name", row->class_name);
	c000_key_day(o, "session_date", row->session_date);
	key_hm(o, "start_time", row->start_time);
	key_hm(o, "end_time", row->end_time);
	c000_key_text(o, "session_type", row->kind);
	c000_key_text(o, "notes", row->notes);
	json_out_key_cz(o, "status", status_of(r->state));
	c000_key_text(o, "admin_response", row->response);
	c000_key_id(o, "reviewed_by", row->reviewed_by);
	c000_key_time(o, "reviewed_at", row->reviewed_at);
	c000_key_time(o, "created_at", row->created_at);
	c000_key_time(o, "updated_at", row->updated_at);
	json_out_object_end(o);
}

static void write_list(struct resp *r, const struct request_list *list)
{
	struct json_out o = resp_json(r);

	json_out_object(&o);
	json_out_key_array(&o, "requests");
	for (size_t i = 0; i < list->n_rows; i++)
		write_request(&o, &list->rows[i]);
	json_out_array_end(&o);
	json_out_key_i64(&o, "total", list->total);
	json_out_key_i64(&o, "unread_count", list->counts.n_pending + list->counts.n_question);
	json_out_object_end(&o);
}

/* Names of core as the contract has them. */
static void rename_fields(struct error *e)
{
	static const char *const names[][2] = {
		{ "group", "class_name" },  { "date", "session_date" },
		{ "start", "start_time" },  { "end", "end_time" },
		{ "kind", "session_type" }, { "response", "admin_response" }
	};

	for (size_t i = 0; i < e->n_fields; i++)
		for (size_t k = 0; k < ARRAY_LEN(names); k++)
			if (str_eq(str_from(e->fields[i].field), str_from(names[k][0])))
				e->fields[i].field = names[k][1];
}

/* ---- asking ------------------------------------------------------------------------------------
 */

struct c000_wish_in {
	struct str title, class_name, session_type, notes;
	int32_t session_date, start_time, end_time;
};
FIELDS(c000_request_add_fields, c000_wish_in,
       FIELD(TEXT, c000_wish_in, title, FORM, .required = true, .max = REQUEST_TITLE_MAX),
       FIELD(TEXT, c000_wish_in, class_name, FORM, .required = true, .max = REQUEST_CLASS_MAX),
       FIELD(DAY, c000_wish_in, session_date, FORM, .required = true),
       FIELD(TOD, c000_wish_in, start_time, FORM, .required = true),
       FIELD(TOD, c000_wish_in, end_time, FORM, .required = true),
       FIELD(TEXT, c000_wish_in, session_type, FORM, .max = REQUEST_KIND_MAX),
       FIELD(LONG_TEXT, c000_wish_in, notes, FORM, .max = REQUEST_NOTES_MAX));

static enum rc trainer_only(const struct req *q, struct error *e)
{
	if (who_is_staff(&q->who) && !who_is_admin(&q->who))
		return RC_OK;
	return ERROR(e, RC_DENIED, REASON_DENIED, "role %s", role_name(q->who.role));
}

enum rc c000_request_add(struct req *q, struct resp *r, struct error *e)
{
	struct c000_wish_in in;
	struct request_in wish;
	struct request made;
	struct json_out o;
	int64_t id;
	enum rc rc;

	TRY(trainer_only(q, e));
	TRY(req_read(q, &in, e));
	wish = (struct request_in){ .title = in.title,
				    .kind = in.session_type,
				    .notes = in.notes,
				    .class_name = in.class_name,
				    .finds_course = true,
				    .day = in.session_date,
				    .start_tod = in.start_time,
				    .end_tod = in.end_time,
				    .until_day = NO_DAY };
	rc = request_send(&q->core, &wish, &id, e);
	if (rc == RC_INVALID)
		rename_fields(e);
	TRY(rc);
	TRY(request_get(&q->core, id, &made, e));
	r->status = 201;
	o = resp_json(r);
	write_request(&o, &made);
	return RC_OK;
}

/* ---- lists --------------------------------------------------------------------------------------
 */

struct c000_requests_in {
	int64_t limit;
	struct str status_filter;
};
FIELDS(c000_my_requests_fields, c000_requests_in,
       FIELD(INT, c000_requests_in, limit, QUERY, .min = 1, .max = MY_MAX, .fallback = MY_LIMIT),
       FIELD(TEXT, c000_requests_in, status_filter, QUERY));
FIELDS(c000_all_requests_fields, c000_requests_in,
       FIELD(INT, c000_requests_in, limit, QUERY, .min = 1, .max = ALL_MAX, .fallback = ALL_LIMIT),
       FIELD(TEXT, c000_requests_in, status_filter, QUERY));

static struct request_query query_of(const struct c000_requests_in *in)
{
	static const struct {
		const char *word;
		enum request_tab tab;
	} tabs[] = { { "", REQUEST_TAB_ALL },
		     { "all", REQUEST_TAB_ALL },
		     { "pending", REQUEST_TAB_WAITING },
		     { "approved", REQUEST_TAB_APPROVED },
		     { "rejected", REQUEST_TAB_REJECTED } };
	struct request_query q = { .tab = REQUEST_TAB_NONE,
				   .kind = -1,
				   .from_day = NO_DAY,
				   .to_day = NO_DAY,
				   .page_size = in->limit };

	for (size_t i = 0; i < ARRAY_LEN(tabs); i++)
		if (str_eq(in->status_filter, str_from(tabs[i].word)))
			q.tab = tabs[i].tab;
	return q;
}

enum rc c000_my_requests(struct req *q, struct resp *r, struct error *e)
{
	struct c000_requests_in in;
	struct request_query query;
	struct request_list list;

	TRY(trainer_only(q, e));
	TRY(req_read(q, &in, e));
	query = query_of(&in);
	TRY(request_list_own(&q->core, &query, &list, e));
	write_list(r, &list);
	return RC_OK;
}

enum rc c000_all_requests(struct req *q, struct resp *r, struct error *e)
{
	struct c000_requests_in in;
	struct request_query query;
	struct request_list list;

	TRY(req_read(q, &in, e));
	query = query_of(&in);
	query.skips_beside = true;
	TRY(request_list(&q->core, &query, &list, e));
	write_list(r, &list);
	return RC_OK;
}

/* ---- one ----------------------------------------------------------------------------------------
 */

struct c000_request_in {
	int64_t request_id;
	struct str status, admin_response;
	bool override;
};
FIELDS(c000_request_fields, c000_request_in,
       FIELD(ID, c000_request_in, request_id, PATH, .required = true));
FIELDS(c000_request_status_fields, c000_request_in,
       FIELD(ID, c000_request_in, request_id, PATH, .required = true),
       FIELD(TEXT, c000_request_in, status, FORM, .required = true),
       FIELD(LONG_TEXT, c000_request_in, admin_response, FORM, .max = REQUEST_TEXT_MAX),
       FIELD(BOOL, c000_request_in, override, FORM));

/* What was withdrawn is not there. */
static enum rc get(struct req *q, int64_t id, struct request *ret, struct error *e)
{
	TRY(request_get(&q->core, id, ret, e));
	if (ret->state == REQUEST_WITHDRAWN)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "request %lld is withdrawn",
			     (long long)id);
	return RC_OK;
}

/* 403 in the words for a trainer; others have those of the family. */
static enum rc refused(struct req *q, struct resp *r, enum rc rc, const char *text, struct error *e)
{
	if (rc != RC_DENIED || !who_is_staff(&q->who))
		return rc;
	error_init(e);
	return c000_refuse(r, 403, str_from(text));
}

enum rc c000_request_get(struct req *q, struct resp *r, struct error *e)
{
	struct c000_request_in in;
	struct request one;
	struct json_out o;
	enum rc rc;

	TRY(req_read(q, &in, e));
	rc = get(q, in.request_id, &one, e);
	if (rc != RC_OK)
		return refused(q, r, rc, NOT_OTHERS, e);
	o = resp_json(r);
	write_request(&o, &one);
	return RC_OK;
}

/* The sentences of pages ask for a tick; a program sends a member. */
static enum rc conflict(struct resp *r, struct error *e)
{
	if (e->rc != RC_CONFLICT || e->reason != REASON_CLASHES)
		return e->rc;
	error_init(e);
	return c000_refuse(r, 409,
			   STR("This clashes with what is planned already; send \"override\": true "
			       "to approve it all the same"));
}

enum rc c000_request_status(struct req *q, struct resp *r, struct error *e)
{
	struct c000_request_in in;
	struct request_decide_in ask = { .decision = REQUEST_APPROVE };
	struct request_decided done;
	struct request one;
	struct json_out o;
	enum rc rc;

	if (!who_is_admin(&q->who))
		return ERROR(e, RC_DENIED, REASON_DENIED, "role %s", role_name(q->who.role));
	TRY(req_read(q, &in, e));
	TRY(get(q, in.request_id, &one, e));
	if (str_eq(in.status, STR("rejected")))
		ask.decision = REQUEST_REJECT;
	else if (!str_eq(in.status, STR("approved")))
		return c000_refuse(r, 400, STR("Status must be 'approved' or 'rejected'"));
	ask.id = in.request_id;
	ask.response = in.admin_response;
	ask.overrides = in.override;
	rc = request_decide(&q->core, &ask, &done, e);
	if (rc == RC_INVALID)
		rename_fields(e);
	if (rc != RC_OK)
		return conflict(r, e);
	o = resp_json(r);
	write_request(&o, &done.r);
	return RC_OK;
}

enum rc c000_request_delete(struct req *q, struct resp *r, struct error *e)
{
	struct c000_request_in in;
	struct request one;
	enum rc rc;

	TRY(req_read(q, &in, e));
	rc = get(q, in.request_id, &one, e);
	if (rc != RC_OK)
		return refused(q, r, rc, "Cannot delete other trainer's requests", e);
	r->status = 204;
	if (who_is_admin(&q->who))
		return request_delete(&q->core, in.request_id, e);
	rc = request_withdraw(&q->core, in.request_id, 0, e);
	if (rc == RC_CONFLICT) {
		error_init(e);
		return c000_refuse(r, 403, STR("Cannot delete non-pending requests"));
	}
	return rc;
}
