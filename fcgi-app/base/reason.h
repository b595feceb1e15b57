/*
 * Reasons: the closed list of things that can be said about a failure.
 *
 * A reason is stored and logged by its code and shown by its text, which is
 * an English catalogue key; "{n}" in a text is the error's argument.  Codes
 * are never reused or renamed.  Add at the end of a group.
 */
#ifndef BASE_REASON_H
#define BASE_REASON_H

/* clang-format off */
#define REASONS(X) \
	/* general */ \
	X(NONE, "none", "") \
	X(UNEXPECTED, "unexpected", N_("Something went wrong on our side. Nothing was lost. Please try again.")) \
	X(NOT_FOUND, "not_found", N_("This page does not exist, or you may not see it.")) \
	X(METHOD, "method_not_allowed", N_("This address does not take that kind of request.")) \
	X(SIGN_IN, "sign_in", N_("Please sign in.")) \
	X(DENIED, "denied", N_("You may not do this.")) \
	X(DATABASE_DOWN, "database_down", N_("The database cannot be reached. We keep trying; please come back in a minute.")) \
	X(DISK_FULL, "disk_full", N_("There is no room left to store files. Please tell your administrator.")) \
	X(TOO_MUCH, "too_much", N_("This is more than the server can handle at once.")) \
	X(TOO_LATE, "too_late", N_("The server was too busy to answer in time. Please try again.")) \
	X(RATE, "rate", NN_("Too many tries. Please wait {n} second.", "Too many tries. Please wait {n} seconds.")) \
	X(BODY_TOO_BIG, "body_too_big", N_("What was sent is too large.")) \
	X(BODY_SHORT, "body_short", N_("The request ended early. Please send it again.")) \
	X(BODY_MALFORMED, "body_malformed", N_("The request could not be read.")) \
	X(CONTENT_TYPE, "content_type", N_("This kind of content cannot be read here.")) \
	X(HOST, "host", N_("This server does not answer to that name.")) \
	X(CSRF, "csrf", N_("This form is no longer valid. Please check it and send it again.")) \
	/* fields */ \
	X(FIELDS, "fields", N_("Please correct the marked fields.")) \
	X(REQUIRED, "required", N_("Please fill this in.")) \
	X(TOO_LONG, "too_long", N_("At most {n} characters.")) \
	X(TOO_SHORT, "too_short", N_("At least {n} characters.")) \
	X(TOO_SMALL, "too_small", N_("At least {n}.")) \
	X(TOO_LARGE, "too_large", N_("At most {n}.")) \
	X(NOT_A_NUMBER, "not_a_number", N_("Please enter a whole number.")) \
	X(NOT_A_DATE, "not_a_date", N_("This date does not exist.")) \
	X(NOT_A_TIME, "not_a_time", N_("Please enter a time like 09:30.")) \
	X(NOT_TEXT, "not_text", N_("This contains characters that cannot be stored.")) \
	X(NOT_A_CHOICE, "not_a_choice", N_("Please choose one of the list.")) \
	X(NOT_AN_EMAIL, "not_an_email", N_("Please enter an e-mail address.")) \
	X(REPEATED, "repeated", N_("This was sent more than once.")) \
	/* signing in */ \
	X(CREDENTIALS, "credentials", N_("The name or the password is wrong.")) \
	X(SIGN_IN_DELAY, "sign_in_delay", NN_("Too many wrong passwords. Please wait {n} second.", "Too many wrong passwords. Please wait {n} seconds.")) \
	X(SESSION_ENDED, "session_ended", N_("You were signed out. Please sign in again; what you typed is kept.")) \
	X(PASSWORD_WRONG, "password_wrong", N_("This is not your current password.")) \
	X(PASSWORD_SAME, "password_same", N_("The new password must differ from the old one.")) \
	X(PASSWORD_COMMON, "password_common", N_("This password is too easy to guess.")) \
	X(PASSWORD_REPEAT, "password_repeat", N_("The two passwords differ.")) \
	X(USERNAME_TAKEN, "username_taken", N_("This username is taken.")) \
	X(EMAIL_TAKEN, "email_taken", N_("This e-mail address is in use.")) \
	X(TOKEN, "token", N_("This token cannot be used here. Please sign in again.")) \
	X(ACCOUNT_WAITING, "account_waiting", N_("This account waits until an administrator approves it.")) \
	X(REGISTRATION_CLOSED, "registration_closed", N_("Nobody can register here at the moment. Please ask the administration for an account.")) \
	X(REGISTRATIONS_WAIT, "registrations_wait", N_("Too many registrations wait to be approved. Please come back later.")) \
	/* sessions */ \
	X(END_BEFORE_START, "end_before_start", N_("The end is before the start.")) \
	X(CODE_TAKEN, "code_taken", N_("This completion code is already used.")) \
	X(CODE_CHECK, "code_check", N_("The check characters of this code are wrong. Please compare it again.")) \
	X(ALREADY_COMPLETED, "already_completed", N_("This session is already completed.")) \
	X(ALREADY_CANCELLED, "already_cancelled", N_("This session is cancelled.")) \
	X(NOT_COMPLETED, "not_completed", N_("This session is not completed yet.")) \
	X(CHECKED, "checked", N_("This session is signed off and can no longer be changed.")) \
	X(NOT_YET, "not_yet", N_("This session has not begun yet.")) \
	X(NOT_OVER, "not_over", N_("This session is not over yet.")) \
	X(NOBODY_HOLDS, "nobody_holds", N_("Nobody holds this session.")) \
	X(REMINDED, "reminded", N_("Its teacher was reminded within the last day.")) \
	X(CHANGED, "changed", N_("Somebody changed this in the meantime. Please look at the new state and try again.")) \
	X(REASON_MISSING, "reason_missing", N_("Please give a reason.")) \
	X(EMPTY_NOTE, "empty_note", N_("Please write something.")) \
	X(DUE_KIND, "due_kind", N_("Only a follow-up has a due date.")) \
	X(DUE_EARLY, "due_early", N_("The due date is before the session.")) \
	X(ADMIN_ONLY, "admin_only", N_("Only an administrator may do this.")) \
	/* the institution */ \
	X(NAME_TAKEN, "name_taken", N_("This name is used here already.")) \
	X(COURSE_CODE_TAKEN, "course_code_taken", N_("Another course of this branch has this code.")) \
	X(ZONE_CONFIRM, "zone_confirm", N_("Sessions still to come: {n}. Please read what happens to them, then tick this box.")) \
	X(BRANCH_IN_USE, "branch_in_use", N_("This branch is still in use. End or move what is listed under it first.")) \
	X(HAS_PARTS, "has_parts", N_("Groups in it that have not ended: {n}. End or move those first.")) \
	X(HAS_MEMBERS, "has_members", N_("Students in it now or later: {n}. Move them, or end their time in it first.")) \
	X(GROUP_IN_USE, "group_in_use", N_("Classes and courses that use this section: {n}. Take it out of them first.")) \
	X(HAS_SCHEDULES, "has_schedules", N_("Schedules and sessions still to come: {n}. End or cancel those first.")) \
	X(PARENT_ENDED, "parent_ended", N_("The group it belongs to has ended. Restore that first.")) \
	X(MOVE_TOO_EARLY, "move_too_early", N_("The first day in the new section must come after the first day in the old one, and not after its last.")) \
	X(NOBODY_CHOSEN, "nobody_chosen", N_("Please choose at least one person.")) \
	X(NOT_CHECKED, "not_checked", N_("This session is not signed off.")) \
	X(NOTHING_CHOSEN, "nothing_chosen", N_("Please select at least one session.")) \
	/* schedules */ \
	X(AUDIT_TOO_MANY, "audit_too_many", N_("More than {n} entries match. Please choose a shorter period or a further filter.")) \
	X(RANGE_TOO_LONG, "range_too_long", NN_("At most {n} day.", "At most {n} days.")) \
	X(NO_WEEKDAY, "no_weekday", N_("Please choose at least one weekday.")) \
	X(NO_OCCURRENCE, "no_occurrence", N_("This schedule makes no session.")) \
	X(SLOTS_OVERLAP, "slots_overlap", N_("This time overlaps another one of this schedule.")) \
	X(TOO_MANY_SESSIONS, "too_many_sessions", N_("At most {n} sessions at once. Please choose a shorter time.")) \
	X(NO_SUCH_DAY, "no_such_day", N_("No month between these dates has such a day.")) \
	X(ALL_CLOSED, "all_closed", N_("Every session of this schedule falls on a closure.")) \
	X(CLASHES, "clashes", N_("This clashes with what is planned already. Please look at it, then tick the box to save all the same.")) \
	X(ROOM_TAKEN, "room_taken", N_("There is a room of this name already.")) \
	X(ROOM_ENDED, "room_ended", N_("This room is no longer in use. Please choose another.")) \
	X(ZONE_UNKNOWN, "zone_unknown", N_("This time zone is not known.")) \
	/* requests */ \
	X(PAST, "past", N_("This is over already. Please choose a time to come.")) \
	X(TOO_FAR_AHEAD, "too_far_ahead", N_("At most {n} days ahead.")) \
	X(NOT_YOUR_COURSE, "not_your_course", N_("You do not teach this course. Please choose one of the list.")) \
	X(REQUEST_DECIDED, "request_decided", N_("This request is decided already.")) \
	X(REQUEST_WITHDRAWN, "request_withdrawn", N_("This request was withdrawn.")) \
	X(REQUEST_PAST, "request_past", N_("The day that was asked for is over. Please reject the request, or ask back.")) \
	X(REQUEST_HELD, "request_held", N_("The session was held already, or attendance was opened for it. It can no longer be taken back.")) \
	/* people */ \
	X(STUDENT_CODE_TAKEN, "student_code_taken", N_("Another person has this student code.")) \
	X(TEACHER_CODE_TAKEN, "teacher_code_taken", N_("Another person has this teacher code.")) \
	X(OVERLAP, "overlap", N_("These dates overlap others that are already there.")) \
	X(HAS_HISTORY, "has_history", N_("This has a history and cannot be removed. End it instead; what happened stays.")) \
	X(ENDED, "ended", N_("This has ended. Restore it first.")) \
	X(NOT_ENDED, "not_ended", N_("This has not ended.")) \
	X(OTHER_BRANCH, "other_branch", N_("This belongs to another branch.")) \
	X(OPEN_STAFF, "open_staff", N_("Give the classes, courses and schedules in the old branch to somebody else first.")) \
	X(OPEN_MEMBERS, "open_members", N_("End the group memberships and course enrolments in the old branch first.")) \
	X(HAS_ACCOUNT, "has_account", N_("This person already has an account.")) \
	X(NOT_YOURSELF, "not_yourself", N_("You cannot do this to yourself. Ask another administrator.")) \
	X(LAST_ADMIN, "last_admin", N_("This is the last administrator of the institution who can sign in.")) \
	X(SUPER_ADMIN_ONLY, "super_admin_only", N_("Only an administrator of the whole institution may do this.")) \
	/* imports: the file */ \
	X(IMPORT_ENCODING, "import_encoding", N_("Row {n} is not UTF-8. Please save the file as CSV UTF-8 and send it again.")) \
	X(IMPORT_UTF16, "import_utf16", N_("This file is in UTF-16. Please save it as CSV UTF-8 (in LibreOffice: character set Unicode (UTF-8)) and send it again.")) \
	X(IMPORT_LATIN, "import_latin", N_("This file is not in UTF-8, but perhaps in Windows-1252. Please save it as CSV UTF-8 and send it again.")) \
	X(IMPORT_NUL, "import_nul", N_("Row {n} contains a zero byte: this is no CSV file.")) \
	X(IMPORT_QUOTE, "import_quote", N_("Row {n}: a quotation mark is not closed, or stands in the wrong place.")) \
	X(IMPORT_FIELD_LONG, "import_field_long", N_("Row {n}: a field is too long. Perhaps a quotation mark is not closed.")) \
	X(IMPORT_COLUMNS, "import_columns", N_("Row {n} has more than 64 columns.")) \
	X(IMPORT_ROWS, "import_rows", N_("A file may have at most {n} rows. Please split it.")) \
	X(IMPORT_SIZE, "import_size", N_("A CSV file may have at most 64 MB. Please split it.")) \
	X(IMPORT_EMPTY, "import_empty", N_("There is no row below the names of the columns.")) \
	/* imports: the columns */ \
	X(IMPORT_IGNORED, "import_ignored", N_("Some columns will not be imported. Please confirm that.")) \
	X(IMPORT_FIELD_TWICE, "import_field_twice", N_("Two columns cannot go into the same field.")) \
	X(IMPORT_NO_WHO, "import_no_who", N_("Please choose a column that says who it is: a code, the username or the e-mail address.")) \
	X(IMPORT_NO_COURSE, "import_no_course", N_("Please choose the column with the course code.")) \
	X(IMPORT_NO_SESSION, "import_no_session", N_("Please choose the column that says which session it is: its number or code, or course or class and date.")) \
	X(IMPORT_NO_STATUS, "import_no_status", N_("Please choose the column with the status.")) \
	/* imports: a row */ \
	X(IMPORT_FORMULA, "import_formula", N_("This looks like a formula. Please write the value itself.")) \
	X(IMPORT_EXTRA, "import_extra", N_("This row has more fields than there are columns.")) \
	X(IMPORT_DATE, "import_date", N_("Please write dates as year, month and day, such as 2026-09-01.")) \
	X(IMPORT_ROLE, "import_role", N_("Please use student, faculty or employee.")) \
	X(IMPORT_STATE, "import_state", N_("Please use pending, approved, rejected or ended.")) \
	X(IMPORT_USERNAME, "import_username", N_("A username has letters, digits and . _ - only.")) \
	X(IMPORT_WHO, "import_who", N_("This row does not say who it is: it has no code, username or e-mail address.")) \
	X(IMPORT_TWICE, "import_twice", N_("The same stands in row {n}.")) \
	X(IMPORT_ELSEWHERE, "import_elsewhere", N_("This is in use outside this branch.")) \
	X(IMPORT_OTHER, "import_other", N_("This belongs to another person than the other columns say.")) \
	X(IMPORT_ADMIN, "import_admin", N_("Accounts of administrators are not changed by imports.")) \
	X(IMPORT_SECTION, "import_section", N_("There is no such section in this branch.")) \
	X(IMPORT_MANY, "import_many", N_("There are several sections of this name. Please add batch or department.")) \
	X(IMPORT_PERSON, "import_person", N_("There is no such person in this branch.")) \
	X(IMPORT_COURSE, "import_course", N_("There is no such course in this branch.")) \
	X(IMPORT_OVERLAP, "import_overlap", N_("These days overlap with what is there already.")) \
	X(IMPORT_OVERLAP_ROW, "import_overlap_row", N_("These days overlap with row {n}.")) \
	X(IMPORT_WHICH_SESSION, "import_which_session", N_("This row does not say which session it is: it has neither a number or code nor a course or class.")) \
	X(IMPORT_SESSION, "import_session", N_("There is no such session in this branch.")) \
	X(IMPORT_SESSIONS, "import_sessions", N_("There are {n} such sessions. Please add the start, or the session's number.")) \
	X(IMPORT_CLASS, "import_class", N_("There is no such class in this branch.")) \
	X(IMPORT_CANCELLED, "import_cancelled", N_("This session is cancelled.")) \
	X(IMPORT_NOT_OVER, "import_not_over", N_("This session is not over, and its attendance is not open.")) \
	X(IMPORT_NOT_ENROLLED, "import_not_enrolled", N_("This student is not expected in the session: not enrolled on that day.")) \
	X(IMPORT_STATUS, "import_status", N_("Please use P, L, E or A, or the words for them.")) \
	X(IMPORT_LATE, "import_late", N_("Minutes late are from 0 to 600.")) \
	X(IMPORT_NOT_LATE, "import_not_late", N_("Minutes late go with the status late only.")) \
	X(IMPORT_NOT_HERE, "import_not_here", N_("A time of arrival goes with present or late only.")) \
	X(IMPORT_IS_EXCUSED, "import_is_excused", N_("This student is excused from the session. Take the excuse back first.")) \
	X(IMPORT_CHANGED, "import_changed", N_("Somebody changed this record after the rows were checked.")) \
	/* files */ \
	X(FILE_MISSING, "file_missing", N_("Please choose a file.")) \
	X(FILE_TOO_BIG, "file_too_big", N_("A file may have at most 100 MB.")) \
	X(FILE_EMPTY, "file_empty", N_("This file is empty.")) \
	X(FILE_TYPE, "file_type", N_("This file type is not allowed. Use PDF, video, audio, Office or image files.")) \
	X(FILE_MISMATCH, "file_mismatch", N_("The content of this file is not what its name says.")) \
	X(FILE_DAMAGED, "file_damaged", N_("This file is damaged or incomplete.")) \
	X(FILE_MACROS, "file_macros", N_("This document contains macros. Please save it without macros.")) \
	X(FILE_NAME, "file_name", N_("This file name cannot be used.")) \
	X(FILE_SCAN, "file_scan", N_("The file could not be checked. Please try again.")) \
	X(TOO_MANY_FILES, "too_many_files", NN_("At most {n} file at once.", "At most {n} files at once.")) \
	X(FILE_GONE, "file_gone", N_("This file was removed.")) \
	X(FILE_QUARANTINED, "file_quarantined", N_("This file is in quarantine. Nobody can download it until an administrator releases it.")) \
	/* uploads in pieces */ \
	X(UPLOAD_OFFSET, "upload_offset", N_("This piece does not follow what has arrived. Ask how much that is, and go on from there.")) \
	X(UPLOAD_LOCKED, "upload_locked", N_("Another piece of this upload is being stored. Please try again.")) \
	X(UPLOAD_ENDED, "upload_ended", N_("This upload has ended. Please choose the file again.")) \
	X(UPLOAD_VERSION, "upload_version", N_("This version of the upload protocol is not spoken here.")) \
	X(UPLOAD_CHECKSUM, "upload_checksum", N_("This piece was damaged on its way. Please send it again.")) \
	X(UPLOAD_METADATA, "upload_metadata", N_("What was said about the upload could not be read.")) \
	X(UPLOAD_LENGTH, "upload_length", N_("The length of the upload is missing or cannot be.")) \
	X(UPLOADS_OPEN, "uploads_open", NN_("You have {n} unfinished upload. Please finish or discard it first.", "You have {n} unfinished uploads. Please finish or discard one first.")) \
	/* attendance */ \
	X(ATTENDANCE_EARLY, "attendance_early", N_("Check-in has not opened yet.")) \
	X(ATTENDANCE_CLOSED, "attendance_closed", N_("Check-in is closed.")) \
	X(ATTENDANCE_PAUSED, "attendance_paused", N_("Check-in is paused. Please wait for your teacher.")) \
	X(ATTENDANCE_OPEN, "attendance_open", N_("Check-in is open.")) \
	X(ATTENDANCE_EXISTS, "attendance_exists", N_("Attendance was opened for this session already.")) \
	X(ATTENDANCE_UNKNOWN, "attendance_unknown", N_("There is no such attendance session.")) \
	X(NOT_ENROLLED, "not_enrolled", N_("You are not enrolled in this course.")) \
	X(ENROLLED_LATER, "enrolled_later", N_("Your enrolment in this course begins later.")) \
	X(WRONG_CLASS, "wrong_class", N_("This session is for another group.")) \
	X(ALREADY_IN, "already_in", N_("You are checked in already.")) \
	X(ALREADY_WAITING, "already_waiting", N_("Your check-in waits for your teacher already.")) \
	X(MARKED_BY_TEACHER, "marked_by_teacher", N_("Your teacher has marked you already, and will look at this.")) \
	X(TRIES_USED, "tries_used", N_("All tries of this session are used. Please tell your teacher.")) \
	X(CODE_WRONG, "code_wrong", N_("This code is not right. Please compare it with the screen.")) \
	X(CODE_OLD, "code_old", N_("This code is too old. Please use the one on the screen now.")) \
	X(CODE_OTHER_ROOM, "code_other_room", N_("This code is of another session.")) \
	X(CODE_MISSING, "code_missing", N_("Please type the code on the screen, or scan it.")) \
	X(CODE_USED, "code_used", N_("You used this code already. Please take the next one.")) \
	X(PLACE_OUT, "place_out", N_("You seem to be too far from the room.")) \
	X(PLACE_UNSURE, "place_unsure", N_("Your position is not exact enough to tell.")) \
	X(PLACE_MISSING, "place_missing", N_("Your location was not shared.")) \
	X(PLACE_SPEED, "place_speed", N_("Two positions are too far apart for the time between them.")) \
	X(PLACE_REPEAT, "place_repeat", N_("Exactly the same position was sent before.")) \
	X(NETWORK_OUT, "network_out", N_("You are not on the network of the institution.")) \
	X(PHOTO_MISSING, "photo_missing", N_("There is no photo.")) \
	X(PHOTO_UNCHECKED, "photo_unchecked", N_("Your teacher will look at the photo.")) \
	X(PHOTO_FAILED, "photo_failed", N_("The photo does not match.")) \
	X(PHOTO_TYPE, "photo_type", N_("Please send a JPEG or PNG picture.")) \
	X(PHOTO_TOO_BIG, "photo_too_big", N_("A photo may have at most 10 MB.")) \
	X(PHOTO_PIXELS, "photo_pixels", N_("This picture has too many pixels.")) \
	X(BROWSER_SHARED, "browser_shared", N_("Several students used this device.")) \
	X(DEVICE_CLOCK, "device_clock", N_("The clock of the device is off.")) \
	X(DEVICE_BUSY, "device_busy", N_("An open session is bound to this device already.")) \
	X(DEVICE_BLOCKED, "device_blocked", N_("This device is blocked.")) \
	X(DEVICE_KEY, "device_key", N_("The id or the key of this device is wrong.")) \
	X(DEVICE_TAKEN, "device_taken", N_("Another device has this id.")) \
	X(RECEIPT_USED, "receipt_used", N_("This scan was used already. Please scan again.")) \
	X(RECEIPT_OLD, "receipt_old", N_("This scan is too old. Please scan again.")) \
	X(RECEIPT_WRONG, "receipt_wrong", N_("This scan was made in another browser. Please scan again.")) \
	X(STUDENT_UNKNOWN, "student_unknown", N_("There is no such student.")) \
	X(FOR_STUDENTS, "for_students", N_("This page is for students, and you are signed in as somebody else.")) \
	X(FOR_STAFF, "for_staff", N_("This page is for the staff, and you are signed in as a student.")) \
	X(STUDENT_ONLY, "student_only", N_("Only students check in.")) \
	X(AUTO_OPEN_OFF, "auto_open_off", N_("Students cannot open this session.")) \
	X(AUTO_OPEN_PLACE, "auto_open_place", N_("You can open it only from the room.")) \
	X(NOT_A_NETWORK, "not_a_network", N_("Please write a network such as 192.0.2.0/24.")) \
	X(NETWORK_TAKEN, "network_taken", N_("This network is in the list already.")) \
	X(NOT_A_PLACE, "not_a_place", N_("Please give degrees such as 48.8566.")) \
	X(CLAIM_LATE, "claim_late", N_("The time to ask about this session is over.")) \
	X(CLAIM_WAITING, "claim_waiting", N_("You asked about this session already. Please wait for the answer, or withdraw what you asked.")) \
	X(CLAIM_OFTEN, "claim_often", NN_("You asked about this session {n} time already. Please talk to your teacher.", "You asked about this session {n} times already. Please talk to your teacher.")) \
	X(CLAIM_NO_SESSION, "claim_no_session", N_("Please choose at least one session.")) \
	X(CLAIM_NOTHING, "claim_nothing", N_("This is what stands there already.")) \
	X(CLAIM_DECIDED, "claim_decided", N_("This was decided or withdrawn meanwhile.")) \
	X(CLAIM_FILE_TYPE, "claim_file_type", N_("Please attach a photo (JPEG, PNG) or a PDF.")) \
	X(CLAIM_FILE_BIG, "claim_file_big", N_("This file may have at most 10 MB.")) \
	X(ALREADY_DECIDED, "already_decided", N_("This check-in was decided already.")) \
	X(UNDONE, "undone", N_("This was undone already.")) \
	X(NOT_A_UUID, "not_a_uuid", N_("This is no UUID.")) \
	X(TIME_FORMAT, "time_format", N_("Invalid format. Must be YYYY-MM-DDTHH:MM:SS.sssZ"))
/* clang-format on */

enum reason {
#define X(name, code, text) REASON_##name,
	REASONS(X)
#undef X
		REASON__MAX
};

/* The stored code, "code_taken". */
const char *reason_code(enum reason r);
/* The English text, which is the catalogue key. */
const char *reason_text(enum reason r);

#endif
