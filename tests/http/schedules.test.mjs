// Pages of schedules, rooms and moved sessions: what is shown before saving, clashes, and
// what is refused with a sentence at its place.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { as, besides, otherBranch, quoted } from '../lib/classroom.mjs';
import { sql } from '../lib/http.mjs';

let admin, boss, stamp = 0;
before(async () => {
  admin = await as('demo_admin_2'); // of branch 1
  boss = await as('demo_admin_1');
});

const unique = (what) => `${what} ${process.pid} ${++stamp}`;
const insert = (text) => Number(sql(`${text}; SELECT LAST_INSERT_ID()`).at(-1)[0]);
const one = (text) => sql(text)[0][0];
const number = (text) => Number(one(text));

/* A class with a section, a teacher and a room of its own: nothing else meets there. */
function ownPlace({ branch = 1, members = 10, seats = 20 } = {}) {
  const name = unique('Group');
  const section = insert(`INSERT INTO section (batch_id, name) VALUES (1, ${quoted(String(stamp) + 's')})`);
  const group = insert(`INSERT INTO class (branch_id, name, n_members) VALUES (${branch}, ${quoted(name)}, ${members})`);
  sql(`INSERT INTO class_section (class_id, section_id) VALUES (${group}, ${section})`);
  const teacher = insert(`INSERT INTO person (branch_id, given_name, family_name) VALUES (${branch}, 'Own', ${quoted(unique('Teacher'))})`);
  const room = insert(`INSERT INTO room (branch_id, name, capacity) VALUES (${branch}, ${quoted(unique('Room'))}, ${seats})`);
  return { name, section, group, teacher, room };
}

/* Mondays 9:00–10:30 of March 2033 (the 7th, 14th, 21st, 28th). */
const weekly = (place, fields = {}) => ({
  batch_id: place.group, faculty_id: place.teacher, room: place.room, recurrence: 'weekly', weekdays: ['1'], start_date: '2033-03-01', end_date: '2033-03-31',
  start_time: '09:00', end_time: '10:30', n_slots: 1, ...fields,
});
async function made(place, fields) {
  const answer = await admin.post('/admin/schedules', weekly(place, fields));
  assert.equal(answer.status, 303, besides(answer, 'e-class') + answer.text.match(/<div class="flash flash-a".*?<\/div>/s)?.[0]);
  return Number(answer.headers.location.match(/schedules\/(\d+)\?done=added/)[1]);
}
const sessionsOf = (id) => sql(`SELECT session_date, start_time, end_time, state, IFNULL(room_id, 0) FROM occurrence WHERE schedule_id = ${id} ORDER BY session_date, start_time`);
const versionOf = (id) => number(`SELECT version FROM schedule WHERE id = ${id}`);

test('several time slots in one rule', async () => {
  const place = ownPlace();
  const lab = insert(`INSERT INTO room (branch_id, name) VALUES (1, ${quoted(unique('Lab'))})`);
  const id = await made(place, { n_slots: 3, slot2_days: ['3', '5'], slot2_start: '14:00', slot2_end: '15:30', slot2_room: lab });
  const rows = sessionsOf(id);
  assert.equal(rows.length, 4 + 5 + 4, 'four Mondays, five Wednesdays, four Fridays');
  assert.deepEqual(rows[0], ['2033-03-02', '14:00:00', '15:30:00', 'scheduled', String(lab)]);
  assert.deepEqual(rows.find((r) => r[0] === '2033-03-07'), ['2033-03-07', '09:00:00', '10:30:00', 'scheduled', String(place.room)]);
  const page = await admin.get(`/admin/schedules/${id}`);
  assert.match(page.text, /name="slot2_start" type="time" value="14:00"/);
  assert.match(page.text, /name="slot2_days" value="3" checked/);
  const list = await admin.get(`/admin/schedules?group=${place.group}`);
  assert.match(list.text, /Monday 09:00–10:30; Wednesday, Friday 14:00–15:30/);
  // 004 shows the first and keeps the others.
  const answer = await boss.post('/api/schedule_batch.php?action=update', { id, start_time: '08:00', end_time: '09:00' });
  assert.equal(answer.json.success, true, answer.text);
  assert.deepEqual(sessionsOf(id).map((r) => r[1]).sort(), [...Array(4).fill('08:00:00'), ...Array(9).fill('14:00:00')]);
  // A slot that is emptied goes; the rest stays as it is.
  const saved = await admin.post(`/admin/schedules/${id}`, weekly(place, { version: versionOf(id), n_slots: 2, slot2_days: ['3', '5'], start_time: '08:00', end_time: '09:00' }));
  assert.equal(saved.status, 422, 'weekdays without a time are not empty');
  const saved2 = await admin.post(`/admin/schedules/${id}`, weekly(place, { version: versionOf(id), n_slots: 2, start_time: '08:00', end_time: '09:00' }));
  assert.equal(saved2.status, 303);
  assert.equal(sessionsOf(id).length, 4);
});

