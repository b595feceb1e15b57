// The answer of a face verifier: signed over the bytes, taken once.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { attend, NOBODY, open, photo, refused, signIn } from '../lib/c002.mjs';
import { anonymous, ownServer, server, sql } from '../lib/http.mjs';
import { root, temporaryFolder } from '../lib/server.mjs';

const SECRET = 'a-secret-that-both-sides-know';
const UNKNOWN = { status: 'İşlem bulunamadı veya zaten işlenmiş.' };
const selfie = readFileSync(join(root, 'tests/files/honest/im.jpg'));

/* The secret, as the server that is to be started reads it: a file of settings that names it. */
function withSecret() {
  const folder = temporaryFolder();
  const file = join(folder, 'webhook.secret');
  const conf = join(folder, 'muster.conf');
  writeFileSync(file, `${SECRET}\n`, { mode: 0o600 });
  const { uid, gid } = statSync(server.var);
  if (process.getuid() === 0) chownSync(file, uid, gid);
  writeFileSync(conf, `webhook_secret_file = ${file}\n`);
  return conf;
}

const sign = (body, secret = SECRET) => createHmac('sha256', secret).update(body).digest('hex');
const result = (verification_passed, reason) => JSON.stringify({ overall_result: { verification_passed, reason } });

/* What the verifier sends; headers and body may be spoilt by the test. */
const call = (of, id, body, headers = { 'x-webhook-signature': sign(body) }) => anonymous(of).send('POST', `/api/v1/webhooks/verification-result/${id}`,
  { body: { type: 'application/json', body: Buffer.from(body) }, headers: { origin: null, ...headers } });

