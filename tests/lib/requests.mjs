// What tests of requests share: a teacher with a class and a course of their own, days, forms.
import assert from 'node:assert/strict';
import { newAccount, quoted } from './classroom.mjs';
import { server, signedIn, sql } from './http.mjs';

let made = 0;

/* "2027-01-11": the Monday at least `weeks` weeks ahead, or a day `plus` days later. */
export function monday(weeks = 2, plus = 0) {
  const day = new Date(Date.now() + weeks * 7 * 864e5);
  day.setUTCDate(day.getUTCDate() + ((8 - day.getUTCDay()) % 7) + plus);
  return day.toISOString().slice(0, 10);
}
export const daysAhead = (n) => new Date(Date.now() + n * 864e5).toISOString().slice(0, 10);

/* { username, client, account, person, classId, className, courseId, roomId, room }: nobody else's. */
export async function newTeacher(prefix, of = server) {
  made += 1;
  const username = newAccount(`${prefix}_${process.pid}_${made}`, { of });
  const className = `G-${prefix}-${process.pid}-${made}`;
  const code = `C${prefix}${process.pid}${made}`.slice(0, 30);
  const [[account, person, classId, courseId, roomId]] = sql(`SELECT id, person_id INTO @account, @person FROM account WHERE username = ${quoted(username)};
    INSERT INTO class (branch_id, name, n_members) VALUES (1, ${quoted(className)}, 12); SET @class = LAST_INSERT_ID();
    INSERT INTO course (branch_id, code, title) VALUES (1, ${quoted(code)}, ${quoted(`Course ${code}`)}); SET @course = LAST_INSERT_ID();
    INSERT INTO course_teacher (course_id, person_id) VALUES (@course, @person);
    INSERT INTO room (branch_id, name, capacity) VALUES (1, ${quoted(`R-${prefix}-${process.pid}-${made}`)}, 20); SET @room = LAST_INSERT_ID();
    SELECT @account, @person, @class, @course, @room;`, { of });
  return { username, className, client: await signedIn(username, of), account: Number(account), person: Number(person), classId: Number(classId), courseId: Number(courseId),
    roomId: Number(roomId), room: `R-${prefix}-${process.pid}-${made}` };
}

export const wish = (teacher, fields = {}) => ({ title: 'Guest lecture', kind: 'workshop', course: teacher.courseId, group: teacher.classId, date: monday(), start: '15:00', end: '16:30',
  notes: 'Needs a projector.', repeats: 'no', ...fields });

/* Sends one through the form; its id. */
export async function send(teacher, fields = {}) {
  const answer = await teacher.client.post('/requests', wish(teacher, fields));
  assert.equal(answer.status, 303, answer.text.slice(0, 3000));
  return Number(answer.headers.location.match(/^\/requests\/(\d+)\?done=sent$/)[1]);
}

/* { state, version, response, needs_session, sessions: [{ id, state, date, schedule }] } as stored. */
export function requestOf(id, of = server) {
  const [[state, version, response, needs]] = sql(`SELECT state, version, response, needs_session FROM session_request WHERE id = ${id}`, { of });
  const sessions = sql(`SELECT id, state, session_date, schedule_id, teacher_id, room, title FROM occurrence WHERE request_id = ${id} ORDER BY id`, { of })
    .map(([one, its, date, schedule, teacher, room, title]) => ({ id: Number(one), state: its, date, schedule, teacher: Number(teacher), room, title }));
  return { state, version: Number(version), response, needsSession: needs === '1', sessions };
}

/* A session that is there already, of the teacher's class. */
export function occupy(teacher, { date = monday(), start = '15:30', end = '17:00', title = 'Already there' } = {}, of = server) {
  const [[id]] = sql(`INSERT INTO occurrence (branch_id, class_id, course_id, teacher_id, title, room, session_date, start_time, end_time, zone, starts_at, ends_at)
    VALUES (1, ${teacher.classId}, ${teacher.courseId}, ${teacher.person}, ${quoted(title)}, '', '${date}', '${start}', '${end}', 'UTC', '${date} ${start}', '${date} ${end}');
    SELECT LAST_INSERT_ID();`, { of });
  return Number(id);
}
