-- Requests for sessions, and what was made of them.

CREATE TABLE IF NOT EXISTS session_request (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  branch_id BIGINT NOT NULL COMMENT 'whose admins decide it',
  account_id BIGINT NOT NULL COMMENT 'who asks',
  teacher_id BIGINT NULL COMMENT 'person who would hold it',
  course_id BIGINT NULL COMMENT 'course; NULL: none',
  class_id BIGINT NULL COMMENT 'class that is meant; NULL: class_name matches none',
  class_name VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT '000 class_name, as it was asked for',
  room_id BIGINT NULL COMMENT 'room that is wished for; NULL: any',
  title VARCHAR(200) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'title of the session',
  kind VARCHAR(50) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT '000 session_type: course, td, tp, exam, workshop; others are kept as sent',
  notes TEXT COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'for the admin',
  session_date DATE NOT NULL COMMENT 'wall-clock date in the branch''s zone; of a series the first',
  start_time TIME NOT NULL COMMENT 'wall clock in the branch''s zone',
  end_time TIME NOT NULL COMMENT 'wall clock in the branch''s zone, after start_time',
  recurrence ENUM('daily','weekly','monthly') NULL COMMENT 'kind of rule; NULL: one session',
  until_date DATE NULL COMMENT 'last day of the rule',
  weekdays SMALLINT NOT NULL DEFAULT 0 COMMENT 'weekly: bit 0 Sunday .. bit 6 Saturday',
  day_of_month TINYINT NULL COMMENT 'monthly: 1 to 31',
  n_days SMALLINT NOT NULL COMMENT 'sessions asked for',
  state ENUM('pending','question','approved','rejected','withdrawn') NOT NULL DEFAULT 'pending' COMMENT 'question: an admin asked back; both it and pending wait for a decision',
  response VARCHAR(2000) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT '000 admin_response: what the admin said last',
  reviewed_by BIGINT NULL COMMENT 'account of the admin who decided, or asked back',
  reviewed_at DATETIME(6) NULL COMMENT 'UTC',
  schedule_id BIGINT NULL COMMENT 'series that was made; NULL: none, or single sessions',
  needs_session TINYINT(1) NOT NULL DEFAULT 0 COMMENT 'approved without a session, because the class is not known: an admin has to make it',
  removed_at DATETIME(6) NULL COMMENT 'UTC; taken out of the lists by an admin',
  version INT NOT NULL DEFAULT 1 COMMENT 'raised by each change; what an open form compares',
  created_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  updated_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  PRIMARY KEY (id),
  KEY session_request_branch (branch_id, state, id),
  KEY session_request_state (state, id),
  KEY session_request_account (account_id, state, id),
  KEY session_request_needs (needs_session, branch_id),
  KEY session_request_teacher (teacher_id),
  KEY session_request_course (course_id),
  KEY session_request_class (class_id),
  KEY session_request_room (room_id),
  KEY session_request_schedule (schedule_id),
  KEY session_request_reviewed (reviewed_by),
  CONSTRAINT session_request_account FOREIGN KEY (account_id) REFERENCES account (id),
  CONSTRAINT session_request_branch FOREIGN KEY (branch_id) REFERENCES branch (id),
  CONSTRAINT session_request_class FOREIGN KEY (class_id) REFERENCES class (id),
  CONSTRAINT session_request_course FOREIGN KEY (course_id) REFERENCES course (id),
  CONSTRAINT session_request_reviewed FOREIGN KEY (reviewed_by) REFERENCES account (id),
  CONSTRAINT session_request_room FOREIGN KEY (room_id) REFERENCES room (id),
  CONSTRAINT session_request_schedule FOREIGN KEY (schedule_id) REFERENCES schedule (id),
  CONSTRAINT session_request_teacher FOREIGN KEY (teacher_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Wishes for sessions, decided by an admin';

CREATE TABLE IF NOT EXISTS session_request_day (
  request_id BIGINT NOT NULL COMMENT 'request',
  session_date DATE NOT NULL COMMENT 'one day of it',
  starts_at DATETIME(6) NOT NULL COMMENT 'UTC, computed when it was sent: for the clashes beside it',
  ends_at DATETIME(6) NOT NULL COMMENT 'UTC, computed',
  PRIMARY KEY (request_id, session_date),
  CONSTRAINT session_request_day_request FOREIGN KEY (request_id) REFERENCES session_request (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='The days of a request';

CREATE TABLE IF NOT EXISTS session_request_step (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  request_id BIGINT NOT NULL COMMENT 'request',
  at DATETIME(6) NOT NULL COMMENT 'UTC',
  account_id BIGINT NOT NULL COMMENT 'who did it',
  action ENUM('sent','asked','answered','approved','rejected','withdrawn','settled') NOT NULL COMMENT 'what happened; settled: the session that was missing is made or not needed',
  text VARCHAR(2000) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'what was said with it',
  PRIMARY KEY (id),
  KEY session_request_step_request (request_id, id),
  KEY session_request_step_account (account_id),
  CONSTRAINT session_request_step_account FOREIGN KEY (account_id) REFERENCES account (id),
  CONSTRAINT session_request_step_request FOREIGN KEY (request_id) REFERENCES session_request (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='What was said and decided about a request, in order';

ALTER TABLE occurrence
  ADD COLUMN IF NOT EXISTS request_id BIGINT NULL COMMENT 'request it was made for; NULL: none';
ALTER TABLE occurrence ADD KEY IF NOT EXISTS occurrence_request (request_id);
ALTER TABLE occurrence ADD CONSTRAINT occurrence_request FOREIGN KEY IF NOT EXISTS (request_id) REFERENCES session_request (id);

INSERT IGNORE INTO schema_migration (version, name) VALUES (20, 'requests');
