// A stampede: halls of students who all check in within a short time, each twice.  The test asserts
// with it, the bench measures.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, json, sql } from './http.mjs';
import { openSessions, students } from './students.mjs';

/* `n` courses with an open session and `size` signed-in students each: [{ session, list }]. */
export function halls(of, n, size) {
  return Array.from({ length: n }, (_, i) => {
    const hall = students(of, size, { name: `hall${String.fromCharCode(97 + Math.floor(i / 26), 97 + i % 26)}` });
    const [session] = openSessions(of, hall.course);
    return { session, list: hall.list.map((student) => ({ ...student, session })) };
  });
}

/* { status, json, ms }; status 0: no answer came.  cutMs: the student's network goes away after that. */
export async function checkIn(of, student, nonce, { cutMs } = {}) {
  const began = performance.now();
  try {
    const answer = await new Client(of).send('POST', '/api/v1/check-in', { body: json({ session_id: student.session, nonce }),
      headers: { authorization: `Bearer ${student.token}`, origin: null }, signal: cutMs ? AbortSignal.timeout(cutMs) : undefined });
    return { status: answer.status, json: answer.json, ms: performance.now() - began };
  } catch (error) {
    return { status: 0, json: { reason: error.code ?? error.message }, ms: performance.now() - began };
  }
}

/* The ways of sending twice, by turns. */
const ways = [
  { name: 'the same again at once', again: 'same' },
  { name: 'another one at once', again: 'other' },
  { name: 'the same after the answer', again: 'same', waits: true },
  { name: 'another one after the answer', again: 'other', waits: true },
  { name: 'cut off, and the same again', again: 'same', cutMs: 5 },
  { name: 'cut off, and another one', again: 'other', cutMs: 5 },
];

/*
 * All students check in within `withinMs`, evenly, in an order that mixes the sessions, each twice
 * in one of the ways.  Gives [{ student, way, again, isCut, answers: those that came, in the order sent }].
 */
export async function stampede(of, all, { withinMs, cuts = true }) {
  const order = all[0].list.flatMap((_, i) => all.map((hall) => hall.list[i]));
  const kinds = cuts ? ways : ways.filter((way) => !way.cutMs);
  const began = performance.now();
  return Promise.all(order.map(async (student, i) => {
    const { name, again, waits, cutMs } = kinds[i % kinds.length];
    const [one, two] = again === 'same' ? ['a', 'a'] : ['a', 'b'];
    await sleep(i * withinMs / order.length + began - performance.now());
    const first = checkIn(of, student, one, { cutMs });
    if (waits || cutMs) await first;
    const second = checkIn(of, student, two);
    return { student, way: name, again, isCut: cutMs > 0, answers: (await Promise.all([first, second])).filter((answer) => answer.status !== 0) };
  }));
}

/* Each { client, path, everyMs, afterMs } again and again until told to end: { end() } gives [{ path, status, ms, text }]. */
export function watch(asks) {
  let isDone = false;
  const answers = [];
  const running = asks.map(async ({ client, path, everyMs = 0, afterMs = 0 }) => {
    await sleep(afterMs);
    while (!isDone) {
      const began = performance.now();
      const { status, text } = await client.get(path);
      answers.push({ path, status, text, ms: performance.now() - began });
      await sleep(everyMs);
    }
  });
  return { async end() { isDone = true; await Promise.all(running); return answers; } };
}

export function percentile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))];
}

/* What is stored of these halls: by student, lists of the records and of the attempts that were approved. */
export function storedOf(of, all) {
  const sessions = all.map((hall) => hall.session).join(', ');
  const by = (rows) => rows.reduce((map, [session, person, ...row]) => map.set(`${session}/${person}`, [...(map.get(`${session}/${person}`) ?? []), row.map(Number)]), new Map());
  return {
    records: by(sql(`SELECT attendance_id, person_id, id, attempt_id FROM attendance_record WHERE attendance_id IN (${sessions})`, { of })),
    approved: by(sql(`SELECT attendance_id, person_id, id FROM attendance_attempt WHERE attendance_id IN (${sessions}) AND decision = 'approved'`, { of })),
  };
}

/*
 * Whether what was told is what is stored: { acknowledged, rows, duplicates, lost, wrong }.  acknowledged: students
 * with a good answer; lost: those of them without the very record they were told; wrong: answers that are
 * neither the first one again nor ALREADY_IN.
 */
export function judge(of, all, told) {
  const { records, approved } = storedOf(of, all);
  const rows = [...records.values()].flat().length;
  const wrong = [];
  let lost = 0;
  let acknowledged = 0;
  for (const { student, way, answers } of told) {
    const good = answers.filter((answer) => answer.status === 200 || answer.status === 201);
    const mine = records.get(`${student.session}/${student.person}`) ?? [];
    const isAlready = (answer) => answer.status === 409 && answer.json.reason === 'already_in' && mine.length === 1;
    if (good.length > 0) acknowledged += 1;
    else if (answers.some(isAlready)) acknowledged += 1; // its first answer was cut off
    if (good.some((answer) => mine.length !== 1 || mine[0][0] !== answer.json.record_id || mine[0][1] !== answer.json.attempt_id)) lost += 1;
    for (const answer of answers) {
      if (!good.includes(answer) && !isAlready(answer)) wrong.push({ student: student.username, way, status: answer.status, reason: answer.json.reason });
    }
  }
  const more = (map) => [...map.values()].filter((list) => list.length > 1).length;
  return { acknowledged, rows, duplicates: more(records) + more(approved), lost, wrong };
}
