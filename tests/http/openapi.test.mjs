// /openapi.json: it is OpenAPI, names every JSON endpoint, its examples fit its schemas, and
// real answers fit them.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { anonymous, form, json } from '../lib/http.mjs';
import { as, newSession, sample } from '../lib/classroom.mjs';
import { AUTH, SCHEDULE, SESSION, ask, attach, day, idOf, ownClass, tell } from '../lib/c004.mjs';
import { conforms, description, misfit } from '../lib/openapi.mjs';
import { root } from '../lib/server.mjs';
import { begin, piece, recording, tus } from '../lib/tus.mjs';

const teacher = () => as('demo_teacher_1');
const admin = () => as('demo_admin_1');

/* [{ method, path, operation }] of the document. */
async function operations() {
  const { paths } = await description();
  return Object.entries(paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ method, path, operation })));
}

/* The rows of the route table, as their text stands. */
function rows() {
  const folder = join(root, 'fcgi-app/main/muster-app');
  const text = readdirSync(folder).filter((name) => /^routes.*\.(c|def)$/.test(name)).map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  return [...text.matchAll(/^\s*ROUTE\((\w+), "([^"]+)",\s*\w+,\s*(\w+),([^]*?)\),?$/gm)]
    .map(([, methods, path, family, rest]) => ({ methods: methods.toLowerCase().split('_'), path, family, rest }));
}

test('the document is OpenAPI 3.1', async () => {
  const answer = await anonymous().get('/openapi.json');
  assert.equal(answer.status, 200);
  assert.match(answer.headers['content-type'], /^application\/json/);
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(answer.json));
  assert.ok(valid, JSON.stringify(errors, null, 1));
  assert.equal(validator.version, '3.1');
  /* No member twice: what reads it as YAML refuses that, and JSON.parse keeps the last. */
  assert.equal(JSON.stringify(answer.json).length, answer.text.length);
  assert.match(answer.json.openapi, /^3\.1\./);
});

test('it is asked for again only when it has changed', async () => {
  const first = await anonymous().get('/openapi.json');
  const again = await anonymous().get('/openapi.json', { headers: { 'if-none-match': first.headers.etag } });
  assert.equal(again.status, 304);
  assert.equal(again.body.length, 0);
});

test('each operation says what a reader needs, and no two are called the same', async () => {
  const { tags, components } = await description();
  const seen = new Set();
  for (const { method, path, operation } of await operations()) {
    const where = `${method} ${path}`;
    assert.ok(operation.summary?.length > 3, where);
    assert.ok(tags.some((tag) => operation.tags.includes(tag.name)), `${where}: ${operation.tags}`);
    assert.ok(!seen.has(operation.operationId), where);
    seen.add(operation.operationId);
    for (const one of operation.security) for (const name of Object.keys(one)) assert.ok(components.securitySchemes[name], `${where}: ${name}`);
    const names = operation.parameters.map((p) => `${p.in} ${p.name}`);
    assert.equal(new Set(names).size, names.length, `${where}: ${names}`);
    for (const [, brace] of path.matchAll(/\{(\w+)\}/g)) assert.ok(names.includes(`path ${brace}`), `${where}: ${brace}`);
    assert.ok(Object.keys(operation.responses).some((status) => /^([23]|501)/.test(status)), where);
  }
});

test('every example fits its schema', async () => {
  for (const { method, path, operation } of await operations()) {
    const bodies = [operation.requestBody, ...Object.values(operation.responses)];
    for (const [type, content] of bodies.flatMap((body) => Object.entries(body?.content ?? {}))) {
      const examples = 'example' in content ? [content.example] : Object.values(content.examples ?? {}).map((e) => e.value);
      for (const example of examples) {
        const why = await misfit(content.schema, example);
        assert.equal(why, null, `${method} ${path} ${type}: ${JSON.stringify(example)}\n${why}`);
      }
    }
    for (const parameter of operation.parameters.filter((p) => 'example' in p)) {
      assert.equal(await misfit(parameter.schema, parameter.example), null, `${method} ${path} ${parameter.name}`);
    }
  }
});

test('what a contract names and is not there is listed', async () => {
  const { info, 'x-not-offered': missing } = await description();
  assert.ok(missing.length > 0);
  for (const one of missing) {
    assert.match(one.contract, /^00[0-4]$/);
    assert.ok(info.description.includes(one.what));
  }
});

/* ---- real answers ------------------------------------------------------------------------ */

