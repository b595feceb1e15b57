/*
 * The session of a request: on the path of every page, so one statement.
 */
#include "codec/json.h"
#include "core/identity/auth.h"
#include "store/web_session.h"

#define TOUCH_AFTER_US US_PER_MINUTE
#define US_PER_MINUTE  (60 * US_PER_S)
#define LIST_MAX       100

static enum theme theme_from(struct str name)
{
	if (str_eq(name, STR("light")))
		return THEME_LIGHT;
	return str_eq(name, STR("dark")) ? THEME_DARK : THEME_SYSTEM;
}

static enum rc full_name(struct arena *a, const struct web_session_who *row, struct str *ret,
			 struct error *e)
{
	const struct str given = row->given_name, family = row->family_name;

	if (given.n == 0 && family.n == 0) {
		*ret = row->username;
		return RC_OK;
	}
	*ret = arena_printf(a, "%.*s%s%.*s", STR_ARG(given), given.n > 0 && family.n > 0 ? " " : "",
			    STR_ARG(family));
	return ret->p == NULL ? ERROR_MEMORY(e) : RC_OK;
}

/* A branch admin without a branch sees the branch 0, which does not exist: nothing. */
static int64_t branch_limit(enum role role, int64_t branch_id)
{
	if (role == ROLE_SUPER_ADMIN)
		return COLUMN_NULL;
	return branch_id == COLUMN_NULL ? 0 : branch_id;
}

static enum rc fill_who(struct core *c, const struct web_session_who *row, struct who *ret,
			struct error *e)
{
	static const char hex[] = "0123456789abcdef";
	struct who w = {
		.role = role_from(row->role),
		.account_id = row->account_id,
		.person_id = row->person_id,
		.web_session_id = row->id,
		.signed_in_at = row->created_at,
		.uuid = row->uuid,
		.given_name = row->given_name,
		.family_name = row->family_name,
		.student_code = row->student_code,
		.teacher_code = row->teacher_code,
		.username = row->username,
		.email = row->email,
		.language = row->language,
		.theme = theme_from(row->theme),
		.has_shortcuts = row->shortcuts != 0,
		.version = row->version == COLUMN_NULL ? 0 : row->version,
		.n_unread = row->n_unread,
		.zone = row->zone.n > 0 ? row->zone : c->config->default_zone,
	};

	w.branch_id = branch_limit(w.role, row->branch_id);
	TRY(full_name(c->arena, row, &w.name, e));
	BUG(row->csrf.n * 2 + 1 != sizeof w.csrf);
	for (size_t i = 0; i < row->csrf.n; i++) {
		const uint8_t byte = (uint8_t)row->csrf.p[i];
		w.csrf[2 * i] = hex[byte >> 4];
		w.csrf[2 * i + 1] = hex[byte & 15];
	}
	*ret = w;
	return RC_OK;
}

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '_')
			return false;
	}
	return s.n == CRYPTO_TOKEN_SIZE - 1;
}

/* What was found, or not, as who it is. */
static enum rc take(struct core *c, enum rc found, const struct web_session_who *row,
		    struct who *ret_who, struct error *e)
{
	if (found == RC_NOT_FOUND)
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_SESSION_ENDED, "no such session");
	if (found != RC_OK)
		return found;
	if (row->is_demo && !config_is_loopback(c->config))
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_SESSION_ENDED,
			     "demo account off loopback");
	if (c->now_us - row->seen_at >= TOUCH_AFTER_US)
		TRY(web_session_touch(c->db, row->id, c->now_us, e));
	return fill_who(c, row, ret_who, e);
}

enum rc auth_session(struct core *c, struct str token, struct who *ret_who, struct error *e)
{
	uint8_t hash[CRYPTO_SHA256_SIZE];
	struct web_session_who row;

	if (!is_token(token))
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_SESSION_ENDED, "malformed token");
	TRY(crypto_sha256(token, hash, e));
	const enum rc rc = web_session_get(c->db, str_make((const char *)hash, sizeof hash),
					   c->now_us, c->arena, &row, e);
	return take(c, rc, &row, ret_who, e);
}

enum rc auth_session_id(struct core *c, int64_t web_session_id, int64_t account_id,
			struct who *ret_who, struct error *e)
{
	struct web_session_who row;
	const enum rc rc =
		web_session_get_id(c->db, web_session_id, account_id, c->now_us, c->arena, &row, e);

	return take(c, rc, &row, ret_who, e);
}

enum rc auth_session_known(struct core *c, int64_t web_session_id, int64_t account_id,
			   struct who *ret_who, struct error *e)
{
	struct web_session_who row;
	const enum rc rc = web_session_get_known(c->db, web_session_id, account_id, c->now_us,
						 c->arena, &row, e);

	return take(c, rc, &row, ret_who, e);
}

enum rc auth_sessions_alive(struct core *c, const int64_t *ids, size_t n, const int64_t **ret_ids,
			    size_t *ret_n, struct error *e)
{
	const struct web_session_id *rows;
	int64_t *alive;
	struct json_out o;
	struct buf b;

	BUG(n > AUTH_ALIVE_MAX);
	buf_init(&b, c->arena, 1024, 24 * AUTH_ALIVE_MAX);
	json_out_init(&o, &b);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		json_out_i64(&o, ids[i]);
	json_out_array_end(&o);
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	TRY(web_session_alive(c->db, buf_str(&b), AUTH_ALIVE_MAX, c->now_us, c->arena, &rows, ret_n,
			      e));
	alive = ARENA_ARRAY(c->arena, *ret_n, int64_t);
	if (!alive)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < *ret_n; i++)
		alive[i] = rows[i].id;
	*ret_ids = alive;
	return RC_OK;
}

enum rc auth_session_list(struct core *c, const struct auth_session_row **ret_rows, size_t *ret_n,
			  struct error *e)
{
	const struct web_session_row *read;
	struct auth_session_row *rows;
	size_t n;

	if (c->who->role == ROLE_NONE)
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_SIGN_IN, "nobody is signed in");
	TRY(web_session_list(c->db, c->who->account_id, c->now_us, LIST_MAX, c->arena, &read, &n,
			     e));
	rows = ARENA_ARRAY(c->arena, n, struct auth_session_row);
	if (rows == NULL)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		rows[i] = (struct auth_session_row){
			.id = read[i].id,
			.created_at = read[i].created_at,
			.seen_at = read[i].seen_at,
			.expires_at = read[i].expires_at,
			.user_agent = read[i].user_agent,
			.is_current = read[i].id == c->who->web_session_id,
		};
	}
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}
