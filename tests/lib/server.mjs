// Starts a whole Muster (muster-dev) in a folder of its own on a free port, and
// looks through its logs for what must never stand there.
import { mkdtempSync, readFileSync, readdirSync, rmSync, existsSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from './process.mjs';

export const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');

/* A temporary folder that the unprivileged user may pass through. */
export function temporaryFolder(name = 'muster-test-') {
  const folder = mkdtempSync(join(tmpdir(), name));
  chmodSync(folder, 0o711);
  return folder;
}

const never = [
  /==\d+==\s*ERROR: \w+Sanitizer.*/,
  /.*runtime error: .*/,
  /.*LeakSanitizer: .*/,
  /WARNING: ThreadSanitizer: .*/,
  /.*\bBUG\b.*/,
  /.*event=worker_died.*/,
];

/* Lines of the logs that mean a fault of ours, with what follows them. */
export function faultsInLogs(folder) {
  const faults = [];
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const lines = readFileSync(join(folder, name), 'utf8').split('\n');
    lines.forEach((line, i) => {
      if (never.some((pattern) => pattern.test(line))) faults.push(`${name}: ${lines.slice(i, i + 25).join('\n')}`);
    });
  }
  return faults.slice(0, 5);
}

/*
 * build: the build folder; variant: release or asan; folder: becomes VAR;
 * demo: load the demo data; onlyDatabase: MariaDB alone; conf: file of settings that go
 * over those of muster-dev; env: MUSTER_ settings.
 * Gives what the ready file says (url, port, var, config, db_socket, …) and
 * stop(), which gives the faults found in the logs.
 */
export async function startServer({ build, variant = 'release', folder, demo = true, onlyDatabase = false, conf, bin, env = {} }) {
  const ready = join(folder, 'ready.json');
  const args = ['--var', folder, '--port', '0', '--demo', demo ? '1' : '0', '--ready-file', ready, '--quiet', '--with-parent',
    '--static', join(build, 'static'), '--sql', join(root, 'sql'), '--nginx', join(root, 'nginx')];
  if (conf) args.push('--conf', conf);
  if (bin) args.push('--bin', bin);
  if (onlyDatabase) args.push('--only-database');
  const child = start(join(build, variant, 'bin/muster-dev'), args, {
    cwd: root,
    env: {
      ...process.env,
      ASAN_OPTIONS: 'detect_leaks=1:abort_on_error=0:exitcode=99',
      UBSAN_OPTIONS: 'print_stacktrace=1',
      TSAN_OPTIONS: 'second_deadlock_stack=1',
      ...env,
    },
  });
  let hasEnded = false;
  child.ended.then(() => { hasEnded = true; });
  while (!existsSync(ready)) {
    if (hasEnded) throw new Error(`the server did not start:\n${child.output}`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
  const facts = JSON.parse(readFileSync(ready, 'utf8'));

  async function end() {
    const endedBefore = hasEnded;
    if (!hasEnded) process.kill(child.pid, 'SIGTERM');
    const { code, signal } = await child.ended;
    const faults = faultsInLogs(join(facts.var, 'log'));
    if (endedBefore) faults.unshift(`the server ended by itself:\n${child.output}`);
    else if (code !== 0) faults.unshift(`the server stopped with ${signal ?? `status ${code}`}:\n${child.output}`);
    return faults;
  }
  let ending = null;

  return {
    ...facts,
    ready,
    child,
    /* May be called twice. */
    stop() {
      ending ??= end();
      return ending;
    },
    remove() { rmSync(folder, { recursive: true, force: true }); },
  };
}
