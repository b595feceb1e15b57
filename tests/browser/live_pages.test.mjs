// Open pages follow what others do, without a reload and without taking anything from the hand.
import assert from 'node:assert/strict';
import test from 'node:test';
import { open } from '../lib/browser.mjs';
import { as, newAccount, newSession, uploaded, versionOf } from '../lib/classroom.mjs';

/* Has the page been loaded anew since? */
const marked = (page) => page.evaluate(() => { globalThis.isStill = true; });
const isStill = (page) => page.evaluate(() => globalThis.isStill === true);

test('the queue of uploads: what arrives stands in it at once', async (t) => {
  const page = await open(t, '/admin/uploads', { as: 'demo_admin_1' });
  await marked(page);
  await page.locator('#f-kind').focus();
  const teacher = await as('demo_teacher_1');
  const session = newSession();
  await uploaded(teacher, session, 'ffmpeg.png', 'arrives while you look.png');
  await page.getByText('arrives while you look.png').first().waitFor();
  assert.equal(await isStill(page), true);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'f-kind', 'the focus stays');
});

test('the bell counts what comes, and the list of notifications follows', async (t) => {
  const name = newAccount('bell-rings');
  const page = await open(t, '/notifications', { as: name });
  await marked(page);
  assert.equal(await page.locator('#bell .dot-count').count(), 0);
  /* A real change: an admin cancels a session of theirs. */
  const session = newSession({ teacher: name, day: -1, title: 'Cancelled while you look' });
  const admin = await as('demo_admin_1');
  assert.equal((await admin.post(`${session.path}/cancel`, { version: versionOf(session.id), reason: 'Flooded' })).status, 303);
  await page.locator('#bell .dot-count').getByText('1').waitFor();
  assert.equal(await isStill(page), true);
});
