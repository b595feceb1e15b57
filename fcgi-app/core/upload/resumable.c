/*
 * Uploads in pieces: see resumable.h.
 *
 * Order of a last piece: bytes, judged, synced, in their place, row; each step may be the
 * last before a crash, and the next piece (of one byte) takes up from there.
 */
#include "core/upload/resumable.h"

#include "base/num.h"
#include "core/session/change.h"
#include "core/upload/upload.h"
#include "store/resumable.h"
#include "sys/files_part.h"
#include "sys/proc.h"

#define US_PER_HOUR (3600 * US_PER_S)

static enum rc ended(struct error *e, struct str id)
{
	return ERROR(e, RC_NOT_FOUND, REASON_UPLOAD_ENDED, "upload %.*s", STR_ARG(id));
}

static bool is_open(const struct resumable_row *row)
{
	return str_eq(row->state, STR("open"));
}

static bool is_done(const struct resumable_row *row)
{
	return str_eq(row->state, STR("done"));
}

/* The row of a living upload: open, or done and not yet forgotten. */
static enum rc find(struct core *c, struct str id, struct resumable_row *ret, struct error *e)
{
	struct resumable_row row;
	uint8_t bytes[16];

	if (id.n != 32 || !num_hex(id, bytes, sizeof bytes))
		return ERROR(e, RC_NOT_FOUND, REASON_NOT_FOUND, "not the id of an upload");
	TRY(resumable_read(c->db, id, c->who->account_id, c->arena, &row, e));
	if ((!is_open(&row) && !is_done(&row)) || row.expires_at <= c->now_us)
		return ended(e, id);
	*ret = row;
	return RC_OK;
}

/* How much is told to have arrived, of `on_disk` bytes: see resumable.h. */
static int64_t arrived(const struct resumable_row *row, int64_t on_disk)
{
	if (is_done(row))
		return row->size;
	return on_disk < row->size ? on_disk : row->size - 1;
}

static struct resumable as_told(const struct resumable_row *row, int64_t on_disk)
{
	return (struct resumable){
		.id = row->id,
		.occurrence_id = row->occurrence_id,
		.name = row->name,
		.description = row->description,
		.metadata = row->metadata,
		.size = row->size,
		.offset = arrived(row, on_disk),
		.attachment_id = row->attachment_id,
		.expires_at = row->expires_at,
	};
}

/* A part that is not there has ended: somebody removed it beside us. */
static enum rc part_gone(struct error *e, struct str id, enum rc rc)
{
	if (rc != RC_NOT_FOUND)
		return rc;
	error_init(e);
	return ended(e, id);
}

/* ---- beginning ------------------------------------------------------------------------------ */

struct begin {
	struct core *c;
	struct resumable_new new;
};

static enum rc create_tx(struct store *s, void *arg, struct error *e)
{
	struct begin *b = arg;

	return resumable_insert(s, &b->new, b->c->config->uploads_open_per_account, b->c->arena, e);
}

static enum rc clean(struct core *c, const struct files *files, const struct resumable_in *in,
		     struct resumable_new *n, struct error *e)
{
	if (in->metadata.n > TUS_METADATA_MAX)
		return ERROR(e, RC_INVALID, REASON_UPLOAD_METADATA, "%zu bytes", in->metadata.n);
	TRY(attachment_clean_name(c->arena, in->name, &n->name, e));
	TRY(text_clean(c->arena, in->description, ATTACHMENT_DESCRIPTION_MAX, "description",
		       &n->description, e));
	return upload_look(c, files, in->size, filetype_extension(n->name), e);
}

enum rc resumable_create(struct core *c, const struct files *files, const struct resumable_in *in,
			 struct resumable *ret, struct error *e)
{
	struct begin b = { .c = c };
	char id[CRYPTO_ID_SIZE];
	struct error ignored;
	enum rc rc;

	TRY(upload_allowed(c, in->occurrence_id, 1, e));
	TRY(clean(c, files, in, &b.new, e));
	b.new.id = crypto_random_id(id);
	b.new.id = arena_str(c->arena, b.new.id);
	if (!b.new.id.p)
		return ERROR_MEMORY(e);
	b.new.account_id = c->who->account_id;
	b.new.occurrence_id = in->occurrence_id;
	b.new.size = in->size;
	b.new.metadata = in->metadata;
	b.new.now_at = c->now_us;
	b.new.expires_at = c->now_us + c->config->upload_open_hours *US_PER_HOUR;
	/* The file first: a row without it would say that nothing has arrived, and mean "gone". */
	TRY(files_part_make(files, b.new.id, in->size, e));
	rc = store_tx(c->db, create_tx, &b, e);
	if (rc != RC_OK) {
		error_init(&ignored);
		if (rc != RC_DEPENDENCY) /* then nobody knows whether there is a row */
			(void)!files_part_remove(files, b.new.id, &ignored);
		return rc;
	}
	*ret = (struct resumable){
		.id = b.new.id,
		.occurrence_id = in->occurrence_id,
		.name = b.new.name,
		.description = b.new.description,
		.metadata = in->metadata,
		.size = in->size,
		.attachment_id = COLUMN_NULL,
		.expires_at = b.new.expires_at,
	};
	return RC_OK;
}

