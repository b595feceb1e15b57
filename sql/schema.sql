-- The schema after all migrations.  Made by `muster schema`; never edited.

CREATE TABLE `account` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `uuid` char(36) NOT NULL COMMENT 'the id at the doors of 002 and 003',
  `person_id` bigint(20) DEFAULT NULL COMMENT 'whose account; NULL for a device',
  `branch_id` bigint(20) DEFAULT NULL COMMENT 'limit of a branch admin; NULL for a super admin',
  `role` enum('super_admin','branch_admin','faculty','employee','student','device') NOT NULL COMMENT 'what it may do, see core/rights',
  `username` varchar(80) NOT NULL COMMENT 'lower case; signs in',
  `email` varchar(254) DEFAULT NULL COMMENT 'lower case; signs in',
  `password_hash` varchar(160) NOT NULL COMMENT 'argon2id, encoded form; empty: cannot sign in by password',
  `password_changed_at` datetime(6) DEFAULT NULL COMMENT 'UTC',
  `language` varchar(12) DEFAULT NULL COMMENT 'chosen language tag; NULL: by the browser',
  `theme` enum('system','light','dark') NOT NULL DEFAULT 'system' COMMENT 'chosen look',
  `shortcuts` tinyint(1) NOT NULL DEFAULT 1 COMMENT 'single-key shortcuts on (WCAG 2.1.4)',
  `epoch` int(11) NOT NULL DEFAULT 1 COMMENT 'raised to end all sessions and tokens at once',
  `is_demo` tinyint(1) NOT NULL DEFAULT 0 COMMENT 'demo account: works only on loopback',
  `created_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `disabled_at` datetime(6) DEFAULT NULL COMMENT 'UTC; cannot sign in',
  `revision` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change from the person''s page; what an open form compares',
  `updated_at` datetime(6) DEFAULT NULL COMMENT 'UTC; NULL: as it was made',
  `updated_by` bigint(20) DEFAULT NULL COMMENT 'account of the last change',
  PRIMARY KEY (`id`),
  UNIQUE KEY `account_uuid` (`uuid`),
  UNIQUE KEY `account_username` (`username`),
  UNIQUE KEY `account_email` (`email`),
  UNIQUE KEY `account_one_person` (`person_id`),
  KEY `account_person` (`person_id`),
  KEY `account_branch` (`branch_id`),
  KEY `account_role` (`role`,`person_id`),
  KEY `account_disabled` (`disabled_at`,`person_id`),
  CONSTRAINT `account_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`),
  CONSTRAINT `account_person` FOREIGN KEY (`person_id`) REFERENCES `person` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='What signs in';

CREATE TABLE `attachment` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `completion_id` bigint(20) NOT NULL COMMENT 'completion it belongs to',
  `file_id` binary(16) NOT NULL COMMENT 'stored bytes',
  `name` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as the user called it; never a path on our disk',
  `description` varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL DEFAULT '' COMMENT 'what the uploader said of it',
  `uploaded_by` bigint(20) NOT NULL COMMENT 'account',
  `download_count` int(11) NOT NULL DEFAULT 0 COMMENT 'kept with download_log',
  `created_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `deleted_at` datetime(6) DEFAULT NULL COMMENT 'UTC; the row stays',
  `deleted_by` bigint(20) DEFAULT NULL COMMENT 'account',
  PRIMARY KEY (`id`),
  KEY `attachment_completion` (`completion_id`,`id`),
  KEY `attachment_file` (`file_id`),
  KEY `attachment_uploader` (`uploaded_by`),
  CONSTRAINT `attachment_completion` FOREIGN KEY (`completion_id`) REFERENCES `completion` (`id`),
  CONSTRAINT `attachment_file` FOREIGN KEY (`file_id`) REFERENCES `file` (`id`),
  CONSTRAINT `attachment_uploader` FOREIGN KEY (`uploaded_by`) REFERENCES `account` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='A file of a session';

