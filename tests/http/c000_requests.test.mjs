// Contract 000, 1.2 and the sessions of 1.6: what a trainer's and an admin's program see.
import assert from 'node:assert/strict';
import test from 'node:test';
import { App, invalid, refused, signIn } from '../lib/c000.mjs';
import { otherBranch } from '../lib/classroom.mjs';
import { sql } from '../lib/http.mjs';
import { conforms } from '../lib/openapi.mjs';
import { daysAhead, monday, newTeacher, occupy, requestOf } from '../lib/requests.mjs';

const path = '/session-requests';
/* The answer, held against what is described. */
async function checked(answer, method, described) {
  await conforms(answer, method, described);
  return answer;
}
const who = {};
async function people() {
  who.admin ??= await signIn('demo_admin_1');
  who.branch ??= await signIn('demo_admin_2');
  who.student ??= await signIn('demo_student_12');
  return who;
}
async function newTrainer(prefix) {
  const teacher = await newTeacher(prefix);
  return { ...teacher, app: await signIn(teacher.username) };
}
const body = (teacher, fields = {}) => ({ title: 'Introduction to React', class_name: teacher.className, session_date: monday(), start_time: '10:00', end_time: '12:00', session_type: 'course',
  notes: 'Need projector', ...fields });
const put = (app, id, fields) => app.put(`${path}/${id}/status`, fields);

test('a trainer asks, and finds it again; the keys are the contract’s', async () => {
  const { admin, student } = await people();
  const trainer = await newTrainer('api');
  const made = await checked(await trainer.app.post(path, body(trainer)), 'POST', '/api/session-requests');
  assert.equal(made.status, 201, made.text);
  const request = made.json;
  assert.deepEqual(Object.keys(request), ['id', 'trainer_id', 'trainer_name', 'trainer_email', 'title', 'class_name', 'session_date', 'start_time', 'end_time', 'session_type', 'notes', 'status',
    'admin_response', 'reviewed_by', 'reviewed_at', 'created_at', 'updated_at']);
  assert.deepEqual([request.trainer_id, request.trainer_name, request.session_date, request.start_time, request.end_time, request.status, request.admin_response, request.reviewed_by, request.reviewed_at],
    [trainer.account, trainer.username, monday(), '10:00', '12:00', 'pending', null, null, null]);
  assert.match(request.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?$/);
  assert.equal(Number(sql(`SELECT course_id FROM session_request WHERE id = ${request.id}`)[0][0] ?? 0), 0);
  /* What may be left out is null. */
  const short = await trainer.app.done(201, 'POST', path, { ...body(trainer, { title: 'Second' }), session_type: undefined, notes: undefined });
  assert.deepEqual([short.session_type, short.notes], [null, null]);
  const mine = await checked(await trainer.app.get(`${path}/my-requests`), 'GET', '/api/session-requests/my-requests');
  assert.deepEqual(Object.keys(mine.json), ['requests', 'total', 'unread_count']);
  assert.deepEqual([mine.json.requests.map((r) => r.id), mine.json.total, mine.json.unread_count], [[short.id, request.id], 2, 2]);
  assert.equal((await trainer.app.done(200, 'GET', `${path}/my-requests?limit=1`)).requests.length, 1);
  const none = await trainer.app.done(200, 'GET', `${path}/my-requests?status_filter=nonsense`);
  assert.deepEqual([none.requests, none.total, none.unread_count], [[], 0, 2]);
  await checked(await trainer.app.get(`${path}/${request.id}`), 'GET', '/api/session-requests/{request_id}');
  const all = await checked(await admin.get(`${path}/all?limit=200&status_filter=pending`), 'GET', '/api/session-requests/all');
  assert.ok(all.json.requests.some((r) => r.id === request.id));
  /* Who may not. */
  refused(await admin.post(path, body(trainer)), 403, 'Only trainers can create session requests');
  refused(await student.post(path, body(trainer)), 403, 'Only trainers can create session requests');
  refused(await admin.get(`${path}/my-requests`), 403, 'Only trainers can view their requests');
  refused(await trainer.app.get(`${path}/all`), 403, 'Only admins can view all requests');
  refused(await student.get(`${path}/all`), 403, 'Only admins can view all requests');
  const other = await signIn('demo_teacher_3');
  refused(await other.get(`${path}/${request.id}`), 403, 'Cannot view other trainer\'s requests');
  refused(await student.get(`${path}/${request.id}`), 403, 'Insufficient permissions');
  for (const app of [trainer.app, admin, student]) refused(await app.get(`${path}/99999999`), 404, 'Session request not found');
  otherBranch();
  refused(await (await signIn('far_admin')).get(`${path}/${request.id}`), 404, 'Session request not found');
  assert.equal((await new App().get(`${path}/all`)).status, 401);
  invalid(await trainer.app.get(`${path}/my-requests?limit=101`), 'query -> limit');
  invalid(await admin.get(`${path}/all?limit=0`), 'query -> limit');
});

