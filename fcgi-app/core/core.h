/*
 * What every rule gets to work with, and who asks.
 *
 * core holds the rules: who may do what, the state machines, limits, reasons.
 * It knows no HTTP, no HTML and no language.  Handlers of pages, of the JSON
 * doors and of jobs fill a struct core for one request and call in here; all
 * memory of results belongs to its arena.
 *
 * NOT_FOUND and DENIED are told apart here; pages show both as 404.
 */
#ifndef CORE_CORE_H
#define CORE_CORE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/time.h"
#include "store/store.h"
#include "sys/clock.h"
#include "sys/config.h"
#include "sys/shm.h"
#include "sys/zone.h"

enum role {
	ROLE_NONE, /* not signed in */
	ROLE_SUPER_ADMIN,
	ROLE_BRANCH_ADMIN,
	ROLE_FACULTY,
	ROLE_EMPLOYEE,
	ROLE_STUDENT,
	ROLE_DEVICE,
	ROLE__MAX
};

enum theme { THEME_SYSTEM, THEME_LIGHT, THEME_DARK, THEME__MAX };

/* Who asks: made by core/auth from the session row joined with its account. */
struct who {
	enum role role;
	int64_t account_id;
	int64_t person_id; /* COLUMN_NULL: none */
	int64_t branch_id; /* COLUMN_NULL: all branches */
	int64_t web_session_id;
	int64_t signed_in_at;
	struct str uuid; /* of the account: its id at the doors of 002 and 003 */
	struct str username, email;
	struct str given_name, family_name, student_code,
		teacher_code; /* of the person; may be empty */
	struct str name;      /* "Given Family", or the username */
	struct str language;  /* chosen tag; empty: by the browser */
	enum theme theme;
	bool has_shortcuts;
	char csrf[65];    /* 64 hex digits and a NUL */
	int64_t version;  /* changes when what this account's session lists show changes */
	int64_t n_unread; /* notifications, for the badge of pages; 0 for who came with a token */
	struct str zone;  /* IANA zone of the branch; default_zone without one */
};

struct meter_slot;
struct token_key;

struct core {
	struct store *db;
	struct arena *arena;
	const struct config *config;
	const struct clock *clock;
	struct zones *zones;
	struct shm *shm;
	struct meter_slot *meter; /* this process's counters (sys/meter.h); NULL: nobody counts */
	const struct token_key
		*token_key;    /* signs tokens (core/identity/token.h); NULL: no tokens here */
	struct str request_id; /* 32 hex digits; empty outside a request */
	int64_t now_us;        /* read once per request */
	const struct who *who; /* never NULL; role ROLE_NONE when not signed in */
};

static inline bool who_is_admin(const struct who *w)
{
	return w->role == ROLE_SUPER_ADMIN || w->role == ROLE_BRANCH_ADMIN;
}
static inline bool who_is_staff(const struct who *w)
{
	return who_is_admin(w) || w->role == ROLE_FACULTY || w->role == ROLE_EMPLOYEE;
}

/* "branch_admin", as stored and as the 004 contract spells it. */
const char *role_name(enum role r);
enum role role_from(struct str name); /* ROLE_NONE when unknown */

#endif
