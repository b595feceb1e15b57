/*
 * /admin/audit: the audit trail of everything, filtered; and the same as a file.
 */
#ifndef PAGES_AUDIT_H
#define PAGES_AUDIT_H

#include "core/audit_search.h"
#include "web/doc.h"
#include "web/req.h"
#include "web/resp.h"

/* What stands in the address. */
struct audit_in {
	struct str actor, family, object, request;
	int64_t id, branch, before;
	int32_t from, to;
};
extern const struct fields audit_fields;

enum rc page_audit(struct req *q, struct resp *r, struct error *e);
/* CSV and JSON lines, in batches; more rows than AUDIT_EXPORT_MAX: the page, with a sentence. */
enum rc page_audit_csv(struct req *q, struct resp *r, struct error *e);
enum rc page_audit_jsonl(struct req *q, struct resp *r, struct error *e);
extern const struct route_doc page_audit_jsonl_doc;

/* audit.c, for audit_export.c: the filter of the address, and the page that says what is wrong
 * with it. */
struct audit_query audit_query_of(const struct audit_in *in);
enum rc page_audit_refused(struct req *q, struct resp *r, const struct audit_in *in,
			   struct error *e);

#endif
