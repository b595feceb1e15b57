// The pages of devices: keys that are shown once and taken by the door of devices, blocking, ending;
// and that another branch's are not there.
import assert from 'node:assert/strict';
import test, { before } from 'node:test';
import { anonymous, sql } from '../lib/http.mjs';
import { as, otherBranch, quoted, typed } from '../lib/classroom.mjs';

let admin; let root;
before(async () => {
  otherBranch();
  admin = await as('demo_admin_2');
  root = await as('demo_admin_1');
});

let made = 0;
const unique = () => { made += 1; return `D${process.pid}-${made}`; };
const idOf = (code) => sql(`SELECT id FROM device WHERE code_live = ${quoted(code)}`)[0]?.[0];
const shown = (page) => page.text.match(/id="shown">([^<]+)</)?.[1];
const asDevice = (code, key) => anonymous().get(`/api/device/command?device_id=${code}`, { headers: { 'x-device-key': key } });

async function newDevice(fields = {}) {
  const code = fields.code ?? unique();
  const page = await admin.post('/admin/devices', { code, name: 'Door', location: '', ip_address: '', mac_address: '', ...fields });
  assert.equal(page.status, 200, page.text.slice(0, 2000));
  const id = idOf(code);
  return { id, code, page, key: shown(page), path: `/admin/devices/${id}` };
}
const versionIn = async (device) => typed(await admin.get(device.path), 'version');

test('a key is on the page that follows and nowhere else', async () => {
  const device = await newDevice({ name: 'Reader <b>', location: 'Hall 2', ip_address: '192.0.2.9', mac_address: '00:00:5e:00:53:01' });
  assert.match(device.page.headers['cache-control'], /no-store/);
  assert.ok(device.key?.length >= 32, device.key);
  assert.match(device.page.text, /Reader &lt;b&gt;/);
  assert.equal((await asDevice(device.code, device.key)).status, 200);
  for (const path of [device.path, '/admin/devices', '/admin/audit']) assert.ok(!(await admin.get(path)).text.includes(device.key), path);
  assert.equal(sql(`SELECT COUNT(*) FROM device WHERE id = ${device.id} AND key_hash = UNHEX(SHA2(${quoted(device.key)}, 256))`)[0][0], '1');
  const page = await admin.get(device.path);
  assert.deepEqual(['code', 'name', 'location', 'ip_address', 'mac_address'].map((name) => typed(page, name)),
    [device.code, 'Reader <b>', 'Hall 2', '192.0.2.9', '00:00:5e:00:53:01']);
});

