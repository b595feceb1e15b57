-- Imports of people and enrolments, row by row, so that each can be undone.

INSERT IGNORE INTO schema_migration (version, name) VALUES (8, 'imports');
