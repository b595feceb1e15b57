// The pages of requests: asking, deciding, what it makes, and who may not.
import assert from 'node:assert/strict';
import test from 'node:test';
import { as, besides, newAccount, otherBranch, sentence, typed } from '../lib/classroom.mjs';
import { anonymous, signedIn, sql } from '../lib/http.mjs';
import { daysAhead, monday, newTeacher, occupy, requestOf, send, wish } from '../lib/requests.mjs';

const decide = (client, id, fields) => client.post(`/admin/requests/${id}`, { version: requestOf(id).version, ...fields });

test('a request is sent, seen by who asked and by the admins of the branch, and by nobody else', async () => {
  const teacher = await newTeacher('see');
  const id = await send(teacher, { title: 'Incident <response>' });
  const page = await teacher.client.get(`/requests/${id}?done=sent`);
  assert.equal(page.status, 200);
  assert.match(page.text, /Incident &lt;response&gt;/);
  assert.match(page.text, /The request is sent/);
  assert.match((await teacher.client.get('/requests')).text, /Incident &lt;response&gt;/);
  assert.match((await teacher.client.get('/trainer/session-requests?status=waiting')).text, /Incident &lt;response&gt;/);
  assert.match((await teacher.client.get('/trainer')).text, /Incident &lt;response&gt;/);
  for (const name of ['demo_admin_1', 'demo_admin_2']) {
    const one = await (await as(name)).get(`/admin/requests/${id}`);
    assert.equal(one.status, 200, name);
    assert.match(one.text, /Response to Test see_/);
  }
  otherBranch();
  const far = await as('far_admin');
  const colleague = await as('demo_teacher_3');
  const student = await as('demo_student_9');
  const before = JSON.stringify(requestOf(id));
  for (const [client, path] of [[far, '/admin/requests/'], [far, '/requests/'], [colleague, '/requests/'], [colleague, '/admin/requests/'], [student, '/requests/'], [student, '/admin/requests/']]) {
    const look = await client.get(`${path}${id}`);
    assert.ok([403, 404].includes(look.status), `${path} ${look.status}`);
    assert.doesNotMatch(look.text, /Incident/);
  }
  for (const client of [far, colleague, student, teacher.client]) {
    const answer = await client.post(`/admin/requests/${id}`, { version: 1, do: 'approve' });
    assert.ok([403, 404].includes(answer.status), answer.status);
  }
  for (const client of [far, colleague, student, await as('demo_admin_2')]) assert.ok([403, 404].includes((await client.post(`/requests/${id}/withdraw`, { version: 1 })).status));
  for (const client of [far, await as('demo_admin_1')]) assert.ok([403, 404].includes((await client.post(`/requests/${id}/answer`, { version: 1, text: 'no' })).status));
  assert.equal(JSON.stringify(requestOf(id)), before);
  assert.doesNotMatch((await far.get('/admin/requests?q=Incident')).text, /Incident &lt;/);
});

