// The pages a student checks in on: every step, everything that is refused, and that each
// refusal says why and changes nothing it should not.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { deflateSync } from 'node:zlib';
import { anonymous, Client, multipart, signedIn, sql, until } from '../lib/http.mjs';
import { attemptsOf, codeOf, newAttendance, newStudent, ownCourse, recordOf, room, tokenOf } from '../lib/attendance.mjs';
import { besides, hidden, newSession, sample, sentence } from '../lib/classroom.mjs';

let n = 0;
/* A student of the test alone, signed in; enrolment as newStudent. */
async function student(options) {
  n += 1;
  const name = newStudent(`stud_${process.pid}_${n}`, options);
  const client = await signedIn(name);
  client.name = name;
  return client;
}

const plain = (answer) => answer.text.match(/<main[\s\S]*<\/main>/)?.[0].replace(/<[^>]*>/g, ' ').replace(/&#39;/g, "'").replace(/\s+/g, ' ');
const receiptPath = /^\/check-in\/C-\d{4,}-\d{4,}$/;

/* Through the form of the code, as a person does: the answer of the POST. */
async function typeCode(client, session, code, { form } = {}) {
  const page = await client.get(`/check-in?session=${session.id}`);
  assert.equal(page.status, 200, page.text.slice(0, 2000));
  return client.post('/check-in', { ...hidden(page, '/check-in'), ...form, code });
}

/* Follows an answer to its receipt: { path, text }. */
async function receipt(client, answer) {
  assert.equal(answer.status, 303, answer.text.slice(0, 3000));
  assert.match(answer.headers.location, receiptPath);
  const page = await client.get(answer.headers.location);
  assert.equal(page.status, 200);
  return { path: answer.headers.location, text: plain(page), page };
}

/* ---- the way in ---------------------------------------------------------------------- */

test('home of a student is today, and today lists what is open', async () => {
  const client = await student();
  const session = newAttendance();
  assert.equal((await client.get('/')).headers.location, '/today');
  for (const path of ['/today', '/student', '/student/check-in']) {
    const page = await client.get(path);
    assert.equal(page.status, 200, path);
    assert.ok(page.text.includes(session.title));
    assert.ok(page.text.includes(`href="/check-in?session=${session.id}"`));
  }
});

test('a code that is right: present, with a receipt of what was checked', async () => {
  const client = await student();
  const session = newAttendance();
  const { text, path } = await receipt(client, await typeCode(client, session, codeOf(session)));
  assert.match(text, /You are in/);
  assert.match(text, /Right, in time/);
  assert.ok(text.includes(path.split('/').at(-1)));
  assert.equal(recordOf(session, client.name), 'present');
  assert.match((await client.get('/today')).text, /You are in/);
  // Small letters and blanks are the same code.
  const other = await student();
  const answer = await typeCode(other, session, ` ${codeOf(session).toLowerCase().replace(/(...)/, '$1 ')} `);
  assert.match((await receipt(other, answer)).text, /You are in/);
});

test('late is said', async () => {
  const client = await student();
  const session = newAttendance({ late: -1 });
  assert.match((await receipt(client, await typeCode(client, session, codeOf(session)))).text, /Marked late/);
  assert.equal(recordOf(session, client.name), 'late');
});

test('a code alone finds its session', async () => {
  const client = await student();
  const session = newAttendance();
  const page = await client.get('/check-in');
  const answer = await client.post('/check-in', { nonce: hidden(page, '/check-in').nonce, code: codeOf(session) });
  assert.match((await receipt(client, answer)).text, /You are in/);
});

test('the same form sent twice is one try with one answer', async () => {
  const client = await student();
  const session = newAttendance();
  const page = await client.get(`/check-in?session=${session.id}`);
  const fields = { ...hidden(page, '/check-in'), code: codeOf(session) };
  const [a, b] = await Promise.all([client.post('/check-in', fields), client.post('/check-in', fields)]);
  const c = await client.post('/check-in', fields);
  assert.equal(a.headers.location, b.headers.location);
  assert.equal(a.headers.location, c.headers.location);
  assert.equal(attemptsOf(session, { person: client.name }).length, 1);
});

test('the day: what is planned for the student, with own marks', async () => {
  const [client, later] = [await student(), await student({ from: -1 })];
  const planned = (title, more = '') => {
    const s = newSession({ day: 0, title });
    sql(`UPDATE occurrence SET course_id = ${ownCourse()}${more} WHERE id = ${s.id}`);
    return s;
  };
  const name = `Day ${process.pid}`;
  planned(`${name} plain`);
  planned(`${name} off`, ", state = 'cancelled', cancel_cause = 'person'");
  planned(`${name} gone`, ", state = 'cancelled', cancel_cause = 'schedule'");
  const marked = planned(`${name} marked`);
  const other = newSession({ day: 0, title: `${name} of nobody` });
  sql(`UPDATE occurrence SET course_id = 3 WHERE id = ${other.id}`);
  const session = newAttendance({ title: `${name} marked` });
  sql(`UPDATE attendance_session SET occurrence_id = ${marked.id} WHERE id = ${session.id}`);
  await receipt(client, await typeCode(client, session, codeOf(session)));
  const agenda = (await client.get('/today')).text.match(/<ol class="agenda">[\s\S]*?<\/ol>/)[0].replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  assert.match(agenda, new RegExp(`07:00 ${name} plain`));
  assert.match(agenda, new RegExp(`${name} off B204, Demo Teacher 1 Cancelled`));
  assert.match(agenda, new RegExp(`${name} marked B204, Demo Teacher 1 Present`));
  assert.ok(!agenda.includes(`${name} gone`) && !agenda.includes(`${name} of nobody`));
  assert.match((await later.get('/today')).text, /Nothing is planned for you today/);
});

/* ---- codes that are not right ------------------------------------------------------------ */

test('a wrong code is said at the field, kept, and counted', async () => {
  const client = await student();
  const session = newAttendance({ tries: 3 });
  for (let left = 2; left >= 1; left -= 1) {
    const answer = await typeCode(client, session, left % 2 ? 'AAAAAA' : 'nonsense');
    assert.equal(answer.status, 422);
    assert.equal(besides(answer, 'code-e'), sentence('code_wrong'));
    assert.match(plain(answer), new RegExp(`You have ${left} tr(y|ies) left`));
  }
  assert.equal((await typeCode(client, session, 'CCCCCC')).status, 422);
  const used = await receipt(client, await typeCode(client, session, codeOf(session)));
  assert.ok(used.text.includes(sentence('tries_used')));
  assert.deepEqual(attemptsOf(session, { person: client.name }).map((a) => a.reason), ['code_wrong', 'code_wrong', 'code_wrong', 'tries_used']);
  assert.equal(recordOf(session, client.name), null);
});

test('the same wrong form sent twice is one wrong try; with another code it is another', async () => {
  const client = await student();
  const session = newAttendance();
  const fields = hidden(await client.get(`/check-in?session=${session.id}`), '/check-in');
  assert.equal((await client.post('/check-in', { ...fields, code: 'AAAAAA' })).status, 422);
  assert.equal((await client.post('/check-in', { ...fields, code: 'AAAAAA' })).status, 422);
  assert.equal(attemptsOf(session, { person: client.name }).length, 1);
  assert.equal((await client.post('/check-in', { ...fields, code: codeOf(session) })).status, 303);
});

test('a code of 40 seconds ago is too old', async () => {
  const client = await student();
  const session = newAttendance();
  const answer = await typeCode(client, session, codeOf(session, 40));
  assert.equal(answer.status, 422);
  assert.equal(besides(answer, 'code-e'), sentence('code_old'));
});

test("another room's code says so", async () => {
  const client = await student();
  const session = newAttendance();
  const elsewhere = newAttendance({ course: 2 });
  const answer = await typeCode(client, session, codeOf(elsewhere));
  assert.equal(answer.status, 422);
  assert.equal(besides(answer, 'code-e'), sentence('code_other_room'));
});

test('an empty code, and one that is far too long', async () => {
  const client = await student();
  const session = newAttendance();
  const fields = hidden(await client.get(`/check-in?session=${session.id}`), '/check-in');
  const empty = await client.post('/check-in', fields);
  assert.equal(empty.status, 422);
  assert.equal(besides(empty, 'code-e'), sentence('code_missing'));
  assert.equal((await client.post('/check-in', { ...fields, code: 'A'.repeat(5000) })).status, 422);
  assert.equal(attemptsOf(session).length, 0);
});

/* ---- the window -------------------------------------------------------------------------- */

for (const [name, options, said, reason] of [
  ['early', { opens: 20, closes: 60 }, /has not opened yet\. It opens at/, 'attendance_early'],
  ['closed', { opens: -60, closes: -30, state: 'closed' }, /Check-in is closed/, 'attendance_closed'],
  ['over', { opens: -60, closes: -1 }, /Check-in is closed/, 'attendance_closed'],
  ['paused', { state: 'paused' }, /Check-in is paused/, 'attendance_paused'],
]) {
  test(`${name}: the page says so, and so does the answer to a code`, async () => {
    const client = await student();
    const session = newAttendance(options);
    const page = await client.get(`/check-in?session=${session.id}`);
    assert.equal(page.status, 200);
    assert.match(plain(page), said);
    const answer = await client.post('/check-in', { session: session.id, nonce: randomBytes(16).toString('hex'), code: codeOf(session) });
    const { text } = await receipt(client, answer);
    assert.match(text, /Not checked in/);
    assert.ok(text.includes(sentence(reason)), text);
    // The clock of muster-jobs may have closed what is over, and marked who did not come.
    assert.ok([null, 'absent'].includes(recordOf(session, client.name)));
  });
}

test('already in: the page and the answer say so, and nothing is written twice', async () => {
  const client = await student();
  const session = newAttendance();
  await receipt(client, await typeCode(client, session, codeOf(session)));
  assert.match(plain(await client.get(`/check-in?session=${session.id}`)), /You are checked in already/);
  const again = await client.post('/check-in', { session: session.id, nonce: 'another', code: codeOf(session) });
  assert.match((await receipt(client, again)).text, /You are in/);
  assert.equal(sql(`SELECT COUNT(*) FROM attendance_record WHERE attendance_id = ${session.id}`)[0][0], '1');
});

/* ---- who --------------------------------------------------------------------------------- */

test('not enrolled, enrolled from tomorrow', async () => {
  const session = newAttendance();
  for (const [options, reason] of [[{ from: null }, 'not_enrolled'], [{ from: -1 }, 'enrolled_later']]) {
    const client = await student(options);
    assert.ok(!(await client.get('/today')).text.includes(session.title));
    assert.equal((await client.get(`/check-in?session=${session.id}`)).status, 404);
    const scanned = await client.get(`/c/${tokenOf(session)}`);
    assert.equal(scanned.status, 200);
    assert.ok(!scanned.text.includes(session.title), 'the title is for those who are expected');
    const { text } = await receipt(client, await client.post('/check-in', hidden(scanned, '/check-in')));
    assert.ok(text.includes(sentence(reason)), text);
    assert.ok(!text.includes('Try again'));
    assert.equal(recordOf(session, client.name), null);
  }
});

test('ids in the address: a receipt is for its student alone', async () => {
  const [client, other] = [await student(), await student()];
  const [session, second] = [newAttendance(), newAttendance()];
  const { path } = await receipt(client, await typeCode(client, session, codeOf(session)));
  const attempt = attemptsOf(session)[0].id;
  assert.equal((await other.get(path)).status, 404);
  assert.equal((await other.get(`/check-in/C-${String(second.id).padStart(4, '0')}-${String(attempt).padStart(4, '0')}`)).status, 404);
  assert.equal((await client.get(`/check-in/C-${String(second.id).padStart(4, '0')}-${String(attempt).padStart(4, '0')}`)).status, 404, 'of another session');
  for (const wrong of ['C-1', 'C-1-', 'C--1', 'X-1-1', 'C-1-99999999999999999999', 'C-1-1-1', 'C-0-0']) assert.equal((await client.get(`/check-in/${wrong}`)).status, 404, wrong);
  assert.equal((await other.get('/check-in?session=999999999')).status, 404);
  const theirs = await other.post('/check-in', { session: 999999999, ready: 1, nonce: 'x' });
  assert.equal(theirs.status, 404);
});

test('staff at a page of students, and students at one of the staff, are told whose it is', async () => {
  const teacher = await signedIn('demo_teacher_1');
  for (const path of ['/today', '/history', '/check-in', `/c/${tokenOf(newAttendance())}`]) {
    const page = await teacher.get(path);
    assert.equal(page.status, 404);
    assert.match(page.text, /This page is for students/, path);
  }
  const client = await student();
  for (const path of ['/sessions', '/admin', '/follow-ups']) {
    const page = await client.get(path);
    assert.equal(page.status, 404);
    assert.match(page.text, /This page is for the staff/, path);
  }
  assert.equal((await anonymous().get('/today')).headers.location, '/sign-in?next=%2Ftoday');
});

/* ---- scans -------------------------------------------------------------------------------- */

test('a scan signed in: GET writes nothing, the button does', async () => {
  const client = await student();
  const session = newAttendance();
  const page = await client.get(`/c/${tokenOf(session)}`);
  assert.equal(page.status, 200);
  assert.ok(page.text.includes(session.title));
  assert.equal(attemptsOf(session).length, 0);
  const { text } = await receipt(client, await client.post('/check-in', hidden(page, '/check-in')));
  assert.match(text, /You are in/);
  assert.deepEqual(attemptsOf(session).map((a) => a.path), ['qr']);
});

test('a scan before signing in counts by its time, however long signing in takes', async () => {
  const name = newStudent(`scan_${process.pid}`);
  const session = newAttendance();
  const browser = new Client();
  const token = tokenOf(session);
  const scan = await browser.get(`/c/${token}`);
  assert.equal(scan.status, 303);
  assert.equal(scan.headers.location, `/sign-in?next=/c/${token}`);
  assert.equal(attemptsOf(session).length, 0);
  // Late, and closed, by the time the password is found.
  sql(`UPDATE attendance_session SET late_at = UTC_TIMESTAMP(6) - INTERVAL 1 MICROSECOND, opens_at = opens_at - INTERVAL 1 HOUR WHERE id = ${session.id}`);
  const before = sql(`SELECT late_at FROM attendance_session WHERE id = ${session.id}`)[0][0];
  sql(`UPDATE attendance_session SET late_at = '${before}' + INTERVAL 2 SECOND WHERE id = ${session.id}`);
  await new Promise((resolve) => { setTimeout(resolve, 2200); });
  await browser.signIn(name);
  const page = await browser.get(`/c/${token}`);
  assert.match(plain(page), /Your scan is noted/);
  const { text } = await receipt(browser, await browser.post('/check-in', hidden(page, '/check-in')));
  assert.match(text, /Marked present/);
  assert.equal(recordOf(session, name), 'present');
});

test('a scan in time counts, though the session has closed when the student has signed in', async () => {
  const name = newStudent(`closed_${process.pid}`);
  const session = newAttendance();
  const browser = new Client();
  const token = tokenOf(session);
  await browser.get(`/c/${token}`);
  sql(`UPDATE attendance_session SET closes_at = UTC_TIMESTAMP(6) WHERE id = ${session.id}`);
  await until('the clock has closed it', () => sql(`SELECT state FROM attendance_session WHERE id = ${session.id}`)[0][0] === 'closed', 20);
  assert.equal(recordOf(session, name), 'absent');
  await browser.signIn(name);
  const page = await browser.get(`/c/${token}`);
  assert.match(plain(page), /Your scan is noted/);
  assert.match((await receipt(browser, await browser.post('/check-in', hidden(page, '/check-in')))).text, /You are in/);
  assert.equal(recordOf(session, name), 'present');
});

test('excused before the session: who comes all the same is in', async () => {
  const client = await student();
  const session = newAttendance();
  sql(`INSERT INTO attendance_record (attendance_id, person_id, status, method, happened_at, updated_at)
    SELECT ${session.id}, person_id, 'excused', 'excuse', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM account WHERE username = '${client.name}'`);
  assert.match((await client.get('/today')).text, /You are excused/);
  assert.match((await receipt(client, await typeCode(client, session, codeOf(session)))).text, /You are in/);
});

test('nobody said which session: the code decides', async () => {
  const [[course]] = sql(`INSERT INTO course (branch_id, code, title) VALUES (1, 'ONE${process.pid}', 'One'); SELECT LAST_INSERT_ID();`);
  const client = await student({ course });
  const first = newAttendance({ course });
  const page = await client.get('/check-in');
  const fields = hidden(page, '/check-in');
  const guessed = Number(fields.guess);
  assert.equal(guessed, first.id);
  const second = newAttendance({ course });
  assert.match((await receipt(client, await client.post('/check-in', { ...fields, code: codeOf(second) }))).text, /You are in/);
  assert.equal(recordOf(second, client.name), 'present');
  const wrong = await client.post('/check-in', { ...fields, code: 'AAAAAA' });
  assert.match(plain(wrong), /You have 4 tries left/, 'a wrong one counts for the session that was meant');
});

test('scans that are old, of nothing, or made up', async () => {
  const client = await student();
  const session = newAttendance();
  const old = await client.get(`/c/${tokenOf(session, 60)}`);
  assert.equal(old.status, 422);
  assert.ok(plain(old).includes(sentence('code_old')));
  const token = tokenOf(session);
  for (const wrong of ['x', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAA', `${token.slice(0, -1)}${token.endsWith('G') ? '8' : 'G'}`, tokenOf({ ...session, id: 999999 }), '%3Cscript%3E', 'A'.repeat(150)]) {
    for (const who of [client, anonymous()]) {
      const page = await who.get(`/c/${wrong}`);
      assert.equal(page.status, 422, wrong);
      assert.ok(page.text.includes('This scan does not work'));
    }
  }
  assert.equal(attemptsOf(session).length, 0);
});

test('a receipt works once, in its browser, for one student, for a while', async () => {
  const session = newAttendance();
  const [first, second, third] = [newStudent(`r1_${process.pid}`), newStudent(`r2_${process.pid}`), newStudent(`r3_${process.pid}`)];
  const browser = new Client();
  await browser.get(`/c/${tokenOf(session)}`);
  const scanned = new Map(browser.cookies);
  const fields = { session: session.id, ready: 1 };

  await browser.signIn(first);
  assert.match((await receipt(browser, await browser.post('/check-in', { ...fields, nonce: 'a' }))).text, /You are in/);

  // By another, in the same browser.
  const shared = new Client();
  shared.cookies = new Map(scanned);
  await shared.signIn(second);
  const used = await receipt(shared, await shared.post('/check-in', { ...fields, nonce: 'b' }));
  assert.ok(used.text.includes(sentence('receipt_used')), used.text);
  assert.equal(recordOf(session, second), null);

  // In another browser.
  const other = new Client();
  other.cookies = new Map([...scanned].filter(([name]) => name !== 'browser'));
  await other.signIn(third);
  const wrong = await other.post('/check-in', { ...fields, nonce: 'c' });
  assert.equal(wrong.status, 422);
  assert.ok(plain(wrong).includes(sentence('receipt_wrong')));

  // Edited, and of somebody else's flow.
  const edited = new Client();
  edited.cookies = new Map(scanned);
  edited.cookies.set('checkin', scanned.get('checkin').replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')));
  await edited.signIn(third);
  assert.equal((await edited.post('/check-in', { ...fields, nonce: 'd' })).status, 422);
  assert.equal(recordOf(session, third), null);
});

test('without the flow cookie a scan asks for the code again', async () => {
  const client = await student();
  const session = newAttendance();
  const page = await client.get(`/c/${tokenOf(session)}`);
  client.cookies.delete('checkin');
  const answer = await client.post('/check-in', hidden(page, '/check-in'));
  assert.equal(answer.status, 422);
  assert.equal(besides(answer, 'code-e'), sentence('code_missing'));
});

test('the links of the older portal lead to the same page', async () => {
  const client = await student();
  const token = tokenOf(newAttendance());
  assert.equal((await client.get(`/student/qr-checkin?token=${token}`)).headers.location, `/c/${token}`);
  assert.equal((await client.get('/student/qr-checkin?token=%2F%2Fevil.example')).headers.location, '/check-in');
  assert.equal((await client.get('/student/qr-checkin')).headers.location, '/check-in');
});

test('the browser has a long-lived cookie that no script reads; one browser for many is flagged', async () => {
  const session = newAttendance({ levels: { device: 'flag' } });
  const first = await student();
  const page = await first.get('/check-in');
  const cookie = page.headers['set-cookie'].find((line) => line.startsWith('browser='));
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Lax/);
  assert.match(cookie, /Max-Age=34560000/);
  await receipt(first, await typeCode(first, session, codeOf(session)));
  const second = await student();
  second.cookies.set('browser', first.cookies.get('browser'));
  const { text } = await receipt(second, await typeCode(second, session, codeOf(session)));
  assert.match(text, /Waiting for your teacher/);
  assert.match(text, /Other students used it too/);
  assert.equal(recordOf(session, second.name), null);
});

/* ---- no code, no steps ----------------------------------------------------------------------- */

test('a session without a code has a button only', async () => {
  const client = await student();
  const session = newAttendance({ levels: { code: 'off' } });
  const page = await client.get(`/check-in?session=${session.id}`);
  assert.ok(!page.text.includes('name="code"'));
  assert.equal(attemptsOf(session).length, 0);
  const fields = hidden(page, '/check-in');
  const { path, text } = await receipt(client, await client.post('/check-in', fields));
  assert.match(text, /You are in/);
  assert.equal((await client.post('/check-in', fields)).headers.location, path);
  assert.equal(attemptsOf(session).length, 1);
});

/* ---- the place -------------------------------------------------------------------------------- */

/* Past the code of a session that asks for the place: at the location step. */
async function atPlace(levels = { place: 'must' }, options = {}) {
  const client = await student();
  const session = newAttendance({ levels, ...options });
  const answer = await typeCode(client, session, codeOf(session));
  assert.equal(answer.headers.location, '/check-in/location', answer.text.slice(0, 2000));
  assert.equal(attemptsOf(session).length, 0);
  return { client, session };
}
const locate = (client, fields) => client.post('/check-in/location', fields);

test('in the room: shown first, then used', async () => {
  const { client, session } = await atPlace();
  const asked = await client.get('/check-in/location');
  assert.match(plain(asked), /kept for 30 days, then deleted/);
  const sent = await locate(client, { lat: room.latitude + 0.0001, lon: room.longitude, acc: '9.4' });
  assert.equal(sent.headers.location, '/check-in/location');
  const shown = await client.get('/check-in/location');
  assert.match(plain(shown), /11 m from the room\. Accurate to 9 m/);
  assert.match(shown.text, /<circle class="me" cx="170" cy="85"/);
  assert.equal(attemptsOf(session).length, 0);
  const { text } = await receipt(client, await locate(client, { go: 1 }));
  assert.match(text, /You are in/);
  assert.match(text, /11 m from B204/);
});

test('far away is refused with the facts, and can be tried again', async () => {
  const { client, session } = await atPlace();
  await locate(client, { lat: room.latitude + 0.0038, lon: room.longitude, acc: 35 });
  assert.match(plain(await client.get('/check-in/location')), /42\d m away, 60 m allowed/);
  const { text, page } = await receipt(client, await locate(client, { go: 1 }));
  assert.match(text, /Not checked in You seem to be 42\d m from the room; 60 m are allowed\. You have 4 tries left until \d\d:\d\d/);
  assert.ok(page.text.includes(`href="/check-in?session=${session.id}"`));
  assert.equal((await client.get(`/check-in?session=${session.id}`)).status, 200);
});

test('unsure and not shared wait for the teacher; the page asks again by itself', async () => {
  for (const fields of [{ lat: room.latitude + 0.0006, lon: room.longitude, acc: 80 }, { skip: 1 }]) {
    const { client, session } = await atPlace();
    let answer = await locate(client, fields);
    if (!fields.skip) answer = await locate(client, { go: 1 });
    const { text, page, path } = await receipt(client, answer);
    assert.match(text, /Waiting for your teacher/);
    assert.match(page.text, /<noscript><meta http-equiv="refresh"/);
    assert.equal(recordOf(session, client.name), null);
    // Made better while it waits.
    assert.ok(page.text.includes('href="/check-in/location"'));
    await locate(client, { lat: room.latitude, lon: room.longitude, acc: 5 });
    assert.match((await receipt(client, await locate(client, { go: 1 }))).text, /You are in/);
    assert.match(plain(await client.get(path)), /You are in/, 'the first receipt knows of it');
  }
});

test('without an accuracy a place beside the room is unsure', async () => {
  const { client } = await atPlace();
  await locate(client, { lat: room.latitude + 0.0006, lon: room.longitude });
  assert.match(plain(await client.get('/check-in/location')), /How exact that is was not said/);
  assert.match((await receipt(client, await locate(client, { go: 1 }))).text, /Waiting for your teacher/);
});

test('coordinates that cannot be', async () => {
  const { client, session } = await atPlace();
  for (const fields of [{ lat: 'NaN', lon: '2', acc: 5 }, { lat: '48', lon: 'Infinity', acc: 5 }, { lat: '91', lon: '2', acc: 5 }, { lat: '48', lon: '-180.1', acc: 5 },
    { lat: '48', lon: '2', acc: 'NaN' }, { lat: '48', lon: '2', acc: '-3' }, { lat: '48', lon: '2', acc: '1e9' }, { lat: '0x10', lon: '2', acc: 5 }, { lat: '48', lon: '2'.repeat(60), acc: 5 },
    { lat: '48', acc: 5 }, { lon: '2' }, {}, { go: 1 }]) {
    const answer = await locate(client, fields);
    assert.equal(answer.status, 422, JSON.stringify(fields));
  }
  assert.equal(attemptsOf(session).length, 0);
  assert.equal((await locate(client, { skip: 1 })).status, 303, 'the way on is still there');
});

test('the steps alone lead to the beginning', async () => {
  const client = await student();
  for (const path of ['/check-in/location', '/check-in/selfie']) {
    assert.equal((await client.get(path)).headers.location, '/check-in');
    assert.equal((await client.post(path, path.endsWith('selfie') ? multipart([{ name: 'skip', value: '1' }]) : { skip: 1 })).headers.location, '/check-in');
  }
});

test("a flow is its student's: the next one on the machine begins anew", async () => {
  const { client } = await atPlace();
  const next = await student();
  next.cookies.set('checkin', client.cookies.get('checkin'));
  assert.equal((await next.get('/check-in/location')).headers.location, '/check-in');
});

/* ---- the photo ----------------------------------------------------------------------------------- */

const photo = (bytes, filename = 'me.jpg', type = 'image/jpeg') => multipart([{ name: 'photo', filename, type, bytes }]);
const jpeg = () => sample('im.jpg').bytes;
async function atPhoto(levels = { photo: 'must' }) {
  const client = await student();
  const session = newAttendance({ levels });
  const answer = await typeCode(client, session, codeOf(session));
  assert.equal(answer.headers.location, '/check-in/selfie');
  return { client, session };
}
const files = () => Number(sql("SELECT COUNT(*) FROM file WHERE branch_id IS NULL AND state = 'stored'")[0][0]);

/* A PNG of any size of one colour; its rows are there. */
function png(width, height) {
  const table = Array.from({ length: 256 }, (_, i) => { let c = i; for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; return c >>> 0; });
  const crc = (b) => { let c = 0xffffffff; for (const x of b) c = table[(c ^ x) & 255] ^ (c >>> 8); return (c ^ 0xffffffff) >>> 0; };
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const out = Buffer.alloc(8 + body.length);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), 4 + body.length);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([1, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + Math.ceil(width / 8)));
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

test('a photo waits for the teacher, is kept as evidence with an end, and may be taken again', async () => {
  const { client, session } = await atPhoto();
  const page = await client.get('/check-in/selfie');
  assert.match(page.text, /capture="user"/);
  assert.match(plain(page), /Look directly at the camera/);
  const { text, page: result } = await receipt(client, await client.post('/check-in/selfie', photo(jpeg())));
  assert.match(text, /Waiting for your teacher/);
  assert.match(text, /Your teacher will look at it/);
  const [[stored, days]] = sql(`SELECT COUNT(*), MIN(TIMESTAMPDIFF(DAY, UTC_TIMESTAMP(6), p.expires_at)) FROM attempt_photo p JOIN attendance_attempt t ON t.id = p.attempt_id WHERE t.attendance_id = ${session.id}`);
  assert.equal(stored, '1');
  assert.ok(days === '29' || days === '30', days);
  assert.ok(result.text.includes('href="/check-in/selfie"'));
  const better = await receipt(client, await client.post('/check-in/selfie', photo(png(300, 400), 'better.png', 'image/png')));
  assert.match(better.text, /Waiting for your teacher/);
  assert.equal(attemptsOf(session, { person: client.name }).filter((a) => a.decided === 'open').length, 1);
});

test('the content decides, not the name', async () => {
  const { client } = await atPhoto();
  assert.equal((await client.post('/check-in/selfie', photo(jpeg(), 'blob', 'application/octet-stream'))).status, 303);
});

test('what is no picture, too big or too wide is refused beside the field and not kept', async () => {
  const { client, session } = await atPhoto();
  const before = files();
  const wide = Buffer.from(jpeg());
  for (let i = 2; i < wide.length;) { // the frame's header claims 30,000 pixels
    if (wide[i + 1] >= 0xc0 && wide[i + 1] <= 0xc2) { wide.writeUInt16BE(30000, i + 7); break; }
    i += 2 + wide.readUInt16BE(i + 2);
  }
  for (const [bytes, reason, status] of [
    [Buffer.from('not a picture'), 'photo_type', 422],
    [sample('im.gif').bytes, 'photo_type', 422],
    [jpeg().subarray(0, 600), 'photo_type', 422],
    [Buffer.concat([jpeg(), Buffer.alloc(11 * 1024 * 1024 - jpeg().length)]), 'photo_too_big', 413],
    [png(30000, 10), 'photo_pixels', 422],
    [png(10, 30000), 'photo_pixels', 422],
    [wide, 'photo_pixels', 422],
    [Buffer.alloc(0), 'photo_missing', 422],
  ]) {
    const answer = await client.post('/check-in/selfie', photo(bytes));
    assert.equal(answer.status, status, reason);
    assert.equal(besides(answer, 'photo-e'), sentence(reason, 20000));
  }
  const huge = await client.post('/check-in/selfie', photo(Buffer.alloc(14 * 1024 * 1024)));
  assert.equal(huge.status, 413, 'the front door refuses it');
  assert.equal(files(), before);
  assert.equal(attemptsOf(session).length, 0);
});

test('without a photo the teacher decides', async () => {
  const { client } = await atPhoto();
  const { text } = await receipt(client, await client.post('/check-in/selfie', multipart([{ name: 'skip', value: '1' }])));
  assert.match(text, /Waiting for your teacher/);
  assert.match(text, /Selfie Not taken/);
});

test('a photo whose attempt came to nothing is let go', async () => {
  const { client, session } = await atPhoto();
  sql(`UPDATE attendance_session SET state = 'closed', closes_at = UTC_TIMESTAMP(6) - INTERVAL 1 HOUR, opens_at = UTC_TIMESTAMP(6) - INTERVAL 2 HOUR WHERE id = ${session.id}`);
  const before = files();
  const { text } = await receipt(client, await client.post('/check-in/selfie', photo(jpeg())));
  assert.ok(text.includes(sentence('attendance_closed')));
  const held = Number(sql(`SELECT COUNT(*) FROM attempt_photo p JOIN attendance_attempt t ON t.id = p.attempt_id WHERE t.attendance_id = ${session.id}`)[0][0]);
  await until('the photo is gone, or held', () => files() === before + held);
});

test('code, place and photo in a row, and a double tap at the end is one try', async () => {
  const { client, session } = await atPlace({ place: 'must', photo: 'flag' });
  await locate(client, { lat: room.latitude, lon: room.longitude, acc: 5 });
  assert.equal((await locate(client, { go: 1 })).headers.location, '/check-in/selfie');
  const token = await client.token();
  const send = () => client.send('POST', '/check-in/selfie', { body: photo(jpeg()), headers: { 'x-csrf-token': token } });
  const [a, b] = await Promise.all([send(), send()]);
  assert.equal(a.headers.location, b.headers.location);
  assert.equal(attemptsOf(session).length, 1);
  const { text } = await receipt(client, a);
  assert.match(text, /You are in/);
});

/* ---- opening it oneself ------------------------------------------------------------------------- */

test('who is in the room opens check-in, where the course lets students', async () => {
  const client = await student();
  const planned = (place) => {
    const o = newSession({ day: 0, title: `Unopened ${process.pid} ${n += 1}` });
    sql(`INSERT INTO room (branch_id, name, latitude_e7, longitude_e7, radius_m) VALUES (1, 'Room ${process.pid} ${n}', ${place ? `${room.latitude * 1e7}, ${room.longitude * 1e7}, 60` : 'NULL, NULL, NULL'});
      UPDATE occurrence SET course_id = ${ownCourse()}, room_id = LAST_INSERT_ID(), starts_at = UTC_TIMESTAMP(6) - INTERVAL 3 MINUTE, ends_at = UTC_TIMESTAMP(6) + INTERVAL 80 MINUTE WHERE id = ${o.id};`);
    return o;
  };
  const [o, nowhere] = [planned(true), planned(false)];
  const at = (of, fields) => client.post('/check-in/open', { occurrence: of.id, ...fields });
  const here = { lat: room.latitude, lon: room.longitude, acc: 10 };
  assert.ok(!(await client.get('/today')).text.includes(`/check-in/open?occurrence=${o.id}`));
  assert.equal((await client.get(`/check-in/open?occurrence=${o.id}`)).status, 404);
  sql(`INSERT INTO attendance_policy (branch_id, course_id, auto_open) VALUES (1, ${ownCourse()}, 1)`);
  try {
    assert.ok((await client.get('/today')).text.includes(`/check-in/open?occurrence=${o.id}`));
    assert.equal((await client.get(`/check-in/open?occurrence=${o.id}`)).status, 200);
    for (const [of, fields, reason] of [[o, { lat: room.latitude + 0.01, lon: room.longitude, acc: 10 }, 'auto_open_place'], [nowhere, here, 'auto_open_off'],
      [o, {}, 'place_missing'], [o, { lat: 'NaN', lon: '1' }, 'not_a_place']]) {
      const answer = await at(of, fields);
      assert.equal(answer.status, 422, reason);
      assert.ok(plain(answer).includes(sentence(reason)), plain(answer));
    }
    const opened = await at(o, here);
    assert.match(opened.headers.location, /^\/check-in\?session=\d+$/);
    assert.equal((await client.get(opened.headers.location)).status, 200);
    const other = await student();
    assert.equal((await other.post('/check-in/open', { occurrence: o.id, ...here })).headers.location, opened.headers.location, 'the second finds it open');
  } finally {
    sql(`DELETE FROM attendance_policy WHERE course_id = ${ownCourse()}`);
  }
});

/* ---- the decision ---------------------------------------------------------------------------------- */

test('what the teacher decides stands on the receipt', async () => {
  for (const [decided, said] of [['approved', /You are in/], ['rejected', /did not accept this check-in: Not in the room/]]) {
    const { client, session } = await atPlace();
    const { path } = await receipt(client, await locate(client, { skip: 1 }));
    sql(`UPDATE attendance_attempt SET decided_state = '${decided}', decided_at = UTC_TIMESTAMP(6), decided_why = 'Not in the room' WHERE attendance_id = ${session.id}`);
    const page = await client.get(path);
    assert.match(plain(page), said);
    assert.ok(!page.text.includes('http-equiv="refresh"'));
  }
});

test('the pages speak French', async () => {
  const client = await student();
  client.headers['accept-language'] = 'fr';
  const session = newAttendance();
  const page = await client.get(`/check-in?session=${session.id}`);
  assert.match(page.text, /Tapez le code affiché à l’écran/);
  const answer = await client.post('/check-in', { ...hidden(page, '/check-in'), code: 'AAAAAA' });
  assert.match(answer.text, /Ce code n’est pas le bon/);
  assert.match(answer.text, /Il vous reste 4 essais/);
});

test('a form of another site, or without its token, does nothing', async () => {
  const client = await student();
  const session = newAttendance();
  const fields = { session: session.id, nonce: 'x', code: codeOf(session) };
  assert.equal((await client.post('/check-in', { ...fields, csrf_token: 'wrong' })).status, 403);
  assert.equal((await client.post('/check-in', fields, { headers: { origin: 'https://evil.example' } })).status, 403);
  assert.equal(attemptsOf(session).length, 0);
});
