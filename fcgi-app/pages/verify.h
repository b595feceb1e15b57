/*
 * Checking a completion code, for anyone: /verify and /verify/{code}.
 */
#ifndef PAGES_VERIFY_H
#define PAGES_VERIFY_H

#include "web/req.h"
#include "web/resp.h"

extern const struct fields verify_fields, verify_code_fields;

/* The form; with ?code= its answer. */
enum rc page_verify(struct req *q, struct resp *r, struct error *e);
/* The answer, also in the address printed beside the code. */
enum rc page_verify_code(struct req *q, struct resp *r, struct error *e);

#endif
