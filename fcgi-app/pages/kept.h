/*
 * What was typed into a form that could not be taken: shown, and sent again
 * with one button.  Nothing is stored: it travels in the page itself.
 */
#ifndef PAGES_KEPT_H
#define PAGES_KEPT_H

#include "view/account.h"
#include "web/req.h"

#define KEPT_FIELDS_MAX 200
#define KEPT_BYTES_MAX  (1024 * 1024)

struct kept {
	struct str to;       /* path of ours it was sent to; empty: nothing is kept */
	struct pairs fields; /* without tokens and passwords */
	bool has_files;      /* files came with it: they have to be chosen again */
};

/* From the form that just came. */
enum rc kept_from_request(struct req *q, struct kept *ret, struct error *e) MUST_CHECK;
/* From the hidden fields `kept_to` and `kept` of the sign-in page; empty without them. */
enum rc kept_from_sign_in(struct req *q, struct kept *ret, struct error *e) MUST_CHECK;
/* The value of the hidden field `kept`; p NULL without memory. */
struct str kept_pack(struct arena *a, const struct kept *k) MUST_CHECK;
/* For people: labels and values; what says nothing to them is left out. */
enum rc kept_list(struct req *q, const struct kept *k, const struct view_kept **ret_v,
		  size_t *ret_n, struct error *e) MUST_CHECK;
/* The page with the button.  text: why. */
enum rc kept_show(struct req *q, struct resp *r, const struct kept *k, struct str text,
		  struct error *e) MUST_CHECK;

#endif
