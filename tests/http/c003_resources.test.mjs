// Contract 003's resources as its programs use them: bare arrays, nested reading and _id writing,
// DRF's words for what is wrong, and who may.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ownServer, signedIn, sql } from '../lib/http.mjs';
import { Program, as, fresh, program } from '../lib/c003.mjs';

const notFound = (what) => ({ detail: `No ${what} matches the given query.` });
const forbidden = { detail: 'You do not have permission to perform this action.' };
const notGiven = { detail: 'Authentication credentials were not provided.' };
const day = (offset = 0) => new Date(Date.now() + offset * 86400e3).toISOString().slice(0, 10);

/* Something of one's own: a batch, a section of it. */
async function ownSection(admin) {
  const batch = await admin.post('/api/dep-batch', { dep: fresh('Dep'), batch: '2030' });
  assert.equal(batch.status, 201, batch.text);
  const section = await admin.post('/api/sections/', { name: 'Z', dep_batch_id: batch.json.id });
  assert.equal(section.status, 201, section.text);
  return section.json;
}

test('students: bare array, nested section, in the order of their codes', async () => {
  const teacher = await as('demo_teacher_1');
  for (const path of ['/api/students', '/api/students/']) {
    const { status, json } = await teacher.get(path);
    assert.equal(status, 200);
    assert.ok(Array.isArray(json));
    const first = json.find((s) => s.student_code === 'DS0001');
    assert.deepEqual(first, { id: 14, student_code: 'DS0001', first_name: 'Demo', last_name: 'Student 1', section: { id: 1, name: 'A', dep_batch: { id: 1, dep: 'Computer Science', batch: '2026' } } });
    const codes = json.map((s) => s.student_code);
    assert.deepEqual(codes, [...codes].sort());
    assert.equal(json.find((s) => s.student_code === 'DS0074').section, null);
  }
  assert.equal((await teacher.get('/api/students/14/')).json.student_code, 'DS0001');
});

test('a student is made, changed, moved and deleted', async () => {
  const admin = await as('demo_admin_1');
  const section = await ownSection(admin);
  const code = fresh('S');
  const made = await admin.post('/api/students', { student_code: code, first_name: 'Ayşe', last_name: 'Öz', section_id: section.id });
  assert.equal(made.status, 201, made.text);
  assert.deepEqual(made.json, { id: made.json.id, student_code: code, first_name: 'Ayşe', last_name: 'Öz', section });
  const path = `/api/students/${made.json.id}`;
  const put = await admin.put(path, { student_code: code, first_name: 'Ayşe', last_name: 'Öztürk', section_id: 1 });
  assert.equal(put.status, 200, put.text);
  assert.equal(put.json.last_name, 'Öztürk');
  assert.equal(put.json.section.id, 1);
  const back = await admin.put(`${path}/`, { student_code: code, first_name: 'Ayşe', last_name: 'Öztürk', section_id: section.id });
  assert.equal(back.json.section.id, section.id, back.text);
  const patch = await admin.patch(path, { first_name: 'A' });
  assert.equal(patch.status, 200);
  assert.deepEqual([patch.json.first_name, patch.json.last_name, patch.json.student_code], ['A', 'Öztürk', code]);
  assert.deepEqual((await admin.put(path, { first_name: 'A' })).json, { student_code: ['This field is required.'], last_name: ['This field is required.'], section_id: ['This field is required.'] });
  const gone = await admin.delete(path);
  assert.equal(gone.status, 204);
  assert.equal(gone.text, '');
  for (const again of [await admin.get(path), await admin.delete(path), await admin.patch(path, {})]) {
    assert.equal(again.status, 404);
    assert.deepEqual(again.json, notFound('Student'));
  }
  // The code is free again.
  assert.equal((await admin.post('/api/students', { student_code: code, first_name: 'B', last_name: 'C', section_id: section.id })).status, 201);
});

