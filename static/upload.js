// Upload with progress: one request per file, so that one may fail while others arrive; what
// is large goes in pieces and goes on after a lost network or another day.
// The form works alone; all texts come from its data attributes.
import { $, el, fill, icon, token } from './dom.js';

const form = $('[data-drop]');
const input = $('input[type="file"]', form);
const list = $('#file-list');
const words = form.dataset;
const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
const mb = (bytes) => number.format(bytes / 1024 ** 2);
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
const reasonOf = (status, type, body) => {
  if (status === 401) return words.signedOut;
  const got = document.createElement('template');
  got.innerHTML = type?.startsWith('text/html') ? body : '';
  let said = $('[data-reason], main header p', got.content)?.textContent.trim();
  if (type?.startsWith('application/problem+json')) {
    try { const problem = JSON.parse(body); said = problem.fields?.[0]?.message ?? problem.title; } catch { /* then it said nothing */ }
  }
  if (said) return said;
  if (status === 413) return words.tooBig;
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
    return end(reasonOf(xhr.status, xhr.getResponseHeader('Content-Type'), xhr.responseText));
  };
  xhr.onerror = () => end(words.failed);
  xhr.open('POST', form.action);
  xhr.setRequestHeader('X-CSRF-Token', token());
  xhr.setRequestHeader('HX-Request', 'true');
  xhr.setRequestHeader('X-Requested-With', 'XMLHttpRequest'); // an error is an error, not a page to sign in
  xhr.send(data);
});

/* Large files: in pieces (tus), each kept by the server before the next is sent */
const pieceSize = 8 * 1024 * 1024;
const tries = [0, 1000, 3000, 5000, 10_000];
const againAfter = 20_000;

// The server's list of what did not arrive as a whole: the file chosen again takes its place there.
const forget = (id) => {
  const list = $('#unfinished');
  $(`[data-upload="${id}"]`, list ?? document)?.remove();
  if (list && !$('[data-upload]', list)) list.remove();
};

const finishPieces = async (view, file, answer) => {
  const id = answer?.getHeader('Muster-Attachment');
  const row = id && await fetch(`/files/${id}/row`, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
  if (!row?.ok || !finish(view, await row.text())) location.reload(); // it is there; the page shows it
};

const sendPieces = async (file, view, description) => {
  const { Upload } = await import('./vendor/tus.min.js');
  if (!view.li.isConnected) return undefined; // given up in the meantime
  let upload; let timer; let end; let paused = false;
  const done = new Promise((resolve) => { end = resolve; });
  const goOn = () => {
    clearTimeout(timer);
    if (!paused) return;
    paused = false;
    view.meta.textContent = words.resuming;
    upload.start();
  };
  const pause = () => {
    if (paused) return;
    paused = true;
    upload.abort();
    view.meta.textContent = words.paused;
    clearTimeout(timer);
    timer = setTimeout(() => { if (navigator.onLine) goOn(); }, againAfter);
  };
  const stop = () => {
    clearTimeout(timer);
    removeEventListener('online', goOn);
    removeEventListener('offline', pause);
    end();
  };
  upload = new Upload(file, {
    endpoint: '/uploads',
    chunkSize: pieceSize,
    retryDelays: tries,
    removeFingerprintOnSuccess: true,
    fingerprint: async () => ['muster', words.session, file.name, file.size, file.lastModified].join('/'),
    metadata: { filename: file.name, session: words.session, description },
    headers: { 'X-CSRF-Token': token(), 'X-Requested-With': 'XMLHttpRequest' },
    onShouldRetry: (error) => {
      const status = error.originalResponse?.getStatus() ?? 0;
      return navigator.onLine && (status < 400 || status >= 500 || status === 409 || status === 423) && status !== 507;
    },
    onUploadUrlAvailable: () => forget(upload.url.split('/').at(-1)),
    onProgress: (sent, total) => {
      view.bar.value = Math.floor((sent / total) * 100);
      view.meta.textContent = sent < total ? fill(words.progress, { done: mb(sent), total: mb(total) }) : words.checking;
    },
    onError: (error) => {
      const status = error.originalResponse?.getStatus() ?? 0;
      if (status === 0 && error.originalRequest) return pause(); // nobody answered: it goes on when the network is back
      const answer = error.originalResponse; // none: the file itself cannot be read any more
      refuse(view, file, answer ? reasonOf(status, answer.getHeader('Content-Type'), answer.getBody()) : words.failed);
      return stop();
    },
    onSuccess: async ({ lastResponse }) => {
      await finishPieces(view, file, lastResponse);
      stop();
    },
  });
  view.button.onclick = () => {
    paused = false;
    view.li.remove();
    input.focus();
    upload.abort(true).catch(() => {}); // what stays behind is removed in some days
    stop();
  };
  addEventListener('online', goOn);
  addEventListener('offline', pause);
  const [before] = await upload.findPreviousUploads().catch(() => []);
  if (before) {
    upload.resumeFromPreviousUpload(before);
    view.meta.textContent = words.resuming;
  }
  upload.start();
  return done;
};

const sendEither = (file, view, description) => (file.size > pieceSize
  ? sendPieces(file, view, description).catch(() => refuse(view, file, words.failed)) : send(file, view, description));

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
    queue = queue.then(() => (dropped ? undefined : sendEither(file, view, description)));
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
