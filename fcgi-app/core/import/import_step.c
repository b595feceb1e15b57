/*
 * The work of imports, a batch at a time.  See import.h.
 *
 * A batch is prepared from what the import row says, and written in one transaction that
 * first takes the row's lock and looks whether it still says so: two who work on one import
 * lose time, nothing else.
 */
#include "core/audit.h"
#include "core/import/import_attendance.h"
#include "core/import/import_file.h"
#include "core/people/membership.h"
#include "store/import_enrolment.h"
#include "store/import_people.h"
#include "store/lease.h"
#include "store/occurrence.h"
#include "sys/files_import.h"

#include <unistd.h>

#define TIDY_MAX 20
#define LEASE    STR("importer")
#define LEASE_S  60

struct step {
	struct core *c;
	struct import_info i;
	struct import_piece piece; /* reading */
	int64_t from, to;          /* rows, both included */
	bool is_end;               /* nothing follows in this state */
};

/* RC_CONFLICT CHANGED: somebody else has done this batch. */
static enum rc begin(struct step *st, struct store *db, struct error *e)
{
	const struct import_stored *was = &st->i.s;
	struct import_stored now;

	TRY(import_lock(db, was->id, st->c->arena, &now, e));
	if (now.version != was->version || now.position != was->position ||
	    !str_eq(now.phase, was->phase))
		return ERROR(e, RC_CONFLICT, REASON_CHANGED, "import %lld went on",
			     (long long)was->id);
	return RC_OK;
}

static enum rc report(struct step *st, struct store *db, const char *action, struct error *e)
{
	const struct import_stored *s = &st->i.s;
	struct audit_entry entry = {
		.action = action, .object = "import", .object_id = s->id, .branch_id = s->branch_id
	};
	struct import_stored now;
	struct audit_detail d;

	TRY(import_read(db, s->id, st->c->arena, &now, e));
	audit_detail_begin(&d, st->c->arena);
	json_out_key_i64(&d.o, "created", now.n_created);
	json_out_key_i64(&d.o, "updated", now.n_updated);
	json_out_key_i64(&d.o, "same", now.n_same);
	json_out_key_i64(&d.o, "wrong", now.n_wrong);
	json_out_key_i64(&d.o, "back", now.n_back);
	json_out_key_i64(&d.o, "kept", now.n_kept);
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(db, st->c, &entry, e);
}

/* ---- reading --------------------------------------------------------------------------------- */

static enum rc read_tx(struct store *db, void *arg, struct error *e)
{
	struct step *st = arg;
	const struct import_piece *p = &st->piece;
	const int64_t id = st->i.s.id;

	TRY(begin(st, db, e));
	if (p->n_rows > 0)
		TRY(import_rows_insert(db, id, p->rows, e));
	if (p->n_errors > 0)
		TRY(import_errors_insert(db, id, p->errors, e));
	return import_update_read(db, id, p->is_last ? STR("check") : STR("read"),
				  p->is_last ? st->i.s.header_row : p->end, p->row, st->c->now_us,
				  e);
}

static enum rc read_batch(struct step *st, const struct files *files, struct error *e)
{
	int fd;

	TRY(files_import_open(files, st->i.s.file_id, &fd, e));
	const enum rc rc = import_file_read(st->c->arena, fd, &st->i, &st->piece, e);
	close(fd);
	TRY(rc);
	return store_tx(st->c->db, read_tx, st, e);
}

/* ---- looking up, running, undoing ------------------------------------------------------------ */

static enum rc check_rows(struct step *st, struct store *db, bool lock, struct error *e)
{
	struct arena *a = st->c->arena;

	switch (st->i.kind) {
	case IMPORT_PEOPLE:
		return import_people_check(db, st->i.s.id, st->from, st->to, lock, a, e);
	case IMPORT_ENROLMENTS:
		return import_enrolment_check(db, st->i.s.id, st->from, st->to, lock, a, e);
	case IMPORT_ATTENDANCE: /* judges and runs at once */
	case IMPORT__MAX:
		break;
	}
	return RC_OK;
}

