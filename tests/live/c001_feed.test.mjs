// Contract 001: what happens on any path reaches who may know it, and nobody else; and it holds when
// the gateway is killed in the middle.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { json, ownServer, signedIn, sql, until } from '../lib/http.mjs';
import { start } from '../lib/process.mjs';
import { signIn } from '../lib/c001.mjs';
import { asJson } from '../lib/attending.mjs';
import { childrenOf, commandOf } from '../lib/classroom.mjs';
import { connect, near, newClass, newMeeting, pairOf } from '../lib/c001_live.mjs';

const attendanceOf = (id, of) => Number(sql(`SELECT id FROM attendance_session WHERE occurrence_id = ${id}`, { of })[0][0]);
const mark = (page, attendance, who, letter) => page.post(`/attendance/${attendance}/marks`, { one: `${who.person}-${letter}-0` }, asJson);

/* A class with a session that its teacher has opened in the browser, and everybody connected. */
async function room(t, options = {}) {
  const course = newClass(options);
  const id = newMeeting(course);
  const page = await signedIn(course.teacher.name, options.of);
  const [teacher, ...students] = await Promise.all([course.teacher, ...course.students].map((who) => connect(t, who, options.connect)));
  const opened = await page.post(`/sessions/${id}/attendance`);
  assert.equal(opened.status, 303, opened.text.slice(0, 2000));
  return { course, id, page, teacher, students, attendance: attendanceOf(id, options.of) };
}

async function joined(t, options = {}) {
  const all = await room(t, options);
  for (const student of all.students) await student.ask('joinAttendanceSession', { session_id: all.id }, 'attendanceSessionJoined');
  await all.teacher.ask('getOnlineStudents', { session_id: all.id }, 'onlineStudentsData');
  return all;
}

/* Nothing this client got tells of that student. */
function knowsNothingOf(client, who) {
  const all = JSON.stringify(client.events);
  for (const text of [who.fullName, who.email, `"studentId":"${who.person}"`, `"student_id":"${who.person}"`]) {
    assert.ok(!all.includes(text), `${text} in ${client.events.map((e) => `${e.name} ${JSON.stringify(e.data)}`).filter((e) => e.includes(text))}`);
  }
}

test('opened in the browser: the course hears of it, and joining is told to the teacher', async (t) => {
  const course = newClass();
  const id = newMeeting(course, { title: 'Waves' });
  const page = await signedIn(course.teacher.name);
  const teacher = await connect(t, course.teacher);
  const [student, other] = await Promise.all(course.students.map((who) => connect(t, who)));
  await student.ask('subscribeToCourse', { course_id: course.id }, 'activeSessionsData');
  student.forget();
  assert.equal((await page.post(`/sessions/${id}/attendance`)).status, 303);
  const begun = await student.got('courseSessionStarted');
  assert.deepEqual({ ...begun, started_at: 0 }, { course_id: course.id, ...pairOf(id), teacher_id: course.teacher.person, teacher_name: course.teacher.fullName, session_topic: 'Waves', total_students: 2, started_at: 0 });
  near(begun.started_at);
  const active = await student.got('activeSessionsData', (data) => data.activeSessions.length === 1);
  assert.equal(active.session_id, id);
  await teacher.ask('getOnlineStudents', { session_id: id }, 'onlineStudentsData');
  await other.ask('joinAttendanceSession', { session_id: id }, 'attendanceSessionJoined');
  const came = await teacher.got('studentJoinedAttendance');
  assert.equal(came.session_id, id);
  assert.equal(came.student_id, course.students[1].account);
  assert.equal(came.student_name, course.students[1].fullName);
  near(came.joined_at);
  await student.got('activeSessionsData', (data) => data.activeSessions[0]?.studentCount === 1);
  knowsNothingOf(student, course.students[1]);
  other.close();
  for (const name of ['studentLeftAttendance', 'studentLeft']) {
    const left = await teacher.got(name);
    assert.deepEqual([left.session_id, left.student_id, left.studentId, left.remaining_online_count], [id, course.students[1].account, course.students[1].account, 0]);
    near(left.disconnected_at);
  }
});

test('a mark from the browser: the teacher and the student are told all, the others the counts', async (t) => {
  const { course, id, page, teacher, students: [one, two], attendance } = await joined(t);
  const [first, second] = course.students;
  const newer = await connect(t, second, { transports: ['websocket'] }); // in the place of the older connection
  await newer.got('attendanceSessionJoined');
  [teacher, one, two].forEach((client) => client.forget());
  assert.equal((await mark(page, attendance, first, 'p')).status, 200);
  for (const client of [teacher, one]) {
    const told = await client.got('attendanceUpdated');
    assert.deepEqual([told.session_id, told.sessionId, told.student_id, told.studentId, told.status], [id, id, first.person, first.person, 'present']);
    assert.equal(told.attendanceRecord.student_id.user_id.name, first.fullName);
    assert.equal(told.updated_by, course.teacher.fullName);
    near(told.updated_at);
    assert.deepEqual(told.statistics, { totalStudents: 2, presentCount: 1, absentCount: 1, lateCount: 0, excusedCount: 0, attendanceRate: 50 });
  }
  assert.deepEqual(await one.got('attendanceMarked'), { ...pairOf(id), studentId: first.person, student_id: first.person, status: 'present' });
  const counts = await two.got('attendanceUpdated');
  assert.deepEqual(Object.keys(counts).sort(), ['sessionId', 'session_id', 'statistics', 'updated_at']);
  assert.equal(counts.statistics.presentCount, 1);
  await two.settled();
  knowsNothingOf(two, first);
  await newer.got('attendanceUpdated');
  knowsNothingOf(newer, first);
  assert.equal(newer.all('attendanceMarked').length, 0);
  assert.equal(two.all('attendanceMarked').length, 0);
  assert.equal(teacher.all('attendanceUpdated').length, 1);
});