test('what is wrong is a 422 at its field, and nothing is kept', async () => {
  const trainer = await newTrainer('apibad');
  const cases = [
    [{ title: undefined }, 'title', 'missing'], [{ class_name: undefined }, 'class_name', 'missing'], [{ session_date: undefined }, 'session_date', 'missing'],
    [{ start_time: undefined }, 'start_time', 'missing'], [{ end_time: '' }, 'end_time', 'missing'], [{ title: 'x'.repeat(201) }, 'title', 'string_too_long'],
    [{ class_name: 'x'.repeat(101) }, 'class_name', 'string_too_long'], [{ session_date: 'tomorrow' }, 'session_date'], [{ session_date: '2027-02-30' }, 'session_date'],
    [{ start_time: 'ten' }, 'start_time'], [{ session_date: daysAhead(-1) }, 'session_date', 'value_error'], [{ end_time: '09:00' }, 'end_time', 'value_error'],
    [{ session_date: daysAhead(900) }, 'session_date', 'value_error'], [{ session_type: 'x'.repeat(51) }, 'session_type', 'string_too_long'], [{ notes: 'x'.repeat(5001) }, 'notes', 'string_too_long'],
  ];
  for (const [fields, field, type] of cases) invalid(await trainer.app.post(path, body(trainer, fields)), `body -> ${field}`, type);
  assert.equal((await trainer.app.done(200, 'GET', `${path}/my-requests`)).total, 0);
});

test('approved makes the session, rejected takes it back; the words are checked', async () => {
  const { admin, student } = await people();
  const trainer = await newTrainer('apidec');
  const { id } = await trainer.app.done(201, 'POST', path, body(trainer));
  refused(await put(admin, id, { status: 'maybe' }), 400, 'Status must be \'approved\' or \'rejected\'');
  refused(await put(trainer.app, id, { status: 'approved' }), 403, 'Only admins can approve/reject session requests');
  refused(await put(student, id, { status: 'approved' }), 403, 'Only admins can approve/reject session requests');
  refused(await put(admin, 99999999, { status: 'approved' }), 404, 'Session request not found');
  invalid(await put(admin, id, {}), 'body -> status', 'missing');
  const approved = await checked(await put(admin, id, { status: 'approved', admin_response: 'Session approved for next week' }), 'PUT', '/api/session-requests/{request_id}/status');
  assert.deepEqual([approved.status, approved.json.status, approved.json.admin_response, approved.json.reviewed_by], [200, 'approved', 'Session approved for next week', 1]);
  assert.equal(requestOf(id).sessions.length, 1);
  const list = await trainer.app.done(200, 'GET', '/trainer/upcoming-sessions?limit=50');
  assert.ok(list.some((s) => s.title === 'Introduction to React'));
  /* The same again makes no second one. */
  const again = await put(admin, id, { status: 'approved', admin_response: 'Twice' });
  assert.deepEqual([again.status, again.json.admin_response], [200, 'Session approved for next week']);
  assert.equal(requestOf(id).sessions.length, 1);
  const rejected = await put(admin, id, { status: 'rejected', admin_response: 'After all not' });
  assert.deepEqual([rejected.status, rejected.json.status], [200, 'rejected']);
  assert.deepEqual(requestOf(id).sessions.map((s) => s.state), ['cancelled']);
  assert.equal((await trainer.app.done(200, 'GET', `${path}/my-requests?status_filter=rejected`)).total, 1);
});

