// Schedules, rooms and closures as people use them: on a phone, by keyboard, without script.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessible, open } from '../lib/browser.mjs';
import { sql } from '../lib/http.mjs';

let stamp = 0;
function ownGroup() {
  stamp += 1;
  const name = `Browser ${process.pid} ${stamp}`;
  return { name, id: Number(sql(`INSERT INTO class (branch_id, name) VALUES (1, '${name}'); SELECT LAST_INSERT_ID()`).at(-1)[0]) };
}

const pages = ['/admin/schedules', '/admin/schedules/new', '/admin/rooms', '/admin/rooms/new', '/admin/closures', '/admin/closures/new', '/admin/rooms/1'];
for (const [how, options] of [['on a desk', {}], ['on a phone, dark, in French', { size: { width: 320, height: 640 }, dark: true, locale: 'fr-FR' }]]) {
  test(`every page is accessible ${how}, and nothing sticks out`, async (t) => {
    const page = await open(t, pages[0], { as: 'demo_admin_2', ...options });
    for (const path of pages) {
      await page.goto(path);
      await accessible(page);
      const [inner, scroll] = await page.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth]);
      assert.ok(scroll <= inner, `${path} is ${scroll} wide in ${inner}`);
    }
  });
}

async function fill(page, group) {
  await page.getByLabel('Group').selectOption(String(group.id));
  await page.getByLabel('First day').fill('2035-03-01');
  await page.getByLabel('Last day').fill('2035-03-31');
  await page.getByLabel('Monday').first().check();
  await page.locator('#start_time').fill('09:00');
  await page.locator('#end_time').fill('10:30');
}

test('a schedule is checked in place and saved', async (t) => {
  const group = ownGroup();
  const page = await open(t, '/admin/schedules/new', { as: 'demo_admin_2' });
  await fill(page, group);
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByRole('heading', { name: 'What will happen' }).waitFor();
  assert.match(page.url(), /\/new$/);
  await page.getByText('No clash of room, teacher or group.').waitFor();
  await accessible(page);
  await page.getByRole('button', { name: 'Add the schedule' }).click();
  await page.getByText('is added.').waitFor();
  assert.equal(sql(`SELECT COUNT(*) FROM occurrence WHERE class_id = ${group.id}`)[0][0], '4');
});

test('without script: another time, a clash, a tick', async (t) => {
  const group = ownGroup();
  const page = await open(t, '/admin/schedules/new', { as: 'demo_admin_2', javaScript: false, mayComplain: [/409/], size: { width: 320, height: 640 } });
  await fill(page, group);
  await page.getByRole('button', { name: 'Add another time' }).click();
  await page.getByLabel('Wednesday').nth(1).check();
  await page.locator('#slot2_start').fill('14:00');
  await page.locator('#slot2_end').fill('15:00');
  await page.getByRole('button', { name: 'Add the schedule' }).click();
  await page.getByText('is added.').waitFor();
  assert.equal(sql(`SELECT COUNT(*) FROM occurrence WHERE class_id = ${group.id}`)[0][0], '8');
  await page.goto('/admin/schedules/new');
  await fill(page, group);
  await page.getByRole('button', { name: 'Add the schedule' }).click();
  await page.getByText('4 clashes with what is planned already:').waitFor();
  await page.getByLabel('Save all the same').check();
  await page.getByRole('button', { name: 'Add the schedule' }).click();
  await page.getByText('is added.').waitFor();
});

test('one session is moved by keyboard and moved back', async (t) => {
  const group = ownGroup();
  const [[id]] = sql(`INSERT INTO occurrence (branch_id, class_id, title, session_date, start_time, end_time, zone, starts_at, ends_at)
    VALUES (1, ${group.id}, '${group.name}', '2035-04-02', '09:00', '10:00', 'UTC', '2035-04-02 09:00', '2035-04-02 10:00'); SELECT LAST_INSERT_ID()`).slice(-1);
  const page = await open(t, `/sessions/${id}`, { as: 'demo_admin_2' });
  await page.getByRole('link', { name: 'Move', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Day').fill('2035-04-03');
  await page.getByLabel('Reason').fill('Fire drill');
  await accessible(page);
  await page.getByRole('button', { name: 'Move the session' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('is moved.').waitFor();
  await page.getByText('Fire drill').waitFor();
  await accessible(page);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('is back where it was.').waitFor();
  assert.equal(sql(`SELECT session_date FROM occurrence WHERE id = ${id}`)[0][0], '2035-04-02');
});
