/*
 * SQL of attendance sessions.
 */
#include "store/attendance.h"

#include "store/expected.h"
#include "store/sets.h"
#include "store/tally.h"

#define NAME_BYTES 1000

static const struct column attendance_stored_columns[] = {
	COL(attendance_stored, id, I64, false),
	COL(attendance_stored, version, I64, false),
	COL_N(attendance_stored, uuid, TEXT, 144, false),
	COL(attendance_stored, branch_id, I64, false),
	COL(attendance_stored, occurrence_id, I64, true),
	COL(attendance_stored, course_id, I64, true),
	COL(attendance_stored, class_id, I64, true),
	COL(attendance_stored, section_id, I64, true),
	COL(attendance_stored, teacher_id, I64, true),
	COL(attendance_stored, device_id, I64, true),
	COL(attendance_stored, room_id, I64, true),
	COL_N(attendance_stored, roster, TEXT, 64, false),
	COL_N(attendance_stored, door, TEXT, 64, false),
	COL_N(attendance_stored, mode, TEXT, 80, false),
	COL_N(attendance_stored, title, TEXT, 800, false),
	COL_N(attendance_stored, room, TEXT, 320, false),
	COL(attendance_stored, session_date, DAY, false),
	COL_N(attendance_stored, zone, TEXT, 256, false),
	COL_N(attendance_stored, state, TEXT, 64, false),
	COL(attendance_stored, opens_at, TIME, false),
	COL(attendance_stored, late_at, TIME, true),
	COL(attendance_stored, closes_at, TIME, false),
	COL_N(attendance_stored, code_level, TEXT, 64, false),
	COL_N(attendance_stored, place_level, TEXT, 64, false),
	COL_N(attendance_stored, network_level, TEXT, 64, false),
	COL_N(attendance_stored, photo_level, TEXT, 64, false),
	COL_N(attendance_stored, device_level, TEXT, 64, false),
	COL(attendance_stored, latitude_e7, I64, true),
	COL(attendance_stored, longitude_e7, I64, true),
	COL(attendance_stored, radius_m, I64, false),
	COL_N(attendance_stored, reference_address, TEXT, 180, true),
	COL_N(attendance_stored, code_key, BYTES, 32, false),
	COL(attendance_stored, code_period_s, I64, false),
	COL(attendance_stored, max_tries, I64, false),
	COL(attendance_stored, evidence_days, I64, false),
	COL(attendance_stored, lock_days, I64, false),
	COL(attendance_stored, names_on_screen, I64, false),
	COL(attendance_stored, n_expected, I64, true),
	COL(attendance_stored, n_present, I64, true),
	COL(attendance_stored, n_late, I64, true),
	COL(attendance_stored, n_excused, I64, true),
	COL(attendance_stored, n_absent, I64, true),
	COL(attendance_stored, n_flagged, I64, true),
	COL_N(attendance_stored, close_reason, TEXT, 160, true),
	COL_N(attendance_stored, reopen_reason, TEXT, 2000, true),
	COL_N(attendance_stored, delete_reason, TEXT, 2000, true),
	COL(attendance_stored, created_by, I64, true),
	COL(attendance_stored, created_at, TIME, false),
	COL(attendance_stored, updated_at, TIME, false),
	COL(attendance_stored, closed_by, I64, true),
	COL(attendance_stored, closed_at, TIME, true),
	COL(attendance_stored, deleted_at, TIME, true),
	COL(attendance_stored, planned_start, TOD, true),
	COL(attendance_stored, planned_end, TOD, true),
	COL(attendance_stored, starts_at, TIME, true),
	COL_N(attendance_stored, course_code, TEXT, 160, true),
	COL_N(attendance_stored, course_title, TEXT, 800, true),
	COL_N(attendance_stored, class_name, TEXT, 480, true),
	COL_N(attendance_stored, section_name, TEXT, 160, true),
	COL_N(attendance_stored, teacher_name, TEXT, NAME_BYTES, true),
	COL(attendance_stored, teacher_account_id, I64, true),
	COL_N(attendance_stored, device_code, TEXT, 160, true),
	COL_N(attendance_stored, created_by_name, TEXT, NAME_BYTES, true),
	COL(attendance_stored, is_staff, I64, true),
};

