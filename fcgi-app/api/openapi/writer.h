/*
 * Inside of api/openapi: what its files share.
 */
#ifndef API_OPENAPI_WRITER_H
#define API_OPENAPI_WRITER_H

#include "codec/json.h"
#include "web/doc.h"
#include "web/route.h"

#define OPENAPI_SCHEMAS_MAX 512
#define OPENAPI_CALLS_MAX   32
#define OPENAPI_ROWS_MAX    2

/* A document being written.  The first thing that is wrong stays in `wrong`. */
struct openapi {
	struct json_out o;
	struct arena *arena;
	const struct doc_schema *named[OPENAPI_SCHEMAS_MAX]; /* that were referred to */
	size_t n_named;
	struct str wrong;
};

/* ---- schema.c ------------------------------------------------------------------------ */

/* A value: the schema, or a reference to it. */
void openapi_schema(struct openapi *d, const struct doc_schema *s);
/* components/schemas, of everything that was referred to. */
void openapi_schemas(struct openapi *d);
/* A value that fits. */
void openapi_example(struct openapi *d, const struct doc_schema *s);

/* ---- input.c ------------------------------------------------------------------------- */

/* What one call takes: a table, and what of it. */
struct openapi_input {
	const struct fields *fields;
	const char *only, *required, *file;
	bool file_may_lack;
	const struct doc_schema *body;
	const char *word, *summary;
	bool is_partial; /* what is not sent stays: nothing is required */
	bool by_query;   /* FROM_ANY means the query: there is no body */
};

bool openapi_reads(const struct openapi_input *in, size_t i);
/* From the body, or (false) from query or path. */
bool openapi_is_of_body(const struct openapi_input *in, const struct field *f);
bool openapi_is_required(const struct openapi_input *in, const struct field *f);
/* The schema of a field as the value of "schema". */
void openapi_field(struct openapi *d, const struct field *f);
void openapi_field_example(struct openapi *d, const struct field *f);
/* An object of what is taken from the body. */
void openapi_input_schema(struct openapi *d, const struct openapi_input *in, bool with_file);
void openapi_input_example(struct openapi *d, const struct openapi_input *in);

/* ---- answer.c ------------------------------------------------------------------------ */

/* What a row's doc says in one call or in several, in one shape. */
struct openapi_calls {
	const struct route *rows[OPENAPI_ROWS_MAX];
	size_t n_rows;
	struct openapi_input in[OPENAPI_CALLS_MAX];
	const struct doc_answer *answers[OPENAPI_CALLS_MAX];
	size_t n;
};

static inline bool openapi_is_change(enum method m)
{
	return m != METHOD_GET && m != METHOD_OPTIONS;
}

/* A header by its text "Name: what it says": its name, and all behind the "{" of it. */
struct str openapi_header_name(const char *text);
void openapi_header_rest(struct openapi *d, const char *text);
/* "responses": {…}. */
void openapi_answers(struct openapi *d, const struct route *row, enum method m,
		     const struct openapi_calls *c);

/* ---- operation.c --------------------------------------------------------------------- */

/*
 * One method of a path, as the value of "get": {…}.  rows: one, or two where 000 and 003 share
 * the path.
 */
void openapi_operation(struct openapi *d, const struct route *const *rows, size_t n, enum method m);

/* ---- families.c, words.c ------------------------------------------------------------- */

/* How a family answers what goes wrong, and what it is called. */
struct openapi_family {
	const char *tag, *about;
	const struct doc_schema *error, *unauthorized, *forbidden, *invalid; /* NULL: error */
	const char *error_type; /* NULL: application/json */
	int invalid_status;     /* of what is wrong with a field; 0: as `error` */
	bool always_200;        /* failures are 200, too */
	bool takes_token, takes_cookie;
};
extern const struct openapi_family openapi_families[FAMILY__MAX];

/* What a name means wherever it stands: an example in JSON, and a sentence (either may be
 * NULL). */
struct openapi_word {
	const char *name, *example, *about;
};
const struct openapi_word *openapi_word(const char *name);
/* Notes what is wrong with a row; the document is not used then. */
void openapi_wrong(struct openapi *d, const char *what, const char *where);
/* Is `name` among the words of `list`, which stand with blanks between them?  NULL has none. */
bool openapi_has_word(const char *list, const char *name);

/* What a contract names and we do not offer. */
struct openapi_missing {
	const char *contract, *what, *why;
};
extern const struct openapi_missing openapi_missing[];
extern const size_t openapi_n_missing;

#endif
