// The teacher's pages of attendance: opening, the register, two at once, undo, flagged, closing, paper, files.
import assert from 'node:assert/strict';
import test from 'node:test';
import { asJson, flaggedAttempt, marksOf, newLesson, opened, recordsOf, setMark } from '../lib/attending.mjs';
import { as, newAccount, newSession, otherBranch, sentence } from '../lib/classroom.mjs';
import { anonymous, sql, unescapeHtml } from '../lib/http.mjs';

const plain = (html) => unescapeHtml(html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' '));
const live = async (client, lesson) => (await client.get(`${lesson.console}/live`)).json;
const rowOf = async (client, lesson, person) => (await live(client, lesson)).rows.find(([id]) => id === person);
const stateOf = (id) => sql(`SELECT state FROM attendance_session WHERE id = ${id}`)[0][0];
const at = (name) => new Promise((resolve) => { setTimeout(resolve, 0, name); });

test('one tap opens attendance; a second one leads to the same', async () => {
  const teacher = await as('demo_teacher_1');
  const lesson = newLesson({ n: 3 });
  assert.match((await teacher.get(lesson.path)).text, /Open attendance/);
  assert.match((await teacher.get(`/sessions?q=${encodeURIComponent(lesson.title)}`)).text, /Open attendance/);
  const first = await teacher.post(`${lesson.path}/attendance`);
  assert.equal(first.status, 303);
  const page = await teacher.get(first.headers.location);
  assert.equal(page.status, 200);
  for (const student of lesson.students) assert.ok(page.text.includes(student.name));
  assert.match(page.text, /Check-in is open\. Show the code/);
  const again = await teacher.post(`${lesson.path}/attendance`);
  assert.equal(again.status, 303);
  assert.equal(again.headers.location, first.headers.location.split('?')[0]);
  const session = await teacher.get(lesson.path);
  assert.ok(session.text.includes(`href="${again.headers.location}"`));
  const list = await teacher.get(`/sessions?q=${encodeURIComponent(lesson.title)}`);
  assert.ok(list.text.includes(`href="${again.headers.location}"`), 'the card leads to the register');
});

test('lists and pages offer to open from when the policy in force says, not before', async () => {
  const teacher = await as('demo_teacher_1');
  const offers = async (lesson) => {
    const shown = [await teacher.get(`/sessions?q=${encodeURIComponent(lesson.title)}`), await teacher.get(lesson.path)].map((page) => new RegExp(`action="${lesson.path}/attendance"`).test(page.text));
    assert.equal(shown[0], shown[1], 'the card says what the page says');
    return shown[0];
  };
  const lesson = newLesson({ n: 1, began: -30 }); /* in half an hour */
  const soon = newLesson({ n: 1, began: -10 });
  assert.deepEqual([await offers(lesson), await offers(soon)], [false, true], 'by default from 15 minutes before');
  for (const [course, early] of [[lesson.course, 40], [soon.course, 5]]) sql(`INSERT INTO attendance_policy (branch_id, course_id, early_min) VALUES (1, ${course}, ${early})`);
  assert.deepEqual([await offers(lesson), await offers(soon)], [true, false], 'by the course');
  assert.equal((await teacher.post(`${soon.path}/attendance`)).status, 422);
  assert.equal((await teacher.post(`${lesson.path}/attendance`)).status, 303);
});

test('too early and cancelled sessions are not opened, and the page says why', async () => {
  const teacher = await as('demo_teacher_1');
  const later = newLesson({ n: 1, began: -180 });
  assert.doesNotMatch((await teacher.get(later.path)).text, /<button[^>]*>[^<]*(<svg.*?<\/svg>)?Open attendance/);
  const early = await teacher.post(`${later.path}/attendance`);
  assert.equal(early.status, 422);
  assert.ok(plain(early.text).includes(sentence('not_yet')));
  const gone = newLesson({ n: 1 });
  sql(`UPDATE occurrence SET state = 'cancelled', cancelled_at = UTC_TIMESTAMP(6) WHERE id = ${gone.id}`);
  const cancelled = await teacher.post(`${gone.path}/attendance`);
  assert.equal(cancelled.status, 409);
  assert.equal(sql(`SELECT COUNT(*) FROM attendance_session WHERE occurrence_id IN (${later.id}, ${gone.id})`)[0][0], '0');
});

