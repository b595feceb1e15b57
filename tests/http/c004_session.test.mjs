// The 004 door, session_completion.php: each action's success and each of its failures.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ask, attach, day, idOf, ownSchedule, occurrencesOf, ownSessions, refused, sample, SCHEDULE, SESSION, succeeded, tell, word } from '../lib/c004.mjs';
import { form, json, multipart, signedIn, sql } from '../lib/http.mjs';

let admin, teacher, sessions;
before(async () => {
  admin = await signedIn('demo_admin_1');
  teacher = await signedIn('demo_teacher_1');
  sessions = await ownSessions(admin);
});

const started = async (fields = {}) => {
  const of = sessions.take();
  const { id } = succeeded(await tell(teacher, 'create', { ...of, ...fields }), 'Session created');
  return { ...of, id };
};
const times = { actual_start_time: '08:05', actual_end_time: '09:20' };
const completed = async (fields = {}) => {
  const of = await started();
  succeeded(await tell(teacher, 'complete', { id: of.id, ...times, ...fields }), 'Session marked completed');
  return of;
};
const got = async (id, client = teacher) => succeeded(await ask(client, 'get', { id }), undefined);

/* name: type, with ? for null too */
function assertRow(row, types) {
  for (const [name, type] of Object.entries(types)) {
    assert.ok(name in row, `${name} is missing`);
    if (row[name] === null) assert.ok(type.endsWith('?'), `${name} is null`);
    else if (type.startsWith('time')) assert.match(row[name], /^\d\d:\d\d:\d\d$/, name);
    else if (type.startsWith('at')) assert.match(row[name], /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, name);
    else if (type.startsWith('date')) assert.match(row[name], /^\d{4}-\d\d-\d\d$/, name);
    else if (type.startsWith('array')) assert.ok(Array.isArray(row[name]), name);
    else assert.equal(typeof row[name], type.replace('?', ''), name);
  }
}
const completionRow = {
  id: 'number', occurrence_id: 'number', schedule_id: 'number', batch_id: 'number', faculty_id: 'number?', employee_id: 'number?',
  actual_start_time: 'time?', actual_end_time: 'time?', completion_code: 'string?', status: 'string', completed_by: 'number?',
  completed_at: 'at?', created_at: 'at', updated_at: 'at', batch_title: 'string', session_date: 'date', scheduled_start: 'time',
  scheduled_end: 'time', attachment_count: 'number', note_count: 'number',
};
const noteRow = { id: 'number', completion_id: 'number', author_id: 'number', note_text: 'string', note_type: 'string', created_at: 'at', updated_at: 'at', author_name: 'string', email: 'string?' };
const attachmentRow = {
  id: 'number', completion_id: 'number', file_name: 'string', file_path: 'string', file_type: 'string', mime_type: 'string',
  file_size: 'number', uploaded_by: 'number', description: 'string', created_at: 'at', uploader_name: 'string',
};

/* ---- reading ------------------------------------------------------------------------- */

test('list: default of GET; every column with its type; own rows, newest session first', async () => {
  const { id } = await completed({ notes: 'Joins' });
  const plain = await teacher.get(SESSION);
  assert.equal(plain.status, 200);
  const rows = plain.json.data;
  const row = rows.find((r) => r.id === id);
  assertRow(row, { ...completionRow, notes: 'string?' });
  assert.equal(row.notes, 'Joins');
  assert.equal(row.status, 'completed');
  assert.equal(row.actual_start_time, '08:05:00');
  assert.equal('faculty_name' in row, false);
  const dates = rows.map((r) => r.session_date);
  assert.deepEqual(dates, [...dates].sort().reverse());
  const all = await ask(admin, 'list');
  assertRow(all.data.find((r) => r.id === id), { completed_by_name: 'string', faculty_name: 'string', employee_name: 'string?' });
});

