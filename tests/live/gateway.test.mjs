// The gateway as clients meet it: through nginx, with accounts.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import net from 'node:net';
import test from 'node:test';
import { io } from 'socket.io-client';
import WebSocket from 'ws';
import { Client, json, muster, ownServer, server, signedIn, sql, until } from '../lib/http.mjs';
import { Socket, frame, polling, rawSocket } from '../lib/live.mjs';

/* A token of contract 003 for a demo account, as { token, client }. */
async function token(name, of = server) {
  const client = new Client(of);
  const answer = await client.send('POST', '/api/auth/login', { body: json({ email: `${name}@demo.muster.example`, username: name, password: 'password' }) });
  assert.equal(answer.status, 200, answer.text);
  return answer.json.access ?? answer.json.access_token ?? answer.json.token;
}

/* What becomes of a try to connect: { id } or { error }. */
function connecting(of, options) {
  return new Promise((resolve) => {
    const client = io(of.url, { forceNew: true, reconnection: false, ...options });
    client.on('connect', () => resolve({ id: client.id, client }));
    client.on('connect_error', (error) => { resolve({ error: error.message }); client.close(); });
  });
}

const wsUrl = (path, of = server) => `${of.url}${path}`;

for (const transports of [['polling', 'websocket'], ['websocket'], ['polling']]) {
  test(`Socket.IO by ${transports}: who may connect, and what others are told`, async () => {
    const good = await connecting(server, { transports, auth: { token: await token('demo_student_40') } });
    assert.match(good.id ?? '', /^[0-9a-f]{32}$/, good.error);
    if (transports.length > 1) await until('the upgrade', () => good.client.io.engine.transport.name === 'websocket');
    good.client.close();
    for (const [auth, message] of [
      [{}, 'Authentication error'], [{ token: '' }, 'Authentication error'], [{ token: null }, 'Authentication error'],
      [{ token: 'abc' }, 'Invalid token'], [{ token: 12 }, 'Invalid token'], [{ token: { a: 1 } }, 'Invalid token'],
      [{ token: 'x'.repeat(200_000) }, 'Invalid token'],
    ]) assert.deepEqual(await connecting(server, { transports, auth }), { error: message }, JSON.stringify(auth).slice(0, 50));
  });
}

