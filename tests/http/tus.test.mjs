// Uploads in pieces: what tus 1.0 says of each request, whose uploads they are, and that
// what arrives is what was sent.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, statSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { anonymous, ownServer, raw, server, sql } from '../lib/http.mjs';
import { as, attachmentsOf, newSession, otherBranch, sample, sentence, sha256, spoolIsEmpty, stored } from '../lib/classroom.mjs';
import { base64, begin, metadata, offsetOf, piece, pieceType, recording, tus } from '../lib/tus.mjs';

const teacher = () => as('demo_teacher_1');
const rowOf = (path, of = server) => sql(`SELECT state, size, name, attachment_id FROM upload WHERE id = UNHEX('${path.slice(9)}')`, { of })[0];
const partOf = (path) => join(server.var, 'uploads/parts', path.slice(9));

test('what the door can is told to anyone', async () => {
  for (const path of ['/uploads', `/uploads/${'a'.repeat(32)}`]) {
    const answer = await anonymous().send('OPTIONS', path);
    assert.equal(answer.status, 204);
    assert.equal(answer.headers['tus-resumable'], '1.0.0');
    assert.equal(answer.headers['tus-version'], '1.0.0');
    assert.equal(answer.headers['tus-extension'], 'creation,creation-with-upload,expiration,checksum,termination');
    assert.equal(answer.headers['tus-checksum-algorithm'], 'sha1,sha256');
    assert.equal(answer.headers['tus-max-size'], '104857600');
  }
});

test('a recording in three pieces becomes one file', async () => {
  const client = await teacher();
  const session = newSession();
  const bytes = recording(300_000);
  const path = await begin(client, session, bytes.length, { description: 'Of week 10' });
  assert.match(path, /^\/uploads\/[0-9a-f]{32}$/);
  for (let at = 0; at < bytes.length; at += 100_000) {
    assert.equal(await offsetOf(client, path), at);
    const answer = await piece(client, path, at, bytes.subarray(at, at + 100_000));
    assert.equal(answer.status, 204, answer.text);
    assert.equal(answer.headers['upload-offset'], String(at + 100_000));
    assert.equal(answer.headers['tus-resumable'], '1.0.0');
    assert.equal('upload-expires' in answer.headers, at < 200_000);
    assert.equal('muster-attachment' in answer.headers, at === 200_000);
  }
  const [file] = attachmentsOf(session);
  assert.deepEqual([file.name, file.description, file.size, file.mime], ['lecture.wav', 'Of week 10', bytes.length, 'audio/wav']);
  assert.equal(file.file, path.slice(9));
  assert.equal(sha256(readFileSync(file.disk)), sha256(bytes));
  assert.equal(file.sha256, sha256(bytes));
  assert.equal(existsSync(partOf(path)), false);
  const head = await tus(client, 'HEAD', path);
  assert.deepEqual([head.status, head.headers['upload-offset'], head.headers['upload-length'], head.headers['muster-attachment']], [200, '300000', '300000', String(file.id)]);
  const [[n]] = sql(`SELECT COUNT(*) FROM audit_log WHERE object = 'occurrence' AND object_id = ${session.id} AND action = 'file.added'`);
  assert.equal(Number(n), 1);
  await spoolIsEmpty();
});

test('one piece that is the whole file is taken as it is', async () => {
  const client = await teacher();
  const session = newSession();
  const { bytes } = sample('ffmpeg.mp3');
  const path = await begin(client, session, bytes.length, { filename: 'Leçon 1 – مرحبا.mp3' });
  assert.equal((await piece(client, path, 0, bytes)).status, 204);
  const [file] = attachmentsOf(session);
  assert.deepEqual([file.name, sha256(readFileSync(file.disk))], ['Leçon 1 – مرحبا.mp3', sha256(bytes)]);
  await spoolIsEmpty();
});

