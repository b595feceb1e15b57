// Notifications: the bell, the list by keyboard and by touch, preferences, without script, at 320 pixels, in the dark, in French.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessible, open } from '../lib/browser.mjs';
import { newAccount, newSession, quoted } from '../lib/classroom.mjs';
import { sql } from '../lib/http.mjs';

let made = 0;
/* Somebody with an unread notification of a session of theirs, an unread long one and a read one. */
function reader({ role = 'faculty', rows = true } = {}) {
  made += 1;
  const name = newAccount(`bell_${process.pid}_${made}`, { role });
  const session = newSession({ teacher: name, title: `Netzwerke ${made}` });
  if (rows) {
    for (const [kind, params, read] of [
      ['session_request.decided', { title: 'Révision générale', code: 'approved' }, true],
      ['completion.returned', { title: 'x'.repeat(120), day: 20776, start: 32400, end: 37800, text: 'y'.repeat(200) }, false],
      ['session.cancelled', { title: session.title, day: 20776, start: 32400, end: 37800, text: 'Flooded' }, false]]) {
      sql(`INSERT INTO notification (account_id, kind, entity_id, params, created_at, read_at) SELECT id, ${quoted(kind)}, ${session.id}, ${quoted(JSON.stringify(params))},
        UTC_TIMESTAMP(6), ${read ? 'UTC_TIMESTAMP(6)' : 'NULL'} FROM account WHERE username = ${quoted(name)}`);
    }
  }
  return { name, session };
}
const wide = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('from the bell to the session, by keyboard alone', async (t) => {
  const { name, session } = reader();
  const page = await open(t, '/account', { as: name });
  await page.getByRole('link', { name: 'Notifications, 2 unread' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('n');
  await page.getByRole('heading', { name: 'Notifications', level: 1 }).waitFor();
  await accessible(page);
  const title = page.getByRole('button', { name: 'Unread: Session cancelled' });
  await title.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/sessions/${session.id}`);
  await page.getByRole('link', { name: 'Notifications, 1 unread' }).waitFor();
  await page.goBack();
  await page.reload();
  await page.getByRole('link', { name: 'Session cancelled' }).waitFor();
});

test('marking one, marking all, removing, and an empty list', async (t) => {
  const { name } = reader();
  const page = await open(t, '/notifications', { as: name });
  await page.getByRole('button', { name: /^Mark as read\s*: Session cancelled/ }).click();
  await page.getByText('1 notification is marked as read.').waitFor();
  await page.getByRole('button', { name: 'Mark all as read' }).click();
  await page.getByText('Everything is read.').waitFor();
  await page.getByRole('link', { name: 'Notifications', exact: true }).first().waitFor();
  for (let left = 3; left > 0; left--) {
    assert.equal(await page.getByRole('button', { name: /^Remove/ }).count(), left);
    await page.getByRole('button', { name: /^Remove/ }).first().click();
    await page.getByText('The notification is removed.').waitFor();
  }
  await page.getByRole('heading', { name: 'No notifications' }).waitFor();
  await accessible(page);
});

test('the tabs and the filter', async (t) => {
  const { name } = reader();
  const page = await open(t, '/notifications', { as: name });
  await page.getByRole('link', { name: /^Unread/ }).click();
  await page.waitForURL('**/notifications?state=unread');
  assert.equal(await page.getByText('Session request approved').count(), 0);
  await page.getByLabel('About').selectOption({ label: 'Sessions moved' });
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await accessible(page);
  await page.getByRole('link', { name: 'Clear the filters' }).click();
  await page.getByRole('link', { name: 'Session request approved' }).waitFor();
});

test('without script, at 320 pixels, in the dark, in French', async (t) => {
  const { name } = reader();
  const page = await open(t, '/notifications', { as: name, javaScript: false, size: { width: 320, height: 700 }, dark: true, locale: 'fr-FR' });
  await page.getByRole('heading', { name: 'Notifications', level: 1 }).waitFor();
  assert.equal(await page.getByText('2 non lues').first().isVisible(), true);
  await page.getByRole('button', { name: /^Marquer comme lu\s*: Séance annulée/ }).click();
  await page.getByText('1 notification est marquée comme lue.').waitFor();
  await page.getByRole('button', { name: 'Non lue : Clôture renvoyée' }).click();
  await page.waitForURL('**/complete');

  const narrow = await open(t, '/notifications', { as: name, size: { width: 320, height: 700 }, dark: true, locale: 'fr-FR' });
  assert.equal(await wide(narrow), 0);
  await accessible(narrow);
  await narrow.goto('/account/notifications');
  assert.equal(await wide(narrow), 0);
  await accessible(narrow);
});

test('preferences are ticked off and stay so', async (t) => {
  const { name } = reader({ rows: false });
  const page = await open(t, '/account', { as: name });
  await page.getByRole('link', { name: 'Choose what you are told' }).click();
  await page.getByLabel('Sessions moved').uncheck();
  await page.getByRole('button', { name: 'Save settings' }).click();
  await page.getByText('Saved.').waitFor();
  assert.equal(await page.getByLabel('Sessions moved').isChecked(), false);
  assert.equal(await page.getByLabel('Sessions cancelled', { exact: true }).isChecked(), true);
  await accessible(page);
});

test('a student’s bell, on the phone', async (t) => {
  const { name } = reader({ role: 'student', rows: false });
  sql(`INSERT INTO notification (account_id, kind, entity_id, params, created_at) SELECT id, 'checkin.opened', 1, '{"title":"Databases"}', UTC_TIMESTAMP(6)
    FROM account WHERE username = ${quoted(name)}`);
  const page = await open(t, '/today', { as: name, size: { width: 360, height: 740 } });
  await accessible(page);
  await page.getByRole('link', { name: 'Notifications, 1 unread' }).click();
  await page.getByText('Databases: you can check in now.', { exact: true }).waitFor();
  assert.equal(await wide(page), 0);
  await accessible(page);
  await page.getByRole('button', { name: 'Unread: Check-in is open' }).click();
  await page.waitForURL('**/check-in');
});

test('an admin reminds a teacher with the key r', async (t) => {
  const { name } = reader({ rows: false });
  const [[person]] = sql(`SELECT person_id FROM account WHERE username = ${quoted(name)}`);
  const page = await open(t, `/admin/completions?tab=missing&teacher=${person}`, { as: 'demo_admin_2' });
  await page.keyboard.press('j');
  await page.keyboard.press('r');
  await page.getByText('The teacher of 1 session is reminded.').waitFor();
  await accessible(page);
  assert.equal(sql(`SELECT COUNT(*) FROM notification n JOIN account a ON a.id = n.account_id WHERE a.username = ${quoted(name)} AND n.kind = 'completion.missing'`)[0][0], '1');
});
