/*
 * SQL pieces: who is expected in an attendance session on its day.
 *
 * Inside of store.  `s` is a row of attendance_session.  Enrolments and memberships are those
 * of session_date, so that somebody who joins later is neither absent nor counted.
 */
#ifndef STORE_EXPECTED_H
#define STORE_EXPECTED_H

/* Was this enrolment or membership in force on the day of s? */
#define EXPECTED_ON_DAY(m)                                                                         \
	m ".from_date <= s.session_date AND (" m ".to_date IS NULL OR " m                          \
	  ".to_date >= s.session_date)"
/* Is `person` in the class of s? */
#define EXPECTED_IN_CLASS(person)                                                                  \
	"EXISTS (SELECT 1 FROM class_section xc JOIN section_member xm"                            \
	" ON xm.section_id = xc.section_id WHERE xc.class_id = s.class_id"                         \
	" AND xm.person_id = " person " AND " EXPECTED_ON_DAY("xm") ")"
#define EXPECTED_IN_COURSE(person)                                                                 \
	"EXISTS (SELECT 1 FROM enrolment xe WHERE xe.course_id = s.course_id"                      \
	" AND xe.person_id = " person " AND xe.state = 'approved' AND " EXPECTED_ON_DAY("xe") ")"
#define EXPECTED_IN_SECTION(person)                                                                \
	"EXISTS (SELECT 1 FROM section_member xm WHERE xm.person_id = " person                     \
	" AND (xm.section_id = s.section_id OR (s.section_id IS NULL AND xm.section_id IN"         \
	" (SELECT xs.section_id FROM course_section xs WHERE xs.course_id = s.course_id)))"        \
	" AND " EXPECTED_ON_DAY("xm") ")"

/* The same where `s` is an occurrence: by its course and class, as its attendance session would. */
#define EXPECTED_OCCURRENCE(person)                                                                     \
	"(CASE WHEN s.course_id IS NOT NULL THEN " EXPECTED_IN_COURSE(                                  \
		person) " AND (s.class_id IS NULL OR " EXPECTED_IN_CLASS(person) ") "                   \
										 "ELSE"                 \
										 " " EXPECTED_IN_CLASS( \
											 person) " END)"

/* 1: `person` is expected.  An open roster expects whoever is a student of the branch. */
#define EXPECTED(person)                                                                           \
	"(CASE s.roster WHEN 'open' THEN 1"                                                        \
	" WHEN 'course' THEN " EXPECTED_IN_COURSE(                                                 \
		person) " AND (s.class_id IS NULL "                                                \
			"OR " EXPECTED_IN_CLASS(person) ")"                                        \
							" WHEN 'section' "                         \
							"THEN"                                     \
							" " EXPECTED_IN_SECTION(                   \
								person) " ELSE"                    \
									" " EXPECTED_IN_CLASS(     \
										person) " END)"

/*
 * The people, to stand after FROM: (SELECT ... AS person_id) of all rosters but open ones, which
 * expect nobody in advance.  LATERAL is not known to MariaDB, so `s` must be one row: the id is
 * given to each part.
 */
#define EXPECTED_PEOPLE                                                                            \
	"(SELECT e.person_id FROM attendance_session s JOIN enrolment e ON e.course_id ="          \
	" s.course_id AND e.state = 'approved' AND " EXPECTED_ON_DAY(                              \
		"e") " WHERE s.id = ? AND s.roster = 'course' AND (s.class_id IS NULL "            \
		     "OR " EXPECTED_IN_CLASS(                                                      \
			     "e.person_id") ")"                                                    \
					    " UNION SELECT m.person_id FROM "                      \
					    "attendance_session s JOIN "                           \
					    "section_member m"                                     \
					    " ON m.section_id = s.section_id "                     \
					    "AND " EXPECTED_ON_DAY(                                \
						    "m") " WHERE s.id = ? AND "                    \
							 "s.roster = 'section'"                    \
							 " UNION SELECT "                          \
							 "m.person_id FROM "                       \
							 "attendance_session s "                   \
							 "JOIN course_section x"                   \
							 " ON x.course_id = "                      \
							 "s.course_id AND "                        \
							 "s.section_id IS NULL"                    \
							 " JOIN section_member m "                 \
							 "ON m.section_id = "                      \
							 "x.section_id "                           \
							 "AND " EXPECTED_ON_DAY(                   \
								 "m") " WHERE "                    \
								      "s.id = ? "                  \
								      "AND "                       \
								      "s.roster "                  \
								      "= "                         \
								      "'section'"                  \
								      " UNION "                    \
								      "SELECT "                    \
								      "m.person_"                  \
								      "id FROM "                   \
								      "attendance"                 \
								      "_session "                  \
								      "s JOIN "                    \
								      "class_"                     \
								      "section x"                  \
								      " ON "                       \
								      "x.class_"                   \
								      "id = "                      \
								      "s.class_"                   \
								      "id JOIN "                   \
								      "section_"                   \
								      "member m "                  \
								      "ON "                        \
								      "m.section_"                 \
								      "id = "                      \
								      "x.section_"                 \
								      "id "                        \
								      "AND"                        \
								      " " EXPECTED_ON_DAY(         \
									      "m") " WHERE s.id "  \
										   "= ? AND "      \
										   "s.roster = "   \
										   "'class')"

/* How many, correlated with s. */
#define EXPECTED_COUNT                                                                                                                                                                                        \
	"(CASE s.roster WHEN 'course' THEN (SELECT COUNT(DISTINCT e.person_id) FROM enrolment e"                                                                                                              \
	" WHERE e.course_id = s.course_id AND e.state = 'approved' AND " EXPECTED_ON_DAY(                                                                                                                     \
		"e") " AND (s.class_id IS NULL OR " EXPECTED_IN_CLASS("e.person_id") "))"                                                                                                                     \
										     " WHEN "                                                                                                                 \
										     "'section' "                                                                                                             \
										     "THEN "                                                                                                                  \
										     "(SELECT "                                                                                                               \
										     "COUNT("                                                                                                                 \
										     "DISTINCT "                                                                                                              \
										     "m.person_"                                                                                                              \
										     "id) FROM "                                                                                                              \
										     "section_"                                                                                                               \
										     "member m"                                                                                                               \
										     " WHERE "                                                                                                                \
										     "(m.section_"                                                                                                            \
										     "id = "                                                                                                                  \
										     "s.section_"                                                                                                             \
										     "id OR "                                                                                                                 \
										     "(s.section_"                                                                                                            \
										     "id IS NULL "                                                                                                            \
										     "AND "                                                                                                                   \
										     "m.section_"                                                                                                             \
										     "id IN"                                                                                                                  \
										     " (SELECT "                                                                                                              \
										     "x.section_"                                                                                                             \
										     "id FROM "                                                                                                               \
										     "course_"                                                                                                                \
										     "section x "                                                                                                             \
										     "WHERE "                                                                                                                 \
										     "x.course_"                                                                                                              \
										     "id = "                                                                                                                  \
										     "s.course_"                                                                                                              \
										     "id)))"                                                                                                                  \
										     " AND"                                                                                                                   \
										     " " EXPECTED_ON_DAY(                                                                                                     \
											     "m") ")"                                                                                                         \
												  " WHEN 'class' THEN (SELECT COUNT(DISTINCT m.person_id) FROM class_section x"                               \
												  " JOIN section_member m ON m.section_id = x.section_id WHERE x.class_id = s.class_id AND " EXPECTED_ON_DAY( \
													  "m") ") ELSE 0 END)"

#endif
