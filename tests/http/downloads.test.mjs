// Files that go out: bytes, ranges, names, policies, counts, and that a deleted or a
// quarantined file is gone for everybody.
import assert from 'node:assert/strict';
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { anonymous, sql } from '../lib/http.mjs';
import { as, attachmentsOf, newSession, sentence, uploaded } from '../lib/classroom.mjs';
import { root } from '../lib/server.mjs';

const teacher = () => as('demo_teacher_1');
const honest = (name) => readFileSync(join(root, 'tests/files/honest', name));
const countOf = (file) => sql(`SELECT download_count, (SELECT COUNT(*) FROM download_log WHERE attachment_id = t.id) FROM attachment t WHERE id = ${file.id}`)[0].map(Number);

test('a download has the bytes, the type, the name and nothing to misread', async () => {
  const file = await uploaded(await teacher(), newSession(), 'chromium.pdf', 'Week 10, slides.pdf');
  const answer = await (await teacher()).get(file.path);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.body, honest('chromium.pdf'));
  const { headers } = answer;
  assert.equal(headers['content-type'], 'application/pdf');
  assert.equal(Number(headers['content-length']), file.size);
  assert.match(headers['content-disposition'], /^attachment; filename="Week 10, slides\.pdf"/);
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.match(headers['content-security-policy'], /default-src 'none'.*sandbox/);
  assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
  assert.equal(headers['accept-ranges'], 'bytes');
  assert.match(headers['cache-control'], /private/);
  assert.equal(headers['x-accel-redirect'], undefined);
  assert.equal(headers['content-encoding'], undefined);
});

for (const [name, plain, extended] of [
  ['Übung 1.pdf', /filename="[^"]*bung 1\.pdf"/, "%C3%9Cbung%201.pdf"], ['日本語 𝄞.pdf', /filename="[^"]+"/, '%E6%97%A5%E6%9C%AC%E8%AA%9E%20%F0%9D%84%9E.pdf'],
  ["a'b(c)*;%41.pdf", /filename="[^"]+"/, 'a%27b%28c%29%2A%3B%2541.pdf'],
]) {
  test(`the name in the header: ${name}`, async () => {
    const file = await uploaded(await teacher(), newSession(), 'chromium.pdf', name);
    const header = (await (await teacher()).get(file.path)).headers['content-disposition'];
    assert.match(header, plain);
    assert.match(header, /^[\x20-\x7e]*$/);
    assert.equal(header.match(/filename\*=UTF-8''([^;\s]*)/)?.[1]?.toUpperCase() ?? extended.toUpperCase(), extended.toUpperCase());
  });
}

