/*
 * /docs and /redoc.  The widgets are packages from static/; what they may do is said by a
 * policy of their own, which docs/openapi.md explains.
 */
#include "pages/docs.h"

#include "pages/page.h"
#include "view/docs.h"
#include "view/tpl_pages_docs.h"

#define POLICY                                                                                     \
	"default-src 'none'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "        \
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'self'"

static const struct str policies[] = {
	[DOCS_TRY] = STR_INIT(POLICY),
	/* Style elements that are empty (it fills them by script), and one of its own words. */
	[DOCS_READ] = STR_INIT(POLICY " 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' "
				      "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='"),
};

static enum rc draw(struct req *q, struct resp *r, enum docs_widget widget, struct error *e)
{
	struct view_docs v = { .widget = widget };
	struct tpl t = req_tpl(q, r);
	struct page p;

	TRY(page_init(&p, q, req_text(q, N_("JSON endpoints")), e));
	v.page = &p.view;
	r->csp = policies[widget];
	tpl_pages_docs(&t, &v);
	return RC_OK;
}

enum rc page_docs(struct req *q, struct resp *r, struct error *e)
{
	return draw(q, r, DOCS_TRY, e);
}

enum rc page_redoc(struct req *q, struct resp *r, struct error *e)
{
	return draw(q, r, DOCS_READ, e);
}
