// Contract 001: registering, signing in and out, on addresses that contract 002 has too.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Client, form, json, ownServer, signedIn, sql } from '../lib/http.mjs';
import { claimsOf, forge, program } from '../lib/c003.mjs';
import { auth, freshEmail, said, signIn } from '../lib/c001.mjs';
import { as, otherBranch, quoted } from '../lib/classroom.mjs';
import { conforms } from '../lib/openapi.mjs';

const PASSWORD = 'blue-river-42';
const now = () => Math.floor(Date.now() / 1000);

/* A registration of the test's own: { email, id, person }. */
async function registered({ name = 'Amina Ait Ali', role = 'student', email = freshEmail() } = {}) {
  said(await auth('POST', 'register', { name, email, password: PASSWORD, role }), 201, 'User registered successfully');
  const [[id, person]] = sql(`SELECT id, person_id FROM account WHERE email = ${quoted(email.toLowerCase())}`);
  return { email, id: Number(id), person: Number(person) };
}

/* What its token may ask for here: 401 once it is over. */
const me = (token) => new Client().send('GET', '/api/auth/me', { headers: { authorization: `Bearer ${token}` } });

test('signing in gives both tokens, with the claims of the contract', async () => {
  const who = await signIn('demo_student_1');
  assert.deepEqual(Object.keys(who), ['uid', 'name', 'email', 'role', 'accessToken', 'refreshToken']);
  assert.equal(who.uid, sql("SELECT uuid FROM account WHERE username = 'demo_student_1'")[0][0]);
  assert.equal(who.name, 'Demo Student 1');
  assert.equal(who.email, 'demo_student_1@demo.muster.example');
  assert.equal(who.role, 'student');
  const access = claimsOf(who.accessToken);
  for (const [name, value] of Object.entries({ uid: who.uid, name: who.name, role: 'student', email: who.email })) assert.equal(access[name], value);
  assert.ok(Math.abs(access.iat - now()) < 60);
  assert.ok(Math.abs(access.exp - now() - 86400) < 60);
  assert.ok(Math.abs(claimsOf(who.refreshToken).exp - now() - 7 * 86400) < 60);
  assert.equal((await signIn('demo_teacher_1')).role, 'teacher');
  assert.equal((await signIn('demo_admin_1')).role, 'teacher');
});

test('what is missing or wrong, in the words of the contract', async () => {
  said(await auth('POST', 'login', { email: 'demo_student_1@demo.muster.example' }), 400, 'Some fields are missing');
  said(await auth('POST', 'login', { email: '', password: 'x' }), 400, 'Some fields are missing');
  said(await auth('POST', 'login', { email: null, password: 'x' }), 400, 'Some fields are missing');
  said(await auth('POST', 'login', { email: 'nobody@nowhere.example', password: 'x' }), 401, 'Invalid credentials');
  said(await auth('POST', 'login', { email: 'demo_student_60@demo.muster.example', password: 'wrong' }), 401, 'Invalid credentials');
  said(await auth('POST', 'login', { email: ['a', 'b'], password: 'x' }), 400, /^email: /);
  said(await auth('POST', 'login', { email: `${'a'.repeat(2000)}@x.example`, password: 'x' }), 400, /^email: /);
  said(await auth('POST', 'token', { refreshToken: '' }), 403, 'Refresh token is required');
  said(await auth('POST', 'token', { refreshToken: null }), 403, 'Refresh token is required');
  said(await auth('POST', 'token', { refreshToken: 7 }), 403, 'Refresh token is required');
  said(await auth('POST', 'token', { refreshToken: 'a.b.c' }), 403, 'Invalid or expired refresh token');
  said(await auth('POST', 'token', { refreshToken: 'x'.repeat(200000) }), 403, 'Invalid or expired refresh token');
  said(await auth('DELETE', 'logout'), 400, 'Refresh token is required');
  said(await auth('DELETE', 'logout', {}), 400, 'Refresh token is required');
  said(await auth('DELETE', 'logout', { refreshToken: 'a.b.c' }), 404, 'Refresh token not found');
});

