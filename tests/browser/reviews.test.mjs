// The review of uploads: by keyboard, in bulk, filtered in place, without script, at 320 pixels, in the dark.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessible, open } from '../lib/browser.mjs';
import { as, attachmentsOf, newSession, sample, upload } from '../lib/classroom.mjs';
import { sql } from '../lib/http.mjs';

const reviewOf = (id) => sql(`SELECT f.review FROM attachment t JOIN file f ON f.id = t.file_id WHERE t.id = ${id}`)[0][0];

/* Files of one session, and a filter that shows them alone: nobody else teaches on that day's course. */
let n = 0;
async function withFiles(...names) {
  const teacher = await as('demo_teacher_1');
  const session = newSession();
  n += 1;
  sql(`INSERT INTO course (branch_id, code, title) VALUES (1, 'R${process.pid}-${n}', 'Reviews ${n}'); UPDATE occurrence SET course_id = LAST_INSERT_ID() WHERE id = ${session.id}`);
  const [[course]] = sql(`SELECT course_id FROM occurrence WHERE id = ${session.id}`);
  for (const name of names) await upload(teacher, session, [sample('ffmpeg.png', name)]);
  return { session, course, files: attachmentsOf(session), path: `/admin/uploads?state=waiting&course=${course}` };
}
const wide = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('the queue is worked through by keyboard, and a decision is taken back', async (t) => {
  const { files, path } = await withFiles('a.png', 'b.png', 'c.png');
  const page = await open(t, path, { as: 'demo_admin_2' });
  await page.getByRole('heading', { name: 'a.png' }).waitFor();
  await page.keyboard.press('j');
  await page.getByRole('heading', { name: 'b.png' }).waitFor();
  await page.keyboard.press('k');
  await page.getByRole('heading', { name: 'a.png' }).waitFor();
  await page.keyboard.press('y');
  await page.getByText('1 file is approved.').waitFor();
  await page.getByRole('heading', { name: 'b.png' }).waitFor();
  await page.keyboard.press('q');
  await page.keyboard.type('Wrong session');
  await page.keyboard.press('Enter');
  await page.getByText('1 file is in quarantine').waitFor();
  assert.deepEqual(files.map((f) => reviewOf(f.id)), ['approved', 'quarantined', 'waiting']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('1 file waits for review again.').waitFor();
  assert.equal(reviewOf(files[1].id), 'waiting');
});

test('several at once; without a reason the choice stays', async (t) => {
  const { files, path } = await withFiles('a.png', 'b.png');
  const page = await open(t, path, { as: 'demo_admin_2', mayComplain: [/422/] });
  await page.getByLabel('Choose a.png').check();
  await page.getByLabel('Choose b.png').check();
  const bulk = page.getByRole('group', { name: 'With the chosen files' });
  await bulk.getByRole('button', { name: 'Quarantine' }).click();
  await page.getByText('Please give a reason.').first().waitFor();
  assert.ok(await page.getByLabel('Choose a.png').isChecked() && await page.getByLabel('Choose b.png').isChecked());
  await accessible(page);
  await bulk.getByLabel('Reason').fill('Copyright');
  await bulk.getByRole('button', { name: 'Quarantine' }).click();
  await page.getByText('2 files are in quarantine').waitFor();
  assert.deepEqual(files.map((f) => reviewOf(f.id)), ['quarantined', 'quarantined']);
});

test('filters replace the list in place, and the tabs keep them', async (t) => {
  const { path, course } = await withFiles('a.png');
  const page = await open(t, path, { as: 'demo_admin_1' });
  await page.evaluate(() => { globalThis.same = true; });
  await page.getByLabel('Kind').selectOption('pdf');
  await page.getByText('No file fits these filters.').waitFor();
  assert.ok(await page.evaluate(() => globalThis.same));
  assert.match(page.url(), /kind=pdf/);
  await page.getByLabel('State of review').getByRole('link', { name: 'Quarantined' }).click();
  await page.waitForURL(new RegExp(`state=quarantined&kind=pdf&course=${course}`));
  assert.equal(await page.getByLabel('Kind').inputValue(), 'pdf');
});

test('it can be used at 320 pixels, in the dark, in French and without script', async (t) => {
  const { files, path } = await withFiles('a.png');
  const narrow = await open(t, path, { as: 'demo_admin_2', size: { width: 320, height: 700 }, dark: true, locale: 'fr-FR' });
  assert.ok(await wide(narrow) <= 0);
  await accessible(narrow);
  const plain = await open(t, path, { as: 'demo_admin_2', javaScript: false });
  await plain.getByRole('button', { name: 'Approve', exact: false }).last().click();
  await plain.getByText('1 file is approved.').waitFor();
  assert.equal(reviewOf(files[0].id), 'approved');
  const wideOne = await open(t, '/admin/uploads?state=approved', { as: 'demo_admin_1' });
  await accessible(wideOne);
});
