/*
 * Which files are taken: seed 004's list, as a table of (libmagic's words,
 * extensions, our own signature check) triples (DESIGN 10.9).
 *
 * A file passes only when its extension has a row, its row's check finds the
 * file whole and of that kind, and libmagic does not say it is something else.
 * Inside a container (ZIP, OLE2, EBML, ISO media) the check decides.
 * filetype_judge reads hostile bytes: it is called in muster-scan's sandboxed
 * child and in tests, nowhere else.  Everything else here is table look-up.
 * No allocation, no state, never writes.
 */
#ifndef SYS_FILETYPE_H
#define SYS_FILETYPE_H

#include "base/reason.h"
#include "base/str.h"

enum file_class {
	FILE_CLASS_PDF,
	FILE_CLASS_VIDEO,
	FILE_CLASS_AUDIO,
	FILE_CLASS_DOCUMENT,
	FILE_CLASS_IMAGE,
	FILE_CLASS__MAX
};

/* "pdf", "video", "audio", "document", "image". */
const char *file_class_name(enum file_class c);
/* The inverse, for stored rows; false for anything else. */
bool file_class_parse(struct str s, enum file_class *ret_class) MUST_CHECK;

/* A kind of file that is accepted.  Static. */
struct filetype {
	const char *mime; /* canonical: stored, and sent at download */
	enum file_class class;
	const char *extensions; /* "jpg jpeg", the canonical one first */
	const char *magic; /* libmagic's words that are no contradiction, separated by blanks */
	const char *name;  /* "JPEG image" */
};

/* All of them; *ret_n in number. */
const struct filetype *filetype_all(size_t *ret_n);
/* By stored MIME type; NULL for anything else. */
const struct filetype *filetype_by_mime(struct str mime);
/* Whether any row has this extension (without the dot, any case). */
bool filetype_extension_known(struct str extension);
/* Whether this type may have this extension (any case). */
bool filetype_has_extension(const struct filetype *t, struct str extension);
/* The extension of a file name, without the dot; empty when it has none. */
struct str filetype_extension(struct str file_name);
/* For <input accept>: ".pdf,.mp4,…"; a constant text. */
struct str filetype_accept(void);

/* What a check says.  `type` only with REASON_NONE. */
struct file_verdict {
	enum reason reason;          /* REASON_NONE: accepted; else a REASON_FILE_* */
	const struct filetype *type; /* of the table */
	const char *why;             /* for the log: which rule refused; a static text or "" */
};

/*
 * Judges whole bytes (a mapped file).  magic: libmagic's MIME word for them.
 * Total: any bytes give a verdict.  A file that shrinks while it is mapped
 * raises SIGBUS: the child dies, which is no verdict.
 */
struct file_verdict filetype_judge(struct str bytes, struct str extension, struct str magic);

#endif
