// The door of 002 for teachers: each row of its table, what it refuses, and whose it is.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { App, attempts, attend, invalid, moment, NOBODY, open, refused, signIn, UUID } from '../lib/c002.mjs';
import { newAccount } from '../lib/classroom.mjs';
import { ownServer, raw, server, sql } from '../lib/http.mjs';

const NOT_YOURS = 'Attendance not found or you are not authorized to access it.';
const NOT_LIVE = 'You are not authorized to access this live attendance.';
const word = process.pid.toString(36);
const names = { teacher: `t2_${word}`, other: `o2_${word}`, student: `s2_${word}` };
const who = {};
before(async () => {
  newAccount(names.teacher);
  newAccount(names.other);
  newAccount(names.student, { role: 'student' });
  for (const [as, name] of Object.entries(names)) who[as] = await signIn(name);
});

const at = (lesson, rest) => `/teacher/attendances/${lesson.attendance_id ?? lesson}${rest}`;
const create = (fields) => who.teacher.post('/teacher/attendances', fields);
const finish = (lesson) => who.teacher.done(204, 'POST', at(lesson, '/finish'));
const records = (lesson) => who.teacher.done(200, 'GET', at(lesson, '/records'));

/* A lesson in which the student attended already. */
async function attended() {
  const lesson = await open(who.teacher);
  assert.equal((await attend(who.student, lesson)).json.is_attended, true);
  return lesson;
}

test('attendance is created, found live, finished, and then historical', async () => {
  const start_time = moment(-60);
  const end_time = moment(3600);
  const lesson = await open(who.teacher, { lesson_name: 'Yazılım Mühendisliği', start_time, end_time, security_option: 2 });
  assert.deepEqual(Object.keys(lesson), ['attendance_id', 'teacher_school_number', 'teacher_full_name', 'lesson_name', 'start_time', 'end_time', 'security_option', 'ip_address']);
  assert.match(lesson.attendance_id, UUID);
  assert.equal(Date.parse(lesson.start_time), Date.parse(start_time));
  assert.equal(Date.parse(lesson.end_time), Date.parse(end_time));
  assert.deepEqual([lesson.teacher_school_number, lesson.teacher_full_name, lesson.lesson_name, lesson.security_option, lesson.ip_address],
    [names.teacher, `Test ${names.teacher}`, 'Yazılım Mühendisliği', 2, '127.0.0.1']);
  assert.deepEqual(await who.teacher.done(200, 'GET', '/teacher/attendances/live'), lesson);
  assert.equal(await who.other.done(200, 'GET', '/teacher/attendances/live'), null);

  refused(await create({ lesson_name: 'x', start_time, end_time, security_option: 1 }), 400, 'You already have an active attendance session. Please end it first.');
  assert.equal(await finish(lesson), '');
  refused(await who.teacher.post(at(lesson, '/finish')), 400, 'This attendance session has already ended.');
  assert.equal(await who.teacher.done(200, 'GET', '/teacher/attendances/live'), null);
  const past = await who.teacher.done(200, 'GET', '/teacher/attendances/historical');
  const mine = past.find((one) => one.attendance_id === lesson.attendance_id);
  assert.ok(Math.abs(Date.parse(mine.end_time) - Date.now()) < 60_000, mine.end_time);
  assert.deepEqual({ ...mine, end_time: null }, { ...lesson, end_time: null });
  assert.deepEqual(await who.other.done(200, 'GET', '/teacher/attendances/historical'), []);
});

test('two requests at one instant make one attendance', async () => {
  const live = await who.teacher.done(200, 'GET', '/teacher/attendances/live');
  if (live) await finish(live);
  const fields = { lesson_name: 'Twice', start_time: moment(0), end_time: moment(600), security_option: 1 };
  const answers = await Promise.all([create(fields), create(fields), create(fields)]);
  assert.deepEqual(answers.map((a) => a.status).sort(), [201, 400, 400]);
});

test('instants are written with microseconds, and without when there are none', async () => {
  const [day] = moment(0).split('T');
  const lesson = await open(who.teacher, { start_time: `${day}T00:00:00.000Z`, end_time: moment(7200).replace(/\.\d{3}Z/, '.123Z') });
  assert.equal(lesson.start_time, `${day}T00:00:00Z`);
  assert.match(lesson.end_time, /:\d\d\.123000Z$/);
});

