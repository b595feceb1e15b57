/*
 * What an open page of attendance is kept up to date with, as one JSON text.
 *
 * The same text answers to the page that asks (/live, /screen/code) and is pushed by its stream.
 * It says how things stand, not what changed, so that one that is missed costs nothing.  It is the
 * same for everybody who may see it in one language: rendered once, sent to many.  Rights are
 * core's, asked with the core given; texts belong to its arena.
 */
#ifndef VIEW_LIVE_H
#define VIEW_LIVE_H

#include "codec/json.h"
#include "view/register.h"
#include "view/tpl.h"

/* [person, version, "p", "QR, 09:03", attempt that waits] */
void live_row(struct json_out *o, const struct view_register_row *row);
/* "n": { "n": unmarked, "p": ..., "flagged": ..., "all": ... } */
void live_counts(struct json_out *o, const struct register_list *l);

/*
 * The register of a session: {"state", "closes" (ms), "expected", "n", "rows", "flagged" (HTML),
 * "claims" (what students asked and waits; only for who decides it)}.
 * t: where to render, with language; its assets and csrf may be empty: scripts put the page's own.
 * s: as attendance_see gave it to the viewer; n_expected is filled in.
 */
enum rc live_console(struct core *c, struct tpl *t, struct attendance *s, struct json_out *o,
		     struct error *e) MUST_CHECK;

/* Those who came, latest first: "Zeynep K.", at most LIVE_ARRIVALS_MAX. */
#define LIVE_ARRIVALS_MAX 24
enum rc live_arrivals(struct core *c, const struct attendance *s, const struct view_arrival **ret,
		      size_t *ret_n, struct error *e) MUST_CHECK;
/* Keys "state", "here", "expected", "counts" (sentence), "closes" (ms), "arrivals". */
enum rc live_screen(struct core *c, enum lang lang, const struct attendance *s,
		    const struct view_arrival *arrivals, size_t n, struct json_out *o,
		    struct error *e) MUST_CHECK;

#endif
