/*
 * What pages show when something fails; given to web by main.
 */
#ifndef PAGES_ERROR_H
#define PAGES_ERROR_H

#include "web/family.h"

/* An error in the layout of pages, with the number of the request. */
family_render page_error_render;
/* Signed in, but the form's token is missing or stale: look at it and send it again. */
route_handler page_form_without_token;
/* The database is away: look at the form and send it again later. */
route_handler page_form_without_database;

#endif
