/*
 * Shared memory of a master and its workers: see shm.h.
 *
 * One anonymous shared mapping: head, gate, rate slots.  A rate slot is a tag
 * (who), a packed state (window start, counts) and an expiry, each changed
 * atomically by itself; they may disagree for a moment when a slot changes
 * hands, which costs a count, never a crash or a lock.
 */
#include "sys/shm.h"

#include "base/time.h"
#include "sys/crypto.h"
#include "sys/fail.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <time.h>

#define WAYS      8 /* slots a key may lie in, next to each other */
#define COUNT_MAX UINT16_MAX

struct rate_slot {
	_Atomic uint64_t tag;   /* hash of the key, 0 free */
	_Atomic uint64_t state; /* start (32 bits, seconds), previous (16), current (16) */
	_Atomic uint64_t expires_s;
};

struct shm {
	size_t size; /* of the whole mapping */
	size_t n_rate;
	unsigned n_gate;
	_Atomic unsigned gate_next;
	uint8_t seed[16]; /* so that nobody can aim at a slot */
	pthread_mutex_t gate[SHM_GATE_MAX];
	struct rate_slot rate[];
};

static size_t power_of_two(size_t n)
{
	size_t p = WAYS;

	while (p < n)
		p *= 2;
	return p;
}

static bool gate_init(struct shm *s)
{
	pthread_mutexattr_t attr;
	bool ok = pthread_mutexattr_init(&attr) == 0;

	if (!ok)
		return false;
	ok = pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED) == 0 &&
	     pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST) == 0;
	for (unsigned i = 0; ok && i < s->n_gate; i++)
		ok = pthread_mutex_init(&s->gate[i], &attr) == 0;
	pthread_mutexattr_destroy(&attr);
	return ok;
}

enum rc shm_new(size_t rate_slots, unsigned gate_slots, struct shm **ret_shm, struct error *e)
{
	BUG(gate_slots < 1 || gate_slots > SHM_GATE_MAX || rate_slots > ((size_t)1 << 24));
	size_t n_rate = power_of_two(rate_slots);
	size_t size = sizeof(struct shm) + n_rate * sizeof(struct rate_slot);
	struct shm *s = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED)
		return ERROR(e, RC_NO_MEMORY, REASON_TOO_MUCH,
			     "shared memory of %zu bytes: errno %d", size, errno);
	s->size = size;
	s->n_rate = n_rate;
	s->n_gate = gate_slots;
	crypto_random(s->seed, sizeof s->seed);
	if (!gate_init(s)) {
		munmap(s, size);
		return ERROR(e, RC_NO_MEMORY, REASON_TOO_MUCH, "shared mutexes");
	}
	*ret_shm = s;
	return RC_OK;
}

void shm_free(struct shm *s)
{
	if (s)
		munmap(s, s->size);
}

/* ---- rates ------------------------------------------------------------------------------- */

static uint64_t state_pack(uint32_t start, uint32_t previous, uint32_t current)
{
	return (uint64_t)start << 32 | (uint64_t)(previous & COUNT_MAX) << 16 |
	       (current & COUNT_MAX);
}

static uint32_t state_start(uint64_t state)
{
	return (uint32_t)(state >> 32);
}

static uint32_t state_previous(uint64_t state)
{
	return (uint32_t)(state >> 16) & COUNT_MAX;
}

static uint32_t state_current(uint64_t state)
{
	return (uint32_t)state & COUNT_MAX;
}

/* FNV-1a, then mixed: spread is enough, since the seed is secret. */
static uint64_t key_tag(const struct shm *s, struct str key, int64_t window_s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < sizeof s->seed; i++)
		h = (h ^ s->seed[i]) * UINT64_C(0x100000001b3);
	for (size_t i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * UINT64_C(0x100000001b3);
	h ^= (uint64_t)window_s;
	for (int i = 0; i < 2; i++) {
		h ^= h >> 33;
		h *= UINT64_C(0xff51afd7ed558ccd);
	}
	h ^= h >> 33;
	return h ? h : 1;
}

/* The key's slot, or one taken for it: free, expired, else the least used of its few. */
static struct rate_slot *slot_find(struct shm *s, uint64_t tag, uint64_t now_s)
{
	struct rate_slot *set = &s->rate[tag & (s->n_rate - 1) & ~(size_t)(WAYS - 1)];
	struct rate_slot *best = NULL;
	uint64_t best_tag = 0;
	uint32_t best_count = UINT32_MAX;

