/*
 * What the template compiler and the catalogue compiler must agree on: the
 * name of a message's constant, and what a {placeholder} is.
 */
#ifndef TOOLS_CATC_NAME_H
#define TOOLS_CATC_NAME_H

#include "base/buf.h"

/* "msg_complete_session_1a2b3c4d": the start of the text and a hash.  ctx.p NULL: none. */
void catc_message_name(struct buf *out, struct str ctx, struct str id);

/*
 * The next {name} of text at or after *at (a-z, 0-9, _; not a digit first);
 * *at moves behind it.  False at the end (then *at is text.n) and at a brace
 * that belongs to no name (then *at is its place).
 */
bool catc_placeholder(struct str text, size_t *at, struct str *ret_name);

#endif
