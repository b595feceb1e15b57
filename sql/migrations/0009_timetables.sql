-- Time slots, rooms and closures of schedules, and what clashes need.

INSERT IGNORE INTO schema_migration (version, name) VALUES (9, 'timetables');
