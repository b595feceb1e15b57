-- Files on disk and what they are attached to.

CREATE TABLE IF NOT EXISTS file (
  id BINARY(16) NOT NULL COMMENT 'random; also the name on disk',
  sha256 BINARY(32) NOT NULL COMMENT 'of the content',
  size BIGINT NOT NULL COMMENT 'bytes',
  class ENUM('pdf','video','audio','document','image') NOT NULL COMMENT 'as judged by content',
  mime VARCHAR(100) NOT NULL COMMENT 'canonical type of the content',
  extension VARCHAR(10) NOT NULL COMMENT 'lower case, without the dot',
  state ENUM('stored','quarantined','deleted') NOT NULL DEFAULT 'stored' COMMENT 'deleted: the sweeper removes the bytes',
  created_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  removed_at DATETIME(6) NULL COMMENT 'UTC; when the bytes went',
  PRIMARY KEY (id),
  KEY file_state (state, created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Stored bytes, beneath attachments, photos, excuses and exports';

CREATE TABLE IF NOT EXISTS attachment (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  completion_id BIGINT NOT NULL COMMENT 'completion it belongs to',
  file_id BINARY(16) NOT NULL COMMENT 'stored bytes',
  name VARCHAR(255) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as the user called it; never a path on our disk',
  description VARCHAR(500) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL DEFAULT '' COMMENT 'what the uploader said of it',
  uploaded_by BIGINT NOT NULL COMMENT 'account',
  download_count INT NOT NULL DEFAULT 0 COMMENT 'kept with download_log',
  created_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  deleted_at DATETIME(6) NULL COMMENT 'UTC; the row stays',
  deleted_by BIGINT NULL COMMENT 'account',
  PRIMARY KEY (id),
  KEY attachment_completion (completion_id, id),
  KEY attachment_file (file_id),
  KEY attachment_uploader (uploaded_by),
  CONSTRAINT attachment_completion FOREIGN KEY (completion_id) REFERENCES completion (id),
  CONSTRAINT attachment_file FOREIGN KEY (file_id) REFERENCES file (id),
  CONSTRAINT attachment_uploader FOREIGN KEY (uploaded_by) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='A file of a session';

CREATE TABLE IF NOT EXISTS download_log (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  attachment_id BIGINT NOT NULL COMMENT 'attachment fetched',
  account_id BIGINT NOT NULL COMMENT 'who fetched it',
  at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  PRIMARY KEY (id),
  KEY download_log_attachment (attachment_id, id),
  CONSTRAINT download_log_attachment FOREIGN KEY (attachment_id) REFERENCES attachment (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Who fetched which file; a resumed or partial fetch counts once, at its start';

INSERT IGNORE INTO schema_migration (version, name) VALUES (5, 'files');
