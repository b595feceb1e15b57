// The door of 000: opening attendance, checking in with photo and place, and what a person decides.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { accountOf, App, invalid, newSession, personOf, photoForm, refused, signIn } from '../lib/c000.mjs';
import { newAccount, onDisk } from '../lib/classroom.mjs';
import { multipart, sql } from '../lib/http.mjs';
import { root } from '../lib/server.mjs';

const word = process.pid.toString(36);
const names = { trainer: `r0_${word}`, other: `o0_${word}`, admin: 'demo_admin_1', student: 'demo_student_21', second: 'demo_student_22', outsider: 'demo_student_41' };
const who = {};
const picture = (name = 'im.jpg') => readFileSync(join(root, 'tests/files/honest', name));
before(async () => {
  newAccount(names.trainer);
  newAccount(names.other);
  for (const [as, name] of Object.entries(names)) who[as] = await signIn(name);
});

const session = (options) => newSession({ teacher: names.trainer, ...options });
const create = (s, fields = {}, as = 'trainer') => who[as].post('/smart-attendance/sessions', { session_id: s.id, mode: 'self_checkin', ...fields });
const checkIn = (s, form = {}, as = 'student', query = '') => who[as].post(`/smart-attendance/self-checkin?session_id=${s.id}${query}`, photoForm(form.photo ?? picture(), form.fields));
const submit = (s, query = '', as = 'student') => who[as].post(`/student/submit-checkin?session_id=${s.id}${query}`, photoForm(picture()));
/* A session whose attendance is open. */
async function opened(fields, options) {
  const s = session(options);
  const answer = await create(s, fields);
  assert.equal(answer.status, 201, answer.text);
  return { ...s, attendance: answer.json };
}
const recordsOf = (s) => sql(`SELECT p.student_code, r.status, r.method FROM attendance_record r JOIN attendance_session a ON a.id = r.attendance_id
  JOIN person p ON p.id = r.person_id WHERE a.occurrence_id = ${s.id} ORDER BY r.id`);

test('attendance is opened, looked at and changed', async () => {
  const s = session();
  refused(await who.trainer.get(`/smart-attendance/sessions/${s.id}`), 404, 'Attendance session not found');
  const made = (await create(s, { mode: 'hybrid', checkin_window_minutes: 20, location_verification_enabled: true, classroom_lat: 48.8566, classroom_lng: 2.3522, allowed_radius_meters: 60,
    teams_meeting_id: 'M-1', teams_meeting_url: 'https://teams.example/1' })).json;
  assert.deepEqual(Object.keys(made), ['id', 'session_id', 'mode', 'checkin_window_minutes', 'location_verification_enabled', 'classroom_lat', 'classroom_lng', 'allowed_radius_meters',
    'teams_meeting_id', 'teams_meeting_url', 'is_active', 'activated_at', 'confirmed_at', 'created_at', 'updated_at']);
  assert.match(made.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?$/);
  const { id, activated_at: a, created_at: c, updated_at: u, ...rest } = made;
  assert.deepEqual(rest, { session_id: s.id, mode: 'hybrid', checkin_window_minutes: 20, location_verification_enabled: true, classroom_lat: 48.8566, classroom_lng: 2.3522,
    allowed_radius_meters: 60, teams_meeting_id: 'M-1', teams_meeting_url: 'https://teams.example/1', is_active: true, confirmed_at: null });
  for (const as of ['trainer', 'admin', 'student']) assert.deepEqual((await who[as].get(`/smart-attendance/sessions/${s.id}`)).json, made, as);
  for (const as of ['other', 'outsider']) refused(await who[as].get(`/smart-attendance/sessions/${s.id}`), 404, 'Attendance session not found');

  const changed = (await who.trainer.patch(`/smart-attendance/sessions/${s.id}`, { mode: 'teams_auto', checkin_window_minutes: 30, location_verification_enabled: false, classroom_lat: 0, teams_meeting_id: null })).json;
  assert.deepEqual([changed.mode, changed.checkin_window_minutes, changed.location_verification_enabled, changed.classroom_lat, changed.classroom_lng, changed.allowed_radius_meters, changed.teams_meeting_id],
    ['teams_auto', 30, false, 0, 2.3522, 60, 'M-1']);
  refused(await create(s), 400, 'Attendance session already exists for this session');
});

