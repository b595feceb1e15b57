// Events as they reach people: pages' streams (/live, /admin/stream) and contract 000's /ws. Who may know what, catching up by id,
// and tokens that stand in no log.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { newAttendance, newStudent } from '../lib/attendance.mjs';
import { opened, setMark } from '../lib/attending.mjs';
import { signIn } from '../lib/c000.mjs';
import { newAccount, quoted } from '../lib/classroom.mjs';
import { anonymous, server, signedIn, sql } from '../lib/http.mjs';
import { stream, webSocket } from '../lib/streams.mjs';

const key = `le${process.pid}`;
const personOf = (name) => Number(sql(`SELECT person_id FROM account WHERE username = ${quoted(name)}`)[0][0]);

/* A course with its teacher, two students, and an open attendance session of it. */
function classroom(name) {
  const teacher = newAccount(`${key}_${name}_t`);
  const [[course]] = sql(`INSERT INTO course (branch_id, code, title) VALUES (1, '${key}${name}', 'Live ${name}'); SET @c = LAST_INSERT_ID();
    INSERT INTO course_teacher (course_id, person_id) VALUES (@c, ${personOf(teacher)}); SELECT @c`);
  const students = ['a', 'b'].map((s) => newStudent(`${key}_${name}_${s}`, { course: Number(course) }));
  const session = newAttendance({ course: Number(course), teacher, levels: { code: 'off' } });
  return { teacher, students, people: students.map(personOf), course: Number(course), id: session.id, console: `/attendance/${session.id}` };
}

async function mark(client, room, person, what = 'p') {
  const answer = await setMark(client, room, person, what);
  assert.ok(answer.status < 400, answer.text);
}
const isOf = (room) => (v) => v.data.attendance === room.id;
const marked = (room) => (v) => v.event === 'attendance.marked' && isOf(room)(v);

test('each is told what concerns them, and nothing of others', async (t) => {
  const room = classroom('one');
  const far = classroom('two');
  const names = [room.teacher, room.students[0], room.students[1], far.teacher, far.students[0]];
  const clients = await Promise.all(names.map((name) => signedIn(name)));
  const streams = await Promise.all(clients.map((client) => stream(client, '/live')));
  t.after(() => streams.forEach((s) => s.close()));
  streams.forEach((s, i) => assert.equal(s.status, 200, names[i]));
  assert.match(streams[0].headers['content-type'], /^text\/event-stream/);
  await Promise.all(streams.map((s) => s.has('ready', (v) => v.event === 'ready')));
  const [teacher, first, second, other, otherStudent] = streams;

  await mark(clients[0], room, room.people[0]);
  const full = await teacher.has('the teacher', marked(room));
  assert.equal(full.data.student, room.people[0]);
  assert.equal(full.data.status, 'present');
  const own = await first.has('the student', marked(room));
  assert.deepEqual([own.id, own.data.student, own.data.status], [full.id, room.people[0], 'present']);
  const told = await second.has('another student', marked(room));
  assert.deepEqual(told, { id: full.id, event: 'attendance.marked', data: { attendance: room.id } });

  await mark(clients[3], far, far.people[0]);
  await other.has('the other class', marked(far));
  await otherStudent.has('its student', marked(far));
  for (const s of [other, otherStudent]) assert.equal(s.events.filter(isOf(room)).length, 0);
  for (const s of streams.slice(0, 3)) assert.equal(s.events.filter(isOf(far)).length, 0);
  // Each once, though several ways lead to it.
  for (const s of streams) assert.equal(new Set(s.events.map((v) => v.id)).size, s.events.length);
});

