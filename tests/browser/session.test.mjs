// One session: notes and files, with script and without.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { open } from '../lib/browser.mjs';
import { root } from '../lib/server.mjs';
import { sql } from '../lib/http.mjs';
import { newSession } from './sessions.mjs';

const honest = (name) => join(root, 'tests/files/honest', name);

test('notes are added in place, changed and deleted', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1' });
  const address = page.url();
  await page.getByRole('radio', { name: 'Follow-up' }).check();
  await page.getByLabel('New note').fill('Send the <b>recording</b> & the exercises');
  await page.getByRole('button', { name: 'Add note' }).click();
  const note = page.locator('#note-list li').first();
  await note.waitFor();
  assert.equal(await note.locator('p').textContent(), 'Send the <b>recording</b> & the exercises');
  assert.equal(page.url(), address);
  assert.equal(await page.getByLabel('New note').inputValue(), '');
  assert.equal(await page.locator('#notes-count').textContent(), '1');
  await note.getByRole('link', { name: /Edit/ }).click();
  await page.getByLabel('Text').fill('Sent');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The note is changed.').waitFor();
  await page.locator('#note-list').getByRole('link', { name: /Edit/ }).click();
  await page.getByRole('button', { name: 'Delete note' }).click();
  await page.getByText('The note is deleted.').waitFor();
  assert.equal(await page.locator('#note-list li').count(), 0);
});

test('a note that cannot be saved stays in the form', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1', mayComplain: [/ERR_FAILED|htmx:/] });
  await page.route('**/notes', (route) => route.abort());
  await page.getByLabel('New note').fill('Not lost');
  await page.getByRole('button', { name: 'Add note' }).click();
  await page.getByText('This could not be saved. What you typed is still here; please try again.').waitFor();
  assert.equal(await page.getByLabel('New note').inputValue(), 'Not lost');
  await page.unroute('**/notes');
  await page.getByRole('button', { name: 'Add note' }).click();
  await page.locator('#note-list').getByText('Not lost').waitFor();
});

test('an empty note is refused at its field', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1', javaScript: false, mayComplain: [/422/] });
  await page.getByLabel('New note').fill('   ');
  await page.getByRole('button', { name: 'Add note' }).click();
  await page.locator('#n-text-e').waitFor();
});

