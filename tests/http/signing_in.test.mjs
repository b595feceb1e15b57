// Signing in and out, passwords, what an expired session does to a half-filled form, and
// where `next` may lead.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chownSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import { anonymous, build, Client, form, multipart, ownServer, server, signedIn, sql, until } from '../lib/http.mjs';
import { as, besides, hidden, newAccount, newSession, sample, sentence, stored } from '../lib/classroom.mjs';
import { temporaryFolder } from '../lib/server.mjs';

let n = 0;
/* An account of its own: wrong passwords there delay nobody else. */
const account = (role) => { n += 1; return newAccount(`signing_${process.pid}_${n}`, { role }); };

async function trySignIn(user, pass, more = {}, client = anonymous()) {
  return client.send('POST', '/sign-in', { body: form({ user, pass, ...more }) });
}
const idOf = (username) => Number(sql(`SELECT id FROM account WHERE username = '${username}'`)[0][0]);

/* ---- the form ---------------------------------------------------------------------------- */

test('signing in by name or e-mail, in any case, with blanks around it', async () => {
  for (const user of ['demo_teacher_7', 'DEMO_Teacher_7', '  demo_teacher_7 ', 'demo_teacher_7@demo.muster.example', 'Demo_Teacher_7@DEMO.muster.example']) {
    const answer = await trySignIn(user, 'password');
    assert.equal(answer.status, 303, user);
    assert.equal(answer.headers.location, '/');
  }
});

