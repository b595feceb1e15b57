// Attendance sessions of a test's own, and their rotating codes as the projector shows them.
import { createHmac, randomBytes } from 'node:crypto';
import { server, sql } from './http.mjs';
import { quoted } from './classroom.mjs';

const signs = '34679ACDEFGHJKMNPQRTWXY';
const base32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const room = { latitude: 48.8566, longitude: 2.3522 };

const minutes = (n) => `UTC_TIMESTAMP(6) + INTERVAL ${Math.round(n * 60)} SECOND`;
let made = 0;

const courses = new Map();

/* A course of this file alone, so that a student of it does not see what other files open. */
export function ownCourse(of = server) {
  if (!courses.has(of.url)) {
    const [[id]] = sql(`INSERT INTO course (branch_id, code, title) VALUES (1, 'OWN${process.pid}', 'Course of ${process.pid}'); SELECT LAST_INSERT_ID();`, { of });
    courses.set(of.url, Number(id));
  }
  return courses.get(of.url);
}

/* An own student of the test, enrolled in `course` from `from` days ago (negative: ahead; null: not). */
export function newStudent(name, { of = server, course = ownCourse(of), from = 30 } = {}) {
  sql(`INSERT INTO person (branch_id, given_name, family_name, student_code, created_at) VALUES (1, 'Test', ${quoted(name)}, ${quoted(name.slice(0, 30))}, UTC_TIMESTAMP(6));
    SET @person = LAST_INSERT_ID();
    INSERT INTO account (uuid, person_id, branch_id, role, username, password_hash, password_changed_at, is_demo, created_at)
    SELECT UUID(), @person, 1, 'student', ${quoted(name)}, password_hash, UTC_TIMESTAMP(6), 1, UTC_TIMESTAMP(6) FROM account WHERE id = 3;
    ${from === null ? '' : `INSERT INTO enrolment (course_id, person_id, state, from_date) VALUES (${course}, @person, 'approved', DATE(UTC_TIMESTAMP()) - INTERVAL ${from} DAY);`}`, { of });
  return name;
}

/*
 * A session of the course's enrolled, that was opened `opens` minutes from now and closes `closes`
 * minutes from now. levels: of code, place, network, photo, device. Gives { id, title, key, period }.
 */
export function newAttendance({ of = server, course = ownCourse(of), opens = -5, closes = 30, late = 10, state = 'open', period = 15, tries = 5, radius = 60, place = room,
  levels = {}, title, teacher = 'demo_teacher_1' } = {}) {
  made += 1;
  const key = randomBytes(32);
  const name = title ?? `Check ${process.pid}-${made}`;
  const all = { code: 'must', place: 'off', network: 'off', photo: 'off', device: 'off', ...levels };
  const [[id]] = sql(`INSERT INTO attendance_session (uuid, branch_id, course_id, teacher_id, roster, title, room, session_date, zone, state, opens_at, late_at, closes_at,
      ${Object.keys(all).map((k) => `${k}_level`).join(', ')}, latitude_e7, longitude_e7, radius_m, code_key, code_period_s, max_tries, evidence_days, lock_days, names_on_screen, created_at, updated_at)
    SELECT UUID(), 1, ${course}, person_id, 'course', ${quoted(name)}, 'B204', DATE(UTC_TIMESTAMP()), 'UTC', '${state}', ${minutes(opens)}, ${minutes(late)}, ${minutes(closes)},
      ${Object.values(all).map((v) => `'${v}'`).join(', ')}, ${place ? Math.round(place.latitude * 1e7) : 'NULL'}, ${place ? Math.round(place.longitude * 1e7) : 'NULL'}, ${radius},
      UNHEX('${key.toString('hex')}'), ${period}, ${tries}, 30, 14, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
    FROM account WHERE username = '${teacher}';
    SELECT LAST_INSERT_ID();`, { of });
  return { id: Number(id), title: name, key, period };
}

const step = (session, ago) => BigInt(Math.floor((Date.now() / 1000 - ago) / session.period));
const be = (value, n) => Buffer.from(BigInt(value).toString(16).padStart(2 * n, '0'), 'hex');
const mac = (session, what, bytes) => createHmac('sha256', session.key).update(Buffer.concat([Buffer.from(what), bytes])).digest();

/* What the screen shows, or showed `ago` seconds ago. */
export function codeOf(session, ago = 0) {
  let v = mac(session, 'c', be(step(session, ago), 8)).readBigUInt64BE();
  let text = '';
  for (let i = 0; i < 6; i += 1, v /= 23n) text += signs[Number(v % 23n)];
  return text;
}

export function tokenOf(session, ago = 0) {
  const head = Buffer.concat([be(session.id, 5), be(step(session, ago), 5)]);
  const bytes = Buffer.concat([head, mac(session, 't', head).subarray(0, 8)]);
  let bits = [...bytes].map((b) => b.toString(2).padStart(8, '0')).join('');
  bits += '0'.repeat((5 - (bits.length % 5)) % 5);
  return bits.match(/.{5}/g).map((five) => base32[parseInt(five, 2)]).join('');
}

/* [{ decision, reason, path, decided }] of a session, oldest first; person: a username. */
export function attemptsOf(session, { person, of = server } = {}) {
  return sql(`SELECT t.decision, t.reason, t.path, t.decided_state, t.id FROM attendance_attempt t ${person ? `JOIN account a ON a.person_id = t.person_id AND a.username = '${person}'` : ''}
    WHERE t.attendance_id = ${session.id} ORDER BY t.id`, { of }).map(([decision, reason, path, decided, id]) => ({ decision, reason, path, decided, id: Number(id) }));
}

export const recordOf = (session, person, of = server) => sql(`SELECT r.status FROM attendance_record r JOIN account a ON a.person_id = r.person_id
  WHERE r.attendance_id = ${session.id} AND a.username = '${person}'`, { of })[0]?.[0] ?? null;
