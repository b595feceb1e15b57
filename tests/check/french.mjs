// French puts a narrow no-break space before ; : ! ? % and inside « », writes ’ and … , and
// keeps a number with its unit.  Nothing of that is seen in an editor.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const faults = [
  [/[^\u202f](?<!\d)[;!?»%](?!\w)/u, 'a narrow no-break space (U+202F) stands before ; ! ? % »'],
  [/[^\u202f]:(?![\w/])/u, 'a narrow no-break space (U+202F) stands before :'],
  [/«[^\u202f]/u, 'a narrow no-break space (U+202F) stands after «'],
  [/'/u, 'the apostrophe is ’'],
  [/\.\.\./u, 'the ellipsis is one sign, …'],
  [/[}\d] (?:m|min|h|s|km\/h|ko|Mo|Go|o)(?![\p{L}’])/u, 'a no-break space (U+00A0) stands between a number and its unit'],
];

export default {
  name: 'French has its spaces',
  find({ root }) {
    const path = 'templates/locale/fr.po';
    if (!existsSync(join(root, path))) return [];
    const findings = [];
    let text = null;
    let at = 0;
    const judge = () => {
      const isHead = text === null || text.startsWith('Project-Id-Version');
      for (const [pattern, rule] of isHead ? [] : faults) if (pattern.test(text)) findings.push(`${path}:${at}: ${rule}: ${text.slice(0, 60)}`);
      text = null;
    };
    readFileSync(join(root, path), 'utf8').split('\n').forEach((line, i) => {
      const [, start, more] = line.match(/^(?:msgstr(?:\[\d\])? "(.*)"|"(.*)")$/u) ?? [];
      if (start !== undefined) { judge(); text = start; at = i + 1; } else if (more !== undefined) { if (text !== null) text += more; } else judge();
    });
    judge();
    return findings;
  },
};
