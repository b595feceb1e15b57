// Parts that fail: the database, a worker, the check of files, the application, the disk.
// Each time a clear answer, nothing half-done, and all is well again by itself.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { anonymous, Client, form, multipart, ownServer, signedIn, sql, until } from '../lib/http.mjs';
import { attachmentsOf, below, childrenOf, commandOf, completeForm, hidden, newSession, onDisk, sample, sentence, spoolIsEmpty, stored, upload } from '../lib/classroom.mjs';

const program = (own, name) => childrenOf(own.pid).find((pid) => commandOf(pid).includes(`/${name} `));
const workers = (own) => childrenOf(program(own, 'muster-app'));
const log = (own) => readFileSync(join(own.var, 'log/app.log'), 'utf8');
/*
 * One worker answers again; a second later all of them do, since each tries the database
 * anew at most once a second.
 */
async function works(own) {
  await until('all is well again', async () => (await anonymous(own).get('/health')).status === 200
    && (await signedIn('demo_teacher_1', own).then((teacher) => teacher.get('/sessions'), () => ({}))).status === 200, 20);
  await setTimeout(1100);
}

/* Takes a socket away while `what` runs; it goes on under another name. */
async function without(path, what) {
  renameSync(path, `${path}.away`);
  try { return await what(`${path}.away`); } finally { renameSync(`${path}.away`, path); }
}

const password = (own, name) => ({ ...process.env, MYSQL_PWD: readFileSync(join(own.var, `conf/${name}.password`), 'utf8').trim() });
const client = (own, user) => ['--no-defaults', `--socket=${own.db_socket}`, `--user=${user}`, '--skip-column-names', '--batch', 'muster'];

/* Asks as the application's user, who sees its own connections and may end them. */
const appSql = (own, text) => execFileSync('mariadb', client(own, 'muster_app'), { input: text, encoding: 'utf8', env: password(own, 'db_app') }).split('\n').slice(0, -1);

/* Runs `what` while somebody holds the row of a session. */
async function locked(own, session, what) {
  const child = spawn('mariadb', [...client(own, 'muster'), '--unbuffered'], { stdio: ['pipe', 'pipe', 'inherit'], env: password(own, 'db_owner') });
  const ended = new Promise((resolve) => { child.on('close', resolve); });
  try {
    child.stdin.write(`BEGIN; SELECT id FROM occurrence WHERE id = ${session.id} FOR UPDATE;\n`);
    await new Promise((resolve) => { child.stdout.once('data', resolve); });
    await what();
  } finally {
    child.stdin.end();
    await ended;
  }
}
const waiting = (own, n) => until('the change waits for its row', () => Number(appSql(own,
  "SELECT COUNT(*) FROM information_schema.processlist WHERE command = 'Execute' AND info LIKE '%FOR UPDATE%'")[0]) >= n);

function saysDown(page, reason) {
  assert.equal(page.status, 503);
  assert.match(page.headers['content-type'], /^text\/html; charset=utf-8/);
  assert.ok(page.text.includes(sentence(reason)), page.text.slice(0, 2000));
  assert.match(page.text, /<link rel="stylesheet" href="\/static\/[^"]*muster\.css">/);
  assert.match(page.headers['retry-after'], /^\d+$/);
  assert.match(page.headers['content-security-policy'], /default-src 'none'/);
  assert.equal(page.headers['x-content-type-options'], 'nosniff');
  assert.equal(page.headers['cache-control'], 'no-store');
}

