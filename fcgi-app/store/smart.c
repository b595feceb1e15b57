/*
 * SQL of contract 000's door.
 */
#include "store/smart.h"

#include "store/sets.h"

#define NAME_BYTES 1000
#define ROWS_MAX   5000

static const struct column smart_session_row_columns[] = {
	COL(smart_session_row, occurrence_id, I64, false),
	COL(smart_session_row, branch_id, I64, false),
	COL(smart_session_row, teacher_id, I64, true),
	COL(smart_session_row, class_id, I64, true),
	COL_N(smart_session_row, title, TEXT, 800, false),
	COL_N(smart_session_row, class_name, TEXT, 480, true),
	COL_N(smart_session_row, zone, TEXT, 256, false),
	COL(smart_session_row, session_date, DAY, false),
	COL(smart_session_row, start_time, TOD, false),
	COL(smart_session_row, end_time, TOD, false),
	COL(smart_session_row, starts_at, TIME, false),
	COL(smart_session_row, ends_at, TIME, false),
	COL(smart_session_row, is_staff, I64, false),
	COL(smart_session_row, attendance_id, I64, true),
	COL_N(smart_session_row, mode, TEXT, 80, true),
	COL_N(smart_session_row, state, TEXT, 64, true),
	COL_N(smart_session_row, close_reason, TEXT, 160, true),
	COL_N(smart_session_row, place_level, TEXT, 64, true),
	COL(smart_session_row, latitude_e7, I64, true),
	COL(smart_session_row, longitude_e7, I64, true),
	COL(smart_session_row, radius_m, I64, true),
	COL(smart_session_row, opens_at, TIME, true),
	COL(smart_session_row, closes_at, TIME, true),
	COL(smart_session_row, closed_at, TIME, true),
	COL(smart_session_row, created_at, TIME, true),
	COL(smart_session_row, updated_at, TIME, true),
	COL(smart_session_row, window_min, I64, true),
	COL_N(smart_session_row, teams_meeting_id, TEXT, 800, true),
	COL_N(smart_session_row, teams_meeting_url, TEXT, 4000, true),
};

static const struct column smart_checkin_row_columns[] = {
	COL(smart_checkin_row, id, I64, false),
	COL(smart_checkin_row, attendance_id, I64, true),
	COL(smart_checkin_row, occurrence_id, I64, true),
	COL(smart_checkin_row, person_id, I64, true),
	COL(smart_checkin_row, learned_at, TIME, false),
	COL_N(smart_checkin_row, decision, TEXT, 64, false),
	COL_N(smart_checkin_row, reason, TEXT, 160, true),
	COL_N(smart_checkin_row, signals, TEXT, 6000, false),
	COL_N(smart_checkin_row, decided_state, TEXT, 64, true),
	COL_N(smart_checkin_row, decided_why, TEXT, 2000, true),
	COL(smart_checkin_row, decided_by, I64, true),
	COL(smart_checkin_row, decided_at, TIME, true),
};

static const struct column smart_key_row_columns[] = {
	COL(smart_key_row, attendance_id, I64, false),
	COL(smart_key_row, occurrence_id, I64, true),
	COL(smart_key_row, code_period_s, I64, false),
	COL(smart_key_row, closes_at, TIME, false),
	COL(smart_key_row, is_closed, I64, false),
	COL_N(smart_key_row, code_key, BYTES, 32, false),
};

static const struct column smart_listed_row_columns[] = {
	COL(smart_listed_row, id, I64, false),
	COL_N(smart_listed_row, title, TEXT, 800, false),
	COL_N(smart_listed_row, room, TEXT, 320, false),
	COL_N(smart_listed_row, class_name, TEXT, 480, true),
	COL_N(smart_listed_row, teacher_name, TEXT, NAME_BYTES, true),
	COL(smart_listed_row, session_date, DAY, false),
	COL(smart_listed_row, start_time, TOD, false),
	COL(smart_listed_row, end_time, TOD, false),
	COL(smart_listed_row, n_students, I64, true),
	COL_N(smart_listed_row, state, TEXT, 64, false),
	COL(smart_listed_row, is_active, I64, false),
};

