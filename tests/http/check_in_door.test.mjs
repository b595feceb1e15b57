// POST /api/v1/check-in: many at once, each with an own true answer; the same nonce, the same answer;
// refusals with their reasons; and a process that is killed in the middle acknowledges nothing that is not stored.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import test from 'node:test';
import { Client, json, ownServer, sql, until } from '../lib/http.mjs';
import { childrenOf, commandOf } from '../lib/classroom.mjs';
import { openSessions, sign, students, tokenKey } from '../lib/students.mjs';

const path = '/api/v1/check-in';
const settings = { MUSTER_CHECK_IN_THREADS: '32', MUSTER_NGINX_WORKERS: '2', MUSTER_CHECK_IN_COMMITTERS: '1', MUSTER_REQUESTS_PER_ACCOUNT_PER_MINUTE: '0' };
const number = (text, of) => Number(sql(text, { of })[0][0]);

function ask(of, student, body, { headers = {}, bytes } = {}) {
  return new Client(of).send('POST', path, { body: bytes ? { type: 'application/json', body: bytes } : json(body),
    headers: { authorization: `Bearer ${student.token}`, origin: null, ...headers } });
}

/* Records of a session by student: lists of [id, attempt, status, method]. */
function recordsOf(of, session) {
  const rows = new Map();
  for (const [person, ...row] of sql(`SELECT person_id, id, attempt_id, status, method FROM attendance_record WHERE attendance_id = ${session}`, { of })) {
    rows.set(Number(person), [...(rows.get(Number(person)) ?? []), row]);
  }
  return rows;
}

/* Everybody twice at once, with one nonce each. */
async function together(of, hall) {
  const [session] = openSessions(of, hall.course);
  const answers = await Promise.all(hall.list.flatMap((student) => [1, 2].map(async () => ({ student,
    answer: await ask(of, student, { session_id: session, nonce: `try of ${student.username}` }) }))));
  assert.ok(answers.every(({ answer }) => [200, 201].includes(answer.status)), answers.map(({ answer }) => answer.status).join(' '));
  const rows = recordsOf(of, session);
  for (const student of hall.list) {
    const [one, other] = answers.filter((a) => a.student === student).map((a) => a.answer.json);
    assert.deepEqual({ ...one, is_repeat: false }, { ...other, is_repeat: false });
    assert.equal(one.decision, 'approved');
    assert.equal(one.mark, 'present');
    assert.equal(one.session_id, session);
    assert.equal(one.student_code.toLowerCase(), student.username);
    assert.deepEqual(rows.get(student.person), [[String(one.record_id), String(one.attempt_id), 'present', 'json']]);
  }
  assert.equal(number(`SELECT COUNT(*) FROM attendance_attempt WHERE attendance_id = ${session}`, of), hall.list.length);
  // What shares a commit has one instant.
  assert.ok(number(`SELECT COUNT(DISTINCT learned_at) FROM attendance_attempt WHERE attendance_id = ${session}`, of) < hall.list.length);
}