test('files go up with progress; what is refused stays with its reason', async (t) => {
  const session = newSession();
  const folder = mkdtempSync(join(tmpdir(), 'muster-upload-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'setup.exe'), 'MZ');
  writeFileSync(join(folder, 'not-a.pdf'), 'this is text');
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1', mayComplain: [/422/] });
  await page.getByLabel('Add files').setInputFiles([honest('chromium.pdf'), join(folder, 'setup.exe'), join(folder, 'not-a.pdf'), honest('ffmpeg.png')]);
  await page.getByLabel('Description').fill('Of week 10');
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  await page.locator('#file-list a.nm', { hasText: 'chromium.pdf' }).waitFor();
  await page.locator('#file-list a.nm', { hasText: 'ffmpeg.png' }).waitFor();
  assert.equal(await page.locator('#file-list li', { hasText: 'setup.exe' }).locator('.err').count(), 1);
  assert.equal(await page.locator('#file-list li', { hasText: 'not-a.pdf' }).locator('.err').count(), 1);
  assert.match(await page.locator('#files-sum').textContent(), /^2 files/);
  assert.equal(Number(sql(`SELECT file_count FROM completion WHERE occurrence_id = ${session.id}`)[0][0]), 2);
  await page.locator('#file-list li', { hasText: 'setup.exe' }).getByRole('button').click();
  assert.equal(await page.locator('#file-list li', { hasText: 'setup.exe' }).count(), 0);
});

test('an upload under way shows how far it is and can be cancelled', async (t) => {
  const session = newSession();
  const folder = mkdtempSync(join(tmpdir(), 'muster-upload-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'recording.mp4'), Buffer.alloc(20_000_000));
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1' });
  const network = await page.context().newCDPSession(page);
  await network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 1_000_000 });
  await page.getByLabel('Add files').setInputFiles(join(folder, 'recording.mp4'));
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  const row = page.locator('#file-list li', { hasText: 'recording.mp4' });
  await page.waitForFunction(() => document.querySelector('#file-list progress')?.value > 0);
  assert.match(await row.locator('.meta').textContent(), /^Uploading, \d+\.\d of 19\.1 MB$/);
  assert.equal(await row.locator('progress').getAttribute('aria-label'), 'Upload of recording.mp4');
  await row.getByRole('button', { name: 'Cancel the upload of recording.mp4' }).click();
  assert.equal(await row.count(), 0);
  await page.reload();
  assert.equal(await page.locator('#file-list li').count(), 0);
});

test('why an upload was refused is said at the file, whoever refused it', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1', mayComplain: [/507|503/] });
  const [full, broken] = ['There is no room left', 'The upload did not arrive. Please try again.'];
  await page.route('**/files', (route) => route.fulfill({ status: 507, contentType: 'text/html; charset=utf-8', body: `<!doctype html><html><body><main><header><h1>No</h1><p>${full}</p></header></main></body></html>` }));
  await page.getByLabel('Add files').setInputFiles(honest('ffmpeg.png'));
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  await page.locator('#file-list .err', { hasText: full }).waitFor();
  await page.route('**/files', (route) => route.fulfill({ status: 503, contentType: 'text/plain', body: 'x' }));
  await page.getByLabel('Add files').setInputFiles(honest('ffmpeg.jpg'));
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  await page.locator('#file-list .err', { hasText: broken }).waitFor();
});

test('files can be dropped; beside the zone they do nothing', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1' });
  const drop = (selector) => page.evaluate((to) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['x'], 'dropped.pdf'));
    const event = new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer });
    document.querySelector(to).dispatchEvent(event);
    return [event.defaultPrevented, [...document.querySelector('#up').files].map((file) => file.name)];
  }, selector);
  assert.deepEqual(await drop('h1'), [true, []]);
  assert.deepEqual(await drop('.drop'), [true, ['dropped.pdf']]);
});

test('without script: several files, some refused, one answer', async (t) => {
  const session = newSession();
  const folder = mkdtempSync(join(tmpdir(), 'muster-upload-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'not-a.pdf'), 'this is text');
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1', javaScript: false, mayComplain: [/422/] });
  await page.getByLabel('Add files').setInputFiles([honest('ffmpeg.mp3'), join(folder, 'not-a.pdf')]);
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  await page.getByText('1 file was not taken.').waitFor();
  await page.locator('#file-list a.nm', { hasText: 'ffmpeg.mp3' }).waitFor();
});

test('an image is shown in the page, downloads are attachments', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1' });
  await page.getByLabel('Add files').setInputFiles(honest('ffmpeg.png'));
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  const row = page.locator('#file-list li', { hasText: 'ffmpeg.png' });
  await row.locator('a.nm').waitFor();
  await row.locator('summary').click();
  await page.waitForFunction(() => document.querySelector('img.look')?.naturalWidth > 0);
  const download = page.waitForEvent('download');
  await row.locator('a.nm').click();
  assert.equal((await download).suggestedFilename(), 'ffmpeg.png');
});

test('deleting a file asks first', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1' });
  await page.getByLabel('Add files').setInputFiles(honest('ffmpeg.png'));
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  await page.getByRole('link', { name: 'Delete ffmpeg.png' }).click();
  await page.getByRole('heading', { name: 'Delete this file?' }).waitFor();
  await page.getByRole('button', { name: 'Delete file' }).click();
  await page.getByText('The file is deleted.').waitFor();
  assert.equal(await page.locator('#file-list li').count(), 0);
});
