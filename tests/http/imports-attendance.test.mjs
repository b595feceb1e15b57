// Imports of attendance by page and by `muster import`: the whole way, the reason after the lock date,
// files and rows that are refused, and who may not.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { isAsan, multipart, muster, sql, unescapeHtml, until } from '../lib/http.mjs';
import { as, besides, hidden, otherBranch, sentence } from '../lib/classroom.mjs';

const count = (text) => Number(sql(text)[0][0]);
const send = (client, text) => client.post('/admin/imports', multipart([{ name: 'kind', value: 'attendance' },
  { name: 'file', filename: 'marks.csv', type: 'text/csv', bytes: Buffer.isBuffer(text) ? text : Buffer.from(text) }]));
async function upload(client, text) {
  const answer = await send(client, text);
  assert.equal(answer.status, 303, besides(answer, 'i-file-e') || answer.text.slice(0, 3000));
  return answer.headers.location;
}
const chosen = (page) => [...page.text.matchAll(/<select id="c-\d+"[^>]*>(.*?)<\/select>/gs)].map(([, options]) => options.match(/value="([^"]*)" selected/)?.[1]);
const counts = (page) => Object.fromEntries([...page.text.matchAll(/data-count="(\w+)">([^<]*)</g)].map(([, name, value]) => [name, Number(value)]));
const errors = (page) => [...page.text.matchAll(/<tr role="row">\s*<th role="rowheader" scope="row" class="nowrap">Row (\d+)<\/th>\s*<td[^>]*>([^<]*)<\/td>\s*<td[^>]*><bdi>([^<]*)<\/bdi><\/td>\s*<td[^>]*>([^<]*)<\/td>/g)]
  .map(([, row, field, value, text]) => [Number(row), field, unescapeHtml(value), unescapeHtml(text)]);
async function settled(client, path) {
  let page;
  await until('the import has settled', async () => {
    page = await client.get(path);
    return page.status === 200 && !page.text.includes('id="progress"');
  }, isAsan ? 120 : 90);
  return page;
}
async function decide(client, path, page, what, fields = {}) {
  const answer = await client.post(`${path}/${what}`, { ...hidden(page, `${path}/${what}`), ...fields });
  assert.equal(answer.status, 303, answer.text.slice(0, 3000));
  return settled(client, path);
}
async function checked(client, path) {
  const page = await client.get(path);
  const answer = await client.post(`${path}/columns`, { version: hidden(page, `${path}/columns`).version, ignored: '1', column: chosen(page) });
  assert.equal(answer.status, 303, answer.text.slice(0, 3000));
  return settled(client, path);
}

/* A session of DEMO103 that is over, that many days ago, without a register; its number. */
function held(days) {
  return sql(`INSERT INTO occurrence (branch_id, course_id, class_id, teacher_id, title, session_date, start_time, end_time, zone, starts_at, ends_at)
    SELECT branch_id, id, NULL, NULL, 'Held on paper', UTC_DATE() - INTERVAL ${days} DAY, '05:00', '06:00', 'UTC',
    UTC_DATE() - INTERVAL ${days} DAY + INTERVAL 5 HOUR, UTC_DATE() - INTERVAL ${days} DAY + INTERVAL 6 HOUR FROM course WHERE code = 'DEMO103';
    SELECT LAST_INSERT_ID();`)[0][0];
}
const marksOf = (session) => sql(`SELECT p.student_code, r.status, r.method, a.username, r.late_s, r.remark FROM attendance_record r
  JOIN attendance_session s ON s.id = r.attendance_id JOIN person p ON p.id = r.person_id LEFT JOIN account a ON a.id = r.set_by
  WHERE s.occurrence_id = ${session} ORDER BY p.student_code`);

test('attendance: upload, columns, dry run, confirm, report, undo', async () => {
  const admin = await as('demo_admin_2');
  const session = held(1);
  const path = await upload(admin, `Code étudiant;Séance;Statut;Minutes de retard;Remarque;Note interne\nDS0031;${session};Présent;;;x\nDS0032;${session};R;7;"bus; ligne 4";\nDS0001;${session};P;;;\nDS0033;${session};peut-être;;;\n`);
  let page = await admin.get(path);
  assert.deepEqual(chosen(page), ['student_code', 'session', 'status', 'minutes_late', 'remark', '-']);
  page = await checked(admin, path);
  assert.deepEqual(counts(page), { created: 2, updated: 0, same: 0, wrong: 2 });
  assert.deepEqual(errors(page), [[4, 'Student code', 'DS0001', sentence('import_not_enrolled')], [5, 'Status', 'peut-être', sentence('import_status')]]);
  assert.deepEqual(marksOf(session), []);
  assert.ok(!page.text.includes('name="why"'), 'no reason is asked for before the lock date');

  page = await decide(admin, path, page, 'run');
  assert.deepEqual(counts(page), { created: 2, updated: 0, same: 0, wrong: 2 });
  assert.deepEqual(marksOf(session), [['DS0031', 'present', 'import', 'demo_admin_2', null, null], ['DS0032', 'late', 'import', 'demo_admin_2', '420', 'bus; ligne 4']]);
  // The register shows where the marks come from.
  const register = await admin.get(`/sessions/${session}/register`);
  assert.equal(register.status, 200);
  assert.match(register.text, /bus; ligne 4/);

  page = await decide(admin, path, page, 'undo');
  assert.deepEqual([counts(page).back, counts(page).kept], [2, 0]);
  assert.equal(count(`SELECT COUNT(*) FROM attendance_session WHERE occurrence_id = ${session}`), 0, 'the register that it made is gone again');
  assert.deepEqual(sql(`SELECT action FROM audit_log WHERE object = 'import' AND object_id = ${path.split('/').pop()} ORDER BY id`).flat(),
    ['import.uploaded', 'import.mapped', 'import.checked', 'import.confirmed', 'import.done', 'import.undo', 'import.undone']);
});