test('defaults are the contract\'s', async () => {
  const { attendance } = await opened();
  assert.deepEqual([attendance.mode, attendance.checkin_window_minutes, attendance.location_verification_enabled, attendance.classroom_lat, attendance.allowed_radius_meters, attendance.teams_meeting_id],
    ['self_checkin', 15, false, null, 100, null]);
});

test('who may open, and what is refused', async () => {
  const s = session();
  refused(await create(s, {}, 'student'), 403, 'Insufficient permissions');
  refused(await create(s, {}, 'other'), 404, 'Session not found');
  refused(await create({ id: 999999999 }), 404, 'Session not found');
  refused(await new App().post('/smart-attendance/sessions', {}), 401, 'Missing authorization header');
  refused(await new App('x').post('/smart-attendance/sessions', {}), 401, 'Invalid or expired token');
  invalid(await create(s, { mode: 'manual' }), 'body -> mode', 'literal_error');
  invalid(await create(s, { mode: undefined }), 'body -> mode', 'missing');
  invalid(await create(s, { session_id: undefined }), 'body -> session_id', 'missing');
  invalid(await create(s, { checkin_window_minutes: 4 }), 'body -> checkin_window_minutes', 'greater_than_equal');
  invalid(await create(s, { checkin_window_minutes: 61 }), 'body -> checkin_window_minutes', 'less_than_equal');
  invalid(await create(s, { allowed_radius_meters: 9 }), 'body -> allowed_radius_meters', 'greater_than_equal');
  invalid(await create(s, { classroom_lat: 91, classroom_lng: 0 }), 'body -> classroom_lat', 'value_error');
  invalid(await create(s, { classroom_lat: 1 }), 'body -> classroom_lng', 'missing');
  for (const body of ['{"session_id":1,"session_id":2}', `{"mode":${'['.repeat(100)}${']'.repeat(100)}}`, '{"session_id":9223372036854775808}', '{']) {
    const answer = await who.trainer.post('/smart-attendance/sessions', { type: 'application/json', body: Buffer.from(body) });
    assert.deepEqual([answer.status, answer.json.error], [422, 'validation_error'], body.slice(0, 40));
  }
  refused(await who.trainer.patch(`/smart-attendance/sessions/${s.id}`, { mode: 'hybrid' }), 404, 'Attendance session not found');
  assert.equal((await create(s, {}, 'admin')).status, 201);
});