test('settings: what was chosen is stored, what is wrong stays typed', async () => {
  const teacher = await as('demo_teacher_1');
  const lesson = newLesson({ n: 1 });
  const form = { custom: 1, code: 'flag', place: 'must', network: 'off', photo: 'off', browser: 'flag', late: 7, open: 33, latitude: '48.8566', longitude: '2.3522', radius: 60 };
  const wrong = await teacher.post(`${lesson.path}/attendance`, { ...form, latitude: '948', radius: '5', open: 'soon' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /value="948"/);
  assert.ok(plain(wrong.text).includes(sentence('too_small', 10)));
  assert.equal(sql(`SELECT COUNT(*) FROM attendance_session WHERE occurrence_id = ${lesson.id}`)[0][0], '0');
  const right = await teacher.post(`${lesson.path}/attendance`, form);
  assert.equal(right.status, 303);
  const [row] = sql(`SELECT code_level, place_level, latitude_e7, radius_m, TIMESTAMPDIFF(MINUTE, o.starts_at, s.late_at), TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), s.closes_at) > 31*60, s.id
    FROM attendance_session s JOIN occurrence o ON o.id = s.occurrence_id WHERE o.id = ${lesson.id}`);
  assert.deepEqual(row.slice(0, 6), ['flag', 'must', '488566000', '60', '7', '1']);
  const page = await teacher.get(`/attendance/${row[6]}/settings`);
  assert.match(page.text, /value="48\.8566000"/);
  const version = page.text.match(/name="version" value="(\d+)"/)[1];
  assert.equal((await teacher.post(`/attendance/${row[6]}/settings`, { ...form, version, late: '', photo: 'flag' })).status, 303);
  assert.deepEqual(sql(`SELECT photo_level, late_at FROM attendance_session WHERE id = ${row[6]}`)[0], ['flag', null]);
  const stale = await teacher.post(`/attendance/${row[6]}/settings`, { ...form, version, photo: 'must' });
  assert.equal(stale.status, 409);
  assert.equal(sql(`SELECT photo_level FROM attendance_session WHERE id = ${row[6]}`)[0][0], 'flag');
});

test('the form without scripts: only what changed is sent on, the rest is marked, and undone exactly', async () => {
  const teacher = await as('demo_teacher_1');
  const lesson = await opened(teacher, { n: 6 });
  const [a, b, c] = lesson.students;
  const fields = (marks) => Object.assign({}, ...lesson.students.map(({ id }) => ({ [`o${id}`]: 'n0', ...(marks[id] ? { [`m${id}`]: marks[id] } : {}) })));
  const saved = await teacher.post(`${lesson.console}/marks`, fields({ [a.id]: 'p', [b.id]: 'l', [c.id]: 'e' }));
  assert.equal(saved.status, 303);
  assert.match(saved.headers.location, /done=marked&n=3&act=[0-9a-f]{32}$/);
  assert.deepEqual(marksOf(lesson.attendance), { [a.id]: 'present', [b.id]: 'late', [c.id]: 'excused' });
  const before = recordsOf(lesson.attendance);
  const rest = await teacher.post(`${lesson.console}/marks`, { rest: 'a' });
  assert.match(rest.headers.location, /done=marked&n=3/);
  assert.equal(Object.values(marksOf(lesson.attendance)).filter((m) => m === 'absent').length, 3);
  assert.equal(marksOf(lesson.attendance)[c.id], 'excused');
  const page = await teacher.get(rest.headers.location);
  assert.match(page.text, /3 marks are saved/);
  const act = page.text.match(new RegExp(`action="${lesson.console}/undo">.*?name="act" value="([0-9a-f]{32})"`, 's'))[1];
  const undone = await teacher.post(`${lesson.console}/undo`, { act });
  assert.match(undone.headers.location, /done=undone&n=3$/);
  assert.equal(recordsOf(lesson.attendance), before, 'as it was');
  const twice = await teacher.post(`${lesson.console}/undo`, { act });
  assert.equal(twice.status, 409);
  assert.equal((await teacher.post(`${lesson.console}/undo`, { act: 'f'.repeat(32) })).status, 404);
  assert.equal((await teacher.post(`${lesson.console}/undo`, { act: 'zz' })).status >= 400, true);
  const same = await teacher.post(`${lesson.console}/marks`, { [`m${a.id}`]: 'p', [`o${a.id}`]: 'p1' });
  assert.equal(same.headers.location, `${lesson.console}?done=marked`, 'nothing changed, nothing is undone');
});

test('two teachers at once: nothing is lost, the second one sees both choices', async () => {
  const teacher = await as('demo_teacher_1');
  const admin = await as('demo_admin_2');
  const lesson = await opened(teacher, { n: 3 });
  const [a, b] = lesson.students;
  assert.equal((await setMark(admin, lesson, a.id, 'l')).status, 200);
  const late = await setMark(teacher, lesson, a.id, 'p');
  assert.equal(late.status, 409);
  assert.equal(late.json.by, 'Demo Admin 2');
  assert.equal(late.json.rows[0][2], 'l');
  assert.equal(marksOf(lesson.attendance)[a.id], 'late');
  /* The form: what did not clash is saved, the rest is shown. */
  const form = await teacher.post(`${lesson.console}/marks`, { [`m${a.id}`]: 'p', [`o${a.id}`]: 'n0', [`m${b.id}`]: 'e', [`o${b.id}`]: 'n0' });
  assert.equal(form.status, 409);
  assert.deepEqual(marksOf(lesson.attendance), { [a.id]: 'late', [b.id]: 'excused' });
  assert.ok(plain(form.text).includes('Demo Admin 2 set Late meanwhile.'));
  const [, one] = form.text.match(/name="one" value="([^"]+)">Set Present/);
  assert.equal((await teacher.post(`${lesson.console}/marks`, { one })).status, 303);
  assert.equal(marksOf(lesson.attendance)[a.id], 'present');
  /* Undoing leaves alone what somebody changed since. */
  const mine = (await setMark(teacher, lesson, b.id, 'a', (await rowOf(teacher, lesson, b.id))[1])).json;
  await setMark(admin, lesson, b.id, 'p', mine.rows[0][1]);
  const undone = await teacher.post(`${lesson.console}/undo`, { act: mine.act });
  assert.match(undone.headers.location, /m=1$/);
  assert.equal(marksOf(lesson.attendance)[b.id], 'present');
});

