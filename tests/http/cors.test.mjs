// Pages of other origins at the doors of programs: who is in the list may read and change by
// token, nobody by cookie; who is not is told nothing.
import assert from 'node:assert/strict';
import test from 'node:test';
import { anonymous, json, ownServer, signedIn } from '../lib/http.mjs';
import { newSession, sample } from '../lib/classroom.mjs';

const friend = 'https://app.example';
const stranger = 'https://evil.example';
const names = (answer) => Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'));
const varies = (answer) => (answer.headers.vary ?? '').split(/,\s*/);

const small = { MUSTER_PAGES_PROCESSES: '1', MUSTER_SLOW_PROCESSES: '1' };

const preflight = (of, path, method, { origin = friend, headers = 'authorization,content-type', ...more } = {}) => anonymous(of).send('OPTIONS', path, {
  headers: { origin, 'access-control-request-method': method, ...(headers ? { 'access-control-request-headers': headers } : {}), ...more },
});

function allowed(answer, origin = friend) {
  assert.equal(answer.headers['access-control-allow-origin'], origin, JSON.stringify(answer.headers));
  assert.equal(answer.headers['access-control-allow-credentials'], origin === '*' ? undefined : 'true');
  assert.ok(varies(answer).includes('Origin'), answer.headers.vary);
}

function untold(answer) {
  assert.deepEqual(names(answer), [], JSON.stringify(answer.headers));
}

