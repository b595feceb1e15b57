-- Imports of people and enrolments, row by row, so that each can be undone.

-- Which row of which import made somebody: how a batch finds the ids it has just made.
ALTER TABLE person
  ADD COLUMN IF NOT EXISTS import_id BIGINT NULL COMMENT 'import that made this person; NULL: made by hand',
  ADD COLUMN IF NOT EXISTS import_row INT NULL COMMENT 'row of its file';
ALTER TABLE person
  ADD UNIQUE KEY IF NOT EXISTS person_import (import_id, import_row);

CREATE TABLE IF NOT EXISTS import (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  branch_id BIGINT NOT NULL COMMENT 'branch that everything in the file belongs to',
  kind ENUM('people','enrolments') NOT NULL COMMENT 'what the rows are',
  state ENUM('uploaded','mapped','checked','running','done','failed','undoing','undone','dropped') NOT NULL DEFAULT 'uploaded' COMMENT 'mapped: the dry run is under way; dropped: given up before anything was written',
  phase ENUM('read','check') NOT NULL DEFAULT 'read' COMMENT 'of mapped: taking the rows of the file, then looking them up',
  file_name VARCHAR(255) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as the user''s computer called it, cut',
  file_id BINARY(16) NULL COMMENT 'name in the store''s folder of imports; NULL: removed',
  file_bytes BIGINT NOT NULL COMMENT 'size of the file',
  delimiter ENUM('comma','semicolon','tab') NOT NULL COMMENT 'what separates its fields',
  first_byte BIGINT NOT NULL COMMENT 'where the first row below the header begins',
  header_row INT NOT NULL COMMENT 'number of the header; 1 but for blank lines above',
  header TEXT NOT NULL COMMENT 'names of the columns as in the file, separated by line feeds',
  mapping TEXT NOT NULL COMMENT 'field of each column, separated by commas; - is ignored',
  n_rows INT NOT NULL COMMENT 'rows below the header',
  last_row INT NOT NULL COMMENT 'number of the last row; the header is the first, blank lines count',
  today DATE NOT NULL COMMENT 'day in the branch''s zone that stands for an empty first day',
  position BIGINT NOT NULL DEFAULT 0 COMMENT 'reading: byte of the file; else number of the last row dealt with (undoing: of the lowest)',
  read_row INT NOT NULL DEFAULT 0 COMMENT 'reading: number of the last row taken',
  n_created INT NOT NULL DEFAULT 0 COMMENT 'rows that made (dry run: would make) something',
  n_updated INT NOT NULL DEFAULT 0 COMMENT 'rows that changed (would change) something',
  n_same INT NOT NULL DEFAULT 0 COMMENT 'rows that were so already',
  n_wrong INT NOT NULL DEFAULT 0 COMMENT 'rows with errors, left out',
  n_back INT NOT NULL DEFAULT 0 COMMENT 'rows taken back by undoing',
  n_kept INT NOT NULL DEFAULT 0 COMMENT 'rows kept by undoing, since they were changed or used',
  failure VARCHAR(40) NULL COMMENT 'code of the reason of failed',
  failure_row BIGINT NULL COMMENT 'its number, mostly a row',
  version INT NOT NULL DEFAULT 1 COMMENT 'raised by each change of state; what an open form compares',
  created_by BIGINT NULL COMMENT 'account; NULL: the operator''s command',
  created_at DATETIME(6) NOT NULL COMMENT 'UTC',
  confirmed_by BIGINT NULL COMMENT 'account',
  undone_by BIGINT NULL COMMENT 'account',
  changed_at DATETIME(6) NOT NULL COMMENT 'UTC; last change of state or progress',
  finished_at DATETIME(6) NULL COMMENT 'UTC; done, failed or undone',
  PRIMARY KEY (id),
  KEY import_branch (branch_id, id),
  KEY import_state (state, id),
  CONSTRAINT import_branch FOREIGN KEY (branch_id) REFERENCES branch (id),
  CONSTRAINT import_created_by FOREIGN KEY (created_by) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='A CSV file of people or enrolments on its way in';

-- No foreign keys to what a row found or made: undoing removes it.
CREATE TABLE IF NOT EXISTS import_row (
  import_id BIGINT NOT NULL COMMENT 'import',
  row_no INT NOT NULL COMMENT 'as in the file',
  given_name VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'as read; NULL here and below: empty or not in the file, leaves what is there',
  family_name VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'as read',
  student_code VARCHAR(40) NULL COMMENT 'as read',
  teacher_code VARCHAR(40) NULL COMMENT 'as read',
  email VARCHAR(254) NULL COMMENT 'as read, in lower case',
  username VARCHAR(80) NULL COMMENT 'as read, in lower case',
  role VARCHAR(20) NULL COMMENT 'student, faculty or employee',
  department VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'as read',
  batch VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'as read',
  section VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'as read',
  course VARCHAR(40) NULL COMMENT 'code, as read',
  state VARCHAR(10) NULL COMMENT 'of an enrolment',
  from_date DATE NULL COMMENT 'first day of the membership or enrolment',
  to_date DATE NULL COMMENT 'last day',
  action ENUM('read','wrong','create','update','same') NOT NULL DEFAULT 'read' COMMENT 'what the row does; wrong: see import_error',
  person_id BIGINT NULL COMMENT 'person found or made',
  account_id BIGINT NULL COMMENT 'account found or made',
  group_id BIGINT NULL COMMENT 'section or course found',
  member_id BIGINT NULL COMMENT 'section_member or enrolment found or made',
  person_did ENUM('','created','updated') NOT NULL DEFAULT '' COMMENT 'what this row did to the person',
  account_did ENUM('','created','updated') NOT NULL DEFAULT '' COMMENT 'to the account',
  member_did ENUM('','created','updated') NOT NULL DEFAULT '' COMMENT 'to the membership or enrolment',
  person_revision INT NULL COMMENT 'after that; another one means changed since',
  account_revision INT NULL COMMENT 'after that',
  member_revision INT NULL COMMENT 'after that',
  person_old TEXT NULL COMMENT 'JSON of the values before, of an updated one',
  account_old TEXT NULL COMMENT 'JSON of the values before',
  member_old TEXT NULL COMMENT 'JSON of the values before',
  undone ENUM('','back','kept') NOT NULL DEFAULT '' COMMENT 'what undoing did',
  PRIMARY KEY (import_id, row_no),
  KEY import_row_student (import_id, student_code, row_no),
  KEY import_row_teacher (import_id, teacher_code, row_no),
  KEY import_row_username (import_id, username, row_no),
  KEY import_row_email (import_id, email, row_no),
  KEY import_row_person (import_id, person_id, group_id, row_no),
  KEY import_row_undone (import_id, undone, row_no),
  CONSTRAINT import_row_import FOREIGN KEY (import_id) REFERENCES import (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='A row of an import: what was read, found and done';

CREATE TABLE IF NOT EXISTS import_error (
  import_id BIGINT NOT NULL COMMENT 'import',
  row_no INT NOT NULL COMMENT 'as in the file',
  field VARCHAR(20) NOT NULL COMMENT 'name of the field; empty: the whole row',
  reason VARCHAR(40) NOT NULL COMMENT 'code of the reason',
  value VARCHAR(200) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as read, cut',
  arg BIGINT NOT NULL DEFAULT 0 COMMENT 'number of the reason''s text',
  PRIMARY KEY (import_id, row_no, field),
  CONSTRAINT import_error_import FOREIGN KEY (import_id) REFERENCES import (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='What is wrong with a row of an import';

INSERT IGNORE INTO schema_migration (version, name) VALUES (8, 'imports');
