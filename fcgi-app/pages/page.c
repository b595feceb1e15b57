/*
 * The data of the layout, from the request and the settings.
 */
#include "pages/page.h"

#include "web/worker.h"

/*
 * htmx without eval, inline styles and scripts; a 422 shows the form again.
 * Going back asks the server: pages are not for the storage of a classroom PC.
 */
#define HTMX_CONFIG                                                                                \
	"{\"includeIndicatorStyles\":false,\"allowEval\":false,\"allowScriptTags\":false,"         \
	"\"historyCacheSize\":0,\"refreshOnHistoryMiss\":true,"                                    \
	"\"responseHandling\":[{\"code\":\"204\",\"swap\":false},{\"code\":\"[23]..\","            \
	"\"swap\":true},{\"code\":\"422\",\"swap\":true},{\"code\":\"[45]..\",\"swap\":false,"     \
	"\"error\":true}]}"

#define UNREAD_SHOWN_MAX 99

static enum rc fill_languages(struct page *p, struct error *e)
{
	struct view_language *v = ARENA_ARRAY(p->arena, LANG__MAX, struct view_language);

	if (!v)
		return ERROR_MEMORY(e);
	for (enum lang l = 0; l < LANG__MAX; l++)
		v[l] = (struct view_language){ lang_tag(l), lang_own_name(l), l == p->lang };
	p->view.languages = v;
	p->view.n_languages = LANG__MAX;
	return RC_OK;
}

static enum rc fill_unread(struct page *p, struct error *e)
{
	if (p->view.n_unread > UNREAD_SHOWN_MAX)
		p->view.unread_short = STR("99+");
	else if (p->view.n_unread > 0)
		p->view.unread_short = arena_printf(p->arena, "%lld", (long long)p->view.n_unread);
	return p->view.n_unread > 0 && !p->view.unread_short.p ? ERROR_MEMORY(e) : RC_OK;
}

static struct str theme_word(enum theme theme)
{
	if (theme == THEME_LIGHT)
		return STR("light");
	return theme == THEME_DARK ? STR("dark") : (struct str){ 0 };
}

enum rc page_init(struct page *p, struct req *q, struct str title, struct error *e)
{
	const struct web *web = q->worker->web;

	*p = (struct page){ .core = &q->core, .arena = q->core.arena, .lang = q->lang };
	p->is_rtl = str_eq(lang_direction(q->lang), STR("rtl"));
	p->view.title = title;
	p->view.lang = lang_tag(q->lang);
	p->view.dir = lang_direction(q->lang);
	p->view.theme = theme_word(q->theme);
	p->view.institution = web->config->institution;
	p->view.version = web->version;
	p->view.here = STR("/");
	if (q->method == METHOD_GET || q->method == METHOD_HEAD)
		p->view.here = req_local_path(q->target, p->view.here);
	p->view.htmx_config = STR(HTMX_CONFIG);
	p->view.nav_current = STR("true");
	if (q->who.role != ROLE_NONE) {
		p->view.is_signed_in = true;
		p->view.is_staff = who_is_staff(&q->who);
		p->view.is_admin = who_is_admin(&q->who);
		p->view.is_student = q->who.role == ROLE_STUDENT;
		p->view.is_super = q->who.role == ROLE_SUPER_ADMIN;
		p->view.shortcuts_off = !q->who.has_shortcuts;
		p->view.csrf = str_from(q->who.csrf);
		p->view.name = q->who.name;
		p->view.initials = name_initials(p->arena, q->who.name);
		p->view.n_unread = q->who.n_unread;
		TRY(fill_unread(p, e));
	}
	return fill_languages(p, e);
}

struct str page_text(const struct page *p, const char *english)
{
	return catalogue_text(p->lang, english);
}

struct str req_text(const struct req *q, const char *english)
{
	return catalogue_text(q->lang, english);
}

enum rc page_redirect_session(struct req *q, struct resp *r, int64_t id, enum flash_kind done,
			      const char *fragment, struct error *e)
{
	struct str path = arena_printf(q->core.arena, "/sessions/%lld?done=%.*s%s%s", (long long)id,
				       STR_ARG(flash_name(done)), fragment ? "#" : "",
				       fragment ? fragment : "");

	if (!path.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, path);
	return RC_OK;
}

bool page_is_form_error(enum rc rc)
{
	return rc == RC_INVALID || rc == RC_CONFLICT || rc == RC_TOO_BIG || rc == RC_BUSY ||
	       rc == RC_NO_SPACE;
}

const char *page_role_label(enum role role)
{
	static const char *const labels[ROLE__MAX] = {
		[ROLE_NONE] = "",
		[ROLE_SUPER_ADMIN] = N_("Administrator"),
		[ROLE_BRANCH_ADMIN] = N_("Administrator of a branch"),
		[ROLE_FACULTY] = N_("Teacher"),
		[ROLE_EMPLOYEE] = N_("Employee"),
		[ROLE_STUDENT] = N_("Student"),
		[ROLE_DEVICE] = N_("Device"),
	};

	return labels[role];
}
