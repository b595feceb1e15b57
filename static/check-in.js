// The steps of checking in: scanner, position, camera, each only after a tap, and the result that
// looks again by itself. Without this file, or where the browser refuses, the forms do the same.
import { $, $$, el, icon, root } from './dom.js';
import { stream } from './live.js';

const show = (node, on = true) => { if (node) node.hidden = !on; };
const say = (form, text) => {
  const line = $('[data-say]', form);
  line.replaceChildren(...(text ? [icon('alert-triangle'), el('span', '', text)] : []));
  show(line, Boolean(text));
};
const hasCamera = Boolean(navigator.mediaDevices?.getUserMedia);

/* Starts the camera in the form's view; gives a function that stops it. */
async function camera(form, facingMode) {
  const view = $('[data-view]', form);
  const video = $('video', view);
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode, width: { ideal: 1280 } }, audio: false });
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
    show(view, false);
  };
  try {
    show(view);
    video.srcObject = stream;
    await video.play();
  } catch (error) {
    stop();
    throw error;
  }
  addEventListener('pagehide', stop, { once: true });
  return { video, stop };
}

/* What the video shows, at most `size` pixels on its longer side. */
function picture(video, size) {
  const scale = Math.min(1, size / Math.max(video.videoWidth, video.videoHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext('2d', { willReadFrequently: true }).drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/* ---- the QR code: the browser's own detector, else the decoder in a worker ---- */

async function detector(workerUrl) {
  const formats = await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []);
  if (formats?.includes('qr_code')) {
    const own = new BarcodeDetector({ formats: ['qr_code'] });
    return { read: async (video) => (await own.detect(video))[0]?.rawValue, end() {} };
  }
  const worker = new Worker(workerUrl);
  let answer;
  worker.onmessage = ({ data }) => { if (data.type === 'qrResult') answer?.(data.data); };
  worker.onerror = () => answer?.(null);
  worker.postMessage({ type: 'inversionMode', data: 'both' });
  return {
    read: (video) => new Promise((resolve) => {
      answer = resolve;
      const canvas = picture(video, 800);
      const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      worker.postMessage({ id: 1, type: 'decode', data }, [data.data.buffer]);
    }),
    end: () => worker.terminate(),
  };
}

/* The token in an address of ours, whoever's host it names: this server judges it. */
const tokenOf = (text) => text.match(/^(?:https?:\/\/[^/]+\/c\/)?([0-9a-z]{16,39})$/i)?.[1];

function scanner(form) {
  const button = $('[data-scan]', form);
  const label = $('span', button);
  const words = label.textContent;
  let running = null;
  const end = () => {
    running?.stop();
    running?.eye?.end();
    running = null;
    label.textContent = words;
  };
  const look = async (mine) => {
    let last;
    while (running === mine) {
      const text = await mine.eye.read(mine.video).catch(() => null);
      if (running !== mine) return;
      const token = text && tokenOf(text);
      if (token) {
        end();
        location.assign(`/c/${token.toUpperCase()}`);
        return;
      }
      if (text && text !== last) say(form, form.dataset.notOurs);
      last = text ?? last;
      await new Promise((resolve) => { setTimeout(resolve, 120); });
    }
  };
  button.addEventListener('click', async () => {
    if (running) { end(); return; }
    say(form, '');
    try {
      running = await camera(form, 'environment');
      running.eye = await detector(form.dataset.workerUrl);
      label.textContent = button.dataset.stop;
      look(running);
    } catch {
      end();
      say(form, form.dataset.noCamera);
    }
  });
}

/* ---- the position ---- */

function locator(form) {
  const button = $('[data-share]', form);
  show(button);
  show($('[data-noscript]', form), false);
  button.addEventListener('click', () => {
    say(form, '');
    button.setAttribute('aria-busy', 'true');
    const fail = (error) => {
      button.removeAttribute('aria-busy');
      say(form, error.code === 1 ? form.dataset.denied : form.dataset.failed);
    };
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const { lat, lon, acc } = form.elements;
      [lat.value, lon.value] = [coords.latitude.toFixed(7), coords.longitude.toFixed(7)];
      acc.value = Number.isFinite(coords.accuracy) ? Math.min(coords.accuracy, 1e6).toFixed(1) : '';
      form.submit();
    }, fail, { enableHighAccuracy: true, timeout: 20000, maximumAge: 0 });
  });
}

/* ---- the photo ---- */

function selfie(form) {
  const [open, take, other] = ['camera', 'take', 'other'].map((name) => $(`[data-${name}]`, form));
  let running;
  const refuse = () => {
    running?.stop();
    show(take, false);
    show(open, false);
    other.open = true;
    say(form, form.dataset.noCamera);
  };
  show(open);
  other.open = $('[aria-invalid]', form) !== null;
  open.addEventListener('click', async () => {
    say(form, '');
    try {
      running = await camera(form, 'user');
      show(open, false);
      show(take);
      take.focus();
    } catch {
      refuse();
    }
  });
  take.addEventListener('click', () => {
    take.setAttribute('aria-busy', 'true');
    picture(running.video, 1280).toBlob((blob) => {
      try {
        const files = new DataTransfer();
        files.items.add(new File([blob], 'selfie.jpg', { type: 'image/jpeg' }));
        form.elements.photo.files = files.files;
        running.stop();
        form.submit();
      } catch {
        take.removeAttribute('aria-busy');
        refuse();
      }
    }, 'image/jpeg', 0.85);
  });
}

/* ---- the result that waits ---- */

async function watch() {
  let pause = 3000;
  let wake = () => {};
  const woken = () => wake();
  const live = stream($('[data-waiting]').dataset.waiting, { 'attendance.decided': woken, 'attendance.marked': woken });
  while ($('[data-waiting]')) {
    await new Promise((resolve) => { wake = resolve; setTimeout(resolve, live.isOpen() ? 30000 : pause); });
    pause = Math.min(pause * 1.2, 15000);
    if (document.hidden) continue;
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
      if (!answer.ok || answer.redirected) continue;
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if ($('[data-waiting]', fresh) || !$('.result', fresh)) continue;
      document.title = fresh.title;
      $('main').replaceChildren(...$('main', fresh).childNodes);
    } catch { /* the network comes back, or the page is loaded anew */ }
  }
}

for (const form of $$('[data-check-in]')) {
  if (!hasCamera) continue;
  show($('[data-scanner]', form));
  scanner(form);
}
for (const form of $$('[data-locate]')) if (navigator.geolocation) locator(form);
for (const form of $$('[data-selfie]')) if (hasCamera) selfie(form);
if ($('[data-waiting]', root)) watch();
