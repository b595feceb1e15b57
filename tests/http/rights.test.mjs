// Every row of the route table, asked by everybody: who gets in, and that somebody
// else's id is as good as none, and changes nothing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { anonymous, sql } from '../lib/http.mjs';
import { root } from '../lib/server.mjs';
import { as, attachmentsOf, newSession, onDisk, otherBranch, stored, uploaded, versionOf } from '../lib/classroom.mjs';

const routes = [...readFileSync(join(root, 'fcgi-app/main/muster-app/routes.c'), 'utf8').matchAll(/^\tROUTE\((\w+), "([^"]+)", (\w+), (\w+)/gm)]
  .flatMap(([, methods, path, may, family]) => methods.split('_').map((method) => ({ name: `${method} ${path}`, method, path, may, family })));

const people = {
  student: 'demo_student_1', 'another teacher': 'demo_teacher_2', 'a teacher elsewhere': 'far_teacher', 'the admin of another branch': 'far_admin',
  'staff of the class': 'demo_employee_1', 'the teacher': 'demo_teacher_1', 'the admin of the branch': 'demo_admin_2', admin: 'demo_admin_1',
};
const who = { nobody: null, ...people };
const signedIn = Object.keys(people);
const staff = signedIn.slice(1);
const ofClass = ['staff of the class', 'the teacher', 'the admin of the branch', 'admin'];
const authors = ofClass.slice(1);
const admins = ['the admin of another branch', 'the admin of the branch', 'admin'];
const ofBranch = ofClass.slice(2);

let classId;
before(() => {
  otherBranch();
  [[classId]] = sql(`INSERT INTO class (branch_id, name) VALUES (1, 'Rights ${process.pid}'); SELECT LAST_INSERT_ID();`);
  sql(`INSERT INTO class_staff (class_id, person_id) SELECT ${classId}, person_id FROM account WHERE username = 'demo_employee_1'`);
});

/* A session of demo_teacher_1 and the class with a note and a file of theirs, and the files' addresses. */
async function subject({ completed = false, checked = false } = {}) {
  const s = newSession();
  sql(`UPDATE occurrence SET class_id = ${classId} WHERE id = ${s.id}`);
  const teacher = await as('demo_teacher_1');
  await teacher.post(`${s.path}/notes`, { type: 'followup', text: 'Theirs' });
  s.file = await uploaded(teacher, s);
  [[s.note]] = sql(`SELECT n.id FROM note n JOIN completion c ON c.id = n.completion_id WHERE c.occurrence_id = ${s.id}`);
  if (completed) assert.equal((await teacher.post(`${s.path}/complete`, { version: 0, start: '07:00', end: '08:00' })).status, 303);
  if (checked) assert.equal((await (await as('demo_admin_1')).post(`${s.path}/check`, { version: versionOf(s.id) })).status, 303);
  return s;
}

/*
 * may: who gets `status` (200 for GET, 303 for POST); the other signed-in ones get 404.
 * path: of a subject; fields: of the form.  A route without `subject` stands for itself.
 */
const session = (rest, more = {}) => ({ path: (s) => `${s.path}${rest}`, may: ofClass, ...more });
const version = (s) => ({ version: versionOf(s.id) });
const expected = {
  'GET /sign-in': { may: [], nobody: 200, others: 303 },
  'GET /login': { may: [], nobody: 200, others: 303 },
  'GET /auth/login': { may: [], nobody: 200, others: 303 },
  'POST /sign-in': { may: [], nobody: 422, others: 422 },
  'POST /sign-in/demo': { may: [], nobody: 422, others: 422, fields: () => ({ role: 'nobody' }) },
  'GET /': { may: signedIn, status: 303 },
  'GET /index.php': { may: signedIn, status: 303 },
  'GET /index.php?page=session_tracking': { may: staff },
  'GET /admin/audit': { may: admins },
  'GET /admin/audit.csv': { may: admins },
  'GET /admin/audit.jsonl': { may: admins },
  'GET /today': { may: ['student'] },
  'GET /student': { may: ['student'] },
  'GET /student/check-in': { may: ['student'] },
  'GET /history': { may: ['student'] },
  'GET /excuses': { may: ['student'], others: 303 },
  'GET /excuses/new': { may: ['student'] },
  'POST /excuses': { may: ['student'], status: 422 },
  'GET /corrections/new': { may: ['student'], status: 303 },
  'GET /excuses/to-decide': { may: staff },
  'GET /sessions/{id}/excuses': session('/excuses'),
  'GET /check-in': { may: ['student'] },
  'POST /check-in': { may: ['student'], status: 422 },
  'GET /check-in/location': { may: ['student'], status: 303 },
  'POST /check-in/location': { may: ['student'], status: 303 },
  'GET /check-in/selfie': { may: ['student'], status: 303 },
  'POST /check-in/selfie': { may: ['student'], status: 303 },
  'GET /check-in/open': { path: () => '/check-in/open?occurrence=1', may: [] },
  'POST /check-in/open': { may: ['student'], status: 422 },
  'GET /check-in/{receipt}': { path: () => '/check-in/C-0001-0001', may: [] },
  'GET /c/{token}': { path: () => '/c/nothing', may: ['student'], status: 422, nobody: 422 },
  'GET /admin': { may: admins },
  'GET /admin/completions': { may: admins },
  'POST /admin/completions': { may: admins, status: 422 },
  'GET /admin/completions/{id}/verify': { path: (s) => `/admin/completions/${s.id}/verify`, may: ofBranch },
  'POST /sessions/{id}/check': session('/check', { completed: true, may: ofBranch, fields: version }),
  'POST /sessions/{id}/uncheck': session('/uncheck', { completed: true, checked: true, may: ofBranch, fields: version }),
  'GET /sessions/{id}/return': session('/return', { completed: true, may: ofBranch }),
  'POST /sessions/{id}/return': session('/return', { completed: true, may: ofBranch, fields: (s) => ({ ...version(s), reason: 'Times' }) }),
  'GET /sessions/{id}/reopen': session('/reopen', { completed: true, may: ofBranch }),
  'GET /account': { may: signedIn },
  'POST /account/password': { may: signedIn, status: 422 },
  'POST /preferences': { may: signedIn },
  'GET /notifications': { may: signedIn },
  'POST /notifications/read': { may: signedIn, status: 422 },
  'POST /notifications/{id}/open': { may: [] },
  'POST /notifications/{id}/read': { may: [] },
  'POST /notifications/{id}/delete': { may: [] },
  'GET /account/notifications': { may: signedIn },
  'POST /account/notifications': { may: signedIn, fields: () => ({ kind: 'nothing' }), status: 422 },
  'GET /sessions': { may: staff },
  'GET /sessions/{id}': session(''),
  'GET /sessions/{id}/complete': session('/complete'),
  'POST /sessions/{id}/complete': session('/complete', { fields: (s) => ({ ...version(s), start: '07:00', end: '08:00' }) }),
  'GET /sessions/{id}/code': session('/code?code=abc'),
  'GET /sessions/{id}/cancel': session('/cancel'),
  'POST /sessions/{id}/cancel': session('/cancel', { fields: (s) => ({ ...version(s), reason: 'Ill' }) }),
  'POST /sessions/{id}/reopen': session('/reopen', { completed: true, may: authors, fields: (s) => ({ ...version(s), reason: 'Wrong times' }) }),
  'GET /sessions/{id}/move': session('/move', { may: authors }),
  'POST /sessions/{id}/move': session('/move', { may: authors, fields: (s) => ({ ...version(s), day: `2036-01-${String(1 + s.id % 28).padStart(2, '0')}`, start: '07:00', end: '08:00', reason: 'Ill', accept: 1 }) }),
  'POST /sessions/{id}/move-back': session('/move-back', { may: authors, fields: version, status: 409 }),
  'POST /sessions/{id}/notes': session('/notes', { fields: () => ({ type: 'issue', text: 'x' }) }),
  'GET /notes/{id}': { path: (s) => `/notes/${s.note}`, may: authors },
  'POST /notes/{id}': { path: (s) => `/notes/${s.note}`, may: authors, fields: () => ({ type: 'issue', text: 'changed' }) },
  'POST /notes/{id}/delete': { path: (s) => `/notes/${s.note}/delete`, may: authors },
  'POST /notes/{id}/resolve': { path: (s) => `/notes/${s.note}/resolve`, may: ofClass },
  'POST /notes/{id}/reopen': { path: (s) => `/notes/${s.note}/reopen`, may: ofClass, status: 409 },
  'GET /follow-ups': { may: staff },
  'GET /admin/uploads': { may: admins },
  'POST /admin/uploads': { may: admins, fields: () => ({ do: 'approve' }), status: 422 },
  'GET /verify': { may: [], nobody: 200, others: 200 },
  'GET /verify/{code}': { may: [], nobody: 404, others: 404 },
  'POST /sessions/{id}/files': session('/files', { status: 422 }),
  'GET /files/{id}/{name}': { path: (s) => s.file.path, may: ofClass },
  'GET /files/{id}/row': { path: (s) => `/files/${s.file.id}/row`, may: ofClass },
  'GET /files/{id}/view': { path: (s) => `/files/${s.file.id}/view`, may: ofClass },
  'GET /files/{id}/delete': { path: (s) => `/files/${s.file.id}/delete`, may: authors },
  'POST /files/{id}/delete': { path: (s) => `/files/${s.file.id}/delete`, may: authors },
  'GET /public/uploads/sessions/{name}': { path: (s) => `/public/uploads/sessions/${s.file.file}.png`, may: ofClass },
  'GET /health': { may: [], nobody: 200, others: 200 },
  'GET /health/check-in': { may: [], nobody: 200, others: 200 },
  'GET /metrics': { may: [], nobody: 200, others: 200 },
  'GET /openapi.json': { may: [], nobody: 200, others: 200 },
  'GET /docs': { may: [], nobody: 200, others: 200 },
  'GET /redoc': { may: [], nobody: 200, others: 200 },
};

// People have their own file, people.test.mjs; here only that nobody else gets in, and an id is a number.
for (const { name, method, path } of routes) {
  if (!/^\/admin\/(people|accounts|memberships|enrolments)/.test(path)) continue;
  expected[name] ??= path.includes('{') ? { may: [] } : { may: ['the admin of another branch', 'the admin of the branch', 'admin'], status: method === 'POST' ? 422 : 200 };
}

// So have schedules, rooms, closures, groups, classes, courses, imports and branches.
for (const { name, method, path } of routes) {
  if (!/^\/admin\/(schedules|rooms|closures|groups|classes|courses|imports|branches)/.test(path)) continue;
  const may = path.startsWith('/admin/branches') ? ['admin'] : admins;
  expected[name] ??= path.includes('{') ? { may: [] } : { may, status: method === 'POST' ? 422 : 200 };
}

// Devices: devices.test.mjs.
for (const { name, method, path } of routes) {
  if (!path.startsWith('/admin/devices')) continue;
  expected[name] ??= path.includes('{') ? { may: [] } : { may: admins, status: method === 'POST' ? 422 : 200 };
}

// How check-in is checked, and what runs: checkin_admin.test.mjs.
for (const { name, method, path } of routes) {
  if (!/^\/admin\/(check-in|networks|machines|marks|attendance)/.test(path)) continue;
  const isOfNone = path.includes('{') || path === '/admin/check-in/inherit';
  expected[name] ??= isOfNone ? { may: [] } : { may: ['/admin/marks', '/admin/networks', '/admin/machines'].includes(path) ? ['admin'] : admins, status: method === 'POST' ? 422 : 200 };
}

expected['GET /admin/groups/new'] = { path: () => '/admin/groups/new?kind=departments', may: admins };

// Told by name in files of their own: checkin_pages, own_sessions, put, tus, resumable (browser), check_in_door.
const elsewhere = ['GET /student/qr-checkin', 'POST /account/sessions/end', 'POST /account/sessions/{id}/end', 'PUT /sessions/{id}/files/{name}', 'POST /uploads/{id}/discard', 'POST /api/v1/check-in'];

// The register, its screen and its papers have attendance_pages.test.mjs, which asks all of them as everybody else.
const isOfRegister = ({ path }) => /^\/(attendance|trainer\/smart-attendance)(\/|$)|^\/(sessions|courses)\/\{id\}\/(attendance|register|sheet)/.test(path);

// Requests, single sessions and the teacher's home page: session_requests.test.mjs, likewise.
const isOfRequests = ({ path }) => /^\/(requests|trainer|admin\/requests|admin\/sessions)(\/|$)/.test(path) && path !== '/trainer/smart-attendance';
// What students ask, by item and receipt: excuses.test.mjs has their table.
const isOfExcuses = (r) => /^(POST \/corrections|POST \/excuses\/to-decide|POST \/sessions\/\{id\}\/excuses|\w+ \/excuses\/\{id\}\/\w+|POST \/check-in\/\{receipt\}\/tell)$/.test(r.name);

// muster-live's: live_events.test.mjs and tests/live.
const isLive = ({ path }) => ['/health/live', '/metrics/live', '/socket.io', '/ws', '/live', '/admin/stream', '/api/notifications/stream'].includes(path);

test('the table of this file is whole', () => {
  const pages = routes.filter((r) => !['004', 'TUS'].includes(r.family) && !isLive(r) && !elsewhere.includes(r.name) && !isOfRegister(r) && !isOfRequests(r) && !isOfExcuses(r)).map((r) => r.name);
  assert.deepEqual([...new Set(pages)].filter((name) => !expected[name] && name !== 'POST /sign-out'), []);
  assert.deepEqual(Object.keys(expected).filter((name) => !pages.includes(name) && !name.includes('?')), []);
  // What changes something is not for everybody, but for signing in and out.
  assert.deepEqual(routes.filter((r) => r.may === 'PUBLIC' && r.method === 'POST').map((r) => r.path).sort(),
    ['/api/auth.php', '/sign-in', '/sign-in/demo', '/sign-out']);
});

const ask = (client, method, path, fields) => (method === 'GET' ? client.get(path) : client.post(path, fields));

for (const [name, row] of Object.entries(expected)) {
  const [method, address] = name.split(' ');
  test(`who may ${name}`, async () => {
    const shared = row.path ? await subject(row) : null;
    const before = shared && [stored(shared.id), onDisk()];
    for (const [person, username] of Object.entries(who).sort(([a], [b]) => row.may.includes(a) - row.may.includes(b))) {
      const isAllowed = row.may.includes(person);
      const of = isAllowed && method === 'POST' && row.path ? await subject(row) : shared;
      const client = username ? await as(username) : anonymous();
      const answer = await ask(client, method, row.path ? row.path(of) : address, row.fields?.(of));
      const refused = username ? row.others ?? 404 : row.nobody ?? (method === 'GET' ? 303 : 401);
      assert.equal(answer.status, isAllowed ? row.status ?? (method === 'GET' ? 200 : 303) : refused, `${person}: ${answer.text.slice(0, 500)}`);
      if (refused === 303 && !isAllowed && !username) assert.equal(answer.headers.location, `/sign-in?next=${encodeURIComponent(row.path ? row.path(of) : address)}`);
      if (!isAllowed && shared) {
        assert.deepEqual([stored(shared.id), onDisk()], before, person);
        assert.ok(!answer.text.includes(shared.title), `${person} reads the title`);
      }
    }
  });
}

test('a file is refused before its body is read, to whoever may not add one', async () => {
  const s = await subject();
  const before = [stored(s.id), onDisk()];
  for (const person of ['student', 'another teacher', 'a teacher elsewhere', 'the admin of another branch']) {
    const client = await as(who[person]);
    const answer = await client.send('POST', `${s.path}/files`, { headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-length': '0' } });
    assert.equal(answer.status, 404, person);
  }
  assert.deepEqual([stored(s.id), onDisk()], before);
});

test('what does not exist looks like what may not be seen', async () => {
  const s = await subject();
  const client = await as('demo_teacher_2');
  const plain = (answer) => answer.text.replace(/<input type="hidden" name="next" value="[^"]*">/g, '').replace(/\/(sessions|notes|files)\/\d+/g, '');
  for (const [theirs, none] of [[s.path, '/sessions/999999999'], [`/notes/${s.note}`, '/notes/999999999'], [`/files/${s.file.id}/view`, '/files/999999999/view'],
    [`/files/${s.file.id}/x.png`, '/files/999999999/x.png']]) {
    const [a, b] = [await client.get(theirs), await client.get(none)];
    assert.equal(a.status, 404);
    assert.equal(b.status, 404);
    assert.equal(plain(a), plain(b));
  }
  assert.deepEqual(attachmentsOf(s).map((f) => f.downloads), [0]);
});

test('signing out ends the session at once, twice does no harm', async () => {
  const client = await anonymous().signIn('demo_teacher_3');
  const { cookies } = client;
  const kept = new Map(cookies);
  const out = await client.post('/sign-out');
  assert.equal(out.status, 303);
  assert.match(out.headers['set-cookie'][0], /Max-Age=0/);
  client.cookies = kept;
  assert.equal((await client.get('/sessions')).status, 303, 'the old cookie is worth nothing');
  assert.equal((await client.post('/sign-out')).status, 303);
});

test('a disabled account is out at once', async () => {
  const client = await anonymous().signIn('demo_teacher_9');
  sql("UPDATE account SET disabled_at = UTC_TIMESTAMP(6) WHERE username = 'demo_teacher_9'");
  const answer = await client.get('/sessions');
  sql("UPDATE account SET disabled_at = NULL WHERE username = 'demo_teacher_9'");
  assert.equal(answer.status, 303);
});
