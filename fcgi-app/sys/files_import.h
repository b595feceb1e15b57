/*
 * The folder of imports beside the store: upload_dir/imports/<id>.
 *
 * A CSV file on its way in is kept there until its import ends.  The store's walk
 * (files_each) does not come here; the importer removes what no import wants.
 */
#ifndef SYS_FILES_IMPORT_H
#define SYS_FILES_IMPORT_H

#include "sys/files.h"

/* Makes the draft permanent here, durably, and closes its fd; on failure it is dropped.
 * RC_NO_SPACE, RC_DEPENDENCY. */
enum rc files_import_keep(struct file_draft *d, struct error *e) MUST_CHECK;
/* Opens one for reading.  id: 32 hex digits.  RC_NOT_FOUND/FILE_GONE. */
enum rc files_import_open(const struct files *f, struct str id, int *ret_fd,
			  struct error *e) MUST_CHECK;
/* Bytes from `offset`, as many as fit; *ret_n 0 at the end.  RC_DEPENDENCY. */
enum rc files_import_read(int fd, int64_t offset, char *buf, size_t n, size_t *ret_n,
			  struct error *e) MUST_CHECK;
/* RC_OK also when it was gone. */
enum rc files_import_remove(const struct files *f, struct str id, struct error *e) MUST_CHECK;

#endif
