/*
 * Views of one session: its page with files and notes, and the forms of a
 * note and a file.  Texts and rows belong to the request's arena.
 */
#ifndef VIEW_SESSION_H
#define VIEW_SESSION_H

#include "core/session/note.h"
#include "core/upload/attachment.h"
#include "core/upload/resumable.h"
#include "view/attendance_form.h"
#include "view/sessions.h"

/* The little sheet of paper before a file's name. */
struct view_badge {
	const char *kind; /* class name: pdf, video, audio, sheet, doc, image */
	struct str text;  /* "PDF" */
	enum file_class class;
	bool is_sheet;
};

struct view_file {
	const struct attachment_row *a;
	struct view_badge badge;
	struct str href, view_href;
	int32_t day, tod; /* uploaded */
};

struct view_unfinished {
	const struct resumable *u;
	int32_t day, tod; /* when it is given up */
};

struct view_refused {
	struct str name, text;
};

/* A text before an edit; the day and time are those of the edit. */
struct view_note_version {
	const struct note_version *v;
	int32_t day, tod;
};

struct view_note {
	const struct note_row *n;
	int32_t day, tod;
	bool is_edited;
	int32_t resolved_day, deleted_day;
	const struct view_note_version *history; /* the latest edit first */
	size_t n_history;
};

struct view_filter {
	struct str href, name;
	bool is_chosen;
};

struct view_note_form {
	int64_t session_id;
	enum note_type type;
	struct str text, due; /* due: as typed, or an ISO day */
	int64_t version;      /* of the note that is edited */
	struct view_field_error text_error, due_error;
	bool is_edit, was_added;
};

struct view_trail {
	int32_t day, tod;
	struct str text, actor;
	struct str file_name; /* empty: not about a file */
};

/* Sentences with {names} that the upload module fills in. */
struct view_upload_texts {
	struct str bad_type, too_big, empty, cancel, dismiss, label, progress, done;
};

struct view_session {
	const struct view_page *page;
	const struct session_detail *d;
	struct view_session_row row;
	struct view_flash flash;
	struct view_errors errors;
	struct view_today date;
	struct str tab_name, tab_label;
	enum delay over;
	int64_t over_min;
	struct view_times times;
	struct view_session_attendance attendance;
	int32_t completed_day, completed_tod, checked_day;
	struct str verify; /* where anyone can check the code, without scheme; empty: nowhere */
	const struct view_file *files;
	size_t n_files;
	int64_t files_bytes, file_max;            /* bytes */
	int64_t file_max_mb;                      /* as people say it: of 1,048,576 bytes */
	const struct view_unfinished *unfinished; /* the viewer's own uploads in pieces */
	size_t n_unfinished;
	struct str accept, description;
	struct view_upload_texts texts;
	const struct view_refused *refused;
	size_t n_refused;
	const struct view_note *notes;
	size_t n_notes;                        /* shown */
	const struct view_note *deleted_notes; /* for admins */
	size_t n_deleted_notes;
	const struct view_filter *note_filters;
	size_t n_note_filters;
	struct view_note_form note_form;
	const struct view_trail *trail;
	size_t n_trail;
	struct str trail_all; /* empty: all are shown */
};

struct view_note_page {
	const struct view_page *page;
	struct str title; /* of the session */
	struct view_note note;
	struct view_note_form form;
	struct view_errors errors;
	struct view_changed changed;
};

struct view_follow_ups {
	const struct view_page *page;
	const struct note_open *rows;
	size_t n_rows;
	struct str prev, next; /* empty: none */
	bool is_done;          /* one was just settled */
};

struct view_file_page {
	const struct view_page *page;
	struct view_file file;
	struct view_errors errors;
};

/* The answer to one file sent by the upload module: a row, or why not. */
struct view_uploaded {
	struct view_file file;
	int64_t n_files, files_bytes;
	struct str refused; /* empty: taken */
};

#endif