async function databaseDown(own) {
  const teacher = await signedIn('demo_teacher_1', own);
  await teacher.token();
  const session = newSession({ of: own });
  const before = stored(session.id, own);
  let kept;
  await without(own.db_socket, async (away) => {
    // Connections that were open are cut.
    for (const id of appSql({ ...own, db_socket: away }, 'SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID()')) appSql({ ...own, db_socket: away }, `KILL ${id}`);
    for (let round = 0; round < 3; round += 1) {
      const page = await teacher.get('/sessions', { headers: { 'accept-language': 'en' } });
      saysDown(page, 'database_down');
      assert.match(page.text, /href="\/sessions"/, 'a button to try again');
    }
    const typed = await teacher.post(`${session.path}/complete`, { version: 1, start: '07:00', end: '08:00', notes: 'Typed' });
    saysDown(typed, 'database_down');
    kept = hidden(typed, `${session.path}/complete`);
    assert.equal(kept.notes, 'Typed');
    const strange = await teacher.post(`${session.path}/complete`, { notes: 'Typed elsewhere' }, { headers: { origin: 'https://evil.example' } });
    assert.doesNotMatch(strange.text, /Typed elsewhere/);
    assert.match((await teacher.get('/sessions', { headers: { 'accept-language': 'fr' } })).text, /<html lang="fr"/);
    const json = await teacher.get('/sessions', { headers: { accept: 'application/json' } });
    assert.equal(json.status, 503);
    assert.equal(json.json.reason, 'database_down');
    assert.equal((await teacher.get('/api/session_completion.php?action=list')).json.success ?? (await teacher.get('/api/session_completion.php?action=list')).json.status, false);
    const health = await anonymous(own).get('/health');
    assert.equal(health.status, 503);
    assert.match(health.headers['content-type'], /^application\/json/);
    assert.notEqual(health.json.status, 'ok');
    assert.equal((await upload(teacher, session, [sample('ffmpeg.png')])).status, 503);
    assert.equal((await anonymous(own).get('/robots.txt')).status, 200);
  });
  await works(own);
  assert.equal((await teacher.get('/sessions')).status, 200, 'the same session goes on');
  assert.equal(stored(session.id, own), before);
  assert.deepEqual(below(join(own.var, 'uploads/tmp')), []);
  // What was typed is sent again from that page; it could not know the token.
  const again = await teacher.send('POST', `${session.path}/complete`, { body: form(kept) });
  const sent = again.status === 303 ? again : await teacher.send('POST', `${session.path}/complete`, { body: form(hidden(again, `${session.path}/complete`)) });
  assert.equal(sent.status, 303);
  assert.equal(sql(`SELECT notes FROM completion WHERE occurrence_id = ${session.id}`, { of: own })[0][0], 'Typed');
}

async function databaseHangs(own) {
  const teacher = await signedIn('demo_teacher_1', own);
  const pid = childrenOf(own.pid).find((p) => commandOf(p).startsWith('mariadbd'));
  process.kill(pid, 'SIGSTOP');
  try {
    const begin = performance.now();
    assert.equal((await teacher.get('/sessions')).status, 503);
    assert.ok(performance.now() - begin < 9000);
  } finally { process.kill(pid, 'SIGCONT'); }
  await works(own);
}

async function scanAway(own) {
  const teacher = await signedIn('demo_teacher_1', own);
  const session = newSession({ of: own });
  const before = [stored(session.id, own), onDisk(own)];
  await without(join(own.run, 'scan.sock'), async () => {
    const answer = await upload(teacher, session, [sample('ffmpeg.png')]);
    assert.equal(answer.status, 422);
    assert.ok(answer.text.includes(sentence('file_scan')));
    assert.deepEqual([stored(session.id, own), onDisk(own)], before);
    assert.equal((await teacher.get('/sessions')).status, 200);
  });
  assert.equal((await upload(teacher, session, [sample('ffmpeg.png')])).status, 303);
}

async function applicationAway(own) {
  await without(join(own.run, 'pages.sock'), async () => {
    const page = await anonymous(own).get('/sessions');
    saysDown(page, 'too_late');
    assert.match(page.text, /lang="fr"/);
    const json = await anonymous(own).get('/api/nothing');
    assert.equal(json.status, 503);
    assert.match(json.headers['content-type'], /^application\/problem\+json/);
    assert.equal(json.json.status, 503);
  });
  await works(own);
}

