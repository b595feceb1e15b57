/*
 * The route table: everything about a request that is known before it is read.
 *
 * One row per method and pattern, in main/muster-app/routes.c.  000 and 003 may each have one
 * for the same: the token's family chooses, 003 without a token.  So may 002 and 001: the first
 * is taken, and its handler hands over what the body says is the other's.  The router takes
 * the handler from it, the transport the body limit, `--nginx` the locations.
 *
 *   const struct route muster_routes[] = {
 *           ROUTE(GET, "/sessions", STAFF, PAGES, page_sessions, .fields = &sessions_fields),
 *           ROUTE(POST, "/sessions/{id}/notes", STAFF, PAGES, page_note_add, .fields =
 * &note_fields), ROUTE(POST, "/sessions/{id}/files", STAFF, PAGES, page_files_add, .pool =
 * POOL_SLOW, .body = BODY_FILE, .body_max = UPLOAD_BODY_MAX), ROUTE(GET, "/index.php", STAFF,
 * PAGES, page_sessions, .fields = &sessions_fields, .query_name = "page", .query_value =
 * "session_tracking"),
 *   };
 */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "web/doc.h"
#include "web/req.h"
#include "web/resp.h"

typedef enum rc route_handler(struct req *q, struct resp *r, struct error *e);
/* Asked before the body of an upload is read; q->body_n is what is announced, or
 * ROUTE_LENGTH_UNSAID. */
typedef enum rc route_gate(struct req *q, struct error *e);
#define ROUTE_LENGTH_UNSAID (-1)

enum route_may {
	MAY_NOBODY, /* a row must say who */
	MAY_PUBLIC,
	MAY_SIGNED_IN,
	MAY_STAFF, /* admins, faculty, employees */
	MAY_ADMIN,
	MAY_STUDENT,
	MAY_DEVICE, /* a scanner, by its key (core/identity/device.h) */
	MAY__MAX
};

enum route_csrf {
	CSRF_FORM, /* header X-CSRF-Token, field or JSON key csrf_token; for every method but GET */
	CSRF_NONE, /* signing in: only the origin is checked */
};

enum route_pool {
	POOL_PAGES,
	POOL_SLOW,
	/*
	 * Whatever hashes a password: many at once wait here, in their order, and nobody else does.
	 * Whose client has left is dropped unserved.
	 */
	POOL_SIGN_IN,
	/*
	 * One process of many threads on kept connections.  Its rows answer at once: no
	 * body in a file, no gate, a body of at most CHECK_IN_BODY_MAX, nothing streamed.
	 */
	POOL_CHECK_IN,
	POOL__MAX,
	/*
	 * Not of this program: nginx sends these to muster-live, over HTTP.  Such a row says so
	 * to nginx, with the largest body; its handler is never asked.
	 */
	POOL_LIVE = POOL__MAX,
};

enum route_body {
	BODY_MEMORY, /* read into the arena */
	BODY_FILE,   /* spooled by nginx; forms in it are parsed from the file */
};

/* Decides the shape of errors: web/family.h. */
enum route_family {
	FAMILY_PAGES,
	FAMILY_OWN,
	FAMILY_004,
	FAMILY_TUS,
	FAMILY_000,
	FAMILY_001,
	FAMILY_002,
	FAMILY_003,
	FAMILY__MAX
};

#define ROUTE_BODY_MAX     (4 * 1024 * 1024)   /* default of body_max: a MB of text, escaped */
#define UPLOAD_BODY_MAX    (101 * 1024 * 1024) /* one file of 100 MB and the rest of its form */
#define CHECK_IN_BODY_MAX  (64 * 1024)         /* limit and default of POOL_CHECK_IN */
#define ROUTE_SEGMENTS_MAX 12

struct route {
	unsigned methods; /* bits of enum method; GET answers HEAD too */
	/*
	 * "/sessions/{id}/complete": segments in braces take any one non-empty segment
	 * and are read by fields from PATH.  Fixed segments win over braces.
	 */
	const char *pattern;
	const char *query_name, *query_value; /* both set: only with that pair in the query */
	enum route_may may;
	enum route_family family;
	route_handler *handler;
	const struct fields *fields; /* NULL: the handler reads none, or chooses a table itself */
	const struct route_doc *doc; /* for /openapi.json: every row but of pages has one */
	enum route_csrf csrf;
	enum route_pool pool;
	enum route_body body;
	route_gate *gate;      /* BODY_FILE: rights that the path alone decides; NULL: none */
	int64_t body_max;      /* bytes; 0: ROUTE_BODY_MAX, or CHECK_IN_BODY_MAX */
	bool without_database; /* is served, for nobody, while the database is down */
	bool is_raw;           /* the body is a file, or a piece of one, whatever its type */
	/* POST with X-HTTP-Method-Override means this method (tus). */
	bool takes_override;
	/*
	 * Of a token only the signature is checked before the handler: its statement joins the
	 * session and the account itself (core/identity/token.h).  q->who_unverified says so.
	 */
	bool claims_only;
	int64_t rate; /* requests a minute of one account, else address; 0: no limit of its own */
	/* A contract's own words for 403 and 404 of this row; NULL: those of its family. */
	const char *denied, *missing;
};

#define ROUTE_GET     (1U << METHOD_GET)
#define ROUTE_POST    (1U << METHOD_POST)
#define ROUTE_PUT     (1U << METHOD_PUT)
#define ROUTE_PATCH   (1U << METHOD_PATCH)
#define ROUTE_DELETE  (1U << METHOD_DELETE)
#define ROUTE_OPTIONS (1U << METHOD_OPTIONS)
/* For a path with one handler for both. */
#define ROUTE_GET_POST (ROUTE_GET | ROUTE_POST)

/* ROUTE(GET, "/path", MAY, FAMILY, handler, .member = …) */
#define ROUTE(METHODS, PATTERN, MAY, FAMILY, HANDLER, ...)                                         \
	{                                                                                          \
		.methods = ROUTE_##METHODS, .pattern = (PATTERN), .may = MAY_##MAY,                \
		.family = FAMILY_##FAMILY, .handler = (HANDLER), __VA_ARGS__                       \
	}

static inline int64_t route_body_max(const struct route *row)
{
	if (row->body_max)
		return row->body_max;
	return row->pool == POOL_CHECK_IN ? CHECK_IN_BODY_MAX : ROUTE_BODY_MAX;
}

#endif
