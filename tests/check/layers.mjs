// Who may include whom (docs/architecture.md), from the #include lines.
import { cFiles } from './source.mjs';

const may = {
  base: [],
  codec: ['base'],
  sys: ['base', 'codec'],
  doc: ['base', 'codec', 'sys'],
  store: ['base', 'sys/log.h', 'sys/clock.h'],
  core: ['base', 'codec', 'sys', 'store'],
  view: ['base', 'codec', 'core'],
  web: ['base', 'codec', 'sys', 'core', 'view'],
  pages: ['base', 'codec', 'doc', 'core', 'web', 'view'],
  api: ['base', 'codec', 'doc', 'core', 'web', 'view'],
  jobs: ['base', 'codec', 'sys', 'core', 'view'],
  live: ['base', 'codec', 'sys', 'core', 'view'],
  tools: ['base', 'codec'],
  main: ['base', 'codec', 'sys', 'doc', 'store', 'core', 'view', 'web', 'pages', 'api', 'jobs', 'live'],
};
// Headers of libraries, and the only places that may include them.
const foreign = [
  [/^(jansson|csv)\.h$/, ['codec/']],
  [/^(openssl\/|zlib\.h$|argon2\.h$|magic\.h$)/, ['sys/']],
  [/^(seccomp\.h$|linux\/(landlock|seccomp)\.h$)/, ['sys/', 'main/muster-scan']],
  [/^magic\.h$/, ['sys/', 'main/muster-scan']],
  [/^(mysql|mariadb|errmsg\.h$|mysqld_error\.h$)/, ['store/']],
  [/^(qrencode|xlsxwriter)\.h$/, ['doc/']],
  [/^fcgi/, ['web/']],
  [/^gettext-po\.h$/, ['tools/']],
];

function refuse(path, header, isSystem) {
  const place = path.replace(/^fcgi-app\//, '');
  const layer = place.split('/')[0];
  const rules = foreign.filter(([pattern]) => pattern.test(header));
  if (rules.length > 0 && !rules.some(([, places]) => places.some((p) => place.startsWith(p))))
    return `<${header}> belongs to ${rules.map(([, places]) => places.join(', ')).join(', ')} only`;
  if (isSystem) return '';
  if (!(layer in may)) return `${layer}/ is no layer`;
  const target = header.split('/')[0];
  if (target === layer || may[layer].includes(target) || may[layer].includes(header)) return '';
  return target in may ? `${layer} may not include ${header}` : `"${header}" is not of a layer: write it from fcgi-app/ on`;
}

export default {
  name: 'layers: they include only those beneath them',
  find({ root }) {
    const findings = [];
    for (const { path, text } of cFiles(root).filter((f) => f.path.startsWith('fcgi-app/'))) {
      text.split('\n').forEach((line, i) => {
        const [, bracket, header] = line.match(/^\s*#\s*include\s*([<"])([^>"]+)[>"]/) ?? [];
        const words = header && refuse(path, header, bracket === '<');
        if (words) findings.push(`${path}:${i + 1}: ${words}`);
      });
    }
    return findings;
  },
};
