/*
 * Registers and check-ins of the demo data; see demo_attendance.h.
 *
 * Everything goes through core, as people would have done it.
 */
#include "main/muster/demo_attendance.h"

#include "core/attendance/register.h"

#define SCRATCH_BYTES (64ULL * 1024 * 1024)
#define MINUTE_US     (60 * US_PER_S)
#define OPEN_MIN      20

/* ---- sessions that were held --------------------------------------------------------------- */

/* Most come; every seventh student is less sure to. */
static struct register_mark mark_of(int64_t person_id, int n)
{
	struct register_mark m = { .person_id = person_id,
				   .version = REGISTER_ANY,
				   .mark = MARK_PRESENT };
	int64_t dice = (person_id * 37 + n * 53 + person_id * n) % 40;
	bool is_unsure = person_id % 7 == 3;

	if (dice == 0 || (is_unsure && dice < 9)) {
		m.mark = MARK_ABSENT;
	} else if (dice <= 2) {
		m.mark = MARK_LATE;
		m.has_late = true;
		m.late_min = 16 + dice * 9;
	} else if (dice == 3) {
		m.mark = MARK_EXCUSED;
		m.has_remark = true;
		m.remark = n % 2 ? STR("Medical certificate") : STR("Open day of the faculty");
	}
	return m;
}

static enum rc mark_all(struct core *c, int64_t attendance_id, int n, struct error *e)
{
	struct register_mark *marks;
	struct register_list list;
	struct register_done done;
	struct attendance session;
	size_t n_marks = 0;

	TRY(attendance_get(c, attendance_id, &session, e));
	TRY(register_get(c, &session, &list, e));
	marks = ARENA_ARRAY(c->arena, list.n_rows ? list.n_rows : 1, struct register_mark);
	if (!marks)
		return ERROR_MEMORY(e);
	for (size_t i = 0; i < list.n_rows; i++) {
		struct register_mark m = mark_of(list.rows[i].person_id, n);

		/* Closing marks who did not come. */
		if (m.mark != MARK_ABSENT)
			marks[n_marks++] = m;
	}
	return n_marks ? register_set(c, attendance_id, marks, n_marks, STR(""), &done, e) : RC_OK;
}

static enum rc tell_register(struct core *c, int64_t occurrence_id, int64_t starts_at, int n,
			     struct error *e)
{
	struct attendance_open_in in = { .occurrence_id = occurrence_id,
					 .branch_id = COLUMN_NULL,
					 .course_id = COLUMN_NULL,
					 .class_id = COLUMN_NULL,
					 .section_id = COLUMN_NULL,
					 .teacher_id = COLUMN_NULL,
					 .device_id = COLUMN_NULL,
					 .session_date = NO_DAY,
					 .opens_at = NO_TIME,
					 .late_at = NO_TIME,
					 .closes_at = NO_TIME };
	struct attendance_closed closed;
	int64_t id;

	c->now_us = starts_at - 2 * MINUTE_US;
	TRY(attendance_open(c, &in, &id, e));
	c->now_us = starts_at + 6 * MINUTE_US;
	TRY(mark_all(c, id, n, e));
	c->now_us = starts_at + OPEN_MIN * MINUTE_US;
	return attendance_close(c, id, "person", &closed, e);
}

enum rc demo_register(struct core *c, int64_t occurrence_id, int64_t starts_at, int n,
		      struct error *e)
{
	struct arena *kept = c->arena, scratch;
	enum rc rc;

	arena_init(&scratch, SCRATCH_BYTES, 0);
	c->arena = &scratch;
	rc = tell_register(c, occurrence_id, starts_at, n, e);
	c->arena = kept;
	arena_clear(&scratch);
	return rc;
}

/* ---- one that is open ------------------------------------------------------------------------ */

enum { COURSE = 2, FIRST_STUDENT = 14, N_IN = 23, N_WAITING = 1 };

static const struct place room = { 488566000, 23522000 };

static enum rc open_one(struct core *c, int64_t *ret_id, struct error *e)
{
	struct attendance_open_in in = { .occurrence_id = COLUMN_NULL,
					 .door = DOOR_OWN,
					 .branch_id = 1,
					 .course_id = COURSE,
					 .class_id = COLUMN_NULL,
					 .section_id = COLUMN_NULL,
					 .teacher_id = c->who->person_id,
					 .device_id = COLUMN_NULL,
					 .roster = ROSTER_COURSE,
					 .title = STR("Databases, open lab"),
					 .room = STR("B204"),
					 .session_date = NO_DAY,
					 .opens_at = c->now_us,
					 .late_at = c->now_us + 30 * MINUTE_US,
					 .closes_at = c->now_us + 12 * 60 * MINUTE_US,
					 .has_levels = true,
					 .level = { [SIGNAL_CODE] = POLICY_MUST,
						    [SIGNAL_PLACE] = POLICY_MUST,
						    [SIGNAL_BROWSER] = POLICY_FLAG },
					 .has_place = true,
					 .place = room,
					 .radius_m = 60 };

	return attendance_open(c, &in, ret_id, e);
}

static enum rc come(struct core *c, struct who *who, int64_t student,
		    const struct attendance *session, bool shares, struct error *e)
{
	struct checkin_in in = { .attendance_id = session->id,
				 .person_id = COLUMN_NULL,
				 .path = CHECKIN_FORM,
				 .has_place = shares,
				 .place_refused = !shares,
				 .place = { room.latitude_e7 + (int32_t)(student * 101 % 2000),
					    room.longitude_e7 - (int32_t)(student * 67 % 2000) },
				 .accuracy_m = 6 + (double)(student % 9),
				 .device_id = COLUMN_NULL,
				 .claimed_at = NO_TIME };
	struct checkin_result done;
	char code[ROTATING_SIZE];

	*who = (struct who){ .role = ROLE_STUDENT,
			     .account_id = student,
			     .person_id = student,
			     .branch_id = 1,
			     .name = STR("Demo"),
			     .zone = STR("UTC") };
	TRY(rotating_code(session->code_key, rotating_step(c->now_us, session->code_period_s), code,
			  e));
	in.code = str_from(code);
	return checkin_submit(c, &in, &done, e);
}

enum rc demo_open_session(struct core *c, struct who *who, int64_t now_us, struct error *e)
{
	struct attendance session;
	int64_t id;

	c->now_us = now_us;
	TRY(open_one(c, &id, e));
	TRY(attendance_get(c, id, &session, e));
	/* The first student is who a newcomer signs in as: still to come. */
	for (int64_t i = 1; i <= N_IN + N_WAITING; i++)
		TRY(come(c, who, FIRST_STUDENT + i, &session, i <= N_IN, e));
	return RC_OK;
}
