-- Housekeeping that every other migration relies on.
-- Repeatable; runs under `muster migrate` and under the plain client alike.

CREATE TABLE IF NOT EXISTS schema_migration (
  version INT NOT NULL COMMENT 'number at the head of the file name',
  name VARCHAR(100) NOT NULL COMMENT 'rest of the file name',
  checksum CHAR(64) NULL COMMENT 'SHA-256 of the file in hex, written by muster migrate; NULL when the plain client ran it',
  applied_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  PRIMARY KEY (version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Migrations that have run; each file adds its own row';

CREATE TABLE IF NOT EXISTS lease (
  name VARCHAR(64) NOT NULL COMMENT 'what is held: migrate, sweeper, ...',
  holder CHAR(32) NOT NULL COMMENT 'random id of the process that holds it',
  until_at DATETIME(6) NOT NULL COMMENT 'UTC; free afterwards',
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Who does a job that only one may do at a time';

INSERT IGNORE INTO schema_migration (version, name) VALUES (1, 'base');
