// The pages of those who decide, as looks.test.mjs does it for the others; and forced colours.
import assert from 'node:assert/strict';
import test from 'node:test';
import { open } from '../lib/browser.mjs';
import { looksWell } from './looking.mjs';

looksWell([
  ['notifications', 'demo_teacher_1', () => '/notifications'],
  ['requests', 'demo_teacher_1', () => '/requests'],
  ['requests of an admin', 'demo_admin_1', () => '/admin/requests'],
  ['sessions of an admin', 'demo_admin_1', () => '/admin/sessions'],
  ['check-in policies', 'demo_admin_1', () => '/admin/check-in'],
  ['uploads', 'demo_admin_1', () => '/admin/uploads'],
]);

test('with forced colours only the current place is marked in the top bar', async (t) => {
  const page = await open(t, '/requests', { as: 'demo_teacher_1', device: { forcedColors: 'active' } });
  const lines = await page.evaluate(() => [...document.querySelectorAll('.bar nav a')].map((a) => {
    const paper = getComputedStyle(document.body).backgroundColor;
    return [a.hasAttribute('aria-current'), getComputedStyle(a).borderBlockEndColor !== paper];
  }));
  assert.ok(lines.length > 1 && lines.some(([isHere]) => isHere));
  for (const [isHere, isSeen] of lines) assert.equal(isSeen, isHere);
});