CREATE TABLE `attempt_evidence` (
  `attempt_id` bigint(20) NOT NULL COMMENT 'attempt',
  `kind` enum('place','address') NOT NULL COMMENT 'what it is',
  `sealed` varbinary(255) NOT NULL COMMENT 'AES-256-GCM under a key outside the database: JSON of coordinates, or the address',
  `expires_at` datetime(6) NOT NULL COMMENT 'UTC; removed afterwards',
  PRIMARY KEY (`attempt_id`,`kind`),
  KEY `attempt_evidence_expiry` (`expires_at`),
  CONSTRAINT `attempt_evidence_attempt` FOREIGN KEY (`attempt_id`) REFERENCES `attendance_attempt` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Personal evidence with its clock';

CREATE TABLE `attempt_photo` (
  `attempt_id` bigint(20) NOT NULL COMMENT 'attempt',
  `file_id` binary(16) NOT NULL COMMENT 'stored bytes',
  `verification_id` char(36) DEFAULT NULL COMMENT '002: what a verifier calls back with',
  `verifier_state` enum('none','pending','passed','failed','timeout') NOT NULL DEFAULT 'none' COMMENT 'none: no verifier is connected, a person looks',
  `verifier_reason` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'what the verifier gave',
  `pending_until` datetime(6) DEFAULT NULL COMMENT 'UTC; a later answer is too late',
  `expires_at` datetime(6) NOT NULL COMMENT 'UTC; the photo is removed afterwards',
  PRIMARY KEY (`attempt_id`),
  UNIQUE KEY `attempt_photo_verification` (`verification_id`),
  KEY `attempt_photo_expiry` (`expires_at`),
  KEY `attempt_photo_file` (`file_id`),
  CONSTRAINT `attempt_photo_attempt` FOREIGN KEY (`attempt_id`) REFERENCES `attendance_attempt` (`id`),
  CONSTRAINT `attempt_photo_file` FOREIGN KEY (`file_id`) REFERENCES `file` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='The photo of an attempt';

CREATE TABLE `attendance_attempt` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `attendance_id` bigint(20) DEFAULT NULL COMMENT 'session; NULL: a code that is of none',
  `person_id` bigint(20) DEFAULT NULL COMMENT 'student; NULL: a device read a code that is nobody''s',
  `actor_id` bigint(20) DEFAULT NULL COMMENT 'account that acted; NULL: the system',
  `nonce` binary(16) NOT NULL COMMENT 'the client''s, hashed, or the server''s: the same try sent twice is one try',
  `path` enum('form','qr','json','device','teacher','import','auto') NOT NULL COMMENT 'how it came',
  `happened_at` datetime(6) NOT NULL COMMENT 'UTC; the scan of a receipt, else as learned',
  `learned_at` datetime(6) NOT NULL COMMENT 'UTC',
  `decision` enum('approved','flagged','rejected') NOT NULL COMMENT 'by the rules; a flagged one is decided below',
  `reason` varchar(40) DEFAULT NULL COMMENT 'code of base/reason.h; NULL: approved',
  `status` enum('present','late') DEFAULT NULL COMMENT 'what it is worth if approved',
  `late_s` int(11) DEFAULT NULL COMMENT 'seconds after the planned start; NULL: not late',
  `signals` varchar(1500) NOT NULL COMMENT 'JSON array of facts: distances, limits, accuracies; no position, no address',
  `code_step` bigint(20) DEFAULT NULL COMMENT 'step of the rotating code that was right',
  `receipt_id` binary(16) DEFAULT NULL COMMENT 'scan receipt it used',
  `browser_hash` binary(32) DEFAULT NULL COMMENT 'SHA-256 of the browser''s cookie; the retention job empties it',
  `device_id` bigint(20) DEFAULT NULL COMMENT '003: the scanner',
  `decided_state` enum('open','approved','rejected','lapsed') DEFAULT NULL COMMENT 'of a flagged one: not decided yet, decided, or overtaken by a mark of the teacher; NULL: was not flagged',
  `decided_by` bigint(20) DEFAULT NULL COMMENT 'account; NULL: a verifier or nobody',
  `decided_at` datetime(6) DEFAULT NULL COMMENT 'UTC',
  `decided_why` varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'what who decided gave',
  PRIMARY KEY (`id`),
  UNIQUE KEY `attendance_attempt_nonce` (`actor_id`,`nonce`),
  UNIQUE KEY `attendance_attempt_receipt` (`receipt_id`),
  KEY `attendance_attempt_session` (`attendance_id`,`person_id`,`id`),
  KEY `attendance_attempt_open` (`attendance_id`,`decided_state`,`id`),
  KEY `attendance_attempt_browser` (`browser_hash`,`attendance_id`,`person_id`),
  KEY `attendance_attempt_person` (`person_id`,`learned_at`),
  CONSTRAINT `attendance_attempt_person` FOREIGN KEY (`person_id`) REFERENCES `person` (`id`),
  CONSTRAINT `attendance_attempt_session` FOREIGN KEY (`attendance_id`) REFERENCES `attendance_session` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='One try to check in, kept whatever came of it; append-only but for the decision';

CREATE TABLE `attendance_change` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `attendance_id` bigint(20) NOT NULL COMMENT 'session',
  `person_id` bigint(20) NOT NULL COMMENT 'student',
  `act_id` binary(16) NOT NULL COMMENT 'random, the same for all rows of one act: what Undo takes back',
  `old_row` varchar(2200) DEFAULT NULL COMMENT 'JSON of the record before; NULL: unmarked',
  `new_row` varchar(2200) DEFAULT NULL COMMENT 'JSON of the record after; NULL: unmarked',
  `why` varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'what who changed it gave',
  `by_account` bigint(20) DEFAULT NULL COMMENT 'account; NULL: the system',
  `at` datetime(6) NOT NULL COMMENT 'UTC',
  `undone_by` binary(16) DEFAULT NULL COMMENT 'act that took it back',
  PRIMARY KEY (`id`),
  KEY `attendance_change_session` (`attendance_id`,`person_id`,`id`),
  KEY `attendance_change_act` (`act_id`),
  CONSTRAINT `attendance_change_session` FOREIGN KEY (`attendance_id`) REFERENCES `attendance_session` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Changes of records by people and by closing; a record that an attempt made has the attempt as its history';

CREATE TABLE `attendance_guest` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `attendance_id` bigint(20) NOT NULL COMMENT 'session',
  `name` varchar(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as they said',
  `remark` varchar(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'of the teacher',
  `added_by` bigint(20) DEFAULT NULL COMMENT 'account',
  `added_at` datetime(6) NOT NULL COMMENT 'UTC',
  `person_id` bigint(20) DEFAULT NULL COMMENT 'student it turned out to be',
  `merged_at` datetime(6) DEFAULT NULL COMMENT 'UTC',
  `removed_at` datetime(6) DEFAULT NULL COMMENT 'UTC',
  PRIMARY KEY (`id`),
  KEY `attendance_guest_session` (`attendance_id`),
  KEY `attendance_guest_person` (`person_id`),
  CONSTRAINT `attendance_guest_person` FOREIGN KEY (`person_id`) REFERENCES `person` (`id`),
  CONSTRAINT `attendance_guest_session` FOREIGN KEY (`attendance_id`) REFERENCES `attendance_session` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Somebody who came and is no student we know';

CREATE TABLE `attendance_policy` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `branch_id` bigint(20) NOT NULL COMMENT 'branch it is the default of',
  `course_id` bigint(20) DEFAULT NULL COMMENT 'course whose own default it is; NULL: of the branch',
  `early_min` smallint(6) NOT NULL DEFAULT 15 COMMENT 'minutes before the planned start from which it may be opened and checked in to',
  `late_after_s` int(11) NOT NULL DEFAULT 900 COMMENT 'seconds after the planned start from which a check-in is late',
  `close_after_min` smallint(6) NOT NULL DEFAULT 20 COMMENT 'minutes after the opening or the planned start, whichever is later, until it closes',
  `code_level` enum('off','flag','must') NOT NULL DEFAULT 'must' COMMENT 'rotating code: not asked, only flags, or must be right',
  `place_level` enum('off','flag','must') NOT NULL DEFAULT 'off' COMMENT 'the same of the position',
  `network_level` enum('off','flag','must') NOT NULL DEFAULT 'off' COMMENT 'the same of the client address',
  `photo_level` enum('off','flag','must') NOT NULL DEFAULT 'off' COMMENT 'the same of a photo',
  `device_level` enum('off','flag','must') NOT NULL DEFAULT 'flag' COMMENT 'the same of many students on one browser',
  `radius_m` int(11) NOT NULL DEFAULT 100 COMMENT 'metres around the room that count as inside',
  `code_period_s` smallint(6) NOT NULL DEFAULT 15 COMMENT 'seconds a rotating code is shown',
  `max_tries` smallint(6) NOT NULL DEFAULT 5 COMMENT 'failed tries of one student in one session; more are refused',
  `lock_days` smallint(6) NOT NULL DEFAULT 14 COMMENT 'days after the session from which a correction needs a reason',
  `aim_percent` smallint(6) NOT NULL DEFAULT 80 COMMENT 'rate of attendance that is asked of students',
  `auto_open` tinyint(1) NOT NULL DEFAULT 0 COMMENT 'students in the room may open it within the planned time',
  `names_on_screen` tinyint(1) NOT NULL DEFAULT 0 COMMENT 'the projector shows first names and initials',
  `evidence_days` smallint(6) NOT NULL DEFAULT 30 COMMENT 'days that positions, addresses and photos are kept',
  `version` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change',
  `updated_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `scope_course` bigint(20) GENERATED ALWAYS AS (coalesce(`course_id`,0)) STORED COMMENT 'for the unique key',
  PRIMARY KEY (`id`),
  UNIQUE KEY `attendance_policy_scope` (`branch_id`,`scope_course`),
  KEY `attendance_policy_course` (`course_id`),
  CONSTRAINT `attendance_policy_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`),
  CONSTRAINT `attendance_policy_course` FOREIGN KEY (`course_id`) REFERENCES `course` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='How check-in is checked unless a session says otherwise; a branch without a row has the defaults of the columns';

CREATE TABLE `attendance_record` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `attendance_id` bigint(20) NOT NULL COMMENT 'session',
  `person_id` bigint(20) NOT NULL COMMENT 'student',
  `status` enum('present','late','excused','absent') NOT NULL COMMENT 'unmarked is no row',
  `method` enum('form','qr','json','device','teacher','import','auto','excuse') NOT NULL COMMENT 'what made it so',
  `happened_at` datetime(6) NOT NULL COMMENT 'UTC; when the student came, or the mark was made',
  `late_s` int(11) DEFAULT NULL COMMENT 'seconds after the planned start; NULL: not late or not known',
  `remark` varchar(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'of the teacher',
  `attempt_id` bigint(20) DEFAULT NULL COMMENT 'attempt it rests on',
  `set_by` bigint(20) DEFAULT NULL COMMENT 'account; NULL: the student''s own attempt, or the system',
  `updated_at` datetime(6) NOT NULL COMMENT 'UTC',
  `version` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change',
  PRIMARY KEY (`id`),
  UNIQUE KEY `attendance_record_person` (`attendance_id`,`person_id`),
  KEY `attendance_record_of_person` (`person_id`,`attendance_id`,`status`),
  CONSTRAINT `attendance_record_person` FOREIGN KEY (`person_id`) REFERENCES `person` (`id`),
  CONSTRAINT `attendance_record_session` FOREIGN KEY (`attendance_id`) REFERENCES `attendance_session` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='The current attendance of one student in one session';

CREATE TABLE `attendance_session` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `uuid` char(36) NOT NULL COMMENT 'the id at the door of 002',
  `branch_id` bigint(20) NOT NULL COMMENT 'limits who sees it',
  `occurrence_id` bigint(20) DEFAULT NULL COMMENT 'class meeting it is of; NULL: on its own (002, 003)',
  `course_id` bigint(20) DEFAULT NULL COMMENT 'course; NULL: none',
  `class_id` bigint(20) DEFAULT NULL COMMENT 'class; NULL: none',
  `section_id` bigint(20) DEFAULT NULL COMMENT '003: the one section; NULL: all of the course',
  `teacher_id` bigint(20) DEFAULT NULL COMMENT 'person who holds it',
  `device_id` bigint(20) DEFAULT NULL COMMENT '003: the scanner bound to it',
  `room_id` bigint(20) DEFAULT NULL COMMENT 'room, for its place',
  `roster` enum('course','section','class','open') NOT NULL COMMENT 'who is expected: enrolled in the course (and in the class), members of the section or of the course''s sections, of the class, or anybody',
  `door` enum('own','000','002','003') NOT NULL DEFAULT 'own' COMMENT 'contract it was made by',
  `mode` varchar(20) NOT NULL DEFAULT '' COMMENT 'that contract''s word: self_checkin, teams_auto, hybrid, 1, 2, 3',
  `title` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as shown; 002 lesson_name',
  `room` varchar(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL DEFAULT '' COMMENT 'where, as people call it',
  `session_date` date NOT NULL COMMENT 'wall-clock date in `zone`; enrolments are those of this day',
  `zone` varchar(64) NOT NULL COMMENT 'IANA zone',
  `state` enum('open','paused','closed') NOT NULL DEFAULT 'open' COMMENT 'open may still be early: see opens_at',
  `opens_at` datetime(6) NOT NULL COMMENT 'UTC; no check-in before',
  `late_at` datetime(6) DEFAULT NULL COMMENT 'UTC; from here on late; NULL: never',
  `closes_at` datetime(6) NOT NULL COMMENT 'UTC; no check-in from here on, and it closes by itself',
  `code_level` enum('off','flag','must') NOT NULL COMMENT 'see attendance_policy',
  `place_level` enum('off','flag','must') NOT NULL COMMENT 'likewise',
  `network_level` enum('off','flag','must') NOT NULL COMMENT 'likewise',
  `photo_level` enum('off','flag','must') NOT NULL COMMENT 'likewise',
  `device_level` enum('off','flag','must') NOT NULL COMMENT 'likewise',
  `latitude_e7` int(11) DEFAULT NULL COMMENT 'of the room, degrees times 10,000,000',
  `longitude_e7` int(11) DEFAULT NULL COMMENT 'likewise',
  `radius_m` int(11) NOT NULL COMMENT 'metres that count as inside',
  `reference_address` varchar(45) DEFAULT NULL COMMENT '002: the teacher''s address at creation, whose /24 or /64 is the network',
  `code_key` binary(32) NOT NULL COMMENT 'key of its rotating codes',
  `code_period_s` smallint(6) NOT NULL COMMENT 'seconds a code is shown',
  `max_tries` smallint(6) NOT NULL COMMENT 'see attendance_policy',
  `evidence_days` smallint(6) NOT NULL COMMENT 'likewise',
  `lock_days` smallint(6) NOT NULL COMMENT 'likewise',
  `names_on_screen` tinyint(1) NOT NULL COMMENT 'likewise',
  `n_expected` int(11) DEFAULT NULL COMMENT 'set when it closes, for lists; NULL while it is open',
  `n_present` int(11) DEFAULT NULL COMMENT 'likewise; kept by later corrections',
  `n_late` int(11) DEFAULT NULL COMMENT 'likewise',
  `n_excused` int(11) DEFAULT NULL COMMENT 'likewise',
  `n_absent` int(11) DEFAULT NULL COMMENT 'likewise',
  `close_reason` varchar(40) DEFAULT NULL COMMENT 'person, time, confirmed (000)',
  `reopen_reason` varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'what who reopened it gave',
  `created_by` bigint(20) DEFAULT NULL COMMENT 'account; NULL: the system',
  `created_at` datetime(6) NOT NULL COMMENT 'UTC',
  `updated_at` datetime(6) NOT NULL COMMENT 'UTC',
  `closed_by` bigint(20) DEFAULT NULL COMMENT 'account; NULL: the timer',
  `closed_at` datetime(6) DEFAULT NULL COMMENT 'UTC',
  `deleted_at` datetime(6) DEFAULT NULL COMMENT 'UTC; 002: soft deletion, hides it from lists',
  `delete_reason` varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT '002',
  `version` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change of this row',
  `live_device_id` bigint(20) GENERATED ALWAYS AS (if(`state` = 'closed' or `deleted_at` is not null,NULL,`device_id`)) VIRTUAL COMMENT 'for the unique key: one open session a device',
  PRIMARY KEY (`id`),
  UNIQUE KEY `attendance_session_uuid` (`uuid`),
  UNIQUE KEY `attendance_session_occurrence` (`occurrence_id`),
  UNIQUE KEY `attendance_session_live_device` (`live_device_id`),
  KEY `attendance_session_teacher` (`teacher_id`,`state`,`opens_at`),
  KEY `attendance_session_open` (`state`,`closes_at`),
  KEY `attendance_session_branch` (`branch_id`,`state`,`opens_at`),
  KEY `attendance_session_course` (`course_id`,`session_date`),
  KEY `attendance_session_class` (`class_id`,`session_date`),
  KEY `attendance_session_section` (`section_id`),
  KEY `attendance_session_device` (`device_id`),
  KEY `attendance_session_room` (`room_id`),
  CONSTRAINT `attendance_session_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`),
  CONSTRAINT `attendance_session_class` FOREIGN KEY (`class_id`) REFERENCES `class` (`id`),
  CONSTRAINT `attendance_session_course` FOREIGN KEY (`course_id`) REFERENCES `course` (`id`),
  CONSTRAINT `attendance_session_device` FOREIGN KEY (`device_id`) REFERENCES `device` (`id`),
  CONSTRAINT `attendance_session_occurrence` FOREIGN KEY (`occurrence_id`) REFERENCES `occurrence` (`id`),
  CONSTRAINT `attendance_session_room` FOREIGN KEY (`room_id`) REFERENCES `room` (`id`),
  CONSTRAINT `attendance_session_section` FOREIGN KEY (`section_id`) REFERENCES `section` (`id`),
  CONSTRAINT `attendance_session_teacher` FOREIGN KEY (`teacher_id`) REFERENCES `person` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='The window in which an occurrence can be checked in to';

CREATE TABLE `attendance_window` (
  `attendance_id` bigint(20) NOT NULL COMMENT 'attendance session',
  `window_min` smallint(6) NOT NULL COMMENT '000 checkin_window_minutes: before and after the planned start',
  `teams_meeting_id` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT '000; kept, nobody is asked',
  `teams_meeting_url` varchar(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT '000; likewise',
  PRIMARY KEY (`attendance_id`),
  CONSTRAINT `attendance_window_session` FOREIGN KEY (`attendance_id`) REFERENCES `attendance_session` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='What contract 000 knows of an attendance session besides ours';

CREATE TABLE `audit_chain` (
  `seq` bigint(20) NOT NULL COMMENT 'place in the chain, from 1 without gaps: the order in which rows were read, not that of their ids',
  `audit_id` bigint(20) NOT NULL COMMENT 'the row of audit_log',
  `hash` binary(32) NOT NULL COMMENT 'SHA-256 over the hash before it, seq, hashed_at and the row',
  `hashed_at` datetime(6) NOT NULL COMMENT 'UTC',
  `seal` binary(32) DEFAULT NULL COMMENT 'on the last link of each batch: HMAC of the hash under a key outside the database',
  `key_id` binary(8) DEFAULT NULL COMMENT 'names the key of the seal',
  PRIMARY KEY (`seq`),
  UNIQUE KEY `audit_chain_audit` (`audit_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Append-only; the application may insert and read, nothing else';

CREATE TABLE `audit_log` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `at` datetime(6) NOT NULL COMMENT 'UTC',
  `actor_id` bigint(20) DEFAULT NULL COMMENT 'account; NULL: the system or nobody signed in',
  `request_id` char(32) NOT NULL COMMENT 'id of the request as logged; empty outside one',
  `action` varchar(40) NOT NULL COMMENT 'code, such as session.completed',
  `branch_id` bigint(20) DEFAULT NULL COMMENT 'limits who may read it',
  `object` varchar(20) NOT NULL COMMENT 'kind: occurrence, account, schedule, ...',
  `object_id` bigint(20) NOT NULL COMMENT 'id of that kind',
  `detail` varchar(2000) NOT NULL COMMENT 'JSON object of ids, codes and digests of personal values',
  `family` varchar(40) GENERATED ALWAYS AS (substring_index(`action`,'.',1)) VIRTUAL COMMENT 'the action before its dot, for searching',
  PRIMARY KEY (`id`),
  KEY `audit_log_object` (`object`,`object_id`,`id`),
  KEY `audit_log_actor` (`actor_id`,`id`),
  KEY `audit_log_branch` (`branch_id`,`id`),
  KEY `audit_log_at` (`at`),
  KEY `audit_log_request` (`request_id`),
  KEY `audit_log_kind` (`object`,`id`),
  KEY `audit_log_family` (`family`,`id`),
  KEY `audit_log_branch_family` (`branch_id`,`family`,`id`),
  KEY `audit_log_actor_family` (`actor_id`,`family`,`id`),
  KEY `audit_log_actor_kind` (`actor_id`,`object`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Append-only; the application may insert and read, nothing else';

CREATE TABLE `batch` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `department_id` bigint(20) NOT NULL COMMENT 'department it is part of',
  `name` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'an intake, such as 2026',
  `ended_at` datetime(6) DEFAULT NULL COMMENT 'UTC; soft end',
  `revision` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change; what an open form compares',
  `updated_at` datetime(6) DEFAULT NULL COMMENT 'UTC; NULL: as it was made',
  `updated_by` bigint(20) DEFAULT NULL COMMENT 'account of the last change',
  `name_live` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci GENERATED ALWAYS AS (if(`ended_at` is null,`name`,NULL)) VIRTUAL COMMENT 'for the unique key',
  PRIMARY KEY (`id`),
  UNIQUE KEY `batch_name` (`department_id`,`name_live`),
  KEY `batch_department` (`department_id`),
  CONSTRAINT `batch_department` FOREIGN KEY (`department_id`) REFERENCES `department` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='An intake of students of a department';

CREATE TABLE `branch` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `name` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as shown',
  `zone` varchar(64) NOT NULL COMMENT 'IANA time zone; schedules are wall-clock rules in it',
  `version` bigint(20) NOT NULL DEFAULT 1 COMMENT 'raised by each transaction that changes what session lists of this branch show',
  `created_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `ended_at` datetime(6) DEFAULT NULL COMMENT 'UTC; soft end',
  `revision` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change of name, zone or end; what an open form compares',
  `updated_at` datetime(6) DEFAULT NULL COMMENT 'UTC; NULL: as it was made',
  `updated_by` bigint(20) DEFAULT NULL COMMENT 'account of the last change',
  `name_live` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci GENERATED ALWAYS AS (if(`ended_at` is null,`name`,NULL)) VIRTUAL COMMENT 'for the unique key',
  PRIMARY KEY (`id`),
  UNIQUE KEY `branch_name` (`name_live`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='A campus or centre; limits what a branch admin sees';

CREATE TABLE `branch_network` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `branch_id` bigint(20) NOT NULL COMMENT 'branch whose network it is',
  `cidr` varchar(49) NOT NULL COMMENT 'normalised, such as 192.0.2.0/24 or 2001:db8::/32',
  `label` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL DEFAULT '' COMMENT 'as people call it, such as Campus Wi-Fi',
  `created_by` bigint(20) DEFAULT NULL COMMENT 'account',
  `created_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  PRIMARY KEY (`id`),
  UNIQUE KEY `branch_network_cidr` (`branch_id`,`cidr`),
  CONSTRAINT `branch_network_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Addresses from which the institution''s own network is seen';

CREATE TABLE `class` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `branch_id` bigint(20) NOT NULL COMMENT 'branch it belongs to',
  `name` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT '000 class_name, 004 batch title',
  `n_members` int(11) NOT NULL DEFAULT 0 COMMENT 'students in its sections now; kept by the transactions that change memberships',
  `ended_at` datetime(6) DEFAULT NULL COMMENT 'UTC; soft end',
  `revision` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change of name, sections, staff or end; what an open form compares',
  `updated_at` datetime(6) DEFAULT NULL COMMENT 'UTC; NULL: as it was made',
  `updated_by` bigint(20) DEFAULT NULL COMMENT 'account of the last change',
  `name_live` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci GENERATED ALWAYS AS (if(`ended_at` is null,`name`,NULL)) VIRTUAL COMMENT 'for the unique key',
  PRIMARY KEY (`id`),
  UNIQUE KEY `class_name` (`branch_id`,`name_live`),
  KEY `class_branch` (`branch_id`,`name`),
  CONSTRAINT `class_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Sections taught together; the batch of the 004 contract';

CREATE TABLE `class_section` (
  `class_id` bigint(20) NOT NULL COMMENT 'class',
  `section_id` bigint(20) NOT NULL COMMENT 'section',
  PRIMARY KEY (`class_id`,`section_id`),
  KEY `class_section_section` (`section_id`),
  CONSTRAINT `class_section_class` FOREIGN KEY (`class_id`) REFERENCES `class` (`id`),
  CONSTRAINT `class_section_section` FOREIGN KEY (`section_id`) REFERENCES `section` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Which sections make a class';

CREATE TABLE `class_staff` (
  `class_id` bigint(20) NOT NULL COMMENT 'class',
  `person_id` bigint(20) NOT NULL COMMENT 'faculty or employee who may work on all sessions of the class',
  PRIMARY KEY (`class_id`,`person_id`),
  KEY `class_staff_person` (`person_id`),
  CONSTRAINT `class_staff_class` FOREIGN KEY (`class_id`) REFERENCES `class` (`id`),
  CONSTRAINT `class_staff_person` FOREIGN KEY (`person_id`) REFERENCES `person` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Staff assigned to a class (004 batch_assignments)';

CREATE TABLE `closure` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `branch_id` bigint(20) DEFAULT NULL COMMENT 'branch that is closed; NULL: the whole institution',
  `name` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as shown, such as Winter break',
  `from_date` date NOT NULL COMMENT 'first closed day',
  `to_date` date NOT NULL COMMENT 'last closed day',
  `version` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change',
  `created_by` bigint(20) DEFAULT NULL COMMENT 'account',
  `created_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `ended_at` datetime(6) DEFAULT NULL COMMENT 'UTC; removed, its sessions came back',
  PRIMARY KEY (`id`),
  KEY `closure_branch` (`branch_id`,`to_date`),
  KEY `closure_to` (`to_date`),
  CONSTRAINT `closure_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Days on which no session is held';

CREATE TABLE `completion` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'from 1000000001 on: 004''s clients send it and occurrence ids under one name',
  `occurrence_id` bigint(20) NOT NULL COMMENT 'class meeting it tells of',
  `state` enum('pending','completed','checked','returned','cancelled') NOT NULL DEFAULT 'pending' COMMENT 'checked is an admin''s sign-off and locks it',
  `faculty_id` bigint(20) DEFAULT NULL COMMENT 'account; 004 faculty_id',
  `employee_id` bigint(20) DEFAULT NULL COMMENT 'account; 004 employee_id',
  `actual_start` time DEFAULT NULL COMMENT 'wall clock in the occurrence''s zone',
  `actual_end` time DEFAULT NULL COMMENT 'wall clock in the occurrence''s zone, after actual_start',
  `code` varchar(100) DEFAULT NULL COMMENT 'completion code as typed or generated',
  `code_key` varchar(100) DEFAULT NULL COMMENT 'the code folded for comparison; NULL when there is none or the row is cancelled',
  `code_generated` tinyint(1) NOT NULL DEFAULT 0 COMMENT 'made by us, with check characters',
  `notes` mediumtext CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'what was covered, up to 20,000 characters',
  `completed_by` bigint(20) DEFAULT NULL COMMENT 'account',
  `completed_at` datetime(6) DEFAULT NULL COMMENT 'UTC',
  `checked_by` bigint(20) DEFAULT NULL COMMENT 'account of the admin who signed it off or returned it',
  `checked_at` datetime(6) DEFAULT NULL COMMENT 'UTC',
  `return_reason` varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'what the admin gave when sending it back',
  `note_count` int(11) NOT NULL DEFAULT 0 COMMENT 'notes not deleted; kept by the transactions that change them',
  `file_count` int(11) NOT NULL DEFAULT 0 COMMENT 'attachments not deleted; kept likewise',
  `created_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `updated_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `live_occurrence_id` bigint(20) GENERATED ALWAYS AS (if(`state` = 'cancelled',NULL,`occurrence_id`)) VIRTUAL COMMENT 'for the unique key: one live completion',
  PRIMARY KEY (`id`),
  UNIQUE KEY `completion_live` (`live_occurrence_id`),
  UNIQUE KEY `completion_code` (`code_key`),
  KEY `completion_occurrence` (`occurrence_id`),
  KEY `completion_faculty` (`faculty_id`),
  KEY `completion_employee` (`employee_id`),
  KEY `completion_by` (`completed_by`),
  CONSTRAINT `completion_by` FOREIGN KEY (`completed_by`) REFERENCES `account` (`id`),
  CONSTRAINT `completion_employee` FOREIGN KEY (`employee_id`) REFERENCES `account` (`id`),
  CONSTRAINT `completion_faculty` FOREIGN KEY (`faculty_id`) REFERENCES `account` (`id`),
  CONSTRAINT `completion_occurrence` FOREIGN KEY (`occurrence_id`) REFERENCES `occurrence` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='What really happened in an occurrence; at most one live';

CREATE TABLE `completion_reminder` (
  `occurrence_id` bigint(20) NOT NULL COMMENT 'class meeting whose completion is missing',
  `reminded_by` bigint(20) DEFAULT NULL COMMENT 'account of the admin',
  `reminded_at` datetime(6) NOT NULL COMMENT 'UTC; at most once a day',
  PRIMARY KEY (`occurrence_id`),
  KEY `completion_reminder_by` (`reminded_by`),
  CONSTRAINT `completion_reminder_by` FOREIGN KEY (`reminded_by`) REFERENCES `account` (`id`),
  CONSTRAINT `completion_reminder_occurrence` FOREIGN KEY (`occurrence_id`) REFERENCES `occurrence` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='When somebody was last reminded of a missing completion';

CREATE TABLE `course` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `branch_id` bigint(20) NOT NULL COMMENT 'branch it belongs to',
  `code` varchar(40) NOT NULL COMMENT 'institution''s code, such as DEMO101',
  `title` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as shown',
  `ended_at` datetime(6) DEFAULT NULL COMMENT 'UTC; soft end, the code is free again',
  `code_live` varchar(40) GENERATED ALWAYS AS (if(`ended_at` is null,`code`,NULL)) VIRTUAL COMMENT 'for the unique key',
  `revision` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change of code, title, sections, teachers or end; what an open form compares',
  `updated_at` datetime(6) DEFAULT NULL COMMENT 'UTC; NULL: as it was made',
  `updated_by` bigint(20) DEFAULT NULL COMMENT 'account of the last change',
  PRIMARY KEY (`id`),
  UNIQUE KEY `course_code` (`branch_id`,`code_live`),
  CONSTRAINT `course_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='What is taught';

CREATE TABLE `course_section` (
  `course_id` bigint(20) NOT NULL COMMENT 'course',
  `section_id` bigint(20) NOT NULL COMMENT 'section',
  PRIMARY KEY (`course_id`,`section_id`),
  KEY `course_section_section` (`section_id`),
  CONSTRAINT `course_section_course` FOREIGN KEY (`course_id`) REFERENCES `course` (`id`),
  CONSTRAINT `course_section_section` FOREIGN KEY (`section_id`) REFERENCES `section` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Which sections take a course';

CREATE TABLE `course_teacher` (
  `course_id` bigint(20) NOT NULL COMMENT 'course',
  `person_id` bigint(20) NOT NULL COMMENT 'person',
  PRIMARY KEY (`course_id`,`person_id`),
  KEY `course_teacher_person` (`person_id`),
  CONSTRAINT `course_teacher_course` FOREIGN KEY (`course_id`) REFERENCES `course` (`id`),
  CONSTRAINT `course_teacher_person` FOREIGN KEY (`person_id`) REFERENCES `person` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Who teaches a course';

CREATE TABLE `department` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `branch_id` bigint(20) NOT NULL COMMENT 'branch it belongs to',
  `name` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as shown',
  `ended_at` datetime(6) DEFAULT NULL COMMENT 'UTC; soft end',
  `revision` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change; what an open form compares',
  `updated_at` datetime(6) DEFAULT NULL COMMENT 'UTC; NULL: as it was made',
  `updated_by` bigint(20) DEFAULT NULL COMMENT 'account of the last change',
  `name_live` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci GENERATED ALWAYS AS (if(`ended_at` is null,`name`,NULL)) VIRTUAL COMMENT 'for the unique key',
  PRIMARY KEY (`id`),
  UNIQUE KEY `department_name` (`branch_id`,`name_live`),
  KEY `department_branch` (`branch_id`),
  CONSTRAINT `department_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Part of a branch that teaches';

CREATE TABLE `device` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `branch_id` bigint(20) NOT NULL COMMENT 'branch it stands in',
  `account_id` bigint(20) DEFAULT NULL COMMENT 'account of role device that acts for it',
  `code` varchar(40) NOT NULL COMMENT '003 device_id, such as DEV-01',
  `name` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as shown',
  `location` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL DEFAULT '' COMMENT 'where it hangs',
  `ip_address` varchar(45) NOT NULL DEFAULT '' COMMENT 'as its owner wrote it; 003',
  `mac_address` varchar(40) NOT NULL DEFAULT '' COMMENT 'as its owner wrote it; 003',
  `key_hash` binary(32) NOT NULL COMMENT 'SHA-256 of its key',
  `blocked_at` datetime(6) DEFAULT NULL COMMENT 'UTC; its key is refused',
  `last_seen_at` datetime(6) DEFAULT NULL COMMENT 'UTC; written at most once a minute',
  `version` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change',
  `registered_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `ended_at` datetime(6) DEFAULT NULL COMMENT 'UTC; soft end, the code is free again',
  `code_live` varchar(40) GENERATED ALWAYS AS (if(`ended_at` is null,`code`,NULL)) VIRTUAL COMMENT 'for the unique key',
  PRIMARY KEY (`id`),
  UNIQUE KEY `device_code` (`code_live`),
  KEY `device_branch` (`branch_id`),
  KEY `device_account` (`account_id`),
  CONSTRAINT `device_account` FOREIGN KEY (`account_id`) REFERENCES `account` (`id`),
  CONSTRAINT `device_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='A scanner or terminal that marks attendance';

CREATE TABLE `download_log` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `attachment_id` bigint(20) NOT NULL COMMENT 'attachment fetched',
  `account_id` bigint(20) NOT NULL COMMENT 'who fetched it',
  `at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  PRIMARY KEY (`id`),
  KEY `download_log_attachment` (`attachment_id`,`id`),
  CONSTRAINT `download_log_attachment` FOREIGN KEY (`attachment_id`) REFERENCES `attachment` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Who fetched which file; a resumed or partial fetch counts once, at its start';

CREATE TABLE `enrolment` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `course_id` bigint(20) NOT NULL COMMENT 'course',
  `person_id` bigint(20) NOT NULL COMMENT 'person',
  `state` enum('pending','approved','rejected','ended') NOT NULL COMMENT 'only approved ones count',
  `from_date` date NOT NULL COMMENT 'first day',
  `to_date` date DEFAULT NULL COMMENT 'last day; NULL: open',
  `created_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `revision` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change; what an open form compares',
  `updated_at` datetime(6) DEFAULT NULL COMMENT 'UTC; NULL: as it was made',
  `updated_by` bigint(20) DEFAULT NULL COMMENT 'account of the last change',
  PRIMARY KEY (`id`),
  KEY `enrolment_course` (`course_id`,`person_id`),
  KEY `enrolment_person` (`person_id`),
  CONSTRAINT `enrolment_course` FOREIGN KEY (`course_id`) REFERENCES `course` (`id`),
  CONSTRAINT `enrolment_person` FOREIGN KEY (`person_id`) REFERENCES `person` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Student in course, from a date to a date';

CREATE TABLE `event` (
  `seq` bigint(20) NOT NULL COMMENT 'place in the stream, from 1 without gaps',
  `outbox_id` bigint(20) NOT NULL COMMENT 'row it was',
  `at` datetime(6) NOT NULL COMMENT 'UTC; of the change',
  `type` varchar(40) NOT NULL COMMENT 'as in the outbox, and so on',
  `branch_id` bigint(20) NOT NULL COMMENT 'likewise',
  `attendance_id` bigint(20) DEFAULT NULL COMMENT 'likewise',
  `course_id` bigint(20) DEFAULT NULL COMMENT 'likewise',
  `person_id` bigint(20) DEFAULT NULL COMMENT 'likewise',
  `account_id` bigint(20) DEFAULT NULL COMMENT 'likewise',
  `audience` set('admins','staff','members','person','account') NOT NULL DEFAULT '' COMMENT 'likewise',
  `payload` varchar(2000) NOT NULL COMMENT 'likewise',
  `public` varchar(1000) DEFAULT NULL COMMENT 'likewise',
  `relayed_at` datetime(6) NOT NULL COMMENT 'UTC',
  PRIMARY KEY (`seq`),
  UNIQUE KEY `event_outbox` (`outbox_id`),
  KEY `event_relayed` (`relayed_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='The ordered stream of events; a day of it';

CREATE TABLE `event_cursor` (
  `name` varchar(64) NOT NULL COMMENT 'consumer: notifier, ...',
  `seq` bigint(20) NOT NULL COMMENT 'last event it is done with; written with what it made of it',
  `moved_at` datetime(6) NOT NULL COMMENT 'UTC',
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='How far each consumer has read the stream of events';

CREATE TABLE `excuse` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `occurrence_id` bigint(20) NOT NULL COMMENT 'class meeting the student is excused from',
  `person_id` bigint(20) NOT NULL COMMENT 'student',
  `remark` varchar(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'of who entered it',
  `set_by` bigint(20) DEFAULT NULL COMMENT 'account',
  `set_at` datetime(6) NOT NULL COMMENT 'UTC',
  PRIMARY KEY (`id`),
  UNIQUE KEY `excuse_one` (`occurrence_id`,`person_id`),
  KEY `excuse_person` (`person_id`),
  CONSTRAINT `excuse_occurrence` FOREIGN KEY (`occurrence_id`) REFERENCES `occurrence` (`id`),
  CONSTRAINT `excuse_person` FOREIGN KEY (`person_id`) REFERENCES `person` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Excused before the session: prefilled when its register opens';

CREATE TABLE `file` (
  `id` binary(16) NOT NULL COMMENT 'random; also the name on disk',
  `sha256` binary(32) NOT NULL COMMENT 'of the content',
  `size` bigint(20) NOT NULL COMMENT 'bytes',
  `class` enum('pdf','video','audio','document','image') NOT NULL COMMENT 'as judged by content',
  `mime` varchar(100) NOT NULL COMMENT 'canonical type of the content',
  `extension` varchar(10) NOT NULL COMMENT 'lower case, without the dot',
  `branch_id` bigint(20) DEFAULT NULL COMMENT 'branch whose admins review it; NULL: not for review',
  `teacher_id` bigint(20) DEFAULT NULL COMMENT 'teacher of its session, kept like it; the queue finds by it',
  `course_id` bigint(20) DEFAULT NULL COMMENT 'course of its session, kept like it; the queue finds by it',
  `state` enum('stored','quarantined','deleted') NOT NULL DEFAULT 'stored' COMMENT 'deleted: the sweeper removes the bytes',
  `reviewed_by` bigint(20) DEFAULT NULL COMMENT 'account that approved or quarantined it; NULL: waiting',
  `reviewed_at` datetime(6) DEFAULT NULL COMMENT 'UTC; when; NULL: waiting',
  `review_reason` varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'why it is in quarantine, as the admin gave it',
  `review_version` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each decision',
  `created_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `removed_at` datetime(6) DEFAULT NULL COMMENT 'UTC; when the bytes went',
  `review` enum('waiting','approved','quarantined','removed') GENERATED ALWAYS AS (case when `branch_id` is null then NULL when `state` = 'deleted' then 'removed' when `state` = 'quarantined' then 'quarantined' when `reviewed_at` is null then 'waiting' else 'approved' end) STORED COMMENT 'place in the review queue; NULL: not for review',
  PRIMARY KEY (`id`),
  KEY `file_state` (`state`,`created_at`),
  KEY `file_review` (`review`,`created_at`,`id`),
  KEY `file_review_class` (`review`,`class`,`created_at`,`id`),
  KEY `file_review_branch` (`branch_id`,`review`,`created_at`,`id`),
  KEY `file_review_branch_class` (`branch_id`,`review`,`class`,`created_at`,`id`),
  KEY `file_review_teacher` (`teacher_id`,`review`,`created_at`,`id`),
  KEY `file_review_teacher_class` (`teacher_id`,`review`,`class`,`created_at`,`id`),
  KEY `file_review_branch_teacher` (`branch_id`,`teacher_id`,`review`,`created_at`,`id`),
  KEY `file_review_branch_teacher_class` (`branch_id`,`teacher_id`,`review`,`class`,`created_at`,`id`),
  KEY `file_review_course` (`course_id`,`review`,`created_at`,`id`,`branch_id`),
  KEY `file_review_course_class` (`course_id`,`review`,`class`,`created_at`,`id`,`branch_id`),
  KEY `file_review_teacher_course` (`teacher_id`,`course_id`,`review`,`created_at`,`id`,`branch_id`),
  KEY `file_review_teacher_course_class` (`teacher_id`,`course_id`,`review`,`class`,`created_at`,`id`,`branch_id`),
  KEY `file_reviewer` (`reviewed_by`),
  CONSTRAINT `file_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`),
  CONSTRAINT `file_reviewer` FOREIGN KEY (`reviewed_by`) REFERENCES `account` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Stored bytes, beneath attachments, photos, excuses and exports';

CREATE TABLE `import` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `branch_id` bigint(20) NOT NULL COMMENT 'branch that everything in the file belongs to',
  `kind` enum('people','enrolments') NOT NULL COMMENT 'what the rows are',
  `state` enum('uploaded','mapped','checked','running','done','failed','undoing','undone','dropped') NOT NULL DEFAULT 'uploaded' COMMENT 'mapped: the dry run is under way; dropped: given up before anything was written',
  `phase` enum('read','check') NOT NULL DEFAULT 'read' COMMENT 'of mapped: taking the rows of the file, then looking them up',
  `file_name` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as the user''s computer called it, cut',
  `file_id` binary(16) DEFAULT NULL COMMENT 'name in the store''s folder of imports; NULL: removed',
  `file_bytes` bigint(20) NOT NULL COMMENT 'size of the file',
  `delimiter` enum('comma','semicolon','tab') NOT NULL COMMENT 'what separates its fields',
  `first_byte` bigint(20) NOT NULL COMMENT 'where the first row below the header begins',
  `header_row` int(11) NOT NULL COMMENT 'number of the header; 1 but for blank lines above',
  `header` text NOT NULL COMMENT 'names of the columns as in the file, separated by line feeds',
  `mapping` text NOT NULL COMMENT 'field of each column, separated by commas; - is ignored',
  `n_rows` int(11) NOT NULL COMMENT 'rows below the header',
  `last_row` int(11) NOT NULL COMMENT 'number of the last row; the header is the first, blank lines count',
  `today` date NOT NULL COMMENT 'day in the branch''s zone that stands for an empty first day',
  `position` bigint(20) NOT NULL DEFAULT 0 COMMENT 'reading: byte of the file; else number of the last row dealt with (undoing: of the lowest)',
  `read_row` int(11) NOT NULL DEFAULT 0 COMMENT 'reading: number of the last row taken',
  `n_created` int(11) NOT NULL DEFAULT 0 COMMENT 'rows that made (dry run: would make) something',
  `n_updated` int(11) NOT NULL DEFAULT 0 COMMENT 'rows that changed (would change) something',
  `n_same` int(11) NOT NULL DEFAULT 0 COMMENT 'rows that were so already',
  `n_wrong` int(11) NOT NULL DEFAULT 0 COMMENT 'rows with errors, left out',
  `n_back` int(11) NOT NULL DEFAULT 0 COMMENT 'rows taken back by undoing',
  `n_kept` int(11) NOT NULL DEFAULT 0 COMMENT 'rows kept by undoing, since they were changed or used',
  `failure` varchar(40) DEFAULT NULL COMMENT 'code of the reason of failed',
  `failure_row` bigint(20) DEFAULT NULL COMMENT 'its number, mostly a row',
  `version` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change of state; what an open form compares',
  `created_by` bigint(20) DEFAULT NULL COMMENT 'account; NULL: the operator''s command',
  `created_at` datetime(6) NOT NULL COMMENT 'UTC',
  `confirmed_by` bigint(20) DEFAULT NULL COMMENT 'account',
  `undone_by` bigint(20) DEFAULT NULL COMMENT 'account',
  `changed_at` datetime(6) NOT NULL COMMENT 'UTC; last change of state or progress',
  `finished_at` datetime(6) DEFAULT NULL COMMENT 'UTC; done, failed or undone',
  PRIMARY KEY (`id`),
  KEY `import_branch` (`branch_id`,`id`),
  KEY `import_state` (`state`,`id`),
  KEY `import_created_by` (`created_by`),
  CONSTRAINT `import_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`),
  CONSTRAINT `import_created_by` FOREIGN KEY (`created_by`) REFERENCES `account` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='A CSV file of people or enrolments on its way in';

CREATE TABLE `import_error` (
  `import_id` bigint(20) NOT NULL COMMENT 'import',
  `row_no` int(11) NOT NULL COMMENT 'as in the file',
  `field` varchar(20) NOT NULL COMMENT 'name of the field; empty: the whole row',
  `reason` varchar(40) NOT NULL COMMENT 'code of the reason',
  `value` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as read, cut',
  `arg` bigint(20) NOT NULL DEFAULT 0 COMMENT 'number of the reason''s text',
  PRIMARY KEY (`import_id`,`row_no`,`field`),
  CONSTRAINT `import_error_import` FOREIGN KEY (`import_id`) REFERENCES `import` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='What is wrong with a row of an import';

CREATE TABLE `import_row` (
  `import_id` bigint(20) NOT NULL COMMENT 'import',
  `row_no` int(11) NOT NULL COMMENT 'as in the file',
  `given_name` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'as read; NULL here and below: empty or not in the file, leaves what is there',
  `family_name` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'as read',
  `student_code` varchar(40) DEFAULT NULL COMMENT 'as read',
  `teacher_code` varchar(40) DEFAULT NULL COMMENT 'as read',
  `email` varchar(254) DEFAULT NULL COMMENT 'as read, in lower case',
  `username` varchar(80) DEFAULT NULL COMMENT 'as read, in lower case',
  `role` varchar(20) DEFAULT NULL COMMENT 'student, faculty or employee',
  `department` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'as read',
  `batch` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'as read',
  `section` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'as read',
  `course` varchar(40) DEFAULT NULL COMMENT 'code, as read',
  `state` varchar(10) DEFAULT NULL COMMENT 'of an enrolment',
  `from_date` date DEFAULT NULL COMMENT 'first day of the membership or enrolment',
  `to_date` date DEFAULT NULL COMMENT 'last day',
  `action` enum('read','wrong','create','update','same') NOT NULL DEFAULT 'read' COMMENT 'what the row does; wrong: see import_error',
  `person_id` bigint(20) DEFAULT NULL COMMENT 'person found or made',
  `account_id` bigint(20) DEFAULT NULL COMMENT 'account found or made',
  `group_id` bigint(20) DEFAULT NULL COMMENT 'section or course found',
  `member_id` bigint(20) DEFAULT NULL COMMENT 'section_member or enrolment found or made',
  `person_did` enum('','created','updated') NOT NULL DEFAULT '' COMMENT 'what this row did to the person',
  `account_did` enum('','created','updated') NOT NULL DEFAULT '' COMMENT 'to the account',
  `member_did` enum('','created','updated') NOT NULL DEFAULT '' COMMENT 'to the membership or enrolment',
  `person_revision` int(11) DEFAULT NULL COMMENT 'after that; another one means changed since',
  `account_revision` int(11) DEFAULT NULL COMMENT 'after that',
  `member_revision` int(11) DEFAULT NULL COMMENT 'after that',
  `person_old` text DEFAULT NULL COMMENT 'JSON of the values before, of an updated one',
  `account_old` text DEFAULT NULL COMMENT 'JSON of the values before',
  `member_old` text DEFAULT NULL COMMENT 'JSON of the values before',
  `undone` enum('','back','kept') NOT NULL DEFAULT '' COMMENT 'what undoing did',
  PRIMARY KEY (`import_id`,`row_no`),
  KEY `import_row_student` (`import_id`,`student_code`,`row_no`),
  KEY `import_row_teacher` (`import_id`,`teacher_code`,`row_no`),
  KEY `import_row_username` (`import_id`,`username`,`row_no`),
  KEY `import_row_email` (`import_id`,`email`,`row_no`),
  KEY `import_row_person` (`import_id`,`person_id`,`group_id`,`row_no`),
  KEY `import_row_undone` (`import_id`,`undone`,`row_no`),
  CONSTRAINT `import_row_import` FOREIGN KEY (`import_id`) REFERENCES `import` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='A row of an import: what was read, found and done';

CREATE TABLE `job_status` (
  `name` varchar(64) NOT NULL COMMENT 'the job',
  `runs` bigint(20) NOT NULL DEFAULT 0 COMMENT 'that ended well',
  `failures` bigint(20) NOT NULL DEFAULT 0 COMMENT 'that did not',
  `done` bigint(20) NOT NULL DEFAULT 0 COMMENT 'things it worked on',
  `succeeded_at` datetime(6) DEFAULT NULL COMMENT 'UTC, of the last that ended well',
  `failed_at` datetime(6) DEFAULT NULL COMMENT 'UTC, of the last that did not',
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='What background jobs say of themselves, for monitors';

CREATE TABLE `lease` (
  `name` varchar(64) NOT NULL COMMENT 'what is held: migrate, sweeper, ...',
  `holder` char(32) NOT NULL COMMENT 'random id of the process that holds it',
  `until_at` datetime(6) NOT NULL COMMENT 'UTC; free afterwards',
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Who does a job that only one may do at a time';

CREATE TABLE `note` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `completion_id` bigint(20) NOT NULL COMMENT 'completion it belongs to',
  `branch_id` bigint(20) DEFAULT NULL COMMENT 'that of its occurrence; limits who sees it in lists',
  `author_id` bigint(20) NOT NULL COMMENT 'account',
  `type` enum('general','followup','issue','achievement') NOT NULL DEFAULT 'general' COMMENT 'kind of note',
  `text` text CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'up to 5,000 characters',
  `due_on` date DEFAULT NULL COMMENT 'follow-ups: wall-clock day in the occurrence''s zone; NULL: none',
  `created_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `updated_at` datetime(6) DEFAULT NULL COMMENT 'UTC; NULL: never edited',
  `n_edits` int(11) NOT NULL DEFAULT 0 COMMENT 'rows of note_revision; kept by the transaction that adds one',
  `version` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change',
  `resolved_at` datetime(6) DEFAULT NULL COMMENT 'UTC; NULL: open',
  `resolved_by` bigint(20) DEFAULT NULL COMMENT 'account',
  `deleted_at` datetime(6) DEFAULT NULL COMMENT 'UTC; the row stays',
  `deleted_by` bigint(20) DEFAULT NULL COMMENT 'account',
  `open_until` date GENERATED ALWAYS AS (if(`type` = 'followup' and `resolved_at` is null and `deleted_at` is null,coalesce(`due_on`,DATE'9999-12-31'),NULL)) STORED COMMENT 'open follow-ups: due_on, without one the end of time; NULL for everything else',
  PRIMARY KEY (`id`),
  KEY `note_completion` (`completion_id`,`id`),
  KEY `note_author` (`author_id`),
  KEY `note_open` (`open_until`,`id`),
  KEY `note_open_branch` (`branch_id`,`open_until`,`id`),
  KEY `note_resolver` (`resolved_by`),
  CONSTRAINT `note_author` FOREIGN KEY (`author_id`) REFERENCES `account` (`id`),
  CONSTRAINT `note_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`),
  CONSTRAINT `note_completion` FOREIGN KEY (`completion_id`) REFERENCES `completion` (`id`),
  CONSTRAINT `note_resolver` FOREIGN KEY (`resolved_by`) REFERENCES `account` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='A remark on a session';

CREATE TABLE `note_revision` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `note_id` bigint(20) NOT NULL COMMENT 'note that was edited',
  `type` enum('general','followup','issue','achievement') NOT NULL COMMENT 'kind before the edit',
  `text` text CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'text before the edit',
  `due_on` date DEFAULT NULL COMMENT 'due date before the edit',
  `edited_by` bigint(20) NOT NULL COMMENT 'account that replaced it',
  `edited_at` datetime(6) NOT NULL COMMENT 'UTC; when it was replaced',
  PRIMARY KEY (`id`),
  KEY `note_revision_note` (`note_id`,`id`),
  KEY `note_revision_editor` (`edited_by`),
  CONSTRAINT `note_revision_editor` FOREIGN KEY (`edited_by`) REFERENCES `account` (`id`),
  CONSTRAINT `note_revision_note` FOREIGN KEY (`note_id`) REFERENCES `note` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Earlier texts of notes; append-only';

CREATE TABLE `notification` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `account_id` bigint(20) NOT NULL COMMENT 'who is told',
  `kind` varchar(40) NOT NULL COMMENT 'code of core/notify.h, such as session.cancelled',
  `entity_id` bigint(20) NOT NULL COMMENT 'what it is about; the kind says which table',
  `params` varchar(4000) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'JSON object of what its text names: ids, codes, numbers, days, short names',
  `event_seq` bigint(20) DEFAULT NULL COMMENT 'event of the stream it was made from; NULL: written with its change',
  `created_at` datetime(6) NOT NULL COMMENT 'UTC',
  `read_at` datetime(6) DEFAULT NULL COMMENT 'UTC; read, or what it was about is over; NULL: unread',
  PRIMARY KEY (`id`),
  UNIQUE KEY `notification_event` (`event_seq`,`account_id`),
  KEY `notification_account` (`account_id`,`read_at`,`id`),
  KEY `notification_entity` (`kind`,`entity_id`,`read_at`),
  KEY `notification_expiry` (`read_at`,`created_at`),
  CONSTRAINT `notification_account` FOREIGN KEY (`account_id`) REFERENCES `account` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='What somebody is told; rendered in their language when shown';

CREATE TABLE `notification_preference` (
  `account_id` bigint(20) NOT NULL COMMENT 'whose wish',
  `kind` varchar(40) NOT NULL COMMENT 'as in notification',
  `is_on` tinyint(1) NOT NULL COMMENT '0: not told; kinds without a row are on',
  `updated_at` datetime(6) NOT NULL COMMENT 'UTC',
  PRIMARY KEY (`account_id`,`kind`),
  CONSTRAINT `notification_preference_account` FOREIGN KEY (`account_id`) REFERENCES `account` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Which kinds of notifications an account wants';

CREATE TABLE `occurrence` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `branch_id` bigint(20) NOT NULL COMMENT 'limits who sees it',
  `schedule_id` bigint(20) DEFAULT NULL COMMENT 'the rule that made it; NULL: single',
  `course_id` bigint(20) DEFAULT NULL COMMENT 'course that meets; NULL: none',
  `class_id` bigint(20) DEFAULT NULL COMMENT 'class that meets; NULL: none',
  `teacher_id` bigint(20) DEFAULT NULL COMMENT 'person who holds it',
  `title` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as shown',
  `room` varchar(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL DEFAULT '' COMMENT 'where, as people call it',
  `room_id` bigint(20) DEFAULT NULL COMMENT 'room; room holds its name, or what people wrote',
  `session_date` date NOT NULL COMMENT 'wall-clock date in `zone`',
  `start_time` time NOT NULL COMMENT 'wall clock in `zone`',
  `end_time` time NOT NULL COMMENT 'wall clock in `zone`',
  `zone` varchar(64) NOT NULL COMMENT 'IANA zone the wall-clock times are in',
  `starts_at` datetime(6) NOT NULL COMMENT 'UTC, computed from date, start_time and zone',
  `ends_at` datetime(6) NOT NULL COMMENT 'UTC, computed',
  `state` enum('scheduled','completed','cancelled') NOT NULL DEFAULT 'scheduled' COMMENT 'completed: its live completion is completed or checked',
  `cancel_cause` enum('person','schedule','closure') DEFAULT NULL COMMENT 'cancelled by somebody, because its rule no longer makes it, or by a closure',
  `closure_id` bigint(20) DEFAULT NULL COMMENT 'cause closure: the closure that cancelled it',
  `cancel_reason` varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'what the person gave',
  `cancelled_by` bigint(20) DEFAULT NULL COMMENT 'account',
  `cancelled_at` datetime(6) DEFAULT NULL COMMENT 'UTC',
  `moved_from_date` date DEFAULT NULL COMMENT 'planned date before it was moved; regeneration leaves moved ones alone',
  `moved_from_time` time DEFAULT NULL COMMENT 'planned start before it was moved',
  `moved_from_end` time DEFAULT NULL COMMENT 'planned end before it was moved',
  `moved_from_room` varchar(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'room before it was moved',
  `move_reason` varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'what who moved it gave',
  `completion_id` bigint(20) DEFAULT NULL COMMENT 'its completion, live or cancelled with it; kept by the transaction that makes it, spares lists a look-up',
  `version` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change of this row or its completion',
  `created_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `review` enum('none','returned','checked') NOT NULL DEFAULT 'none' COMMENT 'what an admin said of its completion; kept by the transaction that changes the completion',
  `late_min` smallint(6) DEFAULT NULL COMMENT 'actual start minus planned start in minutes; NULL: not completed. Kept likewise',
  `in_time` tinyint(1) DEFAULT NULL COMMENT 'completed within a day of its end; NULL: not completed. Kept likewise',
  `reopen_reason` varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'what the admin gave who opened it again; NULL: nobody did since it was last completed',
  `reopened_by` bigint(20) DEFAULT NULL COMMENT 'account of that admin',
  `request_id` bigint(20) DEFAULT NULL COMMENT 'request it was made for; NULL: none',
  PRIMARY KEY (`id`),
  UNIQUE KEY `occurrence_schedule` (`schedule_id`,`session_date`,`start_time`),
  KEY `occurrence_teacher` (`teacher_id`,`starts_at`,`id`,`state`),
  KEY `occurrence_teacher_state` (`teacher_id`,`state`,`starts_at`,`id`,`ends_at`),
  KEY `occurrence_state` (`state`,`starts_at`,`id`,`ends_at`),
  KEY `occurrence_branch_state` (`branch_id`,`state`,`starts_at`,`id`,`ends_at`),
  KEY `occurrence_class` (`class_id`,`starts_at`),
  KEY `occurrence_room` (`room_id`,`starts_at`),
  KEY `occurrence_closure` (`closure_id`),
  KEY `occurrence_start` (`starts_at`,`id`,`state`,`ends_at`,`teacher_id`,`review`,`late_min`,`in_time`),
  KEY `occurrence_branch` (`branch_id`,`starts_at`,`id`,`state`,`ends_at`,`teacher_id`,`review`,`late_min`,`in_time`),
  KEY `occurrence_course` (`course_id`,`state`,`review`,`starts_at`,`id`,`ends_at`),
  KEY `occurrence_review` (`state`,`review`,`starts_at`,`id`,`ends_at`),
  KEY `occurrence_branch_review` (`branch_id`,`state`,`review`,`starts_at`,`id`,`ends_at`),
  KEY `occurrence_teacher_review` (`teacher_id`,`state`,`review`,`starts_at`,`id`,`ends_at`),
  KEY `occurrence_class_review` (`class_id`,`state`,`review`,`starts_at`,`id`,`ends_at`),
  KEY `occurrence_request` (`request_id`),
  CONSTRAINT `occurrence_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`),
  CONSTRAINT `occurrence_class` FOREIGN KEY (`class_id`) REFERENCES `class` (`id`),
  CONSTRAINT `occurrence_closure` FOREIGN KEY (`closure_id`) REFERENCES `closure` (`id`),
  CONSTRAINT `occurrence_course` FOREIGN KEY (`course_id`) REFERENCES `course` (`id`),
  CONSTRAINT `occurrence_request` FOREIGN KEY (`request_id`) REFERENCES `session_request` (`id`),
  CONSTRAINT `occurrence_room` FOREIGN KEY (`room_id`) REFERENCES `room` (`id`),
  CONSTRAINT `occurrence_schedule` FOREIGN KEY (`schedule_id`) REFERENCES `schedule` (`id`),
  CONSTRAINT `occurrence_teacher` FOREIGN KEY (`teacher_id`) REFERENCES `person` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='One dated class meeting';

CREATE TABLE `outbox` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row; not the order',
  `at` datetime(6) NOT NULL COMMENT 'UTC',
  `type` varchar(40) NOT NULL COMMENT 'such as attendance.marked',
  `branch_id` bigint(20) NOT NULL COMMENT 'where it happened',
  `attendance_id` bigint(20) DEFAULT NULL COMMENT 'attendance session it is of',
  `course_id` bigint(20) DEFAULT NULL COMMENT 'course whose members are told',
  `person_id` bigint(20) DEFAULT NULL COMMENT 'whose own it is',
  `account_id` bigint(20) DEFAULT NULL COMMENT 'whose own it is',
  `audience` set('admins','staff','members','person','account') NOT NULL DEFAULT '' COMMENT 'who may see it: core/event.h',
  `payload` varchar(2000) NOT NULL COMMENT 'JSON object of ids, codes and numbers',
  `public` varchar(1000) DEFAULT NULL COMMENT 'what members get instead of the payload: nothing of others',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Events on their way: written with the change, emptied by the relay';

CREATE TABLE `person` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `branch_id` bigint(20) NOT NULL COMMENT 'home branch',
  `given_name` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'may be empty',
  `family_name` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'may be empty',
  `student_code` varchar(40) DEFAULT NULL COMMENT 'institution''s number of a student',
  `teacher_code` varchar(40) DEFAULT NULL COMMENT 'institution''s number of a teacher',
  `version` bigint(20) NOT NULL DEFAULT 1 COMMENT 'raised by each transaction that changes what this person''s own session lists show',
  `created_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `ended_at` datetime(6) DEFAULT NULL COMMENT 'UTC; soft end, the codes are free again',
  `student_code_live` varchar(40) GENERATED ALWAYS AS (if(`ended_at` is null,`student_code`,NULL)) VIRTUAL COMMENT 'for the unique key',
  `teacher_code_live` varchar(40) GENERATED ALWAYS AS (if(`ended_at` is null,`teacher_code`,NULL)) VIRTUAL COMMENT 'for the unique key',
  `revision` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change of names, codes, branch or end; what an open form compares',
  `updated_at` datetime(6) DEFAULT NULL COMMENT 'UTC; NULL: as it was made',
  `updated_by` bigint(20) DEFAULT NULL COMMENT 'account of the last change',
  `family_find` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci GENERATED ALWAYS AS (replace(`family_name`,'ı','i')) VIRTUAL COMMENT 'for the search',
  `family_tail` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci GENERATED ALWAYS AS (if(locate(' ',`family_name`) = 0,NULL,substring_index(replace(`family_name`,'ı','i'),' ',-1))) VIRTUAL COMMENT 'for the search: last word of several',
  `given_find` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci GENERATED ALWAYS AS (replace(`given_name`,'ı','i')) VIRTUAL COMMENT 'for the search',
  `given_tail` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci GENERATED ALWAYS AS (if(locate(' ',`given_name`) = 0,NULL,substring_index(replace(`given_name`,'ı','i'),' ',-1))) VIRTUAL COMMENT 'for the search: last word of several',
  `student_code_find` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci GENERATED ALWAYS AS (`student_code`) VIRTUAL COMMENT 'for the search',
  `teacher_code_find` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci GENERATED ALWAYS AS (`teacher_code`) VIRTUAL COMMENT 'for the search',
  `import_id` bigint(20) DEFAULT NULL COMMENT 'import that made this person; NULL: made by hand',
  `import_row` int(11) DEFAULT NULL COMMENT 'row of its file',
  PRIMARY KEY (`id`),
  UNIQUE KEY `person_student_code` (`student_code_live`),
  UNIQUE KEY `person_teacher_code` (`teacher_code_live`),
  UNIQUE KEY `person_import` (`import_id`,`import_row`),
  KEY `person_branch` (`branch_id`),
  KEY `person_name` (`family_name`,`given_name`,`id`,`branch_id`,`ended_at`,`student_code`,`teacher_code`),
  KEY `person_branch_name` (`branch_id`,`family_name`,`given_name`,`id`,`ended_at`,`student_code`,`teacher_code`),
  KEY `person_family_find` (`family_find`,`branch_id`,`ended_at`),
  KEY `person_family_tail` (`family_tail`,`branch_id`,`ended_at`),
  KEY `person_given_find` (`given_find`,`branch_id`,`ended_at`),
  KEY `person_given_tail` (`given_tail`,`branch_id`,`ended_at`),
  KEY `person_student_find` (`student_code_find`,`branch_id`,`ended_at`),
  KEY `person_teacher_find` (`teacher_code_find`,`branch_id`,`ended_at`),
  CONSTRAINT `person_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='A human being we know; needs no account';

CREATE TABLE `room` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `branch_id` bigint(20) NOT NULL COMMENT 'branch it belongs to',
  `name` varchar(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as people call it; copied to its sessions',
  `capacity` int(11) DEFAULT NULL COMMENT 'seats; NULL: not known',
  `latitude_e7` int(11) DEFAULT NULL COMMENT 'degrees north times 10,000,000; NULL: not known',
  `longitude_e7` int(11) DEFAULT NULL COMMENT 'degrees east times 10,000,000',
  `radius_m` int(11) DEFAULT NULL COMMENT 'metres around it that count as inside; NULL: that of the policy',
  `version` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change',
  `created_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `ended_at` datetime(6) DEFAULT NULL COMMENT 'UTC; soft end, the name is free again',
  `name_live` varchar(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci GENERATED ALWAYS AS (if(`ended_at` is null,`name`,NULL)) VIRTUAL COMMENT 'for the unique key',
  PRIMARY KEY (`id`),
  UNIQUE KEY `room_name` (`branch_id`,`name_live`),
  CONSTRAINT `room_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Where classes meet';

CREATE TABLE `schedule` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `branch_id` bigint(20) NOT NULL COMMENT 'branch it belongs to',
  `course_id` bigint(20) DEFAULT NULL COMMENT 'NULL: made at the 004 door, which knows no course',
  `class_id` bigint(20) NOT NULL COMMENT '004 batch_id',
  `teacher_id` bigint(20) DEFAULT NULL COMMENT 'person who holds it',
  `title` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'title of its occurrences',
  `room` varchar(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL DEFAULT '' COMMENT 'where, as people call it',
  `room_id` bigint(20) DEFAULT NULL COMMENT 'room of its sessions; room holds its name',
  `recurrence` enum('daily','weekly','monthly') NOT NULL COMMENT 'kind of rule',
  `start_date` date NOT NULL COMMENT 'first day that may have an occurrence',
  `end_date` date NOT NULL COMMENT 'last day that may have one',
  `weekdays` smallint(6) NOT NULL DEFAULT 0 COMMENT 'weekly: bit 0 Sunday .. bit 6 Saturday',
  `day_of_month` tinyint(4) DEFAULT NULL COMMENT 'monthly: 1 to 31; months without it are left out',
  `start_time` time NOT NULL COMMENT 'wall clock in the branch''s zone',
  `end_time` time NOT NULL COMMENT 'wall clock in the branch''s zone, after start_time',
  `subject_ids` text DEFAULT NULL COMMENT 'JSON array, kept for the 004 contract',
  `student_ids` text DEFAULT NULL COMMENT 'JSON array, kept for the 004 contract',
  `notes` mediumtext CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'free text of who made it',
  `status` enum('active','inactive') NOT NULL DEFAULT 'active' COMMENT 'inactive makes no occurrence',
  `version` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change',
  `created_by` bigint(20) DEFAULT NULL COMMENT 'account',
  `created_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `updated_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `ended_at` datetime(6) DEFAULT NULL COMMENT 'UTC; deleted, its occurrences with a completion stay',
  PRIMARY KEY (`id`),
  KEY `schedule_branch` (`branch_id`),
  KEY `schedule_class` (`class_id`),
  KEY `schedule_teacher` (`teacher_id`),
  KEY `schedule_course` (`course_id`),
  KEY `schedule_room` (`room_id`),
  CONSTRAINT `schedule_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`),
  CONSTRAINT `schedule_class` FOREIGN KEY (`class_id`) REFERENCES `class` (`id`),
  CONSTRAINT `schedule_course` FOREIGN KEY (`course_id`) REFERENCES `course` (`id`),
  CONSTRAINT `schedule_room` FOREIGN KEY (`room_id`) REFERENCES `room` (`id`),
  CONSTRAINT `schedule_teacher` FOREIGN KEY (`teacher_id`) REFERENCES `person` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='The rule that makes occurrences';

CREATE TABLE `schedule_slot` (
  `schedule_id` bigint(20) NOT NULL COMMENT 'schedule',
  `position` tinyint(4) NOT NULL COMMENT '1 and up: the first slot (0) stands in the schedule itself',
  `weekdays` smallint(6) NOT NULL DEFAULT 0 COMMENT 'weekly: bit 0 Sunday .. bit 6 Saturday; 0: all days of the rule',
  `start_time` time NOT NULL COMMENT 'wall clock in the branch''s zone',
  `end_time` time NOT NULL COMMENT 'wall clock in the branch''s zone, after start_time',
  `room_id` bigint(20) DEFAULT NULL COMMENT 'NULL: that of the schedule',
  PRIMARY KEY (`schedule_id`,`position`),
  KEY `schedule_slot_room` (`room_id`),
  CONSTRAINT `schedule_slot_room` FOREIGN KEY (`room_id`) REFERENCES `room` (`id`),
  CONSTRAINT `schedule_slot_schedule` FOREIGN KEY (`schedule_id`) REFERENCES `schedule` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Further times of day of a schedule';

CREATE TABLE `schema_migration` (
  `version` int(11) NOT NULL COMMENT 'number at the head of the file name',
  `name` varchar(100) NOT NULL COMMENT 'rest of the file name',
  `checksum` char(64) DEFAULT NULL COMMENT 'SHA-256 of the file in hex, written by muster migrate; NULL when the plain client ran it',
  `applied_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  PRIMARY KEY (`version`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Migrations that have run; each file adds its own row';

CREATE TABLE `section` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `batch_id` bigint(20) NOT NULL COMMENT 'batch it is part of',
  `name` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as shown',
  `ended_at` datetime(6) DEFAULT NULL COMMENT 'UTC; soft end',
  `revision` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change; what an open form compares',
  `updated_at` datetime(6) DEFAULT NULL COMMENT 'UTC; NULL: as it was made',
  `updated_by` bigint(20) DEFAULT NULL COMMENT 'account of the last change',
  `name_live` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci GENERATED ALWAYS AS (if(`ended_at` is null,`name`,NULL)) VIRTUAL COMMENT 'for the unique key',
  PRIMARY KEY (`id`),
  UNIQUE KEY `section_name` (`batch_id`,`name_live`),
  KEY `section_batch` (`batch_id`),
  CONSTRAINT `section_batch` FOREIGN KEY (`batch_id`) REFERENCES `batch` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='A group of students that moves together';

CREATE TABLE `section_member` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `section_id` bigint(20) NOT NULL COMMENT 'section',
  `person_id` bigint(20) NOT NULL COMMENT 'person',
  `from_date` date NOT NULL COMMENT 'first day',
  `to_date` date DEFAULT NULL COMMENT 'last day; NULL: open',
  `revision` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change; what an open form compares',
  `updated_at` datetime(6) DEFAULT NULL COMMENT 'UTC; NULL: as it was made',
  `updated_by` bigint(20) DEFAULT NULL COMMENT 'account of the last change',
  PRIMARY KEY (`id`),
  KEY `section_member_section` (`section_id`,`person_id`),
  KEY `section_member_person` (`person_id`),
  KEY `section_member_days` (`section_id`,`from_date`,`to_date`),
  CONSTRAINT `section_member_person` FOREIGN KEY (`person_id`) REFERENCES `person` (`id`),
  CONSTRAINT `section_member_section` FOREIGN KEY (`section_id`) REFERENCES `section` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Student in section, from a date to a date';

CREATE TABLE `session_request` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `branch_id` bigint(20) NOT NULL COMMENT 'whose admins decide it',
  `account_id` bigint(20) NOT NULL COMMENT 'who asks',
  `teacher_id` bigint(20) DEFAULT NULL COMMENT 'person who would hold it',
  `course_id` bigint(20) DEFAULT NULL COMMENT 'course; NULL: none',
  `class_id` bigint(20) DEFAULT NULL COMMENT 'class that is meant; NULL: class_name matches none',
  `class_name` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT '000 class_name, as it was asked for',
  `room_id` bigint(20) DEFAULT NULL COMMENT 'room that is wished for; NULL: any',
  `title` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'title of the session',
  `kind` varchar(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT '000 session_type: course, td, tp, exam, workshop; others are kept as sent',
  `notes` text CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'for the admin',
  `session_date` date NOT NULL COMMENT 'wall-clock date in the branch''s zone; of a series the first',
  `start_time` time NOT NULL COMMENT 'wall clock in the branch''s zone',
  `end_time` time NOT NULL COMMENT 'wall clock in the branch''s zone, after start_time',
  `recurrence` enum('daily','weekly','monthly') DEFAULT NULL COMMENT 'kind of rule; NULL: one session',
  `until_date` date DEFAULT NULL COMMENT 'last day of the rule',
  `weekdays` smallint(6) NOT NULL DEFAULT 0 COMMENT 'weekly: bit 0 Sunday .. bit 6 Saturday',
  `day_of_month` tinyint(4) DEFAULT NULL COMMENT 'monthly: 1 to 31',
  `n_days` smallint(6) NOT NULL COMMENT 'sessions asked for',
  `state` enum('pending','question','approved','rejected','withdrawn') NOT NULL DEFAULT 'pending' COMMENT 'question: an admin asked back; both it and pending wait for a decision',
  `response` varchar(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT '000 admin_response: what the admin said last',
  `reviewed_by` bigint(20) DEFAULT NULL COMMENT 'account of the admin who decided, or asked back',
  `reviewed_at` datetime(6) DEFAULT NULL COMMENT 'UTC',
  `schedule_id` bigint(20) DEFAULT NULL COMMENT 'series that was made; NULL: none, or single sessions',
  `needs_session` tinyint(1) NOT NULL DEFAULT 0 COMMENT 'approved without a session, because the class is not known: an admin has to make it',
  `removed_at` datetime(6) DEFAULT NULL COMMENT 'UTC; taken out of the lists by an admin',
  `version` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change; what an open form compares',
  `created_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `updated_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  PRIMARY KEY (`id`),
  KEY `session_request_branch` (`branch_id`,`state`,`id`),
  KEY `session_request_state` (`state`,`id`),
  KEY `session_request_account` (`account_id`,`state`,`id`),
  KEY `session_request_needs` (`needs_session`,`branch_id`),
  KEY `session_request_teacher` (`teacher_id`),
  KEY `session_request_course` (`course_id`),
  KEY `session_request_class` (`class_id`),
  KEY `session_request_room` (`room_id`),
  KEY `session_request_schedule` (`schedule_id`),
  KEY `session_request_reviewed` (`reviewed_by`),
  CONSTRAINT `session_request_account` FOREIGN KEY (`account_id`) REFERENCES `account` (`id`),
  CONSTRAINT `session_request_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`),
  CONSTRAINT `session_request_class` FOREIGN KEY (`class_id`) REFERENCES `class` (`id`),
  CONSTRAINT `session_request_course` FOREIGN KEY (`course_id`) REFERENCES `course` (`id`),
  CONSTRAINT `session_request_reviewed` FOREIGN KEY (`reviewed_by`) REFERENCES `account` (`id`),
  CONSTRAINT `session_request_room` FOREIGN KEY (`room_id`) REFERENCES `room` (`id`),
  CONSTRAINT `session_request_schedule` FOREIGN KEY (`schedule_id`) REFERENCES `schedule` (`id`),
  CONSTRAINT `session_request_teacher` FOREIGN KEY (`teacher_id`) REFERENCES `person` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Wishes for sessions, decided by an admin';

CREATE TABLE `session_request_day` (
  `request_id` bigint(20) NOT NULL COMMENT 'request',
  `session_date` date NOT NULL COMMENT 'one day of it',
  `starts_at` datetime(6) NOT NULL COMMENT 'UTC, computed when it was sent: for the clashes beside it',
  `ends_at` datetime(6) NOT NULL COMMENT 'UTC, computed',
  PRIMARY KEY (`request_id`,`session_date`),
  CONSTRAINT `session_request_day_request` FOREIGN KEY (`request_id`) REFERENCES `session_request` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='The days of a request';

CREATE TABLE `session_request_step` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `request_id` bigint(20) NOT NULL COMMENT 'request',
  `at` datetime(6) NOT NULL COMMENT 'UTC',
  `account_id` bigint(20) NOT NULL COMMENT 'who did it',
  `action` enum('sent','asked','answered','approved','rejected','withdrawn','settled') NOT NULL COMMENT 'what happened; settled: the session that was missing is made or not needed',
  `text` varchar(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'what was said with it',
  PRIMARY KEY (`id`),
  KEY `session_request_step_request` (`request_id`,`id`),
  KEY `session_request_step_account` (`account_id`),
  CONSTRAINT `session_request_step_account` FOREIGN KEY (`account_id`) REFERENCES `account` (`id`),
  CONSTRAINT `session_request_step_request` FOREIGN KEY (`request_id`) REFERENCES `session_request` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='What was said and decided about a request, in order';

CREATE TABLE `shared_browser` (
  `browser_hash` binary(32) NOT NULL COMMENT 'SHA-256 of the browser''s cookie',
  `branch_id` bigint(20) NOT NULL COMMENT 'branch it stands in',
  `label` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as people call it, such as Lab 3, desk 12',
  `created_by` bigint(20) DEFAULT NULL COMMENT 'account',
  `created_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  PRIMARY KEY (`browser_hash`),
  KEY `shared_browser_branch` (`branch_id`),
  CONSTRAINT `shared_browser_branch` FOREIGN KEY (`branch_id`) REFERENCES `branch` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Machines that many students use in turn, so that they raise no flag';

CREATE TABLE `sign_in_throttle` (
  `subject` binary(32) NOT NULL COMMENT 'SHA-256 of kind and name: an account name as typed, folded',
  `n_failures` int(11) NOT NULL COMMENT 'since the last success',
  `last_at` datetime(6) NOT NULL COMMENT 'UTC; last wrong try',
  `until_at` datetime(6) NOT NULL COMMENT 'UTC; no try counts before',
  PRIMARY KEY (`subject`),
  KEY `sign_in_throttle_last` (`last_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Growing delay after wrong passwords';

CREATE TABLE `status_set` (
  `status` enum('present','late','excused','absent') NOT NULL COMMENT 'inner word',
  `label` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'word of the institution; NULL: that of the catalogue',
  `letter` varchar(4) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci DEFAULT NULL COMMENT 'letter of the institution; NULL: that of the catalogue',
  `points` smallint(6) NOT NULL COMMENT 'hundredths of a session that it counts',
  `is_counted` tinyint(1) NOT NULL COMMENT 'stands in the denominator of rates',
  `version` int(11) NOT NULL DEFAULT 1 COMMENT 'raised by each change',
  PRIMARY KEY (`status`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='What the four marks are called and what they count';

CREATE TABLE `upload` (
  `id` binary(16) NOT NULL COMMENT 'random; its address, the name of its part on disk, and of the file it becomes',
  `account_id` bigint(20) NOT NULL COMMENT 'who began it; nobody else may touch it',
  `occurrence_id` bigint(20) NOT NULL COMMENT 'session the file is for',
  `size` bigint(20) NOT NULL COMMENT 'bytes announced; how many have arrived is the size of the part',
  `name` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as the user called it; never a path on our disk',
  `description` varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL DEFAULT '' COMMENT 'what the uploader said of it',
  `metadata` varchar(4096) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'Upload-Metadata as sent: said again when asked',
  `state` enum('open','done','ended') NOT NULL DEFAULT 'open' COMMENT 'done: it is attachment_id; ended: given up or refused',
  `attachment_id` bigint(20) DEFAULT NULL COMMENT 'what it became',
  `created_at` datetime(6) NOT NULL DEFAULT utc_timestamp(6) COMMENT 'UTC',
  `expires_at` datetime(6) NOT NULL COMMENT 'UTC; later the sweeper removes bytes and row',
  PRIMARY KEY (`id`),
  KEY `upload_account` (`account_id`,`state`,`occurrence_id`),
  KEY `upload_occurrence` (`occurrence_id`),
  KEY `upload_attachment` (`attachment_id`),
  KEY `upload_expiry` (`expires_at`),
  CONSTRAINT `upload_account` FOREIGN KEY (`account_id`) REFERENCES `account` (`id`),
  CONSTRAINT `upload_attachment` FOREIGN KEY (`attachment_id`) REFERENCES `attachment` (`id`),
  CONSTRAINT `upload_occurrence` FOREIGN KEY (`occurrence_id`) REFERENCES `occurrence` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Uploads under way; forgotten some days after they began';

CREATE TABLE `web_session` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  `kind` enum('cookie','token') NOT NULL DEFAULT 'cookie' COMMENT 'how its requests say who they are',
  `family` enum('000','002','003','own') DEFAULT NULL COMMENT 'contract whose door it came by; NULL: a page',
  `token_hash` binary(32) NOT NULL COMMENT 'SHA-256 of the cookie''s random token',
  `account_id` bigint(20) NOT NULL COMMENT 'who is signed in',
  `epoch` int(11) NOT NULL COMMENT 'the account''s epoch at sign-in; another one ends the session',
  `csrf` binary(32) NOT NULL COMMENT 'token of its forms, shown as 64 hex digits',
  `created_at` datetime(6) NOT NULL COMMENT 'UTC',
  `seen_at` datetime(6) NOT NULL COMMENT 'UTC; written at most once a minute',
  `expires_at` datetime(6) NOT NULL COMMENT 'UTC; moves with use up to ends_at',
  `ends_at` datetime(6) NOT NULL COMMENT 'UTC; end whatever happens',
  `idle_s` int(11) NOT NULL COMMENT 'seconds without use until it expires',
  `user_agent` varchar(200) NOT NULL DEFAULT '' COMMENT 'cut',
  `ended_at` datetime(6) DEFAULT NULL COMMENT 'UTC; signed out',
  PRIMARY KEY (`id`),
  UNIQUE KEY `web_session_token` (`token_hash`),
  KEY `web_session_account` (`account_id`,`id`),
  KEY `web_session_expiry` (`expires_at`),
  CONSTRAINT `web_session_account` FOREIGN KEY (`account_id`) REFERENCES `account` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Who is signed in with a browser';
