// Requests as no browser of ours sends them: hosts, origins, tokens, methods, paths and
// bodies.  Each is refused in words, and nothing happens.
import assert from 'node:assert/strict';
import test from 'node:test';
import { anonymous, form, json, multipart, raw, server, sql } from '../lib/http.mjs';
import { as, below, hidden, newSession, onDisk, sentence, spoolIsEmpty, stored, typed, versionOf } from '../lib/classroom.mjs';

const teacher = () => as('demo_teacher_1');
const note = { type: 'general', text: 'A note' };

/* Asserts that `send` changes nothing about a session; gives its answer. */
async function harmless(send) {
  const session = newSession();
  const before = stored(session.id);
  const answer = await send(session, await teacher());
  assert.equal(stored(session.id), before);
  return answer;
}

/* ---- host, origin, token --------------------------------------------------------------- */

for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1', 'intranet.example']) {
  test(`a host of another name: ${host}`, async () => {
    for (const path of ['/sign-in', '/sessions', '/health', '/api/session_completion.php', '/nothing']) {
      const answer = await (await teacher()).get(path, { headers: { host } });
      assert.equal(answer.status, 421, path);
      assert.ok(!answer.text.includes(host));
      assert.match(answer.text, /does not answer to that name/, path);
    }
  });
}

test('hosts by any spelling of an allowed name', async () => {
  for (const host of ['127.0.0.1', `127.0.0.1:${server.port}`, 'localhost', 'LOCALHOST:1234', 'localhost.']) {
    assert.equal((await anonymous().get('/sign-in', { headers: { host } })).status, 200, host);
  }
  for (const host of ['127.0.0.1:0', '127.0.0.1:99999', 'local host', 'localhost:x', 'a@localhost', '[::1', 'localhost/']) {
    assert.ok([400, 421].includes((await anonymous().get('/sign-in', { headers: { host } })).status), host);
  }
  assert.match(await raw('GET /sign-in HTTP/1.1\r\nConnection: close\r\n\r\n'), /^HTTP\/1.1 400 /, 'none');
  assert.match(await raw('GET /sign-in HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n'), /^HTTP\/1.1 400 /, 'two');
  assert.match(await raw(`GET http://evil.example/sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`), /^HTTP\/1.1 (200|4\d\d) /);
});

