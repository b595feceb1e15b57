// Every page, light and dark, wide and narrow: no breach of WCAG 2.2 AA that axe
// sees, nothing sideways at 320 pixels, nothing the content policy refuses.
import assert from 'node:assert/strict';
import test from 'node:test';
import { newAttendance } from '../lib/attendance.mjs';
import { open } from '../lib/browser.mjs';
import { sql } from '../lib/http.mjs';
import { newSession } from './sessions.mjs';
import { looksWell } from './looking.mjs';

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
];

looksWell(pages, { mayComplain: { 'not found': [/404/], 'a page of the staff, for a student': [/404/] } });

for (const locale of ['en-GB', 'fr-FR']) test(`the bar of an admin fits at every width, ${locale}`, async (t) => {
  const page = await open(t, '/account', { as: 'demo_admin_1', locale });
  for (let width = 320; width <= 1440; width += 40) {
    await page.setViewportSize({ width, height: 700 });
    const [wide, name] = await page.evaluate(() => [document.documentElement.scrollWidth, document.querySelector('.bar-end summary').clientHeight]);
    assert.ok(wide <= width, `${wide} at ${width}`);
    assert.ok(name <= 44, `the name is ${name} high at ${width}`);
  }
});
