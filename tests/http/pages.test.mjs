// The pages over HTTP: who gets which, and what bad input gets.
import assert from 'node:assert/strict';
import test from 'node:test';
import { anonymous, form, signedIn, sql, unescapeHtml } from '../lib/http.mjs';

function newSession() {
  const [[id]] = sql(`
    INSERT INTO occurrence (branch_id, teacher_id, title, session_date, start_time, end_time, zone, starts_at, ends_at)
    SELECT p.branch_id, p.id, 'Pages', DATE(UTC_TIMESTAMP()) - INTERVAL 1 DAY, '05:00', '06:00', 'UTC',
      TIMESTAMP(DATE(UTC_TIMESTAMP()) - INTERVAL 1 DAY, '05:00'), TIMESTAMP(DATE(UTC_TIMESTAMP()) - INTERVAL 1 DAY, '06:00')
    FROM account a JOIN person p ON p.id = a.person_id WHERE a.username = 'demo_teacher_1';
    SELECT LAST_INSERT_ID();`);
  return id;
}

test('home is the page of the role', async () => {
  assert.equal((await anonymous().get('/')).headers.location, '/sign-in?next=%2F');
  for (const [name, home] of [['demo_teacher_1', '/sessions'], ['demo_employee_1', '/sessions'], ['demo_admin_1', '/admin'], ['demo_student_1', '/today']])
    assert.equal((await (await signedIn(name)).get('/')).headers.location, home, name);
});

test('the addresses of the seed show the same pages', async () => {
  for (const path of ['/login', '/auth/login', '/sign-in']) assert.match((await anonymous().get(path)).text, /name="pass"/, path);
  const teacher = await signedIn('demo_teacher_1');
  assert.match((await teacher.get('/index.php?page=session_tracking')).text, /id="results"/);
});

test('students see no sessions, teachers only their own', async () => {
  const id = newSession();
  const student = await signedIn('demo_student_1');
  for (const path of ['/sessions', `/sessions/${id}`, `/sessions/${id}/complete`]) assert.equal((await student.get(path)).status, 404, path);
  const other = await signedIn('demo_teacher_10');
  for (const path of [`/sessions/${id}`, `/sessions/${id}/complete`, `/sessions/${id}/cancel`, `/sessions/${id}/code?code=x`])
    assert.equal((await other.get(path)).status, 404, path);
  for (const path of [`/sessions/${id}/complete`, `/sessions/${id}/cancel`, `/sessions/${id}/notes`, `/sessions/${id}/reopen`])
    assert.equal((await other.post(path, { start: '05:00', end: '06:00', reason: 'x', text: 'x' })).status, 404, path);
  assert.equal(sql(`SELECT COUNT(*) FROM completion WHERE occurrence_id = ${id}`)[0][0], '0');
});

test('ids and words that make no sense', async () => {
  const teacher = await signedIn('demo_teacher_1');
  for (const id of ['0', '-1', 'x', '99999999999999999999', '9007199254740993'])
    assert.equal((await teacher.get(`/sessions/${id}`)).status, 404, id);
  for (const query of ['tab=nope', 'page=-1', 'page=x', 'course=zz', 'period=range', 'sort=%27', 'q=%F0%9F%8E%93', 'q=%FF', 'tab=completed&tab=history', `q=${'a'.repeat(3000)}`])
    assert.equal((await teacher.get(`/sessions?${query}`)).status, 200, query);
});

test('an unchanged list answers 304, a changed one does not', async () => {
  const id = newSession();
  const teacher = await signedIn('demo_teacher_1');
  const first = await teacher.get('/sessions?tab=completed');
  const headers = { 'if-none-match': first.headers.etag };
  // The tag also holds the minute: one of two tries lies within one.
  const again = await teacher.get('/sessions?tab=completed', { headers });
  const third = again.status === 304 ? again : await teacher.get('/sessions?tab=completed', { headers: { 'if-none-match': again.headers.etag } });
  assert.equal(third.status, 304);
  assert.equal((await teacher.post(`/sessions/${id}/complete`, { start: '05:00', end: '06:00' })).status, 303);
  assert.equal((await teacher.get('/sessions?tab=completed', { headers })).status, 200);
});

test('bad fields of the completion form are said at the field and kept', async () => {
  const id = newSession();
  const teacher = await signedIn('demo_teacher_1');
  const cases = [
    [{ start: '25:10', end: '06:00' }, 'c-start'],
    [{ start: '', end: '06:00' }, 'c-start'],
    [{ start: '06:00', end: '05:00' }, 'c-end'],
    [{ start: '05:00', end: '06:00', code: 'x'.repeat(101) }, 'c-code'],
    [{ start: '05:00', end: '06:00', code: 'a\u0000b' }, 'c-code'],
    [{ start: '05:00', end: '06:00', notes: 'n'.repeat(20001) }, 'c-notes'],
    [{ start: ['05:00', '05:01'], end: '06:00' }, 'c-start'],
  ];
  for (const [fields, input] of cases) {
    const answer = await teacher.post(`/sessions/${id}/complete`, { code: 'kept code', ...fields });
    assert.equal(answer.status, 422, JSON.stringify(fields).slice(0, 80));
    assert.match(answer.text, new RegExp(`id="${input}"[^>]*aria-invalid="true"`), input);
    assert.match(answer.text, new RegExp(`href="#${input}"`), input);
    if (!fields.code) assert.match(answer.text, /value="kept code"/);
  }
  assert.equal(sql(`SELECT state FROM occurrence WHERE id = ${id}`)[0][0], 'scheduled');
});

