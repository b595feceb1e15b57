// What a page must look like, light and dark, wide and narrow, in French and from right to left.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessible, open } from '../lib/browser.mjs';

/* Buttons, tabs and tags whose words stick out of them or of the page. */
const cutOff = (page) => page.evaluate(() => [...document.querySelectorAll('main .btn, .tabs a, .tag, .bar a, .tbl-flow td')]
  .filter((e) => e.checkVisibility() && (e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth))
  .map((e) => e.textContent.trim().slice(0, 60)));

/* Tabs that have to be scrolled to, and buttons of filters that stand before what they apply. */
const misplaced = (page) => page.evaluate(() => [
  ...[...document.querySelectorAll('.tabs')].filter((e) => e.scrollWidth > e.clientWidth + 1),
  ...[...document.querySelectorAll('.filters:not(:has(.search)) > .btn')].filter((button) => [...button.parentNode.querySelectorAll('select, input:not([type="hidden"])')].some((field) => {
    const [a, b] = [field.getBoundingClientRect(), button.getBoundingClientRect()];
    return a.bottom > b.bottom + 1 || (Math.abs(a.bottom - b.bottom) < 2 && a.left > b.left);
  })),
].map((e) => e.textContent.trim().slice(0, 60)));

export function looksWell(pages, { mayComplain: complaints = {} } = {}) {
  for (const [name, as, path] of pages) {
    test(`${name}: light, dark and 320 pixels wide`, async (t) => {
      const mayComplain = complaints[name];
      const page = await open(t, path(), { as, mayComplain, size: { width: 1440, height: 900 } });
      await accessible(page);
      await page.emulateMedia({ colorScheme: 'dark' });
      await accessible(page);
      await page.setViewportSize({ width: 320, height: 800 });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(over, 0, 'scrolls sideways');
      assert.deepEqual(await cutOff(page), []);
      assert.deepEqual(await misplaced(page), []);
      await accessible(page);
      await page.evaluate(() => { document.documentElement.dir = 'rtl'; });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, 'scrolls sideways from right to left');
      assert.deepEqual(await cutOff(page), []);
    });

    test(`${name}: French, whose words are longer, 320 pixels wide`, async (t) => {
      const mayComplain = complaints[name];
      const page = await open(t, path(), { as, mayComplain, locale: 'fr-FR', size: { width: 320, height: 800 } });
      assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, 'scrolls sideways');
      assert.deepEqual(await cutOff(page), []);
      assert.deepEqual(await misplaced(page), []);
    });
  }
}
