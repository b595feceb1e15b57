/*
 * The four marks: their words, and what the institution makes of them.  See policy.h.
 */
#include "core/attendance/policy.h"

#include "core/audit.h"
#include "core/rights.h"
#include "core/session/change.h"
#include "store/policy.h"

#define LABEL_MAX  40 /* code points */
#define LETTER_MAX 4
#define POINTS_MAX 1000

static const struct {
	const char *name, *label, *letter, *points; /* as stored, and its fields */
} marks[MARK__MAX] = {
	[MARK_NONE] = { "", "", "", "" },
	[MARK_PRESENT] = { "present", "label_present", "letter_present", "points_present" },
	[MARK_LATE] = { "late", "label_late", "letter_late", "points_late" },
	[MARK_EXCUSED] = { "excused", "label_excused", "letter_excused", "points_excused" },
	[MARK_ABSENT] = { "absent", "label_absent", "letter_absent", "points_absent" },
};

const char *mark_name(enum mark m)
{
	BUG((unsigned)m >= MARK__MAX);
	return marks[m].name;
}

enum mark mark_from(struct str word)
{
	for (enum mark m = MARK_PRESENT; m < MARK__MAX; m++)
		if (str_eq(word, str_from(marks[m].name)))
			return m;
	return MARK_NONE;
}

static void put_rows(const struct status_stored *rows, size_t n, struct status_set *ret)
{
	*ret = (struct status_set){ 0 };
	for (size_t i = 0; i < n; i++) {
		enum mark m = mark_from(rows[i].status);

		ret->v[m] = (struct status_row){ .mark = m,
						 .label = rows[i].label,
						 .letter = rows[i].letter,
						 .points = rows[i].points,
						 .is_counted = rows[i].is_counted != 0,
						 .version = rows[i].version };
	}
}

enum rc status_set_get(struct core *c, struct status_set *ret, struct error *e)
{
	const struct status_stored *rows;
	size_t n;

	TRY(status_rows(c->db, c->arena, &rows, &n, e));
	put_rows(rows, n, ret);
	return RC_OK;
}

struct job {
	struct core *c;
	struct status_set in;
};

static enum rc check_row(struct status_row *row, enum mark m, struct error *e)
{
	enum rc rc = line_clean(row->label, LABEL_MAX, marks[m].label, &row->label, e);
	enum rc other = line_clean(row->letter, LETTER_MAX, marks[m].letter, &row->letter, e);

	row->mark = m;
	if (row->points < 0)
		other = ERROR_FIELD(e, marks[m].points, REASON_TOO_SMALL, 0);
	else if (row->points > POINTS_MAX)
		other = ERROR_FIELD(e, marks[m].points, REASON_TOO_LARGE, POINTS_MAX);
	return rc == RC_OK ? other : rc;
}

static bool is_same(const struct status_row *a, const struct status_row *b)
{
	return str_eq(a->label, b->label) && str_eq(a->letter, b->letter) &&
	       a->points == b->points && a->is_counted == b->is_counted;
}

static enum rc save_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct audit_entry entry = { .action = "policy.marks_changed",
				     .object = "status_set",
				     .object_id = 1,
				     .branch_id = COLUMN_NULL };
	const struct status_stored *rows;
	struct audit_detail d;
	struct status_set old;
	size_t n;

	TRY(status_lock(s, j->c->arena, &rows, &n, e));
	put_rows(rows, n, &old);
	audit_detail_begin(&d, j->c->arena);
	for (enum mark m = MARK_PRESENT; m < MARK__MAX; m++) {
		const struct status_row *to = &j->in.v[m];
		const struct status_stored row = {
			str_from(marks[m].name), to->label, to->letter, to->points,
			to->is_counted,          0
		};

		if (to->version != old.v[m].version)
			return ERROR(e, RC_CONFLICT, REASON_CHANGED, "mark %s", marks[m].name);
		if (is_same(to, &old.v[m]))
			continue;
		TRY(status_write(s, &row, e));
		json_out_key_i64(&d.o, marks[m].points, to->points);
	}
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, j->c, &entry, e);
}

enum rc status_set_save(struct core *c, const struct status_set *in, struct error *e)
{
	struct job j = { .c = c, .in = *in };
	enum rc rc = RC_OK;

	TRY(rights_branch(c->who, ACTION_STATUS_MANAGE, COLUMN_NULL, e));
	for (enum mark m = MARK_PRESENT; m < MARK__MAX; m++) {
		enum rc one = check_row(&j.in.v[m], m, e);

		rc = rc == RC_OK ? one : rc;
	}
	TRY(rc);
	return store_tx(c->db, save_tx, &j, e);
}
