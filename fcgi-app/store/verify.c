/*
 * Compares a prepared statement with what its table says: number of parameters,
 * and each column's name, type, length and whether it may be NULL, as far as the
 * server's metadata tell.  A column of a table that may be NULL must be declared so,
 * also where the WHERE clause rules it out; an expression is believed.
 */
#include "store/db.h"

#include "store/sets.h"

#define BINARY_CHARSET 63

static bool is_text_type(enum enum_field_types t)
{
	switch ((int)t) {
	case MYSQL_TYPE_STRING:
	case MYSQL_TYPE_VAR_STRING:
	case MYSQL_TYPE_VARCHAR:
	case MYSQL_TYPE_ENUM:
	case MYSQL_TYPE_BLOB:
	case MYSQL_TYPE_TINY_BLOB:
	case MYSQL_TYPE_MEDIUM_BLOB:
	case MYSQL_TYPE_LONG_BLOB:
		return true;
	default:
		return false;
	}
}

static bool is_blob_type(enum enum_field_types t)
{
	return t == MYSQL_TYPE_BLOB || t == MYSQL_TYPE_TINY_BLOB || t == MYSQL_TYPE_MEDIUM_BLOB ||
	       t == MYSQL_TYPE_LONG_BLOB;
}

static bool type_fits(enum column_type want, const MYSQL_FIELD *f)
{
	switch (want) {
	case COLUMN_I64:
		return f->type == MYSQL_TYPE_TINY || f->type == MYSQL_TYPE_SHORT ||
		       f->type == MYSQL_TYPE_INT24 || f->type == MYSQL_TYPE_LONG ||
		       f->type == MYSQL_TYPE_LONGLONG || f->type == MYSQL_TYPE_YEAR;
	case COLUMN_TEXT:
		return is_text_type(f->type) && f->charsetnr != BINARY_CHARSET;
	case COLUMN_BYTES:
		return is_text_type(f->type) && f->charsetnr == BINARY_CHARSET;
	case COLUMN_TIME:
		return f->type == MYSQL_TYPE_DATETIME;
	case COLUMN_DAY:
		return f->type == MYSQL_TYPE_DATE;
	case COLUMN_TOD:
		return f->type == MYSQL_TYPE_TIME;
	}
	return false;
}

static size_t size_of(enum column_type t)
{
	if (t == COLUMN_DAY || t == COLUMN_TOD)
		return sizeof(int32_t);
	return t == COLUMN_TEXT || t == COLUMN_BYTES ? sizeof(struct str) : sizeof(int64_t);
}

/* NULL, or what is wrong. */
static const char *column_problem(const struct statement *st, const struct column *c,
				  const MYSQL_FIELD *f)
{
	if (strcmp(c->name, f->name) != 0)
		return "another name";
	if (!type_fits(c->type, f))
		return f->type == MYSQL_TYPE_NEWDECIMAL
			       ? "another type (a decimal: CAST(... AS SIGNED))"
			       : "another type";
	if (size_of(c->type) > st->row_size || c->offset > st->row_size - size_of(c->type))
		return "an offset outside the row";
	if (!c->null && (f->flags & NOT_NULL_FLAG) == 0 && f->org_table_length > 0)
		return "NULL, which the row does not allow";
	if (c->max > 0 && (c->type == COLUMN_TEXT || c->type == COLUMN_BYTES) &&
	    !is_blob_type(f->type) && f->length > c->max)
		return "more bytes than the row allows";
	return NULL;
}

static enum rc compare_columns(const struct statement *st, MYSQL_STMT *stmt, MYSQL_RES *meta,
			       struct error *e)
{
	const unsigned n = mysql_stmt_field_count(stmt);

	if (n != st->n_columns)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED,
			     "statement %s: %u columns, its row has %zu", st->name, n,
			     st->n_columns);
	if (n > 0 && meta == NULL)
		return ERROR_MEMORY(e);
	for (unsigned i = 0; i < n; i++) {
		const MYSQL_FIELD *f = mysql_fetch_field_direct(meta, i);
		const char *problem = column_problem(st, &st->columns[i], f);
		if (problem != NULL)
			return ERROR(
				e, RC_INTERNAL, REASON_UNEXPECTED,
				"statement %s: column %u '%s' (type %d, %lu bytes), row member "
				"'%s' (max %zu): it has %s",
				st->name, i + 1, f->name, (int)f->type, f->length,
				st->columns[i].name, st->columns[i].max, problem);
	}
	return RC_OK;
}

enum rc statement_compare_params(const struct statement *st, MYSQL_STMT *stmt, struct error *e)
{
	const unsigned long n = mysql_stmt_param_count(stmt);

	if (n != strlen(st->params) || strspn(st->params, "isbtdc") != n)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED,
			     "statement %s: %lu parameters, its signature is '%s'", st->name, n,
			     st->params);
	return RC_OK;
}

enum rc statement_compare_columns(const struct statement *st, MYSQL_STMT *stmt, struct error *e)
{
	MYSQL_RES *meta = mysql_stmt_result_metadata(stmt);
	const enum rc rc = compare_columns(st, stmt, meta, e);
	if (meta != NULL)
		mysql_free_result(meta);
	return rc;
}

static enum rc verify_sets(struct store *s, const struct statement_set *const *sets,
			   struct error *e)
{
	for (size_t i = 0; sets[i]->n > 0; i++) {
		for (size_t k = 0; k < sets[i]->n; k++) {
			struct prepared *p;
			TRY(db_prepared(s, &sets[i]->v[k], &p, e));
		}
	}
	return RC_OK;
}

enum rc store_verify(struct store *s, struct error *e)
{
	TRY(store_ping(s, e));
	TRY(verify_sets(s, store_sets, e));
	return s->is_owner ? verify_sets(s, store_owner_sets, e) : RC_OK;
}
