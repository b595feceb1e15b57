// The audit trail: without a mouse, without script, narrow, dark, in French.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessible, open } from '../lib/browser.mjs';

test('the trail is filtered and looked into without script', async (t) => {
  const page = await open(t, '/admin/audit', { as: 'demo_admin_1', javaScript: false });
  await page.getByLabel('What happened').selectOption('session');
  await page.getByLabel('Username').fill('demo_teacher_1');
  await page.getByRole('button', { name: 'Apply' }).click();
  assert.match(page.url(), /family=session/);
  assert.equal(await page.getByLabel('Username').inputValue(), 'demo_teacher_1');
  const first = page.locator('.audit li').first();
  await first.getByText('Details').click();
  await first.getByText('Everything about').click();
  assert.match(page.url(), /object=occurrence&id=\d+$/);
  await page.getByRole('link', { name: 'Clear the filters' }).first().click();
  assert.match(page.url(), /\/admin\/audit$/);
});

for (const [name, options] of [
  ['wide', {}],
  ['narrow and dark', { size: { width: 320, height: 720 }, dark: true }],
  ['in French', { locale: 'fr-FR' }],
]) {
  test(`the trail is accessible: ${name}`, async (t) => {
    const page = await open(t, '/admin/audit', { as: 'demo_admin_1', ...options });
    await page.locator('.audit summary').first().click();
    await accessible(page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= globalThis.innerWidth), true);
  });
}

test('what is wrong with a filter, and an empty list, are accessible', async (t) => {
  const page = await open(t, '/admin/audit?from=2026-03-02&to=2026-03-01', { as: 'demo_admin_2', size: { width: 320, height: 720 }, mayComplain: [/422/] });
  await accessible(page);
  assert.equal(await page.getByLabel('Until').getAttribute('aria-invalid'), 'true');
  await page.goto('/admin/audit?actor=nobody_is_called_so');
  await page.getByText('Nothing matches').waitFor();
  await accessible(page);
});
