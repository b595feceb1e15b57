// The gateway is killed, and its database connections are: who follows gets every event all the same, once and in order.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { setMark, opened } from '../lib/attending.mjs';
import { ownServer, signedIn, sql, until } from '../lib/http.mjs';
import { start } from '../lib/process.mjs';
import { stream } from '../lib/streams.mjs';

/* A gateway that takes the place of the one before: nginx asks whoever listens at the path. */
async function gateway(own) {
  const { uid, gid } = statSync(own.var);
  const child = start(join(own.bin, 'muster-live'), ['--config', own.config], process.getuid() === 0 ? { uid, gid } : {});
  await until('the gateway starts', () => child.output.includes('event=live_start'));
  return child;
}

test('a gateway that is killed, and connections that are cut, lose no event', async (t) => {
  const own = await ownServer(t);
  const teacher = await signedIn('demo_teacher_1', own);
  const lesson = await opened(teacher, { of: own, n: 6 });
  const people = lesson.students.map(({ id }) => id);
  const mark = async (i) => assert.ok((await setMark(teacher, lesson, people[i], 'p')).status < 400);
  const connect = async (headers) => {
    let s;
    await until('the stream opens', async () => { s = await stream(teacher, '/live', headers); if (s.status !== 200) s.close(); return s.status === 200; });
    await s.has('ready', (v) => v.event === 'ready');
    return s;
  };
  const marksIn = (s) => s.events.filter((v) => v.event === 'attendance.marked').map((v) => v.data.student);

  const first = await gateway(own);
  const before = await connect();
  await mark(0);
  const { id } = await before.has('a mark', (v) => v.event === 'attendance.marked');
  first.kill('SIGKILL');
  await first.ended;
  await mark(1);
  await mark(2);
  const second = await gateway(own);
  t.after(async () => { second.kill('SIGTERM'); assert.equal((await second.ended).code, 0, second.output); });
  await until('both are in the stream', () => sql(`SELECT COUNT(*) FROM event WHERE seq > ${id} AND type = 'attendance.marked'`, { of: own })[0][0] === '2');
  const after = await connect({ 'last-event-id': String(id) });
  t.after(() => after.close());
  assert.deepEqual(marksIn(after), people.slice(1, 3));

  for (const [connection] of sql("SELECT id FROM information_schema.processlist WHERE user = 'muster_app'", { of: own })) {
    try { sql(`KILL ${connection}`, { of: own }); } catch { /* it went by itself */ }
  }
  await until('marks are taken again', async () => (await setMark(teacher, lesson, people[3], 'p')).status === 200);
  await mark(4);
  await until('the stream goes on', () => marksIn(after).includes(people[4]));
  assert.deepEqual(marksIn(after), people.slice(1, 5));
  const told = after.events.filter((v) => v.event !== 'ready').map((v) => v.id);
  assert.deepEqual(told, [...new Set(told)].sort((x, y) => x - y));
});
