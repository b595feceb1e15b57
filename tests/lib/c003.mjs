// A program of seed 003: it knows the paths, the JSON and the bearer token of the seed and
// nothing else of us.  Also what forges tokens, for the tests that they are refused.
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, json, server } from './http.mjs';

export class Program {
  constructor(of = server) {
    this.client = new Client(of);
    this.of = of;
    this.bearer = null;
    this.headers = {};
  }

  /* { status, headers, text, json }; body: anything JSON, or { type, body }. */
  send(method, path, body, headers = {}) {
    const authorization = this.bearer ? { authorization: `Bearer ${this.bearer}` } : {};
    return this.client.send(method, path, {
      body: body === undefined || Buffer.isBuffer(body?.body) ? body : json(body),
      headers: { origin: null, ...authorization, ...this.headers, ...headers },
    });
  }

  get(path, headers) { return this.send('GET', path, undefined, headers); }
  post(path, body, headers) { return this.send('POST', path, body, headers); }
  put(path, body, headers) { return this.send('PUT', path, body, headers); }
  patch(path, body, headers) { return this.send('PATCH', path, body, headers); }
  delete(path, body, headers) { return this.send('DELETE', path, body, headers); }
}

export const emailOf = (username) => (username.startsWith('demo_') ? `${username}@demo.muster.example` : username);

/* Signed in; family '003', '000' (the other token of the same answer) or '002'. */
export async function program(username, { family = '003', password = 'password', of = server } = {}) {
  const made = new Program(of);
  const answer = family === '002'
    ? await made.post('/api/v1/auth/login', { username, password })
    : await made.post('/api/auth/login', { email: emailOf(username), password });
  if (answer.status !== 200) throw new Error(`signing in as ${username}: ${answer.status} ${answer.text}`);
  made.answer = answer.json;
  made.bearer = { '003': answer.json.access, '000': answer.json.access_token, '002': answer.json.token?.access_token }[family];
  return made;
}

/* One sign-in for a whole file. */
const kept = new Map();
export function as(username, family = '003') {
  const key = `${username} ${family}`;
  if (!kept.has(key)) kept.set(key, program(username, { family }));
  return kept.get(key);
}

/* ---- tokens ------------------------------------------------------------------------- */

const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/* The key that the server signs tokens with. */
export function tokenKey(of = server) {
  const serverKey = Buffer.from(readFileSync(join(of.var, 'conf/server.key'), 'utf8').trim(), 'hex');
  return createHmac('sha256', serverKey).update('muster tokens').digest();
}

export const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString('utf8'));

/* A token of whoever knows the key. */
export function forge(claims, { key = tokenKey(), header = { alg: 'HS256', typ: 'JWT' }, hash = 'sha256' } = {}) {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${createHmac(hash, key).update(text).digest('base64url')}`;
}

/* A name that nobody has yet, in capitals. */
let n = 0;
export const fresh = (prefix) => `${prefix}${process.pid}${(n += 1)}${randomUUID().slice(0, 4)}`.toUpperCase();
