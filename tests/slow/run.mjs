// `make check-slow`, behind what make itself does: valgrind over the unit and store
// tests, then many mixed requests on three builds.  Ends with "N passed, N failed".
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { endAll, howItEnded, run } from '../lib/process.mjs';
import { root, startServer, temporaryFolder } from '../lib/server.mjs';
import { manyRequests } from './requests.mjs';

const { values } = parseArgs({ options: { build: { type: 'string', default: 'build' }, requests: { type: 'string', default: '100000' }, only: { type: 'string', default: '' } } });
const build = resolve(root, values.build);
const folder = temporaryFolder('muster-slow-');
let passed = 0;
let failed = 0;

function tell(name, faults, words = '') {
  if (faults.length === 0) passed += 1; else failed += 1;
  process.stdout.write(`${faults.length ? 'FAIL' : 'ok  '} ${name}${words && `: ${words}`}\n${faults.slice(0, 10).map((f) => `     | ${f.replaceAll('\n', '\n     | ')}\n`).join('')}`);
}

const valgrind = ['--quiet', '--error-exitcode=99', '--leak-check=full', '--errors-for-leak-kinds=definite', '--child-silent-after-fork=no',
  `--suppressions=${join(root, 'tests/slow/valgrind.supp')}`];

/* valgrind knows no landlock and no seccomp, which they are about. */
const notUnderValgrind = ['sys_scan', 'sys_filetype'];

/* Unit tests need nothing; those of the store get one database. */
async function underValgrind() {
  const of = (kind) => readdirSync(join(build, 'release/tests', kind)).filter((name) => !/\.[od]$|_fixture/.test(name) && !notUnderValgrind.includes(name)).map((name) => ({ kind, name }));
  const database = await startServer({ build, folder: join(folder, 'database'), onlyDatabase: true });
  for (const { kind, name } of [...of('unit'), ...of('store')]) {
    const result = await run('valgrind', [...valgrind, join(build, 'release/tests', kind, name)],
      { timeout: 600, env: { ...process.env, MUSTER_TEST_DB_SOCKET: database.db_socket, MUSTER_TEST_DB_DIR: join(folder, 'kept') } });
    const end = howItEnded(result);
    tell(`valgrind ${kind}/${name}`, end ? [`${end}\n${result.output.split('\n').filter((l) => l.startsWith('==') || /FAILED|ERROR/.test(l)).slice(0, 40).join('\n')}`] : []);
  }
  await database.stop();
}

/* A folder of programs in which muster-app runs under valgrind. */
function valgrindBin() {
  const bin = join(folder, 'bin');
  const log = join(folder, 'valgrind');
  for (const dir of [bin, log]) mkdirSync(dir);
  chmodSync(log, 0o777);
  const real = join(build, 'release/bin');
  for (const name of readdirSync(real).filter((n) => n !== 'muster-app')) symlinkSync(join(real, name), join(bin, name));
  writeFileSync(join(bin, 'muster-app'), `#!/bin/sh\nexec valgrind ${valgrind.join(' ')} --trace-children=yes --log-file=${log}/%p ${real}/muster-app "$@"\n`);
  chmodSync(join(bin, 'muster-app'), 0o755);
  return { bin, log };
}

async function requests(name, n, { variant = 'release', bin, env = {}, slack, room, more = () => [] }) {
  const of = await startServer({ build, variant, folder: join(folder, name.replaceAll(' ', '-')), bin,
    env: { MUSTER_REQUESTS_PER_ACCOUNT_PER_MINUTE: '0', MUSTER_SIGN_IN_PER_ADDRESS_PER_MINUTE: '0', MUSTER_UPLOADS_PER_ACCOUNT_PER_HOUR: '0',
      MUSTER_REQUEST_TIMEOUT_S: '120', ...env } });
  let result = { faults: ['it did not run'], statuses: {} };
  try { result = await manyRequests(of, n, { slack, room, say: (text) => process.stdout.write(`${text}\n`) }); } finally { result.faults.push(...await of.stop(), ...more()); }
  tell(`${n} mixed requests, ${name}`, result.faults, JSON.stringify(result.statuses));
  for (const p of result.workers ?? []) process.stdout.write(`     ${p.name} ${p.pid}: ${p.fifths.map((mb) => mb.toFixed(2)).join(', ')} MB\n`);
}

try {
  const n = Number(values.requests);
  mkdirSync(join(folder, 'database'));
  if (!values.only || values.only === 'valgrind') await underValgrind();
  for (const name of ['release', 'sanitizers', 'valgrind']) mkdirSync(join(folder, `${name}`), { recursive: true });
  if (!values.only || values.only === 'release') await requests('release', n, {});
  // Its quarantine of 4 MB fills slowly.
  if (!values.only || values.only === 'asan') {
    await requests('sanitizers', Math.ceil(n / 5), { variant: 'asan', room: 5, env: { ASAN_OPTIONS: 'detect_leaks=1:quarantine_size_mb=4:thread_local_quarantine_size_kb=64:exitcode=99' } });
  }
  if (!values.only || values.only === 'memcheck') {
    rmSync(join(folder, 'valgrind'), { recursive: true });
    const { bin, log } = valgrindBin();
    mkdirSync(join(folder, 'memcheck'));
    await requests('memcheck', Math.ceil(n / 50), { bin, slack: Infinity, // valgrind's own books grow
      more: () => (existsSync(log) ? readdirSync(log) : []).map((name) => readFileSync(join(log, name), 'utf8')).filter((text) => text.trim() !== '') });
  }
} finally {
  endAll();
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