test('a creation says where, how long it lives, and what was said of it', async () => {
  const client = await teacher();
  const session = newSession();
  const said = `${metadata({ session, filename: 'a.wav' })},relativePath,is_mine ${base64('yes')}`;
  const made = await tus(client, 'POST', '/uploads', { 'upload-length': 100_000, 'upload-metadata': said });
  assert.equal(made.status, 201);
  assert.equal(made.headers['upload-offset'], '0');
  const expires = Date.parse(made.headers['upload-expires']);
  assert.ok(Math.abs(expires - Date.now() - 72 * 3600_000) < 60_000, made.headers['upload-expires']);
  const head = await tus(client, 'HEAD', made.headers.location);
  assert.equal(head.status, 200);
  assert.equal(head.headers['cache-control'], 'no-store');
  assert.equal(head.headers['upload-metadata'], said);
  assert.deepEqual([head.headers['upload-offset'], head.headers['upload-length'], head.body.length], ['0', '100000', 0]);
  const { json } = await client.get(made.headers.location);
  assert.deepEqual(json, { id: made.headers.location.slice(9), name: 'a.wav', session: session.id, length: 100_000, offset: 0, attachment: null });
  // Its room is taken at once, nothing else.
  const part = statSync(partOf(made.headers.location));
  assert.equal(part.size, 0);
  assert.ok(part.blocks * 512 >= 100_000, String(part.blocks));
  assert.equal(attachmentsOf(session).length, 0);
});