test('after the lock date the page asks for a reason, and keeps what was typed', async () => {
  const admin = await as('demo_admin_2');
  const session = held(200);
  sql(`UPDATE enrolment e JOIN person p ON p.id = e.person_id JOIN course c ON c.id = e.course_id SET e.from_date = LEAST(e.from_date, UTC_DATE() - INTERVAL 300 DAY) WHERE p.student_code = 'DS0031' AND c.code = 'DEMO103'`);
  const path = await upload(admin, `student,course,date,start,status\nDS0031,DEMO103,${sql(`SELECT session_date FROM occurrence WHERE id = ${session}`)[0][0]},05:00,P\n`);
  const page = await checked(admin, path);
  assert.deepEqual(counts(page), { created: 1, updated: 0, same: 0, wrong: 0 });
  assert.match(page.text, /1 row is of a session past its lock date/);
  const refused = await admin.post(`${path}/run`, { ...hidden(page, `${path}/run`), why: ' ' });
  assert.equal(refused.status, 422);
  assert.equal(besides(refused, 'i-why-e'), sentence('reason_missing'));
  const long = await admin.post(`${path}/run`, { ...hidden(page, `${path}/run`), why: 'x'.repeat(501) });
  assert.equal(long.status, 422);
  assert.match(long.text, /value="x{501}"/);
  const done = await decide(admin, path, page, 'run', { why: 'Lists of spring' });
  assert.equal(sql(`SELECT c.why FROM attendance_change c JOIN attendance_session s ON s.id = c.attendance_id WHERE s.occurrence_id = ${session}`)[0][0], 'Lists of spring');
  await decide(admin, path, done, 'undo');
  assert.deepEqual(marksOf(session), []);
});

for (const [what, text, reason, arg] of [
  ['Windows-1252', Buffer.from('student,session,status\nDS0001,1,Pr\xE9sent\n', 'latin1'), 'import_latin'],
  ['UTF-16', Buffer.from('\uFEFFstudent,session,status\nDS0001,1,P\n', 'utf16le'), 'import_utf16'],
  ['half a quoted field', 'student,session,status,remark\nDS0001,1,P,"half\n', 'import_quote', 2],
  ['200,000 rows', `student,session,status\n${'DS0001,1,P\n'.repeat(200000)}`, 'import_rows', 150000],
]) {
  test(`a file of marks with ${what} is refused with a sentence`, async () => {
    const answer = await send(await as('demo_admin_2'), text);
    assert.equal(answer.status, 422);
    assert.equal(besides(answer, 'i-file-e'), sentence(reason, arg));
  });
}

test('another branch knows neither session nor student, and teachers do not import', async () => {
  otherBranch();
  const session = held(2);
  const far = await as('far_admin');
  const page = await checked(far, await upload(far, `student,session,status\nDS0031,${session},P\n`));
  assert.deepEqual(errors(page), [[2, 'Session: number or code', String(session), sentence('import_session')], [2, 'Student code', 'DS0031', sentence('import_person')]]);
  for (const name of ['demo_teacher_3', 'demo_employee_1', 'demo_student_1'])
    assert.equal((await send(await as(name), `student,session,status\nDS0031,${session},P\n`)).status, 404, name);
  assert.deepEqual(marksOf(session), []);
});

test('muster import attendance does the same on the command line', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-import-'));
  t.after(() => rmSync(folder, { recursive: true }));
  chmodSync(folder, 0o755); // the command runs as the user of the server
  const session = held(3);
  const path = join(folder, 'marks.csv');
  writeFileSync(path, `student,session,status,arrival\nDS0031,${session},P,05:01\nDS0032,${session},A,05:01\n`);
  const dry = await muster(['import', 'attendance', path, '--branch', 'Main campus', '--dry-run']);
  assert.match(dry.stdout, /checked: 2 rows, 1 created, 0 updated, 0 unchanged, 1 with errors/);
  assert.match(dry.stdout, /row 3: arrival "05:01" A time of arrival goes with present or late only/);
  assert.deepEqual(marksOf(session), []);
  const real = await muster(['import', 'attendance', path, '--branch', 'Main campus', '--why', 'by hand']);
  assert.match(real.stdout, /import (\d+) done: 2 rows, 1 created/);
  assert.deepEqual(marksOf(session), [['DS0031', 'present', 'import', null, null, null]]);
  const undone = await muster(['import', '--undo', real.stdout.match(/import (\d+) done/)[1]]);
  assert.match(undone.stdout, /1 taken back, 0 kept/);
  assert.deepEqual(marksOf(session), []);
});