test('times are taken in one format only', async () => {
  const good = { lesson_name: 'x', start_time: moment(0), end_time: moment(60), security_option: 1 };
  const msg = 'Value error, Invalid format. Must be YYYY-MM-DDTHH:MM:SS.sssZ';
  for (const bad of ['2025-01-01T10:00:00Z', '2025-01-01T10:00:00.12Z', '2025-01-01T10:00:00.123456Z', '2025-01-01T10:00:00.123+00:00', '2025-01-01 10:00:00.123Z',
    '2025-02-30T10:00:00.123Z', '2025-01-01T24:00:00.123Z', '2025-01-01T10:00:00.-12Z', 'tomorrow', '9'.repeat(24), 1735725600]) {
    invalid(await create({ ...good, start_time: bad }), ['body', 'start_time'], 'value_error', msg);
    invalid(await create({ ...good, end_time: bad }), ['body', 'end_time'], 'value_error', msg);
  }
});

test('fields that are missing or wrong are told in the list', async () => {
  const good = { lesson_name: 'x', start_time: moment(0), end_time: moment(60), security_option: 1 };
  for (const name of Object.keys(good)) invalid(await create({ ...good, [name]: undefined }), ['body', name], 'missing', 'Field required');
  invalid(await create({ ...good, security_option: 0 }), ['body', 'security_option'], 'greater_than_equal');
  invalid(await create({ ...good, security_option: 4 }), ['body', 'security_option'], 'less_than_equal');
  invalid(await create({ ...good, security_option: 'two' }), ['body', 'security_option'], 'int_parsing');
  invalid(await create({ ...good, security_option: 9223372036854775807n.toString() }), ['body', 'security_option'], 'less_than_equal');
  invalid(await create({ ...good, lesson_name: 'x'.repeat(201) }), ['body', 'lesson_name'], 'string_too_long');
  const live = await who.teacher.done(200, 'GET', '/teacher/attendances/live');
  if (live) await finish(live);
  invalid(await create({ ...good, end_time: moment(-3600), start_time: moment(3600) }), ['body', 'end_time'], 'value_error');
});

test('bodies that are no good JSON are refused whole', async () => {
  const deep = `${'['.repeat(200)}${']'.repeat(200)}`;
  for (const body of ['{"lesson_name":"a","lesson_name":"b"}', '{"security_option":9223372036854775808}', `{"lesson_name":${deep}}`, '{', '{"lesson_name":"\\ud800"}', '[1,']) {
    const answer = await who.teacher.post('/teacher/attendances', { type: 'application/json', body: Buffer.from(body) });
    assert.equal(answer.status, 422, `${body.slice(0, 60)}: ${answer.text}`);
    assert.equal(answer.json.detail[0].type, 'json_invalid');
  }
});

test('an id that is no UUID is 422, one that is nobody\'s and one of another teacher are 404', async () => {
  const lesson = await attended();
  const reason = 'Not this one after all';
  const rows = [['POST', '/finish', undefined, NOT_LIVE], ['GET', '/records', undefined, NOT_YOURS], ['DELETE', '', { reason }, NOT_YOURS],
    ['POST', `/live/records/${names.student}/accept`, undefined, NOT_LIVE], ['POST', `/live/records/${names.student}/fail`, { reason }, NOT_LIVE],
    ['POST', '/historical/records', { student_school_number: names.student, student_full_name: 'Abc', is_attended: true }, NOT_YOURS],
    ['POST', `/historical/records/${names.student}/accept`, undefined, NOT_YOURS], ['POST', `/historical/records/${names.student}/fail`, { reason }, NOT_YOURS],
    ['DELETE', `/records/${names.student}`, { reason }, NOT_YOURS]];
  for (const [method, rest, body, detail] of rows) {
    refused(await who.other.ask(method, at(lesson, rest), body), 404, detail);
    refused(await who.other.ask(method, at(NOBODY, rest), body), 404, detail);
    invalid(await who.teacher.ask(method, at('17', rest), body), ['path', 'attendance_id'], 'uuid_parsing');
    refused(await who.student.ask(method, at(lesson, rest), body), 403, 'This operation is only valid for teachers.');
    const anonymous = await new App().ask(method, at(lesson, rest), body);
    refused(anonymous, 401, 'Could not validate credentials');
    assert.equal(anonymous.headers['www-authenticate'], 'Bearer');
  }
  assert.deepEqual((await records(lesson)).map((r) => r.is_attended), [true]);
  assert.equal((await who.teacher.get(`/teacher/attendances/${lesson.attendance_id.toUpperCase()}/records/`)).status, 200);
});

