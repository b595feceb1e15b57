// Two people at one session, and states in which something is no longer possible: one of
// them wins, the other one is told, what was typed stays, and nothing is half-done.
import assert from 'node:assert/strict';
import test from 'node:test';
import { sql } from '../lib/http.mjs';
import { as, besides, completeForm, completedSession, hidden, newSession, sentence, stored, typed, versionOf } from '../lib/classroom.mjs';

const teacher = () => as('demo_teacher_1');
const admin = () => as('demo_admin_2');
const actions = (id) => sql(`SELECT action FROM audit_log WHERE object = 'occurrence' AND object_id = ${id} ORDER BY id`).map(([a]) => a);

test('two complete one session at once', async () => {
  const clients = [await teacher(), await admin()];
  for (const client of clients) await client.token();
  for (let round = 0; round < 5; round += 1) {
    const session = newSession();
    const fields = ['07:01', '07:02'].map((start) => completeForm(session, { start, notes: `From ${start}` }));
    const answers = await Promise.all(clients.map((client, i) => client.post(`${session.path}/complete`, fields[i])));
    assert.deepEqual(answers.map((a) => a.status).sort(), [303, 422]);
    const won = answers[0].status === 303 ? 0 : 1;
    const lost = answers[1 - won];
    assert.ok([sentence('already_completed'), sentence('changed')].some((text) => lost.text.includes(text)));
    // Both are on the page: what is stored, and what was typed.
    assert.ok(lost.text.includes(fields[won].notes));
    assert.equal(typed(lost, 'notes'), fields[1 - won].notes);
    const [[start, notes, state]] = sql(`SELECT actual_start, notes, state FROM completion WHERE occurrence_id = ${session.id}`);
    assert.deepEqual([start.slice(0, 5), notes, state], [fields[won].start, fields[won].notes, 'completed']);
    assert.deepEqual(actions(session.id), ['session.completed']);
  }
});

test('five want one code at once: one gets it', async () => {
  const code = `Race ${process.pid}`;
  const sessions = [1, 2, 3, 4, 5].map(() => newSession());
  const client = await teacher();
  const answers = await Promise.all(sessions.map((s) => client.post(`${s.path}/complete`, completeForm(s, { code }))));
  assert.deepEqual(answers.map((a) => a.status).sort(), [303, 422, 422, 422, 422]);
  for (const page of answers.filter((a) => a.status === 422)) assert.equal(besides(page, 'c-code-e'), sentence('code_taken'));
  assert.equal(sql(`SELECT id FROM completion WHERE code = '${code}'`).length, 1);
});

test('a form made before somebody else saved is refused, shown, and can be sent again', async () => {
  const session = await completedSession(await teacher(), { notes: 'First' });
  const old = versionOf(session.id);
  assert.equal((await (await admin()).post(`${session.path}/complete`, { version: old, start: '07:10', end: '08:30', code: '', notes: 'Of the admin' })).status, 303);
  const before = stored(session.id);
  const page = await (await teacher()).post(`${session.path}/complete`, { version: old, start: '07:20', end: '08:30', code: session.code, notes: 'Mine' });
  assert.equal(page.status, 422);
  assert.ok(page.text.includes(sentence('changed')));
  assert.match(page.text, /What is stored now[^]*Of the admin/);
  assert.equal(typed(page, 'notes'), 'Mine');
  assert.equal(typed(page, 'start'), '07:20');
  assert.equal(stored(session.id), before);
  // Knowing that, it can be replaced.
  const { version } = hidden(page, `${session.path}/complete`);
  assert.equal(Number(version), versionOf(session.id));
  assert.equal((await (await teacher()).post(`${session.path}/complete`, { version, start: '07:20', end: '08:30', code: session.code, notes: 'Mine' })).status, 303);
  assert.equal(sql(`SELECT notes FROM completion WHERE occurrence_id = ${session.id}`)[0][0], 'Mine');
});

test('cancelling and reopening compare the version, too', async () => {
  const session = newSession();
  assert.equal((await (await teacher()).post(`${session.path}/complete`, completeForm(session, { draft: 1, notes: 'Draft' }))).status, 303);
  const before = stored(session.id);
  const page = await (await admin()).post(`${session.path}/cancel`, { version: 1, reason: 'Typed reason' });
  assert.equal(page.status, 422);
  assert.ok(page.text.includes(sentence('changed')));
  assert.equal(typed(page, 'reason'), 'Typed reason');
  assert.equal(stored(session.id), before);
  assert.equal((await (await admin()).post(`${session.path}/cancel`, { version: versionOf(session.id), reason: 'Typed reason' })).status, 303);
  const after = stored(session.id);
  const late = await (await admin()).post(`${session.path}/reopen`, { version: 1 });
  assert.equal(late.status, 409);
  assert.ok(late.text.includes(sentence('changed')));
  assert.equal(stored(session.id), after);
});