async function workerKilled(own) {
  const teacher = await signedIn('demo_teacher_1', own);
  await teacher.token();
  const session = newSession({ of: own });
  const before = stored(session.id, own);
  const all = workers(own);
  await locked(own, session, async () => {
    const lost = teacher.post(`${session.path}/complete`, completeForm(session, {}, own));
    await waiting(own, 1);
    // The other worker goes on; who it is stands in the log.
    const page = await teacher.get('/sessions');
    assert.equal(page.status, 200);
    const line = await until('the line of that request', () => log(own).split('\n').find((l) => l.includes('event=request ') && l.includes(`req=${page.headers['x-request-id']}`)));
    const idle = Number(line.match(/ pid=(\d+)/)[1]);
    process.kill(all.find((pid) => pid !== idle && poolOf(own, pid) === poolOf(own, idle)), 'SIGKILL');
    saysDown(await lost, 'too_late');
    assert.equal((await teacher.get('/sessions')).status, 200);
  });
  assert.equal(stored(session.id, own), before, 'nothing half-done');
  await until('a new worker', () => workers(own).length === all.length && workers(own).some((pid) => !all.includes(pid)));
  assert.match(log(own), /event=worker_died[^\n]*signal=9/);
  assert.equal((await teacher.post(`${session.path}/complete`, completeForm(session, {}, own))).status, 303);
}

const poolOf = (own, pid) => log(own).split('\n').find((l) => l.includes('event=worker_start') && l.includes(`child=${pid}`))?.match(/pool=(\w+)/)?.[1];

