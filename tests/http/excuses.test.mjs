// What students ask of their attendance: excuses and corrections, their files, who may see and
// decide them, the deadline, and a teacher's own excuses.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { newStudent } from '../lib/attendance.mjs';
import { marksOf, newLesson, opened } from '../lib/attending.mjs';
import { as, besides, newAccount, otherBranch, sample, sentence, typed } from '../lib/classroom.mjs';
import { multipart, server, signedIn, sql, unescapeHtml } from '../lib/http.mjs';

const plain = (page) => unescapeHtml((page.text.match(/<main[\s\S]*<\/main>/)?.[0] ?? page.text).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' '));
const pad = (n) => Buffer.alloc(n, 0x20);

let n = 0;
/* A teacher, a lesson of theirs with attendance `how` ('' none), and a student of it, signed in. */
async function school({ began = 5, days = 0, how = '' } = {}) {
  n += 1;
  const teacher = await signedIn(newAccount(`xt${process.pid}_${n}`));
  const lesson = how ? await opened(teacher, { teacher: `xt${process.pid}_${n}`, n: 1, began, days }) : newLesson({ teacher: `xt${process.pid}_${n}`, n: 1, began, days });
  const name = newStudent(`xs${process.pid}_${n}`, { course: lesson.course });
  const student = await signedIn(name);
  const person = Number(sql(`SELECT person_id FROM account WHERE username = '${name}'`)[0][0]);
  return { teacher, lesson, student, person, name };
}
const parts = (fields, files = []) => multipart([...Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => ({ name, value: String(one) }))), ...files]);
const ask = (client, fields, files) => client.post('/excuses', parts(fields, files));
const dispute = (client, fields, files) => client.post('/corrections', parts(fields, files));
const itemsOf = (person) => sql(`SELECT id, claim_id, state, version, wants FROM claim_item WHERE person_id = ${person} ORDER BY id`)
  .map(([id, claim, state, version, wants]) => ({ id: Number(id), claim: Number(claim), state, pick: `${id}-${version}`, wants }));
const decide = (client, what, picks, fields = {}) => client.post('/excuses/to-decide', { do: what, pick: picks, ...fields });
const everything = (person) => JSON.stringify(sql(`SELECT * FROM claim_item WHERE person_id = ${person}; SELECT id, reason, file_name, HEX(file_id) FROM claim WHERE person_id = ${person}; SELECT * FROM excuse WHERE person_id = ${person}`));

