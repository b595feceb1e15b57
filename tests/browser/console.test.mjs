// The teacher's console: by keyboard alone, without scripts, two at once, undo, flagged, offline.
import assert from 'node:assert/strict';
import test from 'node:test';
import { flaggedAttempt, marksOf, opened, setMark } from '../lib/attending.mjs';
import { as } from '../lib/classroom.mjs';
import { accessible, open } from '../lib/browser.mjs';
import { sql, until } from '../lib/http.mjs';

const wide = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const marked = (lesson, n) => until(`${n} marks`, () => Object.keys(marksOf(lesson.attendance)).length === n);
const row = (page, student) => page.locator(`#s${student.id}`);
const radio = (page, student, name) => page.getByRole('group', { name: student.name }).getByRole('radio', { name });
const lesson = async (options) => opened(await as(options?.teacher ?? 'demo_teacher_1'), options);

test('thirty students are marked with keys alone, in order, and undone exactly', async (t) => {
  const hall = await lesson({ n: 30 });
  const page = await open(t, hall.console, { as: 'demo_teacher_1' });
  await page.keyboard.press('j');
  const wanted = hall.students.map((_, i) => 'plea'[i % 4 === 3 ? 3 : i % 3]);
  for (const key of wanted) await page.keyboard.press(key);
  await marked(hall, 30);
  const words = { p: 'present', l: 'late', e: 'excused', a: 'absent' };
  assert.deepEqual(marksOf(hall.attendance), Object.fromEntries(hall.students.map(({ id }, i) => [id, words[wanted[i]]])));
  await page.locator('#totals [data-n="n"]').getByText('0', { exact: true }).waitFor();
  await page.getByText(/^Saved at \d\d:\d\d$/).waitFor();
  /* Back, then clear by key, then take both back. */
  await page.keyboard.press('Control+z');
  await until('the last one is without a mark', () => marksOf(hall.attendance)[hall.students[29].id] === undefined);
  await page.keyboard.press('k');
  await page.keyboard.press('Backspace');
  await marked(hall, 28);
  await page.keyboard.press('Control+z');
  await until('it is as it was', () => marksOf(hall.attendance)[hall.students[28].id] === words[wanted[28]]);
  assert.ok(await radio(page, hall.students[28], { p: 'Present', l: 'Late', e: 'Excused', a: 'Absent' }[wanted[28]]).isChecked());
  /* Keys do nothing while typing. */
  await page.keyboard.press('/');
  await page.keyboard.type('pale');
  assert.equal(await page.locator('#q').inputValue(), 'pale');
  assert.equal(Object.keys(marksOf(hall.attendance)).length, 29);
  await page.keyboard.press('Escape');
});

test('without scripts it is a form: save, the rest, undo, one student', async (t) => {
  const hall = await lesson({ n: 6 });
  const [a, b] = hall.students;
  const page = await open(t, hall.console, { as: 'demo_teacher_1', javaScript: false });
  await row(page, a).getByRole('radio', { name: 'Present' }).check({ force: true });
  await row(page, b).getByRole('radio', { name: 'Late' }).check({ force: true });
  await page.getByRole('button', { name: 'Save register' }).click();
  await page.getByText('2 marks are saved.').waitFor();
  await page.getByRole('button', { name: 'Mark the other 4 absent' }).click();
  await page.getByText('4 marks are saved.').waitFor();
  assert.equal(Object.keys(marksOf(hall.attendance)).length, 6);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByText('Undone: 4 marks are as they were before.').waitFor();
  assert.deepEqual(marksOf(hall.attendance), { [a.id]: 'present', [b.id]: 'late' });
  await page.getByRole('link', { name: b.name }).click();
  await page.getByLabel('Minutes late').fill('12');
  await page.getByRole('textbox', { name: 'Remark' }).fill('Train');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('12 min late; Train').waitFor();
  await page.getByRole('link', { name: 'Close check-in' }).click();
  await page.getByText('4 students have no mark and will be absent.').waitFor();
  await page.getByRole('button', { name: 'Close check-in' }).click();
  await page.getByText('4 students without a mark are absent now.').waitFor();
});

