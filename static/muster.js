// What every page has: menus, theme, keys, copy buttons, the focus after an error.
import { $, $$, el, icon, root, token, typing } from './dom.js';

/* Menus: close on Escape and on a click elsewhere */
document.addEventListener('click', (e) => {
  for (const menu of $$('details.menu[open]')) if (!menu.contains(e.target)) menu.open = false;
});

/* Theme: the page changes at once, the server stores the choice */
document.addEventListener('submit', (e) => {
  const theme = e.submitter?.name === 'theme' && e.submitter.value;
  if (!theme || !e.target.matches('.menu form')) return;
  e.preventDefault();
  if (theme === 'system') delete root.dataset.theme; else root.dataset.theme = theme;
  e.target.closest('details').open = false;
  const body = new URLSearchParams(new FormData(e.target));
  body.set('theme', theme);
  fetch(e.target.action, { method: 'POST', body, headers: { 'X-CSRF-Token': token() }, redirect: 'manual' })
    .catch(() => {});
});

/* A form that was sent is not sent twice */
document.addEventListener('submit', (e) => {
  if (e.defaultPrevented || e.target.method !== 'post') return;
  const button = e.submitter;
  if (!button) return;
  if (button.getAttribute('aria-busy') === 'true') { e.preventDefault(); return; }
  button.setAttribute('aria-busy', 'true');
});
addEventListener('pageshow', () => { for (const b of $$('[aria-busy="true"]')) b.removeAttribute('aria-busy'); });
document.addEventListener('htmx:afterRequest', (e) => {
  for (const b of $$('[aria-busy="true"]', e.detail.elt)) b.removeAttribute('aria-busy');
});

/* Small buttons */
document.addEventListener('click', async (e) => {
  const button = e.target.closest('button');
  if (!button) return;
  if (button.matches('[data-keys]')) $('#keys')?.showModal();
  if (button.matches('[data-print]')) print();
  if (button.matches('[data-copy]')) {
    const field = $(button.dataset.copy);
    field.select();
    await navigator.clipboard?.writeText(field.value).catch(() => {});
    $('span', button).textContent = button.dataset.done;
  }
});

/* A list that loads answers the keyboard and the screen reader alike */
document.addEventListener('htmx:beforeRequest', (e) => e.detail.target?.setAttribute('aria-busy', 'true'));
document.addEventListener('htmx:afterSettle', (e) => e.detail.target?.removeAttribute('aria-busy'));
const failed = (e) => {
  const { elt, target } = e.detail;
  target?.removeAttribute('aria-busy');
  for (const b of $$('[aria-busy="true"]', elt)) b.removeAttribute('aria-busy');
  if (!elt.dataset.failed) return;
  // What was typed stays in the form; the sentence stands over it.
  const note = el('div', 'flash flash-a', icon('alert-triangle'), el('p', '', elt.dataset.failed));
  note.setAttribute('role', 'alert');
  $(':scope > .flash', elt)?.remove();
  elt.prepend(note);
};
document.addEventListener('htmx:responseError', failed);
/* A question about a field that is answered by "sign in" must not take the form away */
document.addEventListener('htmx:beforeOnLoad', (e) => {
  const { elt, target, xhr } = e.detail;
  if (xhr.status !== 401 || !elt.dataset.signedOut) return;
  e.preventDefault();
  target.removeAttribute('aria-busy');
  target.replaceChildren(el('p', 'err', icon('alert-triangle'), elt.dataset.signedOut));
});
document.addEventListener('htmx:sendError', failed);

/* A failed form: the summary gets the focus, its links lead to the fields */
const summary = $('[data-errors]');
if (summary) summary.focus();
document.addEventListener('htmx:afterSettle', (e) => $('[data-errors]', e.detail.elt)?.focus());

/* Keyboard. Single keys can be turned off in Settings (data-shortcuts="off"). */
let g = -Infinity; // when g was pressed
document.addEventListener('keydown', (e) => {
  if (e.key === 'Escape') {
    for (const menu of $$('details.menu[open]')) { menu.open = false; $('summary', menu).focus(); }
  }
  if ((e.ctrlKey || e.metaKey) && e.key === 'Enter' && e.target.form) { e.target.form.requestSubmit(); return; }
  if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || root.dataset.shortcuts === 'off' || $('dialog[open]')) return;
  const key = e.key.toLowerCase();
  const done = () => e.preventDefault();
  if (e.key === '?') { $('#keys')?.showModal(); return done(); }
  if (key === '/') { $('input[type="search"]')?.focus(); return done(); }
  if (e.timeStamp - g < 900) {
    g = -Infinity;
    const to = $(`.bar a[data-go="${CSS.escape(key)}"]`);
    if (to) { to.click(); return done(); }
  }
  if (key === 'g') { g = e.timeStamp; return done(); }
  const target = $(`[data-key="${CSS.escape(key)}"]`);
  if (target) {
    if (target.matches('textarea, input')) target.focus(); else target.click();
    done();
  }
});

/* Pages whose parts follow what happens */
const streams = new Map();
const followed = $$('[data-live][data-on]');
for (const { dataset } of followed) streams.set(dataset.live, [...(streams.get(dataset.live) ?? []), ...dataset.on.split(' ')]);
const follow = () => import('./live.js').then((live) => { for (const [url, names] of streams) live.follow(url, names); });
// The bell alone can wait until somebody stays on the page.
if (streams.size > 0) setTimeout(follow, followed.every((one) => one.id === 'bell') ? 2000 : 0);
