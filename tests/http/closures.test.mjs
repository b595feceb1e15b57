// Closures: what falls on one is shown, cancelled and brought back; nothing that happened is
// touched.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { as, besides, otherBranch, quoted } from '../lib/classroom.mjs';
import { sql } from '../lib/http.mjs';

let admin, boss, stamp = 0;
before(async () => {
  admin = await as('demo_admin_2');
  boss = await as('demo_admin_1');
});

const insert = (text) => Number(sql(`${text}; SELECT LAST_INSERT_ID()`).at(-1)[0]);
const number = (text) => Number(sql(text)[0][0]);

/* A branch of its own: no closure of this file falls on other tests. */
function ownBranch() {
  const branch = insert(`INSERT INTO branch (name, zone) VALUES ('Closed ${process.pid} ${++stamp}', 'UTC')`);
  const group = insert(`INSERT INTO class (branch_id, name) VALUES (${branch}, 'G${stamp}')`);
  return { branch, group };
}
const daily = (place, fields = {}) => ({
  batch_id: place.group, recurrence: 'daily', start_date: '2034-05-01', end_date: '2034-05-10', start_time: '09:00', end_time: '10:00', n_slots: 1, ...fields,
});
async function made(place, fields) {
  const answer = await boss.post('/admin/schedules', daily(place, fields));
  assert.equal(answer.status, 303);
  return Number(answer.headers.location.match(/schedules\/(\d+)/)[1]);
}
const states = (id) => sql(`SELECT state, IFNULL(cancel_cause, '-'), COUNT(*) FROM occurrence WHERE schedule_id = ${id} GROUP BY 1, 2`).map((r) => r.join(' ')).sort();
const closureOf = (place) => number(`SELECT MAX(id) FROM closure WHERE branch_id = ${place.branch}`);

test('what falls on a new closure is shown, cancelled, and comes back', async () => {
  const place = ownBranch();
  const id = await made(place);
  const ids = sql(`SELECT id FROM occurrence WHERE schedule_id = ${id} ORDER BY session_date`).map((r) => Number(r[0]));
  sql(`INSERT INTO completion (occurrence_id) VALUES (${ids[2]}); UPDATE occurrence SET completion_id = LAST_INSERT_ID() WHERE id = ${ids[2]}`);
  const form = { branch: place.branch, name: 'Spring break', from: '2034-05-02', to: '2034-05-04' };
  const shown = await boss.post('/admin/closures', form);
  assert.equal(shown.status, 200);
  assert.match(shown.text, /2 sessions fall on it/);
  assert.match(shown.text, /1 session stays: it has a completion/);
  assert.equal(number(`SELECT COUNT(*) FROM closure WHERE branch_id = ${place.branch}`), 0, 'nothing yet');
  assert.equal((await boss.post('/admin/closures', { ...form, accept: 1 })).status, 303);
  assert.deepEqual(states(id), ['cancelled closure 2', 'scheduled - 8']);
  assert.match((await boss.get(`/sessions/${ids[1]}`)).text, /Cancelled: <bdi>Spring break/);
  // A schedule made over it leaves its days out, and the page says so.
  const check = await boss.post('/admin/schedules', daily(place, { start_time: '14:00', end_time: '15:00', check: 1 }));
  assert.match(check.text, /3 sessions fall on a closure and are not made/);
  assert.match(check.text, /Spring break/);
  const late = await made(place, { start_time: '14:00', end_time: '15:00' });
  assert.deepEqual(states(late), ['scheduled - 7']);
  // A change of the first keeps what the closure cancelled.
  assert.equal((await boss.post(`/admin/schedules/${id}`, daily(place, { version: 1, title: 'Other name' }))).status, 303);
  assert.deepEqual(states(id), ['cancelled closure 2', 'scheduled - 8']);
  // Shorter: one day is open again.
  const closure = closureOf(place);
  const path = `/admin/closures/${closure}`;
  assert.equal((await boss.post(path, { version: 1, name: 'Spring day', from: '2034-05-02', to: '2034-05-03' })).status, 303);
  assert.deepEqual(states(id), ['cancelled closure 1', 'scheduled - 9']);
  assert.deepEqual(states(late), ['scheduled - 8']);
  const stale = await boss.post(path, { version: 1, name: 'Mine', from: '2034-05-02' });
  assert.equal(stale.status, 409);
  assert.match(stale.text, /Spring day/);
  assert.match(stale.text, /value="Mine"/);
  assert.equal((await boss.post(`${path}/remove`, {})).status, 303);
  assert.deepEqual(states(id), ['scheduled - 10']);
  assert.deepEqual(states(late), ['scheduled - 10']);
  assert.deepEqual(sql(`SELECT DISTINCT title FROM occurrence WHERE schedule_id = ${id}`), [['Other name']]);
  assert.equal((await boss.get(path)).status, 404);
  assert.deepEqual(sql(`SELECT action FROM audit_log WHERE object = 'closure' AND object_id = ${closure} ORDER BY id`).flat(), ['closure.created', 'closure.updated', 'closure.removed']);
});

