// Uploads in pieces when something breaks: connections, workers, nginx, the database, the
// check of files, the disk.  What the server says has arrived has arrived, and in the end
// the bytes are those that were sent.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { build, Client, ownServer, server, signedIn, until } from '../lib/http.mjs';
import { startServer } from '../lib/server.mjs';
import { as, attachmentsOf, childrenOf, commandOf, newSession, sha256, spoolIsEmpty } from '../lib/classroom.mjs';
import { begin, offsetOf, piece, pieceType, recording, tus } from '../lib/tus.mjs';

const teacher = () => as('demo_teacher_1');
const partOf = (of, path) => join(of.var, 'uploads/parts', path.slice(9));
const program = (own, name) => childrenOf(own.pid).find((pid) => commandOf(pid).includes(`/${name} `));

/* The same row of numbers each time: 0 to below. */
function random(seed) {
  let state = seed;
  return (below) => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state % below; };
}

/* Sends the rest, in pieces; then the file is there, byte for byte. */
async function goOn(client, session, path, bytes, size = 300_000) {
  let at = await offsetOf(client, path);
  while (at < bytes.length) {
    const answer = await piece(client, path, at, bytes.subarray(at, at + size));
    assert.equal(answer.status, 204, answer.text);
    at = Number(answer.headers['upload-offset']);
  }
  const files = attachmentsOf(session, client.of);
  assert.equal(files.length, 1);
  assert.equal(sha256(readFileSync(files[0].disk)), sha256(bytes));
  assert.equal(files[0].sha256, sha256(bytes));
}

/* What stands in the part is the beginning of the file, as far as the server says. */
async function tellsTheTruth(client, path, bytes) {
  const at = await offsetOf(client, path);
  const part = readFileSync(partOf(client.of, path));
  assert.ok(part.length === at || (part.length === bytes.length && at === bytes.length - 1), `${part.length} bytes, said ${at}`);
  assert.ok(part.equals(bytes.subarray(0, part.length)));
  return at;
}