test('live: small, unchanged is 304, and a mark changes it', async () => {
  const teacher = await as('demo_teacher_1');
  const lesson = await opened(teacher, { n: 2 });
  const first = await teacher.get(`${lesson.console}/live`);
  assert.equal(first.json.rows.length, 2);
  assert.deepEqual(first.json.n, { n: 2, p: 0, l: 0, e: 0, a: 0, flagged: 0, all: 2 });
  const again = await teacher.get(`${lesson.console}/live`, { headers: { 'if-none-match': first.headers.etag } });
  assert.ok(again.status === 304 || again.headers.etag !== first.headers.etag, 'a new minute asks again');
  if (again.status === 304) assert.equal(again.text, '');
  await setMark(teacher, lesson, lesson.students[0].id, 'p');
  const other = await teacher.get(`${lesson.console}/live`, { headers: { 'if-none-match': first.headers.etag } });
  assert.equal(other.status, 200);
  assert.equal(other.json.n.p, 1);
  assert.match(other.json.rows[0][3], /^Demo Teacher \d+, \d\d:\d\d$/);
});

test('marks that make no sense change nothing', async () => {
  const teacher = await as('demo_teacher_1');
  const lesson = await opened(teacher, { n: 2 });
  const [a] = lesson.students;
  for (const one of ['', 'x', `${a.id}`, `${a.id}-z-0`, `${a.id}-p-`, `${a.id}-p--1`, `-${a.id}-p-0`, `${a.id}-p-99999999999999999999`, `99999999-p-0`]) {
    const answer = await teacher.post(`${lesson.console}/marks`, { one }, asJson);
    assert.ok(one === '' ? answer.status === 200 : answer.status === 422, `${one}: ${answer.status}`);
  }
  for (const fields of [{ [`m${a.id}`]: 'q', [`o${a.id}`]: 'n0' }, { [`m${a.id}`]: 'p' }, { [`m${a.id}`]: 'p', [`o${a.id}`]: 'nonsense' }, { rest: 'x' }]) {
    const answer = await teacher.post(`${lesson.console}/marks`, fields);
    assert.equal(answer.status, 422, JSON.stringify(fields));
  }
  assert.deepEqual(marksOf(lesson.attendance), {});
  assert.equal((await teacher.post(`${lesson.console}/marks`, { why: 'x'.repeat(501), one: `${a.id}-p-0` }, asJson)).status, 422);
});

