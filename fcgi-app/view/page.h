/*
 * What every page brings to its layout, and the small parts pages share.
 *
 * Plain data: pages fill it, templates read it.  Texts are views that live as
 * long as the request's arena (or are constants).  Knows no request.
 */
#ifndef VIEW_PAGE_H
#define VIEW_PAGE_H

#include "base/error.h"
#include "view/tpl.h"

/* Which script a page adds to muster.js. */
enum page_module {
	MODULE_NONE,
	MODULE_COMPLETION,
	MODULE_UPLOAD,
	MODULE_ROWS,
	MODULE_CHECK_IN,
	MODULE_CONSOLE,
	MODULE_SCREEN
};

/* The links of the top bar. */
enum page_nav {
	NAV_NONE,
	NAV_OVERVIEW,
	NAV_SESSIONS,
	NAV_COMPLETIONS,
	NAV_UPLOADS,
	NAV_INSTITUTION,
	NAV_AUDIT,
	NAV_TODAY,      /* of students */
	NAV_ATTENDANCE, /* of students their own, of staff the running sessions */
	NAV_REQUESTS
};

/* The pages behind "Institution", named in partials/areas. */
enum page_area {
	AREA_NONE,
	AREA_PEOPLE,
	AREA_COURSES,
	AREA_GROUPS,
	AREA_SCHEDULES,
	AREA_ROOMS,
	AREA_CLOSURES,
	AREA_BRANCHES,
	AREA_IMPORTS,
	AREA_CHECK_IN,
	AREA_MARKS,
	AREA_DEVICES,
	AREA_RUNNING,
	AREA_SESSIONS
};

struct view_language {
	struct str tag, own_name;
	bool is_current;
};

struct view_page {
	struct str title; /* in the page's language */
	struct str lang, dir;
	struct str theme; /* "light", "dark"; empty: the system's */
	struct str csrf;
	struct str institution, version;
	struct str here; /* path and query of this page, where a setting leads back to */
	struct str name, initials;
	int64_t n_unread;        /* notifications */
	struct str unread_short; /* the same on the bell: at most "99+" */
	bool is_signed_in, is_staff, shortcuts_off;
	bool is_admin;
	bool is_student;
	bool is_super;          /* of the whole institution */
	int64_t n_requests;     /* that wait for an admin, where the page knows; else 0 */
	enum page_nav nav;      /* which link of the bar is the current one */
	struct str nav_current; /* its aria-current: "page", or "true" for a page below it */
	enum page_area area;    /* likewise in the margin of the institution's pages */
	bool has_htmx;
	bool refreshes;    /* without scripts the page asks for itself again each two seconds */
	int64_t refresh_s; /* the same in about so many seconds, at most 15; 0: not */
	struct str htmx_config;
	enum page_module module;
	const struct view_language *languages;
	size_t n_languages;
};

/* Big date of the margin. */
struct view_today {
	int32_t day;
	int64_t week; /* 0: not shown */
};

/* The sentence under a field; id is referred to by the field's aria-describedby. */
struct view_field_error {
	const char *id;
	struct str text; /* empty: the field is right */
};

struct view_error_line {
	const char *input; /* id of the field */
	struct str label, text;
};

/* One value that somebody else changed while this form was open. */
struct view_changed_value {
	struct str label, now; /* now: as stored; empty reads as "nothing" */
};

/* What the second of two editors is told; partials/changed. */
struct view_changed {
	struct str who; /* name of who changed it last; empty: not known */
	int64_t at;     /* when, UTC */
	const struct view_changed_value *values;
	size_t n_values;
};

/* Summary over a form. */
struct view_errors {
	struct str text; /* empty: nothing to say */
	bool is_not_saved;
	struct view_error_line fields[ERROR_FIELDS_MAX];
	size_t n_fields;
};

/* How the fields of a form are called: in errors, in the page, to people. */
struct form_field {
	const char *name;  /* in struct error */
	const char *input; /* id */
	const char *label; /* English */
};

/* The sentence of a reason in a language, with its number filled in. */
struct str reason_sentence(struct arena *a, enum lang lang, enum reason reason, int64_t arg);
/* The sentence for a field of e, by its name there; empty when it is right. */
struct view_field_error field_error(struct arena *a, enum lang lang, const struct error *e,
				    const char *name, const char *id);
/* The summary for e; fields that the form does not have are left out. */
struct view_errors form_errors(struct arena *a, enum lang lang, const struct error *e,
			       const struct form_field *fields, size_t n_fields);

/* "LA" for "Leyla Aydın": first letters of the first and the last word, at most two. */
struct str name_initials(struct arena *a, struct str name);

#endif
