/*
 * Reading the stream of events.  See feed.h.  Must not know: what events mean.
 */
#include "live/feed.h"

#include "base/heap.h"
#include "live/inside.h"
#include "live/parts.h"
#include "sys/fail.h"
#include "sys/poke.h"
#include "sys/proc.h"

#include <poll.h>
#include <stdatomic.h>
#include <sys/eventfd.h>

enum {
	ROWS = 200,    /* events of a batch */
	BUSY_MS = 250, /* a poll while events come, for those whose poke is lost */
	IDLE_MS = 1000,
	FULL_MS = 5,     /* between two looks whether the loop has caught up */
	BATCHES_MAX = 4, /* that the loop has not published yet */
	SAID_MAX = 64,   /* publications of one event */
	SAY_EACH = 100,
	ARENA_BYTES = 16 << 20,
	ARENA_KEEP = 256 << 10,
};
#define BUSY_US (10 * US_PER_S)

/* A room that one event is told to. */
struct said {
	uint32_t next; /* of the same event: index + 1; 0: the last */
	bool is_more;
	uint8_t flavour; /* of who is let into `to` */
	uint8_t room_n, to_n;
	char room[HUB_ROOM_MAX];
	char to[EVENT_ROOM_SIZE]; /* to_n 0: nobody is let in */
	struct frame *frames[FLAVOUR__MAX];
};

struct feed_batch {
	struct live_post post;
	struct feed *feed;
	int64_t seqs[ROWS], attendances[ROWS];
	uint32_t first[ROWS], last[ROWS]; /* what each says: index + 1 */
	struct said *said;
	size_t n, cap;
	bool is_heard[FLAVOUR__MAX];
	bool has_failed;
};

struct feed {
	struct live *live;
	struct core core;
	struct arena arena;
	struct log log;
	struct presence_cache *sessions;
	int64_t last; /* seq; -1: not known yet */
	int64_t moved_us;
	int n_failed;
	int poke_fd, stop_fd;
	atomic_int n_posted; /* batches that the loop has not taken */
	pthread_t id;
};

static const struct who nobody = { .person_id = COLUMN_NULL, .branch_id = COLUMN_NULL };

/* ---- batches ------------------------------------------------------------------------------- */

static void batch_free(struct feed_batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		for (int f = 0; f < FLAVOUR__MAX; f++)
			frame_unref(b->said[i].frames[f]);
	heap_free(b->said);
	heap_free(b);
}

/* Behind what the event says already; NULL: no memory. */
static struct said *add_said(struct feed_batch *b, size_t row)
{
	if (b->n == b->cap) {
		size_t cap = b->cap ? 2 * b->cap : 64;
		struct said *grown = heap_new(cap * sizeof grown[0]);

		if (!grown)
			return NULL;
		if (b->n)
			memcpy(grown, b->said, b->n * sizeof grown[0]);
		heap_free(b->said);
		b->said = grown;
		b->cap = cap;
	}
	b->said[b->n] = (struct said){ 0 };
	if (b->first[row])
		b->said[b->last[row] - 1].next = (uint32_t)b->n + 1;
	else
		b->first[row] = (uint32_t)b->n + 1;
	b->last[row] = (uint32_t)b->n + 1;
	return &b->said[b->n++];
}

/* Where the room is told of this event already, in other flavours only. */
static struct said *find_said(struct feed_batch *b, size_t row, struct str room, bool is_more,
			      enum flavour flavour)
{
	struct said *s;

	for (uint32_t i = b->first[row]; i; i = s->next) {
		s = &b->said[i - 1];
		if (s->is_more == is_more && !s->to_n && !s->frames[flavour] &&
		    str_eq(str_make(s->room, s->room_n), room))
			return s;
	}
	return NULL;
}

static void say(struct feed_batch *b, size_t row, struct str room, bool is_more,
		enum flavour flavour, struct frame *frame)
{
	struct said *s;

	BUG(row >= ROWS || !room.n || room.n > HUB_ROOM_MAX);
	s = frame ? find_said(b, row, room, is_more, flavour) : NULL;
	if (frame && !s) {
		s = add_said(b, row);
		if (s) {
			s->is_more = is_more;
			s->room_n = (uint8_t)room.n;
			memcpy(s->room, room.p, room.n);
		}
	}
	if (s)
		s->frames[flavour] = frame;
	else
		frame_unref(frame);
	b->has_failed = b->has_failed || !s;
}

