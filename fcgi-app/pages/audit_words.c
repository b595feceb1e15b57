/*
 * The sentences of the audit trail, one row per action, by family.
 */
#include "pages/audit_words.h"

static const struct {
	const char *action, *text;
} sentences[] = {
	{ "account.created", N_("Account created") },
	{ "account.disabled", N_("Account disabled") },
	{ "account.password_changed", N_("Password changed by its owner") },
	{ "account.password_set", N_("Password set by an administrator") },
	{ "account.password_wrong", N_("Wrong current password given") },
	{ "account.preferences", N_("Preferences changed") },
	{ "account.sign_in_failed", N_("Sign-in refused") },
	{ "account.signed_in", N_("Signed in") },
	{ "account.signed_out", N_("Signed out") },
	{ "account.signed_out_everywhere", N_("Signed out everywhere") },
	{ "enrolment.added", N_("Enrolment added") },
	{ "enrolment.changed", N_("Enrolment changed") },
	{ "enrolment.ended", N_("Enrolment ended") },
	{ "enrolment.removed", N_("Enrolment removed") },
	{ "enrolment.state", N_("Enrolment decided") },
	{ "file.added", N_("File added") },
	{ "file.deleted", N_("File deleted") },
	{ "membership.added", N_("Membership added") },
	{ "membership.changed", N_("Membership changed") },
	{ "membership.ended", N_("Membership ended") },
	{ "membership.removed", N_("Membership removed") },
	{ "membership.state", N_("Membership decided") },
	{ "note.added", N_("Note added") },
	{ "note.deleted", N_("Note deleted") },
	{ "note.edited", N_("Note changed") },
	{ "schedule.created", N_("Schedule created") },
	{ "schedule.deleted", N_("Schedule deleted") },
	{ "schedule.updated", N_("Schedule changed") },
	{ "session.cancelled", N_("Session cancelled") },
	{ "session.checked", N_("Completion signed off") },
	{ "session.completed", N_("Session completed") },
	{ "session.draft", N_("Draft of a completion saved") },
	{ "session.edited", N_("Completed session changed") },
	{ "session.moved", N_("Session moved") },
	{ "session.reopened", N_("Session opened again") },
	{ "session.returned", N_("Completion returned") },
};

struct str audit_sentence(const struct page *p, struct str action)
{
	for (size_t i = 0; i < ARRAY_LEN(sentences); i++)
		if (str_eq(action, str_from(sentences[i].action)))
			return page_text(p, sentences[i].text);
	return action;
}

const struct audit_kind audit_kinds[] = {
	{ "account", N_("Account {n}"), N_("Accounts"), NULL },
	{ "enrolment", N_("Enrolment {n}"), N_("Enrolments"), NULL },
	{ "membership", N_("Membership {n}"), N_("Memberships"), NULL },
	{ "occurrence", N_("Session {n}"), N_("Sessions"), "/sessions/" },
	{ "schedule", N_("Schedule {n}"), N_("Schedules"), NULL },
};
const size_t audit_n_kinds = ARRAY_LEN(audit_kinds);

const struct audit_kind *audit_kind_of(struct str code)
{
	for (size_t i = 0; i < audit_n_kinds; i++)
		if (str_eq(code, str_from(audit_kinds[i].code)))
			return &audit_kinds[i];
	return NULL;
}

const struct audit_family audit_families[] = {
	{ "account", N_("Accounts and signing in") },
	{ "enrolment", N_("Enrolments") },
	{ "file", N_("Files") },
	{ "membership", N_("Memberships") },
	{ "note", N_("Notes") },
	{ "schedule", N_("Schedules") },
	{ "session", N_("Sessions") },
};
const size_t audit_n_families = ARRAY_LEN(audit_families);
