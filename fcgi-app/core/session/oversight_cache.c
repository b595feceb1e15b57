/*
 * A few overviews, each with the text of its names; the one not used for longest goes.
 * Owned by one worker; nothing is shared between processes.
 */
#include "core/session/oversight_cache.h"

#include "base/heap.h"

#define ENTRIES 8
#define TEXT    8000 /* bytes of names; more of them are not remembered */

struct entry {
	bool is_used;
	struct oversight_cache_key key;
	int64_t used;
	struct oversight_week week;
	bool has_more_teachers;
	size_t n_teachers;
	struct oversight_teacher teachers[OVERSIGHT_TEACHERS];
	char text[TEXT];
};

struct oversight_cache {
	int64_t n_uses;
	struct entry *entries[ENTRIES];
};

enum rc oversight_cache_new(struct oversight_cache **ret, struct error *e)
{
	struct oversight_cache *cache = HEAP_NEW(struct oversight_cache);

	if (!cache)
		return ERROR_MEMORY(e);
	*ret = cache;
	return RC_OK;
}

void oversight_cache_free(struct oversight_cache *cache)
{
	for (size_t i = 0; cache && i < ENTRIES; i++)
		heap_free(cache->entries[i]);
	heap_free(cache);
}

static bool same_key(const struct oversight_cache_key *a, const struct oversight_cache_key *b)
{
	return a->branch_id == b->branch_id && a->week_from_at == b->week_from_at &&
	       a->since_at == b->since_at && a->version == b->version && a->minute == b->minute;
}

bool oversight_cache_get(struct oversight_cache *cache, const struct oversight_cache_key *key,
			 struct oversight_overview *ret)
{
	for (size_t i = 0; cache && i < ENTRIES; i++) {
		struct entry *entry = cache->entries[i];

		if (!entry || !entry->is_used || !same_key(&entry->key, key))
			continue;
		entry->used = ++cache->n_uses;
		ret->week = entry->week;
		ret->teachers = entry->teachers;
		ret->n_teachers = entry->n_teachers;
		ret->has_more_teachers = entry->has_more_teachers;
		return true;
	}
	return false;
}

/* The entry of this branch, a free one, or the one not used for longest; NULL: no memory. */
static struct entry *slot_of(struct oversight_cache *cache, int64_t branch_id)
{
	size_t oldest = 0;

	for (size_t i = 0; i < ENTRIES; i++)
		if (cache->entries[i] && cache->entries[i]->key.branch_id == branch_id)
			return cache->entries[i];
	for (size_t i = 0; i < ENTRIES; i++) {
		if (!cache->entries[i]) {
			cache->entries[i] = HEAP_NEW(struct entry);
			return cache->entries[i];
		}
		if (cache->entries[i]->used < cache->entries[oldest]->used)
			oldest = i;
	}
	return cache->entries[oldest];
}

void oversight_cache_put(struct oversight_cache *cache, const struct oversight_cache_key *key,
			 const struct oversight_overview *o)
{
	struct entry *entry = cache ? slot_of(cache, key->branch_id) : NULL;
	size_t at = 0;

	BUG(o->n_teachers > OVERSIGHT_TEACHERS);
	if (!entry)
		return;
	entry->is_used = false;
	for (size_t i = 0; i < o->n_teachers; i++) {
		struct oversight_teacher t = o->teachers[i];

		if (t.name.n > TEXT - at)
			return;
		if (t.name.n)
			memcpy(entry->text + at, t.name.p, t.name.n);
		t.name.p = t.name.p ? entry->text + at : NULL;
		at += t.name.n;
		entry->teachers[i] = t;
	}
	entry->key = *key;
	entry->week = o->week;
	entry->n_teachers = o->n_teachers;
	entry->has_more_teachers = o->has_more_teachers;
	entry->used = ++cache->n_uses;
	entry->is_used = true;
}
