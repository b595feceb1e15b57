/*
 * /api/dep-batch and /api/sections (contracts 4.2): a batch with the name of its department, and
 * the sections of it.
 */
#include "core/people/group.h"
#include "api/c003/c003.h"
#include "api/c003/words.h"
#include "core/people/org.h"

struct batch_body {
	struct str dep, batch;
	int64_t branch_id;
};
FIELDS(c003_batch_fields, batch_body,
       FIELD(TEXT, batch_body, dep, FORM, .required = true, .max = GROUP_NAME_MAX),
       FIELD(TEXT, batch_body, batch, FORM, .required = true, .max = GROUP_NAME_MAX),
       FIELD(ID, batch_body, branch_id, FORM));

struct section_body {
	struct str name;
	int64_t dep_batch_id;
};
FIELDS(c003_section_fields, section_body,
       FIELD(TEXT, section_body, name, FORM, .required = true, .max = SECTION_NAME_MAX),
       FIELD(ID, section_body, dep_batch_id, FORM, .required = true));

/* The name is in use within its parent: what DRF says of a pair that must be unique. */
static enum rc as_pair(enum rc rc, struct error *e)
{
	for (size_t i = 0; rc == RC_INVALID && i < e->n_fields; i++)
		if (e->fields[i].reason == REASON_NAME_TAKEN) {
			error_init(e);
			return ERROR(e, RC_CONFLICT, REASON_NAME_TAKEN, "the pair");
		}
	return rc;
}

/* For good, or where it has a history ended. */
static enum rc drop(struct req *q, struct resp *r, enum group_kind kind, int64_t id,
		    struct error *e)
{
	enum rc rc = group_remove(&q->core, kind, id, 0, e);

	if (rc == RC_CONFLICT && e->reason == REASON_HAS_HISTORY) {
		error_init(e);
		rc = group_end(&q->core, kind, id, 0, e);
	}
	TRY(rc);
	resp_no_content(r);
	return RC_OK;
}

/* ---- dep-batch ------------------------------------------------------------------------------- */

static enum rc show_batch(struct req *q, struct resp *r, int64_t id, struct error *e)
{
	struct directory_group g;
	struct json_out o;

	TRY(look_batch(&q->core, id, &g, e));
	o = resp_json(r);
	c003_write_batch(&o, g.id, g.department_name, g.batch_name);
	return RC_OK;
}

enum rc c003_batches(struct req *q, struct resp *r, struct error *e)
{
	const struct directory_group *rows;
	struct json_out o;
	size_t n;

	TRY(look_batches(&q->core, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		c003_write_batch(&o, rows[i].id, rows[i].department_name, rows[i].batch_name);
	json_out_array_end(&o);
	return RC_OK;
}

enum rc c003_batch(struct req *q, struct resp *r, struct error *e)
{
	int64_t id;

	TRY(c003_id(q, &id, e));
	return show_batch(q, r, id, e);
}

/* The department of that name, made when there is none. */
static enum rc department(struct req *q, int64_t branch_id, struct str name, int64_t *ret_id,
			  struct error *e)
{
	const struct group_in in = { .kind = GROUP_DEPARTMENT,
				     .parent_id = branch_id,
				     .name = name };
	enum rc rc = look_department(&q->core, branch_id, name, ret_id, e);

	if (rc != RC_NOT_FOUND)
		return rc;
	error_init(e);
	return c003_renamed(group_save(&q->core, &in, ret_id, e), "name", "dep", e);
}

static enum rc save_batch(struct req *q, const struct batch_body *in, int64_t id, int64_t *ret_id,
			  struct error *e)
{
	struct group_in g = { .kind = GROUP_BATCH, .id = id, .name = in->batch };

	TRY(department(q, in->branch_id, in->dep, &g.parent_id, e));
	return c003_renamed(as_pair(group_save(&q->core, &g, ret_id, e), e), "name", "batch", e);
}

enum rc c003_batch_create(struct req *q, struct resp *r, struct error *e)
{
	struct batch_body in;
	int64_t id;

	TRY(c003_read(q, &c003_batch_fields, &in, e));
	TRY(org_door_branch(&q->core, in.branch_id, &in.branch_id, e));
	TRY(save_batch(q, &in, 0, &id, e));
	r->status = 201;
	return show_batch(q, r, id, e);
}

enum rc c003_batch_change(struct req *q, struct resp *r, struct error *e)
{
	struct directory_group old;
	struct batch_body in;
	int64_t id;

	TRY(c003_id(q, &id, e));
	TRY(look_batch(&q->core, id, &old, e));
	TRY(c003_read(q, &c003_batch_fields, &in, e));
	in.dep = c003_or(q, "dep", in.dep, old.department_name);
	in.batch = c003_or(q, "batch", in.batch, old.batch_name);
	in.branch_id = old.branch_id;
	TRY(save_batch(q, &in, id, &id, e));
	return show_batch(q, r, id, e);
}

enum rc c003_batch_delete(struct req *q, struct resp *r, struct error *e)
{
	struct directory_group old;
	int64_t id;

	TRY(c003_id(q, &id, e));
	TRY(look_batch(&q->core, id, &old, e));
	return drop(q, r, GROUP_BATCH, id, e);
}

/* ---- sections ---------------------------------------------------------------------------------
 */

static enum rc show_section(struct req *q, struct resp *r, int64_t id, struct error *e)
{
	struct directory_group g;
	struct json_out o;

	TRY(look_section(&q->core, id, &g, e));
	o = resp_json(r);
	c003_write_section(&o, &g);
	return RC_OK;
}

enum rc c003_sections(struct req *q, struct resp *r, struct error *e)
{
	const struct directory_group *rows;
	struct json_out o;
	size_t n;

	TRY(look_sections(&q->core, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		c003_write_section(&o, &rows[i]);
	json_out_array_end(&o);
	return RC_OK;
}

enum rc c003_section(struct req *q, struct resp *r, struct error *e)
{
	int64_t id;

	TRY(c003_id(q, &id, e));
	return show_section(q, r, id, e);
}

static enum rc save_section(struct req *q, const struct section_body *in, int64_t id,
			    int64_t *ret_id, struct error *e)
{
	const struct group_in g = {
		.kind = GROUP_SECTION, .id = id, .parent_id = in->dep_batch_id, .name = in->name
	};

	return as_pair(group_save(&q->core, &g, ret_id, e), e);
}

enum rc c003_section_create(struct req *q, struct resp *r, struct error *e)
{
	struct section_body in;
	int64_t id;

	TRY(c003_read(q, &c003_section_fields, &in, e));
	TRY(save_section(q, &in, 0, &id, e));
	r->status = 201;
	return show_section(q, r, id, e);
}

enum rc c003_section_change(struct req *q, struct resp *r, struct error *e)
{
	struct directory_group old;
	struct section_body in;
	int64_t id;

	TRY(c003_id(q, &id, e));
	TRY(look_section(&q->core, id, &old, e));
	TRY(c003_read(q, &c003_section_fields, &in, e));
	in.name = c003_or(q, "name", in.name, old.name);
	if (!in.dep_batch_id)
		in.dep_batch_id = old.batch_id;
	TRY(save_section(q, &in, id, &id, e));
	return show_section(q, r, id, e);
}

enum rc c003_section_delete(struct req *q, struct resp *r, struct error *e)
{
	struct directory_group old;
	int64_t id;

	TRY(c003_id(q, &id, e));
	TRY(look_section(&q->core, id, &old, e));
	return drop(q, r, GROUP_SECTION, id, e);
}
