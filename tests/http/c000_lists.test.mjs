// The door of 000: QR codes, what trainers and students see, and marks.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { App, invalid, newSession, personOf, refused, signIn } from '../lib/c000.mjs';
import { newAccount } from '../lib/classroom.mjs';
import { sql } from '../lib/http.mjs';

const word = process.pid.toString(36);
const names = { trainer: `q0_${word}`, other: `p0_${word}`, admin: 'demo_admin_1', student: 'demo_student_23', second: 'demo_student_24', outsider: 'demo_student_42' };
const who = {};
before(async () => {
  newAccount(names.trainer);
  newAccount(names.other);
  for (const [as, name] of Object.entries(names)) who[as] = await signIn(name);
});
const session = (options) => newSession({ teacher: names.trainer, ...options });
const generate = (s, as = 'trainer', headers) => who[as].post(`/qr/generate/${s.id}`, undefined, headers);

test('a QR code is a picture whose token checks in, once for each student', async () => {
  const s = session();
  const answer = await generate(s);
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual([answer.headers['content-type'], answer.headers['content-disposition']], ['image/png', `inline; filename=qr_session_${s.id}.png`]);
  assert.equal(answer.body.subarray(1, 4).toString(), 'PNG');
  const token = answer.headers['x-qr-token'];
  assert.match(token, /^[\w-]{43}$/);
  const verified = await new App().done(200, 'GET', `/qr/verify/${token}`);
  assert.deepEqual([verified.valid, verified.session_id], [true, s.id]);
  assert.equal(typeof (await generate(s, 'trainer', { accept: 'application/json' })).json.token, 'string');

  const done = await who.student.done(200, 'POST', '/qr/checkin', { token, gps_lat: 1, gps_lng: 2 });
  assert.deepEqual([done.success, done.session_id], [true, s.id]);
  const [[id, status]] = sql(`SELECT r.id, r.status FROM attendance_record r JOIN attendance_session a ON a.id = r.attendance_id WHERE a.occurrence_id = ${s.id}`);
  assert.deepEqual([Number(id), status], [done.attendance_id, 'present']);
  refused(await who.student.post('/qr/checkin', { token }), 400, 'Already checked in for this session');
  await who.second.done(200, 'POST', '/qr/checkin', { token });
  refused(await who.outsider.post('/qr/checkin', { token }), 403, 'You are not in the correct class for this session');
  invalid(await who.student.post('/qr/checkin', { token, gps_lat: 'NaN' }), 'body -> gps_lat', 'value_error');
  invalid(await who.student.post('/qr/checkin', {}), 'body -> token', 'missing');
  for (const bad of ['x', `${token.slice(0, -2)}AA`, `B${token.slice(1)}`]) {
    refused(await who.second.post('/qr/checkin', { token: bad }), 400, 'Invalid or expired QR code');
    refused(await new App().get(`/qr/verify/${bad}`), 404, 'Invalid or expired QR code');
  }
  refused(await generate(s, 'student'), 403, 'Trainer or admin access required');
  refused(await generate(s, 'other'), 404, 'Session not found');
  refused(await generate({ id: 999999999 }), 404, 'Session not found');
  await who.trainer.done(200, 'POST', `/trainer/confirm-attendance?session_id=${s.id}`);
  refused(await new App().get(`/qr/verify/${token}`), 404, 'Invalid or expired QR code');
});

