/*
 * Contract 002, the face verifier's answer (contracts.md 3.4).
 */
#ifndef API_C002_WEBHOOK_H
#define API_C002_WEBHOOK_H

#include "web/doc.h"
#include "web/route.h"

route_handler c002_webhook;
extern const struct fields c002_webhook_fields;
#define C002_WEBHOOK_BODY_MAX (64 * 1024)

/* For /openapi.json: doc.c. */
extern const struct route_doc c002_webhook_doc;

#endif
