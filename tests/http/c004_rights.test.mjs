// The 004 door: who may do what, and the CSRF token in its three places.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ask, attach, AUTH, ownSessions, refused, sample, SCHEDULE, SESSION, succeeded, tell } from '../lib/c004.mjs';
import { anonymous, form, json, multipart, ownServer, signedIn, sql } from '../lib/http.mjs';

const names = { super: 'demo_admin_1', branch: 'demo_admin_2', own: 'demo_teacher_1', staff: 'demo_employee_1', other: 'demo_teacher_2', student: 'demo_student_1' };
const who = {};
let sessions;
before(async () => {
  for (const [as, name] of Object.entries(names)) who[as] = await signedIn(name);
  sessions = await ownSessions(who.super);
});

const times = { actual_start_time: '08:05', actual_end_time: '09:20' };
/* A pending completion of demo_teacher_1 with a note and a file of theirs. */
async function subject() {
  const of = sessions.take();
  const { id } = succeeded(await tell(who.own, 'create', of), 'Session created');
  const { note_id } = (await tell(who.own, 'add_note', { completion_id: id, note_text: 'Mine' })).data;
  const { attachment_id } = (await attach(who.own, { completion_id: id }, sample('im.png'))).data;
  return { ...of, id, note_id, attachment_id };
}

const actions = {
  get: (c, s) => ask(c, 'get', { id: s.id }),
  create: (c, s) => tell(c, 'create', { occurrence_id: s.occurrence_id, schedule_id: s.schedule_id, batch_id: s.batch_id }),
  update: (c, s) => tell(c, 'update', { id: s.id, notes: 'changed' }),
  complete: (c, s) => tell(c, 'complete', { id: s.id, ...times }),
  'complete by occurrence': (c, s) => tell(c, 'complete', { occurrence_id: s.occurrence_id, ...times }),
  cancel: (c, s) => tell(c, 'cancel', { id: s.id }),
  add_note: (c, s) => tell(c, 'add_note', { completion_id: s.id, note_text: 'x' }),
  delete_note: (c, s) => tell(c, 'delete_note', { note_id: s.note_id }),
  upload_attachment: (c, s) => attach(c, { completion_id: s.id }, sample('im.gif')),
  delete_attachment: (c, s) => tell(c, 'delete_attachment', { attachment_id: s.attachment_id }),
};
const failures = {
  get: 'Session not found', create: 'Failed to create session', update: 'Failed to update', complete: 'Failed to complete',
  'complete by occurrence': 'Failed to complete', cancel: 'Failed to cancel', add_note: 'Failed to add note', delete_note: 'Failed to delete',
  upload_attachment: 'File upload failed', delete_attachment: 'Failed to delete',
};
/* Everything a role may do; deleting is for who wrote it, and for admins. */
const all = Object.keys(actions);
const may = { super: all, branch: all, own: all, staff: all.filter((a) => !a.startsWith('delete')), other: [], student: [] };

for (const as of Object.keys(names)) {
  test(`what ${as} may do`, async () => {
    for (const action of all) {
      const answer = await actions[action](who[as], await subject());
      if (may[as].includes(action)) assert.equal(answer.success, true, `${action}: ${JSON.stringify(answer)}`);
      else refused(answer, as === 'student' ? 'Forbidden' : failures[action]);
    }
  });
}

test('lists show what the viewer may see', async () => {
  const s = await subject();
  const sees = async (as) => [(await ask(who[as], 'list')).data.some((r) => r.id === s.id),
    (await ask(who[as], 'occurrences')).data.some((r) => r.occurrence_id === s.occurrence_id),
    (await ask(who[as], 'get_by_occurrence', { occurrence_id: s.occurrence_id })).data.length > 0];
  for (const as of ['super', 'branch', 'own', 'staff']) assert.deepEqual(await sees(as), [true, true, true], as);
  assert.deepEqual(await sees('other'), [false, false, false]);
  for (const action of ['list', 'occurrences', 'get_by_occurrence', 'explode']) refused(await ask(who.student, action), 'Forbidden');
});

test('a stranger cannot tell a session that exists from one that does not', async () => {
  const s = await subject();
  for (const action of ['complete', 'update', 'cancel']) {
    const fields = { ...times, notes: 'x'.repeat(10) };
    assert.deepEqual(await tell(who.other, action, { id: s.id, ...fields }), await tell(who.other, action, { id: 999999999, ...fields }), action);
  }
});

test('a body beyond a form of somebody who may send no file is refused unread', async () => {
  const big = { filename: 'a.pdf', bytes: Buffer.alloc(5 << 20, '%PDF-1.4 ') };
  refused(await attach(who.student, { completion_id: 1 }, big), 'File upload failed');
  refused(await attach(who.student, { completion_id: 1 }, sample('im.gif')), 'Forbidden');
});

