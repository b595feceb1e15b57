/*
 * Deciding one check-in.  Must not know: the database, the clock.
 *
 * In this order: who acts, the same try again, the session, the student, the window, the roster,
 * what there is already, the tries, the signals.  The first that refuses gives the reason.
 */
#include "core/attendance/checkin_row.h"

#include <math.h>

/* A client's clock never decides: it is compared with ours, and its distance is a signal. */

enum rc checkin_rc(enum reason reason)
{
	switch ((int)reason) {
	case REASON_NONE:
		return RC_OK;
	case REASON_SESSION_ENDED:
		return RC_NOT_SIGNED_IN;
	case REASON_ALREADY_IN:
	case REASON_ALREADY_WAITING:
		return RC_CONFLICT;
	case REASON_ATTENDANCE_UNKNOWN:
	case REASON_STUDENT_UNKNOWN:
	case REASON_NOT_FOUND:
		return RC_NOT_FOUND;
	case REASON_STUDENT_ONLY:
	case REASON_NOT_ENROLLED:
	case REASON_ENROLLED_LATER:
	case REASON_WRONG_CLASS:
	case REASON_TRIES_USED:
	case REASON_DENIED:
		return RC_DENIED;
	default:
		return RC_INVALID;
	}
}

static void refuse(struct checkin_item *it, enum reason reason)
{
	it->result->decision = DECISION_REJECTED;
	it->result->reason = reason;
	it->result->rc = checkin_rc(reason);
}

/* Refuses without keeping anything: there is nobody, or nothing, to keep it with. */
static void turn_away(struct checkin_item *it, enum reason reason)
{
	it->is_kept = false;
	refuse(it, reason);
}

/* ---- who acts ---- */

static bool may_act(const struct checkin_item *it)
{
	const struct checkin_facts *f = &it->f;
	const struct who *w = it->in->actor;
	const struct subject subject = { f->branch_id, f->teacher_id, COLUMN_NULL,
					 f->is_staff > 0 };

	/* A student acts on their own behalf alone, and is no scanner. */
	if (w->role == ROLE_STUDENT)
		return it->in->path <= CHECKIN_JSON && !it->in->student_code.n &&
		       (it->in->person_id == COLUMN_NULL || it->in->person_id == w->person_id);
	if (w->role == ROLE_DEVICE)
		return it->in->path == CHECKIN_DEVICE && it->in->device_id != COLUMN_NULL;
	return f->attendance_id != COLUMN_NULL && rights_allow(w, ACTION_ATTENDANCE_WORK, &subject);
}

static bool check_actor(struct checkin_item *it)
{
	const struct who *w = it->in->actor;

	if (w->role == ROLE_NONE || it->f.is_alive != 1) {
		turn_away(it, REASON_SESSION_ENDED);
		return false;
	}
	if (!may_act(it)) {
		turn_away(it, w->role == ROLE_STUDENT || w->role == ROLE_DEVICE
				      ? REASON_DENIED
				      : REASON_STUDENT_ONLY);
		return false;
	}
	return true;
}

/* ---- session, student, window ---- */

static bool check_session(struct checkin_item *it)
{
	if (it->f.attendance_id != COLUMN_NULL && it->f.deleted_at == NO_TIME)
		return true;
	it->result->attendance_id = 0;
	it->f.attendance_id = COLUMN_NULL;
	refuse(it, REASON_ATTENDANCE_UNKNOWN);
	return false;
}

static bool check_student(struct checkin_item *it)
{
	if (it->f.person_id != COLUMN_NULL)
		return true;
	refuse(it, REASON_STUDENT_UNKNOWN);
	return false;
}

