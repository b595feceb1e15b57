/*
 * Attendance sessions of contract 003 as objects, alone and within records.
 */
#ifndef API_C003_SESSION_H
#define API_C003_SESSION_H

#include "api/c003/words.h"

/* The session of a record, or NULL; l: look_sessions of its id among others. */
const struct directory_session *c003_session_of(const struct look_sessions *l, int64_t id);
void c003_write_session(struct json_out *o, const struct look_sessions *l,
			const struct directory_session *s, int64_t now_us);

#endif
