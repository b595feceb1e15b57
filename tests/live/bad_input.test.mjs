// Bytes that no client should send, and clients that do not do their part: each has a clear end.
import assert from 'node:assert/strict';
import net from 'node:net';
import test from 'node:test';
import { until } from '../lib/http.mjs';
import { conformanceGateway, frame, patient, polling, rawSocket } from '../lib/live.mjs';

const path = '/engine.io/?EIO=4&transport=websocket';

test('frames', async (t) => {
  const gateway = await conformanceGateway(t);

  for (const [what, code, ...frames] of [
    ['an unmasked frame', 1002, frame('4a', { masked: false })],
    ['a reserved bit', 1002, frame('4a', { rsv: 4 })],
    ['an unknown opcode', 1002, frame('4a', { opcode: 3 })],
    ['a continuation of nothing', 1002, frame('4a', { opcode: 0 })],
    ['a message within another', 1002, frame('4a', { fin: false }), frame('4b')],
    ['a ping in fragments', 1002, frame('', { opcode: 9, fin: false })],
    ['a long ping', 1002, frame('x'.repeat(126), { opcode: 9 })],
    ['a close of one byte', 1002, frame('x', { opcode: 8 })],
    ['a close with a code that is not sent', 1002, frame(Buffer.from([0x03, 0xed]), { opcode: 8 })],
    ['a message too big', 1009, frame('4', { length: 1000001 })],
    ['fragments that become too big', 1009, ...Array.from({ length: 11 }, (_, i) => frame(Buffer.alloc(100000, 0x34), { opcode: i ? 0 : 1, fin: false }))],
    ['bad UTF-8', 1007, frame(Buffer.from([0x34, 0xc3, 0x28]))],
    ['bad UTF-8 over fragments', 1007, frame(Buffer.from([0x34, 0xc3]), { fin: false }), frame(Buffer.from([0x28]), { opcode: 0 })],
    ['a surrogate', 1007, frame(Buffer.from([0x34, 0xed, 0xa0, 0x80]))],
  ]) {
    await patient(t, `${what} is closed with ${code}`, async () => {
      const raw = await rawSocket(gateway.port, path);
      raw.send(...frames);
      assert.equal(await raw.code(), code);
      raw.destroy();
    });
  }

  await patient(t, 'a message in fragments, with a ping between them, is one message', async () => {
    const raw = await rawSocket(gateway.port, path);
    raw.send(frame('4h', { fin: false }), frame('hi', { opcode: 9 }), frame(Buffer.from([0xc3]), { opcode: 0, fin: false }), frame(Buffer.from([0xa9]), { opcode: 0 }));
    await until('the echo', () => raw.frames().some((f) => f.payload.toString() === '4hé'));
    assert.ok(raw.frames().some((f) => f.opcode === 10 && f.payload.toString() === 'hi'));
    raw.destroy();
  });

  await patient(t, 'bytes one by one are frames, too', async () => {
    const raw = await rawSocket(gateway.port, path);
    for (const byte of frame('4slow')) {
      raw.send(Buffer.from([byte]));
      await new Promise((resolve) => { setImmediate(resolve); });
    }
    await until('the echo', () => raw.frames().some((f) => f.payload.toString() === '4slow'));
    raw.destroy();
  });

  await patient(t, 'a close is answered with its code, then the connection ends', async () => {
    const raw = await rawSocket(gateway.port, path);
    raw.send(frame(Buffer.from([0x0f, 0xa0]), { opcode: 8 }));
    assert.equal(await raw.code(), 4000);
    await until('the end', () => raw.isOver);
    raw.destroy();
  });

  for (const [what, headers] of [
    ['another version', { 'Sec-WebSocket-Version': '8' }],
    ['no key', { 'Sec-WebSocket-Key': '' }],
    ['a short key', { 'Sec-WebSocket-Key': 'YWJj' }],
    ['another protocol', { Upgrade: 'h2c' }],
    ['no Connection: Upgrade', { Connection: 'keep-alive' }],
  ]) {
    await t.test(`an upgrade with ${what} is 400`, async () => {
      const raw = await rawSocket(gateway.port, path, headers);
      assert.equal(raw.status, 400);
      raw.destroy();
    });
  }

  await t.test('bodies and heads beyond their limits', async () => {
    const session = await patientSession(gateway);
    assert.equal((await session.post('4'.repeat(1000001))).status, 413);
    for (const [text, status] of [
      [`GET /engine.io/ HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(9000)}\r\n\r\n`, 431],
      [`GET /engine.io/ HTTP/1.1\r\nHost: a\r\n${'X: a\r\n'.repeat(200)}\r\n`, 431],
      ['GET /engine.io/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
      ['GET /engine.io/ HTTP/1.1\n\n\r\n\r\n', 400],
      ['\0\0\0\0\r\n\r\n', 400],
    ]) assert.equal(await said(gateway.port, text), status, text.slice(0, 60));
  });

  await t.test('it lives on', async () => {
    assert.equal((await polling(gateway.url).open()).handshake.pingInterval, 300);
  });
});

const patientSession = (gateway) => polling(gateway.url).open();

/* Status of the answer to these bytes. */
async function said(port, text) {
  const socket = net.connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => { answer += chunk; });
  socket.on('error', () => {});
  socket.write(text);
  await until('an answer', () => answer.includes('\r\n\r\n'));
  socket.destroy();
  return Number(answer.split(' ')[1]);
}

test('many connections that say nothing cost little, and nobody else anything', async (t) => {
  const gateway = await conformanceGateway(t);
  const silent = await Promise.all(Array.from({ length: 300 }, () => new Promise((resolve) => {
    const socket = net.connect(gateway.port, '127.0.0.1', () => resolve(socket));
    socket.on('error', () => {});
  })));
  const half = await Promise.all(Array.from({ length: 100 }, () => new Promise((resolve) => {
    const socket = net.connect(gateway.port, '127.0.0.1', () => { socket.write('GET /engine.io/?EIO=4&transp'); resolve(socket); });
    socket.on('error', () => {});
  })));
  assert.equal((await polling(gateway.url).open()).handshake.pingTimeout, 200);
  for (const socket of [...silent, ...half]) socket.destroy();
});
