// Branches, groups, classes and courses: rights, forged ids, duplicates, ending what is used, moves.
import assert from 'node:assert/strict';
import test, { before } from 'node:test';
import { sql } from '../lib/http.mjs';
import { as, besides, hidden, otherBranch, sentence, typed } from '../lib/classroom.mjs';

const mark = `${process.pid}`;
const one = (text) => sql(text)[0]?.[0];
const today = one('SELECT UTC_DATE()');
const dayFrom = (days) => one(`SELECT UTC_DATE() + INTERVAL ${days} DAY`);

// A far branch with one of everything, and a department of this file's own in the main one.
const far = {}; const near = {};
let admin; let root;
before(async () => {
  otherBranch();
  for (const [where, branch] of [[far, 90], [near, 1]]) {
    const add = (text) => Number(one(`${text}; SELECT LAST_INSERT_ID();`));
    where.department = add(`INSERT INTO department (branch_id, name) VALUES (${branch}, 'Org ${mark}')`);
    where.batch = add(`INSERT INTO batch (department_id, name) VALUES (${where.department}, '2026')`);
    where.section = add(`INSERT INTO section (batch_id, name) VALUES (${where.batch}, 'A')`);
    where.other = add(`INSERT INTO section (batch_id, name) VALUES (${where.batch}, 'B')`);
    where.class = add(`INSERT INTO class (branch_id, name) VALUES (${branch}, 'Class ${mark}')`);
    where.course = add(`INSERT INTO course (branch_id, code, title) VALUES (${branch}, 'ORG${mark}', 'Course ${mark}')`);
    where.student = add(`INSERT INTO person (branch_id, given_name, family_name, student_code) VALUES (${branch}, 'Org', 'Student', 'O${branch}-${mark}')`);
    where.friend = add(`INSERT INTO person (branch_id, given_name, family_name, student_code) VALUES (${branch}, 'Org', 'Friend', 'P${branch}-${mark}')`);
  }
  admin = await as('demo_admin_2');
  root = await as('demo_admin_1');
});

const section = () => `/admin/groups/sections/${near.section}`;
const course = () => `/admin/courses/${near.course}`;
const rows = (table, where) => sql(`SELECT * FROM ${table} WHERE ${where}`).length;

test('who is no admin sees none of it, and a branch admin no branches', async () => {
  for (const path of ['/admin/groups', '/admin/courses', '/admin/classes', '/admin/branches', section(), course()]) {
    for (const who of ['demo_teacher_1', 'demo_employee_1', 'demo_student_1']) {
      const page = await (await as(who)).get(path);
      assert.equal(page.status, 404, `${who} ${path}`);
    }
  }
  for (const path of ['/admin/branches', '/admin/branches/1', '/admin/branches/new']) assert.equal((await admin.get(path)).status, 404, path);
  assert.equal((await admin.post('/admin/branches', { name: `No ${mark}`, zone: 'UTC' })).status, 404);
  assert.equal((await admin.post('/admin/branches/1/end', { version: 0 })).status, 404);
});

test('another branch is not there, in any address', async () => {
  const version = 0;
  for (const path of [`groups/departments/${far.department}`, `groups/batches/${far.batch}`, `groups/sections/${far.section}`, `classes/${far.class}`, `courses/${far.course}`]) {
    assert.equal((await admin.get(`/admin/${path}`)).status, 404, path);
    for (const verb of ['', '/end', '/restore', '/delete']) {
      assert.equal((await admin.post(`/admin/${path}${verb}`, { version, name: 'Taken', code: 'T' })).status, 404, path + verb);
    }
  }
  for (const path of [`/admin/groups/sections/${far.section}`, `/admin/courses/${far.course}`]) {
    assert.equal((await admin.post(`${path}/add`, { person: near.student, day: today })).status, 404);
    assert.equal((await admin.post(`${path}/people`, { verb: 'end', pick: '1.1', day: today })).status, 404);
  }
  for (const path of ['/admin/groups?branch=90', '/admin/courses?branch=90', '/admin/classes?branch=90']) assert.equal((await admin.get(path)).status, 404, path);
});

