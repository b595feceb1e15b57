-- Finding completions across an institution.

INSERT IGNORE INTO schema_migration (version, name) VALUES (10, 'oversight');