test('rights: another teacher, another branch and students get nothing and change nothing', async () => {
  otherBranch();
  const teacher = await as('demo_teacher_1');
  const lesson = await opened(teacher, { n: 2 });
  const attempt = flaggedAttempt(lesson.attendance, lesson.students[0].id);
  const before = JSON.stringify([sql(`SELECT * FROM attendance_session WHERE id = ${lesson.attendance}`), recordsOf(lesson.attendance), sql(`SELECT decided_state FROM attendance_attempt WHERE id = ${attempt}`)]);
  const reads = ['', '/live', '/screen', '/screen/code', '/register', '/register.csv', '/register.xlsx', '/sheet', '/close', '/reopen', '/settings', `/students/${lesson.students[0].id}`, `/attempts/${attempt}/photo`];
  const writes = [['/marks', { one: `${lesson.students[0].id}-p-0` }], ['/marks', { rest: 'p' }], ['/undo', { act: 'a'.repeat(32) }], ['/extend', {}], ['/pause', {}], ['/resume', {}], ['/close', {}],
    ['/reopen', { minutes: 5, reason: 'x' }], ['/settings', { code: 'off', place: 'off', network: 'off', photo: 'off', browser: 'off', late: 1, open: 1, version: 1 }],
    [`/students/${lesson.students[0].id}`, { mark: 'p', version: 0 }], [`/attempts/${attempt}`, { do: 'accept' }], ['/guests', { name: 'Nobody' }]];
  for (const name of ['demo_teacher_3', 'far_teacher', 'far_admin', 'demo_student_1', newAccount(`att-${process.pid}`)]) {
    const client = await as(name);
    for (const path of reads) assert.equal((await client.get(lesson.console + path)).status, 404, `${name} GET ${path}`);
    for (const [path, fields] of writes) assert.equal((await client.post(lesson.console + path, fields)).status, 404, `${name} POST ${path}`);
    for (const path of ['/attendance', '/register', '/sheet', '/register.csv']) assert.equal((await client.get(lesson.path + path)).status, 404, `${name} ${path}`);
    assert.equal((await client.post(`${lesson.path}/attendance`)).status, 404, name);
    for (const path of ['', '.csv', '.xlsx']) assert.equal((await client.get(`/courses/${lesson.course}/attendance${path}`)).status, 404, `${name} course${path}`);
  }
  for (const path of reads) assert.ok([303, 401].includes((await anonymous().get(lesson.console + path)).status), path);
  assert.equal(JSON.stringify([sql(`SELECT * FROM attendance_session WHERE id = ${lesson.attendance}`), recordsOf(lesson.attendance), sql(`SELECT decided_state FROM attendance_attempt WHERE id = ${attempt}`)]), before);
  /* An admin of the branch may. */
  assert.equal((await (await as('demo_admin_2')).get(lesson.console)).status, 200);
});

test('edited ids: attempt, guest and student of another session are not found', async () => {
  const teacher = await as('demo_teacher_1');
  const one = await opened(teacher, { n: 2 });
  const two = await opened(teacher, { n: 2 });
  const attempt = flaggedAttempt(two.attendance, two.students[0].id);
  assert.equal((await teacher.post(`${one.console}/attempts/${attempt}`, { do: 'accept' })).status, 404);
  assert.equal((await teacher.get(`${one.console}/attempts/${attempt}/photo`)).status, 404);
  assert.equal((await teacher.post(`${two.console}/guests`, { name: 'Ada' })).status, 303);
  const [[guest]] = sql(`SELECT id FROM attendance_guest WHERE attendance_id = ${two.attendance}`);
  assert.equal((await teacher.post(`${one.console}/guests/${guest}/remove`)).status, 404);
  assert.equal((await teacher.post(`${one.console}/guests/${guest}/merge`, { person: one.students[0].id })).status, 404);
  assert.equal((await teacher.get(`${one.console}/students/${two.students[0].id}`)).status, 404);
  for (const id of ['0', '-1', 'abc', '99999999', '9'.repeat(30)]) assert.equal((await teacher.get(`/attendance/${id}`)).status, 404, id);
  assert.equal(sql(`SELECT decided_state FROM attendance_attempt WHERE id = ${attempt}`)[0][0], 'open');
});

