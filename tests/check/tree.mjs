// What must not lie in the tree: secrets, paths of somebody's machine, addresses of
// registries.  (Comments of tables and columns: `muster schema` asks for them.)
import { projectFiles } from './source.mjs';

const never = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/\b(ghp|gho|github_pat|glpat|npm|xox[abp])_[A-Za-z0-9_-]{20,}/, 'a token'],
  [/\bAKIA[0-9A-Z]{16}\b/, 'an access key'],
  [/(^|[\s"'=(:])\/(home|Users)\/[a-z][\w-]*\//, 'a path of somebody’s machine'],
  [/(^|[\s"'=(:])\/(root|work)\//, 'a path of somebody’s machine'],
];

export const secrets = {
  name: 'no secrets, no paths of a machine',
  find({ root }) {
    const findings = [];
    for (const { path, text } of projectFiles(root, /\.(c|h|mjs|js|json|sh|mk|md|html|css|sql|conf|po|txt|def)$|(^|\/)(Makefile|run)$/)) {
      if (path.startsWith('tests/check/') || text.includes('\0')) continue;
      text.split('\n').forEach((line, i) => {
        for (const [pattern, what] of never) if (pattern.test(line)) findings.push(`${path}:${i + 1}: ${what}`);
      });
    }
    return findings;
  },
};

export const lockfiles = {
  name: 'lockfiles hold no addresses',
  find: ({ root }) => projectFiles(root, /package-lock\.json$/).flatMap(({ path, text }) => text.split('\n')
    .flatMap((line, i) => (/"resolved"|"https?:\/\/(?!opencollective|github\.com\/sponsors|tidelift|[\w.-]*\/(funding|donate))/.test(line)
      && !/"url":/.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : []))),
};