test('a refresh token gives access tokens, and only the last one does', async () => {
  const one = await signIn('demo_student_2');
  const fresh = await auth('POST', 'token', { refreshToken: one.refreshToken });
  assert.equal(fresh.status, 200, fresh.text);
  assert.deepEqual(Object.keys(fresh.json), ['accessToken']);
  assert.equal((await me(fresh.json.accessToken)).status, 200);
  said(await auth('POST', 'token', { refreshToken: one.accessToken }), 403, 'Invalid or expired refresh token');
  assert.equal((await me(one.refreshToken)).status, 401);
  const two = await signIn('demo_student_2');
  said(await auth('POST', 'token', { refreshToken: one.refreshToken }), 403, 'Invalid or expired refresh token');
  assert.equal((await me(one.accessToken)).status, 200); // the token itself goes on to its end
  assert.equal((await auth('POST', 'token', { refreshToken: two.refreshToken })).status, 200);
  // Signing the newest out does not bring the older one back.
  said(await auth('DELETE', 'logout', { refreshToken: two.refreshToken }), 200, 'Logged out successfully');
  said(await auth('POST', 'token', { refreshToken: one.refreshToken }), 403, 'Invalid or expired refresh token');
});

test('signing out holds at once, and once', async () => {
  const who = await signIn('demo_student_3');
  assert.equal((await me(who.accessToken)).status, 200);
  said(await auth('DELETE', 'logout', { refreshToken: who.refreshToken }), 200, 'Logged out successfully');
  assert.equal((await me(who.accessToken)).status, 401);
  said(await auth('DELETE', 'logout', { refreshToken: who.refreshToken }), 404, 'Refresh token not found');
  said(await auth('POST', 'token', { refreshToken: who.refreshToken }), 403, 'Invalid or expired refresh token');
  const again = await signIn('demo_student_3');
  said(await auth('POST', 'logout', { refreshToken: again.refreshToken }), 200, 'Logged out successfully'); // by POST, too
  assert.equal((await me(again.accessToken)).status, 401);
});

test('tokens that are expired, forged or of another door', async () => {
  const who = await signIn('demo_student_4');
  const good = claimsOf(who.refreshToken);
  const third = await program('demo_student_4');
  const tokens = {
    expired: forge({ ...good, exp: now() - 1 }),
    'another key': forge(good, { key: Buffer.alloc(32) }),
    'a session that is none': forge({ ...good, sid: 999999999 }),
    'another account': forge({ ...good, acc: good.acc + 1 }),
    'of 003': third.answer.refresh,
  };
  for (const [name, refreshToken] of Object.entries(tokens)) {
    const answer = await auth('POST', 'token', { refreshToken });
    assert.equal(answer.status, 403, name);
    said(answer, 403, 'Invalid or expired refresh token');
    said(await auth('DELETE', 'logout', { refreshToken }), 404, 'Refresh token not found');
  }
  const refresh = await new Client().send('POST', '/api/auth/refresh', { body: json({ refresh: who.refreshToken }), headers: { origin: null } });
  assert.equal(refresh.status, 401); // nor the other way round
});

test('002 keeps its half of the addresses', async () => {
  const login = await auth('POST', 'login', { username: 'demo_teacher_2', password: 'password' });
  assert.equal(login.status, 200, login.text);
  assert.equal(login.json.user.role, 'Teacher');
  const both = await auth('POST', 'login', { username: 'demo_teacher_2', email: 'demo_teacher_2@demo.muster.example', password: 'password' });
  assert.equal(both.json.user.role, 'Teacher');
  const byForm = await auth('POST', 'login', form({ username: 'demo_teacher_2', password: 'password', email: 'x' }));
  assert.equal(byForm.json.user.role, 'Teacher');
  const token = await auth('POST', 'token', form({ username: 'demo_teacher_2', password: 'password', grant_type: 'password' }));
  assert.equal(token.json.token_type, 'bearer');
  for (const path of ['login', 'token']) {
    for (const body of [{}, { password: 'x' }, form({ email: 'demo_teacher_2@demo.muster.example', password: 'password' })]) {
      const answer = await auth('POST', path, body);
      assert.equal(answer.status, 422, answer.text);
      assert.ok(Array.isArray(answer.json.detail), answer.text);
    }
    const broken = await auth('POST', path, { type: 'application/json', body: Buffer.from('{"email":') });
    assert.equal(broken.status, 422, broken.text);
  }
  assert.deepEqual((await auth('POST', 'logout')).json, { detail: 'Could not validate credentials' });
  assert.deepEqual((await auth('POST', 'logout', {})).json, { detail: 'Could not validate credentials' });
  const out = await auth('POST', 'logout', undefined, { headers: { authorization: `Bearer ${token.json.access_token}` } });
  assert.equal(out.status, 204);
  // A token of 001 that comes along does not change which contract is meant.
  const who = await signIn('demo_teacher_2');
  const stale = await auth('POST', 'login', { email: who.email, password: 'password' }, { headers: { authorization: 'Bearer stale' } });
  assert.equal(stale.status, 200);
  const second = await auth('POST', 'login', { username: 'demo_teacher_2', password: 'password' }, { headers: { authorization: `Bearer ${who.accessToken}` } });
  assert.equal(second.json.user.role, 'Teacher');
  assert.equal((await auth('GET', 'register')).status, 405);
});