test('schedules: admins write, staff read, students nothing', async () => {
  const fields = { batch_id: sessions.batch_id, recurrence: 'daily', start_date: '2030-01-01', end_date: '2030-01-02', start_time: '10:00', end_time: '11:00' };
  for (const as of ['own', 'staff', 'other', 'student']) {
    refused(await tell(who[as], 'create', fields, SCHEDULE), 'Forbidden');
    refused(await tell(who[as], 'update', { id: sessions.schedule_id, notes: 'x' }, SCHEDULE), as === 'other' ? 'Failed to update' : 'Forbidden');
    refused(await tell(who[as], 'delete', { id: sessions.schedule_id }, SCHEDULE), 'Forbidden');
  }
  for (const as of ['super', 'branch', 'own', 'staff']) {
    assert.equal((await ask(who[as], 'get', { id: sessions.schedule_id }, SCHEDULE)).data.id, sessions.schedule_id);
    assert.ok((await ask(who[as], 'list', {}, SCHEDULE)).data.some((r) => r.id === sessions.schedule_id), as);
  }
  refused(await ask(who.other, 'get', { id: sessions.schedule_id }, SCHEDULE), 'Schedule not found');
  assert.ok(!(await ask(who.other, 'list', {}, SCHEDULE)).data.some((r) => r.id === sessions.schedule_id));
  refused(await ask(who.student, 'list', {}, SCHEDULE), 'Forbidden');
});

/* ---- nobody ------------------------------------------------------------------------- */

test('nobody signed in: 401, with `status` for `success`', async () => {
  const unauthorized = { status: false, message: 'Unauthorized' };
  for (const path of [SESSION, `${SESSION}?action=occurrences`, SCHEDULE]) {
    const answer = await anonymous().get(path);
    assert.equal(answer.status, 401);
    assert.deepEqual(answer.json, unauthorized);
  }
  const bodies = [form({ id: 1 }), multipart([{ name: 'file', filename: 'a.mp4', bytes: Buffer.alloc(3 << 20) }])];
  for (const path of [`${SESSION}?action=complete`, `${SCHEDULE}?action=create`]) {
    for (const body of path.startsWith(SESSION) ? bodies : bodies.slice(0, 1)) {
      const answer = await anonymous().send('POST', path, { body });
      assert.equal(answer.status, 401);
      assert.deepEqual(answer.json, unauthorized);
    }
  }
});

test('a session that has ended is nobody', async () => {
  const client = await signedIn('demo_teacher_3');
  const token = await client.token();
  sql("UPDATE account SET epoch = epoch + 1 WHERE username = 'demo_teacher_3'");
  const answer = await client.send('POST', `${SESSION}?action=complete`, { body: form({ id: 1, csrf_token: token }) });
  assert.equal(answer.status, 401);
  assert.deepEqual(answer.json, { status: false, message: 'Unauthorized' });
});

/* ---- CSRF ---------------------------------------------------------------------------- */

test('the token in a header, a field, a JSON key; nowhere, or wrong', async () => {
  const { id } = await subject();
  const client = who.own;
  const token = await client.token();
  assert.match(token, /^[0-9a-f]{64}$/);
  const send = (body, headers = {}) => client.send('POST', `${SESSION}?action=update`, { body, headers });
  const parts = (fields) => multipart(Object.entries(fields).map(([name, value]) => ({ name, value })));
  for (const answer of [
    await send(form({ id, notes: 'header' }), { 'x-csrf-token': token }),
    await send(form({ id, notes: 'field', csrf_token: token })),
    await send(parts({ id, notes: 'part', csrf_token: token })),
    await send(json({ id, notes: 'key', csrf_token: token })),
  ]) assert.equal(answer.json.success, true, answer.text);
  for (const answer of [
    await send(form({ id, notes: 'no' })),
    await send(parts({ id, notes: 'no' })),
    await send(json({ id, notes: 'no' })),
    await send(form({ id, notes: 'no', csrf_token: '' })),
    await send(form({ id, notes: 'no', csrf_token: 'f'.repeat(64) })),
    await send(form({ id, notes: 'no', csrf_token: token }), { 'x-csrf-token': 'f'.repeat(64) }),
    await send(form({ id, notes: 'no', csrf_token: token }), { origin: 'https://evil.example' }),
    await client.send('POST', `${SESSION}?action=update&csrf_token=${token}`, { body: form({ id, notes: 'no' }) }),
    await client.send('POST', `${SCHEDULE}?action=delete`, { body: form({ id: 1 }) }),
  ]) {
    assert.equal(answer.status, 403);
    assert.deepEqual(answer.json, { success: false, message: 'Invalid CSRF token' });
  }
  assert.equal((await ask(client, 'get', { id })).data.completion_notes, 'key');
});

/* ---- signing in -------------------------------------------------------------------------- */

const ajax = { 'x-requested-with': 'XMLHttpRequest' };
const login = (client, fields, headers = ajax) => client.send('POST', `${AUTH}?action=login`, { body: form(fields), headers });