static const struct column smart_held_stats_columns[] = {
	COL(smart_held_stats, n_sessions, I64, true), COL(smart_held_stats, n_week, I64, true),
	COL(smart_held_stats, n_students, I64, true), COL(smart_held_stats, n_records, I64, true),
	COL(smart_held_stats, n_present, I64, true),
};

static const struct column smart_record_row_columns[] = {
	COL(smart_record_row, id, I64, false),
	COL(smart_record_row, occurrence_id, I64, true),
	COL(smart_record_row, attendance_id, I64, false),
	COL(smart_record_row, person_id, I64, false),
	COL_N(smart_record_row, status, TEXT, 64, false),
	COL_N(smart_record_row, method, TEXT, 64, false),
	COL_N(smart_record_row, remark, TEXT, 1200, true),
	COL_N(smart_record_row, student_name, TEXT, NAME_BYTES, false),
	COL_N(smart_record_row, email, TEXT, 1016, true),
	COL_N(smart_record_row, title, TEXT, 800, false),
	COL(smart_record_row, happened_at, TIME, false),
	COL(smart_record_row, late_s, I64, true),
	COL(smart_record_row, session_date, DAY, false),
};

static const struct column smart_counts_columns[] = {
	COL(smart_counts, n_present, I64, true), COL(smart_counts, n_late, I64, true),
	COL(smart_counts, n_excused, I64, true), COL(smart_counts, n_absent, I64, true),
	COL(smart_counts, late_min, I64, true),  COL(smart_counts, absent_hours, I64, true),
};

static const struct column smart_student_row_columns[] = {
	COL(smart_student_row, id, I64, false),
	COL_N(smart_student_row, given_name, TEXT, 480, false),
	COL_N(smart_student_row, family_name, TEXT, 480, false),
	COL_N(smart_student_row, email, TEXT, 1016, true),
	COL_N(smart_student_row, student_code, TEXT, 160, true),
	COL_N(smart_student_row, class_name, TEXT, 480, true),
};

#define SELECT_CHECKIN                                                                             \
	"SELECT t.id, t.attendance_id, s.occurrence_id, t.person_id, t.learned_at, t.decision,"    \
	" t.reason, t.signals, t.decided_state, t.decided_why, t.decided_by, t.decided_at"
/*
 * The last ones of `which`, of which the index says the order.  session, limit.
 */
#define SELECT_LATEST(which)                                                                       \
	"(SELECT t.id, t.attendance_id, CAST(NULL AS SIGNED) AS occurrence_id, t.person_id,"       \
	" t.learned_at, t.decision, t.reason, t.signals, t.decided_state, t.decided_why,"          \
	" t.decided_by, t.decided_at FROM attendance_attempt t FORCE INDEX"                        \
	" (attendance_attempt_open) WHERE t.attendance_id = ? AND t.decided_state " which          \
	" AND t.person_id IS NOT NULL AND t.decision <> 'rejected' ORDER BY t.id DESC LIMIT ?)"
/* all, branch, person, person */
#define IN_SCOPE                                                                                   \
	" (? = 1 OR s.branch_id = ? OR s.teacher_id = ?"                                           \
	" OR s.class_id IN (SELECT cs.class_id FROM class_staff cs WHERE cs.person_id = ?))"
/* person, person */
#define IS_HELD                                                                                    \
	" (o.teacher_id = ?"                                                                       \
	" OR o.class_id IN (SELECT cs.class_id FROM class_staff cs WHERE cs.person_id = ?))"
#define SELECT_LISTED                                                                              \
	"SELECT o.id, o.title, o.room, g.name AS class_name,"                                      \
	" TRIM(CONCAT(t.given_name, ' ', t.family_name)) AS teacher_name, o.session_date,"         \
	" o.start_time, o.end_time, g.n_members AS n_students, o.state,"                           \
	" (s.id IS NOT NULL AND s.state <> 'closed') AS is_active FROM occurrence o"               \
	" LEFT JOIN class g ON g.id = o.class_id LEFT JOIN person t ON t.id = o.teacher_id"        \
	" LEFT JOIN attendance_session s ON s.occurrence_id = o.id AND s.deleted_at IS NULL"
