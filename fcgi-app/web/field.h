/*
 * Field tables: what a handler reads, declared before it is used.
 *
 * A table binds names of path, query, form or JSON members to the members of a
 * plain struct.  req_read (web/req.h) fills that struct: typed, bounded, UTF-8
 * checked, every fault collected.  Knows no request: fields_read works on
 * pairs.  Texts are views into the request or its arena.
 *
 *   struct note_in { int64_t id; struct str text; enum note_type type; };
 *   FIELDS(note_fields, note_in,
 *          FIELD(ID, note_in, id, PATH, .required = true),
 *          FIELD(LONG_TEXT, note_in, text, FORM, .required = true, .max = 10000),
 *          FIELD(CHOICE, note_in, type, FORM, .words = note_words));
 */
#ifndef WEB_FIELD_H
#define WEB_FIELD_H

#include "base/arena.h"
#include "base/error.h"
#include "base/time.h"
#include "codec/pairs.h"

/* The member's type stands behind each. */
enum field_type {
	FIELD_TEXT, /* struct str: one line, blanks at both ends dropped; min, max: characters */
	FIELD_LONG_TEXT, /* struct str: lines, CR LF becomes LF, blanks at the end dropped; the same
			  */
	FIELD_EMAIL,     /* struct str: as TEXT, looks like an e-mail address */
	FIELD_RAW,       /* struct str: bytes as sent but NUL, nothing dropped; min, max: bytes */
	FIELD_INT,       /* int64_t: min..max (both 0: any) */
	FIELD_ID,        /* int64_t: 1 and above */
	FIELD_DAY,       /* int32_t: "2026-11-20"; absent: NO_DAY */
	FIELD_TOD,       /* int32_t: "09:30" or "09:30:00"; absent: NO_DAY */
	FIELD_CHOICE,    /* int or enum: index into words */
	FIELD_BOOL,      /* bool: 1 true on yes / 0 false off no */
	FIELD_LIST, /* struct field_list: every value of that name, each as TEXT; also "name[]" */
	FIELD__MAX
};

/* Where a value may come from; FROM_ANY looks at the form first, then at the query. */
enum field_from { FROM_FORM, FROM_QUERY, FROM_PATH, FROM_ANY };

struct field_list {
	const struct str *v;
	size_t n;
};

struct field {
	const char *name; /* as sent, and in struct error */
	enum field_type type;
	enum field_from from;
	bool required;
	int64_t min, max;         /* max 0: FIELD_TEXT_MAX or FIELD_LONG_TEXT_MAX for texts */
	int64_t fallback;         /* INT, ID, CHOICE, BOOL: the value when absent */
	const char *const *words; /* CHOICE: NULL-terminated; an empty word is no choice */
	size_t offset;
};

#define FIELD_TEXT_MAX      255
#define FIELD_LONG_TEXT_MAX 20000
#define FIELD_LIST_MAX      1000 /* values of one LIST */

struct fields {
	const struct field *v;
	size_t n, in_size;
};

#define FIELD_C_TEXT      struct str
#define FIELD_C_LONG_TEXT struct str
#define FIELD_C_EMAIL     struct str
#define FIELD_C_RAW       struct str
#define FIELD_C_INT       int64_t
#define FIELD_C_ID        int64_t
#define FIELD_C_DAY       int32_t
#define FIELD_C_TOD       int32_t
#define FIELD_C_BOOL      bool
#define FIELD_C_LIST      struct field_list
#define FIELD_C_CHOICE    __typeof__(int)
/* offsetof that does not compile when the member is of another type (CHOICE: of another size). */
#define FIELD_OFFSET(TYPE, in, member)                                                             \
	(offsetof(struct in, member) +                                                             \
	 0 * sizeof(char[_Generic(((struct in *)0)->member, FIELD_C_##TYPE : 1, default            \
				  : FIELD_##TYPE == FIELD_CHOICE &&                                \
						    sizeof(((struct in *)0)->member) ==            \
							    sizeof(int)                            \
					    ? 1                                                    \
					    : -1)]))

/* FIELD(TYPE, struct's name, member, FORM | QUERY | PATH | ANY, .required = true, …): named as the
 * member; FIELD_AS takes the name that is sent. */
#define FIELD(TYPE, in, member, FROM, ...) FIELD_AS(TYPE, in, member, #member, FROM, __VA_ARGS__)
#define FIELD_AS(TYPE, in, member, sent, FROM, ...)                                                \
	{                                                                                          \
		.name = (sent), .type = FIELD_##TYPE, .from = FROM_##FROM,                         \
		.offset = FIELD_OFFSET(TYPE, in, member), __VA_ARGS__                              \
	}
/* Defines `const struct fields name`; put `extern const struct fields name;` into a header. */
#define FIELDS(table, in, ...)                                                                     \
	const struct fields table = { (const struct field[]){ __VA_ARGS__ },                       \
				      ARRAY_LEN(((const struct field[]){ __VA_ARGS__ })),          \
				      sizeof(struct in) }

/* The sources of one request; any may be empty. */
struct field_sources {
	const struct pairs *path, *query, *form;
};

/*
 * Fills *in (f->in_size bytes; zeroed first, written also on failure, with what
 * could be read).  An empty value is an absent one.  Names the table does not
 * know are ignored.
 * RC_INVALID REASON_FIELDS with each field at fault: REQUIRED, TOO_LONG, TOO_SHORT,
 * TOO_SMALL, TOO_LARGE, NOT_A_NUMBER, NOT_A_DATE, NOT_A_TIME, NOT_A_CHOICE,
 * NOT_AN_EMAIL, NOT_TEXT (malformed UTF-8, NUL, controls), REPEATED (a single
 * value sent twice in one source).  RC_NOT_FOUND: a PATH value does not fit.
 * RC_TOO_BIG: a LIST with too many values.  RC_NO_MEMORY.
 */
enum rc fields_read(const struct fields *f, const struct field_sources *from, struct arena *a,
		    void *in, struct error *e) MUST_CHECK;

/* UTF-8 without NUL and controls (C0, DEL, C1, U+2028, U+2029, noncharacters); lines allows \t \n
 * \r. */
bool field_text_is_clean(struct str s, bool lines);

#endif
