// Contract 001 over Socket.IO: connecting, joining, marking, ending, and what is answered to what is
// wrong; with the library its apps use, by polling and by WebSocket.
import assert from 'node:assert/strict';
import test from 'node:test';
import { sql } from '../lib/http.mjs';
import { auth, signIn } from '../lib/c001.mjs';
import { claimsOf, forge, program } from '../lib/c003.mjs';
import { ISO, Live, connect, near, newClass, newMeeting, pairOf, refusedWith } from '../lib/c001_live.mjs';

const now = () => Math.floor(Date.now() / 1000);
const attendanceOf = (id) => Number(sql(`SELECT id FROM attendance_session WHERE occurrence_id = ${id}`)[0]?.[0] ?? 0);
const markOf = (id, who) => sql(`SELECT r.status, r.remark FROM attendance_record r JOIN attendance_session s ON s.id = r.attendance_id
  WHERE s.occurrence_id = ${id} AND r.person_id = ${who.person}`)[0] ?? null;

/* A session that the teacher has started: { course, teacher, id }. */
async function started(t, options = {}) {
  const course = newClass(options);
  const id = newMeeting(course, options);
  const teacher = await connect(t, course.teacher);
  const begun = await teacher.ask('startAttendanceSession', { session_id: id }, 'attendanceSessionStarted');
  return { course, id, teacher, begun };
}

for (const transports of [['polling', 'websocket'], ['websocket'], ['polling']]) {
  test(`connecting, ${transports.join(' then ')}`, async (t) => {
    const course = newClass({ students: 1 });
    const student = await connect(t, course.students[0], { transports });
    const online = await student.got('userOnline');
    assert.deepEqual(online, { userId: course.students[0].account, onlineUsers: [course.students[0].account] });
    assert.equal(await student.refused('joinAttendanceSession', { session_id: '1' }), 'Attendance session not active');
  });
}

test('tokens that are none: a connect error each, never a silent close', async (t) => {
  const course = newClass({ students: 1 });
  const { accessToken, refreshToken } = await signIn(course.students[0].email);
  const good = claimsOf(accessToken);
  assert.equal(await refusedWith(t, {}), 'Authentication error');
  assert.equal(await refusedWith(t, undefined), 'Authentication error');
  assert.equal(await refusedWith(t, { token: '' }), 'Authentication error');
  assert.equal(await refusedWith(t, { token: null }), 'Authentication error');
  const wrong = {
    'a word': 'x',
    'three parts': 'a.b.c',
    'a number': 7,
    'a list': [accessToken],
    'an object': { token: accessToken },
    '200 kB': 'x'.repeat(200 * 1024),
    '200 kB behind a token': accessToken + 'x'.repeat(200 * 1024),
    expired: forge({ ...good, exp: now() - 1 }),
    'another key': forge(good, { key: Buffer.alloc(32) }),
    'without a signature': `${accessToken.split('.').slice(0, 2).join('.')}.`,
    'a refresh token': refreshToken,
    'a session that is none': forge({ ...good, sid: 999999999 }),
  };
  for (const [name, token] of Object.entries(wrong)) {
    for (const transports of [['websocket'], ['polling']]) {
      assert.equal(await refusedWith(t, { token }, { transports }), 'Invalid token', `${name}, ${transports}`);
    }
  }
  assert.equal(await refusedWith(t, { token: forge({ ...good, acc: 999999999 }) }), 'User not found');
  await auth('DELETE', 'logout', { refreshToken });
  assert.equal(await refusedWith(t, { token: accessToken }), 'Invalid token');
  const other = newClass({ students: 1 }).students[0];
  const gone = await signIn(other.email);
  sql(`UPDATE account SET disabled_at = UTC_TIMESTAMP(6) WHERE id = ${other.account}`);
  assert.equal(await refusedWith(t, { token: gone.accessToken }), 'User not found');
});

test('a token of another door of ours is one here, too', async (t) => {
  const course = newClass({ students: 1 });
  const third = await program(course.students[0].email);
  const live = new Live(third.bearer);
  t.after(() => live.close());
  await live.got('connect');
});

