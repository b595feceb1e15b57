/*
 * Errors of contract 001 (contracts 0.2): {"message"}.
 */
#ifndef API_C001_FAMILY_H
#define API_C001_FAMILY_H

#include "web/family.h"

/* Owns no paths by prefix: 002 does where both speak, and a handler says that it meant 001. */
family_render c001_error;

#endif
