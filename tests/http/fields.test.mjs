// Bad input in the fields of forms: the sentence stands at its field, what was typed
// stays in the form, and nothing is stored.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { form, sql } from '../lib/http.mjs';
import { as, besides, completeForm, completedSession, newSession, sentence, stored, typed } from '../lib/classroom.mjs';

const word = () => randomBytes(4).toString('hex').toUpperCase();

/* Posts, and asserts that it was refused in the form and changed nothing; gives the page. */
async function refused(client, session, path, fields, status = 422) {
  const before = stored(session.id);
  const page = await client.post(path, fields);
  assert.equal(page.status, status, page.text.slice(0, 2000));
  assert.equal(stored(session.id), before);
  return page;
}

/* ---- completing ---------------------------------------------------------------------- */

const tooLong = 'x'.repeat(20_001);
const complete = [
  ['no times at all', { start: null, end: null }, { 'c-start-e': ['required'], 'c-end-e': ['required'] }],
  ['empty times', { start: '', end: '  ' }, { 'c-start-e': ['required'], 'c-end-e': ['required'] }],
  ['a time that does not exist', { start: '24:00', end: '08:60' }, { 'c-start-e': ['not_a_time'], 'c-end-e': ['not_a_time'] }],
  ['no time', { start: 'seven', end: '-1:00' }, { 'c-start-e': ['not_a_time'], 'c-end-e': ['not_a_time'] }],
  ['a time in other digits', { start: '٠٧:٠٠' }, { 'c-start-e': ['not_a_time'] }],
  ['a time with markup', { start: '"><script>alert(1)</script>' }, { 'c-start-e': ['not_a_time'] }],
  ['a huge time', { start: '07:00'.repeat(1000) }, { 'c-start-e': ['not_a_time'] }],
  ['end before start', { start: '08:30', end: '07:00' }, { 'c-end-e': ['end_before_start'] }],
  ['end at the start', { start: '08:30', end: '08:30' }, { 'c-end-e': ['end_before_start'] }],
  ['a repeated time', { start: ['07:00', '07:10'] }, { 'c-start-e': ['repeated'] }],
  ['a code of 101 characters', { code: 'x'.repeat(101) }, { 'c-code-e': ['too_long', 100] }],
  ['a code of 101 characters outside the BMP', { code: '𝄞'.repeat(101) }, { 'c-code-e': ['too_long', 100] }],
  ['a code with a tab', { code: 'A\tB' }, { 'c-code-e': ['not_text'] }],
  ['a code with NUL', { code: 'A\0B' }, { 'c-code-e': ['not_text'] }],
  ['a code with a line', { code: 'A\nB' }, { 'c-code-e': ['not_text'] }],
  ['notes of 20,001 characters', { notes: tooLong }, { 'c-notes-e': ['too_long', 20000] }],
  ['notes of 1 MB', { notes: 'ü'.repeat(524_288) }, { 'c-notes-e': ['too_long', 20000] }],
  ['notes with NUL', { notes: 'a\0b' }, { 'c-notes-e': ['not_text'] }],
  ['notes with a bell', { notes: 'a\x07b' }, { 'c-notes-e': ['not_text'] }],
  ['a repeated code', { code: ['A', 'B'] }, { 'c-code-e': ['repeated'] }],
  ['everything at once', { start: '9', end: '', code: 'x'.repeat(101), notes: tooLong },
    { 'c-start-e': ['not_a_time'] }],
];

for (const [name, fields, errors] of complete) {
  test(`completing: ${name}`, async () => {
    const session = newSession();
    const page = await refused(await as('demo_teacher_1'), session, `${session.path}/complete`, completeForm(session, { notes: 'Kept <words>', ...fields }));
    for (const [id, [code, n]] of Object.entries(errors)) {
      assert.equal(besides(page, id), sentence(code, n));
      assert.match(page.text, new RegExp(`aria-invalid="true" aria-describedby="[^"]*${id}|aria-describedby="[^"]*${id}[^>]*aria-invalid="true"`));
    }
    assert.match(page.text, /role="alert"/);
    assert.doesNotMatch(page.text, /<script>alert/);
    if (!fields.notes) assert.equal(typed(page, 'notes'), 'Kept <words>');
    for (const field of ['start', 'end', 'code']) {
      if (typeof fields[field] === 'string' && !/[\0\n\t]|^ /.test(fields[field])) assert.equal(typed(page, field), fields[field]);
    }
  });
}

