-- Uploads that arrive in pieces.

INSERT IGNORE INTO schema_migration (version, name) VALUES (12, 'resumable');