test('a check-in with a photo waits for a person, who decides', async () => {
  const s = await opened();
  const answer = await checkIn(s, { fields: { device_id: 'phone-1' } });
  assert.equal(answer.status, 201, answer.text);
  assert.deepEqual(Object.keys(answer.json), ['id', 'attendance_session_id', 'student_id', 'face_confidence', 'liveness_passed', 'location_verified', 'checkin_lat', 'checkin_lng',
    'distance_from_class_meters', 'verification_photo_path', 'device_id', 'ip_address', 'status', 'rejection_reason', 'created_at']);
  const { id, created_at: at, rejection_reason: reason, ...rest } = answer.json;
  assert.deepEqual(rest, { attendance_session_id: s.attendance.id, student_id: personOf(names.student), face_confidence: null, liveness_passed: false, location_verified: false, checkin_lat: null,
    checkin_lng: null, distance_from_class_meters: null, verification_photo_path: `/api/smart-attendance/checkins/${id}/photo`, device_id: 'phone-1', ip_address: '127.0.0.1', status: 'flagged' });
  assert.equal(reason, 'Your teacher will look at the photo.');
  assert.deepEqual(recordsOf(s), []);

  const again = await checkIn(s); /* a flagged student may try again */
  assert.deepEqual([again.status, again.json.status], [201, 'flagged']);
  assert.notEqual(again.json.id, id);

  const review = `/smart-attendance/checkins/${again.json.id}/review`;
  for (const as of ['other']) refused(await who[as].patch(review, { decision: 'approved' }), 404, 'Check-in not found');
  refused(await who.student.patch(review, { decision: 'approved' }), 403, 'Insufficient permissions');
  invalid(await who.trainer.patch(review, { decision: 'perhaps' }), 'body -> decision', 'literal_error');
  const decided = await who.trainer.done(200, 'PATCH', review, { decision: 'approved' });
  assert.deepEqual([decided.id, decided.status, decided.rejection_reason, decided.ip_address], [again.json.id, 'approved', null, null]);
  assert.equal((await who.trainer.patch(review, { decision: 'rejected' })).status, 400);
  assert.deepEqual(recordsOf(s), [['DS0021', 'present', 'json']]);
  refused(await checkIn(s), 400, 'You already checked in for this session');

  const second = (await checkIn(s, {}, 'second')).json;
  const rejected = await who.admin.done(200, 'PATCH', `/smart-attendance/checkins/${second.id}/review`, { decision: 'rejected', reason: 'Somebody else' });
  assert.deepEqual([rejected.status, rejected.rejection_reason], ['rejected', 'Somebody else']);
  assert.equal(recordsOf(s).length, 1);
});

test('place: near, far, missing, out of range', async () => {
  const s = await opened({ location_verification_enabled: true, classroom_lat: 48.8566, classroom_lng: 2.3522, allowed_radius_meters: 100 });
  refused(await checkIn(s), 400, 'Location data required for this session');
  refused(await checkIn(s, { fields: { latitude: '48.8566' } }), 400, 'Location data required for this session');
  for (const bad of ['NaN', 'inf', '91', '-90.1', '1e9', '48,8', '0x10', 'north']) invalid(await checkIn(s, { fields: { latitude: bad, longitude: '2.3' } }), 'body -> latitude', 'value_error');
  invalid(await checkIn(s, { fields: { latitude: '1', longitude: '180.5' } }), 'body -> longitude', 'value_error');
  const before = onDisk().length;
  assert.equal(onDisk().length, before);
  const far = await checkIn(s, { fields: { latitude: '48.8600', longitude: '2.3522' } });
  assert.deepEqual([far.status, far.json.status, far.json.location_verified, far.json.checkin_lat, far.json.checkin_lng], [201, 'flagged', false, 48.86, 2.3522]);
  assert.match(far.json.rejection_reason, /^Too far from classroom \(\d+m > 100m\)$/);
  assert.ok(Math.abs(far.json.distance_from_class_meters - 378) <= 2, String(far.json.distance_from_class_meters));
  const near = await checkIn(s, {}, 'second', '&latitude=48.8567&longitude=2.3523'); /* in the query, too */
  assert.deepEqual([near.status, near.json.location_verified, near.json.checkin_lat], [201, true, 48.8567]);

  const live = await who.trainer.done(200, 'GET', `/smart-attendance/sessions/${s.id}/live`);
  assert.deepEqual({ ...live, recent_checkins: live.recent_checkins.map((c) => [c.student_id, c.status, c.checkin_lat]) }, { session_id: s.id, mode: 'self_checkin', total_students_expected: 30, total_checked_in: 0,
    pending_verification: 2, fraud_flags_count: 1, recent_checkins: [[personOf(names.second), 'flagged', null], [personOf(names.student), 'flagged', null]], recent_teams_joins: [] });

  const alerts = await who.trainer.done(200, 'GET', '/smart-attendance/alerts');
  const mine = alerts.find((a) => a.id === far.json.id);
  assert.deepEqual([mine.alert_type, mine.severity, mine.session_id, mine.student_id, mine.is_acknowledged, mine.metadata_json, mine.metadata],
    ['location_violation', 'medium', s.id, personOf(names.student), false, { checkin_id: far.json.id }, { checkin_id: far.json.id }]);
  assert.deepEqual(await who.trainer.done(200, 'GET', '/smart-attendance/alerts?severity=critical'), []);
  assert.ok((await who.other.done(200, 'GET', '/smart-attendance/alerts')).every((a) => a.id !== far.json.id));
  refused(await who.student.get('/smart-attendance/alerts'), 403, 'Insufficient permissions');
  const frauds = await who.admin.done(200, 'GET', '/smart-attendance/fraud-detections?resolved=false&severity=high');
  const found = frauds.find((f) => f.checkin_id === far.json.id);
  assert.deepEqual([found.fraud_type, found.severity, found.is_resolved, found.evidence.allowed_m], ['location_spoof', 'high', false, 100]);
  refused(await who.trainer.get('/smart-attendance/fraud-detections'), 403, 'Insufficient permissions');
  await who.trainer.done(200, 'PATCH', `/smart-attendance/checkins/${far.json.id}/review`, { decision: 'rejected', reason: 'At home' });
  const resolved = (await who.admin.done(200, 'GET', '/smart-attendance/fraud-detections?resolved=true')).find((f) => f.checkin_id === far.json.id);
  assert.deepEqual([resolved.is_resolved, resolved.resolution_notes, resolved.resolved_by_user_id], [true, 'At home', accountOf(names.trainer)]);
});

