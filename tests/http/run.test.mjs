// muster-dev, the program behind `make run`: what stands in its way is a sentence,
// and nothing stays behind however it ends.  Mostly with the database alone.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, existsSync, lstatSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import { anonymous, build, ownServer, sql, until } from '../lib/http.mjs';
import { run, start } from '../lib/process.mjs';
import { root, startServer, temporaryFolder } from '../lib/server.mjs';

const program = join(build, process.env.MUSTER_TEST_VARIANT, 'bin/muster-dev');
const places = ['--static', join(build, 'static'), '--sql', join(root, 'sql'), '--nginx', join(root, 'nginx')];

/* A new path for VAR; with the test it goes, and whatever a failed test left running there. */
function newVar(t, name = 'var') {
  const folder = temporaryFolder();
  t.after(() => {
    for (const { pid } of processes(folder)) {
      try { process.kill(pid, 'SIGKILL'); } catch { /* it has just ended */ }
    }
    rmSync(folder, { recursive: true, force: true });
  });
  return join(folder, name);
}

/* Processes that have the text in their command line: [{ pid, uid, command }]. */
function processes(text) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return words.includes(text) && Number(pid) !== process.pid ? [{ pid: Number(pid), uid: statSync(`/proc/${pid}`).uid, command: words }] : [];
    } catch { return []; }
  });
}

/* Starts it with the database alone and waits until it is ready. */
async function startDatabase(folder) {
  mkdirSync(folder, { recursive: true });
  const ready = join(folder, 'ready.json');
  const child = start(program, ['--var', folder, '--only-database', '--ready-file', ready, '--quiet'], { cwd: root });
  await until('the database', () => existsSync(ready) || child.exitCode !== null, 60);
  assert.ok(existsSync(ready), child.output);
  return { child, facts: JSON.parse(readFileSync(ready, 'utf8')) };
}

const databaseOf = (folder) => processes(folder).find(({ command }) => command.startsWith('mariadbd')).pid;
const ended = (folder) => until('the end of every process', () => processes(folder).length === 0, 20);

test('TERM ends everything in order', async (t) => {
  const folder = newVar(t);
  const { child, facts } = await startDatabase(folder);
  assert.ok(processes(folder).length >= 2);
  process.kill(child.pid, 'SIGTERM');
  assert.deepEqual(await child.ended, { code: 0, signal: null });
  assert.deepEqual(processes(folder), []);
  assert.equal(existsSync(facts.db_socket), false);
  assert.match(readFileSync(join(folder, 'log/db.log'), 'utf8'), /Shutdown complete/);
});

test('kill -9 leaves nothing running', async (t) => {
  const folder = newVar(t);
  const { child } = await startDatabase(folder);
  process.kill(child.pid, 'SIGKILL');
  await child.ended;
  await ended(folder);
});

test('when a program dies, everything ends with a sentence', async (t) => {
  const folder = newVar(t);
  const { child } = await startDatabase(folder);
  process.kill(databaseOf(folder), 'SIGKILL');
  assert.equal((await child.ended).code, 1);
  assert.match(child.output, /db was ended by signal 9/);
  await ended(folder);
});

test('a program that hangs is killed at the second wish to stop', async (t) => {
  const folder = newVar(t);
  const { child } = await startDatabase(folder);
  process.kill(databaseOf(folder), 'SIGSTOP');
  process.kill(child.pid, 'SIGTERM');
  const again = setInterval(() => process.kill(child.pid, 'SIGINT'), 100);
  assert.equal((await child.ended).code, 0);
  clearInterval(again);
  assert.match(child.output, /db does not end; it is killed/);
  assert.deepEqual(processes(folder), []);
});

test('a second start says who runs there', async (t) => {
  const folder = newVar(t);
  const { child } = await startDatabase(folder);
  const second = await run(program, ['--var', folder, '--only-database'], { cwd: root });
  assert.equal(second.code, 1);
  assert.match(second.output, new RegExp(`already runs from ${folder} \\(process \\d+\\)`));
  assert.match(second.output, /make run VAR=/);
  process.kill(child.pid, 'SIGTERM');
  await child.ended;
});

test('a taken port is named', async (t) => {
  const other = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { other.once('listening', resolve); });
  t.after(() => other.close());
  const { port } = other.address();
  const { code, output } = await run(program, ['--var', newVar(t), '--port', String(port), ...places], { cwd: root });
  assert.equal(code, 1);
  assert.match(output, new RegExp(`port ${port} is taken.*make run PORT=`));
});

test('wrong options are refused', async (t) => {
  for (const [option, words] of [[['--port', '65536'], /PORT=65536: it must be a number/], [['--port', '08x'], /PORT=08x/], [['--demo', '2'], /DEMO=2/],
    [['more'], /more is not an option/], [['--no'], /usage:/]]) {
    const { code, output } = await run(program, ['--var', newVar(t), ...option], { cwd: root });
    assert.equal(code, 2, option.join(' '));
    assert.match(output, words);
  }
});

