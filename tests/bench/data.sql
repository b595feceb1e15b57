-- Data of the benchmarks, on top of the demo data: 100 teachers, 20 courses,
-- 50,000 occurrences, 2,200 completions with notes and files of which bench_teacher_1
-- holds 200.  Uses MariaDB's sequence tables.  The password hash is that of
-- demo_teacher_1, so all of them sign in with `password`.

SET @branch = (SELECT MIN(id) FROM branch);
SET @hash = (SELECT password_hash FROM account WHERE username = 'demo_teacher_1');
SET @class = (SELECT MIN(id) FROM class WHERE branch_id = @branch);
SET @today = UTC_DATE();

INSERT INTO person (branch_id, given_name, family_name, teacher_code)
SELECT @branch, 'Bench', CONCAT('Teacher ', seq), CONCAT('BT', seq) FROM seq_1_to_100;

INSERT INTO account (uuid, person_id, branch_id, role, username, email, password_hash, is_demo)
SELECT UUID(), id, @branch, 'faculty', LOWER(REPLACE(CONCAT('bench_', family_name), ' ', '_')),
       LOWER(REPLACE(CONCAT('bench_', family_name, '@demo.muster.example'), ' ', '_')), @hash, 1
FROM person WHERE teacher_code LIKE 'BT%';

INSERT INTO course (branch_id, code, title)
SELECT @branch, CONCAT('BENCH', 100 + seq), CONCAT('Benchmark course ', seq) FROM seq_1_to_20;

SET @person = (SELECT MIN(id) FROM person WHERE teacher_code LIKE 'BT%');
SET @course = (SELECT MIN(id) FROM course WHERE code LIKE 'BENCH%');

-- 500 occurrences for each teacher, two a day over the last 200 and next 50 days.
INSERT INTO occurrence (branch_id, course_id, class_id, teacher_id, title, room, session_date,
                        start_time, end_time, zone, starts_at, ends_at)
SELECT @branch, @course + MOD(t.seq, 20), @class, @person + t.seq - 1,
       CONCAT('Benchmark course ', MOD(t.seq, 20) + 1, ': part ', o.seq),
       CONCAT('B', 100 + MOD(o.seq, 40)),
       @today - INTERVAL 200 DAY + INTERVAL (o.seq DIV 2) DAY,
       SEC_TO_TIME(32400 + MOD(o.seq, 2) * 14400), SEC_TO_TIME(37800 + MOD(o.seq, 2) * 14400), 'UTC',
       TIMESTAMP(@today - INTERVAL 200 DAY + INTERVAL (o.seq DIV 2) DAY,
                 SEC_TO_TIME(32400 + MOD(o.seq, 2) * 14400)),
       TIMESTAMP(@today - INTERVAL 200 DAY + INTERVAL (o.seq DIV 2) DAY,
                 SEC_TO_TIME(37800 + MOD(o.seq, 2) * 14400))
FROM seq_1_to_100 t, seq_1_to_500 o;

-- 200 completions for the first teacher, 20 or 21 for each of the others.
INSERT INTO completion (occurrence_id, state, faculty_id, actual_start, actual_end, code, code_key,
                        code_generated, notes, completed_by, completed_at, note_count, file_count)
SELECT o.id, 'completed', a.id, ADDTIME(o.start_time, SEC_TO_TIME(60 * MOD(o.id, 20))),
       ADDTIME(o.end_time, SEC_TO_TIME(60 * MOD(o.id, 7))),
       CONCAT('BENCH-', o.id), CONCAT('BENCH-', o.id), 0,
       'Covered the planned topics; exercises set as homework.', a.id, o.ends_at,
       MOD(o.id, 4), MOD(o.id, 3)
FROM occurrence o JOIN account a ON a.person_id = o.teacher_id
WHERE o.teacher_id >= @person AND o.session_date < @today
  AND (o.teacher_id = @person AND o.session_date < @today - INTERVAL 99 DAY
       OR o.session_date < @today - INTERVAL 190 DAY);

UPDATE occurrence o JOIN completion c ON c.occurrence_id = o.id
SET o.state = 'completed', o.completion_id = c.id WHERE o.teacher_id >= @person;

INSERT INTO note (completion_id, author_id, type, text)
SELECT c.id, c.completed_by, 'general', CONCAT('Benchmark note ', n.seq)
FROM completion c JOIN occurrence o ON o.id = c.occurrence_id
JOIN seq_1_to_3 n ON n.seq <= c.note_count
WHERE o.teacher_id >= @person;

ANALYZE TABLE occurrence, completion, note, person, account;
