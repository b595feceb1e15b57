// The check-in pool: one process of many threads on kept connections.  Nobody starves when there
// are more clients than threads, and nothing is lost when the process is replaced.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import http from 'node:http';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { anonymous, form, ownServer, until } from '../lib/http.mjs';
import { childrenOf, commandOf } from '../lib/classroom.mjs';

const null_path = '/health/check-in';
const few = { MUSTER_NGINX_WORKERS: '2', MUSTER_CHECK_IN_THREADS: '8', MUSTER_CHECK_IN_TIMEOUT_S: '2', MUSTER_LOG_LEVEL: 'warn' };

const master = (own) => childrenOf(own.pid).find((pid) => commandOf(pid).includes('/muster-app '));
const threadsOf = (pid) => (existsSync(`/proc/${pid}/task`) ? readdirSync(`/proc/${pid}/task`).length : 0);
/* The processes of the pool: one, or two while one takes over. */
const pool = (own) => childrenOf(master(own)).filter((pid) => threadsOf(pid) > 4);
const socketsOf = (pid) => readdirSync(`/proc/${pid}/fd`)
  .map((fd) => { try { return readlinkSync(`/proc/${pid}/fd/${fd}`); } catch { return ''; } })
  .filter((name) => name.startsWith('socket:')).sort();

/* A client on one connection of its own: asks again as soon as it is answered. */
class Asker {
  constructor(own, make = () => ({ path: null_path })) {
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    this.answers = [];
    this.own = own;
    this.make = make;
    this.isDone = false;
  }

  ask({ method = 'GET', path, body }) {
    const began = performance.now();
    const headers = body ? { 'content-type': body.type, 'content-length': body.body.length } : {};
    return new Promise((resolve) => {
      const done = (status, text) => { this.answers.push({ at: performance.now(), ms: performance.now() - began, status, text }); resolve(); };
      const request = http.request({ host: '127.0.0.1', port: this.own.port, method, path, headers, agent: this.agent }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (piece) => { text += piece; }).on('end', () => done(answer.statusCode, text))
          .on('error', (error) => done(0, error.message));
      });
      request.on('error', (error) => done(0, error.message));
      request.end(body?.body);
    });
  }

  async run() {
    while (!this.isDone) await this.ask(this.make());
    this.agent.destroy();
  }
}

/* n of them while `what` happens; gives them back with their answers. */
async function load(own, n, what) {
  const askers = Array.from({ length: n }, () => new Asker(own));
  const running = Promise.all(askers.map((asker) => asker.run()));
  try { await what(askers); } finally { askers.forEach((asker) => { asker.isDone = true; }); }
  await running;
  return askers;
}

const bad = (askers) => askers.flatMap((asker) => asker.answers).filter((answer) => answer.status !== 200);
const log = (own) => readFileSync(`${own.var}/log/app.log`, 'utf8');
const lately = (askers, since) => askers.every((asker) => asker.answers.some((answer) => answer.at > since && answer.status === 200));

async function starvation(own) {
  const began = performance.now();
  const askers = await load(own, 24, () => sleep(5000));
  assert.deepEqual(bad(askers), []);
  for (const { answers } of askers) {
    const times = [began, ...answers.map((answer) => answer.at), began + 5000];
    const longest = Math.max(...times.slice(1).map((at, i) => at - times[i]));
    assert.ok(longest < 1500, `${longest.toFixed(0)} ms without an answer`);
  }
}

async function kept(own) {
  const one = new Asker(own);
  const [pid] = pool(own);
  await one.ask({ path: null_path });
  const before = socketsOf(pid);
  const long = { type: 'text/plain', body: Buffer.alloc(40000, 'x') };
  for (let i = 0; i < 20; i += 1) {
    await one.ask({ path: null_path });
    await one.ask({ method: 'POST', path: null_path, body: i % 2 ? long : form({ a: 1 }) });
  }
  assert.deepEqual(one.answers.map((answer) => answer.status), [200, ...Array(20).fill([200, 405]).flat()]);
  assert.equal(JSON.parse(one.answers.at(-1).text).reason, 'method_not_allowed');
  assert.deepEqual(socketsOf(pid), before);
  await one.ask({ method: 'POST', path: null_path, body: { type: 'text/plain', body: Buffer.alloc(70000, 'x') } });
  assert.equal(one.answers.at(-1).status, 413);
  one.agent.destroy();
}

async function replaced(own) {
  const askers = await load(own, 24, async (all) => {
    for (let round = 0; round < 3; round += 1) {
      const [old] = pool(own);
      await until('all are answered', () => lately(all, performance.now() - 500));
      process.kill(master(own), 'SIGHUP');
      await until('another process', () => !existsSync(`/proc/${old}`) && pool(own).length === 1);
    }
    const since = performance.now();
    await until('the new one answers all', () => lately(all, since));
  });
  assert.deepEqual(bad(askers), []);
}

async function ended(own) {
  const askers = await load(own, 24, async (all) => {
    const [old] = pool(own);
    await until('all are answered', () => lately(all, 0));
    process.kill(old, 'SIGTERM');
    await until('it has ended', () => !existsSync(`/proc/${old}`));
    const since = performance.now();
    await until('the next one answers all', () => lately(all, since));
  });
  assert.deepEqual(bad(askers), []);
  assert.match(log(own), /event=worker_died pool=check-in worker=\d+ child=\d+ signal=0 status=0/);
}

async function idle(own) {
  await load(own, 16, (all) => until('all are answered', () => lately(all, 0)));
  const [old] = pool(own);
  process.kill(master(own), 'SIGHUP');
  await until('it has ended', () => !existsSync(`/proc/${old}`));
  assert.equal((await anonymous(own).get(null_path)).status, 200);
}

async function killed(own) {
  let since;
  const askers = await load(own, 24, async (all) => {
    const [old] = pool(own);
    await until('all are answered', () => lately(all, 0));
    process.kill(old, 'SIGKILL');
    await until('another process', () => pool(own).length === 1 && pool(own)[0] !== old);
    since = performance.now() + 500;
    await until('it answers all', () => lately(all, since));
  });
  const lost = bad(askers);
  assert.ok(lost.length <= 8, `${lost.length} lost, but 8 threads`);
  assert.ok(lost.every((answer) => answer.status === 503 && JSON.parse(answer.text).status === 503 && answer.at < since), JSON.stringify(lost));
}

test('the check-in pool', async (t) => {
  const own = await ownServer(t, { env: few, demo: false, faults: /event=worker_died pool=check-in .* signal=(0|9) status=0/ });
  await until('the pool is there', () => pool(own).length === 1);
  await t.test('more clients than threads, for longer than the read time-out: nobody starves', () => starvation(own));
  await t.test('connections are kept, also after what nobody read', () => kept(own));
  await t.test('replaced under load: no request is lost, and the old process ends at once', () => replaced(own));
  await t.test('told to end under load: what is at hand is answered, the rest waits for the next process', () => ended(own));
  await t.test('idle kept connections hold nobody up', () => idle(own));
  await t.test('a killed process loses at most what was at hand, and another takes over', () => killed(own));
  // Whoever is told to end and has not within the read time-out is killed by the master.
  assert.doesNotMatch(log(own), /event=worker_killed/);
});
