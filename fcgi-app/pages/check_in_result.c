/*
 * What became of an attempt, for its student: the decision, the facts, the next step.
 */
#include "core/attendance/claim.h"
#include "core/wall.h"
#include "pages/check_in.h"
#include "pages/check_in_flow.h"
#include "view/text.h"
#include "view/tpl_pages_check_in_result.h"

struct result_in {
	struct str receipt;
};
FIELDS(check_in_result_fields, result_in, FIELD(TEXT, result_in, receipt, PATH, .max = 60));

/* What is shown: the attempt, and its session when the student is expected there. */
struct shown {
	struct page p;
	struct checkin_attempt a;
	struct checkin_open o; /* attendance_id 0: none */
};

static struct str number(const struct shown *s, int64_t n)
{
	return arena_printf(s->p.arena, "%lld", (long long)n);
}

static struct str hm(const struct shown *s, int64_t at)
{
	char text[6];
	struct wall w = core_wall(s->p.core, s->o.zone, at);

	return w.tod == NO_DAY ? (struct str){ 0 }
			       : arena_str(s->p.arena, tod_format_hm(w.tod, text));
}

/* ---- the facts ------------------------------------------------------------------------------- */

static struct str place_text(const struct shown *s, const struct signal *g)
{
	struct str n = number(s, g->n), limit = number(s, g->limit);

	if (g->verdict == SIGNAL_MISSING)
		return page_text(&s->p, N_("Not shared"));
	if (g->verdict == SIGNAL_PASS && s->o.room.n)
		return TEXT_FILL(s->p.arena, s->p.lang, N_("{n} m from {room}"), { "n", n },
				 { "room", s->o.room });
	if (g->verdict == SIGNAL_PASS)
		return TEXT_FILL(s->p.arena, s->p.lang, N_("{n} m from the room"), { "n", n });
	if (g->extra >= 0)
		return TEXT_FILL(s->p.arena, s->p.lang,
				 N_("{n} m away, {limit} m allowed, accurate to {accuracy} m"),
				 { "n", n }, { "limit", limit },
				 { "accuracy", number(s, g->extra) });
	return TEXT_FILL(s->p.arena, s->p.lang, N_("{n} m away, {limit} m allowed"), { "n", n },
			 { "limit", limit });
}

/* The words of the kinds that have no numbers; NULL: not shown. */
static const char *const words[SIGNAL__MAX][SIGNAL_VERDICT__MAX] = {
	[SIGNAL_CODE] = { [SIGNAL_PASS] = N_("Right, in time"),
			  [SIGNAL_UNSURE] = N_("Right, but late"),
			  [SIGNAL_MISSING] = N_("Not given"),
			  [SIGNAL_FAIL] = N_("Not right"),
			  [SIGNAL_PENDING] = N_("Not looked at yet") },
	[SIGNAL_NETWORK] = { [SIGNAL_PASS] = N_("The network of the institution"),
			     [SIGNAL_UNSURE] = N_("Not known"),
			     [SIGNAL_MISSING] = N_("Not known"),
			     [SIGNAL_FAIL] = N_("Another network") },
	[SIGNAL_PHOTO] = { [SIGNAL_PASS] = N_("Matches your photo"),
			   [SIGNAL_UNSURE] = N_("Your teacher will look at it"),
			   [SIGNAL_MISSING] = N_("Not taken"),
			   [SIGNAL_FAIL] = N_("Does not match"),
			   [SIGNAL_PENDING] = N_("Your teacher will look at it") },
	[SIGNAL_BROWSER] = { [SIGNAL_UNSURE] = N_("Other students used it too"),
			     [SIGNAL_FAIL] = N_("Other students used it too") },
	[SIGNAL_SPEED] = { [SIGNAL_FAIL] = N_("Too far from your last position") },
	[SIGNAL_REPEAT] = { [SIGNAL_FAIL] = N_("The very same as often before") },
	[SIGNAL_CLOCK] = { [SIGNAL_FAIL] = N_("The clock of the scanner is off") },
};

static const char *const labels[SIGNAL__MAX] = {
	[SIGNAL_CODE] = N_("Code"),       [SIGNAL_PLACE] = N_("Location"),
	[SIGNAL_NETWORK] = N_("Network"), [SIGNAL_PHOTO] = N_("Selfie"),
	[SIGNAL_BROWSER] = N_("Device"),  [SIGNAL_SPEED] = N_("Location"),
	[SIGNAL_REPEAT] = N_("Location"), [SIGNAL_CLOCK] = N_("Scanner"),
};

