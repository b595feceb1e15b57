/*
 * Lessons.  See lesson.h.
 */
#include "core/attendance/lesson.h"

#include "base/num.h"
#include "core/attendance/register.h"
#include "core/identity/account_fields.h"
#include "store/lesson.h"
#include "sys/crypto.h"

#define UUID_HEX 32

bool lesson_uuid_clean(struct str s, char out[LESSON_UUID_SIZE])
{
	uint8_t bytes[UUID_HEX / 2];
	char hex[UUID_HEX];
	size_t n = 0, at = 0;

	if (s.n != UUID_HEX && s.n != LESSON_UUID_SIZE - 1)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool is_dash = s.n > UUID_HEX && (i == 8 || i == 13 || i == 18 || i == 23);

		if ((s.p[i] == '-') != is_dash)
			return false;
		if (!is_dash)
			hex[n++] = s.p[i];
	}
	if (!num_hex(str_make(hex, UUID_HEX), bytes, sizeof bytes))
		return false;
	for (size_t i = 0; i < sizeof bytes; i++) {
		static const char digits[] = "0123456789abcdef";

		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[at++] = '-';
		out[at++] = digits[bytes[i] >> 4];
		out[at++] = digits[bytes[i] & 15];
	}
	out[at] = '\0';
	return true;
}

/* ---- reading ----------------------------------------------------------------------------------
 */

static struct lesson lesson_from(const struct core *c, const struct lesson_row *r)
{
	struct lesson l = {
		.attendance_id = r->attendance_id,
		.uuid = r->uuid,
		.teacher_username = r->teacher_username,
		.teacher_name = r->teacher_name,
		.title = r->title,
		.reference_address = r->reference_address,
		.starts_at = r->opens_at,
		.ends_at = r->closes_at,
		.is_closed = str_eq(r->state, STR("closed")),
	};

	if (!num_i64(r->mode, 1, LESSON_OPTION_MAX, &l.option))
		l.option = 1;
	if (r->closed_at != NO_TIME && r->closed_at < l.ends_at)
		l.ends_at = r->closed_at;
	l.is_over = l.is_closed || l.ends_at <= c->now_us;
	if (r->teacher_id == COLUMN_NULL)
		l.is_own = r->created_by == c->who->account_id;
	else
		l.is_own = r->teacher_id == c->who->person_id;
	return l;
}

static enum rc lessons_from(const struct core *c, const struct lesson_row *rows, size_t n,
			    const struct lesson **ret_rows, size_t *ret_n, struct error *e)
{
	struct lesson *v = ARENA_ARRAY(c->arena, n, struct lesson);

	if (!v)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		v[i] = lesson_from(c, &rows[i]);
	*ret_rows = v;
	*ret_n = n;
	return RC_OK;
}

enum rc lesson_get(struct core *c, struct str uuid, struct lesson *ret, struct error *e)
{
	struct lesson_row row;

	TRY(lesson_row_get(c->db, uuid, c->arena, &row, e));
	*ret = lesson_from(c, &row);
	return RC_OK;
}

enum rc lesson_running(struct core *c, struct lesson *ret, bool *ret_found, struct error *e)
{
	const struct lesson_row *rows;
	size_t n;

	TRY(lesson_rows_running(c->db, c->who->person_id, c->who->account_id, c->now_us, c->arena,
				&rows, &n, e));
	if (n)
		*ret = lesson_from(c, &rows[0]);
	*ret_found = n > 0;
	return RC_OK;
}

enum rc lesson_past(struct core *c, const struct lesson **ret_rows, size_t *ret_n, struct error *e)
{
	const struct lesson_row *rows;
	size_t n;

	TRY(lesson_rows_past(c->db, c->who->person_id, c->who->account_id, c->now_us,
			     LESSON_LIST_MAX, c->arena, &rows, &n, e));
	return lessons_from(c, rows, n, ret_rows, ret_n, e);
}

enum rc lesson_find(struct core *c, struct str title, struct str teacher_name,
		    const struct lesson **ret_rows, size_t *ret_n, struct error *e)
{
	const struct lesson_row *rows;
	size_t n;

	TRY(lesson_rows_find(c->db, title, teacher_name, c->now_us, LESSON_FIND_MAX, c->arena,
			     &rows, &n, e));
	return lessons_from(c, rows, n, ret_rows, ret_n, e);
}

/* ---- opening ----------------------------------------------------------------------------------
 */

/* The one course that is meant; two of one title are none. */
static enum rc find_course(struct core *c, struct str title, struct attendance_open_in *in,
			   struct error *e)
{
	const struct lesson_course_row *rows;
	size_t n;

	TRY(lesson_course_rows(c->db, c->who->person_id, title, c->arena, &rows, &n, e));
	if (!n || (n > 1 && !rows[0].is_code))
		return RC_OK;
	in->course_id = rows[0].course_id;
	in->branch_id = rows[0].branch_id;
	in->roster = ROSTER_COURSE;
	return RC_OK;
}

