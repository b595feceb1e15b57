-- Signing in by token beside the cookie.

ALTER TABLE web_session
  ADD COLUMN IF NOT EXISTS kind ENUM('cookie','token') NOT NULL DEFAULT 'cookie' COMMENT 'how its requests say who they are' AFTER id,
  ADD COLUMN IF NOT EXISTS family ENUM('000','002','003','own') NULL COMMENT 'contract whose door it came by; NULL: a page' AFTER kind;

INSERT IGNORE INTO schema_migration (version, name) VALUES (16, 'tokens');
