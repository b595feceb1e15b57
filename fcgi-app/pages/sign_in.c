/*
 * Signing in and out.  Must not know how passwords are checked: core/auth.
 */
#include "pages/sign_in.h"

#include "core/identity/auth.h"
#include "pages/kept.h"
#include "pages/page.h"
#include "view/account.h"
#include "view/tpl_pages_sign_in.h"

#define LANGUAGE_COOKIE_S (365 * 86400)
#define DEMO_PASSWORD     "password"

/* ---- the form --------------------------------------------------------------------------- */

struct sign_in_form {
	struct str user, pass, next, lang, role;
	bool keep, out;
};

FIELDS(sign_in_look_fields, sign_in_form, FIELD(TEXT, sign_in_form, lang, QUERY),
       FIELD(BOOL, sign_in_form, out, QUERY), FIELD(TEXT, sign_in_form, next, QUERY, .max = 2000));
FIELDS(sign_in_fields, sign_in_form, FIELD(TEXT, sign_in_form, user, FORM, .required = true),
       FIELD(RAW, sign_in_form, pass, FORM, .required = true, .max = 1024),
       FIELD(BOOL, sign_in_form, keep, FORM), FIELD(TEXT, sign_in_form, next, FORM, .max = 2000));

static const struct form_field form_fields[] = { { "user", "user", N_("Username or e-mail") },
						 { "pass", "pass", N_("Password") } };

static bool has_demo(const struct config *c)
{
	return c->demo && config_is_loopback(c);
}

static enum rc fill_kept(struct req *q, const struct kept *kept, struct view_sign_in *v,
			 struct error *e)
{
	if (kept->to.n == 0)
		return RC_OK;
	v->kept_to = kept->to;
	v->kept_form = kept_pack(q->core.arena, kept);
	v->has_files = kept->has_files;
	return kept_list(q, kept, &v->kept, &v->n_kept, e);
}

static enum rc show(struct req *q, struct resp *r, const struct sign_in_form *in,
		    const struct kept *kept, const struct error *failed, struct error *e)
{
	struct view_sign_in v = {
		.user = in->user, .next = in->next, .keep = in->keep, .is_signed_out = in->out
	};
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(page_init(&p, q, req_text(q, N_("Sign in")), e));
	v.page = &p.view;
	v.offers_keep = q->core.config->keep_signed_in_days > 0;
	v.has_demo = has_demo(q->core.config);
	v.user_error = field_error(p.arena, p.lang, failed, "user", "user-e");
	v.pass_error = field_error(p.arena, p.lang, failed, "pass", "pass-e");
	v.errors = form_errors(p.arena, p.lang, failed, form_fields, ARRAY_LEN(form_fields));
	v.errors.is_not_saved = false;
	TRY(fill_kept(q, kept, &v, e));
	r->cache = RESP_CACHE_NONE;
	tpl_pages_sign_in(&t, &v);
	return RC_OK;
}

/* The language links, for those who are not signed in. */
static void choose_language(struct req *q, struct resp *r, struct str tag)
{
	if (tag.n == 0 || !lang_from_tag(tag, &q->lang))
		return;
	resp_cookie(r, "lang", lang_tag(q->lang), LANGUAGE_COOKIE_S);
}

enum rc page_sign_in(struct req *q, struct resp *r, struct error *e)
{
	const struct kept nothing = { 0 };
	struct sign_in_form in;
	struct error none;

	error_init(&none);
	/* Bad values mean the default: nobody should be kept out by an address. */
	if (req_read(q, &in, e) == RC_NO_MEMORY)
		return RC_NO_MEMORY;
	error_init(e);
	in.next = req_local_path(in.next, (struct str){ 0 });
	if (q->who.role != ROLE_NONE) {
		resp_redirect(r, in.next.n > 0 ? in.next : STR("/"));
		return RC_OK;
	}
	choose_language(q, r, in.lang);
	return show(q, r, &in, &nothing, &none, e);
}

enum rc page_form_without_session(struct req *q, struct resp *r, struct error *e)
{
	struct sign_in_form in = { 0 };
	struct error none;
	struct kept kept;

	error_init(&none);
	TRY(kept_from_request(q, &kept, e));
	return show(q, r, &in, &kept, &none, e);
}

/* ---- signing in ------------------------------------------------------------------------------ */