test('flagged: facts side by side, accepted and rejected with a reason, once', async () => {
  const teacher = await as('demo_teacher_1');
  const lesson = await opened(teacher, { n: 3 });
  const [a, b] = lesson.students;
  const first = flaggedAttempt(lesson.attendance, a.id);
  const second = flaggedAttempt(lesson.attendance, b.id, { signals: '[{"s":"browser","v":"fail","n":2,"max":0}]', reason: 'browser_shared' });
  const page = await teacher.get(`${lesson.console}?show=flagged`);
  assert.ok(plain(page.text).includes('Location: 420 m away, 60 m allowed, accuracy 35 m.'));
  assert.ok(plain(page.text).includes('Device: other students who used it for this session: 2.'));
  assert.equal(page.text.match(/class="is-flag"/g).length, 2);
  assert.equal((await teacher.post(`${lesson.console}/attempts/${first}`, { do: 'accept', why: 'I can see the student' })).status, 303);
  assert.equal(marksOf(lesson.attendance)[a.id], 'present');
  const again = await teacher.post(`${lesson.console}/attempts/${first}`, { do: 'reject' });
  assert.equal(again.status, 409);
  assert.ok(plain(again.text).includes(sentence('already_decided')));
  assert.equal((await teacher.post(`${lesson.console}/attempts/${first}`, { do: 'reject' }, asJson)).json.error, sentence('already_decided'));
  assert.equal((await teacher.post(`${lesson.console}/attempts/${second}`, { do: 'maybe' })).status, 422);
  assert.equal((await teacher.post(`${lesson.console}/attempts/${second}`, { do: 'reject', why: 'x'.repeat(501) })).status, 422);
  assert.equal((await teacher.post(`${lesson.console}/attempts/${second}`, { do: 'reject', why: 'Not in the room' }, asJson)).status, 204);
  assert.deepEqual(sql(`SELECT decided_state, decided_why FROM attendance_attempt WHERE id IN (${first}, ${second}) ORDER BY id`), [['approved', 'I can see the student'], ['rejected', 'Not in the room']]);
  assert.equal(marksOf(lesson.attendance)[b.id], undefined);
});

test('close asks, marks absent, is done once; reopening needs a reason and takes the absences back', async () => {
  const teacher = await as('demo_teacher_1');
  const lesson = await opened(teacher, { n: 4 });
  const [a, b] = lesson.students;
  await setMark(teacher, lesson, a.id, 'p');
  flaggedAttempt(lesson.attendance, b.id);
  assert.match((await teacher.get(`${lesson.console}/close`)).text, /2 students have no mark and will be absent/);
  assert.equal(stateOf(lesson.attendance), 'open');
  const closed = await teacher.post(`${lesson.console}/close`);
  assert.equal(closed.headers.location, `${lesson.console}?done=closed&n=2&m=1`);
  const page = await teacher.get(closed.headers.location);
  assert.match(page.text, /2 students without a mark are absent now\. 1 flagged check-in waits/);
  assert.doesNotMatch(page.text, /id="code"/);
  assert.equal((await teacher.post(`${lesson.console}/close`)).headers.location, `${lesson.console}?done=was-closed`);
  for (const path of ['extend', 'pause', 'resume']) assert.equal((await teacher.post(`${lesson.console}/${path}`)).status, 409, path);
  assert.equal((await teacher.get(`${lesson.console}/close`)).status, 409);
  const bare = await teacher.post(`${lesson.console}/reopen`, { minutes: 10, reason: ' ' });
  assert.equal(bare.status, 422);
  assert.ok(plain(bare.text).includes(sentence('reason_missing')));
  assert.equal((await teacher.post(`${lesson.console}/reopen`, { minutes: 0, reason: 'Late bus' })).status, 422);
  const reopened = await teacher.post(`${lesson.console}/reopen`, { minutes: 10, reason: 'Late bus' });
  assert.equal(reopened.status, 303);
  assert.deepEqual(marksOf(lesson.attendance), { [a.id]: 'present' });
  assert.equal((await teacher.post(`${lesson.console}/pause`)).status, 303);
  assert.match((await teacher.get(lesson.console)).text, /Check-in is paused/);
  assert.equal((await teacher.get(`${lesson.console}/screen/code`)).json.codes.length, 0);
  assert.equal((await teacher.post(`${lesson.console}/resume`)).status, 303);
  assert.equal((await teacher.post(`${lesson.console}/extend`)).status, 303);
  await at('end');
});

