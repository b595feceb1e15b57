// Clients of contract 001 over Socket.IO, with the library its apps use; and class sessions of the
// test's own to follow.
import assert from 'node:assert/strict';
import { io } from 'socket.io-client';
import { server, sql, until } from './http.mjs';
import { quoted } from './classroom.mjs';
import { signIn } from './c001.mjs';

let made = 0;

/* A course with its teacher and students, all of this test: { id, teacher, students }; passwords are the demo's. */
export function newClass({ students = 2, of = server } = {}) {
  made += 1;
  const tag = `${process.pid}x${made}${Math.random().toString(36).slice(2, 6)}`;
  const person = (name, role) => {
    const [[id]] = sql(`INSERT INTO person (branch_id, given_name, family_name, student_code, created_at)
        VALUES (1, 'Test', ${quoted(name)}, ${role === 'student' ? quoted(`L${name}`.slice(0, 40)) : 'NULL'}, UTC_TIMESTAMP(6));
      SET @person = LAST_INSERT_ID();
      INSERT INTO account (uuid, person_id, branch_id, role, username, email, password_hash, password_changed_at, is_demo, created_at)
      SELECT UUID(), @person, 1, '${role}', ${quoted(name)}, ${quoted(`${name}@test.example`)}, password_hash, UTC_TIMESTAMP(6), 1, UTC_TIMESTAMP(6) FROM account WHERE id = 3;
      SELECT @person;`, { of });
    const [[account]] = sql(`SELECT id FROM account WHERE person_id = ${id}`, { of });
    return { name, fullName: `Test ${name}`, email: `${name}@test.example`, person: id, account, role };
  };
  const teacher = person(`live_t_${tag}`, 'faculty');
  const [[id]] = sql(`INSERT INTO course (branch_id, code, title) VALUES (1, ${quoted(`LV${tag}`)}, ${quoted(`Live ${tag}`)}); SELECT LAST_INSERT_ID();`, { of });
  sql(`INSERT INTO course_teacher (course_id, person_id) VALUES (${id}, ${teacher.person})`, { of });
  const pupils = Array.from({ length: students }, (_, i) => person(`live_s${i + 1}_${tag}`, 'student'));
  for (const one of pupils) {
    sql(`INSERT INTO enrolment (course_id, person_id, state, from_date) VALUES (${id}, ${one.person}, 'approved', DATE(UTC_TIMESTAMP()) - INTERVAL 30 DAY)`, { of });
  }
  return { id, teacher, students: pupils, of };
}

/* A class session of the course, `start` minutes from now: its id as the contract has it. */
export function newMeeting(course, { start = -5, minutes = 90, title = `Meeting ${process.pid}-${made += 1}` } = {}) {
  const at = (n) => `UTC_TIMESTAMP() + INTERVAL ${n} MINUTE`;
  const [[id]] = sql(`SET @s = ${at(start)}, @e = ${at(start + minutes)};
    INSERT INTO occurrence (branch_id, course_id, teacher_id, title, room, session_date, start_time, end_time, zone, starts_at, ends_at)
    VALUES (1, ${course.id}, ${course.teacher.person}, ${quoted(title)}, 'B204', DATE(@s), TIME(@s), IF(DATE(@e) > DATE(@s), '23:59:59', TIME(@e)), 'UTC', @s, @e);
    SELECT LAST_INSERT_ID();`, { of: course.of });
  return id;
}

/* One client.  Keeps every event it gets; `got` waits for one. */
export class Live {
  constructor(token, { of = server, auth = { token }, ...options } = {}) {
    this.events = []; // { name, data }
    this.socket = io(of.url, { auth, reconnection: false, forceNew: true, ...options });
    this.socket.onAny((name, ...data) => this.events.push({ name, data: data[0], all: data }));
    this.socket.on('connect_error', (error) => this.events.push({ name: 'connect_error', data: error.message }));
    this.socket.on('disconnect', (why) => this.events.push({ name: 'disconnect', data: why }));
    this.socket.on('connect', () => this.events.push({ name: 'connect' }));
  }

  all(name) { return this.events.filter((e) => e.name === name).map((e) => e.data); }

  /* The first event of that name (and for which `fits` holds) since the last call of `forget`. */
  got(name, fits = () => true, seconds = 20) {
    return until(name, () => {
      const found = this.events.find((e) => e.name === name && fits(e.data));
      return found && (found.data ?? true);
    }, seconds).catch((error) => { error.message += `; there was ${this.names()}`; throw error; });
  }

  names() { return this.events.map((e) => e.name + (e.name === 'connect_error' ? ` (${e.data})` : '')).join(', '); }
  forget() { this.events = []; return this; }
  emit(...args) { this.socket.emit(...args); return this; }

  /* Sends it and gives the answer of that name. */
  ask(event, payload, answer) {
    this.events = this.events.filter((e) => e.name !== answer);
    this.socket.emit(event, payload);
    return this.got(answer);
  }

  /* The message of the attendanceError it gets. */
  async refused(event, payload) { return (await this.ask(event, payload, 'attendanceError')).message; }

  /* Everything that was on the way has come: a question has its answer. */
  async settled() { await this.ask('checkActiveSessions', {}, 'activeSessionsError'); return this; }
  close() { this.socket.disconnect(); }
}

/* Connected as one of newClass's people, and closed after the test. */
export async function connect(t, who, options = {}) {
  const { accessToken } = await signIn(who.email, { of: options.of });
  const live = new Live(accessToken, options);
  t.after(() => live.close());
  await live.got('connect');
  return live;
}

/* A connection that must not come about: what the client is told. */
export async function refusedWith(t, auth, options = {}) {
  const live = new Live(null, { auth, ...options });
  t.after(() => live.close());
  return live.got('connect_error');
}

export const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const pairOf = (id) => ({ session_id: id, sessionId: id });
export function near(text, ms = 60000) {
  assert.match(text, ISO);
  assert.ok(Math.abs(Date.parse(text) - Date.now()) < ms, text);
}
