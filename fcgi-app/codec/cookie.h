/*
 * Reading the Cookie header (RFC 6265 4.2, as lenient as 5.4 makes it).
 * Views into the header; nothing is decoded.
 */
#ifndef CODEC_COOKIE_H
#define CODEC_COOKIE_H

#include "base/str.h"

/*
 * The value of the first cookie of exactly that name (case counts), without
 * blanks around it and without a pair of double quotes.  False when absent.
 */
bool cookie_find(struct str header, struct str name, struct str *ret_value) MUST_CHECK;
/* A name (a token) and a value (cookie-octets) that may be written in Set-Cookie. */
bool cookie_name_valid(struct str name);
bool cookie_value_valid(struct str value);

#endif
