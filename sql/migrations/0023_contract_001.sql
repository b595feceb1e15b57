-- Contract 001: its tokens, registrations that wait, and who follows a session live.

ALTER TABLE web_session
  MODIFY COLUMN family ENUM('000','001','002','003','own') NULL COMMENT 'contract whose door it came by; NULL: a page';

CREATE TABLE IF NOT EXISTS registration (
  account_id BIGINT NOT NULL COMMENT 'the account that was made; disabled until it is approved',
  asked_role ENUM('student','teacher') NOT NULL COMMENT 'what was asked for; it gives no right',
  state ENUM('waiting','approved','refused') NOT NULL DEFAULT 'waiting' COMMENT 'an admin decides',
  created_at DATETIME(6) NOT NULL COMMENT 'UTC',
  decided_at DATETIME(6) NULL COMMENT 'UTC; NULL: it waits',
  decided_by BIGINT NULL COMMENT 'account of the admin',
  PRIMARY KEY (account_id),
  KEY registration_state (state, created_at),
  CONSTRAINT registration_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Accounts that people asked for themselves (001)';

CREATE TABLE IF NOT EXISTS attendance_presence (
  attendance_id BIGINT NOT NULL COMMENT 'attendance session',
  person_id BIGINT NOT NULL COMMENT 'student who has joined it; joining marks nobody',
  account_id BIGINT NOT NULL COMMENT 'by which account; user id at the door of 001',
  joined_at DATETIME(6) NOT NULL COMMENT 'UTC; of the last joining',
  left_at DATETIME(6) NULL COMMENT 'UTC; NULL: not left, but for a connection that was lost',
  online_until DATETIME(6) NOT NULL COMMENT 'UTC; lease of the connection, renewed while it lives',
  gateway CHAR(16) NOT NULL COMMENT 'the gateway that holds the connection, the same over its restarts',
  connection VARCHAR(40) NULL COMMENT 'the connection; a newer one takes its place; NULL: it is gone',
  PRIMARY KEY (attendance_id, person_id),
  KEY attendance_presence_account (account_id, attendance_id),
  KEY attendance_presence_gateway (gateway),
  CONSTRAINT attendance_presence_session FOREIGN KEY (attendance_id) REFERENCES attendance_session (id),
  CONSTRAINT attendance_presence_person FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Who has joined an attendance session live, and is online';

INSERT IGNORE INTO schema_migration (version, name) VALUES (23, 'contract_001');
