/*
 * Small parts of the session views: delays, and what was just done.
 */
#include "view/sessions.h"

enum delay delay_of(int64_t minutes, int64_t *ret_min)
{
	*ret_min = 0;
	if (minutes == COLUMN_NULL)
		return DELAY_UNKNOWN;
	*ret_min = minutes < 0 ? -minutes : minutes;
	if (minutes == 0)
		return DELAY_NONE;
	if (minutes < 0)
		return DELAY_EARLY;
	if (minutes <= 5)
		return DELAY_SMALL;
	return minutes < 15 ? DELAY_LATE : DELAY_VERY_LATE;
}

struct view_session_row session_row_view(const struct session_row *s, bool shows_teacher)
{
	struct view_session_row v = { .s = s };

	v.start = delay_of(s->late_min, &v.start_min);
	v.is_due = s->state == SESSION_TO_COMPLETE || s->state == SESSION_LIVE ||
		   s->state == SESSION_RETURNED;
	v.shows_teacher = shows_teacher && s->teacher_name.n > 0;
	return v;
}

static const char *const flash_names[FLASH__MAX] = {
	[FLASH_NONE] = "",
	[FLASH_COMPLETED] = "completed",
	[FLASH_CANCELLED] = "cancelled",
	[FLASH_REOPENED] = "reopened",
	[FLASH_DRAFT] = "draft",
	[FLASH_SAVED] = "saved",
	[FLASH_NOTE_ADDED] = "note-added",
	[FLASH_NOTE_CHANGED] = "note-changed",
	[FLASH_NOTE_DELETED] = "note-deleted",
	[FLASH_NOTE_RESOLVED] = "note-resolved",
	[FLASH_NOTE_REOPENED] = "note-reopened",
	[FLASH_FILE_DELETED] = "file-deleted",
	[FLASH_UPLOAD_DISCARDED] = "upload-discarded",
	[FLASH_FILES_ADDED] = "files-added",
	[FLASH_MOVED] = "moved",
	[FLASH_MOVED_BACK] = "moved-back",
	[FLASH_CHECKED] = "signed-off",
	[FLASH_UNCHECKED] = "taken-back",
	[FLASH_RETURNED] = "returned",
};

struct str flash_name(enum flash_kind k)
{
	return str_from(flash_names[k]);
}

enum flash_kind flash_from(struct str name)
{
	for (enum flash_kind k = FLASH_NONE + 1; k < FLASH__MAX; k++) {
		if (str_eq(name, str_from(flash_names[k])))
			return k;
	}
	return FLASH_NONE;
}
