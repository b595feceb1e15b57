/*
 * Contract 001: Socket.IO at /socket.io.  Who connects shows auth.token, and is told what was wrong
 * with it in the contract's words.
 */
#include "live/doors.h"
#include "live/who.h"

static struct str refusal(const struct call_in *in, const struct error *e)
{
	if (!in->token.n && !in->is_token_odd)
		return STR("Authentication error");
	return e->reason == REASON_SESSION_ENDED ? STR("User not found") : STR("Invalid token");
}

static enum rc opened(struct core *c, const struct call_in *in, struct effects *fx, struct error *e)
{
	struct call_in token_only = *in;
	struct who who;
	enum rc rc;

	token_only.cookie = (struct str){ 0 };
	rc = live_who(c, &token_only, &who, e);
	if (rc == RC_NOT_SIGNED_IN) {
		fx_refuse(fx, rc, refusal(in, e));
		return RC_OK;
	}
	TRY(rc);
	fx_is(fx, &who);
	fx_join(fx, arena_printf(c->arena, "u%lld", (long long)who.account_id));
	return RC_OK;
}

const struct live_door c001_socketio_door = {
	.path = "/socket.io",
	.kind = LIVE_SOCKETIO,
	.may = LIVE_MAY_SELF,
	.opened = opened,
};
