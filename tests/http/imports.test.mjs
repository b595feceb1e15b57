// Imports by page and by `muster import`: the whole way, every file and row that is refused,
// what a branch admin may not reach, and that muster-jobs may be killed in between.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { isAsan, multipart, muster, ownServer, server, signedIn, sql, unescapeHtml, until } from '../lib/http.mjs';
import { as, below, besides, childrenOf, commandOf, hidden, otherBranch, sentence } from '../lib/classroom.mjs';

const run = `I${process.pid}`; // in every code, so that tests share the database
let n = 0;
const code = () => `${run}-${n += 1}`;
const count = (text) => Number(sql(text)[0][0]);

const file = (text, name = 'people.csv') => ({ name: 'file', filename: name, type: 'text/csv', bytes: Buffer.isBuffer(text) ? text : Buffer.from(text) });
const send = (client, text, { kind = 'people', branch } = {}) => client.post('/admin/imports', multipart([
  { name: 'kind', value: kind }, ...(branch === undefined ? [] : [{ name: 'branch', value: String(branch) }]), file(text)]));

/* Uploaded: the address of the import. */
async function upload(client, text, options) {
  const answer = await send(client, text, options);
  assert.equal(answer.status, 303, besides(answer, 'i-file-e') || answer.text.slice(0, 3000));
  return answer.headers.location;
}

const chosen = (page) => [...page.text.matchAll(/<select id="c-\d+"[^>]*>(.*?)<\/select>/gs)].map(([, options]) => options.match(/value="([^"]*)" selected/)?.[1]);
const counts = (page) => Object.fromEntries([...page.text.matchAll(/data-count="(\w+)">([^<]*)</g)].map(([, name, value]) => [name, Number(value)]));
const errors = (page) => [...page.text.matchAll(/<tr role="row">\s*<th role="rowheader" scope="row" class="nowrap">Row (\d+)<\/th>\s*<td[^>]*>([^<]*)<\/td>\s*<td[^>]*><bdi>([^<]*)<\/bdi><\/td>\s*<td[^>]*>([^<]*)<\/td>/g)]
  .map(([, row, field, value, text]) => [Number(row), field, unescapeHtml(value), unescapeHtml(text)]);

/* The page once nothing is under way any more. */
async function settled(client, path) {
  let page;
  await until('the import has settled', async () => {
    page = await client.get(path);
    return page.status === 200 && !page.text.includes('id="progress"');
  }, isAsan ? 120 : 90);
  return page;
}

async function decide(client, path, page, what, fields = {}) {
  const answer = await client.post(`${path}/${what}`, { ...hidden(page, `${path}/${what}`), ...fields });
  assert.equal(answer.status, 303, answer.text.slice(0, 3000));
  return settled(client, path);
}

/* To the dry run, with the columns as guessed. */
async function checked(client, path) {
  const page = await client.get(path);
  const answer = await client.post(`${path}/columns`, { version: hidden(page, `${path}/columns`).version, ignored: '1', column: chosen(page) });
  assert.equal(answer.status, 303, answer.text.slice(0, 3000));
  return settled(client, path);
}

