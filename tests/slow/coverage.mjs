// `make coverage`: all tests on the counting build, then gcovr's report.  Every file of tests has a slash
// in its name and no static rule has: those are of `make check`.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { howItEnded, run } from '../lib/process.mjs';
import { root } from '../lib/server.mjs';

const { values } = parseArgs({ options: { build: { type: 'string', default: 'build' } } });
const build = resolve(root, values.build);
const report = join(build, 'coverage-report');
mkdirSync(report, { recursive: true });

const tests = await run(process.execPath, ['tests/run.mjs', '--build', values.build, '--only', '/', '--variant', 'coverage'], { cwd: root, timeout: 5400 });
process.stdout.write(tests.output);
const counted = await run('gcovr', ['--root', root, '--object-directory', join(build, 'coverage'), '--filter', join(root, 'fcgi-app/'), '--exclude-unreachable-branches',
  '--exclude-throw-branches', '--txt', join(report, 'report.txt'), '--html-details', join(report, 'index.html'), '--print-summary', '-j', '2'], { cwd: root, timeout: 600 });
const end = howItEnded(counted);
if (end) process.stderr.write(`gcovr ${end}\n${counted.output}\n`);
else process.stdout.write(`${counted.stdout}file by file: ${values.build}/coverage-report/report.txt, line by line: index.html beside it\n`);
process.exit(end || howItEnded(tests) ? 1 : 0);
