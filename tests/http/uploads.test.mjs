// Files that come in: what is taken, what is refused and with which words, names, and
// that a refused file leaves nothing in the database and on the disk.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { multipart, raw, sql, unescapeHtml } from '../lib/http.mjs';
import { as, attachmentsOf, newSession, onDisk, sample, sampleNames, sentence, sha256, spoolIsEmpty, stored, upload } from '../lib/classroom.mjs';
import { root } from '../lib/server.mjs';

const teacher = () => as('demo_teacher_1');
const script = { headers: { 'hx-request': 'true' } };
const counted = (session) => Number(sql(`SELECT file_count FROM completion WHERE occurrence_id = ${session.id}`)[0]?.[0] ?? 0);

/* Asserts that nothing was left behind. */
async function nothingStored(session, send) {
  const before = [stored(session.id), onDisk()];
  const answer = await send();
  assert.deepEqual([stored(session.id), onDisk()], before);
  return answer;
}

/* ---- kinds ------------------------------------------------------------------------------- */

test('every honest file is taken as it is', async () => {
  const session = newSession();
  const names = sampleNames('honest');
  for (let i = 0; i < names.length; i += 10) {
    const answer = await upload(await teacher(), session, names.slice(i, i + 10).map((name) => sample(name)));
    assert.equal(answer.status, 303, `${names.slice(i, i + 10)}`);
  }
  const files = attachmentsOf(session);
  assert.deepEqual(files.map((f) => f.name), names);
  for (const file of files) {
    const bytes = readFileSync(join(root, 'tests/files/honest', file.name));
    assert.deepEqual([file.size, file.sha256, sha256(readFileSync(file.disk))], [bytes.length, sha256(bytes), sha256(bytes)], file.name);
  }
  assert.equal(counted(session), names.length);
  const [[added]] = sql(`SELECT COUNT(*) FROM audit_log WHERE object = 'occurrence' AND object_id = ${session.id} AND action = 'file.added'`);
  assert.equal(Number(added), names.length);
});

const hostile = readFileSync(join(root, 'tests/files/hostile/EXPECTED'), 'utf8').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(/\s+/));
test('every hostile file is refused with its reason', async () => {
  assert.deepEqual(hostile.map(([name]) => name).sort(), sampleNames('hostile'));
  const session = newSession();
  const client = await teacher();
  await nothingStored(session, async () => {
    for (const [name, reason] of hostile) {
      const answer = await upload(client, session, [sample(name, name, 'hostile')], script);
      assert.equal(answer.status, 422, name);
      const said = unescapeHtml(answer.text.match(/<p data-reason>([^<]*)<\/p>/)?.[1] ?? '');
      if (reason === 'any') assert.ok(said.length > 10, name);
      else assert.equal(said, sentence(reason), name);
    }
  });
});

test('a kind in capitals, a kind that is not of the list, none', async () => {
  const session = newSession();
  assert.equal((await upload(await teacher(), session, [sample('ffmpeg.png', 'PICTURE.PNG')])).status, 303);
  for (const name of ['a.svg', 'a.html', 'a.htm', 'a.js', 'a.php', 'a.png.php', 'a.exe', 'a.zip', 'a.pptx', 'a.txt', 'a.csv', 'a', 'a.', 'a.png.', 'a.png ', 'a.p\u200bng']) {
    const answer = await upload(await teacher(), session, [sample('ffmpeg.png', name)], script);
    // Invisible signs and blanks at the end are dropped, then it is honest.
    assert.equal(answer.status, ['a.png ', 'a.p\u200bng'].includes(name) ? 200 : 422, name);
  }
  assert.ok(attachmentsOf(session).every((f) => /\.png$/i.test(f.name)));
});

/* ---- names -------------------------------------------------------------------------------- */

