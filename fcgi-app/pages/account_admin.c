/*
 * Accounts as admins give and change them; a device's is made with it (devices.c).
 *
 * A password that is made here is in the answer to the form that asked for it and nowhere else:
 * no redirect, no storage, no second look.
 */
#include "pages/people.h"
#include "pages/people_part.h"
#include "view/tpl_pages_account_form.h"
#include "view/tpl_pages_password_shown.h"

struct account_admin_in {
	int64_t id, version;
	struct str role, username, email, password, done;
};
FIELDS(account_admin_fields, account_admin_in, FIELD(ID, account_admin_in, id, PATH),
       FIELD(TEXT, account_admin_in, done, QUERY));
FIELDS(account_admin_send_fields, account_admin_in, FIELD(ID, account_admin_in, id, PATH),
       FIELD(INT, account_admin_in, version, FORM, .min = 0, .max = INT32_MAX),
       FIELD(TEXT, account_admin_in, role, FORM),
       FIELD(TEXT, account_admin_in, username, FORM, .max = 2000),
       FIELD(TEXT, account_admin_in, email, FORM, .max = 2000),
       FIELD(RAW, account_admin_in, password, FORM, .max = 2000));

static const struct form_field form_fields[] = {
	{ "role", "a-role", N_("Role") },
	{ "username", "a-user", N_("Username") },
	{ "email", "a-email", N_("E-mail") },
	{ "password", "a-pass", N_("Password") },
};

/* Whose form it is. */
struct subject_of_form {
	const struct account_admin_row *account; /* NULL: a new one */
	const struct person_row *person;         /* NULL: the account says who */
	bool is_self;
};

/* ---- the form ------------------------------------------------------------------------------ */

static enum rc fill_roles(struct page *p, struct str chosen, struct view_account_form *v,
			  struct error *e)
{
	struct view_choice *roles = ARENA_ARRAY(p->arena, ROLE__MAX, struct view_choice);
	size_t n = 0;

	if (!roles)
		return ERROR_MEMORY(e);
	for (enum role r = ROLE_STUDENT; r > ROLE_NONE; r--) {
		const struct str name = str_from(role_name(r));

		if (person_account_may_give(p->core, r) || str_eq(name, chosen))
			roles[n++] = (struct view_choice){ name, people_role(p, name),
							   str_eq(name, chosen) };
	}
	v->roles = roles;
	v->n_roles = n;
	return RC_OK;
}

static enum rc fill_errors(struct page *p, const struct account_admin_row *a,
			   const struct error *failed, struct view_account_form *v, struct error *e)
{
	struct view_changed_value *values = ARENA_ARRAY(p->arena, 4, struct view_changed_value);

	if (!values)
		return ERROR_MEMORY(e);
	if (a) {
		values[0] = (struct view_changed_value){ page_text(p, N_("Role")),
							 people_role(p, a->role) };
		values[1] =
			(struct view_changed_value){ page_text(p, N_("Username")), a->username };
		values[2] = (struct view_changed_value){ page_text(p, N_("E-mail")), a->email };
		values[3] = (struct view_changed_value){
			page_text(p, N_("State")),
			page_text(p, a->disabled_at == NO_TIME ? N_("Enabled") : N_("Disabled"))
		};
		v->changed = people_changed(failed, a->updated_by, a->updated_at, values, 4);
	}
	v->errors = form_errors(p->arena, p->lang, failed, form_fields, ARRAY_LEN(form_fields));
	v->role_error = field_error(p->arena, p->lang, failed, "role", "a-role-e");
	v->username_error = field_error(p->arena, p->lang, failed, "username", "a-user-e");
	v->email_error = field_error(p->arena, p->lang, failed, "email", "a-email-e");
	v->password_error = field_error(p->arena, p->lang, failed, "password", "a-pass-e");
	return RC_OK;
}

/* Where the form goes and where it leads back to. */
static void fill_places(struct page *p, const struct subject_of_form *s,
			struct view_account_form *v)
{
	const struct account_admin_row *a = s->account;

	v->back = STR("/admin/devices");
	v->back_label = page_text(p, N_("Devices"));
	if (s->person) {
		v->name = people_name(p->arena, s->person->given_name, s->person->family_name,
				      page_text(p, N_("Without a name")));
		v->action = arena_printf(p->arena, "/admin/people/%lld/account",
					 (long long)s->person->id);
		v->back = people_path(p->arena, s->person->id);
		v->back_label = v->name;
	} else if (a) {
		v->name = people_name(p->arena, a->given_name, a->family_name, a->username);
		v->action = arena_printf(p->arena, "/admin/accounts/%lld", (long long)a->id);
		if (a->person_id != COLUMN_NULL) {
			v->back = people_path(p->arena, a->person_id);
			v->back_label = v->name;
		}
	}
}

