-- What students ask of their attendance: excuses and corrections; excuses keep their history.

ALTER TABLE excuse
  ADD COLUMN IF NOT EXISTS ended_at DATETIME(6) NULL COMMENT 'UTC; taken back; NULL: in force' AFTER set_at,
  ADD COLUMN IF NOT EXISTS ended_by BIGINT NULL COMMENT 'account' AFTER ended_at,
  ADD COLUMN IF NOT EXISTS live_person BIGINT AS (IF(ended_at IS NULL, person_id, NULL)) VIRTUAL COMMENT 'for the unique key: one in force' AFTER ended_by,
  ADD UNIQUE KEY IF NOT EXISTS excuse_live (occurrence_id, live_person),
  DROP KEY IF EXISTS excuse_one;

ALTER TABLE attendance_policy
  ADD COLUMN IF NOT EXISTS claim_days SMALLINT NOT NULL DEFAULT 14 COMMENT 'days after a session within which its students may ask to be excused or corrected' AFTER lock_days;

CREATE TABLE IF NOT EXISTS claim (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  branch_id BIGINT NOT NULL COMMENT 'of the student',
  person_id BIGINT NOT NULL COMMENT 'student',
  kind ENUM('excuse','correction') NOT NULL COMMENT 'to be excused from sessions, or to have one record corrected',
  reason VARCHAR(1000) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'what the student gave',
  file_id BINARY(16) NULL COMMENT 'stored bytes of the proof; NULL: none, or its time is over',
  file_name VARCHAR(255) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'as the student called it; stays when the bytes go',
  file_expires_at DATETIME(6) NULL COMMENT 'UTC; the bytes are removed afterwards',
  created_by BIGINT NOT NULL COMMENT 'account',
  created_at DATETIME(6) NOT NULL COMMENT 'UTC',
  PRIMARY KEY (id),
  KEY claim_person (person_id, id),
  KEY claim_file (file_id),
  KEY claim_expiry (file_expires_at),
  CONSTRAINT claim_branch FOREIGN KEY (branch_id) REFERENCES branch (id),
  CONSTRAINT claim_person FOREIGN KEY (person_id) REFERENCES person (id),
  CONSTRAINT claim_file FOREIGN KEY (file_id) REFERENCES file (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='What a student asks of their attendance, once, for one or several sessions';

CREATE TABLE IF NOT EXISTS claim_item (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  claim_id BIGINT NOT NULL COMMENT 'what it is a part of',
  branch_id BIGINT NOT NULL COMMENT 'of the session; its staff decide',
  person_id BIGINT NOT NULL COMMENT 'student, as in the claim',
  kind ENUM('excuse','correction') NOT NULL COMMENT 'as in the claim',
  occurrence_id BIGINT NULL COMMENT 'session; NULL: one on its own',
  attendance_id BIGINT NULL COMMENT 'attendance session on its own (002, 003); NULL: that of the occurrence',
  wants ENUM('present','late','excused','absent') NOT NULL COMMENT 'what should stand',
  state ENUM('waiting','approved','rejected','withdrawn') NOT NULL DEFAULT 'waiting' COMMENT 'decided one by one, since sessions have different teachers',
  decided_by BIGINT NULL COMMENT 'account',
  decided_at DATETIME(6) NULL COMMENT 'UTC; also when it was withdrawn',
  decided_why VARCHAR(500) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'what who decided gave',
  act_id BINARY(16) NULL COMMENT 'act of the register that approving made; NULL: it changed no record',
  undone_act BINARY(16) NULL COMMENT 'act that took that one back',
  excuse_id BIGINT NULL COMMENT 'excuse that approving made',
  version INT NOT NULL DEFAULT 1 COMMENT 'raised by each change',
  waiting_occurrence BIGINT AS (IF(state = 'waiting', occurrence_id, NULL)) VIRTUAL COMMENT 'for the unique key: one waits',
  waiting_attendance BIGINT AS (IF(state = 'waiting', attendance_id, NULL)) VIRTUAL COMMENT 'likewise',
  PRIMARY KEY (id),
  UNIQUE KEY claim_item_waiting (person_id, kind, waiting_occurrence),
  UNIQUE KEY claim_item_waiting_own (person_id, kind, waiting_attendance),
  KEY claim_item_claim (claim_id),
  KEY claim_item_person (person_id, id),
  KEY claim_item_state (state, branch_id, decided_at, id),
  KEY claim_item_occurrence (occurrence_id, state, person_id),
  KEY claim_item_attendance (attendance_id, state, person_id),
  KEY claim_item_act (act_id),
  KEY claim_item_undone (undone_act),
  CONSTRAINT claim_item_claim FOREIGN KEY (claim_id) REFERENCES claim (id),
  CONSTRAINT claim_item_branch FOREIGN KEY (branch_id) REFERENCES branch (id),
  CONSTRAINT claim_item_person FOREIGN KEY (person_id) REFERENCES person (id),
  CONSTRAINT claim_item_occurrence FOREIGN KEY (occurrence_id) REFERENCES occurrence (id),
  CONSTRAINT claim_item_attendance FOREIGN KEY (attendance_id) REFERENCES attendance_session (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='One session of a claim, and what was decided about it';

INSERT IGNORE INTO schema_migration (version, name) VALUES (22, 'claims');