test('the list tells when each was seen, and how it is', async () => {
  const device = await newDevice({ location: 'Gate' });
  const row = async () => (await admin.get('/admin/devices')).text.match(new RegExp(`<tr role="row">\\s*<th[^>]*><a href="${device.path}">[^]*?</tr>`))[0];
  assert.match(await row(), />Gate<[^]*>Offline<[^]*>never<[^]*>no session</);
  await asDevice(device.code, device.key);
  assert.match(await row(), />Online<[^]*<time datetime="\d{4}-/);
  sql(`UPDATE device SET last_seen_at = UTC_TIMESTAMP(6) - INTERVAL 6 MINUTE WHERE id = ${device.id}`);
  assert.match(await row(), />Offline<[^]*<time datetime="/);
  assert.equal((await admin.post(`${device.path}/block`)).status, 303);
  assert.match(await row(), />Blocked</);
  const french = await admin.get('/admin/devices', { headers: { 'accept-language': 'fr' } });
  assert.match(french.text, /Lecteurs et bornes qui enregistrent les présences[^]*Bloqué/);
});

test('a new key makes the old one worthless', async () => {
  const device = await newDevice();
  const version = await versionIn(device);
  const answer = await admin.post(`${device.path}/key`, { version });
  assert.equal(answer.status, 200);
  assert.match(answer.headers['cache-control'], /no-store/);
  const key = shown(answer);
  assert.notEqual(key, device.key);
  assert.equal((await asDevice(device.code, device.key)).status, 401);
  assert.equal((await asDevice(device.code, key)).status, 200);
  // From a page that is old: somebody else has a key in hand, which stays the right one.
  const late = await admin.post(`${device.path}/key`, { version });
  assert.equal(late.status, 409);
  assert.equal(shown(late), undefined);
  assert.equal((await asDevice(device.code, key)).status, 200);
});

test('a blocked device is refused until it is unblocked', async () => {
  const device = await newDevice();
  assert.equal((await admin.post(`${device.path}/block`)).headers.location, `${device.path}?done=saved`);
  assert.equal((await asDevice(device.code, device.key)).status, 403);
  assert.match((await admin.get(device.path)).text, /Unblock the device/);
  assert.equal((await admin.post(`${device.path}/block`)).status, 303, 'twice does no harm');
  assert.equal((await admin.post(`${device.path}/unblock`)).status, 303);
  assert.equal((await asDevice(device.code, device.key)).status, 200);
  assert.deepEqual(sql(`SELECT action, COUNT(*) FROM audit_log WHERE object = 'device' AND object_id = ${device.id} GROUP BY action ORDER BY action`),
    [['device.blocked', '1'], ['device.created', '1'], ['device.unblocked', '1']]);
});

test('it is changed, and the second of two editors is told', async () => {
  const device = await newDevice();
  const version = await versionIn(device);
  const fields = { version, code: `${device.code}.b`, name: 'Side door', location: 'West', ip_address: '', mac_address: '' };
  assert.equal((await admin.post(device.path, fields)).headers.location, `${device.path}?done=saved`);
  const late = await root.post(device.path, { ...fields, name: 'Back door' });
  assert.equal(late.status, 409);
  assert.match(late.text, /Side door/);
  assert.equal(typed(late, 'name'), 'Back door', 'what was typed is still there');
  assert.equal(sql(`SELECT name FROM device WHERE id = ${device.id}`)[0][0], 'Side door');
  assert.equal((await root.post(device.path, { ...fields, version: typed(late, 'version'), name: '' })).status, 303);
  assert.deepEqual(sql(`SELECT code, name FROM device WHERE id = ${device.id}`), [[`${device.code}.b`, `${device.code}.b`]], 'without a name it is called by its id');
});

test('what cannot be is told at its field, and keeps what was typed', async () => {
  const device = await newDevice();
  const n = () => sql('SELECT COUNT(*) FROM device')[0][0];
  const before = n();
  for (const [fields, input] of [[{ code: '' }, 'd-code'], [{ code: 'two words' }, 'd-code'], [{ code: 'x'.repeat(41) }, 'd-code'], [{ code: device.code }, 'd-code'],
    [{ name: 'x'.repeat(121) }, 'd-name'], [{ location: 'x'.repeat(121) }, 'd-location'], [{ ip_address: 'x'.repeat(41) }, 'd-ip'], [{ mac_address: 'a\u0007b' }, 'd-mac']]) {
    const page = await admin.post('/admin/devices', { code: unique(), name: 'Kept', location: '', ip_address: '', mac_address: '', ...fields });
    assert.equal(page.status, 422, JSON.stringify(fields));
    assert.match(page.text, new RegExp(`id="${input}"[^>]*aria-invalid="true"`), JSON.stringify(fields));
    if (!fields.name) assert.equal(typed(page, 'name'), 'Kept');
  }
  assert.match((await admin.post('/admin/devices', { code: device.code })).text, /Another device has this id/);
  assert.equal((await root.post('/admin/devices', { code: unique(), branch: 4711 })).status, 422);
  assert.equal((await admin.post(device.path, { version: 'x', code: device.code })).status, 422);
  assert.equal(n(), before);
});

test('one that has ended is gone, its id is free, and one with an open session does not end', async () => {
  const device = await newDevice();
  sql(`INSERT INTO attendance_session (uuid, branch_id, course_id, device_id, roster, title, session_date, zone, opens_at, late_at, closes_at,
      code_level, place_level, network_level, photo_level, device_level, radius_m, code_key, code_period_s, max_tries, evidence_days, lock_days, names_on_screen, created_at, updated_at)
    VALUES (UUID(), 1, 1, ${device.id}, 'course', 'On the reader', UTC_DATE(), 'UTC', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL 1 HOUR, UTC_TIMESTAMP(6) + INTERVAL 2 HOUR,
      'off', 'off', 'off', 'off', 'off', 100, UNHEX(SHA2(UUID(), 256)), 15, 5, 30, 14, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`);
  assert.match((await admin.get(device.path)).text, /On the reader<\/bdi><\/a> is open on it/);
  const busy = await admin.post(`${device.path}/end`);
  assert.equal(busy.status, 409);
  assert.match(busy.text, /An open session is bound to this device already/);
  sql(`UPDATE attendance_session SET state = 'closed', closed_at = UTC_TIMESTAMP(6) WHERE device_id = ${device.id}`);
  assert.equal((await admin.post(`${device.path}/end`)).headers.location, '/admin/devices?done=ended');
  assert.equal((await asDevice(device.code, device.key)).status, 401);
  assert.equal((await admin.get(device.path)).status, 404);
  assert.equal((await admin.post(`${device.path}/end`)).status, 404);
  const next = await newDevice({ code: device.code });
  assert.notEqual(next.id, device.id);
  assert.equal((await asDevice(device.code, device.key)).status, 401, 'the old key opens nothing');
});

test('another branch’s device is not there, and no other role gets in', async () => {
  const device = await newDevice();
  const far = await as('far_admin');
  const before = sql(`SELECT * FROM device WHERE id = ${device.id}`);
  const version = await versionIn(device);
  for (const who of [far, await as('demo_teacher_1'), await as('demo_employee_1'), await as('demo_student_1')]) {
    assert.equal((await who.get(device.path)).status, 404);
    assert.equal((await who.post(device.path, { version, code: 'mine' })).status, 404);
    for (const act of ['key', 'block', 'unblock', 'end']) assert.equal((await who.post(`${device.path}/${act}`, { version })).status, 404, act);
  }
  assert.ok(!(await far.get('/admin/devices')).text.includes(device.code));
  assert.equal((await far.get('/admin/devices?branch=1')).status, 404);
  assert.equal((await far.post('/admin/devices', { code: unique(), branch: 1 })).status, 422, 'nor can it be put there');
  assert.match((await root.get('/admin/devices')).text, new RegExp(device.code));
  assert.deepEqual(sql(`SELECT * FROM device WHERE id = ${device.id}`), before);
});
