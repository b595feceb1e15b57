// Notifications: the bell, the list, reading them, what one wants to be told, and who is told of what.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { as, attachmentsOf, completedSession, newAccount, newSession, quoted, sentence, uploaded, versionOf } from '../lib/classroom.mjs';
import { flaggedAttempt, newLesson, opened } from '../lib/attending.mjs';
import { anonymous, sql, unescapeHtml, until } from '../lib/http.mjs';

const accountOf = (username) => Number(sql(`SELECT id FROM account WHERE username = ${quoted(username)}`)[0][0]);
const personOf = (username) => Number(sql(`SELECT person_id FROM account WHERE username = ${quoted(username)}`)[0][0]);
/* [kind, params] of what an account was told about something, oldest first. */
const toldOf = (username, entity) => sql(`SELECT kind, params FROM notification WHERE account_id = ${accountOf(username)} AND entity_id = ${entity} ORDER BY id`)
  .map(([kind, params]) => [kind, JSON.parse(params)]);
const bell = (page) => page.text.match(/<a class="bar-btn" id="bell".*?<\/a>/s)?.[0] ?? '';
const shown = (html) => unescapeHtml(html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim());

let made = 0;
/* Somebody new, with notifications as given: [kind, params, is read]; gives { name, client, ids }. */
async function reader(rows = [], role = 'faculty') {
  made += 1;
  const name = newAccount(`reader_${process.pid}_${made}`, { role });
  const ids = rows.map(([kind, params, read]) => Number(sql(`INSERT INTO notification (account_id, kind, entity_id, params, created_at, read_at)
    VALUES (${accountOf(name)}, ${quoted(kind)}, 1, ${quoted(JSON.stringify(params))}, UTC_TIMESTAMP(6), ${read ? 'UTC_TIMESTAMP(6)' : 'NULL'});
    SELECT LAST_INSERT_ID()`)[0][0]));
  return { name, ids, client: await as(name) };
}
const plain = (title) => ['session.cancelled', { title, day: 20776, start: 32400, end: 37800 }];

let student;
before(() => { student = newAccount(`told_${process.pid}`, { role: 'student' }); });
const enrol = (lesson, username = student) => sql(`INSERT INTO enrolment (course_id, person_id, state, from_date)
  VALUES (${lesson.course}, ${personOf(username)}, 'approved', UTC_DATE() - INTERVAL 9 DAY)`);

/* ---- the bell and the list ---------------------------------------------------------------- */

test('the bell counts what is unread on every page, and is silent without', async () => {
  const none = await reader();
  assert.equal(shown(bell(await none.client.get('/sessions'))), 'Notifications');
  const some = await reader([plain('One'), plain('Two'), [...plain('Three'), true]]);
  for (const path of ['/sessions', '/account', '/attendance', '/notifications']) {
    assert.equal(shown(bell(await some.client.get(path))), '2 Notifications, 2 unread', path);
  }
  const many = await reader(Array.from({ length: 101 }, (_, i) => plain(`N ${i}`)));
  assert.equal(shown(bell(await many.client.get('/sessions'))), '99+ Notifications, 101 unread');
  const pupil = await reader([plain('One')], 'student');
  assert.equal(shown(bell(await pupil.client.get('/today'))), '1 Notifications, 1 unread');
  assert.equal(bell(await anonymous().get('/sign-in')), '');
});

test('the list has unread ones first, each with its sentence and nothing of others', async () => {
  const other = await reader([plain('Of somebody else')]);
  const who = await reader([
    [...plain('Read one'), true],
    ['session.moved', { title: 'Networks', day: 20777, start: 32400, end: 37800, old_day: 20776, old_start: 30600 }],
    ['upload.reviewed', { title: 'Networks', who: 'a<b>.pdf', code: 'quarantined', text: 'Not ours & not free' }],
    ['session_request.decided', { title: 'Revision', code: 'approved', n: 3 }],
  ]);
  const page = await who.client.get('/notifications');
  assert.equal(page.status, 200);
  const titles = [...page.text.matchAll(/<span class="vh">Unread: <\/span>([^<]*)<|<a href="\/sessions\/1">([^<]*)</g)].map(([, a, b]) => a ?? b);
  assert.deepEqual(titles, ['Session request approved', 'File in quarantine', 'Session moved', 'Session cancelled']);
  const text = shown(page.text);
  assert.match(text, /Networks, Fri 20 Nov, 09:00–10:30, instead of Thu 19 Nov, 08:30\./);
  assert.match(text, /a<b>\.pdf, of Networks/);
  assert.match(text, /Not ours & not free/);
  assert.match(text, /Revision and 2 more/);
  assert.ok(!text.includes('Of somebody else'));
  const french = await who.client.get('/notifications', { headers: { 'accept-language': 'fr' } });
  assert.match(shown(french.text), /Séance déplacée/);
  assert.equal(other.ids.length, 1);
});

