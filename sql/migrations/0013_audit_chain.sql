-- The chain of hashes over the audit log.

INSERT IGNORE INTO schema_migration (version, name) VALUES (13, 'audit_chain');