/* A scan before signing in counts by its own time, even when the session has closed since. */
static bool check_window(struct checkin_item *it)
{
	const struct checkin_facts *f = &it->f;
	const struct receipt *r = it->in->receipt;
	int64_t at = it->happened_at;
	enum attendance_state state = attendance_state_at(f->state, f->opens_at, f->closes_at, at);

	if (r && state == ATTENDANCE_CLOSED && at >= f->opens_at && at < f->closes_at)
		state = ATTENDANCE_OPEN;
	switch (state) {
	case ATTENDANCE_OPEN:
		return true;
	case ATTENDANCE_EARLY:
		refuse(it, REASON_ATTENDANCE_EARLY);
		return false;
	case ATTENDANCE_PAUSED:
		refuse(it, REASON_ATTENDANCE_PAUSED);
		return false;
	case ATTENDANCE_OVER:
	case ATTENDANCE_CLOSED:
	case ATTENDANCE_STATE__MAX:
		break;
	}
	refuse(it, REASON_ATTENDANCE_CLOSED);
	return false;
}

static bool check_roster(struct checkin_item *it)
{
	const struct checkin_facts *f = &it->f;
	bool is_open = str_eq(f->roster, STR("open"));

	if (f->is_expected == 1 && (!is_open || f->person_branch_id == f->branch_id))
		return true;
	refuse(it, f->is_later == 1       ? REASON_ENROLLED_LATER
		   : f->is_in_course == 1 ? REASON_WRONG_CLASS
					  : REASON_NOT_ENROLLED);
	return false;
}

/* ---- what there is already ---- */

static bool has_record(const struct checkin_item *it)
{
	return it->f.record_id != COLUMN_NULL;
}

static bool record_is(const struct checkin_item *it, const char *status, const char *method)
{
	return has_record(it) && str_eq(it->f.record_status, str_from(status)) &&
	       str_eq(it->f.record_method, str_from(method));
}

static bool is_in(const struct checkin_item *it)
{
	return has_record(it) && (str_eq(it->f.record_status, STR("present")) ||
				  str_eq(it->f.record_status, STR("late")));
}

static bool check_before(struct checkin_item *it)
{
	if (is_in(it)) {
		refuse(it, REASON_ALREADY_IN);
		it->result->mark = mark_from(it->f.record_status);
		it->result->record_id = it->f.record_id;
		it->result->happened_at = it->f.record_at;
		return false;
	}
	if (it->f.open_attempt_id != COLUMN_NULL && !it->in->again) {
		refuse(it, REASON_ALREADY_WAITING);
		return false;
	}
	if (it->f.n_failed >= it->f.max_tries) {
		refuse(it, REASON_TRIES_USED);
		return false;
	}
	if (it->in->receipt && it->f.receipt_person_id != COLUMN_NULL &&
	    (!it->in->again || it->f.receipt_person_id != it->f.person_id)) {
		refuse(it, REASON_RECEIPT_USED);
		return false;
	}
	return true;
}

/* ---- signals ---- */

struct judged {
	struct signals s;
	enum policy_level level[SIGNAL__MAX];
	enum rotating_state code;
	bool is_other_room;
};

static void add(struct judged *j, enum signal_kind kind, enum signal_verdict verdict, int64_t n,
		int64_t limit, int64_t extra)
{
	signals_add(&j->s, (struct signal){ kind, verdict, n, limit, extra });
}

static void take_levels(const struct checkin_item *it, struct judged *j)
{
	const struct checkin_facts *f = &it->f;
	bool by_device = it->in->path == CHECKIN_DEVICE || it->in->path == CHECKIN_TEACHER;

	/* A scanner in the room stands for code, place, network and browser. */
	if (by_device)
		return;
	j->level[SIGNAL_CODE] = it->in->skip_code ? POLICY_OFF : policy_level_from(f->code_level);
	j->level[SIGNAL_PLACE] = policy_level_from(f->place_level);
	j->level[SIGNAL_NETWORK] = policy_level_from(f->network_level);
	j->level[SIGNAL_PHOTO] =
		it->in->skip_photo ? POLICY_OFF : policy_level_from(f->photo_level);
	j->level[SIGNAL_BROWSER] = policy_level_from(f->device_level);
}

