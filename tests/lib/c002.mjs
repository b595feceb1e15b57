// A client of contract 002, as its phone apps are: a bearer token, JSON in and out.
import assert from 'node:assert/strict';
import { anonymous, json, multipart, sql } from './http.mjs';
import { conformsAsSent } from './openapi.mjs';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const NOBODY = '00000000-0000-4000-8000-000000000000';

/* "2025-01-01T10:00:00.123Z", seconds from now. */
export const moment = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();

export class App {
  constructor(token, of) {
    this.from = undefined; /* address it speaks from */
    this.client = anonymous(of);
    if (token) this.client.headers.authorization = `Bearer ${token}`;
  }

  /* body: an object is sent as JSON, or what multipart() made. Whatever is answered must be what /openapi.json says. */
  async ask(method, path, body, headers) {
    const answer = await this.client.send(method, `/api/v1${path}`, { from: this.from, body: body && !Buffer.isBuffer(body.body) ? json(body) : body, headers: { origin: null, ...headers } });
    await conformsAsSent(answer, method, `/api/v1${path}`, this.client.of);
    return answer;
  }

  get(path, headers) { return this.ask('GET', path, undefined, headers); }
  post(path, body, headers) { return this.ask('POST', path, body, headers); }
  delete(path, body) { return this.ask('DELETE', path, body); }

  /* The answer's JSON; any other status is a fault. */
  async done(status, method, path, body) {
    const answer = await this.ask(method, path, body);
    assert.equal(answer.status, status, answer.text);
    return status === 204 ? answer.text : answer.json;
  }
}

export async function signIn(username, of) {
  const answer = await new App(null, of).post('/auth/login', { username, password: 'password' });
  assert.equal(answer.status, 200, answer.text);
  return new App(answer.json.token.access_token, of);
}

/* Ends what the teacher has open, then opens one; fields as the contract has them. */
export async function open(teacher, fields = {}) {
  const live = await teacher.done(200, 'GET', '/teacher/attendances/live');
  if (live) await teacher.done(204, 'POST', `/teacher/attendances/${live.attendance_id}/finish`);
  return teacher.done(201, 'POST', '/teacher/attendances', {
    lesson_name: 'Open lesson', start_time: moment(-1), end_time: moment(3600), security_option: 1, ...fields,
  });
}

export const photo = (bytes, filename = 'selfie.jpg', type = 'image/jpeg') => multipart([{ name: 'normal_image', filename, type, bytes }]);
export const attend = (student, lesson, body) => student.post(`/student/attendances/${lesson.attendance_id}/attend`, body);

export function refused(answer, status, detail) {
  assert.equal(answer.status, status, answer.text);
  assert.deepEqual(answer.json, { detail });
}

/* 422 with the field at fault: [loc, type]. */
export function invalid(answer, loc, type, msg) {
  assert.equal(answer.status, 422, answer.text);
  const fault = answer.json.detail.find((one) => JSON.stringify(one.loc) === JSON.stringify(loc));
  assert.ok(fault, answer.text);
  assert.equal(fault.type, type, answer.text);
  if (msg) assert.equal(fault.msg, msg);
}

/* [decision, reason] of the attempts in a lesson, oldest first. */
export const attempts = (lesson) => sql(`SELECT t.decision, t.reason FROM attendance_attempt t JOIN attendance_session s ON s.id = t.attendance_id
  WHERE s.uuid = '${lesson.attendance_id}' ORDER BY t.id`);
