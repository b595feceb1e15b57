/*
 * SQL of the one transaction of check-ins; what is looked up around it is in checkin_look.c.
 */
#include "store/checkin.h"

#include "store/checkin_sql.h"
#include "store/expected.h"
#include "store/sets.h"

#define LEVEL_BYTES 64

static const struct column checkin_facts_columns[] = {
	COL(checkin_facts, i, I64, true),
	COL(checkin_facts, attendance_id, I64, true),
	COL(checkin_facts, branch_id, I64, true),
	COL(checkin_facts, occurrence_id, I64, true),
	COL(checkin_facts, teacher_id, I64, true),
	COL_N(checkin_facts, title, TEXT, 800, true),
	COL_N(checkin_facts, state, TEXT, LEVEL_BYTES, true),
	COL_N(checkin_facts, roster, TEXT, LEVEL_BYTES, true),
	COL(checkin_facts, opens_at, TIME, true),
	COL(checkin_facts, late_at, TIME, true),
	COL(checkin_facts, closes_at, TIME, true),
	COL(checkin_facts, starts_at, TIME, true),
	COL(checkin_facts, deleted_at, TIME, true),
	COL_N(checkin_facts, code_level, TEXT, LEVEL_BYTES, true),
	COL_N(checkin_facts, place_level, TEXT, LEVEL_BYTES, true),
	COL_N(checkin_facts, network_level, TEXT, LEVEL_BYTES, true),
	COL_N(checkin_facts, photo_level, TEXT, LEVEL_BYTES, true),
	COL_N(checkin_facts, device_level, TEXT, LEVEL_BYTES, true),
	COL(checkin_facts, latitude_e7, I64, true),
	COL(checkin_facts, longitude_e7, I64, true),
	COL(checkin_facts, radius_m, I64, true),
	COL_N(checkin_facts, reference_address, TEXT, 180, true),
	COL_N(checkin_facts, code_key, BYTES, 32, true),
	COL(checkin_facts, code_period_s, I64, true),
	COL(checkin_facts, max_tries, I64, true),
	COL(checkin_facts, evidence_days, I64, true),
	COL(checkin_facts, person_id, I64, true),
	COL(checkin_facts, person_branch_id, I64, true),
	COL_N(checkin_facts, student_code, TEXT, 160, true),
	COL(checkin_facts, is_expected, I64, true),
	COL(checkin_facts, is_in_course, I64, true),
	COL(checkin_facts, is_later, I64, true),
	COL(checkin_facts, record_id, I64, true),
	COL_N(checkin_facts, record_status, TEXT, LEVEL_BYTES, true),
	COL_N(checkin_facts, record_method, TEXT, LEVEL_BYTES, true),
	COL(checkin_facts, record_at, TIME, true),
	COL(checkin_facts, open_attempt_id, I64, true),
	COL(checkin_facts, n_failed, I64, true),
	COL(checkin_facts, last_step, I64, true),
	COL(checkin_facts, again_id, I64, true),
	COL(checkin_facts, again_attendance_id, I64, true),
	COL(checkin_facts, again_person_id, I64, true),
	COL(checkin_facts, again_at, TIME, true),
	COL(checkin_facts, again_record_id, I64, true),
	COL_N(checkin_facts, again_decision, TEXT, LEVEL_BYTES, true),
	COL_N(checkin_facts, again_reason, TEXT, 160, true),
	COL_N(checkin_facts, again_status, TEXT, LEVEL_BYTES, true),
	COL_N(checkin_facts, again_signals, TEXT, 6000, true),
	COL(checkin_facts, receipt_person_id, I64, true),
	COL(checkin_facts, n_browser, I64, true),
	COL(checkin_facts, is_browser_shared, I64, true),
	COL(checkin_facts, is_alive, I64, true),
	COL(checkin_facts, is_staff, I64, true),
};
static const struct column checkin_session_columns[] = {
	COL(checkin_session, id, I64, false),
	COL(checkin_session, branch_id, I64, false),
	COL(checkin_session, occurrence_id, I64, true),
	COL(checkin_session, teacher_id, I64, true),
	COL_N(checkin_session, title, TEXT, 800, false),
	COL_N(checkin_session, state, TEXT, LEVEL_BYTES, false),
	COL_N(checkin_session, roster, TEXT, LEVEL_BYTES, false),
	COL(checkin_session, opens_at, TIME, false),
	COL(checkin_session, late_at, TIME, true),
	COL(checkin_session, closes_at, TIME, false),
	COL(checkin_session, deleted_at, TIME, true),
	COL_N(checkin_session, code_level, TEXT, LEVEL_BYTES, false),
	COL_N(checkin_session, place_level, TEXT, LEVEL_BYTES, false),
	COL_N(checkin_session, network_level, TEXT, LEVEL_BYTES, false),
	COL_N(checkin_session, photo_level, TEXT, LEVEL_BYTES, false),
	COL_N(checkin_session, device_level, TEXT, LEVEL_BYTES, false),
	COL(checkin_session, latitude_e7, I64, true),
	COL(checkin_session, longitude_e7, I64, true),
	COL(checkin_session, radius_m, I64, false),
	COL_N(checkin_session, reference_address, TEXT, 180, true),
	COL_N(checkin_session, code_key, BYTES, 32, false),
	COL(checkin_session, code_period_s, I64, false),
	COL(checkin_session, max_tries, I64, false),
	COL(checkin_session, evidence_days, I64, false),
	COL(checkin_session, is_course, I64, false),
};
/* Of one item; what its session says is known from the lock. */
struct checkin_plain_row {
	int64_t i, attendance_id, starts_at, person_id, person_branch_id;
	struct str student_code;
	int64_t is_expected, is_browser_shared, is_alive;
};
static const struct column checkin_plain_row_columns[] = {
	COL(checkin_plain_row, i, I64, true),
	COL(checkin_plain_row, attendance_id, I64, true),
	COL(checkin_plain_row, starts_at, TIME, true),
	COL(checkin_plain_row, person_id, I64, true),
	COL(checkin_plain_row, person_branch_id, I64, true),
	COL_N(checkin_plain_row, student_code, TEXT, 160, true),
	COL(checkin_plain_row, is_expected, I64, true),
	COL(checkin_plain_row, is_browser_shared, I64, true),
	COL(checkin_plain_row, is_alive, I64, true),
};
static const struct column checkin_attempt_id_columns[] = {
	COL(checkin_attempt_id, id, I64, false),
	COL_N(checkin_attempt_id, nonce, BYTES, CHECKIN_NONCE_BYTES, false),
};
static const struct column checkin_record_id_columns[] = {
	COL(checkin_record_id, id, I64, false),
	COL(checkin_record_id, attempt_id, I64, true),
};
static const struct column checkin_network_columns[] = { COL_N(checkin_network, cidr, TEXT, 196,
							       false) };