test('starting: the session, who is expected, everybody absent as the contract spells it', async (t) => {
  const { course, id, begun } = await started(t);
  assert.equal(begun.session_id, id);
  assert.equal(begun.totalStudents, 2);
  assert.equal(begun.session._id, id);
  assert.equal(begun.session.course_id._id, course.id);
  assert.equal(begun.session.status, 'active');
  assert.equal(begun.attendanceRecords.length, 2);
  for (const record of begun.attendanceRecords) {
    assert.equal(record.status, 'absent');
    assert.equal(record.remarks, 'Attendance session started');
    assert.ok(course.students.some((s) => s.person === record.student_id._id && s.account === record.student_id.user_id._id && s.email === record.student_id.user_id.email));
    assert.match(record.createdAt, ISO);
  }
  assert.deepEqual(sql(`SELECT COUNT(*) FROM attendance_record WHERE attendance_id = ${attendanceOf(id)}`), [['0']]);
});

test('starting once more, long before, long after, and after the end', async (t) => {
  const course = newClass();
  const teacher = await connect(t, course.teacher);
  for (const start of [3 * 24 * 60, -3 * 24 * 60, 0]) {
    const id = newMeeting(course, { start });
    const begun = await teacher.ask('startAttendanceSession', { sessionId: Number(id) }, 'attendanceSessionStarted');
    assert.equal(begun.session.status, 'active', String(start));
    const again = await teacher.ask('startAttendanceSession', { session_id: id, course_id: 'ignored' }, 'attendanceSessionStarted');
    assert.equal(again.session_id, id);
    await teacher.ask('endAttendanceSession', { session_id: id }, 'attendanceSessionEndedConfirm');
    const third = await teacher.ask('startAttendanceSession', { session_id: id }, 'attendanceSessionStarted');
    assert.equal(third.session.status, 'active');
  }
});

test('starting what is not there, not one\'s own, or no teacher', async (t) => {
  const course = newClass();
  const id = newMeeting(course);
  const other = await connect(t, newClass({ students: 0 }).teacher);
  const student = await connect(t, course.students[0]);
  const teacher = await connect(t, course.teacher);
  assert.equal(await student.refused('startAttendanceSession', { session_id: id }), 'Teacher profile not found');
  assert.equal(await other.refused('startAttendanceSession', { session_id: id }), 'Failed to start attendance session: Only the course teacher can start attendance');
  assert.equal(await teacher.refused('startAttendanceSession', { session_id: '999999999' }), 'Failed to start attendance session: Session not found');
  for (const payload of [{}, { session_id: '' }, { session_id: 'x' }, { session_id: -1 }, { session_id: null }, { session_id: '64a1b2c3d4e5f6789012345' }, { session_id: {} }]) {
    assert.match(await teacher.refused('startAttendanceSession', payload), /^(Session ID is required|Failed to start attendance session: Session not found)$/, JSON.stringify(payload));
  }
  const cancelled = newMeeting(course);
  sql(`UPDATE occurrence SET state = 'cancelled', cancel_cause = 'person', cancelled_at = UTC_TIMESTAMP(6) WHERE id = ${cancelled}`);
  assert.match(await teacher.refused('startAttendanceSession', { session_id: cancelled }), /^Failed to start attendance session: /);
  assert.equal(attendanceOf(id), 0);
});

test('joining marks nobody, and is refused where it must be', async (t) => {
  const { course, id, teacher } = await started(t);
  const student = await connect(t, course.students[0]);
  const joined = await student.ask('joinAttendanceSession', { session_id: id }, 'attendanceSessionJoined');
  assert.deepEqual(joined, { ...pairOf(id), message: 'Successfully joined attendance session' });
  const second = await connect(t, course.students[1], { transports: ['websocket'] });
  await second.ask('joinAttendanceSession', { sessionId: id, studentId: course.students[0].person }, 'attendanceSessionJoined');
  assert.equal(markOf(id, course.students[0]), null);
  const online = await teacher.ask('getOnlineStudents', { session_id: id }, 'onlineStudentsData');
  assert.equal(online.total_joined, 2);
  assert.equal(online.online_count, 2);
  near(online.retrieved_at);
  const [first] = online.online_students;
  assert.equal(first.student_id, course.students[0].account);
  assert.equal(first.student_name, course.students[0].fullName);
  assert.equal(first.profile_picture, null);
  assert.ok(first.roll);
  near(first.joined_at);

  const stranger = await connect(t, newClass({ students: 1 }).students[0]);
  assert.equal(await stranger.refused('joinAttendanceSession', { session_id: id }), 'You are not enrolled in this course');
  assert.equal(await teacher.refused('joinAttendanceSession', { session_id: id }), 'You are not enrolled in this course');
  assert.equal(await student.refused('joinAttendanceSession', { session_id: newMeeting(course) }), 'Attendance session not active');
  assert.equal(await student.refused('joinAttendanceSession', { session_id: '999999999' }), 'Attendance session not active');
  assert.equal(await student.refused('joinAttendanceSession', {}), 'Session ID is required');
  sql(`UPDATE enrolment SET state = 'pending' WHERE person_id = ${course.students[1].person}`);
  assert.equal(await second.refused('joinAttendanceSession', { session_id: id }), 'You are not enrolled in this course');
});

