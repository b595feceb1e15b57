// A client of contract 001, as its phone app signs in: JSON in, {"message"} or tokens out.
import assert from 'node:assert/strict';
import { anonymous, json } from './http.mjs';

let n = 0;
/* An e-mail address that nobody has yet. */
export const freshEmail = (stem = 'someone') => `${stem}.${process.pid}.${(n += 1)}.${Math.random().toString(36).slice(2, 8)}@test.example`;

/* One request to /api/v1/auth/…; body: an object is sent as JSON, or what form() made. */
export function auth(method, path, body, { of, headers } = {}) {
  const sent = body === undefined || Buffer.isBuffer(body?.body) ? body : json(body);
  return anonymous(of).send(method, `/api/v1/auth/${path}`, { body: sent, headers: { origin: null, ...headers } });
}

/* { uid, name, email, role, accessToken, refreshToken } */
export async function signIn(email, { password = 'password', of } = {}) {
  const answer = await auth('POST', 'login', { email: email.includes('@') ? email : `${email}@demo.muster.example`, password }, { of });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

export function said(answer, status, message) {
  assert.equal(answer.status, status, answer.text);
  if (message instanceof RegExp) {
    assert.deepEqual(Object.keys(answer.json), ['message']);
    assert.match(answer.json.message, message);
  } else {
    assert.deepEqual(answer.json, { message });
  }
}
