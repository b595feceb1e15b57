// /admin/audit: filters, pager, branches, files; and `muster verify-audit` over a whole server.
import assert from 'node:assert/strict';
import test from 'node:test';
import { muster, ownServer, signedIn, sql, until } from '../lib/http.mjs';
import { as, besides, newSession, otherBranch } from '../lib/classroom.mjs';

const id = (n) => `${String(process.pid).padStart(8, '0')}${String(n).padStart(24, '0')}`;
const add = (n, { action = 'session.edited', object = 'occurrence', objectId = 7, branch = 1, actor = 'NULL', at = 'UTC_TIMESTAMP(6)', detail = '{}' } = {}, of) => {
  const [[row]] = sql(`INSERT INTO audit_log (at, actor_id, request_id, action, branch_id, object, object_id, detail)
    VALUES (${at}, ${actor}, '${id(n)}', '${action}', ${branch ?? 'NULL'}, '${object}', ${objectId}, '${detail}'); SELECT LAST_INSERT_ID();`, of && { of });
  return Number(row);
};
/* [[entry, sentence]] of a page, as they stand. */
const entries = (page) => [...page.text.matchAll(/<li>\s*<div><time.*?<p><b>(.*?)<\/b>.*?<dt>Entry<\/dt><dd>(\d+)<\/dd>/gs)].map(([, text, n]) => [Number(n), text]);
const numbers = (page) => entries(page).map(([n]) => n);

test('what was done stands on top, as a sentence with its actor and its object', async () => {
  const teacher = await as('demo_teacher_1');
  const s = newSession();
  await teacher.post(`${s.path}/notes`, { type: 'general', text: 'A word' });
  const admin = await as('demo_admin_1');
  const page = await admin.get(`/admin/audit?object=occurrence&id=${s.id}`);
  assert.equal(page.status, 200);
  assert.deepEqual(entries(page).map(([, text]) => text), ['Note added']);
  assert.match(page.text, new RegExp(`<a href="/sessions/${s.id}">Session ${s.id}</a>`));
  assert.match(page.text, /<a href="\/admin\/audit\?actor=demo_teacher_1"><bdi>Demo Teacher 1<\/bdi>/);
  assert.match((await admin.get('/admin/audit', { headers: { 'accept-language': 'fr' } })).text, /<h1>/);
});

test('each filter leaves what fits, together too', async () => {
  const admin = await as('demo_admin_1');
  const old = "'2019-03-0";
  const a = add(1, { at: `${old}4 23:59:59.999999'`, action: 'account.created', object: 'account', objectId: 70001 });
  const b = add(2, { at: `${old}5 00:00:00'`, objectId: 70001, actor: '(SELECT id FROM account a WHERE username = \'demo_teacher_7\')' });
  const c = add(3, { at: `${old}6 00:00:00'`, action: 'note.added', objectId: 70002, actor: '(SELECT id FROM account a WHERE username = \'demo_teacher_7\')' });
  for (const [filter, found] of [
    ['from=2019-03-04&to=2019-03-06', [c, b, a]],
    ['from=2019-03-05&to=2019-03-05', [b]],
    ['to=2019-03-04', [a]],
    ['from=2019-03-01&to=2019-03-10&family=account', [a]],
    ['from=2019-03-01&to=2019-03-10&object=occurrence', [c, b]],
    ['object=occurrence&id=70001', [b]],
    ['object=account&id=70001', [a]],
    ['from=2019-03-01&to=2019-03-10&actor=demo_teacher_7', [c, b]],
    ['from=2019-03-01&to=2019-03-10&actor=demo_teacher_7&family=note', [c]],
    [`request=${id(2)}`, [b]],
    [`request=${id(2)}&family=note`, []],
    ['actor=nobody_is_called_so', []],
    ['family=nothing', []],
    [`from=2019-03-01&to=2019-03-10&before=${c}`, [b, a]],
    ['from=2019-03-01&to=2019-03-10&branch=1', [c, b, a]],
    ['from=1000-01-01&to=1000-01-02', []],
    ['from=9999-12-30&to=9999-12-31', []],
  ]) assert.deepEqual(numbers(await admin.get(`/admin/audit?${filter}`)), found, filter);
  const page = await admin.get('/admin/audit?actor=nobody_is_called_so&family=note');
  assert.match(page.text, /Nothing matches/);
  assert.match(page.text, /value="nobody_is_called_so"/);
  assert.match(page.text, /<option value="note" selected>/);
  assert.match(page.text, /href="\/admin\/audit\.csv\?actor=nobody_is_called_so&amp;family=note"/);
});

