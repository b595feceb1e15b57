/*
 * Marks of the console: saved, taken back, and what happens when two teachers mark at once.
 *
 * The form carries for each student the mark it shows and what it was made from ("p4":
 * present, version 4), so that only what the teacher changed is sent on.  A student whose
 * mark moved on meanwhile is left alone and shown with both choices.
 */
#include "base/num.h"
#include "pages/console.h"
#include "pages/console_view.h"
#include "view/live.h"
#include "view/text.h"

struct marks_in {
	int64_t id;
	int show, rest;
	struct str q, one, why;
};
static const char *const rest_words[] = { "p", "l", "e", "a", NULL };
FIELDS(register_save_fields, marks_in, FIELD(ID, marks_in, id, PATH),
       FIELD(CHOICE, marks_in, show, FORM, .words = console_show_words),
       FIELD(CHOICE, marks_in, rest, FORM, .words = rest_words, .fallback = -1),
       FIELD(TEXT, marks_in, q, FORM, .max = 200), FIELD(TEXT, marks_in, one, FORM, .max = 60),
       FIELD(TEXT, marks_in, why, FORM, .max = 10000));

/* ---- reading the form ----------------------------------------------------------------------- */

/* "201-p-4": student, mark, and the version it was made from. */
static bool one_from(struct str s, struct register_mark *ret)
{
	struct str rest = s, part[3];

	for (size_t i = 0; i < ARRAY_LEN(part); i++)
		if (!str_split(&rest, '-', &part[i]))
			return false;
	*ret = (struct register_mark){ 0 };
	return num_i64(part[0], 1, INT64_MAX, &ret->person_id) &&
	       mark_from_key(part[1], &ret->mark) && num_i64(part[2], 0, INT64_MAX, &ret->version);
}

/* "p4" */
static bool from_of(struct str s, enum mark *ret_mark, int64_t *ret_version)
{
	return s.n > 1 && mark_from_key(str_sub(s, 0, 1), ret_mark) &&
	       num_i64(str_from_pos(s, 1), 0, INT64_MAX, ret_version);
}

/* What stood in o201 when the form was made; a browser that sends none loses nothing either. */
static bool made_from(const struct pairs *form, size_t near, struct str person, enum mark *ret_mark,
		      int64_t *ret_version)
{
	/* It stands right behind its mark. */
	for (size_t k = 0; k < form->n; k++) {
		const struct pair *p = &form->v[(near + k) % form->n];

		if (p->name.n == person.n + 1 && p->name.p[0] == 'o' &&
		    str_eq(str_from_pos(p->name, 1), person))
			return from_of(p->value, ret_mark, ret_version);
	}
	return false;
}

/* m201=p with o201=n0 …: those that differ. */
static enum rc changed_marks(struct req *q, struct register_mark **ret, size_t *ret_n,
			     struct error *e)
{
	struct register_mark *out = ARENA_ARRAY(q->core.arena, q->form.n, struct register_mark);
	size_t n = 0;

	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < q->form.n; i++) {
		const struct pair *p = &q->form.v[i];
		struct register_mark *m = &out[n];
		struct str person = str_from_pos(p->name, 1);
		enum mark was;

		if (p->name.n < 2 || p->name.p[0] != 'm' ||
		    !num_i64(person, 1, INT64_MAX, &m->person_id))
			continue;
		if (!mark_from_key(p->value, &m->mark) ||
		    !made_from(&q->form, i, person, &was, &m->version))
			return ERROR_FIELD(e, "mark", REASON_NOT_A_CHOICE, 0);
		n += m->mark != was;
	}
	*ret = out;
	*ret_n = n;
	return RC_OK;
}

/* ---- clashes -------------------------------------------------------------------------------- */

static struct str clash_text(struct page *p, struct str who, struct str now)
{
	return text_fill(p->arena,
			 who.n ? page_text(p, N_("{name} set {now} meanwhile."))
			       : page_text(p, N_("It became {now} meanwhile.")),
			 (const struct text_hole[]){ { "name", who }, { "now", now } }, 2);
}

static struct str label_of(struct page *p, const struct view_mark marks[4], enum mark m)
{
	return m == MARK_NONE ? page_text(p, N_("No mark")) : marks[m - 1].label;
}

