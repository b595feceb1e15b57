// The streams of console and projector: how things stand, pushed to everybody who looks.
import assert from 'node:assert/strict';
import test from 'node:test';
import { newStudent } from '../lib/attendance.mjs';
import { opened, setMark } from '../lib/attending.mjs';
import { as } from '../lib/classroom.mjs';
import { anonymous, signedIn, sql, until } from '../lib/http.mjs';
import { stream as openStream } from '../lib/streams.mjs';

/* Closed with the test; next(name, is): the first event of that name of which `is` holds. */
async function eventStream(t, client, path, { headers } = {}) {
  const got = await openStream(client, path, headers);
  t.after(() => got.close());
  got.next = (name, is = () => true) => got.has(`the event ${name}`, (one) => one.event === name && is(one.data));
  return got;
}

const lesson = async (options) => opened(await as('demo_teacher_1'), options);

test('the console stands in its stream, and each mark follows', async (t) => {
  const teacher = await as('demo_teacher_1');
  const hall = await lesson({ n: 3 });
  const stream = await eventStream(t, teacher, `${hall.console}/stream?view=console&lang=en`);
  assert.equal(stream.status, 200);
  assert.match(stream.headers['content-type'], /^text\/event-stream/);
  const first = await stream.next('console');
  const asked = (await teacher.get(`${hall.console}/live`)).json;
  assert.deepEqual({ ...first.data, flagged: '' }, { ...asked, flagged: '' });
  await setMark(teacher, hall, hall.students[1].id, 'p');
  const after = await stream.next('console', (data) => data.n.p === 1);
  assert.equal(after.data.rows.find(([id]) => id === hall.students[1].id)[2], 'p');
  assert.equal(after.data.expected, 3);
});

test('many marks at once are few texts, and the last one has them all', async (t) => {
  const teacher = await as('demo_teacher_1');
  const hall = await lesson({ n: 12 });
  const streams = await Promise.all([1, 2, 3].map(() => eventStream(t, teacher, `${hall.console}/stream?view=console&lang=en`)));
  for (const stream of streams) await stream.next('console');
  for (const student of hall.students) await setMark(teacher, hall, student.id, 'p');
  for (const stream of streams) await stream.next('console', (data) => data.n.p === 12);
  assert.ok(streams[0].events.length <= 13, `${streams[0].events.length} for twelve marks`);
});

test('the projector: counts for all, names for who asked, sentences in the language of the page', async (t) => {
  const teacher = await as('demo_teacher_1');
  const hall = await lesson({ n: 2 });
  const plain = await eventStream(t, teacher, `${hall.console}/stream?view=screen&lang=fr&names=0`);
  const named = await eventStream(t, teacher, `${hall.console}/stream?view=screen&lang=en&names=1`);
  assert.equal((await plain.next('screen')).data.here, 0);
  await named.next('screen');
  await setMark(teacher, hall, hall.students[0].id, 'p');
  const one = (await plain.next('screen', (data) => data.here === 1)).data;
  assert.deepEqual(one.arrivals, []);
  assert.match(one.counts, /^Présents/);
  const other = (await named.next('screen', (data) => data.here === 1)).data;
  assert.equal(other.arrivals.length, 1);
  assert.match(other.counts, /^1 present, 0 late\.$/);
  assert.equal('codes' in other, false);
});

test('only for who may see the session; what it does not know is refused', async (t) => {
  const hall = await lesson({ n: 1 });
  const path = `${hall.console}/stream?view=console`;
  assert.equal((await eventStream(t, anonymous(), path)).status, 401);
  assert.equal((await eventStream(t, await as('demo_student_1'), path)).status, 403);
  const stranger = await eventStream(t, await as('demo_teacher_9'), path);
  assert.ok([403, 404].includes(stranger.status), `${stranger.status}`);
  const teacher = await as('demo_teacher_1');
  assert.equal((await eventStream(t, teacher, '/attendance/999999999/stream?view=console')).status, 404);
  assert.equal((await eventStream(t, teacher, `${hall.console}/stream?view=nothing`)).status, 400);
  assert.equal((await eventStream(t, teacher, `${hall.console}/stream`)).status, 400);
  /* Another site's page must not open it with our cookie. */
  assert.notEqual((await eventStream(t, teacher, path, { headers: { origin: 'https://evil.example' } })).status, 200);
});

