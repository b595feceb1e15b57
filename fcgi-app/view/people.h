/*
 * Views of people, their accounts, groups and courses.
 */
#ifndef VIEW_PEOPLE_H
#define VIEW_PEOPLE_H

#include "core/identity/person_account.h"
#include "core/identity/registration.h"
#include "core/people/membership.h"
#include "core/people/people.h"
#include "view/org.h"
#include "view/page.h"
#include "view/sessions.h"

/* What was just done; from the address. */
enum people_done {
	PEOPLE_DONE_NONE,
	PEOPLE_DONE_ADDED,
	PEOPLE_DONE_SAVED,
	PEOPLE_DONE_ENDED,
	PEOPLE_DONE_RESTORED,
	PEOPLE_DONE_REMOVED,
	PEOPLE_DONE_ACCOUNT, /* made */
	PEOPLE_DONE_ENABLED,
	PEOPLE_DONE_DISABLED,
	PEOPLE_DONE_PASSWORD,
	PEOPLE_DONE_GROUP,
	PEOPLE_DONE_COURSE,
	PEOPLE_DONE_MEMBER_SAVED,
	PEOPLE_DONE_MEMBER_REMOVED,
	PEOPLE_DONE__MAX
};

struct view_people_flash {
	enum people_done done;
	struct str undo; /* where it is taken back; empty: nowhere */
	int64_t revision;
};

struct view_people_row {
	const struct people_row *p;
	struct str name, href, role; /* role: in the page's language; empty: no account */
};

struct view_people {
	const struct view_page *page;
	struct view_people_flash flash;
	struct str search;
	const struct view_choice *kinds, *accounts;
	size_t n_kinds, n_accounts;
	struct view_options branches, sections; /* branches: none for a branch's admin */
	bool is_ended, is_filtered, is_cut;
	int64_t n_registrations; /* that wait */
	const struct view_people_row *rows;
	size_t n_rows;
	struct str prev, next; /* empty: none */
	int64_t from, to;
};

enum registration_done {
	REGISTRATION_DONE_NONE,
	REGISTRATION_DONE_APPROVED,
	REGISTRATION_DONE_REFUSED
};

struct view_registration {
	const struct registration_row *r;
	struct str name;
	int64_t at; /* of asking, or of the decision */
	int32_t day, tod;
	struct view_options branches; /* to choose from; none: the viewer has one */
};

struct view_registrations {
	const struct view_page *page;
	enum registration_done done;
	struct str done_href; /* of the person; empty: none */
	struct view_errors errors;
	bool shows_refused;
	const struct view_registration *rows;
	size_t n_rows;
};

struct view_member {
	const struct member_row *m;
	bool is_now, is_ahead; /* neither: over */
	struct str state;      /* of an enrolment, in the page's language */
};

/* The form that adds a membership or an enrolment, and its place on the person's page. */
struct view_member_add {
	struct str action, prefix; /* where it posts; of the ids of its inputs */
	bool is_course;
	struct view_options groups;
	struct str from, to; /* as typed */
	struct view_errors errors;
	struct view_field_error group_error, from_error, to_error;
	struct member_clash clash; /* id 0: none */
};

struct view_person_trail {
	int32_t day, tod;
	struct str text, actor;
};

struct view_person {
	const struct view_page *page;
	const struct person_detail *d;
	struct str name;
	struct view_people_flash flash;
	struct view_errors errors; /* of what was asked of the person itself */
	bool has_account;
	struct person_account_detail account;
	struct str role;
	int32_t seen_day, seen_tod, ended_day; /* NO_DAY: never */
	const struct view_member *groups, *courses;
	size_t n_groups, n_courses;
	struct view_member_add add_group, add_course;
	const struct view_person_trail *trail;
	size_t n_trail;
};

struct view_person_form {
	const struct view_page *page;
	int64_t id, revision; /* id 0: a new one */
	struct str name;
	struct str given_name, family_name, student_code, teacher_code; /* as typed */
	struct view_options branches; /* none: the viewer has one */
	struct view_errors errors;
	struct view_changed changed;
	struct view_field_error given_error, family_error, student_error, teacher_error,
		branch_error;
	bool is_ended, may_remove;
};

struct view_member_form {
	const struct view_page *page;
	const struct member_row *m;
	bool is_course, may_remove;
	struct str name, action, back;
	int64_t revision;
	struct str from, to;
	const struct view_choice *states; /* of an enrolment */
	size_t n_states;
	struct view_errors errors;
	struct view_changed changed;
	struct view_field_error from_error, to_error, state_error;
	struct member_clash clash;
};

struct view_account_form {
	const struct view_page *page;
	int64_t id, revision; /* id 0: a new one */
	bool is_self, is_disabled;
	struct str title, name, action, back, back_label; /* name: of the person */
	struct str username, email;
	struct view_people_flash flash;
	const struct view_choice *roles;
	size_t n_roles;
	struct view_errors errors;
	struct view_changed changed;
	struct view_field_error role_error, username_error, email_error, password_error;
};

/* A password that is shown this once. */
struct view_password_shown {
	const struct view_page *page;
	struct str name, username, password, back;
	bool is_new; /* with its account */
};

#endif
