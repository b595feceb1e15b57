// Completion form: delay and duration while typing. The texts are in the page.
import { $, fill } from './dom.js';

const form = $('#complete');
const minutes = (v) => { const [h, m] = v.split(':').map(Number); return h * 60 + m; };

const versus = (d, words) => {
  if (d === 0) return words.onTime;
  return fill(d > 0 ? words.late : words.early, { n: Math.abs(d) });
};

const show = () => {
  const { start, end } = form.elements;
  const words = $('.calc', form).dataset;
  const out = (name, text) => { $(`[data-out="${name}"]`, form).textContent = text; };
  if (start.value) out('start', versus(minutes(start.value) - minutes(start.dataset.plan), words));
  if (end.value) out('end', versus(minutes(end.value) - minutes(end.dataset.plan), words));
  if (!start.value || !end.value) return;
  const len = minutes(end.value) - minutes(start.value);
  const h = Math.floor(len / 60);
  const m = len % 60;
  const text = h === 0 ? words.m : m === 0 ? words.h : words.hm;
  out('len', len > 0 ? fill(text, { h, m }) : words.reversed);
};

form?.addEventListener('input', (e) => { if (e.target.type === 'time') show(); });