static const struct column checkin_place_columns[] = {
	COL(checkin_place, i, I64, true),
	COL(checkin_place, attendance_id, I64, true),
	COL(checkin_place, learned_at, TIME, false),
	COL_N(checkin_place, sealed, BYTES, 255, false),
};
/* ---- pieces --------------------------------------------------------------------------------- */

/* The items of a batch; q is the row of one. */
#define ITEMS                                                                                      \
	"JSON_TABLE(?, '$[*]' COLUMNS (i BIGINT PATH '$.i', a BIGINT PATH '$.a',"                  \
	" d BIGINT PATH '$.d', p BIGINT PATH '$.p', c VARCHAR(40) PATH '$.c',"                     \
	" u BIGINT PATH '$.u', h BIGINT PATH '$.h', w BIGINT PATH '$.w',"                          \
	" n VARCHAR(32) PATH '$.n', b VARCHAR(64) PATH '$.b', r VARCHAR(32) PATH '$.r')) q"
/* The session that an item means: by its id, or the open one bound to the device. */
#define SESSION_OF_ITEM                                                                            \
	"s.id = COALESCE(q.a, (SELECT x.id FROM attendance_session x WHERE x.live_device_id ="     \
	" q.d))"
#define PERSON_OF_ITEM                                                                             \
	"p.id = COALESCE(q.p, (SELECT y.id FROM person y WHERE y.student_code_live ="              \
	" q.c COLLATE utf8mb4_nopad_bin))"
