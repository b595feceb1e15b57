-- What contract 000 says of a session that is made directly: its type and notes.

ALTER TABLE occurrence
  ADD COLUMN IF NOT EXISTS kind VARCHAR(50) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT '000 session_type as sent; NULL: not said, or that of its request',
  ADD COLUMN IF NOT EXISTS notes TEXT COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'of who made it directly; NULL: none, or those of its request';

INSERT IGNORE INTO schema_migration (version, name) VALUES (24, 'session_kind');
