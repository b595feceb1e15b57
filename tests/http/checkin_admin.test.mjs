// Check-in as admins set it up: policies of branch and course, networks, marks, what runs.
import assert from 'node:assert/strict';
import test, { before } from 'node:test';
import { sql } from '../lib/http.mjs';
import { as, otherBranch, typed } from '../lib/classroom.mjs';

let admin; let root;
before(async () => {
  otherBranch();
  admin = await as('demo_admin_2');
  root = await as('demo_admin_1');
});

const levels = { code: 'must', place: 'off', network: 'off', photo: 'off', browser: 'flag' };
const numbers = {
  early_min: 15, late_after_min: 15, close_after_min: 20, radius_m: 100, code_period_s: 15,
  max_tries: 5, lock_days: 14, claim_days: 14, evidence_days: 30, aim_percent: 80,
};
const policy = (more) => ({ branch: 1, version: 0, ...levels, ...numbers, ...more });
const stored = (column, where) => sql(`SELECT ${column} FROM attendance_policy WHERE ${where}`)[0]?.[0];

test('who is no admin sees none of it, and another branch is not there', async () => {
  for (const path of ['/admin/check-in', '/admin/marks', '/admin/attendance']) {
    for (const who of ['demo_teacher_1', 'demo_employee_1', 'demo_student_1']) {
      assert.equal((await (await as(who)).get(path)).status, 404, `${who} ${path}`);
    }
  }
  assert.equal((await admin.get('/admin/check-in?branch=90')).status, 404);
  assert.equal((await admin.post('/admin/check-in', policy({ branch: 90 }))).status, 404);
  assert.equal((await admin.post('/admin/networks', { branch: 90, cidr: '192.0.2.0/24' })).status, 404);
  // What marks are called is the whole institution's.
  assert.equal((await admin.get('/admin/marks')).status, 404);
});

test('a policy is saved, inherited by courses, and given back', async () => {
  const saved = await admin.post('/admin/check-in', policy({ place: 'flag', late_after_min: 10 }));
  assert.equal(saved.status, 303);
  assert.equal(stored('late_after_s', 'branch_id = 1 AND course_id IS NULL'), '600');
  const course = await admin.get('/admin/check-in?branch=1&course=1');
  assert.equal(typed(course, 'late_after_min'), '10');
  assert.equal(typed(course, 'version'), '0');
  assert.equal((await admin.post('/admin/check-in', policy({ course: 1, code: 'off', names_on_screen: 1 }))).status, 303);
  assert.equal(stored('code_level', 'course_id = 1'), 'off');
  assert.match((await admin.get('/admin/check-in')).text, /DEMO101/);
  // The second of two editors is told, and nothing is lost.
  const late = await admin.post('/admin/check-in', policy({ course: 1, code: 'flag' }));
  assert.equal(late.status, 409);
  assert.equal(stored('code_level', 'course_id = 1'), 'off');
  assert.equal((await admin.post('/admin/check-in/inherit', { branch: 1, course: 1 })).status, 303);
  assert.equal((await admin.post('/admin/check-in/inherit', { branch: 1 })).status, 303);
  assert.equal(sql('SELECT * FROM attendance_policy WHERE course_id IS NULL OR course_id = 1').length, 0);
});

test('numbers out of their bounds are told at their field', async () => {
  for (const [name, value] of [['early_min', 121], ['late_after_min', 241], ['close_after_min', 0], ['radius_m', 9], ['code_period_s', 4],
    ['max_tries', 51], ['lock_days', 366], ['evidence_days', 0], ['aim_percent', 101], ['radius_m', 'wide'], ['radius_m', '9223372036854775808']]) {
    const page = await admin.post('/admin/check-in', policy({ [name]: value }));
    assert.equal(page.status, 422, `${name} ${value}`);
    assert.match(page.text, new RegExp(`name="${name}"[^>]*aria-invalid="true"`), name);
    assert.equal(typed(page, name), String(value));
  }
  assert.equal((await admin.post('/admin/check-in', policy({ code: 'perhaps' }))).status, 422);
  assert.equal(sql('SELECT * FROM attendance_policy WHERE course_id IS NULL OR course_id = 1').length, 0);
});

test('networks are normalised, once each, and go again', async () => {
  assert.equal((await admin.post('/admin/networks', { branch: 1, cidr: '192.0.2.77/24', label: 'Campus <b>' })).status, 303);
  const page = await admin.get('/admin/check-in');
  assert.match(page.text, /192\.0\.2\.0\/24/);
  assert.match(page.text, /Campus &lt;b&gt;/);
  for (const cidr of ['192.0.2.1/24', '300.1.1.1', '10.0.0.0/33', 'wifi', '']) {
    assert.equal((await admin.post('/admin/networks', { branch: 1, cidr, label: '' })).status, 422, cidr);
  }
  const id = sql('SELECT id FROM branch_network')[0][0];
  assert.equal((await admin.post(`/admin/networks/${id}/remove`, { branch: 1 })).status, 303);
  assert.equal(sql('SELECT * FROM branch_network').length, 0);
});

