/*
 * GET /health (contracts 3.1, seed 002): is the service well?
 *
 * {status: "ok" | "degraded", message, database, disk, file_store}, 200; with the
 * database down 503 and status "down".  Versions and free bytes for admins only.
 */
#ifndef API_HEALTH_H
#define API_HEALTH_H

#include "web/route.h"

route_handler api_health;
/* GET /health/check-in: {status: "ok"}, 200.  That pool answers; asks nothing else. */
route_handler api_health_check_in;
extern const struct route_doc api_health_doc, api_health_check_in_doc;

#endif
