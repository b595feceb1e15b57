/*
 * The events a Muster program may log: X(NAME, name, LEVEL, "fields", "meaning").
 *
 * One table: the log writer takes names and levels from it and the operator's
 * page is printed from it (log_print_events).  Names are never reused.  Fields
 * ts, level, prog, pid, event and req (where there is a request) are on every line.
 */
#ifndef SYS_LOG_EVENTS_H
#define SYS_LOG_EVENTS_H

/* clang-format off */
#define LOG_EVENTS(X) \
	/* programs */ \
	X(START, start, INFO, "version", "A program has started and is ready.") \
	X(STOP, stop, INFO, "reason", "A program ends in order.") \
	X(START_FAILED, start_failed, ERROR, "rc detail", "A program could not start; the detail says what to mend.") \
	X(RELOAD, reload, INFO, "", "HUP received: settings are read again and workers replaced one by one.") \
	X(SETTING_PROBLEM, setting_problem, ERROR, "line key detail", "A setting is wrong; the program does not start with it.") \
	X(SANDBOX_MISSING, sandbox_missing, WARN, "feature", "The kernel lacks a feature of the sandbox; the rest of the sandbox holds.") \
	/* pools of workers */ \
	X(WORKER_START, worker_start, INFO, "pool worker child", "A worker process was started.") \
	X(WORKER_STOP, worker_stop, INFO, "pool worker child", "A worker process ended in order.") \
	X(WORKER_DIED, worker_died, ERROR, "pool worker child signal status retry_ms", "A worker process ended by itself; another follows after retry_ms.") \
	X(WORKER_KILLED, worker_killed, WARN, "pool worker child", "A worker did not end in time after TERM and was killed.") \
	/* requests */ \
	X(REQUEST, request, INFO, "method path status us bytes account", "A request was answered.") \
	X(REQUEST_FAILED, request_failed, ERROR, "method path rc reason detail foreign at", "A request failed on our side.") \
	X(REQUEST_REFUSED, request_refused, INFO, "method path rc reason detail", "A request was refused for what it asked or sent.") \
	X(REQUEST_LATE, request_late, WARN, "method path age_ms", "A request was dropped: nginx had given it up already.") \
	X(REQUEST_BROKEN, request_broken, INFO, "path detail", "The client or nginx went away before the answer was written.") \
	X(RATE_LIMITED, rate_limited, WARN, "rule account address retry_s", "Somebody ran into a rate limit.") \
	/* people */ \
	X(SIGN_IN, sign_in, INFO, "account address", "Somebody signed in.") \
	X(SIGN_IN_FAILED, sign_in_failed, WARN, "username address reason", "A sign-in was refused.") \
	X(SIGN_OUT, sign_out, INFO, "account", "Somebody signed out.") \
	X(PASSWORD_CHANGED, password_changed, INFO, "account", "A password was changed.") \
	/* database */ \
	X(DB_CONNECTED, db_connected, INFO, "server", "The database was reached.") \
	X(DB_LOST, db_lost, ERROR, "foreign detail", "The database connection was lost; it is tried again.") \
	X(DB_RETRY, db_retry, WARN, "transaction tries foreign", "A transaction was run again after a deadlock or a lost connection.") \
	X(DB_STATEMENT_WRONG, db_statement_wrong, ERROR, "statement detail", "A statement does not fit the schema: migrate first.") \
	X(MIGRATED, migrated, INFO, "version name ms", "A migration was applied.") \
	/* files */ \
	X(FILE_STORED, file_stored, INFO, "file bytes type ms", "An uploaded file was stored.") \
	X(FILE_REFUSED, file_refused, INFO, "name reason bytes detail", "An uploaded file was refused.") \
	X(FILE_SWEPT, file_swept, INFO, "file kind age_s", "The sweeper removed what a crash had left behind.") \
	X(FILE_LOST, file_lost, ERROR, "file detail", "A stored file is missing or differs from its row.") \
	X(DISK_LOW, disk_low, ERROR, "free_bytes reserve_bytes", "The reserve of the file store is reached; uploads are refused.") \
	/* muster-scan */ \
	X(SCAN, scan, INFO, "extension bytes verdict type us", "A file's type was judged.") \
	X(SCAN_DIED, scan_died, ERROR, "extension bytes signal status", "The sandboxed child ended without a verdict; the file was refused.") \
	X(SCAN_KILLED, scan_killed, ERROR, "extension bytes ms", "The sandboxed child took too long and was killed; the file was refused.") \
	X(SCAN_PEER, scan_peer, WARN, "uid detail", "The scan socket was used wrongly.") \
	/* muster-jobs */ \
	X(JOB_DONE, job_done, INFO, "job ms detail", "A background job ended.") \
	X(JOB_FAILED, job_failed, ERROR, "job tries rc reason detail foreign", "A background job failed and will be tried again.") \
	X(AUDIT_FOUND_LATE, audit_found_late, WARN, "rows", "Rows of the audit log were found that the chain of hashes had not met: very long transactions, or somebody added rows by hand.") \
	/* muster-live */ \
	X(LIVE_START, live_start, INFO, "connections files threads", "The gateway serves; so many connections fit below its limit of open files.") \
	X(LIVE_DROPPED, live_dropped, INFO, "kind why address", "A live connection was ended: it did not read, sent too much, or broke its protocol.") \
	X(LIVE_CALL_FAILED, live_call_failed, ERROR, "door call rc reason detail foreign", "Work for a live connection failed on our side.") \
	X(LIVE_REFUSED, live_refused, WARN, "connections refused", "Live connections were told to come again: too many at once, or within a second. Said at most once a second.") \
	X(DEBUG, debug, DEBUG, "detail", "Only with log_level = debug.")
/* clang-format on */

#endif