test('a student who checks in by a program: told as any other', async (t) => {
  const { course, id, teacher, students: [one, two], attendance } = await joined(t);
  const { accessToken } = await signIn(course.students[0].email);
  sql(`UPDATE attendance_session SET code_level = 'off', place_level = 'off', network_level = 'off', photo_level = 'off', device_level = 'off' WHERE id = ${attendance}`);
  const answer = await (await signedIn(course.students[0].name)).send('POST', '/api/v1/check-in', { body: json({ session_id: attendance }), headers: { authorization: `Bearer ${accessToken}`, origin: null } });
  assert.equal(answer.status, 201, answer.text);
  const told = await teacher.got('attendanceUpdated');
  assert.equal(told.student_id, course.students[0].person);
  assert.equal(told.session_id, id);
  assert.equal(told.updated_by, course.students[0].fullName);
  assert.equal((await one.got('attendanceMarked')).studentId, course.students[0].person);
  await two.got('attendanceUpdated');
  knowsNothingOf(two, course.students[0]);
});

test('marks over Socket.IO and in bulk: each once, and the bulk as the contract has it', async (t) => {
  const { course, id, teacher, students: [one, two] } = await joined(t);
  [teacher, one, two].forEach((client) => client.forget());
  await teacher.ask('markStudentPresent', { session_id: id, student_id: course.students[0].person }, 'studentMarkedPresent');
  assert.equal((await one.got('attendanceUpdated')).status, 'present');
  await teacher.got('attendanceUpdated');
  await teacher.ask('bulkUpdateAttendance', { session_id: id, attendanceUpdates: course.students.map((s) => ({ student_id: s.person, status: 'late' })) }, 'attendanceBulkUpdateComplete');
  const bulk = await two.got('attendanceBulkUpdated');
  assert.deepEqual(bulk.updatedRecords, []);
  assert.equal(bulk.statistics.lateCount, 2);
  await two.got('attendanceUpdated', (data) => data.student_id === course.students[1].person && data.status === 'late');
  await one.got('attendanceMarked', (data) => data.status === 'late');
  knowsNothingOf(two, course.students[0]);
  // The same mark again: who waits for it is told, though nothing changed.
  teacher.forget();
  teacher.emit('markStudentAttendance', { session_id: id, student_id: course.students[0].person, status: 'late' });
  assert.equal((await teacher.got('attendanceUpdated')).status, 'late');
});

test('closed in the browser: everybody is told, students without the others', async (t) => {
  const { course, id, page, teacher, students: [one], attendance } = await joined(t);
  const listener = await connect(t, course.students[1]);
  await listener.ask('subscribeToCourse', { course_id: course.id }, 'activeSessionsData');
  listener.forget();
  assert.equal((await mark(page, attendance, course.students[0], 'p')).status, 200);
  assert.equal((await page.post(`/attendance/${attendance}/close`)).status, 303);
  const ended = await teacher.got('attendanceSessionEnded');
  assert.equal(ended.session_id, id);
  assert.equal(ended.ended_by, course.teacher.fullName);
  near(ended.ended_at);
  assert.deepEqual(ended.finalData.attendanceRecords.map((r) => r.status).sort(), ['absent', 'present']);
  assert.equal(ended.finalData.session.status, 'completed');
  const mine = await one.got('attendanceSessionEnded');
  assert.deepEqual(mine.finalData.attendanceRecords, []);
  assert.deepEqual(mine.finalData.statistics, { totalStudents: 2, presentCount: 1, absentCount: 1, lateCount: 0, excusedCount: 0, attendanceRate: 50 });
  knowsNothingOf(one, course.students[1]);
  const over = await listener.got('courseSessionEnded');
  assert.deepEqual([over.course_id, over.session_id, over.ended_by, over.final_statistics.presentCount], [course.id, id, course.teacher.fullName, 1]);
  await listener.got('activeSessionsData', (data) => data.activeSessions.length === 0);
});