test('leaving, and what it leaves behind', async (t) => {
  const { course, id, teacher } = await started(t);
  const student = await connect(t, course.students[0]);
  assert.equal(await student.refused('leaveAttendanceSession', { sessionId: id, studentId: 'x' }), 'Attendance session not found');
  await student.ask('joinAttendanceSession', { session_id: id }, 'attendanceSessionJoined');
  student.emit('leaveAttendanceSession', { sessionId: id });
  await student.settled();
  const online = await teacher.ask('getOnlineStudents', { session_id: id }, 'onlineStudentsData');
  assert.deepEqual([online.total_joined, online.online_count, online.online_students], [0, 0, []]);
  assert.equal(await student.refused('leaveAttendanceSession', { sessionId: id }), 'Attendance session not found');
});

test('marks: present, absent, late, excused, with the record and the numbers', async (t) => {
  const { course, id, teacher } = await started(t);
  const [one, two] = course.students;
  const present = await teacher.ask('markStudentPresent', { session_id: id, student_id: one.person }, 'studentMarkedPresent');
  assert.equal(present.session_id, id);
  assert.equal(present.student_id, one.person);
  assert.equal(present.attendanceRecord.status, 'present');
  assert.equal(present.attendanceRecord.student_id.user_id.name, one.fullName);
  assert.equal(present.attendanceRecord.session_id._id, id);
  assert.match(present.attendanceRecord._id, /^\d+$/);
  assert.equal(markOf(id, one)[0], 'present');
  const again = await teacher.ask('markStudentPresent', { session_id: id, student_id: Number(one.person) }, 'studentMarkedPresent');
  assert.equal(again.attendanceRecord._id, present.attendanceRecord._id);
  const absent = await teacher.ask('markStudentAbsent', { session_id: id, student_id: two.person }, 'studentMarkedAbsent');
  assert.equal(absent.attendanceRecord.status, 'absent');
  assert.equal(markOf(id, two)[0], 'absent');
  teacher.emit('markStudentAttendance', { sessionId: id, studentId: two.person, status: 'late', remarks: 'bus' });
  await teacher.settled();
  assert.deepEqual(markOf(id, two), ['late', 'bus']);
  teacher.emit('markStudentAttendance', { sessionId: id, studentId: two.person, status: 'excused', remarks: '' });
  await teacher.settled();
  assert.deepEqual(markOf(id, two), ['excused', 'bus']);
  const data = await teacher.ask('getAttendanceSessionData', { session_id: id }, 'attendanceSessionData');
  assert.deepEqual(data.statistics, { totalStudents: 2, presentCount: 1, absentCount: 0, lateCount: 0, excusedCount: 1, attendanceRate: 50 });
  assert.equal(data.attendanceRecords.length, 2);
  assert.equal(data.session._id, id);
});

test('marks that are none', async (t) => {
  const { course, id, teacher } = await started(t);
  const other = await connect(t, newClass({ students: 0 }).teacher);
  const student = await connect(t, course.students[0]);
  const mine = { session_id: id, student_id: course.students[0].person };
  assert.equal(await student.refused('markStudentPresent', mine), 'Teacher profile not found');
  assert.equal(await other.refused('markStudentPresent', mine), 'Failed to mark student present: Only the course teacher can mark attendance');
  assert.equal(await other.refused('markStudentAbsent', mine), 'Failed to mark student absent: Only the course teacher can mark attendance');
  assert.equal(await other.refused('getAttendanceSessionData', mine), 'Failed to get attendance session data: Only the course teacher can view attendance data');
  assert.equal(await other.refused('bulkUpdateAttendance', { ...mine, attendanceUpdates: [] }), 'Failed to bulk update attendance: Only the course teacher can update attendance');
  assert.equal(await other.refused('getOnlineStudents', mine), 'Unauthorized access');
  assert.equal(await other.refused('endAttendanceSession', mine), 'Only the session teacher can end attendance');
  assert.equal(await student.refused('endAttendanceSession', mine), 'Only the session teacher can end attendance');
  assert.equal(await teacher.refused('markStudentPresent', { ...mine, student_id: '999999999' }), 'Failed to mark student present: Student not found');
  assert.equal(await teacher.refused('markStudentPresent', { session_id: id }), 'Failed to mark student present: Student not found');
  assert.equal(await teacher.refused('markStudentPresent', { ...mine, session_id: '999999999' }), 'Failed to mark student present: Session not found');
  assert.equal(await teacher.refused('markStudentPresent', { ...mine, session_id: newMeeting(course) }), 'Failed to mark student present: Attendance session not found');
  assert.equal(await teacher.refused('markStudentAttendance', { ...mine, status: 'here' }), 'Failed to mark student attendance: Invalid status');
  assert.equal(await teacher.refused('markStudentAttendance', { ...mine, status: 'late', remarks: 'r'.repeat(301) }), 'Failed to mark student attendance: At most 300 characters.');
  assert.equal(await teacher.refused('endAttendanceSession', { session_id: newMeeting(course) }), 'Attendance session not found');
  assert.equal(await teacher.refused('endAttendanceSession', {}), 'Attendance session not found');
  assert.equal(await teacher.refused('getOnlineStudents', { session_id: 'x' }), 'Attendance session not found');
  assert.equal(markOf(id, course.students[0]), null);
});

