// Import of 20,000 people, 100,000 enrolments and 100,000 marks (2,500 sessions that were held without a
// register, by session and by student) through the pages, as an admin does it: seconds for the upload, the dry run, the run and the undo, and the peak memory of muster-jobs.
// node tests/bench/import.mjs --build DIR.
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Client, multipart, sql } from '../lib/http.mjs';
import { startServer, temporaryFolder } from '../lib/server.mjs';
import { family } from './measure.mjs';

const PEOPLE = 20_000;
const COURSES = 100; // each person takes five
const ENROLMENTS = 100_000;
const SESSIONS = 25; // of each course
const code = (i) => `BI${String(i).padStart(6, '0')}`;

const people = () => `student_code,given_name,family_name,email,username,section,section_from\n${
  Array.from({ length: PEOPLE }, (_, i) => `${code(i)},Given ${i},Family ${i % 977},${code(i)}@bench.example,${code(i)},Bench,2026-09-01\n`).join('')}`;
const enrolments = () => `student_code,course,from,to,state\n${
  Array.from({ length: ENROLMENTS }, (_, i) => `${code(i % PEOPLE)},BENCH${(i % PEOPLE + 20 * Math.floor(i / PEOPLE)) % COURSES},2026-09-01,2027-06-30,approved\n`).join('')}`;

/* Each enrolment has a mark in one of the course's 25 sessions, numbered course by course from `first`. */
function marks(first, byStudent) {
  const rows = Array.from({ length: ENROLMENTS }, (_, i) => {
    const [person, course] = [i % PEOPLE, (i % PEOPLE + 20 * Math.floor(i / PEOPLE)) % COURSES];
    return [first + course * SESSIONS + Math.floor(person / COURSES) % SESSIONS, person];
  }).sort(([a, p], [b, q]) => (byStudent ? p - q || a - b : a - b || p - q));
  return `student_code,session,status\n${rows.map(([session, person]) => `${code(person)},${session},${'PPPLEA'[(session + person) % 6]}\n`).join('')}`;
}

/* Resident memory in MB of muster-jobs: now, and the most it ever was. */
function memoryOfJobs(pid) {
  const jobs = family(pid).find((p) => p.name === 'muster-jobs');
  const status = readFileSync(`/proc/${jobs.pid}/status`, 'utf8');
  return (key) => Number(status.match(new RegExp(`${key}:\\s*(\\d+) kB`))[1]) / 1024;
}

async function settled(client, path, states) {
  for (;;) {
    const [[state]] = sql(`SELECT state FROM import WHERE id = ${path.split('/').pop()}`, { of: client.of });
    if (states.includes(state)) return;
    if (state === 'failed') throw new Error(`the import failed: ${path}`);
    await sleep(50);
  }
}

async function step(client, path, what, fields, state) {
  const [[version]] = sql(`SELECT version FROM import WHERE id = ${path.split('/').pop()}`, { of: client.of });
  const began = performance.now();
  const answer = await client.post(`${path}/${what}`, { version, ...fields });
  if (answer.status !== 303) throw new Error(`${path}/${what} answered ${answer.status}`);
  await settled(client, path, [state]);
  return (performance.now() - began) / 1000;
}

async function one(client, kind, text, columns, why) {
  const began = performance.now();
  const answer = await client.post('/admin/imports', multipart([{ name: 'kind', value: kind }, { name: 'branch', value: '1' },
    { name: 'file', filename: `${kind}.csv`, type: 'text/csv', bytes: Buffer.from(text) }]));
  if (answer.status !== 303) throw new Error(`the upload answered ${answer.status}`);
  const upload = (performance.now() - began) / 1000;
  const path = answer.headers.location;
  const check = await step(client, path, 'columns', { column: columns }, 'checked');
  const run = await step(client, path, 'run', why ? { why } : {}, 'done');
  const [[created, wrong]] = sql(`SELECT n_created, n_wrong FROM import WHERE id = ${path.split('/').pop()}`, { of: client.of });
  return { path, upload, check, run, created: Number(created), wrong: Number(wrong) };
}

