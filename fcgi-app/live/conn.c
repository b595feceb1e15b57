/*
 * A connection's bytes: what has come and is not whole yet, what waits to be sent.
 *
 * Both are on the heap only while there are any, so that an idle connection is its struct.  Must
 * not know: what the bytes mean.
 */
#include "base/heap.h"
#include "live/inside.h"
#include "sys/fail.h"
#include "sys/proc.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum { IOV_MAX_OURS = 32, BYTES_FIRST = 512, FINISH_MS = 3000 };

/* ---- bytes ------------------------------------------------------------------------------- */

static void bytes_clear(struct live *l, struct bytes *b)
{
	l->n_buffered -= b->cap;
	heap_free(b->p);
	*b = (struct bytes){ .n = 0 };
}

bool bytes_add(struct live *l, struct bytes *b, struct str s, size_t max)
{
	size_t n = b->n + s.n, cap = b->cap ? b->cap : BYTES_FIRST;
	char *p;

	if (n > max)
		return false;
	if (n > b->cap) {
		while (cap < n)
			cap *= 2;
		if (l->n_buffered + cap > LIVE_BUFFERS_MAX)
			return false;
		p = heap_new(cap);
		if (!p)
			return false;
		if (b->n)
			memcpy(p, b->p, b->n);
		l->n_buffered += cap - b->cap;
		heap_free(b->p);
		b->p = p;
		b->cap = (uint32_t)cap;
	}
	if (s.n)
		memcpy(b->p + b->n, s.p, s.n);
	b->n = (uint32_t)n;
	return true;
}

void bytes_drop(struct live *l, struct bytes *b, size_t n)
{
	b->n -= (uint32_t)n;
	if (b->n == 0)
		bytes_clear(l, b);
	else if (n)
		memmove(b->p, b->p + n, b->n);
}

/* ---- the queue ---------------------------------------------------------------------------- */

bool outq_add(struct outq *q, struct frame *f)
{
	struct out_node *node = f ? HEAP_NEW(struct out_node) : NULL;

	if (!node) {
		frame_unref(f);
		return false;
	}
	node->frame = f;
	if (q->last)
		q->last->next = node;
	else
		q->first = node;
	q->last = node;
	q->n += f->n;
	return true;
}

struct frame *outq_take(struct outq *q)
{
	struct out_node *node = q->first;
	struct frame *f;

	if (!node)
		return NULL;
	f = node->frame;
	q->n -= f->n;
	q->sent = 0;
	q->first = node->next;
	if (!q->first)
		q->last = NULL;
	heap_free(node);
	return f;
}

uint32_t outq_behind(const struct outq *q)
{
	return q->first ? q->n - q->first->frame->n : 0;
}

void outq_clear(struct outq *q)
{
	while (q->first)
		frame_unref(outq_take(q));
}

bool bucket_take(struct bucket *b, int64_t rate, int64_t n, int64_t now_us)
{
	int64_t back = (now_us - b->at_us) * rate / 1000, full = 2 * rate * 1000;

	if (rate == 0)
		return true;
	b->used = back >= b->used ? 0 : b->used - back;
	b->at_us = now_us;
	if (b->used + n * 1000 > full)
		return false;
	b->used += n * 1000;
	return true;
}

/* ---- out ----------------------------------------------------------------------------------- */

static void set_events(struct conn *c, bool is_blocked)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLRDHUP | (is_blocked ? EPOLLOUT : 0U),
				  .data.ptr = c };

	if (c->is_blocked == is_blocked)
		return;
	c->is_blocked = is_blocked;
	BUG(epoll_ctl(c->live->epoll_fd, EPOLL_CTL_MOD, c->fd, &ev) != 0);
}

/* Forgets n bytes that were sent. */
static void sent(struct conn *c, size_t n)
{
	while (n > 0) {
		struct frame *f = c->out.first->frame;
		size_t left = f->n - c->out.sent;

		if (n < left) {
			c->out.sent += (uint32_t)n;
			return;
		}
		n -= left;
		frame_unref(outq_take(&c->out));
	}
}