#define SELECT_RECORD                                                                              \
	"SELECT r.id, s.occurrence_id, r.attendance_id, r.person_id, r.status, r.method,"          \
	" r.remark, TRIM(CONCAT(p.given_name, ' ', p.family_name)) AS student_name,"               \
	" (SELECT a.email FROM account a WHERE a.person_id = p.id ORDER BY a.id LIMIT 1) AS"       \
	" email, s.title, r.happened_at, r.late_s, s.session_date FROM attendance_record r"        \
	" JOIN attendance_session s ON s.id = r.attendance_id AND s.occurrence_id IS NOT NULL"     \
	" AND s.deleted_at IS NULL JOIN person p ON p.id = r.person_id WHERE"
#define NEWEST         " ORDER BY r.happened_at DESC, r.id DESC LIMIT ?"
#define SUM_OF(status) "CAST(SUM(r.status = '" status "') AS SIGNED)"
#define SELECT_COUNTS                                                                              \
	"SELECT " SUM_OF("present") " AS n_present, " SUM_OF("late") " AS n_late, " SUM_OF(        \
		"excused") " AS n_excused, " SUM_OF("absent") " AS n_absent,"                      \
							      " CAST(SUM(IF(r.status = 'late', "   \
							      "r.late_s DIV 60, 0)) AS SIGNED) "   \
							      "AS late_min,"                       \
							      " CAST(SUM(IF(r.status = 'absent',"  \
							      " TIMESTAMPDIFF(MINUTE, "            \
							      "o.starts_at, o.ends_at) DIV 60, "   \
							      "0)) AS SIGNED) AS absent_hours"     \
							      " FROM attendance_record r JOIN "    \
							      "attendance_session s ON s.id = "    \
							      "r.attendance_id"                    \
							      " AND s.deleted_at IS NULL JOIN "    \
							      "occurrence o ON o.id = "            \
							      "s.occurrence_id"
#define ON_DAY(m)                                                                                  \
	m ".from_date <= o.session_date AND (" m ".to_date IS NULL OR " m                          \
	  ".to_date >= o.session_date)"
#define IN_DAYS " AND o.session_date >= ? AND o.session_date <= ? AND "
/* person, day, day, person, person, day, day: enrolled in the course (and in the class, where
 * there is one); or, without a course, in the class. */
#define EXPECTED                                                                                   \
	"SELECT o.id FROM enrolment e JOIN occurrence o ON o.course_id = e.course_id"              \
	" WHERE e.person_id = ? AND e.state = 'approved'" IN_DAYS ON_DAY(                          \
		"e") " AND (o.class_id IS NULL OR EXISTS (SELECT 1 FROM class_section x"           \
		     " JOIN section_member m ON m.section_id = x.section_id WHERE x.class_id = "   \
		     "o.class_id"                                                                  \
		     " AND m.person_id = ? AND " ON_DAY(                                           \
			     "m") "))"                                                             \
				  " UNION SELECT o.id FROM section_member m JOIN class_section x"  \
				  " ON x.section_id = m.section_id JOIN occurrence o ON "          \
				  "o.class_id = x.class_id"                                        \
				  " AND o.course_id IS NULL WHERE m.person_id = ?" IN_DAYS ON_DAY( \
					  "m")
#define SELECT_STUDENT                                                                             \
	"SELECT p.id, p.given_name, p.family_name,"                                                \
	" (SELECT a.email FROM account a WHERE a.person_id = p.id ORDER BY a.id LIMIT 1) AS"       \
	" email, p.student_code,"

