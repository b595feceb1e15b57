/* Rooms; see room.h. */
#include "core/people/room.h"

#include "core/attendance/signal.h"
#include "core/session/change.h"

#define CHOICES_MAX 1000

/* The branch to look at: that of a branch admin whatever is asked for. */
static enum rc scope_of(const struct core *c, int64_t asked, int64_t *ret, struct error *e)
{
	if (rights_scope(c->who->role, ACTION_ORG_MANAGE) == SCOPE_NONE)
		return ERROR(e, RC_DENIED, REASON_ADMIN_ONLY, "account %lld",
			     (long long)c->who->account_id);
	*ret = c->who->role == ROLE_BRANCH_ADMIN ? c->who->branch_id : asked;
	return RC_OK;
}

enum rc room_list(struct core *c, const struct room_query *q, struct room_list *ret,
		  struct error *e)
{
	struct str search = q->search.p ? q->search : STR("");
	struct room_list list = { .page = q->page };
	int64_t branch = 0;

	BUG(q->page < 1);
	TRY(scope_of(c, q->branch_id, &branch, e));
	TRY(room_count(c->db, branch, search, q->with_ended, c->arena, &list.total, e));
	TRY(room_rows(c->db, branch, search, q->with_ended, ROOM_PAGE_SIZE,
		      (q->page - 1) * ROOM_PAGE_SIZE, c->arena, &list.rows, &list.n_rows, e));
	*ret = list;
	return RC_OK;
}

enum rc room_choices(struct core *c, int64_t branch_id, const struct room_stored **ret_rows,
		     size_t *ret_n, struct error *e)
{
	int64_t branch = 0;

	TRY(scope_of(c, branch_id, &branch, e));
	return room_rows(c->db, branch, STR(""), false, CHOICES_MAX, 0, c->arena, ret_rows, ret_n,
			 e);
}

static enum rc read_own(struct core *c, struct store *s, int64_t id, struct room_stored *ret,
			struct error *e)
{
	int64_t branch = 0;

	TRY(scope_of(c, 0, &branch, e));
	TRY(room_read(s, id, c->arena, ret, e));
	return rights_branch(c->who, ACTION_ORG_MANAGE, ret->branch_id, e);
}

enum rc room_get(struct core *c, int64_t id, struct room_stored *ret, int64_t *ret_ahead,
		 struct error *e)
{
	struct room_stored row;

	TRY(read_own(c, c->db, id, &row, e));
	if (ret_ahead)
		TRY(room_n_ahead(c->db, id, c->now_us, c->arena, ret_ahead, e));
	*ret = row;
	return RC_OK;
}

/* ---- changing ---------------------------------------------------------------------------------
 */

struct job {
	struct core *c;
	const struct room_in *in;
	int64_t id;
	struct str name;
	bool is_ended;
};

static enum rc check_in(struct job *j, struct error *e)
{
	enum rc rc = line_clean(j->in->name, ROOM_NAME_MAX, "name", &j->name, e);
	int64_t n = j->in->capacity;

	if (rc == RC_OK && !j->name.n)
		rc = ERROR_FIELD(e, "name", REASON_REQUIRED, 0);
	if (n != COLUMN_NULL && n < 1)
		rc = ERROR_FIELD(e, "capacity", REASON_TOO_SMALL, 1);
	if (n != COLUMN_NULL && n > ROOM_CAPACITY_MAX)
		rc = ERROR_FIELD(e, "capacity", REASON_TOO_LARGE, ROOM_CAPACITY_MAX);
	return rc;
}

static enum rc taken(enum rc rc, struct error *e)
{
	if (rc == RC_OK || !store_is_duplicate(e, "room_name"))
		return rc;
	error_init(e);
	return ERROR_FIELD(e, "name", REASON_ROOM_TAKEN, 0);
}

static enum rc finish(struct job *j, struct store *s, int64_t branch_id, const char *action,
		      struct error *e)
{
	struct audit_entry entry = {
		.action = action, .object = "room", .object_id = j->id, .branch_id = branch_id
	};
	struct audit_detail d;

	audit_detail_begin(&d, j->c->arena);
	if (j->in) {
		TRY(audit_detail_digest(&d, j->c, "name", j->name, e));
		if (j->in->capacity != COLUMN_NULL)
			json_out_key_i64(&d.o, "capacity", j->in->capacity);
	}
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, j->c, &entry, e);
}

static enum rc create_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;

	TRY(taken(room_insert(s, j->in->branch_id, j->name, j->in->capacity, j->c->now_us, &j->id,
			      e),
		  e));
	return finish(j, s, j->in->branch_id, "room.created", e);
}

static enum rc update_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct room_stored old;

	TRY(read_own(j->c, s, j->id, &old, e));
	/* Branch first, as everything that writes sessions does. */
	if (!str_eq(old.name, j->name))
		TRY(occurrence_touch(s, old.branch_id, COLUMN_NULL, COLUMN_NULL, e));
	TRY(room_lock(s, j->id, j->c->arena, e));
	TRY(read_own(j->c, s, j->id, &old, e));
	if (j->in->version && j->in->version != old.version)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "room %lld is at %lld, not %lld",
			     (long long)j->id, (long long)old.version, (long long)j->in->version);
	TRY(taken(room_write(s, j->id, j->name, j->in->capacity, old.ended_at, e), e));
	if (!str_eq(old.name, j->name))
		TRY(room_rename(s, j->id, j->name, j->c->now_us, e));
	return finish(j, s, old.branch_id, "room.updated", e);
}

