// Many mixed requests against one server, and what its memory does meanwhile.
//
// Everything the pages and the doors are asked in a day, good and bad, from several
// clients at once.  Flat means: after the first fifth (caches fill, statements are
// prepared) no worker grows by more than `slack` of what it has and `room` MB.
import { newSession } from '../lib/classroom.mjs';
import { Client, form, json, multipart, sql } from '../lib/http.mjs';
import { readFileSync } from 'node:fs';
import { family } from '../bench/measure.mjs';

const CLIENTS = 12;

/* The same on each run: what happens must not depend on the clock. */
function random(seed) {
  let x = seed;
  return (n) => { x = (Math.imul(x, 1664525) + 1013904223) >>> 0; return Math.floor((x / 2 ** 32) * n); };
}

const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

/* What is asked, with its weight; each gives the answer's status. */
function asks(of, sessions, completed) {
  // A page that grows with its notes takes more memory, and rightly so: each session gets some only.
  let uses = 0;
  let session;
  const busy = () => {
    if (uses % 20 === 0) session = newSession({ of });
    uses += 1;
    return session.id;
  };
  const any = (list, r) => list[r(list.length)];
  return [
    [20, (c) => c.get('/sessions')],
    [10, (c) => c.get('/sessions?tab=completed')],
    [5, (c, r) => c.get(`/sessions?tab=completed&q=${any(['data', 'é', '%25', 'xss', 'z'.repeat(90)], r)}&sort=delay`)],
    [5, (c) => c.get('/sessions?tab=history&period=all')],
    [15, (c, r) => c.get(`/sessions/${any(sessions, r)}`)],
    [4, (c, r) => c.get(`/sessions/${any(sessions, r)}/complete`)],
    [4, (c, r) => c.post(`/sessions/${busy()}/notes`, { type: 'general', text: `A remark ${r(1000)}` })],
    [2, (c, r) => c.post(`/sessions/${any(completed, r)}/notes`, { type: 'general', text: '' })],
    [2, (c, r) => c.post(`/sessions/${any(completed, r)}/complete`, { start: '10:00', end: '09:00', notes: 'x' })],
    [2, async (c, r) => c.post(`/sessions/${busy()}/files`, multipart([{ name: 'csrf_token', value: await c.token() },
      { name: 'file', filename: 'a.pdf', type: 'application/pdf', value: pdf }]))],
    [2, (c) => c.get('/account')],
    [4, (c) => c.get('/api/session_completion.php?action=list')],
    [2, (c, r) => c.get(`/api/session_completion.php?action=get&id=${any(completed, r)}`)],
    [2, (c) => c.send('POST', '/api/session_completion.php?action=create', { body: json({ broken: [1, 2, { a: null }] }) })],
    [2, (c) => c.get('/admin/completions')],
    [2, (c) => c.get('/admin/people?q=demo')],
    [1, (c) => c.get('/admin/uploads')],
    [1, (c) => c.get('/admin/audit')],
    [1, (c) => c.get('/admin/schedules')],
    [2, (c, r) => c.get(`/${'x'.repeat(1 + r(3000))}`)],
    [2, (c) => c.get('/sessions/999999999')],
    [1, (c) => c.send('POST', '/sign-in', { body: form({ user: 'nobody\u0301', pass: 'wrong' }) })],
    [1, (c) => c.send('DELETE', '/sessions')],
    [1, (c) => c.send('POST', '/sessions/1/notes', { body: Buffer.from('a'.repeat(70000)) })],
    [1, (c) => c.get('/verify/AAAA-0000-XXXX')],
  ];
}

function pick(list, r) {
  const total = list.reduce((sum, [weight]) => sum + weight, 0);
  let at = r(total);
  return list.find(([weight]) => { at -= weight; return at < 0; })[1];
}

/*
 * Anonymous memory (MB) by process: heap and stacks.  A proportional share would move with
 * whoever else on the machine maps the same libraries.
 */
const workers = (of) => family(of.pid).filter((p) => /^muster-(app|jobs|scan)$|memcheck/.test(p.name)).map((p) => ({
  ...p, mb: Number(readFileSync(`/proc/${p.pid}/smaps_rollup`, 'utf8').match(/^Anonymous:\s+(\d+)/m)[1]) * 1024 / 1e6 }));

/*
 * { statuses, faults, first, last }: how many answers of each status, sentences about what is
 * wrong, and the memory (MB) per program after the first fifth and at the end.
 */
export async function manyRequests(of, n, { slack = 0.03, room = 0.3, say = () => {} } = {}) {
  const ids = (where) => sql(`SELECT id FROM occurrence WHERE teacher_id = 3 AND ${where} ORDER BY id LIMIT 60`, { of }).map(([id]) => id);
  const list = asks(of, ids('TRUE'), ids("state = 'completed'"));
  const statuses = {};
  const faults = [];
  let sent = 0;
  let first = null;

  async function client(number) {
    const r = random(number + 1);
    const c = await new Client(of).signIn(['demo_teacher_1', 'demo_admin_1', 'demo_teacher_1'][number % 3]);
    while (sent < n) {
      sent += 1;
      if (sent % Math.ceil(n / 10) === 0) say(`  ${sent} of ${n}`);
      if (!first && sent > n / 5) first = workers(of);
      const ask = pick(list, r);
      try {
        const { status } = await ask(c, r);
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status >= 500) faults.push(`${status} for ${ask}`);
      } catch (error) { faults.push(`${error.message} for ${ask}`); }
    }
  }

  await Promise.all(Array.from({ length: CLIENTS }, (_, i) => client(i)));
  const last = workers(of);
  for (const was of first) {
    const is = last.find((p) => p.pid === was.pid);
    if (!is) faults.push(`${was.name} ${was.pid} has gone`);
    else if (is.mb > was.mb * (1 + slack) + room) faults.push(`${was.name} ${was.pid} grew from ${was.mb.toFixed(2)} to ${is.mb.toFixed(2)} MB`);
  }
  return { statuses, faults: [...new Set(faults)], first, last };
}