test('what is wrong is said at its field, what was typed stays, and nothing is kept', async () => {
  const teacher = await newTeacher('bad');
  const other = await newTeacher('badder');
  const cases = [
    [{ date: daysAhead(-1) }, 'e-date', sentence('past')],
    [{ date: daysAhead(900) }, 'e-date', sentence('too_far_ahead', 730)],
    [{ date: '' }, 'e-date', sentence('required')],
    [{ date: '2027-02-30' }, 'e-date', sentence('not_a_date')],
    [{ end: '14:30' }, 'e-end', sentence('end_before_start')],
    [{ end: '15:00' }, 'e-end', sentence('end_before_start')],
    [{ start: '25:00' }, 'e-start', sentence('not_a_time')],
    [{ title: ' ' }, 'e-title', sentence('required')],
    [{ title: 'x'.repeat(201) }, 'e-title', sentence('too_long', 200)],
    [{ notes: 'x'.repeat(5001) }, 'e-notes', sentence('too_long', 5000)],
    [{ course: other.courseId }, 'e-course', sentence('not_your_course')],
    [{ group: '' }, 'e-group', sentence('required')],
    [{ group: 99999999 }, 'e-group', sentence('not_a_choice')],
    [{ room: 99999999 }, 'e-room', sentence('not_a_choice')],
    [{ repeats: 'weekly', weekdays: '1', until: monday(106) }, 'e-until', sentence('range_too_long', 366)],
    [{ repeats: 'weekly', weekdays: '1', until: '' }, 'e-until', sentence('required')],
    [{ repeats: 'weekly', until: monday(4) }, 'e-weekdays', sentence('no_weekday')],
    [{ repeats: 'daily', until: monday(50) }, 'e-until', sentence('too_many_sessions', 200)],
    [{ repeats: 'monthly', day_of_month: '40', until: monday(20) }, 'e-day', sentence('too_large', 31)],
  ];
  for (const [fields, at, text] of cases) {
    for (const check of [undefined, 1]) {
      const answer = await teacher.client.post('/requests', wish(teacher, { ...fields, check }));
      assert.equal(answer.status, 422, JSON.stringify(fields));
      assert.equal(besides(answer, at), text, JSON.stringify(fields));
      assert.equal(typed(answer, 'notes'), fields.notes ?? 'Needs a projector.');
    }
  }
  assert.equal(sql(`SELECT COUNT(*) FROM session_request WHERE account_id = ${teacher.account}`)[0][0], '0');
  const student = await as('demo_student_9');
  assert.ok([403, 404].includes((await student.post('/requests', wish(teacher))).status));
  const admin = await as('demo_admin_2');
  assert.equal((await admin.get('/requests/new')).headers.location, '/admin/sessions/new');
  assert.equal((await admin.post('/requests', wish(teacher))).status, 404);
});

test('clashes and free rooms are shown before, and do not keep it from being sent', async () => {
  const teacher = await newTeacher('clash');
  occupy(teacher, { title: 'The exam' });
  const check = await teacher.client.post('/requests', wish(teacher, { check: 1 }), { headers: { 'hx-request': 'true' } });
  assert.equal(check.status, 200);
  assert.match(check.text, /1 clash with what is planned already/);
  assert.match(check.text, /The exam/);
  assert.match(check.text, /Free rooms:|No room of the list is free/);
  assert.doesNotMatch(check.text, /<html/);
  const id = await send(teacher);
  const admin = await as('demo_admin_1');
  const list = await admin.get(`/admin/requests?q=${teacher.username}`);
  assert.match(list.text, /Clash: The exam/);
  /* Approving asks for a tick; with it, it is done and logged. */
  const refused = await decide(admin, id, { do: 'approve' });
  assert.equal(refused.status, 409);
  assert.match(refused.text, /name="accept"/);
  assert.equal(requestOf(id).sessions.length, 0);
  assert.equal((await decide(admin, id, { do: 'approve', accept: 1 })).status, 303);
  assert.equal(requestOf(id).sessions.length, 1);
  assert.match(sql(`SELECT detail FROM audit_log WHERE object = 'request' AND object_id = ${id} AND action = 'request.approved'`)[0][0], /"override":true/);
});

