/*
 * One's own account and preferences.
 */
#include "pages/account.h"

#include "core/identity/account.h"
#include "core/identity/auth.h"
#include "core/identity/password.h"
#include "core/wall.h"
#include "pages/page.h"
#include "view/account.h"
#include "view/tpl_pages_account.h"

#define PREFERENCE_COOKIE_S (365 * 86400)

struct account_look {
	struct str done;
};
FIELDS(account_fields, account_look, FIELD(TEXT, account_look, done, QUERY));

static const struct form_field form_fields[] = {
	{ "current_password", "w-old", N_("Current password") },
	{ "old", "w-old", N_("Current password") },
	{ "new_password", "w-new", N_("New password") },
	{ "new", "w-new", N_("New password") },
	{ "repeat_password", "w-again", N_("New password again") },
	{ "again", "w-again", N_("New password again") },
};

static struct view_field_error either(struct page *p, const struct error *e, const char *name,
				      const char *other, const char *id)
{
	struct view_field_error f = field_error(p->arena, p->lang, e, name, id);

	return f.text.n > 0 ? f : field_error(p->arena, p->lang, e, other, id);
}

static enum rc fill_sessions(struct req *q, struct view_account *v, struct error *e)
{
	const struct auth_session_row *rows;
	struct view_web_session *out;
	size_t n;

	TRY(auth_session_list(&q->core, &rows, &n, e));
	out = ARENA_ARRAY(q->core.arena, n, struct view_web_session);
	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		struct wall created = core_wall(&q->core, (struct str){ 0 }, rows[i].created_at);
		struct wall seen = core_wall(&q->core, (struct str){ 0 }, rows[i].seen_at);

		out[i] = (struct view_web_session){ .id = rows[i].id,
						    .created_day = created.day,
						    .created_tod = created.tod,
						    .seen_day = seen.day,
						    .seen_tod = seen.tod,
						    .is_current = rows[i].is_current };
		agent_names(rows[i].user_agent, &out[i].browser, &out[i].device);
	}
	v->sessions = out;
	v->n_sessions = n;
	return RC_OK;
}

static enum rc show(struct req *q, struct resp *r, struct str done, const struct error *failed,
		    struct error *e)
{
	struct view_account v = { .username = q->who.username,
				  .email = q->who.email,
				  .zone = q->who.zone,
				  .theme = q->who.theme };
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(page_init(&p, q, req_text(q, N_("Account and settings")), e));
	p.view.here = STR("/account");
	v.page = &p.view;
	v.role = page_text(&p, page_role_label(q->who.role));
	v.is_student = q->who.role == ROLE_STUDENT;
	v.password_min = q->core.config->password_min_length;
	v.is_saved = str_eq(done, STR("saved"));
	v.is_password_changed = str_eq(done, STR("password"));
	v.is_session_ended = str_eq(done, STR("signed-out"));
	v.is_browser_language = q->who.language.n == 0;
	v.old_error = either(&p, failed, "current_password", "old", "w-old-e");
	v.new_error = either(&p, failed, "new_password", "new", "w-new-e");
	v.again_error = either(&p, failed, "repeat_password", "again", "w-again-e");
	v.errors = form_errors(p.arena, p.lang, failed, form_fields, ARRAY_LEN(form_fields));
	TRY(fill_sessions(q, &v, e));
	r->cache = RESP_CACHE_NONE;
	tpl_pages_account(&t, &v);
	return RC_OK;
}

enum rc page_account(struct req *q, struct resp *r, struct error *e)
{
	struct account_look in;
	struct error none;

	error_init(&none);
	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	return show(q, r, in.done, &none, e);
}

/* ---- password -------------------------------------------------------------------------------- */

struct password_in {
	struct str old, new, again;
};
FIELDS(password_fields, password_in,
       FIELD(RAW, password_in, old, FORM, .required = true, .max = PASSWORD_MAX_BYTES),
       FIELD(RAW, password_in, new, FORM, .required = true, .max = PASSWORD_MAX_BYTES),
       FIELD(RAW, password_in, again, FORM, .required = true, .max = PASSWORD_MAX_BYTES));

enum rc page_password_send(struct req *q, struct resp *r, struct error *e)
{
	struct password_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = password_change(&q->core, secret_make(in.old), secret_make(in.new),
				     secret_make(in.again), e);
	if (page_is_form_error(rc)) {
		struct error failed = *e;

		error_init(e);
		r->status = rc == RC_BUSY ? 429 : 422;
		return show(q, r, (struct str){ 0 }, &failed, e);
	}
	TRY(rc);
	resp_redirect(r, STR("/account?done=password"));
	return RC_OK;
}

/* ---- signed-in sessions ----------------------------------------------------------------- */

struct account_session_in {
	int64_t id;
};
FIELDS(account_session_fields, account_session_in,
       FIELD(ID, account_session_in, id, PATH, .required = true));

enum rc page_session_end(struct req *q, struct resp *r, struct error *e)
{
	struct account_session_in in;

	TRY(req_read(q, &in, e));
	TRY(auth_session_end(&q->core, in.id, e));
	resp_redirect(r, STR("/account?done=signed-out#devices"));
	return RC_OK;
}

enum rc page_sessions_end(struct req *q, struct resp *r, struct error *e)
{
	TRY(auth_sign_out_everywhere(&q->core, e));
	resp_session_cookie(r, STR("-"), -1);
	r->cache = RESP_CACHE_NONE;
	resp_redirect(r, STR("/sign-in?out=1"));
	return RC_OK;
}

/* ---- preferences -------------------------------------------------------------------------------
 */

static const char *const theme_words[] = { "system", "light", "dark", NULL };

struct preferences_in {
	struct str language, next;
	int theme;
	bool shortcuts, all; /* all: the form with everything, so an absent box is off */
};
FIELDS(preferences_fields, preferences_in, FIELD(TEXT, preferences_in, language, FORM),
       FIELD(CHOICE, preferences_in, theme, FORM, .words = theme_words, .fallback = -1),
       FIELD(BOOL, preferences_in, shortcuts, FORM), FIELD(BOOL, preferences_in, all, FORM),
       FIELD(TEXT, preferences_in, next, FORM, .max = 2000));

/* The sign-in page looks as the pages behind it did. */
static void remember(struct resp *r, const struct account_preferences *p)
{
	resp_cookie(r, "lang", p->language.n > 0 ? p->language : STR("-"),
		    p->language.n > 0 ? PREFERENCE_COOKIE_S : -1);
	resp_cookie(r, "theme", str_from(theme_words[p->theme]), PREFERENCE_COOKIE_S);
}

enum rc page_preferences_send(struct req *q, struct resp *r, struct error *e)
{
	struct account_preferences p = { q->who.language, q->who.theme, q->who.has_shortcuts };
	struct preferences_in in;
	enum lang lang;

	TRY(req_read(q, &in, e));
	if (str_eq(in.language, STR("browser")))
		p.language = (struct str){ 0 };
	else if (in.language.n > 0 && lang_from_tag(in.language, &lang))
		p.language = lang_tag(lang);
	else if (in.language.n > 0)
		return ERROR_FIELD(e, "language", REASON_NOT_A_CHOICE, 0);
	if (in.theme >= 0)
		p.theme = (enum theme)in.theme;
	if (in.all)
		p.has_shortcuts = in.shortcuts;
	TRY(account_set_preferences(&q->core, &p, e));
	remember(r, &p);
	resp_redirect(r, req_local_path(in.next, STR("/account")));
	return RC_OK;
}
