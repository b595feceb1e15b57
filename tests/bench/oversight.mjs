// `make bench`, oversight: database time of the admins' pages with 20,000 and with 2,000,000
// sessions and as many completions, among 10,000 people.  The institution grows in years, not
// in sessions a day: both have about 1,000 a day, the smaller one for three weeks.
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client, sql } from '../lib/http.mjs';
import { startServer, temporaryFolder } from '../lib/server.mjs';
import { cpuOf, cpuSince } from './measure.mjs';

const build = resolve(process.argv[process.argv.indexOf('--build') + 1] ?? 'build');
const sizes = (process.env.ROWS ?? '20000,2000000').split(',').map(Number);
const aim = 20; // ms of database time a page
const rounds = 30;
const say = (text = '') => process.stdout.write(`${text}\n`);

const people = `
  INSERT INTO person (branch_id, given_name, family_name, teacher_code, student_code)
  SELECT 1, CONCAT('Given', MOD(seq, 700)), CONCAT('Family', seq), IF(seq <= 400, CONCAT('OT', seq), NULL), IF(seq > 400, CONCAT('OS', seq), NULL) FROM seq_1_to_10000;
  INSERT INTO account (uuid, person_id, branch_id, role, username, password_hash)
  SELECT UUID(), id, 1, 'faculty', CONCAT('over_', teacher_code), '' FROM person WHERE teacher_code LIKE 'OT%';
  INSERT INTO course (branch_id, code, title) SELECT 1, CONCAT('OV', seq), CONCAT('Oversight course ', seq) FROM seq_1_to_300;
  INSERT INTO class (branch_id, name) SELECT 1, CONCAT('Oversight class ', seq) FROM seq_1_to_200;`;

/* Rows from..to, the newest first: 1,000 a day back from yesterday.  1 in 50 is missing, 1 in 20 to check. */
const fill = (from, to) => `
  SET foreign_key_checks = 0, unique_checks = 0;
  SET @p = (SELECT MIN(id) FROM person WHERE teacher_code LIKE 'OT%'), @k = (SELECT MIN(id) FROM course WHERE code LIKE 'OV%'),
    @g = (SELECT MIN(id) FROM class WHERE name LIKE 'Oversight%'), @t = UTC_DATE(), @a = (SELECT MIN(id) FROM account WHERE username LIKE 'over_%');
  INSERT INTO occurrence (id, branch_id, course_id, class_id, teacher_id, title, room, session_date, start_time, end_time, zone, starts_at, ends_at,
    state, completion_id, review, late_min, in_time)
  SELECT 10000000 + n, 1, @k + MOD(n * 7, 300), @g + MOD(n * 3, 200), @p + MOD(n, 400), CONCAT('Course ', MOD(n * 7, 300), ', part ', n DIV 1000), 'B1',
    @t - INTERVAL 1 + n DIV 1000 DAY, SEC_TO_TIME(28800 + MOD(n, 10) * 3600), SEC_TO_TIME(32400 + MOD(n, 10) * 3600), 'UTC',
    TIMESTAMP(@t - INTERVAL 1 + n DIV 1000 DAY, SEC_TO_TIME(28800 + MOD(n, 10) * 3600)),
    TIMESTAMP(@t - INTERVAL 1 + n DIV 1000 DAY, SEC_TO_TIME(32400 + MOD(n, 10) * 3600)),
    IF(MOD(n, 50) < 2, 'scheduled', 'completed'), 2000000000 + n, CASE WHEN MOD(n, 50) = 0 THEN 'none' WHEN MOD(n, 50) = 1 THEN 'returned' WHEN MOD(n, 20) = 3 THEN 'none' ELSE 'checked' END,
    IF(MOD(n, 50) < 2, NULL, MOD(n, 13)), IF(MOD(n, 50) < 2, NULL, 1)
  FROM (SELECT seq AS n FROM seq_${from}_to_${to}) s;
  INSERT INTO completion (id, occurrence_id, state, faculty_id, actual_start, actual_end, code, code_key, completed_by, completed_at)
  SELECT o.completion_id, o.id, CASE WHEN o.state = 'completed' THEN IF(o.review = 'checked', 'checked', 'completed') ELSE IF(o.review = 'returned', 'returned', 'pending') END,
    @a, IF(o.late_min IS NULL, NULL, ADDTIME(o.start_time, SEC_TO_TIME(o.late_min * 60))), IF(o.late_min IS NULL, NULL, o.end_time),
    CONCAT('OV-', o.id), CONCAT('OV-', o.id), @a, o.ends_at
  FROM occurrence o WHERE o.id BETWEEN ${10000000 + from} AND ${10000000 + to};`;