for (const [sent, kept] of [
  ['../../../../etc/passwd.png', 'passwd.png'], ['..\\..\\windows\\x.png', 'x.png'], ['/etc/x.png', 'x.png'], ['C:\\fakepath\\x.png', 'x.png'], ['....//x.png', 'x.png'],
  ['\u202Egnp.exe.png', 'gnp.exe.png'], ['a\u202Eb\u2066c\u200F.png', 'abc.png'], ['\uFEFFa.png', 'a.png'], ['𝄞 مرحبا 日本語.png', '𝄞 مرحبا 日本語.png'], ['<img src=x>.png', '<img src=x>.png'],
  ["a'b;c%20d&e.png", "a'b;c%20d&e.png"], [`${'ü'.repeat(300)}.png`, `${'ü'.repeat(251)}.png`], ['  a  b .png', 'a  b .png'], ['a\u0301.png', 'a\u0301.png'], ['.hidden.png', '.hidden.png'],
  ['CON.png', 'CON.png'], ['a\tb.png', 'ab.png'], ['-rf.png', '-rf.png'],
]) {
  test(`a file called ${JSON.stringify(sent).slice(0, 40)}`, async () => {
    const session = newSession();
    const answer = await upload(await teacher(), session, [sample('ffmpeg.png', sent)]);
    assert.equal(answer.status, 303);
    const [file] = attachmentsOf(session);
    assert.equal(file.name, kept);
    assert.match(file.disk, /\/uploads\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{32}$/);
    const page = await (await teacher()).get(session.path);
    assert.doesNotMatch(page.text, /<img src=x>|\u202E/);
    const href = unescapeHtml(page.text.match(/<a class="nm" href="([^"]*)"/)[1]);
    assert.equal((await (await teacher()).get(href)).body.length, file.size);
  });
}

test('a name that is none, or no text', async () => {
  const session = newSession();
  for (const name of ['.png', '...', '/', '../', ' .png', '\u202E.png']) {
    const answer = await nothingStored(session, async () => upload(await teacher(), session, [sample('ffmpeg.png', name)], script));
    assert.equal(answer.status, 422, name);
  }
  const client = await teacher();
  const bytes = sample('ffmpeg.png').bytes;
  for (const name of [Buffer.from([0xff, 0xfe, 0x2e, 0x70, 0x6e, 0x67]), Buffer.from('a\0b.png'), Buffer.from('a\x01b.png')]) {
    const body = Buffer.concat([Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="'), name, Buffer.from('"\r\n\r\n'), bytes, Buffer.from('\r\n--b--\r\n')]);
    const answer = await nothingStored(session, () => client.post(`${session.path}/files`, { type: 'multipart/form-data; boundary=b', body }, script));
    assert.ok([400, 422].includes(answer.status), String(answer.status));
    assert.ok([sentence('body_malformed'), sentence('file_name')].some((text) => answer.text.includes(text)), answer.text.slice(0, 500));
  }
});

/* ---- several ------------------------------------------------------------------------------- */

test('several files of which some fail: the good ones stay, each other has its reason', async () => {
  const session = newSession();
  const before = onDisk().length;
  const page = await upload(await teacher(), session, [sample('ffmpeg.png'), sample('macro.docm', 'macro.docm', 'hostile'), sample('im.gif'),
    { name: 'file', filename: 'empty.pdf', bytes: '' }, sample('html-named.pdf', 'html-named.pdf', 'hostile'), sample('ffmpeg.mp3')], { description: 'Of week 10' });
  assert.equal(page.status, 422);
  assert.deepEqual(attachmentsOf(session).map((f) => [f.name, f.description]), [['ffmpeg.png', 'Of week 10'], ['im.gif', 'Of week 10'], ['ffmpeg.mp3', 'Of week 10']]);
  assert.equal(onDisk().length, before + 3);
  assert.equal(counted(session), 3);
  for (const [name, reason] of [['macro.docm', 'file_type'], ['empty.pdf', 'file_empty'], ['html-named.pdf', 'file_mismatch']]) {
    assert.match(page.text, new RegExp(`${name.replace('.', '\\.')}[^]{0,200}${sentence(reason).replace(/[.]/g, '\\.')}`), name);
  }
  for (const name of ['ffmpeg.png', 'im.gif', 'ffmpeg.mp3']) assert.ok(page.text.includes(`<bdi>${name}</bdi>`));
});

test('no file, an empty choice, twenty-one files', async () => {
  const session = newSession();
  for (const files of [[], [{ name: 'file', filename: '', bytes: '' }]]) {
    const page = await nothingStored(session, async () => upload(await teacher(), session, files, { description: 'Kept' }));
    assert.equal(page.status, 422);
    assert.ok(page.text.includes(sentence('file_missing')));
    assert.match(page.text, /name="description"[^>]*value="Kept"/);
    assert.match(page.text, /href="#up"/);
  }
  const many = await nothingStored(session, async () => upload(await teacher(), session, Array.from({ length: 21 }, () => sample('ffmpeg.png'))));
  assert.equal(many.status, 422);
  assert.ok(many.text.includes(sentence('too_many_files', 20)));
});

test('a description that is too long, or no text', async () => {
  const session = newSession();
  for (const [description, reason, n] of [['x'.repeat(501), 'too_long', 500], ['a\0b', 'not_text'], ['𝄞'.repeat(501), 'too_long', 500]]) {
    const page = await nothingStored(session, async () => upload(await teacher(), session, [sample('ffmpeg.png')], { description }));
    assert.equal(page.status, 422);
    assert.ok(page.text.includes(sentence(reason, n)), reason);
  }
  assert.equal((await upload(await teacher(), session, [sample('ffmpeg.png')], { description: '𝄞'.repeat(500) })).status, 303);
});

test('the same file twice is two files', async () => {
  const session = newSession();
  assert.equal((await upload(await teacher(), session, [sample('ffmpeg.png'), sample('ffmpeg.png')])).status, 303);
  const [a, b] = attachmentsOf(session);
  assert.equal(a.sha256, b.sha256);
  assert.notEqual(a.file, b.file);
});

test('eight uploads at once are all there, and counted', async () => {
  const session = newSession();
  const clients = [await teacher(), await as('demo_admin_1')];
  const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => upload(clients[i % 2], session, [sample('im.jpg', `${i}.jpg`)], script)));
  assert.deepEqual(answers.map((a) => a.status), Array(8).fill(200));
  assert.equal(counted(session), 8);
  assert.deepEqual(attachmentsOf(session).map((f) => f.name).sort(), answers.map((_, i) => `${i}.jpg`));
});

