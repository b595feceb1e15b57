// What live.mjs measures with: rooms, each a class session with its attendance open, a teacher with many
// screens and students who have yet to check in, all with tokens of their own; made by SQL.
import { sql } from '../lib/http.mjs';
import { sign, students, tokenKey } from '../lib/students.mjs';

/* What muster-bench's own teachers are called. */
const TAG = 'screen';

/*
 * { screens, pupils }: screens a list of { token, room }, whose first ones are of all rooms by turns, and so
 * are those after them; pupils a list of { token, person, session (attendance), room (class session) }, likewise.
 */
export function rooms(of, { nRooms, nScreens, nPupils }) {
  const hall = students(of, nPupils, { name: TAG });
  sql(`SET @branch = (SELECT MIN(id) FROM branch);
    INSERT INTO course (branch_id, code, title) SELECT @branch, CONCAT('ROOM', seq), CONCAT('Room ', seq) FROM seq_1_to_${nRooms};
    INSERT INTO person (branch_id, given_name, family_name, created_at) SELECT @branch, 'Teacher', CONCAT('${TAG} ', seq), UTC_TIMESTAMP(6) FROM seq_1_to_${nRooms};
    INSERT INTO account (uuid, person_id, branch_id, role, username, password_hash, created_at)
      SELECT UUID(), id, @branch, 'faculty', LOWER(REPLACE(CONCAT('teacher ', family_name), ' ', '_')), '', UTC_TIMESTAMP(6) FROM person WHERE given_name = 'Teacher' AND family_name LIKE '${TAG} %';
    INSERT INTO course_teacher (course_id, person_id)
      SELECT c.id, p.id FROM course c JOIN person p ON p.given_name = 'Teacher' AND p.family_name = CONCAT('${TAG} ', SUBSTRING(c.code, 5)) WHERE c.code LIKE 'ROOM%';
    INSERT INTO web_session (kind, family, token_hash, account_id, epoch, csrf, created_at, seen_at, expires_at, ends_at, idle_s)
      SELECT 'token', 'own', UNHEX(SHA2(UUID(), 256)), id, epoch, UNHEX(SHA2(UUID(), 256)), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6),
        UTC_TIMESTAMP(6) + INTERVAL 1 DAY, UTC_TIMESTAMP(6) + INTERVAL 2 DAY, 86400 FROM account WHERE username LIKE 'teacher\\_${TAG}\\_%';
    SET @s = UTC_TIMESTAMP() - INTERVAL 5 MINUTE, @e = UTC_TIMESTAMP() + INTERVAL 85 MINUTE;
    INSERT INTO occurrence (branch_id, course_id, teacher_id, title, room, session_date, start_time, end_time, zone, starts_at, ends_at)
      SELECT c.branch_id, c.id, t.person_id, c.title, 'B204', DATE(@s), TIME(@s), IF(DATE(@e) > DATE(@s), '23:59:59', TIME(@e)), 'UTC', @s, @e
      FROM course c JOIN course_teacher t ON t.course_id = c.id WHERE c.code LIKE 'ROOM%';
    INSERT INTO attendance_session (uuid, branch_id, occurrence_id, course_id, teacher_id, roster, title, session_date, zone, opens_at, late_at, closes_at,
        code_level, place_level, network_level, photo_level, device_level, radius_m, code_key, code_period_s, max_tries, evidence_days, lock_days,
        names_on_screen, created_at, updated_at)
      SELECT UUID(), o.branch_id, o.id, o.course_id, o.teacher_id, 'course', o.title, o.session_date, 'UTC', o.starts_at, o.ends_at, o.ends_at + INTERVAL 6 HOUR,
        'off', 'off', 'off', 'off', 'off', 100, UNHEX(SHA2(UUID(), 256)), 15, 5, 30, 14, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
      FROM occurrence o JOIN course c ON c.id = o.course_id WHERE c.code LIKE 'ROOM%';
    UPDATE enrolment e JOIN course c ON c.code = CONCAT('ROOM', e.person_id % ${nRooms} + 1) SET e.course_id = c.id WHERE e.course_id = ${hall.course};`, { of });
  const all = sql(`SELECT s.id, s.occurrence_id, SUBSTRING(c.code, 5) - 1, a.id, a.person_id, a.branch_id, w.id
    FROM attendance_session s JOIN course c ON c.id = s.course_id JOIN account a ON a.person_id = s.teacher_id JOIN web_session w ON w.account_id = a.id
    WHERE c.code LIKE 'ROOM%' ORDER BY CAST(SUBSTRING(c.code, 5) AS INT)`, { of }).map((line) => line.map(Number));
  const key = tokenKey(of);
  const now = Math.floor(Date.now() / 1000);
  const teachers = all.map(([session, room, , acc, per, bra, sid]) => ({ session, room: String(room), token: sign(key, { sub: String(acc), exp: now + 36000, iat: now,
    iss: of.base ?? of.url, aud: 'muster', fam: 'own', sid, acc, per, rol: 'faculty', bra }) }));
  return {
    screens: Array.from({ length: nScreens }, (_, i) => ({ token: teachers[i % nRooms].token, room: teachers[i % nRooms].room })),
    pupils: hall.list.sort((a, b) => a.person - b.person).map(({ token, person }) => ({ token, person, session: teachers[person % nRooms].session, room: teachers[person % nRooms].room })),
  };
}