/* A PATCH of which only `sent` bytes come before the connection ends; announced: its Content-Length. */
async function broken(client, path, at, bytes, sent, { announced = bytes.length, half = false, wait = false } = {}) {
  const cookie = [...client.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  const token = await client.token();
  return new Promise((resolve) => {
    let answer = '';
    const socket = net.connect(client.of.port, '127.0.0.1', () => {
      socket.write(`PATCH ${path} HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\nX-CSRF-Token: ${token}\r\nTus-Resumable: 1.0.0\r\n`
        + `Upload-Offset: ${at}\r\nContent-Type: ${pieceType}\r\nContent-Length: ${announced}\r\n\r\n`);
      socket.write(bytes.subarray(0, sent), () => { if (half) socket.end(); else if (!wait) socket.destroy(); });
    });
    socket.on('data', (chunk) => { answer += chunk; if (wait) socket.destroy(); }).on('close', () => resolve(answer)).on('error', () => resolve(answer));
  });
}

test('a connection that breaks at any byte: the piece has not arrived', async () => {
  const client = await teacher();
  const session = newSession();
  const bytes = recording(1_500_000);
  const path = await begin(client, session, bytes.length);
  const next = random(1);
  let at = 0;
  for (let round = 0; round < 15; round += 1) {
    await broken(client, path, at, bytes.subarray(at, at + 200_000), next(199_999));
    assert.equal(await tellsTheTruth(client, path, bytes), at);
    if (round % 3 === 2) {
      assert.equal((await piece(client, path, at, bytes.subarray(at, at + 200_000))).status, 204);
      at += 200_000;
    }
  }
  await goOn(client, session, path, bytes);
  await spoolIsEmpty();
});

test('pieces that lie about their length, and end early', async () => {
  const client = await teacher();
  const session = newSession();
  const bytes = recording(400_000);
  const path = await begin(client, session, bytes.length);
  // Less than announced: nothing. More than announced: as much as was announced, the rest is no request.
  await broken(client, path, 0, bytes.subarray(0, 200_000), 100_000, { half: true });
  assert.equal(await tellsTheTruth(client, path, bytes), 0);
  const longer = await broken(client, path, 0, bytes.subarray(0, 200_000), 200_000, { announced: 150_000, wait: true });
  assert.match(longer, /^HTTP\/1.1 204 [^]*Upload-Offset: 150000/);
  assert.equal(await tellsTheTruth(client, path, bytes), 150_000);
  // Beyond the length that the creation announced.
  assert.match(await broken(client, path, 150_000, bytes.subarray(150_000), 1000, { announced: 250_001 }), /^(HTTP\/1.1 413 |$)/);
  assert.equal(await tellsTheTruth(client, path, bytes), 150_000);
  await goOn(client, session, path, bytes);
});

test('one piece sent several times at once: it arrives once', async () => {
  const client = await teacher();
  const session = newSession();
  const bytes = recording(1_000_000);
  const path = await begin(client, session, bytes.length);
  for (let at = 0; at < 800_000; at += 400_000) {
    const answers = await Promise.all([1, 2, 3, 4].map(() => piece(client, path, at, bytes.subarray(at, at + 400_000))));
    const statuses = answers.map((answer) => answer.status).sort();
    assert.equal(statuses[0], 204, String(statuses));
    assert.ok(statuses.slice(1).every((status) => status === 409 || status === 423), String(statuses));
    assert.equal(await tellsTheTruth(client, path, bytes), at + 400_000);
  }
  const last = await Promise.all([1, 2, 3, 4].map(() => piece(client, path, 800_000, bytes.subarray(800_000))));
  assert.ok(last.every((answer) => [204, 409, 423].includes(answer.status)));
  assert.ok(last.some((answer) => answer.status === 204));
  await goOn(client, session, path, bytes);
});

test('a crash between the bytes and their row: the last byte sent again brings it', async () => {
  const client = await teacher();
  for (const isKept of [false, true]) {
    const session = newSession();
    const bytes = recording(100_000);
    const path = await begin(client, session, bytes.length);
    await piece(client, path, 0, bytes.subarray(0, 50_000));
    // As a worker leaves it that is killed behind the bytes, and behind their rename.
    const part = partOf(server, path);
    const { uid, gid } = statSync(part);
    const id = path.slice(9);
    const kept = join(server.var, 'uploads', id.slice(0, 2), id.slice(2, 4), id);
    writeFileSync(part, bytes);
    if (isKept) {
      const owner = process.getuid() === 0 ? { uid, gid } : {};
      execFileSync('mkdir', ['-p', '-m', '700', dirname(dirname(kept)), dirname(kept)], owner);
      renameSync(part, kept);
    }
    assert.equal(await offsetOf(client, path), bytes.length - 1, 'whole is only what is an attachment');
    assert.equal((await piece(client, path, bytes.length - 1, Buffer.from([bytes.at(-1) ^ 1]))).status, 409, 'another byte');
    await goOn(client, session, path, bytes);
    assert.equal(existsSync(part), false);
  }
});

test('a part that is lost has ended', async () => {
  const client = await teacher();
  const path = await begin(client, newSession(), 10_000);
  rmSync(partOf(server, path));
  assert.equal((await tus(client, 'HEAD', path)).status, 410);
  assert.equal((await piece(client, path, 0, recording(100))).status, 410);
});

/* ---- what needs a server of its own --------------------------------------------------------- */

async function without(path, what) {
  renameSync(path, `${path}.away`);
  try { return await what(); } finally { renameSync(`${path}.away`, path); }
}

async function scanAway(own, client) {
  const session = newSession({ of: own });
  const bytes = recording(600_000);
  const path = await begin(client, session, bytes.length);
  await piece(client, path, 0, bytes.subarray(0, 300_000));
  await without(join(own.run, 'scan.sock'), async () => {
    const answer = await piece(client, path, 300_000, bytes.subarray(300_000));
    assert.equal(answer.status, 503);
    assert.equal(answer.json.reason, 'file_scan');
    assert.equal(await tellsTheTruth(client, path, bytes), bytes.length - 1);
  });
  await goOn(client, session, path, bytes);
}

async function diskFull(own, client) {
  const session = newSession({ of: own });
  const bytes = recording(600_000);
  const path = await begin(client, session, bytes.length);
  await piece(client, path, 0, bytes.subarray(0, 100_000));
  const { uid, gid } = statSync(own.var);
  const limit = (most) => childrenOf(program(own, 'muster-app')).forEach((pid) => execFileSync('prlimit', ['--pid', String(pid), `--fsize=${most}:`], process.getuid() === 0 ? { uid, gid } : {}));
  limit('250000');
  const answer = await piece(client, path, 100_000, bytes.subarray(100_000, 400_000));
  assert.equal(answer.status, 507, answer.text);
  assert.equal(await tellsTheTruth(client, path, bytes), 250_000);
  limit('unlimited');
  await goOn(client, session, path, bytes);
}

async function workersKilled(own, client) {
  const session = newSession({ of: own });
  const bytes = recording(6_000_000);
  const path = await begin(client, session, bytes.length);
  const next = random(7);
  for (let round = 0; round < 6; round += 1) {
    const at = await offsetOf(client, path);
    const sending = piece(client, path, at, bytes.subarray(at, at + 900_000)).catch(() => null);
    await setTimeout(next(12));
    for (const pid of childrenOf(program(own, 'muster-app'))) process.kill(pid, 'SIGKILL');
    const answer = await sending;
    await until('workers are there again', async () => (await tus(client, 'HEAD', path)).status === 200, 20);
    const told = await tellsTheTruth(client, path, bytes);
    if (answer?.status === 204) assert.equal(told, at + 900_000, 'what was acknowledged is there');
    assert.ok(told >= at && told <= at + 900_000);
  }
  // The last piece, killed where it may: before, during or after its row.
  for (let at = await offsetOf(client, path); at < bytes.length; at = await offsetOf(client, path)) {
    const sending = piece(client, path, at, bytes.subarray(at)).catch(() => null);
    if (next(3) > 0) {
      await setTimeout(next(25));
      for (const pid of childrenOf(program(own, 'muster-app'))) process.kill(pid, 'SIGKILL');
    }
    await sending;
    await until('workers are there again', async () => (await tus(client, 'HEAD', path)).status === 200, 20);
  }
  await goOn(client, session, path, bytes);
}

async function nginxKilled(own, client) {
  const session = newSession({ of: own });
  const bytes = recording(3_000_000);
  const path = await begin(client, session, bytes.length);
  const master = childrenOf(own.pid).find((pid) => commandOf(pid).includes('nginx: master') || /^nginx /.test(commandOf(pid)));
  const next = random(3);
  for (let round = 0; round < 4; round += 1) {
    const at = await offsetOf(client, path);
    const sending = piece(client, path, at, bytes.subarray(at, at + 500_000)).catch(() => null);
    await setTimeout(next(10));
    for (const pid of childrenOf(master)) process.kill(pid, 'SIGKILL');
    const answer = await sending;
    await until('nginx is there again', () => tus(client, 'HEAD', path).then((head) => head.status === 200, () => false));
    const told = await until('nobody is at it any more', async () => {
      const first = await offsetOf(client, path);
      return (await piece(client, path, first, Buffer.alloc(0))).status === 204 && first >= 0 ? { at: first } : null;
    });
    if (answer?.status === 204) assert.equal(told.at, at + 500_000);
    assert.ok(told.at === at || told.at === at + 500_000, `${told.at} after ${at}`);
    await tellsTheTruth(client, path, bytes);
  }
  await goOn(client, session, path, bytes);
}

test('parts fail under an upload', async (t) => {
  const own = await ownServer(t, { faults: true, env: { MUSTER_PAGES_PROCESSES: '1', MUSTER_SLOW_PROCESSES: '1', MUSTER_UPLOADS_PER_ACCOUNT_PER_HOUR: '0', MUSTER_REQUESTS_PER_ACCOUNT_PER_MINUTE: '0' } });
  const client = await signedIn('demo_teacher_1', own);
  await client.token();
  for (const [name, part] of [
    ['the check of files is away at the end: later it is finished', scanAway], ['the disk is full within a piece: what fits has arrived', diskFull],
    ['nginx workers are killed at any byte', nginxKilled], ['workers are killed at any byte', workersKilled],
  ]) await t.test(name, () => part(own, client));
  assert.doesNotMatch(['app', 'scan', 'jobs'].map((name) => readFileSync(join(own.var, `log/${name}.log`), 'utf8')).join('\n'), /Sanitizer|runtime error/);
});

test('everything is killed at once, and starts again', async (t) => {
  const own = await ownServer(t, { faults: true, env: { MUSTER_UPLOADS_PER_ACCOUNT_PER_HOUR: '0' } });
  const client = await signedIn('demo_teacher_1', own);
  const session = newSession({ of: own });
  const bytes = recording(2_000_000);
  const path = await begin(client, session, bytes.length);
  assert.equal((await piece(client, path, 0, bytes.subarray(0, 800_000))).status, 204);
  const sending = piece(client, path, 800_000, bytes.subarray(800_000, 1_600_000)).catch(() => null);
  for (const pid of childrenOf(own.pid)) {
    if (commandOf(pid).startsWith('mariadbd')) continue;
    try { process.kill(pid, 'SIGKILL'); } catch { /* it went with the one before */ }
  }
  await sending;
  await own.stop();
  const again = await startServer({ build, variant: process.env.MUSTER_TEST_VARIANT ?? 'release', folder: own.var });
  t.after(() => again.stop());
  const later = Object.assign(new Client(again), { cookies: client.cookies, csrf: client.csrf });
  const at = await tellsTheTruth(later, path, bytes);
  assert.ok(at >= 800_000);
  await goOn(later, session, path, bytes);
});
