/*
 * The sentences of the audit trail, one row per action, by family.
 */
#include "pages/audit_words.h"

static const struct {
	const char *action, *text;
} sentences[] = {
	{ "account.changed", N_("Account changed") },
	{ "account.created", N_("Account created") },
	{ "account.disabled", N_("Account disabled") },
	{ "account.enabled", N_("Account enabled") },
	{ "account.password_changed", N_("Password changed by its owner") },
	{ "account.password_set", N_("Password set by an administrator") },
	{ "account.password_wrong", N_("Wrong current password given") },
	{ "account.preferences", N_("Preferences changed") },
	{ "account.sign_in_failed", N_("Sign-in refused") },
	{ "account.signed_in", N_("Signed in") },
	{ "account.signed_out", N_("Signed out") },
	{ "account.signed_out_everywhere", N_("Signed out everywhere") },
	{ "batch.changed", N_("Batch changed") },
	{ "batch.deleted", N_("Batch deleted") },
	{ "batch.ended", N_("Batch ended") },
	{ "batch.restored", N_("Batch restored") },
	{ "branch.changed", N_("Branch changed") },
	{ "branch.created", N_("Branch created") },
	{ "branch.ended", N_("Branch ended") },
	{ "branch.restored", N_("Branch restored") },
	{ "class.changed", N_("Class changed") },
	{ "class.deleted", N_("Class deleted") },
	{ "class.ended", N_("Class ended") },
	{ "class.restored", N_("Class restored") },
	{ "closure.created", N_("Closure created") },
	{ "closure.removed", N_("Closure removed") },
	{ "closure.updated", N_("Closure changed") },
	{ "course.changed", N_("Course changed") },
	{ "course.deleted", N_("Course deleted") },
	{ "course.ended", N_("Course ended") },
	{ "course.restored", N_("Course restored") },
	{ "department.changed", N_("Department changed") },
	{ "department.deleted", N_("Department deleted") },
	{ "department.ended", N_("Department ended") },
	{ "department.restored", N_("Department restored") },
	{ "enrolment.added", N_("Enrolment added") },
	{ "enrolment.changed", N_("Enrolment changed") },
	{ "enrolment.ended", N_("Enrolment ended") },
	{ "enrolment.removed", N_("Enrolment removed") },
	{ "enrolment.state", N_("Enrolment decided") },
	{ "file.added", N_("File added") },
	{ "file.approved", N_("File approved") },
	{ "file.deleted", N_("File deleted") },
	{ "file.quarantined", N_("File quarantined") },
	{ "file.reopened", N_("Review of a file opened again") },
	{ "import.checked", N_("Import checked") },
	{ "import.confirmed", N_("Import confirmed") },
	{ "import.done", N_("Import done") },
	{ "import.dropped", N_("Import dropped") },
	{ "import.failed", N_("Import failed") },
	{ "import.mapped", N_("Columns of an import chosen") },
	{ "import.undo", N_("Undoing of an import begun") },
	{ "import.undone", N_("Import undone") },
	{ "import.uploaded", N_("Import file uploaded") },
	{ "membership.added", N_("Membership added") },
	{ "membership.changed", N_("Membership changed") },
	{ "membership.ended", N_("Membership ended") },
	{ "membership.moved", N_("Moved to another group") },
	{ "membership.removed", N_("Membership removed") },
	{ "membership.state", N_("Membership decided") },
	{ "note.added", N_("Note added") },
	{ "note.deleted", N_("Note deleted") },
	{ "note.edited", N_("Note changed") },
	{ "note.reopened", N_("Follow-up opened again") },
	{ "note.resolved", N_("Follow-up resolved") },
	{ "person.changed", N_("Person changed") },
	{ "person.created", N_("Person created") },
	{ "person.ended", N_("Person ended") },
	{ "person.removed", N_("Person removed") },
	{ "person.restored", N_("Person restored") },
	{ "room.created", N_("Room created") },
	{ "room.ended", N_("Room ended") },
	{ "room.restored", N_("Room restored") },
	{ "room.updated", N_("Room changed") },
	{ "schedule.created", N_("Schedule created") },
	{ "schedule.deleted", N_("Schedule deleted") },
	{ "schedule.updated", N_("Schedule changed") },
	{ "section.changed", N_("Section changed") },
	{ "section.deleted", N_("Section deleted") },
	{ "section.ended", N_("Section ended") },
	{ "section.restored", N_("Section restored") },
	{ "session.cancelled", N_("Session cancelled") },
	{ "session.checked", N_("Completion signed off") },
	{ "session.completed", N_("Session completed") },
	{ "session.draft", N_("Draft of a completion saved") },
	{ "session.edited", N_("Completed session changed") },
	{ "session.moved", N_("Session moved") },
	{ "session.moved_back", N_("Session moved back") },
	{ "session.reopened", N_("Session opened again") },
	{ "session.returned", N_("Completion returned") },
	{ "session.unchecked", N_("Sign-off taken back") },
};

struct str audit_sentence(const struct page *p, struct str action)
{
	for (size_t i = 0; i < ARRAY_LEN(sentences); i++)
		if (str_eq(action, str_from(sentences[i].action)))
			return page_text(p, sentences[i].text);
	return action;
}

const struct audit_kind audit_kinds[] = {
	{ "account", N_("Account {n}"), N_("Accounts"), "/admin/accounts/" },
	{ "batch", N_("Batch {n}"), N_("Batches"), "/admin/groups/batches/" },
	{ "branch", N_("Branch {n}"), N_("Branches"), "/admin/branches/" },
	{ "class", N_("Class {n}"), N_("Classes"), "/admin/classes/" },
	{ "closure", N_("Closure {n}"), N_("Closures"), "/admin/closures/" },
	{ "course", N_("Course {n}"), N_("Courses"), "/admin/courses/" },
	{ "department", N_("Department {n}"), N_("Departments"), "/admin/groups/departments/" },
	{ "enrolment", N_("Enrolment {n}"), N_("Enrolments"), "/admin/enrolments/" },
	{ "import", N_("Import {n}"), N_("Imports"), "/admin/imports/" },
	{ "membership", N_("Membership {n}"), N_("Memberships"), "/admin/memberships/" },
	{ "occurrence", N_("Session {n}"), N_("Sessions"), "/sessions/" },
	{ "person", N_("Person {n}"), N_("People"), "/admin/people/" },
	{ "room", N_("Room {n}"), N_("Rooms"), "/admin/rooms/" },
	{ "schedule", N_("Schedule {n}"), N_("Schedules"), "/admin/schedules/" },
	{ "section", N_("Section {n}"), N_("Sections"), "/admin/groups/sections/" },
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
	{ "batch", N_("Batches") },
	{ "branch", N_("Branches") },
	{ "class", N_("Classes") },
	{ "closure", N_("Closures") },
	{ "course", N_("Courses") },
	{ "department", N_("Departments") },
	{ "enrolment", N_("Enrolments") },
	{ "file", N_("Files") },
	{ "import", N_("Imports") },
	{ "membership", N_("Memberships") },
	{ "note", N_("Notes") },
	{ "person", N_("People") },
	{ "room", N_("Rooms") },
	{ "schedule", N_("Schedules") },
	{ "section", N_("Sections") },
	{ "session", N_("Sessions") },
};
const size_t audit_n_families = ARRAY_LEN(audit_families);
