// /admin/uploads: the queue, decisions, and that a quarantined file comes out of no door.
import assert from 'node:assert/strict';
import test from 'node:test';
import { as, attachmentsOf, newAccount, newSession, otherBranch, sample, stored, upload, uploaded } from '../lib/classroom.mjs';
import { ask, tell } from '../lib/c004.mjs';
import { anonymous, multipart, server, sql } from '../lib/http.mjs';

const versionOfFile = (id) => Number(sql(`SELECT f.review_version FROM attachment t JOIN file f ON f.id = t.file_id WHERE t.id = ${id}`)[0][0]);
const reviewOf = (id) => sql(`SELECT f.review FROM attachment t JOIN file f ON f.id = t.file_id WHERE t.id = ${id}`)[0][0];
const pick = (id) => `${id}-${versionOfFile(id)}`;
const decide = (client, id, what, fields = {}) => client.post('/admin/uploads?state=waiting', { do: what, pick: pick(id), ...fields });

async function aFile(name = 'ffmpeg.png', as_ = name, options = {}) {
  const teacher = await as(options.teacher ?? 'demo_teacher_1');
  const session = newSession(options);
  return { teacher, session, file: await uploaded(teacher, session, name, as_) };
}

test('a file waits, is approved, taken back, and put into quarantine with a reason', async () => {
  const { file, session } = await aFile('ffmpeg.png', `board-${process.pid}.png`);
  const admin = await as('demo_admin_2');
  const page = await admin.get(`/admin/uploads?file=${file.id}`);
  assert.equal(page.status, 200);
  for (const shown of [file.name, session.title, 'Demo Teacher 1', file.sha256, 'image/png', `src="/files/${file.id}/view"`]) assert.ok(page.text.includes(shown), shown);
  const approved = await decide(admin, file.id, 'approve');
  assert.equal(approved.status, 303);
  assert.match(approved.headers.location, new RegExp(`^/admin/uploads\\?state=waiting&done=approve&n=1&on=${file.id}$`));
  assert.equal(reviewOf(file.id), 'approved');
  const flash = await admin.get(approved.headers.location);
  assert.match(flash.text, /1 file is approved/);
  const undo = flash.text.match(/name="pick" value="([^"]+)"><button class="btn btn-s" name="do" value="reopen"/)[1];
  assert.equal((await admin.post('/admin/uploads?state=waiting', { do: 'reopen', pick: undo })).status, 303);
  assert.equal(reviewOf(file.id), 'waiting');
  const bare = await decide(admin, file.id, 'quarantine', { reason: '  ' });
  assert.equal(bare.status, 422);
  assert.match(bare.text, /Please give a reason/);
  assert.equal(reviewOf(file.id), 'waiting');
  const long = await decide(admin, file.id, 'quarantine', { reason: 'x'.repeat(501) });
  assert.equal(long.status, 422);
  assert.match(long.text, /At most 500 characters/);
  assert.equal((await decide(admin, file.id, 'quarantine', { reason: 'Personal <data>' })).status, 303);
  assert.equal(reviewOf(file.id), 'quarantined');
  assert.match((await admin.get(`/admin/uploads?state=quarantined&file=${file.id}`)).text, /Personal &lt;data&gt;/);
  assert.deepEqual(sql(`SELECT action FROM audit_log WHERE object = 'occurrence' AND object_id = ${session.id} AND action LIKE 'file.%' ORDER BY id`).flat(),
    ['file.added', 'file.approved', 'file.reopened', 'file.quarantined']);
});