static enum rc ended_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct room_stored old;

	TRY(room_lock(s, j->id, j->c->arena, e));
	TRY(read_own(j->c, s, j->id, &old, e));
	if ((old.ended_at != NO_TIME) == j->is_ended)
		return RC_OK;
	TRY(taken(room_write(s, j->id, old.name, old.capacity, j->is_ended ? j->c->now_us : NO_TIME,
			     e),
		  e));
	return finish(j, s, old.branch_id, j->is_ended ? "room.ended" : "room.restored", e);
}

enum rc room_create(struct core *c, const struct room_in *in, int64_t *ret_id, struct error *e)
{
	struct job j = { .c = c, .in = in };
	struct room_in own = *in;
	enum rc rc;

	TRY(scope_of(c, in->branch_id, &own.branch_id, e));
	rc = check_in(&j, e);
	if (!own.branch_id)
		rc = ERROR_FIELD(e, "branch", REASON_REQUIRED, 0);
	else if (in->branch_id && in->branch_id != own.branch_id)
		rc = ERROR_FIELD(e, "branch", REASON_NOT_A_CHOICE, 0);
	TRY(rc);
	j.in = &own;
	rc = store_tx(c->db, create_tx, &j, e);
	/* The foreign key knows whether there is such a branch. */
	if (rc == RC_CONFLICT && e->reason == REASON_CHANGED) {
		error_init(e);
		return ERROR_FIELD(e, "branch", REASON_NOT_A_CHOICE, 0);
	}
	TRY(rc);
	*ret_id = j.id;
	return RC_OK;
}

enum rc room_update(struct core *c, int64_t id, const struct room_in *in, struct error *e)
{
	struct job j = { .c = c, .in = in, .id = id };
	struct room_stored old;

	TRY(read_own(c, c->db, id, &old, e));
	TRY(check_in(&j, e));
	return store_tx(c->db, update_tx, &j, e);
}

enum rc room_set_ended(struct core *c, int64_t id, bool is_ended, struct error *e)
{
	struct job j = { .c = c, .id = id, .is_ended = is_ended };

	return store_tx(c->db, ended_tx, &j, e);
}

/* ---- the place ---- */

struct place_job {
	struct job job;
	const struct room_place_in *in;
	int64_t latitude_e7, longitude_e7;
};

static enum rc degrees(struct str typed, struct str other, int limit, const char *field,
		       int64_t *ret, struct error *e)
{
	int32_t e7;

	*ret = COLUMN_NULL;
	if (!typed.n && !other.n)
		return RC_OK;
	if (!typed.n)
		return ERROR_FIELD(e, field, REASON_REQUIRED, 0);
	if (!place_parse_degrees(typed, limit, &e7))
		return ERROR_FIELD(e, field, REASON_NOT_A_PLACE, 0);
	*ret = e7;
	return RC_OK;
}

static enum rc check_place(struct place_job *p, struct error *e)
{
	const struct room_place_in *in = p->in;
	struct str latitude = str_trim(in->latitude), longitude = str_trim(in->longitude);
	enum rc rc = degrees(latitude, longitude, 90, "latitude", &p->latitude_e7, e);
	enum rc other = degrees(longitude, latitude, 180, "longitude", &p->longitude_e7, e);

	if (other != RC_OK)
		rc = other;
	if (in->radius_m != COLUMN_NULL && in->radius_m < 10)
		rc = ERROR_FIELD(e, "radius", REASON_TOO_SMALL, 10);
	if (in->radius_m != COLUMN_NULL && in->radius_m > 1000)
		rc = ERROR_FIELD(e, "radius", REASON_TOO_LARGE, 1000);
	return rc;
}

static enum rc place_tx(struct store *s, void *arg, struct error *e)
{
	struct place_job *p = arg;
	struct job *j = &p->job;
	struct room_stored old;

	TRY(room_lock(s, j->id, j->c->arena, e));
	TRY(read_own(j->c, s, j->id, &old, e));
	if (p->in->version && p->in->version != old.version)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "room %lld is at %lld, not %lld",
			     (long long)j->id, (long long)old.version, (long long)p->in->version);
	TRY(room_write_place(s, j->id, p->latitude_e7, p->longitude_e7, p->in->radius_m, e));
	return finish(j, s, old.branch_id, "room.placed", e);
}

enum rc room_set_place(struct core *c, int64_t id, const struct room_place_in *in, struct error *e)
{
	struct place_job p = { .job = { .c = c, .id = id }, .in = in };
	struct room_stored old;

	TRY(read_own(c, c->db, id, &old, e));
	TRY(check_place(&p, e));
	return store_tx(c->db, place_tx, &p, e);
}
