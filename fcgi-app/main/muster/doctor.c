/*
 * muster doctor: looks at everything the programs need, and changes nothing.
 */
#include "main/muster/cmd.h"

#include "live/live.h"
#include "store/account.h"
#include "sys/sandbox.h"
#include "sys/zone.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

static const char usage[] =
	"usage: muster [--config FILE] doctor\n\n"
	"Looks at the settings, the database and every statement, the folders and the disk, the\n"
	"kernel's sandbox and the time zones.  Exit status 0: all is well.\n";

struct report {
	int n_wrong;
};

static void good(const char *what, const char *detail)
{
	printf("ok     %s%s%s\n", what, detail[0] != '\0' ? ": " : "", detail);
}

static void wrong(struct report *r, const char *what, const char *detail)
{
	printf("WRONG  %s: %s\n", what, detail);
	r->n_wrong++;
}

static void look_at_database(struct muster *m, struct report *r)
{
	struct error e;
	int64_t n_demo;

	error_init(&e);
	if (muster_open_app(m, &e) != RC_OK || store_ping(m->store, &e) != RC_OK) {
		wrong(r, "database", e.detail);
		return;
	}
	good("database", "");
	if (store_verify(m->store, &e) != RC_OK) {
		wrong(r, "statements (run muster migrate)", e.detail);
		return;
	}
	good("statements", "");
	if (account_count_demo(m->store, &m->arena, &n_demo, &e) != RC_OK)
		wrong(r, "demo accounts", e.detail);
	else if (n_demo > 0 && !config_is_loopback(m->config))
		wrong(r, "demo accounts",
		      "they are in the database, and listen_address is not loopback");
	else
		good("demo accounts", n_demo > 0 ? "on loopback only" : "none");
}

static void look_at_folders(const struct config *c, struct report *r)
{
	struct stat upload, spool;
	struct statvfs disk;
	char text[80];

	if (stat(c->upload_dir.p, &upload) != 0 || statvfs(c->upload_dir.p, &disk) != 0) {
		wrong(r, "upload_dir", "is not there");
		return;
	}
	if (stat(c->spool_dir.p, &spool) != 0)
		wrong(r, "spool_dir", "is not there");
	else if (upload.st_dev != spool.st_dev)
		wrong(r, "spool_dir", "lies on another file system than upload_dir");
	else
		good("upload_dir and spool_dir", "on one file system");
	const int64_t free_mib = (int64_t)(disk.f_bavail * disk.f_frsize >> 20);
	const int64_t reserve_mib = c->disk_reserve_bytes >> 20;
	snprintf(text, sizeof text, "%lld MiB free, %lld MiB reserved", (long long)free_mib,
		 (long long)reserve_mib);
	if (free_mib <= reserve_mib)
		wrong(r, "disk", text);
	else
		good("disk", text);
}

static void look_at_kernel(struct report *r)
{
	struct sandbox s;
	struct error e;
	char text[40];

	error_init(&e);
	if (sandbox_build(&s, &e) != RC_OK) {
		wrong(r, "seccomp", e.detail);
		return;
	}
	good("seccomp", "");
	snprintf(text, sizeof text, "version %d", s.landlock_abi);
	if (s.landlock_abi == 0)
		wrong(r, "landlock", "the kernel has none: files are judged under seccomp alone");
	else
		good("landlock", text);
	sandbox_clear(&s);
}

/* As this user's programs get it; systemd's LimitNOFILE may say otherwise. */
static void look_at_files(const struct config *c, struct report *r)
{
	char text[160];
	int64_t files, room = live_capacity(c->live_connections, &files);

	snprintf(text, sizeof text,
		 "%lld open files: room for %lld live connections (live_connections is %lld)",
		 (long long)files, (long long)room, (long long)c->live_connections);
	if (room < 100)
		wrong(r, "limit of open files", text);
	else
		good("limit of open files", text);
}

static void look_at_zones(const struct config *c, struct report *r)
{
	const struct str names[] = { c->default_zone, STR("Europe/Paris"), STR("Asia/Kolkata") };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct zone *zone;
		struct error e;
		error_init(&e);
		if (zone_open(names[i], &zone, &e) != RC_OK) {
			wrong(r, "time zones (package tzdata)", e.detail);
			return;
		}
		zone_free(zone);
	}
	good("time zones", "");
}

int cmd_doctor(struct muster *m, int argc, char **argv)
{
	struct report r = { 0 };
	struct error e;

	if (muster_help(argc, argv, usage) == 0)
		return 0;
	if (argc != 1)
		return muster_usage(usage);
	error_init(&e);
	if (!muster_settings(m))
		return 1;
	if (config_check(m->config_path, m->env, stdout, &e) != RC_OK)
		r.n_wrong++;
	look_at_database(m, &r);
	look_at_folders(m->config, &r);
	look_at_kernel(&r);
	look_at_files(m->config, &r);
	look_at_zones(m->config, &r);
	return r.n_wrong == 0 ? 0 : 1;
}
