/*
 * Codes and texts of the reasons, made from the one list in reason.h.
 */
#include "base/reason.h"

#include "base/attr.h"

static const struct {
	const char *code, *text;
} reasons[REASON__MAX] = {
#define X(name, code, text) [REASON_##name] = { code, text },
	REASONS(X)
#undef X
};

const char *reason_code(enum reason r)
{
	BUG((unsigned)r >= REASON__MAX);
	return reasons[r].code;
}

const char *reason_text(enum reason r)
{
	BUG((unsigned)r >= REASON__MAX);
	return reasons[r].text;
}