test('approving makes the session with the room that was chosen; the teacher sees it and the answer', async () => {
  const teacher = await newTeacher('make');
  const id = await send(teacher);
  const admin = await as('demo_admin_1');
  const answer = await decide(admin, id, { do: 'approve', response: 'Room is yours.', room: teacher.roomId });
  assert.equal(answer.status, 303, answer.text.slice(0, 2000));
  const { sessions, state } = requestOf(id);
  assert.equal(state, 'approved');
  assert.deepEqual(sessions.map(({ state: its, date, teacher: who, room, title }) => [its, date, who, room, title]), [['scheduled', monday(), teacher.person, teacher.room, 'Guest lecture']]);
  assert.equal((await teacher.client.get(`/sessions/${sessions[0].id}`)).status, 200);
  assert.match((await teacher.client.get(`/requests/${id}`)).text, /Room is yours\./);
  /* The second of two admins is told who was first, and nothing more is made. */
  const second = await (await as('demo_admin_2')).post(`/admin/requests/${id}`, { version: 1, do: 'reject', response: 'No.' });
  assert.equal(second.status, 409);
  assert.match(second.text, /Demo Admin 1/);
  assert.equal(typed(second, 'response'), 'No.');
  assert.equal(requestOf(id).sessions.filter((s) => s.state === 'scheduled').length, 1);
  /* Taken back: cancelled.  Approved again: a new one. */
  assert.equal((await decide(admin, id, { do: 'reject', response: 'The building is closed.' })).status, 303);
  assert.deepEqual(requestOf(id).sessions.map((s) => s.state), ['cancelled']);
  assert.equal((await decide(admin, id, { do: 'approve' })).status, 303);
  assert.deepEqual(requestOf(id).sessions.map((s) => s.state), ['cancelled', 'scheduled']);
});

test('what was held is not taken back', async () => {
  const teacher = await newTeacher('held');
  const id = await send(teacher);
  const admin = await as('demo_admin_1');
  await decide(admin, id, { do: 'approve' });
  const session = requestOf(id).sessions[0].id;
  assert.equal((await teacher.client.post(`/sessions/${session}/notes`, { kind: 'general', text: 'Prepared' })).status, 303);
  const refused = await decide(admin, id, { do: 'reject' });
  assert.equal(refused.status, 409);
  assert.match(refused.text, /held already/);
  assert.equal(requestOf(id).state, 'approved');
});

test('two admins at once make one session', async () => {
  const teacher = await newTeacher('race');
  const id = await send(teacher);
  const both = await Promise.all(['demo_admin_1', 'demo_admin_2'].map(async (name) => (await as(name)).post(`/admin/requests/${id}`, { version: 1, do: 'approve' })));
  assert.deepEqual(both.map((a) => a.status).sort(), [303, 409]);
  assert.equal(requestOf(id).sessions.length, 1);
});

test('a question is asked and answered; a withdrawn request is not approved', async () => {
  const teacher = await newTeacher('ask');
  const admin = await as('demo_admin_1');
  const id = await send(teacher);
  const empty = await decide(admin, id, { do: 'ask', response: '' });
  assert.equal(empty.status, 422);
  assert.equal(besides(empty, 'e-response'), sentence('required'));
  assert.equal((await decide(admin, id, { do: 'ask', response: 'How many guests?' })).status, 303);
  const page = await teacher.client.get(`/requests/${id}`);
  assert.match(page.text, /How many guests\?/);
  assert.equal((await teacher.client.post(`/requests/${id}/answer`, { version: 1, text: 'Old' })).status, 409);
  assert.equal((await teacher.client.post(`/requests/${id}/answer`, { version: 2, text: '' })).status, 422);
  assert.equal((await teacher.client.post(`/requests/${id}/answer`, { version: 2, text: 'Twelve.' })).status, 303);
  assert.match((await admin.get(`/admin/requests/${id}`)).text, /Twelve\./);
  assert.equal((await teacher.client.post(`/requests/${id}/withdraw`, { version: 3 })).status, 303);
  assert.equal(requestOf(id).state, 'withdrawn');
  const late = await admin.post(`/admin/requests/${id}`, { version: 3, do: 'approve' });
  assert.equal(late.status, 409);
  assert.match(late.text, /was withdrawn/);
  assert.equal(requestOf(id).sessions.length, 0);
  const decided = await send(teacher, { start: '08:00', end: '09:00' });
  await decide(admin, decided, { do: 'reject', response: 'Full.' });
  assert.equal((await teacher.client.post(`/requests/${decided}/withdraw`, { version: 2 })).status, 409);
});