test('a database that was half made is made anew, a whole one is kept', async (t) => {
  const folder = newVar(t);
  const cut = start(program, ['--var', folder, '--only-database', '--quiet'], { cwd: root });
  await until('the making of the database', () => existsSync(join(folder, 'db.new/ibdata1')));
  process.kill(cut.pid, 'SIGKILL');
  await cut.ended;
  await ended(folder);
  assert.equal(existsSync(join(folder, 'db')), false);
  let { child } = await startDatabase(folder);
  assert.equal(existsSync(join(folder, 'db.new')), false);
  process.kill(child.pid, 'SIGTERM');
  await child.ended;
  const made = lstatSync(join(folder, 'db')).ino;
  rmSync(join(folder, 'conf'), { recursive: true });
  ({ child } = await startDatabase(folder));
  assert.equal(lstatSync(join(folder, 'db')).ino, made, 'lost secrets are made anew, the data stays');
  process.kill(child.pid, 'SIGTERM');
  await child.ended;
});

test('a first start that was cut short before it was ready begins anew', async (t) => {
  const folder = newVar(t);
  let { child } = await startDatabase(folder);
  const mark = join(folder, 'conf/first-start');
  assert.equal(existsSync(mark), false);
  process.kill(child.pid, 'SIGTERM');
  await child.ended;
  /* An inode's number would not tell: the next folder may get the same. */
  const before = join(folder, 'db/of-the-first-start');
  writeFileSync(before, '');
  writeFileSync(mark, '');
  writeFileSync(join(folder, 'uploads/left'), '');
  ({ child } = await startDatabase(folder));
  assert.equal(existsSync(before), false);
  assert.equal(existsSync(join(folder, 'db')), true);
  assert.equal(existsSync(join(folder, 'uploads/left')), false);
  process.kill(child.pid, 'SIGTERM');
  await child.ended;
});

test('demo data is loaded once, and DEMO=0 leaves it out', async (t) => {
  const own = await ownServer(t, { demo: false });
  assert.deepEqual(sql('SELECT COUNT(*) FROM account', { of: own }), [['0']]);
  assert.deepEqual(await own.stop(), []);
  const second = await startServer({ build, variant: process.env.MUSTER_TEST_VARIANT, folder: own.var });
  assert.deepEqual(sql("SELECT COUNT(*) FROM account WHERE username LIKE 'demo\\_teacher\\_%'", { of: second }), [['10']]);
  assert.deepEqual(await second.stop(), []);
  const third = await startServer({ build, variant: process.env.MUSTER_TEST_VARIANT, folder: own.var });
  assert.equal((await anonymous(third).get('/health')).status, 200);
  assert.deepEqual(await third.stop(), []);
});

test('a path too long for sockets gets a short folder for them', async (t) => {
  const folder = newVar(t, 'a-long-name-'.repeat(9));
  const { child, facts } = await startDatabase(folder);
  assert.match(facts.run, /^\/tmp\/muster-\w{6}$/);
  assert.equal(statSync(facts.run).mode & 0o777, 0o700);
  process.kill(child.pid, 'SIGTERM');
  await child.ended;
  assert.equal(existsSync(facts.run), false);
});

test('secrets are for the owner, and nothing runs as root', async (t) => {
  const folder = newVar(t);
  const { child } = await startDatabase(folder);
  for (const name of readdirSync(join(folder, 'conf'))) {
    const { mode } = statSync(join(folder, 'conf', name));
    assert.equal(mode & 0o077, 0, name);
  }
  assert.equal(readFileSync(join(folder, 'conf/server.key'), 'utf8').trim().length, 64);
  for (const { pid, uid } of processes(folder)) assert.notEqual(uid, 0, `process ${pid}`);
  process.kill(child.pid, 'SIGTERM');
  await child.ended;
});

// Only root may mount a small disk, and not in a chroot.
if (spawnSync('unshare', ['--mount', 'true']).status === 0) {
  test('a full disk is named', async (t) => {
    const folder = newVar(t);
    mkdirSync(folder);
    const { code, output } = await run('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs -o size=20m none "$1" && exec "$2" --var "$1" --only-database',
      'sh', folder, program], { cwd: root });
    assert.equal(code, 1);
    assert.match(output, /the disk is nearly full: .* needs 600 MB/);
  });

}

// Only root becomes somebody else.
if (process.getuid() === 0) {
  test('a folder the unprivileged user cannot reach is refused', async (t) => {
    const folder = newVar(t, 'closed/var');
    mkdirSync(join(folder, '..'), { mode: 0o700 });
    const { code, output } = await run(program, ['--var', folder, '--only-database'], { cwd: root });
    assert.equal(code, 1);
    assert.match(output, /who cannot reach .*make run VAR=/);
  });

  // VAR is the unprivileged user's: what it puts there must not lead root astray.
  test('root writes through no link in VAR', async (t) => {
    const folder = newVar(t);
    const user = spawnSync('id', ['-u', 'muster'], { encoding: 'utf8' });
    if (user.status !== 0) return t.skip('there is no user muster');
    const closed = join(folder, '../closed'), target = join(folder, '../target');
    mkdirSync(folder);
    for (const path of [closed, join(closed, 'static'), target]) mkdirSync(path, { mode: 0o700 });
    writeFileSync(join(closed, 'static/HASH'), 'x');
    mkdirSync(join(target, 'bin'));
    symlinkSync(target, join(folder, 'app'));
    chownSync(folder, Number(user.stdout), Number(user.stdout));
    const { code, output } = await run(program, ['--var', folder, '--port', '0', ...places, '--static', join(closed, 'static')], { cwd: root });
    assert.equal(code, 1);
    assert.match(output, /app is not a folder of root's\. Remove it/);
    assert.equal(statSync(target).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(target), ['bin']);
    assert.deepEqual(readdirSync(join(target, 'bin')), []);
  });
}
