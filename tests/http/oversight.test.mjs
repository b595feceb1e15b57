// Oversight: the overview, completions across teachers, and what an admin does with them.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sql, unescapeHtml } from '../lib/http.mjs';
import { as, besides, completedSession, newAccount, newSession, otherBranch, sentence, stored, versionOf } from '../lib/classroom.mjs';

const admin = () => as('demo_admin_1');
const branchAdmin = () => as('demo_admin_2');
const stateOf = (id) => sql(`SELECT o.state, o.review, c.state FROM occurrence o LEFT JOIN completion c ON c.id = o.completion_id WHERE o.id = ${id}`)[0];
const pick = (id) => `${id}:${versionOf(id)}`;
const rowsOf = (page) => [...page.text.matchAll(/<tr role="row" data-row[^>]*>.*?<\/tr>/gs)].map(([row]) => row);
const idsOf = (page) => rowsOf(page).map((row) => Number(row.match(/href="\/sessions\/(\d+)"/)[1]));
const linkTo = (page, rel) => page.text.match(new RegExp(`href="([^"]*)" rel="${rel}"`))?.[1];
const link = (page, rel) => { const href = linkTo(page, rel); return href && unescapeHtml(href); };

let teacher; let person; let teacherClient;
before(async () => {
  otherBranch();
  teacher = newAccount(`overseen_${process.pid}`);
  [[person]] = sql(`SELECT person_id FROM account WHERE username = '${teacher}'`);
  teacherClient = await as(teacher);
});
const mine = (fields = {}, options = {}) => completedSession(teacherClient, fields, { teacher, ...options });
const missing = (options = {}) => newSession({ teacher, ...options });
const list = async (query, client) => (client ?? await admin()).get(`/admin/completions?${query}`);

test('homes: each role at its own', async () => {
  for (const [who, path, to] of [['demo_admin_1', '/', '/admin'], ['demo_admin_2', '/', '/admin'], ['demo_teacher_1', '/', '/sessions'],
    ['demo_employee_1', '/', '/sessions'], ['demo_student_1', '/', '/today']]) {
    const answer = await (await as(who)).get(path);
    assert.deepEqual([answer.status, answer.headers.location], [303, to], `${who} ${path}`);
  }
  const trainer = await (await as('demo_teacher_1')).get('/trainer');
  assert.equal(trainer.status, 200);
  assert.match(trainer.text, /<h1>Home<\/h1>/);
});

test('the overview counts what is held, missing and to check, by teacher', async () => {
  const m = missing({ day: 2 });
  const s = await mine({ start: '07:10' });
  const page = await (await admin()).get('/admin');
  assert.equal(page.status, 200);
  const row = page.text.split('<tr role="row">').find((part) => part.includes(`teacher=${person}`));
  assert.ok(row, 'the teacher has a row');
  const [[held, completed]] = sql(`SELECT COUNT(*), SUM(state = 'completed') FROM occurrence WHERE teacher_id = ${person} AND state <> 'cancelled'`);
  assert.match(row, new RegExp(`aria-label="${completed} of ${held} completed"`));
  assert.ok(page.text.includes('Completions by teacher'));
  assert.ok(page.text.includes('Session requests'));
  sql(`UPDATE occurrence SET state = 'cancelled' WHERE id IN (${m.id}, ${s.id})`);
});

test('tabs show each session in the one place its state says', async () => {
  const s = { missing: missing({ day: 2 }), check: await mine(), checked: await mine(), returned: await mine() };
  const client = await admin();
  assert.equal((await client.post(`${s.checked.path}/check`, { version: versionOf(s.checked.id) })).status, 303);
  assert.equal((await client.post(`${s.returned.path}/return`, { version: versionOf(s.returned.id), reason: 'Times' })).status, 303);
  for (const tab of Object.keys(s)) {
    const ids = idsOf(await list(`tab=${tab}&teacher=${person}`));
    for (const [other, session] of Object.entries(s)) assert.equal(ids.includes(session.id), tab === other, `${other} in ${tab}`);
  }
  const all = idsOf(await list(`tab=all&teacher=${person}`));
  for (const session of Object.values(s)) assert.ok(all.includes(session.id));
  const future = missing({ day: -3 });
  assert.ok(!idsOf(await list(`tab=all&teacher=${person}`)).includes(future.id), 'what comes is not missing');
});