/* ms of database CPU a page, after three that are not counted. */
async function measure(muster, client, path) {
  for (let i = 0; i < 3; i += 1) {
    const answer = await client.get(path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
  }
  const before = cpuOf(muster.child.pid);
  for (let i = 0; i < rounds; i += 1) await client.get(path);
  return (cpuSince(muster.child.pid, before).mariadbd ?? 0) / rounds * 1000;
}

const folder = temporaryFolder('muster-bench-');
mkdirSync(join(folder, 'var'));
const muster = await startServer({ build, folder: join(folder, 'var'), env: { MUSTER_REQUESTS_PER_ACCOUNT_PER_MINUTE: '0', MUSTER_LOG_LEVEL: 'warn' } });
const table = new Map();
try {
  sql(people, { of: muster });
  const clients = { 'super admin': await new Client(muster).signIn('demo_admin_1'), 'branch admin': await new Client(muster).signIn('demo_admin_2') };
  const [[person, course, group]] = sql("SELECT (SELECT MIN(id) + 7 FROM person WHERE teacher_code LIKE 'OT%'), (SELECT MIN(id) + 9 FROM course WHERE code LIKE 'OV%'), (SELECT MIN(id) + 5 FROM class WHERE name LIKE 'Oversight%')", { of: muster });
  const pages = {
    '/admin': '/admin',
    missing: '/admin/completions', 'to check': '/admin/completions?tab=check', 'signed off': '/admin/completions?tab=checked',
    'all, oldest first': '/admin/completions?tab=all&order=asc', 'all of a teacher': `/admin/completions?tab=all&teacher=${person}`,
    'missing of a course': `/admin/completions?tab=missing&course=${course}`, 'to check of a group': `/admin/completions?tab=check&group=${group}`,
    'teacher and course': `/admin/completions?tab=all&teacher=${person}&course=${course}`, 'a code': '/admin/completions?q=OV-10000017',
    'words that nothing has': '/admin/completions?tab=checked&q=nowhere%20to%20be%20found', '12 min late or more': '/admin/completions?tab=checked&late=12',
    'last 30 days': '/admin/completions?tab=all&period=last-30', 'people: search': '/admin/people?q=Family77',
  };
  let filled = 0;
  for (const size of sizes) {
    const start = performance.now();
    for (; filled < size; filled = Math.min(filled + 100000, size)) sql(fill(filled + 1, Math.min(filled + 100000, size)), { of: muster });
    sql('ANALYZE TABLE occurrence, completion, person', { of: muster });
    say(`${size} sessions and completions, filled in ${((performance.now() - start) / 1000).toFixed(0)} s`);
    for (const [who, client] of Object.entries(clients)) {
      for (const [name, path] of Object.entries(pages)) {
        const key = `${who}: ${name}`;
        table.set(key, [...(table.get(key) ?? []), await measure(muster, client, path)]);
      }
    }
  }
  say(`Oversight: ms of database CPU a page, mean of ${rounds}`);
  for (const [name, values] of table) {
    say(`  ${name.padEnd(44)} ${values.map((v) => v.toFixed(1).padStart(8)).join('')}   < ${aim}  ${values.every((v) => v < aim) ? 'yes' : 'NO'}`);
  }
} finally {
  for (const fault of await muster.stop()) say(fault);
  rmSync(folder, { recursive: true, force: true });
}
