-- History of notes, due dates, and what is settled.

INSERT IGNORE INTO schema_migration (version, name) VALUES (14, 'notes');
