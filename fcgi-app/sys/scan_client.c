/*
 * The asking side of muster-scan: see scan_client.h.
 */
#include "sys/scan_client.h"

#include "sys/clock.h"
#include "sys/fail.h"
#include "sys/scan_protocol.h"

#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static enum rc scan_failed(struct error *e, const char *doing)
{
	return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_FILE_SCAN, "muster-scan: %s", doing);
}

static enum rc scan_connect(const char *path, int *ret_fd, struct error *e)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof to.sun_path)
		return ERROR(e, RC_DEPENDENCY, REASON_FILE_SCAN, "socket path is too long");
	memcpy(to.sun_path, path, strlen(path) + 1);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return scan_failed(e, "socket");
	/* A full backlog is EAGAIN at once: the helper is swamped, and the person may retry. */
	if (connect(fd, (const struct sockaddr *)&to, sizeof to) != 0) {
		enum rc rc = scan_failed(e, "connect");
		close(fd);
		return rc;
	}
	*ret_fd = fd;
	return RC_OK;
}

static enum rc request_send(int socket, int fd, struct str extension, int64_t size, struct error *e)
{
	struct scan_request request = { .protocol = SCAN_PROTOCOL, .size = size };
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec part = { &request, sizeof request };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control.bytes,
				  .msg_controllen = sizeof control.bytes };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	request.n_extension = (uint32_t)extension.n;
	if (extension.n > 0)
		memcpy(request.extension, extension.p, extension.n);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(head), &fd, sizeof fd);
	if (sendmsg(socket, &message, MSG_NOSIGNAL) != (ssize_t)sizeof request)
		return scan_failed(e, "send");
	return RC_OK;
}

static enum rc answer_wait(int socket, int timeout_ms, struct error *e)
{
	int64_t until = clock_mono_us() + (int64_t)timeout_ms * 1000;
	struct pollfd p = { .fd = socket, .events = POLLIN };

	for (;;) {
		int64_t left = until - clock_mono_us();
		int n = poll(&p, 1, left > 0 ? (int)(left / 1000) + 1 : 0);

		if (n > 0)
			return RC_OK;
		if (n < 0 && errno != EINTR)
			return scan_failed(e, "poll");
		if (n == 0 && left <= 0)
			return ERROR(e, RC_DEPENDENCY, REASON_FILE_SCAN,
				     "muster-scan: no answer in %d ms", timeout_ms);
	}
}

static enum rc answer_read(int socket, struct file_verdict *ret_verdict, struct error *e)
{
	struct scan_answer a;
	size_t n_types;
	const struct filetype *types = filetype_all(&n_types);

	ssize_t n = recv(socket, &a, sizeof a, MSG_TRUNC);
	if (n < 0)
		return scan_failed(e, "recv");
	if (n != (ssize_t)sizeof a || a.protocol != SCAN_PROTOCOL || a.reason >= REASON__MAX)
		return ERROR(e, RC_DEPENDENCY, REASON_FILE_SCAN, "muster-scan: no answer");
	a.why[sizeof a.why - 1] = '\0';
	if (a.reason == REASON_NONE && a.type < n_types) {
		*ret_verdict = (struct file_verdict){ REASON_NONE, &types[a.type], "" };
		return RC_OK;
	}
	if (a.reason == REASON_NONE || a.reason == REASON_FILE_SCAN)
		return ERROR(e, RC_DEPENDENCY, REASON_FILE_SCAN, "muster-scan: %s", a.why);
	return ERROR(e, RC_INVALID, (enum reason)a.reason, "%s", a.why);
}

enum rc scan_file(const char *socket, int fd, struct str extension, int64_t size, int timeout_ms,
		  struct file_verdict *ret_verdict, struct error *e)
{
	int connection = -1;

	/* Known without asking; also keeps what is sent within its field. */
	if (!filetype_extension_known(extension))
		return ERROR(e, RC_INVALID, REASON_FILE_TYPE, "extension not in the table");
	BUG(extension.n > SCAN_EXTENSION_SIZE);
	if (size == 0)
		return ERROR(e, RC_INVALID, REASON_FILE_EMPTY, "no bytes");
	TRY(scan_connect(socket, &connection, e));
	enum rc rc = request_send(connection, fd, extension, size, e);
	if (rc == RC_OK)
		rc = answer_wait(connection, timeout_ms, e);
	if (rc == RC_OK)
		rc = answer_read(connection, ret_verdict, e);
	close(connection);
	return rc;
}
