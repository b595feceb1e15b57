/*
 * From core's rows to what the page of one session shows.
 */
#include "pages/session_view.h"

#include "codec/url.h"
#include "core/session/code.h"
#include "core/wall.h"
#include "pages/attendance_form.h"
#include "pages/sessions_view.h"
#include "view/text.h"
#include "view/tpl_pages_session.h"
#include "web/worker.h"

/* ---- notes --------------------------------------------------------------------------- */

enum rc note_view(const struct core *c, struct str zone, const struct note_row *n,
		  struct view_note *ret, struct error *e)
{
	struct view_note_version *out =
		ARENA_ARRAY(c->arena, n->n_history, struct view_note_version);
	struct wall at = core_wall(c, zone, n->created_at);

	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n->n_history; i++) {
		const struct note_version *old = &n->history[n->n_history - 1 - i];
		struct wall edited = core_wall(c, zone, old->edited_at);

		out[i] = (struct view_note_version){ old, edited.day, edited.tod };
	}
	*ret = (struct view_note){ .n = n,
				   .day = at.day,
				   .tod = at.tod,
				   .is_edited = n->updated_at != NO_TIME,
				   .resolved_day = core_wall(c, zone, n->resolved_at).day,
				   .deleted_day = core_wall(c, zone, n->deleted_at).day,
				   .history = out,
				   .n_history = n->n_history };
	return RC_OK;
}

/* filter: enum note_type + 1; 0: all. */
static enum rc notes_view(struct session_page *s, const struct note_row *rows, size_t n_rows,
			  int filter, const struct view_note **ret, size_t *ret_n, struct error *e)
{
	struct view_note *out = ARENA_ARRAY(s->page.arena, n_rows, struct view_note);
	size_t n = 0;

	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n_rows; i++) {
		if (filter == 0 || (int)rows[i].type == filter - 1)
			TRY(note_view(s->page.core, s->d.zone, &rows[i], &out[n++], e));
	}
	*ret = out;
	*ret_n = n;
	return RC_OK;
}

static enum rc fill_notes(struct session_page *s, const struct session_look *look, struct error *e)
{
	const struct note_row *rows;
	size_t n;

	TRY(note_list(s->page.core, look->id, &rows, &n, e));
	TRY(notes_view(s, rows, n, look->note_filter, &s->v.notes, &s->v.n_notes, e));
	if (!s->page.view.is_admin)
		return RC_OK;
	TRY(note_list_deleted(s->page.core, look->id, &rows, &n, e));
	return notes_view(s, rows, n, 0, &s->v.deleted_notes, &s->v.n_deleted_notes, e);
}

static enum rc fill_note_filters(struct session_page *s, const struct session_look *look,
				 struct error *e)
{
	static const char *const names[] = { N_("All"), N_("General"), N_("Follow-ups"),
					     N_("Issues"), N_("Achievements") };
	struct view_filter *out = ARENA_ARRAY(s->page.arena, ARRAY_LEN(names), struct view_filter);

	if (!out)
		return ERROR_MEMORY(e);
	for (int i = 0; i < (int)ARRAY_LEN(names); i++) {
		const char *word = i == 0 ? "all" : note_type_name((enum note_type)(i - 1));

		out[i].name = page_text(&s->page, names[i]);
		out[i].is_chosen = i == look->note_filter;
		out[i].href = arena_printf(s->page.arena, "/sessions/%lld?notes=%s#notes",
					   (long long)look->id, word);
	}
	s->v.note_filters = out;
	s->v.n_note_filters = ARRAY_LEN(names);
	return RC_OK;
}

/* ---- files --------------------------------------------------------------------------------- */

static bool is_sheet(struct str mime)
{
	return str_find(mime, STR("excel")) != SIZE_MAX ||
	       str_find(mime, STR("spreadsheet")) != SIZE_MAX;
}

static const char *kind_of(enum file_class class, struct str mime)
{
	switch (class) {
	case FILE_CLASS_PDF:
		return "pdf";
	case FILE_CLASS_VIDEO:
		return "video";
	case FILE_CLASS_AUDIO:
		return "audio";
	case FILE_CLASS_IMAGE:
		return "image";
	case FILE_CLASS_DOCUMENT:
	case FILE_CLASS__MAX:
		break;
	}
	return is_sheet(mime) ? "sheet" : "doc";
}

/* "PDF" from the name; extensions are ASCII. */
static struct str badge_text(struct arena *a, struct str name)
{
	struct str extension = utf8_prefix(filetype_extension(name), 5);
	char *out = arena_alloc(a, extension.n);

	if (!out)
		return (struct str){ 0 };
	for (size_t i = 0; i < extension.n; i++)
		out[i] = ascii_upper(extension.p[i]);
	return str_make(out, extension.n);
}

struct view_badge file_badge(struct arena *a, enum file_class class, struct str mime,
			     struct str name)
{
	return (struct view_badge){ kind_of(class, mime), badge_text(a, name), class,
				    is_sheet(mime) };
}