void feed_say(struct feed_batch *b, size_t row, struct str room, enum flavour flavour,
	      struct frame *frame)
{
	say(b, row, room, false, flavour, frame);
}

void feed_say_more(struct feed_batch *b, size_t row, struct str room, enum flavour flavour,
		   struct frame *frame)
{
	say(b, row, room, true, flavour, frame);
}

void feed_let_in(struct feed_batch *b, size_t row, struct str from, enum flavour flavour,
		 struct str to)
{
	struct said *s;

	BUG(row >= ROWS || !from.n || from.n > HUB_ROOM_MAX || !to.n || to.n >= EVENT_ROOM_SIZE);
	s = add_said(b, row);
	if (!s) {
		b->has_failed = true;
		return;
	}
	s->flavour = (uint8_t)flavour;
	s->room_n = (uint8_t)from.n;
	memcpy(s->room, from.p, from.n);
	s->to_n = (uint8_t)to.n;
	memcpy(s->to, to.p, to.n);
}

/* ---- what voices ask ------------------------------------------------------------------------- */

bool feed_is_heard(const struct feed_batch *b, enum flavour flavour)
{
	return b->is_heard[flavour];
}

struct presence_cache *feed_sessions(const struct feed_batch *b)
{
	return b->feed->sessions;
}

/* ---- in the loop --------------------------------------------------------------------------- */

static size_t publications(struct feed_batch *b, size_t row, bool is_more, struct publication *ret)
{
	struct said *s;
	size_t n = 0;

	for (uint32_t i = b->first[row]; i && n < SAID_MAX; i = s->next) {
		s = &b->said[i - 1];
		if (s->to_n || s->is_more != is_more)
			continue;
		ret[n] = (struct publication){ .room = str_make(s->room, s->room_n) };
		for (int f = 0; f < FLAVOUR__MAX; f++) {
			ret[n].frames[f] = s->frames[f]; /* with its count */
			s->frames[f] = NULL;
		}
		n++;
	}
	return n;
}

static void let_in(struct live *l, const struct feed_batch *b, size_t row)
{
	const struct said *s;

	for (uint32_t i = b->first[row]; i; i = s->next) {
		s = &b->said[i - 1];
		if (s->to_n)
			hub_join_all(live_hub(l), str_make(s->room, s->room_n),
				     (enum flavour)s->flavour, str_make(s->to, s->to_n));
	}
}

static void publish(struct live *l, struct live_post *p)
{
	struct feed_batch *b = (struct feed_batch *)(void *)p;
	struct publication all[SAID_MAX];

	for (size_t row = 0; row < ROWS && b->seqs[row]; row++) {
		let_in(l, b, row);
		hub_publish(live_hub(l), b->seqs[row], all, publications(b, row, false, all));
		hub_publish(live_hub(l), 0, all, publications(b, row, true, all));
		if (b->attendances[row] > 0)
			parts_touch(l, b->attendances[row]);
	}
	atomic_fetch_sub(&b->feed->n_posted, 1);
	batch_free(b);
}

/* ---- the thread ---------------------------------------------------------------------------- */

static enum rc say_all(struct feed *f, const struct event *rows, size_t n, struct error *e)
{
	const struct feed_voices *voices = &f->live->o->voices;
	struct feed_batch *b = HEAP_NEW(struct feed_batch);
	enum rc rc = RC_OK;

	if (!b)
		return ERROR_MEMORY(e);
	b->feed = f;
	b->post.run = publish;
	/* After the rows were read: whoever is not counted yet reads them himself. */
	for (int i = 0; i < FLAVOUR__MAX; i++)
		b->is_heard[i] = atomic_load(&f->live->n_of[i]) > 0;
	for (size_t i = 0; i < n; i++) {
		b->seqs[i] = rows[i].seq;
		b->attendances[i] = rows[i].attendance_id;
	}
	for (size_t i = 0; i < voices->n && rc == RC_OK; i++)
		rc = voices->v[i](&f->core, rows, n, b, e);
	if (rc == RC_OK && b->has_failed)
		rc = ERROR_MEMORY(e);
	if (rc != RC_OK) {
		batch_free(b);
		return rc;
	}
	atomic_fetch_add(&f->n_posted, 1);
	live_post(f->live, &b->post);
	return RC_OK;
}

