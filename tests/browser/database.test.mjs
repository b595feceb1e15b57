// The database goes away while somebody types: the form is kept, and one button sends it.
import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import test from 'node:test';
import { open } from '../lib/browser.mjs';
import { ownServer, sql } from '../lib/http.mjs';

test('what was typed survives a database that is away', async (t) => {
  const own = await ownServer(t, { faults: true });
  const [[id]] = sql(`SELECT o.id FROM occurrence o JOIN account a ON a.person_id = o.teacher_id WHERE a.username = 'demo_teacher_1'
    AND o.state = 'scheduled' AND o.ends_at < UTC_TIMESTAMP() ORDER BY o.id LIMIT 1`, { of: own });
  const page = await open(t, `/sessions/${id}/complete`, { as: 'demo_teacher_1', of: own, mayComplain: [/503|403/] });
  await page.getByLabel('Notes').fill('Typed in time');
  const away = { ...own, db_socket: `${own.db_socket}.away` };
  renameSync(own.db_socket, away.db_socket);
  try {
    for (const [connection] of sql("SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID()", { of: away, as: 'app' })) sql(`KILL ${connection}`, { of: away, as: 'app' });
    await page.getByRole('button', { name: /^(Complete session|Save changes)$/ }).click();
    await page.getByText('The database cannot be reached.').waitFor();
    await page.getByText('Typed in time').waitFor();
  } finally { renameSync(away.db_socket, own.db_socket); }
  // The first look after it brings a fresh token, the second sends the form. A worker that found no database tries it again
  // after a moment, so either look, and the page that says it is done, can still meet one that answers 503: that is tried again.
  const again = page.getByRole('button', { name: 'Send it again' });
  const retry = page.getByRole('link', { name: 'Try again' });
  const done = page.getByText('is completed with code');
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    await again.or(retry).or(done).first().waitFor();
    if (await done.count() > 0) break;
    await Promise.all([page.waitForEvent('load'), await again.count() > 0 ? again.click() : page.reload()]);
  }
  await done.waitFor();
  assert.deepEqual(sql(`SELECT notes FROM completion WHERE live_occurrence_id = ${id}`, { of: own }), [['Typed in time']]);
  await page.close(); /* before its server stops: it may still be fetching a script */
});
