// The door of 002 for students: finding, attending at each level, and what a failed check looks like.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { App, attempts, attend, invalid, moment, NOBODY, open, photo, refused, signIn } from '../lib/c002.mjs';
import { newAccount, onDisk } from '../lib/classroom.mjs';
import { json, multipart, sql } from '../lib/http.mjs';
import { root } from '../lib/server.mjs';

const NO_RECORD = 'Your attendance record for this session was not found, or the session does not exist.';
const ENDED = 'This attendance session has already ended.';
const word = process.pid.toString(36);
const names = { teacher: `t3_${word}`, student: `s3_${word}`, second: `u3_${word}` };
const who = {};
const picture = (name = 'im.jpg') => readFileSync(join(root, 'tests/files/honest', name));
before(async () => {
  newAccount(names.teacher);
  newAccount(names.student, { role: 'student' });
  newAccount(names.second, { role: 'student' });
  for (const [as, name] of Object.entries(names)) who[as] = await signIn(name);
});

const status = (lesson, student = who.student) => student.get(`/student/attendances/${lesson.attendance_id}/status`);
const find = (lesson_name, teacher_name) => who.student.get(`/student/sessions/find?${new URLSearchParams({ lesson_name, teacher_name })}`);
const teacherAt = (lesson, rest) => `/teacher/attendances/${lesson.attendance_id}${rest}`;
const finish = (lesson) => who.teacher.done(204, 'POST', teacherAt(lesson, '/finish'));
const records = (lesson) => who.teacher.done(200, 'GET', teacherAt(lesson, '/records'));

function failed(answer, fail_reason) {
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual([answer.json.is_attended, answer.json.fail_reason], [false, fail_reason]);
  return answer.json;
}

test('a session is found by its exact words only, while it lasts', async () => {
  const lesson = await open(who.teacher, { lesson_name: 'Görüntü İşleme' });
  const teacher = `Test ${names.teacher}`;
  assert.deepEqual((await find('Görüntü İşleme', teacher)).json, [lesson]);
  for (const [name, by] of [['görüntü işleme', teacher], ['Görüntü İşleme ', teacher], ['Görüntü', teacher], ['Goruntu Isleme', teacher], ['Görüntü İşleme', teacher.toUpperCase()],
    ['%', teacher], ["' OR 1=1 -- ", teacher]]) {
    const answer = await find(name, by);
    assert.deepEqual([answer.status, answer.json], [200, []], name);
  }
  await finish(lesson);
  assert.deepEqual((await find('Görüntü İşleme', teacher)).json, []);
  invalid(await who.student.get('/student/sessions/find?lesson_name=x'), ['query', 'teacher_name'], 'missing', 'Field required');
  invalid(await who.student.get('/student/sessions/find'), ['query', 'lesson_name'], 'missing');
  refused(await who.teacher.get('/student/sessions/find?lesson_name=x&teacher_name=y'), 403, 'This operation is only valid for students.');
});

test('level 1 takes whoever comes, once', async () => {
  const lesson = await open(who.teacher);
  refused(await status(lesson), 404, NO_RECORD);
  const answer = await attend(who.student, lesson);
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(Object.keys(answer.json), ['attendance_id', 'is_attended', 'attendance_time', 'fail_reason', 'student']);
  assert.ok(Math.abs(Date.parse(answer.json.attendance_time) - Date.now()) < 60_000);
  assert.deepEqual({ ...answer.json, attendance_time: null }, { attendance_id: lesson.attendance_id, is_attended: true, attendance_time: null, fail_reason: null,
    student: { user_school_number: names.student, user_full_name: `Test ${names.student}`, role: 'Student' } });
  assert.deepEqual((await status(lesson)).json, answer.json);
  refused(await attend(who.student, lesson), 400, 'You have already successfully joined this session.');
  refused(await status(lesson, who.second), 404, NO_RECORD); /* another's is not one's own */
  await finish(lesson);
  refused(await status(lesson), 400, ENDED);
  refused(await attend(who.second, lesson), 400, ENDED);
  assert.equal((await records(lesson)).length, 1);
});

test('two requests at one instant make one record', async () => {
  const lesson = await open(who.teacher);
  const answers = await Promise.all([1, 2, 3, 4].map(() => attend(who.student, lesson)));
  assert.deepEqual(answers.map((a) => a.status).sort(), [200, 400, 400, 400]);
  assert.equal((await records(lesson)).length, 1);
});

