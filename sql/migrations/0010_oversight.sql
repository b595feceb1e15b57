-- Finding completions across an institution.
--
-- What the lists of admins look for stands on the occurrence, so that one index range in order of
-- time answers each of them, however many rows there are.

ALTER TABLE occurrence
  ADD COLUMN IF NOT EXISTS review ENUM('none','returned','checked') NOT NULL DEFAULT 'none' COMMENT 'what an admin said of its completion; kept by the transaction that changes the completion',
  ADD COLUMN IF NOT EXISTS late_min SMALLINT NULL COMMENT 'actual start minus planned start in minutes; NULL: not completed. Kept likewise',
  ADD COLUMN IF NOT EXISTS in_time TINYINT(1) NULL COMMENT 'completed within a day of its end; NULL: not completed. Kept likewise',
  ADD COLUMN IF NOT EXISTS reopen_reason VARCHAR(500) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'what the admin gave who opened it again; NULL: nobody did since it was last completed',
  ADD COLUMN IF NOT EXISTS reopened_by BIGINT NULL COMMENT 'account of that admin';

ALTER TABLE occurrence
  DROP KEY IF EXISTS occurrence_start,
  ADD KEY occurrence_start (starts_at, id, state, ends_at, teacher_id, review, late_min, in_time),
  DROP KEY IF EXISTS occurrence_branch,
  ADD KEY occurrence_branch (branch_id, starts_at, id, state, ends_at, teacher_id, review, late_min, in_time),
  DROP KEY IF EXISTS occurrence_course,
  ADD KEY occurrence_course (course_id, state, review, starts_at, id, ends_at),
  ADD KEY IF NOT EXISTS occurrence_review (state, review, starts_at, id, ends_at),
  ADD KEY IF NOT EXISTS occurrence_branch_review (branch_id, state, review, starts_at, id, ends_at),
  ADD KEY IF NOT EXISTS occurrence_teacher_review (teacher_id, state, review, starts_at, id, ends_at),
  ADD KEY IF NOT EXISTS occurrence_class_review (class_id, state, review, starts_at, id, ends_at);

UPDATE occurrence o JOIN completion c ON c.id = o.completion_id
SET o.review = IF(c.state IN ('checked', 'returned'), c.state, 'none'),
    o.late_min = IF(o.state = 'completed', TIMESTAMPDIFF(MINUTE, o.start_time, c.actual_start), NULL),
    o.in_time = IF(o.state = 'completed', c.completed_at <= o.ends_at + INTERVAL 1 DAY, NULL)
WHERE o.review = 'none' AND o.late_min IS NULL;

INSERT IGNORE INTO schema_migration (version, name) VALUES (10, 'oversight');
