/* Whole files, and C strings, for the build-time programs. */
#include "tools/tool_file.h"

#include <stdio.h>

#define FILE_MAX     ((size_t)16 << 20)
#define LITERAL_LINE 90 /* characters of a literal on one line of C */

static bool read_all(struct arena *a, FILE *f, struct str *ret)
{
	long size;
	char *p;

	if (fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0 || (size_t)size > FILE_MAX)
		return false;
	rewind(f);
	p = arena_alloc(a, (size_t)size + 1);
	if (!p || fread(p, 1, (size_t)size, f) != (size_t)size)
		return false;
	*ret = str_make(p, (size_t)size);
	return true;
}

static FILE *open_file(struct arena *a, struct str path, const char *mode)
{
	const char *cz = str_cz(a, path);

	return cz ? fopen(cz, mode) : NULL;
}

bool tool_file_read(struct arena *a, struct str path, struct str *ret)
{
	FILE *f = open_file(a, path, "rb");
	bool is_good = f && read_all(a, f, ret);

	if (f)
		fclose(f);
	if (!is_good)
		fprintf(stderr, "%.*s: cannot be read\n", STR_ARG(path));
	return is_good;
}

static bool is_same(struct arena *a, struct str path, struct str content)
{
	FILE *f = open_file(a, path, "rb");
	struct str old;
	bool result = f && read_all(a, f, &old) && str_eq(old, content);

	if (f)
		fclose(f);
	return result;
}

bool tool_file_write(struct arena *a, struct str path, struct str content, bool only_changed)
{
	FILE *f;
	bool is_good;

	if (only_changed && is_same(a, path, content))
		return true;
	f = open_file(a, path, "wb");
	is_good = f && fwrite(content.p, 1, content.n, f) == content.n;
	if (f && fclose(f) != 0)
		is_good = false;
	if (!is_good)
		fprintf(stderr, "%.*s: cannot be written\n", STR_ARG(path));
	return is_good;
}

void tool_c_string(struct buf *out, struct str s)
{
	int column = 0;

	buf_char(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		bool is_start = (ch & 0xc0) != 0x80; /* never cut within a character */

		if (column >= LITERAL_LINE && is_start) {
			BUF_LIT(out, "\"\n\t\"");
			column = 0;
		}
		column++;
		if (ch == '"' || ch == '\\')
			buf_char(out, '\\');
		if (ch == '\n') {
			BUF_LIT(out, "\\n");
			if (i + 1 < s.n) {
				BUF_LIT(out, "\"\n\t\"");
				column = 0;
			}
		} else if (ch < 0x20) {
			buf_printf(out, "\\%03o", ch);
		} else {
			buf_char(out, (char)ch);
		}
	}
	buf_char(out, '"');
}
