/*
 * Rooms in a hash table, members in a list; see hub.h.
 */
#include "live/hub.h"

#include "base/heap.h"

enum { BUCKETS_MIN = 64 };

struct room {
	struct room *next; /* in the bucket */
	struct membership *first;
	size_t n;
	uint32_t hash;
	uint8_t name_n;
	char name[];
};

struct membership {
	struct peer *peer;
	struct room *room;
	struct membership *next, **at;           /* in the room */
	struct membership *peer_next, **peer_at; /* of the peer */
};

/* A published event that may be asked for again. */
struct kept {
	int64_t seq;
	uint8_t room_n;
	char room[HUB_ROOM_MAX];
	struct frame *frames[FLAVOUR__MAX];
};

struct hub {
	struct room **buckets;
	size_t n_buckets, n_rooms;
	struct kept *kept; /* a ring */
	size_t cap_kept, n_kept, next_kept;
	int64_t seq, first_seq; /* newest; everything after first_seq is in the ring */
	bool is_sending;
};

struct hub *hub_new(size_t kept)
{
	struct hub *h = HEAP_NEW(struct hub);

	BUG(kept == 0);
	if (!h)
		return NULL;
	h->n_buckets = BUCKETS_MIN;
	h->cap_kept = kept;
	h->buckets = heap_new(h->n_buckets * sizeof h->buckets[0]);
	h->kept = heap_new(kept * sizeof h->kept[0]);
	if (h->buckets && h->kept)
		return h;
	hub_free(h);
	return NULL;
}

static void forget(struct kept *k)
{
	for (int f = 0; f < FLAVOUR__MAX; f++) {
		frame_unref(k->frames[f]);
		k->frames[f] = NULL;
	}
}

void hub_free(struct hub *h)
{
	if (!h)
		return;
	BUG(h->n_rooms != 0);
	for (size_t i = 0; h->kept && i < h->n_kept; i++)
		forget(&h->kept[i]);
	heap_free(h->kept);
	heap_free(h->buckets);
	heap_free(h);
}

/* ---- rooms ------------------------------------------------------------------------------- */

static uint32_t hash_of(struct str s)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 16777619U;
	return h;
}

static struct room *find(const struct hub *h, struct str name)
{
	uint32_t hash = hash_of(name);
	struct room *r = h->buckets[hash & (h->n_buckets - 1)];

	while (r && !(r->hash == hash && str_eq(str_make(r->name, r->name_n), name)))
		r = r->next;
	return r;
}

/* Twice as many buckets, when there is memory. */
static void grow(struct hub *h)
{
	size_t n = h->n_buckets * 2;
	struct room **buckets = heap_new(n * sizeof buckets[0]);

	if (!buckets)
		return;
	for (size_t i = 0; i < h->n_buckets; i++) {
		for (struct room *r = h->buckets[i], *next; r; r = next) {
			next = r->next;
			r->next = buckets[r->hash & (n - 1)];
			buckets[r->hash & (n - 1)] = r;
		}
	}
	heap_free(h->buckets);
	h->buckets = buckets;
	h->n_buckets = n;
}

static struct room *find_or_make(struct hub *h, struct str name)
{
	struct room *r = find(h, name), **bucket;

	if (r)
		return r;
	if (h->n_rooms >= h->n_buckets)
		grow(h);
	r = heap_new(sizeof *r + name.n);
	if (!r)
		return NULL;
	r->hash = hash_of(name);
	r->name_n = (uint8_t)name.n;
	memcpy(r->name, name.p, name.n);
	bucket = &h->buckets[r->hash & (h->n_buckets - 1)];
	r->next = *bucket;
	*bucket = r;
	h->n_rooms++;
	return r;
}

static void remove_if_empty(struct hub *h, struct room *r)
{
	struct room **at = &h->buckets[r->hash & (h->n_buckets - 1)];

	if (r->first)
		return;
	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	h->n_rooms--;
	heap_free(r);
}

/* ---- members ----------------------------------------------------------------------------- */

static struct membership *membership_of(const struct peer *p, const struct room *r)
{
	struct membership *m = p->rooms;

	while (m && m->room != r)
		m = m->peer_next;
	return m;
}

bool hub_join(struct hub *h, struct peer *p, struct str room)
{
	struct membership *m;
	struct room *r;

	BUG(h->is_sending);
	if (!room.n || room.n > HUB_ROOM_MAX)
		return false;
	r = find(h, room);
	if (r && membership_of(p, r))
		return true;
	if (p->n_rooms >= HUB_ROOMS_MAX)
		return false;
	r = find_or_make(h, room);
	m = r ? HEAP_NEW(struct membership) : NULL;
	if (!m) {
		if (r)
			remove_if_empty(h, r);
		return false;
	}
	*m = (struct membership){ .peer = p,
				  .room = r,
				  .next = r->first,
				  .at = &r->first,
				  .peer_next = p->rooms,
				  .peer_at = &p->rooms };
	if (m->next)
		m->next->at = &m->next;
	if (m->peer_next)
		m->peer_next->peer_at = &m->peer_next;
	r->first = m;
	p->rooms = m;
	r->n++;
	p->n_rooms++;
	return true;
}

