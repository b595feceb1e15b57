/*
 * What the doors of 000 and 002 say alike, since both were made with FastAPI: which fields
 * were wrong, in pydantic's types and words (contracts 0.2), and the texts of errors.
 */
#ifndef API_FASTAPI_H
#define API_FASTAPI_H

#include "web/family.h"

/* Whether e is a validation error: 422 with a list. */
bool fastapi_is_validation(const struct error *e);
/* [{"type":"missing","loc":["body","title"],"msg":"Field required","input":…}]: a value. */
void fastapi_write_list(const struct req *q, struct json_out *o, const struct error *e);
/* [{"field":"body -> title","message":"Field required","type":"missing"}]: 000's form of it. */
void fastapi_write_details(const struct req *q, struct json_out *o, const struct error *e);

/* The English sentence of an error, {n} filled in: the doors' texts are English. */
struct str fastapi_text(const struct req *q, const struct error *e);
/* 403 and 404 of the row's own words, else the given ones. */
struct str fastapi_denied(const struct req *q, const char *otherwise);
struct str fastapi_missing(const struct req *q, const char *otherwise);

#endif