test('a verifier that is connected', async (t) => {
  const of = await ownServer(t, { conf: withSecret() });
  const teacher = await signIn('demo_teacher_1', of);
  let n = 0;
  /* A student of their own who waits: { student, lesson, id, status() }. */
  const waiting = async (lesson) => {
    const student = await signIn(`demo_student_${n += 1}`, of);
    assert.equal((await attend(student, lesson, photo(selfie))).json.fail_reason, 'FACE_RECOGNITION_PENDING');
    const [[id]] = sql('SELECT verification_id FROM attempt_photo ORDER BY attempt_id DESC LIMIT 1', { of });
    return { student, name: `demo_student_${n}`, id, status: async () => { const { json } = await student.get(`/student/attendances/${lesson.attendance_id}/status`); return [json.is_attended, json.fail_reason]; } };
  };
  const lesson = await open(teacher, { lesson_name: 'Anything', security_option: 3 });

  await t.test('passed', async () => {
    const one = await waiting(lesson);
    const answer = await call(of, one.id, result(true, 'ok'));
    assert.deepEqual([answer.status, answer.json], [200, { status: 'success' }]);
    assert.deepEqual(await one.status(), [true, null]);
    assert.deepEqual((await call(of, one.id, result(false, 'again'))).json, UNKNOWN); /* once */
    assert.deepEqual(await one.status(), [true, null]);
  });

  await t.test('failed, with its reason, and the student may try again', async () => {
    const one = await waiting(lesson);
    assert.deepEqual((await call(of, one.id, result(false, 'Faces do not match'))).json, { status: 'success' });
    assert.deepEqual(await one.status(), [false, 'FACE_VERIFICATION_FAILED: Faces do not match']);
    assert.equal((await attend(one.student, lesson, photo(selfie))).json.fail_reason, 'FACE_RECOGNITION_PENDING');
    assert.deepEqual(await one.status(), [false, 'FACE_RECOGNITION_PENDING']);
  });

  await t.test('signatures', async () => {
    const one = await waiting(lesson);
    const body = result(true, 'ok');
    const spaced = `${body} `;
    for (const signature of [sign(body, 'another'), sign(spaced), sign(body).slice(0, -2), `${sign(body)}00`, 'zz', `sha256=${sign(body)}`]) {
      refused(await call(of, one.id, body, { 'x-webhook-signature': signature }), 403, 'Geçersiz webhook imzası.');
    }
    const missing = await call(of, one.id, body, {});
    assert.equal(missing.status, 422);
    assert.deepEqual(missing.json.detail.map((d) => [d.type, d.loc, d.msg]), [['missing', ['header', 'X-Webhook-Signature'], 'Field required']]);
    /* Over the bytes, not over what they mean. */
    assert.equal((await call(of, one.id, spaced)).status, 200);
    assert.deepEqual(await one.status(), [true, null]);
  });

  await t.test('bodies', async () => {
    const one = await waiting(lesson);
    for (const body of ['', '{', '[]', '{}', '{"overall_result":1}', '{"overall_result":{}}', '{"overall_result":{"verification_passed":"yes"}}', '{"overall_result":{"verification_passed":null,"reason":"x"}}',
      '{"overall_result":{"verification_passed":true,"reason":1}}', '{"overall_result":{"verification_passed":true},"overall_result":{"verification_passed":true}}', `${'['.repeat(500)}`,
      '{"overall_result":{"verification_passed":true,"reason":"a\\u0000b"}}']) {
      const answer = await call(of, one.id, body);
      assert.equal(answer.status, 422, `${body}: ${answer.text}`);
      assert.match(answer.json.detail, /^Hatalı payload formatı: /);
    }
    assert.deepEqual(await one.status(), [false, 'FACE_RECOGNITION_PENDING']);
    assert.deepEqual((await call(of, one.id, result(false, 'x'.repeat(5000)))).json, { status: 'success' });
    assert.match((await one.status())[1], /^FACE_VERIFICATION_FAILED: x{200}$/);
  });

  await t.test('ids that are unknown or too late', async () => {
    for (const id of [NOBODY, 'x', '0']) assert.deepEqual((await call(of, id, result(true, 'ok'))).json, UNKNOWN);
    const one = await waiting(lesson);
    sql(`UPDATE attempt_photo SET pending_until = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE verification_id = '${one.id}'`, { of });
    assert.deepEqual((await call(of, one.id, result(true, 'ok'))).json, UNKNOWN);
    assert.notEqual((await one.status())[0], true);
  });

  await t.test('a teacher who was faster has the last word', async () => {
    const one = await waiting(lesson);
    await teacher.done(200, 'POST', `/teacher/attendances/${lesson.attendance_id}/live/records/demo_student_${n}/fail`, { reason: 'Not in the room' });
    assert.deepEqual((await call(of, one.id, result(true, 'ok'))).json, { status: 'success' }); /* kept, and no more */
    assert.deepEqual(await one.status(), [false, 'Not in the room']);
  });

  await t.test('a record that was deleted meanwhile', async () => {
    const one = await waiting(lesson);
    await teacher.done(204, 'DELETE', `/teacher/attendances/${lesson.attendance_id}/records/demo_student_${n}`, { reason: 'Entered by mistake' });
    refused(await call(of, one.id, result(true, 'ok')), 404, 'Yoklama kaydı bulunamadı.');
  });

  await t.test('what was pending at the end is still taken while its time lasts, and then no more', async () => {
    const last = await open(teacher, { lesson_name: 'Anything else', security_option: 3 });
    const [passed, failed, late] = [await waiting(last), await waiting(last), await waiting(last)];
    await teacher.done(204, 'POST', `/teacher/attendances/${last.attendance_id}/finish`);
    const records = async () => Object.fromEntries((await teacher.done(200, 'GET', `/teacher/attendances/${last.attendance_id}/records`))
      .map((r) => [r.student.user_school_number, [r.is_attended, r.fail_reason]]));
    const pending = [false, 'FACE_RECOGNITION_PENDING'];
    assert.deepEqual(await records(), { [passed.name]: pending, [failed.name]: pending, [late.name]: pending });
    assert.deepEqual((await call(of, passed.id, result(true, 'ok'))).json, { status: 'success' });
    assert.deepEqual((await call(of, failed.id, result(false, 'Faces do not match'))).json, { status: 'success' });
    sql(`UPDATE attempt_photo SET pending_until = UTC_TIMESTAMP(6) WHERE verification_id = '${late.id}'`, { of });
    assert.deepEqual((await call(of, late.id, result(true, 'ok'))).json, UNKNOWN);
    assert.deepEqual(await records(), { [passed.name]: [true, null], [failed.name]: [false, 'FACE_VERIFICATION_FAILED: Faces do not match'], [late.name]: [false, 'FACE_VERIFICATION_TIMEOUT'] });
    /* Neither made anyone absent; a person may still look. */
    assert.deepEqual(sql(`SELECT t.decided_state, r.status FROM attempt_photo v JOIN attendance_attempt t ON t.id = v.attempt_id
      LEFT JOIN attendance_record r ON r.attendance_id = t.attendance_id AND r.person_id = t.person_id WHERE v.verification_id IN ('${failed.id}', '${late.id}')`, { of }), [['open', null], ['open', null]]);
    await teacher.done(200, 'POST', `/teacher/attendances/${last.attendance_id}/historical/records/${failed.name}/accept`);
    assert.deepEqual((await records())[failed.name], [true, null]);
  });
});

test('without a secret nothing is taken', async () => {
  const body = result(true, 'ok');
  refused(await call(undefined, NOBODY, body), 403, 'Geçersiz webhook imzası.');
  refused(await call(undefined, NOBODY, body, { 'x-webhook-signature': sign(body, '') }), 403, 'Geçersiz webhook imzası.');
});
