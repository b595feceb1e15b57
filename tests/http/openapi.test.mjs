// /openapi.json: it is OpenAPI, names every JSON endpoint, its examples fit its schemas, and
// real answers fit them.
import assert from 'node:assert/strict';
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
  const text = readdirSync(folder).filter((name) => /^routes.*\.c$/.test(name)).map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
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
    assert.ok(Object.keys(operation.responses).some((status) => /^[23]/.test(status)), where);
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

test('rows of a JSON family are in the document', async () => {
  const { paths } = await description();
  const described = rows().filter((row) => /\.doc\s*=/.test(row.rest));
  assert.ok(described.length > 10);
  for (const { methods, path } of described) for (const method of methods) assert.ok(paths[path]?.[method], `${method} ${path}`);
});
