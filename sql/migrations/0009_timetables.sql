-- Rooms, closures, further time slots of schedules, and what clashes and moves need.

CREATE TABLE IF NOT EXISTS room (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  branch_id BIGINT NOT NULL COMMENT 'branch it belongs to',
  name VARCHAR(80) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as people call it; copied to its sessions',
  capacity INT NULL COMMENT 'seats; NULL: not known',
  version INT NOT NULL DEFAULT 1 COMMENT 'raised by each change',
  created_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  ended_at DATETIME(6) NULL COMMENT 'UTC; soft end, the name is free again',
  name_live VARCHAR(80) COLLATE utf8mb4_unicode_520_nopad_ci AS (IF(ended_at IS NULL, name, NULL)) VIRTUAL COMMENT 'for the unique key',
  PRIMARY KEY (id),
  UNIQUE KEY room_name (branch_id, name_live),
  CONSTRAINT room_branch FOREIGN KEY (branch_id) REFERENCES branch (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Where classes meet';

CREATE TABLE IF NOT EXISTS closure (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  branch_id BIGINT NULL COMMENT 'branch that is closed; NULL: the whole institution',
  name VARCHAR(120) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'as shown, such as Winter break',
  from_date DATE NOT NULL COMMENT 'first closed day',
  to_date DATE NOT NULL COMMENT 'last closed day',
  version INT NOT NULL DEFAULT 1 COMMENT 'raised by each change',
  created_by BIGINT NULL COMMENT 'account',
  created_at DATETIME(6) NOT NULL DEFAULT UTC_TIMESTAMP(6) COMMENT 'UTC',
  ended_at DATETIME(6) NULL COMMENT 'UTC; removed, its sessions came back',
  PRIMARY KEY (id),
  KEY closure_branch (branch_id, to_date),
  KEY closure_to (to_date),
  CONSTRAINT closure_branch FOREIGN KEY (branch_id) REFERENCES branch (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Days on which no session is held';

ALTER TABLE schedule
  ADD COLUMN IF NOT EXISTS room_id BIGINT NULL COMMENT 'room of its sessions; room holds its name' AFTER room;
ALTER TABLE schedule ADD CONSTRAINT schedule_room FOREIGN KEY IF NOT EXISTS (room_id) REFERENCES room (id);

CREATE TABLE IF NOT EXISTS schedule_slot (
  schedule_id BIGINT NOT NULL COMMENT 'schedule',
  position TINYINT NOT NULL COMMENT '1 and up: the first slot (0) stands in the schedule itself',
  weekdays SMALLINT NOT NULL DEFAULT 0 COMMENT 'weekly: bit 0 Sunday .. bit 6 Saturday; 0: all days of the rule',
  start_time TIME NOT NULL COMMENT 'wall clock in the branch''s zone',
  end_time TIME NOT NULL COMMENT 'wall clock in the branch''s zone, after start_time',
  room_id BIGINT NULL COMMENT 'NULL: that of the schedule',
  PRIMARY KEY (schedule_id, position),
  CONSTRAINT schedule_slot_schedule FOREIGN KEY (schedule_id) REFERENCES schedule (id),
  CONSTRAINT schedule_slot_room FOREIGN KEY (room_id) REFERENCES room (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Further times of day of a schedule';

ALTER TABLE occurrence
  ADD COLUMN IF NOT EXISTS room_id BIGINT NULL COMMENT 'room; room holds its name, or what people wrote' AFTER room,
  ADD COLUMN IF NOT EXISTS moved_from_time TIME NULL COMMENT 'planned start before it was moved' AFTER moved_from_date,
  ADD COLUMN IF NOT EXISTS moved_from_end TIME NULL COMMENT 'planned end before it was moved' AFTER moved_from_time,
  ADD COLUMN IF NOT EXISTS moved_from_room VARCHAR(80) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'room before it was moved' AFTER moved_from_end,
  ADD COLUMN IF NOT EXISTS move_reason VARCHAR(500) COLLATE utf8mb4_unicode_520_nopad_ci NULL COMMENT 'what who moved it gave' AFTER moved_from_room,
  ADD COLUMN IF NOT EXISTS closure_id BIGINT NULL COMMENT 'cause closure: the closure that cancelled it' AFTER cancel_cause,
  MODIFY COLUMN cancel_cause ENUM('person','schedule','closure') NULL COMMENT 'cancelled by somebody, because its rule no longer makes it, or by a closure';
ALTER TABLE occurrence ADD KEY IF NOT EXISTS occurrence_room (room_id, starts_at);
ALTER TABLE occurrence ADD KEY IF NOT EXISTS occurrence_closure (closure_id);
ALTER TABLE occurrence ADD CONSTRAINT occurrence_room FOREIGN KEY IF NOT EXISTS (room_id) REFERENCES room (id);
ALTER TABLE occurrence ADD CONSTRAINT occurrence_closure FOREIGN KEY IF NOT EXISTS (closure_id) REFERENCES closure (id);

INSERT IGNORE INTO schema_migration (version, name) VALUES (9, 'timetables');
