/*
 * Choosers; see org.h.
 */
#include "core/people/org.h"

#include "base/buf.h"
#include "core/rights.h"

enum rc org_scope(const struct core *c, int64_t *ret_branch_id, struct error *e)
{
	switch (rights_scope(c->who->role, ACTION_ORG_MANAGE)) {
	case SCOPE_ALL:
		*ret_branch_id = 0;
		return RC_OK;
	case SCOPE_BRANCH:
		if (c->who->branch_id == COLUMN_NULL)
			break;
		*ret_branch_id = c->who->branch_id;
		return RC_OK;
	case SCOPE_NONE:
	case SCOPE_AUTHOR:
	case SCOPE_CLASS:
	case SCOPE__MAX:
		break;
	}
	return ERROR(e, RC_DENIED, REASON_ADMIN_ONLY, "account %lld manages no branch",
		     (long long)c->who->account_id);
}

enum rc org_scope_of(const struct core *c, int64_t branch_id, int64_t *ret_branch_id,
		     struct error *e)
{
	int64_t bound = 0;

	TRY(org_scope(c, &bound, e));
	if (branch_id && bound && branch_id != bound)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "branch %lld is not that of %lld",
			     (long long)branch_id, (long long)c->who->account_id);
	*ret_branch_id = branch_id ? branch_id : bound;
	return RC_OK;
}

enum rc org_like(struct arena *a, struct str search, struct str *ret, struct error *e)
{
	struct str s = str_trim(search);
	struct buf b;

	*ret = STR("");
	if (s.n == 0)
		return RC_OK;
	if (!utf8_valid(s))
		return ERROR_FIELD(e, "q", REASON_NOT_TEXT, 0);
	s = utf8_prefix(s, ORG_SEARCH_MAX);
	buf_init(&b, a, s.n + 16, s.n * 2 + 16);
	buf_char(&b, '%');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%' || s.p[i] == '_' || s.p[i] == '!')
			buf_char(&b, '!');
		buf_char(&b, s.p[i]);
	}
	buf_char(&b, '%');
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&b);
	return RC_OK;
}

enum rc org_options(struct core *c, const struct org_query *q, const struct org_option **ret,
		    size_t *ret_n, bool *ret_more, struct error *e)
{
	size_t limit = q->limit ? q->limit : ORG_OPTIONS_MAX, n, n_kept = 0;
	struct org_options_params p = { .kind = q->kind, .with_id = q->with_id };
	const struct org_option_row *rows;
	struct org_option *options;
	int64_t bound = 0;

	BUG(limit > ORG_OPTIONS_MAX);
	TRY(org_scope(c, &bound, e));
	TRY(org_scope_of(c, q->branch_id, &p.branch_id, e));
	TRY(org_like(c->arena, q->search, &p.like, e));
	p.limit = (int64_t)limit + 2; /* one for the chosen, one to see whether there are more */
	TRY(org_option_rows(c->db, &p, c->arena, &rows, &n, e));
	options = ARENA_ARRAY(c->arena, n, struct org_option);
	if (!options)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n && n_kept <= limit; i++) {
		if (bound && rows[i].branch_id != bound)
			continue;
		options[n_kept++] =
			(struct org_option){ rows[i].id,          rows[i].branch_id,
					     rows[i].name,        rows[i].detail,
					     rows[i].branch_name, rows[i].is_ended > 0 };
	}
	if (ret_more)
		*ret_more = n_kept > limit;
	*ret = options;
	*ret_n = n_kept > limit ? limit : n_kept;
	return RC_OK;
}

enum rc org_new_branch(struct core *c, int64_t asked_id, int64_t *ret_branch_id, struct error *e)
{
	const struct org_query q = { .kind = ORG_BRANCH, .limit = ORG_OPTIONS_MAX };
	const struct org_option *o;
	int64_t bound, id;
	size_t n;

	TRY(org_scope(c, &bound, e));
	TRY(org_options(c, &q, &o, &n, NULL, e));
	id = asked_id ? asked_id : bound;
	if (!id && n == 1)
		id = o[0].id;
	for (size_t i = 0; i < n; i++) {
		if (o[i].id == id && (!bound || bound == id)) {
			*ret_branch_id = id;
			return RC_OK;
		}
	}
	return ERROR_FIELD(e, "branch", id ? REASON_NOT_A_CHOICE : REASON_REQUIRED, 0);
}

enum rc org_door_branch(struct core *c, int64_t asked_id, int64_t *ret_branch_id, struct error *e)
{
	const struct org_query q = { .kind = ORG_BRANCH, .limit = ORG_OPTIONS_MAX };
	const struct org_option *o;
	int64_t bound, id = asked_id;
	size_t n;

	TRY(org_scope(c, &bound, e));
	if (!id && !bound) {
		TRY(org_options(c, &q, &o, &n, NULL, e));
		for (size_t i = 0; i < n; i++)
			if (!id || o[i].id < id)
				id = o[i].id;
	}
	return org_new_branch(c, id, ret_branch_id, e);
}