static struct import_batch batch_of(const struct step *st)
{
	return (struct import_batch){
		.c = st->c, .import = &st->i.s, .from = st->from, .to = st->to
	};
}

static enum rc run_rows(struct step *st, struct store *db, struct error *e)
{
	const struct import_batch batch = batch_of(st);

	TRY(check_rows(st, db, true, e));
	switch (st->i.kind) {
	case IMPORT_PEOPLE:
		return import_people_run(db, st->i.s.id, st->from, st->to, e);
	case IMPORT_ENROLMENTS:
		return import_enrolment_run(db, st->i.s.id, st->from, st->to, e);
	case IMPORT_ATTENDANCE:
		return import_attendance_run(&batch, db, e);
	case IMPORT__MAX:
		break;
	}
	return RC_OK;
}

static enum rc undo_rows(struct step *st, struct store *db, struct error *e)
{
	const struct import_batch batch = batch_of(st);

	switch (st->i.kind) {
	case IMPORT_PEOPLE:
		return import_people_undo(db, st->i.s.id, st->from, st->to, e);
	case IMPORT_ENROLMENTS:
		return import_enrolment_undo(db, st->i.s.id, st->from, st->to, e);
	case IMPORT_ATTENDANCE:
		return import_attendance_undo(&batch, db, e);
	case IMPORT__MAX:
		break;
	}
	return RC_OK;
}

static enum rc check_tx(struct store *db, void *arg, struct error *e)
{
	struct step *st = arg;
	const int64_t id = st->i.s.id, now_us = st->c->now_us;
	const struct import_batch batch = batch_of(st);

	TRY(begin(st, db, e));
	TRY(check_rows(st, db, false, e));
	if (st->i.kind == IMPORT_ATTENDANCE)
		TRY(import_attendance_check(&batch, db, e));
	TRY(import_update_counted(db, id, st->from, st->to, now_us, e));
	if (!st->is_end)
		return RC_OK;
	TRY(import_update_state(db, id, STR("checked"), st->to, now_us, e));
	return report(st, db, "import.checked", e);
}

/* Who sees names or numbers of the branch sees other ones now. */
static enum rc touch(struct step *st, struct store *db, struct error *e)
{
	return occurrence_touch(db, st->i.s.branch_id, COLUMN_NULL, COLUMN_NULL, e);
}

static enum rc run_tx(struct store *db, void *arg, struct error *e)
{
	struct step *st = arg;
	const int64_t id = st->i.s.id, now_us = st->c->now_us;

	TRY(begin(st, db, e));
	TRY(touch(st, db, e));
	TRY(run_rows(st, db, e));
	TRY(import_update_counted(db, id, st->from, st->to, now_us, e));
	if (!st->is_end)
		return RC_OK;
	if (st->i.kind != IMPORT_ATTENDANCE)
		TRY(membership_settle(st->c, db, st->i.s.branch_id, NULL, e));
	TRY(import_update_state(db, id, STR("done"), st->to, now_us, e));
	return report(st, db, "import.done", e);
}

static enum rc undo_tx(struct store *db, void *arg, struct error *e)
{
	struct step *st = arg;
	const int64_t id = st->i.s.id, now_us = st->c->now_us;

	TRY(begin(st, db, e));
	TRY(touch(st, db, e));
	TRY(undo_rows(st, db, e));
	TRY(import_update_undone(db, id, st->from, st->to, now_us, e));
	if (!st->is_end)
		return RC_OK;
	if (st->i.kind != IMPORT_ATTENDANCE)
		TRY(membership_settle(st->c, db, st->i.s.branch_id, NULL, e));
	TRY(import_update_state(db, id, STR("undone"), st->from, now_us, e));
	return report(st, db, "import.undone", e);
}

/* The rows after the position, or before it when undoing. */
static void pick_rows(struct step *st)
{
	const struct import_stored *s = &st->i.s;

	if (st->i.state == IMPORT_UNDOING) {
		st->to = s->position - 1;
		st->from = st->to - IMPORT_BATCH + 1;
		if (st->from <= s->header_row)
			st->from = s->header_row + 1;
		st->is_end = st->from == s->header_row + 1;
	} else {
		st->from = s->position + 1;
		st->to = s->position + IMPORT_BATCH;
		if (st->to > s->last_row)
			st->to = s->last_row;
		st->is_end = st->to == s->last_row;
	}
}

