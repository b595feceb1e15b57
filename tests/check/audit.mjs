// Every action that core writes into the audit log has its sentence in pages/audit_words.c, and
// its family can be chosen.  An action is a literal of core of the form "noun.verb".
import { cFiles, strip } from './source.mjs';

const words = 'fcgi-app/pages/audit_words.c';

export default {
  name: 'every audited action has a sentence',
  find({ root }) {
    const files = cFiles(root);
    const known = new Set(files.filter((f) => f.path === words).flatMap((f) => strip(f.text).literals.map((l) => l.text)));
    const findings = [];
    for (const { path, text } of files.filter((f) => /^fcgi-app\/core\/.*\.c$/.test(f.path))) {
      for (const { line, text: literal } of strip(text).literals) {
        if (/\.csv$/.test(literal) || !/^[a-z][a-z_]*\.[a-z][a-z_]*$/.test(literal)) continue;
        if (!known.has(literal)) findings.push(`${path}:${line}: "${literal}" has no sentence in ${words}`);
        else if (!known.has(literal.split('.')[0])) findings.push(`${path}:${line}: the family of "${literal}" is not in ${words}`);
      }
    }
    return findings;
  },
};
