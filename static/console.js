// The teacher's console: a mark is sent at once, keys work through the register, and what others
// mark comes in without taking anything from the hand. Without this file it is a form.
import { $, $$, el, fill, icon, root, token, typing } from './dom.js';
import { stream } from './live.js';

const form = $('[data-roster]');
const text = form.dataset;
const may = Boolean(text.may);
const rows = new Map();
const order = () => $$('.roster > li').filter((row) => !row.hidden);
const labels = { n: text.none };
for (const label of $$('.roster > li:first-child .marks label')) labels[$('input', label).value] = $('.vh', label).textContent;

/* version: of what the page knows; mark: what stands there. Both of the server. */
const made = (row) => {
  const from = $('input[type="hidden"]', row);
  rows.set(row.dataset.p, { row, from, mark: from?.value[0] ?? 'n', version: Number(from?.value.slice(1) ?? 0) });
};
for (const row of $$('.roster > li')) made(row);

/* ---- what a row shows ---- */
const check = (one, mark) => { for (const radio of $$('.marks input', one.row)) radio.checked = radio.value === mark; };
const checked = (one) => $('.marks input:checked', one.row)?.value ?? 'n';

function flag(one, attempt) {
  const is = attempt > 0;
  if (one.row.classList.contains('is-flag') === is) return;
  one.row.classList.toggle('is-flag', is);
  const old = $('.av', one.row);
  const name = $('.nm', one.row).textContent;
  const fresh = el(is ? 'a' : 'span', is ? 'av av-flag' : 'av');
  if (is) { fresh.href = `#flag-${attempt}`; fresh.append(icon('alert-triangle'), el('span', 'vh', name)); } else {
    fresh.setAttribute('aria-hidden', 'true');
    const words = name.trim().split(/\s+/);
    fresh.textContent = (words[0][0] + (words.length > 1 ? words.at(-1)[0] : '')).toUpperCase();
  }
  old.replaceWith(fresh);
}

/* What the server says of one row; what is being marked here stays as it is. */
function take([person, version, mark, by, attempt]) {
  const one = rows.get(String(person));
  if (!one) return false;
  const busy = queue.has(String(person)) || $('.clash', one.row);
  if (!busy) {
    one.version = version;
    one.mark = mark;
    if (one.from) one.from.value = mark + version;
    check(one, mark);
    const note = $('.by', one.row);
    if (note.textContent !== by) note.textContent = by;
  }
  flag(one, attempt);
  return true;
}

function counts(n, expected) {
  for (const place of $$('[data-n]')) if (place.dataset.n in n) place.textContent = n[place.dataset.n];
  for (const button of $$('[data-rest]')) { button.textContent = fill(button.dataset.rest, { n: n.n }); button.hidden = n.n === 0; }
  const ring = $('#ring');
  if (!ring || expected === undefined) return;
  const here = n.p + n.l;
  $('.ring', ring).setAttribute('stroke-dasharray', `${expected ? Math.min(100, here * 100 / expected) : 0} 100`);
  $('.ring-n', ring).textContent = here;
  ring.setAttribute('aria-label', fill(ring.dataset.label, { n: here, all: expected }));
}

/* ---- sending ---- */
const queue = new Map(); // person: mark that is not sent yet, the latest alone
const acts = text.act ? [{ act: text.act }] : [];
const saved = $('#saved');
const lost = $('#lost');
let isSending = false;
let isLost = false;
let epoch = 0; // raised by each change from here: an answer asked for before it is stale
let changed = -Infinity; // when that was

function say(words) { if (saved) saved.textContent = words; }
const clock = () => new Date().toTimeString().slice(0, 5);

function connection(is) {
  isLost = !is;
  lost.hidden = is;
  const note = $('span', lost);
  note.dataset.first ??= note.textContent;
  if (!is) note.textContent = queue.size ? fill(note.dataset.waiting, { n: queue.size }) : note.dataset.first;
}

function undoable() {
  const button = $('[data-undo]');
  if (button) button.hidden = acts.length === 0;
}

/* The answer of the server as { status, data }; data null: it was no answer of ours. */
async function post(url, fields) {
  epoch += 1;
  changed = performance.now();
  const answer = await fetch(url, {
    method: 'POST', redirect: 'manual', body: new URLSearchParams(fields),
    headers: { Accept: 'application/json', 'X-CSRF-Token': token() },
  });
  epoch += 1;
  changed = performance.now();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json');
  return { status: answer.status, data: isJson ? await answer.json() : null };
}

function refused({ status, data }) {
  if (data?.error) return fill(text.failed, { why: data.error });
  return status === 401 || status === 403 || status === 0 ? text.signedOut : fill(text.failed, { why: status });
}

