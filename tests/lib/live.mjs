// What tests of the gateway are written with: a muster-live of one's own in conformance mode, WebSockets
// whose frames are made by hand, polls, and clients that tell what they got.
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import { join } from 'node:path';
import WebSocket from 'ws';
import { build, until } from './http.mjs';
import { start } from './process.mjs';

const faults = /Sanitizer|runtime error|\bBUG\b/;

async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

/* { port, url, child, stop() }: ended with the test, or by stop(), which gives what it printed. */
export async function conformanceGateway(t) {
  const port = await freePort();
  const program = join(build, process.env.MUSTER_TEST_VARIANT ?? 'release', 'bin/muster-live');
  const child = start(program, ['--conformance', String(port)], {
    env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=1:exitcode=99', UBSAN_OPTIONS: 'print_stacktrace=1' },
  });
  let stopped = null;
  child.ended.then(() => { if (!stopped) console.error(child.output); });
  const stop = () => {
    stopped ??= (async () => {
      child.kill('SIGTERM');
      const { code, signal } = await child.ended;
      if (code !== 0 || faults.test(child.output)) throw new Error(`muster-live ended with ${signal ?? code}:\n${child.output}`);
      return child.output;
    })();
    return stopped;
  };
  t.after(stop);
  await until('the gateway starts', () => child.output.includes('event=live_start'));
  await until('it listens', () => new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
    socket.on('error', () => resolve(false));
  }));
  return { port, url: `http://127.0.0.1:${port}`, child, stop };
}

/*
 * A case against conformance mode, whose heartbeat leaves a client 200 ms: on a machine that stalls for
 * longer it is asked again.
 */
export function patient(t, name, run) {
  return t.test(name, async (sub) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await run(sub);
      } catch (error) {
        if (tries === 4) throw error;
      }
    }
  });
}

/* ---- WebSockets by the library ----------------------------------------------------------- */

/* A WebSocket that keeps what came: next() is the next message (a text, or a Buffer), closed the end. */
export class Socket {
  constructor(url, options = {}) {
    this.got = [];
    this.waiting = [];
    this.ws = new WebSocket(url.replace(/^http/, 'ws'), options);
    this.opened = new Promise((resolve, reject) => { this.ws.on('open', resolve); this.ws.on('error', reject); });
    this.opened.catch(() => {});
    this.closed = new Promise((resolve) => { this.ws.on('close', (code, reason) => { resolve({ code, reason: reason.toString() }); this.wake(); }); });
    this.closed.then(() => { this.isClosed = true; this.wake(); });
    this.ws.on('message', (data, isBinary) => { this.got.push(isBinary ? data : data.toString()); this.wake(); });
  }

  wake() {
    while (this.waiting.length > 0 && (this.got.length > 0 || this.isClosed)) this.waiting.shift()(this.got.shift());
  }

  /* undefined: it was closed. */
  next() {
    return new Promise((resolve) => { this.waiting.push(resolve); this.wake(); });
  }

  /* The next that is no heartbeat of Engine.IO. */
  async nextData() {
    for (;;) {
      const data = await this.next();
      if (data !== '2') return data;
      this.ws.send('3');
    }
  }

  send(data) { this.ws.send(data); }

  close() { this.ws.close(); return this.closed; }
}

/* ---- frames by hand ------------------------------------------------------------------------- */

/* One frame; length: what its head claims. */
export function frame(payload, { opcode = 1, fin = true, masked = true, rsv = 0, length = null } = {}) {
  const bytes = Buffer.from(payload);
  const n = length ?? bytes.length;
  const head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode];
  if (n < 126) head.push((masked ? 0x80 : 0) | n);
  else if (n < 65536) head.push((masked ? 0x80 : 0) | 126, n >> 8, n & 255);
  else head.push((masked ? 0x80 : 0) | 127, 0, 0, 0, 0, (n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
  if (!masked) return Buffer.concat([Buffer.from(head), bytes]);
  const mask = randomBytes(4);
  return Buffer.concat([Buffer.from(head), mask, bytes.map((b, i) => b ^ mask[i % 4])]);
}

/*
 * A WebSocket over a bare socket to port: send(bytes) sends them as they are; frames() what has come
 * (unmasked, { opcode, payload }); code() the code of the close frame, once it came or the end (null) did.
 */
export async function rawSocket(port, path, headers = {}) {
  const socket = net.connect(port, '127.0.0.1');
  const all = { Host: `127.0.0.1:${port}`, Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': randomBytes(16).toString('base64'), ...headers };
  let bytes = Buffer.alloc(0);
  let isOver = false;
  socket.on('data', (chunk) => { bytes = Buffer.concat([bytes, chunk]); });
  socket.on('error', () => {});
  socket.on('close', () => { isOver = true; });
  socket.on('end', () => { isOver = true; });
  socket.write(`GET ${path} HTTP/1.1\r\n${Object.entries(all).map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`);
  await until('an answer to the upgrade', () => bytes.includes('\r\n\r\n') || isOver);
  const end = bytes.indexOf('\r\n\r\n');
  const head = bytes.subarray(0, end).toString();
  const frames = () => {
    const found = [];
    for (let at = end + 4; at + 2 <= bytes.length;) {
      let n = bytes[at + 1] & 127;
      let skip = 2;
      if (n === 126) { n = bytes.readUInt16BE(at + 2); skip = 4; } else if (n === 127) { n = Number(bytes.readBigUInt64BE(at + 2)); skip = 10; }
      if (at + skip + n > bytes.length) break;
      found.push({ opcode: bytes[at] & 15, payload: bytes.subarray(at + skip, at + skip + n) });
      at += skip + n;
    }
    return found;
  };
  return {
    socket,
    status: Number(head.split(' ')[1]),
    head,
    frames,
    send: (...parts) => { socket.write(Buffer.concat(parts)); },
    async code() {
      await until('the end of the WebSocket', () => isOver || frames().some((f) => f.opcode === 8));
      const close = frames().find((f) => f.opcode === 8);
      return close ? close.payload.readUInt16BE(0) : null;
    },
    get isOver() { return isOver; },
    destroy() { socket.destroy(); },
  };
}

/* ---- polling ---------------------------------------------------------------------------------- */

export const polling = (base, path = '/engine.io/') => ({
  base: `${base}${path}?EIO=4&transport=polling`,
  async open() {
    const answer = await fetch(this.base);
    const text = await answer.text();
    if (answer.status !== 200 || text[0] !== '0') throw new Error(`no session: ${answer.status} ${text}`);
    this.handshake = JSON.parse(text.slice(1));
    this.url = `${this.base}&sid=${this.handshake.sid}`;
    return this;
  },
  async get() {
    const answer = await fetch(this.url);
    return { status: answer.status, text: await answer.text() };
  },
  /* The next packets that are no heartbeat. */
  async data() {
    for (;;) {
      const { status, text } = await this.get();
      if (status !== 200 || text !== '2') return { status, text };
      await this.post('3');
    }
  },
  async post(body) {
    const answer = await fetch(this.url, { method: 'POST', body });
    return { status: answer.status, text: await answer.text() };
  },
});