test('several sessions at once are one sentence', async () => {
  const sum = { title: 'Networks', day: 20776, last: 20787, n: 6 };
  const rows = [
    ['session.created', sum], ['session.moved', sum], ['session.moved', { title: 'Networks', day: 20776, start: 32400, end: 37800 }],
    ['session.cancelled', { ...sum, title: undefined, code: 'closure', text: 'Winter <break>' }], ['session.restored', { ...sum, code: 'closure', text: 'Winter' }],
    ['session.cancelled', { title: 'Networks', day: 20776, start: 32400, end: 37800, code: 'closure', text: 'Strike' }], ['session.cancelled', { ...sum, last: 20776 }, true],
  ];
  const { client } = await reader(rows);
  const page = await client.get('/notifications');
  const text = shown(page.text);
  for (const said of [
    'New sessions, 6 sessions of Networks, Thu 19 Nov – Mon 30 Nov', 'Sessions changed, 6 sessions of Networks, Thu 19 Nov – Mon 30 Nov have another time or room.',
    'Networks, Thu 19 Nov, 09:00–10:30 has another time or room.', '6 sessions, Thu 19 Nov – Mon 30 Nov were cancelled by the closure Winter <break>.',
    'Sessions take place after all, 6 sessions of Networks, Thu 19 Nov – Mon 30 Nov are no longer cancelled.',
    'Networks, Thu 19 Nov, 09:00–10:30 was cancelled by the closure Strike.', '6 sessions of Networks, Thu 19 Nov do not take place.',
  ]) assert.ok(text.includes(said), `${said} in ${text}`);
  assert.match(page.text, /<a href="\/sessions">Sessions cancelled</, 'several are found in the list');
  const french = shown((await client.get('/notifications', { headers: { 'accept-language': 'fr' } })).text);
  assert.match(french, /6 séances, .* : annulées en raison de la fermeture Winter <break>\./);
});

test('a closure is one notification for each student', async () => {
  const pupil = newAccount(`closed_${process.pid}`, { role: 'student' });
  const branch = Number(sql(`INSERT INTO branch (name, zone) VALUES ('Told ${process.pid}', 'UTC'); SELECT LAST_INSERT_ID()`).at(-1)[0]);
  const group = Number(sql(`INSERT INTO class (branch_id, name) VALUES (${branch}, 'T'); SELECT LAST_INSERT_ID()`).at(-1)[0]);
  const course = Number(sql(`INSERT INTO course (branch_id, code, title) VALUES (${branch}, 'TOLD${process.pid}', 'Telling'); SELECT LAST_INSERT_ID()`).at(-1)[0]);
  sql(`DELETE FROM class_section WHERE class_id = ${group}; INSERT INTO department (branch_id, name) VALUES (${branch}, 'T');
    INSERT INTO batch (department_id, name) SELECT id, 'T' FROM department WHERE branch_id = ${branch};
    INSERT INTO section (batch_id, name) SELECT b.id, 'T' FROM batch b JOIN department d ON d.id = b.department_id WHERE d.branch_id = ${branch};
    INSERT INTO class_section (class_id, section_id) SELECT ${group}, s.id FROM section s JOIN batch b ON b.id = s.batch_id JOIN department d ON d.id = b.department_id WHERE d.branch_id = ${branch};
    INSERT INTO section_member (section_id, person_id, from_date) SELECT section_id, ${personOf(pupil)}, '2026-01-01' FROM class_section WHERE class_id = ${group};
    INSERT INTO enrolment (course_id, person_id, state, from_date) VALUES (${course}, ${personOf(pupil)}, 'approved', '2026-01-01')`);
  const boss = await as('demo_admin_1');
  const schedule = await boss.post('/admin/schedules', { batch_id: group, course_id: course, recurrence: 'daily', start_date: '2035-05-01', end_date: '2035-05-10', start_time: '09:00', end_time: '10:00', n_slots: 1 });
  assert.equal(schedule.status, 303);
  assert.equal((await boss.post('/admin/closures', { branch, name: 'Spring break', from: '2035-05-02', to: '2035-05-04', accept: 1 })).status, 303);
  const client = await as(pupil);
  const text = shown((await client.get('/notifications')).text);
  assert.match(text, /10 sessions of Telling, Tue 1 May – Thu 10 May/);
  assert.match(text, /3 sessions of Telling, Wed 2 May – Fri 4 May were cancelled by the closure Spring break\./);
  assert.equal(sql(`SELECT COUNT(*) FROM notification WHERE account_id = ${accountOf(pupil)}`)[0][0], '2');
});