static enum rc show(struct req *q, struct resp *r, const struct subject_of_form *s,
		    const struct account_admin_in *typed, const struct error *failed,
		    struct error *e)
{
	const struct account_admin_row *a = s->account;
	struct view_account_form v = { .username = typed->username,
				       .email = typed->email,
				       .revision = typed->version,
				       .is_self = s->is_self,
				       .flash.done = people_done_from(typed->done) };
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(people_page_init(&p, q, req_text(q, a ? N_("Account") : N_("Make an account")), true,
			     e));
	v.page = &p.view;
	v.title = p.view.title;
	fill_places(&p, s, &v);
	if (a) {
		v.id = a->id;
		v.is_disabled = a->disabled_at != NO_TIME;
		if (failed->rc == RC_CONFLICT)
			v.revision = a->revision;
	}
	if (!a || role_from(a->role) != ROLE_DEVICE)
		TRY(fill_roles(&p, typed->role, &v, e));
	TRY(fill_errors(&p, a, failed, &v, e));
	r->cache = RESP_CACHE_NONE;
	people_status(r, failed);
	tpl_pages_account_form(&t, &v);
	return RC_OK;
}

static struct account_admin_in typed_of(const struct req *q, const struct account_admin_in *in)
{
	return (struct account_admin_in){ .id = in->id,
					  .version = in->version,
					  .role = in->role,
					  .username = req_raw(q, "username"),
					  .email = req_raw(q, "email") };
}

static struct person_account_in account_of(const struct account_admin_in *in)
{
	return (struct person_account_in){ .role = role_from(in->role),
					   .username = in->username,
					   .email = in->email,
					   .is_generated = in->password.n == 0,
					   .password = secret_make(in->password) };
}

/* The password that was made, this once. */
static enum rc show_password(struct req *q, struct resp *r, struct str name, struct str username,
			     struct str password, struct str back, bool is_new, struct error *e)
{
	struct view_password_shown v = { .name = name,
					 .username = username,
					 .password = password,
					 .back = back,
					 .is_new = is_new };
	struct tpl t = req_tpl(q, r);
	struct page p;

	if (!back.p)
		return ERROR_MEMORY(e);
	TRY(people_page_init(&p, q, req_text(q, N_("Password")), true, e));
	v.page = &p.view;
	r->cache = RESP_CACHE_NONE;
	tpl_pages_password_shown(&t, &v);
	return RC_OK;
}

/* ---- of a person --------------------------------------------------------------------------- */

static enum rc person_without(struct req *q, int64_t id, struct person_detail *d, struct error *e)
{
	TRY(person_get(&q->core, id, d, e));
	if (!d->may_change)
		return ERROR(e, RC_DENIED, REASON_SUPER_ADMIN_ONLY, "may not change");
	if (d->row.account_id != COLUMN_NULL)
		return ERROR(e, RC_CONFLICT, REASON_HAS_ACCOUNT, "has one");
	if (d->row.ended_at != NO_TIME)
		return ERROR(e, RC_CONFLICT, REASON_ENDED, "has ended");
	return RC_OK;
}

enum rc page_person_account(struct req *q, struct resp *r, struct error *e)
{
	struct account_admin_in in;
	struct person_detail d;
	struct error none;

	error_init(&none);
	TRY(req_read(q, &in, e));
	TRY(person_without(q, in.id, &d, e));
	in.role = str_from(role_name(d.row.teacher_code.n > 0 ? ROLE_FACULTY : ROLE_STUDENT));
	return show(q, r, &(struct subject_of_form){ .person = &d.row }, &in, &none, e);
}

enum rc page_person_account_send(struct req *q, struct resp *r, struct error *e)
{
	struct account_admin_in in, typed;
	struct person_account_in account;
	struct person_detail d;
	struct str password = { 0 };
	int64_t id;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK) {
		account = account_of(&in);
		rc = person_account_create(&q->core, in.id, &account, &password, &id, e);
	}
	if (page_is_form_error(rc)) {
		const struct error failed = people_keep(e);

		TRY(person_without(q, in.id, &d, e));
		typed = typed_of(q, &in);
		return show(q, r, &(struct subject_of_form){ .person = &d.row }, &typed, &failed,
			    e);
	}
	TRY(rc);
	if (password.n == 0)
		return people_redirect(q, r, people_path(q->core.arena, in.id), PEOPLE_DONE_ACCOUNT,
				       NULL, e);
	TRY(person_get(&q->core, in.id, &d, e));
	return show_password(
		q, r, people_name(q->core.arena, d.row.given_name, d.row.family_name, in.username),
		in.username, password, people_path(q->core.arena, in.id), true, e);
}

