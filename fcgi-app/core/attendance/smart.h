/*
 * Attendance as contract 000 knows it ("smart attendance").
 *
 * A session there is an occurrence here; its attendance has a window of minutes around the
 * planned start, a mode, perhaps a place.  Opening, closing, marking and checking in are
 * the rules of core/attendance/attendance.h, core/attendance/register.h and
 * core/attendance/checkin.h; here is how that contract names them, and what its lists show.  What a
 * verifier of faces would say nobody says: a photo is kept, and a person decides.
 */
#ifndef CORE_SMART_H
#define CORE_SMART_H

#include "core/attendance/register.h"
#include "store/smart.h"

#define SMART_WINDOW_MIN     5
#define SMART_WINDOW_MAX     60
#define SMART_WINDOW_DEFAULT 15
#define SMART_RADIUS_DEFAULT 100
#define SMART_SUSPECT_DAYS   30
#define SMART_SUSPECTS_MAX   100

enum smart_mode { SMART_SELF_CHECKIN, SMART_TEAMS_AUTO, SMART_HYBRID, SMART_MODE__MAX };
extern const char *const smart_modes[]; /* "self_checkin", …; NULL-terminated */

struct smart_session {
	struct smart_session_row row; /* of the occurrence and, where one was opened, of the rest */
	bool is_there;                /* attendance was opened */
	enum attendance_state state;
	bool is_active; /* not closed */
	bool asks_place, has_place;
	struct str mode;
	int64_t window_min;
	struct place place;   /* with has_place */
	int64_t confirmed_at; /* NO_TIME: not */
};
/*
 * For whoever works on the session (rights as in core/attendance/attendance.h).  RC_NOT_FOUND: no
 * such occurrence, or not theirs to see; with is_there false when attendance was not opened.
 */
enum rc smart_session_get(struct core *c, int64_t occurrence_id, struct smart_session *ret,
			  struct error *e) MUST_CHECK;
/* Whoever asks; RC_NOT_FOUND only when there is none.  Students check in by it. */
enum rc smart_session_any(struct core *c, int64_t occurrence_id, struct smart_session *ret,
			  struct error *e) MUST_CHECK;
/* Whether the viewer, a student, is expected in a session whose attendance is there. */
enum rc smart_is_expected(struct core *c, const struct smart_session *s, bool *ret,
			  struct error *e) MUST_CHECK;

/* What a create or a change names. */
struct smart_in {
	bool has_mode, has_window, has_asks_place, has_latitude, has_longitude, has_radius;
	bool has_teams_id, has_teams_url;
	enum smart_mode mode;
	int64_t window_min, radius_m;
	bool asks_place;
	int32_t latitude_e7, longitude_e7;
	struct str teams_meeting_id, teams_meeting_url; /* empty with has_: none */
};
/*
 * Opens it from window_min before the planned start until as long after it, or after now when that
 * is later.  One that is over is a register to fill in.  RC_CONFLICT ATTENDANCE_EXISTS.  The fields
 * of attendance_open in this contract's names.
 */
enum rc smart_create(struct core *c, int64_t occurrence_id, const struct smart_in *in,
		     struct smart_session *ret, struct error *e) MUST_CHECK;
enum rc smart_change(struct core *c, int64_t occurrence_id, const struct smart_in *in,
		     struct smart_session *ret, struct error *e) MUST_CHECK;
/* Opens it in mode self_checkin, or again after it was closed; nothing while it is open. */
enum rc smart_activate(struct core *c, int64_t occurrence_id, struct smart_session *ret,
		       struct error *e) MUST_CHECK;
/* Closes it; one that nobody opened is opened as a register first. */
enum rc smart_confirm(struct core *c, int64_t occurrence_id, struct smart_session *ret,
		      struct error *e) MUST_CHECK;

/* ---- check-ins ---------------------------------------------------------------------------------
 */

