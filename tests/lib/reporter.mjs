// Reporter for node:test: one JSON line per finished test, for lib/suites.mjs.
import { inspect } from 'node:util';

function text(error) {
  const cause = error?.cause ?? error;
  return cause?.stack ?? inspect(cause);
}

export default async function* reporter(source) {
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { name, nesting, details, skip, todo } = data;
    const failure = type === 'test:fail' ? details.error : null;
    yield `${JSON.stringify({
      name,
      nesting,
      isSuite: details.type === 'suite',
      isSkipped: skip !== undefined || todo !== undefined,
      ms: details.duration_ms,
      failure: failure && text(failure),
      // The test failed only because one inside it did, which has its own line.
      isParent: failure?.failureType === 'subtestsFailed',
    })}\n`;
  }
}
