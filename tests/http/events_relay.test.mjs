// Two relays at once, killed at random while many write: nothing is lost, nothing comes twice, and who reads on from the last number gets
// everything once, in order.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { muster, ownServer, sql, until } from '../lib/http.mjs';
import { start } from '../lib/process.mjs';

const [WRITERS, EACH, KILLS] = [6, 40, 6];
const one = (text, of) => Number(sql(text, { of })[0][0]);

/* A relay, as the user the database runs as. */
function relayOf(own) {
  const { uid, gid } = statSync(own.var);
  return start(join(own.bin, 'muster-jobs'), ['--config', own.config], process.getuid() === 0 ? { uid, gid } : {});
}

/* A writer of its own connection: transactions of one to three rows, some slow, some taken back. */
function writer(own, name) {
  const steps = Array.from({ length: EACH }, (_, i) => {
    const rows = Array.from({ length: 1 + (i % 3) }, (__, k) => `INSERT INTO outbox (at, type, branch_id, audience, payload) VALUES (UTC_TIMESTAMP(6),
      'attendance.marked', 1, 'admins', '{"w":${name},"i":${i},"k":${k}}');`).join('');
    return `START TRANSACTION; ${rows} ${i % 4 === 0 ? 'DO SLEEP(0.03);' : ''} ${i % 10 === 9 ? 'ROLLBACK' : 'COMMIT'};`;
  });
  const args = ['--no-defaults', `--socket=${own.db_socket}`, '--user=muster', 'muster', '-e', steps.join('\n')];
  return promisify(execFile)('mariadb', args, { env: { ...process.env, MYSQL_PWD: readFileSync(join(own.var, 'conf/db_owner.password'), 'utf8').trim() } });
}

/* What a writer keeps: of each transaction that is not taken back, its rows in order. */
const kept = Array.from({ length: EACH }, (_, i) => i).filter((i) => i % 10 !== 9).flatMap((i) => Array.from({ length: 1 + (i % 3) }, (__, k) => `${i}.${k}`));

async function killed(t, own) {
  const relay = () => relayOf(own);
  const relays = [relay(), relay()];
  const endAll = () => Promise.all(relays.map((child) => { child.kill('SIGTERM'); return child.ended; }));
  t.after(endAll);

  const seen = [];
  let isOver = false;
  const read = () => {
    const last = seen.length ? seen.at(-1).seq : 0;
    for (const [seq, payload] of sql(`SELECT seq, payload FROM event WHERE seq > ${last} ORDER BY seq`, { of: own })) seen.push({ seq: Number(seq), ...JSON.parse(payload) });
  };
  const reading = (async () => { while (!isOver) { read(); await sleep(20); } })();
  const writing = Promise.all(Array.from({ length: WRITERS }, (_, w) => writer(own, w)));
  for (let i = 0; i < KILLS; i += 1) {
    await sleep(150);
    relays[i % 2].kill('SIGKILL');
    await relays[i % 2].ended;
    relays[i % 2] = relay();
  }
  await writing;
  await until('the outbox is empty', () => one('SELECT COUNT(*) FROM outbox', own) === 0, 60);
  isOver = true;
  await reading;
  read();

  assert.equal(seen.length, WRITERS * kept.length);
  assert.deepEqual(seen.map(({ seq }) => seq), seen.map((_, i) => i + 1), 'every number once, in order');
  for (let w = 0; w < WRITERS; w += 1) assert.deepEqual(seen.filter((row) => row.w === w).map(({ i, k }) => `${i}.${k}`), kept, `writer ${w}`);
  assert.equal(one('SELECT COUNT(*) FROM event', own), seen.length);
  await endAll();
}

async function ended(own) {
  const before = one('SELECT COUNT(*) FROM event', own);
  const add = () => sql("INSERT INTO outbox (at, type, branch_id, payload) VALUES (UTC_TIMESTAMP(6), 'attendance.marked', 1, '{}')", { of: own });
  const child = relayOf(own);
  add();
  await until('it relays', () => one('SELECT COUNT(*) FROM event', own) === before + 1);
  assert.equal(one("SELECT COUNT(*) FROM lease WHERE name = 'relay'", own), 1);
  child.kill('SIGTERM');
  assert.deepEqual(await child.ended, { code: 0, signal: null }, child.output);
  assert.equal(one("SELECT COUNT(*) FROM lease WHERE name = 'relay'", own), 0);
}

test('relays on a database of their own', async (t) => {
  const own = await ownServer(t, { onlyDatabase: true });
  muster(['migrate'], { of: own });
  sql("INSERT INTO branch (id, name, zone) VALUES (1, 'Main', 'UTC')", { of: own });
  await t.test('two that are killed at random lose nothing and change no order', () => killed(t, own));
  await t.test('one that ends in order leaves its place at once', () => ended(own));
});
