// `make bench`, the audit log: how fast muster-jobs hashes what piled up, whether that gets
// slower with more, and what `muster verify-audit` takes.  AUDIT_ROWS=300000.
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { muster as command, sql } from '../lib/http.mjs';
import { startServer, temporaryFolder } from '../lib/server.mjs';
import { cpuOf, cpuSince } from './measure.mjs';

const build = resolve(process.argv[process.argv.indexOf('--build') + 1] ?? 'build');
const third = Math.ceil(Number(process.env.AUDIT_ROWS ?? 300000) / 3);
const folder = temporaryFolder('muster-bench-');
mkdirSync(join(folder, 'var'));
const of = await startServer({ build, folder: join(folder, 'var'), env: { MUSTER_LOG_LEVEL: 'warn' } });
const say = (text = '') => process.stdout.write(`${text}\n`);
const row = (name, value, aim, holds) => say(`  ${name.padEnd(58)} ${value.padStart(12)}   ${aim}${holds === null ? '' : holds ? '  yes' : '  NO'}`);

const fill = (from, to) => `INSERT INTO audit_log (at, actor_id, request_id, action, branch_id, object, object_id, detail)
  SELECT UTC_TIMESTAMP(6), MOD(seq, 400) + 1, MD5(seq), ELT(1 + MOD(seq, 3), 'session.completed', 'file.added', 'note.added'), 1, 'occurrence', seq,
    CONCAT('{"occurrence":', seq, ',"code":"', MD5(seq), '","from":"09:12","to":"10:28","files":2,"notes":1}') FROM seq_${from}_to_${to}`;

/* Seconds until all is hashed, and the CPU of it, from the insertion on. */
async function catchUp(from, to) {
  sql(fill(from, to), { of });
  const [[behind]] = sql('SELECT (SELECT COUNT(*) FROM audit_log) - (SELECT COUNT(*) FROM audit_chain)', { of });
  const before = cpuOf(of.child.pid);
  const began = performance.now();
  for (;;) {
    const [[left]] = sql('SELECT (SELECT MAX(id) FROM audit_log) = (SELECT MAX(audit_id) FROM audit_chain)', { of });
    if (left === '1') break;
    await sleep(200);
  }
  const used = cpuSince(of.child.pid, before);
  return { rate: Number(behind) / (performance.now() - began) * 1000, cpu: Object.values(used).reduce((a, b) => a + b, 0) / Number(behind) * 1e6 };
}

try {
  const steps = [];
  for (let i = 0; i < 3; i += 1) steps.push(await catchUp(i * third + 1, (i + 1) * third));
  const before = cpuOf(of.child.pid);
  const began = performance.now();
  const { code, output } = command(['verify-audit'], { of });
  const seconds = (performance.now() - began) / 1000;
  if (code !== 0 || !output.includes('no row waits')) throw new Error(output);
  const cpu = (cpuSince(of.child.pid, before).mariadbd ?? 0) / (3 * third) * 1e6;
  say(`Audit log: ${3 * third} rows, hashed in thirds`);
  row('hashed a second, by third', steps.map((s) => s.rate.toFixed(0)).join(' '), '', null);
  row('CPU us a row, by third', steps.map((s) => s.cpu.toFixed(0)).join(' '), 'last <= 1.5 x first', steps[2].cpu <= 1.5 * steps[0].cpu);
  row('verify-audit, s', seconds.toFixed(1), '', null);
  row('verify-audit, database CPU us a link', cpu.toFixed(1), '<= 10', cpu <= 10);
} finally {
  for (const fault of await of.stop()) say(fault);
  rmSync(folder, { recursive: true, force: true });
}
