/*
 * codec/multipart.h: bodies as browsers and tools send them, names in every
 * quoting, and each body cut at every byte.
 */
#include "unit/guard.h"

#include "codec/multipart.h"

#define DISPOSITION "Content-Disposition: form-data; "

static const struct multipart_limits limits = { .max_parts = 4, .max_header_bytes = 300 };
static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, (size_t)1 << 20, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static void test_boundary(void **state)
{
	static const struct {
		struct str type, boundary;
		enum reason reason; /* NONE: good */
	} cases[] = {
		{ STR_INIT("multipart/form-data; boundary=----WebKitFormBoundaryAb1"),
		  STR_INIT("----WebKitFormBoundaryAb1"), REASON_NONE },
		{ STR_INIT("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\""), STR_INIT("a b"),
		  REASON_NONE },
		{ STR_INIT("multipart/form-data;boundary=----=_Part_1"), STR_INIT("----=_Part_1"),
		  REASON_NONE },
		{ STR_INIT("multipart/form-data"), STR_INIT(""), REASON_BODY_MALFORMED },
		{ STR_INIT("multipart/form-data; boundary="), STR_INIT(""), REASON_BODY_MALFORMED },
		{ STR_INIT("multipart/form-data; boundary=\"\""), STR_INIT(""),
		  REASON_BODY_MALFORMED },
		{ STR_INIT("multipart/form-data; boundary=\"a \""), STR_INIT(""),
		  REASON_BODY_MALFORMED },
		{ STR_INIT("multipart/form-data; boundary=\"a\\\"b\""), STR_INIT(""),
		  REASON_BODY_MALFORMED },
		{ STR_INIT("multipart/form-data; boundary=a; boundary=b"), STR_INIT(""),
		  REASON_BODY_MALFORMED },
		{ STR_INIT("multipart/form-data; boundary="
			   "0123456789012345678901234567890123456789012345678901234567890123456789"
			   "x"),
		  STR_INIT(""), REASON_BODY_MALFORMED },
		{ STR_INIT("multipart/mixed; boundary=a"), STR_INIT(""), REASON_CONTENT_TYPE },
		{ STR_INIT("text/plain"), STR_INIT(""), REASON_CONTENT_TYPE },
		{ STR_INIT(""), STR_INIT(""), REASON_CONTENT_TYPE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(cases[i].type);
		struct str boundary = STR("");
		struct error e;
		enum rc rc = multipart_boundary(g.s, &arena, &boundary, &e);

		assert_int_equal(rc == RC_OK, cases[i].reason == REASON_NONE);
		if (rc != RC_OK)
			assert_int_equal(e.reason, cases[i].reason);
		assert_str(boundary, cases[i].boundary);
		guard_free(&g);
	}
}

struct wanted {
	const char *name, *filename, *type; /* filename NULL: no file */
	struct str content;
};

static void check_part(const struct multipart *m, const struct multipart_part *part,
		       const struct wanted *wanted)
{
	assert_str(part->name, str_from(wanted->name));
	assert_int_equal(part->has_filename, wanted->filename != NULL);
	assert_str(part->filename, str_from(wanted->filename));
	assert_str(part->type, str_from(wanted->type));
	assert_true(part->offset + part->n <= m->body.n);
	assert_str(multipart_content(m, part), wanted->content);
}

/* The parts of a body; RC of the first failure. */
static enum rc walk(struct str body, const struct wanted *wanted, size_t n_wanted, size_t *ret_n,
		    struct error *e)
{
	struct multipart_part part;
	struct multipart m;
	bool is_found;

	*ret_n = 0;
	multipart_init(&m, body, STR("XX"), limits, &arena);
	for (;;) {
		enum rc rc = multipart_next(&m, &part, &is_found, e);

		if (rc != RC_OK) {
			struct error again;

			assert_int_equal(multipart_next(&m, &part, &is_found, &again), rc);
			assert_int_equal(again.reason, e->reason);
			return rc;
		}
		if (!is_found)
			break;
		assert_true(*ret_n < n_wanted);
		check_part(&m, &part, &wanted[*ret_n]);
		*ret_n += 1;
	}
	assert_int_equal(multipart_next(&m, &part, &is_found, e), RC_OK);
	assert_false(is_found);
	return RC_OK;
}

static const struct str browser_body =
	STR_INIT("--XX\r\n" DISPOSITION "name=\"text\"\r\n\r\nhello\r\n"
		 "--XX\r\n" DISPOSITION "name=\"file\"; filename=\"a b.pdf\"\r\n"
		 "Content-Type: application/pdf\r\n\r\n%PDF\r\n\0\r\n--X\r\n-\r\n--XXY \r\r\n"
		 "--XX\r\n" DISPOSITION "name=\"none\"; filename=\"\"\r\n"
		 "Content-Type: application/octet-stream\r\n\r\n\r\n"
		 "--XX--\r\n");
static const struct wanted browser_parts[] = {
	{ "text", NULL, "", STR_INIT("hello") },
	{ "file", "a b.pdf", "application/pdf", STR_INIT("%PDF\r\n\0\r\n--X\r\n-\r\n--XXY \r") },
	{ "none", "", "application/octet-stream", STR_INIT("") },
};

static void test_browser(void **state)
{
	struct guard g = guard_make(browser_body);
	struct error e;
	size_t n;

	(void)state;
	assert_int_equal(walk(g.s, browser_parts, 3, &n, &e), RC_OK);
	assert_int_equal(n, 3);
	guard_free(&g);
}

/* Every cut is "ended early", and the parts before the cut are right. */
static void test_every_cut(void **state)
{
	(void)state;
	for (size_t cut = 0; cut < browser_body.n - 2; cut++) {
		struct guard g = guard_make(str_sub(browser_body, 0, cut));
		struct error e;
		size_t n;

		assert_int_equal(walk(g.s, browser_parts, 3, &n, &e), RC_INVALID);
		if (e.reason != REASON_BODY_SHORT)
			fail_msg("cut at %zu: %s", cut, e.detail);
		guard_free(&g);
	}
}

static void test_forms(void **state)
{
	static const struct {
		struct str body;
		size_t n;
		struct wanted parts[2];
	} cases[] = {
		{ STR_INIT("--XX--"), 0, { { NULL, NULL, NULL, STR_INIT("") } } },
		{ STR_INIT("--XX--\r\nepilogue --XX"), 0, { { NULL, NULL, NULL, STR_INIT("") } } },
		{ STR_INIT("preamble\r\n--XX \t\r\n" DISPOSITION "name=a\r\n\r\nb\r\n--XX--"),
		  1,
		  { { "a", NULL, "", STR_INIT("b") } } },
		{ STR_INIT("--XXpreamble\r\n--XX\r\n" DISPOSITION "name=a\r\n\r\nb\r\n--XX--"),
		  1,
		  { { "a", NULL, "", STR_INIT("b") } } },
		/* the empty line belongs to the boundary */
		{ STR_INIT("--XX\r\n" DISPOSITION "name=a\r\n\r\n--XX\r\n" DISPOSITION
			   "name=b\r\n\r\n\r\n--XX--"),
		  2,
		  { { "a", NULL, "", STR_INIT("") }, { "b", NULL, "", STR_INIT("") } } },
		{ STR_INIT("--XX\r\ncontent-DISPOSITION:form-data;NAME=\"a\";FileName=b\r\n"
			   "X-Other: 1\r\nContent-Transfer-Encoding: binary\r\n\r\n"
			   "\r\n\r\n--XX--"),
		  1,
		  { { "a", "b", "", STR_INIT("\r\n") } } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(cases[i].body);
		struct error e;
		size_t n;

		assert_int_equal(walk(g.s, cases[i].parts, cases[i].n, &n, &e), RC_OK);
		assert_int_equal(n, cases[i].n);
		guard_free(&g);
	}
}

static enum rc one_header(const char *parameters, struct multipart_part *ret, struct error *e)
{
	struct str body = arena_printf(
		&arena, "--XX\r\nContent-Disposition: form-data%s\r\n\r\nx\r\n--XX--", parameters);
	struct multipart m;
	bool is_found;

	multipart_init(&m, body, STR("XX"), limits, &arena);
	return multipart_next(&m, ret, &is_found, e);
}

static void test_names(void **state)
{
	static const struct {
		const char *parameters, *name, *filename; /* name NULL: refused */
	} cases[] = {
		{ "; name=\"a%22b\"; filename=\"c%22d%0D%0A.pdf\"", "a\"b", "c\"d\r\n.pdf" },
		{ "; name=\"100%25 %41\"", "100%25 %41", NULL }, /* only three escapes */
		{ "; name=\"a\\\"b\\\\c\\d\"", "a\"b\\c\\d", NULL },
		{ "; name=\"f\"; filename=\"C:\\new\\a.pdf\"", "f", "C:\\new\\a.pdf" },
		{ "; name=\"f\"; filename=\"a\\\"", "f", "a\\" }, /* a name that ends so */
		{ "; name=\"f\"; filename=\"a;b=c.pdf\"", "f", "a;b=c.pdf" },
		{ "; name=f; filename*=UTF-8''%e2%82%ac.pdf", "f", "\xE2\x82\xAC.pdf" },
		{ "; name=f; filename=\"e.pdf\"; filename*=UTF-8''%e2%82%ac.pdf", "f",
		  "\xE2\x82\xAC.pdf" },
		{ "; name=f; filename*=UTF-8''%e2%82%ac.pdf; filename=\"e.pdf\"", "f",
		  "\xE2\x82\xAC.pdf" },
		{ "; name=f; filename*=iso-8859-1''%e9", "f", "\xC3\xA9" },
		{ "; name=\"\xC3\xA9\"; filename=\"\xFF../x\"", "\xC3\xA9", "\xFF../x" },
		{ "; name=\"\"", "", NULL },
		{ "", NULL, NULL },
		{ "; filename=a", NULL, NULL },
		{ "; name=a; name=b", NULL, NULL },
		{ "; name=a; filename=b; filename=c", NULL, NULL },
		{ "; name=a; filename*=b", NULL, NULL },
		{ "; name=a; filename*=UTF-8''%e9", NULL, NULL },
		{ "; name=a; filename*=UTF-8''a; filename*=UTF-8''b", NULL, NULL },
		{ "; name=\"a", NULL, NULL },
		{ "; name=\"a\"b", NULL, NULL },
		{ "x; name=a", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct multipart_part part;
		struct error e;
		enum rc rc = one_header(cases[i].parameters, &part, &e);

		if ((rc == RC_OK) != (cases[i].name != NULL))
			fail_msg("%s", cases[i].parameters);
		if (rc != RC_OK) {
			assert_int_equal(e.reason, REASON_BODY_MALFORMED);
			continue;
		}
		assert_str(part.name, str_from(cases[i].name));
		assert_int_equal(part.has_filename, cases[i].filename != NULL);
		assert_str(part.filename, str_from(cases[i].filename));
	}
}

static void test_refused(void **state)
{
	static const struct {
		struct str body;
		enum rc rc;
		enum reason reason;
	} cases[] = {
		{ STR_INIT("nothing like it"), RC_INVALID, REASON_BODY_MALFORMED },
		{ STR_INIT("--XY\r\n\r\n"), RC_INVALID, REASON_BODY_MALFORMED },
		{ STR_INIT("--XX\r\n\r\nx\r\n--XX--"), RC_INVALID, REASON_BODY_MALFORMED },
		{ STR_INIT("--XX\r\nContent-Type: a/b\r\n\r\nx\r\n--XX--"), RC_INVALID,
		  REASON_BODY_MALFORMED },
		{ STR_INIT("--XX\r\n" DISPOSITION "name=a\r\n" DISPOSITION
			   "name=b\r\n\r\nx\r\n--XX--"),
		  RC_INVALID, REASON_BODY_MALFORMED },
		{ STR_INIT("--XX\r\nno colon\r\n\r\nx\r\n--XX--"), RC_INVALID,
		  REASON_BODY_MALFORMED },
		{ STR_INIT("--XX\r\n" DISPOSITION "\r\n name=a\r\n\r\nx\r\n--XX--"), RC_INVALID,
		  REASON_BODY_MALFORMED }, /* folded */
		{ STR_INIT("--XX\r\n" DISPOSITION "name=\"a\0b\"\r\n\r\nx\r\n--XX--"), RC_INVALID,
		  REASON_BODY_MALFORMED },
		{ STR_INIT("--XX\r\n" DISPOSITION "name=a\r\nContent-Transfer-Encoding: base64"
			   "\r\n\r\nx\r\n--XX--"),
		  RC_INVALID, REASON_BODY_MALFORMED },
		{ STR_INIT("--XX\n" DISPOSITION "name=a\n\nx\n--XX--"), RC_INVALID,
		  REASON_BODY_MALFORMED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct guard g = guard_make(cases[i].body);
		struct error e;
		size_t n;

		assert_int_equal(walk(g.s, NULL, 0, &n, &e), cases[i].rc);
		if (e.reason != cases[i].reason)
			fail_msg("%zu: %s", i, e.detail);
		guard_free(&g);
	}
}

static void test_limits(void **state)
{
	static const char part[] = "--XX\r\n" DISPOSITION "name=a\r\n\r\nx\r\n";
	static const struct wanted wanted[] = { { "a", NULL, "", STR_INIT("x") },
						{ "a", NULL, "", STR_INIT("x") },
						{ "a", NULL, "", STR_INIT("x") },
						{ "a", NULL, "", STR_INIT("x") } };
	struct multipart_part ignored;
	struct arena small;
	struct multipart m;
	struct error e;
	bool is_found;
	size_t n;

	(void)state;
	assert_int_equal(walk(arena_printf(&arena, "%s%s%s%s--XX--", part, part, part, part),
			      wanted, 4, &n, &e),
			 RC_OK);
	assert_int_equal(
		walk(arena_printf(&arena, "%s%s%s%s%s--XX--", part, part, part, part, part), wanted,
		     4, &n, &e),
		RC_TOO_BIG);
	assert_int_equal(n, 4);
	assert_int_equal(e.reason, REASON_TOO_MUCH);
	assert_int_equal(walk(arena_printf(&arena, "--XX\r\nX: %300d\r\n%s--XX--", 1, part + 6),
			      wanted, 4, &n, &e),
			 RC_TOO_BIG);
	/* Endless headers that are not there yet. */
	assert_int_equal(walk(arena_printf(&arena, "--XX\r\nX: %200d", 1), wanted, 4, &n, &e),
			 RC_INVALID);
	assert_int_equal(e.reason, REASON_BODY_SHORT);

	arena_init(&small, 1, 0);
	multipart_init(&m, STR("--XX\r\n" DISPOSITION "name=\"a%22\"\r\n\r\nx\r\n--XX--"),
		       STR("XX"), limits, &small);
	assert_int_equal(multipart_next(&m, &ignored, &is_found, &e), RC_NO_MEMORY);
	arena_clear(&small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boundary),  cmocka_unit_test(test_browser),
		cmocka_unit_test(test_every_cut), cmocka_unit_test(test_forms),
		cmocka_unit_test(test_names),     cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
