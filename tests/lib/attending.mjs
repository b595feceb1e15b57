// Sessions with a list of students of the test's own, and what stands in their registers.
import assert from 'node:assert/strict';
import { quoted } from './classroom.mjs';
import { server, sql } from './http.mjs';

let made = 0;

/*
 * A course of `teacher` with `n` students of its own, and a session of it that began `began`
 * minutes ago, `days` days ago.  Gives { id, title, path, course, students: [{ id, name, code }] }, by name.
 */
export function newLesson({ teacher = 'demo_teacher_1', n = 5, began = 5, minutes = 90, days = 0, title, of = server } = {}) {
  made += 1;
  const key = `${process.pid}-${made}`;
  const name = title ?? `Lecture ${key}`;
  const values = Array.from({ length: n }, (_, i) => `(1, 'Given${String(i + 1).padStart(3, '0')}', 'Family${String(i + 1).padStart(3, '0')}', 'T${key}-${i + 1}')`);
  const at = `UTC_TIMESTAMP(6) - INTERVAL ${began} MINUTE - INTERVAL ${days} DAY`;
  const rows = sql(`INSERT INTO course (branch_id, code, title) VALUES (1, 'L${key}', ${quoted(`Course of ${name}`)});
    SET @course = LAST_INSERT_ID();
    SET @teacher = (SELECT person_id FROM account WHERE username = '${teacher}');
    INSERT INTO course_teacher (course_id, person_id) VALUES (@course, @teacher);
    ${n > 0 ? `INSERT INTO person (branch_id, given_name, family_name, student_code) VALUES ${values.join(',')};
    INSERT INTO enrolment (course_id, person_id, state, from_date) SELECT @course, id, 'approved', DATE(UTC_TIMESTAMP()) - INTERVAL 90 DAY FROM person WHERE student_code LIKE 'T${key}-%';` : ''}
    SET @at = ${at};
    INSERT INTO occurrence (branch_id, course_id, teacher_id, title, room, session_date, start_time, end_time, zone, starts_at, ends_at)
    VALUES (1, @course, @teacher, ${quoted(name)}, 'B204', DATE(@at), TIME(@at), TIME(@at + INTERVAL ${minutes} MINUTE), 'UTC', @at, @at + INTERVAL ${minutes} MINUTE);
    SELECT LAST_INSERT_ID(), @course;
    SELECT id, CONCAT(given_name, ' ', family_name), student_code FROM person WHERE student_code LIKE 'T${key}-%' ORDER BY family_name`, { of });
  const [[id, course], ...people] = rows;
  return {
    id: Number(id), title: name, path: `/sessions/${id}`, course: Number(course),
    students: people.map(([person, full, code]) => ({ id: Number(person), name: full, code })),
  };
}

/* The lesson with attendance opened by `client`: adds { attendance, console }. */
export async function opened(client, options = {}) {
  const lesson = newLesson({ of: client.of, ...options });
  const answer = await client.post(`${lesson.path}/attendance`);
  assert.equal(answer.status, 303, answer.text.slice(0, 3000));
  const attendance = Number(answer.headers.location.match(/^\/attendance\/(\d+)\?done=opened$/)[1]);
  return { ...lesson, attendance, console: `/attendance/${attendance}` };
}

/* { person: "present" … } of those who have a record. */
export const marksOf = (attendance, of = server) => Object.fromEntries(sql(`SELECT person_id, status FROM attendance_record WHERE attendance_id = ${attendance} ORDER BY person_id`, { of }));

/* Records as they are, to compare: all but the moment of the last write. */
export const recordsOf = (attendance, of = server) => JSON.stringify(sql(`SELECT person_id, status, method, happened_at, late_s, remark, attempt_id, set_by FROM attendance_record
  WHERE attendance_id = ${attendance} ORDER BY person_id`, { of }));

export const asJson = { headers: { accept: 'application/json' } };
/* One mark, as the script of the page sends it; version of what it was made from. */
export const setMark = (client, lesson, person, mark, version = 0, fields = {}) => client.post(`${lesson.console}/marks`, { one: `${person}-${mark}-${version}`, ...fields }, asJson);

/* An undecided attempt of the student, as a check-in without its place leaves one; gives its id. */
export function flaggedAttempt(attendance, person, { signals = '[{"s":"code","v":"pass"},{"s":"place","v":"fail","n":420,"max":60,"extra":35}]', reason = 'place_out', of = server } = {}) {
  const [[id]] = sql(`INSERT INTO attendance_attempt (attendance_id, person_id, nonce, path, happened_at, learned_at, decision, reason, status, signals, decided_state)
    VALUES (${attendance}, ${person}, RANDOM_BYTES(16), 'qr', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), 'flagged', '${reason}', 'present', ${quoted(signals)}, 'open');
    SELECT LAST_INSERT_ID();
    INSERT INTO outbox (at, type, branch_id, attendance_id, person_id, audience, payload)
    SELECT UTC_TIMESTAMP(6), 'attendance.flagged', branch_id, id, ${person}, 'staff', '{}' FROM attendance_session WHERE id = ${attendance}`, { of });
  return Number(id);
}
