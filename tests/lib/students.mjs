// Halls of students with bearer tokens of their own, and attendance sessions they may check in
// to, made by SQL: thousands of sign-ins by password would take minutes.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from './http.mjs';

const base64url = (value) => Buffer.from(value).toString('base64url');
const header = base64url('{"alg":"HS256","typ":"JWT"}');

/* What signs this server's tokens (core/identity/token.c). */
export function tokenKey(of) {
  const text = readFileSync(join(of.var, 'conf/server.key'), 'utf8').trim();
  return createHmac('sha256', Buffer.from(text, 'hex')).update('muster tokens').digest();
}

export function sign(key, claims) {
  const body = `${header}.${base64url(JSON.stringify(claims))}`;
  return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
}

/* n students of a course of their own, each with an account, a signed-in session and its token. */
export function students(of, n, { name = 'hall' } = {}) {
  sql(`INSERT IGNORE INTO branch (id, name, zone, created_at) VALUES (1, 'Hall campus', 'UTC', UTC_TIMESTAMP(6));
    SET @branch = (SELECT MIN(id) FROM branch);
    INSERT INTO course (branch_id, code, title) VALUES (@branch, UPPER('${name}'), 'Hall ${name}');
    SET @course = LAST_INSERT_ID();
    INSERT INTO person (branch_id, given_name, family_name, student_code, created_at)
      SELECT @branch, 'Student', CONCAT('${name} ', seq), CONCAT(UPPER('${name}'), seq), UTC_TIMESTAMP(6) FROM seq_1_to_${n};
    INSERT INTO account (uuid, person_id, branch_id, role, username, password_hash, created_at)
      SELECT UUID(), id, @branch, 'student', LOWER(student_code), '', UTC_TIMESTAMP(6) FROM person WHERE student_code LIKE UPPER('${name}%');
    INSERT INTO enrolment (course_id, person_id, state, from_date)
      SELECT @course, id, 'approved', UTC_DATE() - INTERVAL 30 DAY FROM person WHERE student_code LIKE UPPER('${name}%');
    INSERT INTO web_session (kind, family, token_hash, account_id, epoch, csrf, created_at, seen_at, expires_at, ends_at, idle_s)
      SELECT 'token', 'own', UNHEX(SHA2(UUID(), 256)), a.id, a.epoch, UNHEX(SHA2(UUID(), 256)), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6),
        UTC_TIMESTAMP(6) + INTERVAL 1 DAY, UTC_TIMESTAMP(6) + INTERVAL 2 DAY, 86400
      FROM account a JOIN person p ON p.id = a.person_id WHERE p.student_code LIKE UPPER('${name}%');`, { of });
  const key = tokenKey(of);
  const now = Math.floor(Date.now() / 1000);
  const [[course]] = sql(`SELECT id FROM course WHERE code = UPPER('${name}')`, { of });
  return {
    course: Number(course),
    list: sql(`SELECT w.id, a.id, p.id, p.branch_id, a.username FROM web_session w JOIN account a ON a.id = w.account_id JOIN person p ON p.id = a.person_id
      WHERE p.student_code LIKE UPPER('${name}%') AND w.kind = 'token' ORDER BY w.id`, { of }).map(([sid, acc, per, bra, username]) => ({
      session: Number(sid), account: Number(acc), person: Number(per), username,
      token: sign(key, { sub: acc, exp: now + 36000, iat: now, iss: of.base ?? of.url, aud: 'muster', fam: 'own', sid: Number(sid), acc: Number(acc),
        per: Number(per), rol: 'student', bra: Number(bra) }),
    })),
  };
}

/* n attendance sessions of a course that are open now and ask for nothing but being enrolled; gives their ids. */
export function openSessions(of, course, n = 1) {
  sql(`INSERT INTO attendance_session (uuid, branch_id, course_id, roster, title, session_date, zone, opens_at, late_at, closes_at,
      code_level, place_level, network_level, photo_level, device_level, radius_m, code_key, code_period_s, max_tries, evidence_days, lock_days,
      names_on_screen, created_at, updated_at)
    SELECT UUID(), (SELECT MIN(id) FROM branch), ${course}, 'course', CONCAT('Hall ', seq), UTC_DATE(), 'UTC', UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE,
      UTC_TIMESTAMP(6) + INTERVAL 6 HOUR, UTC_TIMESTAMP(6) + INTERVAL 8 HOUR, 'off', 'off', 'off', 'off', 'off', 100,
      UNHEX(SHA2(UUID(), 256)), 15, 5, 30, 14, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM seq_1_to_${n};`, { of });
  return sql(`SELECT id FROM attendance_session WHERE course_id = ${course} ORDER BY id DESC LIMIT ${n}`, { of }).map(([id]) => Number(id)).reverse();
}