static enum rc read_some(struct feed *f, bool *ret_more, struct error *e)
{
	const struct event *rows;
	int64_t first;
	size_t n;

	if (f->last < 0) {
		TRY(event_bounds(&f->core, &first, &f->last, e));
		return RC_OK;
	}
	TRY(event_after(&f->core, f->last, ROWS, &rows, &n, e));
	if (n) {
		TRY(say_all(f, rows, n, e));
		f->last = rows[n - 1].seq;
		f->moved_us = clock_mono_us();
	}
	*ret_more = n == ROWS;
	return RC_OK;
}

/* True: there is more. */
static bool look(struct feed *f)
{
	bool is_more = false;
	struct error e;
	enum rc rc;

	error_init(&e);
	f->core.now_us = clock_read_us(f->core.clock);
	rc = read_some(f, &is_more, &e);
	if (rc != RC_OK && f->n_failed++ % SAY_EACH == 0)
		log_event(&f->log, LOGGED_LIVE_CALL_FAILED, LOG_CZ("door", "stream of events"),
			  LOG_ERROR(&e));
	if (rc == RC_OK)
		f->n_failed = 0;
	arena_reset(&f->arena);
	return rc == RC_OK && is_more;
}

static int wait_ms(const struct feed *f, bool is_more)
{
	if (atomic_load(&f->n_posted) >= BATCHES_MAX)
		return FULL_MS;
	if (is_more)
		return 0;
	return f->moved_us && clock_mono_us() - f->moved_us < BUSY_US ? BUSY_MS : IDLE_MS;
}

static void *work(void *arg)
{
	struct feed *f = arg;
	struct pollfd fds[] = { { .fd = f->stop_fd, .events = POLLIN },
				{ .fd = f->poke_fd, .events = POLLIN } };
	bool is_more = false;

	do {
		bool is_full = atomic_load(&f->n_posted) >= BATCHES_MAX;

		/* Before the look: who pokes from now on is looked for again. */
		if (!is_full) {
			poke_take(f->poke_fd);
			is_more = look(f);
		}
		/* Whoever is full hears pokes later. */
		(void)!poll(fds, is_full ? 1 : ARRAY_LEN(fds), wait_ms(f, is_more));
	} while (!fds[0].revents);
	return NULL;
}

enum rc feed_start(struct live *l, struct feed **ret, struct error *e)
{
	struct feed *f = HEAP_NEW(struct feed);
	enum rc rc;

	if (!f)
		return ERROR_MEMORY(e);
	*f = (struct feed){
		.live = l, .core = l->o->core, .log = *l->o->log, .last = -1, .poke_fd = -1
	};
	arena_init(&f->arena, ARENA_BYTES, ARENA_KEEP);
	f->core.arena = &f->arena;
	f->core.who = &nobody;
	f->stop_fd = eventfd(0, EFD_CLOEXEC);
	f->sessions = presence_cache_new();
	if (!f->sessions)
		rc = ERROR_MEMORY(e);
	else
		rc = poke_listen(l->o->core.config->run_dir, POKE_LIVE, &f->poke_fd, e);
	if (rc == RC_OK)
		rc = l->o->open_store(l->o->arg, &f->core.db, e);
	if (rc == RC_OK && (f->stop_fd < 0 || pthread_create(&f->id, NULL, work, f) != 0))
		rc = ERROR(e, RC_NO_MEMORY, REASON_TOO_MUCH, "the feed's thread");
	if (rc == RC_OK) {
		*ret = f;
		return RC_OK;
	}
	store_close(f->core.db);
	presence_cache_free(f->sessions);
	proc_close(f->poke_fd);
	proc_close(f->stop_fd);
	heap_free(f);
	return rc;
}

void feed_stop(struct feed *f)
{
	if (!f)
		return;
	BUG(eventfd_write(f->stop_fd, 1) != 0 || pthread_join(f->id, NULL) != 0);
	proc_close(f->poke_fd);
	proc_close(f->stop_fd);
	store_close(f->core.db);
	presence_cache_free(f->sessions);
	arena_clear(&f->arena);
}

void feed_free(struct feed *f)
{
	BUG(f && atomic_load(&f->n_posted) != 0);
	heap_free(f);
}