test('a creation without a word about its body', async () => {
  const client = await teacher();
  const session = newSession();
  const cookie = [...client.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  const answer = await raw(`POST /uploads HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: ${cookie}\r\nX-CSRF-Token: ${await client.token()}\r\n`
    + `Tus-Resumable: 1.0.0\r\nUpload-Length: 1000\r\nUpload-Metadata: ${metadata({ session })}\r\n\r\n`);
  assert.match(answer, /^HTTP\/1.1 201 [^]*Location: \/uploads\/[0-9a-f]{32}\r\n/);
});

test('a creation with its first piece', async () => {
  const client = await teacher();
  const session = newSession();
  const bytes = recording(200_000);
  const made = await tus(client, 'POST', '/uploads', { 'upload-length': bytes.length, 'upload-metadata': metadata({ session }), 'content-type': pieceType }, bytes.subarray(0, 150_000));
  assert.deepEqual([made.status, made.headers['upload-offset']], [201, '150000']);
  assert.equal((await piece(client, made.headers.location, 150_000, bytes.subarray(150_000))).status, 204);
  assert.equal(attachmentsOf(session)[0].sha256, sha256(bytes));
  const whole = await tus(client, 'POST', '/uploads', { 'upload-length': bytes.length, 'upload-metadata': metadata({ session }), 'content-type': pieceType }, bytes);
  assert.deepEqual([whole.status, whole.headers['upload-offset']], [201, '200000']);
  assert.equal(attachmentsOf(session)[1].sha256, sha256(bytes));
});

/* ---- what is refused --------------------------------------------------------------------- */

test('creations that cannot be', async () => {
  const client = await teacher();
  const session = newSession();
  const good = metadata({ session });
  otherBranch();
  const theirs = newSession({ teacher: 'far_teacher' });
  const cancelled = newSession();
  await client.post(`${cancelled.path}/cancel`, { version: 0, reason: 'Ill' });
  const before = stored(session.id);
  for (const [name, headers, status, reason] of [
    ['no version', { 'tus-resumable': null }, 412, 'upload_version'], ['another version', { 'tus-resumable': '0.2.2' }, 412, 'upload_version'],
    ['no length', { 'upload-length': null }, 400, 'upload_length'], ['a length that is none', { 'upload-length': '12x' }, 400, 'upload_length'],
    ['a negative length', { 'upload-length': '-1' }, 400, 'upload_length'], ['a length of twenty digits', { 'upload-length': '99999999999999999999' }, 400, 'upload_length'],
    ['a length said later', { 'upload-length': null, 'upload-defer-length': '1' }, 400, 'upload_length'],
    ['nothing', { 'upload-length': 0 }, 422, 'file_empty'], ['too much', { 'upload-length': 104_857_601 }, 413, 'file_too_big'],
    ['no metadata', { 'upload-metadata': null }, 400, 'upload_metadata'], ['no session', { 'upload-metadata': `filename ${base64('a.wav')}` }, 400, 'upload_metadata'],
    ['no name', { 'upload-metadata': `session ${base64(String(session.id))}` }, 400, 'upload_metadata'], ['bad Base64', { 'upload-metadata': `${good},x !!!` }, 400, 'upload_metadata'],
    ['a key twice', { 'upload-metadata': `${good},filename YQ==` }, 400, 'upload_metadata'], ['an empty key', { 'upload-metadata': `${good},, ` }, 400, 'upload_metadata'],
    ['metadata without end', { 'upload-metadata': `${good},x ${base64('x'.repeat(3300))}` }, 400, 'upload_metadata'],
    ['a kind that is not taken', { 'upload-metadata': metadata({ session, filename: 'a.exe' }) }, 422, 'file_type'],
    ['a description without end', { 'upload-metadata': metadata({ session, description: 'x'.repeat(501) }) }, 422, 'fields'],
    ['to a session that is not there', { 'upload-metadata': metadata({ session: { id: 999_999_999 } }) }, 404, 'not_found'],
    ['to somebody else’s session', { 'upload-metadata': metadata({ session: theirs }) }, 404, 'not_found'],
    ['to a cancelled session', { 'upload-metadata': metadata({ session: cancelled }) }, 422, 'already_cancelled'],
    ['without the token', { 'x-csrf-token': null }, 403, 'csrf'], ['from elsewhere', { origin: 'https://evil.example' }, 403, 'denied'],
  ]) {
    const answer = await tus(client, 'POST', '/uploads', { 'upload-length': 1000, 'upload-metadata': good, ...headers });
    assert.equal(answer.status, status, `${name}: ${answer.text}`);
    assert.equal(answer.json.reason, reason, name);
    assert.equal(answer.headers['tus-resumable'], '1.0.0', name);
    if (status === 412) assert.equal(answer.headers['tus-version'], '1.0.0', name);
    if (status === 413) assert.equal(answer.headers['tus-max-size'], '104857600', name);
  }
  assert.equal(stored(session.id), before);
  assert.deepEqual(sql(`SELECT id FROM upload WHERE occurrence_id = ${session.id}`), []);
});

test('pieces that cannot be', async () => {
  const client = await teacher();
  const session = newSession();
  const bytes = recording(50_000);
  const path = await begin(client, session, bytes.length);
  assert.equal((await piece(client, path, 0, bytes.subarray(0, 10_000))).status, 204);
  const next = bytes.subarray(10_000, 20_000);
  for (const [name, headers, body, status] of [
    ['no version', { 'tus-resumable': null }, next, 412], ['another version', { 'tus-resumable': '2.0.0' }, next, 412],
    ['another type', { 'content-type': 'application/octet-stream' }, next, 415], ['no type', { 'content-type': null }, next, 415],
    ['an offset behind', { 'upload-offset': 5000 }, next, 409], ['an offset ahead', { 'upload-offset': 20_000 }, next, 409],
    ['no offset', { 'upload-offset': null }, next, 400], ['an offset that is none', { 'upload-offset': 'x' }, next, 400], ['a negative one', { 'upload-offset': '-5' }, next, 400],
    ['more than was announced', {}, recording(40_001), 413],
    ['without the token', { 'x-csrf-token': null }, next, 403], ['from elsewhere', { origin: 'https://evil.example' }, next, 403],
    ['an unknown checksum', { 'upload-checksum': `crc32 ${base64('abcd')}` }, next, 400], ['half a checksum', { 'upload-checksum': 'sha1 abc' }, next, 400],
    ['a checksum of other bytes', { 'upload-checksum': `sha1 ${createHash('sha1').update('x').digest('base64')}` }, next, 460],
  ]) {
    const answer = await piece(client, path, 10_000, body, headers);
    assert.equal(answer.status, status, `${name}: ${answer.text}`);
    assert.equal(answer.headers['tus-resumable'], '1.0.0', name);
    if (status === 412) assert.equal(answer.headers['tus-version'], '1.0.0', name);
    assert.equal(await offsetOf(client, path), 10_000, name);
  }
  assert.equal((await piece(client, path, 10_000, Buffer.alloc(0))).status, 204, 'an empty piece is one');
  for (const algorithm of ['sha1', 'sha256']) {
    const at = await offsetOf(client, path);
    const part = bytes.subarray(at, at + 20_000);
    assert.equal((await piece(client, path, at, part, { 'upload-checksum': `${algorithm} ${createHash(algorithm).update(part).digest('base64')}` })).status, 204);
  }
  assert.equal(attachmentsOf(session)[0].sha256, sha256(bytes));
  await spoolIsEmpty();
});

test('nobody, students, other teachers and admins see nothing of it', async () => {
  const client = await teacher();
  const session = newSession();
  const path = await begin(client, session, 20_000);
  assert.equal((await tus(anonymous(), 'HEAD', path)).status, 401);
  assert.equal((await piece(anonymous(), path, 0, recording(100))).status, 401);
  for (const other of ['demo_student_1', 'demo_teacher_2', 'demo_admin_1', 'demo_admin_2']) {
    const who = await as(other);
    for (const answer of [await tus(who, 'HEAD', path), await who.get(path), await piece(who, path, 0, recording(100)), await tus(who, 'DELETE', path)]) {
      assert.equal(answer.status, 404, other);
    }
  }
  for (const path of ['/uploads/x', `/uploads/${'0'.repeat(32)}`, `/uploads/${'Z'.repeat(32)}`, '/uploads/..', '/uploads/a/b']) {
    assert.equal((await tus(client, 'HEAD', path)).status, 404, path);
  }
  assert.equal((await tus(client, 'PUT', path)).status, 405);
  assert.equal(await offsetOf(client, path), 0);
});

test('an upload that is given up is gone', async () => {
  const client = await teacher();
  const session = newSession();
  const path = await begin(client, session, 20_000);
  await piece(client, path, 0, recording(10_000));
  assert.equal((await tus(client, 'DELETE', path, { 'tus-resumable': null })).status, 412);
  const answer = await tus(client, 'DELETE', path);
  assert.deepEqual([answer.status, answer.headers['tus-resumable'], existsSync(partOf(path))], [204, '1.0.0', false]);
  for (const again of [await tus(client, 'HEAD', path), await tus(client, 'DELETE', path), await piece(client, path, 10_000, recording(100))]) assert.equal(again.status, 410);
  // A finished one is only forgotten.
  const { bytes } = sample('ffmpeg.png');
  const done = await begin(client, session, bytes.length, { filename: 'a.png' });
  await piece(client, done, 0, bytes);
  assert.equal((await tus(client, 'DELETE', done)).status, 204);
  assert.equal((await tus(client, 'HEAD', done)).status, 410);
  const [file] = attachmentsOf(session);
  assert.equal((await client.get(file.path)).body.length, bytes.length);
});

test('methods by another name', async () => {
  const client = await teacher();
  const session = newSession();
  const bytes = recording(20_000);
  const path = await begin(client, session, bytes.length);
  const over = (method, headers, body) => tus(client, 'POST', path, { 'x-http-method-override': method, ...headers }, body);
  assert.equal((await over('PATCH', { 'upload-offset': 0, 'x-csrf-token': null }, bytes.subarray(0, 5000))).status, 403);
  assert.equal((await over('PATCH', { 'upload-offset': 0 }, bytes.subarray(0, 5000))).status, 204);
  assert.equal((await over('PATCH', { 'upload-offset': 0 }, bytes.subarray(0, 5000))).status, 409);
  assert.equal((await over('HEAD', {})).headers['upload-offset'], '5000');
  assert.equal((await over('DELETE', {})).status, 204);
  assert.equal((await over('HEAD', {})).status, 410);
  assert.equal((await tus(client, 'POST', path)).status, 405);
  // Elsewhere the header says nothing.
  assert.equal((await client.send('POST', '/sessions', { headers: { 'x-http-method-override': 'GET' } })).status, 405);
});

/* ---- the end ------------------------------------------------------------------------------ */

test('the last piece sent twice, and a finished upload asked for again', async () => {
  const client = await teacher();
  const session = newSession();
  const bytes = recording(30_000);
  const path = await begin(client, session, bytes.length);
  await piece(client, path, 0, bytes.subarray(0, 20_000));
  const first = await piece(client, path, 20_000, bytes.subarray(20_000));
  const again = await piece(client, path, 20_000, bytes.subarray(20_000));
  assert.deepEqual([again.status, again.headers['upload-offset'], again.headers['muster-attachment']], [204, '30000', first.headers['muster-attachment']]);
  assert.equal((await piece(client, path, 20_000, recording(10_000))).status, 409, 'other bytes');
  assert.equal((await piece(client, path, 0, bytes.subarray(0, 20_000))).status, 409);
  assert.equal((await piece(client, path, 30_000, Buffer.alloc(0))).status, 204);
  assert.equal(attachmentsOf(session).length, 1);
});

test('what is refused for its content has ended, with the reason', async () => {
  const client = await teacher();
  const session = newSession();
  for (const [name, reason] of [['exe-named.pdf', 'file_mismatch'], ['cut.png', 'file_damaged'], ['vba-project.docx', 'file_macros']]) {
    const { bytes } = sample(name, name, 'hostile');
    const half = bytes.length >> 1;
    const path = await begin(client, session, bytes.length, { filename: name });
    assert.equal((await piece(client, path, 0, bytes.subarray(0, half))).status, 204, name);
    const answer = await piece(client, path, half, bytes.subarray(half));
    assert.equal(answer.status, 422, name);
    assert.equal(answer.json.title, sentence(reason), name);
    assert.equal((await tus(client, 'HEAD', path)).status, 410, name);
    assert.deepEqual([rowOf(path)[0], existsSync(partOf(path))], ['ended', false], name);
  }
  assert.equal(attachmentsOf(session).length, 0);
});

test('the rights are asked again at the end', async () => {
  const client = await teacher();
  const { bytes } = sample('ffmpeg.png');
  const [given, cancelled] = [newSession(), newSession()];
  const paths = [];
  for (const session of [given, cancelled]) {
    const path = await begin(client, session, bytes.length, { filename: 'a.png' });
    await piece(client, path, 0, bytes.subarray(0, 100));
    paths.push(path);
  }
  sql(`UPDATE occurrence SET teacher_id = (SELECT person_id FROM account WHERE username = 'demo_teacher_2') WHERE id = ${given.id}`);
  await client.post(`${cancelled.path}/cancel`, { version: 0, reason: 'Ill' });
  for (const [i, status] of [[0, 404], [1, 422]]) {
    assert.equal((await piece(client, paths[i], 100, bytes.subarray(100))).status, status);
    assert.equal((await tus(client, 'HEAD', paths[i])).status, 410);
    assert.equal(existsSync(partOf(paths[i])), false);
  }
  assert.deepEqual([attachmentsOf(given), attachmentsOf(cancelled)], [[], []]);
});

test('an upload whose time is over', async () => {
  const client = await teacher();
  const session = newSession();
  const path = await begin(client, session, 20_000);
  await piece(client, path, 0, recording(10_000));
  sql(`UPDATE upload SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id = UNHEX('${path.slice(9)}')`);
  assert.equal((await tus(client, 'HEAD', path)).status, 410);
  assert.equal((await piece(client, path, 10_000, recording(10_000))).status, 410);
});

test('as many open uploads as may be, two begun at once among them', async (t) => {
  const own = await ownServer(t, { env: { MUSTER_UPLOADS_OPEN_PER_ACCOUNT: '3', MUSTER_UPLOADS_PER_ACCOUNT_PER_HOUR: '0' } });
  const client = await as('demo_teacher_1', own);
  await client.token();
  const session = newSession({ of: own });
  const made = await Promise.all([1, 2, 3, 4, 5].map(() => tus(client, 'POST', '/uploads', { 'upload-length': 1000, 'upload-metadata': metadata({ session }) })));
  assert.deepEqual(made.map((answer) => answer.status).sort(), [201, 201, 201, 429, 429]);
  assert.equal(made.find((answer) => answer.status === 429).json.title, sentence('uploads_open', 3));
  assert.equal((await tus(client, 'DELETE', made.find((answer) => answer.status === 201).headers.location)).status, 204);
  await begin(client, session, 1000);
  await begin(await as('demo_teacher_2', own), newSession({ of: own, teacher: 'demo_teacher_2' }), 1000);
});