test('a note of 1 MB is refused, any honest text is kept as it is', async () => {
  const id = newSession();
  const teacher = await signedIn('demo_teacher_1');
  assert.equal((await teacher.post(`/sessions/${id}/notes`, { text: 'n'.repeat(1024 * 1024) })).status, 422);
  const text = '<script>alert(1)</script> & "quotes" 𝔘 \u202etxt\r\nsecond line';
  assert.equal((await teacher.post(`/sessions/${id}/notes`, { text, type: 'issue' })).status, 303);
  const { text: page } = await teacher.get(`/sessions/${id}`);
  assert.ok(!page.includes('<script>alert'));
  assert.ok(unescapeHtml(page).includes(text.replace('\r\n', '\n')));
});

test('without a token the form comes back; from elsewhere nothing happens', async () => {
  const id = newSession();
  const teacher = await signedIn('demo_teacher_1');
  const answer = await teacher.send('POST', `/sessions/${id}/complete`, { body: form({ start: '05:01', end: '06:00', notes: 'typed', csrf_token: 'stale' }) });
  assert.equal(answer.status, 403);
  assert.match(answer.text, /Please check it and send it again/);
  assert.match(answer.text, /value="05:01"/);
  const cross = await teacher.send('POST', `/sessions/${id}/complete`, { body: form({ start: '05:00', end: '06:00', csrf_token: await teacher.token() }), headers: { origin: 'https://evil.example' } });
  assert.equal(cross.status, 403);
  assert.equal(sql(`SELECT state FROM occurrence WHERE id = ${id}`)[0][0], 'scheduled');
});

test('drafts, editing and reopening', async () => {
  const id = newSession();
  const teacher = await signedIn('demo_teacher_1');
  assert.equal((await teacher.post(`/sessions/${id}/complete`, { draft: 1, notes: 'half done' })).status, 303);
  assert.match((await teacher.get(`/sessions/${id}/complete`)).text, />half done<\/textarea>/);
  assert.equal((await teacher.post(`/sessions/${id}/complete`, { start: '05:00', end: '06:00', notes: 'done' })).status, 303);
  const [[version]] = sql(`SELECT version FROM occurrence WHERE id = ${id}`);
  assert.equal((await teacher.post(`/sessions/${id}/complete`, { start: '05:10', end: '06:00', notes: 'edited', version })).status, 303);
  assert.deepEqual(sql(`SELECT notes, actual_start FROM completion WHERE occurrence_id = ${id}`), [['edited', '05:10:00']]);
  const stale = await teacher.post(`/sessions/${id}/complete`, { start: '05:20', end: '06:00', notes: 'too late', version });
  assert.equal(stale.status, 422);
  assert.match(stale.text, /What is stored now/);
  assert.match(stale.text, />too late<\/textarea>/);
  const [[now]] = sql(`SELECT version FROM occurrence WHERE id = ${id}`);
  assert.equal((await teacher.post(`/sessions/${id}/reopen`, { version: now })).status, 303);
  assert.equal(sql(`SELECT state FROM occurrence WHERE id = ${id}`)[0][0], 'scheduled');
});

test('preferences: language, theme, single keys; the way back stays here', async () => {
  const employee = await signedIn('demo_employee_1');
  const saved = await employee.post('/preferences', { all: 1, language: 'fr', theme: 'dark', next: '//evil.example' });
  assert.equal(saved.headers.location, '/account');
  const page = await employee.get('/account');
  assert.match(page.text, /<html lang="fr" dir="ltr" data-theme="dark" data-shortcuts="off">/);
  assert.equal((await employee.post('/preferences', { language: 'xx' })).status, 422);
  await employee.post('/preferences', { all: 1, language: 'browser', theme: 'system', shortcuts: 'on' });
  assert.match((await employee.get('/account')).text, /<html lang="en" dir="ltr">/);
});

test('a wrong current password is said at its field', async () => {
  const employee = await signedIn('demo_employee_1');
  const answer = await employee.post('/account/password', { old: 'wrong', new: 'a new and long one', again: 'a new and long one' });
  assert.equal(answer.status, 422);
  assert.match(answer.text, /id="w-old"[^>]*aria-invalid="true"/);
  assert.doesNotMatch(answer.text, /a new and long one/);
});

test('GET changes nothing; other methods are named', async () => {
  const id = newSession();
  const teacher = await signedIn('demo_teacher_1');
  for (const path of [`/sessions/${id}/check`, `/sessions/${id}/notes`, '/sign-out']) {
    const answer = await teacher.get(path);
    assert.equal(answer.status, 405, path);
    assert.match(answer.headers.allow, /POST/);
  }
  assert.equal((await teacher.get('/account')).status, 200);
});