/* The row keeps the choice of the one who comes second, and says what stands there. */
static void show_clash(struct console *c, struct view_register_row *row,
		       const struct register_mark *m)
{
	struct str now = label_of(&c->page, c->v.marks, row->r->mark);

	row->clash = (struct view_clash){
		.text = clash_text(&c->page, row->r->set_by_name, now),
		.now_key = row->key,
		.now_label = now,
		.want_label = label_of(&c->page, c->v.marks, m->mark),
		.want = arena_printf(c->page.arena, "%lld-%s-%lld", (long long)m->person_id,
				     mark_key(m->mark), (long long)row->r->version),
	};
	row->is_hidden = false;
	c->v.has_clash = true;
}

/* Those that were not taken: somebody changed them since. */
static void show_clashes(struct console *c, const struct register_mark *marks, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		for (size_t i = 0; i < c->v.n_rows; i++) {
			struct view_register_row *row = &c->v.rows[i];

			if (row->r->person_id == marks[k].person_id &&
			    row->r->mark != marks[k].mark)
				show_clash(c, row, &marks[k]);
		}
	}
}

/* ---- answers -------------------------------------------------------------------------------- */

static const struct form_field marks_form_fields[] = {
	{ "why", "why", N_("Reason for the change") },
	{ "mark", "register", N_("Mark") },
	{ "person_id", "register", N_("Student") },
};

/* The page again with what failed: an error, or clashes. */
static enum rc show_again(struct req *q, struct resp *r, const struct marks_in *in,
			  const struct register_mark *marks, size_t n, const struct error *failed,
			  struct error *e)
{
	struct console c;

	TRY(console_read(q, in->id, in->show < 0 ? CONSOLE_ALL : (enum console_show)in->show, in->q,
			 &c, e));
	c.page.view.here = arena_printf(c.page.arena, "/attendance/%lld", (long long)in->id);
	if (failed->rc == RC_OK) {
		r->status = 409;
		show_clashes(&c, marks, n);
	} else {
		r->status = failed->rc == RC_CONFLICT ? 409 : 422;
		c.v.why = req_raw(q, "why");
		c.v.why_error = field_error(c.page.arena, c.page.lang, failed, "why", "why-e");
		c.v.is_locked = c.v.is_locked || c.v.why_error.text.n > 0;
		c.v.errors = form_errors(c.page.arena, c.page.lang, failed, marks_form_fields,
					 ARRAY_LEN(marks_form_fields));
		/* What was chosen stays chosen. */
		for (size_t k = 0; k < n; k++)
			for (size_t i = 0; i < c.v.n_rows; i++)
				if (c.v.rows[i].r->person_id == marks[k].person_id)
					c.v.rows[i].chosen = marks[k].mark;
	}
	console_draw(q, r, &c);
	return RC_OK;
}

/* The first sentence that tells a person what is wrong. */
static struct str sentence(struct req *q, const struct error *e)
{
	if (e->n_fields > 0)
		return reason_sentence(q->core.arena, q->lang, e->fields[0].reason,
				       e->fields[0].arg);
	return reason_sentence(q->core.arena, q->lang, e->reason, e->arg);
}

static void json_error(struct req *q, struct resp *r, const struct error *failed)
{
	struct json_out o;

	r->status = failed->rc == RC_CONFLICT ? 409 : 422;
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_str(&o, "error", sentence(q, failed));
	json_out_key_bool(&o, "needs_why",
			  failed->n_fields > 0 && strcmp(failed->fields[0].field, "why") == 0);
	json_out_object_end(&o);
}