test('asked before the session with a certificate, approved, prefilled, safe from marks in bulk, taken back', async () => {
  const { teacher, lesson, student, person } = await school({ began: -600 });
  const other = newLesson({ teacher: `xt${process.pid}_${n}`, n: 0, began: -700 });
  sql(`UPDATE occurrence SET course_id = ${lesson.course} WHERE id = ${other.id}`);
  const day = sql(`SELECT session_date FROM occurrence WHERE id = ${lesson.id}`)[0][0];
  const page = await student.get(`/excuses/new?from=${day}&session=${lesson.id}`);
  assert.equal(page.status, 200);
  assert.match(page.text, new RegExp(`value="${lesson.id}" checked`));
  const sent = await ask(student, { session: [lesson.id, other.id], reason: 'Dentist <b>at</b> ten' }, [sample('ffmpeg.png', 'Attest é.PNG')]);
  assert.equal(sent.status, 303, sent.text.slice(0, 2000));
  assert.equal(sent.headers.location, '/excuses?done=asked');
  const own = await student.get('/excuses');
  assert.ok(own.text.includes('Dentist &lt;b&gt;at&lt;/b&gt; ten'));
  assert.equal(itemsOf(person).length, 2);
  const [item, second] = itemsOf(person);
  const file = await student.get(`/excuses/${item.claim}/file`);
  assert.equal(file.status, 200);
  assert.equal(file.headers['content-type'], 'image/png');
  assert.match(file.headers['content-security-policy'], /sandbox/);
  assert.deepEqual(file.body, sample('ffmpeg.png').bytes);

  assert.ok(plain(await teacher.get('/notifications')).includes('asks to be excused'), 'the teacher is told');
  const list = await teacher.get('/excuses/to-decide');
  assert.ok(plain(list).includes(lesson.title) && plain(list).includes('Dentist <b>at</b> ten'));
  assert.equal((await teacher.get(`/excuses/${item.claim}/file`)).status, 200);
  const approved = await decide(teacher, 'approve', item.pick, { one: 1 });
  assert.equal(approved.status, 303, approved.text.slice(0, 2000));
  assert.match(approved.headers.location, new RegExp(`done=approved&n=1&left=0&undo=${item.id}-2$`));
  assert.match((await teacher.get(approved.headers.location)).text, /1 approved/);
  assert.deepEqual(sql(`SELECT COUNT(*) FROM excuse WHERE person_id = ${person} AND ended_at IS NULL`)[0], ['1']);
  assert.ok(plain(await student.get('/excuses')).includes('Approved'));
  assert.ok(plain(await student.get('/notifications')).includes('Your excuse was accepted'));
  assert.deepEqual(sql(`SELECT kind, COUNT(*) FROM notification WHERE entity_id = ${item.claim} AND kind LIKE 'excuse.%' GROUP BY kind ORDER BY kind`), [['excuse.decided', '1'], ['excuse.requested', '2']]);

  sql(`UPDATE occurrence SET starts_at = UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE, ends_at = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR WHERE id = ${lesson.id}`);
  const open = await teacher.post(`${lesson.path}/attendance`);
  const attendance = Number(open.headers.location.match(/attendance\/(\d+)/)[1]);
  assert.equal(marksOf(attendance)[person], 'excused');
  await teacher.post(`/attendance/${attendance}/marks`, { rest: 'p' });
  assert.equal(marksOf(attendance)[person], 'excused');
  const undone = await decide(teacher, 'reopen', `${item.id}-2`, { one: 1 });
  assert.equal(undone.status, 303, undone.text.slice(0, 2000));
  assert.equal(marksOf(attendance)[person], undefined);
  assert.deepEqual(itemsOf(person).map(({ state }) => state), ['waiting', 'waiting']);

  assert.equal((await student.post(`/excuses/${second.id}/withdraw`)).status, 303);
  assert.equal((await student.get(`/excuses/${item.claim}/file`)).status, 200);
  assert.equal((await student.post(`/excuses/${item.id}/withdraw`)).status, 303);
  assert.equal((await student.get(`/excuses/${item.claim}/file`)).status, 404, 'nobody needs it any more');
  assert.deepEqual(sql(`SELECT COUNT(*) FROM claim WHERE person_id = ${person} AND file_id IS NOT NULL`)[0], ['0']);
});

test('a correction of an absence: approved, in the trail, undone from the register', async () => {
  const { teacher, lesson, student, person } = await school({ how: 'open' });
  await teacher.post(`${lesson.console}/marks`, { [`m${person}`]: 'a', [`o${person}`]: 'n0' });
  const history = await student.get('/history');
  assert.ok(history.text.includes(`href="/corrections/new?attendance=${lesson.attendance}"`));
  const form = await student.get(`/corrections/new?attendance=${lesson.attendance}`);
  assert.match(plain(form), /Now you stand there as Absent/);
  assert.doesNotMatch(form.text, /value="absent"/);
  const empty = await dispute(student, { attendance: lesson.attendance, reason: '' });
  assert.equal(empty.status, 422);
  assert.equal(besides(empty, 'reason-e'), sentence('required'));
  const nothing = await dispute(student, { attendance: lesson.attendance, wants: 'absent', reason: 'I & you' });
  assert.equal(nothing.status, 422);
  assert.equal(besides(nothing, 'wants-e'), sentence('claim_nothing'));
  assert.equal(typed(nothing, 'reason'), 'I & you');
  assert.equal((await dispute(student, { attendance: lesson.attendance, wants: 'late', reason: 'The bus' })).status, 303);
  assert.match(plain(await student.get(`/corrections/new?attendance=${lesson.attendance}`)), /asked about this session already/);
  const console = await teacher.get(lesson.console);
  assert.ok(plain(console).includes('Asked by students') && plain(console).includes('The bus'));
  const [item] = itemsOf(person);
  const back = await decide(teacher, 'approve', item.pick, { one: 1, next: lesson.console, why: 'I saw her' });
  assert.equal(back.headers.location, lesson.console);
  assert.equal(marksOf(lesson.attendance)[person], 'late');
  const trail = plain(await teacher.get(`${lesson.console}/students/${person}`));
  assert.match(trail, /Absent → Late .*I saw her/);
  const [[act]] = sql(`SELECT LOWER(HEX(act_id)) FROM claim_item WHERE id = ${item.id}`);
  assert.equal((await teacher.post(`${lesson.console}/undo`, { act })).status, 303);
  assert.equal(marksOf(lesson.attendance)[person], 'absent');
  assert.equal(itemsOf(person)[0].state, 'waiting');
});

