/* Shared by the files of tplc's output only. */
#ifndef TOOLS_TPLC_EMIT_H
#define TOOLS_TPLC_EMIT_H

#include "tools/tplc.h"

struct emitter {
	struct tplc *c;
	struct buf *out;
	struct buf literal; /* waits for more */
	struct html_state html;
	int n_names; /* of locals, to keep them apart */
};

void emit_line(struct emitter *e, struct tplc_pos pos); /* #line */
/* Writes the literal text that waits. */
void emit_flush(struct emitter *e);
void emit_value(struct emitter *e, struct tplc_pos pos, struct str expr);
/* True in plain text, where other templates may write; else an error. */
bool emit_at_text(struct emitter *e, struct tplc_pos pos, const char *what);
void emit_list(struct emitter *e, const struct tplc_node *node);

void emit_partial(struct emitter *e, const struct tplc_node *node);
void emit_layout(struct emitter *e, const struct tplc_node *node);
void emit_slot_place(struct emitter *e, const struct tplc_node *node);
void emit_message(struct emitter *e, const struct tplc_node *node);

#endif
