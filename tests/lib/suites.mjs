// Runs one file of tests and tells its cases: [{ name, failure, isSkipped }], failure
// '' when it passed.  A program that crashes or runs no test has failed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { howItEnded, run } from './process.mjs';

const reporter = new URL('reporter.mjs', import.meta.url).pathname;

function withEnd(cases, result) {
  const end = howItEnded(result);
  if (end && !cases.some((c) => c.failure)) cases.push({ name: '(the program)', failure: `${end}\n${result.output}` });
  if (cases.length === 0) cases.push({ name: '(the program)', failure: `ran no test\n${result.output}` });
  return cases;
}

/*
 * A cmocka program: TAP on stdout, what a case printed before its line and why it
 * failed behind it as "# …"; some words go to stderr, without a place.
 */
export async function runCmocka(program, env) {
  const result = await run(program, [], {
    timeout: 300,
    env: { ...process.env, ...env, CMOCKA_MESSAGE_OUTPUT: 'TAP' },
  });
  const cases = [];
  let printed = '';
  for (const line of result.stdout.split('\n')) {
    const [, not, skipped, name] = line.match(/^(not )?ok \d+ (?:- |(# SKIP ))(.*)$/) ?? [];
    const last = cases.at(-1);
    if (name !== undefined) {
      cases.push({ name, isSkipped: Boolean(skipped), failure: not && !skipped ? `failed\n${printed}` : '' });
      printed = '';
    } else if (line.startsWith('# ') && last?.failure && !/^# (not )?ok - /.test(line)) {
      last.failure += `${line.slice(2)}\n`;
    } else if (!/^(1\.\.\d+|TAP version \d+|# (not )?ok - .*)?$/.test(line)) {
      printed += `${line}\n`;
    }
  }
  const failed = cases.filter((c) => c.failure).at(-1);
  if (failed) failed.failure += `\n${result.stderr}`;
  return withEnd(cases, result);
}

/* A file of node:test. */
export async function runNode(file, { env, folder, pattern }) {
  const report = join(folder, `report-${process.hrtime.bigint()}.jsonl`);
  const filter = pattern ? ['--test-name-pattern', pattern.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')] : [];
  const result = await run(process.execPath, ['--no-warnings', `--test-reporter=${reporter}`, `--test-reporter-destination=${report}`,
    ...filter, file], { timeout: 240, env: { ...process.env, ...env } });
  let lines = [];
  try { lines = readFileSync(report, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)); } catch { /* it wrote none */ }
  const cases = [];
  for (const { name, isSuite, isSkipped, isParent, failure } of lines) {
    if (isSkipped && pattern) continue;
    if (isParent || (isSuite && !failure)) continue;
    cases.push({ name, isSkipped, failure: failure ?? '' });
  }
  return pattern && cases.length === 0 && result.code === 0 ? [] : withEnd(cases, result);
}