test('our own: health, metrics, this description', async () => {
  for (const client of [anonymous(), await admin()]) await conforms(await client.get('/health'), 'GET', '/health');
  await conforms(await anonymous().get('/health/check-in'), 'GET', '/health/check-in');
  await conforms(await anonymous().get('/metrics'), 'GET', '/metrics');
  await conforms(await anonymous().get('/openapi.json'), 'GET', '/openapi.json');
});

test('a file by PUT', async () => {
  const client = await teacher();
  const path = '/sessions/{id}/files/{name}';
  const session = newSession();
  const headers = { 'x-csrf-token': await client.token() };
  const put = (who, at, bytes) => who.send('PUT', `${at}/files/a.png`, { body: { body: bytes, type: 'application/octet-stream' }, headers });
  const { bytes } = sample('ffmpeg.png');
  const answer = await put(client, session.path, bytes);
  assert.equal(answer.status, 201);
  await conforms(answer, 'PUT', path);
  for (const [who, at, sent] of [[client, '/sessions/999999999', bytes], [anonymous(), session.path, bytes], [client, session.path, Buffer.alloc(0)],
    [await as('demo_student_1'), session.path, bytes]]) {
    const refused = await put(who, at, sent);
    assert.ok(refused.status >= 400);
    await conforms(refused, 'PUT', path);
  }
});

test('a file in pieces', async () => {
  const client = await teacher();
  const bytes = recording(100_000);
  const session = newSession();
  await conforms(await anonymous().send('OPTIONS', '/uploads'), 'OPTIONS', '/uploads');
  await conforms(await anonymous().send('OPTIONS', `/uploads/${'a'.repeat(32)}`), 'OPTIONS', '/uploads/{id}');
  const path = await begin(client, session, bytes.length);
  await conforms(await client.get(path), 'GET', '/uploads/{id}');
  await conforms(await piece(client, path, 0, bytes.subarray(0, 1000)), 'PATCH', '/uploads/{id}');
  await conforms(await piece(client, path, 5, bytes.subarray(0, 1000)), 'PATCH', '/uploads/{id}');
  await conforms(await piece(client, path, 1000, bytes.subarray(1000)), 'PATCH', '/uploads/{id}');
  await conforms(await client.get(path), 'GET', '/uploads/{id}');
  const other = await begin(client, session, 10);
  await conforms(await tus(client, 'DELETE', other), 'DELETE', '/uploads/{id}');
  await conforms(await client.get(other), 'GET', '/uploads/{id}');
  await conforms(await tus(client, 'POST', '/uploads', { 'upload-length': 'x' }), 'POST', '/uploads');
});

test('the audit trail as lines', async () => {
  const answer = await (await admin()).get('/admin/audit.jsonl?actor=demo_teacher_1');
  assert.ok(answer.text.length > 0);
  await conforms(answer, 'GET', '/admin/audit.jsonl');
});

test('004: sessions held', async () => {
  for (const client of [await teacher(), await admin()]) {
    for (const action of ['list', 'occurrences']) {
      const answer = await client.get(`${SESSION}?action=${action}`);
      assert.ok(answer.json.data.length > 0);
      await conforms(answer, 'GET', SESSION);
    }
    for (const row of (await ask(client, 'list')).data.slice(0, 40)) {
      await conforms(await client.get(`${SESSION}?action=get&id=${row.id}`), 'GET', SESSION);
      await conforms(await client.get(`${SESSION}?action=get_by_occurrence&occurrence_id=${row.occurrence_id}`), 'GET', SESSION);
    }
  }
  const client = await teacher();
  for (const query of ['action=get', 'action=get&id=x', 'action=nothing', 'action=create']) await conforms(await client.get(`${SESSION}?${query}`), 'GET', SESSION);
  await conforms(await anonymous().get(SESSION), 'GET', SESSION);
  await conforms(await (await as('demo_student_1')).get(SESSION), 'GET', SESSION);
});