test('who registers waits, and can do nothing until an admin approves', async () => {
  const one = await registered({ name: '  Zoé   van der Berg ' });
  const [[given, family, role, disabled, ended]] = sql(`SELECT p.given_name, p.family_name, a.role, a.disabled_at IS NOT NULL, p.ended_at IS NOT NULL
    FROM account a JOIN person p ON p.id = a.person_id WHERE a.id = ${one.id}`);
  assert.deepEqual([given, family.replace(/\s+/g, ' '), role, disabled, ended], ['Zoé', 'van der Berg', 'student', '1', '1']);
  said(await auth('POST', 'login', { email: one.email, password: PASSWORD }), 403, 'This account waits until an administrator approves it.');
  const third = await new Client().send('POST', '/api/auth/login', { body: json({ email: one.email, password: PASSWORD }), headers: { origin: null } });
  assert.equal(third.status, 401);
  const second = await auth('POST', 'login', { username: one.email, password: PASSWORD });
  assert.deepEqual(second.json, { detail: 'Invalid username or password.' });
  const admin = await as('demo_admin_1');
  const page = await admin.get('/admin/people/registrations');
  assert.match(page.text, new RegExp(one.email));
  assert.match((await admin.get('/admin/people')).text, /wait to be decided|waits to be decided/);
  const done = await admin.post(`/admin/people/registrations/${one.id}/approve`);
  assert.equal(done.status, 303, done.text.slice(0, 2000));
  assert.match((await admin.get(done.headers.location)).text, new RegExp(`href="/admin/people/${one.person}"`));
  const who = await signIn(one.email, { password: PASSWORD });
  assert.equal(who.role, 'student');
  assert.equal((await me(who.accessToken)).status, 200);
  assert.equal((await admin.get(`/admin/people/${one.person}`)).status, 200);
  const again = await admin.post(`/admin/people/registrations/${one.id}/approve`);
  assert.equal(again.status, 409);
  assert.deepEqual(sql(`SELECT action FROM audit_log WHERE object = 'account' AND object_id = ${one.id} AND action IN ('account.registered', 'account.approved') ORDER BY id`),
    [['account.registered'], ['account.approved']]);
});

test('asking to be a teacher gives no right, ever', async () => {
  const one = await registered({ role: 'teacher', name: 'Mallory' });
  assert.deepEqual(sql(`SELECT role FROM account WHERE id = ${one.id}`), [['student']]);
  const admin = await as('demo_admin_1');
  assert.match((await admin.get('/admin/people/registrations')).text, new RegExp(`${one.email}[\\s\\S]{0,600}to be a teacher`));
  assert.equal((await admin.post(`/admin/people/registrations/${one.id}/approve`)).status, 303);
  const who = await signIn(one.email, { password: PASSWORD });
  assert.equal(who.role, 'student');
  assert.equal(claimsOf(who.accessToken).rol, 'student');
  const staff = await new Client().send('GET', '/api/students', { headers: { authorization: `Bearer ${who.accessToken}` } });
  assert.equal(staff.status, 403);
});