static void add_fact(const struct shown *s, const struct signal *g, struct view_check_in_result *v)
{
	const char *word = words[g->kind][g->verdict];
	struct view_fact *f = &v->facts[v->n_facts];

	if (g->kind != SIGNAL_PLACE && !word)
		return;
	*f = (struct view_fact){ .label = page_text(&s->p, labels[g->kind]),
				 .text = g->kind == SIGNAL_PLACE ? place_text(s, g)
								 : page_text(&s->p, word),
				 .verdict = g->verdict };
	v->n_facts++;
}

/* ---- the decision -----------------------------------------------------------------------------
 */

static void say_in(const struct shown *s, enum mark mark, int64_t at,
		   struct view_check_in_result *v)
{
	v->result = RESULT_IN;
	v->heading = page_text(&s->p, N_("You are in"));
	if (mark == MARK_LATE)
		v->text = TEXT_FILL(s->p.arena, s->p.lang,
				    N_("Marked late at {time}. You can put your phone away."),
				    { "time", hm(s, at) });
	else
		v->text = TEXT_FILL(s->p.arena, s->p.lang,
				    N_("Marked present at {time}. You can put your phone away."),
				    { "time", hm(s, at) });
}

static void say_waiting(const struct shown *s, struct view_check_in_result *v)
{
	struct str time = hm(s, s->a.happened_at);

	v->result = RESULT_WAITING;
	v->heading = page_text(&s->p, N_("Waiting for your teacher"));
	if (s->o.teacher_name.n)
		v->text = TEXT_FILL(s->p.arena, s->p.lang,
				    N_("Your check-in at {time} is saved. {name} will look at it. "
				       "This page updates by itself."),
				    { "time", time }, { "name", s->o.teacher_name });
	else
		v->text = TEXT_FILL(s->p.arena, s->p.lang,
				    N_("Your check-in at {time} is saved. Your teacher will look "
				       "at it. This page updates by itself."),
				    { "time", time });
}

/* The fact behind a rejected place says more than its reason. */
static struct str refusal(const struct shown *s)
{
	for (size_t i = 0; i < s->a.signals.n; i++) {
		const struct signal *g = &s->a.signals.v[i];

		if (s->a.reason == REASON_PLACE_OUT && g->kind == SIGNAL_PLACE && g->n >= 0)
			return TEXT_FILL(s->p.arena, s->p.lang,
					 N_("You seem to be {n} m from the room; {limit} m are "
					    "allowed."),
					 { "n", number(s, g->n) },
					 { "limit", number(s, g->limit) });
	}
	return reason_sentence(s->p.arena, s->p.lang, s->a.reason, 0);
}

static bool can_change(enum reason reason)
{
	return reason != REASON_NOT_ENROLLED && reason != REASON_ENROLLED_LATER &&
	       reason != REASON_WRONG_CLASS && reason != REASON_ATTENDANCE_CLOSED &&
	       reason != REASON_TRIES_USED && reason != REASON_STUDENT_ONLY &&
	       reason != REASON_ATTENDANCE_UNKNOWN;
}

static void say_refused(const struct shown *s, struct view_check_in_result *v)
{
	bool is_open = s->o.attendance_id && s->o.state == ATTENDANCE_OPEN;
	struct str left;

	v->result = RESULT_REFUSED;
	v->heading = page_text(&s->p, N_("Not checked in"));
	v->text = refusal(s);
	v->may_retry = can_change(s->a.reason) && s->a.tries_left > 0;
	if (!is_open || !v->may_retry)
		return;
	left = catalogue_text_n(s->p.arena, s->p.lang,
				NN_("You have {n} try left until {time}.",
				    "You have {n} tries left until {time}."),
				s->a.tries_left);
	left = text_fill(s->p.arena, left,
			 (const struct text_hole[]){ { "time", hm(s, s->o.closes_at) } }, 1);
	v->text = arena_printf(s->p.arena, "%.*s %.*s", STR_ARG(v->text), STR_ARG(left));
}

/* A person decided, or overtook it by a mark of their own. */
static void say_decided(const struct shown *s, struct view_check_in_result *v)
{
	if (str_eq(s->a.decided_state, STR("approved"))) {
		say_in(s, s->a.mark, s->a.happened_at, v);
		return;
	}
	if (s->o.mark == MARK_PRESENT || s->o.mark == MARK_LATE) {
		say_in(s, s->o.mark, s->o.marked_at, v);
		return;
	}
	v->result = RESULT_REFUSED;
	v->heading = page_text(&s->p, N_("Not checked in"));
	v->text = page_text(&s->p, N_("Your teacher did not accept this check-in."));
	if (s->a.decided_why.n)
		v->text = TEXT_FILL(s->p.arena, s->p.lang,
				    N_("Your teacher did not accept this check-in: {why}"),
				    { "why", s->a.decided_why });
	v->may_retry = s->o.attendance_id && s->o.state == ATTENDANCE_OPEN && s->a.tries_left > 0 &&
		       s->o.mark == MARK_NONE && !s->o.is_waiting;
}

