/*
 * Review of uploads.  See review.h.
 */
#include "core/upload/review.h"

#include "base/num.h"
#include "core/event/event.h"
#include "core/event/notify.h"
#include "core/session/change.h"
#include "store/review.h"

static const char *const state_names[REVIEW_STATE__MAX] = {
	[REVIEW_WAITING] = "waiting",
	[REVIEW_APPROVED] = "approved",
	[REVIEW_QUARANTINED] = "quarantined",
	[REVIEW_REMOVED] = "removed",
};

const char *review_state_name(enum review_state s)
{
	BUG((unsigned)s >= REVIEW_STATE__MAX);
	return state_names[s];
}

static enum review_state state_from(struct str name)
{
	for (enum review_state s = 0; s < REVIEW_STATE__MAX; s++)
		if (str_eq(name, str_from(state_names[s])))
			return s;
	BUG(true);
	return REVIEW_WAITING;
}

/* ---- reading ----------------------------------------------------------------------------- */

/* Which branches: 0 all.  asked: what the viewer wants to see, 0 for all of theirs. */
static enum rc scope_of(const struct core *c, int64_t asked, int64_t *ret_branch, struct error *e)
{
	const struct who *w = c->who;
	bool is_bound = rights_scope(w->role, ACTION_UPLOAD_REVIEW) != SCOPE_ALL;
	int64_t branch = asked || !is_bound ? asked : w->branch_id;

	if (branch || is_bound)
		TRY(rights_branch(w, ACTION_UPLOAD_REVIEW, branch, e));
	*ret_branch = branch;
	return RC_OK;
}

static struct review_row row_of(const struct review_stored *t)
{
	struct review_row row = {
		.id = t->id,
		.occurrence_id = t->occurrence_id,
		.branch_id = t->branch_id,
		.version = t->version,
		.state = state_from(t->review),
		.name = t->name,
		.description = t->description,
		.mime = t->mime,
		.extension = t->extension,
		.sha256 = t->sha256,
		.size = t->size,
		.created_at = t->created_at,
		.uploaded_by = t->uploaded_by,
		.uploader_name = t->uploader_name,
		.reviewed_at = t->reviewed_at,
		.reviewer_name = t->reviewer_name,
		.reason = t->reason,
		.title = t->title,
		.course_code = t->course_code,
		.teacher_name = t->teacher_name,
		.branch_name = t->branch_name,
		.zone = t->zone,
		.day = t->session_date,
		.start_tod = t->start_time,
	};

	BUG(!file_class_parse(t->class, &row.class));
	return row;
}

static enum rc rows_of(struct core *c, const struct review_stored *stored, size_t n,
		       const struct review_row **ret, struct error *e)
{
	struct review_row *rows = ARENA_ARRAY(c->arena, n, struct review_row);

	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		rows[i] = row_of(&stored[i]);
	*ret = rows;
	return RC_OK;
}

/* Days of the viewer's zone as instants. */
static enum rc put_period(struct core *c, const struct review_query *q, struct review_filter *f,
			  struct error *e)
{
	const struct zone *zone;

	f->from_at = NO_TIME;
	f->to_at = NO_TIME;
	if (q->from_day == NO_DAY && q->to_day == NO_DAY)
		return RC_OK;
	if (q->from_day != NO_DAY && q->to_day != NO_DAY && q->to_day < q->from_day)
		return ERROR_FIELD(e, "to", REASON_END_BEFORE_START, 0);
	TRY(zones_get(c->zones, c->who->zone, &zone, e));
	if (q->from_day != NO_DAY)
		f->from_at = zone_to_utc(zone, q->from_day, 0, NULL);
	if (q->to_day != NO_DAY)
		f->to_at = zone_to_utc(zone, q->to_day + 1, 0, NULL);
	return RC_OK;
}

enum rc review_list(struct core *c, const struct review_query *q, struct review_list *ret,
		    struct error *e)
{
	int64_t page = q->page < 1 ? 1 : q->page;
	size_t offset = (size_t)(page - 1) * REVIEW_PAGE, n = 0;
	const struct review_stored *stored = NULL;
	struct review_filter f = {
		.review = str_from(review_state_name(q->state)),
		.class = q->has_class ? str_from(file_class_name(q->class)) : STR(""),
		.teacher_id = q->teacher_id,
		.course_id = q->course_id,
		.is_newest_first = q->state != REVIEW_WAITING,
	};
	struct review_list out = { .page = page };

	TRY(scope_of(c, q->branch_id, &f.branch_id, e));
	TRY(put_period(c, q, &f, e));
	if (page <= REVIEW_TOTAL_MAX / REVIEW_PAGE)
		TRY(review_select(c->db, &f, REVIEW_PAGE, offset, c->arena, &stored, &n, e));
	TRY(rows_of(c, stored, n, &out.rows, e));
	out.n_rows = n;
	TRY(review_total(c->db, &f, REVIEW_TOTAL_MAX + 1, c->arena, &out.total, e));
	out.is_more = out.total > REVIEW_TOTAL_MAX;
	if (out.is_more)
		out.total = REVIEW_TOTAL_MAX;
	*ret = out;
	return RC_OK;
}

