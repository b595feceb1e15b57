/*
 * Accounts; see the header.
 */
#include "core/identity/account.h"

#include "core/audit.h"
#include "core/identity/account_fields.h"
#include "core/identity/password.h"
#include "core/identity/sign_in.h"
#include "store/account.h"
#include "sys/crypto.h"

#define NAME_MAX_    120
#define BRANCHES_MAX 1000
#define LIST_MAX     1000

static bool is_username(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '.' && s.p[i] != '_' && s.p[i] != '-')
			return false;
	}
	return true;
}

/* One '@' with something on both sides and no blanks or controls: the mail server knows better. */
static bool is_email(struct str s)
{
	const size_t at = str_find_char(s, '@');

	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7F)
			return false;
	}
	return at != SIZE_MAX && at > 0 && at + 1 < s.n && str_rfind_char(s, '@') == at &&
	       utf8_valid(s);
}

void account_check_names(struct str username, struct str email, struct error *found)
{
	if (username.n == 0)
		(void)ERROR_FIELD(found, "username", REASON_REQUIRED, 0);
	else if (username.n > ACCOUNT_USERNAME_MAX)
		(void)ERROR_FIELD(found, "username", REASON_TOO_LONG, ACCOUNT_USERNAME_MAX);
	else if (!is_username(username))
		(void)ERROR_FIELD(found, "username", REASON_NOT_TEXT, 0);
	if (email.n > ACCOUNT_EMAIL_MAX)
		(void)ERROR_FIELD(found, "email", REASON_TOO_LONG, ACCOUNT_EMAIL_MAX);
	else if (email.n > 0 && !is_email(email))
		(void)ERROR_FIELD(found, "email", REASON_NOT_AN_EMAIL, 0);
}

static void check_name(struct str s, const char *field, struct error *e)
{
	if (!utf8_valid(s) || str_find_char(s, '\0') != SIZE_MAX)
		(void)ERROR_FIELD(e, field, REASON_NOT_TEXT, 0);
	else if (utf8_length(s) > NAME_MAX_)
		(void)ERROR_FIELD(e, field, REASON_TOO_LONG, NAME_MAX_);
}

/* All field errors at once.  username, email: folded. */
static enum rc check(const struct core *c, const struct account_in *in, struct str username,
		     struct str email, struct error *e)
{
	struct error found, password;

	error_init(&found);
	error_init(&password);
	if (in->role == ROLE_NONE || in->role == ROLE_DEVICE)
		(void)ERROR_FIELD(&found, "role", REASON_NOT_A_CHOICE, 0);
	account_check_names(username, email, &found);
	check_name(in->given_name, "given_name", &found);
	check_name(in->family_name, "family_name", &found);
	if (password_check(c->config, in->password, username, email, "password", &password) !=
	    RC_OK)
		(void)ERROR_FIELD(&found, "password", password.fields[0].reason,
				  password.fields[0].arg);
	if (found.rc != RC_OK)
		*e = found;
	return found.rc;
}

struct create_arg {
	struct core *c;
	const struct account_in *in;
	struct account_new row;
	int64_t id;
};

/* The branch of the person, and the limit of the account. */
static enum rc pick_branch(struct store *db, struct create_arg *a, int64_t *ret_id, struct error *e)
{
	const struct branch_row *rows;
	const struct str wanted = a->in->branch;
	size_t n;

	TRY(branch_list(db, BRANCHES_MAX, a->c->arena, &rows, &n, e));
	if (n == 0 && wanted.n == 0)
		return branch_insert(db, STR("Main campus"), a->c->config->default_zone,
				     a->c->now_us, ret_id, e);
	for (size_t i = 0; i < n; i++) {
		if (wanted.n > 0 ? str_eq(rows[i].name, wanted)
				 : n == 1 || a->in->role == ROLE_SUPER_ADMIN) {
			*ret_id = rows[i].id;
			return RC_OK;
		}
	}
	return ERROR_FIELD(e, "branch", REASON_NOT_A_CHOICE, 0);
}

static enum rc create_tx(struct store *db, void *arg, struct error *e)
{
	struct create_arg *a = arg;
	int64_t branch_id;

	TRY(pick_branch(db, a, &branch_id, e));
	TRY(person_insert(db, branch_id, a->in->given_name, a->in->family_name, a->c->now_us,
			  &a->row.person_id, e));
	a->row.branch_id = a->in->role == ROLE_BRANCH_ADMIN ? branch_id : COLUMN_NULL;
	TRY(account_insert(db, &a->row, &a->id, e));
	struct audit_detail d;
	struct str detail;
	audit_detail_begin(&d, a->c->arena);
	json_out_key_cz(&d.o, "role", role_name(a->in->role));
	TRY(audit_detail_end(&d, &detail, e));
	return audit_add(db, a->c,
			 &(struct audit_entry){ .action = "account.created",
						.object = "account",
						.object_id = a->id,
						.branch_id = branch_id,
						.detail = detail },
			 e);
}

