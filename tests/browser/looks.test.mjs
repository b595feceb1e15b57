// Every page, light and dark, wide and narrow: no breach of WCAG 2.2 AA that axe
// sees, nothing sideways at 320 pixels, nothing the content policy refuses.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessible, open } from '../lib/browser.mjs';
import { sql } from '../lib/http.mjs';
import { newAttendance } from '../lib/attendance.mjs';
import { newSession } from './sessions.mjs';

const completed = () => sql(`SELECT o.id FROM occurrence o JOIN completion c ON c.live_occurrence_id = o.id JOIN account a ON a.person_id = o.teacher_id
  WHERE a.username = 'demo_teacher_1' AND o.state = 'completed' ORDER BY c.file_count DESC, o.id LIMIT 1`)[0][0];

const pages = [
  ['sign-in', null, () => '/sign-in'],
  ['upcoming', 'demo_teacher_1', () => '/sessions'],
  ['completed', 'demo_teacher_1', () => '/sessions?tab=completed'],
  ['history', 'demo_teacher_1', () => '/sessions?tab=history'],
  ['nothing found', 'demo_teacher_1', () => '/sessions?tab=history&q=no+session+has+this+title'],
  ['no sessions', 'demo_teacher_4', () => '/sessions'],
  ['all of an admin', 'demo_admin_1', () => '/sessions?tab=completed'],
  ['session', 'demo_teacher_1', () => `/sessions/${completed()}`],
  ['complete', 'demo_teacher_1', () => `/sessions/${newSession().id}/complete`],
  ['cancel', 'demo_teacher_1', () => `/sessions/${newSession().id}/cancel`],
  ['account', 'demo_teacher_1', () => '/account'],
  ['today', 'demo_student_1', () => '/today'],
  ['own history', 'demo_student_2', () => '/history'],
  ['check in', 'demo_student_1', () => '/check-in'],
  ['check-in that is paused', 'demo_student_1', () => `/check-in?session=${newAttendance({ course: 1, state: 'paused' }).id}`],
  ['check-in without a code', 'demo_student_1', () => `/check-in?session=${newAttendance({ course: 1, levels: { code: 'off' } }).id}`],
  ['a page of the staff, for a student', 'demo_student_1', () => '/sessions'],
  ['account of a student', 'demo_student_1', () => '/account'],
  ['not found', 'demo_teacher_1', () => '/nowhere'],
  ['notifications', 'demo_teacher_1', () => '/notifications'],
  ['requests', 'demo_teacher_1', () => '/requests'],
  ['requests of an admin', 'demo_admin_1', () => '/admin/requests'],
  ['sessions of an admin', 'demo_admin_1', () => '/admin/sessions'],
  ['check-in policies', 'demo_admin_1', () => '/admin/check-in'],
  ['uploads', 'demo_admin_1', () => '/admin/uploads'],
];

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

for (const [name, as, path] of pages) {
  test(`${name}: light, dark and 320 pixels wide`, async (t) => {
    const mayComplain = ['not found', 'a page of the staff, for a student'].includes(name) ? [/404/] : [];
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
    const mayComplain = ['not found', 'a page of the staff, for a student'].includes(name) ? [/404/] : [];
    const page = await open(t, path(), { as, mayComplain, locale: 'fr-FR', size: { width: 320, height: 800 } });
    assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, 'scrolls sideways');
    assert.deepEqual(await cutOff(page), []);
    assert.deepEqual(await misplaced(page), []);
  });
}

test('with forced colours only the current place is marked in the top bar', async (t) => {
  const page = await open(t, '/requests', { as: 'demo_teacher_1', device: { forcedColors: 'active' } });
  const lines = await page.evaluate(() => [...document.querySelectorAll('.bar nav a')].map((a) => {
    const paper = getComputedStyle(document.body).backgroundColor;
    return [a.hasAttribute('aria-current'), getComputedStyle(a).borderBlockEndColor !== paper];
  }));
  assert.ok(lines.length > 1 && lines.some(([isHere]) => isHere));
  for (const [isHere, isSeen] of lines) assert.equal(isSeen, isHere);
});
