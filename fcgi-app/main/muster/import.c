/*
 * muster import: people, enrolments and attendance from a CSV file, through the same core as the
 * pages.
 *
 * The work is done here, batch by batch; muster-jobs may take a hand in it, and goes on
 * with it when this is interrupted.
 */
#include "main/muster/cmd.h"

#include "base/num.h"
#include "core/import/import.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define WORK_MEMORY ((size_t)16 << 20)
#define ERRORS_STEP 500
#define KEPT_STEP   500

static const char usage[] =
	"usage: muster [--config FILE] import people|enrolments|attendance FILE\n"
	"                   [--branch NAME] [--map COLUMN=FIELD]... [--why TEXT] [--dry-run]\n"
	"       muster [--config FILE] import --undo NUMBER [--why TEXT]\n\n"
	"Columns are recognised by usual names in English and French; --map says another field\n"
	"for one, or - to leave it out.  Columns that are not recognised are left out and named.\n"
	"Fields of people: given_name family_name student_code teacher_code email username role\n"
	"department batch section section_from section_to; of enrolments: student_code email\n"
	"username course state from to; of attendance: student_code email username session course\n"
	"class date start status minutes_late remark arrival.  Dates are written as 2026-09-01.\n"
	"session is the number of a session, its completion code or the UUID of its attendance;\n"
	"without it course or class, date and start say which it is.  --why is the reason that\n"
	"marks after the lock date need.\n"
	"Rows with errors are left out, and listed; --dry-run only says what would be done.\n"
	"--branch is needed when there are several.  The exit status is 1 when rows were left\n"
	"out.  --undo takes back what the import of that number made and nobody changed since.\n";

struct arguments {
	enum import_kind kind;
	const char *path;
	struct str branch, why;
	char **maps; /* "Column=field", n of them, in argv */
	size_t n_maps;
	int64_t undo; /* 0: none */
	bool is_dry;
};

struct work {
	struct muster *m;
	struct core c;
	struct who who;
	struct files files;
	struct arena arena;
};

static bool read_option(int argc, char **argv, int *at, struct arguments *a)
{
	const char *word = argv[*at];

	if (strcmp(word, "--dry-run") == 0) {
		a->is_dry = true;
		return true;
	}
	if (*at + 1 == argc)
		return false;
	char *value = argv[++*at];
	if (strcmp(word, "--branch") == 0)
		a->branch = str_from(value);
	else if (strcmp(word, "--why") == 0)
		a->why = str_from(value);
	else if (strcmp(word, "--map") == 0)
		a->maps[a->n_maps++] = value;
	else if (strcmp(word, "--undo") == 0)
		return num_i64(str_from(value), 1, INT64_MAX, &a->undo);
	else
		return false;
	return true;
}

static bool read_arguments(int argc, char **argv, struct arguments *a)
{
	int n = 0;

	for (int i = 1; i < argc; i++) {
		if (argv[i][0] == '-' && argv[i][1] == '-') {
			if (!read_option(argc, argv, &i, a))
				return false;
		} else if (n++ == 0) {
			if (!import_kind_from(str_from(argv[i]), &a->kind))
				return false;
		} else {
			a->path = argv[i];
		}
	}
	return a->undo > 0 ? n == 0 : n == 2;
}

