/*
 * SQL of the review queue.
 *
 * The ids of a page are found inside an index first, the facts are joined to them alone.  Each
 * filter has an index that gives its files in order; `file` repeats its session's teacher and
 * course for that.
 */
#include "store/review.h"

#include "store/sets.h"

static const struct column review_stored_columns[] = {
	COL(review_stored, id, I64, false),
	COL(review_stored, occurrence_id, I64, false),
	COL(review_stored, branch_id, I64, true),
	COL_N(review_stored, review, TEXT, 64, true),
	COL_N(review_stored, name, TEXT, 1020, false),
	COL_N(review_stored, description, TEXT, 2000, false),
	COL_N(review_stored, class, TEXT, 64, false),
	COL_N(review_stored, mime, TEXT, 400, false),
	COL_N(review_stored, extension, TEXT, 40, false),
	COL_N(review_stored, sha256, TEXT, 512, true),
	COL(review_stored, size, I64, false),
	COL(review_stored, created_at, TIME, false),
	COL(review_stored, uploaded_by, I64, false),
	COL_N(review_stored, uploader_name, TEXT, 1000, true),
	COL(review_stored, version, I64, false),
	COL(review_stored, reviewed_at, TIME, true),
	COL_N(review_stored, reviewer_name, TEXT, 1000, true),
	COL_N(review_stored, reason, TEXT, 2000, true),
	COL_N(review_stored, title, TEXT, 800, false),
	COL_N(review_stored, course_code, TEXT, 160, true),
	COL_N(review_stored, teacher_name, TEXT, 1000, true),
	COL_N(review_stored, branch_name, TEXT, 1000, false),
	COL_N(review_stored, zone, TEXT, 256, false),
	COL(review_stored, session_date, DAY, false),
	COL(review_stored, start_time, TOD, false),
};
struct review_n {
	int64_t n;
};
static const struct column review_n_columns[] = { COL(review_n, n, I64, true) };
static const struct column review_option_stored_columns[] = {
	COL_N(review_option_stored, kind, TEXT, 64, true),
	COL(review_option_stored, id, I64, false),
	COL_N(review_option_stored, name, TEXT, 1400, true),
};
static const struct column review_locked_columns[] = {
	COL(review_locked, id, I64, false),
	COL(review_locked, version, I64, false),
	COL_N(review_locked, review, TEXT, 64, true),
};

/* Behind "p", which has the ids of attachments and files in order. */
#define REVIEW_FACTS                                                                               \
	"SELECT t.id, o.id AS occurrence_id, f.branch_id, f.review, t.name, t.description,"        \
	" f.class, f.mime, f.extension, LOWER(HEX(f.sha256)) AS sha256, f.size, t.created_at,"     \
	" t.uploaded_by,"                                                                          \
	" COALESCE(TRIM(CONCAT(up.given_name, ' ', up.family_name)), u.username) AS"               \
	" uploader_name, f.review_version AS version, f.reviewed_at,"                              \
	" COALESCE(TRIM(CONCAT(rp.given_name, ' ', rp.family_name)), ra.username) AS"              \
	" reviewer_name, f.review_reason AS reason, o.title, k.code AS course_code,"               \
	" TRIM(CONCAT(tp.given_name, ' ', tp.family_name)) AS teacher_name, b.name AS"             \
	" branch_name, o.zone, o.session_date, o.start_time FROM "
#define REVIEW_JOINS                                                                               \
	" STRAIGHT_JOIN file f ON f.id = p.id STRAIGHT_JOIN attachment t ON t.file_id = f.id"      \
	" JOIN completion c ON c.id = t.completion_id JOIN occurrence o ON o.id = c.occurrence_id" \
	" JOIN branch b ON b.id = o.branch_id JOIN account u ON u.id = t.uploaded_by"              \
	" LEFT JOIN person up ON up.id = u.person_id LEFT JOIN account ra ON ra.id ="              \
	" f.reviewed_by LEFT JOIN person rp ON rp.id = ra.person_id LEFT JOIN course k ON k.id ="  \
	" o.course_id LEFT JOIN person tp ON tp.id = o.teacher_id"

/* Along an index: what it begins with, review (, class), from, to. */
#define QUEUE_IDS(index, scope, kind)                                                              \
	"SELECT f.id, f.created_at FROM file f FORCE INDEX (" index ") WHERE " scope               \
	" AND f.review = ? AND " kind " AND f.created_at >= ? AND f.created_at < ?"