enum rc file_view(struct page *p, struct str zone, const struct attachment_row *a,
		  struct view_file *ret, struct error *e)
{
	struct wall at = core_wall(p->core, zone, a->created_at);
	struct buf href;

	buf_init(&href, p->arena, 64 + a->name.n, 4096);
	buf_printf(&href, "/files/%lld/", (long long)a->id);
	url_segment(&href, a->name);
	if (!buf_ok(&href))
		return ERROR_MEMORY(e);
	*ret = (struct view_file){ .a = a,
				   .badge = file_badge(p->arena, a->class, a->mime, a->name),
				   .href = buf_str(&href),
				   .day = at.day,
				   .tod = at.tod };
	ret->view_href = arena_printf(p->arena, "/files/%lld/view", (long long)a->id);
	return ret->view_href.p ? RC_OK : ERROR_MEMORY(e);
}

static enum rc fill_files(struct session_page *s, struct error *e)
{
	const struct attachment_row *rows;
	struct view_file *out;
	size_t n;

	TRY(attachment_list(s->page.core, s->d.row.id, &rows, &n, e));
	out = ARENA_ARRAY(s->page.arena, n, struct view_file);
	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		TRY(file_view(&s->page, s->d.zone, &rows[i], &out[i], e));
		s->v.files_bytes += rows[i].size;
	}
	s->v.files = out;
	s->v.n_files = n;
	return RC_OK;
}

static void fill_upload(struct session_page *s)
{
	struct page *p = &s->page;

	s->v.accept = filetype_accept();
	s->v.file_max = p->core->config->upload_max_bytes;
	s->v.file_max_mb = s->v.file_max / (1024 * 1024);
	s->v.texts = (struct view_upload_texts){
		.bad_type = page_text(p, reason_text(REASON_FILE_TYPE)),
		.too_big = page_text(p, reason_text(REASON_FILE_TOO_BIG)),
		.empty = page_text(p, reason_text(REASON_FILE_EMPTY)),
		.cancel = page_text(p, N_("Cancel the upload of {name}")),
		.dismiss = page_text(p, N_("Dismiss {name}")),
		.label = page_text(p, N_("Upload of {name}")),
		.progress = page_text(p, N_("Uploading, {done} of {total} MB")),
		.done = page_text(p, N_("{name} is added.")),
	};
}

static enum rc fill_unfinished(struct session_page *s, const struct files *files, struct error *e)
{
	const struct resumable *rows;
	struct view_unfinished *out;
	size_t n;

	TRY(resumable_list(s->page.core, files, s->d.row.id, &rows, &n, e));
	out = ARENA_ARRAY(s->page.arena, n, struct view_unfinished);
	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		struct wall until = core_wall(s->page.core, s->d.zone, rows[i].expires_at);

		out[i] = (struct view_unfinished){ &rows[i], until.day, until.tod };
	}
	s->v.unfinished = out;
	s->v.n_unfinished = n;
	return RC_OK;
}

/* ---- audit trail ------------------------------------------------------------------------------
 */

static enum rc fill_trail(struct session_page *s, const struct session_look *look, struct error *e)
{
	size_t limit = look->whole_trail ? SESSION_TRAIL_ALL : SESSION_TRAIL_SHORT;
	const struct session_trail_row *rows;
	struct view_trail *out;
	size_t n;

	TRY(session_trail(s->page.core, &s->d, limit, &rows, &n, e));
	out = ARENA_ARRAY(s->page.arena, n, struct view_trail);
	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		struct wall at = core_wall(s->page.core, s->d.zone, rows[i].at);

		out[i] = (struct view_trail){ at.day, at.tod, trail_sentence(&s->page, &rows[i]),
					      rows[i].actor_name, rows[i].file_name };
	}
	s->v.trail = out;
	s->v.n_trail = n;
	if (s->d.n_trail > (int64_t)n && !look->whole_trail)
		s->v.trail_all = arena_printf(s->page.arena, "/sessions/%lld?audit=all#audit",
					      (long long)look->id);
	return RC_OK;
}

/* ---- the head
 * ------------------------------------------------------------------------------------ */

static struct str time_of(struct arena *a, int32_t tod)
{
	char text[6];

	return arena_str(a, tod_format_hm(tod, text));
}

static void fill_times(struct session_page *s)
{
	const struct session_row *row = &s->d.row;
	struct arena *a = s->page.arena;
	bool is_held = row->actual_start_tod != NO_DAY && row->actual_end_tod != NO_DAY;
	struct str label;

	if (is_held)
		label = TEXT_FILL(a, s->page.lang,
				  N_("Scheduled {start} to {end}. Held {from} to {to}."),
				  { "start", time_of(a, row->start_tod) },
				  { "end", time_of(a, row->end_tod) },
				  { "from", time_of(a, row->actual_start_tod) },
				  { "to", time_of(a, row->actual_end_tod) });
	else
		label = TEXT_FILL(a, s->page.lang, N_("Scheduled {start} to {end}."),
				  { "start", time_of(a, row->start_tod) },
				  { "end", time_of(a, row->end_tod) });
	times_draw(&s->v.times, a, row->start_tod, row->end_tod, row->actual_start_tod,
		   row->actual_end_tod, label, s->page.is_rtl);
}

