// Rate limits: by address for who is not signed in, by account for who is; each says how
// long to wait, and holds over all workers.
import assert from 'node:assert/strict';
import test from 'node:test';
import { anonymous, form, ownServer, signedIn, sql } from '../lib/http.mjs';
import { attachmentsOf, newSession, onDisk, sample, sentence, upload } from '../lib/classroom.mjs';

const limited = (text, seconds) => text.includes(sentence('rate', seconds));

test('limits hold, and say how long to wait', async (t) => {
  const own = await ownServer(t, { env: { MUSTER_SIGN_IN_PER_ADDRESS_PER_MINUTE: '12', MUSTER_REQUESTS_PER_ACCOUNT_PER_MINUTE: '40', MUSTER_UPLOADS_PER_ACCOUNT_PER_HOUR: '3' } });
  const [teacher, other] = [await signedIn('demo_teacher_1', own), await signedIn('demo_teacher_2', own)];

  await t.test('uploads of one account', async () => {
    const session = newSession({ of: own });
    for (let i = 0; i < 3; i += 1) assert.equal((await upload(teacher, session, [sample('im.jpg')])).status, 303);
    const before = onDisk(own);
    const page = await upload(teacher, session, [sample('im.jpg')], { description: 'Kept' });
    assert.ok([422, 429].includes(page.status), String(page.status));
    assert.match(page.text, /Too many tries\. Please wait \d+ seconds\./);
    assert.match(page.text, /value="Kept"/);
    assert.equal(attachmentsOf(session, own).length, 3);
    assert.deepEqual(onDisk(own), before);
    const theirs = newSession({ teacher: 'demo_teacher_2', of: own });
    assert.equal((await upload(other, theirs, [sample('im.jpg')])).status, 303, 'nobody else');
  });

  await t.test('requests of one account, from however many browsers', async () => {
    const answers = [];
    for (let i = 0; i < 5; i += 1) answers.push(...await Promise.all(Array.from({ length: 10 }, () => teacher.get('/account'))));
    const refused = answers.filter((a) => a.status === 429);
    assert.ok(refused.length >= 10, String(refused.length));
    const wait = Number(refused[0].headers['retry-after']);
    assert.ok(wait >= 1 && wait <= 60, String(wait));
    assert.ok(limited(refused[0].text, wait));
    assert.match(refused[0].headers['content-security-policy'], /default-src 'none'/);
    assert.equal((await other.get('/account')).status, 200, 'nobody else');
    const json = await teacher.get('/account', { headers: { accept: 'application/json' } });
    assert.equal(json.json.reason, 'rate');
    assert.ok(json.json.retry_after >= 1);
  });

  await t.test('tries to sign in from one address', async () => {
    const answers = [];
    for (let i = 0; i < 20; i += 1) answers.push(await anonymous(own).send('POST', '/sign-in', { body: form({ user: `nobody-${i}`, pass: 'x' }) }));
    assert.ok(answers.filter((a) => a.status === 422).length >= 8);
    const last = answers.at(-1);
    assert.equal(last.status, 429);
    assert.ok(limited(last.text, Number(last.headers['retry-after'])));
    assert.match(last.text, /value="nobody-19"/, 'what was typed stays');
    const demo = await anonymous(own).send('POST', '/sign-in/demo', { body: form({ role: 'teacher' }) });
    assert.equal(demo.status, 429, 'by every way in');
    assert.equal((await other.get('/account')).status, 200, 'who is in stays in');
    assert.equal(sql("SELECT COUNT(*) FROM sign_in_throttle WHERE n_failures > 1", { of: own })[0][0], '0');
  });
});