static enum rc check_code(struct checkin_item *it, int64_t now_us, struct judged *j,
			  struct error *e)
{
	const struct checkin_facts *f = &it->f;
	const struct checkin_in *in = it->in;
	int64_t step = 0, of_session, shown_at;

	j->code = ROTATING_WRONG;
	if (in->receipt) {
		step = in->receipt->step;
		j->is_other_room = in->receipt->attendance_id != f->attendance_id;
		j->code = j->is_other_room ? ROTATING_WRONG : ROTATING_RIGHT;
	} else if (in->token.n) {
		j->is_other_room = rotating_token_read(in->token, &of_session, &step) &&
				   of_session != f->attendance_id;
		TRY(rotating_check_token(f->code_key, f->code_period_s, in->token, now_us, &j->code,
					 &step, e));
	} else if (in->code.n) {
		TRY(rotating_check_code(f->code_key, f->code_period_s, in->code, now_us, &j->code,
					&step, e));
		it->is_code_wrong = j->code == ROTATING_WRONG;
	} else {
		add(j, SIGNAL_CODE, SIGNAL_MISSING, SIGNAL_NONE, SIGNAL_NONE, SIGNAL_NONE);
		return RC_OK;
	}
	if (j->code == ROTATING_WRONG) {
		add(j, SIGNAL_CODE, SIGNAL_FAIL, SIGNAL_NONE, SIGNAL_NONE, SIGNAL_NONE);
		return RC_OK;
	}
	shown_at = step * f->code_period_s * US_PER_S;
	it->code_step = j->code == ROTATING_RIGHT ? step : COLUMN_NULL;
	add(j, SIGNAL_CODE, j->code == ROTATING_RIGHT ? SIGNAL_PASS : SIGNAL_FAIL,
	    (it->happened_at - shown_at) / US_PER_S, f->code_period_s + ROTATING_OVERLAP_S,
	    SIGNAL_NONE);
	return RC_OK;
}

bool checkin_wants_place(const struct checkin_item *it)
{
	return it->in->has_place && it->f.attendance_id != COLUMN_NULL &&
	       !str_eq(it->f.place_level, STR("off"));
}

static int64_t whole(double v)
{
	return v < 0 ? SIGNAL_NONE : v > 1e9 ? 1000000000 : (int64_t)lround(v);
}

/* The same seven decimals in other sessions, and a speed nobody has. */
static void check_history(const struct checkin_item *it, struct judged *j)
{
	int64_t n_same = 0, kmh = 0;

	for (size_t i = 0; i < it->n_places; i++) {
		struct place p = it->places[i];
		int64_t for_us = it->happened_at - it->place_at[i];
		double m = place_distance_m(p, it->in->place);

		if (p.latitude_e7 == it->in->place.latitude_e7 &&
		    p.longitude_e7 == it->in->place.longitude_e7 &&
		    it->place_session[i] != it->f.attendance_id)
			n_same++;
		if (for_us > 0 && for_us < CHECKIN_SPEED_US && m > CHECKIN_SPEED_M &&
		    whole(m * 3.6 / ((double)for_us / US_PER_S)) > kmh)
			kmh = whole(m * 3.6 / ((double)for_us / US_PER_S));
	}
	if (kmh > PLACE_SPEED_MAX)
		add(j, SIGNAL_SPEED, SIGNAL_FAIL, kmh, PLACE_SPEED_MAX, SIGNAL_NONE);
	if (n_same >= PLACE_REPEAT_MAX)
		add(j, SIGNAL_REPEAT, SIGNAL_FAIL, n_same, PLACE_REPEAT_MAX, SIGNAL_NONE);
}

static void check_place(const struct checkin_item *it, struct judged *j)
{
	const struct checkin_facts *f = &it->f;
	struct place room = { (int32_t)f->latitude_e7, (int32_t)f->longitude_e7 };
	double m;

	if (!it->in->has_place || f->latitude_e7 == COLUMN_NULL || f->longitude_e7 == COLUMN_NULL) {
		add(j, SIGNAL_PLACE, SIGNAL_MISSING, SIGNAL_NONE, f->radius_m, SIGNAL_NONE);
		return;
	}
	m = place_distance_m(it->in->place, room);
	add(j, SIGNAL_PLACE, place_judge(m, it->in->accuracy_m, f->radius_m), whole(m), f->radius_m,
	    whole(it->in->accuracy_m));
	check_history(it, j);
}

