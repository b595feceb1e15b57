/*
 * From requests to batches and back.  Knows no rule: core/attendance/checkin.c decides.
 */
#include "core/attendance/checkin_queue.h"

struct item {
	struct core *c; /* of the request, which sleeps */
	const struct checkin_in *in;
	struct checkin_result *result;
};

/*
 * Texts lie in the committer's arena: they go along.  Where the request's is full, it is stored
 * nevertheless, and says so without them.
 */
static void take(const struct item *it, const struct checkin_result *r)
{
	*it->result = *r;
	it->result->student_code = arena_str(it->c->arena, r->student_code);
	it->result->title = arena_str(it->c->arena, r->title);
}

static enum rc run(struct core *c, void *const *items, size_t n, struct error *e)
{
	const struct checkin_in *in[CHECKIN_BATCH_MAX] = { NULL };
	struct checkin_result results[CHECKIN_BATCH_MAX];

	for (size_t i = 0; i < n; i++)
		in[i] = ((const struct item *)items[i])->in;
	TRY(checkin_submit_many(c, in, n, results, e));
	for (size_t i = 0; i < n; i++)
		take(items[i], &results[i]);
	return RC_OK;
}

enum rc checkin_queue_new(const struct core *shared, size_t waiting_max, int64_t timeout_us,
			  int pool, struct committer **ret, struct error *e)
{
	return committer_new(&(struct committer_options){ .run = run,
							  .batch_max = CHECKIN_BATCH_MAX,
							  .waiting_max = waiting_max,
							  .timeout_us = timeout_us,
							  .core = *shared,
							  .pool = pool },
			     ret, e);
}

enum rc checkin_queue_submit(struct committer *m, struct core *c, struct checkin_in *in,
			     struct checkin_result *ret, struct error *e)
{
	struct item it = { c, in, ret };

	TRY(checkin_prepare(c, in, e));
	TRY(committer_submit(m, &it, e));
	return checkin_outcome(ret, e);
}
