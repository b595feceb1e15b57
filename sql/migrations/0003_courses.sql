-- What is taught, to whom, by whom, by which rule.

CREATE TABLE IF NOT EXISTS course (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  branch_id BIGINT NOT NULL COMMENT 'branch it belongs to',
  code VARCHAR(40) NOT NULL COMMENT 'institution''s code, such as DEMO101',
  title VARCHAR(200) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as shown',
  ended_at DATETIME(6) NULL COMMENT 'UTC; soft end, the code is free again',
  code_live VARCHAR(40) AS (IF(ended_at IS NULL, code, NULL)) VIRTUAL COMMENT 'for the unique key',
  PRIMARY KEY (id),
  UNIQUE KEY course_code (branch_id, code_live),
  CONSTRAINT course_branch FOREIGN KEY (branch_id) REFERENCES branch (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='What is taught';

CREATE TABLE IF NOT EXISTS course_section (
  course_id BIGINT NOT NULL COMMENT 'course',
  section_id BIGINT NOT NULL COMMENT 'section',
  PRIMARY KEY (course_id, section_id),
  KEY course_section_section (section_id),
  CONSTRAINT course_section_course FOREIGN KEY (course_id) REFERENCES course (id),
  CONSTRAINT course_section_section FOREIGN KEY (section_id) REFERENCES section (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Which sections take a course';

CREATE TABLE IF NOT EXISTS course_teacher (
  course_id BIGINT NOT NULL COMMENT 'course',
  person_id BIGINT NOT NULL COMMENT 'person',
  PRIMARY KEY (course_id, person_id),
  KEY course_teacher_person (person_id),
  CONSTRAINT course_teacher_course FOREIGN KEY (course_id) REFERENCES course (id),
  CONSTRAINT course_teacher_person FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Who teaches a course';

CREATE TABLE IF NOT EXISTS enrolment (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  course_id BIGINT NOT NULL COMMENT 'course',
  person_id BIGINT NOT NULL COMMENT 'person',
  state ENUM('pending','approved','rejected','ended') NOT NULL COMMENT 'only approved ones count',
  from_date DATE NOT NULL COMMENT 'first day',
  to_date DATE NULL COMMENT 'last day; NULL: open',
  created_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  PRIMARY KEY (id),
  KEY enrolment_course (course_id, person_id),
  KEY enrolment_person (person_id),
  CONSTRAINT enrolment_course FOREIGN KEY (course_id) REFERENCES course (id),
  CONSTRAINT enrolment_person FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Student in course, from a date to a date';

CREATE TABLE IF NOT EXISTS schedule (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  branch_id BIGINT NOT NULL COMMENT 'branch it belongs to',
  course_id BIGINT NULL COMMENT 'NULL: made at the 004 door, which knows no course',
  class_id BIGINT NOT NULL COMMENT '004 batch_id',
  teacher_id BIGINT NULL COMMENT 'person who holds it',
  title VARCHAR(200) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'title of its occurrences',
  room VARCHAR(80) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL DEFAULT '' COMMENT 'where, as people call it',
  recurrence ENUM('daily','weekly','monthly') NOT NULL COMMENT 'kind of rule',
  start_date DATE NOT NULL COMMENT 'first day that may have an occurrence',
  end_date DATE NOT NULL COMMENT 'last day that may have one',
  weekdays SMALLINT NOT NULL DEFAULT 0 COMMENT 'weekly: bit 0 Sunday .. bit 6 Saturday',
  day_of_month TINYINT NULL COMMENT 'monthly: 1 to 31; months without it are left out',
  start_time TIME NOT NULL COMMENT 'wall clock in the branch''s zone',
  end_time TIME NOT NULL COMMENT 'wall clock in the branch''s zone, after start_time',
  subject_ids TEXT NULL COMMENT 'JSON array, kept for the 004 contract',
  student_ids TEXT NULL COMMENT 'JSON array, kept for the 004 contract',
  notes MEDIUMTEXT COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'free text of who made it',
  status ENUM('active','inactive') NOT NULL DEFAULT 'active' COMMENT 'inactive makes no occurrence',
  version INT NOT NULL DEFAULT 1 COMMENT 'raised by each change',
  created_by BIGINT NULL COMMENT 'account',
  created_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  updated_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  ended_at DATETIME(6) NULL COMMENT 'UTC; deleted, its occurrences with a completion stay',
  PRIMARY KEY (id),
  KEY schedule_branch (branch_id),
  KEY schedule_class (class_id),
  KEY schedule_teacher (teacher_id),
  CONSTRAINT schedule_branch FOREIGN KEY (branch_id) REFERENCES branch (id),
  CONSTRAINT schedule_course FOREIGN KEY (course_id) REFERENCES course (id),
  CONSTRAINT schedule_class FOREIGN KEY (class_id) REFERENCES class (id),
  CONSTRAINT schedule_teacher FOREIGN KEY (teacher_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='The rule that makes occurrences';

INSERT IGNORE INTO schema_migration (version, name) VALUES (3, 'courses');
