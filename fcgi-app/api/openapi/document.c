/*
 * The document as a whole, and the address it stands at.
 */
#include "api/openapi/openapi.h"
#include "api/openapi/writer.h"

#include "codec/header.h"
#include "web/worker.h"

#define DOCUMENT_MAX (4 * 1024 * 1024)

/* ---- paths --------------------------------------------------------------------------- */

static bool same_path(const struct route *a, const struct route *b)
{
	return str_eq(str_from(a->pattern), str_from(b->pattern));
}

static bool is_described(const struct route *row)
{
	return row->doc && !row->doc->is_hidden;
}

/* Row i, and the other one for the same: of 000 and 003 that share a path. */
static size_t both_rows(struct openapi *d, const struct route *routes, size_t n, size_t i,
			unsigned method, const struct route *ret[2])
{
	size_t found = 1;

	ret[0] = &routes[i];
	for (size_t k = i + 1; k < n; k++) {
		if (!is_described(&routes[k]) || !same_path(&routes[i], &routes[k]) ||
		    !(routes[k].methods & method))
			continue;
		if (found == 2 || routes[k].family == routes[i].family)
			openapi_wrong(d, "two rows are described for one method",
				      routes[k].pattern);
		else
			ret[found++] = &routes[k];
	}
	return found;
}

static void operations(struct openapi *d, const struct route *routes, size_t n, size_t first)
{
	unsigned seen = 0;

	json_out_key(&d->o, str_from(routes[first].pattern));
	json_out_object(&d->o);
	for (size_t i = first; i < n; i++) {
		if (!is_described(&routes[i]) || !same_path(&routes[first], &routes[i]))
			continue;
		for (int m = 0; m < METHOD_OTHER; m++) {
			struct str name = str_from(method_name((enum method)m));
			const struct route *rows[2] = { &routes[i] };
			char lower[16] = "";
			size_t n_rows;

			if (!(routes[i].methods & ~seen & (1U << m)))
				continue;
			for (size_t k = 0; k < name.n && k < sizeof lower - 1; k++)
				lower[k] = (char)(name.p[k] | 0x20);
			json_out_key(&d->o, str_from(lower));
			n_rows = both_rows(d, routes, n, i, 1U << m, rows);
			openapi_operation(d, rows, n_rows, (enum method)m);
		}
		seen |= routes[i].methods;
	}
	json_out_object_end(&d->o);
}

static void paths(struct openapi *d, const struct route *routes, size_t n)
{
	json_out_key_object(&d->o, "paths");
	for (size_t i = 0; i < n; i++) {
		bool is_first = is_described(&routes[i]);

		if (routes[i].family != FAMILY_PAGES && !routes[i].doc)
			openapi_wrong(d, "it is JSON and is not described", routes[i].pattern);
		for (size_t k = 0; k < i && is_first; k++)
			is_first = !is_described(&routes[k]) || !same_path(&routes[k], &routes[i]);
		if (is_first)
			operations(d, routes, n, i);
	}
	json_out_object_end(&d->o);
}

/* ---- around them --------------------------------------------------------------------- */

static void info(struct openapi *d, const char *version)
{
	struct buf b;

	buf_init(&b, d->arena, 4096, 65536);
	BUF_LIT(&b, "Sessions and attendance. Each group of endpoints speaks in the words of one "
		    "contract; a slash at the end of a path does not matter.\n\n"
		    "Bodies may be forms, forms in parts, or JSON. An empty value is an absent "
		    "one.\n\n## Not offered\n\n"
		    "What a contract names and this server does not have:\n\n");
	for (size_t i = 0; i < openapi_n_missing; i++)
		buf_printf(&b, "- %s: `%s`. %s\n", openapi_missing[i].contract,
			   openapi_missing[i].what, openapi_missing[i].why);
	json_out_key_object(&d->o, "info");
	json_out_key_cz(&d->o, "title", "Muster");
	json_out_key_cz(&d->o, "version", version);
	json_out_key_str(&d->o, "description", buf_str(&b));
	json_out_key_object(&d->o, "license");
	json_out_key_cz(&d->o, "name", "MIT");
	json_out_key_cz(&d->o, "identifier", "MIT");
	json_out_object_end(&d->o);
	json_out_object_end(&d->o);
	json_out_key_array(&d->o, "servers");
	json_out_raw(&d->o, STR("{\"url\":\"/\"}"));
	json_out_array_end(&d->o);
}

static bool is_used(const struct route *routes, size_t n, int family)
{
	for (size_t i = 0; i < n; i++)
		if (is_described(&routes[i]) && (int)routes[i].family == family)
			return true;
	return false;
}

