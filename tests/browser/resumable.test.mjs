// Large files go in pieces: progress, a lost network, another day, giving up.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { accessible, open } from '../lib/browser.mjs';
import { server, sql, until } from '../lib/http.mjs';
import { recording } from '../lib/tus.mjs';
import { newSession } from './sessions.mjs';

const pieceSize = 8 * 1024 * 1024;
const bytes = recording(2 * pieceSize + 1_000_000);
const digest = createHash('sha256').update(bytes).digest('hex');

function file(t, name = 'lecture.wav') {
  const folder = mkdtempSync(join(tmpdir(), 'muster-upload-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

/* How fast the page may send, in bytes a second; 0: as it can. */
async function speed(page, bytesPerSecond) {
  page.cdp ??= await page.context().newCDPSession(page);
  await page.cdp.send('Network.enable');
  await page.cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond || -1 });
}

/* Offsets of the pieces the page sends. */
function pieces(page) {
  const sent = [];
  page.on('request', (request) => { if (request.method() === 'PATCH') sent.push(Number(request.headers()['upload-offset'])); });
  return sent;
}

async function choose(page, path) {
  await page.getByLabel('Add files').setInputFiles(path);
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
}

const uploadOf = (session) => sql(`SELECT LOWER(HEX(id)), state FROM upload WHERE occurrence_id = ${session.id} ORDER BY created_at`);
const arrived = (session, n = 1) => until('a piece has arrived', () => {
  const [row] = uploadOf(session);
  try { return row && readFileSync(join(server.var, 'uploads/parts', row[0])).length >= n * pieceSize; } catch { return false; }
});
const stored = (session) => sql(`SELECT t.name, LOWER(HEX(f.sha256)) FROM attachment t JOIN file f ON f.id = t.file_id JOIN completion c ON c.id = t.completion_id
  WHERE c.occurrence_id = ${session.id} AND t.deleted_at IS NULL`);
const row = (page) => page.locator('#file-list li', { hasText: 'lecture.wav' });

test('a large file goes in pieces, with progress', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1' });
  const sent = pieces(page);
  await speed(page, 12_000_000);
  await page.getByLabel('Description').fill('Of week 10');
  await choose(page, file(t));
  await page.waitForFunction(() => document.querySelector('#file-list progress')?.value > 0);
  assert.match(await row(page).locator('.meta').textContent(), /^Uploading, \d+\.\d of 17\.0 MB$/);
  await accessible(page);
  await speed(page, 0);
  await row(page).locator('a.nm').waitFor();
  assert.deepEqual(sent, [0, pieceSize, 2 * pieceSize]);
  assert.deepEqual(stored(session), [['lecture.wav', digest]]);
  assert.match(await row(page).textContent(), /Of week 10/);
  assert.match(await page.locator('#files-sum').textContent(), /^1 file/);
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('tus'))), []);
});

test('a lost network: it waits, and goes on by itself', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1', mayComplain: [/ERR_INTERNET_DISCONNECTED/] });
  const sent = pieces(page);
  await speed(page, 12_000_000);
  await choose(page, file(t));
  await arrived(session);
  await page.context().setOffline(true);
  await row(page).getByText('The network is away. The upload goes on by itself when it is back.').waitFor();
  await page.context().setOffline(false);
  await speed(page, 0);
  await row(page).locator('a.nm').waitFor();
  assert.deepEqual(stored(session), [['lecture.wav', digest]]);
  assert.equal(sent.filter((offset) => offset === 0).length, 1, 'what had arrived was not sent again');
});

test('the page closed in between: the same file chosen again goes on', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1' });
  page.on('dialog', (dialog) => dialog.accept());
  const path = file(t);
  await speed(page, 12_000_000);
  await choose(page, path);
  await arrived(session);
  await page.reload();
  await page.getByRole('heading', { name: 'Unfinished uploads' }).waitFor();
  assert.match(await page.locator('#unfinished li').textContent(), /lecture\.wav8\sMB of 17\sMB arrived, kept until/);
  await accessible(page);
  const sent = pieces(page);
  await speed(page, 0);
  await choose(page, path);
  await row(page).locator('a.nm').waitFor();
  assert.ok(sent.length > 0 && sent.every((offset) => offset >= pieceSize), JSON.stringify(sent));
  assert.equal(await page.locator('#unfinished').count(), 0);
  assert.deepEqual(stored(session), [['lecture.wav', digest]]);
  assert.deepEqual(uploadOf(session).map(([, state]) => state), ['done']);
});

test('cancelling gives it up on the server, too', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1', mayComplain: [/423/] });
  await speed(page, 12_000_000);
  await choose(page, file(t));
  await arrived(session);
  await row(page).getByRole('button', { name: 'Cancel the upload of lecture.wav' }).click();
  assert.equal(await row(page).count(), 0);
  await speed(page, 0);
  await until('it has ended', () => uploadOf(session)[0][1] === 'ended');
  await page.reload();
  assert.equal(await page.locator('#unfinished').count(), 0);
  assert.deepEqual(stored(session), []);
});

test('what is refused at the end says why', async (t) => {
  const session = newSession();
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1', mayComplain: [/422/] });
  const path = file(t, 'lecture.mp4');
  await choose(page, path);
  await page.locator('#file-list .err', { hasText: 'The content of this file is not what its name says.' }).waitFor();
  assert.deepEqual(stored(session), []);
});

test('without script an unfinished upload can be discarded', async (t) => {
  const session = newSession();
  const first = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1' });
  await speed(first, 12_000_000);
  await choose(first, file(t));
  await arrived(session);
  await first.close();
  const page = await open(t, `/sessions/${session.id}`, { as: 'demo_teacher_1', javaScript: false, locale: 'fr-FR', size: { width: 320, height: 800 }, dark: true });
  await page.getByRole('heading', { name: 'Envois inachevés' }).waitFor();
  await page.getByRole('button', { name: 'Abandonner lecture.wav' }).click();
  await page.getByText('L’envoi est abandonné.').waitFor();
  assert.equal(await page.locator('#unfinished').count(), 0);
});