test('what was yesterday stays when a student moves', async () => {
  const admin = await as('demo_admin_1');
  const section = await ownSection(admin);
  const { json } = await admin.post('/api/students', { student_code: fresh('M'), first_name: 'M', last_name: 'M', section_id: section.id });
  sql(`UPDATE section_member SET from_date = from_date - INTERVAL 10 DAY WHERE person_id = ${json.id}`);
  await admin.patch(`/api/students/${json.id}`, { section_id: 2 });
  const rows = sql(`SELECT section_id, to_date = UTC_DATE() - INTERVAL 1 DAY FROM section_member WHERE person_id = ${json.id} ORDER BY id`);
  assert.deepEqual(rows, [[String(section.id), '1'], ['2', null]]);
});

test('field errors as the framework writes them', async () => {
  const admin = await as('demo_admin_1');
  const good = { student_code: fresh('E'), first_name: 'F', last_name: 'L', section_id: 1 };
  const cases = [
    [{}, { student_code: ['This field is required.'], first_name: ['This field is required.'], last_name: ['This field is required.'], section_id: ['This field is required.'] }],
    [{ ...good, first_name: '' }, { first_name: ['This field may not be blank.'] }],
    [{ ...good, first_name: null }, { first_name: ['This field may not be null.'] }],
    [{ ...good, first_name: 'x'.repeat(121) }, { first_name: ['Ensure this field has no more than 120 characters.'] }],
    [{ ...good, first_name: 'a\u0007b' }, { first_name: ['Not a valid string.'] }],
    [{ ...good, section_id: 99999999 }, { section_id: ['Invalid pk "99999999" - object does not exist.'] }],
    [{ ...good, section_id: 'x' }, { section_id: ['Incorrect type. Expected pk value, received str.'] }],
    [{ ...good, student_code: 'DS0001' }, { student_code: ['student with this student code already exists.'] }],
  ];
  for (const [body, want] of cases) {
    const answer = await admin.post('/api/students', body);
    assert.equal(answer.status, 400, answer.text);
    assert.deepEqual(answer.json, want);
  }
  assert.deepEqual((await admin.patch('/api/students/14', { last_name: ' ' })).json, { last_name: ['This field may not be blank.'] });
  assert.deepEqual((await admin.patch('/api/students/14', { section_id: null })).json, { section_id: ['This field may not be null.'] });
  for (const text of ['{"student_code":"A","student_code":"B"}', '{"section_id":9223372036854775808}', '[1', `{"a":${'{"a":'.repeat(60)}1${'}'.repeat(60)}}`]) {
    const answer = await admin.post('/api/students', { type: 'application/json', body: Buffer.from(text) });
    assert.equal(answer.status, 400, text);
    assert.match(answer.json.detail, /^JSON parse error/);
  }
});

test('dep-batch and sections', async () => {
  const admin = await as('demo_admin_1');
  const dep = fresh('Physics');
  const a = await admin.post('/api/dep-batch/', { dep, batch: '2027' });
  const b = await admin.post('/api/dep-batch', { dep, batch: '2028' });
  assert.deepEqual(a.json, { id: a.json.id, dep, batch: '2027' });
  assert.equal(sql(`SELECT COUNT(*) FROM department WHERE name = '${dep}'`)[0][0], '1');
  const twice = await admin.post('/api/dep-batch', { dep, batch: '2027' });
  assert.equal(twice.status, 400);
  assert.deepEqual(twice.json, { non_field_errors: ['The fields dep, batch must make a unique set.'] });
  const other = fresh('Chemistry');
  assert.deepEqual((await admin.put(`/api/dep-batch/${b.json.id}`, { dep: other, batch: '2029' })).json, { id: b.json.id, dep: other, batch: '2029' });
  assert.deepEqual((await admin.patch(`/api/dep-batch/${b.json.id}`, { batch: '2030' })).json, { id: b.json.id, dep: other, batch: '2030' });
  assert.ok((await admin.get('/api/dep-batch')).json.some((x) => x.id === a.json.id));
  const section = await admin.post('/api/sections', { name: `A${process.pid}`, dep_batch_id: a.json.id });
  assert.deepEqual(section.json, { id: section.json.id, name: `A${process.pid}`, dep_batch: a.json });
  assert.deepEqual((await admin.post('/api/sections', { name: `A${process.pid}`, dep_batch_id: a.json.id })).json, { non_field_errors: ['The fields name, dep_batch must make a unique set.'] });
  assert.deepEqual((await admin.post('/api/sections', { name: 'B', dep_batch_id: 99999999 })).json, { dep_batch_id: ['Invalid pk "99999999" - object does not exist.'] });
  assert.equal((await admin.patch(`/api/sections/${section.json.id}`, { name: `B${process.pid}` })).json.name, `B${process.pid}`);
  assert.deepEqual((await admin.delete('/api/dep-batch/1')).status, 409);
  assert.equal((await admin.delete(`/api/sections/${section.json.id}`)).status, 204);
  assert.equal((await admin.delete(`/api/dep-batch/${a.json.id}`)).status, 204);
  assert.deepEqual((await admin.get(`/api/dep-batch/${a.json.id}`)).json, notFound('DepBatch'));
  assert.deepEqual((await admin.get(`/api/sections/${section.json.id}`)).json, notFound('Section'));
});