#define SELECT_FACTS                                                                               \
	"SELECT q.i, s.id AS attendance_id, s.branch_id, s.occurrence_id, s.teacher_id, s.title,"  \
	" s.state, s.roster, s.opens_at, s.late_at, s.closes_at,"                                  \
	" COALESCE((SELECT o.starts_at FROM occurrence o WHERE o.id = s.occurrence_id),"           \
	" s.opens_at) AS starts_at, s.deleted_at, s.code_level, s.place_level, s.network_level,"   \
	" s.photo_level, s.device_level, s.latitude_e7, s.longitude_e7, s.radius_m,"               \
	" s.reference_address, s.code_key, s.code_period_s, s.max_tries, s.evidence_days,"         \
	" p.id AS person_id, p.branch_id AS person_branch_id, p.student_code, " EXPECTED(          \
		"p.id") " AS is_expected,"                                                         \
			" EXISTS (SELECT 1 FROM enrolment xe WHERE xe.course_id = s.course_id"     \
			" AND xe.person_id = p.id AND xe.state = 'approved') AS is_in_course,"     \
			" EXISTS (SELECT 1 FROM enrolment xe WHERE xe.course_id = s.course_id"     \
			" AND xe.person_id = p.id AND xe.state = 'approved'"                       \
			" AND xe.from_date > s.session_date) AS is_later, r.id AS record_id,"      \
			" r.status AS record_status, r.method AS record_method,"                   \
			" r.happened_at AS record_at, (SELECT MAX(f.id) FROM attendance_attempt f" \
			" WHERE " OF_STUDENT("s.id",                                               \
					     "p.id") " AND f.decided_state = 'open')"              \
						     " AS open_attempt_id, (SELECT COUNT(*) FROM " \
						     "attendance_attempt f"                        \
						     " WHERE " OF_STUDENT("s.id",                  \
									  "p.id") " AND " FAILED   \
										  ") AS n_failed,"
#define FACTS_AROUND                                                                               \
	" (SELECT MAX(f.code_step) FROM attendance_attempt f WHERE " OF_STUDENT(                   \
		"s.id",                                                                            \
		"p.id") " AND f.decision <> 'rejected') AS last_step, g.id AS again_id,"           \
			" g.attendance_id AS again_attendance_id, g.person_id AS again_person_id," \
			" g.happened_at AS again_at, (SELECT j.id FROM attendance_record j"        \
			" WHERE j.attendance_id = g.attendance_id AND j.person_id = g.person_id)"  \
			" AS again_record_id, g.decision AS again_decision, g.reason AS "          \
			"again_reason,"                                                            \
			" g.status AS again_status, g.signals AS again_signals," /* A NULL would   \
										    be looked for  \
										    among all who  \
										    have none. */  \
			" IF(q.r IS NULL, NULL, (SELECT f.person_id FROM attendance_attempt f"     \
			" WHERE f.receipt_id = UNHEX(q.r)))"                                       \
			" AS receipt_person_id, IF(q.b IS NULL, 0, (SELECT COUNT(DISTINCT"         \
			" f.person_id) FROM attendance_attempt f"                                  \
			" WHERE f.browser_hash = UNHEX(q.b) AND f.attendance_id = s.id AND "       \
			"f.person_id <> p.id"                                                      \
			" AND f.decision <> 'rejected')) AS n_browser,"                            \
			" EXISTS (SELECT 1 FROM shared_browser v WHERE v.browser_hash = "          \
			"UNHEX(q.b))"                                                              \
			" AS is_browser_shared, q.w IS NULL OR EXISTS (SELECT 1 FROM web_session " \
			"k"                                                                        \
			" JOIN account m ON m.id = k.account_id AND m.epoch = k.epoch WHERE k.id " \
			"= q.w"                                                                    \
			" AND k.account_id = q.u AND k.ended_at IS NULL AND k.expires_at > ? AND " \
			"k.ends_at > ?"                                                            \
			" AND m.disabled_at IS NULL) AS is_alive, EXISTS (SELECT 1 FROM "          \
			"class_staff cs"                                                           \
			" WHERE cs.class_id = s.class_id AND cs.person_id = q.h) AS is_staff "     \
			"FROM " ITEMS " LEFT JOIN attendance_session s ON " SESSION_OF_ITEM        \
			" LEFT JOIN person p ON " PERSON_OF_ITEM                                   \
			" LEFT JOIN attendance_record r ON r.attendance_id = s.id AND "            \
			"r.person_id = p.id"                                                       \
			" LEFT JOIN attendance_attempt g ON g.actor_id = q.u AND g.nonce = "       \
			"UNHEX(q.n)"

/* clang-format off */
#define SELECT_LOCKED                                                                              \
	"SELECT s.id, s.branch_id, s.occurrence_id, s.teacher_id, s.title, s.state, s.roster,"     \
	" s.opens_at, s.late_at, s.closes_at, s.deleted_at, s.code_level, s.place_level,"          \
	" s.network_level, s.photo_level, s.device_level, s.latitude_e7, s.longitude_e7,"          \
	" s.radius_m, s.reference_address, s.code_key, s.code_period_s, s.max_tries,"              \
	" s.evidence_days, s.roster = 'course' AND s.class_id IS NULL AS is_course FROM "
