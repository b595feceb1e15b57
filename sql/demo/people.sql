-- The demo's people, groups and courses (DESIGN 4), for an empty database.
--
-- Run by `muster demo`, which sets @hash (argon2id of `password`), @today and @now before.
-- Ids are fixed, so that every load is the same: accounts and people 1 and 2 are the admins,
-- 3 to 12 the teachers, 13 the employee, 14 to 73 the students; 74 to 78 have no account.

INSERT INTO branch (id, name, zone, created_at) VALUES (1, 'Main campus', 'UTC', @now);

INSERT INTO person (id, branch_id, given_name, family_name, teacher_code, student_code, created_at)
SELECT seq, 1, 'Demo',
       CASE WHEN seq <= 2 THEN CONCAT('Admin ', seq)
            WHEN seq <= 12 THEN CONCAT('Teacher ', seq - 2)
            WHEN seq = 13 THEN 'Employee 1'
            ELSE CONCAT('Student ', seq - 13) END,
       IF(seq BETWEEN 3 AND 12, CONCAT('DT', LPAD(seq - 2, 2, '0')), NULL),
       IF(seq > 13, CONCAT('DS', LPAD(seq - 13, 4, '0')), NULL), @now
FROM seq_1_to_73;

INSERT INTO account (id, uuid, person_id, branch_id, role, username, email, password_hash,
                     password_changed_at, is_demo, created_at)
SELECT id,
       CONCAT_WS('-', SUBSTR(h, 1, 8), SUBSTR(h, 9, 4), CONCAT('4', SUBSTR(h, 14, 3)),
                 CONCAT('8', SUBSTR(h, 18, 3)), SUBSTR(h, 21, 12)),
       id, IF(id = 1, NULL, 1),
       CASE WHEN id = 1 THEN 'super_admin' WHEN id = 2 THEN 'branch_admin'
            WHEN id <= 12 THEN 'faculty' WHEN id = 13 THEN 'employee' ELSE 'student' END,
       name, CONCAT(name, '@demo.muster.example'), @hash, @now, 1, @now
FROM (SELECT id, name, MD5(name) AS h
      FROM (SELECT id, LOWER(REPLACE(CONCAT(given_name, '_', family_name), ' ', '_')) AS name
            FROM person) n) p;

INSERT INTO department (id, branch_id, name) VALUES (1, 1, 'Computer Science');
INSERT INTO batch (id, department_id, name) VALUES (1, 1, '2026');
INSERT INTO section (id, batch_id, name) VALUES (1, 1, 'A'), (2, 1, 'B');

INSERT INTO section_member (section_id, person_id, from_date)
SELECT IF(seq <= 30, 1, 2), 13 + seq, @today - INTERVAL 60 DAY FROM seq_1_to_60;

INSERT INTO class (id, branch_id, name, n_members) VALUES
  (1, 1, 'CS-2026-A', 30), (2, 1, 'CS-2026-B', 30), (3, 1, 'CS-2026-A+B', 60);
INSERT INTO class_section (class_id, section_id) VALUES (1, 1), (2, 2), (3, 1), (3, 2);
INSERT INTO class_staff (class_id, person_id) VALUES (1, 13), (2, 13), (3, 13);

INSERT INTO course (id, branch_id, code, title) VALUES
  (1, 1, 'DEMO101', 'Software Engineering'), (2, 1, 'DEMO102', 'Databases'),
  (3, 1, 'DEMO103', 'Networks');
INSERT INTO course_section (course_id, section_id) VALUES (1, 1), (2, 1), (2, 2), (3, 2);
INSERT INTO course_teacher (course_id, person_id) VALUES (1, 3), (2, 4), (3, 5);

INSERT INTO enrolment (course_id, person_id, state, from_date, created_at)
SELECT cs.course_id, m.person_id, 'approved', m.from_date, @now
FROM course_section cs JOIN section_member m ON m.section_id = cs.section_id;

-- Rooms of the schedules and some more; closures before and after their days.
INSERT INTO room (id, branch_id, name, capacity, created_at, ended_at) VALUES
  (1, 1, 'A112', 40, @now, NULL), (2, 1, 'B204', 72, @now, NULL), (3, 1, 'Lab 1', 32, @now, NULL),
  (4, 1, 'Lab 3', 24, @now, NULL), (5, 1, 'Auditorium', 220, @now, NULL),
  (6, 1, 'Garden room', NULL, @now, NULL), (7, 1, 'Old library', 30, @now, @now);
INSERT INTO closure (id, branch_id, name, from_date, to_date, created_by, created_at) VALUES
  (1, NULL, 'Founders'' day', @today - INTERVAL 45 DAY, @today - INTERVAL 45 DAY, 1, @now),
  (2, 1, 'Winter break', @today + INTERVAL 65 DAY, @today + INTERVAL 79 DAY, 2, @now);

-- People without an account whose names are long, of one part, or not Latin.
INSERT INTO person (id, branch_id, given_name, family_name, student_code, created_at) VALUES
  (74, 1, 'Leyla Şebnem', 'Aydın', 'DS0074', @now),
  (75, 1, '小龍', '李', 'DS0075', @now),
  (76, 1, 'محمد', 'الخوارزمي', 'DS0076', @now),
  (77, 1, '', 'Sukarnoputri', 'DS0077', @now),
  (78, 1, 'María de los Ángeles Guadalupe Concepción',
   'Fernández de Córdoba y Álvarez de Toledo-Wittgenstein', 'DS0078', @now);

-- A scanner, with the key "demo-device-key-01" (003), and the account it acts as.
INSERT INTO account (id, uuid, person_id, branch_id, role, username, password_hash, is_demo, created_at)
VALUES (79, 'de51ce00-0000-4000-8000-000000000001', NULL, 1, 'device', 'demo_device_1', '', 1, @now);
INSERT INTO device (id, branch_id, account_id, code, name, location, key_hash, registered_at)
VALUES (1, 1, 79, 'DEV-01', 'Scanner at the main door', 'Main building, ground floor',
        UNHEX(SHA2('demo-device-key-01', 256)), @now);