test('completing: bytes that are no UTF-8 are refused at their field', async () => {
  const teacher = await as('demo_teacher_1');
  for (const [bytes, id] of [['code=%FF%FE', 'c-code-e'], ['notes=%C3', 'c-notes-e'], ['notes=%ED%A0%80', 'c-notes-e'], ['code=%C0%AF', 'c-code-e'], ['notes=%F4%90%80%80', 'c-notes-e']]) {
    const session = newSession();
    const body = Buffer.from(`csrf_token=${await teacher.token()}&version=1&start=07:00&end=08:30&${bytes}`);
    const page = await refused(teacher, session, `${session.path}/complete`, { type: 'application/x-www-form-urlencoded', body });
    assert.equal(besides(page, id), sentence('not_text'), bytes);
  }
});

test('completing: numbers out of range', async () => {
  const teacher = await as('demo_teacher_1');
  for (const version of ['-1', '2147483648', '99999999999999999999999', '1.5', '1e3', '0x1', '１', ' 1 1']) {
    const session = newSession();
    await refused(teacher, session, `${session.path}/complete`, completeForm(session, { version }));
  }
});

test('completing: too early', async () => {
  const session = newSession({ day: -2 });
  const page = await refused(await as('demo_teacher_1'), session, `${session.path}/complete`, completeForm(session, { notes: 'Kept' }));
  assert.ok(page.text.includes(sentence('not_yet')));
  assert.equal(typed(page, 'notes'), 'Kept');
});

test('what a time may look like, and what is stored', async () => {
  const session = await completedSession(await as('demo_teacher_1'), { start: '07:05:59', end: '23:59', notes: '  a\r\nb\n𝄞 مرحبا  \n' });
  const [[start, end, notes]] = sql(`SELECT actual_start, actual_end, notes FROM completion WHERE occurrence_id = ${session.id}`);
  assert.match(start, /^07:05/);
  assert.equal(end, '23:59:00');
  assert.equal(notes, 'a\nb\n𝄞 مرحبا');
});

test('texts of exactly the longest length are taken', async () => {
  const code = `${word()}${'𝄞'.repeat(92)}`;
  const session = await completedSession(await as('demo_teacher_1'), { code, notes: '𝄞'.repeat(20_000) });
  const [[stays, length]] = sql(`SELECT code, CHAR_LENGTH(notes) FROM completion WHERE occurrence_id = ${session.id}`);
  assert.equal(stays, code);
  assert.equal(Number(length), 20_000);
});

/* ---- codes --------------------------------------------------------------------------- */

test('a code in use is refused, however it is written, by whomever', async () => {
  const code = `Exam ${word()}`;
  const first = await completedSession(await as('demo_teacher_1'), { code });
  for (const again of [code, code.toUpperCase(), `  ${code.toLowerCase()} `, code.replace(' ', '    ')]) {
    const session = newSession({ teacher: 'demo_teacher_2' });
    const page = await refused(await as('demo_teacher_2'), session, `${session.path}/complete`, completeForm(session, { code: again, notes: 'Kept' }));
    assert.equal(besides(page, 'c-code-e'), sentence('code_taken'));
    assert.equal(typed(page, 'notes'), 'Kept');
    assert.ok(!page.text.includes(first.title), 'whose it is stays unsaid');
  }
});

test('a generated code with a wrong sign is refused', async () => {
  const teacher = await as('demo_teacher_1');
  const { code } = await completedSession(teacher);
  assert.match(code, /^[A-Z0-9]{1,8}-\d{4}-[2-9A-HJKMNP-Z]{12}$/);
  const signs = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
  const last = code.at(-3);
  const mistyped = code.slice(0, -3) + signs[(signs.indexOf(last) + 1) % signs.length] + code.slice(-2);
  const session = newSession();
  const page = await refused(teacher, session, `${session.path}/complete`, completeForm(session, { code: mistyped }));
  assert.equal(besides(page, 'c-code-e'), sentence('code_check'));
  assert.equal(typed(page, 'code'), mistyped);
});

