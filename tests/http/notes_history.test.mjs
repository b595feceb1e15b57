// Notes: earlier texts, due dates, settling, and the list of what is open.
import assert from 'node:assert/strict';
import test from 'node:test';
import { as, completedSession, newSession, otherBranch, stored } from '../lib/classroom.mjs';
import { ask, tell } from '../lib/c004.mjs';
import { sql } from '../lib/http.mjs';

const noteOf = (session) => { const [[id, version]] = sql(`SELECT n.id, n.version FROM note n JOIN completion c ON c.id = n.completion_id WHERE c.occurrence_id = ${session.id} ORDER BY n.id DESC LIMIT 1`); return { id: Number(id), version: Number(version) }; };
const day = (n) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);

async function withNote(fields = {}, options = {}) {
  const teacher = await as(options.teacher ?? 'demo_teacher_1');
  const session = newSession(options);
  assert.equal((await teacher.post(`${session.path}/notes`, { type: 'followup', text: 'First words', ...fields })).status, 303);
  return { teacher, session, ...noteOf(session) };
}

test('each earlier text stands in the page with who and when', async () => {
  const { teacher, session, id } = await withNote();
  const admin = await as('demo_admin_2');
  assert.ok(!(await teacher.get(session.path)).text.includes('edited 1'));
  assert.equal((await teacher.post(`/notes/${id}`, { type: 'followup', text: 'Second <b>words</b>', version: noteOf(session).version })).status, 303);
  assert.equal((await admin.post(`/notes/${id}`, { type: 'issue', text: 'Third words', version: noteOf(session).version })).status, 303);
  const page = (await teacher.get(session.path)).text;
  assert.match(page, /<summary>edited 2 times<\/summary>/);
  for (const shown of ['First words', 'Second &lt;b&gt;words', 'Third words', 'Demo Teacher 1', 'Demo Admin 2']) assert.ok(page.includes(shown), shown);
  assert.ok(page.indexOf('Second &lt;b&gt;') < page.indexOf('First words'));
  /* Sent again without a change it is no edit. */
  assert.equal((await admin.post(`/notes/${id}`, { type: 'issue', text: 'Third words', version: noteOf(session).version })).status, 303);
  assert.match((await teacher.get(session.path)).text, /edited 2 times/);
  assert.match((await teacher.get(`/notes/${id}`)).text, /edited 2 times/);
});

test('two editors: the second sees what the first wrote, and keeps what was typed', async () => {
  const { teacher, session, id } = await withNote();
  const admin = await as('demo_admin_2');
  const { version } = noteOf(session);
  assert.equal((await admin.post(`/notes/${id}`, { type: 'followup', text: 'By the admin', version })).status, 303);
  const answer = await teacher.post(`/notes/${id}`, { type: 'followup', text: 'By the teacher', version });
  assert.equal(answer.status, 409);
  assert.match(answer.text, /Demo Admin 2/);
  assert.match(answer.text, /By the admin/);
  assert.match(answer.text, /By the teacher<\/textarea>/);
  assert.equal((await teacher.post(`/notes/${id}`, { type: 'followup', text: 'By the teacher', version: answer.text.match(/name="version" value="(\d+)"/)[1] })).status, 303);
  assert.match((await teacher.get(session.path)).text, /edited 2 times/);
});

test('a due date is checked at its field', async () => {
  const teacher = await as('demo_teacher_1');
  const session = newSession({ day: 3 });
  const before = stored(session.id);
  const cases = [
    [{ type: 'followup', due: day(-9) }, 'The due date is before the session.'],
    [{ type: 'issue', due: day(3) }, 'Only a follow-up has a due date.'],
    [{ type: 'followup', due: '2026-02-31' }, 'This date does not exist.'],
    [{ type: 'followup', due: 'soon' }, 'This date does not exist.'],
  ];
  for (const [fields, words] of cases) {
    const answer = await teacher.post(`${session.path}/notes`, { text: 'Call the parents', ...fields });
    assert.equal(answer.status, 422, JSON.stringify(fields));
    assert.ok(answer.text.includes(words), words);
    assert.match(answer.text, /id="n-due"[^>]*aria-invalid="true"/);
    assert.match(answer.text, /Call the parents<\/textarea>/);
  }
  assert.equal(stored(session.id), before);
  assert.equal((await teacher.post(`${session.path}/notes`, { type: 'followup', text: 'Call', due: day(2) })).status, 303);
  assert.match((await teacher.get(session.path)).text, /Due \w{3} \d+ \w{3}/);
});

