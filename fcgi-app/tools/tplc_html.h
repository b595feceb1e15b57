/* Shared by the files of tplc that know HTML only. */
#ifndef TOOLS_TPLC_HTML_H
#define TOOLS_TPLC_HTML_H

#include "tools/tplc.h"

struct html_scan {
	struct tplc *c;
	struct html_state *h;
	struct tplc_pos pos;
};

bool html_is_space(char ch);
struct str html_tag(const struct html_state *h);
struct str html_attr_name(const struct html_state *h);
/* Empties a name or value, so that states compare. */
void html_forget(char *p, size_t *n);
/* An attribute is complete. */
void html_end_attr(struct html_state *h);
/* Refuses style= and on…= also when they are constant: they would need a weaker policy. */
bool html_check_attr_name(const struct html_scan *s);
/* One character of literal text.  False after an error. */
bool html_step(const struct html_scan *s, char ch);

/* Of tplc_url.c. */
enum html_attr_kind html_attr_kind(struct str tag, struct str attr);
/* A literal character of a URL; false when it may do harm. */
bool html_url_char(struct html_state *h, char ch);
/* A value in a URL; false and why when it cannot stand there. */
bool html_url_value(struct html_state *h, enum html_escape *ret, const char **ret_why);

#endif
