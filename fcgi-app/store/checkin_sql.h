/*
 * Inside of store: pieces of SQL that checkin.c and checkin_look.c share.
 */
#ifndef STORE_CHECKIN_SQL_H
#define STORE_CHECKIN_SQL_H

/* Failed tries: what a student did wrong, not what came too early or twice. */
#define FAILED                                                                                     \
	"f.decision = 'rejected' AND f.reason IN ('code_wrong', 'code_old', 'code_other_room',"    \
	" 'place_out', 'network_out', 'photo_failed', 'browser_shared')"
#define OF_STUDENT(s, p) "f.attendance_id = " s " AND f.person_id = " p

#endif
