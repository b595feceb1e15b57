/*
 * Counters for monitors; see the header.
 */
#include "sys/meter.h"

#include "sys/fail.h"

#include <stdatomic.h>
#include <sys/mman.h>

const int64_t meter_bounds_us[METER_BUCKETS - 1] = { 5000,    10000,   25000,    50000,
						     100000,  250000,  500000,   1000000,
						     2500000, 5000000, 10000000, 30000000 };

struct meter_slot {
	_Atomic int serves; /* pool plus one; 0: no process */
	_Atomic int threads, busy;
	_Atomic int64_t n[METER_N];
};

struct meter {
	size_t size; /* of the whole mapping */
	unsigned n_slots;
	struct meter_slot slots[]; /* the last is the master's */
};

enum rc meter_new(unsigned n_slots, struct meter **ret, struct error *e)
{
	size_t size = sizeof(struct meter) + (n_slots + 1) * sizeof(struct meter_slot);
	struct meter *m =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (m == MAP_FAILED)
		return ERROR_ERRNO(e, RC_NO_MEMORY, REASON_TOO_MUCH,
				   "shared memory of %zu bytes for counters", size);
	m->size = size;
	m->n_slots = n_slots;
	*ret = m;
	return RC_OK;
}

void meter_free(struct meter *m)
{
	if (m)
		munmap(m, m->size);
}

struct meter_slot *meter_slot(struct meter *m, unsigned i)
{
	BUG(i > m->n_slots);
	return &m->slots[i];
}

void meter_add(struct meter_slot *s, size_t what, int64_t n)
{
	BUG(what >= METER_N);
	if (!s)
		return;
	atomic_fetch_add_explicit(&s->n[what], n, memory_order_relaxed);
}

static size_t bucket_of(int64_t us)
{
	size_t i = 0;

	while (i < METER_BUCKETS - 1 && us > meter_bounds_us[i])
		i++;
	return i;
}

void meter_request(struct meter_slot *s, int pool, int family, int status, int64_t us)
{
	BUG(pool < 0 || pool >= METER_POOLS || family < 0 || family >= METER_FAMILIES ||
	    status < 100 || status > 599);
	if (us < 0)
		us = 0;
	meter_add(s, meter_at(pool, family, status), 1);
	meter_add(s, METER_TIMES + (size_t)pool * METER_BUCKETS + bucket_of(us), 1);
	meter_add(s, METER_TIME_US + (size_t)pool, us);
}

void meter_serves(struct meter_slot *s, int pool, int n_threads)
{
	BUG(pool < 0 || pool >= METER_POOLS);
	if (!s)
		return;
	atomic_store_explicit(&s->threads, n_threads, memory_order_relaxed);
	atomic_store_explicit(&s->serves, pool + 1, memory_order_relaxed);
}

void meter_busy(struct meter_slot *s, bool is_busy)
{
	if (s)
		atomic_fetch_add_explicit(&s->busy, is_busy ? 1 : -1, memory_order_relaxed);
}

void meter_gone(struct meter_slot *s)
{
	if (!s)
		return;
	atomic_store_explicit(&s->serves, 0, memory_order_relaxed);
	atomic_store_explicit(&s->busy, 0, memory_order_relaxed);
}

void meter_sum(const struct meter *m, struct meter_sums *ret)
{
	*ret = (struct meter_sums){ .n = { 0 } };
	for (unsigned i = 0; i <= m->n_slots; i++) {
		const struct meter_slot *s = &m->slots[i];
		int serves = atomic_load_explicit(&s->serves, memory_order_relaxed);

		for (size_t k = 0; k < METER_N; k++)
			ret->n[k] += atomic_load_explicit(&s->n[k], memory_order_relaxed);
		if (serves == 0)
			continue;
		ret->workers[serves - 1] += atomic_load_explicit(&s->threads, memory_order_relaxed);
		ret->busy[serves - 1] += atomic_load_explicit(&s->busy, memory_order_relaxed);
	}
}
