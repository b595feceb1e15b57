/*
 * Notifications of events.  See inbox_told.h.
 */
#include "core/event/inbox_told.h"

#include "codec/json.h"
#include "store/inbox_told.h"

#define IDS_MAX     30000
#define PAYLOAD_MAX 8000

/* 0: none. */
static int64_t id_of(struct core *c, const struct event *v)
{
	struct error ignored;
	struct json_t *root;
	int64_t id;

	error_init(&ignored);
	if (v->type != EVENT_NOTIFICATION_CREATED || !v->account_id ||
	    json_read(v->payload, PAYLOAD_MAX, c->arena, &root, &ignored) != RC_OK)
		return 0;
	return json_as_i64(json_member(root, "notification"), 1, INT64_MAX, &id) ? id : 0;
}

static enum rc write_ids(struct core *c, const int64_t *ids, size_t n, struct str *ret,
			 struct error *e)
{
	struct json_out o;
	struct buf b;

	buf_init(&b, c->arena, 256, IDS_MAX);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		if (ids[i])
			json_out_i64(&o, ids[i]);
	json_out_array_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&b);
	return RC_OK;
}

static const struct inbox_told_stored *find(const struct inbox_told_stored *rows, size_t n,
					    int64_t id, int64_t account_id)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].row.id == id && rows[i].account_id == account_id)
			return &rows[i];
	return NULL;
}

/* False: of a newer program. */
static bool fill(struct core *c, const struct inbox_told_stored *s, size_t row,
		 struct inbox_told *ret)
{
	*ret = (struct inbox_told){ .row = row,
				    .item = { .id = s->row.id,
					      .entity_id = s->row.entity_id,
					      .created_at = s->row.created_at,
					      .read_at = s->row.read_at },
				    .account_id = s->account_id,
				    .role = role_from(s->role),
				    .language = s->language };
	notify_params_read(c->arena, s->row.params, &ret->item.params);
	return notify_kind_from(s->row.kind, &ret->item.kind);
}

enum rc inbox_told(struct core *c, const struct event *const *rows, size_t n,
		   const struct inbox_told **ret, size_t *ret_n, struct error *e)
{
	int64_t *ids = ARENA_ARRAY(c->arena, n, int64_t);
	struct inbox_told *told = ARENA_ARRAY(c->arena, n, struct inbox_told);
	const struct inbox_told_stored *stored;
	size_t n_ids = 0, n_stored, n_told = 0;
	struct str json;

	*ret_n = 0;
	*ret = told;
	if (!ids || !told)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		n_ids += (ids[i] = id_of(c, rows[i])) != 0;
	if (!n_ids)
		return RC_OK;
	TRY(write_ids(c, ids, n, &json, e));
	TRY(inbox_told_rows(c->db, json, n_ids, c->arena, &stored, &n_stored, e));
	for (size_t i = 0; i < n; i++) {
		const struct inbox_told_stored *s =
			ids[i] ? find(stored, n_stored, ids[i], rows[i]->account_id) : NULL;

		if (s && fill(c, s, i, &told[n_told]))
			n_told++;
	}
	*ret_n = n_told;
	return RC_OK;
}
