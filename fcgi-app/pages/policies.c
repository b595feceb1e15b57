/*
 * Policies of check-in: look, save, inherit; networks and shared machines.
 */
#include "pages/policies.h"

#include "base/num.h"
#include "core/attendance/policy.h"
#include "pages/check_in_flow.h"
#include "pages/org_part.h"
#include "view/policies.h"
#include "view/tpl_pages_policies.h"

struct policies_in {
	int64_t branch, course;
	struct str done;
};
FIELDS(policies_fields, policies_in, FIELD(ID, policies_in, branch, QUERY),
       FIELD(ID, policies_in, course, QUERY), FIELD(TEXT, policies_in, done, QUERY));

static const char *const level_words[] = { "off", "flag", "must", NULL };

/* Numbers are bounded by core, which knows the bounds; here they only have to be numbers. */
struct policy_in {
	int64_t branch, course, version;
	int64_t early_min, late_after_min, close_after_min, radius_m, code_period_s, max_tries;
	int64_t lock_days, claim_days, evidence_days, aim_percent;
	int code, place, network, photo, browser;
	bool auto_open, names_on_screen;
};
#define NUMBER(name) FIELD(INT, policy_in, name, FORM, .required = true)
#define LEVEL(name)  FIELD(CHOICE, policy_in, name, FORM, .words = level_words, .required = true)
FIELDS(policy_save_fields, policy_in, FIELD(ID, policy_in, branch, FORM),
       FIELD(ID, policy_in, course, FORM),
       FIELD(INT, policy_in, version, FORM, .min = 0, .max = INT32_MAX), NUMBER(early_min),
       NUMBER(late_after_min), NUMBER(close_after_min), NUMBER(radius_m), NUMBER(code_period_s),
       NUMBER(max_tries), NUMBER(lock_days), NUMBER(claim_days), NUMBER(evidence_days),
       NUMBER(aim_percent), LEVEL(code), LEVEL(place), LEVEL(network), LEVEL(photo), LEVEL(browser),
       FIELD(BOOL, policy_in, auto_open, FORM), FIELD(BOOL, policy_in, names_on_screen, FORM));
FIELDS(policy_remove_fields, policy_in, FIELD(ID, policy_in, branch, FORM),
       FIELD(ID, policy_in, course, FORM));

struct network_in {
	int64_t id, branch;
	struct str cidr, label, hash;
};
FIELDS(network_add_fields, network_in, FIELD(ID, network_in, branch, FORM),
       FIELD(TEXT, network_in, cidr, FORM, .max = 200),
       FIELD(TEXT, network_in, label, FORM, .max = 2000));
FIELDS(network_remove_fields, network_in, FIELD(ID, network_in, id, PATH),
       FIELD(ID, network_in, branch, FORM));
FIELDS(machine_add_fields, network_in, FIELD(ID, network_in, branch, FORM),
       FIELD(TEXT, network_in, label, FORM, .max = 2000));
FIELDS(machine_remove_fields, network_in, FIELD(ID, network_in, branch, FORM),
       FIELD(TEXT, network_in, hash, FORM, .min = 64, .max = 64, .required = true));

/* ---- words --------------------------------------------------------------------------------- */

enum { MINUTE_S = 60 };

struct number_row {
	const char *name, *id, *label, *hint;
	size_t offset;
	int64_t scale; /* stored = typed * scale */
	int64_t min, max;
};
#define ROW(member) offsetof(struct policy, member)
static const struct number_row numbers[] = {
	{ "early_min", "p-early", N_("Opens early by"),
	  N_("Minutes before the planned start from which a teacher may open it."), ROW(early_min),
	  1, 0, 120 },
	{ "late_after_min", "p-late", N_("Late after"),
	  N_("Minutes after the planned start from which a check-in counts as late."),
	  ROW(late_after_s), MINUTE_S, 0, 240 },
	{ "close_after_min", "p-close", N_("Closes after"),
	  N_("Minutes after the start or the opening, whichever is later."), ROW(close_after_min),
	  1, 1, 720 },
	{ "radius_m", "p-radius", N_("Metres around the room"),
	  N_("What counts as inside, where the room does not say it."), ROW(radius_m), 1, 10,
	  1000 },
	{ "code_period_s", "p-period", N_("Seconds of a code"),
	  N_("How long one code is shown. It works ten seconds longer."), ROW(code_period_s), 1, 5,
	  120 },
	{ "max_tries", "p-tries", N_("Failed tries"),
	  N_("More than so many of one student in one session are refused."), ROW(max_tries), 1, 1,
	  50 },
	{ "lock_days", "p-lock", N_("Days until the lock"),
	  N_("Days after a session from which a correction needs a reason."), ROW(lock_days), 1, 0,
	  365 },
	{ "claim_days", "p-claim", N_("Days to ask"),
	  N_("Days after a session within which its students may ask to be excused or corrected."),
	  ROW(claim_days), 1, 0, 365 },
	{ "evidence_days", "p-evidence", N_("Days of evidence"),
	  N_("How long positions, addresses and photos are kept."), ROW(evidence_days), 1, 1, 365 },
	{ "aim_percent", "p-aim", N_("Attendance asked for"),
	  N_("Per cent that students are shown as the aim."), ROW(aim_percent), 1, 0, 100 },
};
_Static_assert(ARRAY_LEN(numbers) == ARRAY_LEN(((struct view_policies *)0)->numbers), "all shown");

