/*
 * web/router.h: paths, patterns, methods, and tables that are refused.
 */
#include "unit/guard.h"

#include "web/router.h"

static enum rc handle(struct req *q, struct resp *r, struct error *e)
{
	(void)q;
	(void)r;
	return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "never called here");
}

static enum rc gate(struct req *q, struct error *e)
{
	(void)q;
	return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "never called here");
}

static const struct route table[] = {
	ROUTE(GET, "/", PUBLIC, PAGES, handle),
	ROUTE(GET, "/a", PUBLIC, PAGES, handle),
	ROUTE(POST, "/a", PUBLIC, PAGES, handle),
	ROUTE(GET, "/a/{id}", PUBLIC, PAGES, handle),
	ROUTE(GET, "/a/new", PUBLIC, PAGES, handle),
	ROUTE(POST, "/a/{id}/b/{name}", PUBLIC, PAGES, handle),
	ROUTE(GET, "/index.php", PUBLIC, PAGES, handle),
	ROUTE(GET, "/index.php", PUBLIC, PAGES, handle, .query_name = "page", .query_value = "x"),
	ROUTE(GET, "/{word}", PUBLIC, PAGES, handle),
};

struct fixture {
	struct arena a;
	struct router *r;
};

static void open_fixture(struct fixture *f)
{
	struct error e;

	arena_init(&f->a, 65536, 0);
	error_init(&e);
	assert_int_equal(router_new(table, ARRAY_LEN(table), &f->r, &e), RC_OK);
}

static void close_fixture(struct fixture *f)
{
	router_free(f->r);
	arena_clear(&f->a);
}

static void test_match(void **state)
{
	static const struct {
		enum method m;
		const char *path;
		int row; /* -1: not found, -2: method */
		const char *value;
		bool has_query;
	} cases[] = {
		{ METHOD_GET, "/", 0, NULL, false },
		{ METHOD_HEAD, "/", 0, NULL, false },
		{ METHOD_POST, "/", -2, NULL, false },
		{ METHOD_GET, "/a", 1, NULL, false },
		{ METHOD_POST, "/a", 2, NULL, false },
		{ METHOD_DELETE, "/a", -2, NULL, false },
		{ METHOD_OTHER, "/a", -2, NULL, false },
		{ METHOD_GET, "/a/12", 3, "12", false },
		{ METHOD_GET, "/a/new", 4, NULL, false },
		{ METHOD_POST, "/a/1/b/x y", 5, "1", false },
		{ METHOD_GET, "/a/1/b", -1, NULL, false },
		{ METHOD_GET, "/a/1/b/2/c", -1, NULL, false },
		{ METHOD_GET, "/1/2/3/4/5/6/7/8/9/10/11/12/13", -1, NULL, false },
		{ METHOD_GET, "/index.php", 6, NULL, false },
		{ METHOD_GET, "/index.php", 7, NULL, true },
		{ METHOD_GET, "/other", 8, "other", false },
		{ METHOD_GET, "/A", 8, "A", false },
	};
	struct pair page = { STR_INIT("page"), STR_INIT("x") };
	struct fixture f;

	(void)state;
	open_fixture(&f);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct route *route = NULL;
		struct pairs query = { &page, cases[i].has_query }, got = { 0 };
		struct str allow = { 0 };
		struct error e;
		enum rc rc;

		error_init(&e);
		rc = router_match(f.r, cases[i].m, str_from(cases[i].path), &query, FAMILY_003,
				  &f.a, &route, &got, &allow, &e);
		if (cases[i].row >= 0) {
			assert_int_equal(rc, RC_OK);
			assert_ptr_equal(route, &table[cases[i].row]);
			assert_int_equal(got.n > 0, cases[i].value != NULL);
			if (cases[i].value)
				assert_true(str_eq(got.v[0].value, str_from(cases[i].value)));
		} else {
			assert_int_equal(rc, cases[i].row == -1 ? RC_NOT_FOUND : RC_INVALID);
			assert_int_equal(allow.n > 0, cases[i].row == -2);
		}
	}
	close_fixture(&f);
}