test('Check shows what will happen and changes nothing', async () => {
  const place = ownPlace();
  const before = number('SELECT COUNT(*) FROM schedule');
  const page = await admin.post('/admin/schedules', weekly(place, { check: 1 }));
  assert.equal(page.status, 200);
  assert.match(page.text, /What will happen/);
  assert.match(page.text, /4 sessions/);
  assert.match(page.text, /No clash of room, teacher or group/);
  assert.equal(number('SELECT COUNT(*) FROM schedule'), before);
  const part = await admin.post('/admin/schedules', weekly(place, { check: 1 }), { headers: { 'HX-Request': 'true' } });
  assert.doesNotMatch(part.text, /<html/);
  assert.match(part.text, /4 sessions/);
  const more = await admin.post('/admin/schedules', weekly(place, { add: 1, start_time: '25:99' }));
  assert.equal(more.status, 200);
  assert.match(more.text, /name="slot2_start"/);
  assert.match(more.text, /value="25:99"/, 'what was typed stays');
});

test('clashes of room, teacher and group need a tick, which is logged', async () => {
  const place = ownPlace(), other = ownPlace();
  await made(place);
  const shared = insert(`INSERT INTO class (branch_id, name) VALUES (1, ${quoted(unique('Both'))})`);
  sql(`INSERT INTO class_section (class_id, section_id) VALUES (${shared}, ${place.section}), (${shared}, ${other.section})`);
  const cases = [
    [{ faculty_id: other.teacher, batch_id: other.group, room: place.room }, 'Room'],
    [{ faculty_id: place.teacher, batch_id: other.group, room: other.room }, 'Teacher'],
    [{ faculty_id: other.teacher, batch_id: shared, room: other.room }, 'Group'],
  ];
  for (const [fields, word] of cases) {
    const late = { ...fields, start_time: '10:00', end_time: '11:00' };
    const page = await admin.post('/admin/schedules', weekly(other, late));
    assert.equal(page.status, 409, word);
    assert.match(page.text, /4 clashes with what is planned already/);
    assert.match(page.text, new RegExp(`class="tag tag-l">${word} `), word);
    assert.match(page.text, /name="accept"/);
    const free = await admin.post('/admin/schedules', weekly(other, { ...fields, start_time: '10:30', end_time: '11:00', check: 1 }));
    assert.match(free.text, /No clash of room/, `${word}: what only touches is none`);
  }
  const saved = await admin.post('/admin/schedules', weekly(other, { ...cases[0][0], accept: 1 }));
  assert.equal(saved.status, 303);
  const id = Number(saved.headers.location.match(/schedules\/(\d+)/)[1]);
  assert.equal(number(`SELECT JSON_VALUE(detail, '$.clashes') FROM audit_log WHERE object = 'schedule' AND object_id = ${id}`), 4);
});