test('two closures over one day: it opens when both are gone', async () => {
  const place = ownBranch();
  const id = await made(place);
  const form = { branch: place.branch, name: 'One', from: '2034-05-05', accept: 1 };
  assert.equal((await boss.post('/admin/closures', form)).status, 303);
  const first = closureOf(place);
  assert.equal((await boss.post('/admin/closures', { ...form, name: 'Two', to: '2034-05-06' })).status, 303);
  assert.equal((await boss.post(`/admin/closures/${first}/remove`, {})).status, 303);
  assert.deepEqual(states(id), ['cancelled closure 2', 'scheduled - 8']);
  assert.equal((await boss.post(`/admin/closures/${closureOf(place)}/remove`, {})).status, 303);
  assert.deepEqual(states(id), ['scheduled - 10']);
});

test('a schedule that lies wholly on a closure is refused with a sentence', async () => {
  const place = ownBranch();
  assert.equal((await boss.post('/admin/closures', { branch: place.branch, name: 'Long', from: '2034-04-01', to: '2034-06-30' })).status, 303);
  const page = await boss.post('/admin/schedules', daily(place));
  assert.equal(page.status, 422);
  assert.match(besides(page, 'e-from'), /Every session of this schedule falls on a closure/);
});

test('a session reopened in spite of a closure stays', async () => {
  const place = ownBranch();
  const id = await made(place);
  await boss.post('/admin/closures', { branch: place.branch, name: 'Shut', from: '2034-05-05', accept: 1 });
  const [[session, version]] = sql(`SELECT id, version FROM occurrence WHERE schedule_id = ${id} AND state = 'cancelled'`);
  assert.equal((await boss.post(`/sessions/${session}/reopen`, { version, reason: 'Held all the same' })).status, 303);
  assert.equal((await boss.post(`/admin/schedules/${id}`, daily(place, { version: 1, title: 'Again' }))).status, 303);
  assert.deepEqual(states(id), ['scheduled - 10']);
});

test('what is wrong is said at its field', async () => {
  const place = ownBranch();
  for (const [fields, id, text] of [[{ name: '' }, 'k-name-e', /fill this in/], [{ name: 'z'.repeat(121) }, 'k-name-e', /At most 120/], [{ from: '' }, 'k-from-e', /fill this in/],
    [{ from: '2034-02-31' }, 'k-from-e', /does not exist/], [{ to: '2034-04-30' }, 'k-to-e', /before the start/], [{ to: '2035-07-01' }, 'k-to-e', /At most 400 days/],
    [{ branch: 99999999 }, 'k-branch-e', /choose one/]]) {
    const page = await boss.post('/admin/closures', { branch: place.branch, name: 'Fine', from: '2034-05-02', ...fields });
    assert.equal(page.status, 422, JSON.stringify(fields));
    assert.match(besides(page, id), text, JSON.stringify(fields));
  }
});

test('a branch admin closes the own branch only', async () => {
  const place = ownBranch();
  await boss.post('/admin/closures', { branch: place.branch, name: 'Theirs', from: '2034-05-02' });
  const theirs = closureOf(place);
  const whole = number("SELECT id FROM closure WHERE branch_id IS NULL AND ended_at IS NULL LIMIT 1");
  for (const id of [theirs, whole]) {
    assert.equal((await admin.get(`/admin/closures/${id}`)).status, 404);
    assert.equal((await admin.post(`/admin/closures/${id}`, { version: 1, name: 'x', from: '2034-05-02' })).status, 404);
    assert.equal((await admin.post(`/admin/closures/${id}/remove`, {})).status, 404);
  }
  const list = await admin.get('/admin/closures');
  assert.doesNotMatch(list.text, /Theirs/);
  assert.match(list.text, /Founders/, 'those of the institution are shown');
  assert.doesNotMatch(list.text, new RegExp(`/admin/closures/${whole}"`), 'and cannot be changed');
  const page = await admin.post('/admin/closures', { branch: place.branch, name: 'Forged', from: '2039-01-01' });
  assert.equal(page.status, 422);
  assert.match(page.text, /choose one of the list/);
  assert.equal((await admin.post('/admin/closures', { name: 'Own day', from: '2039-01-01' })).status, 303);
  const own = number("SELECT MAX(id) FROM closure WHERE name = 'Own day' AND branch_id = 1");
  assert.equal((await admin.post(`/admin/closures/${own}/remove`, {})).status, 303);
});