test('the pager goes on where the page ended', async () => {
  const admin = await as('demo_admin_1');
  const rows = Array.from({ length: 120 }, () => add(10, { objectId: 80000 + process.pid }));
  const seen = [];
  let next = `/admin/audit?object=occurrence&id=${80000 + process.pid}`;
  for (let pages = 0; next; pages += 1) {
    const page = await admin.get(next);
    seen.push(...numbers(page));
    next = page.text.match(/href="([^"]*)" rel="next"/)?.[1].replace(/&amp;/g, '&');
    assert.ok(pages < 3);
  }
  assert.deepEqual(seen, rows.reverse());
});

test('what makes no sense is said at its field', async () => {
  const admin = await as('demo_admin_1');
  for (const [query, field, text] of [
    ['from=2026-02-30', 'f-from-e', 'This date does not exist.'],
    ['from=2026-03-02&to=2026-03-01', 'f-to-e', 'The end is before the start.'],
    ['id=7', 'f-object-e', 'Please fill this in.'],
    ['object=occurrence&id=x', 'f-id-e', 'Please enter a whole number.'],
    [`actor=${'x'.repeat(81)}`, 'f-actor-e', 'At most 80 characters.'],
  ]) {
    for (const file of ['', '.csv', '.jsonl']) {
      const page = await admin.get(`/admin/audit${file}?${query}`);
      assert.equal(page.status, 422, query);
      assert.equal(besides(page, field), text, query);
    }
  }
});

test('an admin of a branch finds that branch, whatever is asked', async () => {
  otherBranch();
  const [here, there, nowhere] = [add(20, { objectId: 90001 }), add(20, { objectId: 90001, branch: 90 }), add(20, { objectId: 90001, branch: null })];
  const near = await as('demo_admin_2');
  const far = await as('far_admin');
  const all = await as('demo_admin_1');
  for (const query of ['object=occurrence&id=90001', `request=${id(20)}`]) {
    assert.deepEqual(numbers(await near.get(`/admin/audit?${query}`)), [here]);
    assert.deepEqual(numbers(await far.get(`/admin/audit?${query}`)), [there]);
    assert.deepEqual(numbers(await all.get(`/admin/audit?${query}`)), [nowhere, there, here]);
    assert.deepEqual(numbers(await all.get(`/admin/audit?${query}&branch=90`)), [there]);
    const lines = (await far.get(`/admin/audit.jsonl?${query}`)).text.trim().split('\n').map((line) => JSON.parse(line).id);
    assert.deepEqual(lines, [there]);
  }
  for (const file of ['', '.csv', '.jsonl']) {
    assert.equal((await far.get(`/admin/audit${file}?branch=1`)).status, 404);
    assert.equal((await near.get(`/admin/audit${file}?branch=90`)).status, 404);
    assert.equal((await near.get(`/admin/audit${file}?branch=1&request=${id(20)}`)).status, 200);
    assert.equal((await (await as('demo_teacher_1')).get(`/admin/audit${file}`)).status, 404);
  }
  assert.doesNotMatch((await near.get('/admin/audit')).text, /name="branch"/);
  const before = numbers(await near.get('/admin/audit?actor=demo_admin_2')).length;
  for (const index of ['family=session', 'object=occurrence', 'family=session&object=occurrence', 'from=2026-01-01'])
    assert.ok(!numbers(await near.get(`/admin/audit?${index}`)).includes(there), index);
  assert.ok(before >= 0);
});