test('people: upload, columns, dry run, confirm, report, undo', async () => {
  const admin = await as('demo_admin_2');
  const [one, two, three] = [code(), code(), code()];
  const path = await upload(admin, `Code étudiant;Prénom;Nom;Courriel;Identifiant;Groupe;Shoe size\r\n${one};Zoë;O’Neil;${one}@x.example;${one};A;38\r\n${two};"Anne; Marie";Two;;;;\r\n${three};=1+1;Three;;;;\r\n`);
  let page = await admin.get(path);
  assert.deepEqual(chosen(page), ['student_code', 'given_name', 'family_name', 'email', 'username', 'section', '-']);

  // The column that is not imported must be agreed to.
  const version = hidden(page, `${path}/columns`).version;
  const refused = await admin.post(`${path}/columns`, { version, column: chosen(page) });
  assert.equal(refused.status, 422);
  assert.equal(besides(refused, 'c-ignored-e'), sentence('import_ignored'));

  page = await checked(admin, path);
  assert.deepEqual(counts(page), { created: 2, updated: 0, same: 0, wrong: 1 });
  assert.deepEqual(errors(page), [[4, 'Given name', '=1+1', sentence('import_formula')]]);
  assert.equal(count(`SELECT COUNT(*) FROM person WHERE student_code LIKE '${run}-%'`), 0, 'nothing is written by the dry run');
  const csv = await admin.get(`${path}/errors.csv`);
  assert.match(csv.headers['content-type'], /^text\/csv/);
  assert.equal(csv.text.replace('\uFEFF', ''), `"Row","Field","Value","What is wrong"\r\n"4","Given name","'=1+1","${sentence('import_formula')}"\r\n`);

  page = await decide(admin, path, page, 'run');
  assert.deepEqual(counts(page), { created: 2, updated: 0, same: 0, wrong: 1 });
  assert.deepEqual(sql(`SELECT p.given_name, p.family_name, a.username, a.role, a.password_hash, s.name FROM person p
    LEFT JOIN account a ON a.person_id = p.id LEFT JOIN section_member m ON m.person_id = p.id LEFT JOIN section s ON s.id = m.section_id
    WHERE p.student_code IN ('${one}', '${two}') ORDER BY p.id`), [['Zoë', 'O’Neil', one.toLowerCase(), 'student', '', 'A'], ['Anne; Marie', 'Two', null, null, null, null]]);
  // Nobody signs in with an account that has no password.
  const stranger = await admin.post('/sign-in', { user: one, password: '' });
  assert.notEqual(stranger.status, 303);

  page = await decide(admin, path, page, 'undo');
  assert.deepEqual([counts(page).back, counts(page).kept], [2, 0]);
  assert.equal(count(`SELECT COUNT(*) FROM person WHERE student_code LIKE '${run}-%'`), 0);
  const actions = sql(`SELECT action FROM audit_log WHERE object = 'import' AND object_id = ${path.split('/').pop()} ORDER BY id`).flat();
  assert.deepEqual(actions, ['import.uploaded', 'import.mapped', 'import.checked', 'import.confirmed', 'import.done', 'import.undo', 'import.undone']);
});

test('enrolments, and undoing keeps what was changed since', async () => {
  const admin = await as('demo_admin_2');
  const [one, two] = [code(), code()];
  const people = await upload(admin, `student_code,family_name\n${one},One\n${two},Two\n`);
  await decide(admin, people, await checked(admin, people), 'run');
  const path = await upload(admin, `student,course,from,to\n${one},DEMO101,2026-09-01,\n${two},DEMO101,2026-09-01,\n`, { kind: 'enrolments' });
  let page = await decide(admin, path, await checked(admin, path), 'run');
  assert.deepEqual(counts(page), { created: 2, updated: 0, same: 0, wrong: 0 });

  // Now somebody hangs on the people: they stay, and are listed.
  const kept = await decide(admin, people, await admin.get(people), 'undo');
  assert.deepEqual([counts(kept).back, counts(kept).kept], [0, 2]);
  assert.match(kept.text, new RegExp(`<bdi>${one}</bdi>`));

  sql(`UPDATE enrolment e JOIN person p ON p.id = e.person_id SET e.to_date = '2026-12-31', e.revision = e.revision + 1 WHERE p.student_code = '${one}'`);
  page = await decide(admin, path, page, 'undo');
  assert.deepEqual([counts(page).back, counts(page).kept], [1, 1]);
  sql(`DELETE e FROM enrolment e JOIN person p ON p.id = e.person_id WHERE p.student_code = '${one}'; DELETE FROM person WHERE student_code IN ('${one}', '${two}')`);
});

test('two people who exchange their codes are errors of both rows, before anything is written', async () => {
  const admin = await as('demo_admin_2');
  const [one, two] = [code(), code()];
  const people = await upload(admin, `student_code,teacher_code,username,email,family_name\n${one},${one}T,${one},${one}@x.example,One\n${two},${two}T,${two},${two}@x.example,Two\n`);
  await decide(admin, people, await checked(admin, people), 'run');
  const stored = () => sql(`SELECT p.student_code, p.teacher_code, a.username, a.email FROM person p JOIN account a ON a.person_id = p.id WHERE p.student_code IN ('${one}', '${two}') ORDER BY p.id`);
  const before = stored();
  assert.equal(before.length, 2);
  for (const [text, field] of [
    [`student_code,teacher_code\n${one},${two}T\n${two},${one}T\n`, 'Teacher code'],
    [`student_code,username\n${one},${two}\n${two},${one}\n`, 'Username'],
    [`teacher_code,username\n${one}T,${two}\n${two}T,${one}\n`, 'Username'],
    [`username,student_code\n${one},${two}\n${two},${one}\n`, 'Username'],
    [`student_code,email\n${one},${two}@x.example\n${two},${one}@x.example\n`, 'E-mail'],
  ]) {
    const path = await upload(admin, text);
    const page = await checked(admin, path);
    assert.deepEqual(counts(page), { created: 0, updated: 0, same: 0, wrong: 2 }, text);
    assert.deepEqual(errors(page).map(([row, name]) => [row, name]), [[2, field], [3, field]]);
  }
  assert.deepEqual(stored(), before);
  await decide(admin, people, await admin.get(people), 'undo');
});

