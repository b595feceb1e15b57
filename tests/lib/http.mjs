// What HTTP tests are written with: a client with cookies, raw sockets, SQL, and
// servers of one's own.  The runner starts the server that `server` describes;
// outside the runner: MUSTER_TEST_READY=var/ready.json node --test tests/http/….
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { startServer, temporaryFolder } from './server.mjs';

/* { url, port, var, run, bin, config, db_socket } of the shared server, with the demo data. */
export const server = process.env.MUSTER_TEST_READY ? JSON.parse(readFileSync(process.env.MUSTER_TEST_READY, 'utf8')) : null;
export const build = process.env.MUSTER_TEST_BUILD;
export const isAsan = process.env.MUSTER_TEST_VARIANT === 'asan';

/*
 * A server of the test's own, for what would disturb the others (killing, limits,
 * DEMO=0).  options as in startServer: { env, demo, onlyDatabase }.  Stopped with
 * the test; what its logs must not say fails the test, unless `faults` is true or a pattern
 * that fits it.
 */
export async function ownServer(t, { faults = false, ...options } = {}) {
  const parent = temporaryFolder();
  const folder = join(parent, 'var');
  mkdirSync(folder);
  const own = await startServer({ build, variant: process.env.MUSTER_TEST_VARIANT ?? 'release', folder, ...options });
  t.after(async () => {
    const isKnown = (fault) => (faults instanceof RegExp ? faults.test(fault) : faults);
    const found = (await own.stop()).filter((fault) => !isKnown(fault));
    rmSync(parent, { recursive: true, force: true });
    if (found.length > 0) throw new Error(found.join('\n'));
  });
  return own;
}

/* Rows as arrays of texts (null for NULL), run as the owner of the tables, or as the application. */
export function sql(text, { of = server, as = 'owner' } = {}) {
  const output = execFileSync('mariadb', ['--no-defaults', `--socket=${of.db_socket}`, `--user=${as === 'owner' ? 'muster' : 'muster_app'}`, '--default-character-set=utf8mb4',
    '--batch', '--skip-column-names', 'muster'], {
    input: text, encoding: 'utf8', maxBuffer: 1 << 28,
    env: { ...process.env, MYSQL_PWD: readFileSync(join(of.var, `conf/db_${as}.password`), 'utf8').trim() },
  });
  const unescape = { '\\n': '\n', '\\t': '\t', '\\0': '\0', '\\\\': '\\' };
  return output.split('\n').slice(0, -1).map((line) => line.split('\t')
    .map((cell) => (cell === 'NULL' ? null : cell.replace(/\\[nt0\\]/g, (e) => unescape[e]))));
}

/*
 * The operator's command, as the user the server runs as: { code, output, stdout,
 * stderr }.  program: another one of bin.
 */
export function muster(args, { of = server, program = 'muster', input } = {}) {
  const { uid, gid } = statSync(of.var);
  const { status, stdout, stderr } = spawnSync(join(of.bin, program), ['--config', of.config, ...args], {
    input: input ?? '', encoding: 'utf8', maxBuffer: 1 << 26, ...(process.getuid() === 0 ? { uid, gid } : {}),
  });
  return { code: status, stdout, stderr, output: stdout + stderr };
}

/* ---- bodies ------------------------------------------------------------------------ */

/* Values may be texts, numbers or lists of them; null leaves the field out. */
export function form(fields) {
  const pairs = Object.entries(fields).flatMap(([name, value]) => [value].flat().filter((v) => v !== null && v !== undefined).map((v) => [name, String(v)]));
  return { type: 'application/x-www-form-urlencoded', body: Buffer.from(new URLSearchParams(pairs).toString()) };
}

export const json = (value) => ({ type: 'application/json', body: Buffer.from(JSON.stringify(value)) });