struct attendance_id {
	int64_t id;
};
static const struct column attendance_id_columns[] = { COL(attendance_id, id, I64, false) };
struct attendance_found {
	int64_t n;
};
static const struct column attendance_found_columns[] = { COL(attendance_found, n, I64, true) };
static const struct column attendance_place_columns[] = {
	COL(attendance_place, latitude_e7, I64, true),
	COL(attendance_place, longitude_e7, I64, true),
	COL(attendance_place, radius_m, I64, true),
};
static const struct column attendance_refs_columns[] = {
	COL(attendance_refs, course_id, I64, true),
	COL(attendance_refs, class_id, I64, true),
	COL(attendance_refs, section_id, I64, true),
	COL(attendance_refs, teacher_id, I64, true),
	COL(attendance_refs, device_id, I64, true),
	COL(attendance_refs, device_blocked, I64, true),
};

#define COUNT_OF(status)                                                                           \
	"(SELECT COUNT(*) FROM attendance_record r WHERE r.attendance_id = s.id"                   \
	" AND r.status = '" status "')"

/* As they stand in the row, NULL while it is open; and for lists, counted as well. */
#define COUNTS_STORED                                                                              \
	"s.n_expected, s.n_present, s.n_late, s.n_excused, s.n_absent,"                            \
	" CAST(NULL AS SIGNED) AS n_flagged"
/* clang-format off */
#define COUNTS                                                                                     \
	"COALESCE(s.n_expected, " EXPECTED_COUNT ") AS n_expected,"                                \
	" COALESCE(s.n_present, " COUNT_OF("present") ") AS n_present,"                            \
	" COALESCE(s.n_late, " COUNT_OF("late") ") AS n_late,"                                     \
	" COALESCE(s.n_excused, " COUNT_OF("excused") ") AS n_excused,"                            \
	" COALESCE(s.n_absent, " COUNT_OF("absent") ") AS n_absent,"                               \
	" (SELECT COUNT(*) FROM attendance_attempt f WHERE f.attendance_id = s.id"                 \
	" AND f.decided_state = 'open') AS n_flagged"

#define SELECT_ATTENDANCE(counts)                                                                  \
	"SELECT s.id, s.version, s.uuid, s.branch_id, s.occurrence_id, s.course_id, s.class_id,"   \
	" s.section_id, s.teacher_id, s.device_id, s.room_id, s.roster, s.door, s.mode, s.title,"  \
	" s.room, s.session_date, s.zone, s.state, s.opens_at, s.late_at, s.closes_at,"            \
	" s.code_level, s.place_level, s.network_level, s.photo_level, s.device_level,"            \
	" s.latitude_e7, s.longitude_e7, s.radius_m, s.reference_address, s.code_key,"             \
	" s.code_period_s, s.max_tries, s.evidence_days, s.lock_days, s.names_on_screen,"          \
	" " counts ", s.close_reason, s.reopen_reason, s.delete_reason, s.created_by,"             \
	" s.created_at, s.updated_at, s.closed_by, s.closed_at, s.deleted_at,"                     \
	" o.start_time AS planned_start, o.end_time AS planned_end, o.starts_at,"                  \
	" k.code AS course_code, k.title AS course_title, g.name AS class_name,"                   \
	" z.name AS section_name, TRIM(CONCAT(p.given_name, ' ', p.family_name)) AS teacher_name," \
	" (SELECT MIN(ta.id) FROM account ta WHERE ta.person_id = s.teacher_id)"                   \
	" AS teacher_account_id, d.code AS device_code,"                                           \
	" (SELECT COALESCE(TRIM(CONCAT(np.given_name, ' ', np.family_name)), na.username)"         \
	" FROM account na LEFT JOIN person np ON np.id = na.person_id WHERE na.id = s.created_by)" \
	" AS created_by_name, EXISTS (SELECT 1 FROM class_staff cs WHERE cs.class_id = s.class_id" \
	" AND cs.person_id = ?) AS is_staff FROM attendance_session s"                             \
	" LEFT JOIN occurrence o ON o.id = s.occurrence_id"                                        \
	" LEFT JOIN course k ON k.id = s.course_id LEFT JOIN class g ON g.id = s.class_id"         \
	" LEFT JOIN section z ON z.id = s.section_id LEFT JOIN person p ON p.id = s.teacher_id"    \
	" LEFT JOIN device d ON d.id = s.device_id"
