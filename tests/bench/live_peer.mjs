// What Muster is held against by live.mjs: a `socket.io` server in Node that does what the bench needs
// and nothing else.  Nobody is authenticated and nothing is checked; a check-in is two rows in one
// durable transaction, then one emit to its room.  Started with fork(): argv socket path, database socket;
// told { rooms, template } first, and asked { ask: 'collect' } before its memory is read (--expose-gc).
import http from 'node:http';
import mysql from 'mysql2/promise';
import { Server } from 'socket.io';

const [, , path, database] = process.argv;
const pool = mysql.createPool({ socketPath: database, user: 'muster', password: process.env.MYSQL_PWD, database: 'muster', connectionLimit: 10 });
let rooms = {}; // class session by attendance session
let template = {}; // what Muster sent, for the same bytes

async function stored(attendance, person, nonce) {
  const connection = await pool.getConnection();
  try {
    await connection.query('BEGIN');
    const [attempt] = await connection.execute("INSERT INTO bench_attempt (attendance_id, person_id, nonce, happened_at, decision, status) VALUES (?, ?, ?, UTC_TIMESTAMP(6), 'approved', 'present')", [attendance, person, nonce]);
    const [record] = await connection.execute("INSERT INTO bench_record (attendance_id, person_id, attempt_id, happened_at, status) VALUES (?, ?, ?, UTC_TIMESTAMP(6), 'present')", [attendance, person, attempt.insertId]);
    await connection.query('COMMIT');
    return { attempt_id: attempt.insertId, record_id: record.insertId };
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    connection.release();
  }
}

/* Whose token it is: the claim is believed. */
const personOf = (authorization) => String(JSON.parse(Buffer.from(authorization.split('.')[1], 'base64url')).per);

const server = http.createServer((request, answer) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk)).on('end', async () => {
    try {
      const { session_id: session, nonce } = JSON.parse(Buffer.concat(chunks));
      const person = personOf(request.headers.authorization);
      const ids = await stored(session, person, nonce);
      io.to(`a${rooms[session]}`).emit('attendanceUpdated', { ...template, session_id: rooms[session], sessionId: rooms[session], student_id: person, studentId: person, updated_at: new Date().toISOString() });
      answer.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ decision: 'approved', status: 'present', ...ids }));
    } catch (error) {
      answer.writeHead(500, { 'content-type': 'text/plain' }).end(error.message);
    }
  });
});
const io = new Server(server, { transports: ['websocket'], serveClient: false });
io.on('connection', (socket) => {
  socket.on('getAttendanceSessionData', ({ session_id: session }) => {
    socket.join(`a${session}`);
    socket.emit('attendanceSessionData', { session_id: session, sessionId: session, attendanceRecords: [] });
  });
});

process.on('message', (message) => {
  if (message.ask === 'collect') global.gc();
  else ({ rooms, template } = message);
  process.send({ done: true });
});
process.on('disconnect', () => process.exit(0));
server.listen(path, () => process.send({ done: true }));
