// sql/schema.sql is the generated picture of what the migrations make.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { muster, sql } from '../lib/http.mjs';
import { root } from '../lib/server.mjs';

test('sql/schema.sql is what the migrations make, and everything is commented', () => {
  const { code, stdout, stderr } = muster(['schema']);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, readFileSync(join(root, 'sql/schema.sql'), 'utf8'), 'make schema writes it anew');
});

test('migrating again changes nothing', () => {
  const before = sql('SELECT version, checksum, applied_at FROM schema_migration ORDER BY version');
  const { code, output } = muster(['migrate', '--sql', join(root, 'sql/migrations')]);
  assert.equal(code, 0, output);
  assert.deepEqual(sql('SELECT version, checksum, applied_at FROM schema_migration ORDER BY version'), before);
});

test('the application cannot alter tables', () => {
  const grants = sql('SHOW GRANTS', { as: 'app' }).flat().join('\n');
  assert.doesNotMatch(grants, /ALL PRIVILEGES|CREATE|ALTER|DROP|GRANT OPTION/);
  assert.doesNotMatch(grants, /(UPDATE|DELETE)[^\n]*`audit_log`/);
  assert.throws(() => sql('ALTER TABLE person ADD COLUMN x INT', { as: 'app' }), /denied/);
  assert.throws(() => sql('DELETE FROM audit_log', { as: 'app' }), /denied/);
});
