// Large files: exactly the most that is taken, one byte more, and uploads that are refused
// before their body is read.
import assert from 'node:assert/strict';
import net from 'node:net';
import { statSync } from 'node:fs';
import test from 'node:test';
import { anonymous, multipart, server } from '../lib/http.mjs';
import { as, attachmentsOf, newSession, onDisk, sentence, spoolIsEmpty, stored, upload } from '../lib/classroom.mjs';

const most = 104_857_600;
const teacher = () => as('demo_teacher_1');

/* A recording of silence of `size` bytes. */
function recording(size) {
  const bytes = Buffer.alloc(size);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(size - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8000, 24);
  bytes.writeUInt32LE(8000, 28);
  bytes.writeUInt16LE(1, 32);
  bytes.writeUInt16LE(8, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(size - 44, 40);
  return bytes;
}

test('104,857,600 bytes are taken', async () => {
  const session = newSession();
  const answer = await upload(await teacher(), session, [{ name: 'file', filename: 'lecture.wav', bytes: recording(most) }]);
  assert.equal(answer.status, 303, answer.text.slice(0, 2000));
  const [file] = attachmentsOf(session);
  assert.equal(file.size, most);
  assert.equal(statSync(file.disk).size, most);
  const page = await (await teacher()).get(session.path);
  assert.match(page.text, /lecture\.wav[^]*100\u00a0MB/);
  await spoolIsEmpty();
});

test('104,857,601 bytes are refused with a sentence; what came with them is taken', async () => {
  const session = newSession();
  const before = onDisk();
  const huge = { name: 'file', filename: 'lecture.wav', bytes: recording(most + 1) };
  const answer = await upload(await teacher(), session, [huge], { headers: { 'hx-request': 'true' } });
  assert.equal(answer.status, 422);
  assert.ok(answer.text.includes(sentence('file_too_big')));
  assert.equal(attachmentsOf(session).length, 0);
  assert.deepEqual(onDisk(), before);
  const page = await upload(await teacher(), session, [huge, { name: 'file', filename: 'short.wav', bytes: recording(1000) }]);
  assert.equal(page.status, 422);
  assert.match(page.text, /lecture\.wav[^]*A file may have at most 100 MB\./);
  assert.deepEqual(attachmentsOf(session).map((f) => f.name), ['short.wav']);
  await spoolIsEmpty();
});

/*
 * Sends only the head and `sent` bytes of a body said to be longer; gives what was answered and after how long.
 */
async function announce(client, path, { length = most, sent = 4096, token = client.csrf, extra = '' } = {}) {
  const cookie = [...client.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  const begin = performance.now();
  const text = await new Promise((resolve, reject) => {
    let answer = '';
    const socket = net.connect(client.of.port, '127.0.0.1', () => {
      socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${cookie ? `Cookie: ${cookie}\r\n` : ''}${token ? `X-CSRF-Token: ${token}\r\n` : ''}${extra}`
        + `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: ${length}\r\n\r\n`);
      socket.write(Buffer.alloc(sent, 'x'));
    });
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer after ${sent} bytes`)));
    socket.setEncoding('utf8').on('error', reject).on('data', (chunk) => {
      answer += chunk;
      const [head, body] = answer.split('\r\n\r\n');
      if (body !== undefined && Buffer.byteLength(body) >= Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 1)) { socket.destroy(); resolve(answer); }
    });
  });
  return { status: Number(text.split(' ')[1]), text, seconds: (performance.now() - begin) / 1000 };
}

test('an upload that will be refused is refused before it is read', async () => {
  const session = newSession();
  const client = await teacher();
  await client.token();
  const cancelled = newSession();
  await client.post(`${cancelled.path}/cancel`, { version: 0, reason: 'Ill' });
  const before = [stored(session.id), onDisk()];
  const expired = Object.assign(anonymous(), { cookies: new Map([['muster', 'x'.repeat(43)]]) });
  for (const [name, asked, path, more, status, reason] of [
    ['nobody', anonymous(), session.path, {}, 401, 'sign_in'], ['whose session ended', expired, session.path, {}, 401, 'sign_in'],
    ['a student', await as('demo_student_1'), session.path, {}, 404, 'not_found'], ['another teacher', await as('demo_teacher_2'), session.path, {}, 404, 'not_found'],
    ['to a session that does not exist', client, '/sessions/999999999', {}, 404, 'not_found'], ['to a cancelled session', client, cancelled.path, {}, 409, 'changed'],
    ['from elsewhere', client, session.path, { extra: 'Origin: https://evil.example\r\n' }, 403, 'denied'],
    ['more than a form may have', client, session.path, { length: 2_000_000_000 }, 413, 'body_too_big'],
    ['more than there can be', client, session.path, { length: 9_000_000_000_000 }, 413, 'body_too_big'],
  ]) {
    const answer = await announce(asked, `${path}/files`, more);
    assert.equal(answer.status, status, `${name}: ${answer.text}`);
    assert.ok(answer.text.includes(sentence(reason)), `${name}: ${answer.text}`);
    assert.match(answer.text, /content-security-policy/i, name);
    assert.ok(answer.seconds < 2, `${name}: ${answer.seconds} s`);
  }
  await spoolIsEmpty();
  assert.deepEqual([stored(session.id), onDisk()], before);
});

test('the doors of programs refuse in their own shape', async () => {
  const nobody = await announce(anonymous(), '/api/session_completion.php');
  assert.equal(nobody.status, 401);
  assert.deepEqual(JSON.parse(nobody.text.split('\r\n\r\n')[1]), { status: false, message: 'Unauthorized' });
  const client = await teacher();
  const huge = await announce(client, '/api/session_completion.php', { length: 300_000_000 });
  assert.equal(huge.status, 200);
  assert.equal(JSON.parse(huge.text.split('\r\n\r\n')[1]).success, false);
});

test('a broken upload keeps no worker and no disk', async () => {
  const session = newSession();
  const client = await teacher();
  await client.token();
  const cookie = [...client.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  const sockets = await Promise.all(Array.from({ length: 12 }, () => new Promise((resolve) => {
    const socket = net.connect(server.port, '127.0.0.1', () => {
      socket.write(`POST ${session.path}/files HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\nX-CSRF-Token: ${client.csrf}\r\n`
        + `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: ${most}\r\n\r\n`);
      socket.write(Buffer.alloc(2_000_000), () => resolve(socket));
    });
    socket.on('error', () => resolve(socket));
  })));
  // Twelve uploads on their way: pages and other uploads go on.
  assert.equal((await client.get('/sessions')).status, 200);
  assert.equal((await client.post(`${session.path}/files`, multipart([{ name: 'file', filename: 'short.wav', bytes: recording(1000) }]))).status, 303);
  for (const socket of sockets) socket.destroy();
  await spoolIsEmpty();
  assert.deepEqual(attachmentsOf(session).map((f) => f.name), ['short.wav']);
});
