// One's own signed-in sessions: seen, ended one by one, ended all at once.
import assert from 'node:assert/strict';
import test, { before } from 'node:test';
import { newAccount } from '../lib/classroom.mjs';
import { anonymous, signedIn, sql } from '../lib/http.mjs';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';

async function signedInWith(username, agent) {
  const client = anonymous();
  client.headers = { 'user-agent': agent };
  return client.signIn(username);
}

let me; // whose devices nobody else adds to
before(() => { me = newAccount(`devices_${process.pid}`, { role: 'student' }); });

const endings = (text) => [...text.matchAll(/action="\/account\/sessions\/(\d+)\/end"/g)].map(([, id]) => id);

test('the page lists the devices, and ends one of them', async () => {
  const here = await signedInWith(me, firefox);
  const there = await signedInWith(me, iphone);
  const page = await here.get('/account');
  assert.match(page.text, /Firefox on Linux/);
  assert.match(page.text, /Safari on iPhone/);
  assert.match(page.text, /2 devices/);
  const ids = endings(page.text);
  assert.equal(ids.length, 1, 'this device has no button');
  const ended = await here.post(`/account/sessions/${ids[0]}/end`);
  assert.equal(ended.status, 303);
  assert.equal((await there.get('/account')).status, 303, 'the phone is out');
  const after = await here.get(ended.headers.location.split('#')[0]);
  assert.match(after.text, /That device is signed out\./);
  assert.match(after.text, /1 device</);
  assert.equal((await here.post(`/account/sessions/${ids[0]}/end`)).status, 404, 'it has ended already');
});

test('another account\'s session is not there', async () => {
  const mine = await signedIn('demo_student_42');
  await signedIn('demo_student_43');
  const [[theirs]] = sql("SELECT MAX(w.id) FROM web_session w JOIN account a ON a.id = w.account_id WHERE a.username = 'demo_student_43'");
  for (const id of [theirs, '999999999', '0', '-1', 'x', '99999999999999999999']) {
    assert.equal((await mine.post(`/account/sessions/${id}/end`)).status, 404, id);
  }
  assert.deepEqual(sql(`SELECT ended_at FROM web_session WHERE id = ${theirs}`), [[null]]);
});

test('signing out everywhere ends every device at once', async () => {
  const devices = [];
  for (const agent of [firefox, iphone, '<script>alert(1)</script>']) devices.push(await signedInWith('demo_student_44', agent));
  const page = await devices[0].get('/account');
  assert.match(page.text, /A browser we do not know/);
  assert.doesNotMatch(page.text, /<script>alert/);
  assert.equal((await devices[0].send('POST', '/account/sessions/end')).status, 403, 'not without the token of the form');
  const out = await devices[0].post('/account/sessions/end');
  assert.equal(out.status, 303);
  assert.equal(out.headers.location, '/sign-in?out=1');
  for (const device of devices) assert.equal((await device.get('/account')).status, 303);
});
