/*
 * Rows as contract 002 spells them (contracts.md 3.2): ids are UUIDs, people school numbers;
 * instants are UTC with microseconds, which are left out when there are none.
 */
#ifndef API_C002_RENDER_H
#define API_C002_RENDER_H

#include "codec/json.h"
#include "core/attendance/lesson.h"

/* "2025-01-01T10:00:00.123000Z" */
#define C002_TIME_SIZE 28
struct str c002_time(int64_t us, char out[C002_TIME_SIZE]);

void c002_lesson(struct json_out *o, const struct lesson *l);
void c002_record(struct json_out *o, const struct lesson *l, const struct lesson_record *r);

#endif