/* ---- looking -------------------------------------------------------------------------------- */

enum rc resumable_get(struct core *c, const struct files *files, struct str id,
		      struct resumable *ret, struct error *e)
{
	struct resumable_row row;
	int64_t on_disk = 0;

	TRY(find(c, id, &row, e));
	if (is_open(&row)) {
		enum rc rc = files_part_size_synced(files, id, &on_disk, e);
		if (rc != RC_OK)
			return part_gone(e, id, rc);
	}
	*ret = as_told(&row, on_disk);
	return RC_OK;
}

static enum rc wrong_offset(struct error *e, int64_t got, int64_t want)
{
	return ERROR(e, RC_CONFLICT, REASON_UPLOAD_OFFSET, "offset %lld, %lld have arrived",
		     (long long)got, (long long)want);
}

/* The last piece of a finished upload may come again: its answer was lost. */
static bool is_last_again(const struct resumable_row *row, int64_t offset, int64_t n_bytes)
{
	return is_done(row) && offset < row->size && n_bytes == row->size - offset;
}

enum rc resumable_may_add(struct core *c, const struct files *files, struct str id, int64_t offset,
			  int64_t n_bytes, struct error *e)
{
	struct resumable_row row;
	int64_t on_disk = 0, told;

	TRY(find(c, id, &row, e));
	if (n_bytes > row.size - offset)
		return ERROR(e, RC_TOO_BIG, REASON_BODY_TOO_BIG, "beyond the length");
	if (is_last_again(&row, offset, n_bytes))
		return RC_OK;
	if (is_open(&row)) {
		enum rc rc = files_part_size(files, id, &on_disk, e);
		if (rc != RC_OK)
			return part_gone(e, id, rc);
	}
	told = arrived(&row, on_disk);
	return offset == told ? RC_OK : wrong_offset(e, offset, told);
}

enum rc resumable_list(struct core *c, const struct files *files, int64_t occurrence_id,
		       const struct resumable **ret_rows, size_t *ret_n, struct error *e)
{
	const struct resumable_row *rows;
	struct resumable *out;
	size_t n, n_out = 0;

	TRY(resumable_rows(c->db, c->who->account_id, occurrence_id, c->now_us, c->arena, &rows, &n,
			   e));
	out = ARENA_ARRAY(c->arena, n, struct resumable);
	if (!out)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < n; i++) {
		struct error gone;
		int64_t on_disk;

		error_init(&gone);
		if (files_part_size(files, rows[i].id, &on_disk, &gone) == RC_OK)
			out[n_out++] = as_told(&rows[i], on_disk);
	}
	*ret_rows = out;
	*ret_n = n_out;
	return RC_OK;
}

/* ---- giving up ------------------------------------------------------------------------------ */

struct ending {
	struct core *c;
	struct str id;
	bool was_open;
};

static enum rc end_tx(struct store *s, void *arg, struct error *e)
{
	struct ending *x = arg;
	struct resumable_row row;
	int64_t n;

	TRY(resumable_lock(s, x->id, x->c->who->account_id, x->c->arena, &row, e));
	x->was_open = is_open(&row);
	return resumable_ended(s, x->id, &n, e);
}

/* The row first: bytes without an open row are the sweeper's. */
static enum rc end_now(struct core *c, const struct files *files, struct file_part *part,
		       struct str id, struct error *e)
{
	struct ending x = { .c = c, .id = id };

	TRY(store_tx(c->db, end_tx, &x, e));
	if (!x.was_open)
		return RC_OK;
	return part && part->is_kept ? files_delete(files, id, e) : files_part_remove(files, id, e);
}

enum rc resumable_end(struct core *c, const struct files *files, struct str id, struct error *e)
{
	struct file_part part = { 0 };
	struct resumable_row row;
	enum rc rc = RC_OK;

	TRY(find(c, id, &row, e));
	if (is_open(&row))
		rc = files_part_open(files, id, &part, e);
	if (rc == RC_CONFLICT || rc == RC_DEPENDENCY)
		return rc;
	error_init(e); /* without its part it is only a row */
	rc = end_now(c, files, part.files ? &part : NULL, id, e);
	files_part_close(&part);
	return rc;
}

enum rc resumable_check_sum(struct str bytes, const struct tus_checksum *sum, struct error *e)
{
	uint8_t digest[TUS_DIGEST_SIZE_MAX];

	if (sum->algorithm == TUS_SHA1)
		TRY(crypto_sha1(bytes, digest, e));
	else
		TRY(crypto_sha256(bytes, digest, e));
	if (!crypto_equal(digest, sum->digest, sum->n))
		return ERROR(e, RC_INVALID, REASON_UPLOAD_CHECKSUM, "a piece of %zu bytes",
			     bytes.n);
	return RC_OK;
}

/* ---- adding --------------------------------------------------------------------------------- */

