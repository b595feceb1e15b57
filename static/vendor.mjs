// Makes the static files: node static/vendor.mjs SOURCES TARGET
//
// SOURCES (this folder: our own CSS, JS modules, images, the list of icons) and
// the packages in SOURCES/node_modules become TARGET/<hash>/…, where <hash> is
// over every name and byte of the tree, and TARGET/HASH, which holds it.  nginx
// may let browsers keep these files for ever: another content has another name.
// CSS, JS and SVG are minified and lie there with a .gz beside them.
// Fails with a sentence when an icon or a file of a package is not there.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const [from, to] = process.argv.slice(2).map((path) => resolve(path));
const packages = join(from, 'node_modules');
const esbuild = createRequire(join(from, 'package.json'))('esbuild');

const vendor = {
  'vendor/normalize.css': 'modern-normalize/modern-normalize.css',
  'vendor/htmx.min.js': 'htmx.org/dist/htmx.min.js',
  'vendor/fonts/atkinson-next-latin.woff2': '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2',
  'vendor/fonts/atkinson-next-latin-ext.woff2': '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2',
  'vendor/fonts/atkinson-mono-latin.woff2': '@fontsource-variable/atkinson-hyperlegible-mono/files/atkinson-hyperlegible-mono-latin-wght-normal.woff2',
  'vendor/swagger-ui.min.js': 'swagger-ui-dist/swagger-ui-bundle.js',
  'vendor/swagger-ui.css': 'swagger-ui-dist/swagger-ui.css',
  'vendor/swagger-ui.license.txt': 'swagger-ui-dist/LICENSE',
  'vendor/swagger-ui.licenses.txt': 'swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt',
  'vendor/redoc.min.js': 'redoc/bundles/redoc.standalone.js',
  'vendor/redoc.license.txt': 'redoc/LICENSE',
  'vendor/redoc.licenses.txt': 'redoc/bundles/redoc.standalone.js.LICENSE.txt',
  'vendor/fonts/vazirmatn-arabic.woff2': '@fontsource-variable/vazirmatn/files/vazirmatn-arabic-wght-normal.woff2',
};
// Packages of many modules: what we use of each, as one module.
const bundles = {
  'vendor/tus.min.js': { from: 'tus-js-client', use: ['Upload'] },
};
// What a package would fetch from elsewhere, which no page of ours may: [what stands there, what is put].
const replaced = {
  'vendor/redoc.min.js': [['https://cdn.redoc.ly/redoc/logo-mini.svg', 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==']],
};
// What browsers of the last years understand; the sources use nothing newer.
const target = ['chrome109', 'firefox115', 'safari16'];

function fail(sentence) {
  console.error(`static files: ${sentence}`);
  process.exit(1);
}

function read(path) {
  if (!existsSync(path)) fail(`${path} is not there`);
  return readFileSync(path);
}

/* Our own: all .css and .js of the folder itself, and img/. */
function ownFiles() {
  const names = readdirSync(from).filter((name) => /\.(css|js)$/.test(name));
  const images = existsSync(join(from, 'img')) ? readdirSync(join(from, 'img')).map((name) => `img/${name}`) : [];
  return new Map([...names, ...images].map((name) => [name, read(join(from, name))]));
}

/* One file with a <symbol> per name of icons.txt (Tabler, outline). */
function sprite() {
  const names = String(read(join(from, 'icons.txt'))).split('\n').map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'));
  const symbols = names.map((name) => {
    const path = join(packages, '@tabler/icons/icons/outline', `${name}.svg`);
    if (!existsSync(path)) fail(`icons.txt names “${name}”, which @tabler/icons does not have`);
    const body = String(readFileSync(path)).replace(/<!--[\s\S]*?-->/g, '').replace(/^[\s\S]*?<svg[^>]*>/, '')
      .replace(/<\/svg>[\s\S]*$/, '').replace(/<path stroke="none"[^>]*\/>/g, '').replace(/\s*\n\s*/g, '');
    return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
  });
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`);
}

function minified(name, bytes) {
  const kind = extname(name);
  if ((kind !== '.css' && kind !== '.js') || name.endsWith('.min.js')) return bytes;
  try {
    const options = { loader: kind.slice(1), minify: true, target, legalComments: 'inline', charset: 'utf8', logLevel: 'silent' };
    return Buffer.from(esbuild.transformSync(String(bytes), options).code);
  } catch (error) {
    return fail(`${name}: ${error.errors?.[0]?.text ?? error.message} (line ${error.errors?.[0]?.location?.line ?? '?'})`);
  }
}

function bundled({ from: name, use }) {
  const { version, license } = JSON.parse(String(read(join(packages, name, 'package.json'))));
  try {
    const { outputFiles } = esbuild.buildSync({
      stdin: { contents: `export { ${use.join(', ')} } from '${name}';`, resolveDir: from }, bundle: true, write: false, format: 'esm', platform: 'browser',
      minify: true, target, legalComments: 'inline', charset: 'utf8', logLevel: 'silent', banner: { js: `/*! ${name} ${version}, ${license} */` },
    });
    return Buffer.from(outputFiles[0].contents);
  } catch (error) {
    return fail(`${name}: ${error.errors?.[0]?.text ?? error.message}`);
  }
}

/* A file of a package, with what must not stand in it replaced, once each. */
function taken(name, source) {
  let bytes = read(join(packages, source));
  for (const [before, after] of replaced[name] ?? []) {
    const parts = String(bytes).split(before);
    if (parts.length !== 2) fail(`${source}: “${before}” stands there ${parts.length - 1} times, not once`);
    bytes = Buffer.from(parts.join(after));
  }
  return bytes;
}

/*
 * qr-scanner starts its decoder from a blob: address, which worker-src 'self' refuses.  The decoder
 * is a text in that file: written out, it is an ordinary worker.
 */
function decoder() {
  const { version } = JSON.parse(String(read(join(packages, 'qr-scanner/package.json'))));
  const text = String(read(join(packages, 'qr-scanner/qr-scanner-worker.min.js'))).match(/new Blob\(\[`([\s\S]*)`\]/)?.[1];
  if (!text) fail('the decoder was not found in qr-scanner: look at its new version');
  return Buffer.from(`/*! qr-scanner ${version}, MIT; its decoder is jsQR, Apache-2.0 */\n${text.replace(/\\([`$\\])/g, '$1')}`);
}

const tree = ownFiles();
for (const [name, source] of Object.entries(vendor)) tree.set(name, taken(name, source));
for (const [name, bundle] of Object.entries(bundles)) tree.set(name, bundled(bundle));
tree.set('vendor/icons.svg', sprite());
tree.set('vendor/qr-worker.js', decoder());

const hash = createHash('sha256');
for (const name of [...tree.keys()].sort()) {
  const bytes = minified(name, tree.get(name));
  tree.set(name, bytes);
  hash.update(`${name}\0${bytes.length}\0`).update(bytes);
}
const version = hash.digest('hex').slice(0, 12);

const folder = join(to, version);
const fresh = join(to, `new-${process.pid}`);
for (const [name, bytes] of tree) {
  const path = join(fresh, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  if (/\.(css|js|svg)$/.test(name)) writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}
rmSync(folder, { recursive: true, force: true });
renameSync(fresh, folder);
writeFileSync(join(to, 'HASH'), `${version}\n`);
for (const name of readdirSync(to)) {
  if (name !== version && name !== 'HASH') rmSync(join(to, name), { recursive: true, force: true });
}
console.log(`  ${tree.size} static files, version ${version}`);
