/*
 * People: the list, one person with account, groups and courses, and what changes them.
 */
#ifndef PAGES_PEOPLE_H
#define PAGES_PEOPLE_H

#include "web/req.h"

/* people.c */
enum rc page_people(struct req *q, struct resp *r, struct error *e);
extern const struct fields people_fields;

/* person.c */
enum rc page_person(struct req *q, struct resp *r, struct error *e);
enum rc page_person_end(struct req *q, struct resp *r, struct error *e);
enum rc page_person_restore(struct req *q, struct resp *r, struct error *e);
enum rc page_person_remove(struct req *q, struct resp *r, struct error *e);
enum rc page_person_group_add(struct req *q, struct resp *r, struct error *e);
enum rc page_person_course_add(struct req *q, struct resp *r, struct error *e);
extern const struct fields person_fields, person_change_fields, person_member_fields;

/* person_form.c */
enum rc page_person_new(struct req *q, struct resp *r, struct error *e);
enum rc page_person_new_send(struct req *q, struct resp *r, struct error *e);
enum rc page_person_edit(struct req *q, struct resp *r, struct error *e);
enum rc page_person_edit_send(struct req *q, struct resp *r, struct error *e);
extern const struct fields person_new_fields, person_new_send_fields, person_edit_fields,
	person_edit_send_fields;

/* member_form.c */
enum rc page_membership(struct req *q, struct resp *r, struct error *e);
enum rc page_membership_send(struct req *q, struct resp *r, struct error *e);
enum rc page_membership_remove(struct req *q, struct resp *r, struct error *e);
enum rc page_enrolment(struct req *q, struct resp *r, struct error *e);
enum rc page_enrolment_send(struct req *q, struct resp *r, struct error *e);
enum rc page_enrolment_remove(struct req *q, struct resp *r, struct error *e);
extern const struct fields member_fields, member_send_fields;

/* account_admin.c */
enum rc page_person_account(struct req *q, struct resp *r, struct error *e);
enum rc page_person_account_send(struct req *q, struct resp *r, struct error *e);
enum rc page_account_admin(struct req *q, struct resp *r, struct error *e);
enum rc page_account_admin_send(struct req *q, struct resp *r, struct error *e);
enum rc page_account_admin_password(struct req *q, struct resp *r, struct error *e);
enum rc page_account_admin_disable(struct req *q, struct resp *r, struct error *e);
enum rc page_account_admin_enable(struct req *q, struct resp *r, struct error *e);
extern const struct fields account_admin_fields, account_admin_send_fields;

#endif