#define ANY_CLASS "'' = ?"
#define ONE_CLASS "f.class = ?"
/* A course stays in its branch: none of another one's is looked at. */
#define OF_COURSE                                                                                  \
	"f.course_id = (SELECT k.id FROM course k WHERE k.id = ? AND ? IN (0, k.branch_id))"       \
	" AND ? IN (0, f.branch_id)"

#define PAGE(ids, direction)                                                                       \
	REVIEW_FACTS "(" ids " ORDER BY f.created_at " direction ", f.id " direction               \
		     " LIMIT ? OFFSET ?) p" REVIEW_JOINS " ORDER BY p.created_at " direction       \
		     ", p.id " direction
#define TOTAL(ids) "SELECT COUNT(*) AS n FROM (" ids " LIMIT ?) p"
#define REVIEW_SET(ROWS, NAME, params, ids)                                                        \
	ROWS(REVIEW_##NAME##_OLDEST, params "ii", review_stored, PAGE(ids, "ASC"))                 \
	ROWS(REVIEW_##NAME##_NEWEST, params "ii", review_stored, PAGE(ids, "DESC"))                \
	ROWS(REVIEW_##NAME##_TOTAL, params "i", review_n, TOTAL(ids))

/* Of all classes, and of one. */
#define REVIEW_PAIR(ROWS, NAME, params, index, scope)                                              \
	REVIEW_SET(ROWS, NAME, params "sstt", QUEUE_IDS(index, scope, ANY_CLASS))                  \
	REVIEW_SET(ROWS, NAME##_CLASS, params "sstt", QUEUE_IDS(index "_class", scope, ONE_CLASS))

#define JSON_IDS "JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j"

#define REVIEW_STATEMENTS(ROWS, CHANGE)                                                            \
	REVIEW_PAIR(ROWS, ALL, "i", "file_review", "0 = ?")                                        \
	REVIEW_PAIR(ROWS, BRANCH, "i", "file_review_branch", "f.branch_id = ?")                    \
	REVIEW_PAIR(ROWS, TEACHER, "ii", "file_review_teacher", "f.teacher_id = ? AND 0 = ?")      \
	REVIEW_PAIR(ROWS, BRANCH_TEACHER, "ii", "file_review_branch_teacher",                      \
		    "f.teacher_id = ? AND f.branch_id = ?")                                        \
	REVIEW_PAIR(ROWS, COURSE, "iii", "file_review_course", OF_COURSE)                          \
	REVIEW_PAIR(ROWS, BOTH, "iiii", "file_review_teacher_course",                              \
		    "f.teacher_id = ? AND " OF_COURSE)                                             \
	ROWS(REVIEW_READ, "s", review_stored,                                                      \
	     REVIEW_FACTS "(SELECT DISTINCT t.file_id AS id FROM " JSON_IDS                        \
			  " JOIN attachment t ON t.id = j.id) p" REVIEW_JOINS                      \
			  " WHERE f.review IS NOT NULL ORDER BY t.id")                             \
	ROWS(REVIEW_OPTIONS, "iii", review_option_stored,                                          \
	     "(SELECT 'branch' AS kind, id, name FROM branch WHERE ? IN (0, id)"                   \
	     " ORDER BY name LIMIT 1000) UNION ALL"                                                \
	     " (SELECT 'teacher', p.id, TRIM(CONCAT(p.given_name, ' ', p.family_name)) AS name"    \
	     " FROM account a JOIN person p ON p.id = a.person_id WHERE a.role = 'faculty'"        \
	     " AND ? IN (0, a.branch_id) ORDER BY name, p.id LIMIT 1000) UNION ALL"                \
	     " (SELECT 'course', id, CONCAT(code, ', ', title) AS name FROM course"                \
	     " WHERE ? IN (0, branch_id) ORDER BY name, id LIMIT 1000)")                           \
	ROWS(REVIEW_LOCK, "s", review_locked,                                                      \
	     "SELECT t.id, f.review_version AS version, f.review FROM " JSON_IDS                   \
	     " JOIN attachment t ON t.id = j.id JOIN file f ON f.id = t.file_id"                   \
	     " WHERE f.review IS NOT NULL ORDER BY t.id FOR UPDATE")                               \
	CHANGE(REVIEW_WRITE, "ssits",                                                              \
	       "UPDATE " JSON_IDS " JOIN attachment t ON t.id = j.id"                              \
	       " JOIN file f ON f.id = t.file_id"                                                  \
	       " SET f.state = ?, f.reviewed_by = ?, f.reviewed_at = ?, f.review_reason = ?,"      \
	       " f.review_version = f.review_version + 1 WHERE f.state <> 'deleted'")
STATEMENT_SET(review, REVIEW_STATEMENTS);

/* Far enough apart for every upload. */
#define FIRST_AT us_from_day_tod(day_from_ymd((struct ymd){ 1970, 1, 1 }), 0)
#define LAST_AT  us_from_day_tod(day_from_ymd((struct ymd){ 9999, 1, 1 }), 0)

/* The three statements of a filter stand one behind the other; returns the first. */
static int statements_of(const struct review_filter *f)
{
	bool is_class = f->class.n > 0;

	if (f->teacher_id && f->course_id)
		return is_class ? REVIEW_BOTH_CLASS_OLDEST : REVIEW_BOTH_OLDEST;
	if (f->course_id)
		return is_class ? REVIEW_COURSE_CLASS_OLDEST : REVIEW_COURSE_OLDEST;
	if (f->teacher_id && f->branch_id)
		return is_class ? REVIEW_BRANCH_TEACHER_CLASS_OLDEST : REVIEW_BRANCH_TEACHER_OLDEST;
	if (f->teacher_id)
		return is_class ? REVIEW_TEACHER_CLASS_OLDEST : REVIEW_TEACHER_OLDEST;
	if (f->branch_id)
		return is_class ? REVIEW_BRANCH_CLASS_OLDEST : REVIEW_BRANCH_OLDEST;
	return is_class ? REVIEW_ALL_CLASS_OLDEST : REVIEW_ALL_OLDEST;
}

#define FILTER_PARAMS_MAX 10

/* All but the limits. */
static size_t put_filter(const struct review_filter *f, struct param *p)
{
	size_t n = 0;

	if (f->teacher_id)
		p[n++] = P_I64(f->teacher_id);
	if (f->course_id) {
		p[n++] = P_I64(f->course_id);
		p[n++] = P_I64(f->branch_id);
	}
	p[n++] = P_I64(f->branch_id);
	p[n++] = P_TEXT(f->review);
	p[n++] = P_TEXT(f->class.n ? f->class : STR(""));
	p[n++] = P_TIME(f->from_at == NO_TIME ? FIRST_AT : f->from_at);
	p[n++] = P_TIME(f->to_at == NO_TIME ? LAST_AT : f->to_at);
	return n;
}

enum rc review_select(struct store *s, const struct review_filter *f, size_t limit, size_t offset,
		      struct arena *a, const struct review_stored **ret_rows, size_t *ret_n,
		      struct error *e)
{
	struct param p[FILTER_PARAMS_MAX];
	size_t n = put_filter(f, p);

	p[n++] = P_I64((int64_t)limit);
	p[n++] = P_I64((int64_t)offset);
	return store_rows(s, &review_table[statements_of(f) + f->is_newest_first], p, n, limit, a,
			  ret_rows, ret_n, e);
}

enum rc review_total(struct store *s, const struct review_filter *f, size_t limit, struct arena *a,
		     int64_t *ret_n, struct error *e)
{
	struct param p[FILTER_PARAMS_MAX];
	size_t n = put_filter(f, p);
	struct review_n row;

	p[n++] = P_I64((int64_t)limit);
	TRY(store_row(s, &review_table[statements_of(f) + 2], p, n, a, &row, e));
	*ret_n = row.n;
	return RC_OK;
}

enum rc review_read(struct store *s, struct str ids, struct arena *a,
		    const struct review_stored **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &review_table[REVIEW_READ], PARAMS(P_TEXT(ids)), 1000, a, ret_rows,
			  ret_n, e);
}

enum rc review_options(struct store *s, int64_t branch_id, struct arena *a,
		       const struct review_option_stored **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &review_table[REVIEW_OPTIONS],
			  PARAMS(P_I64(branch_id), P_I64(branch_id), P_I64(branch_id)), 3000, a,
			  ret_rows, ret_n, e);
}

enum rc review_lock(struct store *s, struct str ids, struct arena *a,
		    const struct review_locked **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &review_table[REVIEW_LOCK], PARAMS(P_TEXT(ids)), 1000, a, ret_rows,
			  ret_n, e);
}

enum rc review_write(struct store *s, struct str ids, struct str state, int64_t account_id,
		     int64_t at, struct str reason, struct error *e)
{
	return store_change(s, &review_table[REVIEW_WRITE],
			    PARAMS(P_TEXT(ids), P_TEXT(state),
				   P_I64_OR_NULL(at == NO_TIME ? COLUMN_NULL : account_id),
				   P_TIME(at), P_TEXT_OR_NULL(reason)),
			    NULL, NULL, e);
}