test('filters: unread, a kind, both, and words that make no sense', async () => {
  const who = await reader([plain('Alpha'), ['session.moved', { title: 'Beta' }], [...plain('Gamma'), true]]);
  const titles = async (query) => {
    const { status, text } = await who.client.get(`/notifications${query}`);
    assert.equal(status, 200, query);
    return ['Alpha', 'Beta', 'Gamma'].filter((title) => text.includes(title)).join();
  };
  assert.equal(await titles('?state=unread'), 'Alpha,Beta');
  assert.equal(await titles('?kind=session.cancelled'), 'Alpha,Gamma');
  assert.equal(await titles('?state=unread&kind=session.cancelled'), 'Alpha');
  for (const query of ['?kind=moon.landed', '?state=maybe', '?page=0', '?page=-1', '?page=99999999999999999999', `?kind=${'x'.repeat(3000)}`, '?kind[]=a&kind=b']) {
    assert.equal(await titles(query), 'Alpha,Beta,Gamma', query);
  }
  assert.match((await who.client.get('/notifications?kind=completion.missing')).text, /Nothing matches/);
  assert.match((await (await reader()).client.get('/notifications')).text, /No notifications/);
});

test('a pager takes one through more than fit a page', async () => {
  const who = await reader(Array.from({ length: 53 }, (_, i) => plain(`Paged ${String(i).padStart(2, '0')}`)));
  const first = await who.client.get('/notifications?state=unread');
  assert.ok(first.text.includes('Paged 52') && !first.text.includes('Paged 02'));
  assert.match(shown(first.text), /1 to 50 of 53/);
  const next = unescapeHtml(first.text.match(/href="([^"]*)" rel="next"/)[1]);
  const second = await who.client.get(next);
  assert.ok(second.text.includes('Paged 02') && !second.text.includes('Paged 03'));
  assert.match(shown(second.text), /51 to 53 of 53/);
});

/* ---- reading ------------------------------------------------------------------------------- */

const isRead = (id) => sql(`SELECT read_at IS NOT NULL FROM notification WHERE id = ${id}`)[0]?.[0];

test('looking changes nothing; opening reads and goes to where it leads', async () => {
  const who = await reader([['completion.missing', { title: 'A' }], ['session_request.decided', { title: 'B', code: 'rejected' }]]);
  await who.client.get('/notifications');
  assert.deepEqual(who.ids.map(isRead), ['0', '0']);
  const answer = await who.client.post(`/notifications/${who.ids[0]}/open`);
  assert.deepEqual([answer.status, answer.headers.location], [303, '/sessions/1/complete']);
  assert.deepEqual(who.ids.map(isRead), ['1', '0']);
  assert.equal((await who.client.get(`/notifications/${who.ids[1]}/open`)).status, 405);
  assert.equal(isRead(who.ids[1]), '0');
});