test('a token is not taken from the address, nor a cookie', async () => {
  const bearer = await token('demo_student_41');
  assert.deepEqual(await connecting(server, { query: { token: bearer }, auth: {} }), { error: 'Authentication error' });
  const person = await signedIn('demo_student_41');
  const cookie = [...person.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  assert.deepEqual(await connecting(server, { extraHeaders: { cookie }, auth: {} }), { error: 'Authentication error' });
});

test('another namespace is refused', async () => {
  const client = io(`${server.url}/custom`, { forceNew: true, reconnection: false, auth: { token: 'x' } });
  const error = await new Promise((resolve) => { client.on('connect_error', resolve); });
  assert.equal(error.message, 'Invalid namespace');
  client.close();
});

test('origins and names: our own, and no others', async () => {
  const of = (headers) => fetch(`${server.url}/socket.io/?EIO=4&transport=polling`, { headers }).then(async (a) => ({ status: a.status, text: await a.text(), headers: a.headers }));
  assert.equal((await of({ origin: server.url })).status, 200);
  const elsewhere = await of({ origin: 'https://elsewhere.example' });
  assert.deepEqual([elsewhere.status, JSON.parse(elsewhere.text)], [403, { code: 4, message: 'Forbidden' }]);
  assert.equal(elsewhere.headers.get('access-control-allow-origin'), null);
  assert.equal((await rawSocket(server.port, '/ws', { Origin: 'https://elsewhere.example' })).status, 403);
  assert.equal((await rawSocket(server.port, '/ws', { Host: 'elsewhere.example' })).status, 421);
});

test('/ws is for anyone, but a token that is shown must be good', async () => {
  const socket = new Socket(wsUrl('/ws'));
  await socket.opened;
  assert.equal((await socket.close()).code, 1000);
  await assert.rejects(new Socket(wsUrl('/ws?token=abc')).opened, /401/);
  const good = new Socket(wsUrl(`/ws?token=${await token('demo_student_42')}`));
  await good.opened;
  await good.close();
  assert.equal((await fetch(wsUrl('/ws'))).status, 426);
  assert.equal((await fetch(wsUrl('/ws'), { method: 'POST', body: 'x' })).status, 405);
});

test('a token in an address is in no log', async () => {
  const secret = `eyJ${'secret'.repeat(8)}`;
  await assert.rejects(new Socket(wsUrl(`/ws?token=${secret}`)).opened);
  assert.throws(() => execFileSync('grep', ['-r', secret, `${server.var}/log`]));
});

test('what breaks the protocol through nginx', async () => {
  for (const [code, ...frames] of [
    [1002, frame('{}', { masked: false })], [1007, frame(Buffer.from([0xff]))], [1009, frame('', { length: 270_000 })], [1002, frame('x', { opcode: 0 })],
  ]) {
    const raw = await rawSocket(server.port, '/ws');
    assert.equal(raw.status, 101);
    raw.send(...frames);
    assert.equal(await raw.code(), code);
    raw.destroy();
  }
  const session = await polling(server.url, '/socket.io/').open();
  assert.equal((await session.post('x')).status, 400);
  assert.deepEqual(JSON.parse((await session.get()).text), { code: 1, message: 'Session ID unknown' });
  const big = await polling(server.url, '/socket.io/').open();
  assert.equal((await big.post(`40${'x'.repeat(600_000)}`)).status, 413);
});

test('its numbers are for this machine', async () => {
  const answer = await new Client().get('/metrics/live');
  assert.equal(answer.status, 200);
  for (const name of ['connections', 'clients', 'queue_bytes', 'opened_total']) assert.match(answer.text, new RegExp(`^muster_live_${name} \\d+$`, 'm'));
  assert.match(answer.text, /^muster_live_dropped_total\{kind="slow"\} \d+$/m);
  assert.equal((await new Client().get('/metrics/live', { headers: { 'x-forwarded-for': '192.0.2.1' } })).status, 404);
  assert.deepEqual((await new Client().get('/health/live')).json, { status: 'ok' });
});

test('it says how many connections fit', () => {
  const { stdout } = muster(['doctor']);
  assert.match(stdout, /limit of open files: \d+ open files: room for \d+ live connections/);
});

test('limits, and who signs out', async (t) => {
  const own = await ownServer(t, {
    env: {
      MUSTER_LIVE_CONNECTIONS_PER_ACCOUNT: '3', MUSTER_LIVE_RECHECK_S: '1', MUSTER_LIVE_MESSAGES_PER_SECOND: '10', MUSTER_LIVE_OPENS_PER_SECOND: '30',
      MUSTER_LIVE_CONNECT_TIMEOUT_S: '2', MUSTER_CORS_ORIGINS: 'https://app.example',
    },
  });
  const bearer = await token('demo_student_1', own);

  await t.test('an account has so many connections', async () => {
    const clients = [];
    for (let i = 0; i < 3; i += 1) {
      const { id, client, error } = await connecting(own, { transports: ['websocket'], auth: { token: bearer } });
      assert.ok(id, error);
      clients.push(client);
    }
    assert.deepEqual(await connecting(own, { transports: ['websocket'], auth: { token: bearer } }), { error: 'Too many connections' });
    for (const client of clients) client.close();
    await until('a place is free again', async () => {
      const { client } = await connecting(own, { transports: ['websocket'], auth: { token: bearer } });
      client?.close();
      return client;
    });
  });

  await t.test('who sends too much is disconnected', async () => {
    const socket = new Socket(wsUrl('/ws', own));
    await socket.opened;
    for (let i = 0; i < 100; i += 1) socket.send('{}');
    assert.deepEqual(await socket.closed, { code: 1008, reason: 'too many messages' });
  });

  await t.test('who connects to nothing is closed', async () => {
    const socket = new Socket(wsUrl('/socket.io/?EIO=4&transport=websocket', own));
    assert.equal((await socket.next())[0], '0');
    assert.equal((await socket.closed).code, 1008);
  });

  await t.test('a listed origin may, and its answers say so', async () => {
    const answer = await fetch(wsUrl('/socket.io/?EIO=4&transport=polling', own), { headers: { origin: 'https://app.example' } });
    assert.deepEqual([answer.status, answer.headers.get('access-control-allow-origin'), answer.headers.get('vary')], [200, 'https://app.example', 'Origin']);
    const asked = await fetch(wsUrl('/socket.io/?EIO=4&transport=polling', own), {
      method: 'OPTIONS', headers: { origin: 'https://app.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-a' },
    });
    assert.deepEqual([asked.status, asked.headers.get('access-control-allow-headers')], [204, 'x-a']);
    assert.equal((await fetch(wsUrl('/socket.io/?EIO=4&transport=polling', own), { headers: { origin: 'https://other.example' } })).status, 403);
  });

  await t.test('whose session has ended is disconnected', async () => {
    const { client, error } = await connecting(own, { transports: ['websocket'], auth: { token: bearer } });
    assert.ok(client, error);
    const socket = new Socket(wsUrl(`/ws?token=${bearer}`, own));
    await socket.opened;
    const gone = new Promise((resolve) => { client.on('disconnect', resolve); });
    sql('UPDATE web_session w JOIN account a ON a.id = w.account_id SET w.ended_at = UTC_TIMESTAMP(6) WHERE a.username = \'demo_student_1\'', { of: own });
    assert.equal(await gone, 'transport close');
    assert.deepEqual(await socket.closed, { code: 1008, reason: 'signed out' });
    assert.deepEqual(await connecting(own, { auth: { token: bearer } }), { error: 'Invalid token' });
    client.close();
  });

  await t.test('a storm is told to come again', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => fetch(wsUrl('/socket.io/?EIO=4&transport=polling', own))));
    const busy = answers.filter((a) => a.status === 503);
    assert.ok(busy.length > 0 && answers.some((a) => a.status === 200));
    assert.equal(answers.filter((a) => a.status !== 503 && a.status !== 200).length, 0);
    for (const a of busy) assert.match(a.headers.get('retry-after') ?? '', /^\d+$/);
  });

  await t.test('clients that vanish leave nothing behind', async () => {
    const count = async () => Number((await new Client(own).get('/metrics/live')).text.match(/^muster_live_clients (\d+)$/m)[1]);
    await until('all are gone', async () => await count() === 0, 90);
    const many = await Promise.all(Array.from({ length: 20 }, () => rawSocket(own.port, '/ws')));
    await until('they are in', async () => await count() === many.filter((r) => r.status === 101).length);
    for (const raw of many) raw.socket.resetAndDestroy();
    await until('they are gone', async () => await count() === 0);
  });

  await t.test('connections that say nothing leave the others alone', async () => {
    const silent = await Promise.all(Array.from({ length: 200 }, () => new Promise((resolve, reject) => {
      const socket = net.connect(own.port, '127.0.0.1', () => resolve(socket));
      socket.on('error', reject);
    })));
    const ws = new WebSocket(wsUrl('/ws', own).replace(/^http/, 'ws'));
    await new Promise((resolve, reject) => { ws.on('open', resolve); ws.on('error', reject); });
    ws.close();
    for (const socket of silent) socket.destroy();
  });
});