test('a series becomes a schedule, or the days that are chosen become single sessions', async () => {
  const teacher = await newTeacher('series');
  const admin = await as('demo_admin_1');
  const fields = { repeats: 'weekly', weekdays: '1', until: monday(5), start: '07:00', end: '08:00' };
  const whole = await send(teacher, fields);
  assert.match((await admin.get(`/admin/requests/${whole}`)).text, /Every week: Monday/);
  assert.equal((await decide(admin, whole, { do: 'approve' })).status, 303);
  const { sessions } = requestOf(whole);
  assert.equal(sessions.length, 4);
  assert.equal(new Set(sessions.map((s) => s.schedule)).size, 1);
  assert.notEqual(sessions[0].schedule, null);
  const some = await send(teacher, { ...fields, start: '08:00', end: '09:00' });
  const none = await decide(admin, some, { do: 'approve', some: 1 });
  assert.equal(none.status, 422);
  assert.equal(besides(none, 'e-days'), sentence('nothing_chosen'));
  assert.equal((await decide(admin, some, { do: 'approve', some: 1, days: [monday(3), monday(5)] })).status, 303);
  assert.deepEqual(requestOf(some).sessions.map((s) => [s.date, s.schedule]), [[monday(3), null], [monday(5), null]]);
  /* Used again: a week later, with the rule. */
  const again = await teacher.client.get(`/requests/new?from=${whole}`);
  assert.equal(typed(again, 'date'), monday(3));
  assert.equal(typed(again, 'until'), monday(6));
  assert.match(again.text, /<option value="weekly" selected>/);
  const stranger = await as('demo_teacher_3');
  assert.equal((await stranger.get(`/requests/new?from=${whole}`)).status, 404);
});

test('several are decided with one response, and what cannot be is said', async () => {
  const teacher = await newTeacher('bulk');
  const admin = await as('demo_admin_1');
  const free = await send(teacher, { title: 'Free' });
  const clashing = await send(teacher, { title: 'Clashing', date: monday(3) });
  occupy(teacher, { date: monday(3) });
  const done = await send(teacher, { title: 'Done', start: '08:00', end: '09:00' });
  await decide(admin, done, { do: 'reject' });
  const self = `/admin/requests?status=waiting&q=${teacher.username}`;
  const picks = [`${free}-1`, `${clashing}-1`, `${done}-1`];
  const none = await admin.post(self, { do: 'approve' });
  assert.equal(none.status, 422);
  const answer = await admin.post(self, { do: 'approve', pick: picks, response: 'Fine with us.' });
  assert.equal(answer.status, 303, answer.text.slice(0, 2000));
  const page = await admin.get(answer.headers.location);
  assert.match(page.text, /1 request is approved/);
  assert.match(page.text, /1 request was left alone/);
  assert.match(page.text, /1 request was left waiting/);
  assert.equal(requestOf(free).response, 'Fine with us.');
  assert.equal(requestOf(free).sessions.length, 1);
  assert.equal(requestOf(clashing).state, 'pending');
  /* The button of a row: what clashes leads to the page of the one. */
  const row = await admin.post(self, { one_approve: `${clashing}-1` });
  assert.equal(row.status, 409);
  assert.match(row.text, /name="accept"/);
  const reject = await admin.post(self, { do: 'reject', pick: `${clashing}-1`, response: 'x'.repeat(2001) });
  assert.equal(reject.status, 422);
  assert.equal(besides(reject, 'b-response-e'), sentence('too_long', 2000));
  assert.equal((await admin.post(self, { do: 'nonsense', pick: `${clashing}-1` })).status, 404);
});

test('a group that is not known leaves something to do', async () => {
  const teacher = await newTeacher('todo');
  const admin = await as('demo_admin_1');
  const id = await send(teacher);
  sql(`UPDATE session_request SET class_id = NULL, class_name = 'WEB-unknown-${id}' WHERE id = ${id}`);
  assert.match((await admin.get(`/admin/requests/${id}`)).text, /not known/);
  assert.equal((await decide(admin, id, { do: 'approve' })).status, 303);
  assert.equal(requestOf(id).needsSession, true);
  assert.match((await admin.get('/admin')).text, /no session yet/);
  assert.match((await admin.get('/admin/requests?status=unmade')).text, new RegExp(`WEB-unknown-${id}`));
  const missing = await decide(admin, id, { do: 'settle' });
  assert.equal(missing.status, 422);
  assert.equal(besides(missing, 'e-group'), sentence('required'));
  assert.equal((await decide(admin, id, { do: 'settle', group: teacher.classId })).status, 303);
  assert.equal(requestOf(id).sessions.length, 1);
  assert.equal(requestOf(id).needsSession, false);
});