test('who comes back gets what was missed, in order, or is told to load anew', async (t) => {
  const room = classroom('three');
  const [client, student] = await Promise.all([room.teacher, room.students[1]].map((name) => signedIn(name)));
  const before = await stream(client, '/live');
  const { id } = await before.has('ready', (v) => v.event === 'ready');
  before.close();
  for (const person of room.people) await mark(client, room, person);
  const live = await stream(client, '/live'); // until both are in the stream
  t.after(() => live.close());
  const all = async (who) => {
    for (let i = 0; i < 100; i += 1) {
      const s = await stream(who, '/live', { 'last-event-id': String(id) });
      await s.has('ready', (v) => v.event === 'ready');
      s.close();
      if (s.events.filter(marked(room)).length === 2) return s.events;
    }
    throw new Error('the marks do not come');
  };
  const missed = await all(client);
  const own = missed.filter(marked(room));
  assert.deepEqual(own.map((v) => v.data.student), room.people);
  assert.equal(missed.at(-1).event, 'ready');
  assert.deepEqual(missed.map((v) => v.id), [...missed.map((v) => v.id)].sort((x, y) => x - y));
  // The same rule for what is read again: a student gets the own mark, and of the other one that there was one.
  const theirs = (await all(student)).filter(marked(room));
  assert.deepEqual(theirs.map((v) => v.data.student), [undefined, room.people[1]]);
  assert.deepEqual(theirs[0].data, { attendance: room.id });

  for (const wrong of ['999999999999', 'abc', '-1', '0x1', '99999999999999999999999']) {
    const s = await stream(client, '/live', { 'last-event-id': wrong });
    const reload = await s.has('reload', (v) => v.event === 'reload');
    assert.ok(reload.id >= id, wrong);
    s.close();
  }
});

test('admins have a stream of their branch; nobody else gets in', async (t) => {
  const room = classroom('four');
  const admin = await signedIn(newAccount(`${key}_admin`, { role: 'branch_admin' }));
  const teacher = await signedIn(room.teacher);
  const student = await signedIn(room.students[0]);
  const s = await stream(admin, '/admin/stream');
  t.after(() => s.close());
  assert.equal(s.status, 200);
  await s.has('ready', (v) => v.event === 'ready');
  await mark(teacher, room, room.people[0]);
  assert.equal((await s.has('the mark', marked(room))).data.student, room.people[0]);
  for (const [client, path, status] of [[teacher, '/admin/stream', 403], [student, '/admin/stream', 403], [anonymous(), '/admin/stream', 401], [anonymous(), '/live', 401]]) {
    const refused = await stream(client, path);
    assert.equal(refused.status, status, `${path} ${status}`);
    refused.close();
  }
});

test('contract 000: /ws gives names to anybody and the facts to who shows a token', async (t) => {
  const room = classroom('five');
  const page = await signedIn(room.teacher);
  const tokens = await Promise.all([room.teacher, room.students[0], room.students[1]].map(async (name) => (await signIn(name)).client.headers.authorization.slice(7)));
  const sockets = await Promise.all([
    webSocket(server, '/ws'), webSocket(server, `/ws?token=${tokens[0]}`), webSocket(server, '/ws', { headers: { authorization: `Bearer ${tokens[1]}` } }), webSocket(server, `/ws?token=${tokens[2]}`)]);
  t.after(() => sockets.forEach((s) => s.close()));
  const [nobody, teacher, first, second] = sockets;
  sockets.forEach((s) => s.ws.send(JSON.stringify({ type: 'hello', data: { any: 1 } })));

  await mark(page, room, room.people[0]);
  const isMark = (type) => (m) => m.type === type && m.data.student_id === room.people[0];
  for (const type of ['attendance.marked', 'attendance_marked', 'attendance.updated', 'attendance_updated']) {
    const { data } = await teacher.has(type, isMark(type));
    assert.deepEqual(Object.keys(data), ['attendance_id', 'session_id', 'student_id', 'status', 'marked_at']);
    assert.equal(data.status, 'present');
    assert.match(data.marked_at, /^\d{4}-\d\d-\d\dT.*Z$/);
    await first.has(type, isMark(type));
  }
  const stats = await first.has('stats', isMark('student_stats_updated'));
  assert.deepEqual(Object.keys(stats.data), ['student_id', 'session_id']);
  const record = Number(sql(`SELECT id FROM attendance_record WHERE attendance_id = ${room.id}`)[0][0]);
  assert.equal((await first.has('own', isMark('student_attendance_updated'))).data.attendance_id, record);
  // The other student learns that the session's counts moved; anybody that something did.
  const public_ = await second.has('public', (m) => m.type === 'attendance_updated' && m.data.attendance_session_id === room.id);
  assert.deepEqual(public_.data, { session_id: null, attendance_session_id: room.id });
  assert.ok(!second.messages.some((m) => m.data.student_id));
  await nobody.has('a name', (m) => m.type === 'attendance.marked');
  assert.ok(nobody.messages.length > 0 && nobody.messages.every((m) => Object.keys(m.data).length === 0));

  // A session that is opened afterwards is followed, too.
  const later = await opened(page, { teacher: room.teacher, n: 1 });
  const { data } = await teacher.has('the opening', (m) => m.type === 'session_updated' && m.data.attendance_session_id === later.attendance);
  assert.equal(data.session_id, later.id);
  assert.equal((await setMark(page, later, later.students[0].id, 'p')).status, 200);
  await teacher.has('a mark in it', (m) => m.type === 'attendance.marked' && m.data.student_id === later.students[0].id && m.data.session_id === later.id);

  for (const wrong of ['nonsense', `${tokens[0]}x`]) await assert.rejects(webSocket(server, `/ws?token=${wrong}`), { status: 401 });
  assert.equal((await anonymous().get(`/ws?token=${tokens[0]}`)).status, 426);
  // A token in the address is good at this door alone.
  assert.equal((await stream(anonymous(), `/live?token=${tokens[0]}`)).status, 401);
  assert.equal((await anonymous().get(`/api/auth/me?token=${tokens[0]}`, { headers: { accept: 'application/json' } })).status, 401);
  for (const name of readdirSync(join(server.var, 'log'))) {
    const log = readFileSync(join(server.var, 'log', name), 'utf8');
    for (const token of tokens) assert.ok(!log.includes(token.split('.')[2]), `a token stands in ${name}`);
  }
});