test('who is online: told to the staff of the session and to oneself, to nobody else', async (t) => {
  const { course, id, teacher, students: [one, two] } = await room(t);
  const [first, second] = course.students;
  const stranger = await connect(t, newClass({ students: 0 }).teacher);
  await teacher.ask('getOnlineStudents', { session_id: id }, 'onlineStudentsData');
  teacher.forget();
  const online = (who, list) => (data) => data.userId === who.account && data.onlineUsers.length === list;
  await one.ask('joinAttendanceSession', { session_id: id }, 'attendanceSessionJoined');
  assert.deepEqual(await teacher.got('userOnline', online(first, 1)), { userId: first.account, onlineUsers: [first.account], ...pairOf(id) });
  await two.ask('joinAttendanceSession', { session_id: id }, 'attendanceSessionJoined');
  const both = await teacher.got('userOnline', online(second, 2));
  assert.deepEqual(both.onlineUsers.sort(), [first.account, second.account].sort());
  // Leaving the session is no going offline; losing the connection is.
  two.emit('leaveAttendanceSession', { sessionId: id });
  await teacher.got('studentLeftAttendance', (data) => data.student_id === second.account);
  one.close();
  assert.deepEqual(await teacher.got('userOffline'), { userId: first.account, onlineUsers: [], ...pairOf(id) });
  assert.equal(teacher.all('userOffline').length, 1);
  for (const [client, who] of [[two, second], [stranger, null]]) {
    await client.settled();
    assert.deepEqual(client.all('userOffline'), []);
    assert.equal(client.all('userOnline').length, 1);
    if (who) assert.equal(client.all('userOnline')[0].userId, who.account);
  }
  knowsNothingOf(two, first);
});

test('the console shows who has joined and is online', async (t) => {
  const { course, page, students: [one], attendance } = await joined(t, { students: 1 });
  const byOf = async () => (await page.get(`/attendance/${attendance}/live`)).json.rows.find(([person]) => String(person) === course.students[0].person)[3];
  assert.match(await byOf(), /joined, online/);
  assert.match((await page.get(`/attendance/${attendance}`)).text, /joined, online/);
  one.close();
  await until('it says that the student is gone', async () => /joined, not online/.test(await byOf()));
});

test('a teacher who comes back is told again; another teacher never is', async (t) => {
  const { course, id, page, teacher, students: [one], attendance } = await joined(t);
  const stranger = await connect(t, newClass({ students: 0 }).teacher);
  teacher.close();
  const again = await connect(t, course.teacher);
  assert.equal((await mark(page, attendance, course.students[0], 'l')).status, 200);
  assert.equal((await again.got('attendanceUpdated')).session_id, id);
  await one.got('attendanceMarked');
  await stranger.settled();
  assert.deepEqual(stranger.all('attendanceUpdated'), []);
});

/* ---- the gateway is killed ------------------------------------------------------------------------ */

/* A gateway in the place of the one that runs; as the user the server runs as. */
async function gateway(t, own) {
  const { uid, gid } = statSync(own.var);
  const child = start(join(own.bin, 'muster-live'), ['--config', own.config], process.getuid() === 0 ? { uid, gid } : {});
  t.after(() => child.kill('SIGKILL'));
  await until('the gateway starts', () => child.output.includes('event=live_start'));
  return child;
}

test('the gateway is killed: clients come back, and nothing is forgotten', { timeout: 180000 }, async (t) => {
  const own = await ownServer(t, { faults: true });
  const first = await gateway(t, own);
  // nginx has connections to the one that stood there: its new workers have none.
  const nginx = childrenOf(own.pid).find((pid) => commandOf(pid).includes('nginx: master'));
  const workers = childrenOf(nginx);
  process.kill(nginx, 'SIGHUP');
  await until('nginx has other workers', () => childrenOf(nginx).every((pid) => !workers.includes(pid)));
  const reconnecting = { of: own, reconnection: true, reconnectionDelay: 100, reconnectionDelayMax: 500 };
  const { course, id, page, teacher, students: [one, two], attendance } = await joined(t, { of: own, connect: reconnecting });
  [teacher, one, two].forEach((client) => client.forget());
  first.kill('SIGKILL');
  await Promise.all([teacher, one, two].map((client) => client.got('disconnect')));
  assert.equal((await mark(page, attendance, course.students[0], 'p')).status, 200); // meanwhile
  await gateway(t, own);
  await Promise.all([teacher, one, two].map((client) => client.got('connect')));
  assert.deepEqual(await one.got('attendanceSessionJoined'), { ...pairOf(id), message: 'Successfully joined attendance session' });
  await two.got('attendanceSessionJoined');
  const online = await teacher.ask('getOnlineStudents', { session_id: id }, 'onlineStudentsData');
  assert.deepEqual([online.total_joined, online.online_count], [2, 2]);
  const data = await teacher.ask('getAttendanceSessionData', { session_id: id }, 'attendanceSessionData');
  assert.equal(data.statistics.presentCount, 1); // what happened while it was away
  [teacher, one, two].forEach((client) => client.forget());
  assert.equal((await mark(page, attendance, course.students[1], 'e')).status, 200);
  assert.equal((await two.got('attendanceMarked')).status, 'excused');
  assert.equal((await teacher.got('attendanceUpdated')).student_id, course.students[1].person);
  await one.got('attendanceUpdated');
  knowsNothingOf(one, course.students[1]);
});