enum rc review_count_waiting(struct core *c, size_t limit, int64_t *ret_n, struct error *e)
{
	struct review_filter f = { .review = STR("waiting"), .from_at = NO_TIME, .to_at = NO_TIME };

	TRY(scope_of(c, 0, &f.branch_id, e));
	return review_total(c->db, &f, limit, c->arena, ret_n, e);
}

/* "[1,2]" */
static struct str ids_json(struct core *c, const struct review_choice *v, size_t n)
{
	struct buf b;

	buf_init(&b, c->arena, 16 + n * 8, 16 + n * 22);
	buf_char(&b, '[');
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%lld", i ? "," : "", (long long)v[i].attachment_id);
	buf_char(&b, ']');
	return buf_ok(&b) ? buf_str(&b) : (struct str){ 0 };
}

/* The facts of v, each once, in the order of their ids; all must be the viewer's to review. */
static enum rc read_choices(struct core *c, struct store *s, const struct review_choice *v,
			    size_t n, const struct review_row **ret_rows, size_t *ret_n,
			    struct error *e)
{
	struct str ids = ids_json(c, v, n);
	const struct review_stored *stored;
	int64_t ignored;
	size_t n_rows;

	TRY(scope_of(c, 0, &ignored, e));
	if (!ids.p)
		return ERROR_MEMORY(e);
	TRY(review_read(s, ids, c->arena, &stored, &n_rows, e));
	for (size_t i = 0; i < n_rows; i++)
		TRY(rights_branch(c->who, ACTION_UPLOAD_REVIEW, stored[i].branch_id, e));
	for (size_t i = 0; i < n; i++) {
		bool is_there = false;

		for (size_t k = 0; k < n_rows && !is_there; k++)
			is_there = stored[k].id == v[i].attachment_id;
		if (!is_there)
			return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "attachment %lld",
				     (long long)v[i].attachment_id);
	}
	*ret_n = n_rows;
	return rows_of(c, stored, n_rows, ret_rows, e);
}

enum rc review_get(struct core *c, int64_t attachment_id, struct review_row *ret, struct error *e)
{
	const struct review_choice one = { attachment_id, 0 };
	const struct review_row *rows;
	size_t n;

	TRY(read_choices(c, c->db, &one, 1, &rows, &n, e));
	*ret = rows[0];
	return RC_OK;
}

static size_t options_of(const struct review_option_stored *v, size_t n, struct str kind,
			 struct review_option *out)
{
	size_t n_out = 0;

	for (size_t i = 0; i < n; i++)
		if (str_eq(v[i].kind, kind))
			out[n_out++] = (struct review_option){ v[i].id, v[i].name };
	return n_out;
}

enum rc review_choices(struct core *c, struct review_options_list *ret, struct error *e)
{
	const struct review_option_stored *stored;
	struct review_option *out;
	struct review_options_list l;
	int64_t branch;
	size_t n;

	TRY(scope_of(c, 0, &branch, e));
	TRY(review_options(c->db, branch, c->arena, &stored, &n, e));
	out = ARENA_ARRAY(c->arena, n, struct review_option);
	if (!out)
		return ERROR_MEMORY(e);
	l.branches = out;
	l.n_branches = options_of(stored, n, STR("branch"), out);
	l.teachers = out += l.n_branches;
	l.n_teachers = options_of(stored, n, STR("teacher"), out);
	l.courses = out += l.n_teachers;
	l.n_courses = options_of(stored, n, STR("course"), out);
	*ret = l;
	return RC_OK;
}

/* ---- deciding ------------------------------------------------------------------------------ */

static const struct {
	const char *action, *state;
	enum review_state result;
} effects[REVIEW_DECISION__MAX] = {
	[REVIEW_APPROVE] = { "file.approved", "stored", REVIEW_APPROVED },
	[REVIEW_QUARANTINE] = { "file.quarantined", "quarantined", REVIEW_QUARANTINED },
	[REVIEW_REOPEN] = { "file.reopened", "stored", REVIEW_WAITING },
};

struct job {
	struct core *c;
	const struct review_choice *v;
	size_t n;
	enum review_decision decision;
	struct str reason;
	struct review_done done;
};

/* Is it as the admin saw it, and does the decision change anything? */
static bool fits(const struct job *j, const struct review_locked *l)
{
	enum review_state state = state_from(l->review);

	if (state == REVIEW_REMOVED || state == effects[j->decision].result)
		return false;
	for (size_t i = 0; i < j->n; i++)
		if (j->v[i].attachment_id == l->id)
			return j->v[i].version == 0 || j->v[i].version == l->version;
	return false;
}

