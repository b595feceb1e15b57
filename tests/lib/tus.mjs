// A tus 1.0 client of the tests: it sends exactly what it is told, right or wrong.
import assert from 'node:assert/strict';

export const base64 = (text) => Buffer.from(text).toString('base64');

/* A recording of `size` bytes whose every byte depends on its place, so that a shift is seen. */
export function recording(size) {
  // Repeats after a prime number of bytes, so that no piece of a round size is like another.
  const block = Buffer.alloc(131_071);
  for (let i = 0; i < block.length; i += 1) block[i] = (i * 31 + (i >> 9)) & 0xff;
  const bytes = Buffer.alloc(size, block);
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

export const pieceType = 'application/offset+octet-stream';

/* A request of the protocol; null in headers leaves one out. */
export async function tus(client, method, path, headers = {}, body) {
  const token = await client.token();
  return client.send(method, path, { body: body && { body, type: pieceType },
    headers: { 'tus-resumable': '1.0.0', 'x-csrf-token': token, ...headers } });
}

export function metadata({ session, filename = 'lecture.wav', ...more }) {
  return Object.entries({ filename, session: session.id, ...more }).map(([key, value]) => `${key} ${base64(String(value))}`).join(',');
}

/* Begins an upload of `length` bytes; gives its address. */
export async function begin(client, session, length, more = {}) {
  const answer = await tus(client, 'POST', '/uploads', { 'upload-length': length, 'upload-metadata': metadata({ session, ...more }) });
  assert.equal(answer.status, 201, answer.text);
  return answer.headers.location;
}

export const piece = (client, path, offset, bytes, headers = {}) => tus(client, 'PATCH', path, { 'upload-offset': offset, 'content-type': pieceType, 'content-length': bytes.length, ...headers }, bytes);

/* What the server says has arrived. */
export async function offsetOf(client, path) {
  const answer = await tus(client, 'HEAD', path);
  assert.equal(answer.status, 200, `${path}: ${answer.status}`);
  return Number(answer.headers['upload-offset']);
}
