// What the checks look at: the files of the project, and C without its comments
// and literals (line numbers kept).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/* What .gitignore leaves out. */
const ignored = /^(\.git|node_modules|build|build-.*|var)$/;

/* [{ path, text }] of the files whose path from the root fits. */
export function projectFiles(root, pattern) {
  const found = [];
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory() && !ignored.test(entry.name)) walk(path);
      else if (entry.isFile() && pattern.test(path)) found.push(path);
    }
  };
  walk('');
  return found.sort().map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
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
