// People, accounts, memberships and enrolments by their pages: what is stored, what is
// refused and how it says so, and that an admin of a branch never reaches beyond it.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { anonymous, sql } from '../lib/http.mjs';
import { as, otherBranch } from '../lib/classroom.mjs';

const admin = () => as('demo_admin_1');
const branchAdmin = () => as('demo_admin_2');
let made = 0;
const unique = () => `${process.pid.toString(36)}${(made += 1).toString(36)}`;
const number = (text) => Number(sql(text)[0][0]);
const revision = (id, table = 'person') => number(`SELECT revision FROM ${table} WHERE id = ${id}`);
const day = (offset) => new Date(Date.now() + offset * 864e5).toISOString().slice(0, 10);
const idOf = (answer) => Number(/\/admin\/people\/(\d+)/.exec(answer.headers.location)[1]);
const ok = (answer) => assert.equal(answer.status, 303, answer.text.slice(0, 4000));
const refused = (answer, status, text) => {
  assert.equal(answer.status, status, answer.text.slice(0, 4000));
  if (text) assert.match(answer.text, text);
};

async function newPerson(fields = {}) {
  const answer = await (await admin()).post('/admin/people', { given_name: 'Test', family_name: `Person ${unique()}`, branch: 1, ...fields });
  ok(answer);
  return idOf(answer);
}
async function newAccount(id, fields = {}) {
  const username = `u.${unique()}`;
  ok(await (await admin()).post(`/admin/people/${id}/account`, { role: 'student', username, password: 'a-good-password', ...fields }));
  return { username, id: number(`SELECT id FROM account WHERE person_id = ${id}`) };
}
/* A section, in a class of its own, and a course, in branch 1 or another. */
function newGroup(branch = 1) {
  const name = `G${unique()}`;
  const [[section, course, group]] = sql(`INSERT INTO department (branch_id, name) VALUES (${branch}, '${name}'); SET @d = LAST_INSERT_ID();
    INSERT INTO batch (department_id, name) VALUES (@d, '${name}'); SET @b = LAST_INSERT_ID();
    INSERT INTO section (batch_id, name) VALUES (@b, '${name}'); SET @s = LAST_INSERT_ID();
    INSERT INTO class (branch_id, name) VALUES (${branch}, '${name}'); SET @c = LAST_INSERT_ID();
    INSERT INTO class_section (class_id, section_id) VALUES (@c, @s);
    INSERT INTO course (branch_id, code, title) VALUES (${branch}, '${name}', '${name}'); SELECT @s, LAST_INSERT_ID(), @c;`);
  return { name, section: Number(section), course: Number(course), class: Number(group), members: () => number(`SELECT n_members FROM class WHERE id = ${group}`) };
}
const inGroup = async (client, person, group, fields = {}) => client.post(`/admin/people/${person}/groups`, { group, from: day(-10), ...fields });
const memberOf = (person, table = 'section_member') => number(`SELECT MAX(id) FROM ${table} WHERE person_id = ${person}`);

before(() => otherBranch());

/* ---- persons --------------------------------------------------------------------------- */