test('an import that nothing comes of says that it waits', async () => {
  const admin = await as('demo_admin_2');
  const path = await upload(admin, `student_code,family_name\n${code()},One\n`);
  const id = path.split('/').pop();
  const page = await admin.get(path);
  sql("UPDATE lease SET holder = REPEAT('x', 32), until_at = UTC_TIMESTAMP(6) + INTERVAL 1 MINUTE WHERE name = 'importer'");
  try {
    assert.equal((await admin.post(`${path}/columns`, { version: hidden(page, `${path}/columns`).version, ignored: '1', column: chosen(page) })).status, 303);
    const words = /Nothing has moved for a while/;
    assert.doesNotMatch((await admin.get(path)).text, words);
    sql(`UPDATE import SET changed_at = UTC_TIMESTAMP(6) - INTERVAL 40 SECOND WHERE id = ${id}`);
    assert.match((await admin.get(path)).text, words);
    assert.match((await admin.get(path, { headers: { 'hx-request': 'true' } })).text, words);
  } finally {
    sql("UPDATE lease SET until_at = UTC_TIMESTAMP(6) WHERE name = 'importer'");
  }
  assert.deepEqual(counts(await settled(admin, path)).created, 1);
});

test('the CSV of more than 20,000 errors says so, and so does the page', async () => {
  const admin = await as('demo_admin_2');
  const path = await upload(admin, `student_code,family_name\n${code()},=1\n`);
  const id = path.split('/').pop();
  await checked(admin, path);
  const last = async () => (await admin.get(`${path}/errors.csv`)).text.trim().split('\r\n').at(-1);
  sql(`INSERT INTO import_error (import_id, row_no, field, reason, value, arg) SELECT ${id}, seq + 2, 'family_name', 'import_formula', '=1', 0 FROM seq_1_to_19999`);
  assert.match(await last(), /^"20001","Family name"/);
  assert.doesNotMatch((await admin.get(path)).text, /the first 20,000/);
  sql(`INSERT INTO import_error (import_id, row_no, field, reason, value, arg) VALUES (${id}, 20002, 'family_name', 'import_formula', '=1', 0)`);
  assert.equal(await last(), '"","","","There are more errors; these are the first 20,000."');
  assert.match((await admin.get(path)).text, /the first 20,000 of 20,001 errors/);
  sql(`DELETE FROM import_error WHERE import_id = ${id} AND row_no > 2`);
});

/* ---- what is wrong ------------------------------------------------------------------------- */

const wide = `student_code,name\n${Array.from({ length: 150001 }, (_, i) => `X${i},A`).join('\n')}\n`;
for (const [what, text, reason, arg] of [
  ['nothing', '', 'file_empty'], ['a header alone', 'student_code,name\n', 'import_empty'],
  ['UTF-16', Buffer.from('\uFEFFstudent_code,name\r\nA1,B\r\n', 'utf16le'), 'import_utf16'],
  ['Windows-1252', Buffer.from('student_code,name\r\nA1,Ren\xE9e\r\n', 'latin1'), 'import_latin'],
  ['Windows-1252 far below', Buffer.concat([Buffer.from(`student_code,name\n${'A1,B\n'.repeat(3000)}`), Buffer.from('A2,Ren\xE9e\n', 'latin1')]), 'import_encoding', 3002],
  ['half a quoted field', 'student_code,name\nA1,B\nA2,"half\n', 'import_quote', 3],
  ['a quote in the middle', 'student_code,name\nA1,ha"lf\n', 'import_quote', 2],
  ['a quote that swallows the rest', `student_code,name\nA1,"half\n${'A2,B\n'.repeat(3000)}`, 'import_field_long', 2],
  ['a zero byte', 'student_code,name\nA1,a\0b\n', 'import_nul', 2],
  ['65 columns', `${Array.from({ length: 65 }, (_, i) => `c${i}`).join(',')}\n`, 'import_columns', 1],
  ['150,001 rows', wide, 'import_rows', 150000],
]) {
  test(`a file with ${what} is refused with a sentence`, async () => {
    const admin = await as('demo_admin_2');
    const before = [count('SELECT COUNT(*) FROM import'), below(join(server.var, 'uploads')).length];
    const answer = await send(admin, text);
    assert.equal(answer.status, 422);
    assert.equal(besides(answer, 'i-file-e'), sentence(reason, arg));
    assert.deepEqual([count('SELECT COUNT(*) FROM import'), below(join(server.var, 'uploads')).length], before);
  });
}

