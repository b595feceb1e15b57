// `make bench`, the teacher's console: its page, what an open page asks for each few seconds, one
// mark, and the projector, with 60 and with 500 students.  Times as one client sees them, one
// request after the other.  And by 32 at once, beside the bare query of their records
// (bare_live.c): the live snapshot of contract 000 of 60 students, and what is new on the console, each
// row of it.  ROUNDS=3 SECONDS=4.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { flaggedAttempt, opened } from '../lib/attending.mjs';
import { signIn } from '../lib/c000.mjs';
import { signedIn, sql } from '../lib/http.mjs';
import { startServer, temporaryFolder } from '../lib/server.mjs';
import { cpuOf, cpuSince, median, wrk } from './measure.mjs';

const build = resolve(process.argv[process.argv.indexOf('--build') + 1] ?? 'build');
const times = Number(process.env.CONSOLE_TIMES ?? 200);
const folder = temporaryFolder('muster-bench-');
mkdirSync(join(folder, 'var'));
const of = await startServer({ build, folder: join(folder, 'var'), env: { MUSTER_LOG_LEVEL: 'warn', MUSTER_REQUESTS_PER_ACCOUNT_PER_MINUTE: '0' } });
const say = (text = '') => process.stdout.write(`${text}\n`);

async function measure(name, ask) {
  const took = [];
  let bytes = 0;
  for (let i = 0; i < times; i += 1) {
    const began = performance.now();
    const answer = await ask(i);
    took.push(performance.now() - began);
    if (answer.status !== 200 && answer.status !== 304) throw new Error(`${name}: ${answer.status}`);
    bytes = answer.body.length;
  }
  took.sort((a, b) => a - b);
  const at = (part) => took[Math.floor(times * part)].toFixed(2).padStart(8);
  say(`  ${name.padEnd(40)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   ${String(bytes).padStart(8)} bytes`);
}

/* Each student here by a check-in of their own, as the snapshot shows the last ten. */
const checkIn = (hall) => sql(`INSERT INTO attendance_attempt (attendance_id, person_id, nonce, path, happened_at, learned_at, decision, status, signals)
  SELECT attendance_id, person_id, RANDOM_BYTES(16), 'json', happened_at, happened_at, 'approved', 'present', '[{"s":"code","v":"pass"}]' FROM attendance_record WHERE attendance_id = ${hall.attendance}`, { of });

/* One path asked for by `connections` at once, and the database alone by as many, in turns. */
async function besideTheQuery(name, path, headers, hall, { connections = 32, rounds = Number(process.env.ROUNDS ?? 3), seconds = Number(process.env.SECONDS ?? 4) } = {}) {
  const password = readFileSync(join(of.var, 'conf/db_app.password'), 'utf8').trim();
  const found = [];
  for (let i = 0; i < rounds; i += 1) {
    let before = cpuOf(of.child.pid);
    const live = await wrk(`${of.url}${path}`, { connections, seconds, headers });
    if (live.errors) throw new Error(`${path}: ${live.errors}`);
    let spent = cpuSince(of.child.pid, before);
    const per = (sum, n) => (sum / n) * 1000;
    const app = per((spent['muster-app'] ?? 0) + (spent.nginx ?? 0), live.requests);
    const database = per(spent.mariadbd ?? 0, live.requests);
    before = cpuOf(of.child.pid);
    const { stdout } = await promisify(execFile)(join(build, 'release/tests/bench/bare_live'), [of.db_socket, 'muster_app', String(hall.attendance), String(connections), String(seconds)],
      { env: { ...process.env, MYSQL_PWD: password } });
    spent = cpuSince(of.child.pid, before);
    const [, n, s, rows] = stdout.match(/statements (\d+) seconds ([\d.]+) rows (\d+)/).map(Number);
    if (rows !== hall.students.length) throw new Error(`${rows} rows of ${hall.students.length}`);
    found.push({ live: live.rate, bare: n / s, ratio: live.rate / (n / s), app, database, bareDatabase: per(spent.mariadbd ?? 0, n) });
  }
  const m = (key) => median(found.map((r) => r[key]));
  const row = (name, value, aim = '', holds = null) => say(`  ${name.padEnd(62)} ${value.padStart(14)}   ${aim}${holds === null ? '' : holds ? '  yes' : '  NO'}`);
  say(`${name}, ${hall.students.length} students, ${connections} at once, median of ${rounds} rounds of ${seconds} s`);
  row('answers/s, bare queries/s', `${m('live').toFixed(0)} ${m('bare').toFixed(0)}`);
  row(`${name}: rate against the bare query`, m('ratio').toFixed(2), '>= 0.6', m('ratio') >= 0.6);
  row('CPU s per 1,000: nginx + app, database, database for the bare query', `${m('app').toFixed(3)} ${m('database').toFixed(3)} ${m('bareDatabase').toFixed(3)}`);
}

try {
  const teacher = await signedIn('demo_teacher_1', of);
  const app = await signIn('demo_teacher_1', of);
  for (const n of [60, 500]) {
    const hall = await opened(teacher, { n });
    await teacher.post(`${hall.console}/marks`, { rest: 'p' });
    for (const student of hall.students.slice(0, 3)) flaggedAttempt(hall.attendance, student.id, { of });
    if (n === 60) {
      checkIn(hall);
      await besideTheQuery('Live snapshot of contract 000', `/api/smart-attendance/sessions/${hall.id}/live`, { authorization: app.client.headers.authorization }, hall);
      await besideTheQuery('All rows of the console', `${hall.console}/live`, { cookie: [...teacher.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }, hall);
    }
    say(`Console: ${n} students, ${times} requests each`);
    await measure('page', () => teacher.get(hall.console));
    await measure('what is new, all of it', () => teacher.get(`${hall.console}/live`));
    const { etag } = (await teacher.get(`${hall.console}/live`)).headers;
    await measure('what is new, mostly nothing', () => teacher.get(`${hall.console}/live`, { headers: { 'if-none-match': etag } }));
    const student = hall.students[n - 1].id;
    let version = (await teacher.get(`${hall.console}/live`)).json.rows.find(([id]) => id === student)[1];
    await measure('one mark', async (i) => {
      const answer = await teacher.post(`${hall.console}/marks`, { one: `${student}-${i % 2 ? 'p' : 'l'}-${version}` }, { headers: { accept: 'application/json' } });
      [[, version]] = answer.json.rows;
      return answer;
    });
    await measure('codes of the projector', () => teacher.get(`${hall.console}/screen/code`));
    await measure('register as XLSX', () => teacher.get(`${hall.console}/register.xlsx`));
  }
} finally {
  for (const fault of await of.stop()) say(fault);
  rmSync(folder, { recursive: true, force: true });
}
