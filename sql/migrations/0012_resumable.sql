-- Uploads that arrive in pieces.

CREATE TABLE IF NOT EXISTS upload (
  id BINARY(16) NOT NULL COMMENT 'random; its address, the name of its part on disk, and of the file it becomes',
  account_id BIGINT NOT NULL COMMENT 'who began it; nobody else may touch it',
  occurrence_id BIGINT NOT NULL COMMENT 'session the file is for',
  size BIGINT NOT NULL COMMENT 'bytes announced; how many have arrived is the size of the part',
  name VARCHAR(255) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as the user called it; never a path on our disk',
  description VARCHAR(500) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL DEFAULT '' COMMENT 'what the uploader said of it',
  metadata VARCHAR(4096) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'Upload-Metadata as sent: said again when asked',
  state ENUM('open','done','ended') NOT NULL DEFAULT 'open' COMMENT 'done: it is attachment_id; ended: given up or refused',
  attachment_id BIGINT NULL COMMENT 'what it became',
  created_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  expires_at DATETIME(6) NOT NULL COMMENT 'UTC; later the sweeper removes bytes and row',
  PRIMARY KEY (id),
  KEY upload_account (account_id, state, occurrence_id),
  KEY upload_occurrence (occurrence_id),
  KEY upload_attachment (attachment_id),
  KEY upload_expiry (expires_at),
  CONSTRAINT upload_account FOREIGN KEY (account_id) REFERENCES account (id),
  CONSTRAINT upload_occurrence FOREIGN KEY (occurrence_id) REFERENCES occurrence (id),
  CONSTRAINT upload_attachment FOREIGN KEY (attachment_id) REFERENCES attachment (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Uploads under way; forgotten some days after they began';

INSERT IGNORE INTO schema_migration (version, name) VALUES (12, 'resumable');
