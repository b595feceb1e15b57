/*
 * Whose a typed code or QR token is.
 */
#include "core/attendance/checkin_row.h"

enum rc checkin_need_student(const struct core *c, struct error *e)
{
	if (c->who->role == ROLE_NONE)
		return ERROR(e, RC_NOT_SIGNED_IN, REASON_SIGN_IN, "nobody is signed in");
	if (c->who->role != ROLE_STUDENT || c->who->person_id == COLUMN_NULL)
		return ERROR(e, RC_DENIED, REASON_STUDENT_ONLY, "role %s", role_name(c->who->role));
	return RC_OK;
}

static enum rc code_error(enum rotating_state state, struct error *e)
{
	return ERROR_FIELD(e, "code", state == ROTATING_OLD ? REASON_CODE_OLD : REASON_CODE_WRONG,
			   0);
}

static enum rc find_token(struct core *c, struct str token, int64_t *ret_id, int64_t *ret_step,
			  struct error *e)
{
	struct checkin_key key;
	enum rotating_state state;
	struct error mine;
	int64_t id, step;
	enum rc rc;

	if (!rotating_token_read(token, &id, &step))
		return code_error(ROTATING_WRONG, e);
	error_init(&mine);
	rc = checkin_key_get(c->db, id, c->who->person_id, c->arena, &key, &mine);
	if (rc == RC_NOT_FOUND)
		return code_error(ROTATING_WRONG, e);
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	TRY(rotating_check_token(key.code_key, key.code_period_s, token, c->now_us, &state, &step,
				 e));
	if (state != ROTATING_RIGHT)
		return code_error(state, e);
	*ret_id = id;
	*ret_step = step;
	return RC_OK;
}

struct found {
	enum rotating_state state; /* the best of the student's own sessions */
	int64_t id, step;
	bool is_elsewhere;
};

static enum rc try_keys(struct core *c, struct str code, const struct checkin_key *keys, size_t n,
			struct found *f, struct error *e)
{
	for (size_t i = 0; i < n; i++) {
		enum rotating_state state;
		int64_t step;

		TRY(rotating_check_code(keys[i].code_key, keys[i].code_period_s, code, c->now_us,
					&state, &step, e));
		if (state == ROTATING_WRONG)
			continue;
		if (keys[i].is_expected != 1) {
			f->is_elsewhere = true;
			continue;
		}
		f->state = state;
		f->id = keys[i].attendance_id;
		f->step = step;
		if (state == ROTATING_RIGHT)
			break;
	}
	return RC_OK;
}

static enum rc find_code(struct core *c, struct str code, int64_t *ret_id, int64_t *ret_step,
			 struct error *e)
{
	const struct checkin_key *keys;
	struct found f = { .state = ROTATING_WRONG };
	size_t n;

	TRY(checkin_need_student(c, e));
	TRY(checkin_keys(c->db, c->who->branch_id, c->who->person_id, c->now_us, c->arena, &keys,
			 &n, e));
	TRY(try_keys(c, code, keys, n, &f, e));
	if (f.state == ROTATING_WRONG && f.is_elsewhere)
		return ERROR_FIELD(e, "code", REASON_CODE_OTHER_ROOM, 0);
	if (f.state != ROTATING_RIGHT)
		return code_error(f.state, e);
	*ret_id = f.id;
	*ret_step = f.step;
	return RC_OK;
}

enum rc checkin_find(struct core *c, struct str code, struct str token, int64_t *ret_attendance_id,
		     int64_t *ret_step, struct error *e)
{
	if (token.n)
		return find_token(c, token, ret_attendance_id, ret_step, e);
	return find_code(c, code, ret_attendance_id, ret_step, e);
}