/* What the page has to know after a change: rows of those marked, counts, the act. */
static enum rc json_done(struct req *q, struct resp *r, int64_t id,
			 const struct register_mark *marks, size_t n,
			 const struct register_done *done, struct error *e)
{
	struct view_register_row *rows;
	struct console c = { 0 };
	struct json_out o;

	TRY(attendance_see(&q->core, id, &c.s, e));
	TRY(page_init(&c.page, q, c.s.title, e));
	TRY(register_get(&q->core, &c.s, &c.l, e));
	TRY(attendance_marks(&q->core, q->lang, c.v.marks, e));
	TRY(register_view_rows(&q->core, q->lang, &c.s, &c.l, c.v.marks, &rows, e));
	if (done->n_conflicts > 0 && n == 1)
		r->status = 409;
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_cz(&o, "act", done->act);
	json_out_key_i64(&o, "changed", done->n_changed);
	json_out_key_i64(&o, "conflicts", done->n_conflicts);
	json_out_key_str(&o, "by", done->conflict_by);
	live_counts(&o, &c.l);
	json_out_key_array(&o, "rows");
	for (size_t i = 0; i < c.l.n_rows; i++) {
		bool is_of_it = n == 0;

		for (size_t k = 0; k < n && !is_of_it; k++)
			is_of_it = marks[k].person_id == c.l.rows[i].person_id;
		if (is_of_it)
			live_row(&o, &rows[i]);
	}
	json_out_array_end(&o);
	json_out_object_end(&o);
	return buf_ok(&r->body) ? RC_OK : ERROR_MEMORY(e);
}

/* ---- marking -------------------------------------------------------------------------------- */

static enum rc set_marks(struct req *q, const struct marks_in *in, struct register_mark **ret,
			 size_t *ret_n, struct register_done *done, struct error *e)
{
	struct register_done rest;

	if (in->one.n) {
		*ret = ARENA_ARRAY(q->core.arena, 1, struct register_mark);
		*ret_n = 0;
		if (!*ret)
			return ERROR_MEMORY(e);
		if (!one_from(in->one, *ret))
			return ERROR_FIELD(e, "mark", REASON_NOT_A_CHOICE, 0);
		*ret_n = 1;
	} else {
		TRY(changed_marks(q, ret, ret_n, e));
	}
	if (*ret_n > 0)
		TRY(register_set(&q->core, in->id, *ret, *ret_n, in->why, done, e));
	if (in->rest < 0 || in->one.n)
		return RC_OK;
	TRY(register_rest(&q->core, in->id, (enum mark)(in->rest + MARK_PRESENT), in->why, &rest,
			  e));
	if (rest.n_changed > 0) {
		memcpy(done->act, rest.act, sizeof done->act);
		done->n_changed += rest.n_changed;
	}
	return RC_OK;
}

enum rc page_register_save(struct req *q, struct resp *r, struct error *e)
{
	struct register_done done = { 0 };
	struct register_mark *marks = NULL;
	struct attendance s;
	struct marks_in in;
	struct error failed;
	size_t n = 0;
	enum rc rc;

	rc = req_read(q, &in, e);
	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	failed = *e;
	error_init(e);
	TRY(attendance_get_to_work(&q->core, in.id, &s, e));
	*e = failed;
	if (rc == RC_OK)
		rc = set_marks(q, &in, &marks, &n, &done, e);
	if (page_is_form_error(rc)) {
		failed = *e;
		error_init(e);
		if (q->wants_json) {
			json_error(q, r, &failed);
			return RC_OK;
		}
		return show_again(q, r, &in, marks, n, &failed, e);
	}
	TRY(rc);
	if (q->wants_json)
		return json_done(q, r, in.id, marks, in.rest >= 0 ? 0 : n, &done, e);
	error_init(&failed);
	if (done.n_conflicts > 0)
		return show_again(q, r, &in, marks, n, &failed, e);
	return attendance_redirect(q, r, in.id, AFLASH_MARKED, done.n_changed, 0, done.act, e);
}

struct undo_in {
	int64_t id;
	struct str act;
};
FIELDS(undo_fields, undo_in, FIELD(ID, undo_in, id, PATH),
       FIELD(TEXT, undo_in, act, FORM, .required = true, .max = 32));

enum rc page_undo(struct req *q, struct resp *r, struct error *e)
{
	struct register_done done;
	struct undo_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = register_undo(&q->core, in.id, in.act, &done, e);
	if (q->wants_json && page_is_form_error(rc)) {
		struct error failed = *e;

		error_init(e);
		json_error(q, r, &failed);
		return RC_OK;
	}
	TRY(rc);
	if (q->wants_json)
		return json_done(q, r, in.id, NULL, 0, &done, e);
	return attendance_redirect(q, r, in.id, AFLASH_UNDONE, done.n_changed, done.n_conflicts,
				   NULL, e);
}
