// Photos of check-ins with their real bytes: sealed on disk, shown to who may see them at the console and at
// the 000 door, and gone with everything else that is personal when its time is over.
import assert from 'node:assert/strict';
import { readFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { App as App000, newSession, personOf, photoForm, refused, signIn as signIn000 } from '../lib/c000.mjs';
import { attend, open, photo as photo002, signIn as signIn002 } from '../lib/c002.mjs';
import { attemptsOf, codeOf, newAttendance, newStudent, room } from '../lib/attendance.mjs';
import { as, hidden, newAccount, otherBranch, sample } from '../lib/classroom.mjs';
import { anonymous, multipart, server, signedIn, sql, until } from '../lib/http.mjs';
import { start } from '../lib/process.mjs';

const jpeg = () => sample('im.jpg').bytes;
/* The largest that is taken: a picture with something behind it. */
const largest = () => Buffer.concat([jpeg(), Buffer.alloc(10 * 1024 * 1024 - jpeg().length, 'muster')]);
const selfie = (bytes) => multipart([{ name: 'photo', filename: 'me.jpg', type: 'image/jpeg', bytes }]);
const teacher = 'demo_teacher_9';
let n = 0;

/* A student of the test who checked in with a photo, and perhaps a place: { client, name, session, attempt, path }. */
async function checkedIn(bytes, levels = { photo: 'must' }) {
  const name = newStudent(`photo_${process.pid}_${n += 1}`);
  const client = await signedIn(name);
  const session = newAttendance({ levels, teacher });
  const page = await client.get(`/check-in?session=${session.id}`);
  let answer = await client.post('/check-in', { ...hidden(page, '/check-in'), code: codeOf(session) });
  if (levels.place) {
    await client.post('/check-in/location', { lat: room.latitude, lon: room.longitude, acc: 5 });
    answer = await client.post('/check-in/location', { go: 1 });
  }
  assert.equal(answer.headers.location, '/check-in/selfie', answer.text.slice(0, 2000));
  answer = await client.post('/check-in/selfie', selfie(bytes));
  assert.equal(answer.status, 303, answer.text.slice(0, 2000));
  const [{ id: attempt }] = attemptsOf(session, { person: name });
  return { client, name, session, attempt, path: `/attendance/${session.id}/attempts/${attempt}/photo` };
}

/* Where the bytes of an attempt's photo lie, or lay. */
function fileOf(attempt) {
  const [[id]] = sql(`SELECT LOWER(HEX(file_id)) FROM attempt_photo WHERE attempt_id = ${attempt}`);
  return { id, path: join(server.var, 'uploads', id.slice(0, 2), id.slice(2, 4), id) };
}

function isPhoto(answer, bytes) {
  assert.equal(answer.status, 200, answer.text.slice(0, 500));
  assert.equal(answer.headers['content-type'], 'image/jpeg');
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.match(answer.headers['content-security-policy'], /sandbox/);
  assert.equal(Buffer.compare(answer.body, bytes), 0, `${answer.body.length} bytes of ${bytes.length}`);
}

test('the teacher sees the photo in the queue; students and other teachers do not', async () => {
  otherBranch();
  const one = await checkedIn(jpeg());
  const client = await as(teacher);
  const page = await client.get(`/attendance/${one.session.id}`);
  assert.ok(page.text.includes(`src="${one.path}"`), 'it stands in the queue');
  isPhoto(await client.get(one.path), jpeg());
  isPhoto(await (await as('demo_admin_2')).get(one.path), jpeg());
  for (const name of ['demo_teacher_3', 'far_teacher', 'far_admin', 'demo_student_1', newAccount(`photos-${process.pid}`), one.name]) {
    const answer = await (await as(name)).get(one.path);
    assert.equal(answer.status, 404, name);
    assert.equal(answer.body.indexOf(jpeg().subarray(0, 16)), -1);
  }
  assert.ok([303, 401].includes((await anonymous().get(one.path)).status));
  /* Nor by the ways of other files. */
  const { id } = fileOf(one.attempt);
  for (const path of [`/files/${id}/photo`, `/-/files/${id.slice(0, 2)}/${id.slice(2, 4)}/${id}`]) assert.equal((await client.get(path)).status, 404, path);
});

test('on disk nothing of it can be read, whatever its size', async () => {
  for (const bytes of [jpeg(), largest()]) {
    const one = await checkedIn(bytes);
    const stored = readFileSync(fileOf(one.attempt).path);
    assert.ok(stored.length > bytes.length);
    for (const at of [0, 100, bytes.length - 32]) assert.equal(stored.indexOf(bytes.subarray(at, at + 32)), -1, `the bytes at ${at}`);
    isPhoto(await (await as(teacher)).get(one.path), bytes);
    assert.equal(sql(`SELECT f.state FROM attempt_photo v JOIN file f ON f.id = v.file_id WHERE v.attempt_id = ${one.attempt}`)[0][0], 'stored');
  }
});

test('bytes that were changed on disk are not shown', async () => {
  const one = await checkedIn(jpeg());
  sql(`UPDATE attempt_photo SET file_id = (SELECT id FROM file WHERE branch_id IS NOT NULL AND state = 'stored' LIMIT 1) WHERE attempt_id = ${one.attempt}`);
  assert.equal((await (await as(teacher)).get(one.path)).status, 503);
});

test('at the 000 door: its address stands in the answers, for who may see it', async () => {
  const trainer = await signIn000(teacher);
  const student = await signIn000('demo_student_11');
  const s = newSession({ teacher });
  await trainer.done(201, 'POST', '/smart-attendance/sessions', { session_id: s.id, mode: 'self_checkin' });
  const made = await student.done(201, 'POST', `/smart-attendance/self-checkin?session_id=${s.id}`, photoForm(jpeg()));
  assert.equal(made.verification_photo_path, `/api/smart-attendance/checkins/${made.id}/photo`);
  const path = made.verification_photo_path.replace(/^\/api/, '');
  const live = await trainer.done(200, 'GET', `/smart-attendance/sessions/${s.id}/live`);
  assert.equal(live.recent_checkins[0].verification_photo_path, made.verification_photo_path);
  const list = await trainer.done(200, 'GET', `/trainer/session-attendance?session_id=${s.id}`);
  assert.deepEqual(list.filter((row) => row.photo_url).map((row) => [row.student_id, row.photo_url]), [[personOf('demo_student_11'), made.verification_photo_path]]);
  for (const app of [trainer, student, await signIn000('demo_admin_1')]) isPhoto(await app.get(path), jpeg());
  for (const name of ['demo_teacher_3', 'demo_student_12']) refused(await (await signIn000(name)).get(path), 404, 'Photo not found');
  refused(await new App000().get(path), 401, 'Missing authorization header');
  refused(await trainer.get('/smart-attendance/checkins/999999999/photo'), 404, 'Photo not found');
});

test('what came by the 002 door is seen by its teacher, too', async () => {
  const lesson = await open(await signIn002(teacher), { lesson_name: `Photos ${process.pid}`, security_option: 3 });
  const answer = await attend(await signIn002('demo_student_13'), lesson, photo002(jpeg()));
  assert.equal(answer.json.fail_reason, 'FACE_RECOGNITION_PENDING', answer.text);
  const [[session, attempt]] = sql(`SELECT t.attendance_id, t.id FROM attendance_attempt t JOIN attendance_session s ON s.id = t.attendance_id WHERE s.uuid = '${lesson.attendance_id}'`);
  const path = `/attendance/${session}/attempts/${attempt}/photo`;
  isPhoto(await (await as(teacher)).get(path), jpeg());
  assert.equal((await (await as('demo_teacher_3')).get(path)).status, 404);
});

test('when their time is over, place, address, browser and photo go, and the decision stays', async (t) => {
  const one = await checkedIn(jpeg(), { place: 'flag', network: 'flag', photo: 'must', device: 'flag' });
  const kept = await checkedIn(jpeg());
  const file = fileOf(one.attempt);
  const evidence = (attempt) => sql(`SELECT (SELECT COUNT(*) FROM attempt_evidence WHERE attempt_id = ${attempt}), (SELECT COUNT(*) FROM attempt_photo WHERE attempt_id = ${attempt}),
    browser_hash IS NOT NULL FROM attendance_attempt WHERE id = ${attempt}`)[0].map(Number);
  assert.deepEqual(evidence(one.attempt), [2, 1, 1]);
  assert.ok(existsSync(file.path));
  const before = sql(`SELECT decision, reason, signals FROM attendance_attempt WHERE id = ${one.attempt}`)[0];
  /* As if it had been a month ago. */
  sql(`UPDATE attempt_evidence SET expires_at = expires_at - INTERVAL 31 DAY WHERE attempt_id = ${one.attempt};
    UPDATE attempt_photo SET expires_at = expires_at - INTERVAL 31 DAY WHERE attempt_id = ${one.attempt};
    UPDATE attendance_attempt SET learned_at = learned_at - INTERVAL 31 DAY WHERE id = ${one.attempt};
    UPDATE file SET created_at = created_at - INTERVAL 31 DAY WHERE id = UNHEX('${file.id}')`);
  /* Jobs that were just started begin with it. */
  const { uid, gid } = statSync(server.var);
  const jobs = start(join(server.bin, 'muster-jobs'), ['--config', server.config], process.getuid() === 0 ? { uid, gid } : {});
  t.after(async () => { process.kill(jobs.pid, 'SIGTERM'); await jobs.ended; });
  await until('the bytes are gone', () => !existsSync(file.path));
  assert.deepEqual(evidence(one.attempt), [0, 0, 0]);
  assert.equal(sql(`SELECT removed_at IS NOT NULL FROM file WHERE id = UNHEX('${file.id}')`)[0][0], '1');
  assert.deepEqual(sql(`SELECT decision, reason, signals FROM attendance_attempt WHERE id = ${one.attempt}`)[0], before);
  const client = await as(teacher);
  assert.equal((await client.get(one.path)).status, 404);
  assert.ok(!(await client.get(`/attendance/${one.session.id}`)).text.includes(one.path));
  /* The other's is as it was. */
  assert.deepEqual(evidence(kept.attempt).slice(1), [1, 1]);
  isPhoto(await client.get(kept.path), jpeg());
});