/* [made, what is tried, status, reason] */
const cancelled = async () => {
  const session = newSession();
  assert.equal((await (await teacher()).post(`${session.path}/cancel`, { version: 0, reason: 'Ill' })).status, 303);
  return session;
};
const checked = async () => {
  const session = await completedSession(await teacher());
  sql(`UPDATE completion SET state = 'checked', checked_by = 2, checked_at = UTC_TIMESTAMP(6) WHERE occurrence_id = ${session.id}`);
  return session;
};
const complete = ['/complete', { start: '07:00', end: '08:00', notes: 'Typed' }];
const cancel = ['/cancel', { reason: 'Typed' }];
const reopen = ['/reopen', {}];
const draft = ['/complete', { draft: 1, notes: 'Typed' }];
const note = ['/notes', { type: 'general', text: 'Typed' }];
for (const [state, make, [path, fields], status, reason] of [
  ['a cancelled session', cancelled, complete, 409, 'already_cancelled'], ['a cancelled session', cancelled, draft, 409, 'already_cancelled'],
  ['a cancelled session', cancelled, cancel, 409, 'already_cancelled'], ['a cancelled session', cancelled, note, 422, 'already_cancelled'],
  ['a signed-off session', checked, complete, 409, 'checked'], ['a signed-off session', checked, reopen, 409, 'checked'], ['a signed-off session', checked, cancel, 409, 'already_completed'],
  ['a completed session', async () => completedSession(await teacher()), cancel, 409, 'already_completed'],
  ['a session nobody completed', async () => newSession(), reopen, 409, 'not_completed'],
]) {
  test(`${state} does not take ${path}${fields.draft ? ' (draft)' : ''}`, async () => {
    const session = await make();
    const before = stored(session.id);
    const page = await (await teacher()).post(`${session.path}${path}`, { version: 0, ...fields });
    assert.equal(page.status, status, page.text.slice(0, 1500));
    assert.ok(page.text.includes(sentence(reason)), reason);
    assert.equal(stored(session.id), before);
  });
}

test('forms that are no longer possible say why', async () => {
  for (const [make, path, reason] of [[cancelled, '/complete', 'already_cancelled'], [checked, '/complete', 'checked'], [cancelled, '/cancel', 'already_cancelled']]) {
    const session = await make();
    const page = await (await teacher()).get(`${session.path}${path}`);
    assert.equal(page.status, 409);
    assert.ok(page.text.includes(sentence(reason)));
  }
});

test('reopening: by who did it within ten minutes, later by an admin; what was entered stays', async () => {
  const session = await completedSession(await teacher(), { notes: 'Kept' });
  sql(`UPDATE completion SET completed_at = UTC_TIMESTAMP(6) - INTERVAL 11 MINUTE WHERE occurrence_id = ${session.id}`);
  const before = stored(session.id);
  assert.equal((await (await teacher()).post(`${session.path}/reopen`, { version: 0 })).status, 404);
  assert.equal(stored(session.id), before);
  assert.equal((await (await admin()).post(`${session.path}/reopen`, { version: 0, reason: 'Kept' })).status, 303);
  const page = await (await teacher()).get(`${session.path}/complete`);
  assert.equal(typed(page, 'notes'), 'Kept');
  assert.equal(typed(page, 'code'), session.code);
  assert.deepEqual(actions(session.id), ['session.completed', 'session.reopened']);
});

test('a note that somebody deleted meanwhile', async () => {
  const session = newSession();
  await (await teacher()).post(`${session.path}/notes`, { type: 'general', text: 'Short-lived' });
  const [[id]] = sql(`SELECT n.id FROM note n JOIN completion c ON c.id = n.completion_id WHERE c.occurrence_id = ${session.id}`);
  const answers = await Promise.all([1, 2, 3].map(async () => (await teacher()).post(`/notes/${id}/delete`)));
  assert.deepEqual(answers.map((a) => a.status).sort(), [303, 404, 404]);
  assert.equal(sql(`SELECT note_count FROM completion WHERE occurrence_id = ${session.id}`)[0][0], '0');
  const before = stored(session.id);
  assert.equal((await (await teacher()).post(`/notes/${id}`, { type: 'general', text: 'Too late' })).status, 404);
  assert.equal((await (await teacher()).get(`/notes/${id}`)).status, 404);
  assert.equal(stored(session.id), before);
  assert.deepEqual(actions(session.id), ['note.added', 'note.deleted']);
});

test('twenty notes at once are all counted', async () => {
  const session = newSession();
  const clients = [await teacher(), await admin()];
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => clients[i % 2].post(`${session.path}/notes`, { type: 'general', text: `Note ${i}` })));
  assert.deepEqual(new Set(answers.map((a) => a.status)), new Set([303]));
  const [[count, rows, live]] = sql(`SELECT note_count, (SELECT COUNT(*) FROM note n WHERE n.completion_id = c.id), (SELECT COUNT(*) FROM completion WHERE occurrence_id = ${session.id})
    FROM completion c WHERE occurrence_id = ${session.id}`);
  assert.deepEqual([count, rows, live], ['20', '20', '1']);
});
