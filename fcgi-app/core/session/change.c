/*
 * The frame of every change of a session.  See change.h.
 */
#include "core/session/change.h"

enum rc session_seen(const struct core *c, enum occurrence_seen *ret_seen, int64_t *ret_id,
		     struct error *e)
{
	const struct who *w = c->who;

	if (!who_is_staff(w))
		return ERROR(e, w->role == ROLE_NONE ? RC_NOT_SIGNED_IN : RC_DENIED,
			     w->role == ROLE_NONE ? REASON_SIGN_IN : REASON_DENIED,
			     "role %s sees no sessions", role_name(w->role));
	if (w->role == ROLE_SUPER_ADMIN) {
		*ret_seen = OCCURRENCE_SEEN_ALL;
		*ret_id = 1;
	} else if (w->role == ROLE_BRANCH_ADMIN) {
		*ret_seen = OCCURRENCE_SEEN_BRANCH;
		*ret_id = w->branch_id;
	} else {
		*ret_seen = OCCURRENCE_SEEN_PERSON;
		*ret_id = w->person_id;
	}
	return RC_OK;
}

struct subject session_subject(const struct occurrence_row *o, int64_t owner_id)
{
	return (struct subject){ .branch_id = o->branch_id,
				 .teacher_id = o->teacher_id,
				 .owner_id = owner_id,
				 .is_class_staff = o->is_staff > 0 };
}

enum rc session_read(struct core *c, struct store *s, int64_t id, enum action action,
		     struct occurrence_row *ret, struct error *e)
{
	struct occurrence_row o;
	struct subject subject;
	enum occurrence_seen seen;
	int64_t seen_id;

	TRY(session_seen(c, &seen, &seen_id, e));
	TRY(occurrence_get(s, id, c->who->person_id, c->arena, &o, e));
	subject = session_subject(&o, COLUMN_NULL);
	TRY(rights_check(c->who, action, &subject, e));
	*ret = o;
	return RC_OK;
}

enum rc change_open(struct core *c, struct store *s, int64_t id, enum action action,
		    struct occurrence_row *ret, struct error *e)
{
	struct occurrence_row o;
	enum occurrence_seen seen;
	int64_t seen_id;

	TRY(session_seen(c, &seen, &seen_id, e));
	TRY(occurrence_lock(s, id, c->arena, e));
	TRY(session_read(c, s, id, action, &o, e));
	TRY(occurrence_touch(s, o.branch_id, o.class_id, o.teacher_id, e));
	*ret = o;
	return RC_OK;
}

enum rc change_version(const struct occurrence_row *o, int64_t version, struct error *e)
{
	if (version && version != o->version)
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "occurrence %lld is at %lld, not %lld",
			     (long long)o->id, (long long)o->version, (long long)version);
	return RC_OK;
}

bool change_is_locked(const struct occurrence_row *o)
{
	return str_eq(o->completion_state, STR("checked"));
}

enum rc change_unlocked(const struct occurrence_row *o, struct error *e)
{
	if (change_is_locked(o))
		return ERROR(e, RC_CONFLICT, REASON_CHECKED, "occurrence %lld", (long long)o->id);
	return RC_OK;
}

enum rc change_owned(const struct core *c, const struct occurrence_row *o, enum action action,
		     int64_t owner_id, struct error *e)
{
	const struct subject subject = session_subject(o, owner_id);

	TRY(rights_check(c->who, action, &subject, e));
	return change_unlocked(o, e);
}

enum rc change_completion(struct core *c, struct store *s, struct occurrence_row *o,
			  struct error *e)
{
	int64_t me = c->who->account_id;

	if (o->completion_id != COLUMN_NULL)
		return RC_OK;
	o->faculty_id = c->who->role == ROLE_FACULTY ? me : COLUMN_NULL;
	o->employee_id = c->who->role == ROLE_EMPLOYEE ? me : COLUMN_NULL;
	TRY(completion_insert(s, o->id, o->faculty_id, o->employee_id, c->now_us, &o->completion_id,
			      e));
	o->completion_state = STR("pending");
	return RC_OK;
}

enum rc change_close(struct core *c, struct store *s, const struct occurrence_row *o,
		     const char *action, struct audit_detail *d, struct error *e)
{
	struct audit_entry entry = { .action = action,
				     .object = "occurrence",
				     .object_id = o->id,
				     .branch_id = o->branch_id };

	TRY(audit_detail_end(d, &entry.detail, e));
	return audit_add(s, c, &entry, e);
}

/* Longest UTF-8 of n code points, so that a megabyte is refused without being counted. */
static bool is_too_long(struct str s, size_t max)
{
	return s.n > max * 4 || utf8_length(s) > max;
}

enum rc text_clean(struct arena *a, struct str text, size_t max, const char *field, struct str *ret,
		   struct error *e)
{
	struct str s = str_trim(text);
	struct buf out;

	/* A line end of forms is two characters and becomes one. */
	if (s.n > max * 5)
		return ERROR_FIELD(e, field, REASON_TOO_LONG, (int64_t)max);
	if (!utf8_valid(s))
		return ERROR_FIELD(e, field, REASON_NOT_TEXT, 0);
	buf_init(&out, a, s.n + 1, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '\r') {
			if (i + 1 == s.n || s.p[i + 1] != '\n')
				buf_char(&out, '\n');
		} else if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F) {
			return ERROR_FIELD(e, field, REASON_NOT_TEXT, 0);
		} else {
			buf_char(&out, (char)c);
		}
	}
	if (!buf_ok(&out))
		return ERROR_MEMORY(e);
	if (is_too_long(buf_str(&out), max))
		return ERROR_FIELD(e, field, REASON_TOO_LONG, (int64_t)max);
	*ret = buf_str(&out);
	return RC_OK;
}

enum rc line_clean(struct str text, size_t max, const char *field, struct str *ret, struct error *e)
{
	struct str s = str_trim(text);

	if (s.n > max * 4)
		return ERROR_FIELD(e, field, REASON_TOO_LONG, (int64_t)max);
	if (!utf8_valid(s))
		return ERROR_FIELD(e, field, REASON_NOT_TEXT, 0);
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
			return ERROR_FIELD(e, field, REASON_NOT_TEXT, 0);
	if (is_too_long(s, max))
		return ERROR_FIELD(e, field, REASON_TOO_LONG, (int64_t)max);
	*ret = s;
	return RC_OK;
}
