-- The JSON of a record with the longest remark: 300 characters, each of which may be escaped.

ALTER TABLE attendance_change
  MODIFY COLUMN old_row VARCHAR(2200) NULL COMMENT 'JSON of the record before; NULL: unmarked',
  MODIFY COLUMN new_row VARCHAR(2200) NULL COMMENT 'JSON of the record after; NULL: unmarked';

INSERT IGNORE INTO schema_migration (version, name) VALUES (17, 'attendance_change_rows');
