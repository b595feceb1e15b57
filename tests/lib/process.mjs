// Runs programs: output together, a time limit, and nothing left behind when the
// runner ends, however it ends (but for kill -9).
import { spawn } from 'node:child_process';

const running = new Set();

function end(child, signal) {
  try { process.kill(-child.pid, signal); } catch { /* gone already */ }
}

export function endAll(signal = 'SIGKILL') {
  for (const child of running) end(child, signal);
}
process.on('exit', () => endAll());

/* Starts without waiting.  The child has its own process group. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options, detached: true });
  Object.assign(child, { output: '', words: { stdout: '', stderr: '' } });
  for (const name of ['stdout', 'stderr']) {
    child[name]?.setEncoding('utf8').on('data', (text) => {
      child.output = (child.output + text).slice(-options.keep || -200_000);
      child.words[name] = (child.words[name] + text).slice(-200_000);
    });
  }
  running.add(child);
  child.ended = new Promise((resolve) => {
    const done = (code, signal) => { running.delete(child); end(child, 'SIGKILL'); resolve({ code, signal }); };
    child.on('error', (error) => { child.output += `${error.message}\n`; done(127, null); });
    child.on('close', done);
  });
  return child;
}

/* Waits for the end: { code, signal, isLate, output (both streams), stdout, stderr, seconds }. */
export async function run(command, args, { timeout = 120, ...options } = {}) {
  const begin = performance.now();
  const child = start(command, args, options);
  let isLate = false;
  const timer = setTimeout(() => { isLate = true; end(child, 'SIGKILL'); }, timeout * 1000);
  const { code, signal } = await child.ended;
  clearTimeout(timer);
  return { code, signal, isLate, output: child.output, ...child.words, seconds: (performance.now() - begin) / 1000 };
}

/* "ended by SIGSEGV", or '' for a good end. */
export function howItEnded({ code, signal, isLate }) {
  if (isLate) return 'took too long and was killed';
  if (signal) return `ended by ${signal}`;
  return code === 0 ? '' : `ended with status ${code}`;
}