test('no file, and more than 64 MB', async () => {
  const admin = await as('demo_admin_2');
  const answer = await admin.post('/admin/imports', multipart([{ name: 'kind', value: 'people' }]));
  assert.equal(answer.status, 422);
  assert.equal(besides(answer, 'i-file-e'), sentence('file_missing'));
  const big = await send(admin, Buffer.alloc(64 * 1024 * 1024 + 1, 'a'));
  assert.equal(big.status, 422);
  assert.equal(besides(big, 'i-file-e'), sentence('import_size'));
});

test('each wrong row has its sentence', async () => {
  const admin = await as('demo_admin_2');
  const [one, two] = [code(), code()];
  const path = await upload(admin, ['student_code,name,section,from,to,role,username', `${one},A,,,,,`, `${one},B,,,,,`, `${two}1,C,A,2026-05-02,2026-05-01,,`,
    `${two}2,D,A,2026-02-31,,,`, `${two}3,E,Nowhere,,,,`, `${two}4,F,,,,super_admin,`, `${two}5,G,,,,,demo_admin_1`, 'DS0001,H,,,,,demo_teacher_1', ',I,,,,,', `${two}6,J,,,,,,,extra`, ''].join('\n'));
  const page = await checked(admin, path);
  assert.deepEqual(errors(page), [
    [3, 'Student code', one, sentence('import_twice', 2)], [4, 'Last day in the section', '2026-05-01', sentence('end_before_start')],
    [5, 'First day in the section', '2026-02-31', sentence('not_a_date')], [6, 'Section', 'Nowhere', sentence('import_section')], [7, 'Role', 'super_admin', sentence('import_role')],
    ...(errors(page).filter(([row]) => row === 8)), [9, 'Username', 'demo_teacher_1', sentence('username_taken')],
    [10, 'Whole row', '', sentence('import_who')], [11, 'Whole row', 'extra', sentence('import_extra')],
  ]);
  assert.ok(errors(page).some(([row]) => row === 8), 'the name of an admin is refused');
  await admin.post(`${path}/drop`, hidden(page, `${path}/drop`));
  assert.equal(sql(`SELECT state FROM import WHERE id = ${path.split('/').pop()}`)[0][0], 'dropped');
});

/* ---- who may ------------------------------------------------------------------------------- */

test('a branch admin reaches his branch only, in every address and field', async () => {
  otherBranch();
  const admin = await as('demo_admin_2');
  const far = await as('far_admin');
  const path = await upload(admin, `student_code,name\n${code()},A\n`);
  for (const [method, tail] of [['get', ''], ['get', '/errors.csv'], ['post', '/columns'], ['post', '/run'], ['post', '/undo'], ['post', '/drop'], ['post', '/back']])
    assert.equal((await far[method](path + tail, { version: '1', column: 'student_code' })).status, 404, tail);
  assert.ok(!(await far.get('/admin/imports')).text.includes(path));
  const other = await send(far, 'student_code,name\nZZ1,A\n', { branch: 1 });
  assert.equal(other.status, 422);

  // A code of the first branch is refused without a word about whose it is.
  const taken = await checked(far, await upload(far, 'student_code,name\nDS0001,Mine\n'));
  assert.deepEqual(errors(taken), [[2, 'Student code', 'DS0001', sentence('import_elsewhere')]]);
  assert.ok(!taken.text.includes('Demo Student'));
  const enrol = await checked(far, await upload(far, 'student,course\nDS0001,DEMO101\n', { kind: 'enrolments' }));
  assert.deepEqual(errors(enrol).map(([, , , text]) => text).sort(), [sentence('import_course'), sentence('import_person')].sort());
  for (const name of ['demo_teacher_1', 'demo_employee_1', 'demo_student_1']) {
    const client = await as(name);
    assert.equal((await client.get('/admin/imports')).status, 404, name);
    assert.equal((await send(client, 'student_code,name\nZZ1,A\n')).status, 404, name);
  }
});

