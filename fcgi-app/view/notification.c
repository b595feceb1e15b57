/*
 * Notifications as people read them.  See notification.h.
 */
#include "view/notification.h"

#include "view/format.h"
#include "view/text.h"

/*
 * The text of a kind.  Sentences name {what} (a session with its time), {who}, {old} (the time
 * before) and {n}; `refused` are those for a decision that was no.
 */
struct words {
	const char *label; /* where one chooses */
	const char *title, *message;
	const char *refused_title;
};

static const struct words words[NOTIFY__MAX] = {
	[NOTIFY_CHECKIN_OPENED] = { N_("Check-in is open"), N_("Check-in is open"),
				    N_("{what}: you can check in now."), NULL },
	[NOTIFY_CHECKIN_FLAGGED] = { N_("Check-ins to decide"), N_("Check-ins to decide"),
				     N_("{what}: check-ins wait for your decision."), NULL },
	[NOTIFY_CHECKIN_DECIDED] = { N_("My check-in was decided"),
				     N_("Your check-in was accepted"), N_("{what}"),
				     N_("Your check-in was not accepted") },
	[NOTIFY_SESSION_CREATED] = { N_("New sessions"), N_("New session"), N_("{what}"), NULL },
	[NOTIFY_SESSION_CANCELLED] = { N_("Sessions cancelled"), N_("Session cancelled"),
				       N_("{what} does not take place."), NULL },
	[NOTIFY_SESSION_RESTORED] = { N_("Cancelled sessions that take place after all"),
				      N_("Session takes place after all"),
				      N_("{what} is no longer cancelled."), NULL },
	[NOTIFY_SESSION_MOVED] = { N_("Sessions moved"), N_("Session moved"),
				   N_("{what}, instead of {old}."), NULL },
	[NOTIFY_UPLOAD_REVIEWED] = { N_("Files reviewed"), N_("File approved"),
				     N_("{who}, of {what}"), N_("File in quarantine") },
	[NOTIFY_COMPLETION_RETURNED] = { N_("Completions returned"), N_("Completion returned"),
					 N_("{what} needs another look."), NULL },
	[NOTIFY_COMPLETION_MISSING] = { N_("Reminders of missing completions"),
					N_("Completion missing"), N_("Please complete {what}."),
					NULL },
	[NOTIFY_SESSION_REQUEST_CREATED] = { N_("New session requests"), N_("New session request"),
					     N_("{who} asks for {what}."), NULL },
	[NOTIFY_SESSION_REQUEST_DECIDED] = { N_("My session requests decided"),
					     N_("Session request approved"), N_("{what}"),
					     N_("Session request rejected") },
	[NOTIFY_SESSION_REQUEST_ASKED] = { N_("Questions about my session requests"),
					   N_("Question about your session request"), N_("{what}"),
					   NULL },
	[NOTIFY_SESSION_REQUEST_ANSWERED] = { N_("Answers about session requests"),
					      N_("Answer about a session request"),
					      N_("{who}, about {what}"), NULL },
	[NOTIFY_SESSION_REQUEST_WITHDRAWN] = { N_("Session requests withdrawn"),
					       N_("Session request withdrawn"),
					       N_("{who} no longer asks for {what}."), NULL },
	[NOTIFY_EXCUSE_REQUESTED] = { N_("Excuses to decide"), N_("Excuse to decide"),
				      N_("{who} asks to be excused: {what}."), NULL },
	[NOTIFY_EXCUSE_DECIDED] = { N_("My excuses decided"), N_("Your excuse was accepted"),
				    N_("{what}"), N_("Your excuse was not accepted") },
	[NOTIFY_ATTENDANCE_CONFIRMED] = { N_("Attendance confirmed by a program"),
					  N_("Attendance confirmed"), N_("{who}, for {what}"),
					  NULL },
	[NOTIFY_CORRECTION_REQUESTED] = { N_("Corrections to decide"), N_("Correction to decide"),
					  N_("{who} asks for a correction: {what}."), NULL },
	[NOTIFY_CORRECTION_DECIDED] = { N_("My corrections decided"),
					N_("Your correction was accepted"), N_("{what}"),
					N_("Your correction was not accepted") },
};