test('a follow-up is overdue, settled, opened again, also after the sign-off', async () => {
  const { teacher, session, id } = await withNote({ due: day(-1) }, { day: 4 });
  const admin = await as('demo_admin_2');
  assert.match((await teacher.get(session.path)).text, /Overdue since/);
  assert.match((await teacher.get('/follow-ups')).text, new RegExp(`/sessions/${session.id}#note-${id}`));
  sql(`UPDATE completion SET state = 'checked' WHERE occurrence_id = ${session.id}; UPDATE occurrence SET state = 'completed' WHERE id = ${session.id}`);
  const done = await teacher.post(`/notes/${id}/resolve`, { version: noteOf(session).version });
  assert.equal(done.headers.location, `/sessions/${session.id}?done=note-resolved#notes`);
  const page = (await teacher.get(done.headers.location.split('#')[0])).text;
  assert.match(page, /The follow-up is settled/);
  assert.match(page, /Settled by <bdi>Demo Teacher 1<\/bdi>/);
  assert.ok(!(await teacher.get('/follow-ups')).text.includes(`#note-${id}"`));
  assert.equal((await admin.post(`/notes/${id}/resolve`, {})).status, 409);
  assert.equal((await admin.post(`/notes/${id}/reopen`, { version: 1 })).status, 409);
  assert.equal((await admin.post(`/notes/${id}/reopen`, {})).status, 303);
  const list = await teacher.post(`/notes/${id}/resolve`, { back: 'follow-ups' });
  assert.equal(list.headers.location, '/follow-ups?done=1');
  assert.match((await teacher.get(list.headers.location)).text, /The follow-up is settled/);
  assert.deepEqual(sql(`SELECT action FROM audit_log WHERE object = 'occurrence' AND object_id = ${session.id} AND action LIKE 'note.%' ORDER BY id`).flat(),
    ['note.added', 'note.resolved', 'note.reopened', 'note.resolved']);
});

test('the list of open follow-ups holds what one sees, and nothing else', async () => {
  otherBranch();
  const mine = await withNote({ due: day(1) });
  const far = await withNote({ due: day(1) }, { teacher: 'far_teacher' });
  const seen = async (who, note) => (await (await as(who)).get('/follow-ups')).text.includes(`#note-${note.id}"`);
  assert.deepEqual([await seen('demo_teacher_1', mine), await seen('demo_admin_2', mine), await seen('far_admin', mine), await seen('demo_teacher_2', mine)], [true, true, false, false]);
  assert.deepEqual([await seen('far_admin', far), await seen('demo_admin_2', far), await seen('demo_teacher_1', far)], [true, false, false]);
  assert.equal((await (await as('demo_student_1')).get('/follow-ups')).status, 404);
  for (const who of ['far_admin', 'demo_teacher_2', 'demo_student_1']) {
    for (const what of ['resolve', 'reopen']) assert.equal((await (await as(who)).post(`/notes/${mine.id}/${what}`, {})).status, 404, `${who} ${what}`);
  }
  for (const bad of ['page=0', 'page=x', 'page=100', 'done=%FF']) assert.equal((await (await as('demo_admin_1')).get(`/follow-ups?${bad}`)).status, 200, bad);
  /* The filter of the session page. */
  assert.equal((await mine.teacher.post(`${mine.session.path}/notes`, { type: 'issue', text: 'The projector' })).status, 303);
  const issues = (await mine.teacher.get(`${mine.session.path}?notes=issue`)).text;
  assert.ok(issues.includes('The projector') && !issues.includes('First words'));
  const followups = (await mine.teacher.get(`${mine.session.path}?notes=followup`)).text;
  assert.ok(!followups.includes('The projector') && followups.includes('First words'));
});

test('what was deleted is shown to admins alone, with everything it said', async () => {
  const { teacher, session, id } = await withNote();
  assert.equal((await teacher.post(`/notes/${id}`, { type: 'general', text: 'Second words', version: 1 })).status, 303);
  assert.equal((await teacher.post(`/notes/${id}/delete`)).status, 303);
  const page = (await teacher.get(session.path)).text;
  assert.ok(!page.includes('Second words') && !page.includes('First words') && !page.includes('deleted note'));
  const shown = (await (await as('demo_admin_2')).get(session.path)).text;
  for (const words of ['1 deleted note', 'First words', 'Second words', 'deleted by <bdi>Demo Teacher 1']) assert.ok(shown.includes(words), words);
  assert.deepEqual(sql(`SELECT COUNT(*) FROM note_revision WHERE note_id = ${id}`), [['1']]);
});

test('contract 004 answers as before', async () => {
  const teacher = await as('demo_teacher_1');
  const session = await completedSession(teacher);
  const [[completion]] = sql(`SELECT id FROM completion WHERE occurrence_id = ${session.id}`);
  await tell(teacher, 'add_note', { completion_id: completion, note_text: 'By a program', note_type: 'followup' });
  const { id } = noteOf(session);
  const { data } = await ask(teacher, 'get', { id: completion });
  const keys = (row) => Object.keys((row.comments ?? row.completion.comments)[0]).sort();
  const before = keys(data);
  assert.equal((await teacher.post(`/notes/${id}`, { type: 'followup', text: 'Changed', due: day(5), version: 1 })).status, 303);
  assert.equal((await teacher.post(`/notes/${id}/resolve`, {})).status, 303);
  const after = (await ask(teacher, 'get', { id: completion })).data;
  assert.deepEqual(keys(after), before);
  assert.ok(JSON.stringify(after).includes('Changed'));
});
