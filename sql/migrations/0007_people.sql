-- People, accounts and memberships: what editing them from pages needs.

-- Branches, groups and courses.

-- The revision is what an open form compares; branch.version moves with each session.
ALTER TABLE branch
  ADD COLUMN IF NOT EXISTS revision INT NOT NULL DEFAULT 1 COMMENT 'raised by each change of name, zone or end; what an open form compares',
  ADD COLUMN IF NOT EXISTS updated_at DATETIME(6) NULL COMMENT 'UTC; NULL: as it was made',
  ADD COLUMN IF NOT EXISTS updated_by BIGINT NULL COMMENT 'account of the last change',
  ADD COLUMN IF NOT EXISTS name_live VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci AS (IF(ended_at IS NULL, name, NULL)) VIRTUAL COMMENT 'for the unique key';
ALTER TABLE branch ADD UNIQUE KEY IF NOT EXISTS branch_name (name_live);

ALTER TABLE department
  ADD COLUMN IF NOT EXISTS revision INT NOT NULL DEFAULT 1 COMMENT 'raised by each change; what an open form compares',
  ADD COLUMN IF NOT EXISTS updated_at DATETIME(6) NULL COMMENT 'UTC; NULL: as it was made',
  ADD COLUMN IF NOT EXISTS updated_by BIGINT NULL COMMENT 'account of the last change',
  ADD COLUMN IF NOT EXISTS name_live VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci AS (IF(ended_at IS NULL, name, NULL)) VIRTUAL COMMENT 'for the unique key';
ALTER TABLE department ADD UNIQUE KEY IF NOT EXISTS department_name (branch_id, name_live);

ALTER TABLE batch
  ADD COLUMN IF NOT EXISTS revision INT NOT NULL DEFAULT 1 COMMENT 'raised by each change; what an open form compares',
  ADD COLUMN IF NOT EXISTS updated_at DATETIME(6) NULL COMMENT 'UTC; NULL: as it was made',
  ADD COLUMN IF NOT EXISTS updated_by BIGINT NULL COMMENT 'account of the last change',
  ADD COLUMN IF NOT EXISTS name_live VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci AS (IF(ended_at IS NULL, name, NULL)) VIRTUAL COMMENT 'for the unique key';
ALTER TABLE batch ADD UNIQUE KEY IF NOT EXISTS batch_name (department_id, name_live);

ALTER TABLE section
  ADD COLUMN IF NOT EXISTS revision INT NOT NULL DEFAULT 1 COMMENT 'raised by each change; what an open form compares',
  ADD COLUMN IF NOT EXISTS updated_at DATETIME(6) NULL COMMENT 'UTC; NULL: as it was made',
  ADD COLUMN IF NOT EXISTS updated_by BIGINT NULL COMMENT 'account of the last change',
  ADD COLUMN IF NOT EXISTS name_live VARCHAR(40) COLLATE utf8mb4_unicode_520_nopad_ci AS (IF(ended_at IS NULL, name, NULL)) VIRTUAL COMMENT 'for the unique key';
ALTER TABLE section ADD UNIQUE KEY IF NOT EXISTS section_name (batch_id, name_live);

ALTER TABLE class
  ADD COLUMN IF NOT EXISTS revision INT NOT NULL DEFAULT 1 COMMENT 'raised by each change of name, sections, staff or end; what an open form compares',
  ADD COLUMN IF NOT EXISTS updated_at DATETIME(6) NULL COMMENT 'UTC; NULL: as it was made',
  ADD COLUMN IF NOT EXISTS updated_by BIGINT NULL COMMENT 'account of the last change',
  ADD COLUMN IF NOT EXISTS name_live VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci AS (IF(ended_at IS NULL, name, NULL)) VIRTUAL COMMENT 'for the unique key';
ALTER TABLE class ADD UNIQUE KEY IF NOT EXISTS class_name (branch_id, name_live);

-- Members of the sections of a tree, counted on one day.
ALTER TABLE section_member ADD KEY IF NOT EXISTS section_member_days (section_id, from_date, to_date);

ALTER TABLE course
  ADD COLUMN IF NOT EXISTS revision INT NOT NULL DEFAULT 1 COMMENT 'raised by each change of code, title, sections, teachers or end; what an open form compares',
  ADD COLUMN IF NOT EXISTS updated_at DATETIME(6) NULL COMMENT 'UTC; NULL: as it was made',
  ADD COLUMN IF NOT EXISTS updated_by BIGINT NULL COMMENT 'account of the last change';

-- People, accounts, memberships.

