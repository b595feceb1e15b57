// Contract 003's sessions, scans and records, as a teacher's program and a scanner use them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { sql } from '../lib/http.mjs';
import { Program, as, fresh, program } from '../lib/c003.mjs';

const today = () => new Date().toISOString().slice(0, 10);
const clock = () => new Date().toISOString().slice(11, 19);

/* A section with three students, a course of it taught by a teacher of its own, and a scanner. */
async function classroom() {
  const admin = await as('demo_admin_1');
  const batch = (await admin.post('/api/dep-batch', { dep: fresh('Dep'), batch: '1' })).json;
  const section = (await admin.post('/api/sections', { name: `A${process.pid}`, dep_batch_id: batch.id })).json;
  const students = [];
  for (let i = 0; i < 3; i += 1) {
    students.push((await admin.post('/api/students', { student_code: fresh('A'), first_name: `S${i}`, last_name: 'T', section_id: section.id })).json);
  }
  const email = `${fresh('t').toLowerCase()}@school.example`;
  const teacher = (await admin.post('/api/teachers', { email, first_name: 'T', last_name: 'T', password: 'a long enough one' })).json;
  const course = (await admin.post('/api/courses', { name: 'Scanning', code: fresh('C'), teacher_id: teacher.id, section_ids: [section.id] })).json;
  const device = (await admin.post('/api/devices', { device_id: fresh('DEV-') })).json;
  const scanner = new Program();
  scanner.headers = { 'x-device-key': device.device_key };
  const scan = (body, headers) => scanner.post('/api/attendance/scan', { device_id: device.device_id, date: today(), time: clock(), ...body }, headers);
  return { admin, section, students, teacher, course, device, scanner, scan, mine: await program(email, { password: 'a long enough one' }) };
}

test('a session from opening to absence, as the seed tells it', async () => {
  const c = await classroom();
  const none = await c.scan({ student_id: c.students[0].id });
  assert.equal(none.status, 403);
  assert.equal(none.json.error, 'No active session found');
  const made = await c.mine.post('/api/sessions', { course_id: c.course.id, teacher_id: c.teacher.id, device_id: c.device.device_id, date: today() });
  assert.equal(made.status, 201, made.text);
  const session = made.json;
  assert.deepEqual(session, { id: session.id, course: c.course, date: today(), created_by: { ...c.teacher }, section: null, created_at: session.created_at, is_active: true, device_id: c.device.device_id, teacher_id: c.teacher.id, course_id: c.course.id });
  assert.deepEqual((await c.mine.get(`/api/sessions/${session.id}/`)).json, session);
  assert.ok((await c.mine.get('/api/sessions')).json.every((s) => s.created_by.id === c.teacher.id));
  assert.deepEqual((await c.scanner.get(`/api/device/command/?device_id=${c.device.device_id}`)).json, { command: 'START_CAMERA', session_id: session.id, date: today() });

  const first = await c.scan({ student_id: c.students[0].id });
  assert.equal(first.status, 201, first.text);
  assert.deepEqual(first.json, { message: 'Attendance marked', student: c.students[0].student_code, status: 'present', id: first.json.id, session_id: session.id, timestamp: first.json.timestamp });
  const again = await c.scan({ student_id: c.students[0].id });
  assert.equal(again.status, 200, again.text);
  assert.equal(again.json.message, 'Already scanned');
  assert.equal(again.json.student, c.students[0].student_code);
  const byCode = await c.scan({ student_id: c.students[1].student_code });
  assert.equal(byCode.status, 201, byCode.text);

  const records = (await c.mine.get(`/api/attendance/session/${session.id}`)).json;
  assert.equal(records.length, 2);
  const record = records.find((r) => r.student.id === c.students[0].id);
  assert.deepEqual(record, { id: first.json.id, session, student: c.students[0], status: 'present', timestamp: record.timestamp, confirmation_method: 'ai_camera' });

  const closed = await c.mine.post(`/api/sessions/${session.id}/close`);
  assert.equal(closed.status, 200, closed.text);
  assert.deepEqual(closed.json, { message: 'Session closed and absentees marked' });
  assert.deepEqual((await c.mine.post(`/api/sessions/${session.id}/close/`)).json, closed.json);
  assert.equal((await c.mine.get(`/api/sessions/${session.id}`)).json.is_active, false);
  const after = (await c.mine.get(`/api/attendance/session/${session.id}`)).json;
  const absent = after.filter((r) => r.status === 'absent');
  assert.equal(after.length, 3);
  assert.deepEqual(absent.map((r) => [r.student.id, r.confirmation_method]), [[c.students[2].id, 'auto_absent']]);
  assert.equal((await c.scan({ student_id: c.students[2].id })).status, 403);

  const edit = await c.mine.put(`/api/attendance/${absent[0].id}/edit`, { status: 'permission' });
  assert.equal(edit.status, 200, edit.text);
  assert.deepEqual([edit.json.status, edit.json.confirmation_method], ['permission', 'manual']);
  assert.equal((await c.mine.patch(`/api/attendance/${record.id}`, { status: 'absent' })).json.status, 'absent');
  assert.equal((await c.mine.put(`/api/attendance/${record.id}/`, { status: 'present' })).json.status, 'present');
  assert.deepEqual((await c.mine.put(`/api/attendance/${record.id}/edit`, { status: 'late' })).json, { status: ['"late" is not a valid choice.'] });
  assert.deepEqual((await c.mine.put(`/api/attendance/${record.id}/edit`, {})).json, { status: ['This field is required.'] });
  assert.ok((await c.admin.get('/api/attendance')).json.some((r) => r.id === record.id));
  assert.equal((await c.mine.delete(`/api/attendance/${record.id}`)).status, 403);
  assert.equal((await c.admin.delete(`/api/attendance/${record.id}`)).status, 204);
  assert.deepEqual((await c.admin.get(`/api/attendance/${record.id}`)).json, { detail: 'No AttendanceRecord matches the given query.' });
});