test('somebody looks at alerts and suspicious check-ins: kept with the check-in, which still waits', async () => {
  const s = await opened({ location_verification_enabled: true, classroom_lat: 48.8566, classroom_lng: 2.3522, allowed_radius_meters: 100 });
  const far = (await checkIn(s, { fields: { latitude: '48.8600', longitude: '2.3522' } })).json;
  const alert = `/smart-attendance/alerts/${far.id}/acknowledge`;
  const fraud = `/smart-attendance/fraud-detections/${far.id}/resolve`;
  const listed = async (as, query) => (await who[as].done(200, 'GET', `/smart-attendance/${query}`)).some((one) => one.id === far.id);
  const flags = async () => (await who.trainer.done(200, 'GET', `/smart-attendance/sessions/${s.id}/live`)).fraud_flags_count;
  assert.deepEqual([await listed('trainer', 'alerts'), await listed('admin', 'fraud-detections?resolved=false'), await flags()], [true, true, 1]);

  /* Others find nothing, or may not. */
  refused(await who.other.patch(`${alert}?action_taken=x`), 404, 'Alert not found');
  refused(await who.student.patch(`${alert}?action_taken=x`), 403, 'Insufficient permissions');
  refused(await who.trainer.patch(`${fraud}?resolution_notes=x`), 403, 'Insufficient permissions');
  refused(await who.trainer.patch('/smart-attendance/alerts/999999999/acknowledge'), 404, 'Alert not found');
  refused(await who.admin.patch('/smart-attendance/fraud-detections/999999999/resolve'), 404, 'Fraud detection not found');
  invalid(await who.trainer.patch(alert, { action_taken: 'x'.repeat(501) }), 'body -> action_taken', 'string_too_long');
  assert.equal(await listed('trainer', 'alerts'), true);

  /* In the body, as its client sends it. */
  const seen = await who.trainer.done(200, 'PATCH', alert, { action_taken: 'Asked the student' });
  assert.deepEqual([seen.id, seen.is_acknowledged, seen.acknowledged_by_user_id, seen.action_taken], [far.id, true, accountOf(names.trainer), 'Asked the student']);
  assert.ok(seen.acknowledged_at);
  assert.deepEqual([await listed('trainer', 'alerts'), await listed('trainer', 'alerts?unacknowledged_only=false'), await listed('admin', 'fraud-detections?resolved=false'), await flags()], [false, true, false, 0]);
  /* In the query, as its server reads it; an admin's word is the later one. */
  const resolved = await who.admin.done(200, 'PATCH', `${fraud}?resolution_notes=${encodeURIComponent('Phone was off by a street')}`);
  assert.deepEqual([resolved.is_resolved, resolved.resolved_by_user_id, resolved.resolution_notes], [true, accountOf(names.admin), 'Phone was off by a street']);
  assert.equal(sql(`SELECT COUNT(*) FROM audit_log WHERE action = 'attendance.noted' AND JSON_VALUE(detail, '$.attempt') = ${far.id}`)[0][0], '2');

  /* It decides nothing, and the student reads nothing of it. */
  assert.deepEqual(sql(`SELECT decided_state FROM attendance_attempt WHERE id = ${far.id}`), [['open']]);
  const decided = await who.trainer.done(200, 'PATCH', `/smart-attendance/checkins/${far.id}/review`, { decision: 'rejected', reason: 'At home' });
  assert.deepEqual([decided.status, decided.rejection_reason], ['rejected', 'At home']);
  /* What was decided stays as it was decided. */
  const late = await who.trainer.done(200, 'PATCH', alert, { action_taken: 'Too late' });
  assert.deepEqual([late.is_acknowledged, late.action_taken], [true, 'At home']);
});