test('contract 000: one\'s notifications as an event stream, in one\'s language', async (t) => {
  const [reader, other] = ['r', 'o'].map((name) => newAccount(`${key}_n_${name}`));
  sql(`UPDATE account SET language = 'fr' WHERE username = ${quoted(other)}`);
  const tokens = await Promise.all([reader, other].map(async (name) => (await signIn(name)).client.headers.authorization.slice(7)));
  const open = (token, headers) => stream(anonymous(), `/api/notifications/stream?token=${token}`, headers);
  const [own, french] = await Promise.all(tokens.map((token) => open(token)));
  t.after(() => [own, french].forEach((s) => s.close()));
  assert.equal(own.status, 200);
  const [{ id: before }] = await Promise.all([own, french].map((s) => s.has('ready', (v) => v.event === 'ready')));
  const notify = (name, title) => Number(sql(`SET @a = (SELECT id FROM account WHERE username = ${quoted(name)});
    START TRANSACTION;
    INSERT INTO notification (account_id, kind, entity_id, params, created_at) VALUES (@a, 'session.cancelled', 1, JSON_OBJECT('title', ${quoted(title)}), '2026-11-20 09:30:00.5');
    SET @n = LAST_INSERT_ID();
    INSERT INTO outbox (at, type, branch_id, account_id, audience, payload) VALUES (UTC_TIMESTAMP(6), 'notification.created', 1, @a, 'account', CONCAT('{"notification":', @n, '}'));
    COMMIT; SELECT @n`)[0][0]);
  const [mine, theirs] = [notify(reader, 'Mine <b>'), notify(other, 'Theirs')];
  const message = await own.has('the notification', (v) => v.data.id === mine);
  assert.deepEqual({ ...message, id: 0, data: { ...message.data, message: '' } },
    { id: 0, event: 'message', data: { id: mine, title: message.data.title, message: '', type: 'session_cancelled', created_at: '2026-11-20T09:30:00', read: false } });
  assert.match(message.data.message, /Mine <b>/);
  const translated = await french.has('the other one', (v) => v.data.id === theirs);
  assert.notEqual(translated.data.title, message.data.title);
  assert.equal(own.events.filter((v) => v.data.id === theirs).length + french.events.filter((v) => v.data.id === mine).length, 0);

  // Read again by id: the same message, and of the own account only.
  const again = await open(tokens[0], { 'last-event-id': String(before) });
  t.after(() => again.close());
  await again.has('ready', (v) => v.event === 'ready');
  assert.deepEqual(again.events.filter((v) => v.event === 'message'), [message]);
  for (const path of ['', '?token=', '?token=wrong', `?token=${tokens[0]}x`]) {
    const refused = await stream(anonymous(), `/api/notifications/stream${path}`);
    assert.equal(refused.status, 401, path);
    refused.close();
  }
  for (const name of readdirSync(join(server.var, 'log'))) {
    const log = readFileSync(join(server.var, 'log', name), 'utf8');
    for (const token of tokens) assert.ok(!log.includes(token.split('.')[2]), `a token stands in ${name}`);
  }
});
