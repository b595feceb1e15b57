/*
 * The route table of muster-app, for the router and for the nginx locations.
 */
#ifndef MAIN_MUSTER_APP_ROUTES_H
#define MAIN_MUSTER_APP_ROUTES_H

#include "web/route.h"

extern const struct route muster_routes[];
extern const size_t muster_n_routes;

#endif