test('a super admin says for which branch', async () => {
  const boss = await as('demo_admin_1');
  const none = await send(boss, `student_code,name\n${code()},A\n`);
  assert.equal(none.status, 422);
  assert.equal(besides(none, 'i-branch-e'), sentence('required'));
  const gone = await send(boss, `student_code,name\n${code()},A\n`, { branch: 999999 });
  assert.equal(besides(gone, 'i-branch-e'), sentence('not_a_choice'));
  await upload(boss, `student_code,name\n${code()},A\n`, { branch: 1 });
});

test('a branch that has ended meanwhile takes nobody in', async () => {
  const admin = await as('demo_admin_1');
  const [[branch]] = sql(`INSERT INTO branch (name, zone) VALUES ('Closing ${run}', 'UTC'); SELECT LAST_INSERT_ID();`);
  const mine = code();
  const path = await upload(admin, `student code,given name,family name\n${mine},Ada,Late\n`, { branch });
  const page = await checked(admin, path);
  sql(`UPDATE branch SET ended_at = UTC_TIMESTAMP(6) WHERE id = ${branch}`);
  const answer = await admin.post(`${path}/run`, hidden(page, `${path}/run`));
  assert.equal(answer.status, 409);
  assert.match(answer.text, /This has ended\. Restore it first\./);
  assert.equal(count(`SELECT COUNT(*) FROM person WHERE student_code = '${mine}'`), 0);
});

test('two who confirm at once: the second sees the new state', async () => {
  const admin = await as('demo_admin_2');
  const path = await upload(admin, `student_code,name\n${code()},A\n`);
  const page = await checked(admin, path);
  const stale = hidden(page, `${path}/run`);
  const done = await decide(admin, path, page, 'run');
  const second = await admin.post(`${path}/run`, stale);
  assert.equal(second.status, 409);
  assert.match(second.text, new RegExp(sentence('changed')));
  await decide(admin, path, done, 'undo');
});

test('without scripts the page asks for itself again, with htmx the part does', async () => {
  const admin = await as('demo_admin_2');
  const path = await upload(admin, `student_code,name\n${code()},A\n`);
  const id = path.split('/').pop();
  sql(`UPDATE import SET state = 'undoing', position = 0, changed_at = '2999-01-01' WHERE id = ${id}`);
  const page = await admin.get(path);
  // muster-jobs may have been quicker.
  if (page.text.includes('id="progress"')) {
    assert.match(page.text, /<noscript><meta http-equiv="refresh" content="2"><\/noscript>/);
    assert.match(page.text, /hx-trigger="every 1s"/);
  }
  await settled(admin, path);
  const part = await admin.get(path, { headers: { 'hx-request': 'true' } });
  assert.equal(part.headers['hx-refresh'], 'true');
});

