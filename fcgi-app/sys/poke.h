/*
 * Pokes: a datagram on a unix socket that says "look now" and nothing else.
 *
 * Who is poked looks at the database, where all facts are; it polls besides, so that a poke
 * which is lost, or was never sent, costs time and nothing more.  Sending therefore never waits
 * and never fails.  The socket stands under run_dir; of two programs that listen at the same
 * path the later one is poked, so muster-jobs listens only while it is the one that relays.
 */
#ifndef SYS_POKE_H
#define SYS_POKE_H

#include "base/error.h"
#include "base/str.h"

#include <sys/un.h>

#define POKE_RELAY "relay.poke" /* muster-jobs: something was written into the outbox */
#define POKE_LIVE  "live.poke"  /* muster-live: the stream of events has grown */

/* Any number of threads may send by one. */
struct poke {
	int fd; /* -1: closed */
	struct sockaddr_un to;
};
/* Sends to run_dir/name, whoever listens there then.  RC_INVALID: the path is too long. */
enum rc poke_open(struct str run_dir, const char *name, struct poke *ret,
		  struct error *e) MUST_CHECK;
/* arg: a struct poke *, so that it can stand where a callback is wanted; NULL and closed: nothing.
 */
void poke_send(void *arg);
void poke_close(struct poke *p);

/* A descriptor that becomes readable when poked; takes the place of whoever listened before. */
enum rc poke_listen(struct str run_dir, const char *name, int *ret_fd, struct error *e) MUST_CHECK;
/* Takes all that have come; true: there was one. */
bool poke_take(int fd);

#endif