async function refusals(of, hall) {
  const [open, closed, later] = openSessions(of, hall.course, 3);
  const [one, two, signedOut, disabled, stranger] = hall.list;
  sql(`UPDATE attendance_session SET state = 'closed', closed_at = UTC_TIMESTAMP(6) WHERE id = ${closed};
    UPDATE attendance_session SET opens_at = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR WHERE id = ${later};
    UPDATE web_session SET ended_at = UTC_TIMESTAMP(6) WHERE id = ${signedOut.session};
    UPDATE account SET disabled_at = UTC_TIMESTAMP(6), epoch = epoch + 1 WHERE id = ${disabled.account};
    DELETE FROM enrolment WHERE person_id = ${stranger.person};`, { of });
  const now = Math.floor(Date.now() / 1000);
  const claims = { exp: now + 60, iss: of.url, aud: 'muster', fam: 'own', sid: one.session, acc: one.account, per: one.person, rol: 'student', bra: 1 };
  const forged = (change, key = tokenKey(of)) => ({ token: sign(key, { ...claims, ...change }) });
  const cases = [
    [one, { session_id: closed }, 422, 'attendance_closed'],
    [one, { session_id: later }, 422, 'attendance_early'],
    [one, { session_id: 999999999 }, 404, 'attendance_unknown'],
    [stranger, { session_id: open }, 422, 'not_enrolled'],
    [signedOut, { session_id: open }, 401, 'session_ended'],
    [disabled, { session_id: open }, 401, 'session_ended'],
    [forged({}, Buffer.alloc(32)), { session_id: open }, 401, 'token'],
    [forged({ exp: now - 120 }), { session_id: open }, 401, 'token'],
    [forged({ iss: 'http://elsewhere.example' }), { session_id: open }, 401, 'token'],
    [{ token: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.` }, { session_id: open }, 401, 'token'],
    [one, {}, 422, 'fields'],
    [one, { session_id: -1 }, 422, 'fields'],
    [one, { session_id: open, latitude: 91, longitude: 0 }, 422, 'fields'],
    [one, { session_id: open, latitude: 48.2 }, 422, 'fields'],
    [one, { session_id: open, latitude: 48.2, longitude: 16.3, accuracy: -1 }, 422, 'fields'],
    [one, { session_id: open, latitude: 48.2, longitude: 16.3, accuracy: 1e30 }, 422, 'fields'],
    [one, { session_id: open, nonce: 'x'.repeat(129) }, 422, 'fields'],
    [one, { code: 'ABCDEF' }, 404, 'attendance_unknown'],
  ];
  for (const [who, body, status, reason] of cases) {
    const answer = await ask(of, who, body);
    assert.deepEqual([answer.status, answer.json.reason], [status, reason], JSON.stringify(body));
    assert.match(answer.headers['content-type'], /^application\/problem\+json/);
    assert.equal(answer.json.status, status);
  }
  for (const [bytes, status] of [['{"session_id": 1, "session_id": 2}', 400], [`${'['.repeat(5000)}`, 400], ['{"session_id": 9223372036854775808}', 400],
    ['[1]', 422], ['', 415], [`{"nonce": "${'x'.repeat(70000)}"}`, 413]]) {
    const answer = await ask(of, one, null, { bytes: Buffer.from(bytes) });
    assert.equal(answer.status, status, bytes.slice(0, 40));
  }
  const nobody = await new Client(of).send('POST', path, { body: json({ session_id: open }) });
  assert.deepEqual([nobody.status, nobody.json.reason], [401, 'sign_in']);
  assert.equal((await ask(of, two, null, { bytes: Buffer.from('session_id=1'), headers: { 'content-type': 'application/x-www-form-urlencoded' } })).status, 415);
  assert.equal(number(`SELECT COUNT(*) FROM attendance_record WHERE attendance_id IN (${open}, ${closed}, ${later})`, of), 0);
}

const pool = (own) => childrenOf(childrenOf(own.pid).find((pid) => commandOf(pid).includes('/muster-app ')))
  .filter((pid) => existsSync(`/proc/${pid}/task`) && readdirSync(`/proc/${pid}/task`).length > 4);

/* Killed while all check in: whoever was told so is stored; whoever was not tries again; nobody is there twice. */
async function killed(of, hall) {
  const [session] = openSessions(of, hall.course);
  const told = new Set();
  let isDead = false;
  const send = async (student) => {
    const answer = await ask(of, student, { session_id: session, nonce: `killed ${student.username}` });
    if (answer.status === 200 || answer.status === 201) told.add(student);
    else assert.equal(answer.status, 503);
    if (told.size > 5 && !isDead) {
      isDead = true;
      process.kill(pool(of)[0], 'SIGKILL');
    }
  };
  await Promise.all(hall.list.map(send));
  assert.ok(isDead);
  const rows = recordsOf(of, session);
  for (const student of told) assert.equal(rows.get(student.person)?.length, 1);
  await until('all are in', async () => {
    await Promise.all(hall.list.filter((student) => !told.has(student)).map(send));
    return told.size === hall.list.length;
  });
  assert.equal(number(`SELECT COUNT(*) FROM attendance_record WHERE attendance_id = ${session}`, of), hall.list.length);
  assert.equal(number(`SELECT COUNT(*) FROM attendance_attempt WHERE attendance_id = ${session} AND decision = 'approved'`, of), hall.list.length);
}

/* Replaced while all check in: nobody notices. */
async function replaced(of, hall) {
  const [session] = openSessions(of, hall.course);
  const master = childrenOf(of.pid).find((pid) => commandOf(pid).includes('/muster-app '));
  const answers = await Promise.all(hall.list.map(async (student, i) => {
    if (i === 20) process.kill(master, 'SIGHUP');
    return (await ask(of, student, { session_id: session })).status;
  }));
  assert.deepEqual(answers, hall.list.map(() => 201));
}

test('the door of check-ins', async (t) => {
  const own = await ownServer(t, { env: settings, demo: false, faults: /event=worker_died pool=check-in .* signal=9 status=0/ });
  const hall = students(own, 60);
  await t.test('sixty at once, each twice', () => together(own, hall));
  await t.test('the process is replaced meanwhile', () => replaced(own, hall));
  await t.test('the process is killed meanwhile', () => killed(own, hall));
  await t.test('what is refused, and why', () => refusals(own, hall));
});
