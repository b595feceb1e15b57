// What muster-jobs does about attendance: it closes what is over and brings the events into their order.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ownServer, sql, until } from '../lib/http.mjs';

/** A session of section A, on its own, that closes at an SQL time; its id. */
function opened(closes, of) {
  const title = `Jobs ${process.hrtime.bigint()}`;
  sql(`INSERT INTO attendance_session (uuid, branch_id, course_id, section_id, roster, title, session_date, zone, opens_at, closes_at, code_level,
      place_level, network_level, photo_level, device_level, radius_m, code_key, code_period_s, max_tries, evidence_days, lock_days, names_on_screen,
      created_at, updated_at)
    SELECT UUID(), k.branch_id, k.id, x.section_id, 'section', '${title}', CURRENT_DATE, 'UTC', UTC_TIMESTAMP(6) - INTERVAL 1 HOUR, ${closes}, 'off',
      'off', 'off', 'off', 'off', 100, RANDOM_BYTES(32), 15, 5, 30, 14, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
    FROM course k JOIN course_section x ON x.course_id = k.id WHERE k.code = 'DEMO101' LIMIT 1`, { of });
  return Number(sql(`SELECT id FROM attendance_session WHERE title = '${title}'`, { of })[0][0]);
}
const one = (text, of) => sql(text, { of })[0][0];

test('a session that is over closes by itself, and its events get their order', async (t) => {
  const own = await ownServer(t);
  const over = opened('UTC_TIMESTAMP(6) + INTERVAL 1 SECOND', own);
  const running = opened('UTC_TIMESTAMP(6) + INTERVAL 1 HOUR', own);
  sql(`INSERT INTO attendance_record (attendance_id, person_id, status, method, happened_at, updated_at)
    SELECT ${over}, person_id, 'present', 'teacher', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM account WHERE username = 'demo_student_1'`, { of: own });
  await until('it is closed', () => one(`SELECT state FROM attendance_session WHERE id = ${over}`, own) === 'closed');
  assert.equal(one(`SELECT state FROM attendance_session WHERE id = ${running}`, own), 'open');
  assert.deepEqual(sql(`SELECT close_reason, n_expected, n_present, n_absent, closed_by IS NULL FROM attendance_session WHERE id = ${over}`, { of: own })[0],
    ['time', '30', '1', '29', '1']);
  await until('the outbox is empty', () => one('SELECT COUNT(*) FROM outbox', own) === '0');
  assert.equal(one(`SELECT COUNT(*) FROM event WHERE type = 'attendance.closed' AND attendance_id = ${over}`, own), '1');
  const [n, last, first] = sql('SELECT COUNT(*), MAX(seq), MIN(seq) FROM event', { of: own })[0];
  assert.equal(Number(last) - Number(first) + 1, Number(n), 'no gap');
  // And so it goes on after the next one.
  sql(`INSERT INTO outbox (at, type, branch_id, payload) SELECT UTC_TIMESTAMP(6), 'test.one', id, '{}' FROM branch LIMIT 1`, { of: own });
  await until('it is in the stream', () => one("SELECT COUNT(*) FROM event WHERE type = 'test.one'", own) === '1');
  assert.equal(Number(one("SELECT seq FROM event WHERE type = 'test.one'", own)), Number(last) + 1);
  await until('the jobs say so', () => one("SELECT COUNT(*) FROM job_status WHERE name IN ('relay', 'closer', 'keeper') AND runs > 0", own) === '3');
});
