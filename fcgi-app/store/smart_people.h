/*
 * Students, trainers and closed sessions as admins and trainers of contract 000 list them.
 */
#ifndef STORE_SMART_PEOPLE_H
#define STORE_SMART_PEOPLE_H

#include "store/smart.h"

struct smart_people_find {
	int64_t branch_id;        /* 0: all */
	int64_t id;               /* person; 0: all */
	struct str search;        /* within names, code, e-mail; empty: all */
	struct str class_name;    /* empty: all; not for trainers */
	int32_t day;              /* whose classes */
	struct smart_scope scope; /* whose marks are counted */
	int64_t offset, limit;    /* at most SMART_PEOPLE_MAX */
};
#define SMART_PEOPLE_MAX 500

struct smart_person_row {
	int64_t id, account_id; /* COLUMN_NULL: no account */
	struct str given_name, family_name, email, student_code, class_name, section_name;
	int64_t created_at, updated_at;
	int64_t n_present, n_late, n_excused, n_absent, late_min, absent_hours;
};
/* Students that are not ended, by name. */
enum rc smart_person_rows(struct store *s, const struct smart_people_find *f, struct arena *a,
			  const struct smart_person_row **ret_rows, size_t *ret_n,
			  struct error *e) MUST_CHECK;
enum rc smart_person_count(struct store *s, const struct smart_people_find *f, struct arena *a,
			   int64_t *ret, struct error *e) MUST_CHECK;

struct smart_trainer_row {
	int64_t account_id;
	struct str name, email;
};
/* Faculty and employees whose account is enabled, by name. */
enum rc smart_trainer_rows(struct store *s, const struct smart_people_find *f, struct arena *a,
			   const struct smart_trainer_row **ret_rows, size_t *ret_n,
			   struct error *e) MUST_CHECK;
enum rc smart_trainer_count(struct store *s, const struct smart_people_find *f, struct arena *a,
			    int64_t *ret, struct error *e) MUST_CHECK;

struct smart_confirmed_row {
	int64_t id; /* occurrence */
	struct str title, class_name, teacher_name;
	int32_t session_date;
	int64_t n_all, n_present, n_absent;
	int64_t closed_at;
};
/* Sessions that a trainer confirmed, the last one first. */
enum rc smart_confirmed_rows(struct store *s, int64_t branch_id, int64_t limit, struct arena *a,
			     const struct smart_confirmed_row **ret_rows, size_t *ret_n,
			     struct error *e) MUST_CHECK;

#endif
