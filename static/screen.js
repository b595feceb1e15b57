// The projector: the next code is here before it is needed, the ring runs, the count follows.
// Without this file the page asks for itself again.
import { $, el, fill, icon } from './dom.js';
import { stream } from './live.js';

const main = $('#main');
const text = main.dataset;
let codes = [];
let ahead = 0; // the server's clock before ours, in ms
let period = 15000;
let shown = null;
let failures = 0;

const now = () => Date.now() + ahead;

function show(one) {
  shown = one;
  const qr = $('#qr');
  qr.setAttribute('viewBox', `0 0 ${one.size} ${one.size}`);
  $('path', qr).setAttribute('d', one.path);
  $('#code').textContent = one.code;
  $('#spelled').textContent = one.spelled;
}

function counts(data) {
  const ring = $('#ring');
  $('.ring', ring).setAttribute('stroke-dasharray', `${data.expected ? Math.min(100, data.here * 100 / data.expected) : 0} 100`);
  const [n, of] = ring.querySelectorAll('text');
  n.textContent = data.here;
  of.textContent = fill(text.of, { n: data.expected });
  const label = fill(text.label, { n: data.here, all: data.expected });
  if (ring.getAttribute('aria-label') !== label) {
    ring.setAttribute('aria-label', label);
    $('#said').textContent = label;
  }
  $('#counts').textContent = data.counts;
  const list = $('#arrive');
  if (!list) return;
  const before = [...list.children].map((item) => item.dataset.key ?? item.textContent);
  list.replaceChildren(...data.arrivals.map(([name, time]) => {
    const item = el('li', before.length && !before.includes(name + time) ? 'new' : '', icon('check'), el('bdi', '', name), el('time', '', time));
    item.dataset.key = name + time;
    return item;
  }));
}

async function ask() {
  try {
    const answer = await fetch(`${text.codeUrl}?names=${text.names ? 1 : 0}`, { cache: 'no-store' });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const data = await answer.json();
    failures = 0;
    ahead = data.now - Date.now();
    period = data.period;
    codes = data.codes;
    pushed(data);
  } catch { failures += 1; }
  // With the stream the codes alone are asked for; there are two of them at a time.
  setTimeout(ask, failures ? 2000 : live.isOpen() ? period / 2 : Math.min(4000, period / 3));
}

function pushed(data) {
  if (data.state !== text.state) { location.reload(); return; }
  counts(data);
}
const live = stream(text.stream, { screen: pushed });

function tick() {
  const one = codes.find((c) => c.ends > now());
  const words = $('#tick-text');
  if (!words) return;
  if (one && one !== shown && one.code !== $('#code').textContent) show(one);
  if (!one && codes.length > 0) { words.textContent = text.lost; return; }
  if (!one) return;
  const left = Math.max(0, one.ends - now());
  $('#tick').setAttribute('stroke-dasharray', `${Math.min(100, left * 100 / period).toFixed(1)} 100`);
  const said = failures > 2 ? text.lost : fill(text.tick, { n: Math.ceil(left / 1000) });
  if (words.textContent !== said) words.textContent = said;
}

setInterval(tick, 250);
ask();

/* The screen stays on while it is shown. */
const awake = () => navigator.wakeLock?.request('screen').catch(() => {});
document.addEventListener('visibilitychange', () => { if (!document.hidden) awake(); });
awake();