static enum rc write_trail(const struct job *j, struct store *s, const struct review_row *row,
			   enum review_state from, struct error *e)
{
	struct audit_entry entry = { .action = effects[j->decision].action,
				     .object = "occurrence",
				     .object_id = row->occurrence_id,
				     .branch_id = row->branch_id };
	struct audit_detail d;

	audit_detail_begin(&d, j->c->arena);
	json_out_key_i64(&d.o, "attachment", row->id);
	json_out_key_str(&d.o, "from", str_from(review_state_name(from)));
	TRY(audit_detail_end(&d, &entry.detail, e));
	return audit_add(s, j->c, &entry, e);
}

/* Who uploaded it gets a notification, and admins' lists an event. */
static enum rc tell_one(struct job *j, struct store *s, const struct review_row *row,
			struct notify_item *ret, struct error *e)
{
	const char *state = review_state_name(effects[j->decision].result);
	struct event_new event = { .type = EVENT_UPLOAD_REVIEWED,
				   .branch_id = row->branch_id,
				   .account_id = row->uploaded_by };

	event.payload =
		arena_printf(j->c->arena, "{\"file\":%lld,\"occurrence\":%lld,\"state\":\"%s\"}",
			     (long long)row->id, (long long)row->occurrence_id, state);
	if (!event.payload.p)
		return ERROR_MEMORY(e);
	*ret = (struct notify_item){ .entity_id = row->occurrence_id,
				     .account_id = row->uploaded_by,
				     .person_id = COLUMN_NULL,
				     .params = { .title = row->title,
						 .who = row->name,
						 .code = str_from(state),
						 .text = j->reason,
						 .has_when = true,
						 .day = row->day,
						 .start = row->start_tod,
						 .end = NO_DAY } };
	return event_add(j->c, s, &event, e);
}

static const struct review_row *row_by_id(const struct review_row *rows, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].id == id)
			return &rows[i];
	return NULL;
}

static enum rc decide_tx(struct store *s, void *arg, struct error *e)
{
	struct job *j = arg;
	struct core *c = j->c;
	struct review_choice *fit = ARENA_ARRAY(c->arena, j->n, struct review_choice);
	struct notify_item *told = ARENA_ARRAY(c->arena, j->n, struct notify_item);
	const struct review_locked *locked;
	const struct review_row *rows;
	size_t n_rows, n_locked, n_fit = 0;
	bool is_open = j->decision == REVIEW_REOPEN;
	struct str ids = ids_json(c, j->v, j->n);

	if (!fit || !told || !ids.p)
		return ERROR_MEMORY(e);
	TRY(read_choices(c, s, j->v, j->n, &rows, &n_rows, e));
	TRY(review_lock(s, ids, c->arena, &locked, &n_locked, e));
	for (size_t i = 0; i < n_locked; i++) {
		const struct review_row *row = row_by_id(rows, n_rows, locked[i].id);

		if (!row || !fits(j, &locked[i]))
			continue;
		TRY(write_trail(j, s, row, state_from(locked[i].review), e));
		TRY(tell_one(j, s, row, &told[n_fit], e));
		fit[n_fit++] = (struct review_choice){ locked[i].id, 0 };
	}
	j->done = (struct review_done){ (int64_t)n_fit, (int64_t)(n_rows - n_fit) };
	if (!n_fit)
		return RC_OK;
	if (!is_open)
		TRY(notify_many(c, s, NOTIFY_UPLOAD_REVIEWED, rows[0].branch_id, told, n_fit, e));
	ids = ids_json(c, fit, n_fit);
	if (!ids.p)
		return ERROR_MEMORY(e);
	return review_write(s, ids, str_from(effects[j->decision].state), c->who->account_id,
			    is_open ? NO_TIME : c->now_us, j->reason, e);
}

enum rc review_decide(struct core *c, const struct review_choice *v, size_t n,
		      enum review_decision decision, struct str reason, struct review_done *ret,
		      struct error *e)
{
	struct job j = { .c = c, .v = v, .n = n, .decision = decision };

	if (!n)
		return ERROR_FIELD(e, "file", REASON_REQUIRED, 0);
	if (n > REVIEW_CHOICES_MAX)
		return ERROR_FIELD(e, "file", REASON_TOO_LARGE, REVIEW_CHOICES_MAX);
	if (decision == REVIEW_QUARANTINE) {
		TRY(line_clean(reason, REVIEW_REASON_MAX, "reason", &j.reason, e));
		if (!j.reason.n)
			return ERROR_FIELD(e, "reason", REASON_REASON_MISSING, 0);
	}
	TRY(store_tx(c->db, decide_tx, &j, e));
	*ret = j.done;
	return RC_OK;
}