test('live records are accepted and failed by the teacher', async () => {
  const lesson = await open(who.teacher);
  const path = at(lesson, `/live/records/${names.student}`);
  const missing = 'Attendance record for the specified student not found.';
  refused(await who.teacher.post(`${path}/accept`), 404, missing);
  refused(await who.teacher.post(at(lesson, '/live/records/nobody_at_all/accept')), 404, missing);
  refused(await who.teacher.post(`${path}/fail`, { reason: 'never came' }), 404, missing);
  const first = (await attend(who.student, lesson)).json;
  assert.deepEqual(await records(lesson), [first]);

  const failed = await who.teacher.done(200, 'POST', `${path}/fail`, { reason: 'Left at once' });
  assert.deepEqual(failed, { ...first, is_attended: false, fail_reason: 'Left at once' });
  assert.deepEqual(await records(lesson), [failed]);
  const accepted = await who.teacher.done(200, 'POST', `${path}/accept`);
  assert.deepEqual([accepted.is_attended, accepted.fail_reason], [true, null]);
  assert.ok(accepted.attendance_time >= first.attendance_time);
  assert.deepEqual(await records(lesson), [accepted]);
  invalid(await who.teacher.post(`${path}/fail`, { reason: 'no' }), ['body', 'reason'], 'string_too_short');
  invalid(await who.teacher.post(`${path}/fail`), ['body', 'reason'], 'missing');
  invalid(await who.teacher.post(`${path}/fail`, { reason: 'x'.repeat(501) }), ['body', 'reason'], 'string_too_long');

  await finish(lesson);
  refused(await who.teacher.post(`${path}/accept`), 404, NOT_LIVE);
});

test('afterwards students are added, accepted and failed, and the reasons stay', async () => {
  const lesson = await open(who.teacher);
  await finish(lesson);
  const add = (fields) => who.teacher.post(at(lesson, '/historical/records'), { student_school_number: names.student, student_full_name: 'Test Student', is_attended: true, ...fields });
  const added = await add({});
  assert.equal(added.status, 201, added.text);
  assert.deepEqual(added.json, { status: 'success', detail: `Student ${names.student} added to attendance ${lesson.attendance_id}.` });
  assert.deepEqual((await records(lesson)).map((r) => [r.student, r.is_attended, r.fail_reason]),
    [[{ user_school_number: names.student, user_full_name: `Test ${names.student}`, role: 'Student' }, true, null]]);
  assert.equal((await add({ is_attended: false, reason: 'Signed for a friend' })).status, 201);
  assert.deepEqual((await records(lesson)).map((r) => [r.is_attended, r.fail_reason]), [[false, 'Signed for a friend']]);

  const path = at(lesson, `/historical/records/${names.student}`);
  assert.equal((await who.teacher.done(200, 'POST', `${path}/accept`)).status, 'success');
  assert.deepEqual((await records(lesson)).map((r) => [r.is_attended, r.fail_reason]), [[true, null]]);
  assert.equal((await who.teacher.done(200, 'POST', `${path}/fail`, { reason: 'Was in the hall' })).status, 'success');
  assert.deepEqual((await records(lesson)).map((r) => [r.is_attended, r.fail_reason]), [[false, 'Was in the hall']]);
  /* Nobody of that number: said to be done, and nothing is. */
  assert.equal((await who.teacher.done(200, 'POST', at(lesson, '/historical/records/nobody_at_all/accept'))).status, 'success');
  assert.equal((await records(lesson)).length, 1);

  refused(await add({ student_school_number: 'nobody_at_all' }), 400, 'An error occurred while adding the student to the historical attendance.');
  invalid(await add({ student_full_name: 'ab' }), ['body', 'student_full_name'], 'string_too_short');
  invalid(await add({ is_attended: 'perhaps' }), ['body', 'is_attended'], 'bool_parsing');
  invalid(await add({ is_attended: undefined }), ['body', 'is_attended'], 'missing');
});

test('a record is deleted softly, and comes back when the student is added again', async () => {
  const lesson = await attended();
  const path = at(lesson, `/records/${names.student}`);
  invalid(await who.teacher.delete(path, { reason: 'too short' }), ['body', 'reason'], 'string_too_short');
  const answer = await who.teacher.delete(path, { reason: 'Entered by mistake' });
  assert.deepEqual([answer.status, answer.text], [204, '']);
  assert.deepEqual(await records(lesson), []);
  refused(await who.teacher.delete(path, { reason: 'Entered by mistake' }), 404, 'Student record to be deleted was not found.');
  assert.deepEqual(attempts(lesson), [['approved', null]]); /* what happened stays */
  assert.deepEqual(sql(`SELECT c.why FROM attendance_change c JOIN attendance_session s ON s.id = c.attendance_id WHERE s.uuid = '${lesson.attendance_id}'`), [['Entered by mistake']]);
  await finish(lesson);
  await who.teacher.done(201, 'POST', at(lesson, '/historical/records'), { student_school_number: names.student, student_full_name: 'Test', is_attended: true });
  assert.equal((await records(lesson)).length, 1);
});