test('who is refused stays out, and can still be approved', async () => {
  const one = await registered();
  const admin = await as('demo_admin_1');
  assert.equal((await admin.post(`/admin/people/registrations/${one.id}/refuse`)).status, 303);
  said(await auth('POST', 'login', { email: one.email, password: PASSWORD }), 401, 'Invalid credentials');
  said(await auth('POST', 'register', { name: 'A B', email: one.email, password: PASSWORD, role: 'student' }), 400, 'User already exists');
  assert.doesNotMatch((await admin.get('/admin/people/registrations')).text, new RegExp(one.email));
  assert.match((await admin.get('/admin/people/registrations?refused=1')).text, new RegExp(one.email));
  assert.equal((await admin.post(`/admin/people/registrations/${one.id}/refuse`)).status, 409);
  assert.equal((await admin.post(`/admin/people/registrations/${one.id}/approve`)).status, 303);
  assert.equal((await signIn(one.email, { password: PASSWORD })).role, 'student');
  const gone = await registered();
  assert.equal((await admin.post(`/admin/people/${gone.person}/remove`, { version: sql(`SELECT revision FROM person WHERE id = ${gone.person}`)[0][0] })).status, 303);
  assert.deepEqual(sql(`SELECT COUNT(*) FROM registration WHERE account_id = ${gone.id}`), [['0']]);
});

test('approving, an admin of the institution chooses the branch', async () => {
  otherBranch();
  const [one, two, three] = [await registered(), await registered(), await registered()];
  const branchOf = ({ person }) => sql(`SELECT p.branch_id, a.branch_id, p.ended_at IS NULL FROM person p JOIN account a ON a.person_id = p.id WHERE p.id = ${person}`)[0];
  const admin = await as('demo_admin_1');
  const page = (await admin.get('/admin/people/registrations')).text;
  assert.match(page, new RegExp(`<select[^>]*id="branch-${one.id}"[^>]*form="approve-${one.id}"[^>]*>[^]*?<option value="1" selected>[^]*?<option value="90">Far campus</option>`));
  assert.equal((await admin.post(`/admin/people/registrations/${one.id}/approve`, { branch: 90 })).status, 303);
  assert.deepEqual(branchOf(one), ['90', '90', '1']);
  const who = await signIn(one.email, { password: PASSWORD });
  assert.equal((await me(who.accessToken)).status, 200);
  assert.deepEqual(sql(`SELECT action FROM audit_log WHERE object = 'person' AND object_id = ${one.person}`), [['person.changed']]);
  // One that is none: said, and nobody is approved.
  for (const branch of [999999, 0, 'x']) {
    const refused = await admin.post(`/admin/people/registrations/${two.id}/approve`, { branch });
    assert.equal(refused.status, 422, String(branch));
    assert.match(refused.text, /Please choose one of the list/);
  }
  assert.deepEqual(branchOf(two), ['1', '1', '0']);
  // Who has one branch is not asked, and cannot give somebody away.
  const near = await as('demo_admin_2');
  assert.doesNotMatch((await near.get('/admin/people/registrations')).text, /<select/);
  assert.equal((await near.post(`/admin/people/registrations/${two.id}/approve`, { branch: 90 })).status, 422);
  assert.deepEqual(branchOf(two), ['1', '1', '0']);
  assert.equal((await admin.post(`/admin/people/registrations/${three.id}/approve`, { branch: 1 })).status, 303);
  assert.deepEqual(branchOf(three), ['1', '1', '1']);
});

test('only admins of the branch decide', async () => {
  otherBranch();
  const one = await registered();
  for (const [name, status] of [['demo_teacher_1', 404], ['demo_student_1', 404], ['demo_employee_1', 404], ['far_admin', 404]]) {
    const client = await as(name);
    assert.equal((await client.post(`/admin/people/registrations/${one.id}/approve`)).status, status, name);
  }
  assert.equal((await (await as('demo_teacher_1')).get('/admin/people/registrations')).status, 404);
  assert.doesNotMatch((await (await as('far_admin')).get('/admin/people/registrations')).text, new RegExp(one.email));
  const nobody = new Client();
  assert.equal((await nobody.send('POST', `/admin/people/registrations/${one.id}/approve`)).status, 401);
  const forged = await (await signedIn('demo_admin_1')).send('POST', `/admin/people/registrations/${one.id}/approve`, { body: form({}) });
  assert.equal(forged.status, 403);
  assert.deepEqual(sql(`SELECT state FROM registration WHERE account_id = ${one.id}`), [['waiting']]);
  assert.equal((await (await as('demo_admin_2')).post(`/admin/people/registrations/${one.id}/approve`)).status, 303);
  assert.equal((await (await as('demo_admin_1')).post('/admin/people/registrations/999999999/approve')).status, 404);
});