/* clang-format on */

/* Who sees it: all, a branch, or a person who holds it or is staff of its class. */
#define WHERE_SEEN                                                                                 \
	" WHERE (? = 0 OR s.branch_id = ?) AND (? = 0 OR s.teacher_id = ? OR EXISTS"               \
	" (SELECT 1 FROM class_staff v WHERE v.class_id = s.class_id AND v.person_id = ?))"

#define ATTENDANCE_STATEMENTS(ROWS, CHANGE)                                                                                      \
	ROWS(ATTENDANCE_READ, "ii", attendance_stored,                                                                           \
	     SELECT_ATTENDANCE(COUNTS_STORED) " WHERE s.id = ?")                                                                 \
	ROWS(ATTENDANCE_READ_ALL, "is", attendance_stored,                                                                       \
	     SELECT_ATTENDANCE(                                                                                                  \
		     COUNTS_STORED) " JOIN JSON_TABLE(?, '$[*]' COLUMNS (i BIGINT PATH '$')) j"                                  \
				    " ON j.i = s.id ORDER BY s.id")                                                              \
	ROWS(ATTENDANCE_READ_OCCURRENCE, "ii", attendance_stored,                                                                \
	     SELECT_ATTENDANCE(COUNTS_STORED) " WHERE s.occurrence_id = ?")                                                      \
	ROWS(ATTENDANCE_READ_UUID, "is", attendance_stored,                                                                      \
	     SELECT_ATTENDANCE(COUNTS_STORED) " WHERE s.uuid = ?")                                                               \
	ROWS(ATTENDANCE_LOCK, "i", attendance_id,                                                                                \
	     "SELECT id FROM attendance_session WHERE id = ? FOR UPDATE")                                                        \
	ROWS(ATTENDANCE_LOCK_ALL, "s", attendance_id,                                                                            \
	     "SELECT s.id FROM JSON_TABLE(?, '$[*]' COLUMNS (i BIGINT PATH '$')) j STRAIGHT_JOIN"                                \
	     " attendance_session s ON s.id = j.i FOR UPDATE")                                                                   \
	ROWS(ATTENDANCE_ROWS, "iiiiiiiissiiiiiii", attendance_stored,                                                            \
	     SELECT_ATTENDANCE(COUNTS) WHERE_SEEN                                                                                \
	     " AND (? = 2 OR (s.state = 'closed') = ?) AND (? = '' OR s.door = ?)"                                               \
	     " AND (? = 0 OR s.teacher_id = ?) AND (? = 0 OR s.course_id = ?)"                                                   \
	     " AND s.id < ? AND (? = 1 OR s.deleted_at IS NULL) ORDER BY s.id DESC LIMIT ?")                                     \
	CHANGE(ATTENDANCE_INSERT, "siiiiiiiissssssdstttsssssiiisbiiiiiittits",                                                   \
	       "INSERT INTO attendance_session (uuid, branch_id, occurrence_id, course_id,"                                      \
	       " class_id, section_id, teacher_id, device_id, room_id, roster, door, mode, title,"                               \
	       " room, state, session_date, zone, opens_at, late_at, closes_at, code_level,"                                     \
	       " place_level, network_level, photo_level, device_level, latitude_e7,"                                            \
	       " longitude_e7, radius_m, reference_address, code_key, code_period_s, max_tries,"                                 \
	       " evidence_days, lock_days, names_on_screen, created_by, created_at, updated_at,"                                 \
	       " closed_by, closed_at, close_reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"                                \
	       " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"                               \
	       " ?, ?)")                                                                                                         \
	CHANGE(ATTENDANCE_WRITE, "ssttttsssssiiiiissittsi",                                                                      \
	       "UPDATE attendance_session SET state = ?, mode = ?, opens_at = ?, late_at = ?,"                                   \
	       " closes_at = ?, updated_at = ?, code_level = ?, place_level = ?,"                                                \
	       " network_level = ?, photo_level = ?, device_level = ?, latitude_e7 = ?,"                                         \
	       " longitude_e7 = ?, radius_m = ?, code_period_s = ?, names_on_screen = ?,"                                        \
	       " close_reason = ?, reopen_reason = ?, closed_by = ?, closed_at = ?,"                                             \
	       " deleted_at = ?, delete_reason = ?, version = version + 1 WHERE id = ?")                                         \
	CHANGE(ATTENDANCE_PREFILL, "ti",                                                                                         \
	       "INSERT IGNORE INTO attendance_record (attendance_id, person_id, status, method,"                                 \
	       " happened_at, remark, set_by, updated_at) SELECT s.id, x.person_id, 'excused',"                                  \
	       " 'excuse', x.set_at, x.remark, x.set_by, ? FROM attendance_session s"                                            \
	       " JOIN excuse x ON x.occurrence_id = s.occurrence_id AND x.ended_at IS NULL"                                      \
	       " WHERE s.id = ?")                                                                                                \
	CHANGE(ATTENDANCE_ABSENT, "ittiiiiii",                                                                                   \
	       "INSERT IGNORE INTO attendance_record (attendance_id, person_id, status, method,"                                 \
	       " happened_at, updated_at) SELECT ?, x.person_id, 'absent', 'auto', ?, ?"                                         \
	       " FROM " EXPECTED_PEOPLE " x WHERE NOT EXISTS (SELECT 1 FROM attendance_record r"                                 \
	       " WHERE r.attendance_id = ? AND r.person_id = x.person_id)"                                                       \
	       " AND NOT EXISTS (SELECT 1 FROM attendance_attempt f WHERE f.attendance_id = ?"                                   \
	       " AND f.person_id = x.person_id AND f.decided_state = 'open')")                                                   \
	CHANGE(ATTENDANCE_ABSENT_CHANGES, "bitii",                                                                               \
	       "INSERT INTO attendance_change (attendance_id, person_id, act_id, new_row,"                                       \
	       " by_account, at) SELECT r.attendance_id, r.person_id, ?,"                                                        \
	       " JSON_OBJECT('status', 'absent', 'method', 'auto'), ?, ?"                                                        \
	       " FROM attendance_record r WHERE r.attendance_id = ? AND r.method = 'auto'"                                       \
	       " AND r.id >= ?")                                                                                                 \
	CHANGE(ATTENDANCE_UNMARK_CHANGES, "biti",                                                                                \
	       "INSERT INTO attendance_change (attendance_id, person_id, act_id, old_row,"                                       \
	       " by_account, at) SELECT r.attendance_id, r.person_id, ?,"                                                        \
	       " JSON_OBJECT('status', 'absent', 'method', 'auto'), ?, ?"                                                        \
	       " FROM attendance_record r WHERE r.attendance_id = ? AND r.method = 'auto'")                                      \
	CHANGE(ATTENDANCE_UNMARK, "i",                                                                                           \
	       "DELETE FROM attendance_record WHERE attendance_id = ? AND method = 'auto'")                                      \
	CHANGE(ATTENDANCE_COUNT, "i",                                                                                            \
	       "UPDATE attendance_session s SET s.n_expected = " EXPECTED_COUNT ","                                              \
	       " s.n_present = " COUNT_OF("present") ", s.n_late = " COUNT_OF(                                                   \
		       "late") ","                                                                                               \
			       " s.n_excused = " COUNT_OF("excused") ", s.n_absent = " COUNT_OF(                                 \
				       "absent") " WHERE s.id = ?")                                                              \
	CHANGE(ATTENDANCE_COUNT_ALL, "s",                                                                                        \
	       "UPDATE JSON_TABLE(?, '$[*]' COLUMNS (i BIGINT PATH '$')) j STRAIGHT_JOIN"                                        \
	       " attendance_session s FORCE INDEX (PRIMARY) ON s.id = j.i SET s.n_expected "                                     \
	       "= " EXPECTED_COUNT ","                                                                                           \
	       " s.n_present = " COUNT_OF("present") ", s.n_late = " COUNT_OF(                                                   \
		       "late") ","                                                                                               \
			       " s.n_excused = " COUNT_OF("excused") ", s.n_absent = " COUNT_OF(                                 \
				       "absent"))                                                                                \
	CHANGE(ATTENDANCE_UNCOUNT, "i",                                                                                          \
	       "UPDATE attendance_session SET n_expected = NULL, n_present = NULL, n_late = NULL,"                               \
	       " n_excused = NULL, n_absent = NULL WHERE id = ?")                                                                \
	CHANGE(ATTENDANCE_PHOTOS_LATE, "it",                                                                                     \
	       "UPDATE attempt_photo f JOIN attendance_attempt t ON t.id = f.attempt_id"                                         \
	       " SET f.verifier_state = 'timeout' WHERE t.attendance_id = ?"                                                     \
	       " AND f.verifier_state = 'pending' AND f.pending_until <= ?")                                                     \
	ROWS(ATTENDANCE_DUE, "ti", attendance_id,                                                                                \
	     "SELECT id FROM attendance_session WHERE state IN ('open', 'paused')"                                               \
	     " AND closes_at <= ? ORDER BY closes_at LIMIT ?")                                                                   \
	ROWS(ATTENDANCE_TEACHER_LOCK, "i", attendance_id,                                                                        \
	     "SELECT id FROM person WHERE id = ? FOR UPDATE")                                                                    \
	ROWS(ATTENDANCE_TEACHER_OPEN, "it", attendance_found,                                                                    \
	     "SELECT COUNT(*) AS n FROM attendance_session WHERE teacher_id = ? AND door = '002'"                                \
	     " AND state <> 'closed' AND deleted_at IS NULL AND closes_at > ?")                                                  \
	ROWS(ATTENDANCE_ROOM, "i", attendance_place,                                                                             \
	     "SELECT latitude_e7, longitude_e7, radius_m FROM room WHERE id = ?")                                                \
	ROWS(ATTENDANCE_REFS, "iiiiiiiiiiii", attendance_refs,                                                                   \
	     "SELECT (SELECT id FROM course WHERE id = ? AND branch_id = ? AND ended_at IS NULL)"                                \
	     " AS course_id, (SELECT id FROM class WHERE id = ? AND branch_id = ?"                                               \
	     " AND ended_at IS NULL) AS class_id, (SELECT z.id FROM section z"                                                   \
	     " JOIN batch b ON b.id = z.batch_id JOIN department d ON d.id = b.department_id"                                    \
	     " WHERE z.id = ? AND d.branch_id = ? AND z.ended_at IS NULL) AS section_id,"                                        \
	     " (SELECT id FROM person WHERE id = ? AND branch_id = ? AND ended_at IS NULL)"                                      \
	     " AS teacher_id, (SELECT id FROM device WHERE id = ? AND branch_id = ?"                                             \
	     " AND ended_at IS NULL) AS device_id, (SELECT blocked_at IS NOT NULL FROM device"                                   \
	     " WHERE id = ? AND branch_id = ?) AS device_blocked")                                                               \
	ROWS(ATTENDANCE_EXPECTS, "ii", attendance_found,                                                                         \
	     "SELECT CASE WHEN s.course_id IS NOT NULL THEN " EXPECTED_IN_COURSE(                                                \
		     "q.id") " AND (s.class_id IS NULL OR " EXPECTED_IN_CLASS("q.id") ")"                                        \
										      " ELSE"                                    \
										      " " EXPECTED_IN_CLASS(                     \
											      "q."                               \
											      "i"                                \
											      "d") " END AS n FROM occurrence s" \
												   " JOIN person q ON q.id = ? WHERE s.id = ?")