test('muster-jobs is killed in the middle of an import: another one goes on, and every row is there once', async (t) => {
  const own = await ownServer(t);
  const admin = await signedIn('demo_admin_2', own);
  const [n_rows, ask] = [isAsan ? 8000 : 20000, (text) => sql(text, { of: own })[0].map(Number)];
  const told = (id) => ask(`SELECT n_created, n_updated, n_same, n_wrong FROM import WHERE id = ${id}`);
  const free = () => sql("UPDATE lease SET until_at = UTC_TIMESTAMP(6) WHERE name = 'importer'", { of: own });
  const theirs = childrenOf(own.pid).find((pid) => commandOf(pid).includes('/muster-jobs '));
  process.kill(theirs, 'SIGSTOP');
  const { uid, gid } = statSync(own.var);
  const second = spawn(join(own.bin, 'muster-jobs'), ['--config', own.config], { stdio: 'ignore', ...(process.getuid() === 0 ? { uid, gid } : {}) });
  const gone = new Promise((resolve) => { second.once('exit', (code, signal) => resolve(signal)); });
  try {
    free();
    const path = await upload(admin, `student_code,family_name,username\n${Array.from({ length: n_rows }, (_, i) => `K${i},Name ${i},killed${i}`).join('\n')}\n`);
    const id = path.split('/').pop();
    const page = await checked(admin, path);
    assert.deepEqual(told(id), [n_rows, 0, 0, 0]);
    assert.equal((await admin.post(`${path}/run`, hidden(page, `${path}/run`))).status, 303);
    await until('it has begun', () => ask(`SELECT n_created FROM import WHERE id = ${id}`)[0] > 0, 90);
    second.kill('SIGKILL');
    assert.equal(await gone, 'SIGKILL');
    const [part, people] = ask(`SELECT n_created, (SELECT COUNT(*) FROM person WHERE student_code LIKE 'K%') FROM import WHERE id = ${id} AND state = 'running'`);
    assert.ok(part > 0 && part < n_rows, `${part} rows`);
    assert.equal(people, part, 'a batch is there as a whole or not at all');
    free();
    process.kill(theirs, 'SIGCONT');
    await settled(admin, path);
    assert.deepEqual(told(id), [n_rows, 0, 0, 0]);
    assert.deepEqual(ask(`SELECT COUNT(*), COUNT(DISTINCT student_code), (SELECT COUNT(*) FROM account WHERE username LIKE 'killed%') FROM person WHERE student_code LIKE 'K%'`), [n_rows, n_rows, n_rows]);
  } finally {
    second.kill('SIGKILL');
    process.kill(theirs, 'SIGCONT');
  }
});

/* ---- muster import -------------------------------------------------------------------------- */

test('muster import does the same on the command line', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-import-'));
  t.after(() => rmSync(folder, { recursive: true }));
  chmodSync(folder, 0o755); // the command runs as the user of the server
  const [one, two] = [code(), code()];
  const path = join(folder, 'people.csv');
  writeFileSync(path, `Number,Prénom,Nom,Shoe\n${one},Cora,Line,38\n${two},,@formula,39\n`);
  const command = (...args) => muster(['import', ...args]);

  const dry = await command('people', path, '--branch', 'Main campus', '--map', 'Number=student_code', '--dry-run');
  assert.match(dry.output, /column Shoe: left out/);
  assert.match(dry.stdout, /checked: 2 rows, 1 created, 0 updated, 0 unchanged, 1 with errors/);
  assert.match(dry.stdout, /row 3: family_name "@formula" This looks like a formula/);
  assert.equal(dry.code, 1);
  assert.equal(count(`SELECT COUNT(*) FROM person WHERE student_code = '${one}'`), 0);

  const real = await command('people', path, '--branch', 'Main campus', '--map', 'Number=student_code');
  assert.match(real.stdout, /import (\d+) done: 2 rows, 1 created/);
  assert.equal(count(`SELECT COUNT(*) FROM person WHERE student_code = '${one}' AND given_name = 'Cora'`), 1);
  const undone = await command('--undo', real.stdout.match(/import (\d+) done/)[1]);
  assert.match(undone.stdout, /1 taken back, 0 kept/);
  assert.equal(undone.code, 0);
  assert.equal(count(`SELECT COUNT(*) FROM person WHERE student_code = '${one}'`), 0);

  for (const [args, status, words] of [
    [['people'], 2, /usage/], [['cats', path], 2, /usage/], [['people', join(folder, 'none.csv'), '--branch', 'Main campus'], 1, /cannot be read/],
    [['people', path, '--branch', 'Nowhere'], 1, /branch: Please choose one of the list/], [['people', path, '--branch', 'Main campus', '--map', 'Nope=email'], 1, /no column "Nope"/],
    [['people', path, '--branch', 'Main campus', '--map', 'Number=shoe'], 1, /names no field/], [['people', path, '--branch', 'Main campus'], 1, /says who it is/], [['--undo', '99999999'], 1, /import/],
  ]) {
    const answer = await command(...args);
    assert.equal(answer.code, status, args.join(' '));
    assert.match(answer.stderr, words, args.join(' '));
  }
  assert.equal(count("SELECT COUNT(*) FROM import WHERE state NOT IN ('done', 'undone', 'dropped', 'uploaded', 'checked') AND created_by IS NULL"), 0);
});