test('one is marked as read, all up to what was seen, and a read one is removed', async () => {
  const who = await reader([plain('A'), plain('B'), plain('C')]);
  const [a, b, c] = who.ids;
  const answer = await who.client.post(`/notifications/${a}/read`, { back: '/notifications?state=unread' });
  assert.deepEqual([answer.status, answer.headers.location], [303, '/notifications?state=unread&done=read&n=1']);
  assert.match((await who.client.get(answer.headers.location)).text, /1 notification is marked as read\./);
  const all = await who.client.post('/notifications/read', { until: b, back: 'https://example.org/' });
  assert.equal(all.headers.location, '/notifications?done=read&n=1');
  assert.deepEqual([a, b, c].map(isRead), ['1', '1', '0']);
  const gone = await who.client.post(`/notifications/${a}/delete`, { back: '//example.org/notifications?' });
  assert.equal(gone.headers.location, '/notifications?done=removed&n=1');
  assert.equal(isRead(a), undefined);
  assert.equal((await who.client.post(`/notifications/${a}/delete`)).status, 404);
});

test('somebody else’s, unknown and malformed ones are 404 and stay as they are; nobody has any', async () => {
  const owner = await reader([plain('Private')]);
  const other = await reader();
  for (const act of ['open', 'read', 'delete']) {
    for (const id of [owner.ids[0], 999999999999, 0, -1, 'x', '99999999999999999999']) {
      assert.equal((await other.client.post(`/notifications/${id}/${act}`)).status, 404, `${act} ${id}`);
    }
  }
  assert.equal(isRead(owner.ids[0]), '0');
  assert.equal((await other.client.post('/notifications/read', { until: 'x' })).status, 422);
  assert.equal((await other.client.post('/notifications/read', {})).status, 422);
  const without = await other.client.send('POST', `/notifications/${owner.ids[0]}/read`, { body: { type: 'application/x-www-form-urlencoded', body: Buffer.from('back=x') } });
  assert.equal(without.status, 403);
  const nobody = await anonymous().get('/notifications');
  assert.deepEqual([nobody.status, nobody.headers.location.startsWith('/sign-in')], [303, true]);
});

/* ---- preferences --------------------------------------------------------------------------- */

