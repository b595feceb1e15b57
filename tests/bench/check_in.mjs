// `make bench`, check-ins: each by another student with a token, durable; beside the null answer of the
// same pool and beside the bare database that writes the same rows (bare_check_in.c), in one run.
// muster-jobs is held meanwhile; the relay's and the chain's share is told apart.  ROUNDS=3 SECONDS=4.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { sql } from '../lib/http.mjs';
import { root, startServer, temporaryFolder } from '../lib/server.mjs';
import { openSessions, students } from '../lib/students.mjs';
import { cpuOf, cpuSince, family, median } from './measure.mjs';

const build = resolve(process.argv[process.argv.indexOf('--build') + 1] ?? 'build');
const rounds = Number(process.env.ROUNDS ?? 3);
const seconds = Number(process.env.SECONDS ?? 4);
const run = promisify(execFile);
const folder = temporaryFolder('muster-bench-');
mkdirSync(join(folder, 'var'));
const of = await startServer({ build, folder: join(folder, 'var'), demo: false, env: { MUSTER_LOG_LEVEL: 'warn', MUSTER_REQUESTS_PER_ACCOUNT_PER_MINUTE: '0' } });
const say = (text = '') => process.stdout.write(`${text}\n`);
const fixed = (value, digits) => value.toFixed(digits);
const row = (name, value, aim, holds) => say(`  ${name.padEnd(62)} ${value.padStart(12)}   ${aim}${holds === null ? '' : holds ? '  yes' : '  NO'}`);
const number = (text) => Number(sql(text, { of })[0][0]);
const countRows = () => number('SELECT COUNT(*) FROM attendance_record');

const STUDENTS = 2000;
const hall = students(of, STUDENTS);
const sessions = openSessions(of, hall.course, 4000);
const files = { tokens: join(folder, 'tokens'), students: join(folder, 'students') };
writeFileSync(files.tokens, hall.list.map((s) => `${s.token}\n`).join(''));
writeFileSync(files.students, hall.list.map((s) => `${s.person} ${s.account}\n`).join(''));
let used = 0; // sessions that somebody has checked in to
/* The first of sessions nobody is in yet; rows are counted afterwards. */
const take = (rows) => { used += Math.ceil(rows / STUDENTS) + 1; };

const jobs = family(of.child.pid).filter((p) => p.name === 'muster-jobs').map((p) => p.pid);
const hold = (signal) => jobs.forEach((pid) => process.kill(pid, signal));

/* { rate, p50, p99 in ms, cpu of nginx and application and of the database in s per 1,000 } */
async function wrk(connections, address, env, rows) {
  const had = rows ? countRows() : 0;
  const before = cpuOf(of.child.pid);
  const { stdout } = await run('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', join(root, 'tests/bench/check_in.lua'), of.url + address], { env: { ...process.env, ...env } });
  const spent = cpuSince(of.child.pid, before);
  const bad = stdout.match(/Non-2xx or 3xx responses: \d+|Socket errors: .*/);
  if (bad) throw new Error(`${address}: ${bad[0]}`);
  const requests = Number(stdout.match(/(\d+) requests in/)[1]);
  const n = rows ? countRows() - had : requests;
  if (rows && (n < requests || n > requests + connections)) throw new Error(`${requests} were told they are in, ${n} are`);
  const [, p50, p99] = stdout.match(/p50_us (\d+) p99_us (\d+)/).map(Number);
  return { n, rate: Number(stdout.match(/Requests\/sec:\s+([\d.]+)/)[1]), p50: p50 / 1000, p99: p99 / 1000,
    app: ((spent['muster-app'] ?? 0) + (spent.nginx ?? 0)) / n * 1000, database: (spent.mariadbd ?? 0) / n * 1000 };
}

const nothing = (connections) => wrk(connections, '/health/check-in', {}, false);
async function checkIns(connections) {
  const result = await wrk(connections, '', { CHECK_IN_TOKENS: files.tokens, CHECK_IN_SESSION: String(sessions[used]) }, true);
  take(result.n);
  return result;
}

/* The database alone: rows that share a statement, on so many connections. */
async function bare(rows, connections) {
  const before = cpuOf(of.child.pid);
  const { stdout } = await run(join(build, 'release/tests/bench/bare_check_in'), [of.db_socket, 'muster_app', files.students, String(sessions[used]),
    String(rows), String(connections), String(seconds)], { env: { ...process.env, MYSQL_PWD: readFileSync(join(of.var, 'conf/db_app.password'), 'utf8').trim() } });
  const [, n, s, p50, p99] = stdout.match(/rows (\d+) seconds ([\d.]+) p50_us (\d+) p99_us (\d+)/).map(Number);
  take(n);
  return { n, rate: n / s, p50: p50 / 1000, p99: p99 / 1000, database: (cpuSince(of.child.pid, before).mariadbd ?? 0) / n * 1000 };
}

