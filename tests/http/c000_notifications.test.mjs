// Notifications at the door of contract 000.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { accountOf, App, invalid, refused, signIn } from '../lib/c000.mjs';
import { newAccount, quoted } from '../lib/classroom.mjs';
import { sql } from '../lib/http.mjs';
import { conforms } from '../lib/openapi.mjs';

const add = (username, kind, params, minutes, read) => Number(sql(`INSERT INTO notification (account_id, kind, entity_id, params, created_at, read_at)
  VALUES (${accountOf(username)}, ${quoted(kind)}, 7, ${quoted(JSON.stringify(params))}, UTC_TIMESTAMP(6) - INTERVAL ${minutes} MINUTE, ${read ? 'UTC_TIMESTAMP(6)' : 'NULL'});
  SELECT LAST_INSERT_ID()`)[0][0]);

let teacher; let student; let admin; let asTeacher; let asStudent; let asAdmin;
before(async () => {
  teacher = newAccount(`c000_notified_${process.pid}`);
  student = newAccount(`c000_pupil_${process.pid}`, { role: 'student' });
  admin = newAccount(`c000_chief_${process.pid}`, { role: 'branch_admin' });
  [asTeacher, asStudent, asAdmin] = await Promise.all([teacher, student, admin].map((name) => signIn(name)));
});

test('me: the newest first, with every key, and how many are unread', async () => {
  const unread = add(teacher, 'session.moved', { title: 'Networks', day: 20777, start: 32400, old_day: 20776, old_start: 30600 }, 10);
  const read = add(teacher, 'session_request.decided', { title: 'Revision', code: 'approved', day: 20776, start: 32400, end: 37800, text: 'Session approved.' }, 9, true);
  const answer = await asTeacher.get('/notifications/me');
  assert.equal(answer.status, 200, answer.text);
  await conforms(answer, 'GET', '/api/notifications/me');
  assert.equal(answer.json.unread_count, 1);
  assert.deepEqual(answer.json.notifications.map((n) => n.id), [read, unread]);
  const [first, second] = answer.json.notifications;
  assert.deepEqual(Object.keys(first).sort(), ['created_at', 'delivery_method', 'id', 'message', 'notification_type', 'priority', 'read', 'read_at', 'title', 'user_id', 'user_type']);
  assert.deepEqual([first.title, first.message, first.notification_type, first.priority, first.read, first.user_type, first.delivery_method, first.user_id],
    ['Session request approved', 'Revision, Thu 19 Nov, 09:00–10:30 Session approved.', 'session_request_response', 'high', true, 'trainer', 'in_app', accountOf(teacher)]);
  assert.deepEqual([second.notification_type, second.read, second.read_at], ['session_moved', false, null]);
  assert.match(second.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/);
  const only = await asTeacher.get('/notifications/me?unread_only=true&limit=5');
  assert.deepEqual(only.json.notifications.map((n) => n.id), [unread]);
  const french = await asTeacher.get('/notifications/me?limit=1', { 'accept-language': 'fr' });
  assert.equal(french.json.notifications[0].title, 'Demande de séance approuvée');
});

test('admins are told of new requests in the words of the contract', async () => {
  const id = add(admin, 'session_request.created', { title: 'Intro', who: 'Demo Teacher 1' }, 1);
  const { json } = await asAdmin.get('/notifications/me');
  assert.deepEqual(json.notifications.map((n) => [n.id, n.notification_type, n.priority, n.user_type]), [[id, 'session_request', 'high', 'admin']]);
});

test('one read, all read, and the count', async () => {
  const [a, b, c] = [1, 2, 3].map((minutes) => add(student, 'session.cancelled', { title: `S${minutes}` }, minutes));
  assert.deepEqual((await asStudent.get('/notifications/unread/count')).json, { unread_count: 3 });
  const one = await asStudent.put(`/notifications/${b}/read`);
  assert.equal(one.status, 200, one.text);
  await conforms(one, 'PUT', '/api/notifications/{id}/read');
  assert.deepEqual([one.json.id, one.json.read, one.json.unread_count], [b, true, 2]);
  const again = await asStudent.put(`/notifications/${b}/read`);
  assert.equal(again.json.read_at, one.json.read_at);
  const all = await asStudent.put('/notifications/all/read');
  await conforms(all, 'PUT', '/api/notifications/all/read');
  assert.deepEqual([all.status, all.json.unread_count], [200, 0]);
  const count = await asStudent.get('/notifications/unread/count');
  await conforms(count, 'GET', '/api/notifications/unread/count');
  assert.deepEqual(count.json, { unread_count: 0 });
  assert.ok(a && c);
});

