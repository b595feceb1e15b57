/*
 * Taking a file: see upload.h.  The draft is dropped at every failure before it
 * is kept; a kept file is removed when its row was refused, and left to the
 * sweeper when nobody knows whether the row was written.
 */
#include "core/upload/upload.h"

#include "sys/meter.h"
#include "sys/scan_client.h"

#define SCAN_QUEUE_MS 15000 /* other files may be judged first */
#define HOUR_S        3600

enum rc upload_allowed(struct core *c, int64_t occurrence_id, size_t n_files, struct error *e)
{
	struct str key;
	int64_t retry_s;

	TRY(attachment_may_add(c, occurrence_id, e));
	if (!c->shm)
		return RC_OK;
	key = arena_printf(c->arena, "upload:%lld", (long long)c->who->account_id);
	if (!key.p)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n_files; i++) {
		if (rate_take(c->shm, key, c->config->uploads_per_account_per_hour, HOUR_S,
			      c->now_us, &retry_s))
			continue;
		(void)ERROR(e, RC_BUSY, REASON_RATE, "uploads of account %lld",
			    (long long)c->who->account_id);
		e->arg = e->retry_s = retry_s;
		return RC_BUSY;
	}
	return RC_OK;
}

enum rc upload_look(struct core *c, const struct files *files, int64_t length, struct str extension,
		    struct error *e)
{
	if (length == 0)
		return ERROR(e, RC_INVALID, REASON_FILE_EMPTY, "no bytes");
	if (length > c->config->upload_max_bytes)
		return ERROR(e, RC_TOO_BIG, REASON_FILE_TOO_BIG, "%lld bytes", (long long)length);
	if (!filetype_extension_known(extension))
		return ERROR(e, RC_INVALID, REASON_FILE_TYPE, "extension \"%.*s\"",
			     STR_ARG(utf8_prefix(extension, 20)));
	return files_room(files, length, e);
}

enum rc upload_judge(struct core *c, const struct file_draft *draft, struct str extension,
		     const struct filetype **ret_type, struct error *e)
{
	struct file_verdict verdict;
	struct str path =
		arena_printf(c->arena, "%.*s/%s", STR_ARG(c->config->run_dir), SCAN_SOCKET_NAME);
	char *socket = path.p ? str_cz(c->arena, path) : NULL;

	if (!socket)
		return ERROR_MEMORY(e);
	TRY(scan_file(socket, draft->fd, extension, draft->size,
		      (int)c->config->scan_timeout_ms + SCAN_QUEUE_MS, &verdict, e));
	*ret_type = verdict.type;
	return RC_OK;
}

static enum rc bring(const struct files *files, const struct upload_in *in,
		     struct file_draft *draft, struct error *e)
{
	if (in->whole)
		return files_draft_take(files, in->whole, draft, e);
	if (in->fd < 0)
		return files_draft_write(files, in->bytes, draft, e);
	return files_draft_copy(files, in->fd, in->offset, in->length, draft, e);
}

enum rc upload_add_row(struct core *c, const struct upload_row *to, const struct file_draft *draft,
		       const struct filetype *type, int64_t *ret_id, struct error *e)
{
	struct stored_file file = { .size = draft->size,
				    .type = type,
				    .extension = filetype_extension(to->name),
				    .resumable_id = to->resumable_id };

	memcpy(file.id, draft->id, sizeof(file.id));
	memcpy(file.sha256, draft->sha256, sizeof(file.sha256));
	TRY(attachment_add(c, to->occurrence_id, &file, to->name, to->description, ret_id, e));
	meter_add(c->meter, METER_UPLOADS, 1);
	meter_add(c->meter, METER_UPLOAD_BYTES, draft->size);
	return RC_OK;
}

void upload_count_refused(const struct core *c, const struct error *e)
{
	bool is_theirs = e->rc == RC_INVALID || e->rc == RC_TOO_BIG || e->rc == RC_CONFLICT ||
			 e->rc == RC_NOT_FOUND || e->rc == RC_DENIED;

	meter_add(c->meter, is_theirs ? METER_UPLOADS_REFUSED : METER_UPLOADS_FAILED, 1);
}

static enum rc add_row(struct core *c, const struct files *files, const struct upload_in *in,
		       struct str name, const struct file_draft *draft, const struct filetype *type,
		       int64_t *ret_id, struct error *e)
{
	struct upload_row to = { in->occurrence_id, name, in->description, { 0 } };
	struct error ignored;
	enum rc rc = upload_add_row(c, &to, draft, type, ret_id, e);

	if (rc == RC_OK || rc == RC_DEPENDENCY)
		return rc;
	/* A file that stays behind costs room until the sweeper comes, nothing else. */
	error_init(&ignored);
	(void)!files_delete(files, str_from(draft->id), &ignored);
	return rc;
}

static enum rc store_file(struct core *c, const struct files *files, const struct upload_in *in,
			  int64_t *ret_id, struct error *e)
{
	int64_t length = in->whole    ? in->whole->size
			 : in->fd < 0 ? (int64_t)in->bytes.n
				      : in->length;
	struct file_draft draft = { 0 };
	const struct filetype *type;
	struct str name;
	enum rc rc;

	TRY(attachment_clean_name(c->arena, in->name, &name, e));
	TRY(upload_look(c, files, length, filetype_extension(name), e));
	rc = bring(files, in, &draft, e);
	if (rc == RC_OK)
		rc = upload_judge(c, &draft, filetype_extension(name), &type, e);
	if (rc == RC_OK)
		rc = files_draft_keep(&draft, e);
	if (rc != RC_OK) {
		files_draft_drop(&draft);
		return rc;
	}
	return add_row(c, files, in, name, &draft, type, ret_id, e);
}

enum rc upload_file(struct core *c, const struct files *files, const struct upload_in *in,
		    int64_t *ret_id, struct error *e)
{
	enum rc rc = store_file(c, files, in, ret_id, e);

	if (rc != RC_OK)
		upload_count_refused(c, e);
	return rc;
}
