/*
 * Taking photos; see photo.h.
 *
 * Sources: ISO/IEC 10918-1 B.1 (JPEG markers: FF, code, length in two bytes that counts
 * itself; frame headers C0..CF but C4, C8, CC hold height and width), W3C PNG 11.2.2
 * (IHDR is first: width and height in four bytes each).
 */
#include "core/attendance/photo.h"

#include "base/num.h"
#include "core/attendance/evidence.h"
#include "core/upload/upload.h"
#include "store/photo.h"

/* ---- what the header claims ------------------------------------------------------------------ */

static int64_t be(const uint8_t *p, size_t n)
{
	int64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

static bool is_frame(uint8_t marker)
{
	return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 &&
	       marker != 0xCC;
}

/* The largest frame before the end of the image; what phones put behind it is no picture. */
static void measure_jpeg(const uint8_t *p, size_t n, int64_t *ret_width, int64_t *ret_height)
{
	size_t at = 2;

	while (at + 4 <= n) {
		uint8_t marker = p[at + 1];
		size_t length;

		if (p[at] != 0xFF) {
			at++; /* entropy-coded bytes */
			continue;
		}
		if (marker == 0xD9)
			return;
		if (marker == 0xFF || marker == 0 || marker == 1 ||
		    (marker >= 0xD0 && marker <= 0xD8)) {
			at += marker == 0xFF ? 1
					     : 2; /* fill, stuffing, markers without a segment */
			continue;
		}
		length = (size_t)be(p + at + 2, 2);
		if (is_frame(marker) && at + 9 <= n) {
			int64_t height = be(p + at + 5, 2), width = be(p + at + 7, 2);

			*ret_height = height > *ret_height ? height : *ret_height;
			*ret_width = width > *ret_width ? width : *ret_width;
		}
		at += 2 + (length < 2 ? 2 : length);
	}
}

enum photo_kind photo_measure(struct str bytes, int64_t *ret_width, int64_t *ret_height)
{
	static const uint8_t png[] = { 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A };
	const uint8_t *p = (const uint8_t *)bytes.p;

	*ret_width = *ret_height = 0;
	if (bytes.n >= 24 && memcmp(p, png, sizeof png) == 0 && memcmp(p + 12, "IHDR", 4) == 0) {
		*ret_width = be(p + 16, 4);
		*ret_height = be(p + 20, 4);
		return PHOTO_PNG;
	}
	if (bytes.n >= 4 && p[0] == 0xFF && p[1] == 0xD8 && p[2] == 0xFF) {
		measure_jpeg(p, bytes.n, ret_width, ret_height);
		return PHOTO_JPEG;
	}
	return PHOTO_NONE;
}

/* What can be said by looking at a few bytes. */
static enum rc look(struct str bytes, struct str *ret_extension, struct error *e)
{
	int64_t width, height;
	enum photo_kind kind = photo_measure(bytes, &width, &height);

	if (bytes.n == 0)
		return ERROR(e, RC_INVALID, REASON_PHOTO_MISSING, "no bytes");
	if (bytes.n > PHOTO_BYTES_MAX)
		return ERROR(e, RC_TOO_BIG, REASON_PHOTO_TOO_BIG, "%zu bytes", bytes.n);
	if (kind == PHOTO_NONE || width == 0 || height == 0)
		return ERROR(e, RC_INVALID, REASON_PHOTO_TYPE, "neither JPEG nor PNG");
	if (width > PHOTO_PIXELS_MAX || height > PHOTO_PIXELS_MAX) {
		(void)ERROR(e, RC_INVALID, REASON_PHOTO_PIXELS, "%lld x %lld", (long long)width,
			    (long long)height);
		e->arg = PHOTO_PIXELS_MAX;
		return RC_INVALID;
	}
	*ret_extension = kind == PHOTO_JPEG ? STR("jpg") : STR("png");
	return RC_OK;
}

/* ---- storing -----------------------------------------------------------------------------------
 */

static enum rc add_row(struct core *c, const struct files *files, const struct file_draft *draft,
		       const struct filetype *type, struct str extension, struct error *e)
{
	struct photo_new row = { .file_id = str_from(draft->id),
				 .sha256 = str_make((const char *)draft->sha256,
						    sizeof draft->sha256),
				 .size = draft->size,
				 .mime = str_from(type->mime),
				 .extension = extension,
				 .now_at = c->now_us };
	struct error ignored;
	enum rc rc = photo_insert(c->db, &row, e);

	if (rc == RC_OK || rc == RC_DEPENDENCY)
		return rc;
	error_init(&ignored);
	(void)!files_delete(files, str_from(draft->id), &ignored);
	return rc;
}

static enum rc seal(struct core *c, const struct files *files, struct str bytes,
		    struct file_draft *draft, struct error *e)
{
	struct evidence_key key;
	enum rc rc;

	TRY(evidence_key_read(c, &key, e));
	rc = files_draft_seal(files, key.bytes, bytes, c->arena, draft, e);
	crypto_wipe(&key, sizeof key);
	return rc;
}

enum rc photo_keep(struct core *c, const struct files *files, struct str bytes,
		   const struct filetype *type, struct str extension, struct str *ret_file,
		   struct error *e)
{
	uint8_t *id = arena_alloc(c->arena, 16);
	struct file_draft draft = { 0 };

	if (!id)
		return ERROR_MEMORY(e);
	TRY(seal(c, files, bytes, &draft, e));
	TRY(files_draft_keep(&draft, e));
	TRY(add_row(c, files, &draft, type, extension, e));
	if (!num_hex(str_from(draft.id), id, 16))
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "id of a draft");
	*ret_file = str_make((const char *)id, 16);
	return RC_OK;
}