test('registrations that are none', async () => {
  const good = { name: 'Amina', email: freshEmail(), password: PASSWORD, role: 'student' };
  for (const name of Object.keys(good)) {
    said(await auth('POST', 'register', { ...good, [name]: undefined }), 400, 'Some fields are missing');
    said(await auth('POST', 'register', { ...good, [name]: '' }), 400, 'Some fields are missing');
  }
  said(await auth('POST', 'register', {}), 400, 'Some fields are missing');
  said(await auth('POST', 'register', { ...good, role: 'admin' }), 400, /^role: /);
  said(await auth('POST', 'register', { ...good, role: 'super_admin' }), 400, /^role: /);
  said(await auth('POST', 'register', { ...good, email: 'no address' }), 400, /^email: /);
  said(await auth('POST', 'register', { ...good, email: 'DEMO_teacher_1@demo.muster.example' }), 400, 'User already exists');
  said(await auth('POST', 'register', { ...good, password: 'short' }), 400, /^password: /);
  said(await auth('POST', 'register', { ...good, password: 'password' }), 400, /^password: /);
  said(await auth('POST', 'register', { ...good, name: 'n'.repeat(300) }), 400, /^name: /);
  said(await auth('POST', 'register', { ...good, name: 'a\u0000b' }), 400, /^name: /);
  const broken = await auth('POST', 'register', { type: 'application/json', body: Buffer.from('{') });
  assert.equal(broken.status, 400);
  assert.deepEqual(Object.keys(broken.json), ['message']);
  assert.deepEqual(sql(`SELECT COUNT(*) FROM account WHERE email = ${quoted(good.email)}`), [['0']]);
});

test('ten at once with one address are one account', async () => {
  const email = freshEmail();
  const answers = await Promise.all(Array.from({ length: 10 }, () => auth('POST', 'register', { name: 'A B', email, password: PASSWORD, role: 'student' })));
  assert.deepEqual(answers.map((a) => a.status).sort(), [201, ...Array(9).fill(400)], answers.map((a) => a.text).join('\n'));
  assert.deepEqual(sql(`SELECT COUNT(*) FROM account WHERE email = ${quoted(email)}`), [['1']]);
  // Two addresses with the same beginning get two usernames.
  const twin = email.replace('@test.example', '@other.example');
  said(await auth('POST', 'register', { name: 'C D', email: twin, password: PASSWORD, role: 'student' }), 201, 'User registered successfully');
});

test('registration can be turned off, and comes at most so often', async (t) => {
  const own = await ownServer(t, { env: { MUSTER_REGISTRATION: 'no' } });
  const body = { name: 'A B', email: freshEmail(), password: PASSWORD, role: 'student' };
  said(await auth('POST', 'register', body, { of: own }), 403, /^Nobody can register here/);
  const limited = await ownServer(t, { env: { MUSTER_SIGN_IN_PER_ADDRESS_PER_MINUTE: '2' } });
  for (let i = 0; i < 2; i += 1) said(await auth('POST', 'register', { ...body, email: freshEmail() }, { of: limited }), 201, 'User registered successfully');
  const many = await auth('POST', 'register', { ...body, email: freshEmail() }, { of: limited });
  said(many, 429, /^Too many tries/);
  assert.ok(Number(many.headers['retry-after']) > 0);
});

test('what is described is what is answered', async () => {
  const who = await signIn('demo_student_5');
  for (const [method, path, body] of [
    ['POST', 'login', { email: 'demo_student_5@demo.muster.example', password: 'password' }], ['POST', 'login', { email: 'x@x.example', password: 'x' }], ['POST', 'login', { email: 'x' }],
    ['POST', 'token', { refreshToken: 'x' }], ['POST', 'register', { name: 'A B', email: freshEmail(), password: PASSWORD, role: 'student' }], ['POST', 'register', {}],
    ['DELETE', 'logout', { refreshToken: 'x' }], ['DELETE', 'logout', {}], ['POST', 'logout', { refreshToken: 'x' }], ['DELETE', 'logout', { refreshToken: who.refreshToken }],
  ]) await conforms(await auth(method, path, body), method, `/api/v1/auth/${path}`);
});