/* CPU s per 1,000 check-ins of what muster-jobs does with them afterwards, and the database for it. */
async function afterwards() {
  const behind = number('SELECT COUNT(*) FROM audit_log') - number('SELECT COUNT(*) FROM audit_chain');
  const before = cpuOf(of.child.pid);
  hold('SIGCONT');
  for (let waiting = -1; ;) {
    await sleep(1000);
    const chained = number('SELECT (SELECT MAX(id) FROM audit_log) = (SELECT MAX(audit_id) FROM audit_chain)') === 1;
    const left = number('SELECT COUNT(*) FROM outbox');
    if (chained && (left === 0 || left === waiting)) break; // a relay that does not run leaves what there is
    waiting = left;
  }
  const spent = cpuSince(of.child.pid, before);
  return { n: behind, jobs: (spent['muster-jobs'] ?? 0) / behind * 1000, database: (spent.mariadbd ?? 0) / behind * 1000, left: number('SELECT COUNT(*) FROM outbox') };
}

try {
  hold('SIGSTOP');
  const counts = [1, 32, 128];
  const results = { null: {}, checkIn: {}, single: {}, shared: [] };
  for (const c of counts) Object.assign(results, { null: { ...results.null, [c]: [] }, checkIn: { ...results.checkIn, [c]: [] }, single: { ...results.single, [c]: [] } });
  await checkIns(8); // connections, caches
  for (let i = 0; i < rounds; i += 1) {
    for (const c of counts) {
      results.null[c].push(await nothing(c));
      results.checkIn[c].push(await checkIns(c));
      if (c < 128) results.single[c].push(await bare(1, c));
    }
    results.shared.push(await bare(32, 2));
  }
  const m = (list, key) => median(list.map((r) => r[key]));
  const ratio = (a, b, key, other = key) => median(a.map((r, i) => r[key] / b[i][other]));

  say(`Check-ins: ${STUDENTS} students with tokens, durable, median of ${rounds} rounds of ${seconds} s`);
  for (const c of counts) {
    const [nil, ours, single] = [results.null[c], results.checkIn[c], results.single[c]];
    row(`${c} connections: null answer of the pool, requests/s, p99 ms`, `${fixed(m(nil, 'rate'), 0)} ${fixed(m(nil, 'p99'), 2)}`, '', null);
    row(`${c} connections: check-ins/s`, fixed(m(ours, 'rate'), 0), '', null);
    row(`${c} connections: p50, p99 ms`, `${fixed(m(ours, 'p50'), 2)} ${fixed(m(ours, 'p99'), 2)}`, c === 32 ? 'p99 <= 5' : '', c === 32 ? m(ours, 'p99') <= 5 : null);
    row(`${c} connections: rate against null`, fixed(ratio(ours, nil, 'rate'), 2), c === 32 ? '>= 0.35' : '', c === 32 ? ratio(ours, nil, 'rate') >= 0.35 : null);
    row(`${c} connections: CPU s per 1,000, nginx + app, database`, `${fixed(m(ours, 'app'), 3)} ${fixed(m(ours, 'database'), 3)}`, '', null);
    row(`${c} connections: CPU of nginx + app against null`, fixed(ratio(ours, nil, 'app'), 2), c === 32 ? '<= 2.5' : '', c === 32 ? ratio(ours, nil, 'app') <= 2.5 : null);
    row(`${c} connections: CPU of the database against bare shared`, fixed(ratio(ours, results.shared, 'database'), 2), c === 32 ? '<= 1.3' : '', c === 32 ? ratio(ours, results.shared, 'database') <= 1.3 : null);
    if (single.length > 0) row(`${c} connections: bare, singly: rows/s, p50 ms, CPU s per 1,000`, `${fixed(m(single, 'rate'), 0)} ${fixed(m(single, 'p50'), 2)} ${fixed(m(single, 'database'), 3)}`, '', null);
    if (c === 1) row('alone: p50 against bare, singly', fixed(ratio(ours, single, 'p50'), 2), '<= 1.5', ratio(ours, single, 'p50') <= 1.5);
  }
  row('bare, 32 rows a statement, 2 connections: rows/s, CPU s per 1,000', `${fixed(m(results.shared, 'rate'), 0)} ${fixed(m(results.shared, 'database'), 3)}`, '', null);
  const after = await afterwards();
  row(`relay and chain of ${after.n}: CPU s per 1,000, jobs, database`, `${fixed(after.jobs, 3)} ${fixed(after.database, 3)}`, '', null);
  if (after.left > 0) say(`  ${after.left} events were not relayed: no relay runs`);
  const at32 = results.checkIn[32];
  row('32 connections: all CPU s per 1,000 with relay and chain', fixed(m(at32, 'app') + m(at32, 'database') + after.jobs + after.database, 3), '', null);
} finally {
  hold('SIGCONT');
  for (const fault of await of.stop()) say(fault);
  rmSync(folder, { recursive: true, force: true });
}
