// What the HTTP tests share: sessions of the test's own, a second branch with its
// people, files to send, and looks into the database and onto the disk.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { multipart, server, signedIn, sql, unescapeHtml, until } from './http.mjs';
import { root } from './server.mjs';

export const quoted = (text) => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "''")}'`;

/* ---- people -------------------------------------------------------------------------- */

const clients = new Map();

/* Signed in once per file and server; do not sign it out. */
export async function as(username, of = server) {
  const key = `${of.url} ${username}`;
  if (!clients.has(key)) clients.set(key, signedIn(username, of));
  return clients.get(key);
}

/* The people of another branch, "far_admin" and "far_teacher", with the password of the demo. */
export function otherBranch(of = server) {
  sql(`INSERT IGNORE INTO branch (id, name, zone, created_at) VALUES (90, 'Far campus', 'UTC', UTC_TIMESTAMP(6));
    INSERT IGNORE INTO person (id, branch_id, given_name, family_name, created_at)
    VALUES (9001, 90, 'Far', 'Admin', UTC_TIMESTAMP(6)), (9002, 90, 'Far', 'Teacher', UTC_TIMESTAMP(6));
    INSERT IGNORE INTO account (id, uuid, person_id, branch_id, role, username, password_hash, password_changed_at, is_demo, created_at)
    SELECT p.id, UUID(), p.id, 90, IF(p.id = 9001, 'branch_admin', 'faculty'), LOWER(CONCAT(p.given_name, '_', p.family_name)),
      a.password_hash, UTC_TIMESTAMP(6), 1, UTC_TIMESTAMP(6)
    FROM person p JOIN account a ON a.id = 3 WHERE p.id IN (9001, 9002);`, { of });
}

/* An account of this test alone, with the password of the demo; gives its name. */
export function newAccount(name, { role = 'faculty', of = server } = {}) {
  sql(`INSERT INTO person (branch_id, given_name, family_name, created_at) VALUES (1, 'Test', ${quoted(name)}, UTC_TIMESTAMP(6));
    SET @person = LAST_INSERT_ID();
    INSERT INTO account (uuid, person_id, branch_id, role, username, password_hash, password_changed_at, is_demo, created_at)
    SELECT UUID(), @person, 1, '${role}', ${quoted(name)}, password_hash, UTC_TIMESTAMP(6), 1, UTC_TIMESTAMP(6) FROM account WHERE id = 3;`, { of });
  return name;
}

/* ---- sessions ------------------------------------------------------------------------ */

let made = 0;

/*
 * A session of `teacher`, `day` days ago (negative: ahead), without a class, so that only
 * the teacher and admins see it.  Gives { id, title, path }.
 */
export function newSession({ teacher = 'demo_teacher_1', day = 1, start = '07:00', end = '08:30', title, of = server } = {}) {
  made += 1;
  const name = title ?? `Lesson ${process.pid}-${made}`;
  const date = `DATE(UTC_TIMESTAMP()) - INTERVAL ${day} DAY`;
  const [[id]] = sql(`INSERT INTO occurrence (branch_id, teacher_id, title, room, session_date, start_time, end_time, zone, starts_at, ends_at)
    SELECT p.branch_id, p.id, ${quoted(name)}, 'B204', ${date}, '${start}', '${end}', 'UTC', TIMESTAMP(${date}, '${start}'), TIMESTAMP(${date}, '${end}')
    FROM account a JOIN person p ON p.id = a.person_id WHERE a.username = '${teacher}';
    SELECT LAST_INSERT_ID();`, { of });
  return { id: Number(id), title: name, path: `/sessions/${id}` };
}

export const versionOf = (id, of = server) => Number(sql(`SELECT version FROM occurrence WHERE id = ${id}`, { of })[0][0]);

/* The complete form of a session as its page gives it. */
export const completeForm = (session, fields = {}, of = server) => ({ version: versionOf(session.id, of), start: '07:00', end: '08:30', code: '', notes: '', ...fields });

/* A session that is completed already; with { code }. */
export async function completedSession(client, fields = {}, options = {}) {
  const session = newSession({ of: client.of, ...options });
  const answer = await client.post(`${session.path}/complete`, completeForm(session, fields, client.of));
  assert.equal(answer.status, 303, answer.text.slice(0, 3000));
  const [[code]] = sql(`SELECT code FROM completion WHERE occurrence_id = ${session.id}`, { of: client.of });
  return { ...session, code };
}

