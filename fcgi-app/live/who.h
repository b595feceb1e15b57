/*
 * Who a client of the gateway is: by session cookie, or by a token of any contract, as web/ does
 * it.
 *
 * In call threads only.
 */
#ifndef LIVE_WHO_H
#define LIVE_WHO_H

#include "live/call.h"

/*
 * By in->token, or without one by in->cookie.  RC_NOT_SIGNED_IN: SIGN_IN (nothing came),
 * SESSION_ENDED (ended, unknown or the account disabled), TOKEN (not ours, expired, a refresh
 * token). Other errors are the database's.  Texts live in c->arena.
 */
enum rc live_who(struct core *c, const struct call_in *in, struct who *ret,
		 struct error *e) MUST_CHECK;

#endif
