/*
 * Time zones from TZif files (RFC 8536): see zone.h.  The footer's rule is in
 * zone_rule.c.  A zone is one heap object; nothing in it changes after parsing.
 */
#include "sys/zone.h"

#include "base/heap.h"
#include "sys/fail.h"
#include "sys/zone_rule.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZONE_DIR    "/usr/share/zoneinfo/"
#define HEADER_SIZE 44
#define FILE_MAX    (64 * 1024)
#define TYPES_MAX   256
#define CHARS_MAX   256
#define ZONES_MAX   1024 /* more than there are */

struct zone_type {
	int32_t offset_s;
	uint8_t name_at; /* into names */
};

struct zone_transition {
	int64_t at_s;
	uint8_t type;
};

struct zone {
	char name[ZONE_NAME_MAX + 1];
	size_t n_types, n_transitions;
	struct zone_type types[TYPES_MAX];
	char names[CHARS_MAX + 1];
	bool has_rule;
	struct zone_rule rule; /* after the last transition */
	struct zone_transition transitions[];
};

/* Cursor over the file; bounds are checked by take. */
struct cursor {
	const unsigned char *p;
	size_t n;
};

struct counts {
	uint32_t isut, isstd, leap, time, type, chars;
};

static bool take(struct cursor *c, size_t n, const unsigned char **ret_p)
{
	if (n > c->n)
		return false;
	*ret_p = c->p;
	c->p += n;
	c->n -= n;
	return true;
}

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t be64(const unsigned char *p)
{
	return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

static bool header_read(struct cursor *c, struct counts *ret, char *ret_version)
{
	const unsigned char *p;

	if (!take(c, HEADER_SIZE, &p) || memcmp(p, "TZif", 4) != 0)
		return false;
	*ret_version = (char)p[4];
	*ret = (struct counts){ be32(p + 20), be32(p + 24), be32(p + 28),
				be32(p + 32), be32(p + 36), be32(p + 40) };
	/* Each count is bounded by the file's size, so that no sum below can overflow. */
	return ret->isut <= FILE_MAX && ret->isstd <= FILE_MAX && ret->leap <= FILE_MAX &&
	       ret->time <= FILE_MAX && ret->type <= FILE_MAX && ret->chars <= FILE_MAX;
}

static size_t block_size(const struct counts *n, size_t time_size)
{
	return n->time * (time_size + 1) + n->type * 6 + n->chars + n->leap * (time_size + 4) +
	       n->isstd + n->isut;
}

static bool types_read(struct zone *z, const unsigned char *p, const unsigned char *names,
		       const struct counts *n)
{
	for (size_t i = 0; i < n->type; i++, p += 6) {
		int32_t offset = (int32_t)be32(p);

		if (offset < -93599 || offset > 93599 || p[5] >= n->chars)
			return false;
		z->types[i] = (struct zone_type){ offset, p[5] };
	}
	memcpy(z->names, names, n->chars);
	z->n_types = n->type;
	return true;
}

static bool transitions_read(struct zone *z, const unsigned char *times, const unsigned char *types,
			     const struct counts *n)
{
	for (size_t i = 0; i < n->time; i++) {
		struct zone_transition t = { be64(times + 8 * i), types[i] };

		if (t.type >= n->type || (i > 0 && t.at_s <= z->transitions[i - 1].at_s))
			return false;
		z->transitions[i] = t;
	}
	z->n_transitions = n->time;
	return true;
}

/* The second block and the footer, whose counts are n. */
static bool body_read(struct zone *z, struct cursor *c, const struct counts *n)
{
	const unsigned char *times, *types, *infos, *names, *rest;

	if (!take(c, (size_t)n->time * 8, &times) || !take(c, n->time, &types) ||
	    !take(c, (size_t)n->type * 6, &infos) || !take(c, n->chars, &names) ||
	    !take(c, (size_t)n->isstd + n->isut, &rest))
		return false;
	if (!types_read(z, infos, names, n) || !transitions_read(z, times, types, n))
		return false;
	struct str footer = str_make((const char *)c->p, c->n);
	if (!str_starts(footer, STR("\n")) || footer.n < 2 || footer.p[footer.n - 1] != '\n')
		return false;
	footer = str_sub(footer, 1, footer.n - 2);
	z->has_rule = !str_empty(footer);
	return !z->has_rule || zone_rule_parse(footer, &z->rule);
}

static enum rc zone_damaged(struct str name, struct error *e)
{
	return ERROR(e, RC_DEPENDENCY, REASON_UNEXPECTED, "zone file %.*s is damaged",
		     STR_ARG(name));
}

enum rc zone_parse(struct str name, struct str tzif, struct zone **ret_zone, struct error *e)
{
	struct cursor c = { (const unsigned char *)tzif.p, tzif.n };
	const unsigned char *skipped;
	struct counts n;
	char version;

	BUG(name.n > ZONE_NAME_MAX);
	if (tzif.n > FILE_MAX || !header_read(&c, &n, &version) || version < '2' ||
	    !take(&c, block_size(&n, 4), &skipped) || !header_read(&c, &n, &version))
		return zone_damaged(name, e);
	/* Leap seconds ("right/" files) would shift everything: our instants have none. */
	if (n.leap != 0 || n.type < 1 || n.type > TYPES_MAX || n.chars < 1 || n.chars > CHARS_MAX)
		return zone_damaged(name, e);
	struct zone *z = heap_new(sizeof *z + n.time * sizeof(struct zone_transition));
	if (!z)
		return ERROR_MEMORY(e);
	if (!body_read(z, &c, &n)) {
		heap_free(z);
		return zone_damaged(name, e);
	}
	memcpy(z->name, name.p, name.n);
	*ret_zone = z;
	return RC_OK;
}

void zone_free(struct zone *z)
{
	heap_free(z);
}

/*
 * Parts of letters, digits, '_', '-', '+', joined by '/', beginning with a capital as
 * all IANA names do: which leaves out "localtime", "right/…", "posix/…" and every "..".
 */
static bool name_valid(struct str name)
{
	if (name.n < 1 || name.n > ZONE_NAME_MAX || name.p[0] < 'A' || name.p[0] > 'Z')
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool is_join = c == '/' && i + 1 < name.n && name.p[i + 1] != '/';

		if (!ascii_is_alnum(c) && c != '_' && c != '-' && c != '+' && !is_join)
			return false;
	}
	return true;
}