static ssize_t send_some(struct conn *c)
{
	struct iovec iov[IOV_MAX_OURS];
	struct msghdr m = { .msg_iov = iov };
	size_t skip = c->out.sent;

	for (struct out_node *node = c->out.first; node && m.msg_iovlen < IOV_MAX_OURS;
	     node = node->next) {
		iov[m.msg_iovlen++] =
			(struct iovec){ node->frame->bytes + skip, node->frame->n - skip };
		skip = 0;
	}
	return sendmsg(c->fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/*
 * All is said.  What still comes is read and dropped until the other side has ended, too: closing
 * before would take back what it has not read yet.
 */
static void stop_sending(struct conn *c)
{
	if (shutdown(c->fd, SHUT_WR) != 0)
		conn_doom(c);
}

void conn_flush(struct conn *c)
{
	while (c->out.first && !c->is_doomed) {
		ssize_t n = send_some(c);

		if (n > 0) {
			sent(c, (size_t)n);
		} else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			break;
		} else if (n == 0 || errno != EINTR) {
			conn_doom(c);
			return;
		}
	}
	if (c->is_doomed)
		return;
	set_events(c, c->out.first != NULL);
	if (!c->out.first && c->is_closing)
		stop_sending(c);
}

void conn_send(struct conn *c, struct frame *f)
{
	struct live *l = c->live;

	if (c->is_doomed) {
		frame_unref(f);
		return;
	}
	if (!outq_add(&c->out, f)) {
		live_dropped(l, LIVE_DROPPED_MEMORY, "no memory", NULL);
		conn_doom(c);
		return;
	}
	if (!c->is_dirty) {
		c->is_dirty = true;
		c->next_dirty = NULL;
		*l->last_dirty = c;
		l->last_dirty = &c->next_dirty;
	}
	if (outq_behind(&c->out) <= l->limits.queue_bytes)
		return;
	if (!c->is_blocked)
		conn_flush(c);
	if (!c->is_doomed && outq_behind(&c->out) > l->limits.queue_bytes) {
		live_dropped(l, LIVE_DROPPED_SLOW, "does not read", NULL);
		conn_doom(c);
	}
}

/* ---- in ------------------------------------------------------------------------------------ */

static size_t take(struct conn *c, char *p, size_t n)
{
	if (c->kind == CONN_STREAM)
		return n; /* nobody asked */
	return c->kind == CONN_WS ? socket_take(c, p, n) : http_take(c, p, n);
}

/* Most bytes that may wait to become whole. */
static size_t in_max(const struct conn *c)
{
	size_t message = (size_t)c->live->limits.message_bytes;

	if (message < LIVE_CONNECT_BYTES_MAX)
		message = LIVE_CONNECT_BYTES_MAX;
	return message + HTTP1_HEAD_MAX;
}

static void put_by(struct conn *c, struct str s)
{
	if (bytes_add(c->live, &c->in, s, in_max(c)))
		return;
	live_dropped(c->live, LIVE_DROPPED_MEMORY, "too much unfinished input", NULL);
	conn_doom(c);
}

/* Takes what is whole, from where it was read to when nothing waited before it. */
static void come(struct conn *c, char *p, size_t n)
{
	size_t at = 0, taken;

	if (c->in.n) {
		put_by(c, str_make(p, n));
		while (!c->is_doomed && !c->is_closing && c->in.n &&
		       (taken = take(c, c->in.p, c->in.n)) > 0)
			bytes_drop(c->live, &c->in, taken);
		return;
	}
	while (!c->is_doomed && !c->is_closing && at < n && (taken = take(c, p + at, n - at)) > 0)
		at += taken;
	if (!c->is_doomed && !c->is_closing && at < n)
		put_by(c, str_make(p + at, n - at));
}

void conn_readable(struct conn *c)
{
	struct live *l = c->live;
	ssize_t n = recv(c->fd, l->scratch, sizeof l->scratch, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return;
	if (n <= 0)
		conn_doom(c);
	else if (!c->is_closing)
		come(c, l->scratch, (size_t)n);
}

/* ---- the end -------------------------------------------------------------------------------- */

void conn_doom(struct conn *c)
{
	if (c->is_doomed)
		return;
	c->is_doomed = true;
	c->next_doomed = c->live->doomed;
	c->live->doomed = c;
}

static void finish_late(struct timer *t)
{
	conn_doom(conn_of_timer(t));
}

void conn_finish(struct conn *c)
{
	if (c->is_doomed || c->is_closing)
		return;
	c->is_closing = true;
	if (conn_set_timer(c, FINISH_MS, finish_late) && !c->out.first)
		stop_sending(c);
}

bool conn_set_timer(struct conn *c, int64_t ms, void (*fn)(struct timer *t))
{
	if (timer_set(&c->live->timers, &c->timer, c->live->now_us + ms * 1000, fn))
		return true;
	conn_doom(c);
	return false;
}

struct conn *conn_of_timer(struct timer *t)
{
	return (struct conn *)(void *)((char *)t - offsetof(struct conn, timer));
}
