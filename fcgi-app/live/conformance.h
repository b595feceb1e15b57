/*
 * The mode for protocol suites: `muster-live --conformance PORT`, on loopback only.
 *
 * Nobody is authenticated.  /engine.io/ sends every message back; /socket.io/ has the namespaces
 * "/" and
 * "/custom", sends the event `auth` with the payload of the handshake after connecting, answers
 * `message` with `message-back` and `message-with-ack` with its acknowledgement.  Nothing else is
 * sent unasked.
 */
#ifndef LIVE_CONFORMANCE_H
#define LIVE_CONFORMANCE_H

#include "live/live.h"

extern const struct live_doors conformance_doors;
/* Ping interval 300 ms, time-out 200 ms, payload 1,000,000, connect time-out 1 s; no other limits.
 */
void conformance_limits(struct live_limits *m);

#endif
