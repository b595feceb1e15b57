/*
 * Registrations under /admin/people/registrations: see registrations.c.
 */
#ifndef PAGES_REGISTRATIONS_H
#define PAGES_REGISTRATIONS_H

#include "web/route.h"

route_handler page_registrations, page_registration_approve, page_registration_refuse;
extern const struct fields registrations_fields, registration_decide_fields;

#endif