test('filters stay in the address of tabs, pages and forms; what makes no sense is left out', async () => {
  const page = await list(`tab=all&teacher=${person}&period=last-30&late=5&order=asc&q=Lesson`);
  assert.equal(page.status, 200);
  const tab = unescapeHtml(page.text.match(/href="([^"]*tab=returned[^"]*)"/)[1]);
  for (const part of [`teacher=${person}`, 'period=last-30', 'late=5', 'order=asc', 'q=Lesson']) assert.ok(tab.includes(part), part);
  for (const odd of ['tab=nothing', 'teacher=x', 'period=never', 'past=1', 'past=1.x', 'past=99999999999999999999.1', 'late=-1', 'order=up', 'back=1', 'q=%00', `q=${'x'.repeat(900)}`, 'teacher=1&teacher=2']) {
    assert.equal((await list(odd)).status, 200, odd);
  }
});

test('pages go on and back in the order of time without a gap', async () => {
  const other = newAccount(`pages_${process.pid}`);
  const [[id]] = sql(`SELECT person_id FROM account WHERE username = '${other}'`);
  sql(`INSERT INTO occurrence (branch_id, teacher_id, title, session_date, start_time, end_time, zone, starts_at, ends_at)
    SELECT 1, ${id}, CONCAT('Page ', seq), DATE('2026-01-01') + INTERVAL seq DIV 2 DAY, '07:00', '08:00', 'UTC',
      TIMESTAMP(DATE('2026-01-01') + INTERVAL seq DIV 2 DAY, '07:00'), TIMESTAMP(DATE('2026-01-01') + INTERVAL seq DIV 2 DAY, '08:00') FROM seq_1_to_120`);
  for (const order of ['', '&order=asc']) {
    const client = await admin();
    const first = await list(`tab=missing&teacher=${id}${order}`);
    const second = await client.get(link(first, 'next'));
    const third = await client.get(link(second, 'next'));
    const ids = [first, second, third].map(idsOf);
    assert.deepEqual(ids.map((v) => v.length), [50, 50, 20]);
    const wanted = sql(`SELECT id FROM occurrence WHERE teacher_id = ${id} ORDER BY starts_at ${order ? 'ASC, id ASC' : 'DESC, id DESC'}`).map(([v]) => Number(v));
    assert.deepEqual(ids.flat(), wanted);
    assert.equal(link(third, 'next'), undefined);
    assert.equal(link(first, 'prev'), undefined);
    assert.deepEqual(idsOf(await client.get(link(third, 'prev'))), ids[1]);
    assert.deepEqual(idsOf(await client.get(link(second, 'prev'))), ids[0]);
  }
  sql(`UPDATE occurrence SET state = 'cancelled' WHERE teacher_id = ${id}`);
});

test('a search finds by title and teacher; late ones by minutes', async () => {
  const late = await mine({ start: '07:20' }, { title: `Late 100%_! ${process.pid}` });
  const soon = await mine({ start: '07:06' }, { title: `Soon ${process.pid}` });
  assert.deepEqual(idsOf(await list(`tab=check&q=${encodeURIComponent(late.title)}`)), [late.id]);
  assert.ok(idsOf(await list(`tab=check&q=${encodeURIComponent(teacher)}`)).includes(soon.id));
  const ids = idsOf(await list(`tab=check&teacher=${person}&late=15`));
  assert.ok(ids.includes(late.id));
  assert.ok(!ids.includes(soon.id));
  const none = await list('tab=check&q=nothing%20is%20called%20so');
  assert.match(none.text, /Nothing matches/);
});

test('an exact code finds its session whatever the tab; others are told apart', async () => {
  const s = await mine();
  for (const typed of [s.code, ` ${s.code.toLowerCase()} `]) {
    const page = await list(`tab=missing&q=${encodeURIComponent(typed)}`);
    assert.deepEqual(idsOf(page), [s.id]);
    assert.match(page.text, /is the code of this session/);
  }
  const wrong = s.code.slice(0, -1) + (s.code.endsWith('A') ? 'B' : 'A');
  const mistyped = await list(`q=${wrong}`);
  assert.match(mistyped.text, /its check characters are wrong/);
  // Another branch's code reads as one that nobody has.
  const far = await as('far_admin');
  const unknown = await list(`q=${s.code}`, far);
  assert.match(unknown.text, /No session has the code/);
  assert.deepEqual(idsOf(unknown), []);
});

test('a code is held against one session', async () => {
  const s = await mine();
  const other = await mine();
  const client = await admin();
  const verify = async (code, headers = {}) => client.get(`/admin/completions/${s.id}/verify?code=${encodeURIComponent(code)}`, { headers });
  assert.match((await verify(` ${s.code.toLowerCase()}`)).text, /The code matches/);
  assert.match((await verify(other.code)).text, /The code does not match/);
  assert.match((await verify(s.code.slice(0, -1) + (s.code.endsWith('A') ? 'B' : 'A'))).text, /check characters are wrong/);
  const part = await verify(s.code, { 'HX-Request': 'true' });
  assert.match(part.text, /The code matches/);
  assert.ok(!part.text.includes('<html'));
  const empty = await verify('  ');
  assert.equal(empty.status, 422);
  assert.match(besides(empty, 'v-code-e'), new RegExp(sentence('required')));
  const none = missing();
  assert.match((await client.get(`/admin/completions/${none.id}/verify?code=x`)).text, /This session has no code/);
});

