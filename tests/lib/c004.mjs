// What the tests of the 004 door share: its two ways to ask, and a class with
// sessions of the test's own, so that no test sees the others' rows.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { multipart, sql } from './http.mjs';
import { root } from './server.mjs';

export const SESSION = '/api/session_completion.php';
export const SCHEDULE = '/api/schedule_batch.php';
export const AUTH = '/api/auth.php';

/* "2026-11-20", n days from now; the branch of the demo data is in UTC. */
export const day = (n) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);
export const word = () => randomBytes(6).toString('hex').toUpperCase();
export const idOf = (username) => Number(sql(`SELECT id FROM account WHERE username = '${username}'`)[0][0]);

/* Every answer of the door is 200 and JSON, but where a test says otherwise. */
function envelope(answer, status = 200) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'], /^application\/json/);
  return answer.json;
}

export async function ask(client, action, query = {}, path = SESSION) {
  return envelope(await client.get(`${path}?${new URLSearchParams({ action, ...query })}`));
}

export async function tell(client, action, fields = {}, path = SESSION) {
  return envelope(await client.post(`${path}?action=${action}`, fields));
}

export const attach = (client, fields, file) => tell(client, 'upload_attachment', multipart([
  ...Object.entries(fields).map(([name, value]) => ({ name, value })), ...(file ? [{ name: 'file', ...file }] : [])]));

export const sample = (name, as = name) => ({ filename: as, bytes: readFileSync(join(root, 'tests/files/honest', name)) });

/* Asserts a refusal: its message, and the fields in `errors`. */
export function refused(answer, message, ...fields) {
  assert.equal(answer.success, false, JSON.stringify(answer));
  assert.equal(answer.message, message);
  assert.equal('data' in answer, false);
  for (const field of fields) assert.equal(typeof answer.errors?.[field], 'string', `${field} in ${JSON.stringify(answer)}`);
}

export function succeeded(answer, message) {
  assert.equal(answer.success, true, JSON.stringify(answer));
  assert.equal(answer.message, message);
  assert.equal('errors' in answer, false);
  return answer.data;
}

/* A class of the main campus with its staff (usernames); gives its id. */
export function ownClass(...staff) {
  const name = `Class ${word()}`;
  sql(`INSERT INTO class (branch_id, name) SELECT p.branch_id, '${name}' FROM account a JOIN person p ON p.id = a.person_id
       WHERE a.username = 'demo_teacher_1'`);
  const [[id]] = sql(`SELECT id FROM class WHERE name = '${name}'`);
  for (const username of staff) {
    sql(`INSERT INTO class_staff (class_id, person_id) SELECT ${id}, person_id FROM account WHERE username = '${username}'`);
  }
  return Number(id);
}

/* A daily schedule from `from` to `to` days from now; gives its id. */
export async function ownSchedule(admin, fields) {
  const { from = -6, to = -1, ...rest } = fields;
  const data = succeeded(await tell(admin, 'create', {
    recurrence: 'daily', start_date: day(from), end_date: day(to), start_time: '08:00', end_time: '09:30', ...rest,
  }, SCHEDULE), 'Schedule created');
  return data.id;
}

/* Its occurrences, oldest first: [{ id, date, state }]. */
export const occurrencesOf = (schedule) => sql(`SELECT id, session_date, state FROM occurrence WHERE schedule_id = ${schedule}
  ORDER BY session_date`).map(([id, date, state]) => ({ id: Number(id), date, state }));

/*
 * A class whose past sessions demo_teacher_1 holds and on whose staff
 * demo_employee_1 is; take() gives the next untouched occurrence's fields for `create`.
 */
export async function ownSessions(admin, n = 100) {
  const batch_id = ownClass('demo_employee_1');
  const schedule_id = await ownSchedule(admin, { batch_id, faculty_id: idOf('demo_teacher_1'), from: -n, to: -1 });
  const left = occurrencesOf(schedule_id);
  return { batch_id, schedule_id, take: () => ({ occurrence_id: left.shift().id, schedule_id, batch_id }) };
}