test('login by a program: the cookie, and the token to go on with', async () => {
  for (const [email, role] of [['demo_teacher_1@demo.muster.example', 'employee_faculty'], ['demo_employee_1', 'employee_faculty'],
    ['demo_admin_2@demo.muster.example', 'admin'], ['demo_student_1@demo.muster.example', 'student'], ['demo_teacher_1', undefined]]) {
    const client = anonymous();
    const answer = await login(client, { email, password: 'password', role });
    assert.equal(answer.status, 200);
    const { csrf_token, ...rest } = answer.json;
    assert.deepEqual(rest, { status: true, redirect: 'index.php' });
    assert.match(csrf_token, /^[0-9a-f]{64}$/);
    assert.match(answer.headers['set-cookie'].join(), /HttpOnly; SameSite=Lax/);
    const next = await client.send('POST', `${SESSION}?action=add_note`, { body: form({}), headers: { 'x-csrf-token': csrf_token } });
    refused(next.json, role === 'student' ? 'Forbidden' : 'Missing required fields');
    const out = await client.send('POST', `${AUTH}?action=logout`, { headers: ajax });
    assert.equal(out.json.status, true);
    assert.equal((await client.get(SESSION)).status, 401);
  }
});

test('login refused: wrong password, name, role, nothing', async () => {
  for (const fields of [{ email: 'demo_teacher_9', password: 'wrong' }, { email: 'nobody@demo.muster.example', password: 'password' },
    { email: 'demo_teacher_9', password: 'password', role: 'admin' }, { email: 'demo_teacher_9', password: 'password', role: 'student' },
    { email: 'demo_teacher_9', password: 'password', role: 'king' }, { email: 'demo_teacher_9' }, {}]) {
    const client = anonymous();
    const answer = await login(client, fields);
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json, { status: false, message: 'Invalid credentials' });
    assert.equal(client.cookies.size, 0);
  }
});

test('login waits after many wrong passwords, and says so', async () => {
  let answer;
  for (let i = 0; i < 6; i++) answer = await login(anonymous(), { email: 'demo_teacher_8', password: 'wrong' });
  assert.equal(answer.status, 200);
  assert.equal(answer.json.status, false);
  assert.match(answer.json.message, /wait \d+ seconds?\./);
  sql('DELETE FROM sign_in_throttle');
});

test('login by a form: redirects', async () => {
  const client = anonymous();
  const good = await login(client, { email: 'demo_teacher_1', password: 'password', role: 'employee_faculty' }, {});
  assert.equal(good.status, 303);
  assert.equal(good.headers.location, '/index.php');
  assert.equal((await client.get('/index.php')).status, 303);
  assert.equal((await client.get('/index.php?page=session_tracking')).status, 200);
  const bad = await login(anonymous(), { email: 'demo_teacher_1', password: 'wrong' }, {});
  assert.equal(bad.status, 303);
  assert.equal(bad.headers.location, '/login');
  // A demand by GET changes nothing.
  assert.equal((await client.get(`${AUTH}?action=logout`)).headers.location, '/account');
  assert.equal((await client.get(SESSION)).status, 200);
  const foreign = await client.send('POST', `${AUTH}?action=logout`, { headers: { ...ajax, origin: 'https://evil.example' } });
  assert.equal(foreign.status, 403);
  const out = await client.send('POST', `${AUTH}?action=logout`);
  assert.equal(out.headers.location, '/login');
  assert.equal((await client.send('POST', `${AUTH}?action=dance`, { headers: ajax })).json.message, 'Unknown action');
});

/* ---- faults and limits -------------------------------------------------------------------- */

test('a fault of ours says nothing about the inside', async () => {
  const { id } = await subject();
  sql('RENAME TABLE note TO note_away');
  let answer;
  try {
    answer = await who.own.get(`${SESSION}?action=get&id=${id}`);
  } finally {
    sql('RENAME TABLE note_away TO note');
  }
  assert.equal(answer.status, 200);
  const { exception } = answer.json.errors;
  assert.deepEqual(answer.json, { success: false, message: 'Server error', errors: { exception } });
  assert.match(exception, /Something went wrong on our side/);
  assert.equal((await ask(who.own, 'get', { id })).success, true);
});

test('too many requests: how long to wait, in the same envelope', async (t) => {
  const own = await ownServer(t, { env: { MUSTER_REQUESTS_PER_ACCOUNT_PER_MINUTE: '10' } });
  const client = await signedIn('demo_teacher_1', own);
  let answer;
  for (let i = 0; i < 12; i++) answer = await client.get(`${SESSION}?action=occurrences&scope=today`);
  assert.equal(answer.status, 200);
  assert.equal(answer.json.success, false);
  assert.match(answer.json.message, /wait \d+ seconds/);
  assert.match(answer.headers['retry-after'], /^\d+$/);
});
