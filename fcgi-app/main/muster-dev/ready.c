/*
 * Readiness, and what is told about it: waits for the page behind nginx, then
 * prints address and accounts, and writes the ready file of the tests.
 */
#include "codec/json.h"
#include "main/muster-dev/dev.h"
#include "sys/clock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define READY_PATIENCE_US 60000000
#define LOOK_MS           20
#define READY_FILE_MAX    16384

/* Does GET path answer 200? */
static bool is_fine(struct dev *d, const char *path)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)d->opt.port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { .tv_sec = 5 };
	static const char wanted[] = "HTTP/1.1 200";
	char request[160], answer[sizeof(wanted)] = "";
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int n = snprintf(request, sizeof(request),
			 "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n", path,
			 d->opt.port);
	bool is_good;

	is_good = fd >= 0 &&
		  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 &&
		  connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
		  write(fd, request, (size_t)n) == n &&
		  recv(fd, answer, sizeof(wanted) - 1, MSG_WAITALL) == sizeof(wanted) - 1 &&
		  memcmp(answer, wanted, sizeof(wanted) - 1) == 0;
	if (fd >= 0)
		close(fd);
	return is_good;
}

static enum rc wait_for(struct dev *d, const char *path)
{
	int64_t until = clock_mono_us() + READY_PATIENCE_US;

	while (!is_fine(d, path)) {
		TRY(child_step(d, LOOK_MS));
		if (clock_mono_us() > until)
			return dev_refuse("http://127.0.0.1:%d%s does not answer 200 after "
					  "%d seconds; see %s/log.",
					  d->opt.port, path, READY_PATIENCE_US / 1000000,
					  d->opt.var);
	}
	return RC_OK;
}

enum rc ready_wait(struct dev *d)
{
	TRY(wait_for(d, "/health"));
	/* With a certificate the first port answers /health alone. */
	return d->settings->tls_certificate_file.n ? RC_OK : wait_for(d, "/health/live");
}

static enum rc write_ready_file(struct dev *d)
{
	struct json_out o;
	struct buf b;

	buf_init(&b, &d->arena, 1024, READY_FILE_MAX);
	json_out_init(&o, &b);
	json_out_object(&o);
	json_out_key_cz(&o, "url", conf_url(d));
	json_out_key_i64(&o, "port", d->opt.port);
	json_out_key_i64(&o, "pid", getpid());
	json_out_key_cz(&o, "var", d->opt.var);
	json_out_key_cz(&o, "run", d->run);
	json_out_key_cz(&o, "bin", d->opt.bin);
	json_out_key_cz(&o, "config", d->config);
	json_out_key_str(&o, "db_socket", d->settings->db_socket);
	json_out_object_end(&o);
	if (!buf_ok(&b))
		return dev_refuse("the ready file would be too long.");
	return dev_write(d, d->opt.ready_file, 0644, dev_text(d, "%.*s\n", STR_ARG(buf_str(&b))));
}

static const char accounts[] =
	"  Accounts, each with the password \"password\":\n"
	"    demo_teacher_1 … demo_teacher_10   teachers; the first three have sessions\n"
	"    demo_admin_1                       administrator of everything\n"
	"    demo_admin_2                       administrator of the branch\n"
	"    demo_employee_1                    employee\n"
	"    demo_student_1 … demo_student_60   students\n";

enum rc ready_tell(struct dev *d)
{
	unlink(database_first_start(d));
	if (d->opt.ready_file)
		TRY(write_ready_file(d));
	if (d->opt.only_database)
		return RC_OK;
	dev_say(d, "\n  Muster is ready:  %s\n", conf_url(d));
	if (d->opt.demo)
		dev_say(d, "%s", accounts);
	else
		dev_say(d,
			"  No demo accounts. In a second terminal, make the first administrator:\n"
			"    %s%s%s/muster --config %s user create USERNAME\n",
			d->user ? "runuser -u " : "", d->user ? dev_text(d, "%s -- ", d->user) : "",
			d->opt.bin, d->config);
	dev_say(d, "  Ctrl-C stops it. Logs follow, and are kept in %s/log.\n", d->opt.var);
	return RC_OK;
}
