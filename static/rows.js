// Rows of a table or list that are worked through: j and k move, Space selects, y and x say yes and no
// to what is selected, or to the row at hand, r reminds.
import { $, $$, root, typing } from './dom.js';

const boxes = () => $$('#results input[name="pick"]');

/* How many are selected, on the row and in the bar */
function show() {
  const all = boxes();
  const n = all.filter((box) => box.checked).length;
  for (const box of all) {
    const row = box.closest('[data-row]');
    const mark = row.matches('tr') ? 'aria-selected' : 'data-picked-row';
    if (box.checked) row.setAttribute(mark, 'true'); else row.removeAttribute(mark);
  }
  const count = $('[data-picked]');
  if (count) count.textContent = n;
  const whole = $('[data-pick-all]');
  if (!whole) return;
  whole.hidden = false;
  whole.checked = n > 0 && n === all.length;
  whole.indeterminate = n > 0 && n < all.length;
}
document.addEventListener('change', (e) => {
  if (e.target.matches('[data-pick-all]')) for (const box of boxes()) box.checked = e.target.checked;
  if (e.target.matches('[data-pick-all], input[name="pick"]')) show();
});
document.addEventListener('htmx:afterSettle', show);
addEventListener('pageshow', show);
show();

const main = (row) => $('input[name="pick"]', row) ?? $('.main-cell a', row);

function step(by) {
  const rows = $$('[data-row]');
  const at = rows.indexOf(document.activeElement.closest('[data-row]'));
  const row = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
  if (!row) return;
  main(row).focus();
  row.scrollIntoView({ block: 'nearest' });
}

function answer(key) {
  if (boxes().some((box) => box.checked)) {
    const reason = $('#b-reason');
    if (key === 'x' && reason && !reason.value.trim()) { reason.focus(); return; }
    $(`[data-bulk="${key}"]`)?.click();
    return;
  }
  const row = document.activeElement.closest('[data-row]');
  if (row) $(`[data-row-${key}]`, row)?.click();
}

document.addEventListener('keydown', (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || root.dataset.shortcuts === 'off' || $('dialog[open]')) return;
  const key = e.key.toLowerCase();
  if (key === 'j' || key === 'k') { step(key === 'j' ? 1 : -1); e.preventDefault(); }
  if (key === 'y' || key === 'x' || key === 'r') { answer(key); e.preventDefault(); }
  if (key === ' ') {
    const row = e.target.closest('[data-row]');
    const box = row && $('input[name="pick"]', row);
    if (!box || box === e.target || e.target.closest('button, summary')) return;
    box.checked = !box.checked;
    show();
    e.preventDefault();
  }
});