test('a person is added, shown, changed, ended and restored, each with its line in the trail', async () => {
  const client = await admin();
  const code = `S-${unique()}`;
  const id = await newPerson({ given_name: '  María José ', family_name: 'Núñez de la Cruz', student_code: code });
  assert.deepEqual(sql(`SELECT given_name, family_name, student_code, branch_id FROM person WHERE id = ${id}`), [['María José', 'Núñez de la Cruz', code, '1']]);
  const page = await client.get(`/admin/people/${id}`);
  assert.equal(page.status, 200, page.text.slice(0, 2000));
  assert.ok(page.text.includes('María José Núñez de la Cruz') && page.text.includes(code));
  ok(await client.post(`/admin/people/${id}`, { version: 1, given_name: '', family_name: '李小龍', student_code: code, branch: 1 }));
  assert.ok((await client.get(`/admin/people/${id}`)).text.includes('李小龍'));
  const ended = await client.post(`/admin/people/${id}/end`, { version: 2 });
  ok(ended);
  const after = await client.get(ended.headers.location);
  assert.match(after.text, /codes are free again/i);
  assert.match(after.text, new RegExp(`action="/admin/people/${id}/restore"`));
  refused(await client.post(`/admin/people/${id}`, { version: 3, given_name: 'x', family_name: 'y', branch: 1 }), 409, /has ended/);
  ok(await client.post(`/admin/people/${id}/restore`, { version: 3 }));
  assert.deepEqual(sql(`SELECT action FROM audit_log WHERE object = 'person' AND object_id = ${id} ORDER BY id`).flat(),
    ['person.created', 'person.changed', 'person.ended', 'person.restored']);
  const details = sql(`SELECT detail FROM audit_log WHERE object = 'person' AND object_id = ${id}`).flat().join();
  assert.ok(!details.includes('Cruz') && !details.includes('李'), 'names are not in the trail');
});

const badPersons = [
  ['no name at all', { given_name: ' ', family_name: '' }, 'p-family-e', /Please fill this in/],
  ['121 characters', { family_name: 'ä'.repeat(121) }, 'p-family-e', /At most 120 characters/],
  ['a code of 41', { student_code: 'x'.repeat(41) }, 'p-student-e', /At most 40 characters/],
  ['a control character', { given_name: 'A\u0007B' }, 'p-given-e', /cannot be stored/],
  ['two lines', { family_name: 'A\nB' }, 'p-family-e', /cannot be stored/],
  ['no such branch', { branch: 987654 }, 'p-branch-e|Please choose one of the list'],
  ['no branch id', { branch: 'x' }, 'Not saved|Please'],
];
for (const [name, fields, place, text] of badPersons) {
  test(`a person with ${name} is refused at its place, and what was typed stays`, async () => {
    const before_ = number('SELECT COUNT(*) FROM person');
    const answer = await (await admin()).post('/admin/people', { given_name: 'Keep', family_name: 'This', branch: 1, ...fields });
    refused(answer, 422, new RegExp(place));
    if (text) assert.match(answer.text, text);
    if (fields.given_name === undefined) assert.match(answer.text, /value="Keep"/);
    assert.equal(number('SELECT COUNT(*) FROM person'), before_);
  });
}

test('codes are one person\'s among those who have not ended', async () => {
  const client = await admin();
  const [code, teacher] = [`S-${unique()}`, `T-${unique()}`];
  const first = await newPerson({ student_code: code, teacher_code: teacher });
  refused(await client.post('/admin/people', { family_name: 'x', branch: 1, student_code: code }), 422, /id="p-student-e".*Another person has this student code/s);
  refused(await client.post('/admin/people', { family_name: 'x', branch: 1, teacher_code: teacher }), 422, /id="p-teacher-e".*Another person has this teacher code/s);
  ok(await client.post(`/admin/people/${first}/end`, { version: 1 }));
  const second = await newPerson({ student_code: code });
  refused(await client.post(`/admin/people/${first}/restore`, { version: 2 }), 422, /Another person has this student code/);
  assert.equal(number(`SELECT ended_at IS NULL FROM person WHERE id = ${first}`), 0);
  ok(await client.post(`/admin/people/${second}/end`, { version: 1 }));
  ok(await client.post(`/admin/people/${first}/restore`, { version: 2 }));
});

