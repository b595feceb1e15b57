// `make bench`, the teacher's console: its page, what an open page asks for each few seconds, one
// mark, and the projector, with 60 and with 500 students.  Times as one client sees them, one
// request after the other.
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { flaggedAttempt, opened } from '../lib/attending.mjs';
import { signedIn } from '../lib/http.mjs';
import { startServer, temporaryFolder } from '../lib/server.mjs';

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

try {
  const teacher = await signedIn('demo_teacher_1', of);
  for (const n of [60, 500]) {
    const hall = await opened(teacher, { n });
    await teacher.post(`${hall.console}/marks`, { rest: 'p' });
    for (const student of hall.students.slice(0, 3)) flaggedAttempt(hall.attendance, student.id, { of });
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