/* Where "back" leads: the list this session stands in. */
static void fill_back(struct session_page *s)
{
	static const struct catalogue_key completed = NC_("list", "Completed");
	enum session_tab tab = SESSION_TAB_UPCOMING;

	s->v.tab_label = page_text(&s->page, N_("Upcoming"));

	if (s->d.row.state == SESSION_COMPLETED || s->d.row.state == SESSION_CHECKED) {
		tab = SESSION_TAB_COMPLETED;
		s->v.tab_label = catalogue_text_ctx(s->page.lang, completed);
	} else if (s->d.row.state == SESSION_CANCELLED) {
		tab = SESSION_TAB_HISTORY;
		s->v.tab_label = page_text(&s->page, N_("History"));
	}
	s->v.tab_name = sessions_tab_name(tab);
}

/* ---- attendance ---------------------------------------------------------------------------- */

static enum rc fill_attendance(struct session_page *s, struct error *e)
{
	struct view_session_attendance *v = &s->v.attendance;
	const struct core *c = s->page.core;
	struct policy policy;
	int64_t from;
	size_t n;

	v->session_id = s->d.row.id;
	v->has_roster = s->d.row.course_id != COLUMN_NULL || s->d.row.class_id != COLUMN_NULL;
	TRY(attendance_briefs(s->page.core, &s->d.row.id, 1, &v->brief, &n, e));
	if (n > 0 && v->brief->id != COLUMN_NULL) {
		v->is_running = !str_eq(v->brief->state, STR("closed"));
		v->n_here = v->is_running ? 0 : v->brief->n_present + v->brief->n_late;
		return RC_OK;
	}
	v->brief = NULL;
	TRY(attendance_policy_of(s->page.core, &s->d, &policy, e));
	v->may_open = attendance_may_open(c, &s->d, &policy, &from);
	v->is_early = c->now_us < from;
	v->from_day = core_wall(c, s->d.zone, from).day;
	v->from_tod = core_wall(c, s->d.zone, from).tod;
	return v->may_open && !v->is_early ? attendance_form_new(&s->page, &policy, &v->form, e)
					   : RC_OK;
}

static void fill_head(struct session_page *s)
{
	struct wall completed = core_wall(s->page.core, s->d.zone, s->d.completed_at);
	struct wall checked = core_wall(s->page.core, s->d.zone, s->d.checked_at);

	s->v.d = &s->d;
	s->v.row = session_row_view(&s->d.row, true);
	s->v.date = (struct view_today){ s->d.row.day, 0 };
	s->v.over = delay_of(s->d.row.over_min, &s->v.over_min);
	s->v.completed_day = completed.day;
	s->v.completed_tod = completed.tod;
	s->v.checked_day = checked.day;
	s->v.note_form.session_id = s->d.row.id;
	s->v.note_form.text_error.id = "n-text-e";
	s->v.note_form.due_error.id = "n-due-e";
}

/* Only what was generated here, and stands for a session that was held. */
static void fill_verify(struct session_page *s, const struct req *q)
{
	const struct session_row *row = &s->d.row;
	bool is_held = row->state == SESSION_COMPLETED || row->state == SESSION_CHECKED;

	if (is_held && s->d.code_generated && code_is_long(row->code))
		s->v.verify = arena_printf(s->page.arena, "%.*s/verify/%.*s", STR_ARG(q->host),
					   STR_ARG(row->code));
}

enum rc session_page_read(struct req *q, const struct session_look *look, struct session_page *ret,
			  struct error *e)
{
	TRY(session_get(&q->core, look->id, &ret->d, e));
	TRY(page_init(&ret->page, q, ret->d.row.title, e));
	ret->v = (struct view_session){ 0 };
	ret->page.view.nav = NAV_SESSIONS;
	ret->page.view.has_htmx = true;
	if (ret->d.may_add_file)
		ret->page.view.module = MODULE_UPLOAD;
	fill_head(ret);
	fill_back(ret);
	fill_times(ret);
	fill_verify(ret, q);
	fill_upload(ret);
	TRY(fill_notes(ret, look, e));
	TRY(fill_note_filters(ret, look, e));
	TRY(fill_files(ret, e));
	TRY(fill_attendance(ret, e));
	if (ret->d.may_add_file && q->worker->web->files)
		TRY(fill_unfinished(ret, q->worker->web->files, e));
	return fill_trail(ret, look, e);
}

void session_page_draw(struct req *q, struct resp *r, struct session_page *s)
{
	struct tpl t = req_tpl(q, r);

	s->v.page = &s->page.view;
	s->v.flash.id = s->d.row.id;
	s->v.flash.version = s->d.row.version;
	s->v.flash.title = s->d.row.title;
	s->v.flash.code = s->d.row.code;
	s->v.flash.can_undo = s->d.may_undo;
	tpl_pages_session(&t, &s->v);
}