void hub_join_all(struct hub *h, struct str from, enum flavour flavour, struct str to)
{
	const struct room *r = find(h, from);

	if (!r || str_eq(from, to))
		return;
	for (struct membership *m = r->first; m; m = m->next)
		if (m->peer->flavour == flavour)
			(void)!hub_join(h, m->peer, to); /* or he is told as before */
}

static void end(struct hub *h, struct membership *m)
{
	struct room *r = m->room;

	BUG(h->is_sending);
	*m->at = m->next;
	if (m->next)
		m->next->at = m->at;
	*m->peer_at = m->peer_next;
	if (m->peer_next)
		m->peer_next->peer_at = m->peer_at;
	m->peer->n_rooms--;
	r->n--;
	heap_free(m);
	remove_if_empty(h, r);
}

void hub_leave(struct hub *h, struct peer *p, struct str room)
{
	struct room *r = find(h, room);
	struct membership *m = r ? membership_of(p, r) : NULL;

	if (m)
		end(h, m);
}

void hub_leave_all(struct hub *h, struct peer *p)
{
	while (p->rooms)
		end(h, p->rooms);
}

struct peer *hub_oldest(const struct hub *h, struct str room)
{
	const struct room *r = find(h, room);
	struct membership *m = r ? r->first : NULL;

	while (m && m->next)
		m = m->next;
	return m ? m->peer : NULL;
}

size_t hub_count(const struct hub *h, struct str room)
{
	const struct room *r = find(h, room);

	return r ? r->n : 0;
}

size_t hub_n_rooms(const struct hub *h)
{
	return h->n_rooms;
}

bool hub_is_in(const struct hub *h, const struct peer *p, struct str room)
{
	const struct room *r = find(h, room);

	return r && membership_of(p, r);
}

/* ---- publishing --------------------------------------------------------------------------- */

static void give(struct peer *p, int64_t seq, struct frame *f)
{
	if (!f || (seq > 0 && seq <= p->last_seq))
		return;
	if (seq > 0)
		p->last_seq = seq;
	p->send(p, f);
}

static void keep(struct hub *h, int64_t seq, const struct publication *p)
{
	struct kept *k = &h->kept[h->next_kept];

	if (h->n_kept == h->cap_kept) {
		h->first_seq = k->seq;
		forget(k);
	} else {
		h->n_kept++;
	}
	h->next_kept = (h->next_kept + 1) % h->cap_kept;
	k->seq = seq;
	k->room_n = (uint8_t)p->room.n;
	memcpy(k->room, p->room.p, p->room.n);
	for (int f = 0; f < FLAVOUR__MAX; f++)
		k->frames[f] = p->frames[f] ? frame_ref(p->frames[f]) : NULL;
}

void hub_publish(struct hub *h, int64_t seq, const struct publication *p, size_t n)
{
	if (seq > 0 && h->seq == 0)
		h->first_seq = seq - 1;
	h->is_sending = true;
	for (size_t i = 0; i < n; i++) {
		const struct room *r = find(h, p[i].room);

		BUG(p[i].room.n > HUB_ROOM_MAX);
		for (struct membership *m = r ? r->first : NULL; m; m = m->next)
			give(m->peer, seq, p[i].frames[m->peer->flavour]);
	}
	h->is_sending = false;
	for (size_t i = 0; i < n; i++) {
		if (seq > 0)
			keep(h, seq, &p[i]);
		for (int f = 0; f < FLAVOUR__MAX; f++)
			frame_unref(p[i].frames[f]);
	}
	if (seq > h->seq)
		h->seq = seq;
}

int64_t hub_seq(const struct hub *h)
{
	return h->seq;
}

bool hub_replay(struct hub *h, struct peer *p, int64_t seq)
{
	size_t from = h->n_kept < h->cap_kept ? 0 : h->next_kept;

	if (seq > p->last_seq)
		p->last_seq = seq;
	if (h->seq > 0 && seq < h->first_seq)
		return false;
	for (size_t i = 0; i < h->n_kept; i++) {
		const struct kept *k = &h->kept[(from + i) % h->cap_kept];

		if (k->frames[p->flavour] && hub_is_in(h, p, str_make(k->room, k->room_n)))
			give(p, k->seq, k->frames[p->flavour]);
	}
	return true;
}