	for (size_t i = 0; i < WAYS; i++) {
		uint64_t owner = atomic_load(&set[i].tag);

		if (owner == tag)
			return &set[i];
		bool is_free = owner == 0 || atomic_load(&set[i].expires_s) <= now_s;
		uint64_t state = atomic_load(&set[i].state);
		uint32_t count = is_free ? 0 : 1 + state_previous(state) + state_current(state);

		if (count < best_count) {
			best = &set[i];
			best_tag = owner;
			best_count = count;
		}
	}
	/* Lost to another process: sharing the slot once is harmless. */
	if (atomic_compare_exchange_strong(&best->tag, &best_tag, tag))
		atomic_store(&best->state, 0);
	return best;
}

/* Counts as they stand in the window that began at `start`. */
static uint64_t state_at(uint64_t state, uint32_t start, uint32_t window)
{
	if (state_start(state) == start)
		return state;
	if (state_start(state) + window == start)
		return state_pack(start, state_current(state), 0);
	return state_pack(start, 0, 0);
}

/* Seconds until previous × (window - passed) / window + current is below limit again. */
static int64_t rate_retry_s(uint64_t state, int64_t limit, int64_t window, int64_t passed)
{
	int64_t previous = state_previous(state), current = state_current(state);

	for (int64_t s = 1; s < window - passed; s++)
		if (previous * (window - passed - s) / window + current < limit)
			return s;
	/* The next window begins with today's count as its previous one. */
	for (int64_t s = 0; s < window; s++)
		if (current * (window - s) / window < limit)
			return window - passed + s;
	return 2 * window - passed;
}

bool rate_take(struct shm *s, struct str key, int64_t limit, int64_t window_s, int64_t now_us,
	       int64_t *ret_retry_s)
{
	BUG(limit < 0 || limit > COUNT_MAX || window_s < 1 || window_s > 86400 || now_us < 0);
	if (ret_retry_s)
		*ret_retry_s = 0;
	if (limit == 0)
		return true;
	int64_t now_s = now_us / US_PER_S;
	uint32_t window = (uint32_t)window_s;
	int64_t passed = now_s % window_s;
	uint32_t start = (uint32_t)(now_s - passed);
	struct rate_slot *slot = slot_find(s, key_tag(s, key, window_s), (uint64_t)now_s);
	uint64_t old = atomic_load(&slot->state), state;

	do {
		state = state_at(old, start, window);
		int64_t weighted = state_previous(state) * (window_s - passed) / window_s;
		if (weighted + state_current(state) >= limit) {
			if (ret_retry_s)
				*ret_retry_s = rate_retry_s(state, limit, window_s, passed);
			return false;
		}
	} while (!atomic_compare_exchange_weak(&slot->state, &old, state + 1));
	atomic_store(&slot->expires_s, (uint64_t)start + 2 * window);
	return true;
}

/* ---- gate -------------------------------------------------------------------------------- */

/* The holder was killed: it left nothing half-done, since the gate guards no data. */
static bool gate_locked(struct shm *s, unsigned slot, int result)
{
	if (result == EOWNERDEAD)
		BUG(pthread_mutex_consistent(&s->gate[slot]) != 0);
	return result == 0 || result == EOWNERDEAD;
}

static struct timespec deadline_after(int ms)
{
	struct timespec t;

	BUG(clock_gettime(CLOCK_MONOTONIC, &t) != 0);
	t.tv_sec += ms / 1000;
	t.tv_nsec += (long)(ms % 1000) * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_nsec -= 1000000000;
		t.tv_sec++;
	}
	return t;
}

enum rc shm_gate_enter(struct shm *s, int wait_ms, unsigned *ret_slot, struct error *e)
{
	unsigned first = atomic_fetch_add(&s->gate_next, 1);

	for (unsigned i = 0; i < s->n_gate; i++) {
		unsigned slot = (first + i) % s->n_gate;

		if (gate_locked(s, slot, pthread_mutex_trylock(&s->gate[slot]))) {
			*ret_slot = slot;
			return RC_OK;
		}
	}
	/* All taken: queue at one, in turn, so that those who wait spread evenly. */
	struct timespec until = deadline_after(wait_ms);
	unsigned slot = first % s->n_gate;

	if (gate_locked(s, slot,
			pthread_mutex_clocklock(&s->gate[slot], CLOCK_MONOTONIC, &until))) {
		*ret_slot = slot;
		return RC_OK;
	}
	error_set_at(e, __FILE__, __LINE__, RC_BUSY, REASON_TOO_MUCH,
		     "all %u slots taken for %d ms", s->n_gate, wait_ms);
	e->retry_s = 1;
	return RC_BUSY;
}

void shm_gate_leave(struct shm *s, unsigned slot)
{
	BUG(slot >= s->n_gate);
	BUG(pthread_mutex_unlock(&s->gate[slot]) != 0);
}
