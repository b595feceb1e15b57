// Completing a session: live calculation, codes, errors at the fields, undo.
import assert from 'node:assert/strict';
import test from 'node:test';
import { open } from '../lib/browser.mjs';
import { sql } from '../lib/http.mjs';
import { newSession } from './sessions.mjs';

const stateOf = (id) => sql(`SELECT o.state, c.state, c.code FROM occurrence o LEFT JOIN completion c ON c.live_occurrence_id = o.id WHERE o.id = ${id}`)[0];

test('complete, with the delay shown while typing, and undo', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}/complete`, { as: 'demo_teacher_1' });
  await page.getByLabel('Actual start').fill('07:06');
  await page.getByLabel('Actual end').fill('08:27');
  assert.equal(await page.locator('[data-out="start"]').textContent(), '6 min late');
  assert.equal(await page.locator('[data-out="end"]').textContent(), '3 min early');
  assert.equal(await page.locator('[data-out="len"]').textContent(), '1 h 21 min');
  const code = await page.getByLabel('Completion code').inputValue();
  assert.match(code, /^[A-Z0-9]+-\d{4}-[A-Z2-9]{12}$/);
  await page.getByRole('button', { name: 'Complete session' }).click();
  await page.getByText(`${session.title} is completed with code ${code}.`).waitFor();
  assert.deepEqual(stateOf(session.id), ['completed', 'completed', code]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('is open again').waitFor();
  assert.equal(stateOf(session.id)[0], 'scheduled');
});

test('New code gives another one and keeps what was typed, without script too', async (t) => {
  const session = newSession();
  for (const javaScript of [true, false]) {
    const page = await open(t, `/sessions/${session.id}/complete`, { as: 'demo_teacher_1', javaScript });
    const before = await page.getByLabel('Completion code').inputValue();
    await page.getByLabel('Notes').fill('Kept');
    await page.getByRole('button', { name: 'New code' }).click();
    await page.waitForFunction((old) => document.querySelector('#c-code').value !== old, before).catch(() => {});
    await page.waitForLoadState();
    assert.notEqual(await page.getByLabel('Completion code').inputValue(), before);
    assert.equal(await page.getByLabel('Notes').inputValue(), 'Kept');
  }
});

test('a code is checked while typing', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}/complete`, { as: 'demo_teacher_1' });
  await page.getByLabel('Completion code').fill('');
  await page.getByLabel('Completion code').pressSequentially('MY OWN CODE');
  await page.getByText('This code is free.').waitFor();
  const other = newSession();
  const taken = `TAKEN BY ${other.id}`;
  sql(`INSERT INTO completion (occurrence_id, state, code, code_key) VALUES (${other.id}, 'pending', '${taken}', '${taken}')`);
  await page.getByLabel('Completion code').fill(taken.toLowerCase());
  await page.getByText('This completion code is already used.').waitFor();
});

test('an end before the start is said at its field, and nothing is lost', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}/complete`, { as: 'demo_teacher_1', mayComplain: [/422/] });
  await page.getByLabel('Actual start').fill('09:00');
  await page.getByLabel('Actual end').fill('08:00');
  await page.getByLabel('Notes').fill('Still here');
  await page.getByRole('button', { name: 'Complete session' }).click();
  await page.locator('#c-end[aria-invalid="true"]').waitFor();
  assert.equal(await page.getByLabel('Notes').inputValue(), 'Still here');
  assert.equal(await page.evaluate(() => document.activeElement.hasAttribute('data-errors')), true);
  await page.locator('[data-errors] a').first().click();
  assert.match(page.url(), /#c-end$/);
});

test('Enter in a field completes and does not ask for a new code', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}/complete`, { as: 'demo_teacher_1' });
  await page.getByLabel('Completion code').press('Enter');
  await page.getByText(`${session.title} is completed`).waitFor();
});

test('two people at once: the second sees what is stored and keeps what was typed', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}/complete`, { as: 'demo_teacher_1', mayComplain: [/422/] });
  const other = await open(t, `/sessions/${session.id}/complete`, { as: 'demo_admin_1' });
  await other.getByLabel('Notes').fill('By the admin');
  await other.getByRole('button', { name: 'Complete session' }).click();
  await other.getByText('is completed with code').waitFor();
  await page.getByLabel('Notes').fill('By the teacher');
  await page.getByRole('button', { name: 'Complete session' }).click();
  await page.getByRole('heading', { name: 'What is stored now' }).waitFor();
  await page.getByText('By the admin').waitFor();
  assert.equal(await page.getByLabel('Notes').inputValue(), 'By the teacher');
  assert.equal(sql(`SELECT notes FROM completion WHERE occurrence_id = ${session.id}`)[0][0], 'By the admin');
});

test('not held: a reason is asked for and shown', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}/cancel`, { as: 'demo_teacher_1', javaScript: false });
  await page.getByLabel('Reason').fill('The lab was closed');
  await page.getByRole('button', { name: 'Cancel the session' }).click();
  await page.getByText(`${session.title} is cancelled.`).waitFor();
  await page.goto(`/sessions/${session.id}`);
  await page.getByText('The lab was closed').waitFor();
});