/*
 * The common case, at a fraction of the price: a student's own first try.  Who has tried already
 * has no row; what is not expected or not alive says nothing; both are asked by SELECT_FACTS.
 * Written for the optimizer, which takes more of the time than the rows do: joined in the order
 * written, equalities only, what is to be compared in the list, and each table left out that can
 * be: the session comes with its lock, and whether there is a record or an attempt with the same
 * nonce the unique keys tell when the row is written.
 */
#define PLAIN_ITEMS                                                                                \
	"JSON_TABLE(?, '$[*]' COLUMNS (i BIGINT PATH '$[0]', a BIGINT PATH '$[1]',"                \
	" p BIGINT PATH '$[2]', u BIGINT PATH '$[3]', w BIGINT PATH '$[4]',"                       \
	" b VARCHAR(64) PATH '$[5]', r VARCHAR(32) PATH '$[6]')) q"
#define PLAIN_FIRST_ITEMS                                                                          \
	"JSON_TABLE(?, '$[*]' COLUMNS (i BIGINT PATH '$[0]', a BIGINT PATH '$[1]',"                \
	" p BIGINT PATH '$[2]', u BIGINT PATH '$[3]', w BIGINT PATH '$[4]')) q"
#define SELECT_PLAIN(is_expected, is_browser_shared)                                               \
	"SELECT STRAIGHT_JOIN q.i, s.id AS attendance_id, o.starts_at, p.id AS person_id,"         \
	" p.branch_id AS person_branch_id, p.student_code, " is_expected                           \
	" AS is_expected, " is_browser_shared                                                      \
	" AS is_browser_shared, q.w IS NULL OR COALESCE(k.account_id = q.u"                        \
	" AND k.ended_at IS NULL AND k.expires_at > ? AND k.ends_at > ? AND m.epoch = k.epoch"     \
	" AND m.disabled_at IS NULL, 0) AS is_alive FROM "
#define JOIN_PLAIN                                                                                 \
	" LEFT JOIN attendance_session s ON s.id = q.a"                                            \
	" LEFT JOIN occurrence o ON o.id = s.occurrence_id LEFT JOIN person p ON p.id = q.p"       \
	" LEFT JOIN web_session k ON k.id = q.w LEFT JOIN account m ON m.id = q.u"                 \
	" LEFT JOIN attendance_attempt f ON " OF_STUDENT("q.a", "q.p")
/* A NULL would be looked for among all who have none. */
#define JOIN_PHONE                                                                                 \
	" LEFT JOIN attendance_attempt b ON b.browser_hash = COALESCE(UNHEX(q.b), '')"             \
	" AND b.attendance_id = q.a AND b.person_id <> q.p AND b.decision <> 'rejected'"           \
	" LEFT JOIN attendance_attempt c ON c.receipt_id = COALESCE(UNHEX(q.r), '')"
/* By a token, in a session of the course. */
#define SELECT_FIRST_FACTS                                                                         \
	SELECT_PLAIN("xe.id IS NOT NULL", "0")                                                     \
	PLAIN_FIRST_ITEMS JOIN_PLAIN                                                               \
		" LEFT JOIN enrolment xe ON xe.person_id = q.p AND xe.course_id = s.course_id"     \
		" AND xe.state = 'approved' AND " EXPECTED_ON_DAY("xe") " WHERE f.id IS NULL"
/* Any session, and by a phone whose browser and receipt nobody else has used. */
#define SELECT_PHONE_FACTS                                                                         \
	SELECT_PLAIN(EXPECTED("p.id"), "EXISTS (SELECT 1 FROM shared_browser v"                    \
				       " WHERE v.browser_hash = UNHEX(q.b))")                      \
	PLAIN_ITEMS JOIN_PLAIN JOIN_PHONE " WHERE f.id IS NULL AND b.id IS NULL AND c.id IS NULL"
/* clang-format on */