/*
 * The same of what is told of several sessions at once: {what} is "6 sessions of Databases, Mon 21
 * Dec – Sun 3 Jan", or one of them.
 */
static const struct {
	enum notify_kind kind;
	const char *code;
	const char *title, *one, *many;
} sums[] = {
	{ NOTIFY_SESSION_CREATED, "", N_("New sessions"), N_("{what}"), N_("{what}") },
	{ NOTIFY_SESSION_CANCELLED, "closure", N_("Sessions cancelled"),
	  N_("{what} was cancelled by the closure {closure}."),
	  N_("{what} were cancelled by the closure {closure}.") },
	{ NOTIFY_SESSION_CANCELLED, "", N_("Sessions cancelled"), N_("{what} does not take place."),
	  N_("{what} do not take place.") },
	{ NOTIFY_SESSION_RESTORED, "closure", N_("Sessions take place after all"),
	  N_("{what} is no longer cancelled."), N_("{what} are no longer cancelled.") },
	{ NOTIFY_SESSION_RESTORED, "", N_("Sessions take place after all"),
	  N_("{what} is no longer cancelled."), N_("{what} are no longer cancelled.") },
	{ NOTIFY_SESSION_MOVED, "", N_("Sessions changed"), N_("{what} has another time or room."),
	  N_("{what} have another time or room.") },
};

const char *notification_kind_label(enum notify_kind kind)
{
	BUG(kind >= NOTIFY__MAX);
	return words[kind].label;
}

/* ---- addresses ------------------------------------------------------------------------------ */

/* By what it is about; `staff` ends before the id, where there is one. */
static const struct {
	const char *admin, *staff, *student;
	bool has_id;
} places[NOTIFY_ENTITY__MAX] = {
	[NOTIFY_ENTITY_ATTENDANCE] = { "/attendance/", "/attendance/", "/history", true },
	[NOTIFY_ENTITY_SESSION] = { "/sessions/", "/sessions/", "/today", true },
	[NOTIFY_ENTITY_SESSION_REQUEST] = { "/admin/requests/", "/requests/", "/today", true },
	[NOTIFY_ENTITY_EXCUSE] = { "/excuses/to-decide", "/excuses/to-decide", "/excuses", false },
	[NOTIFY_ENTITY_CORRECTION] = { "/excuses/to-decide", "/excuses/to-decide", "/excuses",
				       false },
};

static struct str href_of(struct arena *a, enum role role, const struct inbox_item *item)
{
	const enum notify_entity entity = notify_rule(item->kind)->entity;
	const bool is_admin = role == ROLE_SUPER_ADMIN || role == ROLE_BRANCH_ADMIN;
	const char *start = is_admin ? places[entity].admin : places[entity].staff, *end = "";

	if (item->kind == NOTIFY_CHECKIN_OPENED)
		return STR("/check-in");
	if (role == ROLE_STUDENT)
		return str_from(places[entity].student);
	if (entity == NOTIFY_ENTITY_SESSION &&
	    (!item->entity_id || item->params.last_day != NO_DAY))
		return STR("/sessions");
	if (!places[entity].has_id)
		return str_from(start);
	if (item->kind == NOTIFY_COMPLETION_MISSING || item->kind == NOTIFY_COMPLETION_RETURNED)
		end = "/complete";
	if (item->kind == NOTIFY_UPLOAD_REVIEWED)
		end = "#files";
	return arena_printf(a, "%s%lld%s", start, (long long)item->entity_id, end);
}

/* ---- sentences ------------------------------------------------------------------------------ */

static struct str when_of(struct tpl *t, int32_t day, int32_t start, int32_t end)
{
	struct str date = fmt_day_short(t, day);

	if (start == NO_DAY)
		return date;
	if (end == NO_DAY)
		return arena_printf(t->arena, "%.*s, %.*s", STR_ARG(date),
				    STR_ARG(fmt_tod(t, start)));
	return arena_printf(t->arena, "%.*s, %.*s–%.*s", STR_ARG(date), STR_ARG(fmt_tod(t, start)),
			    STR_ARG(fmt_tod(t, end)));
}

/* "6 sessions of Databases, Mon 21 Dec – Sun 3 Jan"; several titles: none. */
static struct str sum_of(struct tpl *t, const struct notify_params *p)
{
	const struct text_hole hole = { "title", p->title };
	struct str n;

