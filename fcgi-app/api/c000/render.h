/*
 * Rows as contract 000 spells them (contracts.md 1.3 to 1.6): a session is an occurrence, a
 * student a person, a user an account.  Instants are UTC without a suffix; what nobody
 * measured is null.
 */
#ifndef API_C000_RENDER_H
#define API_C000_RENDER_H

#include "codec/json.h"
#include "core/attendance/smart.h"

/* "2025-01-01T10:00:00", with microseconds where there are some; null for NO_TIME. */
void c000_key_time(struct json_out *o, const char *key, int64_t us);
void c000_key_day(struct json_out *o, const char *key, int32_t day);
void c000_key_tod(struct json_out *o, const char *key, int32_t tod);
/* null for the empty text; for COLUMN_NULL. */
void c000_key_text(struct json_out *o, const char *key, struct str v);
void c000_key_id(struct json_out *o, const char *key, int64_t v);
/* part of all in hundredths of a percent, as a number: 66.67; 0 of nothing. */
void c000_key_rate(struct json_out *o, const char *key, int64_t part, int64_t all);

/* Marks in all; how many of them are absences, in this contract's words. */
int64_t c000_all(const struct smart_counts *n);
const char *c000_alert_level(const struct smart_counts *n);
extern const char *const c000_alert_levels[]; /* NULL-terminated */

void c000_session(struct json_out *o, const struct smart_session *s);
/* own: what the student sent now and may see again; NULL: evidence is not shown. */
struct c000_sent {
	bool has_place;
	struct place place;
	struct str device_id, address;
};
/* Where the photo of a check-in is; null without one. */
void c000_key_photo(struct json_out *o, struct arena *a, const char *key, int64_t checkin_id,
		    bool has_photo);
void c000_checkin(struct json_out *o, struct arena *a, const struct smart_checkin *c,
		  const struct c000_sent *own);
/* Why it is flagged or was rejected; empty: approved. */
struct str c000_why(struct arena *a, const struct smart_checkin *c);
/* Members of AttendanceOut, into an open object. */
void c000_record(struct json_out *o, const struct smart_record_row *r);
/* "present", "manual": this contract's words. */
struct str c000_via(struct str method);

#endif
