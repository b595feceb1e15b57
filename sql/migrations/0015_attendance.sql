-- Attendance: windows to check in, attempts, records, what they rest on, and the stream of events.

CREATE TABLE IF NOT EXISTS device (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  branch_id BIGINT NOT NULL COMMENT 'branch it stands in',
  account_id BIGINT NULL COMMENT 'account of role device that acts for it',
  code VARCHAR(40) NOT NULL COMMENT '003 device_id, such as DEV-01',
  name VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as shown',
  location VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL DEFAULT '' COMMENT 'where it hangs',
  ip_address VARCHAR(45) NOT NULL DEFAULT '' COMMENT 'as its owner wrote it; 003',
  mac_address VARCHAR(40) NOT NULL DEFAULT '' COMMENT 'as its owner wrote it; 003',
  key_hash BINARY(32) NOT NULL COMMENT 'SHA-256 of its key',
  blocked_at DATETIME(6) NULL COMMENT 'UTC; its key is refused',
  last_seen_at DATETIME(6) NULL COMMENT 'UTC; written at most once a minute',
  version INT NOT NULL DEFAULT 1 COMMENT 'raised by each change',
  registered_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  ended_at DATETIME(6) NULL COMMENT 'UTC; soft end, the code is free again',
  code_live VARCHAR(40) AS (IF(ended_at IS NULL, code, NULL)) VIRTUAL COMMENT 'for the unique key',
  PRIMARY KEY (id),
  UNIQUE KEY device_code (code_live),
  KEY device_branch (branch_id),
  CONSTRAINT device_branch FOREIGN KEY (branch_id) REFERENCES branch (id),
  CONSTRAINT device_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='A scanner or terminal that marks attendance';

ALTER TABLE room
  ADD COLUMN IF NOT EXISTS latitude_e7 INT NULL COMMENT 'degrees north times 10,000,000; NULL: not known' AFTER capacity,
  ADD COLUMN IF NOT EXISTS longitude_e7 INT NULL COMMENT 'degrees east times 10,000,000' AFTER latitude_e7,
  ADD COLUMN IF NOT EXISTS radius_m INT NULL COMMENT 'metres around it that count as inside; NULL: that of the policy' AFTER longitude_e7;

CREATE TABLE IF NOT EXISTS attendance_policy (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  branch_id BIGINT NOT NULL COMMENT 'branch it is the default of',
  course_id BIGINT NULL COMMENT 'course whose own default it is; NULL: of the branch',
  early_min SMALLINT NOT NULL DEFAULT 15 COMMENT 'minutes before the planned start from which it may be opened and checked in to',
  late_after_s INT NOT NULL DEFAULT 900 COMMENT 'seconds after the planned start from which a check-in is late',
  close_after_min SMALLINT NOT NULL DEFAULT 20 COMMENT 'minutes after the opening or the planned start, whichever is later, until it closes',
  code_level ENUM('off','flag','must') NOT NULL DEFAULT 'must' COMMENT 'rotating code: not asked, only flags, or must be right',
  place_level ENUM('off','flag','must') NOT NULL DEFAULT 'off' COMMENT 'the same of the position',
  network_level ENUM('off','flag','must') NOT NULL DEFAULT 'off' COMMENT 'the same of the client address',
  photo_level ENUM('off','flag','must') NOT NULL DEFAULT 'off' COMMENT 'the same of a photo',
  device_level ENUM('off','flag','must') NOT NULL DEFAULT 'flag' COMMENT 'the same of many students on one browser',
  radius_m INT NOT NULL DEFAULT 100 COMMENT 'metres around the room that count as inside',
  code_period_s SMALLINT NOT NULL DEFAULT 15 COMMENT 'seconds a rotating code is shown',
  max_tries SMALLINT NOT NULL DEFAULT 5 COMMENT 'failed tries of one student in one session; more are refused',
  lock_days SMALLINT NOT NULL DEFAULT 14 COMMENT 'days after the session from which a correction needs a reason',
  aim_percent SMALLINT NOT NULL DEFAULT 80 COMMENT 'rate of attendance that is asked of students',
  auto_open TINYINT(1) NOT NULL DEFAULT 0 COMMENT 'students in the room may open it within the planned time',
  names_on_screen TINYINT(1) NOT NULL DEFAULT 0 COMMENT 'the projector shows first names and initials',
  evidence_days SMALLINT NOT NULL DEFAULT 30 COMMENT 'days that positions, addresses and photos are kept',
  version INT NOT NULL DEFAULT 1 COMMENT 'raised by each change',
  updated_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  scope_course BIGINT AS (COALESCE(course_id, 0)) PERSISTENT COMMENT 'for the unique key',
  PRIMARY KEY (id),
  UNIQUE KEY attendance_policy_scope (branch_id, scope_course),
  KEY attendance_policy_course (course_id),
  CONSTRAINT attendance_policy_branch FOREIGN KEY (branch_id) REFERENCES branch (id),
  CONSTRAINT attendance_policy_course FOREIGN KEY (course_id) REFERENCES course (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='How check-in is checked unless a session says otherwise; a branch without a row has the defaults of the columns';

CREATE TABLE IF NOT EXISTS branch_network (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  branch_id BIGINT NOT NULL COMMENT 'branch whose network it is',
  cidr VARCHAR(49) NOT NULL COMMENT 'normalised, such as 192.0.2.0/24 or 2001:db8::/32',
  label VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL DEFAULT '' COMMENT 'as people call it, such as Campus Wi-Fi',
  created_by BIGINT NULL COMMENT 'account',
  created_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  PRIMARY KEY (id),
  UNIQUE KEY branch_network_cidr (branch_id, cidr),
  CONSTRAINT branch_network_branch FOREIGN KEY (branch_id) REFERENCES branch (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Addresses from which the institution''s own network is seen';

CREATE TABLE IF NOT EXISTS shared_browser (
  browser_hash BINARY(32) NOT NULL COMMENT 'SHA-256 of the browser''s cookie',
  branch_id BIGINT NOT NULL COMMENT 'branch it stands in',
  label VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as people call it, such as Lab 3, desk 12',
  created_by BIGINT NULL COMMENT 'account',
  created_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  PRIMARY KEY (browser_hash),
  KEY shared_browser_branch (branch_id),
  CONSTRAINT shared_browser_branch FOREIGN KEY (branch_id) REFERENCES branch (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Machines that many students use in turn, so that they raise no flag';

CREATE TABLE IF NOT EXISTS status_set (
  status ENUM('present','late','excused','absent') NOT NULL COMMENT 'inner word',
  label VARCHAR(40) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'word of the institution; NULL: that of the catalogue',
  letter VARCHAR(4) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'letter of the institution; NULL: that of the catalogue',
  points SMALLINT NOT NULL COMMENT 'hundredths of a session that it counts',
  is_counted TINYINT(1) NOT NULL COMMENT 'stands in the denominator of rates',
  version INT NOT NULL DEFAULT 1 COMMENT 'raised by each change',
  PRIMARY KEY (status)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='What the four marks are called and what they count';
INSERT IGNORE INTO status_set (status, points, is_counted) VALUES
  ('present', 100, 1), ('late', 100, 1), ('excused', 0, 0), ('absent', 0, 1);

CREATE TABLE IF NOT EXISTS attendance_session (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  uuid CHAR(36) NOT NULL COMMENT 'the id at the door of 002',
  branch_id BIGINT NOT NULL COMMENT 'limits who sees it',
  occurrence_id BIGINT NULL COMMENT 'class meeting it is of; NULL: on its own (002, 003)',
  course_id BIGINT NULL COMMENT 'course; NULL: none',
  class_id BIGINT NULL COMMENT 'class; NULL: none',
  section_id BIGINT NULL COMMENT '003: the one section; NULL: all of the course',
  teacher_id BIGINT NULL COMMENT 'person who holds it',
  device_id BIGINT NULL COMMENT '003: the scanner bound to it',
  room_id BIGINT NULL COMMENT 'room, for its place',
  roster ENUM('course','section','class','open') NOT NULL COMMENT 'who is expected: enrolled in the course (and in the class), members of the section or of the course''s sections, of the class, or anybody',
  door ENUM('own','000','002','003') NOT NULL DEFAULT 'own' COMMENT 'contract it was made by',
  mode VARCHAR(20) NOT NULL DEFAULT '' COMMENT 'that contract''s word: self_checkin, teams_auto, hybrid, 1, 2, 3',
  title VARCHAR(200) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as shown; 002 lesson_name',
  room VARCHAR(80) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL DEFAULT '' COMMENT 'where, as people call it',
  session_date DATE NOT NULL COMMENT 'wall-clock date in `zone`; enrolments are those of this day',
  zone VARCHAR(64) NOT NULL COMMENT 'IANA zone',
  state ENUM('open','paused','closed') NOT NULL DEFAULT 'open' COMMENT 'open may still be early: see opens_at',
  opens_at DATETIME(6) NOT NULL COMMENT 'UTC; no check-in before',
  late_at DATETIME(6) NULL COMMENT 'UTC; from here on late; NULL: never',
  closes_at DATETIME(6) NOT NULL COMMENT 'UTC; no check-in from here on, and it closes by itself',
  code_level ENUM('off','flag','must') NOT NULL COMMENT 'see attendance_policy',
  place_level ENUM('off','flag','must') NOT NULL COMMENT 'likewise',
  network_level ENUM('off','flag','must') NOT NULL COMMENT 'likewise',
  photo_level ENUM('off','flag','must') NOT NULL COMMENT 'likewise',
  device_level ENUM('off','flag','must') NOT NULL COMMENT 'likewise',
  latitude_e7 INT NULL COMMENT 'of the room, degrees times 10,000,000',
  longitude_e7 INT NULL COMMENT 'likewise',
  radius_m INT NOT NULL COMMENT 'metres that count as inside',
  reference_address VARCHAR(45) NULL COMMENT '002: the teacher''s address at creation, whose /24 or /64 is the network',
  code_key BINARY(32) NOT NULL COMMENT 'key of its rotating codes',
  code_period_s SMALLINT NOT NULL COMMENT 'seconds a code is shown',
  max_tries SMALLINT NOT NULL COMMENT 'see attendance_policy',
  evidence_days SMALLINT NOT NULL COMMENT 'likewise',
  lock_days SMALLINT NOT NULL COMMENT 'likewise',
  names_on_screen TINYINT(1) NOT NULL COMMENT 'likewise',
  n_expected INT NULL COMMENT 'set when it closes, for lists; NULL while it is open',
  n_present INT NULL COMMENT 'likewise; kept by later corrections',
  n_late INT NULL COMMENT 'likewise',
  n_excused INT NULL COMMENT 'likewise',
  n_absent INT NULL COMMENT 'likewise',
  close_reason VARCHAR(40) NULL COMMENT 'person, time, confirmed (000)',
  reopen_reason VARCHAR(500) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'what who reopened it gave',
  created_by BIGINT NULL COMMENT 'account; NULL: the system',
  created_at DATETIME(6) NOT NULL COMMENT 'UTC',
  updated_at DATETIME(6) NOT NULL COMMENT 'UTC',
  closed_by BIGINT NULL COMMENT 'account; NULL: the timer',
  closed_at DATETIME(6) NULL COMMENT 'UTC',
  deleted_at DATETIME(6) NULL COMMENT 'UTC; 002: soft deletion, hides it from lists',
  delete_reason VARCHAR(500) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT '002',
  version INT NOT NULL DEFAULT 1 COMMENT 'raised by each change of this row',
  live_device_id BIGINT AS (IF(state = 'closed' OR deleted_at IS NOT NULL, NULL, device_id)) VIRTUAL COMMENT 'for the unique key: one open session a device',
  PRIMARY KEY (id),
  UNIQUE KEY attendance_session_uuid (uuid),
  UNIQUE KEY attendance_session_occurrence (occurrence_id),
  UNIQUE KEY attendance_session_live_device (live_device_id),
  KEY attendance_session_teacher (teacher_id, state, opens_at),
  KEY attendance_session_open (state, closes_at),
  KEY attendance_session_branch (branch_id, state, opens_at),
  KEY attendance_session_course (course_id, session_date),
  KEY attendance_session_class (class_id, session_date),
  CONSTRAINT attendance_session_branch FOREIGN KEY (branch_id) REFERENCES branch (id),
  CONSTRAINT attendance_session_occurrence FOREIGN KEY (occurrence_id) REFERENCES occurrence (id),
  CONSTRAINT attendance_session_course FOREIGN KEY (course_id) REFERENCES course (id),
  CONSTRAINT attendance_session_class FOREIGN KEY (class_id) REFERENCES class (id),
  CONSTRAINT attendance_session_section FOREIGN KEY (section_id) REFERENCES section (id),
  CONSTRAINT attendance_session_teacher FOREIGN KEY (teacher_id) REFERENCES person (id),
  CONSTRAINT attendance_session_device FOREIGN KEY (device_id) REFERENCES device (id),
  CONSTRAINT attendance_session_room FOREIGN KEY (room_id) REFERENCES room (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='The window in which an occurrence can be checked in to';

CREATE TABLE IF NOT EXISTS attendance_attempt (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  attendance_id BIGINT NULL COMMENT 'session; NULL: a code that is of none',
  person_id BIGINT NULL COMMENT 'student; NULL: a device read a code that is nobody''s',
  actor_id BIGINT NULL COMMENT 'account that acted; NULL: the system',
  nonce BINARY(16) NOT NULL COMMENT 'the client''s, hashed, or the server''s: the same try sent twice is one try',
  path ENUM('form','qr','json','device','teacher','import','auto') NOT NULL COMMENT 'how it came',
  happened_at DATETIME(6) NOT NULL COMMENT 'UTC; the scan of a receipt, else as learned',
  learned_at DATETIME(6) NOT NULL COMMENT 'UTC',
  decision ENUM('approved','flagged','rejected') NOT NULL COMMENT 'by the rules; a flagged one is decided below',
  reason VARCHAR(40) NULL COMMENT 'code of base/reason.h; NULL: approved',
  status ENUM('present','late') NULL COMMENT 'what it is worth if approved',
  late_s INT NULL COMMENT 'seconds after the planned start; NULL: not late',
  signals VARCHAR(1500) NOT NULL COMMENT 'JSON array of facts: distances, limits, accuracies; no position, no address',
  code_step BIGINT NULL COMMENT 'step of the rotating code that was right',
  receipt_id BINARY(16) NULL COMMENT 'scan receipt it used',
  browser_hash BINARY(32) NULL COMMENT 'SHA-256 of the browser''s cookie; the retention job empties it',
  device_id BIGINT NULL COMMENT '003: the scanner',
  decided_state ENUM('open','approved','rejected','lapsed') NULL COMMENT 'of a flagged one: not decided yet, decided, or overtaken by a mark of the teacher; NULL: was not flagged',
  decided_by BIGINT NULL COMMENT 'account; NULL: a verifier or nobody',
  decided_at DATETIME(6) NULL COMMENT 'UTC',
  decided_why VARCHAR(500) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'what who decided gave',
  PRIMARY KEY (id),
  UNIQUE KEY attendance_attempt_nonce (actor_id, nonce),
  UNIQUE KEY attendance_attempt_receipt (receipt_id),
  KEY attendance_attempt_session (attendance_id, person_id, id),
  KEY attendance_attempt_open (attendance_id, decided_state, id),
  KEY attendance_attempt_browser (browser_hash, attendance_id, person_id),
  KEY attendance_attempt_person (person_id, learned_at),
  CONSTRAINT attendance_attempt_session FOREIGN KEY (attendance_id) REFERENCES attendance_session (id),
  CONSTRAINT attendance_attempt_person FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='One try to check in, kept whatever came of it; append-only but for the decision';

CREATE TABLE IF NOT EXISTS attempt_evidence (
  attempt_id BIGINT NOT NULL COMMENT 'attempt',
  kind ENUM('place','address') NOT NULL COMMENT 'what it is',
  sealed VARBINARY(255) NOT NULL COMMENT 'AES-256-GCM under a key outside the database: JSON of coordinates, or the address',
  expires_at DATETIME(6) NOT NULL COMMENT 'UTC; removed afterwards',
  PRIMARY KEY (attempt_id, kind),
  KEY attempt_evidence_expiry (expires_at),
  CONSTRAINT attempt_evidence_attempt FOREIGN KEY (attempt_id) REFERENCES attendance_attempt (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Personal evidence with its clock';

CREATE TABLE IF NOT EXISTS attempt_photo (
  attempt_id BIGINT NOT NULL COMMENT 'attempt',
  file_id BINARY(16) NOT NULL COMMENT 'stored bytes',
  verification_id CHAR(36) NULL COMMENT '002: what a verifier calls back with',
  verifier_state ENUM('none','pending','passed','failed','timeout') NOT NULL DEFAULT 'none' COMMENT 'none: no verifier is connected, a person looks',
  verifier_reason VARCHAR(200) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'what the verifier gave',
  pending_until DATETIME(6) NULL COMMENT 'UTC; a later answer is too late',
  expires_at DATETIME(6) NOT NULL COMMENT 'UTC; the photo is removed afterwards',
  PRIMARY KEY (attempt_id),
  UNIQUE KEY attempt_photo_verification (verification_id),
  KEY attempt_photo_expiry (expires_at),
  KEY attempt_photo_file (file_id),
  CONSTRAINT attempt_photo_attempt FOREIGN KEY (attempt_id) REFERENCES attendance_attempt (id),
  CONSTRAINT attempt_photo_file FOREIGN KEY (file_id) REFERENCES file (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='The photo of an attempt';

CREATE TABLE IF NOT EXISTS attendance_record (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  attendance_id BIGINT NOT NULL COMMENT 'session',
  person_id BIGINT NOT NULL COMMENT 'student',
  status ENUM('present','late','excused','absent') NOT NULL COMMENT 'unmarked is no row',
  method ENUM('form','qr','json','device','teacher','import','auto','excuse') NOT NULL COMMENT 'what made it so',
  happened_at DATETIME(6) NOT NULL COMMENT 'UTC; when the student came, or the mark was made',
  late_s INT NULL COMMENT 'seconds after the planned start; NULL: not late or not known',
  remark VARCHAR(300) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'of the teacher',
  attempt_id BIGINT NULL COMMENT 'attempt it rests on',
  set_by BIGINT NULL COMMENT 'account; NULL: the student''s own attempt, or the system',
  updated_at DATETIME(6) NOT NULL COMMENT 'UTC',
  version INT NOT NULL DEFAULT 1 COMMENT 'raised by each change',
  PRIMARY KEY (id),
  UNIQUE KEY attendance_record_person (attendance_id, person_id),
  KEY attendance_record_of_person (person_id, attendance_id, status),
  CONSTRAINT attendance_record_session FOREIGN KEY (attendance_id) REFERENCES attendance_session (id),
  CONSTRAINT attendance_record_person FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='The current attendance of one student in one session';

CREATE TABLE IF NOT EXISTS attendance_change (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  attendance_id BIGINT NOT NULL COMMENT 'session',
  person_id BIGINT NOT NULL COMMENT 'student',
  act_id BINARY(16) NOT NULL COMMENT 'random, the same for all rows of one act: what Undo takes back',
  old_row VARCHAR(700) NULL COMMENT 'JSON of the record before; NULL: unmarked',
  new_row VARCHAR(700) NULL COMMENT 'JSON of the record after; NULL: unmarked',
  why VARCHAR(500) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'what who changed it gave',
  by_account BIGINT NULL COMMENT 'account; NULL: the system',
  at DATETIME(6) NOT NULL COMMENT 'UTC',
  undone_by BINARY(16) NULL COMMENT 'act that took it back',
  PRIMARY KEY (id),
  KEY attendance_change_session (attendance_id, person_id, id),
  KEY attendance_change_act (act_id),
  CONSTRAINT attendance_change_session FOREIGN KEY (attendance_id) REFERENCES attendance_session (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Changes of records by people and by closing; a record that an attempt made has the attempt as its history';

CREATE TABLE IF NOT EXISTS attendance_guest (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  attendance_id BIGINT NOT NULL COMMENT 'session',
  name VARCHAR(160) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as they said',
  remark VARCHAR(300) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'of the teacher',
  added_by BIGINT NULL COMMENT 'account',
  added_at DATETIME(6) NOT NULL COMMENT 'UTC',
  person_id BIGINT NULL COMMENT 'student it turned out to be',
  merged_at DATETIME(6) NULL COMMENT 'UTC',
  removed_at DATETIME(6) NULL COMMENT 'UTC',
  PRIMARY KEY (id),
  KEY attendance_guest_session (attendance_id),
  CONSTRAINT attendance_guest_session FOREIGN KEY (attendance_id) REFERENCES attendance_session (id),
  CONSTRAINT attendance_guest_person FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Somebody who came and is no student we know';

CREATE TABLE IF NOT EXISTS excuse (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  occurrence_id BIGINT NOT NULL COMMENT 'class meeting the student is excused from',
  person_id BIGINT NOT NULL COMMENT 'student',
  remark VARCHAR(300) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'of who entered it',
  set_by BIGINT NULL COMMENT 'account',
  set_at DATETIME(6) NOT NULL COMMENT 'UTC',
  PRIMARY KEY (id),
  UNIQUE KEY excuse_one (occurrence_id, person_id),
  CONSTRAINT excuse_occurrence FOREIGN KEY (occurrence_id) REFERENCES occurrence (id),
  CONSTRAINT excuse_person FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Excused before the session: prefilled when its register opens';

CREATE TABLE IF NOT EXISTS outbox (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row; not the order',
  at DATETIME(6) NOT NULL COMMENT 'UTC',
  type VARCHAR(40) NOT NULL COMMENT 'such as attendance.marked',
  branch_id BIGINT NOT NULL COMMENT 'audience: staff of this branch',
  attendance_id BIGINT NULL COMMENT 'audience: who follows this session',
  person_id BIGINT NULL COMMENT 'audience: this person',
  payload VARCHAR(1000) NOT NULL COMMENT 'JSON object of ids, codes and numbers',
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Events on their way: written with the change, emptied by the relay';

CREATE TABLE IF NOT EXISTS event (
  seq BIGINT NOT NULL COMMENT 'place in the stream, from 1 without gaps',
  outbox_id BIGINT NOT NULL COMMENT 'row it was',
  at DATETIME(6) NOT NULL COMMENT 'UTC; of the change',
  type VARCHAR(40) NOT NULL COMMENT 'as in the outbox, and so on',
  branch_id BIGINT NOT NULL COMMENT 'likewise',
  attendance_id BIGINT NULL COMMENT 'likewise',
  person_id BIGINT NULL COMMENT 'likewise',
  payload VARCHAR(1000) NOT NULL COMMENT 'likewise',
  relayed_at DATETIME(6) NOT NULL COMMENT 'UTC',
  PRIMARY KEY (seq),
  UNIQUE KEY event_outbox (outbox_id),
  KEY event_relayed (relayed_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='The ordered stream of events; a day of it';

INSERT IGNORE INTO schema_migration (version, name) VALUES (15, 'attendance');