async function rolling(own) {
  const teacher = await signedIn('demo_teacher_1', own);
  await teacher.token();
  const session = newSession({ of: own });
  const before = workers(own);
  const counts = new Map();
  let isDone = false;
  let uploads = 0;
  const load = async (ask) => {
    while (!isDone) {
      const { status } = await ask();
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
  };
  const clients = [1, 2, 3].map(() => Object.assign(new Client(own), { cookies: teacher.cookies, csrf: teacher.csrf }));
  const loads = [...clients.map((client) => load(() => client.get('/sessions?tab=completed'))),
    load(async () => { const a = await upload(teacher, session, [sample('im.jpg')]); uploads += a.status === 303; return a; })];
  for (let round = 0; round < 3 || (round < 40 && !(counts.get(200) > 20 && uploads > 2)); round += 1) {
    const old = workers(own);
    process.kill(program(own, 'muster-app'), 'SIGHUP');
    await until('every worker is a new one', () => workers(own).length === old.length && workers(own).every((pid) => !old.includes(pid)), 30);
  }
  isDone = true;
  await Promise.all(loads);
  assert.deepEqual([...counts.keys()].sort(), [200, 303], JSON.stringify([...counts]));
  assert.ok(counts.get(200) > 20 && uploads > 2, JSON.stringify([...counts]));
  assert.equal(attachmentsOf(session, own).length, uploads);
  assert.ok(before.every((pid) => !existsSync(`/proc/${pid}`)));
}

async function late(own) {
  const teacher = await signedIn('demo_teacher_1', own);
  await teacher.token();
  const session = newSession({ of: own });
  const fields = completeForm(session, {}, own);
  await locked(own, session, async () => {
    const blocked = [teacher.post(`${session.path}/complete`, fields), teacher.post(`${session.path}/complete`, fields)];
    await waiting(own, 2);
    // Nobody is left to serve it; nginx gives up, and later nobody serves it for nothing.
    saysDown(await teacher.get('/sessions'), 'too_late');
    for (const answer of await Promise.all(blocked)) saysDown(answer, 'too_late');
  });
  await until('the late request is dropped', () => /event=request_late[^\n]*\/sessions/.test(log(own)));
  await works(own);
}

function limitFiles(own, bytes) {
  const { uid, gid } = statSync(own.var);
  for (const pid of workers(own)) execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`], process.getuid() === 0 ? { uid, gid } : {});
}

async function diskFull(own) {
  const teacher = await signedIn('demo_teacher_1', own);
  const session = newSession({ of: own });
  const wav = Buffer.alloc(300_044);
  sample('sox.wav').bytes.copy(wav, 0, 0, 44);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.writeUInt32LE(wav.length - 44, 40);
  const before = [stored(session.id, own), onDisk(own)];
  // No file of the application may grow above 100 kB.
  limitFiles(own, '100000');
  const answer = await upload(teacher, session, [{ name: 'file', filename: 'lecture.wav', bytes: wav }, sample('ffmpeg.png')]);
  assert.equal(answer.status, 422);
  assert.match(answer.text, /lecture\.wav[^]{0,200}There is no room left/);
  assert.deepEqual(attachmentsOf(session, own).map((f) => f.name), ['ffmpeg.png'], 'what fits is taken');
  assert.equal(onDisk(own).length, before[1].length + 1);
  assert.equal((await teacher.get(session.path)).status, 200);
  await spoolIsEmpty(own);
  limitFiles(own, 'unlimited');
  assert.equal((await upload(teacher, session, [{ name: 'file', filename: 'lecture.wav', bytes: wav }])).status, 303);
}

/* Another value in the settings file, and a rolling restart. */
async function setting(own, key, value) {
  const text = readFileSync(own.config, 'utf8').replace(new RegExp(`^${key} = .*$`, 'm'), `${key} = ${value}`);
  const old = workers(own);
  writeFileSync(own.config, text);
  process.kill(program(own, 'muster-app'), 'SIGHUP');
  await until('every worker is a new one', () => workers(own).length === old.length && workers(own).every((pid) => !old.includes(pid)), 30);
}

async function reserve(own) {
  const teacher = await signedIn('demo_teacher_1', own);
  const session = newSession({ of: own });
  const before = [stored(session.id, own), onDisk(own)];
  const [, old] = readFileSync(own.config, 'utf8').match(/^disk_reserve_bytes = (\d+)$/m);
  await setting(own, 'disk_reserve_bytes', '1099511627776');
  const refused = await teacher.send('POST', `${session.path}/files`, { body: multipart([{ name: 'file', filename: 'a.wav', bytes: Buffer.alloc(300_000) }]) });
  assert.equal(refused.status, 507, 'before its body is read');
  assert.ok(refused.text.includes(sentence('disk_full')));
  assert.match(refused.headers['content-security-policy'], /default-src 'none'/);
  const small = await upload(teacher, session, [sample('ffmpeg.png')]);
  assert.equal(small.status, 422);
  assert.ok(small.text.includes(sentence('disk_full')));
  assert.deepEqual([stored(session.id, own), onDisk(own)], before);
  await spoolIsEmpty(own);
  assert.equal((await teacher.post(`${session.path}/notes`, { type: 'general', text: 'Everything else works' })).status, 303);
  const health = await anonymous(own).get('/health');
  assert.notEqual(health.json.status === 'ok' && !/low|full|reserve/i.test(health.text), true, health.text);
  await setting(own, 'disk_reserve_bytes', old);
  assert.equal((await upload(teacher, session, [sample('ffmpeg.png')])).status, 303);
}

test('parts fail and come back', async (t) => {
  const own = await ownServer(t, { faults: true, env: { MUSTER_PAGES_PROCESSES: '2', MUSTER_SLOW_PROCESSES: '2', MUSTER_REQUEST_TIMEOUT_S: '4', MUSTER_DB_STATEMENT_TIMEOUT_S: '8',
    MUSTER_UPLOADS_PER_ACCOUNT_PER_HOUR: '0', MUSTER_REQUESTS_PER_ACCOUNT_PER_MINUTE: '0' } });
  for (const [name, part] of [
    ['the database is down: a page says so, and it comes back by itself', databaseDown], ['the database hangs: an answer in time', databaseHangs],
    ['the check of files is away: refused with a sentence', scanAway], ['the application is away: nginx says so in both languages', applicationAway],
    ['a worker killed in the middle of a change: that one request is lost', workerKilled], ['a rolling restart under load loses no request', rolling],
    ['what waited too long is not served for nobody', late], ['no room for a file: refused, what fits is taken', diskFull], ['a reserve of the disk is kept', reserve],
  ]) await t.test(name, () => part(own));
  // Nothing else died, and no sanitizer spoke.
  assert.equal(log(own).match(/event=worker_died/g)?.length, 1);
  assert.doesNotMatch(['app', 'scan', 'jobs'].map((name) => readFileSync(join(own.var, `log/${name}.log`), 'utf8')).join('\n'), /Sanitizer|runtime error/);
});