static void check_browser(const struct checkin_item *it, struct judged *j)
{
	bool is_shared = it->f.is_browser_shared == 1;

	if (!it->in->browser_hash.n || is_shared)
		return;
	add(j, SIGNAL_BROWSER, it->f.n_browser > 0 ? SIGNAL_FAIL : SIGNAL_PASS, it->f.n_browser, 0,
	    SIGNAL_NONE);
}

static void check_photo(const struct checkin_item *it, struct judged *j)
{
	add(j, SIGNAL_PHOTO, it->in->photo_file.n ? SIGNAL_PENDING : SIGNAL_MISSING, SIGNAL_NONE,
	    SIGNAL_NONE, SIGNAL_NONE);
}

static void check_clock(const struct checkin_item *it, int64_t now_us, struct judged *j)
{
	int64_t off = (it->in->claimed_at - now_us) / US_PER_S;

	if (it->in->path != CHECKIN_DEVICE || it->in->claimed_at == NO_TIME)
		return;
	off = off < 0 ? -off : off;
	if (off > CHECKIN_CLOCK_MAX)
		add(j, SIGNAL_CLOCK, SIGNAL_FAIL, off, CHECKIN_CLOCK_MAX, SIGNAL_NONE);
}

/* 002 tries the face only when the network has passed: a photo beside a wrong network says nothing.
 */
static enum rc judge(struct checkin_item *it, int64_t now_us, struct judged *j, struct error *e)
{
	take_levels(it, j);
	if (j->level[SIGNAL_CODE] != POLICY_OFF)
		TRY(check_code(it, now_us, j, e));
	if (j->level[SIGNAL_PLACE] != POLICY_OFF)
		check_place(it, j);
	if (j->level[SIGNAL_NETWORK] != POLICY_OFF)
		add(j, SIGNAL_NETWORK, it->is_in_network ? SIGNAL_PASS : SIGNAL_FAIL, SIGNAL_NONE,
		    SIGNAL_NONE, SIGNAL_NONE);
	if (j->level[SIGNAL_PHOTO] != POLICY_OFF)
		check_photo(it, j);
	if (j->level[SIGNAL_BROWSER] != POLICY_OFF)
		check_browser(it, j);
	check_clock(it, now_us, j);
	return RC_OK;
}

/* "Too old" and "another room's" say more than "wrong". */
static enum reason code_reason(const struct judged *j)
{
	return j->is_other_room          ? REASON_CODE_OTHER_ROOM
	       : j->code == ROTATING_OLD ? REASON_CODE_OLD
					 : REASON_CODE_WRONG;
}

/* ---- the sum ---- */

static void take_mark(struct checkin_item *it)
{
	const struct checkin_facts *f = &it->f;
	bool is_late = f->late_at != NO_TIME && it->happened_at >= f->late_at;

	it->result->mark = is_late ? MARK_LATE : MARK_PRESENT;
	it->late_s = is_late && it->happened_at > f->starts_at
			     ? (it->happened_at - f->starts_at) / US_PER_S
			     : COLUMN_NULL;
}

static void accept(struct checkin_item *it, enum decision decision, enum reason reason)
{
	struct checkin_result *r = it->result;
	bool is_marked = has_record(it) && !record_is(it, "absent", "auto") &&
			 !record_is(it, "excused", "excuse");

	/* What a teacher has marked, only the teacher changes. */
	if (is_marked) {
		decision = DECISION_FLAGGED;
		reason = REASON_MARKED_BY_TEACHER;
	}
	r->rc = RC_OK;
	r->decision = decision;
	r->reason = reason;
	take_mark(it);
	it->lapses = it->f.open_attempt_id != COLUMN_NULL;
	it->has_record = decision == DECISION_APPROVED;
	it->gives_way = it->has_record && has_record(it);
}

