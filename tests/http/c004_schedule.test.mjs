// The 004 door, schedule_batch.php: every action, every way lists are written, and
// regeneration that loses nothing.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ask, attach, day, idOf, occurrencesOf, ownClass, ownSchedule, refused, sample, SCHEDULE, SESSION, succeeded, tell } from '../lib/c004.mjs';
import { json, signedIn, sql } from '../lib/http.mjs';

let admin, teacher, batch_id;
before(async () => {
  admin = await signedIn('demo_admin_1');
  teacher = await signedIn('demo_teacher_1');
  batch_id = ownClass('demo_employee_1', 'demo_teacher_1');
});

const base = { start_date: '2031-03-03', end_date: '2031-03-16', start_time: '10:00', end_time: '11:30' };
const create = (fields) => tell(admin, 'create', { batch_id, ...base, ...fields }, SCHEDULE);
const made = async (fields) => succeeded(await create(fields), 'Schedule created').id;
const read = async (id) => succeeded(await ask(admin, 'get', { id }, SCHEDULE), undefined);
const dates = (id) => occurrencesOf(id).map((o) => o.date);
const change = (id, fields) => tell(admin, 'update', { id, ...fields }, SCHEDULE);
const times = { actual_start_time: '08:00', actual_end_time: '09:00' };

