// /verify: what anyone with a completion code sees, and that nothing else can be learnt.
import assert from 'node:assert/strict';
import test from 'node:test';
import { as, completedSession, newSession, completeForm, versionOf } from '../lib/classroom.mjs';
import { anonymous as client, ownServer, raw, server, signedIn, sql } from '../lib/http.mjs';

const anyone = () => client();
const ask = (path, options) => anyone().get(path, options);
/* What differs between two requests in any case. */
const plain = (answer) => answer.text.replace(/[0-9a-f]{32}/g, 'ID');

test('a generated code shows course, date, times and teacher, and nothing else', async () => {
  const teacher = await as('demo_teacher_1');
  const session = await completedSession(teacher, { start: '07:04', end: '08:20', notes: 'Secret plans' }, { title: 'Hidden title', day: 3 });
  sql(`UPDATE occurrence SET course_id = 1 WHERE id = ${session.id}`);
  const answer = await ask(`/verify/${session.code}`);
  assert.equal(answer.status, 200);
  for (const shown of ['This code is genuine', session.code, 'DEMO101', 'Software Engineering', '07:00–08:30', '07:04–08:20', 'Demo Teacher 1']) assert.ok(answer.text.includes(shown), shown);
  for (const hidden of ['Secret plans', 'Hidden title', 'B204', 'Main campus', 'demo_teacher_1', `/sessions/${session.id}`]) assert.ok(!answer.text.includes(hidden), hidden);
  assert.match(answer.headers['cache-control'], /no-store/);
  assert.match(answer.headers['x-robots-tag'], /noindex/);
  assert.equal(answer.headers['set-cookie'], undefined);
});

test('case, blanks around it and the form lead to the same answer', async () => {
  const session = await completedSession(await as('demo_teacher_1'));
  for (const path of [`/verify/${session.code.toLowerCase()}`, `/verify/%20${session.code}%20%20`, `/verify?code=${session.code.toLowerCase()}+`]) {
    const answer = await ask(path);
    assert.equal(answer.status, 200, path);
    assert.ok(answer.text.includes(session.code), path);
  }
  const head = await anyone().send('HEAD', `/verify/${session.code}`);
  assert.equal(head.status, 200);
  assert.equal(head.text, '');
});

test('the empty form is a page, and an empty field the form again', async () => {
  for (const path of ['/verify', '/verify?code=', '/verify?code=%20']) {
    const answer = await ask(path);
    assert.equal(answer.status, 200, path);
    assert.ok(!answer.text.includes('not a code of ours'), path);
  }
});

test('what is not a code of ours is all the same', async () => {
  const teacher = await as('demo_teacher_1');
  const admin = await as('demo_admin_1');
  const typed = await completedSession(teacher, { code: `typed ${process.pid}` });
  const reopened = await completedSession(teacher);
  assert.equal((await teacher.post(`${reopened.path}/reopen`, { version: versionOf(reopened.id) })).status, 303);
  const cancelled = await completedSession(teacher);
  assert.equal((await admin.post(`${cancelled.path}/reopen`, { version: versionOf(cancelled.id), reason: 'Wrong day' })).status, 303);
  assert.equal((await admin.post(`${cancelled.path}/cancel`, { version: versionOf(cancelled.id), reason: 'Not held' })).status, 303);
  const returned = await completedSession(teacher);
  sql(`UPDATE completion SET state = 'returned' WHERE occurrence_id = ${returned.id}; UPDATE occurrence SET state = 'scheduled' WHERE id = ${returned.id}`);
  /* Older codes have too few random signs for a page that answers anybody. */
  const short = await completedSession(teacher);
  sql(`UPDATE completion SET code = 'DEMO101-1109-2Z22', code_key = 'DEMO101-1109-2Z22', code_generated = 1 WHERE occurrence_id = ${short.id}`);
  const good = (await completedSession(teacher)).code;
  const wrong = good.slice(0, -1) + (good.endsWith('2') ? '3' : '2');
  const cases = ['nonsense', typed.code, reopened.code, cancelled.code, returned.code, 'DEMO101-1109-2Z22', wrong, `${good}X`, good.slice(1),
    '-', "' OR 1=1 --", '%', 'é'.repeat(60), 'A'.repeat(3000), '<script>', '🎉'];
  const first = await ask('/verify/nonsense');
  assert.equal(first.status, 404);
  assert.match(first.text, /This is not a code of ours/);
  for (const code of cases) {
    const answer = await ask(`/verify/${encodeURIComponent(code)}`);
    assert.equal(answer.status, 404, code);
    assert.equal(plain(answer), plain(first), code);
    assert.equal(answer.headers['cache-control'], first.headers['cache-control']);
    assert.equal(answer.headers['x-robots-tag'], first.headers['x-robots-tag']);
  }
});

test('bytes that are no text, and addresses out of shape, learn nothing', async () => {
  for (const path of ['/verify/%FF%FE', '/verify/%C0%AF', '/verify?code=%FF', '/verify/a/b', '/verify/%2e%2e', '/verify/a%2Fb', '/verify/%00']) {
    const answer = (await raw(`GET ${path} HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nConnection: close\r\n\r\n`)).toString();
    assert.match(answer, /^HTTP\/1\.1 (400|404) /, path);
    assert.ok(!/genuine<\/h2>/.test(answer), path);
  }
  const long = await ask(`/verify/${'A'.repeat(20000)}`);
  assert.ok([400, 404, 414].includes(long.status), String(long.status));
});

test('signed off it still is one, and no one needs to sign in or may change anything', async () => {
  const session = await completedSession(await as('demo_teacher_1'));
  sql(`UPDATE completion SET state = 'checked' WHERE occurrence_id = ${session.id}`);
  assert.equal((await ask(`/verify/${session.code}`)).status, 200);
  assert.equal((await (await as('demo_student_1')).get(`/verify/${session.code}`)).status, 200);
  assert.ok((await anyone().send('POST', `/verify/${session.code}`)).status >= 400);
});

test('an address that asks too often has to wait, whatever it asks', async (t) => {
  const own = await ownServer(t, { env: { MUSTER_VERIFY_PER_ADDRESS_PER_MINUTE: '5' } });
  const teacher = await signedIn('demo_teacher_1', own);
  const [[code]] = sql("SELECT code FROM completion WHERE code_generated = 1 AND state IN ('completed', 'checked') LIMIT 1", { of: own });
  const answers = [];
  for (let i = 0; i < 7; i += 1) answers.push(await client(own).get(i % 2 ? `/verify/guess${i}` : `/verify?code=${code}`));
  assert.deepEqual(answers.map((a) => a.status), [200, 404, 200, 404, 200, 429, 429]);
  assert.ok(Number(answers[6].headers['retry-after']) > 0);
  assert.equal((await teacher.get(`/verify/${code}`)).status, 429);
  assert.equal((await client(own).get('/verify')).status, 200);
});

test('a code that a person typed is taken, and the session page links only generated ones', async () => {
  const teacher = await as('demo_teacher_1');
  const session = newSession();
  assert.equal((await teacher.post(`${session.path}/complete`, completeForm(session, { code: `Week ${process.pid}-${session.id}` }))).status, 303);
  assert.ok(!(await teacher.get(session.path)).text.includes('/verify/'));
  const good = await completedSession(teacher);
  assert.ok((await teacher.get(good.path)).text.includes(`href="/verify/${good.code}"`));
});