/* Everything stored about a session, as one text to compare. */
export function stored(id, of = server) {
  const parts = ['SELECT * FROM occurrence WHERE id = ?', 'SELECT * FROM completion WHERE occurrence_id = ?',
    'SELECT n.* FROM note n JOIN completion c ON c.id = n.completion_id WHERE c.occurrence_id = ?',
    'SELECT t.*, HEX(t.file_id), f.size, f.state FROM attachment t JOIN completion c ON c.id = t.completion_id JOIN file f ON f.id = t.file_id WHERE c.occurrence_id = ?',
    "SELECT id, action, detail FROM audit_log WHERE object = 'occurrence' AND object_id = ?"];
  return JSON.stringify(sql(parts.map((text) => text.replace('?', String(id))).join(';\n'), { of }));
}

/* ---- files --------------------------------------------------------------------------- */

export const sample = (name, as = name, kind = 'honest') => ({ name: 'file', filename: as, bytes: readFileSync(join(root, 'tests/files', kind, name)) });
export const sampleNames = (kind) => readdirSync(join(root, 'tests/files', kind)).filter((name) => name !== 'EXPECTED').sort();

/* files: as sample gives them. */
export const upload = (client, session, files, { description, headers } = {}) => client.post(`${session.path}/files`,
  multipart([...(description === undefined ? [] : [{ name: 'description', value: description }]), ...files]), { headers });

export function attachmentsOf(session, of = server) {
  return sql(`SELECT t.id, t.name, LOWER(HEX(f.id)), f.size, LOWER(HEX(f.sha256)), f.mime, f.state, t.download_count, t.deleted_at, t.description
    FROM attachment t JOIN file f ON f.id = t.file_id JOIN completion c ON c.id = t.completion_id WHERE c.occurrence_id = ${session.id} ORDER BY t.id`, { of })
    .map(([id, name, file, size, sha256, mime, state, downloads, deletedAt, description]) => ({
      id: Number(id), name, file, size: Number(size), sha256, mime, state, downloads: Number(downloads), deletedAt, description,
      disk: join(of.var, 'uploads', file.slice(0, 2), file.slice(2, 4), file), path: `/files/${id}/${encodeURIComponent(name)}`,
    }));
}

/* One honest file, uploaded: its row. */
export async function uploaded(client, session, name = 'ffmpeg.png', as = name) {
  const answer = await upload(client, session, [sample(name, as)]);
  assert.equal(answer.status, 303, answer.text.slice(0, 3000));
  return attachmentsOf(session, client.of).at(-1);
}

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/* Paths of all files below a folder. */
export function below(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? below(path) : [path];
  }).sort();
}

/* What lies in the store and in the spool of bodies, once nginx has tidied up. */
export function onDisk(of = server) {
  return below(join(of.var, 'uploads')).map((path) => `${path} ${statSync(path).size}`);
}
export const spoolIsEmpty = (of = server) => until('the spool is empty', () => below(join(of.var, 'spool')).length === 0);

/* ---- answers --------------------------------------------------------------------------- */

/* What stands in an input or textarea of that name. */
export function typed(page, name) {
  const area = page.text.match(new RegExp(`<textarea[^>]* name="${name}"[^>]*>([^<]*)</textarea>`));
  if (area) return unescapeHtml(area[1]);
  const input = page.text.match(new RegExp(`<input[^>]* name="${name}"[^>]*>`))?.[0];
  return input === undefined ? undefined : unescapeHtml(input.match(/ value="([^"]*)"/)?.[1] ?? '');
}

/* Hidden fields of the form that goes to `action`, as an object. */
export function hidden(page, action) {
  const form = page.text.split('<form').find((part) => part.includes(` action="${action}"`)) ?? '';
  return Object.fromEntries([...form.split('</form>')[0].matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)]
    .map(([, name, value]) => [unescapeHtml(name), unescapeHtml(value)]));
}

/* The sentence beside the field with that error id, without tags. */
export const besides = (page, id) => unescapeHtml(page.text.match(new RegExp(`<p class="err" id="${id}">(.*?)</p>`, 's'))?.[1]?.replace(/<[^>]*>/g, '') ?? '');

/* The sentence of a reason, from the list in the code; n for its {n}. */
const reasons = new Map([...readFileSync(join(root, 'fcgi-app/base/reason.h'), 'utf8')
  .matchAll(/X\((\w+), "(\w+)", (?:NN?_\()?"([^"]*)"(?:, "([^"]*)")?/g)].map(([, , code, one, more = one]) => [code, { one, more }]));
export function sentence(code, n) {
  assert.ok(reasons.has(code), `reason ${code}`);
  return reasons.get(code)[Number(n) === 1 ? 'one' : 'more'].replace('{n}', n);
}

/* The pids of a process's children. */
export function childrenOf(parent) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try { return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[1]) === Number(parent); } catch { return false; }
  });
}
export const commandOf = (pid) => {
  try { return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0/g, ' '); } catch { return ''; }
};