#define CHECKIN_STATEMENTS(ROWS, CHANGE)                                                           \
	ROWS(CHECKIN_LOCK, "s", checkin_session,                                                   \
	     SELECT_LOCKED "JSON_TABLE(?, '$[*]' COLUMNS (a BIGINT PATH '$')) q"                   \
			   " STRAIGHT_JOIN attendance_session s ON s.id = q.a"                     \
			   " LOCK IN SHARE MODE")                                                  \
	ROWS(CHECKIN_LOCK_ONE, "i", checkin_session,                                               \
	     SELECT_LOCKED "attendance_session s WHERE s.id = ? LOCK IN SHARE MODE")               \
	ROWS(CHECKIN_LOCK_BY_DEVICE, "s", checkin_session,                                         \
	     SELECT_LOCKED "attendance_session s WHERE s.id IN (SELECT COALESCE(q.a, (SELECT x.id" \
			   " FROM attendance_session x WHERE x.live_device_id = q.d)) FROM " ITEMS \
			   ") LOCK IN SHARE MODE")                                                 \
	ROWS(CHECKIN_FIRST_FACTS, "tts", checkin_plain_row, SELECT_FIRST_FACTS)                    \
	ROWS(CHECKIN_PHONE_FACTS, "tts", checkin_plain_row, SELECT_PHONE_FACTS)                    \
	ROWS(CHECKIN_FACTS, "tts", checkin_facts, SELECT_FACTS FACTS_AROUND " ORDER BY q.i")       \
	ROWS(CHECKIN_ATTEMPTS, "iiibsttsssisibbis", checkin_attempt_id,                            \
	     "INSERT INTO attendance_attempt (attendance_id, person_id, actor_id, nonce, path,"    \
	     " happened_at, learned_at, decision, reason, status, late_s, signals, code_step,"     \
	     " receipt_id, browser_hash, device_id, decided_state) VALUES (?, ?, ?, ?, ?, ?, ?,"   \
	     " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id, nonce")                                 \
	CHANGE(CHECKIN_GIVE_WAY_CHANGES, "bts",                                                    \
	       "INSERT INTO attendance_change (attendance_id, person_id, act_id, old_row, "        \
	       "new_row,"                                                                          \
	       " by_account, at) SELECT r.attendance_id, r.person_id, ?,"                          \
	       " JSON_OBJECT('status', r.status, 'method', r.method), NULL, q.u, ? FROM " ITEMS    \
	       " JOIN attendance_record r ON r.attendance_id = q.a AND r.person_id = q.p"          \
	       " WHERE r.method IN ('auto', 'excuse')")                                            \
	CHANGE(CHECKIN_GIVE_WAY, "s",                                                              \
	       "DELETE r FROM attendance_record r JOIN " ITEMS                                     \
	       " ON r.attendance_id = q.a AND r.person_id = q.p"                                   \
	       " WHERE r.method IN ('auto', 'excuse')")                                            \
	CHANGE(CHECKIN_LAPSE, "st",                                                                \
	       "UPDATE attendance_attempt f JOIN (SELECT DISTINCT q.a, q.p FROM " ITEMS            \
	       ") l ON f.attendance_id = l.a AND f.person_id = l.p"                                \
	       " SET f.decided_state = 'lapsed', f.decided_at = ? WHERE f.decided_state = 'open'") \
	ROWS(CHECKIN_RECORDS, "iisstiit", checkin_record_id,                                       \
	     "INSERT IGNORE INTO attendance_record (attendance_id, person_id, status, method,"     \
	     " happened_at, late_s, attempt_id, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"       \
	     " RETURNING id, attempt_id")                                                          \
	CHANGE(CHECKIN_EVIDENCE, "s",                                                              \
	       "INSERT INTO attempt_evidence (attempt_id, kind, sealed, expires_at)"               \
	       " SELECT q.t, q.kind, UNHEX(q.sealed), q.expires_at FROM JSON_TABLE(?, '$[*]'"      \
	       " COLUMNS (t BIGINT PATH '$.t', kind VARCHAR(10) PATH '$.kind',"                    \
	       " sealed VARCHAR(510) PATH '$.sealed', expires_at DATETIME(6) PATH"                 \
	       " '$.expires_at')) q")                                                              \
	CHANGE(CHECKIN_PHOTOS, "s",                                                                \
	       "INSERT INTO attempt_photo (attempt_id, file_id, verification_id, verifier_state,"  \
	       " pending_until, expires_at) SELECT q.t, UNHEX(q.file), q.v,"                       \
	       " IF(q.v IS NULL, 'none', 'pending'), q.pending_until, q.expires_at"                \
	       " FROM JSON_TABLE(?, '$[*]' COLUMNS (t BIGINT PATH '$.t',"                          \
	       " file VARCHAR(32) PATH '$.file', v VARCHAR(36) PATH '$.v',"                        \
	       " pending_until DATETIME(6) PATH '$.pending_until', expires_at DATETIME(6) PATH"    \
	       " '$.expires_at')) q")                                                              \
	CHANGE(CHECKIN_PHOTOS_HELD, "s",                                                           \
	       "UPDATE JSON_TABLE(?, '$[*]' COLUMNS (file VARCHAR(32) PATH '$.file')) q"           \
	       " STRAIGHT_JOIN file f ON f.id = UNHEX(q.file) SET f.state = 'stored'"              \
	       " WHERE f.removed_at IS NULL")                                                      \
	CHANGE(CHECKIN_EVENTS, "tsiiiiss",                                                         \
	       "INSERT INTO outbox (at, type, branch_id, attendance_id, person_id, audience,"      \
	       " payload, public) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")                                \
	CHANGE(CHECKIN_AUDIT, "tissiis",                                                           \
	       "INSERT INTO audit_log (at, actor_id, request_id, action, branch_id, object,"       \
	       " object_id, detail) VALUES (?, ?, ?, ?, ?, 'attendance', ?, ?)")                   \
	ROWS(CHECKIN_NETWORKS, "i", checkin_network,                                               \
	     "SELECT cidr FROM branch_network WHERE branch_id = ? ORDER BY id LIMIT 200")          \
	ROWS(CHECKIN_PLACES, "s", checkin_place,                                                   \
	     "SELECT l.i, l.attendance_id, l.learned_at, l.sealed FROM (SELECT q.i,"               \
	     " f.attendance_id, f.learned_at, v.sealed, ROW_NUMBER() OVER (PARTITION BY q.i"       \
	     " ORDER BY f.learned_at DESC) AS k FROM " ITEMS " JOIN attendance_attempt f"          \
	     " ON f.person_id = q.p JOIN attempt_evidence v ON v.attempt_id = f.id"                \
	     " AND v.kind = 'place') l WHERE l.k <= 8")
