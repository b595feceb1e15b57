// Each static rule finds what it is there for: a small tree with one breach.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { checks } from './all.mjs';
import { strip } from './source.mjs';

const head = '/*\n * For a test.\n */\n';
const file = (n) => `${head}${'int x;\n'.repeat(n)}`;
const longFunction = `${head}int f(void)\n{\n${'\tx();\n'.repeat(90)}}\n`;

// rule, path, text, what is found ('' : nothing)
const cases = [
  ['layers', 'fcgi-app/core/a.c', '#include "web/req.h"\n', /core may not include web\/req\.h/],
  ['layers', 'fcgi-app/pages/a.c', '#include "store/store.h"\n', /pages may not include/],
  ['layers', 'fcgi-app/store/a.c', '#include "sys/files.h"\n', /store may not include/],
  ['layers', 'fcgi-app/store/a.c', '#include "sys/clock.h"\n#include <mysql.h>\n', ''],
  ['layers', 'fcgi-app/core/a.c', '#include <jansson.h>\n', /belongs to codec\/ only/],
  ['layers', 'fcgi-app/web/a.c', '#include <fcgiapp.h>\n', ''],
  ['layers', 'fcgi-app/pages/a.c', '#include <fcgiapp.h>\n', /belongs to web\//],
  ['layers', 'fcgi-app/core/a.c', '#include "core.h"\n', /write it from fcgi-app/],
  ['banned', 'fcgi-app/core/a.c', 'int x = atoi(s);\n', /atoi/],
  ['banned', 'fcgi-app/core/a.c', 'p = malloc(3);\n', /memory is an arena/],
  ['banned', 'fcgi-app/base/a.c', 'p = malloc(3);\n', ''],
  ['banned', 'fcgi-app/core/a.c', '/* strcpy(a, b) */ say("sprintf(x)"); my_strcpy(a); x.free(y);\n', ''],
  ['no HTML', 'fcgi-app/pages/a.c', 'add(b, "<b>");\n', /templates: "<b>"/],
  ['no HTML', 'fcgi-app/api/a.c', 'add(b, "a < b");\n', ''],
  ['audited', 'fcgi-app/core/a.c', '.action = "ship.sailed"', /no sentence/],
  ['audited', 'fcgi-app/core/a.c', '#include "core/a.h"\n', ''],
  ['short', 'fcgi-app/base/a.c', file(801), /804 lines/],
  ['short', 'fcgi-app/base/a.c', longFunction, /f has 93 lines/],
  ['says what', 'fcgi-app/base/a.c', 'int x;\n', /no comment/],
  ['clang-format', 'fcgi-app/base/a.c', `${head}int   x;\n`, /1 lines/],
  ['compiles alone', 'fcgi-app/base/a.h', `${head}struct str f(size_t n);\n`, /unknown type name/],
  ['French has', 'templates/locale/fr.po', 'msgid "Why?"\nmsgstr ""\n"Pourquoi ?"\n', /fr\.po:2: .*U\+202F/],
  ['French has', 'templates/locale/fr.po', 'msgid "x"\nmsgstr "à {n} m"\n', /U\+00A0/],
  ['French has', 'templates/locale/fr.po', 'msgid "x"\nmsgstr "l’heure\u202f: {n}\u00a0min, 09:30, https://a.example/"\n', ''],
  ['no addresses', 'static/package-lock.json', '{\n"resolved": "https://registry/x.tgz"\n}\n', /resolved/],
  ['no secrets', 'docs/a.md', 'see /home/anna/notes\n', /somebody’s machine/],
];

for (const [rule, path, text, finds] of cases) {
  test(`${rule}: ${path}: ${finds || 'nothing'}`, async (t) => {
    const root = mkdtempSync(join(tmpdir(), 'muster-rule-'));
    t.after(() => rmSync(root, { recursive: true }));
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    writeFileSync(join(root, '.clang-format'), 'BasedOnStyle: LLVM\n');
    const found = (await checks.find((c) => c.name.includes(rule)).find({ root, build: root, make: root })).join('\n');
    if (finds) assert.match(found, finds); else assert.equal(found, '');
  });
}

test('comments and literals become blanks, lines stay', () => {
  const { code, literals } = strip('a = "x//y"; // "no"\n/* z\n*/ b = \'"\'; c("\\"");\n');
  assert.equal(code.split('\n').length, 4);
  assert.doesNotMatch(code, /[xyz]|no/);
  assert.deepEqual(literals.map(({ line, text }) => [line, text]), [[1, 'x//y'], [3, '\\"']]);
});
