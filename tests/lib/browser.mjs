// What browser tests are written with: Chromium by playwright-core, pages that
// complain about nothing, and axe.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after } from 'node:test';
import { chromium } from 'playwright-core';
import { Client, server } from './http.mjs';

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const browsers = new Map();
after(async () => { for (const browser of browsers.values()) await (await browser).close(); });

/* One Chromium per file and set of arguments. Its sandbox cannot be had as root. */
function launched(more) {
  const key = more.join(' ');
  if (!browsers.has(key)) browsers.set(key, launch(more));
  return browsers.get(key);
}

function launch(more) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
      '--disable-sync', '--disable-dev-shm-usage', ...(process.getuid() === 0 ? ['--no-sandbox'] : []), ...more],
  });
}

/*
 * A page of a fresh browser at `path`.  as: username (signed in already);
 * javaScript: false switches it off; size, locale, dark as named; of: another server; device: what
 * Playwright's newContext takes besides (userAgent, permissions, …); args: of Chromium; before: a
 * function that runs in the page before its scripts.
 * When the test ends, everything the page complained about (console errors,
 * exceptions, the content policy, files that did not come) fails it, but for
 * what matches one of `mayComplain`.
 */
export async function open(t, path, { as, javaScript = true, size = { width: 1280, height: 900 }, locale = 'en-GB', dark = false,
  mayComplain = [], of = server, device = {}, args = [], before } = {}) {
  const context = await (await launched(args)).newContext({
    baseURL: of.url, javaScriptEnabled: javaScript, viewport: size, locale, colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce', ...device,
  });
  if (before) await context.addInitScript(before);
  if (as) {
    const client = await new Client(of).signIn(as);
    await context.addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: of.url })));
  }
  const page = await context.newPage();
  const complaints = [];
  /* A stream that is cut is opened again by the page; a server that stops cuts it. */
  const isCut = (url, text) => /\/(live|stream)(\?|$)/.test(url) && /ERR_(INCOMPLETE_CHUNKED_ENCODING|CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE)/.test(text);
  page.on('console', (message) => { if (message.type() === 'error' && !isCut(message.location().url, message.text())) complaints.push(message.text()); });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => {
    const { errorText } = request.failure() ?? {};
    if (errorText !== 'net::ERR_ABORTED' && !isCut(request.url(), errorText)) complaints.push(`${request.url()}: ${errorText}`);
  });
  page.setDefaultTimeout(20_000);
  t.after(async () => {
    await context.close();
    const open = complaints.filter((text) => !mayComplain.some((pattern) => pattern.test(text)));
    if (open.length > 0) throw new Error(`the page complained:\n${open.join('\n')}`);
  });
  await page.goto(path);
  return page;
}

/* Fails with every breach of WCAG 2.2 AA that axe sees. */
export async function accessible(page, { except = [] } = {}) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate((rules) => globalThis.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: Object.fromEntries(rules.map((rule) => [rule, { enabled: false }])),
  }), except);
  if (violations.length === 0) return;
  throw new Error(violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.map((n) => `  ${n.target.join(' ')}\n    ${n.html.slice(0, 200)}`).join('\n')}`).join('\n'));
}