/* A file that is not as it was, rows that cannot be written: again would end the same way. */
static bool is_final(const struct error *e)
{
	return e->rc == RC_INVALID || e->rc == RC_TOO_BIG || e->rc == RC_NOT_FOUND ||
	       e->rc == RC_CONFLICT || e->rc == RC_INTERNAL;
}

static enum rc fail_tx(struct store *db, void *arg, struct error *e)
{
	struct step *st = arg;
	const struct import_stored *s = &st->i.s;

	TRY(begin(st, db, e));
	TRY(import_update_failed(db, s->id, s->failure, s->failure_row, st->c->now_us, e));
	return report(st, db, "import.failed", e);
}

static enum rc work(struct step *st, const struct files *files, struct error *e)
{
	struct store *db = st->c->db;

	if (st->i.state == IMPORT_MAPPED && str_eq(st->i.s.phase, STR("read")))
		return read_batch(st, files, e);
	pick_rows(st);
	return store_tx(db,
			st->i.state == IMPORT_MAPPED    ? check_tx
			: st->i.state == IMPORT_RUNNING ? run_tx
							: undo_tx,
			st, e);
}

enum rc import_step(struct core *c, const struct files *files, int64_t id, bool *ret_more,
		    struct error *e)
{
	struct step st = { .c = c };
	struct error failed;
	enum rc rc;

	/* The work is the machine's: rights were asked when it was decided. */
	const struct who nobody = { .role = ROLE_SUPER_ADMIN,
				    .account_id = COLUMN_NULL,
				    .branch_id = COLUMN_NULL,
				    .person_id = COLUMN_NULL };
	struct core own = *c;
	own.who = &nobody;
	st.c = &own;
	TRY(import_get(&own, id, &st.i, e));
	*ret_more = st.i.state == IMPORT_MAPPED || st.i.state == IMPORT_RUNNING ||
		    st.i.state == IMPORT_UNDOING;
	if (!*ret_more)
		return RC_OK;
	error_init(&failed);
	rc = work(&st, files, &failed);
	if (rc == RC_CONFLICT && failed.reason == REASON_CHANGED && failed.foreign == 0)
		return RC_OK; /* somebody else did it */
	if (rc == RC_OK || !is_final(&failed)) {
		if (rc != RC_OK)
			*e = failed;
		return rc;
	}
	st.i.s.failure = str_from(reason_code(failed.reason));
	st.i.s.failure_row = failed.arg;
	rc = store_tx(c->db, fail_tx, &st, e);
	return rc == RC_CONFLICT ? RC_OK : rc;
}

enum rc import_take(struct core *c, struct str holder, struct error *e)
{
	return lease_take(c->db, LEASE, holder, LEASE_S, c->arena, e);
}

enum rc import_due(struct core *c, int64_t *ret_id, struct error *e)
{
	const struct import_id_row *rows;
	size_t n;

	TRY(import_select_due(c->db, 1, c->arena, &rows, &n, e));
	*ret_id = n > 0 ? rows[0].id : 0;
	return RC_OK;
}

enum rc import_tidy(struct core *c, const struct files *files, struct error *e)
{
	const struct import_id_row *rows;
	size_t n;
	int64_t gone;

	TRY(import_drop_idle(c->db, c->now_us - IMPORT_IDLE_US, c->now_us, &gone, e));
	TRY(import_select_files(c->db, TIDY_MAX, c->arena, &rows, &n, e));
	for (size_t i = 0; i < n; i++) {
		TRY(files_import_remove(files, rows[i].file_id, e));
		TRY(import_forget_file(c->db, rows[i].id, e));
	}
	TRY(import_select_old(c->db, c->now_us - IMPORT_KEEP_US, TIDY_MAX, c->arena, &rows, &n, e));
	for (size_t i = 0; i < n; i++)
		TRY(import_rows_delete(c->db, rows[i].id, IMPORT_BATCH, &gone, e));
	return RC_OK;
}