test('the code while typing', async () => {
  const teacher = await as('demo_teacher_1');
  const taken = await completedSession(teacher);
  const session = newSession();
  const other = newSession({ teacher: 'demo_teacher_2' });
  const ask = async (code, of = session) => (await teacher.get(`${of.path}/code?code=${encodeURIComponent(code)}`));
  assert.match((await ask(`free ${word()}`)).text, /This code is free/);
  assert.ok((await ask(taken.code.toLowerCase())).text.includes(sentence('code_taken')));
  assert.match((await ask(taken.code, taken)).text, /This code is free/, 'its own');
  assert.match((await ask('')).text, /A code will be made/);
  assert.match((await ask('x'.repeat(101))).text, /cannot be stored/);
  assert.match((await teacher.get(`${session.path}/code?code=%FF`)).text, /cannot be stored/);
  assert.match((await teacher.get(`${session.path}/code?code=a%00b`)).text, /cannot be stored/);
  assert.equal((await ask('abc', other)).status, 404);
});

test('a new code is suggested and nothing else changes in the form', async () => {
  const session = newSession();
  const teacher = await as('demo_teacher_1');
  const page = await teacher.post(`${session.path}/complete`, completeForm(session, { start: '7', end: '08:01', code: 'mine', notes: 'Kept', regenerate: 1 }));
  assert.equal(page.status, 200);
  assert.match(typed(page, 'code'), /^[A-Z0-9]{1,8}-\d{4}-[2-9A-HJKMNP-Z]{12}$/);
  assert.equal(typed(page, 'start'), '7');
  assert.equal(typed(page, 'notes'), 'Kept');
});

/* ---- notes --------------------------------------------------------------------------- */

const notes = [
  ['nothing', { text: null }, 'empty_note'],
  ['blanks', { text: ' \n\t ' }, 'empty_note'],
  ['5,001 characters', { text: 'x'.repeat(5001) }, 'too_long', 5000],
  ['1 MB', { text: 'x'.repeat(1_048_576) }, 'too_long', 5000],
  ['NUL', { text: 'a\0b' }, 'not_text'],
  ['an escape character', { text: 'a\x1bb' }, 'not_text'],
  ['twice', { text: ['a', 'b'] }, 'repeated'],
];
for (const [name, fields, code, n] of notes) {
  test(`a note: ${name}`, async () => {
    const teacher = await as('demo_teacher_1');
    const session = newSession();
    let page = await refused(teacher, session, `${session.path}/notes`, { type: 'issue', ...fields });
    assert.equal(besides(page, 'n-text-e'), sentence(code, n));
    assert.match(page.text, /value="issue" checked/);
    if (typeof fields.text === 'string' && !/[\0\x1b\n]/.test(fields.text)) assert.equal(typed(page, 'text'), fields.text);
    page = await teacher.post(`${session.path}/notes`, { type: 'issue', ...fields }, { headers: { 'hx-request': 'true' } });
    assert.equal(page.status, 422);
    assert.match(page.text, /^\s*<section class="sec" id="notes"/);
    assert.equal(besides(page, 'n-text-e'), sentence(code, n));
    // The same when an old one is changed.
    assert.equal((await teacher.post(`${session.path}/notes`, { type: 'general', text: 'First' })).status, 303);
    const [[id]] = sql(`SELECT n.id FROM note n JOIN completion c ON c.id = n.completion_id WHERE c.occurrence_id = ${session.id}`);
    page = await refused(teacher, session, `/notes/${id}`, { type: 'issue', ...fields });
    assert.equal(besides(page, 'n-text-e'), sentence(code, n));
  });
}

test('a note of a type that does not exist', async () => {
  const session = newSession();
  const page = await refused(await as('demo_teacher_1'), session, `${session.path}/notes`, { type: 'secret', text: 'Kept' });
  assert.ok(page.text.includes(sentence('not_a_choice')));
  assert.equal(typed(page, 'text'), 'Kept');
});