test('a refused second try is a suspicion until somebody looks at it; a plain check-in is none', async () => {
  const s = await opened();
  const first = (await checkIn(s)).json;
  await who.trainer.done(200, 'PATCH', `/smart-attendance/checkins/${first.id}/review`, { decision: 'approved' });
  refused(await checkIn(s), 400, 'You already checked in for this session');
  const mine = async (query) => (await who.admin.done(200, 'GET', `/smart-attendance/fraud-detections${query}`)).filter((f) => f.session_id === s.id);
  const [twice] = await mine('?resolved=false');
  assert.deepEqual([twice.fraud_type, twice.severity, twice.is_resolved], ['duplicate_attempt', 'medium', false]);
  await who.admin.done(200, 'PATCH', `/smart-attendance/fraud-detections/${twice.id}/resolve`, { resolution_notes: 'A double tap' });
  assert.deepEqual((await mine('?resolved=false')).length, 0);
  assert.deepEqual((await mine('?resolved=true')).map((f) => [f.id, f.resolution_notes]), [[twice.id, 'A double tap']]);
  refused(await who.admin.patch(`/smart-attendance/fraud-detections/${first.id}/resolve`), 404, 'Fraud detection not found');
});

test('a place that is asked for and not known', async () => {
  const s = await opened({ location_verification_enabled: true });
  refused(await checkIn(s, { fields: { latitude: '1', longitude: '1' } }), 500, 'Classroom location not configured');
});

test('the window, the class, and what is not there', async () => {
  refused(await checkIn({ id: 999999999 }), 404, 'Session not found');
  refused(await checkIn(session()), 404, 'Attendance session not configured');
  const early = await opened({ checkin_window_minutes: 10 }, { minutes: 30 });
  refused(await checkIn(early), 400, 'Check-in window is 10 min before/after session start');
  const over = await opened({}, { minutes: -200 });
  refused(await checkIn(over), 400, 'Check-in window is 15 min before/after session start');
  const soon = await opened({ checkin_window_minutes: 20 }, { minutes: 10 });
  assert.equal((await checkIn(soon)).status, 201);
  const late = await opened({}, { minutes: -60 }); /* a trainer who is late still gets a window */
  assert.equal((await checkIn(late)).status, 201);

  const s = await opened();
  refused(await checkIn(s, {}, 'outsider'), 403, 'You are not in the correct class for this session');
  refused(await checkIn(s, {}, 'trainer'), 403, 'Only students can self check-in');
  refused(await new App().post(`/smart-attendance/self-checkin?session_id=${s.id}`, photoForm(picture())), 401, 'Invalid or expired token');
  await who.trainer.done(200, 'POST', `/trainer/confirm-attendance?session_id=${s.id}`);
  refused(await checkIn(s), 404, 'Session attendance not activated by trainer');
});