test('004: changing what was held', async () => {
  const client = await teacher();
  const session = newSession({ start: '07:00', end: '08:00' });
  const change = async (action, fields) => {
    const answer = await client.post(`${SESSION}?action=${action}`, fields);
    await conforms(answer, 'POST', SESSION);
    return answer.json;
  };
  const { data: { id } } = await change('create', json({ occurrence_id: session.id, notes: 'Chapter 4' }));
  await change('update', { id, notes: 'Chapter 5' });
  const { data: { note_id } } = await change('add_note', json({ completion_id: id, note_text: 'Bring cables' }));
  const { data: { attachment_id } } = await attach(client, { completion_id: id }, sample('ffmpeg.png', 'photo.png'));
  await conforms(await client.get(`${SESSION}?action=get&id=${id}`), 'GET', SESSION);
  await change('delete_note', { note_id });
  await change('delete_attachment', { attachment_id });
  await change('complete', { id, actual_start_time: '07:00', actual_end_time: '08:00' });
  await change('complete', { id: 'x' });
  await change('cancel', { occurrence_id: newSession().id });
  await conforms(await client.send('POST', `${SESSION}?action=update`, { body: form({ id }) }), 'POST', SESSION);
});

test('004: schedules', async () => {
  const client = await admin();
  const batch_id = ownClass('demo_teacher_1');
  const change = async (action, fields) => {
    const answer = await client.post(`${SCHEDULE}?action=${action}`, fields);
    await conforms(answer, 'POST', SCHEDULE);
    return answer.json;
  };
  const { data: { id } } = await change('create', json({ batch_id, faculty_id: idOf('demo_teacher_1'), recurrence: 'daily', start_date: day(100), end_date: day(102), start_time: '06:00', end_time: '06:30' }));
  await change('update', { id, notes: 'Moved' });
  await change('update', { id, recurrence: 'hourly' });
  for (const query of ['action=list', `action=get&id=${id}`, `action=batch_meta&batch_id=${batch_id}`, 'action=batch_meta&batch_id=1', 'action=get&id=0']) {
    await conforms(await client.get(`${SCHEDULE}?${query}`), 'GET', SCHEDULE);
  }
  await change('delete', { id });
});

test('004: signing in', async () => {
  const client = anonymous();
  const headers = { 'x-requested-with': 'XMLHttpRequest' };
  const sign = (body, more = headers, action = 'login') => client.send('POST', `${AUTH}?action=${action}`, { body, headers: more });
  await conforms(await sign(json({ email: 'demo_teacher_1', password: 'wrong' })), 'POST', AUTH);
  await conforms(await sign(json({ email: 'demo_teacher_2', password: 'password' })), 'POST', AUTH);
  await conforms(await sign(form({}), headers, 'logout'), 'POST', AUTH);
  await conforms(await sign(form({ email: 'demo_teacher_2', password: 'password' }), {}), 'POST', AUTH);
  await conforms(await client.get(AUTH), 'GET', AUTH);
  await conforms(await client.get(AUTH, { headers }), 'GET', AUTH);
  await conforms(await tell(await teacher(), 'get').then(() => client.get(AUTH)), 'GET', AUTH);
});

/* ---- by token ---------------------------------------------------------------------------- */

async function tokens(email = 'demo_admin_1') {
  const answer = await anonymous().send('POST', '/api/auth/login', { body: json({ email, password: 'password' }) });
  await conforms(answer, 'POST', '/api/auth/login');
  return answer.json;
}

const bearer = (token) => ({ headers: { authorization: `Bearer ${token}` } });

test('000 and 003: signing in', async () => {
  const client = anonymous();
  const got = await tokens();
  for (const token of [got.access, got.access_token]) {
    const answer = await client.get('/api/auth/me', bearer(token));
    assert.equal(answer.status, 200);
    await conforms(answer, 'GET', '/api/auth/me');
  }
  await conforms(await client.send('POST', '/api/auth/refresh', { body: json({ refresh: got.refresh }) }), 'POST', '/api/auth/refresh');
  for (const [body, path] of [[{ email: 'demo_admin_1', password: 'wrong' }, '/api/auth/login'], [{ email: 'x' }, '/api/auth/login'], [{ refresh: 'x' }, '/api/auth/refresh'], [{}, '/api/auth/refresh']]) {
    const answer = await client.send('POST', path, { body: json(body) });
    assert.ok(answer.status >= 400);
    await conforms(answer, 'POST', path);
  }
  await conforms(await client.get('/api/auth/me'), 'GET', '/api/auth/me');
  await conforms(await client.get('/api/auth/me', bearer('a.b.c')), 'GET', '/api/auth/me');
});