test('the list is filtered in its address; odd values mean the default', async () => {
  const teacher = await newTeacher('list');
  const admin = await as('demo_admin_1');
  await send(teacher, { title: 'Spring exam', kind: 'exam' });
  await send(teacher, { title: 'Autumn lab', kind: 'tp', date: monday(3) });
  const of = async (query) => (await admin.get(`/admin/requests?q=${teacher.username}&${query}`)).text;
  assert.match(await of('kind=exam'), /Spring exam/);
  assert.doesNotMatch(await of('kind=exam'), /Autumn lab/);
  assert.doesNotMatch(await of(`from=${monday(3)}`), /Spring exam/);
  assert.match(await of(`group=${teacher.classId}&course=${teacher.courseId}`), /Autumn lab/);
  assert.match(await of('status=approved'), /Nothing matches/);
  assert.match(await of('status=nonsense&kind=9&page=x'), /Spring exam/);
  const wrong = await admin.get(`/admin/requests?from=${monday(3)}&to=${monday(2)}`);
  assert.equal(wrong.status, 422);
  const part = await admin.get(`/admin/requests?q=${teacher.username}`, { headers: { 'hx-request': 'true' } });
  assert.doesNotMatch(part.text, /<html/);
});

test('sessions are made and changed directly by admins', async () => {
  const teacher = await newTeacher('direct');
  const admin = await as('demo_admin_2');
  const fields = { title: 'Direct <one>', group: teacher.classId, course: teacher.courseId, teacher: teacher.person, room: teacher.roomId, date: monday(2, 1), start: '10:00', end: '11:00' };
  const check = await admin.post('/admin/sessions', { ...fields, check: 1 });
  assert.equal(check.status, 200);
  assert.match(check.text, /No clash of room, teacher or group/);
  const made = await admin.post('/admin/sessions', fields);
  assert.equal(made.status, 303, made.text.slice(0, 2000));
  const id = Number(made.headers.location.match(/(\d+)\?done=added/)[1]);
  const again = await admin.post('/admin/sessions', fields);
  assert.equal(again.status, 409);
  assert.match(again.text, /Direct &lt;one&gt;/);
  for (const [bad, at, text] of [[{ group: '' }, 'e-group', 'required'], [{ end: '09:00' }, 'e-end', 'end_before_start'], [{ date: '' }, 'e-date', 'required'], [{ room: 99999999 }, 'e-room', 'not_a_choice']]) {
    const answer = await admin.post('/admin/sessions', { ...fields, ...bad });
    assert.equal(answer.status, 422, at);
    assert.equal(besides(answer, at), sentence(text));
  }
  assert.match((await admin.get(`/admin/sessions?period=all&group=${teacher.classId}`)).text, /Direct &lt;one&gt;/);
  const saved = await admin.post(`/admin/sessions/${id}`, { ...fields, version: 1, title: 'Changed', room: '' });
  assert.equal(saved.status, 303, saved.text.slice(0, 2000));
  assert.deepEqual(sql(`SELECT title, room, version FROM occurrence WHERE id = ${id}`), [['Changed', '', '2']]);
  assert.equal((await admin.post(`/admin/sessions/${id}`, { ...fields, version: 1 })).status, 409);
  otherBranch();
  assert.equal((await (await as('far_admin')).get(`/admin/sessions/${id}`)).status, 404);
  assert.equal((await (await as('far_admin')).post(`/admin/sessions/${id}`, { ...fields, version: 2 })).status, 404);
  assert.ok([403, 404].includes((await teacher.client.post('/admin/sessions', fields)).status));
  assert.ok([403, 404].includes((await teacher.client.get('/admin/sessions')).status));
  assert.equal((await admin.post(`/sessions/${id}/cancel`, { version: 2, reason: 'Ill' })).status, 303);
  assert.equal((await admin.post(`/admin/sessions/${id}`, { ...fields, version: 3 })).status, 409);
});