test('one open session for a scanner; another section; wrong ids', async () => {
  const c = await classroom();
  const body = { course_id: c.course.id, device_id: c.device.device_id, section: c.section.id };
  const made = await c.mine.post('/api/sessions', body);
  assert.equal(made.status, 201, made.text);
  assert.equal(made.json.section, c.section.id);
  assert.deepEqual((await c.mine.post('/api/sessions', body)).json, { device_id: ['An active session is already bound to this device.'] });
  assert.deepEqual((await c.mine.post('/api/sessions', {})).json, { course_id: ['This field is required.'] });
  assert.deepEqual((await c.mine.post('/api/sessions', { course_id: 99999999 })).json, { course_id: ['Invalid pk "99999999" - object does not exist.'] });
  assert.deepEqual((await c.mine.post('/api/sessions', { course_id: c.course.id, device_id: 'NONE' })).json, { device_id: ['Invalid pk "NONE" - object does not exist.'] });
  assert.deepEqual((await c.mine.post('/api/sessions', { course_id: c.course.id, section: 99999999 })).json, { section: ['Invalid pk "99999999" - object does not exist.'] });
  assert.deepEqual((await c.mine.post('/api/sessions', { course_id: c.course.id, date: '2026-02-30' })).json, { date: ['Date has wrong format. Use one of these formats instead: YYYY-MM-DD.'] });
  assert.equal((await c.mine.post('/api/sessions', { course_id: c.course.id })).status, 201); // without a scanner
});