test('activating, marking, confirming', async () => {
  const s = session();
  for (const path of ['activate-session', 'confirm-attendance']) {
    refused(await who.other.post(`/trainer/${path}?session_id=${s.id}`), 404, 'Session not found or not yours');
    assert.equal((await who.admin.post(`/trainer/${path}?session_id=${s.id}`)).status, 403);
    assert.equal((await who.student.post(`/trainer/${path}?session_id=${s.id}`)).status, 403);
  }
  assert.equal((await who.trainer.done(200, 'GET', `/trainer/session-attendance?session_id=${s.id}`)).length, 30);
  const active = await who.trainer.done(200, 'POST', `/trainer/activate-session?session_id=${s.id}`);
  assert.deepEqual([active.status, active.message, active.session_id, active.is_active], ['success', `Attendance activated for ${s.title}`, s.id, true]);

  const student_id = personOf(names.student);
  const mark = (fields, as = 'trainer') => who[as].post('/attendance', { session_id: s.id, student_id, status: 'late', late_minutes: 7, justification: 'Bus', ...fields });
  const made = (await mark({})).json;
  assert.deepEqual([made.session_id, made.student_id, made.status, made.marked_via, made.late_minutes, made.justification], [s.id, student_id, 'late', 'manual', 7, 'Bus']);
  assert.equal((await mark({ status: 'absent' })).json.status, 'late'); /* an existing one stays */
  assert.equal((await who.trainer.done(200, 'PUT', `/attendance/${made.id}`, { status: 'excused' })).status, 'excused');
  assert.equal((await who.student.done(200, 'GET', `/attendance/${made.id}`)).status, 'excused');
  for (const as of ['second', 'other']) refused(await who[as].get(`/attendance/${made.id}`), 404, 'Attendance record not found');
  refused(await mark({}, 'other'), 404, 'Session not found');
  assert.equal((await mark({}, 'student')).status, 403);
  invalid(await mark({ status: 'there' }), 'body -> status', 'literal_error');
  const all = await who.trainer.done(200, 'GET', `/attendance/session/${s.id}/all`);
  assert.deepEqual([all.session_id, all.count, all.records.length], [s.id, 1, 1]);

  const confirmed = await who.trainer.done(200, 'POST', `/trainer/confirm-attendance?session_id=${s.id}`);
  assert.deepEqual([confirmed.status, confirmed.message], ['success', `Attendance confirmed for ${s.title}`]);
  const rows = await who.trainer.done(200, 'GET', `/trainer/session-attendance?session_id=${s.id}`);
  assert.deepEqual([rows.length, rows.filter((r) => r.status === 'absent').length, rows.find((r) => r.student_id === student_id).status], [30, 29, 'excused']);
  assert.ok((await who.second.done(200, 'GET', '/student/absences')).some((a) => a.session_id === s.id));
  assert.ok((await who.trainer.done(200, 'GET', '/trainer/sessions')).every((one) => one.id !== s.id)); /* confirmed ones are hidden */
  assert.equal((await who.trainer.done(200, 'GET', `/attendance?session_id=${s.id}`)).length, 30);
  assert.equal((await who.trainer.done(200, 'GET', `/trainer/attendance?session_id=${s.id}`)).length, 30);
  const summary = await who.student.done(200, 'GET', `/attendance/student/${student_id}/summary?days=1`);
  assert.equal(summary.total_sessions, summary.present + summary.absent + summary.late + summary.excused);
  assert.equal((await who.second.get(`/attendance/student/${student_id}/summary`)).status, 403);
  assert.equal((await who.trainer.done(200, 'GET', '/attendance/class/CS-2026-A/stats')).class, 'CS-2026-A');
  refused(await who.trainer.get('/attendance/class/Nobody/stats'), 404, 'No attendance records found for this class');
});

test('lists of trainers and students', async () => {
  const s = session({ minutes: 120 });
  const next = (await who.trainer.done(200, 'GET', '/trainer/upcoming-sessions?limit=50')).find((one) => one.id === s.id);
  assert.deepEqual([next.title, next.class_name, next.student_count], [s.title, 'CS-2026-A', 30]);
  assert.ok((await who.trainer.done(200, 'GET', '/trainer/sessions?page=1&limit=100')).some((one) => one.id === s.id && !one.is_active));
  assert.equal((await who.trainer.done(200, 'GET', `/trainer/sessions/${s.id}/students`)).length, 30);
  assert.deepEqual(Object.keys(await who.trainer.done(200, 'GET', '/trainer/stats')), ['total_sessions', 'this_week_sessions', 'total_students', 'attendance_rate']);
  invalid(await who.trainer.get('/trainer/sessions?page=0'), 'query -> page', 'greater_than_equal');
  for (const path of ['stats', 'sessions', 'attendance', 'upcoming-sessions']) refused(await who.student.get(`/trainer/${path}`), 403, 'Only trainers can access this endpoint');

  const day = new Date(Date.now() + 7_200_000);
  const month = `/student/calendar?month=${day.getUTCMonth() + 1}&year=${day.getUTCFullYear()}`;
  for (const path of ['/student/upcoming-sessions?limit=50', month]) {
    assert.ok((await who.student.done(200, 'GET', path)).some((one) => one.id === s.id), path);
    assert.ok((await who.outsider.done(200, 'GET', path)).every((one) => one.id !== s.id), path);
  }
  assert.ok(Array.isArray(await who.student.done(200, 'GET', '/student/schedule')));
  assert.ok(Array.isArray(await who.student.done(200, 'GET', '/student/attendance?limit=5')));
  const stats = await who.student.done(200, 'GET', '/student/stats');
  assert.ok(['none', 'warning', 'critical', 'failing'].includes(stats.alert_level));
  const profile = await who.student.done(200, 'GET', '/student/profile');
  assert.deepEqual([profile.id, profile.student_code, profile.class_name], [personOf(names.student), 'DS0023', 'CS-2026-A']);
  invalid(await who.student.get('/student/calendar?month=13&year=2026'), 'query -> month', 'less_than_equal');
  assert.equal((await who.trainer.get('/student/stats')).status, 403);
});