test('the second of two editors sees what changed, by whom, and loses nothing', async () => {
  const [one, two] = [await admin(), await branchAdmin()];
  const id = await newPerson({ given_name: 'Ann', family_name: 'First' });
  ok(await one.post(`/admin/people/${id}`, { version: 1, given_name: 'Ann', family_name: 'Second', branch: 1 }));
  const answer = await two.post(`/admin/people/${id}`, { version: 1, given_name: 'Ann', family_name: 'Mine' });
  refused(answer, 409, /changed this while you were editing/);
  assert.match(answer.text, /Demo Admin 1/);
  assert.match(answer.text, /now:\s*<bdi>Second<\/bdi>/);
  assert.match(answer.text, /value="Mine"/);
  assert.match(answer.text, /name="version" value="2"/);
  assert.equal(sql(`SELECT family_name FROM person WHERE id = ${id}`)[0][0], 'Second');
  ok(await two.post(`/admin/people/${id}`, { version: 2, given_name: 'Ann', family_name: 'Mine' }));
});

test('without a history a person is removed, with one never', async () => {
  const client = await admin();
  const id = await newPerson();
  await newAccount(id);
  assert.match((await client.get(`/admin/people/${id}/edit`)).text, /Remove for good/);
  ok(await client.post(`/admin/people/${id}/remove`, { version: revision(id) }));
  assert.equal(number(`SELECT COUNT(*) FROM person WHERE id = ${id}`), 0);
  assert.equal((await client.get(`/admin/people/${id}`)).status, 404);
  const teacher = number("SELECT person_id FROM account WHERE username = 'demo_teacher_1'");
  refused(await client.post(`/admin/people/${teacher}/remove`, { version: 0 }), 409, /has a history.*End it instead/s);
  assert.ok(!(await client.get(`/admin/people/${teacher}/edit`)).text.includes('Remove for good'));
  const own = await newPerson();
  const { username } = await newAccount(own);
  await anonymous().signIn(username, 'a-good-password');
  refused(await client.post(`/admin/people/${own}/remove`, { version: 0 }), 409, /has a history/);
});

test('a teacher\'s new name is in the session list at once', async () => {
  const client = await admin();
  const teacher = number("SELECT person_id FROM account WHERE username = 'demo_teacher_8'");
  const versions = () => sql(`SELECT p.version, b.version FROM person p JOIN branch b ON b.id = p.branch_id WHERE p.id = ${teacher}`)[0].map(Number);
  const was = versions();
  ok(await client.post(`/admin/people/${teacher}`, { version: revision(teacher), given_name: 'Demo', family_name: 'Teacher 8', teacher_code: 'DT08', branch: 1 }));
  const now = versions();
  assert.ok(now[0] > was[0] && now[1] > was[1]);
});

/* ---- the list --------------------------------------------------------------------------- */

test('the search finds beginnings, whatever the case and the accents', async () => {
  const client = await admin();
  const mark = unique();
  const id = await newPerson({ given_name: 'Ayşe Gül', family_name: `Şahın Öztürk${mark}`, student_code: `Q${mark}` });
  const { username } = await newAccount(id, { email: `mail${mark}@x.example` });
  const finds = async (q) => (await client.get(`/admin/people?q=${encodeURIComponent(q)}`)).text.includes(`/admin/people/${id}"`);
  for (const q of [`ozturk${mark}`, `ÖZTÜRK${mark}`, `sahin ozturk${mark}`, `ozturk${mark} ayse`, `gul ozturk${mark}`, `q${mark}`, `Q${mark}`, username, `mail${mark}`])
    assert.ok(await finds(q), q);
  for (const q of [`xozturk${mark}`, `ozturk${mark} nobody`, '%', `_zturk${mark}`]) assert.ok(!await finds(q), q);
  const htmx = await client.get(`/admin/people?q=ozturk${mark}`, { headers: { 'hx-request': 'true' } });
  assert.ok(htmx.text.includes(`/admin/people/${id}"`) && !htmx.text.includes('<html'));
});

