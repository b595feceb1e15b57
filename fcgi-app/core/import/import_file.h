/*
 * Internal to core: reading the file of an import.
 */
#ifndef CORE_IMPORT_FILE_H
#define CORE_IMPORT_FILE_H

#include "codec/csv.h"
#include "core/attendance/policy.h"
#include "core/import/import.h"

/* What one look through a whole file finds. */
struct import_shape {
	char delimiter;
	int64_t first_byte; /* behind the header */
	struct str header;  /* names, separated by line feeds */
	struct str guess;   /* fields, separated by commas */
	size_t n_columns;
	int64_t header_row, n_rows, last_row;
};
/* Reads fd from start to end.  Field "file", as in import_add. */
enum rc import_file_look(struct arena *a, int fd, enum import_kind kind, struct import_shape *ret,
			 struct error *e) MUST_CHECK;

/* The next rows, as texts for import_rows_insert and import_errors_insert. */
struct import_piece {
	struct str rows, errors; /* JSON arrays */
	size_t n_rows, n_errors;
	int64_t end, row; /* where it ends: byte, and number of its last row */
	bool is_last;
};
/* From byte s.position on, at most IMPORT_BATCH rows and a megabyte. */
enum rc import_file_read(struct arena *a, int fd, const struct import_info *info,
			 struct import_piece *ret, struct error *e) MUST_CHECK;

/*
 * What a letter or word means: P L E A, and the usual words of both languages; MARK_NONE: nothing.
 * What the institution calls its marks is looked up with the rows, and goes before.
 */
enum mark import_mark_from(struct str word);

#endif
