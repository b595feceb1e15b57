/*
 * The students of the school.  Every failure ends the program with a sentence.
 */
#include "store/attendance_fixture.h"

#include <stdio.h>

static const char groups[] =
	"INSERT INTO department (id, branch_id, name) VALUES (1, 1, 'Computing');"
	"INSERT INTO batch (id, department_id, name) VALUES (1, 1, '2026');"
	"INSERT INTO section (id, batch_id, name) VALUES (1, 1, 'A');"
	"INSERT INTO class_section (class_id, section_id) VALUES (1, 1);"
	"INSERT INTO course_section (course_id, section_id) VALUES (1, 1);"
	"INSERT INTO person (id, branch_id, given_name, family_name, student_code)"
	" SELECT 100 + seq, IF(seq = 23, 2, 1), CONCAT('Given', seq),"
	" CONCAT('Family', LPAD(seq, 2, '0')), CONCAT('S', LPAD(seq, 4, '0')) FROM seq_1_to_23;"
	"INSERT INTO account (id, uuid, person_id, branch_id, role, username, password_hash)"
	" SELECT id, CONCAT('u', id), id, branch_id, 'student', CONCAT('pupil', id), ''"
	" FROM person WHERE id BETWEEN 101 AND 123;"
	"INSERT INTO section_member (section_id, person_id, from_date)"
	" SELECT 1, id, '2026-09-01' FROM person WHERE id BETWEEN 101 AND 121;"
	"INSERT INTO enrolment (course_id, person_id, state, from_date)"
	" SELECT 1, id, 'approved', IF(id = 121, '2026-11-21', '2026-09-01') FROM person"
	" WHERE id BETWEEN 101 AND 121";

static const char nothing[] =
	"SET FOREIGN_KEY_CHECKS = 0;"
	"DELETE FROM attempt_photo; DELETE FROM attempt_evidence; DELETE FROM attendance_change;"
	"DELETE FROM attendance_record; DELETE FROM attendance_attempt;"
	"DELETE FROM claim_item; DELETE FROM claim;"
	"DELETE FROM attendance_guest; DELETE FROM attendance_session; DELETE FROM excuse;"
	"DELETE FROM attendance_policy; DELETE FROM outbox; DELETE FROM event;"
	"SET FOREIGN_KEY_CHECKS = 1";

void pupils_open(struct school *s)
{
	db_fixture_exec(&s->f, groups);
}

void pupils_reset(struct school *s)
{
	db_fixture_exec(&s->f, nothing);
}

int64_t pupils_flagged(struct school *s, int64_t attendance_id, int64_t person_id)
{
	char sql[900];

	snprintf(sql, sizeof sql,
		 "INSERT INTO attendance_attempt (attendance_id, person_id, actor_id, nonce, path,"
		 " happened_at, learned_at, decision, reason, status, signals, decided_state)"
		 " VALUES (%lld, %lld, %lld, RANDOM_BYTES(16), 'form', '2026-11-20 11:31:00',"
		 " '2026-11-20 11:31:02', 'flagged', 'photo_unchecked', 'present',"
		 " '[{\"s\":\"code\",\"v\":\"pass\"},{\"s\":\"photo\",\"v\":\"pending\"}]',"
		 " 'open')",
		 (long long)attendance_id, (long long)person_id, (long long)person_id);
	db_fixture_exec(&s->f, sql);
	return school_number(s, "SELECT MAX(id) AS n FROM attendance_attempt");
}
