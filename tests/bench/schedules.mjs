// `node tests/bench/schedules.mjs --build DIR`: a year's sessions of 500 schedules, each checked
// for clashes and saved by the page's own door: seconds, and what of it the database takes.
// A third meets daily on five weekdays (some 250 sessions), the rest once or twice a week.
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client, sql } from '../lib/http.mjs';
import { startServer, temporaryFolder } from '../lib/server.mjs';
import { cpuOf, cpuSince } from './measure.mjs';

const build = resolve(process.argv[process.argv.indexOf('--build') + 1] ?? 'build');
const n = Number(process.env.SCHEDULES ?? 500);
const folder = temporaryFolder('muster-bench-');
mkdirSync(join(folder, 'var'));
const of = await startServer({ build, folder: join(folder, 'var'), env: { MUSTER_REQUESTS_PER_ACCOUNT_PER_MINUTE: '0', MUSTER_LOG_LEVEL: 'warn' } });
const say = (text) => process.stdout.write(`${text}\n`);

try {
  // 50 groups of two sections that overlap with the next group's, 50 teachers, 30 rooms.
  sql(`INSERT INTO branch (id, name, zone) VALUES (50, 'Bench', 'Europe/Paris');
    INSERT INTO department (id, branch_id, name) VALUES (50, 50, 'Bench');
    INSERT INTO batch (id, department_id, name) VALUES (50, 50, 'Bench');
    INSERT INTO section (id, batch_id, name) SELECT 5000 + seq, 50, seq FROM seq_1_to_51;
    INSERT INTO class (id, branch_id, name, n_members) SELECT 5000 + seq, 50, CONCAT('Group ', seq), 30 FROM seq_1_to_50;
    INSERT INTO class_section (class_id, section_id) SELECT 5000 + seq, 5000 + seq FROM seq_1_to_50 UNION SELECT 5000 + seq, 5001 + seq FROM seq_1_to_50;
    INSERT INTO person (id, branch_id, given_name, family_name) SELECT 5000 + seq, 50, 'Bench', CONCAT('Teacher ', seq) FROM seq_1_to_50;
    INSERT INTO room (id, branch_id, name, capacity) SELECT 5000 + seq, 50, CONCAT('Room ', seq), 40 FROM seq_1_to_30;`, { of });
  const admin = await new Client(of).signIn('demo_admin_1');
  const before = cpuOf(of.child.pid);
  const began = performance.now();
  let clashing = 0;
  for (let i = 0; i < n; i += 1) {
    const start = 8 + (i % 5) * 2;
    const fields = {
      batch_id: 5001 + (i % 50), faculty_id: 5001 + ((i * 7) % 50), room: 5001 + ((i * 11) % 30), title: `Bench ${i}`, recurrence: 'weekly',
      start_date: '2031-01-01', end_date: '2031-12-31', start_time: `${String(start).padStart(2, '0')}:00`, end_time: `${String(start + 1).padStart(2, '0')}:30`,
      weekdays: i % 3 === 0 ? ['1', '2', '3', '4', '5'] : [String(1 + (i % 5))], n_slots: i % 3 === 1 ? 2 : 1,
      ...(i % 3 === 1 ? { slot2_days: [String(1 + ((i + 2) % 5))], slot2_start: '18:00', slot2_end: '19:30' } : {}),
    };
    let answer = await admin.post('/admin/schedules', fields);
    if (answer.status === 409) {
      clashing += 1;
      answer = await admin.post('/admin/schedules', { ...fields, accept: 1 });
    }
    if (answer.status !== 303) throw new Error(`schedule ${i} answered ${answer.status}`);
  }
  const seconds = (performance.now() - began) / 1000;
  const used = cpuSince(of.child.pid, before);
  const [[made]] = sql('SELECT COUNT(*) FROM occurrence WHERE branch_id = 50', { of });
  say(`${n} schedules, ${made} sessions of a year, ${clashing} of them saved over clashes after being shown them`);
  say(`  seconds                              ${seconds.toFixed(1)}`);
  say(`  milliseconds a schedule              ${(seconds * 1000 / n).toFixed(1)}`);
  say(`  CPU seconds in the database          ${(used.mariadbd ?? 0).toFixed(1)}`);
  say(`  CPU seconds outside                  ${(Object.values(used).reduce((a, b) => a + b, 0) - (used.mariadbd ?? 0)).toFixed(1)}`);
} finally {
  for (const fault of await of.stop()) say(fault);
  rmSync(folder, { recursive: true, force: true });
}
