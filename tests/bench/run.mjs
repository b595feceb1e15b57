// `make bench`, pages and files: Muster beside the bare limits of the same machine, in one run, as
// ratios.  docs/benchmarks.md says what is measured and why.  Sends traffic to 127.0.0.1 only;
// takes about two minutes.
import { spawn, execFileSync } from 'node:child_process';
import { closeSync, copyFileSync, ftruncateSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import net from 'node:net';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, sql } from '../lib/http.mjs';
import { startServer, temporaryFolder, root } from '../lib/server.mjs';
import { cpuOf, cpuSince, median, memoryOf, wrk } from './measure.mjs';
import { uploads } from './uploads.mjs';

const build = resolve(process.argv[process.argv.indexOf('--build') + 1] ?? 'build');
const rounds = Number(process.env.ROUNDS ?? 3);
const seconds = Number(process.env.SECONDS ?? 4);
const folder = temporaryFolder('muster-bench-');
const processes = 4; // the default; the bare responder gets as many
const MIB = 1024 * 1024;
const parts = (process.env.PARTS || 'page,upload,put,download').split(','); // by the names of all.mjs

const sum = (object) => Object.values(object).reduce((a, b) => a + b, 0);
const say = (text = '') => process.stdout.write(`${text}\n`);
const fixed = (value, digits = 2) => value.toFixed(digits);

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  const { port } = server.address();
  server.close();
  return port;
}

async function reachable(port) {
  for (;;) {
    const ok = await new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
      socket.on('error', () => resolve(false));
    });
    if (ok) return;
    await sleep(50);
  }
}

/* nginx and tests/bench/bare.c, answering a constant of `bytes`. */
async function startBare(bytes) {
  const dir = join(folder, 'bare');
  for (const name of ['', 'spool', 'plain']) mkdirSync(join(dir, name), { recursive: true });
  const port = await freePort();
  const conf = readFileSync(join(root, 'tests/bench/nginx.conf'), 'utf8')
    .replaceAll('@DIR@', dir).replaceAll('@PORT@', port).replaceAll('@WORKERS@', availableParallelism());
  writeFileSync(join(dir, 'nginx.conf'), (process.getuid() === 0 ? 'user root;\n' : '') + conf);
  const responder = spawn(join(build, 'release/tests/bench/bare'), [join(dir, 'bare.sock'), processes, bytes], { stdio: 'inherit' });
  const nginx = spawn('nginx', ['-e', 'stderr', '-p', dir, '-c', join(dir, 'nginx.conf')], { stdio: ['ignore', 'inherit', 'inherit'] });
  await reachable(port);
  const pids = [responder.pid, nginx.pid];
  return {
    dir, url: `http://127.0.0.1:${port}`,
    cpu: () => pids.map(cpuOf), since: (before) => sum(pids.map((pid, i) => sum(cpuSince(pid, before[i])))),
    stop() { nginx.kill('SIGTERM'); responder.kill('SIGKILL'); },
  };
}

/* A WAV of exactly `bytes`: silence, with an honest header. */
function writeWav(path, bytes) {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0); header.writeUInt32LE(bytes - 8, 4); header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16); header.writeUInt16LE(1, 20); header.writeUInt16LE(2, 22);
  header.writeUInt32LE(44100, 24); header.writeUInt32LE(176400, 28); header.writeUInt16LE(4, 32); header.writeUInt16LE(16, 34);
  header.write('data', 36); header.writeUInt32LE(bytes - 44, 40);
  const fd = openSync(path, 'w');
  const block = Buffer.alloc(MIB);
  for (let i = 0; i < block.length; i += 1) block[i] = (i * 7 + (i >> 8)) & 255;
  for (let at = 0; at < bytes; at += block.length) writeSync(fd, block, 0, Math.min(block.length, bytes - at));
  writeSync(fd, header, 0, header.length, 0);
  ftruncateSync(fd, bytes);
  closeSync(fd);
}

const cpuSplit = (used) => ({ database: used.mariadbd ?? 0, rest: sum(used) - (used.mariadbd ?? 0) });

function row(name, value, aim, holds) {
  say(`  ${name.padEnd(58)} ${value.padStart(12)}   ${aim}${holds === null ? '' : holds ? '  yes' : '  NO'}`);
}

const path = '/sessions?tab=completed';