test('filters are kept in the address, and say why a list is empty', async () => {
  const client = await admin();
  const list = async (query) => (await client.get(`/admin/people?${query}`)).text;
  assert.match(await list('kind=student&q=demo'), /Demo Student 1</);
  assert.ok(!(await list('kind=teacher')).includes('Demo Student 1<'));
  assert.match(await list('kind=teacher&q=demo'), /Demo Teacher 10/);
  assert.match(await list('kind=super_admin&q=demo'), /Demo Admin 1/);
  assert.match(await list('kind=branch_admin&q=demo'), /Demo Admin 2/);
  assert.match(await list('kind=employee&q=demo'), /Demo Employee 1/);
  assert.match(await list('section=1'), /Demo Student 1</);
  assert.ok(!(await list('section=1')).includes('Demo Student 31<'));
  assert.match(await list('section=1&q=student'), /Demo Student 12</);
  assert.match(await list('q=nobodyatall'), /Nobody fits this search/);
  assert.match(await list('branch=90'), /Far Teacher/);
  assert.ok(!(await list('branch=1')).includes('Far Teacher'));
  const page = await list('q=demo&kind=student&account=with');
  assert.match(page, /name="q"[^>]*value="demo"/);
  assert.match(page, /<option value="student" selected>/);
  assert.match(page, /href="\/admin\/people\?q=demo&amp;kind=student&amp;account=with&amp;page=2"/);
  const second = await list('q=demo&kind=student&account=with&page=2');
  assert.match(second, /rel="prev"/);
  assert.ok(!second.includes('rel="next"'));
  for (const bad of ['page=0', 'page=99999999999', 'kind=king', 'account=%00', 'section=x', 'q=%ff%fe'])
    assert.equal((await client.get(`/admin/people?${bad}`)).status < 500, true, bad);
});

test('those who have ended are a list of their own', async () => {
  const client = await admin();
  const mark = unique();
  const id = await newPerson({ family_name: `Gone${mark}` });
  ok(await client.post(`/admin/people/${id}/end`, { version: 1 }));
  assert.ok(!(await client.get(`/admin/people?q=Gone${mark}`)).text.includes(`/admin/people/${id}"`));
  assert.ok((await client.get(`/admin/people?q=Gone${mark}&ended=1`)).text.includes(`/admin/people/${id}"`));
});

/* ---- accounts ---------------------------------------------------------------------------- */