test('what a scanner may not do', async () => {
  const c = await classroom();
  await c.mine.post('/api/sessions', { course_id: c.course.id, device_id: c.device.device_id });
  const body = { student_id: c.students[0].id };
  const key = c.device.device_key;
  for (const [headers, what] of [[{ 'x-device-key': null }, 'no key'], [{ 'x-device-key': 'wrong' }, 'a wrong key'],
    [{ 'x-device-key': null, authorization: `Bearer ${key}` }, 'the key as a token'], [{ 'x-device-key': 'demo-device-key-01' }, 'another\'s key']]) {
    const answer = await c.scan(body, headers);
    assert.equal(answer.status, 401, what);
    assert.equal(typeof answer.json.detail, 'string', what);
  }
  assert.equal((await c.scan({ ...body, device_id: 'DEV-01' })).status, 401);
  assert.equal((await c.scan({ ...body, device_id: undefined })).status, 401);
  assert.equal((await new Program().post('/api/attendance/scan', { ...body, device_id: c.device.device_id, device_key: key })).status, 401);
  assert.equal((await c.scanner.post(`/api/attendance/scan?device_id=${c.device.device_id}`, body)).status, 201);
  for (const who of [c.mine, await as('demo_student_7'), c.admin]) assert.equal((await who.post('/api/attendance/scan', body)).status, 403);
  for (const path of ['/api/students', '/api/sessions', '/api/attendance', '/api/auth/me']) assert.equal((await c.scanner.get(`${path}?device_id=${c.device.device_id}`)).status, 401, path);
  assert.deepEqual((await c.scan({})).json, { student_id: ['This field is required.'] });
  for (const id of [99999999, 'NOBODY', '9223372036854775807']) {
    const answer = await c.scan({ student_id: id });
    assert.equal(answer.status, 404, answer.text);
    assert.equal(answer.json.detail, 'Student not found.');
    assert.equal(answer.json.message, 'Unknown face');
  }
  assert.equal((await c.scan({ ...body, time: '25:00:00' })).status, 400);
  assert.equal((await c.scanner.send('POST', '/api/attendance/scan', { type: 'application/json', body: Buffer.from('{"student_id":1,"student_id":2}') })).status, 400);
  const stranger = await c.scan({ student_id: 14 });
  assert.ok([400, 403].includes(stranger.status), stranger.text); // of another section
  assert.equal(sql(`SELECT COUNT(*) FROM attendance_record r JOIN attendance_session s ON s.id = r.attendance_id WHERE s.course_id = ${c.course.id}`)[0][0], '1');
  await c.admin.patch(`/api/devices/${c.device.id}`, { status: 'blocked' });
  const blocked = await c.scan({ student_id: c.students[1].id });
  assert.equal(blocked.status, 403);
  assert.deepEqual(blocked.json, { detail: 'This device is blocked.' });
});

test('twenty scans of one face at once make one record', async () => {
  const c = await classroom();
  await c.mine.post('/api/sessions', { course_id: c.course.id, device_id: c.device.device_id });
  const answers = await Promise.all(Array.from({ length: 20 }, () => c.scan({ student_id: c.students[0].id })));
  assert.equal(answers.filter((a) => a.status === 201).length, 1, answers.map((a) => a.text).join());
  assert.equal(answers.filter((a) => a.status === 200).length, 19);
});

test('a colleague\'s session is not mine', async () => {
  const c = await classroom();
  const session = (await c.mine.post('/api/sessions', { course_id: c.course.id, device_id: c.device.device_id })).json;
  const { json: { id: record } } = await c.scan({ student_id: c.students[0].id });
  const other = await as('demo_teacher_10');
  assert.equal((await other.get(`/api/sessions/${session.id}`)).status, 404);
  assert.ok(!(await other.get('/api/sessions')).json.some((s) => s.id === session.id));
  const close = await other.post(`/api/sessions/${session.id}/close`);
  assert.equal(close.status, 403);
  assert.deepEqual(close.json, { detail: 'Forbidden' });
  assert.equal((await other.post('/api/sessions/999999999/close')).status, 404);
  assert.equal((await other.get(`/api/attendance/session/${session.id}`)).status, 404);
  for (const path of [`/api/attendance/${record}`, `/api/attendance/${record}/edit`]) {
    const edit = await other.put(path, { status: 'absent' });
    assert.equal(edit.status, 403);
    assert.deepEqual(edit.json, { detail: 'Teachers can only edit attendance for their sessions.' });
  }
  assert.equal((await other.put('/api/attendance/999999999/edit', { status: 'absent' })).status, 404);
  assert.equal((await other.post('/api/sessions', { course_id: c.course.id })).status, 403);
  assert.equal((await other.post('/api/sessions', { course_id: c.course.id, teacher_id: c.teacher.id })).status, 403);
  assert.equal((await other.get('/api/attendance')).status, 403);
  const student = await as('demo_student_7');
  for (const path of ['/api/sessions', `/api/sessions/${session.id}`, '/api/attendance', `/api/attendance/session/${session.id}`, `/api/attendance/${record}`]) {
    assert.equal((await student.get(path)).status, 403, path);
    assert.equal((await new Program().get(path)).status, 401, path);
  }
  // An admin may, and names a teacher.
  const made = await c.admin.post('/api/sessions', { course_id: c.course.id, teacher_id: c.teacher.id });
  assert.equal(made.json.teacher_id, c.teacher.id, made.text);
  assert.equal((await c.admin.put(`/api/attendance/${record}/edit`, { status: 'permission' })).json.status, 'permission');
  assert.equal((await c.admin.post(`/api/sessions/${session.id}/close`)).status, 200);
});