async function page(muster, client, bare, first) {
  const cookie = [...client.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  const results = { constant: [], page: [], same: [] };

  for (let i = 0; i < rounds; i += 1) {
    let before = bare.cpu();
    let r = await wrk(`${bare.url}/constant`, { seconds, headers: { Cookie: cookie } });
    results.constant.push({ ...r, cpu: bare.since(before) / r.requests * 1000 });

    before = cpuOf(muster.child.pid);
    r = await wrk(muster.url + path, { seconds, headers: { Cookie: cookie } });
    let split = cpuSplit(cpuSince(muster.child.pid, before));
    results.page.push({ ...r, cpu: split.rest / r.requests * 1000, database: split.database / r.requests * 1000 });

    const { headers } = await client.get(path);
    before = cpuOf(muster.child.pid);
    r = await wrk(muster.url + path, { seconds: 2, headers: { Cookie: cookie, 'If-None-Match': headers.etag } });
    split = cpuSplit(cpuSince(muster.child.pid, before));
    results.same.push({ ...r, cpu: split.rest / r.requests * 1000, database: split.database / r.requests * 1000 });
  }
  const errors = Object.values(results).flat().map((r) => r.errors).filter(Boolean);
  const m = (list, key) => median(list.map((r) => r[key]));
  const rate = median(results.page.map((r, i) => r.rate / results.constant[i].rate));
  const cpu = median(results.page.map((r, i) => r.cpu / results.constant[i].cpu));

  say(`Completed page: ${(first.text.match(/<tr role="row"/g) ?? []).length - 1} rows, ${first.body.length} bytes, 32 connections, median of ${rounds} rounds`);
  row('constant of that size, requests/s', fixed(m(results.constant, 'rate'), 0), '', null);
  row('page, requests/s', fixed(m(results.page, 'rate'), 0), '', null);
  row('page, rate against the constant', fixed(rate), '>= 0.25', rate >= 0.25);
  row('constant, CPU s per 1,000', fixed(m(results.constant, 'cpu'), 3), '', null);
  row('page, CPU s per 1,000 outside the database', fixed(m(results.page, 'cpu'), 3), '', null);
  row('page, that against the constant', fixed(cpu), '<= 2.5', cpu <= 2.5);
  row('page, database CPU s per 1,000', fixed(m(results.page, 'database'), 3), '<= 0.25', m(results.page, 'database') <= 0.25);
  row('unchanged page (304), requests/s', fixed(m(results.same, 'rate'), 0), '', null);
  row('unchanged page, CPU s per 1,000, outside and in database', `${fixed(m(results.same, 'cpu'), 3)} ${fixed(m(results.same, 'database'), 3)}`, '', null);
  if (errors.length > 0) say(`  not counted as good: ${errors.join('; ')}`);
}

async function upload(muster, client, bare, wav) {
  const token = await client.token();
  const [[session]] = sql(`SELECT MIN(o.id) FROM occurrence o JOIN account a ON a.person_id = o.teacher_id
    WHERE a.username = 'bench_teacher_1'`, { of: muster });
  const cookie = [...client.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  const curl = (url, extra) => {
    const out = execFileSync('curl', ['-sS', '-o', join(folder, 'answer'), '-w', '%{http_code} %{time_total}', ...extra, url], { encoding: 'utf8' });
    const [status, time] = out.split(' ').map(Number);
    return { status, time };
  };
  const file = ['-F', `file=@${wav};filename=recording.wav;type=audio/wav`];
  const ours = []; const bares = [];
  for (let i = 0; i < rounds + 1; i += 1) {
    let before = bare.cpu();
    let r = curl(`${bare.url}/spool`, file);
    if (r.status !== 200) throw new Error(`the bare spool answered ${r.status}`);
    bares.push({ ...r, cpu: bare.since(before) });

    before = cpuOf(muster.child.pid);
    r = curl(`${muster.url}/sessions/${session}/files`, ['-H', `Cookie: ${cookie}`, '-H', `Origin: ${muster.url}`, '-F', `csrf_token=${token}`, ...file]);
    if (r.status !== 303) throw new Error(`the upload answered ${r.status}: ${readFileSync(join(folder, 'answer'), 'utf8').slice(0, 1000)}`);
    await sleep(300);
    ours.push({ ...r, cpu: sum(cpuSince(muster.child.pid, before)) });
  }
  ours.shift(); bares.shift();
  const time = median(ours.map((r, i) => r.time / bares[i].time));
  const cpu = median(ours.map((r) => r.cpu));
  say();
  say(`Upload of 100 MiB as a form part, median of ${rounds} rounds after one that is not counted`);
  row('nginx spool + SHA-256 + fdatasync, s', fixed(median(bares.map((r) => r.time)), 3), '', null);
  row('Muster, s', fixed(median(ours.map((r) => r.time)), 3), '', null);
  row('Muster against that', fixed(time), '<= 3', time <= 3);
  row('bare, CPU s a file', fixed(median(bares.map((r) => r.cpu)), 3), '', null);
  row('Muster, CPU s a file, with the database', fixed(cpu, 3), '<= 0.35', cpu <= 0.35);
}

async function download(muster, client, bare, wav) {
  const [[id]] = sql('SELECT MAX(id) FROM attachment', { of: muster });
  copyFileSync(wav, join(bare.dir, 'plain/recording.wav'));
  const cookie = [...client.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  const n = 10;
  const fetchAll = (url, extra) => {
    for (let i = 0; i < n; i += 1) {
      const size = execFileSync('curl', ['-sS', '-o', '/dev/null', '-w', '%{size_download}', ...extra, url], { encoding: 'utf8' });
      if (Number(size) !== statSync(wav).size) throw new Error(`${url}: ${size} bytes`);
    }
  };
  const page = await client.get(`/sessions/${sql(`SELECT c.occurrence_id FROM attachment a JOIN completion c ON c.id = a.completion_id WHERE a.id = ${id}`, { of: muster })[0][0]}`);
  const link = page.text.match(/href="(\/files\/[^"?]*recording\.wav)"/)?.[1];
  if (!link) throw new Error('no link to the file on the page of the session');
  const ours = []; const bares = [];
  for (let i = 0; i < rounds; i += 1) {
    let before = bare.cpu();
    fetchAll(`${bare.url}/plain/recording.wav`, []);
    bares.push(bare.since(before) / n);
    before = cpuOf(muster.child.pid);
    fetchAll(muster.url + link, ['-H', `Cookie: ${cookie}`]);
    ours.push(sum(cpuSince(muster.child.pid, before)) / n);
  }
  const ratio = median(ours.map((v, i) => v / bares[i]));
  say();
  say(`Download of 100 MiB, ${n} at a time, median of ${rounds} rounds`);
  row('nginx alone, CPU s a file', fixed(median(bares), 4), '', null);
  row('Muster, CPU s a file, with the database', fixed(median(ours), 4), '', null);
  row('Muster against nginx', fixed(ratio), '<= 1.1', ratio <= 1.1);
}

function memory(muster, title) {
  const all = memoryOf(muster.child.pid);
  const workers = all.filter((p) => p.name.startsWith('muster-app'));
  const rest = all.filter((p) => p.name !== 'mariadbd' && p.name !== 'muster-dev');
  const largest = Math.max(...workers.map((p) => p.mb));
  const total = rest.reduce((a, p) => a + p.mb, 0);
  row(`${title}: largest worker, MB`, fixed(largest, 1), '< 8', largest < 8);
  row(`${title}: all but the database, MB`, fixed(total, 1), '<= 40', total <= 40);
}

const muster = await startServer({
  build, folder: join(folder, 'var'), env: {
    MUSTER_REQUESTS_PER_ACCOUNT_PER_MINUTE: '0', MUSTER_UPLOADS_PER_ACCOUNT_PER_HOUR: '0', MUSTER_LOG_LEVEL: 'warn',
    MUSTER_PAGES_PROCESSES: String(processes),
  },
});
let bare;
try {
  sql(readFileSync(join(root, 'tests/bench/data.sql'), 'utf8'), { of: muster });
  const wav = join(folder, 'recording.wav');
  writeWav(wav, 100 * MIB);
  const client = await new Client(muster).signIn('bench_teacher_1');
  const first = await client.get(path);
  if (first.status !== 200) throw new Error(`the Completed page answered ${first.status}`);
  bare = await startBare(first.body.length);
  if (parts.includes('page')) await page(muster, client, bare, first);
  say();
  say('Memory (PSS)');
  await sleep(1000);
  memory(muster, 'after the pages');
  if (parts.includes('upload') || parts.includes('download')) await upload(muster, client, bare, wav);
  if (parts.includes('put')) await uploads(muster, client, bare, wav, { folder, rounds, row, fixed, say });
  if (parts.includes('download')) await download(muster, client, bare, wav);
  say();
  say('Memory (PSS)');
  await sleep(1000);
  memory(muster, 'after the files');
} finally {
  bare?.stop();
  const faults = await muster.stop();
  rmSync(folder, { recursive: true, force: true });
  for (const fault of faults) say(fault);
}
