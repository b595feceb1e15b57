/*
 * Sentences, texts and small files of muster-dev.  Texts live in the arena until
 * the program ends.  A file is replaced whole or not at all.
 */
#include "main/muster-dev/dev.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX 32768

enum rc dev_refuse(const char *fmt, ...)
{
	va_list ap;

	fputs("muster-dev: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return RC_INVALID;
}

void dev_say(const struct dev *d, const char *fmt, ...)
{
	va_list ap;

	if (d->opt.quiet)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

char *dev_text(struct dev *d, const char *fmt, ...)
{
	va_list ap;
	char *text = NULL;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n >= 0)
		text = arena_alloc(&d->arena, (size_t)n + 1);
	if (!text) {
		dev_refuse("out of memory.");
		exit(1);
	}
	va_start(ap, fmt);
	vsnprintf(text, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return text;
}

char *dev_read(struct dev *d, const char *path)
{
	char bytes[FILE_MAX + 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t n;

	if (fd < 0)
		return NULL;
	n = read(fd, bytes, sizeof(bytes));
	close(fd);
	if (n < 0 || n > FILE_MAX)
		return NULL;
	if (n > 0 && bytes[n - 1] == '\n')
		n--;
	return dev_text(d, "%.*s", (int)n, bytes);
}

/* All of text into fd, then to the disk. */
static bool write_all(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t n = write(fd, text, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		text += n;
		left -= (size_t)n;
	}
	return true;
}

enum rc dev_write(struct dev *d, const char *path, mode_t mode, const char *text)
{
	const char *fresh = dev_text(d, "%s.new", path);
	int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	bool is_written;

	if (fd < 0)
		return dev_refuse("%s cannot be made: %m.", fresh);
	is_written = fchmod(fd, mode) == 0 && write_all(fd, text);
	if (close(fd) != 0 || !is_written || rename(fresh, path) != 0) {
		dev_refuse("%s cannot be written: %m.", path);
		unlink(fresh);
		return RC_DEPENDENCY;
	}
	return RC_OK;
}