/* A scan's words are about files of any kind; here it is a picture or it is none. */
static enum rc judge(struct core *c, const struct files *files, const struct photo_in *in,
		     struct str extension, const struct filetype **ret_type, struct error *e)
{
	struct file_draft draft = { 0 };
	enum rc rc = in->fd < 0
			     ? files_draft_write(files, in->bytes, &draft, e)
			     : files_draft_copy(files, in->fd, in->offset, in->length, &draft, e);

	if (rc == RC_OK)
		rc = upload_judge(c, &draft, extension, ret_type, e);
	files_draft_drop(&draft);
	if (rc == RC_INVALID)
		e->reason = REASON_PHOTO_TYPE;
	return rc;
}

enum rc photo_store(struct core *c, const struct files *files, const struct photo_in *in,
		    struct str *ret_file, struct error *e)
{
	const struct filetype *type;
	struct str extension;

	TRY(look(in->bytes, &extension, e));
	TRY(files_room(files, 2 * (int64_t)in->bytes.n, e));
	TRY(judge(c, files, in, extension, &type, e));
	return photo_keep(c, files, in->bytes, type, extension, ret_file, e);
}

/* ---- showing ----------------------------------------------------------------------------------
 */

enum rc photo_open(struct core *c, const struct files *files, struct str file, struct photo *ret,
		   struct error *e)
{
	struct evidence_key key;
	struct photo_row row;
	struct buf id;
	enum rc rc;

	TRY(photo_get(c->db, file, c->arena, &row, e));
	buf_init(&id, c->arena, CRYPTO_ID_SIZE, CRYPTO_ID_SIZE);
	buf_hex(&id, (const uint8_t *)file.p, file.n);
	if (!buf_ok(&id))
		return ERROR_MEMORY(e);
	TRY(evidence_key_read(c, &key, e));
	rc = files_sealed_open(files, key.bytes, buf_str(&id), c->arena, &ret->bytes, e);
	crypto_wipe(&key, sizeof key);
	ret->type = row.mime;
	return rc;
}