test('names of any length stand in full on a narrow phone, beside the marks', async (t) => {
  const hall = await lesson({ n: 4 });
  const names = [['Maximiliane-Theodora', 'von und zu Hohenstein-Wittgenstein de la Montagne'], ['Donaudampfschifffahrts', 'Kapitänswitwenrentenauszahlung'], ['O', 'O'], ['Ana', 'Li']];
  names.forEach(([given, family], i) => sql(`UPDATE person SET given_name = '${given}', family_name = '${family}' WHERE id = ${hall.students[i].id}`));
  flaggedAttempt(hall.attendance, hall.students[1].id);
  await setMark(await as('demo_teacher_1'), hall, hall.students[0].id, 'l');
  const page = await open(t, hall.console, { as: 'demo_teacher_1', size: { width: 320, height: 700 }, device: { hasTouch: true, isMobile: true } });
  assert.equal(await wide(page), 0);
  const faults = await page.evaluate(() => [...document.querySelectorAll('.roster .nm, .roster .by')].filter((e) => {
    const marks = e.closest('li').querySelector('.marks').getBoundingClientRect();
    return e.checkVisibility() && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1 || e.getBoundingClientRect().right > marks.left + 1);
  }).map((e) => e.textContent));
  assert.deepEqual(faults, []);
  assert.equal(await page.locator('.roster .av-flag').isVisible(), true);
  await accessible(page);
});

test('two teachers at once: marks come in without moving the focus, a clash is shown with both choices', async (t) => {
  const hall = await lesson({ n: 4 });
  const [a, b, c] = hall.students;
  const page = await open(t, hall.console, { as: 'demo_teacher_1', mayComplain: [/409/, /ERR_FAILED/] });
  const admin = await as('demo_admin_2');
  /* Without its stream the page asks, so that what it knows can be held back here. */
  await page.route('**/stream?*', (route) => route.abort());
  await page.reload();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const focused = () => page.evaluate(() => document.activeElement.closest('li')?.dataset.p);
  assert.equal(await focused(), String(c.id));
  await setMark(admin, hall, a.id, 'e');
  await until('the other mark is here', () => radio(page, a, 'Excused').isChecked());
  await row(page, a).getByText('Demo Admin 2, ').waitFor();
  assert.equal(await focused(), String(c.id), 'the focus stays');
  /* At the same moment: the page has not heard of it yet. */
  await page.route('**/live', (route) => route.fulfill({ status: 304 }));
  await setMark(admin, hall, b.id, 'l');
  await radio(page, b, 'Present').check({ force: true });
  await row(page, b).getByText('Demo Admin 2 set Late meanwhile.').waitFor();
  assert.equal(marksOf(hall.attendance)[b.id], 'late');
  await accessible(page);
  await row(page, b).getByRole('button', { name: 'Set Present' }).click();
  await until('mine stands', () => marksOf(hall.attendance)[b.id] === 'present');
  await setMark(admin, hall, c.id, 'l');
  await radio(page, c, 'Absent').check({ force: true });
  await row(page, c).getByRole('button', { name: 'Keep Late' }).click();
  assert.ok(await radio(page, c, 'Late').isChecked());
  assert.equal(marksOf(hall.attendance)[c.id], 'late');
});

test('the stream brings marks, and takes nothing from the hand', async (t) => {
  const hall = await lesson({ n: 3 });
  const [a, b] = hall.students;
  const page = await open(t, hall.console, { as: 'demo_teacher_1' });
  /* Nothing comes by asking. */
  await page.route('**/live', (route) => route.fulfill({ status: 304 }));
  const admin = await as('demo_admin_2');
  await page.locator('#q').fill('Given');
  await setMark(admin, hall, a.id, 'e');
  await until('the other mark is here', () => radio(page, a, 'Excused').isChecked());
  await page.locator('#totals [data-n="e"]').getByText('1', { exact: true }).waitFor();
  assert.equal(await page.locator('#q').inputValue(), 'Given');
  await setMark(admin, hall, b.id, 'l');
  await until('the next one as well', () => radio(page, b, 'Late').isChecked());
});