test('two admins save at one time for one room: the second is shown the clash', async () => {
  const first = ownPlace(), second = ownPlace();
  const planned = () => number(`SELECT COUNT(*) FROM schedule WHERE class_id IN (${first.group}, ${second.group}) AND ended_at IS NULL`);
  const both = (fields) => Promise.all([[admin, first], [boss, second]].map(([who, place]) => who.post('/admin/schedules', weekly(place, { room: first.room, ...fields }))));
  for (let round = 1; round <= 5; round += 1) {
    const month = { start_date: `2033-0${round + 3}-01`, end_date: `2033-0${round + 3}-28` };
    const answers = await both(month);
    assert.deepEqual(answers.map((a) => a.status).sort(), [303, 409]);
    const late = answers.find((a) => a.status === 409);
    assert.match(late.text, /4 clashes with what is planned already/);
    assert.match(late.text, /name="accept"/);
    assert.equal(planned(), round);
  }
  // Who has ticked it beforehand is not asked again.
  assert.deepEqual((await both({ start_date: '2033-10-01', end_date: '2033-10-28', accept: 1 })).map((a) => a.status), [303, 303]);
  assert.equal(planned(), 7);
});

test('a group larger than the room is a warning', async () => {
  const place = ownPlace({ members: 21, seats: 20 });
  const page = await admin.post('/admin/schedules', weekly(place));
  assert.equal(page.status, 409);
  assert.match(page.text, /The group has 21 students, room .* 20 seats/);
  assert.equal((await admin.post('/admin/schedules', weekly(place, { accept: 1 }))).status, 303);
});

test('what is wrong is said at its field', async () => {
  const place = ownPlace();
  const cases = [
    [{ weekdays: null }, 'e-d0', /at least one weekday/],
    [{ end_time: '08:00' }, 'e-e0', /end is before the start/],
    [{ start_time: '' }, 'e-s0', /fill this in/],
    [{ start_date: '2033-02-31' }, 'e-from', /does not exist/],
    [{ end_date: '2033-02-01' }, 'e-to', /end is before the start/],
    [{ end_date: '2044-03-01' }, 'e-to', /At most 3700 days/],
    [{ recurrence: 'daily', end_date: '2043-03-01', n_slots: 2, slot2_start: '11:00', slot2_end: '12:00' }, 'e-to', /At most 4000 sessions/],
    [{ recurrence: 'monthly', day_of_month: '31', start_date: '2033-02-01', end_date: '2033-02-28' }, 'e-day', /No month/],
    [{ recurrence: 'monthly', day_of_month: '' }, 'e-day', /does not exist/],
    [{ n_slots: 2, slot2_days: ['1'], slot2_start: '10:00', slot2_end: '11:00' }, 'e-s1', /overlaps another/],
    [{ n_slots: 2, slot2_days: [], slot2_start: '12:00', slot2_end: '13:00' }, 'e-d1', /at least one weekday/],
    [{ batch_id: '' }, 'e-class', /fill this in/],
    [{ title: 'x'.repeat(201) }, 'e-title', /At most 200 characters/],
    [{ recurrence: 'yearly' }, 'e-kind', /choose one of the list/],
    [{ weekdays: ['2'], start_date: '2033-03-07', end_date: '2033-03-07' }, 'e-from', /makes no session/],
  ];
  for (const [fields, id, text] of cases) {
    const page = await admin.post('/admin/schedules', weekly(place, fields));
    assert.equal(page.status, 422, JSON.stringify(fields));
    assert.match(besides(page, id), text, JSON.stringify(fields));
  }
  const months = await admin.post('/admin/schedules', weekly(place, { recurrence: 'monthly', day_of_month: '31', start_date: '2033-01-01', end_date: '2033-04-30', check: 1 }));
  assert.match(months.text, /Months without this day are left out: February 2033, April 2033\./);
});

