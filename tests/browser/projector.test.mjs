// The projector: its code is read by a camera from far, changes on time, and shows no names unasked.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { opened, setMark } from '../lib/attending.mjs';
import { as } from '../lib/classroom.mjs';
import { accessible, open } from '../lib/browser.mjs';
import { anonymous, server, sql, until } from '../lib/http.mjs';

const lesson = async (options) => opened(await as('demo_teacher_1'), options);

/* What a camera sees from the last row: `pixels` wide, out of focus, not quite straight. */
async function fromFar(page, png, { pixels, blur, turn = 0 }) {
  const far = await page.context().newPage();
  await far.goto('about:blank');
  const data = await far.evaluate(async ({ base64, width, soft, angle }) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    const height = Math.round(width * image.height / image.width);
    canvas.width = width + 40;
    canvas.height = height + 40;
    const to = canvas.getContext('2d');
    to.fillStyle = '#888';
    to.fillRect(0, 0, canvas.width, canvas.height);
    to.translate(canvas.width / 2, canvas.height / 2);
    to.rotate(angle * Math.PI / 180);
    to.filter = `blur(${soft}px)`;
    to.drawImage(image, -width / 2, -height / 2, width, height);
    return canvas.toDataURL('image/png').split(',')[1];
  }, { base64: png.toString('base64'), width: pixels, soft: blur, angle: turn });
  await far.close();
  return Buffer.from(data, 'base64');
}

function decode(png) {
  const folder = mkdtempSync(join(tmpdir(), 'qr-'));
  try {
    writeFileSync(join(folder, 'qr.png'), png);
    const { stdout } = spawnSync('zbarimg', ['--quiet', '--raw', join(folder, 'qr.png')], { encoding: 'utf8' });
    return stdout.trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/* A hand is never still: a scanner looks at frame after frame until one is read.  What is read must be right. */
async function scanned(page, png, { pixels, blur, turn = 0 }) {
  for (const sway of [0, 1.5, -1.5, 3, -3]) {
    const text = decode(await fromFar(page, png, { pixels: Math.round(pixels * (1 + sway / 100)), blur, turn: turn + sway }));
    if (text) return text;
  }
  return '';
}

for (const dark of [false, true]) {
  test(`the QR code is read scaled down and blurred, ${dark ? 'in a dark room' : 'in the light'}`, async (t) => {
    const hall = await lesson({ n: 2 });
    sql(`UPDATE attendance_session SET code_period_s = 120 WHERE id = ${hall.attendance}`);
    const page = await open(t, `${hall.console}/screen${dark ? '?dark=1' : ''}`, { as: 'demo_teacher_1', size: { width: 1280, height: 720 } });
    await page.locator('#qr').waitFor();
    /* Both pictures are of one code. */
    const codeNow = () => page.locator('#code').textContent();
    let [code, png, qr] = [];
    do [code, png, qr] = [await codeNow(), await page.screenshot(), await page.locator('.qr').screenshot()]; while (code !== await codeNow());
    const near = decode(png);
    assert.match(near, new RegExp(`^${server.url}/c/[0-9A-Z-]{20,40}$`));
    /* It is one that the check-in page knows. */
    const scan = await anonymous().get(near.slice(server.url.length));
    assert.ok(scan.status === 200 || scan.status === 303, `${scan.status}`);
    for (const view of [{ pixels: 200, blur: 1 }, { pixels: 150, blur: 0.8, turn: 4 }, { pixels: 320, blur: 2, turn: -7 }]) {
      assert.equal(await scanned(page, qr, view), near, JSON.stringify(view));
    }
  });
}

test('the code changes on time, and is the one that the server takes', async (t) => {
  const hall = await lesson({ n: 2 });
  sql(`UPDATE attendance_session SET code_period_s = 5 WHERE id = ${hall.attendance}`);
  const page = await open(t, `${hall.console}/screen`, { as: 'demo_teacher_1' });
  const teacher = await as('demo_teacher_1');
  const first = await page.locator('#code').textContent();
  const path = await page.locator('#qr path').getAttribute('d');
  const before = (await teacher.get(`${hall.console}/screen/code`)).json;
  await page.waitForFunction((old) => document.querySelector('#code').textContent !== old, first);
  const after = (await teacher.get(`${hall.console}/screen/code`)).json;
  const shown = await page.locator('#code').textContent();
  assert.ok([before.codes[1].code, after.codes[0].code].includes(shown), `${shown} of ${JSON.stringify([before.codes.map((c) => c.code), after.codes.map((c) => c.code)])}`);
  assert.notEqual(await page.locator('#qr path').getAttribute('d'), path);
  await page.getByText(/New code in \d s/).waitFor();
});

test('counts follow, names are a choice, a pause takes the code away', async (t) => {
  const hall = await lesson({ n: 3 });
  const teacher = await as('demo_teacher_1');
  const page = await open(t, `${hall.console}/screen`, { as: 'demo_teacher_1' });
  await page.getByText('0 present, 0 late.').waitFor();
  await setMark(teacher, hall, hall.students[0].id, 'p');
  await page.getByText('1 present, 0 late.').waitFor();
  assert.equal(await page.getByText('Given001').count(), 0);
  await page.getByRole('link', { name: 'Show names' }).click();
  await page.getByText('Given001 F.').waitFor();
  await setMark(teacher, hall, hall.students[1].id, 'l');
  await page.getByText('Given002 F.').waitFor();
  assert.equal(await page.getByText('Family').count(), 0);
  await teacher.post(`${hall.console}/pause`);
  await page.getByRole('heading', { name: 'Check-in is paused' }).waitFor();
  assert.equal(await page.locator('#qr').count(), 0);
  await teacher.post(`${hall.console}/resume`);
  await page.locator('#qr').waitFor();
});

test('without scripts it asks for itself again; a lost network says that the code may be old', async (t) => {
  const hall = await lesson({ n: 1 });
  sql(`UPDATE attendance_session SET code_period_s = 5 WHERE id = ${hall.attendance}`);
  const plain = await open(t, `${hall.console}/screen`, { as: 'demo_teacher_1', javaScript: false });
  const first = await plain.locator('#code').textContent();
  await until('another code', async () => {
    const now = await plain.locator('#code').textContent().catch(() => first);
    return now !== first;
  }, 20);
  const page = await open(t, `${hall.console}/screen`, { as: 'demo_teacher_1', mayComplain: [/ERR_INTERNET_DISCONNECTED/] });
  await page.context().setOffline(true);
  await page.getByText('Connection lost. The code shown may be too old.').waitFor({ timeout: 20_000 });
});

test('light, dark, French, 320 pixels wide', async (t) => {
  const hall = await lesson({ n: 2 });
  await setMark(await as('demo_teacher_1'), hall, hall.students[0].id, 'p');
  const page = await open(t, `${hall.console}/screen?names=1`, { as: 'demo_teacher_1', size: { width: 1440, height: 900 } });
  await accessible(page);
  assert.equal(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight), true, 'fits on the screen');
  await page.emulateMedia({ colorScheme: 'dark' });
  await accessible(page);
  const narrow = await open(t, `${hall.console}/screen`, { as: 'demo_teacher_1', locale: 'fr-FR', size: { width: 320, height: 700 } });
  assert.equal(await narrow.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
  await accessible(narrow);
});
