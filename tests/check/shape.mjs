// Layout by clang-format; sizes of files and functions; the comment at a file's head.
import { howItEnded, run } from '../lib/process.mjs';
import { cFiles, strip } from './source.mjs';

const FILE_MAX = 800;
const FUNCTION_MAX = 80;

export const format = {
  name: 'clang-format has nothing to change',
  async find({ root }) {
    const paths = cFiles(root).map((f) => f.path);
    const result = await run('clang-format', ['--dry-run', '-Werror', ...paths], { cwd: root, keep: 5_000_000 });
    const wrong = new Set(result.output.split('\n').map((line) => line.match(/^([^:]+:\d+):\d+: error/)?.[1]).filter(Boolean));
    if (wrong.size === 0 && howItEnded(result)) return [`clang-format: ${howItEnded(result)}: ${result.output}`];
    const files = [...new Set([...wrong].map((place) => place.split(':')[0]))];
    return files.map((path) => `${path}: ${[...wrong].filter((p) => p.startsWith(`${path}:`)).length} lines; clang-format -i mends it`);
  },
};

/* [{ name, line, length }] of the functions: a body begins with '{' in the first column (Linux style). */
function functions(code) {
  const lines = code.split('\n');
  const found = [];
  for (let i = 0; i < lines.length; i += 1) {
    if (lines[i] !== '{') continue;
    const end = lines.indexOf('}', i);
    if (end < 0) break;
    let head = i - 1;
    while (head > 0 && !/^[A-Za-z_].*\(/.test(lines[head])) head -= 1;
    found.push({ name: lines[head].match(/(\w+)\s*\(/)?.[1] ?? '?', line: head + 1, length: end - head + 1 });
    i = end;
  }
  return found;
}

export const sizes = {
  name: 'files and functions are short',
  find({ root }) {
    const findings = [];
    for (const { path, text } of cFiles(root)) {
      const n = text.split('\n').length - 1;
      if (n > FILE_MAX) findings.push(`${path}: ${n} lines, at most ${FILE_MAX}`);
      if (!path.startsWith('fcgi-app/')) continue;
      for (const f of functions(strip(text).code)) {
        if (f.length > FUNCTION_MAX) findings.push(`${path}:${f.line}: ${f.name} has ${f.length} lines, at most ${FUNCTION_MAX}`);
      }
    }
    return findings;
  },
};

export const heads = {
  name: 'every C file says what it is for',
  find: ({ root }) => cFiles(root).filter((f) => !/^\/\*\n? ?\*? ?\S/.test(f.text)).map((f) => `${f.path}:1: no comment at its head`),
};