STATEMENT_SET(attendance, ATTENDANCE_STATEMENTS);

/* ---- reading -------------------------------------------------------------------------------- */

enum rc attendance_read(struct store *s, int64_t id, int64_t person_id, struct arena *a,
			struct attendance_stored *ret, struct error *e)
{
	return store_row(s, &attendance_table[ATTENDANCE_READ],
			 PARAMS(P_I64_OR_NULL(person_id), P_I64(id)), a, ret, e);
}

enum rc attendance_tally_expected(struct store *s, struct attendance_stored *r, struct arena *a,
				  struct error *e)
{
	const struct tally_of of = { .attendance_id = r->id,
				     .course_id = r->course_id,
				     .class_id = r->class_id,
				     .roster = r->roster,
				     .session_date = r->session_date };

	return tally_expected(s, &of, a, &r->n_expected, e);
}

enum rc attendance_tally(struct store *s, struct attendance_stored *r, struct arena *a,
			 struct error *e)
{
	struct tally_marks n;

	TRY(tally_flagged(s, r->id, a, &r->n_flagged, e));
	if (r->n_expected == COLUMN_NULL)
		TRY(attendance_tally_expected(s, r, a, e));
	if (r->n_present != COLUMN_NULL)
		return RC_OK;
	TRY(tally_marks(s, r->id, a, &n, e));
	r->n_present = n.n_present;
	r->n_late = n.n_late;
	r->n_excused = n.n_excused;
	r->n_absent = n.n_absent;
	return RC_OK;
}