static void test_path(void **state)
{
	static const struct {
		const char *target, *path, *query; /* path NULL: refused */
	} cases[] = {
		{ "/", "/", "" },
		{ "/?a=1?b", "/", "a=1?b" },
		{ "/a/b", "/a/b", "" },
		{ "/a/b/", "/a/b", "" },
		{ "/a%20b/c+d?x", "/a b/c+d", "x" },
		{ "/%C3%A9", "/\xC3\xA9", "" },
		{ "", NULL, NULL },
		{ "a", NULL, NULL },
		{ "//", NULL, NULL },
		{ "//evil.example/a", NULL, NULL },
		{ "/a//b", NULL, NULL },
		{ "/a//", NULL, NULL },
		{ "/a/./b", NULL, NULL },
		{ "/a/../b", NULL, NULL },
		{ "/a/%2e%2E/b", NULL, NULL },
		{ "/a%2Fb", NULL, NULL },
		{ "/a%00", NULL, NULL },
		{ "/a%zz", NULL, NULL },
		{ "/%FF", NULL, NULL },
		{ "http://host/a", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str path, query;
		struct arena a;
		struct error e;
		enum rc rc;

		arena_init(&a, 65536, 0);
		error_init(&e);
		rc = router_path(str_from(cases[i].target), &a, &path, &query, &e);
		assert_int_equal(rc, cases[i].path ? RC_OK : RC_NOT_FOUND);
		if (rc == RC_OK) {
			assert_true(str_eq(path, str_from(cases[i].path)));
			assert_true(str_eq(query, str_from(cases[i].query)));
		}
		arena_clear(&a);
	}
}

struct with_id {
	int64_t id;
};
static FIELDS(id_fields, with_id, FIELD(ID, with_id, id, PATH));

static void test_bad_tables(void **state)
{
	static const struct route bad[][2] = {
		{ ROUTE(GET, "a", PUBLIC, PAGES, handle) },
		{ ROUTE(GET, "/a//b", PUBLIC, PAGES, handle) },
		{ ROUTE(GET, "/a/{", PUBLIC, PAGES, handle) },
		{ ROUTE(GET, "/a/{}", PUBLIC, PAGES, handle) },
		{ ROUTE(GET, "/a", NOBODY, PAGES, handle) },
		{ ROUTE(GET, "/a", PUBLIC, PAGES, NULL) },
		{ ROUTE(GET, "/a", PUBLIC, PAGES, handle, .query_name = "x") },
		{ ROUTE(POST, "/a", PUBLIC, OWN, handle, .pool = POOL_CHECK_IN,
			.body = BODY_FILE) },
		{ ROUTE(POST, "/a", PUBLIC, OWN, handle, .pool = POOL_CHECK_IN, .gate = gate) },
		{ ROUTE(POST, "/a", PUBLIC, OWN, handle, .pool = POOL_CHECK_IN,
			.body_max = CHECK_IN_BODY_MAX + 1) },
		{ ROUTE(GET, "/a/{other}", PUBLIC, PAGES, handle, .fields = &id_fields) },
		{ ROUTE(GET, "/a/{x}", PUBLIC, PAGES, handle),
		  ROUTE(GET_POST, "/a/{y}", PUBLIC, PAGES, handle) },
		{ ROUTE(GET, "/a", PUBLIC, 003, handle), ROUTE(GET, "/a", PUBLIC, 002, handle) },
		{ ROUTE(GET, "/a", PUBLIC, 003, handle), ROUTE(GET, "/a", PUBLIC, 003, handle) },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct router *r = NULL;
		struct error e;

		error_init(&e);
		assert_int_equal(router_new(bad[i], bad[i][1].pattern ? 2 : 1, &r, &e),
				 RC_INTERNAL);
		assert_null(r);
	}
}

/* What 000 and 003 own together goes to the one that is asked for. */
static void test_two_doors(void **state)
{
	static const struct route doors[] = {
		ROUTE(GET, "/a/{id}", PUBLIC, 000, handle),
		ROUTE(GET, "/a/{id}", PUBLIC, 003, handle),
		ROUTE(PUT, "/a/{id}", PUBLIC, 003, handle),
		ROUTE(PUT, "/a/{id}", PUBLIC, 000, handle),
		ROUTE(DELETE, "/a/{id}", PUBLIC, 003, handle),
		ROUTE(GET, "/a/all", PUBLIC, 003, handle),
	};
	static const struct {
		enum method m;
		const char *path;
		enum route_family family;
		int row;
	} cases[] = {
		{ METHOD_GET, "/a/1", FAMILY_000, 0 },    { METHOD_GET, "/a/1", FAMILY_003, 1 },
		{ METHOD_PUT, "/a/1", FAMILY_003, 2 },    { METHOD_PUT, "/a/1", FAMILY_000, 3 },
		{ METHOD_DELETE, "/a/1", FAMILY_000, 4 }, { METHOD_GET, "/a/all", FAMILY_000, 5 },
	};
	struct pairs query = { 0 };
	struct router *r;
	struct arena a;
	struct error e;

	(void)state;
	arena_init(&a, 65536, 0);
	error_init(&e);
	assert_int_equal(router_new(doors, ARRAY_LEN(doors), &r, &e), RC_OK);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct route *route;
		struct pairs got;
		struct str allow;

		assert_int_equal(router_match(r, cases[i].m, str_from(cases[i].path), &query,
					      cases[i].family, &a, &route, &got, &allow, &e),
				 RC_OK);
		assert_ptr_equal(route, &doors[cases[i].row]);
	}
	router_free(r);
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_bad_tables),
		cmocka_unit_test(test_two_doors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