test('another branch is no choice, in any field', async () => {
  const refused = async (path, fields, id) => {
    const page = await admin.post(path, fields);
    assert.equal(page.status, 422, `${path} ${JSON.stringify(fields)}`);
    if (id) assert.equal(besides(page, id), sentence('not_a_choice'));
  };
  await refused('/admin/groups', { kind: 'departments', parent: 90, name: `X ${mark}` });
  await refused('/admin/groups', { kind: 'batches', parent: far.department, name: `X ${mark}` }, 'g-parent-e');
  await refused('/admin/groups', { kind: 'sections', parent: far.batch, name: `X ${mark}` }, 'g-parent-e');
  await refused(section(), { name: 'A', parent: far.batch, version: 0 }, 'g-parent-e');
  await refused('/admin/courses', { code: `X${mark}`, name: 'X', branch: 90 });
  await refused(course(), { code: `ORG${mark}`, name: 'X', version: 0, section: far.section }, 'u-section-e');
  await refused(course(), { code: `ORG${mark}`, name: 'X', version: 0, person: 9002 }, 'u-person-e');
  await refused(`/admin/classes/${near.class}`, { name: `Class ${mark}`, version: 0, section: [near.section, far.section] }, 'u-section-e');
  await refused(`${section()}/add`, { person: far.student, day: today });
  await refused(`${course()}/section`, { to: far.section, day: today });
  assert.equal(rows('section_member', `person_id = ${far.student}`) + rows('course_section', `course_id = ${near.course}`), 0);
  const list = await admin.get('/admin/groups');
  assert.doesNotMatch(list.text, new RegExp(`sections/${far.section}"`));
});

test('names are unique among what lives, codes within a branch', async () => {
  for (const [path, fields, id, reason] of [
    ['/admin/groups', { kind: 'departments', name: `org ${mark}` }, 'g-name-e', 'name_taken'],
    ['/admin/groups', { kind: 'sections', parent: near.batch, name: 'a' }, 'g-name-e', 'name_taken'],
    ['/admin/groups', { kind: 'sections', parent: near.batch, name: '' }, 'g-name-e', 'required'],
    ['/admin/courses', { code: `ORG${mark}`, name: 'Second' }, 'u-code-e', 'course_code_taken'],
    ['/admin/classes', { name: `Class ${mark}` }, 'u-name-e', 'name_taken'],
  ]) {
    const page = await admin.post(path, fields);
    assert.equal(page.status, 422, path);
    assert.equal(besides(page, id), sentence(reason));
    assert.equal(typed(page, 'name'), fields.name);
  }
  // Ended, its name is free; restored only while nobody else has it.
  const made = await admin.post('/admin/courses', { code: `RE${mark}`, name: 'Again' });
  const path = made.headers.location.split('?')[0];
  assert.equal((await admin.post(`${path}/end`, { version: 0 })).status, 303);
  assert.equal((await admin.post('/admin/courses', { code: `RE${mark}`, name: 'Another' })).status, 303);
  const back = await admin.post(`${path}/restore`, { version: 0 });
  assert.equal(back.status, 409);
  assert.ok(back.text.includes(sentence('course_code_taken')));
});

test('the second of two who edit sees what changed, and loses nothing', async () => {
  const page = await admin.get(course());
  const form = hidden(page, course());
  assert.equal((await root.post(course(), { version: form.version, code: `ORG${mark}`, name: `First ${mark}` })).status, 303);
  const second = await admin.post(course(), { ...form, code: `ORG${mark}`, name: `Second ${mark}` });
  assert.equal(second.status, 409);
  assert.match(second.text, /Demo Admin 1/);
  assert.ok(second.text.includes(`First ${mark}`));
  assert.equal(typed(second, 'name'), `Second ${mark}`);
  assert.equal((await admin.post(course(), { ...hidden(second, course()), code: `ORG${mark}`, name: `Second ${mark}` })).status, 303);
  assert.equal(one(`SELECT title FROM course WHERE id = ${near.course}`), `Second ${mark}`);
});

