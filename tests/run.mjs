// Runs every test: node tests/run.mjs [--build DIR] [--only TEXT] [--variant asan]
// (`make test T=TEXT VARIANT=asan`).
//
// Two lanes run side by side: the release build with its tests, and the other
// compiler, the static rules, the tests under ASan and UBSan, and the check-in pool under TSan.  Everything
// happens in temporary folders and on free ports, beside whatever else runs.
// With TEXT only what has it in its name, in one variant.
// Ends with "N passed, N failed".  docs/testing.md tells how to write a test.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checks } from './check/all.mjs';
import { endAll, howItEnded, run } from './lib/process.mjs';
import { Report } from './lib/report.mjs';
import { root, startServer, temporaryFolder } from './lib/server.mjs';
import { runCmocka, runNode } from './lib/suites.mjs';

const { values } = parseArgs({
  options: {
    build: { type: 'string', default: 'build' },
    only: { type: 'string', default: '' },
    variant: { type: 'string', default: 'release' },
  },
});
const { only, variant: chosenVariant } = values;
const build = resolve(root, values.build);
const folder = temporaryFolder();
const report = new Report(only);
const seconds = (begin) => (performance.now() - begin) / 1000;

function leave(status) {
  endAll();
  rmSync(folder, { recursive: true, force: true });
  process.exit(status);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => leave(130));

/* ---- what there is to run --------------------------------------------------------- */

const filesOf = (kind, ending) => (existsSync(join(root, 'tests', kind)) ? readdirSync(join(root, 'tests', kind)) : [])
  .filter((name) => name.endsWith(ending) && !name.endsWith('_fixture.c')).sort()
  .map((name) => ({ kind, path: join(root, 'tests', kind, name), file: `${kind}/${name.slice(0, -ending.length)}` }));

const everything = [...filesOf('check', '.test.mjs'), ...filesOf('unit', '.c'), ...filesOf('store', '.c'), ...filesOf('http', '.test.mjs'),
  ...filesOf('live', '.test.mjs'), ...filesOf('browser', '.test.mjs')];

/* With TEXT: the files of that name; else those whose cases may have it. */
function choose() {
  if (!only) return everything;
  const named = everything.filter((f) => f.file.includes(only));
  if (named.length > 0 || checks.some((c) => c.name.includes(only))) return named;
  const written = everything.filter((f) => readFileSync(f.path, 'utf8').includes(only));
  // A name that stands nowhere may be put together from a table: then all are asked.
  return (written.length > 0 ? written : everything).map((f) => ({ ...f, pattern: only }));
}
const chosen = choose();
const ofKind = (kind) => chosen.filter((f) => f.kind === kind);

/* ---- groups ------------------------------------------------------------------------- */

/* True when it was built; a build that fails is a failed case. */
async function make(title, variant, targets) {
  const cores = availableParallelism?.() ?? cpus().length;
  const result = await run('make', ['--no-print-directory', `-j${cores}`, `BUILD=${values.build}`, `VARIANT=${variant}`, ...targets],
    { cwd: root, timeout: 900 });
  const end = howItEnded(result);
  const words = result.output.split('\n').filter((line) => !/^ {2}[A-Z]+ /.test(line)).join('\n');
  if (end || !only) report.add('build', 'build', [{ name: only ? `(${title})` : title, failure: end && `${end}\n${words}` }], result.seconds);
  return !end;
}

/* Programs of one kind, for make. */
function programs(variant, kind) {
  return ofKind(kind).map((f) => `${values.build}/${variant}/tests/${f.file}`);
}

async function cmockaGroup(group, variant, kind, env = {}, list = ofKind(kind)) {
  for (const f of list) {
    const begin = performance.now();
    const cases = await runCmocka(join(build, variant, 'tests', f.file), { UBSAN_OPTIONS: 'print_stacktrace=1', ...env });
    report.add(group, f.file, cases, seconds(begin));
  }
  report.tell(group);
}

async function storeGroup(group, variant) {
  if (ofKind('store').length === 0) return;
  const name = group.replace(' ', '-');
  const server = await startServer({ build, variant, folder: join(folder, name), onlyDatabase: true });
  await cmockaGroup(group, variant, 'store', {
    MUSTER_TEST_DB_SOCKET: server.db_socket,
    MUSTER_TEST_DB_DIR: join(folder, `${name}-kept`),
  });
  const faults = await server.stop();
  if (faults.length > 0) report.add(group, group, [{ name: '(the database)', failure: faults.join('\n') }], 0);
}

/* Limits that a suite from one address would run into; tests of limits start their own server. */
const noLimits = {
  MUSTER_SIGN_IN_PER_ADDRESS_PER_MINUTE: '0',
  MUSTER_REQUESTS_PER_ACCOUNT_PER_MINUTE: '0',
  MUSTER_CONTRACT_RATE_LIMITS: 'no',
  MUSTER_UPLOADS_PER_ACCOUNT_PER_HOUR: '0',
  MUSTER_LIVE_MESSAGES_PER_SECOND: '0',
  MUSTER_LIVE_MESSAGES_PER_ACCOUNT_PER_SECOND: '0',
};

