/*
 * Lines of the audit trail as sentences.  The log holds codes, times and
 * counts; an action this version does not know is shown by its code.
 */
#include "codec/json.h"
#include "pages/session_view.h"
#include "view/text.h"

#define DETAIL_MAX 4096

static const struct {
	const char *action, *text;
} sentences[] = {
	{ "session.completed", N_("Completed") },
	{ "session.edited", N_("Changed after completion") },
	{ "session.draft", N_("Draft saved") },
	{ "session.cancelled", N_("Cancelled") },
	{ "session.reopened", N_("Opened again") },
	{ "session.checked", N_("Signed off") },
	{ "session.unchecked", N_("Sign-off taken back") },
	{ "session.returned", N_("Returned") },
	{ "session.moved", N_("Moved") },
	{ "session.moved_back", N_("Moved back") },
	{ "note.added", N_("Note added") },
	{ "note.edited", N_("Note changed") },
	{ "note.deleted", N_("Note deleted") },
	{ "note.resolved", N_("Follow-up settled") },
	{ "note.reopened", N_("Follow-up opened again") },
	{ "file.added", N_("File added") },
	{ "file.deleted", N_("File deleted") },
	{ "file.approved", N_("File approved") },
	{ "file.quarantined", N_("File quarantined") },
	{ "file.reopened", N_("File back to review") },
};

static struct str sentence_of(struct page *p, struct str action)
{
	for (size_t i = 0; i < ARRAY_LEN(sentences); i++) {
		if (str_eq(action, str_from(sentences[i].action)))
			return page_text(p, sentences[i].text);
	}
	return action;
}

/* "held 10:18 to 12:10", when the line knows it. */
static struct str held(struct page *p, const struct json_t *detail)
{
	struct str start, end;

	if (!json_as_str(json_member(detail, "start"), &start) ||
	    !json_as_str(json_member(detail, "end"), &end))
		return (struct str){ 0 };
	return TEXT_FILL(p->arena, p->lang, N_("held {start} to {end}"), { "start", start },
			 { "end", end });
}

struct str trail_sentence(struct page *p, const struct session_trail_row *row)
{
	struct str what = sentence_of(p, row->action), times, both;
	struct error ignored;
	struct json_t *detail;

	error_init(&ignored);
	if (!str_starts(row->action, STR("session.")) ||
	    json_read(row->detail, DETAIL_MAX, p->arena, &detail, &ignored) != RC_OK)
		return what;
	times = held(p, detail);
	if (times.n == 0)
		return what;
	both = arena_printf(p->arena, "%.*s, %.*s", STR_ARG(what), STR_ARG(times));
	return both.p ? both : what;
}
