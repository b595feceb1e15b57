/*
 * Parts of the console's JSON that answers to a mark and to /live share.
 */
#ifndef PAGES_CONSOLE_LIVE_H
#define PAGES_CONSOLE_LIVE_H

#include "codec/json.h"
#include "pages/console_view.h"

/* [person, version, "p", "QR, 09:03", attempt that waits] */
void console_json_row(struct json_out *o, const struct view_register_row *row);
/* "n": { "n": unmarked, "p": …, "flagged": …, "all": … } */
void console_json_counts(struct json_out *o, const struct register_list *l);

#endif
