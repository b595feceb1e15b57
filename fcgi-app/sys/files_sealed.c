/*
 * Sealed files: see files_sealed.h.
 */
#include "sys/files_sealed.h"

#include "sys/fail.h"
#include "sys/files_private.h"
#include "sys/proc.h"

#include <unistd.h>

#define STORED_PIECE (FILES_SEALED_PIECE + CRYPTO_SEAL_OVERHEAD)
#define CONTEXT_SIZE 9

static enum rc key_of(const uint8_t key[CRYPTO_KEY_SIZE], struct str id,
		      uint8_t ret[CRYPTO_KEY_SIZE], struct error *e)
{
	return crypto_derive(secret_make(str_make((const char *)key, CRYPTO_KEY_SIZE)), id, ret, e);
}

/* The number of the piece, and whether it is the last. */
static struct str context_of(char out[CONTEXT_SIZE], int64_t piece, bool is_last)
{
	for (size_t i = 0; i < 8; i++)
		out[i] = (char)((uint64_t)piece >> (56 - 8 * i) & 0xFF);
	out[8] = (char)is_last;
	return str_make(out, CONTEXT_SIZE);
}

/* ---- writing -------------------------------------------------------------------------------- */

static enum rc write_pieces(struct file_draft *d, const uint8_t key[CRYPTO_KEY_SIZE],
			    struct str bytes, uint8_t *piece, struct error *e)
{
	char context[CONTEXT_SIZE];

	for (int64_t i = 0;; i++) {
		const struct str some = str_sub(bytes, 0, FILES_SEALED_PIECE);
		const bool is_last = some.n == bytes.n;
		const size_t n = some.n + CRYPTO_SEAL_OVERHEAD;

		TRY(crypto_seal(key, context_of(context, i, is_last), some, piece, e));
		TRY(files_write_all(d->fd, str_make((const char *)piece, n), e));
		d->size += (int64_t)n;
		if (is_last)
			return RC_OK;
		bytes = str_from_pos(bytes, some.n);
	}
}

enum rc files_draft_seal(const struct files *f, const uint8_t key[CRYPTO_KEY_SIZE],
			 struct str bytes, struct arena *scratch, struct file_draft *ret_draft,
			 struct error *e)
{
	uint8_t *piece = arena_alloc(scratch, STORED_PIECE);
	uint8_t own_key[CRYPTO_KEY_SIZE];
	struct file_draft d = { 0 };
	enum rc rc;

	if (!piece)
		return ERROR_MEMORY(e);
	TRY(files_draft_create(f, &d, e));
	rc = key_of(key, str_from(d.id), own_key, e);
	if (rc == RC_OK)
		rc = write_pieces(&d, own_key, bytes, piece, e);
	crypto_wipe(own_key, sizeof own_key);
	return files_draft_finish(&d, ret_draft, rc, e);
}

/* ---- reading -------------------------------------------------------------------------------- */

static void close_sealed(void *p)
{
	struct file_sealed *s = p;

	proc_close(s->fd);
	s->fd = -1;
	crypto_wipe(s->key, sizeof s->key);
	crypto_wipe(s->plain, sizeof s->plain);
}

static enum rc not_sealed(struct error *e, const char *why)
{
	return ERROR(e, RC_DEPENDENCY, REASON_UNEXPECTED, "a sealed file: %s", why);
}

enum rc files_sealed_open(const struct files *f, const uint8_t key[CRYPTO_KEY_SIZE], struct str id,
			  struct arena *a, struct file_sealed **ret, struct error *e)
{
	struct file_sealed *s = ARENA_NEW(a, struct file_sealed);

	if (!s)
		return ERROR_MEMORY(e);
	s->fd = -1;
	TRY(files_read(f, id, &s->fd, &s->stored, e));
	if (!arena_on_end(a, close_sealed, s)) {
		close_sealed(s);
		return ERROR_MEMORY(e);
	}
	s->n_pieces = (s->stored + (int64_t)STORED_PIECE - 1) / (int64_t)STORED_PIECE;
	if (s->n_pieces == 0 ||
	    s->stored - (s->n_pieces - 1) * (int64_t)STORED_PIECE < CRYPTO_SEAL_OVERHEAD)
		return not_sealed(e, "cut off");
	TRY(key_of(key, id, s->key, e));
	*ret = s;
	return RC_OK;
}

static enum rc read_piece(struct file_sealed *s, size_t n, struct error *e)
{
	int64_t at = s->piece * (int64_t)STORED_PIECE;

	for (size_t got = 0; got < n;) {
		ssize_t more = pread(s->fd, s->sealed + got, n - got, (off_t)(at + (int64_t)got));

		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED,
					   "reading a sealed file");
		if (more == 0)
			return not_sealed(e, "became shorter");
		got += (size_t)more;
	}
	return RC_OK;
}

enum rc files_sealed_read(struct file_sealed *s, struct buf *b, bool *ret_last, struct error *e)
{
	const bool is_last = s->piece == s->n_pieces - 1;
	const size_t n =
		is_last ? (size_t)(s->stored - s->piece * (int64_t)STORED_PIECE) : STORED_PIECE;
	char context[CONTEXT_SIZE];
	enum rc rc;

	BUG(s->piece >= s->n_pieces);
	TRY(read_piece(s, n, e));
	rc = crypto_open(s->key, context_of(context, s->piece, is_last),
			 str_make((const char *)s->sealed, n), s->plain, e);
	if (rc == RC_INVALID)
		return not_sealed(e, "sealed under another key, or changed");
	TRY(rc);
	buf_add(b, str_make((const char *)s->plain, n - CRYPTO_SEAL_OVERHEAD));
	s->piece++;
	*ret_last = is_last;
	return RC_OK;
}