test('no file for a cancelled session', async () => {
  const session = newSession();
  await (await teacher()).post(`${session.path}/cancel`, { version: 0, reason: 'Ill' });
  const answer = await nothingStored(session, async () => upload(await teacher(), session, [sample('ffmpeg.png')]));
  assert.equal(answer.status, 409);
});

/* ---- bodies ----------------------------------------------------------------------------------- */

test('an upload that ends early leaves nothing', async () => {
  const session = newSession();
  const client = await teacher();
  const cookie = [...client.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  const { type, body } = multipart([sample('chromium.pdf')]);
  await nothingStored(session, () => raw(Buffer.concat([Buffer.from(`POST ${session.path}/files HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\n`
    + `X-CSRF-Token: ${client.csrf}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`), body.subarray(0, body.length - 500)]), { end: true }));
  await spoolIsEmpty();
});

for (const [name, change, status] of [
  ['cut before its last line', (b) => b.subarray(0, b.length - 40), 400], ['without its first line', (b) => b.subarray(20), [400, 422]], ['with bytes behind its end', (b) => Buffer.concat([b, Buffer.from('more')]), [303, 400]],
]) {
  test(`a form with a file, ${name}`, async () => {
    const session = newSession();
    const { type, body } = multipart([sample('ffmpeg.png')]);
    const answer = await (await teacher()).post(`${session.path}/files`, { type, body: change(body) });
    assert.ok([status].flat().includes(answer.status), String(answer.status));
    assert.equal(attachmentsOf(session).length, answer.status === 303 ? 1 : 0);
    await spoolIsEmpty();
  });
}

test('without a token nothing is stored, and the form says so', async () => {
  const session = newSession();
  const client = await teacher();
  const answer = await nothingStored(session, () => client.send('POST', `${session.path}/files`, { body: multipart([sample('ffmpeg.png')]) }));
  assert.equal(answer.status, 403);
  assert.ok(answer.text.includes(sentence('csrf')));
});
