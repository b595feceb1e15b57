// Requests in a browser: asking with the check before, deciding by keyboard, narrow, dark, without scripts.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessible, open } from '../lib/browser.mjs';
import { monday, newTeacher, occupy, requestOf, send } from '../lib/requests.mjs';

const narrow = async (page) => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320), 'no sideways scrolling');

test('a session is asked for, with what stands against it shown before', async (t) => {
  const teacher = await newTeacher('bask');
  occupy(teacher, { title: 'In the way' });
  const page = await open(t, '/trainer', { as: teacher.username });
  await accessible(page);
  await page.keyboard.press('n');
  await page.waitForURL('**/requests/new');
  await page.getByLabel('Title').fill('Guest lecture');
  await page.getByLabel('Group').selectOption({ label: teacher.className });
  await page.locator('#date').fill(monday());
  await page.getByLabel('Start').fill('15:00');
  await page.getByLabel('End').fill('16:30');
  await page.getByRole('button', { name: 'Check' }).click();
  await page.locator('#check').getByText('In the way').waitFor();
  await accessible(page);
  await page.getByRole('button', { name: 'Send request' }).click();
  await page.getByText('The request is sent.').waitFor();
  await accessible(page);
  const id = Number(page.url().match(/requests\/(\d+)/)[1]);
  assert.equal(requestOf(id).state, 'pending');
  await page.getByRole('button', { name: 'Withdraw the request' }).click();
  await page.getByText('The request is withdrawn.').waitFor();
  await page.getByRole('link', { name: 'Use again' }).click();
  assert.equal(await page.getByLabel('Title').inputValue(), 'Guest lecture');
});

test('requests are chosen and approved by the keyboard with one response', async (t) => {
  const teacher = await newTeacher('bkey');
  const ids = [await send(teacher, { title: 'First wish' }), await send(teacher, { title: 'Second wish', start: '08:00', end: '09:00' })];
  const page = await open(t, `/admin/requests?q=${teacher.username}`, { as: 'demo_admin_1' });
  const bar = page.locator('[data-picked]');
  assert.equal(await bar.textContent(), '0');
  await accessible(page);
  await page.keyboard.press('j');
  await page.keyboard.press('Space');
  await page.keyboard.press('j');
  await page.keyboard.press('Space');
  assert.equal(await bar.textContent(), '2');
  await page.getByLabel('Response to all selected').fill('Both are fine.');
  await page.getByRole('checkbox', { name: 'Select First wish' }).focus();
  await page.keyboard.press('y');
  await page.getByText('2 requests are approved.').waitFor();
  for (const id of ids) {
    const { state, response, sessions } = requestOf(id);
    assert.deepEqual([state, response, sessions.length], ['approved', 'Both are fine.', 1]);
  }
});

test('one that clashes is approved on its page, by a tick', async (t) => {
  const teacher = await newTeacher('bclash');
  const id = await send(teacher, { title: 'Clashing wish' });
  occupy(teacher);
  const page = await open(t, `/admin/requests?q=${teacher.username}`, { as: 'demo_admin_1', mayComplain: [/409/] });
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.waitForURL(`**/admin/requests/${id}`);
  await accessible(page);
  await page.getByRole('button', { name: 'Approve and create' }).click();
  await page.getByText('This clashes with what is planned already.').waitFor();
  await page.getByLabel('Approve it in spite of what it clashes with').check();
  await page.getByRole('button', { name: 'Approve and create' }).click();
  await page.getByText('The request is approved. The teacher is told.').waitFor();
  assert.equal(requestOf(id).sessions.length, 1);
});

test('narrow, dark and without scripts', async (t) => {
  const teacher = await newTeacher('bsmall');
  const id = await send(teacher, { title: 'A wish with a rather long title that has to wrap on a telephone' });
  const small = { size: { width: 320, height: 800 }, dark: true };
  for (const path of ['/trainer', '/requests', '/requests/new', `/requests/${id}`]) {
    const page = await open(t, path, { as: teacher.username, ...small });
    await narrow(page);
    await accessible(page);
  }
  for (const path of ['/admin', `/admin/requests?q=${teacher.username}`, `/admin/requests/${id}`, `/admin/sessions?group=${teacher.classId}`, '/admin/sessions/new']) {
    const page = await open(t, path, { as: 'demo_admin_2', ...small });
    await narrow(page);
    await accessible(page);
  }
  const plain = await open(t, `/admin/requests?q=${teacher.username}`, { as: 'demo_admin_2', javaScript: false });
  await plain.getByRole('checkbox', { name: /Select A wish/ }).check();
  await plain.getByLabel('Response to all selected').fill('No room.');
  await plain.getByRole('button', { name: 'Reject' }).click();
  await plain.getByText('1 request is rejected.').waitFor();
  assert.deepEqual([requestOf(id).state, requestOf(id).response], ['rejected', 'No room.']);
});