test('pages of other origins', async (t) => {
  const of = await ownServer(t, { env: { ...small, MUSTER_CORS_ORIGINS: `${friend}, http://localhost:3000` }, faults: true });

  await t.test('a friend reads, and sees the headers that matter', async () => {
    for (const origin of [friend, 'http://localhost:3000']) {
      const answer = await anonymous(of).get('/health', { headers: { origin } });
      assert.equal(answer.status, 200);
      allowed(answer, origin);
      assert.match(answer.headers['access-control-expose-headers'], /Retry-After/);
      assert.match(answer.headers['access-control-expose-headers'], /X-Request-Id/);
    }
  });

  await t.test('everybody else is told nothing, but caches that it depends', async () => {
    for (const origin of [stranger, 'null', 'https://app.example.evil.example', 'http://app.example', 'https://app.example:8443', 'https://APP.example', '']) {
      const answer = await anonymous(of).get('/health', { headers: { origin } });
      assert.equal(answer.status, 200);
      untold(answer);
      assert.ok(varies(answer).includes('Origin'));
    }
    const own = await anonymous(of).get('/health', { headers: { origin: of.url } });
    untold(own);
  });

  await t.test('a browser may ask first', async () => {
    const answer = await preflight(of, '/health', 'GET');
    assert.equal(answer.status, 204);
    allowed(answer);
    assert.equal(answer.headers['access-control-allow-headers'], 'authorization,content-type');
    assert.ok(answer.headers['access-control-allow-methods'].split(', ').includes('GET'));
    assert.equal(answer.headers['access-control-max-age'], '600');
    assert.equal(answer.body.length, 0);
    const put = await preflight(of, '/sessions/1/files/a.png', 'PUT');
    assert.equal(put.status, 204);
    allowed(put);
    const plain = await preflight(of, '/health', 'GET', { headers: '' });
    assert.match(plain.headers['access-control-allow-headers'], /Authorization/);
  });

  await t.test('a method the path lacks is not among those named', async () => {
    const answer = await preflight(of, '/health', 'DELETE');
    assert.ok(!answer.headers['access-control-allow-methods'].includes('DELETE'));
    const nowhere = await preflight(of, '/api/nothing/there', 'POST');
    assert.equal(nowhere.status, 204);
    allowed(nowhere);
  });

  await t.test('a stranger who asks first gets no leave', async () => {
    for (const origin of [stranger, 'null', of.url]) {
      const answer = await preflight(of, '/health', 'GET', { origin });
      assert.equal(answer.status, 405);
      untold(answer);
    }
    for (const more of [{ 'access-control-request-method': null }, { origin: null }]) {
      const answer = await preflight(of, '/health', 'GET', more);
      assert.equal(answer.status, 405);
    }
  });

  await t.test('pages and what goes by cookie are for no other origin', async () => {
    const client = await signedIn('demo_admin_1', of);
    for (const path of ['/', '/sessions', '/sign-in', '/api/session_completion.php', '/api/schedule_batch.php', '/api/auth.php', '/uploads', '/admin/audit.jsonl', '/docs', '/static/HASH', '/nothing']) {
      untold(await client.get(path, { headers: { origin: friend } }));
      untold(await preflight(of, path, 'GET'));
      untold(await preflight(of, path, 'POST'));
    }
    untold(await client.post('/sessions/1/notes', { text: 'x' }, { headers: { origin: friend } }));
  });

  await t.test('a cookie says nothing when another origin sends it', async () => {
    const client = await signedIn('demo_admin_1', of);
    assert.ok('version' in (await client.get('/health')).json);
    assert.ok('version' in (await client.get('/health', { headers: { origin: of.url } })).json);
    for (const origin of [friend, stranger]) assert.ok(!('version' in (await client.get('/health', { headers: { origin } })).json), origin);
    const teacher = await signedIn('demo_teacher_1', of);
    const session = newSession({ of });
    const put = (origin) => teacher.send('PUT', `${session.path}/files/a.png`, { body: { body: sample('ffmpeg.png').bytes, type: 'image/png' }, headers: { origin, 'x-csrf-token': teacher.csrf } });
    await teacher.token();
    const refused = await put(friend);
    assert.equal(refused.status, 401);
    assert.equal((await put(stranger)).status, 403);
    assert.equal((await put(of.url)).status, 201);
  });

  await t.test('errors can be read, too: 401, 404, 405, and those of nginx', async () => {
    const client = anonymous(of);
    const headers = { origin: friend };
    const { bytes } = sample('ffmpeg.png');
    const put = await client.send('PUT', '/sessions/1/files/a.png', { body: { body: bytes, type: 'image/png' }, headers });
    assert.equal(put.status, 401);
    allowed(put);
    const missing = await client.get('/api/nothing/there', { headers });
    assert.equal(missing.status, 404);
    allowed(missing);
    const method = await client.send('DELETE', '/health', { headers });
    assert.equal(method.status, 405);
    allowed(method);
    const large = await client.send('POST', '/api/nothing/there', { body: { ...json({}), body: Buffer.alloc(5_000_000) }, headers });
    assert.equal(large.status, 413);
    allowed(large);
    const hidden = await client.send('POST', '/api/nothing/there', { body: { ...json({}), body: Buffer.alloc(5_000_000) }, headers: { origin: stranger } });
    assert.equal(hidden.status, 413);
    untold(hidden);
    assert.ok(varies(hidden).includes('Origin'));
  });

  await t.test('what is no origin is no setting', async (inner) => {
    for (const wrong of ['app.example', 'https://app.example/', 'null', 'ftp://app.example', 'https://app.example"; add_header X 1', 'https://']) {
      await assert.rejects(ownServer(inner, { env: { MUSTER_CORS_ORIGINS: wrong }, faults: true }), wrong);
    }
  });
});

test('the list of all origins takes no credentials', async (t) => {
  const of = await ownServer(t, { env: { ...small, MUSTER_CORS_ORIGINS: '*' }, faults: true });
  for (const origin of [friend, stranger, 'null']) {
    allowed(await anonymous(of).get('/health', { headers: { origin } }), '*');
    allowed(await preflight(of, '/health', 'GET', { origin }), '*');
    allowed(await anonymous(of).send('POST', '/api/nothing', { body: { ...json({}), body: Buffer.alloc(5_000_000) }, headers: { origin } }), '*');
  }
  const client = await signedIn('demo_admin_1', of);
  assert.ok(!('version' in (await client.get('/health', { headers: { origin: friend } })).json));
});

test('without the setting nobody else is answered', async () => {
  const answer = await anonymous().get('/health', { headers: { origin: friend } });
  untold(answer);
  assert.ok(varies(answer).includes('Origin'));
  assert.equal((await anonymous().send('OPTIONS', '/health', { headers: { origin: friend, 'access-control-request-method': 'GET' } })).status, 405);
});