test('over a clash only with override; a question reads as pending', async () => {
  const { admin } = await people();
  const trainer = await newTrainer('apiclash');
  occupy(trainer, { start: '11:00', end: '12:00' });
  const { id } = await trainer.app.done(201, 'POST', path, body(trainer));
  const clash = await put(admin, id, { status: 'approved' });
  assert.equal(clash.status, 409);
  assert.match(clash.json.message, /clashes/);
  assert.equal(requestOf(id).sessions.length, 0);
  assert.equal((await put(admin, id, { status: 'approved', override: true })).status, 200);
  assert.equal(requestOf(id).sessions.length, 1);
  const asked = await trainer.app.done(201, 'POST', path, body(trainer, { start_time: '07:00', end_time: '08:00' }));
  sql(`UPDATE session_request SET state = 'question', response = 'Which room?' WHERE id = ${asked.id}`);
  const seen = await trainer.app.done(200, 'GET', `${path}/${asked.id}`);
  assert.deepEqual([seen.status, seen.admin_response], ['pending', 'Which room?']);
  assert.equal((await trainer.app.done(200, 'GET', `${path}/my-requests?status_filter=pending`)).total, 1);
});

test('a class that is not known can be approved, and leaves something to do', async () => {
  const { admin } = await people();
  const trainer = await newTrainer('apiclass');
  const { id } = await trainer.app.done(201, 'POST', path, body(trainer, { class_name: `DEV-${trainer.account}` }));
  assert.equal((await put(admin, id, { status: 'approved' })).json.status, 'approved');
  assert.deepEqual([requestOf(id).needsSession, requestOf(id).sessions], [true, []]);
});

test('a trainer deletes the own pending one, an admin any', async () => {
  const { admin, branch, student } = await people();
  const trainer = await newTrainer('apidel');
  const other = await signIn('demo_teacher_3');
  const make = async (start) => (await trainer.app.done(201, 'POST', path, body(trainer, { start_time: `${start}:00`, end_time: `${start}:45` }))).id;
  const [first, second, third] = [await make('07'), await make('08'), await make('09')];
  const remove = (app, id) => app.ask('DELETE', `${path}/${id}`);
  refused(await remove(other, first), 403, 'Cannot delete other trainer\'s requests');
  refused(await remove(student, first), 403, 'Insufficient permissions');
  refused(await remove(trainer.app, 99999999), 404, 'Session request not found');
  assert.equal((await put(admin, second, { status: 'approved' })).status, 200);
  refused(await remove(trainer.app, second), 403, 'Cannot delete non-pending requests');
  const gone = await checked(await remove(trainer.app, first), 'DELETE', '/api/session-requests/{request_id}');
  assert.deepEqual([gone.status, gone.text], [204, '']);
  refused(await trainer.app.get(`${path}/${first}`), 404, 'Session request not found');
  assert.equal((await remove(branch, third)).status, 204);
  assert.equal((await remove(admin, second)).status, 204);
  assert.deepEqual((await trainer.app.done(200, 'GET', `${path}/my-requests`)).requests, []);
  /* The session that was made stays. */
  assert.deepEqual(requestOf(second).sessions.map((s) => s.state), ['scheduled']);
  const mine = await trainer.app.done(200, 'GET', '/sessions');
  assert.deepEqual(mine.map((s) => [s.session_type, s.notes]), [[body(trainer).session_type, body(trainer).notes]], 'as was asked for');
});

