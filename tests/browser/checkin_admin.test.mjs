// What admins set up for checking in, on a desk and on a phone; a device with its key.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessible, open } from '../lib/browser.mjs';
import { anonymous } from '../lib/http.mjs';

const pages = ['/admin/devices', '/admin/devices/new', '/admin/devices/1', '/admin/check-in', '/admin/marks', '/admin/attendance', '/admin/attendance?closed=1'];
for (const [how, options] of [['on a desk', {}], ['on a phone, dark, in French', { size: { width: 320, height: 640 }, dark: true, locale: 'fr-FR' }]]) {
  test(`every page is accessible ${how}, and nothing sticks out`, async (t) => {
    const page = await open(t, pages[0], { as: 'demo_admin_1', ...options });
    for (const path of pages) {
      await page.goto(path);
      await accessible(page);
      const [inner, scroll] = await page.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth]);
      assert.ok(scroll <= inner, `${path} is ${scroll} wide in ${inner}`);
    }
  });
}

test('a device is added, gets its key, another one, and is blocked and ended', async (t) => {
  const code = `B${process.pid}`;
  const ask = async (key) => (await anonymous().get(`/api/device/command?device_id=${code}`, { headers: { 'x-device-key': key } })).status;
  const page = await open(t, '/admin/devices', { as: 'demo_admin_2', size: { width: 320, height: 640 } });
  await page.getByRole('link', { name: 'Add a device' }).click();
  await page.getByLabel('Id', { exact: true }).fill(code);
  await page.getByLabel('Where it stands').fill('Side door');
  await page.getByRole('button', { name: 'Add the device' }).click();
  await page.getByRole('heading', { name: 'The device is added' }).waitFor();
  await accessible(page);
  const [inner, scroll] = await page.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth]);
  assert.ok(scroll <= inner, `the key is ${scroll} wide in ${inner}`);
  const key = await page.locator('#shown').textContent();
  assert.equal(await ask(key), 200);
  await page.getByRole('link', { name: 'Done' }).click();
  await page.getByText('Online').waitFor();
  await page.getByRole('button', { name: 'Renew the key' }).click();
  const renewed = await page.locator('#shown').textContent();
  assert.deepEqual([await ask(key), await ask(renewed)], [401, 200]);
  await page.getByRole('link', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Block the device' }).click();
  await page.getByRole('heading', { name: 'Blocked' }).waitFor();
  assert.equal(await ask(renewed), 403);
  await page.getByRole('button', { name: 'End it' }).click();
  await page.getByText('Ended. What happened stays.').waitFor();
  assert.equal(await page.getByText(code).count(), 0);
});
