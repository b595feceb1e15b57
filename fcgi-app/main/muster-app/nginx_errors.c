/*
 * The errors that nginx answers by itself, as files: the program is away, or a
 * body was refused before it was read.  Nobody's language is known then, so the
 * pages say it in every language we have.
 */
#include "main/muster-app/app.h"

#include "codec/html.h"
#include "codec/json.h"
#include "sys/fail.h"
#include "sys/proc.h"
#include "view/catalogue.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const nginx_family_names[FAMILY__MAX] = {
	[FAMILY_PAGES] = "pages", [FAMILY_OWN] = "own", [FAMILY_004] = "004", [FAMILY_TUS] = "tus",
	[FAMILY_000] = "000",     [FAMILY_001] = "001", [FAMILY_002] = "002", [FAMILY_003] = "003",
};

const char *nginx_error_type(enum route_family family)
{
	if (family == FAMILY_PAGES)
		return "html";
	return family == FAMILY_OWN || family == FAMILY_TUS ? "problem" : "json";
}

enum { PAGE_MAX = 16384 };

static const struct {
	int status;
	enum reason reason;
} errors[] = {
	{ 400, REASON_BODY_MALFORMED }, { 401, REASON_SIGN_IN },
	{ 403, REASON_DENIED },         { 404, REASON_NOT_FOUND },
	{ 405, REASON_METHOD },         { 409, REASON_CHANGED },
	{ 410, REASON_UPLOAD_ENDED },   { 412, REASON_UPLOAD_VERSION },
	{ 413, REASON_BODY_TOO_BIG },   { 415, REASON_CONTENT_TYPE },
	{ 421, REASON_HOST },           { 422, REASON_FIELDS },
	{ 429, REASON_TOO_MUCH },       { 500, REASON_UNEXPECTED },
	{ 503, REASON_TOO_LATE },       { 507, REASON_DISK_FULL },
};

const int nginx_statuses[] = { 400, 401, 403, 404, 405, 409, 410, 412, 413,
			       415, 421, 422, 429, 500, 503, 507, 0 };

static void add_page(const struct app *a, struct buf *b, int status, const char *text)
{
	buf_printf(b,
		   "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		   "<title>%d</title>\n",
		   status);
	buf_printf(b, "<link rel=\"stylesheet\" href=\"%.*s/muster.css\">\n</head>\n<body>\n",
		   STR_ARG(a->asset_base));
	BUF_LIT(b, "<main class=\"main\" id=\"main\">\n<div class=\"narrow stack\">\n");
	for (int l = 0; l < LANG__MAX; l++) {
		struct str s = catalogue_text((enum lang)l, text);

		buf_printf(b, "<p lang=\"%.*s\"%s>", STR_ARG(lang_tag((enum lang)l)),
			   l == 0 ? " data-reason" : "");
		html_text(b, s);
		BUF_LIT(b, "</p>\n");
	}
	buf_printf(b, "<p class=\"hint\">%d</p>\n</div>\n</main>\n</body>\n</html>\n", status);
}

/*
 * The words of contract 004.  The gate before an upload refuses a stranger's origin with
 * 403, and nothing else (c004 itself refuses roles); only uploads are too big, or find no room.
 */