static const struct {
	const char *name, *id, *label, *hint;
	size_t offset;
	enum signal_kind kind;
} levels[] = {
	{ "code", "p-code", N_("Rotating code"), N_("The code or QR code on the screen."),
	  ROW(code), SIGNAL_CODE },
	{ "place", "p-place", N_("Location"), N_("The position of the phone, with its accuracy."),
	  ROW(place), SIGNAL_PLACE },
	{ "network", "p-network", N_("Network"), N_("The address, against the list below."),
	  ROW(network), SIGNAL_NETWORK },
	{ "photo", "p-photo", N_("Photo"), N_("A picture that the teacher looks at."), ROW(photo),
	  SIGNAL_PHOTO },
	{ "browser", "p-browser", N_("One device, several students"),
	  N_("Shared machines that are named below do not count."), ROW(browser), SIGNAL_BROWSER },
};

static const char *const signal_words[SIGNAL__MAX] = {
	N_("Rotating code"),
	N_("Location"),
	N_("Network"),
	N_("Photo"),
	N_("One device, several students"),
	N_("Impossible speed"),
	N_("The same position as often before"),
	N_("A scanner’s clock"),
};
static const char *const verdict_words[SIGNAL_VERDICT__MAX] = {
	N_("passed"), N_("not exact enough"),  N_("not given"),
	N_("failed"), N_("not looked at yet"),
};
static const char *const decision_words[DECISION__MAX] = { N_("approved"), N_("flagged"),
							   N_("rejected") };

static const struct form_field form_fields[] = {
	{ "early_min", "p-early", N_("Opens early by") },
	{ "late_after_min", "p-late", N_("Late after") },
	{ "close_after_min", "p-close", N_("Closes after") },
	{ "radius_m", "p-radius", N_("Metres around the room") },
	{ "code_period_s", "p-period", N_("Seconds of a code") },
	{ "max_tries", "p-tries", N_("Failed tries") },
	{ "lock_days", "p-lock", N_("Days until the lock") },
	{ "claim_days", "p-claim", N_("Days to ask") },
	{ "evidence_days", "p-evidence", N_("Days of evidence") },
	{ "aim_percent", "p-aim", N_("Attendance asked for") },
};
static const struct form_field machine_form[] = { { "label", "m-label", N_("Name") } };
static const struct form_field network_form[] = {
	{ "cidr", "n-cidr", N_("Network") },
	{ "label", "n-label", N_("Name") },
};

/* ---- the page ------------------------------------------------------------------------------- */

/* The branch asked for, or the viewer's, or the first of the institution. */
static enum rc choose_branch(struct page *p, int64_t asked, struct view_policies *v,
			     struct error *e)
{
	int64_t bound;

	TRY(org_scope_of(p->core, asked, &bound, e));
	v->branch_id = bound;
	TRY(org_scope(p->core, &bound, e));
	if (bound)
		return RC_OK;
	TRY(page_choose(p, &(struct org_query){ .kind = ORG_BRANCH, .with_id = asked },
			&v->branches, e));
	if (!v->branch_id && v->branches.n_rows)
		v->branch_id = v->branches.rows[0].id;
	if (v->branches.n_rows < 2)
		v->branches = (struct view_options){ 0 };
	return RC_OK;
}

static int64_t stored_number(const struct policy *policy, size_t i)
{
	int64_t n;

	memcpy(&n, (const char *)policy + numbers[i].offset, sizeof n);
	return n / numbers[i].scale;
}

