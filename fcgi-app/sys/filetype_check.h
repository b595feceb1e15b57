/*
 * Our own signature checks: private to the filetype_*.c files.
 *
 * A check looks at the whole bytes of a hostile file and says what is wrong, if
 * anything.  Rules for all of them: every read is bounded by the view, every loop
 * moves forward or counts, nothing is allocated, nothing is written.
 */
#ifndef SYS_FILETYPE_CHECK_H
#define SYS_FILETYPE_CHECK_H

#include "base/reason.h"
#include "base/str.h"

struct finding {
	enum reason reason; /* REASON_NONE: fine */
	const char *why;    /* static; for the log */
};

#define FINDING_FINE          ((struct finding){ REASON_NONE, "" })
#define FINDING_MISMATCH(why) ((struct finding){ REASON_FILE_MISMATCH, "" why })
#define FINDING_DAMAGED(why)  ((struct finding){ REASON_FILE_DAMAGED, "" why })
#define FINDING_MACROS(why)   ((struct finding){ REASON_FILE_MACROS, "" why })

typedef struct finding filetype_check(struct str bytes);

filetype_check filetype_check_pdf;
filetype_check filetype_check_png, filetype_check_jpeg, filetype_check_gif, filetype_check_webp;
filetype_check filetype_check_mp4, filetype_check_mov;
filetype_check filetype_check_webm_video, filetype_check_webm_audio;
filetype_check filetype_check_mpeg, filetype_check_mp3, filetype_check_wav;
filetype_check filetype_check_docx, filetype_check_xlsx;
filetype_check filetype_check_doc, filetype_check_xls;

/* Whether `bytes` (any text) begins at `at`. */
bool bytes_at(struct str s, size_t at, struct str bytes);
/* Numbers at a place that the caller has checked to lie inside: BUG otherwise. */
uint16_t bytes_le16(struct str s, size_t at);
uint32_t bytes_le32(struct str s, size_t at);
uint16_t bytes_be16(struct str s, size_t at);
uint32_t bytes_be32(struct str s, size_t at);
uint64_t bytes_be64(struct str s, size_t at);
/* n bytes lie at `at`. */
static inline bool bytes_have(struct str s, size_t at, size_t n)
{
	return at <= s.n && n <= s.n - at;
}
static inline uint8_t bytes_u8(struct str s, size_t at)
{
	BUG(at >= s.n);
	return (uint8_t)s.p[at];
}
/* Position of a text in any ASCII case, SIZE_MAX when absent. */
size_t bytes_find_nocase(struct str s, struct str needle);
/* Markup that a browser might take for a page. */
bool bytes_have_markup(struct str s);
/* What stands behind the end of a file's own data is nothing, or a little padding. */
bool bytes_are_padding(struct str rest);
/* A ZIP archive's end record lies in there. */
bool bytes_end_archive(struct str s);
/* An archive (ZIP, RAR, 7z) begins in there. */
bool bytes_begin_archive(struct str s);

/*
 * Inflates raw DEFLATE data (RFC 1951) into out, at most max bytes.  False for
 * damaged data or data that does not fit.
 */
bool inflate_raw(struct str in, char *out, size_t max, size_t *ret_n) MUST_CHECK;

#endif
