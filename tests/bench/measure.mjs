// Measuring from outside: CPU seconds and memory of processes by /proc, wrk's rate,
// medians.  Linux only; nothing here knows what is measured.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/* The threads' time on a processor; the ticks of /proc/pid/stat miss short bursts. */
function ownTime(pid) {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, task) => sum
    + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]), 0) / 1e9;
}

function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const rest = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { pid, name: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')), parent: Number(rest[1]),
      // own time to the nanosecond, and that of children waited for, which is kept in ticks only:
      // a scan's child counts with its helper
      cpu: ownTime(pid) + (Number(rest[13]) + Number(rest[14])) / ticks };
  } catch { return null; }
}

/* All processes that descend from pid, itself included. */
export function family(pid) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => stat(Number(name))).filter(Boolean);
  const found = all.filter((p) => p.pid === pid);
  for (let grown = true; grown;) {
    grown = false;
    for (const p of all) {
      if (!found.includes(p) && found.some((f) => f.pid === p.parent)) { found.push(p); grown = true; }
    }
  }
  return found;
}

/* CPU seconds so far, by program name. */
export function cpuOf(pid) {
  const sums = {};
  for (const p of family(pid)) sums[p.name] = (sums[p.name] ?? 0) + p.cpu;
  return sums;
}

export function cpuSince(pid, before) {
  return Object.fromEntries(Object.entries(cpuOf(pid)).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]));
}

/* Proportional memory in MB (10^6 bytes), by process. */
export function memoryOf(pid) {
  return family(pid).map((p) => {
    const text = readFileSync(`/proc/${p.pid}/smaps_rollup`, 'utf8');
    return { ...p, mb: Number(text.match(/^Pss:\s+(\d+)/m)[1]) * 1024 / 1e6 };
  });
}

/* { requests, rate, errors } of wrk with one thread. */
export async function wrk(url, { connections = 32, seconds = 4, headers = {} } = {}) {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, ...Object.entries(headers).flatMap(([k, v]) => ['-H', `${k}: ${v}`]), url];
  const child = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text) => { out += text; });
  await new Promise((resolve) => { child.on('close', resolve); });
  const requests = Number(out.match(/(\d+) requests in/)?.[1] ?? 0);
  const rate = Number(out.match(/Requests\/sec:\s+([\d.]+)/)?.[1] ?? 0);
  const bad = out.match(/Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)/);
  return { requests, rate, errors: bad ? bad[0] : '' };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
