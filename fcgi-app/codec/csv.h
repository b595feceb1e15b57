/*
 * CSV in and out: a thin, bounded layer over libcsv (RFC 4180, strict).
 *
 * In: bytes are fed, rows come out by a callback, with the number that a spreadsheet shows
 * beside them (blank lines count) and the byte behind them, so that reading can go on there
 * another day.  Delimiter comma, semicolon or tab; line ends LF, CR LF or CR; UTF-8.  What is
 * malformed ends the reading with its row: half a quoted field, a zero byte, bytes that are
 * no UTF-8, too many columns, a field or a row that is too long, too many rows.
 * Memory: one row, in the arena; libcsv's own buffer goes with the arena's reset.
 */
#ifndef CODEC_CSV_H
#define CODEC_CSV_H

#include "base/buf.h"
#include "base/error.h"

#define CSV_FIELD_BYTES 4000
#define CSV_COLUMNS     64
#define CSV_ROW_BYTES   65536

/* What the first bytes of a file say. */
enum csv_encoding {
	CSV_UTF8,  /* or ASCII, as far as can be seen */
	CSV_UTF16, /* with its mark, or with zeros in every second place */
	CSV_OTHER, /* no UTF-8: Windows-1252, Latin-1 … */
};
struct csv_start {
	enum csv_encoding encoding;
	size_t n_mark;  /* bytes of the byte order mark: 0 or 3 */
	char delimiter; /* ',' ';' '\t': the most frequent in the first line, outside quotes */
};
/* head: the first bytes, some kilobytes or all there is. */
struct csv_start csv_look(struct str head);

struct csv_row {
	int64_t number; /* as a spreadsheet counts: the first line is 1 */
	int64_t end;    /* bytes from the start of the file to behind its line end */
	const struct str *fields;
	size_t n; /* 1..CSV_COLUMNS */
};
/* fields live during the call.  False: stop behind this row. */
typedef bool csv_row_fn(void *arg, const struct csv_row *row);

struct csv_reader;
struct csv_from {
	char delimiter;
	int64_t offset;   /* byte of the file the reading begins at: a row's start */
	int64_t number;   /* of the row before it; 0: none */
	int64_t max_rows; /* highest number a row may have */
	csv_row_fn *fn;
	void *arg;
};
/* RC_NO_MEMORY. */
enum rc csv_open(struct arena *a, const struct csv_from *from, struct csv_reader **ret,
		 struct error *e) MUST_CHECK;
/*
 * Takes bytes; feed again from *ret_used on (fewer than given when fn stopped, or for a CR at the
 * end whose LF may follow).  is_last: nothing follows.  *ret_stopped: fn said so.
 * RC_INVALID with the row as arg: IMPORT_QUOTE, IMPORT_NUL, IMPORT_ENCODING, IMPORT_COLUMNS,
 * IMPORT_FIELD_LONG; RC_TOO_BIG IMPORT_ROWS with the limit as arg.  After a failure the reader
 * is of no more use.
 */
enum rc csv_feed(struct csv_reader *r, struct str bytes, bool is_last, size_t *ret_used,
		 bool *ret_stopped, struct error *e) MUST_CHECK;
/* The last row, when no line end closed it, comes now.  Failures as above. */
enum rc csv_finish(struct csv_reader *r, struct error *e) MUST_CHECK;

/*
 * One field of a line we write: always quoted, quotes doubled; what a spreadsheet would take for
 * a formula (= + - @ TAB CR at the start) gets an apostrophe in front.
 */
void csv_put(struct buf *b, struct str field);

#endif