test('create, get, list: every column with its type', async () => {
  const id = await made({
    recurrence: 'daily', 'faculty_ids[]': [idOf('demo_teacher_2'), idOf('demo_teacher_1')], notes: 'Room moves',
    'subject_ids[]': [3, 4], student_ids: '[7,"8"]', status: 'active',
  });
  const row = await read(id);
  const { created_at, branch_id, batch_branch_id, batch_title, faculty_name, branch_name, title, ...rest } = row;
  assert.deepEqual(rest, {
    id, batch_id, course_id: null, faculty_id: idOf('demo_teacher_2'), recurrence: 'daily', start_date: '2031-03-03', end_date: '2031-03-16', day_of_week: null,
    weekdays: null, day_of_month: null, start_time: '10:00:00', end_time: '11:30:00', subject_ids: '[3,4]', student_ids: '[7,8]', notes: 'Room moves',
    status: 'active', room: '', occurrence_count: 14,
  });
  assert.match(created_at, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  assert.equal(typeof branch_id, 'number');
  assert.equal(batch_branch_id, branch_id);
  assert.equal(title, batch_title);
  assert.equal(faculty_name, 'Demo Teacher 2');
  assert.equal(typeof branch_name, 'string');
  const list = await admin.get(SCHEDULE);
  assert.deepEqual(list.json.data.find((r) => r.id === id), row);
  const ofBatch = await ask(admin, 'list', { batch_id }, SCHEDULE);
  assert.ok(ofBatch.data.every((r) => r.batch_id === batch_id));
  assert.equal(ofBatch.data[0].id, id, 'newest first');
});

test('the three recurrences', async () => {
  assert.equal(dates(await made({ recurrence: 'daily' })).length, 14);
  assert.deepEqual(dates(await made({ recurrence: 'weekly', weekdays: '[1,3]' })), ['2031-03-03', '2031-03-05', '2031-03-10', '2031-03-12']);
  assert.deepEqual(dates(await made({ recurrence: 'monthly', day_of_month: 31, end_date: '2031-07-31' })), ['2031-03-31', '2031-05-31', '2031-07-31']);
});

test('weekdays in every way clients write them', async () => {
  const mondays = ['2031-03-03', '2031-03-10'];
  for (const fields of [{ weekdays: '[1]' }, { weekdays: '["1"]' }, { 'weekdays[]': [1] }, { weekdays: 1 }, { day_of_week: 1 }, { weekdays: '[]', day_of_week: 1 }]) {
    const id = await made({ recurrence: 'weekly', ...fields });
    assert.deepEqual(dates(id), mondays, JSON.stringify(fields));
    assert.equal((await read(id)).weekdays, '[1]');
  }
  const token = await admin.token();
  const answer = await admin.send('POST', SCHEDULE, { body: json({ csrf_token: token, batch_id, ...base, recurrence: 'weekly', weekdays: [0, 6], student_ids: [5] }) });
  const { id } = succeeded(answer.json, 'Schedule created');
  assert.deepEqual(dates(id), ['2031-03-08', '2031-03-09', '2031-03-15', '2031-03-16']);
  assert.equal((await read(id)).student_ids, '[5]');
});

test('create: refusals', async () => {
  for (const [fields, field] of [
    [{ batch_id: '' }, 'batch_id'], [{ batch_id: 999999 }, 'batch_id'], [{ batch_id: 'x' }, 'batch_id'], [{ branch_id: 999999 }, 'branch_id'],
    [{ faculty_id: 999999 }, 'faculty_id'], [{ faculty_id: 'x' }, 'faculty_id'], [{ recurrence: 'hourly' }, 'recurrence'],
    [{ start_date: '' }, 'start_date'], [{ start_date: '2031-02-30' }, 'start_date'], [{ end_date: '2031-01-01' }, 'end_date'], [{ end_date: '2099-01-01' }, 'end_date'],
    [{ start_time: '' }, 'start_time'], [{ end_time: '09:00' }, 'end_time'], [{ end_time: '24:00' }, 'end_time'],
    [{ recurrence: 'weekly' }, 'weekdays'], [{ recurrence: 'weekly', weekdays: '[7]' }, 'weekdays'], [{ recurrence: 'weekly', weekdays: '[1' }, 'weekdays'],
    [{ recurrence: 'weekly', day_of_week: 9 }, 'day_of_week'], [{ recurrence: 'monthly' }, 'day_of_month'], [{ recurrence: 'monthly', day_of_month: 32 }, 'day_of_month'],
    [{ subject_ids: '[1.5]' }, 'subject_ids'], [{ student_ids: 'all' }, 'student_ids'], [{ status: 'asleep' }, 'status'], [{ notes: 'x'.repeat(20001) }, 'notes'],
  ]) refused(await create({ recurrence: 'daily', ...fields }), 'Failed to create', field);
});

test('update: what is not sent stays, what is sent empty goes', async () => {
  const id = await made({ recurrence: 'weekly', weekdays: '[1,2]', faculty_id: idOf('demo_teacher_1'), notes: 'Old', subject_ids: '[1]' });
  assert.deepEqual(succeeded(await change(id, { notes: 'New' }), 'Schedule updated'), { id });
  let row = await read(id);
  assert.equal(row.notes, 'New');
  assert.equal(row.weekdays, '[1,2]');
  assert.equal(row.faculty_id, idOf('demo_teacher_1'));
  assert.equal(row.subject_ids, '[1]');
  succeeded(await change(id, { faculty_id: '', notes: '', subject_ids: '' }), 'Schedule updated');
  row = await read(id);
  assert.equal(row.faculty_id, null);
  assert.equal(row.notes, null);
  assert.equal(row.subject_ids, '[]');
  refused(await change(id, { end_time: '01:00' }), 'Failed to update', 'end_time');
  refused(await change(999999999, { notes: 'x' }), 'Failed to update');
  refused(await tell(admin, 'update', { notes: 'x' }, SCHEDULE), 'Failed to update', 'id');
});

test('status: inactive takes the sessions ahead away, active brings them back', async () => {
  const id = await made({ recurrence: 'daily' });
  succeeded(await change(id, { status: 'inactive' }), 'Schedule updated');
  assert.deepEqual(dates(id), []);
  assert.equal((await read(id)).status, 'inactive');
  succeeded(await change(id, { status: 'active' }), 'Schedule updated');
  assert.equal(dates(id).length, 14);
});

test('regeneration keeps what happened: completions, notes, files', async () => {
  const id = await ownSchedule(admin, { batch_id, faculty_id: idOf('demo_teacher_1'), from: -3, to: 3, start_time: '02:00', end_time: '03:00' });
  const [held, started, untouched] = occurrencesOf(id);
  const done = succeeded(await tell(teacher, 'complete', { occurrence_id: held.id, ...times }), 'Session marked completed');
  const draft = succeeded(await tell(teacher, 'create', { occurrence_id: started.id, schedule_id: id, batch_id }), 'Session created');
  await tell(teacher, 'add_note', { completion_id: done.id, note_text: 'Kept' });
  await attach(teacher, { completion_id: done.id }, sample('im.png'));
  await tell(teacher, 'add_note', { completion_id: draft.id, note_text: 'Kept too' });

  succeeded(await change(id, { start_date: day(1), end_date: day(3), start_time: '04:00', end_time: '05:00' }), 'Schedule updated');
  const after = occurrencesOf(id);
  assert.equal(after.find((o) => o.id === held.id).state, 'completed');
  assert.equal(after.find((o) => o.id === started.id).state, 'cancelled');
  assert.equal(after.find((o) => o.id === untouched.id), undefined);
  assert.deepEqual(after.filter((o) => o.state === 'scheduled').map((o) => o.date), [day(1), day(2), day(3)]);
  const row = succeeded(await ask(teacher, 'get', { id: done.id }), undefined);
  assert.equal(row.status, 'completed');
  assert.equal(row.scheduled_start, '02:00:00');
  assert.equal(row.notes[0].note_text, 'Kept');
  assert.equal(row.attachments.length, 1);
  assert.equal(succeeded(await ask(teacher, 'get', { id: draft.id }), undefined).notes[0].note_text, 'Kept too');

  succeeded(await change(id, { start_date: day(-3), start_time: '02:00', end_time: '03:00' }), 'Schedule updated');
  const again = occurrencesOf(id);
  assert.equal(again.find((o) => o.id === started.id).state, 'scheduled', 'it fits again');
  assert.equal(again.length, 7);
});

test('delete: the schedule goes, what happened stays', async () => {
  const id = await ownSchedule(admin, { batch_id, faculty_id: idOf('demo_teacher_1'), from: -2, to: 2, start_time: '06:00', end_time: '07:00' });
  const [held] = occurrencesOf(id);
  const done = succeeded(await tell(teacher, 'complete', { occurrence_id: held.id, ...times }), 'Session marked completed');
  assert.deepEqual(succeeded(await tell(admin, 'delete', { id }, SCHEDULE), 'Schedule deleted'), { id });
  refused(await ask(admin, 'get', { id }, SCHEDULE), 'Schedule not found');
  refused(await tell(admin, 'delete', { id }, SCHEDULE), 'Failed to delete');
  refused(await tell(admin, 'delete', {}, SCHEDULE), 'Failed to delete', 'id');
  assert.deepEqual(occurrencesOf(id).map((o) => o.id), [held.id]);
  assert.equal(succeeded(await ask(teacher, 'get', { id: done.id }), undefined).status, 'completed');
});

test('batch_meta', async () => {
  const [[demo]] = sql("SELECT id FROM class WHERE name = 'CS-2026-A'");
  const data = succeeded(await ask(admin, 'batch_meta', { batch_id: demo }, SCHEDULE), undefined);
  assert.deepEqual(Object.keys(data), ['subjects', 'students', 'faculties', 'employees', 'primary_faculty']);
  assert.ok(data.subjects.some((s) => s.code === 'DEMO101' && typeof s.id === 'number' && typeof s.title === 'string'));
  assert.equal(data.students.length, 30);
  assert.equal(typeof data.students[0].id, 'number');
  assert.equal(typeof data.students[0].name, 'string');
  const own = succeeded(await ask(admin, 'batch_meta', { batch_id }, SCHEDULE), undefined);
  assert.deepEqual(own.faculties.map((f) => f.id), [idOf('demo_teacher_1')]);
  assert.deepEqual(own.employees.map((f) => f.id), [idOf('demo_employee_1')]);
  assert.equal(own.primary_faculty.id, idOf('demo_teacher_1'));
  const nothing = { subjects: [], students: [], faculties: [], employees: [], primary_faculty: null };
  for (const id of ['', 'abc', 999999]) assert.deepEqual((await ask(admin, 'batch_meta', { batch_id: id }, SCHEDULE)).data ?? nothing, nothing);
});

test('actions: unknown ones, the wrong method, both paths', async () => {
  refused(await ask(admin, 'explode', {}, SCHEDULE), 'Unknown action');
  refused(await ask(admin, 'delete', { id: 1 }, SCHEDULE), 'Method not allowed');
  refused(await tell(admin, 'list', {}, SCHEDULE), 'Method not allowed');
  assert.equal((await admin.get(`${SCHEDULE}/`)).json.success, true);
  assert.equal((await admin.get(`${SESSION}/more`)).status, 404);
});
