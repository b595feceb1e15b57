// The keyboard: single keys, their list, their switch; filters without a click.
import assert from 'node:assert/strict';
import test from 'node:test';
import { open } from '../lib/browser.mjs';
import { newSession } from './sessions.mjs';

test('? lists the keys, / searches, g s goes to the sessions', async (t) => {
  const page = await open(t, '/account', { as: 'demo_teacher_1' });
  await page.keyboard.press('?');
  await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await page.waitForURL(/\/sessions$/);
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
  await page.keyboard.type('?');
  assert.equal(await page.locator('#keys').evaluate((d) => d.open), false);
});

test('the skip link comes first', async (t) => {
  const page = await open(t, '/sessions', { as: 'demo_teacher_1' });
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
});

test('n writes a note, single keys can be switched off', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_10', mayComplain: [/404/] });
  assert.equal(await page.locator('h1').textContent(), 'Not found');
  const own = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1' });
  await own.keyboard.press('n');
  assert.equal(await own.evaluate(() => document.activeElement.id), 'n-text');
});

test('searching replaces the list and the address', async (t) => {
  const page = await open(t, '/sessions?tab=completed', { as: 'demo_teacher_1' });
  await page.getByLabel('Search').fill('no session has this title');
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  assert.match(page.url(), /q=no\+session|q=no%20session/);
  await page.getByRole('link', { name: 'Clear the filters' }).click();
  await page.getByRole('table').waitFor();
});

test('leaving the search field by a slow click on a result opens it', async (t) => {
  const page = await open(t, '/sessions?tab=completed', { as: 'demo_teacher_1' });
  await page.getByLabel('Search').fill('Engineering');
  await page.waitForURL(/q=Engineering/);
  const link = page.locator('table tbody a').first();
  const href = await link.getAttribute('href');
  await link.click({ delay: 400 }); // a hand is slower than the server
  await page.waitForURL(new RegExp(`${href}$`));
});

test('going back brings the list and the search that made it', async (t) => {
  const page = await open(t, '/sessions?tab=completed', { as: 'demo_teacher_1' });
  await page.getByLabel('Search').fill('no session has this title');
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await page.getByLabel('Search').fill('Engineering');
  await page.getByRole('table').waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  assert.equal(await page.getByLabel('Search').inputValue(), 'no session has this title');
  const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
  assert.doesNotMatch(stored, /</, 'pages stay out of the storage');
});

test('a search keeps the order of a sorted list', async (t) => {
  const page = await open(t, '/sessions?tab=completed', { as: 'demo_teacher_1' });
  await page.getByRole('columnheader', { name: 'Session' }).getByRole('link').click();
  await page.locator('th[aria-sort="ascending"]', { hasText: 'Session' }).getByRole('link').click();
  await page.locator('th[aria-sort="descending"]', { hasText: 'Session' }).waitFor();
  await page.getByLabel('Search').fill('Engineering');
  await page.waitForURL(/q=Engineering/);
  assert.match(page.url(), /sort=title/);
  await page.locator('th[aria-sort="descending"]', { hasText: 'Session' }).waitFor();
});

test('the theme changes at once and is kept', async (t) => {
  const page = await open(t, '/sessions', { as: 'demo_teacher_9' });
  await page.locator('details.menu summary').click();
  const saved = page.waitForResponse((r) => r.url().endsWith('/preferences'));
  await page.getByRole('button', { name: 'Dark' }).click();
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  await saved;
  await page.reload();
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
});
