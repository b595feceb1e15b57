/* Finding the action, and the envelope; see door.h. */
#include "api/c004/door.h"

#include "api/c004/c004.h"
#include "base/num.h"
#include "core/core.h"

const struct c004_action *c004_action_of(const struct req *q, const struct c004_actions *actions)
{
	struct str name = q->method == METHOD_POST ? STR("create") : STR("list");

	if (req_has(q, "action"))
		name = req_raw(q, "action");
	for (size_t i = 0; i < actions->n; i++)
		if (str_eq(name, str_from(actions->v[i].name)))
			return &actions->v[i];
	return NULL;
}

enum rc c004_run(struct req *q, struct resp *r, const struct c004_actions *actions, struct error *e)
{
	const struct c004_action *a = c004_action_of(q, actions);

	r->cache = RESP_CACHE_NONE;
	if (!who_is_staff(&q->who))
		return ERROR(e, RC_DENIED, REASON_DENIED, "role %s", role_name(q->who.role));
	if (!a)
		return c004_say(r, false, "Unknown action");
	if (a->is_change != (q->method == METHOD_POST))
		return c004_say(r, false, "Method not allowed");
	return a->run(q, r, e);
}

/* ---- answers ------------------------------------------------------------------------ */

static struct json_out begin(struct resp *r, bool success, const char *message)
{
	struct json_out o = resp_json(r);

	json_out_object(&o);
	json_out_key_bool(&o, "success", success);
	if (message)
		json_out_key_cz(&o, "message", message);
	return o;
}

enum rc c004_say(struct resp *r, bool success, const char *message)
{
	struct json_out o = begin(r, success, message);

	json_out_object_end(&o);
	return RC_OK;
}

enum rc c004_say_id(struct resp *r, const char *message, const char *key, int64_t id)
{
	struct json_out o = c004_data(r, message);

	json_out_object(&o);
	json_out_key_i64(&o, key, id);
	json_out_object_end(&o);
	return c004_end(&o);
}

struct json_out c004_data(struct resp *r, const char *message)
{
	struct json_out o = begin(r, true, message);

	json_out_key(&o, STR("data"));
	return o;
}

enum rc c004_end(struct json_out *o)
{
	json_out_object_end(o);
	return RC_OK;
}

/* ---- input -------------------------------------------------------------------------- */

enum rc c004_optional_id(struct str text, const char *field, int64_t *ret_id, struct error *e)
{
	if (text.n == 0 || str_eq(text, STR("0")) || str_eq(text, STR("null")) ||
	    str_eq(text, STR("undefined"))) {
		*ret_id = COLUMN_NULL;
		return RC_OK;
	}
	if (num_i64(text, 1, INT64_MAX, ret_id))
		return RC_OK;
	return ERROR_FIELD(e, field, REASON_NOT_A_CHOICE, 0);
}
