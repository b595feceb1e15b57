/*
 * Networks of a branch, and machines that many students use.  See policy.h.
 */
#include "core/attendance/policy.h"

#include "core/audit.h"
#include "core/rights.h"
#include "core/session/change.h"
#include "store/branch.h"
#include "store/policy.h"

#define LABEL_MAX      120 /* code points */
#define BROWSERS_MAX   500
#define BROWSER_HASH_N 32

static enum rc audit(struct core *c, struct store *s, const char *action, int64_t branch_id,
		     int64_t network_id, struct error *e)
{
	struct audit_entry entry = {
		.action = action, .object = "branch", .object_id = branch_id, .branch_id = branch_id
	};
	struct audit_detail d;

	audit_detail_begin(&d, c->arena);
	if (network_id)
		json_out_key_i64(&d.o, "network", network_id);
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, c, &entry, e);
}

/* ---- networks -------------------------------------------------------------------------------- */

enum rc network_list(struct core *c, int64_t branch_id, const struct network **ret_rows,
		     size_t *ret_n, struct error *e)
{
	const struct network_stored *stored;
	struct network *rows;
	size_t n;

	TRY(rights_branch(c->who, ACTION_POLICY_MANAGE, branch_id, e));
	TRY(network_rows(c->db, branch_id, NETWORKS_MAX, c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct network);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct network){ stored[i].id, stored[i].cidr, stored[i].label };
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

struct network_job {
	struct core *c;
	int64_t id, branch_id;
	struct str cidr, label;
};

static enum rc network_add_tx(struct store *s, void *arg, struct error *e)
{
	struct network_job *j = arg;
	const struct network_stored *rows;
	int64_t id;
	enum rc rc;
	size_t n;

	TRY(branch_lock(s, j->branch_id, j->c->arena, e));
	TRY(network_rows(s, j->branch_id, NETWORKS_MAX, j->c->arena, &rows, &n, e));
	if (n >= NETWORKS_MAX)
		return ERROR_FIELD(e, "cidr", REASON_TOO_LARGE, NETWORKS_MAX);
	rc = network_insert(s, j->branch_id, j->cidr, j->label, j->c->who->account_id, j->c->now_us,
			    &id, e);
	if (rc == RC_CONFLICT && store_is_duplicate(e, "branch_network_cidr")) {
		error_init(e);
		return ERROR_FIELD(e, "cidr", REASON_NETWORK_TAKEN, 0);
	}
	TRY(rc);
	return audit(j->c, s, "policy.network_added", j->branch_id, id, e);
}

enum rc network_add(struct core *c, int64_t branch_id, struct str cidr, struct str label,
		    struct error *e)
{
	struct network_job j = { .c = c, .branch_id = branch_id };
	char text[CIDR_TEXT_SIZE];
	struct cidr parsed;
	enum rc rc;

	TRY(rights_branch(c->who, ACTION_POLICY_MANAGE, branch_id, e));
	rc = line_clean(label, LABEL_MAX, "label", &j.label, e);
	cidr = str_trim(cidr);
	if (!cidr.n)
		rc = ERROR_FIELD(e, "cidr", REASON_REQUIRED, 0);
	else if (!cidr_parse(cidr, &parsed))
		rc = ERROR_FIELD(e, "cidr", REASON_NOT_A_NETWORK, 0);
	TRY(rc);
	j.cidr = cidr_format(&parsed, text);
	return store_tx(c->db, network_add_tx, &j, e);
}

static enum rc network_remove_tx(struct store *s, void *arg, struct error *e)
{
	struct network_job *j = arg;
	struct network_stored row;

	TRY(network_read(s, j->id, j->c->arena, &row, e));
	TRY(rights_branch(j->c->who, ACTION_POLICY_MANAGE, row.branch_id, e));
	TRY(network_delete(s, j->id, e));
	return audit(j->c, s, "policy.network_removed", row.branch_id, j->id, e);
}

enum rc network_remove(struct core *c, int64_t id, struct error *e)
{
	struct network_job j = { .c = c, .id = id };

	return store_tx(c->db, network_remove_tx, &j, e);
}

/* ---- shared machines ------------------------------------------------------------------------- */

enum rc shared_browser_list(struct core *c, int64_t branch_id, const struct shared_browser **ret,
			    size_t *ret_n, struct error *e)
{
	const struct browser_stored *stored;
	struct shared_browser *rows;
	size_t n;

	TRY(rights_branch(c->who, ACTION_POLICY_MANAGE, branch_id, e));
	TRY(browser_rows(c->db, branch_id, BROWSERS_MAX, c->arena, &stored, &n, e));
	rows = ARENA_ARRAY(c->arena, n, struct shared_browser);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct shared_browser){ stored[i].hash, stored[i].label,
						   stored[i].created_at };
	*ret = rows;
	*ret_n = n;
	return RC_OK;
}

struct browser_job {
	struct core *c;
	int64_t branch_id;
	struct str hash, label;
};

static enum rc browser_add_tx(struct store *s, void *arg, struct error *e)
{
	struct browser_job *j = arg;
	const struct browser_stored *rows;
	size_t n;

	TRY(branch_lock(s, j->branch_id, j->c->arena, e));
	TRY(browser_lock(s, j->hash, j->c->arena, &rows, &n, e));
	/* Named for another branch already: not this admin's to move. */
	if (n)
		TRY(rights_branch(j->c->who, ACTION_POLICY_MANAGE, rows[0].branch_id, e));
	TRY(browser_put(s, j->hash, j->branch_id, j->label, j->c->who->account_id, j->c->now_us,
			e));
	return audit(j->c, s, "policy.browser_added", j->branch_id, 0, e);
}

enum rc shared_browser_add(struct core *c, int64_t branch_id, struct str browser_hash,
			   struct str label, struct error *e)
{
	struct browser_job j = { .c = c, .branch_id = branch_id, .hash = browser_hash };

	BUG(browser_hash.n != BROWSER_HASH_N);
	TRY(rights_branch(c->who, ACTION_POLICY_MANAGE, branch_id, e));
	TRY(line_clean(label, LABEL_MAX, "label", &j.label, e));
	if (!j.label.n)
		return ERROR_FIELD(e, "label", REASON_REQUIRED, 0);
	return store_tx(c->db, browser_add_tx, &j, e);
}

static enum rc browser_remove_tx(struct store *s, void *arg, struct error *e)
{
	struct browser_job *j = arg;
	const struct browser_stored *rows;
	size_t n;

	TRY(browser_lock(s, j->hash, j->c->arena, &rows, &n, e));
	if (!n)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no such machine");
	TRY(rights_branch(j->c->who, ACTION_POLICY_MANAGE, rows[0].branch_id, e));
	TRY(browser_delete(s, j->hash, e));
	return audit(j->c, s, "policy.browser_removed", rows[0].branch_id, 0, e);
}

enum rc shared_browser_remove(struct core *c, struct str browser_hash, struct error *e)
{
	struct browser_job j = { .c = c, .hash = browser_hash };

	if (browser_hash.n != BROWSER_HASH_N)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no hash of a browser");
	return store_tx(c->db, browser_remove_tx, &j, e);
}