static void fill_numbers(struct page *p, struct view_policies *v, const struct req *typed,
			 const struct policy *policy, const struct error *failed)
{
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		const struct number_row *row = &numbers[i];
		const char *error_id = arena_printf(p->arena, "%s-e", row->id).p;

		v->numbers[i] = (struct view_number){
			.name = row->name,
			.id = row->id,
			.label = page_text(p, row->label),
			.hint = page_text(p, row->hint),
			.value = typed ? req_raw(typed, row->name)
				       : arena_printf(p->arena, "%lld",
						      (long long)stored_number(policy, i)),
			.min = row->min,
			.max = row->max,
			.error = field_error(p->arena, p->lang, failed, row->name,
					     error_id ? error_id : ""),
		};
	}
	v->n_numbers = ARRAY_LEN(numbers);
}

static enum policy_level typed_level(const struct req *typed, const char *name)
{
	for (int l = 0; l < POLICY_LEVEL__MAX; l++)
		if (str_eq(req_raw(typed, name), str_from(level_words[l])))
			return (enum policy_level)l;
	return POLICY_OFF;
}

static void fill_levels(struct page *p, struct view_policies *v, const struct req *typed,
			const struct policy *policy)
{
	for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
		enum policy_level stored;

		memcpy(&stored, (const char *)policy + levels[i].offset, sizeof stored);
		v->levels[i] = (struct view_level){
			.name = levels[i].name,
			.id = levels[i].id,
			.label = page_text(p, levels[i].label),
			.hint = page_text(p, levels[i].hint),
			.level = typed ? typed_level(typed, levels[i].name) : stored,
		};
	}
	v->n_levels = ARRAY_LEN(levels);
	v->auto_open = typed ? req_has(typed, "auto_open") : policy->auto_open;
	v->names_on_screen = typed ? req_has(typed, "names_on_screen") : policy->names_on_screen;
}

static struct str outcome(struct page *p, const struct signal_weigh *flag,
			  const struct signal_weigh *must, bool is_must)
{
	const struct signal_weigh *w = is_must ? must : flag;

	return w ? page_text(p, decision_words[w->decision]) : (struct str){ 0 };
}

static const struct signal_weigh *weigh_of(enum signal_kind k, enum signal_verdict v,
					   enum policy_level l)
{
	for (size_t i = 0; i < signal_n_weighs; i++)
		if (signal_weighs[i].kind == k && signal_weighs[i].verdict == v &&
		    signal_weighs[i].level == l)
			return &signal_weighs[i];
	return NULL;
}

/* A row for each signal and verdict that the table of core/attendance/signal.h knows. */
static enum rc fill_weighs(struct page *p, struct view_policies *v, struct error *e)
{
	struct view_weigh *rows = ARENA_ARRAY(p->arena, signal_n_weighs, struct view_weigh);
	size_t n = 0;

	if (!rows)
		return ERROR_MEMORY(e);
	for (int k = 0; k < SIGNAL__MAX; k++) {
		for (int d = 0; d < SIGNAL_VERDICT__MAX; d++) {
			const struct signal_weigh *flag, *must;

			flag = weigh_of((enum signal_kind)k, (enum signal_verdict)d, POLICY_FLAG);
			must = weigh_of((enum signal_kind)k, (enum signal_verdict)d, POLICY_MUST);
			if (!flag && !must)
				continue;
			rows[n++] = (struct view_weigh){
				.signal = page_text(p, signal_words[k]),
				.verdict = page_text(p, verdict_words[d]),
				.flags = outcome(p, flag, must, false),
				.musts = outcome(p, flag, must, true),
			};
		}
	}
	v->weighs = rows;
	v->n_weighs = n;
	return RC_OK;
}

static enum rc fill_machines(struct page *p, struct view_policies *v, struct error *e)
{
	const struct shared_browser *stored;
	struct view_machine *rows;

	TRY(shared_browser_list(p->core, v->branch_id, &stored, &v->n_machines, e));
	rows = ARENA_ARRAY(p->arena, v->n_machines, struct view_machine);
	if (!rows)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < v->n_machines; i++) {
		struct buf hex;

		buf_init(&hex, p->arena, 64, 64);
		buf_hex(&hex, (const uint8_t *)stored[i].hash.p, stored[i].hash.n);
		rows[i] = (struct view_machine){ buf_str(&hex), stored[i].label,
						 stored[i].created_at };
	}
	v->machines = rows;
	return RC_OK;
}