static void tags(struct openapi *d, const struct route *routes, size_t n)
{
	json_out_key_array(&d->o, "tags");
	for (int f = 0; f < FAMILY__MAX; f++) {
		bool is_told = false;

		for (int k = 0; k < f; k++)
			is_told = is_told || str_eq(str_from(openapi_families[k].tag),
						    str_from(openapi_families[f].tag));
		if (is_told || !is_used(routes, n, f))
			continue;
		json_out_object(&d->o);
		json_out_key_cz(&d->o, "name", openapi_families[f].tag);
		json_out_key_cz(&d->o, "description", openapi_families[f].about);
		json_out_object_end(&d->o);
	}
	json_out_array_end(&d->o);
}

static void missing(struct openapi *d)
{
	json_out_key_array(&d->o, "x-not-offered");
	for (size_t i = 0; i < openapi_n_missing; i++) {
		json_out_object(&d->o);
		json_out_key_cz(&d->o, "contract", openapi_missing[i].contract);
		json_out_key_cz(&d->o, "what", openapi_missing[i].what);
		json_out_key_cz(&d->o, "why", openapi_missing[i].why);
		json_out_object_end(&d->o);
	}
	json_out_array_end(&d->o);
}

static void scheme(struct json_out *o, const char *key, const char *type, const char *const *more,
		   const char *about)
{
	json_out_key_object(o, key);
	json_out_key_cz(o, "type", type);
	for (size_t i = 0; more[i]; i += 2)
		json_out_key_cz(o, more[i], more[i + 1]);
	json_out_key_cz(o, "description", about);
	json_out_object_end(o);
}

static void security_schemes(struct openapi *d)
{
	json_out_key_object(&d->o, "securitySchemes");
	scheme(&d->o, "token", "http",
	       (const char *const[]){ "scheme", "bearer", "bearerFormat", "JWT", NULL },
	       "The token that signing in answered: access_token of /api/auth/login is of contract "
	       "000, access of 003, access_token of /api/v1/auth/token of 002. On paths that 000 "
	       "and "
	       "003 share it chooses the contract.");
	scheme(&d->o, "deviceKey", "apiKey",
	       (const char *const[]){ "in", "header", "name", "X-Device-Key", NULL },
	       "The key that making a device showed once.");
	scheme(&d->o, "cookie", "apiKey",
	       (const char *const[]){ "in", "cookie", "name", "muster", NULL },
	       "The cookie of somebody who signed in on a page, or at api/auth.php. It is called "
	       "__Host-muster over HTTPS. Browsers send it by themselves.");
	scheme(&d->o, "csrf", "apiKey",
	       (const char *const[]){ "in", "header", "name", "X-CSRF-Token", NULL },
	       "Beside the cookie, with whatever changes something: the token that signing in "
	       "answered, or the meta element csrf-token of a page.");
	json_out_object_end(&d->o);
}

enum rc openapi_make(const struct route *routes, size_t n, const char *version, struct arena *a,
		     struct str *ret, struct error *e)
{
	struct openapi *d = ARENA_NEW(a, struct openapi);
	struct buf b;

	if (!d)
		return ERROR_MEMORY(e);
	*d = (struct openapi){ .arena = a };
	buf_init(&b, a, 64 * 1024, DOCUMENT_MAX);
	json_out_init(&d->o, &b);
	json_out_object(&d->o);
	json_out_key_cz(&d->o, "openapi", "3.1.0");
	info(d, version);
	tags(d, routes, n);
	paths(d, routes, n);
	json_out_key_object(&d->o, "components");
	openapi_schemas(d);
	security_schemes(d);
	json_out_object_end(&d->o);
	missing(d);
	json_out_object_end(&d->o);
	if (d->wrong.n)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "/openapi.json: %.*s",
			     STR_ARG(d->wrong));
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&b);
	return RC_OK;
}

/* ---- the address --------------------------------------------------------------------- */

static const struct doc_member no_members[] = { { .name = NULL } };
static const struct doc_schema document = { .about = "OpenAPI 3.1", .members = no_members };

const struct route_doc openapi_doc = {
	.summary = "This description",
	.about = "Pages that show it: /docs, /redoc.",
	DOC_ANSWERS(DOC_SAYS(200, "An OpenAPI 3.1 document.", .schema = &document)),
};

enum rc api_openapi(struct req *q, struct resp *r, struct error *e)
{
	const struct web *web = q->worker->web;
	struct str tag = arena_printf(r->arena, "W/\"%.*s\"", STR_ARG(web->build));

	if (!tag.p)
		return ERROR_MEMORY(e);
	(void)resp_json(r);
	resp_header(r, "ETag", tag);
	if (q->if_none_match.n && header_etag_match(q->if_none_match, tag)) {
		r->status = 304;
		r->type = (struct str){ 0 };
		return RC_OK;
	}
	buf_add(&r->body, web->openapi);
	return RC_OK;
}