test('the home page of teachers; admins are led to theirs', async () => {
  const teacher = await newTeacher('home');
  const page = await teacher.client.get('/trainer');
  assert.equal(page.status, 200);
  assert.match(page.text, /class="btn btn-live" href="\/requests\/new"/);
  assert.match((await teacher.client.get('/sessions')).text, /class="btn btn-live" href="\/requests\/new"/);
  assert.equal((await (await as('demo_admin_1')).get('/trainer')).headers.location, '/admin');
  const employee = await signedIn(newAccount(`home_employee_${process.pid}`, { role: 'employee' }));
  assert.equal((await employee.get('/requests/new')).status, 200);
});

/* [kind, account] of what was told about a request, in order. */
const told = (id) => sql(`SELECT kind, account_id FROM notification WHERE kind LIKE 'session_request.%' AND entity_id = ${id} ORDER BY id`);

test('admins are told of a request, who asked of what became of it; the events say so', async () => {
  const teacher = await newTeacher('told');
  const admin = await as('demo_admin_2');
  otherBranch();
  const id = await send(teacher);
  assert.deepEqual([...new Set(told(id).map(([kind]) => kind))], ['session_request.created']);
  const accounts = told(id).map(([, account]) => Number(account));
  assert.ok(accounts.includes(1) && accounts.includes(2), accounts.join());
  assert.ok(!accounts.includes(9001), 'an admin of another branch');
  assert.equal((await decide(admin, id, { do: 'ask', response: 'Which room?' })).status, 303);
  assert.equal((await teacher.client.post(`/requests/${id}/answer`, { version: 2, text: 'Any.' })).status, 303);
  assert.equal((await decide(admin, id, { do: 'approve' })).status, 303);
  const own = told(id).filter(([, account]) => Number(account) === teacher.account).map(([kind]) => kind);
  assert.deepEqual(own, ['session_request.asked', 'session_request.decided']);
  const events = () => sql(`SELECT type, account_id FROM (SELECT id, type, account_id, payload FROM outbox UNION ALL SELECT outbox_id, type, account_id, payload FROM event) x
    WHERE type LIKE 'session_request.%' AND JSON_VALUE(payload, '$.request') = ${id} ORDER BY id`);
  assert.deepEqual(events().map(([type, account]) => [type, Number(account)]), [['session_request.created', teacher.account], ['session_request.updated', teacher.account],
    ['session_request.updated', teacher.account], ['session_request.updated', teacher.account]]);
});

test('every address is closed to those it is not for', async () => {
  const forStaff = ['GET /requests', 'GET /trainer', 'GET /trainer/session-requests', 'GET /requests/new', 'POST /requests', 'GET /requests/1', 'POST /requests/1/withdraw', 'POST /requests/1/answer'];
  const forAdmins = ['GET /admin/requests', 'POST /admin/requests', 'GET /admin/requests/1', 'POST /admin/requests/1', 'GET /admin/sessions', 'GET /admin/sessions/new', 'POST /admin/sessions',
    'GET /admin/sessions/1', 'POST /admin/sessions/1'];
  const ask = (client, row) => { const [method, path] = row.split(' '); return method === 'GET' ? client.get(path) : client.post(path, { version: 1, do: 'approve' }); };
  for (const row of [...forStaff, ...forAdmins]) {
    assert.ok([303, 401].includes((await ask(anonymous(), row)).status), `nobody ${row}`);
    assert.ok([403, 404].includes((await ask(await as('demo_student_9'), row)).status), `a student ${row}`);
  }
  for (const row of forAdmins) for (const name of ['demo_teacher_3', 'demo_employee_1']) assert.ok([403, 404].includes((await ask(await as(name), row)).status), `${name} ${row}`);
});