test('an attendance is deleted softly once it is over', async () => {
  const lesson = await attended();
  const reason = 'Held by mistake';
  refused(await who.teacher.delete(at(lesson, ''), { reason }), 404, NOT_YOURS);
  await finish(lesson);
  invalid(await who.teacher.delete(at(lesson, ''), { reason: 'short' }), ['body', 'reason'], 'string_too_short');
  assert.equal((await who.teacher.delete(at(lesson, ''), { reason })).status, 204);
  refused(await who.teacher.get(at(lesson, '/records')), 404, NOT_YOURS);
  refused(await who.teacher.delete(at(lesson, ''), { reason }), 404, NOT_YOURS);
  const past = await who.teacher.done(200, 'GET', '/teacher/attendances/historical');
  assert.ok(past.every((one) => one.attendance_id !== lesson.attendance_id));
  assert.deepEqual(sql(`SELECT delete_reason FROM attendance_session WHERE uuid = '${lesson.attendance_id}'`), [[reason]]);
});

test('the name of a course of the teacher brings its students, any other name takes all', async () => {
  const teacher = await signIn('demo_teacher_1');
  for (const lesson_name of ['DEMO101', 'Software Engineering']) {
    const lesson = await open(teacher, { lesson_name });
    assert.equal((await attend(await signIn('demo_student_40'), lesson)).status, 400); /* section B */
    assert.equal((await attend(await signIn('demo_student_7'), lesson)).json.is_attended, true);
    await teacher.done(204, 'POST', at(lesson, '/finish'));
    const [[n_absent]] = sql(`SELECT COUNT(*) FROM attendance_record r JOIN attendance_session s ON s.id = r.attendance_id
      WHERE s.uuid = '${lesson.attendance_id}' AND r.status = 'absent' AND r.method = 'auto'`);
    assert.ok(Number(n_absent) >= 28, n_absent);
    assert.equal((await teacher.done(200, 'GET', at(lesson, '/records'))).length, 1); /* who tried */
  }
  const lesson = await open(teacher, { lesson_name: 'Databases' }); /* of demo_teacher_2 */
  assert.equal((await attend(await signIn('demo_student_40'), lesson)).json.is_attended, true);
  await teacher.done(204, 'POST', at(lesson, '/finish'));
  assert.deepEqual(sql(`SELECT COUNT(*) FROM attendance_record r JOIN attendance_session s ON s.id = r.attendance_id
    WHERE s.uuid = '${lesson.attendance_id}' AND r.status = 'absent'`), [['0']]);
});

test('paths that are not there answer in the shape of the door', async () => {
  refused(await who.teacher.get('/teacher/nothing'), 404, 'Not Found');
  refused(await who.teacher.ask('PUT', '/teacher/attendances', {}), 405, 'Method Not Allowed');
});

test('limits are counted by account and answered by slowapi\'s body', async (t) => {
  const own = await ownServer(t, { env: { MUSTER_CONTRACT_RATE_LIMITS: 'yes' } });
  const one = await signIn('demo_teacher_1', own);
  const two = await signIn('demo_teacher_2', own);
  const good = { lesson_name: 'x', start_time: moment(0), end_time: moment(60), security_option: 1 };
  const answers = [];
  for (let i = 0; i < 6; i += 1) answers.push(await one.post('/teacher/attendances', good));
  assert.deepEqual(answers.map((a) => a.status), [201, 400, 400, 400, 400, 429]);
  assert.deepEqual(answers[5].json, { error: 'Rate limit exceeded: 5 per 1 minute' });
  assert.equal((await two.post('/teacher/attendances', good)).status, 201);
  assert.equal((await one.get('/teacher/attendances/live')).status, 200);
});

test('a token that is not ours is refused, whatever it claims', async () => {
  const good = who.teacher.client.headers.authorization.slice(7);
  const [head, claims, mac] = good.split('.');
  const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
  const other = Buffer.from(Buffer.from(claims, 'base64url').toString().replace(names.teacher, names.other)).toString('base64url');
  for (const token of ['x', '', `${none}.${claims}.`, `${none}.${claims}.${mac}`, `${head}.${other}.${mac}`, `${head}.${claims}.${mac.slice(0, -4)}AAAA`]) {
    refused(await new App(token || ' ').get('/teacher/attendances/live'), 401, 'Could not validate credentials');
  }
  assert.match(await raw(`GET /api/v1/teacher/attendances/live HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Basic eDp5\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 401 /);
});