enum rc attendance_read_occurrence(struct store *s, int64_t occurrence_id, int64_t person_id,
				   struct arena *a, struct attendance_stored *ret, struct error *e)
{
	return store_row(s, &attendance_table[ATTENDANCE_READ_OCCURRENCE],
			 PARAMS(P_I64_OR_NULL(person_id), P_I64(occurrence_id)), a, ret, e);
}

enum rc attendance_read_all(struct store *s, struct str ids, size_t n, struct arena *a,
			    const struct attendance_stored **ret_rows, size_t *ret_n,
			    struct error *e)
{
	return store_rows(s, &attendance_table[ATTENDANCE_READ_ALL],
			  PARAMS(P_I64_OR_NULL(COLUMN_NULL), P_TEXT(ids)), n, a, ret_rows, ret_n,
			  e);
}

enum rc attendance_read_uuid(struct store *s, struct str uuid, int64_t person_id, struct arena *a,
			     struct attendance_stored *ret, struct error *e)
{
	return store_row(s, &attendance_table[ATTENDANCE_READ_UUID],
			 PARAMS(P_I64_OR_NULL(person_id), P_TEXT(uuid)), a, ret, e);
}

enum rc attendance_lock(struct store *s, int64_t id, struct arena *a, struct error *e)
{
	struct attendance_id row;