test('one student: minutes, remark, history; clearing; a lock date asks for a reason', async () => {
  const teacher = await as('demo_teacher_1');
  const lesson = await opened(teacher, { n: 2 });
  const [a] = lesson.students;
  const path = `${lesson.console}/students/${a.id}`;
  assert.equal((await teacher.post(path, { mark: 'l', late: 18, remark: 'Bus <delay>', version: 0 })).status, 303);
  assert.deepEqual(sql(`SELECT status, late_s, remark FROM attendance_record WHERE attendance_id = ${lesson.attendance} AND person_id = ${a.id}`)[0], ['late', '1080', 'Bus <delay>']);
  const page = await teacher.get(path);
  assert.match(page.text, /No mark → <b>Late<\/b>/);
  assert.match(page.text, /value="Bus &lt;delay&gt;"/);
  assert.match((await teacher.get(lesson.console)).text, /18 min late; Bus &lt;delay&gt;/);
  const version = page.text.match(/name="version" value="(\d+)"/)[1];
  for (const fields of [{ mark: 'l', late: 601 }, { mark: 'l', late: 'ten' }, { mark: 'l', remark: 'x'.repeat(301) }, { mark: 'z' }, { late: 3 }]) assert.equal((await teacher.post(path, { version, ...fields })).status, 422, JSON.stringify(fields));
  const stale = await teacher.post(path, { mark: 'p', version: 0 });
  assert.equal(stale.status, 409);
  assert.match(stale.text, /changed this while you were editing/);
  assert.equal((await teacher.post(path, { mark: 'n', version })).status, 303);
  assert.deepEqual(marksOf(lesson.attendance), {});
  /* A month later. */
  const old = newLesson({ n: 1, days: 40 });
  const opening = await teacher.post(`${old.path}/attendance`);
  const console_ = opening.headers.location.split('?')[0];
  assert.match((await teacher.get(console_)).text, /is more than 14 days past/);
  const bare = await teacher.post(`${console_}/marks`, { [`m${old.students[0].id}`]: 'p', [`o${old.students[0].id}`]: 'n0' });
  assert.equal(bare.status, 422);
  assert.ok(plain(bare.text).includes(sentence('reason_missing')));
  assert.match(bare.text, new RegExp(`name="m${old.students[0].id}" value="p" checked`), 'the choice stays');
  const reason = await teacher.post(`${console_}/marks`, { [`m${old.students[0].id}`]: 'p', [`o${old.students[0].id}`]: 'n0', why: 'Paper list found' });
  assert.equal(reason.status, 303);
  assert.match((await teacher.get(`${console_}/students/${old.students[0].id}`)).text, /Paper list found/);
});

test('search and filters are in the address, without regard to case and accents', async () => {
  const teacher = await as('demo_teacher_1');
  const lesson = await opened(teacher, { n: 3 });
  const [a, b] = lesson.students;
  sql(`UPDATE person SET given_name = 'Zeynep', family_name = 'Koç' WHERE id = ${a.id}`);
  await setMark(teacher, lesson, b.id, 'e');
  const shown = async (query) => [...(await teacher.get(`${lesson.console}?${query}`)).text.matchAll(/<li id="s(\d+)"[^>]*>/g)].filter(([tag]) => !/ hidden/.test(tag)).map(([, id]) => Number(id));
  assert.deepEqual(await shown('q=koc'), [a.id]);
  assert.deepEqual(await shown(`q=ZEYNEP+KO%C3%87`), [a.id]);
  assert.deepEqual(await shown('show=excused'), [b.id]);
  assert.equal((await shown('show=none')).length, 2);
  assert.deepEqual(await shown('q=nobody+like+this'), []);
  assert.equal((await shown('show=nonsense&q=%FF')).length, 3);
  assert.deepEqual(await shown(`q=${encodeURIComponent(b.code)}`), [b.id]);
});