test('teachers, with and without a password', async () => {
  const admin = await as('demo_admin_1');
  const email = `${fresh('t').toLowerCase()}@school.example`;
  const made = await admin.post('/api/teachers', { email, first_name: 'Ada', last_name: 'Lovelace', teacher_code: fresh('T') });
  assert.equal(made.status, 201, made.text);
  assert.equal(made.json.role, 'teacher');
  assert.deepEqual(Object.keys(made.json), ['id', 'email', 'first_name', 'last_name', 'role', 'teacher_code']);
  const tried = await new Program().post('/api/auth/login', { email, password: '' });
  assert.equal(tried.status, 400);
  assert.equal((await new Program().post('/api/auth/login', { email, password: 'anything' })).status, 401);
  const path = `/api/teachers/${made.json.id}`;
  const set = await admin.patch(path, { password: 'a long enough one' });
  assert.equal(set.status, 200, set.text);
  assert.equal((await program(email, { password: 'a long enough one' })).answer.user.id, made.json.id);
  assert.deepEqual((await admin.post('/api/teachers', { email, first_name: 'A', last_name: 'L' })).json.email, ['user with this email already exists.']);
  assert.deepEqual((await admin.post('/api/teachers', { email: 'x', first_name: 'A', last_name: 'L' })).json, { email: ['Enter a valid email address.'] });
  assert.deepEqual((await admin.post('/api/teachers', { email: `x${email}`, first_name: 'A', last_name: 'L', teacher_code: 'DT01' })).json, { teacher_code: ['user with this teacher code already exists.'] });
  assert.equal((await admin.patch(path, { last_name: 'King' })).json.last_name, 'King');
  assert.equal((await admin.get(path)).json.email, email);
  assert.ok((await (await as('demo_teacher_3')).get('/api/teachers/')).json.some((x) => x.id === made.json.id));
  assert.equal((await admin.delete(path)).status, 204);
  assert.deepEqual((await admin.get(path)).json, notFound('User'));
  assert.deepEqual((await admin.get('/api/teachers/14')).json, notFound('User')); // a student
});