/* core/attendance/attendance.h's names of fields as this contract has them. */
static void rename_fields(struct error *e)
{
	static const char *const names[][2] = { { "title", "lesson_name" },
						{ "opens_at", "start_time" },
						{ "closes_at", "end_time" } };

	for (size_t i = 0; i < e->n_fields; i++)
		for (size_t k = 0; k < ARRAY_LEN(names); k++)
			if (str_eq(str_from(e->fields[i].field), str_from(names[k][0])))
				e->fields[i].field = names[k][1];
}

enum rc lesson_open(struct core *c, const struct lesson_in *in, struct lesson *ret, struct error *e)
{
	static const char *const modes[] = { "1", "2", "3" };
	struct attendance_open_in open = {
		.occurrence_id = COLUMN_NULL,
		.door = DOOR_002,
		.branch_id = COLUMN_NULL,
		.course_id = COLUMN_NULL,
		.class_id = COLUMN_NULL,
		.section_id = COLUMN_NULL,
		.teacher_id = c->who->person_id,
		.device_id = COLUMN_NULL,
		.roster = ROSTER_OPEN,
		.title = in->title,
		.session_date = NO_DAY,
		.opens_at = in->starts_at,
		.late_at = NO_TIME,
		.closes_at = in->ends_at,
		.never_late = true,
		.has_levels = true,
		.reference_address = in->address,
	};
	struct attendance made;
	int64_t id;
	enum rc rc;

	if (in->option < 1 || in->option > LESSON_OPTION_MAX)
		return ERROR_FIELD(e, "security_option", REASON_NOT_A_CHOICE, 0);
	open.mode = str_from(modes[in->option - 1]);
	open.level[SIGNAL_NETWORK] = in->option >= 2 ? POLICY_MUST : POLICY_OFF;
	open.level[SIGNAL_PHOTO] = in->option == 3 ? POLICY_MUST : POLICY_OFF;
	TRY(find_course(c, in->title, &open, e));
	rc = attendance_open(c, &open, &id, e);
	if (rc != RC_OK) {
		rename_fields(e);
		return rc;
	}
	TRY(attendance_get(c, id, &made, e));
	return lesson_get(c, made.uuid, ret, e);
}

/* ---- records ----------------------------------------------------------------------------------
 */

static bool is(struct str s, const char *word)
{
	return str_eq(s, str_from(word));
}

/* A verifier that is connected may still answer. */
static bool is_awaited(const struct core *c, const struct lesson_tried_row *r)
{
	return c->config->webhook_secret_file.n && is(r->verifier_state, "pending") &&
	       r->pending_until != NO_TIME && c->now_us < r->pending_until;
}

/* Of the last try, as far as it did not make them present. */
static struct str try_failed(const struct core *c, const struct lesson *l,
			     const struct lesson_tried_row *r)
{
	if (is(r->verifier_state, "failed"))
		return arena_printf(c->arena, "FACE_VERIFICATION_FAILED: %.*s",
				    STR_ARG(r->verifier_reason));
	if (is(r->decided_state, "open") && is(r->reason, reason_code(REASON_PHOTO_UNCHECKED)))
		return l->is_over && !is_awaited(c, r) ? STR("FACE_VERIFICATION_TIMEOUT")
						       : STR("FACE_RECOGNITION_PENDING");
	if (is(r->decided_state, "rejected"))
		return r->decided_why;
	if (is(r->reason, reason_code(REASON_NETWORK_OUT)))
		return STR("WIFI_FAILED");
	if (is(r->reason, reason_code(REASON_PHOTO_MISSING)))
		return STR("FACE_VERIFICATION_REQUIRED_BUT_IMAGE_MISSING");
	if (is(r->reason, reason_code(REASON_PHOTO_FAILED)))
		return STR("FACE_VERIFICATION_FAILED: ");
	return r->reason;
}

/* A record that somebody took away, and no try since: it is not there. */
static bool is_removed(const struct lesson_tried_row *r)
{
	return !r->status.n && r->is_cleared &&
	       (r->attempt_id == COLUMN_NULL || r->learned_at <= r->changed_at);
}

static struct lesson_record record_from(const struct core *c, const struct lesson *l,
					const struct lesson_tried_row *r)
{
	struct lesson_record one = {
		.person_id = r->person_id,
		.username = r->username,
		.name = r->name,
		.is_attended = is(r->status, "present") || is(r->status, "late"),
		.at = r->attempt_id == COLUMN_NULL ? r->recorded_at : r->tried_at
	};

	if (one.is_attended)
		one.at = r->recorded_at;
	else if (r->status.n && !is(r->method, "auto"))
		one.fail_reason = r->why;
	else
		one.fail_reason = try_failed(c, l, r);
	return one;
}

static enum rc read_records(struct core *c, const struct lesson *l, int64_t person_id,
			    const struct lesson_record **ret_rows, size_t *ret_n, struct error *e)
{
	const struct lesson_tried_row *rows;
	struct lesson_record *v;
	size_t n, used = 0;

	TRY(lesson_tried_rows(c->db, l->attendance_id, person_id, c->arena, &rows, &n, e));
	v = ARENA_ARRAY(c->arena, n, struct lesson_record);
	if (!v)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		if (!is_removed(&rows[i]))
			v[used++] = record_from(c, l, &rows[i]);
	*ret_rows = v;
	*ret_n = used;
	return RC_OK;
}