test('marks have names and weights of the institution', async () => {
  const form = (more) => {
    const all = {};
    for (const [mark, points] of [['present', 100], ['late', 100], ['excused', 0], ['absent', 0]]) {
      Object.assign(all, { [`label_${mark}`]: '', [`letter_${mark}`]: '', [`points_${mark}`]: points,
        [`version_${mark}`]: sql(`SELECT version FROM status_set WHERE status = '${mark}'`)[0][0] });
      if (mark !== 'excused') all[`counted_${mark}`] = 1;
    }
    return { ...all, ...more };
  };
  assert.equal((await root.post('/admin/marks', form({ label_late: 'Tardy', letter_late: 'T', points_late: 50 }))).status, 303);
  assert.equal(sql("SELECT CONCAT(label, letter, points) FROM status_set WHERE status = 'late'")[0][0], 'TardyT50');
  assert.equal((await root.post('/admin/marks', form({ points_late: 1001 }))).status, 422);
  assert.equal((await root.post('/admin/marks', form({ label_late: 'x'.repeat(41) }))).status, 422);
  assert.equal((await root.post('/admin/marks', form({ version_late: 1 }))).status, 409);
  assert.equal((await root.post('/admin/marks', form({}))).status, 303);
  assert.equal(sql("SELECT label IS NULL FROM status_set WHERE status = 'late'")[0][0], '1');
});

test('what runs is listed with what came in', async () => {
  const page = await root.get('/admin/attendance');
  assert.equal(page.status, 200);
  const closed = await root.get('/admin/attendance?closed=1');
  assert.equal(closed.status, 200);
  assert.equal((await root.get('/admin/attendance?before=x')).status, 422);
});

test('a room has a place, or none', async () => {
  const place = () => sql('SELECT CONCAT_WS(" ", latitude_e7, longitude_e7, radius_m) FROM room WHERE id = 4')[0][0];
  const send = (latitude, longitude, radius = '') => admin.post('/admin/rooms/4/place', { latitude, longitude, radius, version: 0 });
  assert.equal((await send('48.8566', '-2.3522', 60)).status, 303);
  assert.equal(place(), '488566000 -23522000 60');
  const page = await admin.get('/admin/rooms/4');
  assert.equal(typed(page, 'latitude'), '48.8566000');
  assert.equal(typed(page, 'longitude'), '-2.3522000');
  for (const [latitude, longitude, radius, name] of [['NaN', '2', '', 'latitude'], ['91', '2', '', 'latitude'], ['1', '181', '', 'longitude'],
    ['1', '', '', 'longitude'], ['', '1', '', 'latitude'], ['1', '1', '9', 'radius'], ['1', '1', '1001', 'radius'], ['1e1', '1', '', 'latitude']]) {
    const refused = await send(latitude, longitude, radius);
    assert.equal(refused.status, 422, `${latitude} ${longitude} ${radius}`);
    assert.match(refused.text, new RegExp(`name="${name}"[^>]*aria-invalid="true"`), `${latitude} ${longitude} ${radius}`);
  }
  assert.equal((await admin.post('/admin/rooms/4/place', { latitude: '1', longitude: '1', version: 1 })).status, 409);
  assert.equal(place(), '488566000 -23522000 60');
  assert.equal((await send('', '')).status, 303);
  assert.equal(place(), '');
  assert.equal((await (await as('far_admin')).post('/admin/rooms/4/place', { latitude: '1', longitude: '1' })).status, 404);
});

test('a shared machine is named by the browser that stands there', async () => {
  assert.equal((await admin.post('/admin/machines', { branch: 1, label: '' })).status, 422);
  assert.equal((await admin.post('/admin/machines', { branch: 90, label: 'Lab' })).status, 404);
  assert.equal((await admin.post('/admin/machines', { branch: 1, label: 'Lab 3, desk 12' })).status, 303);
  const page = await admin.get('/admin/check-in');
  assert.match(page.text, /Lab 3, desk 12/);
  const hash = page.text.match(/name="hash" value="([0-9a-f]{64})"/)[1];
  assert.equal((await admin.post('/admin/machines/remove', { branch: 1, hash: 'z'.repeat(64) })).status, 404);
  assert.equal((await admin.post('/admin/machines/remove', { branch: 1, hash })).status, 303);
  assert.equal(sql('SELECT * FROM shared_browser').length, 0);
});
