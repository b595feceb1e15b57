// Oversight in a browser: bulk, keyboard, a code held against a session, narrow, dark, without script.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { accessible, open } from '../lib/browser.mjs';
import { as, completedSession, newAccount } from '../lib/classroom.mjs';
import { sql } from '../lib/http.mjs';

let teacher; let client; let list;
before(async () => {
  teacher = newAccount(`watched_${process.pid}`);
  client = await as(teacher);
  const [[person]] = sql(`SELECT person_id FROM account WHERE username = '${teacher}'`);
  list = `/admin/completions?tab=check&teacher=${person}`;
});
const session = () => completedSession(client, {}, { teacher });
const reviews = (...sessions) => sessions.map((s) => sql(`SELECT review FROM occurrence WHERE id = ${s.id}`)[0][0]);

test('rows are chosen and signed off by the keyboard, and that is undone', async (t) => {
  const sessions = [await session(), await session()];
  const page = await open(t, list, { as: 'demo_admin_1' });
  const bar = page.locator('[data-picked]');
  assert.equal(await bar.textContent(), '0');
  await page.keyboard.press('j');
  await page.keyboard.press('Space');
  await page.keyboard.press('j');
  await page.keyboard.press('Space');
  assert.equal(await bar.textContent(), '2');
  await page.keyboard.press('x');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'b-reason', 'returning asks for a reason');
  await page.getByRole('checkbox', { name: 'Select all rows' }).focus();
  await page.keyboard.press('y');
  await page.getByText('2 sessions signed off.').waitFor();
  assert.deepEqual(reviews(...sessions), ['checked', 'checked']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('The sign-off of 2 sessions is taken back.').waitFor();
  assert.deepEqual(reviews(...sessions), ['none', 'none']);
  sql(`UPDATE occurrence SET state = 'cancelled' WHERE id IN (${sessions.map((s) => s.id)})`);
});

test('Enter in the reason does not sign anything off', async (t) => {
  const s = await session();
  const page = await open(t, list, { as: 'demo_admin_1' });
  await page.getByRole('checkbox', { name: `Select ${s.title}` }).check();
  await page.getByLabel('Reason for returning the selected sessions').fill('Times');
  await page.keyboard.press('Enter');
  assert.deepEqual(reviews(s), ['none']);
  await page.locator('#bulk').getByRole('button', { name: 'Return' }).click();
  await page.getByText('1 session returned.').waitFor();
  assert.deepEqual(reviews(s), ['returned']);
});

test('a code is compared in its row', async (t) => {
  const s = await session();
  const page = await open(t, list, { as: 'demo_admin_1' });
  const row = page.getByRole('row', { name: new RegExp(s.title) });
  await row.locator('summary').click();
  await row.getByLabel('Code on paper').fill(s.code.toLowerCase());
  await row.getByRole('button', { name: 'Compare' }).click();
  await row.getByText('The code matches.').waitFor();
  await row.getByLabel('Code on paper').fill('nothing');
  await row.getByRole('button', { name: 'Compare' }).click();
  await row.getByText('The code does not match.').waitFor();
});

for (const [name, options] of [['wide', {}], ['at 320 px', { size: { width: 320, height: 800 } }], ['dark', { dark: true }], ['in French', { locale: 'fr-FR' }]]) {
  test(`accessible and within the width: ${name}`, async (t) => {
    const s = await session();
    const page = await open(t, '/admin', { as: 'demo_admin_1', ...options });
    for (const path of ['/admin', list, '/admin/completions', '/admin/completions?tab=returned', `${s.path}/return`, `/admin/completions/${s.id}/verify?code=x`]) {
      await page.goto(path);
      await accessible(page);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path);
    }
  });
}

test('without JavaScript: chosen, signed off, returned', async (t) => {
  const sessions = [await session(), await session()];
  const page = await open(t, list, { as: 'demo_admin_1', javaScript: false });
  await page.getByRole('checkbox', { name: `Select ${sessions[0].title}` }).check();
  await page.locator('#bulk').getByRole('button', { name: 'Sign off' }).click();
  await page.getByText('1 session signed off.').waitFor();
  await page.getByRole('link', { name: `Return ${sessions[1].title}` }).click();
  await page.getByLabel('Reason').fill('Compare the times');
  await page.getByRole('button', { name: 'Return the session' }).click();
  await page.getByText('1 session returned.').waitFor();
  assert.deepEqual(reviews(...sessions), ['checked', 'returned']);
});