test('an account is made with a password shown once, and lets its person in', async () => {
  const client = await admin();
  const id = await newPerson();
  const username = `once.${unique()}`;
  const answer = await client.post(`/admin/people/${id}/account`, { role: 'faculty', username: username.toUpperCase(), email: '' });
  assert.equal(answer.status, 200, answer.text.slice(0, 3000));
  assert.match(answer.headers['cache-control'], /no-store/);
  const password = /id="shown">([^<]+)</.exec(answer.text)[1];
  assert.match(password, /^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
  assert.ok(!(await client.get(`/admin/people/${id}`)).text.includes(password));
  await anonymous().signIn(username, password);
  assert.deepEqual(sql(`SELECT role, branch_id FROM account WHERE username = '${username}'`), [['faculty', '1']]);
  refused(await client.post(`/admin/people/${id}/account`, { role: 'faculty', username: `x${username}`, email: '' }), 409, /already has an account/);
});

test('names of accounts are taken once, and wrong ones refused at their place', async () => {
  const client = await admin();
  const id = await newPerson();
  const path = `/admin/people/${id}/account`;
  for (const [fields, text] of [
    [{ username: 'DEMO_teacher_1' }, /id="a-user-e".*This username is taken/s],
    [{ email: 'DEMO_teacher_1@demo.muster.example' }, /id="a-email-e".*in use/s],
    [{ username: '' }, /id="a-user-e"/], [{ username: 'a b' }, /id="a-user-e"/], [{ username: 'x'.repeat(81) }, /id="a-user-e".*80/s],
    [{ email: 'nothing' }, /id="a-email-e"/], [{ email: `${'x'.repeat(250)}@x.example` }, /id="a-email-e"/],
    [{ password: 'short' }, /id="a-pass-e"/], [{ password: 'password123' }, /id="a-pass-e"/],
    [{ role: 'king' }, /id="a-role-e"/], [{ role: 'device' }, /id="a-role-e"/], [{ role: '' }, /id="a-role-e"/],
  ]) refused(await client.post(path, { role: 'student', username: `free.${unique()}`, email: '', ...fields }), 422, text);
  assert.equal(number(`SELECT COUNT(*) FROM account WHERE person_id = ${id}`), 0);
});

test('role, password and state: each ends the sessions, and the second editor is told', async () => {
  const client = await admin();
  const person = await newPerson();
  const account = await newAccount(person);
  const path = `/admin/accounts/${account.id}`;
  const their = await anonymous().signIn(account.username, 'a-good-password');
  ok(await client.post(path, { version: 1, role: 'faculty', username: account.username, email: '' }));
  assert.equal((await their.get('/account')).status, 303, 'another role ends the session');
  const stale = await client.post(path, { version: 1, role: 'student', username: 'mine', email: '' });
  refused(stale, 409, /value="mine"/);
  assert.match(stale.text, /now:\s*<bdi>Teacher<\/bdi>/);
  const again = await anonymous().signIn(account.username, 'a-good-password');
  const reset = await client.post(`${path}/password`, { version: 2 });
  assert.equal(reset.status, 200);
  const password = /id="shown">([^<]+)</.exec(reset.text)[1];
  assert.equal((await again.get('/account')).status, 303, 'a reset ends the session');
  const third = await anonymous().signIn(account.username, password);
  ok(await client.post(`${path}/disable`, { version: 3 }));
  assert.equal((await third.get('/account')).status, 303);
  await assert.rejects(anonymous().signIn(account.username, password));
  ok(await client.post(`${path}/enable`, { version: 4 }));
  await anonymous().signIn(account.username, password);
  ok(await client.post(`/admin/people/${person}/end`, { version: revision(person) }));
  await assert.rejects(anonymous().signIn(account.username, password), 'ending disables');
  refused(await client.post(`${path}/enable`, { version: 0 }), 409, /has ended/);
  ok(await client.post(`/admin/people/${person}/restore`, { version: revision(person) }));
  await anonymous().signIn(account.username, password);
});

test('nobody disables, demotes or ends himself, and the last super admin stays', async () => {
  const client = await admin();
  const [[account, person]] = sql("SELECT id, person_id FROM account WHERE username = 'demo_admin_1'");
  refused(await client.post(`/admin/accounts/${account}/disable`, { version: 0 }), 409, /cannot do this to yourself/);
  refused(await client.post(`/admin/people/${person}/end`, { version: 0 }), 409, /cannot do this to yourself/);
  refused(await client.post(`/admin/people/${person}/remove`, { version: 0 }), 409, /cannot do this to yourself/);
  refused(await client.post(`/admin/accounts/${account}`, { version: 0, role: 'faculty', username: 'demo_admin_1', email: 'demo_admin_1@demo.muster.example' }), 422, /id="a-role-e"/);
  const other = await newPerson();
  const second = await newAccount(other, { role: 'super_admin' });
  const two = await anonymous().signIn(second.username, 'a-good-password');
  ok(await client.post(`/admin/accounts/${second.id}/disable`, { version: 0 }));
  assert.equal((await two.get('/admin/people')).status, 303);
});

/* ---- groups and courses ---------------------------------------------------------------------- */

test('memberships count in their class, and overlaps are refused with the dates that clash', async () => {
  const client = await admin();
  const group = newGroup();
  const id = await newPerson({ student_code: `S-${unique()}` });
  const version = () => number('SELECT version FROM branch WHERE id = 1');
  const was = version();
  ok(await inGroup(client, id, group.section, { to: day(20) }));
  assert.equal(group.members(), 1);
  assert.ok(version() > was);
  const clash = await inGroup(client, id, group.section, { from: day(20) });
  refused(clash, 409, /It is there already from/);
  assert.match(clash.text, /These dates overlap/);
  ok(await inGroup(client, id, group.section, { from: day(21) }));
  assert.equal(group.members(), 1);
  const later = memberOf(id);
  refused(await client.post(`/admin/memberships/${later}`, { version: 1, from: day(5), to: '' }), 409, /It is there already from/);
  const first = number(`SELECT MIN(id) FROM section_member WHERE person_id = ${id}`);
  ok(await client.post(`/admin/memberships/${first}`, { version: 1, from: day(-10), to: day(-1) }));
  assert.equal(group.members(), 0);
  refused(await client.post(`/admin/memberships/${first}`, { version: 1, from: day(-10), to: day(3) }), 409, /while you were editing/);
  refused(await client.post(`/admin/memberships/${first}/remove`, { version: 0 }), 409, /has a history/);
  ok(await client.post(`/admin/memberships/${later}/remove`, { version: 1 }));
  assert.equal((await client.get(`/admin/memberships/${later}`)).status, 404);
});

test('an ended person counts no more, and again when restored', async () => {
  const client = await admin();
  const group = newGroup();
  const id = await newPerson();
  ok(await inGroup(client, id, group.section));
  ok(await client.post(`/admin/people/${id}/end`, { version: 1 }));
  assert.equal(group.members(), 0);
  refused(await inGroup(client, id, newGroup().section), 422, /has ended/);
  ok(await client.post(`/admin/people/${id}/restore`, { version: 2 }));
  assert.equal(group.members(), 1);
});

test('bad dates and groups are refused at their place', async () => {
  const client = await admin();
  const group = newGroup();
  const ended = newGroup();
  sql(`UPDATE section SET ended_at = UTC_TIMESTAMP(6) WHERE id = ${ended.section}; UPDATE course SET ended_at = UTC_TIMESTAMP(6) WHERE id = ${ended.course}`);
  const far = newGroup(90);
  const id = await newPerson();
  for (const [kind, prefix, of] of [['groups', 'g', 'section'], ['courses', 'k', 'course']]) {
    for (const [fields, place, text] of [
      [{ from: '2026-02-31' }, 'from', /This date does not exist/], [{ from: '' }, 'from', /Please fill this in/],
      [{ from: '2026-03-02', to: '2026-03-01' }, 'to', /The end is before the start/],
      [{ group: '' }, 'group', /./], [{ group: 99999999 }, 'group', /one of the list/], [{ group: 'x' }, 'group', /./],
      [{ group: ended[of] }, 'group', /has ended/], [{ group: far[of] }, 'group', /another branch/],
    ]) {
      const answer = await client.post(`/admin/people/${id}/${kind}`, { group: group[of], from: day(0), ...fields });
      assert.equal(answer.status, 422, JSON.stringify(fields) + answer.text.slice(0, 1500));
      assert.match(answer.text, text, JSON.stringify(fields));
      if (!(fields.group === far[of])) assert.match(answer.text, new RegExp(`id="${prefix}-${place}-e"`), JSON.stringify(fields));
    }
  }
  assert.equal(number(`SELECT COUNT(*) FROM section_member WHERE person_id = ${id}`) + number(`SELECT COUNT(*) FROM enrolment WHERE person_id = ${id}`), 0);
});

test('an enrolment has a state; a rejected one stands in nobody\'s way', async () => {
  const client = await admin();
  const group = newGroup();
  const id = await newPerson();
  const enrol = (fields = {}) => client.post(`/admin/people/${id}/courses`, { group: group.course, from: day(-5), ...fields });
  ok(await enrol());
  refused(await enrol(), 409, /since/);
  const first = memberOf(id, 'enrolment');
  ok(await client.post(`/admin/enrolments/${first}`, { version: 1, from: day(-5), to: '', state: 'rejected' }));
  ok(await enrol());
  refused(await client.post(`/admin/enrolments/${first}`, { version: 2, from: day(-5), to: '', state: 'approved' }), 409, /overlap/);
  refused(await client.post(`/admin/enrolments/${first}`, { version: 2, from: day(-5), to: '', state: 'king' }), 422, /id="m-state-e"/);
  const second = memberOf(id, 'enrolment');
  ok(await client.post(`/admin/enrolments/${second}`, { version: 1, from: day(-5), to: day(3), state: 'approved' }));
  assert.equal(sql(`SELECT to_date FROM enrolment WHERE id = ${second}`)[0][0], day(3));
});

test('who is still in groups of a branch does not leave it', async () => {
  const client = await admin();
  const group = newGroup();
  const id = await newPerson();
  const account = await newAccount(id);
  ok(await inGroup(client, id, group.section));
  refused(await client.post(`/admin/people/${id}`, { version: 1, family_name: 'Mover', branch: 90 }), 422, /id="p-branch-e".*in the old branch first/s);
  ok(await client.post(`/admin/memberships/${memberOf(id)}`, { version: 1, from: day(-10), to: day(-1) }));
  // Staff of a class sees its sessions: they would from another branch.
  for (const [into, outOf] of [[`INSERT INTO class_staff VALUES (1, ${id})`, `DELETE FROM class_staff WHERE person_id = ${id}`],
    [`INSERT INTO course_teacher (course_id, person_id) VALUES (1, ${id})`, `DELETE FROM course_teacher WHERE person_id = ${id}`]]) {
    sql(into);
    refused(await client.post(`/admin/people/${id}`, { version: 1, family_name: 'Mover', branch: 90 }), 422, /id="p-branch-e".*in the old branch to somebody else/s);
    sql(outOf);
  }
  ok(await client.post(`/admin/people/${id}`, { version: 1, family_name: 'Mover', branch: 90 }));
  assert.equal(sql(`SELECT branch_id FROM account WHERE id = ${account.id}`)[0][0], '90');
});

/* ---- whose branch ------------------------------------------------------------------------------ */

test('an admin of a branch reaches nobody of another one, by no address and no field', async () => {
  const client = await branchAdmin();
  const far = newGroup(90);
  const own = newGroup(1);
  const here = await newPerson();
  sql(`INSERT INTO section_member (section_id, person_id, from_date) VALUES (${far.section}, 9002, '2026-01-01');
    INSERT INTO enrolment (course_id, person_id, state, from_date) VALUES (${far.course}, 9002, 'approved', '2026-01-01');`);
  const [membership, enrolment] = [memberOf(9002), memberOf(9002, 'enrolment')];
  const state = () => JSON.stringify(sql(`SELECT * FROM person WHERE id = 9002; SELECT * FROM account WHERE person_id = 9002;
    SELECT * FROM section_member WHERE person_id = 9002; SELECT * FROM enrolment WHERE person_id = 9002; SELECT COUNT(*) FROM person WHERE branch_id = 90;
    SELECT COUNT(*) FROM account WHERE branch_id = 90`));
  const was = state();
  const gets = ['/admin/people/9002', '/admin/people/9002/edit', '/admin/people/9002/account', '/admin/accounts/9002', `/admin/memberships/${membership}`,
    `/admin/enrolments/${enrolment}`, '/admin/people?branch=90', `/admin/people?section=${far.section}`];
  for (const path of gets) {
    const answer = await client.get(path);
    assert.equal(answer.status, 404, path);
    assert.ok(!answer.text.includes('Far Teacher'), path);
  }
  const person = { version: 0, given_name: 'x', family_name: 'y' };
  const account = { version: 0, role: 'student', username: `x${unique()}`, email: '', password: 'a-good-password' };
  const posts = [['/admin/people/9002', person], ['/admin/people/9002/end', person], ['/admin/people/9002/restore', person], ['/admin/people/9002/remove', person],
    ['/admin/people/9002/groups', { group: own.section, from: day(0) }], ['/admin/people/9002/courses', { group: own.course, from: day(0) }],
    ['/admin/people/9002/account', account], ['/admin/accounts/9002', account], ['/admin/accounts/9002/password', account],
    ['/admin/accounts/9002/disable', account], ['/admin/accounts/9002/enable', account], [`/admin/memberships/${membership}`, { version: 0, from: day(0) }],
    [`/admin/memberships/${membership}/remove`, { version: 0 }], [`/admin/enrolments/${enrolment}`, { version: 0, from: day(0), state: 'approved' }],
    [`/admin/enrolments/${enrolment}/remove`, { version: 0 }]];
  for (const [path, fields] of posts) assert.equal((await client.post(path, fields)).status, 404, path);
  refused(await client.post('/admin/people', { ...person, branch: 90 }), 422, /one of the list/);
  refused(await client.post(`/admin/people/${here}`, { ...person, branch: 90 }), 422, /one of the list/);
  refused(await client.post(`/admin/people/${here}/groups`, { group: far.section, from: day(0) }), 422, /one of the list/);
  refused(await client.post(`/admin/people/${here}/courses`, { group: far.course, from: day(0) }), 422, /one of the list/);
  assert.ok(!(await client.get('/admin/people?q=far')).text.includes('Far Teacher'));
  assert.equal(state(), was);
});

test('only a super admin makes, gives and touches the accounts of admins', async () => {
  const client = await branchAdmin();
  const person = await newPerson();
  for (const role of ['super_admin', 'branch_admin'])
    refused(await client.post(`/admin/people/${person}/account`, { role, username: `x${unique()}`, email: '' }), 422, /Only an administrator of the whole institution/);
  const account = await newAccount(person);
  for (const role of ['super_admin', 'branch_admin'])
    refused(await client.post(`/admin/accounts/${account.id}`, { version: 0, role, username: account.username, email: '' }), 422, /Only an administrator of the whole institution/);
  const form = (await client.get(`/admin/accounts/${account.id}`)).text;
  assert.ok(!form.includes('value="super_admin"') && !form.includes('value="branch_admin"'));
  const [boss, colleague] = [await newPerson(), await newPerson()];
  const [bossAccount, colleagueAccount] = [await newAccount(boss, { role: 'super_admin' }), await newAccount(colleague, { role: 'branch_admin' })];
  for (const { id, username } of [bossAccount, colleagueAccount])
    for (const path of ['', '/password', '/disable', '/enable'])
      assert.equal((await client.post(`/admin/accounts/${id}${path}`, { version: 0, role: 'student', username, email: '', password: 'a-good-password' })).status, 404, path);
  for (const path of ['', '/end', '/restore', '/remove'])
    assert.equal((await client.post(`/admin/people/${boss}${path}`, { version: 0, family_name: 'x' })).status, 404, path);
  // Ending somebody disables the account, removing takes it away: as little a colleague's.
  for (const path of ['/end', '/restore', '/remove'])
    assert.equal((await client.post(`/admin/people/${colleague}${path}`, { version: 0 })).status, 404, path);
  assert.deepEqual(sql(`SELECT role, disabled_at FROM account WHERE id IN (${bossAccount.id}, ${colleagueAccount.id}) ORDER BY id`), [['super_admin', null], ['branch_admin', null]]);
});

test('who is no admin has no people pages, and forged ids are none', async () => {
  for (const username of ['demo_teacher_1', 'demo_employee_1', 'demo_student_1']) {
    const client = await as(username);
    for (const path of ['/admin/people', '/admin/people/new', '/admin/people/3', '/admin/accounts/3'])
      assert.equal((await client.get(path)).status, 404, `${username} ${path}`);
    assert.equal((await client.post('/admin/people', { family_name: 'x', branch: 1 })).status, 404);
  }
  const client = await admin();
  for (const id of ['999999999', '0', '-1', '1e3', '3x', '9223372036854775808', '%00'])
    for (const path of [`/admin/people/${id}`, `/admin/accounts/${id}`, `/admin/memberships/${id}`, `/admin/enrolments/${id}`])
      assert.ok([400, 404, 422].includes((await client.get(path)).status), path);
});