test('002: signing in', async () => {
  const client = anonymous();
  for (const username of ['demo_student_1', 'demo_teacher_1']) {
    const answer = await client.send('POST', '/api/v1/auth/login', { body: json({ username, password: 'password' }) });
    assert.equal(answer.status, 200);
    await conforms(answer, 'POST', '/api/v1/auth/login');
  }
  const answer = await client.send('POST', '/api/v1/auth/token', { body: form({ username: 'demo_teacher_3', password: 'password' }) });
  await conforms(answer, 'POST', '/api/v1/auth/token');
  await conforms(await client.send('POST', '/api/v1/auth/logout', bearer(answer.json.access_token)), 'POST', '/api/v1/auth/logout');
  for (const path of ['/api/v1/auth/login', '/api/v1/auth/token']) {
    for (const body of [{ username: 'demo_teacher_1', password: 'wrong' }, {}]) await conforms(await client.send('POST', path, { body: json(body) }), 'POST', path);
  }
  await conforms(await client.send('POST', '/api/v1/auth/logout'), 'POST', '/api/v1/auth/logout');
});

/* What stands at "/api/x" is listed; each row of it stands at "/api/x/{id}". */
test('003: what an admin reads', async () => {
  const { access } = await tokens();
  const { paths } = await description();
  const lists = Object.keys(paths).filter((path) => [paths[path].get, paths[path].post].every((one) => one?.tags.some((tag) => tag.includes('003'))) && paths[path].patch === undefined && paths[`${path}/{id}`]?.put && paths[`${path}/{id}`]?.get);
  assert.ok(lists.length >= 8, lists.join());
  for (const path of lists) {
    const answer = await anonymous().get(path, bearer(access));
    assert.equal(answer.status, 200, `${path} ${answer.text}`);
    assert.ok(answer.json.length > 0, path);
    await conforms(answer, 'GET', path);
    for (const { id } of answer.json.slice(0, 3)) await conforms(await anonymous().get(`${path}/${id}/`, bearer(access)), 'GET', `${path}/{id}`);
    for (const more of [bearer(access), {}]) await conforms(await anonymous().get(`${path}/999999999`, more), 'GET', `${path}/{id}`);
    await conforms(await anonymous().get(path), 'GET', path);
    for (const [method, at] of [['POST', path], ['PUT', `${path}/{id}`]]) {
      const refused = await anonymous().send(method, at.replace('{id}', answer.json[0].id), { body: json({}), ...bearer(access) });
      assert.equal(refused.status, 400);
      await conforms(refused, method, at);
    }
  }
});

test('003: what an admin writes', async () => {
  const { access } = await tokens();
  const change = async (method, path, fields, id) => {
    const answer = await anonymous().send(method, path.replace('{id}', id), { ...(fields ? { body: json(fields) } : {}), ...bearer(access) });
    assert.ok(answer.status < 300, `${method} ${path} ${answer.text}`);
    await conforms(answer, method, path);
    return answer.body.length > 0 ? answer.json : null;
  };
  const word = randomBytes(4).toString('hex');
  const batch = await change('POST', '/api/dep-batch', { dep: `Dep ${word}`, batch: '2030' });
  const section = await change('POST', '/api/sections', { name: 'S', dep_batch_id: batch.id });
  const student = await change('POST', '/api/students', { student_code: `S${word}`, first_name: 'Ada', last_name: 'L', section_id: section.id });
  await change('PATCH', '/api/students/{id}', { first_name: 'Grace' }, student.id);
  const teacher = await change('POST', '/api/teachers', { email: `${word}@demo.muster.example`, first_name: 'T', last_name: 'T', password: 'password-1' });
  const course = await change('POST', '/api/courses', { name: 'C', code: `C${word}`, teacher_id: teacher.id, section_ids: [section.id] });
  await change('PUT', '/api/courses/{id}', { name: 'C 2', code: `C${word}`, teacher_id: teacher.id }, course.id);
  const enrolment = await change('POST', '/api/enrolments', { course_id: course.id, student_id: student.id });
  await change('DELETE', '/api/enrolments/{id}', null, enrolment.id);
  const device = await change('POST', '/api/devices', { device_id: `D-${word}`, name: 'Door' });
  const { device_key: key } = await change('POST', '/api/devices/{id}/rotate', {}, device.id);
  const path = '/api/device/command';
  for (const [query, headers, status] of [[`?device_id=D-${word}`, { 'x-device-key': key }, 200], [`?device_id=D-${word}`, { 'x-device-key': 'x' }, 401], ['', {}, 400]]) {
    const answer = await anonymous().get(path + query, { headers });
    assert.equal(answer.status, status);
    await conforms(answer, 'GET', path);
  }
  await change('PATCH', '/api/devices/{id}', { status: 'blocked' }, device.id);
  await conforms(await anonymous().get(`${path}?device_id=D-${word}`, { headers: { 'x-device-key': key } }), 'GET', path);
  await change('DELETE', '/api/devices/{id}', null, device.id);
  const user = await change('POST', '/api/users', { email: `u${word}@demo.muster.example`, first_name: 'U', last_name: 'U', role: 'teacher', password: 'password-1' });
  await change('DELETE', '/api/users/{id}', null, user.id);
  await change('POST', '/api/auth/register', { email: `r${word}@demo.muster.example`, first_name: 'R', last_name: 'R', role: 'teacher', password: 'password-1' });
  const other = await anonymous().send('DELETE', `/api/students/${student.id}`, bearer((await tokens('demo_teacher_1')).access));
  await conforms(other, 'DELETE', '/api/students/{id}');
});