/* Somebody else was first: both choices stand at the row. */
function clash(one, wanted, [, version, now], by) {
  $('.clash', one.row)?.remove();
  const box = $('#clash-t').content.firstElementChild.cloneNode(true);
  $('span', box).textContent = fill(by ? text.clash : text.clashSelf, { name: by, now: labels[now] });
  const keep = $('[data-keep]', box);
  const other = $('[data-take]', box);
  const settle = () => { box.remove(); one.version = version; one.mark = now; };
  keep.textContent = fill(text.keep, { mark: labels[now] });
  other.textContent = fill(text.set, { mark: labels[wanted] });
  keep.addEventListener('click', () => { settle(); check(one, now); focus(one); ask(); });
  other.addEventListener('click', () => { settle(); check(one, wanted); focus(one); mark(one, wanted); });
  box.setAttribute('role', 'alert');
  one.row.append(box);
}

async function send() {
  if (isSending) return;
  isSending = true;
  while (queue.size > 0) {
    const [person, { wanted, version }] = queue.entries().next().value;
    const one = rows.get(person);
    const why = $('#why')?.value ?? '';
    let answer;
    say(text.saving);
    try {
      answer = await post(form.action, { one: `${person}-${wanted}-${version}`, why });
    } catch {
      connection(false);
      say('');
      break;
    }
    connection(true);
    const isLatest = queue.get(person)?.wanted === wanted;
    if (isLatest) queue.delete(person);
    const { data, status } = answer;
    const row = data?.rows?.find(([id]) => String(id) === person);
    if (row && status === 409) {
      queue.delete(person);
      clash(one, wanted, row, data.by);
    } else if (row && status === 200) {
      if (data.act) acts.push({ act: data.act, person });
      if (isLatest) take(row); else { queue.set(person, { ...queue.get(person), version: row[1] }); one.version = row[1]; }
    } else {
      // What cannot be saved is not shown as if it were.
      if (status !== 401 && status !== 0) { queue.delete(person); check(one, one.mark); } else queue.set(person, { wanted, version });
      say(refused(answer));
      if (data?.needs_why) $('#why')?.focus();
      break;
    }
    if (data.n) counts(data.n);
    say(fill(text.saved, { time: clock() }));
    undoable();
  }
  isSending = false;
}

function mark(one, wanted) {
  const person = one.row.dataset.p;
  $('.clash', one.row)?.remove();
  if (wanted === one.mark && !queue.has(person)) return;
  if (queue.has(person) && !isSending && wanted === one.mark) queue.delete(person);
  else queue.set(person, { wanted, version: one.version });
  if (isLost) connection(false);
  send();
}

async function undo() {
  if (isSending) { setTimeout(undo, 100); return; }
  // What was not sent yet is simply taken back.
  if (queue.size > 0) {
    const person = [...queue.keys()].at(-1);
    const one = rows.get(person);
    queue.delete(person);
    check(one, one.mark);
    focus(one);
    return;
  }
  const last = acts.pop();
  if (!last) return;
  undoable();
  try {
    const answer = await post(text.undoUrl, { act: last.act });
    if (answer.status !== 200 || !answer.data) { say(refused(answer)); return; }
    for (const row of answer.data.rows) take(row);
    counts(answer.data.n);
    say(text.undone);
    if (last.person && rows.has(last.person)) focus(rows.get(last.person));
    ask();
  } catch {
    acts.push(last);
    connection(false);
    undoable();
  }
}

async function rest(value) {
  say(text.saving);
  try {
    const answer = await post(form.action, { rest: value, why: $('#why')?.value ?? '' });
    if (answer.status !== 200 || !answer.data) { say(refused(answer)); return; }
    if (answer.data.act) acts.push({ act: answer.data.act });
    for (const row of answer.data.rows) take(row);
    counts(answer.data.n);
    say(fill(text.changed, { n: answer.data.changed }));
    undoable();
  } catch { connection(false); say(''); }
}

/* ---- what others did ---- */
let tag = null;
let timer = 0;

async function strangers() {
  // Somebody who was not on the list: the page knows how a row looks.
  const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), 'text/html');
  let before = null;
  for (const row of $$('.roster > li', page)) {
    if (!rows.has(row.dataset.p)) {
      const fresh = document.importNode(row, true);
      if (before) before.after(fresh); else $('.roster').prepend(fresh);
      made(fresh);
    }
    before = rows.get(row.dataset.p).row;
  }
  $$('.roster > li .idx').forEach((place, i) => { place.textContent = i + 1; });
}