static void refuse_try(struct checkin_item *it, const struct judged *j, enum reason reason)
{
	refuse(it, reason == REASON_CODE_WRONG ? code_reason(j) : reason);
	it->result->tries_left = it->f.max_tries - it->f.n_failed - 1;
}

static enum rc weigh(struct checkin_item *it, int64_t now_us, struct error *e)
{
	struct judged j = { .s.n = 0 };
	enum decision decision;
	enum reason reason;

	TRY(judge(it, now_us, &j, e));
	decision = signals_weigh(&j.s, j.level, &reason);
	if (reason == REASON_PHOTO_MISSING && it->in->needs_photo)
		decision = DECISION_REJECTED;
	it->result->signals = j.s;
	if (it->code_step != COLUMN_NULL && it->f.last_step != COLUMN_NULL &&
	    it->code_step <= it->f.last_step && !it->in->again) {
		refuse(it, REASON_CODE_USED);
		return RC_OK;
	}
	if (decision == DECISION_REJECTED)
		refuse_try(it, &j, reason);
	else
		accept(it, decision, reason == REASON_CODE_WRONG ? code_reason(&j) : reason);
	return RC_OK;
}

static void fill_result(struct checkin_item *it)
{
	const struct checkin_facts *f = &it->f;

	*it->result = (struct checkin_result){
		.decision = DECISION_REJECTED,
		.attendance_id = f->attendance_id == COLUMN_NULL ? 0 : f->attendance_id,
		.person_id = f->person_id == COLUMN_NULL ? 0 : f->person_id,
		.occurrence_id = f->occurrence_id == COLUMN_NULL ? 0 : f->occurrence_id,
		.happened_at = it->happened_at,
		.student_code = f->student_code,
		.title = f->title,
	};
}

void checkin_answer_again(struct checkin_item *it)
{
	const struct checkin_facts *f = &it->f;
	struct checkin_result *r = it->result;
	enum reason reason = REASON_NONE;

	for (int i = 0; f->again_reason.n && i < REASON__MAX; i++)
		if (str_eq(f->again_reason, str_from(reason_code((enum reason)i))))
			reason = (enum reason)i;
	it->is_kept = false;
	r->is_repeat = true;
	r->decision = str_eq(f->again_decision, STR("approved"))  ? DECISION_APPROVED
		      : str_eq(f->again_decision, STR("flagged")) ? DECISION_FLAGGED
								  : DECISION_REJECTED;
	r->reason = reason;
	r->rc = r->decision == DECISION_REJECTED ? checkin_rc(reason) : RC_OK;
	r->mark = mark_from(f->again_status);
	r->attempt_id = f->again_id;
	r->record_id = f->again_record_id == COLUMN_NULL ? 0 : f->again_record_id;
	r->attendance_id = f->again_attendance_id == COLUMN_NULL ? 0 : f->again_attendance_id;
	r->person_id = f->again_person_id == COLUMN_NULL ? 0 : f->again_person_id;
	r->happened_at = f->again_at;
	signals_read(f->again_signals, &r->signals);
}

enum rc checkin_decide(struct checkin_item *it, int64_t now_us, struct error *e)
{
	it->happened_at = it->in->receipt ? it->in->receipt->scanned_at : now_us;
	it->late_s = it->code_step = COLUMN_NULL;
	it->is_kept = true;
	it->has_record = it->gives_way = it->lapses = it->is_code_wrong = false;
	fill_result(it);
	if (!check_actor(it))
		return RC_OK;
	if (it->f.again_id != COLUMN_NULL) {
		checkin_answer_again(it);
		return RC_OK;
	}
	if (!check_session(it) || !check_student(it) || !check_window(it) || !check_roster(it) ||
	    !check_before(it))
		return RC_OK;
	return weigh(it, now_us, e);
}
