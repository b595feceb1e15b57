-- Titles and rooms of the demo's sessions: what a term looks like, with long and non-Latin ones.
-- Run by `muster demo` after the schedules have made their occurrences; @today is set.

UPDATE occurrence SET title = CASE course_id
  WHEN 1 THEN ELT(1 + MOD(DATEDIFF(session_date, '2026-01-01'), 11),
    'Software Engineering: reading other people''s code', 'Software Engineering: requirements that can be tested',
    'Software Engineering: version control with a team', 'Software Engineering: unit tests and what they miss',
    'Software Engineering: code review workshop', 'Software Engineering: interfaces and contracts',
    'Software Engineering: планирование и оценка сроков', 'Software Engineering: continuous integration lab',
    'Software Engineering: a long guided tour through the whole life of one change, from the first report of a user to the release note, with all the people who touch it on the way',
    'Software Engineering: refactoring', 'Software Engineering: retrospective')
  WHEN 2 THEN ELT(1 + MOD(DATEDIFF(session_date, '2026-01-01'), 9),
    'Databases: the relational model', 'Databases: normal forms', 'Databases: joins', 'Databases: indexes',
    'Databases: transactions and isolation', 'Databases: قواعد البيانات والفهارس', 'Databases: query plans lab',
    'Databases: モデリング演習', 'Databases: backup and restore')
  ELSE ELT(1 + MOD(DATEDIFF(session_date, '2026-01-01'), 8),
    'Networks: layers', 'Networks: Ethernet and switching', 'Networks: IP addressing', 'Networks: routage et pannes',
    'Networks: TCP', 'Networks: δίκτυα κινητών', 'Networks: DNS lab', 'Networks: TLS 🔐') END;

UPDATE occurrence SET room = ELT(1 + MOD(DATEDIFF(session_date, '2026-01-01'), 5),
  'B204', 'Lab 3', 'Amphithéâtre Ampère', 'A112', 'قاعة ٧')
WHERE MOD(DATEDIFF(session_date, '2026-01-01'), 3) = 0;