test('guests: added, merged with a student, removed', async () => {
  const teacher = await as('demo_teacher_1');
  const lesson = await opened(teacher, { n: 2 });
  assert.equal((await teacher.post(`${lesson.console}/guests`, { name: ' ' })).status, 422);
  const long = await teacher.post(`${lesson.console}/guests`, { name: 'x'.repeat(161) });
  assert.equal(long.status, 422);
  assert.match(long.text, /value="x{161}"/);
  assert.equal((await teacher.post(`${lesson.console}/guests`, { name: 'Ada <b>' })).status, 303);
  assert.equal((await teacher.post(`${lesson.console}/guests`, { name: 'Bo' })).status, 303);
  const [[ada], [bo]] = sql(`SELECT id FROM attendance_guest WHERE attendance_id = ${lesson.attendance} ORDER BY id`);
  assert.match((await teacher.get(lesson.console)).text, /Ada &lt;b&gt;/);
  assert.equal((await teacher.post(`${lesson.console}/guests/${ada}/merge`)).status, 422);
  assert.equal((await teacher.post(`${lesson.console}/guests/${ada}/merge`, { person: lesson.students[1].id })).status, 303);
  assert.equal(marksOf(lesson.attendance)[lesson.students[1].id], 'present');
  assert.equal((await teacher.post(`${lesson.console}/guests/${bo}/remove`)).status, 303);
  assert.equal(sql(`SELECT COUNT(*) FROM attendance_guest WHERE id = ${bo} AND removed_at IS NOT NULL`)[0][0], '1');
});

test('on paper and as files: register, sheet, course; formulas stay text', async () => {
  const teacher = await as('demo_teacher_1');
  const lesson = await opened(teacher, { n: 3 });
  const [a, b] = lesson.students;
  sql(`UPDATE person SET family_name = '=cmd|calc' WHERE id = ${a.id}`);
  const sheet = await teacher.get(`${lesson.path}/sheet`);
  assert.equal(sheet.text.match(/<tr><td class="n">\d/g).length, 3);
  await setMark(teacher, lesson, b.id, 'p');
  await teacher.post(`${lesson.console}/close`);
  const page = await teacher.get(`${lesson.path}/register`);
  assert.equal(page.status, 200);
  assert.match(plain(page.text), /Present or late 1 of 3, 33 %/);
  const csv = await teacher.get(`${lesson.path}/register.csv`);
  assert.match(csv.headers['content-disposition'], /^attachment; filename="attendance-\d+-\d{4}-\d\d-\d\d\.csv"$/);
  assert.ok(csv.text.startsWith('\uFEFF"Family name","Given name"'));
  assert.ok(csv.text.includes(`"'=cmd|calc"`));
  assert.equal(csv.text.trim().split('\r\n').length, 4);
  for (const path of [`${lesson.path}/register.xlsx`, `${lesson.console}/register.xlsx`, `/courses/${lesson.course}/attendance.xlsx`]) {
    const xlsx = await teacher.get(path);
    assert.equal(xlsx.status, 200, path);
    assert.equal(xlsx.body.subarray(0, 4).toString('latin1'), 'PK\x03\x04');
    assert.equal(xlsx.body.readUInt32LE(xlsx.body.length - 22), 0x06054b50, 'the whole file');
  }
  /* Where a mark comes from, in words of the page's language. */
  assert.deepEqual(csv.text.trim().split('\r\n').slice(1).map((line) => line.split(',')[6]).sort(), ['"Closing"', '"Closing"', '"Teacher"']);
  const french = { headers: { 'accept-language': 'fr' } };
  for (const path of [`${lesson.path}/register.csv`, `/courses/${lesson.course}/attendance.csv`]) {
    const { text } = await teacher.get(path, french);
    assert.match(text, /"Origine"/);
    assert.match(text, /"Enseignant"/);
    assert.match(text, /"Fermeture"/);
    assert.doesNotMatch(text, /"(teacher|auto|Teacher|Closing)"/);
  }
  const course = await teacher.get(`/courses/${lesson.course}/attendance`);
  assert.match(plain(course.text), /1 closed session/);
  assert.match(course.text, /<b>100 %<\/b>/);
  assert.match(course.text, /<b>0 %<\/b>/);
  const file = await teacher.get(`/courses/${lesson.course}/attendance.csv`);
  assert.equal(file.text.trim().split('\r\n').length, 4);
  const none = await teacher.get(`/courses/${lesson.course}/attendance?from=2020-01-01&to=2020-02-01`);
  assert.match(none.text, /Nothing to count yet/);
  const reversed = await teacher.get(`/courses/${lesson.course}/attendance?from=2026-02-01&to=2020-02-01`);
  assert.equal(reversed.status, 422);
  assert.ok(plain(reversed.text).includes(sentence('end_before_start')));
  assert.equal((await teacher.get(`/courses/${lesson.course}/attendance.csv?from=nonsense`)).status, 422);
});

