/*
 * The transport on libfcgi.  Must not know: what a request means.
 */
#include "web/fcgi.h"

#include "base/heap.h"
#include "sys/fail.h"
#include "sys/proc.h"

#include <errno.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/uio.h>

enum {
	RECORD_MAX = 65528, /* content of a record; a multiple of 8, so nothing is padded */
	IOV_MAX_HERE = 60,
	WAIT_AFTER_FAILURE_MS = 100,
};

struct fcgi {
	FCGX_Request request;
	int stop_fd;
	int new_fd; /* epoll: a new connection, or the stop */
	bool keeps, is_stopping;
};

enum rc fcgi_setup(struct error *e)
{
	if (FCGX_Init() != 0)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "FCGX_Init");
	return RC_OK;
}

static bool watch(int epoll_fd, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events };

	return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

enum rc fcgi_new(int listen_fd, int stop_fd, bool keeps, struct fcgi **ret, struct error *e)
{
	struct fcgi *f = HEAP_NEW(struct fcgi);

	if (!f)
		return ERROR_MEMORY(e);
	*f = (struct fcgi){ .stop_fd = stop_fd, .keeps = keeps };
	f->new_fd = epoll_create1(EPOLL_CLOEXEC);
	/* Exclusive: a connection wakes one of the threads that wait, not all of them. */
	if (f->new_fd < 0 || !watch(f->new_fd, stop_fd, EPOLLIN) ||
	    !watch(f->new_fd, listen_fd, EPOLLIN | EPOLLEXCLUSIVE) ||
	    FCGX_InitRequest(&f->request, listen_fd, FCGI_FAIL_ACCEPT_ON_INTR) != 0) {
		ERROR_ERRNO(e, RC_INTERNAL, REASON_UNEXPECTED, "a FastCGI listener");
		proc_close(f->new_fd);
		heap_free(f);
		return RC_INTERNAL;
	}
	*ret = f;
	return RC_OK;
}

void fcgi_free(struct fcgi *f)
{
	if (!f)
		return;
	FCGX_Free(&f->request, 1);
	proc_close(f->new_fd);
	heap_free(f);
}

/* ---- the request ------------------------------------------------------------------------ */

static size_t read_body(void *from, char *p, size_t n)
{
	FCGX_Stream *in = from;
	int got = FCGX_GetStr(p, n > RECORD_MAX ? RECORD_MAX : (int)n, in);

	return got > 0 ? (size_t)got : 0;
}

struct fcgi_param {
	struct str name;
	size_t offset; /* of the member in struct web_in */
};

static const struct fcgi_param params[] = {
#define X(member, name) { STR_INIT(name), offsetof(struct web_in, member) },
	WEB_PARAMS(X)
#undef X
};

/* The first of a name counts, as everywhere in CGI. */
static void take_param(struct web_in *in, const char *line)
{
	const char *equals = strchr(line, '=');
	struct str name = { line, equals ? (size_t)(equals - line) : 0 };

	for (size_t i = 0; i < ARRAY_LEN(params); i++) {
		struct str *member = (struct str *)(void *)((char *)in + params[i].offset);

		if (!str_eq(name, params[i].name))
			continue;
		if (!member->p)
			*member = str_from(equals + 1);
		return;
	}
}

static bool is_readable(int fd, int wait_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, wait_ms) > 0;
}

/*
 * Something on the kept connection (a request, or its end): true; else stop.  What nginx has
 * sent already is answered, as the last on this connection.
 */
static bool wait_kept(struct fcgi *f)
{
	struct pollfd fds[] = { { .fd = f->request.ipcFd, .events = POLLIN },
				{ .fd = f->stop_fd, .events = POLLIN } };

	while (poll(fds, ARRAY_LEN(fds), -1) < 0)
		continue;
	f->is_stopping = fds[1].revents != 0;
	return fds[0].revents != 0;
}

/* A connection, for this thread or for one that is faster: true; else stop. */
static bool wait_new(const struct fcgi *f)
{
	struct epoll_event event;

	while (epoll_wait(f->new_fd, &event, 1, -1) < 0)
		continue;
	return !is_readable(f->stop_fd, 0);
}

bool fcgi_is_gone(const struct fcgi *f)
{
	struct pollfd p = { .fd = f->request.ipcFd, .events = POLLRDHUP };

	return poll(&p, 1, 0) > 0;
}