async function nodeGroup(group, variant, kind) {
  const list = ofKind(kind);
  if (list.length === 0) return;
  const name = group.replace(' ', '-');
  const begin = performance.now();
  let server;
  try {
    server = await startServer({ build, variant, folder: join(folder, name), env: noLimits });
  } catch (error) {
    report.add(group, group, [{ name: '(the server)', failure: error.message }], seconds(begin));
    report.tell(group);
    return;
  }
  report.add(group, group, [], seconds(begin));
  for (const f of list) {
    const started = performance.now();
    const env = { MUSTER_TEST_READY: server.ready, MUSTER_TEST_BUILD: build, MUSTER_TEST_VARIANT: variant };
    report.add(group, f.file, await runNode(f.path, { env, folder, pattern: f.pattern }), seconds(started));
  }
  const faults = await server.stop();
  if (faults.length > 0) {
    const kept = join(build, 'test-logs', name);
    cpSync(join(server.var, 'log'), kept, { recursive: true });
    report.add(group, group, [{ name: '(the server)', failure: `${faults.join('\n')}\nlogs are kept in ${kept}` }], 0);
  }
  report.tell(group);
}

/* The static rules' own tests: they need nothing. */
async function rulesGroup() {
  for (const f of ofKind('check')) {
    const begin = performance.now();
    report.add('rules', f.file, await runNode(f.path, { env: {}, folder, pattern: f.pattern }), seconds(begin));
  }
  report.tell('rules');
}

async function checkGroup() {
  for (const check of checks) {
    if (only && !`check: ${check.name}`.includes(only)) continue;
    const begin = performance.now();
    const findings = await check.find({ root, build, make: values.build });
    report.add('check', 'check', [{ name: check.name, failure: findings.join('\n') }], seconds(begin));
  }
  report.tell('check');
}

/* What has threads, under ThreadSanitizer: the check-in pool, the gateway's calls.  Its files start servers of their own. */
async function threadsGroup() {
  const isThreaded = (f) => /^(unit\/(core_committer|live_gateway)|http\/(check_in_(pool|door)|stampede))$/.test(f.file);
  const units = ofKind('unit').filter(isThreaded).map((f) => `${values.build}/tsan/tests/${f.file}`);
  const https = ofKind('http').filter(isThreaded);
  if (!await make('ThreadSanitizer: no error, no warning', 'tsan', ['programs', ...units])) return;
  await cmockaGroup('unit tsan', 'tsan', 'unit', {}, ofKind('unit').filter(isThreaded));
  for (const f of https) {
    const begin = performance.now();
    const env = { MUSTER_TEST_BUILD: build, MUSTER_TEST_VARIANT: 'tsan' };
    report.add('http tsan', f.file, await runNode(f.path, { env, folder }), seconds(begin));
  }
  report.tell('http tsan');
}

/* ---- lanes ---------------------------------------------------------------------------- */

async function releaseLane() {
  await cmockaGroup('unit', 'release', 'unit');
  await storeGroup('store', 'release');
  await nodeGroup('http', 'release', 'http');
  await nodeGroup('live', 'release', 'live');
  await nodeGroup('browser', 'release', 'browser');
}

async function sanitizerLane() {
  await make('clang: no error, no warning', 'clang', ['programs', 'unit-tests', 'store-tests']);
  await checkGroup();
  await rulesGroup();
  if (!await make('ASan and UBSan: no error, no warning', 'asan', ['programs', 'unit-tests', 'store-tests'])) return;
  await cmockaGroup('unit asan', 'asan', 'unit');
  await storeGroup('store asan', 'asan');
  await nodeGroup('http asan', 'asan', 'http');
  await nodeGroup('live asan', 'asan', 'live');
  await threadsGroup();
}

/* With TEXT: no more is built than is run. */
async function chosenOnly() {
  const variant = chosenVariant;
  const needsServer = ofKind('http').length + ofKind('live').length + ofKind('browser').length > 0;
  const targets = [...programs(variant, 'unit'), ...programs(variant, 'store'),
    ...(needsServer ? ['build'] : ofKind('store').length > 0 ? [`${values.build}/${variant}/bin/muster-dev`] : [])];
  await checkGroup();
  await rulesGroup();
  if (targets.length > 0 && !await make('gcc: no error, no warning', variant, targets)) return;
  await cmockaGroup('unit', variant, 'unit');
  await storeGroup('store', variant);
  await nodeGroup('http', variant, 'http');
  await nodeGroup('live', variant, 'live');
  await nodeGroup('browser', variant, 'browser');
}

const begin = performance.now();
try {
  if (only) await chosenOnly();
  // The generated files are shared: the other variants wait for them.
  else if (await make('gcc: no error, no warning', 'release', ['build', 'unit-tests', 'store-tests']))
    await Promise.all([releaseLane(), sanitizerLane()]);
  else await checkGroup();
} catch (error) {
  report.add('runner', 'tests/run.mjs', [{ name: '(the runner)', failure: error.stack }], 0);
}
report.tell('build');
console.log(`${seconds(begin).toFixed(0)} seconds in all`);
leave(report.end());