test('who sees and decides: a table of people and what they may', async () => {
  const { teacher, lesson, student, person } = await school({ how: 'open' });
  otherBranch();
  assert.equal((await ask(student, { session: lesson.id, reason: 'Flu' }, [sample('ffmpeg.png')])).status, 303);
  const [item] = itemsOf(person);
  const before = everything(person);
  const strangers = { colleague: await signedIn(newAccount(`xo${process.pid}_${n}`)), student: (await school()).student, far_admin: await as('far_admin'), far_teacher: await as('far_teacher') };
  for (const [who, client] of Object.entries(strangers)) {
    assert.equal((await client.get(`/excuses/${item.claim}/file`)).status, 404, `${who} fetches the file`);
    const answer = await decide(client, 'approve', item.pick, { one: 1 });
    assert.equal(answer.status, 404, `${who} decides`);
    const list = await client.get('/excuses/to-decide');
    if (who !== 'student') assert.ok(!list.text.includes(lesson.title), `${who} sees it`);
    assert.equal((await client.get(`/sessions/${lesson.id}/excuses`)).status, 404, `${who} looks at excuses`);
    assert.equal((await client.post(`/sessions/${lesson.id}/excuses`, { person })).status, 404, `${who} excuses`);
  }
  assert.equal((await strangers.student.post(`/excuses/${item.id}/withdraw`)).status, 404);
  assert.equal((await strangers.student.get(`/corrections/new?attendance=${lesson.attendance}`)).status, 404);
  assert.equal((await dispute(strangers.student, { attendance: lesson.attendance, wants: 'present', reason: 'x' })).status, 404);
  assert.equal((await ask(strangers.student, { session: lesson.id, reason: 'x' })).status, 422, 'not one of theirs');
  for (const path of ['/excuses/new', `/corrections/new?attendance=${lesson.attendance}`]) assert.equal((await teacher.get(path)).status, 404, path);
  assert.equal((await student.get('/excuses/to-decide')).status, 404);
  assert.equal((await teacher.get('/excuses')).headers.location, '/excuses/to-decide');
  assert.equal(everything(person), before);
  for (const name of ['demo_admin_1', 'demo_admin_2']) {
    const admin = await as(name);
    assert.equal((await admin.get(`/excuses/${item.claim}/file`)).status, 200, name);
    assert.ok((await admin.get(`/excuses/to-decide?attendance=${lesson.attendance}`)).text.includes(lesson.title));
  }
  const admin = await as('demo_admin_2');
  const [{ pick }] = itemsOf(person);
  assert.equal((await decide(admin, 'reject', pick, { one: 1, why: 'No date on it' })).status, 303);
  const own = plain(await student.get('/excuses'));
  assert.ok(own.includes('Rejected') && own.includes('No date on it'));
});

test('deciding twice, a decision that is out of date, rejecting without a reason', async () => {
  const { teacher, lesson, student, person } = await school({ how: 'open' });
  assert.equal((await dispute(student, { attendance: lesson.attendance, wants: 'present', reason: 'Here' })).status, 303);
  const [item] = itemsOf(person);
  const bare = await decide(teacher, 'reject', item.pick, { one: 1 });
  assert.equal(bare.status, 422);
  assert.equal(besides(bare, `why-${item.id}-e`), sentence('reason_missing'));
  assert.equal((await decide(teacher, 'approve', [])).status, 422);
  assert.equal((await decide(teacher, 'approve', 'x-y')).status, 422);
  assert.equal((await decide(teacher, 'maybe', item.pick)).status, 422);
  assert.equal((await decide(teacher, 'approve', item.pick, { one: 1 })).status, 303);
  const twice = await decide(teacher, 'approve', item.pick, { one: 1 });
  assert.equal(twice.status, 409);
  assert.ok(plain(twice).includes(sentence('claim_decided')));
  assert.equal((await student.post(`/excuses/${item.id}/withdraw`)).status, 409);
  /* The mark moved on: taking the decision back would lose it. */
  const [[version]] = sql(`SELECT id * 4096 + version FROM attendance_record WHERE attendance_id = ${lesson.attendance} AND person_id = ${person}`);
  await teacher.post(`${lesson.console}/marks`, { [`m${person}`]: 'l', [`o${person}`]: `p${version}` });
  assert.equal(marksOf(lesson.attendance)[person], 'late');
  const [now] = itemsOf(person);
  const late = await decide(teacher, 'reopen', now.pick, { one: 1, show: 'decided' });
  assert.equal(late.status, 409);
  assert.ok(plain(late).includes(sentence('changed')));
  assert.equal(marksOf(lesson.attendance)[person], 'late');
  assert.equal((await teacher.get('/excuses/to-decide?show=decided')).status, 200);
});

