// Event streams and plain WebSockets through nginx, as a page and a client of contract 000 open them.
import assert from 'node:assert/strict';
import http from 'node:http';
import WebSocket from 'ws';
import { until } from './http.mjs';

/*
 * GET of an event stream: { status, headers, events, body, isEnded, close(), has(what, test) }; events: [{ id, event, data }], data parsed. client: its cookies
 * and headers go with it.
 */
export function stream(client, path, headers = {}) {
  const all = { host: `127.0.0.1:${client.of.port}`, ...client.headers, ...headers };
  if (client.cookies.size > 0) all.cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: client.of.port, path, headers: all, agent: false }, (answer) => {
      const got = { status: answer.statusCode, headers: answer.headers, events: [], body: '', isEnded: false, close: () => request.destroy() };
      let rest = '';
      answer.setEncoding('utf8').on('error', () => { got.isEnded = true; }).on('end', () => { got.isEnded = true; }).on('data', (text) => {
        got.body += text;
        const parts = (rest + text).split('\n\n');
        rest = parts.pop();
        for (const part of parts) {
          const field = (name) => part.split('\n').filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2)).join('\n');
          if (part.startsWith(':') || part === '') continue;
          got.events.push({ id: Number(field('id')), event: field('event') || 'message', data: JSON.parse(field('data')) });
        }
      });
      got.has = (what, test) => until(what, () => got.events.find(test));
      resolve(got);
    });
    request.on('error', reject);
    request.end();
  });
}

/* { messages: [{ type, data }], has(what, test), close(), ws }; rejects with the status when it is refused. */
export function webSocket(of, path, options = {}) {
  const ws = new WebSocket(`ws://127.0.0.1:${of.port}${path}`, options);
  const got = { messages: [], ws, close: () => ws.close() };
  got.has = (what, test) => until(what, () => got.messages.find(test));
  ws.on('message', (data, isBinary) => { assert.equal(isBinary, false); got.messages.push(JSON.parse(data.toString())); });
  return new Promise((resolve, reject) => {
    ws.on('open', () => resolve(got));
    ws.on('unexpected-response', (_, answer) => { reject(Object.assign(new Error(`refused: ${answer.statusCode}`), { status: answer.statusCode })); ws.terminate(); });
    ws.on('error', reject);
  });
}