test('a sheet can be printed before attendance is opened; a register cannot', async () => {
  const teacher = await as('demo_teacher_1');
  const lesson = newLesson({ n: 4 });
  assert.equal((await teacher.get(`${lesson.path}/sheet`)).text.match(/<tr><td class="n">\d/g).length, 4);
  assert.equal((await teacher.get(`${lesson.path}/register`)).status, 404);
  const bare = newSession({});
  assert.equal((await teacher.get(`${bare.path}/sheet`)).status, 200);
});

test('a session of its own, as programs make them, has console, screen and register', async () => {
  const teacher = await as('demo_teacher_1');
  const lesson = newLesson({ n: 2 });
  const [[id]] = sql(`INSERT INTO attendance_session (uuid, branch_id, course_id, teacher_id, roster, door, mode, title, session_date, zone, opens_at, closes_at, code_level, place_level, network_level,
      photo_level, device_level, radius_m, code_key, code_period_s, max_tries, evidence_days, lock_days, names_on_screen, created_at, updated_at)
    SELECT UUID(), 1, ${lesson.course}, person_id, 'course', '003', '', 'Scanned lecture', DATE(UTC_TIMESTAMP()), 'UTC', UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE, UTC_TIMESTAMP(6) + INTERVAL 1 HOUR,
      'off', 'off', 'off', 'off', 'flag', 100, RANDOM_BYTES(32), 15, 5, 30, 14, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM account WHERE username = 'demo_teacher_1'; SELECT LAST_INSERT_ID()`);
  for (const path of ['', '/live', '/screen', '/register', '/sheet', '/register.csv', '/settings', '/close']) assert.equal((await teacher.get(`/attendance/${id}${path}`)).status, 200, path);
  const list = await teacher.get('/trainer/smart-attendance');
  assert.ok(list.status === 303 || list.text.includes('Scanned lecture'));
});

test('the screen: codes of now and next, no names unless asked, never kept', async () => {
  const teacher = await as('demo_teacher_1');
  const lesson = await opened(teacher, { n: 2 });
  await setMark(teacher, lesson, lesson.students[0].id, 'p');
  const page = await teacher.get(`${lesson.console}/screen`);
  assert.match(page.headers['cache-control'], /no-store/);
  assert.match(page.text, /<noscript><meta http-equiv="refresh" content="\d+"><\/noscript>/);
  assert.ok(!page.text.includes('Given001'));
  const named = await teacher.get(`${lesson.console}/screen?names=1`);
  assert.match(named.text, /Given001 F\./);
  assert.ok(!named.text.includes('Family001'));
  const { json } = await teacher.get(`${lesson.console}/screen/code`);
  assert.equal(json.codes.length, 2);
  assert.equal(json.codes[1].ends - json.codes[0].ends, 15000);
  assert.ok(json.codes[0].ends > json.now && json.codes[0].ends - json.now <= 15000);
  assert.match(json.codes[0].code, /^[34679ACDEFGHJKMNPQRTWXY]{3} [34679ACDEFGHJKMNPQRTWXY]{3}$/);
  assert.deepEqual([json.here, json.expected, json.arrivals], [1, 2, []]);
});

test('French, with its own letters; the list of running ones', async () => {
  const teacher = await as('demo_teacher_1');
  const lesson = await opened(teacher, { n: 1 });
  await opened(teacher, { n: 1 });
  const page = await teacher.get(lesson.console, { headers: { 'accept-language': 'fr' } });
  assert.match(page.text, /<span aria-hidden="true">R<\/span><span class="vh">En retard<\/span>/);
  const list = await teacher.get('/attendance');
  assert.equal(list.status, 200);
  assert.ok(list.text.includes(lesson.title));
  const nobody = await (await as('demo_teacher_7')).get('/attendance');
  assert.match(nobody.text, /No check-in is running/);
});
