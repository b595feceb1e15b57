/*
 * Requests of the demo data; see demo_requests.h.
 */
#include "main/muster/demo_requests.h"

#include "core/request/request.h"

#define HOUR  3600
#define ADMIN 2 /* accounts */
#define FIRST 3 /* teacher 1 */

enum answer { WAITS, ASKED, APPROVED, REJECTED };

static const struct {
	int teacher; /* from 0 */
	int64_t class_id;
	int32_t days_ahead, start_tod, minutes;
	const char *title, *kind, *notes;
	int weeks; /* of a series; 0: once */
	enum answer answer;
	const char *response;
} wishes[] = {
	{ 0, 1, 5, 16 * HOUR, 90, "Guest lecture: incident response", "workshop",
	  "Speaker from the regional response team. Needs projector and hybrid room kit.", 0, WAITS,
	  "" },
	/* Section A has Software Engineering from nine on. */
	{ 1, 1, 6, 9 * HOUR + 1800, 120, "Databases exam", "exam", "Two invigilators, seats apart.",
	  0, WAITS, "" },
	{ 2, 2, 8, 17 * HOUR, 60, "Networks: lab hours", "tp", "", 4, WAITS, "" },
	{ 3, 2, 9, 18 * HOUR, 60, "Reading group", "td", "", 0, ASKED,
	  "How many will come? The small room is free, the large one is not." },
	{ 0, 1, 12, 17 * HOUR, 120, "Capstone workshop, replacement", "workshop", "", 0, APPROVED,
	  "Lab 3 is yours until 19:00." },
	{ 0, 1, 3, 20 * HOUR, 90, "Exam revision, evening", "course", "", 0, REJECTED,
	  "The building closes at 18:30. Try a Wednesday at 16:00." },
};

static enum rc answer(struct core *c, int64_t id, size_t i, struct error *e)
{
	static const enum request_decision decisions[] = {
		[ASKED] = REQUEST_ASK, [APPROVED] = REQUEST_APPROVE, [REJECTED] = REQUEST_REJECT
	};
	const struct request_decide_in in = { .id = id,
					      .decision = decisions[wishes[i].answer],
					      .response = str_from(wishes[i].response) };
	struct request_decided done;

	return request_decide(c, &in, &done, e);
}

enum rc demo_requests(struct core *c, int32_t today, int64_t now_us,
		      void (*as)(void *arg, int64_t account_id, int64_t at_us), void *arg,
		      struct error *e)
{
	for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
		int32_t day = today + wishes[i].days_ahead;
		struct request_in in = {
			.title = str_from(wishes[i].title),
			.kind = str_from(wishes[i].kind),
			.notes = str_from(wishes[i].notes),
			.class_id = wishes[i].class_id,
			.day = day,
			.start_tod = wishes[i].start_tod,
			.end_tod = wishes[i].start_tod + wishes[i].minutes * 60,
			.is_series = wishes[i].weeks > 0,
			.recurrence = RECURRENCE_WEEKLY,
			.until_day = day + 7 * wishes[i].weeks,
			.weekdays = 1U << day_weekday(day),
		};
		int64_t id;

		as(arg, FIRST + wishes[i].teacher, now_us - (int64_t)(i + 2) * 3600 * US_PER_S);
		TRY(request_send(c, &in, &id, e));
		as(arg, ADMIN, now_us - 1800 * US_PER_S);
		if (wishes[i].answer != WAITS)
			TRY(answer(c, id, i, e));
	}
	return RC_OK;
}