-- The revision is what an open form compares; person.version moves with each session of a teacher
-- and would refuse forms for nothing.  The _find columns are what a search compares: accents and
-- case are the collation's, and the Turkish dotless i, a letter of its own there, is folded here.
-- The _tail columns are the last word of a name of several ("Cruz" of "de la Cruz").
ALTER TABLE person
  ADD COLUMN IF NOT EXISTS revision INT NOT NULL DEFAULT 1 COMMENT 'raised by each change of names, codes, branch or end; what an open form compares',
  ADD COLUMN IF NOT EXISTS updated_at DATETIME(6) NULL COMMENT 'UTC; NULL: as it was made',
  ADD COLUMN IF NOT EXISTS updated_by BIGINT NULL COMMENT 'account of the last change',
  ADD COLUMN IF NOT EXISTS family_find VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci AS (REPLACE(family_name, 'ı', 'i')) VIRTUAL COMMENT 'for the search',
  ADD COLUMN IF NOT EXISTS family_tail VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci AS (IF(LOCATE(' ', family_name) = 0, NULL, SUBSTRING_INDEX(REPLACE(family_name, 'ı', 'i'), ' ', -1))) VIRTUAL COMMENT 'for the search: last word of several',
  ADD COLUMN IF NOT EXISTS given_find VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci AS (REPLACE(given_name, 'ı', 'i')) VIRTUAL COMMENT 'for the search',
  ADD COLUMN IF NOT EXISTS given_tail VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci AS (IF(LOCATE(' ', given_name) = 0, NULL, SUBSTRING_INDEX(REPLACE(given_name, 'ı', 'i'), ' ', -1))) VIRTUAL COMMENT 'for the search: last word of several',
  ADD COLUMN IF NOT EXISTS student_code_find VARCHAR(40) COLLATE utf8mb4_unicode_520_nopad_ci AS (student_code) VIRTUAL COMMENT 'for the search',
  ADD COLUMN IF NOT EXISTS teacher_code_find VARCHAR(40) COLLATE utf8mb4_unicode_520_nopad_ci AS (teacher_code) VIRTUAL COMMENT 'for the search';

-- Two that lists walk in the order they show, with all that they filter by; and one a search arm.
ALTER TABLE person
  ADD KEY IF NOT EXISTS person_name (family_name, given_name, id, branch_id, ended_at, student_code, teacher_code),
  ADD KEY IF NOT EXISTS person_branch_name (branch_id, family_name, given_name, id, ended_at, student_code, teacher_code),
  ADD KEY IF NOT EXISTS person_family_find (family_find, branch_id, ended_at),
  ADD KEY IF NOT EXISTS person_family_tail (family_tail, branch_id, ended_at),
  ADD KEY IF NOT EXISTS person_given_find (given_find, branch_id, ended_at),
  ADD KEY IF NOT EXISTS person_given_tail (given_tail, branch_id, ended_at),
  ADD KEY IF NOT EXISTS person_student_find (student_code_find, branch_id, ended_at),
  ADD KEY IF NOT EXISTS person_teacher_find (teacher_code_find, branch_id, ended_at);

-- A person has at most one account.
ALTER TABLE account
  ADD COLUMN IF NOT EXISTS revision INT NOT NULL DEFAULT 1 COMMENT 'raised by each change from the person''s page; what an open form compares',
  ADD COLUMN IF NOT EXISTS updated_at DATETIME(6) NULL COMMENT 'UTC; NULL: as it was made',
  ADD COLUMN IF NOT EXISTS updated_by BIGINT NULL COMMENT 'account of the last change',
  ADD UNIQUE KEY IF NOT EXISTS account_one_person (person_id),
  ADD KEY IF NOT EXISTS account_role (role, person_id),
  ADD KEY IF NOT EXISTS account_disabled (disabled_at, person_id);

ALTER TABLE section_member
  ADD COLUMN IF NOT EXISTS revision INT NOT NULL DEFAULT 1 COMMENT 'raised by each change; what an open form compares',
  ADD COLUMN IF NOT EXISTS updated_at DATETIME(6) NULL COMMENT 'UTC; NULL: as it was made',
  ADD COLUMN IF NOT EXISTS updated_by BIGINT NULL COMMENT 'account of the last change';

ALTER TABLE enrolment
  ADD COLUMN IF NOT EXISTS revision INT NOT NULL DEFAULT 1 COMMENT 'raised by each change; what an open form compares',
  ADD COLUMN IF NOT EXISTS updated_at DATETIME(6) NULL COMMENT 'UTC; NULL: as it was made',
  ADD COLUMN IF NOT EXISTS updated_by BIGINT NULL COMMENT 'account of the last change';

INSERT IGNORE INTO schema_migration (version, name) VALUES (7, 'people');