test('flagged check-ins are decided by keys, with a reason, and new ones come in', async (t) => {
  const hall = await lesson({ n: 3 });
  const [a, b, c] = hall.students;
  flaggedAttempt(hall.attendance, a.id);
  flaggedAttempt(hall.attendance, b.id);
  const page = await open(t, hall.console, { as: 'demo_teacher_1' });
  await page.getByText('Location: 420 m away, 60 m allowed, accuracy 35 m.').first().waitFor();
  await accessible(page);
  await page.keyboard.press('f');
  await page.keyboard.press('y');
  await until('accepted', () => marksOf(hall.attendance)[a.id] === 'present');
  await until('one is left', async () => await page.locator('[data-attempt]').count() === 1);
  assert.equal(await page.evaluate(() => document.activeElement.matches('[data-attempt]')), true, 'the next one has the focus');
  await page.getByLabel(`Reason for ${b.name}`).fill('Not in the room');
  await page.locator('[data-attempt]').focus();
  await page.keyboard.press('x');
  await until('rejected', () => sql(`SELECT decided_why FROM attendance_attempt WHERE attendance_id = ${hall.attendance} AND person_id = ${b.id}`)[0][0] === 'Not in the room');
  flaggedAttempt(hall.attendance, c.id);
  await page.getByRole('link', { name: `Flagged, review the check-in of ${c.name}` }).or(row(page, c).locator('.av-flag')).first().waitFor();
  await page.locator('[data-attempt]').waitFor();
});

test('a lost network keeps the marks and sends them when it is back', async (t) => {
  const hall = await lesson({ n: 5 });
  const page = await open(t, hall.console, { as: 'demo_teacher_1', mayComplain: [/ERR_INTERNET_DISCONNECTED/] });
  await page.keyboard.press('j');
  await page.keyboard.press('p');
  await marked(hall, 1);
  await page.context().setOffline(true);
  for (const key of ['l', 'e', 'a']) await page.keyboard.press(key);
  await page.getByText('Connection lost.').waitFor();
  await page.getByText('Marks that wait here and are sent when it is back: 3').waitFor();
  assert.equal(Object.keys(marksOf(hall.attendance)).length, 1);
  await page.keyboard.press('Control+z');
  await page.context().setOffline(false);
  await marked(hall, 3);
  await page.getByText('Connection lost.').waitFor({ state: 'hidden' });
  const [, b, c] = hall.students;
  assert.deepEqual([marksOf(hall.attendance)[b.id], marksOf(hall.attendance)[c.id]], ['late', 'excused']);
});

test('rest, undo button, searching while typing, pause and closing', async (t) => {
  const hall = await lesson({ n: 8 });
  const page = await open(t, hall.console, { as: 'demo_teacher_1' });
  await page.getByRole('button', { name: 'Mark the other 8 present' }).click();
  await page.getByText('Marked: 8').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await until('undone', () => Object.keys(marksOf(hall.attendance)).length === 0);
  await page.locator('#q').fill('given003');
  await until('one row', async () => await page.locator('.roster > li:visible').count() === 1);
  assert.match(page.url(), /q=given003/);
  await page.locator('#q').fill('nobody');
  await page.getByText('No student matches.').waitFor();
  await page.locator('#q').fill('');
  await page.getByRole('link', { name: /^No mark/ }).click();
  await page.waitForURL(/show=none/);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Nobody can check in until you resume it.').waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: '5 min' }).click();
  await page.getByText('Check-in stays open 5 minutes longer.').waitFor();
});

const views = [
  ['console', (h) => h.console], ['one student', (h) => `${h.console}/students/${h.students[0].id}`], ['close', (h) => `${h.console}/close`],
  ['settings', (h) => `${h.console}/settings`], ['register', (h) => `${h.path}/register`], ['sheet', (h) => `${h.path}/sheet`], ['course', (h) => `/courses/${h.course}/attendance`],
  ['session', (h) => h.path], ['running ones', () => '/attendance'],
];
for (const [name, path] of views) {
  test(`${name}: light, dark, French and 320 pixels wide`, async (t) => {
    const hall = await lesson({ n: 4 });
    await setMark(await as('demo_teacher_1'), hall, hall.students[0].id, 'l');
    flaggedAttempt(hall.attendance, hall.students[1].id);
    const page = await open(t, path(hall), { as: 'demo_teacher_1', size: { width: 1440, height: 900 } });
    await accessible(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await accessible(page);
    const narrow = await open(t, path(hall), { as: 'demo_teacher_1', locale: 'fr-FR', size: { width: 320, height: 800 } });
    assert.equal(await wide(narrow), 0, 'scrolls sideways');
    await accessible(narrow);
  });
}
