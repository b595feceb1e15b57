// `make bench`, everything live: Muster and a `socket.io` server in Node (live_peer.mjs) beside each other in
// one run, both behind nginx, both asked by the same client program (live_client.mjs).  Memory of connections
// that say nothing; then, with all of them listening in rooms of 50, the time from the POST of a check-in to
// the last screen of its room, and the CPU seconds of it.  ROUNDS=2 SECONDS=4 SCREENS=5000 ROOMS=100.
import { fork, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../lib/http.mjs';
import { root, startServer, temporaryFolder } from '../lib/server.mjs';
import { percentile } from '../lib/stampede.mjs';
import { rooms } from './live_rooms.mjs';
import { cpuOf, cpuSince, memoryOf } from './measure.mjs';

const build = resolve(process.argv[process.argv.indexOf('--build') + 1] ?? 'build');
const nRounds = Number(process.env.ROUNDS ?? 2);
const seconds = Number(process.env.SECONDS ?? 4);
const nScreens = Number(process.env.SCREENS ?? 5000);
const nRooms = Number(process.env.ROOMS ?? 100);
const rates = [50, 400];
const WARM_UP = 100; // check-ins before anything counts
const VISITS = 200; // connections before memory counts

const folder = temporaryFolder('muster-bench-');
const say = (text = '') => process.stdout.write(`${text}\n`);
const row = (name, value, aim = '', holds = null) => say(`  ${name.padEnd(62)} ${String(value).padStart(18)}   ${aim}${holds === null ? '' : holds ? '  yes' : '  NO'}`);
const sum = (list) => list.reduce((a, b) => a + b, 0);
const kB = (bytes) => (bytes / 1000).toFixed(1);

/* ---- programs ---------------------------------------------------------------------------------- */

/* A program of the bench's own that does what it is told, one thing after the other. */
function program(name, args, options = {}) {
  const child = fork(join(root, 'tests/bench', name), args, { ...options, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  let next = null;
  child.on('message', (message) => next.resolve(message));
  child.on('exit', (code) => next?.reject(new Error(`${name} ended with ${code}`)));
  const answer = () => new Promise((resolve, reject) => { next = { resolve, reject }; });
  return {
    pid: child.pid,
    answer,
    async ask(what) {
      const waits = answer();
      child.send(what);
      const { result, error } = await waits;
      if (error) throw new Error(`${name}, ${what.ask}: ${error}`);
      return result;
    },
    stop() { next = null; child.disconnect(); },
  };
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  const { port } = server.address();
  server.close();
  return port;
}

/* Node and its nginx. */
async function startPeer(of, pupils) {
  const dir = join(folder, 'peer');
  mkdirSync(dir);
  chmodSync(dir, 0o711);
  sql(`CREATE TABLE bench_attempt (id BIGINT PRIMARY KEY AUTO_INCREMENT, attendance_id BIGINT NOT NULL, person_id BIGINT NOT NULL, nonce VARBINARY(64) NOT NULL,
      happened_at DATETIME(6) NOT NULL, decision VARCHAR(20) NOT NULL, status VARCHAR(20) NOT NULL, UNIQUE KEY (attendance_id, person_id, nonce)) ENGINE=InnoDB;
    CREATE TABLE bench_record (id BIGINT PRIMARY KEY AUTO_INCREMENT, attendance_id BIGINT NOT NULL, person_id BIGINT NOT NULL, attempt_id BIGINT NOT NULL,
      happened_at DATETIME(6) NOT NULL, status VARCHAR(20) NOT NULL, UNIQUE KEY (attendance_id, person_id)) ENGINE=InnoDB;`, { of });
  const server = program('live_peer.mjs', [join(dir, 'peer.sock'), of.db_socket], { execArgv: ['--expose-gc'],
    env: { ...process.env, NODE_ENV: 'production', MYSQL_PWD: readFileSync(join(of.var, 'conf/db_owner.password'), 'utf8').trim() } });
  await server.answer();
  chmodSync(join(dir, 'peer.sock'), 0o666);
  const port = await freePort();
  const conf = readFileSync(join(root, 'tests/bench/live_peer.conf'), 'utf8').replaceAll('@DIR@', dir).replaceAll('@PORT@', port).replaceAll('@WORKERS@', availableParallelism());
  writeFileSync(join(dir, 'nginx.conf'), (process.getuid() === 0 ? 'user root;\n' : '') + conf);
  const nginx = spawn('nginx', ['-e', 'stderr', '-p', dir, '-c', join(dir, 'nginx.conf')], { stdio: ['ignore', 'inherit', 'inherit'] });
  while (!existsSync(join(dir, 'nginx.pid'))) await sleep(50);
  const map = Object.fromEntries(pupils.map(({ session, room }) => [session, room]));
  return {
    name: 'Node',
    client: program('live_client.mjs', [`http://127.0.0.1:${port}`]),
    pids: [server.pid, nginx.pid],
    isServer: ({ pid }) => pid === server.pid,
    isNginx: ({ name }) => name === 'nginx',
    settle: () => server.ask({ ask: 'collect' }),
    imitate: (template) => server.ask({ rooms: map, template }),
    stop() { this.client.stop(); nginx.kill('SIGTERM'); server.stop(); },
  };
}

const muster = (of) => ({
  name: 'Muster',
  client: program('live_client.mjs', [of.url]),
  pids: [of.child.pid],
  isServer: ({ name }) => name === 'muster-live',
  isNginx: ({ name }) => name === 'nginx',
  settle() {},
  stop() { this.client.stop(); },
});

/* ---- measures ---------------------------------------------------------------------------------- */

/* Bytes of the server, and of nginx. */
async function memory(side) {
  await sleep(1500);
  await side.settle();
  const all = side.pids.flatMap((pid) => memoryOf(pid));
  const of = (is) => sum(all.filter(is).map(({ mb }) => mb)) * 1e6;
  return { server: of(side.isServer), nginx: of(side.isNginx) };
}

/* What each connection takes when there are so many. */
async function idle(side, screens) {
  await side.client.ask({ ask: 'visit', list: screens.slice(0, VISITS) });
  const none = await memory(side);
  const found = [];
  for (const n of [Math.round(nScreens / 5), nScreens]) {
    const began = performance.now();
    const had = found.at(-1)?.n ?? 0;
    await side.client.ask({ ask: 'connect', list: screens.slice(had, n) });
    const opens = (n - had) / (performance.now() - began) * 1000;
    const now = await memory(side);
    found.push({ n, opens, server: (now.server - none.server) / n, nginx: (now.nginx - none.nginx) / n });
  }
  return found;
}

/* One spell of check-ins: what the clients tell, and CPU seconds. */
async function spell(of, side, list, rate) {
  const before = side.pids.map(cpuOf);
  const database = cpuOf(of.child.pid).mariadbd ?? 0;
  const told = await side.client.ask({ ask: 'load', list, rate });
  const spent = side.pids.map((pid, i) => cpuSince(pid, before[i]));
  const parts = {};
  for (const [name, s] of spent.flatMap((one) => Object.entries(one))) if (name !== 'mariadbd') parts[name] = (parts[name] ?? 0) + s;
  return { ...told, cpu: sum(Object.values(parts)), parts, database: (cpuOf(of.child.pid).mariadbd ?? 0) - database };
}

/* All spells of one rate as one. */
function together(spells) {
  const results = spells.flatMap((one) => one.results);
  const good = results.filter(({ status }) => status === 201);
  const of = (key) => sum(spells.map((one) => one[key]));
  const parts = {};
  for (const [name, s] of spells.flatMap((one) => Object.entries(one.parts))) parts[name] = (parts[name] ?? 0) + s;
  const ms = good.map((one) => one.ms ?? Infinity);
  return {
    n: good.length, refused: results.filter(({ status }) => status !== 201), missing: sum(good.map(({ missing }) => missing)), extra: of('extra'),
    delivered: of('delivered'), gone: Math.max(...spells.map(({ gone }) => gone)), lateMs: Math.max(...spells.map(({ lateMs }) => lateMs)),
    p50: percentile(ms, 0.5), p99: percentile(ms, 0.99), post: percentile(good.map(({ postMs }) => postMs), 0.5),
    cpu: of('cpu') / of('delivered') * 1000, database: of('database') / of('delivered') * 1000,
    parts: Object.fromEntries(Object.entries(parts).map(([name, s]) => [name, s / of('delivered') * 1000])),
  };
}

/* ---- what is said ------------------------------------------------------------------------------ */

function sayIdle(ours, theirs) {
  say(`Connections that say nothing: Muster, Node (${process.version}), kB each beyond none`);
  ours.forEach(({ n, server, nginx, opens }, i) => {
    row(`${n} connections: in the server`, `${kB(server)} ${kB(theirs[i].server)}`, '<= 2.0', server <= 2000);
    row(`${n} connections: in nginx`, `${kB(nginx)} ${kB(theirs[i].nginx)}`);
    row('opened a second, 40 at a time', `${opens.toFixed(0)} ${theirs[i].opens.toFixed(0)}`);
  });
}

function sayLoad(rate, ours, theirs) {
  const pair = (key, digits = 1) => `${ours[key].toFixed(digits)} ${theirs[key].toFixed(digits)}`;
  const perScreen = nScreens / nRooms;

  say();
  say(`${rate} check-ins a second, ${nScreens} screens, ${perScreen} of them told of each: Muster, Node`);
  for (const [name, side] of [['Muster', ours], ['Node', theirs]]) {
    const isWhole = side.refused.length === 0 && side.missing === 0 && side.extra === 0 && side.gone === 0 && side.delivered === side.n * perScreen;
    row(`${rate}/s, ${name}: check-ins; lost, twice or astray; refused; closed`, `${side.n} ${side.missing} ${side.extra} ${side.refused.length} ${side.gone}`, 'n 0 0 0 0', isWhole);
    if (side.refused.length > 0) say(`  ${side.refused[0].status} ${side.refused[0].text}`);
  }
  row(`${rate}/s: from the POST to the last screen: p50, ms`, pair('p50'));
  row(`${rate}/s: from the POST to the last screen: p99, ms`, pair('p99'), '<= half of Node', ours.p99 <= theirs.p99 / 2);
  row('the answer of the POST: p50, ms', pair('post'));
  row('what the clients held them up themselves, p99, ms', pair('lateMs'));
  row(`${rate}/s: CPU s per 1,000 messages, without the database`, pair('cpu', 4), '<= half of Node', ours.cpu <= theirs.cpu / 2);
  for (const [name, side] of [['Muster', ours], ['Node', theirs]]) {
    row(`  of it, ${name}`, Object.entries(side.parts).filter(([, s]) => s >= 0.00005).map(([part, s]) => `${part} ${s.toFixed(4)}`).join(', '));
  }
  row('CPU s per 1,000 messages of the database', pair('database', 4));
}

async function bench(of) {
  const per = Object.fromEntries(rates.map((rate) => [rate, Math.round(rate * seconds)]));
  const { screens, pupils } = rooms(of, { nRooms, nScreens, nPupils: WARM_UP + nRounds * sum(Object.values(per)) });
  const sides = [muster(of), await startPeer(of, pupils)];
  const spells = Object.fromEntries(rates.map((rate) => [rate, [[], []]]));
  let used = 0;
  const take = (n) => { used += n; return pupils.slice(used - n, used); };
  try {
    const found = [];
    for (const side of sides) found.push(await idle(side, screens));
    sayIdle(...found);
    for (const side of sides) await side.client.ask({ ask: 'join' });

    const warm = take(WARM_UP);
    await spell(of, sides[0], warm, rates[0]);
    const [, template] = JSON.parse((await sides[0].client.ask({ ask: 'sample' })).slice(2));
    await sides[1].imitate(template);
    await spell(of, sides[1], warm, rates[0]);
    for (let round = 0; round < nRounds; round += 1) {
      for (const rate of rates) {
        const list = take(per[rate]);
        for (const i of round % 2 ? [1, 0] : [0, 1]) spells[rate][i].push(await spell(of, sides[i], list, rate));
      }
    }
    for (const rate of rates) sayLoad(rate, ...spells[rate].map(together));
  } finally {
    for (const side of sides) side.stop();
  }
}

mkdirSync(join(folder, 'var'));
const of = await startServer({ build, folder: join(folder, 'var'), demo: false, env: {
  MUSTER_LOG_LEVEL: 'warn', MUSTER_REQUESTS_PER_ACCOUNT_PER_MINUTE: '0', MUSTER_LIVE_CONNECTIONS_PER_ACCOUNT: '10000', MUSTER_LIVE_CONNECTIONS: '19000',
  MUSTER_LIVE_OPENS_PER_SECOND: '0', MUSTER_LIVE_MESSAGES_PER_SECOND: '0', MUSTER_LIVE_MESSAGES_PER_ACCOUNT_PER_SECOND: '0',
} });
try {
  await bench(of);
} finally {
  for (const fault of await of.stop()) say(fault);
  rmSync(folder, { recursive: true, force: true });
}