test('signed off in bulk, undone by the way back', async () => {
  const sessions = [await mine(), await mine(), await mine()];
  const client = await branchAdmin();
  const address = `/admin/completions?tab=check&teacher=${person}`;
  const answer = await client.post(address, { do: 'check', pick: sessions.map((s) => pick(s.id)) });
  assert.equal(answer.status, 303, answer.text.slice(0, 2000));
  assert.ok(answer.headers.location.startsWith(`${address}&done=signed-off&on=`));
  for (const s of sessions) assert.deepEqual(stateOf(s.id), ['completed', 'checked', 'checked']);
  const page = await client.get(answer.headers.location);
  assert.match(page.text, /3 sessions signed off/);
  const undo = page.text.match(/name="undo" value="([^"]*)"/)[1];
  const back = await client.post(address, { undo });
  assert.equal(back.status, 303);
  assert.match((await client.get(back.headers.location)).text, /The sign-off of 3 sessions is taken back/);
  for (const s of sessions) assert.deepEqual(stateOf(s.id), ['completed', 'none', 'completed']);
  const trail = sql(`SELECT action FROM audit_log WHERE object = 'occurrence' AND object_id = ${sessions[0].id} ORDER BY id`).map(([a]) => a);
  assert.deepEqual(trail.slice(-2), ['session.checked', 'session.unchecked']);
});

test('what changed since is left and shown, the others are done', async () => {
  const sessions = [await mine(), await mine()];
  const picks = sessions.map((s) => pick(s.id));
  assert.equal((await teacherClient.post(`${sessions[1].path}/complete`, { version: versionOf(sessions[1].id), start: '07:02', end: '08:30', code: '', notes: '' })).status, 303);
  const before = stored(sessions[1].id);
  const answer = await (await admin()).post(`/admin/completions?tab=check&teacher=${person}`, { do: 'check', pick: picks });
  assert.equal(answer.status, 409);
  assert.match(answer.text, /1 session signed off/);
  assert.match(answer.text, /1 session was left as it is/);
  assert.ok(answer.text.includes(sessions[1].title));
  assert.ok(unescapeHtml(answer.text).includes(sentence('changed')));
  assert.deepEqual(stateOf(sessions[0].id), ['completed', 'checked', 'checked']);
  assert.equal(stored(sessions[1].id), before);
  assert.ok(answer.text.includes(`value="${pick(sessions[1].id)}"`), 'the new version is there to send');
});

test('two admins sign off at once: one does, the other is told', async () => {
  const s = await mine();
  const chosen = pick(s.id);
  const answers = await Promise.all([admin(), branchAdmin()].map(async (client) => (await client).post('/admin/completions?tab=check', { do: 'check', pick: chosen })));
  assert.deepEqual(answers.map((a) => a.status).sort(), [303, 409]);
  assert.ok(unescapeHtml(answers.find((a) => a.status === 409).text).includes(sentence('checked')));
  assert.equal(sql(`SELECT COUNT(*) FROM audit_log WHERE object = 'occurrence' AND object_id = ${s.id} AND action = 'session.checked'`)[0][0], '1');
});

test('forged and foreign ids change nothing and tell nothing', async () => {
  const s = await mine();
  const before = stored(s.id);
  const far = await as('far_admin');
  for (const [act, extra] of [['check', {}], ['return', { reason: 'x' }], ['uncheck', {}]]) {
    const answer = await far.post('/admin/completions', { do: act, pick: [pick(s.id), '999999999:1'], ...extra });
    assert.equal(answer.status, 409);
    assert.match(answer.text, /2 sessions were left as they are/);
    assert.ok(!answer.text.includes(s.title));
  }
  for (const pickText of ['', 'x', '1', '1:', ':1', '1:0', '-1:1', '1:1:1', '99999999999999999999:1']) {
    const answer = await far.post('/admin/completions', { do: 'check', pick: pickText });
    assert.equal(answer.status, 422, pickText);
    assert.ok(unescapeHtml(answer.text).includes(sentence('nothing_chosen')), pickText);
  }
  assert.equal((await far.post('/admin/completions', { do: 'delete', pick: pick(s.id) })).status, 422);
  const many = Array.from({ length: 51 }, (_, i) => `${i + 1}:1`);
  assert.equal((await far.post('/admin/completions', { do: 'check', pick: many })).status, 422);
  for (const [param, id] of [['branch', 1]]) assert.equal((await far.get(`/admin/completions?${param}=${id}`)).status, 404);
  assert.deepEqual(idsOf(await list(`tab=all&teacher=${person}`, far)), []);
  assert.equal(stored(s.id), before);
});