test('a quote in the name ends nothing', async () => {
  const session = newSession();
  const file = await uploaded(await teacher(), session, 'chromium.pdf');
  sql(`UPDATE attachment SET name = 'a"; filename="evil.html' WHERE id = ${file.id}`);
  const header = (await (await teacher()).get(file.path)).headers['content-disposition'];
  assert.doesNotMatch(header, /filename="evil/);
  assert.equal((header.replace(/\\"/g, '').match(/"/g) ?? []).length, 2, header);
});

test('any name in the address gives the same file', async () => {
  const file = await uploaded(await teacher(), newSession(), 'ffmpeg.png');
  for (const name of ['x', 'x.html', '..%2Fx', 'a%20b']) {
    const answer = await (await teacher()).get(`/files/${file.id}/${name}`);
    if (name.includes('%2F')) assert.equal(answer.status, 404);
    else assert.match(answer.headers['content-disposition'], /^attachment; filename="ffmpeg\.png"/);
  }
});

/* ---- ranges ------------------------------------------------------------------------------- */

const pdf = honest('chromium.pdf');
for (const [range, status, from, to] of [
  ['bytes=0-9', 206, 0, 10], ['bytes=10-', 206, 10, pdf.length], ['bytes=-10', 206, pdf.length - 10, pdf.length], [`bytes=${pdf.length - 1}-`, 206, pdf.length - 1, pdf.length],
  [`bytes=0-${pdf.length * 2}`, 206, 0, pdf.length], [`bytes=${pdf.length}-`, 416], ['bytes=9-0', 416], ['bytes=', 416], ['bytes=a-b', 416], ['lines=0-1', 200, 0, pdf.length],
]) {
  test(`Range: ${range.slice(0, 20)}`, async () => {
    const file = await uploaded(await teacher(), newSession(), 'chromium.pdf');
    const answer = await (await teacher()).get(file.path, { headers: { range } });
    if (status === 416 && answer.status === 200) return; // a range that is none may be ignored (RFC 9110 14.2)
    assert.equal(answer.status, status);
    if (status === 416) assert.equal(answer.headers['content-range'], `bytes */${pdf.length}`);
    else assert.deepEqual(answer.body, pdf.subarray(from, to));
    if (status === 206) assert.equal(answer.headers['content-range'], `bytes ${from}-${to - 1}/${pdf.length}`);
  });
}

test('several ranges, If-Range, and a file that did not change', async () => {
  const client = await teacher();
  const file = await uploaded(client, newSession(), 'chromium.pdf');
  const { headers } = await client.get(file.path);
  const several = await client.get(file.path, { headers: { range: 'bytes=0-1,5-6' } });
  assert.equal(several.status, 206);
  assert.match(several.headers['content-type'], /^multipart\/byteranges/);
  const validator = headers.etag ?? headers['last-modified'];
  assert.ok(validator);
  assert.equal((await client.get(file.path, { headers: { range: 'bytes=0-9', 'if-range': validator } })).status, 206);
  assert.equal((await client.get(file.path, { headers: { range: 'bytes=0-9', 'if-range': '"another"' } })).status, 200);
  assert.equal((await client.get(file.path, { headers: { 'if-modified-since': headers['last-modified'] } })).status, 304);
});

test('HEAD tells the size and counts nothing', async () => {
  const file = await uploaded(await teacher(), newSession(), 'chromium.pdf');
  const answer = await (await teacher()).send('HEAD', file.path);
  assert.equal(answer.status, 200);
  assert.equal(Number(answer.headers['content-length']), file.size);
  assert.equal(answer.body.length, 0);
  assert.deepEqual(countOf(file), [0, 0]);
});

/* ---- counts --------------------------------------------------------------------------------- */

test('downloads are counted and logged by who, previews are not', async () => {
  const session = newSession();
  const file = await uploaded(await teacher(), session, 'ffmpeg.png');
  await (await teacher()).get(file.path);
  await (await as('demo_admin_1')).get(file.path);
  await (await teacher()).get(`/files/${file.id}/view`);
  await (await as('demo_teacher_2')).get(file.path);
  await anonymous().get(file.path);
  assert.deepEqual(countOf(file), [2, 2]);
  assert.deepEqual(sql(`SELECT a.username FROM download_log d JOIN account a ON a.id = d.account_id WHERE attachment_id = ${file.id} ORDER BY d.id`).flat(), ['demo_teacher_1', 'demo_admin_1']);
  assert.match((await (await teacher()).get(session.path)).text, /2 downloads/);
});

test('twenty downloads at once are all counted', async () => {
  const file = await uploaded(await teacher(), newSession(), 'ffmpeg.png');
  const client = await teacher();
  await Promise.all(Array.from({ length: 20 }, () => client.get(file.path)));
  assert.deepEqual(countOf(file), [20, 20]);
});

/* ---- inline ----------------------------------------------------------------------------------- */

for (const [name, disposition, policy] of [
  ['ffmpeg.png', 'inline', /sandbox/], ['im.gif', 'inline', /sandbox/], ['im.webp', 'inline', /sandbox/], ['im.jpg', 'inline', /sandbox/], ['ffmpeg.mp3', 'inline', /sandbox/], ['sox.wav', 'inline', /sandbox/],
  ['ffmpeg-h264.mp4', 'inline', /sandbox/], ['ffmpeg-vp9.webm', 'inline', /sandbox/], ['chromium.pdf', 'inline', /^default-src 'none'; object-src 'self'/], ['libreoffice-writer.docx', 'attachment', /sandbox/],
  ['libreoffice-calc.xls', 'attachment', /sandbox/], ['libreoffice-writer.doc', 'attachment', /sandbox/], ['xlsxwriter.xlsx', 'attachment', /sandbox/],
]) {
  test(`shown in the browser or not: ${name}`, async () => {
    const file = await uploaded(await teacher(), newSession(), name);
    const { headers, status, body } = await (await teacher()).get(`/files/${file.id}/view`);
    assert.equal(status, 200);
    assert.equal(body.length, file.size);
    assert.ok(headers['content-disposition'].startsWith(`${disposition};`), headers['content-disposition']);
    assert.match(headers['content-security-policy'], policy);
    assert.match(headers['content-security-policy'], /default-src 'none'/);
    assert.doesNotMatch(headers['content-security-policy'], /script-src|unsafe/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.doesNotMatch(headers['content-type'], /html|svg|xml;|javascript/);
  });
}

/* ---- gone ---------------------------------------------------------------------------------------- */

test('a deleted file is gone for everybody at once; its row tells who did it', async () => {
  const session = newSession();
  const client = await teacher();
  const file = await uploaded(client, session, 'ffmpeg.png');
  assert.equal((await client.post(`/files/${file.id}/delete`)).status, 303);
  for (const name of ['demo_teacher_1', 'demo_admin_1', 'demo_admin_2']) {
    for (const path of [file.path, `/files/${file.id}/view`, `/public/uploads/sessions/${file.file}.png`, `/files/${file.id}/delete`]) {
      const answer = await (await as(name)).get(path);
      assert.equal(answer.status, 404, `${name} ${path}`);
      assert.ok(answer.text.includes(sentence('file_gone')));
    }
  }
  assert.ok((await (await as('demo_teacher_2')).get(file.path)).text.includes(sentence('not_found')), 'who could not see it is not told');
  const again = await client.post(`/files/${file.id}/delete`);
  assert.equal(again.status, 404);
  const [row] = attachmentsOf(session);
  assert.equal(row.state, 'deleted');
  const [[by, count]] = sql(`SELECT a.username, c.file_count FROM attachment t JOIN account a ON a.id = t.deleted_by JOIN completion c ON c.id = t.completion_id WHERE t.id = ${file.id}`);
  assert.deepEqual([by, count], ['demo_teacher_1', '0']);
  const page = await client.get(session.path);
  assert.match(page.text, /File deleted/);
  assert.ok(!page.text.includes(`/files/${file.id}/`));
});

test('two delete one file at once: one does', async () => {
  const file = await uploaded(await teacher(), newSession(), 'ffmpeg.png');
  const answers = await Promise.all([(await teacher()).post(`/files/${file.id}/delete`), (await as('demo_admin_1')).post(`/files/${file.id}/delete`)]);
  assert.deepEqual(answers.map((a) => a.status).sort(), [303, 404]);
});

test('a quarantined file cannot be fetched', async () => {
  const file = await uploaded(await teacher(), newSession(), 'ffmpeg.png');
  sql(`UPDATE file SET state = 'quarantined' WHERE id = UNHEX('${file.file}')`);
  for (const path of [file.path, `/files/${file.id}/view`, `/public/uploads/sessions/${file.file}.png`]) assert.equal((await (await teacher()).get(path)).status, 404, path);
});

test('the store is not reachable by its own addresses', async () => {
  const file = await uploaded(await teacher(), newSession(), 'ffmpeg.png');
  const path = `${file.file.slice(0, 2)}/${file.file.slice(2, 4)}/${file.file}`;
  for (const address of [`/-/files/${path}`, `/-%2Ffiles/${path}`, `/%2D/files/${path}`, `//-/files/${path}`, `/./-/files/${path}`, `/sessions/../-/files/${path}`, `/-/files/../files/${path}`,
    `/uploads/${path}`, `/static/../uploads/${path}`, `/static/..%2f..%2fuploads/${path}`, `/static../uploads/${path}`, `/public/uploads/${path}`, `/public/uploads/sessions/${file.file}`,
    `/public/uploads/sessions/../${path}`]) {
    const answer = await (await teacher()).get(address);
    assert.ok([400, 404].includes(answer.status), `${address} ${answer.status}`);
  }
});

test('a row whose bytes are missing is 404, not an empty file', async () => {
  const file = await uploaded(await teacher(), newSession(), 'ffmpeg.png');
  renameSync(file.disk, `${file.disk}.away`);
  const answer = await (await teacher()).get(file.path);
  renameSync(`${file.disk}.away`, file.disk);
  assert.equal(answer.status, 404);
  assert.match(answer.headers['content-type'], /^text\/html/);
});