test('several at once: what cannot be is skipped', async (t) => {
  const { course, id, teacher } = await started(t, { students: 3 });
  const [a, b, c] = course.students;
  const done = await teacher.ask('bulkUpdateAttendance', { session_id: id, attendanceUpdates: [
    { student_id: a.person, status: 'absent' }, { student_id: a.person, status: 'present', remarks: 'front row' }, { studentId: Number(b.person), status: 'late' },
    { student_id: c.person, status: 'somewhere' }, { student_id: '999999999', status: 'present' }, 'x', null, { student_id: c.person, status: 'present', remarks: 'r'.repeat(301) },
  ] }, 'attendanceBulkUpdateComplete');
  assert.equal(done.totalUpdated, 2);
  assert.deepEqual(done.updatedRecords.map((r) => r.status).sort(), ['late', 'present']);
  assert.deepEqual(markOf(id, a), ['present', 'front row']);
  assert.equal(markOf(id, b)[0], 'late');
  assert.equal(markOf(id, c), null);
  const room = await teacher.got('attendanceBulkUpdated');
  assert.equal(room.updatedRecords.length, 2);
  assert.equal(room.updated_by, course.teacher.fullName);
  near(room.updated_at);
  assert.equal((await teacher.ask('bulkUpdateAttendance', { session_id: id, attendanceUpdates: [] }, 'attendanceBulkUpdateComplete')).totalUpdated, 0);
  for (const attendanceUpdates of [undefined, 'x', {}, Array(2001).fill({})]) {
    assert.equal(await teacher.refused('bulkUpdateAttendance', { session_id: id, attendanceUpdates }), 'Failed to bulk update attendance: Invalid attendanceUpdates');
  }
});

test('a bulk of a whole lecture hall fits; one too many is told so, and the connection lives', async (t) => {
  const { course, id, teacher } = await started(t, { students: 2 });
  const [a] = course.students;
  const many = Array.from({ length: 1999 }, (_, i) => ({ student_id: String(900000000 + i), status: 'present', remarks: 'sat in the row before the last' }));
  const done = await teacher.ask('bulkUpdateAttendance', { session_id: id, attendanceUpdates: [...many, { student_id: a.person, status: 'present' }] }, 'attendanceBulkUpdateComplete');
  assert.equal(done.totalUpdated, 1);
  assert.equal(await teacher.refused('bulkUpdateAttendance', { session_id: id, attendanceUpdates: [...many, {}, {}] }), 'Failed to bulk update attendance: Invalid attendanceUpdates');
  assert.equal((await teacher.ask('bulkUpdateAttendance', { session_id: id, attendanceUpdates: [] }, 'attendanceBulkUpdateComplete')).totalUpdated, 0);
});

test('ending: what is left is absent, and it cannot be joined any more', async (t) => {
  const { course, id, teacher } = await started(t, { students: 3 });
  const [a, b] = course.students;
  const student = await connect(t, a);
  await student.ask('joinAttendanceSession', { session_id: id }, 'attendanceSessionJoined');
  await teacher.ask('markStudentPresent', { session_id: id, student_id: a.person }, 'studentMarkedPresent');
  teacher.emit('markStudentAttendance', { session_id: id, student_id: b.person, status: 'late' });
  const ended = await teacher.ask('endAttendanceSession', { session_id: id }, 'attendanceSessionEndedConfirm');
  assert.equal(ended.session_id, id);
  assert.deepEqual(ended.finalData.statistics, { totalStudents: 3, presentCount: 1, absentCount: 1, lateCount: 1, excusedCount: 0, attendanceRate: 66.67 });
  assert.equal(ended.finalData.attendanceRecords.length, 3);
  assert.equal(ended.finalData.session.status, 'completed');
  assert.equal(await student.refused('joinAttendanceSession', { session_id: id }), 'Attendance session not active');
  assert.equal(await teacher.refused('endAttendanceSession', { session_id: id }), 'Attendance session not found');
  assert.equal(await teacher.refused('getOnlineStudents', { session_id: id }), 'Attendance session not found');
});