/* parts: { name, value } or { name, filename, type, bytes }, in order. */
export function multipart(parts) {
  const boundary = `muster${randomBytes(12).toString('hex')}`;
  const quote = (text) => text.replace(/"/g, '%22').replace(/\r?\n/g, '%0A');
  const chunks = parts.flatMap(({ name, value, filename, type = 'application/octet-stream', bytes }) => [
    `--${boundary}\r\nContent-Disposition: form-data; name="${quote(name)}"`,
    filename === undefined ? '\r\n\r\n' : `; filename="${quote(filename)}"\r\nContent-Type: ${type}\r\n\r\n`,
    bytes ?? String(value), '\r\n']);
  return { type: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat([...chunks, `--${boundary}--\r\n`].map((c) => Buffer.from(c))) };
}

/* ---- client ------------------------------------------------------------------------ */

const entities = { amp: '&', lt: '<', gt: '>', quot: '"' };
export const unescapeHtml = (text) => text.replace(/&(?:(amp|lt|gt|quot)|#(\d+));/g, (_, name, n) => (name ? entities[name] : String.fromCodePoint(n)));

/* Keeps cookies between requests; redirects are answers, not followed. */
export class Client {
  constructor(of = server) {
    this.of = of;
    this.cookies = new Map();
    this.csrf = null;
    this.headers = {};
  }

  /* { status, headers, body (Buffer), text, json }; body: { type, body } from above, a Buffer, or nothing; signal: gives up;
     from: another address of this machine, such as 127.0.1.1. */
  send(method, path, { body, headers = {}, signal, from } = {}) {
    const bytes = body?.body ?? body;
    const all = { host: `127.0.0.1:${this.of.port}`, ...this.headers };
    if (this.cookies.size > 0) all.cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    if (method !== 'GET' && method !== 'HEAD') all.origin = this.of.url;
    if (body?.type) all['content-type'] = body.type;
    if (bytes) all['content-length'] = bytes.length;
    for (const [name, value] of Object.entries(headers)) {
      if (value === null) delete all[name.toLowerCase()]; else all[name.toLowerCase()] = value;
    }
    return new Promise((resolve, reject) => {
      const request = http.request({ host: '127.0.0.1', port: this.of.port, method, path, headers: all, agent: false, signal, localAddress: from }, (answer) => {
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk)).on('error', reject)
          .on('end', () => resolve(this.take(answer, Buffer.concat(chunks))));
      });
      request.on('error', reject);
      request.end(bytes);
    });
  }

  take(answer, body) {
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = line.match(/^([^=;]+)=([^;]*)/);
      if (value === '' || /;\s*max-age=0(;|$)/i.test(line)) this.cookies.delete(name); else this.cookies.set(name, value);
    }
    const text = body.toString('utf8');
    this.csrf = text.match(/<meta name="csrf-token" content="([^"]*)"/)?.[1] ?? this.csrf;
    return { status: answer.statusCode, headers: answer.headers, body, text, get json() { return JSON.parse(text); } };
  }

  get(path, options) { return this.send('GET', path, options); }

  /* The CSRF token of this session, from a page where there was none yet. */
  async token() {
    if (!this.csrf) await this.get('/account');
    return this.csrf;
  }

  /* fields: sent as a form with the CSRF token in it; or a body from form(), json(), multipart(). */
  async post(path, fields = {}, { headers = {}, method = 'POST' } = {}) {
    const token = await this.token();
    const isBody = Buffer.isBuffer(fields?.body);
    const body = isBody ? fields : form({ csrf_token: token, ...fields });
    return this.send(method, path, { body, headers: { ...(isBody && token ? { 'x-csrf-token': token } : {}), ...headers } });
  }

  /* Through the form of the page, as a person does. */
  async signIn(username, password = 'password') {
    await this.get('/sign-in');
    const answer = await this.send('POST', '/sign-in', { body: form({ user: username, pass: password, csrf_token: this.csrf }) });
    if (answer.status !== 303) throw new Error(`signing in as ${username}: ${answer.status}\n${answer.text.slice(0, 2000)}`);
    this.csrf = null;
    return this;
  }
}

export const anonymous = (of) => new Client(of);
export const signedIn = (username, of) => new Client(of).signIn(username);

/* Bytes as they are over one connection, the answer as it comes until the server closes or `ms` pass. */
export function raw(bytes, { of = server, end = false, ms = 5000 } = {}) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(of.port, '127.0.0.1', () => { socket.write(bytes); if (end) socket.end(); });
    const chunks = [];
    const done = () => { socket.destroy(); resolve(Buffer.concat(chunks).toString('latin1')); };
    socket.setTimeout(ms, done);
    socket.on('data', (chunk) => chunks.push(chunk)).on('end', done)
      .on('error', (error) => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? done() : reject(error)));
  });
}

/* Asks until the answer is truthy; what takes longer than `seconds` is a fault. */
export async function until(what, ask, seconds = 30) {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} seconds`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}
