/*
 * Photos as answers: see photo_send.h.  One piece of the photo is in memory at a time.
 */
#include "web/photo_send.h"

#include "core/attendance/photo.h"
#include "web/worker.h"

static enum rc more_photo(void *arg, struct buf *b, bool *ret_last, struct error *e)
{
	return files_sealed_read(arg, b, ret_last, e);
}

enum rc photo_send(struct req *q, struct resp *r, struct str file, struct error *e)
{
	struct photo p;
	bool is_last;

	if (!file.n)
		return ERROR(e, RC_NOT_FOUND, REASON_FILE_GONE, "no photo");
	TRY(photo_open(&q->core, q->worker->web->files, file, &p, e));
	/* Before anything is sent, so that what cannot be read says so. */
	TRY(files_sealed_read(p.bytes, &r->body, &is_last, e));
	if (!is_last)
		resp_stream(r, more_photo, p.bytes);
	r->type = p.type;
	r->csp = resp_csp_file;
	r->cache = RESP_CACHE_NONE;
	resp_header(r, "Content-Disposition", STR("inline; filename=\"photo\""));
	return RC_OK;
}