struct smart_checkin {
	int64_t id, attendance_id, occurrence_id, person_id, at;
	enum decision decision; /* as decided by a person, where one did */
	bool is_open;           /* flagged, and nobody decided */
	enum reason reason;
	bool place_passed;
	bool has_photo;                /* came with one; its bytes may be gone by now */
	int64_t distance_m, allowed_m; /* SIGNAL_NONE: not known */
	struct str decided_why;        /* of a decision */
	struct str note;               /* that, or what who looked at it noted */
	int64_t settled_by,
		settled_at; /* by a decision, a note, or a mark of the teacher; NO_TIME */
};
/* The last ones of a session the viewer has got, newest first; refusals are none. */
enum rc smart_recent(struct core *c, const struct smart_session *s, size_t limit,
		     const struct smart_checkin **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;
/* The same for a session found with its rights already. */
enum rc smart_latest(struct core *c, int64_t occurrence_id, int64_t attendance_id, size_t limit,
		     const struct smart_checkin **ret_rows, size_t *ret_n,
		     struct error *e) MUST_CHECK;

/* A session while it is going on, for whoever works on it: its counts, and who came last. */
struct smart_live {
	bool is_there; /* attendance was opened; the rest is set only then */
	int64_t occurrence_id;
	struct str mode;
	int64_t n_expected, n_here, n_flagged; /* as attendance_get counts; here: present or late */
	int64_t n_suspects;                    /* suspicious, and nobody looked at them */
	const struct smart_checkin *latest;    /* newest first; refusals are none */
	size_t n_latest;
};
/* Reads no register.  RC_NOT_FOUND as smart_session_get, RC_DENIED. */
enum rc smart_live_get(struct core *c, int64_t occurrence_id, size_t limit, struct smart_live *ret,
		       struct error *e) MUST_CHECK;
/* For staff of its session and its student. */
enum rc smart_checkin_get(struct core *c, int64_t attempt_id, struct smart_checkin *ret,
			  struct error *e) MUST_CHECK;
/* Undecided or suspicious ones of the viewer's sessions of the last SMART_SUSPECT_DAYS days. */
enum rc smart_suspects(struct core *c, bool only_unsettled, const struct smart_checkin **ret_rows,
		       size_t *ret_n, struct error *e) MUST_CHECK;
bool smart_is_suspicious(enum reason reason);
/* Somebody looked at one of those: see register_note.  RC_NOT_FOUND also when it is none. */
enum rc smart_settle(struct core *c, int64_t attempt_id, struct str note, struct smart_checkin *ret,
		     struct error *e) MUST_CHECK;

struct smart_try {
	bool has_place;
	struct place place;
	struct str address;
	struct str photo_file; /* 16 bytes */
	struct str qr_token;   /* stands for the photo; empty: none */
};
/* As checkin_submit. */
enum rc smart_checkin_submit(struct core *c, int64_t attendance_id, const struct smart_try *try,
			     struct checkin_result *ret, struct error *e) MUST_CHECK;

/* ---- QR codes
 * ------------------------------------------------------------------------------------ */

#define SMART_QR_S    (15 * 60)
#define SMART_QR_SIZE 44 /* 43 signs of base64url and NUL */
struct smart_qr {
	char text[SMART_QR_SIZE];
	int64_t attendance_id, occurrence_id, expires_at;
	char rotating[ROTATING_TOKEN_MAX]; /* of smart_qr_read: the token of now, for a check-in */
};
/* For who may work on it; opens attendance as smart_activate does. */
enum rc smart_qr_make(struct core *c, int64_t occurrence_id, struct smart_qr *ret,
		      struct error *e) MUST_CHECK;
/* RC_INVALID CODE_WRONG, CODE_OLD: not ours, over, or of a session that is not open. */
enum rc smart_qr_read(struct core *c, struct str text, struct smart_qr *ret,
		      struct error *e) MUST_CHECK;

/* ---- what lists need
 * ------------------------------------------------------------------------------- */

/* Whose marks the viewer may see: for the records of store/smart.h. */
struct smart_scope smart_scope_of(const struct core *c);
enum rc smart_records(struct core *c, enum smart_records_of of, int64_t id, size_t limit,
		      const struct smart_record_row **ret_rows, size_t *ret_n,
		      struct error *e) MUST_CHECK;
/* One of them; RC_NOT_FOUND. */
enum rc smart_record_get(struct core *c, int64_t record_id, struct smart_record_row *ret,
			 struct error *e) MUST_CHECK;
/* The mark of a student in a session the viewer works on; an existing one stays unless `over`. */
enum rc smart_record_set(struct core *c, int64_t occurrence_id, const struct register_mark *mark,
			 bool over, struct smart_record_row *ret, struct error *e) MUST_CHECK;
/* days: back from today; 0: all.  A student's own, or of the viewer's sessions. */
enum rc smart_counts_get(struct core *c, int64_t person_id, int64_t days, struct smart_counts *ret,
			 struct error *e) MUST_CHECK;
enum rc smart_class_counts_get(struct core *c, struct str class_name, int64_t days,
			       struct smart_counts *ret, struct error *e) MUST_CHECK;
/* The viewer, a student, today. */
enum rc smart_profile(struct core *c, struct smart_student_row *ret, struct error *e) MUST_CHECK;
/* Sessions the viewer, a student, is expected in that are not over. */
enum rc smart_expected(struct core *c, int32_t from_day, int32_t to_day, bool with_past,
		       size_t limit, const struct smart_listed_row **ret_rows, size_t *ret_n,
		       struct error *e) MUST_CHECK;
/* Sessions the viewer holds: upcoming ones by start, or all but the confirmed, newest first. */
enum rc smart_held(struct core *c, bool upcoming, int64_t page, int64_t limit,
		   const struct smart_listed_row **ret_rows, size_t *ret_n,
		   struct error *e) MUST_CHECK;
enum rc smart_held_totals(struct core *c, struct smart_held_stats *ret, struct error *e) MUST_CHECK;
enum rc smart_class_of(struct core *c, int64_t occurrence_id,
		       const struct smart_student_row **ret_rows, size_t *ret_n,
		       struct error *e) MUST_CHECK;
/* Monday of the week of today, in the viewer's zone; today. */
int32_t smart_week_start(const struct core *c);
int32_t smart_today(const struct core *c);

#endif
