-- Who may see an event stands beside it: decided when it is written, never later.

ALTER TABLE outbox
  MODIFY COLUMN branch_id BIGINT NOT NULL COMMENT 'where it happened',
  MODIFY COLUMN attendance_id BIGINT NULL COMMENT 'attendance session it is of',
  MODIFY COLUMN person_id BIGINT NULL COMMENT 'whose own it is',
  MODIFY COLUMN payload VARCHAR(2000) NOT NULL COMMENT 'JSON object of ids, codes and numbers',
  ADD COLUMN course_id BIGINT NULL COMMENT 'course whose members are told' AFTER attendance_id,
  ADD COLUMN account_id BIGINT NULL COMMENT 'whose own it is' AFTER person_id,
  ADD COLUMN audience SET('admins', 'staff', 'members', 'person', 'account') NOT NULL DEFAULT ''
    COMMENT 'who may see it: core/event/event.h' AFTER account_id,
  ADD COLUMN public VARCHAR(1000) NULL COMMENT 'what members get instead of the payload: nothing of others' AFTER payload;

ALTER TABLE event
  MODIFY COLUMN payload VARCHAR(2000) NOT NULL COMMENT 'likewise',
  ADD COLUMN course_id BIGINT NULL COMMENT 'likewise' AFTER attendance_id,
  ADD COLUMN account_id BIGINT NULL COMMENT 'likewise' AFTER person_id,
  ADD COLUMN audience SET('admins', 'staff', 'members', 'person', 'account') NOT NULL DEFAULT ''
    COMMENT 'likewise' AFTER account_id,
  ADD COLUMN public VARCHAR(1000) NULL COMMENT 'likewise' AFTER payload;

-- What waited when this came: nobody followed it yet.
UPDATE outbox SET audience = 'admins,staff';
UPDATE event SET audience = 'admins,staff';

INSERT IGNORE INTO schema_migration (version, name) VALUES (19, 'events');
