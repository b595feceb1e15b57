// Many mixed requests against one server, and what its memory does meanwhile.
//
// Everything the pages and the doors are asked in a day, good and bad, from several
// clients at once.  Flat means: between the second fifth of the requests (before it caches
// fill and statements are prepared) and the last one no worker grows by more than `slack`
// of what it has and `room` MB.
//
// Two things that are no leak look like one, and are kept out:
// - A worker gives freed memory back each thousand requests only.  A reading just behind that
//   is 0.4 MB below the next one, a reading within a large answer above it: of twenty in each
//   fifth the third quartile counts.
// - The more rows an answer lists, the more memory it takes while it is made, and that stays
//   until it is given back: `action=list` needs a block of 0.5 MB more from some 200 sessions
//   on.  What the clients write to is made before the first request, so lists are as long at
//   the start as at the end.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { family } from '../bench/measure.mjs';
import { newSession } from '../lib/classroom.mjs';
import { Client, form, json, multipart, sql } from '../lib/http.mjs';

const CLIENTS = 12;
const FIFTHS = 5;
const READINGS = 20; // of memory, in each of them

/* The same on each run: what happens must not depend on the clock. */
function random(seed) {
  let x = seed;
  return (n) => { x = (Math.imul(x, 1664525) + 1013904223) >>> 0; return Math.floor((x / 2 ** 32) * n); };
}

const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

/* Sessions to write to for n requests, in all lists already.  A page grows with its notes, so each gets some only. */
async function sessionsFor(of, n) {
  const made = Array.from({ length: Math.ceil(n / 300) }, () => newSession({ of }).id);
  const teacher = await new Client(of).signIn('demo_teacher_1');
  for (const id of made) assert.equal((await teacher.post(`/sessions/${id}/notes`, { type: 'general', text: 'The first' })).status, 303);
  return made;
}

/* What is asked, with its weight; each gives the answer's status. */
function asks(sessions, completed, made) {
  let uses = 0;
  const busy = () => {
    uses += 1;
    return made[Math.floor(uses / 20) % made.length];
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
 * Anonymous memory (MB): heap and stacks; null when the process has gone.  A proportional share
 * would move with whoever else on the machine maps the same libraries.
 */
function memory({ pid }) {
  try {
    return Number(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Anonymous:\s+(\d+)/m)[1]) * 1024 / 1e6;
  } catch { return null; }
}

/* The third quartile. */
const usual = (readings) => [...readings].sort((a, b) => a - b)[Math.floor(readings.length * 0.75)] ?? 0;

/*
 * { statuses, faults, workers }: how many answers of each status, sentences about what is
 * wrong, and the processes with their usual memory (MB) in each of the `fifths`.
 */
export async function manyRequests(of, n, { slack = 0.01, room = 0.1, say = () => {} } = {}) {
  const ids = (where) => sql(`SELECT id FROM occurrence WHERE teacher_id = 3 AND ${where} ORDER BY id LIMIT 60`, { of }).map(([id]) => id);
  const list = asks(ids('TRUE'), ids("state = 'completed'"), await sessionsFor(of, n));
  const statuses = {};
  const faults = [];
  // Those of the start: the children of muster-scan come and go.
  const workers = family(of.pid).filter((p) => /^muster-(app|jobs|scan)$|memcheck/.test(p.name)).map((p) => ({ ...p, readings: Array.from({ length: FIFTHS }, () => []) }));
  const step = Math.ceil(n / FIFTHS / READINGS);
  const read = (fifth) => workers.forEach((p) => { p.readings[fifth].push(memory(p)); });
  let sent = 0;

  async function client(number) {
    const r = random(number + 1);
    const c = await new Client(of).signIn(['demo_teacher_1', 'demo_admin_1', 'demo_teacher_1'][number % 3]);
    while (sent < n) {
      sent += 1;
      if (sent % Math.ceil(n / 10) === 0) say(`  ${sent} of ${n}`);
      if (sent % step === 0) read(Math.min(FIFTHS - 1, Math.floor(FIFTHS * (sent - 1) / n)));
      const ask = pick(list, r);
      try {
        const { status } = await ask(c, r);
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status >= 500) faults.push(`${status} for ${ask}`);
      } catch (error) { faults.push(`${error.message} for ${ask}`); }
    }
  }

  await Promise.all(Array.from({ length: CLIENTS }, (_, i) => client(i)));
  for (const p of workers) {
    p.fifths = p.readings.map(usual);
    if (memory(p) === null) faults.push(`${p.name} ${p.pid} has gone`);
    else if (p.fifths.at(-1) > p.fifths[1] * (1 + slack) + room) faults.push(`${p.name} ${p.pid} grew: ${p.fifths.map((mb) => mb.toFixed(2)).join(', ')} MB`);
  }
  return { statuses, faults: [...new Set(faults)], workers };
}
