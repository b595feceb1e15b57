/*
 * What a route row says about itself for /openapi.json, beyond what the row has anyway.
 *
 * Method, path, who may and what is read stand in the row and its field table; this adds
 * the summary and the shape of the answers.  docs/openapi.md tells how an endpoint is
 * described; api/openapi/ writes the document and refuses rows that say too little.
 *
 *   DOC_SCHEMA(doc_note, "Note", "A note of a session.",
 *              DOC(INT, "id"), DOC(TEXT, "text", .about = "At most 10,000 characters."),
 *              DOC(INSTANT, "edited_at", .nullable = true));
 *   const struct route_doc note_doc = {
 *           .summary = "One note",
 *           DOC_ANSWERS(DOC_SAYS(200, "The note.", .schema = &doc_note)),
 *   };
 *   ROUTE(GET, "/api/notes/{id}", STAFF, OWN, api_note, .fields = &note_fields,
 *         .doc = &note_doc)
 */
#ifndef WEB_DOC_H
#define WEB_DOC_H

#include <stdbool.h>
#include <stddef.h>

struct fields;
struct doc_schema;

/* What stands behind a name in JSON. */
enum doc_type {
	DOC_TEXT,
	DOC_INT,
	DOC_NUMBER,
	DOC_BOOL,
	DOC_DAY,     /* "2026-11-20" */
	DOC_TOD,     /* "09:30:00" */
	DOC_HM,      /* "09:30" */
	DOC_INSTANT, /* RFC 3339: "2026-11-20T09:30:00Z", with a fraction or without */
	DOC_LOCAL,   /* "2026-11-20T09:30:00", blank or T, no zone */
	DOC_UUID,
	DOC_DECIMAL, /* a number in a text: "93.33" */
	DOC_OBJECT,  /* .of */
	DOC_MAP,     /* any names, each with what .of says; without: texts */
	DOC_ANY,
	DOC__MAX
};

struct doc_member {
	const char *name; /* NULL ends the table */
	enum doc_type type;
	bool is_list;  /* an array of these */
	bool nullable; /* null is possible */
	bool optional; /* may be left out */
	const struct doc_schema *of;
	const char *const *words; /* TEXT: one of these; NULL-terminated */
	const char *value;        /* always this: JSON ("true") */
	const char *example;      /* JSON; NULL: found by name, else by type */
	const char *about;
};

struct doc_schema {
	const char *name; /* of components/schemas; NULL: written where it is used */
	const char *about;
	const struct doc_member *members; /* NULL with `any` */
	/* One of these; NULL-terminated.  For an address that two contracts share. */
	const struct doc_schema *const *any;
	bool is_list; /* an array of `any`, which is one then */
	/* Any names, each with an array of texts; nothing else is said. */
	bool is_texts_by_name;
	bool is_null; /* null, and nothing else: one of `any` */
};

/* DOC(TYPE, "name", .nullable = true, …) */
#define DOC(TYPE, NAME, ...)                                                                       \
	{                                                                                          \
		.name = (NAME), .type = DOC_##TYPE, __VA_ARGS__                                    \
	}
/* DOC_ONE("name", &schema), DOC_LIST("name", &schema) */
#define DOC_ONE(NAME, OF, ...)  DOC(OBJECT, NAME, .of = (OF), __VA_ARGS__)
#define DOC_LIST(NAME, OF, ...) DOC(OBJECT, NAME, .of = (OF), .is_list = true, __VA_ARGS__)

/* Defines `const struct doc_schema table`; `static` may stand before it. */
#define DOC_SCHEMA(table, NAME, ABOUT, ...)                                                        \
	const struct doc_schema table = {                                                          \
		.name = (NAME),                                                                    \
		.about = (ABOUT),                                                                  \
		.members = (const struct doc_member[]){ __VA_ARGS__, { .name = NULL } },           \
	}
/* An array of them, where it is the whole answer. */
#define DOC_SCHEMA_LIST(table, OF)                                                                 \
	const struct doc_schema table = { .is_list = true,                                         \
					  .any = (const struct doc_schema *const[]){ OF, NULL } }
/* One of them. */
#define DOC_SCHEMA_ANY(table, ...)                                                                 \
	const struct doc_schema table = { .any = (const struct doc_schema *const[]){ __VA_ARGS__,  \
										     NULL } }

struct doc_answer {
	int status; /* 0 ends the table */
	const char *about;
	const struct doc_schema *schema; /* NULL: no body, or not JSON */
	const char *type;                /* media type; NULL: application/json */
	const char *or_type;             /* the same may come as bytes of this type; NULL: no */
};
/* DOC_SAYS(200, "The note.", .schema = &doc_note) */
#define DOC_SAYS(STATUS, ABOUT, ...)                                                               \
	{                                                                                          \
		.status = (STATUS), .about = (ABOUT), __VA_ARGS__                                  \
	}
/* DOC_ANSWERS(DOC_SAYS(…), DOC_SAYS(…)): the member `answers` */
#define DOC_ANSWERS(...)                                                                           \
	.answers = (const struct doc_answer[])                                                     \
	{                                                                                          \
		__VA_ARGS__,                                                                       \
		{                                                                                  \
			.status = 0                                                                \
		}                                                                                  \
	}

/*
 * One thing that can be asked of an address.  Most rows do one; a door that chooses by a
 * word, or an address that two contracts share, does several.
 */
struct doc_call {
	const char *word; /* value of route_doc.by, or a name for it; NULL ends the table */
	const char *summary;
	const struct fields *fields;   /* NULL: the row's */
	const char *only;              /* names of `fields` it reads, with blanks; NULL: all */
	const char *required;          /* names that must be there beyond what the table says */
	const struct doc_schema *body; /* JSON that no field table describes */
	const struct doc_answer *answers;
	const char *file; /* name of the form part that is a file */
};
/* DOC_CALL("list", "All of them", .fields = …, DOC_ANSWERS(…)) */
#define DOC_CALL(WORD, SUMMARY, ...)                                                               \
	{                                                                                          \
		.word = (WORD), .summary = (SUMMARY), __VA_ARGS__                                  \
	}
/* DOC_CALLS("action", DOC_CALL(…), DOC_CALL(…)): the members `by` and `calls` */
#define DOC_CALLS(BY, ...)                                                                         \
	.by = (BY), .calls = (const struct doc_call[])                                             \
	{                                                                                          \
		__VA_ARGS__,                                                                       \
		{                                                                                  \
			.word = NULL                                                               \
		}                                                                                  \
	}

struct route_doc {
	const char *tag; /* NULL: the family's */
	const char *summary, *about;
	const struct doc_answer *answers;
	const char *only, *required;   /* as in doc_call */
	const struct doc_schema *body; /* as in doc_call */
	const char *file;
	bool file_may_lack;    /* the form goes without its file, too */
	bool is_bytes;         /* the body is the bytes themselves */
	const char *body_type; /* of such bytes; NULL: application/octet-stream */
	bool is_hidden; /* the same as another row, at an address nobody should begin to use */
	const char *by; /* the name in query or form whose word chooses among calls */
	const struct doc_call *calls;
	const char *const *headers; /* it reads: "Name: what it says"; NULL-terminated */
	const char *const *says;    /* headers of its good answers, the same way */
	bool takes_key;             /* a device's key signs in, too */
};

#endif
