/*
 * Authentication of the gateway's clients; see who.h.
 */
#include "live/who.h"

#include "core/identity/token.h"

enum rc live_who(struct core *c, const struct call_in *in, struct who *ret, struct error *e)
{
	struct token_claims claims;

	if (in->token.n) {
		TRY(token_read(c, in->token, &claims, e));
		return token_who(c, &claims, ret, e);
	}
	if (in->cookie.n)
		return auth_session(c, in->cookie, ret, e);
	return ERROR(e, RC_NOT_SIGNED_IN, REASON_SIGN_IN, "no token and no cookie");
}
