/*
 * GET /metrics: Prometheus text format 0.0.4, for this machine or with a token.
 */
#ifndef API_METRICS_H
#define API_METRICS_H

#include "web/doc.h"
#include "web/req.h"
#include "web/resp.h"

enum rc api_metrics(struct req *q, struct resp *r, struct error *e);
extern const struct route_doc api_metrics_doc;

#endif
