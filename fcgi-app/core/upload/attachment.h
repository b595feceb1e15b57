/*
 * Files of a session.
 *
 * The bytes come first: sys/files has put the judged file at its final place before
 * attachment_add writes file row, attachment row, counter and audit row in one
 * transaction.  When that fails the caller removes the bytes (files_delete).  Deleting
 * keeps the row and who did it; the sweeper removes the bytes.
 */
#ifndef CORE_ATTACHMENT_H
#define CORE_ATTACHMENT_H

#include "core/core.h"
#include "sys/files.h"
#include "sys/filetype.h"

#define ATTACHMENT_NAME_MAX        255 /* code points */
#define ATTACHMENT_DESCRIPTION_MAX 500 /* code points */

/* What sys/files and the scan say about a kept file. */
struct stored_file {
	char id[CRYPTO_ID_SIZE];
	uint8_t sha256[CRYPTO_SHA256_SIZE];
	int64_t size;
	const struct filetype *type;
	struct str extension;    /* as uploaded, without the dot; lower-cased when stored */
	struct str resumable_id; /* upload it arrived by in pieces (resumable.h); empty: in one */
};

struct attachment_row {
	int64_t id, completion_id, occurrence_id, branch_id;
	struct str file_id; /* 32 hex digits: files_path */
	struct str name, description;
	enum file_class class;
	struct str mime; /* canonical */
	int64_t size;
	int64_t uploaded_by; /* account */
	struct str uploader_name;
	int64_t n_downloads, created_at;
	bool may_delete;       /* by the viewer: who uploaded it, or an admin */
	bool is_quarantined;   /* nobody gets its bytes */
	struct str quarantine; /* the reason, for its uploader and those who review; else empty */
};

/*
 * The file name as it is kept: the part behind the last / or \, without controls,
 * NUL and the marks that turn the writing direction; blanks at both ends dropped; cut to
 * 255 characters before the extension.  RC_INVALID FILE_NAME when nothing
 * but an extension or dots is left, or the name is not UTF-8.
 */
enum rc attachment_clean_name(struct arena *a, struct str name, struct str *ret_name,
			      struct error *e) MUST_CHECK;

/* May the viewer add a file now?  For nginx's auth_request, before the body.  One statement. */
enum rc attachment_may_add(struct core *c, int64_t occurrence_id, struct error *e) MUST_CHECK;
/*
 * The live completion is made (pending) when missing.  name: as the user's computer
 * called it.  Fields "file" (FILE_NAME), "description" (TOO_LONG, NOT_TEXT).
 * RC_CONFLICT ALREADY_CANCELLED.  With a resumable_id that is done already, *ret_id is what it
 * became; RC_NOT_FOUND UPLOAD_ENDED when it ended without.
 */
enum rc attachment_add(struct core *c, int64_t occurrence_id, const struct stored_file *file,
		       struct str name, struct str description, int64_t *ret_id,
		       struct error *e) MUST_CHECK;
/* Oldest first, deleted ones left out. */
enum rc attachment_list(struct core *c, int64_t occurrence_id,
			const struct attachment_row **ret_rows, size_t *ret_n,
			struct error *e) MUST_CHECK;
enum rc attachment_list_of_completion(struct core *c, int64_t completion_id,
				      const struct attachment_row **ret_rows, size_t *ret_n,
				      struct error *e) MUST_CHECK;
/* For download and preview, with the rights.  RC_NOT_FOUND FILE_GONE when deleted,
 * FILE_QUARANTINED in quarantine: every door to the bytes leads through here. */
enum rc attachment_get(struct core *c, int64_t attachment_id, struct attachment_row *ret,
		       struct error *e) MUST_CHECK;
/* The facts alone, for pages that tell of a file without sending it: of one in quarantine too. */
enum rc attachment_facts(struct core *c, int64_t attachment_id, struct attachment_row *ret,
			 struct error *e) MUST_CHECK;
/* attachment_get by file id (004's links under public/uploads/sessions/). */
enum rc attachment_get_by_file(struct core *c, struct str file_id, struct attachment_row *ret,
			       struct error *e) MUST_CHECK;
/* Counts and logs a download that begins; after attachment_get. */
enum rc attachment_count_download(struct core *c, const struct attachment_row *a,
				  struct error *e) MUST_CHECK;
/* RC_DENIED unless who uploaded it or an admin; RC_NOT_FOUND when deleted already; RC_CONFLICT
 * FILE_QUARANTINED for an uploader whose file is in quarantine: it is kept for the admins. */
enum rc attachment_delete(struct core *c, int64_t attachment_id, struct error *e) MUST_CHECK;

#endif
