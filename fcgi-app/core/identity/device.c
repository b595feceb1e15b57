/*
 * The rules of devices; see device.h.
 */
#include "core/identity/device.h"

#include "core/audit.h"
#include "core/identity/account_fields.h"
#include "core/people/directory.h"
#include "core/people/org.h"
#include "core/rights.h"
#include "core/session/change.h"
#include "store/account.h"
#include "store/account_admin.h"
#include "sys/crypto.h"

#define ONLINE_US     (300 * US_PER_S)
#define SEEN_AFTER_US (60 * US_PER_S)

struct job {
	struct core *c;
	struct device_in in;
	int64_t id, branch_id;
	const char *action;
	uint8_t hash[CRYPTO_SHA256_SIZE];
	bool is_blocked;
};

bool device_is_online(const struct core *c, const struct device_row *d)
{
	return d->last_seen_at != NO_TIME && c->now_us - d->last_seen_at < ONLINE_US;
}

/* ---- reading ------------------------------------------------------------------------------- */

enum rc device_list(struct core *c, int64_t branch_id, const struct device_row **ret_rows,
		    size_t *ret_n, struct error *e)
{
	int64_t scope;

	TRY(org_scope_of(c, branch_id, &scope, e));
	return device_rows(c->db, scope, c->arena, ret_rows, ret_n, e);
}

static enum rc read_own(struct core *c, struct store *db, int64_t id, struct device_row *ret,
			struct error *e)
{
	TRY(device_read(db, id, c->arena, ret, e));
	return rights_branch(c->who, ACTION_DEVICE_MANAGE, ret->branch_id, e);
}

enum rc device_get(struct core *c, int64_t id, struct device_row *ret, struct error *e)
{
	int64_t bound;

	TRY(org_scope(c, &bound, e));
	return read_own(c, c->db, id, ret, e);
}

enum rc device_get_by_code(struct core *c, struct str code, struct device_row *ret, struct error *e)
{
	int64_t bound;

	TRY(org_scope(c, &bound, e));
	TRY(device_find(c->db, code, c->arena, ret, e));
	return rights_branch(c->who, ACTION_DEVICE_MANAGE, ret->branch_id, e);
}

/* ---- what is typed -------------------------------------------------------------------------- */

static void clean(struct str *text, size_t max, const char *field, struct error *found)
{
	struct error one;

	error_init(&one);
	if (line_clean(*text, max, field, text, &one) != RC_OK)
		(void)ERROR_FIELD(found, field, one.fields[0].reason, one.fields[0].arg);
}

static bool is_code(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '.' && s.p[i] != '_' && s.p[i] != '-')
			return false;
	return true;
}

static enum rc check(struct job *j, struct error *e)
{
	struct error found;

	error_init(&found);
	clean(&j->in.code, DEVICE_CODE_MAX, "code", &found);
	if (found.rc == RC_OK && !j->in.code.n)
		(void)ERROR_FIELD(&found, "code", REASON_REQUIRED, 0);
	else if (found.rc == RC_OK && !is_code(j->in.code))
		(void)ERROR_FIELD(&found, "code", REASON_NOT_TEXT, 0);
	clean(&j->in.name, DEVICE_NAME_MAX, "name", &found);
	clean(&j->in.location, DEVICE_LOCATION_MAX, "location", &found);
	clean(&j->in.ip_address, DEVICE_ADDRESS_MAX, "ip_address", &found);
	clean(&j->in.mac_address, DEVICE_ADDRESS_MAX, "mac_address", &found);
	if (!j->in.name.n)
		j->in.name = j->in.code;
	if (found.rc != RC_OK)
		*e = found;
	return found.rc;
}

static struct device_fields fields_of(const struct device_in *in)
{
	return (struct device_fields){ in->code, in->name, in->location, in->ip_address,
				       in->mac_address };
}

static enum rc new_key(struct job *j, struct str *ret_key, struct error *e)
{
	char token[CRYPTO_TOKEN_SIZE];
	const struct str key = arena_str(j->c->arena, crypto_random_token(token));

	if (!key.p)
		return ERROR_MEMORY(e);
	TRY(crypto_sha256(key, j->hash, e));
	*ret_key = key;
	return RC_OK;
}

static struct str hash_of(const struct job *j)
{
	return str_make((const char *)j->hash, sizeof j->hash);
}

/* ---- changing -------------------------------------------------------------------------------- */