test('a quarantined file comes out of no door, for nobody', async () => {
  const { teacher, session, file } = await aFile('ffmpeg.png', 'photo.png', { title: `Lab ${process.pid}` });
  const admin = await as('demo_admin_2');
  const root = await as('demo_admin_1');
  const bytes = await teacher.get(file.path);
  assert.equal(bytes.status, 200);
  const { etag } = bytes.headers;
  const modified = bytes.headers['last-modified'];
  assert.equal((await decide(admin, file.id, 'quarantine', { reason: 'Copyright' })).status, 303);
  const doors = [file.path, `/files/${file.id}/anything`, `/files/${file.id}/view`, `/public/uploads/sessions/${file.file}.png`];
  const asked = [{}, { range: 'bytes=0-9' }, { range: 'bytes=5-' }, { 'if-none-match': etag ?? '*' }, { 'if-none-match': '*' },
    { 'if-modified-since': modified ?? new Date().toUTCString() }, { 'if-range': etag ?? '"x"', range: 'bytes=1-' }];
  for (const client of [teacher, admin, root]) {
    for (const path of doors) {
      for (const headers of asked) {
        for (const method of headers.range ? ['GET'] : ['GET', 'HEAD']) {
          const answer = await client.send(method, path, { headers });
          assert.equal(answer.status, 404, `${method} ${path} ${JSON.stringify(headers)}`);
          assert.ok(!answer.body.includes(Buffer.from('PNG')));
          assert.equal(answer.headers['content-range'], undefined);
        }
      }
    }
  }
  assert.match((await teacher.get(file.path)).text, /in quarantine/);
  assert.ok([302, 303, 401].includes((await anonymous().get(file.path)).status));
  /* nginx's own folder is closed from outside. */
  assert.equal((await admin.get(`/-/files/${file.file.slice(0, 2)}/${file.file.slice(2, 4)}/${file.file}`)).status, 404);
  /* Its uploader reads why; the page leads to no bytes. */
  const page = await teacher.get(session.path);
  assert.match(page.text, /Quarantined: <bdi>Copyright<\/bdi>/);
  assert.ok(!page.text.includes(`/files/${file.id}/photo.png"`));
  assert.ok(!page.text.includes(`/files/${file.id}/view`));
  /* An admin sees the facts, not the content. */
  const shown = await admin.get(`/admin/uploads?state=quarantined&file=${file.id}`);
  assert.ok(shown.text.includes(file.sha256));
  assert.ok(!shown.text.includes(`/files/${file.id}/view`));
  /* Only an admin makes it go. */
  assert.equal((await teacher.get(`/files/${file.id}/delete`)).status, 404);
  assert.ok((await teacher.post(`/files/${file.id}/delete`)).status >= 400);
  assert.equal(attachmentsOf(session)[0].state, 'quarantined');
  /* Released, it is there again. */
  assert.equal((await decide(admin, file.id, 'reopen')).status, 303);
  assert.equal((await teacher.get(file.path)).status, 200);
});

test("contract 004 keeps its words, and its link leads nowhere", async () => {
  const { teacher, session, file } = await aFile();
  const admin = await as('demo_admin_2');
  const [[completion]] = sql(`SELECT id FROM completion WHERE occurrence_id = ${session.id}`);
  const get = () => ask(teacher, 'get', { id: completion });
  const before = JSON.stringify(await get());
  assert.equal((await decide(admin, file.id, 'quarantine', { reason: 'Macro' })).status, 303);
  const after = await get();
  assert.equal(JSON.stringify(after), before);
  const link = before.match(/public\/uploads\/sessions\/[0-9a-f]{32}\.png/)[0];
  assert.equal((await teacher.get(`/${link}`)).status, 404);
  assert.equal((await tell(teacher, 'delete_attachment', { attachment_id: file.id })).success, false);
  assert.equal(attachmentsOf(session)[0].deletedAt, null);
});

test('two admins: the second sees what the first decided', async () => {
  const { file } = await aFile();
  const first = await as('demo_admin_1');
  const second = await as('demo_admin_2');
  const seen = pick(file.id);
  assert.equal((await first.post('/admin/uploads', { do: 'quarantine', pick: seen, reason: 'Wrong session' })).status, 303);
  const answer = await second.post('/admin/uploads', { do: 'approve', pick: seen });
  assert.equal(answer.status, 409);
  assert.match(answer.text, /Demo Admin 1/);
  assert.match(answer.text, /Wrong session/);
  assert.equal(reviewOf(file.id), 'quarantined');
  /* Sent again with the new version it counts. */
  const again = answer.text.match(/name="pick" value="([^"]+)"><button class="btn btn-ok" name="do" value="approve" data-key="y"/)[1];
  assert.equal((await second.post('/admin/uploads', { do: 'approve', pick: again })).status, 303);
  assert.equal(reviewOf(file.id), 'approved');
});

test('many at once, and one that is decided already is left alone', async () => {
  const teacher = await as('demo_teacher_1');
  const session = newSession();
  await upload(teacher, session, [sample('ffmpeg.png', 'a.png'), sample('ffmpeg.png', 'b.png'), sample('ffmpeg.png', 'c.png')]);
  const ids = attachmentsOf(session).map((f) => f.id);
  const admin = await as('demo_admin_2');
  const seen = ids.map(pick);
  assert.equal((await decide(admin, ids[1], 'quarantine', { reason: 'Copyright' })).status, 303);
  const answer = await admin.post('/admin/uploads?state=waiting', { do: 'approve', pick: seen });
  assert.equal(answer.headers.location, '/admin/uploads?state=waiting&done=approve&n=2&changed=1');
  assert.match((await admin.get(answer.headers.location)).text, /1 file was left alone/);
  assert.deepEqual(ids.map(reviewOf), ['approved', 'quarantined', 'approved']);
  const none = await admin.post('/admin/uploads', { do: 'approve' });
  assert.equal(none.status, 422);
  const bare = await admin.post('/admin/uploads', { do: 'quarantine', pick: ids.map(pick), reason: '' });
  assert.equal(bare.status, 422);
  assert.deepEqual(ids.map(reviewOf), ['approved', 'quarantined', 'approved']);
});

