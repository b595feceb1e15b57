// Signing in by token at the doors of 000, 002 and 003: what a token is good for, and what is not
// one.
import assert from 'node:assert/strict';
import test from 'node:test';
import { form, muster, ownServer, signedIn, sql } from '../lib/http.mjs';
import { Program, as, claimsOf, forge, program } from '../lib/c003.mjs';

const notGiven = { detail: 'Authentication credentials were not provided.' };
const notValid = {
  detail: 'Given token not valid for any token type',
  code: 'token_not_valid',
  messages: [{ token_class: 'AccessToken', token_type: 'access', message: 'Token is invalid or expired' }],
};
const now = () => Math.floor(Date.now() / 1000);

test('the answer of the shared door is that of both contracts', async () => {
  const teacher = await program('demo_teacher_1');
  const { access_token: first, token_type: type, expires_at: ends, refresh, access, user } = teacher.answer;
  assert.equal(type, 'bearer');
  assert.ok(Math.abs(Date.parse(ends) - Date.now() - 86400e3) < 60e3, ends);
  assert.deepEqual({ ...user, id: 0 }, { id: 0, email: 'demo_teacher_1@demo.muster.example', first_name: 'Demo', last_name: 'Teacher 1', role: 'teacher', teacher_code: 'DT01' });
  assert.match(user.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(typeof claimsOf(first).sub, 'string');
  assert.ok(Math.abs(claimsOf(first).exp - now() - 86400) < 60);
  assert.equal(claimsOf(access).token_type, 'access');
  assert.equal(claimsOf(access).user_id, user.id);
  assert.ok(claimsOf(access).jti && claimsOf(access).jti !== claimsOf(refresh).jti);
  assert.ok(Math.abs(claimsOf(access).exp - now() - 3600) < 60);
  assert.equal(claimsOf(refresh).token_type, 'refresh');
  assert.ok(Math.abs(claimsOf(refresh).exp - now() - 86400) < 60);
});

test('username or e-mail, JSON or form, slash or none', async () => {
  const p = new Program();
  for (const email of ['demo_student_7', 'demo_student_7@demo.muster.example', ' DEMO_Student_7 ']) {
    assert.equal((await p.post('/api/auth/login/', { email, password: 'password' })).status, 200, email);
    assert.equal((await p.post('/api/v1/auth/login/', { username: email, password: 'password' })).status, 200, email);
  }
  assert.equal((await p.post('/api/auth/login', form({ email: 'demo_student_7', password: 'password' }))).status, 200);
  const token = await p.post('/api/v1/auth/token', form({ grant_type: 'password', username: 'demo_student_7', password: 'password', scope: '' }));
  assert.equal(token.status, 200);
  assert.deepEqual(Object.keys(token.json), ['access_token', 'token_type']);
});

test('who I am, in the words of the token', async () => {
  const third = await as('demo_teacher_2');
  const first = await as('demo_teacher_2', '000');
  const a = (await third.get('/api/auth/me/')).json;
  const b = (await first.get('/api/auth/me')).json;
  assert.match(a.id, /-/);
  assert.equal(a.role, 'teacher');
  assert.equal(a.teacher_code, 'DT02');
  assert.equal(b.id, 4);
  assert.equal(b.role, 'trainer');
  assert.match(b.last_login, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
  assert.equal((await (await as('demo_admin_1')).get('/api/auth/me')).json.role, 'admin');
  assert.equal((await (await as('demo_student_7', '000')).get('/api/auth/me')).json.role, 'student');
});

test('002: who signs in, with a schedule for students', async () => {
  const student = await program('demo_student_1', { family: '002' });
  assert.deepEqual(student.answer.user, { user_school_number: 'demo_student_1', user_full_name: 'Demo Student 1', role: 'Student' });
  assert.ok(Array.isArray(student.answer.schedule));
  for (const lesson of student.answer.schedule) {
    assert.deepEqual(Object.keys(lesson), ['lesson_name', 'teacher_name', 'start_time', 'end_time']);
    assert.match(lesson.start_time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  }
  assert.ok(Math.abs(claimsOf(student.bearer).exp - now() - 600) < 30);
  assert.equal(claimsOf(student.bearer).user_school_number, 'demo_student_1');
  const teacher = await program('demo_teacher_1', { family: '002' });
  assert.equal(teacher.answer.schedule, null);
  assert.equal(teacher.answer.user.role, 'Teacher');
  assert.ok(Math.abs(claimsOf(teacher.bearer).exp - now() - 3600) < 30);
});

test('wrong passwords and missing fields, each in the door\'s shape', async () => {
  const p = new Program();
  const wrong = await p.post('/api/auth/login', { email: 'nobody@demo.muster.example', password: 'x' });
  assert.equal(wrong.status, 401);
  assert.equal(wrong.json.detail, 'No active account found with the given credentials');
  assert.equal(wrong.json.message, 'Invalid credentials');
  assert.equal(wrong.headers['www-authenticate'], 'Bearer realm="api"');
  const missing = await p.post('/api/auth/login', { email: '' });
  assert.equal(missing.status, 400);
  assert.deepEqual(missing.json, { email: ['This field may not be blank.'], password: ['This field is required.'] });
  assert.deepEqual((await p.post('/api/auth/login', { email: null, password: 'x' })).json, { email: ['This field may not be null.'] });
  const second = await p.post('/api/v1/auth/login', { username: 'nobody-at-all', password: 'x' });
  assert.equal(second.status, 401);
  assert.deepEqual(second.json, { detail: 'Invalid username or password.' });
  assert.equal(second.headers['www-authenticate'], 'Bearer');
  const list = await p.post('/api/v1/auth/login', { username: 'x' });
  assert.equal(list.status, 422);
  assert.deepEqual(list.json, { detail: [{ type: 'missing', loc: ['body', 'password'], msg: 'Field required', input: null }] });
});

test('JSON that is none', async () => {
  const p = new Program();
  const bodies = ['{', '[]', '{"email":"a","email":"b","password":"c"}', `{"email":${'['.repeat(100)}${']'.repeat(100)}}`,
    '{"email":9223372036854775808,"password":"c"}', '{"email":"\\u0000","password":"c"}', 'null', '{"a":1} x'];
  for (const text of bodies) {
    const body = { type: 'application/json', body: Buffer.from(text) };
    const third = await p.post('/api/auth/login', body);
    assert.equal(third.status, 400, text);
    const second = await p.post('/api/v1/auth/login', { type: 'application/json', body: Buffer.from(text.replaceAll('email', 'username')) });
    assert.equal(second.status, 422, text);
    assert.ok(Array.isArray(second.json.detail), text);
  }
  const type = await p.post('/api/auth/login', { type: 'text/plain', body: Buffer.from('email=a') });
  assert.equal(type.status, 415);
  assert.deepEqual(type.json, { detail: 'Unsupported media type "text/plain" in request.' });
});

test('without a token, and with what is none', async () => {
  const p = new Program();
  const none = await p.get('/api/auth/me');
  assert.equal(none.status, 401);
  assert.deepEqual(none.json, notGiven);
  assert.equal(none.headers['www-authenticate'], 'Bearer realm="api"');
  for (const value of ['Bearer', 'Basic YTpi', 'bearer-x']) {
    assert.deepEqual((await p.get('/api/auth/me', { authorization: value })).json, notGiven, value);
  }
  for (const value of ['Bearer x', 'Bearer  ', 'Bearer a.b.c', `Bearer ${'a'.repeat(5000)}`, 'BEARER null']) {
    const answer = await p.get('/api/auth/me', { authorization: value });
    assert.equal(answer.status, 401, value);
  }
});

test('forged tokens are refused', async () => {
  const p = await program('demo_student_8');
  const good = claimsOf(p.bearer);
  const tokens = {
    'none': `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${p.bearer.split('.')[1]}.`,
    'none, signed': forge(good, { header: { alg: 'none', typ: 'JWT' } }),
    'HS512': forge(good, { header: { alg: 'HS512', typ: 'JWT' }, hash: 'sha512' }),
    'a key id': forge(good, { header: { alg: 'HS256', typ: 'JWT', kid: '/dev/null' } }),
    'no signature': p.bearer.split('.').slice(0, 2).join('.'),
    'an empty signature': `${p.bearer.split('.').slice(0, 2).join('.')}.`,
    'another key': forge(good, { key: Buffer.alloc(32) }),
    'another payload': [p.bearer.split('.')[0], Buffer.from(JSON.stringify({ ...good, rol: 'super_admin' })).toString('base64url'), p.bearer.split('.')[2]].join('.'),
    'another issuer': forge({ ...good, iss: 'http://elsewhere.example' }),
    'another audience': forge({ ...good, aud: 'other' }),
    'expired': forge({ ...good, exp: now() - 1 }),
    'no end': forge({ ...good, exp: undefined }),
    'the end as a text': forge({ ...good, exp: String(good.exp) }),
    'of the future': forge({ ...good, nbf: now() + 3600 }),
    'another account\'s session': forge({ ...good, acc: 1 }),
    'a session that is none': forge({ ...good, sid: '9223372036854775807' }),
    'no such session': forge({ ...good, sid: 999999999 }),
    'a refresh token': p.answer.refresh,
  };
  for (const [name, token] of Object.entries(tokens)) {
    const answer = await p.get('/api/auth/me', { authorization: `Bearer ${token}` });
    assert.equal(answer.status, 401, name);
    assert.deepEqual(answer.json, notValid, name);
  }
  // With the key one can sign, so the rest is the database's word: the role is not the token's.
  const lie = await p.get('/api/auth/me', { authorization: `Bearer ${forge({ ...good, rol: 'super_admin' })}` });
  assert.equal(lie.json.role, 'student');
  assert.equal((await p.get('/api/auth/me')).status, 200);
});

test('refreshing', async () => {
  const p = await program('demo_student_9');
  for (const path of ['/api/auth/refresh', '/api/auth/refresh/']) {
    const answer = await new Program().post(path, { refresh: p.answer.refresh });
    assert.equal(answer.status, 200);
    assert.deepEqual(Object.keys(answer.json), ['access']);
    p.bearer = answer.json.access;
    assert.equal((await p.get('/api/auth/me')).status, 200);
  }
  const bad = await p.post('/api/auth/refresh', { refresh: p.answer.access });
  assert.equal(bad.status, 401);
  assert.deepEqual(bad.json, { detail: 'Token is invalid or expired', code: 'token_not_valid' });
  assert.deepEqual((await p.post('/api/auth/refresh', {})).json, { refresh: ['This field is required.'] });
});

test('002: signing out ends all tokens of the account there, and no others', async () => {
  const one = await program('demo_student_10', { family: '002' });
  const two = await program('demo_student_10', { family: '002' });
  const third = await program('demo_student_10');
  const out = await one.post('/api/v1/auth/logout');
  assert.equal(out.status, 204);
  assert.equal(out.text, '');
  for (const p of [one, two]) {
    const answer = await p.post('/api/v1/auth/logout');
    assert.equal(answer.status, 401);
    assert.deepEqual(answer.json, { detail: 'Could not validate credentials' });
    assert.equal(answer.headers['www-authenticate'], 'Bearer');
  }
  assert.equal((await third.get('/api/auth/me')).status, 200);
});

test('a disabled account\'s tokens end at once, and so do those of another password', async (t) => {
  const own = await ownServer(t);
  const p = await program('demo_student_11', { of: own });
  const q = await program('demo_student_12', { of: own });
  assert.equal((await p.get('/api/auth/me')).status, 200);
  muster(['user', 'disable', 'demo_student_11'], { of: own });
  assert.deepEqual((await p.get('/api/auth/me')).json, notValid);
  assert.equal((await new Program(own).post('/api/auth/refresh', { refresh: p.answer.refresh })).status, 401);
  sql("UPDATE account SET epoch = epoch + 1 WHERE username = 'demo_student_12'", { of: own });
  assert.deepEqual((await q.get('/api/auth/me')).json, notValid);
});

test('the page of one\'s own sessions knows tokens, and ends them', async () => {
  const person = await signedIn('demo_teacher_9');
  const p = await program('demo_teacher_9');
  const id = claimsOf(p.bearer).sid;
  const ended = await person.post(`/account/sessions/${id}/end`);
  assert.equal(ended.status, 303);
  assert.deepEqual((await p.get('/api/auth/me')).json, notValid);
});

test('a token needs no CSRF token and minds no origin; a cookie does both', async () => {
  const p = await program('demo_teacher_8', { family: '002' });
  const person = await signedIn('demo_teacher_8');
  const forged = await person.send('POST', '/api/v1/auth/logout');
  assert.equal(forged.status, 403);
  const elsewhere = await person.send('POST', '/api/v1/auth/logout', { headers: { origin: 'https://evil.example', 'x-csrf-token': await person.token() } });
  assert.equal(elsewhere.status, 401); // a foreign page brings no cookie of ours
  const done = await p.post('/api/v1/auth/logout', undefined, { origin: 'https://other.example' });
  assert.equal(done.status, 204);
});

test('tokens do not open pages, and cookies come with none of them', async () => {
  const p = await as('demo_admin_1');
  const page = await p.get('/admin', { accept: 'text/html' });
  assert.equal(page.status, 303);
  assert.match(page.headers.location, /^\/sign-in/);
  const answer = await new Program().post('/api/auth/login', { email: 'demo_admin_1', password: 'password' });
  assert.equal(answer.headers['set-cookie'], undefined);
  assert.equal(answer.headers['cache-control'], 'no-store');
  // A stale header does not stand in the way of signing in.
  const again = await new Program().post('/api/auth/login', { email: 'demo_admin_1', password: 'password' }, { authorization: 'Bearer stale' });
  assert.equal(again.status, 200);
});

test('unknown paths and wrong methods speak as their door does', async () => {
  const p = await as('demo_student_7');
  assert.deepEqual((await p.get('/api/students/x/y/z')).json, { detail: 'Not found.' });
  assert.deepEqual((await p.get('/api/v1/nothing')).json, { detail: 'Not Found' });
  const first = (await p.get('/api/smart-attendance/nothing')).json;
  assert.deepEqual(first, { success: false, error: 'http_error', message: 'Not Found', status_code: 404, detail: 'Not Found' });
  const method = await p.patch('/api/auth/login', {});
  assert.equal(method.status, 405);
  assert.deepEqual(method.json, { detail: 'Method "PATCH" not allowed.' });
  assert.deepEqual((await p.get('/api/v1/auth/login')).json, { detail: 'Method Not Allowed' });
});

test('002\'s limits for each address', async (t) => {
  const own = await ownServer(t, { env: { MUSTER_CONTRACT_RATE_LIMITS: 'yes', MUSTER_REQUESTS_PER_ACCOUNT_PER_MINUTE: '5' } });
  const p = await program('demo_student_1', { of: own, family: '003' });
  let last;
  for (let i = 0; i < 6; i += 1) last = await p.get('/api/auth/me');
  assert.equal(last.status, 429);
  assert.match(last.json.detail, /^Request was throttled. Expected available in \d+ seconds\.$/);
  assert.ok(last.headers['retry-after']);
  const out = await p.post('/api/v1/auth/logout');
  assert.equal(out.status, 429);
  assert.match(out.json.error, /^Rate limit exceeded: \d+ per 1 minute$/);
});

test('who guesses has to wait, at every door', async (t) => {
  const own = await ownServer(t, { env: { MUSTER_SIGN_IN_DELAY_AFTER: '2' } });
  const p = new Program(own);
  for (let i = 0; i < 2; i += 1) await p.post('/api/v1/auth/login', { username: 'demo_student_1', password: 'wrong' });
  const second = await p.post('/api/v1/auth/login', { username: 'demo_student_1', password: 'password' });
  assert.equal(second.status, 429);
  const third = await p.post('/api/auth/login', { email: 'demo_student_1', password: 'password' });
  assert.equal(third.status, 429);
  assert.ok(Number(third.headers['retry-after']) > 0);
});
