// A client of contract 000, as its web front end is: a bearer token, JSON and forms.
import assert from 'node:assert/strict';
import { quoted } from './classroom.mjs';
import { anonymous, json, multipart, server, sql } from './http.mjs';
import { conformsAsSent } from './openapi.mjs';

export class App {
  constructor(token, of) {
    this.client = anonymous(of);
    if (token) this.client.headers.authorization = `Bearer ${token}`;
  }

  /* body: an object is sent as JSON, or what multipart() made. Whatever is answered must be what /openapi.json says. */
  async ask(method, path, body, headers) {
    const answer = await this.client.send(method, `/api${path}`, { body: body && !Buffer.isBuffer(body.body) ? json(body) : body, headers: { origin: null, ...headers } });
    await conformsAsSent(answer, method, `/api${path}`, this.client.of);
    return answer;
  }

  get(path, headers) { return this.ask('GET', path, undefined, headers); }
  post(path, body, headers) { return this.ask('POST', path, body, headers); }
  patch(path, body) { return this.ask('PATCH', path, body); }
  put(path, body) { return this.ask('PUT', path, body); }

  /* The answer's JSON; any other status is a fault. */
  async done(status, method, path, body) {
    const answer = await this.ask(method, path, body);
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
    return answer.json;
  }
}

export async function signIn(username, of) {
  const answer = await new App(null, of).post('/auth/login', { email: username, password: 'password' });
  assert.equal(answer.status, 200, answer.text);
  return new App(answer.json.access_token, of);
}

let made = 0;
/* A session of the class "CS-2026-A" (demo_student_1 to 30), that starts in `minutes`; { id, title }. */
export function newSession({ teacher, minutes = 0, length = 90, of = server } = {}) {
  made += 1;
  const title = `Smart ${process.pid}-${made}`;
  const start = `(UTC_TIMESTAMP(6) + INTERVAL ${minutes} MINUTE)`;
  const [[id]] = sql(`INSERT INTO occurrence (branch_id, teacher_id, class_id, title, room, session_date, start_time, end_time, zone, starts_at, ends_at)
    SELECT p.branch_id, p.id, (SELECT id FROM class WHERE name = 'CS-2026-A' AND ended_at IS NULL ORDER BY id LIMIT 1), ${quoted(title)}, 'B204',
      DATE(${start}), TIME(${start}), TIME(${start} + INTERVAL ${length} MINUTE), 'UTC', ${start}, ${start} + INTERVAL ${length} MINUTE
    FROM account a JOIN person p ON p.id = a.person_id WHERE a.username = ${quoted(teacher)};
    SELECT LAST_INSERT_ID();`, { of });
  return { id: Number(id), title };
}

export const personOf = (username, of) => Number(sql(`SELECT person_id FROM account WHERE username = '${username}'`, { of })[0][0]);
export const accountOf = (username, of) => Number(sql(`SELECT id FROM account WHERE username = '${username}'`, { of })[0][0]);

/* The form of a check-in: fields beside the photo. */
export const photoForm = (bytes, fields = {}) => multipart([...Object.entries(fields).map(([name, value]) => ({ name, value })),
  { name: 'photo', filename: 'selfie.jpg', type: 'image/jpeg', bytes }]);

/* In both spellings: what the server says, and what its own pages read. */
export function refused(answer, status, message) {
  assert.equal(answer.status, status, answer.text);
  assert.deepEqual(answer.json, { success: false, error: 'http_error', message, status_code: status, detail: message });
}

/* 422 with the field at fault. */
export function invalid(answer, field, type) {
  assert.equal(answer.status, 422, answer.text);
  const { success, error, message, details, detail } = answer.json;
  assert.deepEqual([success, error, message], [false, 'validation_error', 'Invalid request data']);
  const at = details.findIndex((one) => one.field === field);
  assert.ok(at >= 0, answer.text);
  if (type) assert.equal(details[at].type, type);
  assert.deepEqual(detail[at].loc, field.split(' -> '));
  assert.equal(detail[at].msg, details[at].message);
}
