-- What people are told within Muster, what they want to be told, and how far a consumer has read the stream of events.

CREATE TABLE IF NOT EXISTS notification (
  id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the row',
  account_id BIGINT NOT NULL COMMENT 'who is told',
  kind VARCHAR(40) NOT NULL COMMENT 'code of core/event/notify.h, such as session.cancelled',
  entity_id BIGINT NOT NULL COMMENT 'what it is about; the kind says which table',
  params VARCHAR(4000) COLLATE utf8mb4_unicode_520_nopad_ci NOT NULL COMMENT 'JSON object of what its text names: ids, codes, numbers, days, short names',
  event_seq BIGINT NULL COMMENT 'event of the stream it was made from; NULL: written with its change',
  created_at DATETIME(6) NOT NULL COMMENT 'UTC',
  read_at DATETIME(6) NULL COMMENT 'UTC; read, or what it was about is over; NULL: unread',
  PRIMARY KEY (id),
  UNIQUE KEY notification_event (event_seq, account_id),
  KEY notification_account (account_id, read_at, id),
  KEY notification_entity (kind, entity_id, read_at),
  KEY notification_expiry (read_at, created_at),
  CONSTRAINT notification_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='What somebody is told; rendered in their language when shown';

CREATE TABLE IF NOT EXISTS notification_preference (
  account_id BIGINT NOT NULL COMMENT 'whose wish',
  kind VARCHAR(40) NOT NULL COMMENT 'as in notification',
  is_on TINYINT(1) NOT NULL COMMENT '0: not told; kinds without a row are on',
  updated_at DATETIME(6) NOT NULL COMMENT 'UTC',
  PRIMARY KEY (account_id, kind),
  CONSTRAINT notification_preference_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='Which kinds of notifications an account wants';

CREATE TABLE IF NOT EXISTS event_cursor (
  name VARCHAR(64) NOT NULL COMMENT 'consumer: notifier, ...',
  seq BIGINT NOT NULL COMMENT 'last event it is done with; written with what it made of it',
  moved_at DATETIME(6) NOT NULL COMMENT 'UTC',
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='How far each consumer has read the stream of events';

-- Nobody is told of what happened before.
INSERT IGNORE INTO event_cursor (name, seq, moved_at)
  SELECT 'notifier', COALESCE(MAX(seq), 0), UTC_TIMESTAMP(6) FROM event;

CREATE TABLE IF NOT EXISTS completion_reminder (
  occurrence_id BIGINT NOT NULL COMMENT 'class meeting whose completion is missing',
  reminded_by BIGINT NULL COMMENT 'account of the admin',
  reminded_at DATETIME(6) NOT NULL COMMENT 'UTC; at most once a day',
  PRIMARY KEY (occurrence_id),
  CONSTRAINT completion_reminder_occurrence FOREIGN KEY (occurrence_id) REFERENCES occurrence (id),
  CONSTRAINT completion_reminder_by FOREIGN KEY (reminded_by) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
  COMMENT='When somebody was last reminded of a missing completion';

ALTER TABLE account
  ADD INDEX IF NOT EXISTS account_role (role, branch_id);

INSERT IGNORE INTO schema_migration (version, name) VALUES (21, 'notifications');
