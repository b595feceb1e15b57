// Sessions of demo_teacher_1 made for one test, straight into the tables.
import { sql } from '../lib/http.mjs';

let n = 0;

/* Ends the session of the page's browser, as signing out elsewhere does. */
export async function endSession(page) {
  const { value } = (await page.context().cookies()).find((c) => c.name === 'muster');
  sql(`UPDATE web_session SET ended_at = UTC_TIMESTAMP(6) WHERE token_hash = UNHEX(SHA2('${value}', 256))`);
}

/*
 * A session of `day` days ago (0: today), planned 07:00 to 08:30 UTC, nobody else's.
 * Gives { id, title }.
 */
export function newSession({ day = 1, start = '07:00', end = '08:30', title } = {}) {
  n += 1;
  const name = title ?? `Browser test ${process.pid}-${n}`;
  const [[id]] = sql(`
    INSERT INTO occurrence (branch_id, course_id, class_id, teacher_id, title, room, session_date, start_time, end_time, zone, starts_at, ends_at)
    SELECT p.branch_id, NULL, NULL, p.id, '${name.replace(/'/g, "''")}', 'B204', DATE(UTC_TIMESTAMP()) - INTERVAL ${day} DAY,
      '${start}', '${end}', 'UTC',
      TIMESTAMP(DATE(UTC_TIMESTAMP()) - INTERVAL ${day} DAY, '${start}'), TIMESTAMP(DATE(UTC_TIMESTAMP()) - INTERVAL ${day} DAY, '${end}')
    FROM account a JOIN person p ON p.id = a.person_id WHERE a.username = 'demo_teacher_1';
    SELECT LAST_INSERT_ID();`);
  return { id: Number(id), title: name };
}