bool fcgi_wait(struct fcgi *f, struct web_in *ret)
{
	for (;;) {
		int got;

		if (!(f->request.ipcFd >= 0 ? wait_kept(f) : wait_new(f)))
			return false;
		got = FCGX_Accept_r(&f->request);
		if (got >= 0)
			break;
		/* Another worker was faster; or descriptors are short: not in a tight loop. */
		if (got != -EAGAIN && got != -EINTR)
			(void)is_readable(f->stop_fd, WAIT_AFTER_FAILURE_MS);
	}
	*ret = (struct web_in){ .read = read_body, .from = f->request.in };
	for (char **line = f->request.envp; *line; line++)
		take_param(ret, *line);
	return true;
}

/* ---- the answer --------------------------------------------------------------------------- */

struct output {
	int fd;
	uint16_t id;
	struct iovec iov[IOV_MAX_HERE];
	size_t n_iov;
	uint8_t headers[IOV_MAX_HERE][FCGI_HEADER_LEN];
	size_t n_headers;
	bool failed;
};

static void flush(struct output *o)
{
	struct iovec *at = o->iov;
	size_t n = o->n_iov;

	while (n && !o->failed) {
		ssize_t sent = writev(o->fd, at, (int)n);

		if (sent < 0) {
			o->failed = errno != EINTR;
			continue;
		}
		while (n && (size_t)sent >= at->iov_len) {
			sent -= (ssize_t)at->iov_len;
			at++;
			n--;
		}
		if (n) {
			at->iov_base = (char *)at->iov_base + sent;
			at->iov_len -= (size_t)sent;
		}
	}
	o->n_iov = 0;
	o->n_headers = 0;
}

static void put(struct output *o, const void *p, size_t n)
{
	if (n)
		o->iov[o->n_iov++] = (struct iovec){ (void *)(uintptr_t)p, n };
}

static void put_header(struct output *o, uint8_t type, size_t n)
{
	uint8_t *h = o->headers[o->n_headers++];

	h[0] = FCGI_VERSION_1;
	h[1] = type;
	h[2] = (uint8_t)(o->id >> 8);
	h[3] = (uint8_t)o->id;
	h[4] = (uint8_t)(n >> 8);
	h[5] = (uint8_t)n;
	h[6] = h[7] = 0;
	put(o, h, FCGI_HEADER_LEN);
}

static struct str take(struct str *s, size_t n)
{
	struct str part = str_sub(*s, 0, n);

	*s = str_from_pos(*s, part.n);
	return part;
}

static struct output output_to(const struct fcgi *f)
{
	return (struct output){ .fd = f->request.ipcFd, .id = (uint16_t)f->request.requestId };
}

static void put_content(struct output *o, struct str head, struct str body)
{
	while (head.n || body.n) {
		struct str from_head = take(&head, RECORD_MAX);
		struct str from_body = take(&body, RECORD_MAX - from_head.n);

		put_header(o, FCGI_STDOUT, from_head.n + from_body.n);
		put(o, from_head.p, from_head.n);
		put(o, from_body.p, from_body.n);
		if (o->n_iov > IOV_MAX_HERE - 8)
			flush(o);
	}
}

static void put_end(struct output *o)
{
	static const uint8_t end_body[8] = { 0 }; /* status 0, FCGI_REQUEST_COMPLETE */

	put_header(o, FCGI_STDOUT, 0);
	put_header(o, FCGI_END_REQUEST, sizeof end_body);
	put(o, end_body, sizeof end_body);
	flush(o);
}

/* What nobody read of the request's body would be taken for the next request. */
static bool is_read(FCGX_Stream *in)
{
	char rest[1024];

	while (FCGX_GetStr(rest, sizeof rest, in) > 0)
		continue;
	return FCGX_GetError(in) == 0;
}

/* Ends the request.  Not FCGX_Finish_r: that would write an end of its own. */
static void end(struct fcgi *f, bool keep)
{
	FCGX_Free(&f->request, !keep);
}

/* May the connection live on?  Asked before the answer: then nginx has sent all there is. */
static bool may_keep(struct fcgi *f)
{
	return f->keeps && !f->is_stopping && f->request.keepConnection && is_read(f->request.in);
}

int64_t fcgi_answer(struct fcgi *f, const struct web_out *out)
{
	struct output o = output_to(f);
	bool keep = may_keep(f);

	put_content(&o, out->head, out->body);
	put_end(&o);
	end(f, keep && !o.failed);
	return o.failed ? -1 : (int64_t)(out->head.n + out->body.n);
}

int64_t fcgi_part(struct fcgi *f, struct str head, struct str body)
{
	struct output o = output_to(f);

	put_content(&o, head, body);
	flush(&o);
	return o.failed ? -1 : (int64_t)(head.n + body.n);
}

int64_t fcgi_end(struct fcgi *f)
{
	struct output o = output_to(f);

	put_end(&o);
	fcgi_drop(f);
	return o.failed ? -1 : 0;
}

void fcgi_drop(struct fcgi *f)
{
	end(f, false);
}