test('redirects and links never take a name from the request', async () => {
  const answer = await anonymous().get('/sessions?tab=history', { headers: { host: 'localhost:4321', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' } });
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.location, '/sign-in?next=%2Fsessions%3Ftab%3Dhistory');
});

for (const [name, headers] of [
  ['another origin', { origin: 'https://evil.example' }], ['an opaque origin', { origin: 'null' }], ['another port', { origin: 'http://127.0.0.1:1' }],
  ['an origin that begins with ours', { origin: `http://127.0.0.1:${server?.port}.evil.example` }], ['an origin that is none', { origin: 'x' }],
  ['a cross-site fetch', { 'sec-fetch-site': 'cross-site' }], ['a same-site fetch', { 'sec-fetch-site': 'same-site' }],
  ['a cross-site fetch without origin', { origin: null, 'sec-fetch-site': 'cross-site' }], ['a site that is no word', { 'sec-fetch-site': 'x' }],
]) {
  test(`from elsewhere: ${name}`, async () => {
    const answer = await harmless((s, client) => client.post(`${s.path}/notes`, note, { headers }));
    assert.equal(answer.status, 403);
    const signIn = await anonymous().send('POST', '/sign-in', { body: form({ user: 'demo_teacher_1', pass: 'password' }), headers });
    assert.equal(signIn.status, 403);
    assert.equal(signIn.headers['set-cookie'], undefined);
    const demo = await anonymous().send('POST', '/sign-in/demo', { body: form({ role: 'teacher' }), headers });
    assert.equal(demo.status, 403);
  });
}

test('from here: origin, or the word of the browser, or neither', async () => {
  for (const headers of [{ origin: null }, { 'sec-fetch-site': 'same-origin' }, { origin: null, 'sec-fetch-site': 'none' }, { origin: `http://127.0.0.1:${server.port}` }]) {
    assert.equal((await (await teacher()).post(`${newSession().path}/notes`, note, { headers })).status, 303, JSON.stringify(headers));
  }
});

const stranger = await as('demo_teacher_2');
for (const [name, token] of [['none', () => null], ['empty', () => ''], ['wrong', () => 'f'.repeat(64)], ['short', (t) => t.slice(1)], ['long', (t) => `${t}0`],
  ['in capitals', (t) => t.toUpperCase().replace(/^/, 'A').slice(0, 64)], ["another session's", () => stranger.token()]]) {
  test(`a token: ${name}`, async () => {
    const value = await token(await (await teacher()).token());
    const answer = await harmless((s, client) => client.post(`${s.path}/notes`, { ...note, text: 'Typed <with> care', csrf_token: value }));
    assert.equal(answer.status, 403);
    // The form comes back, and can be sent with the right token.
    assert.match(answer.text, /Typed &lt;with&gt; care/);
    const header = await harmless((s, client) => client.post(`${s.path}/notes`, { ...note, csrf_token: null }, { headers: { 'x-csrf-token': value } }));
    assert.equal(header.status, 403);
  });
}

test('a form without its token comes back and can be sent again', async () => {
  const client = await teacher();
  const session = newSession();
  const page = await client.post(`${session.path}/notes`, { ...note, text: 'Kept\nthrough' , csrf_token: '' });
  assert.equal(page.status, 403);
  const fields = hidden(page, `${session.path}/notes`);
  assert.equal(fields.text, 'Kept\nthrough');
  assert.equal((await client.send('POST', `${session.path}/notes`, { body: form(fields) })).status, 303);
  assert.deepEqual(sql(`SELECT n.text FROM note n JOIN completion c ON c.id = n.completion_id WHERE c.occurrence_id = ${session.id}`), [['Kept\nthrough']]);
});

test('a token in the address is none', async () => {
  const answer = await harmless(async (s, client) => client.send('POST', `${s.path}/notes?csrf_token=${await client.token()}`, { body: form(note) }));
  assert.equal(answer.status, 403);
});

test('programs are told in JSON', async () => {
  const client = await teacher();
  const answer = await harmless((s) => client.send('POST', `${s.path}/notes`, { body: json(note) }));
  assert.equal(answer.status, 403);
  assert.match(answer.headers['content-type'], /^application\/problem\+json/);
  assert.equal(answer.json.reason, 'csrf');
  const missing = await client.get('/sessions/999999999', { headers: { accept: 'application/json' } });
  assert.equal(missing.json.status, 404);
  assert.equal(missing.json.instance, missing.headers['x-request-id']);
  const nobody = await anonymous().get('/sessions', { headers: { accept: 'application/json' } });
  assert.equal(nobody.status, 401);
  assert.equal(nobody.json.reason, 'sign_in');
});

/* ---- methods and paths --------------------------------------------------------------------- */

test('HEAD is GET without its body', async () => {
  const client = await teacher();
  for (const path of ['/sign-in', '/sessions', '/sessions?tab=completed', '/account', '/nothing', '/health', newSession().path]) {
    const [get, head] = [await client.get(path), await client.send('HEAD', path)];
    assert.equal(head.status, get.status, path);
    assert.equal(head.body.length, 0);
    assert.equal(head.headers['content-type'], get.headers['content-type']);
    // Lists and times on pages may change between the two.
    if (['/sign-in', '/account', '/nothing'].includes(path)) assert.equal(head.headers['content-length'], get.headers['content-length'], path);
  }
});

for (const [method, path, allow] of [
  ['POST', '/sessions', 'GET, HEAD'], ['DELETE', '/sessions/1', 'GET, HEAD'], ['PUT', '/sessions/1/complete', 'GET, HEAD, POST'], ['GET', '/sign-out', 'POST'],
  ['GET', '/preferences', 'POST'], ['GET', '/sessions/1/notes', 'POST'], ['GET', '/sessions/1/check', 'POST'], ['GET', '/notes/1/delete', 'POST'], ['PATCH', '/', 'GET, HEAD'],
  ['OPTIONS', '/sessions', 'GET, HEAD'], ['GET', '/sessions/1/files', 'POST'], ['POST', '/health', 'GET, HEAD'], ['PROPFIND', '/sessions', 'GET, HEAD'],
]) {
  test(`405 with Allow: ${method} ${path}`, async () => {
    const answer = await (await teacher()).send(method, path, { headers: method === 'GET' ? {} : { 'content-length': '0' } });
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.allow, allow);
    assert.match(answer.text, /does not take that kind of request/);
  });
}

test('what is no address of ours is 404, and a page', async () => {
  const client = await teacher();
  for (const path of ['/nothing', '/sessions/1/nothing', '/sessions//1', '//sessions', '/sessions/1/complete/x', '/a/b/c/d/e/f/g/h/i/j/k/l/m/n', '/static', '/static/',
    '/static/nothing.css', '/-/errors/pages/503.html', '/-/may-upload', '/-/refused/pages/404', '/-/files/', '/index.html', '/sessions%2f1',
    '/.git/config', '/api/nothing', '/public/uploads/sessions/x', '/sessions/..', '/%FF', '/index.php/x']) {
    const answer = await client.get(path);
    assert.equal(answer.status, 404, path);
    assert.match(answer.headers['content-type'] ?? '', path.startsWith('/api/') ? /problem\+json/ : /^text\/html|^$/, path);
  }
});

test('a slash at the end changes nothing', async () => {
  const client = await teacher();
  const session = newSession();
  for (const path of ['/sessions/', `${session.path}/`, `${session.path}/complete/`, '/account/', '/health/']) assert.equal((await client.get(path)).status, 200, path);
  assert.equal((await client.post(`${session.path}/notes/`, note)).status, 303);
});

test('an address of any length', async () => {
  assert.equal((await (await teacher()).get(`/sessions?q=${'a'.repeat(9000)}`)).status, 200);
  assert.match(await raw(`GET /sessions?q=${'a'.repeat(40_000)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`), /^HTTP\/1.1 (400|414) /);
  assert.match(await raw(`GET /sessions HTTP/1.1\r\nHost: localhost\r\nCookie: muster=${'a'.repeat(40_000)}\r\nConnection: close\r\n\r\n`), /^HTTP\/1.1 400 /);
});

test('cookies that are none of ours', async () => {
  for (const cookie of ['muster=', 'muster', '=', ';;;', 'muster=a; muster=b', `muster=${'x'.repeat(43)}`, 'muster="x"', 'lang=xx; theme=<b>', 'muster=\xff']) {
    const answer = await anonymous().get('/sessions', { headers: { cookie } });
    assert.equal(answer.status, 303, cookie);
  }
});

/* ---- bodies -------------------------------------------------------------------------------- */

const head = async (path, headers) => {
  const client = await teacher();
  const cookie = [...client.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\nX-CSRF-Token: ${await client.token()}\r\nConnection: close\r\n${headers}\r\n\r\n`;
};

const multi = 'multipart/form-data; boundary=b';
const part = '--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nx\r\n';
const bodies = [
  ['JSON that ends early', 'application/json', '{"text":"x"', 400], ['JSON with a key twice', 'application/json', '{"text":"x","text":"y"}', 400],
  ['JSON of great depth', 'application/json', `{"text":${'['.repeat(3000)}${']'.repeat(3000)}}`, 400], ['JSON with bad UTF-8', 'application/json', Buffer.from('{"text":"\xff"}', 'latin1'), 400],
  ['JSON with half a pair', 'application/json', '{"text":"\\ud800"}', 400], ['JSON with NUL', 'application/json', '{"text":"a\\u0000b"}', [400, 422]], ['nothing but blanks as JSON', 'application/json', '  ', 400],
  ['multipart without boundary', 'multipart/form-data', part, 400], ['multipart with an empty boundary', 'multipart/form-data; boundary=', part, 400],
  ['multipart with a boundary of 200', `multipart/form-data; boundary=${'b'.repeat(200)}`, part, 400], ['multipart that ends early', multi, part, 400],
  ['multipart without the first line', multi, 'x\r\n--b--\r\n', [400, 422]], ['a part without a name', multi, '--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n', 400],
  ['a part without a head', multi, '--b\r\n\r\nx\r\n--b--\r\n', 400], ['a part with a head of 20 kB', multi, `--b\r\nContent-Disposition: form-data; name="text"\r\nX: ${'x'.repeat(20_000)}\r\n\r\nx\r\n--b--\r\n`, [400, 413]],
  ['ten thousand parts', multi, `${part.repeat(10_000)}--b--\r\n`, [400, 413]], ['a type nobody reads', 'text/plain', 'text=x', 415], ['XML', 'application/xml', '<x/>', 415],
  ['no type', null, 'text=x', 415], ['a form with a broken escape', 'application/x-www-form-urlencoded', 'text=%zz', [400, 422]], ['a form with half an escape', 'application/x-www-form-urlencoded', 'text=a%', [400, 422]],
];
for (const [name, type, text, status] of bodies) {
  test(`a body: ${name}`, async () => {
    const answer = await harmless((s, client) => client.post(`${s.path}/notes`, { body: Buffer.from(text) }, { headers: type ? { 'content-type': type } : {} }));
    assert.ok([status].flat().includes(answer.status), `${answer.status} ${answer.text.slice(0, 600)}`);
    assert.match(answer.text, /<h1>|"title"|role="alert"/);
  });
}

test('JSON and multipart carry the same fields as a form', async () => {
  const client = await teacher();
  for (const body of [json(note), multipart(Object.entries(note).map(([name, value]) => ({ name, value })))]) {
    const session = newSession();
    assert.equal((await client.post(`${session.path}/notes`, body)).status, 303);
    assert.equal(sql(`SELECT note_count FROM completion WHERE occurrence_id = ${session.id}`)[0][0], '1');
  }
});

test('a body that ends early changes nothing', async () => {
  for (const [type, text] of [['application/x-www-form-urlencoded', 'type=general&text=half'], ['application/json', '{"type":"general","text":"half"}']]) {
    const session = newSession();
    const before = stored(session.id);
    await raw((await head(`${session.path}/notes`, `Content-Type: ${type}\r\nContent-Length: 1000`)) + text, { end: true });
    assert.equal(stored(session.id), before);
    await raw((await head(`${session.path}/notes`, `Content-Type: ${type}\r\nTransfer-Encoding: chunked`)) + `ff\r\n${text}`, { end: true });
    assert.equal(stored(session.id), before);
  }
});

test('a chunked body is read like any other', async () => {
  const session = newSession();
  const text = 'type=general&text=in+pieces';
  const answer = await raw((await head(`${session.path}/notes`, 'Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked'))
    + `a\r\n${text.slice(0, 10)}\r\n${(text.length - 10).toString(16)}\r\n${text.slice(10)}\r\n0\r\n\r\n`);
  assert.match(answer, /^HTTP\/1.1 303 /);
  assert.equal(sql(`SELECT note_count FROM completion WHERE occurrence_id = ${session.id}`)[0][0], '1');
});

for (const [name, headers] of [['two lengths', 'Content-Length: 5\r\nContent-Length: 6'], ['a length that is none', 'Content-Length: five'], ['a negative length', 'Content-Length: -5'],
  ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked'], ['an unknown encoding', 'Transfer-Encoding: gzip, chunked'], ['a huge length', 'Content-Length: 99999999999999999999999']]) {
  test(`a body with ${name} is refused`, async () => {
    const session = newSession();
    const before = stored(session.id);
    const answer = await raw(`${await head(`${session.path}/notes`, `Content-Type: application/x-www-form-urlencoded\r\n${headers}`)}text=`, { ms: 3000 });
    assert.match(answer, /^HTTP\/1.1 (400|413|501) /);
    assert.equal(stored(session.id), before);
  });
}

test('a body above the limit is refused, in both languages', async () => {
  const session = newSession();
  const before = [stored(session.id), onDisk()];
  const answer = await (await teacher()).post(`${session.path}/notes`, { text: 'x'.repeat(4_300_000) });
  assert.equal(answer.status, 413);
  assert.ok(answer.text.includes(sentence('body_too_big')));
  assert.match(answer.text, /lang="fr"/);
  assert.deepEqual([stored(session.id), onDisk()], before);
});

test('nothing of a request stays in the spool', async () => {
  await spoolIsEmpty();
  assert.deepEqual(below(`${server.var}/uploads/tmp`), []);
});

test('what was typed comes back even with a megabyte of it', async () => {
  const session = newSession();
  const text = 'é'.repeat(300_000);
  const page = await (await teacher()).post(`${session.path}/complete`, { version: versionOf(session.id), start: '07:00', end: '08:00', notes: text });
  assert.equal(page.status, 422);
  assert.equal(typed(page, 'notes'), text);
});
