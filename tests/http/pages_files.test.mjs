// Files through the pages' own addresses: headers, counts, rights, deleting.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { multipart, signedIn, sql } from '../lib/http.mjs';
import { root } from '../lib/server.mjs';

const honest = (name) => readFileSync(join(root, 'tests/files/honest', name));

/* A session of yesterday of demo_teacher_1, with one file. */
async function sessionWithFile(name, sent = name) {
  const [[session]] = sql(`
    INSERT INTO occurrence (branch_id, teacher_id, title, session_date, start_time, end_time, zone, starts_at, ends_at)
    SELECT p.branch_id, p.id, 'Files', DATE(UTC_TIMESTAMP()) - INTERVAL 1 DAY, '06:00', '07:00', 'UTC',
      TIMESTAMP(DATE(UTC_TIMESTAMP()) - INTERVAL 1 DAY, '06:00'), TIMESTAMP(DATE(UTC_TIMESTAMP()) - INTERVAL 1 DAY, '07:00')
    FROM account a JOIN person p ON p.id = a.person_id WHERE a.username = 'demo_teacher_1';
    SELECT LAST_INSERT_ID();`);
  const teacher = await signedIn('demo_teacher_1');
  const answer = await teacher.post(`/sessions/${session}/files`, multipart([{ name: 'file', filename: sent, bytes: honest(name) }]));
  assert.equal(answer.status, 303, answer.text);
  const [[id, fileId]] = sql(`SELECT a.id, LOWER(HEX(a.file_id)) FROM attachment a JOIN completion c ON c.id = a.completion_id
    WHERE c.occurrence_id = ${session} ORDER BY a.id DESC LIMIT 1`);
  return { teacher, session, id, fileId };
}

test('the audit trail names the file', async () => {
  const { teacher, session } = await sessionWithFile('ffmpeg.png', 'board <1>.png');
  const page = await teacher.get(`/sessions/${session}`);
  assert.match(page.text, /File added: <bdi>board &lt;1&gt;\.png<\/bdi>/);
});

test('a conflict leads back to the session', async () => {
  const { teacher, session } = await sessionWithFile('ffmpeg.png');
  const answer = await teacher.post(`/sessions/${session}/reopen`, { version: 999 });
  assert.equal(answer.status, 409, answer.text);
  assert.match(answer.text, new RegExp(`href="/sessions/${session}"`));
});

const countOf = (id) => Number(sql(`SELECT download_count FROM attachment WHERE id = ${id}`)[0][0]);

test('a download is an attachment under its own name and counts once', async () => {
  const { teacher, id } = await sessionWithFile('chromium.pdf', 'Plan été; "x".pdf');
  const answer = await teacher.get(`/files/${id}/any-name.pdf`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], 'application/pdf');
  assert.match(answer.headers['content-disposition'], /^attachment; .*filename\*=UTF-8''Plan%20%C3%A9t%C3%A9/);
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  assert.match(answer.headers['cache-control'], /private/);
  assert.deepEqual(answer.body, honest('chromium.pdf'));
  assert.equal(countOf(id), 1);
  const part = await teacher.get(`/files/${id}/any-name.pdf`, { headers: { range: 'bytes=100-199' } });
  assert.equal(part.status, 206);
  assert.deepEqual(part.body, honest('chromium.pdf').subarray(100, 200));
  assert.equal(countOf(id), 1);
  await teacher.send('HEAD', `/files/${id}/any-name.pdf`);
  assert.equal(countOf(id), 1);
});

test('only images, audio, video and PDF are shown, each under its own policy', async () => {
  const image = await sessionWithFile('ffmpeg.png');
  const shown = await image.teacher.get(`/files/${image.id}/view`);
  assert.match(shown.headers['content-disposition'], /^inline/);
  assert.match(shown.headers['content-security-policy'], /default-src 'none'.*sandbox/);
  const pdf = await sessionWithFile('chromium.pdf');
  const page = await pdf.teacher.get(`/files/${pdf.id}/view`);
  assert.match(page.headers['content-disposition'], /^inline/);
  assert.doesNotMatch(page.headers['content-security-policy'], /sandbox/);
  assert.match(page.headers['content-security-policy'], /frame-ancestors 'none'/);
  assert.equal(countOf(pdf.id), 0);
});

test("the links of seed 004 pass the same check; somebody else's file does not exist", async () => {
  const { teacher, id, fileId } = await sessionWithFile('ffmpeg.png');
  assert.equal((await teacher.get(`/public/uploads/sessions/${fileId}.png`)).status, 200);
  assert.equal((await teacher.get(`/public/uploads/sessions/${'0'.repeat(32)}.png`)).status, 404);
  for (const name of ['demo_teacher_10', 'demo_student_1']) {
    const other = await signedIn(name);
    for (const path of [`/files/${id}/x.png`, `/files/${id}/view`, `/files/${id}/delete`, `/public/uploads/sessions/${fileId}.png`])
      assert.equal((await other.get(path)).status, 404, `${name} ${path}`);
    assert.equal((await other.post(`/files/${id}/delete`)).status, 404);
  }
});

test('a deleted file is gone for everybody, its row stays', async () => {
  const { teacher, session, id } = await sessionWithFile('ffmpeg.png');
  const answer = await teacher.post(`/files/${id}/delete`);
  assert.equal(answer.status, 303);
  assert.equal((await teacher.get(`/files/${id}/x.png`)).status, 404);
  assert.deepEqual(sql(`SELECT deleted_at IS NOT NULL, (SELECT file_count FROM completion WHERE occurrence_id = ${session}) FROM attachment WHERE id = ${id}`), [['1', '0']]);
});

test('the upload script gets a row, or the reason', async () => {
  const { teacher, session } = await sessionWithFile('ffmpeg.png');
  const headers = { 'hx-request': 'true' };
  const taken = await teacher.post(`/sessions/${session}/files`, multipart([{ name: 'file', filename: 'b.pdf', bytes: honest('chromium.pdf') }]), { headers });
  assert.equal(taken.status, 200);
  assert.match(taken.text, /^<li>/);
  assert.match(taken.text, /data-sum="2"/);
  const refused = await teacher.post(`/sessions/${session}/files`, multipart([{ name: 'file', filename: 'a.pdf', bytes: 'no pdf' }]), { headers });
  assert.equal(refused.status, 422);
  assert.match(refused.text, /<p data-reason>The content of this file/);
});

test('a form without a file, and one with too many, say so', async () => {
  const { teacher, session } = await sessionWithFile('ffmpeg.png');
  const none = await teacher.post(`/sessions/${session}/files`, multipart([{ name: 'file', filename: '', bytes: '' }]));
  assert.equal(none.status, 422);
  assert.match(none.text, /Please choose a file\./);
  const many = await teacher.post(`/sessions/${session}/files`,
    multipart(Array.from({ length: 21 }, (_, i) => ({ name: 'file', filename: `${i}.png`, bytes: honest('ffmpeg.png') }))));
  assert.equal(many.status, 422);
  assert.match(many.text, /At most 20 files at once\./);
});
