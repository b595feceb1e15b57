/*
 * Signing in and out, and who a request comes from.
 *
 * A sign-in makes a session row; the cookie holds a random token, the row its
 * SHA-256.  Unknown name, wrong password, disabled account, another role and a demo
 * account off loopback get the same answer after the same time.  Wrong passwords make
 * every further try for that account wait, longer each time; a try that must
 * wait is not hashed.  The session's CSRF token is 64 hex digits.  Raising the
 * account's epoch ends all its sessions at once.
 */
#ifndef CORE_AUTH_H
#define CORE_AUTH_H

#include "core/core.h"
#include "sys/crypto.h"
#include "sys/secret.h"

/* A set of roles: bit 1u << ROLE_x.  0: every role that signs in by password. */
#define ROLE_BIT(role) (1u << (role))
/* 004's words: "student", "employee_faculty", "admin"; false for any other. */
bool auth_role_filter(struct str word, unsigned *ret_roles) MUST_CHECK;

/* The contract by whose door somebody signs in; decides how long the sign-in lasts. */
enum token_family {
	TOKEN_NONE, /* a page: by cookie */
	TOKEN_000,
	TOKEN_001,
	TOKEN_002,
	TOKEN_003, /* its door answers with a token of 000 as well */
	TOKEN_OWN,
	TOKEN__MAX
};
const char *token_family_name(enum token_family f); /* "003"; "" for TOKEN_NONE */

struct sign_in_in {
	struct str name; /* username or e-mail, any case, blanks around it ignored */
	struct secret password;
	unsigned roles; /* who may come in by this door; 0: all but devices */
	enum token_family
		family; /* not TOKEN_NONE: for tokens (core/identity/token.h), without a cookie */
	bool keep;      /* "keep me signed in" */
	struct str address;    /* of the client, for the rate; empty: not counted */
	struct str user_agent; /* cut to 200 bytes; may be anything */
	struct str old_token;  /* the cookie that came along: that session ends; empty: none */
};

struct sign_in {
	char token[CRYPTO_TOKEN_SIZE]; /* for the cookie, NUL-terminated; empty with a family */
	int64_t max_age_s;             /* of the cookie; 0: until the browser closes */
	struct who who;
};

/*
 * RC_NOT_SIGNED_IN/CREDENTIALS, or ACCOUNT_WAITING for the right password of a registration that
 * nobody has decided (pages and 001 alone: elsewhere it is CREDENTIALS); RC_BUSY with SIGN_IN_DELAY
 * or RATE (arg and retry_s are the seconds to wait), or TOO_MUCH when too many passwords are being
 * checked.
 */
enum rc auth_sign_in(struct core *c, const struct sign_in_in *in, struct sign_in *ret,
		     struct error *e) MUST_CHECK;

/*
 * Who sends this token.  One statement; a second one at most once a minute, which moves
 * the session's end.  Texts of ret_who live in the arena.  RC_NOT_SIGNED_IN/SESSION_ENDED
 * for a token that is malformed, unknown, expired or ended.  c->who is not read.
 */
enum rc auth_session(struct core *c, struct str token, struct who *ret_who,
		     struct error *e) MUST_CHECK;

/* The same by the id of the session and its account, which somebody vouched for. */
enum rc auth_session_id(struct core *c, int64_t web_session_id, int64_t account_id,
			struct who *ret_who, struct error *e) MUST_CHECK;

/* The same for a session of either kind, which auth_session or token_who found before. */
enum rc auth_session_known(struct core *c, int64_t web_session_id, int64_t account_id,
			   struct who *ret_who, struct error *e) MUST_CHECK;
#define AUTH_ALIVE_MAX 500
/*
 * Which of n sessions, at most AUTH_ALIVE_MAX, still live: their ids, ascending, in the arena.  One
 * statement, which does not count as using them.
 */
enum rc auth_sessions_alive(struct core *c, const int64_t *ids, size_t n, const int64_t **ret_ids,
			    size_t *ret_n, struct error *e) MUST_CHECK;

/* Ends the session of c->who.  RC_OK also when it had ended. */
enum rc auth_sign_out(struct core *c, struct error *e) MUST_CHECK;
/* Ends every session of the account, this one too. */
enum rc auth_sign_out_everywhere(struct core *c, struct error *e) MUST_CHECK;

/* Ends every session of the account that came by this door. */
enum rc auth_sign_out_family(struct core *c, enum token_family family, struct error *e) MUST_CHECK;

struct auth_session_row {
	int64_t id, created_at, seen_at, expires_at;
	struct str user_agent;
	bool is_current;
};
/* The live sessions of c->who, last used first, at most 100. */
enum rc auth_session_list(struct core *c, const struct auth_session_row **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;
/* Ends one of the own sessions; RC_NOT_FOUND when it is not ours or has ended. */
enum rc auth_session_end(struct core *c, int64_t web_session_id, struct error *e) MUST_CHECK;

#endif