test('several at once: what was withdrawn meanwhile is left alone and counted', async () => {
  const { teacher, lesson, student, person } = await school({ how: 'open' });
  const name = newStudent(`xs${process.pid}_${n}b`, { course: lesson.course });
  const second = await signedIn(name);
  for (const client of [student, second]) assert.equal((await dispute(client, { attendance: lesson.attendance, wants: 'present', reason: 'Here' })).status, 303);
  const [[other, otherPick]] = sql(`SELECT i.id, CONCAT(i.id, '-', i.version) FROM claim_item i JOIN account a ON a.person_id = i.person_id WHERE a.username = '${name}'`);
  const [item] = itemsOf(person);
  assert.equal((await second.post(`/excuses/${other}/withdraw`)).status, 303);
  const both = await decide(teacher, 'approve', [item.pick, otherPick], { attendance: lesson.attendance });
  assert.match(both.headers.location, /done=approved&n=1&left=1$/);
  assert.match(plain(await teacher.get(both.headers.location)), /1 approved.*1 was left alone/);
  assert.deepEqual(marksOf(lesson.attendance), { [person]: 'present' });
});

test('the deadline: the last day counts, the day after does not, and the branch sets it', async () => {
  const { lesson, student, person } = await school({ days: 14 });
  const from = sql(`SELECT session_date FROM occurrence WHERE id = ${lesson.id}`)[0][0];
  const inTime = await ask(student, { session: lesson.id, reason: 'Flu', from });
  assert.equal(inTime.status, 303);
  assert.equal((await student.post(`/excuses/${itemsOf(person)[0].id}/withdraw`)).status, 303);
  sql(`INSERT INTO attendance_policy (branch_id, course_id, claim_days) VALUES (1, ${lesson.course}, 13)`);
  const late = await ask(student, { session: lesson.id, reason: 'Flu', from });
  assert.equal(late.status, 422);
  assert.equal(besides(late, 'sessions-e'), sentence('claim_late'));
  assert.match(late.text, new RegExp(`value="${lesson.id}"[^>]* disabled`));
  const cancelled = newLesson({ n: 0, began: -60 });
  sql(`UPDATE occurrence SET course_id = ${lesson.course}, state = 'cancelled' WHERE id = ${cancelled.id}`);
  assert.equal((await ask(student, { session: cancelled.id, reason: 'Flu' })).status, 422);
});

test('files: too large, of another kind, damaged, empty, or of a wrong name are refused and leave nothing', async () => {
  const { lesson, student, person } = await school();
  const before = sql('SELECT COUNT(*) FROM file')[0][0];
  const png = sample('ffmpeg.png').bytes;
  const bad = [
    [[{ name: 'file', filename: 'big.png', bytes: Buffer.concat([png, pad(11 * 1024 * 1024)]) }], 'claim_file_big'],
    [[{ name: 'file', filename: 'notes.txt', bytes: Buffer.from('text') }], 'claim_file_type'],
    [[{ name: 'file', filename: 'page.png', bytes: Buffer.from('<html><script>alert(1)</script></html>') }], 'file_mismatch'],
    [[{ name: 'file', filename: 'a.png', bytes: Buffer.alloc(0) }], 'file_empty'],
  ];
  for (const [files, reason] of bad) {
    const answer = await ask(student, { session: lesson.id, reason: 'Flu' }, files);
    assert.equal(answer.status, 422, `${reason}: ${answer.status}`);
    assert.equal(besides(answer, 'file-e'), sentence(reason), reason);
    assert.equal(typed(answer, 'reason'), 'Flu');
    assert.match(answer.text, new RegExp(`value="${lesson.id}" checked`));
  }
  const huge = await ask(student, { session: lesson.id, reason: 'Flu' }, [{ name: 'file', filename: 'b.png', bytes: pad(17 * 1024 * 1024) }]);
  assert.equal(huge.status, 413);
  const docx = await ask(student, { session: lesson.id, reason: 'Flu' }, [sample('libreoffice-writer.docx')].filter(({ bytes }) => bytes));
  assert.equal(besides(docx, 'file-e'), sentence('claim_file_type'), 'a document is no proof here');
  assert.deepEqual(itemsOf(person), []);
  assert.equal(sql(`SELECT COUNT(*) FROM claim WHERE person_id = ${person}`)[0][0], '0');
  assert.ok(Number(before) >= 0);
  const pdf = await ask(student, { session: lesson.id, reason: 'Flu' }, [sample('gs.pdf')]);
  assert.equal(pdf.status, 303, pdf.text.slice(0, 1000));
  const [item] = itemsOf(person);
  const shown = await student.get(`/excuses/${item.claim}/file`);
  assert.equal(shown.headers['content-type'], 'application/pdf');
  const [[id]] = sql(`SELECT LOWER(HEX(file_id)) FROM claim WHERE id = ${item.claim}`);
  const kept = readFileSync(join(server.var, 'uploads', id.slice(0, 2), id.slice(2, 4), id));
  assert.ok(!kept.includes('%PDF'), 'sealed on disk');
  assert.deepEqual(shown.body, sample('gs.pdf').bytes);
});