test('students are added, moved with their history, and ended', async () => {
  const from = dayFrom(-10);
  const added = await admin.post(`${section()}/add`, { person: [near.student, near.friend], day: from });
  assert.equal(added.status, 303, added.text.slice(0, 3000));
  // Twice is refused, and names who.
  const twice = await admin.post(`${section()}/add`, { person: near.student, day: today, find: 'Org Student' });
  assert.equal(twice.status, 409);
  assert.ok(twice.text.includes(sentence('overlap')) && /could not be done for Org Student/.test(twice.text));
  const pick = (person) => one(`SELECT CONCAT(id, '.', revision) FROM section_member WHERE person_id = ${person} AND section_id = ${near.section}`);
  // Before the first day nothing moves, nor for the other one.
  const early = await admin.post(`${section()}/people`, { verb: 'move', pick: [pick(near.friend), pick(near.student)], to: near.other, day: from });
  assert.equal(early.status, 422);
  assert.equal(besides(early, 'r-day-e'), sentence('move_too_early'));
  assert.equal(rows('section_member', `section_id = ${near.other}`), 0);
  const moved = await admin.post(`${section()}/people`, { verb: 'move', pick: pick(near.student), to: near.other, day: today });
  assert.equal(moved.status, 303, moved.text.slice(0, 3000));
  assert.deepEqual(sql(`SELECT section_id, from_date, to_date FROM section_member WHERE person_id = ${near.student} ORDER BY id`),
    [[String(near.section), from, dayFrom(-1)], [String(near.other), today, null]]);
  // A stale one, one of another section, nobody at all.
  assert.equal((await admin.post(`${section()}/people`, { verb: 'end', pick: `${pick(near.friend).split('.')[0]}.99`, day: today })).status, 409);
  assert.equal((await admin.post(`/admin/groups/sections/${near.other}/people`, { verb: 'end', pick: pick(near.friend), day: today })).status, 404);
  assert.ok((await admin.post(`${section()}/people`, { verb: 'end', day: today })).text.includes(sentence('nobody_chosen')));
  assert.equal((await admin.post(`${section()}/people`, { verb: 'end', pick: pick(near.friend), day: dayFrom(-20) })).status, 422);
  // The section goes to another batch: its people stay in it.
  const batch = Number(one(`INSERT INTO batch (department_id, name) VALUES (${near.department}, '2027'); SELECT LAST_INSERT_ID();`));
  const before_ = sql(`SELECT * FROM section_member WHERE section_id = ${near.section}`);
  assert.equal((await admin.post(section(), { version: 0, name: 'A', parent: batch })).status, 303);
  assert.equal(one(`SELECT batch_id FROM section WHERE id = ${near.section}`), String(batch));
  assert.deepEqual(sql(`SELECT * FROM section_member WHERE section_id = ${near.section}`), before_);
});

test('what is used does not end, what has a history is not deleted', async () => {
  const parts = await admin.post(`/admin/groups/departments/${near.department}/end`, { version: 0 });
  assert.equal(parts.status, 409);
  assert.match(parts.text, /Groups in it that have not ended: \d/);
  assert.match((await admin.post(`/admin/groups/sections/${near.other}/end`, { version: 0 })).text, /Students in it now or later: 1/);
  const gone = await admin.post(`${section()}/delete`, { version: 0 });
  assert.equal(gone.status, 409);
  assert.ok(gone.text.includes(sentence('has_history')));
  for (const [path, pattern] of [['/admin/classes/1/end', /Schedules and sessions still to come: \d/], ['/admin/courses/1/end', /Schedules and sessions still to come: \d/]]) {
    const page = await admin.post(path, { version: 0 });
    assert.equal(page.status, 409, path);
    assert.match(page.text, pattern);
  }
  assert.ok((await admin.post('/admin/courses/1/delete', { version: 0 })).text.includes(sentence('has_history')));
  assert.equal(rows('course_teacher', 'course_id = 1') > 0, true);
  const branch = await root.post('/admin/branches/1/end', { version: 0 });
  assert.equal(branch.status, 409);
  assert.ok(branch.text.includes(sentence('branch_in_use')));
  // Made by mistake, it goes.
  const made = await admin.post('/admin/classes', { name: `Mistake ${mark}` });
  const path = made.headers.location.split('?')[0];
  assert.equal((await admin.post(path, { version: 0, name: `Mistake ${mark}`, section: near.section, person: 3 })).status, 303);
  assert.equal(rows('class_section', `section_id = ${near.section}`), 1);
  assert.equal((await admin.post(`${path}/delete`, { version: 0 })).headers.location, '/admin/classes?done=deleted');
});

