/* The template compiler as a function: text in, C out.  No files here. */
#include "tools/tplc.h"

#include <stdarg.h>
#include <stdio.h>

bool tplc_error(struct tplc *c, struct tplc_pos pos, const char *fmt, ...)
{
	va_list args;

	if (c->failed)
		return false;
	c->failed = true;
	c->error_pos = pos;
	va_start(args, fmt);
	vsnprintf(c->error, sizeof(c->error), fmt, args);
	va_end(args);
	return false;
}

void *tplc_alloc(struct tplc *c, size_t n)
{
	void *p = arena_alloc(c->arena, n);

	BUG(!p); /* the machine that builds has no memory */
	return p;
}

struct str tplc_printf(struct tplc *c, const char *fmt, ...)
{
	char *p;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	BUG(n < 0);
	p = tplc_alloc(c, (size_t)n + 1);
	va_start(args, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, args);
	va_end(args);
	return (struct str){ p, (size_t)n };
}

bool tplc_compile(struct tplc *c, struct buf *source, struct buf *header, struct buf *messages)
{
	struct tplc_tokens tokens;
	struct tplc_node *root;

	if (!tplc_lex(c, &tokens))
		return false;
	root = tplc_parse(c, &tokens);
	if (c->failed)
		return false;
	tplc_emit_source(c, root, source);
	if (c->failed)
		return false;
	tplc_emit_header(c, header);
	tplc_messages_write(c, messages);
	return true;
}
