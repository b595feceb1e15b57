-- People, accounts and memberships: what editing them from pages needs.

INSERT IGNORE INTO schema_migration (version, name) VALUES (7, 'people');
