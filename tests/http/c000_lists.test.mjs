// The door of 000: QR codes, what trainers and students see, and marks.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { accountOf, App, invalid, newSession, personOf, refused, signIn } from '../lib/c000.mjs';
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

/* ---- students, trainers, confirmed sessions -------------------------------------------------------- */

test('students are listed by page, class and words, one by one, and in the shape of the token\'s contract', async () => {
  const first = await who.trainer.done(200, 'GET', '/students?class_name=CS-2026-A&page_size=2&page=2');
  assert.deepEqual([first.total, first.page, first.page_size, first.students.length], [30, 2, 2, 2]);
  assert.ok(first.students.every((p) => p.class_name === 'CS-2026-A'));
  assert.deepEqual((await who.trainer.done(200, 'GET', '/students?page=100000')).students, []);
  for (const [query, field] of [['page=0', 'page'], ['page_size=0', 'page_size'], ['page_size=101', 'page_size'], ['page=x', 'page']]) invalid(await who.trainer.get(`/students?${query}`), `query -> ${field}`);
  const list = await who.admin.done(200, 'GET', '/students/class/CS-2026-B');
  assert.deepEqual([list.length, list[0].class_name], [30, 'CS-2026-B']);
  assert.deepEqual(await who.admin.done(200, 'GET', '/students/class/No%20such%20class'), []);

  const id = personOf(names.student);
  const one = await who.admin.done(200, 'GET', `/students/${id}`);
  assert.deepEqual([one.id, one.idStr, one.student_code, one.first_name, one.class_name, one.academic_status], [id, String(id), 'DS0023', 'Demo', 'CS-2026-A', 'active']);
  assert.match(one.attendance_rate, /^\d+\.\d\d$/);
  /* Oneself, with all one's marks; nobody else. */
  const own = await who.student.done(200, 'GET', `/students/${id}`);
  const stats = await who.student.done(200, 'GET', '/student/stats');
  assert.deepEqual([Number(own.attendance_rate), own.total_absence_hours, own.total_late_minutes, own.alert_level], [stats.attendance_rate, stats.total_absence_hours, stats.total_late_minutes, stats.alert_level]);
  /* A trainer counts their own sessions: this one has none with the student. */
  assert.equal((await who.other.done(200, 'GET', `/students/${id}`)).total_absence_hours, 0);
  refused(await who.student.get(`/students/${personOf(names.second)}`), 403, "Cannot access other student's data");
  refused(await who.student.get('/students'), 403, 'Only admin/trainer can view students');
  refused(await who.student.get('/students/class/CS-2026-A'), 403, 'Only admin/trainer can view class students');
  refused(await who.trainer.get('/students/999999999'), 404, 'Student not found');
  refused(await who.trainer.get(`/students/${personOf(names.trainer)}`), 404, 'Student not found');
  assert.equal((await new App().get('/students')).status, 401);
});

test('an admin renames and removes a student; others may not', async () => {
  const code = `C0${word}`.toUpperCase();
  sql(`INSERT INTO person (branch_id, given_name, family_name, student_code) VALUES (1, 'Old', 'Name', '${code}')`);
  const id = Number(sql(`SELECT id FROM person WHERE student_code = '${code}'`)[0][0]);
  for (const as of ['trainer', 'student']) {
    refused(await who[as].patch(`/students/${id}`, { first_name: 'X' }), 403, 'Only admin can update student data');
    refused(await who[as].ask('DELETE', `/students/${id}`), 403, 'Only admin can delete students');
  }
  const changed = await who.admin.done(200, 'PATCH', `/students/${id}`, { first_name: 'New', phone: 'not kept' });
  assert.deepEqual([changed.first_name, changed.last_name, changed.student_code, changed.phone, changed.user_id, changed.email], ['New', 'Name', code, null, null, null]);
  invalid(await who.admin.patch(`/students/${id}`, { first_name: 'x'.repeat(121) }), 'body -> first_name', 'string_too_long');
  assert.equal((await who.admin.ask('DELETE', `/students/${id}`)).status, 204);
  refused(await who.admin.get(`/students/${id}`), 404, 'Student not found');
  refused(await who.admin.ask('DELETE', `/students/${id}`), 404, 'Student not found');
  refused(await who.admin.patch(`/students/${id}`, { first_name: 'X' }), 404, 'Student not found');
});

test('an admin\'s lists of students and trainers are searched and paged', async () => {
  const students = await who.admin.done(200, 'GET', '/admin/students?search=ds0024');
  assert.deepEqual([students.total, students.total_pages, students.page, students.page_size], [1, 1, 1, 10]);
  assert.deepEqual([students.items[0].name, students.items[0].student_code, students.items[0].facial_data_encoded], ['Demo Student 24', 'DS0024', false]);
  assert.equal((await who.admin.done(200, 'GET', '/admin/students?class_name=CS-2026-A&page_size=7')).total_pages, 5);
  const trainers = await who.admin.done(200, 'GET', '/admin/trainers?search=demo_teacher_1@');
  assert.deepEqual(trainers.items.map((t) => [t.id, t.name, t.email]), [[accountOf('demo_teacher_1'), 'Demo Teacher 1', 'demo_teacher_1@demo.muster.example']]);
  assert.deepEqual((await who.admin.done(200, 'GET', "/admin/trainers?search=%25'")).items, []);
  refused(await who.trainer.get('/admin/students'), 403, 'Only admins can list students');
  refused(await who.student.get('/admin/trainers'), 403, 'Only admins can list trainers');
});

test('confirmed sessions, their marks, and the marks as a file', async () => {
  const s = session();
  await who.trainer.done(200, 'POST', '/attendance', { session_id: s.id, student_id: personOf(names.student), status: 'late' });
  assert.ok((await who.admin.done(200, 'GET', '/admin/confirmed-sessions?limit=500')).every((one) => one.id !== s.id));
  await who.trainer.done(200, 'POST', `/trainer/confirm-attendance?session_id=${s.id}`);
  const one = (await who.admin.done(200, 'GET', '/admin/confirmed-sessions?limit=500')).find((c) => c.id === s.id);
  assert.deepEqual([one.title, one.class_name, one.total_students, one.present_count, one.absent_count], [s.title, 'CS-2026-A', 30, 1, 29]);
  assert.ok(one.confirmed_at);
  const details = await who.admin.done(200, 'GET', `/admin/confirmed-session-details?session_id=${s.id}`);
  assert.equal(details.length, 30);
  assert.deepEqual(details.find((d) => d.student_name === 'Demo Student 23'), { student_name: 'Demo Student 23', status: 'late', face_confidence: null });
  const { csv } = await who.admin.done(200, 'GET', `/admin/session-attendance-report?session_id=${s.id}`);
  const lines = csv.split('\r\n');
  assert.equal(lines[0], 'Nom Étudiant,Statut,Confiance Faciale,Check-in At');
  assert.equal(lines.length, 32);
  assert.match(lines.find((l) => l.includes('Demo Student 23"')), /^"Demo Student 23","late",N\/A,"\d{4}-\d\d-\d\dT/);
  assert.ok(lines.includes('"Demo Student 24","absent",N/A,"N/A"'));
  for (const path of ['confirmed-sessions', `confirmed-session-details?session_id=${s.id}`, `session-attendance-report?session_id=${s.id}`]) refused(await who.trainer.get(`/admin/${path}`), 403, 'Only admins can access this endpoint');
  refused(await who.admin.get('/admin/confirmed-session-details?session_id=999999999'), 404, 'Session not found');
  invalid(await who.admin.get('/admin/session-attendance-report'), 'query -> session_id', 'missing');
});