static enum rc taken(enum rc rc, struct error *e)
{
	if (rc == RC_OK || !store_is_duplicate(e, "device_code"))
		return rc;
	error_init(e);
	return ERROR_FIELD(e, "code", REASON_DEVICE_TAKEN, 0);
}

static enum rc audit(struct job *j, struct store *db, struct error *e)
{
	struct audit_entry entry = { .action = j->action,
				     .object = "device",
				     .object_id = j->id,
				     .branch_id = j->branch_id };
	struct audit_detail d;

	audit_detail_begin(&d, j->c->arena);
	if (j->in.code.n)
		json_out_key_str(&d.o, "code", j->in.code);
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(db, j->c, &entry, e);
}

/* The account it acts as: a name that nobody types, and no password. */
static enum rc insert_account(struct job *j, struct store *db, int64_t *ret_id, struct error *e)
{
	char uuid[ACCOUNT_UUID_SIZE];
	const struct str id = account_random_uuid(uuid);
	const struct account_new row = {
		.uuid = id,
		.role = str_from(role_name(ROLE_DEVICE)),
		.username = arena_printf(j->c->arena, "device-%.*s", STR_ARG(id)),
		.password_hash = STR(""),
		.person_id = COLUMN_NULL,
		.branch_id = j->branch_id,
		.created_at = j->c->now_us,
	};

	return account_insert(db, &row, ret_id, e);
}

static enum rc create_tx(struct store *db, void *arg, struct error *e)
{
	const struct device_fields f = fields_of(&((struct job *)arg)->in);
	struct job *j = arg;
	int64_t account_id;

	TRY(insert_account(j, db, &account_id, e));
	TRY(taken(device_insert(db, j->branch_id, account_id, &f, hash_of(j), j->c->now_us, &j->id,
				e),
		  e));
	return audit(j, db, e);
}

enum rc device_create(struct core *c, const struct device_in *in, struct str *ret_key,
		      int64_t *ret_id, struct error *e)
{
	struct job j = { .c = c, .in = *in, .action = "device.created" };
	struct str key;

	TRY(org_new_branch(c, in->branch_id, &j.branch_id, e));
	TRY(check(&j, e));
	TRY(new_key(&j, &key, e));
	TRY(store_tx(c->db, create_tx, &j, e));
	*ret_key = key;
	*ret_id = j.id;
	return RC_OK;
}

/* Under the lock, with rights and version. */
static enum rc open(struct job *j, struct store *db, struct device_row *ret, struct error *e)
{
	TRY(read_own(j->c, db, j->id, ret, e));
	TRY(device_lock(db, j->id, j->c->arena, e));
	TRY(read_own(j->c, db, j->id, ret, e));
	j->branch_id = ret->branch_id;
	if (j->in.version && j->in.version != ret->version)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "device %lld is at %lld, not %lld",
			     (long long)j->id, (long long)ret->version, (long long)j->in.version);
	return RC_OK;
}

static enum rc change_tx(struct store *db, void *arg, struct error *e)
{
	const struct device_fields f = fields_of(&((struct job *)arg)->in);
	struct job *j = arg;
	struct device_row d;

	TRY(open(j, db, &d, e));
	TRY(taken(device_write(db, j->id, &f, e), e));
	return audit(j, db, e);
}

enum rc device_change(struct core *c, int64_t id, const struct device_in *in, struct error *e)
{
	struct job j = { .c = c, .in = *in, .id = id, .action = "device.changed" };
	struct device_row d;

	TRY(device_get(c, id, &d, e));
	TRY(check(&j, e));
	return store_tx(c->db, change_tx, &j, e);
}

static enum rc rotate_tx(struct store *db, void *arg, struct error *e)
{
	struct job *j = arg;
	struct device_row d;

	TRY(open(j, db, &d, e));
	TRY(device_set_key(db, j->id, hash_of(j), e));
	return audit(j, db, e);
}

enum rc device_rotate(struct core *c, int64_t id, int64_t version, struct str *ret_key,
		      struct error *e)
{
	struct job j = {
		.c = c, .id = id, .in = { .version = version }, .action = "device.key_renewed"
	};
	struct device_row d;
	struct str key;

	TRY(device_get(c, id, &d, e));
	TRY(new_key(&j, &key, e));
	TRY(store_tx(c->db, rotate_tx, &j, e));
	*ret_key = key;
	return RC_OK;
}

static enum rc block_tx(struct store *db, void *arg, struct error *e)
{
	struct job *j = arg;
	struct device_row d;