static void print_text(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		putchar((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F ? '?' : s.p[i]);
}

/* The sentence of a reason with its number filled in. */
static void print_reason(FILE *out, enum reason reason, int64_t arg)
{
	struct str text = str_from(reason_text(reason));
	const size_t at = str_find(text, STR("{n}"));

	if (at == SIZE_MAX)
		fprintf(out, "%.*s", STR_ARG(text));
	else
		fprintf(out, "%.*s%lld%s", (int)at, text.p, (long long)arg, text.p + at + 3);
}

static int failed(const struct error *e)
{
	for (size_t i = 0; i < e->n_fields; i++) {
		fprintf(stderr, "muster: import: %s: ", e->fields[i].field);
		print_reason(stderr, e->fields[i].reason, e->fields[i].arg);
		fputc('\n', stderr);
	}
	return e->n_fields > 0 ? 1 : muster_fail("import", e);
}

/* ---- steps ------------------------------------------------------------------------------------
 */

static enum rc go_on(struct work *w, int64_t id, struct error *e)
{
	bool more = true;

	while (more) {
		w->c.now_us = clock_now_us();
		TRY(import_step(&w->c, &w->files, id, &more, e));
		arena_reset(&w->arena);
	}
	return import_tidy(&w->c, &w->files, e);
}

static enum rc take_file(struct work *w, const struct arguments *a, int64_t *ret_id,
			 struct error *e)
{
	struct import_upload in = { .kind = a->kind,
				    .branch_name = a->branch,
				    .file_name = str_from(a->path) };
	struct stat st;

	in.fd = open(a->path, O_RDONLY | O_CLOEXEC);
	if (in.fd < 0 || fstat(in.fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		if (in.fd >= 0)
			close(in.fd);
		return ERROR(e, RC_INVALID, REASON_FILE_MISSING, "%s cannot be read", a->path);
	}
	in.length = st.st_size;
	const enum rc rc = import_add(&w->c, &w->files, &in, ret_id, e);
	close(in.fd);
	return rc;
}

/* Puts --map over what was guessed; false after saying what is wrong. */
static bool map_columns(const struct arguments *a, struct import_info *i)
{
	for (size_t k = 0; k < a->n_maps; k++) {
		struct str map = str_from(a->maps[k]);
		const size_t at = str_rfind_char(map, '=');
		bool is_found = false;
		enum import_field f;

		if (at == SIZE_MAX || !import_field_from(i->kind, str_from_pos(map, at + 1), &f)) {
			fprintf(stderr, "muster: import: \"%s\" names no field\n", a->maps[k]);
			return false;
		}
		for (size_t c = 0; c < i->n_columns; c++) {
			if (!str_eq(i->columns[c], str_sub(map, 0, at)))
				continue;
			i->fields[c] = f;
			is_found = true;
		}
		if (!is_found) {
			fprintf(stderr, "muster: import: there is no column \"%.*s\"\n", (int)at,
				map.p);
			return false;
		}
	}
	return true;
}

static void print_columns(const struct import_info *i)
{
	for (size_t c = 0; c < i->n_columns; c++) {
		printf("column ");
		print_text(i->columns[c]);
		printf(": %s\n", i->fields[c] == IMPORT_IGNORE
					 ? "left out"
					 : import_field_name(i->kind, i->fields[c]));
	}
}

static enum rc print_problems(struct work *w, int64_t id, struct error *e)
{
	const struct import_problem *rows;
	int64_t offset = 0;
	size_t n;

	do {
		TRY(import_problems(&w->c, id, offset, ERRORS_STEP, &rows, &n, NULL, e));
		for (size_t i = 0; i < n; i++) {
			printf("row %lld: ", (long long)rows[i].row);
			if (rows[i].field.n > 0)
				printf("%.*s ", STR_ARG(rows[i].field));
			if (rows[i].value.n > 0) {
				putchar('"');
				print_text(rows[i].value);
				printf("\" ");
			}
			print_reason(stdout, rows[i].reason, rows[i].arg);
			putchar('\n');
		}
		offset += (int64_t)n;
		arena_reset(&w->arena);
	} while (n == ERRORS_STEP);
	return RC_OK;
}

static enum rc print_kept(struct work *w, int64_t id, struct error *e)
{
	const struct import_kept_row *rows;
	int64_t offset = 0;
	size_t n;

	do {
		TRY(import_kept(&w->c, id, offset, KEPT_STEP, &rows, &n, e));
		for (size_t i = 0; i < n; i++) {
			printf("row %lld: ", (long long)rows[i].row_no);
			print_text(rows[i].code);
			printf(" kept: changed or used since\n");
		}
		offset += (int64_t)n;
		arena_reset(&w->arena);
	} while (n == KEPT_STEP);
	return RC_OK;
}

/* What the import says of itself; *ret_wrong: rows left out, or -1 when it failed. */
static enum rc print_counts(struct work *w, int64_t id, int64_t *ret_wrong, struct error *e)
{
	struct import_info i;

	TRY(import_get(&w->c, id, &i, e));
	printf("import %lld %.*s: %lld rows, %lld created, %lld updated, %lld unchanged, "
	       "%lld with errors",
	       (long long)id, STR_ARG(i.s.state), (long long)i.s.n_rows, (long long)i.s.n_created,
	       (long long)i.s.n_updated, (long long)i.s.n_same, (long long)i.s.n_wrong);
	if (i.s.n_back + i.s.n_kept > 0)
		printf(", %lld taken back, %lld kept", (long long)i.s.n_back,
		       (long long)i.s.n_kept);
	if (i.state == IMPORT_FAILED)
		printf(", %.*s", STR_ARG(i.s.failure));
	putchar('\n');
	*ret_wrong = i.state == IMPORT_FAILED ? -1 : i.s.n_wrong;
	arena_reset(&w->arena);
	return RC_OK;
}

/* ---- the command -------------------------------------------------------------------------------
 */

static enum rc import_file(struct work *w, const struct arguments *a, int *ret_status,
			   struct error *e)
{
	struct import_info i;
	int64_t id, wrong;

	TRY(take_file(w, a, &id, e));
	TRY(import_get(&w->c, id, &i, e));
	*ret_status = 1;
	if (!map_columns(a, &i))
		return import_drop(&w->c, id, 0, e);
	print_columns(&i);
	const enum rc rc = import_map(&w->c, id, 0, i.fields, i.n_columns, true, e);
	if (rc != RC_OK) {
		struct error ignored;

		error_init(&ignored);
		(void)!import_drop(&w->c, id, 0, &ignored);
		return rc;
	}
	TRY(go_on(w, id, e));
	TRY(import_get(&w->c, id, &i, e));
	if (a->is_dry && i.state == IMPORT_CHECKED) {
		TRY(print_counts(w, id, &wrong, e));
		TRY(print_problems(w, id, e));
		TRY(import_drop(&w->c, id, 0, e));
	} else {
		if (i.state == IMPORT_CHECKED && i.s.n_created + i.s.n_updated > 0) {
			TRY(import_confirm(&w->c, id, 0, a->why, e));
			TRY(go_on(w, id, e));
		} else if (i.state == IMPORT_CHECKED) {
			TRY(import_drop(&w->c, id, 0, e));
		}
		TRY(print_counts(w, id, &wrong, e));
		TRY(print_problems(w, id, e));
	}
	*ret_status = wrong == 0 ? 0 : 1;
	return import_tidy(&w->c, &w->files, e);
}

static enum rc undo(struct work *w, const struct arguments *a, int *ret_status, struct error *e)
{
	const int64_t id = a->undo;
	int64_t wrong;

	TRY(import_undo(&w->c, id, 0, a->why, e));
	TRY(go_on(w, id, e));
	TRY(print_counts(w, id, &wrong, e));
	TRY(print_kept(w, id, e));
	*ret_status = wrong < 0 ? 1 : 0;
	return RC_OK;
}

static enum rc run(struct work *w, const struct arguments *a, int *ret_status, struct error *e)
{
	const struct config *c = w->m->config;

	TRY(muster_open_app(w->m, e));
	w->c = muster_core(w->m);
	w->who = (struct who){ .role = ROLE_SUPER_ADMIN,
			       .account_id = COLUMN_NULL,
			       .person_id = COLUMN_NULL,
			       .branch_id = COLUMN_NULL };
	w->c.who = &w->who;
	w->c.arena = &w->arena;
	TRY(zones_new(&w->c.zones, e));
	TRY(files_open(&w->files, c->upload_dir, c->spool_dir, c->disk_reserve_bytes, e));
	const enum rc rc =
		a->undo > 0 ? undo(w, a, ret_status, e) : import_file(w, a, ret_status, e);
	files_close(&w->files);
	return rc;
}

int cmd_import(struct muster *m, int argc, char **argv)
{
	struct arguments a = { .maps = NULL };
	struct work w = { .m = m };
	struct error e;
	int status = 1;

	if (muster_help(argc, argv, usage) == 0)
		return 0;
	a.maps = ARENA_ARRAY(&m->arena, (size_t)argc, char *);
	if (!a.maps || !read_arguments(argc, argv, &a))
		return muster_usage(usage);
	if (!muster_settings(m))
		return 1;
	arena_init(&w.arena, WORK_MEMORY, 1 << 16);
	error_init(&e);
	if (run(&w, &a, &status, &e) != RC_OK)
		status = failed(&e);
	zones_free(w.c.zones);
	arena_clear(&w.arena);
	return status;
}