	return store_row(s, &attendance_table[ATTENDANCE_LOCK], PARAMS(P_I64(id)), a, &row, e);
}

enum rc attendance_lock_all(struct store *s, struct str ids, size_t n, struct arena *a,
			    struct error *e)
{
	const struct attendance_id *rows;
	size_t n_rows;

	return store_rows(s, &attendance_table[ATTENDANCE_LOCK_ALL], PARAMS(P_TEXT(ids)), n, a,
			  &rows, &n_rows, e);
}

enum rc attendance_rows(struct store *s, const struct attendance_filter *f, struct arena *a,
			const struct attendance_stored **ret_rows, size_t *ret_n, struct error *e)
{
	int64_t branch = f->seen == OCCURRENCE_SEEN_BRANCH ? f->seen_id : 0;
	int64_t person = f->seen == OCCURRENCE_SEEN_PERSON ? f->seen_id : 0;

	return store_rows(s, &attendance_table[ATTENDANCE_ROWS],
			  PARAMS(P_I64_OR_NULL(f->person_id), P_I64(branch), P_I64(branch),
				 P_I64(person), P_I64(person), P_I64(person), P_I64(f->is_closed),
				 P_I64(f->is_closed), P_TEXT(f->door), P_TEXT(f->door),
				 P_I64(f->own_teacher_id), P_I64(f->own_teacher_id),
				 P_I64(f->course_id), P_I64(f->course_id),
				 P_I64(f->before_id ? f->before_id : INT64_MAX),
				 P_I64(f->with_deleted), P_I64((int64_t)f->limit)),
			  f->limit, a, ret_rows, ret_n, e);
}

/* ---- changing ------------------------------------------------------------------------------- */

