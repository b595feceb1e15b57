/*
 * The request as handlers see it.
 *
 * Made by the router from what the transport delivered; everything lives in
 * the request's arena.  Handlers read typed input with req_read and show what
 * was typed with req_raw.  Knows no libfcgi and no HTML.
 *
 *   enum rc page_note_add(struct req *q, struct resp *r, struct error *e)
 *   {
 *           struct note_in in;
 *           enum rc rc = req_read(q, &in, e);            // parse
 *
 *           if (rc == RC_OK)
 *                   rc = note_add(&q->core, …, e);        // allow and act: core
 *           if (rc == RC_INVALID)
 *                   return show_form(q, r, e);            // sets r->status = 422
 *           TRY(rc);
 *           resp_redirect(r, …);                          // render
 *           return RC_OK;
 *   }
 */
#ifndef WEB_REQ_H
#define WEB_REQ_H

#include "codec/json.h"
#include "codec/multipart.h"
#include "core/identity/token.h"
#include "sys/files.h"
#include "view/tpl.h"
#include "web/field.h"
#include "web/resp.h"

struct route;
struct worker;

/* METHOD_OTHER: none of these; no route has it. */
enum method {
	METHOD_GET,
	METHOD_HEAD,
	METHOD_POST,
	METHOD_PUT,
	METHOD_PATCH,
	METHOD_DELETE,
	METHOD_OPTIONS,
	METHOD_OTHER,
	METHOD__MAX
};
const char *method_name(enum method m); /* "GET"; "" for METHOD_OTHER */
enum method method_from(struct str name);

#define REQ_PAIRS_MAX 5000 /* names in one form, query or JSON object: a register of 2,000 */
#define REQ_PARTS_MAX 200  /* parts in one multipart body */

/* A file of a multipart body. */
struct req_file {
	struct str field;    /* name of the input */
	struct str filename; /* any bytes; empty where no file was chosen */
	struct str type;     /* as the browser calls it */
	int64_t offset, n;   /* where it lies in the body */
};

/* Headers of uploads in pieces (codec/tus.h), as sent; empty when absent. */
struct req_tus {
	struct str resumable, length, defer_length, offset, metadata, checksum;
};

struct req {
	const struct route *route;
	/*
	 * In whose shape errors are answered; FAMILY_PAGES: the row's.  Set by a handler whose
	 * address two contracts share, once the body has told which of them speaks.
	 */
	int answers_as;              /* enum route_family */
	const struct fields *fields; /* of the last req_read: for those who say what was wrong */
	struct worker *worker;       /* this thread's: web/worker.h */
	struct core core;
	struct who who;            /* core.who points here */
	struct token_claims token; /* of a bearer token of ours; family TOKEN_NONE: none came */
	/* who is what the token says, and the database was not asked (route's claims_only). */
	bool who_unverified;

	enum method method; /* HEAD is METHOD_HEAD here, and served by GET's handler */
	struct str path;    /* decoded, one '/' between segments, none at the end but in "/" */
	struct str target;  /* as sent, path and query: for `next` and `here` */
	struct str query;   /* as sent, without '?' */
	struct pairs path_pairs, query_pairs, form;
	const struct json_t *json; /* the body, when it was JSON; else NULL */

	struct str host, address; /* as sent, without port; of the client, as our nginx says */
	struct str user_agent, content_type, accept, if_none_match;
	struct str range; /* the Range header: nginx serves it, handlers may count by it */
	struct str authorization, forwarded; /* headers; forwarded: what another proxy adds */
	struct str cookies;                  /* the Cookie header */
	struct str device_key;               /* X-Device-Key */
	int64_t device_id;                   /* of a device that was let in; else 0 */
	struct str webhook_signature;        /* X-Webhook-Signature */
	struct req_tus tus;
	struct str session_token; /* of the cookie; empty: none */
	enum lang lang;
	enum theme theme;
	bool is_htmx;       /* HX-Request */
	bool is_ajax;       /* X-Requested-With: XMLHttpRequest */
	bool wants_json;    /* Accept prefers JSON, or the body was JSON */
	bool session_ended; /* a session cookie came, but it no longer signs in */

	struct str body;         /* in memory, or the mapped file */
	int64_t body_n;          /* bytes */
	struct file_spool spool; /* fd -1: the body is in memory only.  Closed with the arena. */
	const struct req_file *files;
	size_t n_files;
};

/* Fills in (of the route's field table): see fields_read.  The table must not be NULL. */
enum rc req_read(struct req *q, void *in, struct error *e) MUST_CHECK;
/* The same with another table: for doors that choose by an `action`. */
enum rc req_read_as(struct req *q, const struct fields *f, void *in, struct error *e) MUST_CHECK;
/*
 * What was typed, as sent (form first, then query): for showing a form again.  Not
 * checked; html_* cleans it.  Empty when absent.
 */
struct str req_raw(const struct req *q, const char *name);
/* Whether it was sent at all, even empty. */
bool req_has(const struct req *q, const char *name);
/* Cookie by name; empty when absent. */
struct str req_cookie(const struct req *q, const char *name);

/* For t: body of r, arena, language, assets and the CSRF token. */
struct tpl req_tpl(const struct req *q, struct resp *r);
/*
 * A path within this site: begins with '/', no "//", "/\" or controls, at most 2000 bytes.
 * Anything else gives `otherwise`.
 */
struct str req_local_path(struct str path, struct str otherwise);

/*
 * Counts against a rate limit (sys/shm.h): rule "sign-in", by account when signed in and
 * not by_address, else by address.  limit 0: none.  RC_BUSY REASON_RATE with
 * e->retry_s and e->arg.
 */
enum rc req_rate(struct req *q, const char *rule, bool by_address, int64_t limit, int64_t window_s,
		 struct error *e) MUST_CHECK;

/*
 * The bytes of a file of the body, in memory or mapped.  For core/upload/upload.h give q->spool.fd,
 * f->offset, f->n, and these bytes.
 */
struct str req_file_bytes(const struct req *q, const struct req_file *f);

#endif