test('what cannot be attended is refused', async () => {
  refused(await attend(who.student, { attendance_id: NOBODY }), 400, 'This attendance session does not exist.');
  refused(await status({ attendance_id: NOBODY }), 404, NO_RECORD);
  invalid(await attend(who.student, { attendance_id: '1' }), ['path', 'attendance_id'], 'uuid_parsing');
  invalid(await status({ attendance_id: 'x' }), ['path', 'attendance_id'], 'uuid_parsing');
  const early = await open(who.teacher, { start_time: moment(1800) });
  refused(await attend(who.student, early), 400, 'Check-in has not opened yet.');
  await finish(early);
  await who.teacher.done(204, 'DELETE', teacherAt(early, ''), { reason: 'Held by mistake' });
  refused(await attend(who.student, early), 400, 'This attendance session does not exist.');
  const lesson = await open(who.teacher);
  refused(await attend(who.teacher, lesson), 403, 'This operation is only valid for students.');
  refused(await attend(new App(), lesson), 401, 'Could not validate credentials');
  sql(`UPDATE attendance_session SET closes_at = UTC_TIMESTAMP(6) WHERE uuid = '${lesson.attendance_id}'`);
  refused(await attend(who.student, lesson), 400, ENDED);
});

test('level 2 asks for the network of the teacher: the same /24', async () => {
  const lesson = await open(who.teacher, { security_option: 2 });
  const far = new App(who.student.client.headers.authorization.slice(7));
  far.from = '127.0.1.1';
  const first = failed(await attend(far, lesson), 'WIFI_FAILED');
  assert.deepEqual((await status(lesson)).json, first);
  /* What a client writes about its address is not believed. */
  failed(await far.post(`/student/attendances/${lesson.attendance_id}/attend`, undefined,
    { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', 'cf-connecting-ip': '127.0.0.1', forwarded: 'for=127.0.0.1' }), 'WIFI_FAILED');
  const near = new App(who.student.client.headers.authorization.slice(7));
  near.from = '127.0.0.77';
  const answer = await attend(near, lesson); /* a failed try may be repeated, and the record follows */
  assert.deepEqual([answer.json.is_attended, answer.json.fail_reason], [true, null]);
  assert.equal((await records(lesson)).length, 1);
  assert.deepEqual(attempts(lesson), [['rejected', 'network_out'], ['rejected', 'network_out'], ['approved', null]]);
});

test('level 2 with IPv6 and with an unknown network', async () => {
  for (const address of ['2001:db8::1', '', 'not an address']) {
    const lesson = await open(who.teacher, { security_option: 2 });
    sql(`UPDATE attendance_session SET reference_address = '${address}' WHERE uuid = '${lesson.attendance_id}'`);
    failed(await attend(who.student, lesson), 'WIFI_FAILED');
  }
});

test('level 3 keeps the photo and waits; a teacher decides meanwhile', async () => {
  for (const name of ['im.jpg', 'im.png']) {
    const lesson = await open(who.teacher, { security_option: 3 });
    const before = onDisk().length;
    const pending = failed(await attend(who.student, lesson, photo(picture(name), name)), 'FACE_RECOGNITION_PENDING');
    assert.equal(onDisk().length, before + 1);
    assert.deepEqual((await status(lesson)).json, pending);
    refused(await attend(who.student, lesson, photo(picture(name))), 400, 'Your attendance is already pending verification. Please wait.');
    assert.deepEqual(sql(`SELECT t.decision, t.reason, t.decided_state FROM attendance_attempt t JOIN attendance_session s ON s.id = t.attendance_id
      WHERE s.uuid = '${lesson.attendance_id}' AND t.decision = 'flagged'`), [['flagged', 'photo_unchecked', 'open']]);
    const accepted = await who.teacher.done(200, 'POST', teacherAt(lesson, `/live/records/${names.student}/accept`));
    assert.deepEqual([accepted.is_attended, accepted.fail_reason], [true, null]);
    refused(await attend(who.student, lesson, photo(picture())), 400, 'You have already successfully joined this session.');
  }
});

test('level 3: whoever is still waiting at the end was not verified in time', async () => {
  const lesson = await open(who.teacher, { security_option: 3 });
  failed(await attend(who.student, lesson, photo(picture())), 'FACE_RECOGNITION_PENDING');
  await finish(lesson);
  refused(await status(lesson), 400, ENDED);
  assert.deepEqual((await records(lesson)).map((r) => [r.is_attended, r.fail_reason]), [[false, 'FACE_VERIFICATION_TIMEOUT']]);
  await who.teacher.done(200, 'POST', teacherAt(lesson, `/historical/records/${names.student}/accept`));
  assert.deepEqual((await records(lesson)).map((r) => [r.is_attended, r.fail_reason]), [[true, null]]);
});

test('level 3 without a photo fails and may be repeated; outside of the network the photo is not kept', async () => {
  const lesson = await open(who.teacher, { security_option: 3 });
  failed(await attend(who.student, lesson), 'FACE_VERIFICATION_REQUIRED_BUT_IMAGE_MISSING');
  failed(await attend(who.student, lesson, photo(Buffer.alloc(0), '')), 'FACE_VERIFICATION_REQUIRED_BUT_IMAGE_MISSING');
  const far = new App(who.student.client.headers.authorization.slice(7));
  far.from = '127.0.1.1';
  const before = onDisk().length;
  failed(await attend(far, lesson, photo(picture())), 'WIFI_FAILED');
  assert.equal(onDisk().length, before);
  failed(await attend(who.student, lesson, photo(picture())), 'FACE_RECOGNITION_PENDING');
});

/* A PNG that claims to be 30,000 pixels wide, and has nothing behind its header. */
function wide() {
  const bytes = Buffer.from(picture('im.png'));
  bytes.writeUInt32BE(30_000, 16);
  return bytes;
}

test('what is no picture is refused before anything is kept', async () => {
  const lesson = await open(who.teacher, { security_option: 3 });
  const before = onDisk().length;
  const texts = { type: 'Value error, Please send a JPEG or PNG picture.', pixels: 'Value error, This picture has too many pixels.' };
  const cases = [[Buffer.from('hello'), texts.type], [picture('im.gif'), texts.type], [picture('gs.pdf'), texts.type], [picture('im.webp'), texts.type],
    [picture('im.jpg').subarray(0, 20), texts.type], [wide(), texts.pixels]];
  for (const [bytes, msg] of cases) invalid(await attend(who.student, lesson, photo(bytes)), ['body', 'normal_image'], 'value_error', msg);
  const big = Buffer.concat([picture(), Buffer.alloc(10 * 1024 * 1024)]);
  assert.equal((await attend(who.student, lesson, photo(big))).status, 413);
  const huge = Buffer.concat([picture(), Buffer.alloc(11 * 1024 * 1024)]);
  const answer = await attend(who.student, lesson, photo(huge));
  assert.equal(answer.status, 413);
  assert.equal(typeof answer.json.detail, 'string');
  assert.equal(onDisk().length, before);
  assert.deepEqual(await records(lesson), []);
  failed(await attend(who.student, lesson, photo(picture())), 'FACE_RECOGNITION_PENDING');
});

test('a photo where none is asked for is not kept', async () => {
  const lesson = await open(who.teacher);
  const before = onDisk().length;
  assert.equal((await attend(who.student, lesson, photo(picture()))).json.is_attended, true);
  assert.equal(onDisk().length, before);
});

test('other bodies of attend', async () => {
  const lesson = await open(who.teacher);
  assert.equal((await attend(who.student, lesson, multipart([{ name: 'note', value: 'x' }]))).status, 200);
  const second = await attend(who.second, lesson, json({ student: 'somebody else', is_attended: false }));
  assert.deepEqual([second.json.is_attended, second.json.student.user_school_number], [true, names.second]);
  const broken = { type: 'multipart/form-data; boundary=x', body: Buffer.from('--y\r\n') };
  assert.equal((await attend(who.second, lesson, broken)).status, 422);
});

test('students of the teacher\'s course must be enrolled', async () => {
  const teacher = await signIn('demo_teacher_3');
  const lesson = await open(teacher, { lesson_name: 'DEMO103' });
  refused(await attend(who.student, lesson), 400, 'You are not enrolled in this course.');
  assert.deepEqual(attempts(lesson), [['rejected', 'not_enrolled']]);
  assert.deepEqual(await teacher.done(200, 'GET', teacherAt(lesson, '/records')), []);
  await teacher.done(204, 'POST', teacherAt(lesson, '/finish'));
});
