/*
 * Inside of core: what account.c and person_account.c share about usernames and e-mails.
 */
#ifndef CORE_ACCOUNT_FIELDS_H
#define CORE_ACCOUNT_FIELDS_H

#include "core/core.h"

#define ACCOUNT_USERNAME_MAX 80
#define ACCOUNT_EMAIL_MAX    254
#define ACCOUNT_UUID_SIZE    37

/* Adds the field errors "username" and "email" to found; both folded, the e-mail may be empty. */
void account_check_names(struct str username, struct str email, struct error *found);
/* RFC 9562, version 4; returns the view of `out`. */
struct str account_random_uuid(char out[ACCOUNT_UUID_SIZE]);

#endif
