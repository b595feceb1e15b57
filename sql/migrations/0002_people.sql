-- Branches, people, accounts and groups.

CREATE TABLE IF NOT EXISTS branch (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  name VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as shown',
  zone VARCHAR(64) NOT NULL COMMENT 'IANA time zone; schedules are wall-clock rules in it',
  version BIGINT NOT NULL DEFAULT 1 COMMENT 'raised by each transaction that changes what session lists of this branch show',
  created_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  ended_at DATETIME(6) NULL COMMENT 'UTC; soft end',
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='A campus or centre; limits what a branch admin sees';

CREATE TABLE IF NOT EXISTS person (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  branch_id BIGINT NOT NULL COMMENT 'home branch',
  given_name VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'may be empty',
  family_name VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'may be empty',
  student_code VARCHAR(40) NULL COMMENT 'institution''s number of a student',
  teacher_code VARCHAR(40) NULL COMMENT 'institution''s number of a teacher',
  version BIGINT NOT NULL DEFAULT 1 COMMENT 'raised by each transaction that changes what this person''s own session lists show',
  created_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  ended_at DATETIME(6) NULL COMMENT 'UTC; soft end, the codes are free again',
  student_code_live VARCHAR(40) AS (IF(ended_at IS NULL, student_code, NULL)) VIRTUAL COMMENT 'for the unique key',
  teacher_code_live VARCHAR(40) AS (IF(ended_at IS NULL, teacher_code, NULL)) VIRTUAL COMMENT 'for the unique key',
  PRIMARY KEY (id),
  UNIQUE KEY person_student_code (student_code_live),
  UNIQUE KEY person_teacher_code (teacher_code_live),
  KEY person_branch (branch_id),
  CONSTRAINT person_branch FOREIGN KEY (branch_id) REFERENCES branch (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='A human being we know; needs no account';

CREATE TABLE IF NOT EXISTS account (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  uuid CHAR(36) NOT NULL COMMENT 'the id at the doors of 002 and 003',
  person_id BIGINT NULL COMMENT 'whose account; NULL for a device',
  branch_id BIGINT NULL COMMENT 'limit of a branch admin; NULL for a super admin',
  role ENUM('super_admin','branch_admin','faculty','employee','student','device') NOT NULL COMMENT 'what it may do, see core/rights',
  username VARCHAR(80) NOT NULL COMMENT 'lower case; signs in',
  email VARCHAR(254) NULL COMMENT 'lower case; signs in',
  password_hash VARCHAR(160) NOT NULL COMMENT 'argon2id, encoded form; empty: cannot sign in by password',
  password_changed_at DATETIME(6) NULL COMMENT 'UTC',
  language VARCHAR(12) NULL COMMENT 'chosen language tag; NULL: by the browser',
  theme ENUM('system','light','dark') NOT NULL DEFAULT 'system' COMMENT 'chosen look',
  shortcuts TINYINT(1) NOT NULL DEFAULT 1 COMMENT 'single-key shortcuts on (WCAG 2.1.4)',
  epoch INT NOT NULL DEFAULT 1 COMMENT 'raised to end all sessions and tokens at once',
  is_demo TINYINT(1) NOT NULL DEFAULT 0 COMMENT 'demo account: works only on loopback',
  created_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  disabled_at DATETIME(6) NULL COMMENT 'UTC; cannot sign in',
  PRIMARY KEY (id),
  UNIQUE KEY account_uuid (uuid),
  UNIQUE KEY account_username (username),
  UNIQUE KEY account_email (email),
  KEY account_person (person_id),
  KEY account_branch (branch_id),
  CONSTRAINT account_person FOREIGN KEY (person_id) REFERENCES person (id),
  CONSTRAINT account_branch FOREIGN KEY (branch_id) REFERENCES branch (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='What signs in';

CREATE TABLE IF NOT EXISTS department (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  branch_id BIGINT NOT NULL COMMENT 'branch it belongs to',
  name VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as shown',
  ended_at DATETIME(6) NULL COMMENT 'UTC; soft end',
  PRIMARY KEY (id),
  KEY department_branch (branch_id),
  CONSTRAINT department_branch FOREIGN KEY (branch_id) REFERENCES branch (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Part of a branch that teaches';

CREATE TABLE IF NOT EXISTS batch (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  department_id BIGINT NOT NULL COMMENT 'department it is part of',
  name VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'an intake, such as 2026',
  ended_at DATETIME(6) NULL COMMENT 'UTC; soft end',
  PRIMARY KEY (id),
  KEY batch_department (department_id),
  CONSTRAINT batch_department FOREIGN KEY (department_id) REFERENCES department (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='An intake of students of a department';

CREATE TABLE IF NOT EXISTS section (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  batch_id BIGINT NOT NULL COMMENT 'batch it is part of',
  name VARCHAR(40) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as shown',
  ended_at DATETIME(6) NULL COMMENT 'UTC; soft end',
  PRIMARY KEY (id),
  KEY section_batch (batch_id),
  CONSTRAINT section_batch FOREIGN KEY (batch_id) REFERENCES batch (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='A group of students that moves together';

CREATE TABLE IF NOT EXISTS section_member (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  section_id BIGINT NOT NULL COMMENT 'section',
  person_id BIGINT NOT NULL COMMENT 'person',
  from_date DATE NOT NULL COMMENT 'first day',
  to_date DATE NULL COMMENT 'last day; NULL: open',
  PRIMARY KEY (id),
  KEY section_member_section (section_id, person_id),
  KEY section_member_person (person_id),
  CONSTRAINT section_member_section FOREIGN KEY (section_id) REFERENCES section (id),
  CONSTRAINT section_member_person FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Student in section, from a date to a date';

CREATE TABLE IF NOT EXISTS class (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  branch_id BIGINT NOT NULL COMMENT 'branch it belongs to',
  name VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT '000 class_name, 004 batch title',
  n_members INT NOT NULL DEFAULT 0 COMMENT 'students in its sections now; kept by the transactions that change memberships',
  ended_at DATETIME(6) NULL COMMENT 'UTC; soft end',
  PRIMARY KEY (id),
  KEY class_branch (branch_id, name),
  CONSTRAINT class_branch FOREIGN KEY (branch_id) REFERENCES branch (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Sections taught together; the batch of the 004 contract';

CREATE TABLE IF NOT EXISTS class_section (
  class_id BIGINT NOT NULL COMMENT 'class',
  section_id BIGINT NOT NULL COMMENT 'section',
  PRIMARY KEY (class_id, section_id),
  KEY class_section_section (section_id),
  CONSTRAINT class_section_class FOREIGN KEY (class_id) REFERENCES class (id),
  CONSTRAINT class_section_section FOREIGN KEY (section_id) REFERENCES section (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Which sections make a class';

CREATE TABLE IF NOT EXISTS class_staff (
  class_id BIGINT NOT NULL COMMENT 'class',
  person_id BIGINT NOT NULL COMMENT 'faculty or employee who may work on all sessions of the class',
  PRIMARY KEY (class_id, person_id),
  KEY class_staff_person (person_id),
  CONSTRAINT class_staff_class FOREIGN KEY (class_id) REFERENCES class (id),
  CONSTRAINT class_staff_person FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Staff assigned to a class (004 batch_assignments)';

INSERT IGNORE INTO schema_migration (version, name) VALUES (2, 'people');