test('what is wrong is said the same way, whatever it was', async () => {
  const disabled = account();
  sql(`UPDATE account SET disabled_at = UTC_TIMESTAMP(6) WHERE username = '${disabled}'`);
  const texts = new Set();
  for (const [user, pass] of [[account(), 'wrong'], ['nobody at all', 'password'], [disabled, 'password'], [account(), 'Password'], [account(), 'password '], ["x' OR '1'='1", 'x'], ['\u202Edemo', 'x']]) {
    const answer = await trySignIn(user, pass);
    assert.equal(answer.status, 422, user);
    assert.equal(answer.headers['set-cookie'], undefined);
    assert.ok(answer.text.includes(sentence('credentials')));
    assert.ok(!answer.text.includes(`value="${pass}"`));
    texts.add(answer.text.replace(/ value="[^"]*"/g, ''));
  }
  assert.equal(texts.size, 1);
});

for (const [name, fields, id, reason, number] of [
  ['no name', { user: '', pass: 'x' }, 'user-e', 'required'], ['no password', { user: 'x', pass: '' }, 'pass-e', 'required'], ['nothing', {}, 'user-e', 'required'],
  ['a name twice', { user: ['a', 'b'], pass: 'x' }, 'user-e', 'repeated'], ['a name of 10,000', { user: 'a'.repeat(10_000), pass: 'x' }, 'user-e', 'too_long', 255],
  ['a password of 100,000', { user: 'a', pass: 'x'.repeat(100_000) }, 'pass-e', 'too_long', 1024], ['NUL in the name', { user: 'a\0b', pass: 'x' }, 'user-e', 'not_text'],
  ['NUL in the password', { user: 'demo_teacher_1', pass: 'password\0' }, 'pass-e', 'not_text'],
]) {
  test(`signing in with ${name}`, async () => {
    const answer = await anonymous().send('POST', '/sign-in', { body: form(fields) });
    assert.equal(answer.status, 422);
    assert.equal(besides(answer, id), sentence(reason, number));
  });
}

test('the cookie: new at each sign-in, out of reach of scripts, ended by the next one', async () => {
  const user = account();
  const client = anonymous();
  client.cookies.set('muster', 'A'.repeat(43));
  const first = await trySignIn(user, 'password', {}, client);
  const [line] = first.headers['set-cookie'];
  assert.match(line, /^muster=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  assert.notEqual(client.cookies.get('muster'), 'A'.repeat(43), 'a token from outside is never taken over');
  const old = client.cookies.get('muster');
  const again = await trySignIn(user, 'password', { keep: 1 }, client);
  assert.match(again.headers['set-cookie'][0], /; Max-Age=2592000/);
  const stale = anonymous();
  stale.cookies.set('muster', old);
  assert.equal((await stale.get('/account')).status, 303);
  const [[hash]] = sql(`SELECT LOWER(HEX(token_hash)) FROM web_session WHERE account_id = ${idOf(user)} ORDER BY id DESC LIMIT 1`);
  assert.ok(!hash.includes(client.cookies.get('muster')));
});

/* ---- where to next ------------------------------------------------------------------------- */

const teacher = () => as('demo_teacher_1');
for (const [next, to] of [
  ['/sessions?tab=history&q=a%20b', '/sessions?tab=history&q=a%20b'], ['/account', '/account'], ['//evil.example', '/'], ['https://evil.example/', '/'], ['/\\evil.example', '/'], ['\\\\evil.example', '/'],
  ['/\t/evil.example', '/'], ['/ /evil', '/'], ['javascript:alert(1)', '/'], ['evil.example', '/'], ['', '/'], ['/a\r\nSet-Cookie: x=1', '/'], ['/a\nb', '/'], ['http:/evil.example', '/'],
  ['%2F%2Fevil.example', '/'], ['/%5Cevil.example', '/%5Cevil.example'], [`/${'a'.repeat(3000)}`, '/'], ['///evil.example', '/'], ['/./\\evil.example', '/'], ['/\0/evil', '/'], ['.evil.example', '/'],
]) {
  test(`next: ${JSON.stringify(next).slice(0, 50)}`, async () => {
    const look = await (await teacher()).get(`/sign-in?next=${encodeURIComponent(next)}`);
    assert.equal(look.status, 303);
    assert.equal(look.headers.location, to);
    const page = await anonymous().get(`/sign-in?next=${encodeURIComponent(next)}`);
    assert.equal(hidden(page, '/sign-in').next ?? '/', to.replace(/^\/$/, '/'));
    const demo = await anonymous().send('POST', '/sign-in/demo', { body: form({ role: 'teacher', next }) });
    assert.equal(demo.headers.location, to);
    const saved = await (await teacher()).post('/preferences', { shortcuts: 'on', next });
    if (saved.status === 303) assert.equal(saved.headers.location, to === '/' ? '/account' : to);
    else assert.match(next, /[\0-\x1f]|.{2001}/); // no text of one line: a field at fault
  });
}

test('the way back from a very long address is home', async () => {
  const client = await teacher();
  const page = await client.get(`/sessions?q=${'%D9%85'.repeat(500)}`);
  assert.equal(page.status, 200);
  assert.equal(hidden(page, '/preferences').next, '/');
});

test('next after a password', async () => {
  for (const [next, to] of [['/sessions?tab=history', '/sessions?tab=history'], ['//evil.example', '/'], ['https://evil.example', '/']]) {
    assert.equal((await trySignIn('demo_teacher_7', 'password', { next })).headers.location, to);
  }
});

/* ---- wrong passwords -------------------------------------------------------------------------- */

test('wrong passwords bring a delay that grows, and holds for the right one, too', async () => {
  const user = account();
  for (let i = 0; i < 3; i += 1) assert.equal((await trySignIn(user, 'wrong')).status, 422);
  const waits = [];
  for (let round = 0; round < 4; round += 1) {
    const answer = await trySignIn(user.toUpperCase(), 'password');
    assert.equal(answer.status, 429);
    const wait = Number(answer.headers['retry-after']);
    assert.ok(answer.text.includes(sentence('sign_in_delay', wait)));
    waits.push(wait);
    sql(`UPDATE sign_in_throttle SET until_at = UTC_TIMESTAMP(6) WHERE subject = UNHEX(SHA2('account:${idOf(user)}', 256))`);
    assert.equal((await trySignIn(user, 'wrong')).status, 422);
  }
  assert.deepEqual([...waits].sort((a, b) => a - b), waits);
  assert.ok(waits[3] > waits[0], waits.join());
  assert.equal((await trySignIn('demo_teacher_7', 'password')).status, 303, 'nobody else waits');
  sql(`UPDATE sign_in_throttle SET until_at = UTC_TIMESTAMP(6) WHERE subject = UNHEX(SHA2('account:${idOf(user)}', 256))`);
  assert.equal((await trySignIn(user, 'password')).status, 303);
  assert.equal((await trySignIn(user, 'wrong')).status, 422, 'a right one forgives');
  assert.equal((await trySignIn(user, 'password')).status, 303);
  assert.ok(sql(`SELECT id FROM audit_log WHERE action = 'account.sign_in_failed' AND object_id = ${idOf(user)}`).length >= 8);
});

test('names that do not exist wait the same way', async () => {
  const name = `nobody-${process.pid}`;
  for (let i = 0; i < 3; i += 1) assert.equal((await trySignIn(name, 'x')).status, 422);
  assert.equal((await trySignIn(name, 'x')).status, 429);
});

test('many tries at once are few tries', async () => {
  const user = account();
  const answers = await Promise.all(Array.from({ length: 20 }, () => trySignIn(user, 'wrong')));
  const tried = answers.filter((a) => a.status === 422).length;
  assert.ok(tried >= 3 && tried <= 6, `${tried} of 20`);
});

/* ---- changing the password ---------------------------------------------------------------------- */

test('a new password ends every other session, and the old password', async () => {
  const user = account();
  const [here, there, alsoThere] = [await signedIn(user), await signedIn(user), await signedIn(user)];
  const answer = await here.post('/account/password', { old: 'password', new: 'Grüne Wiese 17', again: 'Grüne Wiese 17' });
  assert.equal(answer.status, 303);
  assert.equal((await here.get('/account')).status, 200);
  const same = await here.post('/account/password', { old: 'Grüne Wiese 17', new: 'Grüne Wiese 17', again: 'Grüne Wiese 17' });
  assert.equal(besides(same, 'w-new-e'), sentence('password_same'));
  for (const client of [there, alsoThere]) assert.equal((await client.get('/account')).status, 303);
  assert.equal((await trySignIn(user, 'password')).status, 422);
  assert.equal((await trySignIn(user, 'Grüne Wiese 17')).status, 303);
  assert.deepEqual(sql(`SELECT actor_id FROM audit_log WHERE action = 'account.password_changed' AND object_id = ${idOf(user)}`), [[String(idOf(user))]]);
  assert.doesNotMatch(sql(`SELECT GROUP_CONCAT(detail) FROM audit_log WHERE object = 'account' AND object_id = ${idOf(user)}`)[0][0] ?? '', /Wiese|argon/);
});

for (const [name, fields, id, reason, number] of [
  ['a wrong old one', { old: 'wrong' }, 'w-old-e', 'password_wrong'], ['the same one', { new: 'password', again: 'password' }, 'w-new-e', 'password_common'],
  ['a common one', { new: 'password123', again: 'password123' }, 'w-new-e', 'password_common'], ['seven characters', { new: 'aB3$xyz', again: 'aB3$xyz' }, 'w-new-e', 'too_short', 8],
  ['a different repetition', { again: 'Grüne Wiese 18' }, 'w-again-e', 'password_repeat'], ['nothing', { old: '', new: '', again: '' }, 'w-old-e', 'required'],
  ['one of 2 kB', { new: 'x'.repeat(2000), again: 'x'.repeat(2000) }, 'w-new-e', 'too_long', 1024], ['one with NUL', { new: 'long enough\0', again: 'long enough\0' }, 'w-new-e', 'not_text'],
  ['a field twice', { new: ['Grüne Wiese 17', 'Grüne Wiese 18'] }, 'w-new-e', 'repeated'],
]) {
  test(`changing the password: ${name}`, async () => {
    const user = account();
    const client = await signedIn(user);
    const before = sql(`SELECT password_hash, epoch FROM account WHERE username = '${user}'`);
    const answer = await client.post('/account/password', { old: 'password', new: 'Grüne Wiese 17', again: 'Grüne Wiese 17', ...fields });
    assert.equal(answer.status, 422);
    assert.equal(besides(answer, id), sentence(reason, number));
    assert.doesNotMatch(answer.text, /Wiese|type="password"[^>]*value="./);
    assert.deepEqual(sql(`SELECT password_hash, epoch FROM account WHERE username = '${user}'`), before);
  });
}

test('the own name is no password', async () => {
  const user = account();
  const answer = await (await signedIn(user)).post('/account/password', { old: 'password', new: user, again: user });
  assert.equal(besides(answer, 'w-new-e'), sentence('password_common'));
});

/* ---- an expired session in the middle of a form --------------------------------------------------- */

const expire = (client) => sql(`UPDATE web_session SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND
  WHERE token_hash = UNHEX(SHA2('${client.cookies.get('muster')}', 256))`, { of: client.of });

test('an idle session leads to signing in and back', async () => {
  const client = await signedIn('demo_teacher_7');
  expire(client);
  const answer = await client.get('/sessions?tab=history');
  assert.equal(answer.headers.location, '/sign-in?next=%2Fsessions%3Ftab%3Dhistory');
  const script = await client.get('/sessions?tab=history', { headers: { 'hx-request': 'true' } });
  assert.equal(script.status, 401);
  assert.equal(script.headers['hx-redirect'], '/sign-in?next=%2Fsessions%3Ftab%3Dhistory');
});

const typedNotes = 'Line 1\nLine 2 with "quotes", <b>tags</b> & 𝄞 مرحبا';
for (const through of ['/sign-in', '/sign-in/demo']) {
  test(`what was typed goes through ${through} to sent again`, async () => {
    const session = newSession();
    const client = await signedIn('demo_teacher_1');
    await client.get(`${session.path}/complete`);
    expire(client);
    const before = stored(session.id);
    const asked = await client.post(`${session.path}/complete`, { version: 1, start: '07:03', end: '08:04', code: '', notes: typedNotes });
    assert.equal(asked.status, 401);
    assert.match(asked.text, /You were signed out/);
    assert.match(asked.text, /Line 2 with (&quot;|&#34;|")quotes/);
    // A wrong password on the way loses nothing.
    let fields = hidden(asked, through);
    if (through === '/sign-in') {
      const wrong = await client.send('POST', through, { body: form({ ...fields, user: 'demo_teacher_1', pass: 'mistyped' }) });
      assert.equal(wrong.status, 422);
      fields = hidden(wrong, through);
    }
    const back = await client.send('POST', through, { body: form({ ...fields, ...(through === '/sign-in' ? { user: 'demo_teacher_1', pass: 'password' } : { role: 'teacher' }) }) });
    assert.equal(back.status, 200);
    assert.match(back.text, /nothing has been saved yet/);
    assert.equal(stored(session.id), before);
    const again = hidden(back, `${session.path}/complete`);
    assert.equal(again.notes, typedNotes);
    assert.equal((await client.send('POST', `${session.path}/complete`, { body: form(again) })).status, 303);
    assert.deepEqual(sql(`SELECT actual_start, actual_end, notes FROM completion WHERE occurrence_id = ${session.id}`), [['07:03:00', '08:04:00', typedNotes]]);
  });
}

test('what was typed by a script goes the same way', async () => {
  const session = newSession();
  const client = await signedIn('demo_teacher_1');
  await client.token();
  expire(client);
  const answer = await client.post(`${session.path}/notes`, { type: 'issue', text: 'Typed' }, { headers: { 'hx-request': 'true' } });
  assert.equal(answer.status, 422);
  assert.equal(answer.headers['hx-retarget'], 'body');
  assert.equal(hidden(answer, '/sign-in').kept_to, `${session.path}/notes`);
  assert.match(hidden(answer, '/sign-in').kept, /text=Typed/);
});

test('a form with files: its words are kept, the files have to be chosen again', async () => {
  const session = newSession();
  const client = await signedIn('demo_teacher_1');
  await client.token();
  expire(client);
  const answer = await client.post(`${session.path}/files`, multipart([{ name: 'description', value: 'Of week 10' }, sample('ffmpeg.png')]));
  assert.equal(answer.status, 401);
  assert.match(answer.text, /sign in/i);
});

test('passwords and tokens are never kept', async () => {
  const client = await signedIn(account());
  await client.token();
  expire(client);
  const answer = await client.post('/account/password', { old: 'secret-1', new: 'secret-2', again: 'secret-3' });
  assert.equal(answer.status, 401);
  assert.doesNotMatch(answer.text, /secret-\d|csrf_token%3D|csrf_token=/);
});

test('what is kept goes to this site alone', async () => {
  for (const to of ['//evil.example/x', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)']) {
    const answer = await trySignIn('demo_teacher_7', 'password', { kept_to: to, kept: 'a=b' });
    assert.equal(answer.status, 303, to);
    assert.equal(answer.headers.location, '/');
  }
  const odd = await trySignIn('demo_teacher_7', 'password', { kept_to: '/sessions/1/notes', kept: 'a=%zz&=&text=%FF&pass=x&csrf_token=y&"><script>=1' });
  assert.ok([200, 303].includes(odd.status));
  assert.doesNotMatch(odd.text, /<script>=|name="pass" value="x"|value="y"/);
});

test('a session ends at its end, however much it is used', async () => {
  const client = await signedIn('demo_teacher_7');
  sql(`UPDATE web_session SET ends_at = UTC_TIMESTAMP(6), expires_at = UTC_TIMESTAMP(6) WHERE token_hash = UNHEX(SHA2('${client.cookies.get('muster')}', 256))`);
  assert.equal((await client.get('/account')).status, 303);
});

test('signed in from two browsers, signed out from one', async () => {
  const [one, two] = [await signedIn('demo_teacher_7'), await signedIn('demo_teacher_7')];
  await one.post('/sign-out');
  assert.equal((await two.get('/account')).status, 200);
});

test('the demo buttons sign in as who they say', async () => {
  for (const [role, name] of [['teacher', 'Demo Teacher 1'], ['student', 'Demo Student 1'], ['admin', 'Demo Admin 1']]) {
    const client = new Client(server);
    assert.equal((await client.send('POST', '/sign-in/demo', { body: form({ role }) })).status, 303);
    assert.ok((await client.get('/account')).text.includes(name));
  }
});

test('off loopback demo accounts are refused, and so is the start with them', () => {
  const { uid, gid } = statSync(server.var);
  const folder = temporaryFolder();
  if (process.getuid() === 0) chownSync(folder, uid, gid);
  const begin = (env) => spawnSync(join(server.bin, 'muster-app'), ['--config', server.config, '--static', join(build, 'static')], {
    encoding: 'utf8', timeout: 20_000, env: { ...process.env, MUSTER_RUN_DIR: folder, ...env }, ...(process.getuid() === 0 ? { uid, gid } : {}),
  });
  for (const [env, words] of [[{ MUSTER_LISTEN_ADDRESS: '0.0.0.0', MUSTER_DEMO: 'yes' }, /demo/], [{ MUSTER_LISTEN_ADDRESS: '0.0.0.0', MUSTER_DEMO: 'no' }, /demo accounts/],
    [{ MUSTER_LISTEN_ADDRESS: '::', MUSTER_DEMO: 'no' }, /demo accounts/]]) {
    const { status, stdout, stderr } = begin(env);
    assert.ok(status > 0, `${status} ${stdout}${stderr}`);
    assert.match(stdout + stderr, words);
  }
  rmSync(folder, { recursive: true, force: true });
});

/* Signing in as a browser would that is closed at once; resolves when the connection is. */
function signInAndLeave(own) {
  const { body } = form({ user: 'demo_teacher_1', pass: 'password' });
  return new Promise((resolve, reject) => {
    const socket = connect(own.port, '127.0.0.1', () => {
      socket.write(`POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:${own.port}\r\nOrigin: ${own.url}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      setTimeout(() => socket.destroy(), 300);
    });
    socket.on('close', resolve).on('error', reject);
  });
}

test('a crowd that signs in waits for itself only, and not for who has left', async (t) => {
  const env = { MUSTER_SIGN_IN_PROCESSES: '1', MUSTER_ARGON2_TIME: '16', MUSTER_SIGN_IN_PER_ADDRESS_PER_MINUTE: '0' };
  const own = await ownServer(t, { env });
  const inside = await signedIn('demo_teacher_2', own); /* and the first hash at this price */
  await signedIn('demo_teacher_1', own);
  const late = async () => Number((await anonymous(own).get('/metrics')).text.match(/^muster_requests_late_total\{pool="sign-in"\} (\d+)$/m)[1]);
  const before = await late();
  const crowd = Array.from({ length: 12 }, () => trySignIn('demo_teacher_1', 'password', {}, anonymous(own)));
  const left = Promise.all(Array.from({ length: 6 }, () => signInAndLeave(own)));
  let done = 0;
  for (const one of crowd) one.then(() => { done += 1; });
  for (let i = 0; i < 5; i += 1) assert.equal((await inside.get('/trainer')).status, 200);
  assert.ok(done < 12, 'pages do not wait for the crowd');
  for (const answer of await Promise.all(crowd)) assert.equal(answer.status, 303);
  await left;
  await until('those who left are dropped', async () => await late() > before);
});