test('a course enrols a section, approves and rejects in bulk', async () => {
  const whole = await admin.post(`${course()}/section`, { to: near.other, day: today });
  assert.equal(whole.status, 303, whole.text.slice(0, 3000));
  assert.match((await admin.get(whole.headers.location)).text, /1 student was enrolled\./);
  const again = await admin.post(`${course()}/section`, { to: near.other, day: today });
  assert.match((await admin.get(again.headers.location)).text, /0 students were enrolled\. 1 was enrolled already/);
  const nowhere = await admin.post(`${course()}/section`, { to: '', day: today });
  assert.equal(nowhere.status, 422);
  assert.match(nowhere.text, /id="w-to"[^>]* aria-invalid="true"/);
  assert.doesNotMatch(nowhere.text, /id="(r|a)-day"[^>]* aria-invalid/);
  assert.deepEqual(sql(`SELECT person_id, state FROM enrolment WHERE course_id = ${near.course}`), [[String(near.student), 'approved']]);
  sql(`INSERT INTO enrolment (course_id, person_id, state, from_date) VALUES (${near.course}, ${near.friend}, 'pending', UTC_DATE())`);
  const waiting = await admin.get(`${course()}?show=pending`);
  const pick = waiting.text.match(/name="pick" value="(\d+\.\d+)"/)[1];
  assert.match((await admin.get('/admin/courses?q=org')).text, /show=pending#people/);
  assert.equal((await admin.post(`${course()}/people`, { verb: 'approve', pick, day: '' })).status, 303);
  assert.equal((await admin.post(`${course()}/people`, { verb: 'approve', pick })).status, 409);
  assert.equal(one(`SELECT state FROM enrolment WHERE course_id = ${near.course} AND person_id = ${near.friend}`), 'approved');
  for (const verb of ['move', 'drop', '']) assert.equal((await admin.post(`${course()}/people`, { verb, pick })).status, 422);
  for (const bad of ['x', '1', '1.', '-1.1', '1.1.1', '9'.repeat(30)]) assert.equal((await admin.post(`${course()}/people`, { verb: 'end', pick: bad, day: today })).status, 422, bad);
});

test('a branch of another zone keeps the clock of what is to come', async () => {
  const made = await root.post('/admin/branches', { name: `Zone ${mark}`, zone: 'Europe/Paris' });
  const id = Number(made.headers.location.match(/branches\/(\d+)/)[1]);
  // New York changes its clocks on 14 March 2027, Paris on 28 March.
  sql(`INSERT INTO occurrence (branch_id, title, session_date, start_time, end_time, zone, starts_at, ends_at) VALUES
    (${id}, 'a', '2027-03-20', '09:00', '10:00', 'Europe/Paris', '2027-03-20 08:00:00', '2027-03-20 09:00:00'),
    (${id}, 'b', '2027-04-01', '09:00', '10:00', 'Europe/Paris', '2027-04-01 07:00:00', '2027-04-01 08:00:00'),
    (${id}, 'c', '2026-01-01', '09:00', '10:00', 'Europe/Paris', '2026-01-01 08:00:00', '2026-01-01 09:00:00')`);
  const path = `/admin/branches/${id}`;
  const bad = await root.post(path, { version: 0, name: `Zone ${mark}`, zone: 'Mars/Base' });
  assert.equal(besides(bad, 'b-zone-e'), sentence('zone_unknown'));
  const asked = await root.post(path, { version: 0, name: `Zone ${mark}`, zone: 'America/New_York' });
  assert.equal(asked.status, 422);
  assert.equal(besides(asked, 'b-confirm-e'), sentence('zone_confirm', '2'));
  assert.equal((await root.post(path, { version: 0, name: `Zone ${mark}`, zone: 'America/New_York', confirm: 1 })).status, 303);
  assert.deepEqual(sql(`SELECT title, zone, DATE_FORMAT(starts_at, '%H:%i'), TIME_FORMAT(start_time, '%H:%i') FROM occurrence WHERE branch_id = ${id} ORDER BY title`),
    [['a', 'America/New_York', '13:00', '09:00'], ['b', 'America/New_York', '13:00', '09:00'], ['c', 'Europe/Paris', '08:00', '09:00']]);
  sql(`DELETE FROM occurrence WHERE branch_id = ${id}`);
  assert.equal((await root.post(`${path}/end`, { version: 0 })).status, 303);
});

test('lists search, filter and page; nonsense in the address is the default', async () => {
  for (const path of ['/admin/courses?state=nonsense&page=x', '/admin/classes?section=0', '/admin/groups?ended=maybe', `${section()}?show=pending&page=-1`, `${course()}?page=99999`]) {
    assert.equal((await admin.get(path)).status, 200, path);
  }
  const found = await admin.get('/admin/courses?q=data%25');
  assert.match(found.text, /Nothing matches/);
  assert.match((await admin.get('/admin/courses?q=DATAB')).text, /DEMO102/);
  assert.match((await admin.get('/admin/courses?person=4')).text, /DEMO102/);
  assert.doesNotMatch((await admin.get('/admin/courses?section=1')).text, /DEMO103/);
});
