// Holds answers against /openapi.json.  Objects are taken as closed: a member that the
// document does not name is a fault, too.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { anonymous, server } from './http.mjs';

const require = createRequire(import.meta.url);
const Ajv = require('ajv/dist/2020').default;
const addFormats = require('ajv-formats').default;

const documents = new Map();

/* The document of a server. */
export async function description(of = server) {
  if (!documents.has(of.url)) documents.set(of.url, anonymous(of).get('/openapi.json').then(({ json }) => json));
  return documents.get(of.url);
}

function closed(value) {
  if (Array.isArray(value)) return value.map(closed);
  if (value === null || typeof value !== 'object') return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, v]) => [key, closed(v)]));
  if (value.type === 'object' && Object.keys(value.properties ?? {}).length > 0 && !('additionalProperties' in value)) copy.additionalProperties = false;
  return copy;
}

const validators = new Map();

async function validator(of) {
  if (!validators.has(of.url)) {
    const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
    ajv.addSchema(closed({ $id: 'muster', components: { schemas: (await description(of)).components.schemas } }));
    validators.set(of.url, ajv);
  }
  return validators.get(of.url);
}

const absolute = (value) => JSON.parse(JSON.stringify(value).replaceAll('"#/', '"muster#/'));

const checks = new Map(); /* by schema: making one takes longer than the request */

/* Why the value does not fit; null when it does. */
export async function misfit(schema, value, { of = server, isClosed = true } = {}) {
  const key = `${of.url} ${isClosed} ${JSON.stringify(schema)}`;
  if (!checks.has(key)) checks.set(key, (await validator(of)).compile(absolute(isClosed ? closed(schema) : schema)));
  const check = checks.get(key);
  return check(value) ? null : JSON.stringify(check.errors.slice(0, 6), null, 1);
}

/* The operation of a method at "/api/students/{id}". */
export async function operation(method, path, of = server) {
  const found = (await description(of)).paths[path]?.[method.toLowerCase()];
  assert.ok(found, `${method} ${path} is described`);
  return found;
}

const fits = (template, path) => {
  const [wanted, sent] = [template.split('/'), path.split('/')];
  return wanted.length === sent.length && wanted.every((part, i) => (/^\{.*\}$/.test(part) ? sent[i] !== '' : part === sent[i]));
};

/*
 * The answer to a request as it was sent ("/api/students/7?page=2") is what the document promises; nothing is asked of an
 * address or a method that it does not know. Fixed text goes before braces.
 */
export async function conformsAsSent(answer, method, target, of = server) {
  const path = target.split('?')[0];
  const found = Object.entries((await description(of)).paths).filter(([template, item]) => item[method.toLowerCase()] && fits(template, path))
    .map(([template]) => template).sort((a, b) => a.split('{').length - b.split('{').length);
  if (found.length > 0) await conforms(answer, method, found[0], of);
}

/* The answer has a status, a type and a shape that its operation promises. */
export async function conforms(answer, method, path, of = server) {
  const { responses } = await operation(method, path, of);
  const promised = responses[answer.status] ?? responses.default;
  const where = `${method} ${path}: ${answer.status} ${answer.text.slice(0, 1500)}`;
  assert.ok(promised, where);
  const type = (answer.headers['content-type'] ?? '').split(';')[0];
  if (!promised.content) {
    assert.equal(answer.body.length, 0, where);
    return;
  }
  const key = Object.keys(promised.content).find((name) => name.split(';')[0] === type);
  assert.ok(key, `${where}\n${type}`);
  const { schema } = promised.content[key];
  if (!schema) return;
  const values = type === 'application/x-ndjson' ? answer.text.trim().split('\n').map((line) => JSON.parse(line)) : [answer.json];
  for (const value of values) {
    const why = await misfit(schema, value, { of });
    assert.equal(why, null, `${where}\n${why}`);
  }
}