/* ---- one that is there ------------------------------------------------------------------------
 */

static enum rc open(struct req *q, int64_t id, struct person_account_detail *d, struct error *e)
{
	TRY(person_account_get(&q->core, id, d, e));
	if (!d->may_change)
		return ERROR(e, RC_DENIED, REASON_SUPER_ADMIN_ONLY, "may not change");
	return RC_OK;
}

/* The form as stored, with what was refused over it. */
static enum rc show_stored(struct req *q, struct resp *r, int64_t id, struct str done,
			   const struct error *failed, struct error *e)
{
	struct person_account_detail d;
	struct account_admin_in in;

	TRY(open(q, id, &d, e));
	in = (struct account_admin_in){ .id = id,
					.version = d.row.revision,
					.role = d.row.role,
					.username = d.row.username,
					.email = d.row.email,
					.done = done };
	return show(q, r, &(struct subject_of_form){ .account = &d.row, .is_self = d.is_self }, &in,
		    failed, e);
}

enum rc page_account_admin(struct req *q, struct resp *r, struct error *e)
{
	struct account_admin_in in;
	struct error none;

	error_init(&none);
	TRY(req_read(q, &in, e));
	return show_stored(q, r, in.id, in.done, &none, e);
}

/* A person's account is shown on the person's page, a device's on its own. */
static enum rc done(struct req *q, struct resp *r, const struct account_admin_row *a,
		    enum people_done what, struct error *e)
{
	const struct str path =
		a->person_id != COLUMN_NULL
			? people_path(q->core.arena, a->person_id)
			: arena_printf(q->core.arena, "/admin/accounts/%lld", (long long)a->id);

	return people_redirect(q, r, path, what, NULL, e);
}

enum rc page_account_admin_send(struct req *q, struct resp *r, struct error *e)
{
	struct account_admin_in in, typed;
	struct person_account_in account;
	struct person_account_detail d;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK) {
		account = account_of(&in);
		rc = person_account_change(&q->core, in.id, in.version, &account, e);
	}
	if (page_is_form_error(rc)) {
		const struct error failed = people_keep(e);

		TRY(open(q, in.id, &d, e));
		typed = typed_of(q, &in);
		return show(q, r,
			    &(struct subject_of_form){ .account = &d.row, .is_self = d.is_self },
			    &typed, &failed, e);
	}
	TRY(rc);
	TRY(person_account_get(&q->core, in.id, &d, e));
	return done(q, r, &d.row, PEOPLE_DONE_SAVED, e);
}

enum rc page_account_admin_password(struct req *q, struct resp *r, struct error *e)
{
	struct account_admin_in in;
	struct person_account_in account;
	struct person_account_detail d;
	struct str password = { 0 };
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK) {
		account = account_of(&in);
		rc = person_account_set_password(&q->core, in.id, in.version, &account, &password,
						 e);
	}
	if (page_is_form_error(rc)) {
		const struct error failed = people_keep(e);

		return show_stored(q, r, in.id, (struct str){ 0 }, &failed, e);
	}
	TRY(rc);
	TRY(person_account_get(&q->core, in.id, &d, e));
	if (password.n == 0)
		return done(q, r, &d.row, PEOPLE_DONE_PASSWORD, e);
	return show_password(
		q, r,
		people_name(q->core.arena, d.row.given_name, d.row.family_name, d.row.username),
		d.row.username, password,
		d.row.person_id != COLUMN_NULL ? people_path(q->core.arena, d.row.person_id)
					       : STR("/admin/devices"),
		false, e);
}

static enum rc turn(struct req *q, struct resp *r,
		    enum rc (*act)(struct core *, int64_t, int64_t, struct error *),
		    enum people_done what, struct error *e)
{
	struct account_admin_in in;
	struct person_account_detail d;
	enum rc rc;

	TRY(req_read(q, &in, e));
	rc = act(&q->core, in.id, in.version, e);
	if (page_is_form_error(rc)) {
		const struct error failed = people_keep(e);

		return show_stored(q, r, in.id, (struct str){ 0 }, &failed, e);
	}
	TRY(rc);
	TRY(person_account_get(&q->core, in.id, &d, e));
	return done(q, r, &d.row, what, e);
}

enum rc page_account_admin_disable(struct req *q, struct resp *r, struct error *e)
{
	return turn(q, r, person_account_disable, PEOPLE_DONE_DISABLED, e);
}

enum rc page_account_admin_enable(struct req *q, struct resp *r, struct error *e)
{
	return turn(q, r, person_account_enable, PEOPLE_DONE_ENABLED, e);
}
