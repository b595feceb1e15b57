/*
 * The page of one request, which several handlers show: looked at, decided in vain, answered in
 * vain.
 */
#ifndef PAGES_REQUESTS_ONE_H
#define PAGES_REQUESTS_ONE_H

#include "pages/page.h"
#include "view/requests.h"

struct request_one {
	struct req *q;
	struct resp *r;
	int64_t id;
	enum request_flash done;
	bool is_typed; /* shows what was sent */
	/* As typed by the admin. */
	int64_t room_id, class_id;
	const int32_t *days;
	size_t n_days;
	bool with_days;
};
/* failed: no error when there is none. */
enum rc requests_one_show(const struct request_one *one, const struct error *failed,
			  struct error *e) MUST_CHECK;

#endif
