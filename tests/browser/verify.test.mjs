// Checking a completion code, for anyone; notes with a history, and open follow-ups.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessible, open } from '../lib/browser.mjs';
import { as, completedSession, newSession } from '../lib/classroom.mjs';

const wide = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const [name, options] of [['with script', {}], ['without script', { javaScript: false }]]) {
  test(`a code is typed and found, ${name}`, async (t) => {
    const { code } = await completedSession(await as('demo_teacher_1'));
    const page = await open(t, '/verify', { ...options, mayComplain: [/404/] });
    await page.getByRole('textbox', { name: 'Code', exact: true }).fill(code.toLowerCase());
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByRole('heading', { name: 'This code is genuine' }).waitFor();
    await page.getByText('Demo Teacher 1').waitFor();
    await page.getByLabel('Another code').fill('nonsense');
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('This is not a code of ours.').waitFor();
  });
}

test('it can be used at 320 pixels, in the dark and in French', async (t) => {
  const { code } = await completedSession(await as('demo_teacher_1'));
  for (const path of ['/verify', `/verify/${code}`, '/verify/nonsense']) {
    const page = await open(t, path, { size: { width: 320, height: 700 }, dark: true, locale: 'fr-FR', mayComplain: [/404/] });
    assert.ok(await wide(page) <= 0, path);
    await accessible(page);
  }
});

test('a follow-up is written with its date, changed, settled, and its history read', async (t) => {
  const session = newSession();
  const due = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const page = await open(t, session.path, { as: 'demo_teacher_1' });
  await page.getByRole('radio', { name: 'Follow-up' }).check();
  await page.getByLabel('New note').fill('First words');
  await page.getByLabel('Due date').fill(due);
  await page.getByRole('button', { name: 'Add note' }).click();
  const note = page.locator('#note-list li').first();
  await note.getByText(/^Due /).waitFor();
  await note.getByRole('link', { name: /Edit/ }).click();
  assert.equal(await page.getByLabel('Due date').inputValue(), due);
  await page.getByLabel('Text').fill('Second words');
  await page.getByRole('button', { name: 'Save' }).click();
  await note.getByText('edited 1 time').click();
  await note.getByText('First words').waitFor();
  await accessible(page);
  await page.goto('/follow-ups');
  const row = page.locator('li', { hasText: session.title });
  await row.getByText('Second words').waitFor();
  await accessible(page);
  await row.getByRole('button', { name: /Settle/ }).click();
  await page.getByText('The follow-up is settled.').waitFor();
  assert.equal(await row.count(), 0);
  await page.setViewportSize({ width: 320, height: 700 });
  assert.ok(await wide(page) <= 0);
  await page.goto(session.path);
  await page.getByText('Settled by').waitFor();
  assert.ok(await wide(page) <= 0);
});