test('a note keeps every character, and shows it as text', async () => {
  const teacher = await as('demo_teacher_1');
  const session = newSession();
  const text = '<img src=x onerror=alert(1)> & "quotes" \'single\' {{t "x"}} 𝄞 \u202Eabc\u202C مرحبا\n\tline 2 \\n %s';
  assert.equal((await teacher.post(`${session.path}/notes`, { type: 'general', text })).status, 303);
  const [[kept]] = sql(`SELECT n.text FROM note n JOIN completion c ON c.id = n.completion_id WHERE c.occurrence_id = ${session.id}`);
  assert.equal(kept, text);
  const page = await teacher.get(session.path);
  assert.match(page.text, /&lt;img src=x onerror=alert\(1\)&gt; &amp; (&quot;|&#34;|")quotes/);
  assert.doesNotMatch(page.text, /<img src=x/);
});

/* ---- cancelling ------------------------------------------------------------------------ */

const reasons = [
  ['nothing', { reason: null }, 'reason_missing'],
  ['blanks', { reason: '   \r\n ' }, 'reason_missing'],
  ['501 characters', { reason: 'ü'.repeat(501) }, 'too_long', 500],
  ['1 MB', { reason: 'x'.repeat(1_048_576) }, 'too_long', 500],
  ['NUL', { reason: 'a\0b' }, 'not_text'],
  ['twice', { reason: ['a', 'b'] }, 'repeated'],
];
for (const [name, fields, code, n] of reasons) {
  test(`cancelling: a reason of ${name}`, async () => {
    const session = newSession();
    const page = await refused(await as('demo_teacher_1'), session, `${session.path}/cancel`, { version: 1, ...fields });
    assert.equal(besides(page, 'x-reason-e'), sentence(code, n));
  });
}

/* ---- addresses ---------------------------------------------------------------------------- */

test('ids that are none do not exist', async () => {
  const teacher = await as('demo_teacher_1');
  for (const id of ['0', '-1', '1.0', '1e0', '+1', '9223372036854775808', '99999999999999999999999999', 'abc', '%FF', 'null', '%E0%A5%A7', "1'--"]) {
    for (const path of [`/sessions/${id}`, `/sessions/${id}/complete`, `/notes/${id}`, `/files/${id}/a.pdf`, `/files/${id}/view`]) {
      const answer = await teacher.get(path);
      assert.equal(answer.status, 404, path);
    }
    assert.equal((await teacher.post(`/sessions/${id}/complete`, { start: '07:00', end: '08:00' })).status, 404, id);
  }
});

test('lists take any filter', async () => {
  const teacher = await as('demo_teacher_1');
  const values = ['', '-1', '99999999999999999999', 'x'.repeat(600), '%00', '%FF', "';--", '%F0%9D%84%9E', '%E2%80%AE', '%25%5F', '1&q=2'];
  const names = ['q', 'period', 'sort', 'order', 'course', 'group', 'page', 'on', 'done'];
  for (const value of values) {
    for (const tab of ['upcoming', 'completed', 'history', value]) {
      const query = ['tab', ...names].map((name) => `${name}=${name === 'tab' ? tab : value}`).join('&');
      assert.equal((await teacher.get(`/sessions?${encodeURI(query).replace(/%25/g, '%')}`)).status, 200, query);
    }
    for (const name of names) assert.equal((await teacher.get(`/sessions?tab=history&${name}=${value}`)).status, 200, `${name}=${value}`);
  }
  assert.equal((await teacher.get(`/sessions?q=${'x'.repeat(6000)}`)).status, 200);
});

test('more fields than anybody sends', async () => {
  const session = newSession();
  const teacher = await as('demo_teacher_1');
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`f${i}`, 'x']));
  const before = stored(session.id);
  const answer = await teacher.send('POST', `${session.path}/notes`, { body: form({ csrf_token: await teacher.token(), text: 'x', ...many }) });
  assert.ok([413, 422].includes(answer.status), String(answer.status));
  assert.match(answer.text, /role="alert"|<h1>/);
  assert.equal(stored(session.id), before);
});
