-- Review of uploads, and what a completion code shows to anyone.
--
-- file.state stays the one truth about what may be sent; `review` is made from it.

ALTER TABLE file
  ADD COLUMN IF NOT EXISTS branch_id BIGINT NULL COMMENT 'branch whose admins review it; NULL: not for review' AFTER extension,
  ADD COLUMN IF NOT EXISTS teacher_id BIGINT NULL COMMENT 'teacher of its session, kept like it; the queue finds by it' AFTER branch_id,
  ADD COLUMN IF NOT EXISTS course_id BIGINT NULL COMMENT 'course of its session, kept like it; the queue finds by it' AFTER teacher_id,
  ADD COLUMN IF NOT EXISTS reviewed_by BIGINT NULL COMMENT 'account that approved or quarantined it; NULL: waiting' AFTER state,
  ADD COLUMN IF NOT EXISTS reviewed_at DATETIME(6) NULL COMMENT 'UTC; when; NULL: waiting' AFTER reviewed_by,
  ADD COLUMN IF NOT EXISTS review_reason VARCHAR(500) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'why it is in quarantine, as the admin gave it' AFTER reviewed_at,
  ADD COLUMN IF NOT EXISTS review_version INT NOT NULL DEFAULT 1 COMMENT 'raised by each decision' AFTER review_reason,
  ADD COLUMN IF NOT EXISTS review ENUM('waiting','approved','quarantined','removed')
    AS (CASE WHEN branch_id IS NULL THEN NULL
             WHEN state = 'deleted' THEN 'removed'
             WHEN state = 'quarantined' THEN 'quarantined'
             WHEN reviewed_at IS NULL THEN 'waiting'
             ELSE 'approved' END) STORED COMMENT 'place in the review queue; NULL: not for review';

ALTER TABLE file
  ADD INDEX IF NOT EXISTS file_review (review, created_at, id),
  ADD INDEX IF NOT EXISTS file_review_class (review, class, created_at, id),
  ADD INDEX IF NOT EXISTS file_review_branch (branch_id, review, created_at, id),
  ADD INDEX IF NOT EXISTS file_review_branch_class (branch_id, review, class, created_at, id),
  ADD INDEX IF NOT EXISTS file_review_teacher (teacher_id, review, created_at, id),
  ADD INDEX IF NOT EXISTS file_review_teacher_class (teacher_id, review, class, created_at, id),
  ADD INDEX IF NOT EXISTS file_review_branch_teacher (branch_id, teacher_id, review, created_at, id),
  ADD INDEX IF NOT EXISTS file_review_branch_teacher_class (branch_id, teacher_id, review, class, created_at, id),
  ADD INDEX IF NOT EXISTS file_review_course (course_id, review, created_at, id, branch_id),
  ADD INDEX IF NOT EXISTS file_review_course_class (course_id, review, class, created_at, id, branch_id),
  ADD INDEX IF NOT EXISTS file_review_teacher_course (teacher_id, course_id, review, created_at, id, branch_id),
  ADD INDEX IF NOT EXISTS file_review_teacher_course_class (teacher_id, course_id, review, class, created_at, id, branch_id),
  ADD CONSTRAINT file_branch FOREIGN KEY IF NOT EXISTS (branch_id) REFERENCES branch (id),
  ADD CONSTRAINT file_reviewer FOREIGN KEY IF NOT EXISTS (reviewed_by) REFERENCES account (id);

UPDATE file f
  JOIN attachment t ON t.file_id = f.id
  JOIN completion c ON c.id = t.completion_id
  JOIN occurrence o ON o.id = c.occurrence_id
  SET f.branch_id = o.branch_id, f.teacher_id = o.teacher_id, f.course_id = o.course_id
  WHERE f.branch_id IS NULL OR NOT (f.teacher_id <=> o.teacher_id AND f.course_id <=> o.course_id);

INSERT IGNORE INTO schema_migration (version, name) VALUES (11, 'reviews');
