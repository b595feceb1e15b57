/*
 * Confirmed sessions for admins of contract 000 (contracts.md 1.6); see door.h.
 */
#include "api/c000/door.h"
#include "api/c000/family.h"
#include "api/c000/render.h"
#include "codec/csv.h"
#include "core/attendance/smart_people.h"

#define LIMIT_DEFAULT 50
#define CSV_MAX       (1024 * 1024)

struct c000_confirmed_in {
	int64_t limit;
};
FIELDS(c000_confirmed_fields, c000_confirmed_in,
       FIELD(INT, c000_confirmed_in, limit, QUERY, .min = 1, .max = SMART_PEOPLE_MAX,
	     .fallback = LIMIT_DEFAULT));

enum rc c000_confirmed(struct req *q, struct resp *r, struct error *e)
{
	const struct smart_confirmed_row *rows;
	struct c000_confirmed_in in;
	struct json_out o;
	size_t n;

	TRY(req_read(q, &in, e));
	TRY(smart_confirmed(&q->core, in.limit, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		json_out_object(&o);
		json_out_key_i64(&o, "id", rows[i].id);
		json_out_key_str(&o, "title", rows[i].title);
		c000_key_text(&o, "class_name", rows[i].class_name);
		c000_key_day(&o, "date", rows[i].session_date);
		c000_key_text(&o, "trainer_name", rows[i].teacher_name);
		json_out_key_i64(&o, "total_students", rows[i].n_all);
		json_out_key_i64(&o, "present_count", rows[i].n_present);
		json_out_key_i64(&o, "absent_count",
				 rows[i].n_absent == COLUMN_NULL ? 0 : rows[i].n_absent);
		c000_key_time(&o, "confirmed_at", rows[i].closed_at);
		json_out_object_end(&o);
	}
	json_out_array_end(&o);
	return RC_OK;
}

/* The marks of a session that the viewer may see; RC_NOT_FOUND without one. */
static enum rc read_records(struct req *q, const struct smart_record_row **ret_rows, size_t *ret_n,
			    struct error *e)
{
	struct c000_session_in in;
	struct smart_session s;

	TRY(req_read(q, &in, e));
	TRY(smart_session_get(&q->core, in.session_id, &s, e));
	return smart_records(&q->core, SMART_OF_OCCURRENCE, in.session_id, REGISTER_MARK_MAX,
			     ret_rows, ret_n, e);
}

enum rc c000_confirmed_details(struct req *q, struct resp *r, struct error *e)
{
	const struct smart_record_row *rows;
	struct json_out o;
	size_t n;

	TRY(read_records(q, &rows, &n, e));
	o = resp_json(r);
	json_out_array(&o);
	for (size_t i = 0; i < n; i++) {
		json_out_object(&o);
		json_out_key_str(&o, "student_name", rows[i].student_name);
		json_out_key_str(&o, "status", rows[i].status);
		json_out_key_null(&o, "face_confidence");
		json_out_object_end(&o);
	}
	json_out_array_end(&o);
	return RC_OK;
}

/* The contract's own columns; nobody measured a confidence. */
static void put_line(struct buf *b, const struct smart_record_row *row)
{
	bool was_there = str_eq(row->status, STR("present")) || str_eq(row->status, STR("late"));
	char at[28];

	csv_put(b, row->student_name);
	buf_char(b, ',');
	csv_put(b, row->status);
	BUF_LIT(b, ",N/A,");
	csv_put(b, was_there ? us_format_iso(row->happened_at, at) : STR("N/A"));
	BUF_LIT(b, "\r\n");
}

enum rc c000_confirmed_report(struct req *q, struct resp *r, struct error *e)
{
	const struct smart_record_row *rows;
	struct json_out o;
	struct buf csv;
	size_t n;

	TRY(read_records(q, &rows, &n, e));
	buf_init(&csv, q->core.arena, 4096, CSV_MAX);
	BUF_LIT(&csv, "Nom Étudiant,Statut,Confiance Faciale,Check-in At\r\n");
	for (size_t i = 0; i < n; i++)
		put_line(&csv, &rows[i]);
	if (!buf_ok(&csv))
		return ERROR_MEMORY(e);
	o = resp_json(r);
	json_out_object(&o);
	json_out_key_str(&o, "csv", buf_str(&csv));
	json_out_object_end(&o);
	return RC_OK;
}
