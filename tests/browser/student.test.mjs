// What students do on their phones: checking in by every way there is, and without what the
// browser may lack. Real phones are only emulated: docs/checking-in.md lists what is not known.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { accessible, open } from '../lib/browser.mjs';
import { anonymous, signedIn, sql } from '../lib/http.mjs';
import { attemptsOf, codeOf, newAttendance, newStudent, ownCourse, recordOf, room, tokenOf } from '../lib/attendance.mjs';
import { newSession, sample } from '../lib/classroom.mjs';
import { temporaryFolder } from '../lib/server.mjs';

let n = 0;
const student = () => newStudent(`phone_${process.pid}_${n += 1}`);
const small = { width: 320, height: 700 };
const here = { permissions: ['geolocation'], geolocation: { ...room, accuracy: 9 } };
const fakeCamera = ['--use-fake-device-for-media-stream'];
const picture = { name: 'me.jpg', mimeType: 'image/jpeg', buffer: sample('im.jpg').bytes };

const phones = {
  'an iPhone': { size: { width: 390, height: 844 }, device: { deviceScaleFactor: 3, hasTouch: true, isMobile: true,
    userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1' } },
  'an Android phone': { size: { width: 360, height: 740 }, device: { deviceScaleFactor: 3, hasTouch: true, isMobile: true,
    userAgent: 'Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36' } },
  'an in-app browser': { size: { width: 390, height: 664 }, device: { deviceScaleFactor: 3, hasTouch: true, isMobile: true,
    userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 330.0.0.0' } },
};

/* An in-app browser as they come: no storage, no camera, no detector. */
const withoutApis = () => {
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
    Object.defineProperty(globalThis, name, { get() { throw new DOMException('denied', 'SecurityError'); } });
  }
  Object.defineProperty(navigator, 'mediaDevices', { value: undefined });
  Object.defineProperty(navigator, 'serviceWorker', { value: undefined });
};

async function looksRight(page) {
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${page.url()} scrolls sideways`);
  const cut = await page.evaluate(() => [...document.querySelectorAll('main .btn, .tag, .bar a, .dock a, .steps li')]
    .filter((e) => e.checkVisibility() && (e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth + 1)).map((e) => e.textContent.trim()));
  assert.deepEqual(cut, [], page.url());
  await accessible(page);
}

/* From today to the code; the session is the student's only one by its title. */
async function toCode(page, session) {
  await page.goto('/today');
  await page.locator('section.now', { hasText: session.title }).getByRole('link').click();
  await page.waitForURL(new RegExp(`/check-in\\?session=${session.id}$`));
}
async function typeCode(page, session) {
  await page.locator('#code').fill(codeOf(session));
  await page.locator('.flow-end button').click();
}
const heading = (page) => page.locator('h1').textContent();

for (const [name, phone] of Object.entries(phones)) {
  test(`${name}: code, place and photo, each step as it should look`, async (t) => {
    const as = student();
    const session = newAttendance({ levels: { place: 'must', photo: 'flag' } });
    const page = await open(t, '/today', { as, ...phone, device: { ...phone.device, ...here }, before: name.includes('in-app') ? withoutApis : undefined });
    await looksRight(page);
    await toCode(page, session);
    await looksRight(page);
    assert.equal(await page.locator('[data-scan]').isVisible(), !name.includes('in-app'));
    await typeCode(page, session);
    await page.waitForURL('**/check-in/location');
    await looksRight(page);
    await page.locator('[data-share]').click();
    await page.locator('.map').waitFor();
    await looksRight(page);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL('**/check-in/selfie');
    await looksRight(page);
    if (!await page.locator('#photo').isVisible()) await page.locator('summary', { hasText: 'Camera not working?' }).click();
    await page.locator('#photo').setInputFiles(picture);
    await page.getByRole('button', { name: 'Check in with this photo' }).click();
    await page.waitForURL('**/check-in/C-*');
    assert.equal(await heading(page), 'You are in');
    await looksRight(page);
    assert.equal(recordOf(session, as), 'present');
  });
}

test('a long title keeps its place in the top bar, beside bell and account', async (t) => {
  const as = student();
  const session = newAttendance({ title: `Databases ${process.pid}: backup and restore, with a title that would fill four lines of a phone all by itself` });
  const page = await open(t, `/check-in?session=${session.id}`, { as, size: small });
  await looksRight(page);
  const [bar, title, bell] = await Promise.all(['.bar', '.bar > .bar-btn', '.bar .bar-end'].map((css) => page.locator(css).boundingBox()));
  assert.ok(title.y >= bar.y && title.y + title.height <= bar.y + bar.height, 'inside the bar');
  assert.ok(title.x + title.width <= bell.x && bell.y < title.y + title.height, 'on one line with the bell');
  assert.ok(bar.height <= 64, `the bar is ${bar.height} pixels high`);
});

test('without JavaScript: code, no position, a photo', async (t) => {
  const as = student();
  const session = newAttendance({ levels: { place: 'must', photo: 'must' } });
  const page = await open(t, '/today', { as, javaScript: false, size: small });
  await toCode(page, session);
  assert.equal(await page.locator('[data-scan]').isVisible(), false);
  await typeCode(page, session);
  await page.waitForURL('**/location');
  assert.equal(await page.locator('[data-share]').isVisible(), false);
  await page.getByText('Without scripts a browser cannot share its position').waitFor();
  await page.getByRole('button', { name: 'Continue without location' }).click();
  await page.waitForURL('**/selfie');
  assert.equal(await page.locator('[data-camera]').isVisible(), false);
  await page.locator('#photo').setInputFiles(picture);
  await page.getByRole('button', { name: 'Check in with this photo' }).click();
  await page.waitForURL('**/check-in/C-*');
  assert.equal(await heading(page), 'Waiting for your teacher');
  // The page asks again by itself.
  sql(`UPDATE attendance_attempt SET decided_state = 'approved', decided_at = UTC_TIMESTAMP(6) WHERE attendance_id = ${session.id}`);
  await page.getByRole('heading', { name: 'You are in' }).waitFor();
});

test('nothing is asked for before a tap, and what is denied has another way', async (t) => {
  const as = student();
  const session = newAttendance({ levels: { place: 'must', photo: 'must' } });
  const page = await open(t, '/today', { as, size: small, before: () => {
    globalThis.asked = [];
    const denied = () => Promise.reject(new DOMException('denied', 'NotAllowedError'));
    navigator.mediaDevices.getUserMedia = () => { globalThis.asked.push('camera'); return denied(); };
    navigator.geolocation.getCurrentPosition = (ok, fail) => { globalThis.asked.push('position'); fail({ code: 1 }); };
  } });
  const asked = () => page.evaluate(() => globalThis.asked);
  await toCode(page, session);
  assert.deepEqual(await asked(), []);
  await page.locator('[data-scan]').click();
  await page.getByText('The camera could not be used. Type the code').waitFor();
  await looksRight(page);
  await typeCode(page, session);
  await page.waitForURL('**/location');
  assert.deepEqual(await asked(), []);
  await page.locator('[data-share]').click();
  await page.getByText('Your browser does not share its position').waitFor();
  await looksRight(page);
  await page.getByRole('button', { name: 'Continue without location' }).click();
  await page.waitForURL('**/selfie');
  assert.deepEqual(await asked(), []);
  await page.locator('[data-camera]').click();
  await page.getByText('The camera could not be used here').waitFor();
  assert.equal(await page.locator('#photo').isVisible(), true);
  await looksRight(page);
  await page.getByRole('button', { name: 'Check in without a photo' }).click();
  await page.waitForURL('**/check-in/C-*');
  assert.equal(await heading(page), 'Waiting for your teacher');
});

test('a selfie by the camera of the page', async (t) => {
  const as = student();
  const session = newAttendance({ levels: { photo: 'must' } });
  const page = await open(t, '/today', { as, size: { width: 390, height: 844 }, args: fakeCamera, device: { permissions: ['camera'] } });
  await toCode(page, session);
  await typeCode(page, session);
  await page.waitForURL('**/selfie');
  assert.equal(await page.locator('.cam').isVisible(), false);
  await page.locator('[data-camera]').click();
  await page.locator('[data-take]').waitFor();
  assert.equal(await page.locator('.cam video').isVisible(), true);
  await looksRight(page);
  await page.locator('[data-take]').click();
  await page.waitForURL('**/check-in/C-*');
  assert.equal(await heading(page), 'Waiting for your teacher');
  assert.deepEqual(sql(`SELECT f.mime FROM attempt_photo p JOIN file f ON f.id = p.file_id JOIN attendance_attempt a ON a.id = p.attempt_id WHERE a.attendance_id = ${session.id}`), [['image/jpeg']]);
  await page.getByRole('link', { name: 'Take a better selfie' }).click();
  await page.waitForURL('**/selfie');
});

/* A video of one picture, as Chromium's fake camera plays it: luminance, then two planes of grey. */
function y4m(path, { width, height, luminance }) {
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luminance, Buffer.alloc((width * height) / 2, 128)]);
  writeFileSync(path, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]));
}

test('the code on the projector is scanned by the camera of the page', async (t) => {
  const as = student();
  const session = newAttendance({ period: 120 });
  const screen = await (await signedIn('demo_teacher_1')).get(`/attendance/${session.id}/screen`);
  assert.equal(screen.status, 200);
  const [, size, path] = screen.text.match(/<svg id="qr" viewBox="0 0 (\d+) \d+"[\s\S]*?<path[^>]* d="([^"]+)"/);
  const blank = await open(t, 'about:blank');
  const luminance = Buffer.from(await blank.evaluate(({ units, d }) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [640, 480];
    const pen = canvas.getContext('2d');
    pen.fillStyle = '#ddd';
    pen.fillRect(0, 0, 640, 480);
    pen.translate(170, 90);
    pen.scale(300 / units, 300 / units);
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, units, units);
    pen.fillStyle = '#111';
    pen.fill(new Path2D(d));
    const { data } = pen.getImageData(0, 0, 640, 480);
    return Array.from({ length: 640 * 480 }, (_, i) => data[4 * i]);
  }, { units: Number(size), d: path }));
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const video = join(folder, 'screen.y4m');
  y4m(video, { width: 640, height: 480, luminance });

  const page = await open(t, '/check-in', { as, size: { width: 390, height: 844 }, args: [...fakeCamera, `--use-file-for-fake-video-capture=${video}`], device: { permissions: ['camera'] } });
  await page.locator('[data-scan]').click();
  await page.waitForURL((url) => url.pathname.startsWith('/c/'), { timeout: 20_000 });
  assert.match(await heading(page), new RegExp(session.title));
  assert.equal(attemptsOf(session).length, 0);
  await page.getByRole('button', { name: 'Check in' }).click();
  await page.waitForURL('**/check-in/C-*');
  assert.equal(await heading(page), 'You are in');
  assert.equal(recordOf(session, as), 'present');
});

test("the phone's own camera opens the address; signing in comes in between", async (t) => {
  const as = student();
  const session = newAttendance();
  const page = await open(t, `/c/${tokenOf(session)}`, { size: { width: 390, height: 844 } });
  await page.waitForURL(/\/sign-in\?next=/);
  await page.locator('#user').fill(as);
  await page.locator('#pass').fill('password');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname.startsWith('/c/'));
  await looksRight(page);
  await page.getByRole('button', { name: 'Check in' }).click();
  await page.getByRole('heading', { name: 'You are in' }).waitFor();
});

test('a result that waits looks again by itself', async (t) => {
  const as = student();
  const session = newAttendance({ levels: { place: 'must' } });
  const page = await open(t, '/today', { as, size: small });
  await toCode(page, session);
  await typeCode(page, session);
  await page.getByRole('button', { name: 'Continue without location' }).click();
  await page.getByRole('heading', { name: 'Waiting for your teacher' }).waitFor();
  sql(`UPDATE attendance_attempt SET decided_state = 'rejected', decided_at = UTC_TIMESTAMP(6), decided_why = 'Come to my desk' WHERE attendance_id = ${session.id}`);
  await page.getByText('did not accept this check-in: Come to my desk').waitFor();
  await looksRight(page);
});

test('by keyboard alone', async (t) => {
  const as = student();
  const session = newAttendance();
  const page = await open(t, '/today', { as });
  const press = async (name) => {
    for (let i = 0; i < 40; i += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((text) => document.activeElement.textContent.trim() === text && document.activeElement.matches(':focus-visible'), name)) {
        await page.keyboard.press('Enter');
        return;
      }
    }
    assert.fail(`${name} is not reached`);
  };
  await page.goto(`/check-in?session=${session.id}`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter'); // skip to the content
  for (let i = 0; i < 10 && !await page.evaluate(() => document.activeElement.id === 'code'); i += 1) await page.keyboard.press('Tab');
  await page.keyboard.type(codeOf(session).toLowerCase());
  await page.keyboard.press('Enter');
  await page.waitForURL('**/check-in/C-*');
  await press('Done');
  await page.waitForURL('**/today');
});

test('dark, French, 320 pixels wide, and from right to left', async (t) => {
  const as = student();
  const session = newAttendance({ levels: { place: 'must', photo: 'flag' } });
  const page = await open(t, '/today', { as, dark: true, locale: 'fr-FR', size: small, mayComplain: [/422/], device: { ...here, geolocation: { ...room, latitude: room.latitude + 0.0038, accuracy: 35 } } });
  const mirrored = async () => {
    await page.evaluate(() => { document.documentElement.dir = 'rtl'; });
    await looksRight(page);
    await page.evaluate(() => { document.documentElement.dir = 'ltr'; });
  };
  const look = async () => { await looksRight(page); await mirrored(); };
  await look();
  await page.goto('/history');
  await look();
  await toCode(page, session);
  await page.locator('#code').fill('AAAAAA');
  await page.locator('.flow-end button').click();
  await page.getByText('Ce code n’est pas le bon').waitFor();
  await look();
  await typeCode(page, session);
  await page.waitForURL('**/location');
  await look();
  await page.locator('[data-share]').click();
  await page.locator('.map').waitFor();
  await look();
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page.waitForURL('**/selfie');
  await look();
  await page.getByRole('button', { name: 'Pointer sans photo' }).click();
  await page.getByText('Vous semblez être à').waitFor();
  await look();
});

test('who is in the room opens check-in', async (t) => {
  const as = student();
  const { id, title } = newSession({ day: 0 });
  sql(`INSERT INTO room (branch_id, name, latitude_e7, longitude_e7, radius_m) VALUES (1, 'Hall ${process.pid}', ${room.latitude * 1e7}, ${room.longitude * 1e7}, 60);
    UPDATE occurrence SET course_id = ${ownCourse()}, room_id = LAST_INSERT_ID(), starts_at = UTC_TIMESTAMP(6) - INTERVAL 3 MINUTE, ends_at = UTC_TIMESTAMP(6) + INTERVAL 80 MINUTE WHERE id = ${id};
    INSERT INTO attendance_policy (branch_id, course_id, auto_open) VALUES (1, ${ownCourse()}, 1);`);
  const page = await open(t, '/today', { as, size: small, dark: true, device: here });
  await page.locator('.agenda li', { hasText: title }).getByRole('link', { name: 'Open check-in' }).click();
  await page.waitForURL(/\/check-in\/open/);
  await looksRight(page);
  await page.locator('[data-share]').click();
  await page.waitForURL(/\/check-in\?session=\d+$/);
  await looksRight(page);
});

test('the history of a demo student: rate, how it is computed, pages', async (t) => {
  const page = await open(t, '/history', { as: 'demo_student_3', size: { width: 390, height: 844 } });
  await page.locator('summary', { hasText: 'How the rate is computed' }).click();
  await page.getByText('A session in which nobody marked you is not counted.').waitFor();
  await looksRight(page);
  const shown = await page.locator('.rate b').textContent();
  const [[good, counted]] = sql(`SELECT SUM(r.status IN ('present', 'late')), SUM(r.status <> 'excused') FROM attendance_record r JOIN attendance_session s ON s.id = r.attendance_id AND s.state = 'closed'
    JOIN account a ON a.person_id = r.person_id WHERE a.username = 'demo_student_3'`);
  assert.equal(shown, `${Math.floor((100 * Number(good)) / Number(counted))}%`);
  await page.getByRole('link', { name: 'Older' }).click();
  await page.getByText(/^21 to 40 of/).waitFor();
  await page.locator('#h-course').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Show' }).click();
  await page.waitForURL(/\/history\?course=/);
  assert.equal(await page.locator('.agenda li').count() > 10, true);
});

test('style and scripts of a student page: under 20 kB gzipped, the QR decoder apart', async () => {
  const as = await signedIn(student());
  for (const path of ['/check-in', '/today']) {
    const page = await as.get(path);
    const links = [...page.text.matchAll(/<(?:link rel="stylesheet" href|script src)="([^"]+)"/g)].map(([, link]) => link);
    const seen = new Map();
    for (const link of links) {
      const { text } = await anonymous().get(link);
      seen.set(link, gzipSync(text, { level: 9 }).length);
      for (const [, other] of text.matchAll(/(?:from|import)\s*"(\.\/[\w.-]+)"/g)) links.push(new URL(other, `http://x${link}`).pathname);
    }
    assert.ok(seen.size >= 4, 'the modules that are imported count');
    const sum = [...seen.values()].reduce((a, b) => a + b, 0);
    assert.ok(sum < 20_000, `${path}: ${sum} bytes: ${JSON.stringify([...seen])}`);
  }
});
