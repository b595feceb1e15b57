// Upload with progress: one request per file, so that one may fail while others arrive.
// The form works alone; all texts come from its data attributes.
import { $, el, fill, icon, token } from './dom.js';

const form = $('[data-drop]');
const input = $('input[type="file"]', form);
const list = $('#file-list');
const words = form.dataset;
const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
const mb = (bytes) => number.format(bytes / 1e6);
const kinds = {
  pdf: 'pdf', mp4: 'video', m4v: 'video', mpeg: 'video', mpg: 'video', mov: 'video', webm: 'video',
  mp3: 'audio', wav: 'audio', weba: 'audio', doc: 'doc', docx: 'doc', xls: 'sheet', xlsx: 'sheet',
  png: 'image', jpg: 'image', jpeg: 'image', gif: 'image', webp: 'image',
};
const icons = { pdf: 'file-text', video: 'movie', audio: 'microphone', doc: 'file-text', sheet: 'file-spreadsheet', image: 'photo' };
const extension = (name) => /\.([^.]+)$/.exec(name)?.[1].toLowerCase() ?? '';

// What can be said before anything is sent; the server looks again, at the content.
const refusal = (file) => {
  const taken = input.accept.split(',').map((x) => x.trim());
  if (!taken.includes(`.${extension(file.name)}`)) return words.badType;
  if (file.size > Number(words.max)) return words.tooBig;
  if (file.size === 0) return words.empty;
  return '';
};

const row = (file) => {
  const kind = kinds[extension(file.name)];
  const mark = el('span', kind ? `ft ft-${kind}` : 'ft', icon(icons[kind] ?? 'shield-lock'), extension(file.name).slice(0, 5).toUpperCase());
  const name = el('bdi', '', file.name);
  const meta = el('p', 'meta', '');
  const button = el('button', 'btn btn-s btn-quiet', icon('x'), el('span', 'vh', fill(words.cancel, { name: file.name })));
  const bar = el('progress', '');
  button.type = 'button';
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute('aria-label', fill(words.label, { name: file.name }));
  const li = el('li', '', mark, el('div', '', el('span', 'nm', name), meta), el('div', 'acts', button), bar);
  return { li, meta, button, bar };
};

const refuse = ({ li, meta, button, bar }, file, reason) => {
  const text = el('p', 'err', icon('alert-triangle'), reason);
  text.setAttribute('role', 'alert');
  meta.replaceWith(text);
  bar.remove();
  $('.vh', button).textContent = fill(words.dismiss, { name: file.name });
  button.onclick = () => { li.remove(); input.focus(); };
};

const finish = (view, html) => {
  const got = document.createElement('template');
  got.innerHTML = html;
  const li = $('li', got.content);
  const sum = $('[data-sum]', got.content);
  const count = $('.side-nav [data-count="files"]');
  const had = view.li.contains(document.activeElement);
  if (!li) return false;
  view.li.replaceWith(li);
  if (had) $('a', li)?.focus();
  if (sum) {
    $('#files-sum').textContent = sum.textContent;
    if (count) count.textContent = sum.dataset.sum;
  }
  $('#files-live').textContent = fill(words.done, { name: $('.nm', li)?.textContent ?? '' });
  return true;
};

// The reason in an answer that refuses: the server's own sentence where it sent one, with the file or on its page.
const reasonOf = (xhr) => {
  if (xhr.status === 401) return words.signedOut;
  const got = document.createElement('template');
  got.innerHTML = xhr.getResponseHeader('Content-Type')?.startsWith('text/html') ? xhr.responseText : '';
  const said = $('[data-reason], main header p', got.content)?.textContent.trim();
  if (said) return said;
  if (xhr.status === 413) return words.tooBig;
  return words.failed;
};

const send = (file, view, description) => new Promise((resolve) => {
  const xhr = new XMLHttpRequest();
  const data = new FormData();
  const end = (reason) => { if (reason) refuse(view, file, reason); resolve(); };
  data.append('csrf_token', token());
  data.append('description', description);
  data.append('file', file, file.name);
  view.button.onclick = () => { xhr.abort(); view.li.remove(); input.focus(); resolve(); };
  xhr.upload.onprogress = (e) => {
    if (!e.lengthComputable) return;
    view.bar.value = Math.floor((e.loaded / e.total) * 100);
    view.meta.textContent = e.loaded < e.total
      ? fill(words.progress, { done: mb(e.loaded), total: mb(e.total) }) : words.checking;
  };
  xhr.onload = () => {
    if (xhr.status >= 200 && xhr.status < 300 && finish(view, xhr.responseText)) return end('');
    return end(reasonOf(xhr));
  };
  xhr.onerror = () => end(words.failed);
  xhr.open('POST', form.action);
  xhr.setRequestHeader('X-CSRF-Token', token());
  xhr.setRequestHeader('HX-Request', 'true');
  xhr.setRequestHeader('X-Requested-With', 'XMLHttpRequest'); // an error is an error, not a page to sign in
  xhr.send(data);
});

let queue = Promise.resolve();
form.addEventListener('submit', (e) => {
  const files = [...input.files];
  if (!files.length) return;
  e.preventDefault();
  e.submitter?.removeAttribute('aria-busy');
  const about = form.elements.description;
  const description = about.value;
  for (const file of files) {
    const view = row(file);
    const why = refusal(file);
    list.append(view.li);
    if (why) {
      refuse(view, file, why);
      continue;
    }
    view.meta.textContent = words.waiting;
    let dropped = false;
    view.button.onclick = () => { dropped = true; view.li.remove(); input.focus(); };
    queue = queue.then(() => (dropped ? undefined : send(file, view, description)));
  }
  input.value = '';
  about.value = '';
});

/* Drop zone: hands dropped files to the plain file input */
const over = (on) => (e) => { e.preventDefault(); form.classList.toggle('over', on); };
form.addEventListener('dragover', over(true));
form.addEventListener('dragleave', over(false));
form.addEventListener('drop', (e) => { over(false)(e); input.files = e.dataTransfer.files; });
// Beside it a file would replace the page, and with it what was typed.
const beside = (e) => { if (e.dataTransfer.types.includes('Files')) e.preventDefault(); };
document.addEventListener('dragover', beside);
document.addEventListener('drop', beside);

/* Leaving while a file is under way asks first */
let underWay = 0;
form.addEventListener('submit', () => {
  underWay++;
  queue.finally(() => { underWay--; });
});
addEventListener('beforeunload', (e) => { if (underWay > 0) e.preventDefault(); });
