-- Signed-in sessions, wrong passwords, and the audit log.

CREATE TABLE IF NOT EXISTS web_session (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  token_hash BINARY(32) NOT NULL COMMENT 'SHA-256 of the cookie''s random token',
  account_id BIGINT NOT NULL COMMENT 'who is signed in',
  epoch INT NOT NULL COMMENT 'the account''s epoch at sign-in; another one ends the session',
  csrf BINARY(32) NOT NULL COMMENT 'token of its forms, shown as 64 hex digits',
  created_at DATETIME(6) NOT NULL COMMENT 'UTC',
  seen_at DATETIME(6) NOT NULL COMMENT 'UTC; written at most once a minute',
  expires_at DATETIME(6) NOT NULL COMMENT 'UTC; moves with use up to ends_at',
  ends_at DATETIME(6) NOT NULL COMMENT 'UTC; end whatever happens',
  idle_s INT NOT NULL COMMENT 'seconds without use until it expires',
  user_agent VARCHAR(200) NOT NULL DEFAULT '' COMMENT 'cut',
  ended_at DATETIME(6) NULL COMMENT 'UTC; signed out',
  PRIMARY KEY (id),
  UNIQUE KEY web_session_token (token_hash),
  KEY web_session_account (account_id, id),
  KEY web_session_expiry (expires_at),
  CONSTRAINT web_session_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Who is signed in with a browser';

CREATE TABLE IF NOT EXISTS sign_in_throttle (
  subject BINARY(32) NOT NULL COMMENT 'SHA-256 of kind and name: an account name as typed, folded',
  n_failures INT NOT NULL COMMENT 'since the last success',
  last_at DATETIME(6) NOT NULL COMMENT 'UTC; last wrong try',
  until_at DATETIME(6) NOT NULL COMMENT 'UTC; no try counts before',
  PRIMARY KEY (subject),
  KEY sign_in_throttle_last (last_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Growing delay after wrong passwords';

CREATE TABLE IF NOT EXISTS audit_log (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  at DATETIME(6) NOT NULL COMMENT 'UTC',
  actor_id BIGINT NULL COMMENT 'account; NULL: the system or nobody signed in',
  request_id CHAR(32) NOT NULL COMMENT 'id of the request as logged; empty outside one',
  action VARCHAR(40) NOT NULL COMMENT 'code, such as session.completed',
  branch_id BIGINT NULL COMMENT 'limits who may read it',
  object VARCHAR(20) NOT NULL COMMENT 'kind: occurrence, account, schedule, ...',
  object_id BIGINT NOT NULL COMMENT 'id of that kind',
  detail VARCHAR(2000) NOT NULL COMMENT 'JSON object of ids, codes and digests of personal values',
  PRIMARY KEY (id),
  KEY audit_log_object (object, object_id, id),
  KEY audit_log_actor (actor_id, id),
  KEY audit_log_branch (branch_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Append-only; the application may insert and read, nothing else';

INSERT IGNORE INTO schema_migration (version, name) VALUES (6, 'access');
