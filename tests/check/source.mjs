// What the checks look at: the files of the project, and C without its comments
// and literals (line numbers kept).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/* Tracked files and those that will be: [{ path, text }], path from the root. */
export function projectFiles(root, pattern) {
  return execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-co', '--exclude-standard', '--deduplicate'], { cwd: root, encoding: 'utf8' })
    .split('\n').filter((path) => path && pattern.test(path)).sort()
    .flatMap((path) => {
      try { return [{ path, text: readFileSync(join(root, path), 'utf8') }]; } catch { return []; /* deleted, not yet committed */ }
    });
}

export const cFiles = (root) => projectFiles(root, /^(fcgi-app|tests)\/.*\.[ch]$/);

const blank = (text) => text.replace(/[^\n]/g, ' ');

/* { code, literals: [{ line, text }] }: comments and literals become blanks in code. */
export function strip(text) {
  const literals = [];
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'/g, (match, offset) => {
    if (match[0] === '"') literals.push({ offset, text: match.slice(1, -1) });
    return match[0] === '"' ? `"${blank(match.slice(2))}"` : match[0] === "'" ? `'${blank(match.slice(2))}'` : blank(match);
  });
  return { code, literals: literals.map((l) => ({ ...l, line: lineAt(text, l.offset) })) };
}

export function lineAt(text, offset) {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) line += 1;
  return line;
}
