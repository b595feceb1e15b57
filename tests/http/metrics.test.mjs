// /metrics: the text read as strictly as its format says, numbers that add up over workers and
// outlive one, and who may read it.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { anonymous, ownServer, raw, server, signedIn, until } from '../lib/http.mjs';
import { as, childrenOf, commandOf, newSession, sample, upload, uploaded } from '../lib/classroom.mjs';

/*
 * Text format 0.0.4: each metric has HELP, then TYPE, then its lines together; names, labels and
 * numbers are well formed; no line comes twice; histograms are cumulative and end with +Inf.
 * Gives { types, value(name, labels) }, where value adds up what has these labels.
 */
function parse(text) {
  assert.ok(text.endsWith('\n'));
  const types = new Map();
  const samples = [];
  const seen = new Set();
  let name;
  let helped;
  for (const line of text.slice(0, -1).split('\n')) {
    const help = line.match(/^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/);
    const type = line.match(/^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$/);
    if (help) {
      assert.ok(!types.has(help[1]), `twice: ${line}`);
      [, helped] = help;
    } else if (type) {
      assert.equal(type[1], helped, 'TYPE follows its HELP');
      [, name] = type;
      types.set(name, type[2]);
      if (type[2] === 'counter') assert.match(name, /_total$/);
    } else {
      const found = line.match(/^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (-?\d+(?:\.\d+)?)$/);
      assert.ok(found, `malformed: ${line}`);
      const [, of, list = '', number] = found;
      assert.ok(types.get(name) === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`].includes(of) : of === name, `out of place: ${line}`);
      const labels = Object.fromEntries([...list.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, value]) => [key, value]));
      const key = `${of}{${list}}`;
      assert.ok(!seen.has(key), `twice: ${line}`);
      seen.add(key);
      samples.push({ name: of, labels, number: Number(number) });
    }
  }
  for (const [histogram] of [...types].filter(([, type]) => type === 'histogram')) {
    for (const pool of new Set(samples.filter((s) => s.name === `${histogram}_count`).map((s) => s.labels.pool))) {
      const of = (suffix) => samples.filter((s) => s.name === `${histogram}_${suffix}` && s.labels.pool === pool);
      const buckets = of('bucket');
      const bounds = buckets.map((b) => (b.labels.le === '+Inf' ? Infinity : Number(b.labels.le)));
      assert.deepEqual(bounds, [...bounds].sort((a, b) => a - b));
      assert.equal(bounds.at(-1), Infinity);
      for (let i = 1; i < buckets.length; i += 1) assert.ok(buckets[i].number >= buckets[i - 1].number, 'cumulative');
      assert.equal(buckets.at(-1).number, of('count')[0].number);
      assert.equal(of('sum').length, 1);
    }
  }
  const value = (of, labels = {}) => samples.filter((s) => s.name === of && Object.entries(labels).every(([k, v]) => s.labels[k] === v))
    .reduce((sum, s) => sum + s.number, 0);
  return { types, samples, value };
}

const read = async (of = server) => {
  const answer = await anonymous(of).get('/metrics');
  assert.equal(answer.status, 200);
  return parse(answer.text);
};

test('the text is as its format says, and has what a monitor wants', async () => {
  /* A server just started has run no job yet. */
  await until('the chain has run', async () => (await read()).value('muster_job_runs_total', { job: 'audit_chain' }) >= 1);
  const answer = await anonymous().get('/metrics');
  assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(answer.headers['cache-control'], 'no-store');
  const { types, value, samples } = parse(answer.text);
  for (const name of ['requests_total', 'request_duration_seconds', 'errors_total', 'rate_limited_total', 'uploads_total', 'upload_bytes_total', 'workers',
    'workers_busy', 'worker_starts_total', 'worker_deaths_total', 'requests_late_total', 'database_statements_total', 'database_seconds_total', 'database_up',
    'disk_free_bytes', 'disk_reserve_bytes', 'audit_tail_rows', 'audit_tail_age_seconds', 'event_outbox_rows', 'event_lag_seconds', 'job_runs_total', 'job_failures_total', 'job_items_total',
    'job_last_success_timestamp_seconds', 'build_info']) assert.ok(types.has(`muster_${name}`), name);
  assert.equal(value('muster_database_up'), 1);
  assert.equal(value('muster_build_info'), 1);
  assert.ok(value('muster_disk_free_bytes') > 0);
  assert.ok(value('muster_workers') >= 2);
  assert.ok(value('muster_workers_busy', { pool: 'pages' }) >= 1, 'the one that answers');
  assert.ok(samples.some((s) => s.name === 'muster_job_runs_total' && s.labels.job === 'audit_chain'));
  assert.ok(samples.every((s) => s.labels.family !== '(null)'));
});

test('this machine, a token, and nobody else', async (t) => {
  for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) {
    const answer = await anonymous().get('/metrics', { headers: { [header]: '127.0.0.1' } });
    assert.equal(answer.status, 404, header);
    assert.doesNotMatch(answer.text, /muster_/);
  }
  assert.equal((await anonymous().get('/metrics', { headers: { authorization: 'Bearer x' } })).status, 404);
  assert.equal((await (await as('demo_student_1')).get('/metrics', { headers: { 'x-forwarded-for': '::1' } })).status, 404);
  assert.equal((await anonymous().send('POST', '/metrics')).status, 405);
  assert.match(await raw('GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 421 /);

  const own = await ownServer(t, { env: { MUSTER_PAGES_PROCESSES: '3' }, faults: true });
  const token = 'a-token-of-some-length';
  const file = join(own.var, 'conf/metrics.token');
  const { uid, gid } = statSync(own.var);
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  if (process.getuid() === 0) chownSync(file, uid, gid);
  writeFileSync(own.config, `${readFileSync(own.config, 'utf8')}\nmetrics_token_file = ${file}\n`);
  const master = childrenOf(own.pid).find((pid) => /muster-app/.test(commandOf(pid)));
  const workers = () => childrenOf(master);
  const earlier = workers();
  process.kill(master, 'SIGHUP');
  const withToken = (given) => anonymous(own).get('/metrics', { headers: { 'x-forwarded-for': '203.0.113.7', authorization: `Bearer ${given}` } });
  /* Eight workers are replaced one after the other, under a sanitizer in seconds each. */
  await until('the token is known', async () => (await withToken(token)).status === 200, 90);
  assert.equal((await withToken(`${token}x`)).status, 404);
  chmodSync(file, 0o644);
  assert.equal((await withToken(token)).status, 503, 'a token that others can read is none');

  /* Numbers add up over three workers, one of which is killed on the way. */
  const client = await signedIn('demo_teacher_1', own);
  /* A worker of before the reload may be counted out and still be on its way to its end. */
  await until('those of before are gone', () => workers().length === 8 && !workers().some((pid) => earlier.includes(pid)), 90);
  const before = await until('all are at rest', async () => { const m = await read(own); return m.value('muster_workers', { pool: 'pages' }) === 3 && m; });
  const dies = workers()[0];
  const ok = { pool: 'pages', family: 'pages', status: '2xx' };
  for (let i = 0; i < 60; i += 1) assert.equal((await client.get('/account')).status, 200);
  for (let i = 0; i < 20; i += 1) assert.equal((await client.get('/sessions/999999999')).status, 404);
  /* A request is counted after its answer: none may be on its way when the worker dies. */
  await until('those are counted', async () => (await read(own)).value('muster_requests_total', { ...ok, status: '4xx' }) - before.value('muster_requests_total', { ...ok, status: '4xx' }) === 20);
  process.kill(dies, 'SIGKILL');
  await until('another one serves', async () => !workers().includes(dies) && workers().length === 8 && (await read(own)).value('muster_workers', { pool: 'pages' }) === 3);
  for (let i = 0; i < 40; i += 1) assert.equal((await client.get('/account')).status, 200);
  const after = await until('all are counted', async () => { const m = await read(own); return m.value('muster_requests_total', ok) - before.value('muster_requests_total', ok) === 100 && m; });
  const grown = (name, labels) => after.value(name, labels) - before.value(name, labels);
  assert.equal(grown('muster_requests_total', { ...ok, status: '4xx' }), 20);
  assert.equal(grown('muster_errors_total', { class: 'not_found' }), 20);
  assert.equal(grown('muster_worker_deaths_total'), 1);
  assert.equal(grown('muster_worker_starts_total'), 1);
  assert.equal(grown('muster_request_duration_seconds_count'), grown('muster_requests_total'));
  assert.ok(grown('muster_request_duration_seconds_sum') > 0);
  assert.ok(grown('muster_database_statements_total', { pool: 'pages' }) >= 120, 'each asks who it is');
  assert.ok(grown('muster_database_seconds_total', { pool: 'pages' }) > 0);
  assert.equal(after.value('muster_workers_busy', { pool: 'pages' }), 1);
});

test('uploads and what became of them', async () => {
  const teacher = await as('demo_teacher_1');
  const s = newSession();
  const before = await read();
  await uploaded(teacher, s, 'ffmpeg.png');
  const size = sample('ffmpeg.png').bytes.length;
  await upload(teacher, s, [sample('exe-named.pdf', 'x.pdf', 'hostile')]);
  const after = await until('both are counted', async () => {
    const m = await read();
    return m.value('muster_uploads_total', { result: 'stored' }) > before.value('muster_uploads_total', { result: 'stored' })
      && m.value('muster_uploads_total', { result: 'refused' }) > before.value('muster_uploads_total', { result: 'refused' }) && m;
  });
  assert.ok(after.value('muster_upload_bytes_total') - before.value('muster_upload_bytes_total') >= size);
  assert.ok(after.value('muster_requests_total', { pool: 'slow' }) > before.value('muster_requests_total', { pool: 'slow' }));
});
