-- History of notes, due dates, and what is settled.

ALTER TABLE note
  ADD COLUMN IF NOT EXISTS branch_id BIGINT NULL COMMENT 'that of its occurrence; limits who sees it in lists' AFTER completion_id,
  ADD COLUMN IF NOT EXISTS due_on DATE NULL COMMENT 'follow-ups: wall-clock day in the occurrence''s zone; NULL: none' AFTER text,
  ADD COLUMN IF NOT EXISTS n_edits INT NOT NULL DEFAULT 0 COMMENT 'rows of note_revision; kept by the transaction that adds one' AFTER updated_at,
  ADD COLUMN IF NOT EXISTS version INT NOT NULL DEFAULT 1 COMMENT 'raised by each change' AFTER n_edits,
  ADD COLUMN IF NOT EXISTS resolved_at DATETIME(6) NULL COMMENT 'UTC; NULL: open' AFTER version,
  ADD COLUMN IF NOT EXISTS resolved_by BIGINT NULL COMMENT 'account' AFTER resolved_at,
  ADD COLUMN IF NOT EXISTS open_until DATE
    AS (IF(type = 'followup' AND resolved_at IS NULL AND deleted_at IS NULL,
           COALESCE(due_on, DATE '9999-12-31'), NULL)) STORED
    COMMENT 'open follow-ups: due_on, without one the end of time; NULL for everything else';

ALTER TABLE note
  ADD INDEX IF NOT EXISTS note_open (open_until, id),
  ADD INDEX IF NOT EXISTS note_open_branch (branch_id, open_until, id),
  ADD CONSTRAINT note_branch FOREIGN KEY IF NOT EXISTS (branch_id) REFERENCES branch (id),
  ADD CONSTRAINT note_resolver FOREIGN KEY IF NOT EXISTS (resolved_by) REFERENCES account (id);

CREATE TABLE IF NOT EXISTS note_revision (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  note_id BIGINT NOT NULL COMMENT 'note that was edited',
  type ENUM('general','followup','issue','achievement') NOT NULL COMMENT 'kind before the edit',
  text TEXT COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'text before the edit',
  due_on DATE NULL COMMENT 'due date before the edit',
  edited_by BIGINT NOT NULL COMMENT 'account that replaced it',
  edited_at DATETIME(6) NOT NULL COMMENT 'UTC; when it was replaced',
  PRIMARY KEY (id),
  KEY note_revision_note (note_id, id),
  CONSTRAINT note_revision_note FOREIGN KEY (note_id) REFERENCES note (id),
  CONSTRAINT note_revision_editor FOREIGN KEY (edited_by) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Earlier texts of notes; append-only';

UPDATE note n
  JOIN completion c ON c.id = n.completion_id
  JOIN occurrence o ON o.id = c.occurrence_id
  SET n.branch_id = o.branch_id
  WHERE n.branch_id IS NULL;

INSERT IGNORE INTO schema_migration (version, name) VALUES (14, 'notes');