STATEMENT_SET(checkin, CHECKIN_STATEMENTS);

/* ---- the batch
 * ------------------------------------------------------------------------------ */

enum rc checkin_lock(struct store *s, struct str ids, size_t n, struct arena *a,
		     const struct checkin_session **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &checkin_table[CHECKIN_LOCK], PARAMS(P_TEXT(ids)), n, a, ret_rows,
			  ret_n, e);
}

enum rc checkin_lock_one(struct store *s, int64_t id, struct arena *a,
			 const struct checkin_session **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &checkin_table[CHECKIN_LOCK_ONE], PARAMS(P_I64(id)), 1, a, ret_rows,
			  ret_n, e);
}

enum rc checkin_lock_by_device(struct store *s, struct str items, size_t n, struct arena *a,
			       const struct checkin_session **ret_rows, size_t *ret_n,
			       struct error *e)
{
	return store_rows(s, &checkin_table[CHECKIN_LOCK_BY_DEVICE], PARAMS(P_TEXT(items)), n, a,
			  ret_rows, ret_n, e);
}

/* Enrolments in force at once give a row each. */
#define ROWS_OF_ONE 8

static const struct checkin_session *session_of(const struct checkin_session *sessions, size_t n,
						int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (sessions[i].id == id)
			return &sessions[i];
	return NULL;
}

/* What the full question says of a first try. */
static struct checkin_facts facts_of(const struct checkin_plain_row *r,
				     const struct checkin_session *s)
{
	return (struct checkin_facts){
		.i = r->i,
		.attendance_id = s->id,
		.branch_id = s->branch_id,
		.occurrence_id = s->occurrence_id,
		.teacher_id = s->teacher_id,
		.title = s->title,
		.state = s->state,
		.roster = s->roster,
		.opens_at = s->opens_at,
		.late_at = s->late_at,
		.closes_at = s->closes_at,
		.starts_at = r->starts_at == NO_TIME ? s->opens_at : r->starts_at,
		.deleted_at = s->deleted_at,
		.code_level = s->code_level,
		.place_level = s->place_level,
		.network_level = s->network_level,
		.photo_level = s->photo_level,
		.device_level = s->device_level,
		.latitude_e7 = s->latitude_e7,
		.longitude_e7 = s->longitude_e7,
		.radius_m = s->radius_m,
		.reference_address = s->reference_address,
		.code_key = s->code_key,
		.code_period_s = s->code_period_s,
		.max_tries = s->max_tries,
		.evidence_days = s->evidence_days,
		.person_id = r->person_id,
		.person_branch_id = r->person_branch_id,
		.student_code = r->student_code,
		.is_expected = 1,
		.is_in_course = 1,
		.record_id = COLUMN_NULL,
		.record_at = NO_TIME,
		.open_attempt_id = COLUMN_NULL,
		.last_step = COLUMN_NULL,
		.again_id = COLUMN_NULL,
		.again_attendance_id = COLUMN_NULL,
		.again_person_id = COLUMN_NULL,
		.again_at = NO_TIME,
		.again_record_id = COLUMN_NULL,
		.receipt_person_id = COLUMN_NULL,
		.is_browser_shared = r->is_browser_shared,
		.is_alive = 1,
	};
}