test('users of every role, registering, and no way to become more than one is given', async () => {
  const admin = await as('demo_admin_1');
  const branch = await as('demo_admin_2');
  const section = await ownSection(admin);
  const email = `${fresh('u').toLowerCase()}@school.example`;
  const username = fresh('u').toLowerCase();
  const made = await admin.post('/api/users', { username, email, password: 'a long enough one', first_name: 'S', last_name: 'T', role: 'student', student_code: fresh('U'), section_id: section.id });
  assert.equal(made.status, 201, made.text);
  assert.deepEqual([made.json.role, made.json.username, made.json.is_active], ['student', username, true]);
  assert.equal((await admin.get('/api/students')).json.find((s) => s.student_code === made.json.student_code).section.id, section.id);
  assert.equal((await admin.patch(`/api/users/${made.json.id}`, { last_name: 'U' })).json.last_name, 'U');
  assert.deepEqual((await admin.post('/api/users', { email: `a${email}`, first_name: 'a', last_name: 'b', role: 'boss' })).json, { role: ['"boss" is not a valid choice.'] });
  assert.deepEqual((await admin.post('/api/users', { username: 'demo_admin_1', email: `b${email}`, first_name: 'a', last_name: 'b', role: 'teacher' })).json, { username: ['user with this username already exists.'] });
  assert.equal((await admin.delete(`/api/users/${made.json.id}`)).status, 204);

  const registered = await admin.post('/api/auth/register', { email: `r${email}`, password: 'a long enough one', first_name: 'R', last_name: 'R', role: 'teacher' });
  assert.equal(registered.status, 201, registered.text);
  assert.equal(registered.json.password, undefined);
  assert.deepEqual((await admin.post('/api/auth/register', { email: `q${email}`, password: 'short', first_name: 'R', last_name: 'R', role: 'teacher' })).json, { password: ['Ensure this field has at least 8 characters.'] });
  const admins = await branch.post('/api/auth/register', { email: `s${email}`, password: 'a long enough one', first_name: 'R', last_name: 'R', role: 'admin' });
  assert.equal(admins.status, 400); // only a super admin makes admins
  assert.ok(admins.json.role);
  const itself = await admin.delete(`/api/users/${(await admin.get('/api/auth/me')).json.id}`);
  assert.equal(itself.status, 409);
  for (const who of [await as('demo_teacher_1'), await as('demo_student_7')]) {
    const refused = await who.post('/api/auth/register', { email: `z${email}`, password: 'a long enough one', first_name: 'R', last_name: 'R', role: 'admin' });
    assert.equal(refused.status, 403);
    assert.deepEqual(refused.json, forbidden);
  }
  assert.deepEqual((await new Program().post('/api/auth/register', {})).json, notGiven);
});

test('courses', async () => {
  const admin = await as('demo_admin_1');
  const courses = (await (await as('demo_teacher_1')).get('/api/courses')).json;
  const demo = courses.find((c) => c.code === 'DEMO101');
  assert.equal(demo.name, 'Software Engineering');
  assert.equal(demo.teacher.email, 'demo_teacher_1@demo.muster.example');
  assert.deepEqual(demo.section_ids, [1]);
  const code = fresh('C');
  const made = await admin.post('/api/courses', { name: 'Logic', code, teacher_id: demo.teacher.id, section_ids: [1, 2] });
  assert.equal(made.status, 201, made.text);
  assert.deepEqual(made.json, { id: made.json.id, name: 'Logic', code, teacher: demo.teacher, section_ids: [1, 2] });
  const path = `/api/courses/${made.json.id}`;
  assert.deepEqual((await admin.patch(path, { name: 'Logic II' })).json, { ...made.json, name: 'Logic II' });
  const number = await admin.patch(path, { teacher_id: 4 }); // the number of an account
  assert.equal(number.json.teacher.email, 'demo_teacher_2@demo.muster.example');
  assert.deepEqual((await admin.post('/api/courses', { name: 'X', code, teacher_id: demo.teacher.id })).json, { code: ['course with this code already exists.'] });
  for (const id of ['00000000-0000-4000-8000-000000000000', 'x', 20, '9223372036854775807']) {
    const answer = await admin.post('/api/courses', { name: 'X', code: fresh('C'), teacher_id: id });
    assert.deepEqual(answer.json, { teacher_id: [`Invalid pk "${id}" - object does not exist.`] }, answer.text);
  }
  assert.equal((await admin.delete(path)).status, 204);
  assert.deepEqual((await admin.get(path)).json, notFound('Course'));
  assert.equal((await admin.delete(`/api/courses/${demo.id}`)).status, 409); // has sessions to come
});