enum rc lesson_records(struct core *c, const struct lesson *l,
		       const struct lesson_record **ret_rows, size_t *ret_n, struct error *e)
{
	return read_records(c, l, 0, ret_rows, ret_n, e);
}

enum rc lesson_record_of(struct core *c, const struct lesson *l, int64_t person_id,
			 struct lesson_record *ret, struct error *e)
{
	const struct lesson_record *rows;
	size_t n;

	TRY(read_records(c, l, person_id, &rows, &n, e));
	if (!n)
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "person %lld did not try",
			     (long long)person_id);
	*ret = rows[0];
	return RC_OK;
}

enum rc lesson_student(struct core *c, struct str number, int64_t *ret_person_id, struct error *e)
{
	return lesson_person(c->db, number, c->arena, ret_person_id, e);
}

/* Corrections after the lock need a reason; the contract's acceptance has none to give. */
static enum rc set_mark(struct core *c, const struct lesson *l, int64_t person_id, enum mark m,
			struct str why, struct register_done *ret, struct error *e)
{
	const struct register_mark mark = { .person_id = person_id,
					    .version = REGISTER_ANY,
					    .mark = m };

	return register_set(c, l->attendance_id, &mark, 1, why.n ? why : STR("contract 002"), ret,
			    e);
}

enum rc lesson_mark(struct core *c, const struct lesson *l, int64_t person_id, enum lesson_mark m,
		    struct str why, struct error *e)
{
	static const enum mark marks[] = { [LESSON_ACCEPT] = MARK_PRESENT,
					   [LESSON_FAIL] = MARK_ABSENT,
					   [LESSON_REMOVE] = MARK_NONE };
	struct register_done done;

	TRY(set_mark(c, l, person_id, marks[m], why, &done, e));
	if (m != LESSON_REMOVE || done.n_changed)
		return RC_OK;
	/* Who only failed has no mark that could be taken away, and is given one first. */
	TRY(set_mark(c, l, person_id, MARK_ABSENT, why, &done, e));
	return set_mark(c, l, person_id, MARK_NONE, why, &done, e);
}

/* ---- checking in --------------------------------------------------------------------------------
 */

bool lesson_wants_photo(const struct lesson *l, struct str address)
{
	return l->option == 3 && !l->is_over && network_same(l->reference_address, address);
}

enum rc lesson_attend(struct core *c, const struct lesson *l, struct str address,
		      struct str photo_file, struct checkin_result *ret, struct error *e)
{
	char verification[ACCOUNT_UUID_SIZE];
	struct checkin_in in = {
		.actor = c->who,
		.attendance_id = l->attendance_id,
		.person_id = COLUMN_NULL,
		.path = CHECKIN_JSON,
		.accuracy_m = -1,
		.address = address,
		.photo_file = photo_file,
		.device_id = COLUMN_NULL,
		.claimed_at = NO_TIME,
		.needs_photo = l->option == 3,
	};

	if (photo_file.n)
		in.verification_id = account_random_uuid(verification);
	return checkin_submit(c, &in, ret, e);
}

/* ---- a verifier's answer
 * ------------------------------------------------------------------------- */

enum rc lesson_webhook_signed(struct core *c, struct str body, struct str signature, bool *ret,
			      struct error *e)
{
	uint8_t mac[CRYPTO_SHA256_SIZE], sent[CRYPTO_SHA256_SIZE];
	struct secret key;

	*ret = false;
	if (!c->config->webhook_secret_file.n || !num_hex(signature, sent, sizeof sent))
		return RC_OK;
	TRY(config_secret_read(c->arena, c->config->webhook_secret_file, &key, e));
	if (secret_empty(key))
		return RC_OK;
	TRY(crypto_hmac_sha256(key, body, mac, e));
	*ret = crypto_equal(mac, sent, sizeof mac);
	return RC_OK;
}

enum rc lesson_verified(struct core *c, struct str verification_id, bool passed, struct str reason,
			enum lesson_verified *ret, struct error *e)
{
	struct lesson_verification_row row;
	struct error mine;
	enum rc rc;

	error_init(&mine);
	rc = lesson_verification(c->db, verification_id, c->arena, &row, &mine);
	if (rc == RC_OK && row.is_gone) {
		*ret = LESSON_VERIFIED_GONE;
		return RC_OK;
	}
	if (rc == RC_OK)
		rc = register_verified(c, verification_id, passed, reason, &mine);
	if (rc == RC_NOT_FOUND || (rc == RC_TIMEOUT && mine.foreign == 0)) {
		*ret = LESSON_VERIFIED_UNKNOWN;
		return RC_OK;
	}
	if (rc != RC_OK) {
		*e = mine;
		return rc;
	}
	*ret = LESSON_VERIFIED;
	return RC_OK;
}
