// Excuses and corrections as people meet them: on a phone, without scripts, in the dark, by keyboard;
// and a student who is in the room and could not check in.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessible, open } from '../lib/browser.mjs';
import { codeOf, newAttendance, newStudent, room } from '../lib/attendance.mjs';
import { marksOf, newLesson, opened } from '../lib/attending.mjs';
import { newAccount, sample } from '../lib/classroom.mjs';
import { signedIn, sql } from '../lib/http.mjs';

const small = { width: 320, height: 700 };
let n = 0;
const teacherOf = () => newAccount(`bt${process.pid}_${n += 1}`);
const student = (course) => newStudent(`bs${process.pid}_${n += 1}`, { course });
const wide = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/* Nothing is cut off; with scripts (axe is one) also accessible. */
async function looksRight(page, { scripts = true } = {}) {
  assert.equal(await wide(page), 0, `${page.url()} scrolls sideways`);
  const cut = await page.evaluate(() => [...document.querySelectorAll('main .btn, main .tag')]
    .filter((e) => e.checkVisibility() && (e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth + 1)).map((e) => e.textContent.trim()));
  assert.deepEqual(cut, [], page.url());
  if (scripts) await accessible(page);
}
const fits = (page) => looksRight(page, { scripts: false });

test('asking without scripts on a small phone, and what the teacher sees of it', async (t) => {
  const teacher = teacherOf();
  const lesson = newLesson({ teacher, n: 0, began: -90 });
  const name = student(lesson.course);
  const page = await open(t, '/today', { as: name, size: small, javaScript: false, mayComplain: [/422/] });
  await page.locator('.agenda li', { hasText: lesson.title }).getByRole('link', { name: 'Ask to be excused' }).click();
  await page.waitForURL(/\/excuses\/new\?session=/);
  await fits(page);
  assert.equal(await page.locator(`input[value="${lesson.id}"]`).isChecked(), true);
  await page.getByRole('button', { name: 'Send' }).click();
  assert.equal(await page.locator('#reason').getAttribute('aria-invalid'), 'true');
  await fits(page);
  await page.locator('#reason').fill('Stuck in a lift with a very long word: Donaudampfschifffahrtsgesellschaftskapitän');
  await page.locator('#file').setInputFiles({ name: 'attest.jpg', mimeType: 'image/jpeg', buffer: sample('im.jpg').bytes });
  await page.getByRole('button', { name: 'Send' }).click();
  await page.waitForURL(/\/excuses\?done=asked$/);
  await fits(page);

  const desk = await open(t, '/excuses/to-decide', { as: teacher, size: small, javaScript: false, mayComplain: [/422/] });
  await fits(desk);
  const card = desk.locator('article.claim', { hasText: lesson.title });
  await card.getByRole('button', { name: /^Reject/ }).click();
  await fits(desk);
  assert.match(await desk.locator('article.claim .err').textContent(), /reason/);
  await desk.locator('article.claim input[name="why"]').fill('Please send the certificate');
  await desk.locator('article.claim').getByRole('button', { name: /^Reject/ }).click();
  await desk.waitForURL(/done=rejected/);
  await page.reload();
  assert.match(await page.locator('main').textContent(), /Please send the certificate/);
});