test('a branch admin reaches no other branch, in any field or address', async () => {
  otherBranch();
  const place = ownPlace(), branch = 90;
  const theirs = ownPlace({ branch });
  const course = insert(`INSERT INTO course (branch_id, code, title) VALUES (${branch}, ${quoted(unique('C'))}, 'Theirs')`);
  for (const [fields, id] of [[{ batch_id: theirs.group }, 'e-class'], [{ faculty_id: theirs.teacher }, 'e-teacher'], [{ course_id: course }, 'e-course'],
    [{ room: theirs.room }, 'e-r0'], [{ n_slots: 2, slot2_days: ['2'], slot2_start: '09:00', slot2_end: '10:00', slot2_room: theirs.room }, 'e-r1'],
    [{ batch_id: 99999999 }, 'e-class']]) {
    const page = await admin.post('/admin/schedules', weekly(place, fields));
    assert.equal(page.status, 422, JSON.stringify(fields));
    assert.match(besides(page, id), /choose one of the list/, JSON.stringify(fields));
  }
  const answer = await boss.post('/admin/schedules', weekly(theirs));
  assert.equal(answer.status, 303);
  const id = Number(answer.headers.location.match(/schedules\/(\d+)/)[1]);
  for (const path of [`/admin/schedules/${id}`, `/admin/schedules/${id}/end`, `/admin/rooms/${theirs.room}`]) {
    assert.equal((await admin.get(path)).status, 404, path);
    assert.equal((await admin.post(path, weekly(place, { version: 0 }))).status, 404, path);
  }
  assert.equal((await admin.post(`/admin/rooms/${theirs.room}/end`, {})).status, 404);
  assert.doesNotMatch((await admin.get(`/admin/schedules?branch=${branch}`)).text, new RegExp(`/admin/schedules/${id}"`));
  assert.doesNotMatch((await admin.get(`/admin/rooms?branch=${branch}`)).text, new RegExp(`/admin/rooms/${theirs.room}"`));
  assert.equal(sessionsOf(id).length, 4, 'nothing happened to it');
  const teacher = await as('demo_teacher_1');
  for (const path of ['/admin/schedules', '/admin/rooms', '/admin/closures', `/admin/schedules/${id}`]) assert.equal((await teacher.get(path)).status, 404, path);
});

test('two admins edit one schedule: the second sees what changed', async () => {
  const place = ownPlace();
  const id = await made(place);
  const version = versionOf(id);
  assert.equal((await admin.post(`/admin/schedules/${id}`, weekly(place, { version, title: 'First wins' }))).status, 303);
  const second = await boss.post(`/admin/schedules/${id}`, weekly(place, { version, title: 'Second <typed>' }));
  assert.equal(second.status, 409);
  assert.match(second.text, /Demo Admin 2/);
  assert.match(second.text, /First wins/);
  assert.match(second.text, /value="Second &lt;typed&gt;"/);
  const again = await boss.post(`/admin/schedules/${id}`, weekly(place, { version: second.text.match(/name="version" value="(\d+)"/)[1], title: 'Second' }));
  assert.equal(again.status, 303);
  assert.equal(one(`SELECT title FROM schedule WHERE id = ${id}`), 'Second');
});