test('a branch admin reviews the own branch, in every address and field', async () => {
  otherBranch();
  const { session, file } = await aFile();
  const far = await as('far_admin');
  const before = stored(session.id);
  assert.equal((await far.get(`/admin/uploads?file=${file.id}`)).status, 404);
  assert.equal((await far.get('/admin/uploads?branch=1')).status, 404);
  for (const state of ['waiting', 'approved', 'quarantined', 'removed']) {
    for (const filter of ['', '&teacher=3', '&course=1', '&branch=90', '&kind=image']) {
      assert.ok(!(await far.get(`/admin/uploads?state=${state}${filter}`)).text.includes('Demo Teacher'), state + filter);
    }
  }
  for (const what of ['approve', 'quarantine', 'reopen']) assert.equal((await decide(far, file.id, what, { reason: 'x' })).status, 404, what);
  /* Among others of one's own: nothing is done at all. */
  const mine = newSession({ teacher: 'far_teacher' });
  const own = await uploaded(await as('far_teacher'), mine);
  assert.equal((await far.post('/admin/uploads', { do: 'approve', pick: [pick(own.id), pick(file.id)] })).status, 404);
  assert.equal(reviewOf(own.id), 'waiting');
  assert.equal(stored(session.id), before);
  assert.equal((await decide(far, own.id, 'approve')).status, 303);
  assert.equal(reviewOf(own.id), 'approved');
});

test('nobody else sees or decides', async () => {
  const { file } = await aFile();
  for (const who of ['demo_teacher_1', 'demo_employee_1', 'demo_student_1']) {
    const client = await as(who);
    assert.equal((await client.get('/admin/uploads')).status, 404, who);
    assert.equal((await decide(client, file.id, 'approve')).status, 404, who);
  }
  assert.equal((await anonymous().get('/admin/uploads')).status, 303);
  assert.equal(reviewOf(file.id), 'waiting');
});

test('filters stay in the address; those out of shape are as if not given', async () => {
  const admin = await as('demo_admin_1');
  // Of a teacher of its own: the queue shows the oldest first, a page at a time.
  const mine = newAccount(`filters_${process.pid}`);
  const { file } = await aFile('ffmpeg.png', `filter-${process.pid}.png`, { teacher: mine });
  const [[teacher]] = sql(`SELECT person_id FROM account WHERE username = '${mine}'`);
  const today = new Date().toISOString().slice(0, 10);
  const has = async (query) => (await admin.get(`/admin/uploads?${query}`)).text.includes(`"/admin/uploads?`) && (await admin.get(`/admin/uploads?state=waiting&${query}`)).text.includes(`file=${file.id}"`);
  assert.ok(await has(`teacher=${teacher}&kind=image&from=${today}&to=${today}`));
  assert.ok(!await has(`teacher=${teacher}&kind=pdf`));
  assert.ok(await has(`teacher=${teacher}`));
  assert.ok(!await has('teacher=4'));
  assert.ok(!await has(`teacher=${teacher}&course=3`));
  assert.ok(!await has(`teacher=${teacher}&to=2001-01-01`));
  assert.equal((await admin.get('/admin/uploads?kind=x&page=abc&from=31&state=%FF&file=-1&branch=x')).status, 200);
  assert.equal((await admin.get('/admin/uploads?file=999999999')).status, 404);
  assert.equal((await admin.get('/admin/uploads?branch=999999')).status, 200);
  const wrong = await admin.get('/admin/uploads?from=2026-11-20&to=2026-11-01');
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /The end is before the start/);
  const page = await admin.get(`/admin/uploads?state=waiting&kind=image&from=${today}`);
  assert.ok(page.text.includes(`/admin/uploads?state=waiting&amp;kind=image&amp;from=${today}&amp;file=`));
  const part = await admin.get('/admin/uploads', { headers: { 'hx-request': 'true' } });
  assert.ok(!part.text.includes('<html'));
  for (const bad of ['x', '1', '-1-1', '1-', '99999999999999999999-1', '1-1-1']) {
    assert.equal((await admin.post('/admin/uploads', { do: 'approve', pick: bad })).status, 404, bad);
  }
  assert.equal((await admin.post('/admin/uploads', { do: 'destroy', pick: pick(file.id) })).status, 404);
  assert.equal((await admin.post('/admin/uploads', multipart([{ name: 'do', value: 'approve' }]))).status, 422);
});

test('deleted files stand under Removed, with their facts alone', async () => {
  const { teacher, file } = await aFile('ffmpeg.png', `gone-${process.pid}.png`);
  assert.equal((await teacher.post(`/files/${file.id}/delete`)).status, 303);
  const admin = await as('demo_admin_2');
  const page = await admin.get(`/admin/uploads?state=removed&file=${file.id}`);
  assert.ok(page.text.includes(`gone-${process.pid}.png`));
  assert.ok(!page.text.includes(`/files/${file.id}/view`));
  assert.equal((await decide(admin, file.id, 'approve')).status, 409);
  assert.equal(reviewOf(file.id), 'removed');
});
