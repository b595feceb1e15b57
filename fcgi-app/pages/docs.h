/*
 * /docs and /redoc: the description of the JSON endpoints, to try and to read.
 */
#ifndef PAGES_DOCS_H
#define PAGES_DOCS_H

#include "web/route.h"

route_handler page_docs;
route_handler page_redoc;

#endif