test('one session is moved with a reason and back, and its schedule leaves it there', async () => {
  const place = ownPlace();
  const id = await made(place);
  const session = number(`SELECT id FROM occurrence WHERE schedule_id = ${id} AND session_date = '2033-03-14'`);
  const path = `/sessions/${session}`;
  const version = () => number(`SELECT version FROM occurrence WHERE id = ${session}`);
  const form = (fields) => ({ version: version(), day: '2033-03-15', start: '13:00', end: '14:00', room: '', reason: 'Fire drill', ...fields });
  assert.match((await admin.get(`${path}/move`)).text, /name="day" type="date" value="2033-03-14"/);
  for (const [fields, field, text] of [[{ reason: '' }, 'm-reason-e', /reason/], [{ end: '12:00' }, 'm-end-e', /before the start/], [{ day: '2033-02-30' }, 'm-day-e', /does not exist/],
    [{ day: '2033-03-21', start: '09:00', end: '10:30', accept: 1 }, 'm-day-e', /choose one/]]) {
    const page = await admin.post(`${path}/move`, form(fields));
    assert.equal(page.status, 422, JSON.stringify(fields));
    assert.match(besides(page, field), text);
  }
  const clash = await admin.post(`${path}/move`, form({ day: '2033-03-21', start: '10:00', end: '11:00' }));
  assert.equal(clash.status, 409);
  assert.match(clash.text, /1 clash with what is planned already/);
  const done = await admin.post(`${path}/move`, form());
  assert.equal(done.status, 303);
  const page = await admin.get(done.headers.location);
  assert.match(page.text, /is moved/);
  assert.match(page.text, /Fire drill/);
  assert.match(page.text, /action="\/sessions\/\d+\/move-back"/);
  // A later change of the rule leaves it, and makes no other in its place.
  assert.equal((await admin.post(`/admin/schedules/${id}`, weekly(place, { version: versionOf(id), start_time: '09:15' }))).status, 303);
  assert.deepEqual(sessionsOf(id).map((r) => `${r[0]} ${r[1]}`), ['2033-03-07 09:15:00', '2033-03-15 13:00:00', '2033-03-21 09:15:00', '2033-03-28 09:15:00']);
  const back = await admin.post(`${path}/move-back`, { version: version() });
  assert.equal(back.status, 303);
  assert.deepEqual(sessionsOf(id)[1], ['2033-03-14', '09:00:00', '10:30:00', 'scheduled', String(place.room)]);
  assert.equal((await admin.post(`${path}/move-back`, { version: version() })).status, 409);
  const stranger = await as('demo_teacher_9');
  assert.equal((await stranger.get(`${path}/move`)).status, 404);
  assert.equal((await stranger.post(`${path}/move`, form())).status, 404);
  const employee = await as('demo_employee_1');
  sql(`INSERT INTO class_staff (class_id, person_id) VALUES (${place.group}, 13)`);
  assert.equal((await employee.get(path)).status, 200);
  assert.equal((await employee.get(`${path}/move`)).status, 404, 'employees may not move');
});

test('ending a schedule says what goes, and keeps what happened', async () => {
  const place = ownPlace();
  const id = await made(place);
  const kept = number(`SELECT MIN(id) FROM occurrence WHERE schedule_id = ${id}`);
  assert.equal((await admin.post(`/sessions/${kept}/cancel`, { version: 1, reason: 'Strike' })).status, 303);
  const ask = await admin.get(`/admin/schedules/${id}/end`);
  assert.match(ask.text, /3 sessions that nobody has worked on go/);
  assert.match(ask.text, /1 session that was completed, moved or cancelled stays/);
  assert.equal((await admin.post(`/admin/schedules/${id}/end`, {})).status, 303);
  assert.equal(sessionsOf(id).length, 1);
  assert.equal((await admin.get(`/admin/schedules/${id}`)).status, 404);
  assert.match((await admin.get(`/admin/schedules?group=${place.group}&state=ended`)).text, /Ended/);
});

