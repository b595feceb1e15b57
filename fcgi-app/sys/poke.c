/*
 * Pokes over unix datagram sockets.  See poke.h.
 */
#include "sys/poke.h"

#include "sys/fail.h"
#include "sys/proc.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static enum rc address(struct str run_dir, const char *name, struct sockaddr_un *ret,
		       struct error *e)
{
	int n;

	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	n = snprintf(ret->sun_path, sizeof ret->sun_path, "%.*s/%s", STR_ARG(run_dir), name);
	if (n < 0 || (size_t)n >= sizeof ret->sun_path)
		return ERROR(e, RC_INVALID, REASON_UNEXPECTED, "run_dir is too long for a socket");
	return RC_OK;
}

static int datagram_socket(void)
{
	return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

enum rc poke_open(struct str run_dir, const char *name, struct poke *ret, struct error *e)
{
	struct poke p = { .fd = -1 };

	*ret = p;
	TRY(address(run_dir, name, &p.to, e));
	p.fd = datagram_socket();
	if (p.fd < 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "socket");
	*ret = p;
	return RC_OK;
}

void poke_send(void *arg)
{
	const struct poke *p = arg;

	if (p == NULL || p->fd < 0)
		return;
	/* A full queue has been poked already, and nobody there polls by himself. */
	if (sendto(p->fd, "", 0, MSG_NOSIGNAL, (const struct sockaddr *)&p->to, sizeof p->to) < 0)
		return;
}

void poke_close(struct poke *p)
{
	proc_close(p->fd);
	p->fd = -1;
}

enum rc poke_listen(struct str run_dir, const char *name, int *ret_fd, struct error *e)
{
	struct sockaddr_un at;
	int fd;

	*ret_fd = -1;
	TRY(address(run_dir, name, &at, e));
	if (unlink(at.sun_path) != 0 && errno != ENOENT)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "%s", at.sun_path);
	fd = datagram_socket();
	if (fd < 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "socket");
	if (bind(fd, (const struct sockaddr *)&at, sizeof at) != 0) {
		enum rc rc = ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "%s", at.sun_path);

		close(fd);
		return rc;
	}
	*ret_fd = fd;
	return RC_OK;
}

bool poke_take(int fd)
{
	bool any = false;
	char byte;

	while (recv(fd, &byte, sizeof byte, 0) >= 0)
		any = true;
	return any;
}
