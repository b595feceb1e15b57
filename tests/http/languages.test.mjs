// English and French: by choice, then by browser; and no English left on French pages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { anonymous, Client, form, signedIn, sql, unescapeHtml } from '../lib/http.mjs';
import { completedSession, newAccount, newSession, sample, sentence, upload, uploaded } from '../lib/classroom.mjs';
import { root } from '../lib/server.mjs';

const langOf = (page) => page.text.match(/<html lang="([^"]*)"/)?.[1];
const asked = async (header, client = anonymous()) => langOf(await client.get('/sign-in', { headers: header === null ? {} : { 'accept-language': header } }));

for (const [header, lang] of [
  [null, 'en'], ['fr', 'fr'], ['fr-CH, en;q=0.5', 'fr'], ['de, fr;q=0.3', 'fr'], ['en, fr', 'en'], ['fr;q=0, en', 'en'], ['fr;q=0.2, en;q=0.8', 'en'], ['de', 'en'], ['*', 'en'], ['', 'en'],
  ['FR-fr', 'fr'], ['fr;q=2', ['en', 'fr']], [',,;;q=', 'en'], [`${'de,'.repeat(2000)}fr`, ['en', 'fr']], ['f\u00e9', 'en'], ['frx', 'en'],
]) {
  test(`Accept-Language: ${String(header).slice(0, 30)}`, async () => assert.ok([lang].flat().includes(await asked(header))));
}

test('a choice wins over the browser, and follows the person', async () => {
  const visitor = new Client();
  assert.equal(langOf(await visitor.get('/sign-in?lang=fr')), 'fr');
  assert.equal(await asked('en', visitor), 'fr', 'it is remembered');
  assert.equal(langOf(await visitor.get('/sign-in?lang=xx')), 'fr');
  const user = newAccount(`language_${process.pid}`);
  const client = await signedIn(user);
  assert.equal(langOf(await client.get('/account', { headers: { 'accept-language': 'fr' } })), 'fr');
  await client.post('/preferences', { language: 'en' });
  assert.equal(langOf(await client.get('/account', { headers: { 'accept-language': 'fr' } })), 'en');
  await client.post('/preferences', { language: 'fr' });
  assert.equal(langOf(await (await signedIn(user)).get('/account')), 'fr', 'from another browser, too');
});

/* ---- nothing left in English ------------------------------------------------------------------ */

/* [{ texts, french }] of a catalogue: msgid with msgid_plural, and its translations. */
function catalogue(path) {
  return readFileSync(path, 'utf8').split(/\n\n/).map((entry) => {
    const of = { msgid: [], msgstr: [] };
    let into = null;
    for (const line of entry.split('\n')) {
      const [, key, quoted] = line.match(/^(msgid|msgstr|msgctxt)?\S* ?"(.*)"$/) ?? [];
      if (quoted === undefined) continue;
      if (key) into = of[key]?.push('') ? of[key] : null;
      if (into) into[into.length - 1] += JSON.parse(`"${quoted}"`);
    }
    return of;
  }).filter((e) => e.msgid[0]);
}
const entries = catalogue(join(root, 'templates/locale/fr.po'));

/* The longest piece of a text between its {names}. */
const core = (text) => text.split(/\{\w+\}/).map((piece) => piece.trim()).sort((a, b) => b.length - a.length)[0];
const french = entries.flatMap((e) => e.msgstr).join('\n');
const english = [...new Set(entries.flatMap((e) => e.msgid).map(core))].filter((text) => text.length > 12 && !french.includes(text));

/* What people read of a page: without names, codes and texts from the database, and what is marked as English. */
function readable(page) {
  return unescapeHtml(page.text.replace(/<bdi[^>]*>.*?<\/bdi>/gs, '').replace(/<(\w+)[^>]* lang="en"[^>]*>.*?<\/\1>/gs, '').replace(/<textarea.*?<\/textarea>/gs, '').replace(/<meta[^>]*>/g, ''));
}
function allFrench(page, what) {
  assert.equal(langOf(page) ?? 'fr', 'fr', what);
  const text = readable(page);
  assert.deepEqual(english.filter((e) => text.includes(e)), [], what);
}

test('the catalogue is whole, and its texts differ', () => {
  assert.ok(entries.length > 100);
  assert.deepEqual(entries.filter((e) => e.msgstr.length === 0 || e.msgstr.some((s) => !s)).map((e) => e.msgid[0]), []);
  assert.ok(english.length > 80, String(english.length));
});

let staff;
async function speaker() {
  if (!staff) {
    const user = newAccount(`french_${process.pid}`, { role: 'branch_admin' });
    sql(`UPDATE account SET language = 'fr' WHERE username = '${user}'`);
    staff = await signedIn(user);
  }
  return staff;
}

