/*
 * struct secret: bytes that must not be shown.
 *
 * A type of its own, so that a password or key cannot be handed to a log
 * field, a template or printf by mistake: LOG_SECRET prints "***", and only
 * secret_reveal gives the bytes, at the few places that need them.  A view:
 * it does not own its bytes.
 */
#ifndef SYS_SECRET_H
#define SYS_SECRET_H

#include "base/str.h"

struct secret {
	struct str hidden_;
};

static inline struct secret secret_make(struct str s)
{
	return (struct secret){ s };
}

/* The bytes themselves.  Never log them, never put them into an error's detail. */
static inline struct str secret_reveal(struct secret s)
{
	return s.hidden_;
}

static inline bool secret_empty(struct secret s)
{
	return s.hidden_.n == 0;
}

#endif