test('what an excuse form may hold: nothing chosen, too many, twice, words that are no ids, long reasons', async () => {
  const { lesson, student, person } = await school();
  const cases = [[{ reason: 'x' }, 'sessions-e', 'claim_no_session'], [{ session: ['x'], reason: 'x' }, 'sessions-e', 'not_a_choice'],
    [{ session: [lesson.id, lesson.id], reason: 'x' }, 'sessions-e', 'repeated'], [{ session: [99999999], reason: 'x' }, 'sessions-e', 'not_a_choice'],
    [{ session: lesson.id, reason: 'y'.repeat(1001) }, 'reason-e', 'too_long', 1000], [{ session: lesson.id, reason: ' ' }, 'reason-e', 'required']];
  for (const [fields, at, reason, arg] of cases) {
    const answer = await ask(student, fields);
    assert.equal(answer.status, 422, JSON.stringify(fields).slice(0, 100));
    assert.equal(besides(answer, at), sentence(reason, arg), JSON.stringify(fields).slice(0, 100));
  }
  assert.equal((await student.get('/excuses/new?from=2026-99-99&to=x&session=abc')).status, 200);
  assert.equal((await student.get('/excuses/new?from=1000-01-01&to=9999-12-31')).status, 200);
  assert.equal((await student.get('/corrections/new')).headers.location, '/history');
  assert.deepEqual(itemsOf(person), []);
});

test('a teacher excuses beforehand, and takes it back', async () => {
  const { teacher, lesson, person } = await school({ began: -600 });
  const path = `/sessions/${lesson.id}/excuses`;
  assert.ok((await teacher.get(lesson.path)).text.includes(`href="${path}"`));
  const nobody = await teacher.post(path, { remark: 'x' });
  assert.equal(nobody.status, 422);
  assert.equal(besides(nobody, 'person-e'), sentence('required'));
  const stranger = await teacher.post(path, { person: 1, remark: 'x' });
  assert.equal(besides(stranger, 'person-e'), sentence('not_a_choice'));
  const long = await teacher.post(path, { person, remark: 'z'.repeat(301) });
  assert.equal(besides(long, 'remark-e'), sentence('too_long', 300));
  assert.match(long.text, new RegExp(`value="${person}" selected`));
  const done = await teacher.post(path, { person, remark: 'Open day' });
  assert.equal(done.headers.location, `${path}?done=excused`);
  const page = await teacher.get(done.headers.location);
  assert.ok(plain(page).includes('Open day') && plain(page).includes('The student is excused.'));
  assert.doesNotMatch(page.text, new RegExp(`<option value="${person}"`));
  const off = await teacher.post(path, { person, off: 1 });
  assert.equal(off.headers.location, `${path}?done=taken-back`);
  assert.deepEqual(sql(`SELECT COUNT(*) FROM excuse WHERE person_id = ${person} AND ended_at IS NULL; SELECT COUNT(*) FROM excuse WHERE person_id = ${person}`), [['0'], ['1']]);
});

test('the register of a thousand students is saved by its form, without scripts', async () => {
  const name = newAccount(`xr${process.pid}`);
  const teacher = await signedIn(name);
  const hall = await opened(teacher, { teacher: name, n: 1000 });
  const fields = Object.fromEntries(hall.students.flatMap(({ id }) => [[`m${id}`, 'p'], [`o${id}`, 'n0']]));
  const saved = await teacher.post(`${hall.console}/marks`, fields);
  assert.equal(saved.status, 303, saved.text.slice(0, 500));
  assert.match(saved.headers.location, /done=marked&n=1000/);
  assert.equal(Object.keys(marksOf(hall.attendance)).length, 1000);
});