test('French pages have no English in them', async () => {
  const client = await speaker();
  const done = await completedSession(client, { notes: 'x' });
  await client.post(`${done.path}/notes`, { type: 'issue', text: 'x' });
  const files = [await uploaded(client, done, 'ffmpeg.png'), await uploaded(client, done, 'ffmpeg.mp3'), await uploaded(client, done, 'ffmpeg-h264.mp4'), await uploaded(client, done, 'chromium.pdf'),
    await uploaded(client, done, 'xlsxwriter.xlsx')];
  await client.post(`/files/${files[4].id}/delete`);
  const [[note]] = sql(`SELECT n.id FROM note n JOIN completion c ON c.id = n.completion_id WHERE c.occurrence_id = ${done.id}`);
  const open = newSession();
  const ahead = newSession({ day: -3 });
  const cancelled = newSession();
  await client.post(`${cancelled.path}/cancel`, { version: 0, reason: 'x' });
  const kinds = ['completed', 'cancelled', 'saved', 'draft', 'reopened', 'note-added', 'note-changed', 'note-deleted', 'files-added', 'file-deleted'];
  const paths = ['/sessions', '/sessions?tab=completed', '/sessions?tab=history', '/sessions?tab=completed&q=nothing+at+all', '/sessions?tab=history&q=nothing+at+all', '/sessions?q=nothing+at+all', '/account',
    '/account?done=saved', '/account?done=password', done.path, `${done.path}?audit=all`, `${done.path}?notes=general`, `${done.path}/complete`, `${open.path}/complete`, `${ahead.path}/complete`, ahead.path, open.path,
    cancelled.path, `${open.path}/cancel`, `/notes/${note}`, `/files/${files[0].id}/delete`, '/nothing', `${cancelled.path}/complete`, `${done.path}/code?code=`, `${done.path}/code?code=free+one`,
    `${done.path}/code?code=${'x'.repeat(101)}`, ...kinds.map((kind) => `/sessions?tab=completed&done=${kind}&on=${done.id}`), ...kinds.map((kind) => `${done.path}?done=${kind}&n=2`)];
  for (const path of paths) allFrench(await client.get(path), path);
  allFrench(await client.get('/sessions', { headers: { 'hx-request': 'true' } }), 'fragment');
});

test('French pages of teachers and students have no English in them', async () => {
  for (const [role, paths] of [['faculty', ['/sessions', '/sessions?tab=completed', '/sessions?tab=history', '/account']], ['student', ['/account', '/sessions']], ['employee', ['/sessions']]]) {
    const user = newAccount(`french_${role}_${process.pid}`, { role });
    sql(`UPDATE account SET language = 'fr' WHERE username = '${user}'`);
    const client = await signedIn(user);
    for (const path of paths) allFrench(await client.get(path), `${role} ${path}`);
  }
});

test('French faults have no English in them', async () => {
  const client = await speaker();
  const session = newSession();
  const taken = await completedSession(client);
  const faults = [
    await client.post(`${session.path}/complete`, { start: '', end: '', code: 'x'.repeat(101), notes: 'x\0' }), await client.post(`${session.path}/complete`, { start: '9', end: '08:00', code: taken.code }),
    await client.post(`${session.path}/complete`, { start: '09:00', end: '08:00', code: taken.code }), await client.post(`${session.path}/complete`, { start: '07:00', end: '08:00', code: taken.code }),
    await client.post(`${session.path}/complete`, { version: 99, start: '07:00', end: '08:00' }), await client.post(`${newSession({ day: -3 }).path}/complete`, { version: 0, start: '07:00', end: '08:00' }),
    await client.post(`${session.path}/notes`, { text: '' }), await client.post(`${session.path}/notes`, { text: 'x'.repeat(5001) }), await client.post(`${session.path}/notes`, { type: 'x', text: ['a', 'b'] }),
    await client.post(`${session.path}/cancel`, { reason: '' }), await client.post(`${taken.path}/cancel`, { version: 0, reason: 'x' }),
    await upload(client, session, []), await upload(client, session, [sample('ffmpeg.png'), sample('macro.docm', 'macro.docm', 'hostile'), sample('cut.pdf', 'cut.pdf', 'hostile'), sample('vba-project.docx', 'vba-project.docx', 'hostile'),
      sample('html-named.pdf', 'html-named.pdf', 'hostile'), { name: 'file', filename: 'empty.pdf', bytes: '' }, sample('ffmpeg.png', '.png')]),
    await upload(client, session, Array.from({ length: 21 }, () => sample('ffmpeg.png'))), await client.post('/account/password', { old: '', new: 'short', again: '' }),
    await client.post('/account/password', { old: 'wrong', new: 'long enough so', again: 'long enough so' }), await client.post('/account/password', { old: 'password', new: 'password1', again: 'password1' }),
    await client.post('/account/password', { old: 'password', new: 'long enough so', again: 'another one so' }), await client.post(`${session.path}/notes`, { text: 'x', csrf_token: 'wrong' }),
    await client.send('DELETE', '/sessions'), await client.post(`${session.path}/notes`, { body: Buffer.from('{') }, { headers: { 'content-type': 'application/json', accept: 'text/html' } }),
    await client.post('/preferences', {}, { headers: { origin: 'https://evil.example' } }),
  ];
  for (const [i, page] of faults.entries()) {
    assert.ok(page.status >= 400, `${i}: ${page.status}`);
    allFrench(page, `${i}: ${page.status}`);
  }
  const headers = { 'accept-language': 'fr' };
  allFrench(await anonymous().get('/sign-in?out=1', { headers }), 'sign-in');
  allFrench(await anonymous().get('/nothing', { headers }), 'nothing');
  const wrong = await anonymous().send('POST', '/sign-in', { body: form({ user: 'nobody', pass: 'x' }), headers });
  allFrench(wrong, 'wrong password');
  assert.ok(!wrong.text.includes(sentence('credentials')));
  allFrench(await anonymous().send('POST', '/sign-in', { body: form({}), headers }), 'empty');
  allFrench(await anonymous().send('POST', `${session.path}/notes`, { body: form({ text: 'x' }), headers }), 'expired');
  const json = await anonymous().get('/api/nothing', { headers });
  assert.ok(!json.text.includes(sentence('not_found')));
});
