// Signing in: by form and by demo button, wrong passwords, languages, and what was
// typed when the session ended.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { open } from '../lib/browser.mjs';
import { sql } from '../lib/http.mjs';
import { root } from '../lib/server.mjs';
import { endSession, newSession } from './sessions.mjs';

test('a teacher signs in with the form and out again', async (t) => {
  const page = await open(t, '/sessions');
  assert.match(page.url(), /\/sign-in\?next=%2Fsessions$/);
  await page.getByLabel('Username or e-mail').fill('demo_teacher_1');
  await page.getByLabel('Password').fill('password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/sessions$/);
  await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor();
  await page.locator('details.menu summary').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out.').waitFor();
  await page.goto('/sessions');
  assert.match(page.url(), /sign-in/);
});

test('demo buttons lead to the page of the role', async (t) => {
  const page = await open(t, '/sign-in');
  await page.getByRole('button', { name: 'Student' }).click();
  await page.waitForURL(/\/today$/);
  await page.getByRole('heading', { name: 'Your attendance' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Sessions' }).count(), 0);
});

test('a wrong password is said in the form, and the name is kept', async (t) => {
  const page = await open(t, '/sign-in', { mayComplain: [/422/] });
  await page.getByLabel('Username or e-mail').fill('nobody_of_that_name');
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('The name or the password is wrong.').waitFor();
  assert.equal(await page.getByLabel('Username or e-mail').inputValue(), 'nobody_of_that_name');
  assert.equal(await page.getByLabel('Password').inputValue(), '');
});

test('the language links change the page and stay', async (t) => {
  const page = await open(t, '/sign-in');
  await page.getByRole('link', { name: 'Français' }).click();
  await page.getByRole('heading', { name: 'Se connecter' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
  await page.goto('/sign-in');
  assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
});

test('what was typed survives the end of the session', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}/complete`, { as: 'demo_teacher_1', mayComplain: [/401/] });
  await page.getByLabel('Actual start').fill('07:12');
  await page.getByLabel('Notes').fill('Typed before the session ended');
  await endSession(page);
  // The question whether the code is free must not take the form away.
  await page.getByLabel('Completion code').fill(`MINE ${session.id}`);
  await page.getByText('Send the form all the same').waitFor();
  await page.getByRole('button', { name: 'Complete session' }).click();
  await page.getByText('Typed before the session ended').waitFor();
  await page.getByLabel('Username or e-mail').fill('demo_teacher_1');
  await page.getByLabel('Password').fill('password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Check and send it again' }).waitFor();
  await page.getByRole('button', { name: 'Send it again' }).click();
  await page.getByText('is completed with code').waitFor();
  assert.deepEqual(sql(`SELECT notes, actual_start, code FROM completion WHERE occurrence_id = ${session.id}`),
    [['Typed before the session ended', '07:12:00', `MINE ${session.id}`]]);
});

test('a note and a file after the end of the session', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1', mayComplain: [/401|422/] });
  await endSession(page);
  await page.getByLabel('Add files').setInputFiles(join(root, 'tests/files/honest/ffmpeg.png'));
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  await page.locator('#file-list .err', { hasText: 'You were signed out.' }).waitFor();
  await page.getByLabel('New note').fill('Written too late');
  await page.getByRole('button', { name: 'Add note' }).click();
  await page.getByText('Written too late').waitFor();
  await page.getByLabel('Username or e-mail').fill('demo_teacher_1');
  await page.getByLabel('Password').fill('password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Send it again' }).click();
  await page.locator('#note-list').getByText('Written too late').waitFor();
});
