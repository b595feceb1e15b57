-- The chain of hashes over the audit log, searching the log, and what the jobs say of themselves.

CREATE TABLE IF NOT EXISTS audit_chain (
  seq BIGINT NOT NULL COMMENT 'place in the chain, from 1 without gaps: the order in which rows were read, not that of their ids',
  audit_id BIGINT NOT NULL COMMENT 'the row of audit_log',
  hash BINARY(32) NOT NULL COMMENT 'SHA-256 over the hash before it, seq, hashed_at and the row',
  hashed_at DATETIME(6) NOT NULL COMMENT 'UTC',
  seal BINARY(32) NULL COMMENT 'on the last link of each batch: HMAC of the hash under a key outside the database',
  key_id BINARY(8) NULL COMMENT 'names the key of the seal',
  PRIMARY KEY (seq),
  UNIQUE KEY audit_chain_audit (audit_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Append-only; the application may insert and read, nothing else';

CREATE TABLE IF NOT EXISTS job_status (
  name VARCHAR(64) NOT NULL COMMENT 'the job',
  runs BIGINT NOT NULL DEFAULT 0 COMMENT 'that ended well',
  failures BIGINT NOT NULL DEFAULT 0 COMMENT 'that did not',
  done BIGINT NOT NULL DEFAULT 0 COMMENT 'things it worked on',
  succeeded_at DATETIME(6) NULL COMMENT 'UTC, of the last that ended well',
  failed_at DATETIME(6) NULL COMMENT 'UTC, of the last that did not',
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='What background jobs say of themselves, for monitors';

ALTER TABLE audit_log
  ADD COLUMN IF NOT EXISTS family VARCHAR(40) AS (SUBSTRING_INDEX(action, '.', 1)) VIRTUAL COMMENT 'the action before its dot, for searching',
  ADD KEY IF NOT EXISTS audit_log_at (at),
  ADD KEY IF NOT EXISTS audit_log_request (request_id),
  ADD KEY IF NOT EXISTS audit_log_kind (object, id),
  ADD KEY IF NOT EXISTS audit_log_family (family, id),
  ADD KEY IF NOT EXISTS audit_log_branch_family (branch_id, family, id),
  ADD KEY IF NOT EXISTS audit_log_actor_family (actor_id, family, id),
  ADD KEY IF NOT EXISTS audit_log_actor_kind (actor_id, object, id);

INSERT IGNORE INTO schema_migration (version, name) VALUES (13, 'audit_chain');
