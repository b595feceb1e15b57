// Small helpers shared by the modules. Enhancements only: every page works without them.
// No inline handlers, no style attributes, no eval: script-src 'self'; style-src 'self'.

export const $ = (sel, root = document) => root.querySelector(sel);
export const $$ = (sel, root = document) => [...root.querySelectorAll(sel)];
export const root = document.documentElement;

// Whether single keys belong to the element that has the focus.
export const typing = (el) =>
  el.closest('input:not([type="radio"]):not([type="checkbox"]), textarea, select, [contenteditable]');

// Fills the {names} of a text that the page brought in the reader's language.
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

export const token = () => $('meta[name="csrf-token"]')?.content ?? '';

// An icon of the sprite the page uses: the address stands in the page, with its fingerprint.
export const icon = (name) => {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  const use = document.createElementNS(ns, 'use');
  svg.setAttribute('class', 'i');
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `${$('meta[name="sprite"]').content}#${name}`);
  svg.append(use);
  return svg;
};

// An element with classes and children: el('p', 'meta', 'text').
export const el = (tag, className, ...children) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
};
