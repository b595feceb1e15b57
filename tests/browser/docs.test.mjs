// /docs and /redoc in a real browser: they show every endpoint from local files, under a
// policy without 'unsafe-inline' (what breaks it fails the test: lib/browser.mjs), and trying
// out works.  What is inside the widgets is their makers'; axe looks at the frame around them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessible, open } from '../lib/browser.mjs';
import { anonymous, json, until } from '../lib/http.mjs';
import { description } from '../lib/openapi.mjs';

// The widget draws only what is in sight, once there are many: a screen on which all are.
const tall = { width: 1280, height: 16_000 };

async function openAll(page) {
  const { paths } = await description();
  const groups = new Set(Object.values(paths).flatMap((item) => Object.values(item)).flatMap((one) => one.tags));
  // The groups come one after the other, and open in their own time.
  await until('every group is there', async () => await page.locator('.opblock-tag').count() === groups.size);
  await until('every group is open', async () => {
    const shut = page.locator('.opblock-tag[data-is-open="false"]');
    if (await shut.count() > 0) await shut.first().click();
    return await page.locator('.opblock-tag[data-is-open="true"]').count() === groups.size;
  }, 60);
}

/* The parts of one operation, opened. */
async function operation(page, method, path) {
  await openAll(page);
  // What two contracts share stands in both their groups.
  const block = page.locator(`.opblock-${method}`).filter({ has: page.locator(`[data-path="${path}"]`) }).first();
  await block.locator('.opblock-summary-control').click();
  return block;
}

/* Executes it; gives the answer as the widget shows it. */
async function execute(block) {
  await block.getByRole('button', { name: 'Try it out' }).click();
  await block.getByRole('button', { name: 'Execute' }).click();
  const live = block.locator('.live-responses-table');
  await live.waitFor();
  return { status: Number((await live.locator('tbody .response-col_status').first().innerText()).trim().slice(0, 3)), body: await live.locator('.highlight-code').first().innerText() };
}

test('nothing in their policies lets a page be written from inside', async () => {
  for (const path of ['/docs', '/redoc']) {
    const policy = (await anonymous().get(path)).headers['content-security-policy'];
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self';/);
    assert.doesNotMatch(policy, /unsafe/);
  }
});

test('/docs shows every operation, and tries one out', async (t) => {
  const page = await open(t, '/docs', { size: tall });
  await openAll(page);
  const { paths } = await description();
  // One of two contracts stands in both their groups.
  const n = Object.values(paths).flatMap((item) => Object.values(item)).flatMap((one) => one.tags).length;
  await until(`${n} operations`, async () => await page.locator('.opblock').count() === n);
  const { status, body } = await execute(await operation(page, 'get', '/health'));
  assert.equal(status, 200);
  assert.match(body, /ATTN API is running/);
});

test('Authorize takes a token, which the request then carries', async (t) => {
  const login = await anonymous().send('POST', '/api/auth/login', { body: json({ email: 'demo_admin_1', password: 'password' }) });
  const page = await open(t, '/docs', { size: tall, mayComplain: [/status of 401/] });
  const block = await operation(page, 'get', '/api/students');
  assert.equal((await execute(block)).status, 401);
  await page.getByRole('button', { name: 'Authorize', exact: true }).click();
  const dialog = page.locator('.modal-ux');
  await dialog.locator('.auth-container').filter({ hasText: 'bearer' }).locator('input').fill(login.json.access);
  await dialog.locator('.auth-container').filter({ hasText: 'bearer' }).getByRole('button', { name: 'Apply credentials' }).click();
  await dialog.locator('.auth-container').filter({ hasText: 'bearer' }).getByText('Authorized').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await block.getByRole('button', { name: 'Execute' }).click();
  const status = block.locator('.live-responses-table tbody .response-col_status').first();
  await until('the answer', async () => (await status.innerText()).trim().startsWith('200'));
  assert.match(await block.locator('.live-responses-table .highlight-code').first().innerText(), /DS0001/);
});

test('who is signed in tries changes without looking for a token', async (t) => {
  const page = await open(t, '/docs', { as: 'demo_teacher_1', size: tall });
  const block = await operation(page, 'post', '/api/session_completion.php');
  await block.getByRole('button', { name: 'Try it out' }).click();
  await block.locator('select').filter({ hasText: 'add_note' }).first().selectOption('add_note');
  await block.locator('textarea').fill('{"completion_id": 1, "note_text": "Bring cables"}');
  await block.getByRole('button', { name: 'Execute' }).click();
  const live = block.locator('.live-responses-table');
  await live.waitFor();
  assert.match(await live.locator('.highlight-code').first().innerText(), /Failed to add note/);
});

test('/docs without a mouse', async (t) => {
  const page = await open(t, '/docs');
  await page.locator('.opblock-tag').first().waitFor();
  const reached = new Set();
  for (let i = 0; i < 40; i += 1) {
    await page.keyboard.press('Tab');
    reached.add(await page.evaluate(() => (document.activeElement.innerText || document.activeElement.getAttribute('aria-label') || document.activeElement.tagName).trim().split('\n')[0]));
  }
  assert.ok(reached.has('Authorize'), [...reached].join(' | '));
  const control = page.locator('.opblock-tag button').first();
  await control.focus();
  await page.keyboard.press('Enter');
  await page.locator('.opblock-summary-control').first().waitFor();
  await page.locator('.opblock-summary-control').first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Try it out' }).first().waitFor();
});

test('/redoc shows every operation', async (t) => {
  const page = await open(t, '/redoc');
  const { paths } = await description();
  const shown = () => page.locator('h2').allInnerTexts();
  for (const { summary } of Object.values(paths).flatMap((item) => Object.values(item))) {
    await until(`heading “${summary}”`, async () => (await shown()).some((text) => text.trim() === summary));
  }
});

test('the frame is accessible, and says what to do without JavaScript', async (t) => {
  for (const path of ['/docs', '/redoc']) {
    const silent = await open(t, path, { javaScript: false, locale: 'fr-FR' });
    await silent.getByText('Ces pages ont besoin de JavaScript.').waitFor();
    const page = await open(t, path);
    await page.route('**/docs.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    await page.reload();
    await accessible(page);
  }
});
