// `make bench`: runs the benches one after the other, each on a server of its own, and ends with
// a table of all that has an aim.  BENCH=name,name runs only those.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../lib/server.mjs';

/* Name, script, and what of the script. */
const benches = [
  ['page', 'run.mjs'], ['upload', 'run.mjs'], ['put', 'run.mjs'], ['download', 'run.mjs'],
  ['import', 'import.mjs'], ['schedules', 'schedules.mjs'], ['oversight', 'oversight.mjs'], ['audit', 'audit.mjs'],
  ['console', 'console.mjs'], ['check_in', 'check_in.mjs'], ['stampede', 'stampede.mjs'], ['live', 'live.mjs'],
];
const wanted = (process.env.BENCH || benches.map(([name]) => name).join(',')).split(',');
const unknown = wanted.filter((name) => !benches.some(([known]) => known === name));
if (unknown.length > 0) {
  process.stderr.write(`no bench is called ${unknown.join(', ')}: ${benches.map(([name]) => name).join(' ')}\n`);
  process.exit(2);
}

/* Shows what the script says; gives the lines that end with whether an aim was reached. */
function run(script, parts) {
  const child = spawn(process.execPath, [join(root, 'tests/bench', script), ...process.argv.slice(2)], {
    stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, PARTS: parts.join(',') },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => { output += text; process.stdout.write(text); });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ failed: code !== 0, lines: output.split('\n').filter((line) => / {2}(yes|NO)$/.test(line)) }));
  });
}

const results = [];
for (const script of new Set(benches.map(([, file]) => file))) {
  const parts = benches.filter(([name, file]) => file === script && wanted.includes(name)).map(([name]) => name);
  if (parts.length > 0) results.push({ title: parts.join(', '), ...await run(script, parts) });
}

process.stdout.write('\nWhat has an aim\n');
for (const { title, failed, lines } of results) {
  process.stdout.write(`${title}${failed ? ': FAILED' : ''}\n${lines.map((line) => `${line}\n`).join('')}`);
}
const missed = results.flatMap((r) => r.lines).filter((line) => line.endsWith('NO')).length;
process.stdout.write(`${missed === 0 ? 'all aims are reached' : `${missed} missed`}\n`);
process.exitCode = results.some((r) => r.failed) ? 1 : 0;
