/*
 * Answering with the photo of a check-in.
 */
#ifndef WEB_PHOTO_SEND_H
#define WEB_PHOTO_SEND_H

#include "web/req.h"
#include "web/resp.h"

/*
 * The photo of an attempt the viewer has got (checkin_attempt_get), unsealed on its way: shown in
 * the page, never kept by a cache.  file: 16 bytes; empty: there is none.  RC_NOT_FOUND when it is
 * gone, RC_DEPENDENCY when it cannot be read.
 */
enum rc photo_send(struct req *q, struct resp *r, struct str file, struct error *e) MUST_CHECK;

#endif