test('get: attachments, the comments under `notes`, the text beside them', async () => {
  const { id, occurrence_id } = await completed({ notes: 'Chapters 1 to 3' });
  await tell(teacher, 'add_note', { completion_id: id, note_text: 'Well done', note_type: 'achievement' });
  await attach(teacher, { completion_id: id, description: 'Slides' }, sample('gs.pdf', 'slides.pdf'));
  const row = await got(id);
  assertRow(row, { ...completionRow, attachments: 'array', notes: 'array', comments: 'array' });
  assert.equal(row.completion_notes, 'Chapters 1 to 3');
  assert.deepEqual(row.comments, row.notes);
  assertRow(row.notes[0], noteRow);
  assert.equal(row.notes[0].note_type, 'achievement');
  assertRow(row.attachments[0], attachmentRow);
  assert.equal(row.attachments[0].file_type, 'pdf');
  assert.equal(row.note_count, 1);
  assert.equal(row.attachment_count, 1);
  assert.equal(row.scheduled_start, '08:00:00');

  const list = await ask(teacher, 'get_by_occurrence', { occurrence_id });
  assert.equal(list.data.length, 1);
  assert.equal(list.data[0].notes, 'Chapters 1 to 3');
  assertRow(list.data[0].comments[0], noteRow);
  assertRow(list.data[0].attachments[0], attachmentRow);
});

test('get: what is not there', async () => {
  refused(await ask(teacher, 'get'), 'Session not found');
  refused(await ask(teacher, 'get', { id: 'abc' }), 'Session not found');
  refused(await ask(teacher, 'get', { id: '999999999' }), 'Session not found');
  refused(await ask(teacher, 'get_by_occurrence'), 'Missing occurrence_id');
  refused(await ask(teacher, 'get_by_occurrence', { occurrence_id: '0' }), 'Missing occurrence_id');
  assert.deepEqual(await ask(teacher, 'get_by_occurrence', { occurrence_id: '999999999' }), { success: true, data: [] });
});

