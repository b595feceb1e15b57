-- What contract 000 knows of an attendance session besides ours.

CREATE TABLE IF NOT EXISTS attendance_window (
  attendance_id BIGINT NOT NULL COMMENT 'attendance session',
  window_min SMALLINT NOT NULL COMMENT '000 checkin_window_minutes: before and after the planned start',
  teams_meeting_id VARCHAR(200) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT '000; kept, nobody is asked',
  teams_meeting_url VARCHAR(1000) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT '000; likewise',
  PRIMARY KEY (attendance_id),
  CONSTRAINT attendance_window_session FOREIGN KEY (attendance_id) REFERENCES attendance_session (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='What contract 000 knows of an attendance session besides ours';

INSERT IGNORE INTO schema_migration (version, name) VALUES (18, 'windows');