test('photos that are none, too big, too wide, missing', async () => {
  const s = await opened();
  const before = onDisk().length;
  const wide = Buffer.from(picture('im.png'));
  wide.writeUInt32BE(30_000, 16);
  for (const photo of [Buffer.from('hello'), picture('gs.pdf'), picture('im.webp'), wide]) invalid(await checkIn(s, { photo }), 'body -> photo', 'value_error');
  refused(await checkIn(s, { photo: Buffer.concat([picture(), Buffer.alloc(10 * 1024 * 1024)]) }), 400, 'Photo trop volumineuse (max 10MB)');
  const huge = await checkIn(s, { photo: Buffer.alloc(12 * 1024 * 1024) });
  assert.deepEqual([huge.status, huge.json.status_code, huge.json.message], [413, 413, huge.json.detail]);
  invalid(await who.student.post(`/smart-attendance/self-checkin?session_id=${s.id}`, multipart([{ name: 'latitude', value: '1' }])), 'body -> photo', 'missing');
  invalid(await who.student.post('/smart-attendance/self-checkin', photoForm(picture())), 'query -> session_id', 'missing');
  assert.equal(onDisk().length, before);
});

test('the student page\'s own way in', async () => {
  const s = await opened({ location_verification_enabled: true, classroom_lat: 10, classroom_lng: 10 });
  refused(await submit({ id: 999999999 }), 404, 'Session not active or not found');
  refused(await submit(session()), 404, 'Session not active or not found');
  refused(await submit(s, '', 'outsider'), 403, 'You are not in the correct class for this session');
  refused(await submit(s), 400, 'Location data required for this session');
  const answer = await submit(s, '&latitude=10&longitude=10.0001');
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual({ ...answer.json, checkin_id: 0, message: '' }, { status: 'flagged', message: '', face_confidence: null, liveness_passed: false, location_verified: true, checkin_id: 0 });

  const list = await who.student.done(200, 'GET', '/student/active-sessions-for-checkin');
  const mine = list.find((one) => one.id === s.id);
  assert.deepEqual([mine.title, mine.class_name, mine.trainer_name, mine.is_attendance_active], [s.title, 'CS-2026-A', `Test ${names.trainer}`, true]);
  assert.match(mine.start_time, /^\d\d:\d\d:\d\d$/);
  assert.ok((await who.outsider.done(200, 'GET', '/student/active-sessions-for-checkin')).every((one) => one.id !== s.id));
  refused(await who.trainer.get('/student/active-sessions-for-checkin'), 403, 'Only students can access this endpoint');
});

test('two check-ins at one instant are one that waits', async () => {
  const s = await opened();
  const answers = await Promise.all([1, 2, 3].map(() => checkIn(s)));
  assert.ok(answers.every((a) => a.status === 201 || a.status === 400), answers.map((a) => a.text).join());
  const open = sql(`SELECT COUNT(*) FROM attendance_attempt t JOIN attendance_session a ON a.id = t.attendance_id WHERE a.occurrence_id = ${s.id} AND t.decided_state = 'open'`);
  assert.deepEqual(open, [['1']]);
});

test('Teams is not offered', async () => {
  refused(await who.trainer.post('/smart-attendance/teams/sync?meeting_id=1'), 501, 'Teams sync is not implemented');
  refused(await who.student.post('/smart-attendance/teams/sync?meeting_id=1'), 403, 'Insufficient permissions');
  refused(await who.trainer.get('/smart-attendance/nothing'), 404, 'Not Found');
  refused(await who.trainer.put('/smart-attendance/alerts', {}), 405, 'Method Not Allowed');
});