test('deciding by keyboard, several at once, in the dark; the decision is taken back', async (t) => {
  const teacher = teacherOf();
  const lesson = await opened(await signedIn(teacher), { teacher, n: 0 });
  for (const name of [student(lesson.course), student(lesson.course)]) {
    const client = await signedIn(name);
    assert.equal((await client.post('/corrections', { attendance: lesson.attendance, wants: 'present', reason: 'I am here' })).status, 303);
  }
  const page = await open(t, `/excuses/to-decide?attendance=${lesson.attendance}`, { as: teacher, dark: true });
  await looksRight(page);
  const boxes = page.locator('.claims input[type="checkbox"]');
  assert.equal(await boxes.count(), 2);
  for (const i of [0, 1]) {
    await boxes.nth(i).focus();
    await page.keyboard.press('Space');
  }
  await page.locator('#several').getByRole('button', { name: 'Approve' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/done=approved&n=2/);
  assert.deepEqual(Object.values(marksOf(lesson.attendance)), ['present', 'present']);
  await page.getByRole('link', { name: 'Decided' }).click();
  await looksRight(page);
  await page.locator('article.claim').first().getByRole('button', { name: /^Take the decision back/ }).click();
  await page.waitForURL(/done=reopened/);
  assert.equal(Object.values(marksOf(lesson.attendance)).length, 1);
});

test('a check-in that was refused: one tap tells the teacher, who sees it in the console', async (t) => {
  const teacher = teacherOf();
  const name = newStudent(`bs${process.pid}_${n += 1}`);
  const session = newAttendance({ teacher, levels: { place: 'must' } });
  const page = await open(t, `/check-in?session=${session.id}`, { as: name, size: small, device: { permissions: ['geolocation'], geolocation: { latitude: room.latitude + 0.01, longitude: room.longitude, accuracy: 9 } } });
  await page.locator('#code').fill(codeOf(session));
  await page.locator('.flow-end button').click();
  await page.waitForURL(/\/check-in\/location$/);
  await page.getByRole('button', { name: /^Share/ }).click();
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.waitForURL(/\/check-in\/C-/);
  await page.getByRole('button', { name: 'I am in the room, tell my teacher' }).click();
  await page.getByText('Your teacher knows that you are in the room').waitFor();
  await looksRight(page);
  assert.deepEqual(sql(`SELECT i.wants, i.state, COUNT(*) FROM claim_item i WHERE i.attendance_id = ${session.id} GROUP BY 1, 2`), [['present', 'waiting', '1']]);

  const console = await open(t, `/attendance/${session.id}`, { as: teacher, size: small });
  const card = console.locator('#claims article.claim');
  assert.match(await card.textContent(), /I am in the room/);
  await looksRight(console);
  await card.getByRole('button', { name: /^Approve/ }).click();
  await console.locator('#claims').waitFor({ state: 'hidden' });
  assert.deepEqual(Object.values(marksOf(session.id)), ['present']);
  await page.reload();
});

test('a teacher excuses a student beforehand, without scripts', async (t) => {
  const teacher = teacherOf();
  const lesson = newLesson({ teacher, n: 2, began: -300 });
  const page = await open(t, lesson.path, { as: teacher, size: small, javaScript: false, mayComplain: [/422/] });
  await page.getByRole('link', { name: 'Excuses', exact: true }).click();
  await fits(page);
  await page.locator('#person').selectOption(String(lesson.students[0].id));
  await page.locator('#remark').fill('Open day');
  await page.getByRole('button', { name: 'Excuse', exact: true }).click();
  await page.waitForURL(/done=excused/);
  await fits(page);
  await page.getByRole('button', { name: /^Take back/ }).click();
  await page.waitForURL(/done=taken-back/);
});

test('the pages of corrections, in French and dark', async (t) => {
  const teacher = teacherOf();
  const lesson = await opened(await signedIn(teacher), { teacher, n: 0 });
  const page = await open(t, `/corrections/new?attendance=${lesson.attendance}`, { as: student(lesson.course), size: small, dark: true, locale: 'fr-FR', mayComplain: [/422/] });
  assert.match(await page.locator('h1').textContent(), /Demander une correction/);
  await looksRight(page);
  await page.goto('/excuses');
  await looksRight(page);
  await page.goto(`/excuses/new?session=${lesson.id}`);
  await looksRight(page);
  await page.locator('form.flow button').click();
  await page.locator('#reason-e').waitFor();
  await looksRight(page);
});

test('the page of a session’s excuses, with an error, on a small phone', async (t) => {
  const teacher = teacherOf();
  const lesson = newLesson({ teacher, n: 2, began: -300 });
  const page = await open(t, `/sessions/${lesson.id}/excuses`, { as: teacher, size: small, mayComplain: [/422/] });
  await looksRight(page);
  await page.getByRole('button', { name: 'Excuse', exact: true }).click();
  await page.locator('#person-e').waitFor();
  await looksRight(page);
});
