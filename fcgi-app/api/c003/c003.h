/*
 * The JSON interface of seed 003 (contracts.md 4; docs/contract-003.md says where we differ).
 *
 *   /api/auth/…                                  signing in            auth.c
 *   /api/students                                                      student.c
 *   /api/teachers /api/users /api/auth/register                        user.c
 *   /api/dep-batch /api/sections                                       group.c
 *   /api/courses /api/enrolments                                       course.c
 *   /api/devices /api/device/command                                   device.c
 *   /api/sessions                                                      session.c
 *   /api/attendance                                                    attendance.c
 *
 * Handlers parse and render; rights and rules are core's.  Errors are c003/family.h's.
 */
#ifndef API_C003_C003_H
#define API_C003_C003_H

#include "api/c003/family.h"

/* ---- signing in: the door that 000 and 003 share ------------------------------------------ */

route_handler c003_login, c003_refresh, c003_me;
extern const struct fields c003_login_fields, c003_refresh_fields;

/* ---- resources: list, make, look, change (PUT and PATCH), delete ---------------------------- */

route_handler c003_students, c003_student_create, c003_student, c003_student_change,
	c003_student_delete;
route_handler c003_register;
route_handler c003_teachers, c003_teacher_create, c003_teacher, c003_teacher_change,
	c003_teacher_delete;
route_handler c003_users, c003_user_create, c003_user, c003_user_change, c003_user_delete;
route_handler c003_batches, c003_batch_create, c003_batch, c003_batch_change, c003_batch_delete;
route_handler c003_sections, c003_section_create, c003_section, c003_section_change,
	c003_section_delete;
route_handler c003_courses, c003_course_create, c003_course, c003_course_change, c003_course_delete;
route_handler c003_enrolments, c003_enrolment_create, c003_enrolment, c003_enrolment_change,
	c003_enrolment_delete;
route_handler c003_devices, c003_device_create, c003_device, c003_device_change, c003_device_delete,
	c003_device_rotate, c003_device_command;
extern const struct fields c003_student_fields, c003_register_fields, c003_teacher_fields,
	c003_user_fields, c003_batch_fields, c003_section_fields, c003_course_fields,
	c003_enrolment_fields, c003_enrolments_fields, c003_device_fields,
	c003_device_command_fields;

/* ---- what they are, for /openapi.json (doc.c) ----------------------------------------------- */

extern const struct route_doc c003_login_doc, c003_refresh_doc, c003_me_doc, c003_register_doc,
	c003_device_rotate_doc, c003_device_command_doc, c003_session_list_doc,
	c003_session_create_doc, c003_session_doc, c003_session_close_doc, c003_scan_doc,
	c003_record_list_doc, c003_record_doc, c003_record_edit_doc, c003_record_delete_doc;
#define C003_RESOURCE_DOCS(NAME)                                                                   \
	extern const struct route_doc c003_##NAME##_list_doc, c003_##NAME##_create_doc,            \
		c003_##NAME##_doc, c003_##NAME##_change_doc, c003_##NAME##_delete_doc
C003_RESOURCE_DOCS(student);
C003_RESOURCE_DOCS(teacher);
C003_RESOURCE_DOCS(user);
C003_RESOURCE_DOCS(batch);
C003_RESOURCE_DOCS(section);
C003_RESOURCE_DOCS(course);
C003_RESOURCE_DOCS(enrolment);
C003_RESOURCE_DOCS(device);

/* ---- attendance ------------------------------------------------------------------------------ */

route_handler c003_sessions, c003_session_create, c003_session, c003_session_close;
route_handler c003_scan, c003_records, c003_session_records, c003_record, c003_record_edit,
	c003_record_delete;
extern const struct fields c003_session_fields, c003_scan_fields, c003_record_fields;

#endif