enum rc attendance_insert(struct store *s, const struct attendance_stored *r, int64_t now_us,
			  int64_t *ret_id, struct error *e)
{
	return store_change(
		s, &attendance_table[ATTENDANCE_INSERT],
		PARAMS(P_TEXT(r->uuid), P_I64(r->branch_id), P_I64_OR_NULL(r->occurrence_id),
		       P_I64_OR_NULL(r->course_id), P_I64_OR_NULL(r->class_id),
		       P_I64_OR_NULL(r->section_id), P_I64_OR_NULL(r->teacher_id),
		       P_I64_OR_NULL(r->device_id), P_I64_OR_NULL(r->room_id), P_TEXT(r->roster),
		       P_TEXT(r->door), P_TEXT(r->mode), P_TEXT(r->title), P_TEXT(r->room),
		       P_TEXT(r->state), P_DAY(r->session_date), P_TEXT(r->zone),
		       P_TIME(r->opens_at), P_TIME(r->late_at), P_TIME(r->closes_at),
		       P_TEXT(r->code_level), P_TEXT(r->place_level), P_TEXT(r->network_level),
		       P_TEXT(r->photo_level), P_TEXT(r->device_level),
		       P_I64_OR_NULL(r->latitude_e7), P_I64_OR_NULL(r->longitude_e7),
		       P_I64(r->radius_m), P_TEXT_OR_NULL(r->reference_address),
		       P_BYTES(r->code_key), P_I64(r->code_period_s), P_I64(r->max_tries),
		       P_I64(r->evidence_days), P_I64(r->lock_days), P_I64(r->names_on_screen),
		       P_I64_OR_NULL(r->created_by), P_TIME(now_us), P_TIME(now_us),
		       P_I64_OR_NULL(r->closed_by), P_TIME(r->closed_at),
		       P_TEXT_OR_NULL(r->close_reason)),
		NULL, ret_id, e);
}

enum rc attendance_write(struct store *s, const struct attendance_stored *r, int64_t now_us,
			 struct error *e)
{
	return store_change(
		s, &attendance_table[ATTENDANCE_WRITE],
		PARAMS(P_TEXT(r->state), P_TEXT(r->mode), P_TIME(r->opens_at), P_TIME(r->late_at),
		       P_TIME(r->closes_at), P_TIME(now_us), P_TEXT(r->code_level),
		       P_TEXT(r->place_level), P_TEXT(r->network_level), P_TEXT(r->photo_level),
		       P_TEXT(r->device_level), P_I64_OR_NULL(r->latitude_e7),
		       P_I64_OR_NULL(r->longitude_e7), P_I64(r->radius_m), P_I64(r->code_period_s),
		       P_I64(r->names_on_screen), P_TEXT_OR_NULL(r->close_reason),
		       P_TEXT_OR_NULL(r->reopen_reason), P_I64_OR_NULL(r->closed_by),
		       P_TIME(r->closed_at), P_TIME(r->deleted_at),
		       P_TEXT_OR_NULL(r->delete_reason), P_I64(r->id)),
		NULL, NULL, e);
}

enum rc attendance_prefill(struct store *s, int64_t id, int64_t now_us, struct error *e)
{
	return store_change(s, &attendance_table[ATTENDANCE_PREFILL],
			    PARAMS(P_TIME(now_us), P_I64(id)), NULL, NULL, e);
}

enum rc attendance_mark_absent(struct store *s, int64_t id, struct str act, int64_t by_account,
			       int64_t now_us, int64_t *ret_n, struct error *e)
{
	int64_t first = 0;

	TRY(store_change(s, &attendance_table[ATTENDANCE_ABSENT],
			 PARAMS(P_I64(id), P_TIME(now_us), P_TIME(now_us), P_I64(id), P_I64(id),
				P_I64(id), P_I64(id), P_I64(id), P_I64(id)),
			 ret_n, &first, e));
	if (*ret_n == 0)
		return RC_OK;
	return store_change(s, &attendance_table[ATTENDANCE_ABSENT_CHANGES],
			    PARAMS(P_BYTES(act), P_I64_OR_NULL(by_account), P_TIME(now_us),
				   P_I64(id), P_I64(first)),
			    NULL, NULL, e);
}