test('sessions of an admin: list, make, delete', async () => {
  const { admin, branch, student } = await people();
  const trainer = await newTrainer('apiadm');
  const fields = { title: `Direct ${trainer.account}`, class_name: trainer.className, trainer_id: trainer.account, session_date: monday(3), start_time: '09:00', end_time: '10:00' };
  const made = await checked(await branch.post('/admin/sessions', fields), 'POST', '/api/admin/sessions');
  assert.equal(made.status, 201, made.text);
  assert.deepEqual(Object.keys(made.json), ['id', 'title', 'class_name', 'trainer_id', 'trainer_name', 'date', 'start_time', 'end_time', 'session_type', 'notes']);
  assert.deepEqual([made.json.trainer_id, made.json.date, made.json.start_time], [trainer.account, monday(3), '09:00:00']);
  assert.deepEqual([made.json.session_type, made.json.notes], ['theory', null], 'as the original where nothing was said');
  const camel = await admin.done(201, 'POST', '/admin/sessions', { title: fields.title, className: trainer.className, trainerId: String(trainer.account), date: monday(3), startTime: '11:00', endTime: '12:00',
    moduleId: trainer.courseId, classroomId: trainer.roomId, sessionType: 'td', notes: 'Bring <b>paper</b>.\nAnd a pen.' });
  assert.deepEqual([camel.session_type, camel.notes], ['td', 'Bring <b>paper</b>.\nAnd a pen.']);
  const list = await checked(await admin.get(`/admin/sessions?page_size=1&search=${encodeURIComponent(fields.title)}`), 'GET', '/api/admin/sessions');
  assert.deepEqual([list.json.total, list.json.total_pages, list.json.page, list.json.page_size, list.json.items.map((i) => i.id)], [2, 2, 1, 1, [camel.id]]);
  assert.deepEqual([list.json.items[0].session_type, list.json.items[0].notes], [camel.session_type, camel.notes]);
  for (const [bad, message] of [[{ title: '' }, 'Missing title'], [{ class_name: undefined }, 'Missing class_name'], [{ trainer_id: undefined }, 'Missing trainer_id'],
    [{ session_date: undefined }, 'Missing session_date'], [{ start_time: undefined }, 'Missing start_time'], [{ end_time: undefined }, 'Missing end_time'],
    [{ trainer_id: 99999999 }, 'Invalid trainer'], [{ trainer_id: 'x' }, 'Invalid trainer'], [{ trainer_id: 1 }, 'Invalid trainer'], [{ class_name: 'No such class' }, 'Invalid class'],
    [{ session_date: '2027-02-30' }, 'Invalid session_date'], [{ start_time: '25:00' }, 'Invalid start_time'], [{ end_time: '08:00' }, 'end_time must be after start_time'],
    [{ module_id: 99999999 }, 'Invalid module'], [{ classroom_id: 99999999 }, 'Invalid classroom'], [{ title: 'x'.repeat(201) }, 'Title is too long'],
    [{ session_type: 'x'.repeat(51) }, 'Session type is too long'], [{ notes: 'x'.repeat(16001) }, 'Notes are too long']]) {
    refused(await admin.post('/admin/sessions', { ...fields, ...bad }), 400, message);
  }
  assert.match((await admin.post('/admin/sessions', fields)).json.message, /clashes/);
  for (const app of [trainer.app, student]) assert.equal((await app.post('/admin/sessions', fields)).status, 403);
  otherBranch();
  refused(await (await signIn('far_admin')).post('/admin/sessions', fields), 400, 'Invalid trainer');
  refused(await (await signIn('far_admin')).ask('DELETE', `/admin/sessions/${camel.id}`), 404, 'Session not found');
  const gone = await checked(await admin.ask('DELETE', `/admin/sessions/${camel.id}`), 'DELETE', '/api/admin/sessions/{session_id}');
  assert.equal(gone.status, 200);
  refused(await admin.ask('DELETE', `/admin/sessions/${camel.id}`), 404, 'Session not found');
  assert.equal((await admin.ask('DELETE', `/admin/sessions?session_id=${made.json.id}`)).status, 200);
  assert.equal((await admin.done(200, 'GET', `/admin/sessions?search=${encodeURIComponent(fields.title)}`)).total, 0);
});

test('/api/sessions speaks this contract to its tokens', async () => {
  const { admin, student } = await people();
  const trainer = await newTrainer('apises');
  const fields = { title: `Module ${trainer.account}`, class_name: trainer.className, trainer_id: trainer.account, session_date: monday(3), start_time: '13:00', end_time: '14:30', module_id: trainer.courseId, session_type: 'exam', notes: 'Silence' };
  const made = await checked(await admin.post('/sessions', fields), 'POST', '/api/sessions');
  assert.equal(made.status, 201, made.text);
  assert.deepEqual([made.json.module_id, made.json.duration_minutes, made.json.status], [trainer.courseId, 90, 'scheduled']);
  const list = await checked(await trainer.app.get('/sessions'), 'GET', '/api/sessions');
  assert.deepEqual(list.json.map((s) => [s.id, s.session_type, s.notes]), [[made.json.id, 'exam', 'Silence']]);
  assert.equal((await trainer.app.post('/sessions', fields)).status, 403);
  assert.equal((await student.get('/sessions')).status, 403);
});
