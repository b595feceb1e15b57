// Headers on every kind of answer, what may be cached, 304, and that reading changes nothing.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { anonymous, raw, server, sql, until } from '../lib/http.mjs';
import { as, completedSession, newSession, onDisk, uploaded } from '../lib/classroom.mjs';

const teacher = () => as('demo_teacher_1');
const asset = async (pattern) => (await anonymous().get('/sign-in')).text.match(pattern)[1];

/* Every kind of answer: [name, status, how to get it]. */
const answers = [
  ['a page', 200, async () => (await teacher()).get('/sessions')], ['the page of a session', 200, async () => (await teacher()).get(newSession().path)],
  ['the sign-in page', 200, () => anonymous().get('/sign-in')], ['a redirect', 303, () => anonymous().get('/sessions')], ['a redirect after a form', 303, async () => (await teacher()).post('/preferences')],
  ['a form with faults', 422, async () => (await teacher()).post(`${newSession().path}/notes`)], ['an unknown page', 404, async () => (await teacher()).get('/nothing')],
  ['an unknown page for nobody', 404, () => anonymous().get('/nothing')], ['a wrong method', 405, async () => (await teacher()).get('/sign-out')],
  ['a wrong host', 421, () => anonymous().get('/', { headers: { host: 'evil.example' } })], ['a wrong origin', 403, async () => (await teacher()).post('/preferences', {}, { headers: { origin: 'https://evil.example' } })],
  ['a fragment', 200, async () => (await teacher()).get('/sessions', { headers: { 'hx-request': 'true' } })], ['JSON', 200, () => anonymous().get('/health')],
  ['an error as JSON', 404, () => anonymous().get('/api/nothing')], ['an error of the 004 door', 401, () => anonymous().get('/api/session_completion.php')],
  ['a body that is too big', 413, async () => (await teacher()).post('/preferences', { x: 'x'.repeat(4_300_000) })], ['a style sheet', 200, async () => anonymous().get(await asset(/href="(\/static\/[^"]*muster\.css)"/))],
  ['a script', 200, async () => anonymous().get(await asset(/src="(\/static\/[^"]*muster\.js)"/))], ['icons', 200, async () => anonymous().get(await asset(/name="sprite" content="([^"]*)"/))],
  ['a static file that is not there', 404, () => anonymous().get('/static/x/y.css')],
  ['a download', 200, async () => (await teacher()).get((await uploaded(await teacher(), newSession())).path)],
  ['a preview', 200, async () => (await teacher()).get(`/files/${(await uploaded(await teacher(), newSession())).id}/view`)],
  ['a range', 206, async () => (await teacher()).get((await uploaded(await teacher(), newSession())).path, { headers: { range: 'bytes=0-9' } })],
  ['robots.txt', 200, () => anonymous().get('/robots.txt')],
];
for (const [name, status, ask] of answers) {
  test(`security headers on ${name}`, async () => {
    const { headers, status: given } = await ask();
    assert.equal(given, status);
    const policy = headers['content-security-policy'];
    assert.match(policy, /(^|; )default-src 'none'(;|$)/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*|data:|https?:/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers.server, 'nginx');
    assert.equal(headers['x-powered-by'], undefined);
    assert.match(headers['x-request-id'], /^[0-9a-f]{32}$/);
    for (const one of ['content-security-policy', 'x-content-type-options', 'referrer-policy', 'x-frame-options', 'cache-control']) assert.doesNotMatch(headers[one] ?? '', /nosniff, |same-origin, same|DENY, |none'.*, default/, one);
    if (/html/.test(headers['content-type'])) {
      assert.match(headers['content-type'], /^text\/html; charset=utf-8$/i);
      assert.equal(headers['referrer-policy'], 'same-origin');
    }
    for (const cookie of headers['set-cookie'] ?? []) assert.match(cookie, /; HttpOnly; SameSite=Lax/);
  });
}

test("nginx's own errors look and are guarded like ours", async () => {
  for (const [bytes, status] of [['GET / HTTP/1.1\r\nHost: localhost\r\nHost: b\r\n\r\n', 400], ['GET / HTTP/9.9\r\n\r\n', 505], ['x\r\n\r\n', 400], [`GET /${'a'.repeat(40_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 400], ['GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n', 400]]) {
    const answer = await raw(bytes, { ms: 1500 });
    assert.match(answer, new RegExp(`^HTTP/1.1 (${status}|400|414) `), bytes.slice(0, 40));
    assert.doesNotMatch(answer, /nginx\/\d/);
    if (/^HTTP\/1.1 400/.test(answer)) assert.match(answer, /Content-Security-Policy: default-src 'none'/i, bytes.slice(0, 40));
  }
});

test('what may be kept by whom', async () => {
  const cache = async (answer) => (await answer).headers['cache-control'];
  assert.equal(await cache((await teacher()).get('/sessions')), 'private, no-cache');
  for (const answer of [anonymous().get('/sign-in'), (await teacher()).get('/account'), (await teacher()).get('/nothing'), anonymous().get('/sessions'), (await teacher()).post('/preferences')]) {
    assert.match(await cache(answer), /no-store|private, no-cache/);
  }
  assert.equal(await cache(anonymous().get('/sign-in')), 'no-store');
  assert.match(await cache(anonymous().get(await asset(/href="(\/static\/[^"]*muster\.css)"/))), /public.*immutable/);
  assert.match((await (await teacher()).get('/sessions')).headers.vary, /Cookie/);
});

test('pages take nothing from elsewhere and have no inline script or style', async () => {
  const session = await completedSession(await teacher(), { notes: 'x' });
  for (const path of ['/sessions', '/sessions?tab=completed', '/sessions?tab=history', '/account', session.path, `${session.path}/complete`, '/nothing']) {
    const { text } = await (await teacher()).get(path);
    assert.doesNotMatch(text, /<script(?![^>]* src="\/static\/)|<style|\sstyle="|\son[a-z]+="|javascript:|(src|href)="(https?:)?\/\//, path);
  }
});

test('static files are what they say, compressed when wanted', async () => {
  const path = await asset(/href="(\/static\/[^"]*muster\.css)"/);
  const plain = await anonymous().get(path);
  assert.match(plain.headers['content-type'], /^text\/css/);
  const small = await anonymous().get(path, { headers: { 'accept-encoding': 'gzip' } });
  assert.equal(small.headers['content-encoding'], 'gzip');
  assert.ok(small.body.length < plain.body.length);
});

/* ---- 304 -------------------------------------------------------------------------------------- */

const fresh = async (client, path, tag) => (await client.get(path, { headers: { 'if-none-match': tag } })).status;

/* The tag changes with the minute, too: asks again when it turned in between. */
async function withinMinute(what) {
  for (;;) {
    const minute = Math.floor(Date.now() / 60_000);
    const fault = await what().then(() => null, (error) => error);
    if (Math.floor(Date.now() / 60_000) !== minute) continue;
    if (fault) throw fault;
    return;
  }
}

for (const path of ['/sessions', '/sessions?tab=completed', '/sessions?tab=history']) {
  test(`an unchanged ${path} is 304, and changes with what somebody else does`, () => withinMinute(async () => {
    const client = await as('demo_teacher_4');
    const other = await as('demo_admin_1');
    const session = newSession({ teacher: 'demo_teacher_4' });
    let tag = (await client.get(path)).headers.etag;
    assert.equal(await fresh(client, path, tag), 304);
    assert.equal(await fresh(client, path, `"x", ${tag}`), 304);
    assert.equal(await fresh(client, path, '"x"'), 200);
    for (const [to, fields] of [['/notes', { type: 'general', text: 'By the admin' }], ['/complete', { version: 0, start: '07:00', end: '08:00' }], ['/reopen', { version: 0 }], ['/cancel', { version: 0, reason: 'Ill' }]]) {
      assert.equal((await other.post(`${session.path}${to}`, fields)).status, 303, to);
      const answer = await client.get(path, { headers: { 'if-none-match': tag } });
      assert.equal(answer.status, 200, to);
      tag = answer.headers.etag;
      assert.equal(await fresh(client, path, tag), 304, to);
    }
  }));
}

test('a tag is good for one person, language, theme and address alone', () => withinMinute(async () => {
  const client = await as('demo_teacher_5');
  const { etag, ...headers } = (await client.get('/sessions')).headers;
  assert.ok(headers['content-security-policy']);
  assert.equal(await fresh(await as('demo_teacher_6'), '/sessions', etag), 200);
  assert.equal(await fresh(client, '/sessions?tab=history', etag), 200);
  const script = await client.get('/sessions', { headers: { 'if-none-match': etag, 'hx-request': 'true' } });
  assert.equal(script.status, 200);
  await client.post('/preferences', { theme: 'dark' });
  assert.equal(await fresh(client, '/sessions', etag), 200);
  await client.post('/preferences', { theme: 'system', language: 'fr' });
  assert.equal(await fresh(client, '/sessions', etag), 200);
  await client.post('/preferences', { language: 'browser' });
  const signedOut = await anonymous().get('/sessions', { headers: { 'if-none-match': etag } });
  assert.equal(signedOut.status, 303);
}));

test('304 carries its headers and no body', () => withinMinute(async () => {
  const client = await as('demo_teacher_5');
  const { etag } = (await client.get('/sessions')).headers;
  const answer = await client.get('/sessions', { headers: { 'if-none-match': etag } });
  assert.equal(answer.status, 304);
  assert.equal(answer.body.length, 0);
  assert.equal(answer.headers.etag, etag);
  assert.match(answer.headers['content-security-policy'], /default-src 'none'/);
}));

/* ---- reading changes nothing ------------------------------------------------------------------- */

test('fetching every page, as everybody, changes no table and no file', async () => {
  const session = await completedSession(await teacher(), { notes: 'x' });
  const open = newSession();
  await (await teacher()).post(`${open.path}/notes`, { type: 'general', text: 'x' });
  const file = await uploaded(await teacher(), session);
  const [[note]] = sql(`SELECT n.id FROM note n JOIN completion c ON c.id = n.completion_id WHERE c.occurrence_id = ${open.id}`);
  const clients = [await teacher(), await as('demo_admin_1'), await as('demo_admin_2'), await as('demo_employee_1'), await as('demo_student_1'), anonymous()];
  for (const client of clients) await client.get('/account');
  const tables = sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'muster' AND table_type = 'BASE TABLE'").flat();
  // When a session was used last is noted once a minute; muster-jobs takes its leases, says how it is, hashes what was audited, and moves events on.
  const sums = () => [sql(`CHECKSUM TABLE ${tables.filter((t) => !['web_session', 'lease', 'job_status', 'audit_chain', 'audit_log', 'outbox', 'event', 'event_cursor'].includes(t)).join(', ')}`), onDisk(),
    sql('SELECT id, token_hash, csrf, epoch, ends_at, ended_at FROM web_session ORDER BY id'),
    sql('SELECT id, actor_id, action FROM audit_log WHERE actor_id IS NOT NULL ORDER BY id')];
  // What an earlier file's last requests still do (a password is hashed for a while) is over first, and who is to be notified of it is.
  let before = sums();
  await until('nothing else is at work', async () => {
    await new Promise((resolve) => { setTimeout(resolve, 250); });
    const now = sums();
    const [[waiting]] = sql("SELECT (SELECT COUNT(*) FROM outbox) + (SELECT COALESCE(MAX(seq), 0) FROM event) - (SELECT seq FROM event_cursor WHERE name = 'notifier')");
    const isQuiet = waiting === '0' && isDeepStrictEqual(now, before);
    before = now;
    return isQuiet;
  });
  for (const client of clients) {
    for (const path of ['/', '/sign-in', '/sign-in?lang=fr', '/sign-in?out=1', '/login', '/auth/login', '/account', '/account?done=password', '/index.php', '/index.php?page=session_tracking',
      '/sessions', '/sessions?tab=completed&done=completed&on=1', '/sessions?tab=history&q=a', session.path, `${session.path}?audit=all&notes=issue`, `${session.path}/complete`, `${session.path}/cancel`,
      `${session.path}/code?code=x`, open.path, `${open.path}/complete`, `${open.path}/cancel`, `${open.path}/code?code=`, `/notes/${note}`, `/files/${file.id}/view`, `/files/${file.id}/delete`, '/health', '/nothing',
      '/api/session_completion.php?action=list', '/api/session_completion.php?action=get&id=1', '/api/session_completion.php?action=complete&id=1', '/api/schedule_batch.php?action=list',
      '/api/schedule_batch.php?action=delete&id=1', `/sessions/${open.id}/reopen`, '/sign-out', `/notes/${note}/delete`]) {
      assert.ok((await client.get(path)).status < 500, path);
    }
  }
  assert.deepEqual(sums(), before);
});

test('the answers that tell about the server tell little', async () => {
  const { json } = await anonymous().get('/health');
  assert.equal(json.status, 'ok');
  assert.equal(json.message, 'ATTN API is running.');
  assert.doesNotMatch(JSON.stringify(json), /MariaDB|nginx|\d+\.\d+\.\d+|\/tmp\//);
  assert.match(JSON.stringify((await (await as('demo_admin_1')).get('/health')).json), /\d+\.\d+/);
  assert.doesNotMatch(JSON.stringify((await (await teacher()).get('/health')).json), /MariaDB|\d+\.\d+\.\d+/);
  assert.ok(server.port > 0);
});
