/*
 * Shared by files.c, files_part.c, files_sealed.c and files_walk.c only.
 */
#ifndef SYS_FILES_PRIVATE_H
#define SYS_FILES_PRIVATE_H

#include "base/error.h"
#include "base/str.h"
#include "sys/files.h"

/* 32 lower-case hex digits. */
bool files_id_valid(struct str id);

/* What errno means for somebody who stores a file; doing: "copying a file". */
enum rc files_failed(struct error *e, const char *doing);

/* `length` bytes of `from` at `offset` behind what `to` was opened or moved to. */
enum rc files_copy_range(int from, int64_t offset, int64_t length, int to,
			 struct error *e) MUST_CHECK;
enum rc files_write_all(int fd, struct str bytes, struct error *e) MUST_CHECK;

/* A new draft in tmp, of no bytes yet. */
enum rc files_draft_create(const struct files *f, struct file_draft *d, struct error *e) MUST_CHECK;
/* The draft is whole, or rc says why not: its digest is taken, or it is dropped. */
enum rc files_draft_finish(struct file_draft *d, struct file_draft *ret_draft, enum rc rc,
			   struct error *e) MUST_CHECK;

#endif