	if (p->title.n)
		n = text_fill(
			t->arena,
			catalogue_text_n(t->arena, t->lang,
					 NN_("{n} session of {title}", "{n} sessions of {title}"),
					 p->n),
			&hole, 1);
	else
		n = catalogue_text_n(t->arena, t->lang, NN_("{n} session", "{n} sessions"), p->n);
	if (p->last_day == p->day)
		return arena_printf(t->arena, "%.*s, %.*s", STR_ARG(n),
				    STR_ARG(fmt_day_short(t, p->day)));
	return arena_printf(t->arena, "%.*s, %.*s – %.*s", STR_ARG(n),
			    STR_ARG(fmt_day_short(t, p->day)),
			    STR_ARG(fmt_day_short(t, p->last_day)));
}

/* "Databases, Thu 19 Nov, 09:00–10:30 and 2 more". */
static struct str what_of(struct tpl *t, const struct notify_params *p)
{
	struct str what = p->title;

	if (p->has_when && p->last_day != NO_DAY)
		return sum_of(t, p);
	if (p->has_when)
		what = arena_printf(t->arena, "%.*s, %.*s", STR_ARG(p->title),
				    STR_ARG(when_of(t, p->day, p->start, p->end)));
	if (p->n > 1) {
		const struct text_hole hole = { "what", what };

		what = text_fill(t->arena,
				 catalogue_text_n(t->arena, t->lang,
						  NN_("{what} and {n} more", "{what} and {n} more"),
						  p->n - 1),
				 &hole, 1);
	}
	return what;
}

/* The text of a sum into `text`; false: it is none. */
static bool sum_text(struct tpl *t, const struct inbox_item *item, struct notification_text *text)
{
	const struct notify_params *p = &item->params;
	const bool is_many = p->last_day != NO_DAY, by_closure = str_eq(p->code, STR("closure"));
	const struct text_hole holes[] = { { "what", what_of(t, p) }, { "closure", p->text } };

	if (!is_many && !by_closure && (item->kind != NOTIFY_SESSION_MOVED || p->has_old))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(sums); i++) {
		if (sums[i].kind != item->kind || !str_eq(p->code, str_from(sums[i].code)))
			continue;
		text->title =
			catalogue_text(t->lang, is_many ? sums[i].title : words[item->kind].title);
		text->message =
			text_fill(t->arena,
				  catalogue_text(t->lang, is_many ? sums[i].many : sums[i].one),
				  holes, ARRAY_LEN(holes));
		if (by_closure)
			text->quote = STR("");
		return true;
	}
	return false;
}

static bool is_refused(const struct notify_params *p)
{
	return str_eq(p->code, STR("rejected")) || str_eq(p->code, STR("quarantined"));
}

static enum notification_tone tone_of(const struct inbox_item *item)
{
	if (words[item->kind].refused_title)
		return is_refused(&item->params) ? TONE_BAD : TONE_GOOD;
	return item->kind == NOTIFY_SESSION_CANCELLED || item->kind == NOTIFY_COMPLETION_RETURNED
		       ? TONE_BAD
		       : TONE_PLAIN;
}

struct notification_text notification_text(struct arena *a, enum lang lang, enum role role,
					   const struct inbox_item *item)
{
	const struct notify_params *p = &item->params;
	const struct words *w = &words[item->kind];
	struct notification_text text = { .tone = tone_of(item), .quote = p->text };
	struct buf unused; /* where filters say that memory is short */
	struct tpl t = { .out = &unused, .arena = a, .lang = lang };

	buf_init(&unused, a, 1, 1);
	const struct text_hole holes[] = {
		{ "what", what_of(&t, p) },
		{ "who", p->who },
		{ "old", p->has_old ? when_of(&t, p->old_day, p->old_start, NO_DAY) : STR("?") },
	};

	text.href = href_of(a, role, item);
	if (sum_text(&t, item, &text))
		return text;
	text.title = catalogue_text(lang, w->refused_title && is_refused(p) ? w->refused_title
									    : w->title);
	text.message = text_fill(a, catalogue_text(lang, w->message), holes, ARRAY_LEN(holes));
	return text;
}