static const char *message_004(int status, enum reason reason)
{
	static const struct {
		int status;
		const char *message;
	} words[] = {
		{ 401, "Unauthorized" },       { 403, "Invalid CSRF token" },
		{ 405, "Method not allowed" }, { 413, "File upload failed" },
		{ 500, "Server error" },       { 503, "Server error" },
		{ 507, "File upload failed" },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (words[i].status == status)
			return words[i].message;
	return reason_text(reason);
}

static void add_json_004(struct json_out *o, int status, enum reason reason)
{
	/* contracts 5.1: 401 has `status`, everything else `success` */
	json_out_key_bool(o, status == 401 ? "status" : "success", false);
	json_out_key_cz(o, "message", message_004(status, reason));
	if (status == 401 || status == 403 || status == 405)
		return;
	json_out_key_object(o, "errors");
	json_out_key_cz(o, status == 500 || status == 503 ? "exception" : "reason",
			reason_text(reason));
	json_out_object_end(o);
}

/*
 * The words of 000, 002 and 003.  Only students' photos are asked for before they are read, so
 * who is refused there is no student.
 */
static const char *message_of_door(enum route_family family, int status, enum reason reason)
{
	bool is_000 = family == FAMILY_000;

	switch (status) {
	case 401:
		return is_000 ? "Invalid or expired token" : "Could not validate credentials";
	case 403:
		return is_000 ? "Only students can self check-in"
			      : "This operation is only valid for students.";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	default:
		return reason_text(reason);
	}
}

static void add_json_door(struct json_out *o, enum route_family family, int status,
			  enum reason reason)
{
	const char *message = message_of_door(family, status, reason);

	if (family == FAMILY_000) {
		json_out_key_bool(o, "success", false);
		json_out_key_cz(o, "error", "http_error");
		json_out_key_cz(o, "message", message);
		json_out_key_i64(o, "status_code", status);
	}
	json_out_key_cz(o, family == FAMILY_002 && status == 429 ? "error" : "detail", message);
}

static void add_json(struct buf *b, enum route_family family, int status, enum reason reason)
{
	struct json_out o;

	json_out_init(&o, b);
	json_out_object(&o);
	if (family == FAMILY_001) {
		json_out_key_cz(&o, "message", reason_text(reason));
	} else if (family == FAMILY_004) {
		add_json_004(&o, status, reason);
	} else if (family == FAMILY_000 || family == FAMILY_002 || family == FAMILY_003) {
		add_json_door(&o, family, status, reason);
	} else {
		json_out_key_cz(&o, "type", "about:blank");
		json_out_key_i64(&o, "status", status);
		json_out_key_cz(&o, "reason", reason_code(reason));
		json_out_key_cz(&o, "title", reason_text(reason));
	}
	json_out_object_end(&o);
	BUF_LIT(b, "\n");
}

static enum rc write_all(int fd, struct str s)
{
	while (s.n) {
		ssize_t n = write(fd, s.p, s.n);

		if (n <= 0)
			return RC_DEPENDENCY;
		s = str_from_pos(s, (size_t)n);
	}
	return RC_OK;
}

enum rc nginx_write_file(const struct app *a, const char *name, struct str text, struct error *e)
{
	char path[4096];
	int n = snprintf(path, sizeof path, "%s/%s", a->opt.nginx_dir, name), fd;
	enum rc rc;

	if (n < 0 || (size_t)n >= sizeof path)
		return ERROR(e, RC_INVALID, REASON_UNEXPECTED, "path is too long");
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "%s cannot be written",
				   path);
	rc = write_all(fd, text);
	proc_close(fd);
	return rc == RC_OK ? RC_OK
			   : ERROR_ERRNO(e, rc, REASON_UNEXPECTED, "%s cannot be written", path);
}

static enum rc make_folder(const struct app *a, const char *name, struct error *e)
{
	char path[4096];
	int n = snprintf(path, sizeof path, "%s/%s", a->opt.nginx_dir, name);

	if (n < 0 || (size_t)n >= sizeof path)
		return ERROR(e, RC_INVALID, REASON_UNEXPECTED, "path is too long");
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "%s cannot be made", path);
	return RC_OK;
}

enum rc nginx_write_errors(const struct app *a, struct error *e)
{
	struct arena arena;
	enum rc rc = make_folder(a, "errors", e);
	char name[64];

	arena_init(&arena, 64 * PAGE_MAX, 0);
	for (int f = 0; f < FAMILY__MAX && rc == RC_OK; f++) {
		(void)snprintf(name, sizeof name, "errors/%s", nginx_family_names[f]);
		rc = make_folder(a, name, e);
		for (size_t i = 0; i < ARRAY_LEN(errors) && rc == RC_OK; i++) {
			struct buf b;

			buf_init(&b, &arena, 2048, PAGE_MAX);
			if (f == FAMILY_PAGES)
				add_page(a, &b, errors[i].status, reason_text(errors[i].reason));
			else
				add_json(&b, (enum route_family)f, errors[i].status,
					 errors[i].reason);
			(void)snprintf(name, sizeof name, "errors/%s/%d.%s", nginx_family_names[f],
				       errors[i].status, nginx_error_type((enum route_family)f));
			rc = buf_ok(&b) ? nginx_write_file(a, name, buf_str(&b), e)
					: ERROR_MEMORY(e);
			arena_reset(&arena);
		}
	}
	arena_clear(&arena);
	return rc;
}
