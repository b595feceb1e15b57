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

ALTER TABLE course
  ADD COLUMN IF NOT EXISTS revision INT NOT NULL DEFAULT 1 COMMENT 'raised by each change of code, title, sections, teachers or end; what an open form compares',
  ADD COLUMN IF NOT EXISTS updated_at DATETIME(6) NULL COMMENT 'UTC; NULL: as it was made',
  ADD COLUMN IF NOT EXISTS updated_by BIGINT NULL COMMENT 'account of the last change';

INSERT IGNORE INTO schema_migration (version, name) VALUES (7, 'people');
