// What the server pushes to an open page. A stream that is away is opened again, later and later;
// after three failures the page is told and asks by itself until it is back.
import { $, $$ } from './dom.js';

const FIRST_MS = 1000;
const LONGEST_MS = 30000;

/* handlers: what to do with the data of each event. lost(), found(): the state of the connection. */
export function stream(url, handlers, { lost = () => {}, found = () => {} } = {}) {
  let source = null;
  let timer = 0;
  let failures = 0;
  let isOpen = false;

  function close() { isOpen = false; clearTimeout(timer); source?.close(); source = null; }

  function open() {
    close();
    source = new EventSource(url);
    source.addEventListener('open', () => { failures = 0; isOpen = true; found(); });
    source.addEventListener('error', () => {
      isOpen = false;
      failures += 1;
      if (failures === 3) lost();
      // The browser tries again by itself, unless the answer was a refusal.
      if (source.readyState !== EventSource.CLOSED) return;
      // Not all pages at once when a gateway comes back.
      timer = setTimeout(open, Math.min(FIRST_MS * 2 ** failures, LONGEST_MS) * (0.5 + Math.random()));
    });
    for (const [name, handle] of Object.entries(handlers)) source.addEventListener(name, (e) => handle(e.data ? JSON.parse(e.data) : null));
  }

  // A page that nobody sees holds no connection: over HTTP/1.1 a browser has six for all its tabs.
  const seen = () => { if (document.hidden) close(); else if (!source) open(); };
  seen();
  document.addEventListener('visibilitychange', seen);
  addEventListener('pagehide', close);
  addEventListener('pageshow', (e) => { if (e.persisted) seen(); });
  return { isOpen: () => isOpen };
}

/*
 * Pages whose parts follow: an element with data-live (the stream) and data-on (events, by blanks);
 * when one comes, the page is asked for anew and its parts, elements with an id and data-slot, take
 * the place of the old ones; where one with data-slot="page" is gone, the address shows another page
 * by now and is loaded. A part in which somebody types or has chosen something waits.
 */
const isHeld = (part) => part.contains(document.activeElement) && document.activeElement.matches('input, textarea, select')
  || $$('input, textarea, select', part).some((field) => (field.type === 'checkbox' || field.type === 'radio'
    ? field.checked !== field.defaultChecked : field.tagName !== 'SELECT' && field.type !== 'hidden' && field.value !== field.defaultValue));

let timer = 0;
let isBusy = false;
let isAgain = false;

async function refresh() {
  timer = 0;
  if (isBusy) { isAgain = true; return; }
  isBusy = true;
  let isHeldBack = false;
  try {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store' });
    if (answer.ok && !answer.redirected) {
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const part of $$('[data-slot][id]')) {
        const other = fresh.getElementById(part.id);
        if (!other && part.dataset.slot === 'page') { location.reload(); return; }
        if (!other || other.outerHTML === part.outerHTML) continue;
        if (isHeld(part)) { isHeldBack = true; continue; }
        const focused = part.contains(document.activeElement) ? document.activeElement.id : '';
        part.replaceWith(document.importNode(other, true));
        if (focused) document.getElementById(focused)?.focus();
      }
      globalThis.htmx?.process(document.body);
    }
  } catch { /* the next event or the next look */ }
  isBusy = false;
  if (isAgain) { isAgain = false; later(100); } else if (isHeldBack) later(5000);
}

// Several events at once are one look, and not everybody looks in the same instant.
function later(ms) { if (!timer) timer = setTimeout(refresh, ms + Math.random() * 300); }

export function follow(url, names) {
  let asking = 0;
  stream(url, Object.fromEntries([...names, 'reload'].map((name) => [name, () => later(100)])), {
    lost: () => { asking ||= setInterval(() => later(0), 15000); },
    found: () => { if (asking) { clearInterval(asking); asking = 0; later(0); } },
  });
}
