// The stampede: halls of students check in within two seconds, each twice, in any order, some of
// them cut off, while consoles are open; and once more with the database killed in the middle.  Nobody is there twice,
// nobody who was told so is missing, and the second answer is the first one or ALREADY_IN.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { childrenOf, commandOf } from '../lib/classroom.mjs';
import { ownServer, signedIn, sql } from '../lib/http.mjs';
import { startServer, temporaryFolder } from '../lib/server.mjs';
import { checkIn, halls, judge, percentile, stampede, storedOf, watch } from '../lib/stampede.mjs';

const isSlow = process.env.MUSTER_TEST_VARIANT !== 'release';
const settings = { MUSTER_NGINX_WORKERS: '2', MUSTER_REQUESTS_PER_ACCOUNT_PER_MINUTE: '0', MUSTER_LOG_LEVEL: 'warn' };

/* The answers of one student, as far as the way of sending decides them. */
function exact({ student, way, again, isCut, answers }) {
  const statuses = answers.map((answer) => answer.status).sort().join(' ');
  const allowed = isCut ? ['200', '201', '409'] : [];
  const both = again === 'same' ? '200 201' : '201 409';
  assert.ok([both, ...allowed].includes(statuses), `${student.username}, ${way}: ${statuses}`);
  const good = answers.filter((answer) => answer.status < 300).map((answer) => ({ ...answer.json, is_repeat: null }));
  assert.ok(good.every((one) => one.decision === 'approved' && one.mark === 'present' && one.session_id === student.session));
  if (good.length === 2) assert.deepEqual(good[0], good[1], `${student.username}, ${way}`);
  for (const answer of answers.filter((a) => a.status === 200)) assert.equal(answer.json.is_repeat, true);
}

test('two hundred students of eight sessions, each twice', async (t) => {
  const own = await ownServer(t, { env: settings });
  const all = halls(own, 8, 25);
  const admin = await signedIn('demo_admin_1', own);
  const looks = watch([{ path: '/admin/attendance' }, { path: `/attendance/${all[0].session}`, everyMs: 100 },
    ...all.map(({ session }) => ({ path: `/attendance/${session}/live`, everyMs: 200 }))].map((look) => ({ client: admin, ...look })));
  const told = await stampede(own, all, { withinMs: 2000 });
  const seen = await looks.end();

  told.forEach(exact);
  assert.deepEqual(judge(own, all, told), { acknowledged: 200, rows: 200, duplicates: 0, lost: 0, wrong: [] });
  const { records } = storedOf(own, all);
  for (const { session, list } of all) assert.deepEqual([...records.keys()].filter((key) => key.startsWith(`${session}/`)).sort(), list.map(({ person }) => `${session}/${person}`).sort());
  assert.equal(new Set(all.flatMap(({ list }) => list.map(({ person }) => person))).size, 200);

  assert.ok(seen.length > 4 && seen.every(({ status }) => status === 200), seen.map(({ path, status }) => `${path} ${status}`).join(' '));
  const p99 = percentile(told.flatMap(({ answers }) => answers.map(({ ms }) => ms)), 0.99);
  assert.ok(p99 < (isSlow ? 20_000 : 5000), `p99 ${p99.toFixed(0)} ms`);
  const page = (await admin.get('/admin/attendance')).text;
  for (const { session } of all) assert.match(page.slice(page.indexOf(`"/attendance/${session}"`)), /^[^]*?data-l="Present" class="n">25\b/, `session ${session}`);
});

/* A database of its own under a server of its own: { own, kill, restart }. */
async function onOwnDatabase(t) {
  const parent = temporaryFolder();
  const folder = join(parent, 'database');
  const conf = join(parent, 'my.conf');
  const variant = process.env.MUSTER_TEST_VARIANT ?? 'release';
  const start = () => startServer({ build: process.env.MUSTER_TEST_BUILD, variant, folder, onlyDatabase: true });
  mkdirSync(folder);
  let database = await start();
  t.after(async () => {
    await database.stop();
    rmSync(parent, { recursive: true, force: true });
  });
  writeFileSync(conf, `db_socket = ${database.db_socket}\ndb_password_file = ${folder}/conf/db_app.password\ndb_owner_password_file = ${folder}/conf/db_owner.password\n`);
  chmodSync(conf, 0o644);
  const own = await ownServer(t, { env: settings, demo: false, conf });
  const pid = childrenOf(database.pid).find((child) => commandOf(child).includes('mariadbd'));
  copyFileSync(join(folder, 'conf/db_owner.password'), join(own.var, 'conf/db_owner.password'));
  return {
    own,
    async kill() {
      process.kill(pid, 'SIGKILL');
      await database.stop();
      rmSync(database.ready, { force: true });
    },
    async restart() {
      database = await start();
    },
  };
}

test('the database is killed in the middle', async (t) => {
  const { own, kill, restart } = await onOwnDatabase(t);
  const all = halls(own, 4, 60);
  const everybody = all.flatMap(({ list }) => list);
  const answers = new Map(); // by student: the acknowledgements
  const failures = new Map(); // by status: how often
  /* As a phone does: the same nonce until there is an answer, one time more for good measure. */
  const persist = async (student, i) => {
    await sleep(i * 2); // so close that some are on their way when it dies
    for (let left = 2; left > 0;) {
      const answer = await checkIn(own, student, 'once');
      if (answer.status === 200 || answer.status === 201) {
        answers.set(student, [...(answers.get(student) ?? []), answer.json]);
        left -= 1;
      } else {
        failures.set(answer.status, (failures.get(answer.status) ?? 0) + 1);
        await sleep(100);
      }
    }
  };
  const crowd = Promise.all(everybody.map(persist));
  while (answers.size < 30) await sleep(1);
  await kill();
  const before = new Map(answers);
  assert.ok(before.size < everybody.length, 'the kill came too late to be in the middle');
  await restart();
  await crowd;

  assert.ok(failures.get(503) > 0, JSON.stringify([...failures]));
  assert.deepEqual([...failures.keys()], [503], 'each of them is told to try again, in time');
  const { records, approved } = storedOf(own, all);
  assert.equal(answers.size, everybody.length);
  assert.equal(records.size, everybody.length);
  for (const student of everybody) {
    const [one, two] = answers.get(student);
    assert.deepEqual({ ...one, is_repeat: true }, two, student.username);
    const key = `${student.session}/${student.person}`;
    assert.deepEqual(records.get(key), [[one.record_id, one.attempt_id]], student.username);
    assert.deepEqual(approved.get(key), [[one.attempt_id]], student.username);
  }
  // Who was told before the kill is among them, by the ids they were told.
  for (const [student, [one]] of before) assert.deepEqual(answers.get(student)[0], one);
  // One event for each of them, whether it is on its way or relayed.
  const events = (table, id) => `SELECT ${id} id, person_id FROM ${table} WHERE attendance_id IN (${all.map(({ session }) => session).join(', ')})`;
  assert.deepEqual(sql(`SELECT COUNT(*), COUNT(DISTINCT person_id) FROM (${events('outbox', 'id')} UNION ${events('event', 'outbox_id')}) e`, { of: own }), [['240', '240']]);
});
