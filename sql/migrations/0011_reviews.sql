-- Review of uploads, and what a completion code shows to anyone.

INSERT IGNORE INTO schema_migration (version, name) VALUES (11, 'reviews');
