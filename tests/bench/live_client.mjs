// The clients of live.mjs, for Muster and for its peer alike: thousands of Socket.IO connections over
// WebSocket, whose few frames are written by hand, and students who check in.  One process, started
// with fork(): argv address of the server; does one { ask, … } after the other and answers { result } or { error }.
import http from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';

const base = process.argv[2];
const PING = 0x32; // first bytes of packets: 0 open, 2 ping, 40 connected, 42 event, 44 refused
const OPEN = 0x30;
const MESSAGE = 0x34;
const EVENT = 0x32;
const PATIENCE_MS = 30_000;
const marked = Buffer.from('42["attendanceUpdated"');
const joined = Buffer.from('42["attendanceSessionData"');
const studentKey = Buffer.from('"student_id":"');
const sockets = []; // of those who listen
const members = new Map(); // how many of them, by room
const waiting = new Map(); // check-ins on the way, by student: { room, began, left, seen, last, told }
let sample = null; // one message of a check-in
let extra = 0; // messages nobody waits for, of another room, or for the second time
let delivered = 0;

/* What tells of a check-in, at one screen. */
function tells(socket, data) {
  const at = data.indexOf(studentKey) + studentKey.length;
  const one = waiting.get(data.latin1Slice(at, data.indexOf(0x22, at)));
  sample ??= data.toString();
  delivered += 1;
  if (!one || one.room !== socket.room || one.seen[socket.place]) { extra += 1; return; }
  one.seen[socket.place] = 1;
  one.left -= 1;
  one.last = performance.now();
  if (one.left === 0) one.told();
}

function takes(socket, data) {
  if (data[0] === PING) socket.ws.send('3');
  else if (data[0] === OPEN) socket.ws.send(`40${JSON.stringify({ token: socket.token })}`);
  else if (data[0] !== MESSAGE) return;
  else if (data[1] === OPEN) socket.connected();
  else if (data[1] !== EVENT) socket.failed(new Error(data.toString()));
  else if (data.subarray(0, marked.length).equals(marked)) tells(socket, data);
  else if (data.subarray(0, joined.length).equals(joined)) socket.joined?.();
}

/* One connection, once it is in. */
function connect({ token, room }) {
  const socket = { token, room, place: -1, joined: null };
  return new Promise((resolve, reject) => {
    socket.connected = () => resolve(socket);
    socket.failed = reject;
    socket.ws = new WebSocket(`${base.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`, { perMessageDeflate: false, skipUTF8Validation: true });
    socket.ws.on('message', (data) => takes(socket, data));
    socket.ws.on('error', (error) => socket.failed(error));
    socket.ws.on('close', (code) => { socket.isClosed = true; socket.failed(new Error(`closed with ${code}`)); });
  });
}

/* Does it for each of the list, `n` at a time. */
async function each(list, n, what) {
  let next = 0;
  const results = [];
  await Promise.all(Array.from({ length: n }, async () => {
    while (next < list.length) { const i = next; next += 1; results[i] = await what(list[i]); }
  }));
  return results;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
function post(student) {
  const body = JSON.stringify({ session_id: student.session, nonce: 'a' });
  return new Promise((resolve) => {
    const request = http.request(`${base}/api/v1/check-in`, { method: 'POST', agent, headers: { authorization: `Bearer ${student.token}`, 'content-type': 'application/json', 'content-length': body.length } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => { text += part; }).on('end', () => resolve({ status: answer.statusCode, text }));
    });
    request.on('error', (error) => resolve({ status: 0, text: error.message }));
    request.end(body);
  });
}

/* { status, postMs, ms: until the last screen, null when not all were told } */
async function checkIn(student) {
  const one = { room: student.room, began: performance.now(), left: members.get(student.room), seen: new Uint8Array(members.get(student.room)), last: 0 };
  const told = new Promise((resolve) => { one.told = resolve; });
  waiting.set(String(student.person), one);
  const { status, text } = await post(student);
  const postMs = performance.now() - one.began;
  if (status !== 201) return { status, text, postMs, missing: 0, ms: null };
  await Promise.race([told, sleep(PATIENCE_MS, null, { ref: false })]);
  return { status, postMs, missing: one.left, ms: one.left === 0 ? one.last - one.began : null };
}

const asks = {
  /* Connections that stay. */
  async connect({ list }) {
    for (const socket of await each(list, 40, connect)) {
      socket.place = members.get(socket.room) ?? 0;
      members.set(socket.room, socket.place + 1);
      sockets.push(socket);
    }
    return sockets.length;
  },
  /* Connections that come and go. */
  async visit({ list }) {
    const visitors = await each(list, 40, connect);
    await Promise.all(visitors.map(({ ws }) => new Promise((resolve) => { ws.once('close', resolve); ws.close(); })));
    return visitors.length;
  },
  /* All follow their room. */
  async join() {
    await each(sockets, 20, (socket) => new Promise((resolve, reject) => {
      socket.joined = resolve;
      socket.failed = reject;
      socket.ws.send(`42${JSON.stringify(['getAttendanceSessionData', { session_id: socket.room }])}`);
    }));
    return sockets.length;
  },
  /* Students check in evenly; ends when every screen was told. */
  async load({ list, rate }) {
    const late = monitorEventLoopDelay({ resolution: 2 });
    const had = { extra, delivered };
    late.enable();
    const began = performance.now();
    const results = await Promise.all(list.map(async (student, i) => {
      await sleep(began + i * 1000 / rate - performance.now());
      return checkIn(student);
    }));
    late.disable();
    const seconds = (performance.now() - began) / 1000;
    await sleep(500); // what would come twice
    waiting.clear();
    return { results, seconds, extra: extra - had.extra, delivered: delivered - had.delivered, lateMs: late.percentile(99) / 1e6 - 2, gone: sockets.filter(({ isClosed }) => isClosed).length };
  },
  sample() { return sample; },
};

process.on('message', async ({ ask, ...what }) => {
  try {
    process.send({ result: await asks[ask](what) });
  } catch (error) {
    process.send({ error: error.message });
  }
});
process.on('disconnect', () => process.exit(0));