test('who has signed out is sent away with the next change', async (t) => {
  const teacher = await as('demo_teacher_1');
  const hall = await lesson({ n: 2 });
  const away = await signedIn('demo_teacher_1');
  const stream = await eventStream(t, away, `${hall.console}/stream?view=console`);
  await stream.next('console');
  assert.equal((await away.post('/sign-out')).status, 303);
  await setMark(teacher, hall, hall.students[0].id, 'p');
  await until('it is sent away', () => stream.isEnded);
  assert.equal(stream.events.filter((event) => event.data.n.p === 1).length, 0);
});

test('what students ask stands in the console, for who decides it, and goes when it is decided', async (t) => {
  const teacher = await as('demo_teacher_1');
  const hall = await lesson({ n: 1 });
  const stream = await eventStream(t, teacher, `${hall.console}/stream?view=console&lang=en`);
  assert.deepEqual((await stream.next('console')).data.claims, []);
  const pupil = await signedIn(newStudent(`asks_${process.pid}`, { course: hall.course }));
  assert.equal((await pupil.post('/corrections', { attendance: hall.attendance, wants: 'present', reason: 'I am here' })).status, 303);
  const [[item]] = sql(`SELECT id FROM claim_item WHERE occurrence_id = ${hall.id}`);
  assert.deepEqual((await stream.next('console', (data) => data.claims.length === 1)).data.claims, [Number(item)]);
  assert.deepEqual((await teacher.get(`${hall.console}/live`)).json.claims, [Number(item)]);
  const pick = (await teacher.get(hall.console)).text.match(/name="pick" value="([^"]+)"/)[1];
  assert.equal((await teacher.post('/excuses/to-decide', { one: 1, do: 'approve', pick })).status, 303);
  await stream.next('console', (data) => data.claims.length === 0 && data.n.p === 1);
});

test('a session that is opened again tells console, projector and its students', async (t) => {
  const teacher = await as('demo_teacher_1');
  const hall = await lesson({ n: 1 });
  const name = newStudent(`back_${process.pid}`, { course: hall.course });
  const pupil = await signedIn(name);
  assert.equal((await teacher.post(`${hall.console}/close`)).status, 303);
  const console_ = await eventStream(t, teacher, `${hall.console}/stream?view=console&lang=en`);
  const screen = await eventStream(t, teacher, `${hall.console}/stream?view=screen&lang=en`);
  assert.equal((await console_.next('console')).data.state, 'closed');
  assert.equal((await screen.next('screen')).data.state, 'closed');
  const own = await eventStream(t, pupil, '/live');
  await own.next('ready');
  assert.equal((await teacher.post(`${hall.console}/reopen`, { minutes: 10, reason: 'Too early' })).status, 303);
  assert.equal((await console_.next('console', (data) => data.state === 'open')).data.state, 'open');
  assert.equal((await screen.next('screen', (data) => data.state === 'open')).data.state, 'open');
  await own.next('attendance.reopened', (data) => data.attendance === hall.attendance);
  await own.next('notification.created', (data) => data.kind === 'checkin.opened');
  const told = () => sql(`SELECT COUNT(*) FROM notification n JOIN account a ON a.id = n.account_id WHERE a.username = '${name}' AND n.kind = 'checkin.opened'
    AND n.entity_id = ${hall.attendance} AND n.read_at IS NULL`)[0][0];
  assert.equal(told(), '1', 'that of the first opening is read since it closed');
});