test('what runs in a course', async (t) => {
  const { course, id, teacher } = await started(t);
  const student = await connect(t, course.students[0]);
  await student.ask('joinAttendanceSession', { session_id: id }, 'attendanceSessionJoined');
  for (const [event, answer] of [['subscribeToCourse', 'activeSessionsData'], ['checkActiveSessions', 'activeSessionsData'], ['getActiveSessions', 'currentActiveSessions'], ['getActiveSessions', 'activeSessionsData']]) {
    const data = await student.ask(event, { course_id: course.id }, answer);
    assert.equal(data.course_id, course.id);
    assert.equal(data.session_id, id);
    assert.equal(data.activeSessions.length, 1);
    const [one] = data.activeSessions;
    assert.deepEqual({ ...one, startedAt: 0 }, { ...pairOf(id), teacherId: course.teacher.person, studentCount: 1, startedAt: 0 });
    near(one.startedAt);
  }
  assert.deepEqual(await student.got('subscriptionConfirmed'), { course_id: course.id });
  assert.deepEqual(await student.ask('checkActiveSessions', {}, 'activeSessionsError'), { message: 'Course ID is required' });
  const stranger = await connect(t, newClass({ students: 1 }).students[0]);
  for (const course_id of [course.id, '999999999', 'x']) {
    assert.match((await stranger.ask('subscribeToCourse', { course_id }, 'activeSessionsError')).message, /^Course (not found|ID is required)$/);
  }
  await teacher.ask('endAttendanceSession', { session_id: id }, 'attendanceSessionEndedConfirm');
  assert.deepEqual((await student.ask('checkActiveSessions', { course_id: course.id }, 'activeSessionsData')).activeSessions, []);
});

test('what is no event, or no payload: an error, and the connection lives', async (t) => {
  const course = newClass({ students: 1 });
  const student = await connect(t, course.students[0], { transports: ['websocket'] });
  assert.equal(await student.refused('nothingOfThat', { a: 1 }), 'Unknown event: nothingOfThat');
  assert.equal(await student.refused('x'.repeat(300)), `Unknown event: ${'x'.repeat(64)}`);
  assert.equal(await student.refused('message', { to: '1', content: 'hi' }), 'Unknown event: message');
  for (const payload of [undefined, null, 'text', 7, [], [1], true]) {
    assert.equal(await student.refused('joinAttendanceSession', payload), 'Invalid payload', JSON.stringify(payload));
  }
  assert.match(await student.refused('joinAttendanceSession', { session_id: Buffer.from('1') }), /^(Session ID is required|Invalid payload)$/);
  assert.equal(await student.refused('joinAttendanceSession', { session_id: '1'.repeat(400) }), 'Session ID is required');
  assert.ok(student.socket.connected);
  await student.settled();
});

test('the register of a thousand students is larger than a queue may be, and comes', async (t) => {
  const course = newClass({ students: 0 });
  const tag = `M${process.pid}-`;
  sql(`INSERT INTO person (branch_id, given_name, family_name, student_code, created_at)
      SELECT 1, 'One of many', 'With a name of some length', CONCAT('${tag}', seq), UTC_TIMESTAMP(6) FROM seq_1_to_1000;
    INSERT INTO enrolment (course_id, person_id, state, from_date)
      SELECT ${course.id}, id, 'approved', DATE(UTC_TIMESTAMP()) - INTERVAL 30 DAY FROM person WHERE student_code LIKE '${tag}%'`);
  const id = newMeeting(course);
  for (const transports of [['websocket'], ['polling']]) {
    const teacher = await connect(t, course.teacher, { transports });
    const begun = await teacher.ask('startAttendanceSession', { session_id: id }, 'attendanceSessionStarted');
    assert.equal(begun.attendanceRecords.length, 1000);
    assert.ok(JSON.stringify(begun).length > 262144);
    const { attendanceRecords } = await teacher.ask('getAttendanceSessionData', { session_id: id }, 'attendanceSessionData');
    assert.equal(attendanceRecords.length, 1000);
    assert.deepEqual(teacher.all('disconnect'), []);
  }
});
