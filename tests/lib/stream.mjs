// An event stream (text/event-stream), read as a browser does it.
import http from 'node:http';
import { until } from './http.mjs';

/*
 * Opens `path` with the cookies of `client`: { status, headers, events, next(name), close() };
 * events: [{ id, name, data }] so far, data parsed.  Closed with the test.
 */
export function eventStream(t, client, path, { headers = {} } = {}) {
  const { of } = client;
  const all = { host: `127.0.0.1:${of.port}`, accept: 'text/event-stream', ...client.headers, ...headers };
  if (client.cookies.size > 0) all.cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: of.port, path, headers: all, agent: false }, (answer) => {
      const stream = { status: answer.statusCode, headers: answer.headers, events: [], isEnded: false, text: '', close: () => request.destroy() };
      let rest = '';
      let read = 0;
      answer.setEncoding('utf8');
      answer.on('data', (text) => {
        stream.text += text;
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop();
        for (const block of blocks) {
          const of = (name) => block.split('\n').filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).replace(/^ /, ''));
          if (of('data').length > 0 || of('event').length > 0) stream.events.push({ id: of('id')[0], name: of('event')[0] ?? 'message', data: of('data').length ? JSON.parse(of('data').join('\n')) : null });
        }
      }).on('end', () => { stream.isEnded = true; }).on('error', () => { stream.isEnded = true; });
      /* The next event of this name that satisfies `is`; those before it are passed over. */
      stream.next = (name, is = () => true) => until(`the event ${name}`, () => {
        while (read < stream.events.length) {
          const event = stream.events[read];
          read += 1;
          if (event.name === name && is(event.data)) return event;
        }
        return null;
      });
      t.after(() => request.destroy());
      resolve(stream);
    });
    request.on('error', reject);
    request.end();
  });
}
