/*
 * The audit log; see the header.
 */
#include "core/audit.h"

#include "store/audit.h"
#include "sys/crypto.h"

#define ACTION_MAX   40
#define OBJECT_MAX   20
#define TRAIL_MAX    500
#define DIGEST_BYTES 8

static struct audit_new row_of(const struct core *c, const struct audit_entry *entry)
{
	const struct audit_new row = {
		.at = c->now_us,
		.actor_id = c->who->role == ROLE_NONE ? COLUMN_NULL : c->who->account_id,
		.request_id = c->request_id,
		.action = str_from(entry->action),
		.branch_id = entry->branch_id,
		.object = str_from(entry->object),
		.object_id = entry->object_id,
		.detail = entry->detail.n > 0 ? entry->detail : STR("{}"),
	};

	BUG(row.action.n > ACTION_MAX || row.object.n > OBJECT_MAX ||
	    row.detail.n > AUDIT_DETAIL_MAX);
	return row;
}

enum rc audit_add(struct store *db, const struct core *c, const struct audit_entry *entry,
		  struct error *e)
{
	const struct audit_new row = row_of(c, entry);

	return audit_insert(db, &row, 1, c->arena, e);
}

enum rc audit_add_many(struct store *db, const struct core *c, const struct audit_entry *entries,
		       size_t n, struct error *e)
{
	struct audit_new *rows = ARENA_ARRAY(c->arena, n, struct audit_new);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		rows[i] = row_of(c, &entries[i]);
	return audit_insert(db, rows, n, c->arena, e);
}

void audit_detail_begin(struct audit_detail *d, struct arena *a)
{
	buf_init(&d->b, a, 256, AUDIT_DETAIL_MAX);
	json_out_init(&d->o, &d->b);
	json_out_object(&d->o);
}

enum rc audit_detail_end(struct audit_detail *d, struct str *ret_json, struct error *e)
{
	json_out_object_end(&d->o);
	if (!buf_ok(&d->b))
		return ERROR_MEMORY(e);
	*ret_json = buf_str(&d->b);
	return RC_OK;
}

enum rc audit_detail_digest(struct audit_detail *d, const struct core *c, const char *key,
			    struct str value, struct error *e)
{
	uint8_t server_key[32], mac[CRYPTO_SHA256_SIZE];
	struct buf hex;

	TRY(config_server_key(c->config, server_key, e));
	const enum rc rc = crypto_hmac_sha256(
		secret_make(str_make((const char *)server_key, sizeof server_key)), value, mac, e);
	crypto_wipe(server_key, sizeof server_key);
	if (rc != RC_OK)
		return rc;
	buf_init(&hex, d->b.arena, DIGEST_BYTES * 2, DIGEST_BYTES * 2);
	buf_hex(&hex, mac, DIGEST_BYTES);
	if (!buf_ok(&hex))
		return ERROR_MEMORY(e);
	json_out_key_str(&d->o, key, buf_str(&hex));
	return RC_OK;
}

/* "Given Family", or the username, in the arena. */
static enum rc name_of(struct arena *a, const struct audit_read *r, struct str *ret,
		       struct error *e)
{
	const struct str given = r->given_name, family = r->family_name;
	struct str name = r->username;

	if (given.n > 0 || family.n > 0) {
		name = arena_printf(a, "%.*s%s%.*s", STR_ARG(given),
				    given.n > 0 && family.n > 0 ? " " : "", STR_ARG(family));
		if (name.p == NULL)
			return ERROR_MEMORY(e);
	}
	*ret = name;
	return RC_OK;
}

enum rc audit_trail(struct core *c, const char *object, int64_t object_id, int64_t before_id,
		    size_t limit, const struct audit_row **ret_rows, size_t *ret_n, struct error *e)
{
	const struct audit_read *read;
	struct audit_row *rows;
	size_t n;

	BUG(limit == 0 || limit > TRAIL_MAX);
	TRY(audit_select(c->db, str_from(object), object_id, before_id > 0 ? before_id : INT64_MAX,
			 limit, c->arena, &read, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct audit_row);
	if (rows == NULL)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		const struct audit_read *r = &read[i];
		rows[i] = (struct audit_row){ .id = r->id,
					      .at = r->at,
					      .actor_id = r->actor_id,
					      .request_id = r->request_id,
					      .action = r->action,
					      .branch_id = r->branch_id,
					      .object = r->object,
					      .object_id = r->object_id,
					      .detail = r->detail };
		TRY(name_of(c->arena, r, &rows[i].actor_name, e));
	}
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}