enum rc checkin_plain_facts(struct store *s, enum checkin_plain kind, struct str items, size_t n,
			    const struct checkin_session *sessions, size_t n_sessions,
			    int64_t now_us, struct arena *a, const struct checkin_facts **ret_rows,
			    size_t *ret_n, struct error *e)
{
	const struct statement *st =
		&checkin_table[kind == CHECKIN_PLAIN_FIRST ? CHECKIN_FIRST_FACTS
							   : CHECKIN_PHONE_FACTS];
	const struct checkin_plain_row *rows;
	struct checkin_facts *facts;
	size_t n_rows;

	TRY(store_rows(s, st, PARAMS(P_TIME(now_us), P_TIME(now_us), P_TEXT(items)),
		       ROWS_OF_ONE * n, a, &rows, &n_rows, e));
	facts = ARENA_ARRAY(a, n_rows + 1, struct checkin_facts);
	if (!facts)
		return ERROR_MEMORY(e);
	*ret_n = 0;
	for (size_t i = 0; i < n_rows; i++) {
		const struct checkin_session *of =
			session_of(sessions, n_sessions, rows[i].attendance_id);

		if (of && rows[i].person_id != COLUMN_NULL && rows[i].is_expected == 1 &&
		    rows[i].is_alive == 1)
			facts[(*ret_n)++] = facts_of(&rows[i], of);
	}
	*ret_rows = facts;
	return RC_OK;
}

enum rc checkin_facts_get(struct store *s, struct str items, size_t n, int64_t now_us,
			  struct arena *a, const struct checkin_facts **ret_rows, size_t *ret_n,
			  struct error *e)
{
	return store_rows(s, &checkin_table[CHECKIN_FACTS],
			  PARAMS(P_TIME(now_us), P_TIME(now_us), P_TEXT(items)), n, a, ret_rows,
			  ret_n, e);
}

/* Sets of parameters, one after the other, for an INSERT of many rows; NULL: no memory. */
static struct param *sets_new(struct arena *a, size_t n, size_t n_params)
{
	return ARENA_ARRAY(a, n * n_params, struct param);
}

/* The first n_params of the array at `at` are those given; moves it behind them. */
static void put_set(struct param **at, const struct param *params, size_t n_params)
{
	memcpy(*at, params, n_params * sizeof params[0]);
	*at += n_params;
}

enum rc checkin_insert_attempts(struct store *s, const struct checkin_attempt_new *v, size_t n,
				int64_t now_us, struct arena *a,
				const struct checkin_attempt_id **ret, struct error *e)
{
	const struct statement *st = &checkin_table[CHECKIN_ATTEMPTS];
	const size_t n_params = strlen(st->params);
	struct param *sets = sets_new(a, n, n_params), *at = sets;
	const struct checkin_attempt_id *rows;
	size_t n_rows;

	if (!sets)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		put_set(&at,
			PARAMS(P_I64_OR_NULL(v[i].attendance_id), P_I64_OR_NULL(v[i].person_id),
			       P_I64_OR_NULL(v[i].actor_id), P_BYTES(v[i].nonce), P_TEXT(v[i].path),
			       P_TIME(v[i].happened_at), P_TIME(now_us), P_TEXT(v[i].decision),
			       P_TEXT_OR_NULL(v[i].reason), P_TEXT_OR_NULL(v[i].status),
			       P_I64_OR_NULL(v[i].late_s), P_TEXT(v[i].signals),
			       P_I64_OR_NULL(v[i].code_step), P_BYTES_OR_NULL(v[i].receipt_id),
			       P_BYTES_OR_NULL(v[i].browser_hash), P_I64_OR_NULL(v[i].device_id),
			       P_TEXT_OR_NULL(v[i].decided_state)));
	TRY(store_rows_of_many(s, st, sets, n_params, n, a, &rows, &n_rows, e));
	for (size_t i = 0; i < n; i++)
		if (i >= n_rows || !str_eq(rows[i].nonce, v[i].nonce))
			return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED,
				     "attempt %zu of %zu came back as another", i, n);
	*ret = rows;
	return RC_OK;
}