#define SMART_STATEMENTS(ROWS, CHANGE)                                                             \
	ROWS(SMART_SESSION, "ii", smart_session_row,                                               \
	     "SELECT o.id AS occurrence_id, o.branch_id, o.teacher_id, o.class_id, o.title,"       \
	     " g.name AS class_name, o.zone, o.session_date, o.start_time, o.end_time,"            \
	     " o.starts_at, o.ends_at, EXISTS (SELECT 1 FROM class_staff cs"                       \
	     " WHERE cs.class_id = o.class_id AND cs.person_id = ?) AS is_staff,"                  \
	     " s.id AS attendance_id, s.mode, s.state, s.close_reason, s.place_level,"             \
	     " s.latitude_e7, s.longitude_e7, s.radius_m, s.opens_at, s.closes_at, s.closed_at,"   \
	     " s.created_at, s.updated_at, w.window_min, w.teams_meeting_id, w.teams_meeting_url"  \
	     " FROM occurrence o LEFT JOIN class g ON g.id = o.class_id"                           \
	     " LEFT JOIN attendance_session s ON s.occurrence_id = o.id AND s.deleted_at IS NULL"  \
	     " LEFT JOIN attendance_window w ON w.attendance_id = s.id WHERE o.id = ?")            \
	CHANGE(SMART_SETTING_PUT, "iiss",                                                          \
	       "INSERT INTO attendance_window (attendance_id, window_min, teams_meeting_id,"       \
	       " teams_meeting_url) VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE"                   \
	       " window_min = VALUES(window_min), teams_meeting_id = VALUES(teams_meeting_id),"    \
	       " teams_meeting_url = VALUES(teams_meeting_url)")                                   \
	ROWS(SMART_CHECKINS, "iii", smart_checkin_row,                                             \
	     SELECT_CHECKIN " FROM attendance_attempt t JOIN attendance_session s"                 \
			    " ON s.id = t.attendance_id WHERE t.attendance_id = ?"                 \
			    " AND t.person_id IS NOT NULL AND (? = 1 OR t.decision <> 'rejected')" \
			    " ORDER BY t.id DESC LIMIT ?")                                         \
	ROWS(SMART_LATEST, "iiii", smart_checkin_row,                                              \
	     SELECT_LATEST("IS NULL") " UNION ALL " SELECT_LATEST("IS NOT NULL"))                  \
	ROWS(SMART_CHECKIN, "i", smart_checkin_row,                                                \
	     SELECT_CHECKIN " FROM attendance_attempt t JOIN attendance_session s"                 \
			    " ON s.id = t.attendance_id WHERE t.id = ?")                           \
	ROWS(SMART_KEY, "i", smart_key_row,                                                        \
	     "SELECT s.id AS attendance_id, s.occurrence_id, s.code_period_s, s.closes_at,"        \
	     " (s.state = 'closed') AS is_closed, s.code_key FROM attendance_session s"            \
	     " WHERE s.id = ? AND s.occurrence_id IS NOT NULL AND s.deleted_at IS NULL")           \
	ROWS(SMART_SUSPECTS, "tiiiiii", smart_checkin_row,                                         \
	     SELECT_CHECKIN " FROM attendance_session s JOIN attendance_attempt t"                 \
			    " ON t.attendance_id = s.id WHERE s.opens_at >= ?"                     \
			    " AND s.occurrence_id IS NOT NULL AND s.deleted_at IS NULL"            \
			    " AND t.person_id IS NOT NULL AND (t.decision = 'flagged'"             \
			    " OR t.reason IN ('place_out', 'place_speed', 'place_repeat',"         \
			    " 'photo_failed', 'browser_shared', 'already_in'))"                    \
			    " AND (? = 0 OR t.decided_at IS NULL)"                                 \
			    " AND" IN_SCOPE " ORDER BY t.id DESC LIMIT ?")                         \
	ROWS(SMART_HELD, "iiii", smart_listed_row,                                                 \
	     SELECT_LISTED " WHERE" IS_HELD " AND o.state <> 'cancelled'"                          \
			   " AND (s.close_reason IS NULL OR s.close_reason <> 'confirmed')"        \
			   " ORDER BY o.starts_at DESC, o.id DESC LIMIT ?, ?")                     \
	ROWS(SMART_HELD_NEXT, "iitii", smart_listed_row,                                           \
	     SELECT_LISTED " WHERE" IS_HELD " AND o.state <> 'cancelled' AND o.ends_at > ?"        \
			   " ORDER BY o.starts_at, o.id LIMIT ?, ?")                               \
	ROWS(SMART_EXPECTED, "iddiiddti", smart_listed_row,                                        \
	     SELECT_LISTED " WHERE o.id IN (" EXPECTED ") AND o.state <> 'cancelled'"              \
			   " AND o.ends_at > ? ORDER BY o.starts_at, o.id LIMIT ?")                \
	ROWS(SMART_HELD_STATS, "diiiiii", smart_held_stats,                                        \
	     "SELECT COUNT(*) AS n_sessions,"                                                      \
	     " CAST(SUM(o.session_date >= ?) AS SIGNED) AS n_week, (SELECT COUNT(DISTINCT"         \
	     " m.person_id) FROM occurrence o JOIN attendance_session s ON s.occurrence_id = o.id" \
	     " JOIN attendance_record m ON m.attendance_id = s.id WHERE" IS_HELD                   \
	     ") AS n_students, CAST(SUM((SELECT COUNT(*) FROM attendance_session s"                \
	     " JOIN attendance_record r ON r.attendance_id = s.id WHERE s.occurrence_id = o.id))"  \
	     " AS SIGNED) AS n_records, (SELECT COUNT(*) FROM occurrence o"                        \
	     " JOIN attendance_session s ON s.occurrence_id = o.id JOIN attendance_record r"       \
	     " ON r.attendance_id = s.id WHERE" IS_HELD " AND r.status IN ('present', 'late'))"    \
	     " AS n_present FROM occurrence o WHERE" IS_HELD " AND o.state <> 'cancelled'")        \
	ROWS(SMART_RECORD, "iiiiii", smart_record_row,                                             \
	     SELECT_RECORD " r.id = ? AND" IN_SCOPE NEWEST)                                        \
	ROWS(SMART_RECORDS_OCCURRENCE, "iiiiii", smart_record_row,                                 \
	     SELECT_RECORD " s.occurrence_id = ? AND" IN_SCOPE NEWEST)                             \
	ROWS(SMART_RECORDS_PERSON, "iiiiii", smart_record_row,                                     \
	     SELECT_RECORD " r.person_id = ? AND" IN_SCOPE NEWEST)                                 \
	ROWS(SMART_RECORDS_HOLDER, "iii", smart_record_row,                                        \
	     SELECT_RECORD                                                                         \
	     " (s.teacher_id = ? OR s.class_id IN (SELECT cs.class_id FROM class_staff cs"         \
	     " WHERE cs.person_id = ?))" NEWEST)                                                   \
	ROWS(SMART_COUNTS, "idiiii", smart_counts,                                                 \
	     SELECT_COUNTS " WHERE r.person_id = ? AND s.session_date >= ? AND" IN_SCOPE)          \
	ROWS(SMART_CLASS_COUNTS, "sdiiii", smart_counts,                                           \
	     SELECT_COUNTS " JOIN class g ON g.id = o.class_id WHERE g.name = ?"                   \
			   " AND s.session_date >= ? AND" IN_SCOPE)                                \
	ROWS(SMART_STUDENT, "ddi", smart_student_row,                                              \
	     SELECT_STUDENT " (SELECT g.name FROM section_member m JOIN class_section x"           \
			    " ON x.section_id = m.section_id JOIN class g ON g.id = x.class_id"    \
			    " WHERE m.person_id = p.id AND m.from_date <= ? AND (m.to_date"        \
			    " IS NULL OR m.to_date >= ?) AND g.ended_at IS NULL"                   \
			    " ORDER BY g.id LIMIT 1) AS class_name FROM person p WHERE p.id = ?")  \
	ROWS(SMART_CLASS, "i", smart_student_row,                                                  \
	     SELECT_STUDENT " g.name AS class_name FROM occurrence o"                              \
			    " JOIN class g ON g.id = o.class_id JOIN person p"                     \
			    " ON p.ended_at IS NULL AND p.id IN (SELECT m.person_id"               \
			    " FROM class_section x JOIN section_member m"                          \
			    " ON m.section_id = x.section_id WHERE x.class_id = o.class_id"        \
			    " AND " ON_DAY("m") ") WHERE o.id = ?"                                 \
						" ORDER BY p.family_name, p.given_name, p.id")