test('rooms: a name once per branch, seats, out of use and back', async () => {
  const name = unique('Studio');
  const added = await admin.post('/admin/rooms', { name, capacity: 12 });
  assert.equal(added.status, 303);
  const path = added.headers.location.replace(/\?.*/, '');
  const id = Number(path.match(/\d+$/)[0]);
  assert.match(besides(await admin.post('/admin/rooms', { name: name.toUpperCase() }), 'r-name-e'), /room of this name/);
  for (const [fields, at, text] of [[{ name: '' }, 'r-name-e', /fill this in/], [{ name: 'y'.repeat(81) }, 'r-name-e', /At most 80/], [{ name: 'n', capacity: '0' }, 'r-capacity-e', /At least 1/],
    [{ name: 'n', capacity: 'many' }, 'r-capacity-e', /whole number/], [{ name: 'n', capacity: '100001' }, 'r-capacity-e', /At most 100,?000/]]) {
    const page = await admin.post('/admin/rooms', fields);
    assert.equal(page.status, 422, JSON.stringify(fields));
    assert.match(besides(page, at), text, JSON.stringify(fields));
  }
  assert.match(besides(await admin.post('/admin/rooms', { name: unique('n'), branch: 99999 }), 'r-branch-e'), /choose one/);
  // Renaming reaches the sessions to come.
  const place = ownPlace();
  const schedule = await made(place, { room: id });
  const renamed = unique('Renamed');
  const version = number(`SELECT version FROM room WHERE id = ${id}`);
  assert.equal((await admin.post(path, { version, name: renamed, capacity: '' })).status, 303);
  assert.deepEqual(sql(`SELECT DISTINCT room FROM occurrence WHERE schedule_id = ${schedule}`), [[renamed]]);
  const stale = await boss.post(path, { version, name: 'Mine', capacity: 3 });
  assert.equal(stale.status, 409);
  assert.match(stale.text, /Demo Admin 2/);
  assert.match(stale.text, /value="Mine"/);
  assert.match((await admin.get(path)).text, /4 sessions to come/);
  assert.equal((await admin.post(`${path}/end`, {})).status, 303);
  assert.match(besides(await admin.post('/admin/schedules', weekly(place, { room: id, start_date: '2033-05-01', end_date: '2033-05-31' })), 'e-r0'), /no longer in use/);
  assert.equal(sql(`SELECT DISTINCT room FROM occurrence WHERE schedule_id = ${schedule}`)[0][0], renamed, 'what is planned stays');
  assert.equal((await admin.post('/admin/rooms', { name: renamed })).status, 303, 'the name is free');
  const blocked = await admin.post(`${path}/restore`, {});
  assert.equal(blocked.status, 422);
  assert.match(blocked.text, /room of this name/);
});

test('the list is filtered by the address', async () => {
  const place = ownPlace();
  const title = unique('Findable');
  const id = await made(place, { title });
  for (const query of [`q=${encodeURIComponent(title.toLowerCase())}`, `room=${place.room}`, `teacher=${place.teacher}`, `group=${place.group}`, `q=${encodeURIComponent(place.name)}`]) {
    const page = await admin.get(`/admin/schedules?${query}`);
    assert.match(page.text, new RegExp(`/admin/schedules/${id}"`), query);
    assert.match(page.text, /1 to 1 of 1/, query);
  }
  assert.match((await admin.get('/admin/schedules?q=%25_nothing')).text, /Nothing matches/);
  assert.equal((await admin.get('/admin/schedules?state=nonsense&page=abc')).status, 200);
});

test('wall-clock times across clock changes are shown and stored', async () => {
  const branch = insert(`INSERT INTO branch (name, zone) VALUES (${quoted(unique('Paris'))}, 'Europe/Paris')`);
  const place = ownPlace({ branch });
  const night = { recurrence: 'daily', start_date: '2033-03-26', end_date: '2033-03-28', start_time: '02:30', end_time: '03:15' };
  const page = await boss.post('/admin/schedules', weekly(place, { ...night, check: 1 }));
  assert.match(page.text, /1 session is touched by a change of the clocks/);
  assert.match(page.text, /it begins at 03:30/);
  const answer = await boss.post('/admin/schedules', weekly(place, night));
  assert.equal(answer.status, 303);
  const id = Number(answer.headers.location.match(/schedules\/(\d+)/)[1]);
  assert.deepEqual(sql(`SELECT starts_at, ends_at FROM occurrence WHERE schedule_id = ${id} ORDER BY session_date`).map((r) => r.map((c) => c.slice(0, 19))),
    [['2033-03-26 01:30:00', '2033-03-26 02:15:00'], ['2033-03-27 01:30:00', '2033-03-27 02:15:00'], ['2033-03-28 00:30:00', '2033-03-28 01:15:00']]);
  const twice = await boss.post('/admin/schedules', weekly(place, { ...night, start_date: '2033-10-30', end_date: '2033-10-30', check: 1 }));
  assert.match(twice.text, /comes twice, the first is meant/);
});