enum rc checkin_give_way(struct store *s, struct str items, struct str act, int64_t now_us,
			 struct error *e)
{
	TRY(store_change(s, &checkin_table[CHECKIN_GIVE_WAY_CHANGES],
			 PARAMS(P_BYTES(act), P_TIME(now_us), P_TEXT(items)), NULL, NULL, e));
	return store_change(s, &checkin_table[CHECKIN_GIVE_WAY], PARAMS(P_TEXT(items)), NULL, NULL,
			    e);
}

enum rc checkin_lapse(struct store *s, struct str items, int64_t now_us, struct error *e)
{
	return store_change(s, &checkin_table[CHECKIN_LAPSE], PARAMS(P_TEXT(items), P_TIME(now_us)),
			    NULL, NULL, e);
}

enum rc checkin_insert_records(struct store *s, const struct checkin_record_new *v, size_t n,
			       int64_t now_us, struct arena *a,
			       const struct checkin_record_id **ret, size_t *ret_n, struct error *e)
{
	const struct statement *st = &checkin_table[CHECKIN_RECORDS];
	const size_t n_params = strlen(st->params);
	struct param *sets = sets_new(a, n, n_params), *at = sets;

	if (!sets)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		put_set(&at,
			PARAMS(P_I64(v[i].attendance_id), P_I64(v[i].person_id),
			       P_TEXT(v[i].status), P_TEXT(v[i].method), P_TIME(v[i].happened_at),
			       P_I64_OR_NULL(v[i].late_s), P_I64(v[i].attempt_id), P_TIME(now_us)));
	return store_rows_of_many(s, st, sets, n_params, n, a, ret, ret_n, e);
}

enum rc checkin_insert_evidence(struct store *s, struct str items, struct error *e)
{
	return store_change(s, &checkin_table[CHECKIN_EVIDENCE], PARAMS(P_TEXT(items)), NULL, NULL,
			    e);
}

enum rc checkin_insert_photos(struct store *s, struct str items, struct error *e)
{
	TRY(store_change(s, &checkin_table[CHECKIN_PHOTOS], PARAMS(P_TEXT(items)), NULL, NULL, e));
	return store_change(s, &checkin_table[CHECKIN_PHOTOS_HELD], PARAMS(P_TEXT(items)), NULL,
			    NULL, e);
}

enum rc checkin_insert_events(struct store *s, const struct checkin_event *v, size_t n,
			      int64_t now_us, struct arena *a, struct error *e)
{
	const struct statement *st = &checkin_table[CHECKIN_EVENTS];
	const size_t n_params = strlen(st->params);
	struct param *sets = sets_new(a, n, n_params), *at = sets;

	if (!sets)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		put_set(&at, PARAMS(P_TIME(now_us), P_TEXT(v[i].type), P_I64(v[i].branch_id),
				    P_I64(v[i].attendance_id), P_I64(v[i].person_id),
				    P_I64(v[i].audience), P_TEXT(v[i].payload),
				    P_TEXT_OR_NULL(v[i].public_payload)));
	store_tell(s);
	return store_change_many(s, st, sets, n_params, n, e);
}

enum rc checkin_insert_audit(struct store *s, const struct checkin_audit *v, size_t n,
			     int64_t now_us, struct arena *a, struct error *e)
{
	const struct statement *st = &checkin_table[CHECKIN_AUDIT];
	const size_t n_params = strlen(st->params);
	struct param *sets = sets_new(a, n, n_params), *at = sets;

	if (!sets)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++)
		put_set(&at,
			PARAMS(P_TIME(now_us), P_I64_OR_NULL(v[i].actor_id),
			       P_TEXT(v[i].request_id), P_TEXT(v[i].action), P_I64(v[i].branch_id),
			       P_I64(v[i].attendance_id), P_TEXT(v[i].detail)));
	return store_change_many(s, st, sets, n_params, n, e);
}

/* ---- looking things up
 * ------------------------------------------------------------------------
 */

enum rc checkin_networks(struct store *s, int64_t branch_id, struct arena *a,
			 const struct checkin_network **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &checkin_table[CHECKIN_NETWORKS], PARAMS(P_I64(branch_id)), 200, a,
			  ret_rows, ret_n, e);
}

enum rc checkin_places(struct store *s, struct str items, size_t n, struct arena *a,
		       const struct checkin_place **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &checkin_table[CHECKIN_PLACES], PARAMS(P_TEXT(items)), n * 8, a,
			  ret_rows, ret_n, e);
}
