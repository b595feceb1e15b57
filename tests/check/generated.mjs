// What is generated and kept in the tree is what would be generated now.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { howItEnded, run } from '../lib/process.mjs';

export const catalogue = {
  name: 'every text is translated',
  async find({ root, make }) {
    const result = await run('make', ['--no-print-directory', `BUILD=${make}`, 'catalogue-check'], { cwd: root });
    return howItEnded(result) ? result.output.trim().split('\n') : [];
  },
};

export const settings = {
  name: 'the list of settings is up to date',
  async find({ root, build }) {
    const program = join(build, 'release/bin/muster');
    if (!existsSync(program)) return [`${program} is not built`];
    const result = await run(program, ['check-config', '--markdown'], { cwd: root });
    const path = join(root, 'docs/settings.md');
    if (howItEnded(result)) return [`muster check-config --markdown: ${howItEnded(result)}: ${result.output}`];
    if (existsSync(path) && readFileSync(path, 'utf8') === result.output) return [];
    return ['docs/settings.md differs from `muster check-config --markdown`: make docs writes it'];
  },
};