	TRY(open(j, db, &d, e));
	if ((d.blocked_at != NO_TIME) == j->is_blocked)
		return RC_OK;
	TRY(device_set_blocked(db, j->id, j->is_blocked ? j->c->now_us : NO_TIME, e));
	return audit(j, db, e);
}

enum rc device_block(struct core *c, int64_t id, bool is_blocked, struct error *e)
{
	struct job j = { .c = c,
			 .id = id,
			 .is_blocked = is_blocked,
			 .action = is_blocked ? "device.blocked" : "device.unblocked" };
	struct device_row d;

	TRY(device_get(c, id, &d, e));
	return store_tx(c->db, block_tx, &j, e);
}

static enum rc end_tx(struct store *db, void *arg, struct error *e)
{
	struct job *j = arg;
	struct device_row d;

	TRY(open(j, db, &d, e));
	if (d.session_id != COLUMN_NULL)
		return ERROR(e, RC_CONFLICT, REASON_DEVICE_BUSY, "session %lld",
			     (long long)d.session_id);
	TRY(device_set_ended(db, j->id, j->c->now_us, e));
	if (d.account_id != COLUMN_NULL)
		TRY(account_admin_set_disabled(db, d.account_id, j->c->now_us, j->c->now_us,
					       j->c->who->account_id, e));
	return audit(j, db, e);
}

enum rc device_end(struct core *c, int64_t id, struct error *e)
{
	struct job j = { .c = c, .id = id, .action = "device.ended" };
	struct device_row d;

	TRY(device_get(c, id, &d, e));
	return store_tx(c->db, end_tx, &j, e);
}

/* ---- the key -----------------------------------------------------------------------------------
 */

static struct who who_of(const struct device_who *d)
{
	return (struct who){ .role = ROLE_DEVICE,
			     .account_id = d->account_id,
			     .person_id = COLUMN_NULL,
			     .branch_id = d->branch_id,
			     .username = d->username,
			     .name = d->name,
			     .zone = d->zone };
}

enum rc device_authenticate(struct core *c, struct str code, struct str key, struct who *ret_who,
			    int64_t *ret_device_id, struct error *e)
{
	static const uint8_t nobody[CRYPTO_SHA256_SIZE];
	uint8_t hash[CRYPTO_SHA256_SIZE];
	struct device_who d;
	bool is_right;
	enum rc rc;

	if (!utf8_valid(code) || !code.n || code.n > 4 * DEVICE_CODE_MAX)
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_DEVICE_KEY, "no code");
	TRY(crypto_sha256(key, hash, e));
	rc = device_get_who(c->db, code, c->arena, &d, e);
	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return rc;
	is_right = crypto_equal(hash, rc == RC_OK ? (const uint8_t *)d.key_hash.p : nobody,
				sizeof hash);
	if (rc != RC_OK || !is_right || d.disabled_at != NO_TIME ||
	    (d.is_demo && !config_is_loopback(c->config))) {
		error_init(e);
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_DEVICE_KEY, "device %.*s", STR_ARG(code));
	}
	if (d.blocked_at != NO_TIME)
		return ERROR(e, RC_DENIED, REASON_DEVICE_BLOCKED, "device %lld", (long long)d.id);
	if (d.last_seen_at == NO_TIME || c->now_us - d.last_seen_at >= SEEN_AFTER_US)
		TRY(device_seen(c->db, d.id, c->now_us, e));
	*ret_who = who_of(&d);
	*ret_device_id = d.id;
	return RC_OK;
}

enum rc device_self(struct core *c, int64_t id, struct device_row *ret, struct error *e)
{
	BUG(c->who->role != ROLE_DEVICE);
	return device_read(c->db, id, c->arena, ret, e);
}

enum rc device_to_bind(struct core *c, struct str code, int64_t *ret_id, struct error *e)
{
	struct directory_scope scope;
	struct device_row d;
	enum rc rc;

	TRY(directory_scope(c, &scope, e));
	rc = device_find(c->db, code, c->arena, &d, e);
	if (rc == RC_NOT_FOUND ||
	    (rc == RC_OK && scope.branch_id != 0 && scope.branch_id != d.branch_id)) {
		error_init(e);
		return ERROR_FIELD(e, "device_id", REASON_NOT_A_CHOICE, 0);
	}
	TRY(rc);
	*ret_id = d.id;
	return RC_OK;
}