static void say(const struct shown *s, struct view_check_in_result *v)
{
	bool is_undecided = str_eq(s->a.decided_state, STR("open"));

	if (s->a.decision == DECISION_APPROVED)
		say_in(s, s->a.mark, s->a.happened_at, v);
	else if (s->a.decision == DECISION_FLAGGED && is_undecided)
		say_waiting(s, v);
	else if (s->a.decision == DECISION_FLAGGED)
		say_decided(s, v);
	else if (s->a.reason == REASON_ALREADY_IN && s->o.mark != MARK_NONE)
		say_in(s, s->o.mark, s->o.marked_at, v);
	else if (s->a.reason == REASON_ALREADY_WAITING && s->o.is_waiting)
		say_waiting(s, v);
	else
		say_refused(s, v);
}

/* As long as the flow of this attempt lives in the browser. */
static void offer_better(const struct req *q, const struct shown *s, struct view_check_in_result *v)
{
	struct flow f = flow_read(q);

	if (!f.is_again || f.attendance_id != s->a.attendance_id || s->o.state != ATTENDANCE_OPEN)
		return;
	for (size_t i = 0; i < s->a.signals.n; i++) {
		const struct signal *g = &s->a.signals.v[i];

		if (g->kind == SIGNAL_PHOTO && flow_asks_photo(&s->o))
			v->has_better_photo = true;
		if (g->kind == SIGNAL_PLACE && g->verdict != SIGNAL_PASS && flow_asks_place(&s->o))
			v->has_better_place = true;
	}
}

/* Who is in the room and could not check in may tell the teacher, once. */
static enum rc offer_telling(struct req *q, const struct shown *s, struct view_check_in_result *v,
			     struct error *e)
{
	struct claim_session one;
	bool is_running = s->o.attendance_id && s->o.state != ATTENDANCE_CLOSED &&
			  s->o.state != ATTENDANCE_OVER;
	enum rc rc;

	if (v->result != RESULT_REFUSED || !is_running)
		return RC_OK;
	rc = claim_session_of(&q->core, s->o.attendance_id, &one, e);
	if (rc == RC_NOT_FOUND) {
		error_init(e);
		return RC_OK;
	}
	TRY(rc);
	v->has_told = one.t->is_waiting == 1;
	v->may_tell = one.may_ask && one.mark != MARK_PRESENT;
	return RC_OK;
}

/* ---- the page ---------------------------------------------------------------------------------
 */

static enum rc read(struct req *q, struct str receipt, struct shown *s, struct error *e)
{
	int64_t attendance_id, attempt_id;
	enum rc rc;

	if (!flow_receipt_read(receipt, &attendance_id, &attempt_id))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "no receipt");
	TRY(checkin_attempt_get(&q->core, attempt_id, &s->a, e));
	if (s->a.attendance_id != attendance_id &&
	    !(s->a.attendance_id == COLUMN_NULL && attendance_id == 0))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "attempt of another session");
	s->o = (struct checkin_open){ 0 };
	if (attendance_id == 0)
		return RC_OK;
	rc = checkin_open_get(&q->core, attendance_id, &s->o, e);
	if (rc == RC_NOT_FOUND) { /* not expected there: the refusal says so */
		error_init(e);
		s->o = (struct checkin_open){ 0 };
		return RC_OK;
	}
	return rc;
}

enum rc page_check_in_result(struct req *q, struct resp *r, struct error *e)
{
	struct view_check_in_result v = { 0 };
	struct tpl t = req_tpl(q, r);
	struct result_in in;
	struct shown s;
	struct str here;

	TRY(req_read(q, &in, e));
	TRY(read(q, in.receipt, &s, e));
	here = arena_printf(q->core.arena, "/check-in/%.*s", STR_ARG(in.receipt));
	if (!here.p)
		return ERROR_MEMORY(e);
	TRY(flow_view(&s.p, q, s.o.attendance_id ? &s.o : NULL, FLOW_RESULT, "/check-in", &v.in,
		      e));
	s.p.view.here = here;
	v.receipt = in.receipt;
	for (size_t i = 0; i < s.a.signals.n; i++)
		add_fact(&s, &s.a.signals.v[i], &v);
	say(&s, &v);
	v.retry = STR("/check-in");
	if (s.o.attendance_id)
		v.retry = arena_printf(q->core.arena, "/check-in?session=%lld",
				       (long long)s.o.attendance_id);
	if (v.result == RESULT_WAITING)
		offer_better(q, &s, &v);
	TRY(offer_telling(q, &s, &v, e));
	s.p.view.title = v.heading;
	s.p.view.refreshes = v.result == RESULT_WAITING;
	r->cache = RESP_CACHE_NONE;
	tpl_pages_check_in_result(&t, &v);
	return RC_OK;
}
