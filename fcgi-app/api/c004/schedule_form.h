/*
 * A schedule as 004's clients send it: lists as repeated fields or as JSON in a text,
 * accounts where we have persons.
 */
#ifndef API_C004_SCHEDULE_FORM_H
#define API_C004_SCHEDULE_FORM_H

#include "core/schedule/schedule.h"
#include "web/req.h"

struct schedule_form {
	int64_t id; /* 0: not sent */
	struct str branch_id, batch_id, faculty_id;
	struct field_list faculty_ids, weekdays, subject_ids, student_ids;
	struct str recurrence, status, title, room, notes;
	int32_t start_date, end_date, start_time, end_time;
	int64_t day_of_week, day_of_month; /* COLUMN_NULL: not sent */
};
extern const struct fields schedule_form_fields;

/*
 * Puts what was sent over *in (zeros for a new schedule, the stored one for a change).
 * What was not sent stays; what was sent empty is taken away.  Field errors under the
 * names of the form.
 */
enum rc schedule_form_apply(struct req *q, const struct schedule_form *f, struct schedule_in *in,
			    struct error *e) MUST_CHECK;

#endif
