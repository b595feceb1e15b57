// A file by raw PUT: judged as by the form, taken by a rename, answered with JSON.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { anonymous, raw } from '../lib/http.mjs';
import { as, attachmentsOf, newSession, onDisk, sample, sentence, sha256, spoolIsEmpty, stored } from '../lib/classroom.mjs';
import { recording } from '../lib/tus.mjs';

const teacher = () => as('demo_teacher_1');
const most = 104_857_600;

async function put(client, session, name, bytes, { headers = {}, query = '' } = {}) {
  const token = await client.token();
  return client.send('PUT', `${session.path}/files/${encodeURIComponent(name)}${query}`, { body: { body: bytes, type: 'application/octet-stream' }, headers: { 'x-csrf-token': token, ...headers } });
}

test('a file by PUT is stored as it is', async () => {
  const client = await teacher();
  const session = newSession();
  const { bytes } = sample('ffmpeg.png');
  const answer = await put(client, session, 'Tafel 1 – مرحبا.PNG', bytes, { query: '?description=Of%20week%2010' });
  assert.equal(answer.status, 201, answer.text);
  const [file] = attachmentsOf(session);
  assert.equal(sha256(readFileSync(file.disk)), sha256(bytes));
  assert.equal(file.sha256, sha256(bytes));
  const { json } = answer;
  assert.deepEqual(json, { id: file.id, name: 'Tafel 1 – مرحبا.PNG', description: 'Of week 10', size: bytes.length, type: 'image/png', href: answer.headers.location });
  assert.equal((await client.get(answer.headers.location)).body.length, bytes.length);
  const row = await client.get(`/files/${file.id}/row`);
  assert.match(row.text, /<li>[^]*Tafel 1[^]*data-sum="1"/);
  // The same again is a file of its own.
  assert.equal((await put(client, session, 'Tafel 1 – مرحبا.PNG', bytes)).status, 201);
  assert.equal(attachmentsOf(session).length, 2);
  await spoolIsEmpty();
});

test('a body in chunks, whose length nobody announced', async () => {
  const client = await teacher();
  const session = newSession();
  const bytes = recording(300_000);
  const answer = await put(client, session, 'lecture.wav', bytes, { headers: { 'content-length': null, 'transfer-encoding': 'chunked' } });
  assert.equal(answer.status, 201, answer.text);
  assert.equal(attachmentsOf(session)[0].sha256, sha256(bytes));
});

test('100 MiB by PUT, and one byte more', async () => {
  const client = await teacher();
  const session = newSession();
  const bytes = recording(most);
  assert.equal((await put(client, session, 'lecture.wav', bytes)).status, 201);
  assert.deepEqual([attachmentsOf(session)[0].size, attachmentsOf(session)[0].sha256], [most, sha256(bytes)]);
  const before = onDisk();
  const token = await client.token();
  const cookie = [...client.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  for (const [length, status] of [[most + 1, 413], [2_000_000_000, 413]]) {
    const answer = await raw(`PUT ${session.path}/files/a.wav HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: ${cookie}\r\nX-CSRF-Token: ${token}\r\nContent-Length: ${length}\r\n\r\n`, { ms: 2000 });
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
    assert.match(answer, /"reason":"body_too_big"/);
  }
  assert.deepEqual(onDisk(), before);
  await spoolIsEmpty();
});

test('what a PUT is refused for', async () => {
  const client = await teacher();
  const session = newSession();
  const cancelled = newSession();
  await client.post(`${cancelled.path}/cancel`, { version: 0, reason: 'Ill' });
  const { bytes } = sample('ffmpeg.png');
  const before = [stored(session.id), onDisk()];
  for (const [name, send, status, reason] of [
    ['nobody', () => put(anonymous(), session, 'a.png', bytes), 401, 'sign_in'],
    ['a student', async () => put(await as('demo_student_1'), session, 'a.png', bytes), 404, 'not_found'],
    ['another teacher', async () => put(await as('demo_teacher_2'), session, 'a.png', bytes), 404, 'not_found'],
    ['no session', () => put(client, { path: '/sessions/999999999' }, 'a.png', bytes), 404, 'not_found'],
    ['a cancelled session', () => put(client, cancelled, 'a.png', bytes), 409],
    ['no token', () => put(client, session, 'a.png', bytes, { headers: { 'x-csrf-token': null } }), 403, 'csrf'],
    ['a wrong token', () => put(client, session, 'a.png', bytes, { headers: { 'x-csrf-token': 'x'.repeat(64) } }), 403, 'csrf'],
    ['from elsewhere', () => put(client, session, 'a.png', bytes, { headers: { origin: 'https://evil.example' } }), 403, 'denied'],
    ['nothing', () => put(client, session, 'a.png', Buffer.alloc(0)), 422, 'file_empty'],
    ['another kind', () => put(client, session, 'a.exe', bytes), 422, 'file_type'],
    ['another content', () => put(client, session, 'a.pdf', bytes), 422, 'file_mismatch'],
    ['a name of dots', () => put(client, session, '...', bytes), 422, 'file_name'],
    ['a path as name', () => put(client, session, '../../a.png', bytes), 404],
    ['a name that is no text', async () => client.send('PUT', `${session.path}/files/%ff.png`, { body: { body: bytes }, headers: { 'x-csrf-token': await client.token() } }), 404],
    ['a description without end', () => put(client, session, 'a.png', bytes, { query: `?description=${'x'.repeat(501)}` }), 422, 'too_long'],
  ]) {
    const answer = await send();
    assert.equal(answer.status, status, `${name}: ${answer.text}`);
    if (reason) assert.equal(answer.json.reason, reason, name); // what is no address of ours gets a page
  }
  assert.equal((await put(client, session, 'a.pdf', bytes)).json.title, sentence('file_mismatch'));
  assert.deepEqual([stored(session.id), onDisk()], before);
  assert.equal((await client.send('POST', `${session.path}/files/a.png`, { headers: { 'x-csrf-token': await client.token() } })).status, 405);
  await spoolIsEmpty();
});
