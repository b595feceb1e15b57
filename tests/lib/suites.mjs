// Runs one file of tests and tells its cases: [{ name, failure }], failure '' when
// it passed.  A program that crashes, skips a test or runs none has failed.
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

/* A cmocka program: TAP on its output, each failure's words before its line. */
export async function runCmocka(program, env) {
  const result = await run(program, [], {
    timeout: 300,
    env: { ...process.env, ...env, CMOCKA_MESSAGE_OUTPUT: 'TAP' },
  });
  const cases = [];
  let words = [];
  for (const line of result.output.split('\n')) {
    const [, not, name, directive] = line.match(/^(not )?ok \d+ - (.*?)( # \w+.*)?$/) ?? [];
    if (name === undefined) {
      if (!/^(1\.\.\d+|TAP version \d+)?$/.test(line)) words.push(line);
      continue;
    }
    const failure = not ? words.join('\n') || 'failed' : directive ? `was skipped:${directive}` : '';
    cases.push({ name, failure });
    words = [];
  }
  return withEnd(cases, result);
}

/* A file of node:test. */
export async function runNode(file, { env, folder, pattern }) {
  const report = join(folder, `report-${process.hrtime.bigint()}.jsonl`);
  const filter = pattern ? ['--test-name-pattern', pattern.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')] : [];
  const result = await run(process.execPath, ['--no-warnings', `--test-reporter=${reporter}`, `--test-reporter-destination=${report}`,
    ...filter, file], { timeout: 600, env: { ...process.env, ...env } });
  let lines = [];
  try { lines = readFileSync(report, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)); } catch { /* it wrote none */ }
  const cases = [];
  for (const { name, isSuite, isSkipped, isParent, failure } of lines) {
    if (isSkipped && pattern) continue;
    if (isParent || (isSuite && !failure)) continue;
    cases.push({ name, failure: failure ? failure : isSkipped ? 'was skipped' : '' });
  }
  return pattern && cases.length === 0 && result.code === 0 ? [] : withEnd(cases, result);
}