test('occurrences: columns, newest first, scopes', async () => {
  const ahead = await ownSchedule(admin, { batch_id: sessions.batch_id, faculty_id: idOf('demo_teacher_1'), from: -1, to: 2, start_time: '05:00', end_time: '06:00' });
  const mine = async (scope) => (await ask(teacher, 'occurrences', scope ? { scope } : {})).data.filter((r) => r.schedule_id === ahead);
  const all = await mine();
  assertRow(all[0], {
    occurrence_id: 'number', schedule_id: 'number', session_date: 'date', start_time: 'time', end_time: 'time', batch_id: 'number',
    batch_title: 'string', branch_id: 'number', completion_count: 'number', latest_status: 'string?', last_completed: 'at?',
  });
  assert.deepEqual(all.map((r) => r.session_date), [day(2), day(1), day(0), day(-1)]);
  assert.deepEqual((await mine('upcoming')).map((r) => r.session_date), [day(2), day(1), day(0)]);
  assert.deepEqual((await mine('today')).map((r) => r.session_date), [day(0)]);
  assert.deepEqual((await mine('nonsense')).length, 4);

  const past = all[3].occurrence_id;
  succeeded(await tell(teacher, 'complete', { occurrence_id: past, actual_start_time: '05:00', actual_end_time: '06:00' }), 'Session marked completed');
  const row = (await mine()).find((r) => r.occurrence_id === past);
  assert.equal(row.latest_status, 'completed');
  assert.equal(row.completion_count, 1);
  assert.match(row.last_completed, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
});

/* ---- create ---------------------------------------------------------------------------- */

test('create: default of POST, pending, in the name of who asks; again gives the same row', async () => {
  const of = sessions.take();
  const first = (await teacher.post(SESSION, { ...of, notes: 'Draft' })).json;
  const { id } = succeeded(first, 'Session created');
  const row = await got(id);
  assert.equal(row.status, 'pending');
  assert.equal(row.faculty_id, idOf('demo_teacher_1'));
  assert.equal(row.employee_id, null);
  assert.equal(row.completion_notes, 'Draft');
  assert.equal(succeeded(await tell(teacher, 'create', of), 'Session created').id, id);
});

test('create: what must be there, and must fit', async () => {
  const of = sessions.take();
  refused(await tell(teacher, 'create', {}), 'Failed to create session', 'occurrence_id');
  refused(await tell(teacher, 'create', { ...of, schedule_id: '' }), 'Failed to create session', 'schedule_id');
  refused(await tell(teacher, 'create', { ...of, batch_id: 999999 }), 'Failed to create session', 'batch_id');
  refused(await tell(teacher, 'create', { ...of, occurrence_id: 999999999 }), 'Failed to create session');
  refused(await tell(teacher, 'create', { ...of, actual_start_time: '25:00' }), 'Failed to create session', 'actual_start_time');
  refused(await tell(teacher, 'create', { ...of, actual_start_time: '10:00', actual_end_time: '09:00' }), 'Failed to create session', 'actual_end_time');
  refused(await tell(teacher, 'create', { ...of, status: 'held' }), 'Failed to create session', 'status');
  refused(await tell(admin, 'create', { ...of, faculty_id: 999999999 }), 'Missing user context for completion', 'faculty_id');
  assert.deepEqual((await ask(teacher, 'get_by_occurrence', { occurrence_id: of.occurrence_id })).data, []);
});

test('create: with a status does it at once; accounts are an admin\'s to choose', async () => {
  const of = sessions.take();
  const { id } = succeeded(await tell(teacher, 'create', { ...of, ...times, status: 'completed', completion_code: word() }), 'Session created');
  assert.equal((await got(id)).status, 'completed');
  refused(await tell(teacher, 'create', of), 'Failed to create session', 'reason');
  const gone = sessions.take();
  const cancelled = succeeded(await tell(teacher, 'create', { ...gone, status: 'cancelled', reason: 'Storm' }), 'Session created');
  assert.equal((await got(cancelled.id)).status, 'cancelled');
  const theirs = sessions.take();
  const made = succeeded(await tell(admin, 'create', { ...theirs, faculty_id: idOf('demo_teacher_1'), employee_id: 'null' }), 'Session created');
  assert.equal((await got(made.id)).faculty_id, idOf('demo_teacher_1'));
  const other = sessions.take();
  const kept = succeeded(await tell(teacher, 'create', { ...other, faculty_id: idOf('demo_teacher_2') }), 'Session created');
  assert.equal((await got(kept.id)).faculty_id, idOf('demo_teacher_1'));
});

/* ---- complete ---------------------------------------------------------------------------- */

test('complete: times, code and notes; the server clock; twice edits', async () => {
  const { id } = await started({ notes: 'Draft' });
  const code = `BATCH-${word()}-DEC19`;
  const data = succeeded(await tell(teacher, 'complete', { id, ...times, completion_code: code, notes: 'Covered Topics 1-3' }), 'Session marked completed');
  assert.deepEqual(data, { id, completion_code: code });
  const row = await got(id);
  assert.equal(row.status, 'completed');
  assert.equal(row.completion_code, code);
  assert.equal(row.actual_end_time, '09:20:00');
  assert.equal(row.completed_by, idOf('demo_teacher_1'));
  assert.equal(row.completed_at.slice(0, 10), day(0));
  succeeded(await tell(teacher, 'complete', { id, actual_start_time: '08:00', actual_end_time: '09:30', completion_code: code }), 'Session marked completed');
  const again = await got(id);
  assert.equal(again.actual_start_time, '08:00:00');
  assert.equal(again.completion_notes, 'Covered Topics 1-3');
  assert.equal(again.completion_code, code);
});

test('complete: a missing code is made, missing times are those stored', async () => {
  const { id } = await started({ ...times, notes: 'Kept' });
  const { completion_code } = succeeded(await tell(teacher, 'complete', { id }), 'Session marked completed');
  assert.match(completion_code, /^[A-Z0-9]+-\d{4}-[A-Z0-9]{12}$/);
  const row = await got(id);
  assert.equal(row.completion_code, completion_code);
  assert.equal(row.actual_start_time, '08:05:00');
  assert.equal(row.completion_notes, 'Kept');
});

test('complete: a completion\'s id, an occurrence\'s id as `id`, or occurrence_id', async () => {
  const { occurrence_id } = sessions.take();
  // An id that is no completion is read as an occurrence, as the original's page sends it.
  const { id } = succeeded(await tell(teacher, 'complete', { id: occurrence_id, ...times }), 'Session marked completed');
  assert.ok(id > 1e9 && occurrence_id < 1e9, 'the two kinds of ids never meet');
  assert.equal((await got(id)).occurrence_id, occurrence_id);
  assert.equal((await got(occurrence_id)).id, id);
  const other = sessions.take();
  const made = succeeded(await tell(teacher, 'complete', { occurrence_id: other.occurrence_id, ...times }), 'Session marked completed');
  assert.equal((await got(made.id)).occurrence_id, other.occurrence_id);
  // An occurrence nobody worked on has nothing to get.
  refused(await ask(teacher, 'get', { id: sessions.take().occurrence_id }), 'Session not found');
});

test('complete: a completion\'s id wins over an occurrence of the same number', async () => {
  const { id, occurrence_id } = await started();
  const [[free]] = sql('SELECT GREATEST(MAX(o.id), (SELECT MAX(id) FROM completion)) + 1000 FROM occurrence o');
  const other = sessions.take();
  sql(`UPDATE occurrence SET completion_id = NULL WHERE id = ${occurrence_id};
    UPDATE completion SET id = ${other.occurrence_id} WHERE id = ${id} AND ${free} > 0;
    UPDATE occurrence SET completion_id = ${other.occurrence_id} WHERE id = ${occurrence_id}`);
  succeeded(await tell(teacher, 'complete', { id: other.occurrence_id, ...times }), 'Session marked completed');
  assert.equal((await got(other.occurrence_id)).occurrence_id, occurrence_id);
  assert.deepEqual((await ask(teacher, 'get_by_occurrence', { occurrence_id: other.occurrence_id })).data, []);
});

test('complete: refusals', async () => {
  const { id } = await started();
  refused(await tell(teacher, 'complete', { ...times }), 'Failed to complete', 'id');
  refused(await tell(teacher, 'complete', { id: 'abc', ...times }), 'Failed to complete', 'id');
  refused(await tell(teacher, 'complete', { id: 999999999, ...times }), 'Failed to complete');
  refused(await tell(teacher, 'complete', { id }), 'Failed to complete', 'actual_start_time', 'actual_end_time');
  refused(await tell(teacher, 'complete', { id, actual_start_time: '09:00', actual_end_time: '08:00' }), 'Failed to complete', 'actual_end_time');
  refused(await tell(teacher, 'complete', { id, ...times, completion_code: 'x'.repeat(101) }), 'Failed to complete', 'completion_code');
  refused(await tell(teacher, 'complete', { id, ...times, notes: 'x'.repeat(20001) }), 'Failed to complete', 'notes');
  refused(await tell(teacher, 'complete', form({ id, ...times, notes: 'a\0b' })), 'Failed to complete', 'notes');
  assert.equal((await got(id)).status, 'pending');
  const ahead = await ownSchedule(admin, { batch_id: sessions.batch_id, faculty_id: idOf('demo_teacher_1'), from: 3, to: 3, start_time: '05:00', end_time: '06:00' });
  refused(await tell(teacher, 'complete', { occurrence_id: occurrencesOf(ahead)[0].id, ...times }), 'Failed to complete', 'reason');
});

test('a code is used once, however it is written', async () => {
  const code = `dup-${word()}`;
  await completed({ completion_code: code });
  const { id } = await started();
  refused(await tell(teacher, 'complete', { id, ...times, completion_code: ` ${code.toUpperCase()} ` }), 'Completion code already used', 'completion_code');
  refused(await tell(teacher, 'update', { id, completion_code: code }), 'Completion code already used', 'completion_code');
  refused(await tell(teacher, 'create', { ...sessions.take(), completion_code: code }), 'Completion code already used', 'completion_code');
  assert.equal((await got(id)).completion_code, null);
});

test('two at once: one completion, one code', async () => {
  const { occurrence_id } = sessions.take();
  const answers = await Promise.all([1, 2, 3, 4].map((n) => tell(teacher, 'complete', { occurrence_id, ...times, notes: `by ${n}` })));
  assert.ok(answers.some((a) => a.success));
  for (const a of answers) if (!a.success) refused(a, 'Failed to complete', 'reason');
  assert.equal((await ask(teacher, 'get_by_occurrence', { occurrence_id })).data.length, 1);
});

/* ---- update, cancel ------------------------------------------------------------------------ */

test('update: only what is sent changes; statuses go through their own ways', async () => {
  const { id } = await started({ ...times, notes: 'First' });
  succeeded(await tell(teacher, 'update', { id, notes: 'Second' }), 'Session updated');
  let row = await got(id);
  assert.equal(row.completion_notes, 'Second');
  assert.equal(row.actual_start_time, '08:05:00');
  succeeded(await tell(teacher, 'update', { id, status: 'completed' }), 'Session updated');
  row = await got(id);
  assert.equal(row.status, 'completed');
  assert.ok(row.completion_code);
  succeeded(await tell(teacher, 'update', { id, actual_end_time: '09:25:30', status: 'completed' }), 'Session updated');
  assert.equal((await got(id)).actual_end_time, '09:25:30');
  refused(await tell(teacher, 'update', { id, status: 'cancelled' }), 'Failed to update', 'reason');
  refused(await tell(teacher, 'update', { id, status: 'pending' }), 'Failed to update', 'reason');
  succeeded(await tell(admin, 'update', { id, status: 'pending' }), 'Session updated');
  row = await got(id);
  assert.equal(row.status, 'pending');
  assert.equal(row.completed_at, null);
  assert.equal(row.actual_end_time, '09:25:30');
  succeeded(await tell(teacher, 'update', { id, status: 'cancelled', notes: 'Nobody came' }), 'Session updated');
  row = await got(id);
  assert.equal(row.status, 'cancelled');
  assert.equal(row.completion_notes, 'Nobody came');
  refused(await tell(teacher, 'complete', { id, ...times }), 'Failed to complete', 'reason');
});

test('update: refusals', async () => {
  const { id } = await started();
  refused(await tell(teacher, 'update', { notes: 'x' }), 'Failed to update', 'id');
  refused(await tell(teacher, 'update', { id }), 'Failed to update');
  refused(await tell(teacher, 'update', { id, completed_at: '2020-01-01 00:00:00' }), 'Failed to update');
  refused(await tell(teacher, 'update', { id: 999999999, notes: 'x' }), 'Failed to update');
  refused(await tell(teacher, 'update', { id, actual_start_time: 'soon' }), 'Failed to update', 'actual_start_time');
});

test('cancel: with the reason given, or a fixed word; not what is completed', async () => {
  const { id, occurrence_id } = await started();
  succeeded(await tell(teacher, 'cancel', { id }), 'Session cancelled');
  assert.equal((await got(id)).status, 'cancelled');
  assert.deepEqual(sql(`SELECT cancel_reason FROM occurrence WHERE id = ${occurrence_id}`), [['Cancelled']]);
  refused(await tell(teacher, 'cancel', { id }), 'Failed to cancel', 'reason');
  const other = sessions.take();
  succeeded(await tell(teacher, 'cancel', { occurrence_id: other.occurrence_id, reason: 'Fire drill' }), 'Session cancelled');
  assert.deepEqual(sql(`SELECT state, cancel_reason FROM occurrence WHERE id = ${other.occurrence_id}`), [['cancelled', 'Fire drill']]);
  refused(await tell(teacher, 'cancel', { id: (await completed()).id }), 'Failed to cancel', 'reason');
  refused(await tell(teacher, 'cancel', {}), 'Failed to cancel', 'id');
  refused(await tell(teacher, 'cancel', { id: 999999999 }), 'Failed to cancel');
});

/* ---- notes, attachments ------------------------------------------------------------------------ */

test('add_note, delete_note', async () => {
  const { id } = await completed();
  for (const note_type of ['general', 'followup', 'issue', 'achievement']) {
    const { note_id } = succeeded(await tell(teacher, 'add_note', { completion_id: id, note_text: `A\r\n${note_type} 📝`, note_type }), 'Note added');
    assert.equal(typeof note_id, 'number');
  }
  const { note_id } = succeeded(await tell(teacher, 'add_note', { completion_id: id, note_text: 'Plain' }), 'Note added');
  const { notes } = await got(id);
  assert.deepEqual(notes.map((n) => n.note_type), ['general', 'followup', 'issue', 'achievement', 'general']);
  assert.equal(notes[1].note_text, 'A\nfollowup 📝');
  succeeded(await tell(teacher, 'delete_note', { note_id }), 'Note deleted');
  refused(await tell(teacher, 'delete_note', { note_id }), 'Failed to delete');
  refused(await tell(teacher, 'delete_note', {}), 'Failed to delete', 'note_id');
  assert.equal((await got(id)).note_count, 4);

  refused(await tell(teacher, 'add_note', { note_text: 'x' }), 'Missing required fields', 'completion_id');
  refused(await tell(teacher, 'add_note', { completion_id: id }), 'Missing required fields', 'note_text');
  refused(await tell(teacher, 'add_note', { completion_id: id, note_text: ' \n ' }), 'Missing required fields', 'note_text');
  refused(await tell(teacher, 'add_note', { completion_id: id, note_text: 'x', note_type: 'shout' }), 'Failed to add note', 'note_type');
  refused(await tell(teacher, 'add_note', { completion_id: id, note_text: 'x'.repeat(5001) }), 'Failed to add note', 'note_text');
  refused(await tell(teacher, 'add_note', { completion_id: 999999999, note_text: 'x' }), 'Failed to add note');
  refused(await tell(teacher, 'add_note', { completion_id: id, note_text: 'x'.repeat(1 << 20) }), 'Failed to add note', 'note_text');
  const gone = await started();
  await tell(teacher, 'cancel', { id: gone.id });
  refused(await tell(teacher, 'add_note', { completion_id: gone.id, note_text: 'x' }), 'Failed to add note', 'reason');
});

test('upload_attachment, the link in its row, delete_attachment', async () => {
  const { id } = await completed();
  const file = sample('ffmpeg-h264.mp4', 'Class recording é.mp4');
  const { attachment_id } = succeeded(await attach(teacher, { completion_id: id, description: 'Class recording - Session 1' }, file), 'Attachment uploaded');
  const { attachments: [row] } = await got(id);
  assert.equal(row.id, attachment_id);
  assert.equal(row.file_name, 'Class recording é.mp4');
  assert.equal(row.file_type, 'video');
  assert.equal(row.mime_type, 'video/mp4');
  assert.equal(row.file_size, file.bytes.length);
  assert.equal(row.description, 'Class recording - Session 1');
  assert.match(row.file_path, /^public\/uploads\/sessions\/[0-9a-f]{32}\.mp4$/);
  const download = await teacher.get(`/${row.file_path}`);
  assert.equal(download.status, 200);
  assert.deepEqual(download.body, file.bytes);
  assert.match(download.headers['content-disposition'], /^attachment/);
  assert.equal(download.headers['x-content-type-options'], 'nosniff');
  assert.equal((await (await signedIn('demo_teacher_2')).get(`/${row.file_path}`)).status, 404);
  succeeded(await tell(teacher, 'delete_attachment', { attachment_id }), 'Attachment deleted');
  refused(await tell(teacher, 'delete_attachment', { attachment_id }), 'Failed to delete');
  refused(await tell(teacher, 'delete_attachment', {}), 'Failed to delete', 'attachment_id');
  assert.deepEqual((await got(id)).attachments, []);
  assert.equal((await teacher.get(`/${row.file_path}`)).status, 404);
});

test('every kind of file of the list', async () => {
  const { id } = await started();
  const kinds = { 'gs.pdf': 'pdf', 'ffmpeg-ps1.mpg': 'video', 'ffmpeg-h264.mov': 'video', 'ffmpeg-vp9.webm': 'video', 'lame.mp3': 'audio', 'sox.wav': 'audio',
    'libreoffice-writer.docx': 'document', 'libreoffice-writer.doc': 'document', 'openpyxl.xlsx': 'document', 'im.png': 'image', 'im.jpg': 'image', 'im.gif': 'image', 'im.webp': 'image' };
  for (const name of Object.keys(kinds)) succeeded(await attach(teacher, { completion_id: id }, sample(name)), 'Attachment uploaded');
  assert.deepEqual((await got(id)).attachments.map((a) => a.file_type), Object.values(kinds));
});

test('upload_attachment: what is missing, and what is refused', async () => {
  const { id } = await started();
  refused(await attach(teacher, { completion_id: id }), 'Missing file or completion_id', 'file');
  refused(await attach(teacher, {}, sample('im.png')), 'Missing file or completion_id', 'completion_id');
  refused(await attach(teacher, { completion_id: id }, { filename: '', bytes: Buffer.alloc(0) }), 'Missing file or completion_id', 'file');
  refused(await tell(teacher, 'upload_attachment', { completion_id: id }), 'Missing file or completion_id', 'file');
  refused(await attach(teacher, { completion_id: 999999999 }, sample('im.png')), 'File upload failed');
  refused(await attach(teacher, { completion_id: id }, { filename: 'a.php', bytes: '<?php echo 1;' }), 'File upload failed', 'reason');
  refused(await attach(teacher, { completion_id: id }, { filename: 'a.svg', bytes: '<svg xmlns="http://www.w3.org/2000/svg"/>' }), 'File upload failed', 'reason');
  refused(await attach(teacher, { completion_id: id }, { filename: 'a.pdf', bytes: '<html><script>alert(1)</script>' }), 'File upload failed', 'reason');
  refused(await attach(teacher, { completion_id: id }, sample('im.png', 'im.pdf')), 'File upload failed', 'reason');
  refused(await attach(teacher, { completion_id: id }, { filename: 'a.png', bytes: Buffer.alloc(0) }), 'File upload failed', 'reason');
  refused(await attach(teacher, { completion_id: id, description: 'x'.repeat(501) }, sample('im.png')), 'File upload failed', 'description');
  refused(await attach(teacher, { completion_id: id }, { filename: 'big.mp4', bytes: Buffer.alloc(104857601) }), 'File upload failed', 'reason');
  assert.deepEqual((await got(id)).attachments, []);
});

test('a body above every limit is refused by nginx in the same shape', async () => {
  const answer = await teacher.post(`${SESSION}?action=upload_attachment`,
    multipart([{ name: 'completion_id', value: 1 }, { name: 'file', filename: 'a.mp4', bytes: Buffer.alloc(102 * 1024 * 1024) }]));
  assert.equal(answer.status, 200);
  refused(answer.json, 'File upload failed', 'reason');
});

/* ---- the door itself ------------------------------------------------------------------------------ */

test('actions: from the form too, unknown ones, the wrong method', async () => {
  refused(await ask(teacher, 'explode'), 'Unknown action');
  refused(await tell(teacher, 'explode'), 'Unknown action');
  refused(await ask(teacher, ''), 'Unknown action');
  refused(await ask(teacher, 'complete', { id: 1 }), 'Method not allowed');
  refused(await tell(teacher, 'list'), 'Method not allowed');
  const { id } = await started();
  const answer = await teacher.post(SESSION, { action: 'update', id, notes: 'by form' });
  succeeded(answer.json, 'Session updated');
  for (const path of [SESSION, SCHEDULE]) refused((await teacher.send('PUT', path)).json, 'Method not allowed');
});

test('paths with a slash at the end', async () => {
  assert.equal((await teacher.get(`${SESSION}/?action=occurrences&scope=today`)).json.success, true);
  const { id } = await started();
  succeeded((await teacher.post(`${SESSION}/?action=update`, { id, notes: 'x' })).json, 'Session updated');
});

test('JSON bodies say the same', async () => {
  const { id } = await started();
  const token = await teacher.token();
  const send = (value) => teacher.send('POST', `${SESSION}?action=complete`, { body: json(value) });
  succeeded((await send({ csrf_token: token, id, ...times, notes: 'in JSON' })).json, 'Session marked completed');
  assert.equal((await got(id)).completion_notes, 'in JSON');
});

test('bodies that cannot be read', async () => {
  const token = await teacher.token();
  const send = (type, body) => teacher.send('POST', `${SESSION}?action=add_note`, { body: { type, body: Buffer.from(body) }, headers: { 'x-csrf-token': token } });
  for (const [type, body] of [['application/json', '{"completion_id":'], ['application/x-www-form-urlencoded', 'note_text=%zz'],
    ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="note_text"\r\n\r\nends'], ['text/csv', 'a,b']]) {
    const answer = await send(type, body);
    assert.equal(answer.status, 200, type);
    refused(answer.json, 'Failed to add note', 'reason');
  }
});

test('what the seed\'s own examples do, in their order', async () => {
  const { data } = await ask(teacher, 'occurrences');
  const mine = data.find((o) => o.schedule_id === sessions.schedule_id && o.latest_status === null);
  const created = await tell(teacher, 'create', multipart(Object.entries({ occurrence_id: mine.occurrence_id, schedule_id: mine.schedule_id, batch_id: mine.batch_id })
    .map(([name, value]) => ({ name, value }))));
  const sessionId = succeeded(created, 'Session created').id;
  const parts = (fields) => multipart(Object.entries(fields).map(([name, value]) => ({ name, value })));
  succeeded(await tell(teacher, 'complete', parts({ id: sessionId, actual_start_time: '09:30', actual_end_time: '10:45',
    completion_code: `BATCH-${word()}-DEC19`, notes: 'Covered Topics 1-3, Quiz scheduled for next session' })), 'Session marked completed');
  succeeded(await attach(teacher, { completion_id: sessionId, description: 'Class recording - Session 1' }, sample('ffmpeg-vp8.webm')), 'Attachment uploaded');
  succeeded(await tell(teacher, 'add_note', parts({ completion_id: sessionId, note_text: 'Great participation today!', note_type: 'achievement' })), 'Note added');
  const row = await got(sessionId);
  assert.equal(row.status, 'completed');
  assert.equal(row.notes[0].note_text, 'Great participation today!');
  assert.equal(row.attachments[0].file_type, 'video');
  const after = (await ask(teacher, 'occurrences')).data.find((o) => o.occurrence_id === mine.occurrence_id);
  assert.equal(after.latest_status, 'completed');
});
