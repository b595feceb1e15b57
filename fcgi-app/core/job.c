/*
 * The jobs' own account.  No rule: notes and lists.
 */
#include "core/job.h"

enum rc job_note_done(struct core *c, const char *name, int64_t n, struct error *e)
{
	return job_succeeded(c->db, str_from(name), n, c->now_us, e);
}

enum rc job_note_failed(struct core *c, const char *name, struct error *e)
{
	return job_failed(c->db, str_from(name), c->now_us, e);
}

enum rc job_list(struct core *c, const struct job_row **ret_rows, size_t *ret_n, struct error *e)
{
	return job_select(c->db, c->arena, ret_rows, ret_n, e);
}