static enum rc fill_lists(struct page *p, struct view_policies *v, struct error *e)
{
	int64_t course = v->course_id ? v->course_id : COLUMN_NULL;

	TRY(policy_courses(p->core, v->branch_id, &v->overrides, &v->n_overrides, e));
	TRY(network_list(p->core, v->branch_id, &v->networks, &v->n_networks, e));
	TRY(fill_machines(p, v, e));
	TRY(page_choose(p,
			&(struct org_query){ .kind = ORG_COURSE,
					     .branch_id = v->branch_id,
					     .with_id = course == COLUMN_NULL ? 0 : course },
			&v->courses, e));
	for (size_t i = 0; i < v->courses.n_rows; i++)
		if (v->courses.rows[i].id == v->course_id)
			v->course_name = v->courses.rows[i].name;
	return fill_weighs(p, v, e);
}

enum policy_form { FORM_POLICY, FORM_NETWORK, FORM_MACHINE };

/* The small forms below, as they were sent. */
static void fill_forms(struct page *p, struct view_policies *v, const struct req *q,
		       enum policy_form form, const struct error *failed)
{
	if (form == FORM_NETWORK) {
		v->network_errors = form_errors(p->arena, p->lang, failed, network_form,
						ARRAY_LEN(network_form));
		v->cidr = req_raw(q, "cidr");
		v->label = req_raw(q, "label");
		v->cidr_error = field_error(p->arena, p->lang, failed, "cidr", "n-cidr-e");
		v->label_error = field_error(p->arena, p->lang, failed, "label", "n-label-e");
	}
	if (form == FORM_MACHINE) {
		v->machine_errors = form_errors(p->arena, p->lang, failed, machine_form,
						ARRAY_LEN(machine_form));
		v->machine = req_raw(q, "label");
		v->machine_error = field_error(p->arena, p->lang, failed, "label", "m-label-e");
	}
}

/* failed: no error when the page is shown for the first time; form: whose it is. */
static enum rc show(struct req *q, struct resp *r, const struct policies_in *in, bool is_typed,
		    const struct error *failed, enum policy_form form, struct error *e)
{
	struct view_policies v = { .course_id = in->course };
	struct tpl t = req_tpl(q, r);
	struct policy policy;
	struct error none;
	struct page p;

	error_init(&none);
	TRY(org_page_init(&p, q, req_text(q, N_("Check-in")), AREA_CHECK_IN, false, e));
	TRY(choose_branch(&p, in->branch, &v, e));
	TRY(policy_get(&q->core, v.branch_id, in->course ? in->course : COLUMN_NULL, &policy, e));
	v.page = &p.view;
	p.view.here = STR("/admin/check-in");
	v.flash.kind = org_done_from(in->done);
	v.revision = policy.version;
	v.is_own = policy.version > 0;
	fill_numbers(&p, &v, is_typed && form == FORM_POLICY ? q : NULL, &policy,
		     form == FORM_POLICY ? failed : &none);
	fill_levels(&p, &v, is_typed && form == FORM_POLICY ? q : NULL, &policy);
	v.errors = form_errors(p.arena, p.lang, form == FORM_POLICY ? failed : &none, form_fields,
			       ARRAY_LEN(form_fields));
	fill_forms(&p, &v, q, form, failed);
	TRY(fill_lists(&p, &v, e));
	org_set_status(r, failed);
	tpl_pages_policies(&t, &v);
	return RC_OK;
}

enum rc page_policies(struct req *q, struct resp *r, struct error *e)
{
	struct policies_in in;
	struct error none;

	error_init(&none);
	TRY(req_read(q, &in, e));
	return show(q, r, &in, false, &none, FORM_POLICY, e);
}

/* ---- changing ------------------------------------------------------------------------------- */

static enum rc back(struct req *q, struct resp *r, int64_t branch, int64_t course,
		    enum org_done done, struct error *e)
{
	struct str path =
		arena_printf(q->core.arena, "/admin/check-in?branch=%lld", (long long)branch);
	static const char *const words[] = { [ORG_DONE_ADDED] = "added",
					     [ORG_DONE_SAVED] = "saved",
					     [ORG_DONE_DELETED] = "deleted" };

	if (course)
		path = arena_printf(q->core.arena, "%.*s&course=%lld", STR_ARG(path),
				    (long long)course);
	path = arena_printf(q->core.arena, "%.*s&done=%s", STR_ARG(path), words[done]);
	if (!path.p)
		return ERROR_MEMORY(e);
	resp_redirect(r, path);
	return RC_OK;
}