const boxes = (page) => Object.fromEntries([...page.text.matchAll(/name="kind" value="([^"]*)"( checked)?/g)].map(([, code, on]) => [code, on !== undefined]));

test('one chooses what one is told; kinds of other roles are not offered', async () => {
  const who = await reader();
  const before_ = boxes(await who.client.get('/account/notifications'));
  assert.equal(before_['session.moved'], true);
  assert.equal('checkin.opened' in before_, false);
  assert.equal('session_request.created' in before_, false);
  const kept = Object.keys(before_).filter((code) => code !== 'session.moved');
  const answer = await who.client.post('/account/notifications', { kind: kept });
  assert.deepEqual([answer.status, answer.headers.location], [303, '/account/notifications?done=saved']);
  const after = boxes(await who.client.get(answer.headers.location));
  assert.deepEqual(Object.entries(after).filter(([, on]) => !on).map(([code]) => code), ['session.moved']);
  assert.deepEqual(sql(`SELECT detail FROM audit_log WHERE action = 'account.notifications' AND object_id = ${accountOf(who.name)}`), [['{"session.moved":false}']]);
  const wrong = await who.client.post('/account/notifications', { kind: ['moon.landed'] });
  assert.equal(wrong.status, 422);
  assert.equal((await who.client.post('/account/notifications', { kind: 'x'.repeat(500) })).status, 422);
  assert.equal(boxes(await who.client.get('/account/notifications'))['session.cancelled'], true);
  /* Nothing ticked is nothing wanted. */
  assert.equal((await who.client.post('/account/notifications', {})).status, 303);
  assert.ok(Object.values(boxes(await who.client.get('/account/notifications'))).every((on) => !on));
});

/* ---- who is told of what ------------------------------------------------------------------- */

test('a cancelled session tells its students and its teacher, but who cancelled; so does one that takes place after all', async () => {
  const teacher = await reader();
  const lesson = newLesson({ teacher: teacher.name, n: 0, began: -600 });
  enrol(lesson);
  const deaf = newAccount(`deaf_${process.pid}`, { role: 'student' });
  enrol(lesson, deaf);
  sql(`INSERT INTO notification_preference VALUES (${accountOf(deaf)}, 'session.cancelled', 0, UTC_TIMESTAMP(6))`);
  assert.equal((await teacher.client.post(`${lesson.path}/cancel`, { version: versionOf(lesson.id), reason: 'Flooded' })).status, 303);
  assert.deepEqual(toldOf(teacher.name, lesson.id), []);
  const [[kind, params]] = toldOf(student, lesson.id);
  assert.deepEqual([kind, params.title, params.text], ['session.cancelled', lesson.title, 'Flooded']);
  assert.deepEqual(toldOf(deaf, lesson.id), []);
  assert.equal((await (await as('demo_admin_1')).post(`${lesson.path}/reopen`, { version: versionOf(lesson.id), reason: 'Dry again' })).status, 303);
  assert.deepEqual(toldOf(student, lesson.id).map(([k]) => k), ['session.cancelled', 'session.restored']);
  assert.deepEqual(toldOf(teacher.name, lesson.id).map(([k]) => k), ['session.restored']);
  /* Each recipient has an event of their own. */
  assert.ok(Number(sql(`SELECT (SELECT COUNT(*) FROM outbox WHERE type = 'notification.created' AND account_id = ${accountOf(student)})
    + (SELECT COUNT(*) FROM event WHERE type = 'notification.created' AND account_id = ${accountOf(student)})`)[0][0]) >= 2);
});

test('of a session that is over students are not told that it was cancelled', async () => {
  const teacher = await reader();
  const lesson = newLesson({ teacher: teacher.name, n: 0, began: 600 });
  enrol(lesson);
  assert.equal((await teacher.client.post(`${lesson.path}/cancel`, { version: versionOf(lesson.id), reason: 'Not held' })).status, 303);
  assert.deepEqual(toldOf(student, lesson.id), []);
});

test('a moved session says from where', async () => {
  const teacher = await reader();
  const lesson = newLesson({ teacher: teacher.name, n: 0, began: -3000, minutes: 60 });
  enrol(lesson);
  const [[day]] = sql(`SELECT session_date + INTERVAL 3 DAY FROM occurrence WHERE id = ${lesson.id}`);
  const answer = await (await as('demo_admin_1')).post(`${lesson.path}/move`, { version: versionOf(lesson.id), day, start: '10:00', end: '11:00', room: '', reason: 'Holiday', anyway: 1 });
  assert.equal(answer.status, 303, shown(answer.text).slice(0, 2000));
  const [[kind, params]] = toldOf(student, lesson.id);
  assert.deepEqual([kind, params.start, params.day - params.old_day, params.text], ['session.moved', 36000, 3, 'Holiday']);
  assert.equal(toldOf(teacher.name, lesson.id).length, 1);
});

test('opened check-ins tell their students through the stream, and closing settles that', async () => {
  const teacher = await reader();
  const lesson = newLesson({ teacher: teacher.name, n: 0 });
  enrol(lesson);
  const answer = await teacher.client.post(`${lesson.path}/attendance`);
  assert.equal(answer.status, 303, answer.text.slice(0, 2000));
  const attendance = Number(answer.headers.location.match(/\d+/)[0]);
  await until('the student is told', () => toldOf(student, attendance).some(([kind]) => kind === 'checkin.opened'));
  const unread = () => sql(`SELECT COUNT(*) FROM notification WHERE kind = 'checkin.opened' AND entity_id = ${attendance} AND read_at IS NULL`)[0][0];
  assert.equal(unread(), '1');
  assert.equal((await teacher.client.post(`/attendance/${attendance}/close`)).status, 303);
  await until('it is settled', () => unread() === '0');
});

test('flagged check-ins tell the teacher, and the decision the student', async () => {
  const teacher = await reader();
  const lesson = await opened(teacher.client, { teacher: teacher.name, n: 0 });
  enrol(lesson);
  const attempt = flaggedAttempt(lesson.attendance, personOf(student));
  sql(`INSERT INTO outbox (at, type, branch_id, attendance_id, audience, payload) VALUES (UTC_TIMESTAMP(6), 'attendance.flagged', 1, ${lesson.attendance}, 'staff', '{}')`);
  await until('the teacher is told', () => toldOf(teacher.name, lesson.attendance).some(([kind]) => kind === 'checkin.flagged'));
  const answer = await teacher.client.post(`${lesson.console}/attempts/${attempt}`, { do: 'reject', why: 'Not in the room' });
  assert.equal(answer.status, 303, shown(answer.text).slice(0, 1000));
  const [kind, params] = toldOf(student, lesson.attendance).at(-1);
  assert.deepEqual([kind, params.code, params.title], ['checkin.decided', 'rejected', lesson.title]);
});

test('a reviewed file tells who uploaded it, a returned completion who completed it', async () => {
  const teacher = await reader();
  const admin = await as('demo_admin_1');
  const session = await completedSession(teacher.client, {}, { teacher: teacher.name });
  const file = await uploaded(teacher.client, session);
  const quarantine = await admin.post('/admin/uploads', { do: 'quarantine', reason: 'Not ours', pick: `${file.id}-1` });
  assert.equal(quarantine.status, 303, shown(quarantine.text).slice(0, 1000));
  assert.equal(attachmentsOf(session)[0].state, 'quarantined');
  const [[kind, params]] = toldOf(teacher.name, session.id);
  assert.deepEqual([kind, params.who, params.code, params.text], ['upload.reviewed', file.name, 'quarantined', 'Not ours']);
  assert.equal((await admin.post(`${session.path}/return`, { version: versionOf(session.id), reason: 'Times' })).status, 303);
  const [, [returned, why]] = toldOf(teacher.name, session.id);
  assert.deepEqual([returned, why.text], ['completion.returned', 'Times']);
});

test('reminders: one, several, once a day each, and only of what is missing', async () => {
  const teacher = await reader();
  const admin = await as('demo_admin_1');
  const list = '/admin/completions?tab=missing';
  const pick = (id) => `${id}:${versionOf(id)}`;
  const [one, two, three] = [1, 2, 3].map((day) => newSession({ teacher: teacher.name, day }));
  const page = await admin.get(`${list}&teacher=${personOf(teacher.name)}`);
  assert.ok(page.text.includes(`name="one_remind" value="${pick(one.id)}"`));
  const answer = await admin.post(list, { one_remind: pick(one.id) });
  assert.equal(answer.status, 303, shown(answer.text).slice(0, 1000));
  assert.match((await admin.get(answer.headers.location)).text, /The teacher of 1 session is reminded\./);
  const [[kind, params]] = toldOf(teacher.name, one.id);
  assert.deepEqual([kind, params.title], ['completion.missing', one.title]);
  assert.equal(sql(`SELECT COUNT(*) FROM audit_log WHERE action = 'session.reminded' AND object_id = ${one.id}`)[0][0], '1');
  const again = await admin.post(list, { do: 'remind', pick: [pick(one.id), pick(two.id), pick(three.id)] });
  assert.equal(again.status, 409);
  assert.match(shown(again.text), new RegExp(sentence('reminded')));
  assert.match(again.text, /The teachers of 2 sessions are reminded\./);
  assert.equal(toldOf(teacher.name, one.id).length, 1);
  assert.deepEqual([two, three].map((s) => toldOf(teacher.name, s.id).length), [1, 1]);
  /* A day later it may be said again. */
  sql(`UPDATE completion_reminder SET reminded_at = reminded_at - INTERVAL 25 HOUR WHERE occurrence_id = ${one.id}`);
  assert.equal((await admin.post(list, { one_remind: pick(one.id) })).status, 303);
  assert.equal(toldOf(teacher.name, one.id).length, 2);
  /* Not what is to come, completed, or nobody's; and not by a teacher. */
  const later = newSession({ teacher: teacher.name, day: -2 });
  assert.match(shown((await admin.post(list, { one_remind: pick(later.id) })).text), new RegExp(sentence('not_over')));
  const done = await completedSession(teacher.client, {}, { teacher: teacher.name });
  assert.match(shown((await admin.post(list, { one_remind: pick(done.id) })).text), new RegExp(sentence('already_completed')));
  const alone = newSession({ teacher: teacher.name });
  sql(`UPDATE occurrence SET teacher_id = NULL WHERE id = ${alone.id}`);
  assert.match(shown((await admin.post(list, { one_remind: pick(alone.id) })).text), new RegExp(sentence('nobody_holds')));
  assert.equal((await teacher.client.post(list, { one_remind: pick(two.id) })).status, 404);
  for (const wrong of ['', 'x', '0:1', `${one.id}`, `${one.id}:0`]) assert.equal((await admin.post(list, { one_remind: wrong })).status, 422, wrong);
});
