/*
 * The bare limits that `make bench` compares with: a FastCGI responder on our own
 * transport that does nothing but answer a constant, or hash and sync a body
 * that nginx has spooled.  Says nothing about Muster but what the hop costs.
 *
 *   bare SOCKET PROCESSES BYTES
 *
 * /constant answers BYTES of HTML; anything with a BODY_FILE gets one SHA-256
 * pass over it and one fdatasync.  Ends with its parent.
 */
#include "web/fcgi.h"

#include "base/num.h"
#include "sys/crypto.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define HEAD                                                                                       \
	"Status: 200\r\nContent-Type: text/html; charset=utf-8\r\n"                                \
	"Cache-Control: private, no-cache\r\nContent-Length: %zu\r\n\r\n"

static void die(const char *what)
{
	perror(what);
	_exit(1);
}

static int listen_on(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	size_t n = strlen(path);

	if (fd < 0 || n >= sizeof(address.sun_path))
		die("socket");
	memcpy(address.sun_path, path, n + 1);
	unlink(path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, 1024) != 0)
		die(path);
	return fd;
}

/* One pass and one sync, as the limit of an upload. */
static void hash_and_sync(struct str path, uint8_t ret[CRYPTO_SHA256_SIZE])
{
	char cz[1024];
	struct stat st;
	struct error e;
	void *p;
	int fd;

	if (path.n >= sizeof(cz))
		die("path");
	memcpy(cz, path.p, path.n);
	cz[path.n] = '\0';
	fd = open(cz, O_RDWR | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0)
		die(cz);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		die("mmap");
	error_init(&e);
	if (crypto_sha256(str_make(p, (size_t)st.st_size), ret, &e) != RC_OK || fdatasync(fd) != 0)
		die("hash");
	munmap(p, (size_t)st.st_size);
	close(fd);
}

static void serve(int fd, struct str body)
{
	char head[256];
	struct fcgi *f;
	struct web_in in;
	struct error e;
	int stop[2];

	error_init(&e);
	if (pipe(stop) != 0 || fcgi_setup(&e) != RC_OK ||
	    fcgi_new(fd, stop[0], false, &f, &e) != RC_OK)
		die("fcgi");
	while (fcgi_wait(f, &in)) {
		uint8_t digest[CRYPTO_SHA256_SIZE];
		struct web_out out = { .body = body };
		int n;

		if (!str_empty(in.body_file)) {
			hash_and_sync(in.body_file, digest);
			out.body = str_make("ok\n", 3);
		}
		n = snprintf(head, sizeof(head), HEAD, out.body.n);
		out.head = str_make(head, (size_t)n);
		fcgi_answer(f, &out);
	}
}

int main(int argc, char **argv)
{
	int64_t processes, n;
	char *body;
	int fd;

	if (argc != 4 || !num_i64(str_from(argv[2]), 1, 64, &processes) ||
	    !num_i64(str_from(argv[3]), 1, 1 << 20, &n))
		return 2;
	signal(SIGPIPE, SIG_IGN);
	fd = listen_on(argv[1]);
	body = mmap(NULL, (size_t)n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (body == MAP_FAILED)
		die("mmap");
	memset(body, 'x', (size_t)n);
	for (int64_t i = 0; i < processes; i++) {
		if (fork() != 0)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(fd, str_make(body, (size_t)n));
	}
	pause();
	return 0;
}
