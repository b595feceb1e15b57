// Imports: the whole way with and without script, narrow, dark, in French, by axe.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessible, open } from '../lib/browser.mjs';
import { sql } from '../lib/http.mjs';

const run = `B${process.pid}`;
let n = 0;
const csv = () => {
  n += 1;
  return { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(`Code étudiant;Prénom;Nom;Shoe\n${run}-${n}a;Zoé;Neuve;38\n${run}-${n}b;=1;Deux;40\n`) };
};
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= globalThis.innerWidth);
const made = () => Number(sql(`SELECT COUNT(*) FROM person WHERE student_code = '${run}-${n}a'`)[0][0]);

for (const [name, options] of [['with script', {}], ['without script', { javaScript: false }]]) {
  test(`an import from the upload to taking it back, ${name}`, async (t) => {
    const page = await open(t, '/admin/imports', { as: 'demo_admin_2', mayComplain: [/422/], ...options });
    await page.getByLabel('File', { exact: true }).setInputFiles(csv());
    await page.getByRole('button', { name: 'Upload and look' }).click();
    assert.equal(await page.getByLabel('Code étudiant').inputValue(), 'student_code');
    assert.equal(await page.getByLabel('Shoe').inputValue(), '-');
    await page.getByRole('button', { name: 'Check the rows' }).click();
    await page.getByText('Some columns will not be imported. Please confirm that.').first().waitFor();
    await page.getByLabel('Leave out the columns that have no field').check();
    await page.getByRole('button', { name: 'Check the rows' }).click();
    await page.getByText('This looks like a formula.').waitFor();
    assert.equal(made(), 0);
    await page.getByRole('button', { name: 'Import 1 row' }).click();
    const undo = page.getByRole('button', { name: 'Undo this import' });
    await undo.waitFor();
    assert.equal(made(), 1);
    await undo.click();
    await page.locator('[data-count="back"]').waitFor();
    assert.equal(await page.locator('[data-count="back"]').textContent(), '1');
    assert.equal(made(), 0);
  });
}

for (const [name, options, [send, check]] of [
  ['wide', {}, ['Upload and look', 'Check the rows']],
  ['narrow and dark', { size: { width: 320, height: 720 }, dark: true }, ['Upload and look', 'Check the rows']],
  ['in French', { locale: 'fr-FR' }, ['Envoyer et examiner', 'Vérifier les lignes']],
]) {
  test(`imports are accessible: ${name}`, async (t) => {
    const page = await open(t, '/admin/imports', { as: 'demo_admin_2', ...options });
    await accessible(page);
    assert.equal(await fits(page), true);
    await page.locator('#i-file').setInputFiles(csv());
    await page.getByRole('button', { name: send }).click();
    await page.locator('#c-ignored').check();
    await accessible(page);
    assert.equal(await fits(page), true);
    await page.getByRole('button', { name: check }).click();
    await page.locator('#errors').waitFor();
    await accessible(page);
    assert.equal(await fits(page), true);
    await page.locator('form[action$="/drop"] button').click();
    await page.locator('.flash-p').waitFor();
  });
}

for (const [name, options, words] of [
  ['wide', {}, { send: 'Upload and look', check: 'Check the rows', run: 'Import 1 row', undo: 'Undo this import' }],
  ['narrow, dark and in French', { size: { width: 320, height: 720 }, dark: true, locale: 'fr-FR' }, { send: 'Envoyer et examiner', check: 'Vérifier les lignes', run: 'Importer 1 ligne', undo: 'Annuler cet import' }],
]) {
  test(`attendance by file, with a reason after the lock date: ${name}`, async (t) => {
    const [[session]] = sql(`INSERT INTO occurrence (branch_id, course_id, title, session_date, start_time, end_time, zone, starts_at, ends_at)
      SELECT branch_id, id, 'Kept on paper', UTC_DATE() - INTERVAL 20 DAY, '05:00', '06:00', 'UTC', UTC_TIMESTAMP() - INTERVAL 20 DAY, UTC_TIMESTAMP() - INTERVAL 20 DAY FROM course WHERE code = 'DEMO101'; SELECT LAST_INSERT_ID();`);
    const page = await open(t, '/admin/imports', { as: 'demo_admin_2', ...options });
    await page.locator('#i-kind').selectOption('attendance');
    await page.locator('#i-file').setInputFiles({ name: 'marks.csv', mimeType: 'text/csv', buffer: Buffer.from(`student;session;status;remark\nDS0002;${session};P;\nDS0003;${session};?;\n`) });
    await accessible(page);
    await page.getByRole('button', { name: words.send }).click();
    await page.getByRole('button', { name: words.check }).click();
    await page.locator('#errors').waitFor();
    await page.locator('#i-why').waitFor();
    await accessible(page);
    assert.equal(await fits(page), true);
    await page.locator('#i-why').fill('Paper');
    await page.getByRole('button', { name: words.run }).click();
    await page.getByRole('button', { name: words.undo }).waitFor();
    await accessible(page);
    assert.equal(await fits(page), true);
    assert.equal(sql(`SELECT COUNT(*) FROM attendance_change WHERE why = 'Paper' AND attendance_id = (SELECT id FROM attendance_session WHERE occurrence_id = ${session})`)[0][0], '1');
    await page.getByRole('button', { name: words.undo }).click();
    await page.locator('[data-count="back"]').waitFor();
    assert.equal(sql(`SELECT COUNT(*) FROM attendance_session WHERE occurrence_id = ${session}`)[0][0], '0');
  });
}
