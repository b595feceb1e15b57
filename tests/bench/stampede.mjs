// `make bench`, the stampede: 2,000 signed-in students of 40 sessions check in within ten seconds, each twice,
// while each session's console is open; and apart from it, students who all sign in first.  Each request comes
// on a connection of its own, as from a phone, and all of them from this one process: what the clients
// themselves hold up stands beside the figures.  STUDENTS=2000 SESSIONS=40 SECONDS=10 SIGN_INS=2000.
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, sql } from '../lib/http.mjs';
import { startServer, temporaryFolder } from '../lib/server.mjs';
import { checkIn, halls, judge, percentile, stampede, watch } from '../lib/stampede.mjs';
import { openSessions, students } from '../lib/students.mjs';
import { cpuOf, cpuSince } from './measure.mjs';

const build = resolve(process.argv[process.argv.indexOf('--build') + 1] ?? 'build');
const n = Number(process.env.STUDENTS ?? 2000);
const nSessions = Number(process.env.SESSIONS ?? 40);
const withinMs = Number(process.env.SECONDS ?? 10) * 1000;
const SIGN_IN_MAX_MS = 300_000;
const nSignIns = Number(process.env.SIGN_INS ?? 2000);
const folder = temporaryFolder('muster-bench-');
mkdirSync(join(folder, 'var'));
const of = await startServer({ build, folder: join(folder, 'var'), env: { MUSTER_LOG_LEVEL: 'warn', MUSTER_REQUESTS_PER_ACCOUNT_PER_MINUTE: '0', MUSTER_SIGN_IN_PER_ADDRESS_PER_MINUTE: '0' } });
const say = (text = '') => process.stdout.write(`${text}\n`);
const row = (name, value, aim = '', holds = null) => say(`  ${name.padEnd(62)} ${String(value).padStart(14)}   ${aim}${holds === null ? '' : holds ? '  yes' : '  NO'}`);
const times = (answers) => ['p50', 'p99', 'max'].map((_, i) => percentile(answers.map(({ ms }) => ms), [0.5, 0.99, 1][i]));
const shown = (list) => list.map((ms) => ms.toFixed(0)).join(' ');

/* Runs `what`; gives what it gave, CPU seconds by program, and how late this process itself was, in ms. */
async function measured(what) {
  const late = monitorEventLoopDelay({ resolution: 5 });
  const before = cpuOf(of.child.pid);
  late.enable();
  const began = performance.now();
  const result = await what();
  late.disable();
  const spent = cpuSince(of.child.pid, before);
  return { result, seconds: (performance.now() - began) / 1000, lateMs: late.percentile(99) / 1e6 - 5,
    app: (spent['muster-app'] ?? 0) + (spent.nginx ?? 0), database: spent.mariadbd ?? 0 };
}

async function checkIns(admin) {
  const all = halls(of, nSessions, Math.round(n / nSessions));
  const looks = watch(all.map(({ session }, i) => ({ client: admin, path: `/attendance/${session}/live`, everyMs: 2000, afterMs: i * 2000 / nSessions })));
  const { result: told, seconds, lateMs, app, database } = await measured(() => stampede(of, all, { withinMs, cuts: false }));
  const seen = await looks.end();
  const answers = told.flatMap((one) => one.answers);
  const { acknowledged, rows, duplicates, lost, wrong } = judge(of, all, told);
  const [p50, p99, max] = times(answers);
  const nobody = told.filter((one) => one.answers.length < 2).length;

  say(`The stampede: ${told.length} signed-in students of ${nSessions} sessions in ${seconds.toFixed(1)} s, each twice, ${nSessions} consoles open`);
  row('acknowledged, rows', `${acknowledged} ${rows}`, 'equal, all', acknowledged === rows && rows === told.length);
  row('duplicates, lost', `${duplicates} ${lost}`, '0 0', duplicates === 0 && lost === 0);
  row('answers that are neither the first one again nor ALREADY_IN', wrong.length, '0', wrong.length === 0);
  row('requests without an answer', nobody, '0', nobody === 0);
  row('answers: p50, p99, longest, ms', shown([p50, p99, max]), 'p99 <= 1000', p99 <= 1000);
  row('what this process held them up itself, p99, ms', lateMs.toFixed(0));
  row('answers/s', (answers.length / seconds).toFixed(0));
  row('CPU s per 1,000 requests, consoles included: nginx + app, database', `${(app / answers.length * 1000).toFixed(3)} ${(database / answers.length * 1000).toFixed(3)}`);
  row(`consoles: ${seen.length} answers, not 200`, seen.filter(({ status }) => status !== 200).length, '0', seen.every(({ status }) => status === 200));
  row('consoles: p50, p99, longest, ms', shown(times(seen)));
  for (const fault of wrong.slice(0, 5)) say(`  ${JSON.stringify(fault)}`);
}

/*
 * Students who sign in by the page, evenly over the time, and meanwhile some who are signed in and check in.
 * Who is told to come back does so after five seconds, as the answer says, until they are in.
 */
async function signIns() {
  const arriving = students(of, nSignIns, { name: 'storm' });
  const inside = students(of, 200, { name: 'calm' });
  const [session] = openSessions(of, inside.course);
  sql("UPDATE account a JOIN account d ON d.username = 'demo_student_1' SET a.password_hash = d.password_hash WHERE a.username LIKE 'storm%'", { of });
  const began = performance.now();
  const evenly = (list, what) => Promise.all(list.map(async (student, i) => {
    await sleep(i * withinMs / list.length + began - performance.now());
    return what(student);
  }));
  const signIn = async ({ username }) => {
    const started = performance.now();
    for (let tries = 1; ; tries += 1) {
      const isIn = await new Client(of).signIn(username).then(() => true, () => false);
      const ms = performance.now() - started;
      if (isIn || ms > SIGN_IN_MAX_MS) return { isIn, tries, ms };
      await sleep(5000);
    }
  };
  const { result: [signed, checked], seconds, app } = await measured(() => Promise.all([evenly(arriving.list, signIn), evenly(inside.list, (student) => checkIn(of, { ...student, session }, 'a'))]));
  const refused = signed.filter(({ isIn }) => !isIn).length;
  const bad = checked.filter(({ status }) => status !== 201).length;

  say();
  say(`A storm of sign-ins, apart: ${signed.length} students within ${withinMs / 1000} s by the page, and ${checked.length} check-ins of others`);
  row('all are in after, s', seconds.toFixed(1));
  row('until they were in: p50, p99, longest, ms', shown(times(signed)));
  row('told to come back on the way (503)', signed.reduce((sum, { tries }) => sum + tries - 1, 0));
  row('never in', refused, '0', refused === 0);
  row('CPU s a sign-in, nginx + app', (app / signed.length).toFixed(3));
  row('check-ins meanwhile: p50, p99, longest, ms', shown(times(checked)), 'p99 <= 1000', times(checked)[1] <= 1000);
  row('check-ins meanwhile that failed', bad, '0', bad === 0);
}

try {
  await checkIns(await new Client(of).signIn('demo_admin_1'));
  await signIns();
} finally {
  for (const fault of await of.stop()) say(fault);
  rmSync(folder, { recursive: true, force: true });
}
