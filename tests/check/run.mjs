// `make check`: both compilers with every warning an error, then each static rule;
// a line per finding.
import { availableParallelism, cpus } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { howItEnded, run } from '../lib/process.mjs';
import { root } from '../lib/server.mjs';
import { checks } from './all.mjs';

const { values } = parseArgs({ options: { build: { type: 'string', default: 'build' } } });
const cores = availableParallelism?.() ?? cpus().length;
let failed = 0;

function tell(name, findings) {
  console.log(`${findings.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  for (const finding of findings) console.log(`     ${finding}`);
  if (findings.length > 0) failed += 1;
}

for (const [variant, title] of [['release', 'gcc has no warning'], ['clang', 'clang has no warning']]) {
  const result = await run('make', ['--no-print-directory', `-j${cores}`, `BUILD=${values.build}`, `VARIANT=${variant}`,
    'programs', 'unit-tests', 'store-tests'], { cwd: root, timeout: 900 });
  tell(title, howItEnded(result) ? [howItEnded(result), ...result.output.split('\n').filter((line) => line && !/^ {2}[A-Z]+ /.test(line))] : []);
}
for (const { name, find } of checks) tell(name, await find({ root, build: resolve(root, values.build), make: values.build }));
console.log(failed === 0 ? 'every rule holds' : `${failed} rules are broken`);
process.exit(failed === 0 ? 0 : 1);