static enum rc zone_unknown(struct str name, struct error *e)
{
	return ERROR(e, RC_INVALID, REASON_ZONE_UNKNOWN, "zone \"%.*s\"",
		     STR_ARG(str_sub(name, 0, ZONE_NAME_MAX)));
}

static enum rc zone_read(int fd, struct str name, struct zone **ret_zone, struct error *e)
{
	struct stat st;
	size_t n = 0;

	if (fstat(fd, &st) != 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "zone %.*s", STR_ARG(name));
	if (!S_ISREG(st.st_mode)) /* "Europe" is a folder */
		return zone_unknown(name, e);
	if (st.st_size > FILE_MAX)
		return zone_damaged(name, e);
	char *bytes = heap_new((size_t)st.st_size);
	if (!bytes)
		return ERROR_MEMORY(e);
	while (n < (size_t)st.st_size) {
		ssize_t got = read(fd, bytes + n, (size_t)st.st_size - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	enum rc rc = zone_parse(name, str_make(bytes, n), ret_zone, e);
	heap_free(bytes);
	return rc;
}

enum rc zone_open(struct str name, struct zone **ret_zone, struct error *e)
{
	char path[sizeof ZONE_DIR + ZONE_NAME_MAX];

	if (!name_valid(name))
		return zone_unknown(name, e);
	snprintf(path, sizeof path, ZONE_DIR "%.*s", STR_ARG(name));
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return zone_unknown(name, e);
	if (fd < 0)
		return ERROR_ERRNO(e, RC_DEPENDENCY, REASON_UNEXPECTED, "%s", path);
	enum rc rc = zone_read(fd, name, ret_zone, e);
	close(fd);
	return rc;
}

struct str zone_name(const struct zone *z)
{
	return str_from(z->name);
}

/* The type in force at an instant. */
static const struct zone_type *type_at(const struct zone *z, int64_t at_s)
{
	size_t low = 0, high = z->n_transitions;

	/* Afterwards: transitions before `low` are at or before the instant. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (z->transitions[middle].at_s <= at_s)
			low = middle + 1;
		else
			high = middle;
	}
	return &z->types[low == 0 ? 0 : z->transitions[low - 1].type];
}

static bool is_after_transitions(const struct zone *z, int64_t at_s)
{
	return z->has_rule &&
	       (z->n_transitions == 0 || at_s >= z->transitions[z->n_transitions - 1].at_s);
}

static int32_t offset_at(const struct zone *z, int64_t at_s)
{
	if (is_after_transitions(z, at_s))
		return zone_rule_at(&z->rule, at_s)->offset_s;
	return type_at(z, at_s)->offset_s;
}

static int64_t floor_s(int64_t us)
{
	return us / US_PER_S - (us % US_PER_S < 0);
}

int32_t zone_offset_s(const struct zone *z, int64_t us)
{
	return offset_at(z, floor_s(us));
}

struct str zone_abbreviation(const struct zone *z, int64_t us)
{
	int64_t at_s = floor_s(us);

	if (is_after_transitions(z, at_s))
		return str_from(zone_rule_at(&z->rule, at_s)->name);
	return str_from(z->names + type_at(z, at_s)->name_at);
}

int64_t zone_to_utc(const struct zone *z, int32_t day, int32_t tod, enum zone_fit *ret_fit)
{
	int64_t local = (int64_t)day * 86400 + tod;
	/* No offset is as long as a day, so these lie on either side of the instant. */
	int32_t before = offset_at(z, local - 86400), after = offset_at(z, local + 86400);
	bool fits_before = offset_at(z, local - before) == before;
	bool fits_after = offset_at(z, local - after) == after;
	enum zone_fit fit = ZONE_FIT_EXACT;
	int64_t at_s = local - before;

	if (fits_before && fits_after && before != after) {
		fit = ZONE_FIT_OVERLAP;
		at_s = before > after ? local - before : local - after;
	} else if (!fits_before && fits_after) {
		at_s = local - after;
	} else if (!fits_before) {
		/* The old offset puts it as far behind the gap as it stood in it. */
		fit = ZONE_FIT_GAP;
	}
	if (ret_fit)
		*ret_fit = fit;
	return at_s * US_PER_S;
}

void zone_from_utc(const struct zone *z, int64_t us, int32_t *ret_day, int32_t *ret_tod)
{
	int64_t at_s = floor_s(us), local = at_s + offset_at(z, at_s);
	int64_t day = local / 86400 - (local % 86400 < 0);

	*ret_day = (int32_t)day;
	*ret_tod = (int32_t)(local - day * 86400);
}

/* ---- cache --------------------------------------------------------------------------------- */

struct zones {
	pthread_mutex_t lock;
	size_t n;
	struct zone *items[ZONES_MAX];
};

enum rc zones_new(struct zones **ret_zones, struct error *e)
{
	struct zones *zs = HEAP_NEW(struct zones);

	if (!zs)
		return ERROR_MEMORY(e);
	BUG(pthread_mutex_init(&zs->lock, NULL) != 0);
	*ret_zones = zs;
	return RC_OK;
}

void zones_free(struct zones *zs)
{
	if (!zs)
		return;
	for (size_t i = 0; i < zs->n; i++)
		zone_free(zs->items[i]);
	pthread_mutex_destroy(&zs->lock);
	heap_free(zs);
}

static enum rc zones_find(struct zones *zs, struct str name, const struct zone **ret_zone,
			  struct error *e)
{
	for (size_t i = 0; i < zs->n; i++) {
		if (str_eq(zone_name(zs->items[i]), name)) {
			*ret_zone = zs->items[i];
			return RC_OK;
		}
	}
	if (zs->n == ZONES_MAX)
		return ERROR(e, RC_NO_MEMORY, REASON_TOO_MUCH, "more than %d zones", ZONES_MAX);
	TRY(zone_open(name, &zs->items[zs->n], e));
	*ret_zone = zs->items[zs->n++];
	return RC_OK;
}

enum rc zones_get(struct zones *zs, struct str name, const struct zone **ret_zone, struct error *e)
{
	pthread_mutex_lock(&zs->lock);
	enum rc rc = zones_find(zs, name, ret_zone, e);
	pthread_mutex_unlock(&zs->lock);
	return rc;
}
