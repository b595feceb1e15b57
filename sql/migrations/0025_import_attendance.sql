-- Imports of attendance: what a row says of one student in one session, and the registers that imports make.

ALTER TABLE import
  MODIFY COLUMN kind ENUM('people','enrolments','attendance') NOT NULL COMMENT 'what the rows are',
  ADD COLUMN IF NOT EXISTS why VARCHAR(500) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'of attendance: the reason for marks after the lock date; NULL: none was given' AFTER mapping,
  ADD COLUMN IF NOT EXISTS n_locked INT NOT NULL DEFAULT 0 COMMENT 'of attendance: rows whose session is past its lock date, by the dry run' AFTER n_wrong;

ALTER TABLE import_row
  ADD COLUMN IF NOT EXISTS session VARCHAR(100) NULL COMMENT 'of a mark, as read, in upper case: number of a session, completion code, UUID of an attendance session' AFTER to_date,
  ADD COLUMN IF NOT EXISTS class VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'as read' AFTER session,
  ADD COLUMN IF NOT EXISTS on_date DATE NULL COMMENT 'day of the session' AFTER class,
  ADD COLUMN IF NOT EXISTS start_time TIME NULL COMMENT 'its start, wall clock' AFTER on_date,
  ADD COLUMN IF NOT EXISTS mark VARCHAR(40) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'letter or word, as read' AFTER start_time,
  ADD COLUMN IF NOT EXISTS status ENUM('present','late','excused','absent') NULL COMMENT 'what that means; NULL: not known' AFTER mark,
  ADD COLUMN IF NOT EXISTS late_min SMALLINT NULL COMMENT 'minutes late' AFTER status,
  ADD COLUMN IF NOT EXISTS remark VARCHAR(300) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'as read' AFTER late_min,
  ADD COLUMN IF NOT EXISTS arrival TIME NULL COMMENT 'when the student came, wall clock' AFTER remark,
  ADD COLUMN IF NOT EXISTS occurrence_id BIGINT NULL COMMENT 'of a mark: session found' AFTER member_id,
  ADD COLUMN IF NOT EXISTS attendance_id BIGINT NULL COMMENT 'of a mark: its register, found or made' AFTER occurrence_id,
  ADD COLUMN IF NOT EXISTS record_version BIGINT NULL COMMENT 'of a mark: the record as the dry run saw it, 0: unmarked; NULL: there was no register' AFTER attendance_id,
  ADD COLUMN IF NOT EXISTS act_id BINARY(16) NULL COMMENT 'of a mark: act of the register that wrote it' AFTER record_version,
  MODIFY COLUMN group_id BIGINT NULL COMMENT 'section or course found; of a mark the session, or minus the attendance session on its own',
  MODIFY COLUMN member_id BIGINT NULL COMMENT 'section_member or enrolment found or made; of a mark how many sessions fit',
  MODIFY COLUMN member_did ENUM('','created','updated') NOT NULL DEFAULT '' COMMENT 'to the membership, enrolment or record',
  ADD KEY IF NOT EXISTS import_row_attendance (import_id, attendance_id, undone);

-- Sessions of a course on a day are looked for.
ALTER TABLE occurrence
  ADD KEY IF NOT EXISTS occurrence_course_day (course_id, session_date, start_time),
  DROP KEY IF EXISTS occurrence_course;

ALTER TABLE attendance_session
  ADD COLUMN IF NOT EXISTS import_id BIGINT NULL COMMENT 'import that made this register; NULL: opened by hand';

INSERT IGNORE INTO schema_migration (version, name) VALUES (25, 'import_attendance');
