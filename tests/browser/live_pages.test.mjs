// Open pages follow what others do, without a reload and without taking anything from the hand.
import assert from 'node:assert/strict';
import test from 'node:test';
import { newStudent } from '../lib/attendance.mjs';
import { opened } from '../lib/attending.mjs';
import { open } from '../lib/browser.mjs';
import { connect, newClass, newMeeting } from '../lib/c001_live.mjs';
import { as, newAccount, newSession, uploaded, versionOf } from '../lib/classroom.mjs';
import { signedIn } from '../lib/http.mjs';

/* Has the page been loaded anew since? */
const marked = (page) => page.evaluate(() => { globalThis.isStill = true; });
const isStill = (page) => page.evaluate(() => globalThis.isStill === true);

test('the queue of uploads: what arrives stands in it at once', async (t) => {
  const page = await open(t, '/admin/uploads', { as: 'demo_admin_1' });
  await marked(page);
  await page.locator('#f-kind').focus();
  const teacher = await as('demo_teacher_1');
  const session = newSession();
  await uploaded(teacher, session, 'ffmpeg.png', 'arrives while you look.png');
  await page.getByText('arrives while you look.png').first().waitFor();
  assert.equal(await isStill(page), true);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'f-kind', 'the focus stays');
});

test('the bell counts what comes, and the list of notifications follows', async (t) => {
  const name = newAccount('bell-rings');
  const page = await open(t, '/notifications', { as: name });
  await marked(page);
  assert.equal(await page.locator('#bell .dot-count').count(), 0);
  /* A real change: an admin cancels a session of theirs. */
  const session = newSession({ teacher: name, day: -1, title: 'Cancelled while you look' });
  const admin = await as('demo_admin_1');
  assert.equal((await admin.post(`${session.path}/cancel`, { version: versionOf(session.id), reason: 'Flooded' })).status, 303);
  await page.locator('#bell .dot-count').getByText('1').waitFor();
  assert.equal(await isStill(page), true);
});

test('a question of a student stands in the console at once, and waits while one writes', async (t) => {
  const teacher = await as('demo_teacher_1');
  const hall = await opened(teacher, { n: 1 });
  const page = await open(t, hall.console, { as: 'demo_teacher_1' });
  await marked(page);
  const ask = async (name, reason) => {
    const pupil = await signedIn(newStudent(name, { course: hall.course }));
    assert.equal((await pupil.post('/corrections', { attendance: hall.attendance, wants: 'present', reason })).status, 303);
  };
  await ask(`ask1_${process.pid}`, 'I sit in the last row');
  await page.locator('#claims').getByText('I sit in the last row').waitFor();
  await page.locator('#claims input[name="why"]').fill('I do not');
  await ask(`ask2_${process.pid}`, 'My battery is empty');
  await page.waitForTimeout(1500);
  assert.equal(await page.locator('#claims input[name="why"]').inputValue(), 'I do not');
  await page.locator('#claims input[name="why"]').fill('');
  await page.locator('#q').focus();
  await page.locator('#claims').getByText('My battery is empty').waitFor();
  assert.equal(await isStill(page), true);
});

test('who joins with an app stands in the console at once, and who is lost, too', async (t) => {
  const course = newClass({ students: 1 });
  const id = newMeeting(course);
  const place = (await (await signedIn(course.teacher.name)).post(`/sessions/${id}/attendance`)).headers.location;
  const page = await open(t, place, { as: course.teacher.name });
  await marked(page);
  const student = await connect(t, course.students[0]);
  await student.ask('joinAttendanceSession', { session_id: id }, 'attendanceSessionJoined');
  await page.getByText('joined, online').waitFor();
  student.close();
  await page.getByText('joined, not online').waitFor();
  assert.equal(await isStill(page), true);
});

test('a check-in that is closed goes on when the session is opened again', async (t) => {
  const teacher = await as('demo_teacher_1');
  const hall = await opened(teacher, { n: 1 });
  assert.equal((await teacher.post(`${hall.console}/close`)).status, 303);
  const page = await open(t, `/check-in?session=${hall.attendance}`, { as: newStudent(`step_${process.pid}`, { course: hall.course }) });
  await page.getByText('Check-in is closed.').waitFor();
  assert.equal((await teacher.post(`${hall.console}/reopen`, { minutes: 10, reason: 'Too early' })).status, 303);
  await page.locator('#code').waitFor();
});
