// Engine.IO 4 in conformance mode: what the public suite of the protocol asks, and more of it.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as eio from 'engine.io-client';
import { until } from '../lib/http.mjs';
import { Socket, conformanceGateway, patient, polling, rawSocket } from '../lib/live.mjs';

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

test('Engine.IO', async (t) => {
  const gateway = await conformanceGateway(t);
  const base = `${gateway.url}/engine.io/`;
  const ws = (query = 'EIO=4&transport=websocket') => new Socket(`${base}?${query}`);

  await patient(t, 'a session by polling says what the protocol wants', async () => {
    const { handshake } = await polling(gateway.url).open();
    assert.deepEqual(Object.keys(handshake).sort(), ['maxPayload', 'pingInterval', 'pingTimeout', 'sid', 'upgrades']);
    assert.deepEqual([handshake.upgrades, handshake.pingInterval, handshake.pingTimeout, handshake.maxPayload], [['websocket'], 300, 200, 1000000]);
  });

  await patient(t, 'a session by WebSocket offers no upgrade', async () => {
    const socket = ws();
    const data = await socket.next();
    assert.equal(data[0], '0');
    assert.deepEqual(JSON.parse(data.slice(1)).upgrades, []);
    await socket.close();
  });

  for (const [query, method, code, message] of [
    ['transport=polling', 'GET', 5, 'Unsupported protocol version'],
    ['EIO=abc&transport=polling', 'GET', 5, 'Unsupported protocol version'],
    ['EIO=3&transport=polling', 'GET', 5, 'Unsupported protocol version'],
    ['EIO=4', 'GET', 0, 'Transport unknown'],
    ['EIO=4&transport=abc', 'GET', 0, 'Transport unknown'],
    ['EIO=4&transport=polling', 'POST', 2, 'Bad handshake method'],
    ['EIO=4&transport=polling', 'PUT', 2, 'Bad handshake method'],
    ['EIO=4&transport=websocket', 'GET', 3, 'Bad request'],
    ['EIO=4&transport=polling&sid=abc', 'GET', 1, 'Session ID unknown'],
    ['EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAAAA', 'GET', 1, 'Session ID unknown'],
  ]) {
    await patient(t, `${method} ?${query} is refused`, async () => {
      const answer = await fetch(`${base}?${query}`, { method });
      assert.equal(answer.status, 400);
      assert.deepEqual(await answer.json(), { code, message });
    });
  }

  await patient(t, 'a WebSocket that asks wrongly is not opened', async () => {
    for (const query of ['transport=websocket', 'EIO=abc&transport=websocket', 'EIO=4', 'EIO=4&transport=abc', 'EIO=4&transport=websocket&sid=abc'])
      await assert.rejects(ws(query).opened, /400/, query);
  });

  await patient(t, 'polled messages come back: one, several, binary, mixed', async () => {
    const session = await polling(gateway.url).open();
    for (const body of ['4hello', '4test1\x1e4test2\x1e4test3', 'bAQIDBA==', '4hello\x1ebAQIDBA==\x1e4é', '4', 'b']) {
      assert.deepEqual(await session.post(body), { status: 200, text: 'ok' });
      assert.deepEqual(await session.data(), { status: 200, text: body });
    }
  });

  await patient(t, 'a poll that waits gets what comes', async () => {
    const session = await polling(gateway.url).open();
    const waiting = session.get();
    await session.post('4late');
    assert.deepEqual(await waiting, { status: 200, text: '4late' });
  });

  for (const body of ['abc', '9', '', '4a\x1e', 'bA', 'b!!!!', '0{}', '2', '5', Buffer.from([0x34, 0xff])]) {
    await patient(t, `the payload ${JSON.stringify(body)} ends the session`, async () => {
      const session = await polling(gateway.url).open();
      assert.equal((await session.post(body)).status, 400);
      assert.equal((await session.get()).status, 400);
    });
  }

  await patient(t, 'two polls at once end the session', async () => {
    const session = await polling(gateway.url).open();
    const first = session.get();
    await sleep(20);
    const second = await session.get();
    assert.deepEqual(await first, { status: 200, text: '1' });
    assert.equal(second.status, 400);
    assert.equal((await session.get()).status, 400);
  });

  await patient(t, 'messages by WebSocket come back, in order', async () => {
    const socket = ws();
    await socket.next();
    const sent = ['4hello', Buffer.from([1, 2, 3, 4]), '4', Buffer.alloc(0), `4${'é'.repeat(40000)}`, Buffer.alloc(200000, 7)];
    for (const data of sent) socket.send(data);
    for (const data of sent) assert.deepEqual(await socket.nextData(), data);
    await socket.close();
  });

  for (const data of ['abc', '', '7', '2probe', '5', '0']) {
    await patient(t, `the packet ${JSON.stringify(data)} closes a WebSocket`, async () => {
      const socket = ws();
      await socket.next();
      socket.send(data);
      await socket.closed;
    });
  }

  await patient(t, 'heartbeats by polling', async () => {
    const session = await polling(gateway.url).open();
    for (let i = 0; i < 3; i += 1) {
      assert.deepEqual(await session.get(), { status: 200, text: '2' });
      assert.deepEqual(await session.post('3'), { status: 200, text: 'ok' });
    }
  });

  await patient(t, 'without an answer the session ends', async () => {
    const session = await polling(gateway.url).open();
    await sleep(500);
    assert.equal((await session.get()).status, 400);
  });

  await patient(t, 'heartbeats by WebSocket; without an answer it is closed', async () => {
    const socket = ws();
    await socket.next();
    for (let i = 0; i < 3; i += 1) {
      assert.equal(await socket.next(), '2');
      socket.send('3');
    }
    assert.equal(await socket.next(), '2');
    await socket.closed;
  });

  await patient(t, 'a client closes: by polling, by packet, by frame', async () => {
    const session = await polling(gateway.url).open();
    const waiting = session.get();
    await sleep(20);
    assert.deepEqual(await session.post('1'), { status: 200, text: 'ok' });
    assert.deepEqual(await waiting, { status: 200, text: '6' });
    assert.equal((await session.get()).status, 400);
    const socket = ws();
    await socket.next();
    socket.send('1');
    await socket.closed;
    const other = ws();
    await other.next();
    other.ws.close(1000, 'bye');
    assert.equal((await other.closed).code, 1000);
  });

  const probe = async (session) => {
    const socket = ws(`EIO=4&transport=websocket&sid=${session.handshake.sid}`);
    await socket.opened;
    socket.send('2probe');
    assert.equal(await socket.next(), '3probe');
    return socket;
  };

  await patient(t, 'an upgrade takes along what waits', async () => {
    const session = await polling(gateway.url).open();
    const socket = await probe(session);
    await session.post('4before');
    socket.send('5');
    assert.equal(await socket.nextData(), '4before');
    socket.send('4hello');
    assert.equal(await socket.nextData(), '4hello');
    assert.equal((await session.get()).status, 400);
    assert.equal((await session.post('4x')).status, 400);
    const second = ws(`EIO=4&transport=websocket&sid=${session.handshake.sid}`);
    await second.opened;
    assert.equal(await second.next(), undefined);
    assert.equal((await second.closed).code, 1008);
    socket.send('4still here');
    assert.equal(await socket.nextData(), '4still here');
    await socket.close();
  });

  await patient(t, 'a second WebSocket while one is tried is closed, and the first goes on', async () => {
    const session = await polling(gateway.url).open();
    const socket = await probe(session);
    const second = ws(`EIO=4&transport=websocket&sid=${session.handshake.sid}`);
    assert.equal((await second.closed).code, 1008);
    socket.send('5');
    socket.send('4hello');
    assert.equal(await socket.nextData(), '4hello');
    await socket.close();
  });

  await patient(t, 'an upgrade in one breath is answered before what is asked after it', async () => {
    const session = await polling(gateway.url).open();
    const socket = ws(`EIO=4&transport=websocket&sid=${session.handshake.sid}`);
    await socket.opened;
    socket.send('2probe');
    socket.send('5');
    assert.equal((await session.get()).status, 400);
    assert.deepEqual(socket.got, ['3probe']);
    await socket.close();
  });

  await patient(t, 'a poll that waits is let go when a WebSocket is tried', async () => {
    const session = await polling(gateway.url).open();
    const waiting = session.get();
    await sleep(20);
    const socket = await probe(session);
    assert.deepEqual(await waiting, { status: 200, text: '6' });
    socket.send('5');
    await socket.close();
  });

  await patient(t, 'an upgrade that is not finished leaves the session as it was', async () => {
    const session = await polling(gateway.url).open();
    const socket = await probe(session);
    await socket.close();
    await session.post('4on');
    assert.equal((await session.data()).text, '4on');
    const wrong = ws(`EIO=4&transport=websocket&sid=${session.handshake.sid}`);
    await wrong.opened;
    wrong.send('4not a probe');
    await wrong.closed;
    await session.post('4still');
    assert.equal((await session.data()).text, '4still');
  });

  await patient(t, 'a session is not of another path', async () => {
    const session = await polling(gateway.url).open();
    const answer = await fetch(session.url.replace('/engine.io/', '/socket.io/'));
    assert.deepEqual([answer.status, (await answer.json()).code], [400, 1]);
  });

  await patient(t, 'a client that goes away while it polls ends its session', async () => {
    const session = await polling(gateway.url).open();
    const gone = new AbortController();
    const waiting = fetch(session.url, { signal: gone.signal });
    await sleep(20);
    gone.abort();
    await assert.rejects(waiting);
    await until('the session ends', async () => (await session.post('4x')).status === 400);
  });

  for (const transports of [['polling', 'websocket'], ['websocket'], ['polling']]) {
    await patient(t, `the real client, by ${transports}`, async () => {
      const client = new eio.Socket(gateway.url, { transports, path: '/engine.io/' });
      client.binaryType = 'nodebuffer';
      const got = [];
      await new Promise((resolve, reject) => { client.on('open', resolve); client.on('error', reject); });
      client.on('message', (data) => got.push(data));
      const sent = ['one', Buffer.from([0, 255]), 'ü'.repeat(100000), Buffer.alloc(100000, 9), 'last'];
      for (const data of sent) client.send(data);
      await until('all come back', () => got.length >= sent.length);
      assert.deepEqual(got, sent);
      if (transports.length > 1) await until('the upgrade', () => client.transport.name === 'websocket');
      await sleep(700); // a heartbeat and more
      assert.equal(client.readyState, 'open');
      client.close();
    });
  }

  await patient(t, 'any origin may', async () => {
    const answer = await fetch(`${base}?EIO=4&transport=polling`, { headers: { origin: 'https://elsewhere.example' } });
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    const asked = await fetch(`${base}?EIO=4&transport=polling`, { method: 'OPTIONS', headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' } });
    assert.deepEqual([asked.status, asked.headers.get('access-control-allow-methods')], [204, 'GET, POST']);
  });

  await t.test('a stop closes with 1001', async () => {
    const raw = await rawSocket(gateway.port, '/engine.io/?EIO=4&transport=websocket');
    assert.equal(raw.status, 101);
    gateway.stop();
    assert.equal(await raw.code(), 1001);
    raw.destroy();
    assert.match(await gateway.stop(), /event=stop/);
  });
});