enum rc attendance_unmark_absent(struct store *s, int64_t id, struct str act, int64_t by_account,
				 int64_t now_us, struct error *e)
{
	TRY(store_change(s, &attendance_table[ATTENDANCE_UNMARK_CHANGES],
			 PARAMS(P_BYTES(act), P_I64_OR_NULL(by_account), P_TIME(now_us), P_I64(id)),
			 NULL, NULL, e));
	TRY(store_change(s, &attendance_table[ATTENDANCE_UNMARK], PARAMS(P_I64(id)), NULL, NULL,
			 e));
	return store_change(s, &attendance_table[ATTENDANCE_UNCOUNT], PARAMS(P_I64(id)), NULL, NULL,
			    e);
}

enum rc attendance_count(struct store *s, int64_t id, struct error *e)
{
	return store_change(s, &attendance_table[ATTENDANCE_COUNT], PARAMS(P_I64(id)), NULL, NULL,
			    e);
}

enum rc attendance_count_all(struct store *s, struct str ids, struct error *e)
{
	return store_change(s, &attendance_table[ATTENDANCE_COUNT_ALL], PARAMS(P_TEXT(ids)), NULL,
			    NULL, e);
}

enum rc attendance_time_out_photos(struct store *s, int64_t id, int64_t now_at, struct error *e)
{
	return store_change(s, &attendance_table[ATTENDANCE_PHOTOS_LATE],
			    PARAMS(P_I64(id), P_TIME(now_at)), NULL, NULL, e);
}

/* ---- looking things up ------------------------------------------------------------------------
 */

enum rc attendance_due(struct store *s, int64_t now_us, size_t limit, struct arena *a,
		       const int64_t **ret_ids, size_t *ret_n, struct error *e)
{
	_Static_assert(sizeof(struct attendance_id) == sizeof(int64_t), "read as an array of ids");
	return store_rows(s, &attendance_table[ATTENDANCE_DUE],
			  PARAMS(P_TIME(now_us), P_I64((int64_t)limit)), limit, a, ret_ids, ret_n,
			  e);
}

enum rc attendance_teacher_busy(struct store *s, int64_t teacher_id, int64_t now_us,
				struct arena *a, bool *ret, struct error *e)
{
	struct attendance_id row;
	struct attendance_found found;

	TRY(store_row(s, &attendance_table[ATTENDANCE_TEACHER_LOCK], PARAMS(P_I64(teacher_id)), a,
		      &row, e));
	TRY(store_row(s, &attendance_table[ATTENDANCE_TEACHER_OPEN],
		      PARAMS(P_I64(teacher_id), P_TIME(now_us)), a, &found, e));
	*ret = found.n > 0;
	return RC_OK;
}

enum rc attendance_room_place(struct store *s, int64_t room_id, struct arena *a,
			      struct attendance_place *ret, struct error *e)
{
	struct attendance_place row = { COLUMN_NULL, COLUMN_NULL, COLUMN_NULL };
	struct error mine;

	error_init(&mine);
	if (room_id != COLUMN_NULL) {
		enum rc rc = store_row(s, &attendance_table[ATTENDANCE_ROOM],
				       PARAMS(P_I64(room_id)), a, &row, &mine);

		if (rc != RC_OK && rc != RC_NOT_FOUND) {
			*e = mine;
			return rc;
		}
	}
	*ret = row;
	return RC_OK;
}

enum rc attendance_refs_get(struct store *s, int64_t branch_id, const struct attendance_refs *in,
			    struct arena *a, struct attendance_refs *ret, struct error *e)
{
	return store_row(s, &attendance_table[ATTENDANCE_REFS],
			 PARAMS(P_I64_OR_NULL(in->course_id), P_I64(branch_id),
				P_I64_OR_NULL(in->class_id), P_I64(branch_id),
				P_I64_OR_NULL(in->section_id), P_I64(branch_id),
				P_I64_OR_NULL(in->teacher_id), P_I64(branch_id),
				P_I64_OR_NULL(in->device_id), P_I64(branch_id),
				P_I64_OR_NULL(in->device_id), P_I64(branch_id)),
			 a, ret, e);
}

enum rc attendance_expects(struct store *s, int64_t occurrence_id, int64_t person_id,
			   struct arena *a, bool *ret, struct error *e)
{
	struct attendance_found found;

	TRY(store_row(s, &attendance_table[ATTENDANCE_EXPECTS],
		      PARAMS(P_I64(person_id), P_I64(occurrence_id)), a, &found, e));
	*ret = found.n == 1;
	return RC_OK;
}