static enum rc act(struct req *q, struct resp *r, const struct sign_in_form *in, struct error *e)
{
	struct sign_in_in s = { .name = in->user,
				.password = secret_make(in->pass),
				.keep = in->keep,
				.address = q->address,
				.user_agent = q->user_agent,
				.old_token = q->session_token };
	struct sign_in done;
	struct str token;

	TRY(auth_sign_in(&q->core, &s, &done, e));
	token = arena_str(q->core.arena, str_from(done.token));
	if (!token.p)
		return ERROR_MEMORY(e);
	q->who = done.who;
	q->theme = done.who.theme;
	(void)!lang_from_tag(done.who.language, &q->lang);
	resp_session_cookie(r, token, done.max_age_s > 0 ? done.max_age_s : RESP_COOKIE_SESSION);
	return RC_OK;
}

static enum rc go_on(struct req *q, struct resp *r, const struct sign_in_form *in,
		     const struct kept *kept, struct error *e)
{
	if (kept->to.n > 0)
		return kept_show(q, r, kept,
				 req_text(q, N_("You are signed in again. This is what you typed; "
						"nothing has been saved yet.")),
				 e);
	resp_redirect(r, req_local_path(in->next, STR("/")));
	r->cache = RESP_CACHE_NONE;
	return RC_OK;
}

/* Wrong names and waiting times are shown in the form; its status says which. */
static enum rc show_refused(struct req *q, struct resp *r, const struct sign_in_form *in,
			    const struct kept *kept, struct error *e)
{
	struct error failed = *e;
	struct str seconds;

	error_init(e);
	r->status = failed.rc == RC_BUSY ? 429 : 422;
	if (failed.retry_s > 0) {
		seconds = arena_printf(q->core.arena, "%lld", (long long)failed.retry_s);
		if (seconds.p)
			resp_header(r, "Retry-After", seconds);
	}
	return show(q, r, in, kept, &failed, e);
}

enum rc page_sign_in_send(struct req *q, struct resp *r, struct error *e)
{
	struct sign_in_form in;
	struct kept kept;
	struct error ignored;
	enum rc rc = req_read(q, &in, e);

	error_init(&ignored);
	in.next = req_local_path(in.next, (struct str){ 0 });
	if (kept_from_sign_in(q, &kept, &ignored) != RC_OK)
		kept = (struct kept){ 0 };
	if (rc == RC_OK)
		rc = act(q, r, &in, e);
	if (rc == RC_INVALID || rc == RC_NOT_SIGNED_IN || rc == RC_BUSY)
		return show_refused(q, r, &in, &kept, e);
	TRY(rc);
	return go_on(q, r, &in, &kept, e);
}

enum rc page_sign_in_demo(struct req *q, struct resp *r, struct error *e)
{
	static const struct {
		const char *role, *username;
	} accounts[] = { { "teacher", "demo_teacher_1" },
			 { "student", "demo_student_1" },
			 { "admin", "demo_admin_1" } };
	struct str role = req_raw(q, "role");
	struct sign_in_form in = { .next = req_local_path(req_raw(q, "next"), (struct str){ 0 }) };
	struct kept kept;

	if (!has_demo(q->core.config))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no demo accounts");
	TRY(kept_from_sign_in(q, &kept, e));
	in.pass = STR(DEMO_PASSWORD);
	for (size_t i = 0; i < ARRAY_LEN(accounts); i++) {
		if (str_eq(role, str_from(accounts[i].role)))
			in.user = str_from(accounts[i].username);
	}
	if (in.user.n == 0)
		return ERROR_FIELD(e, "role", REASON_NOT_A_CHOICE, 0);
	if (act(q, r, &in, e) == RC_OK)
		return go_on(q, r, &in, &kept, e);
	if (e->rc == RC_NOT_SIGNED_IN || e->rc == RC_BUSY || e->rc == RC_INVALID)
		return show_refused(q, r, &in, &kept, e);
	return e->rc;
}

/* ---- signing out --------------------------------------------------------------------------------
 */

enum rc page_sign_out(struct req *q, struct resp *r, struct error *e)
{
	if (q->who.role != ROLE_NONE)
		TRY(auth_sign_out(&q->core, e));
	resp_session_cookie(r, STR("-"), -1);
	r->cache = RESP_CACHE_NONE;
	resp_redirect(r, STR("/sign-in?out=1"));
	return RC_OK;
}