static struct policy policy_of(const struct policy_in *in)
{
	return (struct policy){
		.early_min = in->early_min,
		.late_after_s = in->late_after_min * MINUTE_S,
		.close_after_min = in->close_after_min,
		.code = (enum policy_level)in->code,
		.place = (enum policy_level)in->place,
		.network = (enum policy_level)in->network,
		.photo = (enum policy_level)in->photo,
		.browser = (enum policy_level)in->browser,
		.radius_m = in->radius_m,
		.code_period_s = in->code_period_s,
		.max_tries = in->max_tries,
		.lock_days = in->lock_days,
		.claim_days = in->claim_days,
		.aim_percent = in->aim_percent,
		.evidence_days = in->evidence_days,
		.auto_open = in->auto_open,
		.names_on_screen = in->names_on_screen,
		.version = in->version,
	};
}

/* The form counts lateness in minutes, core in seconds. */
static void rename_field(struct error *e)
{
	for (size_t i = 0; i < e->n_fields; i++) {
		if (strcmp(e->fields[i].field, "late_after_s") != 0)
			continue;
		e->fields[i].field = "late_after_min";
		e->fields[i].arg /= MINUTE_S;
	}
}

enum rc page_policy_save(struct req *q, struct resp *r, struct error *e)
{
	struct policy_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK && in.late_after_min > INT32_MAX)
		rc = ERROR_FIELD(e, "late_after_min", REASON_TOO_LARGE, 240);
	if (rc == RC_OK) {
		struct policy policy = policy_of(&in);

		rc = policy_save(&q->core, in.branch, in.course ? in.course : COLUMN_NULL, &policy,
				 e);
		rename_field(e);
	}
	if (page_is_form_error(rc)) {
		const struct error failed = org_keep(e);
		const struct policies_in at = { .branch = in.branch, .course = in.course };

		return show(q, r, &at, true, &failed, FORM_POLICY, e);
	}
	TRY(rc);
	return back(q, r, in.branch, in.course, ORG_DONE_SAVED, e);
}

enum rc page_policy_remove(struct req *q, struct resp *r, struct error *e)
{
	struct policy_in in;

	TRY(req_read(q, &in, e));
	TRY(policy_remove(&q->core, in.branch, in.course ? in.course : COLUMN_NULL, e));
	return back(q, r, in.branch, in.course, ORG_DONE_SAVED, e);
}

enum rc page_network_add(struct req *q, struct resp *r, struct error *e)
{
	struct network_in in;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = network_add(&q->core, in.branch, in.cidr, in.label, e);
	if (page_is_form_error(rc)) {
		const struct error failed = org_keep(e);
		const struct policies_in at = { .branch = in.branch };

		return show(q, r, &at, true, &failed, FORM_NETWORK, e);
	}
	TRY(rc);
	return back(q, r, in.branch, 0, ORG_DONE_ADDED, e);
}

enum rc page_network_remove(struct req *q, struct resp *r, struct error *e)
{
	struct network_in in;

	TRY(req_read(q, &in, e));
	TRY(network_remove(&q->core, in.id, e));
	return back(q, r, in.branch, 0, ORG_DONE_DELETED, e);
}

/* The browser that sends this form becomes a shared machine. */
enum rc page_machine_add(struct req *q, struct resp *r, struct error *e)
{
	struct network_in in;
	struct str hash;
	enum rc rc = req_read(q, &in, e);

	if (rc == RC_OK)
		rc = flow_browser(q, r, &hash, e);
	if (rc == RC_OK)
		rc = shared_browser_add(&q->core, in.branch, hash, in.label, e);
	if (page_is_form_error(rc)) {
		const struct error failed = org_keep(e);
		const struct policies_in at = { .branch = in.branch };

		return show(q, r, &at, true, &failed, FORM_MACHINE, e);
	}
	TRY(rc);
	return back(q, r, in.branch, 0, ORG_DONE_ADDED, e);
}

enum rc page_machine_remove(struct req *q, struct resp *r, struct error *e)
{
	struct network_in in;
	uint8_t hash[32];

	TRY(req_read(q, &in, e));
	if (!num_hex(in.hash, hash, sizeof hash))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no hash of a browser");
	TRY(shared_browser_remove(&q->core, str_make((const char *)hash, sizeof hash), e));
	return back(q, r, in.branch, 0, ORG_DONE_DELETED, e);
}