test('enrolments', async () => {
  const admin = await as('demo_admin_1');
  const teacher = (await admin.get('/api/teachers')).json[0];
  const course = (await admin.post('/api/courses', { name: 'E', code: fresh('C'), teacher_id: teacher.id })).json;
  const made = await admin.post('/api/enrolments', { course_id: course.id, student_id: 14 });
  assert.equal(made.status, 201, made.text);
  assert.deepEqual(made.json, { id: made.json.id, course: { id: course.id, name: 'E', code: course.code }, student: { id: 14, student_code: 'DS0001', first_name: 'Demo', last_name: 'Student 1' }, status: 'approved', from_date: day(), to_date: null });
  assert.deepEqual((await admin.post('/api/enrolments', { course_id: course.id, student_id: 14 })).json, { non_field_errors: ['The fields course, student must make a unique set.'] });
  assert.deepEqual((await admin.post('/api/enrolments', { course_id: 99999999, student_id: 14 })).json, { course_id: ['Invalid pk "99999999" - object does not exist.'] });
  assert.deepEqual((await admin.post('/api/enrolments', { course_id: course.id, student_id: 99999999 })).json, { student_id: ['Invalid pk "99999999" - object does not exist.'] });
  assert.deepEqual((await admin.get(`/api/enrolments/?course_id=${course.id}`)).json, [made.json]);
  assert.equal((await admin.patch(`/api/enrolments/${made.json.id}`, { status: 'pending' })).json.status, 'pending');
  assert.deepEqual((await admin.patch(`/api/enrolments/${made.json.id}`, { status: 'maybe' })).json, { status: ['"maybe" is not a valid choice.'] });
  assert.equal((await admin.patch(`/api/enrolments/${made.json.id}`, { to_date: day(30) })).json.to_date, day(30));
  assert.equal((await admin.delete(`/api/enrolments/${made.json.id}`)).status, 204);
  assert.equal((await admin.get(`/api/enrolments/${made.json.id}`)).json.status, 'ended');
});

test('devices: the key is shown once', async () => {
  const admin = await as('demo_admin_1');
  const code = fresh('DEV-');
  const made = await admin.post('/api/devices/', { device_id: code, name: 'Door' });
  assert.equal(made.status, 201, made.text);
  const { device_key: key, id } = made.json;
  assert.match(key, /^[\w-]{43}$/);
  assert.equal(made.headers['cache-control'], 'no-store');
  assert.deepEqual(made.json, { id, device_id: code, name: 'Door', location: '', ip_address: null, mac_address: null, status: 'offline', last_seen: null, registered_at: made.json.registered_at, device_key: key });
  assert.equal((await admin.get(`/api/devices/${id}`)).json.device_key, undefined);
  assert.ok((await admin.get('/api/devices')).json.some((d) => d.device_id === 'DEV-01'));
  const device = new Program();
  const ask = (headers, device_id = code) => device.get(`/api/device/command/?device_id=${device_id}`, headers);
  assert.deepEqual((await ask({ 'x-device-key': key })).json, { command: 'IDLE' });
  assert.equal((await admin.get(`/api/devices/${id}`)).json.status, 'online');
  for (const headers of [{}, { 'x-device-key': 'x' }, { 'x-device-key': '' }, { authorization: `Bearer ${key}` }, { cookie: `muster=${key}` }]) {
    const answer = await ask(headers);
    assert.equal(answer.status, 401);
    assert.deepEqual(answer.json, { detail: 'Unauthorized' });
  }
  assert.equal((await device.get(`/api/device/command?device_id=${code}&device_key=${key}`)).status, 401);
  assert.equal((await ask({ 'x-device-key': key }, 'DEV-01')).status, 401);
  assert.deepEqual((await device.get('/api/device/command', { 'x-device-key': key })).json, { command: 'IDLE' });
  const rotated = (await admin.post(`/api/devices/${id}/rotate`)).json.device_key;
  assert.equal((await ask({ 'x-device-key': key })).status, 401);
  assert.equal((await ask({ 'x-device-key': rotated })).status, 200);
  assert.equal((await admin.patch(`/api/devices/${id}`, { status: 'blocked' })).json.status, 'blocked');
  assert.equal((await ask({ 'x-device-key': rotated })).status, 403);
  assert.equal((await admin.patch(`/api/devices/${id}`, { status: 'online', location: 'Hall' })).json.location, 'Hall');
  assert.equal((await ask({ 'x-device-key': rotated })).status, 200);
  assert.deepEqual((await admin.post('/api/devices', { device_id: code })).json, { device_id: ['device with this device id already exists.'] });
  assert.equal((await admin.delete(`/api/devices/${id}`)).status, 204);
  assert.equal((await ask({ 'x-device-key': rotated })).status, 401);
  // The demo's.
  assert.equal((await ask({ 'x-device-key': 'demo-device-key-01' }, 'DEV-01')).status, 200);
});