STATEMENT_SET(smart, SMART_STATEMENTS);

#define P_SCOPE(v)                                                                                 \
	P_I64((v)->all), P_I64_OR_NULL((v)->branch_id), P_I64_OR_NULL((v)->person_id),             \
		P_I64_OR_NULL((v)->person_id)

enum rc smart_session_row(struct store *s, int64_t occurrence_id, int64_t person_id,
			  struct arena *a, struct smart_session_row *ret, struct error *e)
{
	return store_row(s, &smart_table[SMART_SESSION],
			 PARAMS(P_I64_OR_NULL(person_id), P_I64(occurrence_id)), a, ret, e);
}

enum rc smart_setting_put(struct store *s, const struct smart_setting *v, struct error *e)
{
	return store_change(s, &smart_table[SMART_SETTING_PUT],
			    PARAMS(P_I64(v->attendance_id), P_I64(v->window_min),
				   P_TEXT_OR_NULL(v->teams_meeting_id),
				   P_TEXT_OR_NULL(v->teams_meeting_url)),
			    NULL, NULL, e);
}

enum rc smart_checkin_rows(struct store *s, int64_t attendance_id, bool with_refused, int64_t limit,
			   struct arena *a, const struct smart_checkin_row **ret_rows,
			   size_t *ret_n, struct error *e)
{
	return store_rows(s, &smart_table[SMART_CHECKINS],
			  PARAMS(P_I64(attendance_id), P_I64(with_refused), P_I64(limit)), ROWS_MAX,
			  a, ret_rows, ret_n, e);
}

