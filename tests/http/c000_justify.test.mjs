// The door of 000: justifications of absences, handed in by students and decided by trainers.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { newStudent } from '../lib/attendance.mjs';
import { invalid, personOf, refused, signIn } from '../lib/c000.mjs';
import { marksOf, opened } from '../lib/attending.mjs';
import { newAccount, sample, sentence } from '../lib/classroom.mjs';
import { multipart, signedIn, sql } from '../lib/http.mjs';
import { conforms } from '../lib/openapi.mjs';

const word = process.pid.toString(36);
const who = {};
let lesson;
before(async () => {
  const client = await signedIn(newAccount(`j0_${word}`));
  newAccount(`k0_${word}`);
  lesson = await opened(client, { teacher: `j0_${word}`, n: 0 });
  for (const name of ['a', 'b', 'c', 'd']) newStudent(`j${name}_${word}`, { course: lesson.course });
  for (const [as, name] of [['trainer', `j0_${word}`], ['other', `k0_${word}`], ['a', `ja_${word}`], ['b', `jb_${word}`], ['c', `jc_${word}`], ['d', `jd_${word}`]]) who[as] = await signIn(name);
  await client.post(`${lesson.console}/marks`, { rest: 'a' });
});
const person = (as) => personOf(`j${as}_${word}`);
const recordOf = (as) => Number(sql(`SELECT id FROM attendance_record WHERE attendance_id = ${lesson.attendance} AND person_id = ${person(as)}`)[0][0]);

test('handed in with a file, seen, approved: excused', async () => {
  const absence = (await who.a.done(200, 'GET', '/student/absences'))[0];
  assert.deepEqual([absence.id, absence.hasJustification, absence.justified], [recordOf('a'), false, false]);
  const sent = await who.a.post('/student/justifications', multipart([{ name: 'absence_id', value: String(absence.id) }, { name: 'reason', value: 'Flu' }, { ...sample('gs.pdf'), name: 'file' }]));
  assert.equal(sent.status, 200, sent.text);
  await conforms(sent, 'POST', '/api/student/justifications');
  assert.equal(sent.json.status, 'success');
  const again = (await who.a.done(200, 'GET', '/student/absences'))[0];
  assert.deepEqual([again.justification, again.hasJustification, again.justified], ['Flu', true, false]);
  const list = await who.a.get('/student/justifications');
  await conforms(list, 'GET', '/api/student/justifications');
  assert.equal(list.json.length, 1);
  assert.deepEqual([list.json[0].absence_id, list.json[0].status, list.json[0].reason, list.json[0].document_name], [absence.id, 'pending', 'Flu', 'gs.pdf']);
  invalid(await who.a.post('/student/justifications', { absence_id: absence.id, reason: 'Flu' }), 'body -> absence_id');
  refused(await who.other.patch(`/trainer/attendance/${absence.id}/justification`, { status: 'approved' }), 404, 'Justification not found');
  const decided = await who.trainer.patch(`/trainer/attendance/${absence.id}/justification`, { status: 'approved' });
  await conforms(decided, 'PATCH', '/api/trainer/attendance/{id}/justification');
  assert.deepEqual(decided.json, { status: 'success', message: 'Justification approved', record_id: absence.id });
  assert.equal(marksOf(lesson.attendance)[person('a')], 'excused');
  assert.deepEqual(await who.a.done(200, 'GET', '/student/absences'), []);
  assert.equal((await who.a.done(200, 'GET', '/student/justifications'))[0].status, 'approved');
});

test('justify by query, rejected, and rejected again is 404', async () => {
  const id = recordOf('b');
  const sent = await who.b.post(`/attendance/${id}/justify?justification=Train&documents_path=/etc/passwd`);
  await conforms(sent, 'POST', '/api/attendance/{id}/justify');
  assert.deepEqual(sent.json, { status: 'success', message: 'Justification submitted', record_id: id });
  await who.trainer.done(200, 'PATCH', `/trainer/attendance/${id}/justification`, { status: 'rejected', comment: 'No proof' });
  assert.equal(marksOf(lesson.attendance)[person('b')], 'absent');
  assert.deepEqual((await who.b.done(200, 'GET', '/student/justifications')).map(({ status, comment }) => [status, comment]), [['rejected', 'No proof']]);
  refused(await who.trainer.patch(`/trainer/attendance/${id}/justification`, { status: 'rejected' }), 404, 'Justification not found');
  /* Approving needs nothing handed in. */
  await who.trainer.done(200, 'PATCH', `/trainer/attendance/${id}/justification`, { status: 'approved' });
  assert.equal(marksOf(lesson.attendance)[person('b')], 'excused');
});

test('what is not theirs or not right', async () => {
  const id = recordOf('c');
  refused(await who.a.post(`/attendance/${id}/justify?justification=x`), 404, 'Attendance record not found');
  refused(await who.a.post('/student/justifications', { absence_id: id, reason: 'x' }), 404, 'Absence not found');
  invalid(await who.c.post('/student/justifications', { reason: 'x' }), 'body -> absence_id', 'missing');
  invalid(await who.c.post('/student/justifications', { absence_id: id }), 'body -> reason', 'missing');
  invalid(await who.trainer.patch(`/trainer/attendance/${id}/justification`, { status: 'maybe' }), 'body -> status');
  assert.equal((await who.trainer.post('/student/justifications', { absence_id: id, reason: 'x' })).status, 403);
  assert.equal((await who.c.patch(`/trainer/attendance/${id}/justification`, { status: 'approved' })).status, 403);
  const text = await who.c.post('/student/justifications', multipart([{ name: 'absence_id', value: String(id) }, { name: 'reason', value: 'x' }, { name: 'file', filename: 'a.txt', bytes: Buffer.from('no') }]));
  invalid(text, 'body -> file');
  assert.ok(text.text.includes(sentence('claim_file_type').slice(0, 20)));
  assert.equal(marksOf(lesson.attendance)[person('c')], 'absent');
  /* A trainer justifies at once. */
  await who.trainer.done(200, 'POST', `/attendance/${recordOf('d')}/justify?justification=By%20phone`);
  assert.deepEqual(sql(`SELECT status, remark FROM attendance_record WHERE id = ${recordOf('d')}`), [['excused', 'By phone']]);
});
