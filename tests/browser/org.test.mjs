// Groups, classes, courses and branches in a browser: on a phone, by keyboard, without scripts, for all.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessible, open } from '../lib/browser.mjs';
import { sql } from '../lib/http.mjs';

const pages = ['/admin/groups', '/admin/groups/new?kind=sections&in=1', '/admin/groups/sections/1?find=student+3', '/admin/classes',
  '/admin/classes/1', '/admin/courses', '/admin/courses/2', '/admin/branches', '/admin/branches/1'];

test('every page is accessible and fits a phone', async (t) => {
  const page = await open(t, pages[0], { as: 'demo_admin_1', size: { width: 320, height: 700 } });
  for (const path of pages) {
    await page.goto(path);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, `${path} is too wide`);
    await accessible(page);
  }
});

test('dark and in French', async (t) => {
  const page = await open(t, '/admin/courses/1', { as: 'demo_admin_2', dark: true, locale: 'fr-FR' });
  await accessible(page);
  await page.goto('/admin/groups/sections/2');
  await accessible(page);
  await page.getByRole('heading', { name: 'Ajouter des étudiants' }).waitFor();
});

test('a section is made by keyboard, filled and deleted again without scripts', async (t) => {
  const name = `K${process.pid}`;
  const page = await open(t, '/admin/groups', { as: 'demo_admin_2', javaScript: false, mayComplain: [/422/] });
  await page.getByRole('link', { name: 'Add a section to 2026' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Name').focus();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: 'is added' }).waitFor();
  await page.getByRole('button', { name: 'End it' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('status').filter({ hasText: 'in use again' }).waitFor();
  await page.getByLabel('Name', { exact: true }).fill('A');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('This name is used here already.').first().waitFor();
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'A');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('status').filter({ hasText: 'Deleted' }).waitFor();
  assert.equal(sql(`SELECT COUNT(*) FROM section WHERE name = '${name}'`)[0][0], '0');
});

test('the list of courses is searched while typing', async (t) => {
  const page = await open(t, '/admin/courses', { as: 'demo_admin_2' });
  await page.getByRole('link', { name: 'Networks' }).waitFor();
  await page.getByLabel('Search', { exact: true }).fill('datab');
  await page.getByRole('link', { name: 'Networks' }).waitFor({ state: 'detached' });
  await page.waitForURL(/q=datab/);
  await page.getByRole('link', { name: 'Databases' }).click();
  await page.getByRole('heading', { name: 'Databases' }).waitFor();
});