test('returned needs a reason, singly and in bulk; the teacher reads it', async () => {
  const sessions = [await mine(), await mine()];
  const client = await admin();
  const address = `/admin/completions?tab=check&teacher=${person}`;
  const empty = await client.post(address, { do: 'return', pick: sessions.map((s) => pick(s.id)), reason: '  ' });
  assert.equal(empty.status, 422);
  assert.equal(besides(empty, 'b-reason-e'), sentence('reason_missing'));
  assert.equal((empty.text.match(/ checked>/g) ?? []).length, 2, 'what was selected stays selected');
  const long = await client.post(address, { do: 'return', pick: pick(sessions[0].id), reason: 'x'.repeat(501) });
  assert.equal(long.status, 422);
  for (const s of sessions) assert.equal(stateOf(s.id)[2], 'completed');
  const answer = await client.post(address, { do: 'return', pick: sessions.map((s) => pick(s.id)), reason: 'Compare <the> times' });
  assert.equal(answer.status, 303);
  for (const s of sessions) assert.deepEqual(stateOf(s.id), ['scheduled', 'returned', 'returned']);
  assert.match((await teacherClient.get(sessions[0].path)).text, /returned this session: .*Compare &lt;the&gt; times/);
  assert.ok((await teacherClient.get('/sessions?tab=upcoming')).text.includes('Compare &lt;the&gt; times'), 'in the list too');
  const alone = await mine();
  const form = await client.post(`${alone.path}/return`, { version: versionOf(alone.id), reason: '' });
  assert.equal(form.status, 422);
  assert.equal(besides(form, 'x-reason-e'), sentence('reason_missing'));
  const stale = await client.post(`${alone.path}/return`, { version: versionOf(alone.id) + 7, reason: 'Kept words' });
  assert.equal(stale.status, 409);
  assert.match(stale.text, /Kept words/);
  const ok = await client.post(`${alone.path}/return`, { version: versionOf(alone.id), reason: 'Why', next: address });
  assert.ok(ok.headers.location.startsWith(`${address}&done=returned`));
  const elsewhere = await mine();
  const outside = await client.post(`${elsewhere.path}/return`, { version: versionOf(elsewhere.id), reason: 'Why', next: '//evil.example/admin/completions?' });
  assert.equal(outside.headers.location, `${elsewhere.path}?done=returned`);
});

test('a later reopening by an admin needs a reason that the session shows', async () => {
  const s = await mine();
  const client = await admin();
  const none = await client.post(`${s.path}/reopen`, { version: versionOf(s.id), reason: '' });
  assert.equal(none.status, 422);
  assert.equal(stateOf(s.id)[0], 'completed');
  assert.equal((await client.post(`${s.path}/reopen`, { version: versionOf(s.id), reason: 'Wrong day' })).status, 303);
  assert.deepEqual(stateOf(s.id), ['scheduled', 'none', 'pending']);
  assert.match((await teacherClient.get(s.path)).text, /opened this session again: .*Wrong day/);
  assert.equal((await teacherClient.post(`${s.path}/complete`, { version: versionOf(s.id), start: '07:00', end: '08:30', code: '', notes: '' })).status, 303);
  assert.ok(!(await teacherClient.get(s.path)).text.includes('Wrong day'), 'until it is completed again');
  // Who completed it a moment ago just undoes.
  assert.equal((await teacherClient.post(`${s.path}/reopen`, { version: versionOf(s.id) })).status, 303);
});

test('sign-off on the session page: locks, and is taken back', async () => {
  const s = await mine();
  const client = await admin();
  assert.match((await client.get(s.path)).text, /action="\/sessions\/\d+\/check"/);
  assert.ok(!(await teacherClient.get(s.path)).text.includes('/check"'));
  assert.equal((await client.post(`${s.path}/check`, { version: versionOf(s.id) + 1 })).status, 409);
  assert.equal((await client.post(`${s.path}/uncheck`, { version: versionOf(s.id) })).status, 409);
  assert.equal((await client.post(`${s.path}/check`, { version: versionOf(s.id) })).status, 303);
  assert.equal((await client.post(`${s.path}/reopen`, { version: versionOf(s.id), reason: 'x' })).status, 409, 'signed off is not reopened');
  const page = await client.get(`${s.path}?done=signed-off`);
  assert.match(page.text, /is signed off/);
  assert.equal((await client.post(`${s.path}/uncheck`, { version: versionOf(s.id) })).status, 303);
  assert.deepEqual(stateOf(s.id), ['completed', 'none', 'completed']);
});
