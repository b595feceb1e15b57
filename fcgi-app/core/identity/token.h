/*
 * Tokens: who a program is, signed, with the id of the session they belong to.
 *
 * A sign-in by token is a session row as any other (core/identity/auth.h with a family); the
 * token names it.  Reading one proves only that we wrote it and that it has not
 * expired; whether the session still lives and the account may still do anything is
 * in the database, and is asked by token_who or by the statement that does the work
 * (it joins web_session and the account's epoch), so that signing out and disabling
 * hold at once.
 *
 * Claims: those of the contract (000 `sub`; 001 `uid`, `name`, `role`, `email`; 002
 * `user_school_number`; 003 `token_type`, `jti`, `user_id`) with `exp`, `iat`, and ours: `iss`
 * (base_url), `aud`, `fam`, `sid` session, `acc` account, `per` person, `rol` role, `bra` branch.
 */
#ifndef CORE_TOKEN_H
#define CORE_TOKEN_H

#include "core/identity/auth.h"

/* Made of the server key for this purpose alone. */
struct token_key {
	uint8_t bytes[32];
};
/* Reads server_key_file: once for a process. */
enum rc token_key_load(const struct config *config, struct token_key *ret,
		       struct error *e) MUST_CHECK;

struct token_claims {
	enum token_family family; /* TOKEN_NONE: no token came */
	bool is_refresh;          /* good for token_refresh only */
	enum role role;
	int64_t account_id, web_session_id;
	int64_t person_id; /* COLUMN_NULL: none */
	int64_t branch_id; /* as in struct who */
};

enum token_use { TOKEN_ACCESS, TOKEN_REFRESH };

struct token {
	struct str text;
	int64_t expires_at;
};
/*
 * A token for who, whose session was made by auth_sign_in with a family (that of the
 * token, or TOKEN_003 for one of 000).  TOKEN_REFRESH is of 001 and 003 only.
 */
enum rc token_issue(struct core *c, const struct who *who, enum token_family family,
		    enum token_use use, struct token *ret, struct error *e) MUST_CHECK;

/*
 * Signature, issuer and end, without the database.  RC_NOT_SIGNED_IN/TOKEN for whatever
 * is not ours, also where c has no key.
 */
enum rc token_read(struct core *c, struct str jwt, struct token_claims *ret,
		   struct error *e) MUST_CHECK;
/* Who the claims say it is, unproved: for statements that join the session themselves. */
void token_claims_who(const struct core *c, const struct token_claims *claims, struct who *ret);
/*
 * One statement: the session and its account as they are now.  RC_NOT_SIGNED_IN with
 * SESSION_ENDED, or TOKEN for a refresh token.
 */
enum rc token_who(struct core *c, const struct token_claims *claims, struct who *ret,
		  struct error *e) MUST_CHECK;
/*
 * A new access token for a refresh token of this door, 001 or 003.  RC_NOT_SIGNED_IN as above;
 * of 001's refresh tokens of one account only the newest is good.
 */
enum rc token_refresh(struct core *c, struct str jwt, enum token_family family, struct token *ret,
		      struct error *e) MUST_CHECK;
/* Only whose it is. */
enum rc token_refresh_who(struct core *c, struct str jwt, enum token_family family, struct who *ret,
			  struct error *e) MUST_CHECK;
/* Whether the account that a token of ours names is there and enabled, whatever became of the
 * session; a token that is not ours names none. */
enum rc token_has_account(struct core *c, struct str jwt, bool *ret, struct error *e) MUST_CHECK;
/* "student", else "teacher": the only roles that 001 knows. */
const char *token_role_001(enum role role);

#endif