struct adding {
	struct core *c;
	const struct files *files;
	struct resumable_row row;
	struct file_part part;
	const struct resumable_piece *piece;
	int64_t n_bytes;
};

/* What is refused now would be refused again. */
static bool is_final(const struct error *e)
{
	return e->rc == RC_INVALID || e->rc == RC_DENIED || e->rc == RC_NOT_FOUND ||
	       e->rc == RC_CONFLICT || e->rc == RC_TOO_BIG;
}

static enum rc store_whole(struct adding *x, struct file_draft *draft, struct error *e)
{
	struct upload_row to = { .occurrence_id = x->row.occurrence_id,
				 .name = x->row.name,
				 .description = x->row.description,
				 .resumable_id = x->row.id };
	const struct filetype *type;

	TRY(upload_judge(x->c, draft, filetype_extension(to.name), &type, e));
	if (x->part.is_kept)
		TRY(files_part_sync(&x->part, x->part.size, e));
	else
		TRY(files_draft_keep(draft, e));
	return upload_add_row(x->c, &to, draft, type, &x->row.attachment_id, e);
}

static enum rc finish(struct adding *x, struct error *e)
{
	struct file_draft draft = { 0 };
	struct error ignored;
	enum rc rc = files_part_draft(&x->part, &draft, e);

	if (rc == RC_OK)
		rc = store_whole(x, &draft, e);
	/* Kept by now, if it got that far. */
	x->part.is_kept = x->part.is_kept || (draft.files == NULL && draft.size > 0);
	files_draft_drop(&draft);
	if (rc == RC_OK) {
		x->row.state = STR("done");
		return RC_OK;
	}
	upload_count_refused(x->c, e);
	error_init(&ignored);
	if (is_final(e))
		(void)!end_now(x->c, x->files, &x->part, x->row.id, &ignored);
	return rc;
}

static enum rc bring(struct adding *x, struct error *e)
{
	const struct file_spool *spool = x->piece->spool;
	int64_t safe = x->part.size;

	if (x->part.size == x->row.size) {
		/* All has come before; its last byte comes again to have it finished. */
		if (!files_bytes_equal(x->part.fd, x->piece->offset, x->piece->bytes))
			return wrong_offset(e, x->piece->offset, x->part.size);
		return RC_OK;
	}
	if (spool && safe == 0 && x->n_bytes == x->row.size)
		return files_part_take(&x->part, spool, e);
	TRY(files_part_append(&x->part, spool, x->piece->bytes, e));
	/* The last one is synced when it is kept. */
	return x->part.size < x->row.size ? files_part_sync(&x->part, safe, e) : RC_OK;
}

static enum rc add_locked(struct adding *x, struct error *e)
{
	int64_t told = arrived(&x->row, x->part.size);

	if (x->piece->offset != told)
		return wrong_offset(e, x->piece->offset, told);
	if (x->n_bytes > x->row.size - told)
		return ERROR(e, RC_TOO_BIG, REASON_BODY_TOO_BIG, "beyond the length");
	if (x->n_bytes == 0)
		return RC_OK;
	TRY(bring(x, e));
	return x->part.size == x->row.size ? finish(x, e) : RC_OK;
}

/* The last piece again, after it was finished: right when it is what was stored. */
static enum rc add_again(struct adding *x, struct error *e)
{
	int64_t size;
	bool is_same;
	int fd;

	if (!is_last_again(&x->row, x->piece->offset, x->n_bytes)) {
		if (x->piece->offset == x->row.size && x->n_bytes == 0)
			return RC_OK;
		return wrong_offset(e, x->piece->offset, x->row.size);
	}
	TRY(files_read(x->files, x->row.id, &fd, &size, e));
	is_same = files_bytes_equal(fd, x->piece->offset, x->piece->bytes);
	proc_close(fd);
	return is_same ? RC_OK : wrong_offset(e, x->piece->offset, x->row.size);
}

static enum rc add(struct adding *x, struct str id, struct error *e)
{
	enum rc rc;

	TRY(find(x->c, id, &x->row, e));
	if (is_done(&x->row))
		return add_again(x, e);
	rc = files_part_open(x->files, id, &x->part, e);
	if (rc != RC_OK)
		return part_gone(e, id, rc);
	/* Kept: by a request that has ended since, or by one that crashed.  The row knows. */
	if (x->part.is_kept)
		TRY(find(x->c, id, &x->row, e));
	return is_done(&x->row) ? add_again(x, e) : add_locked(x, e);
}

enum rc resumable_add(struct core *c, const struct files *files, struct str id,
		      const struct resumable_piece *piece, struct resumable *ret, struct error *e)
{
	struct adding x = { .c = c, .files = files, .piece = piece };
	int64_t on_disk;
	enum rc rc;

	x.n_bytes = piece->spool ? piece->spool->size : (int64_t)piece->bytes.n;
	rc = add(&x, id, e);
	on_disk = x.part.size;
	files_part_close(&x.part);
	TRY(rc);
	*ret = as_told(&x.row, on_disk);
	return RC_OK;
}
