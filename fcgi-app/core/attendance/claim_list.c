/*
 * Reading claims, with their rights.  See claim.h.
 */
#include "core/attendance/claim_row.h"

#include "core/attendance/evidence.h"
#include "core/session/change.h"
#include "core/wall.h"

static const char *const kinds[CLAIM_KIND__MAX] = { "excuse", "correction" };
static const char *const states[CLAIM_STATE__MAX] = { "waiting", "approved", "rejected",
						      "withdrawn" };

const char *claim_kind_name(enum claim_kind k)
{
	BUG((unsigned)k >= CLAIM_KIND__MAX);
	return kinds[k];
}

const char *claim_state_name(enum claim_state s)
{
	BUG((unsigned)s >= CLAIM_STATE__MAX);
	return states[s];
}

enum claim_state claim_state_from(struct str word)
{
	enum claim_state s = CLAIM_IS_WAITING;

	while (s < CLAIM_STATE__MAX && !str_eq(word, str_from(states[s])))
		s++;
	BUG(s == CLAIM_STATE__MAX);
	return s;
}

struct subject claim_subject(const struct claim_stored *s)
{
	return (struct subject){ .branch_id = s->branch_id,
				 .teacher_id = s->teacher_id,
				 .owner_id = COLUMN_NULL,
				 .is_class_staff = s->is_staff == 1 };
}

static bool is_locked(const struct core *c, const struct claim_stored *s)
{
	return str_eq(s->attendance_state, STR("closed")) &&
	       core_wall(c, s->zone, c->now_us).day >= s->session_date + s->lock_days;
}

void claim_fill(const struct core *c, const struct claim_stored *s, struct claim_row *ret)
{
	*ret = (struct claim_row){
		.s = s,
		.kind = str_eq(s->kind, str_from(kinds[CLAIM_EXCUSE])) ? CLAIM_EXCUSE
								       : CLAIM_CORRECTION,
		.state = claim_state_from(s->state),
		.wants = mark_from(s->wants),
		.mark = mark_from(s->status),
		.is_locked = is_locked(c, s),
		.has_file = s->file_id.n > 0,
	};
}

static enum rc fill_all(struct core *c, const struct claim_stored *stored, size_t n,
			const struct claim_row **ret_rows, size_t *ret_n, struct error *e)
{
	struct claim_row *rows = ARENA_ARRAY(c->arena, n, struct claim_row);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		claim_fill(c, &stored[i], &rows[i]);
	*ret_rows = rows;
	*ret_n = n;
	return RC_OK;
}

enum rc claim_own(struct core *c, size_t limit, const struct claim_row **ret_rows, size_t *ret_n,
		  struct error *e)
{
	const struct claim_stored *stored;
	size_t n;

	if (c->who->role != ROLE_STUDENT || c->who->person_id == COLUMN_NULL)
		return ERROR(e, RC_DENIED, REASON_STUDENT_ONLY, "role %s", role_name(c->who->role));
	TRY(claim_rows_of(c->db, c->who->person_id, (int64_t)limit, c->arena, &stored, &n, e));
	return fill_all(c, stored, n, ret_rows, ret_n, e);
}

static enum rc filter_of(const struct core *c, enum claim_show show, int64_t attendance_id,
			 struct claim_filter *ret, struct error *e)
{
	*ret = (struct claim_filter){ .viewer_person_id = c->who->person_id,
				      .show = show,
				      .attendance_id = attendance_id,
				      .limit = CLAIM_PAGE };
	return session_seen(c, &ret->seen, &ret->seen_id, e);
}

enum rc claim_list(struct core *c, const struct claim_query *q, const struct claim_row **ret_rows,
		   size_t *ret_n, int64_t *ret_total, struct error *e)
{
	const struct claim_stored *stored;
	struct claim_filter f;
	size_t n;

	TRY(filter_of(c, q->show, q->attendance_id, &f, e));
	f.offset = q->page > 1 ? (q->page - 1) * CLAIM_PAGE : 0;
	TRY(claim_count(c->db, &f, c->arena, ret_total, e));
	TRY(claim_rows(c->db, &f, c->arena, &stored, &n, e));
	return fill_all(c, stored, n, ret_rows, ret_n, e);
}

enum rc claim_waiting(struct core *c, int64_t attendance_id, int64_t *ret, struct error *e)
{
	struct claim_filter f;

	*ret = 0;
	if (!who_is_staff(c->who))
		return RC_OK;
	TRY(filter_of(c, CLAIM_SHOW_WAITING, attendance_id, &f, e));
	return claim_count(c->db, &f, c->arena, ret, e);
}

/* Its student, or who works on the session. */
static bool may_see(const struct core *c, const struct claim_stored *s)
{
	const struct subject subject = claim_subject(s);

	if (c->who->role == ROLE_STUDENT)
		return c->who->person_id == s->person_id;
	return rights_allow(c->who, ACTION_ATTENDANCE_SEE, &subject);
}

enum rc claim_get(struct core *c, int64_t item_id, struct claim_row *ret, struct error *e)
{
	struct claim_stored *s = ARENA_ARRAY(c->arena, 1, struct claim_stored);

	if (!s)
		return ERROR_MEMORY(e);
	TRY(claim_read(c->db, item_id, c->who->person_id, c->arena, s, e));
	if (!may_see(c, s))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "claim item %lld",
			     (long long)item_id);
	claim_fill(c, s, ret);
	return RC_OK;
}

static enum rc open_file(struct core *c, const struct files *files, const struct claim_stored *s,
			 struct claim_bytes *ret, struct error *e)
{
	struct evidence_key key;
	enum rc rc;

	if (!s->file_id.n)
		return ERROR(e, RC_NOT_FOUND, REASON_FILE_GONE, "claim %lld",
			     (long long)s->claim_id);
	*ret = (struct claim_bytes){ .name = s->file_name,
				     .mime = s->file_mime,
				     .class = s->file_class };
	TRY(evidence_key_read(c, &key, e));
	rc = files_sealed_open(files, key.bytes, s->file_id, c->arena, &ret->bytes, e);
	crypto_wipe(&key, sizeof key);
	return rc;
}

enum rc claim_file_open(struct core *c, const struct files *files, int64_t claim_id,
			struct claim_bytes *ret, struct error *e)
{
	const struct claim_stored *rows;
	size_t n;

	TRY(claim_rows_together(c->db, claim_id, c->who->person_id, c->arena, &rows, &n, e));
	for (size_t i = 0; i < n; i++)
		if (may_see(c, &rows[i]))
			return open_file(c, files, &rows[i], ret, e);
	return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "claim %lld", (long long)claim_id);
}