function flagged(html) {
  const list = $('.flagged');
  const held = document.createElement('template');
  held.innerHTML = html;
  // What comes by the stream does not know this page's icons.
  const sprite = $('meta[name="sprite"]').content;
  for (const use of $$('use', held.content)) use.setAttribute('href', use.getAttribute('href').replace(/^.*#/, `${sprite}#`));
  const fresh = new Map($$('[data-attempt]', held.content).map((item) => [item.dataset.attempt, item]));
  for (const item of $$('[data-attempt]', list)) if (!fresh.has(item.dataset.attempt)) leave(item);
  for (const [id, item] of fresh) if (!$(`[data-attempt="${id}"]`, list)) list.append(item);
  const n = fresh.size;
  $('#n-flagged').textContent = n;
  $('#n-flagged').classList.toggle('count-hi', n > 0);
  $('#no-flags').hidden = n > 0;
}

/* What students asked, as the page shows it; one in whose reason somebody writes waits. */
const claimIds = (section) => $$('.claim', section).map((claim) => claim.id.slice('claim-'.length)).join();
const isWritten = (section) => $$('input[name="why"]', section).some((why) => why === document.activeElement || why.value !== why.defaultValue);
async function claims(ids) {
  const section = $('#claims');
  if (!section || claimIds(section) === ids.join()) return;
  if (isWritten(section)) { tag = null; again(3000); return; }
  const page = new DOMParser().parseFromString(await (await fetch(text.live.replace(/\/live$/, ''))).text(), 'text/html');
  const fresh = $('#claims', page);
  if (!fresh || isWritten(section)) return;
  const had = section.contains(document.activeElement);
  section.replaceWith(document.importNode(fresh, true));
  if (had) $(fresh.hidden ? '#flag-h' : '#claims-h').focus();
}

/* The next one takes the focus of an item that goes. */
function leave(item) {
  const next = item.nextElementSibling ?? item.previousElementSibling;
  const had = item.contains(document.activeElement);
  item.remove();
  if (had) (next ?? $('#flag-h')).focus();
}

/* The page anew, but for a form that was just sent from here: its answer is on its way. */
function renew() { if ($('[aria-busy="true"]')) setTimeout(renew, 2000); else location.reload(); }

/* How things stand, said by the stream or asked for. */
async function apply(data) {
  if (data.state !== $('.live-strip').dataset.state && queue.size === 0) { renew(); return; }
  const known = data.rows.map(take);
  counts(data.n, data.expected);
  flagged(data.flagged);
  closes = data.closes;
  if (known.includes(false)) await strangers();
  if (data.claims) await claims(data.claims.map(String));
}

/* While something is on its way from here, what was pushed may be older than it: it is asked for after. */
function pushed(data) {
  if (isLost) { connection(true); send(); }
  if (isSending || queue.size > 0 || performance.now() - changed < 1000) { again(1000); return; }
  tag = null;
  apply(data);
}
const live = stream(text.stream, { console: pushed }, { lost: () => ask(), found: () => again(100) });
function again(ms) { clearTimeout(timer); timer = setTimeout(ask, ms); }

async function ask() {
  clearTimeout(timer);
  const began = epoch;
  try {
    const answer = await fetch(text.live, { cache: 'no-store', headers: tag ? { 'If-None-Match': tag } : {} });
    if (answer.status === 401 || answer.redirected) { say(text.signedOut); return; }
    if (isLost) { connection(true); send(); }
    if (answer.status === 200) {
      const data = await answer.json();
      if (began !== epoch) { again(500); return; }
      tag = answer.headers.get('etag');
      await apply(data);
    }
  } catch { connection(false); }
  again(live.isOpen() || document.hidden ? 20000 : 4000);
}
document.addEventListener('visibilitychange', () => { if (!document.hidden) ask(); });
addEventListener('online', () => ask());
addEventListener('beforeunload', (e) => { if (queue.size > 0) e.preventDefault(); });

/* ---- closing in, and the code ---- */
const strip = $('#closes');
const ahead = strip ? Number(strip.dataset.now) - Date.now() : 0;
let closes = strip ? Number(strip.dataset.closes) : 0;
setInterval(() => {
  if (!strip) return;
  const left = Math.max(0, Math.ceil((closes - Date.now() - ahead) / 60000));
  const words = fill(strip.dataset.text, { n: left });
  if ($('span', strip).textContent !== words) $('span', strip).textContent = words;
}, 1000);

const code = $('#code');
async function nextCode() {
  let wait = 5000;
  try {
    const answer = await fetch(code.dataset.codeUrl, { cache: 'no-store' });
    const data = await answer.json();
    if (data.codes.length > 0) {
      code.textContent = data.codes[0].code;
      wait = Math.max(500, data.codes[0].ends - data.now + 50);
    }
  } catch { /* the next try tells */ }
  setTimeout(nextCode, wait);
}
if (code) nextCode();

/* ---- by hand ---- */
form.addEventListener('change', (e) => {
  const row = e.target.closest('.roster > li');
  if (row) mark(rows.get(row.dataset.p), checked(rows.get(row.dataset.p)));
});
form.addEventListener('submit', (e) => {
  const { submitter } = e;
  e.preventDefault();
  e.stopPropagation();
  if (submitter?.name === 'rest') rest(submitter.value);
  else if (submitter?.name === 'one') {
    const [person, wanted, version] = submitter.value.split('-');
    const one = rows.get(person);
    one.version = Number(version);
    $('.clash', one.row)?.remove();
    check(one, wanted);
    queue.set(person, { wanted, version: one.version });
    send();
  } else send();
});
$('[data-undo]')?.addEventListener('click', undo);
$('#flash [action$="/undo"]')?.addEventListener('submit', (e) => {
  e.preventDefault();
  e.stopPropagation();
  $('#flash').replaceChildren();
  undo();
});

document.addEventListener('submit', async (e) => {
  const item = e.target.closest('[data-attempt]');
  if (!item) return;
  e.preventDefault();
  const fields = { do: e.submitter.value, why: $('.why', item).value };
  try {
    const answer = await post(e.target.action, fields);
    for (const b of $$('[aria-busy]', item)) b.removeAttribute('aria-busy');
    if (answer.status !== 204) { say(refused(answer)); ask(); return; }
    leave(item);
    tag = null;
    ask();
  } catch { connection(false); }
});

/* Filtering while typing: the address keeps it. */
const find = $('#q');
const plain = (words) => words.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
find.addEventListener('input', () => {
  const words = plain(find.value).split(/\s+/).filter(Boolean);
  const show = new URL(location.href).searchParams.get('show') ?? 'all';
  let n = 0;
  for (const { row, mark: stands } of rows.values()) {
    const is = words.every((word) => plain($('.nm', row).textContent).includes(word))
      && (show === 'all' || (show === 'flagged' ? row.classList.contains('is-flag') : show === { n: 'none', p: 'present', l: 'late', e: 'excused', a: 'absent' }[stands]));
    row.hidden = !is;
    n += is;
  }
  $('#none-found').hidden = n > 0;
  const to = new URL(location.href);
  for (const name of ['done', 'n', 'm', 'act']) to.searchParams.delete(name);
  if (find.value) to.searchParams.set('q', find.value); else to.searchParams.delete('q');
  history.replaceState(null, '', to);
});

/* ---- by keys ---- */
let at = null; // the row at hand
form.addEventListener('focusin', (e) => { const row = e.target.closest('.roster > li'); if (row) at = row; });

function focus(one) {
  at = one.row;
  const radios = $$('.marks input', one.row);
  (radios.find((radio) => radio.checked) ?? radios[0] ?? $('.nm', one.row)).focus();
  one.row.scrollIntoView({ block: 'nearest' });
}
function step(by) {
  const all = order();
  const i = all.indexOf(at);
  const row = all[i < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(i + by, 0), all.length - 1)];
  if (row) focus(rows.get(row.dataset.p));
}

document.addEventListener('keydown', (e) => {
  if (typing(e.target) || root.dataset.shortcuts === 'off' || $('dialog[open]')) return;
  const key = e.key.toLowerCase();
  const done = () => { e.preventDefault(); e.stopImmediatePropagation(); };
  if ((e.ctrlKey || e.metaKey) && key === 'z' && !e.shiftKey && may) { undo(); done(); return; }
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const item = e.target.closest('[data-attempt]');
  if (item && (key === 'y' || key === 'x')) { $(`button[value="${key === 'y' ? 'accept' : 'reject'}"]`, item)?.click(); done(); return; }
  if (key === 'j' || key === 'k') {
    if (item) (key === 'j' ? item.nextElementSibling : item.previousElementSibling)?.focus(); else step(key === 'j' ? 1 : -1);
    done();
    return;
  }
  if (key === 'f') { ($('.flagged > li') ?? $('#flag-h')).focus(); done(); return; }
  if (!may || !at || item) return;
  const one = rows.get(at.dataset.p);
  if ('plea'.includes(key) && key.length === 1) { check(one, key); mark(one, key); step(1); done(); }
  if (key === 'backspace') { check(one, 'n'); mark(one, 'n'); focus(one); done(); }
}, { capture: true });

undoable();
const save = $('[data-save]');
if (save) save.hidden = true;
again(4000);
const to = location.hash.startsWith('#s') && rows.get(location.hash.slice(2));
if (to) focus(to);
$('[data-focus]')?.focus();