/* say: prints a line; row: (name, value, aim, holds). */
export async function imports(muster, { say, row }) {
  sql(`INSERT INTO section (batch_id, name) SELECT MIN(id), 'Bench' FROM batch;
    INSERT INTO course (branch_id, code, title) SELECT 1, CONCAT('BENCH', seq), 'Bench' FROM seq_0_to_${COURSES - 1}`, { of: muster });
  const client = await new Client(muster).signIn('demo_admin_1');
  const before = memoryOfJobs(muster.child.pid);
  say();
  say(`Import of ${PEOPLE.toLocaleString('en')} people (account, section), ${ENROLMENTS.toLocaleString('en')} enrolments and as many marks`);
  const a = await one(client, 'people', people(), ['student_code', 'given_name', 'family_name', 'email', 'username', 'section', 'section_from']);
  const b = await one(client, 'enrolments', enrolments(), ['student_code', 'course', 'from', 'to', 'state']);
  for (const [name, r, n] of [['people', a, PEOPLE], ['enrolments', b, ENROLMENTS]]) {
    if (r.created !== n || r.wrong !== 0) throw new Error(`${name}: ${r.created} created, ${r.wrong} wrong`);
    row(`${name}: upload and look through, s`, r.upload.toFixed(2), '', null);
    row(`${name}: dry run, s`, r.check.toFixed(2), '', null);
    row(`${name}: run, s`, r.run.toFixed(2), '<= 10', r.run <= 10);
  }
  sql(`INSERT INTO occurrence (branch_id, course_id, title, session_date, start_time, end_time, zone, starts_at, ends_at)
    SELECT 1, c.id, 'Bench', '2026-09-02' + INTERVAL seq DAY, '09:00', '10:30', 'UTC', '2026-09-02 09:00' + INTERVAL seq DAY, '2026-09-02 10:30' + INTERVAL seq DAY
    FROM course c JOIN seq_0_to_${SESSIONS - 1} WHERE c.title = 'Bench' ORDER BY CAST(SUBSTRING(c.code, 6) AS SIGNED), seq`, { of: muster });
  const [[first]] = sql("SELECT MIN(id) FROM occurrence WHERE title = 'Bench'", { of: muster });
  for (const name of ['by session', 'by student']) {
    const r = await one(client, 'attendance', marks(Number(first), name === 'by student'), ['student_code', 'session', 'status'], 'bench');
    if (r.created !== ENROLMENTS || r.wrong !== 0) throw new Error(`marks ${name}: ${r.created} created, ${r.wrong} wrong`);
    row(`marks ${name}: upload and look through, s`, r.upload.toFixed(2), '', null);
    row(`marks ${name}: dry run, s`, r.check.toFixed(2), '', null);
    row(`marks ${name}: run, s`, r.run.toFixed(2), '', null);
    row(`marks ${name}: undo, s`, (await step(client, r.path, 'undo', {}, 'undone')).toFixed(2), '', null);
  }
  row('enrolments: undo, s', (await step(client, b.path, 'undo', {}, 'undone')).toFixed(2), '', null);
  row('people: undo, s', (await step(client, a.path, 'undo', {}, 'undone')).toFixed(2), '', null);
  const after = memoryOfJobs(muster.child.pid);
  row('muster-jobs before, MB resident', before('VmRSS').toFixed(1), '', null);
  row('muster-jobs at its peak, MB resident', after('VmHWM').toFixed(1), '<= 40', after('VmHWM') <= 40);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const build = resolve(process.argv[process.argv.indexOf('--build') + 1] ?? 'build');
  const folder = temporaryFolder('muster-bench-');
  const muster = await startServer({ build, folder: join(folder, 'var'), env: { MUSTER_REQUESTS_PER_ACCOUNT_PER_MINUTE: '0', MUSTER_UPLOADS_PER_ACCOUNT_PER_HOUR: '0', MUSTER_LOG_LEVEL: 'warn' } });
  const say = (text = '') => process.stdout.write(`${text}\n`);
  try {
    await imports(muster, { say, row: (name, value, aim, holds) => say(`  ${name.padEnd(58)} ${value.padStart(12)}   ${aim}${holds === null ? '' : holds ? '  yes' : '  NO'}`) });
  } finally {
    for (const fault of await muster.stop()) say(fault);
    rmSync(folder, { recursive: true, force: true });
  }
}
