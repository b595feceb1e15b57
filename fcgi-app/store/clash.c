/*
 * SQL of clashes.
 */
#include "store/clash.h"

#include "store/sets.h"

#define NEAR_MAX 100000

static const struct column clash_near_row_columns[] = {
	COL(clash_near_row, kind, I64, false),     COL(clash_near_row, id, I64, false),
	COL(clash_near_row, room_id, I64, true),   COL(clash_near_row, starts_at, TIME, false),
	COL(clash_near_row, ends_at, TIME, false),
};
static const struct column clash_name_row_columns[] = {
	COL(clash_name_row, id, I64, false),
	COL(clash_name_row, schedule_id, I64, true),
	COL_N(clash_name_row, title, TEXT, 800, false),
	COL_N(clash_name_row, class_name, TEXT, 480, true),
	COL_N(clash_name_row, course_code, TEXT, 160, true),
	COL_N(clash_name_row, teacher_name, TEXT, 1000, true),
	COL_N(clash_name_row, room, TEXT, 320, false),
	COL(clash_name_row, session_date, DAY, false),
	COL(clash_name_row, start_time, TOD, false),
	COL(clash_name_row, end_time, TOD, false),
};

/* (from, to, zone, before, after, schedule, occurrence) */
#define NEAR(kind, from)                                                                           \
	"SELECT " kind " AS kind, o.id, o.room_id, o.starts_at, o.ends_at FROM " from              \
	" AND o.starts_at > ? AND o.starts_at < ? AND o.state <> 'cancelled'"                      \
	" AND (o.zone <> ? OR (o.start_time < ? AND o.end_time > ?))"                              \
	" AND (NOT o.schedule_id <=> ? OR o.moved_from_date IS NOT NULL) AND NOT o.id <=> ?"
#define NEAR_PARAMS "ttsccii"
/* The class itself, and those that share a section with it: few, and each a range of the index. */
#define GROUPS                                                                                     \
	"(SELECT CAST(? AS SIGNED) AS id UNION SELECT b.class_id FROM class_section a"             \
	" JOIN class_section b ON b.section_id = a.section_id WHERE a.class_id = ?) g"             \
	" STRAIGHT_JOIN occurrence o ON o.class_id = g.id"

#define CLASH_STATEMENTS(ROWS, CHANGE)                                                                                                      \
	ROWS(CLASH_NEAR, "iiiiiiii" NEAR_PARAMS "i" NEAR_PARAMS "ii" NEAR_PARAMS, clash_near_row,                                           \
	     NEAR("1",                                                                                                                      \
		  "occurrence o WHERE o.room_id IN (?, ?, ?, ?, ?, ?, ?, ?)") " UNION "                                                     \
									      "ALL " NEAR(                                                  \
										      "2",                                                  \
										      "occur"                                               \
										      "rence"                                               \
										      " o "                                                 \
										      "WHERE"                                               \
										      " o."                                                 \
										      "teach"                                               \
										      "er_"                                                 \
										      "id = "                                               \
										      "?") " UNIO"                                          \
											   "N "                                             \
											   "ALL"                                            \
											   " " NEAR(                                        \
												   "4",                                     \
												   GROUPS) " ORDER BY starts_at, id, kind") \
	ROWS(CLASH_NAMES, "s", clash_name_row,                                                                                              \
	     "SELECT o.id, o.schedule_id, o.title, g.name AS class_name, k.code AS course_code,"                                            \
	     " TRIM(CONCAT(t.given_name, ' ', t.family_name)) AS teacher_name, o.room,"                                                     \
	     " o.session_date, o.start_time, o.end_time"                                                                                    \
	     " FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j"                                                                   \
	     " JOIN occurrence o ON o.id = j.id LEFT JOIN class g ON g.id = o.class_id"                                                     \
	     " LEFT JOIN course k ON k.id = o.course_id"                                                                                    \
	     " LEFT JOIN person t ON t.id = o.teacher_id ORDER BY o.id")
STATEMENT_SET(clash, CLASH_STATEMENTS);

enum rc clash_near(struct store *s, const struct clash_near_in *in, struct arena *a,
		   const struct clash_near_row **ret_rows, size_t *ret_n, struct error *e)
{
	struct param room[CLASH_ROOMS_MAX];
	struct param class = P_I64_OR_NULL(in->class_id);
	struct param from = P_TIME(in->from_at), to = P_TIME(in->to_at), zone = P_TEXT(in->zone);
	struct param before = P_TOD(in->before_tod), after = P_TOD(in->after_tod);
	struct param own = P_I64(in->schedule_id == COLUMN_NULL ? 0 : in->schedule_id),
		     this = P_I64_OR_NULL(in->occurrence_id);

	/* 0 is no schedule: NULL would be equal to that of single sessions. */
	for (size_t i = 0; i < CLASH_ROOMS_MAX; i++)
		room[i] = i < in->n_rooms ? P_I64(in->rooms[i]) : P_I64(0);
#define RANGE from, to, zone, before, after, own, this
	return store_rows(s, &clash_table[CLASH_NEAR],
			  PARAMS(room[0], room[1], room[2], room[3], room[4], room[5], room[6],
				 room[7], RANGE, P_I64_OR_NULL(in->teacher_id), RANGE, class, class,
				 RANGE),
			  NEAR_MAX, a, ret_rows, ret_n, e);
#undef RANGE
}

enum rc clash_names(struct store *s, struct str ids, size_t max, struct arena *a,
		    const struct clash_name_row **ret_rows, size_t *ret_n, struct error *e)
{
	return store_rows(s, &clash_table[CLASH_NAMES], PARAMS(P_TEXT(ids)), max, a, ret_rows,
			  ret_n, e);
}
