/*
 * Internal to core: the state of one student in one session, and an act that changes several.
 *
 * register_begin takes the session's lock and the rights; register_put collects what is to change;
 * register_end writes records, changes, attempts, counters, events and the audit row.
 */
#ifndef CORE_REGISTER_ROW_H
#define CORE_REGISTER_ROW_H

#include "core/attendance/attendance_row.h"
#include "core/attendance/register.h"
#include "store/register.h"

#define REGISTER_ACT_BYTES  16
#define REGISTER_WHY_MAX    500 /* code points */
#define REGISTER_REMARK_MAX 300
#define REGISTER_NAME_MAX   160

/* A record without its id and version, which no undoing brings back. */
struct register_state {
	enum mark mark;    /* MARK_NONE: what follows up to set_by is not read */
	struct str method; /* as stored */
	int64_t happened_at;
	int64_t late_s;          /* COLUMN_NULL: none */
	struct str remark;       /* the zero view: none */
	int64_t attempt_id;      /* COLUMN_NULL: none */
	int64_t set_by;          /* COLUMN_NULL: nobody */
	int64_t open_attempt_id; /* undecided one; 0: none */
	int64_t excuse_id;       /* in force for its occurrence; 0: none */
};
struct register_state register_state_of(const struct register_fact *f);
/* What a change keeps; *ret the zero view when there is neither a record nor an open attempt. */
enum rc register_state_write(const struct register_state *s, struct arena *a, struct str *ret,
			     struct error *e) MUST_CHECK;
/* Reads it; texts are views into a tree of the arena.  The zero view: unmarked. */
enum rc register_state_read(struct str json, struct arena *a, struct register_state *ret,
			    struct error *e) MUST_CHECK;
/*
 * What a mark is made from: differs after each change of the student's record, also across a record
 * that went and came again.  0: unmarked.
 */
int64_t register_version(int64_t record_id, int64_t row_version);

/* What an act has put into one session. */
struct register_turn {
	struct register_turn *before; /* the session that had its turn before; NULL: none */
	int64_t attendance_id, branch_id;
	bool is_closed;
	int64_t n, n_of[MARK__MAX];
	int64_t person_id;  /* of the last one put */
	enum mark from, to; /* likewise */
};
struct register_act {
	struct core *c;
	struct store *s;
	struct attendance_stored session; /* whose turn it is */
	uint8_t id[REGISTER_ACT_BYTES];
	struct str why; /* the zero view: none */
	const char *action;
	const char *method; /* of the marks that it makes: "teacher" unless said otherwise */
	struct buf items, lapsed, opened, ended, revived; /* JSON arrays in the making */
	struct register_turn turn;
	int64_t n, n_sessions; /* of all turns: marks, and sessions that have any */
	bool has_removed, has_set;
};
/*
 * An act on several sessions, of which the caller has the locks: what is put from now on is of this
 * one.  Each has one turn.
 */
enum rc register_next_session(struct register_act *act, const struct attendance_stored *session,
			      struct error *e) MUST_CHECK;
/* What a mark makes of a state; the act's method when it changes. */
struct register_state register_target(const struct register_act *act, const struct register_mark *m,
				      const struct register_state *from);
/* Nothing of what is asked for differs. */
bool register_is_there(const struct register_mark *m, const struct register_state *from);
/* In a transaction.  why: cleaned, may be empty; asked for after the lock date. */
enum rc register_begin(struct register_act *act, struct core *c, struct store *s,
		       int64_t attendance_id, const char *action, struct str why,
		       struct error *e) MUST_CHECK;
/* The same for a session that the caller has locked and read, without asking for rights. */
void register_begin_locked(struct register_act *act, struct core *c, struct store *s,
			   const struct attendance_stored *session, const char *action,
			   struct str why);
/* Was the session closed and its lock date over at this instant, by the days of its zone? */
bool register_is_locked(const struct core *c, const struct attendance_stored *session, int64_t at);
enum rc register_put(struct register_act *act, int64_t person_id, const struct register_state *from,
		     const struct register_state *to, struct error *e) MUST_CHECK;
/* The attempts stay as they are: the caller decides them. */
enum rc register_put_record(struct register_act *act, int64_t person_id,
			    const struct register_state *from, const struct register_state *to,
			    struct error *e) MUST_CHECK;
/* Nothing to write when nothing was put.  detail (may be NULL): begun by the caller, more facts for
 * the audit row. */
enum rc register_end(struct register_act *act, struct audit_detail *detail,
		     struct error *e) MUST_CHECK;

/*
 * Takes an act back as register_undo does, under the session's lock; the new act is not ended yet.
 * done, zeroed by the caller: those changed since.  Of what students asked, what the act granted
 * waits again.
 */
enum rc register_take_back(struct register_act *act, struct str undo, struct register_done *done,
			   struct error *e) MUST_CHECK;
/* Puts one student back as they were before a change, if they still are as it left them. */
enum rc register_put_back(struct register_act *act, const struct register_changed *change,
			  const struct register_fact *f, bool *ret_stood,
			  struct error *e) MUST_CHECK;
/* Counts one that was left alone; the first is told. */
void register_note_conflict(struct register_done *done, const struct register_fact *f);

/* An excuse as a part of somebody's transaction, which has the occurrence's lock. */
struct register_excusing {
	struct core *c;
	int64_t occurrence_id, person_id;
	bool is_excused;        /* or taken back */
	bool is_decided;        /* about this record: a teacher's absent or late gives way too */
	struct str remark, why; /* cleaned; why empty: the remark */
	/* Made by it: */
	int64_t excuse_id; /* the new one; 0: none */
	bool has_act;
	uint8_t act[REGISTER_ACT_BYTES];
};
enum rc register_excuse_in(struct register_excusing *x, struct store *s,
			   struct error *e) MUST_CHECK;

/* JSON array of ids. */
enum rc register_ids(const int64_t *ids, size_t n, struct arena *a, struct str *ret,
		     struct error *e) MUST_CHECK;
/* The facts of one. */
enum rc register_fact_of(struct store *s, int64_t attendance_id, int64_t person_id, struct arena *a,
			 struct register_fact *ret, struct error *e) MUST_CHECK;
/* May this student stand in the session's register?  Else field "person_id" NOT_A_CHOICE. */
enum rc register_fits(const struct attendance_stored *session, const struct register_fact *f,
		      struct error *e) MUST_CHECK;

#endif