test('files hold what the filter finds, and no formula', async () => {
  const admin = await as('demo_admin_1');
  const a = add(30, { objectId: 95001, detail: '{"a":"\\\\"quoted\\\\", <b>"}' });
  const b = add(30, { objectId: 95001, action: 'ship.sailed', detail: '=1+1' });
  const csv = await admin.get('/admin/audit.csv?object=occurrence&id=95001');
  assert.equal(csv.status, 200);
  assert.equal(csv.headers['content-type'], 'text/csv; charset=utf-8');
  assert.match(csv.headers['content-disposition'], /^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/);
  const lines = csv.text.replace(/^\uFEFF/, '').split('\r\n');
  assert.equal(lines.length, 4);
  assert.equal(lines[0], '"id","at","username","given_name","family_name","action","text","object","object_id","branch","request_id","detail"');
  assert.ok(lines[1].startsWith(`"${b}","`));
  assert.ok(lines[1].endsWith(`,"ship.sailed","ship.sailed","occurrence","95001","Main campus","${id(30)}","'=1+1"`), lines[1]);
  assert.ok(lines[2].endsWith(',"session.edited","Completed session changed","occurrence","95001","Main campus",'
    + `"${id(30)}","{""a"":""\\""quoted\\"", <b>""}"`), lines[2]);
  const json = await admin.get('/admin/audit.jsonl?object=occurrence&id=95001');
  assert.match(json.headers['content-disposition'], /\.jsonl"$/);
  const rows = json.text.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(rows.map((row) => row.id), [b, a]);
  assert.deepEqual(rows[1].detail, { a: '"quoted", <b>' });
  assert.equal(rows[0].detail, '=1+1');
  assert.equal((await admin.get('/admin/audit.csv?actor=nobody_is_called_so')).text.split('\r\n').length, 2);
  const page = await admin.get('/admin/audit?object=occurrence&id=95001');
  assert.deepEqual(entries(page).map(([, text]) => text), ['ship.sailed', 'Completed session changed']);
  assert.doesNotMatch(page.text, /, <b>&quot;|<b>"}/);
  const head = await admin.send('HEAD', '/admin/audit.csv?object=occurrence&id=95001');
  assert.equal(head.status, 200);
  assert.equal(head.body.length, 0);
});

const verify = (own, ...args) => muster(['verify-audit', ...args], { of: own });
const chained = (own) => until('everything is hashed', () => sql('SELECT COUNT(*) FROM audit_log l LEFT JOIN audit_chain c ON c.audit_id = l.id WHERE c.seq IS NULL', { of: own })[0][0] === '0', 30);

test('the log is hashed within seconds, and what is done to it comes out', async (t) => {
  const own = await ownServer(t, { demo: true });
  const admin = await signedIn('demo_admin_1', own);
  await chained(own);
  const good = verify(own);
  assert.equal(good.code, 0, good.output);
  assert.match(good.stdout, /^\d+ links are good; the newest is \d+:[0-9a-f]{64}\n/);
  assert.match(good.stdout, /no row waits to be hashed/);
  const head = verify(own, '--head').stdout.trim();
  assert.match(head, /^\d+:[0-9a-f]{64}$/);
  assert.equal(verify(own, '--noted', head).code, 0);
  assert.match(verify(own, '--noted', head.replace(/.$/, (d) => (d === '0' ? '1' : '0'))).stdout, /NOT WHOLE at number \d+.*not the one that was noted/);
  assert.match(verify(own, '--noted', head.replace(/^\d+/, '999999')).stdout, /the chain ends before it/);
  for (const wrong of [['--from', '0'], ['--noted', 'x'], ['--what'], ['--key']]) assert.equal(verify(own, ...wrong).code, 2);
  assert.equal(verify(own, '--from', '999999').code, 1);

  /* The application may neither change nor remove. */
  for (const change of ['UPDATE audit_chain SET hash = hash', 'DELETE FROM audit_chain', 'UPDATE audit_log SET detail = detail', 'DELETE FROM audit_log'])
    assert.throws(() => sql(change, { of: own, as: 'app' }), /denied/, change);

  /* More than a file takes: a page with a sentence; just as many: all of them, in one file. */
  sql("INSERT INTO audit_log (at, request_id, action, object, object_id, detail) SELECT '2020-01-01', '', 'file.added', 'file', seq, '{}' FROM seq_1_to_100000", { of: own });
  const file = await admin.get('/admin/audit.csv?from=2020-01-01&to=2020-01-01');
  assert.equal(file.status, 200);
  assert.equal(file.text.split('\r\n').length, 100_002);
  sql("INSERT INTO audit_log (at, request_id, action, object, object_id, detail) VALUES ('2020-01-01', '', 'file.added', 'file', 1, '{}')", { of: own });
  const refused = await admin.get('/admin/audit.csv?from=2020-01-01&to=2020-01-01');
  assert.equal(refused.status, 422);
  assert.match(refused.text, /More than 100000 entries match\. Please choose a shorter period or a further filter\./);
  await chained(own);
  const much = verify(own);
  assert.equal(much.code, 0, much.output);
  assert.match(much.stdout, /rows were hashed more than an hour after they happened/);

  const [[seq, row]] = sql('SELECT seq, audit_id FROM audit_chain WHERE seq = 20', { of: own });
  sql(`UPDATE audit_log SET actor_id = COALESCE(actor_id, 0) + 1 WHERE id = ${row}`, { of: own });
  const altered = verify(own);
  assert.equal(altered.code, 3);
  assert.match(altered.stdout, new RegExp(`NOT WHOLE at number ${seq}, row ${row} of the audit log: the row was altered`));
  assert.equal(verify(own, '--from', '21').code, 0);
});
