/*
 * Kept files whose bytes are sealed on disk, for what is too personal to lie there as it is.
 *
 * Each file has a key of its own, derived from the one given and its id.  Its bytes are
 * sealed in pieces (crypto_seal), each bound to its number and to being the last, so that
 * pieces cannot be exchanged, left out or cut off unnoticed.  What reads holds one piece
 * in memory.  A sealed file is made, kept and deleted like any other (sys/files.h);
 * size and digest of its draft are of the bytes on disk.
 */
#ifndef SYS_FILES_SEALED_H
#define SYS_FILES_SEALED_H

#include "base/buf.h"
#include "sys/files.h"

#define FILES_SEALED_PIECE ((size_t)128 * 1024)

struct file_sealed {
	int fd; /* -1: closed */
	int64_t piece, n_pieces, stored;
	uint8_t key[CRYPTO_KEY_SIZE];
	uint8_t sealed[FILES_SEALED_PIECE + CRYPTO_SEAL_OVERHEAD];
	uint8_t plain[FILES_SEALED_PIECE];
};

/* As files_draft_write, sealed.  scratch: for one piece, until it returns. */
enum rc files_draft_seal(const struct files *f, const uint8_t key[CRYPTO_KEY_SIZE],
			 struct str bytes, struct arena *scratch, struct file_draft *ret_draft,
			 struct error *e) MUST_CHECK;

/*
 * Into the arena, which closes it at its end.  RC_NOT_FOUND/FILE_GONE when the file is not there;
 * RC_DEPENDENCY for one that was not sealed.
 */
enum rc files_sealed_open(const struct files *f, const uint8_t key[CRYPTO_KEY_SIZE], struct str id,
			  struct arena *a, struct file_sealed **ret, struct error *e) MUST_CHECK;
/* Appends the next piece; *ret_last: nothing follows.  RC_DEPENDENCY when it was sealed under
 * another key, or changed. */
enum rc files_sealed_read(struct file_sealed *s, struct buf *b, bool *ret_last,
			  struct error *e) MUST_CHECK;

#endif