enum rc smart_latest_rows(struct store *s, int64_t attendance_id, int64_t limit, struct arena *a,
			  const struct smart_checkin_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &smart_table[SMART_LATEST],
			  PARAMS(P_I64(attendance_id), P_I64(limit), P_I64(attendance_id),
				 P_I64(limit)),
			  ROWS_MAX, a, ret_rows, ret_n, e);
}

enum rc smart_checkin_row(struct store *s, int64_t attempt_id, struct arena *a,
			  struct smart_checkin_row *ret, struct error *e)
{
	return store_row(s, &smart_table[SMART_CHECKIN], PARAMS(P_I64(attempt_id)), a, ret, e);
}

enum rc smart_key_row(struct store *s, int64_t attendance_id, struct arena *a,
		      struct smart_key_row *ret, struct error *e)
{
	return store_row(s, &smart_table[SMART_KEY], PARAMS(P_I64(attendance_id)), a, ret, e);
}

enum rc smart_suspect_rows(struct store *s, const struct smart_scope *scope, int64_t since,
			   bool only_unsettled, int64_t limit, struct arena *a,
			   const struct smart_checkin_row **ret_rows, size_t *ret_n,
			   struct error *e)
{
	return store_rows(s, &smart_table[SMART_SUSPECTS],
			  PARAMS(P_TIME(since), P_I64(only_unsettled), P_SCOPE(scope),
				 P_I64(limit)),
			  ROWS_MAX, a, ret_rows, ret_n, e);
}

