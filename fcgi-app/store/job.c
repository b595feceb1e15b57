/*
 * SQL of the jobs' own account.
 */
#include "store/job.h"

#include "store/sets.h"

static const struct column job_row_columns[] = {
	COL_N(job_row, name, TEXT, 256, false), COL(job_row, runs, I64, false),
	COL(job_row, failures, I64, false),     COL(job_row, done, I64, false),
	COL(job_row, succeeded_at, TIME, true), COL(job_row, failed_at, TIME, true),
};

#define JOB_STATEMENTS(ROWS, CHANGE)                                                               \
	CHANGE(JOB_SUCCEEDED, "sit",                                                               \
	       "INSERT INTO job_status (name, runs, done, succeeded_at) VALUES (?, 1, ?, ?)"       \
	       " ON DUPLICATE KEY UPDATE runs = runs + 1, done = done + VALUES(done),"             \
	       " succeeded_at = VALUES(succeeded_at)")                                             \
	CHANGE(JOB_FAILED, "st",                                                                   \
	       "INSERT INTO job_status (name, failures, failed_at) VALUES (?, 1, ?)"               \
	       " ON DUPLICATE KEY UPDATE failures = failures + 1, failed_at = VALUES(failed_at)")  \
	ROWS(JOB_SELECT, "i", job_row,                                                             \
	     "SELECT name, runs, failures, done, succeeded_at, failed_at FROM job_status"          \
	     " ORDER BY name LIMIT ?")
STATEMENT_SET(job, JOB_STATEMENTS);

enum rc job_succeeded(struct store *s, struct str name, int64_t n, int64_t at, struct error *e)
{
	return store_change(s, &job_table[JOB_SUCCEEDED],
			    PARAMS(P_TEXT(name), P_I64(n), P_TIME(at)), NULL, NULL, e);
}

enum rc job_failed(struct store *s, struct str name, int64_t at, struct error *e)
{
	return store_change(s, &job_table[JOB_FAILED], PARAMS(P_TEXT(name), P_TIME(at)), NULL, NULL,
			    e);
}

enum rc job_select(struct store *s, struct arena *a, const struct job_row **ret_rows, size_t *ret_n,
		   struct error *e)
{
	return store_rows(s, &job_table[JOB_SELECT], PARAMS(P_I64(JOB_MAX)), JOB_MAX, a, ret_rows,
			  ret_n, e);
}
