// Where Muster lives: behind a certificate, and on a MariaDB that is already there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import { anonymous, build, form, ownServer, signedIn } from '../lib/http.mjs';
import { startServer, temporaryFolder } from '../lib/server.mjs';

const freePort = () => new Promise((resolve) => {
  const probe = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

function certificate(t) {
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert,
    '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'ignore' });
  for (const file of [key, cert]) chmodSync(file, 0o644); // the server may run as another user
  return { key, cert };
}

const ask = (url, { method = 'GET', headers = {}, body } = {}) => new Promise((resolve, reject) => {
  const request = https.request(url, { method, headers, rejectUnauthorized: false }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (part) => { text += part; }).on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
  });
  request.on('error', reject).end(body);
});

test('with a certificate: HTTPS on the second port, cookies that never go plain', async (t) => {
  const { key, cert } = certificate(t);
  const port = await freePort();
  const own = await ownServer(t, { env: { MUSTER_TLS_CERTIFICATE_FILE: cert, MUSTER_TLS_KEY_FILE: key, MUSTER_TLS_PORT: String(port) } });
  assert.equal(own.url, `https://127.0.0.1:${port}`);

  const plain = anonymous({ ...own, url: `http://127.0.0.1:${own.port}` });
  const led = await plain.get('/sessions?tab=completed');
  assert.equal(led.status, 308);
  assert.equal(led.headers.location, `https://127.0.0.1:${port}/sessions?tab=completed`);
  assert.equal((await plain.get('/', { headers: { Host: 'elsewhere.example' } })).headers.location, `https://127.0.0.1:${port}/`);
  assert.equal((await plain.get('/health')).status, 200);

  const page = await ask(`${own.url}/sign-in`);
  assert.equal(page.status, 200);
  assert.equal(page.headers['strict-transport-security'], 'max-age=31536000');
  const sent = form({ user: 'demo_teacher_1', pass: 'password' });
  const signed = await ask(`${own.url}/sign-in`, { method: 'POST', headers: { 'Content-Type': sent.type, Origin: own.url }, body: sent.body });
  assert.equal(signed.status, 303, signed.text);
  const cookie = signed.headers['set-cookie'].find((c) => c.startsWith('__Host-muster='));
  assert.ok(cookie, String(signed.headers['set-cookie']));
  assert.match(cookie, /; Path=\/; HttpOnly; SameSite=Lax(; Max-Age=\d+)?; Secure$/);
  assert.equal((await ask(`${own.url}/sessions`, { headers: { Cookie: cookie.split(';')[0] } })).status, 200);
  // The plain name is not taken on HTTPS: another site on a sister port cannot plant a session.
  assert.equal((await ask(`${own.url}/sessions`, { headers: { Cookie: cookie.split(';')[0].replace('__Host-', '') } })).status, 303);
});

test('a certificate without its key is refused with a sentence', async () => {
  const folder = temporaryFolder();
  await assert.rejects(startServer({ build, variant: process.env.MUSTER_TEST_VARIANT ?? 'release', folder, env: { MUSTER_TLS_CERTIFICATE_FILE: '/etc/hostname' } }),
    /tls_key_file: is missing: a certificate and its key come together/);
  rmSync(folder, { recursive: true, force: true });
});

test('an existing MariaDB in place of the private one', async (t) => {
  const parent = temporaryFolder();
  t.after(() => rmSync(parent, { recursive: true, force: true }));
  const [theirs, conf] = [join(parent, 'theirs'), join(parent, 'my.conf')];
  mkdirSync(theirs);
  const variant = process.env.MUSTER_TEST_VARIANT ?? 'release';
  const database = await startServer({ build, variant, folder: theirs, onlyDatabase: true });
  try {
    writeFileSync(conf, ['# the school\'s database', `db_socket = ${database.db_socket}`, `db_password_file = ${theirs}/conf/db_app.password`,
      `db_owner_password_file = ${theirs}/conf/db_owner.password`, 'institution = Kestrel Bay Institute', ''].join('\n'));
    chmodSync(conf, 0o644);
    const own = await ownServer(t, { conf });
    assert.equal(existsSync(join(own.var, 'db')), false, 'a private database was made');
    assert.equal(own.db_socket, database.db_socket);
    const page = await (await signedIn('demo_teacher_1', own)).get('/sessions');
    assert.match(page.text, /Software Engineering/);
    assert.match((await anonymous(own).get('/sign-in')).text, /Kestrel Bay Institute/);
    await own.stop();
    // It goes on without us, and the next start finds everything, demo data not a second time.
    const again = await ownServer(t, { conf });
    assert.equal((await (await signedIn('demo_teacher_1', again)).get('/sessions')).status, 200);
    await again.stop();
  } finally { await database.stop(); }
});

test('settings of one\'s own that cannot be read, and a database that is not there', async (t) => {
  const parent = temporaryFolder();
  t.after(() => rmSync(parent, { recursive: true, force: true }));
  const variant = process.env.MUSTER_TEST_VARIANT ?? 'release';
  const conf = join(parent, 'my.conf');
  for (const [text, expected] of [
    [null, /my\.conf cannot be read/],
    ['db_sockett = /x\n', /db_sockett: is not a setting/],
    ['db_socket = /nonexistent/db.sock\n', /Can't connect to local server through socket '\/nonexistent\/db.sock'/],
  ]) {
    if (text !== null) writeFileSync(conf, text);
    if (text !== null) chmodSync(conf, 0o644);
    const folder = join(parent, 'var');
    mkdirSync(folder, { recursive: true });
    await assert.rejects(startServer({ build, variant, folder, conf }), expected, String(text));
  }
});
