// Socket.IO 5 in conformance mode: packets by hand, and the real client.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import test from 'node:test';
import { io } from 'socket.io-client';
import WebSocket from 'ws';
import { build } from '../lib/http.mjs';
import { Socket, conformanceGateway, patient, polling } from '../lib/live.mjs';

test('Socket.IO', async (t) => {
  const gateway = await conformanceGateway(t);
  const open = async () => {
    const socket = new Socket(`${gateway.url}/socket.io/?EIO=4&transport=websocket`);
    assert.equal((await socket.next())[0], '0');
    return socket;
  };
  const connected = async (packet = '40') => {
    const socket = await open();
    socket.send(packet);
    const answer = await socket.nextData();
    const auth = await socket.nextData();
    return { socket, answer, auth };
  };

  for (const [packet, head, auth] of [
    ['40', '40', '42["auth",{}]'],
    ['40{"token":"123"}', '40', '42["auth",{"token":"123"}]'],
    ['40/custom,', '40/custom,', '42/custom,["auth",{}]'],
    ['40/custom', '40/custom,', '42/custom,["auth",{}]'],
    ['40/custom,{"token":"abc"}', '40/custom,', '42/custom,["auth",{"token":"abc"}]'],
  ]) {
    await patient(t, `${packet} connects`, async () => {
      const { socket, answer, auth: got } = await connected(packet);
      assert.ok(answer.startsWith(head), answer);
      assert.deepEqual(Object.keys(JSON.parse(answer.slice(head.length))), ['sid']);
      assert.equal(got, auth);
      await socket.close();
    });
  }

  await patient(t, 'who listens for one message at a time misses none', async () => {
    const ws = new WebSocket(`${gateway.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const next = async () => { const [data] = await once(ws, 'message'); return data.toString(); };
    assert.equal((await next())[0], '0');
    for (const [packet, answer, auth] of [['40', /^40\{"sid":/, '42["auth",{}]'], ['40/custom', /^40\/custom,\{"sid":/, '42/custom,["auth",{}]']]) {
      ws.send(packet);
      assert.match(await next(), answer);
      assert.equal(await next(), auth);
    }
    ws.close();
    await once(ws, 'close');
  });

  await patient(t, 'what is sent right behind the connect packet is answered after "auth"', async () => {
    const socket = await open();
    socket.send('40{"token":"t"}');
    socket.send('42["message",1]');
    socket.send('41');
    assert.match(await socket.nextData(), /^40\{"sid":/);
    assert.equal(await socket.nextData(), '42["auth",{"token":"t"}]');
    assert.equal(await socket.nextData(), '42["message-back",1]');
    await socket.close();
  });

  await patient(t, 'another namespace is refused, and the session lives', async () => {
    const socket = await open();
    socket.send('40/random');
    assert.equal(await socket.nextData(), '44/random,{"message":"Invalid namespace"}');
    socket.send('40');
    assert.match(await socket.nextData(), /^40\{/);
    await socket.close();
  });

  for (const packet of ['4abc', '42["message",1]', '47', '40[]', '40{"a":', '43[]', '41/custom,', '44{"message":"x"}']) {
    await patient(t, `${packet} before connecting closes`, async () => {
      const socket = await open();
      socket.send(packet);
      await socket.closed;
    });
  }

  await patient(t, 'who does not connect is closed', async () => {
    const socket = await open();
    assert.equal(await socket.nextData(), undefined);
  });

  await patient(t, 'disconnecting from one namespace leaves the other', async () => {
    const { socket } = await connected();
    socket.send('40/custom');
    assert.match(await socket.nextData(), /^40\/custom,/);
    assert.match(await socket.nextData(), /^42\/custom,/);
    socket.send('41/custom,');
    socket.send('42["message","message to main namespace"]');
    assert.equal(await socket.nextData(), '42["message-back","message to main namespace"]');
    socket.send('41');
    assert.equal(await socket.next(), '2'); // alive
    await socket.close();
  });

  for (const [sent, ...answers] of [
    [['42["message",1,"2",{"3":[true]}]'], '42["message-back",1,"2",{"3":[true]}]'],
    [['42["message"]'], '42["message-back"]'],
    [['42[ "message" , "é" ]'], '42["message-back","é"]'],
    [['42456["message-with-ack",1,"2",{"3":[false]}]'], '43456[1,"2",{"3":[false]}]'],
    [['452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', Buffer.from([1, 2, 3]), Buffer.from([4, 5, 6])],
      '452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', Buffer.from([1, 2, 3]), Buffer.from([4, 5, 6])],
    [['452-789["message-with-ack",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', Buffer.from([1, 2, 3]), Buffer.from([4, 5, 6])],
      '462-789[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', Buffer.from([1, 2, 3]), Buffer.from([4, 5, 6])],
  ]) {
    await patient(t, `${sent[0]} is answered`, async () => {
      const { socket } = await connected();
      for (const data of sent) socket.send(data);
      for (const answer of answers) assert.deepEqual(await socket.nextData(), answer);
      await socket.close();
    });
  }

  for (const packet of ['4abc', '42{}', '42abc["message-with-ack",1]', '42["message"', '42[]', '42[1]', '40', '45["message"]', '499999999999-["message"]', '42/custom,["message"]',
    '42["mess\\u0061ge"]', '4299999999999999999999["message"]', Buffer.from([1])]) {
    await patient(t, `${packet} closes`, async () => {
      const { socket } = await connected();
      socket.send(packet);
      assert.equal(await socket.nextData(), undefined);
    });
  }

  await patient(t, 'text between an event and its attachment closes', async () => {
    const { socket } = await connected();
    socket.send('451-["message",{"_placeholder":true,"num":0}]');
    socket.send('42["message"]');
    assert.equal(await socket.nextData(), undefined);
  });

  await patient(t, 'by polling', async () => {
    const session = await polling(gateway.url, '/socket.io/').open();
    await session.post('40{"token":"p"}');
    const [first, second] = (await session.data()).text.split('\x1e');
    assert.match(first, /^40\{"sid":/);
    assert.equal(second, '42["auth",{"token":"p"}]');
    await session.post('451-["message",{"_placeholder":true,"num":0}]\x1ebAQID');
    assert.equal((await session.data()).text, '451-["message-back",{"_placeholder":true,"num":0}]\x1ebAQID');
  });

  for (const transports of [['polling', 'websocket'], ['websocket'], ['polling']]) {
    for (const space of ['/', '/custom']) {
      await patient(t, `the real client, by ${transports}, in ${space}`, async () => {
        const client = io(`${gateway.url}${space}`, { transports, forceNew: true, reconnection: false, auth: { token: 'né' } });
        const auth = new Promise((resolve) => { client.on('auth', resolve); });
        await new Promise((resolve, reject) => { client.on('connect', resolve); client.on('connect_error', reject); });
        assert.deepEqual(await auth, { token: 'né' });
        const back = new Promise((resolve) => { client.on('message-back', (...args) => resolve(args)); });
        client.emit('message', 1, '2', { 3: [true] }, Buffer.from([7, 8]));
        assert.deepEqual(await back, [1, '2', { 3: [true] }, Buffer.from([7, 8])]);
        const [one, two] = await new Promise((resolve) => { client.emit('message-with-ack', { a: 'ß' }, Buffer.alloc(70000, 1), (...args) => resolve(args)); });
        assert.deepEqual([one, two], [{ a: 'ß' }, Buffer.alloc(70000, 1)]);
        client.close();
      });
    }
  }

  await patient(t, 'the real client is told of a namespace that is none', async () => {
    const client = io(`${gateway.url}/other`, { forceNew: true, reconnection: false });
    const error = await new Promise((resolve) => { client.on('connect_error', resolve); });
    assert.equal(error.message, 'Invalid namespace');
    client.close();
  });
});

test('conformance mode is for loopback only, and only by its flag', () => {
  const program = join(build, process.env.MUSTER_TEST_VARIANT ?? 'release', 'bin/muster-live');
  for (const place of ['0.0.0.0:4567', '192.0.2.1:4567', '[::]:4567', '127.0.0.1', 'x'])
    assert.equal(spawnSync(program, ['--conformance', place]).status, 1, place);
  assert.equal(spawnSync(program, ['--conformance']).status, 2);
});