test('003: attendance', async () => {
  const { access } = await tokens();
  const change = async (method, path, fields, id, headers = bearer(access).headers) => {
    const answer = await anonymous().send(method, path.replace('{id}', id), { ...(fields ? { body: json(fields) } : {}), headers });
    await conforms(answer, method, path);
    return answer;
  };
  const word = randomBytes(4).toString('hex');
  const { json: [course] } = await anonymous().get('/api/courses', bearer(access));
  const device = (await change('POST', '/api/devices', { device_id: `D-${word}` })).json;
  const section = course.section_ids[0];
  const made = await change('POST', '/api/sessions', { course_id: course.id, section_id: section, device_id: `D-${word}` });
  assert.equal(made.status, 201, made.text);
  const { id } = made.json;
  const { json: students } = await anonymous().get('/api/students', bearer(access));
  const student = students.find((one) => one.section?.id === section);
  const key = { 'x-device-key': device.device_key };
  for (const [student_id, status] of [[student.student_code, 201], [student.student_code, 200], ['nobody', 404]]) {
    const answer = await change('POST', '/api/attendance/scan', { student_id, device_id: `D-${word}` }, 0, key);
    assert.equal(answer.status, status, answer.text);
  }
  await change('POST', '/api/attendance/scan', { student_id: student.student_code, device_id: `D-${word}` }, 0, { 'x-device-key': 'x' });
  await conforms(await anonymous().get(`/api/device/command?device_id=D-${word}`, { headers: key }), 'GET', '/api/device/command');
  for (const path of ['/api/sessions', '/api/attendance']) await change('GET', path);
  await change('GET', '/api/sessions/{id}', null, id);
  const records = await change('GET', '/api/attendance/session/{id}', null, id);
  const record = records.json.find((one) => one.student.student_code === student.student_code);
  await change('GET', '/api/attendance/{id}', null, record.id);
  await change('PUT', '/api/attendance/{id}', { status: 'permission' }, record.id);
  await change('PATCH', '/api/attendance/{id}/edit', { status: 'x' }, record.id);
  await change('POST', '/api/sessions/{id}/close', {}, id);
  await change('DELETE', '/api/attendance/{id}', null, record.id);
  await change('POST', '/api/attendance/scan', { student_id: student.student_code, device_id: `D-${word}` }, 0, key);
});

test('000 and 002: what staff and students read', async () => {
  const { paths } = await description();
  const of002 = async (username) => (await anonymous().send('POST', '/api/v1/auth/token', { body: form({ username, password: 'password' }) })).json.access_token;
  let n = 0;
  for (const username of ['demo_admin_1', 'demo_teacher_1', 'demo_student_1']) {
    const { access_token: of000 } = await tokens(username);
    const of2 = await of002(username);
    for (const [path, { get }] of Object.entries(paths)) {
      if (!get || !get.tags.some((tag) => /00[02]/.test(tag))) continue;
      const token = path.startsWith('/api/v1/') ? of2 : of000;
      for (const id of ['1', '999999999']) {
        const answer = await anonymous().get(path.replace(/\{\w+\}/g, id), bearer(token));
        assert.ok(answer.status < 500, `${path} ${answer.text}`);
        await conforms(answer, 'GET', path);
        n += answer.status === 200;
      }
    }
  }
  assert.ok(n > 30, `${n} answers of 200`);
});

test('rows of a JSON family are in the document', async () => {
  const { paths } = await description();
  const described = rows().filter((row) => /\.doc\s*=/.test(row.rest));
  assert.ok(described.length > 100);
  for (const { path, family, rest } of rows()) assert.ok(family === 'PAGES' || /\.doc\s*=/.test(rest), path);
  for (const { methods, path } of described) for (const method of methods) assert.ok(paths[path]?.[method], `${method} ${path}`);
});
