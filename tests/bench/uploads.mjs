// A file by raw PUT beside nginx spooling it, and the same file in pieces beside that PUT.
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync, statSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../lib/http.mjs';
import { cpuOf, cpuSince, median } from './measure.mjs';

const pieceSize = 8 * 1024 * 1024;
const base64 = (text) => Buffer.from(String(text)).toString('base64');
const sum = (object) => Object.values(object).reduce((a, b) => a + b, 0);

/* One curl, one connection; gives the seconds of all its requests. */
function curl(requests, wanted, answers) {
  const args = requests.flatMap((request, i) => [...(i > 0 ? ['--next'] : []), '-sS', '-D', answers, '-o', `${answers}.body`, '-H', 'Expect:', '-w', '%{http_code} %{time_total}\\n', ...request]);
  const lines = execFileSync('curl', args, { encoding: 'utf8' }).trim().split('\n').map((line) => line.split(' ').map(Number));
  const bad = lines.find(([status]) => status !== wanted);
  if (bad) throw new Error(`answered ${bad[0]} instead of ${wanted}: ${readFileSync(`${answers}.body`, 'utf8').slice(0, 500)}`);
  return lines.reduce((seconds, [, time]) => seconds + time, 0);
}

/* The file in pieces, each in a file of its own. */
function split(path, folder) {
  const pieces = [];
  const fd = openSync(path, 'r');
  const { size } = statSync(path);
  for (let at = 0; at < size; at += pieceSize) {
    const bytes = Buffer.alloc(Math.min(pieceSize, size - at));
    readSync(fd, bytes, 0, bytes.length, at);
    const name = join(folder, `piece-${at}`);
    writeFileSync(name, bytes);
    pieces.push({ at, name });
  }
  closeSync(fd);
  return pieces;
}

/*
 * Takes memory for a file and gives it back.  On a virtual machine a page that was never used costs more than
 * what is written to it; without this, whoever comes after a file that was removed would look fast.
 */
function warm(folder) {
  const path = join(folder, 'scratch');
  const fd = openSync(path, 'w');
  const block = Buffer.alloc(1 << 20, 1);
  for (let i = 0; i < 256; i += 1) writeSync(fd, block);
  closeSync(fd);
  unlinkSync(path);
}

function sendBare(bare, wav, answers) {
  const before = bare.cpu();
  return { time: curl([['-T', wav, `${bare.url}/spool`]], 200, answers), cpu: bare.since(before) };
}

/* muster, client, bare, wav: as in run.mjs; row, fixed, say: how it prints. */
export async function uploads(muster, client, bare, wav, { folder, rounds, row, fixed, say }) {
  const token = await client.token();
  const [[session]] = sql(`SELECT MIN(o.id) FROM occurrence o JOIN account a ON a.person_id = o.teacher_id
    WHERE a.username = 'bench_teacher_1'`, { of: muster });
  const answers = join(folder, 'answers');
  const pieces = split(wav, folder);
  const headers = ['-H', `Cookie: ${[...client.cookies].map(([k, v]) => `${k}=${v}`).join('; ')}`, '-H', `Origin: ${muster.url}`, '-H', `X-CSRF-Token: ${token}`];
  const tus = [...headers, '-H', 'Tus-Resumable: 1.0.0'];
  const create = () => {
    const time = curl([[...tus, '-X', 'POST', '-H', `Upload-Length: ${statSync(wav).size}`, '-H',
      `Upload-Metadata: filename ${base64('recording.wav')},session ${base64(session)}`, `${muster.url}/uploads`]], 201, answers);
    return { time, path: readFileSync(answers, 'latin1').match(/^location: (\S+)/im)[1] };
  };
  const sendPut = () => curl([[...headers, '-T', wav, `${muster.url}/sessions/${session}/files/recording.wav`]], 201, answers);
  const sendPieces = () => {
    const made = create();
    return made.time + curl(pieces.map(({ at, name }) => [...tus, '-X', 'PATCH', '-H', 'Content-Type: application/offset+octet-stream', '-H', `Upload-Offset: ${at}`,
      '--data-binary', `@${name}`, muster.url + made.path]), 204, answers);
  };
  const measured = async (send) => {
    const before = cpuOf(muster.child.pid);
    const time = send();
    await sleep(300);
    return { time, cpu: sum(cpuSince(muster.child.pid, before)) };
  };
  const bares = []; const puts = []; const parts = [];
  for (let i = 0; i < rounds + 1; i += 1) {
    warm(folder);
    bares.push(sendBare(bare, wav, answers));
    warm(folder);
    puts.push(await measured(sendPut));
    warm(folder);
    parts.push(await measured(sendPieces));
  }
  for (const list of [bares, puts, parts]) list.shift();
  const m = (list, key) => median(list.map((r) => r[key]));
  const put = median(puts.map((r, i) => r.time / bares[i].time));
  const piece = median(parts.map((r, i) => r.time / puts[i].time));
  say();
  say(`Upload of 100 MiB by PUT and in ${pieces.length} pieces (tus), median of ${rounds} rounds after one that is not counted`);
  row('nginx spool + SHA-256 + fdatasync, s', fixed(m(bares, 'time'), 3), '', null);
  row('PUT, s', fixed(m(puts, 'time'), 3), '', null);
  row('PUT against that', fixed(put), '<= 1.3', put <= 1.3);
  row('PUT, CPU s a file, with the database', fixed(m(puts, 'cpu'), 3), '<= 0.25', m(puts, 'cpu') <= 0.25);
  row('in pieces, s', fixed(m(parts, 'time'), 3), '', null);
  row('in pieces against the PUT', fixed(piece), '<= 1.5', piece <= 1.5);
  row('in pieces, CPU s a file, with the database', fixed(m(parts, 'cpu'), 3), '', null);
}