test('the short lists of trainers and students: read one, remove one', async () => {
  const mine = add(student, 'checkin.opened', { title: 'Databases' }, 0);
  const list = await asStudent.get('/student/notifications');
  await conforms(list, 'GET', '/api/student/notifications');
  assert.deepEqual(Object.keys(list.json[0]).sort(), ['created_at', 'id', 'message', 'read', 'title', 'type']);
  assert.deepEqual([list.json[0].id, list.json[0].type, list.json[0].read], [mine, 'checkin_opened', false]);
  const read = await asStudent.patch(`/student/notifications/${mine}/read`);
  assert.deepEqual([read.status, read.json], [200, { status: 'success' }]);
  const removed = await asStudent.ask('DELETE', `/student/notifications/${mine}`);
  await conforms(removed, 'DELETE', '/api/student/notifications/{id}');
  assert.deepEqual(removed.json, { status: 'success' });
  refused(await asStudent.ask('DELETE', `/student/notifications/${mine}`), 404, 'Notification not found');

  const theirs = add(teacher, 'checkin.flagged', { title: 'Databases' }, 0);
  const unread = await asTeacher.get('/trainer/notifications?unread_only=true');
  await conforms(unread, 'GET', '/api/trainer/notifications');
  assert.ok(unread.json.every((n) => n.read === false) && unread.json.some((n) => n.id === theirs));
  assert.deepEqual((await asTeacher.patch(`/trainer/notifications/${theirs}`)).json, { status: 'success' });
  assert.ok(!(await asTeacher.get('/trainer/notifications?unread_only=true')).json.some((n) => n.id === theirs));
  assert.deepEqual((await asTeacher.ask('DELETE', `/trainer/notifications/${theirs}`)).json, { status: 'success' });
});

test('a student chooses by topic; what is not sent stays', async () => {
  const start = await asStudent.get('/student/notification-preferences');
  await conforms(start, 'GET', '/api/student/notification-preferences');
  assert.deepEqual(start.json, { system: true, justification: true, schedule: true, message: false, email: false, push: false });
  const set = await asStudent.put('/student/notification-preferences', { schedule: false, email: true, unknown: 1 });
  assert.equal(set.status, 200, set.text);
  await conforms(set, 'PUT', '/api/student/notification-preferences');
  assert.deepEqual(set.json, { status: 'success', system: true, justification: true, schedule: false, message: false, email: false, push: false });
  assert.deepEqual(sql(`SELECT kind, is_on FROM notification_preference WHERE account_id = ${accountOf(student)} AND kind = 'session.moved'`), [['session.moved', '0']]);
  assert.equal((await asStudent.get('/student/notification-preferences')).json.schedule, false);
  invalid(await asStudent.put('/student/notification-preferences', { system: 'perhaps' }), 'body -> system');
});

test('who may not, what is wrong, and what is somebody else’s', async () => {
  const foreign = add(teacher, 'session.moved', { title: 'Private' }, 0);
  refused(await asStudent.put(`/notifications/${foreign}/read`), 404, 'Notification not found');
  refused(await asStudent.patch(`/student/notifications/${foreign}/read`), 404, 'Notification not found');
  refused(await asStudent.put('/notifications/999999999999/read'), 404, 'Notification not found');
  assert.equal(sql(`SELECT read_at FROM notification WHERE id = ${foreign}`)[0][0], null);
  for (const limit of ['0', '-1', '101', '999999999999999999999', 'x']) {
    invalid(await asStudent.get(`/notifications/me?limit=${limit}`), 'query -> limit');
  }
  refused(await asStudent.get('/trainer/notifications'), 403, 'Only trainers can access notifications');
  refused(await asTeacher.get('/student/notifications'), 403, 'Only students can access notifications');
  refused(await asTeacher.get('/student/notification-preferences'), 403, 'Only students can access preferences');
  refused(await new App(null).get('/notifications/me'), 401, 'Missing authorization header');
  refused(await new App('nonsense').get('/notifications/unread/count'), 401, 'Invalid or expired token');
});
