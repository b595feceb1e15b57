// The pages of people: accessible light, dark and narrow, by keyboard, with and without script.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessible, open } from '../lib/browser.mjs';
import { auth, freshEmail, said } from '../lib/c001.mjs';
import { otherBranch } from '../lib/classroom.mjs';
import { sql } from '../lib/http.mjs';

const as = 'demo_admin_1';
const idOf = (username) => sql(`SELECT person_id FROM account WHERE username = '${username}'`)[0][0];
const one = (text) => sql(text)[0][0];
const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
const cutOff = (page) => page.evaluate(() => [...document.querySelectorAll('main .btn, main .tag, main td, main dd, main h1')]
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth).map((e) => e.textContent.trim().slice(0, 60)));

const pages = [
  ['list', () => '/admin/people'],
  ['nobody found', () => '/admin/people?q=nobodyatall'],
  ['person with groups', () => `/admin/people/${idOf('demo_student_1')}`],
  ['registrations', () => '/admin/people/registrations'],
  ['edit', () => `/admin/people/${idOf('demo_student_2')}/edit`],
  ['account', () => `/admin/accounts/${one("SELECT id FROM account WHERE username = 'demo_student_2'")}`],
  ['membership', () => `/admin/memberships/${one('SELECT MIN(id) FROM section_member')}`],
];

for (const [name, path] of pages) {
  test(`${name}: light, dark, 320 pixels wide, French`, async (t) => {
    const page = await open(t, path(), { as, locale: 'fr-FR' });
    for (const details of await page.locator('main details').all()) await details.locator('summary').click();
    await accessible(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await accessible(page);
    await page.setViewportSize({ width: 320, height: 800 });
    assert.equal(await sideways(page), false);
    assert.deepEqual(await cutOff(page), []);
    await accessible(page);
  });
}

test('what happened with a person stands in sentences, each beside its time', async (t) => {
  const page = await open(t, `/admin/people/${idOf('demo_admin_1')}`, { as, size: { width: 390, height: 844 } });
  const lines = await page.locator('.ledger > li').evaluateAll((rows) => rows.map((row) => {
    const [time, text] = [...row.children].map((e) => e.getBoundingClientRect());
    return { isBeside: time.right <= text.left + 1 && Math.abs(time.top - text.top) < 2 && time.bottom <= row.getBoundingClientRect().bottom + 1, said: row.children[1].textContent };
  }));
  assert.ok(lines.some(({ said }) => said.startsWith('Signed in')));
  for (const { isBeside, said } of lines) {
    assert.ok(isBeside, said);
    assert.doesNotMatch(said, /^[a-z_]+\.[a-z_]+/, 'a code');
  }
});

test('typing in the search narrows the list and keeps the address', async (t) => {
  const page = await open(t, '/admin/people', { as });
  await page.keyboard.press('/');
  await page.keyboard.type('student 12');
  await page.waitForURL(/q=student\+12|q=student%2012/);
  await page.locator('#results').getByRole('link', { name: 'Demo Student 12' }).waitFor();
  assert.equal(await page.locator('#results tbody tr').count(), 1);
  await page.reload();
  assert.equal(await page.getByLabel('Search').inputValue(), 'student 12');
});

test('by keyboard: a person is added, refused at the field, and added again', async (t) => {
  const name = `Keyboard ${process.pid}`;
  const page = await open(t, '/admin/people', { as, mayComplain: [/422/] });
  await page.getByRole('link', { name: 'Add a person' }).press('Enter');
  await page.getByLabel('Given name').press('Enter');
  await page.locator('#p-family-e').waitFor();
  assert.equal(await page.locator('#p-family').getAttribute('aria-invalid'), 'true');
  await page.locator('#p-family').focus();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await page.getByRole('status').getByText('The person is added.', { exact: false }).waitFor();
  sql(`DELETE FROM person WHERE family_name = '${name}'`);
});

for (const javaScript of [true, false]) {
  test(`into a group, twice: the dates that clash are shown${javaScript ? '' : ', without script'}`, async (t) => {
    const [[person]] = sql(`INSERT INTO person (branch_id, given_name, family_name) VALUES (1, 'Clash', 'Test'); SELECT LAST_INSERT_ID()`);
    const page = await open(t, `/admin/people/${person}`, { as, javaScript, mayComplain: [/409/] });
    const add = async () => {
      const groups = page.locator('#groups');
      if (await groups.locator('details').getAttribute('open') === null) await groups.locator('summary').click();
      await groups.getByLabel('Group', { exact: true }).selectOption({ index: 1 });
      await groups.getByRole('button', { name: 'Add' }).click();
    };
    await add();
    await page.getByText('Put into the group.').waitFor();
    await add();
    await page.getByText(/It is there already since/).waitFor();
    if (javaScript) await accessible(page);
    sql(`DELETE FROM section_member WHERE person_id = ${person}; DELETE FROM person WHERE id = ${person};
      UPDATE class c SET n_members = (SELECT COUNT(DISTINCT m.person_id) FROM class_section s JOIN section_member m ON m.section_id = s.section_id WHERE s.class_id = c.id) WHERE c.id <= 3`);
  });
}

test('ended with one click, and taken back with another', async (t) => {
  const [[person]] = sql(`INSERT INTO person (branch_id, given_name, family_name) VALUES (1, 'Undo', 'Test'); SELECT LAST_INSERT_ID()`);
  const page = await open(t, `/admin/people/${person}/edit`, { as });
  await page.getByRole('button', { name: 'End this person' }).click();
  await page.getByText(/Codes are free again/).waitFor();
  await accessible(page);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText(/^Restored/).first().waitFor();
  assert.equal(one(`SELECT ended_at FROM person WHERE id = ${person}`), null);
  sql(`DELETE FROM person WHERE id = ${person}`);
});

/* The last of the file: the institution has two branches from here on. */
for (const javaScript of [true, false]) {
  test(`who registered is approved into another branch${javaScript ? '' : ', without script'}`, async (t) => {
    otherBranch();
    const email = freshEmail();
    said(await auth('POST', 'register', { name: 'Amina Ait Ali', email, password: 'blue-river-42', role: 'student' }), 201, 'User registered successfully');
    const person = one(`SELECT person_id FROM account WHERE email = '${email}'`);
    const page = await open(t, '/admin/people/registrations', { as, javaScript });
    const row = page.getByRole('row').filter({ hasText: email });
    assert.equal(await row.getByLabel('Branch of Amina Ait Ali').locator('option:checked').textContent(), 'Main campus');
    if (javaScript) {
      await accessible(page);
      await page.setViewportSize({ width: 320, height: 800 });
      assert.equal(await sideways(page), false);
      assert.deepEqual(await cutOff(page), []);
      await accessible(page);
    }
    await row.getByLabel('Branch of Amina Ait Ali').selectOption({ label: 'Far campus' });
    await row.getByRole('button', { name: 'Approve Amina Ait Ali' }).click();
    await page.getByRole('status').getByText('Approved.', { exact: false }).waitFor();
    assert.equal(one(`SELECT branch_id FROM person WHERE id = ${person}`), '90');
    await page.getByRole('link', { name: 'Open the person' }).click();
    await page.getByRole('heading', { level: 1, name: 'Amina Ait Ali' }).waitFor();
    assert.equal(await page.locator('main').getByText('Far campus').count() > 0, true);
  });
}
