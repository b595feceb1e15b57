/*
 * What passes between scan_client.c and scan_server.c: one packet each way on a
 * local SOCK_SEQPACKET connection, both ends of one build.  The request carries
 * the open file as SCM_RIGHTS.
 */
#ifndef SYS_SCAN_PROTOCOL_H
#define SYS_SCAN_PROTOCOL_H

#include <stdint.h>

#define SCAN_PROTOCOL       0x4d530001u
#define SCAN_EXTENSION_SIZE 16
#define SCAN_WHY_SIZE       64
#define SCAN_NO_TYPE        UINT32_MAX

struct scan_request {
	uint32_t protocol;
	uint32_t n_extension;
	int64_t size;
	char extension[SCAN_EXTENSION_SIZE];
};

/* Also what the sandboxed child says to the server, which believes none of it unchecked. */
struct scan_answer {
	uint32_t protocol;
	uint32_t reason;         /* enum reason */
	uint32_t type;           /* index into filetype_all, SCAN_NO_TYPE */
	char why[SCAN_WHY_SIZE]; /* NUL-terminated */
};

#endif