/* RFC 9562, version 4. */
struct str account_random_uuid(char out[ACCOUNT_UUID_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	uint8_t b[16];
	size_t at = 0;

	crypto_random(b, sizeof b);
	b[6] = (uint8_t)((b[6] & 0x0F) | 0x40);
	b[8] = (uint8_t)((b[8] & 0x3F) | 0x80);
	for (size_t i = 0; i < sizeof b; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[at++] = '-';
		out[at++] = hex[b[i] >> 4];
		out[at++] = hex[b[i] & 15];
	}
	out[at] = '\0';
	return str_make(out, at);
}

enum rc account_create(struct core *c, const struct account_in *in, int64_t *ret_id,
		       struct error *e)
{
	char hash[CRYPTO_HASH_SIZE], uuid[ACCOUNT_UUID_SIZE];
	struct create_arg arg = { .c = c, .in = in };
	struct error failure;

	const struct str username = sign_in_fold(c->arena, in->username);
	const struct str email = sign_in_fold(c->arena, in->email);
	if (username.p == NULL || email.p == NULL)
		return ERROR_MEMORY(e);
	TRY(check(c, in, username, email, e));
	TRY(password_hash(password_cost_of(c->config), c->shm, in->password, hash, e));
	arg.row = (struct account_new){ .uuid = account_random_uuid(uuid),
					.role = str_from(role_name(in->role)),
					.username = username,
					.email = email.n > 0 ? email : (struct str){ NULL, 0 },
					.password_hash = str_from(hash),
					.created_at = c->now_us };
	const enum rc rc = store_tx(c->db, create_tx, &arg, &failure);
	if (rc == RC_OK) {
		*ret_id = arg.id;
		return RC_OK;
	}
	if (store_is_duplicate(&failure, "account_username"))
		return ERROR_FIELD(e, "username", REASON_USERNAME_TAKEN, 0);
	if (store_is_duplicate(&failure, "account_email"))
		return ERROR_FIELD(e, "email", REASON_EMAIL_TAKEN, 0);
	*e = failure;
	return rc;
}

enum rc account_list(struct core *c, int64_t after_id, size_t limit,
		     const struct account_row **ret_rows, size_t *ret_n, struct error *e)
{
	const struct account_list_row *read;
	struct account_row *rows;
	size_t n;

	BUG(limit == 0 || limit > LIST_MAX);
	TRY(account_select(c->db, after_id, limit, c->arena, &read, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct account_row);
	if (rows == NULL)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		rows[i] = (struct account_row){ .id = read[i].id,
						.username = read[i].username,
						.email = read[i].email,
						.role = read[i].role,
						.given_name = read[i].given_name,
						.family_name = read[i].family_name,
						.branch = read[i].branch,
						.created_at = read[i].created_at,
						.disabled_at = read[i].disabled_at,
						.is_demo = read[i].is_demo != 0 };
	}
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

struct change_arg {
	struct core *c;
	const struct account_sign_in *account;
	struct str hash; /* empty: disable */
};

static enum rc change_tx(struct store *db, void *arg, struct error *e)
{
	const struct change_arg *a = arg;
	const bool is_disable = a->hash.n == 0;

	if (is_disable)
		TRY(account_update_disabled(db, a->account->id, a->c->now_us, e));
	else
		TRY(account_update_password(db, a->account->id, a->hash, a->c->now_us, e));
	return audit_add(db, a->c,
			 &(struct audit_entry){ .action = is_disable ? "account.disabled"
								     : "account.password_set",
						.object = "account",
						.object_id = a->account->id,
						.branch_id = a->account->branch_id },
			 e);
}

static enum rc change(struct core *c, struct str username, const struct secret *password,
		      struct error *e)
{
	struct account_sign_in account;
	char hash[CRYPTO_HASH_SIZE] = "";

	const struct str name = sign_in_fold(c->arena, username);
	if (name.p == NULL)
		return ERROR_MEMORY(e);
	if (name.n > ACCOUNT_USERNAME_MAX || !utf8_valid(name))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no such username");
	TRY(account_get_by_name(c->db, name, c->arena, &account, e));
	if (password != NULL) {
		TRY(password_check(c->config, *password, account.username, account.email,
				   "password", e));
		TRY(password_hash(password_cost_of(c->config), c->shm, *password, hash, e));
	}
	return store_tx(c->db, change_tx,
			&(struct change_arg){ .c = c, .account = &account, .hash = str_from(hash) },
			e);
}

enum rc account_disable(struct core *c, struct str username, struct error *e)
{
	return change(c, username, NULL, e);
}

enum rc account_set_password(struct core *c, struct str username, struct secret password,
			     struct error *e)
{
	return change(c, username, &password, e);
}

struct preferences_arg {
	struct core *c;
	const struct account_preferences *p;
};

static enum rc preferences_tx(struct store *db, void *arg, struct error *e)
{
	static const char *const themes[THEME__MAX] = { "system", "light", "dark" };
	const struct preferences_arg *a = arg;
	const struct who *who = a->c->who;
	const char *theme = themes[a->p->theme];
	struct audit_detail d;
	struct str detail;

	TRY(account_update_preferences(db, who->account_id,
				       a->p->language.n > 0 ? a->p->language
							    : (struct str){ NULL, 0 },
				       str_from(theme), a->p->has_shortcuts, e));
	audit_detail_begin(&d, a->c->arena);
	json_out_key_str(&d.o, "language", a->p->language);
	json_out_key_cz(&d.o, "theme", theme);
	json_out_key_bool(&d.o, "shortcuts", a->p->has_shortcuts);
	TRY(audit_detail_end(&d, &detail, e));
	return audit_add(db, a->c,
			 &(struct audit_entry){ .action = "account.preferences",
						.object = "account",
						.object_id = who->account_id,
						.branch_id = who->branch_id,
						.detail = detail },
			 e);
}

enum rc account_set_preferences(struct core *c, const struct account_preferences *p,
				struct error *e)
{
	struct preferences_arg arg = { c, p };

	BUG((unsigned)p->theme >= THEME__MAX);
	if (c->who->role == ROLE_NONE)
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_SIGN_IN, "nobody is signed in");
	return store_tx(c->db, preferences_tx, &arg, e);
}