test('who may: nobody without a token, students nothing, teachers read, admins write', async () => {
  const admin = await as('demo_admin_1');
  const teacher = await as('demo_teacher_1');
  const student = await as('demo_student_7');
  for (const path of ['students', 'teachers', 'dep-batch', 'sections', 'courses', 'enrolments', 'users', 'devices']) {
    const none = await new Program().get(`/api/${path}`);
    assert.equal(none.status, 401, path);
    assert.deepEqual(none.json, notGiven);
    assert.deepEqual((await student.get(`/api/${path}`)).json, forbidden, path);
    const read = await teacher.get(`/api/${path}`);
    assert.equal(read.status, ['users', 'devices'].includes(path) ? 403 : 200, path);
    const [one] = (await admin.get(`/api/${path}`)).json;
    for (const who of [teacher, student]) {
      assert.deepEqual((await who.post(`/api/${path}`, {})).json, forbidden, path);
      for (const method of ['PUT', 'PATCH', 'DELETE']) {
        const answer = await who.send(method, `/api/${path}/${one.id}`, {});
        assert.equal(answer.status, 403, `${method} ${path}`);
      }
    }
    assert.equal((await admin.get(`/api/${path}/abc`)).status, 404, path);
    assert.equal((await admin.get(`/api/${path}/9223372036854775808`)).status, 404, path);
    const method = await admin.send('PATCH', `/api/${path}`, {});
    assert.equal(method.status, 405);
    assert.deepEqual(method.json, { detail: 'Method "PATCH" not allowed.' });
  }
});

test('a branch admin sees and changes the own branch only', async (t) => {
  const own = await ownServer(t);
  sql(`INSERT INTO branch (id, name, zone) VALUES (9, 'Elsewhere', 'UTC');
    INSERT INTO person (id, branch_id, given_name, family_name, student_code) VALUES (900, 9, 'Far', 'Away', 'FAR1');
    INSERT INTO department (id, branch_id, name) VALUES (90, 9, 'D'); INSERT INTO batch (id, department_id, name) VALUES (90, 90, 'B');
    INSERT INTO section (id, batch_id, name) VALUES (90, 90, 'S'); INSERT INTO course (id, branch_id, code, title) VALUES (90, 9, 'FAR', 'Far');`, { of: own });
  const branch = await program('demo_admin_2', { of: own });
  const all = await program('demo_admin_1', { of: own });
  for (const [path, id] of [['students', 900], ['sections', 90], ['dep-batch', 90], ['courses', 90]]) {
    assert.ok((await all.get(`/api/${path}`)).json.some((x) => x.id === id), path);
    assert.ok(!(await branch.get(`/api/${path}`)).json.some((x) => x.id === id), path);
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      assert.equal((await branch.send(method, `/api/${path}/${id}`, method === 'GET' ? undefined : {})).status, 404, `${method} ${path}`);
    }
  }
  const into = await branch.post('/api/students', { student_code: 'X1', first_name: 'a', last_name: 'b', section_id: 90 });
  assert.deepEqual(into.json, { section_id: ['Invalid pk "90" - object does not exist.'] });
  // The contract knows no branches: the oldest is meant where none is said.
  const unsaid = await all.post('/api/dep-batch', { dep: 'Q', batch: '1' });
  assert.equal(unsaid.status, 201);
  assert.equal(sql(`SELECT d.branch_id FROM batch b JOIN department d ON d.id = b.department_id WHERE b.id = ${unsaid.json.id}`, { of: own })[0][0], '1');
  assert.equal((await all.post('/api/dep-batch', { dep: 'Q', batch: '1', branch_id: 9 })).status, 201);
});

test('by cookie these doors work too, with the CSRF token', async () => {
  const person = await signedIn('demo_admin_1');
  assert.equal((await person.get('/api/students/14')).status, 200);
  const without = await person.send('PATCH', '/api/students/14', { body: { type: 'application/json', body: Buffer.from('{}') } });
  assert.equal(without.status, 403);
  const token = await person.token();
  const withIt = await person.send('PATCH', '/api/students/14', { body: { type: 'application/json', body: Buffer.from('{}') }, headers: { 'x-csrf-token': token } });
  assert.equal(withIt.status, 200, withIt.text);
});
