/* The description refuses what would be wrong or silent in it. */
#include "unit/guard.h"

#include "api/openapi/openapi.h"
#include "web/field.h"

struct in {
	int64_t id;
	struct str name;
};
static FIELDS(in_fields, in, FIELD(ID, in, id, PATH), FIELD(TEXT, in, name, FORM));

static enum rc handle(struct req *q, struct resp *r, struct error *e)
{
	(void)q;
	(void)r;
	(void)e;
	return RC_OK;
}

static DOC_SCHEMA(one, "One", NULL, DOC(INT, "id"));
static DOC_SCHEMA(other, "One", NULL, DOC(TEXT, "name"));
static const struct route_doc good = { .summary = "Good",
				       DOC_ANSWERS(DOC_SAYS(200, "Yes.", .schema = &one)) };
static const struct route_doc same_name = { .summary = "Same",
					    DOC_ANSWERS(DOC_SAYS(200, "Yes.", .schema = &other)) };
static const struct route_doc silent = { .summary = "Silent" };
static const struct route_doc nameless = { DOC_ANSWERS(DOC_SAYS(200, "Yes.", .schema = &one)) };
static const struct route_doc misspelt = { .summary = "Misspelt",
					   .required = "nmae",
					   DOC_ANSWERS(DOC_SAYS(200, "Yes.", .schema = &one)) };

static enum rc make(const struct route *rows, size_t n, struct error *e)
{
	struct arena a;
	struct str text = { 0 };
	enum rc rc;

	error_init(e);
	arena_init(&a, 8 * 1024 * 1024, 0);
	rc = openapi_make(rows, n, "1", &a, &text, e);
	if (rc == RC_OK)
		assert_true(str_find(text, STR("\"openapi\":\"3.1.0\"")) != SIZE_MAX);
	arena_clear(&a);
	return rc;
}

static void rows_that_say_enough(void **state)
{
	static const struct route rows[] = {
		ROUTE(GET, "/page", PUBLIC, PAGES, handle),
		ROUTE(GET, "/a/{id}", PUBLIC, OWN, handle, .fields = &in_fields, .doc = &good),
		ROUTE(GET, "/b", SIGNED_IN, 000, handle, .doc = &good),
		ROUTE(GET, "/b", SIGNED_IN, 003, handle, .doc = &good),
	};
	struct error e;

	(void)state;
	assert_int_equal(make(rows, ARRAY_LEN(rows), &e), RC_OK);
}

static void rows_that_do_not(void **state)
{
	static const struct route rows[][2] = {
		{ ROUTE(GET, "/a", PUBLIC, OWN, handle) },
		{ ROUTE(GET, "/a", PUBLIC, OWN, handle, .doc = &silent) },
		{ ROUTE(GET, "/a", PUBLIC, OWN, handle, .doc = &nameless) },
		{ ROUTE(POST, "/a/{id}", PUBLIC, OWN, handle, .fields = &in_fields,
			.doc = &misspelt) },
		{ ROUTE(GET, "/a", PUBLIC, OWN, handle, .doc = &good),
		  ROUTE(GET, "/c", PUBLIC, OWN, handle, .doc = &same_name) },
		{ ROUTE(GET, "/a", PUBLIC, OWN, handle, .doc = &good),
		  ROUTE(GET, "/a", PUBLIC, OWN, handle, .doc = &good) },
	};
	struct error e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(make(rows[i], rows[i][1].pattern ? 2 : 1, &e), RC_INTERNAL);
		assert_true(str_find(str_from(e.detail), STR("/openapi.json: ")) != SIZE_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_that_say_enough),
		cmocka_unit_test(rows_that_do_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