enum rc smart_held_rows(struct store *s, int64_t person_id, int64_t from, int64_t offset,
			int64_t limit, struct arena *a, const struct smart_listed_row **ret_rows,
			size_t *ret_n, struct error *e)
{
	const struct param person = P_I64_OR_NULL(person_id);

	if (from == NO_TIME)
		return store_rows(s, &smart_table[SMART_HELD],
				  PARAMS(person, person, P_I64(offset), P_I64(limit)), ROWS_MAX, a,
				  ret_rows, ret_n, e);
	return store_rows(s, &smart_table[SMART_HELD_NEXT],
			  PARAMS(person, person, P_TIME(from), P_I64(offset), P_I64(limit)),
			  ROWS_MAX, a, ret_rows, ret_n, e);
}

enum rc smart_expected_rows(struct store *s, int64_t person_id, int32_t from_day, int32_t to_day,
			    int64_t from_at, int64_t limit, struct arena *a,
			    const struct smart_listed_row **ret_rows, size_t *ret_n,
			    struct error *e)
{
	const struct param person = P_I64_OR_NULL(person_id);
	const struct param from = P_DAY(from_day), to = P_DAY(to_day);

	return store_rows(s, &smart_table[SMART_EXPECTED],
			  PARAMS(person, from, to, person, person, from, to, P_TIME(from_at),
				 P_I64(limit)),
			  ROWS_MAX, a, ret_rows, ret_n, e);
}

enum rc smart_held_stats(struct store *s, int64_t person_id, int32_t week_from, struct arena *a,
			 struct smart_held_stats *ret, struct error *e)
{
	const struct param p = P_I64_OR_NULL(person_id);

	return store_row(s, &smart_table[SMART_HELD_STATS],
			 PARAMS(P_DAY(week_from), p, p, p, p, p, p), a, ret, e);
}

enum rc smart_record_rows(struct store *s, enum smart_records_of of, int64_t id,
			  const struct smart_scope *scope, int64_t limit, struct arena *a,
			  const struct smart_record_row **ret_rows, size_t *ret_n, struct error *e)
{
	static const int statements[] = { [SMART_OF_RECORD] = SMART_RECORD,
					  [SMART_OF_OCCURRENCE] = SMART_RECORDS_OCCURRENCE,
					  [SMART_OF_PERSON] = SMART_RECORDS_PERSON };

	if (of == SMART_OF_HOLDER)
		return store_rows(s, &smart_table[SMART_RECORDS_HOLDER],
				  PARAMS(P_I64_OR_NULL(id), P_I64_OR_NULL(id), P_I64(limit)),
				  ROWS_MAX, a, ret_rows, ret_n, e);
	return store_rows(s, &smart_table[statements[of]],
			  PARAMS(P_I64(id), P_SCOPE(scope), P_I64(limit)), ROWS_MAX, a, ret_rows,
			  ret_n, e);
}

enum rc smart_counts_of(struct store *s, int64_t person_id, int32_t from_day,
			const struct smart_scope *scope, struct arena *a, struct smart_counts *ret,
			struct error *e)
{
	return store_row(s, &smart_table[SMART_COUNTS],
			 PARAMS(P_I64(person_id), P_DAY(from_day), P_SCOPE(scope)), a, ret, e);
}

enum rc smart_class_counts(struct store *s, struct str class_name, int32_t from_day,
			   const struct smart_scope *scope, struct arena *a,
			   struct smart_counts *ret, struct error *e)
{
	return store_row(s, &smart_table[SMART_CLASS_COUNTS],
			 PARAMS(P_TEXT(class_name), P_DAY(from_day), P_SCOPE(scope)), a, ret, e);
}

enum rc smart_student_row(struct store *s, int64_t person_id, int32_t day, struct arena *a,
			  struct smart_student_row *ret, struct error *e)
{
	return store_row(s, &smart_table[SMART_STUDENT],
			 PARAMS(P_DAY(day), P_DAY(day), P_I64(person_id)), a, ret, e);
}

enum rc smart_class_rows(struct store *s, int64_t occurrence_id, struct arena *a,
			 const struct smart_student_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &smart_table[SMART_CLASS], PARAMS(P_I64(occurrence_id)), ROWS_MAX, a,
			  ret_rows, ret_n, e);
}
