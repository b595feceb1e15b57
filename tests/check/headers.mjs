// Every header compiles alone, with both compilers.
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { run } from '../lib/process.mjs';
import { cFiles } from './source.mjs';

export default {
  name: 'every header compiles alone',
  async find({ root, make }) {
    const db = execFileSync('mariadb_config', ['--include'], { encoding: 'utf8' }).trim().split(/\s+/).map((o) => o.replace(/^-I/, '-isystem'));
    const headers = cFiles(root).filter((f) => f.path.endsWith('.h')).map((f) => f.path);
    const todo = headers.flatMap((header) => ['gcc', 'clang'].map((compiler) => ({ header, compiler })));
    const findings = [];
    async function worker() {
      for (let job = todo.pop(); job; job = todo.pop()) {
        const { header, compiler } = job;
        const own = header.startsWith('fcgi-app/') ? header.replace('fcgi-app/', '') : header;
        const { code, output } = await run(compiler, ['-std=gnu17', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-Wno-unused-function',
          '-Wno-unused-const-variable', '-Ifcgi-app', '-Itests', `-I${make}/gen`, '-I.', ...db, '-fsyntax-only', '-x', 'c', '-include', own, '/dev/null'], { cwd: root });
        if (code !== 0) findings.push(`${header}: ${compiler}: ${output.split('\n').find((line) => /error/.test(line)) ?? output}`);
      }
    }
    await Promise.all(Array.from({ length: availableParallelism?.() ?? cpus().length }, worker));
    return findings.sort();
  },
};
