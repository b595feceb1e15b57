/*
 * How an aggregate declares its statements, and the list of all of them.
 *
 * At the top of store/<aggregate>.c stands the one table of its SQL:
 *
 *	static const struct column note_row_columns[] = {
 *		COL(note_row, id, I64, false),
 *		COL_N(note_row, text, TEXT, NOTE_TEXT_BYTES, false),
 *	};
 *
 *	#define NOTE_STATEMENTS(ROWS, CHANGE)                                     \
 *		ROWS(NOTE_GET, "i", note_row, "SELECT id, text FROM note WHERE id = ?") \
 *		CHANGE(NOTE_END, "ti", "UPDATE note SET deleted_at = ? WHERE id = ?")
 *	STATEMENT_SET(note, NOTE_STATEMENTS);
 *
 * and is used as store_row(s, &note_table[NOTE_GET], PARAMS(P_I64(id)), a, &row, e).
 * ROWS needs struct <row> and <row>_columns.  Columns are matched by position and
 * compared by name, so write "AS member" where they differ.  Add the aggregate to
 * STORE_SETS below: store_verify then prepares and compares its statements.
 */
#ifndef STORE_SETS_H
#define STORE_SETS_H

#include "store/store.h"

struct statement_set {
	const struct statement *v;
	size_t n;
};

#define STATEMENT_ENUM_ROWS_(NAME, params, row, sql) NAME,
#define STATEMENT_ENUM_CHANGE_(NAME, params, sql)    NAME,
#define STATEMENT_TABLE_ROWS_(NAME, params, row, sql)                                              \
	[NAME] = {                                                                                 \
		#NAME, params, row##_columns, ARRAY_LEN(row##_columns), sizeof(struct row), sql    \
	},
#define STATEMENT_TABLE_CHANGE_(NAME, params, sql) [NAME] = { #NAME, params, NULL, 0, 0, sql },

/* <set>_table for the file itself, <set>_statements for store/sets.c. */
#define STATEMENT_SET(set, LIST)                                                                   \
	enum { LIST(STATEMENT_ENUM_ROWS_, STATEMENT_ENUM_CHANGE_) set##_n_statements };            \
	static const struct statement set##_table[] = { LIST(STATEMENT_TABLE_ROWS_,                \
							     STATEMENT_TABLE_CHANGE_) };           \
	const struct statement_set set##_statements = { set##_table, ARRAY_LEN(set##_table) }

/* Every aggregate, in alphabetical order. */
#define STORE_SETS(X)                                                                              \
	X(account)                                                                                 \
	X(account_admin)                                                                           \
	X(attendance)                                                                              \
	X(attendance_brief)                                                                        \
	X(agenda)                                                                                  \
	X(attachment)                                                                              \
	X(audit)                                                                                   \
	X(audit_chain)                                                                             \
	X(audit_search)                                                                            \
	X(branch)                                                                                  \
	X(clash)                                                                                   \
	X(checkin)                                                                                 \
	X(checkin_look)                                                                            \
	X(claim)                                                                                   \
	X(class)                                                                                   \
	X(closure)                                                                                 \
	X(completion)                                                                              \
	X(course_report)                                                                           \
	X(device)                                                                                  \
	X(directory)                                                                               \
	X(event)                                                                                   \
	X(evidence)                                                                                \
	X(excuse)                                                                                  \
	X(job)                                                                                     \
	X(history)                                                                                 \
	X(inbox_told)                                                                              \
	X(import)                                                                                  \
	X(import_attendance)                                                                       \
	X(import_enrolment)                                                                        \
	X(import_people)                                                                           \
	X(group)                                                                                   \
	X(inbox)                                                                                   \
	X(lease)                                                                                   \
	X(lesson)                                                                                  \
	X(membership)                                                                              \
	X(note)                                                                                    \
	X(notify)                                                                                  \
	X(notify_stream)                                                                           \
	X(occurrence)                                                                              \
	X(org)                                                                                     \
	X(oversight)                                                                               \
	X(people)                                                                                  \
	X(policy)                                                                                  \
	X(photo)                                                                                   \
	X(presence)                                                                                \
	X(register)                                                                                \
	X(registration)                                                                            \
	X(relay)                                                                                   \
	X(request)                                                                                 \
	X(reminder)                                                                                \
	X(resumable)                                                                               \
	X(review)                                                                                  \
	X(room)                                                                                    \
	X(roster)                                                                                  \
	X(schedule)                                                                                \
	X(session_list)                                                                            \
	X(session_make)                                                                            \
	X(smart)                                                                                   \
	X(smart_live)                                                                              \
	X(sweep)                                                                                   \
	X(tally)                                                                                   \
	X(throttle)                                                                                \
	X(unit)                                                                                    \
	X(web_session)

/* Those that only the owner of the tables may run. */
#define STORE_OWNER_SETS(X)                                                                        \
	X(migrate)                                                                                 \
	X(schema_set)

#define X(set) extern const struct statement_set set##_statements;
STORE_SETS(X)
STORE_OWNER_SETS(X)
#undef X

/* The sets, each list ended by one without statements. */
extern const struct statement_set *const store_sets[];
extern const struct statement_set *const store_owner_sets[];

#endif
